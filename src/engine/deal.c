#include "engine/deal.h"

#include "engine/state.h"

#include <stdlib.h>
#include <string.h>

typedef struct dealer {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	uint8_t *used;   /* or excluded */
	uint32_t *root;  /* of each question: rivals have one in common */
	uint32_t *part;  /* of each root */
	uint32_t *place; /* of each question in its part */
	uint32_t *order; /* questions that are left, those alike together */
	uint32_t *items; /* the same, part by part */
	kb_pool sub;     /* a part */
	uint32_t wanted, *papers, *found;
} dealer;

static uint32_t root_of(const dealer *d, uint32_t item)
{
	while (d->root[item] != item) item = d->root[item] = d->root[d->root[item]];
	return item;
}

static kb_status open_dealer(dealer *d, const uint8_t *excluded, kb_err *err)
{
	uint32_t n = d->pool->count;
	d->used = kb_arena_alloc(d->arena, n / 8 + 1);
	d->root = kb_arena_array(d->arena, n, sizeof *d->root);
	d->part = kb_arena_array(d->arena, n, sizeof *d->part);
	d->place = kb_arena_array(d->arena, n, sizeof *d->place);
	d->order = kb_arena_array(d->arena, n, sizeof *d->order);
	d->items = kb_arena_array(d->arena, n, sizeof *d->items);
	d->sub.items = kb_arena_array(d->arena, n, sizeof *d->sub.items);
	d->sub.rivals = kb_arena_array(d->arena, d->pool->rival_count, sizeof *d->sub.rivals);
	KB_TRY(kb_arena_check(d->arena, err));
	d->sub.progress = d->pool->progress;
	if (excluded) memcpy(d->used, excluded, (n + 7) / 8);
	for (uint32_t i = 0; i < n; i++) d->root[i] = i;
	for (uint32_t r = 0; r < d->pool->rival_count; r++) {
		uint32_t a = root_of(d, d->pool->rivals[r].a), b = root_of(d, d->pool->rivals[r].b);
		d->root[a > b ? a : b] = a > b ? b : a;
	}
	for (uint32_t i = 0; i < n; i++) d->root[i] = root_of(d, i);
	return KB_OK;
}

/* What qsort looks at: questions alike stand together, and so go to all parts in turn. */
typedef struct likeness {
	uint64_t units, counters;
	uint32_t minutes, item;
} likeness;

static int compare_likeness(const void *left, const void *right)
{
	const likeness *a = left, *b = right;
	if (a->units != b->units) return a->units < b->units ? -1 : 1;
	if (a->counters != b->counters) return a->counters < b->counters ? -1 : 1;
	if (a->minutes != b->minutes) return a->minutes < b->minutes ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

static kb_status list_rest(dealer *d, uint32_t *count, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(d->arena);
	likeness *list = kb_arena_array(d->arena, d->pool->count, sizeof *list);
	if (!list) return kb_arena_check(d->arena, err);
	*count = 0;
	for (uint32_t i = 0; i < d->pool->count; i++) {
		const kb_pool_item *item = &d->pool->items[i];
		if (!kb_pool_has(d->used, i))
			list[(*count)++] = (likeness) { item->units & d->rules->required, item->counters, item->minutes, i };
	}
	if (*count > 1) qsort(list, *count, sizeof *list, compare_likeness);
	for (uint32_t i = 0; i < *count; i++) d->order[i] = list[i].item;
	kb_arena_restore(d->arena, mark);
	return KB_OK;
}

/* Rivals go to one part. Then the questions of each part stand together in items, in the pool's order. */
static kb_status deal(dealer *d, uint32_t count, uint32_t parts, uint32_t *first, kb_err *err)
{
	uint32_t next = 0, n = d->pool->count;
	memset(d->part, 0xFF, n * sizeof *d->part);
	memset(first, 0, (parts + (size_t)1) * sizeof *first);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t *part = &d->part[d->root[d->order[i]]];
		if (*part == KB_NONE) *part = next++ % parts;
		first[*part + 1]++;
	}
	for (uint32_t p = 0; p < parts; p++) first[p + 1] += first[p];
	kb_arena_mark mark = kb_arena_save(d->arena);
	uint32_t *at = kb_arena_array(d->arena, parts, sizeof *at);
	if (!at) return kb_arena_check(d->arena, err);
	memcpy(at, first, parts * sizeof *at);
	for (uint32_t i = 0; i < n; i++)
		if (!kb_pool_has(d->used, i)) d->items[at[d->part[d->root[i]]]++] = i;
	kb_arena_restore(d->arena, mark);
	return KB_OK;
}

