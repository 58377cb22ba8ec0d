/* The law `even` from the specification to the paper: weights found once, kept, drawn by, replayed and verified. */
#include "kit.h"

#include <stdlib.h>
#include <string.h>

TestSuite(even, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}"
#define TRY(cap) "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"cap\":" #cap "}"

/* 4 questions for each KSB, and one more that covers K1 and K2: in twice as many papers as the rest. */
static void fill(const char *law)
{
	kit_fill(4, law);
	kit_write("bank/more.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD
		"\nmethod: talk\nquestions:\n%s", kit_question("Q-X-1", "T-1", "K1, K2", "")));
	kit_must("bank import", "{\"path\":\"bank/more.yaml\",\"approved-by\":\"reviewer-1\"}");
}

static const kb_node *question(const char *id)
{
	const kb_node *list = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(kb_node_get_text(list->items[i], "id", ""), id) == 0) return list->items[i];
	cr_assert_fail("%s is not listed", id);
	return NULL;
}

static const char *of(const char *law, const char *key)
{
	return kb_node_get_text(kb_node_get(kit_call.result, law), key, "");
}

static double number(const char *text)
{
	return strtod(text, NULL);
}

Test(even, a_cap_is_kept_on_the_stored_weights)
{
	fill("law: even\nexposure-cap: 300\n");
	kit_must("bank weigh", TALK);
	cr_assert(kb_node_get(kit_call.result, "kept")->boolean);
	cr_assert_gt(number(of("alike", "largest_chance")), 0.3);
	cr_assert_leq(number(of("even", "largest_chance")), 0.3);
	cr_assert_leq(number(of("even", "entropy_bits")), number(of("alike", "entropy_bits")));
	int64_t weight = kb_node_get_int(question("Q-X-1"), "weight", 0);
	cr_assert_lt(weight, kb_node_get_int(question("Q-K1-1"), "weight", 0));
	cr_assert_eq(kb_node_get_int(question("Q-K1-1"), "weight", 0), kb_node_get_int(question("Q-K1-2"), "weight", 0));
	kit_must("bank weigh", TALK);
	cr_assert_eq(kb_node_get_int(question("Q-X-1"), "weight", 0), weight);
	kit_must("bank capacity", TALK);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "draw"), "exposure_cap", 0), 300);
	cr_assert_leq(number(of("draw", "largest_chance")), 0.3);
}

Test(even, a_draw_finds_weights_and_its_record_replays)
{
	fill("law: even\nexposure-cap: 300\n");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_not_null(kb_node_get(kit_call.effects, "weights"), "the first draw of a pool keeps its weights");
	const char *papers = kb_arena_text(kit_arena, kit_text("valid_papers"));
	cr_assert_eq(kit_draw("AP-2", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_null(kb_node_get(kit_call.effects, "weights"), "the second takes them");
	cr_assert_str_eq(kit_text("valid_papers"), papers);
	kit_must("paper show", "{\"paper\":\"P-000002\"}");
	const kb_node *pool = kb_node_get(kb_node_get(kit_call.result, "record"), "pool");
	int64_t least = INT64_MAX, most = 0;
	for (size_t i = 0; i < pool->count; i++) {
		int64_t weight = kb_node_get_int(pool->items[i], "weight", 0);
		least = weight < least ? weight : least;
		most = weight > most ? weight : most;
	}
	cr_assert(least >= 1 && least < most);
	kit_must("paper replay", "{\"paper\":\"P-000002\"}");
	cr_assert(kb_node_get(kit_call.result, "same")->boolean);
	cr_assert_str_eq(kit_text("valid_papers"), papers);
	kit_day = "2027-01-15";
	cr_assert_eq(kit_draw("AP-1", "resit"), KB_OK, "%s", kit_err.message);
	kit_must("paper verify", "{}");
	kit_must("audit verify", "{}");
}

Test(even, other_questions_have_other_weights)
{
	fill("law: even\nexposure-cap: 300\n");
	kit_must("bank weigh", TALK);
	kit_must("question suspend", "{\"ids\":\"Q-S1-4\",\"reason\":\"it leaked\"}");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_REFUSED, "S1 has three questions, and each paper asks one");
	cr_assert_str_eq(kit_err.id, "even.cap", "%s", kit_err.message);
	cr_assert_not_null(strstr(kit_err.hint, "bank weigh"));
}

Test(even, a_trial_keeps_nothing)
{
	fill(NULL);
	cr_assert_eq(kit_run("bank weigh", TALK), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "weigh.uniform");
	kit_must("bank weigh", TRY(300));
	cr_assert_not(kb_node_get(kit_call.result, "kept")->boolean);
	cr_assert_null(kb_node_get(kit_call.effects, "weights"));
	cr_assert_eq(kit_run("bank weigh", TRY(1001)), KB_USAGE);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK);
	cr_assert_null(kb_node_get(kit_call.effects, "weights"), "all papers are alike");
}

