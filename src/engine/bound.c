#include "engine/bound.h"

#include "engine/simplex.h"

#include <string.h>

enum {
	LIMITS_MAX = 1400, /* rows of the programme beside the demands */
	SORTS_MAX = 8000,
	STEPS_MAX = 5000,
	DEMANDS_MAX = 4 + KB_UNITS_MAX + 2 * KB_COUNTERS_MAX,
	CLIQUE_MAX = 64,
	PRICE_UNIT = 1 << 30,
};

/* What each paper asks of its questions: what they bring adds up to at least this. A maximum is a demand turned round:
 * then both are negative. */
typedef struct demand {
	enum measure { SIZE, UNIT, COUNTER, MINUTES } of;
	uint32_t index;
	int64_t sign, bound;
} demand;

/* Questions that bring the same and have no rivals; or one question. */
typedef struct sort {
	uint32_t item, count;
	uint32_t limit; /* one that holds it; KB_NONE: there are more than enough */
	int64_t worth;
	double gain; /* of one more, in the programme */
} sort;

/* No more than `most` questions are used of these sorts: of a lone one all, of rivals one. */
typedef struct limit {
	uint32_t first, count, most;
	uint64_t price;
} limit;

typedef struct programme {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	uint32_t wanted;
	demand demands[DEMANDS_MAX];
	uint32_t demand_count, sort_count, limit_count, member_count;
	sort *sorts;
	limit *limits;
	uint32_t *members; /* of the limits: sorts */
	uint32_t *sort_of; /* of each question */
	kb_simplex simplex;
} programme;

static void add_demand(programme *p, enum measure of, uint32_t index, int sign, uint32_t bound)
{
	p->demands[p->demand_count++] = (demand) { of, index, sign, sign * (int64_t)bound };
}

/* Not of a range that nothing meets: the prices of its two ends would cancel each other in what a question is worth,
 * and the proof would not name it. */
static bool asks_for_less(kb_range range, uint32_t all)
{
	return range.max < all && range.min <= range.max;
}

static void list_demands(programme *p)
{
	const kb_rules *rules = p->rules;
	add_demand(p, SIZE, 0, 1, rules->size);
	add_demand(p, SIZE, 0, -1, rules->size);
	for (uint64_t rest = rules->sample ? 0 : rules->required; rest; rest &= rest - 1)
		add_demand(p, UNIT, (uint32_t)__builtin_ctzll(rest), 1, rules->times);
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		if (rules->counters[c].min > 0) add_demand(p, COUNTER, c, 1, rules->counters[c].min);
		if (asks_for_less(rules->counters[c], rules->size)) add_demand(p, COUNTER, c, -1, rules->counters[c].max);
	}
	if (rules->minutes.min > 0) add_demand(p, MINUTES, 0, 1, rules->minutes.min);
	if (asks_for_less(rules->minutes, UINT32_MAX)) add_demand(p, MINUTES, 0, -1, rules->minutes.max);
}

static int64_t brings(const demand *d, const kb_pool_item *item)
{
	switch (d->of) {
	case UNIT: return d->sign * (int64_t)(item->units >> d->index & 1);
	case COUNTER: return d->sign * (int64_t)(item->counters >> d->index & 1);
	case MINUTES: return d->sign * (int64_t)item->minutes;
	case SIZE: break;
	}
	return d->sign;
}

static bool alike(const programme *p, const kb_pool_item *x, const kb_pool_item *y)
{
	return ((x->units ^ y->units) & p->rules->required) == 0 && x->counters == y->counters && x->minutes == y->minutes;
}

static bool add_limit(programme *p, const uint32_t *sorts, uint32_t count, uint32_t most)
{
	if (p->limit_count == LIMITS_MAX) return false;
	for (uint32_t s = 0; s < count; s++) p->sorts[sorts[s]].limit = p->limit_count;
	p->limits[p->limit_count++] = (limit) { p->member_count, count, most, 0 };
	memcpy(p->members + p->member_count, sorts, count * sizeof *sorts);
	p->member_count += count;
	return true;
}

