/* Small generated banks, and all their papers by trying every set: what the engine is held against. */
#ifndef KB_TESTS_ENGINE_BANK_H
#define KB_TESTS_ENGINE_BANK_H

#include "crypt/stream.h"
#include "model/pool.h"

#include <stdio.h>
#include <stdlib.h>

enum { BANK_MAX = 16 }; /* questions: every subset is tried */

typedef struct bank {
	kb_pool pool;
	kb_rules rules;
	uint8_t excluded[(BANK_MAX + 7) / 8];
} bank;

/* A paper is a bit an item. */
typedef struct papers {
	uint32_t *sets;
	uint64_t *weights;
	uint32_t count;
	uint64_t total;
} papers;

static inline void bank_die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static inline kb_stream *bank_stream(kb_arena *arena, const char *label)
{
	kb_digest seed = { { 0 } };
	kb_stream *stream = NULL;
	kb_err err;
	if (kb_stream_open(arena, &seed, label, &stream, &err) != KB_OK) bank_die(err.message);
	return stream;
}

static inline uint32_t bank_below(kb_stream *stream, uint32_t bound)
{
	uint64_t value = 0;
	kb_err err;
	if (kb_stream_below(stream, bound, &value, &err) != KB_OK) bank_die(err.message);
	return (uint32_t)value;
}

static inline bool bank_chance(kb_stream *stream, uint32_t percent)
{
	return bank_below(stream, 100) < percent;
}

static inline void bank_rivals(bank *b, kb_stream *s, kb_arena *arena)
{
	uint32_t n = b->pool.count, shape = bank_below(s, 4), count = 0;
	bool rival[BANK_MAX][BANK_MAX] = { { false } };
	if (shape == 1 || shape == 3)
		for (uint32_t g = bank_below(s, 3) + 1; g > 0; g--) { /* cliques of two or three */
			uint32_t x = bank_below(s, n), y = bank_below(s, n), z = bank_chance(s, 50) ? bank_below(s, n) : x;
			rival[x][y] = rival[y][z] = rival[x][z] = true;
		}
	if (shape >= 2)
		for (uint32_t i = bank_below(s, 4) + 1; i > 0; i--)
			rival[bank_below(s, n)][bank_below(s, n)] = true; /* chains */
	b->pool.rivals = kb_arena_array(arena, (size_t)n * n, sizeof *b->pool.rivals);
	for (uint32_t x = 0; x < n; x++)
		for (uint32_t y = x + 1; y < n; y++)
			if (rival[x][y] || rival[y][x]) b->pool.rivals[count++] = (kb_pair_of_rivals){ x, y };
	b->pool.rival_count = count;
}

/* Everything that rules can hold, in all mixtures. `most` is the largest number of questions. */
static inline bank bank_random(kb_arena *arena, kb_stream *s, uint32_t most)
{
	bank b = { 0 };
	uint32_t n = 4 + bank_below(s, most - 3), themes = 1 + bank_below(s, 3), kinds = bank_below(s, 4);
	uint32_t per_theme = 1 + bank_below(s, 3), crossing = bank_chance(s, 30) ? 30 : 0;
	uint32_t minutes = bank_below(s, 3), weighted = bank_chance(s, 30), untagged = bank_chance(s, 30) ? 30 : 0;
	b.pool.count = n;
	b.pool.items = kb_arena_array(arena, n, sizeof *b.pool.items);
	for (uint32_t i = 0; i < n; i++) {
		kb_pool_item *item = &b.pool.items[i];
		uint32_t theme = bank_below(s, themes);
		for (uint32_t u = 0; u < per_theme; u++)
			if (bank_chance(s, 55)) item->units |= (uint64_t)1 << (theme * per_theme + u);
		if (bank_chance(s, crossing)) item->units |= (uint64_t)1 << bank_below(s, themes * per_theme);
		if (bank_chance(s, untagged)) item->units = 0;
		item->key = kb_arena_printf(arena, "Q-%02u", i);
		item->counters = 1U << theme;
		if (kinds > 0) item->counters |= 1U << (themes + bank_below(s, kinds));
		if (bank_chance(s, 10)) item->counters = bank_below(s, 8);
		item->minutes = minutes == 1 ? 6 + bank_below(s, 3) : 2 * bank_below(s, 6);
		item->weight = weighted ? 1 + bank_below(s, 9) : 1;
		if (bank_chance(s, 8)) kb_pool_set(b.excluded, i);
	}
	bank_rivals(&b, s, arena);
	uint32_t units = themes * per_theme;
	b.rules = (kb_rules){ .size = 1 + bank_below(s, 5), .unit_count = units, .times = 1 };
	b.rules.required = ((uint64_t)1 << units) - 1;
	if (bank_chance(s, 40)) b.rules.required &= bank_below(s, 1U << units);
	uint32_t coverage = bank_below(s, 4);
	if (coverage == 1) b.rules.times = 2;
	if (coverage == 2) b.rules.sample = 1 + bank_below(s, units);
	if (bank_chance(s, 5)) b.rules.times = 3, b.rules.sample = 0;
	b.rules.counter_count = themes + kinds;
	for (uint32_t c = 0; c < b.rules.counter_count; c++) {
		b.rules.counters[c].min = bank_chance(s, 40) ? bank_below(s, 3) : 0;
		b.rules.counters[c].max = bank_chance(s, 60) ? b.rules.counters[c].min + bank_below(s, 4) : UINT32_MAX;
	}
	b.rules.minutes = (kb_range){ 0, UINT32_MAX };
	if (minutes > 0) {
		uint32_t middle = b.rules.size * (minutes == 1 ? 7 : 5);
		if (bank_chance(s, 60)) b.rules.minutes.min = middle - bank_below(s, middle / 2 + 1);
		if (bank_chance(s, 60)) b.rules.minutes.max = middle + bank_below(s, 6);
	}
	kb_err err;
	if (kb_pool_group(arena, &b.pool, &err) != KB_OK) bank_die(err.message);
	return b;
}

