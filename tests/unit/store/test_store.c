/* What the store promises, held against raw SQL behind the program's back, foreign files, and disks that fail. */
#include <criterion/criterion.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/workflow.h"
#include "store/backup.h"
#include "store/keys.h"
#include "store_disk.h"

static kb_err err;
static kb_arena *arena;
static char folder[4096];
static sqlite3 *raw; /* a connection of our own, with none of the program's settings but foreign keys */

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info, (void)type, (void)walk;
	return remove(path);
}

static void set_up(void)
{
	const char *top = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/ksbank-store.XXXXXX", top && *top ? top : "/tmp");
	arena = kb_arena_new(64 << 20);
	if (!arena || !mkdtemp(folder) || chdir(folder) != 0) abort();
}

static void tear_down(void)
{
	sqlite3_close(raw);
	if (chdir("/") == 0) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	kb_arena_free(arena);
}

TestSuite(store, .init = set_up, .fini = tear_down);

static void sql(const char *text)
{
	char *message = NULL;
	int rc = sqlite3_exec(raw, text, NULL, NULL, &message);
	cr_assert_eq(rc, SQLITE_OK, "%s: %s", text, message);
	sqlite3_free(message);
}

/* Must fail, by the rule that the message begins with; a failed statement leaves nothing. */
static void refused(const char *rule, const char *text)
{
	char *message = NULL;
	int before = sqlite3_total_changes(raw);
	int rc = sqlite3_exec(raw, text, NULL, NULL, &message);
	cr_assert_eq(rc, SQLITE_CONSTRAINT, "%s went through: %s", text, message ? message : "no error");
	cr_assert_eq(strncmp(message, rule, strlen(rule)), 0, "%s: %s instead of %s", text, message, rule);
	cr_assert_eq(sqlite3_total_changes(raw), before, "%s", text);
	sqlite3_free(message);
}