static bool holds(const programme *p, const limit *l, uint32_t wanted)
{
	for (uint32_t m = l->first; m < l->first + l->count; m++)
		if (p->members[m] == wanted) return true;
	return false;
}

static bool are_limited(const programme *p, uint32_t a, uint32_t b)
{
	for (uint32_t l = 0; l < p->limit_count; l++)
		if (holds(p, &p->limits[l], a) && holds(p, &p->limits[l], b)) return true;
	return false;
}

/* Each pair of rivals stands in some clique, taken as large as goes. False where these are too many. */
static bool limit_rivals(programme *p)
{
	const kb_pool *pool = p->pool;
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		uint32_t items[CLIQUE_MAX] = { pool->rivals[r].a, pool->rivals[r].b }, sorts[CLIQUE_MAX], size = 2;
		if (p->sort_of[items[0]] == KB_NONE || p->sort_of[items[1]] == KB_NONE) continue;
		if (are_limited(p, p->sort_of[items[0]], p->sort_of[items[1]])) continue;
		for (uint32_t i = 0; i < pool->count && size < CLIQUE_MAX; i++) {
			bool joins = p->sort_of[i] != KB_NONE;
			for (uint32_t m = 0; m < size && joins; m++) joins = kb_pool_are_rivals(pool, items[m], i);
			if (joins) items[size++] = i;
		}
		for (uint32_t m = 0; m < size; m++) sorts[m] = p->sort_of[items[m]];
		if (!add_limit(p, sorts, size, 1)) return false;
	}
	return true;
}

/* Those with rivals first, one by one; the others go to their like. */
static kb_status list_sorts(programme *p, const uint8_t *excluded, bool *fits, kb_err *err)
{
	const kb_pool *pool = p->pool;
	p->sorts = kb_arena_array(p->arena, SORTS_MAX, sizeof *p->sorts);
	p->limits = kb_arena_array(p->arena, LIMITS_MAX, sizeof *p->limits);
	p->members = kb_arena_array(p->arena, (size_t)LIMITS_MAX * CLIQUE_MAX, sizeof *p->members);
	p->sort_of = kb_arena_array(p->arena, pool->count, sizeof *p->sort_of);
	if (!p->sorts || !p->limits || !p->members || !p->sort_of) return kb_arena_check(p->arena, err);
	memset(p->sort_of, 0xFF, pool->count * sizeof *p->sort_of);
	*fits = false;
	for (uint32_t r = 0; r < 2 * pool->rival_count; r++) {
		kb_pair_of_rivals pair = pool->rivals[r / 2];
		uint32_t i = r % 2 ? pair.a : pair.b;
		if (kb_pool_has(excluded, pair.a) || kb_pool_has(excluded, pair.b) || p->sort_of[i] != KB_NONE) continue;
		if (p->sort_count == SORTS_MAX) return KB_OK;
		p->sort_of[i] = p->sort_count;
		p->sorts[p->sort_count++] = (sort) { .item = i, .count = 1 };
	}
	if (!limit_rivals(p)) return KB_OK;
	uint32_t lone = p->sort_count;
	for (uint32_t i = 0; i < pool->count; i++) {
		uint32_t s = lone;
		if (kb_pool_has(excluded, i) || p->sort_of[i] != KB_NONE) continue;
		while (s < p->sort_count && !alike(p, &pool->items[p->sorts[s].item], &pool->items[i])) s++;
		if (s == SORTS_MAX) return KB_OK;
		if (s == p->sort_count) p->sorts[p->sort_count++].item = i;
		p->sorts[s].count++;
	}
	*fits = true;
	for (uint32_t s = lone; s < p->sort_count && *fits; s++) {
		p->sorts[s].limit = KB_NONE;
		if (p->wanted == 0 || p->sorts[s].count / p->wanted < p->rules->size)
			*fits = add_limit(p, &s, 1, p->sorts[s].count);
	}
	return KB_OK;
}

/* The demands' prices, put to what a question has. */
typedef struct worths {
	double question, minute, unit[KB_UNITS_MAX], counter[KB_COUNTERS_MAX];
	uint64_t counters; /* that are worth something */
} worths;

