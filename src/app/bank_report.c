/* bank report: all banks of the store on one page, and first what to do next, the most urgent on top. */
#include "app/ops.h"

#include <stdlib.h>
#include <string.h>

#include "app/brief.h"
#include "app/chart_print.h"
#include "app/figures.h"
#include "app/forecast.h"
#include "app/review.h"

enum {
	AHEAD_DAYS = 90,  /* a review of a whole bank is begun so long before something breaks */
	REVIEW_DAYS = 28, /* for the review of what lapsed already */
};

typedef struct bank {
	const char *standard, *method;
	bool mapped; /* else the forecast has not been made */
	kb_forecast forecast;
} bank;

/* How urgent: what is broken today comes first, in the order of kb_break. A method that nobody mapped, so that no paper
 * can be drawn, stands before limits that are only passed. */
enum {
	RANK_BREAK,
	RANK_MAPPING = RANK_BREAK + KB_BREAK_CHANCE,
	RANK_COMING = RANK_BREAK + KB_BREAK_COUNT + 1,
	RANK_LATE,
	RANK_LAPSED,
	RANK_DUE,
	RANK_SUSPENDED,
	RANK_SUBMITTED,
	RANK_THIN,
	RANK_RETURNED,
	RANK_DRAFT,
};

typedef struct task {
	int rank;
	size_t number;
	const char *bank;
	kb_way way;
} task;

typedef struct report {
	kb_call *call;
	kb_arena *arena;
	bank *banks;
	size_t bank_count;
	kb_q_state_counts_row *states;
	size_t state_count;
	task *tasks;
	size_t task_count, task_room;
	const char *next_lapse; /* of what does not within AHEAD_DAYS */
} report;

static const char *title_of(const report *r, const bank *b)
{
	return kb_arena_printf(r->arena, "%s %s", b->standard, b->method);
}

/* The banks. */

static kb_status add_standard(report *r, const char *standard, kb_err *err)
{
	kb_q_specification_all_row *rows;
	size_t count;
	KB_TRY(kb_q_specification_all(r->call->sql, r->arena, standard, &rows, &count, err));
	r->banks =
		kb_arena_grow(r->arena, r->banks, r->bank_count * sizeof *r->banks, (r->bank_count + count) * sizeof *r->banks);
	if (!r->banks) return kb_arena_check(r->arena, err);
	for (size_t i = 0; i < count; i++)
		r->banks[r->bank_count++] = (bank) { .standard = standard, .method = rows[i].method };
	return KB_OK;
}

static kb_status list_banks(report *r, kb_err *err)
{
	kb_q_standard_all_row *rows;
	size_t count;
	KB_TRY(kb_q_standard_all(r->call->sql, r->arena, &rows, &count, err));
	for (size_t i = 0; i < count; i++) KB_TRY(add_standard(r, rows[i].standard, err));
	return kb_q_state_counts(r->call->sql, r->arena, &r->states, &r->state_count, err);
}

static kb_status look_at(report *r, bank *b, kb_err *err)
{
	kb_err why;
	kb_status status =
		kb_forecast_find(r->call, b->standard, b->method, NULL, KB_FORECAST_TO_BREAK, &b->forecast, &why);
	b->mapped = status == KB_OK;
	if (b->mapped || (status == KB_REFUSED && strcmp(why.id, "draw.mapping") == 0)) return KB_OK;
	*err = why;
	return status;
}

/* What to do. */

static void add_task(report *r, int rank, const bank *b, kb_way way)
{
	if (r->task_count == r->task_room) {
		size_t room = r->task_room ? 2 * r->task_room : 16;
		task *tasks = kb_arena_grow(r->arena, r->tasks, r->task_room * sizeof *r->tasks, room * sizeof *r->tasks);
		if (!tasks) return; /* the arena remembers */
		r->tasks = tasks;
		r->task_room = room;
	}
	r->tasks[r->task_count] = (task) { rank, r->task_count, title_of(r, b), way };
	r->task_count++;
}

