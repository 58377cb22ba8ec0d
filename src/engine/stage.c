/* A block's layers in the order in which they are passed, and what each may give. */
#include "engine/block.h"

#include <stdlib.h>
#include <string.h>

enum { SETS_MAX = 4096, OPTIONS_MAX = 4000000 };

static kb_status out_of_memory(kb_arena *arena, kb_err *err)
{
	KB_TRY(kb_arena_check(arena, err));
	return kb_fail(err, KB_LIMIT, "draw.states", "more states than can be numbered");
}

/*
 * The order in which units close. Closing a unit means passing every layer that touches it; each time the unit is
 * taken that keeps the fewest others open.
 */
static void order_units(const kb_layer *layers, uint32_t count, uint64_t units, uint32_t place[static KB_UNITS_MAX])
{
	uint64_t near[KB_UNITS_MAX] = { 0 }, open = 0, closed = 0;
	for (uint32_t l = 0; l < count; l++)
		for (uint64_t rest = layers[l].units; rest; rest &= rest - 1) near[__builtin_ctzll(rest)] |= layers[l].units;
	for (uint32_t step = 0; units & ~closed; step++) {
		uint32_t best = 0;
		int fewest = KB_UNITS_MAX + 1;
		for (uint64_t rest = units & ~closed; rest; rest &= rest - 1) {
			uint32_t u = (uint32_t)__builtin_ctzll(rest);
			int opened = __builtin_popcountll((open | near[u]) & ~closed);
			if (opened >= fewest) continue;
			fewest = opened;
			best = u;
		}
		open |= near[best];
		closed |= (uint64_t)1 << best;
		place[best] = step;
	}
}

typedef struct order {
	uint32_t first, last, layer;
} order;

static int compare_order(const void *left, const void *right)
{
	const order *a = left, *b = right;
	if (a->first != b->first) return a->first < b->first ? -1 : 1;
	if (a->last != b->last) return a->last < b->last ? -1 : 1;
	return a->layer < b->layer ? -1 : a->layer > b->layer;
}

/* By the unit that closes first, short-lived layers before others; those without a unit come last. */
static bool order_layers(kb_arena *arena, const kb_layer *layers, uint32_t count, kb_block *block)
{
	order *orders = kb_arena_array(arena, count, sizeof *orders);
	block->stages = kb_arena_array(arena, count, sizeof *block->stages);
	if (!orders || !block->stages) return false;
	uint32_t place[KB_UNITS_MAX] = { 0 };
	uint64_t units = 0;
	for (uint32_t l = 0; l < count; l++) units |= layers[l].units;
	order_units(layers, count, units, place);
	for (uint32_t l = 0; l < count; l++) {
		orders[l] = (order){ KB_NONE, layers[l].units ? 0 : KB_NONE, l };
		for (uint64_t rest = layers[l].units; rest; rest &= rest - 1) {
			uint32_t at = place[__builtin_ctzll(rest)];
			if (at < orders[l].first) orders[l].first = at;
			if (at > orders[l].last) orders[l].last = at;
		}
	}
	qsort(orders, count, sizeof *orders, compare_order);
	block->stage_count = count;
	for (uint32_t s = 0; s < count; s++) {
		block->stages[s].layer = &layers[orders[s].layer];
		for (uint64_t rest = block->stages[s].layer->units; rest; rest &= rest - 1)
			block->closes[__builtin_ctzll(rest)] = s;
	}
	return true;
}

/* What one question of a base adds; false where no paper of this block can hold it. */
static bool sum_of_base(const kb_block *block, const kb_base *base, kb_state *sum)
{
	*sum = (kb_state){ { base->units } };
	for (uint32_t f = 0; f < block->layout.count; f++) {
		const kb_field *field = &block->layout.fields[f];
		uint64_t value = 0;
		if (field->source == KB_SOURCE_COUNT) value = 1;
		else if (field->source == KB_SOURCE_MINUTES) value = base->minutes;
		else if (field->source < KB_SOURCE_COUNT) value = base->counters >> field->source & 1;
		if (value > field->cap) {
			if (field->hard) return false;
			value = field->cap;
		}
		sum->sums |= value << field->shift;
	}
	return true;
}

