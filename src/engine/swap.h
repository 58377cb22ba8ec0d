/*
 * Disjoint papers by exchange: so many papers are filled at once, valid or not, and questions change places, within the
 * papers and with those left over, until all are valid. It finds packings where taking one paper after another does
 * not, and needs no tables; it proves nothing where it finds none.
 */
#ifndef KB_ENGINE_SWAP_H
#define KB_ENGINE_SWAP_H

#include "model/pool.h"

typedef struct kb_swap {
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	uint32_t *papers; /* room for `wanted` times rules->size indices: the first `started` papers are there already */
	uint32_t wanted, started;
	uint64_t looks; /* at a place for a question, before it gives up; a few exchanges a paper are tried in any case */
	bool found;
	bool rivals_meet; /* in different papers, though never in one */
} kb_swap;

/* The same from the same start on every machine. Where nothing is found, what the papers hold is not
 * valid; where they are, their questions are sorted. */
kb_status kb_swap_search(kb_arena *arena, kb_swap *swap, kb_err *err) KB_MUST_USE;

#endif
