/* What the chain alone can't tell: whether every row is the one that its entry bound, and every head was signed. */
#include <string.h>

#include "store/bound.h"
#include "text/json.h"

void kb_store_finding(kb_arena *arena, kb_node *findings, const char *id, const char *where, const char *message)
{
	kb_node *map = kb_node_add(arena, findings, kb_node_map(arena));
	kb_node_set_text(arena, map, "id", id);
	kb_node_set_text(arena, map, "where", where);
	kb_node_set_text(arena, map, "message", message);
}

typedef struct audit {
	kb_store *store;
	kb_arena *arena; /* of the findings */
	kb_node *findings;
	kb_bound bound; /* the rows that entries bound so far */
} audit;

static void add(audit *a, const char *id, const char *where, const char *message)
{
	kb_store_finding(a->arena, a->findings, id, where, message);
}

static size_t table_index(const char *name)
{
	size_t i = 0;
	while (i < KB_BOUND_TABLES && strcmp(kb_bound_tables[i], name) != 0) i++;
	return i;
}

static void add_row(audit *a, const char *table, int64_t id, const char *what)
{
	add(a, "audit.row", kb_arena_printf(a->arena, "%s %lld", table, (long long)id), what);
}

/* The digests that an entry bound against the rows as they are now. */
static kb_status check_rows(audit *a, kb_arena *scratch, size_t table, const kb_node *bound, kb_err *err)
{
	const char *name = kb_bound_tables[table], *wanted = kb_node_get_text(bound, "digests", "");
	int64_t first = a->bound.last[table] + 1, count = (int64_t)(strlen(wanted) / KB_BOUND_DIGITS);
	kb_sql *sql = kb_store_sql(a->store);
	a->bound.last[table] += count;
	kb_buf now = { .arena = scratch };
	KB_TRY(kb_bound_digests(sql->db, scratch, name, first, count, &now, err));
	if (strcmp(kb_buf_string(&now), wanted) == 0) return KB_OK;
	for (int64_t i = 0; i < count; i++) { /* a missing row shifts those behind it, so each is asked for by itself */
		kb_buf one = { .arena = scratch };
		KB_TRY(kb_bound_digests(sql->db, scratch, name, first + i, 1, &one, err));
		if (one.length == 0) add_row(a, name, first + i, "this row was removed");
		else if (memcmp(one.text, wanted + i * KB_BOUND_DIGITS, KB_BOUND_DIGITS) != 0)
			add_row(a, name, first + i, "this row was changed since it was written");
	}
	return KB_OK;
}

static kb_status check_entry(void *context, kb_arena *scratch, const kb_q_log_from_row *entry, kb_err *err)
{
	audit *a = context;
	kb_node *detail = NULL;
	kb_status status = kb_json_read(scratch, NULL, entry->detail, strlen(entry->detail), &detail, err);
	const kb_node *rows = status == KB_OK ? kb_node_get(detail, "rows") : NULL;
	KB_TRY(kb_arena_check(scratch, err));
	bool sound = rows && rows->kind == KB_NODE_LIST;
	for (size_t i = 0; sound && i < rows->count; i++) {
		size_t table = table_index(kb_node_get_text(rows->items[i], "table", ""));
		sound = table < KB_BOUND_TABLES && kb_node_get_int(rows->items[i], "first", 0) == a->bound.last[table] + 1;
		if (sound) KB_TRY(check_rows(a, scratch, table, rows->items[i], err));
	}
	if (!sound)
		add(a, "audit.entry", kb_arena_printf(a->arena, "log entry %lld", (long long)entry->sequence),
			"it does not say which rows it wrote, or they do not follow those of the entries before it");
	return KB_OK;
}

/* What is there and was bound by nobody. */
static kb_status check_unbound(audit *a, kb_err *err)
{
	KB_CLEANUP(kb_bound_closep) kb_bound now = { 0 };
	KB_TRY(kb_bound_start(kb_store_sql(a->store)->db, &now, err));
	for (size_t i = 0; i < KB_BOUND_TABLES; i++)
		if (now.last[i] > a->bound.last[i])
			add_row(a, kb_bound_tables[i], a->bound.last[i] + 1,
				"no log entry tells of this row: it was added behind the program");
	return KB_OK;
}

