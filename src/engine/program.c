#include "engine/program.h"

#include <string.h>

enum {
	FIRST_RUN = 400, /* steps before the first start anew; each run has half as many again */
	WEIGHT_MAX = 1 << 20,
	HELP = 1 << 16,
};
#define HELP_MAX (UINT64_C(1) << 48)

/* A bound as it was before. */
typedef struct change {
	uint32_t variable;
	int32_t low, high;
} change;

typedef struct decision {
	uint32_t variable, mark; /* of the changes before it */
	int32_t low;             /* the variable was raised above this, and has still to be tried at it */
	bool tried;
} decision;

typedef struct solver {
	kb_program *program;
	kb_variable *variables;
	int64_t *least, *most; /* that the sum of each row can still come to */
	int64_t *reach;        /* of each row: no variable can change its sum by more */
	uint32_t *weight;      /* of each row: how often it could not be met */
	uint32_t *row_of;      /* rows of each variable: row_of[first[v]..first[v + 1]], and the factor in it */
	int32_t *factor_of;
	uint32_t *first;
	uint32_t *queue, queued, head;
	bool *in_queue;
	change *changes;
	uint32_t change_count, change_size;
	decision *decisions;
	uint32_t depth, depth_size;
	uint64_t noise;
} solver;

static void *grown(kb_arena *arena, void *list, uint32_t count, uint32_t *size, size_t bytes)
{
	if (count < *size) return list;
	uint32_t larger = *size ? 2 * *size : 64;
	void *out = kb_arena_grow(arena, list, *size * bytes, larger * bytes);
	if (out) *size = larger;
	return out;
}

uint32_t kb_program_variable(kb_program *p, int32_t low, int32_t high, uint32_t price)
{
	kb_variable *list = grown(p->arena, p->variables, p->variable_count, &p->variable_size, sizeof *list);
	if (!list) return 0;
	p->variables = list;
	list[p->variable_count] = (kb_variable) { low, high, price };
	return p->variable_count++;
}

void kb_program_row(kb_program *p, int64_t least, int64_t most)
{
	kb_row *list = grown(p->arena, p->rows, p->row_count, &p->row_size, sizeof *list);
	if (!list) return;
	p->rows = list;
	list[p->row_count++] = (kb_row) { least, most, p->term_count, 0 };
}

void kb_program_term(kb_program *p, uint32_t variable, int32_t factor)
{
	kb_term *list = grown(p->arena, p->terms, p->term_count, &p->term_size, sizeof *list);
	if (!list || p->row_count == 0) return;
	p->terms = list;
	list[p->term_count++] = (kb_term) { variable, factor };
	p->rows[p->row_count - 1].count++;
}

static kb_status list_rows_of(solver *s, kb_err *err)
{
	const kb_program *p = s->program;
	s->first = kb_arena_array(p->arena, p->variable_count + 1, sizeof *s->first);
	s->row_of = kb_arena_array(p->arena, p->term_count, sizeof *s->row_of);
	s->factor_of = kb_arena_array(p->arena, p->term_count, sizeof *s->factor_of);
	uint32_t *next = kb_arena_array(p->arena, p->variable_count + 1, sizeof *next);
	if (!s->first || !s->row_of || !s->factor_of || !next) return kb_arena_check(p->arena, err);
	for (uint32_t t = 0; t < p->term_count; t++) s->first[p->terms[t].variable + 1]++;
	for (uint32_t v = 0; v < p->variable_count; v++) s->first[v + 1] += s->first[v];
	memcpy(next, s->first, p->variable_count * sizeof *next);
	for (uint32_t r = 0; r < p->row_count; r++)
		for (uint32_t t = 0; t < p->rows[r].count; t++) {
			kb_term term = p->terms[p->rows[r].first + t];
			uint32_t at = next[term.variable]++;
			s->row_of[at] = r;
			s->factor_of[at] = term.factor;
		}
	return KB_OK;
}

static void call_row(solver *s, uint32_t row)
{
	if (s->in_queue[row]) return;
	s->in_queue[row] = true;
	s->queue[(s->head + s->queued++) % s->program->row_count] = row;
}

/* What the sums can come to, from the bounds as they stand. */
static void measure_rows(solver *s)
{
	const kb_program *p = s->program;
	for (uint32_t r = 0; r < p->row_count; r++) {
		s->least[r] = s->most[r] = s->reach[r] = 0;
		for (uint32_t t = 0; t < p->rows[r].count; t++) {
			kb_term term = p->terms[p->rows[r].first + t];
			const kb_variable *v = &s->variables[term.variable];
			int64_t a = (int64_t)term.factor * v->low, b = (int64_t)term.factor * v->high;
			s->least[r] += a < b ? a : b;
			s->most[r] += a < b ? b : a;
			int64_t width = a < b ? b - a : a - b;
			if (width > s->reach[r]) s->reach[r] = width;
		}
		call_row(s, r);
	}
}

