/* Disjoint papers and the reserve, against exhaustive search. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bank.h"
#include "engine/bound.h"
#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/swap.h"

static kb_err err;

/* Sizes of 2 to 4, so that several papers fit. */
static bank roomy_bank(kb_arena *arena, kb_stream *stream)
{
	bank b = bank_random(arena, stream, 12);
	b.rules.size = 2 + b.rules.size % 3;
	b.rules.minutes = (kb_range) { 0, UINT32_MAX };
	for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = 1;
	return b;
}

static void certificate_holds(const bank *b, const kb_capacity *capacity)
{
	uint8_t used[sizeof b->excluded];
	memcpy(used, b->excluded, sizeof used);
	for (uint32_t p = 0; p < capacity->lower; p++) {
		const uint32_t *items = capacity->papers + p * b->rules.size;
		cr_assert_eq(kb_check_paper(&b->pool, &b->rules, used, items, b->rules.size, &err), KB_OK, "%s", err.message);
		kb_pool_exclude(&b->pool, items, b->rules.size, used);
	}
}

Test(capacity, agrees_with_trying_every_packing)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "capacity banks");
	unsigned several = 0;
	for (unsigned n = 0; n < 3000; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = roomy_bank(arena, stream);
		papers all = bank_papers(arena, &b, b.excluded);
		uint32_t most = bank_most_disjoint(&b, &all, 0, 0);
		kb_capacity capacity;
		cr_assert_eq(
			kb_capacity_find(arena, &b.pool, &b.rules, b.excluded, 0, &capacity, &err), KB_OK, "%s", err.message);
		cr_assert_eq(capacity.lower, capacity.upper, "bank %u: %u to %u", n, capacity.lower, capacity.upper);
		cr_assert_eq(capacity.lower, most, "bank %u: %u, not %u (%s)", n, capacity.lower, most, capacity.reason);
		certificate_holds(&b, &capacity);
		for (uint32_t wanted = 1; wanted <= most + 1; wanted++) {
			cr_assert_eq(kb_capacity_find(arena, &b.pool, &b.rules, b.excluded, wanted, &capacity, &err), KB_OK);
			cr_assert_eq(capacity.lower >= wanted, most >= wanted);
			cr_assert(most >= wanted || capacity.upper < wanted);
			certificate_holds(&b, &capacity);
		}
		several += most > 1;
	}
	cr_assert_geq(several, 200);
}

Test(capacity, no_bound_is_below_what_can_be_packed)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "bound banks");
	unsigned met = 0, known = 0;
	for (unsigned n = 0; n < 3000; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = n % 2 ? roomy_bank(arena, stream) : bank_random(arena, stream, 14);
		papers all = bank_papers(arena, &b, b.excluded);
		uint32_t most = bank_most_disjoint(&b, &all, 0, 0);
		kb_bound bound;
		if (b.rules.size == 0) continue;
		cr_assert_eq(kb_bound_find(arena, &b.pool, &b.rules, b.excluded, 0, &bound, &err), KB_OK, "%s", err.message);
		cr_assert_geq(bound.papers, most, "bank %u: %u fit, and the bound is %u", n, most, bound.papers);
		known += bound.papers != UINT32_MAX;
		met += bound.papers == most;
	}
	cr_assert(known >= 2900 && met >= 1500, "%u known, %u met", known, met);
}

Test(capacity, exchange_finds_what_there_is)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "exchange banks");
	unsigned several = 0, found = 0;
	for (unsigned n = 0; n < 3000; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = roomy_bank(arena, stream);
		papers all = bank_papers(arena, &b, b.excluded);
		uint32_t most = bank_most_disjoint(&b, &all, 0, 0);
		uint32_t items[64];
		for (uint32_t wanted = 1; wanted <= most + 1; wanted++) {
			kb_swap swap = { &b.pool, &b.rules, b.excluded, items, wanted, 0, 100000, false };
			kb_capacity certificate = { .papers = items, .lower = wanted };
			cr_assert_leq(wanted * b.rules.size, KB_COUNT(items));
			cr_assert_eq(kb_swap_search(arena, &swap, &err), KB_OK, "%s", err.message);
			cr_assert(wanted <= most || !swap.found, "bank %u: %u papers, where %u fit", n, wanted, most);
			if (swap.found) certificate_holds(&b, &certificate);
			several += wanted > 1 && wanted <= most;
			found += wanted > 1 && swap.found;
		}
	}
	cr_assert(several >= 200 && found * 100 >= several * 99, "%u of %u", found, several);
}

