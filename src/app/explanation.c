#include "app/explanation.h"

#include <string.h>

#include "app/figures.h"

/* Whether the cap is kept is a matter of first papers, and so of everybody's questions. */
typedef struct explainer {
	kb_arena *arena;
	kb_draw_input pool;     /* what is drawn from now */
	kb_draw_input everyone; /* and with what is away */
	kb_even even;
	kb_explained *out;
} explainer;

static kb_status keeps_cap(
	const explainer *x, const kb_pool *pool, const uint8_t *excluded, const kb_rules *rules, bool *kept, kb_err *err)
{
	return kb_even_keeps(x->arena, pool, rules, excluded, x->out->cap, kept, err);
}

/* What would come back for so many papers with nothing shared that they keep the cap. */
static kb_status find_returns(explainer *x, const kb_draw_input *input, kb_err *err)
{
	kb_shortfall shortfall;
	kb_rules rules = input->rules;
	KB_TRY(kb_brief_shortfall(x->arena, input, &shortfall, err));
	rules.reserve = kb_cap_papers(x->out->cap) - 1;
	shortfall.rules = &rules;
	KB_TRY(kb_explain_returns(x->arena, &shortfall, &x->out->why.back, err));
	x->out->why.back.fewest = false;
	return KB_OK;
}

/* So many questions on one unit must there be at least. */
static uint32_t supply_wanted(const kb_explained *e)
{
	return (e->input.rules.times * KB_EVEN_WHOLE + e->cap - 1) / e->cap;
}

static kb_status find_briefs(explainer *x, const kb_draw_input *input, kb_err *err)
{
	kb_explained *e = x->out;
	kb_cap_needs needs;
	uint32_t least = e->why.write.at_least > 0 ? e->why.write.at_least : 1;
	KB_TRY(kb_cap_needs_find(x->arena, input, e->cap, &needs, err));
	e->why.write = (kb_briefs) { 0 };
	if (needs.papers < needs.papers_wanted) return KB_OK;
	for (uint64_t rest = input->rules.sample > 0 ? 0 : input->rules.required; rest; rest &= rest - 1) {
		uint32_t there = kb_bank_supply(input, (uint32_t)__builtin_ctzll(rest));
		if (supply_wanted(e) > there + least) least = supply_wanted(e) - there;
	}
	e->papers = needs.papers;
	e->why.write = needs.briefs;
	e->why.write.at_least = least;
	e->why.write.fewest = least == needs.briefs.count;
	return KB_OK;
}

/* One unit with too few questions for the cap is a clash with it, and so are too many questions asked of all; what is
 * not seen in that way is not taken apart. */
static void find_clash(explainer *x)
{
	kb_explained *e = x->out;
	const kb_rules *rules = &x->pool.rules;
	for (uint64_t rest = rules->sample > 0 ? 0 : rules->required; rest; rest &= rest - 1)
		if (kb_bank_supply(&x->pool, (uint32_t)__builtin_ctzll(rest)) < supply_wanted(e))
			e->why.blocking |= rest & -rest;
	e->why.clash_units = e->why.blocking & -e->why.blocking;
	e->why.clash_size = !e->why.blocking && rules->size * KB_EVEN_WHOLE > (uint64_t)e->cap * x->pool.pool.count;
	e->why.minimal = e->why.blocking || e->why.clash_size;
	if (e->why.minimal) return;
	e->why.clash_units = rules->required;
	e->why.clash_counters = kb_rules_binding(rules);
	e->why.clash_minutes = kb_rules_bind_minutes(rules);
	e->why.clash_rivals = x->pool.pool.rival_count > 0;
	e->why.clash_size = true;
}

/* All else can be met. */
static kb_status explain_cap(explainer *x, kb_err *err)
{
	kb_explained *e = x->out;
	const kb_spread *least = &x->even.least;
	e->why = (kb_explanation) { 0 };
	e->cap_clashes = true;
	find_clash(x);
	KB_TRY(kb_even_least_cap(x->arena, &x->pool.pool, &x->pool.rules, e->cap, least, &e->other_cap, err));
	e->other_is_least = e->other_cap > 0 && (e->other_cap - 1) * least->low_whole < KB_EVEN_WHOLE * least->low_part;
	KB_TRY(find_returns(x, &x->everyone, err));
	return find_briefs(x, &x->everyone, err);
}

