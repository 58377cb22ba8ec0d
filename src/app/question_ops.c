/* question list, show, history, diff. */
#include "app/ops.h"

#include <string.h>

#include "app/load.h"

static bool wanted(const kb_call *call, const kb_item *item)
{
	const char *theme = kb_call_text(call, "theme"), *ksb = kb_call_text(call, "ksb");
	return (!theme || kb_str_equal(item->theme.text, theme)) && (!ksb || kb_texts_have(&item->ksbs, ksb));
}

static void add_row(kb_call *call, kb_node *list, const kb_q_item_latest_all_row *row, const kb_item *item)
{
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "id", row->key);
	kb_node_set_int(call->arena, entry, "version", row->version);
	kb_node_set_text(call->arena, entry, "method", row->method);
	kb_node_set_text(call->arena, entry, "type", row->kind);
	kb_node_set_text(call->arena, entry, "theme", item->theme.text ? item->theme.text : "");
	kb_node_set_text(call->arena, entry, "ksb_list", kb_texts_join(call->arena, &item->ksbs, " "));
	kb_node_set_text(call->arena, entry, "kind", item->kind.set ? kb_question_kinds[item->kind.value] : "");
	kb_node_set_int(call->arena, entry, "minutes", item->minutes.value);
	kb_node_set_text(call->arena, entry, "text", item->stem.text ? item->stem.text : item->title.text);
}

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	kb_q_item_latest_all_row *rows;
	size_t count;
	const char *standard = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, standard, &loaded, err));
	if (id) KB_TRY(kb_load_method(call, &loaded, id, &method, err));
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, standard, id, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "questions", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < count; i++) {
		kb_node *body;
		kb_item item;
		KB_TRY(kb_load_body(call, rows[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp(rows[i].kind, "question") != 0, &item, err));
		if (!wanted(call, &item)) continue;
		add_row(call, list, &rows[i], &item);
		KB_TRY(kb_call_reads_item(call, rows[i].id, err));
	}
	kb_node_set_text(call->arena, call->result, "standard", standard);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)list->count);
	return KB_OK;
}

static const kb_arg list_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .help = "only this method" },
	{ "theme", KB_ARG_TEXT, .help = "only this grading theme, as in PD-1" },
	{ "ksb", KB_ARG_TEXT, .help = "only what carries this KSB, as in K5" },
};

const kb_op kb_op_question_list = {
	.name = "question list",
	.summary = "List the questions and case-study themes of a standard",
	.help = "    ksbank question list ST0648/1.0 professional-discussion --ksb K5",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = list_args,
	.arg_count = KB_COUNT(list_args),
	.run = run_list,
	.screen = "question-list",
	.confidential = true,
	.answer = "standard; questions: list of {id, version, method, type, theme, ksb_list, kind, minutes, text}; "
			  "count",
};

/* The versions of one item, oldest first; a version appears once for each approval. */
static kb_status load_versions(
	kb_call *call, kb_q_item_by_key_row *item, kb_q_version_all_row **rows, size_t *count, kb_err *err)
{
	const char *key = kb_call_text(call, "id");
	bool found;
	KB_TRY(kb_q_item_by_key(call->sql, call->arena, key, item, &found, err));
	if (!found) {
		kb_fail(err, KB_NOT_FOUND, "item.none", "the store holds no question or theme %.60s", key);
		return kb_hint(err, "see the ids with: ksbank question list STANDARD");
	}
	return kb_q_version_all(call->sql, call->arena, item->id, rows, count, err);
}

static void set_approval(kb_call *call, kb_node *map, const kb_q_version_all_row *row)
{
	if (!row->approver) return;
	kb_node *approval = kb_node_set(call->arena, map, "approval", kb_node_map(call->arena));
	bool in_force = strcmp(row->approved_on, call->day_text) <= 0 && strcmp(call->day_text, row->lapses_on) < 0;
	kb_node_set_text(call->arena, approval, "by", row->approver);
	kb_node_set_text(call->arena, approval, "on", row->approved_on);
	kb_node_set_text(call->arena, approval, "lapses_on", row->lapses_on);
	kb_node_set_bool(call->arena, approval, "in_force", in_force);
}

