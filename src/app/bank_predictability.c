/* bank predictability: what can be foreseen of a candidate's paper, by chance alone and by the real record. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/cap.h"
#include "app/chart_print.h"
#include "app/figures.h"
#include "engine/even.h"

typedef struct forecast {
	kb_call *call;
	kb_arena *arena;
	kb_bank_rules rules;
	kb_draw_input input;
	kb_tables *tables;
	kb_exposure exposure;
	double size; /* questions in a paper */
	bool unkept; /* the specification's own cap: then all papers are alike beside the cap that is tried */
} forecast;

static kb_status load(forecast *f, kb_err *err)
{
	kb_status status = kb_bank_law_load(f->call, 0, &f->rules, &f->input, err);
	f->unkept = kb_cap_is_refused(status, err) && kb_call_int(f->call, "cap") > 0;
	if (!f->unkept) KB_TRY(status);
	f->size = f->input.rules.size;
	KB_TRY(kb_tables_build(f->arena, &f->input.pool, &f->input.rules, NULL, 0, &f->tables, err));
	if (!kb_tables_exact(f->tables) || !kb_tables_empty(f->tables))
		return kb_exposure_find(f->arena, f->tables, &f->exposure, err);
	kb_fail(err, KB_REFUSED, "draw.none", "no valid paper can be drawn from the %u question%s of %s",
		f->input.pool.count, kb_plural(f->input.pool.count), kb_call_text(f->call, "method"));
	return kb_hint(
		err, "see which rules clash, and what would mend it: ksbank bank explain %s", kb_bank_words_of(f->call));
}

/* So many questions of a paper on average: `questions`, with the share that they are. */
static void set_average(const forecast *f, kb_node *map, double questions)
{
	kb_node_set_text(f->arena, map, "questions", kb_figure(f->arena, questions, 2));
	kb_figure_share(f->arena, map, questions / f->size);
}

static const char *law_words(const forecast *f, uint32_t cap)
{
	if (cap == 0) return "each as likely as the next";
	const char *limit = kb_figure_limit(f->arena, cap);
	if (!f->unkept) return kb_arena_printf(f->arena, "drawn so that no chance is above %s", limit);
	return kb_arena_printf(f->arena,
		"taken here as each as likely as the next: the specification's own cap of %s can't be kept, and no "
		"paper is drawn until it can",
		limit);
}

static kb_status add_head(forecast *f, kb_err *err)
{
	kb_node *result = f->call->result;
	uint32_t cap = kb_specification_cap(f->rules.specification);
	const char *papers;
	KB_TRY(kb_even_papers(f->arena, &f->input.pool, &f->input.rules, NULL, f->tables, &papers, err));
	kb_node_set_text(f->arena, result, "standard", kb_call_text(f->call, "standard"));
	kb_node_set_text(f->arena, result, "method", kb_call_text(f->call, "method"));
	kb_node_set_text(f->arena, result, "bank", kb_bank_words_of(f->call));
	kb_node_set_text(f->arena, result, "date", f->call->day_text);
	kb_node_set_int(f->arena, result, "eligible", f->input.pool.count);
	kb_node_set_int(f->arena, result, "size", f->input.rules.size);
	kb_node_set_text(f->arena, result, "law", cap ? "even" : "uniform");
	kb_node_set_text(f->arena, result, "law_words", law_words(f, cap));
	kb_node_set_bool(f->arena, result, "own_cap_is_kept", !f->unkept);
	kb_node_set_text(f->arena, result, "valid_papers", papers);
	kb_node_set_text(f->arena, result, "valid_papers_grouped", kb_str_grouped(f->arena, papers));
	kb_node_set_text(f->arena, result, "entropy_bits", kb_figure(f->arena, f->exposure.bits, 2));
	kb_node_set_text(f->arena, result, "entropy_words",
		cap && !f->unkept
			? "log2 of the weighted count of papers, less the weights' own logarithms, each as often as its question "
			  "is drawn"
			: "log2 of their number, as all are equally likely");
	return kb_arena_check(f->arena, err);
}

static void add_overlap(forecast *f)
{
	kb_node *result = f->call->result;
	double floor = f->size * f->size / f->input.pool.count;
	set_average(f, kb_node_set(f->arena, result, "overlap", kb_node_map(f->arena)), f->exposure.overlap);
	set_average(f, kb_node_set(f->arena, result, "least_overlap", kb_node_map(f->arena)), floor);
}

