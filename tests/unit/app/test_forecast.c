/* bank forecast: each day's figures are those of bank capacity and bank predictability on that day, and what breaks is named. */
#include "kit.h"

#include <string.h>

#include "base/str.h"
#include "text/json.h"

TestSuite(forecast, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}"

static void approve(const char *day, const char *ids)
{
	kit_day = day;
	kit_actor = "r-2";
	kit_write("checklist.yaml", "ksbs: yes, holds under both\ndemand: yes\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: \"yes\"\n");
	kit_must("question approve", kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"checklist\":\"checklist.yaml\",\"reason\":\"r\"}", ids));
	kit_day = KIT_DAY;
}

/* Three on each KSB, of which all but one on K2 and S1 hold longer, all of K1 but one longer still, and one longest. */
static void fill(const char *spec)
{
	kit_fill(3, spec);
	approve("2026-11-23", "Q-K1-1,Q-K1-2,Q-K1-3,Q-K2-1,Q-K2-2,Q-S1-1,Q-S1-2");
	approve("2026-11-24", "Q-K1-1,Q-K1-2,Q-K2-1,Q-S1-1");
	approve("2026-11-25", "Q-K1-1");
}

static kb_node *forecast(void)
{
	kit_must("bank forecast", TALK);
	kb_buf out = { .arena = kit_arena };
	kb_err err;
	cr_assert_eq(kb_json_compact(kit_arena, kit_call.result, &out, &err), KB_OK);
	return kit_json(kb_buf_string(&out));
}

static void expect_day(const kb_node *day, const char *date, int64_t lapse, int64_t questions)
{
	cr_assert_str_eq(kb_node_get_text(day, "date", ""), date);
	cr_assert_eq(kb_node_get_int(day, "lapse", -1), lapse, "%s", date);
	cr_assert_eq(kb_node_get_int(day, "questions", -1), questions, "%s", date);
}

/* What the other operations say of it, on that day. */
static void expect_same(const kb_node *day)
{
	static const char *const shares[] = { "largest", "overlap", "least_overlap" };
	kit_day = kb_node_get_text(day, "date", "");
	kb_status status = kit_run("bank capacity", TALK);
	int64_t capacity = status == KB_OK ? kit_int("capacity") : 0, bound = status == KB_OK ? kit_int("bound") : 0;
	cr_assert(status == KB_OK || strcmp(kit_err.id, "pool.lapsed") == 0 || strcmp(kit_err.id, "even.cap") == 0, "%s", kit_err.message);
	if (status == KB_OK || strcmp(kit_err.id, "pool.lapsed") == 0) {
		cr_assert_eq(kb_node_get_int(day, "capacity", -1), capacity, "%s", kit_day);
		cr_assert_eq(kb_node_get_int(day, "bound", -1), bound, "%s", kit_day);
	}
	status = kit_run("bank predictability", TALK);
	cr_assert_eq(kb_node_get(day, "foreseen")->boolean, status == KB_OK, "%s: %s", kit_day, kit_err.message);
	if (status == KB_OK) {
		for (size_t i = 0; i < KB_COUNT(shares); i++)
			cr_assert_eq(kb_node_get_int(kb_node_get(day, shares[i]), "per_mille", -1),
				kb_node_get_int(kb_node_get(kit_call.result, shares[i]), "per_mille", -2), "%s on %s", shares[i], kit_day);
		cr_assert_str_eq(kb_node_get_text(day, "entropy_bits", ""), kit_text("entropy_bits"));
		cr_assert_eq(kb_node_get_int(day, "questions", -1), kit_int("eligible"));
	}
	kit_day = KIT_DAY;
}

static void expect_break(const kb_node *result, size_t i, const char *date, const char *what, const char *words)
{
	const kb_node *list = kb_node_get(result, "breaks");
	cr_assert_gt(list->count, i);
	cr_assert_str_eq(kb_node_get_text(list->items[i], "date", ""), date);
	cr_assert_str_eq(kb_node_get_text(list->items[i], "break", ""), what);
	cr_assert(strstr(kb_node_get_text(list->items[i], "words", ""), words), "%s", kb_node_get_text(list->items[i], "words", ""));
}

