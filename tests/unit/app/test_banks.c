/*
 * The shipped banks: approved, enough questions for each KSB, and so many papers with nothing shared. The papers are
 * held against the independent checker, their number against cbc.
 */
#include "kit.h"

#include <string.h>

#include "app/mapping.h"
#include "app/paper_pool.h"
#include "engine/check.h"
#include "pool_solver.h"

enum { SOLVER_SECONDS = 60 };

static const struct shipped {
	const char *standard, *method, *mapping;
	uint32_t each;  /* questions on each unit, at least */
	int64_t papers; /* with nothing shared, at least */
} banks[] = {
	{ "ST0648/1.0", "professional-discussion", NULL, 7, 6 },
	{ "ST0648/1.0", "case-study-presentation", NULL, 5, 5 },
	{ "ST0494/1.1", "professional-discussion", "EXAMPLE-MAPPING-NOT-THE-PLANS.csv", 5, 5 },
	{ "ST0494/1.1", "presentation-questions", "EXAMPLE-MAPPING-NOT-THE-PLANS.csv", 5, 5 },
};

static void set_up(void)
{
	kit_set_up();
	kit_must("store init", "{}");
	kit_must("bank import", kb_arena_printf(kit_arena, "{\"path\":\"%s\",\"approved-by\":\"reviewer-1\"}", kit_source("banks")));
}

TestSuite(banks, .init = set_up, .fini = kit_tear_down);

static kb_node *request(const struct shipped *bank)
{
	kb_node *arguments = kb_node_map(kit_arena);
	kb_node_set_text(kit_arena, arguments, "standard", bank->standard);
	kb_node_set_text(kit_arena, arguments, "method", bank->method);
	if (bank->mapping)
		kb_node_set_text(kit_arena, arguments, "mapping", kit_source(kb_arena_printf(kit_arena, "banks/st0494-1.1/%s/%s", bank->method, bank->mapping)));
	return arguments;
}

/* What the papers are made of, through an operation of this test: it lives until the next call. */

static kb_draw_input input;

static kb_status run_load(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	kb_loaded_specification specification;
	const char *key = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(kb_mapping_load_method(call, &loaded, id, kb_call_text(call, "mapping"), &method, err));
	KB_TRY(kb_load_specification(call, key, id, &specification, err));
	return kb_paper_pool_load(call, &loaded, method, specification.specification, &kb_part_questions, 0, &input, err);
}

static void load_input(const struct shipped *bank)
{
	static const kb_arg args[] = { { "standard", KB_ARG_TEXT }, { "method", KB_ARG_TEXT }, { "mapping", KB_ARG_PATH } };
	static const kb_op op = { .name = "test load", .permission = KB_MAY_READ_BANK, .store = KB_OP_READS, .args = args,
		.arg_count = KB_COUNT(args), .run = run_load };
	cr_assert_eq(kit_run_with(&op, request(bank)), KB_OK, "%s", kit_err.message);
}

Test(banks, all_is_in_force_and_each_unit_has_enough)
{
	for (size_t b = 0; b < KB_COUNT(banks); b++) {
		load_input(&banks[b]);
		cr_assert_gt(input.pool.count, 0);
		cr_assert_eq(input.left_out->count, 0, "%s %s: %s is left out", banks[b].standard, banks[b].method,
			kb_node_get_text(input.left_out->items[0], "id", ""));
		for (uint32_t u = 0; u < input.rules.unit_count; u++) {
			uint32_t count = 0;
			for (uint32_t i = 0; i < input.pool.count; i++) count += input.pool.items[i].units >> u & 1;
			cr_assert_geq(count, banks[b].each, "%s %s: %s has %u questions", banks[b].standard, banks[b].method, input.units[u], count);
		}
	}
}

static history_answer ask(int papers)
{
	return pool_packing(&input.pool, &input.rules, papers, ".", SOLVER_SECONDS);
}

