/* Recording a decision: operations that do so take the arguments `by`, `reason` and `source`. */
#ifndef KB_APP_DECIDE_H
#define KB_APP_DECIDE_H

#include "app/op.h"

/* Writes it, and answers standard, subject, by, on, reason. */
kb_status kb_decide(
	kb_call *call, const char *standard, const char *subject, const kb_node *choice, kb_err *err) KB_MUST_USE;

#endif
