/* Reads migrations and queries, and what the comment lines above each query declare. */
#include "sqlgen.h"

#include <stdio.h>
#include <string.h>

enum { FILE_LIMIT = 4 << 20, FILES_LIMIT = 2000 };

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r') p++;
	return p;
}

static size_t name_length(const char *p)
{
	size_t n = 0;
	if (*p < 'a' || *p > 'z') return 0;
	while (is_name_char(p[n])) n++;
	return n;
}

static const char *line_end(const char *p)
{
	return p + strcspn(p, "\n");
}

/* What follows "-- word:" when the line starts so, else NULL. */
static const char *header(const char *line, const char *word)
{
	size_t n = strlen(word);
	if (line[0] != '-' || line[1] != '-') return NULL;
	const char *p = skip_space(line + 2);
	return strncmp(p, word, n) == 0 && p[n] == ':' ? skip_space(p + n + 1) : NULL;
}

static bool read_type(const char *p, size_t n, sg_type *type)
{
	static const char *const words[] = { [TYPE_INT] = "int", [TYPE_TEXT] = "text", [TYPE_BLOB] = "blob" };
	for (size_t i = 0; i < KB_COUNT(words); i++) {
		if (strlen(words[i]) != n || memcmp(words[i], p, n) != 0) continue;
		*type = (sg_type)i;
		return true;
	}
	return false;
}

static bool add_field(sg_sqlgen *sg, const sg_source *source, sg_fields *fields, sg_field f)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->list[i].name, f.name) == 0) fault(sg, source, f.offset, "\"%s\" is declared twice", f.name);
	if (fields->count == fields->size) {
		size_t size = fields->size ? fields->size * 2 : 8;
		fields->list = kb_arena_grow(sg->arena, fields->list, fields->size * sizeof f, size * sizeof f);
		fields->size = size;
	}
	if (fields->list) fields->list[fields->count++] = f;
	return fields->list != NULL;
}

/* "key text, day int, note text?" up to the end of the line. */
static void read_fields(sg_sqlgen *sg, const sg_source *source, const char *p, sg_fields *fields)
{
	while (*p && *p != '\n') {
		sg_field f = { .offset = (size_t)(p - source->text) };
		size_t n = name_length(p);
		const char *word = skip_space(p + n);
		size_t m = name_length(word);
		if (n == 0 || !read_type(word, m, &f.type)) {
			fault(
			    sg, source, f.offset, "expected a name and a type: int, text or blob, with \"?\" where it may be null");
			return;
		}
		f.name = kb_arena_copy(sg->arena, p, n);
		p = word + m;
		f.maybe = *p == '?';
		p = skip_space(p + f.maybe);
		if (!f.name || !add_field(sg, source, fields, f)) return;
		if (*p == ',') p = skip_space(p + 1);
		else if (*p && *p != '\n') {
			fault(sg, source, (size_t)(p - source->text), "expected a comma or the end of the line");
			return;
		}
	}
}

static sg_query *add_query(sg_sqlgen *sg)
{
	if (sg->query_count == sg->query_size) {
		size_t size = sg->query_size ? sg->query_size * 2 : 64;
		sg->queries = kb_arena_grow(sg->arena, sg->queries, sg->query_size * sizeof(sg_query), size * sizeof(sg_query));
		sg->query_size = size;
	}
	return sg->queries ? &sg->queries[sg->query_count++] : NULL;
}

static bool read_kind(const char *p, sg_kind *kind)
{
	static const char *const words[] = { [KIND_ONE] = ":one", [KIND_MANY] = ":many", [KIND_EXEC] = ":exec" };
	for (size_t i = 0; i < KB_COUNT(words); i++) {
		size_t n = strlen(words[i]);
		if (strncmp(p, words[i], n) != 0) continue;
		p = skip_space(p + n);
		*kind = (sg_kind)i;
		return *p == '\n' || *p == '\0';
	}
	return false;
}

