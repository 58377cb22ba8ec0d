#include "app/question_view.h"

#include "app/load.h"
#include "text/diff.h"

/* A value on one line, for the two sides of a difference. */
static const char *flat(kb_arena *arena, const kb_node *node)
{
	kb_buf out = { .arena = arena };
	if (!node) return "(nothing)";
	switch (node->kind) {
	case KB_NODE_NULL: return "(nothing)";
	case KB_NODE_BOOL: return node->boolean ? "yes" : "no";
	case KB_NODE_INT: return kb_arena_printf(arena, "%lld", (long long)node->integer);
	case KB_NODE_TEXT: return node->text;
	case KB_NODE_LIST:
		for (size_t i = 0; i < node->count; i++)
			kb_buf_printf(&out, "%s%s", i ? "; " : "", flat(arena, node->items[i]));
		return kb_buf_string(&out);
	case KB_NODE_MAP:
		for (size_t i = 0; i < node->pair_count; i++)
			kb_buf_printf(&out, "%s%s: %s", i ? "; " : "", node->pairs[i].key, flat(arena, node->pairs[i].value));
		return kb_buf_string(&out);
	}
	return "";
}

static kb_status compare(
	kb_arena *arena, kb_node *list, const char *key, const kb_node *before, const kb_node *after, kb_err *err)
{
	static const char *const kinds[] = { [KB_DIFF_SAME] = "same", [KB_DIFF_GONE] = "gone", [KB_DIFF_NEW] = "new" };
	kb_diff diff;
	if (kb_node_equal(before, after)) return KB_OK;
	const char *from = flat(arena, before), *to = flat(arena, after);
	KB_TRY(kb_arena_check(arena, err));
	KB_TRY(kb_diff_words(arena, before ? from : "", after ? to : "", &diff, err));
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "field", key);
	kb_node_set_text(arena, entry, "before", from);
	kb_node_set_text(arena, entry, "after", to);
	kb_node *parts = kb_node_set(arena, entry, "parts", kb_node_list(arena));
	for (size_t i = 0; i < diff.count; i++) {
		kb_node *part = kb_node_add(arena, parts, kb_node_map(arena));
		kb_node_set_text(arena, part, kinds[diff.parts[i].kind], diff.parts[i].text);
	}
	return KB_OK;
}

kb_status kb_view_changes(kb_call *call, const kb_node *before, const kb_node *after, kb_node **list, kb_err *err)
{
	*list = kb_node_list(call->arena);
	for (size_t i = 0; i < before->pair_count; i++) {
		const char *key = before->pairs[i].key;
		KB_TRY(compare(call->arena, *list, key, before->pairs[i].value, kb_node_get(after, key), err));
	}
	for (size_t i = 0; i < after->pair_count; i++) {
		const char *key = after->pairs[i].key;
		if (!kb_node_get(before, key)) KB_TRY(compare(call->arena, *list, key, NULL, after->pairs[i].value, err));
	}
	return kb_arena_check(call->arena, err);
}

kb_node *kb_view_ksbs(kb_arena *arena, const kb_standard *standard, const kb_item *item)
{
	kb_node *list = kb_node_list(arena);
	for (size_t i = 0; i < item->ksbs.count; i++) {
		const kb_ksb *ksb = kb_standard_ksb(standard, item->ksbs.list[i].text);
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "code", item->ksbs.list[i].text);
		kb_node_set_text(
			arena, entry, "text", ksb && ksb->text.text ? ksb->text.text : "DISPUTED: see ksbank standard show");
	}
	return list;
}

void kb_view_guidance(kb_call *call, const char *key, const kb_method *method, const kb_guidance *guidance)
{
	if (!guidance) return;
	kb_node *map = kb_node_set(call->arena, call->result, key, kb_node_map(call->arena));
	kb_node_set_text(call->arena, map, "shows", guidance->shows.text);
	kb_node *list = kb_node_set(call->arena, map, "descriptors", kb_node_list(call->arena));
	for (size_t i = 0; i < guidance->descriptors.count; i++) {
		const char *id = guidance->descriptors.list[i].text, *text = kb_method_descriptor(method, id);
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", id);
		kb_node_set_text(call->arena, entry, "text", text ? text : "");
	}
}

static kb_status add_move(kb_call *call, kb_node *list, const kb_q_move_all_row *row, kb_err *err)
{
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena)), *detail;
	kb_node_set_int(call->arena, entry, "version", row->number);
	kb_node_set_text(call->arena, entry, "state", row->state);
	kb_node_set_text(call->arena, entry, "by", row->made_by);
	kb_node_set_text(call->arena, entry, "on", row->made_on);
	if (row->lapses_on) kb_node_set_text(call->arena, entry, "lapses_on", row->lapses_on);
	if (row->reason) kb_node_set_text(call->arena, entry, "reason", row->reason);
	if (!row->detail) return KB_OK;
	KB_TRY(kb_load_body(call, row->detail, &detail, err));
	for (size_t i = 0; i < detail->pair_count; i++)
		kb_node_set(call->arena, entry, detail->pairs[i].key, detail->pairs[i].value);
	return KB_OK;
}

kb_status kb_view_moves(kb_call *call, int64_t item, int64_t version, kb_node **list, kb_err *err)
{
	kb_q_move_all_row *rows;
	size_t count;
	KB_TRY(kb_q_move_all(call->sql, call->arena, item, &rows, &count, err));
	*list = kb_node_list(call->arena);
	for (size_t i = 0; i < count; i++)
		if (!version || rows[i].number == version) KB_TRY(add_move(call, *list, &rows[i], err));
	return kb_arena_check(call->arena, err);
}
