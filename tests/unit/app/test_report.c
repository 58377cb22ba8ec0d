/* bank report: what is to be done over all banks, in the order of its urgency, and that nothing is where nothing is. */
#include "kit.h"

#include <string.h>

TestSuite(report, .init = kit_set_up, .fini = kit_tear_down);

static void look(void)
{
	kit_must("bank report", "{}");
}

static void expect_task(size_t i, const char *bank, const char *words, const char *command)
{
	const kb_node *list = kb_node_get(kit_call.result, "to_do");
	cr_assert_gt(list->count, i, "no task about: %s", words);
	const kb_node *task = list->items[i];
	cr_assert_eq(kb_node_get_int(task, "number", 0), (int64_t)i + 1);
	cr_assert_str_eq(kb_node_get_text(task, "bank", ""), bank);
	cr_assert(strstr(kb_node_get_text(task, "words", ""), words), "%s", kb_node_get_text(task, "words", ""));
	cr_assert(strstr(kb_node_get_text(task, "command", ""), command), "%s", kb_node_get_text(task, "command", ""));
}

#define TALK KIT_STANDARD " talk"
#define DEMO KIT_STANDARD " demo"

Test(report, an_empty_store_has_no_bank)
{
	kit_must("store init", "{}");
	look();
	cr_assert(kb_node_get(kit_call.result, "empty")->boolean);
	cr_assert_not(kb_node_get(kit_call.result, "well")->boolean);
	kit_must("bank report", "{\"format\":\"html\"}");
}

Test(report, when_all_is_well_it_says_until_when)
{
	kit_fill(3, NULL);
	look();
	cr_assert(kb_node_get(kit_call.result, "well")->boolean);
	cr_assert_eq(kit_int("count"), 0);
	cr_assert_str_eq(kit_text("look_again"), "2027-08-24", "90 days before all lapses");
	cr_assert(strstr(kit_text("next_break"), "from 22 November 2027 on no question may be drawn"), "%s", kit_text("next_break"));
	cr_assert_eq(kb_node_get(kit_call.result, "unlimited")->count, 1);
	kit_day = "2027-08-24";
	look();
	expect_task(0, TALK, "have the 9 questions that lapse by 22 November 2027 reviewed", "review open " TALK " --due 2027-11-21");
	cr_assert_str_eq(kit_text("look_again"), "2027-09-21");
	kit_day = "2027-11-21";
	look();
	cr_assert_str_eq(kit_text("look_again"), "2027-11-22", "the day on which it breaks");
	kit_day = "2027-11-22";
	look();
	expect_task(0, TALK, "no question may be drawn, and so no paper; 9 questions lapsed, and not drawn until reviewed again",
		"review open " TALK " --due 2027-12-20");
	cr_assert_eq(kit_int("count"), 1);
}

Test(report, the_most_urgent_stands_on_top)
{
	kit_fill_demo();
	look();
	expect_task(0, TALK, "re-sits can't be kept possible: 1 paper with nothing shared is left", "bank gaps " TALK " --papers 2");
	expect_task(1, DEMO, "nobody has recorded which KSBs it assesses; 5 questions wait for it", "standard map " DEMO " FILE.csv");
	expect_task(2, TALK, "3 KSBs below the target of 3 questions (T-1 K1, T-1 K2, T-2 S1); with 6 new questions", "bank gaps " TALK " --papers 3");
	cr_assert_eq(kit_int("count"), 3);
	const kb_node *banks = kb_node_get(kit_call.result, "banks");
	cr_assert_eq(banks->count, 2);
	cr_assert_not(kb_node_get(banks->items[0], "mapped")->boolean);
	cr_assert_eq(kb_node_get_int(banks->items[1], "capacity", 0), 1);
	cr_assert_eq(kb_node_get_int(banks->items[1], "needed", 0), 2);
}

/* A limit that is passed waits for a method from which no paper can be drawn at all; and its command tries the cap. */
Test(report, a_passed_limit_is_less_urgent_than_no_papers)
{
	kit_fill_demo();
	kit_must("decision record", "{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"predictability-limit-overlap\",\"choice\":\"300\",\"by\":\"H\",\"reason\":\"r\"}");
	look();
	expect_task(1, DEMO, "no paper can be drawn, as nobody has recorded", "standard map");
	expect_task(2, TALK, "above your limit of 300 in 1,000 (30.0 %); try the limit as the exposure cap", "bank weigh " TALK " --cap 300");
}

