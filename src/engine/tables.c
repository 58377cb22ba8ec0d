#include "engine/tables.h"

#include "base/str.h"

#include <stdlib.h>

enum {
	STATES_DEFAULT = 6000000,
	STATES_SPARE = 1000000, /* where that would hardly do */
	COUNTERS_MOST = 12,     /* where it mostly does */
};

/* Counters of the blocks: which are carried by every question of a block, so that they bound its size. */
static uint64_t common_counters(const kb_reduction *reduction, uint32_t block)
{
	uint64_t common = UINT64_MAX;
	for (uint32_t l = 0; l < reduction->layer_count; l++) {
		const kb_layer *layer = &reduction->layers[l];
		for (uint32_t m = 0; m < layer->width && layer->block == block; m++)
			common &= reduction->bases[layer->bases[m]].counters;
	}
	return common;
}

static uint64_t touched_counters(const kb_reduction *reduction, uint32_t block)
{
	uint64_t touched = 0;
	for (uint32_t l = 0; l < reduction->layer_count; l++) {
		const kb_layer *layer = &reduction->layers[l];
		for (uint32_t m = 0; m < layer->width && layer->block == block; m++)
			touched |= reduction->bases[layer->bases[m]].counters;
	}
	return touched;
}

static kb_status too_many_categories(kb_err *err)
{
	kb_fail(err, KB_LIMIT, "draw.states", "this specification counts too many categories at once");
	return kb_hint(err, "leave out minima and maxima that do not matter");
}

/* A field stops at its minimum where nothing bounds it from above. */
static bool add_counter(kb_layout *layout, uint32_t counter, kb_range range, uint32_t size)
{
	bool hard = range.max < size;
	return kb_state_field(layout, counter, hard ? range.max : range.min, range.min, hard);
}

static kb_status lay_out_join(const kb_reduction *reduction, kb_layout *layout, kb_err *err)
{
	bool fits = kb_state_field(layout, KB_SOURCE_COUNT, reduction->size, reduction->size, true);
	for (uint32_t c = 0; c < KB_COUNTERS_MAX && fits; c++)
		if (reduction->spanning >> c & 1) fits = add_counter(layout, c, reduction->ranges[c], reduction->size);
	for (uint32_t c = 0; c < reduction->crossings && fits; c++)
		fits = kb_state_field(layout, KB_SOURCE_CROSS + c, 1, 0, true);
	const kb_minutes *minutes = &reduction->minutes;
	if (fits && minutes->binding)
		fits = kb_state_field(layout, KB_SOURCE_MINUTES, minutes->cap, minutes->min, minutes->hard);
	if (fits && reduction->sample > 0)
		fits = kb_state_field(layout, KB_SOURCE_COVERED, reduction->sample, reduction->sample, false);
	return fits ? KB_OK : too_many_categories(err);
}

static kb_status lay_out_block(
	const kb_reduction *reduction, const kb_layout *shared, uint32_t number, kb_block *block, kb_err *err)
{
	block->layout = *shared;
	block->times = reduction->times;
	block->hi = reduction->size;
	uint64_t common = common_counters(reduction, number), touched = touched_counters(reduction, number);
	for (uint32_t c = 0; c < KB_COUNTERS_MAX; c++) {
		if (!(reduction->local >> c & 1) || !(touched >> c & 1)) continue;
		kb_range range = reduction->ranges[c];
		if (common >> c & 1) {
			if (range.min > block->lo) block->lo = range.min;
			if (range.max < block->hi) block->hi = range.max;
			continue;
		}
		block->local |= 1U << block->layout.count;
		if (!add_counter(&block->layout, c, range, reduction->size)) return too_many_categories(err);
	}
	return KB_OK;
}

static void measure_blocks(kb_tables *t, uint64_t *weight)
{
	const kb_reduction *reduction = &t->reduction;
	uint32_t questions[2 * KB_UNITS_MAX] = { 0 };
	for (uint32_t l = 0; l < reduction->layer_count; l++) {
		const kb_layer *layer = &reduction->layers[l];
		questions[layer->block] += layer->copies * layer->width;
		if (reduction->sample == 0) t->join.blocks[layer->block].must |= layer->units;
		for (uint32_t m = 0; m < layer->width; m++)
			weight[layer->block] += (uint64_t)layer->copies * reduction->bases[layer->bases[m]].weight;
	}
	for (uint32_t b = 0; b < t->join.block_count; b++)
		if (questions[b] < t->join.blocks[b].hi) t->join.blocks[b].hi = questions[b];
}