static int64_t number(const char *text)
{
	sqlite3_stmt *stmt = NULL;
	cr_assert_eq(sqlite3_prepare_v2(raw, text, -1, &stmt, NULL), SQLITE_OK, "%s", sqlite3_errmsg(raw));
	cr_assert_eq(sqlite3_step(stmt), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void open_raw(void)
{
	cr_assert_eq(sqlite3_open_v2("store", &raw, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sql("PRAGMA foreign_keys = ON");
}

#define DIGEST(n) "printf('%064d', " #n ")"
#define BODY(author, more) "'{\"author\":\"" author "\",\"ksbs\":[\"K1\"],\"kind\":\"scenario\",\"minutes\":5" more ",\"theme\":\"T-1\"}'"
#define VERSION(id, item, author, rivals, more)                                                                                   \
	"INSERT INTO item_version (id, item_id, number, body, digest, author, theme, kind, minutes, ksbs, rivals) VALUES (" #id      \
	", " #item ", (SELECT count(*) + 1 FROM item_version WHERE item_id = " #item "), " BODY(author, more) ", " DIGEST(id)        \
	", '" author "', 'T-1', 'scenario', 5, '[\"K1\"]', " rivals ");"
#define PAPER(id, candidate, sitting, day)                                                                                       \
	"INSERT INTO paper (id, candidate_id, standard, method, sitting, sat_on, snapshot, digest, record, record_digest, logged_as) VALUES (" \
	#id ", " #candidate ", 'ST', 'talk', '" sitting "', '" day "', '{}', " DIGEST(id) ", '{}', " DIGEST(id) ", 1);"
#define ISSUE(paper, position, candidate, item, version)                                                                        \
	"INSERT INTO paper_item (paper_id, position, candidate_id, item_id, version_id) VALUES (" #paper ", " #position ", "         \
	#candidate ", " #item ", " #version ");"
#define APPROVE(version, by, on, until)                                                                                          \
	"INSERT INTO move (version_id, state, made_by, made_on, lapses_on) VALUES (" #version ", 'approved', '" by "', '" on "', '" until "');"

/* Two candidates; items 1 to 5 with versions 11 to 15: 12 names item 1's key as a rival, 14 has lapsed, 15 is a draft.
 * Item 6 belongs to another method. Candidate 1 has paper 1 with item 1. */
static void fill(void)
{
	cr_assert_eq(kb_store_create("store", NULL, &err), KB_OK, "%s", err.message);
	open_raw();
	sql("INSERT INTO standard_version (standard, number, body, digest) VALUES ('ST', 1, '{}', " DIGEST(1) ")");
	sql("INSERT INTO specification_version (standard, method, number, body, digest) VALUES ('ST', 'talk', 1, '{}', " DIGEST(1) ")");
	sql("INSERT INTO weighing (specification_id, pool, found_on, weights) VALUES (1, " DIGEST(1) ", '2026-11-22', '[1]')");
	sql("INSERT INTO item (id, key, standard, method, kind) VALUES (1, 'I1', 'ST', 'talk', 'question'), (2, 'I2', 'ST', 'talk', 'question'),"
		"(3, 'I3', 'ST', 'talk', 'question'), (4, 'I4', 'ST', 'talk', 'question'), (5, 'I5', 'ST', 'talk', 'question'),"
		"(6, 'I6', 'ST', 'demo', 'question')");
	sql(VERSION(11, 1, "ann", "NULL", ""));
	sql(VERSION(12, 2, "ann", "'[\"I1\"]'", ",\"rivals\":[\"I1\"]"));
	sql(VERSION(13, 3, "ann", "NULL", "") VERSION(14, 4, "ann", "NULL", "") VERSION(15, 5, "ann", "NULL", "") VERSION(16, 6, "ann", "NULL", ""));
	sql(APPROVE(11, "bob", "2026-11-01", "2027-11-01") APPROVE(12, "bob", "2026-11-01", "2027-11-01"));
	sql(APPROVE(13, "bob", "2026-11-01", "2027-11-01") APPROVE(14, "bob", "2025-11-01", "2026-11-01") APPROVE(16, "bob", "2026-11-01", "2027-11-01"));
	sql("INSERT INTO decision (standard, subject, choice, made_by, made_on, reason) VALUES ('ST', 's', '\"x\"', 'cat', '2026-11-01', 'r')");
	sql("INSERT INTO candidate (id, token, reference) VALUES (1, " DIGEST(1) ", 'AP-1'), (2, " DIGEST(2) ", 'AP-2')");
	sql("INSERT INTO template (digest, name, text) VALUES (" DIGEST(1) ", 'pack', 't')");
	sql(PAPER(1, 1, "first", "2026-11-22") ISSUE(1, 1, 1, 1, 11));
	sql(PAPER(9, 2, "first", "2026-11-21") "INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (9, 'o', '2026-11-21', 'r')");
	sql("INSERT INTO log (sequence, operation, actor, day, detail, previous, digest) VALUES (1, 'op', 'a', '2026-11-22', '{}', " DIGEST(0) ", " DIGEST(1) ")");
}

Test(store, what_was_written_stays)
{
	static const struct {
		const char *table, *column;
	} kept[] = { { "standard_version", "body" }, { "specification_version", "body" }, { "weighing", "weights" }, { "item", "key" }, { "item_version", "body" },
		{ "move", "made_by" }, { "decision", "choice" }, { "candidate", "token" }, { "paper", "snapshot" }, { "paper_item", "position" },
		{ "withdrawal", "reason" }, { "log", "detail" }, { "template", "text" } };
	fill();
	for (size_t i = 0; i < KB_COUNT(kept); i++) {
		refused("store.kept", kb_arena_printf(arena, "UPDATE %s SET %s = %s", kept[i].table, kept[i].column, kept[i].column));
		refused("store.kept", kb_arena_printf(arena, "DELETE FROM %s", kept[i].table));
	}
}

/* REPLACE deletes without asking the triggers that keep rows, unless they recurse. */
Test(store, nothing_is_replaced)
{
	static const char *const replaced[] = {
		"standard_version SELECT id, standard, number, '{1}', digest FROM standard_version",
		"standard_version SELECT NULL, standard, number, '{1}', digest FROM standard_version",
		"specification_version SELECT id, standard, method, number, '{1}', digest FROM specification_version",
		"specification_version SELECT NULL, standard, method, number, '{1}', digest FROM specification_version",
		"weighing SELECT id, specification_id, " DIGEST(2) ", found_on, '[2]' FROM weighing",
		"weighing SELECT NULL, specification_id, pool, found_on, '[2]' FROM weighing",
		"item SELECT id, 'other', standard, method, kind FROM item", "item SELECT NULL, key, standard, 'demo', kind FROM item",
		"item_version SELECT id, item_id, 2, body, digest, author, theme, kind, minutes, ksbs, rivals, follows FROM item_version WHERE id = 13",
		"item_version SELECT NULL, item_id, number, body, digest, author, theme, kind, minutes, ksbs, rivals, follows FROM item_version WHERE id = 13",
		"move SELECT id, version_id, state, 'cat', '2026-12-01', lapses_on, reason, detail FROM move WHERE version_id = 13",
		"decision SELECT id, standard, subject, '\"y\"', made_by, made_on, reason, source FROM decision",
		"candidate SELECT id, " DIGEST(8) ", reference FROM candidate WHERE id = 1", "candidate SELECT NULL, token, NULL FROM candidate WHERE id = 1",
		"candidate SELECT NULL, " DIGEST(8) ", reference FROM candidate WHERE id = 1",
		"paper (id, candidate_id, standard, method, sitting, sat_on, snapshot, digest, record, record_digest, logged_as) SELECT id, candidate_id, standard, method, 'resit',"
		" '2026-12-01', snapshot, digest, record, record_digest, logged_as FROM paper WHERE id = 1",
		"paper (candidate_id, standard, method, sitting, sat_on, snapshot, digest, record, record_digest, logged_as) SELECT candidate_id, standard, method, 'resit',"
		" '2026-12-01', snapshot, digest, record, record_digest, logged_as FROM paper WHERE id = 1",
		"paper_item SELECT id, 1, 7, 1, 3, 13 FROM paper_item", "paper_item SELECT NULL, 1, 1, 1, 3, 13 FROM paper_item",
		"paper_item SELECT NULL, 1, 7, 1, 1, 11 FROM paper_item", "withdrawal SELECT id, 1, 'x', withdrawn_on, reason FROM withdrawal",
		"withdrawal SELECT NULL, paper_id, 'x', withdrawn_on, reason FROM withdrawal",
		"log SELECT sequence, 'x', actor, day, detail, previous, digest FROM log", "log SELECT 2, 'x', actor, day, detail, digest, digest FROM log",
	};
	fill();
	for (size_t i = 0; i < KB_COUNT(replaced); i++) {
		char *message = NULL;
		const char *text = kb_arena_printf(arena, "INSERT OR REPLACE INTO %s LIMIT 1", replaced[i]);
		int rc = sqlite3_exec(raw, text, NULL, NULL, &message);
		cr_assert_eq(rc, SQLITE_CONSTRAINT, "%s: %s", text, message ? message : "went through");
		sqlite3_free(message);
	}
	sql("INSERT OR REPLACE INTO template SELECT NULL, digest, name, 'changed' FROM template");
	cr_assert_eq(number("SELECT count(*) FROM template WHERE text = 'changed'"), 0);
}

Test(store, each_table_is_kept_or_named_here)
{
	fill();
	sqlite3_stmt *stmt = NULL;
	cr_assert_eq(sqlite3_prepare_v2(raw,
		"SELECT name FROM sqlite_schema t WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'meta'"
		" AND (SELECT count(*) FROM sqlite_schema r WHERE r.type = 'trigger' AND r.tbl_name = t.name AND r.sql LIKE '%store.kept%') < 2", -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW) cr_assert_fail("nothing keeps the rows of %s", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

Test(store, a_version_says_what_its_body_says)
{
	fill();
	static const char *const wrong[] = { "author = 'eve'", "theme = 'T-2'", "kind = 'x'", "minutes = 6", "ksbs = '[\"K2\"]'", "rivals = '[]'", "follows = '{}'" };
	for (size_t i = 0; i < KB_COUNT(wrong); i++) {
		const char *equals = strchr(wrong[i], '=');
		const char *column = kb_arena_copy(arena, wrong[i], (size_t)(equals - wrong[i] - 1));
		kb_buf text = { .arena = arena };
		static const char *const columns[] = { "author", "theme", "kind", "minutes", "ksbs", "rivals", "follows" };
		static const char *const values[] = { "'ann'", "'T-1'", "'scenario'", "5", "'[\"K1\"]'", "NULL", "NULL" };
		kb_buf_text(&text, "INSERT INTO item_version (item_id, number, body, digest, author, theme, kind, minutes, ksbs, rivals, follows) VALUES (3, 2, " BODY("ann", "") ", " DIGEST(3));
		for (size_t c = 0; c < KB_COUNT(columns); c++) kb_buf_printf(&text, ", %s", strcmp(columns[c], column) == 0 ? equals + 2 : values[c]);
		kb_buf_text(&text, ")");
		refused("version.columns", kb_buf_string(&text));
	}
	refused("store.there", "INSERT INTO item_version (item_id, number, body, digest, author, theme, kind, minutes, ksbs) VALUES (3, 1, " BODY("ann", "") ", " DIGEST(3) ", 'ann', 'T-1', 'scenario', 5, '[\"K1\"]')");
	refused("CHECK", "INSERT INTO item_version (item_id, number, body, digest, author, theme, kind, minutes, ksbs) VALUES (3, 0, " BODY("ann", "") ", " DIGEST(3) ", 'ann', 'T-1', 'scenario', 5, '[\"K1\"]')");
}

Test(store, approval_needs_a_second_person_and_lapses)
{
	fill();
	refused("approval.own", APPROVE(15, "ann", "2026-11-02", "2027-11-02"));
	refused("approval.own", APPROVE(15, " ANN ", "2026-11-02", "2027-11-02"));
	refused("CHECK", APPROVE(15, " ", "2026-11-02", "2027-11-02"));
	refused("CHECK", APPROVE(15, "bob", "2026-11-02", "2027-11-03"));
	refused("CHECK", APPROVE(15, "bob", "2026-11-02", "2026-11-02"));
	refused("CHECK", APPROVE(15, "bob", "2026-02-30", "2026-03-30"));
	refused("CHECK", APPROVE(15, "bob", "yesterday", "2026-03-30"));
	refused("CHECK", APPROVE(15, "bob", "2026-11-02", "2027-1-02"));
	refused("move.time", APPROVE(11, "cat", "2026-11-01", "2027-11-01"));
	refused("FOREIGN", APPROVE(99, "cat", "2026-11-01", "2027-11-01"));
	sql(APPROVE(15, "bob", "2026-11-02", "2027-11-02"));
}

static const char *move_to(int version, const char *state, int day)
{
	bool approved = strcmp(state, "approved") == 0;
	return kb_arena_printf(arena, "INSERT INTO move (version_id, state, made_by, made_on, lapses_on, reason) VALUES (%d, '%s', 'bob', '2026-11-%02d', %s, 'r')",
		version, state, day, approved ? "'2027-06-01'" : "NULL");
}

/* The schema says the same as the program's table: every pair of states is tried, from a version brought there. */
Test(store, a_version_moves_only_as_the_table_says)
{
	static const char *const ways[][4] = { { 0 }, { "submitted" }, { "submitted", "returned" }, { "approved" },
		{ "approved", "suspended" }, { "retired" } };
	fill();
	int version = 100;
	for (unsigned from = 0; from < KB_STATE_COUNT; from++)
		for (unsigned to = 1; to < KB_STATE_COUNT; to++, version++) {
			int day = 2;
			sql(kb_arena_printf(arena, "INSERT INTO item_version (id, item_id, number, body, digest, author, theme, kind, minutes, ksbs) VALUES (%d, 5, %d, "
				BODY("ann", "") ", printf('%%064d', 5), 'ann', 'T-1', 'scenario', 5, '[\"K1\"]')", version, version));
			for (size_t i = 0; ways[from][i]; i++) sql(move_to(version, ways[from][i], day++));
			const char *move = move_to(version, kb_states[to], day);
			if (kb_move_find((kb_state)from, (kb_state)to)) sql(move);
			else refused("move.state", move);
		}
	refused("CHECK", "INSERT INTO move (version_id, state, made_by, made_on) VALUES (11, 'suspended', 'bob', '2026-12-01')");
	refused("CHECK", "INSERT INTO move (version_id, state, made_by, made_on, reason) VALUES (11, 'approved', 'bob', '2026-12-01', 'r')");
	sql(move_to(12, "suspended", 9));
	refused("move.time", move_to(12, "approved", 8));
}

Test(store, what_is_suspended_is_not_issued)
{
	fill();
	sql(PAPER(2, 2, "first", "2026-11-22"));
	sql(move_to(13, "suspended", 20));
	refused("paper.unapproved", ISSUE(2, 1, 2, 3, 13));
	sql(move_to(13, "approved", 21));
	sql(ISSUE(2, 1, 2, 3, 13));
}

Test(store, the_same_lineage_never_twice)
{
	fill();
	sql(VERSION(17, 1, "ann", "NULL", "") APPROVE(17, "bob", "2026-11-01", "2027-11-01"));
	sql(PAPER(2, 1, "resit", "2026-12-22"));
	refused("paper.twice", ISSUE(2, 1, 1, 1, 11));
	refused("paper.twice", ISSUE(2, 1, 1, 1, 17));
	sql("INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (1, 'o', '2026-11-23', 'r')");
	refused("paper.twice", ISSUE(2, 1, 1, 1, 17));
	sql(PAPER(3, 2, "first", "2026-11-22") ISSUE(3, 1, 2, 1, 17));
}

Test(store, no_rival_of_what_was_issued)
{
	fill();
	sql(PAPER(2, 1, "resit", "2026-12-22"));
	refused("paper.rival", ISSUE(2, 1, 1, 2, 12));
	/* And the other way: what was issued names the new one. */
	sql(PAPER(3, 2, "first", "2026-11-22") ISSUE(3, 1, 2, 2, 12));
	refused("paper.rival", ISSUE(3, 2, 2, 1, 11));
	sql(ISSUE(2, 1, 1, 3, 13));
}

Test(store, only_what_is_in_force_is_issued)
{
	fill();
	sql(PAPER(2, 2, "first", "2026-11-22"));
	refused("paper.unapproved", ISSUE(2, 1, 2, 4, 14));
	refused("paper.unapproved", ISSUE(2, 1, 2, 5, 15));
	sql(ISSUE(2, 1, 2, 3, 13));
	/* On the day of the sitting: from the day of the approval until the day before it lapses. */
	sql("INSERT INTO candidate (id, token) VALUES (3, " DIGEST(3) "), (4, " DIGEST(4) "), (5, " DIGEST(5) "), (6, " DIGEST(6) ")");
	sql(PAPER(3, 3, "first", "2027-10-31") ISSUE(3, 1, 3, 3, 13));
	sql(PAPER(4, 4, "first", "2027-11-01"));
	refused("paper.unapproved", ISSUE(4, 1, 4, 3, 13));
	sql(PAPER(5, 5, "first", "2026-11-01") ISSUE(5, 1, 5, 3, 13));
	sql(PAPER(6, 6, "first", "2026-10-31"));
	refused("paper.unapproved", ISSUE(6, 1, 6, 3, 13));
}

Test(store, a_paper_holds_its_own_methods_versions)
{
	fill();
	sql(PAPER(2, 2, "first", "2026-11-22"));
	refused("paper.item", ISSUE(2, 1, 2, 6, 16));
	refused("paper.item", ISSUE(2, 1, 2, 3, 11));
	refused("paper.item", ISSUE(2, 1, 1, 3, 13));
	refused("paper.", ISSUE(8, 1, 2, 3, 13));
	sql(ISSUE(2, 1, 2, 3, 13));
	refused("store.there", ISSUE(2, 1, 2, 1, 11));
	refused("CHECK", ISSUE(2, 0, 2, 1, 11));
}

Test(store, sittings_follow_each_other)
{
	fill();
	refused("paper.drawn", PAPER(2, 1, "first", "2026-12-22"));
	refused("paper.drawn", PAPER(2, 1, "resit", "2026-11-22"));
	refused("paper.drawn", PAPER(2, 1, "resit", "2026-11-21"));
	refused("CHECK", PAPER(2, 1, "other", "2026-12-22"));
	refused("CHECK", PAPER(2, 1, "resit", "2026-12-32"));
	sql(PAPER(2, 1, "resit", "2026-11-23"));
	sql("INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (1, 'o', '2026-11-23', 'r'), (2, 'o', '2026-11-23', 'r')");
	refused("store.there", "INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (1, 'o', '2026-11-24', 'r')");
	sql(PAPER(4, 2, "first", "2026-11-24"));
	refused("CHECK", "INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (4, '', '2026-11-24', 'r')");
	sql(PAPER(3, 1, "first", "2026-11-22"));
}

#define RECORD(paper, number, day) \
	"INSERT INTO sitting_record (paper_id, number, body, digest, recorded_by, recorded_on) VALUES (" #paper ", " #number ", '{}', " DIGEST(1) ", 'a', '" day "');"
#define HEARD(record, candidate) \
	"INSERT INTO asked_text (record_id, candidate_id, kind, text, ksbs) VALUES (" #record ", " #candidate ", 'own', 't', '[]');"

Test(store, a_sitting_is_recorded_in_order)
{
	fill();
	refused("sitting.order", RECORD(1, 2, "2026-11-22"));
	refused("sitting.order", RECORD(1, 1, "2026-11-21"));
	refused("sitting.order", RECORD(9, 1, "2026-11-22"));
	sql(RECORD(1, 1, "2026-11-24"));
	refused("sitting.order", RECORD(1, 2, "2026-11-23"));
	sql(RECORD(1, 2, "2026-11-24"));
	refused("sitting.candidate", HEARD(1, 2));
	refused("CHECK", "INSERT INTO asked_text (record_id, candidate_id, kind, text, ksbs) VALUES (1, 1, 'own', ' ', '[]')");
	sql(HEARD(1, 1));
	refused("paper.recorded", "INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (1, 'o', '2026-11-24', 'r')");
}

Test(store, a_reference_can_only_be_erased)
{
	fill();
	refused("store.kept", "UPDATE candidate SET reference = 'AP-3' WHERE id = 1");
	refused("store.kept", "UPDATE candidate SET reference = NULL, token = " DIGEST(7) " WHERE id = 1");
	refused("store.kept", "UPDATE candidate SET reference = NULL, id = 7 WHERE id = 1");
	sql("UPDATE candidate SET reference = NULL WHERE id = 1");
	refused("store.kept", "UPDATE candidate SET reference = 'AP-1' WHERE id = 1");
	refused("store.there", "INSERT INTO candidate (token, reference) VALUES (" DIGEST(1) ", 'AP-9')");
	refused("store.there", "INSERT INTO candidate (token, reference) VALUES (" DIGEST(9) ", 'AP-2')");
}

#define LOG(sequence, previous, digest) \
	"INSERT INTO log (sequence, operation, actor, day, detail, previous, digest) VALUES (" #sequence ", 'op', 'a', '2026-11-22', '{}', " DIGEST(previous) ", " DIGEST(digest) ")"

Test(store, the_log_is_a_chain)
{
	fill();
	refused("log.chain", LOG(2, 0, 2));
	refused("log.chain", LOG(3, 1, 2));
	refused("store.there", LOG(1, 0, 2));
	sql(LOG(2, 1, 2));
	refused("store.there", LOG(3, 2, 2));
}

Test(store, decisions_are_signed_and_dated)
{
	fill();
	refused("CHECK", "INSERT INTO decision (standard, subject, choice, made_by, made_on, reason) VALUES ('ST', 's', '\"x\"', ' ', '2026-11-01', 'r')");
	refused("CHECK", "INSERT INTO decision (standard, subject, choice, made_by, made_on, reason) VALUES ('ST', 's', '\"x\"', 'a', '2026-11-31', 'r')");
	refused("CHECK", "INSERT INTO decision (standard, subject, choice, made_by, made_on, reason) VALUES ('ST', 's', '\"x\"', 'a', '2026-11-01', ' ')");
}

/* The file. */

static kb_status open_store(void)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	return kb_store_open("store", 100, &store, &err);
}

static void create(void)
{
	cr_assert_eq(kb_store_create("store", NULL, &err), KB_OK, "%s", err.message);
}

Test(store, is_its_owners_alone)
{
	umask(0);
	create();
	struct stat info;
	cr_assert_eq(stat("store", &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0600);
	cr_assert_eq(stat("store.keys", &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0600);
	cr_assert_eq(umask(0), 0, "the process's own mask is put back");
}

Test(store, is_never_overwritten)
{
	create();
	cr_assert_eq(kb_store_create("store", NULL, &err), KB_EXISTS);
	cr_assert_eq(unlink("store"), 0);
	cr_assert_eq(kb_store_create("store", NULL, &err), KB_EXISTS, "its keys alone keep the place");
	cr_assert_eq(unlink("store.keys"), 0);
	create();
}

Test(store, a_failed_creation_leaves_nothing)
{
	cr_assert_eq(kb_store_create("no/folder/store", NULL, &err), KB_NOT_FOUND, "%s", err.message);
	cr_assert_eq(rmdir(folder), 0, "something was left");
	cr_assert_eq(mkdir(folder, 0700), 0);
}

Test(store, what_is_none_is_said)
{
	cr_assert_eq(open_store(), KB_NOT_FOUND);
	cr_assert_str_eq(err.id, "store.none");
	cr_assert(strstr(err.hint, "ksbank store init"));
	cr_assert_eq(kb_file_create("store", "just text", 9, 0600, &err), KB_OK);
	cr_assert_eq(open_store(), KB_INVALID);
	cr_assert_str_eq(err.id, "store.foreign");
}

Test(store, an_empty_or_foreign_database_is_refused_and_left_alone)
{
	cr_assert_eq(kb_file_create("store", "", 0, 0600, &err), KB_OK);
	cr_assert_eq(open_store(), KB_INVALID, "%s", err.message);
	cr_assert_str_eq(err.id, "store.foreign");
	cr_assert_eq(sqlite3_open("store", &raw), SQLITE_OK);
	sql("CREATE TABLE t (a)");
	cr_assert_eq(open_store(), KB_INVALID);
	cr_assert_str_eq(err.id, "store.foreign");
	sql("INSERT INTO t VALUES (1)");
}

Test(store, a_newer_one_is_refused)
{
	create();
	open_raw();
	sql("PRAGMA user_version = 999");
	cr_assert_eq(open_store(), KB_REFUSED);
	cr_assert_str_eq(err.id, "store.newer");
	cr_assert(err.hint[0]);
}

Test(store, another_programs_schema_is_refused)
{
	create();
	open_raw();
	sql("UPDATE meta SET value = replace(value, substr(value, 1, 1), 'g') WHERE name = 'migration 0001'");
	cr_assert_eq(open_store(), KB_CORRUPT);
	cr_assert_str_eq(err.id, "store.migration");
	sql("DELETE FROM meta");
	cr_assert_eq(open_store(), KB_CORRUPT);
	cr_assert_str_eq(err.id, "store.migration");
}

Test(store, a_cut_file_is_an_error)
{
	fill();
	sqlite3_close(raw);
	raw = NULL;
	struct stat info;
	cr_assert_eq(stat("store", &info), 0);
	static const int parts[] = { 1, 50, 90, 99 }; /* percent that is left, from the largest down */
	for (size_t i = KB_COUNT(parts); i-- > 0;) {
		cr_assert_eq(truncate("store", info.st_size * parts[i] / 100), 0);
		KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
		kb_log_head head;
		kb_status status = kb_store_open("store", 100, &store, &err);
		if (status == KB_OK) status = kb_store_log_check(store, &head, &err);
		if (parts[i] < 90) cr_assert_neq(status, KB_OK, "%d%%", parts[i]);
		if (status != KB_OK) cr_assert(status == KB_CORRUPT || status == KB_INVALID, "%d%%: %s", parts[i], err.message);
	}
}

Test(store, keys_that_are_gone_or_wrong_are_said)
{
	create();
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_digest key, again;
	cr_assert_eq(kb_store_open("store", 100, &store, &err), KB_OK);
	cr_assert_eq(rename("store.keys", "away"), 0);
	cr_assert_eq(kb_store_draw_key(store, &key, &err), KB_NOT_FOUND, "%s", err.message);
	cr_assert(strstr(err.hint, "store.keys"));
	static const char *const wrong[] = { "", "{", "{}", "{\"format\":\"ksbank-keys/1\",\"draw\":\"12\"}", "{\"format\":\"ksbank-keys/2\",\"draw\":\"0000000000000000000000000000000000000000000000000000000000000000\"}" };
	for (size_t i = 0; i < KB_COUNT(wrong); i++) {
		cr_assert_eq(kb_file_write("store.keys", wrong[i], strlen(wrong[i]), 0600, &err), KB_OK);
		cr_assert_neq(kb_store_draw_key(store, &key, &err), KB_OK, "%s", wrong[i]);
	}
	cr_assert_eq(rename("away", "store.keys"), 0);
	cr_assert_eq(kb_store_draw_key(store, &key, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_store_draw_key(store, &again, &err), KB_OK);
	cr_assert_arr_eq(&key, &again, sizeof key);
}

Test(store, keys_of_another_store_are_refused)
{
	create();
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_digest key;
	kb_keys other;
	char token[KB_DIGEST_TEXT];
	int64_t id;
	cr_assert_eq(kb_store_open("store", 100, &store, &err), KB_OK);
	cr_assert_eq(kb_store_token(store, "AP-1", token, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_q_candidate_add(kb_store_sql(store), token, "AP-1", NULL, &err), KB_OK);
	kb_store_closep(&store);
	cr_assert_eq(kb_file_copy("store.keys", "away", 0600, &err), KB_OK);
	cr_assert_eq(kb_keys_new(&other, &err), KB_OK);
	cr_assert_eq(kb_keys_write("store.keys", &other, NULL, true, &err), KB_OK);
	cr_assert_eq(kb_store_open("store", 100, &store, &err), KB_OK);
	for (int again = 0; again < 2; again++) {
		cr_assert_eq(kb_store_draw_key(store, &key, &err), KB_REFUSED, "%s", err.message);
		cr_assert_str_eq(err.id, "store.keys-foreign");
		cr_assert(err.hint[0]);
		cr_assert_eq(kb_store_sign_key(store, &key, &err), KB_REFUSED);
		cr_assert_eq(kb_store_public_key(store, arena, "2026-11-22", &id, &err), KB_REFUSED);
		cr_assert_eq(kb_store_sign_key_new(store, NULL, &err), KB_REFUSED);
	}
	cr_assert_eq(rename("away", "store.keys"), 0);
	cr_assert_eq(kb_store_draw_key(store, &key, &err), KB_OK, "%s", err.message);
}

/* The log as the program writes it. */

static kb_status add_entry(kb_store *store, const char *operation)
{
	kb_node *detail = kb_node_map(arena);
	kb_node_set_text(arena, detail, "what", operation);
	KB_TRY(kb_store_begin(store, true, &err));
	KB_TRY(kb_store_log(store, arena, operation, "ann", "2026-11-22", detail, &err));
	return kb_store_commit(store, &err);
}

static void open_logged(kb_store **store, int entries)
{
	create();
	cr_assert_eq(kb_store_open("store", 100, store, &err), KB_OK);
	for (int i = 0; i < entries; i++) cr_assert_eq(add_entry(*store, kb_arena_printf(arena, "op %d", i)), KB_OK, "%s", err.message);
}

Test(store, a_changed_entry_is_found)
{
	static const char *const changes[] = { "detail = '{\"what\":\"no\"}'", "actor = 'eve'", "day = '2026-11-23'", "operation = 'x'" };
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head;
	open_logged(&store, 3);
	cr_assert_eq(kb_store_log_check(store, &head, &err), KB_OK, "%s", err.message);
	cr_assert_eq(head.length, 3);
	open_raw();
	for (size_t i = 0; i < KB_COUNT(changes); i++) {
		sql("BEGIN; DROP TRIGGER log_kept");
		sql(kb_arena_printf(arena, "UPDATE log SET %s WHERE sequence = 2", changes[i]));
		sql("CREATE TABLE kept AS SELECT * FROM log; COMMIT");
		cr_assert_eq(kb_store_log_check(store, &head, &err), KB_CORRUPT, "%s", changes[i]);
		cr_assert_str_eq(err.id, "log.broken");
		cr_assert(strstr(err.message, "entry 2"), "%s", err.message);
		sql("UPDATE log SET detail = '{\"rows\":[],\"what\":\"op 1\"}', actor = 'ann', day = '2026-11-22', operation = 'op 1' WHERE sequence = 2");
		sql("DROP TABLE kept; CREATE TRIGGER log_kept BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'store.kept: '); END");
		cr_assert_eq(kb_store_log_check(store, &head, &err), KB_OK, "%s", err.message);
	}
}

Test(store, a_removed_entry_is_found)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head;
	open_logged(&store, 3);
	open_raw();
	sql("DROP TRIGGER log_stays; DELETE FROM log WHERE sequence = 2");
	cr_assert_eq(kb_store_log_check(store, &head, &err), KB_CORRUPT);
	cr_assert(strstr(err.message, "entry 2"), "%s", err.message);
}

Test(store, a_long_log_is_followed_to_its_end)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head;
	open_logged(&store, 0);
	cr_assert_eq(kb_store_log_check(store, &head, &err), KB_OK);
	cr_assert_eq(head.length, 0);
	cr_assert_eq(kb_store_begin(store, true, &err), KB_OK);
	for (int i = 0; i < 1001; i++) cr_assert_eq(kb_store_log(store, arena, "op", "ann", "2026-11-22", kb_node_map(arena), &err), KB_OK);
	cr_assert_eq(kb_store_commit(store, &err), KB_OK);
	cr_assert_eq(kb_store_log_check(store, &head, &err), KB_OK, "%s", err.message);
	cr_assert_eq(head.length, 1001);
}

Test(store, one_writer_at_a_time)
{
	KB_CLEANUP(kb_store_closep) kb_store *one = NULL;
	KB_CLEANUP(kb_store_closep) kb_store *two = NULL;
	open_logged(&one, 1);
	cr_assert_eq(kb_store_open("store", 50, &two, &err), KB_OK);
	cr_assert_eq(kb_store_begin(one, true, &err), KB_OK);
	cr_assert_eq(kb_store_begin(two, true, &err), KB_BUSY);
	cr_assert(err.hint[0]);
	cr_assert_eq(kb_store_begin(two, false, &err), KB_OK, "who only reads does not wait");
	kb_store_rollback(two);
	kb_store_rollback(one);
	kb_store_rollback(one);
	cr_assert_eq(add_entry(two, "after"), KB_OK, "%s", err.message);
}

Test(store, who_waited_does_not_write_into_a_replaced_one)
{
	KB_CLEANUP(kb_store_closep) kb_store *waiting = NULL;
	KB_CLEANUP(kb_store_closep) kb_store *held = NULL;
	create();
	cr_assert_eq(kb_file_copy("store", "fresh", 0600, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_store_open("store", 50, &waiting, &err), KB_OK);
	cr_assert_eq(kb_store_open("store", 50, &held, &err), KB_OK);
	cr_assert_eq(kb_store_begin(waiting, false, &err), KB_OK);
	cr_assert_eq(kb_store_begin(held, true, &err), KB_OK);
	kb_store_rollback(held);
	kb_store_rollback(waiting);
	cr_assert_eq(kb_store_replace("fresh", "store", "kept", true, &err), KB_OK, "%s", err.message);
	cr_assert_eq(add_entry(waiting, "late"), KB_BUSY);
	cr_assert_str_eq(err.id, "store.replaced");
	cr_assert_eq(kb_store_replace("none", "store", "kept", true, &err), KB_IO, "a kept store is not overwritten");
}

Test(store, a_held_one_is_nobody_elses)
{
	KB_CLEANUP(kb_store_closep) kb_store *held = NULL;
	KB_CLEANUP(kb_store_closep) kb_store *other = NULL;
	open_logged(&held, 2);
	cr_assert_eq(kb_store_hold(held, arena, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_store_open("store", 50, &other, &err), KB_BUSY);
	cr_assert(!kb_file_exists("store-wal"), "all of it is in the one file");
	kb_store_closep(&held);
	cr_assert_eq(kb_store_open("store", 50, &other, &err), KB_OK, "%s", err.message);
	open_raw();
	cr_assert_eq(number("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1, "back in WAL");
}

static int64_t common_of(const char *one, const char *other)
{
	KB_CLEANUP(kb_store_closep) kb_store *a = NULL;
	KB_CLEANUP(kb_store_closep) kb_store *b = NULL;
	kb_log_common logs = { 0 };
	cr_assert_eq(kb_store_open(one, 50, &a, &err), KB_OK);
	cr_assert_eq(kb_store_open(other, 50, &b, &err), KB_OK);
	cr_assert_eq(kb_store_common(a, b, arena, &logs, &err), KB_OK, "%s", err.message);
	cr_assert(logs.common <= logs.one && logs.common <= logs.other);
	return logs.common;
}

Test(store, two_logs_meet_where_they_parted)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	KB_CLEANUP(kb_store_closep) kb_store *branch = NULL;
	open_logged(&store, 5);
	cr_assert_eq(kb_store_begin(store, false, &err), KB_OK);
	cr_assert_eq(kb_store_copy(store, "branch", NULL, &err), KB_OK, "%s", err.message);
	kb_store_rollback(store);
	cr_assert_eq(kb_store_copy(store, "branch", NULL, &err), KB_EXISTS);
	cr_assert_eq(common_of("store", "branch"), 5);
	cr_assert_eq(add_entry(store, "more"), KB_OK);
	cr_assert_eq(common_of("store", "branch"), 5);
	cr_assert_eq(common_of("branch", "store"), 5);
	cr_assert_eq(kb_store_open("branch", 50, &branch, &err), KB_OK);
	for (int i = 0; i < 3; i++) cr_assert_eq(add_entry(branch, "else"), KB_OK);
	cr_assert_eq(common_of("store", "branch"), 5);
	cr_assert_eq(kb_store_create("other", NULL, &err), KB_OK);
	cr_assert_eq(common_of("store", "other"), 0);
}

Test(store, sealed_keys_open_under_their_passphrase)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_digest key, again, public_key, of_key;
	bool sealed;
	cr_assert_eq(kb_store_create("store", "short", &err), KB_INVALID);
	cr_assert(!kb_file_exists("store") && !kb_file_exists("store.keys"));
	cr_assert_eq(kb_store_create("store", "three words together", &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_store_open("store", 50, &store, &err), KB_OK);
	cr_assert_eq(kb_store_sign_key(store, &key, &err), KB_DENIED);
	cr_assert_str_eq(err.id, "passphrase.needed");
	kb_store_passphrase(store, "three words apart");
	cr_assert_eq(kb_store_sign_key(store, &key, &err), KB_DENIED);
	cr_assert_str_eq(err.id, "passphrase.wrong");
	kb_store_passphrase(store, "three words together");
	cr_assert_eq(kb_store_sign_key(store, &key, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_keys_look("store.keys", &public_key, &sealed, &err), KB_OK);
	cr_assert_eq(kb_sign_public(&key, &of_key, &err), KB_OK);
	cr_assert(sealed && kb_digest_equal(&public_key, &of_key));
	cr_assert_eq(kb_store_sign_key_new(store, NULL, &err), KB_OK);
	cr_assert_eq(kb_store_sign_key(store, &again, &err), KB_OK);
	cr_assert_not(kb_digest_equal(&key, &again));
	cr_assert_eq(kb_keys_look("store.keys", &public_key, &sealed, &err), KB_OK);
	cr_assert(sealed, "it stays sealed");
}

/* A disk that fails: each write and each flush in turn. */

static kb_status operation(void)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	static const char body[] = "{\"author\":\"ann\",\"ksbs\":[\"K1\"],\"kind\":\"scenario\",\"minutes\":5,\"theme\":\"T-1\"}";
	static const char digest[] = "1111111111111111111111111111111111111111111111111111111111111111";
	KB_TRY(kb_store_open("store", 100, &store, &err));
	kb_sql *q = kb_store_sql(store);
	KB_TRY(kb_store_begin(store, true, &err));
	KB_TRY(kb_q_item_add(q, "I7", "ST", "talk", "question", NULL, &err));
	KB_TRY(kb_q_version_add(q, kb_sql_last_id(q), 1, body, digest, NULL, &err));
	KB_TRY(kb_q_standard_add(q, "ST2", 1, "{}", digest, NULL, &err));
	KB_TRY(kb_store_log(store, arena, "op", "ann", "2026-11-22", kb_node_map(arena), &err));
	return kb_store_commit(store, &err);
}

/* Wholly or not at all, and the store as sound as before. */
static void check_after(kb_status status, int nth)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head;
	kb_err none;
	cr_assert_eq(kb_store_open("store", 100, &store, &none), KB_OK, "%d: %s", nth, none.message);
	cr_assert_eq(kb_store_log_check(store, &head, &none), KB_OK, "%d: %s", nth, none.message);
	open_raw();
	int64_t items = number("SELECT count(*) FROM item"), versions = number("SELECT count(*) FROM item_version"), standards = number("SELECT count(*) FROM standard_version");
	cr_assert(items == head.length && versions == head.length && standards == head.length, "%d: %d of an operation", nth, (int)items);
	if (status == KB_OK) cr_assert_eq(head.length, 1, "%d: confirmed, and gone", nth);
	cr_assert_eq(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0, "%d", nth);
	sqlite3_close(raw);
	raw = NULL;
}

static void fail_each(store_disk_fault fault)
{
	int failures = 0, nth = 1;
	cr_assert_eq(store_disk_install(), SQLITE_OK);
	for (bool hit = true; hit && nth < 500; nth++) {
		unlink("store"), unlink("store-wal"), unlink("store-shm"), unlink("store.keys");
		create();
		store_disk_fail_at(fault, nth);
		kb_status status = operation();
		hit = store_disk_was_hit();
		store_disk_fail_at(fault, 0);
		if (status != KB_OK) {
			failures++;
			cr_assert(err.id[0] && err.message[0]);
			cr_assert(status == KB_IO || status == KB_CORRUPT || status == KB_BUSY, "%d: %s", nth, err.message);
		}
		check_after(status, nth);
	}
	cr_assert_gt(failures, 0);
	cr_assert_lt(nth, 500);
}

Test(store, each_failing_write_is_wholly_or_not_at_all) { fail_each(STORE_DISK_WRITE); }
Test(store, each_full_disk_is_wholly_or_not_at_all) { fail_each(STORE_DISK_FULL); }
Test(store, each_failing_flush_is_wholly_or_not_at_all) { fail_each(STORE_DISK_SYNC); }

/* The same while it is made: either a store or nothing. */
Test(store, each_failure_while_it_is_made_leaves_nothing)
{
	cr_assert_eq(store_disk_install(), SQLITE_OK);
	bool made = false;
	for (int nth = 1; !made && nth < 500; nth++) {
		store_disk_fail_at(STORE_DISK_WRITE, nth);
		kb_status status = kb_store_create("store", NULL, &err);
		bool hit = store_disk_was_hit();
		store_disk_fail_at(STORE_DISK_WRITE, 0);
		made = !hit;
		if (status == KB_OK) cr_assert_eq(open_store(), KB_OK, "%d: %s", nth, err.message);
		else cr_assert(!kb_file_exists("store") && !kb_file_exists("store.keys") && !kb_file_exists("store-wal"), "%d", nth);
		unlink("store"), unlink("store-wal"), unlink("store-shm"), unlink("store.keys");
	}
	cr_assert(made);
}

/* How the queries of a draw find their rows; a full scan of a large table is a needless wait. */
Test(store, no_query_of_a_draw_scans_a_large_table)
{
	static const char *const queries[] = { "seen", "paper_of_candidate", "candidate_by_token", "pool", "paper_items", "paper_by_id",
		"version_latest", "move_latest", "item_by_key", "template_get", "specification_latest", "decision_all", "paper_add", "paper_item_add" };
	const char *build = getenv("KB_BUILD");
	if (!build) cr_skip_test("KB_BUILD is not set");
	kb_bytes plan;
	cr_assert_eq(kb_file_read(arena, kb_arena_printf(arena, "%s/sql/store.plan", build), 1 << 20, &plan, &err), KB_OK, "%s", err.message);
	for (size_t i = 0; i < KB_COUNT(queries); i++) {
		const char *start = strstr(plan.data, kb_arena_printf(arena, "\n%s\n", queries[i]));
		cr_assert_not_null(start, "there is no query %s", queries[i]);
		for (const char *line = strchr(start + 1, '\n'); line && line[1] == '\t'; line = strchr(line + 1, '\n')) {
			const char *text = line + 1 + strspn(line + 1, "\t");
			size_t length = strcspn(text, "\n");
			/* A list inside of one row (json_each) is short. */
			bool scan = strncmp(text, "SCAN ", 5) == 0 && !memmem(text, length, "VIRTUAL TABLE", 13) && !memmem(text, length, "CONSTANT ROW", 12);
			cr_assert_not(scan, "%s: %.*s", queries[i], (int)length, text);
		}
	}
}
