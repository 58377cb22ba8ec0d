/* audit reviews: the state of each item, who approved it until when, and how approvals were made. */
#include "app/audit.h"

#include <stdio.h>
#include <string.h>

#include "app/ops.h"

static const char *const states[] = { "in force", "lapsed", "suspended", "draft", "submitted", "returned", "retired" };

static const char *state_of(const kb_call *call, const kb_q_audit_items_row *row)
{
	if (strcmp(row->state, "approved") != 0) return row->state;
	if (!row->approved_on) return "submitted"; /* approved after the day only */
	return strcmp(call->day_text, row->lapses_on) < 0 ? "in force" : "lapsed";
}

static kb_status days_between(const kb_call *call, const char *due, int64_t *days, kb_err *err)
{
	kb_day day;
	KB_TRY(kb_date_parse(due, &day, err));
	*days = (int64_t)day - call->day;
	return KB_OK;
}

static kb_status add_item(kb_call *call, const kb_q_audit_items_row *row, const char *state, kb_node *list, kb_err *err)
{
	kb_arena *arena = call->arena;
	int64_t days = 0;
	bool due = strcmp(state, "in force") == 0 || strcmp(state, "lapsed") == 0;
	if (due) KB_TRY(days_between(call, row->lapses_on, &days, err));
	kb_node *map = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, map, "id", row->key);
	kb_node_set_int(arena, map, "version", row->version);
	kb_node_set_text(arena, map, "method", row->method);
	kb_node_set_text(arena, map, "type", row->kind);
	kb_node_set_text(arena, map, "state", state);
	kb_node_set_text(arena, map, "author", row->author);
	kb_node_set_text(arena, map, "approver", row->approver ? row->approver : "");
	kb_node_set_text(arena, map, "approved_on", row->approved_on ? row->approved_on : "");
	kb_node_set_text(arena, map, "due", row->lapses_on ? row->lapses_on : "");
	kb_node_set_text(arena, map, "days_left", !due ? "" : kb_arena_printf(arena, "%lld", (long long)days));
	return kb_arena_check(arena, err);
}

static kb_status add_items(kb_call *call, const char *standard, const char *method, kb_node *result, kb_err *err)
{
	kb_q_audit_items_row *rows;
	size_t count;
	int64_t counts[KB_COUNT(states)] = { 0 };
	KB_TRY(kb_q_audit_items(call->sql, call->arena, standard, method, call->day_text, &rows, &count, err));
	kb_node *items = kb_node_set(call->arena, result, "items", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		const char *state = state_of(call, &rows[i]);
		for (size_t s = 0; s < KB_COUNT(states); s++) counts[s] += strcmp(states[s], state) == 0;
		KB_TRY(add_item(call, &rows[i], state, items, err));
	}
	kb_node *list = kb_node_set(call->arena, result, "counts", kb_node_list(call->arena));
	for (size_t s = 0; s < KB_COUNT(states); s++) {
		kb_node *map = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, map, "state", states[s]);
		kb_node_set_int(call->arena, map, "versions", counts[s]);
	}
	return kb_arena_check(call->arena, err);
}

static kb_status add_own(kb_call *call, const char *standard, const char *method, kb_node *result, kb_err *err)
{
	kb_q_audit_own_approvals_row *rows;
	size_t count;
	KB_TRY(kb_q_audit_own_approvals(call->sql, call->arena, standard, method, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, result, "own_approvals", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *map = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, map, "id", rows[i].key);
		kb_node_set_int(call->arena, map, "version", rows[i].version);
		kb_node_set_text(call->arena, map, "author", rows[i].author);
		kb_node_set_text(call->arena, map, "on", rows[i].made_on);
	}
	kb_node_set_int(call->arena, result, "own_approval_count", (int64_t)count);
	return kb_arena_check(call->arena, err);
}

static kb_status add_batches(kb_call *call, const char *standard, const char *method, kb_node *result, kb_err *err)
{
	kb_q_audit_batches_row *rows;
	size_t count;
	KB_TRY(kb_q_audit_batches(call->sql, call->arena, standard, method, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, result, "batches", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *map = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, map, "person", rows[i].person);
		kb_node_set_text(call->arena, map, "minute", rows[i].minute);
		kb_node_set_int(call->arena, map, "approvals", rows[i].approvals);
		kb_node_set_int(call->arena, map, "entries", rows[i].entries);
		kb_node_set_int(call->arena, map, "most", rows[i].most);
		kb_node_set_int(call->arena, map, "first", rows[i].first);
	}
	kb_node_set_bool(call->arena, result, "some_batches", count > 0);
	return kb_arena_check(call->arena, err);
}

static kb_status add_signoffs(kb_call *call, const char *standard, const char *method, kb_node *result, kb_err *err)
{
	kb_q_audit_signoffs_row *rows;
	size_t count;
	KB_TRY(kb_q_audit_signoffs(call->sql, call->arena, standard, method, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, result, "signoffs", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *map = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, map, "review", rows[i].review);
		kb_node_set_text(call->arena, map, "method", rows[i].method);
		kb_node_set_text(call->arena, map, "opened", rows[i].opened_on);
		kb_node_set_text(call->arena, map, "closed", rows[i].closed_on);
		kb_node_set_text(call->arena, map, "by", rows[i].closed_by);
		kb_node_set_int(call->arena, map, "items", rows[i].items);
	}
	return kb_arena_check(call->arena, err);
}

kb_status kb_audit_reviews(kb_call *call, const char *standard, const char *method, kb_node *map, kb_err *err)
{
	kb_node_set_text(call->arena, map, "standard", standard);
	kb_node_set_text(call->arena, map, "date", call->day_text);
	KB_TRY(add_items(call, standard, method, map, err));
	KB_TRY(add_own(call, standard, method, map, err));
	KB_TRY(add_batches(call, standard, method, map, err));
	return add_signoffs(call, standard, method, map, err);
}

static kb_status run_reviews(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	const char *standard = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, standard, &loaded, err));
	if (id) KB_TRY(kb_load_method(call, &loaded, id, &method, err));
	return kb_audit_reviews(call, standard, id, call->result, err);
}

static const kb_arg reviews_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .help = "only this method" },
};

const kb_op kb_op_audit_reviews = {
	.name = "audit reviews",
	.summary = "Show who wrote and who approved each item, when it is due, and how approvals were made",
	.help = "Each item's newest version, and beside it the one that is approved while a newer is in preparation.\n"
			"Approvals by an author must be none. Many approvals by one person in one minute or in one entry of the\n"
			"log are allowed, and shown.\n\n"
			"    ksbank audit reviews ST0648/1.0 professional-discussion",
	.permission = KB_MAY_AUDIT,
	.store = KB_OP_READS,
	.args = reviews_args,
	.arg_count = KB_COUNT(reviews_args),
	.run = run_reviews,
	.screen = "audit-reviews",
	.answer =
		"standard, date; items: list of {id, version, method, type, state, author, approver, approved_on, due, "
		"days_left: below 0 since it lapsed}; counts: list of {state, versions}; own_approvals: list of {id, "
		"version, author, on}, own_approval_count; batches: list of {person, minute, approvals, entries, most: in "
		"one entry, first: entry}, some_batches; signoffs: list of {review, method, opened, closed, by, items}",
};
