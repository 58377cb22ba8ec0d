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
	uint32_t papers; /* no more than so many; UINT32_MAX: not known, and nothing below says anything */
	/* The proof: no paper is worth less than `paper`, and all questions together are worth at most `all`. */
	int64_t paper;
	uint64_t all;
	int64_t of_unit[KB_UNITS_MAX], of_counter[KB_COUNTERS_MAX]; /* what a question is worth for each */
	int64_t of_minute, of_question;
} kb_bound;

/* Exact enough to say whether there can be `wanted` papers; 0: as many as there are. A sample rule is not looked at.
 * Cost: some milliseconds for a hundred questions, a second for a thousand; a pool with very many different ones is not
 * looked into. */
kb_status kb_bound_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_bound *bound, kb_err *err) KB_MUST_USE;

/* The units and the counters that the proof makes use of. */
uint64_t kb_bound_units(const kb_bound *bound);
uint64_t kb_bound_counters(const kb_bound *bound);

/* What a question is worth in the proof. */
int64_t kb_bound_worth(const kb_bound *bound, uint64_t units, uint64_t counters, uint32_t minutes);

#endif
