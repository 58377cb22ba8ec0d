/* Exact search with propagation, against exhaustive search. */
#include <criterion/criterion.h>

#include <string.h>

#include "bank.h"
#include "engine/check.h"
#include "engine/search.h"

static kb_err err;

static bank small_bank(kb_arena *arena, kb_stream *stream)
{
	bank b = bank_random(arena, stream, 12);
	if (bank_chance(stream, 70)) b.rules.size = 2 + b.rules.size % 3;
	/* More categories, which lie across one another. */
	for (uint32_t more = bank_below(stream, 6); more > 0; more--) {
		uint32_t c = b.rules.counter_count++;
		for (uint32_t i = 0; i < b.pool.count; i++)
			if (bank_chance(stream, 40)) b.pool.items[i].counters |= UINT64_C(1) << c;
		b.rules.counters[c].min = bank_below(stream, 2);
		b.rules.counters[c].max = 1 + bank_below(stream, 3);
	}
	return b;
}

static void papers_hold(const bank *b, const uint32_t *papers, uint32_t count)
{
	uint8_t used[sizeof b->excluded];
	memcpy(used, b->excluded, sizeof used);
	for (uint32_t p = 0; p < count; p++) {
		const uint32_t *items = papers + p * b->rules.size;
		cr_assert_eq(kb_check_paper(&b->pool, &b->rules, used, items, b->rules.size, &err), KB_OK, "%s", err.message);
		kb_pool_exclude(&b->pool, items, b->rules.size, used);
	}
}

static kb_answer search(kb_arena *arena, const bank *b, uint32_t count, uint32_t *papers)
{
	kb_answer answer = KB_UNKNOWN;
	uint64_t steps = KB_SEARCH_STEPS;
	kb_status status =
		kb_search_papers(arena, &b->pool, &b->rules, b->excluded, count, &steps, papers, &answer, &err);
	cr_assert_eq(status, KB_OK, "%s", err.message);
	cr_assert_neq(answer, KB_UNKNOWN);
	return answer;
}

/* The dear ones of the paper that has fewest; UINT32_MAX where there is none. */
static uint32_t fewest_dear(const bank *b, const papers *all)
{
	uint32_t least = UINT32_MAX;
	for (uint32_t p = 0; p < all->count; p++) {
		uint32_t dear = 0;
		for (uint32_t i = 0; i < b->pool.count; i++) dear += all->sets[p] >> i & b->pool.items[i].weight / KB_DEAR;
		if (dear < least) least = dear;
	}
	return least;
}

Test(search, agrees_with_trying_every_set)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "search banks");
	unsigned several = 0, one = 0, none = 0;
	for (unsigned n = 0; n < 3000; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = small_bank(arena, stream);
		papers all = bank_papers(arena, &b, b.excluded);
		uint32_t most = b.rules.size ? bank_most_disjoint(&b, &all, 0, 0) : 0, papers[8 * KB_PAPER_MAX];
		for (uint32_t count = 1; count <= most + 1 && b.rules.size > 0; count++) {
			kb_answer answer = search(arena, &b, count, papers);
			cr_assert_eq(answer == KB_YES, most >= count, "bank %u: %u papers, %u exist", n, count, most);
			if (answer == KB_YES) papers_hold(&b, papers, count);
		}
		none += most == 0, one += most == 1, several += most > 1;
	}
	cr_assert(none >= 200 && one >= 200 && several >= 100, "%u %u %u", none, one, several);
}

/* By tables where these hold all, by search where they don't: the same either way. */
Test(search, fewest_is_fewest)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "dear questions");
	unsigned searched = 0, some = 0;
	for (unsigned n = 0; n < 2000; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = small_bank(arena, stream);
		for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].weight = bank_chance(stream, 40) ? KB_DEAR : 1;
		/* Categories that bind nothing, and more of them than a word of counts holds. */
		for (uint32_t c = b.rules.counter_count; n % 2 && c < 40; c++) {
			for (uint32_t i = 0; i < b.pool.count; i++) b.pool.items[i].counters |= (uint64_t)(i % 2) << c;
			b.rules.counters[c] = (kb_range){ 1, b.rules.size - 1 };
			b.rules.counter_count = c + 1;
		}
		papers all = bank_papers(arena, &b, b.excluded);
		uint32_t least = fewest_dear(&b, &all), dear = 0;
		kb_paper_draw draw;
		bool fewest = false;
		kb_status status = kb_search_fewest(arena, &b.pool, &b.rules, b.excluded, &draw, &fewest, &err);
		cr_assert_eq(status, KB_OK, "%s", err.message);
		cr_assert(fewest, "bank %u", n);
		cr_assert_eq(draw.count > 0, least != UINT32_MAX && b.rules.size > 0, "bank %u", n);
		if (draw.count == 0) continue;
		papers_hold(&b, draw.items, 1);
		for (uint32_t i = 0; i < draw.count; i++) dear += b.pool.items[draw.items[i]].weight == KB_DEAR;
		cr_assert_eq(dear, least, "bank %u: %u dear ones, %u would do", n, dear, least);
		searched += n % 2, some += least > 0;
	}
	cr_assert(searched >= 50 && some >= 100, "%u searched, %u with dear ones", searched, some);
}
