/*
 * The revised simplex method, for a linear programme whose columns come in one by one: the largest sum of x with
 * A x <= b, x >= 0 and b >= 0. What it says is in floating point; whoever uses it proves in whole numbers.
 */
#ifndef KB_ENGINE_SIMPLEX_H
#define KB_ENGINE_SIMPLEX_H

#include "engine/state.h"

typedef struct kb_simplex {
	uint32_t rows;
	double *inverse; /* of the basis: rows of rows */
	double *value;   /* of each basic variable */
	double *price;   /* of each row */
	double *column;  /* of the entering variable */
	uint32_t *basic; /* of each row: the caller's number of its variable; KB_NONE: a slack */
} kb_simplex;

/* One entry of a column. */
typedef struct kb_entry {
	uint32_t row;
	double factor;
} kb_entry;

#define KB_SIMPLEX_GAIN 1e-7 /* less a unit could be feigned by rounding: no reason to go on */

/* All slack. Memory: rows squared. */
kb_status kb_simplex_open(kb_arena *arena, const double *limits, uint32_t rows, kb_simplex *s, kb_err *err) KB_MUST_USE;

/* Brings in a variable of which a unit is worth `gain` more than it costs at the prices. False where nothing stops it:
 * then nothing has changed. */
bool kb_simplex_enter(kb_simplex *s, uint32_t variable, const kb_entry *entries, uint32_t count, double gain);

/* Brings in slack where a price fell below nothing. False where none has, or nothing stops it. */
bool kb_simplex_settle(kb_simplex *s);

#endif
