#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "store/store.h"

/* Entries as reading a question leaves them: each binds one row. */
static void add_entries(kb_store *store, int64_t count)
{
	kb_err err;
	for (int64_t i = 0; i < count; i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
		kb_node *detail = kb_node_map(arena), *arguments = kb_node_set(arena, detail, "arguments", kb_node_map(arena));
		kb_node_set_text(arena, arguments, "id", "ST0648-PD1-01");
		kb_node_set(arena, detail, "effects", kb_node_map(arena));
		kb_node_set_text(arena, detail, "clock", "2026-11-22T10:15:00Z");
		if (kb_q_reading_add(kb_store_sql(store), "bench", "2026-11-22", "question show", (kb_sql_int) { true, 1 },
				(kb_sql_int) { 0 }, NULL, &err) != KB_OK ||
			kb_store_log(store, arena, "question show", "bench", "2026-11-22", detail, &err) != KB_OK)
			bench_die("%s", err.message);
	}
}

int bench_log_grow(const char *path, int64_t entries)
{
	enum { STEP = 10000 };
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_err err;
	kb_log_head head;
	if (kb_store_open(path, 1000, &store, &err) != KB_OK || kb_store_log_check(store, &head, &err) != KB_OK)
		bench_die("%s", err.message);
	while (head.length < entries) {
		int64_t count = entries - head.length < STEP ? entries - head.length : STEP;
		if (kb_store_begin(store, true, &err) != KB_OK) bench_die("%s", err.message);
		add_entries(store, count);
		if (kb_store_commit(store, &err) != KB_OK) bench_die("%s", err.message);
		head.length += count;
	}
	return 0;
}

static void copy_store(const char *from, const char *to)
{
	static const char *const suffixes[] = { "", ".keys" };
	for (size_t i = 0; i < KB_COUNT(suffixes); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
		kb_bytes bytes;
		kb_err err;
		const char *source = kb_arena_printf(arena, "%s%s", from, suffixes[i]);
		const char *target = kb_arena_printf(arena, "%s%s", to, suffixes[i]);
		if (kb_file_read(arena, source, (size_t)128 << 20, &bytes, &err) != KB_OK ||
			kb_file_write(target, bytes.data, bytes.length, 0600, &err) != KB_OK)
			bench_die("%s", err.message);
	}
}

bench_long_log bench_log(const char *self, const char *ksbank, const char *store, const char *work)
{
	enum { DRAWS = 25 };
	static const char *const sizes[] = { "1000", "1000000" };
	char output[4096], stores[2][4096], reference[32];
	double draws[2][DRAWS];
	snprintf(output, sizeof output, "%s/log.log", work);
	for (size_t s = 0; s < 2; s++) {
		snprintf(stores[s], sizeof stores[s], "%s/log-%s.db", work, sizes[s]);
		copy_store(store, stores[s]);
		const char *const grow[] = { self, "grow", stores[s], sizes[s], NULL };
		bench_run(grow, output, NULL);
	}
	/* In turn, so that a slow moment of the disk meets both. */
	for (int i = 0; i < DRAWS; i++)
		for (size_t s = 0; s < 2; s++) {
			snprintf(reference, sizeof reference, "L-%d", i);
			const char *const draw[] = { ksbank, "paper", "draw", "ST0648/1.0", "professional-discussion",
				"--candidate", reference, "--sitting", "first", "--as", "bench", "--store", stores[s], NULL };
			draws[s][i] = bench_run(draw, output, NULL);
		}
	bench_long_log result = { .short_draw = bench_median(draws[0], DRAWS), .long_draw = bench_median(draws[1], DRAWS) };
	const char *const verify[] = { ksbank, "audit", "verify", "--as", "bench", "--store", stores[1], NULL };
	result.verify = bench_run(verify, output, NULL);
	return result;
}
