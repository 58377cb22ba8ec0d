#include "engine/spread.h"

#include "engine/bound.h"
#include "engine/capacity.h"
#include "engine/simplex.h"
#include "engine/swap.h"
#include "engine/tables.h"

#include <math.h>
#include <string.h>

enum {
	QUESTIONS_MAX = 2000, /* of a linear programme */
	STEPS_MAX = 4000,
	PRICE_UNIT = 1 << 24,
	DENOMINATOR_MAX = 100000, /* that the exact solution is looked for with */
};

/*
 * Largest sum of x with, for each question, the x of the papers that hold it adding up to at most 1. The papers come in
 * one by one, each the cheapest at the prices of the step.
 */
typedef struct programme {
	kb_arena *arena;
	kb_pool pool; /* its weights are prices */
	const kb_rules *rules;
	uint32_t count;
	kb_simplex simplex; /* a row for each question */
	uint32_t *papers;
	uint32_t paper_count;
	size_t states;
} programme;

static kb_status open_programme(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, programme *p, kb_err *err)
{
	uint32_t n = pool->count;
	*p = (programme) { .arena = arena, .pool = *pool, .rules = rules, .count = n };
	p->pool.items = kb_arena_array(arena, n, sizeof *p->pool.items);
	double *limits = kb_arena_array(arena, n, sizeof *limits);
	p->papers = kb_arena_array(arena, (size_t)STEPS_MAX * rules->size, sizeof *p->papers);
	KB_TRY(kb_arena_check(arena, err));
	memcpy(p->pool.items, pool->items, n * sizeof *pool->items);
	for (uint32_t i = 0; i < n; i++) limits[i] = 1;
	return kb_simplex_open(arena, limits, n, &p->simplex, err);
}

static uint32_t whole_number(double value, double unit)
{
	double scaled = value * unit + 0.5;
	return scaled >= UINT32_MAX ? UINT32_MAX - 1 : scaled > 0 ? (uint32_t)scaled : 0;
}

/* The cheapest paper at whole prices of at least 0; all papers have one size, so adding 1 to each changes nothing. */
static kb_status cheapest(programme *p, const uint32_t *prices, kb_paper_draw *paper, uint64_t *cost, kb_err *err)
{
	for (uint32_t i = 0; i < p->count; i++) p->pool.items[i].weight = prices[i] + 1;
	kb_arena_mark mark = kb_arena_save(p->arena);
	KB_TRY(kb_tables_cheapest(p->arena, &p->pool, p->rules, NULL, paper, cost, &p->states, err));
	kb_arena_restore(p->arena, mark);
	if (*cost == UINT64_MAX) return kb_fail(err, KB_REFUSED, "draw.none", "no valid paper exists");
	*cost -= p->rules->size;
	return KB_OK;
}

/* The cheapest paper comes in while it costs less than it is worth. */
static kb_status solve(programme *p, kb_err *err)
{
	kb_entry entries[KB_PAPER_MAX];
	uint32_t *prices = kb_arena_array(p->arena, p->count, sizeof *prices);
	if (!prices) return kb_arena_check(p->arena, err);
	for (uint32_t step = 0; step < STEPS_MAX; step++) {
		kb_paper_draw paper;
		uint64_t cost;
		double gain = 1;
		if (kb_simplex_settle(&p->simplex)) continue;
		for (uint32_t i = 0; i < p->count; i++) prices[i] = whole_number(p->simplex.price[i], PRICE_UNIT);
		KB_TRY(cheapest(p, prices, &paper, &cost, err));
		for (uint32_t k = 0; k < paper.count; k++) {
			entries[k] = (kb_entry) { paper.items[k], 1 };
			gain -= p->simplex.price[paper.items[k]];
		}
		if (gain <= KB_SIMPLEX_GAIN) return KB_OK;
		memcpy(p->papers + (size_t)p->paper_count * p->rules->size, paper.items, paper.count * sizeof *paper.items);
		if (!kb_simplex_enter(&p->simplex, p->paper_count, entries, paper.count, gain)) return KB_OK;
		p->paper_count++;
	}
	return KB_OK;
}

/* Whole numbers in the same proportions: exact where all are fractions of one small denominator, else rounded. */
static void whole_numbers(const double *values, uint32_t count, uint32_t *out)
{
	uint32_t denominator = 1;
	for (; denominator <= DENOMINATOR_MAX; denominator++) {
		uint32_t i = 0;
		while (i < count && fabs(values[i] * denominator - nearbyint(values[i] * denominator)) < 1e-6 * denominator)
			i++;
		if (i == count) break;
	}
	double unit = denominator <= DENOMINATOR_MAX ? denominator : PRICE_UNIT;
	for (uint32_t i = 0; i < count; i++) out[i] = whole_number(values[i], unit);
}

