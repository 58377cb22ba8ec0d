/* What to write, what to bring back, what to relax and what not to lose: against trying everything. */
#include <criterion/criterion.h>

#include <string.h>

#include "bank.h"
#include "engine/capacity.h"
#include "engine/explain.h"

static kb_err err;

enum { SHAPES_MAX = 9 };

typedef struct shapes {
	kb_brief_shape list[SHAPES_MAX];
	uint32_t count;
} shapes;

static uint32_t most(kb_arena *arena, const bank *b, const uint8_t *excluded)
{
	kb_arena_mark mark = kb_arena_save(arena);
	papers all = bank_papers(arena, b, excluded);
	uint32_t found = bank_most_disjoint(b, &all, 0, 0);
	kb_arena_restore(arena, mark);
	return found;
}

/* A small bank, of which several papers may be asked, and the shapes of its themes and kinds. */
static bank small_bank(kb_arena *arena, kb_stream *s, uint32_t most_questions, shapes *of)
{
	bank b = bank_random(arena, s, most_questions);
	uint32_t themes = 0, per_theme, kinds;
	for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = 1;
	b.rules.size = 1 + b.rules.size % 3;
	b.rules.minutes = (kb_range) { 0, UINT32_MAX };
	/* bank_random has one to three units a theme; where its figures allow several readings, any will do. */
	for (themes = b.rules.unit_count < 3 ? b.rules.unit_count : 3;
		 b.rules.unit_count % themes || themes > b.rules.counter_count;)
		themes--;
	per_theme = b.rules.unit_count / themes;
	kinds = b.rules.counter_count - themes;
	of->count = 0;
	for (uint32_t t = 0; t < themes; t++)
		for (uint32_t k = 0; k < (kinds ? kinds : 1) && of->count < SHAPES_MAX; k++)
			of->list[of->count++] = (kb_brief_shape) { ((UINT64_C(1) << per_theme) - 1) << (t * per_theme),
				1U << t | (kinds ? 1U << (themes + k) : 0), 2, 5 };
	return b;
}

static bank with(kb_arena *arena, const bank *b, const kb_brief *briefs, uint32_t count, uint32_t left_out)
{
	bank more = *b;
	more.pool.items = kb_arena_array(arena, b->pool.count + count, sizeof(kb_pool_item));
	memcpy(more.pool.items, b->pool.items, b->pool.count * sizeof(kb_pool_item));
	for (uint32_t i = 0; i < count; i++)
		if (i != left_out)
			more.pool.items[more.pool.count++] =
				(kb_pool_item) { "new", 0, briefs[i].units, briefs[i].counters, briefs[i].minutes, 1, 0 };
	return more;
}

/* Whether any `count` new questions reach so many papers. */
static bool reachable(kb_arena *arena, const bank *b, const shapes *of, uint32_t wanted, kb_brief *fresh, uint32_t made,
	uint32_t count, uint32_t from)
{
	if (made == count) {
		kb_arena_mark mark = kb_arena_save(arena);
		bank more = with(arena, b, fresh, count, UINT32_MAX);
		bool yes = most(arena, &more, more.excluded) >= wanted;
		kb_arena_restore(arena, mark);
		return yes;
	}
	for (uint32_t code = from; code < of->count * 64; code++) {
		const kb_brief_shape *shape = &of->list[code / 64];
		uint64_t units = (uint64_t)(code % 64) << __builtin_ctzll(shape->units);
		uint32_t width = (uint32_t)__builtin_popcountll(shape->units);
		/* More units never hurt: only full sets. */
		if (units & ~shape->units ||
			(uint32_t)__builtin_popcountll(units) != (width < shape->max_units ? width : shape->max_units))
			continue;
		fresh[made] = (kb_brief) { units, shape->counters, shape->minutes };
		if (reachable(arena, b, of, wanted, fresh, made + 1, count, code)) return true;
	}
	return false;
}

static void is_of_a_shape(const kb_brief *brief, const shapes *of)
{
	bool found = false;
	for (uint32_t s = 0; s < of->count; s++)
		found |= brief->counters == of->list[s].counters && brief->minutes == of->list[s].minutes && brief->units &&
		         !(brief->units & ~of->list[s].units) &&
		         __builtin_popcountll(brief->units) <= (int)of->list[s].max_units;
	cr_assert(found, "a brief of no shape");
}