/* Just what is said to be missing is written: then the cap is kept. */
Test(even, what_is_to_be_written_is_enough)
{
	static const char *const caps[] = { TRY(240), TRY(200), TRY(125), TRY(90) };
	fill(NULL);
	for (size_t c = 0; c < KB_COUNT(caps); c++) {
		cr_assert_eq(kit_run("bank weigh", caps[c]), KB_REFUSED, "%s", caps[c]);
		const kb_node *list = kb_node_get(kb_node_get(kit_call.result, "refusal"), "questions_to_write");
		kb_buf items = { .arena = kit_arena };
		kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
		cr_assert_gt(list->count, 0);
		for (size_t i = 0; i < list->count; i++)
			kb_buf_text(&items, kit_question(kb_arena_printf(kit_arena, "Q-W%zu-%zu", c, i),
				kb_node_get_text(list->items[i], "theme", ""), kb_node_get_text(list->items[i], "ksb_list", ""), ""));
		kit_write("bank/written.yaml", kb_buf_string(&items));
		kit_must("bank import", "{\"path\":\"bank/written.yaml\",\"approved-by\":\"reviewer-1\"}");
		kit_must("bank weigh", caps[c]);
		cr_assert_leq(number(of("even", "largest_chance")), strtod(strstr(caps[c], "cap\":") + 5, NULL) / 1000);
	}
}

/* S1 alone is covered by four questions, so one of them is in a fourth of all papers at least. */
Test(even, what_is_refused_names_the_least_and_what_to_write)
{
	fill(NULL);
	cr_assert_eq(kit_run("bank weigh", TRY(240)), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "even.cap");
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	cr_assert_str_eq(kb_node_get_text(refusal, "least", ""), "1/4");
	cr_assert_eq(kb_node_get_int(refusal, "least_cap", 0), 251);
	cr_assert_not_null(strstr(kit_err.hint, "251 can be kept"), "%s", kit_err.hint);
	cr_assert_not_null(strstr(kit_err.hint, "bank brief " KIT_STANDARD " talk 1 --papers 5 "), "%s", kit_err.hint);
	cr_assert_eq(kb_node_get_int(refusal, "papers_wanted", 0), 5);
	cr_assert_eq(kb_node_get_int(refusal, "papers", 0), 5);
	cr_assert_gt(kb_node_get(refusal, "questions_to_write")->count, 0);
}

static const char *units_of(const kb_node *questions)
{
	kb_buf units = { .arena = kit_arena };
	for (size_t i = 0; i < questions->count; i++)
		kb_buf_printf(&units, "%s\n", kb_node_get_text(questions->items[i], "unit_list", ""));
	return kb_buf_string(&units);
}

/* What is named as files is what is listed, also where some of it could come back. */
Test(even, what_is_to_be_written_are_gaps)
{
	fill(NULL);
	kit_must("question suspend", "{\"ids\":\"Q-S1-4\",\"reason\":\"it leaked\"}");
	cr_assert_eq(kit_run("bank weigh", TRY(240)), KB_REFUSED);
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	const char *listed = units_of(kb_node_get(refusal, "questions_to_write"));
	kit_must("bank gaps", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"papers\":5}");
	cr_assert_str_eq(listed, units_of(kb_node_get(kit_call.result, "questions_to_write")));
}

/* The one question on K1 is in every paper. */
Test(even, where_no_cap_can_be_kept_none_is_named)
{
	kit_fill(1, NULL);
	cr_assert_eq(kit_run("bank weigh", TRY(300)), KB_REFUSED);
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	cr_assert(kb_node_get(refusal, "no_cap")->boolean);
	cr_assert_null(kb_node_get(refusal, "least_cap"));
	cr_assert_not_null(strstr(kit_err.message, "one question is in every paper"), "%s", kit_err.message);
	cr_assert_not_null(strstr(kit_err.hint, "no cap can be kept"), "%s", kit_err.hint);
	cr_assert_gt(kb_node_get(refusal, "questions_to_write")->count, 0);
	kit_must("bank weigh", TRY(1000));
}