/* Each unit alone has enough questions for two papers; but one question has to cover two of them, and one does. */
Test(capacity, rules_that_are_short_only_together)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 26);
	kb_pool_item items[] = {
		{ "a", 0, 1 | 2, 0, 0, 1, 0 },
		{ "b", 0, 1, 0, 0, 1, 0 },
		{ "c", 0, 2, 0, 0, 1, 0 },
		{ "d", 0, 4, 0, 0, 1, 0 },
		{ "e", 0, 4, 0, 0, 1, 0 },
	};
	kb_pool pool = { items, 5, NULL, 0 };
	kb_rules rules = { .size = 2, .unit_count = 3, .required = 7, .times = 1, .minutes = { 0, UINT32_MAX } };
	kb_capacity capacity;
	kb_bound bound;
	cr_assert_eq(kb_bound_find(arena, &pool, &rules, NULL, 0, &bound, &err), KB_OK);
	cr_assert_eq(bound.papers, 1);
	cr_assert(bound.of_unit[0] > 0 && bound.of_unit[1] > 0 && bound.of_unit[2] > 0);
	cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 0, &capacity, &err), KB_OK);
	cr_assert(capacity.lower == 1 && capacity.upper == 1 && capacity.together);
	cr_assert_eq(capacity.scarcest, 7);
}

/* A tenth have a rival, in threes that are no cliques too. */
Test(capacity, large_pools_are_packed_part_by_part)
{
	enum { COUNT = 2500, THEMES = 3 };
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "large bank");
	kb_pool pool = { .items = kb_arena_array(arena, COUNT, sizeof(kb_pool_item)), .count = COUNT };
	pool.rivals = kb_arena_array(arena, COUNT, sizeof *pool.rivals);
	uint8_t *used = kb_arena_alloc(arena, COUNT);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t theme = bank_below(stream, THEMES);
		pool.items[i] =
			(kb_pool_item) { kb_arena_printf(arena, "%05u", i), 0, (UINT64_C(1) + bank_below(stream, 7)) << (3 * theme),
				UINT64_C(1) << theme, 4 + bank_below(stream, 3), 1, 0 };
		if (i % 20 == 19) pool.rivals[pool.rival_count++] = (kb_pair_of_rivals) { i - 19, i };
		if (i % 40 == 39) pool.rivals[pool.rival_count++] = (kb_pair_of_rivals) { i - 10, i };
	}
	qsort(pool.rivals, pool.rival_count, sizeof *pool.rivals, kb_pool_compare_rivals);
	kb_rules rules = { .size = 7,
		.unit_count = 9,
		.required = 511,
		.times = 1,
		.counter_count = THEMES,
		.counters = { { 2, 3 }, { 2, 3 }, { 2, 3 } },
		.minutes = { 33, 37 } };
	kb_capacity capacity;
	cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 0, &capacity, &err), KB_OK, "%s", err.message);
	cr_assert(capacity.lower * 100 >= capacity.upper * 97, "%u of %u", capacity.lower, capacity.upper);
	for (uint32_t p = 0; p < capacity.lower; p++) {
		const uint32_t *items = capacity.papers + (size_t)p * rules.size;
		cr_assert_eq(kb_check_paper(&pool, &rules, used, items, rules.size, &err), KB_OK, "%s", err.message);
		kb_pool_exclude(&pool, items, rules.size, used);
	}
	cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 100, &capacity, &err), KB_OK);
	cr_assert_eq(capacity.lower, 100);
}