static worths worths_of(const programme *p)
{
	worths w = { 0 };
	for (uint32_t d = 0; d < p->demand_count; d++) {
		const demand *of = &p->demands[d];
		double worth = (double)of->sign * p->simplex.price[d];
		switch (of->of) {
		case SIZE: w.question += worth; break;
		case MINUTES: w.minute += worth; break;
		case UNIT: w.unit[of->index] += worth; break;
		case COUNTER: w.counter[of->index] += worth; break;
		}
		if (of->of == COUNTER && worth != 0) w.counters |= UINT64_C(1) << of->index;
	}
	return w;
}

/* The sort of which one more is worth most at the prices; KB_NONE: none is worth more than it costs. */
static uint32_t best_sort(programme *p)
{
	const double *price = p->simplex.price;
	const worths w = worths_of(p);
	uint32_t best = KB_NONE;
	double most = KB_SIMPLEX_GAIN;
	for (uint32_t s = 0; s < p->sort_count; s++) {
		const kb_pool_item *item = &p->pool->items[p->sorts[s].item];
		double gain = w.question + w.minute * item->minutes;
		for (uint64_t rest = item->units & p->rules->required; rest; rest &= rest - 1)
			gain += w.unit[__builtin_ctzll(rest)];
		for (uint64_t rest = item->counters & w.counters; rest; rest &= rest - 1)
			gain += w.counter[__builtin_ctzll(rest)];
		p->sorts[s].gain = gain;
	}
	for (uint32_t l = 0; l < p->limit_count; l++)
		for (uint32_t m = 0; m < p->limits[l].count; m++)
			p->sorts[p->members[p->limits[l].first + m]].gain -= price[p->demand_count + l];
	for (uint32_t s = 0; s < p->sort_count; s++)
		if (p->sorts[s].gain > most) most = p->sorts[s].gain, best = s;
	return best;
}

static uint32_t column_of(const programme *p, uint32_t s, kb_entry *entries)
{
	uint32_t count = 0;
	for (uint32_t d = 0; d < p->demand_count; d++)
		entries[count++] = (kb_entry) { d, -(double)brings(&p->demands[d], &p->pool->items[p->sorts[s].item]) };
	for (uint32_t l = 0; l < p->limit_count; l++)
		if (holds(p, &p->limits[l], s)) entries[count++] = (kb_entry) { p->demand_count + l, 1 };
	return count;
}

/* Papers are the one thing that counts. Where they are worth nothing more, nor any question is, the prices are right.
 */
static kb_status solve(programme *p, kb_err *err)
{
	uint32_t rows = p->demand_count + p->limit_count;
	double *most = kb_arena_array(p->arena, rows, sizeof *most);
	kb_entry *entries = kb_arena_array(p->arena, rows, sizeof *entries);
	if (!most || !entries) return kb_arena_check(p->arena, err);
	for (uint32_t l = 0; l < p->limit_count; l++) most[p->demand_count + l] = p->limits[l].most;
	KB_TRY(kb_simplex_open(p->arena, most, rows, &p->simplex, err));
	for (uint32_t step = 0; step < STEPS_MAX; step++) {
		kb_progress_tick(p->pool->progress);
		if (kb_simplex_settle(&p->simplex)) continue;
		double gain = 1;
		for (uint32_t d = 0; d < p->demand_count; d++) {
			entries[d] = (kb_entry) { d, (double)p->demands[d].bound };
			gain -= p->simplex.price[d] * (double)p->demands[d].bound;
		}
		uint32_t count = p->demand_count, best = KB_NONE;
		if (gain <= KB_SIMPLEX_GAIN) {
			best = best_sort(p);
			if (best == KB_NONE) return KB_OK;
			gain = p->sorts[best].gain;
			count = column_of(p, best, entries);
		}
		if (!kb_simplex_enter(&p->simplex, best, entries, count, gain)) return KB_OK;
	}
	return KB_OK;
}

/* What is next to nothing is taken for rounding. */
static int64_t whole_price(double price)
{
	double scaled = price * PRICE_UNIT + 0.5;
	return price < KB_SIMPLEX_GAIN ? 0 : scaled > 64.0 * PRICE_UNIT ? 64 * (int64_t)PRICE_UNIT : (int64_t)scaled;
}

