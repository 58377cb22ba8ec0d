/* Any YAML as the record of a sitting, held against a small paper. */
#include <stdlib.h>

#include "model/sitting.h"
#include "text/yaml.h"

/* Three units in two grading themes; two questions, the second without a unit that is required. */
static kb_sat_paper small_paper(void)
{
	static const char *questions[] = { "Q-1", "Q-2" }, *themes[] = { "T-1", "T-2" };
	static uint64_t covers[] = { 3, 4 };
	static kb_unit units[] = { { "T-1", "K1" }, { "T-1", "K2" }, { "T-2", "K1" } };
	static kb_text letters[] = { { .text = "a" }, { .text = "b" } },
				   grades[] = { { .text = "Fail" }, { .text = "Pass" }, { .text = "Distinction" } };
	return (kb_sat_paper) { .key = "P-000001",
		.questions = questions,
		.themes = themes,
		.covers = covers,
		.question_count = 2,
		.units = units,
		.rules = { .size = 2, .unit_count = 3, .required = 7, .times = 1 },
		.letters = { letters, 2 },
		.grades = { grades, 3 },
		.least_questions = 2,
		.own_required = true };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena }, again = { .arena = arena };
	kb_sitting sitting, copy;
	kb_node *root;
	kb_err err;
	if (!arena || kb_yaml_read(arena, "fuzz", (const char *)data, size, &faults, &root, &err) != KB_OK || !root) return 0;
	if (kb_sitting_read(arena, root, &faults, &sitting, &err) != KB_OK) return 0;
	kb_sat_paper paper = small_paper();
	kb_sitting_check(&faults, &paper, &sitting);
	if (faults.count || kb_arena_check(arena, &err) != KB_OK) return 0;
	kb_tally asked = kb_sitting_asked(&paper, &sitting), issued = kb_sitting_issued(&paper);
	if (kb_sitting_minutes(&sitting) <= 0 || asked.covered > asked.required || issued.covered != 3) abort();
	if (asked.questions > 2 + sitting.own.count || asked.own != sitting.own.count) abort();
	kb_sitting_shortfalls(arena, &paper, &asked);
	kb_node *node = kb_sitting_write(arena, &sitting);
	if (kb_arena_check(arena, &err) != KB_OK || kb_sitting_read(arena, node, &again, &copy, &err) != KB_OK) return 0;
	if (again.count || !kb_node_equal(node, kb_sitting_write(arena, &copy))) abort();
	return 0;
}
