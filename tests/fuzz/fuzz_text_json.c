/* Whatever can be read as JSON is written so that it reads as the same tree, and canonically in one way only. */
#include <stdlib.h>
#include <string.h>

#include "text/json.h"

static void reads_as(kb_arena *arena, const kb_node *root, const kb_buf *written, kb_node **again)
{
	kb_err err;
	if (kb_json_read(arena, "fuzz", written->text, written->length, again, &err) != KB_OK) {
		if (kb_arena_check(arena, &err) == KB_OK && written->length < (size_t)16 << 20) abort();
		*again = NULL;
	} else if (!kb_node_equal(root, *again)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_node *root, *again;
	kb_err err;
	kb_buf canonical = { .arena = arena }, pretty = { .arena = arena }, second = { .arena = arena };
	if (!arena || kb_json_read(arena, "fuzz", (const char *)data, size, &root, &err) != KB_OK) return 0;
	if (kb_json_pretty(arena, root, &pretty, &err) != KB_OK ||
		kb_json_canonical(arena, root, &canonical, &err) != KB_OK) {
		if (kb_arena_check(arena, &err) == KB_OK) abort();
		return 0;
	}
	reads_as(arena, root, &pretty, &again);
	if (!again || kb_json_canonical(arena, again, &second, &err) != KB_OK) return 0;
	if (second.length != canonical.length || memcmp(second.text, canonical.text, second.length) != 0) abort();
	reads_as(arena, root, &canonical, &again);
	return 0;
}
