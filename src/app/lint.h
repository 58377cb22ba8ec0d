/* The lint of questions as the store holds them. */
#ifndef KB_APP_LINT_H
#define KB_APP_LINT_H

#include "app/load.h"
#include "engine/question_lint.h"

/* All findings in the newest versions of a method's items, `count` of which there are. */
kb_status kb_lint_method(kb_call *call, const kb_standard *standard, const kb_method *method, kb_findings *findings,
	uint32_t *count, kb_err *err) KB_MUST_USE;

/* The same of items that are at hand. */
kb_status kb_lint_items(kb_call *call, const kb_standard *standard, const kb_method *method, const kb_item *items,
	uint32_t count, kb_findings *findings, kb_err *err) KB_MUST_USE;

/* Sets "open" in the result: which of these items (a list of maps with their `id`) the lint has something against,
 * errors and warnings that nobody answered. */
#define KB_LINT_ANSWER                                                                                                 \
	"open: list of {id, count: of findings that are neither mended nor answered}, missing where none is"
kb_status kb_lint_warn(kb_call *call, const kb_node *moved, kb_err *err) KB_MUST_USE;

#endif
