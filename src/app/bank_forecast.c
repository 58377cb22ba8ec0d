/* bank forecast: on which day to come something breaks, and what to do before it. */
#include "app/ops.h"

#include "app/chart_print.h"
#include "app/figures.h"
#include "app/forecast.h"

static const char *when(kb_arena *arena, const kb_forecast *f, const kb_outlook *day)
{
	if (day == f->days) return "Today";
	return kb_arena_printf(arena, "From %s on", kb_forecast_day(arena, day->day));
}

/* What breaks. */

static void add_breaks(kb_call *call, const kb_forecast *f)
{
	kb_arena *arena = call->arena;
	kb_node *list = kb_node_set(arena, call->result, "breaks", kb_node_list(arena));
	for (size_t i = 0; i < f->count; i++)
		for (int b = 0; b < KB_BREAK_COUNT; b++) {
			const kb_outlook *day = &f->days[i];
			if (!(day->new >> b & 1)) continue;
			kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
			kb_node_set_text(arena, entry, "date", day->date);
			kb_node_set_text(arena, entry, "break", kb_break_names[b]);
			kb_node_set_text(arena, entry, "when", when(arena, f, day));
			kb_node_set_text(arena, entry, "words", kb_forecast_words(arena, f, day, (kb_break)b));
		}
	const kb_node *first = list->count ? list->items[0] : NULL;
	kb_node_set_text(arena, call->result, "first_break", kb_node_get_text(first, "date", ""));
	kb_node_set_bool(arena, call->result, "several_breaks", list->count > 1);
	kb_node_set_text(arena, call->result, "headline",
		first
			? kb_arena_printf(arena, "%s %s", kb_node_get_text(first, "when", ""), kb_node_get_text(first, "words", ""))
			: kb_arena_printf(arena, "Nothing breaks before %s", kb_forecast_day(arena, f->until)));
}

/* What to do. */

static void add_way(kb_arena *arena, kb_node *list, const char *on, const kb_way *way)
{
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "when", on);
	kb_node_set_text(arena, entry, "words", way->words);
	kb_node_set_text(arena, entry, "command", way->command);
}

static void add_ways(kb_call *call, const kb_forecast *f)
{
	kb_arena *arena = call->arena;
	kb_node *list = kb_node_set(arena, call->result, "to_do", kb_node_list(arena));
	const kb_outlook *next = kb_forecast_next_break(f);
	for (int b = 0; b < KB_BREAK_COUNT; b++) {
		if (!(f->days[0].broken >> b & 1)) continue;
		kb_way way = kb_forecast_way_out(arena, f, (kb_break)b);
		add_way(arena, list, "Today", &way);
	}
	if (next) {
		kb_way way = kb_forecast_way_before(arena, f, next);
		add_way(arena, list, kb_arena_printf(arena, "By %s", kb_forecast_day(arena, next->day - 1)), &way);
	}
}

/* Day by day. */

static void set_share(kb_arena *arena, kb_node *map, const char *key, double questions, uint32_t size)
{
	kb_node *share = kb_node_set(arena, map, key, kb_node_map(arena));
	kb_node_set_text(arena, share, "questions", kb_figure(arena, questions, 2));
	kb_figure_share(arena, share, questions / size);
}

static void add_days(kb_call *call, const kb_forecast *f)
{
	kb_arena *arena = call->arena;
	uint32_t size = f->today.rules.size;
	kb_node *list = kb_node_set(arena, call->result, "days", kb_node_list(arena));
	for (size_t i = 0; i < f->count; i++) {
		const kb_outlook *day = &f->days[i];
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "date", day->date);
		kb_node_set_int(arena, entry, "lapse", day->lapse);
		kb_node_set_int(arena, entry, "questions", day->questions);
		kb_forecast_write_papers(arena, f, day, entry);
		kb_node_set_bool(arena, entry, "foreseen", day->foreseen);
		if (!day->foreseen) continue;
		kb_figure_share(arena, kb_node_set(arena, entry, "largest", kb_node_map(arena)), day->largest);
		set_share(arena, entry, "overlap", day->overlap, size);
		set_share(arena, entry, "least_overlap", day->least_overlap, size);
		kb_node_set_text(arena, entry, "entropy_bits", kb_figure(arena, day->bits, 2));
	}
	kb_node_set_bool(arena, call->result, "falls", f->count > 1);
}

/* The charts. */

static uint32_t millionths(double share)
{
	return (uint32_t)(share * 1e6 + 0.5);
}

static const char *words_of_days(kb_arena *arena, const kb_forecast *f)
{
	return kb_arena_printf(
		arena, "Today, and the days on which approvals lapse: %s to %s", f->days[0].date, f->days[f->count - 1].date);
}

static kb_chart chart_papers(kb_call *call, const kb_forecast *f, kb_chart_bar *bars)
{
	const kb_outlook *last = &f->days[f->count - 1];
	for (size_t i = 0; i < f->count; i++) bars[i] = (kb_chart_bar) { f->days[i].date, f->days[i].capacity };
	return (kb_chart) {
		.id = "papers",
		.title = kb_arena_printf(call->arena, "Papers with nothing shared, day by day: %s, %s",
			f->rules.loaded.standard->key.text, f->rules.method->id.text),
		.description = kb_arena_printf(call->arena,
			"A bar for today and each day on which approvals lapse: %u paper%s today, and %u on %s, the last of them.",
			f->days[0].capacity, kb_plural(f->days[0].capacity), last->capacity, last->date),
		.horizontal = words_of_days(call->arena, f),
		.vertical = "Papers found with nothing shared",
		.bars = bars,
		.bar_count = f->count,
		.marks = { { "needed for a first sitting and its re-sits", f->today.rules.reserve + 1 } },
		.mark_count = 1,
		.counts = true,
	};
}

