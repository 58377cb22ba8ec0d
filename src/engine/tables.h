/* Inside of kb_tables, for the files of this layer. */
#ifndef KB_ENGINE_TABLES_H
#define KB_ENGINE_TABLES_H

#include "engine/draw.h"
#include "engine/join.h"

struct kb_tables {
	uint32_t pool_count, size;
	bool empty;
	bool relaxed; /* the tables hold more than the valid papers: what is drawn is checked against what follows */
	kb_pool pool;
	kb_rules rules;
	const uint8_t *excluded;
	kb_reduction reduction;
	kb_join join;
	kb_tables_stats stats;
};

/* The paper of a rank (join.limbs limbs, destroyed), its questions sorted. */
kb_status kb_tables_unrank(const kb_tables *tables, uint64_t *rank, kb_paper_draw *draw, kb_err *err) KB_MUST_USE;

/* The same programme over (min, +): a paper whose weights have the least sum, and that sum; UINT64_MAX where there is
 * no paper. All weights at least 1, as everywhere. *states is raised by those it took. */
kb_status kb_tables_cheapest(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_paper_draw *draw, uint64_t *cost, size_t *states, kb_err *err) KB_MUST_USE;

#endif
