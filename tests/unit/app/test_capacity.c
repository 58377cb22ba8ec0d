/* bank capacity on small banks whose answers can be seen by eye. */
#include "kit.h"

#include <string.h>

TestSuite(capacity, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}"

static const kb_node *under(const char *key, const char *of)
{
	return kb_node_get(kb_node_get(kit_call.result, key), of);
}

/* The certificate: so many papers, all questions apart. */
static void expect_papers(size_t count)
{
	const kb_node *papers = kb_node_get(kit_call.result, "papers");
	cr_assert_eq(kit_int("capacity"), (int64_t)count);
	cr_assert_eq(papers->count, count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			cr_assert_not(kit_share(kb_node_get(papers->items[i], "questions"), kb_node_get(papers->items[j], "questions")));
}

Test(capacity, each_unit_bounds_it)
{
	kit_fill(3, NULL);
	kit_must("bank capacity", TALK);
	expect_papers(3);
	cr_assert_eq(kit_int("bound"), 3);
	cr_assert(kb_node_get(kit_call.result, "exact")->boolean);
	cr_assert_str_eq(kit_text("reason"), "T-1 K1 has 3 questions; T-1 K2 has 3 questions; T-2 S1 has 3 questions");
	cr_assert_eq(under("next", "papers")->integer, 4);
	cr_assert_eq(under("next", "questions_to_write")->count, 3, "a paper is three questions, and none is left");
}

/* 27 papers of one question on each unit, a third of them with any one question. */
Test(capacity, chances_are_those_of_the_draw)
{
	kit_fill(3, NULL);
	kit_must("bank capacity", TALK);
	cr_assert_str_eq(under("draw", "valid_papers")->text, "27");
	cr_assert_str_eq(under("draw", "largest_chance")->text, "0.3333");
	cr_assert_str_eq(under("draw", "expected_overlap")->text, "1.0000");
	cr_assert_str_eq(under("draw", "least_overlap")->text, "1.0000");
	cr_assert_str_eq(kit_text("spread_chance"), "0.3333");
	const kb_node *chances = under("draw", "chances");
	cr_assert_eq(chances->count, 9);
	for (size_t i = 0; i < chances->count; i++) cr_assert_str_eq(kb_node_get_text(chances->items[i], "papers", ""), "9");
}

Test(capacity, rivals_serve_once)
{
	kit_fill(3, NULL);
	kit_write("bank/items.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD
		"\nmethod: talk\nquestions:\n%s%s", kit_question("Q-K1-1", "T-1", "K1", "    rivals: [Q-K1-2, Q-K1-3]\n"),
		kit_question("Q-K1-2", "T-1", "K1", "    rivals: [Q-K1-3]\n")));
	kit_day = "2026-11-23";
	kit_must("bank import", "{\"path\":\"bank/items.yaml\",\"approved-by\":\"reviewer-1\"}");
	kit_must("bank capacity", TALK);
	expect_papers(1);
	cr_assert_str_eq(kit_text("reason"), "T-1 K1 has 3 questions, and rivals leave 1 of them apart");
}

Test(capacity, categories_bound_it_by_name)
{
	kit_fill(3, "kinds: {scenario: {min: 0, max: 2}}\n");
	kit_must("bank capacity", TALK);
	expect_papers(0);
	cr_assert_not_null(strstr(kit_text("reason"), "outside a category that has a maximum: scenario"), "%s", kit_text("reason"));
	cr_assert_null(kb_node_get(kit_call.result, "draw"));
}

Test(capacity, what_was_left_out_is_said)
{
	kit_fill(2, NULL);
	kit_day = "2027-11-22";
	cr_assert_eq(kit_run("bank capacity", TALK), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "pool.lapsed");
	cr_assert_eq(kit_run("bank capacity", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\"}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "draw.mapping");
}

/* After what one candidate had: the first paper and its rivals are out, and the certificate is what is left. */
Test(capacity, one_candidate_has_less)
{
	kit_fill(3, NULL);
	kit_must("bank capacity", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\"}");
	expect_papers(3);
	cr_assert_eq(kit_int("excluded_count"), 0, "nobody knows AP-1 yet");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK);
	const kb_node *had = kit_selection("P-000001");
	kit_must("bank capacity", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\"}");
	expect_papers(2);
	cr_assert_eq(kit_int("bound"), 2);
	cr_assert_eq(kit_int("eligible"), 6);
	cr_assert_str_eq(kit_text("reason"), "T-1 K1 has 2 questions left; T-1 K2 has 2 questions left; T-2 S1 has 2 questions left");
	const kb_node *papers = kb_node_get(kit_call.result, "papers"), *excluded = kb_node_get(kit_call.result, "excluded");
	for (size_t i = 0; i < papers->count; i++) cr_assert_not(kit_share(kb_node_get(papers->items[i], "questions"), had));
	cr_assert_eq(kit_int("excluded_count"), 3);
	for (size_t i = 0; i < 3; i++) {
		cr_assert_str_eq(kb_node_get_text(excluded->items[i], "id", ""), had->items[i]->text);
		cr_assert_str_eq(kb_node_get_text(excluded->items[i], "reason", ""), "issued in P-000001");
	}
	cr_assert_eq(under("next", "papers")->integer, 3);
	cr_assert_eq(under("next", "questions_to_write")->count, 3);
	cr_assert_null(kb_node_get(kit_call.result, "draw"), "chances are those of a first draw");
}
