/* The largest number of mutually disjoint papers out of a list of all of them, by exhaustive search. */
#ifndef KB_ENGINE_PACKING_H
#define KB_ENGINE_PACKING_H

#include "model/pool.h"

typedef struct kb_packing {
	const kb_pool *pool;
	const kb_rules *rules;
	const uint32_t *papers; /* count * rules->size pool indices */
	uint32_t count;
	uint32_t wanted;        /* so many are enough */
	uint32_t *chosen, best; /* the best packing so far, as places in papers; the caller gives room for `wanted` */
	uint64_t budget;        /* candidates looked at; what is left of it */
	bool proven;            /* set by the search: wanted was reached, or no packing is larger than best */
} kb_packing;

/* A start with best > 0 is kept unless a larger packing is found. */
kb_status kb_packing_search(kb_arena *arena, kb_packing *packing, kb_err *err) KB_MUST_USE;

#endif
