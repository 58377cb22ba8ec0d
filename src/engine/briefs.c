/*
 * The fewest new questions. For one paper: the cheapest among the questions that are there and all that could be
 * written, of which each costs more than any number of the others. For several: what the rules must be short of is
 * counted, just that is added, then what is worth most where the rules together still lack something (bound.h), and the
 * papers are packed; where they don't fit, what one more paper needs is added until they do.
 */
#include "engine/explain.h"

#include <string.h>

#include "engine/bound.h"
#include "engine/capacity.h"
#include "engine/search.h"

enum {
	JOKERS_MAX = 40000, /* questions that are tried as new ones, copies counted */
};

typedef struct finder {
	kb_arena *arena;
	const kb_shortfall *in;
	const kb_pool *pool; /* all weights 1 */
	const kb_rules *rules;
	const uint8_t *excluded;
	kb_brief_shape *shapes; /* those that differ in what the rules look at */
	uint32_t shape_count;
	kb_briefs *out;
} finder;

kb_status kb_explain_add(
	kb_arena *arena, kb_pool *pool, const uint8_t **excluded, const kb_pool_item *more, uint32_t count, kb_err *err)
{
	kb_pool_item *items = kb_arena_array(arena, (size_t)pool->count + count, sizeof *items);
	uint8_t *bits = kb_arena_alloc(arena, ((size_t)pool->count + count) / 8 + 1);
	if (!items || !bits) return kb_arena_check(arena, err);
	if (pool->count > 0) memcpy(items, pool->items, pool->count * sizeof *items);
	if (count > 0) memcpy(items + pool->count, more, count * sizeof *items);
	if (*excluded) memcpy(bits, *excluded, (pool->count + 7) / 8);
	/* The last byte of the old bits may say something about places that are now taken. */
	for (uint32_t i = pool->count; i < pool->count + count; i++) kb_pool_clear(bits, i);
	pool->items = items;
	pool->count += count;
	*excluded = bits;
	return KB_OK;
}

static kb_pool_item item_of(const kb_brief *brief, uint32_t weight)
{
	return (kb_pool_item) { "", 0, brief->units, brief->counters, brief->minutes, weight, 0 };
}

kb_status kb_explain_add_briefs(
	kb_arena *arena, kb_pool *pool, const uint8_t **excluded, const kb_briefs *briefs, kb_err *err)
{
	kb_pool_item *items = kb_arena_array(arena, briefs->count, sizeof *items);
	if (!items) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < briefs->count; i++) items[i] = item_of(&briefs->list[i], 1);
	return kb_explain_add(arena, pool, excluded, items, briefs->count, err);
}

static kb_status add_briefs(finder *f, const kb_briefs *briefs, kb_pool *pool, const uint8_t **excluded, kb_err *err)
{
	*pool = *f->pool;
	*excluded = f->excluded;
	return kb_explain_add_briefs(f->arena, pool, excluded, briefs, err);
}

/* Takes units away from the briefs that the paper does not need of them; each keeps one. The brief of a question of the
 * paper is NULL where it is no new one. */
static void trim(const kb_rules *rules, const kb_pool *pool, const uint32_t *items, kb_brief *const *briefs)
{
	uint32_t covered[KB_UNITS_MAX] = { 0 }, met = 0;
	for (uint32_t i = 0; i < rules->size; i++)
		for (uint64_t rest = pool->items[items[i]].units & rules->required; rest; rest &= rest - 1)
			covered[__builtin_ctzll(rest)]++;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) met += covered[u] > 0;
	for (uint32_t i = 0; i < rules->size; i++) {
		kb_brief *brief = briefs[i];
		for (uint64_t rest = brief ? brief->units & rules->required : 0; rest; rest &= rest - 1) {
			uint32_t u = (uint32_t)__builtin_ctzll(rest);
			bool last = covered[u] == 1;
			bool spare = rules->sample > 0 ? !last || met > rules->sample : covered[u] > rules->times;
			if (!spare || (brief->units & (brief->units - 1)) == 0) continue;
			brief->units &= ~((uint64_t)1 << u);
			covered[u]--;
			met -= last;
		}
	}
}

/* One paper. */

