#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/standard.h"
#include "text/yaml.h"

enum { MEMORY = 64 * 1024 * 1024 };

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
	cr_assert_not_null(arena);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(standard, .init = set_up, .fini = tear_down);

static kb_standard *read_text(const char *name, const char *text, size_t length, kb_faults *faults, kb_node **root)
{
	kb_standard *standard = NULL;
	*faults = (kb_faults) { .arena = arena };
	cr_assert_eq(kb_yaml_read(arena, name, text, length, faults, root, &err), KB_OK, "%s", err.message);
	cr_assert_not_null(*root, "%s is no tree: %s", name, faults->count ? faults->list[0].message : "");
	cr_assert_eq(kb_standard_read(arena, *root, faults, &standard, &err), KB_OK, "%s", err.message);
	return standard;
}

static kb_standard *read_shipped(const char *name, kb_node **root)
{
	const char *top = getenv("KB_SOURCE");
	const char *path = top ? kb_arena_printf(arena, "%s/banks/%s/standard.yaml", top, name)
	                       : kb_arena_printf(arena, "%s/../../../banks/%s/standard.yaml", KB_TEST_DATA, name);
	kb_bytes bytes;
	cr_assert_eq(kb_file_read(arena, path, KB_YAML_MAX_BYTES, &bytes, &err), KB_OK, "%s", err.message);
	kb_faults faults;
	kb_standard *standard = read_text(name, bytes.data, bytes.length, &faults, root);
	cr_assert_eq(faults.count, 0, "%s:%u:%u: %s (%zu in all)", name, faults.list[0].mark.line,
		faults.list[0].mark.column, faults.list[0].message, faults.count);
	return standard;
}

static const struct shipped {
	const char *name, *key;
	size_t ksbs, disputed, drift, duties, methods, pass, distinction, grading, checklist;
} shipped[] = {
	{ "st0648-1.0", "ST0648/1.0", 43, 4, 5, 14, 2, 35, 15, 9, 13 },
	{ "st0494-1.1", "ST0494/1.1", 44, 0, 0, 10, 2, 0, 0, 0, 0 },
	{ "st0494-1.0", "ST0494/1.0", 34, 0, 0, 10, 0, 0, 0, 0, 0 },
};

Test(standard, the_shipped_ones_hold_what_their_sources_do)
{
	for (size_t s = 0; s < KB_COUNT(shipped); s++) {
		kb_node *root;
		const kb_standard *standard = read_shipped(shipped[s].name, &root);
		const kb_ksb *ksbs = standard->ksbs.list;
		const kb_method *methods = standard->methods.list;
		size_t disputed = 0, drift = 0, pass = 0, distinction = 0, checklist = 0;
		for (size_t i = 0; i < standard->ksbs.count; i++) {
			disputed += kb_ksb_is_disputed(&ksbs[i]);
			drift += ksbs[i].drift.count;
			cr_expect((ksbs[i].text.text != NULL) != kb_ksb_is_disputed(&ksbs[i]), "%s", ksbs[i].code.text);
		}
		for (size_t m = 0; m < standard->methods.count; m++) {
			const kb_theme *themes = methods[m].themes.list;
			checklist += methods[m].checklist.count;
			for (size_t t = 0; t < methods[m].themes.count; t++) {
				pass += themes[t].pass.count;
				distinction += themes[t].distinction.count;
			}
		}
		cr_expect_str_eq(standard->key.text, shipped[s].key);
		cr_expect_not_null(strstr(standard->attribution.text, "Open Government Licence v3.0"));
		cr_expect_eq(standard->ksbs.count, shipped[s].ksbs, "%s: %zu KSBs", shipped[s].name, standard->ksbs.count);
		cr_expect_eq(disputed, shipped[s].disputed, "%s: %zu disputed", shipped[s].name, disputed);
		cr_expect_eq(drift, shipped[s].drift, "%s: %zu with drift", shipped[s].name, drift);
		cr_expect_eq(
			standard->duties.count, shipped[s].duties, "%s: %zu duties", shipped[s].name, standard->duties.count);
		cr_expect_eq(standard->methods.count, shipped[s].methods);
		cr_expect_eq(pass, shipped[s].pass, "%s: %zu pass descriptors", shipped[s].name, pass);
		cr_expect_eq(
			distinction, shipped[s].distinction, "%s: %zu distinction descriptors", shipped[s].name, distinction);
		cr_expect_eq(standard->grading.count, shipped[s].grading);
		cr_expect_eq(checklist, shipped[s].checklist);
		cr_expect_gt(standard->missing.count, 0, "%s: what the sources leave open is named", shipped[s].name);
	}
}

