#include "engine/swap.h"

#include "engine/state.h"

#include <string.h>

enum {
	REST = 4, /* steps that a question stays where it came to, and up to so many more */
	REST_MORE = 8,
	STEPS_EACH = 10, /* for each paper, whatever the patience */
};

/* What is wrong with a paper, as masks: what the loss or the gain of a question would make worse or better. */
typedef struct paper {
	uint32_t *items;                    /* KB_NONE: an empty place */
	uint64_t lack, lean;                /* units covered too few times; not more often than need be */
	uint64_t below, least, most, above; /* counters: under the minimum, not over it; not under the maximum, over it */
	uint64_t covered, once;             /* units, for a sample */
	uint32_t minutes, empty, faults;
} paper;

typedef struct search {
	kb_arena *arena;
	const kb_swap *in;
	const kb_pool *pool;
	const kb_rules *rules;
	paper *papers;
	uint32_t *first_rival, *rivals;     /* of each question: its rivals */
	uint32_t *rests;                    /* the step until which a question stays */
	uint32_t *paper_of;                 /* of each question; KB_NONE: of none */
	uint32_t *spare, spare_count;       /* unused questions */
	uint64_t unit_weight[KB_UNITS_MAX]; /* of one fault: what is often missed grows dearer */
	uint64_t low_weight[KB_COUNTERS_MAX], high_weight[KB_COUNTERS_MAX];
	uint64_t other_weight; /* minutes, sample, empty places */
	uint64_t noise;
	uint32_t step;
} search;

static uint32_t next_noise(search *s, uint32_t bound)
{
	s->noise = s->noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(((s->noise >> 32) * bound) >> 32);
}

static uint64_t weight_of(uint64_t bits, const uint64_t *weights)
{
	uint64_t sum = 0;
	for (; bits; bits &= bits - 1) sum += weights[__builtin_ctzll(bits)];
	return sum;
}

static uint32_t minutes_off(const kb_rules *rules, uint32_t minutes)
{
	if (minutes < rules->minutes.min) return rules->minutes.min - minutes;
	return minutes > rules->minutes.max ? minutes - rules->minutes.max : 0;
}

static uint32_t sample_short(const kb_rules *rules, uint64_t covered)
{
	uint32_t count = (uint32_t)__builtin_popcountll(covered);
	return rules->sample > count ? rules->sample - count : 0;
}

static void count_counters(const kb_rules *rules, const uint32_t *counts, paper *p)
{
	p->below = p->least = p->most = p->above = 0;
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		uint64_t bit = UINT64_C(1) << c;
		kb_range range = rules->counters[c];
		if (counts[c] < range.min) p->below |= bit, p->faults += range.min - counts[c];
		if (counts[c] <= range.min && range.min > 0) p->least |= bit;
		if (counts[c] >= range.max) p->most |= bit;
		if (counts[c] > range.max) p->above |= bit, p->faults += counts[c] - range.max;
	}
}

static void count_units(const kb_rules *rules, const uint32_t *covers, paper *p)
{
	p->lack = p->lean = p->covered = p->once = 0;
	for (uint64_t rest = rules->required; rest; rest &= rest - 1) {
		uint64_t bit = rest & -rest;
		uint32_t count = covers[__builtin_ctzll(rest)];
		if (count > 0) p->covered |= bit;
		if (count == 1) p->once |= bit;
		if (rules->sample > 0) continue;
		if (count < rules->times) p->lack |= bit, p->faults += rules->times - count;
		if (count <= rules->times) p->lean |= bit;
	}
	p->faults += sample_short(rules, p->covered);
}

static void look_at(const search *s, paper *p)
{
	uint32_t counts[KB_COUNTERS_MAX] = { 0 }, covers[KB_UNITS_MAX] = { 0 };
	const uint64_t counted = (UINT64_C(1) << s->rules->counter_count) - 1;
	p->minutes = p->empty = 0;
	for (uint32_t k = 0; k < s->rules->size; k++) {
		if (p->items[k] == KB_NONE) {
			p->empty++;
			continue;
		}
		const kb_pool_item *item = &s->pool->items[p->items[k]];
		for (uint64_t rest = item->counters & counted; rest; rest &= rest - 1) counts[__builtin_ctzll(rest)]++;
		for (uint64_t rest = item->units & s->rules->required; rest; rest &= rest - 1) covers[__builtin_ctzll(rest)]++;
		p->minutes += item->minutes;
	}
	p->faults = p->empty + minutes_off(s->rules, p->minutes);
	count_counters(s->rules, counts, p);
	count_units(s->rules, covers, p);
}

