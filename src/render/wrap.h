/* What the text writer is made of: the plain text of spans, lines of it, and tables. */
#ifndef KB_RENDER_WRAP_H
#define KB_RENDER_WRAP_H

#include "text/markdown.h"

typedef struct kb_line {
	const char *text;
	size_t length, width;
} kb_line;

typedef struct kb_lines {
	kb_line *list;
	size_t count, size;
} kb_lines;

/* The text of a node and all below it: runs of white space are one space, a break is a line feed, control characters
 * are U+FFFD. NULL only without memory. */
const char *kb_wrap_plain(kb_arena *arena, const kb_md_node *node);

/* A line as it is, but for its control characters; a tab is a space. */
void kb_wrap_verbatim(kb_buf *out, const char *text, size_t length);

/* Cuts text at its spaces and line feeds to lines of at most `width` columns. A word that is too long is cut behind a
 * hyphen or slash, else anywhere but before a combining character. At least one line, which may be empty. */
void kb_wrap_lines(kb_arena *arena, const char *text, size_t width, kb_lines *lines);

/* Columns of the widest line and of the widest word. */
void kb_wrap_measure(const char *text, size_t *line, size_t *word);

/* Lines of a table for so many columns, without blanks at their ends. */
void kb_table_lines(kb_arena *arena, const kb_md_node *table, size_t width, kb_lines *lines);

void kb_wrap_add(kb_arena *arena, kb_lines *lines, const char *text, size_t length);

#endif
