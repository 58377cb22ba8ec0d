/*
 * What the functions of "sql/store.h" (made by tools/sqlgen from schema/ and query/) run on: one prepared statement a
 * query, kept on the connection, bound, stepped, reset and cleared within one call.
 *
 *     KB_CLEANUP(kb_sql_closep) kb_sql *sql = NULL;
 *     KB_TRY(kb_sql_open(db, kb_sql_store_queries, kb_sql_store_query_count, &sql, err));
 *     KB_TRY(kb_q_item_by_key(sql, arena, "PD-2-K1-1", &row, &found, err));
 *
 * Rows and their texts live in the arena, so its ceiling bounds what a query may bring. Outputs are written on success
 * only. One kb_sql serves one thread at a time.
 */
#ifndef KB_STORE_SQL_H
#define KB_STORE_SQL_H

#include <sqlite3.h>

#include "base/file.h"

/* A whole number that may be missing. */
typedef struct kb_sql_int {
	bool set;
	int64_t value;
} kb_sql_int;

typedef struct kb_sql_migration {
	int number; /* from 1 */
	const char *name, *text;
} kb_sql_migration;

typedef struct kb_sql_query {
	const char *name;
	bool read_only;
	const char *text;
} kb_sql_query;

typedef struct kb_sql {
	sqlite3 *db; /* the caller's, who closes it after this */
	const kb_sql_query *queries;
	size_t count;
	sqlite3_stmt *cache[]; /* NULL until first used */
} kb_sql;

kb_status kb_sql_open(sqlite3 *db, const kb_sql_query *queries, size_t count, kb_sql **sql, kb_err *err) KB_MUST_USE;
void kb_sql_closep(kb_sql **sql); /* finalises the statements; NULL is fine */

/* Runs fixed statements that give no rows we want: BEGIN, COMMIT, a migration's text. Never text made of input. */
kb_status kb_sql_exec(sqlite3 *db, const char *text, kb_err *err) KB_MUST_USE;

/* The row number of the last INSERT on this connection. */
int64_t kb_sql_last_id(const kb_sql *sql);

/*
 * The last failure of the connection as a status, a sentence and a way out. A trigger's RAISE message is KB_REFUSED
 * with that message; where it begins with an id and a colon ("version.frozen: a version never changes") that is the
 * error's id, else "store.rule". A unique index is KB_EXISTS.
 */
kb_status kb_sql_fail(sqlite3 *db, kb_err *err);

/* The rest is for generated code. */
typedef struct kb_sql_run {
	kb_sql *sql;
	const kb_sql_query *query;
	sqlite3_stmt *stmt;
	kb_arena *arena;
	int rc;
	bool full;         /* the arena gave nothing more */
	kb_status broken;  /* the query broke its own declaration: */
	const char *fault; /* how, and */
	const char *where; /* at which column or parameter */
	int64_t before, changes;
} kb_sql_run;

kb_status kb_sql_start(kb_sql *sql, size_t number, kb_arena *arena, kb_sql_run *run, kb_err *err) KB_MUST_USE;
void kb_sql_bind_int(kb_sql_run *run, int parameter, int64_t value);
void kb_sql_bind_maybe_int(kb_sql_run *run, int parameter, kb_sql_int value);
/* The bytes must stay until kb_sql_finish. NULL is a fault unless `maybe`. */
void kb_sql_bind_text(kb_sql_run *run, int parameter, const char *text, bool maybe);
void kb_sql_bind_blob(kb_sql_run *run, int parameter, kb_bytes bytes, bool maybe);
bool kb_sql_step(kb_sql_run *run);    /* true: there is a row to read */
void kb_sql_no_more(kb_sql_run *run); /* a further row is a fault */
int64_t kb_sql_read_int(kb_sql_run *run, int column);
kb_sql_int kb_sql_read_maybe_int(kb_sql_run *run, int column);
const char *kb_sql_read_text(kb_sql_run *run, int column, bool maybe);
kb_bytes kb_sql_read_blob(kb_sql_run *run, int column, bool maybe);
/* Room for more rows of `size` bytes; *room counts rows. NULL when the arena is full. */
void *kb_sql_more(kb_sql_run *run, void *rows, size_t *room, size_t size);
kb_status kb_sql_finish(kb_sql_run *run, kb_err *err) KB_MUST_USE;

#endif
