#include "engine/block.h"

#include <stdlib.h>

/* The states that one state's options lead to, found once for each effect. */
typedef struct targets {
	uint32_t *target, *asked_for; /* of each effect; asked_for: the state, + 1 */
} targets;

/* The last place at which a state can still come to cover what it must. */
static uint32_t death_of(const kb_block *b, const kb_state *state)
{
	uint32_t death = b->stage_count;
	for (uint64_t missing = b->must & ~state->units[b->times - 1]; missing; missing &= missing - 1) {
		uint32_t closes = b->closes[__builtin_ctzll(missing)];
		if (closes < death) death = closes;
	}
	return death;
}

/* Whether the questions that the block may still take could cover what is missing. */
static bool can_cover(const kb_block *b, const kb_state *state)
{
	uint32_t missing = 0;
	for (uint32_t t = 0; t < b->times; t++) missing += (uint32_t)__builtin_popcountll(b->must & ~state->units[t]);
	return missing <= b->most * (b->hi - kb_state_count(&b->layout, state->sums));
}

typedef struct planner {
	kb_arena *arena;
	kb_block *block;
	uint32_t size; /* of the arrays below, which follow block->states */
	targets memo;
} planner;

static bool follow_size(planner *p)
{
	kb_block *b = p->block;
	if (b->states.size == p->size) return true;
	uint32_t old = p->size, size = b->states.size;
	b->birth = kb_arena_grow(p->arena, b->birth, old * sizeof *b->birth, size * sizeof *b->birth);
	b->death = kb_arena_grow(p->arena, b->death, old * sizeof *b->death, size * sizeof *b->death);
	b->next = kb_arena_grow(p->arena, b->next, old * sizeof *b->next, size * sizeof *b->next);
	p->size = size;
	return b->birth && b->death && b->next;
}

/* The state, as reached at this place; false once the arena is full. */
static bool reach(planner *p, const kb_state *state, uint32_t place, uint32_t death)
{
	kb_block *b = p->block;
	uint32_t known = b->states.count, number = kb_state_intern(&b->states, p->arena, state);
	if (number == KB_NONE || !follow_size(p)) return false;
	if (number < known) {
		if (place < b->birth[number]) b->birth[number] = place;
		return true;
	}
	uint32_t count = kb_state_count(&b->layout, state->sums);
	b->birth[number] = place;
	b->death[number] = death;
	b->next[number] = KB_NONE;
	if (b->level[count] == KB_NONE) b->level[count] = number;
	else b->next[b->last[count]] = number;
	b->last[count] = number;
	return true;
}

/* Where a state can go from its birth on. An effect matters where it comes first: later it leads to the same. */
static bool plan_from(planner *p, uint32_t number)
{
	kb_block *b = p->block;
	for (uint32_t s = b->birth[number]; s < b->stage_count && s <= b->death[number]; s++) {
		for (uint32_t o = b->stages[s].first; o < b->stages[s].first + b->stages[s].count; o++) {
			const kb_option *option = &b->options[o];
			if (p->memo.asked_for[option->effect] == number + 1) continue;
			p->memo.asked_for[option->effect] = number + 1;
			kb_state to;
			if (!kb_block_step(b, &b->states.states[number], option, &to)) continue;
			uint32_t death = death_of(b, &to);
			if (death > s && can_cover(b, &to) && !reach(p, &to, s + 1, death)) return false;
		}
	}
	return true;
}

static kb_status too_many(kb_err *err, size_t max_cells)
{
	kb_fail(err, KB_LIMIT, "draw.states", "counting the papers of this pool would take more than %zu states", max_cells);
	return kb_hint(err, "tag each question within one grading theme, count fewer categories, or widen the minutes");
}

static kb_status full(kb_arena *arena, kb_err *err, size_t max_cells)
{
	KB_TRY(kb_arena_check(arena, err));
	return too_many(err, max_cells);
}

