/* question submit, approve, return, suspend, retire: one function, and the table of moves (model/workflow.h). */
#include "app/ops.h"

#include <string.h>

#include "app/approval.h"
#include "app/drawable.h"
#include "app/lint.h"
#include "app/similar.h"
#include "model/workflow.h"
#include "text/csv.h"
#include "text/json.h"
#include "text/yaml.h"

enum { LIST_MAX = 5000, REASON_MAX = 1000 };

/* One question to move, with the reasons given for it. */
typedef struct request {
	const char *id;
	kb_mark mark;
	const char *reason; /* all of them in one line; NULL: none was given */
	kb_node *comments;  /* list of {at, text} */
} request;

typedef struct life {
	kb_call *call;
	kb_state to;
	request *requests;
	size_t count;
	kb_node *checklist; /* as it is kept; NULL: none was given */
	bool all_met;       /* in one word, so that a reason has to say more */
	bool has_ksb_note;  /* its answer on the KSBs says more than yes */
	kb_node *done;
	/* Of the standard and method that came last: most often the next one's too. */
	const char *standard, *method, *lapses_on;
	kb_loaded loaded;
} life;

/* What is asked for: questions and reasons. */

static void add_comment(const kb_call *call, request *one, const char *at, const char *reason)
{
	kb_node *comment = kb_node_add(call->arena, one->comments, kb_node_map(call->arena));
	kb_node_set_text(call->arena, comment, "at", at);
	kb_node_set_text(call->arena, comment, "text", reason);
	const char *line = strcmp(at, "whole") == 0 ? reason : kb_arena_printf(call->arena, "%s: %s", at, reason);
	one->reason = one->reason ? kb_arena_printf(call->arena, "%s; %s", one->reason, line) : line;
}

/* A question may be returned for several reasons, each a row; every other move is asked for once. */
static void ask(life *l, const char *id, kb_mark mark, const char *at, const char *reason)
{
	request *one = l->requests, *end = l->requests + l->count;
	if (reason && strlen(reason) > REASON_MAX) {
		kb_fault_add(&l->call->faults, mark, "life.reason", "the reason is too long")->expected = "at most 1,000 bytes";
		return;
	}
	while (one < end && strcmp(one->id, id) != 0) one++;
	if (one < end && l->to != KB_STATE_RETURNED) {
		kb_fault_add(&l->call->faults, mark, "life.twice", "%.60s is named twice", id)->expected = "each once";
		return;
	}
	if (one == end) {
		*one = (request) { .id = id, .mark = mark, .comments = kb_node_list(l->call->arena) };
		l->count++;
	}
	if (reason) add_comment(l->call, one, at, reason);
}

static const char *cell(const kb_node *row, const char *column, const char *otherwise)
{
	const char *text = kb_node_get_text(row, column, "");
	return *text ? text : otherwise;
}

static kb_status ask_by_list(life *l, const char *path, const char *at, const char *reason, kb_err *err)
{
	kb_call *call = l->call;
	kb_bytes bytes;
	kb_node *rows;
	KB_TRY(kb_file_read(call->arena, path, KB_CSV_MAX_BYTES, &bytes, err));
	KB_TRY(kb_csv_read(call->arena, path, bytes.data, bytes.length, &call->faults, &rows, err));
	KB_TRY(kb_faults_check(&call->faults, err));
	if (rows->count > LIST_MAX) {
		kb_fail(err, KB_LIMIT, "life.list", "%s has %zu rows", path, rows->count);
		return kb_hint(err, "give at most %d at once", LIST_MAX);
	}
	l->requests = kb_arena_array(call->arena, rows->count, sizeof *l->requests);
	if (!l->requests) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < rows->count; i++) {
		const char *id = cell(rows->items[i], "id", NULL);
		if (id)
			ask(l, id, rows->items[i]->mark, cell(rows->items[i], "at", at), cell(rows->items[i], "reason", reason));
		else
			kb_fault_add(&call->faults, rows->items[i]->mark, "life.id", "the row names no question")->expected =
				"the columns id, reason, and for a return: at";
	}
	return kb_faults_check(&call->faults, err);
}

