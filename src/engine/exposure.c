#include "engine/exposure.h"

#include <math.h>
#include <stdlib.h>

#include "engine/tables.h"

typedef struct place {
	uint32_t item;
	double chance;
} place;

static int by_chance(const void *left, const void *right)
{
	const place *a = left, *b = right;
	if (a->chance != b->chance) return a->chance > b->chance ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

static kb_status put_in_order(kb_arena *arena, kb_exposure *exposure, kb_err *err)
{
	exposure->order = kb_arena_array(arena, exposure->count, sizeof *exposure->order);
	if (!exposure->order) return kb_arena_check(arena, err);
	kb_arena_mark scratch = kb_arena_save(arena);
	place *places = kb_arena_array(arena, exposure->count, sizeof *places);
	if (!places) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < exposure->count; i++) places[i] = (place) { i, exposure->chances[i] };
	if (exposure->count) qsort(places, exposure->count, sizeof *places, by_chance);
	for (uint32_t i = 0; i < exposure->count; i++) exposure->order[i] = places[i].item;
	kb_arena_restore(arena, scratch);
	return KB_OK;
}

kb_status kb_exposure_find(kb_arena *arena, const kb_tables *tables, kb_exposure *exposure, kb_err *err)
{
	*exposure = (kb_exposure) { .count = tables->pool_count };
	KB_TRY(kb_tables_inclusion(tables, arena, &exposure->papers, err));
	const char *count = kb_tables_count(tables, arena);
	exposure->chances = kb_arena_array(arena, exposure->count, sizeof *exposure->chances);
	KB_TRY(kb_arena_check(arena, err));
	double total = tables->empty ? 1 : strtod(count, NULL); /* below 2^512, well inside a double's range */
	exposure->bits = kb_tables_bits(tables);
	for (uint32_t i = 0; i < exposure->count; i++) {
		double chance = exposure->chances[i] = strtod(exposure->papers[i], NULL) / total;
		if (chance > exposure->largest) exposure->largest = chance;
		exposure->overlap += chance * chance;
		exposure->bits -= chance * log2(tables->pool.items[i].weight);
	}
	return put_in_order(arena, exposure, err);
}

double kb_exposure_known(const kb_exposure *exposure, uint32_t heard)
{
	double known = 0;
	for (uint32_t i = 0; i < exposure->count; i++) {
		double missed = 1, base = 1 - exposure->chances[i];
		for (uint32_t m = heard; m; m >>= 1, base *= base)
			if (m & 1) missed *= base;
		known += exposure->chances[i] * (1 - missed);
	}
	return known;
}