static kb_status pick(kb_call *call, const char *arg, const kb_q_version_all_row *rows, size_t count, int64_t otherwise,
	const kb_q_version_all_row **ret, kb_err *err)
{
	int64_t number = kb_call_int(call, arg) ? kb_call_int(call, arg) : otherwise;
	*ret = NULL;
	for (size_t i = 0; i < count; i++)
		if (rows[i].number == number) *ret = &rows[i]; /* the last: its newest approval */
	if (*ret) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "version.none", "there is no version %lld of %s", (long long)number,
		kb_call_text(call, "id"));
	return kb_hint(err, "its newest version is %lld", (long long)rows[count - 1].number);
}

static void add_guidance(kb_call *call, const char *key, const kb_method *method, const kb_guidance *guidance)
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

static void add_ksbs(kb_call *call, const kb_standard *standard, const kb_item *item)
{
	kb_node *list = kb_node_set(call->arena, call->result, "ksbs", kb_node_list(call->arena));
	for (size_t i = 0; i < item->ksbs.count; i++) {
		const kb_ksb *ksb = kb_standard_ksb(standard, item->ksbs.list[i].text);
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "code", item->ksbs.list[i].text);
		kb_node_set_text(
			call->arena, entry, "text", ksb && ksb->text.text ? ksb->text.text : "DISPUTED: see ksbank standard show");
	}
}

static kb_status run_show(kb_call *call, kb_err *err)
{
	kb_q_item_by_key_row item_row = { 0 };
	kb_q_version_all_row *rows;
	const kb_q_version_all_row *row;
	size_t count;
	kb_node *body;
	kb_item item;
	kb_loaded loaded;
	const kb_method *method;
	KB_TRY(load_versions(call, &item_row, &rows, &count, err));
	KB_TRY(kb_call_reads_item(call, item_row.id, err));
	KB_TRY(pick(call, "version", rows, count, rows[count - 1].number, &row, err));
	KB_TRY(kb_load_body(call, row->body, &body, err));
	KB_TRY(kb_item_read(call->arena, body, strcmp(item_row.kind, "question") != 0, &item, err));
	KB_TRY(kb_load_standard(call, item_row.standard, &loaded, err));
	KB_TRY(kb_load_method(call, &loaded, item_row.method, &method, err));
	kb_node_set_text(call->arena, call->result, "id", item.id.text);
	kb_node_set_int(call->arena, call->result, "version", row->number);
	kb_node_set_text(call->arena, call->result, "standard", item_row.standard);
	kb_node_set_text(call->arena, call->result, "method", item_row.method);
	kb_node_set_text(call->arena, call->result, "type", item_row.kind);
	kb_node_set_text(call->arena, call->result, "ksb_list", kb_texts_join(call->arena, &item.ksbs, " "));
	kb_node_set(call->arena, call->result, "content", body);
	add_ksbs(call, loaded.standard, &item);
	add_guidance(call, "pass", method, item.pass);
	add_guidance(call, "distinction", method, item.distinction);
	set_approval(call, call->result, row);
	kb_node_set_text(call->arena, call->result, "digest", row->digest);
	return KB_OK;
}

static const kb_arg show_args[] = {
	{ "id", KB_ARG_TEXT, .place = true, .required = true, .help = "of the question or theme, as in ST0648-PD1-01" },
	{ "version", KB_ARG_INT, .help = "an older version; without it the newest" },
};

const kb_op kb_op_question_show = {
	.name = "question show",
	.summary = "Show one question or case-study theme",
	.help = "    ksbank question show ST0648-PD1-01",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = KB_COUNT(show_args),
	.run = run_show,
	.screen = "question-show",
	.confidential = true,
	.answer = "id, version, standard, method, type, ksb_list, digest; content: as in the files; ksbs: list of "
			  "{code, text}; pass, distinction: {shows, descriptors}; approval: {by, on, lapses_on, in_force}",
};

