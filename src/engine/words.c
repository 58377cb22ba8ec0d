#include "engine/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* The length of an apostrophe: ' or its curly form. */
static size_t apostrophe(const char *at)
{
	return *at == '\'' ? 1 : strncmp(at, "\xe2\x80\x99", 3) == 0 ? 3 : 0;
}

/* The bytes of a character that belongs to no word: ASCII marks, and U+2000 to U+206F. */
static size_t separator(const char *at)
{
	unsigned char c = (unsigned char)at[0];
	if (c == 0xe2 && ((unsigned char)at[1] == 0x80 || (unsigned char)at[1] == 0x81) && at[2]) return 3;
	return is_letter(c) ? 0 : 1;
}

/* The word that begins at `at`; returns what lies behind it. */
static const char *read_word(kb_arena *arena, const char *at, kb_word *word)
{
	const char *end = at;
	for (size_t skip; *end; end += skip) {
		skip = apostrophe(end);
		if (skip ? !is_letter((unsigned char)end[skip]) : separator(end)) break;
		if (!skip) skip = 1;
	}
	char *text = kb_arena_alloc(arena, (size_t)(end - at) + 1);
	size_t used = 0;
	for (const char *from = at; text && from < end; from++) {
		size_t skip = apostrophe(from);
		if (skip && (from[skip] == 's' || from[skip] == 'S') && from + skip + 1 == end) break;
		if (skip) from += skip - 1;
		else text[used++] = (char)(*from >= 'A' && *from <= 'Z' ? *from - 'A' + 'a' : *from);
	}
	*word = (kb_word) { .text = text ? text : "", .at = at, .length = (size_t)(end - at) };
	return end;
}

/* A full stop ends a sentence when what follows is not in lower case: not in "e.g. this". */
static bool ends_sentence(char mark, const char *behind)
{
	if (mark == '?' || mark == '!') return true;
	return mark == '.' && !(*behind >= 'a' && *behind <= 'z');
}

/* As many words at the most: a word begins behind something that is no letter. */
static size_t count_words(const char *text)
{
	size_t count = 0;
	for (const char *at = text; *at; at++)
		count += is_letter((unsigned char)*at) && (at == text || !is_letter((unsigned char)at[-1]) || at[-1] & 0x80);
	return count;
}

