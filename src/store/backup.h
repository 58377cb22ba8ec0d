/* Copies of a store: made while it is in use, checked whole, put in the place of another. */
#ifndef KB_STORE_BACKUP_H
#define KB_STORE_BACKUP_H

#include "base/progress.h"
#include "store/store.h"

/* Copies what the current reading transaction sees to a new file that only its owner can read, flushed to disk, while
 * others go on writing. A failure may leave a part of it, and SQLite's journal beside it. */
kb_status kb_store_copy(kb_store *store, const char *path, kb_progress *progress, kb_err *err) KB_MUST_USE;

/* What SQLite finds wrong with the file, in its words; NULL where it is sound. Reads all of it. */
kb_status kb_store_integrity(kb_store *store, kb_arena *arena, const char **wrong, kb_err *err) KB_MUST_USE;

/* Whether all of it holds: integrity, the log's chain, kb_store_audit(). KB_CORRUPT names the first that does not. */
kb_status kb_store_whole(
	kb_store *store, kb_arena *arena, kb_progress *progress, kb_log_head *head, kb_err *err) KB_MUST_USE;

/* How many entries the logs of two stores have in common from their start, and how many each has. */
typedef struct kb_log_common {
	int64_t common, one, other;
} kb_log_common;
kb_status kb_store_common(
	kb_store *one, kb_store *other, kb_arena *arena, kb_log_common *common, kb_err *err) KB_MUST_USE;

/* Keeps everybody else out until the store is closed, with all of it in the one file. KB_BUSY where somebody has had it
 * open for ten seconds. */
kb_status kb_store_hold(kb_store *store, kb_arena *arena, kb_err *err) KB_MUST_USE;

/* Gives the file `fresh`, a store that nobody has open, the name `file`, in one step, so that one of the two stores has
 * it at each moment. What had it stays as `kept`, which must be free: a store that is `held`, or a file so damaged that
 * nobody can open it, which keeps what lies beside it. */
kb_status kb_store_replace(const char *fresh, const char *file, const char *kept, bool held, kb_err *err) KB_MUST_USE;

#endif
