/*
 * Markdown in (md4c: CommonMark with tables), a document tree out, for the writers in render.
 * Raw HTML in the Markdown is off: it is text. So are images (their description is kept) and
 * code by indentation. A table's delimiter row needs three dashes a column, and
 * an empty cell a blank: md4c takes || for one bar. Limits: 16 MiB, 64 levels.
 *
 * Three conventions serve what a printed paper needs and Markdown has no word for:
 *  - a fenced block with the info string `notes 6` is space for six lines of handwriting;
 *  - a table whose head cells are all empty has no head: each row's first cell is the row's label;
 *  - `&#10;` is a line break, also inside of a cell.
 */
#ifndef KB_TEXT_MARKDOWN_H
#define KB_TEXT_MARKDOWN_H

#include "base/str.h"

typedef enum kb_md_kind {
	/* blocks */
	KB_MD_DOCUMENT, KB_MD_HEADING, KB_MD_PARAGRAPH, KB_MD_QUOTE, KB_MD_BULLETS, KB_MD_NUMBERS, KB_MD_ITEM, KB_MD_RULE,
	KB_MD_CODE_BLOCK, KB_MD_NOTES, KB_MD_TABLE, KB_MD_HEAD, KB_MD_BODY, KB_MD_ROW, KB_MD_HEAD_CELL, KB_MD_CELL,
	/* spans */
	KB_MD_TEXT, KB_MD_BREAK, KB_MD_EMPHASIS, KB_MD_STRONG, KB_MD_CODE, KB_MD_LINK,
} kb_md_kind;

typedef enum kb_md_align { KB_MD_LEFT, KB_MD_CENTRE, KB_MD_RIGHT } kb_md_align;

typedef struct kb_md_node kb_md_node;
struct kb_md_node {
	kb_md_kind kind;
	int level;         /* heading 1 to 6; first number of a numbered list; lines of notes, 1 to 60 */
	bool tight;        /* bullets and numbers: no blank line between the items */
	kb_md_align align; /* cells */
	const char *text;  /* text, code and code block: what is written; link: where to */
	kb_md_node *first, *last, *next;
};

/* Items always hold blocks: the text of a tight item stands in a paragraph. A table is [head] body, each of rows; the
 * head is left out where all its cells are empty. Neighbouring texts are one. */
kb_status kb_markdown_read(
	kb_arena *arena, const char *text, size_t length, kb_md_node **document, kb_err *err) KB_MUST_USE;

/* A kb_mustache_escape: puts a backslash before what Markdown would read as its own, turns line feeds into spaces (a
 * table cell stays a cell) and nothing into a space (an empty cell stays one), so that whatever a writer typed is
 * printed as typed. */
void kb_markdown_escape(kb_buf *out, const char *text, size_t length);

#endif
