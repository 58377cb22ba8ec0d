#include "engine/explain.h"

#include "engine/tables.h"

enum {
	JOKERS_MAX = 40000, /* questions that are tried as new ones, copies counted */
	NEW_COST = 1 << 16, /* against 1 for a question that is there: fewest new ones first */
};

/* The rules that a test keeps. */
typedef struct kept {
	uint64_t units;
	uint32_t counters;
	bool minutes, rivals, size;
} kept;

typedef struct explainer {
	kb_arena *arena;
	const kb_pool *pool; /* all weights 1 */
	const kb_rules *rules;
	const uint8_t *excluded;
	kb_explanation *out;
} explainer;

/* Questions that say nothing, so that a paper of `size` holds any smaller number of real ones. */
static kb_status add_blanks(const explainer *x, kb_pool *pool, const uint8_t **excluded, uint32_t count, kb_err *err)
{
	kb_pool_item *items = kb_arena_array(x->arena, (size_t)pool->count + count, sizeof *items);
	uint8_t *bits = kb_arena_alloc(x->arena, ((size_t)pool->count + count) / 8 + 1);
	if (!items || !bits) return kb_arena_check(x->arena, err);
	if (pool->count > 0) memcpy(items, pool->items, pool->count * sizeof *items);
	if (x->excluded) memcpy(bits, x->excluded, (pool->count + 7) / 8);
	for (uint32_t i = 0; i < count; i++) items[pool->count + i] = (kb_pool_item){ .key = "", .weight = 1 };
	/* The last byte of the old bits may say something about places that are now taken. */
	for (uint32_t i = pool->count; i < pool->count + count; i++) bits[i / 8] = (uint8_t)(bits[i / 8] & ~(1U << i % 8));
	pool->items = items;
	pool->count += count;
	*excluded = bits;
	return KB_OK;
}

/* More questions than this a paper without a size never needs, unless it must fill minutes. */
static uint32_t largest_size(const kb_rules *rules)
{
	uint64_t need = (uint64_t)__builtin_popcountll(rules->required) * rules->times;
	for (uint32_t c = 0; c < rules->counter_count; c++) need += rules->counters[c].min;
	return rules->minutes.min > 0 || need > KB_PAPER_MAX ? KB_PAPER_MAX : (uint32_t)need;
}

/* Whether a paper exists under the rules kept. */
static kb_status possible(const explainer *x, kept k, bool *yes, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(x->arena);
	kb_rules rules = *x->rules;
	kb_pool pool = *x->pool;
	const uint8_t *excluded = x->excluded;
	rules.required = k.units;
	if (!k.units) rules.sample = 0;
	for (uint32_t c = 0; c < rules.counter_count; c++)
		if (!(k.counters >> c & 1)) rules.counters[c] = (kb_range){ 0, UINT32_MAX };
	if (!k.minutes) rules.minutes = (kb_range){ 0, UINT32_MAX };
	if (!k.rivals) pool.rival_count = 0;
	if (!k.size) {
		rules.size = largest_size(&rules);
		KB_TRY(add_blanks(x, &pool, &excluded, rules.size, err));
	}
	kb_paper_draw paper;
	uint64_t cost;
	size_t states = 0;
	KB_TRY(kb_tables_cheapest(x->arena, &pool, &rules, excluded, &paper, &cost, &states, err));
	kb_arena_restore(x->arena, mark);
	*yes = cost != UINT64_MAX;
	return KB_OK;
}

/* Drops a rule for good where the others clash without it. What is too large to test stays, and is said to. */
static kb_status try_without(explainer *x, kept *k, kept without, kb_err *err)
{
	bool yes = true;
	kb_err limit;
	kb_status status = possible(x, without, &yes, &limit);
	if (status == KB_LIMIT && kb_arena_check(x->arena, err) == KB_OK) {
		x->out->minimal = false;
		return KB_OK;
	}
	if (status != KB_OK) {
		*err = limit;
		return status;
	}
	if (!yes) *k = without;
	return KB_OK;
}

/* Units for which there are too few questions, whatever else is asked. */
static kb_status find_blocking(explainer *x, kb_err *err)
{
	uint64_t covered[KB_TIMES_MAX] = { 0 };
	const kb_rules *rules = x->rules;
	if (rules->sample > 0) return KB_OK;
	for (uint32_t i = 0; i < x->pool->count; i++) {
		if (kb_pool_has(x->excluded, i)) continue;
		uint64_t units = x->pool->items[i].units;
		covered[2] |= covered[1] & units;
		covered[1] |= covered[0] & units;
		covered[0] |= units;
	}
	x->out->blocking = rules->required & ~covered[rules->times - 1];
	if (rules->times == 1 || x->pool->rival_count == 0) return KB_OK;
	for (uint64_t rest = rules->required & ~x->out->blocking; rest; rest &= rest - 1) {
		bool yes = true;
		KB_TRY(possible(x, (kept){ .units = rest & -rest, .rivals = true }, &yes, err));
		if (!yes) x->out->blocking |= rest & -rest;
	}
	return KB_OK;
}