/* While the sets of members without rivals among them are listed. */
typedef struct listing {
	kb_arena *arena;
	const kb_reduction *reduction;
	kb_block *block;
	const kb_layer *layer;
	kb_alternative *list;
	uint32_t count, size, sets;
	kb_status status;
	kb_err *err;
} listing;

static void add_set(listing *l, const kb_state *sum, uint64_t weight, uint64_t set)
{
	if (++l->sets > SETS_MAX) {
		l->status = kb_fail(l->err, KB_LIMIT, "draw.rivals",
			"%u questions hang together as rivals in more than %d ways", l->layer->width, SETS_MAX);
		return;
	}
	uint32_t a = 0;
	while (a < l->count && !(l->list[a].weight == weight && kb_state_equal(&l->list[a].sum, sum))) a++;
	if (a == l->count) {
		if (l->count == l->size) {
			uint32_t size = l->size ? 2 * l->size : 4;
			l->list = kb_arena_grow(l->arena, l->list, l->size * sizeof *l->list, size * sizeof *l->list);
			if (!l->list) {
				l->status = kb_arena_check(l->arena, l->err);
				return;
			}
			l->size = size;
		}
		l->list[l->count++] = (kb_alternative){ *sum, weight, NULL, 0, (uint32_t)__builtin_popcountll(set) };
	}
	kb_alternative *found = &l->list[a];
	if ((found->set_count & (found->set_count - 1)) == 0)
		found->sets = kb_arena_grow(l->arena, found->sets, found->set_count * sizeof set,
			(found->set_count ? 2 * (size_t)found->set_count : 1) * sizeof set);
	if (!found->sets) l->status = kb_arena_check(l->arena, l->err);
	else found->sets[found->set_count++] = set;
}

static void list_sets(listing *l, uint32_t from, const kb_state *sum, uint64_t weight, uint64_t set, uint64_t barred)
{
	for (uint32_t m = from; m < l->layer->width && l->status == KB_OK; m++) {
		const kb_base *base = &l->reduction->bases[l->layer->bases[m]];
		kb_state one, both;
		uint64_t product;
		if (barred >> m & 1 || !sum_of_base(l->block, base, &one)) continue;
		if (!kb_state_add(&l->block->layout, l->block->times, sum, &one, &both)) continue;
		if (l->reduction->cheapest) {
			product = weight + base->weight;
		} else if (__builtin_mul_overflow(weight, (uint64_t)base->weight, &product)) {
			l->status =
				kb_fail(l->err, KB_LIMIT, "draw.width", "the weights of questions that hang together are too large");
			return;
		}
		uint64_t chosen = set | (uint64_t)1 << m;
		add_set(l, &both, product, chosen);
		uint64_t rivals = l->layer->rivals ? l->layer->rivals[m] : 0;
		if (l->status == KB_OK) list_sets(l, m + 1, &both, product, chosen, barred | rivals);
	}
}

/* While the options of a stage are listed: copies of each alternative, in turn. */
typedef struct choice {
	kb_arena *arena;
	kb_block *block;
	const kb_stage *stage;
	kb_pick picks[KB_PAPER_MAX];
	uint32_t pick_count;
} choice;

/* The list, or a longer copy where it was full; NULL once the arena is. */
static void *room(kb_arena *arena, void *list, uint32_t count, uint32_t *size, size_t each)
{
	if (count < *size) return list;
	uint32_t more = *size ? 2 * *size : 64;
	void *grown = kb_arena_grow(arena, list, *size * each, more * each);
	if (grown) *size = more;
	return grown;
}

static bool add_wide(choice *c, const uint64_t *ways)
{
	kb_block *b = c->block;
	size_t each = b->limbs * sizeof *b->wides;
	b->wides = room(c->arena, b->wides, b->wide_count, &b->wide_size, each);
	if (b->wides) memcpy(b->wides + b->wide_count++ * b->limbs, ways, each);
	return b->wides != NULL;
}

