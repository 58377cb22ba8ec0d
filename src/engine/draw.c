#include "engine/draw.h"

#include "base/str.h"
#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/search.h"
#include "engine/tables.h"

#include <stdlib.h>
#include <string.h>

enum {
	WITNESSES = 96,
	ATTEMPTS_MAX = 100000,  /* papers looked at for a reserve */
	REJECTIONS_MAX = 50000, /* papers of a larger set looked at for a valid one */
};

/* A uniform number below the total: as many bits as its largest value has, again until it is below. */
static kb_status uniform(const kb_tables *tables, kb_stream *stream, uint64_t *rank, kb_err *err)
{
	size_t limbs = tables->join.limbs;
	const uint64_t *total = kb_join_total(&tables->join);
	uint64_t largest[KB_WIDE_LIMBS], one[KB_WIDE_LIMBS] = { 1 };
	memcpy(largest, total, limbs * sizeof *total);
	wide_subtract(largest, one, limbs);
	size_t bits = wide_bits(largest, limbs);
	do {
		uint8_t bytes[KB_WIDE_BITS / 8];
		memset(rank, 0, limbs * sizeof *rank);
		if (bits == 0) return KB_OK;
		KB_TRY(kb_stream_bits(stream, bits, bytes, err));
		for (size_t b = 0; b < (bits + 7) / 8; b++) rank[b / 8] |= (uint64_t)bytes[b] << b % 8 * 8;
	} while (wide_compare(rank, total, limbs) >= 0);
	return KB_OK;
}

/* The next paper of the stream; from relaxed tables, the next that is valid. */
static kb_status next_paper(
	const kb_tables *tables, kb_stream *stream, uint64_t *rank, kb_paper_draw *draw, kb_err *err)
{
	for (uint32_t attempt = 0; attempt < REJECTIONS_MAX; attempt++) {
		uint64_t walked[KB_WIDE_LIMBS];
		KB_TRY(uniform(tables, stream, rank, err));
		memcpy(walked, rank, sizeof walked);
		KB_TRY(kb_tables_unrank(tables, walked, draw, err));
		if (!tables->relaxed) return KB_OK;
		kb_err why;
		if (kb_check_paper(&tables->pool, &tables->rules, tables->excluded, draw->items, draw->count, &why) == KB_OK)
			return KB_OK;
	}
	kb_fail(
		err, KB_LIMIT, "draw.sparse", "no valid paper was among %d that were drawn from a larger set", REJECTIONS_MAX);
	return kb_hint(err, "tag each question within one grading theme, count fewer categories, or widen the minutes");
}

kb_status kb_tables_draw(const kb_tables *tables, kb_arena *arena, kb_stream *stream, kb_paper_draw *draw, kb_err *err)
{
	if (tables->empty) return kb_fail(err, KB_REFUSED, "draw.none", "no valid paper exists");
	uint64_t rank[KB_WIDE_LIMBS] = { 0 };
	char text[KB_WIDE_DECIMAL];
	KB_TRY(next_paper(tables, stream, rank, draw, err));
	kb_wide_format(rank, tables->join.limbs, text);
	draw->rank = kb_arena_text(arena, text);
	return draw->rank ? KB_OK : kb_arena_check(arena, err);
}

kb_status kb_tables_paper(const kb_tables *tables, kb_arena *arena, const char *u, kb_paper_draw *draw, kb_err *err)
{
	uint64_t rank[KB_WIDE_LIMBS];
	if (tables->empty)
		return kb_fail(err, KB_INVALID, "draw.rank", "there is no valid paper, so none of number %.160s", u);
	if (!kb_wide_parse(u, rank, tables->join.limbs) ||
		wide_compare(rank, kb_join_total(&tables->join), tables->join.limbs) >= 0)
		return kb_fail(err, KB_INVALID, "draw.rank", "%.160s is not the number of a paper of this pool", u);
	draw->rank = kb_arena_text(arena, u);
	if (!draw->rank) return kb_arena_check(arena, err);
	KB_TRY(kb_tables_unrank(tables, rank, draw, err));
	kb_err why;
	if (tables->relaxed &&
		kb_check_paper(&tables->pool, &tables->rules, tables->excluded, draw->items, draw->count, &why) != KB_OK)
		return kb_fail(err, KB_INVALID, "draw.rank", "number %.160s stands for no valid paper: %s", u, why.message);
	return KB_OK;
}

