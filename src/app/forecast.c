#include "app/forecast.h"

#include <string.h>

#include "app/brief.h"
#include "app/figures.h"
#include "app/review.h"
#include "app/weigh.h"

const char *const kb_break_names[KB_BREAK_COUNT] = { "draw", "offer", "units", "exposure-cap", "resits", "offer-resits",
	"limit-chance", "limit-overlap" };

const char *kb_forecast_day(kb_arena *arena, kb_day day)
{
	char text[KB_DATE_WORDS_SIZE];
	kb_date_words(day, text);
	return kb_arena_text(arena, text);
}

/* One day. */

static bool is_broken(const kb_outlook *day, kb_break what)
{
	return day->broken >> what & 1;
}

static void breaks(kb_outlook *day, kb_break what, bool does)
{
	day->broken |= (unsigned)does << what;
}

/* The draw of that day under the specification's law: its weights are found anew, and not kept. */
static kb_status foresee(kb_call *call, const kb_bank_rules *rules, kb_draw_input *input, kb_outlook *day, kb_err *err)
{
	kb_even even;
	kb_tables *tables;
	kb_exposure exposure;
	kb_err why;
	double size = input->rules.size;
	kb_status status = kb_weigh_pool(
		call, rules->specification_id, kb_specification_cap(rules->specification), false, input, &even, &why);
	breaks(day, KB_BREAK_CAP, status == KB_REFUSED);
	if (status == KB_OK) status = kb_tables_build(call->arena, &input->pool, &input->rules, NULL, 0, &tables, &why);
	if (status == KB_OK && kb_tables_empty(tables)) {
		breaks(day, KB_BREAK_DRAW, true);
		return KB_OK;
	}
	if (status == KB_OK) status = kb_exposure_find(call->arena, tables, &exposure, &why);
	KB_TRY(kb_arena_check(call->arena, err));
	if (status == KB_REFUSED || status == KB_LIMIT) return KB_OK;
	if (status != KB_OK) {
		*err = why;
		return status;
	}
	day->foreseen = true;
	day->largest = exposure.largest;
	day->overlap = exposure.overlap;
	day->least_overlap = size * size / input->pool.count;
	day->bits = exposure.bits;
	return KB_OK;
}

static void find_bare(const kb_draw_input *input, kb_outlook *day)
{
	for (uint32_t u = 0; u < input->rules.unit_count; u++)
		if (kb_bank_supply(input, u) == 0) day->bare |= UINT64_C(1) << u;
	breaks(day, KB_BREAK_UNITS, day->bare && input->pool.count > 0);
}

static bool too_few(uint32_t found, uint32_t reserve)
{
	return reserve > 0 && found <= reserve;
}

static kb_status look_at_offers(kb_call *call, const kb_bank_rules *rules, kb_outlook *day, kb_err *err)
{
	kb_draw_input themes;
	kb_capacity offers;
	if (!kb_bank_has_offers(rules)) return KB_OK;
	KB_TRY(kb_bank_themes_on(call, rules, day->day, &themes, err));
	KB_TRY(kb_bank_measure(call->arena, &themes, &offers, err));
	day->themes = themes.pool.count;
	day->offers = offers.lower;
	day->offers_bound = offers.upper;
	breaks(day, KB_BREAK_OFFER, offers.upper == 0);
	breaks(day, KB_BREAK_OFFER_RESITS, offers.upper > 0 && too_few(offers.lower, themes.rules.reserve));
	return KB_OK;
}

/* Of all that it takes only the pool of questions stays. */
static kb_status look_at(
	kb_call *call, const kb_bank_rules *rules, bool law, kb_draw_input *input, kb_outlook *day, kb_err *err)
{
	kb_capacity capacity;
	KB_TRY(kb_bank_pool_on(call, rules, day->day, input, err));
	kb_arena_mark mark = kb_arena_save(call->arena);
	KB_TRY(kb_bank_measure(call->arena, input, &capacity, err));
	day->questions = input->pool.count;
	day->capacity = capacity.lower;
	day->bound = capacity.upper;
	find_bare(input, day);
	breaks(day, KB_BREAK_DRAW, capacity.upper == 0);
	if (law && !is_broken(day, KB_BREAK_DRAW)) KB_TRY(foresee(call, rules, input, day, err));
	breaks(day, KB_BREAK_RESITS, !is_broken(day, KB_BREAK_DRAW) && too_few(day->capacity, input->rules.reserve));
	KB_TRY(look_at_offers(call, rules, day, err));
	kb_arena_restore(call->arena, mark);
	return KB_OK;
}

