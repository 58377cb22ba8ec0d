#include "engine/reduce.h"

#include <string.h>

enum { BLOCKS_MAX = 2 * KB_UNITS_MAX };

static kb_status check_input(const kb_pool *pool, const kb_rules *rules, kb_err *err)
{
	if (rules->size > KB_PAPER_MAX)
		return kb_fail(
			err, KB_INVALID, "rules.size", "a paper holds at most %d questions, not %u", KB_PAPER_MAX, rules->size);
	if (rules->unit_count > KB_UNITS_MAX || rules->counter_count > KB_COUNTERS_MAX)
		return kb_fail(err, KB_INVALID, "rules.many", "at most %d units and %d counted categories can be handled",
			KB_UNITS_MAX, KB_COUNTERS_MAX);
	if (rules->times < 1 || rules->times > KB_TIMES_MAX || (rules->sample > 0 && rules->times > 1))
		return kb_fail(err, KB_INVALID, "rules.times",
			"a unit is asked for 1 to %d times, and once where a sample is enough", KB_TIMES_MAX);
	return kb_pool_check(pool, err);
}

uint32_t kb_reduce_base(kb_reducer *r, const kb_base *base)
{
	kb_state figures = { { base->units, base->counters, base->minutes }, base->weight };
	uint32_t before = r->bases.size;
	uint32_t number = kb_state_intern(&r->bases, r->arena, &figures);
	if (number == KB_NONE) return KB_NONE;
	if (r->bases.size != before) {
		r->members =
			kb_arena_grow(r->arena, r->members, before * sizeof *r->members, r->bases.size * sizeof *r->members);
		r->out->bases =
			kb_arena_grow(r->arena, r->out->bases, before * sizeof *base, r->bases.size * sizeof *r->out->bases);
		if (!r->members || !r->out->bases) return KB_NONE;
	}
	if (number == r->out->base_count) {
		r->out->bases[number] = *base;
		r->out->base_count++;
	}
	return number;
}

/* Counters that can say no at all, and those that forbid a question outright. */
static void read_ranges(kb_reducer *r, uint64_t *looked_at, uint64_t *forbidding)
{
	*looked_at = kb_rules_binding(r->rules);
	*forbidding = 0;
	for (uint32_t c = 0; c < r->rules->counter_count; c++) {
		kb_range range = r->rules->counters[c];
		r->out->ranges[c] = range;
		if (range.min > range.max || range.min > r->rules->size) r->out->empty = true;
		if (range.max == 0) *forbidding |= (uint64_t)1 << c;
	}
}

