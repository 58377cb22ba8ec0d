/* Any YAML as a specification: what is sound against a small standard is written as it was read, and its rules are such
 * as the engine takes. */
#include "small.h"

static void check_rules(const kb_standard *standard, const kb_specification *spec)
{
	const kb_method *method = kb_standard_method(standard, spec->method.text);
	kb_rules rules;
	kb_err err;
	if (kb_specification_cap(spec) > 1000) abort();
	if (kb_specification_offer_rules(spec, &rules, &err) == KB_OK && (rules.size == 0 || rules.size > KB_PAPER_MAX)) abort();
	if (kb_specification_rules(spec, method, &rules, &err) != KB_OK) return;
	if (rules.size == 0 || rules.size > KB_PAPER_MAX || rules.times == 0 || rules.times > KB_TIMES_MAX) abort();
	if (rules.unit_count > KB_UNITS_MAX || rules.counter_count > KB_COUNTERS_MAX || rules.minutes.min > rules.minutes.max)
		abort();
	for (uint32_t c = 0; c < rules.counter_count; c++)
		if (rules.counters[c].min > rules.counters[c].max) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena };
	kb_specification *spec;
	kb_node *root;
	kb_err err;
	const kb_standard *standard = arena ? small_standard(arena) : NULL;
	if (!standard || kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK || !root) return 0;
	if (kb_specification_read(arena, root, &faults, &spec, &err) != KB_OK) return 0;
	kb_specification_check(&faults, standard, spec);
	if (faults.count || kb_arena_check(arena, &err) != KB_OK) return 0;
	check_rules(standard, spec);
	kb_node *written = kb_specification_write(arena, spec);
	if (kb_arena_check(arena, &err) != KB_OK) return 0;
	if (!kb_node_equal(root, written)) abort();
	return 0;
}
