/* What an approval leans on beside the question itself. */
#ifndef KB_APP_APPROVAL_H
#define KB_APP_APPROVAL_H

#include "app/op.h"
#include "model/item.h"

/* The day on which an approval given on the call's day lapses: twelve months on, or sooner where the method's
 * specification says so. */
kb_status kb_approval_lapses(
	kb_call *call, const char *standard, const char *method, const char **day, kb_err *err) KB_MUST_USE;

/* The item's KSBs whose wordings are in dispute, undecided, and of which it follows none: "K9, S7"; "" for none. A
 * question can be sound under each wording, but somebody has to say so. */
const char *kb_approval_unsettled(kb_arena *arena, const kb_standard *standard, const kb_item *item);

#endif
