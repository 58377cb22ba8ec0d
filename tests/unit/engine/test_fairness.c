/* Drawn papers against their exact chances, and biased ways to draw, which must fail the same test. */
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "bank.h"
#include "engine/draw.h"

static kb_err err;

/* How far counts lie from what was due, in standard deviations of chi-square: below 4 for a fair draw (and with fixed
 * seeds always the same), and above 10 for any bias that matters. */
static double distance(const papers *all, const uint64_t *seen, uint64_t draws)
{
	double chi = 0, df = all->count - 1.0;
	for (uint32_t p = 0; p < all->count; p++) {
		double due = (double)draws * (double)all->weights[p] / (double)all->total;
		chi += ((double)seen[p] - due) * ((double)seen[p] - due) / due;
	}
	return (chi - df) / sqrt(2 * df);
}

/* The next bank of a stream with so many papers. */
static bank bank_with_papers(
	kb_arena *arena, kb_stream *stream, uint32_t least, uint32_t most, bool weighted, papers *all)
{
	for (;;) {
		bank b = bank_random(arena, stream, 12);
		bool heavy = false;
		for (uint32_t i = 0; i < b.pool.count; i++) heavy |= b.pool.items[i].weight > 1;
		if (heavy != weighted) continue;
		*all = bank_papers(arena, &b, b.excluded);
		if (all->count >= least && all->count <= most) return b;
	}
}

Test(fairness, drawn_as_often_as_due)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "fairness banks");
	for (int n = 0; n < 12; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
		papers all;
		bank b = bank_with_papers(arena, stream, 20, 600, n % 3 == 2, &all);
		uint64_t draws = 60 * all.total < 40000 ? 60 * all.total : 40000;
		uint64_t *seen = kb_arena_array(arena, all.count + (size_t)1, sizeof *seen);
		kb_tables *tables;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, b.excluded, 0, &tables, &err), KB_OK);
		kb_digest seed = { { (uint8_t)n } };
		KB_CLEANUP(kb_stream_closep) kb_stream *draw_stream = NULL;
		cr_assert_eq(kb_stream_open(arena, &seed, "paper", &draw_stream, &err), KB_OK);
		for (uint64_t d = 0; d < draws; d++) {
			kb_arena_mark mark = kb_arena_save(arena);
			kb_paper_draw draw;
			cr_assert_eq(kb_tables_draw(tables, arena, draw_stream, &draw, &err), KB_OK);
			seen[bank_find(&all, bank_set(draw.items, draw.count))]++;
			kb_arena_restore(arena, mark);
		}
		cr_assert_eq(seen[all.count], 0);
		double z = distance(&all, seen, draws);
		cr_assert(z < 4, "bank %d: %u papers, %g standard deviations", n, all.count, z);
	}
}

/* Rules that are left out of the states, because these were too many, still bind: with the same chances. */
Test(fairness, rejection_is_as_fair)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "rejection banks");
	unsigned relaxed = 0;
	for (int n = 0; n < 2000 && relaxed < 10; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
		papers all;
		bank b = bank_with_papers(arena, stream, 8, 200, n % 3 == 2, &all);
		kb_tables *tables;
		kb_status status = kb_tables_build(arena, &b.pool, &b.rules, b.excluded, 20 + (size_t)n % 20, &tables, &err);
		if (status == KB_LIMIT || kb_tables_exact(tables)) continue;
		cr_assert_eq(status, KB_OK);
		relaxed++;
		uint64_t draws = 30 * all.total < 20000 ? 30 * all.total : 20000;
		uint64_t *seen = kb_arena_array(arena, all.count + (size_t)1, sizeof *seen);
		kb_digest seed = { { (uint8_t)n, 9 } };
		KB_CLEANUP(kb_stream_closep) kb_stream *draw_stream = NULL;
		cr_assert_eq(kb_stream_open(arena, &seed, "paper", &draw_stream, &err), KB_OK);
		for (uint64_t d = 0; d < draws; d++) {
			kb_arena_mark mark = kb_arena_save(arena);
			kb_paper_draw draw;
			cr_assert_eq(kb_tables_draw(tables, arena, draw_stream, &draw, &err), KB_OK);
			seen[bank_find(&all, bank_set(draw.items, draw.count))]++;
			kb_arena_restore(arena, mark);
		}
		cr_assert_eq(seen[all.count], 0);
		double z = distance(&all, seen, draws);
		cr_assert(z < 4, "bank %d: %u papers, %g standard deviations", n, all.count, z);
	}
	cr_assert_eq(relaxed, 10);
}

/* Best coverage first, ties at random, from the start again where it gets stuck: what scripts do. */
static uint32_t draw_greedily(const bank *b, kb_stream *stream)
{
	for (;;) {
		uint32_t set = 0;
		uint64_t covered = 0;
		for (uint32_t k = 0; k < b->rules.size; k++) {
			uint32_t best = 0, ties = 0, choice = 0;
			for (uint32_t i = 0; i < b->pool.count; i++) {
				if (set >> i & 1) continue;
				uint32_t gain =
					1 + (uint32_t)__builtin_popcountll(b->pool.items[i].units & b->rules.required & ~covered);
				if (gain > best) best = gain, ties = 0;
				if (gain == best && bank_below(stream, ++ties) == 0) choice = i;
			}
			set |= 1U << choice;
			covered |= b->pool.items[choice].units;
		}
		if (bank_valid(b, b->excluded, set)) return set;
	}
}

