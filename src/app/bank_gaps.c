/* bank gaps, bank brief: what a bank lacks, and each question that would close a gap as a file to fill in. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/cap.h"
#include "app/explanation.h"
#include "app/figures.h"
#include "app/skeleton.h"

typedef struct survey {
	kb_call *call;
	kb_arena *arena;
	kb_bank_rules rules;
	kb_draw_input input; /* with what is away */
	uint32_t eligible;
	kb_capacity capacity;
	uint32_t needed;     /* papers, for a first sitting and its re-sits */
	uint32_t papers;     /* that are wanted */
	uint32_t unkept_cap; /* of the specification, where no number of papers was asked for; else 0 */
	kb_briefs briefs;
	const char *coming; /* what is on its way, in a sentence; NULL: nothing */
	kb_node *to_do;     /* sentences */
} survey;

static uint32_t count_in_force(const kb_draw_input *in)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < in->pool.count; i++) count += !kb_pool_has(in->away, i);
	return count;
}

/* What a first sitting needs, or one more than there are. */
static kb_status find_aim(survey *s, kb_err *err)
{
	kb_draw_input pool;
	kb_even even;
	bool kept;
	s->papers = s->capacity.lower + 1;
	if (s->papers <= s->input.rules.reserve) s->papers = s->input.rules.reserve + 1;
	KB_TRY(kb_cap_look(s->call, &s->rules, &pool, &even, &kept, err));
	if (kept) return KB_OK;
	s->unkept_cap = kb_specification_cap(s->rules.specification);
	uint32_t papers = kb_cap_papers_towards(s->unkept_cap, s->capacity.lower);
	if (papers > s->papers) s->papers = papers;
	return KB_OK;
}

static kb_status look(survey *s, kb_err *err)
{
	kb_call *call = s->call;
	int64_t papers = kb_call_int(call, "papers");
	KB_TRY(kb_bank_rules_load(call, kb_call_text(call, "standard"), kb_call_text(call, "method"),
		kb_call_text(call, "mapping"), &s->rules, err));
	KB_TRY(kb_paper_pool_load_all(
		call, &s->rules.loaded, s->rules.method, s->rules.specification, &kb_part_questions, 0, &s->input, err));
	s->eligible = count_in_force(&s->input);
	s->needed = s->input.rules.reserve + 1;
	kb_progress_tell(call->progress, "packing papers with nothing shared", 0, 0);
	KB_TRY(kb_bank_measure(s->arena, &s->input, &s->capacity, err));
	if (papers > KB_BRIEF_PAPERS_MAX) {
		kb_fail(err, KB_REFUSED, "gaps.papers", "%lld papers with nothing shared are more than can be looked for",
			(long long)papers);
		return kb_hint(err, "ask for at most %d", KB_BRIEF_PAPERS_MAX);
	}
	s->papers = (uint32_t)papers;
	if (!papers) KB_TRY(find_aim(s, err));
	return kb_brief_find(s->arena, &s->input, s->papers, &s->briefs, err);
}

static kb_status add_depth(survey *s, uint32_t target, uint32_t *thin, kb_err *err)
{
	kb_depth *list;
	KB_TRY(kb_bank_depth(s->arena, &s->input, &list, err));
	kb_node *units = kb_node_set(s->arena, s->call->result, "units", kb_node_list(s->arena));
	for (uint32_t u = 0; u < s->input.rules.unit_count; u++) {
		kb_node *unit = kb_node_add(s->arena, units, kb_node_map(s->arena));
		uint32_t missing = list[u].apart < target ? target - list[u].apart : 0;
		kb_node_set_text(s->arena, unit, "unit", s->input.units[list[u].unit]);
		kb_node_set_int(s->arena, unit, "questions", list[u].questions);
		kb_node_set_int(s->arena, unit, "apart", list[u].apart);
		kb_node_set_int(s->arena, unit, "missing", missing);
		*thin += missing > 0;
	}
	kb_node_set_int(s->arena, s->call->result, "thin", *thin);
	return kb_arena_check(s->arena, err);
}

