#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/specification.h"
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

TestSuite(specification, .init = set_up, .fini = tear_down);

static kb_bytes shipped(const char *name)
{
	const char *top = getenv("KB_SOURCE");
	const char *path = top ? kb_arena_printf(arena, "%s/banks/st0648-1.0/%s", top, name)
						   : kb_arena_printf(arena, "%s/../../../banks/st0648-1.0/%s", KB_TEST_DATA, name);
	kb_bytes bytes;
	cr_assert_eq(kb_file_read(arena, path, KB_YAML_MAX_BYTES, &bytes, &err), KB_OK, "%s", err.message);
	return bytes;
}

static kb_node *read_tree(const char *name, const char *text, size_t length)
{
	kb_node *root = NULL;
	faults = (kb_faults) { .arena = arena };
	cr_assert_eq(kb_yaml_read(arena, name, text, length, &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert_not_null(root);
	return root;
}

static kb_standard *standard_of(const char *name)
{
	kb_standard *standard = NULL;
	kb_bytes bytes = shipped(name);
	kb_node *root = read_tree("standard.yaml", bytes.data, bytes.length);
	cr_assert_eq(kb_standard_read(arena, root, &faults, &standard, &err), KB_OK, "%s", err.message);
	return standard;
}

static kb_standard *shipped_standard(void)
{
	return standard_of("standard.yaml");
}

static kb_specification *read_spec(const kb_standard *standard, const char *text, size_t length, kb_node **root)
{
	kb_specification *spec = NULL;
	*root = read_tree("specification.yaml", text, length);
	cr_assert_eq(kb_specification_read(arena, *root, &faults, &spec, &err), KB_OK, "%s", err.message);
	kb_specification_check(&faults, standard, spec);
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK, "%s", err.message);
	return spec;
}

Test(specification, the_shipped_one_is_sound_and_gives_the_rules)
{
	const kb_standard *standard = shipped_standard();
	const kb_method *method = kb_standard_method(standard, "professional-discussion");
	kb_bytes bytes = shipped("professional-discussion/specification.yaml");
	kb_node *root;
	const kb_specification *spec = read_spec(standard, bytes.data, bytes.length, &root);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	cr_expect(kb_node_equal(root, kb_specification_write(arena, spec)));
	kb_rules rules;
	cr_assert_eq(kb_specification_rules(spec, method, &rules, &err), KB_OK, "%s", err.message);
	cr_expect_eq(rules.size, 12);
	cr_expect_eq(rules.unit_count, 24);
	cr_expect_eq(rules.required, 0xFFFFFF);
	cr_expect_eq(rules.times, 1);
	cr_expect_eq(rules.sample, 0);
	cr_expect_eq(rules.counter_count, 7);
	cr_expect_eq(rules.counters[3].min, 3);
	cr_expect_eq(rules.counters[3].max, 5);
	cr_expect_eq(rules.counters[4].min, 2);
	cr_expect_eq(rules.counters[4].max, UINT32_MAX);
	cr_expect_eq(rules.minutes.min, 78);
	cr_expect_eq(rules.minutes.max, 90);
	cr_expect_eq(rules.reserve, 1);
}

/* With what the sources ask for at least; grading themes can be counted only where they are published. */
Test(specification, each_shipped_one_is_sound)
{
	static const struct {
		const char *path;
		int64_t questions, minutes;
	} rows[] = {
		{ "professional-discussion", 12, 90 },
		{ "case-study-presentation", 10, 25 },
		{ "../st0494-1.1/professional-discussion", 12, 60 },
		{ "../st0494-1.1/presentation-questions", 8, 36 },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		kb_bytes bytes = shipped(kb_arena_printf(arena, "%s/specification.yaml", rows[i].path));
		kb_node *root;
		bool st0494 = i >= 2;
		const kb_standard *standard = st0494 ? standard_of("../st0494-1.1/standard.yaml") : shipped_standard();
		const kb_specification *spec = read_spec(standard, bytes.data, bytes.length, &root);
		cr_assert_eq(faults.count, 0, "%s: %s", rows[i].path, faults.list[0].message);
		cr_expect(kb_node_equal(root, kb_specification_write(arena, spec)));
		cr_expect_eq(spec->questions.value, rows[i].questions);
		cr_expect_eq(spec->minutes->max.value, rows[i].minutes);
		cr_expect_eq(spec->themes.count == 0, st0494);
		cr_expect_eq(kb_specification_cap(spec), 200);
		cr_expect(spec->reason.text && spec->author.text);
	}
}

Test(specification, where_no_source_gives_themes_none_are_counted)
{
	static const char head[] = "format: ksbank-specification/1\nstandard: ST0494/1.1\n"
							   "method: professional-discussion\nquestions: 8\n";
	const kb_standard *standard = standard_of("../st0494-1.1/standard.yaml");
	kb_node *root;
	const char *text = kb_arena_printf(arena, "%scoverage: {rule: sample, least: 20}\n", head);
	read_spec(standard, text, strlen(text), &root);
	cr_assert_eq(faults.count, 0, "%s", faults.list[0].message);
	text = kb_arena_printf(arena, "%scoverage: {rule: every}\nthemes: {PD-1: {min: 2}}\n", head);
	read_spec(standard, text, strlen(text), &root);
	cr_assert_eq(faults.count, 1);
	cr_expect_str_eq(faults.list[0].id, "specification.theme-unpublished");
	cr_expect_eq(faults.list[0].mark.line, 6);
}

Test(specification, units_are_in_the_order_of_themes)
{
	const kb_standard *standard = shipped_standard();
	const kb_method *method = kb_standard_method(standard, "professional-discussion");
	kb_unit *units;
	uint32_t count;
	cr_assert_eq(kb_method_units(arena, method, &units, &count, &err), KB_OK, "%s", err.message);
	cr_assert_eq(count, 24);
	cr_expect_str_eq(units[0].theme, "PD-1");
	cr_expect_str_eq(units[0].ksb, "K1");
	cr_expect_str_eq(units[5].theme, "PD-2");
	cr_expect_str_eq(units[5].ksb, "K5");
	cr_expect_str_eq(units[23].ksb, "S18");
}

static const char sound[] = "format: ksbank-specification/1\n"
							"standard: ST0648/1.0\n"
							"method: professional-discussion\n"
							"questions: 10\n"
							"coverage: {rule: every, times: 2}\n"
							"themes:\n"
							"  PD-1: {min: 2, max: 3}\n"
							"  PD-2: {min: 2}\n"
							"kinds:\n"
							"  scenario: {min: 2, max: 4}\n"
							"minutes: {min: 60, max: 99}\n"
							"reserve: 0\n"
							"review-months: 6\n";

static const char *replaced(const char *old, const char *new)
{
	const char *place = strstr(sound, old);
	cr_assert_not_null(place, "%s is not there", old);
	return kb_arena_printf(arena, "%.*s%s%s", (int)(place - sound), sound, new, place + strlen(old));
}

static const struct broken {
	const char *old, *new, *id;
	uint32_t line, column;
	const char *nearest, *expected;
} broken[] = {
	{ "specification/1", "specification/9", "specification.format", 1, 9, NULL, "specification/1" },
	{ "ST0648/1.0", "ST0494/1.0", "specification.standard", 2, 11, NULL, "ST0648/1.0" },
	{ "professional-discussion", "professional-discusion", "specification.method", 3, 9, "professional-discussion",
		"case" },
	{ "questions: 10", "questions: 9", "specification.questions", 1, 1, NULL, "at least 10" },
	{ "questions: 10", "questions: 65", "record.range", 4, 12, NULL, "64" },
	{ "questions: 10", "questions: ten", "record.type", 4, 12, NULL, "number" },
	{ "rule: every", "rule: evry", "record.word", 5, 18, "every", "sample" },
	{ "times: 2", "times: 4", "record.range", 5, 32, NULL, "3" },
	{ "times: 2", "least: 4", "specification.coverage", 5, 11, NULL, "sample" },
	{ "rule: every, times: 2", "rule: sample", "specification.coverage", 5, 11, NULL, "least" },
	{ "rule: every, times: 2", "rule: sample, least: 25", "specification.coverage", 5, 11, NULL, "at most 24" },
	{ "rule: every", "rule: sample, least: 20", "specification.coverage", 5, 11, NULL, "times" },
	{ "coverage: {rule: every, times: 2}\n", "", "record.missing", 1, 1, NULL, NULL },
	{ "PD-1: {", "PD-9: {", "specification.theme", 7, 3, "PD-1", "PD-4" },
	{ "PD-1: {", "PD-1: {name: x, ", "record.unknown-key", 7, 10, NULL, "min" },
	{ "{min: 2, max: 3}", "{min: 4, max: 3}", "specification.order", 7, 3, NULL, NULL },
	{ "PD-2: {min: 2}", "PD-2: {min: 9}", "specification.sum", 7, 3, NULL, NULL },
	{ "PD-2: {min: 2}", "PD-2: {max: 2}\n  PD-3: {max: 2}\n  PD-4: {max: 2}", "specification.sum", 7, 3, NULL, NULL },
	{ "scenario:", "scenarios:", "specification.kind", 10, 3, "scenario", "knowledge" },
	{ "max: 4}", "max: 4}\n  knowledge: {max: 2}\n  experience: {max: 3}", "specification.sum", 10, 3, NULL, NULL },
	{ "scenario: {min: 2, max: 4}", "scenario: {min: 11}", "specification.sum", 10, 3, NULL, NULL },
	{ "max: 99", "max: 100", "specification.minutes", 11, 10, NULL, "at most 99" },
	{ "max: 99", "max: 59", "specification.order", 11, 10, NULL, NULL },
	{ "min: 60, max: 99", "min: 100", "specification.minutes", 11, 10, NULL, "at most 99" },
	{ "reserve: 0", "law: evenly", "record.word", 12, 6, "even", "uniform" },
	{ "reserve: 0", "law: even", "specification.law", 1, 1, NULL, "exposure-cap" },
	{ "reserve: 0", "exposure-cap: 200", "specification.law", 1, 1, NULL, "law: even" },
	{ "reserve: 0", "law: uniform\nexposure-cap: 200", "specification.law", 1, 1, NULL, "law: even" },
	{ "reserve: 0", "law: even\nexposure-cap: 1001", "record.range", 13, 15, NULL, "1000" },
	{ "reserve: 0", "reserve: 21", "record.range", 12, 10, NULL, "20" },
	{ "reserve: 0", "categories:\n  court: {min: 3, max: 2}", "specification.order", 13, 3, NULL, NULL },
	{ "reserve: 0", "categories:\n  court: {min: 11}", "specification.category", 13, 3, NULL, "number of questions" },
	{ "reserve: 0", "categories:\n  scenario: {min: 1}", "specification.category", 13, 3, NULL, "a name of your own" },
	{ "reserve: 0", "categories:\n  PD-4: {min: 1}", "specification.category", 13, 3, NULL, "a name of your own" },
	{ "review-months: 6", "review-months: 13", "record.range", 13, 16, NULL, "12" },
};

Test(specification, each_fault_is_found_at_its_place)
{
	const kb_standard *standard = shipped_standard();
	kb_node *root;
	read_spec(standard, sound, strlen(sound), &root);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	for (size_t i = 0; i < KB_COUNT(broken); i++) {
		const char *text = replaced(broken[i].old, broken[i].new);
		read_spec(standard, text, strlen(text), &root);
		const kb_fault *fault = NULL;
		for (size_t f = 0; f < faults.count && !fault; f++)
			if (kb_str_equal(faults.list[f].id, broken[i].id)) fault = &faults.list[f];
		cr_assert_not_null(
			fault, "%s: no %s but %s", broken[i].new, broken[i].id, faults.count ? faults.list[0].message : "nothing");
		cr_expect_eq(fault->mark.line, broken[i].line, "%s: line %u", broken[i].new, fault->mark.line);
		cr_expect_eq(fault->mark.column, broken[i].column, "%s: column %u", broken[i].new, fault->mark.column);
		if (broken[i].nearest)
			cr_expect(kb_str_equal(fault->nearest, broken[i].nearest), "%s: %s", broken[i].new, fault->nearest);
		if (broken[i].expected)
			cr_expect(fault->expected && strstr(fault->expected, broken[i].expected), "%s: %s", broken[i].new,
				fault->expected);
	}
}

Test(specification, categories_are_counted_behind_the_kinds)
{
	const kb_standard *standard = shipped_standard();
	const kb_method *method = kb_standard_method(standard, "professional-discussion");
	kb_node *root;
	const char *text = replaced("reserve: 0", "categories:\n  court: {min: 1, max: 2}\n  victims: {max: 3}");
	const kb_specification *spec = read_spec(standard, text, strlen(text), &root);
	cr_assert_eq(faults.count, 0, "%s", faults.list[0].message);
	kb_rules rules;
	cr_assert_eq(kb_specification_rules(spec, method, &rules, &err), KB_OK, "%s", err.message);
	cr_expect_eq(rules.counter_count, 9);
	cr_expect(rules.counters[7].min == 1 && rules.counters[7].max == 2);
	cr_expect(rules.counters[8].min == 0 && rules.counters[8].max == 3);
	/* As many as can be counted, and one more. */
	for (int count = 40; count <= 41; count++) {
		kb_buf many = { .arena = arena };
		kb_buf_text(&many, "categories:");
		for (int c = 0; c < count; c++) kb_buf_printf(&many, "\n  c%d: {max: 3}", c);
		text = replaced("reserve: 0", kb_buf_string(&many));
		spec = read_spec(standard, text, strlen(text), &root);
		cr_assert_eq(faults.count, 0, "%s", faults.list[0].message);
		cr_expect_eq(kb_specification_rules(spec, method, &rules, &err), count == 40 ? KB_OK : KB_LIMIT);
	}
}

Test(specification, what_is_absent_does_not_bind)
{
	static const char text[] = "format: ksbank-specification/1\nstandard: ST0648/1.0\nmethod: professional-discussion\n"
							   "questions: 14\ncoverage: {rule: sample, least: 20}\n";
	const kb_standard *standard = shipped_standard();
	const kb_method *method = kb_standard_method(standard, "professional-discussion");
	kb_node *root;
	const kb_specification *spec = read_spec(standard, text, strlen(text), &root);
	cr_assert_eq(faults.count, 0, "%s", faults.list[0].message);
	kb_rules rules;
	cr_assert_eq(kb_specification_rules(spec, method, &rules, &err), KB_OK, "%s", err.message);
	cr_expect_eq(rules.sample, 20);
	cr_expect_eq(rules.times, 1);
	cr_expect_eq(rules.reserve, 1);
	for (uint32_t i = 0; i < rules.counter_count; i++) {
		cr_expect_eq(rules.counters[i].min, 0);
		cr_expect_eq(rules.counters[i].max, UINT32_MAX);
	}
	cr_expect_eq(rules.minutes.min, 0);
	cr_expect_eq(rules.minutes.max, UINT32_MAX);
}

Test(specification, too_many_units_are_refused)
{
	kb_text codes[KB_UNITS_MAX + 1];
	for (size_t i = 0; i < KB_COUNT(codes); i++) codes[i] = (kb_text) { .text = "K1" };
	kb_theme theme = { .id = { .text = "T" }, .ksbs = { codes, KB_UNITS_MAX } };
	kb_method method = { .id = { .text = "m" }, .themes = { &theme, 1 } };
	kb_specification spec = { .questions = { true, 12 } };
	kb_rules rules;
	kb_unit *units;
	uint32_t count;
	cr_assert_eq(kb_specification_rules(&spec, &method, &rules, &err), KB_OK);
	cr_expect_eq(rules.required, UINT64_MAX);
	theme.ksbs.count++;
	cr_expect_eq(kb_specification_rules(&spec, &method, &rules, &err), KB_LIMIT);
	cr_expect_eq(kb_method_units(arena, &method, &units, &count, &err), KB_LIMIT);
}
