#include "text/markdown.h"

#include <md4c.h>
#include <string.h>

enum { BYTES_MAX = 16 * 1024 * 1024, DEPTH_MAX = 64, NOTES_MAX = 60 };

typedef struct builder {
	kb_arena *arena;
	kb_md_node *open[DEPTH_MAX];
	size_t depth;
	bool implied; /* the innermost open node is the paragraph of a tight item */
	kb_buf text;  /* of neighbouring texts, not yet a node */
	kb_status status;
	kb_err *err;
} builder;

static kb_md_node *top(const builder *b)
{
	return b->open[b->depth - 1];
}

static kb_md_node *add(builder *b, kb_md_kind kind)
{
	kb_md_node *node = kb_arena_alloc(b->arena, sizeof *node);
	if (!node) {
		b->status = kb_arena_check(b->arena, b->err);
		return NULL;
	}
	node->kind = kind;
	kb_md_node *parent = top(b);
	if (parent->last) parent->last->next = node;
	else parent->first = node;
	parent->last = node;
	return node;
}

/* What is written so far becomes a node. */
static void settle(builder *b)
{
	if (b->text.length == 0) return;
	kb_md_node *parent = top(b);
	bool holds = parent->kind == KB_MD_CODE || parent->kind == KB_MD_CODE_BLOCK || parent->kind == KB_MD_NOTES;
	kb_md_node *node = holds ? parent : add(b, KB_MD_TEXT);
	if (node) node->text = b->text.text;
	b->text = (kb_buf) { .arena = b->arena };
}

static kb_md_node *push(builder *b, kb_md_kind kind)
{
	settle(b);
	if (b->depth == DEPTH_MAX) {
		b->status =
			kb_fail(b->err, KB_LIMIT, "markdown.too-deep", "the Markdown is nested more than %d deep", DEPTH_MAX);
		return NULL;
	}
	kb_md_node *node = add(b, kind);
	if (node) b->open[b->depth++] = node;
	return node;
}

static void pop(builder *b)
{
	settle(b);
	b->depth--;
}

/* md4c 0.4.8 may leave a span in a table's cell that it entered in another one, or never: a span ends where it is the
 * innermost one, and at the latest with its block. */
static void end_spans(builder *b)
{
	while (top(b)->kind >= KB_MD_TEXT) pop(b);
}

static void end_implied(builder *b)
{
	if (b->implied) end_spans(b);
	if (b->implied) pop(b);
	b->implied = false;
}

static bool begin_inline(builder *b)
{
	if (top(b)->kind != KB_MD_ITEM) return true;
	b->implied = push(b, KB_MD_PARAGRAPH) != NULL;
	return b->implied;
}

static int answer(const builder *b)
{
	return b->status != KB_OK ? 1 : 0;
}

/* "notes 6" -> 6; 0 when it says something else. */
static int notes_lines(const MD_ATTRIBUTE *info)
{
	char word[16];
	int64_t lines;
	if (info->size < 7 || info->size >= sizeof word || memcmp(info->text, "notes ", 6) != 0) return 0;
	memcpy(word, info->text + 6, info->size - 6);
	word[info->size - 6] = '\0';
	return kb_str_to_int(word, &lines) && lines >= 1 && lines <= NOTES_MAX ? (int)lines : 0;
}

static void enter_list(builder *b, kb_md_kind kind, unsigned start, int tight)
{
	kb_md_node *node = push(b, kind);
	if (!node) return;
	node->level = (int)start; /* md4c reads nine digits at most */
	node->tight = tight != 0;
}

static void enter_code(builder *b, const MD_BLOCK_CODE_DETAIL *detail)
{
	int lines = notes_lines(&detail->info);
	kb_md_node *node = push(b, lines ? KB_MD_NOTES : KB_MD_CODE_BLOCK);
	if (node) node->level = lines;
	if (node) node->text = "";
}