static bool add_option(choice *c, const kb_state *sum, const uint64_t *ways)
{
	kb_block *b = c->block;
	kb_option option = { kb_state_intern(&b->effects, c->arena, sum), b->pick_count, c->pick_count, ways[0],
		b->wide_count };
	if (option.effect == KB_NONE || b->option_count == OPTIONS_MAX) return false;
	if (wide_bits(ways, b->limbs) > 64) {
		option.ways = 0;
		if (!add_wide(c, ways)) return false;
	}
	for (uint32_t p = 0; p < c->pick_count; p++) {
		b->picks = room(c->arena, b->picks, b->pick_count, &b->pick_size, sizeof *b->picks);
		if (!b->picks) return false;
		b->picks[b->pick_count++] = c->picks[p];
	}
	b->options = room(c->arena, b->options, b->option_count, &b->option_size, sizeof *b->options);
	if (b->options) b->options[b->option_count++] = option;
	return b->options != NULL;
}

/* From the ways (or the cost) of n - 1 copies to those of n: in all C(copies, n) * (sets * weight)^n, step by step. */
static void one_more(const kb_block *b, const kb_alternative *alternative, uint32_t copies, uint32_t n, uint64_t *ways)
{
	if (b->cheapest) {
		ways[0] += alternative->weight;
		return;
	}
	wide_scale(ways, alternative->set_count, b->limbs);
	wide_scale(ways, alternative->weight, b->limbs);
	wide_scale(ways, copies - n + 1, b->limbs);
	wide_divide_small(ways, n, b->limbs);
}

static bool list_options(choice *c, uint32_t from, uint32_t copies, const kb_state *sum, const uint64_t *ways)
{
	kb_block *b = c->block;
	for (uint32_t a = from; a < c->stage->alternative_count; a++) {
		const kb_alternative *alternative = &c->stage->alternatives[a];
		kb_state total = *sum;
		uint64_t each[KB_WIDE_LIMBS] = { 0 };
		memcpy(each, ways, b->limbs * sizeof *ways);
		for (uint32_t n = 1; n <= copies; n++) {
			if (!kb_state_add(&b->layout, b->times, &total, &alternative->sum, &total)) break;
			one_more(b, alternative, copies, n, each);
			c->picks[c->pick_count++] = (kb_pick){ a, n };
			bool listed = add_option(c, &total, each) && list_options(c, a + 1, copies - n, &total, each);
			c->pick_count--;
			if (!listed) return false;
		}
	}
	return true;
}

kb_status kb_block_stages(kb_arena *arena, const kb_reduction *reduction, const kb_layer *layers, uint32_t count,
	kb_block *block, kb_err *err)
{
	if (!order_layers(arena, layers, count, block)) return kb_arena_check(arena, err);
	const uint64_t start[KB_WIDE_LIMBS] = { !block->cheapest };
	for (uint32_t s = 0; s < count; s++) {
		kb_stage *stage = &block->stages[s];
		listing l = { .arena = arena, .reduction = reduction, .block = block, .layer = stage->layer, .err = err };
		list_sets(&l, 0, &(kb_state){ 0 }, !block->cheapest, 0, 0);
		if (l.status != KB_OK) return l.status;
		stage->alternatives = l.list;
		stage->alternative_count = l.count;
		stage->first = block->option_count;
		choice c = { .arena = arena, .block = block, .stage = stage };
		if (!list_options(&c, 0, stage->layer->copies, &(kb_state){ 0 }, start)) return out_of_memory(arena, err);
		stage->count = block->option_count - stage->first;
		for (uint32_t m = 0; m < stage->layer->width; m++) {
			uint32_t covers = (uint32_t)__builtin_popcountll(reduction->bases[stage->layer->bases[m]].units);
			if (covers > block->most) block->most = covers;
		}
	}
	return KB_OK;
}
