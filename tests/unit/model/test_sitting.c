/* The record of a sitting: what is refused of it, and what is counted. */
#include <criterion/criterion.h>

#include <string.h>

#include "base/str.h"
#include "model/sitting.h"
#include "text/yaml.h"

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(64 << 20);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(sitting, .init = set_up, .fini = tear_down);

/* Two questions over three units in two grading themes; Q-2 covers nothing but T-2 K1. */
static const char *questions[] = { "Q-1", "Q-2" }, *themes[] = { "T-1", "T-2" };
static uint64_t covers[] = { 3, 4 };
static kb_unit units[] = { { "T-1", "K1" }, { "T-1", "K2" }, { "T-2", "K1" } };
static kb_text letters[] = { { .text = "a" }, { .text = "b" } }, grades[] = { { .text = "Fail" }, { .text = "Pass" }, { .text = "Distinction" } };

static kb_sat_paper paper(void)
{
	return (kb_sat_paper){ .key = "P-000001", .questions = questions, .themes = themes, .covers = covers, .question_count = 2, .units = units,
		.rules = { .size = 2, .unit_count = 3, .required = 7, .times = 1 }, .letters = { letters, 2 }, .grades = { grades, 3 }, .least_questions = 2 };
}

static kb_sitting read_with(const char *yaml, const kb_sat_paper *held, kb_faults *faults)
{
	kb_node *root = NULL;
	kb_sitting sitting;
	cr_assert_eq(kb_yaml_read(arena, "t", yaml, strlen(yaml), faults, &root, &err), KB_OK);
	cr_assert_not_null(root, "%s", yaml);
	cr_assert_eq(kb_sitting_read(arena, root, faults, &sitting, &err), KB_OK);
	kb_sitting_check(faults, held, &sitting);
	return sitting;
}

#define HEAD "format: ksbank-sitting/1\npaper: P-000001\n"
#define TIME "minutes: 30\n"
#define LIST "checklist: {a: {done: yes}, b: {done: yes}}\n"
#define BOTH "questions: [{id: Q-1, state: asked}, {id: Q-2, state: asked}]\n"

static kb_sitting sound(const char *yaml, const kb_sat_paper *held)
{
	kb_faults faults = { .arena = arena };
	kb_sitting sitting = read_with(yaml, held, &faults);
	cr_assert_eq(faults.count, 0, "%s: %s", yaml, faults.count ? faults.list[0].message : "");
	return sitting;
}

