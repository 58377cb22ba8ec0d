#include "render/render.h"

#include <string.h>

typedef struct writer {
	kb_buf *out;
	int open[6]; /* levels of the sections that are open, outermost first */
	size_t depth;
	bool new_page; /* a rule was read and what follows decides how it is written */
} writer;

void kb_render_escape(kb_buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char a = (unsigned char)text[0], b = (unsigned char)text[1];
		bool c1 = a == 0xC2 && b >= 0x80 && b <= 0x9F;
		if (c1) text++;
		if (c1 || (a < 0x20 && a != '\n' && a != '\t') || a == 0x7F) kb_buf_text(out, "\xEF\xBF\xBD");
		else if (a == '&') kb_buf_text(out, "&amp;");
		else if (a == '<') kb_buf_text(out, "&lt;");
		else if (a == '>') kb_buf_text(out, "&gt;");
		else if (a == '"') kb_buf_text(out, "&quot;");
		else if (a == '\'') kb_buf_text(out, "&#39;");
		else kb_buf_char(out, text[0]);
	}
}

static void write_spans(writer *w, const kb_md_node *node);

static void write_within(writer *w, const char *element, const kb_md_node *node)
{
	kb_buf_printf(w->out, "<%s>", element);
	write_spans(w, node);
	kb_buf_printf(w->out, "</%s>", element);
}

/* The name of a file beside the page, or in a folder beside it: nothing in it can be a scheme, or lead upwards. */
static bool is_beside(const char *link)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/";
	return *link && !strchr("./", *link) && strspn(link, plain) == strlen(link) && !strstr(link, "..");
}

static void write_link(writer *w, const kb_md_node *node)
{
	static const char *const schemes[] = { "https://", "http://", "mailto:" };
	bool safe = is_beside(node->text);
	for (size_t i = 0; i < KB_COUNT(schemes); i++)
		safe = safe || strncmp(node->text, schemes[i], strlen(schemes[i])) == 0;
	if (safe) {
		kb_buf_text(w->out, "<a href=\"");
		kb_render_escape(w->out, node->text);
		kb_buf_text(w->out, "\">");
	}
	write_spans(w, node);
	if (safe) kb_buf_text(w->out, "</a>");
}

static void write_spans(writer *w, const kb_md_node *node)
{
	for (const kb_md_node *child = node->first; child; child = child->next) {
		switch (child->kind) {
		case KB_MD_TEXT: kb_render_escape(w->out, child->text); break;
		case KB_MD_BREAK: kb_buf_text(w->out, "<br>"); break;
		case KB_MD_EMPHASIS: write_within(w, "em", child); break;
		case KB_MD_STRONG: write_within(w, "strong", child); break;
		case KB_MD_LINK: write_link(w, child); break;
		case KB_MD_CODE:
			kb_buf_text(w->out, "<code>");
			kb_render_escape(w->out, child->text);
			kb_buf_text(w->out, "</code>");
			break;
		default: write_spans(w, child);
		}
	}
}

/* ---- tables ---- */

static void write_cell(writer *w, const kb_md_node *cell, const char *scope)
{
	static const char *const classes[] = { "", " class=\"centre\"", " class=\"right\"" };
	/* An empty head cell names nothing: it is no head. */
	if (!cell->first) scope = NULL;
	if (scope) kb_buf_printf(w->out, "<th scope=\"%s\"%s>", scope, classes[cell->align]);
	else kb_buf_printf(w->out, "<td%s>", classes[cell->align]);
	write_spans(w, cell);
	kb_buf_text(w->out, scope ? "</th>" : "</td>");
}

static void write_rows(writer *w, const kb_md_node *part, bool headless)
{
	bool head = part->kind == KB_MD_HEAD;
	kb_buf_text(w->out, head ? "<thead>\n" : "<tbody>\n");
	for (const kb_md_node *row = part->first; row; row = row->next) {
		kb_buf_text(w->out, "<tr>");
		for (const kb_md_node *cell = row->first; cell; cell = cell->next)
			write_cell(w, cell, head ? "col" : headless && cell == row->first ? "row" : NULL);
		kb_buf_text(w->out, "</tr>\n");
	}
	kb_buf_text(w->out, head ? "</thead>\n" : "</tbody>\n");
}

