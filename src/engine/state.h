/*
 * What a set of questions adds up to: how often each unit is covered, and the counts that a rule
 * still looks at. Two sets with the same state can be completed in the same ways, so the tables
 * count states and not sets.
 *
 * Units are thermometers: bit u of units[k] says that unit u is covered more than k times. The
 * counts are packed into one word, each field with a guard bit on top, so that one addition adds
 * them all. A soft field stops at its cap (its rule asks for no more); a hard one must not pass it.
 */
#ifndef KB_ENGINE_STATE_H
#define KB_ENGINE_STATE_H

#include "model/pool.h"

enum {
	KB_CROSS_MAX = 16, /* rivals whose members lie in different blocks: a counter that may reach 1 */
	KB_SOURCE_CROSS = KB_COUNTERS_MAX,
	KB_SOURCE_COUNT = KB_SOURCE_CROSS + KB_CROSS_MAX,
	KB_SOURCE_MINUTES,
	KB_SOURCE_COVERED,
	KB_SOURCES,
};

#define KB_NONE UINT32_MAX

typedef struct kb_state {
	uint64_t units[KB_TIMES_MAX];
	uint64_t sums;
} kb_state;

typedef struct kb_field {
	uint32_t source;
	uint64_t cap, min;
	bool hard;
	unsigned shift, bits; /* the guard stands at shift + bits */
} kb_field;

/* Field 0 is the number of questions, at shift 0. */
typedef struct kb_layout {
	kb_field fields[KB_SOURCES];
	uint32_t count;
	unsigned used; /* bits */
	uint64_t bias, guards, hard, caps;
	uint64_t lows; /* the lowest bit of each field */
} kb_layout;

/* False where the word is full. */
bool kb_state_field(kb_layout *layout, uint32_t source, uint64_t cap, uint64_t min, bool hard);
/* Lowers the cap of a field that is there; its place stays. */
void kb_state_cap(kb_layout *layout, uint32_t field, uint64_t cap);

static inline uint64_t kb_state_read(const kb_field *field, uint64_t sums)
{
	return sums >> field->shift & (((uint64_t)1 << field->bits) - 1);
}

static inline uint32_t kb_state_count(const kb_layout *layout, uint64_t sums)
{
	return (uint32_t)(sums & (((uint64_t)1 << layout->fields[0].bits) - 1));
}

static inline uint64_t kb_state_highest(uint64_t bits)
{
	return UINT64_C(1) << (63 - __builtin_clzll(bits));
}

/* Sets the fields whose guards are in `over` to their caps. */
static inline uint64_t kb_state_saturate(const kb_layout *layout, uint64_t sums, uint64_t over)
{
	uint64_t bits = 0;
	for (; over; over &= over - 1) {
		uint64_t below = (over & -over) - 1;
		bits |= (2 * below + 1) & ~(kb_state_highest(layout->lows & below) - 1);
	}
	return (sums & ~bits) | (layout->caps & bits);
}

/* False where a hard field would pass its cap. */
static inline bool kb_state_add_sums(const kb_layout *layout, uint64_t a, uint64_t b, uint64_t *sums)
{
	uint64_t sum = a + b;
	uint64_t over = (sum + layout->bias) & layout->guards;
	if (over & layout->hard) return false;
	*sums = over ? kb_state_saturate(layout, sum, over) : sum;
	return true;
}

static inline bool kb_state_add(
	const kb_layout *layout, uint32_t times, const kb_state *a, const kb_state *b, kb_state *sum)
{
	if (!kb_state_add_sums(layout, a->sums, b->sums, &sum->sums)) return false;
	/* The highest first, as sum may be a. */
	sum->units[2] =
		times < 3 ? 0 : a->units[2] | b->units[2] | (a->units[1] & b->units[0]) | (a->units[0] & b->units[1]);
	sum->units[1] = times < 2 ? 0 : a->units[1] | b->units[1] | (a->units[0] & b->units[0]);
	sum->units[0] = a->units[0] | b->units[0];
	return true;
}

static inline bool kb_state_equal(const kb_state *a, const kb_state *b)
{
	return a->sums == b->sums && a->units[0] == b->units[0] && a->units[1] == b->units[1] && a->units[2] == b->units[2];
}

/* States and their numbers, in the order in which they were added. */
typedef struct kb_states {
	kb_state *states;
	uint32_t count, size;
	uint32_t *slots; /* number + 1, open addressing */
	uint32_t mask;
} kb_states;

/* The number of a state, KB_NONE where it is not there. */
uint32_t kb_state_find(const kb_states *set, const kb_state *state);
/* Adds it where it is missing; KB_NONE once the arena is full. */
uint32_t kb_state_intern(kb_states *set, kb_arena *arena, const kb_state *state);

#endif
