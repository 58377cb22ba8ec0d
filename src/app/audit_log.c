/* audit log: what was done, by whom, when; readable, newest last. */
#include "app/audit.h"

#include <string.h>

#include "app/ops.h"
#include "crypt/digest.h"

enum { PAGE = 40, ABOUT_MOST = 60, TEXT_MOST = 60, NAMES_MOST = 3 };

static void add_text(kb_buf *out, const char *text)
{
	size_t length = strlen(text);
	if (length > TEXT_MOST)
		for (length = TEXT_MOST; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;) length--;
	kb_buf_printf(out, "%.*s%s", (int)length, text, text[length] ? " ..." : "");
}

/* The first of a list, each with its version: "ST0648-PD1-01 v2, ST0648-PD1-02 v1 and 3 more". */
static void name_all(kb_buf *out, const kb_node *list)
{
	for (size_t i = 0; i < list->count && i < NAMES_MOST; i++) {
		const kb_node *one = list->items[i];
		int64_t version = kb_node_get_int(one, "version", 0);
		kb_buf_text(out, i ? ", " : "");
		add_text(out,
			one->kind == KB_NODE_TEXT ? one->text : kb_node_get_text(one, "id", kb_node_get_text(one, "name", "?")));
		if (version) kb_buf_printf(out, " v%lld", (long long)version);
	}
	if (list->count > NAMES_MOST) kb_buf_printf(out, " and %zu more", list->count - NAMES_MOST);
}

/* Whether the effects say so already: under that key, in those words, or as items one by one. */
static bool was_said(const kb_node *effects, const kb_pair *pair)
{
	static const char *const of_items[] = { "count", "ids", "version" };
	bool items = false, said = false;
	for (size_t i = 0; effects && effects->kind == KB_NODE_MAP && i < effects->pair_count && !said; i++) {
		const kb_node *value = effects->pairs[i].value;
		items |= value->kind == KB_NODE_LIST;
		if (value == pair->value) continue;
		said = strcmp(effects->pairs[i].key, pair->key) == 0 ||
		       (value->kind == KB_NODE_TEXT && pair->value->kind == KB_NODE_TEXT &&
				   strcmp(value->text, pair->value->text) == 0);
	}
	for (size_t i = 0; items && i < KB_COUNT(of_items); i++) said |= strcmp(of_items[i], pair->key) == 0;
	return said;
}

/* What an entry is about, in a few words. Digests say nothing to a reader. */
static void tell(kb_buf *out, const kb_node *map, const kb_node *effects)
{
	for (size_t i = 0; map && map->kind == KB_NODE_MAP && i < map->pair_count && out->length <= ABOUT_MOST; i++) {
		const kb_pair *pair = &map->pairs[i];
		const kb_node *value = pair->value;
		kb_digest digest;
		bool plain =
			value->kind == KB_NODE_INT || (value->kind == KB_NODE_TEXT && !kb_digest_parse(value->text, &digest));
		bool list = value->kind == KB_NODE_LIST && value->count > 0;
		if (!(plain || list) || was_said(effects, pair)) continue;
		kb_buf_text(out, out->length ? ", " : "");
		if (list) name_all(out, value);
		else kb_buf_printf(out, "%s ", pair->key);
		if (value->kind == KB_NODE_INT) kb_buf_printf(out, "%lld", (long long)value->integer);
		if (value->kind == KB_NODE_TEXT) add_text(out, value->text);
	}
}

kb_status kb_audit_entry(kb_call *call, const kb_q_audit_log_row *row, kb_node *map, kb_err *err)
{
	static const char *const whole[] = { "arguments", "effects", "rows" };
	kb_node *detail;
	kb_buf about = { .arena = call->arena };
	KB_TRY(kb_load_body(call, row->detail, &detail, err));
	const char *clock = kb_node_get_text(detail, "clock", "");
	const kb_node *effects = kb_node_get(detail, "effects");
	tell(&about, effects, effects);
	tell(&about, kb_node_get(detail, "arguments"), effects);
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
