/* paper assign, candidate register: who assesses whom. */
#include "app/ops.h"

#include <string.h>

#include "app/paper_load.h"

static kb_status check_assessor(kb_call *call, const kb_q_person_by_name_row *person, kb_err *err)
{
	unsigned roles;
	KB_TRY(kb_call_roles_of(call, person->name, &roles, err));
	if (roles >> KB_ROLE_ASSESSOR & 1) return KB_OK;
	kb_fail(err, KB_REFUSED, "assign.role", "%s is no assessor", person->name);
	return kb_hint(err, "give them the role: ksbank user role %s --give assessor", person->name);
}

static kb_status check_conflicts(kb_call *call, const kb_q_person_by_name_row *person, int64_t candidate, kb_err *err)
{
	kb_q_conflict_with_row *rows;
	size_t count;
	KB_TRY(kb_q_conflict_with(call->sql, call->arena, person->id, candidate, &rows, &count, err));
	if (count == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "assign.conflict", "%s has a conflict of interest with %s%s: %s", person->name,
		strcmp(rows[0].kind, "candidate") == 0 ? "this candidate" : "the candidate's ",
		strcmp(rows[0].kind, "candidate") == 0 ? "" : rows[0].kind, rows[0].reason);
	return kb_hint(err, "assign the paper to somebody else; see: ksbank user list");
}

static kb_status run_assign(kb_call *call, kb_err *err)
{
	kb_loaded_paper paper;
	kb_q_person_by_name_row person;
	const char *to = kb_call_text(call, "to");
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &paper, err));
	if (paper.row.withdrawn_on) {
		kb_fail(
			err, KB_REFUSED, "paper.withdrawn", "paper %s was withdrawn on %s", paper.row.key, paper.row.withdrawn_on);
		return kb_hint(err, "assign the paper that replaced it; see: ksbank paper list");
	}
	KB_TRY(kb_load_person(call, to, &person, err));
	KB_TRY(check_assessor(call, &person, err));
	KB_TRY(check_conflicts(call, &person, paper.row.candidate, err));
	KB_TRY(kb_q_assignment_add(call->sql, paper.id, person.id, call->actor, call->day_text, NULL, err));
	kb_node_set_text(call->arena, call->result, "paper", paper.row.key);
	kb_node_set_text(call->arena, call->result, "to", person.name);
	kb_node_set_text(call->arena, call->effects, "paper", paper.row.key);
	return KB_OK;
}

static const kb_arg assign_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "to", KB_ARG_TEXT, .required = true, .help = "the assessor" },
};

const kb_op kb_op_paper_assign = {
	.name = "paper assign",
	.summary = "Give a paper to the assessor who will use it; they alone then see it among assessors",
	.help = "Refused where the assessor has a conflict of interest with the candidate, their employer or provider.\n"
			"The newest assignment counts.\n\n"
			"    ksbank paper assign P-000001 --to j.smith",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = assign_args,
	.arg_count = KB_COUNT(assign_args),
	.run = run_assign,
	.screen = "paper-assign",
	.answer = "paper, to",
};

static kb_status run_register(kb_call *call, kb_err *err)
{
	const char *reference = kb_call_text(call, "candidate"), *employer = kb_call_text(call, "employer"),
			   *provider = kb_call_text(call, "provider");
	kb_q_candidate_by_reference_row row;
	KB_TRY(kb_load_candidate(call, reference, &row, err));
	KB_TRY(
		kb_q_candidate_organisation_add(call->sql, row.id, employer, provider, call->actor, call->day_text, NULL, err));
	kb_node_set_text(call->arena, call->result, "candidate", reference);
	kb_node_set_text(call->arena, call->result, "employer", employer ? employer : "");
	kb_node_set_text(call->arena, call->result, "provider", provider ? provider : "");
	kb_node_set_text(call->arena, call->effects, "candidate", row.token);
	return KB_OK;
}

static const kb_arg register_args[] = {
	{ "candidate", KB_ARG_REFERENCE, .place = true, .required = true, .help = "the candidate's reference" },
	{ "employer", KB_ARG_REFERENCE, .help = "a short name of the employing organisation, as in north-region" },
	{ "provider", KB_ARG_REFERENCE, .help = "a short name of the training provider" },
};

const kb_op kb_op_candidate_register = {
	.name = "candidate register",
	.summary = "Record a candidate's employer and provider: organisations, never people",
	.help = "For conflicts of interest, and for what candidates of one employer have in common. What was recorded\n"
			"before is replaced. A candidate is known from their first paper on, so: draw, register, and then assign,\n"
			"since a paper that was assigned before is not held against conflicts again.\n\n"
			"    ksbank candidate register AP-1042 --employer north-region --provider hill-college",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = register_args,
	.arg_count = KB_COUNT(register_args),
	.run = run_register,
	.screen = "candidate-register",
	.answer = "candidate, employer, provider",
};