static kb_way list_of(const report *r, const bank *b, const char *state, const char *words)
{
	return (kb_way) { words,
		kb_arena_printf(r->arena, "ksbank question list %s %s --state %s", b->standard, b->method, state) };
}

/* What waits in that state, in words; NULL for nothing. */
static const char *waiting(const report *r, const bank *b, const char *state, const char **since)
{
	int64_t count[2] = { 0 };
	*since = NULL;
	for (size_t i = 0; i < r->state_count; i++) {
		const kb_q_state_counts_row *row = &r->states[i];
		if (strcmp(row->standard, b->standard) != 0 || strcmp(row->method, b->method) != 0 ||
			strcmp(row->state, state) != 0)
			continue;
		count[strcmp(row->kind, "question") != 0] += row->count;
		if (row->since && (!*since || strcmp(row->since, *since) < 0)) *since = row->since;
	}
	return kb_forecast_items(r->arena, count[0], count[1]);
}

static void add_waiting(report *r, const bank *b)
{
	static const struct {
		const char *state, *words;
		int rank;
	} states[] = {
		{ "suspended", "suspended: to be mended, approved again, or retired", RANK_SUSPENDED },
		{ "submitted", "waiting for a reviewer", RANK_SUBMITTED },
		{ "returned", "back with the author, to be mended", RANK_RETURNED },
		{ "draft", "drafted, to be finished and handed in with question submit", RANK_DRAFT },
	};
	for (size_t i = 0; i < KB_COUNT(states); i++) {
		const char *since, *items = waiting(r, b, states[i].state, &since);
		if (!items) continue;
		const char *words = since ? kb_arena_printf(r->arena, "%s %s (since %s)", items, states[i].words, since)
		                          : kb_arena_printf(r->arena, "%s %s", items, states[i].words);
		add_task(r, states[i].rank, b, list_of(r, b, states[i].state, words));
	}
}

static void add_mapping(report *r, const bank *b)
{
	const char *since, *items = waiting(r, b, "approved", &since);
	add_task(r, RANK_MAPPING, b,
		(kb_way) {
			kb_arena_printf(r->arena,
				"no paper can be drawn, as nobody has recorded which KSBs it assesses%s%s%s. Read that in the published plan, "
				"write it to a CSV file (theme, name, ksb), and record it",
				items ? "; " : "", items ? items : "", items ? " wait for it" : ""),
			kb_arena_printf(r->arena, "ksbank standard map %s %s FILE.csv --by NAME --source PLACE --reason TEXT",
				b->standard, b->method) });
}

/* What lapsed, in words, is the first to bring back. */
static kb_way way_back(const report *r, const bank *b, const char *lapsed)
{
	char day[KB_DATE_SIZE];
	kb_date_format(r->call->day + REVIEW_DAYS, day);
	return kb_forecast_way_review(r->arena, &b->forecast, day,
		kb_arena_printf(r->arena, "%s lapsed, and not drawn until reviewed again", lapsed));
}

/* What lapsed, questions and themes, is named where it is missing. */
static void add_broken(report *r, const bank *b, const int64_t count[static 2])
{
	const kb_forecast *f = &b->forecast;
	const char *lapsed = kb_forecast_items(r->arena, count[0], count[1]);
	bool named = false;
	for (int what = 0; what < KB_BREAK_COUNT; what++) {
		if (!(f->days[0].broken >> what & 1)) continue;
		bool back = !named && count[what == KB_BREAK_OFFER || what == KB_BREAK_OFFER_RESITS] > 0;
		kb_way way = back ? way_back(r, b, lapsed) : kb_forecast_way_out(r->arena, f, (kb_break)what);
		way.words =
			kb_arena_printf(r->arena, "%s; %s", kb_forecast_words(r->arena, f, &f->days[0], (kb_break)what), way.words);
		add_task(r, RANK_BREAK + what + (what >= KB_BREAK_CHANCE), b, way);
		named |= back;
	}
	if (lapsed && !named) add_task(r, RANK_LAPSED, b, way_back(r, b, lapsed));
}