static kb_status ask_by_ids(life *l, const char *ids, const char *at, const char *reason, kb_err *err)
{
	kb_arena *arena = l->call->arena;
	l->requests = kb_arena_array(arena, strlen(ids), sizeof *l->requests);
	if (!l->requests) return kb_arena_check(arena, err);
	for (const char *p = ids + strspn(ids, ", "); *p; p += strspn(p, ", ")) {
		size_t length = strcspn(p, ", ");
		const char *id = kb_arena_copy(arena, p, length);
		KB_TRY(kb_arena_check(arena, err));
		ask(l, id, (kb_mark) { 0 }, at, reason);
		p += length;
	}
	return kb_faults_check(&l->call->faults, err);
}

static kb_status read_requests(life *l, kb_err *err)
{
	const kb_call *call = l->call;
	const char *ids = kb_call_text(call, "ids"), *list = kb_call_text(call, "list"), *at = kb_call_text(call, "at"),
			   *reason = kb_call_text(call, "reason");
	if ((ids != NULL) == (list != NULL)) {
		kb_fail(err, KB_USAGE, "argument", "\"%s\" needs either IDS or --list", call->op->name);
		return kb_hint(err, "as in: ksbank %s ST0648-PD1-01", call->op->name);
	}
	if (!at) at = "whole";
	kb_status status = ids ? ask_by_ids(l, ids, at, reason, err) : ask_by_list(l, list, at, reason, err);
	if (status == KB_INVALID) return kb_hint(err, "see how questions are named with: ksbank help %s", call->op->name);
	KB_TRY(status);
	if (l->count == 0) {
		kb_fail(err, KB_USAGE, "argument", "no question is named");
		return kb_hint(err, "name one, or several with commas between: ksbank help %s", call->op->name);
	}
	if (l->count > 1 && kb_call_int(call, "version")) {
		kb_fail(err, KB_USAGE, "argument", "--version goes with one question");
		return kb_hint(err, "leave it out: each question's newest version that can make the move is taken");
	}
	return KB_OK;
}

/* The checklist. */

static kb_status read_checklist(life *l, kb_err *err)
{
	kb_call *call = l->call;
	const char *path = kb_call_text(call, "checklist");
	const kb_text yes = { .text = "yes" };
	kb_checklist list = {
		.ksbs = yes, .demand = yes, .clarity = yes, .fairness = yes, .duplicates = yes, .descriptors = yes, .time = yes
	};
	kb_bytes bytes;
	kb_node *root = NULL;
	if (!path) return KB_OK;
	l->all_met = strcmp(path, "all-met") == 0;
	if (!l->all_met) {
		KB_TRY(kb_file_read(call->arena, path, KB_YAML_MAX_BYTES, &bytes, err));
		KB_TRY(kb_yaml_read(call->arena, path, bytes.data, bytes.length, &call->faults, &root, err));
		if (root) KB_TRY(kb_record_read(call->arena, &kb_checklist_record, root, &call->faults, &list, err));
		kb_checklist_check(&call->faults, &list);
		if (kb_faults_check(&call->faults, err) != KB_OK)
			return kb_hint(err, "see the points and how to answer them with: ksbank help question approve");
	}
	l->has_ksb_note = *kb_checklist_note(&list.ksbs) != '\0';
	l->checklist = kb_record_write(call->arena, &kb_checklist_record, &list);
	return kb_arena_check(call->arena, err);
}

/* Which version: the newest, or else the one that was last approved; what is older than that is never drawn again. */

static kb_status superseded(const life *l, const char *id, int64_t number, int64_t newest, kb_err *err)
{
	kb_fail(err, number > newest || number < 1 ? KB_NOT_FOUND : KB_REFUSED, "life.version",
		"version %lld of %s is not there, or newer ones have taken its place", (long long)number, id);
	return kb_hint(err, "see which can be %s with: ksbank question history %s", kb_states[l->to], id);
}