Test(standard, what_is_written_is_read_as_the_same)
{
	for (size_t s = 0; s < KB_COUNT(shipped); s++) {
		kb_node *root, *again;
		const kb_standard *standard = read_shipped(shipped[s].name, &root);
		kb_node *written = kb_standard_write(arena, standard);
		cr_assert(kb_node_equal(root, written), "%s: the tree that is written differs", shipped[s].name);
		kb_buf out = { .arena = arena };
		cr_assert_eq(kb_yaml_write(arena, written, NULL, &out, &err), KB_OK, "%s", err.message);
		kb_faults faults;
		const kb_standard *second = read_text("written", kb_buf_string(&out), out.length, &faults, &again);
		cr_assert_eq(faults.count, 0, "%s", faults.count ? faults.list[0].message : "");
		cr_assert(kb_node_equal(written, kb_standard_write(arena, second)), "%s", shipped[s].name);
	}
}

/* A standard that has one of everything; each row below breaks it in one place. */
static const char sound[] =
	"format: ksbank-standard/1\n"
	"key: ST9999/1.0\n"
	"title: Lighthouse keeper\n"
	"level: 3\n"
	"attribution: Made up for this test.\n"
	"version-source: page:2\n"
	"sources:\n"
	"  plan: {title: The plan, document: \"901\"}\n"
	"  page: {title: The page, document: \"902\", date: \"2021-11-30\"}\n"
	"ksbs:\n"
	"  K1: {text: How lamps work., source: plan:10, same: [page:30]}\n"
	"  K2:\n"
	"    disputed:\n"
	"      - source: plan:11\n"
	"        text: How fog forms.\n"
	"      - source: page:31\n"
	"        text: How horns sound.\n"
	"  S1: {text: Light the lamp., source: plan:12}\n"
	"  B1: {text: Stays awake., source: plan:13}\n"
	"duties:\n"
	"  D1: {title: Keep the light, ksbs: [K1, S1, K99], source: page:20}\n"
	"  D2: {title: Keep the log, mapped: false, source: page:21}\n"
	"methods:\n"
	"  interview:\n"
	"    name: Interview\n"
	"    source: plan:40\n"
	"    grades: [Fail, Pass]\n"
	"    minutes:\n"
	"      whole: {kind: stated, value: 30, wording: It lasts 30 minutes, source: plan:41}\n"
	"    least-questions: 3\n"
	"    ksbs: [K1, K2, S1]\n"
	"    mapping-source: plan:42\n"
	"    themes:\n"
	"      IN-1: {name: Light, ksbs: [K1, S1], pass: [Explains lamps., Lights one.], distinction: [Betters one.],\n"
	"             source: plan:43}\n"
	"      IN-2: {name: Fog, ksbs: [K2], source: plan:44}\n"
	"    rules:\n"
	"      own-questions: {value: required, wording: must combine, source: plan:45}\n"
	"  vigil:\n"
	"    name: Vigil\n"
	"    source: plan:50\n"
	"    grades: [Fail, Pass]\n"
	"    ksbs: [B1]\n"
	"    mapping-source: plan:42\n"
	"    checklist:\n"
	"      a: {text: stay with the apprentice, source: plan:51}\n"
	"rules:\n"
	"  resit-cap: {value: Pass, wording: capped, source: plan:60}\n"
	"  review-interval-months: {value: \"12\", wording: yearly, source: plan:61}\n"
	"  lamp-oil: {wording: oil is trimmed, source: plan:62}\n"
	"grades: [Fail, Pass]\n"
	"grading:\n"
	"  - grades: {interview: Pass, vigil: Pass}\n"
	"    overall: Pass\n";

