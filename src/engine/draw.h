/*
 * The draw: count all valid papers exactly, take one uniform number below the count, and unrank it.
 * ENGINE.md sections 1 to 3. Pure: the same pool, rules and seed give the same paper everywhere.
 */
#ifndef KB_ENGINE_DRAW_H
#define KB_ENGINE_DRAW_H

#include "crypt/stream.h"
#include "model/pool.h"

/* Names the algorithm in draw records; changes whenever the numbering of papers does. */
#define KB_DRAW_ALGORITHM "ksbank-rank/1"

typedef struct kb_tables kb_tables; /* the counting tables of one pool under one set of rules */

typedef struct kb_tables_stats {
	size_t blocks, classes, states;
} kb_tables_stats;

/* Builds the tables in the arena; the pool's arrays and `excluded` must live as long. A pool without a valid paper is
 * no error: its count is 0. Items whose bit in `excluded` is set (count bits, may be NULL) are as if they were not
 * there. Where the states would not fit `max_states` (0: the default of 6 million), rules are left out until they do,
 * and papers are drawn by rejection: see kb_tables_exact. KB_LIMIT "draw.states" where even that does not help,
 * KB_LIMIT "draw.width" where the count might not fit the widest integer, KB_LIMIT "draw.rivals" for rivalries too
 * tangled to count. */
kb_status kb_tables_build(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	size_t max_states, kb_tables **tables, kb_err *err) KB_MUST_USE;

/* False where rules were left out of the states. Papers are then drawn from a larger set and kept only if they are
 * valid: with exactly the same chances, but numbered within that set, and the count is that set's, an upper bound. */
bool kb_tables_exact(const kb_tables *tables);
bool kb_tables_empty(const kb_tables *tables); /* surely no valid paper; the other way round only for exact tables */
kb_tables_stats kb_tables_get_stats(const kb_tables *tables);

/* The (weighted) count in decimal; when all weights are 1, the number of valid papers. */
const char *kb_tables_count(const kb_tables *tables, kb_arena *arena);
/* log2 of the count, for entropy; 0 for empty tables. For people to read only. */
double kb_tables_bits(const kb_tables *tables);

typedef struct kb_paper_draw {
	uint32_t count;
	uint32_t items[KB_PAPER_MAX]; /* indices into the pool, ascending */
	const char *rank;             /* u in decimal */
	uint32_t attempts;            /* papers looked at until one was good (look-ahead) */
} kb_paper_draw;

/* One paper, from the next number of the stream; weights make it likelier in exact proportion. The tables must not be
 * empty. KB_LIMIT "draw.sparse" where rejection found none in 50,000 draws (tables that are not exact). */
kb_status kb_tables_draw(
	const kb_tables *tables, kb_arena *arena, kb_stream *stream, kb_paper_draw *draw, kb_err *err) KB_MUST_USE;

/* The paper of rank `u` (decimal, below the count): replay by arithmetic. KB_INVALID where u is no such number. */
kb_status kb_tables_paper(
	const kb_tables *tables, kb_arena *arena, const char *u, kb_paper_draw *draw, kb_err *err) KB_MUST_USE;

/* Each item's exact chance as a fraction of the count: decimal numerators, one an item (arena). For exposure.
 * KB_LIMIT "draw.inexact" for tables that are not exact. */
kb_status kb_tables_inclusion(
	const kb_tables *tables, kb_arena *arena, const char ***numerators, kb_err *err) KB_MUST_USE;

/*
 * The whole request: a paper such that rules->reserve further mutually disjoint valid papers remain
 * after it, and after it no rival of its questions (ENGINE section 3). Uniform (in the weights) among
 * those. Streams: label "paper".
 * draw->attempts counts the papers that were looked at for the reserve. KB_REFUSED "draw.none" where no valid paper
 * exists, "draw.reserve" where none leaves the reserve; KB_LIMIT "draw.undecided" where the search for the reserve ran
 * out of its budget (never guessed). `excluded` as above. `tables` (may be NULL) receives the tables of the pool
 * without the excluded.
 */
kb_status kb_draw_paper(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_digest *seed, kb_paper_draw *draw, kb_tables **tables, kb_err *err) KB_MUST_USE;

#endif