static kb_status add_critical(survey *s, uint32_t *count, kb_err *err)
{
	const kb_draw_input *in = &s->input;
	kb_answer *critical = NULL;
	bool proven = true;
	kb_node *list = kb_node_set(s->arena, s->call->result, "critical", kb_node_list(s->arena));
	if (s->capacity.lower > 0)
		KB_TRY(kb_capacity_critical(s->arena, &in->pool, &in->rules, in->excluded, &s->capacity, &critical, err));
	for (uint32_t i = 0; critical && i < in->pool.count; i++) {
		proven &= critical[i] != KB_UNKNOWN;
		if (critical[i] != KB_YES) continue;
		kb_node *entry = kb_node_add(s->arena, list, kb_node_map(s->arena));
		kb_node_set_text(s->arena, entry, "id", in->pool.items[i].key);
		kb_node_set_text(s->arena, entry, "unit_list", kb_brief_unit_words(s->arena, in, in->pool.items[i].units));
		++*count;
	}
	kb_node_set_bool(s->arena, s->call->result, "critical_is_all", proven);
	return kb_arena_check(s->arena, err);
}

/* What is on its way. */

/* The first gap that a question closes and that none before it does; those of no gap have the number of gaps. */
static uint32_t gap_closed_by(survey *s, const kb_pool_item *item, const char *const *by)
{
	uint32_t g = 0;
	for (; g < s->briefs.count; g++) {
		const kb_brief *brief = &s->briefs.list[g];
		if (!by[g] && !(brief->units & ~item->units) && !(brief->counters & ~item->counters)) break;
	}
	return g;
}

/* Adds those of the pool to a list; *count: how many. */
static kb_status list_coming(survey *s, const kb_draw_input *then, kb_node *list, uint32_t *count, kb_err *err)
{
	kb_arena *arena = s->arena;
	*count = 0;
	for (uint32_t i = 0; i < then->pool.count; i++) {
		if (!kb_pool_has(then->coming, i)) continue;
		kb_q_version_standing_row row = { 0 };
		bool found;
		KB_TRY(kb_q_version_standing(s->call->sql, arena, then->pool.items[i].version, &row, &found, err));
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "id", then->pool.items[i].key);
		kb_node_set_text(arena, entry, "state", row.state);
		kb_node_set_text(arena, entry, "since", row.since ? row.since : "");
		kb_node_set_text(arena, entry, "author", row.author);
		++*count;
	}
	return kb_arena_check(arena, err);
}

/* `by`: which question closes each gap. */
static void match_gaps(survey *s, const kb_draw_input *then, const kb_node *list, const char **by)
{
	for (uint32_t i = 0, n = 0; i < then->pool.count; i++) {
		if (!kb_pool_has(then->coming, i)) continue;
		const kb_pool_item *item = &then->pool.items[i];
		kb_node *entry = list->items[n++];
		uint32_t gap = gap_closed_by(s, item, by);
		bool closes = gap < s->briefs.count;
		kb_node_set_text(s->arena, entry, "unit_list", kb_brief_unit_words(s->arena, then, item->units));
		kb_node_set_int(s->arena, entry, "gap", closes ? (int64_t)gap + 1 : 0);
		if (closes) by[gap] = item->key;
	}
}

static const char *words_of_coming(survey *s, uint32_t count, const char *what, const char *for_gaps, uint32_t left)
{
	const char *rest = left ? kb_arena_printf(s->arena, "%u %s%s", left, what, kb_plural(left)) : "nothing";
	return kb_arena_printf(s->arena,
		"%u new %s%s %s on the way%s: listed below. Once approved, all of it, %s %s left to write.", count, what,
		kb_plural(count), kb_is_or_are(count), for_gaps, rest, left > 1 ? "are" : "is");
}

static void say_coming(survey *s, uint32_t count, const char *const *by, uint32_t left)
{
	kb_buf gaps = { .arena = s->arena };
	uint32_t closes = 0;
	for (uint32_t g = 0; g < s->briefs.count; g++)
		if (by[g]) kb_buf_printf(&gaps, "%s%u", closes++ ? ", " : "", g + 1);
	const char *of_gaps = closes ? kb_arena_printf(s->arena, ", for gap%s %s, which nobody else need write",
									   kb_plural(closes), kb_buf_string(&gaps))
	                             : ", none of them for a gap below";
	s->coming = words_of_coming(s, count, "question", of_gaps, left);
}

