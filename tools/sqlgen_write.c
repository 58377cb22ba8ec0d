/* Writes the typed functions, the table of migrations and the query plans. */
#include "sqlgen.h"

#include <stdio.h>
#include <string.h>

/* Names that C or the generated functions use themselves get a "_" behind. */
static const char *safe(sg_sqlgen *sg, const char *name, bool parameter)
{
	static const char *const keywords[] = { "auto", "bool", "break", "case", "char", "const", "continue", "default",
		"do", "double", "else", "enum", "extern", "false", "float", "for", "goto", "if", "inline", "int", "long",
		"register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "true", "typedef",
		"union", "unsigned", "void", "volatile", "while" };
	static const char *const taken[] = { "sql", "arena", "row", "found", "rows", "count", "changes", "err", "run",
		"list", "size", "one", "all" };
	bool clash = false;
	for (size_t i = 0; i < KB_COUNT(keywords); i++) clash = clash || strcmp(name, keywords[i]) == 0;
	for (size_t i = 0; parameter && i < KB_COUNT(taken); i++) clash = clash || strcmp(name, taken[i]) == 0;
	const char *result = clash ? kb_arena_printf(sg->arena, "%s_", name) : name;
	return result ? result : name;
}

static const char *c_type(const sg_field *f)
{
	if (f->type == TYPE_TEXT) return "const char *";
	if (f->type == TYPE_BLOB) return "kb_bytes ";
	return f->maybe ? "kb_sql_int " : "int64_t ";
}

static void write_prototype(sg_sqlgen *sg, kb_buf *out, const sg_query *q)
{
	kb_buf_printf(out, "kb_status kb_q_%s(kb_sql *sql", q->name);
	if (q->kind != KIND_EXEC) kb_buf_text(out, ", kb_arena *arena");
	for (size_t i = 0; i < q->in.count; i++)
		kb_buf_printf(out, ", %s%s", c_type(&q->in.list[i]), safe(sg, q->in.list[i].name, true));
	if (q->kind == KIND_ONE) kb_buf_printf(out, ", kb_q_%s_row *row, bool *found, kb_err *err)", q->name);
	if (q->kind == KIND_MANY) kb_buf_printf(out, ", kb_q_%s_row **rows, size_t *count, kb_err *err)", q->name);
	if (q->kind == KIND_EXEC) kb_buf_text(out, ", int64_t *changes, kb_err *err)");
}

static void write_row(sg_sqlgen *sg, kb_buf *out, const sg_query *q)
{
	if (q->kind == KIND_EXEC) return;
	kb_buf_printf(out, "typedef struct kb_q_%s_row {\n", q->name);
	for (size_t i = 0; i < q->out.count; i++) {
		const sg_field *f = &q->out.list[i];
		bool nullable = f->maybe && f->type != TYPE_INT;
		kb_buf_printf(out, "\t%s%s;%s\n", c_type(f), safe(sg, f->name, false), nullable ? " /* may be NULL */" : "");
	}
	kb_buf_printf(out, "} kb_q_%s_row;\n", q->name);
}

kb_status write_header(sg_sqlgen *sg, const char *path, kb_err *err)
{
	kb_buf out = { .arena = sg->arena };
	kb_buf_printf(&out, "/* Made by kb-sqlgen. */\n#ifndef KB_SQL_%s_H\n#define KB_SQL_%s_H\n\n", sg->name, sg->name);
	kb_buf_text(&out, "#include \"store/sql.h\"\n\n/* In order of their numbers, from 1. */\n");
	kb_buf_printf(&out, "extern const kb_sql_migration kb_sql_%s_migrations[];\n", sg->name);
	kb_buf_printf(&out, "extern const size_t kb_sql_%s_migration_count;\n\n", sg->name);
	kb_buf_text(&out, "/* What kb_sql_open takes. */\n");
	kb_buf_printf(&out, "extern const kb_sql_query kb_sql_%s_queries[];\n", sg->name);
	kb_buf_printf(&out, "extern const size_t kb_sql_%s_query_count;\n", sg->name);
	for (size_t i = 0; i < sg->query_count; i++) {
		kb_buf_char(&out, '\n');
		write_row(sg, &out, &sg->queries[i]);
		write_prototype(sg, &out, &sg->queries[i]);
		kb_buf_text(&out, " KB_MUST_USE;\n");
	}
	kb_buf_text(&out, "\n#endif\n");
	KB_TRY(kb_arena_check(sg->arena, err));
	return kb_file_write(path, out.text, out.length, 0644, err);
}