/* Births and deaths of all states; level by level, as each option adds a question. */
static kb_status plan(kb_arena *arena, kb_block *b, targets memo, size_t max_cells, kb_err *err)
{
	planner p = { arena, b, 0, memo };
	const kb_state nothing = { 0 };
	if (!can_cover(b, &nothing)) return KB_OK;
	if (!reach(&p, &nothing, 0, death_of(b, &nothing))) return full(arena, err, max_cells);
	for (uint32_t count = 0; count <= b->hi; count++) {
		for (uint32_t s = b->level[count]; s != KB_NONE; s = b->next[s]) {
			if (count < b->hi && !plan_from(&p, s)) return full(arena, err, max_cells);
			b->cells += b->death[s] - b->birth[s] + (size_t)1;
			if (b->cells > max_cells) return too_many(err, max_cells);
		}
	}
	return KB_OK;
}

static inline void keep_least(uint64_t *least, uint64_t cost)
{
	if (cost < *least) *least = cost;
}

static inline void add_ways(
	const kb_block *b, uint64_t *to, const uint64_t *from, const kb_option *option, size_t limbs, bool cheapest)
{
	if (cheapest) keep_least(to, *from + option->ways);
	else if (option->ways) wide_add_scaled(to, limbs, from, limbs, option->ways);
	else wide_add_product(to, limbs, from, limbs, b->wides + option->wide * limbs, limbs);
}

/* Adds what comes from one state to the columns of those it leads to. Its own column is summed up first: all that
 * leads to it has fewer questions. */
static inline void push_from(kb_block *b, targets memo, uint32_t number, size_t limbs, bool cheapest)
{
	uint64_t *column = b->ways + b->column[number];
	uint32_t birth = b->birth[number], death = b->death[number];
	for (uint32_t s = birth; s < death; s++) {
		uint64_t *cell = column + (s - birth) * limbs;
		if (cheapest) keep_least(cell + 1, *cell);
		else wide_add(cell + limbs, cell, limbs);
	}
	if (kb_state_count(&b->layout, b->states.states[number].sums) == b->hi) return;

	for (uint32_t s = birth; s < b->stage_count && s <= death; s++) {
		const kb_option *option = b->options + b->stages[s].first, *end = option + b->stages[s].count;
		for (; option < end; option++) {
			uint32_t effect = option->effect;
			if (memo.asked_for[effect] != number + 1) {
				kb_state to;
				bool legal = kb_block_step(b, &b->states.states[number], option, &to);
				memo.target[effect] = legal ? kb_state_find(&b->states, &to) : KB_NONE;
				memo.asked_for[effect] = number + 1;
			}
			uint32_t target = memo.target[effect];
			if (target == KB_NONE || s + 1 > b->death[target]) continue;
			uint64_t *to = b->ways + b->column[target] + (s + 1 - b->birth[target]) * limbs;
			add_ways(b, to, column + (s - birth) * limbs, option, limbs, cheapest);
		}
	}
}

static inline void push_all(kb_block *b, targets memo, size_t limbs, bool cheapest)
{
	for (uint32_t count = 0; count <= b->hi; count++)
		for (uint32_t s = b->level[count]; s != KB_NONE; s = b->next[s]) push_from(b, memo, s, limbs, cheapest);
}

static void push(kb_block *b, targets memo)
{
	if (b->cheapest) {
		memset(b->ways, 0xFF, b->cells * sizeof *b->ways);
		b->ways[b->column[0]] = 0;
		push_all(b, memo, 1, true);
		return;
	}
	b->ways[b->column[0]] = 1;
	switch (b->limbs) { /* constants, so that the compiler unrolls */
	case 1: push_all(b, memo, 1, false); break;
	case 2: push_all(b, memo, 2, false); break;
	case 4: push_all(b, memo, 4, false); break;
	default: push_all(b, memo, KB_WIDE_LIMBS, false); break;
	}
}

typedef struct ending {
	uint64_t sums;
	uint32_t state;
} ending;

