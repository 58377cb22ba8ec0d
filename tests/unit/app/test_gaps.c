/* bank gaps, bank brief and bank explain: what they ask for is written and brought back, and does what they say. */
#include "kit.h"

#include <string.h>

TestSuite(gaps, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\""

static const kb_node *result(const char *key)
{
	return kb_node_get(kit_call.result, key);
}

static const char *first_of(const char *list, const char *key)
{
	return kb_node_get_text(result(list)->items[0], key, "");
}

/* The gaps as questions N-1, N-2 ... of a bank of their own, all but the one of that number. */
static void write_gaps(size_t left_out)
{
	kb_buf text = { .arena = kit_arena };
	const kb_node *gaps = result("questions_to_write");
	kb_buf_printf(&text, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	for (size_t i = 0; i < gaps->count; i++) {
		const char *kind = kb_node_get_text(gaps->items[i], "kind", "");
		if (i + 1 == left_out) continue;
		const char *question = kit_question(kb_arena_printf(kit_arena, "N-%zu", i + 1), kb_node_get_text(gaps->items[i], "theme", ""),
			kb_node_get_text(gaps->items[i], "ksb_list", ""), NULL);
		const char *said = strstr(question, "kind: ");
		cr_assert_not_null(said);
		kb_buf_printf(&text, "%.*skind: %s%s", (int)(said - question), question, kind, strchr(said, '\n'));
	}
	cr_assert_eq(kb_file_make_dir("new", &kit_err), KB_OK);
	kit_write("new/gaps.yaml", kb_buf_string(&text));
}

static int64_t capacity_with_gaps(size_t left_out)
{
	kb_bytes before = kit_read("store");
	write_gaps(left_out);
	kit_must("bank import", "{\"path\":\"new\",\"approved-by\":\"reviewer-1\"}");
	kit_must("bank capacity", "{" TALK "}");
	int64_t capacity = kit_int("capacity");
	cr_assert_eq(kb_file_write("store", before.data, before.length, 0600, &kit_err), KB_OK);
	return capacity;
}

Test(gaps, what_it_asks_for_closes_them_and_nothing_less_does)
{
	kit_fill(3, NULL);
	for (int papers = 4; papers <= 6; papers++) {
		const char *wish = kb_arena_printf(kit_arena, "{" TALK ",\"papers\":%d}", papers);
		kit_must("bank gaps", wish);
		size_t count = result("questions_to_write")->count;
		cr_assert(result("fewest_is_proven")->boolean);
		cr_assert_eq(count, 3 * (size_t)(papers - 3));
		cr_assert_eq(capacity_with_gaps(0), papers);
		for (size_t i = 1; i <= count; i++) {
			kit_must("bank gaps", wish);
			cr_assert_lt(capacity_with_gaps(i), papers, "gap %zu is none", i);
		}
	}
}

Test(gaps, the_first_screen_says_what_to_do)
{
	kit_fill(2, NULL);
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_eq(kit_int("papers"), 3);
	cr_assert_eq(kit_int("thin"), 3);
	cr_assert_eq(kit_int("target"), 3);
	cr_assert_not(result("target_is_decided")->boolean);
	cr_assert_eq(result("critical")->count, 6, "each serves in one of two papers");
	const kb_node *to_do = result("to_do");
	cr_assert_str_eq(to_do->items[0]->text, "Write 3 questions, gaps 1 to 3 below: then there are 3 papers with nothing shared. Fewer can't do.");
	cr_assert_str_eq(to_do->items[1]->text, "3 KSBs are below the target of 3 questions: see \"missing\" below.");
	cr_assert_str_eq(to_do->items[2]->text, "Keep 6 questions in force: the loss of any one costs a paper.");
	kit_must("decision record", "{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"bank-size-target\",\"choice\":\"2\",\"by\":\"Head\",\"reason\":\"r\"}");
	kit_must("bank gaps", "{" TALK ",\"papers\":2}");
	cr_assert_eq(kit_int("thin"), 0);
	cr_assert(result("target_is_decided")->boolean);
	cr_assert_str_eq(result("to_do")->items[0]->text, "Nothing needs to be written: there are 2 papers with nothing shared.");
	cr_assert_eq(kit_run("bank gaps", "{" TALK ",\"papers\":101}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "gaps.papers");
}

Test(gaps, a_brief_is_a_question_to_fill_in)
{
	kit_fill(1, NULL);
	kit_must("bank gaps", "{" TALK "}");
	const char *theme = kb_arena_text(kit_arena, first_of("questions_to_write", "theme"));
	const char *ksbs = kb_arena_text(kit_arena, first_of("questions_to_write", "ksb_list"));
	const char *kind = kb_arena_text(kit_arena, first_of("questions_to_write", "kind"));
	kit_must("bank brief", "{" TALK ",\"number\":1,\"output\":\"gap.yaml\"}");
	kb_bytes bytes = kit_read("gap.yaml");
	const char *text = kb_arena_printf(kit_arena, "%.*s", (int)bytes.length, (const char *)bytes.data);
	cr_assert_not_null(strstr(text, kb_arena_printf(kit_arena, "\n    theme: %s\n", theme)), "%s", text);
	cr_assert_not_null(strstr(text, kb_arena_printf(kit_arena, "\n    ksbs: [%s]", ksbs)), "%s", text);
	cr_assert_not_null(strstr(text, kb_arena_printf(kit_arena, "\n    kind: \"%s\"", kind)), "%s", text);
	cr_assert_eq(kit_run("bank brief", "{" TALK ",\"number\":1,\"output\":\"gap.yaml\"}"), KB_EXISTS);
	cr_assert_eq(kit_run("bank brief", "{" TALK ",\"number\":50,\"output\":\"other.yaml\"}"), KB_NOT_FOUND);
	cr_assert_str_eq(kit_err.id, "gaps.number");
	cr_assert_neq(kit_run("question new", "{\"path\":\"gap.yaml\"}"), KB_OK, "nothing of it is filled in");
	cr_assert_gt(kit_call.faults.count, 0);
}

/* Explaining. */

Test(gaps, a_paper_that_can_be_drawn_needs_no_explanation)
{
	kit_fill(3, NULL);
	kit_must("bank explain", "{" TALK "}");
	cr_assert(result("possible")->boolean);
	cr_assert_eq(result("clash")->count + result("relax")->count + result("questions_to_write")->count, 0);
}

/* Two papers are asked for, and there is one. */
Test(gaps, the_reserve_is_a_rule_like_others)
{
	kit_fill(1, NULL);
	kit_must("bank explain", "{" TALK "}");
	cr_assert_not(result("possible")->boolean);
	cr_assert(result("clash_is_minimal")->boolean);
	cr_assert_eq(result("clash")->count, 2);
	cr_assert_str_eq(result("clash")->items[0]->text, "coverage of T-1 K1");
	cr_assert_str_eq(result("clash")->items[1]->text, "1 paper with nothing shared kept for re-sits");
	cr_assert_eq(result("blocking")->count, 3);
	cr_assert_eq(result("relax")->count, 1);
	cr_assert_str_eq(first_of("relax", "words"), "a reserve of 0 instead of 1");
	cr_assert_eq(kit_int("fewest_questions_to_write"), 3);
}

Test(gaps, a_range_is_relaxed_by_the_least)
{
	kit_fill(3, "kinds: {scenario: {min: 0, max: 1}}\n");
	kit_must("bank explain", "{" TALK "}");
	cr_assert_eq(result("relax")->count, 1);
	cr_assert_str_eq(first_of("relax", "rule"), "scenario.max");
	cr_assert_str_eq(first_of("relax", "words"), "at most 3 of scenario instead of 1");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_REFUSED);
	const kb_node *refusal = result("refusal");
	cr_assert_not_null(kb_node_get(refusal, "relax"));
	cr_assert_str_eq(kb_node_get_text(kb_node_get(refusal, "relax")->items[0], "words", ""), "at most 3 of scenario instead of 1");
}

/* All questions are scenarios. */
Test(gaps, an_end_that_does_not_bind_is_not_said)
{
	static const struct {
		const char *range, *words;
	} rules[] = { { "scenario: {min: 1, max: 1}", "exactly 1 of scenario" }, { "scenario: {max: 2}", "not more than 2 of scenario" },
		{ "scenario: {min: 1, max: 2}", "1 to 2 of scenario" }, { "scenario: {max: 0}", "none of scenario" },
		{ "knowledge: {min: 2}", "at least 2 of knowledge" }, { "knowledge: {min: 1, max: 3}", "at least 1 of knowledge" },
		{ "knowledge: {min: 3, max: 3}", "exactly 3 of knowledge" } };
	kit_fill(3, NULL);
	for (size_t i = 0; i < KB_COUNT(rules); i++) {
		kit_write_bank(3, kb_arena_printf(kit_arena, "kinds: {%s}\n", rules[i].range));
		kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
		kit_must("bank explain", "{" TALK "}");
		bool said = false;
		for (size_t c = 0; c < result("clash")->count; c++) said |= strcmp(result("clash")->items[c]->text, rules[i].words) == 0;
		cr_assert(said, "%s: %s", rules[i].range, result("clash")->items[0]->text);
	}
}

/* What is suspended is named, and does what is said of it once it is back. */
Test(gaps, suspended_questions_are_to_be_reviewed_first)
{
	kit_fill(2, NULL);
	kit_must("question suspend", "{\"ids\":\"Q-K1-1,Q-K2-1\",\"reason\":\"seen online\"}");
	kit_must("bank explain", "{" TALK "}");
	cr_assert_not(result("possible")->boolean);
	cr_assert_eq(kit_int("away"), 2);
	cr_assert_eq(result("review_first")->count, 2);
	cr_assert(result("review_first_is_fewest")->boolean);
	cr_assert_str_eq(first_of("review_first", "id"), "Q-K1-1");
	cr_assert_str_eq(first_of("review_first", "reason"), "it is suspended");
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_eq(kit_int("capacity"), 1);
	cr_assert_eq(result("review_first")->count, 2);
	cr_assert_not_null(strstr(result("to_do")->items[0]->text, "Review 2 questions that lapsed or are suspended"), "%s",
		result("to_do")->items[0]->text);
}

/* A re-sit is explained from that candidate's point of view. */
Test(gaps, a_resit_is_explained_for_its_candidate)
{
	kit_fill(2, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK);
	kit_must("bank explain", "{" TALK ",\"candidate\":\"AP-1\"}");
	cr_assert(result("possible")->boolean);
	cr_assert_eq(kit_int("reserve"), 0);
	cr_assert_eq(kit_int("excluded"), 3);
	kit_must("question suspend", kb_arena_printf(kit_arena, "{\"ids\":\"Q-%s\",\"reason\":\"r\"}",
		strstr(kit_selection("P-000001")->items[0]->text, "-1") ? "K1-2" : "K1-1"));
	kit_must("bank explain", "{" TALK ",\"candidate\":\"AP-1\"}");
	cr_assert_not(result("possible")->boolean);
	cr_assert_str_eq(kb_node_get(kit_call.result, "blocking_list")->text, "T-1 K1");
	cr_assert_eq(result("review_first")->count, 1);
	cr_assert_eq(kit_int("fewest_questions_to_write"), 1);
}

/* A command that a screen prints works as it stands there: with the mapping's file, quoted for a shell. */
Test(gaps, commands_to_go_on_with_name_the_mapping)
{
	kit_fill_demo();
	static const char said[] = "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"mapping\":\"%s\"}";
	static const char mapping[] = "theme,name,ksb\nA,All,K1\nA,All,K2\nA,All,S1\n";
	kit_write("map.csv", mapping);
	kit_write("Bob's map.csv", mapping);
	kit_must("bank gaps", kb_arena_printf(kit_arena, said, "map.csv"));
	cr_assert_str_eq(kit_text("bank"), KIT_STANDARD " demo --mapping map.csv");
	kit_must("bank capacity", kb_arena_printf(kit_arena, said, "Bob's map.csv"));
	cr_assert_str_eq(kit_text("bank"), KIT_STANDARD " demo --mapping 'Bob'\\''s map.csv'");
}

static const char *said(void)
{
	kb_buf out = { .arena = kit_arena };
	for (size_t i = 0; i < result("to_do")->count; i++) kb_buf_printf(&out, "%s\n", result("to_do")->items[i]->text);
	return kb_buf_string(&out);
}

/* What is on its way is not written twice: it is listed, by whom, with the gap that it closes, and what is left then. */
Test(gaps, what_is_on_its_way_is_not_asked_for_again)
{
	kit_fill(3, NULL);
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_eq(result("questions_to_write")->count, 3);
	cr_assert_not(result("some_coming")->boolean);
	const char *theme = kb_arena_text(kit_arena, first_of("questions_to_write", "theme"));
	const char *ksbs = kb_arena_text(kit_arena, first_of("questions_to_write", "ksb_list"));
	const char *question = kit_question("N-1", theme, ksbs, NULL);
	const char *kind = strstr(question, "kind: ");
	kit_write("new.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n%.*skind: %s%s",
		(int)(kind - question), question, first_of("questions_to_write", "kind"), strchr(kind, '\n')));
	kit_must("question new", "{\"path\":\"new.yaml\"}");
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_eq(result("questions_to_write")->count, 3, "it does not count before it is approved");
	cr_assert_str_eq(first_of("coming", "id"), "N-1");
	cr_assert_str_eq(first_of("coming", "state"), "draft");
	cr_assert_str_eq(first_of("coming", "author"), "writer-1");
	cr_assert_eq(kb_node_get_int(result("coming")->items[0], "gap", 0), 1);
	cr_assert_str_eq(first_of("questions_to_write", "coming"), "N-1");
	cr_assert_eq(kit_int("left_to_write"), 2);
	cr_assert_not_null(strstr(said(), "1 new question is on the way, for gap 1, which nobody else need write"), "%s", said());
	cr_assert_not_null(strstr(said(), "2 questions are left to write"), "%s", said());
	kit_must("question submit", "{\"ids\":\"N-1\"}");
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_str_eq(first_of("coming", "state"), "submitted");
}

/* Approving one renumbers the others: a number given out before is then refused, with what the gap is called now. */
Test(gaps, a_number_that_means_another_gap_is_refused)
{
	kit_fill(3, NULL);
	kit_must("bank gaps", "{" TALK "}");
	const char *second = kb_arena_printf(kit_arena, "%s %s", kb_node_get_text(result("questions_to_write")->items[1], "theme", ""),
		kb_node_get_text(result("questions_to_write")->items[1], "ksb_list", ""));
	static const char brief[] = "{" TALK ",\"number\":%d,\"papers\":4,\"covers\":\"%s\",\"output\":\"gap.yaml\"}";
	cr_assert_eq(kit_run("bank brief", kb_arena_printf(kit_arena, brief, 1, second)), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "gaps.changed");
	cr_assert_not_null(strstr(kit_err.hint, "gap 2 is on that now"), "%s", kit_err.hint);
	cr_assert_eq(kit_run("bank brief", kb_arena_printf(kit_arena, brief, 1, "T-9 K9")), KB_REFUSED);
	cr_assert_not_null(strstr(kit_err.hint, "no gap is on that any more"), "%s", kit_err.hint);
	kit_must("bank brief", kb_arena_printf(kit_arena, brief, 2, second));
	cr_assert_str_eq(kit_text("date"), KIT_DAY);
}

Test(gaps, where_nothing_is_due_it_says_so_first)
{
	kit_fill(3, NULL);
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_str_eq(result("to_do")->items[0]->text, "Nothing is missing: no KSB is below the target of 3 questions, and there are 3 "
		"papers with nothing shared where the specification needs 2. What would give one more:");
	kit_must("bank gaps", "{" TALK ",\"papers\":5}");
	cr_assert_null(strstr(said(), "Nothing is missing"));
	kit_must("question suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}");
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_null(strstr(said(), "Nothing is missing"));
}

/* No paper at all is left, and a first sitting keeps one more: all three ask for both. */
Test(gaps, explanation_gaps_and_refusal_ask_for_the_same)
{
	kit_fill(2, NULL);
	kit_must("question suspend", "{\"ids\":\"Q-S1-1,Q-S1-2\",\"reason\":\"seen online\"}");
	kit_must("bank explain", "{" TALK "}");
	cr_assert_eq(kit_int("fewest_questions_to_write"), 2);
	cr_assert_eq(result("review_first")->count, 2);
	kit_must("bank gaps", "{" TALK "}");
	cr_assert_eq(kit_int("papers"), 2);
	cr_assert_eq(kit_int("fewest_questions_to_write"), 2);
	cr_assert_eq(result("review_first")->count, 2);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_REFUSED);
	const kb_node *refusal = result("refusal");
	cr_assert_eq(kb_node_get_int(refusal, "fewest_questions_to_write", 0), 2);
	cr_assert_eq(kb_node_get(refusal, "review_first")->count, 2);
}