static void write_literal(kb_buf *out, const char *text)
{
	kb_buf_char(out, '"');
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (c == '\n') kb_buf_text(out, p[1] ? "\\n\"\n\t\t\"" : "\\n");
		else if (c == '"' || c == '\\' || c == '?') kb_buf_printf(out, "\\%c", c);
		else if (c < 32 || c > 126) kb_buf_printf(out, "\\%03o", c);
		else kb_buf_char(out, (char)c);
	}
	kb_buf_char(out, '"');
}

static void write_tables(sg_sqlgen *sg, kb_buf *out)
{
	kb_buf_printf(out, "const kb_sql_migration kb_sql_%s_migrations[] = {\n", sg->name);
	for (size_t i = 0; i < sg->migration_count; i++) {
		kb_buf_printf(out, "\t{ %d, \"%s\",\n\t\t", sg->migrations[i].number, sg->migrations[i].name);
		write_literal(out, sg->migrations[i].source->text);
		kb_buf_text(out, " },\n");
	}
	kb_buf_printf(out, "\t{ 0 }, /* C has no empty arrays */\n};\nconst size_t kb_sql_%s_migration_count = %zu;\n\n",
	    sg->name, sg->migration_count);
	kb_buf_printf(out, "const kb_sql_query kb_sql_%s_queries[] = {\n", sg->name);
	for (size_t i = 0; i < sg->query_count; i++) {
		const sg_query *q = &sg->queries[i];
		kb_buf_printf(out, "\t{ \"%s\", %s,\n\t\t", q->name, q->read_only ? "true" : "false");
		write_literal(out, q->sql);
		kb_buf_text(out, " },\n");
	}
	kb_buf_printf(out, "\t{ 0 },\n};\nconst size_t kb_sql_%s_query_count = %zu;\n", sg->name, sg->query_count);
}

static void write_binds(sg_sqlgen *sg, kb_buf *out, const sg_query *q)
{
	for (size_t i = 0; i < q->in.count; i++) {
		const sg_field *f = &q->in.list[i];
		const char *name = safe(sg, f->name, true);
		const char *maybe = f->maybe ? "true" : "false";
		if (f->type == TYPE_TEXT)
			kb_buf_printf(out, "\tkb_sql_bind_text(&run, %d, %s, %s);\n", f->parameter, name, maybe);
		else if (f->type == TYPE_BLOB)
			kb_buf_printf(out, "\tkb_sql_bind_blob(&run, %d, %s, %s);\n", f->parameter, name, maybe);
		else
			kb_buf_printf(out, "\tkb_sql_bind_%s(&run, %d, %s);\n", f->maybe ? "maybe_int" : "int", f->parameter, name);
	}
}

static void write_reader(sg_sqlgen *sg, kb_buf *out, const sg_query *q)
{
	kb_buf_printf(out, "\nstatic void read_%s(kb_sql_run *run, kb_q_%s_row *row)\n{\n", q->name, q->name);
	for (size_t i = 0; i < q->out.count; i++) {
		const sg_field *f = &q->out.list[i];
		const char *name = safe(sg, f->name, false);
		const char *maybe = f->maybe ? "true" : "false";
		if (f->type == TYPE_TEXT) kb_buf_printf(out, "\trow->%s = kb_sql_read_text(run, %zu, %s);\n", name, i, maybe);
		else if (f->type == TYPE_BLOB)
			kb_buf_printf(out, "\trow->%s = kb_sql_read_blob(run, %zu, %s);\n", name, i, maybe);
		else kb_buf_printf(out, "\trow->%s = kb_sql_read_%s(run, %zu);\n", name, f->maybe ? "maybe_int" : "int", i);
	}
	kb_buf_text(out, "}\n");
}

