/* paper list, show, print, withdraw. */
#include "app/ops.h"

#include <string.h>

#include "app/paper_load.h"
#include "app/paper_print.h"

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_paper_all_row *rows;
	size_t count;
	KB_TRY(kb_q_paper_all(call->sql, call->arena, kb_call_text(call, "standard"), kb_call_text(call, "method"),
		kb_call_text(call, "candidate"), &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "papers", kb_node_list(call->arena));
	bool sees_all = kb_roles_may(call->roles, KB_MAY_READ_ALL_PAPERS);
	for (size_t i = 0; i < count; i++) {
		if (!sees_all && !kb_str_equal(rows[i].holder, call->actor)) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "paper", rows[i].key);
		kb_node_set_text(call->arena, entry, "candidate", rows[i].reference ? rows[i].reference : "(erased)");
		kb_node_set_text(call->arena, entry, "standard", rows[i].standard);
		kb_node_set_text(call->arena, entry, "method", rows[i].method);
		kb_node_set_text(call->arena, entry, "sitting", rows[i].sitting);
		kb_node_set_text(call->arena, entry, "date", rows[i].sat_on);
		kb_node_set_int(call->arena, entry, "questions", rows[i].questions);
		kb_node_set_text(call->arena, entry, "part", rows[i].part);
		kb_node_set_bool(call->arena, entry, "offer", strcmp(rows[i].part, kb_part_themes.name) == 0);
		kb_node_set_text(
			call->arena, entry, "state", kb_paper_state(call, rows[i].state, rows[i].unfit, rows[i].sat_on));
		kb_node_set_int(call->arena, entry, "unfit", rows[i].unfit);
		kb_node_set_text(call->arena, entry, "holder", rows[i].holder ? rows[i].holder : "");
		kb_node_set_text(call->arena, entry, "digest", rows[i].digest);
	}
	bool all = call->arguments->pair_count == 0;
	kb_node_set_bool(call->arena, call->result, "empty", list->count == 0 && all && sees_all);
	kb_node_set_bool(call->arena, call->result, "none_yours", list->count == 0 && all && !sees_all);
	kb_node_set_bool(call->arena, call->result, "none_such", list->count == 0 && !all);
	kb_node_set_bool(call->arena, call->result, "some", list->count > 0);
	return KB_OK;
}

static const kb_arg list_args[] = {
	{ "standard", KB_ARG_TEXT, .help = "only papers of this standard" },
	{ "method", KB_ARG_TEXT, .help = "only papers of this method" },
	{ "candidate", KB_ARG_REFERENCE, .help = "only papers of this candidate" },
};

const kb_op kb_op_paper_list = {
	.name = "paper list",
	.summary = "List the papers that were issued",
	.help = "    ksbank paper list --candidate AP-1042",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.args = list_args,
	.arg_count = KB_COUNT(list_args),
	.run = run_list,
	.screen = "paper-list",
	.answer = "papers: list of {paper, candidate, standard, method, sitting, date, questions: how many, part, offer: "
			  "whether it holds case-study themes, state, unfit: questions suspended or retired since, holder, "
			  "digest}; empty, none_yours, none_such, some",
};

static const kb_arg paper_arg = { "paper", KB_ARG_TEXT, .place = true, .required = true,
	.help = "its id, as in P-000001" };

/* The snapshot for people: with the candidate's reference, the digest that it can't hold of itself, and the log's head
 * behind its draw, so that a log that was cut shows. */
static kb_status for_people(kb_call *call, const kb_loaded_paper *paper, kb_node **ret, kb_err *err)
{
	kb_q_signed_head_of_row row = { 0 };
	bool found;
	kb_node *data = kb_node_map(call->arena);
	for (size_t i = 0; i < paper->snapshot->pair_count; i++)
		kb_node_set(call->arena, data, paper->snapshot->pairs[i].key, paper->snapshot->pairs[i].value);
	kb_node_set_text(call->arena, data, "candidate", kb_loaded_paper_candidate(paper));
	kb_node_set_text(call->arena, data, "digest", paper->row.digest);
	KB_TRY(kb_q_signed_head_of(call->sql, call->arena, paper->row.logged_as, &row, &found, err));
	kb_node *head = kb_node_set(call->arena, data, "log_head", kb_node_map(call->arena));
	kb_node_set_int(call->arena, head, "entries", paper->row.logged_as);
	kb_node_set_text(call->arena, head, "digest", found ? row.digest : "(not signed)");
	kb_node_set_text(call->arena, head, "key", found ? row.key : "");
	*ret = data;
	return kb_arena_check(call->arena, err);
}

