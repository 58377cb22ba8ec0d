#include "app/explanation.h"

#include <string.h>

#include "app/figures.h"

kb_status kb_explanation_find(kb_arena *arena, const kb_draw_input *input, kb_explanation *why, kb_err *err)
{
	kb_shortfall shortfall;
	KB_TRY(kb_brief_shortfall(arena, input, &shortfall, err));
	return kb_explain(arena, &shortfall, why, err);
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

static void write_clash(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map)
{
	kb_node *list = kb_node_set(arena, map, "clash", kb_node_list(arena));
	const kb_rules *rules = &input->rules;
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

static void write_relaxations(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map)
{
	kb_node *list = kb_node_set(arena, map, "relax", kb_node_list(arena));
	for (uint32_t i = 0; i < why->relaxation_count; i++) {
		const kb_relaxation *r = &why->relaxations[i];
		bool counted = r->rule == KB_RULE_MINIMUM || r->rule == KB_RULE_MAXIMUM;
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "rule",
			counted ? kb_arena_printf(arena, "%s.%s", input->counters[r->counter], rule_name(r)) : rule_name(r));
		kb_node_set_int(arena, entry, "from", r->from);
		kb_node_set_int(arena, entry, "to", r->to);
		kb_node_set_text(arena, entry, "words",
			kb_arena_printf(
				arena, "%s%s", relaxed_words(arena, input, r), r->least ? "" : " (a smaller change may do)"));
		kb_node_set_bool(arena, entry, "least_is_proven", r->least);
	}
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

void kb_explanation_write(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map)
{
	uint64_t units = why->blocking ? why->blocking : why->clash_units;
	kb_node_set(arena, map, "blocking", kb_brief_units(arena, input, units));
	kb_node_set_text(arena, map, "blocking_list", kb_brief_unit_words(arena, input, units));
	write_clash(arena, input, why, map);
	kb_brief_write(arena, input, &why->write, map);
	kb_explanation_write_returns(arena, input, &why->back, map);
	write_relaxations(arena, input, why, map);
}