/* Whether all cells of a column of the body are empty: it is there to be written in, and gets the room that others
 * leave. */
static bool is_open(const kb_md_node *body, size_t column)
{
	for (const kb_md_node *row = body->first; row; row = row->next) {
		const kb_md_node *cell = row->first;
		for (size_t i = 0; cell && i < column; i++) cell = cell->next;
		if (cell && cell->first) return false;
	}
	return body->first != NULL;
}

static void measure(const kb_md_node *node, size_t *bytes)
{
	if (node->kind == KB_MD_TEXT || node->kind == KB_MD_CODE) *bytes += strlen(node->text);
	for (const kb_md_node *child = node->first; child; child = child->next) measure(child, bytes);
}

enum { SHORT_LABEL = 32 };

/* Whether no label of a table without a head needs a second line. */
static bool is_short(const kb_md_node *table)
{
	for (const kb_md_node *row = table->first->first; row; row = row->next) {
		size_t bytes = 0;
		if (row->first) measure(row->first, &bytes);
		if (bytes > SHORT_LABEL) return false;
	}
	return true;
}

static void write_table(writer *w, const kb_md_node *table)
{
	bool headless = table->first && table->first->kind != KB_MD_HEAD;
	if (headless)
		kb_buf_text(w->out, is_short(table) ? "<table class=\"facts short\">\n" : "<table class=\"facts\">\n");
	else kb_buf_text(w->out, "<table>\n");
	const kb_md_node *body = table->last, *row = table->first ? table->first->first : NULL;
	if (row && body->kind == KB_MD_BODY) {
		size_t column = 0;
		kb_buf_text(w->out, "<colgroup>");
		for (const kb_md_node *cell = row->first; cell; cell = cell->next)
			kb_buf_text(w->out, is_open(body, column++) ? "<col class=\"open\">" : "<col>");
		kb_buf_text(w->out, "</colgroup>\n");
	}
	for (const kb_md_node *part = table->first; part; part = part->next) write_rows(w, part, headless);
	kb_buf_text(w->out, "</table>\n");
}

/* ---- blocks ---- */

static void write_block(writer *w, const kb_md_node *node);

static void close_sections(writer *w, int level)
{
	while (w->depth && w->open[w->depth - 1] >= level) {
		kb_buf_text(w->out, "</section>\n");
		w->depth--;
	}
}

/* Headings of the document itself make sections; those inside of lists and quotes do not. */
static void write_section(writer *w, const kb_md_node *node)
{
	close_sections(w, node->level);
	w->open[w->depth++] = node->level;
	kb_buf_printf(w->out, "<section class=\"level%d%s\">\n", node->level, w->new_page ? " page" : "");
	w->new_page = false;
}

static void write_heading(writer *w, const kb_md_node *node)
{
	kb_buf_printf(w->out, "<h%d>", node->level);
	write_spans(w, node);
	kb_buf_printf(w->out, "</h%d>\n", node->level);
}

static void write_blocks(writer *w, const kb_md_node *first)
{
	for (const kb_md_node *node = first; node; node = node->next) write_block(w, node);
}

static void write_list(writer *w, const kb_md_node *list)
{
	bool numbers = list->kind == KB_MD_NUMBERS;
	if (numbers && list->level != 1) kb_buf_printf(w->out, "<ol start=\"%d\">\n", list->level);
	else kb_buf_text(w->out, numbers ? "<ol>\n" : "<ul>\n");
	for (const kb_md_node *item = list->first; item; item = item->next) {
		kb_buf_text(w->out, "<li>");
		for (const kb_md_node *node = item->first; node; node = node->next) {
			if (list->tight && node->kind == KB_MD_PARAGRAPH) write_spans(w, node);
			else write_block(w, node);
		}
		kb_buf_text(w->out, "</li>\n");
	}
	kb_buf_text(w->out, numbers ? "</ol>\n" : "</ul>\n");
}

static void write_notes(writer *w, int lines)
{
	kb_buf_text(w->out, "<div class=\"notes\" aria-hidden=\"true\">");
	for (int i = 0; i < lines; i++) kb_buf_text(w->out, "<div></div>");
	kb_buf_text(w->out, "</div>\n");
}