/* New questions that nobody approved yet: a gap stays one until then, but two writers should not fill it. */
static kb_status add_coming(survey *s, kb_err *err)
{
	kb_draw_input then;
	kb_briefs left;
	uint32_t count;
	const kb_node *gaps = kb_node_get(s->call->result, "questions_to_write");
	kb_node *list = kb_node_set(s->arena, s->call->result, "coming", kb_node_list(s->arena));
	const char **by = kb_arena_array(s->arena, s->briefs.count, sizeof *by);
	if (!by) return kb_arena_check(s->arena, err);
	KB_TRY(kb_paper_pool_load_coming(
		s->call, &s->rules.loaded, s->rules.method, s->rules.specification, &kb_part_questions, &then, err));
	KB_TRY(list_coming(s, &then, list, &count, err));
	match_gaps(s, &then, list, by);
	for (uint32_t g = 0; g < s->briefs.count; g++)
		kb_node_set_text(s->arena, gaps->items[g], "coming", by[g] ? by[g] : "");
	kb_node_set_bool(s->arena, s->call->result, "some_coming", count > 0);
	if (count == 0) return kb_arena_check(s->arena, err);
	KB_TRY(kb_brief_find(s->arena, &then, s->papers, &left, err));
	kb_node_set_int(s->arena, s->call->result, "left_to_write", left.count);
	say_coming(s, count, by, left.count);
	return kb_arena_check(s->arena, err);
}

/* What to do first, in sentences. */

static void say(survey *s, const char *words)
{
	kb_node_add(s->arena, s->to_do, kb_node_text(s->arena, words));
}

/* To bring back what is away; `aim` is what there is then. */
static void say_review(survey *s, uint32_t count, const char *what, const char *aim)
{
	say(s, kb_arena_printf(s->arena, "Review %u %s%s that lapsed or %s suspended, listed below: with %s back %s.",
			   count, what, kb_plural(count), kb_is_or_are(count), count == 1 ? "it" : "them", aim));
}

static const char *words_of_fewest(survey *s, bool fewest, uint32_t least)
{
	if (fewest) return "Fewer can't do";
	return least ? kb_arena_printf(s->arena, "It takes at least %u", least) : "Whether it takes any is not known";
}

/* Where no number of papers was asked for, and there are enough, what follows is for one more. */
static void say_nothing_missing(survey *s, uint32_t target)
{
	say(s, kb_arena_printf(s->arena,
			   "Nothing is missing: no KSB is below the target of %u question%s, and there %s %u paper%s with nothing "
			   "shared where the specification needs %u. What would give one more:",
			   target, kb_plural(target), kb_is_or_are(s->capacity.lower), s->capacity.lower,
			   kb_plural(s->capacity.lower), s->needed));
}

static void say_what_to_do(survey *s, const kb_returns *back, uint32_t target, uint32_t thin, uint32_t critical)
{
	kb_arena *arena = s->arena;
	if (s->unkept_cap > 0)
		say(s,
			kb_arena_printf(arena,
				"No question may be in more than %u of 1,000 papers, and what may be drawn now can't keep to that: no paper "
				"is drawn until it can. Other ways than to write: ksbank bank explain %s",
				s->unkept_cap, kb_bank_words_of(s->call)));
	else if (!kb_call_int(s->call, "papers") && thin == 0 && s->capacity.lower >= s->needed)
		say_nothing_missing(s, target);
	const char *aim = kb_arena_printf(
		arena, "there %s %u paper%s with nothing shared", kb_is_or_are(s->papers), s->papers, kb_plural(s->papers));
	if (back->count > 0) say_review(s, back->count, "question", aim);
	if (s->briefs.count > 0)
		say(s, kb_arena_printf(arena, "%s %u question%s, gap%s 1%s%s below: then %s. %s.",
				   back->count > 0 ? "Or write" : "Write", s->briefs.count, kb_plural(s->briefs.count),
				   kb_plural(s->briefs.count), s->briefs.count > 1 ? " to " : "",
				   s->briefs.count > 1 ? kb_arena_printf(arena, "%u", s->briefs.count) : "", aim,
				   words_of_fewest(s, s->briefs.fewest, s->briefs.at_least)));
	else if (s->capacity.lower < s->papers)
		say(s, "No questions were found that would help: loosen the specification (see bank explain).");
	else say(s, kb_arena_printf(arena, "Nothing needs to be written: %s.", aim));
	if (s->coming) say(s, s->coming);
	if (thin > 0)
		say(s, kb_arena_printf(arena, "%u KSB%s %s below the target of %u question%s: see \"missing\" below.", thin,
				   kb_plural(thin), kb_is_or_are(thin), target, kb_plural(target)));
	if (critical > 0)
		say(s, s->capacity.lower == 1
				   ? kb_arena_printf(arena, "Keep %u question%s in force: without any one of %s no paper is possible.",
						 critical, kb_plural(critical), critical == 1 ? "it" : "them")
				   : kb_arena_printf(arena, "Keep %u question%s in force: the loss of any one costs a paper.", critical,
						 kb_plural(critical)));
}