static void enter_cell(builder *b, kb_md_kind kind, const MD_BLOCK_TD_DETAIL *detail)
{
	kb_md_node *node = push(b, kind);
	if (!node) return;
	if (detail->align == MD_ALIGN_CENTER) node->align = KB_MD_CENTRE;
	if (detail->align == MD_ALIGN_RIGHT) node->align = KB_MD_RIGHT;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	builder *b = context;
	kb_md_node *node;
	end_implied(b);
	switch (type) {
	case MD_BLOCK_DOC: break;
	case MD_BLOCK_QUOTE: push(b, KB_MD_QUOTE); break;
	case MD_BLOCK_UL: enter_list(b, KB_MD_BULLETS, 0, ((MD_BLOCK_UL_DETAIL *)detail)->is_tight); break;
	case MD_BLOCK_OL:
		enter_list(b, KB_MD_NUMBERS, ((MD_BLOCK_OL_DETAIL *)detail)->start, ((MD_BLOCK_OL_DETAIL *)detail)->is_tight);
		break;
	case MD_BLOCK_LI: push(b, KB_MD_ITEM); break;
	case MD_BLOCK_HR: push(b, KB_MD_RULE); break;
	case MD_BLOCK_H:
		node = push(b, KB_MD_HEADING);
		if (node) node->level = (int)((MD_BLOCK_H_DETAIL *)detail)->level;
		break;
	case MD_BLOCK_CODE: enter_code(b, detail); break;
	case MD_BLOCK_HTML:
	case MD_BLOCK_P: push(b, KB_MD_PARAGRAPH); break;
	case MD_BLOCK_TABLE: push(b, KB_MD_TABLE); break;
	case MD_BLOCK_THEAD: push(b, KB_MD_HEAD); break;
	case MD_BLOCK_TBODY: push(b, KB_MD_BODY); break;
	case MD_BLOCK_TR: push(b, KB_MD_ROW); break;
	case MD_BLOCK_TH: enter_cell(b, KB_MD_HEAD_CELL, detail); break;
	case MD_BLOCK_TD: enter_cell(b, KB_MD_CELL, detail); break;
	}
	return answer(b);
}

static void drop_empty_head(kb_md_node *table)
{
	kb_md_node *head = table->first;
	if (!head || head->kind != KB_MD_HEAD) return;
	for (const kb_md_node *row = head->first; row; row = row->next)
		for (const kb_md_node *cell = row->first; cell; cell = cell->next)
			if (cell->first) return;
	table->first = head->next;
	if (!table->first) table->last = NULL;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	(void)detail;
	builder *b = context;
	end_spans(b);
	end_implied(b);
	if (type == MD_BLOCK_DOC) {
		settle(b);
		return answer(b);
	}
	pop(b);
	if (type == MD_BLOCK_TABLE) drop_empty_head(top(b)->last);
	return answer(b);
}

/* A link's address may hold entities and NUL characters: only the plain part of it is taken. */
static char *plain(builder *b, const MD_ATTRIBUTE *attribute)
{
	return kb_arena_copy(b->arena, attribute->text ? attribute->text : "", attribute->size);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	builder *b = context;
	kb_md_node *node;
	if (!begin_inline(b)) return answer(b);
	switch (type) {
	case MD_SPAN_EM: push(b, KB_MD_EMPHASIS); break;
	case MD_SPAN_STRONG: push(b, KB_MD_STRONG); break;
	case MD_SPAN_CODE:
		node = push(b, KB_MD_CODE);
		if (node) node->text = "";
		break;
	case MD_SPAN_A:
		node = push(b, KB_MD_LINK);
		if (node) node->text = plain(b, &((MD_SPAN_A_DETAIL *)detail)->href);
		break;
	default: break;
	}
	return answer(b);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	(void)detail;
	builder *b = context;
	kb_md_kind kind = type == MD_SPAN_EM ? KB_MD_EMPHASIS
		: type == MD_SPAN_STRONG         ? KB_MD_STRONG
		: type == MD_SPAN_CODE           ? KB_MD_CODE
		: type == MD_SPAN_A              ? KB_MD_LINK
										 : KB_MD_TEXT;
	if (top(b)->kind == kind) pop(b);
	return answer(b);
}

static void add_point(kb_buf *out, uint32_t point)
{
	if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) point = 0xFFFD;
	if (point < 0x80) {
		kb_buf_char(out, (char)point);
		return;
	}
	int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xC0, 0xE0, 0xF0 };
	kb_buf_char(out, (char)(unsigned char)(lead[more] | (point >> (6 * more))));
	while (more-- > 0) kb_buf_char(out, (char)(unsigned char)(0x80 | ((point >> (6 * more)) & 0x3F)));
}

static void add_numeric(kb_buf *out, const char *text, size_t length)
{
	bool hex = length > 3 && (text[2] == 'x' || text[2] == 'X');
	uint32_t point = 0;
	for (size_t i = hex ? 3 : 2; i + 1 < length && point <= 0x10FFFF; i++) {
		unsigned char c = (unsigned char)text[i];
		uint32_t digit = c <= '9' ? c - 48u : (c | 32u) - 'a' + 10u;
		point = point * (hex ? 16 : 10) + digit;
	}
	add_point(out, point);
}

