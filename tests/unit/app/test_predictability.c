/* bank predictability on a small bank: one question on each of three units, three of each. */
#include "kit.h"

#include <string.h>

TestSuite(predictability, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\""

static const char *text_at(const kb_node *map, const char *key)
{
	return kb_node_get_text(map, key, "");
}

static const kb_node *entry(const char *list, size_t i)
{
	const kb_node *node = kb_node_get(kit_call.result, list);
	cr_assert(node && node->count > i, "%s has no entry %zu", list, i);
	return node->items[i];
}

static void look(void)
{
	kit_must("bank predictability", "{" TALK "}");
}

Test(predictability, figures_are_those_of_27_papers)
{
	kit_fill(3, NULL);
	look();
	cr_assert_str_eq(kit_text("valid_papers"), "27");
	cr_assert_str_eq(kit_text("entropy_bits"), "4.75");
	cr_assert_str_eq(kit_text("law"), "uniform");
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "largest"), "per_mille", 0), 333);
	cr_assert_str_eq(text_at(kb_node_get(kit_call.result, "overlap"), "questions"), "1.00");
	cr_assert_str_eq(text_at(kb_node_get(kit_call.result, "least_overlap"), "questions"), "1.00");
	/* 3 (1 - (2/3)^m) of 3 questions */
	cr_assert_str_eq(text_at(entry("known", 0), "questions"), "1.00");
	cr_assert_str_eq(text_at(entry("known", 1), "questions"), "2.60");
	cr_assert_str_eq(text_at(entry("known", 2), "percent"), "100.0 %");
	cr_assert_eq(kb_node_get_int(entry("known", 1), "per_mille", 0), 868);
	cr_assert_eq(kb_node_get(kit_call.result, "chances")->count, 9);
	cr_assert_str_eq(text_at(entry("chances", 8), "papers"), "9");
	cr_assert_eq(kit_int("never_drawn"), 0);
}

Test(predictability, a_cap_can_be_asked_for)
{
	kit_fill(3, NULL);
	kit_must("bank predictability", "{" TALK ",\"cap\":400}");
	const kb_node *capped = kb_node_get(kit_call.result, "capped");
	cr_assert(kb_node_get(capped, "possible")->boolean);
	cr_assert_str_eq(text_at(capped, "entropy_bits"), "4.75");
	kit_must("bank predictability", "{" TALK ",\"cap\":300}");
	capped = kb_node_get(kit_call.result, "capped");
	cr_assert_not(kb_node_get(capped, "possible")->boolean);
	cr_assert(*text_at(capped, "refused"));
	cr_assert_eq(kit_run("bank predictability", "{" TALK ",\"cap\":1001}"), KB_USAGE);
}

Test(predictability, nothing_to_draw_is_said)
{
	kit_fill(3, "kinds: {scenario: {min: 0, max: 2}}\n");
	cr_assert_eq(kit_run("bank predictability", "{" TALK "}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "draw.none");
	cr_assert_not_null(strstr(kit_err.hint, "bank explain"));
}

static void set_limit(const char *which, const char *number, kb_status wanted)
{
	cr_assert_eq(kit_run("decision record", kb_arena_printf(kit_arena,
		"{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"predictability-limit-%s\",\"choice\":\"%s\",\"by\":\"Head\",\"reason\":\"r\"}", which, number)),
		wanted, "%s", kit_err.message);
}

Test(predictability, the_grade_is_by_limits_that_the_organisation_sets)
{
	kit_fill(3, NULL);
	look();
	cr_assert_str_eq(kit_text("grade"), "none");
	set_limit("chance", "0", KB_NOT_FOUND);
	cr_assert_not_null(strstr(kit_err.hint, "1 to 1000"));
	set_limit("chance", "1001", KB_NOT_FOUND);
	set_limit("chance", "a third", KB_NOT_FOUND);
	set_limit("chance", "333", KB_OK);
	look();
	cr_assert_str_eq(kit_text("grade"), "within");
	set_limit("overlap", "332", KB_OK);
	look();
	cr_assert_str_eq(kit_text("grade"), "beyond");
	cr_assert(kb_node_get(entry("limits", 0), "within")->boolean);
	cr_assert_not(kb_node_get(entry("limits", 1), "within")->boolean);
	kit_must("decision list", "{\"standard\":\"" KIT_STANDARD "\"}");
	for (size_t i = 0; i < kb_node_get(kit_call.result, "open")->count; i++)
		cr_assert_null(strstr(text_at(entry("open", i), "subject"), "predictability"));
}

static void enrol(const char *candidate, const char *employer, const char *provider)
{
	kit_must("candidate register", kb_arena_printf(kit_arena, "{\"candidate\":\"%s\",\"employer\":\"%s\",\"provider\":\"%s\"}", candidate, employer, provider));
}

static void expect_organisation(size_t i, const char *kind, const char *name, int64_t candidates, int64_t met)
{
	const kb_node *node = entry("organisations", i);
	cr_assert_str_eq(text_at(node, "kind"), kind);
	cr_assert_str_eq(text_at(node, "organisation"), name);
	cr_assert_eq(kb_node_get_int(node, "candidates", -1), candidates, "%s", name);
	cr_assert_eq(kb_node_get_int(node, "met", -1), met, "%s: %lld", name, (long long)kb_node_get_int(node, "met", -1));
	cr_assert_eq(kb_node_get(node, "questions_met")->count, (size_t)met);
	/* Each with a chance of a third. */
	cr_assert_str_eq(text_at(node, "questions"), kb_arena_printf(kit_arena, "%lld.%s", (long long)met / 3, met % 3 == 0 ? "00" : met % 3 == 1 ? "33" : "67"));
}

Test(predictability, organisations_have_met_what_their_candidates_sat)
{
	kit_fill(3, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK);
	look();
	cr_assert_eq(kb_node_get(kit_call.result, "organisations")->count, 0);
	enrol("AP-1", "North", "Hill");
	look();
	expect_organisation(0, "employer", "North", 1, 3);
	expect_organisation(1, "provider", "Hill", 1, 3);
	/* Not asked is not met; neither is what was withdrawn, or is still to come. */
	kit_write_sitting("P-000001", "not-asked", "shortfall-reason: r\nown-questions: [{text: Why the lamp?}]\n");
	if (kit_run("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}") != KB_OK) cr_assert_fail("%s %s", kit_err.message, kit_err.hint);
	cr_assert_eq(kit_draw("AP-2", "first"), KB_OK);
	cr_assert_eq(kit_draw("AP-3", "first"), KB_OK);
	kit_must("paper withdraw", "{\"paper\":\"P-000003\",\"by\":\"o\",\"reason\":\"r\"}");
	kit_day = "2026-12-01";
	cr_assert_eq(kit_draw("AP-4", "first"), KB_OK);
	kit_day = KIT_DAY;
	enrol("AP-2", "north", "Vale");
	enrol("AP-3", "South", "Vale");
	enrol("AP-4", "West", "Vale");
	look();
	cr_assert_eq(kb_node_get(kit_call.result, "organisations")->count, 3);
	expect_organisation(0, "employer", "North", 2, 3);
	expect_organisation(1, "provider", "Hill", 1, 0);
	expect_organisation(2, "provider", "Vale", 1, 3);
}
