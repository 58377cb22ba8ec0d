/*
 * Exposure: how often the draw uses each question, and what follows for whoever wants to foresee a paper (ENGINE
 * section 6). From the exact numbers of kb_tables_inclusion; the fractions themselves are for people to read.
 */
#ifndef KB_ENGINE_EXPOSURE_H
#define KB_ENGINE_EXPOSURE_H

#include "engine/draw.h"

typedef struct kb_exposure {
	const char **papers; /* of each question: how many (weighted) papers hold it, in decimal */
	double *chances;     /* the same as a part of all */
	uint32_t *order;     /* the questions, the likeliest first; equal ones as in the pool */
	uint32_t count;      /* of the pool */
	double largest;
	double overlap; /* questions that two papers drawn apart share, on average: the sum of the squared chances */
	double bits; /* entropy of the draw: what is unknown of a paper before it is drawn. Exact up to rounding also where
	                weights make some papers likelier: log2 of the weighted count, less log2 of each weight as often
	                as its question is drawn */
} kb_exposure;

/* All chances are 0 where there is no paper. KB_LIMIT "draw.inexact" for tables that are not exact. Cost: as
 * kb_tables_inclusion. */
kb_status kb_exposure_find(kb_arena *arena, const kb_tables *tables, kb_exposure *exposure, kb_err *err) KB_MUST_USE;

/* How many questions of a paper, on average, somebody knows who has heard `heard` others, all drawn apart: the sum of
 * p (1 - (1 - p)^heard). */
double kb_exposure_known(const kb_exposure *exposure, uint32_t heard);

#endif
