/*
 * Decisions: a named person's recorded choice where the sources leave one open. A standard is read
 * as published; decisions are laid over it when it is used, and show as decisions wherever it is shown.
 */
#ifndef KB_MODEL_DECISION_H
#define KB_MODEL_DECISION_H

#include "model/standard.h"

/* Subjects: "ksb-text K9" (choice: the id of the source whose wording holds), "mapping METHOD" (choice: a list of
 * {theme, name, ksbs}), and those of kb_open_subjects (choice: one of its words, or a number in digits). */
typedef struct kb_decision {
	const char *subject;
	const kb_node *choice;
	const char *made_by, *made_on, *reason, *source;
} kb_decision;

/* Lays decisions over a standard: picks the wording of a disputed KSB, gives a method its themes. Faults name what no
 * longer fits (a KSB that does not exist). */
kb_status kb_decision_apply(
	kb_arena *arena, kb_standard *standard, const kb_decision *decisions, size_t count, kb_err *err) KB_MUST_USE;

/* Checks a mapping before it is recorded: each theme has an id, KSBs exist, no (theme, KSB) twice. */
void kb_decision_check_mapping(kb_faults *faults, const kb_standard *standard, const kb_node *choice);

/* Which wording a person chose for a disputed KSB; NULL while nobody has. */
const char *kb_decision_wording(const kb_decision *decisions, size_t count, const char *ksb);

/* What an organisation settles by a word, where its plan does not: a rule of the same name in the standard settles it.
 */
typedef struct kb_open_choice {
	const char *word, *meaning;
} kb_open_choice;

typedef struct kb_open_subject {
	const char *id, *question;
	const char *needs;         /* the rule without which there is nothing to settle; NULL: always open */
	kb_open_choice choices[3]; /* a NULL word behind the last; none: the choice is a number */
	int64_t most;              /* the largest such number; the least is 1 */
} kb_open_subject;

/* Limits of predictability that an organisation sets itself, in parts of a thousand. */
#define KB_LIMIT_CHANCE "predictability-limit-chance"
#define KB_LIMIT_OVERLAP "predictability-limit-overlap"

/* Questions that each KSB of a grading theme is to have, at least; without a decision three: a first attempt and two
 * re-sits. */
#define KB_BANK_TARGET "bank-size-target"
enum { KB_BANK_TARGET_USUAL = 3 };

extern const kb_open_subject kb_open_subjects[];
extern const size_t kb_open_subject_count;

/* The newest decision on one of these; NULL while nobody has decided. */
const kb_decision *kb_decision_on(const kb_decision *decisions, size_t count, const char *subject);

/* Whether a subject may be decided so. */
bool kb_open_subject_takes(const kb_open_subject *subject, const char *choice);

/* What a plan says of the grade after a re-sit or re-take, and what was decided where it is silent. */
typedef enum kb_cap_scope { KB_CAP_NONE, KB_CAP_OPEN, KB_CAP_METHOD, KB_CAP_OVERALL } kb_cap_scope;

typedef struct kb_resit_cap {
	kb_cap_scope scope;
	const char *grade;           /* NULL with KB_CAP_NONE */
	const kb_decision *decision; /* NULL where the plan itself settles it, or nobody has */
} kb_resit_cap;

kb_resit_cap kb_resit_cap_of(const kb_standard *standard, const kb_decision *decisions, size_t count);

#endif
