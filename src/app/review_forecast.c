/* review forecast: what a method's bank still yields on each day to come, if nobody reviews anything. */
#include "app/ops.h"

#include "app/forecast.h"

/* "the professional discussion" */
static const char *words_of_method(kb_arena *arena, const char *id)
{
	kb_buf out = { .arena = arena };
	kb_buf_text(&out, "the ");
	for (; *id; id++) kb_buf_char(&out, *id == '-' ? ' ' : *id);
	return kb_buf_string(&out);
}

static const char *words_of_capacity(kb_arena *arena, uint32_t capacity)
{
	if (capacity == 0) return "none";
	return kb_arena_printf(arena, "%u paper%s with nothing shared", capacity, capacity == 1 ? "" : "s");
}

static const char *words_of_change(kb_arena *arena, const char *method, const kb_outlook *before, const kb_outlook *now)
{
	const char *on = kb_forecast_day(arena, now->day), *had = words_of_capacity(arena, before->capacity);
	if (now->capacity == 0 && before->capacity == 0)
		return kb_arena_printf(arena, "on %s %s still has no paper", on, method);
	if (now->capacity == before->capacity) return kb_arena_printf(arena, "on %s %s stays at %s", on, method, had);
	const char *after = now->capacity ? kb_arena_printf(arena, "%u", now->capacity) : "none";
	return kb_arena_printf(arena, "on %s %s %s from %s to %s", on, method,
		now->capacity < before->capacity ? "falls" : "rises", had, after);
}

static void set_papers(kb_arena *arena, kb_node *map, const kb_outlook *day)
{
	kb_node_set_int(arena, map, "capacity", day->capacity);
	kb_node_set_int(arena, map, "bound", day->bound);
	kb_node_set_bool(arena, map, "exact", day->capacity == day->bound);
}

static void add_days(kb_call *call, const kb_forecast *forecast, const char *method)
{
	kb_arena *arena = call->arena;
	kb_node *dates = kb_node_set(arena, call->result, "dates", kb_node_list(arena));
	for (size_t i = 1; i < forecast->count; i++) {
		const kb_outlook *day = &forecast->days[i];
		kb_node *entry = kb_node_add(arena, dates, kb_node_map(arena));
		kb_node_set_text(arena, entry, "date", day->date);
		kb_node_set_int(arena, entry, "lapse", day->lapse);
		kb_node_set_int(arena, entry, "remain", day->questions);
		set_papers(arena, entry, day);
		kb_node_set_text(arena, entry, "words", words_of_change(arena, method, day - 1, day));
	}
	kb_node_set_bool(arena, call->result, "falls", dates->count > 0);
}

static void add_none(kb_call *call, const kb_forecast *forecast)
{
	const kb_outlook *day = forecast->days, *end = day + forecast->count;
	while (day < end && day->capacity > 0) day++;
	kb_node_set_text(call->arena, call->result, "none_on", day < end ? day->date : "");
	if (day == end) return;
	kb_node_set_text(call->arena, call->result, "none_words", kb_forecast_day(call->arena, day->day));
}

static kb_status run_forecast(kb_call *call, kb_err *err)
{
	const char *standard = kb_call_text(call, "standard"), *method = kb_call_text(call, "method");
	char until[KB_DATE_SIZE];
	kb_forecast forecast;
	KB_TRY(kb_forecast_find(call, standard, method, kb_call_text(call, "mapping"), KB_FORECAST_PAPERS, &forecast, err));
	kb_date_format(forecast.until, until);
	kb_node_set_text(call->arena, call->result, "standard", standard);
	kb_node_set_text(call->arena, call->result, "method", method);
	kb_node_set_text(call->arena, call->result, "date", call->day_text);
	kb_node_set_text(call->arena, call->result, "until", until);
	kb_node_set_int(call->arena, call->result, "questions", forecast.days[0].questions);
	set_papers(call->arena, call->result, &forecast.days[0]);
	add_days(call, &forecast, words_of_method(call->arena, method));
	add_none(call, &forecast);
	return kb_arena_check(call->arena, err);
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
