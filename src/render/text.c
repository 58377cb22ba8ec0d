#include "render/render.h"
#include "render/wrap.h"

#include <stdio.h>
#include <string.h>

typedef struct writer {
	kb_arena *arena;
	kb_buf *out;
	size_t width, indent;
	const char *marker; /* of a list's item: stands before its first line, at marker_at */
	size_t marker_at;
	bool gap; /* a blank line before the next block */
} writer;

static void write_line(writer *w, const char *text, size_t length)
{
	size_t at = w->marker ? w->marker_at : 0;
	if (w->marker) {
		kb_buf_fill(w->out, ' ', at);
		kb_buf_text(w->out, w->marker);
		at += kb_str_width(w->marker, strlen(w->marker));
		w->marker = NULL;
	}
	if (w->indent > at) kb_buf_fill(w->out, ' ', w->indent - at);
	kb_buf_add(w->out, text, length);
	while (w->out->length && w->out->text[w->out->length - 1] == ' ') w->out->text[--w->out->length] = '\0';
	kb_buf_char(w->out, '\n');
}

static void begin(writer *w)
{
	if (w->gap && !w->marker) kb_buf_char(w->out, '\n');
	w->gap = true;
}

static size_t room(const writer *w)
{
	return w->width > w->indent + 8 ? w->width - w->indent : 8;
}

/* Nesting must leave some room. */
static size_t indent_by(const writer *w, size_t columns)
{
	return w->indent + columns <= w->width / 2 ? columns : 0;
}

static size_t write_lines(writer *w, const kb_lines *lines)
{
	size_t widest = 0;
	for (size_t i = 0; i < lines->count; i++) {
		write_line(w, lines->list[i].text, lines->list[i].length);
		if (lines->list[i].width > widest) widest = lines->list[i].width;
	}
	return widest;
}

static size_t write_plain(writer *w, const kb_md_node *node)
{
	kb_lines lines = { 0 };
	kb_wrap_lines(w->arena, kb_wrap_plain(w->arena, node), room(w), &lines);
	return write_lines(w, &lines);
}

static void write_repeated(writer *w, const char *sign, size_t times)
{
	kb_buf line = { .arena = w->arena };
	for (size_t i = 0; i < times; i++) kb_buf_text(&line, sign);
	write_line(w, kb_buf_string(&line), line.length);
}

static void write_heading(writer *w, const kb_md_node *node)
{
	/* A second blank line sets a new part off from the one before. */
	if (w->gap && node->level <= 2 && !w->marker) kb_buf_char(w->out, '\n');
	begin(w);
	size_t widest = write_plain(w, node);
	if (node->level <= 2) write_repeated(w, node->level == 1 ? "═" : "─", widest);
	else w->gap = false;
}

static void write_code(writer *w, const char *text)
{
	size_t by = indent_by(w, 4);
	w->indent += by;
	while (*text) {
		size_t length = strcspn(text, "\n");
		kb_buf line = { .arena = w->arena };
		kb_wrap_verbatim(&line, text, length);
		write_line(w, kb_buf_string(&line), line.length);
		text += length + (text[length] == '\n');
	}
	w->indent -= by;
}

static void write_block(writer *w, const kb_md_node *node);
static void write_blocks(writer *w, const kb_md_node *first);

static void write_item(writer *w, const kb_md_node *item, bool tight, const char *marker)
{
	size_t outer = w->indent;
	begin(w);
	if (w->marker) write_line(w, "", 0); /* an item that begins with a list */
	w->marker = marker;
	w->marker_at = outer;
	w->indent += indent_by(w, kb_str_width(marker, strlen(marker)));
	for (const kb_md_node *node = item->first; node; node = node->next) {
		if (tight) w->gap = false;
		write_block(w, node);
	}
	if (w->marker) write_line(w, "", 0);
	w->indent = outer;
}

static void write_list(writer *w, const kb_md_node *list)
{
	char marker[32] = "• ";
	size_t number = (size_t)list->level, last = number;
	for (const kb_md_node *item = list->first; item; item = item->next) last += item->next != NULL;
	int digits = snprintf(NULL, 0, "%zu", last);
	for (const kb_md_node *item = list->first; item; item = item->next) {
		if (list->kind == KB_MD_NUMBERS) snprintf(marker, sizeof marker, "%*zu. ", digits, number++);
		if (item != list->first) w->gap = !list->tight;
		write_item(w, item, list->tight, marker);
	}
	w->gap = true;
}

static void write_block(writer *w, const kb_md_node *node)
{
	size_t by = indent_by(w, 4);
	kb_lines lines = { 0 };
	switch (node->kind) {
	case KB_MD_HEADING: write_heading(w, node); break;
	case KB_MD_QUOTE:
		w->indent += by;
		write_blocks(w, node->first);
		w->indent -= by;
		break;
	case KB_MD_BULLETS:
	case KB_MD_NUMBERS: write_list(w, node); break;
	case KB_MD_RULE:
		begin(w);
		write_repeated(w, "─", room(w));
		break;
	case KB_MD_CODE_BLOCK:
		begin(w);
		write_code(w, node->text);
		break;
	case KB_MD_NOTES:
		begin(w);
		for (int i = 0; i < node->level; i++) write_repeated(w, "_", room(w));
		break;
	case KB_MD_TABLE:
		begin(w);
		kb_table_lines(w->arena, node, room(w), &lines);
		write_lines(w, &lines);
		break;
	default:
		begin(w);
		write_plain(w, node);
	}
}

static void write_blocks(writer *w, const kb_md_node *first)
{
	for (const kb_md_node *node = first; node; node = node->next) write_block(w, node);
}

kb_status kb_render_text(kb_arena *arena, const kb_md_node *document, size_t width, kb_buf *out, kb_err *err)
{
	if (width < KB_RENDER_LEAST_WIDTH) width = KB_RENDER_LEAST_WIDTH;
	if (width > KB_RENDER_MOST_WIDTH) width = KB_RENDER_MOST_WIDTH;
	writer w = { .arena = arena, .out = out, .width = width };
	write_blocks(&w, document->first);
	if (out->arena != arena) KB_TRY(kb_arena_check(out->arena, err));
	return kb_arena_check(arena, err);
}
