/* sitting show, list. */
#include "app/ops.h"

#include <string.h>

#include "app/sitting_load.h"

static const char *or_empty(kb_text text)
{
	return text.text ? text.text : "";
}

static void add_follow_ups(kb_call *call, kb_node *map, const kb_list *list)
{
	kb_arena *arena = call->arena;
	kb_node *out = kb_node_set(arena, map, "follow_ups", kb_node_list(arena));
	const kb_follow_up *follow_ups = list->list;
	for (size_t i = 0; i < list->count; i++) {
		kb_node *entry = kb_node_add(arena, out, kb_node_map(arena));
		kb_node_set_text(arena, entry, "text", follow_ups[i].text.text);
		kb_node_set_text(arena, entry, "theme", or_empty(follow_ups[i].theme));
		kb_node_set_text(arena, entry, "ksb_list", kb_texts_join(arena, &follow_ups[i].ksbs, ", "));
	}
}

static const kb_asked *asked_as(const kb_sitting *sitting, const char *id)
{
	const kb_asked *asked = sitting->questions.list;
	for (size_t i = 0; i < sitting->questions.count; i++)
		if (strcmp(asked[i].id.text, id) == 0) return &asked[i];
	return NULL;
}

static void add_questions(kb_call *call, const kb_sat *sat, const kb_sitting *sitting)
{
	static const char *const keys[] = { "number", "id", "version", "theme", "ksb_list", "stem" };
	kb_arena *arena = call->arena;
	const kb_node *issued = kb_node_get(sat->paper.snapshot, "questions");
	kb_node *list = kb_node_set(arena, call->result, "questions", kb_node_list(arena));
	for (size_t i = 0; i < issued->count; i++) {
		const kb_asked *asked = asked_as(sitting, sat->held.questions[i]);
		if (!asked) continue;
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		for (size_t k = 0; k < KB_COUNT(keys); k++)
			kb_node_set(arena, entry, keys[k], kb_node_get(issued->items[i], keys[k]));
		kb_node_set_text(arena, entry, "state", kb_asked_states[asked->state.value]);
		kb_node_set_text(arena, entry, "wording", or_empty(asked->wording));
		kb_node_set_text(arena, entry, "reason", or_empty(asked->reason));
		add_follow_ups(call, entry, &asked->follow_ups);
	}
}

static void add_own(kb_call *call, const kb_sitting *sitting)
{
	kb_arena *arena = call->arena;
	const kb_own_question *own = sitting->own.list;
	kb_node *list = kb_node_set(arena, call->result, "own_questions", kb_node_list(arena));
	for (size_t i = 0; i < sitting->own.count; i++) {
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_int(arena, entry, "number", (int64_t)i + 1);
		kb_node_set_text(arena, entry, "text", own[i].text.text);
		kb_node_set_text(arena, entry, "theme", or_empty(own[i].theme));
		kb_node_set_text(arena, entry, "ksb_list", kb_texts_join(arena, &own[i].ksbs, ", "));
		kb_node_set_text(arena, entry, "prepared",
			!own[i].prepared.set    ? ""
			: own[i].prepared.value ? "during"
									: "before");
		add_follow_ups(call, entry, &own[i].follow_ups);
	}
}

static void add_checklist(kb_call *call, const kb_sat *sat, const kb_sitting *sitting)
{
	kb_arena *arena = call->arena;
	const kb_node *plan = kb_node_get(sat->paper.snapshot, "checklist");
	const kb_checked *items = sitting->checklist.list;
	kb_node *list = kb_node_set(arena, call->result, "checklist", kb_node_list(arena));
	for (size_t l = 0; l < sat->held.letters.count; l++)
		for (size_t i = 0; i < sitting->checklist.count; i++) {
			if (!kb_str_equal(items[i].letter.text, sat->held.letters.list[l].text)) continue;
			kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
			kb_node_set_text(arena, entry, "letter", items[i].letter.text);
			kb_node_set(arena, entry, "text", kb_node_get(plan->items[l], "text"));
			kb_node_set_text(arena, entry, "done", items[i].done.value ? "no" : "yes");
			kb_node_set_text(arena, entry, "reason", or_empty(items[i].reason));
		}
}

static kb_status add_records(kb_call *call, const kb_sat *sat, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_node *list = kb_node_set(arena, call->result, "records", kb_node_list(arena));
	for (size_t i = 0; i < sat->record_count; i++) {
		kb_sat_record record;
		KB_TRY(kb_load_sat_record(call, sat, (int64_t)i + 1, &record, err));
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_int(arena, entry, "record", record.row->number);
		kb_node_set_text(arena, entry, "by", record.row->recorded_by);
		kb_node_set_text(arena, entry, "on", record.row->recorded_on);
		kb_node_set_text(arena, entry, "outcome", record.row->outcome ? record.row->outcome : "undecided");
		kb_node_set_text(arena, entry, "reason", or_empty(record.sitting.correction_reason));
	}
	kb_node_set_bool(arena, call->result, "corrected", sat->record_count > 1);
	return KB_OK;
}