static void add_known(forecast *f)
{
	static const uint32_t heard[] = { 1, 5, 20 };
	kb_node *list = kb_node_set(f->arena, f->call->result, "known", kb_node_list(f->arena));
	for (size_t i = 0; i < KB_COUNT(heard); i++) {
		kb_node *entry = kb_node_add(f->arena, list, kb_node_map(f->arena));
		kb_node_set_int(f->arena, entry, "heard", heard[i]);
		set_average(f, entry, kb_exposure_known(&f->exposure, heard[i]));
	}
}

static void add_chances(forecast *f)
{
	enum { LIKELIEST = 10 };
	kb_node *result = f->call->result, *list = kb_node_set(f->arena, result, "chances", kb_node_list(f->arena)),
			*likeliest = kb_node_set(f->arena, result, "likeliest", kb_node_list(f->arena)),
			*largest = kb_node_set(f->arena, result, "largest", kb_node_map(f->arena));
	int64_t never = 0;
	for (uint32_t i = 0; i < f->exposure.count; i++) {
		uint32_t item = f->exposure.order[i];
		kb_node *entry = kb_node_add(f->arena, list, kb_node_map(f->arena));
		kb_node_set_text(f->arena, entry, "id", f->input.pool.items[item].key);
		kb_node_set_text(f->arena, entry, "chance", kb_bank_decimal(f->arena, f->exposure.chances[item]));
		kb_figure_share(f->arena, entry, f->exposure.chances[item]);
		kb_node_set_text(f->arena, entry, "papers", f->exposure.papers[item]);
		if (i < LIKELIEST) kb_node_add(f->arena, likeliest, entry);
		never += strcmp(f->exposure.papers[item], "0") == 0;
	}
	kb_node_set_text(f->arena, largest, "id", f->input.pool.items[f->exposure.order[0]].key);
	kb_figure_share(f->arena, largest, f->exposure.largest);
	kb_node_set_int(f->arena, result, "never_drawn", never);
}

/* The draw under a cap, where one is asked for. */
static kb_status add_cap(forecast *f, kb_err *err)
{
	int64_t cap = kb_call_int(f->call, "cap");
	kb_even even = { 0 };
	kb_err why;
	if (cap == 0) return KB_OK;
	kb_status status = kb_even_find(f->arena, &f->input.pool, &f->input.rules, (uint32_t)cap, &even, &why);
	KB_TRY(kb_arena_check(f->arena, err));
	if (status != KB_OK && status != KB_REFUSED) {
		*err = why;
		return status;
	}
	kb_node *map = kb_node_set(f->arena, f->call->result, "capped", kb_node_map(f->arena));
	kb_node_set_int(f->arena, map, "cap_per_mille", cap);
	kb_node_set_bool(f->arena, map, "possible", status == KB_OK);
	kb_node_set_text(f->arena, map, "refused", status == KB_OK ? "" : why.message);
	if (status == KB_REFUSED) return KB_OK;
	kb_figure_share(f->arena, kb_node_set(f->arena, map, "largest", kb_node_map(f->arena)), even.largest);
	set_average(f, kb_node_set(f->arena, map, "overlap", kb_node_map(f->arena)), even.overlap);
	kb_node_set_text(f->arena, map, "entropy_bits", kb_figure(f->arena, even.bits, 2));
	return KB_OK;
}

/* The real record. */

static const kb_pool_item *find(const kb_pool *pool, const char *key)
{
	uint32_t low = 0, high = pool->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(pool->items[middle].key, key);
		if (order == 0) return &pool->items[middle];
		if (order < 0) low = middle + 1;
		else high = middle;
	}
	return NULL;
}

static bool same_organisation(const kb_q_organisations_met_row *a, const kb_q_questions_met_row *b)
{
	return strcmp(a->kind, b->kind) == 0 && kb_str_equal_fold(a->organisation, b->organisation);
}

