#include "engine/explain.h"

#include "engine/bound.h"
#include "engine/capacity.h"

/* The rules that a test keeps. */
typedef struct kept {
	uint64_t units;
	uint64_t counters;
	bool minutes, rivals, size, reserve;
} kept;

typedef struct explainer {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	uint32_t papers; /* that the clash is about: one, where not even that exists */
	kb_explanation *out;
} explainer;

/* Questions that say nothing, so that papers of one size hold any smaller number of real ones. */
static kb_status add_blanks(const explainer *x, kb_pool *pool, const uint8_t **excluded, uint32_t count, kb_err *err)
{
	kb_pool_item *blanks = kb_arena_array(x->arena, count, sizeof *blanks);
	if (!blanks) return kb_arena_check(x->arena, err);
	for (uint32_t i = 0; i < count; i++) blanks[i] = (kb_pool_item) { .key = "", .weight = 1 };
	return kb_explain_add(x->arena, pool, excluded, blanks, count, err);
}

/* More questions than this a paper without a size never needs, unless it must fill minutes. */
static uint32_t largest_size(const kb_rules *rules)
{
	uint64_t need = (uint64_t)__builtin_popcountll(rules->required) * rules->times;
	for (uint32_t c = 0; c < rules->counter_count; c++) need += rules->counters[c].min;
	return rules->minutes.min > 0 || need > KB_PAPER_MAX ? KB_PAPER_MAX : (uint32_t)need;
}

/* Whether the papers exist under the rules kept. */
static kb_status possible(const explainer *x, kept k, kb_answer *answer, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(x->arena);
	kb_rules rules = *x->rules;
	kb_pool pool = *x->pool;
	const uint8_t *excluded = x->excluded;
	uint32_t papers = k.reserve ? x->papers : 1;
	rules.required = k.units;
	if (!k.units) rules.sample = 0;
	for (uint32_t c = 0; c < rules.counter_count; c++)
		if (!(k.counters >> c & 1)) rules.counters[c] = (kb_range) { 0, UINT32_MAX };
	if (!k.minutes) rules.minutes = (kb_range) { 0, UINT32_MAX };
	if (!k.rivals) pool.rival_count = 0;
	if (!k.size) {
		rules.size = largest_size(&rules);
		KB_TRY(add_blanks(x, &pool, &excluded, rules.size * papers, err));
	}
	/* Nothing is asked for. */
	if (rules.size == 0) *answer = KB_YES;
	else KB_TRY(kb_capacity_reaches(x->arena, &pool, &rules, excluded, papers, answer, err));
	kb_arena_restore(x->arena, mark);
	return KB_OK;
}

/* Drops a rule for good where the others clash without it. What is too large to test stays, and is said to. */
static kb_status try_without(explainer *x, kept *k, kept without, kb_err *err)
{
	kb_answer answer;
	KB_TRY(possible(x, without, &answer, err));
	if (answer == KB_UNKNOWN) x->out->minimal = false;
	if (answer == KB_NO) *k = without;
	return KB_OK;
}

/* Units for which there are too few questions, whatever else is asked. */
static kb_status find_blocking(explainer *x, kb_err *err)
{
	const kb_rules *rules = x->rules;
	kb_stock stock;
	if (rules->sample > 0) return KB_OK;
	KB_TRY(kb_capacity_stock(x->arena, x->pool, rules, x->excluded, &stock, err));
	for (uint64_t rest = rules->required; rest; rest &= rest - 1) {
		kb_answer answer = KB_YES;
		if (stock.of_unit[__builtin_ctzll(rest)] < rules->times * x->papers) answer = KB_NO;
		else if (rules->times > 1 && x->pool->rival_count > 0 && x->papers == 1)
			KB_TRY(possible(x, (kept) { .units = rest & -rest, .rivals = true }, &answer, err));
		if (answer == KB_NO) x->out->blocking |= rest & -rest;
	}
	return KB_OK;
}

/* The deletion filter: each rule is dropped that the clash does not need. Units go before counters, which take fewer
 * words to explain; the size goes last, when little is left to count. One paper was seen to exist
 * where several are asked for, so the reserve is needed. */
static kb_status find_clash(explainer *x, kb_err *err)
{
	kept k = { x->rules->required, 0, true, true, true, x->papers > 1 };
	for (uint32_t c = 0; c < x->rules->counter_count; c++) k.counters |= (uint64_t)1 << c;
	/* What a bound is proven from clashes already. */
	kb_bound bound = { .papers = UINT32_MAX };
	if (!x->out->blocking) KB_TRY(kb_bound_find(x->arena, x->pool, x->rules, x->excluded, x->papers, &bound, err));
	if (bound.papers < x->papers)
		k = (kept) { kb_bound_units(&bound), kb_bound_counters(&bound), bound.of_minute != 0, true,
			bound.of_question != 0, x->papers > 1 };
	/* One blocking unit is a clash by itself, or with the rivals among its questions. */
	if (x->out->blocking)
		k = (kept) { .units = x->out->blocking & -x->out->blocking, .rivals = true, .reserve = x->papers > 1 };
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
	for (uint64_t rest = k.counters; rest; rest &= rest - 1) {
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
	x->out->clash_reserve = k.reserve;
	return KB_OK;
}

/* Relaxing one rule. */

uint32_t *kb_explain_value(kb_rules *rules, kb_rule_kind rule, uint32_t counter)
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
	return &rules->size;
}

