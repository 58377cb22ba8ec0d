/* review due, calendar, queue: what waits, for whom, and until when. */
#include "app/ops.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "app/review.h"
#include "base/file.h"
#include "exchange/ical.h"

static kb_status named_person(kb_call *call, const char *otherwise, const char **person, kb_err *err)
{
	const char *name = kb_call_text(call, "for");
	*person = otherwise;
	return name ? kb_review_person(call, name, person, err) : KB_OK;
}

static void add_due(kb_call *call, kb_node *list, const kb_review_due *due)
{
	const kb_q_review_items_row *item = due->item;
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "id", item->key);
	kb_node_set_int(call->arena, entry, "version", item->version);
	kb_node_set_text(call->arena, entry, "method", item->method);
	kb_node_set_text(call->arena, entry, "theme", kb_review_theme(item));
	kb_node_set_text(call->arena, entry, "lapses_on", item->lapses_on);
	kb_node_set_bool(call->arena, entry, "lapsed", strcmp(item->lapses_on, call->day_text) <= 0);
	kb_node_set_text(call->arena, entry, "reviewer", due->reviewer);
}

static kb_status run_due(kb_call *call, kb_err *err)
{
	enum { WITHIN_DAYS = 60 };
	kb_arena *arena = call->arena;
	kb_node *result = call->result;
	kb_review_due *due;
	size_t count;
	const char *person;
	int64_t within = kb_call_int(call, "within") ? kb_call_int(call, "within") : WITHIN_DAYS, lapsed = 0, nobody = 0;
	KB_TRY(named_person(call, NULL, &person, err));
	KB_TRY(kb_review_due_by(call, kb_call_text(call, "standard"), kb_call_text(call, "method"),
		call->day + (kb_day)within, person, &due, &count, err));
	kb_node *list = kb_node_set(arena, result, "due", kb_node_list(arena));
	for (size_t i = 0; i < count; i++) {
		add_due(call, list, &due[i]);
		lapsed += strcmp(due[i].item->lapses_on, call->day_text) <= 0;
		nobody += *due[i].reviewer == '\0';
	}
	kb_node_set_text(arena, result, "standard", kb_call_text(call, "standard"));
	kb_node_set_text(arena, result, "date", call->day_text);
	kb_node_set_int(arena, result, "within", within);
	kb_node_set_int(arena, result, "count", (int64_t)count);
	kb_node_set_int(arena, result, "lapsed", lapsed);
	kb_node_set_int(arena, result, "nobody", nobody);
	kb_node_set_bool(arena, result, "empty", count == 0);
	return KB_OK;
}

#define STANDARD                                                                                                       \
	{                                                                                                                  \
		"standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0"                  \
	}
#define METHOD                                                                                                         \
	{                                                                                                                  \
		"method", KB_ARG_TEXT, .place = true, .help = "only this method's, as in professional-discussion"              \
	}

static const kb_arg due_args[] = {
	STANDARD,
	METHOD,
	{ "within", KB_ARG_INT, .help = "so many days, 60 if not given; what has lapsed is always shown" },
	{ "for", KB_ARG_TEXT, .help = "only what this person is to review" },
};

const kb_op kb_op_review_due = {
	.name = "review due",
	.summary = "List what lapses when, and who is to review it",
	.help =
		"An approval holds for a year at most, and a question past its date is not drawn; there is no grace. Each is\n"
		"for the person it is handed to in an open review of the bank, else for who approved it last; never for its\n"
		"author. Where that leaves nobody, open a review of the bank and hand it out: review open, review hand.\n\n"
		"    ksbank review due ST0648/1.0 --within 90",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = due_args,
	.arg_count = KB_COUNT(due_args),
	.run = run_due,
	.screen = "review-due",
	.answer =
		"standard, date, within; due: list of {id, version, method, theme, lapses_on, lapsed, reviewer: empty for "
		"nobody}, by date; count, lapsed, nobody: numbers; empty",
};

/* The calendar: one event for each date and reviewer. */

static int by_date_and_reviewer(const void *left, const void *right)
{
	const kb_review_due *a = left, *b = right;
	int order = strcmp(a->item->lapses_on, b->item->lapses_on);
	if (order == 0) order = strcmp(a->reviewer, b->reviewer);
	return order ? order : strcmp(a->item->key, b->item->key);
}

