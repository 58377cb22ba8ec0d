#include "engine/check.h"

#include <stdlib.h>

static kb_status check_choice(
	const kb_pool *pool, const uint8_t *excluded, const uint32_t *items, uint32_t count, kb_err *err)
{
	for (uint32_t i = 0; i < count; i++) {
		if (items[i] >= pool->count)
			return kb_fail(
				err, KB_INVALID, "check.unknown", "question number %u is not in the pool of %u", items[i], pool->count);
		const char *key = pool->items[items[i]].key;
		if (excluded && (excluded[items[i] >> 3] & (1 << (items[i] & 7))))
			return kb_fail(
				err, KB_REFUSED, "check.excluded", "question %s may not be asked of this candidate again", key);
		for (uint32_t j = 0; j < i; j++)
			if (items[j] == items[i])
				return kb_fail(err, KB_REFUSED, "check.twice", "question %s stands in the paper twice", key);
	}
	return KB_OK;
}

static kb_status check_coverage(
	const kb_pool *pool, const kb_rules *rules, const uint32_t *items, uint32_t count, kb_err *err)
{
	uint32_t asked_for = 0, met = 0, first_missing = 0, missing_times = 0;
	for (uint32_t unit = 0; unit < KB_UNITS_MAX; unit++) {
		if (!(rules->required >> unit & 1)) continue;
		uint32_t times = 0;
		for (uint32_t i = 0; i < count; i++) times += (pool->items[items[i]].units >> unit & 1) != 0;
		asked_for++;
		if (times >= rules->times) {
			met++;
		} else if (asked_for == met + 1) {
			first_missing = unit;
			missing_times = times;
		}
	}
	uint32_t wanted = rules->sample > 0 ? rules->sample : asked_for;
	if (met >= wanted) return KB_OK;
	return kb_fail(err, KB_REFUSED, "check.coverage",
		"%u of the %u units are covered where %u must be; the first that is not, unit %u, is covered %u of %u times",
		met, asked_for, wanted, first_missing, missing_times, rules->times);
}

static kb_status check_counts(
	const kb_pool *pool, const kb_rules *rules, const uint32_t *items, uint32_t count, kb_err *err)
{
	uint64_t minutes = 0;
	for (uint32_t i = 0; i < count; i++) minutes += pool->items[items[i]].minutes;
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		uint32_t found = 0;
		kb_range range = rules->counters[c];
		for (uint32_t i = 0; i < count; i++) found += (uint32_t)(pool->items[items[i]].counters >> c & 1);
		if (found < range.min)
			return kb_fail(err, KB_REFUSED, "check.counter",
				"%u questions count toward category %u where at least %u must", found, c, range.min);
		if (found > range.max)
			return kb_fail(err, KB_REFUSED, "check.counter",
				"%u questions count toward category %u where at most %u may", found, c, range.max);
	}
	if (minutes < rules->minutes.min)
		return kb_fail(err, KB_REFUSED, "check.minutes", "the questions take %llu minutes where at least %u are wanted",
			(unsigned long long)minutes, rules->minutes.min);
	if (minutes > rules->minutes.max)
		return kb_fail(err, KB_REFUSED, "check.minutes", "the questions take %llu minutes where at most %u are allowed",
			(unsigned long long)minutes, rules->minutes.max);
	return KB_OK;
}

static int compare_pairs(const void *left, const void *right)
{
	const kb_pair_of_rivals *x = left, *y = right;
	if (x->a != y->a) return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static kb_status check_rivals(const kb_pool *pool, const uint32_t *items, uint32_t count, kb_err *err)
{
	for (uint32_t i = 0; i < count && pool->rival_count > 0; i++)
		for (uint32_t j = 0; j < count; j++) {
			kb_pair_of_rivals pair = { items[i], items[j] };
			if (pair.a < pair.b && bsearch(&pair, pool->rivals, pool->rival_count, sizeof pair, compare_pairs))
				return kb_fail(err, KB_REFUSED, "check.rivals",
					"questions %s and %s are too alike to meet in one paper", pool->items[pair.a].key,
					pool->items[pair.b].key);
		}
	return KB_OK;
}

kb_status kb_check_paper(const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, const uint32_t *items,
	uint32_t count, kb_err *err)
{
	KB_TRY(check_choice(pool, excluded, items, count, err));
	if (count != rules->size)
		return kb_fail(
			err, KB_REFUSED, "check.size", "the paper holds %u questions where %u are asked for", count, rules->size);
	KB_TRY(check_coverage(pool, rules, items, count, err));
	KB_TRY(check_counts(pool, rules, items, count, err));
	return check_rivals(pool, items, count, err);
}
