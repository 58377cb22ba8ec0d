/* bank simulate: a year of an organisation on this bank, in memory. */
#include "app/ops.h"

#include <stdlib.h>
#include <string.h>

#include "app/bank_measure.h"
#include "app/chart_print.h"
#include "app/figures.h"
#include "engine/simulate.h"

enum {
	EDIT_PERCENT = 25,
	AWAY_DAYS = 14,
	MONTH_DAYS = 30,
	MONTHS_MAX = 24,
	CANDIDATES_MAX = 100000,
	EMPLOYERS_MAX = 1000
};

typedef struct simulation {
	kb_call *call;
	kb_arena *arena;
	kb_bank_rules rules;
	kb_draw_input input;
	kb_year year;
	kb_year_past past;
	uint32_t papers;
	uint32_t trial;      /* a cap, or 0 */
	uint32_t *exposures; /* of each question: papers that held it */
	uint32_t *order;     /* the most drawn first */
} simulation;

static kb_status whole(kb_call *call, const char *name, int64_t otherwise, int64_t most, uint32_t *value, kb_err *err)
{
	int64_t given = kb_call_int(call, name);
	*value = (uint32_t)(given ? given : otherwise);
	if (given <= most) return KB_OK;
	kb_fail(err, KB_USAGE, "argument", "--%s can be %lld at most", name, (long long)most);
	return kb_hint(err, "give a whole number from 1 to %lld", (long long)most);
}

static kb_status read_year(simulation *s, kb_err *err)
{
	KB_TRY(whole(s->call, "candidates", 0, CANDIDATES_MAX, &s->year.candidates, err));
	KB_TRY(whole(s->call, "resits", 0, 100, &s->year.resit_percent, err));
	s->trial = (uint32_t)kb_call_int(s->call, "cap");
	KB_TRY(whole(s->call, "employers", 1, EMPLOYERS_MAX, &s->year.employers, err));
	s->year.edit_percent = EDIT_PERCENT;
	s->year.away_days = AWAY_DAYS;
	s->year.progress = s->call->progress;
	return KB_OK;
}

/* Exposures. */

typedef struct place {
	uint32_t item, papers;
} place;

static int by_papers(const void *left, const void *right)
{
	const place *a = left, *b = right;
	if (a->papers != b->papers) return a->papers > b->papers ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

static kb_status count_exposures(simulation *s, kb_err *err)
{
	uint32_t count = s->input.pool.count;
	place *places = kb_arena_array(s->arena, count, sizeof *places);
	s->exposures = kb_arena_array(s->arena, count, sizeof *s->exposures);
	s->order = kb_arena_array(s->arena, count, sizeof *s->order);
	KB_TRY(kb_arena_check(s->arena, err));
	for (uint32_t i = 0; i < s->past.count; i++) {
		const uint32_t *items = s->past.sittings[i].items;
		s->papers += items != NULL;
		for (uint32_t k = 0; items && k < s->input.rules.size; k++) s->exposures[items[k]]++;
	}
	for (uint32_t i = 0; i < count; i++) places[i] = (place) { i, s->exposures[i] };
	qsort(places, count, sizeof *places, by_papers);
	for (uint32_t i = 0; i < count; i++) s->order[i] = places[i].item;
	return KB_OK;
}

static double share(uint64_t part, uint64_t all)
{
	return all ? (double)part / (double)all : 0;
}

static kb_node *exposure_node(simulation *s, uint32_t item)
{
	kb_node *map = kb_node_map(s->arena);
	kb_node_set_text(s->arena, map, "id", s->input.pool.items[item].key);
	kb_node_set_int(s->arena, map, "papers", s->exposures[item]);
	kb_figure_share(s->arena, map, share(s->exposures[item], s->papers));
	return map;
}

static void add_exposures(simulation *s)
{
	kb_node *result = s->call->result, *list = kb_node_set(s->arena, result, "exposures", kb_node_list(s->arena));
	uint32_t count = s->input.pool.count;
	kb_node_set(s->arena, result, "most", exposure_node(s, s->order[0]));
	kb_node_set(s->arena, result, "median", exposure_node(s, s->order[count / 2]));
	kb_node_set(s->arena, result, "least", exposure_node(s, s->order[count - 1]));
	for (uint32_t i = 0; i < count; i++) kb_node_add(s->arena, list, exposure_node(s, s->order[i]));
}

/* What an employer's candidates had before, month by month: 30 days each, all that follows the last in it. */

typedef struct month {
	uint64_t papers, known;
} month;

static void add_months(simulation *s, const month *months, uint32_t count)
{
	kb_node *list = kb_node_set(s->arena, s->call->result, "months", kb_node_list(s->arena));
	for (uint32_t m = 0; m < count; m++) {
		kb_node *entry = kb_node_add(s->arena, list, kb_node_map(s->arena));
		kb_node_set_int(s->arena, entry, "month", m + 1);
		kb_node_set_int(s->arena, entry, "papers", (int64_t)months[m].papers);
		kb_figure_share(s->arena, entry, share(months[m].known, months[m].papers * s->input.rules.size));
	}
}

static uint32_t count_months(const simulation *s, month months[static MONTHS_MAX])
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < s->past.count; i++) {
		const kb_year_sitting *sitting = &s->past.sittings[i];
		uint32_t m = sitting->day / MONTH_DAYS;
		if (!sitting->items) continue;
		if (m >= MONTHS_MAX) m = MONTHS_MAX - 1;
		if (m >= count) count = m + 1;
		months[m].papers++;
		months[m].known += sitting->known;
	}
	return count;
}

