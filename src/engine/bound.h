/*
 * How many disjoint papers there can be, seen from all rules at once: the linear programme in which papers may be taken
 * in parts and questions shared out between them, but of questions that are all rivals of one another only one is used.
 *
 * Its prices are the proof, in whole numbers. Whatever a paper must hold (questions, units, categories, minutes) is
 * worth something, and no paper is worth less than a certain sum; each question is worth so much at most, and what all
 * of them are worth together bounds the number of papers.
 */
#ifndef KB_ENGINE_BOUND_H
#define KB_ENGINE_BOUND_H

#include "model/pool.h"

typedef struct kb_bound {
	uint32_t papers;    /* no more than so many; UINT32_MAX: not known */
	uint64_t units;     /* what the proof puts a worth on: units, */
	uint64_t counters;  /* counters with a range, */
	bool size, minutes; /* the number of questions, the minutes */
} kb_bound;

/* A sample rule is not looked at. Cost: some milliseconds for a hundred questions; a pool with very many different ones
 * is not looked into. */
kb_status kb_bound_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_bound *bound, kb_err *err) KB_MUST_USE;

#endif
