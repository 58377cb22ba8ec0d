/*
 * How evenly a pool can be spread at all (ENGINE section 6): the least chance that the most used question must have,
 * whatever the law of the draw. It is 1 over the fractional packing: the most papers, taken in parts, that use no
 * question more than once in all.
 */
#ifndef KB_ENGINE_SPREAD_H
#define KB_ENGINE_SPREAD_H

#include "model/pool.h"

/* Both bounds are proven in whole numbers: the lower by prices on the questions that no paper undercuts, the upper by
 * papers and how often to take each. */
typedef struct kb_spread {
	uint64_t low_part, low_whole;   /* some question has at least this chance in every draw */
	uint64_t high_part, high_whole; /* there is a draw in which none has more */
	bool exact;                     /* both are the same */
} kb_spread;

/* Both fractions are in lowest terms. KB_REFUSED "draw.none" where there is no valid paper; KB_LIMIT as of
 * kb_tables_build. Cost: some milliseconds where whole papers are the best there is; else a search for the cheapest paper
 * for each step of a linear programme, of which a hundred questions take some hundred; past its budget of steps the bounds may stay apart. */
kb_status kb_spread_find(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, kb_spread *spread, kb_err *err) KB_MUST_USE;

#endif
