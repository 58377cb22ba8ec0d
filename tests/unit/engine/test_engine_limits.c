/* No memory, no questions, too many of everything: a clean answer each time. */
#include <criterion/criterion.h>

#include <string.h>

#include "bank.h"
#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/explain.h"

static kb_err err;

/* Everything the engine offers, on one bank. */
static kb_status run_all(kb_arena *arena, const bank *b)
{
	const kb_brief_shape shape = { 7, 1, 2, 5 };
	kb_digest seed = { { 3 } };
	kb_tables *tables = NULL;
	kb_paper_draw draw;
	kb_capacity capacity;
	kb_explanation explanation;
	const char **numerators;
	KB_TRY(
		kb_pool_group(arena, &(kb_pool){ b->pool.items, b->pool.count, b->pool.rivals, b->pool.rival_count }, &err));
	kb_status status = kb_draw_paper(arena, &b->pool, &b->rules, b->excluded, &seed, &draw, &tables, &err);
	if (status != KB_OK && status != KB_REFUSED) return status;
	KB_TRY(kb_tables_inclusion(tables, arena, &numerators, &err));
	KB_TRY(kb_capacity_find(arena, &b->pool, &b->rules, b->excluded, 0, &capacity, &err));
	const kb_shortfall shortfall = { .pool = &b->pool, .rules = &b->rules, .excluded = b->excluded, .shapes = &shape, .shape_count = 1 };
	KB_TRY(kb_explain(arena, &shortfall, &explanation, &err));
	if (!kb_tables_count(tables, arena)) return kb_arena_check(arena, &err);
	return KB_OK;
}

Test(limits, each_allocation_may_fail)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "faults");
	size_t faults = 0;
	for (unsigned k = 0; k < 6; k++) {
		bank b = bank_random(whole, stream, 12);
		b.rules.reserve = k % 3;
		bool done = false;
		for (size_t nth = 1; !done; nth++) {
			KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
			kb_arena_fail_at(arena, nth);
			kb_status status = run_all(arena, &b);
			kb_err check;
			done = kb_arena_check(arena, &check) == KB_OK;
			if (done) cr_assert_eq(status, KB_OK, "%s", err.message);
			else cr_assert_eq(status, KB_NO_MEMORY, "allocation %zu of bank %u: %d", nth, k, status);
			faults += !done;
		}
	}
	cr_assert_gt(faults, 1000);
}

Test(limits, a_small_arena_is_refused)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "small arena");
	for (size_t ceiling = 1; ceiling < (1 << 20); ceiling *= 2) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(ceiling);
		bank b = bank_random(whole, stream, 12);
		kb_status status = run_all(arena, &b);
		cr_assert(status == KB_OK || status == KB_LIMIT, "%d", status);
	}
}

static const char *count_of(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded)
{
	kb_tables *tables;
	if (kb_tables_build(arena, pool, rules, excluded, 0, &tables, &err) != KB_OK) return err.id;
	return kb_tables_count(tables, arena);
}

/* `count` questions that all agree. */
static kb_pool plain_pool(kb_arena *arena, uint32_t count, uint64_t units)
{
	kb_pool pool = { kb_arena_array(arena, count, sizeof(kb_pool_item)), count, NULL, 0 };
	for (uint32_t i = 0; i < count; i++)
		pool.items[i] = (kb_pool_item){ kb_arena_printf(arena, "%06u", i), i, units, 1, 5, 1, 0 };
	return pool;
}

Test(limits, nothing_at_all)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	kb_pool none = { 0 }, some = plain_pool(arena, 20, 1);
	kb_rules rules = { .size = 3, .unit_count = 1, .required = 1, .times = 1, .minutes = { 0, UINT32_MAX } };
	uint8_t everything[3] = { 0xFF, 0xFF, 0xFF };
	cr_assert_str_eq(count_of(arena, &none, &rules, NULL), "0");
	cr_assert_str_eq(count_of(arena, &some, &rules, everything), "0");
	cr_assert_str_eq(count_of(arena, &some, &rules, NULL), "1140");

	kb_rules nothing = { .times = 1, .minutes = { 0, UINT32_MAX } };
	cr_assert_str_eq(count_of(arena, &none, &nothing, NULL), "1"); /* the empty paper */
	cr_assert_str_eq(count_of(arena, &some, &nothing, NULL), "1");
	nothing.required = 1;
	cr_assert_str_eq(count_of(arena, &some, &nothing, NULL), "0");
	cr_assert_eq(kb_check_paper(&some, &nothing, NULL, NULL, 0, &err), KB_REFUSED);

	kb_digest seed = { { 0 } };
	kb_paper_draw draw;
	cr_assert_eq(kb_draw_paper(arena, &none, &rules, NULL, &seed, &draw, NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "draw.none");
	nothing.required = 0;
	cr_assert_eq(kb_draw_paper(arena, &none, &nothing, NULL, &seed, &draw, NULL, &err), KB_OK);
	cr_assert_eq(draw.count, 0);
	kb_capacity capacity;
	cr_assert_eq(kb_capacity_find(arena, &none, &rules, NULL, 0, &capacity, &err), KB_OK);
	cr_assert_eq(capacity.upper, 0);
	cr_assert_eq(kb_capacity_find(arena, &some, &nothing, NULL, 0, &capacity, &err), KB_INVALID);
	kb_explanation e;
	cr_assert_eq(kb_explain(arena, &(kb_shortfall){ .pool = &none, .rules = &rules }, &e, &err), KB_OK, "%s", err.message);
	cr_assert_eq(e.blocking, 1);
}

