#include "engine/capacity.h"

#include "engine/bound.h"
#include "engine/deal.h"
#include "engine/packing.h"
#include "engine/search.h"
#include "engine/swap.h"
#include "engine/tables.h"

#include <stdlib.h>

enum {
	STATES_BUDGET = 60000000, /* of all greedy steps together: some seconds */
	PAPERS_MAX = 30000,       /* that an exhaustive search lists */
	SEARCH_BUDGET = 20000000, /* candidates it looks at */
	PRICE_UNIT = 1 << 20,
};

typedef struct finder {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	kb_pool priced;   /* the pool, with prices for weights */
	uint32_t *clique; /* of each question: rivals of one another share a number */
	uint32_t clique_count;
	kb_stock stock;
	size_t states; /* that all greedy steps took */
	uint32_t target;
	kb_capacity *out;
} finder;

/* More papers are wanted, may exist, and may be looked for. */
static bool wanting(const finder *f)
{
	return f->out->lower < f->target && f->out->lower < f->out->upper && f->states < STATES_BUDGET;
}

/* Each question goes into one clique of rivals; of a clique at most one question serves in all disjoint papers. */
static kb_status part_into_cliques(finder *f, kb_err *err)
{
	const kb_pool *pool = f->pool;
	f->clique = kb_arena_array(f->arena, pool->count, sizeof *f->clique);
	uint32_t members[KB_CLUSTER_MAX];
	if (!f->clique) return kb_arena_check(f->arena, err);
	memset(f->clique, 0xFF, pool->count * sizeof *f->clique);
	uint32_t pair = 0;
	for (uint32_t i = 0; i < pool->count; i++) {
		while (pair < pool->rival_count && pool->rivals[pair].a < i) pair++;
		if (f->clique[i] != KB_NONE || kb_pool_has(f->excluded, i)) continue;
		uint32_t size = 1;
		members[0] = i;
		f->clique[i] = f->clique_count;
		for (uint32_t p = pair; p < pool->rival_count && pool->rivals[p].a == i && size < KB_CLUSTER_MAX; p++) {
			uint32_t other = pool->rivals[p].b;
			bool joins = f->clique[other] == KB_NONE && !kb_pool_has(f->excluded, other);
			for (uint32_t m = 1; m < size && joins; m++) joins = kb_pool_are_rivals(pool, members[m], other);
			if (!joins) continue;
			members[size++] = other;
			f->clique[other] = f->clique_count;
		}
		f->clique_count++;
	}
	return KB_OK;
}

