/* What an auditor is shown: each figure against rows that were made to have it. */
#include "kit.h"

#include <sqlite3.h>
#include <string.h>

TestSuite(audit, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}"

static void behind_its_back(const char *text)
{
	sqlite3 *db = NULL;
	char *message = NULL;
	cr_assert_eq(sqlite3_open("store", &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, text, NULL, NULL, &message), SQLITE_OK, "%s", message ? message : "");
	sqlite3_close(db);
}

/* "a.0.b": a value of the last result, by keys and places. */
static const kb_node *at(const char *path)
{
	const kb_node *node = kit_call.result;
	int64_t place;
	while (node && *path) {
		size_t length = strcspn(path, ".");
		const char *key = kb_arena_copy(kit_arena, path, length);
		node = !kb_str_to_int(key, &place) ? kb_node_get(node, key) : (size_t)place < node->count ? node->items[place] : NULL;
		path += length + (path[length] == '.');
	}
	return node;
}

static int64_t number(const char *path)
{
	const kb_node *node = at(path);
	cr_assert(node && node->kind == KB_NODE_INT, "%s", path);
	return node->integer;
}

static const char *text(const char *path)
{
	const kb_node *node = at(path);
	cr_assert(node && node->kind == KB_NODE_TEXT, "%s", path);
	return node->text;
}

static bool yes(const char *path)
{
	const kb_node *node = at(path);
	cr_assert(node && node->kind == KB_NODE_BOOL, "%s", path);
	return node->boolean;
}

Test(audit, coverage_says_how_deep_each_unit_stands)
{
	kit_fill(1, "reserve: 0\n");
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.need"), 1);
	cr_assert_eq(number("methods.0.below"), 0);
	cr_assert_eq(number("methods.0.single"), 3);
	cr_assert_str_eq(text("methods.0.units.0.remark"), "one question only");
	kit_must("question suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}");
	kit_write("edit.yaml", kit_questions("Q-S1-1", "writer-2"));
	kit_must("question edit", "{\"path\":\"edit.yaml\"}");
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.units.0.approved"), 0);
	cr_assert_eq(number("methods.0.units.0.suspended"), 1);
	cr_assert_str_eq(text("methods.0.units.0.remark"), "no question");
	cr_assert_eq(number("methods.0.units.1.approved"), 1);
	cr_assert_eq(number("methods.0.below"), 1);
	kit_day = "2027-11-22";
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.units.1.approved"), 0);
	cr_assert_eq(number("methods.0.units.1.lapsed"), 1);
}

/* Drafts whose tags a new mapping parts, or that follow a wording that was decided against. */
Test(audit, coverage_counts_what_can_stand_under_a_unit)
{
	kit_fill(1, NULL);
	kit_write("drafts.yaml", kb_arena_printf(kit_arena, "%s%s%s", kit_questions("Q-D-1", "other"),
		kit_question("Q-D-2", "T-1", "K1, K2", NULL), kit_question("Q-D-3", "T-1", "K1, K2", "    follows: {K2: page}\n")));
	kit_must("question new", "{\"path\":\"drafts.yaml\"}");
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.units.0.preparing"), 3);
	cr_assert_not(yes("methods.0.some_left_out"));
	kit_must("standard decide", "{\"standard\":\"" KIT_STANDARD "\",\"ksb\":\"K2\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\"}");
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.units.0.preparing"), 2);
	cr_assert_str_eq(text("methods.0.left_out.0.id"), "Q-D-3");
	cr_assert_str_eq(text("methods.0.left_out.0.reason"), "it follows a wording that was decided against");
	kb_bytes bytes = kit_read("bank/standard.yaml");
	char *words = kb_arena_copy(kit_arena, bytes.data, bytes.length);
	memcpy(strstr(words, "ksbs: [K1, K2, S1]"), "ksbs: [K1,     S1]", 18);
	memcpy(strstr(words, "ksbs: [K1, K2],"), "ksbs: [K1    ],", 15);
	kit_write("bank/standard.yaml", words);
	kit_must("bank import", "{\"path\":\"bank/standard.yaml\"}");
	kit_must("audit coverage", TALK);
	cr_assert_eq(number("methods.0.unit_count"), 2);
	cr_assert_eq(number("methods.0.units.0.approved"), 1);
	cr_assert_eq(number("methods.0.units.0.preparing"), 1, "Q-D-1 alone");
	cr_assert_eq(at("methods.0.left_out")->count, 3);
	cr_assert_str_eq(text("methods.0.left_out.0.id"), "Q-D-2");
	cr_assert_eq(number("methods.0.left_out.0.version"), 1);
	cr_assert_str_eq(text("methods.0.left_out.0.reason"), "its tags no longer fit the method's mapping");
	cr_assert_str_eq(text("methods.0.left_out.2.id"), "Q-K2-1", "approved, and drawn no more");
}

