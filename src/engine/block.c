#include "engine/block.h"

#include <stdlib.h>

/* The states that effects lead to, in the order in which planning meets them; pushing meets them again in the same. */
typedef struct trail {
	struct trail *next;
	uint32_t count, targets[1021]; /* a page, all told */
} trail;

typedef struct trail_reader {
	const trail *part;
	uint32_t at;
} trail_reader;

static uint32_t read_on(trail_reader *reader)
{
	while (reader->at == reader->part->count) *reader = (trail_reader){ reader->part->next, 0 };
	return reader->part->targets[reader->at++];
}

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

/* Without a library call, which the builtin is where no processor type is named. */
static uint32_t count_ones(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Whether the questions that the block may still take could cover what is missing. */
static bool can_cover(const kb_block *b, const kb_state *state)
{
	uint32_t missing = 0;
	for (uint32_t t = 0; t < b->times; t++) missing += count_ones(b->must & ~state->units[t]);
	return missing <= b->most * (b->hi - kb_state_count(&b->layout, state->sums));
}

typedef struct planner {
	kb_arena *arena;
	kb_block *block;
	uint32_t size;      /* of the block's arrays that follow its states */
	uint32_t *met_from; /* of each effect: the last state that met it, + 1 */
	trail *first, *last;
} planner;

static bool write_on(planner *p, uint32_t target)
{
	if (!p->last || p->last->count == KB_COUNT(p->last->targets)) {
		trail *part = kb_arena_alloc(p->arena, sizeof *part);
		if (!part) return false;
		if (p->last) p->last->next = part;
		else p->first = part;
		p->last = part;
	}
	p->last->targets[p->last->count++] = target;
	return true;
}

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

static uint32_t add_state(planner *p, const kb_state *state, uint32_t place, uint32_t death)
{
	kb_block *b = p->block;
	uint32_t number = kb_state_intern(&b->states, p->arena, state), count = kb_state_count(&b->layout, state->sums);
	if (number == KB_NONE || !follow_size(p)) return KB_NONE;
	b->birth[number] = place;
	b->death[number] = death;
	b->next[number] = KB_NONE;
	if (b->level[count] == KB_NONE) b->level[count] = number;
	else b->next[b->last[count]] = number;
	b->last[count] = number;
	return number;
}

/* Where an effect leads that a state first meets at a stage. What is not found there is hopeless at later ones too. */
static bool reach(planner *p, const kb_state *from, const kb_option *option, uint32_t stage)
{
	kb_block *b = p->block;
	kb_state to;
	if (!kb_block_step(b, from, option, &to)) return write_on(p, KB_NONE);
	if (!can_cover(b, &to)) return write_on(p, KB_NONE);
	uint32_t number = kb_state_find(&b->states, &to);
	if (number == KB_NONE) {
		uint32_t death = death_of(b, &to);
		if (death <= stage) return write_on(p, KB_NONE);
		number = add_state(p, &to, stage + 1, death);
		return number != KB_NONE && write_on(p, number);
	}
	if (b->death[number] <= stage) return write_on(p, KB_NONE);
	if (stage + 1 < b->birth[number]) b->birth[number] = stage + 1;
	return write_on(p, number);
}

/* Where a state can go from its birth on. An effect matters where it comes first: later it leads to the same. */
static bool plan_from(planner *p, uint32_t number)
{
	const kb_block *b = p->block;
	const kb_state from = b->states.states[number];
	for (uint32_t s = b->birth[number]; s < b->stage_count && s <= b->death[number]; s++) {
		const kb_option *option = b->options + b->stages[s].first, *end = option + b->stages[s].count;
		for (; option < end; option++) {
			if (p->met_from[option->effect] == number + 1) continue;
			p->met_from[option->effect] = number + 1;
			if (!reach(p, &from, option, s)) return false;
		}
	}
	return true;
}

static kb_status too_many(kb_err *err, size_t max_cells)
{
	kb_fail(
		err, KB_LIMIT, "draw.states", "counting the papers of this pool would take more than %zu states", max_cells);
	return kb_hint(err, "tag each question within one grading theme, count fewer categories, or widen the minutes");
}

static kb_status full(kb_arena *arena, kb_err *err, size_t max_cells)
{
	KB_TRY(kb_arena_check(arena, err));
	return too_many(err, max_cells);
}

/* Births and deaths of all states; level by level, as each option adds a question. */
static kb_status plan(kb_arena *arena, kb_block *b, size_t max_cells, const trail **met, kb_err *err)
{
	planner p = { .arena = arena, .block = b, .met_from = kb_arena_array(arena, b->effects.count, sizeof *p.met_from) };
	const kb_state nothing = { 0 };
	size_t planned = 0;
	if (!p.met_from) return kb_arena_check(arena, err);
	if (!can_cover(b, &nothing)) return KB_OK;
	if (add_state(&p, &nothing, 0, death_of(b, &nothing)) == KB_NONE) return full(arena, err, max_cells);
	for (uint32_t count = 0; count <= b->hi; count++) {
		for (uint32_t s = b->level[count]; s != KB_NONE; s = b->next[s]) {
			if (count < b->hi && !plan_from(&p, s)) return full(arena, err, max_cells);
			b->cells += b->death[s] - b->birth[s] + (size_t)1;
			/* Each state that waits takes a cell at least, and may be one of very many. */
			if (b->cells + b->states.count - ++planned > max_cells) return too_many(err, max_cells);
		}
	}
	*met = p.first;
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

/* Where an effect leads from the state at hand. */
typedef struct target {
	uint32_t met_from, death;
	size_t column; /* of place 0; it wraps where the state is born later */
} target;

static void look_up(const kb_block *b, uint32_t number, uint32_t from, target *t)
{
	*t = (target){ .met_from = from + 1 };
	if (number == KB_NONE) return;
	t->death = b->death[number];
	t->column = b->column[number] - b->birth[number] * b->limbs;
}

/* Adds what comes from one state to the columns of those it leads to. Its own column is summed up first: all that
 * leads to it has fewer questions. */
static inline void push_from(
	kb_block *b, uint32_t number, trail_reader *reader, target *targets, size_t limbs, bool cheapest)
{
	uint64_t *cell = b->ways + b->column[number];
	uint32_t death = b->death[number];
	bool done = kb_state_count(&b->layout, b->states.states[number].sums) == b->hi;
	for (uint32_t s = b->birth[number]; s <= death; s++, cell += limbs) {
		if (s > b->birth[number]) {
			if (cheapest) keep_least(cell, *(cell - 1));
			else wide_add(cell, cell - limbs, limbs);
		}
		if (done || s == b->stage_count) continue;
		const kb_option *option = b->options + b->stages[s].first, *end = option + b->stages[s].count;
		for (; option < end; option++) {
			target *t = &targets[option->effect];
			if (t->met_from != number + 1) look_up(b, read_on(reader), number, t);
			if (s < t->death) add_ways(b, b->ways + (t->column + (s + 1) * limbs), cell, option, limbs, cheapest);
		}
	}
}

static inline void push_all(kb_block *b, trail_reader *reader, target *targets, size_t limbs, bool cheapest)
{
	for (uint32_t count = 0; count <= b->hi; count++)
		for (uint32_t s = b->level[count]; s != KB_NONE; s = b->next[s])
			push_from(b, s, reader, targets, limbs, cheapest);
}

static void push(kb_block *b, trail_reader *reader, target *targets)
{
	if (b->cheapest) memset(b->ways, 0xFF, b->cells * sizeof *b->ways);
	b->ways[b->column[0]] = !b->cheapest;
	switch (b->limbs) { /* constants, so that the compiler unrolls */
	case 1:
		if (b->cheapest) push_all(b, reader, targets, 1, true);
		else push_all(b, reader, targets, 1, false);
		break;
	case 2: push_all(b, reader, targets, 2, false); break;
	case 4: push_all(b, reader, targets, 4, false); break;
	default: push_all(b, reader, targets, KB_WIDE_LIMBS, false); break;
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
	if (b->death[state] < b->stage_count || kb_state_count(&b->layout, b->states.states[state].sums) < b->lo)
		return false;
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
			uint64_t units = count_ones(b->states.states[s].units[0]);
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
			b->signatures[b->signature_count++] =
				(kb_signature){ list[e].sums, e, 0, { b->cheapest ? UINT64_MAX : 0 } };
		kb_signature *signature = &b->signatures[b->signature_count - 1];
		signature->count++;
		const uint64_t *ways = kb_block_ways(b, list[e].state, b->stage_count);
		if (b->cheapest) keep_least(signature->ways, *ways);
		else wide_add(signature->ways, ways, b->limbs);
	}
	return KB_OK;
}

kb_status kb_block_count(
	kb_arena *arena, kb_block *b, uint64_t shared, const kb_field *covered, size_t max_cells, kb_err *err)
{
	uint32_t levels = b->hi + 1;
	b->level = kb_arena_array(arena, levels, sizeof *b->level);
	b->last = kb_arena_array(arena, levels, sizeof *b->last);
	target *targets = kb_arena_array(arena, b->effects.count, sizeof *targets);
	const trail *met = NULL;
	if (!b->level || !b->last || !targets) return kb_arena_check(arena, err);
	for (uint32_t count = 0; count < levels; count++) b->level[count] = KB_NONE;
	KB_TRY(plan(arena, b, max_cells, &met, err));

	b->column = kb_arena_array(arena, b->states.count, sizeof *b->column);
	b->ways = kb_arena_array(arena, b->cells * b->limbs, sizeof *b->ways);
	if (!b->column || !b->ways) return kb_arena_check(arena, err);
	size_t cell = 0;
	for (uint32_t s = 0; s < b->states.count; s++) {
		b->column[s] = cell * b->limbs;
		cell += b->death[s] - b->birth[s] + (size_t)1;
	}
	if (b->states.count > 0) push(b, &(trail_reader){ met, 0 }, targets);
	return sign(arena, b, shared, covered, err);
}