static kb_status check_heads(audit *a, kb_err *err)
{
	kb_q_signed_head_all_row *heads;
	size_t count;
	KB_TRY(kb_q_signed_head_all(kb_store_sql(a->store), a->arena, &heads, &count, err));
	for (size_t i = 0; i < count; i++) {
		kb_digest key;
		kb_signature signature;
		const char *text, *where = kb_arena_printf(a->arena, "signed head %lld", (long long)heads[i].sequence);
		KB_TRY(kb_store_head_text(a->arena, heads[i].sequence, heads[i].digest, &text, err));
		bool holds = heads[i].key && kb_digest_parse(heads[i].key, &key) &&
		             kb_signature_parse(heads[i].signature, &signature) &&
		             kb_sign_check(&key, text, strlen(text), &signature, err) == KB_OK;
		if (!holds) add(a, "audit.head", where, "its signature does not hold");
		else if (!heads[i].entry)
			add(a, "audit.tail", where, "the log was cut: it was signed with this entry, which is gone");
		else if (strcmp(heads[i].entry, heads[i].digest) != 0)
			add(a, "audit.head", where, "the entry was signed with another digest than it has now");
	}
	return kb_arena_check(a->arena, err);
}

static void db_closep(sqlite3 **db)
{
	sqlite3_close(*db);
}

static kb_status schema_of(sqlite3 *db, kb_arena *arena, kb_node *map, kb_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(
		db, "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1", -1, &stmt, NULL);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc != SQLITE_ROW) break;
		const char *name = kb_arena_text(arena, (const char *)sqlite3_column_text(stmt, 0));
		kb_node_add_pair(arena, map,
			(kb_pair) { .key = name, .value = kb_node_text(arena, (const char *)sqlite3_column_text(stmt, 1)) });
	}
	kb_status status = rc == SQLITE_DONE ? kb_arena_check(arena, err) : kb_sql_fail(db, err);
	sqlite3_finalize(stmt);
	return status;
}

/* The rules of the schema are what keeps rows from being changed by other programs: compared with those of a new store.
 */
static kb_status check_schema(audit *a, kb_err *err)
{
	KB_CLEANUP(db_closep) sqlite3 *fresh = NULL;
	kb_node *wanted = kb_node_map(a->arena), *there = kb_node_map(a->arena);
	if (sqlite3_open(":memory:", &fresh) != SQLITE_OK) return kb_sql_fail(fresh, err);
	for (size_t i = 0; i < kb_sql_store_migration_count; i++)
		KB_TRY(kb_sql_exec(fresh, kb_sql_store_migrations[i].text, err));
	KB_TRY(schema_of(fresh, a->arena, wanted, err));
	KB_TRY(schema_of(kb_store_sql(a->store)->db, a->arena, there, err));
	for (size_t i = 0; i < wanted->pair_count; i++) {
		const char *name = wanted->pairs[i].key, *text = kb_node_get_text(there, name, NULL);
		if (!text) add(a, "audit.schema", name, "this rule of the store was taken away");
		else if (strcmp(text, wanted->pairs[i].value->text) != 0)
			add(a, "audit.schema", name, "this rule of the store was changed");
	}
	for (size_t i = 0; i < there->pair_count; i++)
		if (!kb_node_get(wanted, there->pairs[i].key) && !strstr(there->pairs[i].key, "sqlite_"))
			add(a, "audit.schema", there->pairs[i].key, "this was added to the store by another program");
	return kb_arena_check(a->arena, err);
}

kb_status kb_store_audit(kb_store *store, kb_arena *arena, kb_node *findings, kb_err *err)
{
	audit a = { .store = store, .arena = arena, .findings = findings };
	KB_TRY(kb_store_log_each(store, check_entry, &a, err));
	KB_TRY(check_unbound(&a, err));
	KB_TRY(check_heads(&a, err));
	return check_schema(&a, err);
}