/* How much worse a paper grows with one question for another; either may be an empty place. */
static int64_t change(const search *s, const paper *p, uint32_t out, uint32_t in)
{
	static const kb_pool_item nothing;
	const kb_pool_item *gone = out == KB_NONE ? &nothing : &s->pool->items[out];
	const kb_pool_item *come = in == KB_NONE ? &nothing : &s->pool->items[in];
	const kb_rules *rules = s->rules;
	uint64_t lost = gone->units & ~come->units, won = come->units & ~gone->units;
	uint64_t fewer = gone->counters & ~come->counters, more = come->counters & ~gone->counters;
	uint64_t worse = weight_of(lost & p->lean, s->unit_weight) + weight_of(fewer & p->least, s->low_weight) +
	                 weight_of(more & p->most, s->high_weight);
	uint64_t better = weight_of(won & p->lack, s->unit_weight) + weight_of(more & p->below, s->low_weight) +
	                  weight_of(fewer & p->above, s->high_weight);
	int64_t others = (int64_t)minutes_off(rules, p->minutes - gone->minutes + come->minutes) -
	                 (int64_t)minutes_off(rules, p->minutes) + (in == KB_NONE) - (out == KB_NONE);
	if (rules->sample > 0)
		others +=
			(int64_t)sample_short(rules, (p->covered & ~(gone->units & p->once)) | (come->units & rules->required)) -
			(int64_t)sample_short(rules, p->covered);
	return (int64_t)worse - (int64_t)better + others * (int64_t)s->other_weight;
}

/* Whether a rival other than `gone` stands in the way of a question in a paper. */
static bool is_barred(const search *s, uint32_t item, uint32_t paper_at, uint32_t gone)
{
	for (uint32_t r = s->first_rival[item]; r < s->first_rival[item + 1]; r++) {
		uint32_t rival = s->rivals[r], paper_of = s->paper_of[rival];
		if (rival != gone && (s->in->rivals_meet ? paper_of == paper_at : paper_of != KB_NONE)) return true;
	}
	return false;
}

/* Of two questions that change papers. Where rivals may be in different papers they may get into one. */
static bool may_change(const search *s, uint32_t at, uint32_t mine, uint32_t other, uint32_t theirs)
{
	if (!s->in->rivals_meet) return true;
	return (theirs == KB_NONE || !is_barred(s, theirs, at, mine)) &&
	       (mine == KB_NONE || !is_barred(s, mine, other, theirs));
}

/* The best exchange for a paper with faults: one of its places, and another paper's or a spare question. */
typedef struct exchange {
	uint32_t place, other, other_place; /* other: a paper, or KB_NONE: other_place is one of spare */
	int64_t change;
	uint32_t ties;
} exchange;

static void consider(search *s, exchange *best, exchange tried)
{
	if (tried.change > best->change) return;
	if (tried.change < best->change) tried.ties = 1;
	else {
		tried.ties = best->ties + 1;
		if (next_noise(s, tried.ties) > 0) {
			best->ties = tried.ties;
			return;
		}
	}
	*best = tried;
}

static bool rests(const search *s, uint32_t item)
{
	return item != KB_NONE && s->rests[item] > s->step;
}

static exchange best_exchange(search *s, uint32_t at)
{
	const paper *p = &s->papers[at];
	exchange best = { KB_NONE, 0, 0, INT64_MAX, 0 };
	for (uint32_t k = 0; k < s->rules->size; k++) {
		uint32_t mine = p->items[k];
		if (rests(s, mine)) continue;
		for (uint32_t n = 0; n < s->spare_count; n++) {
			uint32_t item = s->spare[n];
			if (rests(s, item) || is_barred(s, item, at, mine)) continue;
			consider(s, &best, (exchange) { k, KB_NONE, n, change(s, p, mine, item), 0 });
		}
		for (uint32_t q = 0; q < s->in->wanted; q++)
			for (uint32_t l = 0; q != at && l < s->rules->size; l++) {
				uint32_t theirs = s->papers[q].items[l];
				if (rests(s, theirs) || mine == theirs || !may_change(s, at, mine, q, theirs)) continue;
				/* What this paper gains too little by is not looked into further: that is half the work. */
				int64_t sum = change(s, p, mine, theirs);
				if (sum <= best.change) sum += change(s, &s->papers[q], theirs, mine);
				consider(s, &best, (exchange) { k, q, l, sum, 0 });
			}
	}
	return best;
}

static void keep_still(search *s, uint32_t item)
{
	if (item != KB_NONE) s->rests[item] = s->step + REST + next_noise(s, REST_MORE);
}

static void carry_out(search *s, uint32_t at, exchange e)
{
	uint32_t *mine = &s->papers[at].items[e.place];
	uint32_t *theirs = e.other == KB_NONE ? &s->spare[e.other_place] : &s->papers[e.other].items[e.other_place];
	uint32_t gone = *mine;
	keep_still(s, gone);
	keep_still(s, *theirs);
	if (gone != KB_NONE) s->paper_of[gone] = e.other;
	if (*theirs != KB_NONE) s->paper_of[*theirs] = at;
	*mine = *theirs;
	*theirs = gone;
	/* An empty place that went to the spare questions is gone. */
	if (e.other == KB_NONE && gone == KB_NONE) *theirs = s->spare[--s->spare_count];
	look_at(s, &s->papers[at]);
	if (e.other != KB_NONE) look_at(s, &s->papers[e.other]);
}

static void raise(uint64_t bits, uint64_t *weights)
{
	for (; bits; bits &= bits - 1) weights[__builtin_ctzll(bits)]++;
}

