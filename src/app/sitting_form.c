/* sitting form, propose: files for a person to fill in. */
#include "app/ops.h"

#include <string.h>

#include "app/sitting_load.h"
#include "exchange/bank.h"
#include "text/yaml.h"

#define NO_NAMES                                                                                                        \
	"NEVER write the name of a person on probation, or details of a case, anywhere in this file: write \"the person\" " \
	"or \"the case\". The candidate stands here by the paper alone."

/* To the file that was asked for, readable by its owner alone, or as the answer itself. */
static kb_status deliver(kb_call *call, const kb_buf *out, kb_err *err)
{
	const char *path = kb_call_text(call, "output");
	KB_TRY(kb_arena_check(call->arena, err));
	if (!path) {
		kb_node_set(call->arena, call->result, "text", kb_node_textn(call->arena, out->text, out->length));
		return KB_OK;
	}
	KB_TRY(kb_call_create(call, path, out->text, out->length, err));
	kb_node_set_text(call->arena, call->result, "output", path);
	kb_node_set_int(call->arena, call->result, "bytes", (int64_t)out->length);
	return KB_OK;
}

static void form_head(kb_call *call, const kb_sat *sat, kb_buf *out)
{
	const kb_node *snapshot = sat->paper.snapshot;
	kb_yaml_comment(out, 0,
		kb_arena_printf(call->arena,
			"What was really asked in the sitting of %s (%s, %s, %s). Fill it in, then: ksbank sitting record %s FILE",
			sat->paper.row.key, sat->paper.row.standard, kb_node_get_text(snapshot, "method_name", ""),
			sat->paper.row.sat_on, sat->paper.row.key));
	kb_yaml_comment(out, 0, NO_NAMES);
	kb_buf_printf(out, "format: " KB_SITTING_FORMAT "\npaper: %s\n\n", sat->paper.row.key);
	kb_yaml_comment(
		out, 0, "When it began and ended, in quotes as in \"09:05\"; or leave both empty and add a line: minutes: 87");
	kb_buf_text(out, "started:\nended:\n\n");
}

static void form_questions(kb_call *call, const kb_sat *sat, kb_buf *out)
{
	const kb_node *questions = kb_node_get(sat->paper.snapshot, "questions");
	kb_yaml_comment(out, 0, "The questions of the paper; put them in the order of asking if it was another.");
	kb_yaml_comment(out, 0, "state: asked, reworded or not-asked.");
	kb_yaml_comment(out, 0,
		"wording: the words that you used, where you reworded the question; its own words are kept beside them.");
	kb_yaml_comment(out, 0, "reason: why it was not asked, or reworded, if there is something to say.");
	kb_yaml_comment(out, 0,
		"follow-ups: what you asked to follow it up. Each has a text, and ksbs where it tested one: then it covers them. It does not count as a question. A grading theme other than its parent's is named too. As in:");
	kb_buf_text(out, "#     follow-ups:\n#       - text: What did you do next?\n#         ksbs: [S1]\nquestions:\n");
	for (size_t i = 0; i < questions->count; i++) {
		const kb_node *q = questions->items[i];
		kb_yaml_comment(out, 2,
			kb_arena_printf(call->arena, "%lld. %s, %s: %s", (long long)kb_node_get_int(q, "number", 0),
				kb_node_get_text(q, "theme", ""), kb_node_get_text(q, "ksb_list", ""),
				kb_node_get_text(q, "stem", "")));
		kb_buf_printf(
			out, "  - id: \"%s\"\n    state:\n    wording:\n    reason:\n    follow-ups:\n", sat->held.questions[i]);
	}
	kb_buf_char(out, '\n');
}

static void form_own(kb_call *call, const kb_sat *sat, kb_buf *out)
{
	const kb_sat_paper *held = &sat->held;
	kb_yaml_comment(out, 0,
		held->own_required
			? "Your own questions. The plan asks for them; they count as questions, and cover what they are tagged with."
			: "Your own questions. They count as questions, and cover what they are tagged with.");
	kb_yaml_comment(out, 0,
		"text: as you put it. theme: the grading theme. ksbs: what it tested; without them it covers nothing. prepared: before or during the sitting. follow-ups: as above. As in:");
	kb_buf_printf(out,
		"#   - text: How would you explain that to a new colleague?\n#     theme: %s\n#     ksbs: [%s]\n#     prepared: before\n",
		held->rules.unit_count ? held->units[0].theme : "", held->rules.unit_count ? held->units[0].ksb : "");
	kb_yaml_comment(out, 0,
		kb_arena_printf(call->arena, "The grading themes and their KSBs: %s.",
			kb_units_join(call->arena, held, held->rules.required)));
	kb_buf_text(out, "own-questions:\n\n");
}

