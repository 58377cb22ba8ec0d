#include "engine/exposure.h"

#include "engine/tables.h"

#include <stdlib.h>

kb_status kb_exposure_find(kb_arena *arena, const kb_tables *tables, kb_exposure *exposure, kb_err *err)
{
	*exposure = (kb_exposure) { 0 };
	KB_TRY(kb_tables_inclusion(tables, arena, &exposure->papers, err));
	const char *count = kb_tables_count(tables, arena);
	exposure->chances = kb_arena_array(arena, tables->pool_count, sizeof *exposure->chances);
	KB_TRY(kb_arena_check(arena, err));
	if (tables->empty) return KB_OK;
	double total = strtod(count, NULL); /* below 2^512, well inside a double's range */
	for (uint32_t i = 0; i < tables->pool_count; i++) {
		double chance = exposure->chances[i] = strtod(exposure->papers[i], NULL) / total;
		if (chance > exposure->largest) exposure->largest = chance;
		exposure->overlap += chance * chance;
	}
	return KB_OK;
}
