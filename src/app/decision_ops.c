/* decision record, list: what an organisation settles where its plan does not. */
#include "app/ops.h"

#include <string.h>

#include "app/decide.h"
#include "app/load.h"

/* Record. */

static const kb_open_subject *subject_named(const char *id)
{
	for (size_t i = 0; i < kb_open_subject_count; i++)
		if (strcmp(kb_open_subjects[i].id, id) == 0) return &kb_open_subjects[i];
	return NULL;
}

static kb_status check_subject(kb_call *call, const char *id, const kb_open_subject **subject, kb_err *err)
{
	*subject = subject_named(id);
	if (*subject) return KB_OK;
	kb_buf list = { .arena = call->arena };
	for (size_t i = 0; i < kb_open_subject_count; i++)
		kb_buf_printf(&list, "%s%s", i ? ", " : "", kb_open_subjects[i].id);
	kb_fail(err, KB_NOT_FOUND, "decision.subject", "nothing is left open under the name %.60s", id);
	return kb_hint(err,
		"what is: %s; a KSB's wording is decided with standard decide, a mapping recorded with standard map",
		kb_buf_string(&list));
}

static kb_status check_choice(kb_call *call, const kb_open_subject *subject, const char *word, kb_err *err)
{
	kb_buf list = { .arena = call->arena };
	if (kb_open_subject_takes(subject, word)) return KB_OK;
	for (const kb_open_choice *c = subject->choices; c->word; c++)
		kb_buf_printf(&list, "%s%s (%s)", c == subject->choices ? "" : " or ", c->word, c->meaning);
	if (subject->most) kb_buf_printf(&list, "a whole number from 1 to %lld", (long long)subject->most);
	kb_fail(err, KB_NOT_FOUND, "decision.choice", "%s can't be \"%.40s\"", subject->id, word);
	return kb_hint(err, "it is %s", kb_buf_string(&list));
}

/* A plan that settles it itself, or has nothing to settle, leaves no choice. */
static kb_status check_open(const kb_loaded *loaded, const kb_open_subject *subject, kb_err *err)
{
	const char *key = loaded->standard->key.text;
	const kb_plan_rule *settled = kb_rule_find(&loaded->standard->rules, subject->id);
	const kb_plan_rule *needs = kb_rule_find(&loaded->standard->rules, subject->needs);
	if (settled && settled->value.text) {
		kb_fail(err, KB_REFUSED, "decision.settled", "the plan of %s settles %s: %s (%s)", key, subject->id,
			settled->value.text, settled->source.text);
		return kb_hint(err, "if that is wrong in our file, mend the standard and import it");
	}
	if (!subject->needs || (needs && needs->value.text)) return KB_OK;
	kb_fail(err, KB_REFUSED, "decision.nothing", "no source we have gives %s a rule %s, so there is nothing to settle",
		key, subject->needs);
	return kb_hint(err, "see what its sources leave open: ksbank standard show %s", key);
}

static kb_status run_record(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard"), *word = kb_call_text(call, "choice");
	const kb_open_subject *subject;
	kb_loaded loaded;
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(check_subject(call, kb_call_text(call, "subject"), &subject, err));
	KB_TRY(check_choice(call, subject, word, err));
	KB_TRY(check_open(&loaded, subject, err));
	return kb_decide(call, key, subject->id, kb_node_text(call->arena, word), err);
}

static const kb_arg record_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "subject", KB_ARG_TEXT, .place = true, .required = true, .help = "what is decided, as in resit-cap-scope" },
	{ "choice", KB_ARG_TEXT, .place = true, .required = true, .help = "one of its choices, as in method" },
	{ "by", KB_ARG_TEXT, .required = true, .help = "who decided" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why" },
	{ "source", KB_ARG_TEXT, .help = "where the decision itself is written down" },
};

const kb_op kb_op_decision_record = {
	.name = "decision record",
	.summary = "Record what the organisation decided where its plan leaves a choice",
	.help =
		"The newest decision counts; all of them are kept. The subject and its choices:\n\n"
		"    resit-cap-scope   which grade does the cap of a re-sit or re-take bind?\n"
		"        method        that of the method that is sat again: an outcome above the cap is refused\n"
		"        overall       the overall grade alone: the method keeps what it shows\n"
		"    predictability-limit-chance    of a thousand papers, how many may hold the question that is drawn most often?\n"
		"    predictability-limit-overlap   of a thousand questions, how many may two candidates share on average?\n"
		"        1 to 1000     bank predictability grades each bank of the standard by these two\n"
		"    bank-size-target               how many questions is each KSB of a grading theme to have, at least?\n"
		"        1 to 50       without a decision 3: a first attempt and two re-sits; see bank gaps\n\n"
		"A KSB's wording is decided with standard decide, a mapping recorded with standard map.\n\n"
		"    ksbank decision record ST0648/1.0 resit-cap-scope method --by \"Head of assessment\" \\\n"
		"        --reason \"the plan's words name the grade of the re-sit\"",
	.permission = KB_MAY_DECIDE,
	.store = KB_OP_WRITES,
	.args = record_args,
	.arg_count = KB_COUNT(record_args),
	.run = run_record,
	.screen = "standard-decide",
	.answer = "standard, subject, by, on, reason",
};