static void fraction(uint64_t part, uint64_t whole, uint64_t *out_part, uint64_t *out_whole)
{
	uint64_t a = part, b = whole;
	if (part == 0 || whole == 0) return;
	while (b) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	*out_part = part / a;
	*out_whole = whole / a;
}

/* Every paper costs at least so much, so some question is drawn at least at that cost over the sum of all prices. */
static kb_status prove_low(programme *p, kb_spread *spread, kb_err *err)
{
	uint32_t *prices = kb_arena_array(p->arena, p->count, sizeof *prices);
	uint64_t cost, sum = 0;
	kb_paper_draw paper;
	if (!prices) return kb_arena_check(p->arena, err);
	whole_numbers(p->simplex.price, p->count, prices);
	for (uint32_t i = 0; i < p->count; i++) sum += prices[i];
	KB_TRY(cheapest(p, prices, &paper, &cost, err));
	fraction(cost, sum, &spread->low_part, &spread->low_whole);
	return KB_OK;
}

static kb_status prove_high(programme *p, kb_spread *spread, kb_err *err)
{
	uint32_t n = p->count, size = p->rules->size;
	double *parts = kb_arena_array(p->arena, n, sizeof *parts);
	uint32_t *times = kb_arena_array(p->arena, n, sizeof *times);
	uint64_t *load = kb_arena_array(p->arena, n, sizeof *load);
	if (!parts || !times || !load) return kb_arena_check(p->arena, err);
	for (uint32_t row = 0; row < n; row++)
		for (uint32_t i = 0; p->simplex.basic[row] != KB_NONE && i < n; i++)
			parts[row] += p->simplex.inverse[(size_t)row * n + i];
	whole_numbers(parts, n, times);
	uint64_t most = 0, sum = 0;
	for (uint32_t row = 0; row < n; row++) {
		if (p->simplex.basic[row] == KB_NONE) continue;
		sum += times[row];
		for (uint32_t k = 0; k < size; k++) {
			uint64_t *of = &load[p->papers[(size_t)p->simplex.basic[row] * size + k]];
			*of += times[row];
			if (*of > most) most = *of;
		}
	}
	fraction(most, sum, &spread->high_part, &spread->high_whole);
	return KB_OK;
}

/*
 * Where questions go round evenly so many times, whole papers are the proof from both sides: no more of them fit even
 * in parts, and so many do. As each is a draw by itself, rivals may be in different ones.
 */
static kb_status find_whole(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, kb_spread *spread, kb_err *err)
{
	kb_bound bound;
	kb_pool apart = *pool;
	apart.rival_count = 0;
	KB_TRY(kb_bound_find(arena, &apart, rules, NULL, 0, &bound, err));
	if (bound.papers == 0 || bound.papers > pool->count || bound.all != (uint64_t)bound.paper * bound.papers)
		return KB_OK;
	kb_arena_mark mark = kb_arena_save(arena);
	kb_swap swap = {
		.pool = pool, .rules = rules, .wanted = bound.papers, .looks = KB_PATIENCE_LITTLE, .rivals_meet = true
	};
	swap.papers = kb_arena_array(arena, (size_t)swap.wanted * rules->size, sizeof *swap.papers);
	if (!swap.papers) return kb_arena_check(arena, err);
	KB_TRY(kb_swap_search(arena, &swap, err));
	if (swap.found) *spread = (kb_spread) { 1, bound.papers, 1, bound.papers, true };
	kb_arena_restore(arena, mark);
	return KB_OK;
}

kb_status kb_spread_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, kb_spread *spread, kb_err *err)
{
	programme p;
	kb_arena_mark mark = kb_arena_save(arena);
	*spread = (kb_spread) { 0, 1, 1, 1, false };
	if (pool->count > QUESTIONS_MAX)
		return kb_fail(err, KB_LIMIT, "spread.many",
			"how evenly papers can be spread is worked out for up to %d questions, not for %u", QUESTIONS_MAX,
			pool->count);
	KB_TRY(find_whole(arena, pool, rules, spread, err));
	if (spread->exact) return KB_OK;
	KB_TRY(open_programme(arena, pool, rules, &p, err));
	KB_TRY(solve(&p, err));
	KB_TRY(prove_low(&p, spread, err));
	KB_TRY(prove_high(&p, spread, err));
	spread->exact = spread->low_part == spread->high_part && spread->low_whole == spread->high_whole;
	kb_arena_restore(arena, mark);
	return KB_OK;
}
