#include "engine/packing.h"

#include <string.h>

typedef struct search {
	kb_arena *arena;
	kb_packing *out;
	uint32_t *path, depth;
	uint32_t *uses;   /* of each question: candidates that hold it */
	uint8_t *blocked; /* scratch for one paper's questions and their rivals */
	bool spent;
} search;

typedef struct candidates {
	uint32_t *papers, count;
} candidates;

static const uint32_t *items_of(const search *s, uint32_t paper)
{
	return s->out->papers + (size_t)paper * s->out->rules->size;
}

static bool holds(const search *s, uint32_t paper, uint32_t item)
{
	const uint32_t *items = items_of(s, paper);
	for (uint32_t i = 0; i < s->out->rules->size; i++)
		if (items[i] == item) return true;
	return false;
}

static void count_uses(search *s, const candidates *c)
{
	memset(s->uses, 0, s->out->pool->count * sizeof *s->uses);
	for (uint32_t p = 0; p < c->count; p++)
		for (uint32_t i = 0; i < s->out->rules->size; i++) s->uses[items_of(s, c->papers[p])[i]]++;
}

/* How many more papers the candidates can give, and the question to decide on next: the one with the fewest candidates
 * among those of the scarcest unit. */
static uint32_t bound(const search *s, uint32_t *next)
{
	const kb_pool *pool = s->out->pool;
	const kb_rules *rules = s->out->rules;
	uint32_t left = 0, supply[KB_UNITS_MAX] = { 0 };
	for (uint32_t i = 0; i < pool->count; i++) {
		if (s->uses[i] == 0) continue;
		left++;
		for (uint64_t rest = pool->items[i].units & rules->required; rest; rest &= rest - 1)
			supply[__builtin_ctzll(rest)]++;
	}
	uint32_t least = left / rules->size;
	uint64_t scarce = UINT64_MAX;
	for (uint64_t rest = rules->sample ? 0 : rules->required; rest; rest &= rest - 1) {
		uint32_t unit = (uint32_t)__builtin_ctzll(rest);
		if (supply[unit] / rules->times >= least && scarce != UINT64_MAX) continue;
		if (supply[unit] / rules->times < least) least = supply[unit] / rules->times;
		scarce = (uint64_t)1 << unit;
	}
	*next = KB_POOL_MAX;
	for (uint32_t i = 0; i < pool->count; i++) {
		if (s->uses[i] == 0 || (scarce != UINT64_MAX && !(pool->items[i].units & scarce))) continue;
		if (*next == KB_POOL_MAX || s->uses[i] < s->uses[*next]) *next = i;
	}
	return least;
}

static bool compatible(const search *s, uint32_t paper)
{
	const uint32_t *items = items_of(s, paper);
	for (uint32_t i = 0; i < s->out->rules->size; i++)
		if (kb_pool_has(s->blocked, items[i])) return false;
	return true;
}

static void keep_best(search *s)
{
	if (s->depth <= s->out->best) return;
	s->out->best = s->depth;
	memcpy(s->out->chosen, s->path, s->depth * sizeof *s->path);
}

static bool spend(search *s, uint32_t count)
{
	if (s->out->budget < count) s->spent = true;
	else s->out->budget -= count;
	return !s->spent;
}

static kb_status explore(search *s, candidates c, kb_err *err);

static kb_status take(search *s, const candidates *c, uint32_t paper, kb_err *err)
{
	const kb_pool *pool = s->out->pool;
	if (!spend(s, c->count)) return KB_OK;
	kb_arena_mark mark = kb_arena_save(s->arena);
	candidates rest = { kb_arena_array(s->arena, c->count, sizeof *rest.papers), 0 };
	if (!rest.papers) return kb_arena_check(s->arena, err);
	memset(s->blocked, 0, (pool->count + 7) / 8);
	kb_pool_exclude(pool, items_of(s, paper), s->out->rules->size, s->blocked);
	for (uint32_t p = 0; p < c->count; p++)
		if (compatible(s, c->papers[p])) rest.papers[rest.count++] = c->papers[p];
	s->path[s->depth++] = paper;
	keep_best(s);
	kb_status status = explore(s, rest, err);
	s->depth--;
	kb_arena_restore(s->arena, mark);
	return status;
}

/* Either a paper with the next question is chosen, or none is and its candidates go. The candidates are used up. */
static kb_status explore(search *s, candidates c, kb_err *err)
{
	while (c.count > 0 && s->out->best < s->out->wanted) {
		kb_progress_tick(s->out->pool->progress);
		if (!spend(s, c.count)) return KB_OK;
		uint32_t next;
		count_uses(s, &c);
		if (s->depth + bound(s, &next) <= s->out->best || next == KB_POOL_MAX) return KB_OK;
		uint32_t kept = 0;
		for (uint32_t p = 0; p < c.count && s->out->best < s->out->wanted && !s->spent; p++)
			if (holds(s, c.papers[p], next)) KB_TRY(take(s, &c, c.papers[p], err));
		for (uint32_t p = 0; p < c.count; p++)
			if (!holds(s, c.papers[p], next)) c.papers[kept++] = c.papers[p];
		c.count = kept;
		if (s->spent) return KB_OK;
	}
	return KB_OK;
}

kb_status kb_packing_search(kb_arena *arena, kb_packing *packing, kb_err *err)
{
	search *s = kb_arena_alloc(arena, sizeof *s);
	candidates all = { kb_arena_array(arena, packing->count, sizeof *all.papers), packing->count };
	if (!s || !all.papers) return kb_arena_check(arena, err);
	s->arena = arena;
	s->out = packing;
	s->uses = kb_arena_array(arena, packing->pool->count, sizeof *s->uses);
	s->path = kb_arena_array(arena, packing->wanted + (size_t)1, sizeof *s->path);
	s->blocked = kb_arena_alloc(arena, packing->pool->count / 8 + 1);
	if (!s->uses || !s->path || !s->blocked) return kb_arena_check(arena, err);
	for (uint32_t p = 0; p < packing->count; p++) all.papers[p] = p;
	KB_TRY(explore(s, all, err));
	packing->proven = !s->spent;
	return KB_OK;
}