static const char *words_of_break(const report *r, const kb_forecast *f, const kb_outlook *day)
{
	int what = 0;
	while (!(day->new >> what & 1)) what++;
	return kb_arena_printf(r->arena, "from %s on %s", kb_forecast_day(r->arena, day->day),
		kb_forecast_words(r->arena, f, day, (kb_break)what));
}

/* What breaks soon; NULL for nothing. */
static const kb_outlook *add_coming(report *r, const bank *b)
{
	const kb_outlook *next = kb_forecast_next_break(&b->forecast);
	if (!next || next->day - r->call->day > AHEAD_DAYS) return NULL;
	kb_way way = kb_forecast_way_before(r->arena, &b->forecast, next);
	way.words = kb_arena_printf(r->arena, "%s; %s", words_of_break(r, &b->forecast, next), way.words);
	add_task(r, RANK_COMING, b, way);
	return next;
}

static void add_due(report *r, const bank *b, const int64_t count[static 2], const char *first)
{
	const char *items = kb_forecast_items(r->arena, count[0], count[1]);
	if (!items) return;
	add_task(r, RANK_DUE, b,
		(kb_way) { kb_arena_printf(r->arena, "%s to be reviewed before lapsing, the first on %s", items, first),
			kb_arena_printf(r->arena, "ksbank review due %s %s --within %d", b->standard, b->method, AHEAD_DAYS) });
}

/* What is broken and what lapsed, what lapses soon, and when the next thing does after that. What goes with the next
 * break (may be NULL) is named there. */
static kb_status add_lapses(report *r, const bank *b, const kb_outlook *next, kb_err *err)
{
	kb_review_due *due;
	size_t count;
	int64_t lapsed[2] = { 0 }, soon[2] = { 0 };
	const char *first = NULL;
	char ahead[KB_DATE_SIZE];
	kb_date_format(r->call->day + AHEAD_DAYS, ahead);
	KB_TRY(kb_review_due_by(r->call, b->standard, b->method, b->forecast.until, NULL, &due, &count, err));
	for (size_t i = 0; i < count; i++) {
		const char *on = due[i].item->lapses_on;
		bool theme = strcmp(due[i].item->kind, "question") != 0;
		if (strcmp(on, r->call->day_text) <= 0) lapsed[theme]++;
		else if (strcmp(on, ahead) > 0)
			r->next_lapse = r->next_lapse && strcmp(r->next_lapse, on) < 0 ? r->next_lapse : on;
		else if (!next || strcmp(on, next->date) > 0 || (theme && !b->forecast.offers)) {
			soon[theme]++;
			first = first ? first : on;
		}
	}
	add_broken(r, b, lapsed);
	add_due(r, b, soon, first);
	return KB_OK;
}

static void add_late(report *r, const bank *b)
{
	const kb_q_campaign_all_row *review = b->forecast.review;
	if (!review || strcmp(review->due_on, r->call->day_text) >= 0) return;
	add_task(r, RANK_LATE, b,
		(kb_way) { kb_arena_printf(r->arena, "the review %s was due on %s, and is open", review->key, review->due_on),
			kb_arena_printf(r->arena, "ksbank review progress %s", review->key) });
}

