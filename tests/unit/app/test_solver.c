/* Capacity and questions to write on random banks of 24 to 60 questions, against cbc's answers. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/explain.h"
#include "pool_solver.h"

enum { BANKS = 200, THEMES = 3, EACH = 3, KINDS = 2, SECONDS = 20 };

TestSuite(solver, .init = kit_set_up, .fini = kit_tear_down, .timeout = 280);

static uint64_t noise = 1;

static uint32_t below(uint32_t bound)
{
	noise = noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(noise >> 33) % bound;
}

static kb_pool make_pool(kb_arena *arena)
{
	kb_pool pool = { .count = 24 + below(37) };
	pool.items = kb_arena_array(arena, pool.count + 64, sizeof *pool.items); /* with room for what is written */
	pool.rivals = kb_arena_array(arena, pool.count, sizeof *pool.rivals);
	for (uint32_t i = 0; i < pool.count; i++) {
		uint32_t theme = below(THEMES), units = 1 + below((1 << EACH) - 1);
		pool.items[i] = (kb_pool_item){ kb_arena_printf(arena, "Q-%03u", i), 0, (uint64_t)units << (theme * EACH),
			1U << theme | 1U << (THEMES + below(KINDS)), 5, 1, 0 };
		/* A tenth are rivals of the one before. */
		if (i > 0 && below(10) == 0) pool.rivals[pool.rival_count++] = (kb_pair_of_rivals){ i - 1, i };
	}
	cr_assert_eq(kb_pool_group(arena, &pool, &kit_err), KB_OK);
	return pool;
}

static kb_rules make_rules(void)
{
	kb_rules rules = { .size = 6, .unit_count = THEMES * EACH, .required = (1 << THEMES * EACH) - 1, .times = 1,
		.counter_count = THEMES + KINDS, .minutes = { 0, UINT32_MAX } };
	for (uint32_t c = 0; c < THEMES; c++) rules.counters[c] = (kb_range){ 1, 3 + below(2) };
	for (uint32_t c = THEMES; c < THEMES + KINDS; c++) rules.counters[c] = (kb_range){ below(3), UINT32_MAX };
	return rules;
}

Test(solver, capacity_is_what_cbc_finds)
{
	int exact = 0, several = 0;
	for (int n = 0; n < BANKS; n++) {
		kb_arena_mark mark = kb_arena_save(kit_arena);
		kb_pool pool = make_pool(kit_arena);
		kb_rules rules = make_rules();
		kb_capacity capacity;
		cr_assert_eq(kb_capacity_find(kit_arena, &pool, &rules, NULL, 0, &capacity, &kit_err), KB_OK, "%s", kit_err.message);
		uint8_t *used = kb_arena_alloc(kit_arena, pool.count / 8 + 1);
		for (uint32_t p = 0; p < capacity.lower; p++) {
			const uint32_t *items = capacity.papers + (size_t)p * rules.size;
			cr_assert_eq(kb_check_paper(&pool, &rules, used, items, rules.size, &kit_err), KB_OK, "%s", kit_err.message);
			kb_pool_exclude(&pool, items, rules.size, used);
		}
		/* The papers are the proof that so many fit; that no more do, cbc has to find for itself. */
		history_answer more = pool_packing(&pool, &rules, (int)capacity.upper + 1, ".", SECONDS);
		cr_assert_eq(more, HISTORY_IMPOSSIBLE, "bank %d: cbc does not see that %u papers are too many (%d)", n, capacity.upper + 1, (int)more);
		exact += capacity.lower == capacity.upper;
		several += capacity.lower > 1;
		kb_arena_restore(kit_arena, mark);
	}
	cr_assert(exact >= BANKS * 19 / 20 && several >= BANKS / 2, "%d exact, %d of several papers", exact, several);
}

/* One paper more than now: with the questions written it fits, and where fewest is claimed it does not without any one. */
Test(solver, gaps_are_closed_by_what_is_written_and_by_nothing_less)
{
	int closed = 0, proven = 0;
	for (int n = 0; n < BANKS / 4; n++) {
		kb_arena_mark mark = kb_arena_save(kit_arena);
		kb_pool pool = make_pool(kit_arena);
		kb_rules rules = make_rules();
		kb_capacity capacity;
		kb_briefs briefs;
		kb_brief_shape shapes[THEMES * KINDS];
		for (uint32_t s = 0; s < THEMES * KINDS; s++)
			shapes[s] = (kb_brief_shape){ UINT64_C(7) << (s / KINDS * EACH), 1U << (s / KINDS) | 1U << (THEMES + s % KINDS), 2, 5 };
		cr_assert_eq(kb_capacity_find(kit_arena, &pool, &rules, NULL, 0, &capacity, &kit_err), KB_OK);
		kb_rules wish = rules;
		wish.reserve = capacity.lower;
		kb_shortfall in = { &pool, &wish, NULL, NULL, shapes, THEMES * KINDS };
		cr_assert_eq(kb_explain_briefs(kit_arena, &in, &briefs, &kit_err), KB_OK, "%s", kit_err.message);
		cr_assert(briefs.count > 0 && briefs.count < 64, "bank %d: %u to write", n, briefs.count);
		int wanted = (int)capacity.lower + 1;
		uint32_t old = pool.count, left_out = below(briefs.count);
		for (uint32_t b = 0; b < briefs.count; b++)
			pool.items[pool.count++] = (kb_pool_item){ "new", 0, briefs.list[b].units, briefs.list[b].counters, 5, 1, 0 };
		cr_assert_eq(pool_packing(&pool, &rules, wanted, ".", SECONDS), HISTORY_POSSIBLE, "bank %d: cbc does not find %d papers", n, wanted);
		if (briefs.fewest) {
			pool.items[old + left_out] = pool.items[--pool.count];
			cr_assert_eq(pool_packing(&pool, &rules, wanted, ".", SECONDS), HISTORY_IMPOSSIBLE, "bank %d: without brief %u there are %d papers", n, left_out, wanted);
		}
		closed++;
		proven += briefs.fewest;
		kb_arena_restore(kit_arena, mark);
	}
	cr_assert_geq(proven * 10, closed * 7, "%d of %d are proven", proven, closed);
}