static kb_status make_event(kb_call *call, const kb_review_due *due, size_t count, kb_ical_event *event, kb_err *err)
{
	enum { ALARM_DAYS = 28 };
	kb_arena *arena = call->arena;
	const char *standard = kb_call_text(call, "standard"), *method = kb_call_text(call, "method");
	const char *date = due->item->lapses_on, *reviewer = *due->reviewer ? due->reviewer : "nobody";
	const char *of = method ? kb_arena_printf(arena, "%s %s", standard, method) : standard;
	kb_buf ids = { .arena = arena };
	for (size_t i = 0; i < count; i++) kb_buf_printf(&ids, "%s%s", i ? ", " : "", due[i].item->key);
	*event = (kb_ical_event) {
		.uid = kb_arena_printf(arena, "review %s %s %s@ksbank", of, date, reviewer),
		.summary = kb_arena_printf(arena, "%zu approval%s of %s lapse%s, for %s", count, count == 1 ? "" : "s", of,
			count == 1 ? "s" : "", reviewer),
		.description =
			kb_arena_printf(arena, "From this day on not drawn unless approved again before:\n%s", kb_buf_string(&ids)),
		.alarm_days = ALARM_DAYS,
	};
	KB_TRY(kb_arena_check(arena, err));
	return kb_date_parse(date, &event->day, err);
}

static kb_status make_events(
	kb_call *call, kb_review_due *due, size_t count, kb_ical_event **ret, size_t *ret_count, kb_err *err)
{
	kb_ical_event *events = kb_arena_array(call->arena, count, sizeof *events);
	size_t n = 0;
	if (!events) return kb_arena_check(call->arena, err);
	if (count) qsort(due, count, sizeof *due, by_date_and_reviewer);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && strcmp(due[end].item->lapses_on, due[i].item->lapses_on) == 0 &&
						  strcmp(due[end].reviewer, due[i].reviewer) == 0;)
			end++;
		KB_TRY(make_event(call, due + i, end - i, &events[n++], err));
	}
	*ret = events;
	*ret_count = n;
	return KB_OK;
}

static kb_status run_calendar(kb_call *call, kb_err *err)
{
	const char *path = kb_call_text(call, "output");
	kb_review_due *due;
	kb_ical_event *events = NULL;
	size_t count, event_count = 0;
	kb_buf out = { .arena = call->arena };
	KB_TRY(kb_review_due_by(
		call, kb_call_text(call, "standard"), kb_call_text(call, "method"), INT32_MAX, NULL, &due, &count, err));
	KB_TRY(make_events(call, due, count, &events, &event_count, err));
	const char *clock = call->clock ? call->clock : kb_arena_printf(call->arena, "%sT00:00:00Z", call->day_text);
	KB_TRY(kb_arena_check(call->arena, err));
	kb_ical_write(clock, events, event_count, &out);
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_file_write(path, out.text, out.length, 0600, err));
	kb_node_set_text(call->arena, call->result, "output", path);
	kb_node_set_int(call->arena, call->result, "events", (int64_t)event_count);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)count);
	return KB_OK;
}

static const kb_arg calendar_args[] = {
	STANDARD,
	METHOD,
	{ "output", KB_ARG_PATH, .required = true, .help = "the file to write, as in review.ics" },
};

const kb_op kb_op_review_calendar = {
	.name = "review calendar",
	.summary = "Write the days on which approvals lapse as a calendar (iCalendar)",
	.help =
		"One event for each day and reviewer, with how many and which, and an alarm four weeks before; no question\n"
		"text. Exported again, an event replaces the one before.\n\n"
		"    ksbank review calendar ST0648/1.0 --output review.ics",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = calendar_args,
	.arg_count = KB_COUNT(calendar_args),
	.run = run_calendar,
	.screen = "review-calendar",
	.answer = "output, events, count: of what lapses",
};

/* The queue of one person. */

typedef struct waiting {
	const char *id, *standard, *method, *theme, *why, *due, *since;
	int64_t version;
} waiting;

static int by_due(const void *left, const void *right)
{
	const waiting *a = left, *b = right;
	if (!a->due || !b->due) return a->due ? -1 : b->due ? 1 : strcmp(a->since, b->since);
	int order = strcmp(a->due, b->due);
	return order ? order : strcmp(a->id, b->id);
}

