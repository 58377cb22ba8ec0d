/* question list, show, history, diff. */
#include "app/ops.h"

#include <string.h>

#include "app/drawable.h"
#include "app/question_view.h"
#include "exchange/bank.h"
#include "model/workflow.h"

static bool wanted(const kb_call *call, const kb_q_item_latest_all_row *row, const kb_item *item)
{
	const char *theme = kb_call_text(call, "theme"), *ksb = kb_call_text(call, "ksb"),
			   *state = kb_call_text(call, "state");
	return (!theme || kb_str_equal(item->theme.text, theme)) && (!ksb || kb_texts_have(&item->ksbs, ksb)) &&
	       (!state || strcmp(row->state, state) == 0);
}

static void add_row(kb_call *call, kb_node *list, const kb_q_item_latest_all_row *row, const kb_item *item,
	const kb_drawables *drawables)
{
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "id", row->key);
	kb_node_set_int(call->arena, entry, "version", row->version);
	kb_node_set_text(call->arena, entry, "state", row->state);
	kb_drawables_write(call->arena, drawables, row->id, entry);
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
	kb_drawables drawables;
	size_t count;
	const char *standard = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, standard, &loaded, err));
	if (id) KB_TRY(kb_load_method(call, &loaded, id, &method, err));
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, standard, id, &rows, &count, err));
	KB_TRY(kb_drawables_find(call, &loaded, 0, &drawables, err));
	kb_node *list = kb_node_set(call->arena, call->result, "questions", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < count; i++) {
		kb_node *body;
		kb_item item;
		KB_TRY(kb_load_body(call, rows[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp(rows[i].kind, "question") != 0, &item, err));
		if (!wanted(call, &rows[i], &item)) continue;
		add_row(call, list, &rows[i], &item, &drawables);
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
	{ "state", KB_ARG_WORD, .help = "only where the newest version is in this state", .words = kb_states },
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
	.answer =
		"standard; questions: list of {id, version, state: of that newest version, drawable: the version that may be "
		"drawn on the day, missing where none may, method, type, theme, ksb_list, kind, minutes, text}; count",
};

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
		if (rows[i].number == number) *ret = &rows[i];
	if (*ret) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "version.none", "there is no version %lld of %s", (long long)number,
		kb_call_text(call, "id"));
	return kb_hint(err, "its newest version is %lld", (long long)rows[count - 1].number);
}

static kb_status set_drawable(kb_call *call, const kb_loaded *loaded, const kb_q_item_by_key_row *item, kb_err *err)
{
	kb_drawables drawables;
	KB_TRY(kb_drawables_find(call, loaded, item->id, &drawables, err));
	kb_drawables_write(call->arena, &drawables, item->id, call->result);
	return KB_OK;
}

/* The item as a file to be edited. Whoever edits it is its author, so that it names none. */
static kb_status set_file(kb_call *call, const kb_q_item_by_key_row *row, kb_item item, kb_err *err)
{
	kb_buf text = { .arena = call->arena };
	kb_node *items = kb_node_list(call->arena);
	item.author = (kb_text) { 0 };
	kb_node_add(call->arena, items, kb_item_write(call->arena, &item));
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_bank_write_items(
		call->arena, row->standard, row->method, item.is_theme ? "case-study-themes" : "questions", items, &text, err));
	kb_node_set_text(call->arena, call->result, "text", text.text);
	return KB_OK;
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
	KB_TRY(kb_load_versions(call, kb_call_text(call, "id"), &item_row, &rows, &count, err));
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
	kb_node_set(call->arena, call->result, "ksbs", kb_view_ksbs(call->arena, loaded.standard, &item));
	kb_view_guidance(call, "pass", method, item.pass);
	kb_view_guidance(call, "distinction", method, item.distinction);
	set_approval(call, call->result, row);
	kb_node_set_text(call->arena, call->result, "state", row->state);
	kb_node_set_text(call->arena, call->result, "overruled", row->overruled ? row->overruled : "");
	kb_node_set_text(call->arena, call->result, "digest", row->digest);
	if (kb_call_flag(call, "yaml")) KB_TRY(set_file(call, &item_row, item, err));
	return set_drawable(call, &loaded, &item_row, err);
}

