#include "store/sql.h"

#include <stdlib.h>
#include <errno.h>
#include <string.h>

kb_status kb_sql_open(sqlite3 *db, const kb_sql_query *queries, size_t count, kb_sql **sql, kb_err *err)
{
	kb_sql *made = calloc(1, sizeof *made + count * sizeof made->cache[0]);
	if (!made) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	made->db = db;
	made->queries = queries;
	made->count = count;
	*sql = made;
	return KB_OK;
}

void kb_sql_closep(kb_sql **sql)
{
	if (!*sql) return;
	for (size_t i = 0; i < (*sql)->count; i++) sqlite3_finalize((*sql)->cache[i]);
	free(*sql);
	*sql = NULL;
}

kb_status kb_sql_exec(sqlite3 *db, const char *text, kb_err *err)
{
	return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK ? KB_OK : kb_sql_fail(db, err);
}

int64_t kb_sql_last_id(const kb_sql *sql)
{
	return sqlite3_last_insert_rowid(sql->db);
}

/* "version.frozen: a version never changes": the length of the id, 0 where the message has none. */
static size_t rule_id(const char *message)
{
	size_t n = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789-.");
	bool dotted = n > 0 && memchr(message, '.', n) != NULL;
	return dotted && n < sizeof((kb_err *)0)->id && message[n] == ':' && message[n + 1] == ' ' ? n : 0;
}

static kb_status rule_fail(const char *message, kb_err *err)
{
	char id[sizeof err->id] = "store.rule";
	size_t n = rule_id(message);
	if (n > 0) {
		memcpy(id, message, n);
		id[n] = '\0';
		message += n + 2;
	}
	return kb_fail(err, KB_REFUSED, id, "%s", message);
}

/* SQLite's "UNIQUE constraint failed: item.key" ends in what it is about. */
static const char *after_colon(const char *message)
{
	const char *colon = strchr(message, ':');
	return colon && colon[1] == ' ' ? colon + 2 : message;
}

static kb_status constraint_fail(int extended, const char *message, kb_err *err)
{
	const char *what = after_colon(message);
	switch (extended) {
	case SQLITE_CONSTRAINT_TRIGGER: return rule_fail(message, err);
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return kb_fail(err, KB_EXISTS, "store.exists", "the store has this already (%s)", what);
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return kb_fail(
			err, KB_REFUSED, "store.reference", "this would leave a reference to something that is not in the store");
	case SQLITE_CONSTRAINT_NOTNULL: return kb_fail(err, KB_REFUSED, "store.empty", "%s may not be empty", what);
	default: return kb_fail(err, KB_REFUSED, "store.check", "the store's rules refuse a value (%s)", what);
	}
}

/* The file that connections share in memory can't grow: the disk is full, and SQLite calls it an input or output error.
 */
static bool is_full(sqlite3 *db)
{
	return sqlite3_extended_errcode(db) == SQLITE_IOERR_SHMSIZE || sqlite3_system_errno(db) == ENOSPC;
}

