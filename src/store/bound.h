/*
 * What a log entry binds: the rows that its transaction added. All tables but meta (checked when a store is opened),
 * log (a chain of its own) and signed_head (signatures prove themselves), and all columns but candidate.reference,
 * which may be erased.
 */
#ifndef KB_STORE_BOUND_H
#define KB_STORE_BOUND_H

#include "base/str.h"
#include "store/store.h"

enum { KB_BOUND_TABLES = 28, KB_BOUND_DIGITS = 32 };

extern const char *const kb_bound_tables[KB_BOUND_TABLES];

/* The last row of each table, as of when they were last bound. */
typedef struct kb_bound {
	int64_t last[KB_BOUND_TABLES];
	sqlite3_stmt *ask; /* kept, since preparing it costs more than the rest of a small transaction */
} kb_bound;

/* Of a store's connection: where its writing transaction began. */
kb_bound *kb_store_bound(kb_store *store);

kb_status kb_bound_start(sqlite3 *db, kb_bound *bound, kb_err *err) KB_MUST_USE;
void kb_bound_closep(kb_bound *bound); /* for KB_CLEANUP too */

/* The rows behind `bound`, as the entry keeps them: a list of {table, first, digests}; then moves `bound` up to them.
 */
kb_status kb_bound_rows(sqlite3 *db, kb_arena *arena, kb_bound *bound, kb_node **rows, kb_err *err) KB_MUST_USE;

/* KB_BOUND_DIGITS digits for each of `count` rows from `first` on; a row that is missing gives none. */
kb_status kb_bound_digests(sqlite3 *db, kb_arena *arena, const char *table, int64_t first, int64_t count,
	kb_buf *digests, kb_err *err) KB_MUST_USE;

#endif