static kb_status run_show(kb_call *call, kb_err *err)
{
	kb_loaded_paper paper;
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &paper, err));
	KB_TRY(kb_call_reads_paper(call, paper.id, err));
	kb_node *data = NULL;
	KB_TRY(for_people(call, &paper, &data, err));
	for (size_t i = 0; i < data->pair_count; i++)
		kb_node_set(call->arena, call->result, data->pairs[i].key, data->pairs[i].value);
	const char *state = kb_paper_state(call, paper.row.state, paper.row.unfit, paper.row.sat_on);
	kb_node_set_text(call->arena, call->result, "state", state);
	kb_node_set_int(call->arena, call->result, "unfit", paper.row.unfit);
	kb_node_set_bool(call->arena, call->result, "to_replace", strcmp(state, "to replace") == 0);
	if (paper.row.withdrawn_on) {
		kb_node *w = kb_node_set(call->arena, call->result, "withdrawal", kb_node_map(call->arena));
		kb_node_set_text(call->arena, w, "by", paper.row.withdrawn_by);
		kb_node_set_text(call->arena, w, "on", paper.row.withdrawn_on);
		kb_node_set_text(call->arena, w, "reason", paper.row.withdrawn_because);
	}
	kb_node_set_text(call->arena, call->result, "seed", kb_node_get_text(paper.record, "seed", ""));
	kb_node_set_text(call->arena, call->result, "algorithm", kb_node_get_text(paper.record, "algorithm", ""));
	kb_node_set_text(call->arena, call->result, "valid_papers", kb_node_get_text(paper.record, "valid_papers", ""));
	kb_node_set(call->arena, call->result, "record", paper.record);
	return KB_OK;
}

const kb_op kb_op_paper_show = {
	.name = "paper show",
	.summary = "Show an issued paper: its questions and what it was drawn from",
	.help = "With --json, `record` is the draw record: all that decided the paper, without question text.\n\n"
			"    ksbank paper show P-000001",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.args = &paper_arg,
	.arg_count = 1,
	.run = run_show,
	.screen = "paper-show",
	.confidential = true,
	.answer =
		"the frozen paper: format, paper, standard, standard_title, standard_version, level, method, "
		"method_name, specification_version, candidate, sitting, sitting_name, date, date_words, "
		"least_questions, minutes, minutes_rule, question_count, attribution, questions, coverage, themes, "
		"described, checklist, checklist_source, rules, notes, templates; of case-study themes: case_study_themes, "
		"theme_count; with it state, unfit, to_replace, withdrawal, digest, "
		"log_head: {entries, digest, key}, seed, algorithm, valid_papers; record: the draw record",
};

static kb_status template_of(
	kb_call *call, const kb_loaded_paper *paper, const char *name, const char **text, kb_err *err)
{
	const char *digest = kb_node_get_text(kb_node_get(paper->snapshot, "templates"), name, "");
	kb_q_template_get_row row = { 0 };
	bool found;
	KB_TRY(kb_q_template_get(call->sql, call->arena, digest, &row, &found, err));
	if (!found)
		return kb_fail(
			err, KB_CORRUPT, "template.gone", "the template %s that the paper was frozen with is gone", name);
	*text = row.text;
	return KB_OK;
}

