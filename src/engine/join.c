#include "engine/join.h"

#include <stdlib.h>

/* What the blocks from here on can add to each field; what that means for a sum stands in all fields at once. */
typedef struct room {
	uint64_t least[KB_SOURCES], most[KB_SOURCES];
	uint64_t settled; /* bits of the fields that no later block touches */
	uint64_t lift;    /* added to a sum: raises each guard whose minimum can still be met */
	uint64_t strain;  /* added to a sum: raises each guard whose hard cap must be passed */
} room;

static uint64_t bits_of(const kb_field *field)
{
	return (((uint64_t)1 << field->bits) - 1) << field->shift;
}

/* `forgotten`: bits of the fields that were settled before, and are 0. */
static void weigh_room(const kb_layout *layout, uint64_t forgotten, room *rest)
{
	rest->lift = layout->guards;
	for (uint32_t f = 0; f < layout->count; f++) {
		const kb_field *field = &layout->fields[f];
		uint64_t all = ((uint64_t)1 << field->bits) - 1;
		if (forgotten >> field->shift & 1) continue;
		if (field->min > rest->most[f]) rest->lift -= (field->min - rest->most[f]) << field->shift;
		if (!field->hard) continue;
		rest->strain |= (rest->least[f] > field->cap ? all + 1 : all - (field->cap - rest->least[f])) << field->shift;
	}
}

static room *reach_of_blocks(kb_arena *arena, const kb_join *join)
{
	room *after = kb_arena_array(arena, join->block_count + (size_t)1, sizeof *after);
	if (!after) return NULL;
	for (uint32_t b = join->block_count; b-- > 0;) {
		const kb_block *block = &join->blocks[b];
		after[b] = after[b + 1];
		for (uint32_t f = 0; f < join->layout.count; f++) {
			uint64_t least = UINT64_MAX, most = 0;
			for (uint32_t s = 0; s < block->signature_count; s++) {
				uint64_t value = kb_state_read(&join->layout.fields[f], block->signatures[s].sums);
				if (value < least) least = value;
				if (value > most) most = value;
			}
			after[b].least[f] += least;
			after[b].most[f] += most;
		}
	}
	/* The count stays to the end, so that the one final state is a full paper. */
	for (uint32_t b = 0; b <= join->block_count; b++)
		for (uint32_t f = 1; f < join->layout.count; f++)
			if (after[b].most[f] == 0) after[b].settled |= bits_of(&join->layout.fields[f]);
	for (uint32_t b = 0; b <= join->block_count; b++)
		weigh_room(&join->layout, b > 0 ? after[b - 1].settled : 0, &after[b]);
	return after;
}

static bool can_be_met(const kb_layout *layout, const room *rest, uint64_t sums)
{
	return (((sums + rest->lift) & ~(sums + rest->strain)) & layout->guards) == layout->guards;
}

static kb_status full(kb_arena *arena, kb_err *err)
{
	KB_TRY(kb_arena_check(arena, err));
	kb_fail(err, KB_LIMIT, "draw.states", "joining the counts of the grading themes would take too many states");
	return kb_hint(err, "count fewer categories, or widen the minutes");
}

/* The states after a block, and which leads to which. A settled field that meets its minimum is forgotten. */
static kb_status cross_block(
	kb_arena *arena, kb_join *join, uint32_t b, const room *rooms, size_t max_states, kb_err *err)
{
	const kb_block *block = &join->blocks[b];
	kb_boundary *from = &join->boundaries[b], *to = &join->boundaries[b + 1];
	size_t steps = (size_t)from->states.count * block->signature_count, step = 0;
	join->states += from->states.count;
	if (join->states + steps > max_states) return full(arena, err);
	from->after = kb_arena_array(arena, steps, sizeof *from->after);
	if (!from->after) return kb_arena_check(arena, err);
	const kb_layout layout = join->layout;
	const room rest = rooms[b + 1];
	for (uint32_t s = 0; s < from->states.count; s++) {
		const uint64_t before = from->states.states[s].sums;
		for (uint32_t g = 0; g < block->signature_count; g++, step++) {
			kb_state sum = { .sums = before + block->signatures[g].sums };
			uint64_t over = (sum.sums + layout.bias) & layout.guards;
			from->after[step] = KB_NONE;
			/* What carries out of a field under strain passed its hard cap, and has its guard in `over`. */
			if ((over | (sum.sums + rest.strain)) & layout.hard) continue;
			if (over) sum.sums = kb_state_saturate(&layout, sum.sums, over);
			if (((sum.sums + rest.lift) & layout.guards) != layout.guards) continue;
			sum.sums &= ~rest.settled;
			from->after[step] = kb_state_intern(&to->states, arena, &sum);
			if (from->after[step] == KB_NONE) return full(arena, err);
		}
	}
	return KB_OK;
}