Test(gaps, briefs_reach_the_papers_and_fewest_is_fewest)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "gaps banks");
	unsigned closed = 0, proven = 0, several = 0, tight = 0;
	for (unsigned n = 0; n < 600; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		shapes of;
		bank b = small_bank(arena, stream, 9, &of);
		kb_rules rules = b.rules;
		uint32_t wanted = most(arena, &b, b.excluded) + 1 + n % 2;
		kb_briefs briefs;
		kb_brief fresh[8];
		if (wanted > 4) continue;
		rules.reserve = wanted - 1;
		kb_shortfall in = { &b.pool, &rules, b.excluded, NULL, of.list, of.count };
		cr_assert_eq(kb_explain_briefs(arena, &in, &briefs, &err), KB_OK, "%s", err.message);
		cr_assert_leq(briefs.at_least, briefs.count ? briefs.count : UINT32_MAX, "bank %u", n);
		/* The bound holds. */
		if (briefs.at_least >= 2 && briefs.at_least <= 3)
			cr_assert(!reachable(arena, &b, &of, wanted, fresh, 0, briefs.at_least - 1, 0), "bank %u: fewer than %u do",
				n, briefs.at_least);
		if (briefs.count == 0) {
			cr_assert(!briefs.fewest);
			continue;
		}
		if (b.pool.count + briefs.count > 15) continue;
		for (uint32_t i = 0; i < briefs.count; i++) is_of_a_shape(&briefs.list[i], &of);
		closed++;
		several += briefs.count > 1 && wanted > 1;
		bank more = with(arena, &b, briefs.list, briefs.count, UINT32_MAX);
		cr_assert_geq(most(arena, &more, more.excluded), wanted, "bank %u: %u briefs do not give %u papers", n,
			briefs.count, wanted);
		cr_assert_eq(briefs.fewest, briefs.count == briefs.at_least, "bank %u", n);
		proven += briefs.fewest;
		for (uint32_t i = 0; i < briefs.count && briefs.fewest; i++) {
			bank less = with(arena, &b, briefs.list, briefs.count, i);
			cr_assert_lt(most(arena, &less, less.excluded), wanted, "bank %u: brief %u is not needed", n, i);
			tight++;
		}
	}
	fprintf(stderr, "%u closed, %u proven fewest, %u several\n", closed, proven, several);
	cr_assert(closed >= 200 && several >= 100 && tight >= 200, "%u, %u, %u", closed, several, tight);
	cr_assert_geq(proven * 10, closed * 8, "%u of %u are proven", proven, closed);
}

Test(gaps, critical_questions_are_those_whose_loss_costs_a_paper)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "critical banks");
	unsigned critical = 0, spare = 0;
	for (unsigned n = 0; n < 300; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		shapes of;
		bank b = small_bank(arena, stream, 11, &of);
		kb_capacity capacity;
		kb_answer *answers;
		cr_assert_eq(kb_capacity_find(arena, &b.pool, &b.rules, b.excluded, 0, &capacity, &err), KB_OK);
		cr_assert_eq(kb_capacity_critical(arena, &b.pool, &b.rules, b.excluded, &capacity, &answers, &err), KB_OK, "%s",
			err.message);
		for (uint32_t i = 0; i < b.pool.count && capacity.lower; i++) {
			uint8_t without[sizeof b.excluded];
			memcpy(without, b.excluded, sizeof without);
			if (kb_pool_has(without, i)) continue;
			kb_pool_set(without, i);
			bool costs = most(arena, &b, without) < capacity.lower;
			cr_assert_eq(answers[i], costs ? KB_YES : KB_NO, "bank %u: question %u", n, i);
			critical += costs;
			spare += !costs;
		}
	}
	cr_assert(critical >= 200 && spare >= 200, "%u critical, %u spare", critical, spare);
}

/* The fewest of the questions that are away with which so many papers exist; UINT32_MAX where even all are too few. */
static uint32_t fewest_back(kb_arena *arena, const bank *b, uint32_t away, uint32_t wanted)
{
	uint32_t fewest = UINT32_MAX;
	for (uint32_t back = away;; back = (back - 1) & away) {
		uint8_t excluded[sizeof b->excluded];
		memcpy(excluded, b->excluded, sizeof excluded);
		for (uint32_t i = 0; i < b->pool.count; i++)
			if (back >> i & 1) excluded[i / 8] = (uint8_t)(excluded[i / 8] & ~(1U << i % 8));
		uint32_t count = (uint32_t)__builtin_popcount(back);
		if (count < fewest && most(arena, b, excluded) >= wanted) fewest = count;
		if (back == 0) return fewest;
	}
}