static kb_status run_show(kb_call *call, kb_err *err)
{
	kb_sat sat;
	kb_sat_record record;
	kb_node *result = call->result;
	KB_TRY(kb_load_sat(call, kb_call_text(call, "paper"), &sat, err));
	KB_TRY(kb_call_reads_paper(call, sat.paper.id, err));
	KB_TRY(kb_load_sat_record(call, &sat, kb_call_int(call, "record"), &record, err));
	kb_node_set_text(call->arena, result, "paper", sat.paper.row.key);
	kb_node_set_text(call->arena, result, "candidate", kb_loaded_paper_candidate(&sat.paper));
	kb_node_set_text(call->arena, result, "standard", sat.paper.row.standard);
	kb_node_set_text(call->arena, result, "method", sat.paper.row.method);
	kb_node_set(call->arena, result, "sitting_name", kb_node_get(sat.paper.snapshot, "sitting_name"));
	kb_node_set_text(call->arena, result, "date", sat.paper.row.sat_on);
	kb_node_set_int(call->arena, result, "record", record.row->number);
	kb_node_set_text(call->arena, result, "recorded_by", record.row->recorded_by);
	kb_node_set_text(call->arena, result, "recorded_on", record.row->recorded_on);
	kb_node_set_text(call->arena, result, "started", or_empty(record.sitting.started));
	kb_node_set_text(call->arena, result, "ended", or_empty(record.sitting.ended));
	kb_node_set(call->arena, result, "minutes_rule", kb_node_get(sat.paper.snapshot, "minutes_rule"));
	for (size_t i = 0; i < record.found->pair_count; i++)
		kb_node_set(call->arena, result, record.found->pairs[i].key, record.found->pairs[i].value);
	kb_node_set_text(call->arena, result, "shortfall_reason", or_empty(record.sitting.shortfall_reason));
	kb_node_set_text(call->arena, result, "outcome", or_empty(record.sitting.outcome));
	kb_node_set_text(call->arena, result, "reasons", or_empty(record.sitting.reasons));
	add_questions(call, &sat, &record.sitting);
	add_own(call, &record.sitting);
	add_checklist(call, &sat, &record.sitting);
	return add_records(call, &sat, err);
}

static const kb_arg show_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "record", KB_ARG_INT, .help = "an earlier record; without it the newest" },
};

const kb_op kb_op_sitting_show = {
	.name = "sitting show",
	.summary = "Show what was issued and what was really asked, side by side",
	.help = "    ksbank sitting show P-000001",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.args = show_args,
	.arg_count = KB_COUNT(show_args),
	.run = run_show,
	.screen = "sitting-show",
	.confidential = true,
	.answer = "paper, candidate, standard, method, sitting_name, date, record: its number, recorded_by, recorded_on, "
			  "started, ended, minutes, minutes_rule, least_questions; issued and asked: {questions, own, required, "
			  "covered, missing}; shortfalls: list of {id, text}, shortfall_reason; questions: list of {number, id, "
			  "version, theme, ksb_list, stem, state, wording, reason, follow_ups: list of {text, theme, ksb_list}}; "
			  "own_questions: list of {number, text, theme, ksb_list, prepared, follow_ups}; checklist: list of "
			  "{letter, text, done, reason}; outcome, reasons; records: list of {record, by, on, outcome, reason}, "
			  "corrected",
};

static void add_row(kb_call *call, kb_node *list, const kb_q_sitting_list_row *row)
{
	kb_arena *arena = call->arena;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "paper", row->paper);
	kb_node_set_text(arena, entry, "candidate", row->reference ? row->reference : "(erased)");
	kb_node_set_text(arena, entry, "standard", row->standard);
	kb_node_set_text(arena, entry, "method", row->method);
	kb_node_set_text(arena, entry, "sitting", row->sitting);
	kb_node_set_text(arena, entry, "date", row->sat_on);
	kb_node_set_text(arena, entry, "assessor", row->holder ? row->holder : "");
	kb_node_set_int(arena, entry, "records", row->records);
	kb_node_set_text(arena, entry, "outcome",
		row->records && !row->outcome ? "undecided"
		: row->outcome                ? row->outcome
									  : "");
	kb_node_set_text(arena, entry, "recorded_by", row->recorded_by ? row->recorded_by : "");
	kb_node_set_text(arena, entry, "recorded_on", row->recorded_on ? row->recorded_on : "");
}

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_sitting_list_row *rows;
	size_t count;
	bool all = kb_roles_may(call->roles, KB_MAY_READ_ALL_PAPERS);
	KB_TRY(kb_q_sitting_list(call->sql, call->arena, call->day_text, &rows, &count, err));
	kb_node *open = kb_node_set(call->arena, call->result, "open", kb_node_list(call->arena));
	kb_node *recorded = kb_node_set(call->arena, call->result, "recorded", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++)
		if (all || kb_str_equal(rows[i].holder, call->actor))
			add_row(call, rows[i].records ? recorded : open, &rows[i]);
	kb_node_set_bool(call->arena, call->result, "some_open", open->count > 0);
	kb_node_set_bool(call->arena, call->result, "some_recorded", recorded->count > 0);
	return KB_OK;
}

const kb_op kb_op_sitting_list = {
	.name = "sitting list",
	.summary = "List sittings whose day has passed without a record, and those that were recorded",
	.help = "An assessor sees those of the papers that they hold.\n\n"
			"    ksbank sitting list",
	.permission = KB_MAY_READ_PAPER,
	.store = KB_OP_READS,
	.run = run_list,
	.screen = "sitting-list",
	.answer = "open and recorded: lists of {paper, candidate, standard, method, sitting, date, assessor, records, "
			  "outcome, recorded_by, recorded_on}; some_open, some_recorded",
};
