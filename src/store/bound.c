#include "store/bound.h"

#include <stdio.h>
#include <string.h>

const char *const kb_bound_tables[KB_BOUND_TABLES] = { "standard_version", "specification_version", "weighing", "item",
	"item_version", "move", "decision", "candidate", "paper", "withdrawal", "paper_item", "template", "person",
	"person_role", "password", "conflict", "candidate_organisation", "assignment", "reading", "campaign",
	"campaign_item", "campaign_close", "sitting_record", "asked_text", "incident", "incident_note", "public_key",
	"signature" };

static void stmt_freep(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}

static kb_status prepare(sqlite3 *db, kb_bound *bound, kb_err *err)
{
	char text[64 * KB_BOUND_TABLES] = "SELECT ";
	size_t length = strlen(text);
	for (size_t i = 0; i < KB_BOUND_TABLES; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%scoalesce((SELECT max(id) FROM %s), 0)",
			i ? ", " : "", kb_bound_tables[i]);
	return sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &bound->ask, NULL) == SQLITE_OK
	           ? KB_OK
	           : kb_sql_fail(db, err);
}

kb_status kb_bound_start(sqlite3 *db, kb_bound *bound, kb_err *err)
{
	if (!bound->ask) KB_TRY(prepare(db, bound, err));
	bool found = sqlite3_step(bound->ask) == SQLITE_ROW;
	for (int i = 0; found && i < KB_BOUND_TABLES; i++) bound->last[i] = sqlite3_column_int64(bound->ask, i);
	kb_status status = found ? KB_OK : kb_sql_fail(db, err);
	sqlite3_reset(bound->ask);
	return status;
}

void kb_bound_closep(kb_bound *bound)
{
	sqlite3_finalize(bound->ask);
	bound->ask = NULL;
}

/* A row as the digest reads it: "column=i:value;" or "column=length:bytes;" for each column that is not null. */
static void write_row(sqlite3_stmt *stmt, kb_buf *out)
{
	for (int c = 0; c < sqlite3_column_count(stmt); c++) {
		const char *name = sqlite3_column_name(stmt, c);
		int type = sqlite3_column_type(stmt, c);
		if (type == SQLITE_NULL || strcmp(name, "reference") == 0) continue;
		kb_buf_printf(out, "%s=", name);
		if (type == SQLITE_INTEGER) kb_buf_printf(out, "i:%lld;", (long long)sqlite3_column_int64(stmt, c));
		else {
			const void *bytes = sqlite3_column_blob(stmt, c);
			int length = sqlite3_column_bytes(stmt, c);
			kb_buf_printf(out, "%d:", length);
			if (length) kb_buf_add(out, bytes, (size_t)length);
			kb_buf_text(out, ";");
		}
	}
}

kb_status kb_bound_digests(
	sqlite3 *db, kb_arena *arena, const char *table, int64_t first, int64_t count, kb_buf *digests, kb_err *err)
{
	char text[128], hex[KB_DIGEST_TEXT];
	snprintf(text, sizeof text, "SELECT * FROM %s WHERE id BETWEEN ?1 AND ?2 ORDER BY id", table);
	KB_CLEANUP(stmt_freep) sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, text, -1, &stmt, NULL) != SQLITE_OK) return kb_sql_fail(db, err);
	sqlite3_bind_int64(stmt, 1, first);
	sqlite3_bind_int64(stmt, 2, first + count - 1);
	kb_buf row = { .arena = arena };
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		kb_digest digest;
		row.length = 0;
		kb_buf_printf(&row, "%s;", table);
		write_row(stmt, &row);
		KB_TRY(kb_arena_check(arena, err));
		KB_TRY(kb_digest_of("ksbank row 1", row.text, row.length, &digest, err));
		kb_digest_format(&digest, hex);
		kb_buf_add(digests, hex, KB_BOUND_DIGITS);
	}
	return rc == SQLITE_DONE ? kb_arena_check(arena, err) : kb_sql_fail(db, err);
}

kb_status kb_bound_rows(sqlite3 *db, kb_arena *arena, kb_bound *bound, kb_node **rows, kb_err *err)
{
	const kb_bound before = *bound;
	*rows = kb_node_list(arena);
	KB_TRY(kb_bound_start(db, bound, err));
	for (size_t i = 0; i < KB_BOUND_TABLES; i++) {
		if (bound->last[i] == before.last[i]) continue;
		kb_buf digests = { .arena = arena };
		int64_t first = before.last[i] + 1;
		KB_TRY(kb_bound_digests(db, arena, kb_bound_tables[i], first, bound->last[i] - before.last[i], &digests, err));
		kb_node *entry = kb_node_add(arena, *rows, kb_node_map(arena));
		kb_node_set_text(arena, entry, "table", kb_bound_tables[i]);
		kb_node_set_int(arena, entry, "first", first);
		kb_node_set(arena, entry, "digests", kb_node_textn(arena, digests.text, digests.length));
	}
	return kb_arena_check(arena, err);
}
