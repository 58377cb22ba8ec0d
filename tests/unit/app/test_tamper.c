/* Random changes behind the program's back, with the store's rules taken away before and put back after: each is found and
 * named. */
#include "kit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/audit_verify.h"

TestSuite(tamper, .init = kit_set_up, .fini = kit_tear_down);

enum { TRIALS = 600, TABLES_MOST = 64 };

static sqlite3 *raw;
static uint64_t state = 20261122;

static uint32_t below(uint32_t n)
{
	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return (uint32_t)((state >> 11) % n);
}

static void sql(const char *text)
{
	char *message = NULL;
	int rc = sqlite3_exec(raw, text, NULL, NULL, &message);
	cr_assert_eq(rc, SQLITE_OK, "%s: %s", message ? message : "", text);
}

/* The first column of each row, as texts. */
static size_t column(const char *query, const char **texts, size_t most)
{
	sqlite3_stmt *stmt = NULL;
	size_t n = 0;
	cr_assert_eq(sqlite3_prepare_v2(raw, query, -1, &stmt, NULL), SQLITE_OK, "%s: %s", sqlite3_errmsg(raw), query);
	while (n < most && sqlite3_step(stmt) == SQLITE_ROW) texts[n++] = kb_arena_text(kit_arena, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return n;
}

static const char *value(const char *query)
{
	const char *text = NULL;
	return column(query, &text, 1) ? text : NULL;
}

static void fill(void)
{
	kit_fill(4, "reserve: 1\n");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_eq(kit_draw("AP-2", "first"), KB_OK, "%s", kit_err.message);
	kit_must("user add", "{\"name\":\"tester\",\"role\":\"admin\"}");
	kit_must("user add", "{\"name\":\"ann\",\"role\":\"assessor\"}");
	kit_must("user role", "{\"name\":\"ann\",\"give\":\"writer\"}");
	kit_must("user conflict", "{\"name\":\"ann\",\"kind\":\"employer\",\"with\":\"north\",\"reason\":\"r\"}");
	kit_must("candidate register", "{\"candidate\":\"AP-1\",\"employer\":\"south\"}");
	kit_must("paper assign", "{\"paper\":\"P-000001\",\"to\":\"ann\"}");
	kit_must("question show", "{\"id\":\"Q-K1-1\"}");
	kit_must("standard decide", "{\"standard\":\"ST9999/1.0\",\"ksb\":\"K2\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\"}");
	kit_must("paper withdraw", "{\"paper\":\"P-000002\",\"by\":\"tester\",\"reason\":\"lost\"}");
	cr_assert_eq(kit_draw("AP-2", "first"), KB_OK, "%s", kit_err.message);
	kit_must("audit verify", "{}");
	kb_bytes bytes = kit_read("store");
	cr_assert_eq(kb_file_write("kept", bytes.data, bytes.length, 0600, &kit_err), KB_OK);
}

/* A table, and a row of it by rowid. */
static const char *pick_row(const char **table)
{
	const char *tables[TABLES_MOST];
	size_t count = column("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('meta', 'sqlite_sequence') ORDER BY name", tables, TABLES_MOST);
	for (;;) {
		*table = tables[below((uint32_t)count)];
		const char *row = value(kb_arena_printf(kit_arena, "SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %u %% max(1, (SELECT count(*) FROM %s))", *table, below(1000), *table));
		if (row) return row;
	}
}

/* One character of a text, or one more on a number. */
static const char *change_byte(void)
{
	const char *table, *row = pick_row(&table), *columns[TABLES_MOST];
	size_t count = column(kb_arena_printf(kit_arena, "SELECT name FROM pragma_table_info('%s') WHERE name <> 'reference'", table), columns, TABLES_MOST);
	for (;;) {
		const char *name = columns[below((uint32_t)count)];
		const char *length = value(kb_arena_printf(kit_arena, "SELECT CASE typeof(%s) WHEN 'text' THEN length(%s) WHEN 'integer' THEN -1 ELSE 0 END FROM %s WHERE rowid = %s", name, name, table, row));
		int n = atoi(length);
		if (n == 0) continue;
		if (n < 0) sql(kb_arena_printf(kit_arena, "UPDATE OR REPLACE %s SET %s = %s + 1 WHERE rowid = %s", table, name, name, row));
		else {
			uint32_t at = below((uint32_t)n) + 1;
			sql(kb_arena_printf(kit_arena, "UPDATE OR REPLACE %s SET %s = substr(%s, 1, %u - 1) || CASE substr(%s, %u, 1) WHEN 'x' THEN 'y' ELSE 'x' END || substr(%s, %u + 1) WHERE rowid = %s",
				table, name, name, at, name, at, name, at, row));
		}
		return kb_arena_printf(kit_arena, "%s.%s of row %s", table, name, row);
	}
}

static const char *remove_row(void)
{
	const char *table, *row = pick_row(&table);
	sql(kb_arena_printf(kit_arena, "DELETE FROM %s WHERE rowid = %s", table, row));
	return kb_arena_printf(kit_arena, "row %s of %s removed", row, table);
}

static const char *swap_rows(void)
{
	for (;;) {
		const char *table, *row = pick_row(&table);
		const char *other = value(kb_arena_printf(kit_arena, "SELECT rowid FROM %s WHERE rowid <> %s ORDER BY rowid LIMIT 1 OFFSET %u", table, row, below(3)));
		const char *key = strcmp(table, "log") == 0 || strcmp(table, "signed_head") == 0 ? "sequence" : "id";
		if (!other) continue;
		sql(kb_arena_printf(kit_arena, "UPDATE %s SET %s = -7 WHERE rowid = %s; UPDATE %s SET %s = %s WHERE rowid = %s; UPDATE %s SET %s = %s WHERE rowid = -7",
			table, key, row, table, key, row, other, table, key, other));
		return kb_arena_printf(kit_arena, "rows %s and %s of %s swapped", row, other, table);
	}
}

static const char *cut_tail(void)
{
	uint32_t n = below(3) + 1;
	sql(kb_arena_printf(kit_arena, "DELETE FROM log WHERE sequence > (SELECT max(sequence) FROM log) - %u", n));
	return kb_arena_printf(kit_arena, "the last %u entries cut", n);
}

static const char *change_signature(void)
{
	const char *table = below(2) ? "signature" : "signed_head";
	sql(kb_arena_printf(kit_arena, "UPDATE %s SET signature = (SELECT signature FROM %s ORDER BY signature DESC LIMIT 1) WHERE rowid = (SELECT rowid FROM %s ORDER BY signature LIMIT 1)", table, table, table));
	return kb_arena_printf(kit_arena, "a signature of %s", table);
}

static const char *add_row(void)
{
	sql("INSERT INTO person_role (person_id, role, held, changed_by, changed_on) VALUES (1, 'auditor', 1, 'eve', '2026-11-22')");
	return "a role given";
}

static const char *change(void)
{
	switch (below(10)) {
	case 0:
	case 1: return remove_row();
	case 2:
	case 3: return swap_rows();
	case 4: return cut_tail();
	case 5: return change_signature();
	case 6: return below(4) ? change_byte() : add_row();
	default: return change_byte();
	}
}

/* With the rules of the store out of the way, and back again as if nothing had been. */
static const char *tamper(void)
{
	const char *triggers[400], *texts[400];
	cr_assert_eq(sqlite3_open_v2("store", &raw, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sql("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN");
	size_t count = column("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid", triggers, 400);
	column("SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid", texts, 400);
	for (size_t i = 0; i < count; i++) sql(kb_arena_printf(kit_arena, "DROP TRIGGER %s", triggers[i]));
	const char *what = change();
	for (size_t i = 0; i < count; i++) sql(texts[i]);
	sql("COMMIT");
	sqlite3_close(raw);
	raw = NULL;
	return what;
}

Test(tamper, every_change_is_found_and_named)
{
	fill();
	kb_bytes kept = kit_read("kept");
	for (int trial = 0; trial < TRIALS; trial++) {
		cr_assert_eq(kb_file_write("store", kept.data, kept.length, 0600, &kit_err), KB_OK);
		const char *what = tamper();
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)512 << 20);
		kb_node *findings = kb_node_list(arena);
		kb_log_head head = { 0 };
		KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
		cr_assert_eq(kb_store_open("store", 100, &store, &kit_err), KB_OK, "%s: %s", what, kit_err.message);
		kb_call call = { .arena = arena, .store = store, .sql = kb_store_sql(store), .roles = KB_ROLES_ALL, .arguments = kb_node_map(arena) };
		cr_assert_eq(kb_audit_findings(&call, findings, &head, &kit_err), KB_OK, "%s: %s", what, kit_err.message);
		cr_assert_gt(findings->count, 0, "trial %d: %s was not noticed", trial, what);
		cr_assert(strlen(kb_node_get_text(findings->items[0], "where", "")) > 2, "%s", what);
		unlink("store-wal"), unlink("store-shm");
	}
}

/* Cut with all that it told of, the tail shows only against a head that somebody holds. */
Test(tamper, a_tail_cut_clean_shows_against_a_printed_head)
{
	fill();
	const char *head = kb_arena_printf(kit_arena, "%lld:%.16s", (long long)kit_int("entries"), kit_text("head"));
	kit_must("audit verify", kb_arena_printf(kit_arena, "{\"head\":\"%s\"}", head));
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "given"), "number", -1), atoi(head));
	kit_must("audit sign", "{}");
	kit_must("audit verify", "{}");
	cr_assert_null(kb_node_get(kit_call.result, "given"));
	const char *later = kb_arena_printf(kit_arena, "%lld:%.16s", (long long)kit_int("entries"), kit_text("head"));
	kb_bytes kept = kit_read("kept");
	cr_assert_eq(kb_file_write("store", kept.data, kept.length, 0600, &kit_err), KB_OK);
	kit_must("audit verify", "{}");
	cr_assert_eq(kit_run("audit verify", kb_arena_printf(kit_arena, "{\"head\":\"%s\"}", later)), KB_CORRUPT);
	cr_assert(strstr(kit_err.message, "was not found: the log ends before it"), "%s", kit_err.message);
	cr_assert_null(kb_node_get(kit_call.result, "given"));
	cr_assert_eq(kit_run("audit verify", "{\"head\":\"1:00000000\"}"), KB_CORRUPT);
	cr_assert(strstr(kit_err.message, "log entry 1: the head that you gave was not found"), "%s", kit_err.message);
	kit_must("audit verify", kb_arena_printf(kit_arena, "{\"head\":\"%s\"}", head));
	static const char *const wrong[] = { "12", "x:12345678", "1:1234567", "1:1234567G", "0:12345678", "1:" };
	for (size_t i = 0; i < KB_COUNT(wrong); i++)
		cr_assert_eq(kit_run("audit verify", kb_arena_printf(kit_arena, "{\"head\":\"%s\"}", wrong[i])), KB_USAGE, "%s", wrong[i]);
}