static kb_status wrong_state(const life *l, const char *id, const kb_q_version_all_row *row, kb_err *err)
{
	kb_buf from = { .arena = l->call->arena };
	for (size_t i = 0; i < kb_move_count; i++)
		if (kb_moves[i].to == l->to && !(kb_moves[i].conditions & KB_MOVE_IMPORTED))
			kb_buf_printf(&from, "%s%s", from.length ? " or " : "", kb_states[kb_moves[i].from]);
	kb_fail(err, KB_REFUSED, "life.state", "version %lld of %s can't be %s: it is %s", (long long)row->number, id,
		kb_states[l->to], strcmp(row->state, "draft") == 0 ? "a draft" : row->state);
	return kb_hint(err, "only what is %s can be; see: ksbank question history %s", kb_buf_string(&from), id);
}

static kb_status choose(const life *l, const char *id, const kb_q_version_all_row *rows, size_t count,
	const kb_q_version_all_row **ret, const kb_move **move, kb_err *err)
{
	const kb_q_version_all_row *newest = &rows[count - 1], *standing = NULL, *first = NULL;
	int64_t wanted = kb_call_int(l->call, "version");
	for (size_t i = 0; i < count; i++)
		if (rows[i].approver) standing = &rows[i];
	const kb_q_version_all_row *const candidates[] = { newest, standing };
	for (size_t i = 0; i < KB_COUNT(candidates); i++) {
		if (!candidates[i] || (wanted && candidates[i]->number != wanted)) continue;
		if (!first) first = candidates[i];
		*ret = candidates[i];
		*move = kb_move_find(kb_state_named(candidates[i]->state), l->to);
		if (*move && !((*move)->conditions & KB_MOVE_IMPORTED)) return KB_OK;
	}
	return first ? wrong_state(l, id, first, err) : superseded(l, id, wanted, newest->number, err);
}

/* Its conditions. */

static kb_status need_reason(const life *l, const request *one, const kb_move *move, kb_err *err)
{
	bool approval = l->to == KB_STATE_APPROVED && (l->all_met || l->count > 1);
	if (one->reason || (!(move->conditions & KB_MOVE_REASON) && !approval)) return KB_OK;
	kb_fail(err, KB_USAGE, "life.reason", "%s needs a reason to be %s", one->id, kb_states[l->to]);
	return kb_hint(err, "add --reason \"...\"%s", l->all_met ? ": what was looked at, and what was found" : "");
}

static kb_status need_checklist(const life *l, kb_err *err)
{
	if (l->checklist) return KB_OK;
	kb_fail(err, KB_USAGE, "life.checklist", "an approval needs the reviewer's checklist");
	return kb_hint(err, "add --checklist FILE, or --checklist all-met; see: ksbank help question approve");
}

static kb_status need_settled(const life *l, const char *id, const char *unsettled, kb_err *err)
{
	if (!*unsettled || l->has_ksb_note) return KB_OK;
	kb_fail(err, KB_REFUSED, "life.unsettled",
		"%s is tagged %s, whose wording is in dispute, and follows none of the wordings", id, unsettled);
	return kb_hint(err, "say in a checklist file why it holds under each (\"ksbs: yes, ...\"), let it follow one, or "
						"have it decided: ksbank standard decide");
}

static kb_status need_time(const life *l, const char *id, const kb_q_version_all_row *row, kb_err *err)
{
	const char *day = l->call->day_text;
	if (row->moved_on && strcmp(row->moved_on, day) > 0) {
		kb_fail(err, KB_REFUSED, "life.time", "version %lld of %s has been %s since %s, which is later than %s",
			(long long)row->number, id, row->state, row->moved_on, day);
		return kb_hint(err, "give that day or a later one with --date");
	}
	bool stands = strcmp(row->state, kb_states[KB_STATE_APPROVED]) == 0; /* else a suspended one is brought back */
	if (l->to == KB_STATE_APPROVED && stands && strcmp(row->moved_on, day) == 0) {
		kb_fail(err, KB_EXISTS, "life.today", "version %lld of %s was approved on %s already", (long long)row->number,
			id, day);
		return kb_hint(err, "it may be drawn; the review holds, and the next approval is for a later day");
	}
	return KB_OK;
}

