/* From a number to the questions that it stands for, within one block. */
#include "engine/block.h"

/* A state and a place in it, and what is left of the number. */
typedef struct walk {
	const kb_block *block;
	uint32_t state, place;
	uint64_t *rank;
} walk;

/* The largest x below `limit` with C(x, chosen) <= rank: a digit of the combinatorial number system. */
static uint32_t digit(const uint64_t *rank, size_t limbs, uint32_t limit, uint32_t chosen, uint64_t *binomial)
{
	uint32_t low = chosen - 1;
	if (chosen == 1) low = (uint32_t)rank[0];
	while (chosen > 1 && limit - low > 1) {
		uint32_t middle = low + (limit - low) / 2;
		kb_wide_binomial(binomial, limbs, middle, chosen);
		if (wide_compare(binomial, rank, limbs) <= 0) low = middle;
		else limit = middle;
	}
	kb_wide_binomial(binomial, limbs, low, chosen);
	return low;
}

/* The copies of a layer that an option has not used yet, counted from 0: sorted numbers of those it has. */
typedef struct taken {
	uint32_t copies[KB_PAPER_MAX], count;
} taken;

static uint32_t take_copy(taken *t, uint32_t place)
{
	uint32_t at = 0;
	for (; at < t->count && t->copies[at] <= place; at++) place++;
	memmove(t->copies + at + 1, t->copies + at, (t->count - at) * sizeof *t->copies);
	t->copies[at] = place;
	t->count++;
	return place;
}

static void take_set(const kb_layer *layer, uint32_t copy, uint64_t set, uint32_t *items, uint32_t *count)
{
	for (; set; set &= set - 1)
		items[(*count)++] = layer->items[(size_t)copy * layer->width + (uint32_t)__builtin_ctzll(set)];
}

/* The questions of number `rank` among the ways of an option. */
static void take_option(
	const kb_block *b, const kb_stage *stage, const kb_option *option, uint64_t *rank, uint32_t *items, uint32_t *count)
{
	taken t = { .count = 0 };
	for (uint32_t p = option->first; p < option->first + option->count; p++) {
		const kb_alternative *alternative = &stage->alternatives[b->picks[p].alternative];
		uint32_t left = stage->layer->copies - t.count, places[KB_PAPER_MAX], copies = b->picks[p].copies;
		uint64_t ways[KB_WIDE_LIMBS], binomial[KB_WIDE_LIMBS], rest[KB_WIDE_LIMBS];
		kb_wide_binomial(ways, b->limbs, left, copies);
		memcpy(rest, rank, b->limbs * sizeof *rank);
		kb_wide_divide(rest, ways, b->limbs, rank);
		for (uint32_t chosen = copies, limit = left; chosen > 0; chosen--) {
			limit = digit(rest, b->limbs, limit, chosen, binomial);
			wide_subtract(rest, binomial, b->limbs);
			places[chosen - 1] = limit;
		}
		/* Places count the copies that were free before this pick: the highest goes first, so that they stay true. */
		for (uint32_t c = copies; c-- > 0;) {
			uint32_t copy = take_copy(&t, places[c]);
			uint64_t set = wide_divide_small(rank, alternative->set_count, b->limbs);
			wide_divide_small(rank, alternative->weight, b->limbs);
			take_set(stage->layer, copy, alternative->sets[set], items, count);
		}
	}
}

/* Any of them, where all cost the same. */
static void take_first(
	const kb_block *b, const kb_stage *stage, const kb_option *option, uint32_t *items, uint32_t *count)
{
	uint32_t copy = 0;
	for (uint32_t p = option->first; p < option->first + option->count; p++)
		for (uint32_t n = 0; n < b->picks[p].copies; n++)
			take_set(stage->layer, copy++, stage->alternatives[b->picks[p].alternative].sets[0], items, count);
}

/* Whether the number falls on papers that reach the walk's state by this option from `from`; if not, it is lowered. */
static bool falls_on(
	walk *w, uint32_t from, const kb_stage *stage, const kb_option *option, uint32_t *items, uint32_t *count)
{
	const kb_block *b = w->block;
	const uint64_t *before = kb_block_ways(b, from, w->place - 1);
	if (!before) return false;
	if (b->cheapest) {
		if (*before + option->ways != *w->rank) return false;
		take_first(b, stage, option, items, count);
		*w->rank = *before;
		w->state = from;
		w->place--;
		return true;
	}
	uint64_t part[KB_WIDE_LIMBS] = { 0 };
	if (option->ways) wide_add_scaled(part, b->limbs, before, b->limbs, option->ways);
	else wide_add_product(part, b->limbs, before, b->limbs, b->wides + option->wide * b->limbs, b->limbs);
	if (wide_compare(w->rank, part, b->limbs) >= 0) {
		wide_subtract(w->rank, part, b->limbs);
		return false;
	}
	uint64_t inner[KB_WIDE_LIMBS] = { option->ways };
	if (!option->ways) memcpy(inner, b->wides + option->wide * b->limbs, b->limbs * sizeof *inner);
	memcpy(part, w->rank, b->limbs * sizeof *part);
	kb_wide_divide(part, inner, b->limbs, w->rank);
	take_option(b, stage, option, part, items, count);
	w->state = from;
	w->place--;
	return true;
}

