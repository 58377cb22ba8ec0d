/*
 * What a candidate heard, and what is like it: in a re-sit nothing comes again, in whichever words. Two texts are alike
 * as engine/likeness.h measures it.
 */
#ifndef KB_APP_HEARD_H
#define KB_APP_HEARD_H

#include "app/op.h"

typedef struct kb_heard {
	kb_call *call;
	int64_t candidate; /* their papers of this method count */
	const char *standard, *method;
	const char **texts;
	int64_t *papers; /* of each text, in the order of papers */
	size_t count, size;
} kb_heard;

/* Adds what was asked beside the bank's own words in the papers before `paper`: own questions, rewordings, follow-ups.
 */
kb_status kb_heard_asked(kb_heard *heard, int64_t paper, kb_err *err) KB_MUST_USE;
/* Adds the questions of the papers before `paper`. */
kb_status kb_heard_issued(kb_heard *heard, int64_t paper, kb_err *err) KB_MUST_USE;

/* A question as it is compared: words[0] its stem, words[1] with its prompts. What somebody puts in their own words is
 * like the one or the other. */
kb_status kb_heard_words(kb_call *call, int64_t version, const char *words[2], kb_err *err) KB_MUST_USE;

/* For each text the paper in which the candidate first heard one like it; 0: none. */
kb_status kb_heard_match(
	const kb_heard *heard, const char *const *texts, size_t count, int64_t *papers, kb_err *err) KB_MUST_USE;

#endif
