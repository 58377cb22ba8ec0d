/*
 * Explaining "no" (ENGINE section 5): which rules clash, and the cheapest ways to repair that: questions to write,
 * questions to bring back, a rule to relax.
 *
 * What is asked for is rules->reserve + 1 disjoint valid papers (see capacity.h); with a reserve of 0 just one.
 */
#ifndef KB_ENGINE_EXPLAIN_H
#define KB_ENGINE_EXPLAIN_H

#include "model/pool.h"

/* A question to write: the units that it must carry, the counters (its theme, its kind), and its minutes. */
typedef struct kb_brief {
	uint64_t units;
	uint64_t counters;
	uint32_t minutes;
} kb_brief;

/* The shapes a new question may have: e.g. one for each (theme, kind) with that theme's units. */
typedef struct kb_brief_shape {
	uint64_t units; /* any non-empty subset of these, at most max_units of them */
	uint64_t counters;
	uint32_t max_units;
	uint32_t minutes;
} kb_brief_shape;

/* What is there, and what may be added to it. */
typedef struct kb_shortfall {
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;      /* a bit an item; may be NULL */
	const uint8_t *away;          /* those of the excluded that somebody could bring back; may be NULL */
	const kb_brief_shape *shapes; /* any two have the same units, or share none */
	uint32_t shape_count;
} kb_shortfall;

/* New questions, rivals of none, that together make it possible. */
typedef struct kb_briefs {
	kb_brief *list;
	uint32_t count;    /* 0: nothing is missing, or no questions of these shapes were found to help */
	uint32_t at_least; /* fewer can't do */
	bool fewest;       /* proven: count == at_least */
} kb_briefs;

/* Questions to bring back: indices into the pool, ascending. Count 0 where nothing is missing or all of them are not
 * enough. */
typedef struct kb_returns {
	uint32_t *items;
	uint32_t count;
	bool fewest; /* proven; otherwise none of them can be spared */
} kb_returns;

typedef enum kb_rule_kind {
	KB_RULE_SIZE,
	KB_RULE_MINIMUM, /* of a counter */
	KB_RULE_MAXIMUM,
	KB_RULE_MINUTES_MINIMUM,
	KB_RULE_MINUTES_MAXIMUM,
	KB_RULE_TIMES,
	KB_RULE_SAMPLE,
	KB_RULE_RESERVE,
} kb_rule_kind;

/* One rule, changed by the least that makes all possible while the others stay. */
typedef struct kb_relaxation {
	kb_rule_kind rule;
	uint32_t counter;
	uint32_t from, to;
	bool least; /* proven; otherwise a smaller change may do */
} kb_relaxation;

/* The number that a relaxation changes. */
uint32_t *kb_explain_value(kb_rules *rules, kb_rule_kind rule, uint32_t counter);

enum { KB_RELAXATIONS_MAX = 2 * KB_COUNTERS_MAX + 6 };

typedef struct kb_explanation {
	bool possible;        /* then nothing below says anything but what is proven: that there is nothing to do */
	uint64_t blocking;    /* units that too few questions cover, whatever else is asked: they block by themselves */
	uint64_t clash_units; /* a minimal set of rules that can't be met together: taking any one away makes it possible */
	uint64_t clash_counters;                      /* bit c: counter c's range belongs to the clash */
	bool clash_minutes, clash_rivals, clash_size; /* size: with more or fewer questions the others could be met */
	bool clash_reserve;                           /* without it one paper is asked for */
	bool minimal; /* each rule of the clash was shown to be needed (false: some test was too large to run) */
	kb_briefs write;
	kb_returns back;
	kb_relaxation relaxations[KB_RELAXATIONS_MAX];
	uint32_t relaxation_count;
} kb_explanation;

/* Why it can't be, and what would mend it. Where it can, there is no clash and nothing to do. Under a sample rule all
 * required units stand for that one rule. Cost: one count for each rule and one with all shapes; with a reserve each of
 * these counts is a search for capacity. */
kb_status kb_explain(
	kb_arena *arena, const kb_shortfall *shortfall, kb_explanation *explanation, kb_err *err) KB_MUST_USE;

/* The clash alone: nothing behind `minimal` is filled in. */
kb_status kb_explain_clash(
	kb_arena *arena, const kb_shortfall *shortfall, kb_explanation *explanation, kb_err *err) KB_MUST_USE;

/* The questions to write alone. For one paper exact unless the shapes are too many to try; for more the number is held
 * against what the rules must be short of, counted (at_least). */
kb_status kb_explain_briefs(kb_arena *arena, const kb_shortfall *shortfall, kb_briefs *briefs, kb_err *err) KB_MUST_USE;

/* The pool with these questions written: behind the others, none of them excluded. */
kb_status kb_explain_add_briefs(
	kb_arena *arena, kb_pool *pool, const uint8_t **excluded, const kb_briefs *briefs, kb_err *err) KB_MUST_USE;

/* For the files of this layer: */

/* The pool with further questions behind it, none of them excluded. */
kb_status kb_explain_add(kb_arena *arena, kb_pool *pool, const uint8_t **excluded, const kb_pool_item *more,
	uint32_t count, kb_err *err) KB_MUST_USE;
kb_status kb_explain_returns(
	kb_arena *arena, const kb_shortfall *shortfall, kb_returns *returns, kb_err *err) KB_MUST_USE;
#endif
