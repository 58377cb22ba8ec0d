/*
 * Dozens of counts that lie across one another, as the pools of item banks for school tests have them, against cbc: a
 * paper of 30 out of 982 questions, with levels, strands, objectives, depth and formats all counted.
 */
#include "kit.h"

#include <stdio.h>
#include <string.h>

#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/explain.h"
#include "pool_solver.h"

enum { SECONDS = 60, POOL = 982, LEVELS = 3, STRANDS = 3, GROUPS = 12, FORMATS = 8, DEPTHS = 3, COUNTERS = 29 };
enum { LEVEL = 0, STRAND = LEVELS, GROUP = STRAND + STRANDS, FORMAT = GROUP + GROUPS, DEEP = FORMAT + FORMATS };

static kb_arena *arena;

static void set_up(void)
{
	kit_set_up();
	arena = kb_arena_new((size_t)1 << 30);
}

static void tear_down(void)
{
	kb_arena_freep(&arena);
	kit_tear_down();
}

TestSuite(counts, .init = set_up, .fini = tear_down, .timeout = 280);

static uint64_t noise;

static uint32_t below(uint32_t bound)
{
	noise = noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(noise >> 33) % bound;
}

/* Five groups of objectives in the first strand, four in the second, three in the third. */
static uint32_t strand_of(uint32_t group)
{
	return group < 5 ? 0 : group < 9 ? 1 : 2;
}

static kb_pool_item make_item(uint32_t n, uint32_t level, uint32_t group, uint32_t format, uint32_t depth)
{
	uint32_t strand = strand_of(group);
	kb_pool_item item = { kb_arena_printf(arena, "Q-%04u", n), 0, UINT64_C(1) << strand,
		UINT64_C(1) << (LEVEL + level) | UINT64_C(1) << (STRAND + strand) | UINT64_C(1) << (GROUP + group) |
			UINT64_C(1) << (FORMAT + format),
		5, 1, 0 };
	if (depth > strand) item.counters |= UINT64_C(1) << (DEEP + strand);
	return item;
}

static kb_pool make_pool(uint32_t count)
{
	kb_pool pool = { .count = count };
	pool.items = kb_arena_array(arena, count + 8, sizeof *pool.items);
	pool.rivals = kb_arena_array(arena, 8, sizeof *pool.rivals);
	for (uint32_t i = 0; i < count; i++)
		pool.items[i] = make_item(i, below(LEVELS), below(GROUPS), below(FORMATS), below(DEPTHS) + strand_of(below(GROUPS)) / 2);
	for (uint32_t r = 0; r < 8; r++) pool.rivals[pool.rival_count++] = (kb_pair_of_rivals){ 7 * r, 7 * r + 3 };
	cr_assert_eq(kb_pool_group(arena, &pool, &kit_err), KB_OK);
	return pool;
}

/* The third strand's objectives ask for five questions, and the strand holds four at most. */
static kb_rules make_rules(void)
{
	static const kb_range ranges[COUNTERS] = {
		{ 10, 10 }, { 10, 10 }, { 10, 10 },                                                     /* levels */
		{ 16, 20 }, { 6, 9 }, { 3, 4 },                                                         /* strands */
		{ 2, 3 }, { 4, 6 }, { 4, 6 }, { 3, 4 }, { 1, 2 },                                       /* objectives */
		{ 2, 2 }, { 1, 3 }, { 1, 2 }, { 1, 2 }, { 3, 3 }, { 2, 3 }, { 0, 3 },                   /* ... */
		{ 2, 4 }, { 9, 15 }, { 1, 2 }, { 1, 3 }, { 1, 3 }, { 2, 4 }, { 1, 2 }, { 5, 8 },        /* formats */
		{ 7, 30 }, { 2, 30 }, { 1, 30 },                                                        /* depth */
	};
	kb_rules rules = { .size = 30, .unit_count = STRANDS, .required = 7, .times = 1, .counter_count = COUNTERS,
		.minutes = { 0, UINT32_MAX } };
	memcpy(rules.counters, ranges, sizeof ranges);
	return rules;
}

