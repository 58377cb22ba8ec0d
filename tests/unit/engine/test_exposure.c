/* Overlap, what hearsay tells and entropy, against all papers of small banks; years against the exact chances. */
#include <criterion/criterion.h>

#include <math.h>

#include "bank.h"
#include "engine/check.h"
#include "engine/exposure.h"
#include "engine/simulate.h"

enum { BANKS = 200 };

static kb_err err;

static double shared(uint32_t a, uint32_t b)
{
	return __builtin_popcount(a & b);
}

/* Of a paper, a further one, and one more that is heard beside it, all drawn apart. */
static void try_all_pairs(const papers *all, const kb_exposure *exposure, unsigned n)
{
	double overlap = 0, known_by_two = 0, bits = 0, total = (double)all->total;
	for (uint32_t p = 0; p < all->count; p++) {
		double chance = (double)all->weights[p] / total;
		bits -= chance * log2(chance);
		for (uint32_t q = 0; q < all->count; q++) {
			double both = chance * (double)all->weights[q] / total;
			overlap += both * shared(all->sets[p], all->sets[q]);
			for (uint32_t r = 0; r < all->count; r++)
				known_by_two += both * (double)all->weights[r] / total * shared(all->sets[p], all->sets[q] | all->sets[r]);
		}
	}
	cr_assert_float_eq(exposure->overlap, overlap, 1e-9, "bank %u: %g instead of %g", n, exposure->overlap, overlap);
	cr_assert_float_eq(kb_exposure_known(exposure, 1), overlap, 1e-9, "bank %u", n);
	cr_assert_float_eq(kb_exposure_known(exposure, 2), known_by_two, 1e-9, "bank %u", n);
	cr_assert_float_eq(exposure->bits, bits, 1e-9, "bank %u: %g bits instead of %g", n, exposure->bits, bits);
}

static void try_many_heard(const bank *b, const papers *all, const kb_exposure *exposure, unsigned n)
{
	static const uint32_t heard[] = { 0, 3, 5, 20 };
	for (size_t h = 0; h < KB_COUNT(heard); h++) {
		long double known = 0;
		for (uint32_t i = 0; i < b->pool.count; i++) {
			long double chance = 0;
			for (uint32_t p = 0; p < all->count; p++) chance += all->sets[p] >> i & 1 ? (long double)all->weights[p] : 0;
			chance /= (long double)all->total;
			known += chance * (1 - powl(1 - chance, heard[h]));
		}
		cr_assert_float_eq(kb_exposure_known(exposure, heard[h]), (double)known, 1e-9, "bank %u, %u heard", n, heard[h]);
	}
}

static void is_in_order(const kb_exposure *exposure)
{
	uint64_t seen = 0;
	for (uint32_t i = 0; i < exposure->count; i++) {
		seen |= (uint64_t)1 << exposure->order[i];
		if (i == 0) continue;
		double before = exposure->chances[exposure->order[i - 1]], chance = exposure->chances[exposure->order[i]];
		cr_assert(before > chance || (before == chance && exposure->order[i - 1] < exposure->order[i]));
	}
	cr_assert_eq(seen, ((uint64_t)1 << exposure->count) - 1);
}

Test(exposure, agrees_with_all_papers_of_small_banks)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new(16 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "exposure banks");
	unsigned tried = 0, weighted = 0;
	for (unsigned n = 0; tried < BANKS; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
		bank b = bank_random(arena, stream, 14);
		papers all = bank_papers(arena, &b, b.excluded);
		kb_tables *tables;
		kb_exposure exposure;
		if (all.count == 0 || all.count > 120) continue;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, b.excluded, 0, &tables, &err), KB_OK);
		cr_assert_eq(kb_exposure_find(arena, tables, &exposure, &err), KB_OK);
		try_all_pairs(&all, &exposure, n);
		try_many_heard(&b, &all, &exposure, n);
		is_in_order(&exposure);
		tried++;
		weighted += all.total != all.count;
	}
	cr_assert_gt(weighted, BANKS / 10);
}

/* Years. */