/* What the cliques that are left can cover and count; a clique is left while none of its members is used. */
static kb_status take_stock(finder *f, const uint8_t *used, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(f->arena);
	kb_stock *stock = &f->stock;
	struct {
		uint64_t units;
		uint64_t has, lacks;
		bool left;
	} *cliques = kb_arena_array(f->arena, f->clique_count, sizeof *cliques);
	if (!cliques) return kb_arena_check(f->arena, err);
	*stock = (kb_stock) { 0 };
	for (uint32_t i = 0; i < f->pool->count; i++) {
		if (kb_pool_has(used, i)) continue;
		cliques[f->clique[i]].units |= f->pool->items[i].units & f->rules->required;
		cliques[f->clique[i]].has |= f->pool->items[i].counters;
		cliques[f->clique[i]].lacks |= ~f->pool->items[i].counters;
		cliques[f->clique[i]].left = true;
	}
	for (uint32_t c = 0; c < f->clique_count; c++) {
		stock->questions += cliques[c].left;
		for (uint64_t rest = cliques[c].units; rest; rest &= rest - 1) stock->of_unit[__builtin_ctzll(rest)]++;
		for (uint32_t k = 0; k < f->rules->counter_count; k++) {
			stock->of_counter[k] += (uint32_t)(cliques[c].has >> k & 1);
			stock->outside[k] += (uint32_t)(cliques[c].lacks >> k & 1);
		}
	}
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

static void lower_bound_to(kb_capacity *out, uint32_t upper, uint64_t scarcest, uint64_t counters, const char *reason)
{
	if (upper == out->upper && scarcest && out->scarcest) out->scarcest |= scarcest;
	if (upper >= out->upper) return;
	out->upper = upper;
	out->scarcest = scarcest;
	out->counters = counters;
	out->together = out->minutes = false;
	out->reason = reason;
}

/* Seen from each rule by itself. */
static kb_status bound(finder *f, kb_err *err)
{
	const kb_rules *rules = f->rules;
	const kb_stock *stock = &f->stock;
	KB_TRY(take_stock(f, f->excluded, err));
	f->out->upper = UINT32_MAX;
	uint64_t covered = 0;
	for (uint64_t rest = rules->required; rest; rest &= rest - 1) {
		uint32_t unit = (uint32_t)__builtin_ctzll(rest);
		covered += stock->of_unit[unit];
		if (rules->sample == 0)
			lower_bound_to(f->out, stock->of_unit[unit] / rules->times, (uint64_t)1 << unit, 0,
				"few questions cover the scarcest unit");
	}
	if (rules->sample > 0)
		lower_bound_to(f->out, (uint32_t)(covered / rules->sample), 0, 0, "the questions cover too few units in all");
	lower_bound_to(f->out, stock->questions / rules->size, 0, 0, "there are only so many questions");
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		kb_range range = rules->counters[c];
		if (range.min > 0)
			lower_bound_to(f->out, stock->of_counter[c] / range.min, 0, UINT64_C(1) << c,
				"few questions count toward a category that has a minimum");
		if (range.max < rules->size)
			lower_bound_to(f->out, stock->outside[c] / (rules->size - range.max), 0, UINT64_C(1) << c,
				"few questions lie outside a category that has a maximum");
	}
	return KB_OK;
}

/* Seen from all rules at once, where that says more. */
static kb_status bound_together(finder *f, kb_err *err)
{
	kb_bound together;
	KB_TRY(kb_bound_find(f->arena, f->pool, f->rules, f->excluded, 0, &together, err));
	if (together.papers >= f->out->upper) return KB_OK;
	lower_bound_to(f->out, together.papers, kb_bound_units(&together), kb_bound_counters(&together),
		"no rule by itself, but all together ask for more than the questions can give");
	f->out->together = true;
	f->out->minutes = together.of_minute != 0;
	return KB_OK;
}

static uint32_t price(uint32_t supply)
{
	return (uint32_t)(PRICE_UNIT / ((uint64_t)supply * supply + 1));
}

/*
 * A question costs what it takes from later papers: each unit that it or a rival of it covers, the dearer the fewer
 * questions cover it. Rivals go with it, since no later paper may hold them.
 */
static kb_status set_prices(finder *f, const uint8_t *used, kb_err *err)
{
	uint32_t of_unit[KB_UNITS_MAX], of_category[KB_COUNTERS_MAX];
	KB_TRY(take_stock(f, used, err));
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) of_unit[u] = price(f->stock.of_unit[u]);
	for (uint32_t c = 0; c < KB_COUNTERS_MAX; c++)
		of_category[c] = f->rules->counters[c].min > 0 ? price(f->stock.of_counter[c]) : 0;
	kb_arena_mark mark = kb_arena_save(f->arena);
	uint64_t *takes = kb_arena_array(f->arena, f->pool->count, sizeof *takes);
	if (!takes) return kb_arena_check(f->arena, err);
	for (uint32_t i = 0; i < f->pool->count; i++) takes[i] = f->pool->items[i].units & f->rules->required;
	for (uint32_t r = 0; r < f->pool->rival_count; r++) {
		kb_pair_of_rivals pair = f->pool->rivals[r];
		if (kb_pool_has(used, pair.a) || kb_pool_has(used, pair.b)) continue;
		takes[pair.a] |= f->pool->items[pair.b].units & f->rules->required;
		takes[pair.b] |= f->pool->items[pair.a].units & f->rules->required;
	}
	for (uint32_t i = 0; i < f->pool->count; i++) {
		uint32_t cost = 1;
		for (uint64_t rest = takes[i]; rest; rest &= rest - 1) cost += of_unit[__builtin_ctzll(rest)];
		for (uint32_t c = 0; c < f->rules->counter_count; c++)
			if (f->pool->items[i].counters >> c & 1) cost += of_category[c];
		f->priced.items[i].weight = cost;
	}
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

