#include "text/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* The line that the mark names, cut to what a screen shows. */
static const char *excerpt(kb_faults *faults, kb_mark mark)
{
	if (!faults->source || !mark.line || !kb_str_equal(mark.file, faults->source_file)) return NULL;
	const char *p = faults->source, *end = p + faults->source_length;
	for (uint32_t line = 1; line < mark.line; line++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p) return NULL;
		p++;
	}
	const char *stop = memchr(p, '\n', (size_t)(end - p));
	size_t length = (size_t)((stop ? stop : end) - p);
	if (length > 100) length = 100;
	kb_buf out = { .arena = faults->arena };
	size_t bad;
	while (length > 0 && !kb_str_is_utf8(p, length, &bad)) length = bad;
	for (size_t i = 0; i < length; i++) kb_buf_char(&out, (unsigned char)p[i] < 0x20 || p[i] == 0x7F ? ' ' : p[i]);
	return kb_buf_string(&out);
}

kb_fault *kb_fault_add(kb_faults *faults, kb_mark mark, const char *id, const char *fmt, ...)
{
	static kb_fault none; /* where there is no memory left the arena has latched: nobody reads this one */
	faults->count++;
	if (faults->count > KB_FAULTS_KEPT) return &none;
	if (faults->count > faults->size) {
		size_t size = faults->size ? faults->size * 2 : 16;
		kb_fault *list = kb_arena_grow(faults->arena, faults->list, faults->size * sizeof *list, size * sizeof *list);
		if (!list) {
			faults->count--;
			return &none;
		}
		faults->list = list;
		faults->size = size;
	}
	char message[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(message, sizeof message, fmt, args);
	va_end(args);
	size_t bad;
	while (!kb_str_is_utf8(message, strlen(message), &bad)) /* a name that was cut inside of a character */
		memmove(message + bad, message + bad + 1, strlen(message + bad));
	kb_fault *fault = &faults->list[faults->count - 1];
	*fault = (kb_fault) {
		.mark = mark, .id = id, .message = kb_arena_text(faults->arena, message), .excerpt = excerpt(faults, mark)
	};
	return fault;
}

void kb_faults_source(kb_faults *faults, const char *file, const char *bytes, size_t length)
{
	faults->source_file = file;
	faults->source = bytes;
	faults->source_length = length;
}

kb_status kb_faults_check(const kb_faults *faults, kb_err *err)
{
	KB_TRY(kb_arena_check(faults->arena, err));
	if (faults->count == 0) return KB_OK;
	const kb_fault *first = &faults->list[0];
	kb_fail(err, KB_INVALID, first->id, "%s", first->message);
	if (first->nearest) kb_hint(err, "did you mean %s?", first->nearest);
	else if (first->expected) kb_hint(err, "expected %s", first->expected);
	return kb_fail_at(err, first->mark);
}

static void set_optional(kb_arena *arena, kb_node *map, const char *key, const char *text)
{
	if (text) kb_node_set_text(arena, map, key, text);
}

kb_node *kb_faults_node(kb_arena *arena, const kb_faults *faults)
{
	kb_node *list = kb_node_list(arena);
	size_t kept = faults->count < KB_FAULTS_KEPT ? faults->count : KB_FAULTS_KEPT;
	for (size_t i = 0; i < kept; i++) {
		const kb_fault *fault = &faults->list[i];
		kb_node *map = kb_node_add(arena, list, kb_node_map(arena));
		set_optional(arena, map, "file", fault->mark.file);
		kb_node_set_int(arena, map, "line", fault->mark.line);
		kb_node_set_int(arena, map, "column", fault->mark.column);
		kb_node_set_text(arena, map, "id", fault->id);
		kb_node_set_text(arena, map, "message", fault->message);
		set_optional(arena, map, "expected", fault->expected);
		set_optional(arena, map, "nearest", fault->nearest);
		set_optional(arena, map, "excerpt", fault->excerpt);
	}
	return list;
}
