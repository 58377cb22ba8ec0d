/* Each question's exact chance: the ways to come to a place where it is taken, times the ways to go on from there. */
#include "engine/tables.h"

typedef struct pass {
	kb_arena *arena;
	const kb_join *join;
	size_t limbs;
	uint64_t *numerators; /* limbs an item of the pool */
} pass;

/* For each boundary, the ways by which the blocks before it lead to each of its states. */
static uint64_t **lead_up(const pass *p)
{
	const kb_join *join = p->join;
	uint64_t **ways = kb_arena_array(p->arena, join->block_count + (size_t)1, sizeof *ways);
	for (uint32_t b = 0; ways && b <= join->block_count; b++) {
		ways[b] = kb_arena_array(p->arena, join->boundaries[b].states.count * p->limbs, sizeof **ways);
		if (!ways[b]) return NULL;
	}
	if (!ways) return NULL;
	ways[0][0] = 1;
	for (uint32_t b = 0; b < join->block_count; b++) {
		const kb_block *block = &join->blocks[b];
		const uint32_t *after = join->boundaries[b].after;
		for (uint32_t s = 0; s < join->boundaries[b].states.count; s++)
			for (uint32_t g = 0; g < block->signature_count; g++, after++)
				if (*after != KB_NONE)
					wide_add_product(ways[b + 1] + *after * p->limbs, p->limbs, ways[b] + s * p->limbs, p->limbs,
						block->signatures[g].ways, block->limbs);
	}
	return ways;
}

/* What all other blocks make of a signature of block b. */
static void rest_of(const pass *p, uint64_t *const *before, uint32_t b, uint32_t signature, uint64_t *rest)
{
	const kb_boundary *from = &p->join->boundaries[b], *to = &p->join->boundaries[b + 1];
	for (uint32_t s = 0; s < from->states.count; s++) {
		uint32_t after = from->after[(size_t)s * p->join->blocks[b].signature_count + signature];
		if (after != KB_NONE)
			wide_add_product(rest, p->limbs, before[b] + s * p->limbs, p->limbs, to->ways + after * p->limbs, p->limbs);
	}
}

/* One block, walked backwards. */
typedef struct backward {
	const kb_block *block;
	size_t limbs;
	uint64_t *rest;    /* limbs a cell: the ways to go on */
	uint64_t **totals; /* of each stage, limbs an alternative: papers that pick it, each as often as it does */
} backward;

static uint64_t *rest_at(const backward *w, uint32_t state, uint32_t place)
{
	const kb_block *b = w->block;
	if (place < b->birth[state] || place > b->death[state]) return NULL;
	return w->rest + (b->column[state] / b->limbs + place - b->birth[state]) * w->limbs;
}

static void walk_option(backward *w, uint32_t state, uint32_t place, const kb_option *option)
{
	const kb_block *b = w->block;
	kb_state to;
	if (!kb_block_step(b, &b->states.states[state], option, &to)) return;
	uint32_t target = kb_state_find(&b->states, &to);
	const uint64_t *on = target == KB_NONE ? NULL : rest_at(w, target, place + 1);
	if (!on) return;
	uint64_t ways[KB_WIDE_LIMBS] = { 0 }, papers[KB_WIDE_LIMBS] = { 0 };
	if (option->ways) wide_add_scaled(ways, w->limbs, on, w->limbs, option->ways);
	else wide_add_product(ways, w->limbs, on, w->limbs, b->wides + option->wide * b->limbs, b->limbs);
	wide_add(rest_at(w, state, place), ways, w->limbs);
	wide_add_product(papers, w->limbs, ways, w->limbs, kb_block_ways(b, state, place), b->limbs);
	for (uint32_t p = option->first; p < option->first + option->count; p++)
		wide_add_scaled(
			w->totals[place] + b->picks[p].alternative * w->limbs, w->limbs, papers, w->limbs, b->picks[p].copies);
}

static void walk_state(backward *w, uint32_t state)
{
	const kb_block *b = w->block;
	bool full = kb_state_count(&b->layout, b->states.states[state].sums) == b->hi;
	for (uint32_t place = b->death[state] + 1; place-- > b->birth[state];) {
		if (place < b->death[state]) wide_add(rest_at(w, state, place), rest_at(w, state, place + 1), w->limbs);
		if (place == b->stage_count || full) continue;
		const kb_stage *stage = &b->stages[place];
		for (uint32_t o = stage->first; o < stage->first + stage->count; o++)
			walk_option(w, state, place, &b->options[o]);
	}
}

