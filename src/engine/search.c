#include "engine/search.h"

#include <stdlib.h>
#include <string.h>

#include "engine/bound.h"
#include "engine/program.h"
#include "engine/tables.h"

/* Questions alike in all that the rules look at, and rivals of none; or one that has rivals. */
typedef struct sort {
	uint64_t units, counters;
	uint32_t minutes, weight;
	uint32_t first, count; /* of its questions in `order` */
	bool rivals;
} sort;

typedef struct searcher {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	uint64_t looked_at; /* counters that can say no */
	uint32_t paper_count;
	uint32_t *order; /* questions in play, sort by sort */
	uint32_t play;
	uint32_t *sort_of;
	sort *sorts;
	uint32_t sort_count;
	uint32_t *taken;                /* variable of each (paper, sort): how many of it */
	uint32_t sums[KB_COUNTERS_MAX]; /* of the paper at hand: variable of each counter */
	kb_program program;
} searcher;

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_sorts(const void *left, const void *right)
{
	const sort *a = left, *b = right;
	int order = compare_numbers(a->units, b->units);
	if (order == 0) order = compare_numbers(a->counters, b->counters);
	if (order == 0) order = compare_numbers(a->minutes, b->minutes);
	if (order == 0) order = compare_numbers(a->weight, b->weight);
	return order ? order : compare_numbers(a->first, b->first);
}

static bool alike(const sort *a, const sort *b)
{
	return !a->rivals && !b->rivals && a->units == b->units && a->counters == b->counters && a->minutes == b->minutes &&
	       a->weight == b->weight;
}

static kb_status read_pool(searcher *s, const uint8_t *excluded, kb_err *err)
{
	const kb_pool *pool = s->pool;
	sort *single = kb_arena_array(s->arena, pool->count, sizeof *single);
	uint8_t *rivals = kb_arena_alloc(s->arena, pool->count / 8 + 1);
	s->order = kb_arena_array(s->arena, pool->count, sizeof *s->order);
	s->sort_of = kb_arena_array(s->arena, pool->count, sizeof *s->sort_of);
	s->sorts = single;
	if (!single || !rivals || !s->order || !s->sort_of) return kb_arena_check(s->arena, err);
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		kb_pool_set(rivals, pool->rivals[r].a);
		kb_pool_set(rivals, pool->rivals[r].b);
	}
	s->looked_at = kb_rules_binding(s->rules);
	for (uint32_t i = 0; i < pool->count; i++) {
		const kb_pool_item *item = &pool->items[i];
		if (kb_pool_has(excluded, i)) continue;
		single[s->play++] = (sort) { item->units & s->rules->required, item->counters & s->looked_at,
			kb_rules_bind_minutes(s->rules) ? item->minutes : 0, item->weight, i, 1, kb_pool_has(rivals, i) };
	}
	if (s->play > 1) qsort(single, s->play, sizeof *single, compare_sorts);
	for (uint32_t i = 0; i < s->play; i++) {
		bool joins = i > 0 && alike(&s->sorts[s->sort_count - 1], &single[i]);
		sort one = single[i];
		s->order[i] = one.first;
		if (joins) {
			s->sorts[s->sort_count - 1].count++;
		} else {
			one.first = i;
			s->sorts[s->sort_count++] = one;
		}
		s->sort_of[s->order[i]] = s->sort_count - 1;
	}
	return KB_OK;
}

/* What some sorts, or all, have in common: a counter, or (KB_COUNTERS_MAX) nothing. */
static bool within(const sort *c, uint32_t counter)
{
	return counter == KB_COUNTERS_MAX || c->counters >> counter & 1;
}

/* Whether most of what counts toward `inner` counts toward `outer`; of two that are the same the later is within. */
static bool nests(const searcher *s, uint32_t inner, uint32_t outer)
{
	uint32_t in = 0, out = 0, more = 0;
	for (uint32_t k = 0; k < s->sort_count; k++) {
		bool a = within(&s->sorts[k], inner), b = within(&s->sorts[k], outer);
		in += a && b ? s->sorts[k].count : 0;
		out += a && !b ? s->sorts[k].count : 0;
		more += !a && b ? s->sorts[k].count : 0;
	}
	return in > out && (more > out || (more == out && inner > outer));
}

static bool disjoint(const searcher *s, uint64_t family, uint32_t counter)
{
	for (uint32_t k = 0; k < s->sort_count; k++)
		if (within(&s->sorts[k], counter) && s->sorts[k].counters & family) return false;
	return true;
}

/*
 * A count is the sum of the counts of parts that lie apart, without what of them lies outside of it, and of the rest.
 * No row alone sees that, as where the minima of the parts are more than the whole may hold. Each part stands in one
 * such row.
 */