/* A bank of questions on one unit each: `each` of each of the units, papers of one of each. */
static bank plain_bank(kb_arena *arena, uint32_t units, uint32_t each)
{
	bank b = { .rules = { .size = units, .unit_count = units, .required = ((uint64_t)1 << units) - 1, .times = 1 } };
	b.rules.minutes.max = UINT32_MAX;
	b.pool.count = units * each;
	b.pool.items = kb_arena_array(arena, b.pool.count, sizeof *b.pool.items);
	for (uint32_t i = 0; i < b.pool.count; i++)
		b.pool.items[i] = (kb_pool_item) { .key = kb_arena_printf(arena, "Q-%04u", i), .units = (uint64_t)1 << i % units,
			.weight = 1 };
	return b;
}

static kb_year_past year_of(kb_arena *arena, const bank *b, kb_year year, uint8_t seed_byte)
{
	kb_digest seed = { { seed_byte } };
	kb_year_past past;
	cr_assert_eq(kb_simulate(arena, &b->pool, &b->rules, &year, &seed, &past, &err), KB_OK, "%s", err.message);
	return past;
}

/* The place of a sum of squared deviations among those of draws with these chances, in standard deviations, where the
 * questions were independent; near 0 for the chances of the draw, and far above for others. */
static double distance(const uint32_t *drawn, const double *chances, uint32_t count, double papers)
{
	double sum = 0, terms = 0;
	for (uint32_t i = 0; i < count; i++) {
		double due = papers * chances[i], spread = due * (1 - chances[i]);
		if (spread <= 0) continue;
		sum += (drawn[i] - due) * (drawn[i] - due) / spread;
		terms++;
	}
	return (sum - terms) / sqrt(2 * terms);
}

Test(simulate, exposures_agree_with_the_exact_chances)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new(16 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "year banks");
	for (int tried = 0; tried < 8;) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
		bank b = bank_random(arena, stream, 16);
		kb_tables *tables;
		kb_exposure exposure;
		cr_assert_eq(kb_tables_build(arena, &b.pool, &b.rules, NULL, 0, &tables, &err), KB_OK);
		cr_assert_eq(kb_exposure_find(arena, tables, &exposure, &err), KB_OK);
		if (exposure.bits < 5 || exposure.largest < 0.5) continue;
		tried++;
		kb_year year = { .candidates = 3000, .employers = 3 };
		kb_year_past past = year_of(arena, &b, year, (uint8_t)tried);
		uint32_t drawn[BANK_MAX] = { 0 };
		double even[BANK_MAX];
		cr_assert_eq(past.count, 3000);
		for (uint32_t s = 0; s < past.count; s++)
			for (uint32_t i = 0; i < b.rules.size; i++) drawn[past.sittings[s].items[i]]++;
		for (uint32_t i = 0; i < b.pool.count; i++) even[i] = (double)b.rules.size / b.pool.count;
		double z = distance(drawn, exposure.chances, b.pool.count, 3000);
		cr_assert(z < 4, "bank %d: %g standard deviations", tried, z);
		cr_assert_gt(distance(drawn, even, b.pool.count, 3000), 10, "a test that can't fail is none");
	}
}

static void are_the_same(const kb_year_past *a, const kb_year_past *b, uint32_t size)
{
	cr_assert_eq(a->count, b->count);
	cr_assert_eq(a->edited, b->edited);
	for (uint32_t s = 0; s < a->count; s++) {
		const kb_year_sitting *x = &a->sittings[s], *y = &b->sittings[s];
		cr_assert(x->candidate == y->candidate && x->employer == y->employer && x->day == y->day);
		cr_assert(x->attempt == y->attempt && x->known == y->known && x->before == y->before && x->units == y->units);
		cr_assert_eq(x->items == NULL, y->items == NULL);
		for (uint32_t i = 0; x->items && i < size; i++) cr_assert_eq(x->items[i], y->items[i]);
	}
}

Test(simulate, the_same_seed_gives_the_same_year)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	bank b = plain_bank(arena, 5, 8);
	kb_year year = { .candidates = 300, .employers = 4, .resit_percent = 30, .edit_percent = 25, .away_days = 14 };
	kb_year_past first = year_of(arena, &b, year, 1), again = year_of(arena, &b, year, 1), other = year_of(arena, &b, year, 2);
	are_the_same(&first, &again, b.rules.size);
	cr_assert(other.count != first.count || other.sittings[0].day != first.sittings[0].day ||
		other.sittings[0].items[0] != first.sittings[0].items[0]);
}