static void move_rows(solver *s, uint32_t variable, int64_t low_by, int64_t high_by)
{
	for (uint32_t i = s->first[variable]; i < s->first[variable + 1]; i++) {
		uint32_t row = s->row_of[i];
		int64_t factor = s->factor_of[i];
		s->least[row] += factor > 0 ? factor * low_by : factor * high_by;
		s->most[row] += factor > 0 ? factor * high_by : factor * low_by;
	}
}

/* False where nothing is left between the bounds, or no memory. */
static bool set_bounds(solver *s, uint32_t variable, int32_t low, int32_t high)
{
	kb_variable *v = &s->variables[variable];
	if (low > high) return false;
	change *changes = grown(s->program->arena, s->changes, s->change_count, &s->change_size, sizeof *changes);
	if (!changes) return false;
	s->changes = changes;
	changes[s->change_count++] = (change) { variable, v->low, v->high };
	move_rows(s, variable, low - v->low, high - v->high);
	v->low = low;
	v->high = high;
	for (uint32_t i = s->first[variable]; i < s->first[variable + 1]; i++) call_row(s, s->row_of[i]);
	return true;
}

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && a < 0);
}

/* The bounds of each variable as the rest of the row leaves them. */
static bool tighten(solver *s, uint32_t row)
{
	const kb_row *r = &s->program->rows[row];
	if (s->least[row] > r->most || s->most[row] < r->least) return false;
	if (s->least[row] + s->reach[row] <= r->most && s->most[row] - s->reach[row] >= r->least) return true;
	for (uint32_t t = 0; t < r->count; t++) {
		kb_term term = s->program->terms[r->first + t];
		const kb_variable *v = &s->variables[term.variable];
		if (v->low == v->high) continue;
		int64_t factor = term.factor > 0 ? term.factor : -term.factor;
		int64_t up = divide_down(r->most - s->least[row], factor), down = divide_down(s->most[row] - r->least, factor);
		int64_t low = v->low, high = v->high;
		if (term.factor > 0) {
			if (up < high - low) high = v->low + up;
			if (down < v->high - low) low = v->high - down;
		} else {
			if (up < high - low) low = v->high - up;
			if (down < high - v->low) high = v->low + down;
		}
		if (low == v->low && high == v->high) continue;
		if (low > high || !set_bounds(s, term.variable, (int32_t)low, (int32_t)high)) return false;
	}
	return true;
}

/* False where some row can't be met; such a row weighs more from then on. */
static bool propagate(solver *s)
{
	bool holds = true;
	while (s->queued > 0) {
		uint32_t row = s->queue[s->head];
		s->head = (s->head + 1) % s->program->row_count;
		s->queued--;
		s->in_queue[row] = false;
		if (!holds || tighten(s, row)) continue;
		holds = false;
		if (s->weight[row] < WEIGHT_MAX) s->weight[row]++;
	}
	return holds;
}

static void undo(solver *s, uint32_t mark)
{
	while (s->change_count > mark) {
		change c = s->changes[--s->change_count];
		kb_variable *v = &s->variables[c.variable];
		move_rows(s, c.variable, c.low - v->low, c.high - v->high);
		v->low = c.low;
		v->high = c.high;
	}
}

/* The row nearest to not being met, heavy rows first; KB_NONE where the low bounds meet all. */
static uint32_t tightest_row(const solver *s)
{
	uint32_t best = UINT32_MAX;
	uint64_t best_room = 0;
	for (uint32_t r = 0; r < s->program->row_count; r++) {
		if (s->least[r] >= s->program->rows[r].least) continue;
		uint64_t room = (uint64_t)(s->most[r] - s->program->rows[r].least + 1) * WEIGHT_MAX / s->weight[r];
		if (best == UINT32_MAX || room < best_room) best = r, best_room = room;
	}
	return best;
}

/* How much raising the variable does for rows that are not met yet. */
static uint64_t help_of(const solver *s, uint32_t variable)
{
	uint64_t help = 1;
	for (uint32_t i = s->first[variable]; i < s->first[variable + 1]; i++) {
		uint32_t row = s->row_of[i];
		const kb_row *r = &s->program->rows[row];
		if (s->factor_of[i] < 0 || s->least[row] >= r->least) continue;
		help += (uint64_t)HELP * s->weight[row] / (uint64_t)(s->most[row] - r->least + 1);
	}
	return help < HELP_MAX ? help : HELP_MAX;
}