static kb_status run_print(kb_call *call, kb_err *err)
{
	kb_loaded_paper paper;
	kb_print print = { 0 };
	kb_node *data = NULL;
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &paper, err));
	KB_TRY(kb_call_reads_paper(call, paper.id, err));
	print.name = kb_print_template(call, kb_loaded_paper_part(&paper));
	KB_TRY(kb_arena_check(call->arena, err));
	if (!kb_node_get(kb_node_get(paper.snapshot, "templates"), print.name)) {
		kb_fail(err, KB_REFUSED, "print.what", "%s holds case-study themes, and has no %s", paper.row.key,
			kb_call_text(call, "what"));
		return kb_hint(err, "leave --what out");
	}
	KB_TRY(template_of(call, &paper, print.name, &print.template, err));
	KB_TRY(template_of(call, &paper, "print.css", &print.css, err));
	KB_TRY(for_people(call, &paper, &data, err));
	print.data = data;
	print.title = kb_arena_printf(
		call->arena, "%s · %s · %s", paper.row.key, paper.row.standard, kb_loaded_paper_candidate(&paper));
	KB_TRY(kb_arena_check(call->arena, err));
	kb_node_set_text(call->arena, call->result, "paper", paper.row.key);
	kb_node_set_bool(call->arena, call->result, "withdrawn", paper.row.withdrawn_on != NULL);
	return kb_paper_print(call, &print, err);
}

static const kb_arg print_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "what", KB_ARG_WORD, .help = "what to print; without it the assessor's pack, or the offer",
		.words = kb_print_whats },
	{ "format", KB_ARG_WORD, .help = "without it text for the terminal", .words = kb_print_formats },
	{ "output", KB_ARG_PATH, .help = "write to this file, readable by you alone, instead of the screen" },
};

const kb_op kb_op_paper_print = {
	.name = "paper print",
	.summary = "Print the assessor's pack or the recording sheet of a paper, or an offer of themes",
	.help = "Made from the frozen paper with the templates of its day: the same paper prints the same bytes for\n"
			"ever. HTML is ready for a browser's print.\n\n"
			"    ksbank paper print P-000001 --format html --output pack.html",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.args = print_args,
	.arg_count = KB_COUNT(print_args),
	.run = run_print,
	.screen = "paper-print",
	.confidential = true,
	.answer = "paper, withdrawn; text, or with --output: output, bytes",
};

static kb_status run_withdraw(kb_call *call, kb_err *err)
{
	kb_loaded_paper paper;
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &paper, err));
	if (paper.row.withdrawn_on) {
		kb_fail(err, KB_EXISTS, "paper.withdrawn", "paper %s was withdrawn on %s already", paper.row.key,
			paper.row.withdrawn_on);
		return kb_hint(err, "draw its replacement with: ksbank paper draw");
	}
	if (strcmp(paper.row.state, "recorded") == 0) {
		kb_fail(err, KB_REFUSED, "paper.recorded", "the sitting of %s was recorded, and what has happened stays",
			paper.row.key);
		return kb_hint(err,
			"correct the record with: ksbank sitting record; report what went wrong with: ksbank incident report; where the "
			"plan gives another sitting, draw it with --sitting resit");
	}
	KB_TRY(kb_q_withdrawal_add(
		call->sql, paper.id, kb_call_text(call, "by"), call->day_text, kb_call_text(call, "reason"), NULL, err));
	kb_node_set_text(call->arena, call->result, "paper", paper.row.key);
	kb_node_set_text(call->arena, call->result, "on", call->day_text);
	kb_node_set_text(call->arena, call->effects, "paper", paper.row.key);
	return KB_OK;
}

static const kb_arg withdraw_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "by", KB_ARG_TEXT, .required = true, .help = "who withdraws it" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why" },
};

const kb_op kb_op_paper_withdraw = {
	.name = "paper withdraw",
	.summary = "Take a paper out of use; its questions count as seen",
	.help =
		"A withdrawn paper stays in the store for ever. Another can then be drawn for the sitting; it shares\n"
		"nothing with the withdrawn one. Once its sitting was recorded a paper is not withdrawn any more: a record\n"
		"is corrected with sitting record, what went wrong is told with incident report, and another sitting is a\n"
		"resit or retake.\n\n"
		"    ksbank paper withdraw P-000001 --by operations-1 --reason \"left on a train\"",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = withdraw_args,
	.arg_count = KB_COUNT(withdraw_args),
	.run = run_withdraw,
	.screen = "paper-withdraw",
	.answer = "paper, on",
};