/* ENGINE section 1, rule by rule, over a bit set. */
static inline bool bank_valid(const bank *b, const uint8_t *excluded, uint32_t set)
{
	uint32_t size = 0, minutes = 0, covered[KB_UNITS_MAX] = { 0 }, counts[KB_COUNTERS_MAX] = { 0 };
	for (uint32_t i = 0; i < b->pool.count; i++) {
		if (!(set >> i & 1)) continue;
		const kb_pool_item *item = &b->pool.items[i];
		if (kb_pool_has(excluded, i)) return false;
		size++;
		minutes += item->minutes;
		for (uint32_t u = 0; u < KB_UNITS_MAX; u++) covered[u] += item->units >> u & 1;
		for (uint32_t c = 0; c < KB_COUNTERS_MAX; c++) counts[c] += (uint32_t)(item->counters >> c & 1);
	}
	if (size != b->rules.size || minutes < b->rules.minutes.min || minutes > b->rules.minutes.max) return false;
	uint32_t met = 0, required = 0;
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) {
		if (!(b->rules.required >> u & 1)) continue;
		required++;
		met += covered[u] >= b->rules.times;
	}
	if (met < (b->rules.sample ? b->rules.sample : required)) return false;
	for (uint32_t c = 0; c < b->rules.counter_count; c++)
		if (counts[c] < b->rules.counters[c].min || counts[c] > b->rules.counters[c].max) return false;
	for (uint32_t r = 0; r < b->pool.rival_count; r++)
		if ((set >> b->pool.rivals[r].a & 1) && (set >> b->pool.rivals[r].b & 1)) return false;
	return true;
}

static inline papers bank_papers(kb_arena *arena, const bank *b, const uint8_t *excluded)
{
	papers p = { 0 };
	uint32_t end = 1U << b->pool.count;
	for (int pass = 0; pass < 2; pass++) {
		p.count = 0;
		for (uint32_t set = 0; set < end; set++) {
			if ((uint32_t)__builtin_popcount(set) != b->rules.size || !bank_valid(b, excluded, set)) continue;
			if (pass > 0) {
				uint64_t weight = 1;
				for (uint32_t i = 0; i < b->pool.count; i++)
					if (set >> i & 1) weight *= b->pool.items[i].weight;
				p.sets[p.count] = set;
				p.weights[p.count] = weight;
				p.total += weight;
			}
			p.count++;
		}
		if (pass > 0) break;
		p.sets = kb_arena_array(arena, p.count, sizeof *p.sets);
		p.weights = kb_arena_array(arena, p.count, sizeof *p.weights);
	}
	return p;
}

static inline uint32_t bank_set(const uint32_t *items, uint32_t count)
{
	uint32_t set = 0;
	for (uint32_t i = 0; i < count; i++) set |= 1U << items[i];
	return set;
}

/* The place of a set among the papers (sorted, as they were found); p->count where it is none. */
static inline uint32_t bank_find(const papers *p, uint32_t set)
{
	uint32_t low = 0, high = p->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (p->sets[middle] < set) low = middle + 1;
		else high = middle;
	}
	return low < p->count && p->sets[low] == set ? low : p->count;
}

/* What a candidate who was asked the set may not be asked any more. */
static inline void bank_block(const bank *b, uint32_t set, uint8_t *excluded)
{
	for (uint32_t i = 0; i < b->pool.count; i++)
		if (set >> i & 1) kb_pool_exclude(&b->pool, &i, 1, excluded);
}

/* A set with all its rivals. */
static inline uint32_t bank_closed(const bank *b, uint32_t set)
{
	uint32_t all = set;
	for (uint32_t r = 0; r < b->pool.rival_count; r++) {
		if (set >> b->pool.rivals[r].a & 1) all |= 1U << b->pool.rivals[r].b;
		if (set >> b->pool.rivals[r].b & 1) all |= 1U << b->pool.rivals[r].a;
	}
	return all;
}

/* The most papers that share nothing, from the papers of number `from` on and without what is blocked. */
static inline uint32_t bank_most_disjoint(const bank *b, const papers *all, uint32_t from, uint32_t blocked)
{
	uint32_t best = 0;
	uint32_t room = (b->pool.count - (uint32_t)__builtin_popcount(blocked)) / b->rules.size;
	for (uint32_t p = from; p < all->count && best < room; p++) {
		if (all->sets[p] & blocked) continue;
		uint32_t found = 1 + bank_most_disjoint(b, all, p + 1, blocked | bank_closed(b, all->sets[p]));
		if (found > best) best = found;
	}
	return best;
}

#endif