static void papers_hold(const kb_pool *pool, const kb_rules *rules, const kb_capacity *capacity)
{
	uint8_t *used = kb_arena_alloc(arena, pool->count / 8 + 1);
	for (uint32_t p = 0; p < capacity->lower; p++) {
		const uint32_t *items = capacity->papers + (size_t)p * rules->size;
		cr_assert_eq(kb_check_paper(pool, rules, used, items, rules->size, &kit_err), KB_OK, "%s", kit_err.message);
		kb_pool_exclude(pool, items, rules->size, used);
	}
}

static void capacity_is(const kb_pool *pool, const kb_rules *rules, uint32_t expected, kb_capacity *capacity)
{
	cr_assert_eq(kb_capacity_find(arena, pool, rules, NULL, 0, capacity, &kit_err), KB_OK, "%s", kit_err.message);
	cr_assert(capacity->lower == expected && capacity->upper == expected, "%u to %u papers (%s), not %u", capacity->lower,
		capacity->upper, capacity->reason, expected);
	papers_hold(pool, rules, capacity);
	cr_assert_eq(pool_packing(pool, rules, (int)expected, ".", SECONDS), HISTORY_POSSIBLE);
	cr_assert_eq(pool_packing(pool, rules, (int)expected + 1, ".", SECONDS), HISTORY_IMPOSSIBLE);
}

/* One question of another strand has an objective of the third: without it there is no paper at all. */
static uint32_t add_stray(kb_pool *pool)
{
	uint32_t stray = pool->count++;
	pool->items[stray] = make_item(stray, 1, 7, 4, 1);
	pool->items[stray].counters ^= UINT64_C(1) << (GROUP + 7) | UINT64_C(1) << (GROUP + 10);
	return stray;
}

Test(counts, one_paper_and_one_question_it_hangs_on)
{
	noise = 1;
	kb_pool pool = make_pool(POOL - 1);
	kb_rules rules = make_rules();
	uint32_t stray = add_stray(&pool);
	kb_capacity capacity;
	kb_answer *critical;
	capacity_is(&pool, &rules, 1, &capacity);
	cr_assert_eq(kb_capacity_critical(arena, &pool, &rules, NULL, &capacity, &critical, &kit_err), KB_OK);
	for (uint32_t i = 0; i < pool.count; i++)
		cr_assert_eq(critical[i], i == stray ? KB_YES : KB_NO, "question %u: %d", i, (int)critical[i]);
	/* With room for a fifth question of the strand it is one among many. */
	rules.counters[STRAND + 2].max = 5;
	cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 5, &capacity, &kit_err), KB_OK);
	cr_assert_geq(capacity.lower, 5);
	papers_hold(&pool, &rules, &capacity);
}

/* The rules that clash without that question, each shown to be needed; and what would mend it. */
Test(counts, clash_is_minimal_and_what_is_written_mends_it)
{
	noise = 1;
	kb_pool pool = make_pool(POOL - 1);
	kb_rules rules = make_rules();
	kb_brief_shape shapes[STRANDS + 1];
	kb_explanation why;
	for (uint32_t s = 0; s < STRANDS; s++)
		shapes[s] = (kb_brief_shape){ UINT64_C(1) << s, make_item(0, 0, 4 * s + (s > 0), 1, 2).counters, 1, 5 };
	shapes[STRANDS] = shapes[1]; /* of the second strand, with an objective of the third */
	shapes[STRANDS].counters ^= UINT64_C(1) << (GROUP + 5) | UINT64_C(1) << (GROUP + 10);
	kb_shortfall in = { &pool, &rules, NULL, NULL, shapes, STRANDS + 1 };
	cr_assert_eq(pool_packing(&pool, &rules, 1, ".", SECONDS), HISTORY_IMPOSSIBLE);
	cr_assert_eq(kb_explain(arena, &in, &why, &kit_err), KB_OK, "%s", kit_err.message);
	cr_assert(!why.possible && why.minimal);
	uint64_t expected = UINT64_C(1) << (STRAND + 2) | UINT64_C(1) << (GROUP + 9) | UINT64_C(1) << (GROUP + 10);
	cr_assert_eq(why.clash_counters, expected, "%llx", (unsigned long long)why.clash_counters);
	cr_assert(!why.clash_units && !why.clash_rivals && !why.clash_minutes && !why.clash_size);
	for (uint64_t rest = expected; rest; rest &= rest - 1) {
		kb_rules without = rules;
		without.counters[__builtin_ctzll(rest)] = (kb_range){ 0, UINT32_MAX };
		cr_assert_eq(pool_packing(&pool, &without, 1, ".", SECONDS), HISTORY_POSSIBLE);
	}
	cr_assert(why.write.fewest && why.write.count == 1, "%u to write", why.write.count);
	pool.items[pool.count++] =
		(kb_pool_item){ "new", 0, why.write.list[0].units, why.write.list[0].counters, 5, 1, 0 };
	cr_assert_eq(pool_packing(&pool, &rules, 1, ".", SECONDS), HISTORY_POSSIBLE);
	for (uint32_t r = 0; r < why.relaxation_count; r++) {
		cr_assert(why.relaxations[r].least);
		cr_assert(expected >> why.relaxations[r].counter & 1);
	}
	cr_assert_geq(why.relaxation_count, 3);
}