kb_status kb_sql_fail(sqlite3 *db, kb_err *err)
{
	if (!db) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	const char *message = sqlite3_errmsg(db);
	int code = sqlite3_errcode(db) & 0xFF;
	switch (code == SQLITE_IOERR && is_full(db) ? SQLITE_FULL : code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		kb_fail(err, KB_BUSY, "store.busy", "somebody else is writing to the store");
		return kb_hint(err, "try again in a moment; nothing was changed");
	case SQLITE_FULL:
		kb_fail(err, KB_IO, "store.full", "the disk is full; nothing was changed");
		return kb_hint(err, "free some space and try again");
	case SQLITE_READONLY:
		kb_fail(err, KB_IO, "store.read-only", "the store may not be written to: %s", message);
		return kb_hint(err, "check the permissions of the file and of its folder");
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		kb_fail(err, KB_CORRUPT, "store.corrupt", "the store's file is damaged or is not a store: %s", message);
		return kb_hint(err, "restore the latest backup, and keep the damaged file");
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		kb_fail(err, KB_IO, "store.open", "cannot open the store: %s", message);
		return kb_hint(err, "check the path and your permission to the folder");
	case SQLITE_IOERR:
		kb_fail(err, KB_IO, "store.io", "the disk refused to read or write the store: %s", message);
		return kb_hint(err, "nothing was confirmed; check the disk, then try again");
	case SQLITE_NOMEM: return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	case SQLITE_TOOBIG: return kb_fail(err, KB_LIMIT, "store.size", "this is larger than the store takes");
	case SQLITE_AUTH: return kb_fail(err, KB_DENIED, "store.guard", "the store's guard forbids this: %s", message);
	case SQLITE_INTERRUPT: return kb_fail(err, KB_BUSY, "store.stopped", "this was stopped before it was done");
	case SQLITE_CONSTRAINT: return constraint_fail(sqlite3_extended_errcode(db), message, err);
	default: return kb_fail(err, KB_BUG, "bug.sql", "the store answered: %s", message);
	}
}

kb_status kb_sql_start(kb_sql *sql, size_t number, kb_arena *arena, kb_sql_run *run, kb_err *err)
{
	KB_ASSERT(number < sql->count, err);
	const kb_sql_query *query = &sql->queries[number];
	if (!sql->cache[number]) {
		int rc = sqlite3_prepare_v3(sql->db, query->text, -1, SQLITE_PREPARE_PERSISTENT, &sql->cache[number], NULL);
		if (rc != SQLITE_OK) {
			kb_sql_fail(sql->db, err);
			return err->status == KB_BUG ? kb_err_context(err, "query %s: ", query->name) : err->status;
		}
	}
	*run = (kb_sql_run) { .sql = sql, .query = query, .stmt = sql->cache[number], .arena = arena, .rc = SQLITE_OK };
	run->before = sqlite3_total_changes64(sql->db);
	/* A query whose function calls the same query would reset the outer one. */
	KB_ASSERT(!sqlite3_stmt_busy(run->stmt), err);
	return KB_OK;
}

static void note_fault(kb_sql_run *run, kb_status status, const char *fault, const char *where)
{
	if (run->fault) return;
	run->broken = status;
	run->fault = fault;
	run->where = where ? where : "?";
}

static void note_null(kb_sql_run *run, int parameter)
{
	note_fault(run, KB_BUG, "was given nothing for", sqlite3_bind_parameter_name(run->stmt, parameter));
}

/* What a query brings may come from a damaged store. */
static void note_column(kb_sql_run *run, const char *fault, int column)
{
	note_fault(run, KB_CORRUPT, fault, sqlite3_column_name(run->stmt, column));
}

static void note(kb_sql_run *run, int rc)
{
	if (run->rc == SQLITE_OK) run->rc = rc;
}

void kb_sql_bind_int(kb_sql_run *run, int parameter, int64_t value)
{
	note(run, sqlite3_bind_int64(run->stmt, parameter, value));
}

void kb_sql_bind_maybe_int(kb_sql_run *run, int parameter, kb_sql_int value)
{
	if (value.set) kb_sql_bind_int(run, parameter, value.value);
	else note(run, sqlite3_bind_null(run->stmt, parameter));
}

void kb_sql_bind_text(kb_sql_run *run, int parameter, const char *text, bool maybe)
{
	if (text) note(run, sqlite3_bind_text64(run->stmt, parameter, text, strlen(text), SQLITE_STATIC, SQLITE_UTF8));
	else if (maybe) note(run, sqlite3_bind_null(run->stmt, parameter));
	else note_null(run, parameter);
}

void kb_sql_bind_blob(kb_sql_run *run, int parameter, kb_bytes bytes, bool maybe)
{
	if (bytes.data) note(run, sqlite3_bind_blob64(run->stmt, parameter, bytes.data, bytes.length, SQLITE_STATIC));
	else if (maybe) note(run, sqlite3_bind_null(run->stmt, parameter));
	else note_null(run, parameter);
}

