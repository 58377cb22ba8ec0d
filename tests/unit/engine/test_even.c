/* The law `even` and the least possible exposure, against all papers of small banks. */
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "bank.h"
#include "engine/even.h"

enum { BANKS = 200, PAPERS_MAX = 250, ALTERNATIVES = 1000 };

__extension__ typedef unsigned __int128 u128;

static kb_err err;

/* Without exclusions and weights; of so many papers. */
static bank next_bank(kb_arena *arena, kb_stream *stream, papers *all)
{
	for (;;) {
		kb_arena_mark mark = kb_arena_save(arena);
		bank b = bank_random(arena, stream, 12);
		memset(b.excluded, 0, sizeof b.excluded);
		for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = 1;
		*all = bank_papers(arena, &b, NULL);
		if (all->count >= 5 && all->count <= PAPERS_MAX) return b;
		kb_arena_restore(arena, mark);
	}
}

static void chances_of(const bank *b, const papers *all, const double *parts, double *chances)
{
	for (uint32_t i = 0; i < b->pool.count; i++) {
		chances[i] = 0;
		for (uint32_t p = 0; p < all->count; p++)
			if (all->sets[p] >> i & 1) chances[i] += parts[p];
	}
}

static double largest(const double *chances, uint32_t count)
{
	double most = 0;
	for (uint32_t i = 0; i < count; i++) most = fmax(most, chances[i]);
	return most;
}

/* The largest sum of papers, each question at most once, by the full tableau of the simplex method with Bland's rule.
 * `parts`: of each paper, as a draw. Returns the least possible largest chance. */
static double least_exposure(const bank *b, const papers *all, double *parts)
{
	static double t[BANK_MAX + 1][PAPERS_MAX + BANK_MAX + 1];
	uint32_t n = b->pool.count, width = all->count + n, basic[BANK_MAX];
	memset(t, 0, sizeof t);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t p = 0; p < all->count; p++) t[i][p] = all->sets[p] >> i & 1;
		t[i][all->count + i] = t[i][width] = 1;
		basic[i] = all->count + i;
	}
	for (uint32_t p = 0; p < all->count; p++) t[n][p] = -1;
	for (;;) {
		uint32_t in = 0, out = n;
		while (in < width && t[n][in] > -1e-9) in++;
		if (in == width) break;
		for (uint32_t i = 0; i < n; i++) {
			if (t[i][in] < 1e-9) continue;
			double here = t[i][width] / t[i][in], best = out < n ? t[out][width] / t[out][in] : INFINITY;
			if (here < best - 1e-12 || (here < best + 1e-12 && basic[i] < basic[out])) out = i;
		}
		cr_assert_lt(out, n);
		double unit = t[out][in];
		for (uint32_t c = 0; c <= width; c++) t[out][c] /= unit;
		for (uint32_t i = 0; i <= n; i++) {
			double factor = t[i][in];
			if (i == out || factor == 0) continue;
			for (uint32_t c = 0; c <= width; c++) t[i][c] -= factor * t[out][c];
		}
		basic[out] = in;
	}
	memset(parts, 0, all->count * sizeof *parts);
	for (uint32_t i = 0; i < n; i++)
		if (basic[i] < all->count) parts[basic[i]] = t[i][width] / t[n][width];
	return 1 / t[n][width];
}

static double entropy(const double *parts, uint32_t count)
{
	double bits = 0;
	for (uint32_t p = 0; p < count; p++)
		if (parts[p] > 0) bits -= parts[p] * log2(parts[p]);
	return bits;
}

/* The weight of each paper, of each question's papers, and of all. */
static u128 weigh(const bank *b, const papers *all, const uint32_t *weights, u128 *of_paper, u128 *of_question)
{
	u128 total = 0;
	memset(of_question, 0, b->pool.count * sizeof *of_question);
	for (uint32_t p = 0; p < all->count; p++) {
		of_paper[p] = 1;
		for (uint32_t i = 0; i < b->pool.count; i++)
			if (all->sets[p] >> i & 1) of_paper[p] *= weights[i];
		for (uint32_t i = 0; i < b->pool.count; i++)
			if (all->sets[p] >> i & 1) of_question[i] += of_paper[p];
		total += of_paper[p];
	}
	return total;
}

/* A draw at random, brought under the cap by as much of the most even one as that takes. */
static void make_alternative(
	const bank *b, const papers *all, kb_stream *stream, const double *even, double cap, double *parts)
{
	double sum = 0, share = 1, chances[BANK_MAX], base[BANK_MAX];
	bool sharp = bank_chance(stream, 50);
	for (uint32_t p = 0; p < all->count; p++) {
		double u = (bank_below(stream, 1000000) + 1) / 1000001.0;
		parts[p] = sharp ? -log(u) : 1 + 0.05 * u;
		sum += parts[p];
	}
	for (uint32_t p = 0; p < all->count; p++) parts[p] /= sum;
	chances_of(b, all, parts, chances);
	chances_of(b, all, even, base);
	for (uint32_t i = 0; i < b->pool.count; i++)
		if (chances[i] > cap) share = fmin(share, (cap - base[i]) / (chances[i] - base[i]));
	for (uint32_t p = 0; p < all->count; p++) parts[p] = share * parts[p] + (1 - share) * even[p];
	chances_of(b, all, parts, chances);
	cr_assert_leq(largest(chances, b->pool.count), cap + 1e-9);
}

