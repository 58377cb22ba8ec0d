/* What the operations of the yearly review share: whose turn an item is, and when. */
#ifndef KB_APP_REVIEW_H
#define KB_APP_REVIEW_H

#include "app/op.h"

typedef struct kb_reviewer {
	const char *name;
	unsigned roles;
} kb_reviewer;

typedef struct kb_reviewers {
	kb_reviewer *list; /* everybody who holds a role, by name */
	size_t count;
	bool anybody; /* the store has no people yet, so every name will do */
} kb_reviewers;

kb_status kb_reviewers_load(kb_call *call, kb_reviewers *reviewers, kb_err *err) KB_MUST_USE;
bool kb_reviewers_may(const kb_reviewers *reviewers, const char *name); /* review what others wrote; NULL may not */

/* A person of the store by any spelling of their name; in a store without people the name as it is. KB_NOT_FOUND
 * "person.none". */
kb_status kb_review_person(kb_call *call, const char *name, const char **person, kb_err *err) KB_MUST_USE;

/* The method of that name, and its standard; `method` NULL: the standard alone. For their KB_NOT_FOUND. */
kb_status kb_review_subject(kb_call *call, const char *standard, const char *method, kb_err *err) KB_MUST_USE;

/* Who is to review an item next: who it is handed to in an open review, else who approved it last; "" where neither may
 * review any longer. It is never who wrote it: the store refuses both to them. */
const char *kb_review_whom(const kb_reviewers *reviewers, const kb_q_review_items_row *item);

/* What stands for the item's grading theme in lists. */
const char *kb_review_theme(const kb_q_review_items_row *item);

/* An approval that lapses, and who looks at it before that. */
typedef struct kb_review_due {
	const kb_q_review_items_row *item;
	const char *reviewer; /* "" for nobody */
} kb_review_due;

/* Those that lapse by `last`, the lapsed ones too, by date, method and key. `method` and `reviewer` may be NULL: all.
 */
kb_status kb_review_due_by(kb_call *call, const char *standard, const char *method, kb_day last, const char *reviewer,
	kb_review_due **due, size_t *count, kb_err *err) KB_MUST_USE;

/* A review of a method's whole bank. `key` as in R-0001; KB_NOT_FOUND "campaign.none". */
kb_status kb_campaign_find(kb_call *call, const char *key, kb_q_campaign_all_row *campaign, kb_err *err) KB_MUST_USE;

typedef struct kb_campaign {
	kb_q_campaign_all_row row;
	const kb_q_review_items_row *bank; /* all items of the method */
	size_t bank_count;
	const kb_q_review_items_row **items; /* those under review */
	size_t count;
} kb_campaign;

/* One that is open, for work on it: KB_REFUSED "campaign.closed", or "campaign.time" where it opens later than the
 * call's day. */
kb_status kb_campaign_load(kb_call *call, const char *key, kb_campaign *campaign, kb_err *err) KB_MUST_USE;

/* Whether a certificate is what was signed off, by its digest and its signature; of a campaign that was closed. */
kb_status kb_certificate_holds(
	kb_call *call, const kb_q_campaign_all_row *campaign, bool *holds, kb_err *err) KB_MUST_USE;

#endif