/* Where no exchange helps, what is wrong with the paper grows dearer. */
static void raise_weights(search *s, const paper *p)
{
	raise(p->lack, s->unit_weight);
	raise(p->below, s->low_weight);
	raise(p->above, s->high_weight);
	s->other_weight += p->empty > 0 || minutes_off(s->rules, p->minutes) || sample_short(s->rules, p->covered);
}

/* A paper with faults, each as likely as the next; KB_NONE: all are valid. */
static uint32_t choose_paper(search *s)
{
	uint32_t chosen = KB_NONE, count = 0;
	for (uint32_t p = 0; p < s->in->wanted; p++)
		if (s->papers[p].faults > 0 && next_noise(s, ++count) == 0) chosen = p;
	return chosen;
}

static bool list_rivals(search *s)
{
	const kb_pool *pool = s->pool;
	uint32_t *filled = kb_arena_array(s->arena, pool->count, sizeof *filled);
	s->first_rival = kb_arena_array(s->arena, pool->count + (size_t)1, sizeof *s->first_rival);
	s->rivals = kb_arena_array(s->arena, 2 * (size_t)pool->rival_count, sizeof *s->rivals);
	if (!filled || !s->first_rival || !s->rivals) return false;
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		s->first_rival[pool->rivals[r].a + 1]++;
		s->first_rival[pool->rivals[r].b + 1]++;
	}
	for (uint32_t i = 0; i < pool->count; i++) s->first_rival[i + 1] += s->first_rival[i];
	for (uint32_t r = 0; r < pool->rival_count; r++) {
		uint32_t a = pool->rivals[r].a, b = pool->rivals[r].b;
		s->rivals[s->first_rival[a] + filled[a]++] = b;
		s->rivals[s->first_rival[b] + filled[b]++] = a;
	}
	return true;
}

/* The papers that are there, then what is left in its order, and empty places where rivals leave too little. */
static void fill(search *s)
{
	uint32_t size = s->rules->size, next = 0, n = s->pool->count;
	for (uint32_t p = 0; p < s->in->wanted; p++) s->papers[p].items = s->in->papers + (size_t)p * size;
	for (uint32_t k = 0; k < s->in->started * size; k++) s->paper_of[s->in->papers[k]] = k / size;
	for (uint32_t k = s->in->started * size; k < s->in->wanted * size; k++) {
		while (next < n && (kb_pool_has(s->in->excluded, next) || s->paper_of[next] != KB_NONE ||
							   is_barred(s, next, k / size, KB_NONE)))
			next++;
		s->in->papers[k] = next < n ? next : KB_NONE;
		if (next < n) s->paper_of[next] = k / size;
	}
	for (uint32_t i = 0; i < n; i++)
		if (s->paper_of[i] == KB_NONE && !kb_pool_has(s->in->excluded, i)) s->spare[s->spare_count++] = i;
	for (uint32_t p = 0; p < s->in->wanted; p++) look_at(s, &s->papers[p]);
}

static kb_status open_search(search *s, kb_err *err)
{
	uint32_t n = s->pool->count;
	s->papers = kb_arena_array(s->arena, s->in->wanted, sizeof *s->papers);
	s->rests = kb_arena_array(s->arena, n, sizeof *s->rests);
	s->paper_of = kb_arena_array(s->arena, n, sizeof *s->paper_of);
	s->spare = kb_arena_array(s->arena, n, sizeof *s->spare);
	if (!list_rivals(s)) return kb_arena_check(s->arena, err);
	KB_TRY(kb_arena_check(s->arena, err));
	for (uint32_t u = 0; u < KB_UNITS_MAX; u++) s->unit_weight[u] = 1;
	for (uint32_t c = 0; c < KB_COUNTERS_MAX; c++) s->low_weight[c] = s->high_weight[c] = 1;
	s->other_weight = 1;
	memset(s->paper_of, 0xFF, n * sizeof *s->paper_of);
	fill(s);
	return KB_OK;
}

kb_status kb_swap_search(kb_arena *arena, kb_swap *swap, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(arena);
	search *s = kb_arena_alloc(arena, sizeof *s);
	if (!s) return kb_arena_check(arena, err);
	*s = (search) { .arena = arena, .in = swap, .pool = swap->pool, .rules = swap->rules };
	KB_TRY(open_search(s, err));
	uint64_t places = (uint64_t)swap->wanted * s->rules->size + s->spare_count;
	uint64_t steps = swap->looks / (s->rules->size * places + 1) + (uint64_t)STEPS_EACH * swap->wanted;
	swap->found = false;
	for (s->step = 0; s->step < steps && !swap->found; s->step++) {
		kb_progress_tick(s->pool->progress);
		uint32_t at = choose_paper(s);
		swap->found = at == KB_NONE;
		if (swap->found) continue;
		exchange best = best_exchange(s, at);
		if (best.change >= 0) raise_weights(s, &s->papers[at]);
		if (best.place != KB_NONE) carry_out(s, at, best);
	}
	for (uint32_t p = 0; p < swap->wanted && swap->found; p++)
		kb_pool_sort(swap->papers + (size_t)p * swap->rules->size, swap->rules->size);
	kb_arena_restore(arena, mark);
	return KB_OK;
}
