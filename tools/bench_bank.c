#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypt/stream.h"
#include "engine/check.h"
#include "engine/draw.h"

enum { THEMES = 4, GROUPED_PERCENT = 10 };

static const uint32_t theme_units[THEMES] = { 5, 6, 5, 8 };
static const kb_range theme_ranges[THEMES] = { { 2, 4 }, { 2, 4 }, { 2, 4 }, { 3, 5 } };

static uint32_t below(kb_stream *stream, uint32_t bound)
{
	uint64_t value = 0;
	kb_err err;
	if (kb_stream_below(stream, bound, &value, &err) != KB_OK) bench_die("%s", err.message);
	return (uint32_t)value;
}

static kb_stream *open_stream(kb_arena *arena, const char *label)
{
	const kb_digest seed = { { 0 } };
	kb_stream *stream = NULL;
	kb_err err;
	if (kb_stream_open(arena, &seed, label, &stream, &err) != KB_OK) bench_die("%s", err.message);
	return stream;
}

static void fill_item(kb_stream *stream, kb_pool_item *item)
{
	uint32_t unit = below(stream, 24), theme = 0, first = 0;
	while (unit >= first + theme_units[theme]) first += theme_units[theme++];
	uint32_t tags = 1 + below(stream, 4);
	while ((uint32_t)__builtin_popcountll(item->units) < tags)
		item->units |= UINT64_C(1) << (first + below(stream, theme_units[theme]));
	item->counters = 1U << theme;
	item->minutes = 4 + below(stream, 4);
	item->weight = 1;
}

/* Groups of two or three of one theme, every pair of a group being rivals: a tenth of the bank. */
static void fill_rivals(kb_arena *arena, kb_stream *stream, kb_pool *pool)
{
	uint32_t grouped = 0, wanted = pool->count * GROUPED_PERCENT / 100, next[THEMES] = { 0 };
	pool->rivals = kb_arena_array(arena, wanted + 3, sizeof *pool->rivals);
	if (!pool->rivals) bench_die("no memory");
	while (grouped + 1 < wanted) {
		uint32_t size = 2 + below(stream, 2), theme = below(stream, THEMES), members[3], found = 0, i = next[theme];
		for (; i < pool->count && found < size; i++)
			if (pool->items[i].counters == 1U << theme) members[found++] = i;
		next[theme] = i;
		if (found < size) break;
		for (uint32_t a = 0; a < size; a++)
			for (uint32_t b = a + 1; b < size; b++)
				pool->rivals[pool->rival_count++] = (kb_pair_of_rivals) { members[a], members[b] };
		grouped += size;
	}
}

static int by_pair(const void *x, const void *y)
{
	const kb_pair_of_rivals *a = x, *b = y;
	if (a->a != b->a) return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

static bench_bank finish(kb_arena *arena, kb_pool pool)
{
	bench_bank bank = { .pool = pool };
	kb_err err;
	bank.rules = (kb_rules) { .size = 12, .unit_count = 24, .required = 0xFFFFFF, .times = 1, .counter_count = THEMES };
	memcpy(bank.rules.counters, theme_ranges, sizeof theme_ranges);
	bank.rules.minutes = (kb_range) { 0, UINT32_MAX };
	if (kb_pool_group(arena, &bank.pool, &err) != KB_OK || kb_pool_check(&bank.pool, &err) != KB_OK)
		bench_die("%s", err.message);
	return bank;
}

static bool feasible(kb_arena *arena, const bench_bank *bank)
{
	kb_arena_mark mark = kb_arena_save(arena);
	kb_tables *tables;
	kb_err err;
	if (kb_tables_build(arena, &bank->pool, &bank->rules, NULL, 0, &tables, &err) != KB_OK)
		bench_die("%s", err.message);
	bool some = !kb_tables_empty(tables);
	kb_arena_restore(arena, mark);
	return some;
}

bench_bank bench_bank_make(kb_arena *arena, uint32_t size)
{
	for (uint32_t attempt = 0;; attempt++) {
		char label[64];
		snprintf(label, sizeof label, "bench %u %u", size, attempt);
		kb_stream *stream = open_stream(arena, label);
		kb_pool pool = { .count = size, .items = kb_arena_array(arena, size, sizeof *pool.items) };
		if (!pool.items) bench_die("no memory");
		for (uint32_t i = 0; i < size; i++) {
			pool.items[i].key = kb_arena_printf(arena, "Q-%06u", i);
			fill_item(stream, &pool.items[i]);
		}
		fill_rivals(arena, stream, &pool);
		qsort(pool.rivals, pool.rival_count, sizeof *pool.rivals, by_pair);
		kb_stream_closep(&stream);
		bench_bank bank = finish(arena, pool);
		if (feasible(arena, &bank)) return bank;
	}
}

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "w");
	if (!file) bench_die("cannot write %s", path);
	return file;
}

static void finish_file(FILE *file, const char *path)
{
	bool bad = ferror(file) != 0;
	if (fclose(file) != 0 || bad) bench_die("cannot write %s", path);
}

