/* review forecast: what a method's bank still yields on each day to come, if nobody reviews anything. */
#include "app/ops.h"

#include "app/figures.h"
#include "app/forecast.h"

#define OF_THEMES " of case-study themes"

/* "the professional discussion" */
static const char *words_of_method(kb_arena *arena, const char *id)
{
	kb_buf out = { .arena = arena };
	kb_buf_text(&out, "the ");
	for (; *id; id++) kb_buf_char(&out, *id == '-' ? ' ' : *id);
	return kb_buf_string(&out);
}

/* Of `what`, "paper": "falls from 3 papers with nothing shared to 1" */
static const char *words_of_fall(kb_arena *arena, const char *what, const char *of, uint32_t before, uint32_t now)
{
	if (now == 0 && before == 0) return kb_arena_printf(arena, "still has no %s%s", what, of);
	const char *had = kb_arena_printf(arena, "%u %s%s%s with nothing shared", before, what, kb_plural(before), of);
	if (before == 0) had = "none";
	if (now == before) return kb_arena_printf(arena, "stays at %s", had);
	const char *after = now ? kb_arena_printf(arena, "%u", now) : "none";
	return kb_arena_printf(arena, "%s from %s to %s", now < before ? "falls" : "rises", had, after);
}

/* Papers and offers, as far as what they are drawn from lapses. */
static const char *words_of_change(kb_arena *arena, const char *method, const kb_outlook *before, const kb_outlook *now)
{
	const char *papers = words_of_fall(arena, "paper", "", before->capacity, now->capacity);
	const char *offers = words_of_fall(arena, "offer", OF_THEMES, before->offers, now->offers);
	if (now->themes_lapse) papers = now->lapse ? kb_arena_printf(arena, "%s, and %s", papers, offers) : offers;
	return kb_arena_printf(arena, "on %s %s %s", kb_forecast_day(arena, now->day), method, papers);
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
		kb_forecast_write_papers(arena, forecast, day, entry);
		kb_node_set_text(arena, entry, "words", words_of_change(arena, method, day - 1, day));
	}
	kb_node_set_bool(arena, call->result, "falls", dates->count > 0);
}

/* The first day on which something that a sitting needs can't be drawn. */
static void add_none(kb_call *call, const kb_forecast *forecast)
{
	const kb_outlook *day = forecast->days, *end = day + forecast->count;
	while (day < end && day->capacity > 0 && !(forecast->offers && day->offers == 0)) day++;
	kb_node_set_text(call->arena, call->result, "none_on", day < end ? day->date : "");
	if (day == end) return;
	kb_node_set_text(call->arena, call->result, "none_words", kb_forecast_day(call->arena, day->day));
	kb_node_set_text(call->arena, call->result, "none_what", day->capacity ? "offer" OF_THEMES : "paper");
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
	kb_forecast_write_papers(call->arena, &forecast, &forecast.days[0], call->result);
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
		"from which day on no paper can be drawn; likewise case-study themes and the offers of them, where apprentices\n"
		"choose. Both are counted as bank capacity counts them.\n\n"
		"    ksbank review forecast ST0648/1.0 professional-discussion",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = forecast_args,
	.arg_count = KB_COUNT(forecast_args),
	.run = run_forecast,
	.screen = "review-forecast",
	.answer =
		"standard, method, date, until; questions, capacity, bound, exact: today's, and where the method has offers "
		"of case-study themes offers: {lapse, themes, themes_offered, capacity, bound, exact}; dates: list of {date, "
		"lapse, remain, capacity, bound, exact, offers, words}; falls: whether there is any; none_on: the first day "
		"on which no paper or no offer can be drawn, empty where there is none, none_words: in words, none_what: "
		"which of them",
};
