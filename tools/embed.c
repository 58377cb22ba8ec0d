/*
 * kb-embed NAME DIR LIST STEM: writes STEM.c and STEM.h, which hold the files of DIR that LIST names (one a line) as
 * string literals. Literals compile some forty times faster than arrays of numbers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct names {
	char **path;
	size_t count;
} names;

static void die(const char *what, const char *path)
{
	fprintf(stderr, "%s: error: cannot %s: %s\n", path, what, strerror(errno));
	exit(1);
}

static char *read_all(const char *path, size_t *length)
{
	FILE *in = fopen(path, "rb");
	if (!in) die("open", path);
	size_t size = 4096, n = 0;
	char *data = malloc(size);
	while (data) {
		n += fread(data + n, 1, size - n - 1, in);
		if (n < size - 1) break;
		size *= 2;
		data = realloc(data, size);
	}
	if (!data || ferror(in)) die("read", path);
	fclose(in);
	data[n] = '\0';
	*length = n;
	return data;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names point into `list`. */
static names read_names(char *list)
{
	names all = { 0 };
	for (char *line = list; *line;) {
		char *end = line + strcspn(line, "\n");
		char next = *end;
		*end = '\0';
		if (*line) {
			all.path = realloc(all.path, (all.count + 1) * sizeof *all.path);
			if (!all.path) die("hold the list of files", "kb-embed");
			all.path[all.count++] = line;
		}
		line = next ? end + 1 : end;
	}
	if (all.count) qsort(all.path, all.count, sizeof *all.path, by_name);
	return all;
}

/* Octal escapes take at most three digits, so none runs into the next character; "??" would be a trigraph in C17. */
static void write_literal(FILE *out, const char *data, size_t length)
{
	fputs("\t\"", out);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];
		if (c == '\n' && i + 1 < length) fputs("\\n\"\n\t\"", out);
		else if (c == '\n') fputs("\\n", out);
		else if (c == '\t') fputs("\\t", out);
		else if (c == '"' || c == '\\' || c == '?') fprintf(out, "\\%c", c);
		else if (c < 32 || c > 126) fprintf(out, "\\%03o", c);
		else fputc(c, out);
	}
	fputc('"', out);
}

static void write_file(FILE *out, const char *dir, const char *name)
{
	char path[4096];
	size_t length;
	snprintf(path, sizeof path, "%s/%s", dir, name);
	char *data = read_all(path, &length);
	if (memchr(data, '\0', length)) {
		fprintf(stderr, "%s: error: holds a NUL byte; only text is embedded\n", path);
		exit(1);
	}
	fputs("\t{\n\t", out);
	write_literal(out, name, strlen(name));
	fputs(",\n", out);
	write_literal(out, data, length);
	fputs("\n\t},\n", out);
	free(data);
}

static void write_source(FILE *out, const char *name, const char *dir, const names *all)
{
	fprintf(out, "/* Made by kb-embed. */\n#include \"embedded/%s.h\"\n\n#include <string.h>\n\n", name);
	fputs("static const struct {\n\tconst char *path, *text;\n} files[] = {\n", out);
	for (size_t i = 0; i < all->count; i++) write_file(out, dir, all->path[i]);
	fputs("\t{ 0 }, /* C has no empty arrays */\n};\n\n", out);
	fprintf(out, "size_t kb_embedded_%s_count(void)\n{\n\treturn %zu;\n}\n\n", name, all->count);
	fprintf(out,
	    "const char *kb_embedded_%s_path(size_t i)\n{\n"
	    "\tsize_t count = kb_embedded_%s_count();\n\treturn i < count ? files[i].path : NULL;\n}\n\n",
	    name, name);
	fprintf(out,
	    "const char *kb_embedded_%s(const char *path)\n"
	    "{\n"
	    "\tsize_t low = 0, high = %zu;\n"
	    "\twhile (low < high) {\n"
	    "\t\tsize_t middle = low + (high - low) / 2;\n"
	    "\t\tint order = strcmp(path, files[middle].path);\n"
	    "\t\tif (order == 0) return files[middle].text;\n"
	    "\t\tif (order < 0) high = middle;\n"
	    "\t\telse low = middle + 1;\n"
	    "\t}\n"
	    "\treturn NULL;\n"
	    "}\n",
	    name, all->count);
}

static void write_header(FILE *out, const char *name)
{
	fprintf(out, "/* Made by kb-embed. */\n#ifndef KB_EMBEDDED_%s\n#define KB_EMBEDDED_%s\n\n#include <stddef.h>\n\n",
	    name, name);
	fprintf(out,
	    "/* The text of the file, NULL where there is none. */\nconst char *kb_embedded_%s(const char *path);\n", name);
	fprintf(out, "/* All paths, sorted by bytes. */\nsize_t kb_embedded_%s_count(void);\n", name);
	fprintf(out, "const char *kb_embedded_%s_path(size_t i);\n\n#endif\n", name);
}

static FILE *create(const char *stem, const char *suffix)
{
	char path[4096];
	snprintf(path, sizeof path, "%s%s", stem, suffix);
	FILE *out = fopen(path, "wb");
	if (!out) die("write", path);
	return out;
}

static void finish(FILE *out, const char *stem)
{
	if (ferror(out) | fclose(out)) die("write", stem);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fputs("usage: kb-embed NAME DIR LIST STEM\n", stderr);
		return 2;
	}
	const char *name = argv[1], *dir = argv[2], *stem = argv[4];
	size_t length;
	char *list = read_all(argv[3], &length);
	names all = read_names(list);
	FILE *out = create(stem, ".c");
	write_source(out, name, dir, &all);
	finish(out, stem);
	out = create(stem, ".h");
	write_header(out, name);
	finish(out, stem);
	free(all.path);
	free(list);
	return 0;
}
