/* Whether the store is what the program wrote. */
#ifndef KB_APP_AUDIT_VERIFY_H
#define KB_APP_AUDIT_VERIFY_H

#include "app/op.h"

/* Adds what does not fit to `findings` as maps {id, where, message}: of the log, the rows, the signatures, the the
 * papers, the certificates. Reads the whole store. `head` is the log's, as far as it holds. */
kb_status kb_audit_findings(kb_call *call, kb_node *findings, kb_log_head *head, kb_err *err) KB_MUST_USE;

#endif