static void expect_days(const kb_node *result)
{
	const kb_node *days = kb_node_get(result, "days");
	cr_assert_eq(days->count, 5);
	expect_day(days->items[0], KIT_DAY, 0, 9);
	expect_day(days->items[1], "2027-11-22", 2, 7);
	expect_day(days->items[2], "2027-11-23", 3, 4);
	expect_day(days->items[3], "2027-11-24", 3, 1);
	expect_day(days->items[4], "2027-11-25", 1, 0);
	for (size_t i = 0; i < days->count; i++) expect_same(days->items[i]);
}

Test(forecast, a_cap_then_resits_then_all_papers_are_lost)
{
	fill("law: even\nexposure-cap: 400\n");
	kb_node *result = forecast();
	cr_assert_str_eq(kb_node_get_text(result, "first_break", ""), "2027-11-22");
	expect_break(result, 0, "2027-11-22", "exposure-cap", "the exposure cap of 400");
	expect_break(result, 1, "2027-11-23", "resits", "1 paper with nothing shared is left");
	expect_break(result, 2, "2027-11-24", "draw", "no paper can be drawn");
	expect_break(result, 3, "2027-11-24", "units", "no question is left for T-1 K2, T-2 S1");
	cr_assert_eq(kb_node_get(result, "breaks")->count, 4, "nothing breaks after all papers are lost");
	expect_days(result);
}

static void set_limit(const char *which, int number)
{
	kit_must("decision record", kb_arena_printf(kit_arena,
		"{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"predictability-limit-%s\",\"choice\":\"%d\",\"by\":\"Head\",\"reason\":\"r\"}", which, number));
}

/* Two of three on K2 and S1: a half for each of them, and (1/3 + 1/2 + 1/2) / 3 shared. */
Test(forecast, limits_are_passed_where_predictability_passes_them)
{
	fill(NULL);
	set_limit("chance", 500);
	set_limit("overlap", 444);
	kb_node *result = forecast();
	expect_break(result, 0, "2027-11-23", "resits", "1 paper");
	set_limit("chance", 499);
	set_limit("overlap", 443);
	result = forecast();
	expect_break(result, 0, "2027-11-22", "limit-chance", "in 50.0 % of papers, above your limit of 499 in 1,000 (49.9 %)");
	expect_break(result, 1, "2027-11-22", "limit-overlap", "share 44.4 % of a paper, above your limit of 443 in 1,000 (44.3 %)");
	expect_break(result, 2, "2027-11-23", "resits", "");
	expect_days(result);
	set_limit("chance", 300);
	result = forecast();
	expect_break(result, 0, KIT_DAY, "limit-chance", "in 33.3 % of papers");
	cr_assert_str_eq(kb_node_get_text(kb_node_get(result, "to_do")->items[0], "command", ""),
		"ksbank bank weigh " KIT_STANDARD " talk --cap 300");
}

Test(forecast, what_to_do_is_a_review_of_what_lapses_or_the_open_one)
{
	fill("reserve: 2\n");
	const kb_node *way = kb_node_get(forecast(), "to_do")->items[0];
	cr_assert_str_eq(kb_node_get_text(way, "when", ""), "By 21 November 2027");
	cr_assert_str_eq(kb_node_get_text(way, "words", ""), "have the 2 questions that lapse by 22 November 2027 reviewed");
	const char *command = kb_node_get_text(way, "command", "");
	cr_assert_str_eq(command, "ksbank review open " KIT_STANDARD " talk --due 2027-11-21 --reason TEXT");
	kit_must("review open", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"due\":\"2027-11-21\",\"reason\":\"r\"}");
	way = kb_node_get(forecast(), "to_do")->items[0];
	cr_assert_str_eq(kb_node_get_text(way, "command", ""), "ksbank review progress R-0001");
}