/* The lines from "-- name:" to the SQL; gives where that starts. */
static const char *read_query(sg_sqlgen *sg, const sg_source *source, const char *p)
{
	sg_query q = { .source = source, .offset = (size_t)(p - source->text) };
	size_t n = name_length(p);
	if (n == 0 || !read_kind(skip_space(p + n), &q.kind)) {
		fault(sg, source, q.offset, "expected \"-- name: some_name\" and :one, :many or :exec");
		return line_end(p);
	}
	q.name = kb_arena_copy(sg->arena, p, n);
	for (size_t i = 0; q.name && i < sg->query_count; i++)
		if (strcmp(sg->queries[i].name, q.name) == 0)
			fault(sg, source, q.offset, "there is a query \"%s\" already, in %s", q.name, sg->queries[i].source->path);
	p = line_end(p);
	while (*p == '\n' && p[1] == '-' && p[2] == '-') {
		const char *line = p + 1, *list;
		if (header(line, "name")) break;
		if ((list = header(line, "in")) != NULL) read_fields(sg, source, list, &q.in);
		else if ((list = header(line, "out")) != NULL) read_fields(sg, source, list, &q.out);
		p = line_end(line);
	}
	q.statement = q.end = (size_t)(p - source->text);
	sg_query *place = add_query(sg);
	if (place) *place = q;
	return p;
}

static void read_queries(sg_sqlgen *sg, const sg_source *source)
{
	sg_query *last = NULL;
	const char *p = source->text;
	for (;;) {
		const char *name = header(p, "name");
		if (last && (name || !*p)) last->end = (size_t)(p - source->text);
		if (!*p) return;
		if (name) {
			size_t before = sg->query_count;
			p = read_query(sg, source, name);
			last = sg->query_count > before ? &sg->queries[sg->query_count - 1] : NULL;
		} else {
			/* Comments may stand before the first query, SQL may not. */
			bool stray =
			    !last && sg->faults == 0 && *skip_space(p) != '\n' && *skip_space(p) && strncmp(p, "--", 2) != 0;
			if (stray)
				fault(sg, source, (size_t)(p - source->text), "expected \"-- name: ...\" before the first statement");
			p = line_end(p);
		}
		p += *p == '\n';
	}
}

/* "0001_core.sql": the numbers follow one another without a gap. */
static void read_migration(sg_sqlgen *sg, const sg_source *source)
{
	const char *file = strrchr(source->path, '/') + 1;
	int number = 0;
	size_t digits = strspn(file, "0123456789");
	for (size_t i = 0; i < digits && i < 6; i++) number = number * 10 + (file[i] - '0');
	size_t n = digits == 4 && file[4] == '_' ? name_length(file + 5) : 0;
	if (n == 0 || strcmp(file + 5 + n, ".sql") != 0) {
		fault(sg, source, 0, "a migration's file is named as 0001_name.sql");
		return;
	}
	if (number != (int)sg->migration_count + 1)
		fault(sg, source, 0, "the next migration has the number %04d", (int)sg->migration_count + 1);
	sg->migrations[sg->migration_count++] =
	    (sg_migration) { .source = source, .number = number, .name = kb_arena_copy(sg->arena, file + 5, n) };
}

static kb_status read_folder(sg_sqlgen *sg, const char *folder, sg_source **sources, size_t *count, kb_err *err)
{
	const char *path = kb_arena_printf(sg->arena, "%s/%s", sg->dir, folder);
	const char *const *paths = NULL;
	*count = 0;
	if (!path) return kb_arena_check(sg->arena, err);
	if (!kb_file_is_dir(path)) return KB_OK;
	KB_TRY(kb_file_list(sg->arena, path, ".sql", FILES_LIMIT, &paths, count, err));
	*sources = kb_arena_array(sg->arena, *count, sizeof **sources);
	for (size_t i = 0; *sources && i < *count; i++) {
		kb_bytes bytes;
		size_t bad;
		KB_TRY(kb_file_read(sg->arena, paths[i], FILE_LIMIT, &bytes, err));
		(*sources)[i] = (sg_source) { paths[i], bytes.data };
		if (strlen(bytes.data) != bytes.length) fault(sg, &(*sources)[i], strlen(bytes.data), "a NUL byte");
		if (!kb_str_is_utf8(bytes.data, bytes.length, &bad)) fault(sg, &(*sources)[i], bad, "not UTF-8");
	}
	return kb_arena_check(sg->arena, err);
}

kb_status read_sources(sg_sqlgen *sg, kb_err *err)
{
	sg_source *sources = NULL;
	size_t count;
	KB_TRY(read_folder(sg, "schema", &sources, &count, err));
	sg->migrations = kb_arena_array(sg->arena, count, sizeof *sg->migrations);
	for (size_t i = 0; sg->migrations && i < count; i++) read_migration(sg, &sources[i]);
	KB_TRY(read_folder(sg, "query", &sources, &count, err));
	for (size_t i = 0; i < count; i++) read_queries(sg, &sources[i]);
	return kb_arena_check(sg->arena, err);
}