/* Papers of a stream of their own: where enough of them are disjoint, a reserve is proved at next to no cost. Each is
 * drawn once it is asked for: the first few mostly are enough. */
typedef struct witnesses {
	const kb_tables *tables;
	kb_stream *stream;
	uint32_t (*papers)[KB_PAPER_MAX];
	uint32_t count;
} witnesses;

static kb_status call_witness(witnesses *w, kb_err *err)
{
	uint64_t rank[KB_WIDE_LIMBS];
	kb_paper_draw paper;
	KB_TRY(next_paper(w->tables, w->stream, rank, &paper, err));
	memcpy(w->papers[w->count++], paper.items, sizeof paper.items);
	return KB_OK;
}

/* Whether `wanted` of the witnesses are disjoint from one another and from what is blocked, which is used up. */
static kb_status witnesses_suffice(
	witnesses *w, const kb_pool *pool, uint32_t size, uint32_t wanted, uint8_t *blocked, bool *enough, kb_err *err)
{
	for (uint32_t p = 0; p < WITNESSES && wanted > 0; p++) {
		bool free = true;
		if (p == w->count) KB_TRY(call_witness(w, err));
		for (uint32_t i = 0; i < size && free; i++) free = !kb_pool_has(blocked, w->papers[p][i]);
		if (!free) continue;
		kb_pool_exclude(pool, w->papers[p], size, blocked);
		wanted--;
	}
	*enough = wanted == 0;
	return KB_OK;
}

/* The whole request, and what is blocked for the candidate. */
typedef struct request {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	const uint8_t *excluded;
	uint8_t *blocked;
	witnesses witnesses;
} request;

/* Whether so many disjoint papers remain after this one (NULL: before any). Each answer but KB_UNKNOWN is a proof. */
static kb_status remain(
	request *r, const kb_paper_draw *after, uint32_t wanted, kb_capacity *capacity, kb_answer *verdict, kb_err *err)
{
	size_t bytes = (r->pool->count + 7) / 8;
	for (int pass = 0; pass < 2; pass++) {
		memset(r->blocked, 0, bytes);
		if (r->excluded) memcpy(r->blocked, r->excluded, bytes);
		if (after) kb_pool_exclude(r->pool, after->items, after->count, r->blocked);
		if (pass > 0) break;
		bool enough = false;
		KB_TRY(witnesses_suffice(&r->witnesses, r->pool, r->rules->size, wanted, r->blocked, &enough, err));
		*verdict = KB_YES;
		if (enough) return KB_OK;
	}
	kb_arena_mark mark = kb_arena_save(r->arena);
	kb_err limit;
	kb_status status = kb_capacity_find(r->arena, r->pool, r->rules, r->blocked, wanted, capacity, &limit);
	if (status == KB_LIMIT && kb_arena_check(r->arena, err) == KB_OK) {
		*capacity = (kb_capacity) { .upper = UINT32_MAX };
	} else if (status != KB_OK) {
		*err = limit;
		return status;
	}
	kb_arena_restore(r->arena, mark);
	*verdict = capacity->lower >= wanted ? KB_YES : capacity->upper < wanted ? KB_NO : KB_UNKNOWN;
	return KB_OK;
}

static kb_status undecided(const kb_rules *rules, kb_err *err)
{
	kb_fail(err, KB_LIMIT, "draw.undecided",
		"whether %u further papers remain possible could be neither shown nor ruled out", rules->reserve);
	return kb_hint(err, "lower the reserve of the specification, which is a recorded decision, or add questions");
}