static void expect_offers(const kb_node *day, const char *date, int64_t lapse, int64_t themes, int64_t capacity)
{
	const kb_node *offers = kb_node_get(day, "offers");
	cr_assert_str_eq(kb_node_get_text(day, "date", ""), date);
	cr_assert_eq(kb_node_get_int(offers, "lapse", -1), lapse, "%s", date);
	cr_assert_eq(kb_node_get_int(offers, "themes", -1), themes, "%s", date);
	cr_assert_eq(kb_node_get_int(offers, "capacity", -1), capacity, "%s", date);
	kit_day = date;
	kit_must("bank capacity", TALK);
	kit_day = KIT_DAY;
	const kb_node *counted = kb_node_get(kit_call.result, "offers");
	static const char *const keys[] = { "themes", "themes_offered", "capacity", "bound" };
	for (size_t i = 0; i < KB_COUNT(keys); i++)
		cr_assert_eq(kb_node_get_int(offers, keys[i], -1), kb_node_get_int(counted, keys[i], -2), "%s on %s", keys[i], date);
}

/* Of CT-01 and CT-02, rivals, one counts. The questions hold longer than all themes. */
Test(forecast, offers_fall_on_the_days_of_their_themes)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(6, "CT-02");
	approve("2026-11-23", "CT-02,CT-03,CT-04,CT-05");
	approve("2026-11-24", "CT-02,CT-03,CT-04");
	approve("2026-11-25", "CT-02");
	approve("2026-11-30", "Q-K1-1,Q-K1-2,Q-K1-3,Q-K2-1,Q-K2-2,Q-K2-3,Q-S1-1,Q-S1-2,Q-S1-3");
	kb_node *result = forecast();
	const kb_node *days = kb_node_get(result, "days");
	cr_assert_eq(days->count, 6);
	expect_offers(days->items[0], KIT_DAY, 0, 6, 2);
	expect_offers(days->items[1], "2027-11-22", 2, 4, 2);
	expect_offers(days->items[2], "2027-11-23", 1, 3, 1);
	expect_offers(days->items[3], "2027-11-24", 2, 1, 0);
	expect_offers(days->items[4], "2027-11-25", 1, 0, 0);
	expect_day(days->items[4], "2027-11-25", 0, 9);
	expect_break(result, 0, "2027-11-23", "offer-resits", "1 offer of case-study themes with nothing shared is left");
	expect_break(result, 1, "2027-11-24", "offer", "no offer of 2 case-study themes can be drawn from the 1 in force");
	expect_break(result, 2, "2027-11-30", "draw", "");
	const kb_node *way = kb_node_get(result, "to_do")->items[0];
	cr_assert_str_eq(kb_node_get_text(way, "words", ""), "have the 3 case-study themes that lapse by 23 November 2027 reviewed");
	kit_must("review forecast", TALK);
	cr_assert_str_eq(kit_text("none_on"), "2027-11-24");
	cr_assert_str_eq(kit_text("none_what"), "offer of case-study themes");
}

/* Themes that nobody chooses from break nothing. */
Test(forecast, themes_count_only_where_they_are_offered)
{
	kit_fill(3, NULL);
	kit_add_themes(1, NULL);
	approve("2026-11-23", "CT-01");
	kb_node *result = forecast();
	cr_assert_eq(kb_node_get(result, "days")->count, 2);
	cr_assert_null(kb_node_get(kb_node_get(result, "days")->items[0], "offers"));
}

Test(forecast, an_empty_bank_is_broken_today)
{
	kit_fill(3, NULL);
	kit_day = "2028-01-01";
	kb_node *result = forecast();
	cr_assert_eq(kb_node_get(result, "days")->count, 1);
	expect_break(result, 0, "2028-01-01", "draw", "no question may be drawn");
	cr_assert_not(kb_node_get(result, "falls")->boolean);
}

Test(forecast, nothing_is_kept)
{
	fill("law: even\nexposure-cap: 400\n");
	const char *before = kit_state();
	(void)forecast();
	cr_assert_str_eq(before, kit_state());
}
