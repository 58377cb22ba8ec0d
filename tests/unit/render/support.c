#include "support.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef KB_TEST_DATA
#define KB_TEST_DATA "."
#endif

const char *load(kb_arena *arena, const char *name)
{
	kb_bytes bytes = { 0 };
	kb_err err = { 0 };
	kb_status status = kb_file_read(arena, kb_arena_printf(arena, "%s/%s", KB_TEST_DATA, name), 1 << 22, &bytes, &err);
	cr_assert(status == KB_OK, "%s: %s", name, err.message);
	return bytes.data;
}

kb_node *load_json(kb_arena *arena, const char *name)
{
	const char *text = load(arena, name);
	kb_node *node = NULL;
	kb_err err = { 0 };
	kb_status status = kb_json_read(arena, name, text, strlen(text), &node, &err);
	cr_assert(status == KB_OK, "%s: %s", name, err.message);
	return node;
}

const char *paper(kb_arena *arena, const char *template, const kb_node *data, kb_render_format format, size_t width)
{
	kb_render_options options = { .format = format, .width = width };
	kb_buf out = { .arena = arena };
	kb_err err = { 0 };
	const char *text = load(arena, kb_arena_printf(arena, "../../../templates/%s", template));
	kb_status status = kb_render_paper(arena, template, text, data, &options, &out, &err);
	cr_assert(status == KB_OK, "%s:%u:%u: %s", err.file, err.line, err.column, err.message);
	return kb_buf_string(&out);
}

static kb_md_node *document_of(kb_arena *arena, const char *markdown)
{
	kb_md_node *document = NULL;
	kb_err err = { 0 };
	kb_status status = kb_markdown_read(arena, markdown, strlen(markdown), &document, &err);
	cr_assert(status == KB_OK, "%s", err.message);
	return document;
}

const char *text_of(kb_arena *arena, const char *markdown, size_t width)
{
	kb_buf out = { .arena = arena };
	kb_err err = { 0 };
	kb_status status = kb_render_text(arena, document_of(arena, markdown), width, &out, &err);
	cr_assert(status == KB_OK, "%s", err.message);
	return kb_buf_string(&out);
}

const char *html_of(kb_arena *arena, const char *markdown, const char *title, const char *css)
{
	kb_buf out = { .arena = arena };
	kb_err err = { 0 };
	kb_render_options options = { .title = title, .css = css };
	kb_status status = kb_render_html(arena, document_of(arena, markdown), &options, &out, &err);
	cr_assert(status == KB_OK, "%s", err.message);
	return kb_buf_string(&out);
}

const char *tidy(kb_arena *arena, const char *text)
{
	kb_buf out = { .arena = arena };
	bool gap = false;
	for (; *text; text++) {
		if (*text == ' ' || (*text >= '\t' && *text <= '\r')) {
			gap = out.length > 0;
			continue;
		}
		if (gap) kb_buf_char(&out, ' ');
		gap = false;
		kb_buf_char(&out, *text);
	}
	return kb_buf_string(&out);
}

const char *tags_of(kb_arena *arena, const char *html)
{
	kb_buf out = { .arena = arena };
	for (const char *tag = strchr(html, '<'); tag; tag = strchr(tag + 1, '<'))
		kb_buf_add(&out, tag, strcspn(tag, ">") + 1);
	return kb_buf_string(&out);
}

const char *words_of(kb_arena *arena, const char *html)
{
	static const char *const entities[][2] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
		{ "&#39;", "'" } };
	kb_buf out = { .arena = arena };
	while (*html) {
		size_t e = 0;
		while (e < KB_COUNT(entities) && strncmp(html, entities[e][0], strlen(entities[e][0])) != 0) e++;
		if (e < KB_COUNT(entities)) {
			kb_buf_text(&out, entities[e][1]);
			html += strlen(entities[e][0]);
		} else if (*html == '<') {
			kb_buf_char(&out, ' ');
			html += strcspn(html, ">") + 1;
		} else {
			cr_assert(*html != '&', "a bare ampersand: %.40s", html);
			kb_buf_char(&out, *html++);
		}
	}
	return kb_buf_string(&out);
}