/* The limits. */

static void read_limits(kb_forecast *f)
{
	static const char *const subjects[KB_BREAK_COUNT] = {
		[KB_BREAK_CHANCE] = KB_LIMIT_CHANCE, [KB_BREAK_OVERLAP] = KB_LIMIT_OVERLAP
	};
	for (int i = 0; i < KB_BREAK_COUNT; i++)
		if (subjects[i]) (void)kb_bank_number(&f->rules, subjects[i], &f->limits[i]);
}

static void hold_against_limits(const kb_forecast *f, kb_outlook *day)
{
	int64_t chance = kb_figure_per_mille(day->largest),
			overlap = kb_figure_per_mille(day->overlap / f->today.rules.size);
	if (!day->foreseen) return;
	breaks(day, KB_BREAK_CHANCE, f->limits[KB_BREAK_CHANCE] && chance > f->limits[KB_BREAK_CHANCE]);
	breaks(day, KB_BREAK_OVERLAP, f->limits[KB_BREAK_OVERLAP] && overlap > f->limits[KB_BREAK_OVERLAP]);
}

/* All days. */

static bool is_theme(const kb_review_due *due)
{
	return strcmp(due->item->kind, kb_part_themes.kind) == 0;
}

/* What is drawn from, and only what has not lapsed yet: the rest is not drawn today either. */
static size_t keep_to_come(const kb_call *call, bool offers, kb_review_due *due, size_t count)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if ((offers || !is_theme(&due[i])) && strcmp(due[i].item->lapses_on, call->day_text) > 0) due[n++] = due[i];
	return n;
}

static kb_status find_review(kb_call *call, const char *standard, const char *method, kb_forecast *f, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count;
	KB_TRY(kb_q_campaign_all(call->sql, call->arena, (kb_sql_int) { 0 }, standard, method, &rows, &count, err));
	for (size_t i = 0; i < count; i++)
		if (!rows[i].closed_on) f->review = &rows[i];
	return KB_OK;
}

static kb_status list_days(kb_call *call, const char *standard, const char *method, kb_forecast *f, kb_err *err)
{
	kb_review_due *due;
	size_t count;
	KB_TRY(kb_review_due_by(call, standard, method, f->until, NULL, &due, &count, err));
	count = keep_to_come(call, f->offers, due, count);
	f->days = kb_arena_array(call->arena, count + 1, sizeof *f->days);
	if (!f->days) return kb_arena_check(call->arena, err);
	f->days[f->count++] = (kb_outlook) { .day = call->day, .date = call->day_text };
	for (size_t i = 0; i < count; i++) {
		kb_outlook *last = &f->days[f->count - 1];
		if (strcmp(last->date, due[i].item->lapses_on) != 0) {
			last = &f->days[f->count++];
			*last = (kb_outlook) { .date = due[i].item->lapses_on };
			KB_TRY(kb_date_parse(last->date, &last->day, err));
		}
		if (is_theme(&due[i])) last->themes_lapse++;
		else last->lapse++;
	}
	return KB_OK;
}

/* The pool of a day to come goes again, so that the days don't add up in memory. */
static kb_status look_ahead(kb_call *call, kb_forecast *f, kb_forecast_scope scope, size_t i, kb_err *err)
{
	kb_outlook *day = &f->days[i];
	kb_draw_input input;
	kb_arena_mark mark = kb_arena_save(call->arena);
	KB_TRY(look_at(call, &f->rules, scope != KB_FORECAST_PAPERS, &input, day, err));
	kb_arena_restore(call->arena, mark);
	hold_against_limits(f, day);
	const kb_outlook *before = &f->days[i - 1];
	day->new = day->broken & ~before->broken;
	day->newly_bare = day->bare & ~before->bare;
	if (is_broken(day, KB_BREAK_UNITS) && day->newly_bare) day->new |= 1U << KB_BREAK_UNITS;
	if (is_broken(before, KB_BREAK_DRAW)) day->new &= 1U << KB_BREAK_OFFER | 1U << KB_BREAK_OFFER_RESITS;
	return KB_OK;
}

