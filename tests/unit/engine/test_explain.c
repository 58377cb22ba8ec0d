/* Clashes are minimal, and briefs repair with the fewest questions: both tried out. */
#include <criterion/criterion.h>

#include <string.h>

#include "bank.h"
#include "engine/explain.h"

static kb_err err;

enum { SHAPES = 2 };

static kb_status explain(kb_arena *arena, const bank *b, const uint8_t *excluded, const uint8_t *away,
	const kb_brief_shape *shapes, uint32_t shape_count, kb_explanation *e)
{
	kb_shortfall in = { &b->pool, &b->rules, excluded, away, shapes, shape_count };
	return kb_explain(arena, &in, e, &err);
}

/* The bank under part of its rules; without the size rule, in any size. */
static bool can_be_met(
	kb_arena *arena, const bank *b, uint64_t units, uint64_t counters, bool minutes, bool rivals, bool size)
{
	bank part = *b;
	part.rules.required = units;
	if (!units) part.rules.sample = 0;
	for (uint32_t c = 0; c < part.rules.counter_count; c++)
		if (!(counters >> c & 1)) part.rules.counters[c] = (kb_range) { 0, UINT32_MAX };
	if (!minutes) part.rules.minutes = (kb_range) { 0, UINT32_MAX };
	if (!rivals) part.pool.rival_count = 0;
	if (size) return bank_papers(arena, &part, b->excluded).count > 0;
	for (part.rules.size = 0; part.rules.size <= b->pool.count; part.rules.size++)
		if (bank_papers(arena, &part, b->excluded).count > 0) return true;
	return false;
}

static void clash_is_minimal(kb_arena *arena, const bank *b, const kb_explanation *e, unsigned n)
{
	uint64_t u = e->clash_units;
	uint64_t c = e->clash_counters;
	bool m = e->clash_minutes, r = e->clash_rivals, s = e->clash_size;
	cr_assert(e->minimal);
	cr_assert(!can_be_met(arena, b, u, c, m, r, s), "bank %u: these rules can be met together", n);
	cr_assert(!m || can_be_met(arena, b, u, c, false, r, s), "bank %u: minutes are not needed", n);
	cr_assert(!r || can_be_met(arena, b, u, c, m, false, s), "bank %u: rivals are not needed", n);
	cr_assert(!s || can_be_met(arena, b, u, c, m, r, false), "bank %u: the size is not needed", n);
	for (uint64_t rest = c; rest; rest &= rest - 1)
		cr_assert(can_be_met(arena, b, u, c & ~(rest & -rest), m, r, s), "bank %u: a counter is not needed", n);
	for (uint64_t rest = u; rest; rest &= rest - 1) {
		uint64_t fewer = b->rules.sample ? 0 : u & ~(rest & -rest);
		cr_assert(can_be_met(arena, b, fewer, c, m, r, s), "bank %u: a unit is not needed", n);
	}
}

static void blocking_blocks(kb_arena *arena, const bank *b, const kb_explanation *e, unsigned n)
{
	for (uint64_t rest = b->rules.sample ? 0 : b->rules.required; rest; rest &= rest - 1) {
		bool blocks = e->blocking & rest & -rest;
		cr_assert_eq(blocks, !can_be_met(arena, b, rest & -rest, 0, false, true, false), "bank %u", n);
	}
}

/* The bank with these questions added. */
static bank with(kb_arena *arena, const bank *b, const kb_pool_item *fresh, uint32_t count)
{
	bank more = *b;
	more.pool.items = kb_arena_array(arena, b->pool.count + count, sizeof *fresh);
	memcpy(more.pool.items, b->pool.items, b->pool.count * sizeof *fresh);
	memcpy(more.pool.items + b->pool.count, fresh, count * sizeof *fresh);
	more.pool.count += count;
	return more;
}