/* All sets of an alternative, in all copies, are equally likely. */
static void share_out(const pass *p, const kb_stage *stage, const kb_alternative *alternative, uint64_t *total)
{
	const kb_layer *layer = stage->layer;
	wide_divide_small(total, (uint64_t)layer->copies * alternative->set_count, p->limbs);
	for (uint32_t s = 0; s < alternative->set_count; s++)
		for (uint64_t set = alternative->sets[s]; set; set &= set - 1)
			for (uint32_t c = 0; c < layer->copies; c++) {
				uint32_t item = layer->items[(size_t)c * layer->width + (uint32_t)__builtin_ctzll(set)];
				wide_add(p->numerators + item * p->limbs, total, p->limbs);
			}
}

static bool pass_block(const pass *p, uint64_t *const *before, uint32_t number)
{
	const kb_block *b = &p->join->blocks[number];
	backward w = { b, p->limbs, kb_arena_array(p->arena, b->cells * p->limbs, sizeof *w.rest),
		kb_arena_array(p->arena, b->stage_count, sizeof *w.totals) };
	if (!w.rest || !w.totals) return false;
	for (uint32_t s = 0; s < b->stage_count; s++) {
		w.totals[s] = kb_arena_array(p->arena, b->stages[s].alternative_count * p->limbs, sizeof **w.totals);
		if (!w.totals[s]) return false;
	}
	for (uint32_t g = 0; g < b->signature_count; g++) {
		const kb_signature *signature = &b->signatures[g];
		uint64_t *first = rest_at(&w, b->endings[signature->first], b->stage_count);
		rest_of(p, before, number, g, first);
		for (uint32_t e = signature->first + 1; e < signature->first + signature->count; e++)
			memcpy(rest_at(&w, b->endings[e], b->stage_count), first, p->limbs * sizeof *first);
	}
	for (uint32_t count = b->hi + 1; count-- > 0;)
		for (uint32_t s = b->level[count]; s != KB_NONE; s = b->next[s]) walk_state(&w, s);
	for (uint32_t s = 0; s < b->stage_count; s++)
		for (uint32_t a = 0; a < b->stages[s].alternative_count; a++)
			share_out(p, &b->stages[s], &b->stages[s].alternatives[a], w.totals[s] + a * p->limbs);
	return true;
}

static const char **format_all(const pass *p, uint32_t count)
{
	const char **texts = kb_arena_array(p->arena, count, sizeof *texts);
	for (uint32_t i = 0; texts && i < count; i++) {
		char text[KB_WIDE_DECIMAL];
		kb_wide_format(p->numerators + i * p->limbs, p->limbs, text);
		texts[i] = kb_arena_text(p->arena, text);
	}
	return texts;
}

kb_status kb_tables_inclusion(const kb_tables *tables, kb_arena *arena, const char ***numerators, kb_err *err)
{
	if (tables->relaxed) {
		kb_fail(err, KB_LIMIT, "draw.inexact", "this pool is too tangled to give each question's exact chance");
		return kb_hint(err, "fewer rivals across grading themes, or fewer counts of categories, make it countable; papers are "
							"drawn all the same where the specification has no exposure cap");
	}
	pass p = { arena, &tables->join, tables->empty ? 1 : tables->join.limbs, NULL };
	p.numerators = kb_arena_array(arena, tables->pool_count * p.limbs, sizeof *p.numerators);
	if (!p.numerators) return kb_arena_check(arena, err);
	if (!tables->empty) {
		kb_arena_mark scratch = kb_arena_save(arena);
		uint64_t **before = lead_up(&p);
		bool passed = before != NULL;
		for (uint32_t b = 0; b < p.join->block_count && passed; b++) passed = pass_block(&p, before, b);
		kb_arena_restore(arena, scratch);
		if (!passed) return kb_arena_check(arena, err);
	}
	*numerators = format_all(&p, tables->pool_count);
	return kb_arena_check(arena, err);
}
