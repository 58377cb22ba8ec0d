/* A draw through the whole program: reserve, re-sits, order of sittings, seeds, refusals, what is left out, decisions. */
#include "kit.h"

#include <string.h>

#include "base/str.h"

TestSuite(draw, .init = kit_set_up, .fini = kit_tear_down);

static void must_draw(const char *candidate, const char *sitting)
{
	kb_status status = kit_draw(candidate, sitting);
	cr_assert_eq(status, KB_OK, "%s: %s", sitting, kit_err.message);
}

/* Refused under that id, and nothing was written. */
static void refused(const char *candidate, const char *sitting, kb_status status, const char *id)
{
	const char *before = kit_state();
	cr_assert_eq(kit_draw(candidate, sitting), status, "%s: %s", sitting, kit_err.message);
	cr_assert_str_eq(kit_err.id, id, "%s", kit_err.message);
	cr_assert(kit_err.hint[0]);
	cr_assert_str_eq(before, kit_state());
}

static const kb_node *refusal(const char *key)
{
	const kb_node *node = kb_node_get(kb_node_get(kit_call.result, "refusal"), key);
	cr_assert_not_null(node, "the refusal has no %s", key);
	return node;
}

static int64_t pool(const char *key)
{
	return kb_node_get_int(kb_node_get(kit_call.result, "pool"), key, -1);
}

static bool has_text(const kb_node *list, const char *text)
{
	for (size_t i = 0; list && i < list->count; i++)
		if (strstr(list->items[i]->text, text)) return true;
	return false;
}

/* The reason under which a draw record names a question. */
static const char *reason_of(const char *paper, const char *list, const char *id)
{
	kit_must("paper show", kb_arena_printf(kit_arena, "{\"paper\":\"%s\"}", paper));
	const kb_node *entries = kb_node_get(kb_node_get(kit_call.result, "record"), list);
	for (size_t i = 0; entries && i < entries->count; i++)
		if (strcmp(kb_node_get_text(entries->items[i], "id", ""), id) == 0) return kb_node_get_text(entries->items[i], "reason", "");
	return "";
}

static void withdraw(const char *paper)
{
	kit_must("paper withdraw", kb_arena_printf(kit_arena, "{\"paper\":\"%s\",\"by\":\"o\",\"reason\":\"lost\"}", paper));
}

Test(draw, the_reserve_is_kept)
{
	kit_fill(1, NULL);
	refused("AP-1", "first", KB_REFUSED, "draw.reserve");
	cr_assert_eq(refusal("reserve")->integer, 1);
	cr_assert_eq(refusal("disjoint_papers")->integer, 1);
	refusal("blocking"), refusal("blocking_list");
}

Test(draw, a_larger_reserve_needs_a_larger_bank)
{
	kit_fill(2, "reserve: 2\n");
	refused("AP-1", "first", KB_REFUSED, "draw.reserve");
	cr_assert_eq(refusal("disjoint_papers")->integer, 2);
}

Test(draw, a_resit_needs_no_reserve)
{
	kit_fill(2, NULL);
	must_draw("AP-1", "first");
	cr_assert_eq(pool("eligible"), 6);
	cr_assert_eq(pool("excluded"), 0);
	kit_day = "2026-12-01";
	must_draw("AP-1", "resit");
	cr_assert_eq(pool("eligible"), 3);
	cr_assert_eq(pool("excluded"), 3);
	cr_assert_eq(kit_int("shared_with_earlier"), 0);
	cr_assert(has_text(kb_node_get(kit_call.result, "earlier_papers"), "P-000001"));
	cr_assert_not(kit_share(kit_selection("P-000001"), kit_selection("P-000002")));
	const char *first = kit_selection("P-000001")->items[0]->text;
	cr_assert_str_eq(reason_of("P-000002", "excluded", first), "issued in P-000001");
}