/* What the others must hold, or cannot hold, bounds each block. Two rounds settle nearly all of it; more is no gain. */
static bool bound_blocks(kb_tables *t)
{
	for (int round = 0; round < 2; round++) {
		uint32_t lo = 0, hi = 0;
		for (uint32_t b = 0; b < t->join.block_count; b++) {
			lo += t->join.blocks[b].lo;
			hi += t->join.blocks[b].hi;
		}
		if (lo > t->size || hi < t->size) return false;
		for (uint32_t b = 0; b < t->join.block_count; b++) {
			kb_block *block = &t->join.blocks[b];
			uint32_t room = t->size - (lo - block->lo), others = hi - block->hi;
			if (block->hi > room) block->hi = room;
			if (others < t->size && block->lo < t->size - others) block->lo = t->size - others;
			if (block->lo > block->hi) return false;
			lo = hi = 0;
			for (uint32_t o = 0; o < t->join.block_count; o++) {
				lo += t->join.blocks[o].lo;
				hi += t->join.blocks[o].hi;
			}
		}
	}
	return true;
}

static kb_status too_wide(kb_err *err)
{
	kb_fail(err, KB_LIMIT, "draw.width", "the number of papers might not fit %d bits", KB_WIDE_BITS);
	return kb_hint(err, "use smaller weights");
}

static kb_status count_block(kb_arena *arena, kb_tables *t, uint32_t b, uint64_t weight, size_t max_states, kb_err *err)
{
	kb_block *block = &t->join.blocks[b];
	kb_state_cap(&block->layout, 0, block->hi);
	block->cheapest = t->reduction.cheapest;
	block->limbs = block->cheapest ? 1 : kb_wide_limbs(weight, block->hi);
	if (block->limbs == 0) return too_wide(err);
	const kb_layer *layers = t->reduction.layers;
	uint32_t first = 0, count = 0;
	while (layers[first].block != b) first++;
	while (first + count < t->reduction.layer_count && layers[first + count].block == b) count++;
	KB_TRY(kb_block_stages(arena, &t->reduction, layers + first, count, block, err));
	t->stats.classes += count;

	const kb_field *covered = NULL;
	const kb_layout *shared = &t->join.layout;
	if (t->reduction.sample > 0) covered = &shared->fields[shared->count - 1];
	uint64_t bits = shared->used < 64 ? ((uint64_t)1 << shared->used) - 1 : UINT64_MAX;
	KB_TRY(kb_block_count(arena, block, bits, covered, max_states - t->stats.states, err));
	t->stats.states += block->cells;
	return KB_OK;
}

/* The block that tells most comes first: there is only one state before it. */
static int compare_blocks(const void *left, const void *right)
{
	const kb_block *a = left, *b = right;
	if (a->signature_count != b->signature_count) return a->signature_count > b->signature_count ? -1 : 1;
	uint32_t first_a = a->stages[0].layer->block, first_b = b->stages[0].layer->block;
	return first_a < first_b ? -1 : first_a > first_b;
}

static kb_status count_papers(kb_arena *arena, kb_tables *t, size_t max_states, kb_err *err)
{
	kb_join *join = &t->join;
	uint64_t *weights = kb_arena_array(arena, t->reduction.block_count, sizeof *weights);
	join->blocks = kb_arena_array(arena, t->reduction.block_count, sizeof *join->blocks);
	if (!weights || !join->blocks) return kb_arena_check(arena, err);
	join->block_count = t->reduction.block_count;
	for (uint32_t b = 0; b < join->block_count; b++)
		KB_TRY(lay_out_block(&t->reduction, &join->layout, b, &join->blocks[b], err));
	measure_blocks(t, weights);
	t->empty = !bound_blocks(t);
	for (uint32_t b = 0; b < join->block_count && !t->empty; b++) {
		KB_TRY(count_block(arena, t, b, weights[b], max_states, err));
		t->empty = join->blocks[b].signature_count == 0;
	}
	if (t->empty) return KB_OK;
	t->stats.blocks = join->block_count;
	if (join->block_count > 1) qsort(join->blocks, join->block_count, sizeof *join->blocks, compare_blocks);
	KB_TRY(kb_join_count(arena, join, max_states - t->stats.states, err));
	t->stats.states += join->states;
	const uint64_t *total = kb_join_total(join);
	t->empty = join->cheapest ? *total == UINT64_MAX : wide_is_zero(total, join->limbs);
	return KB_OK;
}

