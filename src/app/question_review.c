/* question review: what a reviewer needs, on one screen. */
#include "app/ops.h"

#include <string.h>

#include "app/approval.h"
#include "app/lint.h"
#include "app/question_view.h"
#include "engine/likeness.h"
#include "model/workflow.h"

typedef struct review {
	kb_call *call;
	kb_q_item_by_key_row row;
	const kb_q_version_all_row *version, *approved; /* approved: the last one that was, NULL for none */
	kb_node *body;
	kb_item item;
	kb_loaded loaded;
	const kb_method *method;
} review;

static kb_status load(review *r, kb_err *err)
{
	kb_call *call = r->call;
	kb_q_version_all_row *rows;
	size_t count;
	KB_TRY(kb_load_versions(call, kb_call_text(call, "id"), &r->row, &rows, &count, err));
	KB_TRY(kb_call_reads_item(call, r->row.id, err));
	int64_t wanted = kb_call_int(call, "version") ? kb_call_int(call, "version") : rows[count - 1].number;
	if (wanted > (int64_t)count) {
		kb_fail(err, KB_NOT_FOUND, "version.none", "there is no version %lld of %s", (long long)wanted,
			kb_call_text(call, "id"));
		return kb_hint(err, "its newest version is %lld", (long long)rows[count - 1].number);
	}
	r->version = &rows[wanted - 1];
	for (const kb_q_version_all_row *v = rows; v <= r->version; v++)
		if (v->approver) r->approved = v;
	KB_TRY(kb_load_body(call, r->version->body, &r->body, err));
	KB_TRY(kb_item_read(call->arena, r->body, strcmp(r->row.kind, "question") != 0, &r->item, err));
	KB_TRY(kb_load_standard(call, r->row.standard, &r->loaded, err));
	return kb_load_method(call, &r->loaded, r->row.method, &r->method, err);
}

static kb_status show_text(review *r, kb_err *err)
{
	kb_call *call = r->call;
	kb_node *moves, *result = call->result;
	kb_node_set_text(call->arena, result, "id", r->item.id.text);
	kb_node_set_int(call->arena, result, "version", r->version->number);
	kb_node_set_text(call->arena, result, "state", r->version->state);
	kb_node_set_text(call->arena, result, "overruled", r->version->overruled ? r->version->overruled : "");
	kb_node_set_text(call->arena, result, "author", r->version->author);
	kb_node_set_text(call->arena, result, "standard", r->row.standard);
	kb_node_set_text(call->arena, result, "method", r->row.method);
	kb_node_set(call->arena, result, "content", r->body);
	kb_node_set(call->arena, result, "ksbs", kb_view_ksbs(call->arena, r->loaded.standard, &r->item));
	kb_view_guidance(call, "pass", r->method, r->item.pass);
	kb_view_guidance(call, "distinction", r->method, r->item.distinction);
	kb_node_set_text(
		call->arena, result, "unsettled", kb_approval_unsettled(call->arena, r->loaded.standard, &r->item));
	KB_TRY(kb_view_moves(call, r->row.id, 0, &moves, err));
	kb_node_set(call->arena, result, "moves", moves);
	return KB_OK;
}

static kb_status show_changes(review *r, kb_err *err)
{
	kb_call *call = r->call;
	kb_node *before, *changes;
	if (!r->approved) return KB_OK;
	kb_node *approved = kb_node_set(call->arena, call->result, "approved", kb_node_map(call->arena));
	KB_TRY(kb_load_body(call, r->approved->body, &before, err));
	KB_TRY(kb_view_changes(call, before, r->body, &changes, err));
	kb_node_set_int(call->arena, approved, "version", r->approved->number);
	kb_node_set_text(call->arena, approved, "by", r->approved->approver);
	kb_node_set_text(call->arena, approved, "on", r->approved->approved_on);
	kb_node_set_text(call->arena, approved, "lapses_on", r->approved->lapses_on);
	kb_node_set_bool(call->arena, approved, "same", r->approved == r->version);
	kb_node_set(call->arena, approved, "changes", changes);
	return kb_arena_check(call->arena, err);
}

/* The items of the method, each in its newest version, but this one in the version under review. */
static kb_status load_items(
	review *r, kb_q_item_latest_all_row **rows, kb_item **ret, uint32_t *count, uint32_t *at, kb_err *err)
{
	kb_call *call = r->call;
	size_t n;
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, r->row.standard, r->row.method, rows, &n, err));
	kb_item *items = kb_arena_array(call->arena, n, sizeof *items);
	if (!items) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < n; i++) {
		kb_node *body;
		KB_TRY(kb_load_body(call, (*rows)[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp((*rows)[i].kind, "question") != 0, &items[i], err));
		if ((*rows)[i].id != r->row.id) continue;
		items[i] = r->item;
		*at = (uint32_t)i;
	}
	*ret = items;
	*count = (uint32_t)n;
	return KB_OK;
}