static kb_status add_employers(simulation *s, kb_err *err)
{
	enum { SHOWN = 10 };
	kb_node *list = kb_node_set(s->arena, s->call->result, "employers", kb_node_list(s->arena));
	month *employers = kb_arena_array(s->arena, s->year.employers, sizeof *employers);
	if (!employers) return kb_arena_check(s->arena, err);
	for (uint32_t i = 0; i < s->past.count; i++) {
		const kb_year_sitting *sitting = &s->past.sittings[i];
		employers[sitting->employer].papers += sitting->items != NULL;
		employers[sitting->employer].known += sitting->known;
	}
	for (uint32_t k = 0; k < s->year.employers && k < SHOWN; k++) {
		kb_node *entry = kb_node_add(s->arena, list, kb_node_map(s->arena));
		kb_node_set_int(s->arena, entry, "employer", k + 1);
		kb_node_set_int(s->arena, entry, "papers", (int64_t)employers[k].papers);
		kb_figure_share(s->arena, entry, share(employers[k].known, employers[k].papers * s->input.rules.size));
	}
	return KB_OK;
}

/* Refusals. */

static const struct {
	const char *id, *words;
} reasons[] = {
	{ "draw.none", "nothing that the candidate had not met would have made a paper" },
	{ "draw.reserve", "no re-sit would have remained possible" },
	{ "", "the draw could not be settled within its limits" },
};

static size_t reason_of(const char *refused)
{
	size_t r = 0;
	while (r + 1 < KB_COUNT(reasons) && strcmp(reasons[r].id, refused) != 0) r++;
	return r;
}

/* The units that stood in the way, the most frequent first. */
static void add_units(simulation *s, const int64_t sittings[static KB_UNITS_MAX])
{
	kb_node *list = kb_node_set(s->arena, s->call->result, "in_the_way", kb_node_list(s->arena));
	uint64_t named = 0;
	for (;;) {
		uint32_t most = KB_UNITS_MAX;
		for (uint32_t u = 0; u < s->input.rules.unit_count; u++)
			if (sittings[u] && !(named >> u & 1) && (most == KB_UNITS_MAX || sittings[u] > sittings[most])) most = u;
		if (most == KB_UNITS_MAX) return;
		named |= UINT64_C(1) << most;
		kb_node *entry = kb_node_add(s->arena, list, kb_node_map(s->arena));
		kb_node_set_text(s->arena, entry, "unit", s->input.units[most]);
		kb_node_set_int(s->arena, entry, "sittings", sittings[most]);
	}
}

