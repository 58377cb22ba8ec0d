/* Any JSON as a draw record: what is accepted fits the engine's limits, and is written as it was read. */
#include <stdlib.h>
#include <string.h>

#include "app/paper_pool.h"
#include "text/json.h"

static void check_pool(const kb_draw_input *in)
{
	const kb_pool *pool = &in->pool;
	if (pool->count > KB_POOL_MAX || in->rules.unit_count > KB_UNITS_MAX || in->rules.counter_count > KB_COUNTERS_MAX) abort();
	if (in->excluded_count > pool->count) abort();
	for (uint32_t i = 0; i < pool->count; i++) {
		uint64_t units = in->rules.unit_count == 64 ? 0 : pool->items[i].units >> in->rules.unit_count;
		if (units || pool->items[i].counters >> in->rules.counter_count) abort();
	}
	for (uint32_t i = 0; i < pool->rival_count; i++)
		if (pool->rivals[i].a >= pool->rivals[i].b || pool->rivals[i].b >= pool->count) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_node *root, *written;
	kb_draw_input input, again;
	kb_err err;
	if (!arena || kb_json_read(arena, "fuzz", (const char *)data, size, &root, &err) != KB_OK) return 0;
	if (kb_paper_pool_read(arena, root, &input, &err) != KB_OK) return 0;
	check_pool(&input);
	/* Reading back needs no reasons; writing takes the lists as they stand in the record. */
	input.exclusions = kb_node_get(root, "excluded");
	input.left_out = kb_node_list(arena);
	written = kb_node_map(arena);
	kb_paper_pool_write(arena, &input, written);
	if (kb_arena_check(arena, &err) != KB_OK) return 0;
	if (kb_paper_pool_read(arena, written, &again, &err) != KB_OK) {
		if (kb_arena_check(arena, &err) == KB_OK) abort();
		return 0;
	}
	if (again.pool.count != input.pool.count || again.pool.rival_count != input.pool.rival_count ||
		again.excluded_count != input.excluded_count || again.rules.required != input.rules.required)
		abort();
	for (uint32_t i = 0; i < again.pool.count; i++)
		if (strcmp(again.pool.items[i].key, input.pool.items[i].key) != 0 || again.pool.items[i].units != input.pool.items[i].units) abort();
	return 0;
}
