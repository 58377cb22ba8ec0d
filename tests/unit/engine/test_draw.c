/* Counts, numbering, chances and checks against trying every set of every bank. */
#include <criterion/criterion.h>

#include <string.h>

#include "bank.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/exposure.h"
#include "engine/tables.h"

enum { BANKS = 1400 };

static kb_err err;

static const char *decimal(kb_arena *arena, uint64_t value)
{
	return kb_arena_printf(arena, "%llu", (unsigned long long)value);
}

static void numbers_every_paper(kb_arena *arena, const bank *b, const papers *all, const kb_tables *tables, unsigned n)
{
	uint64_t *seen = kb_arena_array(arena, all->count + (size_t)1, sizeof *seen);
	if (all->total > 20000) return;
	for (uint64_t u = 0; u < all->total; u++) {
		kb_paper_draw draw;
		cr_assert_eq(
			kb_tables_paper(tables, arena, decimal(arena, u), &draw, &err), KB_OK, "bank %u: %s", n, err.message);
		cr_assert_eq(draw.count, b->rules.size);
		for (uint32_t i = 1; i < draw.count; i++) cr_assert_lt(draw.items[i - 1], draw.items[i]);
		seen[bank_find(all, bank_set(draw.items, draw.count))]++;
	}
	cr_assert_eq(seen[all->count], 0, "bank %u: a number stands for an invalid paper", n);
	for (uint32_t p = 0; p < all->count; p++)
		cr_assert_eq(seen[p], all->weights[p], "bank %u: a paper has %llu numbers, not its weight", n,
			(unsigned long long)seen[p]);
	kb_paper_draw draw;
	cr_assert_eq(kb_tables_paper(tables, arena, decimal(arena, all->total), &draw, &err), KB_INVALID);
}

static void knows_every_chance(kb_arena *arena, const bank *b, const papers *all, const kb_tables *tables, unsigned n)
{
	const char **numerators;
	double largest = 0, overlap = 0;
	cr_assert_eq(kb_tables_inclusion(tables, arena, &numerators, &err), KB_OK);
	for (uint32_t i = 0; i < b->pool.count; i++) {
		uint64_t due = 0;
		for (uint32_t p = 0; p < all->count; p++) due += all->sets[p] >> i & 1 ? all->weights[p] : 0;
		cr_assert_str_eq(numerators[i], decimal(arena, due), "bank %u, question %u", n, i);
		double chance = all->total ? (double)due / (double)all->total : 0;
		overlap += chance * chance;
		if (chance > largest) largest = chance;
	}
	kb_exposure exposure;
	cr_assert_eq(kb_exposure_find(arena, tables, &exposure, &err), KB_OK);
	cr_assert_float_eq(exposure.largest, largest, 1e-12, "bank %u", n);
	cr_assert_float_eq(exposure.overlap, overlap, 1e-9, "bank %u", n);
}

static void finds_the_cheapest(kb_arena *arena, const bank *b, const papers *all, unsigned n)
{
	uint64_t least = UINT64_MAX, cost;
	size_t states = 0;
	kb_paper_draw draw;
	for (uint32_t p = 0; p < all->count; p++) {
		uint64_t sum = 0;
		for (uint32_t i = 0; i < b->pool.count; i++) sum += all->sets[p] >> i & 1 ? b->pool.items[i].weight : 0;
		if (sum < least) least = sum;
	}
	cr_assert_eq(kb_tables_cheapest(arena, &b->pool, &b->rules, b->excluded, &draw, &cost, &states, &err), KB_OK);
	cr_assert_eq(cost, least, "bank %u", n);
	uint64_t sum = 0;
	for (uint32_t i = 0; i < draw.count; i++) sum += b->pool.items[draw.items[i]].weight;
	cr_assert(all->count == 0 || (sum == least && bank_find(all, bank_set(draw.items, draw.count)) < all->count));
}