static void add_refusals(simulation *s)
{
	kb_node *list = kb_node_set(s->arena, s->call->result, "refusals", kb_node_list(s->arena));
	int64_t refused[2] = { 0 }, resits = 0, kinds[KB_COUNT(reasons)] = { 0 }, units[KB_UNITS_MAX] = { 0 };
	for (uint32_t i = 0; i < s->past.count; i++) {
		const kb_year_sitting *sitting = &s->past.sittings[i];
		resits += sitting->attempt > 0;
		if (!sitting->refused) continue;
		refused[sitting->attempt > 0]++;
		kinds[reason_of(sitting->refused)]++;
		for (uint64_t rest = sitting->units; rest; rest &= rest - 1) units[__builtin_ctzll(rest)]++;
	}
	for (size_t r = 0; r < KB_COUNT(reasons); r++) {
		if (!kinds[r]) continue;
		kb_node *entry = kb_node_add(s->arena, list, kb_node_map(s->arena));
		kb_node_set_text(s->arena, entry, "reason", reasons[r].words);
		kb_node_set_int(s->arena, entry, "sittings", kinds[r]);
	}
	add_units(s, units);
	kb_node_set_int(s->arena, s->call->result, "resits", resits);
	kb_node_set_int(s->arena, s->call->result, "resits_refused", refused[1]);
	kb_node_set_int(s->arena, s->call->result, "first_refused", refused[0]);
	kb_node_set_bool(s->arena, s->call->result, "some_in_the_way", list->count > 0);
}

static void add_head(simulation *s, const char *seed)
{
	kb_node *result = s->call->result;
	kb_node_set_text(s->arena, result, "standard", kb_call_text(s->call, "standard"));
	kb_node_set_text(s->arena, result, "method", kb_call_text(s->call, "method"));
	kb_node_set_text(s->arena, result, "bank", kb_bank_words_of(s->call));
	kb_node_set_text(s->arena, result, "date", s->call->day_text);
	kb_node_set_text(s->arena, result, "seed", seed);
	kb_node_set_int(s->arena, result, "eligible", s->input.pool.count);
	kb_node_set_int(s->arena, result, "size", s->input.rules.size);
	kb_node_set_int(s->arena, result, "candidates", s->year.candidates);
	kb_node_set_int(s->arena, result, "employer_count", s->year.employers);
	kb_node_set_int(s->arena, result, "resit_percent", s->year.resit_percent);
	kb_node_set_int(s->arena, result, "edited", s->past.edited);
	kb_node_set_int(s->arena, result, "away_days", s->year.away_days);
	kb_node_set_int(s->arena, result, "papers", s->papers);
	if (s->trial > 0) kb_node_set_int(s->arena, result, "trial_cap", s->trial);
}

/* Charts. */

static uint32_t millionths(double part)
{
	return (uint32_t)(part * 1e6 + 0.5);
}

static kb_status print_charts(simulation *s, const month *months, uint32_t month_count, kb_err *err)
{
	const char *standard = kb_call_text(s->call, "standard"), *method = kb_call_text(s->call, "method");
	uint32_t count = s->input.pool.count;
	kb_chart_bar *bars = kb_arena_array(s->arena, count, sizeof *bars), month_bars[MONTHS_MAX];
	if (!bars) return kb_arena_check(s->arena, err);
	for (uint32_t i = 0; i < count; i++)
		bars[i] = (kb_chart_bar) { s->input.pool.items[s->order[i]].key,
			millionths(share(s->exposures[s->order[i]], s->papers)) };
	for (uint32_t m = 0; m < month_count; m++)
		month_bars[m] = (kb_chart_bar) { kb_arena_printf(s->arena, "%u", m + 1),
			millionths(share(months[m].known, months[m].papers * s->input.rules.size)) };
	kb_chart charts[] = {
		{ .id = "exposures",
			.title = kb_arena_printf(s->arena, "A simulated year of %s, %s", standard, method),
			.description = kb_arena_printf(s->arena,
				"%u bar%s, the question that was drawn most often first: %s, in %u of %u paper%s.", count,
				kb_plural(count), bars[0].label, s->exposures[s->order[0]], s->papers, kb_plural(s->papers)),
			.horizontal = kb_arena_printf(s->arena, "%u question%s, the most drawn first", count, kb_plural(count)),
			.vertical = "Share of the year's papers that held it",
			.bars = bars,
			.bar_count = count,
			.marks = { { "if all were drawn alike", millionths(share(s->input.rules.size, count)) } },
			.mark_count = 1 },
		{ .id = "months",
			.title = "What employers had met before",
			.description =
				"For each month, the share of its papers' questions that candidates of the same employer had "
				"in a sitting before.",
			.horizontal = "months of 30 days",
			.vertical = "Share of a paper, on average",
			.bars = month_bars,
			.bar_count = month_count },
	};
	const char *title = kb_arena_printf(s->arena, "A simulated year · %s · %s", standard, method);
	KB_TRY(kb_arena_check(s->arena, err));
	return kb_chart_print(s->call, &(kb_chart_page) { charts, KB_COUNT(charts), "simulation.md", title }, err);
}

