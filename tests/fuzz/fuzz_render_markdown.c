/* Any text as Markdown, written for the terminal and as HTML: nothing in it becomes a control character or a tag. */
#include <stdlib.h>
#include <string.h>

#include "render/render.h"

/* A tab may stand in HTML, where it is a blank. */
static void check_text(const kb_buf *out, const char *also)
{
	size_t bad;
	const char *text = kb_buf_string(out);
	if (strlen(text) != out->length || !kb_str_is_utf8(text, out->length, &bad)) abort();
	for (const char *p = text; *p; p++)
		if (((unsigned char)*p < 0x20 && !strchr(also, *p)) || *p == 0x7F) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	kb_err err;
	size_t bad;
	kb_md_node *document;
	kb_buf narrow = { .arena = arena }, wide = { .arena = arena }, html = { .arena = arena },
		   escaped = { .arena = arena };
	if (!arena || memchr(data, '\0', size) || !kb_str_is_utf8((const char *)data, size, &bad)) return 0;
	if (kb_markdown_read(arena, (const char *)data, size, &document, &err) != KB_OK) return 0;
	if (kb_render_text(arena, document, KB_RENDER_LEAST_WIDTH, &narrow, &err) == KB_OK) check_text(&narrow, "\n");
	if (kb_render_text(arena, document, 100, &wide, &err) == KB_OK) check_text(&wide, "\n");
	if (kb_render_html(arena, document, &(kb_render_options) { 0 }, &html, &err) == KB_OK) {
		check_text(&html, "\n\t");
		if (strstr(kb_buf_string(&html), "<script")) abort();
	}
	/* What was escaped is text: one paragraph at most, and nothing but texts in it. */
	kb_markdown_escape(&escaped, (const char *)data, size);
	if (kb_markdown_read(arena, kb_buf_string(&escaped), escaped.length, &document, &err) != KB_OK) return 0;
	const kb_md_node *paragraph = document->first;
	if (paragraph && (paragraph->kind != KB_MD_PARAGRAPH || paragraph->next)) abort();
	for (const kb_md_node *span = paragraph ? paragraph->first : NULL; span; span = span->next)
		if (span->kind != KB_MD_TEXT && span->kind != KB_MD_BREAK) abort();
	return 0;
}
