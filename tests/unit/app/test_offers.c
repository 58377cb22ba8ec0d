/* Offers of case-study themes: drawn, kept, printed, replayed and verified as papers are. */
#include "kit.h"

#include <string.h>

TestSuite(offers, .init = kit_set_up, .fini = kit_tear_down);

static kb_status offer(const char *candidate, const char *sitting, const char *day, const char *seed)
{
	kit_day = day;
	return kit_run("theme offer", kb_arena_printf(kit_arena,
		"{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"%s\",\"sitting\":\"%s\"%s}", candidate, sitting,
		seed ? kb_arena_printf(kit_arena, ",\"seed\":\"%s\"", seed) : ""));
}

static void must_offer(const char *candidate, const char *sitting, const char *day)
{
	kb_status status = offer(candidate, sitting, day, NULL);
	cr_assert_eq(status, KB_OK, "%s (%s)", kit_err.message, kit_err.hint);
}

/* "CT-01 CT-03" */
static const char *themes(void)
{
	kb_buf out = { .arena = kit_arena };
	const kb_node *list = kb_node_get(kit_call.result, "themes");
	for (size_t i = 0; i < list->count; i++)
		kb_buf_printf(&out, "%s%s", i ? " " : "", kb_node_get_text(list->items[i], "id", ""));
	return kb_buf_string(&out);
}

static bool meet(const char *a, const char *b)
{
	for (const char *p = a; *p; p += strcspn(p, " ") + (strchr(p, ' ') != NULL))
		if (strstr(b, kb_arena_printf(kit_arena, "%.*s", (int)strcspn(p, " "), p))) return true;
	return false;
}

Test(offers, each_valid_offer_comes_and_no_other)
{
	kit_fill(3, "themes-offered: 2\nreserve: 0\n");
	kit_add_themes(4, "CT-02");
	const char *seen[6] = { 0 };
	size_t count = 0;
	for (int i = 0; i < 80; i++) {
		size_t known = 0;
		cr_assert_eq(offer(kb_arena_printf(kit_arena, "AP-%d", i), "first", KIT_DAY, kb_arena_printf(kit_arena, "%d", i)), KB_OK);
		cr_assert_str_eq(kit_text("valid_papers"), "5", "six pairs of four themes, one of them rivals");
		const char *drawn = themes();
		cr_assert_str_neq(drawn, "CT-01 CT-02");
		while (known < count && strcmp(seen[known], drawn) != 0) known++;
		if (known == count) seen[count++] = drawn;
	}
	cr_assert_eq(count, 5);
}

Test(offers, a_resit_shares_no_theme_and_no_rival)
{
	kit_fill(3, "themes-offered: 1\nreserve: 1\n");
	kit_add_themes(3, "CT-02");
	must_offer("AP-1", "first", KIT_DAY);
	const char *first = themes();
	must_offer("AP-1", "resit", "2026-12-01");
	const char *second = themes();
	cr_assert(!meet(first, second) && kit_int("shared_with_earlier") == 0);
	cr_assert(meet("CT-03", first) != meet("CT-03", second), "CT-01 and CT-02 are rivals, so the other one is CT-03");
	cr_assert_eq(offer("AP-1", "resit", "2027-01-01", NULL), KB_REFUSED);
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	cr_assert_eq(kb_node_get_int(refusal, "themes_left", -1), 0);
	cr_assert_eq(kb_node_get_int(refusal, "fewest_themes_to_write", -1), 1);
	cr_assert_not_null(strstr(kit_err.message, "0 themes are left"), "%s", kit_err.message);
	cr_assert_not_null(strstr(kit_err.hint, "write and approve, rivals of none: 1"), "%s", kit_err.hint);
}