/* Offers of case-study themes: what a paper's rules are to questions is here their number, and rivals. */

/* How many of the themes in force may meet: with so many more that are rivals of none, each is in an offer. */
static kb_status count_themes_to_write(
	survey *s, const kb_draw_input *themes, uint32_t wanted, uint32_t *fewest, uint32_t *least, kb_err *err)
{
	kb_draw_input single = *themes;
	kb_capacity apart;
	uint32_t needed = wanted * themes->rules.size;
	single.rules.size = 1;
	KB_TRY(kb_bank_measure(s->arena, &single, &apart, err));
	*fewest = needed > apart.lower ? needed - apart.lower : 0;
	*least = needed > apart.upper ? needed - apart.upper : 0;
	return KB_OK;
}

static void say_about_offers(
	survey *s, const kb_draw_input *themes, uint32_t wanted, const kb_returns *back, uint32_t fewest, uint32_t least)
{
	const char *aim = kb_arena_printf(s->arena, "there %s %u offer%s of %u case-study themes with nothing shared",
		kb_is_or_are(wanted), wanted, kb_plural(wanted), themes->rules.size);
	if (back->count > 0) say_review(s, back->count, "case-study theme", aim);
	if (fewest > 0)
		say(s, kb_arena_printf(s->arena, "%s %u case-study theme%s, rivals of none: then %s. %s.",
				   back->count > 0 ? "Or write" : "Write", fewest, kb_plural(fewest), aim,
				   words_of_fewest(s, fewest == least, least)));
}

static kb_status add_coming_themes(survey *s, uint32_t wanted, kb_node *map, kb_err *err)
{
	kb_draw_input then;
	uint32_t count, left, least;
	kb_node *list = kb_node_set(s->arena, map, "coming", kb_node_list(s->arena));
	KB_TRY(kb_paper_pool_load_coming(
		s->call, &s->rules.loaded, s->rules.method, s->rules.specification, &kb_part_themes, &then, err));
	KB_TRY(list_coming(s, &then, list, &count, err));
	kb_node_set_bool(s->arena, map, "some_coming", count > 0);
	if (count == 0) return KB_OK;
	KB_TRY(count_themes_to_write(s, &then, wanted, &left, &least, err));
	kb_node_set_int(s->arena, map, "left_to_write", left);
	say(s, words_of_coming(s, count, "case-study theme", "", left));
	return kb_arena_check(s->arena, err);
}

/* So many as papers where a number was asked for, else for a first sitting and its re-sits. */
static kb_status add_offers(survey *s, kb_err *err)
{
	kb_draw_input themes;
	kb_capacity offers;
	kb_shortfall shortfall;
	kb_returns back;
	uint32_t fewest, least;
	if (!kb_bank_has_offers(&s->rules)) return KB_OK;
	KB_TRY(kb_paper_pool_load_all(
		s->call, &s->rules.loaded, s->rules.method, s->rules.specification, &kb_part_themes, 0, &themes, err));
	uint32_t wanted = kb_call_int(s->call, "papers") ? s->papers : themes.rules.reserve + 1;
	KB_TRY(kb_bank_measure(s->arena, &themes, &offers, err));
	KB_TRY(count_themes_to_write(s, &themes, wanted, &fewest, &least, err));
	themes.rules.reserve = wanted - 1;
	KB_TRY(kb_brief_shortfall(s->arena, &themes, &shortfall, err));
	KB_TRY(kb_explain_returns(s->arena, &shortfall, &back, err));
	kb_node *map = kb_node_set(s->arena, s->call->result, "offers", kb_node_map(s->arena));
	kb_node_set_int(s->arena, map, "themes", count_in_force(&themes));
	kb_node_set_int(s->arena, map, "themes_offered", themes.rules.size);
	kb_node_set_int(s->arena, map, "capacity", offers.lower);
	kb_node_set_int(s->arena, map, "bound", offers.upper);
	kb_node_set_bool(s->arena, map, "exact", offers.lower == offers.upper);
	kb_node_set_int(s->arena, map, "wanted", wanted);
	kb_node_set_int(s->arena, map, "fewest_themes_to_write", fewest);
	kb_node_set_int(s->arena, map, "least_themes_to_write", least);
	kb_node_set_bool(s->arena, map, "fewest_is_proven", fewest == least);
	kb_explanation_write_returns(s->arena, &themes, &back, map);
	kb_node_set_bool(s->arena, map, "some_to_review", back.count > 0);
	say_about_offers(s, &themes, wanted, &back, fewest, least);
	return add_coming_themes(s, wanted, map, err);
}

