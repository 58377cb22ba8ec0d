/* Any bytes as CSV: rows are maps of texts, and what is written from them reads as the same rows. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "text/csv.h"

static void write_cell(kb_buf *out, const char *text)
{
	kb_buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"') kb_buf_char(out, '"');
		kb_buf_char(out, *text);
	}
	kb_buf_char(out, '"');
}

static void write_row(kb_buf *out, const kb_node *row, bool head)
{
	for (size_t i = 0; i < row->pair_count; i++) {
		if (i) kb_buf_char(out, ',');
		write_cell(out, head ? row->pairs[i].key : row->pairs[i].value->text);
	}
	kb_buf_char(out, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena }, none = { .arena = arena };
	kb_node *rows = NULL, *again = NULL;
	kb_err err;
	kb_buf out = { .arena = arena };
	if (!arena || kb_csv_read(arena, "fuzz", (const char *)data, size, &faults, &rows, &err) != KB_OK) return 0;
	if (!rows && faults.count == 0) abort();
	if (!rows || rows->count == 0) return 0;
	write_row(&out, rows->items[0], true);
	for (size_t i = 0; i < rows->count; i++) write_row(&out, rows->items[i], false);
	if (kb_arena_check(arena, &err) != KB_OK || out.length > KB_CSV_MAX_BYTES) return 0;
	if (kb_csv_read(arena, "again", out.text, out.length, &none, &again, &err) != KB_OK) return 0;
	if (none.count || !again) abort();
	/* A row of one empty field is an empty line. */
	if (rows->items[0]->pair_count > 1 && !kb_node_equal(rows, again)) abort();
	return 0;
}