Test(sitting, each_fault_is_named_at_its_place)
{
	static const struct {
		const char *yaml, *id;
		uint32_t line;
	} rows[] = {
		{ "format: ksbank-sitting/2\npaper: P-000001\n" TIME LIST BOTH, "sitting.format", 1 },
		{ "format: ksbank-sitting/1\npaper: P-000002\n" TIME LIST BOTH, "sitting.paper", 2 },
		{ HEAD LIST BOTH, "sitting.times", 1 },
		{ HEAD "started: \"10:00\"\n" LIST BOTH, "sitting.times", 1 },
		{ HEAD "started: \"10:00\"\nended: \"11:00\"\n" TIME LIST BOTH, "sitting.times", 1 },
		{ HEAD "started: \"10:00\"\nended: \"10:00\"\n" LIST BOTH, "sitting.times", 4 },
		{ HEAD "started: \"10:00\"\nended: \"24:00\"\n" LIST BOTH, "sitting.time", 4 },
		{ HEAD "started: \"10:60\"\nended: \"11:00\"\n" LIST BOTH, "sitting.time", 3 },
		{ HEAD "started: \"9:00\"\nended: \"11:00\"\n" LIST BOTH, "sitting.time", 3 },
		{ HEAD "minutes: 0\n" LIST BOTH, "record.range", 3 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}]\n", "sitting.question-missing", 1 },
		{ HEAD TIME LIST "questions: []\n", "sitting.question-missing", 1 },
		{ HEAD TIME LIST BOTH "more: 1\n", "record.unknown-key", 6 },
		{ HEAD TIME LIST "questions:\n- {id: Q-1, state: asked}\n- {id: Q-2, state: asked}\n- {id: Q-1, state: asked}\n", "sitting.twice", 8 },
		{ HEAD TIME LIST "questions:\n- {id: Q-1, state: asked}\n- {id: Q-2, state: asked}\n- {id: Q-3, state: asked}\n", "sitting.question", 8 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}, {id: Q-2, state: reworded}]\n", "sitting.wording-missing", 5 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}, {id: Q-2, state: asked, wording: What?}]\n", "sitting.wording", 5 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}, {id: Q-2, state: reworded, wording: \" \"}]\n", "sitting.blank", 5 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}, {id: Q-2, state: not-asked, follow-ups: [{text: Why?}]}]\n", "sitting.follow-up", 5 },
		{ HEAD TIME LIST "questions: [{id: Q-1, state: asked}, {id: Q-2, state: asked, follow-ups: [{text: Why?, ksbs: [K2]}]}]\n", "sitting.ksb", 5 },
		{ HEAD TIME LIST BOTH "own-questions: [{text: Why?, ksbs: [K1]}]\n", "sitting.theme-missing", 6 },
		{ HEAD TIME LIST BOTH "own-questions: [{text: Why?, theme: T-3, ksbs: [K1]}]\n", "sitting.theme", 6 },
		{ HEAD TIME LIST BOTH "own-questions: [{text: Why?, theme: T-2, ksbs: [K2]}]\n", "sitting.ksb", 6 },
		{ HEAD TIME LIST BOTH "own-questions: [{text: \" \"}]\n", "sitting.blank", 6 },
		{ HEAD TIME LIST BOTH "own-questions: [{text: Why?, follow-ups: [{text: How?, ksbs: [K1]}]}]\n", "sitting.theme-missing", 6 },
		{ HEAD TIME BOTH "checklist: {a: {done: yes}}\n", "sitting.letter-missing", 1 },
		{ HEAD TIME BOTH "checklist: {a: {done: yes}, b: {done: no}}\n", "sitting.list-reason", 5 },
		{ HEAD TIME BOTH "checklist: {a: {done: yes}, b: {done: yes}, c: {done: yes}}\n", "sitting.letter", 5 },
		{ HEAD TIME LIST BOTH "outcome: Merit\nreasons: r\n", "sitting.outcome", 6 },
		{ HEAD TIME LIST BOTH "outcome: Pass\n", "sitting.reasons", 6 },
		{ HEAD TIME LIST BOTH "shortfall-reason: \" \"\n", "sitting.blank", 6 },
		{ HEAD TIME LIST BOTH "correction-reason: \" \"\n", "sitting.blank", 6 },
	};
	kb_sat_paper held = paper();
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		kb_faults faults = { .arena = arena };
		read_with(rows[i].yaml, &held, &faults);
		cr_expect_geq(faults.count, 1, "%s", rows[i].yaml);
		if (!faults.count) continue;
		cr_expect_str_eq(faults.list[0].id, rows[i].id, "%s: %s", rows[i].yaml, faults.list[0].message);
		cr_expect_eq(faults.list[0].mark.line, rows[i].line, "%s: line %u", rows[i].yaml, faults.list[0].mark.line);
	}
}

Test(sitting, without_grades_no_outcome_is_recorded)
{
	kb_sat_paper held = paper();
	kb_faults faults = { .arena = arena };
	held.grades = (kb_texts){ 0 };
	read_with(HEAD TIME LIST BOTH "outcome: Pass\nreasons: r\n", &held, &faults);
	cr_assert_eq(faults.count, 1);
	cr_assert_str_eq(faults.list[0].id, "sitting.grades");
}

Test(sitting, time_is_given_either_way)
{
	kb_sat_paper held = paper();
	kb_sitting a = sound(HEAD TIME LIST BOTH, &held), b = sound(HEAD "started: \"09:55\"\nended: \"11:05\"\n" LIST BOTH, &held);
	cr_assert_eq(kb_sitting_minutes(&a), 30);
	cr_assert_eq(kb_sitting_minutes(&b), 70);
}

static kb_tally tally(const char *yaml, const kb_sat_paper *held)
{
	kb_sitting sitting = sound(yaml, held);
	return kb_sitting_asked(held, &sitting);
}

#define FIRST_ONLY "questions: [{id: Q-1, state: asked}, {id: Q-2, state: not-asked}]\n"