static kb_status run_gaps(kb_call *call, kb_err *err)
{
	survey s = { .call = call, .arena = call->arena };
	kb_node *result = call->result;
	kb_shortfall shortfall;
	kb_returns back;
	uint32_t thin = 0, critical = 0;
	KB_TRY(look(&s, err));
	int64_t target;
	bool decided = kb_bank_number(&s.rules, KB_BANK_TARGET, &target) != NULL;
	if (!decided) target = KB_BANK_TARGET_USUAL;
	kb_node_set_text(s.arena, result, "standard", kb_call_text(call, "standard"));
	kb_node_set_text(s.arena, result, "method", s.rules.method->id.text);
	kb_node_set_text(s.arena, result, "method_name", s.rules.method->name.text);
	kb_node_set_text(s.arena, result, "bank", kb_bank_words_of(call));
	kb_node_set_text(s.arena, result, "date", call->day_text);
	kb_node_set_int(s.arena, result, "eligible", s.eligible);
	kb_node_set_int(s.arena, result, "capacity", s.capacity.lower);
	kb_node_set_int(s.arena, result, "bound", s.capacity.upper);
	kb_node_set_bool(s.arena, result, "exact", s.capacity.lower == s.capacity.upper);
	kb_node_set_int(s.arena, result, "papers", s.papers);
	kb_node_set_int(s.arena, result, "target", target);
	kb_node_set_bool(s.arena, result, "target_is_decided", decided);
	kb_brief_write(s.arena, &s.input, &s.briefs, result);
	KB_TRY(add_coming(&s, err));
	s.input.rules.reserve = s.papers - 1;
	KB_TRY(kb_brief_shortfall(s.arena, &s.input, &shortfall, err));
	KB_TRY(kb_explain_returns(s.arena, &shortfall, &back, err));
	kb_explanation_write_returns(s.arena, &s.input, &back, result);
	KB_TRY(add_depth(&s, (uint32_t)target, &thin, err));
	KB_TRY(add_critical(&s, &critical, err));
	s.to_do = kb_node_set(s.arena, result, "to_do", kb_node_list(s.arena));
	say_what_to_do(&s, &back, (uint32_t)target, thin, critical);
	KB_TRY(add_offers(&s, err));
	kb_node_set_bool(s.arena, result, "some_to_write", s.briefs.count > 0);
	kb_node_set_bool(s.arena, result, "some_to_review", back.count > 0);
	kb_node_set_bool(s.arena, result, "some_critical", critical > 0);
	return kb_arena_check(s.arena, err);
}

#define BANK_ARGS                                                                                                      \
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },                 \
	{                                                                                                                  \
		"method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion"                \
	}
#define GAP_ARGS                                                                                                                   \
	{                                                                                                                              \
		"papers", KB_ARG_INT,                                                                                                      \
		.help =                                                                                                                    \
			"so many papers with nothing shared are wanted; without it what a first sitting needs, and one more than now at least" \
	},                                                                                                                             \
	{                                                                                                                              \
		"mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known"                  \
	}

static const kb_arg gaps_args[] = { BANK_ARGS, GAP_ARGS };