static const char *words_of(kb_arena *arena, const kb_item *item)
{
	const char *first = item->stem.text ? item->stem.text : item->title.text;
	const char *rest = item->is_theme ? item->brief.text : kb_texts_join(arena, &item->prompts, "\n");
	return kb_arena_printf(arena, "%s\n%s", first, rest);
}

static kb_status show_alike(
	review *r, const kb_q_item_latest_all_row *rows, const kb_item *items, uint32_t count, uint32_t at, kb_err *err)
{
	kb_call *call = r->call;
	kb_likes likes;
	const char **texts = kb_arena_array(call->arena, count, sizeof *texts);
	kb_node *list = kb_node_set(call->arena, call->result, "alike", kb_node_list(call->arena));
	for (uint32_t i = 0; texts && i < count; i++) texts[i] = words_of(call->arena, &items[i]);
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_likeness(call->arena, texts, count, KB_LIKENESS_NEAR, &likes, err));
	for (size_t i = 0; i < likes.count; i++) {
		const kb_like *like = &likes.list[i];
		if (like->a != at && like->b != at) continue;
		uint32_t other = like->a == at ? like->b : like->a;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", rows[other].key);
		kb_node_set_int(call->arena, entry, "per_mille", like->per_mille);
		kb_node_set_text(call->arena, entry, "text", texts[other]);
		KB_TRY(kb_call_reads_item(call, rows[other].id, err));
	}
	return KB_OK;
}

static kb_status show_findings(review *r, const kb_item *items, uint32_t count, kb_err *err)
{
	kb_call *call = r->call;
	kb_findings findings = { 0 };
	KB_TRY(kb_lint_items(call, r->loaded.standard, r->method, items, count, &findings, err));
	kb_node *list = kb_node_set(call->arena, call->result, "findings", kb_node_list(call->arena));
	for (size_t i = 0; i < findings.count; i++) {
		const kb_finding *finding = &findings.list[i];
		if (strcmp(finding->subject, r->item.id.text) != 0) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "severity", kb_severities[finding->severity]);
		kb_node_set_text(call->arena, entry, "rule", finding->id);
		kb_node_set_text(call->arena, entry, "message", finding->message);
		kb_node_set_text(call->arena, entry, "action", finding->action);
		if (finding->answer) kb_node_set_text(call->arena, entry, "answer", finding->answer);
	}
	return KB_OK;
}

static void show_checklist(review *r)
{
	kb_call *call = r->call;
	const kb_move *move = kb_move_find(kb_state_named(r->version->state), KB_STATE_APPROVED);
	kb_node *list = kb_node_set(call->arena, call->result, "checklist", kb_node_list(call->arena));
	for (size_t i = 0; i < kb_checklist_record.count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "point", kb_checklist_record.fields[i].key);
		kb_node_set_text(call->arena, entry, "question", kb_checklist_questions[i]);
	}
	kb_node_set_bool(call->arena, call->result, "own", kb_str_equal_fold(r->version->author, call->actor));
	kb_node_set_bool(call->arena, call->result, "can_be_approved", move && !(move->conditions & KB_MOVE_IMPORTED));
	kb_node_set_bool(call->arena, call->result, "can_be_returned",
		kb_move_find(kb_state_named(r->version->state), KB_STATE_RETURNED) != NULL);
}

static kb_status run_review(kb_call *call, kb_err *err)
{
	review r = { .call = call };
	kb_q_item_latest_all_row *rows;
	kb_item *items = NULL;
	uint32_t count = 0, at = 0;
	KB_TRY(load(&r, err));
	KB_TRY(show_text(&r, err));
	KB_TRY(show_changes(&r, err));
	KB_TRY(load_items(&r, &rows, &items, &count, &at, err));
	KB_TRY(show_alike(&r, rows, items, count, at, err));
	KB_TRY(show_findings(&r, items, count, err));
	show_checklist(&r);
	return kb_arena_check(call->arena, err);
}

static const kb_arg args[] = {
	{ "id", KB_ARG_TEXT, .place = true, .required = true, .help = "of the question or theme, as in ST0648-PD1-01" },
	{ "version", KB_ARG_INT, .help = "an older version; without it the newest" },
};

const kb_op kb_op_question_review = {
	.name = "question review",
	.summary = "Show all that a reviewer needs: text, changes, KSBs, what is alike, findings, checklist",
	.help = "The changes are those since the version that was approved last, word by word: [-gone-] {+new+}.\n\n"
			"    ksbank question review ST0648-PD1-01",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = args,
	.arg_count = KB_COUNT(args),
	.run = run_review,
	.screen = "question-review",
	.confidential = true,
	.answer =
		"id, version, state, overruled: as in question show, author, standard, method; content: as in the files; ksbs: list of "
		"{code, text}; pass, distinction: {shows, descriptors}; unsettled: KSBs whose wording is in dispute; moves: as in question "
		"history; approved: {version, by, on, lapses_on, same, changes}, missing where none was; alike: list of {id, "
		"per_mille, text}; findings: list of {severity, rule, message, action, answer}; checklist: list of {point, "
		"question}; own: whether you wrote it; can_be_approved, can_be_returned",
};
