/* question lint. */
#include "app/ops.h"

#include <string.h>

#include "app/lint.h"

/* What is counted over all methods. */
typedef struct tally {
	int64_t open[KB_SEVERITY_COUNT], answered;
	int64_t *times; /* by rule: how often it fired */
} tally;

static size_t rule_of(const kb_finding *finding)
{
	size_t rule = 0;
	while (rule + 1 < kb_question_rule_count && strcmp(kb_question_rules[rule].id, finding->id) != 0) rule++;
	return rule;
}

static void add_finding(kb_call *call, kb_node *list, const kb_finding *finding, tally *sum)
{
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "severity", kb_severities[finding->severity]);
	kb_node_set_text(call->arena, entry, "rule", finding->id);
	kb_node_set_text(call->arena, entry, "message", finding->message);
	kb_node_set_text(call->arena, entry, "action", finding->action);
	if (finding->answer) kb_node_set_text(call->arena, entry, "answer", finding->answer);
	if (finding->answer) sum->answered++;
	else sum->open[finding->severity]++;
	sum->times[rule_of(finding)]++;
}

static kb_status lint_method(
	kb_call *call, const kb_loaded *loaded, const kb_method *method, kb_node *list, tally *sum, kb_err *err)
{
	kb_findings findings = { 0 };
	uint32_t count;
	KB_TRY(kb_lint_method(call, loaded->standard, method, &findings, &count, err));
	kb_node *found = NULL;
	for (size_t i = 0; i < findings.count; i++) {
		if (!i || strcmp(findings.list[i - 1].subject, findings.list[i].subject) != 0) {
			kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
			kb_node_set_text(call->arena, entry, "id", findings.list[i].subject);
			kb_node_set_text(call->arena, entry, "method", method->id.text);
			found = kb_node_set(call->arena, entry, "findings", kb_node_list(call->arena));
		}
		add_finding(call, found, &findings.list[i], sum);
	}
	kb_node_set_int(call->arena, call->result, "items", kb_node_get_int(call->result, "items", 0) + (int64_t)count);
	return kb_arena_check(call->arena, err);
}

static void add_rules(kb_call *call, const tally *sum)
{
	const kb_node *flag = kb_node_get(call->arguments, "rules");
	bool all = flag && flag->boolean;
	kb_node *list = kb_node_set(call->arena, call->result, "rules", kb_node_list(call->arena));
	if (!list) return;
	for (size_t i = 0; i < kb_question_rule_count; i++) {
		const kb_question_rule *rule = &kb_question_rules[i];
		if (!all && !sum->times[i]) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "rule", rule->id);
		kb_node_set_text(call->arena, entry, "severity", kb_severities[rule->severity]);
		kb_node_set_text(call->arena, entry, "finds", rule->finds);
		kb_node_set_text(call->arena, entry, "reason", rule->reason);
		kb_node_set_text(call->arena, entry, "source", rule->source);
		kb_node_set_int(call->arena, entry, "times", sum->times[i]);
	}
	kb_node_set_bool(call->arena, call->result, "explained", list->count > 0);
}

static kb_status run_question_lint(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	kb_loaded loaded;
	const kb_method *only = NULL;
	tally sum = { .times = kb_arena_array(call->arena, kb_question_rule_count, sizeof(int64_t)) };
	if (!sum.times) return kb_arena_check(call->arena, err);
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	if (id) KB_TRY(kb_load_method(call, &loaded, id, &only, err));
	kb_node_set_text(call->arena, call->result, "standard", key);
	kb_node_set_int(call->arena, call->result, "items", 0);
	kb_node *list = kb_node_set(call->arena, call->result, "questions", kb_node_list(call->arena));
	const kb_method *methods = loaded.standard->methods.list;
	for (size_t i = 0; i < loaded.standard->methods.count; i++)
		if (!only || only == &methods[i]) KB_TRY(lint_method(call, &loaded, &methods[i], list, &sum, err));
	for (size_t i = 0; i < KB_SEVERITY_COUNT; i++)
		kb_node_set_int(call->arena, call->result, kb_severities[i], sum.open[i]);
	kb_node_set_int(call->arena, call->result, "answered", sum.answered);
	kb_node_set_bool(call->arena, call->result, "empty", kb_node_get_int(call->result, "items", 0) == 0);
	add_rules(call, &sum);
	return KB_OK;
}

static const kb_arg args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .help = "only this method" },
	{ "rules", KB_ARG_FLAG, .help = "list every rule with its reason and source, not only those that found something" },
};

const kb_op kb_op_question_lint = {
	.name = "question lint",
	.summary = "List what can be wrong by rule in questions and case-study themes",
	.help =
		"Looks at the newest version of each. An error has to be mended. A warning is mended, or answered in the file:\n"
		"under `answers`, the rule and the reason why it does not hold there. What the rules are, why, and who says\n"
		"so: --rules.\n\n"
		"    ksbank question lint ST0648/1.0 professional-discussion",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = args,
	.arg_count = KB_COUNT(args),
	.run = run_question_lint,
	.screen = "question-lint",
	.confidential = true,
	.answer = "standard; items: how many were looked at; empty: none; error, warning, info: how many findings are "
			  "open; answered: how many warnings are; questions: those with findings, a list of {id, method, findings: "
			  "list of {severity, rule, message, action, answer}}; rules: list of {rule, severity, finds, reason, "
			  "source, times}; explained: whether any is listed",
};
