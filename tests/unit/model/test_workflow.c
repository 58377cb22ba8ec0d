#include <criterion/criterion.h>

#include <string.h>

#include "model/item.h"
#include "model/workflow.h"

static kb_arena *arena;

static void set_up(void)
{
	arena = kb_arena_new((size_t)1 << 20);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(workflow, .init = set_up, .fini = tear_down);

Test(workflow, states_have_names)
{
	for (unsigned s = 0; s < KB_STATE_COUNT; s++) cr_assert_eq(kb_state_named(kb_states[s]), (kb_state)s);
	cr_assert_null(kb_states[KB_STATE_COUNT]);
	cr_assert_eq(kb_state_named("approve"), KB_STATE_COUNT);
	cr_assert_eq(kb_state_named(""), KB_STATE_COUNT);
}

/* The table as a person reads it: from, to, who (w writer, r reviewer, o operations), and its conditions: a by another,
 * r reason, c checklist, i imported. */
Test(workflow, each_pair_of_states)
{
	static const char *const table[] = { "draft submitted w ", "returned submitted w r", "submitted returned r ar",
		"draft approved r ai", "submitted approved r ac", "approved approved r ac", "suspended approved r arc",
		"approved suspended o r", "draft retired r ar", "submitted retired r ar", "returned retired r ar", "approved retired r ar",
		"suspended retired r ar" };
	static const kb_permission who[] = { ['w'] = KB_MAY_WRITE_ITEM, ['r'] = KB_MAY_REVIEW, ['o'] = KB_MAY_SUSPEND };
	static const unsigned what[] = { ['a'] = KB_MOVE_BY_ANOTHER, ['r'] = KB_MOVE_REASON, ['c'] = KB_MOVE_CHECKLIST, ['i'] = KB_MOVE_IMPORTED };
	cr_assert_eq(kb_move_count, KB_COUNT(table));
	for (unsigned from = 0; from < KB_STATE_COUNT; from++)
		for (unsigned to = 0; to < KB_STATE_COUNT; to++) {
			const char *pair = kb_arena_printf(arena, "%s %s ", kb_states[from], kb_states[to]), *row = NULL;
			for (size_t i = 0; i < KB_COUNT(table); i++)
				if (strncmp(table[i], pair, strlen(pair)) == 0) row = table[i] + strlen(pair);
			const kb_move *move = kb_move_find((kb_state)from, (kb_state)to);
			cr_assert_eq(move != NULL, row != NULL, "%s", pair);
			if (!row) continue;
			unsigned conditions = 0;
			for (const char *c = row + 2; *c; c++) conditions |= what[(unsigned char)*c];
			cr_assert_eq(move->permission, who[(unsigned char)row[0]], "%s", pair);
			cr_assert_eq(move->conditions, conditions, "%s", pair);
		}
}

Test(workflow, what_an_import_may_approve)
{
	static const bool may[KB_STATE_COUNT] = { [KB_STATE_DRAFT] = true, [KB_STATE_SUBMITTED] = true, [KB_STATE_APPROVED] = true };
	for (unsigned s = 0; s < KB_STATE_COUNT; s++) cr_assert_eq(kb_move_may_be_imported((kb_state)s), may[s], "%s", kb_states[s]);
}

static const char *answered(const char *ksbs, const char *time)
{
	kb_faults faults = { .arena = arena };
	const kb_text yes = { .text = "yes" };
	kb_checklist list = { .ksbs = { .text = ksbs }, .demand = yes, .clarity = yes, .fairness = yes, .duplicates = yes, .descriptors = yes,
		.time = { .text = time } };
	kb_checklist_check(&faults, &list);
	return faults.count ? kb_arena_printf(arena, "%zu %s %s", faults.count, faults.list[0].id, faults.list[0].expected ? "+" : "") : "";
}

Test(workflow, a_checklist_says_yes_or_no)
{
	size_t questions = 0;
	while (kb_checklist_questions[questions]) questions++;
	cr_assert_eq(questions, kb_checklist_record.count);
	cr_assert_str_eq(answered("yes", "yes, tried it"), "");
	cr_assert_str_eq(answered("yes", "no"), "1 checklist.no +");
	cr_assert_str_eq(answered("no, too wide", "no"), "2 checklist.no +");
	cr_assert_str_eq(answered("perhaps", "yes"), "1 checklist.answer +");
	cr_assert_str_eq(answered("yesterday", "nobody"), "2 checklist.answer +");
	cr_assert_str_eq(answered("", "Yes"), "2 checklist.answer +");
	cr_assert_str_eq(kb_checklist_note(&(kb_text){ .text = "yes, under both" }), "under both");
	cr_assert_str_eq(kb_checklist_note(&(kb_text){ .text = "yes" }), "");
	cr_assert_str_eq(kb_checklist_note(&(kb_text){ .text = "yes, " }), "");
}

Test(workflow, a_place_is_a_field_of_an_item)
{
	const kb_record *const records[] = { &kb_question_record, &kb_case_theme_record };
	for (size_t p = 0; kb_item_places[p]; p++) {
		bool known = strcmp(kb_item_places[p], "whole") == 0;
		for (size_t r = 0; r < KB_COUNT(records); r++)
			for (size_t f = 0; f < records[r]->count; f++) known |= strcmp(kb_item_places[p], records[r]->fields[f].key) == 0;
		cr_assert(known, "%s", kb_item_places[p]);
		cr_assert(kb_item_has_place(kb_item_places[p], false) || kb_item_has_place(kb_item_places[p], true));
	}
	cr_assert(kb_item_has_place("whole", false) && kb_item_has_place("whole", true) && kb_item_has_place("ksbs", true));
	cr_assert(kb_item_has_place("stem", false) && !kb_item_has_place("stem", true));
	cr_assert(kb_item_has_place("title", true) && !kb_item_has_place("title", false));
	cr_assert(!kb_item_has_place("author", false) && !kb_item_has_place("colour", false));
}