static void complete_cheapest(kb_join *join, uint32_t b)
{
	const kb_block *block = &join->blocks[b];
	const uint32_t *after = join->boundaries[b].after;
	for (uint32_t s = 0; s < join->boundaries[b].states.count; s++)
		for (uint32_t g = 0; g < block->signature_count; g++, after++) {
			uint64_t rest = *after == KB_NONE ? UINT64_MAX : join->boundaries[b + 1].ways[*after];
			uint64_t *least = &join->boundaries[b].ways[s];
			if (rest != UINT64_MAX && rest + block->signatures[g].ways[0] < *least)
				*least = rest + block->signatures[g].ways[0];
		}
}

/* Where every number is one limb. */
static void complete_words(kb_join *join, uint32_t b)
{
	const kb_block *block = &join->blocks[b];
	const kb_boundary *from = &join->boundaries[b], *to = &join->boundaries[b + 1];
	const uint32_t *after = from->after;
	for (uint32_t s = 0; s < from->states.count; s++) {
		uint64_t ways = 0;
		for (uint32_t g = 0; g < block->signature_count; g++, after++)
			if (*after != KB_NONE) ways += to->ways[*after] * block->signatures[g].ways[0];
		from->ways[s] = ways;
	}
}

static void complete(kb_join *join, uint32_t b)
{
	const kb_block *block = &join->blocks[b];
	kb_boundary *from = &join->boundaries[b];
	const kb_boundary *to = &join->boundaries[b + 1];
	const uint32_t *after = from->after;
	for (uint32_t s = 0; s < from->states.count; s++)
		for (uint32_t g = 0; g < block->signature_count; g++, after++)
			if (*after != KB_NONE)
				wide_add_product(from->ways + s * join->limbs, join->limbs, to->ways + *after * join->limbs,
					join->limbs, block->signatures[g].ways, block->limbs);
}

kb_status kb_join_count(kb_arena *arena, kb_join *join, size_t max_states, kb_err *err)
{
	join->boundaries = kb_arena_array(arena, join->block_count + (size_t)1, sizeof *join->boundaries);
	room *rest = reach_of_blocks(arena, join);
	if (!join->boundaries || !rest) return kb_arena_check(arena, err);
	const kb_state nothing = { 0 };
	if (can_be_met(&join->layout, &rest[0], 0) &&
		kb_state_intern(&join->boundaries[0].states, arena, &nothing) == KB_NONE)
		return full(arena, err);
	for (uint32_t b = 0; b < join->block_count; b++) KB_TRY(cross_block(arena, join, b, rest, max_states, err));
	for (uint32_t b = 0; b <= join->block_count; b++) {
		kb_boundary *boundary = &join->boundaries[b];
		boundary->ways =
			kb_arena_array(arena, boundary->states.count * join->limbs + join->limbs, sizeof *boundary->ways);
		if (!boundary->ways) return kb_arena_check(arena, err);
		if (join->cheapest) memset(boundary->ways, 0xFF, (boundary->states.count + (size_t)1) * sizeof *boundary->ways);
	}
	kb_boundary *end = &join->boundaries[join->block_count];
	if (end->states.count > 0) end->ways[0] = !join->cheapest;
	for (uint32_t b = join->block_count; b-- > 0;) {
		if (join->cheapest) complete_cheapest(join, b);
		else if (join->limbs == 1) complete_words(join, b);
		else complete(join, b);
	}
	return KB_OK;
}

const uint64_t *kb_join_total(const kb_join *join)
{
	return join->boundaries[0].ways; /* one state, or a 0 where there is none */
}

void kb_join_unrank(const kb_join *join, uint64_t *rank, uint32_t *items, uint32_t *count)
{
	uint32_t state = 0;
	for (uint32_t b = 0; b < join->block_count; b++) {
		const kb_block *block = &join->blocks[b];
		const uint32_t *after = join->boundaries[b].after + (size_t)state * block->signature_count;
		for (uint32_t g = 0; g < block->signature_count; g++) {
			if (after[g] == KB_NONE) continue;
			const uint64_t *rest = join->boundaries[b + 1].ways + after[g] * join->limbs;
			uint64_t part[KB_WIDE_LIMBS] = { 0 };
			if (join->cheapest) {
				part[0] = block->signatures[g].ways[0];
				if (*rest == UINT64_MAX || part[0] + *rest != *rank) continue;
				kb_block_unrank(block, &block->signatures[g], part, items, count);
				*rank = *rest;
				state = after[g];
				break;
			}
			wide_add_product(part, join->limbs, rest, join->limbs, block->signatures[g].ways, block->limbs);
			if (wide_compare(rank, part, join->limbs) >= 0) {
				wide_subtract(rank, part, join->limbs);
				continue;
			}
			memset(part, 0, sizeof part);
			kb_wide_divide(rank, rest, join->limbs, part);
			kb_block_unrank(block, &block->signatures[g], part, items, count);
			state = after[g];
			break;
		}
	}
}