static kb_status run_history(kb_call *call, kb_err *err)
{
	kb_q_item_by_key_row item = { 0 };
	kb_q_version_all_row *rows;
	size_t count;
	KB_TRY(load_versions(call, &item, &rows, &count, err));
	kb_node_set_text(call->arena, call->result, "id", kb_call_text(call, "id"));
	kb_node *list = kb_node_set(call->arena, call->result, "versions", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_int(call->arena, entry, "version", rows[i].number);
		kb_node_set_text(call->arena, entry, "author", rows[i].author);
		kb_node_set_text(call->arena, entry, "digest", rows[i].digest);
		set_approval(call, entry, &rows[i]);
	}
	return KB_OK;
}

const kb_op kb_op_question_history = {
	.name = "question history",
	.summary = "List the versions of a question with who wrote and who approved them",
	.help = "    ksbank question history ST0648-PD1-01",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = 1,
	.run = run_history,
	.screen = "question-history",
	.answer = "id; versions: list of {version, author, digest, approval}, once for each approval",
};

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

static void compare(kb_call *call, kb_node *list, const char *key, const kb_node *before, const kb_node *after)
{
	if (kb_node_equal(before, after)) return;
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "field", key);
	kb_node_set_text(call->arena, entry, "before", flat(call->arena, before));
	kb_node_set_text(call->arena, entry, "after", flat(call->arena, after));
}

static kb_status run_diff(kb_call *call, kb_err *err)
{
	kb_q_item_by_key_row item = { 0 };
	kb_q_version_all_row *rows;
	const kb_q_version_all_row *from, *to;
	size_t count;
	kb_node *before, *after;
	KB_TRY(load_versions(call, &item, &rows, &count, err));
	KB_TRY(kb_call_reads_item(call, item.id, err));
	int64_t newest = rows[count - 1].number;
	KB_TRY(pick(call, "to", rows, count, newest, &to, err));
	KB_TRY(pick(call, "from", rows, count, to->number > 1 ? to->number - 1 : 1, &from, err));
	KB_TRY(kb_load_body(call, from->body, &before, err));
	KB_TRY(kb_load_body(call, to->body, &after, err));
	kb_node_set_text(call->arena, call->result, "id", kb_call_text(call, "id"));
	kb_node_set_int(call->arena, call->result, "from", from->number);
	kb_node_set_int(call->arena, call->result, "to", to->number);
	kb_node *list = kb_node_set(call->arena, call->result, "changes", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < before->pair_count; i++)
		compare(call, list, before->pairs[i].key, before->pairs[i].value, kb_node_get(after, before->pairs[i].key));
	for (size_t i = 0; i < after->pair_count; i++)
		if (!kb_node_get(before, after->pairs[i].key))
			compare(call, list, after->pairs[i].key, NULL, after->pairs[i].value);
	kb_node_set_bool(call->arena, call->result, "same", list->count == 0);
	return KB_OK;
}

static const kb_arg diff_args[] = {
	{ "id", KB_ARG_TEXT, .place = true, .required = true, .help = "of the question or theme" },
	{ "from", KB_ARG_INT, .help = "the older version; without it the one before --to" },
	{ "to", KB_ARG_INT, .help = "the newer version; without it the newest" },
};

const kb_op kb_op_question_diff = {
	.name = "question diff",
	.summary = "Show what changed between two versions of a question",
	.help = "    ksbank question diff ST0648-PD1-01 --from 1 --to 2",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = diff_args,
	.arg_count = KB_COUNT(diff_args),
	.run = run_diff,
	.screen = "question-diff",
	.confidential = true,
	.answer = "id, from, to; changes: list of {field, before, after}; same",
};
