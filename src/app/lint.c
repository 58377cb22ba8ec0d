#include "app/lint.h"

#include <string.h>

static kb_status load_items(
	kb_call *call, const char *standard, const char *method, kb_item **ret, uint32_t *count, kb_err *err)
{
	kb_q_item_latest_all_row *rows;
	size_t row_count;
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, standard, method, &rows, &row_count, err));
	kb_item *items = kb_arena_array(call->arena, row_count, sizeof *items);
	if (!items) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < row_count; i++) {
		kb_node *body;
		KB_TRY(kb_load_body(call, rows[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp(rows[i].kind, "question") != 0, &items[i], err));
	}
	*ret = items;
	*count = (uint32_t)row_count;
	return KB_OK;
}

kb_status kb_lint_items(kb_call *call, const kb_standard *standard, const kb_method *method, const kb_item *items,
	uint32_t count, kb_findings *findings, kb_err *err)
{
	kb_loaded_specification loaded = { 0 };
	kb_err none = { 0 };
	kb_status status = kb_load_specification(call, standard->key.text, method->id.text, &loaded, &none);
	if (status != KB_OK && status != KB_REFUSED) { /* refused: it has none yet */
		*err = none;
		return status;
	}
	kb_question_set set = { .standard = standard,
		.method = method,
		.specification = status == KB_OK ? loaded.specification : NULL,
		.items = items,
		.count = count };
	return kb_question_lint(call->arena, &set, findings, err);
}

kb_status kb_lint_method(kb_call *call, const kb_standard *standard, const kb_method *method, kb_findings *findings,
	uint32_t *count, kb_err *err)
{
	kb_item *items = NULL;
	KB_TRY(load_items(call, standard->key.text, method->id.text, &items, count, err));
	return kb_lint_items(call, standard, method, items, *count, findings, err);
}

static int64_t count_open(const kb_findings *findings, const char *id)
{
	int64_t open = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const kb_finding *finding = &findings->list[i];
		open += finding->severity <= KB_SEVERITY_WARNING && !finding->answer && strcmp(finding->subject, id) == 0;
	}
	return open;
}

kb_status kb_lint_warn(kb_call *call, const kb_node *moved, kb_err *err)
{
	kb_q_item_by_key_row item = { 0 }, last = { 0 };
	kb_findings findings = { 0 };
	kb_node *list = kb_node_list(call->arena);
	for (size_t i = 0; i < moved->count; i++) {
		const char *id = kb_node_get_text(moved->items[i], "id", "");
		KB_TRY(kb_load_item(call, id, &item, err));
		if (!kb_str_equal(item.standard, last.standard) || !kb_str_equal(item.method, last.method)) {
			kb_loaded loaded;
			const kb_method *method;
			uint32_t count;
			findings = (kb_findings) { 0 };
			KB_TRY(kb_load_standard(call, item.standard, &loaded, err));
			KB_TRY(kb_load_method(call, &loaded, item.method, &method, err));
			KB_TRY(kb_lint_method(call, loaded.standard, method, &findings, &count, err));
			last = item;
		}
		int64_t open = count_open(&findings, id);
		if (!open) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", id);
		kb_node_set_int(call->arena, entry, "count", open);
	}
	if (list->count) kb_node_set(call->arena, call->result, "open", list);
	return kb_arena_check(call->arena, err);
}
