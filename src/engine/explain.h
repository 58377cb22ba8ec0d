/*
 * Explaining "no" (ENGINE section 5): which rules clash, and the fewest questions to write.
 */
#ifndef KB_ENGINE_EXPLAIN_H
#define KB_ENGINE_EXPLAIN_H

#include "model/pool.h"

/* A question to write: the units that it must carry, and the counters (its theme, its kind). */
typedef struct kb_brief {
	uint64_t units;
	uint32_t counters;
} kb_brief;

/* The shapes a new question may have: e.g. one for each (theme, kind) with that theme's units. */
typedef struct kb_brief_shape {
	uint64_t units; /* any non-empty subset of these, at most max_units of them */
	uint32_t counters;
	uint32_t max_units;
	uint32_t minutes;
} kb_brief_shape;

typedef struct kb_explanation {
	uint64_t blocking;    /* units that no remaining question, or too few, can cover: they block by themselves */
	uint64_t clash_units; /* a minimal set of rules that can't be met together: taking any one away makes it possible */
	uint32_t clash_counters;                      /* bit c: counter c's range belongs to the clash */
	bool clash_minutes, clash_rivals, clash_size; /* size: with more or fewer questions the others could be met */
	bool minimal;     /* each rule of the clash was shown to be needed (false: some test was too large to run) */
	kb_brief *briefs; /* the fewest new questions that make a valid paper possible */
	uint32_t brief_count;
	bool fewest; /* brief_count is proven least among questions of these shapes */
} kb_explanation;

/* Why the pool without the excluded has no valid paper (rules->reserve is not looked at). Where it has one, there is no
 * clash and nothing to write. Under a sample rule all required units stand for that one rule. Where no questions of
 * these shapes can help, brief_count is 0 and fewest is false. Cost: one count for each rule, and one with all shapes.
 */
kb_status kb_explain(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_brief_shape *shapes, uint32_t shape_count, kb_explanation *explanation, kb_err *err) KB_MUST_USE;

#endif