static kb_status check_set(const bank *b, uint32_t set)
{
	uint32_t items[BANK_MAX], count = 0;
	for (uint32_t i = 0; i < b->pool.count; i++)
		if (set >> i & 1) items[count++] = i;
	return kb_check_paper(&b->pool, &b->rules, b->excluded, items, count, &err);
}

static void checker_agrees(const bank *b, const papers *all, kb_stream *stream, unsigned n)
{
	for (uint32_t p = 0; p < all->count; p++)
		cr_assert_eq(check_set(b, all->sets[p]), KB_OK, "bank %u: %s", n, err.message);
	for (int i = 0; i < 60; i++) {
		/* A valid paper with a question or two swapped, or any set at all. */
		uint32_t set = bank_below(stream, 1U << b->pool.count);
		if (all->count > 0 && i % 3 > 0) {
			set = all->sets[bank_below(stream, all->count)];
			for (int flips = 0; flips < 2; flips++) set ^= 1U << bank_below(stream, b->pool.count);
		}
		bool valid = bank_valid(b, b->excluded, set);
		kb_status status = check_set(b, set);
		cr_assert_eq(
			status == KB_OK, valid, "bank %u: the checker disagrees: %s", n, valid ? err.message : "it accepts");
		if (!valid) cr_assert_eq(strncmp(err.id, "check.", 6), 0);
	}
}

/* What the banks contained, so that a generator that grows lazy is noticed. */
typedef struct census {
	unsigned feasible, infeasible, cliques, chains, crossing, twice, sample, minutes, weighted, bounded;
} census;

static void take_census(census *c, const bank *b, const papers *all)
{
	const kb_rules *rules = &b->rules;
	if (all->count == 0) {
		c->infeasible++;
		return;
	}
	c->feasible++;
	bool weighted = false, bounded = false;
	for (uint32_t i = 0; i < b->pool.count; i++) weighted |= b->pool.items[i].weight > 1;
	for (uint32_t k = 0; k < rules->counter_count; k++)
		bounded |= rules->counters[k].min > 0 && rules->counters[k].max < rules->size;
	for (uint32_t r = 0, chained = 0; r < b->pool.rival_count; r++) {
		kb_pair_of_rivals pair = b->pool.rivals[r];
		c->crossing += (b->pool.items[pair.a].units & b->pool.items[pair.b].units) == 0;
		for (uint32_t q = 0; q < r && !chained; q++) chained = b->pool.rivals[q].b == pair.a;
		if (r + 1 == b->pool.rival_count) c->chains += chained, c->cliques += !chained;
	}
	c->twice += rules->times > 1 && rules->required;
	c->sample += rules->sample > 0;
	c->minutes += rules->minutes.min > 0 || rules->minutes.max < UINT32_MAX;
	c->weighted += weighted;
	c->bounded += bounded;
}

Test(draw, agrees_with_trying_every_set)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new(16 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "draw banks");
	census c = { 0 };
	for (unsigned n = 0; n < BANKS; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
		bank b = bank_random(arena, stream, 12);
		papers all = bank_papers(arena, &b, b.excluded);
		kb_tables *tables;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, b.excluded, 0, &tables, &err), KB_OK, "bank %u: %s", n,
			err.message);
		cr_assert_str_eq(kb_tables_count(tables, arena), decimal(arena, all.total), "bank %u", n);
		cr_assert_eq(kb_tables_empty(tables), all.count == 0);
		numbers_every_paper(arena, &b, &all, tables, n);
		knows_every_chance(arena, &b, &all, tables, n);
		finds_the_cheapest(arena, &b, &all, n);
		checker_agrees(&b, &all, stream, n);
		take_census(&c, &b, &all);
	}
	cr_assert(c.feasible >= 250 && c.infeasible >= 250, "%u feasible, %u not", c.feasible, c.infeasible);
	cr_assert(c.cliques >= 30 && c.chains >= 30 && c.crossing >= 30, "%u cliques, %u chains, %u crossing", c.cliques,
		c.chains, c.crossing);
	cr_assert(c.twice >= 20 && c.sample >= 30 && c.minutes >= 30 && c.weighted >= 30 && c.bounded >= 30,
		"%u twice, %u sample, %u minutes, %u weighted, %u bounded", c.twice, c.sample, c.minutes, c.weighted,
		c.bounded);
}