/* Both lists are in the order of organisations. Questions that are not drawn any more help nobody. */
static kb_status add_organisations(forecast *f, kb_err *err)
{
	kb_q_organisations_met_row *organisations;
	kb_q_questions_met_row *met;
	size_t count, met_count, next = 0;
	const char *standard = kb_call_text(f->call, "standard"), *method = kb_call_text(f->call, "method");
	KB_TRY(kb_q_organisations_met(
		f->call->sql, f->arena, standard, method, f->call->day_text, &organisations, &count, err));
	KB_TRY(kb_q_questions_met(f->call->sql, f->arena, standard, method, f->call->day_text, &met, &met_count, err));
	kb_node *list = kb_node_set(f->arena, f->call->result, "organisations", kb_node_list(f->arena));
	for (size_t o = 0; o < count; o++) {
		kb_node *entry = kb_node_add(f->arena, list, kb_node_map(f->arena));
		kb_node *questions = kb_node_list(f->arena);
		double known = 0;
		for (; next < met_count && same_organisation(&organisations[o], &met[next]); next++) {
			const kb_pool_item *item = find(&f->input.pool, met[next].key);
			if (!item) continue;
			known += f->exposure.chances[item - f->input.pool.items];
			kb_node_add(f->arena, questions, kb_node_text(f->arena, met[next].key));
		}
		kb_node_set_text(f->arena, entry, "kind", organisations[o].kind);
		kb_node_set_text(f->arena, entry, "organisation", organisations[o].organisation);
		kb_node_set_int(f->arena, entry, "candidates", organisations[o].candidates);
		kb_node_set_int(f->arena, entry, "met", (int64_t)questions->count);
		set_average(f, entry, known);
		kb_node_set(f->arena, entry, "questions_met", questions);
	}
	kb_node_set_bool(f->arena, f->call->result, "some_organisations", count > 0);
	return kb_arena_check(f->arena, err);
}

/* The grade. */

/* True where the limit is kept, or nobody has set it. */
static bool check_limit(forecast *f, kb_node *list, const char *subject, const char *words, const char *of)
{
	int64_t limit, value = kb_node_get_int(kb_node_get(f->call->result, of), "per_mille", 0);
	const kb_decision *decision = kb_bank_number(&f->rules, subject, &limit);
	if (!decision) return true;
	kb_node *entry = kb_node_add(f->arena, list, kb_node_map(f->arena));
	kb_node_set_text(f->arena, entry, "subject", subject);
	kb_node_set_text(f->arena, entry, "words", words);
	kb_node_set_int(f->arena, entry, "limit_per_mille", limit);
	kb_node_set_int(f->arena, entry, "per_mille", value);
	kb_node_set_text(f->arena, entry, "limit_words", kb_figure_limit(f->arena, limit));
	kb_node_set_text(f->arena, entry, "value_words", kb_figure_limit(f->arena, value));
	kb_node_set_bool(f->arena, entry, "within", value <= limit);
	kb_node_set_text(f->arena, entry, "by", decision->made_by);
	kb_node_set_text(f->arena, entry, "on", decision->made_on);
	return value <= limit;
}

static void add_grade(forecast *f)
{
	kb_node *result = f->call->result, *list = kb_node_set(f->arena, result, "limits", kb_node_list(f->arena));
	bool within = check_limit(f, list, KB_LIMIT_CHANCE, "Papers that hold the likeliest question", "largest");
	within &= check_limit(f, list, KB_LIMIT_OVERLAP, "Questions that two candidates share", "overlap");
	const char *grade = list->count == 0 ? "none" : within ? "within" : "beyond";
	kb_node_set_text(f->arena, result, "grade", grade);
	kb_node_set_text(f->arena, result, "grade_words",
		list->count == 0 ? "no limits are set"
		: within         ? "within the organisation's limits"
						 : "beyond the organisation's limits");
	kb_node_set_bool(f->arena, result, "graded", list->count > 0);
}

/* The chart. */

static uint32_t millionths(double share)
{
	return (uint32_t)(share * 1e6 + 0.5);
}