/* A number taken modulo the count instead of by rejection. */
static uint32_t draw_modulo(const papers *all, kb_stream *stream)
{
	uint32_t bits = 1;
	while (1U << bits < all->count) bits++;
	return all->sets[bank_below(stream, 1U << bits) % all->count];
}

/* Questions "sorted" by a comparator that tosses a coin: insertion sort, as C libraries do short lists. */
static uint32_t draw_by_random_comparator(const bank *b, kb_stream *stream)
{
	for (;;) {
		uint32_t order[BANK_MAX], set = 0;
		for (uint32_t i = 0; i < b->pool.count; i++) {
			uint32_t at = i;
			for (; at > 0 && bank_below(stream, 2) == 0; at--) order[at] = order[at - 1];
			order[at] = i;
		}
		for (uint32_t i = 0; i < b->rules.size; i++) set |= 1U << order[i];
		if (bank_valid(b, b->excluded, set)) return set;
	}
}

Test(fairness, biased_ways_are_noticed)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "biased");
	/* Loose rules, so that rejection alone leaves each way to its own bias. */
	bank b = { .pool = { kb_arena_array(arena, 10, sizeof(kb_pool_item)), 10, NULL, 0 } };
	for (uint32_t i = 0; i < 10; i++)
		b.pool.items[i] =
			(kb_pool_item){ kb_arena_printf(arena, "%02u", i), 0, 1U << i % 4 | (i % 3 ? 0U : 8U), 1, 5, 1, 0 };
	b.rules = (kb_rules){ .size = 5, .unit_count = 4, .required = 15, .times = 1, .minutes = { 0, UINT32_MAX } };
	papers all = bank_papers(arena, &b, NULL);
	cr_assert(all.count > 100 && (all.count & (all.count - 1)) != 0, "%u papers", all.count);
	const uint64_t draws = 20000;
	for (int way = 0; way < 4; way++) {
		uint64_t *seen = kb_arena_array(arena, all.count + (size_t)1, sizeof *seen);
		for (uint64_t d = 0; d < draws; d++) {
			uint32_t set = way == 0   ? draw_greedily(&b, stream)
							: way == 1 ? draw_modulo(&all, stream)
							: way == 2 ? draw_by_random_comparator(&b, stream)
										: all.sets[bank_below(stream, all.count)];
			seen[bank_find(&all, set)]++;
		}
		double z = distance(&all, seen, draws);
		if (way < 3) cr_assert(z > 10, "way %d passes for fair: %g", way, z);
		else cr_assert(z < 4, "the test fails a fair draw: %g", z);
	}
}

/* Two banks that differ by nothing but questions that are out give the same paper from the same seed. */
Test(fairness, the_same_seed_gives_the_same_paper)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "seeds");
	for (int n = 0; n < 40; n++) {
		papers all;
		bank b = bank_with_papers(arena, stream, 10, 1000, false, &all);
		b.rules.reserve = 0;
		kb_digest seed = { { (uint8_t)n, 1 } };
		kb_paper_draw one, two;
		cr_assert_eq(kb_draw_paper(arena, &b.pool, &b.rules, b.excluded, &seed, &one, NULL, &err), KB_OK);
		cr_assert_eq(kb_draw_paper(arena, &b.pool, &b.rules, b.excluded, &seed, &two, NULL, &err), KB_OK);
		cr_assert_eq(bank_set(one.items, one.count), bank_set(two.items, two.count));
		cr_assert_str_eq(one.rank, two.rank);

		bank less = b;
		less.pool.items = kb_arena_array(arena, b.pool.count, sizeof *less.pool.items);
		less.pool.rivals = kb_arena_array(arena, b.pool.rival_count, sizeof *less.pool.rivals);
		less.pool.count = less.pool.rival_count = 0;
		uint32_t place[BANK_MAX];
		for (uint32_t i = 0; i < b.pool.count; i++) {
			if (kb_pool_has(b.excluded, i)) continue;
			place[i] = less.pool.count;
			less.pool.items[less.pool.count++] = b.pool.items[i];
		}
		for (uint32_t r = 0; r < b.pool.rival_count; r++) {
			kb_pair_of_rivals pair = b.pool.rivals[r];
			if (kb_pool_has(b.excluded, pair.a) || kb_pool_has(b.excluded, pair.b)) continue;
			less.pool.rivals[less.pool.rival_count++] = (kb_pair_of_rivals){ place[pair.a], place[pair.b] };
		}
		cr_assert_eq(kb_draw_paper(arena, &less.pool, &less.rules, NULL, &seed, &two, NULL, &err), KB_OK);
		for (uint32_t i = 0; i < one.count; i++)
			cr_assert_str_eq(b.pool.items[one.items[i]].key, less.pool.items[two.items[i]].key);
	}
}