static kb_status build(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	size_t max_states, bool cheapest, kb_tables **tables, kb_err *err)
{
	kb_tables *t = kb_arena_alloc(arena, sizeof *t);
	if (!t) return kb_arena_check(arena, err);
	kb_progress_tick(pool->progress);
	KB_TRY(kb_reduce_pool(arena, pool, rules, excluded, &t->reduction, err));
	t->reduction.cheapest = t->join.cheapest = cheapest;
	t->pool_count = pool->count;
	t->size = rules->size;
	t->empty = t->reduction.empty;
	if (!t->empty) {
		t->join.limbs = cheapest ? 1 : kb_wide_limbs(t->reduction.weight, t->size);
		if (t->join.limbs == 0) return too_wide(err);
		KB_TRY(lay_out_join(&t->reduction, &t->join.layout, err));
		KB_TRY(count_papers(arena, t, max_states, err));
	}
	KB_TRY(kb_arena_check(arena, err));
	*tables = t;
	return KB_OK;
}

/* Units by the number of questions that cover them, the best covered first: leaving these out loses the fewest draws.
 */
static void rank_units(
	const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, uint32_t order[static KB_UNITS_MAX])
{
	uint32_t covered[KB_UNITS_MAX] = { 0 };
	for (uint32_t i = 0; i < pool->count; i++)
		for (uint64_t rest = kb_pool_has(excluded, i) ? 0 : pool->items[i].units & rules->required; rest;
			 rest &= rest - 1)
			covered[__builtin_ctzll(rest)]++;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) {
		uint32_t at = u;
		for (; at > 0 && covered[order[at - 1]] < covered[u]; at--) order[at] = order[at - 1];
		order[at] = u;
	}
}

/* How far from breaking a counter's range papers without it would be on average, squared, in parts of their variance.
 */
static int64_t looseness(const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, uint32_t counter)
{
	int64_t all = 0, with = 0, size = rules->size;
	for (uint32_t i = 0; i < pool->count; i++) {
		if (kb_pool_has(excluded, i)) continue;
		all++;
		with += (int64_t)(pool->items[i].counters >> counter & 1);
	}
	kb_range range = rules->counters[counter];
	int64_t low = range.min > 0 ? size * with - all * range.min : INT32_MAX;
	int64_t high = range.max < rules->size ? all * range.max - size * with : INT32_MAX;
	int64_t slack = low < high ? low : high, variance = size * with * (all - with);
	if (variance == 0) return slack;
	return (slack < 0 ? -slack : slack) * slack / variance;
}

/* Counters that say something, the loosest first; the others are not listed. */
static uint32_t rank_counters(
	const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, uint32_t order[static KB_COUNTERS_MAX])
{
	int64_t loose[KB_COUNTERS_MAX];
	uint32_t count = 0;
	for (uint64_t rest = kb_rules_binding(rules); rest; rest &= rest - 1) {
		uint32_t c = (uint32_t)__builtin_ctzll(rest);
		loose[c] = looseness(pool, rules, excluded, c);
		uint32_t at = count++;
		for (; at > 0 && loose[order[at - 1]] < loose[c]; at--) order[at] = order[at - 1];
		order[at] = c;
	}
	return count;
}

/* The rules that may be left out, one after another; false where none is left. */
static bool leave_out(
	kb_rules *rules, const uint32_t *units, const uint32_t *counters, uint32_t counted, uint32_t number)
{
	if (number < KB_UNITS_MAX) rules->required &= ~((uint64_t)1 << units[number]);
	else if (number < KB_UNITS_MAX + counted)
		rules->counters[counters[number - KB_UNITS_MAX]] = (kb_range) { 0, UINT32_MAX };
	else return false;
	return true;
}

/*
 * Where the states are too many, rules are left out of them: first the minutes, and of many counters the loosest; then
 * the best covered units, a few more each time, and the other counters. What is drawn from the larger set, and kept
 * only where it is valid, has exactly the same chances.
 */