bool kb_sql_step(kb_sql_run *run)
{
	if (run->fault || run->full || (run->rc != SQLITE_OK && run->rc != SQLITE_ROW)) return false;
	run->rc = sqlite3_step(run->stmt);
	return run->rc == SQLITE_ROW;
}

void kb_sql_no_more(kb_sql_run *run)
{
	if (kb_sql_step(run)) note_fault(run, KB_BUG, "gave more rows than", "it may");
}

int64_t kb_sql_read_int(kb_sql_run *run, int column)
{
	if (sqlite3_column_type(run->stmt, column) != SQLITE_INTEGER) note_column(run, "gave no whole number in", column);
	return sqlite3_column_int64(run->stmt, column);
}

kb_sql_int kb_sql_read_maybe_int(kb_sql_run *run, int column)
{
	if (sqlite3_column_type(run->stmt, column) == SQLITE_NULL) return (kb_sql_int) { 0 };
	return (kb_sql_int) { true, kb_sql_read_int(run, column) };
}

static char *copy(kb_sql_run *run, const void *bytes, size_t length)
{
	/* SQLite gives NULL for an empty blob, and when it found no memory. */
	if (!bytes && length > 0) run->rc = SQLITE_NOMEM;
	char *place = bytes || length == 0 ? kb_arena_copy(run->arena, bytes, length) : NULL;
	if (!place) run->full = true;
	return place;
}

const char *kb_sql_read_text(kb_sql_run *run, int column, bool maybe)
{
	int type = sqlite3_column_type(run->stmt, column);
	if (type == SQLITE_NULL && maybe) return NULL;
	if (type != SQLITE_TEXT) {
		note_column(run, "gave no text in", column);
		return "";
	}
	const void *text = sqlite3_column_text(run->stmt, column);
	return copy(run, text, (size_t)sqlite3_column_bytes(run->stmt, column));
}

kb_bytes kb_sql_read_blob(kb_sql_run *run, int column, bool maybe)
{
	int type = sqlite3_column_type(run->stmt, column);
	if (type == SQLITE_NULL && maybe) return (kb_bytes) { 0 };
	if (type != SQLITE_BLOB) note_column(run, "gave no blob in", column);
	const void *bytes = sqlite3_column_blob(run->stmt, column);
	size_t length = (size_t)sqlite3_column_bytes(run->stmt, column);
	return (kb_bytes) { copy(run, bytes, length), length };
}

void *kb_sql_more(kb_sql_run *run, void *rows, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 16, bytes = 0;
	void *place = NULL;
	if (!__builtin_mul_overflow(more, size, &bytes)) place = kb_arena_grow(run->arena, rows, *room * size, bytes);
	if (place) *room = more;
	else run->full = true;
	return place;
}

static kb_status outcome(kb_sql_run *run, kb_err *err)
{
	if (run->fault) {
		const char *id = run->broken == KB_BUG ? "bug.sql" : "store.row";
		return kb_fail(err, run->broken, id, "the query %s %s %s", run->query->name, run->fault, run->where);
	}
	if (run->full && run->rc != SQLITE_NOMEM) return kb_arena_check(run->arena, err);
	if (run->rc == SQLITE_DONE || run->rc == SQLITE_OK) return KB_OK;
	kb_sql_fail(run->sql->db, err);
	return err->status == KB_BUG ? kb_err_context(err, "query %s: ", run->query->name) : err->status;
}

kb_status kb_sql_finish(kb_sql_run *run, kb_err *err)
{
	kb_status status = outcome(run, err);
	/* Unchanged total: nothing of this statement; sqlite3_changes would still tell of the statement before. */
	bool changed = sqlite3_total_changes64(run->sql->db) != run->before;
	run->changes = changed ? sqlite3_changes64(run->sql->db) : 0;
	sqlite3_reset(run->stmt);
	sqlite3_clear_bindings(run->stmt);
	return status;
}