static int compare_endings(const void *left, const void *right)
{
	const ending *a = left, *b = right;
	if (a->sums != b->sums) return a->sums < b->sums ? -1 : 1;
	return a->state < b->state ? -1 : a->state > b->state;
}

static bool is_ending(const kb_block *b, uint32_t state)
{
	if (b->death[state] < b->stage_count || kb_state_count(&b->layout, b->states.states[state].sums) < b->lo) return false;
	/* Field 0 is the count; a local counter has its minimum here, one that spans blocks at their join. */
	for (uint32_t f = 1; f < b->layout.count; f++) {
		const kb_field *field = &b->layout.fields[f];
		if (b->local >> f & 1 && kb_state_read(field, b->states.states[state].sums) < field->min) return false;
	}
	return true;
}

static kb_status sign(kb_arena *arena, kb_block *b, uint64_t shared, const kb_field *covered, kb_err *err)
{
	ending *list = kb_arena_array(arena, b->states.count, sizeof *list);
	b->endings = kb_arena_array(arena, b->states.count, sizeof *b->endings);
	if (!list || !b->endings) return kb_arena_check(arena, err);
	uint32_t count = 0;
	for (uint32_t s = 0; s < b->states.count; s++) {
		if (!is_ending(b, s)) continue;
		uint64_t sums = b->states.states[s].sums & shared;
		if (covered) {
			uint64_t units = (uint64_t)__builtin_popcountll(b->states.states[s].units[0]);
			sums |= (units < covered->cap ? units : covered->cap) << covered->shift;
		}
		list[count++] = (ending){ sums, s };
	}
	qsort(list, count, sizeof *list, compare_endings);
	b->signatures = kb_arena_array(arena, count, sizeof *b->signatures);
	if (!b->signatures) return kb_arena_check(arena, err);
	for (uint32_t e = 0; e < count; e++) {
		b->endings[e] = list[e].state;
		if (e == 0 || list[e].sums != list[e - 1].sums)
			b->signatures[b->signature_count++] = (kb_signature){ list[e].sums, e, 0, { b->cheapest ? UINT64_MAX : 0 } };
		kb_signature *signature = &b->signatures[b->signature_count - 1];
		signature->count++;
		const uint64_t *ways = kb_block_ways(b, list[e].state, b->stage_count);
		if (b->cheapest) keep_least(signature->ways, *ways);
		else wide_add(signature->ways, ways, b->limbs);
	}
	return KB_OK;
}

kb_status kb_block_count(kb_arena *arena, kb_block *b, uint64_t shared, const kb_field *covered, size_t max_cells,
	kb_err *err)
{
	targets memo = {
		.target = kb_arena_array(arena, b->effects.count, sizeof *memo.target),
		.asked_for = kb_arena_array(arena, b->effects.count, sizeof *memo.asked_for),
	};
	uint32_t levels = b->hi + 1;
	b->level = kb_arena_array(arena, levels, sizeof *b->level);
	b->last = kb_arena_array(arena, levels, sizeof *b->last);
	if (!memo.target || !memo.asked_for || !b->level || !b->last) return kb_arena_check(arena, err);
	for (uint32_t count = 0; count < levels; count++) b->level[count] = KB_NONE;
	KB_TRY(plan(arena, b, memo, max_cells, err));

	b->column = kb_arena_array(arena, b->states.count, sizeof *b->column);
	b->ways = kb_arena_array(arena, b->cells * b->limbs, sizeof *b->ways);
	if (!b->column || !b->ways) return kb_arena_check(arena, err);
	size_t cell = 0;
	for (uint32_t s = 0; s < b->states.count; s++) {
		b->column[s] = cell * b->limbs;
		cell += b->death[s] - b->birth[s] + (size_t)1;
	}
	memset(memo.asked_for, 0, b->effects.count * sizeof *memo.asked_for);
	if (b->states.count > 0) push(b, memo);
	return sign(arena, b, shared, covered, err);
}