static kb_status look_at_all(kb_call *call, kb_forecast *f, kb_forecast_scope scope, kb_err *err)
{
	kb_progress_tell(call->progress, "looking at what lapses", 0, (int64_t)f->count);
	KB_TRY(look_at(call, &f->rules, scope != KB_FORECAST_PAPERS, &f->today, &f->days[0], err));
	hold_against_limits(f, &f->days[0]);
	f->days[0].new = f->days[0].broken;
	f->days[0].newly_bare = f->days[0].bare;
	for (size_t i = 1; i < f->count; i++) {
		kb_progress_tell(call->progress, "looking at what lapses", (int64_t)i, (int64_t)f->count);
		KB_TRY(look_ahead(call, f, scope, i, err));
		if (scope == KB_FORECAST_TO_BREAK && f->days[i].new) f->count = i + 1;
	}
	kb_progress_tell(call->progress, "looking at what lapses", (int64_t)f->count, (int64_t)f->count);
	return KB_OK;
}

kb_status kb_forecast_find(kb_call *call, const char *standard, const char *method, const char *mapping,
	kb_forecast_scope scope, kb_forecast *forecast, kb_err *err)
{
	*forecast = (kb_forecast) { .until = kb_date_add_months(call->day, KB_FORECAST_MONTHS), .mapping = mapping };
	KB_TRY(kb_bank_rules_load(call, standard, method, mapping, &forecast->rules, err));
	forecast->offers = kb_bank_has_offers(&forecast->rules);
	read_limits(forecast);
	KB_TRY(find_review(call, standard, method, forecast, err));
	KB_TRY(list_days(call, standard, method, forecast, err));
	return look_at_all(call, forecast, scope, err);
}

const kb_outlook *kb_forecast_next_break(const kb_forecast *forecast)
{
	for (size_t i = 1; i < forecast->count; i++)
		if (forecast->days[i].new) return &forecast->days[i];
	return NULL;
}

/* Words. */

const char *kb_forecast_items(kb_arena *arena, int64_t questions, int64_t themes)
{
	const char *some = kb_arena_printf(arena, "%lld question%s", (long long)questions, kb_plural(questions));
	const char *more = kb_arena_printf(arena, "%lld case-study theme%s", (long long)themes, kb_plural(themes));
	if (themes == 0) return questions ? some : NULL;
	return questions ? kb_arena_printf(arena, "%s and %s", some, more) : more;
}

static const char *percent(kb_arena *arena, double per_mille)
{
	return kb_figure(arena, per_mille / 10, 1);
}

/* Of `what`, "paper", so many. */
static const char *words_of_resits(
	kb_arena *arena, uint32_t reserve, const char *what, const char *of, uint32_t found, uint32_t bound)
{
	const char *there = found == 1 ? "is left" : "are left";
	if (bound > found) there = found == 1 ? "was found" : "were found";
	return kb_arena_printf(arena,
		"re-sits %s be kept possible: %u %s%s%s with nothing shared %s, and the specification wants a first one and "
		"%u re-sit%s",
		bound > reserve ? "may not" : "can't", found, what, kb_plural(found), of, there, reserve, kb_plural(reserve));
}

static const char *words_of_no_offer(kb_arena *arena, const kb_forecast *f, const kb_outlook *day)
{
	if (day->themes == 0) return "no case-study theme may be offered, and so no first sitting can begin";
	return kb_arena_printf(arena,
		"no offer of %lld case-study themes can be drawn from the %u in force, and so no first sitting can begin",
		(long long)f->rules.specification->themes_offered.value, day->themes);
}

const char *kb_forecast_words(kb_arena *arena, const kb_forecast *f, const kb_outlook *day, kb_break what)
{
	uint32_t reserve = f->today.rules.reserve;
	switch (what) {
	case KB_BREAK_DRAW: return day->questions ? "no paper can be drawn" : "no question may be drawn, and so no paper";
	case KB_BREAK_OFFER: return words_of_no_offer(arena, f, day);
	case KB_BREAK_UNITS:
		return kb_arena_printf(
			arena, "no question is left for %s", kb_brief_few_words(arena, &f->today, day->newly_bare));
	case KB_BREAK_CAP:
		return kb_arena_printf(arena, "draws are refused, as none keeps the exposure cap of %s",
			kb_figure_limit(arena, kb_specification_cap(f->rules.specification)));
	case KB_BREAK_RESITS: return words_of_resits(arena, reserve, "paper", "", day->capacity, day->bound);
	case KB_BREAK_OFFER_RESITS:
		return words_of_resits(arena, reserve, "offer", " of case-study themes", day->offers, day->offers_bound);
	case KB_BREAK_CHANCE:
		return kb_arena_printf(arena, "the likeliest question is in %s %% of papers, above your limit of %s",
			percent(arena, day->largest * 1000), kb_figure_limit(arena, f->limits[what]));
	case KB_BREAK_OVERLAP:
		return kb_arena_printf(arena, "two candidates share %s %% of a paper, above your limit of %s",
			percent(arena, day->overlap * 1000 / f->today.rules.size), kb_figure_limit(arena, f->limits[what]));
	}
	return "";
}