static void form_checklist(const kb_sat *sat, kb_buf *out)
{
	const kb_node *list = kb_node_get(sat->paper.snapshot, "checklist");
	if (!list || !list->count) return;
	kb_yaml_comment(out, 0, "The plan's list for the assessor. done: yes or no; a no has its reason.");
	kb_buf_text(out, "checklist:\n");
	for (size_t i = 0; i < list->count; i++) {
		kb_yaml_comment(out, 2, kb_node_get_text(list->items[i], "text", ""));
		kb_buf_printf(out, "  \"%s\":\n    done:\n    reason:\n", kb_node_get_text(list->items[i], "letter", ""));
	}
	kb_buf_char(out, '\n');
}

static void form_outcome(kb_call *call, const kb_sat *sat, kb_buf *out)
{
	const kb_texts *grades = &sat->held.grades;
	if (grades->count)
		kb_yaml_comment(out, 0,
			kb_arena_printf(call->arena,
				"outcome: %s; empty while it is undecided. reasons: what decided it, such as the descriptors.",
				kb_texts_join(call->arena, grades, ", ")));
	else
		kb_yaml_comment(
			out, 0, "No source we have gives the grades of this method, so an outcome can't be recorded yet.");
	kb_buf_text(out, "outcome:\nreasons:\n\n");
	kb_yaml_comment(out, 0,
		"Why fewer questions were asked, or fewer KSBs covered, than the plan asks for, or one came again; the answer to `sitting record` says if a reason is needed.");
	kb_buf_text(out, "shortfall-reason:\n");
}

/* A correction starts from what was recorded last, each field in its place, filled in or empty. */
static kb_status form_again(kb_call *call, const kb_sat *sat, kb_buf *out, kb_err *err)
{
	kb_sat_record last;
	KB_TRY(kb_load_sat_record(call, sat, 0, &last, err));
	last.sitting.correction_reason = (kb_text) { 0 };
	const kb_node *recorded = kb_sitting_write(call->arena, &last.sitting);
	kb_yaml_comment(out, 0,
		kb_arena_printf(call->arena,
			"Record %lld of the sitting of %s, by %s on %s. To correct it change what was wrong, say why under correction-reason, then: ksbank sitting record %s FILE. All records are kept.",
			(long long)last.row->number, sat->paper.row.key, last.row->recorded_by, last.row->recorded_on,
			sat->paper.row.key));
	kb_yaml_comment(out, 0, NO_NAMES);
	for (size_t i = 0; i < kb_sitting_record.count; i++) {
		const char *key = kb_sitting_record.fields[i].key;
		kb_node *value = kb_node_get(recorded, key), *field = kb_node_map(call->arena);
		if (value) kb_node_set(call->arena, field, key, value);
		if (value) KB_TRY(kb_yaml_write(call->arena, field, NULL, out, err));
		else kb_buf_printf(out, "%s:\n", key);
	}
	return kb_arena_check(call->arena, err);
}

static kb_status run_form(kb_call *call, kb_err *err)
{
	kb_sat sat;
	kb_buf out = { .arena = call->arena };
	KB_TRY(kb_load_sat(call, kb_call_text(call, "paper"), &sat, err));
	KB_TRY(kb_call_reads_paper(call, sat.paper.id, err));
	if (sat.record_count) KB_TRY(form_again(call, &sat, &out, err));
	else {
		form_head(call, &sat, &out);
		form_questions(call, &sat, &out);
		form_own(call, &sat, &out);
		form_checklist(&sat, &out);
		form_outcome(call, &sat, &out);
	}
	kb_node_set_text(call->arena, call->result, "paper", sat.paper.row.key);
	return deliver(call, &out, err);
}

static const kb_arg form_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "output", KB_ARG_PATH, .help = "write to this file, readable by you alone, instead of the screen" },
};

const kb_op kb_op_sitting_form = {
	.name = "sitting form",
	.summary = "Write the form in which an assessor records a sitting",
	.help =
		"A YAML file with the questions of the paper, places for your own questions, follow-ups, times, the plan's\n"
		"list and the outcome; its comments explain each. Of a sitting that was recorded it holds the newest\n"
		"record, for a correction, without the words of the bank's questions.\n\n"
		"    ksbank sitting form P-000001 --output sitting.yaml",
	.permission = KB_MAY_RECORD_SITTING,
	.store = KB_OP_READS,
	.args = form_args,
	.arg_count = KB_COUNT(form_args),
	.run = run_form,
	.screen = "sitting-form",
	.confidential = true,
	.answer = "paper; text, or with --output: output, bytes",
};