const kb_op kb_op_bank_gaps = {
	.name = "bank gaps",
	.summary = "Say what to do next for a bank: what to review, what to write, and where it is thin",
	.help =
		"The fewest new questions with which so many papers can stand side by side with nothing shared, each with a\n"
		"number, its KSBs, kind and minutes; how deep each KSB of a grading theme is against the organisation's\n"
		"target, of rivals one counted; and the questions whose loss would cost a paper. Where fewer questions might\n"
		"do, it says how many are proven to be needed. Where apprentices choose from case-study themes, the same of\n"
		"offers: for a first sitting and its re-sits, or as many as --papers.\n\n"
		"The target is 3, a first attempt and two re-sits, until another is decided.\n\n"
		"    ksbank bank gaps ST0648/1.0 professional-discussion\n"
		"    ksbank bank gaps ST0648/1.0 professional-discussion --papers 10\n"
		"    ksbank bank brief ST0648/1.0 professional-discussion 1 --output gap-1.yaml\n"
		"    ksbank decision record ST0648/1.0 bank-size-target 5 --by \"Head of assessment\" --reason \"four re-sits\"",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = gaps_args,
	.arg_count = KB_COUNT(gaps_args),
	.run = run_gaps,
	.screen = "bank-gaps",
	.answer =
		"standard, method, method_name, bank: as commands name it, date; eligible: questions; capacity, bound, exact: as of bank capacity; "
		"papers: that are wanted; to_do: list of sentences; questions_to_write: list of {number, theme, kind, minutes, "
		"units, unit_list, ksb_list, categories}, the gaps; fewest_questions_to_write, least_questions_to_write: fewer can't do, "
		"fewest_is_proven, some_to_write; each gap has coming too: the question on the way that closes it, or empty; coming: "
		"list of {id, unit_list, state, since, author, gap: its number, or 0}, new questions that nobody approved yet, "
		"some_coming, left_to_write: with all of them approved; review_first: list of {id, reason}, review_first_is_fewest, some_to_review; "
		"target, target_is_decided; units: list of {unit, questions, apart: of rivals one counted, missing}, thin: how "
		"many miss something; critical: list of {id, unit_list}, critical_is_all, some_critical; offers: {themes: that may be "
		"offered, themes_offered, capacity, bound, exact, wanted: offers with nothing shared, fewest_themes_to_write: "
		"rivals of none, least_themes_to_write, fewest_is_proven, review_first, review_first_is_fewest, some_to_review, "
		"coming: list of {id, state, since, author}, some_coming, left_to_write: with all of them approved}, "
		"where the method has them",
};

/* Brief. */

static const kb_theme *theme_named(const kb_method *method, const char *id)
{
	const kb_theme *themes = method->themes.list;
	for (size_t i = 0; i < method->themes.count; i++)
		if (strcmp(themes[i].id.text, id) == 0) return &themes[i];
	return NULL;
}

static kb_wanted wanted_by(survey *s, const kb_brief *brief)
{
	kb_node *counted = kb_brief_categories(s->arena, &s->input, brief->counters);
	kb_texts categories = kb_texts_of(s->arena, counted);
	kb_wanted wanted = { { NULL, 0 }, "", kb_brief_kind(&s->input, brief->counters),
		kb_texts_join(s->arena, &categories, ", "), brief->minutes };
	kb_node *codes = kb_node_list(s->arena);
	kb_buf list = { .arena = s->arena };
	for (uint32_t u = 0; u < s->input.rules.unit_count; u++) {
		if (!(brief->units >> u & 1)) continue;
		const char *code = strchr(s->input.units[u], ' ') + 1;
		kb_node_add(s->arena, codes, kb_node_text(s->arena, code));
		kb_buf_printf(&list, "%s%s", list.length ? ", " : "", code);
	}
	wanted.ksbs = kb_texts_of(s->arena, codes);
	wanted.ksb_list = kb_buf_string(&list);
	return wanted;
}

static kb_status check_number(const survey *s, int64_t number, kb_err *err)
{
	if (number <= s->briefs.count) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "gaps.number", "there is no gap %lld: there %s %u", (long long)number,
		kb_is_or_are(s->briefs.count), s->briefs.count);
	return kb_hint(err, "see them with: ksbank bank gaps %s", kb_bank_words_of(s->call));
}