void kb_forecast_write_papers(kb_arena *arena, const kb_forecast *f, const kb_outlook *day, kb_node *map)
{
	kb_node_set_int(arena, map, "capacity", day->capacity);
	kb_node_set_int(arena, map, "bound", day->bound);
	kb_node_set_bool(arena, map, "exact", day->capacity == day->bound);
	if (!f->offers) return;
	kb_node *offers = kb_node_set(arena, map, "offers", kb_node_map(arena));
	kb_node_set_int(arena, offers, "lapse", day->themes_lapse);
	kb_node_set_int(arena, offers, "themes", day->themes);
	kb_node_set_int(arena, offers, "themes_offered", f->rules.specification->themes_offered.value);
	kb_node_set_int(arena, offers, "capacity", day->offers);
	kb_node_set_int(arena, offers, "bound", day->offers_bound);
	kb_node_set_bool(arena, offers, "exact", day->offers == day->offers_bound);
}

/* Ways out. */

static const char *command(kb_arena *arena, const kb_forecast *f, const char *name, const char *more)
{
	return kb_arena_printf(arena, "ksbank %s %s%s", name,
		kb_bank_words(arena, f->rules.loaded.standard->key.text, f->rules.method->id.text, f->mapping), more);
}

kb_way kb_forecast_way_out(kb_arena *arena, const kb_forecast *f, kb_break what)
{
	switch (what) {
	case KB_BREAK_DRAW:
		return (kb_way) { "see which questions to review, and which to write", command(arena, f, "bank explain", "") };
	case KB_BREAK_UNITS: return (kb_way) { "have some written", command(arena, f, "bank gaps", "") };
	case KB_BREAK_CAP:
		return (kb_way) { "see what to write for it, or raise it in the specification",
			command(arena, f, "bank weigh", "") };
	case KB_BREAK_OFFER:
	case KB_BREAK_RESITS:
	case KB_BREAK_OFFER_RESITS:
		return (kb_way) { "see what to review and to write",
			command(arena, f, "bank gaps", kb_arena_printf(arena, " --papers %u", f->today.rules.reserve + 1)) };
	case KB_BREAK_CHANCE: /* with no chance above a cap, two papers share at most as much on average */
	case KB_BREAK_OVERLAP:
		return (kb_way) { "try the limit as the exposure cap, which is sure to keep it, and see what to write for it",
			command(arena, f, "bank weigh", kb_arena_printf(arena, " --cap %lld", (long long)f->limits[what])) };
	}
	return (kb_way) { "", "" };
}

kb_way kb_forecast_way_before(kb_arena *arena, const kb_forecast *f, const kb_outlook *day)
{
	uint32_t lapse = 0, themes = 0;
	char last[KB_DATE_SIZE];
	kb_date_format(day->day - 1, last);
	for (const kb_outlook *d = f->days; d <= day; d++) lapse += d->lapse, themes += d->themes_lapse;
	return kb_forecast_way_review(arena, f, last,
		kb_arena_printf(arena, "have the %s that lapse%s by %s reviewed", kb_forecast_items(arena, lapse, themes),
			lapse + themes == 1 ? "s" : "", kb_forecast_day(arena, day->day)));
}

kb_way kb_forecast_way_review(kb_arena *arena, const kb_forecast *f, const char *due, const char *words)
{
	const kb_q_campaign_all_row *open = f->review;
	if (!open)
		return (kb_way) { words, kb_arena_printf(arena, "ksbank review open %s %s --due %s --reason TEXT",
									 f->rules.loaded.standard->key.text, f->rules.method->id.text, due) };
	return (kb_way) { kb_arena_printf(arena, "%s; %s is open, and due on %s", words, open->key, open->due_on),
		kb_arena_printf(arena, "ksbank review progress %s", open->key) };
}
