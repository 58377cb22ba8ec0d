/* A template, a line with nothing but "=", and its data as JSON. The template is its own partial as well. */
#include <stdlib.h>
#include <string.h>

#include "text/json.h"
#include "text/markdown.h"
#include "text/mustache.h"

static const char *partial(void *context, const char *name)
{
	return *name == 'p' ? context : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char line[] = "\n=\n";
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_err err;
	size_t bad;
	if (!arena || memchr(data, '\0', size) || !kb_str_is_utf8((const char *)data, size, &bad)) return 0;
	char *template = kb_arena_copy(arena, (const char *)data, size);
	char *end = template ? strstr(template, line) : NULL;
	kb_node *tree = kb_node_map(arena);
	if (end) {
		const char *json = end + strlen(line);
		if (kb_json_read(arena, "data", json, strlen(json), &tree, &err) != KB_OK) return 0;
		*end = '\0';
	}
	kb_mustache_escape *const escapes[] = { NULL, kb_mustache_escape_html, kb_markdown_escape };
	for (size_t i = 0; template && i < KB_COUNT(escapes); i++) {
		kb_mustache_options options = {
			.escape = escapes[i], .strict = i == 1, .partial = partial, .context = template
		};
		kb_buf out = { .arena = arena };
		if (kb_mustache_fill(arena, "fuzz", template, tree, &options, &out, &err) != KB_OK) {
			if (!err.message[0] || !kb_str_is_utf8(err.message, strlen(err.message), &bad)) abort();
		} else if (!kb_str_is_utf8(kb_buf_string(&out), out.length, &bad)) {
			abort();
		}
	}
	return 0;
}
