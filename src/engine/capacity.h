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
	uint64_t counters;  /* bit c: counter c's range gives it */
	bool together;      /* none of these by itself, but all of them taken together, */
	bool minutes;       /* and the minutes too */
	const char *reason; /* of the upper bound, in words */
	uint32_t *papers;   /* lower * size indices into the pool */
} kb_capacity;

/* Stops as soon as `wanted` papers are found, or so many are seen to be out of reach (0: as many as there are). A proof
 * is lower == upper, lower >= wanted, or upper < wanted (seen at once, and the papers are not listed then, or only in
 * the end); else the budget was spent. Cost: some milliseconds for hundreds of questions, seconds for 100,000; more
 * where what is found does not meet the bound. Weights and the reserve are not looked at. */
kb_status kb_capacity_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_capacity *capacity, kb_err *err) KB_MUST_USE;

/* The same with so much patience where the first packings do not meet the bound: looks of kb_swap. kb_capacity_find has
 * KB_PATIENCE; a search of many packings goes with less, and with none only the simplest bounds and exchange are tried.
 */
enum { KB_PATIENCE = 20000000, KB_PATIENCE_LITTLE = 1000000, KB_PATIENCE_NONE = 0 };
kb_status kb_capacity_try(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, uint32_t patience, kb_capacity *capacity, kb_err *err) KB_MUST_USE;

/* What the questions that are not excluded can give to papers side by side: of rivals of one another one is counted,
 * so that no packing gets more out of them. */
typedef struct kb_stock {
	uint32_t questions;
	uint32_t of_unit[KB_UNITS_MAX];                                 /* of the required ones */
	uint32_t of_counter[KB_COUNTERS_MAX], outside[KB_COUNTERS_MAX]; /* that count toward it, that don't */
} kb_stock;
kb_status kb_capacity_stock(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_stock *stock, kb_err *err) KB_MUST_USE;

/* Whether so many disjoint valid papers exist; KB_UNKNOWN where that was too much to count, or to search with little
 * patience. */
kb_status kb_capacity_reaches(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_answer *answer, kb_err *err) KB_MUST_USE;

/* What the loss of each question would do to the papers listed in `capacity`, which came from this pool: KB_YES where
 * no packing without it is as large. One answer a question, in the arena. Cost: one count for each question of the
 * certificate, and one search for capacity where the rest does not fill its place; after a few such searches without an
 * answer no more are begun. */
kb_status kb_capacity_critical(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_capacity *capacity, kb_answer **critical, kb_err *err) KB_MUST_USE;

#endif
