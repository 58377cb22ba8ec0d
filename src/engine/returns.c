/* The fewest questions to bring back among those that are away. */
#include "engine/explain.h"

#include <string.h>

#include "engine/capacity.h"
#include "engine/search.h"

typedef struct finder {
	kb_arena *arena;
	const kb_shortfall *in;
	uint8_t *excluded; /* without those that come back */
	size_t bytes;
	uint32_t papers;
	kb_returns *out;
} finder;

/* Those of the questions that are away. */
static kb_status take(finder *f, const uint32_t *items, size_t count, kb_err *err)
{
	f->out->items = kb_arena_array(f->arena, count, sizeof *f->out->items);
	if (!f->out->items) return kb_arena_check(f->arena, err);
	for (size_t i = 0; i < count; i++)
		if (kb_pool_has(f->in->away, items[i])) f->out->items[f->out->count++] = items[i];
	return KB_OK;
}

static kb_status for_one(finder *f, kb_err *err)
{
	kb_pool pool = *f->in->pool;
	kb_paper_draw paper;
	pool.items = kb_arena_array(f->arena, pool.count, sizeof *pool.items);
	if (!pool.items) return kb_arena_check(f->arena, err);
	for (uint32_t i = 0; i < pool.count; i++) {
		pool.items[i] = f->in->pool->items[i];
		pool.items[i].weight = kb_pool_has(f->in->away, i) ? KB_DEAR : 1;
	}
	KB_TRY(kb_search_fewest(f->arena, &pool, f->in->rules, f->excluded, &paper, &f->out->fewest, err));
	return take(f, paper.items, paper.count, err);
}

/* Those that a packing of all uses, less each that can be spared. */
static kb_status for_several(finder *f, kb_err *err)
{
	const kb_shortfall *in = f->in;
	kb_capacity packed;
	uint32_t kept = 0;
	KB_TRY(kb_capacity_find(f->arena, in->pool, in->rules, f->excluded, f->papers, &packed, err));
	if (packed.lower < f->papers) return KB_OK;
	KB_TRY(take(f, packed.papers, (size_t)packed.lower * in->rules->size, err));
	if (in->excluded) memcpy(f->excluded, in->excluded, f->bytes);
	for (uint32_t i = 0; i < f->out->count; i++) kb_pool_clear(f->excluded, f->out->items[i]);
	for (uint32_t i = 0; i < f->out->count; i++) {
		kb_answer answer;
		kb_pool_set(f->excluded, f->out->items[i]);
		KB_TRY(kb_capacity_reaches(f->arena, in->pool, in->rules, f->excluded, f->papers, &answer, err));
		if (answer == KB_YES) continue;
		kb_pool_clear(f->excluded, f->out->items[i]);
		f->out->items[kept++] = f->out->items[i];
	}
	f->out->count = kept;
	return KB_OK;
}

/* What the scarcest unit lacks, or the papers as a whole: so many at least must come back. */
static kb_status count_lacks(finder *f, uint32_t *least, kb_err *err)
{
	const kb_rules *rules = f->in->rules;
	kb_stock stock;
	KB_TRY(kb_capacity_stock(f->arena, f->in->pool, rules, f->in->excluded, &stock, err));
	uint32_t wanted = f->papers * rules->size;
	*least = wanted > stock.questions ? wanted - stock.questions : 1;
	wanted = f->papers * rules->times;
	for (uint64_t rest = rules->sample ? 0 : rules->required; rest; rest &= rest - 1) {
		uint32_t there = stock.of_unit[__builtin_ctzll(rest)];
		if (wanted > there && wanted - there > *least) *least = wanted - there;
	}
	return KB_OK;
}

kb_status kb_explain_returns(kb_arena *arena, const kb_shortfall *in, kb_returns *returns, kb_err *err)
{
	uint32_t least = 0;
	*returns = (kb_returns) { 0 };
	if (!in->away) return KB_OK;
	kb_progress_tell(in->pool->progress, "looking for questions to review", 0, 0);
	finder f = { .arena = arena, .in = in, .papers = in->rules->reserve + 1, .out = returns };
	f.bytes = (in->pool->count + 7) / 8;
	f.excluded = kb_arena_alloc(arena, in->pool->count / 8 + 1);
	if (!f.excluded) return kb_arena_check(arena, err);
	if (in->excluded) memcpy(f.excluded, in->excluded, f.bytes);
	for (uint32_t i = 0; i < in->pool->count; i++)
		if (kb_pool_has(in->away, i)) kb_pool_clear(f.excluded, i);
	kb_status status = f.papers == 1 ? for_one(&f, err) : for_several(&f, err);
	if (status == KB_LIMIT) {
		KB_TRY(kb_arena_check(arena, err));
		*returns = (kb_returns) { 0 };
		status = KB_OK;
	}
	KB_TRY(status);
	kb_pool_sort(returns->items, returns->count);
	if (f.papers > 1) KB_TRY(count_lacks(&f, &least, err));
	if (returns->count > 0 && returns->count == least) returns->fewest = true;
	return KB_OK;
}