/* Propose. */

static void set_empty(kb_call *call, kb_node *map, const char *key)
{
	kb_node_set(call->arena, map, key, kb_node_null(call->arena));
}

static kb_node *guidance(kb_call *call, bool described)
{
	kb_node *map = kb_node_map(call->arena);
	if (described) set_empty(call, map, "descriptors");
	set_empty(call, map, "shows");
	return map;
}

/* What the assessor wrote down, and empty places for the rest. */
static kb_node *draft_of(kb_call *call, const kb_sat *sat, const kb_own_question *own, int64_t number)
{
	kb_arena *arena = call->arena;
	kb_node *draft = kb_node_map(arena), *ksbs = kb_node_list(arena);
	const char *standard = sat->paper.row.standard;
	bool themes = kb_method_has_published_themes(sat->method);
	for (size_t i = 0; i < own->ksbs.count; i++) kb_node_add(arena, ksbs, kb_node_text(arena, own->ksbs.list[i].text));
	kb_node_set_text(arena, draft, "id",
		kb_arena_printf(
			arena, "%.*s-OWN-%s-%lld", (int)strcspn(standard, "/"), standard, sat->paper.row.key, (long long)number));
	if (themes) kb_node_set_text(arena, draft, "theme", own->theme.text);
	kb_node_set(arena, draft, "ksbs", ksbs);
	set_empty(call, draft, "kind");
	set_empty(call, draft, "minutes");
	set_empty(call, draft, "demand");
	kb_node_set_text(arena, draft, "stem", own->text.text);
	set_empty(call, draft, "prompts");
	kb_node_set(arena, draft, "pass", guidance(call, themes));
	kb_node_set(arena, draft, "distinction", guidance(call, themes));
	set_empty(call, draft, "author");
	set_empty(call, draft, "accessibility");
	return draft;
}

static kb_status run_propose(kb_call *call, kb_err *err)
{
	kb_sat sat;
	kb_sat_record record;
	kb_buf out = { .arena = call->arena };
	kb_node *drafts = kb_node_list(call->arena);
	int64_t number = kb_call_int(call, "number");
	KB_TRY(kb_load_sat(call, kb_call_text(call, "paper"), &sat, err));
	KB_TRY(kb_call_reads_paper(call, sat.paper.id, err));
	KB_TRY(kb_load_sat_record(call, &sat, 0, &record, err));
	if (number > (int64_t)record.sitting.own.count) {
		kb_fail(err, KB_NOT_FOUND, "sitting.own",
			"the record of %s has %zu question%s of the assessor's own, and no number %lld", sat.paper.row.key,
			record.sitting.own.count, record.sitting.own.count == 1 ? "" : "s", (long long)number);
		return kb_hint(err, "see them with: ksbank sitting show %s", sat.paper.row.key);
	}
	const kb_own_question *own = record.sitting.own.list;
	kb_node_add(call->arena, drafts, draft_of(call, &sat, &own[number - 1], number));
	kb_yaml_comment(&out, 0,
		kb_arena_printf(call->arena,
			"A draft from question %lld that %s asked of their own in %s. Give it an id of the bank's kind, fill in what is empty, then: ksbank question new FILE",
			(long long)number, record.row->recorded_by, sat.paper.row.key));
	kb_yaml_comment(&out, 0,
		"The candidate of that paper has heard it: in a re-sit the question, and whatever is like it, is not drawn for them.");
	KB_TRY(
		kb_bank_write_items(call->arena, sat.paper.row.standard, sat.paper.row.method, "questions", drafts, &out, err));
	kb_node_set_text(call->arena, call->result, "paper", sat.paper.row.key);
	kb_node_set_int(call->arena, call->result, "number", number);
	return deliver(call, &out, err);
}

static const kb_arg propose_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "number", KB_ARG_INT, .place = true, .required = true, .help = "which of the assessor's own questions, as in 1" },
	{ "output", KB_ARG_PATH, .help = "write to this file, readable by you alone, instead of the screen" },
};

const kb_op kb_op_sitting_propose = {
	.name = "sitting propose",
	.summary = "Write an assessor's own question as a draft for the bank",
	.help =
		"A YAML file for question new, to be completed. It goes through review like any other. For the candidate who\n"
		"was asked it, it counts as seen.\n\n"
		"    ksbank sitting propose P-000001 1 --output draft.yaml",
	.permission = KB_MAY_RECORD_SITTING,
	.store = KB_OP_READS,
	.args = propose_args,
	.arg_count = KB_COUNT(propose_args),
	.run = run_propose,
	.screen = "sitting-propose",
	.confidential = true,
	.answer = "paper, number; text, or with --output: output, bytes",
};