/* Whether `count` new questions of the shapes can make a paper: every choice of them. */
static bool repairable(kb_arena *arena, const bank *b, const kb_brief_shape *shapes, kb_pool_item *fresh, uint32_t made,
	uint32_t count, uint64_t from)
{
	if (made == count) {
		bank more = with(arena, b, fresh, count);
		return bank_papers(arena, &more, more.excluded).count > 0;
	}
	for (uint64_t code = from; code < SHAPES * 64; code++) {
		const kb_brief_shape *shape = &shapes[code / 64];
		uint64_t units = code % 64;
		if (units == 0 || units & ~shape->units || __builtin_popcountll(units) > (int)shape->max_units) continue;
		fresh[made] = (kb_pool_item) { "new", 0, units, shape->counters, shape->minutes, 1, 0 };
		kb_arena_mark mark = kb_arena_save(arena);
		bool yes = repairable(arena, b, shapes, fresh, made + 1, count, code);
		kb_arena_restore(arena, mark);
		if (yes) return true;
	}
	return false;
}

static uint32_t brief_minutes(const kb_brief *brief, const kb_brief_shape *shapes)
{
	for (uint32_t s = 0; s < SHAPES; s++)
		if (shapes[s].counters == brief->counters && !(brief->units & ~shapes[s].units)) {
			cr_assert(brief->units && __builtin_popcountll(brief->units) <= (int)shapes[s].max_units);
			return shapes[s].minutes;
		}
	cr_assert_fail("a brief of no shape");
	return 0;
}

Test(explain, clashes_are_minimal_and_briefs_repair)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *whole = kb_arena_new((size_t)1 << 26);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = bank_stream(whole, "explain banks");
	unsigned clashes = 0, repaired = 0, several = 0, hopeless = 0, kinds[5] = { 0 };
	for (unsigned n = 0; n < 1500; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 28);
		bank b = bank_random(arena, stream, 8);
		uint32_t units = b.rules.unit_count < 6 ? b.rules.unit_count : 6;
		uint64_t half = (UINT64_C(1) << (units + 1) / 2) - 1, all = (UINT64_C(1) << units) - 1;
		kb_brief_shape shapes[SHAPES] = { { half, 1, 1 + n % 2, 6 }, { all & ~half ? all & ~half : 1, 2, 2, 8 } };
		b.rules.required &= all;
		if (b.rules.required == 0) b.rules.sample = 0; /* a sample of nothing has no name in a clash */
		kb_explanation e;
		cr_assert_eq(explain(arena, &b, b.excluded, NULL, shapes, SHAPES, &e), KB_OK, "%s", err.message);
		if (bank_papers(arena, &b, b.excluded).count > 0) {
			cr_assert(e.write.fewest && e.write.count == 0 && !e.clash_units && !e.clash_counters && !e.clash_minutes);
			cr_assert(!e.clash_rivals && !e.clash_size && !e.blocking);
			continue;
		}
		clashes++;
		clash_is_minimal(arena, &b, &e, n);
		blocking_blocks(arena, &b, &e, n);
		kinds[0] += e.clash_units != 0, kinds[1] += e.clash_counters != 0, kinds[2] += e.clash_minutes;
		kinds[3] += e.clash_rivals, kinds[4] += e.clash_size;

		kb_pool_item fresh[KB_PAPER_MAX];
		if (e.write.count == 0) {
			cr_assert(!e.write.fewest);
			for (uint32_t k = 1; k <= 2; k++)
				cr_assert(!repairable(arena, &b, shapes, fresh, 0, k, 0), "bank %u: %u new questions help", n, k);
			hopeless++;
			continue;
		}
		for (uint32_t k = 0; k < e.write.count; k++)
			fresh[k] = (kb_pool_item) { "new", 0, e.write.list[k].units, e.write.list[k].counters,
				brief_minutes(&e.write.list[k], shapes), 1, 0 };
		bank more = with(arena, &b, fresh, e.write.count);
		cr_assert_gt(bank_papers(arena, &more, more.excluded).count, 0, "bank %u: the briefs do not repair it", n);
		cr_assert(e.write.fewest);
		for (uint32_t k = 1; k < e.write.count && k <= 2; k++)
			cr_assert(!repairable(arena, &b, shapes, fresh, 0, k, 0), "bank %u: %u new questions are enough", n, k);
		repaired++;
		several += e.write.count > 1;
	}
	cr_assert(clashes >= 300 && repaired >= 100 && several >= 40 && hopeless >= 20, "%u clashes, %u repaired, %u, %u",
		clashes, repaired, several, hopeless);
	for (int k = 0; k < 5; k++) cr_assert_geq(kinds[k], 15, "kind %d: %u", k, kinds[k]);
}