static void keep(finder *f, const uint32_t *papers, uint32_t found)
{
	f->out->lower = found;
	memcpy(f->out->papers, papers, (size_t)found * f->rules->size * sizeof *papers);
}

/* Paper by paper, each the cheapest that is left; kept where they are more than were found before. */
static kb_status pack_greedily(finder *f, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(f->arena);
	size_t size = f->rules->size;
	uint32_t found = 0, *papers = kb_arena_array(f->arena, f->target * size, sizeof *papers);
	uint8_t *used = kb_arena_alloc(f->arena, f->pool->count / 8 + 1);
	if (!used || !papers) return kb_arena_check(f->arena, err);
	if (f->excluded) memcpy(used, f->excluded, (f->pool->count + 7) / 8);
	while (found < f->target && f->states < STATES_BUDGET) {
		kb_arena_mark paper_mark = kb_arena_save(f->arena);
		kb_paper_draw paper;
		uint64_t cost;
		KB_TRY(set_prices(f, used, err));
		KB_TRY(kb_tables_cheapest(f->arena, &f->priced, f->rules, used, &paper, &cost, &f->states, err));
		kb_arena_restore(f->arena, paper_mark);
		if (cost == UINT64_MAX) break;
		memcpy(papers + found++ * size, paper.items, size * sizeof *papers);
		kb_pool_exclude(f->pool, paper.items, paper.count, used);
	}
	if (found > f->out->lower) keep(f, papers, found);
	/* Not even one: then there is none. */
	if (found == 0 && f->states < STATES_BUDGET) lower_bound_to(f->out, 0, 0, 0, "no valid paper exists");
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

/* So many papers at once, beginning with those that were found. */
static kb_status exchange(finder *f, uint32_t wanted, uint32_t looks, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(f->arena);
	kb_swap swap = { f->pool, f->rules, f->excluded, NULL, wanted, f->out->lower, looks, false };
	swap.papers = kb_arena_array(f->arena, (size_t)wanted * f->rules->size, sizeof *swap.papers);
	if (!swap.papers) return kb_arena_check(f->arena, err);
	memcpy(swap.papers, f->out->papers, (size_t)f->out->lower * f->rules->size * sizeof *swap.papers);
	KB_TRY(kb_swap_search(f->arena, &swap, err));
	if (swap.found) keep(f, swap.papers, wanted);
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

/* Where the bound is not met and the papers can be listed, all ways to pack them are searched. */
static kb_status search(finder *f, kb_err *err)
{
	kb_tables *tables;
	for (uint32_t i = 0; i < f->pool->count; i++) f->priced.items[i].weight = 1;
	KB_TRY(kb_tables_build(f->arena, &f->priced, f->rules, f->excluded, 0, &tables, err));
	if (kb_tables_empty(tables) || !kb_tables_exact(tables)) return KB_OK;
	const uint64_t *total = kb_join_total(&tables->join);
	if (wide_bits(total, tables->join.limbs) > 32 || *total > PAPERS_MAX) return KB_OK;
	uint32_t count = (uint32_t)*total, size = f->rules->size;
	uint32_t *papers = kb_arena_array(f->arena, (size_t)count * size, sizeof *papers);
	uint32_t *chosen = kb_arena_array(f->arena, f->target, sizeof *chosen);
	if (!papers || !chosen) return kb_arena_check(f->arena, err);
	for (uint32_t p = 0; p < count; p++) {
		uint64_t rank[KB_WIDE_LIMBS] = { p };
		kb_paper_draw paper;
		KB_TRY(kb_tables_unrank(tables, rank, &paper, err));
		memcpy(papers + (size_t)p * size, paper.items, size * sizeof *papers);
	}
	kb_packing packing = { f->pool, f->rules, papers, count, f->target, chosen, f->out->lower, SEARCH_BUDGET, false };
	KB_TRY(kb_packing_search(f->arena, &packing, err));
	if (packing.best > f->out->lower) {
		f->out->lower = packing.best;
		for (uint32_t p = 0; p < packing.best; p++)
			memcpy(f->out->papers + (size_t)p * size, papers + (size_t)chosen[p] * size, size * sizeof *papers);
	}
	if (packing.proven && packing.best < f->target)
		lower_bound_to(f->out, packing.best, 0, 0, "all ways to pack the papers were tried");
	return KB_OK;
}

/* Where too much is counted at once for tables: one paper, then two, until no more fit. */
static kb_status search_papers(finder *f, uint32_t patience, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(f->arena);
	uint32_t *papers = kb_arena_array(f->arena, (size_t)f->target * f->rules->size, sizeof *papers);
	if (!papers) return kb_arena_check(f->arena, err);
	while (f->out->lower < f->target && f->out->lower < f->out->upper) {
		uint64_t steps = patience < KB_PATIENCE ? KB_SEARCH_STEPS / 10 : KB_SEARCH_STEPS;
		uint32_t count = f->out->lower + 1;
		kb_answer answer;
		KB_TRY(kb_search_papers(f->arena, f->pool, f->rules, f->excluded, count, &steps, papers, &answer, err));
		if (answer == KB_YES) keep(f, papers, count);
		if (answer == KB_NO) lower_bound_to(f->out, count - 1, 0, 0, "a search through all ways found no more");
		if (answer == KB_UNKNOWN) break;
	}
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

/* With tables, where these are not too large. */
static kb_status count_papers(finder *f, bool *counted, kb_err *err)
{
	kb_err limit;
	kb_status status = pack_greedily(f, &limit);
	if (status == KB_OK && wanting(f)) status = search(f, &limit);
	*counted = status == KB_OK;
	if (status == KB_LIMIT) return kb_arena_check(f->arena, err);
	if (status != KB_OK) *err = limit;
	return status;
}

/* The bound first, then fewer and fewer. */
static kb_status pack_without_patience(finder *f, kb_err *err)
{
	for (uint32_t wanted = f->target; wanted > 0 && f->out->lower == 0; wanted -= 1 + wanted / 16)
		KB_TRY(exchange(f, wanted, KB_PATIENCE_LITTLE, err));
	return KB_OK;
}

static kb_status pack_large(finder *f, kb_err *err)
{
	KB_TRY(kb_deal_pack(f->arena, f->pool, f->rules, f->excluded, f->target, f->out->papers, &f->out->lower, err));
	return wanting(f) ? bound_together(f, err) : KB_OK;
}

/* All at once, which mostly goes at the first try; then one by one, and one more as long as that helps. */
static kb_status pack(finder *f, uint32_t patience, kb_err *err)
{
	uint32_t most = f->target;
	bool counted = true, large = f->stock.questions >= KB_DEAL_FROM;
	if (patience == KB_PATIENCE_NONE) return pack_without_patience(f, err);
	if (large) KB_TRY(pack_large(f, err));
	else KB_TRY(exchange(f, most, KB_PATIENCE_LITTLE, err));
	if (large && f->out->lower > 0) return KB_OK;
	if (wanting(f) && !large) KB_TRY(bound_together(f, err));
	if (wanting(f) && !large && f->out->upper < most) KB_TRY(exchange(f, f->out->upper, KB_PATIENCE_LITTLE, err));
	if (wanting(f)) KB_TRY(count_papers(f, &counted, err));
	for (uint32_t before = KB_NONE; before != f->out->lower && wanting(f);) {
		before = f->out->lower;
		KB_TRY(exchange(f, before + 1, patience, err));
	}
	return counted ? KB_OK : search_papers(f, patience, err);
}

kb_status kb_capacity_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_capacity *capacity, kb_err *err)
{
	return kb_capacity_try(arena, pool, rules, excluded, wanted, KB_PATIENCE, capacity, err);
}

kb_status kb_capacity_try(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, uint32_t patience, kb_capacity *capacity, kb_err *err)
{
	*capacity = (kb_capacity) { .upper = UINT32_MAX, .reason = "" };
	if (rules->size == 0 || rules->size > KB_PAPER_MAX)
		return kb_fail(
			err, KB_INVALID, "rules.size", "a paper holds 1 to %d questions, not %u", KB_PAPER_MAX, rules->size);
	if (rules->times == 0 || rules->counter_count > KB_COUNTERS_MAX)
		return kb_fail(err, KB_INVALID, "rules.times",
			"a unit is asked for at least once, and at most %d categories are counted", KB_COUNTERS_MAX);
	KB_TRY(kb_pool_check(pool, err));
	finder f = { .arena = arena, .pool = pool, .rules = rules, .excluded = excluded, .out = capacity };
	KB_TRY(part_into_cliques(&f, err));
	KB_TRY(bound(&f, err));
	f.target = wanted > 0 && wanted < capacity->upper ? wanted : capacity->upper;
	/* Fewer than are wanted can't be made enough: the bound says all that was asked. */
	if (f.target == 0 || (wanted > 0 && capacity->upper < wanted)) return KB_OK;

	capacity->papers = kb_arena_array(arena, (size_t)f.target * rules->size, sizeof *capacity->papers);
	kb_arena_mark mark = kb_arena_save(arena);
	f.priced = *pool;
	f.priced.items = kb_arena_array(arena, pool->count, sizeof *f.priced.items);
	if (!capacity->papers || !f.priced.items) return kb_arena_check(arena, err);
	memcpy(f.priced.items, pool->items, pool->count * sizeof *pool->items);
	KB_TRY(pack(&f, patience, err));
	kb_arena_restore(arena, mark);
	return KB_OK;
}

kb_status kb_capacity_stock(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, kb_stock *stock, kb_err *err)
{
	finder f = { .arena = arena, .pool = pool, .rules = rules, .excluded = excluded };
	kb_arena_mark mark = kb_arena_save(arena);
	KB_TRY(part_into_cliques(&f, err));
	KB_TRY(take_stock(&f, excluded, err));
	kb_arena_restore(arena, mark);
	*stock = f.stock;
	return KB_OK;
}

kb_status kb_capacity_reaches(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_answer *answer, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(arena);
	kb_err limit;
	kb_status status;
	kb_paper_draw paper;
	uint64_t cost = 0;
	size_t states = 0;
	status = wanted == 1 ? kb_tables_cheapest(arena, pool, rules, excluded, &paper, &cost, &states, &limit) : KB_LIMIT;
	*answer = cost == UINT64_MAX ? KB_NO : KB_YES;
	if (status == KB_LIMIT && kb_arena_check(arena, err) == KB_OK) {
		kb_capacity capacity;
		status = kb_capacity_try(arena, pool, rules, excluded, wanted, KB_PATIENCE_LITTLE, &capacity, &limit);
		*answer = capacity.lower >= wanted ? KB_YES : capacity.upper < wanted ? KB_NO : KB_UNKNOWN;
	}
	if (status == KB_LIMIT && kb_arena_check(arena, err) == KB_OK) {
		*answer = KB_UNKNOWN;
		status = KB_OK;
	}
	kb_arena_restore(arena, mark);
	if (status != KB_OK) *err = limit;
	return status;
}
