/*
 * Tables in text: columns two blanks apart, a rule below the head, long cells wrapped. Where the columns would break
 * words, each row is a list of "head: cell" instead.
 */
#include "render/wrap.h"

#include <string.h>

enum { GAP = 2, LONG_WORD = 16, FIELD = 30 };

typedef struct column {
	size_t line, word, least, width;
	kb_md_align align;
	bool fixed;
} column;

typedef struct grid {
	kb_arena *arena;
	const char **cells; /* row by row */
	column *columns;
	size_t rows, count;
	bool head; /* the first row is the head */
} grid;

static void count_cells(grid *g, const kb_md_node *table)
{
	for (const kb_md_node *part = table->first; part; part = part->next) {
		g->head = g->head || part->kind == KB_MD_HEAD;
		for (const kb_md_node *row = part->first; row; row = row->next) {
			size_t cells = 0;
			for (const kb_md_node *cell = row->first; cell; cell = cell->next) cells++;
			if (cells > g->count) g->count = cells;
			g->rows++;
		}
	}
}

static void take_row(grid *g, const char **cells, const kb_md_node *row)
{
	bool empty = true;
	size_t c = 0;
	for (const kb_md_node *cell = row->first; cell; cell = cell->next, c++) {
		cells[c] = kb_wrap_plain(g->arena, cell);
		g->columns[c].align = cell->align;
		empty = empty && !*cells[c];
	}
	for (; c < g->count; c++) cells[c] = "";
	/* What is to be filled in by hand gets a line to write on. */
	for (c = 0; c < g->count; c++)
		if (!*cells[c] && (empty || !g->head)) cells[c] = NULL;
}

static bool take_cells(grid *g, const kb_md_node *table)
{
	g->cells = kb_arena_array(g->arena, g->rows * g->count, sizeof *g->cells);
	g->columns = kb_arena_array(g->arena, g->count, sizeof *g->columns);
	if (!g->cells || !g->columns) return false;
	size_t r = 0;
	for (const kb_md_node *part = table->first; part; part = part->next)
		for (const kb_md_node *row = part->first; row; row = row->next) take_row(g, g->cells + g->count * r++, row);
	for (size_t i = 0; i < g->rows * g->count; i++) {
		column *c = &g->columns[i % g->count];
		size_t line = g->head ? 0 : FIELD, word = 0;
		if (g->cells[i]) kb_wrap_measure(g->cells[i], &line, &word);
		if (line > c->line) c->line = line;
		if (word > c->word) c->word = word;
	}
	return true;
}

/* What columns need at least, with a longest word no longer than `most`: false where there is no room for that. */
static bool set_least(grid *g, size_t most, size_t left)
{
	size_t sum = 0;
	for (size_t i = 0; i < g->count; i++) {
		column *c = &g->columns[i];
		c->least = c->word < most ? c->word : most;
		sum += c->least;
	}
	return sum <= left;
}

static size_t least_of_others(const grid *g, const column *c)
{
	size_t sum = 0;
	for (size_t i = 0; i < g->count; i++)
		if (!g->columns[i].fixed && &g->columns[i] != c) sum += g->columns[i].least;
	return sum;
}

/* Columns that need no more than an even share get what they need; the others share the rest in proportion to their
 * content. None is narrower than its longest word, or what would do for one of LONG_WORD; false where that can't be. */
static bool set_widths(grid *g, size_t width)
{
	size_t left = width > GAP * (g->count - 1) ? width - GAP * (g->count - 1) : 0, open = g->count;
	if (!set_least(g, SIZE_MAX, left) && !set_least(g, LONG_WORD, left)) return false;
	for (bool again = true; again && open;) {
		again = false;
		for (size_t i = 0; i < g->count && open; i++) {
			column *c = &g->columns[i];
			if (c->fixed || c->line > left / open || c->line + least_of_others(g, c) > left) continue;
			c->width = c->line;
			c->fixed = again = true;
			left -= c->width;
			open--;
		}
	}
	for (bool again = true; again;) {
		size_t sum = 0;
		again = false;
		for (size_t i = 0; i < g->count; i++)
			if (!g->columns[i].fixed) sum += g->columns[i].line;
		for (size_t i = 0; i < g->count && !again; i++) {
			column *c = &g->columns[i];
			if (c->fixed) continue;
			c->width = left * c->line / sum;
			if (c->width >= c->least) continue;
			c->width = c->least;
			c->fixed = again = true;
			left -= c->least;
		}
	}
	size_t used = 0;
	column *last = NULL;
	for (size_t i = 0; i < g->count; i++)
		if (!g->columns[i].fixed) last = &g->columns[i], used += last->width;
	if (last && used < left) last->width += left - used;
	return true;
}

