/*
 * Packing: mutually disjoint valid papers (ENGINE section 4), as the reserve and refusals need it.
 * Two papers are disjoint when they share no question and no question of one is a rival of one of
 * the other: what a candidate was asked blocks its rivals in a re-sit.
 */
#ifndef KB_ENGINE_CAPACITY_H
#define KB_ENGINE_CAPACITY_H

#include "model/pool.h"

typedef struct kb_capacity {
	uint32_t lower;     /* so many papers are listed in papers: the certificate */
	uint32_t upper;     /* no more can exist, for the reason below */
	uint64_t scarcest;  /* units whose number of questions gives the bound; 0: another reason */
	uint32_t counters;  /* bit c: counter c's range gives it */
	const char *reason; /* of the upper bound, in words */
	uint32_t *papers;   /* lower * size indices into the pool */
} kb_capacity;

/* Stops as soon as `wanted` papers are found, or so many are seen to be out of reach (0: as many as there are). A proof
 * is lower == upper, lower >= wanted, or upper < wanted (the papers are not listed then); else the budget was spent.
 * Weights and the reserve are not looked at. */
kb_status kb_capacity_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_capacity *capacity, kb_err *err) KB_MUST_USE;

#endif