Test(draw, what_can_not_be_is_explained)
{
	kit_fill(2, NULL);
	must_draw("AP-1", "first");
	kit_day = "2026-12-01";
	must_draw("AP-1", "resit");
	kit_day = "2026-12-02";
	refused("AP-1", "retake", KB_REFUSED, "draw.none");
	cr_assert(strstr(kit_err.message, "AP-1") && strstr(kit_err.hint, "3"), "%s (%s)", kit_err.message, kit_err.hint);
	refusal("blocking_list"), refusal("clash");
	cr_assert_gt(refusal("blocking")->count + refusal("clash")->count, 0);
	cr_assert_eq(refusal("fewest_questions_to_write")->integer, 3);
	cr_assert_eq(refusal("questions_to_write")->count, 3);
	cr_assert(refusal("fewest_is_proven")->boolean);
	cr_assert_eq(kb_node_get_int(refusal("pool"), "excluded", -1), 6);
	for (size_t i = 0; i < 3; i++) {
		const kb_node *brief = refusal("questions_to_write")->items[i];
		cr_assert(kb_node_get_text(brief, "theme", NULL) && kb_node_get(brief, "units"));
	}
	must_draw("AP-2", "first");
}

Test(draw, sittings_come_in_order)
{
	kit_fill(4, NULL);
	refused("AP-1", "resit", KB_REFUSED, "sitting.none");
	refused("AP-1", "retake", KB_REFUSED, "sitting.none");
	must_draw("AP-1", "first");
	refused("AP-1", "first", KB_EXISTS, "paper.drawn");
	cr_assert(strstr(kit_err.message, "P-000001"));
	refused("AP-1", "resit", KB_REFUSED, "sitting.order");
	kit_day = "2026-11-21";
	refused("AP-1", "resit", KB_REFUSED, "sitting.order");
	kit_day = "2026-12-01";
	refused("AP-1", "first", KB_EXISTS, "paper.drawn");
	must_draw("AP-1", "resit");
	refused("AP-1", "resit", KB_EXISTS, "paper.drawn");
	refused("AP-1", "retake", KB_REFUSED, "sitting.order");
	kit_day = "2026-12-02";
	must_draw("AP-1", "retake");
}

Test(draw, a_withdrawn_paper_is_replaced_and_shares_nothing)
{
	kit_fill(4, NULL);
	must_draw("AP-1", "first");
	withdraw("P-000001");
	must_draw("AP-1", "first");
	cr_assert_str_eq(kit_text("paper"), "P-000002");
	cr_assert_eq(pool("excluded"), 3);
	cr_assert_not(kit_share(kit_selection("P-000001"), kit_selection("P-000002")));
	cr_assert_eq(kit_run("paper withdraw", "{\"paper\":\"P-000001\",\"by\":\"o\",\"reason\":\"r\"}"), KB_EXISTS);
	withdraw("P-000002");
	kit_day = "2026-12-01";
	refused("AP-1", "resit", KB_REFUSED, "sitting.none");
	kit_must("paper verify", "{}");
}

static void copy(const char *from, const char *to)
{
	kb_bytes bytes = kit_read(from);
	cr_assert_eq(kb_file_write(to, bytes.data, bytes.length, 0600, &kit_err), KB_OK);
}

Test(draw, the_same_state_gives_the_same_paper)
{
	kit_fill(6, NULL);
	copy("store", "kept");
	must_draw("AP-1", "first");
	const char *digest = kb_arena_text(kit_arena, kit_text("digest")), *seed = kb_arena_text(kit_arena, kit_text("seed"));
	const char *state = kit_state();
	copy("kept", "store");
	must_draw("AP-1", "first");
	cr_assert_str_eq(kit_text("digest"), digest);
	cr_assert_str_eq(kit_text("seed"), seed);
	cr_assert_str_eq(kit_state(), state);
	/* Another candidate, or another key, and the seed is another. */
	copy("kept", "store");
	must_draw("AP-2", "first");
	cr_assert_str_neq(kit_text("seed"), seed);
	kit_must("store init", "{\"file\":\"other\"}");
	copy("other.keys", "store.keys");
	copy("kept", "store");
	must_draw("AP-1", "first");
	cr_assert_str_neq(kit_text("seed"), seed);
}

