/* Within the lint of standards only: what its two halves share. */
#ifndef KB_ENGINE_STANDARD_LINT_RULES_H
#define KB_ENGINE_STANDARD_LINT_RULES_H

#include "base/str.h"
#include "engine/standard_lint.h"

typedef struct kb_lint {
	kb_arena *arena;
	const kb_standard *standard;
	const kb_standard *const *standards;
	size_t count, index;
	kb_findings *findings;
	kb_finding lost; /* takes what there was no memory for; the arena remembers */
} kb_lint;

/* Adds a finding; its message follows by kb_lint_say, its lines by kb_lint_cite. Never NULL. */
kb_finding *kb_lint_add(
	kb_lint *lint, kb_severity severity, const char *id, const char *subject, kb_mark mark, const char *action);
/* The finding of this id and subject, if there is one already. */
kb_finding *kb_lint_find(kb_lint *lint, const char *id, const char *subject);
void kb_lint_say(kb_lint *lint, kb_finding *finding, const char *fmt, ...) KB_PRINTF(3, 4); /* adds to the message */
void kb_lint_cite(kb_lint *lint, kb_finding *finding, const char *source); /* once each; NULL is none */

/* Lower case, letters and digits only, one space between words. */
const char *kb_lint_fold(kb_arena *arena, const char *text);
bool kb_lint_holds(const kb_texts *texts, const char *word);

/* Everything on the assessment plan: methods, grading themes, rules, grading. */
void kb_lint_plan(kb_lint *lint);

#endif