static kb_status print_chart(forecast *f, kb_err *err)
{
	const kb_node *result = f->call->result, *largest = kb_node_get(result, "largest");
	int64_t limit;
	double even = f->size / f->input.pool.count;
	kb_chart_bar *bars = kb_arena_array(f->arena, f->exposure.count, sizeof *bars);
	if (!bars) return kb_arena_check(f->arena, err);
	for (uint32_t i = 0; i < f->exposure.count; i++) {
		uint32_t item = f->exposure.order[i];
		bars[i] = (kb_chart_bar) { f->input.pool.items[item].key, millionths(f->exposure.chances[item]) };
	}
	kb_chart chart = {
		.id = "chances",
		.title = kb_arena_printf(f->arena, "Chance of each question of %s, %s", kb_call_text(f->call, "standard"),
			kb_call_text(f->call, "method")),
		.description = kb_arena_printf(f->arena,
			"%u bars, the likeliest question first: %s, in %s of all papers. If all were equally likely, each would be in %s %%.",
			f->exposure.count, kb_node_get_text(largest, "id", ""), kb_node_get_text(largest, "percent", ""),
			kb_figure(f->arena, 100 * even, 1)),
		.horizontal = kb_arena_printf(
			f->arena, "%u question%s, the likeliest first", f->exposure.count, kb_plural(f->exposure.count)),
		.vertical = "Share of papers that hold it",
		.bars = bars,
		.bar_count = f->exposure.count,
		.marks = { { "if all were equally likely", millionths(even) } },
		.mark_count = 1,
	};
	if (kb_bank_number(&f->rules, KB_LIMIT_CHANCE, &limit))
		chart.marks[chart.mark_count++] = (kb_chart_mark) { "the organisation's limit", (uint32_t)limit * 1000 };
	const char *title = kb_arena_printf(
		f->arena, "Predictability · %s · %s", kb_call_text(f->call, "standard"), kb_call_text(f->call, "method"));
	KB_TRY(kb_arena_check(f->arena, err));
	return kb_chart_print(f->call, &(kb_chart_page) { &chart, 1, "predictability.md", title }, err);
}

static kb_status run_predictability(kb_call *call, kb_err *err)
{
	forecast f = { .call = call, .arena = call->arena };
	KB_TRY(load(&f, err));
	KB_TRY(add_head(&f, err));
	add_overlap(&f);
	add_known(&f);
	add_chances(&f);
	KB_TRY(add_cap(&f, err));
	KB_TRY(add_organisations(&f, err));
	add_grade(&f);
	return print_chart(&f, err);
}

static const kb_arg predictability_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
	{ "cap", KB_ARG_PER_MILLE,
		.help = "say too what would change if no question were in more papers of a thousand, as in 150 for 15 %" },
	{ "format", KB_ARG_WORD, .help = "svg: the chart; html: a page with the chart and all tables",
		.words = kb_chart_formats },
	{ "output", KB_ARG_PATH, .help = "write the chart or page to this file, readable by you alone" },
};

const kb_op kb_op_bank_predictability = {
	.name = "bank predictability",
	.summary = "Say how far a candidate's paper can be foreseen, and grade it against your own limits",
	.help =
		"Each question's exact chance of being drawn; what two candidates share on average; what of a new paper is known\n"
		"to somebody who has heard 1, 5 or 20 others; what the candidates of each employer and provider have really met;\n"
		"and with --cap, what would change if no question were drawn with a chance above it, whether or not the\n"
		"specification's own cap can be kept. Chances are those of a first draw,\n"
		"before any look at re-sits to come. Shares are rounded once, to whole parts of a thousand.\n\n"
		"    ksbank bank predictability ST0648/1.0 professional-discussion --format html --output predictability.html\n\n"
		"The limits are the organisation's to set, in parts of a thousand:\n\n"
		"    ksbank decision record ST0648/1.0 predictability-limit-chance 250 --by \"Head of assessment\" --reason TEXT",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = predictability_args,
	.arg_count = KB_COUNT(predictability_args),
	.run = run_predictability,
	.screen = "bank-predictability",
	.answer =
		"standard, method, bank: as commands name it, date; eligible: questions; size: of a paper; law: uniform or even, law_words; own_cap_is_kept: else all figures but those of capped are "
		"without any cap; valid_papers: "
		"a decimal text, valid_papers_grouped; entropy_bits: a decimal text, entropy_words: what was computed; grade: "
		"within, beyond or none, grade_words, graded; limits: list of {subject, words, limit_per_mille, per_mille, limit_words, value_words, "
		"within, by, on}; largest: {id, per_mille, percent}; never_drawn: questions; overlap, least_overlap: {questions, "
		"per_mille, percent} of two papers, and the least of any draw; known: list of {heard, questions, per_mille, "
		"percent}; capped, with --cap: {cap_per_mille, possible, refused: why, largest, overlap, entropy_bits}; organisations: list of {kind, organisation, candidates, met, "
		"questions, per_mille, percent, questions_met: ids}, some_organisations; likeliest: the first ten of chances: "
		"list of {id, chance, per_mille, percent, papers}; text, or with --output: output, bytes",
};