static void draw_seeded(const char *candidate, const char *seed)
{
	kit_must("paper draw", kb_arena_printf(kit_arena, "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"%s\",\"sitting\":\"first\",\"seed\":\"%s\"}", candidate, seed));
}

Test(draw, a_seed_that_was_given_is_noted)
{
	kit_fill(6, NULL);
	draw_seeded("AP-1", "2026");
	draw_seeded("AP-2", "2026");
	must_draw("AP-3", "first");
	kb_node *one = kit_selection("P-000001");
	cr_assert(kb_node_equal(one, kit_selection("P-000002")), "the same seed on the same pool");
	cr_assert(has_text(kb_node_get(kit_call.result, "notes"), "given by hand"));
	cr_assert_str_eq(kb_node_get_text(kb_node_get(kit_call.result, "record"), "seed_source", ""), "given");
	kit_selection("P-000003");
	cr_assert_not(has_text(kb_node_get(kit_call.result, "notes"), "given by hand"));
	cr_assert_str_eq(kb_node_get_text(kb_node_get(kit_call.result, "record"), "seed_source", ""), "store");
	kit_must("paper print", "{\"paper\":\"P-000001\"}");
	cr_assert(strstr(kit_text("text"), "given by hand"));
	kit_must("paper verify", "{}");
}

Test(draw, only_what_is_in_force_is_drawn)
{
	kit_fill(2, NULL);
	kit_day = "2026-11-21";
	refused("AP-1", "first", KB_REFUSED, "pool.empty");
	kit_day = "2027-11-21";
	must_draw("AP-1", "first");
	kit_day = "2027-11-22";
	refused("AP-2", "first", KB_REFUSED, "pool.lapsed");
}

static void import_more(const char *items, const char *approver)
{
	kit_write("more.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n%s", items));
	kit_must("bank import", approver ? kb_arena_printf(kit_arena, "{\"path\":\"more.yaml\",\"approved-by\":\"%s\"}", approver) : "{\"path\":\"more.yaml\"}");
}

Test(draw, drafts_are_not_drawn_and_edits_wait_for_approval)
{
	kit_fill(2, NULL);
	import_more(kit_question("Q-K1-9", "T-1", "K1", NULL), NULL);
	must_draw("AP-1", "first");
	cr_assert_eq(pool("eligible"), 6);
	/* An edit of an approved question: its approved version stays drawable. */
	import_more(kit_question("Q-K1-1", "T-1", "K1, K2", NULL), NULL);
	must_draw("AP-2", "first");
	cr_assert_eq(pool("eligible"), 6);
	import_more(kit_question("Q-K1-9", "T-1", "K1", NULL), "reviewer-1");
	must_draw("AP-3", "first");
	cr_assert_eq(pool("eligible"), 7);
}

Test(draw, one_lapsed_question_is_left_out)
{
	kit_day = "2026-01-01";
	kit_write_bank(2, NULL);
	kit_must("store init", "{}");
	kit_must("bank import", "{\"path\":\"bank\"}");
	import_more(kit_question("Q-K1-9", "T-1", "K1", NULL), "reviewer-1");
	kit_day = KIT_DAY;
	kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
	kit_day = "2027-01-01";
	must_draw("AP-1", "first");
	cr_assert_eq(pool("left_out"), 1);
	cr_assert_str_eq(reason_of("P-000001", "left_out", "Q-K1-9"), "its review has lapsed");
}

/* 0: none. */
static void expect_drawable(const char *id, int64_t version)
{
	static const char *const ops[] = { "question show", "question history" };
	for (size_t i = 0; i < KB_COUNT(ops); i++) {
		kit_must(ops[i], kb_arena_printf(kit_arena, "{\"id\":\"%s\"}", id));
		cr_assert_eq(kb_node_get_int(kit_call.result, "drawable", 0), version, "%s of %s", ops[i], id);
	}
}