/* Thirteen units, one a question, in a paper of ten. */
Test(explain, too_many_units_for_the_size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 26);
	bank b = { .pool = { kb_arena_array(arena, 13, sizeof(kb_pool_item)), 13, NULL, 0 } };
	for (uint32_t i = 0; i < 13; i++)
		b.pool.items[i] = (kb_pool_item) { kb_arena_printf(arena, "%02u", i), 0, UINT64_C(1) << i, 1, 5, 1, 0 };
	b.rules = (kb_rules) { 10, 13, (1 << 13) - 1, 1, 0, 1, { { 1, 12 } }, { 0, UINT32_MAX }, 0 };
	kb_brief_shape shape = { (1 << 13) - 1, 1, 2, 5 };
	kb_explanation e;
	cr_assert_eq(explain(arena, &b, NULL, NULL, &shape, 1, &e), KB_OK, "%s", err.message);
	cr_assert_eq(e.blocking, 0);
	cr_assert_eq(__builtin_popcountll(e.clash_units), 11);
	cr_assert(e.clash_size && !e.clash_minutes && !e.clash_rivals && !e.clash_counters);
	cr_assert(e.write.fewest);
	cr_assert_eq(e.write.count, 3); /* each of two units saves one place */
}

/* A range that nothing meets clashes by itself. */
Test(explain, names_a_range_that_nothing_meets)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 26);
	bank b = { .pool = { kb_arena_array(arena, 6, sizeof(kb_pool_item)), 6, NULL, 0 } };
	for (uint32_t i = 0; i < 6; i++) b.pool.items[i] = (kb_pool_item) { "", 0, 1, 1, 5, 1, 0 };
	kb_explanation e;
	b.rules = (kb_rules) { 3, 1, 1, 1, 0, 1, { { 2, 1 } }, { 0, UINT32_MAX }, 0 };
	cr_assert_eq(explain(arena, &b, NULL, NULL, NULL, 0, &e), KB_OK, "%s", err.message);
	cr_assert(e.minimal && e.clash_counters == 1 && !e.clash_minutes && !e.clash_size && !e.clash_units);
	b.rules = (kb_rules) { 3, 1, 1, 1, 0, 0, { { 0 } }, { 16, 14 }, 0 };
	cr_assert_eq(explain(arena, &b, NULL, NULL, NULL, 0, &e), KB_OK, "%s", err.message);
	cr_assert(e.minimal && e.clash_minutes && !e.clash_counters && !e.clash_size && !e.clash_units);
}

/* So many sets of units that not all can be tried: still a repair, but no claim that it is the least. */
Test(explain, says_when_it_proves_nothing)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
	bank b = { .pool = { kb_arena_array(arena, 4, sizeof(kb_pool_item)), 4, NULL, 0 } };
	for (uint32_t i = 0; i < 4; i++)
		b.pool.items[i] = (kb_pool_item) { kb_arena_printf(arena, "%02u", i), 0, UINT64_C(1) << i, 1, 5, 1, 0 };
	b.rules = (kb_rules) { 6, 24, (1 << 24) - 1, 1, 0, 0, { { 0, 0 } }, { 0, UINT32_MAX }, 0 };
	kb_brief_shape shape = { (1 << 24) - 1, 1, 12, 5 };
	kb_explanation e;
	cr_assert_eq(explain(arena, &b, NULL, NULL, &shape, 1, &e), KB_OK, "%s", err.message);
	cr_assert_eq(e.blocking, 0xFFFFF0);
	cr_assert_eq(e.clash_units, 0x10);
	cr_assert(!e.write.fewest);
	cr_assert_gt(e.write.count, 0);
}