Test(standard, a_sound_one_is_read_without_a_fault)
{
	kb_faults faults;
	kb_node *root;
	const kb_standard *standard = read_text("sound", sound, strlen(sound), &faults, &root);
	cr_assert_eq(
		faults.count, 0, "%u:%u: %s", faults.list[0].mark.line, faults.list[0].mark.column, faults.list[0].message);
	const kb_method *method = kb_standard_method(standard, "interview"), *vigil = kb_standard_method(standard, "vigil");
	cr_assert(method && vigil);
	cr_expect_null(kb_standard_method(standard, "INTERVIEW"));
	cr_expect_null(kb_standard_method(standard, NULL));
	cr_expect_str_eq(kb_standard_ksb(standard, "S1")->text.text, "Light the lamp.");
	cr_expect_null(kb_standard_ksb(standard, "S2"));
	cr_expect_eq(kb_method_theme(method, "IN-2")->ksbs.count, 1);
	cr_expect_str_eq(kb_rule_find(&standard->rules, "resit-cap")->value.text, "Pass");
	cr_expect_null(kb_rule_find(&standard->rules, "resit"));
	const kb_ksb *disputed = kb_standard_ksb(standard, "K2");
	cr_assert(kb_ksb_is_disputed(disputed));
	cr_expect_str_eq(kb_ksb_wording(disputed, "page")->text.text, "How horns sound.");
	cr_expect_null(kb_ksb_wording(disputed, "pag"));
	cr_expect_null(kb_ksb_wording(kb_standard_ksb(standard, "K1"), "plan"));
	cr_expect_eq(kb_standard_checklist(standard, method), vigil, "a method without a checklist takes the other's");
	cr_expect_eq(kb_standard_checklist(standard, vigil), vigil);
}

Test(standard, descriptors_are_named_by_their_order)
{
	static const struct {
		const char *id, *text;
	} rows[] = {
		{ "IN-1.P1", "Explains lamps." },
		{ "IN-1.P2", "Lights one." },
		{ "IN-1.D1", "Betters one." },
		{ "IN-1.P3", NULL },
		{ "IN-1.D2", NULL },
		{ "IN-1.P0", NULL },
		{ "IN-1.P01", NULL },
		{ "IN-1.P+1", NULL },
		{ "IN-1.P1x", NULL },
		{ "IN-1.P", NULL },
		{ "IN-1.X1", NULL },
		{ "IN-1", NULL },
		{ "IN-11.P1", NULL },
		{ "IN-2.P1", NULL },
		{ "", NULL },
	};
	kb_faults faults;
	kb_node *root;
	const kb_standard *standard = read_text("sound", sound, strlen(sound), &faults, &root);
	const kb_method *method = kb_standard_method(standard, "interview");
	cr_expect_null(kb_method_descriptor(method, NULL));
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		const char *text = kb_method_descriptor(method, rows[i].id);
		cr_expect(kb_str_equal(text, rows[i].text), "%s gives %s", rows[i].id, text ? text : "nothing");
	}
}

/* The first `from` becomes `to`; the fault stands where `at` first stands behind that place. */
static const struct breakage {
	const char *from, *to, *id, *at, *nearest;
} breakages[] = {
	{ "ksbank-standard/1", "ksbank-standard/2", "standard.format", "ksbank-standard/2", NULL },
	{ "ST9999/1.0", "ST9999", "standard.key", "ST9999", NULL },
	{ "ST9999/1.0", "ST9999/1/0", "standard.key", "ST9999/1/0", NULL },
	{ "version-source: page:2", "version-source: page 2", "standard.source-form", "page 2", NULL },
	{ "version-source: page:2", "version-source: page:0", "standard.source-form", "page:0", NULL },
	{ "version-source: page:2", "version-source: page:2a", "standard.source-form", "page:2a", NULL },
	{ "source: plan:10", "source: plam:10", "standard.source-unknown", "plam:10", "plan" },
	{ "[page:30]", "[pages:30]", "standard.source-unknown", "pages:30", "page" },
	{ "source: page:31", "source: pge:31", "standard.source-unknown", "pge:31", "page" },
	{ "source: plan:41", "source: pan:41", "standard.source-unknown", "pan:41", "plan" },
	{ "source: plan:43", "source: pla:43", "standard.source-unknown", "pla:43", "plan" },
	{ "source: plan:51", "source: pln:51", "standard.source-unknown", "pln:51", "plan" },
	{ "source: plan:60", "source: plant:60", "standard.source-unknown", "plant:60", "plan" },
	{ "  B1: {", "  Q1: {text: Hums., source: plan:9}\n  B1: {", "standard.code", "Q1", NULL },
	{ "  B1: {", "  B01: {text: Hums., source: plan:9}\n  B1: {", "standard.code", "B01", NULL },
	{ "  K2:\n", "  K2:\n    text: How fog forms.\n    source: plan:11\n", "standard.text-and-dispute",
		"How fog forms.", NULL },
	{ "S1: {text: Light the lamp., source: plan:12}", "S1: {source: plan:12}", "standard.no-text", "S1", NULL },
	{ "S1: {text: Light the lamp., source: plan:12}", "S1: {text: Light it.}", "standard.no-source", "S1", NULL },
	{ "      - source: page:31\n        text: How horns sound.\n", "", "standard.one-wording", NULL, NULL },
	{ "text: How horns sound.", "text: How fog forms.", "standard.same-wording", NULL, NULL },
	{ "[K1, S1, K99]", "[K1, S1, K1]", "standard.twice", "K1]", NULL },
	{ "mapped: false", "mapped: false, ksbs: [K1]", "standard.mapped", NULL, NULL },
	{ "ksbs: [K1, K2, S1]", "ksbs: [K1, K2, S1, S11]", "standard.ksb-unknown", "S11", "S1" },
	{ "ksbs: [K1, S1], pass", "ksbs: [K1, S1, K22], pass", "standard.ksb-unknown", "K22", "K2" },
	{ "ksbs: [K1, S1], pass", "ksbs: [K1, S1, B1], pass", "standard.theme-unmapped", "B1", NULL },
	{ "ksbs: [K1, S1], pass", "ksbs: [K1, K1, S1], pass", "standard.twice", "K1, S1", NULL },
	{ "    mapping-source: plan:42\n    themes", "    themes", "standard.mapping-source", NULL, NULL },
	{ "    checklist:\n", "    themes: {IN-2: {name: Dark, ksbs: [B1], source: plan:52}}\n    checklist:\n",
		"standard.theme-twice", "IN-2", NULL },
	{ "value: required", "value: require", "standard.rule-value", "require", "required" },
	{ "value: \"12\"", "value: yearly", "standard.rule-value", "yearly", NULL },
	{ "value: \"12\"", "value: \"0\"", "standard.rule-value", NULL, NULL },
	{ "value: Pass", "value: Passs", "standard.grade-unknown", "Passs", "Pass" },
	{ "vigil: Pass", "vigil: Pas", "standard.grade-unknown", "Pas", "Pass" },
	{ "{interview: Pass", "{interveiw: Pass", "standard.method-unknown", "interveiw", "interview" },
	{ "overall: Pass", "overall: Past", "standard.grade-unknown", "Past", "Pass" },
	{ "grades: [Fail, Pass]\n    minutes", "grades: [Fail, Pass, Pass]\n    minutes", "standard.twice", "Pass]", NULL },
};