Test(draw, what_no_longer_fits_the_mapping_is_left_out)
{
	kit_fill(4, NULL);
	kb_bytes bytes = kit_read("bank/standard.yaml");
	char *text = kb_arena_copy(kit_arena, bytes.data, bytes.length);
	char *all = strstr(text, "ksbs: [K1, K2, S1]"), *theme = strstr(text, "ksbs: [K1, K2],");
	cr_assert(all && theme);
	memcpy(all, "ksbs: [K1,     S1]", 18), memcpy(theme, "ksbs: [K1    ],", 15);
	kit_write("bank/standard.yaml", text);
	kit_must("bank import", "{\"path\":\"bank/standard.yaml\"}");
	must_draw("AP-1", "first");
	cr_assert_eq(pool("eligible"), 8);
	cr_assert_eq(pool("left_out"), 4);
	cr_assert_str_eq(reason_of("P-000001", "left_out", "Q-K2-1"), "its tags no longer fit the method's mapping");
	expect_drawable("Q-K1-1", 1);
	expect_drawable("Q-K2-1", 0);
	kit_must("question list", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"ksb\":\"K2\"}");
	const kb_node *list = kb_node_get(kit_call.result, "questions");
	cr_assert_eq(list->count, 4);
	for (size_t i = 0; i < list->count; i++) cr_assert_null(kb_node_get(list->items[i], "drawable"));
}

static const char *outlook(void)
{
	kit_must("bank import", "{\"path\":\"bank/specification.yaml\"}");
	const kb_node *list = kb_node_get(kit_call.result, "outlooks");
	return list->count ? kb_node_get_text(list->items[0], "words", "") : "";
}

/* A specification holds at once, and so the screen says at once what it does to draws. */
Test(draw, an_import_says_what_a_new_specification_allows)
{
	kit_write_bank(2, NULL);
	kit_must("store init", "{}");
	kit_must("bank import", "{\"path\":\"bank\"}");
	cr_assert_eq(kb_node_get(kit_call.result, "outlooks")->count, 0, "nothing is approved yet");
	kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
	cr_assert_str_eq(outlook(), "", "the specification is the same");
	kit_write_bank(2, "reserve: 0\n");
	cr_assert_str_eq(outlook(), "papers can be drawn from the 6 questions that may be drawn today");
	kit_write_bank(2, "reserve: 1\n");
	cr_assert_str_eq(outlook(), "papers can be drawn from the 6 questions that may be drawn today, and be followed by 1 re-sit");
	kit_write_bank(2, "reserve: 2\n");
	cr_assert_str_eq(outlook(), "no first sitting can be drawn from the 6 questions that may be drawn today, as 2 re-sits "
		"could not follow");
	kit_write_bank(2, "kinds: {scenario: {min: 0, max: 2}}\n");
	cr_assert_str_eq(outlook(), "no paper can be drawn from the 6 questions that may be drawn today");
}

/* Two questions for each unit are each in half of the papers. */
Test(draw, an_import_says_whether_the_exposure_cap_can_be_kept)
{
	kit_fill(2, NULL);
	kit_write_bank(2, "law: even\nexposure-cap: 600\n");
	cr_assert_str_eq(outlook(), "papers can be drawn from the 6 questions that may be drawn today, within the exposure cap of "
		"600 in 1,000 (60.0 %), and be followed by 1 re-sit");
	cr_assert(kb_node_get(kb_node_get(kit_call.result, "outlooks")->items[0], "well")->boolean);
	kit_write_bank(2, "law: even\nexposure-cap: 300\n");
	cr_assert_str_eq(outlook(), "no paper can be drawn from the 6 questions that may be drawn today, as no draw keeps the "
		"exposure cap of 300 in 1,000 (30.0 %); 501 can be kept");
	const kb_node *entry = kb_node_get(kit_call.result, "outlooks")->items[0];
	cr_assert_not(kb_node_get(entry, "well")->boolean);
	cr_assert_eq(kb_node_get_int(entry, "least_cap", 0), 501);
	kit_must("bank weigh", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"cap\":501}");
}

