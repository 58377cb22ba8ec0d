#include "text/mustache.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	TEMPLATE_MAX = 1024 * 1024,
	OUTPUT_MAX = 64 * 1024 * 1024,
	DEPTH_MAX = 32,
	STEPS_MAX = 5 * 1000 * 1000, /* nested lists that write nothing would run for ever below the limit of output */
	DELIMITER_MAX = 32,
};

typedef enum token_kind { TEXT, NAME, RAW, SECTION, INVERTED, CLOSE, PARTIAL } token_kind;

typedef struct token {
	token_kind kind;
	const char *text;   /* the literal, or the name as written */
	size_t length;
	const char *parts;  /* the name cut at its dots, a NUL behind each part */
	size_t part_count;  /* 0: the implicit iterator */
	size_t end;         /* section: where its closing tag stands */
	const char *indent; /* partial that stands alone on its line: what stands before it */
	uint32_t line, column;
} token;

typedef struct compiled compiled;
struct compiled {
	compiled *next;
	const char *name, *indent;
	token *tokens;
	size_t count, size;
};

typedef struct filler {
	kb_arena *arena;
	const kb_mustache_options *options;
	kb_buf *out;
	size_t start, steps, depth;
	const kb_node *stack[DEPTH_MAX + 1];
	size_t stacked;
	compiled *partials; /* each is read once for each indentation */
} filler;

/* ---- reading ---- */

typedef struct reader {
	kb_arena *arena;
	compiled *program;
	const char *text, *at;
	char open[DELIMITER_MAX], close[DELIMITER_MAX];
	size_t stack[DEPTH_MAX], depth;
	const char *counted, *line_start;
	uint32_t line;
	kb_err *err;
} reader;

/* A tag as it stands in the template: from..to with its delimiters, body without sigil and blanks. */
typedef struct tag {
	const char *from, *to, *body;
	size_t length;
	char sigil;
	uint32_t line, column;
} tag;

static void locate(reader *r, const char *at, uint32_t *line, uint32_t *column)
{
	for (; r->counted < at; r->counted++)
		if (*r->counted == '\n') r->line++, r->line_start = r->counted + 1;
	*line = r->line;
	*column = 1;
	const char *from = r->line_start;
	size_t indent = strlen(r->program->indent);
	if ((size_t)(at - from) >= indent) from += indent;
	for (; from < at; from++) *column += ((unsigned char)*from & 0xC0) != 0x80;
}

