/* Files to fill in, with the standard's own words beside the empty places: for bank new and bank brief. */
#ifndef KB_APP_SKELETON_H
#define KB_APP_SKELETON_H

#include "app/load.h"

/* What is known of a question before it is written. */
typedef struct kb_wanted {
	kb_texts ksbs;
	const char *ksb_list, *kind, *category_list;
	uint32_t minutes;
} kb_wanted;

/* Words on lines for a comment, behind `code`, further lines set in by as much. */
void kb_skeleton_lines(kb_call *call, kb_node *list, const char *code, const char *text);

/* What every file says: standard, method, attribution. */
kb_node *kb_skeleton_head(kb_call *call, const kb_standard *standard, const kb_method *method);

/* For bank/questions.yaml. `theme` is NULL where no source gives grading themes: then the method's KSBs, if somebody
 * said which, else all. `wanted` may be NULL: then the writer chooses. */
kb_node *kb_skeleton_question(kb_call *call, const kb_standard *standard, const kb_method *method,
	const kb_theme *theme, const kb_wanted *wanted);

kb_status kb_skeleton_fill(
	kb_call *call, const char *template, const kb_node *data, const char **text, kb_err *err) KB_MUST_USE;

#endif