Test(offers, rivals_that_are_left_count_once)
{
	kit_fill(3, "themes-offered: 3\nreserve: 0\n");
	kit_add_themes(5, "CT-02, CT-03, CT-04");
	must_offer("AP-1", "first", KIT_DAY);
	cr_assert(!meet("CT-01", themes()), "only one other theme may stand beside CT-01");
	cr_assert_eq(offer("AP-1", "resit", "2026-12-01", NULL), KB_REFUSED);
	const kb_node *refusal = kb_node_get(kit_call.result, "refusal");
	int64_t left = kb_node_get_int(refusal, "themes_left", -1);
	cr_assert_eq(left, 1, "%lld", (long long)left);
	cr_assert_eq(kb_node_get_int(refusal, "fewest_themes_to_write", -1), 2);
}

Test(offers, the_first_keeps_the_reserve_possible)
{
	kit_fill(3, "themes-offered: 2\nreserve: 1\n");
	kit_add_themes(3, NULL);
	cr_assert_eq(offer("AP-1", "first", KIT_DAY, NULL), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "draw.reserve");
	cr_assert_not_null(strstr(kit_err.message, "without shared themes"), "%s", kit_err.message);
}

Test(offers, stand_beside_the_papers_of_the_method)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(6, NULL);
	must_offer("AP-1", "first", KIT_DAY);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_eq(offer("AP-1", "first", "2026-12-01", NULL), KB_EXISTS, "one first offer stands");
	cr_assert_eq(offer("AP-2", "resit", "2026-12-01", NULL), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "sitting.none");
	kit_day = "2026-11-25";
	kit_must("paper withdraw", "{\"paper\":\"P-000001\",\"by\":\"operations-1\",\"reason\":\"left on a train\"}");
	must_offer("AP-1", "first", "2026-12-01");
	kit_must("paper verify", "{}");
	cr_assert_eq(kit_int("count"), 3);
	kit_must("paper list", "{}");
	const kb_node *papers = kb_node_get(kit_call.result, "papers");
	cr_assert_str_eq(kb_node_get_text(papers->items[0], "part", ""), "case-study-themes");
	cr_assert_str_eq(kb_node_get_text(papers->items[1], "part", ""), "questions");
}

Test(offers, print_and_replay)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(4, NULL);
	must_offer("AP-1", "first", KIT_DAY);
	kit_must("paper replay", "{\"paper\":\"P-000001\"}");
	kit_must("paper print", "{\"paper\":\"P-000001\"}");
	const char *text = kit_text("text");
	cr_assert(strstr(text, "Choose one of these 2 themes") && strstr(text, "Write about night") && strstr(text, "Say when."));
	cr_assert(strstr(text, "S1   On the stairs.") && strstr(text, "K1   In the lamp."), "%s", text);
	cr_assert_lt(strstr(text, "On the stairs."), strstr(text, "In the lamp."), "KSBs stand as the theme lists them");
	cr_assert_eq(kit_run("paper print", "{\"paper\":\"P-000001\",\"what\":\"recording-sheet\"}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "print.what");
}

Test(offers, nobody_guesses_how_many)
{
	kit_fill(3, NULL);
	kit_add_themes(4, NULL);
	cr_assert_eq(offer("AP-1", "first", KIT_DAY, NULL), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "specification.offers");
}

Test(offers, capacity_counts_them)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(5, "CT-02");
	kit_must("bank capacity", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}");
	const kb_node *offers = kb_node_get(kit_call.result, "offers");
	cr_assert_eq(kb_node_get_int(offers, "themes", 0), 5);
	cr_assert_eq(kb_node_get_int(offers, "capacity", 0), 2);
	cr_assert_eq(kb_node_get_int(offers, "bound", 0), 2);
	cr_assert_eq(kb_node_get(offers, "offers")->count, 2);
}