static kb_chart chart_likeliest(kb_call *call, const kb_forecast *f, kb_chart_bar *bars)
{
	uint32_t cap = kb_specification_cap(f->rules.specification);
	for (size_t i = 0; i < f->count; i++) bars[i] = (kb_chart_bar) { f->days[i].date, millionths(f->days[i].largest) };
	kb_chart chart = {
		.id = "likeliest",
		.title = kb_arena_printf(call->arena, "Likeliest question, day by day: %s, %s",
			f->rules.loaded.standard->key.text, f->rules.method->id.text),
		.description = "A bar for today and each day on which approvals lapse; none where no paper can be drawn.",
		.horizontal = words_of_days(call->arena, f),
		.vertical = "Share of papers that hold it",
		.bars = bars,
		.bar_count = f->count,
	};
	if (cap) chart.marks[chart.mark_count++] = (kb_chart_mark) { "the exposure cap", cap * 1000 };
	if (f->limits[KB_BREAK_CHANCE])
		chart.marks[chart.mark_count++] = (kb_chart_mark) { "your limit", (uint32_t)f->limits[KB_BREAK_CHANCE] * 1000 };
	return chart;
}

static kb_status print_charts(kb_call *call, const kb_forecast *f, kb_err *err)
{
	kb_chart_bar *papers = kb_arena_array(call->arena, f->count, sizeof *papers);
	kb_chart_bar *likeliest = kb_arena_array(call->arena, f->count, sizeof *likeliest);
	if (!papers || !likeliest) return kb_arena_check(call->arena, err);
	kb_chart charts[] = { chart_papers(call, f, papers), chart_likeliest(call, f, likeliest) };
	const char *title = kb_arena_printf(
		call->arena, "Forecast · %s · %s", f->rules.loaded.standard->key.text, f->rules.method->id.text);
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_chart_print(call, &(kb_chart_page) { charts, KB_COUNT(charts), "cli/bank-forecast.md", title }, err);
}

static kb_status run_forecast(kb_call *call, kb_err *err)
{
	kb_arena *arena = call->arena;
	char until[KB_DATE_SIZE];
	kb_forecast f;
	KB_TRY(kb_forecast_find(call, kb_call_text(call, "standard"), kb_call_text(call, "method"),
		kb_call_text(call, "mapping"), KB_FORECAST_ALL, &f, err));
	kb_date_format(f.until, until);
	kb_node_set_text(arena, call->result, "standard", f.rules.loaded.standard->key.text);
	kb_node_set_text(arena, call->result, "method", f.rules.method->id.text);
	kb_node_set_text(arena, call->result, "method_name", f.rules.method->name.text);
	kb_node_set_text(arena, call->result, "date", call->day_text);
	kb_node_set_text(arena, call->result, "until", until);
	kb_node_set_int(arena, call->result, "size", f.today.rules.size);
	if (f.offers) kb_node_set_int(arena, call->result, "themes_offered", f.rules.specification->themes_offered.value);
	add_breaks(call, &f);
	add_ways(call, &f);
	add_days(call, &f);
	KB_TRY(kb_arena_check(arena, err));
	return print_charts(call, &f, err);
}

static const kb_arg forecast_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
	{ "format", KB_ARG_WORD, .help = "svg: the chart of papers; html: a page with the charts and all tables",
		.words = kb_chart_formats },
	{ "output", KB_ARG_PATH, .help = "write the chart or page to this file, readable by you alone" },
};

const kb_op kb_op_bank_forecast = {
	.name = "bank forecast",
	.summary = "Say on which day of the next 18 months something breaks as reviews lapse, and what to do before it",
	.help =
		"If nobody reviewed or wrote anything: for today and each day on which approvals lapse, how many papers with\n"
		"nothing shared the bank yields, and how far a paper can be foreseen. What can break: no paper can be drawn; a\n"
		"KSB has no question left; the exposure cap can't be kept, so that draws are refused; re-sits can't be kept\n"
		"possible; your own limits of predictability are passed. Where apprentices choose from case-study themes, the same\n"
		"is said of these offers. Papers and offers are counted as bank capacity counts them, chances are those of bank\n"
		"predictability; the weights of a day to come are found for its questions, and not kept.\n\n"
		"    ksbank bank forecast ST0648/1.0 professional-discussion\n"
		"    ksbank bank forecast ST0648/1.0 professional-discussion --format html --output forecast.html",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = forecast_args,
	.arg_count = KB_COUNT(forecast_args),
	.run = run_forecast,
	.screen = "bank-forecast",
	.answer =
		"standard, method, method_name, date, until; size: of a paper; themes_offered: where the method has offers of "
		"case-study themes, so many in one; headline; first_break: a date, empty where nothing breaks; breaks: list of "
		"{date, break: draw, offer, units, exposure-cap, resits, offer-resits, limit-chance or limit-overlap, "
		"when, words}, several_breaks; to_do: list of {when, words, command}; days: list of {date, lapse, questions, "
		"capacity, bound, exact, offers: {lapse, themes, themes_offered, capacity, bound, exact}, where the method has "
		"them, foreseen: whether there is a draw whose papers can be counted exactly, and then "
		"largest: {per_mille, percent}, overlap, least_overlap: {questions, per_mille, percent}, entropy_bits}, falls: "
		"whether anything lapses; text, or with --output: output, bytes",
};