static kb_status run_simulate(kb_call *call, kb_err *err)
{
	simulation s = { .call = call, .arena = call->arena };
	const char *given = kb_call_text(call, "seed"), *seed_text = given ? given : "1";
	month months[MONTHS_MAX] = { 0 };
	kb_digest seed;
	KB_TRY(read_year(&s, err));
	KB_TRY(kb_bank_law_load(call, s.trial, &s.rules, &s.input, err));
	KB_TRY(kb_digest_of("ksbank year seed 1", seed_text, strlen(seed_text), &seed, err));
	KB_TRY(kb_simulate(s.arena, &s.input.pool, &s.input.rules, &s.year, &seed, &s.past, err));
	KB_TRY(count_exposures(&s, err));
	uint32_t month_count = count_months(&s, months);
	add_head(&s, seed_text);
	add_exposures(&s);
	add_months(&s, months, month_count);
	KB_TRY(add_employers(&s, err));
	add_refusals(&s);
	return print_charts(&s, months, month_count, err);
}

static const kb_arg simulate_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "candidates", KB_ARG_INT, .required = true, .help = "first sittings in the year, at most 100000" },
	{ "resits", KB_ARG_INT, .help = "percent of sittings that are followed by a re-sit; none if not given" },
	{ "employers", KB_ARG_INT, .help = "at most 1000; 1 if not given" },
	{ "cap", KB_ARG_PER_MILLE,
		.help = "draw under this exposure cap, in a thousand papers, and not the specification's" },
	{ "seed", KB_ARG_TEXT, .help = "any text; the same one gives the same year everywhere; 1 if not given" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
	{ "format", KB_ARG_WORD, .help = "svg: a chart of the exposures; html: a page with both charts and all tables",
		.words = kb_chart_formats },
	{ "output", KB_ARG_PATH, .help = "write the chart or page to this file, readable by you alone" },
};

const kb_op kb_op_bank_simulate = {
	.name = "bank simulate",
	.summary = "Play a year of the organisation on this bank, and show what it does to the questions",
	.help =
		"In memory only: nothing is written, and no question counts as seen. Papers are drawn as live ones are, with the\n"
		"specification's reserve, and re-sits share nothing. First sittings fall evenly on 365 days; the second employer\n"
		"is half as large as the first, the third a third, and so on; a re-sit comes 30 to 59 days later, and may be\n"
		"followed by another. A quarter of the questions is reworded once, and away for 14 days then. Approvals do not\n"
		"lapse.\n\n"
		"    ksbank bank simulate ST0648/1.0 professional-discussion --candidates 400 --resits 20 --employers 6",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = simulate_args,
	.arg_count = KB_COUNT(simulate_args),
	.run = run_simulate,
	.screen = "bank-simulate",
	.answer =
		"standard, method, bank: as commands name it, date, seed; eligible: questions; size: of a paper; candidates, employer_count, resit_percent, "
		"edited: questions reworded, away_days; papers: drawn; trial_cap, with --cap; most, median, least: {id, papers, per_mille, percent}; "
		"exposures: a list of such, the most drawn first; months: list of {month, papers, per_mille, percent}: of 30 "
		"days, and what of their papers candidates of the same employer had before; employers: list of {employer, papers, "
		"per_mille, percent}, the ten largest; resits, resits_refused, first_refused: sittings; refusals: list of "
		"{reason, sittings}; in_the_way: list of {unit, sittings}, some_in_the_way: of the refused sittings, those that this "
		"unit had a part in; text, or with --output: output, bytes",
};
