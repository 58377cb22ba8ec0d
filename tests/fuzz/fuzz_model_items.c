/* Any YAML as a file of items and as a specification, held against a small standard. */
#include <stdlib.h>
#include <string.h>

#include "model/specification.h"
#include "text/yaml.h"

static const char text[] =
	"format: ksbank-standard/1\nkey: ST9999/1.0\ntitle: Lighthouse keeper\nattribution: Made up.\n"
	"sources: {plan: {title: The plan}, page: {title: The page}}\n"
	"ksbs:\n"
	"  K1: {text: How lamps work., source: plan:10}\n"
	"  K2: {disputed: [{source: plan:11, text: How fog forms.}, {source: page:31, text: How horns sound.}]}\n"
	"  S1: {text: Light the lamp., source: plan:12}\n"
	"  B1: {text: Stays awake., source: plan:13}\n"
	"methods:\n"
	"  talk:\n"
	"    name: Talk\n    source: plan:20\n    least-questions: 2\n    ksbs: [K1, K2, S1]\n    mapping-source: plan:21\n"
	"    minutes: {whole: {kind: stated, value: 60, tolerance: 10, wording: An hour., source: plan:22}}\n"
	"    rules: {review-interval-months: {value: \"6\", wording: Twice a year., source: plan:23}}\n"
	"    themes:\n"
	"      T-1: {name: One, ksbs: [K1, K2], pass: [a, b], distinction: [c], source: plan:24}\n"
	"      T-2: {name: Two, ksbs: [S1, K2], pass: [d], source: plan:25}\n"
	"  case:\n"
	"    {name: Case, source: plan:30, ksbs: [K1, B1], mapping-source: plan:31}\n";

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
	kb_faults faults = { .arena = arena }, others = { .arena = arena };
	kb_standard *standard = NULL;
	kb_specification *spec = NULL;
	kb_item_file file;
	kb_node *root;
	kb_rules rules;
	kb_err err;
	if (!arena || kb_yaml_read(arena, "standard", text, sizeof text - 1, &faults, &root, &err) != KB_OK) return 0;
	if (kb_standard_read(arena, root, &faults, &standard, &err) != KB_OK || faults.count) abort();
	if (kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK || !root) return 0;
	if (kb_item_file_read(arena, root, &faults, &file, &err) != KB_OK) return 0;
	check_items(arena, standard, "talk", &file.questions);
	check_items(arena, standard, "case", &file.themes);
	if (kb_specification_read(arena, root, &others, &spec, &err) != KB_OK) return 0;
	kb_specification_check(&others, standard, spec);
	if (others.count || kb_arena_check(arena, &err) != KB_OK) return 0;
	const kb_method *method = kb_standard_method(standard, spec->method.text);
	if (kb_specification_rules(spec, method, &rules, &err) == KB_OK && rules.counter_count > KB_COUNTERS_MAX) abort();
	return 0;
}
