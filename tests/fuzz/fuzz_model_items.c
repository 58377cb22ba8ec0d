/* Any YAML as a file of items, held against a small standard. */
#include "small.h"

static void check_items(kb_arena *arena, const kb_standard *standard, const char *method_id, const kb_list *list)
{
	const kb_method *method = kb_standard_method(standard, method_id);
	const kb_item *items = list->list;
	kb_faults faults = { .arena = arena };
	kb_err err;
	for (size_t i = 0; method && i < list->count; i++) {
		kb_item again;
		size_t before = faults.count;
		kb_item_check(&faults, standard, method, &items[i]);
		kb_node *node = kb_item_write(arena, &items[i]);
		if (kb_arena_check(arena, &err) != KB_OK || faults.count > before) continue;
		if (kb_item_read(arena, node, items[i].is_theme, &again, &err) != KB_OK) continue;
		if (!kb_node_equal(node, kb_item_write(arena, &again)) && kb_arena_check(arena, &err) == KB_OK) abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena };
	kb_item_file file;
	kb_node *root;
	kb_err err;
	const kb_standard *standard = arena ? small_standard(arena) : NULL;
	if (!standard || kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK || !root) return 0;
	if (kb_item_file_read(arena, root, &faults, &file, &err) != KB_OK) return 0;
	check_items(arena, standard, "talk", &file.questions);
	check_items(arena, standard, "case", &file.themes);
	return 0;
}
