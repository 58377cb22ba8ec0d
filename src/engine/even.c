#include "engine/even.h"

#include "base/str.h"
#include "engine/bound.h"
#include "engine/tables.h"

#include <math.h>
#include <string.h>

enum {
	MEMORY = 10, /* a step may not lead above all of so many values before it */
	PASSES_MAX = 120,
	NEAR = 100,          /* a cap is near enough to the least within so small a part of it */
	PASSES_LOOK = 30,    /* at the least cap that may be possible, which is most often too near to the edge */
	SCALE_MAX = 1 << 16, /* the weight of a question that is not held back */
	SCALE_MIN = 1 << 8,
};
#define MARGIN 0.0005 /* of the cap: fitted so much below it, and taken once within as much of that */
#define DESCENT 1e-4  /* Armijo's constant */

/*
 * Largest entropy is the least of F(lambda) = log Z(lambda) + cap * sum of lambda over lambda >= 0, whose slope is the
 * cap less the chance; the weight of a question is exp(-lambda). F is convex, and is taken where the rounded weights
 * are, so that value and slope belong together.
 */
typedef struct place {
	double *lambda, *slope;
	double value, largest, overlap, bits;
	double within;
	bool holds; /* the cap, exactly */
} place;

typedef struct fit {
	kb_arena *arena;
	kb_pool pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	uint32_t cap, passes; /* passes: at most */
	double target;        /* a little below the cap */
	double scale;
	kb_even *out;
} fit;

static kb_status new_place(const fit *f, place *at, kb_err *err)
{
	*at = (place) { 0 };
	at->lambda = kb_arena_array(f->arena, f->pool.count, sizeof *at->lambda);
	at->slope = kb_arena_array(f->arena, f->pool.count, sizeof *at->slope);
	return kb_arena_check(f->arena, err);
}

static void set_weights(fit *f, const place *at)
{
	for (uint32_t i = 0; i < f->pool.count; i++) {
		double weight = f->scale * exp(-at->lambda[i]);
		f->pool.items[i].weight = weight < 1 ? 1 : (uint32_t)(weight + 0.5);
	}
}

/* One pass of the tables. */
static kb_status measure(fit *f, place *at, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(f->arena);
	kb_tables *tables;
	kb_exposure exposure;
	double cap = (double)f->cap / KB_EVEN_WHOLE;
	set_weights(f, at);
	KB_TRY(kb_tables_build(f->arena, &f->pool, f->rules, f->excluded, 0, &tables, err));
	if (tables->empty) return kb_fail(err, KB_REFUSED, "draw.none", "no valid paper exists");
	KB_TRY(kb_exposure_find(f->arena, tables, &exposure, err));
	KB_TRY(kb_even_holds(f->arena, tables, &exposure, f->cap, &at->holds, err));
	at->value = kb_tables_bits(tables) - f->rules->size * log2(f->scale);
	at->within = 0;
	for (uint32_t i = 0; i < f->pool.count; i++) {
		double lambda = log2(f->scale / f->pool.items[i].weight), chance = exposure.chances[i];
		at->slope[i] = f->target - chance;
		at->value += f->target * lambda;
		at->within += (cap - chance) * lambda;
	}
	at->largest = exposure.largest;
	if (f->out->reached > exposure.largest * KB_EVEN_WHOLE)
		f->out->reached = (uint32_t)ceil(exposure.largest * KB_EVEN_WHOLE);
	at->overlap = exposure.overlap;
	at->bits = exposure.bits;
	f->out->passes++;
	kb_arena_restore(f->arena, mark);
	return KB_OK;
}

/* Large weights may be too wide for the count; fewer bits of them then do. */
static kb_status start(fit *f, place *here, kb_err *err)
{
	kb_err limit;
	kb_status status = KB_LIMIT;
	for (f->scale = SCALE_MAX; f->scale >= SCALE_MIN; f->scale /= 4) {
		status = measure(f, here, &limit);
		if (status != KB_LIMIT || !kb_str_equal(limit.id, "draw.width")) break;
	}
	if (status != KB_OK) *err = limit;
	f->out->bits_uniform = here->bits;
	return status;
}

/* No question is above the cap, and none is held back that is far below it. */
static bool is_settled(const fit *f, const place *at)
{
	for (uint32_t i = 0; i < f->pool.count; i++)
		if (at->lambda[i] > 0 && at->slope[i] > MARGIN * f->target) return false;
	return at->holds;
}

static void keep(fit *f, const place *at)
{
	if (!at->holds || at->bits <= f->out->bits) return;
	for (uint32_t i = 0; i < f->pool.count; i++) f->out->weights[i] = f->pool.items[i].weight;
	f->out->largest = at->largest;
	f->out->overlap = at->overlap;
	f->out->bits = at->bits;
	f->out->bits_within = at->within;
}