static const kb_year_sitting *before(const kb_year_past *past, const kb_year_sitting *sitting)
{
	return sitting->before ? &past->sittings[sitting->before - 1] : NULL;
}

Test(simulate, resits_share_nothing_and_end_where_the_bank_does)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	bank b = plain_bank(arena, 4, 3);
	kb_year year = { .candidates = 60, .employers = 2, .resit_percent = 100 };
	kb_year_past past = year_of(arena, &b, year, 3);
	uint32_t refused = 0;
	for (uint32_t s = 0; s < past.count; s++) {
		const kb_year_sitting *sitting = &past.sittings[s];
		uint64_t had = 0;
		if (s > 0) cr_assert_leq(past.sittings[s - 1].day, sitting->day);
		for (const kb_year_sitting *e = before(&past, sitting); e; e = before(&past, e)) {
			cr_assert_eq(e->candidate, sitting->candidate);
			cr_assert_lt(e->attempt, sitting->attempt);
			for (uint32_t i = 0; i < b.rules.size; i++) had |= (uint64_t)1 << e->items[i];
		}
		for (uint32_t i = 0; sitting->items && i < b.rules.size; i++) cr_assert_not(had >> sitting->items[i] & 1);
		if (sitting->items) continue;
		refused++;
		cr_assert_eq(sitting->attempt, 3, "three of each unit last for three papers");
		cr_assert_str_eq(sitting->refused, "draw.none");
		cr_assert_eq(sitting->units, b.rules.required);
	}
	cr_assert_eq(past.count, 60 * 4);
	cr_assert_eq(refused, 60);
}

/* What an employer's candidates had is known to the next; nothing is to the first, and all of it in the end. */
Test(simulate, employers_hear)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	bank b = plain_bank(arena, 4, 5);
	kb_year year = { .candidates = 400, .employers = 3 };
	kb_year_past past = year_of(arena, &b, year, 4);
	uint64_t heard[3] = { 0 };
	uint32_t candidates[3] = { 0 };
	for (uint32_t s = 0; s < past.count; s++) {
		const kb_year_sitting *sitting = &past.sittings[s];
		uint64_t paper = 0;
		for (uint32_t i = 0; i < b.rules.size; i++) paper |= (uint64_t)1 << sitting->items[i];
		cr_assert_eq(sitting->known, (uint32_t)__builtin_popcountll(paper & heard[sitting->employer]));
		heard[sitting->employer] |= paper;
		candidates[sitting->employer]++;
	}
	for (int k = 0; k < 3; k++) cr_assert_eq(heard[k], ((uint64_t)1 << b.pool.count) - 1);
	/* 6/11, 3/11 and 2/11 of 400 */
	cr_assert(abs((int)candidates[0] - 218) < 40 && abs((int)candidates[1] - 109) < 35 && abs((int)candidates[2] - 73) < 30);
}

/* The longest time for which nobody was given a question. */
static uint32_t longest_gap(const kb_year_past *past, uint32_t size, uint32_t item)
{
	uint32_t longest = 0, last = 0;
	for (uint32_t s = 0; s < past->count; s++)
		for (uint32_t k = 0; past->sittings[s].items && k < size; k++) {
			if (past->sittings[s].items[k] != item) continue;
			if (past->sittings[s].day - last > longest) longest = past->sittings[s].day - last;
			last = past->sittings[s].day;
		}
	return longest;
}

/* A rewording near the end of the year shows no gap, as nothing comes behind it. */
Test(simulate, what_is_reworded_is_away_for_a_while)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	bank b = plain_bank(arena, 2, 8);
	kb_year year = { .candidates = 3000, .employers = 1, .edit_percent = 100, .away_days = 40 };
	kb_year_past edited = year_of(arena, &b, year, 5);
	year.edit_percent = 0;
	kb_year_past left = year_of(arena, &b, year, 5);
	uint32_t away = 0;
	for (uint32_t i = 0; i < b.pool.count; i++) {
		away += longest_gap(&edited, 2, i) >= 40;
		cr_assert_lt(longest_gap(&left, 2, i), 30);
	}
	cr_assert_eq(edited.edited, b.pool.count);
	cr_assert_eq(left.edited, 0);
	cr_assert_gt(away, b.pool.count / 2);
}
