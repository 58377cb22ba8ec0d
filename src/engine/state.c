#include "engine/state.h"

#include <string.h>

static void set_caps(kb_layout *layout)
{
	layout->bias = layout->caps = 0;
	for (uint32_t f = 0; f < layout->count; f++) {
		const kb_field *field = &layout->fields[f];
		layout->bias |= (((uint64_t)1 << field->bits) - 1 - field->cap) << field->shift;
		layout->caps |= field->cap << field->shift;
	}
}

bool kb_state_field(kb_layout *layout, uint32_t source, uint64_t cap, uint64_t min, bool hard)
{
	unsigned bits = 1;
	while (bits < 63 && cap >> bits) bits++;
	if (layout->used + bits + 1 > 64) return false;
	kb_field *field = &layout->fields[layout->count++];
	*field = (kb_field){ source, cap, min, hard, layout->used, bits };
	uint64_t guard = (uint64_t)1 << (layout->used + bits);
	layout->guards |= guard;
	layout->lows |= (uint64_t)1 << layout->used;
	if (hard) layout->hard |= guard;
	layout->used += bits + 1;
	set_caps(layout);
	return true;
}

void kb_state_cap(kb_layout *layout, uint32_t field, uint64_t cap)
{
	if (cap < layout->fields[field].cap) layout->fields[field].cap = cap;
	set_caps(layout);
}

static uint32_t hash(const kb_state *state)
{
	uint64_t h = state->units[0] * UINT64_C(0x9E3779B97F4A7C15) ^ state->sums * UINT64_C(0xC2B2AE3D27D4EB4F);
	h ^= state->units[1] * UINT64_C(0x165667B19E3779F9) ^ state->units[2] * UINT64_C(0xD6E8FEB86659FD93);
	h ^= h >> 29;
	h *= UINT64_C(0xBF58476D1CE4E5B9);
	return (uint32_t)(h >> 32);
}

static uint32_t *slot_of(const kb_states *set, const kb_state *state)
{
	uint32_t at = hash(state) & set->mask;
	while (set->slots[at] && !kb_state_equal(&set->states[set->slots[at] - 1], state)) at = (at + 1) & set->mask;
	return &set->slots[at];
}

uint32_t kb_state_find(const kb_states *set, const kb_state *state)
{
	return set->slots ? *slot_of(set, state) - 1 : KB_NONE;
}

static bool grow(kb_states *set, kb_arena *arena)
{
	uint32_t size = set->size ? 2 * set->size : 64;
	if (size > UINT32_MAX / 8) return false;
	kb_state *states = kb_arena_array(arena, size, sizeof *states);
	uint32_t *slots = kb_arena_array(arena, (size_t)4 * size, sizeof *slots);
	if (!states || !slots) return false;
	if (set->count) memcpy(states, set->states, set->count * sizeof *states);
	*set = (kb_states){ states, set->count, size, slots, 4 * size - 1 };
	for (uint32_t s = 0; s < set->count; s++) *slot_of(set, &states[s]) = s + 1;
	return true;
}

uint32_t kb_state_intern(kb_states *set, kb_arena *arena, const kb_state *state)
{
	if (set->count == set->size && !grow(set, arena)) return KB_NONE;
	uint32_t *slot = slot_of(set, state);
	if (*slot == 0) {
		set->states[set->count++] = *state;
		*slot = set->count;
	}
	return *slot - 1;
}
