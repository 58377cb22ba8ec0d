/*
 * kb-sqlgen checks the SQL of a store while building, and writes the typed C functions that run it.
 *
 * DIR/schema/0001_name.sql ... are migrations, applied in order to an empty database, each in one transaction.
 * DIR/query/ holds .sql files of named queries, prepared against the migrated schema:
 *
 *     -- name: item_by_key :one
 *     -- in: key text, day int, note text?
 *     -- out: id int, key text, body text, lapses int?
 *     SELECT ... WHERE key = :key ...;
 *
 * :one gives a row or none (a second row is a fault at run time), :many all rows, :exec none. Types are int, text and
 * blob; "?" says that the value may be null. "in" is the order of the C arguments, "out" that of the columns; a list
 * may go on in a further "-- in:" or "-- out:" line. A line "-- function: kb_name 2" in a migration declares an SQL
 * function (with so many arguments) that the program registers on each connection.
 */
#ifndef KB_TOOLS_SQLGEN_H
#define KB_TOOLS_SQLGEN_H

#include <sqlite3.h>

#include "base/file.h"

typedef enum sg_type { TYPE_INT, TYPE_TEXT, TYPE_BLOB } sg_type;
typedef enum sg_kind { KIND_ONE, KIND_MANY, KIND_EXEC } sg_kind;

typedef struct sg_source {
	const char *path, *text;
} sg_source;

typedef struct sg_field {
	const char *name;
	sg_type type;
	bool maybe;
	size_t offset; /* where it is declared */
	int parameter; /* of "in": its number in the statement */
} sg_field;

typedef struct sg_fields {
	sg_field *list;
	size_t count, size;
} sg_fields;

typedef struct sg_query {
	const sg_source *source;
	const char *name;
	sg_kind kind;
	sg_fields in, out;
	size_t offset;    /* of the name */
	size_t statement; /* where the SQL starts, */
	size_t end;       /* and where the next query or the file ends */
	const char *sql;  /* the one statement, set by check_queries */
	bool read_only;
} sg_query;

typedef struct sg_migration {
	const sg_source *source;
	int number;
	const char *name;
} sg_migration;

typedef struct sg_sqlgen {
	kb_arena *arena;
	const char *name, *dir;
	sg_migration *migrations;
	size_t migration_count;
	sg_query *queries;
	size_t query_count, query_size;
	size_t faults;
	sqlite3 *db;
} sg_sqlgen;

/* One fault on stderr as file:line:column: error: message, where `offset` counts bytes in the file. */
void fault(sg_sqlgen *sg, const sg_source *source, size_t offset, const char *fmt, ...) KB_PRINTF(4, 5);

kb_status read_sources(sg_sqlgen *sg, kb_err *err);
void apply_migrations(sg_sqlgen *sg);
void check_queries(sg_sqlgen *sg);
kb_status write_plans(sg_sqlgen *sg, const char *path, kb_err *err);
kb_status write_header(sg_sqlgen *sg, const char *path, kb_err *err);
kb_status write_source(sg_sqlgen *sg, const char *path, kb_err *err);

#endif