static kb_status fail_at(const compiled *program, uint32_t line, uint32_t column, kb_err *err)
{
	return kb_fail_at(err, (kb_mark){ program->name, line, column });
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static token *add(reader *r, token_kind kind)
{
	compiled *p = r->program;
	if (p->count == p->size) {
		size_t size = p->size ? p->size * 2 : 32;
		token *tokens = kb_arena_grow(r->arena, p->tokens, p->count * sizeof *tokens, size * sizeof *tokens);
		if (!tokens) return NULL;
		p->tokens = tokens;
		p->size = size;
	}
	p->tokens[p->count] = (token){ .kind = kind };
	return &p->tokens[p->count++];
}

static kb_status add_text(reader *r, const char *from, const char *to)
{
	if (from >= to) return KB_OK;
	token *t = add(r, TEXT);
	if (!t) return kb_arena_check(r->arena, r->err);
	t->text = from;
	t->length = (size_t)(to - from);
	return KB_OK;
}

static kb_status read_tag(reader *r, const char *from, tag *t)
{
	*t = (tag){ .from = from };
	locate(r, from, &t->line, &t->column);
	const char *body = from + strlen(r->open);
	if (*body && strchr("#^/>!&={", *body)) t->sigil = *body++;

	char closer[DELIMITER_MAX + 2];
	snprintf(closer, sizeof closer, "%s%s", t->sigil == '{' ? "}" : t->sigil == '=' ? "=" : "", r->close);
	const char *end = strstr(body, closer);
	if (!end) {
		kb_fail(r->err, KB_INVALID, "mustache.unclosed-tag", "the tag is not closed");
		kb_hint(r->err, "%s is expected behind it", closer);
		return fail_at(r->program, t->line, t->column, r->err);
	}
	t->to = end + strlen(closer);
	while (body < end && is_blank(*body)) body++;
	while (end > body && is_blank(end[-1])) end--;
	t->body = body;
	t->length = (size_t)(end - body);
	return KB_OK;
}

/* Cuts "a.b.c" at its dots. A single dot is the implicit iterator. */
static kb_status set_name(reader *r, const tag *g, token *t)
{
	t->text = kb_arena_copy(r->arena, g->body, g->length);
	t->length = g->length;
	char *parts = kb_arena_copy(r->arena, g->body, g->length);
	if (!t->text || !parts) return kb_arena_check(r->arena, r->err);
	t->line = g->line;
	t->column = g->column;
	t->parts = parts;
	if (t->kind == PARTIAL || strcmp(parts, ".") == 0) return KB_OK;
	bool sound = g->length > 0 && parts[0] != '.' && parts[g->length - 1] != '.' && !strstr(parts, "..");
	for (size_t i = 0; i < g->length; i++) sound = sound && !is_blank(parts[i]);
	if (!sound) {
		kb_fail(r->err, KB_INVALID, "mustache.name", "\"%.100s\" is no name", t->text);
		kb_hint(r->err, "a name has no blanks; dots stand between its parts");
		return fail_at(r->program, g->line, g->column, r->err);
	}
	t->part_count = 1;
	for (char *dot = strchr(parts, '.'); dot; dot = strchr(dot + 1, '.')) *dot = '\0', t->part_count++;
	return KB_OK;
}

static kb_status set_delimiters(reader *r, const tag *g)
{
	const char *end = g->body + g->length, *gap = g->body;
	while (gap < end && !is_blank(*gap)) gap++;
	const char *second = gap;
	while (second < end && is_blank(*second)) second++;
	size_t opens = (size_t)(gap - g->body), closes = (size_t)(end - second);
	bool sound = opens > 0 && closes > 0 && opens < DELIMITER_MAX && closes < DELIMITER_MAX;
	for (const char *p = g->body; p < end; p++) sound = sound && *p != '=' && (p < second || !is_blank(*p));
	if (!sound) {
		kb_fail(r->err, KB_INVALID, "mustache.delimiters", "these are no two delimiters");
		kb_hint(
			r->err, "write them with a blank between, as in {{=<%% %%>=}}; neither may hold a blank or an equals sign");
		return fail_at(r->program, g->line, g->column, r->err);
	}
	memcpy(r->open, g->body, opens);
	r->open[opens] = '\0';
	memcpy(r->close, second, closes);
	r->close[closes] = '\0';
	return KB_OK;
}

static kb_status open_section(reader *r, const token *t)
{
	if (r->depth == DEPTH_MAX) {
		kb_fail(r->err, KB_LIMIT, "mustache.too-deep", "sections are nested more than %d deep", DEPTH_MAX);
		return fail_at(r->program, t->line, t->column, r->err);
	}
	r->stack[r->depth++] = (size_t)(t - r->program->tokens);
	return KB_OK;
}

static kb_status close_section(reader *r, const token *t)
{
	token *opened = r->depth ? &r->program->tokens[r->stack[r->depth - 1]] : NULL;
	if (!opened) {
		kb_fail(r->err, KB_INVALID, "mustache.not-open", "section \"%.100s\" is closed but was never opened", t->text);
		return fail_at(r->program, t->line, t->column, r->err);
	}
	if (strcmp(opened->text, t->text) != 0) {
		kb_fail(r->err, KB_INVALID, "mustache.wrong-close",
			"section \"%.100s\" is closed here, but section \"%.100s\" of line %" PRIu32 " is open", t->text,
			opened->text, opened->line);
		return fail_at(r->program, t->line, t->column, r->err);
	}
	opened->end = (size_t)(t - r->program->tokens);
	r->depth--;
	return KB_OK;
}

static kb_status add_tag(reader *r, const tag *g, const char *indent, size_t indent_length)
{
	static const struct {
		char sigil;
		token_kind kind;
	} kinds[] = { { 0, NAME }, { '{', RAW }, { '&', RAW }, { '#', SECTION }, { '^', INVERTED }, { '/', CLOSE },
		{ '>', PARTIAL } };
	if (g->sigil == '!') return KB_OK;
	if (g->sigil == '=') return set_delimiters(r, g);
	size_t k = 0;
	while (kinds[k].sigil != g->sigil) k++;
	if (g->length == 0) {
		kb_fail(r->err, KB_INVALID, "mustache.name", "the tag holds no name");
		return fail_at(r->program, g->line, g->column, r->err);
	}
	token *t = add(r, kinds[k].kind);
	if (!t) return kb_arena_check(r->arena, r->err);
	KB_TRY(set_name(r, g, t));
	if (t->kind == SECTION || t->kind == INVERTED) return open_section(r, t);
	if (t->kind == CLOSE) return close_section(r, t);
	if (t->kind == PARTIAL) {
		t->indent = kb_arena_copy(r->arena, indent, indent_length);
		if (!t->indent) return kb_arena_check(r->arena, r->err);
	}
	return KB_OK;
}

/* Where the line of a tag that stands alone on it begins, and where the next line does; false when it has company. */
static bool stands_alone(const reader *r, const tag *g, const char **line, const char **next)
{
	if (g->sigil == 0 || g->sigil == '{' || g->sigil == '&') return false;
	const char *from = g->from, *to = g->to;
	while (from > r->text && (from[-1] == ' ' || from[-1] == '\t')) from--;
	if (from > r->text && from[-1] != '\n') return false;
	while (*to == ' ' || *to == '\t') to++;
	if (*to == '\r' && to[1] == '\n') to++;
	if (*to != '\n' && *to != '\0') return false;
	*line = from;
	*next = *to ? to + 1 : to;
	return true;
}

static kb_status read_program(reader *r)
{
	for (;;) {
		const char *from = strstr(r->at, r->open);
		if (!from) break;
		tag g;
		KB_TRY(read_tag(r, from, &g));
		const char *line = from, *next = g.to;
		bool alone = stands_alone(r, &g, &line, &next);
		KB_TRY(add_text(r, r->at, alone ? line : from));
		KB_TRY(add_tag(r, &g, line, alone ? (size_t)(from - line) : 0));
		r->at = alone ? next : g.to;
	}
	KB_TRY(add_text(r, r->at, r->at + strlen(r->at)));
	if (r->depth) {
		const token *opened = &r->program->tokens[r->stack[r->depth - 1]];
		kb_fail(r->err, KB_INVALID, "mustache.unclosed-section", "section \"%.100s\" is never closed", opened->text);
		kb_hint(r->err, "a tag {{/%.100s}} is missing", opened->text);
		return fail_at(r->program, opened->line, opened->column, r->err);
	}
	return KB_OK;
}

static kb_status compile(kb_arena *arena, const char *name, const char *indent, const char *text, compiled **result,
	kb_err *err)
{
	if (strlen(text) > TEMPLATE_MAX) {
		kb_fail(err, KB_LIMIT, "mustache.too-long", "the template is longer than %d bytes", TEMPLATE_MAX);
		return kb_fail_at(err, (kb_mark){ name, 0, 0 });
	}
	compiled *p = kb_arena_alloc(arena, sizeof *p);
	if (!p) return kb_arena_check(arena, err);
	p->name = name;
	p->indent = indent;
	reader r = { .arena = arena, .program = p, .text = text, .at = text, .open = "{{", .close = "}}", .counted = text,
		.line_start = text, .line = 1, .err = err };
	KB_TRY(read_program(&r));
	*result = p;
	return KB_OK;
}

/* ---- filling ---- */

static const kb_node *look_up(const filler *f, const token *t)
{
	const kb_node *node = NULL;
	if (t->part_count == 0) return f->stack[f->stacked - 1];
	for (size_t i = f->stacked; i > 0 && !node; i--) node = kb_node_get(f->stack[i - 1], t->parts);
	const char *part = t->parts;
	for (size_t i = 1; i < t->part_count && node; i++) {
		part += strlen(part) + 1;
		node = kb_node_get(node, part);
	}
	return node;
}

static bool is_false(const kb_node *node)
{
	if (!node) return true;
	switch (node->kind) {
	case KB_NODE_NULL: return true;
	case KB_NODE_BOOL: return !node->boolean;
	case KB_NODE_TEXT: return node->length == 0;
	case KB_NODE_LIST: return node->count == 0;
	case KB_NODE_INT:
	case KB_NODE_MAP: break;
	}
	return false;
}

static kb_status missing(const filler *f, const compiled *p, const token *t, kb_err *err)
{
	kb_fail(err, KB_INVALID, "mustache.missing", "\"%.100s\" is not in the data", t->text);
	const kb_node *top = f->stack[f->stacked - 1];
	const char *keys[64];
	size_t count = 0;
	if (top && top->kind == KB_NODE_MAP)
		for (; count < top->pair_count && count < KB_COUNT(keys); count++) keys[count] = top->pairs[count].key;
	const char *nearest = kb_str_nearest(t->text, keys, count);
	if (nearest) kb_hint(err, "did you mean \"%.100s\"?", nearest);
	return fail_at(p, t->line, t->column, err);
}

static kb_status interpolate(filler *f, const compiled *p, const token *t, kb_err *err)
{
	const kb_node *node = look_up(f, t);
	if (!node) return f->options->strict ? missing(f, p, t, err) : KB_OK;
	char digits[32];
	const char *text = "";
	switch (node->kind) {
	case KB_NODE_NULL: break;
	case KB_NODE_BOOL: text = node->boolean ? "true" : "false"; break;
	case KB_NODE_TEXT: text = node->text; break;
	case KB_NODE_INT:
		snprintf(digits, sizeof digits, "%" PRId64, node->integer);
		text = digits;
		break;
	case KB_NODE_LIST:
	case KB_NODE_MAP:
		kb_fail(err, KB_INVALID, "mustache.not-text", "\"%.100s\" is %s and can't be written as text", t->text,
			kb_node_kind_name(node->kind));
		return fail_at(p, t->line, t->column, err);
	}
	if (t->kind == NAME && f->options->escape) f->options->escape(f->out, text, strlen(text));
	else kb_buf_text(f->out, text);
	return KB_OK;
}

static kb_status fill(filler *f, const compiled *p, size_t from, size_t to, kb_err *err);

static kb_status enter(filler *f, const compiled *p, const token *t, kb_err *err)
{
	if (f->depth < DEPTH_MAX) {
		f->depth++;
		return KB_OK;
	}
	kb_fail(err, KB_LIMIT, "mustache.too-deep", "sections and partials are nested more than %d deep", DEPTH_MAX);
	return fail_at(p, t->line, t->column, err);
}

static kb_status fill_in(filler *f, const compiled *p, const token *t, const kb_node *context, kb_err *err)
{
	f->stack[f->stacked++] = context;
	KB_TRY(fill(f, p, (size_t)(t - p->tokens) + 1, t->end, err));
	f->stacked--;
	return KB_OK;
}

static kb_status fill_section(filler *f, const compiled *p, const token *t, kb_err *err)
{
	const kb_node *node = look_up(f, t);
	if (is_false(node) != (t->kind == INVERTED)) return KB_OK;
	KB_TRY(enter(f, p, t, err));
	if (t->kind == INVERTED) {
		KB_TRY(fill(f, p, (size_t)(t - p->tokens) + 1, t->end, err));
	} else if (node->kind == KB_NODE_LIST) {
		for (size_t i = 0; i < node->count; i++) KB_TRY(fill_in(f, p, t, node->items[i], err));
	} else {
		KB_TRY(fill_in(f, p, t, node, err));
	}
	f->depth--;
	return KB_OK;
}

/* The text of a partial with the indentation before each of its lines, so that what is filled in is not indented. */
static const char *indented(kb_arena *arena, const char *indent, const char *text)
{
	if (!*indent) return text;
	kb_buf buf = { .arena = arena };
	while (*text) {
		size_t length = strcspn(text, "\n");
		length += text[length] == '\n';
		kb_buf_text(&buf, indent);
		kb_buf_add(&buf, text, length);
		text += length;
	}
	return kb_buf_string(&buf);
}

static kb_status get_partial(filler *f, const compiled *p, const token *t, compiled **result, kb_err *err)
{
	*result = NULL;
	for (compiled *q = f->partials; q; q = q->next) {
		if (strcmp(q->name, t->text) != 0 || strcmp(q->indent, t->indent) != 0) continue;
		*result = q;
		return KB_OK;
	}
	const char *text = f->options->partial ? f->options->partial(f->options->context, t->text) : NULL;
	if (!text && !f->options->strict) return KB_OK;
	if (!text) {
		kb_fail(err, KB_INVALID, "mustache.no-partial", "there is no partial \"%.100s\"", t->text);
		return fail_at(p, t->line, t->column, err);
	}
	if (strlen(text) <= TEMPLATE_MAX) text = indented(f->arena, t->indent, text);
	KB_TRY(kb_arena_check(f->arena, err));
	KB_TRY(compile(f->arena, t->text, t->indent, text, result, err));
	(*result)->next = f->partials;
	f->partials = *result;
	return KB_OK;
}

static kb_status fill_partial(filler *f, const compiled *p, const token *t, kb_err *err)
{
	KB_TRY(enter(f, p, t, err));
	compiled *partial;
	KB_TRY(get_partial(f, p, t, &partial, err));
	if (partial) KB_TRY(fill(f, partial, 0, partial->count, err));
	f->depth--;
	return KB_OK;
}

static kb_status check_limits(filler *f, const compiled *p, const token *t, kb_err *err)
{
	KB_TRY(kb_arena_check(f->arena, err));
	if (f->out->length - f->start > OUTPUT_MAX)
		kb_fail(err, KB_LIMIT, "mustache.output", "the text grows beyond %d bytes", OUTPUT_MAX);
	else if (f->steps++ >= STEPS_MAX)
		kb_fail(err, KB_LIMIT, "mustache.work", "the template takes more than %d steps", STEPS_MAX);
	else return KB_OK;
	return fail_at(p, t->line, t->column, err);
}

static kb_status fill(filler *f, const compiled *p, size_t from, size_t to, kb_err *err)
{
	for (size_t i = from; i < to; i++) {
		const token *t = &p->tokens[i];
		KB_TRY(check_limits(f, p, t, err));
		switch (t->kind) {
		case TEXT: kb_buf_add(f->out, t->text, t->length); break;
		case NAME:
		case RAW: KB_TRY(interpolate(f, p, t, err)); break;
		case SECTION:
		case INVERTED:
			KB_TRY(fill_section(f, p, t, err));
			i = t->end;
			break;
		case PARTIAL: KB_TRY(fill_partial(f, p, t, err)); break;
		case CLOSE: break;
		}
	}
	return KB_OK;
}

kb_status kb_mustache_fill(kb_arena *arena, const char *name, const char *template, const kb_node *data,
	const kb_mustache_options *options, kb_buf *out, kb_err *err)
{
	static const kb_mustache_options plain = { 0 };
	filler f = { .arena = arena, .options = options ? options : &plain, .out = out, .start = out->length };
	f.stack[f.stacked++] = data;
	compiled *p;
	KB_TRY(compile(arena, name, "", template, &p, err));
	KB_TRY(fill(&f, p, 0, p->count, err));
	if (out->arena != arena) KB_TRY(kb_arena_check(out->arena, err));
	return kb_arena_check(arena, err);
}

void kb_mustache_escape_html(kb_buf *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
		case '&': kb_buf_text(out, "&amp;"); break;
		case '<': kb_buf_text(out, "&lt;"); break;
		case '>': kb_buf_text(out, "&gt;"); break;
		case '"': kb_buf_text(out, "&quot;"); break;
		default: kb_buf_char(out, text[i]);
		}
	}
}