Test(capacity, reserve_is_drawn_evenly_among_good_papers)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "reserve banks");
	unsigned refused = 0, mixed = 0;
	for (unsigned n = 0; n < 150 || mixed < 6; n++) {
		cr_assert_lt(n, 1000);
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = roomy_bank(arena, stream);
		b.rules.reserve = 1 + n % 2;
		papers all = bank_papers(arena, &b, b.excluded), good = { .weights = kb_arena_array(arena, all.count, 8) };
		good.sets = kb_arena_array(arena, all.count, sizeof *good.sets);
		for (uint32_t p = 0; p < all.count; p++)
			if (bank_most_disjoint(&b, &all, 0, bank_closed(&b, all.sets[p])) >= b.rules.reserve)
				good.sets[good.count] = all.sets[p], good.weights[good.count++] = 1;
		kb_paper_draw draw;
		kb_digest seed = { { (uint8_t)n, (uint8_t)(n >> 8) } };
		kb_status status = kb_draw_paper(arena, &b.pool, &b.rules, b.excluded, &seed, &draw, NULL, &err);
		if (good.count == 0) {
			cr_assert_eq(status, KB_REFUSED);
			cr_assert_str_eq(err.id, all.count ? "draw.reserve" : "draw.none");
			refused += all.count > 0;
			continue;
		}
		cr_assert_eq(status, KB_OK, "bank %u: %s", n, err.message);
		cr_assert_lt(bank_find(&good, bank_set(draw.items, draw.count)), good.count, "bank %u: no reserve is left", n);
		if (good.count == all.count || good.count < 5 || good.count > 60 || mixed == 6) continue;
		mixed++;
		uint64_t seen[61] = { 0 }, draws = 30 * good.count;
		for (uint64_t d = 0; d < draws; d++) {
			kb_arena_mark mark = kb_arena_save(arena);
			memcpy(seed.bytes + 8, &d, sizeof d);
			cr_assert_eq(kb_draw_paper(arena, &b.pool, &b.rules, b.excluded, &seed, &draw, NULL, &err), KB_OK);
			seen[bank_find(&good, bank_set(draw.items, draw.count))]++;
			kb_arena_restore(arena, mark);
		}
		cr_assert_eq(seen[good.count], 0);
		double chi = 0, due = 30, df = good.count - 1.0;
		for (uint32_t p = 0; p < good.count; p++) chi += ((double)seen[p] - due) * ((double)seen[p] - due) / due;
		cr_assert((chi - df) / sqrt(2 * df) < 4, "bank %u: %g over %g papers", n, chi, df + 1);
	}
	cr_assert_geq(refused, 15);
}

Test(capacity, names_the_scarcest_units)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 26);
	kb_pool_item items[] = {
		{ "a", 0, 3, 0, 0, 1, 0 },
		{ "b", 0, 1, 0, 0, 1, 0 },
		{ "c", 0, 1, 0, 0, 1, 0 },
		{ "d", 0, 2, 0, 0, 1, 0 },
		{ "e", 0, 1, 0, 0, 1, 0 },
		{ "f", 0, 1, 0, 0, 1, 0 },
		{ "g", 0, 2, 0, 0, 1, 0 },
		{ "h", 0, 1, 0, 0, 1, 0 },
	};
	kb_pair_of_rivals rivals[] = { { 3, 6 } };
	kb_pool pool = { items, 8, rivals, 1 };
	kb_rules rules = { .size = 2, .unit_count = 2, .required = 3, .times = 1, .minutes = { 0, UINT32_MAX } };
	kb_capacity capacity;
	cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 0, &capacity, &err), KB_OK);
	cr_assert_eq(capacity.lower, 2); /* three questions cover the second unit, but two of them are rivals */
	cr_assert_eq(capacity.upper, 2);
	cr_assert_eq(capacity.scarcest, 2);
}