/* A reason stands at a place that the item has: a question has no title. */
static kb_status check_places(const life *l, const request *one, bool is_theme, kb_err *err)
{
	kb_buf places = { .arena = l->call->arena };
	const char *wrong = NULL;
	for (size_t p = 0; kb_item_places[p]; p++)
		if (kb_item_has_place(kb_item_places[p], is_theme))
			kb_buf_printf(&places, "%s%s", p ? ", " : "", kb_item_places[p]);
	for (size_t i = 0; i < one->comments->count && !wrong; i++) {
		const char *at = kb_node_get_text(one->comments->items[i], "at", "");
		if (!kb_item_has_place(at, is_theme)) wrong = at;
	}
	if (!wrong) return kb_arena_check(l->call->arena, err);
	kb_fail(err, KB_REFUSED, "life.place", "%s is a %s, which has no place \"%.40s\" for a reason", one->id,
		is_theme ? "case-study theme" : "question", wrong);
	return kb_hint(err, "it is one of: %s", kb_buf_string(&places));
}

static kb_status check(
	const life *l, const request *one, const kb_q_version_all_row *row, const kb_move *move, kb_err *err)
{
	KB_TRY(kb_call_may(l->call, move->permission, err));
	if (move->conditions & KB_MOVE_BY_ANOTHER && kb_str_equal_fold(row->author, l->call->actor)) {
		kb_fail(err, KB_REFUSED, "approval.own",
			"%s wrote version %lld of %s, so that somebody else says whether it is %s", l->call->actor,
			(long long)row->number, one->id, kb_states[l->to]);
		return kb_hint(err, "ask a second person; whoever acts says so with --as NAME");
	}
	if (move->conditions & KB_MOVE_CHECKLIST) KB_TRY(need_checklist(l, err));
	KB_TRY(need_reason(l, one, move, err));
	return need_time(l, one->id, row, err);
}

/* The move itself. */

static kb_status load_rules(life *l, const kb_q_item_by_key_row *item, kb_err *err)
{
	if (!kb_str_equal(l->standard, item->standard)) KB_TRY(kb_load_standard(l->call, item->standard, &l->loaded, err));
	if (l->to == KB_STATE_APPROVED &&
		(!kb_str_equal(l->standard, item->standard) || !kb_str_equal(l->method, item->method)))
		KB_TRY(kb_approval_lapses(l->call, item->standard, item->method, &l->lapses_on, err));
	l->standard = item->standard;
	l->method = item->method;
	return KB_OK;
}

static kb_status check_settled(
	life *l, const kb_q_item_by_key_row *row, const kb_q_version_all_row *version, const char *id, kb_err *err)
{
	kb_node *body;
	kb_item item;
	KB_TRY(load_rules(l, row, err));
	KB_TRY(kb_load_body(l->call, version->body, &body, err));
	KB_TRY(kb_item_read(l->call->arena, body, strcmp(row->kind, "question") != 0, &item, err));
	return need_settled(l, id, kb_approval_unsettled(l->call->arena, l->loaded.standard, &item), err);
}

static kb_status record(const life *l, const request *one, int64_t version, kb_err *err)
{
	kb_call *call = l->call;
	kb_node *detail = kb_node_map(call->arena);
	kb_buf text = { .arena = call->arena };
	if (l->to == KB_STATE_RETURNED) kb_node_set(call->arena, detail, "comments", one->comments);
	if (l->to == KB_STATE_APPROVED) kb_node_set(call->arena, detail, "checklist", l->checklist);
	KB_TRY(kb_json_canonical(call->arena, detail, &text, err));
	return kb_q_move_add(call->sql, version, kb_states[l->to], call->actor, call->day_text,
		l->to == KB_STATE_APPROVED ? l->lapses_on : NULL, one->reason, detail->pair_count ? text.text : NULL, NULL,
		err);
}