static void entropy_is_largest(const bank *b, const papers *all, kb_stream *stream, const double *even, double cap,
	const kb_even *found, const double *ours)
{
	double alternative[PAPERS_MAX], between[PAPERS_MAX];
	cr_assert_float_eq(entropy(ours, all->count), found->bits, 1e-9);
	cr_assert_leq(found->bits, found->bits_uniform + 1e-9);
	cr_assert_leq(found->bits_within, 0.02, "%g bits are open", found->bits_within);
	for (int a = 0; a < ALTERNATIVES; a++) {
		make_alternative(b, all, stream, even, cap, alternative);
		double bits = entropy(alternative, all->count);
		cr_assert_leq(bits, found->bits + found->bits_within + 1e-9);
		/* The way there from ours would first lead up, if ours were not the highest. */
		for (uint32_t p = 0; p < all->count; p++) between[p] = 0.99 * ours[p] + 0.01 * alternative[p];
		cr_assert_leq(entropy(between, all->count), found->bits + found->bits_within + 1e-9);
	}
}

/* In standard deviations, as in test_fairness.c. */
static double distance_of_draws(const bank *b, const papers *all, const double *due, uint8_t seed_byte)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = NULL;
	kb_tables *tables;
	kb_digest seed = { { seed_byte, 3 } };
	const uint32_t draws = 100 * all->count;
	uint32_t seen[PAPERS_MAX + 1] = { 0 };
	double chi = 0, df = all->count - 1.0, spread = 2 * df;
	cr_assert_eq(kb_stream_open(arena, &seed, "paper", &stream, &err), KB_OK);
	cr_assert_eq(kb_tables_build(arena, &b->pool, &b->rules, NULL, 0, &tables, &err), KB_OK);
	for (uint32_t d = 0; d < draws; d++) {
		kb_arena_mark mark = kb_arena_save(arena);
		kb_paper_draw draw;
		cr_assert_eq(kb_tables_draw(tables, arena, stream, &draw, &err), KB_OK);
		seen[bank_find(all, bank_set(draw.items, draw.count))]++;
		kb_arena_restore(arena, mark);
	}
	cr_assert_eq(seen[all->count], 0);
	for (uint32_t p = 0; p < all->count; p++) {
		double expected = draws * due[p];
		chi += (seen[p] - expected) * (seen[p] - expected) / expected;
		spread += 1 / expected; /* rare papers scatter more */
	}
	return (chi - df) / sqrt(spread);
}

Test(even, meets_its_cap_with_the_most_entropy)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "even banks");
	unsigned bound = 0, drawn = 0;
	for (unsigned n = 0; n < BANKS; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		papers all;
		double even[PAPERS_MAX], ours[PAPERS_MAX], alike[PAPERS_MAX], chances[BANK_MAX];
		u128 of_paper[PAPERS_MAX], of_question[BANK_MAX];
		kb_even found;
		bank b = next_bank(arena, stream, &all);
		double least = least_exposure(&b, &all, even);
		for (uint32_t p = 0; p < all.count; p++) alike[p] = 1.0 / all.count;
		chances_of(&b, &all, alike, chances);
		double most = largest(chances, b.pool.count);
		if (most < least + 0.02) {
			n--;
			continue;
		}
		/* From near the least possible to a little over what all papers alike have. */
		uint32_t cap = (uint32_t)(1000 * (least + (most - least) * (10 + bank_below(stream, 95)) / 100)) + 1;
		if (cap > 1000) cap = 1000;
		cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, cap, &found, &err), KB_OK, "bank %u, %u for %g: %s", n, cap,
			least, err.message);
		u128 total = weigh(&b, &all, found.weights, of_paper, of_question);
		for (uint32_t i = 0; i < b.pool.count; i++) {
			cr_assert(of_question[i] * 1000 <= total * cap, "bank %u: question %u is above %u", n, i, cap);
			b.pool.items[i].weight = found.weights[i];
		}
		for (uint32_t p = 0; p < all.count; p++) ours[p] = (double)of_paper[p] / (double)total;
		entropy_is_largest(&b, &all, stream, even, cap / 1000.0, &found, ours);
		bound += most > cap / 1000.0;
		if (most <= cap / 1000.0 || drawn == 12) continue;
		drawn++;
		double z = distance_of_draws(&b, &all, ours, (uint8_t)n);
		cr_assert(z < 4, "bank %u: %g standard deviations", n, z);
	}
	cr_assert_geq(bound, 150);
	cr_assert_eq(drawn, 12);
}