Test(gaps, questions_to_bring_back)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "returns banks");
	unsigned found = 0, several = 0, proven = 0, none = 0;
	for (unsigned n = 0; n < 700; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		shapes of;
		bank b = small_bank(arena, stream, 12, &of);
		uint8_t away[sizeof b.excluded] = { 0 };
		uint32_t set = 0, wanted = 1 + n % 2;
		memset(b.excluded, 0, sizeof b.excluded);
		for (uint32_t c = 0; c < b.rules.counter_count && n % 4; c++)
			b.rules.counters[c] = (kb_range) { 0, UINT32_MAX };
		for (uint32_t i = 0; i < b.pool.count; i++) {
			if (kb_pool_has(b.excluded, i) || !bank_chance(stream, 50)) continue;
			kb_pool_set(away, i);
			kb_pool_set(b.excluded, i);
			set |= 1U << i;
		}
		if (most(arena, &b, b.excluded) >= wanted) continue;
		b.rules.reserve = wanted - 1;
		kb_shortfall in = { &b.pool, &b.rules, b.excluded, away, of.list, of.count };
		kb_explanation e;
		cr_assert_eq(kb_explain(arena, &in, &e, &err), KB_OK, "%s", err.message);
		uint32_t fewest = fewest_back(arena, &b, set, wanted);
		if (fewest == UINT32_MAX) {
			cr_assert_eq(e.back.count, 0, "bank %u", n);
			none++;
			continue;
		}
		cr_assert_gt(e.back.count, 0, "bank %u: %u questions would do", n, fewest);
		uint32_t back = bank_set(e.back.items, e.back.count);
		cr_assert_eq(back & ~set, 0);
		cr_assert_eq(__builtin_popcount(back), (int)e.back.count);
		cr_assert_eq(fewest_back(arena, &b, back, wanted), e.back.count, "bank %u: some of these can be spared", n);
		if (e.back.fewest || wanted == 1) cr_assert_eq(e.back.count, fewest, "bank %u", n);
		if (wanted == 1) cr_assert(e.back.fewest);
		found++;
		several += wanted > 1;
		proven += e.back.fewest;
	}
	cr_assert(found >= 100 && several >= 50 && none >= 50 && proven * 10 >= found * 7,
		"%u found, %u several, %u none, %u proven", found, several, none, proven);
}

/* Relaxations: every rule alone, every value of it. */

static bool meets(kb_arena *arena, const bank *b, const kb_rules *rules)
{
	bank other = *b;
	other.rules = *rules;
	return most(arena, &other, b->excluded) > rules->reserve;
}

static uint32_t *value_of(kb_rules *rules, kb_rule_kind rule, uint32_t counter)
{
	switch (rule) {
	case KB_RULE_SIZE: return &rules->size;
	case KB_RULE_MINIMUM: return &rules->counters[counter].min;
	case KB_RULE_MAXIMUM: return &rules->counters[counter].max;
	case KB_RULE_MINUTES_MINIMUM: return &rules->minutes.min;
	case KB_RULE_MINUTES_MAXIMUM: return &rules->minutes.max;
	case KB_RULE_TIMES: return &rules->times;
	case KB_RULE_SAMPLE: return &rules->sample;
	case KB_RULE_RESERVE: return &rules->reserve;
	}
	return NULL;
}

/* The smallest change of this rule that works; 0: none does. */
static uint32_t least_change(kb_arena *arena, const bank *b, kb_rule_kind rule, uint32_t counter)
{
	bool raised = rule == KB_RULE_MAXIMUM || rule == KB_RULE_MINUTES_MAXIMUM || rule == KB_RULE_SIZE;
	bool lowered = rule != KB_RULE_MAXIMUM && rule != KB_RULE_MINUTES_MAXIMUM;
	uint32_t least = rule == KB_RULE_TIMES || rule == KB_RULE_SAMPLE || rule == KB_RULE_SIZE ? 1 : 0;
	for (uint32_t by = 1; by <= 80; by++)
		for (int sign = -1; sign <= 1; sign += 2) {
			kb_rules rules = b->rules;
			uint32_t *value = value_of(&rules, rule, counter);
			if (sign < 0 ? !lowered || *value < least + by : !raised || *value == UINT32_MAX) continue;
			*value += (uint32_t)(sign * (int)by);
			if (rule == KB_RULE_SIZE && *value > 12) continue;
			if (meets(arena, b, &rules)) return by;
		}
	return 0;
}

static void check_rule(kb_arena *arena, const bank *b, const kb_explanation *e, kb_rule_kind rule, uint32_t counter,
	unsigned n, unsigned *count)
{
	const kb_relaxation *said = NULL;
	uint32_t by = least_change(arena, b, rule, counter);
	for (uint32_t i = 0; i < e->relaxation_count; i++)
		if (e->relaxations[i].rule == rule && e->relaxations[i].counter == counter) said = &e->relaxations[i];
	cr_assert_eq(said != NULL, by > 0, "bank %u: rule %d of counter %u, by %u", n, (int)rule, counter, by);
	if (!said) return;
	cr_assert(said->least);
	kb_rules rules = b->rules;
	cr_assert_eq(said->from, *value_of(&rules, rule, counter));
	cr_assert_eq((uint32_t)abs((int)said->to - (int)said->from), by,
		"bank %u: rule %d of counter %u from %u to %u, not by %u", n, (int)rule, counter, said->from, said->to, by);
	*value_of(&rules, rule, counter) = said->to;
	cr_assert(meets(arena, b, &rules));
	++*count;
}