static kb_status tell(
	life *l, const request *one, const kb_q_item_by_key_row *item, const kb_q_version_all_row *version, kb_err *err)
{
	kb_call *call = l->call;
	kb_drawables drawables;
	KB_TRY(load_rules(l, item, err));
	KB_TRY(kb_drawables_find(call, &l->loaded, item->id, &drawables, err));
	kb_node *entry = kb_node_add(call->arena, l->done, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "id", one->id);
	kb_node_set_int(call->arena, entry, "version", version->number);
	kb_node_set_text(call->arena, entry, "from", version->state);
	kb_node_set_text(call->arena, entry, "state", kb_states[l->to]);
	if (l->to == KB_STATE_APPROVED) kb_node_set_text(call->arena, entry, "lapses_on", l->lapses_on);
	kb_drawables_write(call->arena, &drawables, item->id, entry);
	return KB_OK;
}

static kb_status move_one(life *l, const request *one, kb_err *err)
{
	kb_call *call = l->call;
	kb_q_item_by_key_row item = { 0 };
	kb_q_version_all_row *rows;
	const kb_q_version_all_row *version = NULL;
	const kb_move *move = NULL;
	size_t count;
	KB_TRY(kb_load_versions(call, one->id, &item, &rows, &count, err));
	KB_TRY(choose(l, one->id, rows, count, &version, &move, err));
	KB_TRY(check(l, one, version, move, err));
	KB_TRY(check_places(l, one, strcmp(item.kind, "question") != 0, err));
	if (l->to == KB_STATE_APPROVED) KB_TRY(check_settled(l, &item, version, one->id, err));
	KB_TRY(record(l, one, version->id, err));
	return tell(l, one, &item, version, err);
}

/* What is wrong with one question of many; other errors end it all. */
static bool is_about_one(kb_status status)
{
	return status == KB_REFUSED || status == KB_NOT_FOUND || status == KB_EXISTS || status == KB_USAGE;
}

static kb_status move_all(life *l, kb_err *err)
{
	kb_call *call = l->call;
	for (size_t i = 0; i < l->count; i++) {
		kb_status status = move_one(l, &l->requests[i], err);
		if (status == KB_OK) continue;
		if (l->count == 1 || !is_about_one(status)) return status;
		kb_fault_add(
			&call->faults, l->requests[i].mark, kb_arena_text(call->arena, err->id), "%s; %s", err->message, err->hint);
	}
	if (call->faults.count == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "life.refused", "%zu of %zu can't be %s, so none was", call->faults.count, l->count,
		kb_states[l->to]);
	return kb_hint(err, "mend what is listed, or leave it out");
}

static kb_status run_move(kb_call *call, kb_err *err)
{
	life l = { .call = call, .to = kb_state_named(call->op->moves_to) };
	KB_TRY(read_requests(&l, err));
	KB_TRY(read_checklist(&l, err));
	l.done = kb_node_set(call->arena, call->result, "questions", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(move_all(&l, err));
	kb_node_set_text(call->arena, call->result, "state", kb_states[l.to]);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)l.count);
	kb_node_set(call->arena, call->effects, "count", kb_node_get(call->result, "count"));
	kb_node_set(call->arena, call->effects, "questions", l.done);
	if (l.to != KB_STATE_SUBMITTED) return KB_OK;
	KB_TRY(kb_lint_warn(call, l.done, err));
	return kb_similar_warn(call, l.done, "id", err);
}

#define IDS "ids", KB_ARG_TEXT, .place = true, .help = "one id, or several with commas between; or give --list"
#define LIST "list", KB_ARG_PATH, .help = "many at once: a CSV file with the columns id and reason; of a return, at too"
#define REASON "reason", KB_ARG_TEXT, .help = "why; in a list it serves the rows that give none of their own"
#define VERSION "version", KB_ARG_INT, .help = "of the question; without it the newest that can make the move"
#define MOVE(verb, state_name)                                                                                                     \
	.name = "question " verb, .store = KB_OP_WRITES, .run = run_move, .screen = "question-move",                                   \
	.moves_to = state_name,                                                                                                        \
	.answer =                                                                                                                      \
		"state: that they are in now; count; questions: list of {id, version, from: the state before, state, "                     \
		"lapses_on: of an approval, drawable: the version that is drawn now; missing where none is}; of a submit: " KB_LINT_ANSWER \
		"; " KB_SIMILAR_ANSWER
