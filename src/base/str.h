/*
 * Text: a growing buffer with a ceiling, and the few string questions that the rest asks.
 * All text is UTF-8 that has been checked where it came in.
 */
#ifndef KB_BASE_STR_H
#define KB_BASE_STR_H

#include "base/arena.h"

/* Grows inside an arena; failure latches there (kb_arena_check). text is NUL-terminated once anything was added. */
typedef struct kb_buf {
	kb_arena *arena;
	char *text;
	size_t length, size;
} kb_buf;

void kb_buf_add(kb_buf *buf, const char *bytes, size_t length);
void kb_buf_text(kb_buf *buf, const char *text);
void kb_buf_char(kb_buf *buf, char c);
void kb_buf_fill(kb_buf *buf, char c, size_t times);
void kb_buf_printf(kb_buf *buf, const char *fmt, ...) KB_PRINTF(2, 3);
/* "" where nothing was added. */
const char *kb_buf_string(const kb_buf *buf);

bool kb_str_equal(const char *a, const char *b); /* NULL equals only NULL */
bool kb_str_equal_fold(const char *a, const char *b); /* ASCII case and surrounding space do not count: for names */
/* Byte order, the same in every locale. */
int kb_str_compare(const char *a, const char *b);

/* Whether all of it is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). *bad: the first byte that is not. */
bool kb_str_is_utf8(const char *bytes, size_t length, size_t *bad);
/* Columns that a terminal needs for it: wide characters take two, combining ones none. */
size_t kb_str_width(const char *text, size_t length);

/* The word of `words` (count of them) that is nearest to `word`, NULL when none is near enough to suggest. */
const char *kb_str_nearest(const char *word, const char *const *words, size_t count);

/* Digits in threes for people: "18,544,866,228". */
const char *kb_str_grouped(kb_arena *arena, const char *digits);

/* A whole decimal number, nothing before or behind it; false when it is none or out of range. */
bool kb_str_to_int(const char *text, int64_t *value);

#endif