/* New questions to choose from. */
typedef struct jokers {
	kb_brief *list; /* what each joker is; `copies` of each stand in the pool one after another */
	uint32_t count, copies;
	bool all; /* no better question of these shapes was left out */
} jokers;

static uint64_t next_combination(uint64_t set)
{
	uint64_t low = set & -set, ripple = set + low;
	return ripple | (((set ^ ripple) / low) >> 2);
}

/* Bit n of `set` becomes the nth set bit of `units`. */
static uint64_t spread(uint64_t set, uint64_t units)
{
	uint64_t out = 0;
	for (; units; units &= units - 1, set >>= 1)
		if (set & 1) out |= units & -units;
	return out;
}

static uint64_t combinations(uint32_t n, uint32_t k)
{
	uint64_t c = 1;
	for (uint32_t i = 0; i < k && c < JOKERS_MAX; i++) c = c * (n - i) / (i + 1);
	return c;
}

static void add_joker(jokers *j, uint64_t units, const kb_brief_shape *shape)
{
	j->list[j->count++] = (kb_brief) { units ? units : shape->units & -shape->units, shape->counters, shape->minutes };
}

/* More units never hurt, so only the fullest sets of units are tried. Where these are too many, units are put together
 * in the order of their numbers, those that are in the way alone; that may not be the best way. */
static kb_status list_jokers(finder *f, uint32_t most, uint64_t needed, jokers *j, kb_err *err)
{
	uint64_t total = 0;
	j->copies = f->rules->size;
	for (uint32_t s = 0; s < f->shape_count; s++) {
		const kb_brief_shape *shape = &f->shapes[s];
		uint32_t n = (uint32_t)__builtin_popcountll(shape->units & f->rules->required);
		total += combinations(n, shape->max_units < n ? shape->max_units : n);
	}
	j->all = total * j->copies <= most;
	j->list = kb_arena_array(f->arena, j->all ? (size_t)total : (size_t)f->shape_count * KB_UNITS_MAX, sizeof *j->list);
	if (!j->list) return kb_arena_check(f->arena, err);
	for (uint32_t s = 0; s < f->shape_count; s++) {
		const kb_brief_shape *shape = &f->shapes[s];
		uint64_t units = shape->units & f->rules->required;
		uint32_t n = (uint32_t)__builtin_popcountll(units), width = shape->max_units < n ? shape->max_units : n;
		if (shape->max_units == 0 || shape->units == 0) continue;
		if (width == n) {
			add_joker(j, units, shape);
		} else if (j->all) {
			uint64_t set = ((uint64_t)1 << width) - 1, last = set << (n - width);
			for (; set != last; set = next_combination(set)) add_joker(j, spread(set, units), shape);
			add_joker(j, spread(last, units), shape);
		} else {
			for (uint64_t rest = units & needed ? units & needed : units; rest;) {
				uint64_t group = 0;
				for (uint32_t k = 0; k < width && rest; k++, rest &= rest - 1) group |= rest & -rest;
				add_joker(j, group, shape);
			}
		}
	}
	return KB_OK;
}

/* out->list has room for a paper. */
static kb_status cheapest_briefs(
	finder *f, const uint8_t *excluded, uint32_t most_jokers, uint64_t needed, kb_briefs *out, kb_err *err)
{
	jokers j = { 0 };
	kb_brief *briefs[KB_PAPER_MAX] = { NULL };
	KB_TRY(list_jokers(f, most_jokers, needed, &j, err));
	kb_pool pool = *f->pool;
	kb_pool_item *fresh = kb_arena_array(f->arena, (size_t)j.count * j.copies, sizeof *fresh);
	if (!fresh) return kb_arena_check(f->arena, err);
	for (uint32_t n = 0; n < j.count * j.copies; n++) fresh[n] = item_of(&j.list[n / j.copies], KB_DEAR);
	KB_TRY(kb_explain_add(f->arena, &pool, &excluded, fresh, j.count * j.copies, err));
	kb_paper_draw paper = { 0 };
	bool fewest;
	KB_TRY(kb_search_fewest(f->arena, &pool, f->rules, excluded, &paper, &fewest, err));
	for (uint32_t i = 0; i < paper.count; i++) {
		if (paper.items[i] < f->pool->count) continue;
		briefs[i] = &out->list[out->count++];
		*briefs[i] = j.list[(paper.items[i] - f->pool->count) / j.copies];
	}
	out->fewest = j.all && fewest && paper.count > 0;
	if (paper.count > 0) trim(f->rules, &pool, paper.items, briefs);
	return KB_OK;
}