static const kb_arg show_args[] = {
	{ "id", KB_ARG_TEXT, .place = true, .required = true, .help = "of the question or theme, as in ST0648-PD1-01" },
	{ "version", KB_ARG_INT, .help = "an older version; without it the newest" },
	{ "yaml", KB_ARG_FLAG, .help = "as a file, to be edited" },
};

const kb_op kb_op_question_show = {
	.name = "question show",
	.summary = "Show one question or case-study theme",
	.help = "    ksbank question show ST0648-PD1-01\n"
			"    ksbank question show ST0648-PD1-01 --yaml > mine.yaml",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = KB_COUNT(show_args),
	.run = run_show,
	.screen = "question-show",
	.confidential = true,
	.answer =
		"id, version, state, standard, method, type, ksb_list, digest; overruled: KSBs of which it follows a wording "
		"that was decided against; drawable: the version that may be drawn on the day, missing where none may; content: as in the files; ksbs: list of "
		"{code, text}; pass, distinction: {shows, descriptors}; approval: {by, on, lapses_on, in_force}; "
		"text: the file, with --yaml",
};

static kb_status run_history(kb_call *call, kb_err *err)
{
	kb_q_item_by_key_row item = { 0 };
	kb_q_version_all_row *rows;
	size_t count;
	kb_loaded loaded;
	KB_TRY(kb_load_versions(call, kb_call_text(call, "id"), &item, &rows, &count, err));
	kb_node_set_text(call->arena, call->result, "id", kb_call_text(call, "id"));
	kb_node *list = kb_node_set(call->arena, call->result, "versions", kb_node_list(call->arena)), *moves;
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_int(call->arena, entry, "version", rows[i].number);
		kb_node_set_text(call->arena, entry, "author", rows[i].author);
		kb_node_set_text(call->arena, entry, "state", rows[i].state);
		kb_node_set_text(call->arena, entry, "overruled", rows[i].overruled ? rows[i].overruled : "");
		kb_node_set_text(call->arena, entry, "digest", rows[i].digest);
		set_approval(call, entry, &rows[i]);
		KB_TRY(kb_view_moves(call, item.id, rows[i].number, &moves, err));
		kb_node_set(call->arena, entry, "moves", moves);
	}
	KB_TRY(kb_load_standard(call, item.standard, &loaded, err));
	return set_drawable(call, &loaded, &item, err);
}

const kb_op kb_op_question_history = {
	.name = "question history",
	.summary = "List the versions of a question and all that happened to each: who, when, why",
	.help = "    ksbank question history ST0648-PD1-01",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = 1,
	.run = run_history,
	.screen = "question-history",
	.answer =
		"id; versions: list of {version, author, state, overruled: as in question show, digest, approval: the newest, moves: list of {version, state, by, "
		"on, lapses_on, reason, comments: list of {at, text}, checklist}}; drawable: the version that may be drawn on the day",
};

static kb_status run_diff(kb_call *call, kb_err *err)
{
	kb_q_item_by_key_row item = { 0 };
	kb_q_version_all_row *rows;
	const kb_q_version_all_row *from, *to;
	size_t count;
	kb_node *before, *after, *list;
	KB_TRY(kb_load_versions(call, kb_call_text(call, "id"), &item, &rows, &count, err));
	KB_TRY(kb_call_reads_item(call, item.id, err));
	int64_t newest = rows[count - 1].number;
	KB_TRY(pick(call, "to", rows, count, newest, &to, err));
	KB_TRY(pick(call, "from", rows, count, to->number > 1 ? to->number - 1 : 1, &from, err));
	KB_TRY(kb_load_body(call, from->body, &before, err));
	KB_TRY(kb_load_body(call, to->body, &after, err));
	kb_node_set_text(call->arena, call->result, "id", kb_call_text(call, "id"));
	kb_node_set_int(call->arena, call->result, "from", from->number);
	kb_node_set_int(call->arena, call->result, "to", to->number);
	KB_TRY(kb_view_changes(call, before, after, &list, err));
	kb_node_set(call->arena, call->result, "changes", list);
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
	.summary = "Show what changed between two versions of a question, word by word",
	.help = "    ksbank question diff ST0648-PD1-01 --from 1 --to 2",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = diff_args,
	.arg_count = KB_COUNT(diff_args),
	.run = run_diff,
	.screen = "question-diff",
	.confidential = true,
	.answer =
		"id, from, to; changes: list of {field, before, after, parts: list of {same}, {gone} or {new}, word by word}; same",
};