Test(gaps, relaxations_are_least)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "relaxed banks");
	unsigned counts[KB_RULE_RESERVE + 1] = { 0 };
	for (unsigned n = 0; n < 1200; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = bank_random(arena, stream, 9);
		kb_brief_shape shape = { 1, 1, 1, 5 };
		for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = 1;
		if (n % 4 == 1) b.rules.size = 1 + b.rules.size % 3, b.rules.minutes.min = 0;
		if (!b.rules.required) b.rules.sample = 0;
		b.rules.reserve = n % 3 == 0 ? 1 : 0;
		if (meets(arena, &b, &b.rules)) continue;
		kb_shortfall in = { &b.pool, &b.rules, b.excluded, NULL, &shape, 1 };
		kb_explanation e;
		cr_assert_eq(kb_explain(arena, &in, &e, &err), KB_OK, "%s", err.message);
		cr_assert(!e.possible && e.minimal);
		for (kb_rule_kind rule = KB_RULE_SIZE; rule <= KB_RULE_RESERVE; rule++) {
			bool counted = rule == KB_RULE_MINIMUM || rule == KB_RULE_MAXIMUM;
			for (uint32_t c = 0; c < (counted ? b.rules.counter_count : 1); c++)
				check_rule(arena, &b, &e, rule, c, n, &counts[rule]);
		}
	}
	for (int rule = 0; rule <= KB_RULE_RESERVE; rule++)
		cr_assert_geq(counts[rule], 3, "rule %d: %u", rule, counts[rule]);
}

/* With a reserve: every rule of the clash is needed. (Where the size is none of them, papers of all sizes would have to
 * be tried; the engine's own answer for one paper is held against that in test_explain.c.) */
Test(gaps, clashes_with_the_reserve_are_minimal)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "reserve clashes");
	unsigned reserves = 0, checked = 0;
	for (unsigned n = 0; n < 500; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		shapes of;
		bank b = small_bank(arena, stream, 10, &of);
		b.rules.reserve = 1 + n % 2;
		if (!b.rules.required) b.rules.sample = 0;
		if (meets(arena, &b, &b.rules)) continue;
		kb_shortfall in = { &b.pool, &b.rules, b.excluded, NULL, of.list, of.count };
		kb_explanation e;
		cr_assert_eq(kb_explain(arena, &in, &e, &err), KB_OK, "%s", err.message);
		reserves += e.clash_reserve;
		cr_assert_eq(e.clash_reserve, most(arena, &b, b.excluded) > 0, "bank %u", n);
		if (!e.clash_size) continue;
		bank part = b;
		part.rules.required = e.clash_units;
		if (!e.clash_units) part.rules.sample = 0;
		if (!e.clash_reserve) part.rules.reserve = 0;
		if (!e.clash_rivals) part.pool.rival_count = 0;
		for (uint32_t c = 0; c < b.rules.counter_count; c++)
			if (!(e.clash_counters >> c & 1)) part.rules.counters[c] = (kb_range) { 0, UINT32_MAX };
		cr_assert(!meets(arena, &part, &part.rules), "bank %u: these can be met together", n);
		for (uint64_t rest = e.clash_units; rest; rest &= rest - 1) {
			kb_rules rules = part.rules;
			rules.required = rules.sample ? 0 : rules.required & ~(rest & -rest);
			if (!rules.required) rules.sample = 0;
			cr_assert(meets(arena, &part, &rules), "bank %u: a unit is not needed", n);
		}
		for (uint64_t rest = e.clash_counters; rest; rest &= rest - 1) {
			kb_rules rules = part.rules;
			rules.counters[__builtin_ctzll(rest)] = (kb_range) { 0, UINT32_MAX };
			cr_assert(meets(arena, &part, &rules), "bank %u: a counter is not needed", n);
		}
		bank apart = part;
		apart.pool.rival_count = 0;
		if (e.clash_rivals) cr_assert(meets(arena, &apart, &apart.rules), "bank %u: rivals are not needed", n);
		kb_rules rules = part.rules;
		rules.reserve = 0;
		if (e.clash_reserve) cr_assert(meets(arena, &part, &rules), "bank %u: the reserve is not needed", n);
		checked++;
	}
	cr_assert(reserves >= 50 && checked >= 50, "%u, %u", reserves, checked);
}
