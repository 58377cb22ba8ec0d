/*
 * Decisions: a named person's recorded choice where the sources leave one open. A standard is read
 * as published; decisions are laid over it when it is used, and show as decisions wherever it is shown.
 */
#ifndef KB_MODEL_DECISION_H
#define KB_MODEL_DECISION_H

#include "model/standard.h"

/* Subjects: "ksb-text K9" (choice: the id of the source whose wording holds) and "mapping METHOD" (choice: a list of
 * {theme, name, ksbs}). */
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

#endif
