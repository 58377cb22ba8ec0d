#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/decision.h"
#include "model/item.h"
#include "text/json.h"
#include "text/yaml.h"

enum { MEMORY = 64 * 1024 * 1024 };

static kb_arena *arena;
static kb_err err;
static kb_faults faults;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
	faults = (kb_faults) { .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(item, .init = set_up, .fini = tear_down);

static kb_node *read_tree(const char *name, const char *text, size_t length)
{
	kb_node *root = NULL;
	faults = (kb_faults) { .arena = arena };
	cr_assert_eq(kb_yaml_read(arena, name, text, length, &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert_not_null(root, "%s is no tree: %s", name, faults.count ? faults.list[0].message : "");
	return root;
}

static const char *shipped_path(const char *name)
{
	const char *top = getenv("KB_SOURCE");
	return top ? kb_arena_printf(arena, "%s/banks/st0648-1.0/%s", top, name)
			   : kb_arena_printf(arena, "%s/../../../banks/st0648-1.0/%s", KB_TEST_DATA, name);
}

static kb_node *read_path(const char *path)
{
	kb_bytes bytes;
	cr_assert_eq(kb_file_read(arena, path, KB_YAML_MAX_BYTES, &bytes, &err), KB_OK, "%s", err.message);
	return read_tree(path, bytes.data, bytes.length);
}

static kb_standard *standard_of(const char *path)
{
	kb_standard *standard = NULL;
	kb_node *root = read_path(path);
	cr_assert_eq(kb_standard_read(arena, root, &faults, &standard, &err), KB_OK, "%s", err.message);
	return standard;
}

static kb_standard *shipped_standard(void)
{
	return standard_of(shipped_path("standard.yaml"));
}

static const char *const shipped[] = {
	"professional-discussion/PD-1.yaml",
	"professional-discussion/PD-2.yaml",
	"professional-discussion/PD-3.yaml",
	"professional-discussion/PD-4.yaml",
	"case-study-presentation/case-study-themes.yaml",
};

static void check_items(const kb_standard *standard, const kb_method *method, const kb_list *list, const kb_node *nodes)
{
	const kb_item *items = list->list;
	for (size_t i = 0; i < list->count; i++) {
		kb_item again;
		kb_item_check(&faults, standard, method, &items[i]);
		kb_node *written = kb_item_write(arena, &items[i]);
		cr_expect(kb_node_equal(nodes->items[i], written), "%s is written otherwise", items[i].id.text);
		cr_assert_eq(kb_item_read(arena, written, items[i].is_theme, &again, &err), KB_OK, "%s: %s", items[i].id.text,
			err.message);
		cr_expect_eq(again.is_theme, items[i].is_theme);
		cr_expect(kb_node_equal(written, kb_item_write(arena, &again)), "%s", items[i].id.text);
	}
}

Test(item, the_shipped_ones_have_no_faults_and_are_written_as_they_were_read)
{
	const kb_standard *standard = shipped_standard();
	size_t questions = 0, themes = 0;
	for (size_t f = 0; f < KB_COUNT(shipped); f++) {
		kb_item_file file;
		kb_node *root = read_path(shipped_path(shipped[f]));
		cr_assert_eq(kb_item_file_read(arena, root, &faults, &file, &err), KB_OK, "%s", err.message);
		const kb_method *method = kb_standard_method(standard, file.method.text);
		cr_assert_not_null(method);
		check_items(standard, method, &file.questions, kb_node_get(root, "questions"));
		check_items(standard, method, &file.themes, kb_node_get(root, "case-study-themes"));
		cr_assert_eq(faults.count, 0, "%s:%u:%u: %s (%zu in all)", shipped[f], faults.list[0].mark.line,
			faults.list[0].mark.column, faults.list[0].message, faults.count);
		questions += file.questions.count;
		themes += file.themes.count;
	}
	cr_expect_geq(questions, 100);
	cr_expect_geq(themes, 4);
}

/* One of everything that an item may have; each row below breaks it in one place. */
static const char sound[] =
	"format: ksbank-items/1\n"
	"standard: ST0648/1.0\n"
	"method: professional-discussion\n"
	"questions:\n"
	"  - id: Q-1\n"
	"    theme: PD-4\n"
	"    ksbs: [S12, S18]\n"
	"    kind: scenario\n"
	"    minutes: 7\n"
	"    demand: typical\n"
	"    stem: What would you do?\n"
	"    prompts: [Why?]\n"
	"    pass: {descriptors: [PD-4.P1, PD-4.P2], shows: This.}\n"
	"    distinction: {descriptors: [PD-4.D1], shows: That.}\n"
	"    follows: {S18: plan}\n"
	"    rivals: [Q-2, Q-9]\n"
	"    author: writer-1\n"
	"    accessibility: None.\n"
	"    answers: {question.stem-short: It is enough.}\n"
	"  - {id: Q-2, theme: PD-1, ksbs: [K1], kind: knowledge, minutes: 3, stem: What?, prompts: [Why?], author: a}\n";

static const char sound_themes[] = "format: ksbank-items/1\n"
								   "standard: ST0648/1.0\n"
								   "method: case-study-presentation\n"
								   "case-study-themes:\n"
								   "  - id: T-1\n"
								   "    title: A theme\n"
								   "    ksbs: [K4, S1]\n"
								   "    brief: Write.\n"
								   "    guidance: [Begin early.]\n"
								   "    where: {K4: In the plan.}\n"
								   "    author: writer-1\n";

static const char *replaced(const char *text, const char *old, const char *new)
{
	const char *place = strstr(text, old);
	cr_assert_not_null(place, "%s is not there", old);
	return kb_arena_printf(arena, "%.*s%s%s", (int)(place - text), text, new, place + strlen(old));
}

static void check_text(const kb_standard *standard, const char *text)
{
	kb_item_file file;
	kb_node *root = read_tree("items.yaml", text, strlen(text));
	cr_assert_eq(kb_item_file_read(arena, root, &faults, &file, &err), KB_OK, "%s", err.message);
	const kb_method *method =
		kb_standard_method(standard, file.method.text ? file.method.text : "professional-discussion");
	const kb_item *items = file.questions.list;
	for (size_t i = 0; i < file.questions.count; i++) kb_item_check(&faults, standard, method, &items[i]);
	items = file.themes.list;
	for (size_t i = 0; i < file.themes.count; i++) kb_item_check(&faults, standard, method, &items[i]);
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK, "%s", err.message);
}

static const struct broken {
	const char *old, *new, *id;
	uint32_t line, column;
	const char *nearest, *expected;
} broken[] = {
	{ "ksbank-items/1", "ksbank-items/2", "item.format", 1, 9, NULL, "ksbank-items/1" },
	{ "questions:\n", "question:\n", "record.unknown-key", 4, 1, "questions", "questions" },
	{ "theme: PD-4", "theme: PD-44", "item.theme", 6, 12, "PD-4", "PD-1" },
	{ "theme: PD-4", "theme:", "item.theme-missing", 5, 5, NULL, "PD-1, PD-2, PD-3 or PD-4" },
	{ "descriptors: [PD-4.P1, PD-4.P2], ", "", "item.descriptors-missing", 13, 11, NULL, "PD-4.P1" },
	{ "descriptors: [PD-4.D1], ", "", "item.descriptors-missing", 14, 18, NULL, "PD-4.D1" },
	{ "[S12, S18]", "[S12, S18, S99]", "item.tag-unknown", 7, 22, NULL, "S18" },
	{ "[S12, S18]", "[S12, S18, S8]", "item.tag-unmapped", 7, 22, NULL, "S12" },
	{ "[S12, S18]", "[S12, S18, K1]", "item.tag-theme", 7, 22, NULL, "K13" },
	{ "[S12, S18]", "[S12, S18, S12]", "item.tag-twice", 7, 22, NULL, "once" },
	{ "[S12, S18]", "[S12, S18, S16, S17, K13]", "record.count", 7, 11, NULL, "1 to 4" },
	{ "[S12, S18]", "[]", "record.count", 7, 11, NULL, "1 to 4" },
	{ "kind: scenario", "kind: scenari", "record.word", 8, 11, "scenario", "experience" },
	{ "demand: typical", "categories: [a, b, a]", "item.category-twice", 10, 24, NULL, "once" },
	{ "minutes: 7", "minutes: 0", "record.range", 9, 14, NULL, "1 to 60" },
	{ "minutes: 7", "minutes: 61", "record.range", 9, 14, NULL, "1 to 60" },
	{ "demand: typical", "demand: high", "record.word", 10, 13, NULL, "higher" },
	{ "prompts: [Why?]", "prompts: []", "record.count", 12, 14, NULL, "1 to 8" },
	{ "PD-4.P2", "PD-4.P9", "item.descriptor-unknown", 13, 35, NULL, "PD-4.P1" },
	{ "PD-4.P2", "PD-4.D1", "item.descriptor-grade", 13, 35, NULL, "PD-4.P1" },
	{ "PD-4.P2", "PD-1.P1", "item.descriptor-theme", 13, 35, NULL, "PD-4.P1" },
	{ "PD-4.P2", "PD-4.P1", "item.descriptor-twice", 13, 35, NULL, "once" },
	{ "[PD-4.D1]", "[PD-4.P1]", "item.descriptor-grade", 14, 33, NULL, "PD-4.D1" },
	{ "{S18: plan}", "{K15: plan}", "item.follows-untagged", 15, 15, NULL, "S12" },
	{ "{S18: plan}", "{S12: plan}", "item.follows-undisputed", 15, 15, NULL, "disputed" },
	{ "{S18: plan}", "{S18: plam}", "item.follows-source", 15, 20, "plan", "page" },
	{ "{S18: plan}", "{S18: \"plan:1\"}", "record.id", 15, 20, NULL, "letters" },
	{ "[Q-2, Q-9]", "[Q-2, Q-1]", "item.rival-of-itself", 16, 19, NULL, "another" },
	{ "[Q-2, Q-9]", "[Q-2, Q-2]", "item.rival-twice", 16, 19, NULL, "once" },
	{ "id: Q-2", "id: Q-1", "item.id-twice", 20, 10, NULL, "own" },
	{ "id: Q-1", "id: Q 1", "record.id", 5, 9, NULL, "letters" },
	{ "    author: writer-1\n", "", "record.missing", 5, 5, NULL, NULL },
};

static void expect_fault(const struct broken *row)
{
	const kb_fault *fault = NULL;
	for (size_t i = 0; i < faults.count && !fault; i++)
		if (kb_str_equal(faults.list[i].id, row->id)) fault = &faults.list[i];
	cr_assert_not_null(fault, "%s: no %s but %s", row->new, row->id, faults.count ? faults.list[0].message : "nothing");
	cr_expect_eq(fault->mark.line, row->line, "%s: line %u", row->new, fault->mark.line);
	cr_expect_eq(fault->mark.column, row->column, "%s: column %u", row->new, fault->mark.column);
	if (row->nearest) cr_expect(kb_str_equal(fault->nearest, row->nearest), "%s: %s", row->new, fault->nearest);
	if (row->expected)
		cr_expect(fault->expected && strstr(fault->expected, row->expected), "%s: %s", row->new, fault->expected);
}

Test(item, each_fault_is_found_at_its_place)
{
	const kb_standard *standard = shipped_standard();
	check_text(standard, sound);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	for (size_t i = 0; i < KB_COUNT(broken); i++) {
		check_text(standard, replaced(sound, broken[i].old, broken[i].new));
		expect_fault(&broken[i]);
	}
}

static const struct broken broken_themes[] = {
	{ "{K4:", "{K5:", "item.where", 10, 13, "K4", "S1" },
	{ "[K4, S1]", "[K4, K99]", "item.tag-unknown", 7, 16, NULL, NULL },
	{ "[K4, S1]", "[K4, K5]", "item.tag-unmapped", 7, 16, "K4", NULL },
	{ "    title: A theme\n", "", "record.missing", 5, 5, NULL, NULL },
	{ "    brief: Write.\n", "    stem: Write.\n", "record.unknown-key", 8, 5, NULL, "brief" },
	{ "case-study-themes:\n", "questions: []\nx:\n", "record.unknown-key", 5, 1, NULL, NULL },
};

Test(item, each_fault_of_a_case_study_theme_is_found_at_its_place)
{
	const kb_standard *standard = shipped_standard();
	check_text(standard, sound_themes);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	for (size_t i = 0; i < KB_COUNT(broken_themes); i++) {
		check_text(standard, replaced(sound_themes, broken_themes[i].old, broken_themes[i].new));
		expect_fault(&broken_themes[i]);
	}
}

/* A method of which no source gives mapping, grading themes or descriptors. */
static const char sound_unmapped[] =
	"format: ksbank-items/1\n"
	"standard: ST0494/1.1\n"
	"method: professional-discussion\n"
	"questions:\n"
	"  - id: Q-1\n"
	"    ksbs: [K1, S2, B1]\n"
	"    kind: scenario\n"
	"    minutes: 5\n"
	"    stem: What would you do?\n"
	"    prompts: [Why?]\n"
	"    pass: {shows: This.}\n"
	"    distinction: {shows: That.}\n"
	"    author: writer-1\n";

static const struct broken broken_unmapped[] = {
	{ "    kind:", "    theme: T-1\n    kind:", "item.theme-unpublished", 7, 12, NULL, "mapping" },
	{ "pass: {shows", "pass: {descriptors: [T-1.P1], shows", "item.descriptor-unpublished", 11, 26, NULL, "shows" },
	{ "{shows: That.}", "{descriptors: [T-1.D1], shows: That.}", "item.descriptor-unpublished", 12, 33, NULL, "shows" },
	{ "pass: {shows", "pass: {descriptors: [], shows", "record.count", 11, 25, NULL, NULL },
	{ "[K1, S2, B1]", "[K1, S2, B91]", "item.tag-unknown", 6, 20, "B1", "K1, K2" },
	{ "[K1, S2, B1]", "[K1, S2, K1]", "item.tag-twice", 6, 20, NULL, NULL },
};

/* As published, and where somebody decided a mapping: a question never leans on a decision. */
static void check_unmapped(const kb_standard *standard)
{
	check_text(standard, sound_unmapped);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	for (size_t i = 0; i < KB_COUNT(broken_unmapped); i++) {
		check_text(standard, replaced(sound_unmapped, broken_unmapped[i].old, broken_unmapped[i].new));
		expect_fault(&broken_unmapped[i]);
	}
}

Test(item, where_no_source_gives_themes_a_question_names_none)
{
	kb_standard *standard = standard_of(shipped_path("../st0494-1.1/standard.yaml"));
	check_unmapped(standard);
	const char *choice = "[{theme: T-1, name: One, ksbs: [K2]}]";
	kb_decision mapping = { "mapping professional-discussion", read_tree("map", choice, strlen(choice)), "Head",
		"2026-11-22", "r", "s" };
	cr_assert_eq(kb_decision_apply(arena, standard, &mapping, 1, &err), KB_OK);
	check_unmapped(standard);
}

Test(item, a_file_holds_something)
{
	const char *text = "format: ksbank-items/1\nstandard: ST0648/1.0\nmethod: professional-discussion\n";
	kb_item_file file;
	kb_node *root = read_tree("items.yaml", text, strlen(text));
	cr_assert_eq(kb_item_file_read(arena, root, &faults, &file, &err), KB_OK);
	cr_assert_eq(faults.count, 1);
	cr_expect_str_eq(faults.list[0].id, "item.none");
	root = read_tree("items.yaml", "- a\n", 4);
	cr_assert_eq(kb_item_file_read(arena, root, &faults, &file, &err), KB_OK);
	cr_expect_eq(faults.count, 1, "one fault is enough for a list");
}

Test(item, what_the_store_holds_is_read_strictly)
{
	kb_item item;
	kb_node *node;
	const char *text = "{\"id\": \"Q-1\", \"theme\": \"PD-1\"}";
	cr_assert_eq(kb_json_read(arena, "store", text, strlen(text), &node, &err), KB_OK);
	cr_expect_eq(kb_item_read(arena, node, false, &item, &err), KB_INVALID);
	cr_expect_str_eq(err.id, "record.missing");
}