Test(limits, a_reserve_out_of_reach)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	kb_pool pool = plain_pool(arena, 11, 1);
	kb_rules rules = { .size = 3, .unit_count = 1, .required = 1, .times = 1, .minutes = { 0, UINT32_MAX } };
	kb_digest seed = { { 0 } };
	kb_paper_draw draw;
	for (rules.reserve = 0; rules.reserve < 3; rules.reserve++)
		cr_assert_eq(kb_draw_paper(arena, &pool, &rules, NULL, &seed, &draw, NULL, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_draw_paper(arena, &pool, &rules, NULL, &seed, &draw, NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "draw.reserve");
	rules.reserve = UINT32_MAX;
	cr_assert_eq(kb_draw_paper(arena, &pool, &rules, NULL, &seed, &draw, NULL, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "draw.reserve");
}

Test(limits, the_largest_of_everything)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
	kb_pool pool = plain_pool(arena, 64, 0);
	kb_rules rules = { KB_PAPER_MAX, KB_UNITS_MAX, UINT64_MAX, 1, 0, 0, { { 0, 0 } }, { 0, UINT32_MAX }, 0 };
	for (uint32_t i = 0; i < 64; i++) pool.items[i].units = UINT64_C(1) << i;
	cr_assert_str_eq(count_of(arena, &pool, &rules, NULL), "1");
	rules.size = KB_PAPER_MAX + 1;
	cr_assert_str_eq(count_of(arena, &pool, &rules, NULL), "rules.size");

	/* One question carries all units, and 64 of them three times over. */
	kb_pool all = plain_pool(arena, 70, UINT64_MAX);
	rules.size = 3;
	rules.times = 3;
	cr_assert_str_eq(count_of(arena, &all, &rules, NULL), "54740");
	rules.times = 4;
	cr_assert_str_eq(count_of(arena, &all, &rules, NULL), "rules.times");

	/* Many counters at once, each with both bounds: too many for one word, so papers are drawn by rejection. */
	kb_pool counted = plain_pool(arena, 200, 0);
	kb_rules many = { .size = 60, .times = 1, .counter_count = 16, .minutes = { 0, UINT32_MAX } };
	for (uint32_t i = 0; i < 200; i++) counted.items[i].counters = (i * 2654435761U >> 7) & 0xFFFF;
	for (uint32_t c = 0; c < 16; c++) many.counters[c] = (kb_range){ 1, 50 };
	kb_digest seed = { { 0 } };
	kb_paper_draw draw;
	kb_tables *tables;
	cr_assert_eq(kb_draw_paper(arena, &counted, &many, NULL, &seed, &draw, &tables, &err), KB_OK, "%s", err.message);
	cr_assert(!kb_tables_exact(tables));
	cr_assert_eq(kb_check_paper(&counted, &many, NULL, draw.items, draw.count, &err), KB_OK, "%s", err.message);

	/* Minutes at the edge of their type. */
	kb_pool slow = plain_pool(arena, 10, 1);
	kb_rules patient = { .size = 3, .unit_count = 1, .required = 1, .times = 1, .minutes = { 1, UINT32_MAX - 1 } };
	for (uint32_t i = 0; i < 10; i++) slow.items[i].minutes = i % 2 ? UINT32_MAX : 0;
	cr_assert_str_eq(count_of(arena, &slow, &patient, NULL), "0"); /* 0, or more than 32 bits hold */
}

Test(limits, faulty_pools_are_refused)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	kb_pool pool = plain_pool(arena, 8, 1);
	kb_rules rules = { .size = 3, .unit_count = 1, .required = 1, .times = 1, .minutes = { 0, UINT32_MAX } };
	pool.items[5].weight = 0;
	cr_assert_str_eq(count_of(arena, &pool, &rules, NULL), "pool.weight");
	pool.items[5].weight = 1;
	static const kb_pair_of_rivals bad[] = { { 3, 3 }, { 4, 2 }, { 1, 8 }, { UINT32_MAX, UINT32_MAX } };
	for (size_t k = 0; k < KB_COUNT(bad); k++) {
		kb_pair_of_rivals pair = bad[k];
		kb_pool broken = { pool.items, pool.count, &pair, 1 };
		cr_assert_str_eq(count_of(arena, &broken, &rules, NULL), "pool.rivals");
		cr_assert_eq(kb_pool_group(arena, &broken, &err), KB_INVALID);
		kb_capacity capacity;
		cr_assert_eq(kb_capacity_find(arena, &broken, &rules, NULL, 0, &capacity, &err), KB_INVALID);
		kb_explanation e;
		cr_assert_eq(kb_explain(arena, &(kb_shortfall){ .pool = &broken, .rules = &rules }, &e, &err), KB_INVALID);
	}
	/* A chain of a hundred rivals can be cut at every second one in far too many ways. */
	kb_pool chain = plain_pool(arena, 100, 1);
	chain.rivals = kb_arena_array(arena, 99, sizeof *chain.rivals);
	for (uint32_t i = 0; i < 99; i++) chain.rivals[chain.rival_count++] = (kb_pair_of_rivals){ i, i + 1 };
	cr_assert_str_eq(count_of(arena, &chain, &rules, NULL), "draw.rivals");
	rules.sample = 1;
	rules.times = 2;
	cr_assert_str_eq(count_of(arena, &pool, &rules, NULL), "rules.times");
}

