/* paper compare: two papers side by side, and what they share. */
#include "app/ops.h"

#include <string.h>

#include "app/paper_load.h"

static kb_node *side(kb_call *call, const kb_loaded_paper *paper)
{
	kb_node *map = kb_node_map(call->arena);
	kb_node_set_text(call->arena, map, "paper", paper->row.key);
	kb_node_set_text(call->arena, map, "candidate", kb_loaded_paper_candidate(paper));
	kb_node_set_text(
		call->arena, map, "sitting", kb_node_get_text(paper->snapshot, "sitting_name", paper->row.sitting));
	kb_node_set_text(call->arena, map, "date", paper->row.sat_on);
	if (kb_loaded_paper_part(paper) == &kb_part_questions)
		kb_node_set(call->arena, map, "coverage", kb_node_get(paper->snapshot, "coverage"));
	kb_node_set_int(call->arena, map, "questions", (int64_t)kb_loaded_paper_items(paper)->count);
	kb_node_set_int(call->arena, map, "minutes", kb_node_get_int(paper->snapshot, "minutes", 0));
	const kb_node *counted = kb_node_get(paper->record, "valid_papers_exact");
	bool exact = counted && counted->kind == KB_NODE_BOOL && counted->boolean;
	const char *valid_papers = kb_node_get_text(paper->record, "valid_papers", "");
	kb_node_set_text(call->arena, map, "valid_papers", valid_papers);
	kb_node_set_text(call->arena, map, "valid_papers_grouped", kb_paper_count_words(call->arena, valid_papers, exact));
	kb_node_set_text(call->arena, map, "digest", paper->row.digest);
	return map;
}

static const char *label(kb_call *call, const kb_node *list, size_t i)
{
	if (i >= list->count) return "";
	const kb_node *item = list->items[i];
	return kb_arena_printf(call->arena, "%s (%s)", kb_node_get_text(item, "id", ""),
		kb_node_get_text(item, "title", kb_node_get_text(item, "ksb_list", "")));
}

static kb_status run_compare(kb_call *call, kb_err *err)
{
	kb_loaded_paper papers[2];
	kb_arena *arena = call->arena;
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &papers[0], err));
	KB_TRY(kb_load_paper(call, kb_call_text(call, "other"), &papers[1], err));
	const kb_node *left = kb_loaded_paper_items(&papers[0]), *right = kb_loaded_paper_items(&papers[1]);
	kb_node_set(arena, call->result, "left", side(call, &papers[0]));
	kb_node_set(arena, call->result, "right", side(call, &papers[1]));
	kb_node *rows = kb_node_set(arena, call->result, "rows", kb_node_list(arena));
	kb_node *shared = kb_node_set(arena, call->result, "shared", kb_node_list(arena));
	for (size_t i = 0; i < left->count || i < right->count; i++) {
		kb_node *row = kb_node_add(arena, rows, kb_node_map(arena));
		kb_node_set_int(arena, row, "number", (int64_t)i + 1);
		kb_node_set_text(arena, row, "left", label(call, left, i));
		kb_node_set_text(arena, row, "right", label(call, right, i));
	}
	for (size_t i = 0; i < left->count; i++)
		for (size_t j = 0; j < right->count; j++)
			if (kb_str_equal(
					kb_node_get_text(left->items[i], "id", NULL), kb_node_get_text(right->items[j], "id", NULL)))
				kb_node_add(arena, shared, kb_node_get(left->items[i], "id"));
	KB_TRY(kb_arena_check(arena, err));
	kb_node_set_int(arena, call->result, "shared_count", (int64_t)shared->count);
	return KB_OK;
}

static const kb_arg compare_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "one paper, as in P-000001" },
	{ "other", KB_ARG_TEXT, .place = true, .required = true, .help = "the other, as in P-000002" },
};

const kb_op kb_op_paper_compare = {
	.name = "paper compare",
	.summary = "Show two papers side by side, and how many questions they share",
	.help = "    ksbank paper compare P-000001 P-000002",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.args = compare_args,
	.arg_count = KB_COUNT(compare_args),
	.run = run_compare,
	.screen = "paper-compare",
	.answer = "left, right: {paper, candidate, sitting, date, coverage, questions, minutes, valid_papers, digest}; "
			  "rows: list of {number, left, right}; shared: list of ids; shared_count",
};
