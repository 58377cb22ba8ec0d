#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sql/test_store.h"

static kb_err err;
static kb_arena *arena;
static sqlite3 *db;
static kb_sql *sql;

static void twice(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL) sqlite3_result_null(context);
	else sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

static void prepare_connection(sqlite3 *handle)
{
	sqlite3_create_function(handle, "kb_twice", 1, SQLITE_UTF8, NULL, twice, NULL, NULL);
	cr_assert_eq(kb_sql_exec(handle, "PRAGMA foreign_keys = ON", &err), KB_OK);
}

static void open_all(void)
{
	arena = kb_arena_new(4 << 20);
	cr_assert_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	prepare_connection(db);
	for (size_t i = 0; i < kb_sql_test_store_migration_count; i++)
		cr_assert_eq(kb_sql_exec(db, kb_sql_test_store_migrations[i].text, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_sql_open(db, kb_sql_test_store_queries, kb_sql_test_store_query_count, &sql, &err), KB_OK);
}

static void close_all(void)
{
	kb_sql_closep(&sql);
	sqlite3_close(db);
	kb_arena_free(arena);
}

TestSuite(sql, .init = open_all, .fini = close_all);

static const kb_sql_int none = { 0 };

static void add(const char *key)
{
	cr_assert_eq(kb_q_item_made(sql, key, "body", none, (kb_bytes) { 0 }, NULL, &err), KB_OK, "%s", err.message);
}

Test(sql, migrations_stand_in_order)
{
	cr_assert_eq(kb_sql_test_store_migration_count, 2);
	cr_assert_eq(kb_sql_test_store_migrations[0].number, 1);
	cr_assert_str_eq(kb_sql_test_store_migrations[0].name, "core");
	cr_assert_str_eq(kb_sql_test_store_migrations[1].name, "tag");
}

Test(sql, read_only_is_known)
{
	cr_assert_str_eq(kb_sql_test_store_queries[0].name, "item_found");
	cr_assert(kb_sql_test_store_queries[0].read_only);
	cr_assert_not(kb_sql_test_store_queries[1].read_only);
	cr_assert_not(kb_sql_test_store_queries[2].read_only);
}

Test(sql, finds_one_or_none)
{
	kb_q_item_found_row row = { .id = 42 };
	bool found = true;
	cr_assert_eq(kb_q_item_found(sql, arena, "a", &row, &found, &err), KB_OK);
	cr_assert_not(found);
	cr_assert_eq(row.id, 42);
	int64_t changes;
	kb_bytes picture = { "\0\1\2", 3 };
	cr_assert_eq(kb_q_item_made(sql, "a", "b", (kb_sql_int) { true, INT64_MIN }, picture, &changes, &err), KB_OK);
	cr_assert_eq(changes, 1);
	cr_assert_eq(kb_q_item_found(sql, arena, "a", &row, &found, &err), KB_OK);
	cr_assert(found);
	cr_assert_eq(row.id, kb_sql_last_id(sql));
	cr_assert_str_eq(row.key, "a");
	cr_assert_str_eq(row.body, "b");
	cr_assert(row.lapses.set);
	cr_assert_eq(row.lapses.value, INT64_MIN);
	cr_assert_eq(row.picture.length, 3);
	cr_assert_arr_eq(row.picture.data, "\0\1\2", 4);
}

Test(sql, null_comes_and_goes)
{
	kb_q_item_found_row row;
	bool found;
	cr_assert_eq(kb_q_item_made(sql, "a", NULL, none, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	cr_assert_eq(kb_q_item_found(sql, arena, "a", &row, &found, &err), KB_OK);
	cr_assert_str_eq(row.body, "none");
	cr_assert_not(row.lapses.set);
	cr_assert_null(row.picture.data);
	/* An empty blob is not a missing one. */
	cr_assert_eq(kb_q_item_picture(sql, "a", (kb_bytes) { "", 0 }, NULL, &err), KB_OK);
	cr_assert_eq(kb_q_item_found(sql, arena, "a", &row, &found, &err), KB_OK);
	cr_assert_not_null(row.picture.data);
	cr_assert_eq(row.picture.length, 0);
}

Test(sql, nothing_where_something_must_be)
{
	cr_assert_eq(kb_q_item_made(sql, NULL, "b", none, (kb_bytes) { 0 }, NULL, &err), KB_BUG);
	cr_assert_str_eq(err.message, "the query item_made was given nothing for :key");
	cr_assert_eq(kb_q_item_picture(sql, "a", (kb_bytes) { 0 }, NULL, &err), KB_BUG);
	add("a"); /* and the statement is as new */
}

Test(sql, generated_texts_are_exact)
{
	kb_q_item_insert_row row;
	bool found;
	cr_assert_eq(kb_q_item_insert(sql, arena, "a", &row, &found, &err), KB_OK);
	cr_assert(found);
	cr_assert_str_eq(row.body, "\xC3\xA4 \"quoted\" \\ ?\?/ back");
	cr_assert_eq(row.id, 1);
}

Test(sql, many)
{
	kb_q_item_all_row *rows = NULL;
	size_t count = 7;
	cr_assert_eq(kb_q_item_all(sql, arena, &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 0);
	for (int i = 0; i < 1000; i++) {
		char key[16];
		snprintf(key, sizeof key, "k%04d", 999 - i);
		add(key);
	}
	cr_assert_eq(kb_q_item_all(sql, arena, &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 1000);
	for (int i = 0; i < 1000; i++) {
		char key[16];
		snprintf(key, sizeof key, "k%04d", i);
		cr_assert_str_eq(rows[i].key, key);
		cr_assert_eq(rows[i].id, 1000 - i);
	}
}

Test(sql, arguments_in_the_order_of_in)
{
	kb_q_item_after_row *rows;
	size_t count;
	cr_assert_eq(kb_q_item_made(sql, "a", "", (kb_sql_int) { true, 5 }, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	cr_assert_eq(kb_q_item_made(sql, "b", "", (kb_sql_int) { true, 6 }, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	cr_assert_eq(kb_q_item_after(sql, arena, 4, NULL, &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 2);
	cr_assert_eq(rows[1].default_.value, 6);
	cr_assert_eq(rows[1].twice.value, 12);
	cr_assert_eq(kb_q_item_after(sql, arena, 4, "b", &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 1);
	cr_assert_eq(kb_q_item_after(sql, arena, 5, "a", &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 0);
}

Test(sql, outer_joins_give_null)
{
	kb_q_tag_of_row *rows;
	size_t count;
	add("a");
	cr_assert_eq(kb_q_tag_of(sql, arena, "a", &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 1);
	cr_assert_null(rows[0].word);
	cr_assert_eq(kb_q_tag_add(sql, kb_sql_last_id(sql), "w", NULL, &err), KB_OK);
	cr_assert_eq(kb_q_tag_of(sql, arena, "a", &rows, &count, &err), KB_OK);
	cr_assert_str_eq(rows[0].word, "w");
}

Test(sql, changes)
{
	int64_t changes = 9;
	cr_assert_eq(kb_q_item_grow(sql, 1, &changes, &err), KB_OK);
	cr_assert_eq(changes, 0);
	for (int i = 0; i < 3; i++) {
		const char key[] = { (char)('a' + i), '\0' };
		cr_assert_eq(kb_q_item_made(sql, key, "", (kb_sql_int) { true, 5 }, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	}
	cr_assert_eq(kb_q_item_grow(sql, 1, &changes, &err), KB_OK);
	cr_assert_eq(changes, 3);
	cr_assert_eq(kb_q_item_rename(sql, "none", "x", &changes, &err), KB_OK);
	cr_assert_eq(changes, 0, "not those of the statement before");
}

Test(sql, a_second_row_is_our_mistake)
{
	kb_q_item_any_row row;
	bool found = false;
	add("a");
	cr_assert_eq(kb_q_item_any(sql, arena, &row, &found, &err), KB_OK);
	add("b");
	found = false;
	cr_assert_eq(kb_q_item_any(sql, arena, &row, &found, &err), KB_BUG);
	cr_assert_str_eq(err.message, "the query item_any gave more rows than it may");
	cr_assert_not(found);
}

Test(sql, values_of_another_kind_are_noticed)
{
	kb_q_item_most_row most;
	kb_q_item_wrong_row wrong;
	bool found;
	cr_assert_eq(kb_q_item_most(sql, arena, &most, &found, &err), KB_CORRUPT);
	cr_assert_str_eq(err.message, "the query item_most gave no whole number in most");
	cr_assert_str_eq(err.id, "store.row");
	cr_assert_eq(kb_q_item_wrong(sql, arena, &wrong, &found, &err), KB_CORRUPT);
}

Test(sql, triggers_refuse_in_their_own_words)
{
	add("a");
	cr_assert_eq(kb_q_item_rename(sql, "a", "b", NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "item.frozen");
	cr_assert_str_eq(err.message, "the key of an item never changes");
	cr_assert_eq(kb_q_item_made(sql, "l", "", (kb_sql_int) { true, 1 }, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	cr_assert_eq(kb_q_item_remove(sql, NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "store.rule");
	cr_assert_str_eq(err.message, "Items that lapse stay: always");
}

Test(sql, constraints)
{
	add("a");
	cr_assert_eq(kb_q_item_made(sql, "a", "", none, (kb_bytes) { 0 }, NULL, &err), KB_EXISTS);
	cr_assert_str_eq(err.message, "the store has this already (item.key)");
	cr_assert_eq(kb_q_item_made(sql, "0123456789", "", none, (kb_bytes) { 0 }, NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "store.check");
	cr_assert_eq(kb_q_tag_add(sql, 77, "w", NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "store.reference");
	cr_assert_eq(kb_q_tag_add(sql, 1, "w", NULL, &err), KB_OK);
	cr_assert_eq(kb_q_tag_add(sql, 1, "w", NULL, &err), KB_EXISTS);
}

Test(sql, a_failure_leaves_the_statement_clean)
{
	kb_q_item_count_row row;
	bool found;
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(kb_q_item_made(sql, "0123456789", "", none, (kb_bytes) { 0 }, NULL, &err), KB_REFUSED);
		const char key[] = { (char)('a' + i), '\0' };
		add(key);
	}
	cr_assert_eq(kb_q_item_count(sql, arena, &row, &found, &err), KB_OK);
	cr_assert_eq(row.n, 3);
	cr_assert_null(sqlite3_next_stmt(db, NULL) == NULL ? "statements are kept" : NULL);
}

Test(sql, the_arena_bounds_the_rows)
{
	char *large = malloc(100001);
	memset(large, 'x', 100000);
	large[100000] = '\0';
	for (int i = 0; i < 50; i++) {
		char key[16];
		snprintf(key, sizeof key, "%d", i);
		cr_assert_eq(kb_q_item_made(sql, key, large, none, (kb_bytes) { 0 }, NULL, &err), KB_OK);
	}
	free(large);
	kb_q_item_all_row *rows = NULL;
	size_t count = 0;
	cr_assert_eq(kb_q_item_all(sql, arena, &rows, &count, &err), KB_LIMIT);
	cr_assert_null(rows);
	/* In an arena with room the same statement works again. */
	KB_CLEANUP(kb_arena_freep) kb_arena *larger = kb_arena_new(64 << 20);
	cr_assert_eq(kb_q_item_all(sql, larger, &rows, &count, &err), KB_OK);
	cr_assert_eq(count, 50);
}

Test(sql, every_failed_allocation)
{
	for (int i = 0; i < 20; i++) {
		const char key[] = { (char)('a' + i), '\0' };
		add(key);
	}
	kb_q_item_all_row *rows = NULL;
	size_t count = 0;
	kb_status status = KB_NO_MEMORY;
	for (size_t nth = 1; status != KB_OK; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *tight = kb_arena_new(4 << 20);
		kb_arena_fail_at(tight, nth);
		status = kb_q_item_all(sql, tight, &rows, &count, &err);
		cr_assert(status == KB_OK || status == KB_NO_MEMORY);
		cr_assert_lt(nth, 100);
	}
	cr_assert_eq(count, 20);
}

Test(sql, somebody_else_writes)
{
	char path[] = "/tmp/kb-test-sql-XXXXXX";
	close(mkstemp(path));
	sqlite3 *a, *b;
	cr_assert_eq(sqlite3_open(path, &a), SQLITE_OK);
	cr_assert_eq(sqlite3_open(path, &b), SQLITE_OK);
	cr_assert_eq(kb_sql_exec(a, "BEGIN IMMEDIATE", &err), KB_OK);
	kb_status status = kb_sql_exec(b, "BEGIN IMMEDIATE", &err);
	sqlite3_close(a);
	sqlite3_close(b);
	unlink(path);
	cr_assert_eq(status, KB_BUSY);
	cr_assert_str_eq(err.id, "store.busy");
	cr_assert_neq(err.hint[0], '\0');
}

Test(sql, the_disk_is_full)
{
	cr_assert_eq(kb_sql_exec(db, "PRAGMA max_page_count = 10", &err), KB_OK);
	kb_status status = KB_OK;
	for (int i = 0; i < 10000 && status == KB_OK; i++) {
		char key[16];
		snprintf(key, sizeof key, "%d", i);
		status = kb_q_item_made(sql, key, "some text to fill the page with", none, (kb_bytes) { 0 }, NULL, &err);
	}
	cr_assert_eq(status, KB_IO);
	cr_assert_str_eq(err.id, "store.full");
}

Test(sql, no_store_at_all)
{
	char path[] = "/tmp/kb-test-sql-XXXXXX";
	int fd = mkstemp(path);
	sqlite3 *other;
	static const char text[] =
	    "This is no database, though it is long enough to have been one, had it but tried to be.....";
	for (int i = 0; i < 50; i++) cr_assert_eq(write(fd, text, sizeof text), sizeof text);
	close(fd);
	cr_assert_eq(sqlite3_open(path, &other), SQLITE_OK);
	kb_status status = kb_sql_exec(other, "SELECT * FROM sqlite_schema", &err);
	sqlite3_close(other);
	unlink(path);
	cr_assert_eq(status, KB_CORRUPT);
	cr_assert_str_eq(err.id, "store.corrupt");
}

Test(sql, read_only_store)
{
	cr_assert_eq(kb_sql_exec(db, "PRAGMA query_only = ON", &err), KB_OK);
	cr_assert_eq(kb_q_item_remove(sql, NULL, &err), KB_IO);
	cr_assert_str_eq(err.id, "store.read-only");
}

Test(sql, a_schema_of_another_time)
{
	cr_assert_eq(kb_sql_exec(db, "DROP TABLE tag", &err), KB_OK);
	cr_assert_eq(kb_q_tag_add(sql, 1, "w", NULL, &err), KB_BUG);
	cr_assert_str_eq(err.message, "query tag_add: the store answered: no such table: tag");
}