/* All shapes at once may be too many to try; then fewer do, and no longer prove that they are the fewest. */
static kb_status briefs_for_one(finder *f, const uint8_t *excluded, kb_briefs *out, kb_err *err)
{
	kb_stock stock;
	uint64_t needed = 0;
	KB_TRY(kb_capacity_stock(f->arena, f->pool, f->rules, excluded, &stock, err));
	for (uint64_t rest = f->rules->required; rest; rest &= rest - 1)
		if (stock.of_unit[__builtin_ctzll(rest)] < f->rules->times) needed |= rest & -rest;
	*out = (kb_briefs) { .list = kb_arena_array(f->arena, f->rules->size, sizeof *out->list) };
	if (!out->list) return kb_arena_check(f->arena, err);
	kb_arena_mark mark = kb_arena_save(f->arena);
	KB_TRY(cheapest_briefs(f, excluded, JOKERS_MAX, needed, out, err));
	kb_arena_restore(f->arena, mark);
	if (out->count == 0) KB_TRY(cheapest_briefs(f, excluded, 0, needed, out, err));
	kb_arena_restore(f->arena, mark);
	out->at_least = out->fewest ? out->count : 1;
	return KB_OK;
}

/* Several papers. */

/* New questions of one grading theme: shapes with the same units. */
typedef struct group {
	uint64_t units;    /* that are required */
	uint64_t counters; /* that all its shapes count toward, and no other group's */
	uint32_t width, count;
} group;

/* What the papers together are short of. */
typedef struct plan {
	uint32_t papers;
	kb_stock stock;                     /* with what was planned so far */
	uint32_t units[KB_UNITS_MAX];       /* questions that each unit lacks */
	uint32_t counters[KB_COUNTERS_MAX]; /* and each counter */
	group *groups;
	uint32_t group_count, total;
	bool hopeless; /* a unit lacks questions that no shape covers */
} plan;

