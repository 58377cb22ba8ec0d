#include "engine/simplex.h"

#include <math.h>

#define NEAR 1e-9
#define NUDGE 1e-6 /* each limit a little apart, or the method may go in circles */

kb_status kb_simplex_open(kb_arena *arena, const double *limits, uint32_t rows, kb_simplex *s, kb_err *err)
{
	s->rows = rows;
	s->inverse = kb_arena_array(arena, (size_t)rows * rows, sizeof *s->inverse);
	s->value = kb_arena_array(arena, rows, sizeof *s->value);
	s->price = kb_arena_array(arena, rows, sizeof *s->price);
	s->column = kb_arena_array(arena, rows, sizeof *s->column);
	s->basic = kb_arena_array(arena, rows, sizeof *s->basic);
	KB_TRY(kb_arena_check(arena, err));
	for (uint32_t r = 0; r < rows; r++) {
		s->inverse[(size_t)r * rows + r] = 1;
		s->value[r] = limits[r] + NUDGE * (r + 1);
		s->basic[r] = KB_NONE;
	}
	return KB_OK;
}

/* The row that gives way. */
static uint32_t choose_leaving(const kb_simplex *s)
{
	uint32_t leaving = KB_NONE;
	double least = INFINITY;
	for (uint32_t r = 0; r < s->rows; r++) {
		if (s->column[r] <= NEAR || s->value[r] / s->column[r] >= least) continue;
		least = s->value[r] / s->column[r];
		leaving = r;
	}
	return leaving;
}

static void pivot(kb_simplex *s, uint32_t leaving, double gain)
{
	uint32_t n = s->rows;
	double *from = s->inverse + (size_t)leaving * n;
	for (uint32_t i = 0; i < n; i++) from[i] /= s->column[leaving];
	s->value[leaving] /= s->column[leaving];
	for (uint32_t row = 0; row < n; row++) {
		double factor = s->column[row], *to = s->inverse + (size_t)row * n;
		if (row == leaving || factor == 0) continue;
		for (uint32_t i = 0; i < n; i++) to[i] -= factor * from[i];
		s->value[row] -= factor * s->value[leaving];
	}
	for (uint32_t i = 0; i < n; i++) s->price[i] += gain * from[i];
}

bool kb_simplex_enter(kb_simplex *s, uint32_t variable, const kb_entry *entries, uint32_t count, double gain)
{
	for (uint32_t r = 0; r < s->rows; r++) {
		const double *row = s->inverse + (size_t)r * s->rows;
		s->column[r] = 0;
		for (uint32_t e = 0; e < count; e++) s->column[r] += row[entries[e].row] * entries[e].factor;
	}
	uint32_t leaving = choose_leaving(s);
	if (leaving == KB_NONE) return false;
	s->basic[leaving] = variable;
	pivot(s, leaving, gain);
	return true;
}

bool kb_simplex_settle(kb_simplex *s)
{
	kb_entry slack = { 0, 1 };
	double least = -NEAR;
	for (uint32_t r = 0; r < s->rows; r++)
		if (s->price[r] < least) least = s->price[r], slack.row = r;
	return least < -NEAR && kb_simplex_enter(s, KB_NONE, &slack, 1, -least);
}