static void place_of(const char *text, const char *at, unsigned *line, unsigned *column)
{
	*line = *column = 1;
	for (const char *c = text; c < at; c++) {
		*column = *c == '\n' ? 1 : *column + 1;
		*line += *c == '\n';
	}
}

static const kb_fault *find_fault(const kb_faults *faults, const char *id)
{
	for (size_t i = 0; i < faults->count; i++)
		if (kb_str_equal(faults->list[i].id, id)) return &faults->list[i];
	return NULL;
}

Test(standard, each_fault_has_its_place_and_the_nearest_word)
{
	for (size_t i = 0; i < KB_COUNT(breakages); i++) {
		const struct breakage *row = &breakages[i];
		const char *from = strstr(sound, row->from);
		cr_assert_not_null(from, "row %zu: \"%s\" is not there", i, row->from);
		size_t before = (size_t)(from - sound);
		char *text = kb_arena_printf(arena, "%.*s%s%s", (int)before, sound, row->to, from + strlen(row->from));
		kb_faults faults;
		kb_node *root;
		read_text("broken", text, strlen(text), &faults, &root);
		const kb_fault *fault = find_fault(&faults, row->id);
		cr_assert_not_null(
			fault, "row %zu: no %s but %s", i, row->id, faults.count ? faults.list[0].message : "nothing");
		cr_expect_gt(fault->mark.line, 0, "row %zu: a place", i);
		cr_expect_eq(faults.count, 1, "row %zu: %zu faults, one of them: %s", i, faults.count,
			faults.list[faults.count - 1].message);
		cr_expect(kb_str_equal(fault->nearest, row->nearest), "row %zu: nearest %s", i,
			fault->nearest ? fault->nearest : "none");
		if (!row->at) continue;
		unsigned line, column;
		const char *at = strstr(text + before, row->at);
		cr_assert_not_null(at, "row %zu", i);
		place_of(text, at, &line, &column);
		cr_expect(fault->mark.line == line && fault->mark.column == column, "row %zu: %s at %u:%u, not at %u:%u", i,
			row->id, fault->mark.line, fault->mark.column, line, column);
	}
}

