#include "model/pool.h"

#include <stdlib.h>

uint64_t kb_rules_binding(const kb_rules *rules)
{
	uint64_t bits = 0;
	for (uint32_t c = 0; c < rules->counter_count; c++)
		if (rules->counters[c].min > 0 || rules->counters[c].max < rules->size) bits |= UINT64_C(1) << c;
	return bits;
}

bool kb_rules_bind_minutes(const kb_rules *rules)
{
	return rules->minutes.min > 0 || rules->minutes.max < UINT32_MAX;
}

static int compare_items(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return a < b ? -1 : a > b;
}

void kb_pool_sort(uint32_t *items, uint32_t count)
{
	if (count > 1) qsort(items, count, sizeof *items, compare_items);
}

kb_status kb_pool_check(const kb_pool *pool, kb_err *err)
{
	if (pool->count > KB_POOL_MAX)
		return kb_fail(
			err, KB_LIMIT, "pool.count", "a pool holds at most %d questions, not %u", KB_POOL_MAX, pool->count);
	for (uint32_t i = 0; i < pool->count; i++)
		if (pool->items[i].weight == 0)
			return kb_fail(
				err, KB_INVALID, "pool.weight", "question %s has weight 0; leave it out instead", pool->items[i].key);
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		kb_pair_of_rivals pair = pool->rivals[r];
		if (pair.a >= pair.b || pair.b >= pool->count)
			return kb_fail(err, KB_INVALID, "pool.rivals",
				"rivals %u and %u are no ordered pair of the pool's %u questions", pair.a, pair.b, pool->count);
		if (r > 0 &&
			(pair.a < pool->rivals[r - 1].a || (pair.a == pool->rivals[r - 1].a && pair.b <= pool->rivals[r - 1].b)))
			return kb_fail(
				err, KB_INVALID, "pool.rivals", "rivals %u and %u stand out of order, or twice", pair.a, pair.b);
	}
	return KB_OK;
}

/* Union-find; the root of a component is its first item. */
static uint32_t root_of(uint32_t *parent, uint32_t item)
{
	while (parent[item] != item) {
		parent[item] = parent[parent[item]];
		item = parent[item];
	}
	return item;
}

kb_status kb_pool_group(kb_arena *arena, kb_pool *pool, kb_err *err)
{
	uint32_t *parent = kb_arena_array(arena, pool->count, sizeof *parent);
	if (!parent) return kb_arena_check(arena, err);
	KB_TRY(kb_pool_check(pool, err));
	for (uint32_t i = 0; i < pool->count; i++) parent[i] = i;
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		uint32_t a = root_of(parent, pool->rivals[r].a), b = root_of(parent, pool->rivals[r].b);
		if (a < b) parent[b] = a;
		else parent[a] = b;
	}

	/* A component's first item is met before its others, so its number is there when they need it. */
	uint32_t groups = 0;
	for (uint32_t i = 0; i < pool->count; i++) pool->items[i].group = 0;
	for (uint32_t i = 0; i < pool->count; i++) {
		uint32_t root = root_of(parent, i);
		if (root == i) continue;
		if (pool->items[root].group == 0) pool->items[root].group = UINT32_MAX;
		pool->items[i].group = UINT32_MAX;
	}
	for (uint32_t i = 0; i < pool->count; i++) {
		if (pool->items[i].group == 0) continue;
		uint32_t root = root_of(parent, i);
		pool->items[i].group = root == i ? ++groups : pool->items[root].group;
	}
	return KB_OK;
}

static bool holds(const uint32_t *items, uint32_t count, uint32_t item)
{
	for (uint32_t i = 0; i < count; i++)
		if (items[i] == item) return true;
	return false;
}

void kb_pool_exclude(const kb_pool *pool, const uint32_t *items, uint32_t count, uint8_t *excluded)
{
	for (uint32_t i = 0; i < count; i++) kb_pool_set(excluded, items[i]);
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		kb_pair_of_rivals pair = pool->rivals[r];
		if (holds(items, count, pair.a)) kb_pool_set(excluded, pair.b);
		if (holds(items, count, pair.b)) kb_pool_set(excluded, pair.a);
	}
}

int kb_pool_compare_rivals(const void *left, const void *right)
{
	const kb_pair_of_rivals *a = left, *b = right;
	if (a->a != b->a) return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

bool kb_pool_are_rivals(const kb_pool *pool, uint32_t a, uint32_t b)
{
	kb_pair_of_rivals pair = { a < b ? a : b, a < b ? b : a };
	return bsearch(&pair, pool->rivals, pool->rival_count, sizeof pair, kb_pool_compare_rivals) != NULL;
}