Test(even, refuses_what_no_draw_can_meet)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 30);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "spread banks");
	unsigned exact = 0;
	for (unsigned n = 0; n < BANKS; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		papers all;
		double even[PAPERS_MAX];
		kb_even found;
		kb_spread spread;
		bank b = next_bank(arena, stream, &all);
		double least = least_exposure(&b, &all, even);
		cr_assert_eq(kb_spread_find(arena, &b.pool, &b.rules, &spread, &err), KB_OK, "%s", err.message);
		double low = (double)spread.low_part / (double)spread.low_whole;
		double high = (double)spread.high_part / (double)spread.high_whole;
		cr_assert_float_eq(low, least, 1e-7, "bank %u: %.9f is not %.9f", n, low, least);
		cr_assert_float_eq(high, least, 1e-5, "bank %u: %.9f is not %.9f", n, high, least);
		cr_assert_eq(spread.exact, spread.low_part * spread.high_whole == spread.high_part * spread.low_whole);
		exact += spread.exact;
		uint32_t cap = (uint32_t)(1000 * least - 1e-6);
		cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, cap, &found, &err), KB_REFUSED, "bank %u", n);
		cr_assert_str_eq(err.id, "even.cap");
		cr_assert_eq(found.least.low_part * spread.low_whole, spread.low_part * found.least.low_whole);
		uint32_t first = (uint32_t)(1000 * least + 1e-6) + 1, named;
		kb_spread proven = found.least;
		cr_assert_eq(kb_even_least_cap(arena, &b.pool, &b.rules, cap, &proven, &named, &err), KB_OK, "%s", err.message);
		cr_assert(first < KB_EVEN_WHOLE ? named >= first : named == 0, "bank %u: %u for %g", n, named, least);
		if (named > 0) cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, named, &found, &err), KB_OK, "%s", err.message);
		cr_assert_leq(named, first + first / 10 + 1, "bank %u: %u for %g", n, named, least);
	}
	cr_assert_geq(exact, BANKS - 10);
}

/* Where all papers alike are even enough, they stay alike. */
Test(even, holds_back_nothing_without_need)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	bank b = { .pool = { kb_arena_array(arena, 8, sizeof(kb_pool_item)), 8, NULL, 0 } };
	kb_even found;
	for (uint32_t i = 0; i < 8; i++)
		b.pool.items[i] = (kb_pool_item) { kb_arena_printf(arena, "%u", i), 0, 1U << i % 2, 1, 5, 1, 0 };
	b.rules = (kb_rules) { .size = 2, .unit_count = 2, .required = 3, .times = 1, .minutes = { 0, UINT32_MAX } };
	cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, 250, &found, &err), KB_OK, "%s", err.message);
	for (uint32_t i = 1; i < 8; i++) cr_assert_eq(found.weights[i], found.weights[0]);
	cr_assert_eq(found.bits, 4);
	cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, 249, &found, &err), KB_REFUSED);
	cr_assert_eq(found.least.low_part, 1);
	cr_assert_eq(found.least.low_whole, 4);
	cr_assert(found.least.exact);

	uint8_t without[1] = { 3 }, all[1] = { 0xFF };
	bool keeps;
	cr_assert_eq(kb_even_keeps(arena, &b.pool, &b.rules, NULL, 250, &keeps, &err), KB_OK);
	cr_assert(keeps);
	cr_assert_eq(kb_even_keeps(arena, &b.pool, &b.rules, without, 333, &keeps, &err), KB_OK);
	cr_assert_not(keeps, "of six each is in a third");
	cr_assert_eq(kb_even_keeps(arena, &b.pool, &b.rules, without, 334, &keeps, &err), KB_OK);
	cr_assert(keeps);
	cr_assert_eq(kb_even_keeps(arena, &b.pool, &b.rules, all, 1000, &keeps, &err), KB_OK);
	cr_assert_not(keeps, "there is no paper");

	b.rules.size = 9;
	cr_assert_eq(kb_even_find(arena, &b.pool, &b.rules, 900, &found, &err), KB_REFUSED);
	cr_assert_str_eq(err.id, "draw.none");
}

/* The count of valid papers does not depend on the weights that are stored for them. */
Test(even, papers_are_counted_without_weights)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(arena, "counted");
	papers all;
	const char *count;
	kb_tables *tables;
	bank b = next_bank(arena, stream, &all);
	for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = 7 + i;
	cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, NULL, 0, &tables, &err), KB_OK);
	cr_assert_eq(kb_even_papers(arena, &b.pool, &b.rules, NULL, tables, &count, &err), KB_OK);
	cr_assert_str_eq(count, kb_arena_printf(arena, "%u", all.count));
	cr_assert_neq(strtoul(kb_tables_count(tables, arena), NULL, 10), all.count);
}