Test(report, what_waits_is_said_with_since_when)
{
	static const char *const ids[] = { "Q-D", "Q-S", "Q-R" };
	kit_fill(4, NULL);
	for (size_t i = 0; i < KB_COUNT(ids); i++) {
		kit_write("new.yaml", kit_questions(ids[i], "tester"));
		kit_must("question new", "{\"path\":\"new.yaml\"}");
	}
	kit_must("question submit", "{\"ids\":\"Q-S,Q-R\"}");
	kit_actor = "r-1";
	kit_must("question return", "{\"ids\":\"Q-R\",\"at\":\"stem\",\"reason\":\"r\"}");
	kit_must("question suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}");
	look();
	expect_task(0, TALK, "1 question suspended: to be mended", "question list " TALK " --state suspended");
	expect_task(1, TALK, "1 question waiting for a reviewer (since " KIT_DAY ")", "question list " TALK " --state submitted");
	expect_task(2, TALK, "1 question back with the author", "question list " TALK " --state returned");
	expect_task(3, TALK, "1 question drafted", "question list " TALK " --state draft");
	cr_assert_eq(kit_int("count"), 4);
}

Test(report, a_review_that_is_late_is_named)
{
	kit_fill(3, NULL);
	kit_must("review open", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"due\":\"2026-12-01\",\"reason\":\"r\"}");
	kit_day = "2026-12-01";
	look();
	cr_assert_eq(kit_int("count"), 0);
	kit_day = "2026-12-02";
	look();
	expect_task(0, TALK, "the review R-0001 was due on 2026-12-01", "review progress R-0001");
	kit_day = "2027-11-22";
	look();
	expect_task(0, TALK, "9 questions lapsed, and not drawn until reviewed again; R-0001 is open", "review progress R-0001");
}

Test(report, offers_of_themes_are_counted_too)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(3, NULL);
	look();
	expect_task(0, TALK, "re-sits can't be kept possible: 1 offer of case-study themes with nothing shared is left", "bank gaps " TALK " --papers 2");
	cr_assert_eq(kit_int("count"), 1);
	const kb_node *offers = kb_node_get(kb_node_get(kit_call.result, "banks")->items[0], "offers");
	cr_assert_eq(kb_node_get_int(offers, "capacity", -1), 1);
	cr_assert_eq(kb_node_get_int(offers, "themes", -1), 3);
	kit_day = "2027-11-22";
	look();
	expect_task(0, TALK, "9 questions and 3 case-study themes lapsed", "review open");
	expect_task(1, TALK, "no case-study theme may be offered, and so no first sitting can begin", "bank gaps");
	cr_assert_eq(kit_int("count"), 2);
}

/* Of the questions on each KSB. */
static void approve_three(const char *day)
{
	kit_day = day;
	kit_write("checklist.yaml", "ksbs: yes, holds under both\ndemand: yes\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: \"yes\"\n");
	kit_actor = "r-1";
	kit_must("question approve", "{\"ids\":\"Q-K1-1,Q-K1-2,Q-K1-3,Q-K2-1,Q-K2-2,Q-K2-3,Q-S1-1,Q-S1-2,Q-S1-3\",\"checklist\":\"checklist.yaml\",\"reason\":\"r\"}");
}

/* Two of five on each KSB, and three are enough. */
Test(report, what_lapsed_is_named_though_nothing_broke)
{
	kit_fill(5, NULL);
	approve_three("2027-11-01");
	kit_day = "2027-11-22";
	look();
	expect_task(0, TALK, "6 questions lapsed, and not drawn until reviewed again", "review open " TALK " --due 2027-12-20");
	cr_assert_eq(kit_int("count"), 1);
}

/* Enough is left of the questions, and nobody chooses from the themes, so that nothing breaks with the first that lapse. */
Test(report, what_lapses_soon_is_named_though_nothing_breaks)
{
	kit_fill(4, NULL);
	kit_add_themes(4, NULL);
	approve_three("2027-06-01");
	look();
	cr_assert(kb_node_get(kit_call.result, "well")->boolean);
	cr_assert_str_eq(kit_text("look_again"), "2027-08-24");
	cr_assert(strstr(kit_text("next_break"), "from 1 June 2028 on no question may be drawn"), "%s", kit_text("next_break"));
	kit_day = "2027-08-24";
	look();
	expect_task(0, TALK, "3 questions and 4 case-study themes to be reviewed before lapsing, the first on 2027-11-22", "review due " TALK " --within 90");
	cr_assert_eq(kit_int("count"), 1);
}
