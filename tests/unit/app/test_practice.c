/* paper draw --practice: the same engine over the same questions, for nobody, and nothing is kept. */
#include "kit.h"

#include <string.h>
#include <sys/stat.h>

TestSuite(practice, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"practice\":true"
#define DEMO "\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"practice\":true"
#define RECORD "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"demo\",\"file\":\"map.csv\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"s\"}"

static void refused(const char *arguments, kb_status status, const char *id, const char *way_out)
{
	cr_assert_eq(kit_run("paper draw", arguments), status, "%s: %s", arguments, kit_err.message);
	cr_assert_str_eq(kit_err.id, id);
	cr_assert_not_null(strstr(kit_err.hint, way_out), "%s", kit_err.hint);
}

static const char *drawn(const char *arguments)
{
	kit_must("paper draw", arguments);
	kb_buf ids = { .arena = kit_arena };
	const kb_node *questions = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < questions->count; i++)
		kb_buf_printf(&ids, "%s ", kb_node_get_text(questions->items[i], "id", ""));
	return kb_buf_string(&ids);
}

Test(practice, nothing_is_kept_but_one_log_entry)
{
	kit_fill(2, NULL);
	int64_t before = kit_log_length();
	kit_must("paper draw", "{" TALK "}");
	cr_assert_eq(kit_log_length(), before + 1);
	cr_assert_str_eq(kit_text("paper"), "PRACTICE");
	cr_assert_not_null(strstr(kit_text("text"), "Assessor's pack PRACTICE"));
	cr_assert_null(kb_node_get(kit_call.result, "candidate"));
	cr_assert_eq(kb_node_get(kit_call.effects, "practice")->count, 3, "the log names the questions that were read");
	kit_must("paper list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "papers")->count, 0);
	cr_assert_eq(kit_run("paper show", "{\"paper\":\"PRACTICE\"}"), KB_NOT_FOUND);
	cr_assert_eq(kit_run("paper verify", "{\"paper\":\"PRACTICE\"}"), KB_NOT_FOUND);
	kit_must("paper verify", "{}");
	/* Two papers side by side are all there is: a question that counted as seen would make one of these fail. */
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_str_eq(kit_text("paper"), "P-000001");
	kit_must("paper draw", "{" TALK "}");
	kit_day = "2027-01-15";
	cr_assert_eq(kit_draw("AP-1", "resit"), KB_OK, "%s", kit_err.message);
	kit_must("paper verify", "{}");
}

Test(practice, a_day_has_one_paper_and_a_seed_brings_it_back)
{
	kit_fill(4, NULL);
	const char *today = drawn("{" TALK "}");
	const char *seed = kb_arena_text(kit_arena, kit_text("seed"));
	cr_assert_str_eq(drawn("{" TALK ",\"what\":\"recording-sheet\"}"), today);
	cr_assert_not_null(strstr(kit_text("text"), "Recording sheet PRACTICE"));
	kit_day = "2026-11-23";
	drawn("{" TALK "}");
	cr_assert_str_neq(kit_text("seed"), seed);
	cr_assert_str_eq(drawn(kb_arena_printf(kit_arena, "{" TALK ",\"seed\":\"%s\"}", seed)), today);
	kit_draw("AP-1", "first");
	cr_assert_str_neq(kit_text("seed"), seed);
}

Test(practice, a_file_is_readable_by_its_owner_alone)
{
	struct stat info;
	kit_fill(1, NULL); /* too few for a live draw, which keeps a re-sit possible */
	kit_must("paper draw", "{" TALK ",\"format\":\"html\",\"output\":\"pack.html\"}");
	cr_assert_null(kb_node_get(kit_call.result, "text"));
	cr_assert_eq(stat("pack.html", &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0600);
	cr_assert_eq(info.st_size, kit_int("bytes"));
	const char *html = kit_read("pack.html").data;
	cr_assert_not_null(strstr(html, "position: fixed"), "the banner");
}

Test(practice, an_example_mapping_is_lent_and_named)
{
	kit_fill_demo();
	kit_write("map.csv", "theme,name,ksb\nEXAMPLE-S,Second,S1\nEXAMPLE-K,First,K1\n");
	refused("{" DEMO "}", KB_REFUSED, "draw.mapping", "--practice --mapping");
	kit_must("paper draw", "{" DEMO ",\"mapping\":\"map.csv\"}");
	cr_assert_str_eq(kit_text("valid_papers"), "3", "as a recorded mapping counts");
	cr_assert_not_null(strstr(kit_text("text"), "is an example and not the plan's"));
	cr_assert_not_null(strstr(kit_text("text"), "map.csv"));
	cr_assert_null(strstr(kit_text("text"), "Descriptors by theme"));
	kit_must("standard show", "{\"standard\":\"" KIT_STANDARD "\"}");
	cr_assert_eq(kb_node_get(kit_call.result, "decisions")->count, 0, "lent, and not recorded");
	/* All that is wrong with the file at once. */
	kit_write("bad.csv", "theme,name,ksb\nT-1,One,K1\nT-1,One,K99\nT-1,One,K1\n");
	cr_assert_eq(kit_run("paper draw", "{" DEMO ",\"mapping\":\"bad.csv\"}"), KB_INVALID);
	cr_assert_eq(kit_call.faults.count, 2);
}

Test(practice, an_example_is_never_recorded)
{
	kit_fill_demo();
	const char *before = kit_state();
	kit_write("map.csv", "theme,name,ksb\nD-1,First,K1\nEXAMPLE-S,Second,S1\n");
	cr_assert_eq(kit_run("standard map", RECORD), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "mapping.example");
	cr_assert_not_null(strstr(kit_err.hint, "published"));
	cr_assert_str_eq(before, kit_state());
}

Test(practice, a_known_mapping_is_the_one_to_practise_with)
{
	kit_fill_demo();
	kit_write("map.csv", "theme,name,ksb\nD-S,Second,S1\nD-K,First,K1\n");
	kit_must("standard map", RECORD);
	refused("{" DEMO ",\"mapping\":\"map.csv\"}", KB_REFUSED, "draw.mapped", "leave --mapping out");
	cr_assert_not_null(strstr(kit_err.message, "recorded"));
	kit_must("paper draw", "{" DEMO "}");
	cr_assert_null(strstr(kit_text("text"), "an example"));
	refused("{" TALK ",\"mapping\":\"map.csv\"}", KB_REFUSED, "draw.mapped", "leave --mapping out");
	cr_assert_not_null(strstr(kit_err.message, "published"));
}

Test(practice, what_belongs_to_a_candidate_and_what_to_practice_stay_apart)
{
	kit_fill(2, NULL);
	refused("{" TALK ",\"candidate\":\"AP-1\"}", KB_USAGE, "argument.without", "leave one of the two out");
	refused("{" TALK ",\"sitting\":\"first\"}", KB_USAGE, "argument.without", "leave one of the two out");
	refused("{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\",\"sitting\":\"first\",\"format\":\"html\"}",
		KB_USAGE, "argument.with", "add --practice");
	refused("{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}", KB_USAGE, "argument.missing", "ksbank help");
	refused("{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"practice\":false}", KB_USAGE, "argument.missing", "ksbank help");
}