/* A part as a pool of its own. What an earlier part used is not in it, so that its rivals are not either. */
static void gather(dealer *d, const uint32_t *items, uint32_t count, uint32_t part)
{
	d->sub.count = count;
	d->sub.rival_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		d->sub.items[i] = d->pool->items[items[i]];
		d->place[items[i]] = i;
	}
	for (uint32_t r = 0; r < d->pool->rival_count; r++) {
		kb_pair_of_rivals pair = d->pool->rivals[r];
		if (d->part[d->root[pair.a]] != part || kb_pool_has(d->used, pair.a) || kb_pool_has(d->used, pair.b)) continue;
		d->sub.rivals[d->sub.rival_count++] = (kb_pair_of_rivals) { d->place[pair.a], d->place[pair.b] };
	}
}

static kb_status pack_part(dealer *d, const uint32_t *items, kb_err *err)
{
	kb_capacity capacity;
	uint32_t size = d->rules->size, *papers = d->papers + (size_t)*d->found * size;
	kb_arena_mark mark = kb_arena_save(d->arena);
	KB_TRY(kb_capacity_try(d->arena, &d->sub, d->rules, NULL, 0, KB_PATIENCE_NONE, &capacity, err));
	if (capacity.lower > d->wanted - *d->found) capacity.lower = d->wanted - *d->found;
	for (uint32_t k = 0; k < capacity.lower * size; k++) papers[k] = items[capacity.papers[k]];
	*d->found += capacity.lower;
	kb_arena_restore(d->arena, mark);
	return KB_OK;
}

static kb_status pack_round(dealer *d, uint32_t count, kb_err *err)
{
	uint32_t parts = count / KB_DEAL_PART > 0 ? count / KB_DEAL_PART : 1, before = *d->found;
	kb_arena_mark mark = kb_arena_save(d->arena);
	uint32_t *first = kb_arena_array(d->arena, parts + (size_t)1, sizeof *first);
	if (!first) return kb_arena_check(d->arena, err);
	KB_TRY(deal(d, count, parts, first, err));
	/* Where the first part gives nothing, its like won't either. */
	for (uint32_t p = 0; p < parts && *d->found < d->wanted && (p == 0 || *d->found > before); p++) {
		gather(d, d->items + first[p], first[p + 1] - first[p], p);
		KB_TRY(pack_part(d, d->items + first[p], err));
	}
	for (uint32_t p = before; p < *d->found; p++)
		kb_pool_exclude(d->pool, d->papers + (size_t)p * d->rules->size, d->rules->size, d->used);
	kb_arena_restore(d->arena, mark);
	return KB_OK;
}

/* Rounds go on while they find something. */
kb_status kb_deal_pack(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t wanted, uint32_t *papers, uint32_t *found, kb_err *err)
{
	dealer d = { .arena = arena, .pool = pool, .rules = rules, .wanted = wanted, .papers = papers, .found = found };
	kb_arena_mark mark = kb_arena_save(arena);
	*found = 0;
	KB_TRY(open_dealer(&d, excluded, err));
	for (uint32_t before = KB_NONE, count = 0; before != *found && *found < wanted;) {
		before = *found;
		KB_TRY(list_rest(&d, &count, err));
		KB_TRY(pack_round(&d, count, err));
	}
	kb_arena_restore(arena, mark);
	return KB_OK;
}