/* More papers are valid then, which keep a cap that is kept now: only another size may not. */
static kb_status sift_relaxations(explainer *x, kb_err *err)
{
	kb_explanation *why = &x->out->why;
	uint32_t count = 0;
	for (uint32_t i = 0; i < why->relaxation_count; i++) {
		kb_rules rules = x->pool.rules;
		const kb_relaxation *r = &why->relaxations[i];
		bool kept = x->out->cap_kept;
		*kb_explain_value(&rules, r->rule, r->counter) = r->to;
		if (!kept || r->rule == KB_RULE_SIZE) KB_TRY(keeps_cap(x, &x->pool.pool, NULL, &rules, &kept, err));
		if (kept) why->relaxations[count++] = *r;
	}
	x->out->cap_alone |= count < why->relaxation_count;
	why->relaxation_count = count;
	return KB_OK;
}

static kb_status sift_returns(explainer *x, kb_err *err)
{
	kb_explained *e = x->out;
	uint8_t *excluded = kb_arena_alloc(x->arena, x->everyone.pool.count / 8 + 1);
	bool kept;
	if (!excluded) return kb_arena_check(x->arena, err);
	memcpy(excluded, x->everyone.excluded, (x->everyone.pool.count + 7) / 8);
	for (uint32_t i = 0; i < e->why.back.count; i++) kb_pool_clear(excluded, e->why.back.items[i]);
	KB_TRY(keeps_cap(x, &x->everyone.pool, excluded, &x->everyone.rules, &kept, err));
	return kept ? KB_OK : find_returns(x, &e->input, err);
}

static kb_status sift_briefs(explainer *x, kb_err *err)
{
	kb_pool pool = x->pool.pool;
	const uint8_t *excluded = NULL;
	bool kept;
	KB_TRY(kb_explain_add_briefs(x->arena, &pool, &excluded, &x->out->why.write, err));
	KB_TRY(keeps_cap(x, &pool, excluded, &x->pool.rules, &kept, err));
	return kept ? KB_OK : find_briefs(x, &x->out->input, err);
}

kb_status kb_explain_draw(
	kb_call *call, const kb_bank_rules *rules, int64_t candidate, bool first, kb_explained *out, kb_err *err)
{
	explainer x = { .arena = call->arena, .out = out };
	kb_shortfall shortfall;
	*out = (kb_explained) { .cap = kb_specification_cap(rules->specification), .cap_kept = true };
	KB_TRY(kb_paper_pool_load_all(
		call, &rules->loaded, rules->method, rules->specification, &kb_part_questions, candidate, &out->input, err));
	if (!first) out->input.rules.reserve = 0;
	out->papers = out->input.rules.reserve + 1;
	KB_TRY(kb_brief_shortfall(x.arena, &out->input, &shortfall, err));
	KB_TRY(kb_explain(x.arena, &shortfall, &out->why, err));
	if (out->cap == 0) return KB_OK;
	KB_TRY(kb_cap_look(call, rules, &x.pool, &x.even, &out->cap_kept, err));
	if (out->why.possible && out->cap_kept) return KB_OK;
	KB_TRY(kb_paper_pool_load_all(
		call, &rules->loaded, rules->method, rules->specification, &kb_part_questions, 0, &x.everyone, err));
	if (out->why.possible) return explain_cap(&x, err);
	KB_TRY(sift_relaxations(&x, err));
	if (out->cap_kept) return KB_OK;
	if (out->why.back.count > 0) KB_TRY(sift_returns(&x, err));
	return sift_briefs(&x, err);
}

static void add_words(kb_arena *arena, kb_node *list, const char *words)
{
	kb_node_add(arena, list, kb_node_text(arena, words));
}

