#include "text/csv.h"

#include <string.h>

#include "base/str.h"

typedef struct reader {
	kb_arena *arena;
	kb_faults *faults;
	const char *at, *end;
	kb_mark mark;
	bool broken;
} reader;

static void step(reader *r)
{
	unsigned char c = (unsigned char)*r->at++;
	if (c == '\n') r->mark.line++, r->mark.column = 1;
	else if ((c & 0xC0) != 0x80) r->mark.column++;
}

static bool at_line_end(const reader *r)
{
	return r->at == r->end || *r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

static void skip_line_end(reader *r)
{
	if (r->at < r->end && *r->at == '\r') step(r);
	if (r->at < r->end) step(r);
}

static kb_node *quoted(reader *r)
{
	kb_buf text = { .arena = r->arena };
	kb_mark start = r->mark;
	step(r);
	for (;;) {
		if (r->at == r->end) {
			kb_fault_add(r->faults, start, "csv.quote", "a quotation mark is opened and never closed");
			r->broken = true;
			break;
		}
		if (*r->at == '"') {
			step(r);
			if (r->at == r->end || *r->at != '"') break;
		}
		kb_buf_char(&text, *r->at);
		step(r);
	}
	kb_node *node = kb_node_text(r->arena, kb_buf_string(&text));
	if (node) node->mark = start;
	return node;
}

static kb_node *plain(reader *r)
{
	const char *start = r->at;
	kb_mark mark = r->mark;
	while (!at_line_end(r) && *r->at != ',') step(r);
	kb_node *node = kb_node_textn(r->arena, start, (size_t)(r->at - start));
	if (node) node->mark = mark;
	return node;
}

static kb_node *read_row(reader *r)
{
	kb_node *row = kb_node_list(r->arena);
	if (row) row->mark = r->mark;
	for (;;) {
		kb_node_add(r->arena, row, r->at < r->end && *r->at == '"' ? quoted(r) : plain(r));
		if (r->broken) return row;
		if (!at_line_end(r) && *r->at != ',') {
			kb_fault_add(r->faults, r->mark, "csv.quote", "text follows a closing quotation mark")->expected =
				"a comma or the end of the line";
			r->broken = true;
			return row;
		}
		if (at_line_end(r)) break;
		step(r);
	}
	skip_line_end(r);
	return row;
}

static bool check_head(reader *r, const kb_node *head)
{
	if (head->count > KB_CSV_MAX_COLUMNS) {
		kb_fault_add(r->faults, head->mark, "csv.columns", "there are %zu columns", head->count)->expected =
			"at most 64";
		return false;
	}
	for (size_t i = 0; i < head->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(head->items[i]->text, head->items[j]->text) == 0) {
				kb_fault_add(r->faults, head->items[i]->mark, "csv.twice", "the column %.60s is named twice",
					head->items[i]->text);
				return false;
			}
	return true;
}

static void add_row(reader *r, kb_node *rows, const kb_node *head, const kb_node *row)
{
	if (row->count == 1 && row->items[0]->length == 0) return;
	if (row->count != head->count) {
		kb_fault *fault = kb_fault_add(r->faults, row->mark, "csv.row", "this row has %zu fields", row->count);
		fault->expected = kb_arena_printf(r->arena, "%zu, as in the first row", head->count);
		return;
	}
	kb_node *map = kb_node_add(r->arena, rows, kb_node_map(r->arena));
	if (map) map->mark = row->mark;
	for (size_t i = 0; i < row->count; i++) kb_node_set(r->arena, map, head->items[i]->text, row->items[i]);
}

kb_status kb_csv_read(
	kb_arena *arena, const char *file, const char *bytes, size_t length, kb_faults *faults, kb_node **rows, kb_err *err)
{
	reader r = { arena, faults, bytes, bytes + length, { file, 1, 1 }, false };
	size_t bad;
	*rows = NULL;
	kb_faults_source(faults, file, bytes, length);
	if (length > KB_CSV_MAX_BYTES) {
		kb_fault_add(faults, r.mark, "csv.size", "the file is larger than 4 MiB");
		return kb_arena_check(arena, err);
	}
	if (!kb_str_is_utf8(bytes, length, &bad) || memchr(bytes, '\0', length)) {
		kb_fault_add(faults, r.mark, "csv.utf8", "the file is not UTF-8 text")->expected = "a file saved as CSV UTF-8";
		return kb_arena_check(arena, err);
	}
	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) r.at += 3; /* what spreadsheets put in front */
	if (r.at == r.end) {
		kb_fault_add(faults, r.mark, "csv.empty", "the file is empty")->expected = "a first row that names the columns";
		return kb_arena_check(arena, err);
	}
	kb_node *head = read_row(&r);
	KB_TRY(kb_arena_check(arena, err));
	if (r.broken || !check_head(&r, head)) return KB_OK;
	kb_node *list = kb_node_list(arena);
	while (r.at < r.end && !r.broken && list) {
		kb_node *row = read_row(&r);
		KB_TRY(kb_arena_check(arena, err));
		if (!r.broken) add_row(&r, list, head, row);
	}
	KB_TRY(kb_arena_check(arena, err));
	*rows = list;
	return KB_OK;
}