/* Rivals across many blocks: more than a counter each can be spent on, so that blocks are joined. */
Test(draw, rivals_between_many_blocks)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "crossing");
	for (unsigned n = 0; n < 60; n++) {
		bank b = { .pool = { kb_arena_array(arena, 12, sizeof(kb_pool_item)), 12, NULL, 0 } };
		for (uint32_t i = 0; i < 12; i++)
			b.pool.items[i] =
				(kb_pool_item){ kb_arena_printf(arena, "%02u", i), 0, 1U << i % 4, 1U << i % 3, 5, 1, 0 };
		b.pool.rivals = kb_arena_array(arena, 66, sizeof *b.pool.rivals);
		for (uint32_t x = 0; x < 12; x++)
			for (uint32_t y = x + 1; y < 12; y++)
				if (bank_chance(stream, n)) b.pool.rivals[b.pool.rival_count++] = (kb_pair_of_rivals){ x, y };
		b.rules = (kb_rules){ 5, 4, 15, 1, 0, 3, { { 1, 3 }, { 0, 2 }, { 1, 9 } }, { 0, UINT32_MAX }, 0 };
		papers all = bank_papers(arena, &b, NULL);
		kb_tables *tables;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, NULL, 0, &tables, &err), KB_OK, "%s", err.message);
		cr_assert_str_eq(kb_tables_count(tables, arena), decimal(arena, all.total), "bank %u", n);
		numbers_every_paper(arena, &b, &all, tables, n);
		knows_every_chance(arena, &b, &all, tables, n);
	}
}

/* Questions with very many units, where a state has more predecessors than are worth listing one by one. */
Test(draw, questions_with_many_units)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "many units");
	for (unsigned n = 0; n < 40; n++) {
		bank b = { .pool = { kb_arena_array(arena, 10, sizeof(kb_pool_item)), 10, NULL, 0 } };
		for (uint32_t i = 0; i < 10; i++) {
			uint64_t units = 0;
			for (uint32_t u = 0; u < 40; u++) units |= (uint64_t)bank_chance(stream, 60) << u;
			b.pool.items[i] = (kb_pool_item){ kb_arena_printf(arena, "%02u", i), 0, units, 1, 5, 1 + i % 2, 0 };
		}
		b.rules = (kb_rules){ 5, 40, (UINT64_C(1) << 40) - 1, 1, 0, 0, { { 0, 0 } }, { 0, UINT32_MAX }, 0 };
		papers all = bank_papers(arena, &b, NULL);
		kb_tables *tables;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, NULL, 0, &tables, &err), KB_OK, "%s", err.message);
		cr_assert_str_eq(kb_tables_count(tables, arena), decimal(arena, all.total), "bank %u", n);
		numbers_every_paper(arena, &b, &all, tables, n);
		knows_every_chance(arena, &b, &all, tables, n);
	}
}