/* List. */

static void add_decision(kb_call *call, kb_node *list, const kb_decision *decision)
{
	kb_arena *arena = call->arena;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "subject", decision->subject);
	kb_node_set_text(arena, entry, "choice",
		decision->choice->kind == KB_NODE_TEXT ? decision->choice->text
											   : kb_arena_printf(arena, "%zu grading themes", decision->choice->count));
	kb_node_set_text(arena, entry, "by", decision->made_by);
	kb_node_set_text(arena, entry, "on", decision->made_on);
	kb_node_set_text(arena, entry, "reason", decision->reason);
	kb_node_set_text(arena, entry, "source", decision->source ? decision->source : "");
}

static void add_subject(kb_call *call, kb_node *list, const kb_open_subject *subject)
{
	kb_arena *arena = call->arena;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "subject", subject->id);
	kb_node_set_text(arena, entry, "question", subject->question);
	kb_node *choices = kb_node_set(arena, entry, "choices", kb_node_list(arena));
	for (const kb_open_choice *c = subject->choices; c->word; c++) {
		kb_node *choice = kb_node_add(arena, choices, kb_node_map(arena));
		kb_node_set_text(arena, choice, "choice", c->word);
		kb_node_set_text(arena, choice, "meaning", c->meaning);
	}
	if (!subject->most) return;
	kb_node *number = kb_node_add(arena, choices, kb_node_map(arena));
	kb_node_set_text(arena, number, "choice", kb_arena_printf(arena, "1 to %lld", (long long)subject->most));
	kb_node_set_text(arena, number, "meaning", "a whole number");
}

/* KSBs that two documents word differently, until somebody says which holds. */
static kb_node *list_disputed(kb_call *call, const kb_standard *standard)
{
	kb_arena *arena = call->arena;
	kb_node *list = kb_node_list(arena);
	const kb_ksb *ksbs = standard->ksbs.list;
	for (size_t i = 0; i < standard->ksbs.count; i++) {
		const kb_wording *wordings = ksbs[i].disputed.list;
		if (!kb_ksb_is_disputed(&ksbs[i])) continue;
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "ksb", ksbs[i].code.text);
		kb_node *texts = kb_node_set(arena, entry, "wordings", kb_node_list(arena));
		for (size_t w = 0; w < ksbs[i].disputed.count; w++) {
			kb_node *wording = kb_node_add(arena, texts, kb_node_map(arena));
			const char *source = wordings[w].source.text;
			kb_node_set_text(arena, wording, "choice", kb_arena_copy(arena, source, strcspn(source, ":")));
			kb_node_set_text(arena, wording, "text", wordings[w].text.text);
		}
	}
	return list;
}

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	kb_err ignored;
	KB_TRY(kb_load_standard(call, kb_call_text(call, "standard"), &loaded, err));
	kb_node_set_text(call->arena, call->result, "standard", loaded.standard->key.text);
	kb_node *decided = kb_node_set(call->arena, call->result, "decided", kb_node_list(call->arena));
	for (size_t i = 0; i < loaded.decision_count; i++) add_decision(call, decided, &loaded.decisions[i]);
	kb_node *open = kb_node_set(call->arena, call->result, "open", kb_node_list(call->arena));
	for (size_t i = 0; i < kb_open_subject_count; i++) {
		bool left = check_open(&loaded, &kb_open_subjects[i], &ignored) == KB_OK;
		if (left && !kb_decision_on(loaded.decisions, loaded.decision_count, kb_open_subjects[i].id))
			add_subject(call, open, &kb_open_subjects[i]);
	}
	kb_node_set(call->arena, call->result, "disputed", list_disputed(call, loaded.standard));
	kb_node_set_bool(call->arena, call->result, "some_decided", decided->count > 0);
	kb_node_set_bool(call->arena, call->result, "some_open", open->count > 0);
	return KB_OK;
}

static const kb_arg list_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
};

const kb_op kb_op_decision_list = {
	.name = "decision list",
	.summary = "List what was decided of a standard, and what is still open",
	.help = "    ksbank decision list ST0648/1.0",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = list_args,
	.arg_count = KB_COUNT(list_args),
	.run = run_list,
	.screen = "decision-list",
	.answer =
		"standard; decided: list of {subject, choice, by, on, reason, source}, some_decided; open: list of "
		"{subject, question, choices: list of {choice, meaning}}, some_open; disputed: list of {ksb, wordings: list of {choice, text}}",
};
