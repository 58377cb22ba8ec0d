/* What makes a paper stand in an appeal. */
#ifndef KB_APP_PAPER_PROOF_H
#define KB_APP_PAPER_PROOF_H

#include "app/op.h"

/* Checks all papers as paper verify does, and adds what does not hold to `findings` as maps {id, where, message}. */
kb_status kb_paper_verify_all(kb_call *call, kb_node *findings, kb_err *err) KB_MUST_USE;

#endif