Test(sitting, what_was_asked_is_counted)
{
	kb_sat_paper held = paper();
	kb_tally issued = kb_sitting_issued(&held);
	cr_assert_eq(issued.questions, 2);
	cr_assert(issued.enough && issued.covered == 3 && issued.required == 3 && !issued.missing);
	kb_tally part = tally(HEAD TIME LIST FIRST_ONLY, &held);
	cr_assert(part.questions == 1 && part.covered == 2 && !part.enough);
	cr_assert_str_eq(kb_units_join(arena, &held, part.missing), "T-2 K1");
	/* An untagged question of their own counts and covers nothing; a tagged one does both. */
	part = tally(HEAD TIME LIST FIRST_ONLY "own-questions: [{text: Why?}]\n", &held);
	cr_assert(part.questions == 2 && part.own == 1 && part.covered == 2);
	part = tally(HEAD TIME LIST FIRST_ONLY "own-questions: [{text: Why?, theme: T-2, ksbs: [K1]}]\n", &held);
	cr_assert(part.questions == 2 && part.covered == 3 && part.enough);
	/* A follow-up covers what it is tagged with, in its parent's theme or one of its own, and is no question. */
	part = tally(HEAD TIME LIST "questions: [{id: Q-1, state: asked, follow-ups: [{text: Why?, theme: T-2, ksbs: [K1]}, {text: How?}]}, {id: Q-2, state: not-asked}]\n", &held);
	cr_assert(part.questions == 1 && part.covered == 3);
	part = tally(HEAD TIME LIST FIRST_ONLY "own-questions: [{text: Why?, theme: T-1, follow-ups: [{text: How?, ksbs: [K1]}, {text: So?, theme: T-2, ksbs: [K1]}]}]\n", &held);
	cr_assert(part.questions == 2 && part.covered == 3);
}

Test(sitting, a_question_meets_a_unit_once)
{
	kb_sat_paper held = paper();
	held.rules.times = 2;
	kb_tally twice = tally(HEAD TIME LIST "questions: [{id: Q-1, state: asked, follow-ups: [{text: Why?, ksbs: [K1]}]}, {id: Q-2, state: asked}]\n", &held);
	cr_assert_eq(twice.covered, 0);
	twice = tally(HEAD TIME LIST BOTH "own-questions: [{text: Why?, theme: T-1, ksbs: [K1]}]\n", &held);
	cr_assert_eq(twice.covered, 1);
}

Test(sitting, a_sample_is_enough_where_the_rule_says_so)
{
	kb_sat_paper held = paper();
	held.rules.sample = 2;
	cr_assert(tally(HEAD TIME LIST FIRST_ONLY, &held).enough);
	held.rules.sample = 3;
	cr_assert_not(tally(HEAD TIME LIST FIRST_ONLY, &held).enough);
}

static bool falls_short(const kb_sat_paper *held, const char *yaml, const char *ids)
{
	kb_tally asked = tally(yaml, held);
	kb_node *list = kb_sitting_shortfalls(arena, held, &asked);
	kb_buf found = { .arena = arena };
	for (size_t i = 0; i < list->count; i++) kb_buf_printf(&found, "%s ", kb_node_get_text(list->items[i], "id", ""));
	return strcmp(kb_buf_string(&found), ids) == 0;
}

Test(sitting, shortfalls_are_found)
{
	kb_sat_paper held = paper();
	cr_assert(falls_short(&held, HEAD TIME LIST BOTH, ""));
	cr_assert(falls_short(&held, HEAD TIME LIST FIRST_ONLY, "questions coverage "));
	held.own_required = true;
	cr_assert(falls_short(&held, HEAD TIME LIST BOTH, "own-questions "));
	cr_assert(falls_short(&held, HEAD TIME LIST FIRST_ONLY "own-questions: [{text: Why?}]\n", "coverage "));
	cr_assert(falls_short(&held, HEAD TIME LIST BOTH "own-questions: [{text: Why?}]\n", ""));
}

Test(sitting, grades_have_an_order)
{
	kb_texts all = { grades, 3 };
	cr_assert(kb_grade_above(&all, "Distinction", "Pass"));
	cr_assert_not(kb_grade_above(&all, "Pass", "Pass"));
	cr_assert_not(kb_grade_above(&all, "Fail", "Pass"));
	cr_assert_not(kb_grade_above(&all, "Merit", "Pass"));
	cr_assert_not(kb_grade_above(&all, "Distinction", "Merit"));
}

Test(sitting, what_is_written_reads_the_same)
{
	kb_sat_paper held = paper();
	kb_faults faults = { .arena = arena };
	kb_sitting again, sitting = sound(HEAD "started: \"09:00\"\nended: \"10:00\"\n" LIST
		"questions: [{id: Q-2, state: reworded, wording: What?, reason: r, follow-ups: [{text: Why?, theme: T-1, ksbs: [K1]}]}, {id: Q-1, state: not-asked}]\n"
		"own-questions: [{text: Why?, theme: T-1, ksbs: [K1, K2], prepared: before}]\noutcome: Pass\nreasons: r\nshortfall-reason: s\ncorrection-reason: c\n", &held);
	kb_node *node = kb_sitting_write(arena, &sitting);
	cr_assert_eq(kb_sitting_read(arena, node, &faults, &again, &err), KB_OK);
	cr_assert_eq(faults.count, 0);
	cr_assert(kb_node_equal(node, kb_sitting_write(arena, &again)));
}
