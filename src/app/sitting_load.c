#include "app/sitting_load.h"

#include <string.h>

#include "app/paper_pool.h"

static kb_status broken(const kb_sat *sat, kb_err *err)
{
	return kb_fail(err, KB_CORRUPT, "paper.form", "what the store holds of the paper %s does not fit together",
		sat->paper.row.key);
}

static kb_status load_method(kb_call *call, kb_sat *sat, kb_err *err)
{
	kb_q_standard_numbered_row row = { 0 };
	kb_standard *standard;
	bool found;
	int64_t number = kb_node_get_int(sat->paper.snapshot, "standard_version", 0);
	KB_TRY(kb_q_standard_numbered(call->sql, call->arena, sat->paper.row.standard, number, &row, &found, err));
	if (!found) return broken(sat, err);
	KB_TRY(kb_load_standard_body(call, row.body, &standard, err));
	sat->method = kb_standard_method(standard, sat->paper.row.method);
	return sat->method ? KB_OK : broken(sat, err);
}

/* The paper's grading themes list its units in the order of the draw record. */
static kb_status read_units(kb_call *call, kb_sat *sat, kb_err *err)
{
	const kb_node *themes = kb_node_get(sat->paper.snapshot, "themes");
	uint32_t count = sat->held.rules.unit_count, n = 0;
	sat->held.units = kb_arena_array(call->arena, count, sizeof *sat->held.units);
	if (!sat->held.units) return kb_arena_check(call->arena, err);
	for (size_t t = 0; themes && t < themes->count; t++) {
		const kb_node *units = kb_node_get(themes->items[t], "units");
		for (size_t u = 0; units && u < units->count && n < count; u++)
			sat->held.units[n++] = (kb_unit) { kb_node_get_text(themes->items[t], "id", ""),
				kb_node_get_text(units->items[u], "ksb", "") };
	}
	return n == count ? KB_OK : broken(sat, err);
}

static kb_status read_questions(kb_call *call, const kb_draw_input *input, kb_sat *sat, kb_err *err)
{
	const kb_node *questions = kb_node_get(sat->paper.snapshot, "questions");
	kb_sat_paper *held = &sat->held;
	held->questions = kb_arena_array(call->arena, questions->count, sizeof *held->questions);
	held->themes = kb_arena_array(call->arena, questions->count, sizeof *held->themes);
	held->covers = kb_arena_array(call->arena, questions->count, sizeof *held->covers);
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < questions->count; i++) {
		const char *id = kb_node_get_text(questions->items[i], "id", "");
		uint32_t p = 0;
		while (p < input->pool.count && strcmp(input->pool.items[p].key, id) != 0) p++;
		if (p == input->pool.count) return broken(sat, err);
		held->questions[i] = id;
		held->themes[i] = kb_node_get_text(questions->items[i], "theme", "");
		held->covers[i] = input->pool.items[p].units;
	}
	held->question_count = (uint32_t)questions->count;
	return KB_OK;
}

static kb_status read_paper(kb_call *call, kb_sat *sat, kb_err *err)
{
	kb_draw_input input;
	const kb_node *checklist = kb_node_get(sat->paper.snapshot, "checklist");
	const kb_plan_rule *own = kb_rule_find(&sat->method->rules, "own-questions");
	kb_sat_paper *held = &sat->held;
	KB_TRY(kb_paper_pool_read(call->arena, sat->paper.record, &input, err));
	held->key = sat->paper.row.key;
	held->rules = input.rules;
	held->grades = sat->method->grades;
	held->least_questions = kb_node_get_int(sat->paper.snapshot, "least_questions", 0);
	held->own_required = own && kb_str_equal(own->value.text, "required");
	held->letters.list = kb_arena_array(call->arena, checklist ? checklist->count : 0, sizeof *held->letters.list);
	for (size_t i = 0; held->letters.list && checklist && i < checklist->count; i++)
		held->letters.list[held->letters.count++].text = kb_node_get_text(checklist->items[i], "letter", "");
	KB_TRY(read_units(call, sat, err));
	return read_questions(call, &input, sat, err);
}

kb_status kb_load_sat(kb_call *call, const char *key, kb_sat *sat, kb_err *err)
{
	*sat = (kb_sat) { 0 };
	KB_TRY(kb_load_paper(call, key, &sat->paper, err));
	if (!kb_node_get(sat->paper.snapshot, "questions")) {
		kb_fail(err, KB_REFUSED, "sitting.part", "%s holds no questions to ask", sat->paper.row.key);
		return kb_hint(err, "name the paper with the questions of the sitting; see: ksbank paper list");
	}
	KB_TRY(load_method(call, sat, err));
	KB_TRY(read_paper(call, sat, err));
	return kb_q_sitting_all(call->sql, call->arena, sat->paper.id, &sat->records, &sat->record_count, err);
}

kb_status kb_load_sat_record(kb_call *call, const kb_sat *sat, int64_t number, kb_sat_record *record, kb_err *err)
{
	const char *key = sat->paper.row.key;
	kb_node *body;
	kb_faults faults = { .arena = call->arena };
	if (sat->record_count == 0) {
		kb_fail(err, KB_NOT_FOUND, "sitting.unrecorded", "the sitting of %s has not been recorded", key);
		return kb_hint(err, "write the form and record it: ksbank sitting form %s --output FILE", key);
	}
	if (number > (int64_t)sat->record_count) {
		kb_fail(err, KB_NOT_FOUND, "sitting.unrecorded", "%s has no record %lld", key, (long long)number);
		return kb_hint(err, "the newest is record %zu", sat->record_count);
	}
	record->row = &sat->records[(number ? (size_t)number : sat->record_count) - 1];
	KB_TRY(kb_load_body(call, record->row->body, &body, err));
	record->node = kb_node_get(body, "sitting");
	record->found = kb_node_get(body, "found");
	if (!record->node || !record->found) return broken(sat, err);
	KB_TRY(kb_sitting_read(call->arena, record->node, &faults, &record->sitting, err));
	return faults.count ? broken(sat, err) : KB_OK;
}
