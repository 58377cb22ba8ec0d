/* What differs between two texts, word by word. */
#ifndef KB_TEXT_DIFF_H
#define KB_TEXT_DIFF_H

#include "base/arena.h"

typedef enum kb_diff_kind { KB_DIFF_SAME, KB_DIFF_GONE, KB_DIFF_NEW } kb_diff_kind;

typedef struct kb_diff_part {
	kb_diff_kind kind;
	const char *text; /* words and what stands between them; no white space at either end */
} kb_diff_part;

typedef struct kb_diff {
	kb_diff_part *parts; /* never two of one kind in a row; what is gone before what is new */
	size_t count;
} kb_diff;

/* The longest words in common stay, the rest is gone or new. A word is what stands between white space; what white
 * space it is does not count. Cost: the product of the two numbers of words between their common start and end; beyond
 * a million all of that is gone, and new. */
kb_status kb_diff_words(kb_arena *arena, const char *before, const char *after, kb_diff *diff, kb_err *err) KB_MUST_USE;

#endif