static kb_status read_pool(kb_reducer *r, const uint8_t *excluded, kb_err *err)
{
	uint64_t looked_at, forbidding;
	read_ranges(r, &looked_at, &forbidding);
	bool minutes = kb_rules_bind_minutes(r->rules);
	uint64_t units = r->out->units;
	for (uint32_t i = 0; i < r->pool->count; i++) {
		const kb_pool_item *item = &r->pool->items[i];
		r->base_of[i] = KB_NONE;
		if (kb_pool_has(excluded, i) || item->counters & forbidding) continue;
		kb_base base = { item->units & units, item->counters & looked_at, minutes ? item->minutes : 0, item->weight,
			0 };
		uint32_t number = kb_reduce_base(r, &base);
		if (number == KB_NONE) return kb_arena_check(r->arena, err);
		r->base_of[i] = number;
		r->members[number]++;
		r->out->alive++;
		r->out->weight += item->weight;
	}
	return KB_OK;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/*
 * Minutes beyond the least possible, E = (sum - size * least) / unit, must lie between low and high; or, seen from
 * the other end, D = size * span - E. A bound from below lets the count stop at it, so the side is taken that
 * needs the lower cap.
 */
static void measure_minutes(kb_reduction *out, kb_range window)
{
	kb_minutes *m = &out->minutes;
	m->least = UINT64_MAX;
	for (uint32_t b = 0; b < out->base_count; b++) {
		uint64_t minutes = out->bases[b].minutes;
		if (minutes < m->least) m->least = minutes;
		if (minutes > m->most) m->most = minutes;
	}
	for (uint32_t b = 0; b < out->base_count; b++) m->unit = common_divisor(m->unit, out->bases[b].minutes - m->least);
	if (m->unit == 0) m->unit = 1;
	uint64_t span = (m->most - m->least) / m->unit, all = span * out->size, floor = m->least * out->size;
	if (floor > window.max || floor + all * m->unit < window.min) {
		out->empty = true;
		return;
	}
	uint64_t low = window.min > floor ? (window.min - floor + m->unit - 1) / m->unit : 0;
	uint64_t high = window.max == UINT32_MAX ? all : (window.max - floor) / m->unit;
	if (high > all) high = all;
	if (high < low) out->empty = true;
	m->binding = low > 0 || high < all;
	if (!m->binding || out->empty) return;
	uint64_t up = high < all ? high : low, down = low > 0 ? all - low : all - high;
	m->flipped = down < up;
	m->cap = m->flipped ? down : up;
	m->min = m->flipped ? all - high : low;
	m->hard = m->flipped ? low > 0 : high < all;
}

static void count_minutes(kb_reduction *out)
{
	const kb_minutes *m = &out->minutes;
	for (uint32_t b = 0; b < out->base_count; b++) {
		uint64_t minutes = out->bases[b].minutes;
		if (!m->binding) out->bases[b].minutes = 0;
		else out->bases[b].minutes = (m->flipped ? m->most - minutes : minutes - m->least) / m->unit;
	}
}

static void join_units(kb_reducer *r, uint64_t units)
{
	if (units == 0 || (r->together[__builtin_ctzll(units)] & units) == units) return;
	uint64_t all = 0;
	for (uint64_t rest = units; rest; rest &= rest - 1) all |= r->together[__builtin_ctzll(rest)];
	for (uint64_t rest = all; rest; rest &= rest - 1) r->together[__builtin_ctzll(rest)] = all;
}

/*
 * A block for each connected set of units. Questions without a unit go where one of their counters is settled, so that
 * it can be checked there; those that have none such make a block with their like.
 */
static kb_status partition(kb_reducer *r, kb_err *err)
{
	kb_reduction *out = r->out;
	uint64_t reach[KB_COUNTERS_MAX] = { 0 }; /* units that meet the counter */
	uint64_t loose[BLOCKS_MAX];
	uint32_t loose_count = 0;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) r->together[u] = (uint64_t)1 << u;
	for (uint32_t b = 0; b < out->base_count; b++) join_units(r, out->bases[b].units);
	for (uint32_t b = 0; b < out->base_count; b++)
		for (uint64_t rest = out->bases[b].counters; rest; rest &= rest - 1)
			reach[__builtin_ctzll(rest)] |= out->bases[b].units;

	uint32_t block_of_unit[KB_UNITS_MAX], blocks = 0;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) {
		uint32_t first = (uint32_t)__builtin_ctzll(r->together[u]);
		block_of_unit[u] = first == u ? blocks++ : block_of_unit[first];
	}
	for (uint32_t b = 0; b < out->base_count; b++) {
		kb_base *base = &out->bases[b];
		uint64_t home = base->units;
		for (uint64_t rest = base->counters; rest && !home; rest &= rest - 1) {
			uint64_t met = reach[__builtin_ctzll(rest)];
			if (met && (met & ~r->together[__builtin_ctzll(met)]) == 0) home = met;
		}
		if (home) {
			base->block = block_of_unit[__builtin_ctzll(home)];
			continue;
		}
		uint32_t at = 0;
		while (at < loose_count && loose[at] != base->counters) at++;
		if (at == loose_count && loose_count < BLOCKS_MAX / 2 - 1) loose[loose_count++] = base->counters;
		base->block = blocks + at;
	}

	uint32_t parent[BLOCKS_MAX];
	for (uint32_t b = 0; b < BLOCKS_MAX; b++) parent[b] = b;
	KB_TRY(kb_cluster_cross(r, parent, err));

	/* Numbered anew, without those that hold nothing. */
	uint32_t number[BLOCKS_MAX];
	bool used[BLOCKS_MAX] = { false };
	for (uint32_t b = 0; b < out->base_count; b++) {
		while (parent[out->bases[b].block] != out->bases[b].block) out->bases[b].block = parent[out->bases[b].block];
		if (r->members[b] > 0) used[out->bases[b].block] = true;
	}
	for (uint32_t b = 0; b < BLOCKS_MAX; b++) number[b] = used[b] ? out->block_count++ : 0;
	for (uint32_t b = 0; b < out->base_count; b++) out->bases[b].block = number[out->bases[b].block];
	return KB_OK;
}