void bench_bank_write(const bench_bank *bank, const char *path)
{
	FILE *file = create(path);
	fprintf(file, "%u %u\n", bank->pool.count, bank->pool.rival_count);
	for (uint32_t i = 0; i < bank->pool.count; i++) {
		const kb_pool_item *item = &bank->pool.items[i];
		fprintf(file, "%s %llu %llu %u\n", item->key, (unsigned long long)item->units,
			(unsigned long long)item->counters, item->minutes);
	}
	for (uint32_t i = 0; i < bank->pool.rival_count; i++)
		fprintf(file, "%u %u\n", bank->pool.rivals[i].a, bank->pool.rivals[i].b);
	finish_file(file, path);
}

static uint64_t number(char **at)
{
	return strtoull(*at, at, 10);
}

bench_bank bench_bank_read(kb_arena *arena, const char *path)
{
	kb_bytes bytes;
	kb_err err;
	if (kb_file_read(arena, path, 1 << 28, &bytes, &err) != KB_OK) bench_die("%s", err.message);
	char *at = kb_arena_copy(arena, bytes.data, bytes.length);
	if (!at) bench_die("no memory");
	kb_pool pool = { .count = (uint32_t)number(&at), .rival_count = (uint32_t)number(&at) };
	pool.items = kb_arena_array(arena, pool.count, sizeof *pool.items);
	pool.rivals = kb_arena_array(arena, pool.rival_count, sizeof *pool.rivals);
	if (!pool.items || !pool.rivals) bench_die("no memory");
	for (uint32_t i = 0; i < pool.count; i++) {
		at += strspn(at, " \n");
		char *key = at;
		at += strcspn(at, " ");
		*at++ = '\0';
		pool.items[i] = (kb_pool_item) { .key = key, .weight = 1 };
		pool.items[i].units = number(&at);
		pool.items[i].counters = number(&at);
		pool.items[i].minutes = (uint32_t)number(&at);
	}
	for (uint32_t i = 0; i < pool.rival_count; i++) {
		pool.rivals[i].a = (uint32_t)number(&at);
		pool.rivals[i].b = (uint32_t)number(&at);
	}
	return finish(arena, pool);
}

/* A sum over the items for which units or counters meet the masks; lines stay short, for readers that cut them. */
static void write_sum(FILE *file, const bench_bank *bank, uint64_t units, uint64_t counters)
{
	uint32_t terms = 0;
	for (uint32_t i = 0; i < bank->pool.count; i++) {
		const kb_pool_item *item = &bank->pool.items[i];
		if (!(item->units & units) && !(item->counters & counters)) continue;
		fprintf(file, "%s%s x%u", terms && terms % 10 == 0 ? "\n" : "", terms ? " +" : "", i);
		terms++;
	}
}

/* Each group is a clique and its members' sum is at most one: the tightest form for a solver. */
static void write_groups(FILE *file, const kb_pool *pool)
{
	uint32_t seen = 0; /* groups are numbered by their first member */
	for (uint32_t i = 0; i < pool->rival_count; i++) {
		uint32_t first = pool->rivals[i].a, group = pool->items[first].group;
		if (group <= seen) continue; /* the remaining pair of a group of three */
		seen = group;
		fprintf(file, " r%u: x%u", group, first);
		for (uint32_t j = i; j < pool->rival_count && pool->rivals[j].a == first; j++)
			fprintf(file, " + x%u", pool->rivals[j].b);
		fprintf(file, " <= 1\n");
	}
}

void bench_bank_write_lp(const bench_bank *bank, int run, const char *path)
{
	char label[32];
	snprintf(label, sizeof label, "bench costs %d", run);
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, label);
	FILE *file = create(path);
	fprintf(file, "Minimize\n obj:");
	for (uint32_t i = 0; i < bank->pool.count; i++)
		fprintf(file, "%s%s %u x%u", i && i % 8 == 0 ? "\n" : "", i ? " +" : "", 1 + below(stream, 1000000), i);
	fprintf(file, "\nSubject To\n size:");
	write_sum(file, bank, UINT64_MAX, UINT32_MAX);
	fprintf(file, " = %u\n", bank->rules.size);
	for (uint32_t u = 0; u < bank->rules.unit_count; u++) {
		fprintf(file, " u%u:", u);
		write_sum(file, bank, UINT64_C(1) << u, 0);
		fprintf(file, " >= 1\n");
	}
	for (uint32_t c = 0; c < bank->rules.counter_count; c++)
		for (int most = 0; most < 2; most++) {
			fprintf(file, " t%u%c:", c, most ? 'b' : 'a');
			write_sum(file, bank, 0, 1U << c);
			fprintf(
				file, most ? " <= %u\n" : " >= %u\n", most ? bank->rules.counters[c].max : bank->rules.counters[c].min);
		}
	write_groups(file, &bank->pool);
	fprintf(file, "Binary\n");
	for (uint32_t i = 0; i < bank->pool.count; i++) fprintf(file, " x%u%s", i, i % 10 == 9 ? "\n" : "");
	fprintf(file, "\nEnd\n");
	finish_file(file, path);
}

void bench_bank_check(const bench_bank *bank, const uint32_t *items, uint32_t count, const char *who)
{
	kb_err err;
	if (kb_check_paper(&bank->pool, &bank->rules, NULL, items, count, &err) != KB_OK)
		bench_die("%s gave no valid paper at %u questions: %s", who, bank->pool.count, err.message);
}
