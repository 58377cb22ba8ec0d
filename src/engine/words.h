/*
 * A text as words and sentences, for the rules that a program can apply to English text: the lint
 * of questions and the measure of likeness. Crude on purpose, integer arithmetic only, the same on
 * every machine.
 *
 * A word is a run of letters and digits (bytes above ASCII are letters, general punctuation such as
 * dashes and curly quotation marks is not). A hyphen joins two words. An apostrophe inside a
 * word falls out ("dont"), and so does a final 's ("person's" is "person").
 */
#ifndef KB_ENGINE_WORDS_H
#define KB_ENGINE_WORDS_H

#include "base/arena.h"

typedef struct kb_word {
	const char *text; /* ASCII letters in lower case */
	const char *at;   /* as it is written, within the text that was read */
	size_t length;    /* of that */
	char mark;        /* the punctuation behind it that counts: . ? ! , ; : ( ) or 0 */
	bool ends;        /* a sentence ends behind it; the text's last word always does */
	bool joined;      /* to the word before it, by a hyphen: together they count as one in a sentence's length */
} kb_word;

typedef struct kb_words {
	kb_word *list;
	size_t count;
} kb_words;

/* `text` NULL is no words. The words point into `text` and into the arena, which latches. */
kb_words kb_words_of(kb_arena *arena, const char *text);

/* Articles, pronouns, prepositions, auxiliaries, and what every question is made of ("tell", "describe", "how"). */
bool kb_word_is_common(const char *word);

/* Endings taken off: "communicating" and "communication" are both "communic". */
const char *kb_word_stem(kb_arena *arena, const char *word);

/* Where `phrase` ("approved premises": words between single spaces, lower case) begins at or behind `from`;
 * words->count where it does not stand. */
size_t kb_words_find(const kb_words *words, const char *phrase, size_t from);

/* How many words from..to-1 are, those joined by hyphens being one. */
size_t kb_words_length(const kb_words *words, size_t from, size_t to);

/* Groups of vowels, y among them; less a silent e, es or ed at the end; at least one. */
unsigned kb_word_syllables(const char *word);

/* The Flesch-Kincaid grade level in hundredths: 0.39 words a sentence + 11.8 syllables a word - 15.59. 0 without
 * words. */
int kb_words_grade(const kb_words *words);

#endif