Test(draw, rivals_of_what_was_issued_are_excluded)
{
	kit_fill(3, NULL);
	/* All three of S1 rival each other: whichever was issued, the other two are gone. */
	import_more(kb_arena_printf(kit_arena, "%s%s", kit_question("Q-S1-1", "T-2", "S1", "    rivals: [Q-S1-2, Q-S1-3]\n"),
		kit_question("Q-S1-2", "T-2", "S1", "    rivals: [Q-S1-3]\n")), "reviewer-1");
	refused("AP-1", "first", KB_REFUSED, "draw.reserve");
	kit_write_bank(3, "reserve: 0\n");
	kit_must("bank import", "{\"path\":\"bank/specification.yaml\"}");
	must_draw("AP-1", "first");
	kit_day = "2026-12-01";
	refused("AP-1", "resit", KB_REFUSED, "draw.none");
	cr_assert_eq(kb_node_get_int(refusal("pool"), "excluded", -1), 5);
	import_more(kit_question("Q-S1-4", "T-2", "S1", NULL), "reviewer-1");
	must_draw("AP-1", "resit");
	size_t rivals = 0;
	for (int i = 1; i <= 3; i++) rivals += strstr(reason_of("P-000002", "excluded", kb_arena_printf(kit_arena, "Q-S1-%d", i)), "a rival of Q-S1-") != NULL;
	cr_assert_eq(rivals, 2);
}

/* Decisions, from the command to the paper. */

static void decide(const char *wording)
{
	kit_must("standard decide", kb_arena_printf(kit_arena, "{\"standard\":\"" KIT_STANDARD "\",\"ksb\":\"K2\",\"wording\":\"%s\",\"by\":\"Head\",\"reason\":\"r\"}", wording));
}

static bool printed(const char *paper, const char *text)
{
	kit_must("paper print", kb_arena_printf(kit_arena, "{\"paper\":\"%s\"}", paper));
	return strstr(kit_text("text"), text) != NULL;
}

Test(draw, a_decision_takes_the_mark_of_dispute_away)
{
	kit_fill(2, NULL);
	must_draw("AP-1", "first");
	decide("page");
	must_draw("AP-2", "first");
	cr_assert(printed("P-000001", "DISPUTED") && printed("P-000001", "How fog forms.") && printed("P-000001", "How horns sound."));
	cr_assert(!printed("P-000002", "DISPUTED") && printed("P-000002", "How horns sound.") && !printed("P-000002", "How fog forms."));
	decide("plan");
	must_draw("AP-3", "first");
	cr_assert(printed("P-000003", "How fog forms.") && !printed("P-000003", "How horns sound."));
	kit_must("standard show", "{\"standard\":\"" KIT_STANDARD "\"}");
	cr_assert_eq(kb_node_get(kit_call.result, "decisions")->count, 1);
	kit_must("paper verify", "{}");
}

Test(draw, a_question_of_the_other_wording_is_left_out)
{
	kit_fill(2, NULL);
	import_more(kb_arena_printf(kit_arena, "%s%s", kit_question("Q-K2-8", "T-1", "K2", "    follows: {K2: plan}\n"),
		kit_question("Q-K2-9", "T-1", "K2", "    follows: {K2: page}\n")), "reviewer-1");
	must_draw("AP-1", "first");
	cr_assert_eq(pool("eligible"), 8);
	decide("plan");
	must_draw("AP-2", "first");
	cr_assert_eq(pool("eligible"), 7);
	cr_assert_str_eq(reason_of("P-000002", "left_out", "Q-K2-9"), "it follows a wording that was decided against");
	cr_assert_str_eq(reason_of("P-000002", "left_out", "Q-K2-8"), "");
}