/* The variable to raise for a row: what helps most for its price. A free one (price 0) only counts others. */
static uint32_t choose(solver *s, uint32_t row)
{
	const kb_row *r = &s->program->rows[row];
	uint32_t best = UINT32_MAX;
	uint64_t most = 0;
	for (uint32_t t = 0; t < r->count; t++) {
		kb_term term = s->program->terms[r->first + t];
		const kb_variable *v = &s->variables[term.variable];
		if (v->low == v->high || v->price == 0 || term.factor < 0) continue;
		s->noise = s->noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		uint64_t worth = help_of(s, term.variable) * (4096 + (s->noise >> 55)) / v->price;
		if (best == UINT32_MAX || worth > most) best = term.variable, most = worth;
	}
	return best;
}

static uint32_t next_variable(solver *s)
{
	uint32_t row = tightest_row(s);
	uint32_t variable = row == UINT32_MAX ? UINT32_MAX : choose(s, row);
	for (uint32_t v = 0; v < s->program->variable_count && variable == UINT32_MAX; v++)
		if (s->variables[v].low < s->variables[v].high) variable = v;
	return variable;
}

/* Up first: the programmes ask for enough of each, and what they ask for little of settles itself. */
static bool decide(solver *s, uint32_t variable)
{
	decision *list = grown(s->program->arena, s->decisions, s->depth, &s->depth_size, sizeof *list);
	if (!list) return false;
	s->decisions = list;
	const kb_variable *v = &s->variables[variable];
	list[s->depth++] = (decision) { variable, s->change_count, v->low, false };
	return set_bounds(s, variable, v->low + 1, v->high);
}

/* Takes back decisions until one has another side; false where all sides were tried. */
static bool turn_back(solver *s)
{
	while (s->depth > 0) {
		decision *d = &s->decisions[s->depth - 1];
		undo(s, d->mark);
		if (d->tried) {
			s->depth--;
			continue;
		}
		d->tried = true;
		if (set_bounds(s, d->variable, d->low, d->low) && propagate(s)) return true;
	}
	return false;
}

/* One run of so many steps. */
static kb_answer run(solver *s, uint64_t steps, uint64_t *spent)
{
	for (; *spent < steps; ++*spent) {
		kb_progress_tick(s->program->progress);
		uint32_t variable = next_variable(s);
		if (variable == UINT32_MAX) return KB_YES;
		bool holds = decide(s, variable) && propagate(s);
		if (!holds && !turn_back(s)) return KB_NO;
	}
	return KB_UNKNOWN;
}

static kb_status start(solver *s, kb_err *err)
{
	kb_program *p = s->program;
	s->variables = p->variables;
	s->least = kb_arena_array(p->arena, p->row_count, sizeof *s->least);
	s->most = kb_arena_array(p->arena, p->row_count, sizeof *s->most);
	s->reach = kb_arena_array(p->arena, p->row_count, sizeof *s->reach);
	s->weight = kb_arena_array(p->arena, p->row_count, sizeof *s->weight);
	s->queue = kb_arena_array(p->arena, p->row_count, sizeof *s->queue);
	s->in_queue = kb_arena_array(p->arena, p->row_count, sizeof *s->in_queue);
	KB_TRY(list_rows_of(s, err));
	KB_TRY(kb_arena_check(p->arena, err));
	for (uint32_t r = 0; r < p->row_count; r++) s->weight[r] = 1;
	measure_rows(s);
	return KB_OK;
}

/* Each run goes on from what the ones before learned about the rows, and a run that comes to its end proves. */
kb_status kb_program_solve(kb_program *p, uint64_t *steps, kb_answer *answer, kb_err *err)
{
	solver s = { .program = p };
	*answer = KB_NO;
	KB_TRY(kb_arena_check(p->arena, err));
	KB_TRY(start(&s, err));
	for (uint32_t v = 0; v < p->variable_count; v++)
		if (p->variables[v].low > p->variables[v].high) return KB_OK;
	if (p->row_count > 0 && !propagate(&s)) return kb_arena_check(p->arena, err);
	s.change_count = 0;
	*answer = KB_UNKNOWN;
	for (uint64_t length = FIRST_RUN; *answer == KB_UNKNOWN && *steps > 0; length += length / 2) {
		uint64_t spent = 0;
		*answer = run(&s, length < *steps ? length : *steps, &spent);
		*steps -= spent;
		KB_TRY(kb_arena_check(p->arena, err));
		if (*answer != KB_UNKNOWN) break;
		undo(&s, 0);
		s.depth = 0;
	}
	return KB_OK;
}