static kb_status add_thin(report *r, const bank *b, kb_err *err)
{
	const kb_draw_input *in = &b->forecast.today;
	kb_depth *depths;
	kb_briefs briefs;
	int64_t target;
	uint64_t thin = 0;
	if (!kb_bank_number(&b->forecast.rules, KB_BANK_TARGET, &target)) target = KB_BANK_TARGET_USUAL;
	KB_TRY(kb_bank_depth(r->arena, in, &depths, err));
	for (uint32_t u = 0; u < in->rules.unit_count; u++)
		if (depths[u].apart < target) thin |= UINT64_C(1) << depths[u].unit;
	if (!thin || b->forecast.days[0].questions == 0) return KB_OK;
	KB_TRY(kb_brief_find(r->arena, in, (uint32_t)target, &briefs, err));
	const char *write =
		briefs.count ? kb_arena_printf(r->arena, "; with %s%u new question%s there %s %lld paper%s with nothing shared",
						   briefs.fewest ? "" : "at most ", briefs.count, kb_plural(briefs.count), kb_is_or_are(target),
						   (long long)target, kb_plural(target))
					 : "";
	int count = __builtin_popcountll(thin);
	add_task(r, RANK_THIN, b,
		(kb_way) {
			kb_arena_printf(r->arena, "%d KSB%s below the target of %lld question%s (%s)%s", count, kb_plural(count),
				(long long)target, kb_plural(target), kb_brief_few_words(r->arena, in, thin), write),
			kb_arena_printf(
				r->arena, "ksbank bank gaps %s %s --papers %lld", b->standard, b->method, (long long)target) });
	return kb_arena_check(r->arena, err);
}

static kb_status add_tasks(report *r, const bank *b, kb_err *err)
{
	add_waiting(r, b);
	if (!b->mapped) {
		add_mapping(r, b);
		return KB_OK;
	}
	add_late(r, b);
	KB_TRY(add_lapses(r, b, add_coming(r, b), err));
	return add_thin(r, b, err);
}

