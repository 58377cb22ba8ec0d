#include "sqlgen.h"

#include <stdarg.h>
#include <stdio.h>

void fault(sg_sqlgen *sg, const sg_source *source, size_t offset, const char *fmt, ...)
{
	unsigned line = 1, column = 1;
	for (size_t i = 0; i < offset && source->text[i]; i++) {
		unsigned char c = (unsigned char)source->text[i];
		if (c == '\n') line++, column = 1;
		else if ((c & 0xC0) != 0x80) column++;
	}
	fprintf(stderr, "%s:%u:%u: error: ", source->path, line, column);
	va_list args;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	sg->faults++;
}

static kb_status run(sg_sqlgen *sg, const char *stem, const char *plan, kb_err *err)
{
	KB_TRY(read_sources(sg, err));
	if (sg->faults == 0) apply_migrations(sg);
	/* A schema that failed would make every query fail too. */
	if (sg->faults == 0) check_queries(sg);
	if (sg->faults > 0) return kb_fail(err, KB_INVALID, "sql", "%s: %zu faults in the SQL", sg->name, sg->faults);
	char path[4096];
	snprintf(path, sizeof path, "%s.h", stem);
	KB_TRY(write_header(sg, path, err));
	snprintf(path, sizeof path, "%s.c", stem);
	KB_TRY(write_source(sg, path, err));
	return write_plans(sg, plan, err);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fputs("usage: kb-sqlgen NAME DIR STEM PLAN\n", stderr);
		return 2;
	}
	sg_sqlgen sg = { .name = argv[1], .dir = argv[2] };
	kb_err err;
	sg.arena = kb_arena_new((size_t)64 << 20);
	kb_status status = KB_NO_MEMORY;
	if (sg.arena && sqlite3_open(":memory:", &sg.db) == SQLITE_OK) status = run(&sg, argv[3], argv[4], &err);
	else kb_fail(&err, KB_NO_MEMORY, "memory.none", "cannot open a database in memory");
	if (status != KB_OK) fprintf(stderr, "kb-sqlgen: %s\n", err.message);
	sqlite3_close(sg.db);
	kb_arena_free(sg.arena);
	return status == KB_OK ? 0 : 1;
}