static kb_status queue_of(kb_call *call, const char *person, waiting **ret, size_t *ret_count, kb_err *err)
{
	kb_q_review_submitted_row *submitted;
	kb_q_review_items_row *items;
	kb_reviewers reviewers;
	size_t submitted_count, item_count, n = 0;
	KB_TRY(kb_q_review_submitted(call->sql, call->arena, &submitted, &submitted_count, err));
	KB_TRY(kb_q_review_items(call->sql, call->arena, NULL, NULL, call->day_text, &items, &item_count, err));
	KB_TRY(kb_reviewers_load(call, &reviewers, err));
	waiting *list = kb_arena_array(call->arena, submitted_count + item_count, sizeof *list);
	if (!list) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < submitted_count && kb_reviewers_may(&reviewers, person); i++) {
		const kb_q_review_submitted_row *row = &submitted[i];
		if (kb_str_equal_fold(row->author, person)) continue;
		list[n++] = (waiting) { row->key, row->standard, row->method, row->theme, "submitted", row->due,
			row->submitted_on, row->version };
	}
	for (size_t i = 0; i < item_count; i++) {
		const kb_q_review_items_row *row = &items[i];
		if (!row->campaign.set || row->reviewed || !kb_str_equal_fold(row->handed_to ? row->handed_to : "", person))
			continue;
		const char *due = strcmp(row->lapses_on, row->campaign_due) < 0 ? row->lapses_on : row->campaign_due;
		list[n++] = (waiting) { row->key, row->standard, row->method, row->theme,
			kb_arena_printf(call->arena, "review R-%04lld", (long long)row->campaign.value), due, row->handed_on,
			row->version };
	}
	if (n) qsort(list, n, sizeof *list, by_due);
	*ret = list;
	*ret_count = n;
	return kb_arena_check(call->arena, err);
}

/* As question approve --list reads it: a row for each, with room for the reviewer's reason. The other columns are for
 * the reviewer, and hold nothing that CSV would have to quote. */
static kb_status write_list(kb_call *call, const waiting *queue, size_t count, kb_err *err)
{
	const char *path = kb_call_text(call, "output");
	kb_buf out = { .arena = call->arena };
	if (!path) return KB_OK;
	kb_buf_text(&out, "id,reason,theme,why,due\n");
	for (size_t i = 0; i < count; i++)
		kb_buf_printf(&out, "%s,,%s,%s,%s\n", queue[i].id, queue[i].theme ? queue[i].theme : "", queue[i].why,
			queue[i].due ? queue[i].due : "");
	KB_TRY(kb_call_create(call, path, out.text, out.length, err));
	kb_node_set_text(call->arena, call->result, "output", path);
	return KB_OK;
}

static kb_status run_queue(kb_call *call, kb_err *err)
{
	const char *person;
	waiting *queue = NULL;
	size_t count = 0;
	KB_TRY(named_person(call, call->actor, &person, err));
	KB_TRY(queue_of(call, person, &queue, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "queue", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", queue[i].id);
		kb_node_set_int(call->arena, entry, "version", queue[i].version);
		kb_node_set_text(call->arena, entry, "standard", queue[i].standard);
		kb_node_set_text(call->arena, entry, "method", queue[i].method);
		kb_node_set_text(call->arena, entry, "theme", queue[i].theme ? queue[i].theme : "");
		kb_node_set_text(call->arena, entry, "why", queue[i].why);
		kb_node_set_text(call->arena, entry, "due", queue[i].due ? queue[i].due : "");
		kb_node_set_bool(call->arena, entry, "late", queue[i].due && strcmp(queue[i].due, call->day_text) <= 0);
		kb_node_set_text(call->arena, entry, "since", queue[i].since);
	}
	kb_node_set_text(call->arena, call->result, "person", person);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)count);
	kb_node_set_bool(call->arena, call->result, "empty", count == 0);
	return write_list(call, queue, count, err);
}

static const kb_arg queue_args[] = {
	{ "for", KB_ARG_TEXT, .help = "whose; without it your own" },
	{ "output", KB_ARG_PATH, .help = "also a file to fill in for question approve --list, as in read.csv" },
};

const kb_op kb_op_review_queue = {
	.name = "review queue",
	.summary = "Show what waits for a reviewer, what is due first on top",
	.help =
		"What others submitted, and what was handed to this person in open reviews of a bank.\n\n"
		"    ksbank review queue\n"
		"    ksbank review queue --for j.smith\n\n"
		"To approve many at once, have the list written; as you read, give each a reason and take out the rows of those\n"
		"that you do not approve:\n\n"
		"    ksbank review queue --output read.csv\n"
		"    ksbank question approve --list read.csv --checklist all-met",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = queue_args,
	.arg_count = KB_COUNT(queue_args),
	.run = run_queue,
	.screen = "review-queue",
	.answer =
		"person; queue: list of {id, version, standard, method, theme, why, due: empty where nothing lapses, late, "
		"since}; count; empty; output: the file, where one was asked for",
};