#define MANY                                                                                                           \
	"Many at once are all moved or none, and stand in the log as one entry with their number. A question without a\n"  \
	"version that can be moved is refused.\n\n"

static const kb_arg plain_args[] = { { IDS }, { LIST }, { REASON }, { VERSION } };

const kb_op kb_op_question_submit = {
	MOVE("submit", "submitted"),
	.summary = "Hand a draft, or what was returned, to the reviewers",
	.help = MANY "    ksbank question submit ST0648-PD1-01",
	.permission = KB_MAY_WRITE_ITEM,
	.args = plain_args,
	.arg_count = KB_COUNT(plain_args),
};

static const kb_arg approve_args[] = { { IDS }, { LIST },
	{ "checklist", KB_ARG_PATH, .help = "a YAML file with the reviewer's answers, or the word all-met" }, { REASON },
	{ VERSION } };

const kb_op kb_op_question_approve = {
	MOVE("approve", "approved"),
	.summary = "Approve a question by the checklist: submitted, due for review, or suspended and mended",
	.help =
		"Takes the newest version if it waits for an approval, else the one that was approved last. The approval holds\n"
		"for twelve months, or as long as the specification says where that is shorter.\n\n"
		"The checklist has seven points: ksbs, demand, clarity, fairness, duplicates, descriptors, time. Each is\n"
		"answered with yes or no, and behind a comma with what there is to say; a single no is no approval:\n\n"
		"    ksbs: yes, holds under both wordings of S7\n"
		"    demand: yes\n\n"
		"--checklist all-met says yes to all seven and wants a reason. A question on a KSB whose wording is in dispute,\n"
		"and that follows none, needs a file with a note on ksbs.\n\n" MANY "    ksbank question review ST0648-PD1-01\n"
		"    ksbank question approve ST0648-PD1-01 --checklist all-met --reason \"read aloud and tried\"",
	.permission = KB_MAY_REVIEW,
	.args = approve_args,
	.arg_count = KB_COUNT(approve_args),
};

static const kb_arg return_args[] = { { IDS }, { LIST },
	{ "at", KB_ARG_WORD, .help = "the place that the reason concerns", .words = kb_item_places }, { REASON },
	{ VERSION } };

const kb_op kb_op_question_return = {
	MOVE("return", "returned"),
	.summary = "Give a submitted question back to its writer, with reasons at the places they concern",
	.help = "For several reasons give --list with a row for each: the columns id, at, reason.\n\n" MANY
			"    ksbank question return ST0648-PD1-01 --at stem --reason \"asks two things at once\"",
	.permission = KB_MAY_REVIEW,
	.args = return_args,
	.arg_count = KB_COUNT(return_args),
};

const kb_op kb_op_question_suspend = {
	MOVE("suspend", "suspended"),
	.summary = "Take a question out of use at once: a leak, an error",
	.help =
		"From this moment it is not drawn. No older version takes its place. It comes back by an approval with a reason.\n"
		"Afterwards ksbank paper list says which papers to replace, and question exposure whom it concerns.\n\n" MANY
		"    ksbank question suspend ST0648-PD1-01 --reason \"seen on a forum\"",
	.permission = KB_MAY_SUSPEND,
	.args = plain_args,
	.arg_count = KB_COUNT(plain_args),
};

const kb_op kb_op_question_retire = {
	MOVE("retire", "retired"),
	.summary = "Take a version out of use for good",
	.help = "A draft that is retired leaves the approved version in use; retire the question again for that one. No\n"
			"older version takes its place.\n\n" MANY
			"    ksbank question retire ST0648-PD1-01 --reason \"the guidance it asks about was withdrawn\"",
	.permission = KB_MAY_REVIEW,
	.args = plain_args,
	.arg_count = KB_COUNT(plain_args),
};