uint64_t kb_bound_units(const kb_bound *bound)
{
	uint64_t units = 0;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) units |= (uint64_t)(bound->of_unit[u] != 0) << u;
	return units;
}

uint64_t kb_bound_counters(const kb_bound *bound)
{
	uint64_t counters = 0;
	for (uint32_t c = 0; c < KB_COUNTERS_MAX; c++) counters |= (uint64_t)(bound->of_counter[c] != 0) << c;
	return counters;
}

int64_t kb_bound_worth(const kb_bound *bound, uint64_t units, uint64_t counters, uint32_t minutes)
{
	int64_t worth = bound->of_question + bound->of_minute * (int64_t)minutes;
	for (; units; units &= units - 1) worth += bound->of_unit[__builtin_ctzll(units)];
	for (; counters; counters &= counters - 1) worth += bound->of_counter[__builtin_ctzll(counters)];
	return worth;
}

static void set_worth(const programme *p, kb_bound *bound)
{
	for (uint32_t d = 0; d < p->demand_count; d++) {
		const demand *of = &p->demands[d];
		int64_t price = whole_price(p->simplex.price[d]);
		bound->paper += price * of->bound;
		switch (of->of) {
		case SIZE: bound->of_question += of->sign * price; break;
		case UNIT: bound->of_unit[of->index] += price; break;
		case COUNTER: bound->of_counter[of->index] += of->sign * price; break;
		case MINUTES: bound->of_minute += of->sign * price; break;
		}
	}
}

/* In whole numbers, whatever the prices: a question is worth at most what the limits that hold it cost, which are
 * raised where they fall short. */
static void prove(programme *p, kb_bound *bound)
{
	int64_t beyond = 0;
	uint64_t all = 0, most = 0;
	set_worth(p, bound);
	for (uint32_t s = 0; s < p->sort_count; s++) {
		const kb_pool_item *item = &p->pool->items[p->sorts[s].item];
		p->sorts[s].worth = kb_bound_worth(bound, item->units & p->rules->required, item->counters, item->minutes);
	}
	for (uint32_t l = 0; l < p->limit_count; l++) {
		p->limits[l].price = (uint64_t)whole_price(p->simplex.price[p->demand_count + l]);
		for (uint32_t m = 0; m < p->limits[l].count; m++)
			p->sorts[p->members[p->limits[l].first + m]].worth -= (int64_t)p->limits[l].price;
	}
	for (uint32_t s = 0; s < p->sort_count; s++) {
		int64_t worth = p->sorts[s].worth;
		if (p->sorts[s].limit == KB_NONE) beyond = worth > beyond ? worth : beyond;
		else if (worth > 0) p->limits[p->sorts[s].limit].price += (uint64_t)worth;
	}
	/* A paper holds only so many of those that nothing limits. */
	bound->paper -= beyond * p->rules->size;
	for (uint32_t l = 0; l < p->limit_count; l++)
		if (__builtin_mul_overflow(p->limits[l].price, (uint64_t)p->limits[l].most, &most) ||
			__builtin_add_overflow(all, most, &all))
			return;
	if (bound->paper <= 0 || all > INT64_MAX || all / (uint64_t)bound->paper >= UINT32_MAX) return;
	bound->all = all;
	bound->papers = (uint32_t)(all / (uint64_t)bound->paper);
}

kb_status kb_bound_find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, kb_bound *bound, kb_err *err)
{
	bool fits;
	kb_arena_mark mark = kb_arena_save(arena);
	*bound = (kb_bound) { .papers = UINT32_MAX };
	programme *p = kb_arena_alloc(arena, sizeof *p);
	if (!p) return kb_arena_check(arena, err);
	*p = (programme) { .arena = arena, .pool = pool, .rules = rules, .wanted = wanted };
	list_demands(p);
	KB_TRY(list_sorts(p, excluded, &fits, err));
	if (fits) {
		KB_TRY(solve(p, err));
		prove(p, bound);
	}
	kb_arena_restore(arena, mark);
	return KB_OK;
}
