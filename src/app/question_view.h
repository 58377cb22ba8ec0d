/* How questions are shown, where more than one operation shows them. */
#ifndef KB_APP_QUESTION_VIEW_H
#define KB_APP_QUESTION_VIEW_H

#include "app/op.h"
#include "model/item.h"

/* What differs between two bodies: a list of {field, before, after, parts}, parts being a list of {same}, {gone} or
 * {new}, word by word. */
kb_status kb_view_changes(
	kb_call *call, const kb_node *before, const kb_node *after, kb_node **list, kb_err *err) KB_MUST_USE;

/* The KSBs that an item is tagged with: a list of {code, text}. */
kb_node *kb_view_ksbs(kb_arena *arena, const kb_standard *standard, const kb_item *item);

/* Sets {shows, descriptors: list of {id, text}} under a key of the result; nothing where there is no guidance. */
void kb_view_guidance(kb_call *call, const char *key, const kb_method *method, const kb_guidance *guidance);

/* The moves of one version, or of all where `version` is 0: a list of {version, state, by, on, lapses_on, reason,
 * comments, checklist}, the oldest first. */
kb_status kb_view_moves(kb_call *call, int64_t item, int64_t version, kb_node **list, kb_err *err) KB_MUST_USE;

#endif