kb_words kb_words_of(kb_arena *arena, const char *text)
{
	const char *at = text ? text : "";
	kb_words words = { kb_arena_array(arena, count_words(at), sizeof(kb_word)), 0 };
	while (words.list && *at) {
		size_t skip = separator(at);
		kb_word *last = words.count ? &words.list[words.count - 1] : NULL;
		if (!skip) {
			bool joined = last && last->at + last->length + 1 == at && at[-1] == '-';
			at = read_word(arena, at, &words.list[words.count]);
			words.list[words.count++].joined = joined;
			continue;
		}
		char mark = strchr(".?!,;:()", *at) ? *at : 0;
		bool inside = *at == '.' && is_letter((unsigned char)at[1]); /* 0.5, e.g. */
		at += skip;
		if (!last || !mark || inside || strchr(".?!", last->mark ? last->mark : ' ')) continue;
		last->mark = mark;
		last->ends =
			ends_sentence(mark, at + strcspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
	}
	if (words.count) words.list[words.count - 1].ends = true;
	return words;
}

static const char *const common[] = { "a", "about", "after", "again", "all", "also", "an", "and", "another", "any",
	"are", "as", "at", "be", "because", "been", "before", "being", "both", "but", "by", "can", "could", "describe",
	"did", "do", "does", "doing", "done", "each", "every", "example", "explain", "for", "from", "get", "give", "go",
	"had", "has", "have", "having", "how", "i", "if", "in", "into", "is", "it", "its", "like", "made", "make", "may",
	"me", "might", "more", "most", "much", "must", "my", "need", "no", "not", "of", "off", "on", "once", "one", "only",
	"or", "other", "others", "our", "out", "over", "own", "same", "should", "so", "some", "somebody", "someone",
	"something", "such", "take", "talk", "tell", "than", "that", "the", "their", "them", "then", "there", "these",
	"they", "thing", "things", "this", "those", "through", "time", "times", "to", "too", "under", "until", "up", "us",
	"use", "used", "using", "very", "was", "way", "we", "were", "what", "when", "where", "whether", "which", "while",
	"who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you", "your", "yourself" };

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool kb_word_is_common(const char *word)
{
	return bsearch(&word, common, KB_COUNT(common), sizeof *common, by_bytes) != NULL;
}

/* Longest first, so that the first that fits is the one to take off. `least`: letters that must stay. */
static const struct {
	const char *ending;
	size_t least;
} endings[] = { { "ational", 4 }, { "iveness", 4 }, { "ations", 4 }, { "ements", 4 }, { "nesses", 4 }, { "ation", 4 },
	{ "ating", 4 }, { "ative", 4 }, { "ement", 4 }, { "ments", 4 }, { "ships", 4 }, { "ities", 4 }, { "ingly", 4 },
	{ "ively", 4 }, { "ances", 4 }, { "ences", 4 }, { "ional", 4 }, { "ated", 4 }, { "ates", 4 }, { "ment", 4 },
	{ "ship", 4 }, { "iour", 4 }, { "ness", 4 }, { "ings", 4 }, { "ives", 4 }, { "ions", 4 }, { "ally", 4 },
	{ "able", 4 }, { "ible", 4 }, { "ance", 4 }, { "ence", 4 }, { "ate", 4 }, { "ity", 4 }, { "ing", 3 }, { "ive", 4 },
	{ "ion", 4 }, { "als", 4 }, { "ers", 4 }, { "ies", 3 }, { "ied", 3 }, { "ed", 3 }, { "al", 4 }, { "er", 4 },
	{ "es", 3 }, { "ly", 4 }, { "e", 3 }, { "y", 3 }, { "s", 3 } };

static bool take_ending(char *word, size_t *length)
{
	for (size_t i = 0; i < KB_COUNT(endings); i++) {
		size_t n = strlen(endings[i].ending);
		if (*length < n + endings[i].least || strcmp(word + *length - n, endings[i].ending) != 0) continue;
		if (n == 1 && endings[i].ending[0] == 's' && word[*length - 2] == 's') continue; /* "process" */
		*length -= n;
		word[*length] = '\0';
		return true;
	}
	return false;
}

const char *kb_word_stem(kb_arena *arena, const char *word)
{
	size_t length = strlen(word);
	char *stem = kb_arena_copy(arena, word, length);
	if (!stem) return "";
	for (int pass = 0; pass < 2 && take_ending(stem, &length); pass++)
		if (length > 3 && stem[length - 1] == stem[length - 2] && !strchr("sl", stem[length - 1]))
			stem[--length] = '\0'; /* "planning" */
	return stem;
}

size_t kb_words_find(const kb_words *words, const char *phrase, size_t from)
{
	for (size_t i = from; i < words->count; i++) {
		size_t at = i;
		const char *rest = phrase;
		while (at < words->count) {
			size_t n = strlen(words->list[at].text);
			if (strncmp(rest, words->list[at].text, n) != 0 || (rest[n] && rest[n] != ' ')) break;
			if (!rest[n]) return i;
			rest += n + 1;
			at++;
		}
	}
	return words->count;
}

size_t kb_words_length(const kb_words *words, size_t from, size_t to)
{
	size_t length = 0;
	for (size_t i = from; i < to; i++) length += !words->list[i].joined;
	return length;
}

static bool is_vowel(char c)
{
	return c && strchr("aeiouy", c);
}

/* An ending that is written and not heard. */
static bool is_silent(const char *word, size_t n)
{
	if (n < 3) return false;
	char last = word[n - 1], before = word[n - 2], third = word[n - 3];
	if (last == 'e') return !is_vowel(before) && !(before == 'l' && !is_vowel(third)); /* "make", not "people" */
	if (before != 'e' || is_vowel(third)) return false;
	if (last == 'd') return third != 't' && third != 'd';          /* "asked", not "wanted" */
	return last == 's' && !strchr("sxzcg", third) && third != 'h'; /* "makes", not "cases" */
}

unsigned kb_word_syllables(const char *word)
{
	size_t n = strlen(word);
	unsigned count = 0;
	for (size_t i = 0; i < n; i++) count += is_vowel(word[i]) && (i == 0 || !is_vowel(word[i - 1]));
	if (count > 1 && is_silent(word, n)) count--;
	return count ? count : 1;
}

int kb_words_grade(const kb_words *words)
{
	long long sentences = 0, syllables = 0, count = (long long)words->count;
	if (!count) return 0;
	for (size_t i = 0; i < words->count; i++) {
		sentences += words->list[i].ends;
		syllables += kb_word_syllables(words->list[i].text);
	}
	return (int)(39 * count / sentences + 1180 * syllables / count - 1559);
}