/*
 * What can stand in front of a sum and an effect: each unit of the effect was covered before or not, and a field at its
 * soft cap may have been anything from cap - effect on.
 */
typedef struct before {
	uint64_t free_units; /* may have been covered before */
	uint32_t field_count;
	struct {
		unsigned shift;
		uint64_t least, most;
	} fields[KB_SOURCES];
	kb_state least;
	uint64_t combinations;
} before;

static bool look_before(const kb_block *b, const kb_state *to, const kb_state *effect, before *back)
{
	*back = (before){ .combinations = 1 };
	if (effect->units[0] & ~to->units[0]) return false;
	back->free_units = effect->units[0];
	back->least.units[0] = to->units[0] & ~effect->units[0];
	int units = __builtin_popcountll(back->free_units);
	back->combinations = units < 32 ? (uint64_t)1 << units : UINT32_MAX;
	for (uint32_t f = 0; f < b->layout.count; f++) {
		const kb_field *field = &b->layout.fields[f];
		uint64_t have = kb_state_read(field, to->sums), gave = kb_state_read(field, effect->sums);
		if (gave > have) return false;
		uint64_t most = !field->hard && have == field->cap ? have : have - gave;
		back->least.sums |= (have - gave) << field->shift;
		if (most == have - gave) continue;
		back->fields[back->field_count].shift = field->shift;
		back->fields[back->field_count].least = have - gave;
		back->fields[back->field_count++].most = most;
		if (back->combinations < UINT32_MAX) back->combinations *= most - (have - gave) + 1;
	}
	return true;
}

static bool try_sums(walk *w, const before *back, uint32_t field, const kb_state *state, const kb_stage *stage,
	const kb_option *option, uint32_t *items, uint32_t *count)
{
	if (field == back->field_count) {
		uint32_t from = kb_state_find(&w->block->states, state);
		return from != KB_NONE && falls_on(w, from, stage, option, items, count);
	}
	kb_state one = *state;
	for (uint64_t v = back->fields[field].least; v <= back->fields[field].most; v++) {
		if (try_sums(w, back, field + 1, &one, stage, option, items, count)) return true;
		one.sums += (uint64_t)1 << back->fields[field].shift;
	}
	return false;
}

static bool step_back(walk *w, const kb_stage *stage, const kb_option *option, uint32_t *items, uint32_t *count)
{
	const kb_block *b = w->block;
	const kb_state *to = &b->states.states[w->state], *effect = &b->effects.states[option->effect];
	before back;
	if (!look_before(b, to, effect, &back)) return false;
	if (b->times == 1 && back.combinations <= 256) {
		uint64_t covered = 0;
		do {
			kb_state state = back.least;
			state.units[0] |= covered;
			if (try_sums(w, &back, 0, &state, stage, option, items, count)) return true;
			covered = (covered - back.free_units) & back.free_units;
		} while (covered);
		return false;
	}
	uint32_t level = kb_state_count(&b->layout, back.least.sums);
	for (uint32_t s = b->level[level]; s != KB_NONE; s = b->next[s]) {
		kb_state sum;
		if (!kb_block_step(b, &b->states.states[s], option, &sum) || !kb_state_equal(&sum, to)) continue;
		if (falls_on(w, s, stage, option, items, count)) return true;
	}
	return false;
}

/* Costs never rise from place to place, so the first that is as low is the one it came by. */
static bool is_among(const walk *w, const uint64_t *ways)
{
	return w->block->cheapest ? *ways == *w->rank : wide_compare(w->rank, ways, w->block->limbs) < 0;
}

/* The first place by which the number is among the state's ways: nothing was taken between there and here. */
static void skip_back(walk *w)
{
	const kb_block *b = w->block;
	uint32_t low = b->birth[w->state], high = w->place;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (is_among(w, kb_block_ways(b, w->state, middle))) high = middle;
		else low = middle + 1;
	}
	w->place = low;
	const uint64_t *earlier = low > 0 ? kb_block_ways(b, w->state, low - 1) : NULL;
	if (earlier && !b->cheapest) wide_subtract(w->rank, earlier, b->limbs);
}

void kb_block_unrank(const kb_block *b, const kb_signature *signature, uint64_t *rank, uint32_t *items, uint32_t *count)
{
	walk w = { .block = b, .place = b->stage_count, .rank = rank };
	for (uint32_t e = signature->first; e < signature->first + signature->count; e++) {
		w.state = b->endings[e];
		const uint64_t *ways = kb_block_ways(b, w.state, w.place);
		if (is_among(&w, ways)) break;
		if (!b->cheapest) wide_subtract(rank, ways, b->limbs);
	}
	while (skip_back(&w), w.place > 0 && kb_state_count(&b->layout, b->states.states[w.state].sums) > 0) {
		const kb_stage *stage = &b->stages[w.place - 1];
		uint32_t o = stage->first;
		while (o < stage->first + stage->count && !step_back(&w, stage, &b->options[o], items, count)) o++;
		if (o == stage->first + stage->count) return; /* a bug: the caller sees too few questions */
	}
}
