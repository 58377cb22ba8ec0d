/*
 * From a pool to what is counted: questions that agree in all that matters are one base, equal
 * clusters of rivals are one layer with so many copies, and units that share no question fall
 * into blocks that are counted apart.
 *
 * All orders here derive from the order of the pool's keys, so that the numbering of papers does.
 */
#ifndef KB_ENGINE_REDUCE_H
#define KB_ENGINE_REDUCE_H

#include "engine/state.h"

enum { KB_CLUSTER_MAX = 64 };

/* Questions alike: the same required units, counters, minutes and weight. */
typedef struct kb_base {
	uint64_t units;
	uint64_t counters; /* the pool's, then a bit for each crossing */
	uint64_t minutes;  /* as the minutes field counts them */
	uint32_t weight;
	uint32_t block;
} kb_base;

/* Copies of one cluster of rivals (a lone question is a cluster of one). All copies have the same bases in the same
 * places and the same rivalries between the places. */
typedef struct kb_layer {
	uint32_t block;
	uint32_t copies, width;
	const uint32_t *bases;  /* width of them */
	const uint64_t *rivals; /* width rows of a bit matrix; NULL for a lone question */
	uint32_t *items;        /* copies * width indices into the pool, copy by copy */
	uint64_t units;         /* of all bases */
} kb_layer;

/* How minutes are counted: (minutes - least) / unit a question, or (most - minutes) / unit where that needs fewer
 * states. */
typedef struct kb_minutes {
	bool binding, flipped, hard;
	uint64_t least, most, unit, cap, min;
} kb_minutes;

typedef struct kb_reduction {
	bool empty;    /* some rule fails before anything is counted */
	bool cheapest; /* the weights are costs, and the cheapest paper is looked for: see kb_tables_cheapest */
	uint32_t size;
	uint64_t units; /* that are looked at */
	uint32_t times, sample;
	kb_minutes minutes;
	uint64_t spanning; /* counters that more than one block touches */
	uint64_t local;    /* counters that one block settles */
	kb_range ranges[KB_COUNTERS_MAX];
	uint32_t crossings;
	kb_base *bases;
	uint32_t base_count;
	kb_layer *layers; /* sorted by block, then by their first question */
	uint32_t layer_count;
	uint32_t block_count;
	uint32_t alive;  /* questions that may stand in a paper */
	uint64_t weight; /* of all of them together */
} kb_reduction;

/* KB_INVALID "pool..." or "rules..." for what the contract of pool.h forbids; KB_LIMIT "draw.rivals" for a cluster of
 * more than KB_CLUSTER_MAX rivals. */
kb_status kb_reduce_pool(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_reduction *reduction, kb_err *err) KB_MUST_USE;

/* For the files of this layer: */

/* What reduce.c and cluster.c hold between them. */
typedef struct kb_reducer {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	kb_reduction *out;
	kb_states bases;                 /* numbers the bases */
	uint32_t *members;               /* questions of each base */
	uint32_t *base_of;               /* of each question; KB_NONE: not in play */
	uint64_t together[KB_UNITS_MAX]; /* units in one block with this one */
} kb_reducer;

/* The base with these figures; KB_NONE once the arena is full. */
uint32_t kb_reduce_base(kb_reducer *r, const kb_base *base);
/* Gives rivals in different blocks a crossing counter, or joins their blocks where there are too many. */
kb_status kb_cluster_cross(kb_reducer *r, uint32_t *parent, kb_err *err) KB_MUST_USE;
/* Makes the layers. */
kb_status kb_cluster_layers(kb_reducer *r, kb_err *err) KB_MUST_USE;

#endif