static void add_families(searcher *s, const uint32_t *taken, uint32_t outer)
{
	uint64_t left = 0;
	for (uint32_t c = 0; c < s->rules->counter_count; c++)
		if (s->looked_at >> c & 1 && c != outer && nests(s, c, outer)) left |= UINT64_C(1) << c;
	while (left) {
		uint64_t family = 0;
		for (uint32_t c = 0; c < s->rules->counter_count; c++)
			if (left >> c & 1 && disjoint(s, family, c)) family |= UINT64_C(1) << c;
		left &= ~family;
		int64_t whole = outer == KB_COUNTERS_MAX ? s->rules->size : 0;
		kb_program_row(&s->program, whole, whole);
		if (outer != KB_COUNTERS_MAX) kb_program_term(&s->program, s->sums[outer], -1);
		for (uint64_t rest = family; rest; rest &= rest - 1)
			kb_program_term(&s->program, s->sums[__builtin_ctzll(rest)], 1);
		for (uint32_t k = 0; k < s->sort_count; k++)
			if (within(&s->sorts[k], outer) == !(s->sorts[k].counters & family))
				kb_program_term(&s->program, taken[k], s->sorts[k].counters & family ? -1 : 1);
	}
}

static void add_counters(searcher *s, const uint32_t *taken)
{
	for (uint32_t c = 0; c < s->rules->counter_count; c++) {
		kb_range range = s->rules->counters[c];
		if (!(s->looked_at >> c & 1)) continue;
		uint32_t max = range.max < s->rules->size ? range.max : s->rules->size;
		s->sums[c] = kb_program_variable(&s->program, (int32_t)range.min, (int32_t)max, 0);
		kb_program_row(&s->program, 0, 0);
		kb_program_term(&s->program, s->sums[c], -1);
		for (uint32_t k = 0; k < s->sort_count; k++)
			if (s->sorts[k].counters >> c & 1) kb_program_term(&s->program, taken[k], 1);
	}
}

static void add_units(searcher *s, const uint32_t *taken)
{
	uint32_t covered[KB_UNITS_MAX];
	const kb_rules *rules = s->rules;
	for (uint64_t rest = rules->required; rest; rest &= rest - 1) {
		uint32_t unit = (uint32_t)__builtin_ctzll(rest);
		if (rules->sample > 0) covered[unit] = kb_program_variable(&s->program, 0, 1, 0);
		kb_program_row(&s->program, rules->sample > 0 ? 0 : rules->times, INT32_MAX);
		if (rules->sample > 0) kb_program_term(&s->program, covered[unit], -1);
		for (uint32_t k = 0; k < s->sort_count; k++)
			if (s->sorts[k].units >> unit & 1) kb_program_term(&s->program, taken[k], 1);
	}
	if (rules->sample == 0) return;
	kb_program_row(&s->program, rules->sample, INT32_MAX);
	for (uint64_t rest = rules->required; rest; rest &= rest - 1)
		kb_program_term(&s->program, covered[__builtin_ctzll(rest)], 1);
}

static void add_paper(searcher *s, uint32_t paper)
{
	uint32_t *taken = s->taken + (size_t)paper * s->sort_count;
	const kb_rules *rules = s->rules;
	for (uint32_t k = 0; k < s->sort_count; k++)
		taken[k] = kb_program_variable(&s->program, 0, (int32_t)s->sorts[k].count, s->sorts[k].weight);
	kb_program_row(&s->program, rules->size, rules->size);
	for (uint32_t k = 0; k < s->sort_count; k++) kb_program_term(&s->program, taken[k], 1);
	if (kb_rules_bind_minutes(rules)) {
		kb_program_row(&s->program, rules->minutes.min, rules->minutes.max);
		for (uint32_t k = 0; k < s->sort_count; k++)
			if (s->sorts[k].minutes > 0) kb_program_term(&s->program, taken[k], (int32_t)s->sorts[k].minutes);
	}
	add_units(s, taken);
	add_counters(s, taken);
	for (uint32_t c = 0; c < rules->counter_count; c++)
		if (s->looked_at >> c & 1) add_families(s, taken, c);
	add_families(s, taken, KB_COUNTERS_MAX);
}

/* What the papers share: each question is in one of them, and a rival of it in none. */
static void add_shared(searcher *s, const uint8_t *excluded)
{
	for (uint32_t k = 0; k < s->sort_count && s->paper_count > 1; k++) {
		kb_program_row(&s->program, 0, s->sorts[k].count);
		for (uint32_t p = 0; p < s->paper_count; p++)
			kb_program_term(&s->program, s->taken[(size_t)p * s->sort_count + k], 1);
	}
	for (uint32_t r = 0; r < s->pool->rival_count; r++) {
		kb_pair_of_rivals pair = s->pool->rivals[r];
		if (kb_pool_has(excluded, pair.a) || kb_pool_has(excluded, pair.b)) continue;
		kb_program_row(&s->program, 0, 1);
		for (uint32_t p = 0; p < s->paper_count; p++) {
			kb_program_term(&s->program, s->taken[(size_t)p * s->sort_count + s->sort_of[pair.a]], 1);
			kb_program_term(&s->program, s->taken[(size_t)p * s->sort_count + s->sort_of[pair.b]], 1);
		}
	}
	/* Papers in any other order are the same: their sums of numbers rise. */
	for (uint32_t p = 1; p < s->paper_count; p++) {
		kb_program_row(&s->program, 0, INT64_MAX / 2);
		for (uint32_t k = 0; k < s->sort_count; k++) {
			kb_program_term(&s->program, s->taken[(size_t)p * s->sort_count + k], (int32_t)k + 1);
			kb_program_term(&s->program, s->taken[(size_t)(p - 1) * s->sort_count + k], -(int32_t)k - 1);
		}
	}
}