static uint32_t short_by(uint64_t wanted, uint32_t there)
{
	return wanted > there ? (uint32_t)(wanted - there) : 0;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static kb_status list_groups(finder *f, plan *p, kb_err *err)
{
	uint64_t several = 0, seen = 0;
	p->groups = kb_arena_array(f->arena, f->shape_count, sizeof *p->groups);
	if (!p->groups) return kb_arena_check(f->arena, err);
	for (uint32_t s = 0; s < f->shape_count; s++) {
		const kb_brief_shape *shape = &f->shapes[s];
		uint32_t g = 0;
		if (shape->max_units == 0 || shape->units == 0) continue;
		while (g < p->group_count && p->groups[g].units != (shape->units & f->rules->required)) g++;
		if (g == p->group_count)
			p->groups[p->group_count++] = (group) { shape->units & f->rules->required, shape->counters, 0, 0 };
		p->groups[g].counters &= shape->counters;
		p->groups[g].width = larger(p->groups[g].width, shape->max_units);
	}
	for (uint32_t g = 0; g < p->group_count; g++) {
		several |= seen & p->groups[g].counters;
		seen |= p->groups[g].counters;
	}
	for (uint32_t g = 0; g < p->group_count; g++) p->groups[g].counters &= ~several;
	return KB_OK;
}

/* Counters that no shape has together need questions of their own. */
static uint32_t apart_counters(const finder *f, const plan *p)
{
	uint32_t sum = 0;
	uint64_t taken = 0;
	for (uint32_t c = 0; c < f->rules->counter_count; c++) {
		bool apart = p->counters[c] > 0;
		for (uint32_t s = 0; s < f->shape_count && apart; s++)
			apart = !(f->shapes[s].counters >> c & 1) || !(f->shapes[s].counters & taken);
		if (!apart) continue;
		sum += p->counters[c];
		taken |= UINT64_C(1) << c;
	}
	return sum;
}

/* Each group needs as many as its scarcest unit, and enough for all its tags; the whole as many as the papers hold, and
 * as each range asks for. So many at least; in a good bank so many are enough. */
static void count_lacks(const finder *f, plan *p)
{
	const kb_rules *rules = f->rules;
	uint64_t lacking = 0, covered = 0;
	uint32_t widest = 1;
	for (uint64_t rest = rules->required; rest; rest &= rest - 1) {
		uint32_t u = (uint32_t)__builtin_ctzll(rest), there = p->stock.of_unit[u];
		if (rules->sample == 0) p->units[u] = short_by((uint64_t)p->papers * rules->times, there);
		if (p->units[u]) lacking |= rest & -rest;
		covered += there < p->papers ? there : p->papers;
	}
	for (uint32_t c = 0; c < rules->counter_count; c++)
		p->counters[c] = short_by((uint64_t)p->papers * rules->counters[c].min, p->stock.of_counter[c]);
	for (uint32_t g = 0; g < p->group_count; g++) {
		group *of = &p->groups[g];
		uint32_t tags = 0;
		for (uint64_t rest = of->units; rest; rest &= rest - 1) {
			tags += p->units[__builtin_ctzll(rest)];
			of->count = larger(of->count, p->units[__builtin_ctzll(rest)]);
		}
		of->count = larger(of->count, (tags + of->width - 1) / of->width);
		for (uint64_t rest = of->counters; rest; rest &= rest - 1)
			of->count = larger(of->count, p->counters[__builtin_ctzll(rest)]);
		p->total += of->count;
		widest = larger(widest, of->width);
		lacking &= ~of->units;
	}
	p->hopeless = lacking != 0;
	p->total = larger(p->total, short_by((uint64_t)p->papers * rules->size, p->stock.questions));
	p->total = larger(p->total, apart_counters(f, p));
	if (rules->sample > 0)
		p->total = larger(p->total,
			(uint32_t)((p->papers * rules->sample > covered ? p->papers * rules->sample - covered + widest - 1 : 0) /
					   widest));
	for (uint32_t c = 0; c < rules->counter_count; c++)
		if (rules->counters[c].max < rules->size)
			p->total = larger(
				p->total, short_by((uint64_t)p->papers * (rules->size - rules->counters[c].max), p->stock.outside[c]));
}

/* Where another question leaves the papers most room. */
static group *roomiest(const finder *f, const plan *p)
{
	group *best = NULL;
	int64_t most = INT64_MIN;
	for (uint32_t g = 0; g < p->group_count; g++) {
		int64_t room = (int64_t)p->papers * f->rules->size;
		for (uint64_t rest = p->groups[g].counters; rest; rest &= rest - 1) {
			uint32_t c = (uint32_t)__builtin_ctzll(rest), max = f->rules->counters[c].max;
			if (max > f->rules->size) max = f->rules->size;
			int64_t left = (int64_t)p->papers * max - p->stock.of_counter[c];
			if (left < room) room = left;
		}
		room -= p->groups[g].count;
		if (room > most) most = room, best = &p->groups[g];
	}
	return best;
}

/* The shape of this group whose counters lack most, or are closest to lacking. */
static const kb_brief_shape *shape_for(const finder *f, const plan *p, const group *of)
{
	const kb_brief_shape *best = NULL;
	int64_t most = INT64_MIN;
	for (uint32_t s = 0; s < f->shape_count; s++) {
		const kb_brief_shape *shape = &f->shapes[s];
		int64_t lack = 0;
		if ((shape->units & f->rules->required) != of->units || shape->max_units == 0) continue;
		for (uint64_t rest = shape->counters & ~of->counters; rest; rest &= rest - 1) {
			uint32_t c = (uint32_t)__builtin_ctzll(rest);
			lack += (int64_t)p->papers * f->rules->counters[c].min - p->stock.of_counter[c];
		}
		if (lack > most) most = lack, best = shape;
	}
	return best;
}

/* The units that a new question is to cover: the scarcest. As nothing else is shared out, so none is left lacking in
 * the end where the number of questions allows it. */
static uint64_t units_for(plan *p, const group *of, const kb_brief_shape *shape)
{
	uint64_t units = 0;
	for (uint32_t n = 0; n < shape->max_units; n++) {
		uint32_t best = KB_UNITS_MAX;
		for (uint64_t rest = of->units & ~units; rest; rest &= rest - 1) {
			uint32_t u = (uint32_t)__builtin_ctzll(rest);
			if (best == KB_UNITS_MAX || p->stock.of_unit[u] < p->stock.of_unit[best]) best = u;
		}
		if (best == KB_UNITS_MAX) break;
		units |= (uint64_t)1 << best;
		p->stock.of_unit[best]++;
	}
	return units ? units : shape->units & -shape->units;
}

static kb_status write_plan(finder *f, plan *p, kb_briefs *out, kb_err *err)
{
	uint32_t planned = 0;
	out->list = kb_arena_array(f->arena, p->total, sizeof *out->list);
	if (!out->list) return kb_arena_check(f->arena, err);
	for (uint32_t g = 0; g < p->group_count; g++) planned += p->groups[g].count;
	for (; planned < p->total; planned++) roomiest(f, p)->count++;
	for (uint32_t g = 0; g < p->group_count; g++)
		for (uint32_t n = 0; n < p->groups[g].count; n++) {
			const kb_brief_shape *shape = shape_for(f, p, &p->groups[g]);
			uint64_t units = units_for(p, &p->groups[g], shape);
			out->list[out->count++] = (kb_brief) { units, shape->counters, shape->minutes };
			for (uint64_t rest = shape->counters; rest; rest &= rest - 1) p->stock.of_counter[__builtin_ctzll(rest)]++;
		}
	return KB_OK;
}

/* Takes from the briefs what the packing does not use of them. */
static kb_status trim_to(finder *f, const kb_pool *pool, const kb_capacity *packed, kb_briefs *out, kb_err *err)
{
	kb_brief *kept = kb_arena_array(f->arena, out->count, sizeof *kept);
	uint32_t count = 0;
	if (!kept) return kb_arena_check(f->arena, err);
	for (uint32_t p = 0; p < packed->lower; p++) {
		const uint32_t *items = packed->papers + (size_t)p * f->rules->size;
		kb_brief *briefs[KB_PAPER_MAX] = { NULL };
		for (uint32_t i = 0; i < f->rules->size; i++) {
			if (items[i] < f->pool->count) continue;
			briefs[i] = &kept[count++];
			*briefs[i] = out->list[items[i] - f->pool->count];
		}
		trim(f->rules, pool, items, briefs);
	}
	out->list = kept;
	out->count = count;
	return KB_OK;
}

static kb_status append(finder *f, kb_briefs *briefs, const kb_brief *more, uint32_t count, kb_err *err)
{
	kb_brief *list = kb_arena_array(f->arena, (size_t)briefs->count + count, sizeof *list);
	if (!list) return kb_arena_check(f->arena, err);
	if (briefs->count > 0) memcpy(list, briefs->list, briefs->count * sizeof *list);
	if (count > 0) memcpy(list + briefs->count, more, count * sizeof *list);
	briefs->list = list;
	briefs->count += count;
	return KB_OK;
}

/* Adds to the briefs what one more paper needs beside those of a packing; with none of them where nothing helps. */
static kb_status extend(
	finder *f, const kb_pool *pool, const uint8_t *excluded, const kb_capacity *packed, kb_briefs *briefs, kb_err *err)
{
	kb_briefs more;
	finder rest = *f;
	uint8_t *used = kb_arena_alloc(f->arena, pool->count / 8 + 1);
	if (!used) return kb_arena_check(f->arena, err);
	memcpy(used, excluded, (pool->count + 7) / 8);
	kb_pool_exclude(pool, packed->papers, packed->lower * f->rules->size, used);
	rest.pool = pool;
	KB_TRY(briefs_for_one(&rest, used, &more, err));
	KB_TRY(append(f, briefs, more.list, more.count, err));
	if (more.count == 0) briefs->count = 0;
	return KB_OK;
}

/* The question of these shapes that is worth most in a bound's proof: what the papers lack most. */
static kb_brief worthiest(const finder *f, const kb_bound *bound, int64_t *worth)
{
	kb_brief best = { 0 };
	*worth = INT64_MIN;
	for (uint32_t s = 0; s < f->shape_count; s++) {
		const kb_brief_shape *shape = &f->shapes[s];
		uint64_t units = 0;
		for (uint32_t n = 0; n < shape->max_units; n++) {
			uint64_t dearest = 0;
			for (uint64_t rest = shape->units & f->rules->required & ~units; rest; rest &= rest - 1) {
				uint64_t unit = rest & -rest;
				if (!dearest || bound->of_unit[__builtin_ctzll(unit)] > bound->of_unit[__builtin_ctzll(dearest)])
					dearest = unit;
			}
			units |= dearest;
		}
		int64_t value = kb_bound_worth(bound, units, shape->counters, shape->minutes);
		if (shape->max_units == 0 || shape->units == 0 || value <= *worth) continue;
		*worth = value;
		best = (kb_brief) { units ? units : shape->units & -shape->units, shape->counters, shape->minutes };
	}
	return best;
}

/* What the papers are worth beyond all that is there, in questions of the greatest worth: so many at least are new. */
static void raise_at_least(finder *f, const kb_bound *bound, uint32_t papers, const kb_briefs *briefs, int64_t worth)
{
	int64_t lack;
	if (__builtin_mul_overflow(bound->paper, (int64_t)papers, &lack)) return;
	lack -= (int64_t)bound->all;
	for (uint32_t i = 0; i < briefs->count; i++) {
		const kb_brief *brief = &briefs->list[i];
		int64_t own = kb_bound_worth(bound, brief->units & f->rules->required, brief->counters, brief->minutes);
		if (own > 0) lack += own;
	}
	if (worth <= 0 || lack <= 0 || (lack + worth - 1) / worth <= f->out->at_least) return;
	f->out->at_least = (uint32_t)((lack + worth - 1) / worth);
	f->out->fewest = f->out->count == f->out->at_least;
}

/* Adds what the rules together lack most, question by question, until they no longer rule the papers out; and one more
 * where that is not enough. */
static kb_status add_worthiest(finder *f, uint32_t papers, bool more, kb_briefs *briefs, kb_err *err)
{
	for (uint32_t added = 0; added < papers * f->rules->size; added++) {
		kb_pool pool;
		const uint8_t *excluded;
		kb_bound bound;
		int64_t worth;
		KB_TRY(add_briefs(f, briefs, &pool, &excluded, err));
		KB_TRY(kb_bound_find(f->arena, &pool, f->rules, excluded, 0, &bound, err));
		if (bound.papers == UINT32_MAX || (bound.papers >= papers && !more)) return KB_OK;
		more &= bound.papers < papers;
		kb_brief best = worthiest(f, &bound, &worth);
		raise_at_least(f, &bound, papers, briefs, worth);
		if (worth <= 0) return KB_OK;
		KB_TRY(append(f, briefs, &best, 1, err));
	}
	return KB_OK;
}

/* Adds to the briefs until so many papers fit; keeps the result where it is better than what is there. */
static kb_status complete(finder *f, uint32_t papers, kb_briefs briefs, kb_err *err)
{
	enum { BY_WORTH = 4 };
	for (uint32_t attempt = 0; attempt <= papers + BY_WORTH; attempt++) {
		kb_pool pool;
		const uint8_t *excluded;
		kb_capacity packed;
		KB_TRY(add_worthiest(f, papers, attempt > 0 && attempt <= BY_WORTH, &briefs, err));
		KB_TRY(add_briefs(f, &briefs, &pool, &excluded, err));
		KB_TRY(kb_capacity_try(f->arena, &pool, f->rules, excluded, papers, KB_PATIENCE_LITTLE, &packed, err));
		if (packed.lower >= papers) {
			KB_TRY(trim_to(f, &pool, &packed, &briefs, err));
			if (f->out->count > 0 && f->out->count <= briefs.count) return KB_OK;
			f->out->list = briefs.list;
			f->out->count = briefs.count;
			f->out->fewest = briefs.count == f->out->at_least;
			return KB_OK;
		}
		if (attempt < BY_WORTH) continue;
		/* Papers are not listed where so many are out of reach. */
		if (!packed.papers)
			KB_TRY(kb_capacity_try(f->arena, &pool, f->rules, excluded, 0, KB_PATIENCE_LITTLE, &packed, err));
		KB_TRY(extend(f, &pool, excluded, &packed, &briefs, err));
		if (briefs.count == 0) return KB_OK;
	}
	return KB_OK;
}

/* Briefs that can be spared go; a few searches without an answer are enough. */
static kb_status spare(finder *f, uint32_t papers, kb_err *err)
{
	enum { UNDECIDED_MAX = 4 };
	uint32_t undecided = 0;
	for (uint32_t i = f->out->count; i-- > 0 && !f->out->fewest && undecided < UNDECIDED_MAX;) {
		kb_briefs fewer = { .list = kb_arena_array(f->arena, f->out->count, sizeof *fewer.list) };
		kb_answer answer;
		kb_pool pool;
		const uint8_t *excluded;
		if (!fewer.list) return kb_arena_check(f->arena, err);
		for (uint32_t j = 0; j < f->out->count; j++)
			if (j != i) fewer.list[fewer.count++] = f->out->list[j];
		KB_TRY(add_briefs(f, &fewer, &pool, &excluded, err));
		KB_TRY(kb_capacity_reaches(f->arena, &pool, f->rules, excluded, papers, &answer, err));
		undecided += answer == KB_UNKNOWN;
		if (answer != KB_YES) continue;
		f->out->list = fewer.list;
		f->out->count = fewer.count;
		f->out->fewest = fewer.count == f->out->at_least;
	}
	return KB_OK;
}

static kb_status briefs_for_several(finder *f, uint32_t papers, kb_err *err)
{
	plan p = { .papers = papers };
	kb_briefs one = { .fewest = true }, planned = { 0 };
	kb_answer any;
	KB_TRY(kb_capacity_stock(f->arena, f->pool, f->rules, f->excluded, &p.stock, err));
	KB_TRY(list_groups(f, &p, err));
	count_lacks(f, &p);
	/* Where not even one paper exists, each of the papers needs what one does. */
	KB_TRY(kb_capacity_reaches(f->arena, f->pool, f->rules, f->excluded, 1, &any, err));
	if (any != KB_YES) KB_TRY(briefs_for_one(f, f->excluded, &one, err));
	if (one.fewest) p.total = larger(p.total, papers * one.at_least);
	f->out->at_least = p.total;
	if (p.hopeless || p.group_count == 0 || (!one.fewest && one.count == 0)) return KB_OK;
	KB_TRY(write_plan(f, &p, &planned, err));
	KB_TRY(complete(f, papers, planned, err));
	if (!f->out->fewest) KB_TRY(complete(f, papers, (kb_briefs) { 0 }, err));
	return spare(f, papers, err);
}

static kb_status list_shapes(finder *f, kb_err *err)
{
	uint64_t looked_at = kb_rules_binding(f->rules);
	f->shapes = kb_arena_array(f->arena, f->in->shape_count, sizeof *f->shapes);
	if (!f->shapes) return kb_arena_check(f->arena, err);
	for (uint32_t s = 0; s < f->in->shape_count; s++) {
		const kb_brief_shape *shape = &f->in->shapes[s];
		uint32_t n = 0;
		while (n < f->shape_count &&
			   (f->shapes[n].units != shape->units || f->shapes[n].max_units != shape->max_units ||
				   f->shapes[n].minutes != shape->minutes || (f->shapes[n].counters ^ shape->counters) & looked_at))
			n++;
		if (n == f->shape_count) f->shapes[f->shape_count++] = *shape;
	}
	return KB_OK;
}

kb_status kb_explain_briefs(kb_arena *arena, const kb_shortfall *in, kb_briefs *briefs, kb_err *err)
{
	*briefs = (kb_briefs) { 0 };
	kb_progress_tell(in->pool->progress, "looking for questions to write", 0, 0);
	kb_pool even = *in->pool;
	finder f = { arena, in, &even, in->rules, in->excluded, NULL, 0, briefs };
	uint32_t papers = in->rules->reserve + 1;
	kb_answer answer;
	even.items = kb_arena_array(arena, even.count, sizeof *even.items);
	if (!even.items) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < even.count; i++) {
		even.items[i] = in->pool->items[i];
		even.items[i].weight = 1;
	}
	KB_TRY(list_shapes(&f, err));
	KB_TRY(kb_capacity_reaches(arena, &even, in->rules, in->excluded, papers, &answer, err));
	briefs->fewest = answer == KB_YES;
	if (answer == KB_YES) return KB_OK;
	if (papers == 1) return briefs_for_one(&f, in->excluded, briefs, err);
	kb_status status = briefs_for_several(&f, papers, err);
	return status == KB_LIMIT ? kb_arena_check(arena, err) : status;
}