/* The certificate, as the operation gave it, against the checker. */

static uint32_t index_of(const char *id)
{
	uint32_t i = 0;
	while (i < input.pool.count && strcmp(input.pool.items[i].key, id) != 0) i++;
	cr_assert_lt(i, input.pool.count, "%s may not be drawn", id);
	return i;
}

static void certificate_holds(const kb_node *papers)
{
	uint8_t *used = kb_arena_alloc(kit_arena, input.pool.count / 8 + 1);
	cr_assert_not_null(used);
	for (size_t p = 0; p < papers->count; p++) {
		uint32_t items[KB_PAPER_MAX], count = (uint32_t)papers->items[p]->count;
		cr_assert_leq(count, KB_PAPER_MAX);
		for (uint32_t i = 0; i < count; i++) items[i] = index_of(papers->items[p]->items[i]->text);
		cr_assert_eq(kb_check_paper(&input.pool, &input.rules, used, items, count, &kit_err), KB_OK, "%s", kit_err.message);
		kb_pool_exclude(&input.pool, items, count, used);
	}
}

/* Outlives the call. */
static kb_node *copy_papers(const kb_node *papers)
{
	kb_node *copy = kb_node_list(kit_arena);
	for (size_t p = 0; p < papers->count; p++) {
		const kb_node *questions = kb_node_get(papers->items[p], "questions");
		kb_node *paper = kb_node_add(kit_arena, copy, kb_node_list(kit_arena));
		for (size_t i = 0; i < questions->count; i++)
			kb_node_add(kit_arena, paper, kb_node_text(kit_arena, questions->items[i]->text));
	}
	return copy;
}

static void yields(const struct shipped *bank)
{
	const char *name = kb_arena_printf(kit_arena, "%s %s", bank->standard, bank->method);
	cr_assert_eq(kit_run_with(kb_op_find("bank capacity"), request(bank)), KB_OK, "%s: %s", name, kit_err.message);
	int64_t found = kit_int("capacity"), bound = kit_int("bound");
	kb_node *papers = copy_papers(kb_node_get(kit_call.result, "papers"));
	cr_assert_geq(found, bank->papers, "%s yields %lld papers: %s", name, (long long)found, kit_text("reason"));
	cr_assert_geq(found, 4, "%s: one question needs a chance above a quarter", name);
	cr_assert_eq(found, bound, "%s: up to %lld papers: %s", name, (long long)bound, kit_text("reason"));
	cr_assert_eq(papers->count, found);
	load_input(bank);
	certificate_holds(papers);
	cr_assert_eq(ask((int)found), HISTORY_POSSIBLE, "%s: cbc does not find %lld papers", name, (long long)found);
	cr_assert_eq(ask((int)bound + 1), HISTORY_IMPOSSIBLE, "%s: cbc does not see that %lld are too many", name, (long long)bound + 1);
}

Test(banks, st0648_professional_discussion) { yields(&banks[0]); }
Test(banks, st0648_case_study_presentation) { yields(&banks[1]); }
Test(banks, st0494_professional_discussion) { yields(&banks[2]); }
Test(banks, st0494_presentation_questions) { yields(&banks[3]); }

/* As exact fractions on the weights that draws take: the operation fails where they do not keep the cap. */
Test(banks, no_question_is_in_more_than_a_fifth_of_the_papers)
{
	for (size_t b = 0; b < KB_COUNT(banks); b++) {
		cr_assert_eq(kit_run_with(kb_op_find("bank weigh"), request(&banks[b])), KB_OK, "%s", kit_err.message);
		cr_assert_eq(kit_int("exposure_cap"), 200);
		const char *largest = kb_node_get_text(kb_node_get(kit_call.result, "even"), "largest_chance", "");
		cr_assert_leq(strcmp(largest, "0.2000"), 0, "%s %s: %s", banks[b].standard, banks[b].method, largest);
	}
}