static kb_status works(const explainer *x, const kb_relaxation *r, uint32_t value, kb_answer *answer, kb_err *err)
{
	kb_rules rules = *x->rules;
	*kb_explain_value(&rules, r->rule, r->counter) = value;
	return kb_capacity_reaches(x->arena, x->pool, &rules, x->excluded, rules.reserve + 1, answer, err);
}

static void keep(explainer *x, kb_relaxation r)
{
	x->out->relaxations[x->out->relaxation_count++] = r;
}

/* A looser value allows all that a stricter one does: the strictest that works lies between what is asked and `loosest`
 * (in either direction), and is found by halving. */
static kb_status relax(explainer *x, kb_rule_kind rule, uint32_t counter, uint32_t loosest, kb_err *err)
{
	kb_rules rules = *x->rules;
	kb_relaxation r = { rule, counter, *kb_explain_value(&rules, rule, counter), loosest, true };
	kb_answer answer;
	uint32_t fails = r.from;
	if (loosest == r.from) return KB_OK;
	KB_TRY(works(x, &r, loosest, &answer, err));
	if (answer != KB_YES) return KB_OK;
	while (r.to > fails ? r.to - fails > 1 : fails - r.to > 1) {
		uint32_t middle = fails + (r.to > fails ? (r.to - fails) / 2 : 0);
		if (r.to < fails) middle = r.to + (fails - r.to) / 2;
		KB_TRY(works(x, &r, middle, &answer, err));
		if (answer == KB_UNKNOWN) r.least = false;
		if (answer == KB_YES) r.to = middle;
		else fails = middle;
	}
	keep(x, r);
	return KB_OK;
}

/* More questions may be too many as fewer may be too few, so all sizes are tried, the nearest first. */
static kb_status relax_size(explainer *x, kb_err *err)
{
	kb_relaxation r = { KB_RULE_SIZE, 0, x->rules->size, 0, true };
	uint32_t most = x->pool->count / (x->rules->reserve + 1);
	kb_answer answer;
	for (uint32_t by = 1; by < KB_PAPER_MAX; by++)
		for (int sign = 1; sign >= -1; sign -= 2) {
			int64_t size = (int64_t)r.from + sign * (int64_t)by;
			if (size < 1 || size > KB_PAPER_MAX || size > most) continue;
			KB_TRY(works(x, &r, (uint32_t)size, &answer, err));
			if (answer == KB_UNKNOWN) r.least = false;
			if (answer != KB_YES) continue;
			r.to = (uint32_t)size;
			keep(x, r);
			return KB_OK;
		}
	return KB_OK;
}

/* A rule outside the clash can't mend it: the clash would still stand. */
static kb_status find_relaxations(explainer *x, kb_err *err)
{
	const kb_rules *rules = x->rules;
	const kb_explanation *out = x->out;
	if (out->clash_reserve) KB_TRY(relax(x, KB_RULE_RESERVE, 0, 0, err));
	if (out->clash_size) KB_TRY(relax_size(x, err));
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		if (!(out->clash_counters >> c & 1)) continue;
		KB_TRY(relax(x, KB_RULE_MINIMUM, c, 0, err));
		if (rules->counters[c].max < rules->size) KB_TRY(relax(x, KB_RULE_MAXIMUM, c, rules->size, err));
	}
	if (out->clash_minutes) {
		enum { QUESTION_MINUTES_MAX = 600 };
		uint32_t most = rules->size * QUESTION_MINUTES_MAX;
		KB_TRY(relax(x, KB_RULE_MINUTES_MINIMUM, 0, 0, err));
		if (rules->minutes.max < most) KB_TRY(relax(x, KB_RULE_MINUTES_MAXIMUM, 0, most, err));
	}
	if (out->clash_units && rules->sample > 1) KB_TRY(relax(x, KB_RULE_SAMPLE, 0, 1, err));
	if (out->clash_units && rules->times > 1) KB_TRY(relax(x, KB_RULE_TIMES, 0, 1, err));
	return KB_OK;
}

static kb_status start(kb_arena *arena, const kb_shortfall *in, explainer *x, kb_explanation *out, kb_err *err)
{
	kb_answer answer;
	*out = (kb_explanation) { 0 };
	*x = (explainer) { arena, in->pool, in->rules, in->excluded, in->rules->reserve + 1, out };
	kb_progress_tell(in->pool->progress, "looking for rules that clash", 0, 0);
	KB_TRY(kb_capacity_reaches(arena, in->pool, in->rules, in->excluded, x->papers, &answer, err));
	out->possible = answer == KB_YES;
	if (out->possible) {
		out->write.fewest = out->back.fewest = out->minimal = true;
		return KB_OK;
	}
	KB_TRY(kb_capacity_reaches(arena, in->pool, in->rules, in->excluded, 1, &answer, err));
	if (answer == KB_NO) x->papers = 1;
	KB_TRY(find_blocking(x, err));
	KB_TRY(find_clash(x, err));
	out->minimal &= answer != KB_UNKNOWN;
	return KB_OK;
}

kb_status kb_explain_clash(kb_arena *arena, const kb_shortfall *in, kb_explanation *explanation, kb_err *err)
{
	explainer x;
	return start(arena, in, &x, explanation, err);
}

kb_status kb_explain(kb_arena *arena, const kb_shortfall *in, kb_explanation *explanation, kb_err *err)
{
	explainer x;
	KB_TRY(start(arena, in, &x, explanation, err));
	if (explanation->possible) return KB_OK;
	kb_progress_tell(in->pool->progress, "looking for rules to relax", 0, 0);
	KB_TRY(find_relaxations(&x, err));
	KB_TRY(kb_explain_returns(arena, in, &explanation->back, err));
	return kb_explain_briefs(arena, in, &explanation->write, err);
}
