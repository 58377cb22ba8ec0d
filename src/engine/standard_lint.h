/*
 * What is inconsistent or left open in a published standard, found from its data alone. Nothing
 * here knows any standard by name: a rule that needs a fact of the plan takes it from the file.
 *
 * A finding is cleared by a decision: a named person's, with date and reason, on (id, subject).
 * What no program can find (slips of spelling, whether a KSB fits its theme) is a reader's work
 * and stands in the standard's notes.
 */
#ifndef KB_ENGINE_STANDARD_LINT_H
#define KB_ENGINE_STANDARD_LINT_H

#include "engine/finding.h"
#include "model/standard.h"

/* Questions that leave less time than this on average are worth a warning. No source gives a number; ours. */
enum { KB_LINT_MINUTES_PER_QUESTION = 3 };

/* All findings on standards[index], errors first, then in a fixed order. The others are compared with it: versions of
 * the same reference, and statements that stand in two standards. All of them have been read without faults.
 * `findings` starts zeroed. Cost: the square of the number of KSBs of all standards. */
kb_status kb_standard_lint(kb_arena *arena, const kb_standard *const *standards, size_t count, size_t index,
	kb_findings *findings, kb_err *err) KB_MUST_USE;

/* How alike two texts are, in percent: Dice's measure on their sets of words, punctuation and ASCII case left out. */
unsigned kb_standard_likeness(kb_arena *arena, const char *a, const char *b);

#endif
