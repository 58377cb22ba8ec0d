/* audit resits: each later sitting of a candidate beside each earlier one, and what the two share. */
#include "app/audit.h"

#include "app/load.h"
#include "app/ops.h"

static const char *label(kb_arena *arena, const kb_q_paper_items_row *items, size_t count, size_t i)
{
	return i < count ? kb_arena_printf(arena, "%s v%lld", items[i].key, (long long)items[i].version) : "";
}

static kb_status add_rows(kb_call *call, const kb_q_audit_pairs_row *pair, kb_node *map, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_q_paper_items_row *left, *right;
	size_t left_count, right_count;
	KB_TRY(kb_q_paper_items(call->sql, arena, pair->earlier_id, &left, &left_count, err));
	KB_TRY(kb_q_paper_items(call->sql, arena, pair->later_id, &right, &right_count, err));
	kb_node *rows = kb_node_set(arena, map, "rows", kb_node_list(arena));
	for (size_t i = 0; i < left_count || i < right_count; i++) {
		kb_node *row = kb_node_add(arena, rows, kb_node_map(arena));
		kb_node_set_int(arena, row, "number", (int64_t)i + 1);
		kb_node_set_text(arena, row, "left", label(arena, left, left_count, i));
		kb_node_set_text(arena, row, "right", label(arena, right, right_count, i));
	}
	return kb_arena_check(arena, err);
}

static const char *state(int64_t withdrawn, const char *outcome)
{
	return withdrawn ? "withdrawn" : outcome ? outcome : "no outcome yet";
}

static const char *candidate(kb_arena *arena, const kb_q_audit_pairs_row *pair, bool named)
{
	if (named) return pair->reference ? pair->reference : "(erased)";
	return kb_arena_copy(arena, pair->token, KB_AUDIT_TOKEN_DIGITS);
}

static kb_status add_pair(kb_call *call, const kb_q_audit_pairs_row *pair, bool named, kb_node *list, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_node *map = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, map, "candidate", candidate(arena, pair, named));
	kb_node_set_text(arena, map, "standard", pair->standard);
	kb_node_set_text(arena, map, "method", pair->method);
	kb_node_set_text(arena, map, "part", pair->part);
	kb_node_set_text(arena, map, "earlier", pair->earlier);
	kb_node_set_text(arena, map, "earlier_sitting", pair->earlier_sitting);
	kb_node_set_text(arena, map, "earlier_date", pair->earlier_on);
	kb_node_set_text(arena, map, "earlier_state", state(pair->earlier_withdrawn, pair->earlier_outcome));
	kb_node_set_text(arena, map, "later", pair->later);
	kb_node_set_text(arena, map, "later_sitting", pair->later_sitting);
	kb_node_set_text(arena, map, "later_date", pair->later_on);
	kb_node_set_text(arena, map, "later_state", state(pair->later_withdrawn, pair->later_outcome));
	kb_node_set_int(arena, map, "lineages", pair->lineages);
	kb_node_set_int(arena, map, "versions", pair->versions);
	kb_node_set_int(arena, map, "rivals", pair->rivals);
	kb_node_set_int(arena, map, "texts", pair->texts);
	kb_node_set_int(arena, map, "shared", pair->lineages + pair->rivals + pair->texts);
	return add_rows(call, pair, map, err);
}

kb_status kb_audit_resits(kb_call *call, const kb_audit_pairs *wanted, kb_node *map, kb_err *err)
{
	kb_q_audit_pairs_row *rows;
	size_t count;
	int64_t sharing = 0;
	KB_TRY(kb_q_audit_pairs(
		call->sql, call->arena, wanted->standard, wanted->method, wanted->candidate, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, map, "pairs", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		KB_TRY(add_pair(call, &rows[i], wanted->named, list, err));
		sharing += rows[i].lineages + rows[i].versions + rows[i].rivals + rows[i].texts > 0;
	}
	kb_node_set_int(call->arena, map, "count", (int64_t)count);
	kb_node_set_int(call->arena, map, "sharing", sharing);
	kb_node_set_bool(call->arena, map, "some", count > 0);
	kb_node_set_bool(call->arena, map, "holds", sharing == 0);
	return kb_arena_check(call->arena, err);
}

static kb_status run_resits(kb_call *call, kb_err *err)
{
	const char *reference = kb_call_text(call, "candidate");
	kb_audit_pairs wanted = { .named = true };
	kb_q_candidate_by_reference_row row;
	if (reference) {
		KB_TRY(kb_load_candidate(call, reference, &row, err));
		wanted.candidate = (kb_sql_int) { true, row.id };
	}
	kb_node_set_bool(call->arena, call->result, "side_by_side", reference != NULL);
	return kb_audit_resits(call, &wanted, call->result, err);
}

static const kb_arg resits_args[] = {
	{ "candidate", KB_ARG_REFERENCE, .help = "only this candidate, with the questions side by side" },
};

const kb_op kb_op_audit_resits = {
	.name = "audit resits",
	.summary = "Hold each later sitting of a candidate against each earlier one, and say what they share",
	.help =
		"Shared questions in any version, shared versions, rivals of each other, and words that were heard in both\n"
		"(stems, rewordings, the assessor's own questions and follow-ups): each must be 0. Withdrawn papers count\n"
		"as seen. It is computed from the rows, whatever the draw said.\n\n"
		"    ksbank audit resits --candidate AP-1042",
	.permission = KB_MAY_AUDIT,
	.store = KB_OP_READS,
	.args = resits_args,
	.arg_count = KB_COUNT(resits_args),
	.run = run_resits,
	.screen = "audit-resits",
	.answer =
		"pairs: list of {candidate, standard, method, part, earlier, earlier_sitting, earlier_date, earlier_state, later, "
		"later_sitting, later_date, later_state, lineages, versions, rivals, texts, shared: the sum, a version counting "
		"as its lineage, rows: list of {number, left, right}}; count, some; sharing: pairs that share anything; holds; "
		"side_by_side",
};
