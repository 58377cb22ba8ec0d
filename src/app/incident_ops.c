/* incident report, note, list, show; candidate erase. */
#include "app/ops.h"

#include <string.h>

#include "app/exposure.h"
#include "app/load.h"
#include "app/paper_load.h"

static const char *const kinds[] = { "leak", "error", "loss", "malpractice", "other", NULL };

static kb_status find_item(kb_call *call, const char *key, kb_sql_int *id, kb_err *err)
{
	kb_q_item_by_key_row row;
	KB_TRY(kb_load_item(call, key, &row, err));
	*id = (kb_sql_int) { true, row.id };
	return KB_OK;
}

static kb_status find_paper(kb_call *call, const char *key, kb_sql_int *id, kb_err *err)
{
	kb_loaded_paper paper;
	KB_TRY(kb_load_paper(call, key, &paper, err));
	*id = (kb_sql_int) { true, paper.id };
	return KB_OK;
}

static kb_status run_report(kb_call *call, kb_err *err)
{
	const char *question = kb_call_text(call, "question"), *paper = kb_call_text(call, "paper");
	kb_sql_int item_id = { 0 }, paper_id = { 0 };
	if (question) KB_TRY(find_item(call, question, &item_id, err));
	if (paper) KB_TRY(find_paper(call, paper, &paper_id, err));
	KB_TRY(kb_q_incident_add(call->sql, kb_call_text(call, "kind"), kb_call_text(call, "summary"), item_id, paper_id,
		call->actor, call->day_text, NULL, err));
	const char *key = kb_arena_printf(call->arena, "I-%04lld", (long long)kb_sql_last_id(call->sql));
	kb_node_set_text(call->arena, call->result, "incident", key);
	kb_node_set_text(call->arena, call->result, "question", question ? question : "");
	kb_node_set_text(call->arena, call->result, "paper", paper ? paper : "");
	kb_node_set_text(call->arena, call->effects, "incident", key);
	return KB_OK;
}

static const kb_arg report_args[] = {
	{ "kind", KB_ARG_WORD, .required = true, .help = "what happened", .words = kinds },
	{ "summary", KB_ARG_TEXT, .required = true, .help = "in a sentence or two, without names of candidates" },
	{ "question", KB_ARG_TEXT, .help = "the question or theme it concerns" },
	{ "paper", KB_ARG_TEXT, .help = "the paper it concerns, as in P-000001" },
};

const kb_op kb_op_incident_report = {
	.name = "incident report",
	.summary = "Record that something went wrong; the record is never deleted",
	.help =
		"It takes nothing out of use by itself: suspend a question that leaked with question suspend, and withdraw\n"
		"a paper that was lost before its sitting with paper withdraw.\n\n"
		"    ksbank incident report --kind leak --summary \"seen in an online group\" --question ST0648-PD1-01",
	.permission = KB_MAY_REPORT_INCIDENT,
	.store = KB_OP_WRITES,
	.args = report_args,
	.arg_count = KB_COUNT(report_args),
	.run = run_report,
	.screen = "incident-report",
	.answer = "incident, question, paper",
};

static kb_status find(kb_call *call, kb_q_incident_all_row *row, kb_err *err)
{
	const char *key = kb_call_text(call, "incident");
	int64_t id;
	kb_q_incident_all_row *rows;
	size_t count = 0;
	bool named = strncmp(key, "I-", 2) == 0 && kb_str_to_int(key + 2, &id) && id > 0;
	if (named) KB_TRY(kb_q_incident_all(call->sql, call->arena, (kb_sql_int) { true, id }, &rows, &count, err));
	if (count == 0) {
		kb_fail(err, KB_NOT_FOUND, "incident.none", "there is no incident %.40s", key);
		return kb_hint(err, "an incident's id looks like I-0001; see them with: ksbank incident list");
	}
	*row = rows[0];
	return KB_OK;
}

static kb_status run_note(kb_call *call, kb_err *err)
{
	kb_q_incident_all_row row;
	bool closes = kb_call_flag(call, "closes");
	KB_TRY(find(call, &row, err));
	KB_TRY(kb_q_incident_note_add(
		call->sql, row.id, kb_call_text(call, "text"), closes, call->actor, call->day_text, NULL, err));
	kb_node_set_text(call->arena, call->result, "incident", row.key);
	kb_node_set_bool(call->arena, call->result, "closed", closes);
	kb_node_set_text(call->arena, call->effects, "incident", row.key);
	return KB_OK;
}

