#include "app/bank_measure.h"

#include <stdlib.h>
#include <string.h>

#include "app/cap.h"
#include "app/figures.h"
#include "app/mapping.h"
#include "app/weigh.h"

kb_status kb_bank_rules_load(
	kb_call *call, const char *standard, const char *method, const char *mapping, kb_bank_rules *rules, kb_err *err)
{
	kb_loaded_specification specification;
	KB_TRY(kb_load_standard(call, standard, &rules->loaded, err));
	KB_TRY(kb_mapping_load_method(call, &rules->loaded, method, mapping, &rules->method, err));
	KB_TRY(kb_load_specification(call, standard, method, &specification, err));
	rules->specification = specification.specification;
	rules->specification_id = specification.id;
	return KB_OK;
}

static kb_status load_on(
	kb_call *call, const kb_bank_rules *rules, const kb_part *part, kb_day day, kb_draw_input *input, kb_err *err)
{
	char text[KB_DATE_SIZE];
	kb_call then = *call;
	kb_date_format(day, text);
	then.day = day;
	then.day_text = text;
	return kb_paper_pool_load(&then, &rules->loaded, rules->method, rules->specification, part, 0, input, err);
}

kb_status kb_bank_pool_on(kb_call *call, const kb_bank_rules *rules, kb_day day, kb_draw_input *input, kb_err *err)
{
	return load_on(call, rules, &kb_part_questions, day, input, err);
}

bool kb_bank_has_offers(const kb_bank_rules *rules)
{
	return rules->specification->themes_offered.set;
}

kb_status kb_bank_themes_on(kb_call *call, const kb_bank_rules *rules, kb_day day, kb_draw_input *themes, kb_err *err)
{
	return load_on(call, rules, &kb_part_themes, day, themes, err);
}

kb_status kb_bank_candidate(kb_call *call, int64_t *candidate, kb_err *err)
{
	const char *reference = kb_call_text(call, "candidate");
	kb_q_candidate_by_reference_row row = { 0 };
	bool found = false;
	if (reference) KB_TRY(kb_q_candidate_by_reference(call->sql, call->arena, reference, &row, &found, err));
	*candidate = found ? row.id : 0;
	return KB_OK;
}

const char *kb_bank_words(kb_arena *arena, const char *standard, const char *method, const char *mapping)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
	kb_buf out = { .arena = arena };
	kb_buf_printf(&out, "%s %s", standard, method);
	if (!mapping) return kb_buf_string(&out);
	bool quoted = mapping[strspn(mapping, plain)] != '\0';
	kb_buf_text(&out, quoted ? " --mapping '" : " --mapping ");
	for (const char *c = mapping; *c; c++) kb_buf_printf(&out, *c == '\'' ? "'\\%c'" : "%c", *c);
	if (quoted) kb_buf_text(&out, "'");
	return kb_buf_string(&out);
}

const char *kb_bank_words_of(const kb_call *call)
{
	return kb_bank_words(
		call->arena, kb_call_text(call, "standard"), kb_call_text(call, "method"), kb_call_text(call, "mapping"));
}

const kb_decision *kb_bank_number(const kb_bank_rules *rules, const char *subject, int64_t *number)
{
	const kb_decision *decision = kb_decision_on(rules->loaded.decisions, rules->loaded.decision_count, subject);
	*number = 0;
	return decision && kb_str_to_int(decision->choice->text, number) ? decision : NULL;
}

uint32_t kb_bank_supply(const kb_draw_input *input, uint32_t unit)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < input->pool.count; i++)
		count += !kb_pool_has(input->excluded, i) && input->pool.items[i].units >> unit & 1;
	return count;
}

static int by_depth(const void *left, const void *right)
{
	const kb_depth *a = left, *b = right;
	if (a->apart != b->apart) return a->apart < b->apart ? -1 : 1;
	return a->unit < b->unit ? -1 : a->unit > b->unit;
}

kb_status kb_bank_depth(kb_arena *arena, const kb_draw_input *in, kb_depth **depths, kb_err *err)
{
	kb_stock stock;
	kb_depth *list = kb_arena_array(arena, in->rules.unit_count, sizeof *list);
	if (!list) return kb_arena_check(arena, err);
	KB_TRY(kb_capacity_stock(arena, &in->pool, &in->rules, in->excluded, &stock, err));
	for (uint32_t u = 0; u < in->rules.unit_count; u++) {
		list[u] = (kb_depth) { .unit = u, .apart = stock.of_unit[u] };
		for (uint32_t i = 0; i < in->pool.count; i++)
			list[u].questions += !kb_pool_has(in->excluded, i) && in->pool.items[i].units >> u & 1;
	}
	qsort(list, in->rules.unit_count, sizeof *list, by_depth);
	*depths = list;
	return KB_OK;
}

kb_status kb_bank_law_load(kb_call *call, uint32_t trial, kb_bank_rules *rules, kb_draw_input *input, kb_err *err)
{
	const char *method = kb_call_text(call, "method");
	kb_even even;
	KB_TRY(kb_bank_rules_load(call, kb_call_text(call, "standard"), method, kb_call_text(call, "mapping"), rules, err));
	KB_TRY(kb_bank_pool_on(call, rules, call->day, input, err));
	KB_TRY(kb_paper_pool_check(call, method, input, err));
	/* A tried cap belongs to no specification, so that none kept is taken for it. */
	kb_status status = kb_weigh_pool(call, trial ? 0 : rules->specification_id,
		trial ? trial : kb_specification_cap(rules->specification), false, input, &even, err);
	return kb_cap_hint(status, kb_bank_words_of(call), err);
}

kb_status kb_bank_measure(kb_arena *arena, const kb_draw_input *input, kb_capacity *capacity, kb_err *err)
{
	*capacity = (kb_capacity) { .reason = "no question may be drawn" };
	if (input->pool.count == 0) return KB_OK;
	return kb_capacity_find(arena, &input->pool, &input->rules, input->excluded, 0, capacity, err);
}

const char *kb_bank_decimal(kb_arena *arena, double value)
{
	return kb_figure(arena, value, 4);
}
