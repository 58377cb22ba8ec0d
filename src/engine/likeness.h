/*
 * Near-duplicates by text: which of many texts say the same, or nearly the same, in the same words.
 *
 * Two measures. *Exact*: the same words in the same order; case, punctuation and white space do not
 * count. *Likeness*: Jaccard's measure on the two texts' sets of shingles, in whole per mille, rounded
 * down (Broder, On the resemblance and containment of documents, 1997).
 *
 * Common words are dropped before shingles are made (kb_word_is_common: "tell me about a time when
 * you" leaves nothing), so that an opening or a frame which half a bank shares makes no two questions
 * alike. What is left are the words that carry the meaning, cut to their stems, about 4 to 15 in a
 * stem and a dozen in its prompts. A shingle is two of them in a row: with three, one changed word in
 * a short stem would leave nothing in common; with one, all questions on one subject would be alike.
 *
 * A line feed ends a part of a text (a stem, a prompt): no shingle runs across it, so the order of the
 * parts does not count. A part with one such word is a shingle by itself.
 *
 * Nothing is drawn by lot and no hash decides: pairs are found by an inverted index of each text's
 * rarest shingles (a pair as alike as is asked for must share one of them: Chaudhuri, Ganti and
 * Kaushik, 2006; Bayardo, Ma and Srikant, 2007) and then counted exactly. The answer is what comparing
 * every two texts would give, at a cost that grows with the length of all texts (times its logarithm)
 * and with the number of pairs that share a rare shingle.
 */
#ifndef KB_ENGINE_LIKENESS_H
#define KB_ENGINE_LIKENESS_H

#include "base/arena.h"

/* Worth a look. Whole questions (stem and prompts) share little by chance: of all pairs that are shipped, the two above
 * 180 are declared rivals. One line shares more: a single phrase in common brings two of them to 300. The README says
 * what is found and missed (tests/unit/engine/test_likeness_labelled.c counts it). */
enum { KB_LIKENESS_NEAR = 200, KB_LIKENESS_NEAR_LINE = 300 };

typedef struct kb_like {
	uint32_t a, b;      /* places in the list, a < b */
	uint32_t per_mille; /* 1000 where exact */
	bool exact;
} kb_like;

typedef struct kb_likes {
	kb_like *list; /* the most alike first, exact ones before all; then by a, then by b */
	size_t count;
} kb_likes;

/* All pairs that are exactly alike, or alike by at least `least` per mille (1 to 1000). Of several texts that are
 * exactly alike each is paired with the first of them only, and only that first one takes part in the measure. `texts`
 * hold no NULL. */
kb_status kb_likeness(kb_arena *arena, const char *const *texts, uint32_t count, uint32_t least, kb_likes *likes,
	kb_err *err) KB_MUST_USE;

#endif