/* The deletion filter: each rule is dropped that the clash does not need. Units go before counters, which take fewer
 * words to explain; the size goes last, when little is left to count. */
static kb_status find_clash(explainer *x, kb_err *err)
{
	kept k = { x->rules->required, 0, true, true, true };
	for (uint32_t c = 0; c < x->rules->counter_count; c++) k.counters |= 1U << c;
	/* One blocking unit is a clash by itself, or with the rivals among its questions. */
	if (x->out->blocking) k = (kept){ .units = x->out->blocking & -x->out->blocking, .rivals = true };
	x->out->minimal = true;
	kept without = k;
	without.rivals = false;
	KB_TRY(try_without(x, &k, without, err));
	if (k.minutes) {
		without = k;
		without.minutes = false;
		KB_TRY(try_without(x, &k, without, err));
	}
	for (uint64_t rest = k.units; rest; rest &= rest - 1) {
		without = k;
		without.units = x->rules->sample > 0 ? 0 : k.units & ~(rest & -rest);
		KB_TRY(try_without(x, &k, without, err));
		if (x->rules->sample > 0) break;
	}
	for (uint32_t rest = k.counters; rest; rest &= rest - 1) {
		without = k;
		without.counters &= ~(rest & -rest);
		KB_TRY(try_without(x, &k, without, err));
	}
	if (k.size) {
		without = k;
		without.size = false;
		KB_TRY(try_without(x, &k, without, err));
	}
	x->out->clash_units = k.units;
	x->out->clash_counters = k.counters;
	x->out->clash_minutes = k.minutes;
	x->out->clash_rivals = k.rivals;
	x->out->clash_size = k.size;
	return KB_OK;
}

/* New questions to choose from. */
typedef struct jokers {
	kb_brief *list; /* what each joker is; `copies` of each stand in the pool one after another */
	uint32_t *shape;
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

static void add_joker(jokers *j, uint64_t units, uint32_t counters, uint32_t shape)
{
	j->list[j->count] = (kb_brief){ units, counters };
	j->shape[j->count++] = shape;
}

/* More units never hurt, so only the fullest sets of units are tried. Where these are too many, the units that are in
 * the way are put together in the order of their numbers, which may not be the best way. */
static kb_status list_jokers(
	explainer *x, const kb_brief_shape *shapes, uint32_t shape_count, uint32_t most, jokers *j, kb_err *err)
{
	uint64_t total = 0;
	j->copies = x->rules->size;
	for (uint32_t s = 0; s < shape_count; s++) {
		uint32_t n = (uint32_t)__builtin_popcountll(shapes[s].units & x->rules->required);
		total += combinations(n, shapes[s].max_units < n ? shapes[s].max_units : n);
	}
	j->all = total * j->copies <= most;
	size_t room = j->all ? (size_t)total : (size_t)shape_count * KB_UNITS_MAX;
	j->list = kb_arena_array(x->arena, room, sizeof *j->list);
	j->shape = kb_arena_array(x->arena, room, sizeof *j->shape);
	if (!j->list || !j->shape) return kb_arena_check(x->arena, err);
	for (uint32_t s = 0; s < shape_count; s++) {
		uint64_t units = shapes[s].units & x->rules->required;
		uint32_t n = (uint32_t)__builtin_popcountll(units), width = shapes[s].max_units < n ? shapes[s].max_units : n;
		if (shapes[s].max_units == 0 || shapes[s].units == 0) continue;
		if (width == n) {
			add_joker(j, units, shapes[s].counters, s);
		} else if (j->all) {
			uint64_t set = ((uint64_t)1 << width) - 1, last = set << (n - width);
			for (; set != last; set = next_combination(set)) add_joker(j, spread(set, units), shapes[s].counters, s);
			add_joker(j, spread(last, units), shapes[s].counters, s);
		} else {
			uint64_t needed = units & (x->out->blocking | x->out->clash_units);
			for (uint64_t rest = needed ? needed : units; rest;) {
				uint64_t group = 0;
				for (uint32_t k = 0; k < width && rest; k++, rest &= rest - 1) group |= rest & -rest;
				add_joker(j, group, shapes[s].counters, s);
			}
		}
	}
	return KB_OK;
}

/* Takes units away from the briefs that the paper does not need of them; each keeps one. */
static void trim(const explainer *x, const kb_pool *pool, const kb_paper_draw *paper)
{
	uint32_t covered[KB_UNITS_MAX] = { 0 }, met = 0;
	for (uint32_t i = 0; i < paper->count; i++)
		for (uint64_t rest = pool->items[paper->items[i]].units & x->rules->required; rest; rest &= rest - 1)
			covered[__builtin_ctzll(rest)]++;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) met += covered[u] > 0;
	for (uint32_t b = 0; b < x->out->brief_count; b++) {
		kb_brief *brief = &x->out->briefs[b];
		for (uint64_t rest = brief->units & x->rules->required; rest; rest &= rest - 1) {
			uint32_t u = (uint32_t)__builtin_ctzll(rest);
			bool last = covered[u] == 1;
			bool spare = x->rules->sample > 0 ? !last || met > x->rules->sample : covered[u] > x->rules->times;
			if (!spare || (brief->units & (brief->units - 1)) == 0) continue;
			brief->units &= ~((uint64_t)1 << u);
			covered[u]--;
			met -= last;
		}
	}
}

