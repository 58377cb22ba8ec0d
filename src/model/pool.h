/*
 * What a draw works on: a pool of drawable versions, numbered, and the rules of a paper over it.
 * Everything that a person named (themes, KSBs, kinds) is an index here; the caller keeps the names.
 */
#ifndef KB_MODEL_POOL_H
#define KB_MODEL_POOL_H

#include "base/arena.h"
#include "base/progress.h"

enum {
	KB_UNITS_MAX = 64,    /* (grading theme, KSB) pairs of a method */
	KB_COUNTERS_MAX = 48, /* themes, kinds and other categories that a specification counts; one is the engine's own */
	KB_PAPER_MAX = 64,    /* questions in a paper */
	KB_POOL_MAX = 1000000,
	KB_TIMES_MAX = 3, /* how often a coverage rule may ask for each unit */
};

/* One question of the pool. Its key orders the pool and so the numbering of papers; keys differ. */
typedef struct kb_pool_item {
	const char *key;   /* lineage id: "ST0648-PD1-01" */
	int64_t version;   /* store id of the version; the engine only carries it */
	uint64_t units;    /* bit u: covers unit u */
	uint64_t counters; /* bit c: counts toward counter c (its theme, its kind, other categories) */
	uint32_t minutes;  /* whole minutes; 0 to 600 */
	uint32_t weight;   /* 1 unless an exposure cap sets it; never 0 */
	uint32_t group;    /* 0: no rivals; otherwise the number of its connected component */
} kb_pool_item;

/* Rivalry is a graph, not only groups: `rivals` lists each pair once (a < b, sorted). group is its connected component.
 */
typedef struct kb_pair_of_rivals {
	uint32_t a, b;
} kb_pair_of_rivals;

typedef struct kb_pool {
	kb_pool_item *items; /* sorted by key, by bytes */
	uint32_t count;
	kb_pair_of_rivals *rivals;
	uint32_t rival_count;
	kb_progress *progress; /* told that long work on the pool goes on; decides nothing; NULL where nobody watches */
} kb_pool;

typedef struct kb_range {
	uint32_t min, max;
} kb_range;

/* The rules of a paper, after ENGINE section 1. */
typedef struct kb_rules {
	uint32_t size; /* rule 1: exactly so many questions */
	uint32_t unit_count;
	uint64_t required;      /* rule 2: the units that a paper must cover */
	uint32_t times;         /* each of them at least so often: 1 to KB_TIMES_MAX */
	uint32_t sample;        /* 0: all of them; m > 0: at least m of them (then times is 1) */
	uint32_t counter_count; /* rule 3 */
	kb_range counters[KB_COUNTERS_MAX];
	kb_range minutes; /* rule 4: the sum; {0, UINT32_MAX} is no window */
	uint32_t reserve; /* so many further disjoint valid papers must remain */
} kb_rules;

/* Whether something can be; unknown where that was too much to find out. */
typedef enum kb_answer { KB_NO, KB_YES, KB_UNKNOWN } kb_answer;

/* The counters whose range can say no; and whether the minutes can. */
uint64_t kb_rules_binding(const kb_rules *rules);
bool kb_rules_bind_minutes(const kb_rules *rules);

/* KB_INVALID "pool.weight", "pool.rivals" or KB_LIMIT "pool.count" for a pool that breaks what stands above. */
kb_status kb_pool_check(const kb_pool *pool, kb_err *err) KB_MUST_USE;

/* Fills group of each item from the rivals (connected components, numbered by their first item). */
kb_status kb_pool_group(kb_arena *arena, kb_pool *pool, kb_err *err) KB_MUST_USE;

/* The order of pool.rivals, as qsort and bsearch take it. */
int kb_pool_compare_rivals(const void *left, const void *right);
/* In logarithmic time. */
bool kb_pool_are_rivals(const kb_pool *pool, uint32_t a, uint32_t b);

/* Exclusions are a bit an item. */
static inline bool kb_pool_has(const uint8_t *bits, uint32_t item)
{
	return bits && (bits[item / 8] >> item % 8 & 1);
}

static inline void kb_pool_set(uint8_t *bits, uint32_t item)
{
	bits[item / 8] = (uint8_t)(bits[item / 8] | 1U << item % 8);
}

static inline void kb_pool_clear(uint8_t *bits, uint32_t item)
{
	bits[item / 8] = (uint8_t)(bits[item / 8] & ~(1U << item % 8));
}

/* Indices into a pool, ascending. */
void kb_pool_sort(uint32_t *items, uint32_t count);

/* Excludes these questions and every rival of one: what is left for a candidate who was asked them. Cost: the number of
 * rivals times count. */
void kb_pool_exclude(const kb_pool *pool, const uint32_t *items, uint32_t count, uint8_t *excluded);

#endif