static kb_status check_reserve(request *r, kb_err *err)
{
	kb_answer verdict = KB_UNKNOWN;
	kb_capacity capacity = { 0 };
	uint32_t papers = r->rules->reserve < UINT32_MAX ? r->rules->reserve + 1 : UINT32_MAX;
	KB_TRY(remain(r, NULL, papers, &capacity, &verdict, err));
	if (verdict == KB_YES) return KB_OK;
	if (verdict == KB_UNKNOWN) return undecided(r->rules, err);
	kb_fail(err, KB_REFUSED, "draw.reserve",
		"a paper and %u more in reserve are asked for, but only %u papers that share nothing are possible: %s",
		r->rules->reserve, capacity.upper, capacity.reason);
	return kb_hint(
		err, "write more questions, or lower the reserve of the specification, which is a recorded decision");
}

static kb_status draw_good(request *r, const kb_tables *tables, const kb_digest *seed, kb_paper_draw *draw, kb_err *err)
{
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = NULL, *witness_stream = NULL;
	KB_TRY(kb_stream_open(r->arena, seed, "paper", &stream, err));
	if (r->rules->reserve == 0) return kb_tables_draw(tables, r->arena, stream, draw, err);
	KB_TRY(kb_stream_open(r->arena, seed, "witness", &witness_stream, err));
	r->witnesses = (witnesses) { tables, witness_stream, NULL, 0 };
	r->witnesses.papers = kb_arena_array(r->arena, WITNESSES, sizeof *r->witnesses.papers);
	if (!r->witnesses.papers) return kb_arena_check(r->arena, err);
	KB_TRY(check_reserve(r, err));
	for (uint32_t attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
		kb_arena_mark mark = kb_arena_save(r->arena);
		kb_answer verdict = KB_UNKNOWN;
		kb_capacity capacity;
		KB_TRY(kb_tables_draw(tables, r->arena, stream, draw, err));
		KB_TRY(remain(r, draw, r->rules->reserve, &capacity, &verdict, err));
		draw->attempts = attempt;
		if (verdict == KB_YES) return KB_OK;
		if (verdict == KB_UNKNOWN) break;
		kb_arena_restore(r->arena, mark);
	}
	return undecided(r->rules, err);
}

/* What could not be counted may be what can't be met, and no number of papers would show it. */
static kb_status search_any(
	kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, bool *none, kb_err *err)
{
	uint64_t steps = KB_SEARCH_STEPS;
	uint32_t paper[KB_PAPER_MAX];
	kb_answer any;
	KB_TRY(kb_search_papers(arena, pool, rules, excluded, 1, &steps, paper, &any, err));
	*none = any == KB_NO;
	return KB_OK;
}

kb_status kb_draw_paper(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	const kb_digest *seed, kb_paper_draw *draw, kb_tables **tables, kb_err *err)
{
	kb_tables *built = NULL;
	kb_err limit;
	bool none = false;
	kb_status status = kb_tables_build(arena, pool, rules, excluded, 0, &built, &limit);
	if (tables) *tables = built;
	bool too_many = status == KB_LIMIT && kb_str_equal(limit.id, "draw.states");
	if (too_many || (status == KB_OK && built->relaxed)) KB_TRY(search_any(arena, pool, rules, excluded, &none, err));
	if (none || (status == KB_OK && built->empty)) {
		kb_fail(err, KB_REFUSED, "draw.none",
			"no valid paper can be made of the questions that are left for this candidate");
		return kb_hint(err, "the explanation names the rules that clash and the fewest questions to write");
	}
	if (status != KB_OK) *err = limit;
	KB_TRY(status);
	request r = { arena, pool, rules, excluded, kb_arena_alloc(arena, pool->count / 8 + 1), { 0 } };
	if (!r.blocked) return kb_arena_check(arena, err);
	return draw_good(&r, built, seed, draw, err);
}
