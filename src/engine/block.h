/*
 * One block: units that are counted apart from all others, and the questions that bear on them.
 *
 * Its layers are passed in an order in which units open late and close early. A state is a set's
 * sum; it exists from the first layer after which some set adds up to it (birth) to the last
 * before which its missing units can still be covered (death). As a set's sum does not change
 * where it takes nothing from a layer, a state keeps its name all that time, and the ways to reach it stand
 * in one column that only grows. That is what makes drawing fast: the last layer that gave
 * something is found by bisection.
 */
#ifndef KB_ENGINE_BLOCK_H
#define KB_ENGINE_BLOCK_H

#include "engine/reduce.h"
#include "engine/wide.h"

/* What one copy of a layer's cluster may give: `sets` of its members that add up to the same and weigh the same. */
typedef struct kb_alternative {
	kb_state sum;
	uint64_t weight;
	uint64_t *sets; /* bit m: member m */
	uint32_t set_count, size;
} kb_alternative;

/* `copies` copies give alternative `alternative`. */
typedef struct kb_pick {
	uint32_t alternative, copies;
} kb_pick;

/* What a whole layer may give: picks of different alternatives; `ways` to do so. */
typedef struct kb_option {
	uint32_t effect;
	uint32_t first, count; /* picks */
	uint64_t ways;         /* 0: more than a word, see wide; in a cheapest block the cost */
	uint32_t wide;         /* index into the block's wide numbers */
} kb_option;

typedef struct kb_stage {
	const kb_layer *layer;
	const kb_alternative *alternatives;
	uint32_t alternative_count;
	uint32_t first, count; /* options */
} kb_stage;

/* Final states with one signature: the sums that other blocks must know. */
typedef struct kb_signature {
	uint64_t sums;
	uint32_t first, count; /* endings */
	uint64_t ways[KB_WIDE_LIMBS];
} kb_signature;

typedef struct kb_block {
	kb_layout layout;
	uint64_t must;        /* units that a state must cover before they close */
	uint32_t times, most; /* most units that one question covers */
	uint32_t local;       /* bit f: field f is settled here */
	uint32_t lo, hi;      /* questions out of this block */
	size_t limbs;
	bool cheapest; /* all numbers are costs, one limb each, and the least of them is kept */
	kb_stage *stages;
	uint32_t stage_count;
	uint32_t closes[KB_UNITS_MAX]; /* the last stage that touches the unit */
	kb_option *options;
	kb_pick *picks;
	uint64_t *wides;
	uint32_t option_count, option_size, pick_count, pick_size, wide_count, wide_size;
	kb_states effects;
	kb_states states;
	uint32_t *birth, *death;       /* of each state: first and last place, a place being the gap before that stage */
	size_t *column;                /* of each state: its first number in ways */
	uint32_t *next, *level, *last; /* states by number of questions: first, following, last of them */
	uint64_t *ways;
	size_t cells;
	uint32_t *endings;
	kb_signature *signatures;
	uint32_t signature_count;
} kb_block;

/* Orders the layers and lists their options; lo, hi, layout, units and limbs are set. `sample`: no unit must be
 * covered, the covered ones are counted in the signature. */
kb_status kb_block_stages(kb_arena *arena, const kb_reduction *reduction, const kb_layer *layers, uint32_t count,
	kb_block *block, kb_err *err) KB_MUST_USE;

/* Counts. `shared`: the bits of a sum that go into the signature; `covered`: the field for the sample rule, or NULL.
 * KB_LIMIT "draw.states" beyond max_cells. */
kb_status kb_block_count(kb_arena *arena, kb_block *block, uint64_t shared, const kb_field *covered, size_t max_cells,
	kb_err *err) KB_MUST_USE;

/* The questions (pool indices, added to items) of number `rank` (block->limbs limbs, destroyed) among the ways of a
 * signature; in a cheapest block, of the signature's cost. */
void kb_block_unrank(
	const kb_block *block, const kb_signature *signature, uint64_t *rank, uint32_t *items, uint32_t *count);

/* What an option of a stage adds up to from a state; false where it leads to no paper. */
static inline bool kb_block_step(const kb_block *block, const kb_state *from, const kb_option *option, kb_state *to)
{
	return kb_state_add(&block->layout, block->times, from, &block->effects.states[option->effect], to);
}

/* The ways to reach a state before a stage; NULL where there is none. */
static inline uint64_t *kb_block_ways(const kb_block *block, uint32_t state, uint32_t place)
{
	if (place < block->birth[state] || place > block->death[state]) return NULL;
	return block->ways + block->column[state] + (size_t)(place - block->birth[state]) * block->limbs;
}

#endif
