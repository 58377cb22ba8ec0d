/* Applies the migrations to an empty database and prepares every query against the result. */
#include "sqlgen.h"

#include <stdio.h>
#include <string.h>

/* The byte at which `word` stands in the SQL, or where its first statement begins. */
static size_t find_word(const char *sql, const char *word)
{
	static const char inside[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
	size_t n = strlen(word);
	for (const char *p = sql; n > 0 && (p = strstr(p, word)) != NULL; p++)
		if ((p == sql || !strchr(inside, p[-1])) && (!p[n] || !strchr(inside, p[n]))) return (size_t)(p - sql);
	return strspn(sql, " \t\r\n");
}

/* SQLite often says at which byte it stumbled; where not, its message ends in the name. */
static size_t error_offset(sqlite3 *db, const char *sql)
{
	int at = sqlite3_error_offset(db);
	if (at > 0) return (size_t)at;
	const char *colon = strrchr(sqlite3_errmsg(db), ':');
	return find_word(sql, colon && colon[1] == ' ' ? colon + 2 : "");
}

static void sql_fault(sg_sqlgen *sg, const sg_source *source, const char *sql)
{
	fault(sg, source, (size_t)(sql - source->text) + error_offset(sg->db, sql), "%s", sqlite3_errmsg(sg->db));
}

static void stand_in(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count, (void)values;
	sqlite3_result_null(context);
}

/* "-- function: kb_name 2" */
static void declare_functions(sg_sqlgen *sg, const sg_source *source)
{
	static const char word[] = "-- function:";
	for (const char *p = source->text; (p = strstr(p, word)) != NULL; p++) {
		char name[64];
		int count;
		bool good = sscanf(p + sizeof word - 1, " %63[a-z0-9_] %d", name, &count) == 2 && count >= -1 && count < 100;
		if (!good) fault(sg, source, (size_t)(p - source->text), "expected \"-- function: name arguments\"");
		else if (sqlite3_create_function_v2(sg->db, name, count, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
		             NULL, stand_in, NULL, NULL, NULL))
			sql_fault(sg, source, p);
	}
}

static void apply(sg_sqlgen *sg, const sg_source *source)
{
	const char *sql = source->text;
	while (*sql) {
		sqlite3_stmt *stmt = NULL;
		const char *tail;
		int rc = sqlite3_prepare_v2(sg->db, sql, -1, &stmt, &tail);
		while (rc == SQLITE_OK && stmt && (rc = sqlite3_step(stmt)) == SQLITE_ROW) rc = SQLITE_OK;
		if (rc != SQLITE_OK && rc != SQLITE_DONE) {
			sql_fault(sg, source, sql);
			sqlite3_finalize(stmt);
			return;
		}
		sqlite3_finalize(stmt);
		sql = tail;
	}
	if (sqlite3_get_autocommit(sg->db))
		fault(sg, source, 0, "a migration runs in one transaction, so it may not begin or end one");
}

static void execute(sg_sqlgen *sg, const char *sql)
{
	if (sqlite3_exec(sg->db, sql, NULL, NULL, NULL) == SQLITE_OK) return;
	fprintf(stderr, "kb-sqlgen: error: %s: %s\n", sql, sqlite3_errmsg(sg->db));
	sg->faults++;
}

void apply_migrations(sg_sqlgen *sg)
{
	sqlite3_db_config(sg->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(sg->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	execute(sg, "PRAGMA foreign_keys = ON");
	for (size_t i = 0; i < sg->migration_count && sg->faults == 0; i++) {
		declare_functions(sg, sg->migrations[i].source);
		execute(sg, "BEGIN");
		apply(sg, sg->migrations[i].source);
		if (sg->faults == 0) execute(sg, "COMMIT");
	}
	/* Finds a foreign key to a table or columns that are not there. */
	if (sg->faults == 0) execute(sg, "PRAGMA foreign_key_check");
}

/* Blanks, comments and stray semicolons hold no statement. */
static bool is_empty(sg_sqlgen *sg, const char *sql)
{
	while (*sql) {
		sqlite3_stmt *stmt = NULL;
		const char *tail;
		bool none = sqlite3_prepare_v2(sg->db, sql, -1, &stmt, &tail) == SQLITE_OK && !stmt;
		sqlite3_finalize(stmt);
		if (!none) return false;
		sql = tail;
	}
	return true;
}

static void check_in(sg_sqlgen *sg, sg_query *q, sqlite3_stmt *stmt)
{
	for (size_t i = 0; i < q->in.count; i++) {
		sg_field *f = &q->in.list[i];
		char name[256];
		snprintf(name, sizeof name, ":%s", f->name);
		f->parameter = sqlite3_bind_parameter_index(stmt, name);
		if (f->parameter == 0)
			fault(sg, q->source, f->offset, "%s: the statement has no parameter :%s", q->name, f->name);
	}
	for (int p = 1; p <= sqlite3_bind_parameter_count(stmt); p++) {
		const char *name = sqlite3_bind_parameter_name(stmt, p);
		bool known = false;
		for (size_t i = 0; i < q->in.count; i++) known = known || q->in.list[i].parameter == p;
		if (!name || name[0] != ':')
			fault(sg, q->source, q->statement + 1, "%s: parameters are written as :name", q->name);
		else if (!known)
			fault(sg, q->source, q->statement + find_word(q->source->text + q->statement, name),
			    "%s: %s is not declared in \"-- in:\"", q->name, name);
	}
}

/* A plain table column must have the declared type, and may be declared as never null only if the schema says so. */
static void check_origin(sg_sqlgen *sg, const sg_query *q, sqlite3_stmt *stmt, int column)
{
	const sg_field *f = &q->out.list[column];
	const char *table = sqlite3_column_table_name(stmt, column);
	const char *origin = sqlite3_column_origin_name(stmt, column);
	if (!table || !origin) return;
	const char *decl, *collation;
	int not_null, primary, automatic;
	const char *database = sqlite3_column_database_name(stmt, column);
	if (sqlite3_table_column_metadata(
	        sg->db, database, table, origin, &decl, &collation, &not_null, &primary, &automatic))
		return;
	bool integer = sqlite3_stricmp(decl, "INTEGER") == 0 || sqlite3_stricmp(decl, "INT") == 0;
	/* INTEGER PRIMARY KEY is the row's number and never null, though SQLite does not list it as NOT NULL. */
	bool row_id = primary && sqlite3_stricmp(decl, "INTEGER") == 0;
	if (!f->maybe && !not_null && !row_id)
		fault(
		    sg, q->source, f->offset, "%s: %s.%s may be null: declare %s with \"?\"", q->name, table, origin, f->name);
	sg_type found = integer ? TYPE_INT : sqlite3_stricmp(decl, "BLOB") == 0 ? TYPE_BLOB : TYPE_TEXT;
	bool known = integer || sqlite3_stricmp(decl, "BLOB") == 0 || sqlite3_stricmp(decl, "TEXT") == 0;
	if (known && found != f->type) fault(sg, q->source, f->offset, "%s: %s.%s is %s", q->name, table, origin, decl);
}

static void check_out(sg_sqlgen *sg, const sg_query *q, sqlite3_stmt *stmt)
{
	int count = sqlite3_column_count(stmt);
	if (q->kind == KIND_EXEC) {
		if (count > 0 || q->out.count > 0)
			fault(sg, q->source, q->offset, "%s: an :exec query gives no columns", q->name);
		return;
	}
	if (count == 0) fault(sg, q->source, q->offset, "%s: the statement gives no columns: make it :exec", q->name);
	for (int i = 0; i < count || i < (int)q->out.count; i++) {
		const char *name = i < count ? sqlite3_column_name(stmt, i) : NULL;
		const sg_field *f = i < (int)q->out.count ? &q->out.list[i] : NULL;
		if (!f)
			fault(sg, q->source, q->offset, "%s: column %d, %s, is not declared in \"-- out:\"", q->name, i + 1, name);
		else if (!name) fault(sg, q->source, f->offset, "%s: the statement has no column for %s", q->name, f->name);
		else if (strcmp(name, f->name) != 0)
			fault(sg, q->source, f->offset, "%s: column %d is %s, declared as %s", q->name, i + 1, name, f->name);
		else check_origin(sg, q, stmt, i);
	}
}

static void check(sg_sqlgen *sg, sg_query *q)
{
	const char *from = q->source->text + q->statement;
	char *sql = kb_arena_copy(sg->arena, from, q->end - q->statement);
	sqlite3_stmt *stmt = NULL;
	const char *tail;
	if (!sql) return;
	if (sqlite3_prepare_v3(sg->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &tail) != SQLITE_OK) {
		size_t inside = error_offset(sg->db, sql);
		fault(sg, q->source, q->statement + inside, "%s: %s", q->name, sqlite3_errmsg(sg->db));
		return;
	}
	if (!stmt) {
		fault(sg, q->source, q->offset, "%s: there is no statement", q->name);
		return;
	}
	if (!is_empty(sg, tail))
		fault(sg, q->source, q->statement + (size_t)(tail - sql) + strspn(tail, " \t\r\n"),
		    "%s: more than one statement", q->name);
	check_in(sg, q, stmt);
	check_out(sg, q, stmt);
	q->read_only = sqlite3_stmt_readonly(stmt) != 0;
	size_t skip = strspn(sql, " \t\r\n");
	q->sql = kb_arena_copy(sg->arena, sql + skip, (size_t)(tail - sql) - skip);
	sqlite3_finalize(stmt);
}

void check_queries(sg_sqlgen *sg)
{
	for (size_t i = 0; i < sg->query_count; i++) check(sg, &sg->queries[i]);
}