Test(limits, numbers_that_are_none)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	kb_pool pool = plain_pool(arena, 8, 1);
	kb_rules rules = { .size = 3, .unit_count = 1, .required = 1, .times = 1, .minutes = { 0, UINT32_MAX } };
	kb_tables *tables;
	kb_paper_draw draw;
	cr_assert_eq(kb_tables_build(arena, &pool, &rules, NULL, 0, &tables, &err), KB_OK);
	static const char *const bad[] = { "", "56", "-1", "+1", " 1", "1 ", "01", "0x1", "1e0",
		"99999999999999999999999999999999999999999999", "18446744073709551616" };
	for (size_t k = 0; k < KB_COUNT(bad); k++)
		cr_assert_eq(kb_tables_paper(tables, arena, bad[k], &draw, &err), KB_INVALID, "\"%s\"", bad[k]);
	cr_assert_eq(kb_tables_paper(tables, arena, "55", &draw, &err), KB_OK);
	cr_assert_eq(kb_tables_paper(tables, arena, "0", &draw, &err), KB_OK);
}

Test(limits, states_are_budgeted)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "budget");
	kb_pool pool = plain_pool(arena, 400, 0);
	for (uint32_t i = 0; i < 400; i++)
		pool.items[i].units = UINT64_C(1) << bank_below(stream, 24) | UINT64_C(1) << bank_below(stream, 24);
	kb_rules rules = { 14, 24, 0xFFFFFF, 1, 0, 0, { { 0, 0 } }, { 0, UINT32_MAX }, 0 };
	kb_tables *tables;
	cr_assert_eq(kb_tables_build(arena, &pool, &rules, NULL, 3, &tables, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "draw.states");
	cr_assert_neq(err.hint[0], '\0');

	/* With some room, papers are still drawn, by rejection; nothing is claimed that is not known. */
	cr_assert_eq(kb_tables_build(arena, &pool, &rules, NULL, 20000, &tables, &err), KB_OK);
	cr_assert(!kb_tables_exact(tables) && !kb_tables_empty(tables));
	const char **numerators;
	cr_assert_eq(kb_tables_inclusion(tables, arena, &numerators, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "draw.inexact");
	for (int i = 0; i < 5; i++) {
		kb_paper_draw draw, again;
		cr_assert_eq(kb_tables_draw(tables, arena, stream, &draw, &err), KB_OK, "%s", err.message);
		cr_assert_eq(kb_check_paper(&pool, &rules, NULL, draw.items, draw.count, &err), KB_OK, "%s", err.message);
		cr_assert_eq(kb_tables_paper(tables, arena, draw.rank, &again, &err), KB_OK);
		cr_assert_eq(memcmp(draw.items, again.items, sizeof *draw.items * draw.count), 0);
	}
}

/* Of one state come hundreds where many questions are alike; those that wait to be looked at are budgeted too. */
Test(limits, waiting_states_are_budgeted)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 23);
	kb_pool pool = plain_pool(arena, 240, 1);
	kb_rules rules = { 20, 1, 1, 1, 0, 8, { { 0 } }, { 0, UINT32_MAX }, 0 };
	for (uint32_t i = 0; i < 240; i++) pool.items[i].counters = UINT64_C(1) << i % 8;
	for (uint32_t c = 0; c < 8; c++) rules.counters[c] = (kb_range) { 0, 19 };
	kb_tables *tables;
	cr_assert_eq(kb_tables_build(arena, &pool, &rules, NULL, 10000, &tables, &err), KB_OK, "%s", err.message);
	cr_assert(!kb_tables_exact(tables) && !kb_tables_empty(tables));
}