static const kb_arg note_args[] = {
	{ "incident", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in I-0001" },
	{ "text", KB_ARG_TEXT, .required = true, .help = "what was found or done" },
	{ "closes", KB_ARG_FLAG, .help = "the incident is dealt with; a later note without this opens it again" },
};

const kb_op kb_op_incident_note = {
	.name = "incident note",
	.summary = "Add what was found or done to an incident, or close it",
	.help = "    ksbank incident note I-0001 --text \"question suspended, two papers replaced\" --closes",
	.permission = KB_MAY_REPORT_INCIDENT,
	.store = KB_OP_WRITES,
	.args = note_args,
	.arg_count = KB_COUNT(note_args),
	.run = run_note,
	.screen = "incident-note",
	.answer = "incident, closed",
};

static void describe(kb_call *call, kb_node *map, const kb_q_incident_all_row *row)
{
	kb_node_set_text(call->arena, map, "incident", row->key);
	kb_node_set_text(call->arena, map, "kind", row->kind);
	kb_node_set_text(call->arena, map, "summary", row->summary);
	kb_node_set_text(call->arena, map, "question", row->question ? row->question : "");
	kb_node_set_text(call->arena, map, "paper", row->paper ? row->paper : "");
	kb_node_set_text(call->arena, map, "by", row->reported_by);
	kb_node_set_text(call->arena, map, "on", row->reported_on);
	kb_node_set_text(call->arena, map, "state", row->closed ? "closed" : "open");
}

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_incident_all_row *rows;
	size_t count;
	KB_TRY(kb_q_incident_all(call->sql, call->arena, (kb_sql_int) { 0 }, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "incidents", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++)
		describe(call, kb_node_add(call->arena, list, kb_node_map(call->arena)), &rows[i]);
	kb_node_set_bool(call->arena, call->result, "empty", count == 0);
	return KB_OK;
}

const kb_op kb_op_incident_list = {
	.name = "incident list",
	.summary = "List the incidents, open and closed",
	.help = "    ksbank incident list",
	.permission = KB_MAY_READ_ALL_PAPERS,
	.store = KB_OP_READS,
	.run = run_list,
	.screen = "incident-list",
	.answer = "incidents: list of {incident, kind, summary, question, paper, by, on, state}; empty",
};

static kb_status run_show(kb_call *call, kb_err *err)
{
	kb_q_incident_all_row row;
	kb_q_incident_notes_row *notes;
	size_t count;
	KB_TRY(find(call, &row, err));
	KB_TRY(kb_q_incident_notes(call->sql, call->arena, row.id, &notes, &count, err));
	describe(call, call->result, &row);
	kb_node *list = kb_node_set(call->arena, call->result, "notes", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *note = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, note, "text", notes[i].text);
		kb_node_set_text(call->arena, note, "by", notes[i].noted_by);
		kb_node_set_text(call->arena, note, "on", notes[i].noted_on);
	}
	if (!row.item.set) return KB_OK;
	kb_node *exposure = kb_node_set(call->arena, call->result, "exposure", kb_node_map(call->arena));
	return kb_exposure_of(call, row.item.value, 0, exposure, err);
}

static const kb_arg show_args[] = {
	{ "incident", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in I-0001" },
};

const kb_op kb_op_incident_show = {
	.name = "incident show",
	.summary = "Show an incident: what was noted, who is affected, which papers can still be replaced",
	.help = "    ksbank incident show I-0001",
	.permission = KB_MAY_READ_ALL_PAPERS,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = KB_COUNT(show_args),
	.run = run_show,
	.screen = "incident-show",
	.answer = "incident, kind, summary, question, paper, by, on, state; notes: list of {text, by, on}; exposure: as in "
			  "question exposure, where it concerns a question",
};

static kb_status run_erase(kb_call *call, kb_err *err)
{
	const char *reference = kb_call_text(call, "candidate");
	kb_q_candidate_by_reference_row row;
	KB_TRY(kb_load_candidate(call, reference, &row, err));
	if (!kb_call_flag(call, "yes")) {
		kb_fail(err, KB_USAGE, "candidate.confirm", "erasing a reference can't be undone");
		return kb_hint(err, "say that you mean it with --yes");
	}
	KB_TRY(kb_q_candidate_erase(call->sql, row.id, NULL, err));
	kb_node_set_text(call->arena, call->result, "token", row.token);
	kb_node_set_text(call->arena, call->effects, "candidate", row.token);
	return KB_OK;
}

static const kb_arg erase_args[] = {
	{ "candidate", KB_ARG_REFERENCE, .place = true, .required = true, .help = "the reference to erase" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why, without the reference itself" },
	{ "yes", KB_ARG_FLAG, .help = "I know that this can't be undone" },
};

const kb_op kb_op_candidate_erase = {
	.name = "candidate erase",
	.summary = "Erase a candidate's reference for ever, on request",
	.help = "Papers, the log and the guarantee stay whole: they hold a keyed digest of the reference and never the\n"
			"reference. If the same reference comes again, its earlier questions still count as seen.\n\n"
			"    ksbank candidate erase AP-1042 --reason \"request of 3 May\" --yes",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = erase_args,
	.arg_count = KB_COUNT(erase_args),
	.run = run_erase,
	.screen = "candidate-erase",
	.answer = "token: what stands for the candidate from now on",
};
