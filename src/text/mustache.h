/*
 * Mustache (the published specification, spec 1.4: interpolation, sections, inverted sections,
 * partials, comments, set delimiters), filled from a node tree. Lambdas and inheritance are not taken.
 *
 * `escape` is applied to {{name}} and not to {{{name}}} or {{&name}}: templates are Markdown, so
 * it is Markdown that is escaped (kb_markdown_escape), or HTML for pages, or nothing.
 *
 * Beyond the specification nothing but: an int is written in decimal; a missing name is empty, as
 * the specification says, unless `strict`, when it is KB_INVALID with line and column (our own
 * templates are filled strictly, so that a renamed key can't print a blank).
 *
 * Where the specification leaves a choice open: an empty text is false, an int never is, a bool is
 * written as true or false, and a list or a map can't be written at all (KB_INVALID).
 *
 * Limits: 1 MiB a template, 32 levels of sections and partials together, 64 MiB of output, 20
 * million tags and texts written.
 */
#ifndef KB_TEXT_MUSTACHE_H
#define KB_TEXT_MUSTACHE_H

#include "base/str.h"
#include "text/node.h"

typedef void kb_mustache_escape(kb_buf *out, const char *text, size_t length);

typedef struct kb_mustache_options {
	kb_mustache_escape *escape; /* NULL: none */
	bool strict;
	/* The text of a partial, NULL where there is none. NULL function: no partials. */
	const char *(*partial)(void *context, const char *name);
	void *context;
} kb_mustache_options;

/* `name` is how errors call the template. */
kb_status kb_mustache_fill(kb_arena *arena, const char *name, const char *template, const kb_node *data,
	const kb_mustache_options *options, kb_buf *out, kb_err *err) KB_MUST_USE;

/* The specification's HTML escape: & < > " */
void kb_mustache_escape_html(kb_buf *out, const char *text, size_t length);

#endif
