/* Which questions a bank can't lose without losing a paper. */
#include "engine/capacity.h"

#include <string.h>

enum { UNDECIDED_MAX = 8 }; /* searches without an answer, before no further one is begun */

typedef struct tester {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	const kb_capacity *capacity;
	uint8_t *without, *held; /* scratch; what all packings found so far hold */
	size_t bytes;
	uint32_t undecided;
} tester;

static void start(tester *t, uint32_t question)
{
	memset(t->without, 0, t->bytes);
	if (t->excluded) memcpy(t->without, t->excluded, (t->pool->count + 7) / 8);
	kb_pool_set(t->without, question);
}

/* A packing as large shows that whatever it does not hold can be lost. */
static kb_status keep_held(tester *t, const uint32_t *items, size_t count, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(t->arena);
	uint8_t *holds = kb_arena_alloc(t->arena, t->bytes);
	if (!holds) return kb_arena_check(t->arena, err);
	memset(holds, 0, t->bytes);
	for (size_t i = 0; i < count; i++) kb_pool_set(holds, items[i]);
	for (size_t i = 0; i < t->bytes; i++) t->held[i] &= holds[i];
	kb_arena_restore(t->arena, mark);
	return KB_OK;
}

static kb_status pack_without(tester *t, uint32_t question, kb_answer *critical, kb_err *err)
{
	kb_capacity other = { 0 };
	kb_err limit;
	kb_arena_mark mark = kb_arena_save(t->arena);
	*critical = KB_UNKNOWN;
	if (t->undecided >= UNDECIDED_MAX) return KB_OK;
	start(t, question);
	kb_status status = kb_capacity_try(
		t->arena, t->pool, t->rules, t->without, t->capacity->lower, KB_PATIENCE_LITTLE, &other, &limit);
	if (status != KB_OK && status != KB_LIMIT) {
		*err = limit;
		return status;
	}
	KB_TRY(kb_arena_check(t->arena, err));
	if (status == KB_OK && other.upper < t->capacity->lower) *critical = KB_YES;
	if (status == KB_OK && other.lower >= t->capacity->lower) {
		*critical = KB_NO;
		KB_TRY(keep_held(t, other.papers, (size_t)other.lower * t->rules->size, err));
	}
	t->undecided += *critical == KB_UNKNOWN;
	kb_arena_restore(t->arena, mark);
	return KB_OK;
}

/* A paper without the question in the place of the one that holds it shows at once that it can be lost; otherwise all
 * is packed anew. */
static kb_status test(tester *t, uint32_t paper, uint32_t question, kb_answer *critical, kb_err *err)
{
	const kb_capacity *c = t->capacity;
	start(t, question);
	for (uint32_t p = 0; p < c->lower; p++)
		if (p != paper) kb_pool_exclude(t->pool, c->papers + (size_t)p * t->rules->size, t->rules->size, t->without);
	KB_TRY(kb_capacity_reaches(t->arena, t->pool, t->rules, t->without, 1, critical, err));
	if (*critical != KB_YES) return pack_without(t, question, critical, err);
	*critical = KB_NO;
	return KB_OK;
}

kb_status kb_capacity_critical(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_capacity *capacity, kb_answer **critical, kb_err *err)
{
	size_t bytes = pool->count / 8 + 1;
	tester t = { arena, pool, rules, excluded, capacity, kb_arena_alloc(arena, bytes), kb_arena_alloc(arena, bytes),
		bytes, 0 };
	kb_progress_tell(pool->progress, "looking for questions that must stay", 0, 0);
	kb_answer *list = kb_arena_array(arena, pool->count, sizeof *list);
	if (!t.without || !t.held || !list) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < pool->count; i++) list[i] = KB_NO;
	memset(t.held, 0xFF, bytes);
	for (uint32_t p = 0; p < capacity->lower; p++)
		for (uint32_t i = 0; i < rules->size; i++) {
			uint32_t question = capacity->papers[(size_t)p * rules->size + i];
			if (kb_pool_has(t.held, question)) KB_TRY(test(&t, p, question, &list[question], err));
		}
	*critical = list;
	return KB_OK;
}
