/*
 * Exposure: how often the draw uses each question, and what two papers share on average. From the
 * exact numbers of kb_tables_inclusion; the fractions themselves are for people to read.
 */
#ifndef KB_ENGINE_EXPOSURE_H
#define KB_ENGINE_EXPOSURE_H

#include "engine/draw.h"

typedef struct kb_exposure {
	const char **papers; /* of each question: how many (weighted) papers hold it, in decimal */
	double *chances;     /* the same as a part of all */
	double largest;
	double overlap; /* questions that two papers drawn apart share, on average: the sum of the squared chances */
} kb_exposure;

/* All chances are 0 where there is no paper. KB_LIMIT "draw.inexact" for tables that are not exact. Cost: as
 * kb_tables_inclusion. */
kb_status kb_exposure_find(kb_arena *arena, const kb_tables *tables, kb_exposure *exposure, kb_err *err) KB_MUST_USE;

#endif