/* Just then a trial is wanted. */
Test(even, a_cap_is_tried_where_the_specifications_own_can_not_be_kept)
{
	fill("law: even\nexposure-cap: 240\n");
	cr_assert_eq(kit_run("bank predictability", TALK), KB_REFUSED);
	cr_assert_not_null(strstr(kit_err.hint, "bank weigh"), "%s", kit_err.hint);
	cr_assert_not_null(strstr(kit_err.hint, "bank explain"), "%s", kit_err.hint);
	kit_must("bank predictability", TRY(300));
	const kb_node *capped = kb_node_get(kit_call.result, "capped");
	cr_assert(kb_node_get(capped, "possible")->boolean);
	cr_assert_leq(kb_node_get_int(kb_node_get(capped, "largest"), "per_mille", 1000), 300);
	cr_assert_gt(kb_node_get_int(kb_node_get(kit_call.result, "largest"), "per_mille", 0), 300);
	cr_assert_not(kb_node_get(kit_call.result, "own_cap_is_kept")->boolean);
#define YEAR "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidates\":20"
	cr_assert_eq(kit_run("bank simulate", YEAR "}"), KB_REFUSED);
	cr_assert_not_null(strstr(kit_err.hint, "bank explain"), "%s", kit_err.hint);
	kit_must("bank simulate", YEAR ",\"cap\":300}");
	cr_assert_eq(kit_int("trial_cap"), 300);
	cr_assert_eq(kit_int("papers"), 20);
}

/* Says what a draw would. */

static void must_be_refused_for(const char *cap_words)
{
	kit_must("bank explain", TALK);
	cr_assert_not(kb_node_get(kit_call.result, "possible")->boolean);
	cr_assert_str_eq(kb_node_get(kit_call.result, "clash")->items[0]->text, cap_words);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_REFUSED);
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	cr_assert_str_eq(kb_node_get(refusal, "clash")->items[0]->text, cap_words);
}

/* The questions that the last result lists, approved. */
static void write_listed(const char *path)
{
	const kb_node *list = kb_node_get(kit_call.result, "questions_to_write");
	kb_buf items = { .arena = kit_arena };
	kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	cr_assert_gt(list->count, 0);
	for (size_t i = 0; i < list->count; i++)
		kb_buf_text(&items, kit_question(kb_arena_printf(kit_arena, "Q-N-%zu", i),
			kb_node_get_text(list->items[i], "theme", ""), kb_node_get_text(list->items[i], "ksb_list", ""), ""));
	kit_write(path, kb_buf_string(&items));
	kit_must("bank import", kb_arena_printf(kit_arena, "{\"path\":\"%s\",\"approved-by\":\"reviewer-1\"}", path));
}

Test(even, a_cap_that_can_not_be_kept_is_explained)
{
	fill("law: even\nexposure-cap: 240\n");
	must_be_refused_for("no question in more than 240 of 1,000 papers");
	kit_must("bank explain", TALK);
	const kb_node *clash = kb_node_get(kit_call.result, "clash"), *relax = kb_node_get(kit_call.result, "relax");
	cr_assert_eq(clash->count, 2);
	cr_assert_str_eq(clash->items[1]->text, "coverage of T-2 S1");
	cr_assert(kb_node_get(kit_call.result, "clash_is_minimal")->boolean);
	cr_assert_eq(relax->count, 1);
	cr_assert_str_eq(kb_node_get_text(relax->items[0], "rule", ""), "exposure-cap");
	kit_must("bank weigh", kb_arena_printf(kit_arena, "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"cap\":%lld}",
		(long long)kb_node_get_int(relax->items[0], "to", 0)));
	kit_must("bank explain", TALK);
	write_listed("bank/written.yaml");
	kit_must("bank explain", TALK);
	cr_assert(kb_node_get(kit_call.result, "possible")->boolean, "what is to be written is enough");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
}

/* One question on S1 is left: to keep a reserve two would do, and for the cap more; all three ask for that. */
Test(even, ways_out_meet_the_cap_too)
{
	fill("law: even\nexposure-cap: 300\n");
	kit_must("question suspend", "{\"ids\":\"Q-S1-1,Q-S1-2,Q-S1-3\",\"reason\":\"it leaked\"}");
	kit_must("bank explain", TALK);
	cr_assert_not(kb_node_get(kit_call.result, "possible")->boolean);
	cr_assert_eq(kit_int("papers"), 4);
	int64_t fewest = kit_int("fewest_questions_to_write");
	cr_assert_eq(fewest, 3);
	cr_assert_eq(kb_node_get(kit_call.result, "review_first")->count, 3);
	cr_assert_eq(kb_node_get(kit_call.result, "relax")->count, 0, "without a reserve the cap is not kept either");
	cr_assert(kb_node_get(kit_call.result, "cap_alone")->boolean);
	kit_must("bank gaps", TALK);
	cr_assert_eq(kit_int("papers"), 4);
	cr_assert_eq(kit_int("fewest_questions_to_write"), fewest);
	cr_assert_not_null(strstr(kb_node_get(kit_call.result, "to_do")->items[0]->text, "more than 300 of 1,000 papers"));
	cr_assert_eq(kit_draw("AP-1", "first"), KB_REFUSED);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "refusal"), "fewest_questions_to_write", 0), fewest);
	kit_must("bank explain", TALK);
	write_listed("bank/written.yaml");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
}