Test(standard, all_faults_are_found_at_once)
{
	char *text = kb_arena_text(arena, sound);
	memcpy(strstr(text, "plan:10"), "plam:10", 7);
	memcpy(strstr(text, "stated"), "statid", 6);
	memcpy(strstr(text, "value: Pass"), "value: Pess", 11);
	memcpy(strstr(text, "level: 3"), "level: 9", 8);
	kb_faults faults;
	kb_node *root;
	read_text("broken", text, strlen(text), &faults, &root);
	cr_expect_eq(faults.count, 4, "%zu faults", faults.count);
	cr_expect_eq(kb_faults_check(&faults, &err), KB_INVALID);
}

/* Whatever a list of the file is replaced with, reading ends in faults and not in a crash. */
Test(standard, no_shape_makes_it_stumble)
{
	static const char *const shapes[] = { "null", "[]", "{}", "7", "text", "[null]", "[7, {}]", "{x: null}", "{x: {}}",
		"{a b: {ksbs: [K9, K9], mapped: false, disputed: [{}]}}", "{x: 7}", "[[K1]]", "true" };
	static const char *const keys[] = { "format", "key", "title", "level", "attribution", "version-source", "sources",
		"ksbs", "duties", "methods", "rules", "gateway", "facts", "grades", "grading", "missing" };
	for (size_t k = 0; k < KB_COUNT(keys); k++)
		for (size_t s = 0; s < KB_COUNT(shapes); s++) {
			kb_faults faults = { .arena = arena };
			kb_node *root = NULL, *other = NULL;
			kb_standard *standard = NULL;
			cr_assert_eq(kb_yaml_read(arena, "sound", sound, strlen(sound), &faults, &root, &err), KB_OK);
			cr_assert_eq(kb_yaml_read(arena, "shape", shapes[s], strlen(shapes[s]), &faults, &other, &err), KB_OK);
			kb_node_set(arena, root, keys[k], other);
			cr_expect_eq(kb_standard_read(arena, root, &faults, &standard, &err), KB_OK, "%s: %s", keys[k], shapes[s]);
		}
}

Test(standard, the_methods_inner_shapes_neither)
{
	static const char *const shapes[] = { "null", "[]", "{}", "7", "text", "[null]", "{x: null}",
		"{x: {ksbs: [K1, 7]}}", "{a b: {ksbs: [K9, B1, B1]}}" };
	static const char *const keys[] = { "name", "source", "grades", "minutes", "least-questions", "ksbs",
		"mapping-source", "themes", "rules", "checklist" };
	for (size_t k = 0; k < KB_COUNT(keys); k++)
		for (size_t s = 0; s < KB_COUNT(shapes); s++) {
			kb_faults faults = { .arena = arena };
			kb_node *root = NULL, *other = NULL;
			kb_standard *standard = NULL;
			cr_assert_eq(kb_yaml_read(arena, "sound", sound, strlen(sound), &faults, &root, &err), KB_OK);
			cr_assert_eq(kb_yaml_read(arena, "shape", shapes[s], strlen(shapes[s]), &faults, &other, &err), KB_OK);
			kb_node_set(arena, kb_node_get(kb_node_get(root, "methods"), "interview"), keys[k], other);
			cr_expect_eq(kb_standard_read(arena, root, &faults, &standard, &err), KB_OK, "%s: %s", keys[k], shapes[s]);
		}
}

Test(standard, lack_of_memory_is_an_error_and_nothing_worse)
{
	kb_faults faults = { .arena = arena };
	kb_node *root = NULL;
	cr_assert_eq(kb_yaml_read(arena, "sound", sound, strlen(sound), &faults, &root, &err), KB_OK);
	size_t refused = 0;
	for (size_t nth = 1; nth < 100000; nth++) {
		kb_arena *small = kb_arena_new(MEMORY);
		kb_faults none = { .arena = small };
		kb_standard *standard = NULL;
		kb_arena_fail_at(small, nth);
		kb_status status = kb_standard_read(small, root, &none, &standard, &err);
		kb_arena_free(small);
		if (status == KB_OK) break;
		refused++;
	}
	cr_expect_gt(refused, 10, "only %zu allocations were made to fail", refused);
}

Test(standard, a_mistyped_rule_has_a_likely_meaning)
{
	cr_expect_str_eq(kb_rule_meant("own-question"), "own-questions");
	cr_expect_null(kb_rule_meant("own-questions"));
	cr_expect_str_eq(kb_rule_meant("resti-cap"), "resit-cap");
	cr_expect_null(kb_rule_meant("lamp-oil"));
	cr_expect_null(kb_rule_meant("resit-work-due"), "another name is not a slip");
	cr_expect_null(kb_rule_meant(""));
	cr_expect(kb_rule_is_acted_on("own-questions"));
	cr_expect_not(kb_rule_is_acted_on("lamp-oil"));
}