/* Whether a question's own screens say what the draw does. */
static void check_drawable(const char *id, bool drawable)
{
	const char *arguments = kb_arena_printf(kit_arena, "{\"id\":\"%s\"}", id);
	kit_must("question show", arguments);
	cr_assert_eq(kb_node_get(kit_call.result, "drawable") != NULL, drawable, "%s", id);
	cr_assert_str_eq(kit_text("overruled"), drawable ? "" : "K2");
	kit_must("question review", arguments);
	cr_assert_str_eq(kit_text("overruled"), drawable ? "" : "K2");
	kit_must("question history", arguments);
	cr_assert_eq(kb_node_get(kit_call.result, "drawable") != NULL, drawable, "%s", id);
	kit_must("question list", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"ksb\":\"K2\"}");
	const kb_node *list = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(kb_node_get_text(list->items[i], "id", ""), id) == 0)
			cr_assert_eq(kb_node_get(list->items[i], "drawable") != NULL, drawable, "%s", id);
}

Test(draw, all_say_what_a_decided_wording_leaves_out)
{
	kit_fill(1, NULL);
	import_more(kb_arena_printf(kit_arena, "%s%s", kit_question("Q-K2-8", "T-1", "K2", "    follows: {K2: plan}\n"),
		kit_question("Q-K2-9", "T-1", "K2", "    follows: {K2: page}\n")), "reviewer-1");
	check_drawable("Q-K2-8", true);
	check_drawable("Q-K2-9", true);
	decide("page");
	check_drawable("Q-K2-8", false);
	decide("plan");
	check_drawable("Q-K2-8", true);
	check_drawable("Q-K2-9", false);
	kit_must("review open", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"due\":\"2026-12-31\",\"reason\":\"r\"}");
	kit_must("review close", "{\"campaign\":\"R-0001\",\"statement\":\"s\",\"with-open\":true,\"reason\":\"r\"}");
	kit_must("review certificate", "{\"campaign\":\"R-0001\"}");
	const kb_node *total = kb_node_get(kb_node_get(kit_call.result, "certificate"), "total");
	cr_assert_eq(kb_node_get_int(total, "in_force", -1), 4);
	cr_assert_eq(kb_node_get_int(total, "overruled", -1), 1);
}

static int64_t open_conflicts(const char *ksb)
{
	int64_t open = 0;
	kit_must("standard lint", "{\"standard\":\"ST0648/1.0\"}");
	const kb_node *list = kb_node_get(kit_call.result, "findings");
	for (size_t i = 0; i < list->count; i++) {
		bool it = strcmp(kb_node_get_text(list->items[i], "id", ""), "KSB-TEXT-CONFLICT") == 0 && strcmp(kb_node_get_text(list->items[i], "subject", ""), ksb) == 0;
		const kb_node *decided = kb_node_get(list->items[i], "decided");
		open += it && !decided->boolean;
	}
	return open;
}

/* Which wordings wait for a decision: the lint and the list of decisions agree. */
static void check_undecided(const char *ksbs)
{
	kb_buf listed = { .arena = kit_arena };
	kit_must("decision list", "{\"standard\":\"ST0648/1.0\"}");
	const kb_node *list = kb_node_get(kit_call.result, "disputed");
	for (size_t i = 0; i < list->count; i++) {
		kb_buf_printf(&listed, "%s%s", i ? ", " : "", kb_node_get_text(list->items[i], "ksb", ""));
		cr_assert_str_eq(kb_node_get_text(kb_node_get(list->items[i], "wordings")->items[0], "choice", ""), "plan");
	}
	cr_assert_str_eq(kb_buf_string(&listed), ksbs);
	kit_must("standard lint", "{\"standard\":\"ST0648/1.0\"}");
	cr_assert_str_eq(kit_text("undecided"), ksbs);
}

