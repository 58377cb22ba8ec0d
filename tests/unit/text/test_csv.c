#include <criterion/criterion.h>

#include <string.h>

#include "base/str.h"
#include "text/csv.h"

static kb_arena *arena;
static kb_err err;
static kb_faults faults;

static void set_up(void)
{
	arena = kb_arena_new(64 << 20);
	faults = (kb_faults){ .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(csv, .init = set_up, .fini = tear_down);

static kb_node *read_bytes(const char *bytes, size_t length)
{
	kb_node *rows = NULL;
	faults = (kb_faults){ .arena = arena };
	cr_assert_eq(kb_csv_read(arena, "t.csv", bytes, length, &faults, &rows, &err), KB_OK, "%s", err.message);
	return rows;
}

static kb_node *sound(const char *text)
{
	kb_node *rows = read_bytes(text, strlen(text));
	cr_assert_eq(faults.count, 0, "%s: %s", text, faults.count ? faults.list[0].message : "");
	cr_assert_not_null(rows);
	return rows;
}

static void faulty(const char *text, const char *id, unsigned line, unsigned column)
{
	read_bytes(text, strlen(text));
	cr_assert_gt(faults.count, 0, "%s", text);
	cr_assert_str_eq(faults.list[0].id, id, "%s", text);
	cr_assert_eq(faults.list[0].mark.line, line, "%s: line %u", text, faults.list[0].mark.line);
	cr_assert_eq(faults.list[0].mark.column, column, "%s: column %u", text, faults.list[0].mark.column);
	cr_assert_str_eq(faults.list[0].mark.file, "t.csv");
}

static const char *cell(const kb_node *rows, size_t row, const char *column)
{
	cr_assert_lt(row, rows->count);
	return kb_node_get_text(rows->items[row], column, "(none)");
}

Test(csv, rows_come_under_their_columns)
{
	kb_node *rows = sound("theme,name,ksb\nT-1,One,K1\nT-2,Two,S1\n");
	cr_assert_eq(rows->count, 2);
	cr_assert_str_eq(cell(rows, 0, "theme"), "T-1");
	cr_assert_str_eq(cell(rows, 1, "name"), "Two");
	cr_assert_str_eq(cell(rows, 1, "ksb"), "S1");
	kb_node *ksb = kb_node_get(rows->items[1], "ksb");
	cr_assert(ksb->mark.line == 3 && ksb->mark.column == 9);
}

Test(csv, quotes_hold_commas_lines_and_quotes)
{
	kb_node *rows = sound("a,b\r\n\"x, y\",\"say \"\"no\"\"\"\r\n\"two\r\nlines\",\r\n");
	cr_assert_eq(rows->count, 2);
	cr_assert_str_eq(cell(rows, 0, "a"), "x, y");
	cr_assert_str_eq(cell(rows, 0, "b"), "say \"no\"");
	cr_assert_str_eq(cell(rows, 1, "a"), "two\r\nlines");
	cr_assert_str_eq(cell(rows, 1, "b"), "");
}

Test(csv, columns_count_characters)
{
	faulty("a,b\n\xC3\xA9\xC3\xA9,\"x\"y\n", "csv.quote", 2, 7);
}

Test(csv, what_spreadsheets_write_is_read)
{
	kb_node *rows = sound("\xEF\xBB\xBF" "a,b\r\n1,2");
	cr_assert_str_eq(cell(rows, 0, "a"), "1");
	cr_assert_str_eq(cell(rows, 0, "b"), "2");
}

Test(csv, empty_lines_are_passed_over)
{
	kb_node *rows = sound("a,b\n\n1,2\n\r\n\n3,4\n\n");
	cr_assert_eq(rows->count, 2);
	cr_assert_str_eq(cell(rows, 1, "a"), "3");
}

Test(csv, a_head_alone_has_no_rows)
{
	cr_assert_eq(sound("a,b\n")->count, 0);
	cr_assert_eq(sound("a")->count, 0);
}

Test(csv, faults_say_where)
{
	faulty("", "csv.empty", 1, 1);
	faulty("\xEF\xBB\xBF", "csv.empty", 1, 1);
	faulty("a,a\n", "csv.twice", 1, 3);
	faulty("a,b\n1\n", "csv.row", 2, 1);
	faulty("a,b\n1,2\n1,2,3\n", "csv.row", 3, 1);
	faulty("a,b\n1,\"open\n", "csv.quote", 2, 3);
	faulty("a,\"b", "csv.quote", 1, 3);
	faulty("a,b\n\"1\"x,2\n", "csv.quote", 2, 4);
	faulty("a,\xff\n", "csv.utf8", 1, 1);
}

Test(csv, all_wrong_rows_are_told)
{
	kb_node *rows = read_bytes("a,b\n1\n1,2\n1,2,3\n", 16);
	cr_assert_eq(faults.count, 2);
	cr_assert_eq(rows->count, 1);
	cr_assert_str_eq(faults.list[0].expected, "2, as in the first row");
	cr_assert_str_eq(faults.list[1].excerpt, "1,2,3");
}

Test(csv, limits)
{
	cr_assert_null(read_bytes("a\0b\n", 4));
	cr_assert_str_eq(faults.list[0].id, "csv.utf8");
	char head[2 * (KB_CSV_MAX_COLUMNS + 1) + 1];
	memset(head, ',', sizeof head);
	cr_assert_null(read_bytes(head, KB_CSV_MAX_COLUMNS));
	cr_assert_str_eq(faults.list[0].id, "csv.columns");
	char *large = kb_arena_alloc(arena, KB_CSV_MAX_BYTES + 1);
	cr_assert_not_null(large);
	memset(large, 'a', KB_CSV_MAX_BYTES + 1);
	cr_assert_null(read_bytes(large, KB_CSV_MAX_BYTES + 1));
	cr_assert_str_eq(faults.list[0].id, "csv.size");
}

Test(csv, too_little_memory_is_an_error)
{
	static const char text[] = "a,b\n\"1\",2\n3\n";
	bool done = false;
	for (size_t n = 1; n < 200 && !done; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(1 << 20);
		kb_faults some = { .arena = small };
		kb_node *rows = NULL;
		cr_assert_not_null(small);
		kb_arena_fail_at(small, n);
		kb_status status = kb_csv_read(small, "t.csv", text, sizeof text - 1, &some, &rows, &err);
		done = status == KB_OK && kb_arena_check(small, &err) == KB_OK;
		if (!done) cr_assert_eq(kb_arena_check(small, &err), KB_NO_MEMORY);
	}
	cr_assert(done);
}
