/* audit log: what was done, by whom, when; readable, newest last. */
#include "app/audit.h"

#include <string.h>

#include "app/ops.h"
#include "crypt/digest.h"

enum { PAGE = 40, ABOUT_MOST = 60 };

/* What an entry is about, in a few words: what it wrote, or what it was asked; digests say nothing to a reader. */
static void tell(kb_buf *out, const kb_node *map)
{
	for (size_t i = 0; map && map->kind == KB_NODE_MAP && i < map->pair_count; i++) {
		const kb_node *value = map->pairs[i].value;
		const char *gap = out->length ? ", " : "";
		kb_digest digest;
		if (out->length > ABOUT_MOST) return;
		if (value->kind == KB_NODE_INT)
			kb_buf_printf(out, "%s%s %lld", gap, map->pairs[i].key, (long long)value->integer);
		else if (value->kind == KB_NODE_TEXT && !kb_digest_parse(value->text, &digest))
			kb_buf_printf(out, "%s%s %s", gap, map->pairs[i].key, value->text);
		else if (value->kind == KB_NODE_LIST) kb_buf_printf(out, "%s%zu %s", gap, value->count, map->pairs[i].key);
	}
}

kb_status kb_audit_entry(kb_call *call, const kb_q_audit_log_row *row, kb_node *map, kb_err *err)
{
	static const char *const whole[] = { "arguments", "effects", "rows" };
	kb_node *detail;
	kb_buf about = { .arena = call->arena };
	KB_TRY(kb_load_body(call, row->detail, &detail, err));
	const char *clock = kb_node_get_text(detail, "clock", "");
	tell(&about, kb_node_get(detail, "effects"));
	if (!about.length) tell(&about, kb_node_get(detail, "arguments"));
	kb_node_set_int(call->arena, map, "number", row->sequence);
	kb_node_set_text(call->arena, map, "operation", row->operation);
	kb_node_set_text(call->arena, map, "person", row->actor);
	kb_node_set_text(call->arena, map, "day", row->day);
	kb_node_set_text(call->arena, map, "clock", clock);
	kb_node_set_bool(call->arena, map, "other_day", *clock && strncmp(clock, row->day, strlen(row->day)) != 0);
	kb_node_set_text(call->arena, map, "about", kb_buf_string(&about));
	for (size_t i = 0; i < KB_COUNT(whole); i++) {
		kb_node *value = kb_node_get(detail, whole[i]);
		kb_node_set(call->arena, map, whole[i], value ? value : kb_node_map(call->arena));
	}
	kb_node_set_text(call->arena, map, "previous", row->previous);
	kb_node_set_text(call->arena, map, "digest", row->digest);
	return kb_arena_check(call->arena, err);
}

static kb_status check_filters(kb_call *call, kb_err *err)
{
	const char *operation = kb_call_text(call, "operation"), *person = kb_call_text(call, "person");
	const char *day = kb_call_text(call, "day");
	kb_q_audit_person_known_row row = { .known = 1 };
	kb_day ignored;
	bool found;
	if (day && kb_date_parse(day, &ignored, err) != KB_OK) return err->status = KB_USAGE;
	if (operation && !kb_op_find(operation)) {
		kb_fail(err, KB_NOT_FOUND, "operation.none", "there is no operation %.60s", operation);
		return kb_hint(err, "give it in quotes, as in --operation \"paper draw\"; see: ksbank help");
	}
	if (person) KB_TRY(kb_q_audit_person_known(call->sql, call->arena, person, &row, &found, err));
	if (row.known) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "person.none", "neither the store nor its log knows anybody by the name %.60s", person);
	return kb_hint(err, "see everybody with: ksbank user list");
}

static kb_status start_before(kb_call *call, kb_sql_int before, int64_t *start, kb_err *err)
{
	kb_q_audit_log_start_row row = { 0 };
	bool found;
	KB_TRY(kb_q_audit_log_start(call->sql, call->arena, before, kb_call_text(call, "operation"),
		kb_call_text(call, "person"), kb_call_text(call, "day"), PAGE, &row, &found, err));
	*start = row.sequence.set ? row.sequence.value : 0;
	return KB_OK;
}

