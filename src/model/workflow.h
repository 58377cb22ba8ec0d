/*
 * The life of a version: one table of the moves it can make, who may make each and on what
 * conditions. The operations act by it and the help prints it; the schema's trigger says the same
 * pairs once more, so that no path round the program breaks them.
 */
#ifndef KB_MODEL_WORKFLOW_H
#define KB_MODEL_WORKFLOW_H

#include "model/role.h"
#include "text/record.h"

typedef enum kb_state {
	KB_STATE_DRAFT, /* before the first move */
	KB_STATE_SUBMITTED,
	KB_STATE_RETURNED,
	KB_STATE_APPROVED,
	KB_STATE_SUSPENDED,
	KB_STATE_RETIRED,
	KB_STATE_COUNT
} kb_state;
extern const char *const kb_states[]; /* NULL behind the last */

enum {
	KB_MOVE_BY_ANOTHER = 1, /* never by who wrote the version */
	KB_MOVE_REASON = 2,
	KB_MOVE_CHECKLIST = 4, /* each point answered, none with no */
	KB_MOVE_IMPORTED = 8,  /* only as bank import records an approval; the others it may record too */
};

typedef struct kb_move {
	kb_state from, to;
	kb_permission permission;
	unsigned conditions;
} kb_move;

extern const kb_move kb_moves[];
extern const size_t kb_move_count;

/* NULL where a version can't go from the one state to the other. */
const kb_move *kb_move_find(kb_state from, kb_state to);
/* Whether bank import may record this approval: never that of what was returned or taken out of use. */
bool kb_move_may_be_imported(kb_state from);
/* The state of that name, KB_STATE_COUNT for none. */
kb_state kb_state_named(const char *name);

/* What a reviewer says of a version, point by point: "yes" or "no", and behind a comma what there is to say. */
typedef struct kb_checklist {
	kb_mark mark;
	kb_text ksbs, demand, clarity, fairness, duplicates, descriptors, time;
} kb_checklist;
extern const kb_record kb_checklist_record;
extern const char *const kb_checklist_questions[]; /* one for each field of the record, in its order */

/* Each answer begins with yes or no; no is no approval. Faults "checklist.answer" and "checklist.no". */
void kb_checklist_check(kb_faults *faults, const kb_checklist *list);
/* What stands behind the yes or the no; "" where nothing does. */
const char *kb_checklist_note(const kb_text *answer);

/* The places of items that a returned version's reasons may concern, NULL behind the last; and whether it is one of a
 * question, or of a case-study theme: either has them all but those of the other alone. */
extern const char *const kb_item_places[];
bool kb_item_has_place(const char *place, bool is_theme);

#endif