static kb_status build_relaxed(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	size_t max_states, kb_tables **tables, kb_err *err)
{
	enum { STEP = 4 };
	kb_rules fewer = *rules;
	uint32_t units[KB_UNITS_MAX], counters[KB_COUNTERS_MAX];
	rank_units(pool, rules, excluded, units);
	uint32_t counted = rank_counters(pool, rules, excluded, counters), number = rules->sample > 0 ? KB_UNITS_MAX : 0;
	fewer.minutes = (kb_range) { 0, UINT32_MAX };
	if (counted > COUNTERS_MOST && max_states > STATES_SPARE) max_states = STATES_SPARE;
	for (uint32_t c = 0; c + COUNTERS_MOST < counted; c++) fewer.counters[counters[c]] = (kb_range) { 0, UINT32_MAX };
	for (;;) {
		kb_arena_mark mark = kb_arena_save(arena);
		kb_status status = build(arena, pool, &fewer, excluded, max_states, false, tables, err);
		if (status == KB_OK) (*tables)->relaxed = true;
		if (status != KB_LIMIT || kb_str_equal(err->id, "draw.width")) return status;
		KB_TRY(kb_arena_check(arena, err));
		kb_arena_restore(arena, mark);
		bool left = false;
		for (uint32_t n = 0; n < STEP; n++) left |= leave_out(&fewer, units, counters, counted, number++);
		if (!left) return status;
	}
}

kb_status kb_tables_build(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	size_t max_states, kb_tables **tables, kb_err *err)
{
	kb_err limit;
	kb_arena_mark mark = kb_arena_save(arena);
	if (max_states == 0) max_states = STATES_DEFAULT;
	kb_status status = build(arena, pool, rules, excluded, max_states, false, tables, &limit);
	if (status == KB_LIMIT && kb_str_equal(limit.id, "draw.states") && kb_arena_check(arena, err) == KB_OK) {
		kb_arena_restore(arena, mark);
		status = build_relaxed(arena, pool, rules, excluded, max_states, tables, &limit);
	}
	if (status != KB_OK) {
		*err = limit;
		return status;
	}
	(*tables)->pool = *pool;
	(*tables)->rules = *rules;
	(*tables)->excluded = excluded;
	return KB_OK;
}

bool kb_tables_exact(const kb_tables *tables)
{
	return !tables->relaxed;
}

/* Where many counters are looked at, counting rarely ends, and the search is tried the sooner. */
static size_t most_states(const kb_rules *rules)
{
	uint32_t counted = 0;
	for (uint32_t c = 0; c < rules->counter_count; c++)
		counted += rules->counters[c].min > 0 || rules->counters[c].max < rules->size;
	return counted > COUNTERS_MOST ? STATES_SPARE : STATES_DEFAULT;
}

kb_status kb_tables_unrank(const kb_tables *tables, uint64_t *rank, kb_paper_draw *draw, kb_err *err)
{
	draw->count = 0;
	kb_join_unrank(&tables->join, rank, draw->items, &draw->count);
	KB_ASSERT(draw->count == tables->size, err);
	kb_pool_sort(draw->items, draw->count);
	draw->attempts = 1;
	return KB_OK;
}

kb_status kb_tables_cheapest(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_paper_draw *draw, uint64_t *cost, size_t *states, kb_err *err)
{
	kb_tables *t = NULL;
	draw->count = 0;
	*cost = UINT64_MAX;
	KB_TRY(build(arena, pool, rules, excluded, most_states(rules), true, &t, err));
	*states += t->stats.states;
	if (t->empty) return KB_OK;
	*cost = *kb_join_total(&t->join);
	uint64_t rank[KB_WIDE_LIMBS] = { *cost };
	return kb_tables_unrank(t, rank, draw, err);
}

bool kb_tables_empty(const kb_tables *tables)
{
	return tables->empty;
}

kb_tables_stats kb_tables_get_stats(const kb_tables *tables)
{
	return tables->stats;
}

const char *kb_tables_count(const kb_tables *tables, kb_arena *arena)
{
	char text[KB_WIDE_DECIMAL] = "0";
	if (!tables->empty) kb_wide_format(kb_join_total(&tables->join), tables->join.limbs, text);
	return kb_arena_text(arena, text);
}

double kb_tables_bits(const kb_tables *tables)
{
	return tables->empty ? 0 : kb_wide_log2(kb_join_total(&tables->join), tables->join.limbs);
}