/* Along the slope as far as the last step's curvature says, and back by halves until the value is low enough. */
static kb_status step(fit *f, const place *here, double length, const double *values, place *next, kb_err *err)
{
	double highest = values[0], down = 0;
	for (int i = 1; i < MEMORY; i++) highest = fmax(highest, values[i]);
	for (uint32_t i = 0; i < f->pool.count; i++) {
		next->lambda[i] = fmax(0, here->lambda[i] - length * here->slope[i]);
		down += (next->lambda[i] - here->lambda[i]) * here->slope[i];
	}
	for (double part = 1;; part /= 2) {
		KB_TRY(measure(f, next, err));
		keep(f, next);
		if (next->value <= highest + DESCENT * part * down || f->out->passes >= f->passes) return KB_OK;
		for (uint32_t i = 0; i < f->pool.count; i++) next->lambda[i] = (next->lambda[i] + here->lambda[i]) / 2;
	}
}

/* Barzilai and Borwein's length for the next step. */
static double length_after(const fit *f, const place *here, const place *next)
{
	double square = 0, bend = 0;
	for (uint32_t i = 0; i < f->pool.count; i++) {
		double moved = next->lambda[i] - here->lambda[i];
		square += moved * moved;
		bend += moved * (next->slope[i] - here->slope[i]);
	}
	return bend > 0 ? fmin(fmax(square / bend, 1e-2), 1e4) : 1e3;
}

/* Spectral projected gradients. Entropy is never below 0, so a value that is shows a cap that can't be met. */
static kb_status descend(fit *f, kb_err *err)
{
	place here, next;
	double values[MEMORY], length = 1 / (f->target * (1 - f->target));
	KB_TRY(new_place(f, &here, err));
	KB_TRY(new_place(f, &next, err));
	KB_TRY(start(f, &here, err));
	keep(f, &here);
	for (int i = 0; i < MEMORY; i++) values[i] = here.value;
	for (uint32_t n = 1; !is_settled(f, &here) && here.value >= 0 && f->out->passes < f->passes; n++) {
		KB_TRY(step(f, &here, length, values, &next, err));
		length = length_after(f, &here, &next);
		place before = here;
		here = next;
		next = before;
		values[n % MEMORY] = here.value;
	}
	return KB_OK;
}

static kb_status refuse(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t cap, kb_even *even, kb_err *err)
{
	kb_spread *least = &even->least;
	kb_err limit;
	kb_status status = kb_spread_find(arena, pool, rules, least, &limit);
	if (status != KB_OK && status != KB_LIMIT) {
		*err = limit;
		return status;
	}
	KB_TRY(kb_arena_check(arena, err));
	if (cap * least->low_whole >= KB_EVEN_WHOLE * least->low_part) {
		kb_fail(err, KB_REFUSED, "even.edge",
			"a chance of at most %u in a thousand lies at the edge of what these questions allow, and was not reached",
			cap);
		return kb_hint(err, "raise the cap a little, or add questions");
	}
	if (least->low_part == least->low_whole) {
		kb_fail(err, KB_REFUSED, "even.cap",
			"no draw from these questions keeps every chance to %u in a thousand: one question is in every paper", cap);
		return kb_hint(err, "add questions that can take its place");
	}
	kb_fail(err, KB_REFUSED, "even.cap",
		"no draw from these questions keeps every chance to %u in a thousand: some question is in at least %llu of %llu "
		"papers",
		cap, (unsigned long long)least->low_part, (unsigned long long)least->low_whole);
	return kb_hint(err, "raise the cap, or add questions");
}

/* Whether prices show already that the cap can't be met, before any weights are fitted. Rivals may be in different
 * papers of a draw, so they are not looked at. */
static kb_status is_out_of_reach(const fit *f, bool *out_of_reach, kb_err *err)
{
	kb_bound bound;
	kb_pool apart = f->pool;
	uint64_t most, least;
	apart.rival_count = 0;
	*out_of_reach = false;
	KB_TRY(kb_bound_find(f->arena, &apart, f->rules, f->excluded, 0, &bound, err));
	if (bound.papers == 0 || bound.papers == UINT32_MAX) return KB_OK;
	*out_of_reach = !__builtin_mul_overflow(bound.all, (uint64_t)f->cap, &most) &&
	                !__builtin_mul_overflow((uint64_t)bound.paper, (uint64_t)KB_EVEN_WHOLE, &least) && most < least;
	return KB_OK;
}

/* Behind success bits are below 0 where no weights were found. */
static kb_status find(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t cap, uint32_t passes, kb_even *even, kb_err *err)
{
	*even = (kb_even) { .bits = -1, .reached = KB_EVEN_WHOLE };
	fit f = { arena, *pool, rules, excluded, .cap = cap, .passes = passes, .out = even };
	f.target = (double)cap / KB_EVEN_WHOLE * (1 - MARGIN);
	f.pool.items = kb_arena_array(arena, pool->count, sizeof *f.pool.items);
	even->weights = kb_arena_array(arena, pool->count, sizeof *even->weights);
	if (!f.pool.items || !even->weights) return kb_arena_check(arena, err);
	if (pool->count > 0) memcpy(f.pool.items, pool->items, pool->count * sizeof *pool->items);
	bool out_of_reach;
	KB_TRY(is_out_of_reach(&f, &out_of_reach, err));
	return out_of_reach ? KB_OK : descend(&f, err);
}