static void add_buf(grid *g, kb_lines *lines, const kb_buf *buf)
{
	kb_wrap_add(g->arena, lines, kb_buf_string(buf), buf->length);
}

static void wrap_cell(grid *g, const char *cell, size_t width, kb_lines *lines)
{
	if (cell) {
		kb_wrap_lines(g->arena, cell, width, lines);
		return;
	}
	kb_buf field = { .arena = g->arena };
	kb_buf_fill(&field, '_', width < FIELD ? width : FIELD);
	add_buf(g, lines, &field);
}

static void pad(kb_buf *out, const kb_line *line, const column *c)
{
	size_t room = c->width > line->width ? c->width - line->width : 0, before = 0;
	if (c->align == KB_MD_RIGHT) before = room;
	if (c->align == KB_MD_CENTRE) before = room / 2;
	kb_buf_fill(out, ' ', before);
	kb_buf_add(out, line->text, line->length);
	kb_buf_fill(out, ' ', room - before);
}

static void write_row(grid *g, kb_lines *cells, size_t height, kb_lines *lines)
{
	for (size_t l = 0; l < height; l++) {
		kb_buf out = { .arena = g->arena };
		for (size_t c = 0; c < g->count; c++) {
			static const kb_line none = { "", 0, 0 };
			if (c) kb_buf_fill(&out, ' ', GAP);
			pad(&out, l < cells[c].count ? &cells[c].list[l] : &none, &g->columns[c]);
		}
		add_buf(g, lines, &out);
	}
}

static void write_rule(grid *g, kb_lines *lines)
{
	kb_buf out = { .arena = g->arena };
	for (size_t c = 0; c < g->count; c++) {
		if (c) kb_buf_fill(&out, ' ', GAP);
		for (size_t i = 0; i < g->columns[c].width; i++) kb_buf_text(&out, "─");
	}
	add_buf(g, lines, &out);
}

static void write_grid(grid *g, kb_lines *lines)
{
	kb_lines *cells = kb_arena_array(g->arena, g->rows * g->count, sizeof *cells);
	size_t *heights = kb_arena_array(g->arena, g->rows, sizeof *heights);
	if (!cells || !heights) return;
	for (size_t r = 0; r < g->rows; r++) {
		for (size_t c = 0; c < g->count; c++) {
			kb_lines *cell = &cells[r * g->count + c];
			wrap_cell(g, g->cells[r * g->count + c], g->columns[c].width, cell);
			if (cell->count > heights[r]) heights[r] = cell->count;
		}
	}
	for (size_t r = 0; r < g->rows; r++) {
		/* Rows of more than a line stand apart from their neighbours. */
		bool tall = r > (g->head ? 1 : 0) && (heights[r] > 1 || heights[r - 1] > 1);
		if (tall) kb_wrap_add(g->arena, lines, "", 0);
		write_row(g, cells + r * g->count, heights[r], lines);
		if (r == 0 && g->head) write_rule(g, lines);
	}
}

static void write_lists(grid *g, size_t width, kb_lines *lines)
{
	for (size_t r = g->head ? 1 : 0; r < g->rows; r++) {
		if (r > (g->head ? 1 : 0)) kb_wrap_add(g->arena, lines, "", 0);
		for (size_t c = 0; c < g->count; c++) {
			kb_buf out = { .arena = g->arena };
			const char *head = g->head ? g->cells[c] : "", *cell = g->cells[r * g->count + c];
			if (cell && !*cell) continue; /* nothing to say, and nothing to fill in */
			if (head && *head) kb_buf_printf(&out, "%s: ", head);
			kb_buf_text(&out, cell ? cell : "____");
			kb_wrap_lines(g->arena, kb_buf_string(&out), width, lines);
		}
	}
}

void kb_table_lines(kb_arena *arena, const kb_md_node *table, size_t width, kb_lines *lines)
{
	grid g = { .arena = arena };
	count_cells(&g, table);
	if (g.rows == 0 || g.count == 0 || !take_cells(&g, table)) return;
	if (set_widths(&g, width)) write_grid(&g, lines);
	else write_lists(&g, width, lines);
}