Test(draw, a_decision_clears_the_finding)
{
	kit_must("store init", "{}");
	kit_must("bank import", kb_arena_printf(kit_arena, "{\"path\":\"%s\"}", kit_source("banks/st0648-1.0/standard.yaml")));
	check_undecided("K9, S7, S13, S18");
	cr_assert_eq(open_conflicts("K9"), 1);
	int64_t errors = kit_int("error") + kit_int("warning") + kit_int("info");
	kit_must("standard decide", "{\"standard\":\"ST0648/1.0\",\"ksb\":\"K9\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\"}");
	check_undecided("S7, S13, S18");
	cr_assert_eq(open_conflicts("K9"), 0);
	cr_assert_eq(kit_int("error") + kit_int("warning") + kit_int("info"), errors - 1);
	cr_assert_eq(kit_run("standard decide", "{\"standard\":\"ST0648/1.0\",\"ksb\":\"K1\",\"wording\":\"plan\",\"by\":\"H\",\"reason\":\"r\"}"), KB_REFUSED);
	cr_assert_eq(kit_run("standard decide", "{\"standard\":\"ST0648/1.0\",\"ksb\":\"K9\",\"wording\":\"moon\",\"by\":\"H\",\"reason\":\"r\"}"), KB_NOT_FOUND);
	cr_assert_str_eq(kit_err.id, "ksb.wording");
}

#define MAP "{\"standard\":\"ST0494/1.1\",\"method\":\"professional-discussion\",\"file\":\"map.csv\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"page 14\"}"
#define DRAW "{\"standard\":\"ST0494/1.1\",\"method\":\"professional-discussion\",\"candidate\":\"AP-1\",\"sitting\":\"first\"}"

Test(draw, a_mapping_is_entered_where_no_source_gives_it)
{
	kit_must("store init", "{}");
	kit_must("bank import", kb_arena_printf(kit_arena, "{\"path\":\"%s\"}", kit_source("banks/st0494-1.1/standard.yaml")));
	cr_assert_eq(kit_run("paper draw", DRAW), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "draw.mapping");
	cr_assert(strstr(kit_err.hint, "standard map ST0494/1.1"));
	/* All that is wrong with the file at once, and nothing recorded. */
	const char *before = kit_state();
	kit_write("map.csv", "theme,name,ksb\nT-1,One,K1\nT-1,One,K99\nT-1,One,K1\nT-2,Two,S199\n");
	cr_assert_eq(kit_run("standard map", MAP), KB_INVALID);
	cr_assert_eq(kit_call.faults.count, 3);
	cr_assert_eq(kit_call.faults.list[0].mark.line, 3);
	cr_assert_str_eq(before, kit_state());
	kit_write("map.csv", "theme,name,ksb\nT-1,\"One, the first\",K1\nT-1,,S2\nT-2,Two,B1\n");
	kit_must("standard map", MAP);
	cr_assert_eq(kit_int("themes"), 2);
	cr_assert_eq(kit_run("paper draw", DRAW), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "specification.none");
	kit_must("standard show", "{\"standard\":\"ST0494/1.1\"}");
	const kb_node *decisions = kb_node_get(kit_call.result, "decisions");
	cr_assert_eq(decisions->count, 1);
	cr_assert_str_eq(kb_node_get_text(decisions->items[0], "source", ""), "page 14");
}

Test(draw, questions_without_a_theme_go_through_every_hand)
{
	kit_fill_demo();
	kit_must("question list", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\"}");
	cr_assert_eq(kit_int("count"), 5);
	kit_must("question show", "{\"id\":\"D-1\"}");
	cr_assert_null(kb_node_get(kb_node_get(kit_call.result, "content"), "theme"));
	cr_assert_eq(kb_node_get(kb_node_get(kit_call.result, "pass"), "descriptors")->count, 0);
	kit_must("bank export", "{\"standard\":\"" KIT_STANDARD "\",\"folder\":\"out\"}");
	kit_must("bank import", "{\"path\":\"out\"}");
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "items"), "unchanged", 0), 8);
	kb_bytes bytes = kit_read("out/demo/questions.yaml");
	char *text = kb_arena_copy(kit_arena, bytes.data, bytes.length), *stem = strstr(text, "What?");
	cr_assert(stem);
	memcpy(stem, "When?", 5);
	kit_write("out/demo/questions.yaml", text);
	kit_must("bank import", "{\"path\":\"out\"}");
	kit_must("question diff", "{\"id\":\"D-1\"}");
	cr_assert_eq(kb_node_get(kit_call.result, "changes")->count, 1);
}