/* The named ones that a template in English has a use for; others stay as they are written. */
static const struct {
	const char *name;
	uint32_t point;
} entities[] = {
	{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", 0xA0 },
	{ "&ensp;", 0x2002 }, { "&emsp;", 0x2003 }, { "&thinsp;", 0x2009 }, { "&shy;", 0xAD }, { "&ndash;", 0x2013 },
	{ "&mdash;", 0x2014 }, { "&hellip;", 0x2026 }, { "&lsquo;", 0x2018 }, { "&rsquo;", 0x2019 },
	{ "&ldquo;", 0x201C }, { "&rdquo;", 0x201D }, { "&pound;", 0xA3 }, { "&euro;", 0x20AC }, { "&copy;", 0xA9 },
	{ "&reg;", 0xAE }, { "&trade;", 0x2122 }, { "&times;", 0xD7 }, { "&middot;", 0xB7 }, { "&bull;", 0x2022 },
	{ "&deg;", 0xB0 }, { "&plusmn;", 0xB1 }, { "&le;", 0x2264 }, { "&ge;", 0x2265 }, { "&ne;", 0x2260 },
	{ "&rarr;", 0x2192 }, { "&check;", 0x2713 }, { "&sect;", 0xA7 }, { "&eacute;", 0xE9 }, { "&frac12;", 0xBD },
};

static void add_entity(kb_buf *out, const char *text, size_t length)
{
	if (length > 3 && text[1] == '#') {
		add_numeric(out, text, length);
		return;
	}
	for (size_t i = 0; i < KB_COUNT(entities); i++) {
		if (strlen(entities[i].name) != length || memcmp(entities[i].name, text, length) != 0) continue;
		add_point(out, entities[i].point);
		return;
	}
	kb_buf_add(out, text, length);
}

/* A line feed written as an entity: the only way to a new line inside of a table's cell. */
static bool is_line_feed(const char *text, size_t length)
{
	return length == 5 && memcmp(text, "&#10;", 5) == 0;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
	builder *b = context;
	if (!begin_inline(b)) return answer(b);
	if (type == MD_TEXT_ENTITY && is_line_feed(text, size)) type = MD_TEXT_BR;
	switch (type) {
	case MD_TEXT_BR:
		settle(b);
		(void)add(b, KB_MD_BREAK);
		break;
	case MD_TEXT_SOFTBR: kb_buf_char(&b->text, ' '); break;
	case MD_TEXT_NULLCHAR: add_point(&b->text, 0); break;
	case MD_TEXT_ENTITY: add_entity(&b->text, text, size); break;
	default: kb_buf_add(&b->text, text, size);
	}
	return answer(b);
}

kb_status kb_markdown_read(kb_arena *arena, const char *text, size_t length, kb_md_node **document, kb_err *err)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = take_text,
	};
	if (length > BYTES_MAX)
		return kb_fail(err, KB_LIMIT, "markdown.too-long", "the Markdown is longer than %d bytes", BYTES_MAX);
	builder b = { .arena = arena, .text = { .arena = arena }, .err = err };
	b.open[b.depth++] = kb_arena_alloc(arena, sizeof(kb_md_node));
	if (!top(&b)) return kb_arena_check(arena, err);
	top(&b)->kind = KB_MD_DOCUMENT;
	int result = md_parse(text, (MD_SIZE)length, &parser, &b);
	if (b.status != KB_OK) return b.status;
	KB_TRY(kb_arena_check(arena, err));
	if (result != 0) return kb_fail(err, KB_NO_MEMORY, "markdown.no-memory", "there is no memory to read the Markdown");
	*document = b.open[0];
	return KB_OK;
}

void kb_markdown_escape(kb_buf *out, const char *text, size_t length)
{
	bool space = false;
	if (length == 0) kb_buf_char(out, ' '); /* md4c takes two bars without a blank between for one */
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		bool blank = c == ' ' || (c >= '\t' && c <= '\r');
		if (!blank && strchr("\\`*_{}[]()#+-.!|<>&~=:\"'$^@", c)) kb_buf_char(out, '\\');
		if (!blank) kb_buf_char(out, c);
		else if (!space) kb_buf_char(out, ' ');
		space = blank;
	}
}