/* What a gap is on: "PD-2 K5, S9". */
static const char *words_of_gap(survey *s, const kb_brief *brief)
{
	return kb_arena_printf(s->arena, "%s %s", kb_brief_theme(&s->input, brief->counters), wanted_by(s, brief).ksb_list);
}

/* What was approved, suspended or lapsed since the number was given may have changed what it means. */
static kb_status check_covers(survey *s, int64_t number, kb_err *err)
{
	const char *covers = kb_call_text(s->call, "covers"), *now = words_of_gap(s, &s->briefs.list[number - 1]);
	if (!covers || strcmp(covers, now) == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "gaps.changed", "gap %lld is on %s now, and not on %.100s: the bank is not what it was",
		(long long)number, now, covers);
	for (uint32_t g = 0; g < s->briefs.count; g++)
		if (strcmp(words_of_gap(s, &s->briefs.list[g]), covers) == 0)
			return kb_hint(err, "gap %u is on that now; see: ksbank bank gaps %s", g + 1, kb_bank_words_of(s->call));
	return kb_hint(err, "no gap is on that any more; see: ksbank bank gaps %s", kb_bank_words_of(s->call));
}

static kb_status run_brief(kb_call *call, kb_err *err)
{
	survey s = { .call = call, .arena = call->arena };
	int64_t number = kb_call_int(call, "number");
	const char *text, *output = kb_call_text(call, "output");
	KB_TRY(look(&s, err));
	KB_TRY(check_number(&s, number, err));
	KB_TRY(check_covers(&s, number, err));
	const kb_brief *brief = &s.briefs.list[number - 1];
	const char *theme = kb_brief_theme(&s.input, brief->counters);
	kb_wanted wanted = wanted_by(&s, brief);
	/* Where the mapping is an organisation's own, there are no descriptors, and a question names no theme. */
	bool themed = kb_method_has_published_themes(s.rules.method);
	kb_node *data = kb_skeleton_question(
		call, s.rules.loaded.standard, s.rules.method, themed ? theme_named(s.rules.method, theme) : NULL, &wanted);
	KB_TRY(kb_skeleton_fill(call, "bank/questions.yaml", data, &text, err));
	KB_TRY(kb_call_create(call, output, text, strlen(text), err));
	kb_node_set_text(s.arena, call->result, "output", output);
	kb_node_set_text(s.arena, call->result, "date", call->day_text);
	kb_node_set_int(s.arena, call->result, "papers", s.papers);
	kb_node_set_int(s.arena, call->result, "number", number);
	kb_node_set_text(s.arena, call->result, "theme", theme);
	kb_node_set_text(s.arena, call->result, "ksb_list", wanted.ksb_list);
	kb_node_set_text(s.arena, call->result, "kind", wanted.kind);
	kb_node_set_int(s.arena, call->result, "minutes", wanted.minutes);
	return kb_arena_check(s.arena, err);
}

static const kb_arg brief_args[] = { BANK_ARGS,
	{ "number", KB_ARG_INT, .place = true, .required = true, .help = "of the gap, as bank gaps shows it" },
	{ "output", KB_ARG_PATH, .required = true, .help = "write it to this file, which is not there yet" },
	{ "covers", KB_ARG_TEXT,
		.help = "what the gap is on, as in \"PD-2 K5, S9\": refused where the number has come to "
				"mean another gap" },
	GAP_ARGS };

const kb_op kb_op_bank_brief = {
	.name = "bank brief",
	.summary = "Write a gap of a bank as a question to fill in",
	.help =
		"The file has the grading theme, the KSBs, the kind and the minutes that close the gap, and beside them, as\n"
		"comments, the words of the KSBs and the plan's descriptors to choose from. Give --papers as for bank gaps:\n"
		"the numbers are those of the same day, the same bank and the same wish. With --covers a number that has come\n"
		"to mean another gap since is refused. What is there is not overwritten.\n\n"
		"    ksbank bank brief ST0648/1.0 professional-discussion 1 --output gap-1.yaml\n"
		"    ksbank question new gap-1.yaml",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = brief_args,
	.arg_count = KB_COUNT(brief_args),
	.run = run_brief,
	.screen = "bank-brief",
	.answer = "output; number, theme, ksb_list, kind, minutes: of the gap; date, papers: of which the number is",
};