static kb_status find_briefs(
	explainer *x, const kb_brief_shape *shapes, uint32_t shape_count, uint32_t most_jokers, kb_err *err)
{
	jokers j = { 0 };
	KB_TRY(list_jokers(x, shapes, shape_count, most_jokers, &j, err));
	kb_pool pool = *x->pool;
	const uint8_t *excluded;
	KB_TRY(add_blanks(x, &pool, &excluded, j.count * j.copies, err));
	for (uint32_t n = 0; n < j.count * j.copies; n++) {
		kb_pool_item *item = &pool.items[x->pool->count + n];
		const kb_brief *brief = &j.list[n / j.copies];
		*item =
			(kb_pool_item){ "", 0, brief->units, brief->counters, shapes[j.shape[n / j.copies]].minutes, NEW_COST, 0 };
	}
	kb_paper_draw paper;
	uint64_t cost;
	size_t states = 0;
	KB_TRY(kb_tables_cheapest(x->arena, &pool, x->rules, excluded, &paper, &cost, &states, err));
	if (cost == UINT64_MAX) return KB_OK;
	x->out->briefs = kb_arena_array(x->arena, paper.count, sizeof *x->out->briefs);
	if (!x->out->briefs) return kb_arena_check(x->arena, err);
	for (uint32_t i = 0; i < paper.count; i++) {
		if (paper.items[i] < x->pool->count) continue;
		uint32_t joker = (paper.items[i] - x->pool->count) / j.copies;
		kb_brief *brief = &x->out->briefs[x->out->brief_count++];
		*brief = j.list[joker];
		if (brief->units == 0) brief->units = shapes[j.shape[joker]].units & -shapes[j.shape[joker]].units;
	}
	x->out->fewest = j.all;
	trim(x, &pool, &paper);
	return KB_OK;
}

kb_status kb_explain(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_brief_shape *shapes, uint32_t shape_count, kb_explanation *explanation, kb_err *err)
{
	*explanation = (kb_explanation){ 0 };
	kb_pool plain = *pool;
	plain.items = kb_arena_array(arena, pool->count, sizeof *plain.items);
	if (!plain.items) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < pool->count; i++) {
		plain.items[i] = pool->items[i];
		plain.items[i].weight = 1;
	}
	explainer x = { arena, &plain, rules, excluded, explanation };
	kept all = { rules->required, UINT32_MAX, true, true, true };
	bool yes = false;
	KB_TRY(possible(&x, all, &yes, err));
	if (yes) {
		explanation->fewest = explanation->minimal = true;
		return KB_OK;
	}
	KB_TRY(find_blocking(&x, err));
	KB_TRY(find_clash(&x, err));
	/* All shapes at once may be too much to count; then fewer do, and no longer prove that they are the fewest. */
	kb_err limit;
	kb_status status = find_briefs(&x, shapes, shape_count, JOKERS_MAX, &limit);
	if (status == KB_LIMIT && kb_arena_check(arena, err) == KB_OK)
		status = find_briefs(&x, shapes, shape_count, 0, &limit);
	if (status == KB_OK || (status == KB_LIMIT && kb_arena_check(arena, err) == KB_OK)) return KB_OK;
	*err = limit;
	return status;
}