static int by_rank(const void *left, const void *right)
{
	const task *a = left, *b = right;
	if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void write_tasks(report *r)
{
	kb_node *list = kb_node_set(r->arena, r->call->result, "to_do", kb_node_list(r->arena));
	if (r->task_count) qsort(r->tasks, r->task_count, sizeof *r->tasks, by_rank);
	for (size_t i = 0; i < r->task_count; i++) {
		kb_node *entry = kb_node_add(r->arena, list, kb_node_map(r->arena));
		kb_node_set_int(r->arena, entry, "number", (int64_t)i + 1);
		kb_node_set_text(r->arena, entry, "bank", r->tasks[i].bank);
		kb_node_set_text(r->arena, entry, "words", r->tasks[i].way.words);
		kb_node_set_text(r->arena, entry, "command", r->tasks[i].way.command);
	}
}

static const kb_outlook *next_break(const report *r, const bank **of)
{
	const kb_outlook *first = NULL;
	for (size_t i = 0; i < r->bank_count; i++) {
		const bank *b = &r->banks[i];
		const kb_outlook *next = b->mapped ? kb_forecast_next_break(&b->forecast) : NULL;
		if (!next || (first && first->day <= next->day)) continue;
		first = next;
		*of = b;
	}
	return first;
}

static kb_day earlier(kb_day a, kb_day b)
{
	return a < b ? a : b;
}

/* In good time before the next thing lapses; sooner where there is something to do. */
static kb_status write_next(report *r, kb_err *err)
{
	const bank *of = NULL;
	const kb_outlook *next = next_break(r, &of);
	kb_day today = r->call->day, until = kb_date_add_months(today, KB_FORECAST_MONTHS), day = until;
	char text[KB_DATE_SIZE];
	if (r->next_lapse) KB_TRY(kb_date_parse(r->next_lapse, &day, err));
	day -= AHEAD_DAYS;
	if (r->task_count > 0) day = earlier(today + REVIEW_DAYS, next ? next->day - 1 : until);
	if (day <= today) day = today + 1;
	kb_date_format(day, text);
	kb_node *result = r->call->result;
	kb_node_set_text(r->arena, result, "look_again", text);
	kb_node_set_text(r->arena, result, "look_again_words", kb_forecast_day(r->arena, day));
	const char *words = "";
	if (next)
		words = kb_arena_printf(r->arena, "Next to break, if nobody reviews: %s, %s", title_of(r, of),
			words_of_break(r, &of->forecast, next));
	else if (r->task_count == 0)
		words = kb_arena_printf(r->arena, "Nothing breaks before %s", kb_forecast_day(r->arena, until));
	kb_node_set_text(r->arena, result, "next_break", words);
	return KB_OK;
}

/* One row for each bank. */

static void write_bank(report *r, kb_node *list, const bank *b)
{
	const kb_forecast *f = &b->forecast;
	const kb_outlook *day = f->days;
	kb_node *entry = kb_node_add(r->arena, list, kb_node_map(r->arena));
	kb_node_set_text(r->arena, entry, "standard", b->standard);
	kb_node_set_text(r->arena, entry, "method", b->method);
	kb_node_set_text(r->arena, entry, "method_name", b->forecast.rules.method->name.text);
	kb_node_set_bool(r->arena, entry, "mapped", b->mapped);
	if (!b->mapped) return;
	kb_node_set_int(r->arena, entry, "questions", day->questions);
	kb_forecast_write_papers(r->arena, f, day, entry);
	kb_node_set_int(r->arena, entry, "needed", f->today.rules.reserve + 1);
	kb_node_set_text(r->arena, entry, "next_lapse", f->count > 1 ? f->days[1].date : "");
	kb_node_set_bool(r->arena, entry, "foreseen", day->foreseen);
	if (!day->foreseen) return;
	kb_figure_share(r->arena, kb_node_set(r->arena, entry, "largest", kb_node_map(r->arena)), day->largest);
	kb_node *overlap = kb_node_set(r->arena, entry, "overlap", kb_node_map(r->arena));
	kb_node_set_text(r->arena, overlap, "questions", kb_figure(r->arena, day->overlap, 2));
	kb_node_set_int(r->arena, overlap, "of", f->today.rules.size);
}

/* Standards whose banks are drawn from and that have no limits: nothing says there how much is too much. */
static void write_unlimited(report *r)
{
	kb_node *list = kb_node_set(r->arena, r->call->result, "unlimited", kb_node_list(r->arena));
	for (size_t i = 0; i < r->bank_count; i++) {
		const bank *b = &r->banks[i];
		const kb_node *last = list->count ? list->items[list->count - 1] : NULL;
		if (!b->mapped || b->forecast.limits[KB_BREAK_CHANCE] || b->forecast.limits[KB_BREAK_OVERLAP]) continue;
		if (!last || strcmp(last->text, b->standard) != 0)
			kb_node_add(r->arena, list, kb_node_text(r->arena, b->standard));
	}
}

static kb_status write_report(report *r, kb_err *err)
{
	kb_node *result = r->call->result, *list = kb_node_set(r->arena, result, "banks", kb_node_list(r->arena));
	kb_node_set_text(r->arena, result, "date", r->call->day_text);
	write_tasks(r);
	KB_TRY(write_next(r, err));
	bool offers = false;
	for (size_t i = 0; i < r->bank_count; i++) {
		write_bank(r, list, &r->banks[i]);
		offers |= r->banks[i].forecast.offers;
	}
	kb_node_set_bool(r->arena, result, "some_offers", offers);
	write_unlimited(r);
	kb_node_set_bool(r->arena, result, "empty", r->bank_count == 0);
	kb_node_set_int(r->arena, result, "count", (int64_t)r->task_count);
	kb_node_set_bool(r->arena, result, "one", r->task_count == 1);
	kb_node_set_bool(r->arena, result, "well", r->task_count == 0 && r->bank_count > 0);
	return kb_arena_check(r->arena, err);
}

/* The charts. */

/* In words that the axis can break. */
static const char *label_of(const report *r, const bank *b)
{
	kb_buf out = { .arena = r->arena };
	for (const char *at = title_of(r, b); at && *at; at++) kb_buf_char(&out, *at == '-' ? ' ' : *at);
	return kb_buf_string(&out);
}

static kb_status print_charts(report *r, kb_err *err)
{
	kb_chart_bar *papers = kb_arena_array(r->arena, r->bank_count, sizeof *papers);
	kb_chart_bar *likeliest = kb_arena_array(r->arena, r->bank_count, sizeof *likeliest);
	if (!papers || !likeliest) return kb_arena_check(r->arena, err);
	for (size_t i = 0; i < r->bank_count; i++) {
		const bank *b = &r->banks[i];
		const char *label = label_of(r, b);
		papers[i] = (kb_chart_bar) { label, b->mapped ? b->forecast.days[0].capacity : 0 };
		likeliest[i] = (kb_chart_bar) { label, b->mapped ? (uint32_t)(b->forecast.days[0].largest * 1e6 + 0.5) : 0 };
	}
	kb_chart charts[] = {
		{ .id = "papers",
			.title = "Papers with nothing shared",
			.description = "A bar for each bank; none where no paper can be drawn. The table has the figures.",
			.horizontal = "Banks",
			.vertical = "Papers found",
			.bars = papers,
			.bar_count = r->bank_count,
			.counts = true },
		{ .id = "likeliest",
			.title = "The likeliest question",
			.description = "A bar for each bank; none where no paper can be drawn. The table has the figures.",
			.horizontal = "Banks",
			.vertical = "Share of papers that hold it",
			.bars = likeliest,
			.bar_count = r->bank_count },
	};
	const char *title = kb_arena_printf(r->arena, "All banks · %s", r->call->day_text);
	KB_TRY(kb_arena_check(r->arena, err));
	return kb_chart_print(r->call, &(kb_chart_page) { charts, KB_COUNT(charts), "cli/bank-report.md", title }, err);
}

static kb_status run_report(kb_call *call, kb_err *err)
{
	report r = { .call = call, .arena = call->arena };
	KB_TRY(list_banks(&r, err));
	for (size_t i = 0; i < r.bank_count; i++) {
		KB_TRY(look_at(&r, &r.banks[i], err));
		KB_TRY(add_tasks(&r, &r.banks[i], err));
	}
	KB_TRY(write_report(&r, err));
	return print_charts(&r, err);
}

static const kb_arg report_args[] = {
	{ "format", KB_ARG_WORD, .help = "svg: the chart of papers; html: a page with the charts and all tables",
		.words = kb_chart_formats },
	{ "output", KB_ARG_PATH, .help = "write the chart or page to this file, readable by you alone" },
};

const kb_op kb_op_bank_report = {
	.name = "bank report",
	.summary = "Say what to do next over all banks, the most urgent first, and how each bank stands",
	.help =
		"For each method that has a specification: what stops draws today, what breaks or lapses within 90 days, what\n"
		"waits for a reviewer or an author, and what is to be written; each with its command. Then one row for each\n"
		"bank, and the day on which to look again.\n\n"
		"    ksbank bank report\n"
		"    ksbank bank report --format html --output report.html",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = report_args,
	.arg_count = KB_COUNT(report_args),
	.run = run_report,
	.screen = "bank-report",
	.answer =
		"date; to_do: list of {number, bank, words, command}, the most urgent first, count, one, well: there is nothing "
		"to do; look_again: a date, look_again_words; next_break: in words, may be empty; banks: list of {standard, "
		"method, method_name, mapped, and where it is mapped questions: that may be drawn, capacity, bound, exact, needed: "
		"papers for a first sitting and its re-sits, and so many offers: {lapse, themes, themes_offered, capacity, bound, "
		"exact} where case-study themes are offered, next_lapse: empty where nothing lapses, foreseen, and then largest: "
		"{per_mille, percent}, overlap: {questions, of}}, some_offers: whether any has them; unlimited: standards without limits of predictability; empty: "
		"there is no bank; text, or with --output: output, bytes",
};
