/*
 * The law `even` (ENGINE section 6): of all draws in which no question's chance is above a cap, the one of greatest
 * entropy. It makes a paper as likely as the product of its questions' weights, and the weights are whole numbers:
 * fitted once in floating point, checked exactly, and from then on every draw is arithmetic on them.
 */
#ifndef KB_ENGINE_EVEN_H
#define KB_ENGINE_EVEN_H

#include "engine/exposure.h"
#include "engine/spread.h"

enum { KB_EVEN_WHOLE = 1000 }; /* a cap is so many in a thousand */

typedef struct kb_even {
	uint32_t *weights;       /* of each question of the pool, at least 1 */
	double largest, overlap; /* as of kb_exposure, under these weights */
	double bits;             /* of entropy; that of all papers alike is `bits_uniform` */
	double bits_uniform;
	double bits_within; /* no draw under the cap has so many bits more */
	uint32_t passes;    /* of the tables */
	uint32_t reached;   /* the least cap that weights kept on the way; KB_EVEN_WHOLE where none were tried */
	kb_spread least;    /* set where the cap was refused as too low; low_part is 0 for a pool too large to say */
} kb_even;

/* Weights of the pool, in which weights are not looked at, for a cap of 1 to KB_EVEN_WHOLE. Every question's chance is
 * then at most the cap, as an exact fraction. KB_REFUSED "draw.none" where there is no valid paper, "even.cap" where no
 * draw meets the cap (proven), "even.edge" where weights of this width do not come near enough to a cap at the edge of
 * what is possible. KB_LIMIT as of kb_tables_build, and "draw.inexact" for tables that are not exact. Cost: some ten
 * times building the tables and kb_tables_inclusion; where it is refused also that of kb_spread_find. */
kb_status kb_even_find(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t cap, kb_even *even, kb_err *err) KB_MUST_USE;

/* Whether there are such weights of what is not excluded. False too where there is no valid paper, or where that is too
 * large to say. Cost: that of kb_even_find where it finds them. */
kb_status kb_even_keeps(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t cap, bool *keeps, kb_err *err) KB_MUST_USE;

/* A cap that can be kept where `refused` can't, as near as it is found above what `least` proves to be impossible:
 * there are weights for it. 0 where none below KB_EVEN_WHOLE, which caps nothing, was found, or `least` says nothing.
 * Cost: most often that of kb_even_find once or twice. */
kb_status kb_even_least_cap(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t refused,
	const kb_spread *least, uint32_t *cap, kb_err *err) KB_MUST_USE;

/* Whether each question's exact chance under the weights of the tables' pool is at most the cap. */
kb_status kb_even_holds(kb_arena *arena, const kb_tables *tables, const kb_exposure *exposure, uint32_t cap,
	bool *holds, kb_err *err) KB_MUST_USE;

/* The number of valid papers in decimal, whatever the weights of `pool`; tables: of the same pool, rules and
 * exclusions. An upper bound where these are not exact. */
kb_status kb_even_papers(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_tables *tables, const char **count, kb_err *err) KB_MUST_USE;

#endif