Test(audit, coverage_names_what_no_method_holds)
{
	kit_fill_demo();
	kit_must("audit coverage", "{\"standard\":\"" KIT_STANDARD "\"}");
	cr_assert_not(yes("methods.1.mapped"));
	cr_assert(yes("mapping_open"));
	cr_assert_str_eq(text("unmapped_list"), "");
	kit_write("map.csv", "theme,name,ksb\nD-1,Demo,S1\nD-1,Demo,K1\n");
	kit_must("standard map", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"file\":\"map.csv\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"page 14\"}");
	kit_must("audit coverage", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\"}");
	cr_assert_not(yes("mapping_open"));
	cr_assert_str_eq(text("methods.0.units.0.ksb"), "S1");
	cr_assert_eq(number("methods.0.units.0.approved"), 3, "D-1, D-2 and, beside a KSB of no theme, D-4");
}

Test(audit, a_paper_that_lost_a_question_is_not_complete)
{
	kit_fill(2, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	kit_must("audit coverage", TALK);
	cr_assert(yes("papers.0.complete"));
	cr_assert_str_eq(text("papers.0.issued"), "3 of 3");
	behind_its_back("DROP TRIGGER paper_item_stays; DELETE FROM paper_item WHERE position = 2");
	kit_must("audit coverage", TALK);
	cr_assert_not(yes("papers.0.complete"));
	cr_assert_str_eq(text("papers.0.issued"), "2 of 3");
	cr_assert_eq(number("incomplete"), 1);
}

static void draw_two(void)
{
	kit_fill(3, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	kit_day = "2026-12-22";
	cr_assert_eq(kit_draw("AP-1", "resit"), KB_OK, "%s", kit_err.message);
	kit_must("audit resits", "{\"candidate\":\"AP-1\"}");
	cr_assert_eq(number("count"), 1);
	cr_assert(yes("holds"));
}

static void check_paper_state(const char *state)
{
	kit_must("paper list", "{}");
	cr_assert_str_eq(text("papers.0.state"), state);
	kit_must("paper show", "{\"paper\":\"P-000001\"}");
	cr_assert_str_eq(text("state"), state);
	kit_must("audit coverage", TALK);
	cr_assert_str_eq(text("papers.0.state"), state);
}

Test(audit, all_say_the_same_of_a_paper)
{
	kit_fill(3, "");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	const char *id = kit_selection("P-000001")->items[0]->text;
	check_paper_state("issued");
	kit_must("question suspend", kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"reason\":\"r\"}", id));
	check_paper_state("to replace");
	kit_day = "2026-11-23"; /* the sitting is over: nothing is left to replace */
	check_paper_state("issued");
	kit_write_sitting("P-000001", "asked", "own-questions: [{text: Why the lamp?}]\n");
	kit_must("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}");
	check_paper_state("recorded");
}

Test(audit, all_say_the_same_of_a_withdrawn_paper)
{
	kit_fill(3, "");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	kit_must("paper withdraw", "{\"paper\":\"P-000001\",\"by\":\"operations-1\",\"reason\":\"left on a train\"}");
	check_paper_state("withdrawn");
}

Test(audit, resits_see_a_shared_question)
{
	draw_two();
	behind_its_back("DROP TRIGGER paper_item_kept; DROP INDEX paper_item_never_twice; UPDATE paper_item SET"
		" (item_id, version_id) = (SELECT item_id, version_id FROM paper_item WHERE paper_id = 1 AND position = 1)"
		" WHERE paper_id = 2 AND position = 1");
	kit_must("audit resits", "{}");
	cr_assert_eq(number("pairs.0.lineages"), 1);
	cr_assert_eq(number("pairs.0.versions"), 1);
	cr_assert_eq(number("pairs.0.texts"), 1);
	cr_assert_eq(number("sharing"), 1);
	cr_assert_not(yes("holds"));
}

Test(audit, resits_see_rivals_whichever_side_names_them)
{
	draw_two();
	behind_its_back("DROP TRIGGER item_version_kept; UPDATE item_version SET rivals = (SELECT json_array(i.key) FROM paper_item s"
		" JOIN item i ON i.id = s.item_id WHERE s.paper_id = 1 AND s.position = 2)"
		" WHERE id = (SELECT version_id FROM paper_item WHERE paper_id = 2 AND position = 3)");
	kit_must("audit resits", "{}");
	cr_assert_eq(number("pairs.0.rivals"), 1);
	cr_assert_eq(number("pairs.0.lineages"), 0);
	cr_assert_not(yes("holds"));
}

Test(audit, resits_see_words_that_were_heard_in_both)
{
	draw_two();
	static const char *const days[] = { "2026-12-22", "2026-12-22" };
	for (int p = 1; p <= 2; p++) {
		const char *paper = kb_arena_printf(kit_arena, "P-00000%d", p);
		kit_day = days[p - 1];
		kit_write_sitting(paper, "asked", p == 1
			? "own-questions: [{text: Why the lamp?, theme: T-2, ksbs: [S1]}]\n"
			: "own-questions: [{text: ' WHY the lamp? ', theme: T-2, ksbs: [S1]}]\nshortfall-reason: It came up again.\n");
		kit_must("sitting record", kb_arena_printf(kit_arena, "{\"paper\":\"%s\",\"file\":\"sitting.yaml\"}", paper));
	}
	kit_must("audit resits", "{}");
	cr_assert_eq(number("pairs.0.texts"), 1);
	cr_assert_eq(number("pairs.0.lineages"), 0);
	cr_assert_not(yes("holds"));
}

Test(audit, reviews_count_days_and_find_approvals_by_the_author)
{
	kit_fill(2, NULL);
	kit_day = "2027-11-21";
	kit_must("audit reviews", TALK);
	cr_assert_str_eq(text("items.0.days_left"), "1");
	cr_assert_str_eq(text("items.0.approver"), "reviewer-1");
	cr_assert_eq(number("counts.0.versions"), 6);
	cr_assert_eq(number("own_approval_count"), 0);
	cr_assert_eq(number("batches.0.approvals"), 6);
	kit_day = "2027-12-01";
	kit_must("audit reviews", TALK);
	cr_assert_str_eq(text("items.0.days_left"), "-9");
	cr_assert_eq(number("counts.1.versions"), 6);
	behind_its_back("DROP TRIGGER move_kept; UPDATE move SET made_by = ' Writer-1' WHERE version_id = 2 AND state = 'approved'");
	kit_must("audit reviews", TALK);
	cr_assert_eq(number("own_approval_count"), 1);
	cr_assert_str_eq(text("own_approvals.0.id"), "Q-K1-2");
}

Test(audit, the_log_comes_in_pages)
{
	kit_fill(1, NULL);
	for (int i = 0; i < 100; i++) {
		kit_day = i == 99 ? "2026-11-23" : KIT_DAY;
		kit_must("audit sign", "{}");
	}
	kit_must("audit log", "{}");
	int64_t head = number("head.entries");
	cr_assert_eq(at("entries")->count, 40);
	cr_assert_eq(number("entries.39.number"), head);
	cr_assert(yes("entries.39.other_day"));
	cr_assert_not(yes("entries.38.other_day"));
	cr_assert_not(yes("has_later"));
	cr_assert_eq(number("earlier"), head - 79);
	cr_assert_eq(number("head.signed_entries"), head);
	kit_must("audit log", kb_arena_printf(kit_arena, "{\"from\":%lld}", (long long)head - 79));
	cr_assert_eq(number("entries.0.number"), head - 79);
	cr_assert_eq(number("later"), head - 39);
	kit_must("audit log", "{\"from\":1}");
	cr_assert_not(yes("has_earlier"));
	kit_must("audit log", "{\"operation\":\"bank import\"}");
	cr_assert_eq(at("entries")->count, 1);
	kit_must("audit log", "{\"day\":\"2026-11-23\",\"person\":\"tester\"}");
	cr_assert_eq(at("entries")->count, 1);
	kit_must("audit log", "{\"from\":1000}");
	cr_assert_not(yes("some"));
}

/* What the last entry is about. */
static const char *about(const char *op, const char *arguments)
{
	kit_must(op, arguments);
	kit_must("audit log", "{}");
	const kb_node *entries = kb_node_get(kit_call.result, "entries");
	return kb_node_get_text(entries->items[entries->count - 1], "about", "");
}

Test(audit, the_log_names_what_was_done_to_what)
{
	kit_fill(2, NULL);
	cr_assert_str_eq(about("question suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"read out on a forum\"}"), "Q-K1-1 v1, reason read out on a forum");
	cr_assert_str_eq(about("question retire", "{\"ids\":\"Q-K1-1, Q-K1-2, Q-K2-1, Q-K2-2, Q-S1-1\",\"reason\":\"r\"}"),
		"Q-K1-1 v1, Q-K1-2 v1, Q-K2-1 v1 and 2 more, reason r");
	cr_assert_str_eq(about("user add", "{\"name\":\"tester\",\"role\":\"admin\"}"), "person tester, role admin");
	cr_assert_str_eq(about("question retire", "{\"ids\":\"Q-S1-2\",\"reason\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u00e9 and more\"}"), "Q-S1-2 v1, reason xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ...");
	cr_assert_str_eq(about("question show", "{\"id\":\"Q-S1-2\"}"), "id Q-S1-2");
}

Test(audit, a_pack_of_offers_of_themes)
{
	kit_fill(3, "themes-offered: 2\nreserve: 1\n");
	kit_add_themes(4, NULL);
	kit_must("theme offer", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\",\"sitting\":\"first\"}");
	kit_day = "2026-12-22";
	kit_must("theme offer", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\",\"sitting\":\"resit\"}");
	kit_must("audit pack", "{\"folder\":\"packed\",\"papers\":\"P-000001, P-000002 P-000002\"}");
	cr_assert(yes("holds"));
	cr_assert_eq(at("papers")->count, 2);
	cr_assert(kb_file_exists("packed/P-000002.html") && kb_file_exists("packed/papers/P-000001.record.json.sig"));
	cr_assert(!kb_file_exists("packed/papers/P-000001.json"), "its text was not asked for");
	cr_assert_not_null(strstr(kit_read("packed/resits.html").data, "P-000001 and P-000002: shared 0"));
}
