/*
 * The writers: a Markdown document -> terminal text or an HTML page; a template and its data -> the
 * same, by way of Mustache and Markdown. The same input gives the same bytes, everywhere.
 *
 * Whatever stands in a document is printed as text: control characters become U+FFFD, so that no
 * text can steer a terminal, and in HTML everything is escaped.
 */
#ifndef KB_RENDER_RENDER_H
#define KB_RENDER_RENDER_H

#include "text/markdown.h"
#include "text/mustache.h"

enum { KB_RENDER_LEAST_WIDTH = 20, KB_RENDER_MOST_WIDTH = 400 };

/* Text for a terminal of `width` columns (brought within the two limits above), a line feed behind each line, no blanks
 * before it, nothing but text: emphasis is not marked. Only a single character wider than its column, or tables and
 * lists nested deeper than the width, pass the edge. */
kb_status kb_render_text(
	kb_arena *arena, const kb_md_node *document, size_t width, kb_buf *out, kb_err *err) KB_MUST_USE;

typedef enum kb_render_format { KB_RENDER_TEXT, KB_RENDER_HTML } kb_render_format;

typedef struct kb_render_options {
	kb_render_format format;
	size_t width;           /* text; 0: 80 */
	const char *title;      /* HTML; may be NULL */
	const char *css;        /* HTML; may be NULL */
	const char *figure;     /* HTML: an element of a chart, written as it is; may be NULL */
	const char *(*partial)(void *context, const char *name); /* as in kb_mustache_options */
	void *context;
} kb_render_options;

/* A complete page, valid HTML5, en-GB. The title stands in its head and at the foot of each printed page; without one it
 * is the first heading. The css and the figure are trusted but for one thing: KB_INVALID "render.css" where the css would
 * close its own element. The figure stands before the second heading. A rule before a heading starts a new page in
 * print; links lead to http, https and mailto only. */
kb_status kb_render_html(kb_arena *arena, const kb_md_node *document, const kb_render_options *options, kb_buf *out,
	kb_err *err) KB_MUST_USE;

/* Text as HTML and SVG write it, in elements and attributes. */
void kb_render_escape(kb_buf *out, const char *text);

/* Fills a Markdown template (`name` is how errors call it), strictly, every value escaped, and writes the document. */
kb_status kb_render_paper(kb_arena *arena, const char *name, const char *template, const kb_node *data,
	const kb_render_options *options, kb_buf *out, kb_err *err) KB_MUST_USE;

#endif