static kb_status add_entries(kb_call *call, int64_t from, kb_err *err)
{
	kb_q_audit_log_row *rows;
	size_t count;
	int64_t earlier;
	KB_TRY(kb_q_audit_log(call->sql, call->arena, from, kb_call_text(call, "operation"), kb_call_text(call, "person"),
		kb_call_text(call, "day"), PAGE + 1, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "entries", kb_node_list(call->arena));
	for (size_t i = 0; i < count && i < PAGE; i++)
		KB_TRY(kb_audit_entry(call, &rows[i], kb_node_add(call->arena, list, kb_node_map(call->arena)), err));
	KB_TRY(start_before(call, (kb_sql_int) { true, count ? rows[0].sequence : from }, &earlier, err));
	kb_node_set_bool(call->arena, call->result, "some", count > 0);
	kb_node_set_bool(call->arena, call->result, "has_earlier", earlier > 0);
	kb_node_set_int(call->arena, call->result, "earlier", earlier);
	kb_node_set_bool(call->arena, call->result, "has_later", count > PAGE);
	kb_node_set_int(call->arena, call->result, "later", count > PAGE ? rows[PAGE].sequence : 0);
	return kb_arena_check(call->arena, err);
}

static kb_status add_head(kb_call *call, kb_err *err)
{
	kb_q_log_head_row head = { 0 };
	kb_q_signed_head_latest_row row = { 0 };
	bool found, is_signed;
	KB_TRY(kb_q_log_head(call->sql, call->arena, &head, &found, err));
	KB_TRY(kb_q_signed_head_latest(call->sql, call->arena, &row, &is_signed, err));
	kb_node *map = kb_node_set(call->arena, call->result, "head", kb_node_map(call->arena));
	kb_node_set_int(call->arena, map, "entries", head.sequence);
	kb_node_set_text(call->arena, map, "digest", head.digest ? head.digest : "");
	kb_node_set_bool(call->arena, map, "is_signed", is_signed);
	kb_node_set_int(call->arena, map, "signed_entries", row.sequence);
	kb_node_set_text(call->arena, map, "signed_digest", is_signed ? row.digest : "");
	kb_node_set_text(call->arena, map, "signature", is_signed ? row.signature : "");
	kb_node_set_text(call->arena, map, "key", is_signed ? row.key : "");
	return kb_arena_check(call->arena, err);
}

static kb_status run_log(kb_call *call, kb_err *err)
{
	int64_t from = kb_call_int(call, "from");
	KB_TRY(check_filters(call, err));
	if (!from) KB_TRY(start_before(call, (kb_sql_int) { 0 }, &from, err));
	KB_TRY(add_entries(call, from, err));
	return add_head(call, err);
}

static const kb_arg log_args[] = {
	{ "from", KB_ARG_INT, .help = "begin with this entry; without it the last page" },
	{ "operation", KB_ARG_TEXT, .help = "only this one, as in \"paper draw\"" },
	{ "person", KB_ARG_TEXT, .help = "only what this person did" },
	{ "day", KB_ARG_TEXT, .help = "only entries of this day, as in 2026-11-22" },
};

const kb_op kb_op_audit_log = {
	.name = "audit log",
	.summary = "Read the log: what was done, by whom, on which day, and when that really was",
	.help =
		"A page at a time, newest last. The clock says when it really was; where the rules went by another day, that\n"
		"day stands beside it. With --json each entry is complete: arguments, effects and the digests of all rows\n"
		"that it wrote.\n\n"
		"    ksbank audit log --operation \"paper draw\" --person operations-1",
	.permission = KB_MAY_AUDIT,
	.store = KB_OP_READS,
	.args = log_args,
	.arg_count = KB_COUNT(log_args),
	.run = run_log,
	.screen = "audit-log",
	.answer =
		"entries: list of {number, operation, person, day, clock, other_day, about, arguments, effects, rows: list "
		"of {table, first, digests}, previous, digest}, some; earlier, later: where the pages beside begin, "
		"has_earlier, has_later; head: {entries, digest, is_signed, signed_entries, signed_digest, signature, key}",
};