static void read_papers(const searcher *s, uint32_t *papers)
{
	uint32_t size = s->rules->size;
	for (uint32_t p = 0; p < s->paper_count; p++) {
		uint32_t *paper = papers + (size_t)p * size, count = 0;
		for (uint32_t k = 0; k < s->sort_count; k++) {
			sort *from = &s->sorts[k];
			int32_t taken = s->program.variables[s->taken[(size_t)p * s->sort_count + k]].low;
			for (; taken > 0 && count < size; taken--, from->first++) paper[count++] = s->order[from->first];
		}
		kb_pool_sort(paper, size);
	}
}

/* A short search settles most. What it does not is often more than the questions can give, which the bound shows where
 * a search can't. */
static kb_status solve(searcher *s, const uint8_t *excluded, uint64_t *steps, kb_answer *answer, kb_err *err)
{
	enum { SHORT = 1000 };
	uint64_t few = *steps < SHORT ? *steps : SHORT;
	kb_bound bound;
	*steps -= few;
	KB_TRY(kb_program_solve(&s->program, &few, answer, err));
	*steps += few;
	if (*answer != KB_UNKNOWN) return KB_OK;
	KB_TRY(kb_bound_find(s->arena, s->pool, s->rules, excluded, s->paper_count, &bound, err));
	if (bound.papers < s->paper_count) *answer = KB_NO;
	else KB_TRY(kb_program_solve(&s->program, steps, answer, err));
	return KB_OK;
}

kb_status kb_search_papers(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t count, uint64_t *steps, uint32_t *papers, kb_answer *answer, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(arena);
	searcher s = { .arena = arena, .pool = pool, .rules = rules, .paper_count = count };
	s.program = (kb_program) { .arena = arena, .progress = pool->progress };
	KB_TRY(read_pool(&s, excluded, err));
	s.taken = kb_arena_array(arena, (size_t)count * s.sort_count, sizeof *s.taken);
	KB_TRY(kb_arena_check(arena, err));
	for (uint32_t p = 0; p < count; p++) add_paper(&s, p);
	add_shared(&s, excluded);
	KB_TRY(solve(&s, excluded, steps, answer, err));
	if (*answer == KB_YES) read_papers(&s, papers);
	kb_arena_restore(arena, mark);
	return KB_OK;
}

/* A paper without dear questions, with one, and so on: they are counted like a category. */
static kb_status search_fewest(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_paper_draw *draw, bool *fewest, kb_err *err)
{
	kb_pool marked = *pool;
	kb_rules counting = *rules;
	kb_answer answer = KB_NO;
	uint64_t steps = KB_SEARCH_STEPS;
	uint32_t dear = counting.counter_count++;
	*fewest = dear < KB_COUNTERS_MAX;
	draw->count = 0;
	marked.items = kb_arena_array(arena, pool->count, sizeof *marked.items);
	if (!*fewest || !marked.items) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < pool->count; i++) {
		marked.items[i] = pool->items[i];
		marked.items[i].weight = 1;
		if (pool->items[i].weight >= KB_DEAR) marked.items[i].counters |= UINT64_C(1) << dear;
	}
	for (uint32_t most = 0; most <= rules->size && answer != KB_YES; most++) {
		counting.counters[dear] = (kb_range) { 0, most };
		KB_TRY(kb_search_papers(arena, &marked, &counting, excluded, 1, &steps, draw->items, &answer, err));
		if (answer == KB_YES) draw->count = rules->size;
		if (answer == KB_UNKNOWN) *fewest = false;
	}
	return KB_OK;
}

kb_status kb_search_fewest(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_paper_draw *draw, bool *fewest, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(arena);
	kb_err limit;
	uint64_t cost;
	size_t states = 0;
	*fewest = true;
	kb_status status = kb_tables_cheapest(arena, pool, rules, excluded, draw, &cost, &states, &limit);
	if (status == KB_LIMIT && kb_arena_check(arena, err) == KB_OK)
		status = search_fewest(arena, pool, rules, excluded, draw, fewest, &limit);
	kb_arena_restore(arena, mark);
	if (status != KB_OK) *err = limit;
	return status;
}
