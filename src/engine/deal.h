/*
 * Disjoint papers out of a large pool: it is dealt into parts that are like the whole, each part is packed by itself,
 * and what is left over is dealt again. So the time grows with the pool, and not with its square.
 */
#ifndef KB_ENGINE_DEAL_H
#define KB_ENGINE_DEAL_H

#include "engine/capacity.h"

enum { KB_DEAL_PART = 600, KB_DEAL_FROM = 2000 }; /* questions of a part; of a pool that is worth dealing */

/* At most `wanted` papers, of which there may be more; in papers, with room for all of them. */
kb_status kb_deal_pack(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, uint32_t *papers, uint32_t *found, kb_err *err) KB_MUST_USE;

#endif
