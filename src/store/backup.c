#include "store/backup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void db_closep(sqlite3 **db)
{
	sqlite3_close(*db);
}

static void stmt_freep(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}

static kb_status copy_pages(sqlite3 *from, sqlite3 *to, kb_progress *progress, kb_err *err)
{
	enum { PAGES = 1000 };
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	if (!backup) return kb_sql_fail(to, err);
	int rc = SQLITE_OK;
	while (rc == SQLITE_OK) {
		rc = sqlite3_backup_step(backup, PAGES);
		int all = sqlite3_backup_pagecount(backup);
		kb_progress_tell(progress, "copying", all - sqlite3_backup_remaining(backup), all);
	}
	sqlite3_backup_finish(backup); /* leaves what went wrong on `to` */
	return rc == SQLITE_DONE ? KB_OK : kb_sql_fail(to, err);
}

kb_status kb_store_copy(kb_store *store, const char *path, kb_progress *progress, kb_err *err)
{
	KB_TRY(kb_file_create(path, "", 0, 0600, err));
	KB_CLEANUP(db_closep) sqlite3 *to = NULL;
	kb_status status = KB_OK;
	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) status = kb_sql_fail(to, err);
	return status == KB_OK ? copy_pages(kb_store_sql(store)->db, to, progress, err) : status;
}

/* The first row of a check, as text; NULL where it gave none. */
static kb_status first_of(kb_store *store, kb_arena *arena, const char *text, const char **found, kb_err *err)
{
	sqlite3 *db = kb_store_sql(store)->db;
	KB_CLEANUP(stmt_freep) sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &stmt, NULL);
	if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) return kb_sql_fail(db, err);
	*found = rc == SQLITE_ROW ? kb_arena_text(arena, (const char *)sqlite3_column_text(stmt, 0)) : NULL;
	return kb_arena_check(arena, err);
}

kb_status kb_store_integrity(kb_store *store, kb_arena *arena, const char **wrong, kb_err *err)
{
	KB_TRY(first_of(store, arena, "PRAGMA integrity_check(1)", wrong, err));
	if (*wrong && strcmp(*wrong, "ok") != 0) return KB_OK;
	return first_of(store, arena,
		"SELECT 'a row of ' || \"table\" || ' refers to one of ' || parent || ' that is not there'"
		" FROM pragma_foreign_key_check LIMIT 1",
		wrong, err);
}

kb_status kb_store_whole(kb_store *store, kb_arena *arena, kb_progress *progress, kb_log_head *head, kb_err *err)
{
	const char *wrong;
	kb_node *findings = kb_node_list(arena);
	kb_progress_tell(progress, "checking the file", 0, 0);
	KB_TRY(kb_store_integrity(store, arena, &wrong, err));
	if (wrong) return kb_fail(err, KB_CORRUPT, "store.corrupt", "the file is damaged: %.200s", wrong);
	kb_progress_tell(progress, "following the log", 0, 0);
	KB_TRY(kb_store_log_check(store, head, err));
	kb_progress_tell(progress, "comparing every row with the log", 0, 0);
	KB_TRY(kb_store_audit(store, arena, findings, err));
	KB_TRY(kb_arena_check(arena, err));
	if (findings->count == 0) return KB_OK;
	const kb_node *first = findings->items[0];
	return kb_fail(err, KB_CORRUPT, "audit.broken", "%s: %s", kb_node_get_text(first, "where", ""),
		kb_node_get_text(first, "message", ""));
}

static kb_status same_at(kb_store *one, kb_store *other, kb_arena *arena, int64_t sequence, bool *same, kb_err *err)
{
	kb_q_log_digest_row a = { 0 }, b = { 0 };
	bool in_one, in_other;
	KB_TRY(kb_q_log_digest(kb_store_sql(one), arena, sequence, &a, &in_one, err));
	KB_TRY(kb_q_log_digest(kb_store_sql(other), arena, sequence, &b, &in_other, err));
	*same = in_one && in_other && strcmp(a.digest, b.digest) == 0;
	return KB_OK;
}

/* Each digest covers all before it, so that the last common entry is found by halving. */
kb_status kb_store_common(kb_store *one, kb_store *other, kb_arena *arena, kb_log_common *common, kb_err *err)
{
	kb_q_log_head_row a = { 0 }, b = { 0 };
	bool found;
	KB_TRY(kb_q_log_head(kb_store_sql(one), arena, &a, &found, err));
	KB_TRY(kb_q_log_head(kb_store_sql(other), arena, &b, &found, err));
	*common = (kb_log_common) { 0, a.sequence, b.sequence };
	int64_t beyond = (a.sequence < b.sequence ? a.sequence : b.sequence) + 1;
	while (beyond - common->common > 1) {
		int64_t middle = common->common + (beyond - common->common) / 2;
		bool same;
		KB_TRY(same_at(one, other, arena, middle, &same, err));
		if (same) common->common = middle;
		else beyond = middle;
	}
	return KB_OK;
}

/* Leaving WAL needs the file for oneself; who opens it before it is locked brings it back to WAL. */
static kb_status try_hold(kb_store *store, kb_arena *arena, kb_err *err)
{
	const char *mode;
	KB_TRY(kb_sql_exec(kb_store_sql(store)->db, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE", err));
	KB_TRY(first_of(store, arena, "PRAGMA journal_mode", &mode, err));
	if (kb_str_equal(mode, "delete")) return KB_OK;
	kb_store_rollback(store);
	kb_fail(err, KB_BUSY, "store.busy", "somebody else is using the store");
	return kb_hint(err, "try again when nobody does; nothing was changed");
}

/* SQLite does not wait for a file that others have open. */
kb_status kb_store_hold(kb_store *store, kb_arena *arena, kb_err *err)
{
	enum { TRIES = 100 };
	const struct timespec pause = { .tv_nsec = 100000000 };
	kb_status status = try_hold(store, arena, err);
	for (int i = 1; i < TRIES && status == KB_BUSY; i++) {
		nanosleep(&pause, NULL);
		status = try_hold(store, arena, err);
	}
	return status;
}

static kb_status cannot(const char *path, kb_err *err)
{
	kb_fail(err, KB_IO, "file", "cannot put a store at %s: %s", path, strerror(errno));
	return kb_hint(err, "check that the folder can be written to, and that its file system knows hard links");
}

/* A journal that was left beside a damaged store would be played into the fresh one; a held store has none that tells
 * anything. */
static kb_status put_aside(const char *file, const char *kept, bool held, kb_err *err)
{
	static const char *const suffixes[] = { "-wal", "-journal", "-shm" };
	char from[KB_FILE_NAME], to[KB_FILE_NAME];
	for (size_t i = 0; i < KB_COUNT(suffixes); i++) {
		if (snprintf(from, sizeof from, "%s%s", file, suffixes[i]) >= KB_FILE_NAME ||
			snprintf(to, sizeof to, "%s%s", kept, suffixes[i]) >= KB_FILE_NAME)
			return kb_fail(err, KB_INVALID, "file.name", "the path is too long");
		if ((held ? unlink(from) : rename(from, to)) != 0 && errno != ENOENT) return cannot(from, err);
	}
	return KB_OK;
}

kb_status kb_store_replace(const char *fresh, const char *file, const char *kept, bool held, kb_err *err)
{
	if (link(file, kept) != 0) return cannot(kept, err);
	KB_TRY(put_aside(file, kept, held, err));
	if (rename(fresh, file) != 0) return cannot(file, err);
	return kb_file_sync_folder(file, err);
}
