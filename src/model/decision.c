#include "model/decision.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define KSB_TEXT "ksb-text "
#define MAPPING "mapping "

static const char *behind(const char *subject, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(subject, prefix, n) == 0 ? subject + n : NULL;
}

const char *kb_decision_wording(const kb_decision *decisions, size_t count, const char *ksb)
{
	for (size_t i = 0; i < count; i++) {
		const char *code = behind(decisions[i].subject, KSB_TEXT);
		if (code && strcmp(code, ksb) == 0 && decisions[i].choice->kind == KB_NODE_TEXT)
			return decisions[i].choice->text;
	}
	return NULL;
}

static void apply_wording(kb_standard *standard, const char *code, const kb_node *choice)
{
	kb_ksb *ksbs = standard->ksbs.list;
	for (size_t i = 0; i < standard->ksbs.count; i++) {
		if (strcmp(ksbs[i].code.text, code) != 0 || choice->kind != KB_NODE_TEXT) continue;
		const kb_wording *wording = kb_ksb_wording(&ksbs[i], choice->text);
		if (!wording) continue;
		ksbs[i].text = wording->text;
		ksbs[i].source = wording->source;
	}
}

static void apply_mapping(kb_arena *arena, kb_method *method, const kb_node *choice)
{
	size_t total = 0;
	kb_theme *themes = kb_arena_array(arena, choice->count, sizeof *themes);
	if (!themes) return;
	for (size_t i = 0; i < choice->count; i++) {
		const kb_node *theme = choice->items[i];
		themes[i].id.text = kb_node_get_text(theme, "theme", "");
		themes[i].name.text = kb_node_get_text(theme, "name", "");
		themes[i].ksbs = kb_texts_of(arena, kb_node_get(theme, "ksbs"));
		total += themes[i].ksbs.count;
	}
	kb_texts all = { .list = kb_arena_array(arena, total, sizeof *all.list) };
	for (size_t i = 0; all.list && i < choice->count; i++)
		for (size_t j = 0; j < themes[i].ksbs.count; j++)
			if (!kb_texts_have(&all, themes[i].ksbs.list[j].text)) all.list[all.count++] = themes[i].ksbs.list[j];
	method->themes = (kb_list) { themes, choice->count };
	method->ksbs = all;
}

kb_status kb_decision_apply(
	kb_arena *arena, kb_standard *standard, const kb_decision *decisions, size_t count, kb_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *code = behind(decisions[i].subject, KSB_TEXT), *id = behind(decisions[i].subject, MAPPING);
		if (code) apply_wording(standard, code, decisions[i].choice);
		kb_method *methods = standard->methods.list;
		for (size_t j = 0; id && j < standard->methods.count; j++)
			if (strcmp(methods[j].id.text, id) == 0 && decisions[i].choice->kind == KB_NODE_LIST)
				apply_mapping(arena, &methods[j], decisions[i].choice);
	}
	return kb_arena_check(arena, err);
}

static const char *nearest_ksb(kb_faults *faults, const kb_standard *standard, const char *code)
{
	const kb_ksb *ksbs = standard->ksbs.list;
	const char **codes = kb_arena_array(faults->arena, standard->ksbs.count, sizeof *codes);
	for (size_t i = 0; codes && i < standard->ksbs.count; i++) codes[i] = ksbs[i].code.text;
	return codes ? kb_str_nearest(code, codes, standard->ksbs.count) : NULL;
}

static void check_codes(kb_faults *faults, const kb_standard *standard, const kb_node *theme)
{
	const kb_node *codes = kb_node_get(theme, "ksbs");
	if (codes && codes->count && !*kb_node_get_text(theme, "theme", ""))
		kb_fault_add(faults, codes->items[0]->mark, "mapping.theme", "this row names no grading theme")->expected =
			"its id, as in PD-1";
	for (size_t i = 0; codes && i < codes->count; i++) {
		const kb_node *code = codes->items[i];
		if (!kb_standard_ksb(standard, code->text)) {
			kb_fault *fault =
				kb_fault_add(faults, code->mark, "mapping.ksb", "%s has no KSB %.40s", standard->key.text, code->text);
			fault->nearest = nearest_ksb(faults, standard, code->text);
		}
		for (size_t j = 0; j < i; j++)
			if (strcmp(codes->items[j]->text, code->text) == 0)
				kb_fault_add(faults, code->mark, "mapping.twice", "%.40s stands twice in the theme %.60s", code->text,
					kb_node_get_text(theme, "theme", ""));
	}
}

void kb_decision_check_mapping(kb_faults *faults, const kb_standard *standard, const kb_node *choice)
{
	for (size_t i = 0; i < choice->count; i++) check_codes(faults, standard, choice->items[i]);
}

#define CAP_SCOPE "resit-cap-scope"

const kb_open_subject kb_open_subjects[] = {
	{ CAP_SCOPE, "Which grade does the cap of a re-sit or re-take bind?", "resit-cap",
		{ { "method", "the grade of the method that is sat again: an outcome above the cap is refused" },
			{ "overall", "the overall grade alone: the method keeps what it shows" } } },
	{ KB_LIMIT_CHANCE, "Of a thousand papers, how many may hold the question that is drawn most often?", NULL, { { 0 } },
		1000 },
	{ KB_LIMIT_OVERLAP, "Of a thousand questions, how many may a candidate's paper share with another's on average?",
		NULL, { { 0 } }, 1000 },
	{ KB_BANK_TARGET, "How many questions is each KSB of a grading theme to have, at least?", NULL, { { 0 } }, 50 },
};
const size_t kb_open_subject_count = KB_COUNT(kb_open_subjects);

const kb_decision *kb_decision_on(const kb_decision *decisions, size_t count, const char *subject)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(decisions[i].subject, subject) == 0 && decisions[i].choice->kind == KB_NODE_TEXT)
			return &decisions[i];
	return NULL;
}

bool kb_open_subject_takes(const kb_open_subject *subject, const char *choice)
{
	int64_t number;
	for (const kb_open_choice *c = subject->choices; c->word; c++)
		if (strcmp(c->word, choice) == 0) return true;
	return subject->most && kb_str_to_int(choice, &number) && number >= 1 && number <= subject->most;
}

kb_resit_cap kb_resit_cap_of(const kb_standard *standard, const kb_decision *decisions, size_t count)
{
	const kb_plan_rule *rule = kb_rule_find(&standard->rules, "resit-cap");
	const kb_plan_rule *settled = kb_rule_find(&standard->rules, CAP_SCOPE);
	if (!rule || !rule->value.text) return (kb_resit_cap) { 0 };
	kb_resit_cap cap = { .scope = KB_CAP_OPEN, .grade = rule->value.text };
	const char *word = settled ? settled->value.text : NULL;
	if (!word) cap.decision = kb_decision_on(decisions, count, CAP_SCOPE);
	if (cap.decision) word = cap.decision->choice->text;
	if (kb_str_equal(word, "method")) cap.scope = KB_CAP_METHOD;
	if (kb_str_equal(word, "overall")) cap.scope = KB_CAP_OVERALL;
	return cap;
}