static void write_function(sg_sqlgen *sg, kb_buf *out, const sg_query *q, size_t number)
{
	if (q->kind != KIND_EXEC) write_reader(sg, out, q);
	kb_buf_char(out, '\n');
	write_prototype(sg, out, q);
	kb_buf_printf(out, "\n{\n\tkb_sql_run run;\n\tKB_TRY(kb_sql_start(sql, %zu, %s, &run, err));\n", number,
	    q->kind == KIND_EXEC ? "NULL" : "arena");
	write_binds(sg, out, q);
	if (q->kind == KIND_ONE)
		kb_buf_printf(out,
		    "\tkb_q_%s_row one = { 0 };\n"
		    "\tbool any = kb_sql_step(&run);\n"
		    "\tif (any) read_%s(&run, &one);\n"
		    "\tif (any) kb_sql_no_more(&run);\n"
		    "\tKB_TRY(kb_sql_finish(&run, err));\n"
		    "\tif (any) *row = one;\n"
		    "\t*found = any;\n",
		    q->name, q->name);
	if (q->kind == KIND_MANY)
		kb_buf_printf(out,
		    "\tkb_q_%s_row *all = NULL;\n"
		    "\tsize_t n = 0, room = 0;\n"
		    "\twhile (kb_sql_step(&run)) {\n"
		    "\t\tif (n == room) all = kb_sql_more(&run, all, &room, sizeof *all);\n"
		    "\t\tif (all) read_%s(&run, &all[n++]);\n"
		    "\t}\n"
		    "\tKB_TRY(kb_sql_finish(&run, err));\n"
		    "\t*rows = all;\n"
		    "\t*count = n;\n",
		    q->name, q->name);
	if (q->kind == KIND_EXEC)
		kb_buf_text(out, "\tkb_sql_no_more(&run);\n"
		                 "\tKB_TRY(kb_sql_finish(&run, err));\n"
		                 "\tif (changes) *changes = run.changes;\n");
	kb_buf_text(out, "\treturn KB_OK;\n}\n");
}

kb_status write_source(sg_sqlgen *sg, const char *path, kb_err *err)
{
	kb_buf out = { .arena = sg->arena };
	kb_buf_printf(&out, "/* Made by kb-sqlgen. */\n#include \"sql/%s.h\"\n\n", sg->name);
	write_tables(sg, &out);
	for (size_t i = 0; i < sg->query_count; i++) write_function(sg, &out, &sg->queries[i], i);
	KB_TRY(kb_arena_check(sg->arena, err));
	return kb_file_write(path, out.text, out.length, 0644, err);
}

enum { PLAN_DEPTH = 32 };

/* Each step stands one indent deeper than the one it is a part of. */
static void write_plan(sg_sqlgen *sg, kb_buf *out, const sg_query *q)
{
	kb_buf_printf(out, "%s\n", q->name);
	const char *sql = kb_arena_printf(sg->arena, "EXPLAIN QUERY PLAN %s", q->sql);
	sqlite3_stmt *stmt = NULL;
	if (!sql || sqlite3_prepare_v2(sg->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		sg->faults++;
		return;
	}
	int above[PLAN_DEPTH] = { 0 }, depth = 0;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		int id = sqlite3_column_int(stmt, 0), parent = sqlite3_column_int(stmt, 1);
		while (depth > 0 && above[depth] != parent) depth--;
		kb_buf_fill(out, '\t', (size_t)depth + 1);
		kb_buf_printf(out, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
		if (depth + 1 < PLAN_DEPTH) above[++depth] = id;
	}
	sqlite3_finalize(stmt);
}

kb_status write_plans(sg_sqlgen *sg, const char *path, kb_err *err)
{
	kb_buf out = { .arena = sg->arena };
	for (size_t i = 0; i < sg->query_count; i++) write_plan(sg, &out, &sg->queries[i]);
	KB_TRY(kb_arena_check(sg->arena, err));
	if (sg->faults > 0) return kb_fail(err, KB_BUG, "sql.plan", "cannot explain the queries");
	return kb_file_write(path, kb_buf_string(&out), out.length, 0644, err);
}
