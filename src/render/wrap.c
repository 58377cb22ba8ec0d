#include "render/wrap.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of the control character at text: C0 and DEL, or C1 (U+0080 to U+009F) as UTF-8; 0 when it is none. */
static size_t control(const char *text)
{
	unsigned char a = (unsigned char)text[0], b = a ? (unsigned char)text[1] : 0;
	if ((a < 0x20 && a) || a == 0x7F) return 1;
	return a == 0xC2 && b >= 0x80 && b <= 0x9F ? 2 : 0;
}

void kb_wrap_verbatim(kb_buf *out, const char *text, size_t length)
{
	const char *end = text + length;
	while (text < end) {
		size_t skip = *text == '\t' ? 0 : control(text);
		if (skip) kb_buf_text(out, "\xEF\xBF\xBD");
		else kb_buf_char(out, *text == '\t' ? ' ' : *text);
		text += skip ? skip : 1;
	}
}

static void add_plain(kb_buf *out, const char *text)
{
	while (*text) {
		size_t skip = control(text);
		if (is_space(*text)) {
			bool wanted = out->length && out->text[out->length - 1] != ' ' && out->text[out->length - 1] != '\n';
			if (wanted) kb_buf_char(out, ' ');
			text++;
		} else if (skip) {
			kb_buf_text(out, "\xEF\xBF\xBD");
			text += skip;
		} else {
			kb_buf_char(out, *text++);
		}
	}
}

static void gather(kb_buf *out, const kb_md_node *node)
{
	if (node->kind == KB_MD_TEXT || node->kind == KB_MD_CODE) add_plain(out, node->text);
	if (node->kind == KB_MD_BREAK) kb_buf_char(out, '\n');
	size_t start = out->length;
	for (const kb_md_node *child = node->first; child; child = child->next) gather(out, child);
	if (node->kind != KB_MD_LINK || !*node->text || kb_str_equal(kb_buf_string(out) + start, node->text)) return;
	kb_buf_text(out, " <");
	add_plain(out, node->text);
	kb_buf_char(out, '>');
}

const char *kb_wrap_plain(kb_arena *arena, const kb_md_node *node)
{
	kb_buf out = { .arena = arena };
	gather(&out, node);
	while (out.length && is_space(out.text[out.length - 1])) out.text[--out.length] = '\0';
	return kb_buf_string(&out);
}

void kb_wrap_add(kb_arena *arena, kb_lines *lines, const char *text, size_t length)
{
	while (length && text[length - 1] == ' ') length--;
	if (lines->count == lines->size) {
		size_t size = lines->size ? lines->size * 2 : 8;
		kb_line *list = kb_arena_grow(arena, lines->list, lines->count * sizeof *list, size * sizeof *list);
		if (!list) return;
		lines->list = list;
		lines->size = size;
	}
	lines->list[lines->count++] = (kb_line) { text, length, kb_str_width(text, length) };
}

static size_t character(const char *text, size_t length)
{
	size_t n = 1;
	while (n < length && ((unsigned char)text[n] & 0xC0) == 0x80) n++;
	return n;
}

/* Bytes of the next cluster: a character with what combines with it or is joined to it. */
static size_t cluster(const char *text, size_t length)
{
	static const char joiner[] = "\xE2\x80\x8D";
	size_t n = character(text, length);
	while (n < length) {
		size_t next = character(text + n, length - n);
		bool joined = n >= 3 && memcmp(text + n - 3, joiner, 3) == 0;
		if (kb_str_width(text + n, next) > 0 && !joined) break;
		n += next;
	}
	return n;
}

/* Bytes of a word that fit in so many columns, at least one cluster. */
static size_t fit(const char *word, size_t length, size_t width)
{
	size_t n = cluster(word, length), nice = 0, used = kb_str_width(word, n);
	while (n < length) {
		if (word[n - 1] == '-' || word[n - 1] == '/') nice = n;
		size_t next = cluster(word + n, length - n);
		used += kb_str_width(word + n, next);
		if (used > width) break;
		n += next;
	}
	return nice > n / 2 && n < length ? nice : n;
}

static size_t word_at(const char *text)
{
	return strcspn(text, " \n");
}

void kb_wrap_lines(kb_arena *arena, const char *text, size_t width, kb_lines *lines)
{
	const char *line = text; /* the line runs from here ... */
	size_t length = 0;       /* ... for so many bytes */
	size_t used = 0;
	size_t before = lines->count;
	while (*text) {
		if (*text == '\n' || *text == ' ') {
			bool end = *text++ == '\n';
			if (end) kb_wrap_add(arena, lines, line, length);
			if (end || length == 0) line = text, length = 0, used = 0;
			continue;
		}
		size_t word = word_at(text), columns = kb_str_width(text, word), gap = length ? 1 : 0;
		if (used + gap + columns <= width) {
			used += gap + columns;
			length = (size_t)(text + word - line);
			text += word;
			continue;
		}
		if (length) {
			kb_wrap_add(arena, lines, line, length);
		} else {
			size_t part = fit(text, word, width);
			kb_wrap_add(arena, lines, text, part);
			text += part;
		}
		line = text, length = 0, used = 0;
	}
	if (length || lines->count == before) kb_wrap_add(arena, lines, line, length);
}

void kb_wrap_measure(const char *text, size_t *line, size_t *word)
{
	size_t used = 0;
	*line = *word = 0;
	while (*text) {
		size_t n = word_at(text), columns = kb_str_width(text, n);
		used += columns;
		if (used > *line) *line = used;
		if (columns > *word) *word = columns;
		text += n;
		if (*text == '\n') used = 0;
		if (*text == ' ') used++;
		if (*text) text++;
	}
}
