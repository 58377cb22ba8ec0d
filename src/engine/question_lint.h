/*
 * What an author can get wrong by rule in a question or a case-study theme. Each rule stands once in a
 * table with its reason, its source where a public one gives it, and the way out. The rules read
 * English words; they can be wrong about a text, and then the author answers a warning in writing
 * (the item's `answers`: rule -> reason). An error can't be answered: it is certain.
 *
 * What needs judgement (whether a question is fair, true or worth its minutes) is a reviewer's work.
 */
#ifndef KB_ENGINE_QUESTION_LINT_H
#define KB_ENGINE_QUESTION_LINT_H

#include "engine/finding.h"
#include "model/specification.h"

typedef struct kb_question_rule {
	const char *id; /* stable: "DOUBLE-BARRELLED" */
	kb_severity severity;
	const char *finds;  /* what it finds, with its limits */
	const char *reason; /* why that matters */
	const char *source; /* who says so; "ours" where nobody else does. "ST0648 plan:139": a line of that plan */
	const char *action; /* the way out */
} kb_question_rule;

extern const kb_question_rule kb_question_rules[];
extern const size_t kb_question_rule_count;

/* The items of one method, in the order in which their findings shall come. */
typedef struct kb_question_set {
	const kb_standard *standard;
	const kb_method *method;
	const kb_specification *specification; /* NULL: nobody has said what a paper is */
	const kb_item *items;
	uint32_t count;
} kb_question_set;

/* All findings, item by item, errors first in each, the subject being the item's id; a pair's finding stands at the
 * later of the two. `findings` starts zeroed. Cost: linear in the length of the texts, and kb_likeness twice. */
kb_status kb_question_lint(kb_arena *arena, const kb_question_set *set, kb_findings *findings, kb_err *err) KB_MUST_USE;

#endif
