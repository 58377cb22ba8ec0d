/*
 * The blocks together. What one block tells the others is a signature; a paper is a signature of
 * each such that the sums meet the rules that span blocks. Here a state is what the blocks so far
 * add up to, and its number is that of the ways to complete it with the blocks to come.
 */
#ifndef KB_ENGINE_JOIN_H
#define KB_ENGINE_JOIN_H

#include "engine/block.h"

/* Before block b: its states, for each the state after each signature, and the completions. */
typedef struct kb_boundary {
	kb_states states;
	uint32_t *after; /* states.count * signatures; KB_NONE: no paper */
	uint64_t *ways;  /* states.count * limbs */
} kb_boundary;

typedef struct kb_join {
	kb_layout layout;
	size_t limbs;
	bool cheapest; /* all numbers are costs, and the least of them is kept */
	kb_block *blocks;
	uint32_t block_count;
	kb_boundary *boundaries; /* block_count + 1 */
	size_t states;
} kb_join;

/* Counts; layout, limbs and blocks are set. */
kb_status kb_join_count(kb_arena *arena, kb_join *join, size_t max_states, kb_err *err) KB_MUST_USE;

/* The number of all papers, limbs of them; or the cost of the cheapest, UINT64_MAX where there is none. */
const uint64_t *kb_join_total(const kb_join *join);

/* The questions of number `rank`, which is below the total and is destroyed; or of cost `rank`. Not sorted. */
void kb_join_unrank(const kb_join *join, uint64_t *rank, uint32_t *items, uint32_t *count);

#endif