static void write_block(writer *w, const kb_md_node *node)
{
	switch (node->kind) {
	case KB_MD_HEADING: write_heading(w, node); break;
	case KB_MD_BULLETS:
	case KB_MD_NUMBERS: write_list(w, node); break;
	case KB_MD_RULE: kb_buf_text(w->out, "<hr>\n"); break;
	case KB_MD_NOTES: write_notes(w, node->level); break;
	case KB_MD_TABLE: write_table(w, node); break;
	case KB_MD_QUOTE:
		kb_buf_text(w->out, "<blockquote>\n");
		write_blocks(w, node->first);
		kb_buf_text(w->out, "</blockquote>\n");
		break;
	case KB_MD_CODE_BLOCK:
		kb_buf_text(w->out, "<pre><code>");
		kb_render_escape(w->out, node->text);
		kb_buf_text(w->out, "</code></pre>\n");
		break;
	default:
		write_within(w, "p", node);
		kb_buf_char(w->out, '\n');
	}
}

/* A figure stands behind what the first section begins with. */
static void write_document(writer *w, const kb_md_node *document, const char *figure)
{
	for (const kb_md_node *node = document->first; node; node = node->next) {
		bool rule = node->kind == KB_MD_RULE;
		if (figure && node->kind == KB_MD_HEADING && w->depth > 0) {
			kb_buf_text(w->out, figure);
			figure = NULL;
		}
		if (w->new_page && node->kind != KB_MD_HEADING) kb_buf_text(w->out, "<hr>\n");
		if (node->kind == KB_MD_HEADING) write_section(w, node);
		w->new_page = rule;
		if (!rule) write_block(w, node);
	}
	if (figure) kb_buf_text(w->out, figure);
	close_sections(w, 0);
}

/* ---- the page ---- */

/* A string of CSS inside of a style element. */
static void write_css_string(kb_buf *out, const char *text)
{
	kb_buf_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7F || strchr("\"\\<>&", *text)) kb_buf_printf(out, "\\%x ", (unsigned)c);
		else kb_buf_char(out, *text);
	}
	kb_buf_char(out, '"');
}

static void write_style(kb_buf *out, const char *title, const char *css)
{
	kb_buf_text(out, "<style>\n");
	if (css) kb_buf_text(out, css);
	kb_buf_text(out, "@page { @bottom-left { content: ");
	write_css_string(out, title);
	kb_buf_text(out, "; } }\n</style>\n");
}

static void gather(kb_buf *out, const kb_md_node *node)
{
	if (node->kind == KB_MD_TEXT || node->kind == KB_MD_CODE) kb_buf_text(out, node->text);
	if (node->kind == KB_MD_BREAK) kb_buf_char(out, ' ');
	for (const kb_md_node *child = node->first; child; child = child->next) gather(out, child);
}

static const char *first_heading(kb_arena *arena, const kb_md_node *document)
{
	kb_buf out = { .arena = arena };
	const kb_md_node *node = document->first;
	while (node && node->kind != KB_MD_HEADING) node = node->next;
	if (node) gather(&out, node);
	return out.length ? kb_buf_string(&out) : "ksbank";
}

kb_status kb_render_html(
	kb_arena *arena, const kb_md_node *document, const kb_render_options *options, kb_buf *out, kb_err *err)
{
	const char *title = options->title, *css = options->css;
	if (css && strstr(css, "</"))
		return kb_fail(err, KB_INVALID, "render.css", "the style sheet holds \"</\" and would end there");
	if (!title || !*title) title = first_heading(arena, document);
	kb_buf_text(out, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
					 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	kb_render_escape(out, title);
	kb_buf_text(out, "</title>\n");
	write_style(out, title, css);
	kb_buf_text(out, "</head>\n<body>\n<main>\n");
	writer w = { .out = out };
	write_document(&w, document, options->figure);
	kb_buf_text(out, "</main>\n<footer>");
	kb_render_escape(out, title);
	kb_buf_text(out, "</footer>\n</body>\n</html>\n");
	if (out->arena != arena) KB_TRY(kb_arena_check(out->arena, err));
	return kb_arena_check(arena, err);
}