/* The number of 6-subsets of a large pool, for each width that numbers can have. */
Test(draw, widths)
{
	static const struct {
		uint32_t questions, size, weight;
		const char *count;
	} rows[] = {
		{ 10, 3, 1, "120" },
		{ 60, 30, 1, "118264581564861424" },
		{ 200, 20, 1, "1613587787967350073386147640" },
		{ 64, 64, 65535, NULL }, /* 65535^64 has 1,024 bits */
		{ 1000, 40, 1, "555974423571664033815804589243553849851258056649719919687842027223208475" },
	};
	for (size_t r = 0; r < KB_COUNT(rows); r++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
		kb_pool pool = { kb_arena_array(arena, rows[r].questions, sizeof(kb_pool_item)), rows[r].questions, NULL, 0 };
		for (uint32_t i = 0; i < pool.count; i++)
			pool.items[i] = (kb_pool_item){ .key = kb_arena_printf(arena, "%05u", i), .weight = rows[r].weight };
		kb_rules rules = { .size = rows[r].size, .times = 1, .minutes = { 0, UINT32_MAX } };
		kb_tables *tables;
		kb_status status = kb_tables_build(arena, &pool, &rules, NULL, 0, &tables, &err);
		if (!rows[r].count) {
			cr_assert_eq(status, KB_LIMIT);
			cr_assert_str_eq(err.id, "draw.width");
			continue;
		}
		cr_assert_eq(status, KB_OK, "%s", err.message);
		cr_assert_str_eq(kb_tables_count(tables, arena), rows[r].count);
		kb_digest seed = { { 7 } };
		KB_CLEANUP(kb_stream_closep) kb_stream *stream = NULL;
		cr_assert_eq(kb_stream_open(arena, &seed, "paper", &stream, &err), KB_OK);
		for (int i = 0; i < 20; i++) {
			kb_paper_draw draw, again;
			cr_assert_eq(kb_tables_draw(tables, arena, stream, &draw, &err), KB_OK);
			cr_assert_eq(kb_check_paper(&pool, &rules, NULL, draw.items, draw.count, &err), KB_OK, "%s", err.message);
			cr_assert_eq(kb_tables_paper(tables, arena, draw.rank, &again, &err), KB_OK);
			cr_assert_eq(memcmp(draw.items, again.items, draw.count * sizeof *draw.items), 0);
		}
	}
}

/* A bank of the size that is shipped: every paper that is drawn passes the checker, and replays from its number. */
Test(draw, a_bank_of_ordinary_size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "ordinary");
	static const uint32_t first[] = { 0, 5, 11, 16, 24 };
	kb_pool pool = { kb_arena_array(arena, 300, sizeof(kb_pool_item)), 300, NULL, 0 };
	for (uint32_t i = 0; i < pool.count; i++) {
		uint32_t theme = bank_below(stream, 4);
		pool.items[i] =
			(kb_pool_item){ kb_arena_printf(arena, "%03u", i), i, 0, 1U << theme, 6 + bank_below(stream, 3), 1, 0 };
		pool.items[i].counters |= 16U << bank_below(stream, 3);
		for (uint32_t k = 1 + bank_below(stream, 4); k > 0; k--)
			pool.items[i].units |= UINT64_C(1) << (first[theme] + bank_below(stream, first[theme + 1] - first[theme]));
	}
	kb_rules rules = { 12, 24, 0xFFFFFF, 1, 0, 7,
		{ { 2, 4 }, { 2, 4 }, { 2, 4 }, { 3, 5 }, { 2, 12 }, { 2, 12 }, { 2, 5 } }, { 72, 90 }, 0 };
	kb_tables *tables;
	cr_assert_eq(kb_tables_build(arena, &pool, &rules, NULL, 0, &tables, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_tables_get_stats(tables).blocks, 4);
	cr_assert_gt(kb_tables_bits(tables), 40);
	for (int i = 0; i < 300; i++) {
		kb_paper_draw draw, again;
		cr_assert_eq(kb_tables_draw(tables, arena, stream, &draw, &err), KB_OK);
		cr_assert_eq(kb_check_paper(&pool, &rules, NULL, draw.items, draw.count, &err), KB_OK, "%s", err.message);
		cr_assert_eq(kb_tables_paper(tables, arena, draw.rank, &again, &err), KB_OK);
		cr_assert_eq(memcmp(draw.items, again.items, draw.count * sizeof *draw.items), 0);
	}
}
