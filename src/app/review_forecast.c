/* review forecast: what a method's bank still yields on each day to come, if nobody reviews anything. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/review.h"

enum { FORECAST_MONTHS = 18 };

typedef struct forecast {
	kb_call *call;
	kb_bank_rules rules;
	const char *method_words; /* "the professional discussion" */
	uint32_t capacity;        /* on the last day looked at */
	kb_node *dates;
} forecast;

static const char *words_of_method(kb_arena *arena, const char *id)
{
	kb_buf out = { .arena = arena };
	kb_buf_text(&out, "the ");
	for (; *id; id++) kb_buf_char(&out, *id == '-' ? ' ' : *id);
	return kb_buf_string(&out);
}

static const char *words_of_day(kb_arena *arena, kb_day day)
{
	char text[KB_DATE_WORDS_SIZE];
	kb_date_words(day, text);
	return kb_arena_text(arena, text);
}

static const char *words_of_capacity(kb_arena *arena, uint32_t capacity)
{
	if (capacity == 0) return "none";
	return kb_arena_printf(arena, "%u paper%s with nothing shared", capacity, capacity == 1 ? "" : "s");
}

static const char *words_of_change(const forecast *f, kb_day day, uint32_t capacity)
{
	kb_arena *arena = f->call->arena;
	const char *on = words_of_day(arena, day), *before = words_of_capacity(arena, f->capacity);
	if (capacity == 0 && f->capacity == 0)
		return kb_arena_printf(arena, "on %s %s still has no paper", on, f->method_words);
	if (capacity == f->capacity) return kb_arena_printf(arena, "on %s %s stays at %s", on, f->method_words, before);
	const char *after = capacity ? kb_arena_printf(arena, "%u", capacity) : "none";
	return kb_arena_printf(arena, "on %s %s %s from %s to %s", on, f->method_words,
		capacity < f->capacity ? "falls" : "rises", before, after);
}

/* The pool and the papers of one day go again, so that the dates don't add up in memory. */
static kb_status measure_on(forecast *f, kb_day day, uint32_t *remain, kb_capacity *capacity, kb_err *err)
{
	kb_draw_input input;
	kb_arena_mark mark = kb_arena_save(f->call->arena);
	KB_TRY(kb_bank_pool_on(f->call, &f->rules, day, &input, err));
	KB_TRY(kb_bank_measure(f->call->arena, &input, capacity, err));
	*remain = input.pool.count;
	kb_arena_restore(f->call->arena, mark);
	return KB_OK;
}

static void note_none(forecast *f, kb_day day)
{
	kb_node *result = f->call->result;
	if (kb_node_get(result, "none_on")) return;
	char text[KB_DATE_SIZE];
	kb_date_format(day, text);
	kb_node_set_text(f->call->arena, result, "none_on", text);
	kb_node_set_text(f->call->arena, result, "none_words", words_of_day(f->call->arena, day));
}

static kb_status add_date(forecast *f, const char *date, size_t lapse, kb_err *err)
{
	kb_arena *arena = f->call->arena;
	kb_capacity capacity;
	uint32_t remain;
	kb_day day;
	KB_TRY(kb_date_parse(date, &day, err));
	KB_TRY(measure_on(f, day, &remain, &capacity, err));
	kb_node *entry = kb_node_add(arena, f->dates, kb_node_map(arena));
	kb_node_set_text(arena, entry, "date", date);
	kb_node_set_int(arena, entry, "lapse", (int64_t)lapse);
	kb_node_set_int(arena, entry, "remain", remain);
	kb_node_set_int(arena, entry, "capacity", capacity.lower);
	kb_node_set_int(arena, entry, "bound", capacity.upper);
	kb_node_set_bool(arena, entry, "exact", capacity.lower == capacity.upper);
	kb_node_set_text(arena, entry, "words", words_of_change(f, day, capacity.lower));
	if (capacity.lower == 0) note_none(f, day);
	f->capacity = capacity.lower;
	return KB_OK;
}

static kb_status add_today(forecast *f, kb_err *err)
{
	kb_capacity capacity;
	uint32_t questions;
	KB_TRY(measure_on(f, f->call->day, &questions, &capacity, err));
	kb_node_set_int(f->call->arena, f->call->result, "questions", questions);
	kb_node_set_int(f->call->arena, f->call->result, "capacity", capacity.lower);
	kb_node_set_int(f->call->arena, f->call->result, "bound", capacity.upper);
	kb_node_set_bool(f->call->arena, f->call->result, "exact", capacity.lower == capacity.upper);
	if (capacity.lower == 0) note_none(f, f->call->day);
	f->capacity = capacity.lower;
	return KB_OK;
}

/* Questions only, and only what has not lapsed yet: the rest is not drawn today either. */
static size_t keep_to_come(const kb_call *call, kb_review_due *due, size_t count)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(due[i].item->kind, "question") == 0 && strcmp(due[i].item->lapses_on, call->day_text) > 0)
			due[n++] = due[i];
	return n;
}

static kb_status add_dates(forecast *f, kb_review_due *due, size_t count, kb_err *err)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && strcmp(due[end].item->lapses_on, due[i].item->lapses_on) == 0;) end++;
		KB_TRY(add_date(f, due[i].item->lapses_on, end - i, err));
		kb_progress_tell(f->call->progress, "looking at what lapses", (int64_t)end, (int64_t)count);
	}
	return KB_OK;
}

static kb_status run_forecast(kb_call *call, kb_err *err)
{
	const char *standard = kb_call_text(call, "standard"), *method = kb_call_text(call, "method");
	forecast f = { .call = call, .method_words = words_of_method(call->arena, method) };
	kb_day until = kb_date_add_months(call->day, FORECAST_MONTHS);
	char until_text[KB_DATE_SIZE];
	kb_review_due *due;
	size_t count;
	kb_date_format(until, until_text);
	KB_TRY(kb_bank_rules_load(call, standard, method, kb_call_text(call, "mapping"), &f.rules, err));
	KB_TRY(kb_review_due_by(call, standard, method, until, NULL, &due, &count, err));
	count = keep_to_come(call, due, count);
	f.dates = kb_node_set(call->arena, call->result, "dates", kb_node_list(call->arena));
	kb_node_set_text(call->arena, call->result, "standard", standard);
	kb_node_set_text(call->arena, call->result, "method", method);
	kb_node_set_text(call->arena, call->result, "date", call->day_text);
	kb_node_set_text(call->arena, call->result, "until", until_text);
	KB_TRY(add_today(&f, err));
	KB_TRY(add_dates(&f, due, count, err));
	kb_node_set_bool(call->arena, call->result, "falls", count > 0);
	if (!kb_node_get(call->result, "none_on")) kb_node_set_text(call->arena, call->result, "none_on", "");
	return KB_OK;
}

static const kb_arg forecast_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
};

const kb_op kb_op_review_forecast = {
	.name = "review forecast",
	.summary = "Say what the bank yields on each day of the next 18 months on which approvals lapse",
	.help =
		"If nobody reviewed anything: how many questions remain, how many papers with nothing shared they yield, and\n"
		"from which day on no paper can be drawn. Papers are counted as bank capacity counts them.\n\n"
		"    ksbank review forecast ST0648/1.0 professional-discussion",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = forecast_args,
	.arg_count = KB_COUNT(forecast_args),
	.run = run_forecast,
	.screen = "review-forecast",
	.answer = "standard, method, date, until; questions, capacity, bound, exact: today's; dates: list of {date, lapse, "
			  "remain, capacity, bound, exact, words}; falls: whether there is any; none_on: the first day on which no "
			  "paper can be drawn, empty where there is none, none_words: in words",
};