/* Of CT-01 and CT-02, rivals, one counts. */
Test(offers, gaps_are_closed_by_so_many_themes_and_no_fewer)
{
	kit_fill(3, "themes-offered: 2\n");
	for (int papers = 2; papers <= 4; papers++) {
		kit_add_themes(papers == 2 ? 4 : 2 * papers - 1, "CT-02");
		kit_must("bank gaps", kb_arena_printf(kit_arena, "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"papers\":%d}", papers));
		const kb_node *offers = kb_node_get(kit_call.result, "offers");
		int there = (int)kb_node_get_int(offers, "themes", -1), more = (int)kb_node_get_int(offers, "fewest_themes_to_write", -1);
		cr_assert_eq(kb_node_get_int(offers, "capacity", -1), papers - 1);
		cr_assert_eq(kb_node_get_int(offers, "wanted", -1), papers);
		cr_assert(kb_node_get(offers, "fewest_is_proven")->boolean);
		cr_assert_eq(more, 2 * papers - (there - 1));
		for (int fewer = 1; fewer >= 0; fewer--) {
			kit_add_themes(there + more - fewer, "CT-02");
			kit_must("bank capacity", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}");
			cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "offers"), "capacity", -1), papers - fewer);
		}
	}
}

Test(offers, gaps_name_the_themes_to_bring_back)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(5, "CT-02");
	kit_must("question suspend", "{\"ids\":\"CT-01,CT-04,CT-05\",\"reason\":\"seen online\"}");
	kit_must("bank gaps", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}");
	const kb_node *offers = kb_node_get(kit_call.result, "offers"), *review = kb_node_get(offers, "review_first");
	cr_assert_eq(kb_node_get_int(offers, "themes", -1), 2);
	cr_assert_eq(kb_node_get_int(offers, "capacity", -1), 1);
	cr_assert_eq(review->count, 2, "CT-01 is a rival of one that is there");
	cr_assert_str_eq(kb_node_get_text(review->items[0], "id", ""), "CT-04");
	cr_assert_str_eq(kb_node_get_text(review->items[0], "reason", ""), "it is suspended");
	cr_assert_str_eq(kb_node_get_text(review->items[1], "id", ""), "CT-05");
}

/* Two offers take four themes, and there are two. */
Test(offers, gaps_list_the_themes_on_the_way)
{
	static const char gaps[] = "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}";
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(2, NULL);
	kit_must("bank gaps", gaps);
	cr_assert_not(kb_node_get(kb_node_get(kit_call.result, "offers"), "some_coming")->boolean);
	kit_write("new.yaml", "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\ncase-study-themes:\n"
		"  - {id: CT-90, title: A storm, ksbs: [S1, K1, K2], brief: Write., guidance: [Say when.],\n"
		"     where: {K1: In the lamp., K2: In the fog., S1: Outside.}, author: writer-1, accessibility: None.}\n");
	kit_must("question new", "{\"path\":\"new.yaml\"}");
	kit_must("question submit", "{\"ids\":\"CT-90\"}");
	kit_must("bank gaps", gaps);
	const kb_node *offers = kb_node_get(kit_call.result, "offers"), *coming = kb_node_get(offers, "coming");
	cr_assert_eq(kb_node_get_int(offers, "themes", -1), 2, "it does not count before it is approved");
	cr_assert_eq(kb_node_get_int(offers, "fewest_themes_to_write", -1), 2);
	cr_assert_eq(kb_node_get_int(offers, "left_to_write", -1), 1);
	cr_assert(kb_node_get(offers, "some_coming")->boolean);
	cr_assert_eq(coming->count, 1);
	cr_assert_str_eq(kb_node_get_text(coming->items[0], "id", ""), "CT-90");
	cr_assert_str_eq(kb_node_get_text(coming->items[0], "state", ""), "submitted");
	cr_assert_str_eq(kb_node_get_text(coming->items[0], "author", ""), "writer-1");
	const kb_node *to_do = kb_node_get(kit_call.result, "to_do");
	bool said = false;
	for (size_t i = 0; i < to_do->count; i++)
		said |= strcmp(to_do->items[i]->text, "1 new case-study theme is on the way: listed below. Once approved, all of it, "
			"1 case-study theme is left to write.") == 0;
	cr_assert(said);
	cr_assert_eq(kb_node_get(kit_call.result, "coming")->count, 0, "it is no question");
}