/* The one question that is away is the one to bring back. */
Test(counts, what_is_away_can_come_back)
{
	noise = 1;
	kb_pool pool = make_pool(POOL - 1);
	kb_rules rules = make_rules();
	uint32_t stray = add_stray(&pool);
	uint8_t *away = kb_arena_alloc(arena, pool.count / 8 + 1);
	kb_explanation why;
	for (uint32_t i = stray % 3; i < pool.count; i += 3) kb_pool_set(away, i);
	kb_shortfall in = { &pool, &rules, away, away, NULL, 0 };
	cr_assert_eq(kb_explain(arena, &in, &why, &kit_err), KB_OK, "%s", kit_err.message);
	cr_assert(!why.possible && why.back.fewest);
	cr_assert_eq(why.back.count, 1);
	cr_assert_eq(why.back.items[0], stray);
}

/* A draw from it is refused with its reason, and never another paper. */
Test(counts, what_is_too_rare_to_draw_is_refused)
{
	noise = 1;
	kb_pool pool = make_pool(POOL - 1);
	kb_rules rules = make_rules();
	kb_digest seed = { { 1 } };
	kb_paper_draw draw;
	cr_assert_eq(kb_draw_paper(arena, &pool, &rules, NULL, &seed, &draw, NULL, &kit_err), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "draw.none");
	add_stray(&pool);
	cr_assert_eq(kb_draw_paper(arena, &pool, &rules, NULL, &seed, &draw, NULL, &kit_err), KB_LIMIT);
	cr_assert_str_eq(kit_err.id, "draw.sparse");
}

/* Smaller pools under random ranges, where nothing was arranged. */
Test(counts, random_pools_agree_with_cbc)
{
	enum { POOLS = 40 };
	int several = 0, none = 0, exact = 0;
	noise = 7;
	for (int n = 0; n < POOLS; n++) {
		kb_arena_mark mark = kb_arena_save(arena);
		kb_pool pool = make_pool(70 + below(80));
		kb_rules rules = { .size = 10, .unit_count = STRANDS, .required = 7, .times = 1, .counter_count = COUNTERS,
			.minutes = { 0, UINT32_MAX } };
		for (uint32_t c = 0; c < COUNTERS; c++) {
			uint32_t expected = c < GROUP ? 3 : c < DEEP ? 1 : 2, slack = 1 + below(3);
			rules.counters[c] = (kb_range){ expected > slack ? expected - slack + below(2) : below(6) == 0, expected + slack };
		}
		kb_capacity capacity;
		cr_assert_eq(kb_capacity_find(arena, &pool, &rules, NULL, 3, &capacity, &kit_err), KB_OK, "%s", kit_err.message);
		papers_hold(&pool, &rules, &capacity);
		int beyond = (int)capacity.upper + 1;
		if (capacity.lower < 3 && capacity.lower == capacity.upper)
			cr_assert_eq(pool_packing(&pool, &rules, beyond, ".", SECONDS), HISTORY_IMPOSSIBLE, "pool %d: %d fit", n, beyond);
		exact += capacity.lower >= 3 || capacity.lower == capacity.upper || capacity.upper < 3;
		several += capacity.lower > 1;
		none += capacity.upper == 0;
		kb_arena_restore(arena, mark);
	}
	cr_assert(exact >= POOLS * 9 / 10 && several >= 5 && none >= 3, "%d exact, %d several, %d none", exact, several, none);
}