static const char *coverage_words(kb_arena *arena, const kb_draw_input *input, uint64_t units)
{
	const kb_rules *rules = &input->rules;
	if (rules->sample > 0)
		return kb_arena_printf(arena, "%u different KSB%s covered", rules->sample, kb_plural(rules->sample));
	const char *words = kb_brief_unit_words(arena, input, units);
	if (rules->times > 1) return kb_arena_printf(arena, "coverage of %s, %u times each", words, rules->times);
	return kb_arena_printf(arena, "coverage of %s", words);
}

/* An end that does not bind is not said; from `top` on the upper one does not. */
static const char *range_words(kb_arena *arena, kb_range range, uint32_t top, const char *what)
{
	if (range.max == 0) return kb_arena_printf(arena, "none %s", what);
	if (range.min == range.max) return kb_arena_printf(arena, "exactly %u %s", range.min, what);
	if (range.max >= top) return kb_arena_printf(arena, "at least %u %s", range.min, what);
	if (range.min == 0) return kb_arena_printf(arena, "not more than %u %s", range.max, what);
	return kb_arena_printf(arena, "%u to %u %s", range.min, range.max, what);
}

static void write_clash(kb_arena *arena, const kb_explained *e, kb_node *map)
{
	const kb_draw_input *input = &e->input;
	const kb_explanation *why = &e->why;
	kb_node *list = kb_node_set(arena, map, "clash", kb_node_list(arena));
	const kb_rules *rules = &input->rules;
	if (e->cap_clashes)
		add_words(arena, list, kb_arena_printf(arena, "no question in more than %u of 1,000 papers", e->cap));
	if (why->clash_units) add_words(arena, list, coverage_words(arena, input, why->clash_units));
	for (uint32_t c = 0; c < rules->counter_count; c++)
		if (why->clash_counters >> c & 1)
			add_words(arena, list,
				range_words(
					arena, rules->counters[c], rules->size, kb_arena_printf(arena, "of %s", input->counters[c])));
	if (why->clash_minutes) add_words(arena, list, range_words(arena, rules->minutes, UINT32_MAX, "minutes"));
	if (why->clash_rivals) add_words(arena, list, "no two rivals in one paper");
	if (why->clash_size)
		add_words(arena, list, kb_arena_printf(arena, "%u question%s", rules->size, kb_plural(rules->size)));
	if (why->clash_reserve)
		add_words(arena, list,
			kb_arena_printf(
				arena, "%u paper%s with nothing shared kept for re-sits", rules->reserve, kb_plural(rules->reserve)));
	kb_node_set_bool(arena, map, "clash_is_minimal", why->minimal);
}

static const char *relaxed_words(kb_arena *arena, const kb_draw_input *input, const kb_relaxation *r)
{
	const char *name = r->rule == KB_RULE_MINIMUM || r->rule == KB_RULE_MAXIMUM ? input->counters[r->counter] : "";
	switch (r->rule) {
	case KB_RULE_SIZE:
		return kb_arena_printf(arena, "%u question%s in a paper instead of %u", r->to, kb_plural(r->to), r->from);
	case KB_RULE_MINIMUM: return kb_arena_printf(arena, "at least %u of %s instead of %u", r->to, name, r->from);
	case KB_RULE_MAXIMUM: return kb_arena_printf(arena, "at most %u of %s instead of %u", r->to, name, r->from);
	case KB_RULE_MINUTES_MINIMUM: return kb_arena_printf(arena, "at least %u minutes instead of %u", r->to, r->from);
	case KB_RULE_MINUTES_MAXIMUM: return kb_arena_printf(arena, "at most %u minutes instead of %u", r->to, r->from);
	case KB_RULE_TIMES:
		return kb_arena_printf(arena, "each KSB covered %u time%s instead of %u", r->to, kb_plural(r->to), r->from);
	case KB_RULE_SAMPLE:
		return kb_arena_printf(arena, "%u different KSB%s covered instead of %u", r->to, kb_plural(r->to), r->from);
	case KB_RULE_RESERVE: return kb_arena_printf(arena, "a reserve of %u instead of %u", r->to, r->from);
	}
	return "";
}

