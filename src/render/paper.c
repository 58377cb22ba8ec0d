#include "render/render.h"

#include <string.h>

kb_status kb_render_paper(kb_arena *arena, const char *name, const char *template, const kb_node *data,
	const kb_render_options *options, kb_buf *out, kb_err *err)
{
	kb_mustache_options mustache = { .escape = kb_markdown_escape, .strict = true, .partial = options->partial,
		.context = options->context };
	kb_buf markdown = { .arena = arena };
	kb_md_node *document;
	KB_TRY(kb_mustache_fill(arena, name, template, data, &mustache, &markdown, err));
	KB_TRY(kb_markdown_read(arena, kb_buf_string(&markdown), markdown.length, &document, err));
	if (options->format == KB_RENDER_HTML)
		return kb_render_html(arena, document, options, out, err);
	return kb_render_text(arena, document, options->width ? options->width : 80, out, err);
}
