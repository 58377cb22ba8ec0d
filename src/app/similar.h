/*
 * What is like what in the whole store, by words (engine/likeness.h): the newest version of every question and
 * case-study theme of every standard, what assessors asked of their own, and a text that somebody brings. Whole
 * questions are held against one another; one line is held against the stems too.
 */
#ifndef KB_APP_SIMILAR_H
#define KB_APP_SIMILAR_H

#include "app/op.h"
#include "engine/likeness.h"
#include "model/item.h"

typedef enum kb_similar_kind { KB_SIMILAR_ITEM, KB_SIMILAR_ASKED, KB_SIMILAR_GIVEN } kb_similar_kind;

typedef struct kb_similar_text {
	kb_similar_kind kind;
	int64_t id;      /* of the item, or of the first paper in which it was asked */
	const char *key; /* of that; NULL for the given text, as are the next two */
	const char *standard, *method;
	const char *text;        /* with a line feed before each prompt */
	int64_t version, papers; /* of an item; in how many it was asked */
	const char *state;       /* of an item's newest version */
	kb_item item;
} kb_similar_text;

typedef struct kb_similar {
	kb_similar_text *texts; /* items by standard, method and key; then what was asked; then the given text */
	uint32_t count;
	kb_like *pairs; /* the most alike first; a < b; at least one of the two is an item */
	size_t pair_count;
} kb_similar;

/* `given` may be NULL. `least` per mille; 0: what the engine finds worth a look, of whole questions and of one line.
 * Cost: reads every item; then that of kb_likeness. */
kb_status kb_similar_find(
	kb_call *call, const char *given, uint32_t least, kb_similar *similar, kb_err *err) KB_MUST_USE;

bool kb_similar_are_rivals(const kb_similar_text *a, const kb_similar_text *b); /* declared, on either side */
bool kb_similar_share_method(const kb_similar_text *a, const kb_similar_text *b);

/* Sets "alike" in the result: which other questions those in `written` (a list of maps, their ids under `key`) are like
 * and no rivals of, without any text; nothing where there is none. */
#define KB_SIMILAR_ANSWER "alike: list of {id, like: another, per_mille}, no rivals yet; missing where none is"
kb_status kb_similar_warn(kb_call *call, const kb_node *written, const char *key, kb_err *err) KB_MUST_USE;

#endif