static const char *rule_name(const kb_relaxation *r)
{
	static const char *const names[] = { [KB_RULE_SIZE] = "questions",
		[KB_RULE_MINIMUM] = "min",
		[KB_RULE_MAXIMUM] = "max",
		[KB_RULE_MINUTES_MINIMUM] = "minutes.min",
		[KB_RULE_MINUTES_MAXIMUM] = "minutes.max",
		[KB_RULE_TIMES] = "coverage.times",
		[KB_RULE_SAMPLE] = "coverage.least",
		[KB_RULE_RESERVE] = "reserve" };
	return names[r->rule];
}

static void add_relaxation(
	kb_arena *arena, kb_node *list, const char *rule, uint32_t from, uint32_t to, const char *words, bool least)
{
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "rule", rule);
	kb_node_set_int(arena, entry, "from", from);
	kb_node_set_int(arena, entry, "to", to);
	kb_node_set_text(
		arena, entry, "words", kb_arena_printf(arena, "%s%s", words, least ? "" : " (a smaller change may do)"));
	kb_node_set_bool(arena, entry, "least_is_proven", least);
}

static void write_relaxations(kb_arena *arena, const kb_explained *e, kb_node *map)
{
	const kb_draw_input *input = &e->input;
	const kb_explanation *why = &e->why;
	kb_node *list = kb_node_set(arena, map, "relax", kb_node_list(arena));
	for (uint32_t i = 0; i < why->relaxation_count; i++) {
		const kb_relaxation *r = &why->relaxations[i];
		bool counted = r->rule == KB_RULE_MINIMUM || r->rule == KB_RULE_MAXIMUM;
		add_relaxation(arena, list,
			counted ? kb_arena_printf(arena, "%s.%s", input->counters[r->counter], rule_name(r)) : rule_name(r),
			r->from, r->to, relaxed_words(arena, input, r), r->least);
	}
	if (e->other_cap > 0)
		add_relaxation(arena, list, "exposure-cap", e->cap, e->other_cap,
			kb_arena_printf(arena, "an exposure cap of %u instead of %u", e->other_cap, e->cap), e->other_is_least);
	kb_node_set_bool(arena, map, "some_to_relax", list->count > 0);
}

static const char *why_away(const kb_draw_input *input, const char *id)
{
	for (size_t i = 0; i < input->left_out->count; i++)
		if (strcmp(kb_node_get_text(input->left_out->items[i], "id", ""), id) == 0)
			return kb_node_get_text(input->left_out->items[i], "reason", "");
	return "";
}

void kb_explanation_write_returns(kb_arena *arena, const kb_draw_input *input, const kb_returns *returns, kb_node *map)
{
	kb_node *list = kb_node_set(arena, map, "review_first", kb_node_list(arena));
	for (uint32_t i = 0; i < returns->count; i++) {
		const char *id = input->pool.items[returns->items[i]].key;
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "id", id);
		kb_node_set_text(arena, entry, "reason", why_away(input, id));
	}
	kb_node_set_bool(arena, map, "review_first_is_fewest", returns->fewest);
}

void kb_explained_write(kb_arena *arena, const kb_explained *e, kb_node *map)
{
	uint64_t units = e->why.blocking ? e->why.blocking : e->why.clash_units;
	if (e->cap > 0) kb_node_set_int(arena, map, "exposure_cap", e->cap);
	kb_node_set_bool(arena, map, "cap_is_kept", e->cap_kept);
	kb_node_set_bool(arena, map, "cap_alone", e->cap_alone);
	kb_node_set_int(arena, map, "papers", e->papers);
	kb_node_set(arena, map, "blocking", kb_brief_units(arena, &e->input, units));
	kb_node_set_text(arena, map, "blocking_list", kb_brief_unit_words(arena, &e->input, units));
	write_clash(arena, e, map);
	kb_brief_write(arena, &e->input, &e->why.write, map);
	kb_node_set_bool(arena, map, "some_to_write", e->why.write.count > 0);
	kb_explanation_write_returns(arena, &e->input, &e->why.back, map);
	kb_node_set_bool(arena, map, "some_to_review", e->why.back.count > 0);
	write_relaxations(arena, e, map);
}
