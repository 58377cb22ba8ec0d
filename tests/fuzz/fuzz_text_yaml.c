/* Whatever can be read as YAML is written so that it reads as the same tree; whatever can't has a fault with a place.
 */
#include <stdlib.h>
#include <string.h>

#include "text/yaml.h"

static void check_faults(const kb_faults *faults, const char *bytes, size_t size)
{
	size_t kept = faults->count < KB_FAULTS_KEPT ? faults->count : KB_FAULTS_KEPT, lines = 2, bad;
	for (size_t i = 0; i < size; i++) lines += bytes[i] == '\n';
	for (size_t i = 0; i < kept; i++) {
		const kb_fault *fault = &faults->list[i];
		if (fault->mark.line < 1 || fault->mark.line > lines || fault->mark.column < 1) abort();
		if (!fault->message || !kb_str_is_utf8(fault->message, strlen(fault->message), &bad)) abort();
		if (fault->excerpt && !kb_str_is_utf8(fault->excerpt, strlen(fault->excerpt), &bad)) abort();
		if (!fault->expected) abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena }, none = { .arena = arena };
	kb_node *root, *again;
	kb_err err;
	kb_buf out = { .arena = arena };
	if (!arena || kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK) return 0;
	check_faults(&faults, (const char *)data, size);
	if (!root && faults.count == 0) abort();
	if (!root || kb_yaml_write(arena, root, NULL, &out, &err) != KB_OK) return 0;
	if (kb_yaml_read(arena, "fuzz", out.text, out.length, &none, &again, &err) != KB_OK) return 0;
	if (none.count || !kb_node_equal(root, again)) abort();
	return 0;
}
