#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

static const char *const change = "UPDATE bench_scratch SET n = n + 1;";

static void run_sql(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) bench_die("%s: %s", sql, message);
}

/* As src/store opens it. */
static sqlite3 *open_store(const char *store)
{
	sqlite3 *db = NULL;
	if (sqlite3_open_v2(store, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		bench_die("cannot open %s", store);
	sqlite3_busy_timeout(db, 1000);
	run_sql(db, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;");
	return db;
}

void bench_commit_prepare(const char *store)
{
	sqlite3 *db = open_store(store);
	run_sql(db, "CREATE TABLE bench_scratch (n INTEGER); INSERT INTO bench_scratch VALUES (0);");
	sqlite3_close(db);
}

int bench_commit(const char *path)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_err err;
	if (kb_store_open(path, 1000, &store, &err) != KB_OK || kb_store_begin(store, true, &err) != KB_OK)
		bench_die("%s", err.message);
	run_sql(kb_store_sql(store)->db, change);
	if (kb_store_commit(store, &err) != KB_OK) bench_die("%s", err.message);
	return 0;
}

int bench_commit_bare(const char *path)
{
	sqlite3 *db = open_store(path);
	run_sql(db, "BEGIN IMMEDIATE");
	run_sql(db, change);
	run_sql(db, "COMMIT");
	sqlite3_close(db);
	return 0;
}

bench_whole bench_paper_draw(const char *self, const char *ksbank, const char *store, const char *work, int count)
{
	char log[4096], copy[4096], reference[32];
	double *draws = calloc((size_t)count * 4, sizeof *draws), *commits = draws + count, *bare = commits + count,
	       *processor = bare + count;
	if (!draws) bench_die("no memory");
	snprintf(log, sizeof log, "%s/draw.log", work);
	snprintf(copy, sizeof copy, "%s/copy.db", work);
	const char *const draw[] = { ksbank, "paper", "draw", "ST0648/1.0", "professional-discussion", "--candidate",
		reference, "--sitting", "first", "--as", "bench", "--store", store, NULL };
	const char *const commit[] = { self, "commit", copy, NULL }, *const commit_bare[] = { self, "commit-bare", copy,
		NULL };
	/* In turn, so that a slow moment of the disk meets all; the first of each is not counted. */
	for (int i = -1; i < count; i++) {
		snprintf(reference, sizeof reference, "B-%d", i + 2);
		double computed, drawn = bench_run(draw, log, &computed);
		double committed = bench_run(commit, log, NULL), least = bench_run(commit_bare, log, NULL);
		if (i < 0) continue;
		draws[i] = drawn;
		commits[i] = committed;
		bare[i] = least;
		processor[i] = computed;
	}
	bench_whole whole = { .count = count };
	whole.draw = bench_median(draws, count);
	whole.commit = bench_median(commits, count);
	whole.bare = bench_median(bare, count);
	whole.processor = bench_median(processor, count);
	free(draws);
	return whole;
}