/* D-1 is a tie, and D-4 has a tag that the mapping holds nowhere. */
Test(draw, a_question_without_a_theme_belongs_where_the_mapping_holds_most_of_its_tags)
{
	kit_fill_demo();
	expect_drawable("D-5", 1);
	kit_write("map.csv", "theme,name,ksb\nD-S,Second,S1\nD-K,First,K1\n");
	kit_must("standard map", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"file\":\"map.csv\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"s\"}");
	kit_must("paper draw", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"candidate\":\"AP-1\",\"sitting\":\"first\"}");
	cr_assert_str_eq(kit_text("valid_papers"), "3", "D-3 with one of D-1, D-2 and D-4");
	const kb_node *questions = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < questions->count; i++)
		cr_expect_str_eq(kb_node_get_text(questions->items[i], "theme", ""),
			strcmp(kb_node_get_text(questions->items[i], "id", ""), "D-3") == 0 ? "D-K" : "D-S");
	cr_assert_str_eq(reason_of("P-000001", "left_out", "D-5"), "none of its tags is in the method's mapping");
	expect_drawable("D-4", 1);
	expect_drawable("D-5", 0);
	kit_must("paper verify", "{}");
}

Test(draw, a_published_mapping_is_not_decided)
{
	kit_fill(1, NULL);
	kit_write("map.csv", "theme,ksb\nT-1,K1\n");
	cr_assert_eq(kit_run("standard map", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"file\":\"map.csv\",\"by\":\"H\",\"reason\":\"r\",\"source\":\"s\"}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "mapping.published");
}

/* All faults of all files at once; on one, nothing of any file is imported. */
Test(draw, an_import_with_a_fault_imports_nothing)
{
	kit_fill(1, NULL);
	const char *before = kit_state();
	kit_write("bank/a.yaml", "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	kit_write("bank/b.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n%s%s",
		kit_question("Q-N-1", "T-1", "K1", NULL), kit_question("Q-N-2", "T-9", "K1", "    rivals: [Q-K1-7]\n")));
	cr_assert_eq(kit_run("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}"), KB_INVALID);
	cr_assert_geq(kit_call.faults.count, 3, "%zu", kit_call.faults.count);
	cr_assert_str_eq(before, kit_state());
	/* And where the only fault is who approves. */
	cr_assert_eq(kb_file_write("bank/a.yaml", "", 0, 0600, &kit_err), KB_OK);
	kit_write("bank/b.yaml", kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n%s", kit_question("Q-N-1", "T-1", "K1", NULL)));
	cr_assert_eq(kit_run("bank import", "{\"path\":\"bank/b.yaml\",\"approved-by\":\" Writer-1 \"}"), KB_INVALID);
	cr_assert_str_eq(kit_call.faults.list[0].id, "approval.own");
	cr_assert_str_eq(before, kit_state());
}

Test(draw, an_import_of_what_is_there_changes_nothing)
{
	kit_fill(2, NULL);
	kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
	const kb_node *items = kb_node_get(kit_call.result, "items");
	cr_assert_eq(kb_node_get_int(items, "unchanged", -1), 6);
	cr_assert_eq(kb_node_get_int(items, "added", -1) + kb_node_get_int(items, "changed", -1), 0);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "approval"), "approved", -1), 0);
	kit_must("bank export", "{\"standard\":\"" KIT_STANDARD "\",\"folder\":\"out\"}");
	kit_must("bank import", "{\"path\":\"out\"}");
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "items"), "unchanged", -1), 6);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "standards"), "unchanged", -1), 1);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "specifications"), "unchanged", -1), 1);
}