/* Which counters one block settles; a counter whose bounds no paper can break is left out altogether. */
static void place_counters(kb_reducer *r)
{
	kb_reduction *out = r->out;
	for (uint32_t c = 0; c < r->rules->counter_count; c++) {
		uint32_t with = 0, block = KB_NONE;
		bool spans = false;
		for (uint32_t b = 0; b < out->base_count; b++) {
			if (!(out->bases[b].counters >> c & 1) || r->members[b] == 0) continue;
			with += r->members[b];
			if (block != KB_NONE && block != out->bases[b].block) spans = true;
			block = out->bases[b].block;
		}
		kb_range range = out->ranges[c];
		if (with < range.min) out->empty = true;
		if (with == 0 || (range.min == 0 && with <= range.max)) continue;
		if (range.min == 0 && range.max >= out->size) continue;
		if (spans) out->spanning |= (uint64_t)1 << c;
		else out->local |= (uint64_t)1 << c;
	}
}

static bool units_reachable(const kb_reducer *r)
{
	uint64_t thermometer[KB_TIMES_MAX] = { 0 };
	const kb_reduction *out = r->out;
	for (uint32_t b = 0; b < out->base_count; b++)
		for (uint32_t n = 0; n < out->times && n < r->members[b]; n++) {
			thermometer[2] |= thermometer[1] & out->bases[b].units;
			thermometer[1] |= thermometer[0] & out->bases[b].units;
			thermometer[0] |= out->bases[b].units;
		}
	if (out->sample > 0) return (uint32_t)__builtin_popcountll(thermometer[0]) >= out->sample;
	return thermometer[out->times - 1] == out->units;
}

kb_status kb_reduce_pool(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_reduction *out, kb_err *err)
{
	*out = (kb_reduction) { 0 };
	KB_TRY(check_input(pool, rules, err));
	out->size = rules->size;
	out->units = rules->required;
	out->times = rules->times;
	out->sample = rules->sample;
	kb_reducer r = { .arena = arena, .pool = pool, .rules = rules, .out = out };
	r.base_of = kb_arena_array(arena, pool->count, sizeof *r.base_of);
	if (!r.base_of) return kb_arena_check(arena, err);

	KB_TRY(read_pool(&r, excluded, err));
	if (out->size == 0) {
		/* The one empty paper, where no rule asks for anything. */
		bool asks = rules->required != 0 || rules->sample > 0 || rules->minutes.min > 0;
		for (uint32_t c = 0; c < rules->counter_count; c++) asks |= rules->counters[c].min > 0;
		out->empty = asks || out->empty;
		out->alive = 0;
		return KB_OK;
	}
	if (out->alive < out->size || !units_reachable(&r)) out->empty = true;
	if (!out->empty) measure_minutes(out, rules->minutes);
	if (out->empty) return KB_OK;
	count_minutes(out);
	KB_TRY(partition(&r, err));
	place_counters(&r);
	if (out->empty) return KB_OK;
	return kb_cluster_layers(&r, err);
}