kb_status kb_even_find(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t cap, kb_even *even, kb_err *err)
{
	KB_TRY(find(arena, pool, rules, NULL, cap, PASSES_MAX, even, err));
	return even->bits >= 0 ? KB_OK : refuse(arena, pool, rules, cap, even, err);
}

kb_status kb_even_keeps(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t cap, bool *keeps, kb_err *err)
{
	kb_even even;
	kb_err why;
	kb_arena_mark mark = kb_arena_save(arena);
	kb_status status = find(arena, pool, rules, excluded, cap, PASSES_MAX, &even, &why);
	*keeps = status == KB_OK && even.bits >= 0;
	KB_TRY(kb_arena_check(arena, err));
	kb_arena_restore(arena, mark);
	if (status == KB_OK || status == KB_REFUSED || status == KB_LIMIT) return KB_OK;
	*err = why;
	return status;
}

/* Just above what is impossible the weights may not come near enough. How near they come on the way, there and halfway
 * between, says which cap they keep. */
static kb_status look_for_cap(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t first, uint32_t *cap, kb_err *err)
{
	uint32_t low = first - 1, next = first;
	*cap = KB_EVEN_WHOLE;
	do {
		kb_even even;
		kb_arena_mark mark = kb_arena_save(arena);
		kb_status status = find(arena, pool, rules, NULL, next, PASSES_LOOK, &even, err);
		kb_arena_restore(arena, mark);
		KB_TRY(status);
		if (even.bits >= 0) *cap = next;
		else low = next;
		if (even.reached < *cap && even.reached > low) *cap = even.reached;
		next = low + (*cap - low) / 2;
	} while (*cap - low > 1 + *cap / NEAR);
	return KB_OK;
}

kb_status kb_even_least_cap(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t refused,
	const kb_spread *least, uint32_t *cap, kb_err *err)
{
	*cap = 0;
	if (least->low_part == 0) return KB_OK;
	uint32_t next = (uint32_t)(least->low_part * KB_EVEN_WHOLE / least->low_whole) + 1;
	if (next <= refused) next = refused + 1;
	if (next >= KB_EVEN_WHOLE) return KB_OK;
	KB_TRY(look_for_cap(arena, pool, rules, next, &next, err));
	for (; next < KB_EVEN_WHOLE; next++) {
		kb_even even;
		kb_arena_mark mark = kb_arena_save(arena);
		kb_status status = find(arena, pool, rules, NULL, next, PASSES_MAX, &even, err);
		kb_arena_restore(arena, mark);
		KB_TRY(status);
		if (even.bits < 0) continue;
		*cap = next;
		return KB_OK;
	}
	return KB_OK;
}

/* A limb more than a count has. */
static bool read_scaled(const char *text, uint64_t factor, uint64_t out[static KB_WIDE_LIMBS + 1])
{
	out[KB_WIDE_LIMBS] = 0;
	return kb_wide_parse(text, out, KB_WIDE_LIMBS) && wide_scale(out, factor, KB_WIDE_LIMBS + 1) == 0;
}

kb_status kb_even_holds(
	kb_arena *arena, const kb_tables *tables, const kb_exposure *exposure, uint32_t cap, bool *holds, kb_err *err)
{
	uint64_t limit[KB_WIDE_LIMBS + 1], part[KB_WIDE_LIMBS + 1];
	const char *count = kb_tables_count(tables, arena);
	KB_TRY(kb_arena_check(arena, err));
	KB_ASSERT(read_scaled(count, cap, limit), err);
	*holds = true;
	for (uint32_t i = 0; i < tables->pool_count; i++) {
		KB_ASSERT(read_scaled(exposure->papers[i], KB_EVEN_WHOLE, part), err);
		if (wide_compare(part, limit, KB_WIDE_LIMBS + 1) > 0) *holds = false;
	}
	return KB_OK;
}

kb_status kb_even_papers(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_tables *tables, const char **count, kb_err *err)
{
	kb_pool plain = *pool;
	bool weighted = false;
	for (uint32_t i = 0; i < pool->count; i++) weighted |= pool->items[i].weight > 1;
	if (weighted) {
		kb_tables *alike;
		plain.items = kb_arena_array(arena, pool->count, sizeof *plain.items);
		if (!plain.items) return kb_arena_check(arena, err);
		memcpy(plain.items, pool->items, pool->count * sizeof *pool->items);
		for (uint32_t i = 0; i < pool->count; i++) plain.items[i].weight = 1;
		KB_TRY(kb_tables_build(arena, &plain, rules, excluded, 0, &alike, err));
		tables = alike;
	}
	*count = kb_tables_count(tables, arena);
	return kb_arena_check(arena, err);
}
