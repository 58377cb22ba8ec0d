#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

static bool reserve(kb_buf *buf, size_t more)
{
	size_t need;
	if (__builtin_add_overflow(buf->length, more, &need) || __builtin_add_overflow(need, 1, &need)) need = SIZE_MAX;
	if (need <= buf->size) return true;
	size_t size = buf->size < 128 ? 256 : buf->size * 2;
	if (size < need) size = need;
	char *text = kb_arena_grow(buf->arena, buf->text, buf->size, size);
	if (!text) return false;
	buf->text = text;
	buf->size = size;
	return true;
}

void kb_buf_add(kb_buf *buf, const char *bytes, size_t length)
{
	if (!reserve(buf, length)) return;
	if (length) memcpy(buf->text + buf->length, bytes, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void kb_buf_text(kb_buf *buf, const char *text)
{
	kb_buf_add(buf, text, strlen(text));
}

void kb_buf_char(kb_buf *buf, char c)
{
	kb_buf_add(buf, &c, 1);
}

void kb_buf_fill(kb_buf *buf, char c, size_t times)
{
	if (!reserve(buf, times)) return;
	memset(buf->text + buf->length, c, times);
	buf->length += times;
	buf->text[buf->length] = '\0';
}

void kb_buf_printf(kb_buf *buf, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n >= 0 && reserve(buf, (size_t)n)) {
		vsnprintf(buf->text + buf->length, (size_t)n + 1, fmt, again);
		buf->length += (size_t)n;
	}
	va_end(again);
}

const char *kb_buf_string(const kb_buf *buf)
{
	return buf->text ? buf->text : "";
}

bool kb_str_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static unsigned char fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static size_t trim(const char **text)
{
	while (**text == ' ' || **text == '\t') ++*text;
	size_t n = strlen(*text);
	while (n > 0 && ((*text)[n - 1] == ' ' || (*text)[n - 1] == '\t')) n--;
	return n;
}

bool kb_str_equal_fold(const char *a, const char *b)
{
	size_t n = trim(&a);
	if (n != trim(&b)) return false;
	for (size_t i = 0; i < n; i++)
		if (fold((unsigned char)a[i]) != fold((unsigned char)b[i])) return false;
	return true;
}

int kb_str_compare(const char *a, const char *b)
{
	return strcmp(a, b);
}

bool kb_str_is_utf8(const char *bytes, size_t length, size_t *bad)
{
	size_t at = 0;
	while (at < length) {
		utf8proc_int32_t point;
		size_t rest = length - at;
		utf8proc_ssize_t n =
			utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, rest > 4 ? 4 : (utf8proc_ssize_t)rest, &point);
		if (n <= 0) {
			if (bad) *bad = at;
			return false;
		}
		at += (size_t)n;
	}
	return true;
}

size_t kb_str_width(const char *text, size_t length)
{
	size_t width = 0, at = 0;
	while (at < length) {
		utf8proc_int32_t point;
		size_t rest = length - at;
		utf8proc_ssize_t n =
			utf8proc_iterate((const utf8proc_uint8_t *)text + at, rest > 4 ? 4 : (utf8proc_ssize_t)rest, &point);
		if (n <= 0) {
			width++, at++;
			continue;
		}
		int w = utf8proc_charwidth(point);
		width += w > 0 ? (size_t)w : 0;
		at += (size_t)n;
	}
	return width;
}

enum { NEAREST_MAX = 64 };

/* Edit distance where a swap of two neighbours is one edit (optimal string alignment). */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t rows[3][NEAREST_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	for (size_t j = 0; j <= m; j++) above[j] = j;
	for (size_t i = 1; i <= n; i++) {
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = above[j - 1] + (fold((unsigned char)a[i - 1]) != fold((unsigned char)b[j - 1]));
			if (above[j] + 1 < best) best = above[j] + 1;
			if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
			bool swapped = i > 1 && j > 1 && fold((unsigned char)a[i - 1]) == fold((unsigned char)b[j - 2]) &&
			               fold((unsigned char)a[i - 2]) == fold((unsigned char)b[j - 1]);
			if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
			row[j] = best;
		}
		size_t *spare = before;
		before = above, above = row, row = spare;
	}
	return above[m];
}

const char *kb_str_nearest(const char *word, const char *const *words, size_t count)
{
	size_t n = strlen(word);
	if (n == 0 || n > NEAREST_MAX) return NULL;
	const char *best = NULL;
	size_t best_distance = n <= 3 ? 2 : n / 3 + 2; /* must be nearer than this */
	for (size_t i = 0; i < count; i++) {
		size_t m = strlen(words[i]);
		if (m > NEAREST_MAX) continue;
		size_t d = distance(word, n, words[i], m);
		if (d < best_distance && d < (n > m ? n : m)) best = words[i], best_distance = d;
	}
	return best;
}

const char *kb_str_grouped(kb_arena *arena, const char *digits)
{
	kb_buf out = { .arena = arena };
	size_t length = strlen(digits);
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0) kb_buf_char(&out, ',');
		kb_buf_char(&out, digits[i]);
	}
	return kb_buf_string(&out);
}

bool kb_str_to_int(const char *text, int64_t *value)
{
	bool minus = *text == '-';
	const char *p = text + minus;
	if (*p == '\0') return false;
	int64_t v = 0;
	for (; *p; p++) {
		if (*p < '0' || *p > '9') return false;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *p - '0', &v)) return false;
	}
	if (!minus && __builtin_sub_overflow(0, v, &v)) return false;
	*value = v;
	return true;
}
