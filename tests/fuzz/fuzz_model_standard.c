/* Any YAML as a standard: sound ones are written as they were read, and any can be asked what the engine asks. */
#include <stdlib.h>
#include <string.h>

#include "model/specification.h"
#include "text/yaml.h"

static void ask(kb_arena *arena, const kb_standard *standard)
{
	const kb_method *methods = standard->methods.list;
	kb_unit *units;
	uint32_t count;
	kb_err err;
	for (size_t m = 0; m < standard->methods.count; m++) {
		(void)kb_standard_checklist(standard, &methods[m]);
		(void)kb_method_descriptor(&methods[m], "PD-1.P1");
		if (kb_method_units(arena, &methods[m], &units, &count, &err) == KB_OK && count > KB_UNITS_MAX) abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena };
	kb_standard *standard = NULL;
	kb_specification *spec = NULL;
	kb_node *root;
	kb_err err;
	if (!arena || kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK || !root)
		return 0;
	if (kb_standard_read(arena, root, &faults, &standard, &err) != KB_OK) return 0;
	kb_faults others = { .arena = arena };
	if (kb_specification_read(arena, root, &others, &spec, &err) == KB_OK)
		kb_specification_check(&others, standard, spec);
	if (faults.count) return 0;
	ask(arena, standard);
	kb_node *written = kb_standard_write(arena, standard);
	if (kb_arena_check(arena, &err) != KB_OK) return 0;
	if (kb_standard_read(arena, written, &faults, &standard, &err) != KB_OK) return 0;
	if (faults.count || !kb_node_equal(written, kb_standard_write(arena, standard))) abort();
	return 0;
}
