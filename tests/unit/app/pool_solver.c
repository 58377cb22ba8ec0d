#include "pool_solver.h"

#include <stdio.h>

static void row(
	FILE *out, const kb_pool *pool, int paper, uint64_t units, uint64_t counters, const char *sense, uint32_t bound)
{
	fprintf(out, " zero");
	for (uint32_t i = 0; i < pool->count; i++)
		if ((!units || pool->items[i].units & units) && (!counters || pool->items[i].counters & counters))
			fprintf(out, "\n + x%d_%u", paper, i);
	fprintf(out, " %s %u\n", sense, bound);
}

static void minutes(FILE *out, const kb_pool *pool, int paper, const char *sense, uint32_t bound)
{
	fprintf(out, " zero");
	for (uint32_t i = 0; i < pool->count; i++) fprintf(out, "\n + %u x%d_%u", pool->items[i].minutes, paper, i);
	fprintf(out, " %s %u\n", sense, bound);
}

static void one_paper(FILE *out, const kb_pool *pool, const kb_rules *rules, int paper)
{
	row(out, pool, paper, 0, 0, "=", rules->size);
	for (uint32_t u = 0; u < rules->unit_count; u++) row(out, pool, paper, UINT64_C(1) << u, 0, ">=", rules->times);
	for (uint32_t c = 0; c < rules->counter_count; c++) {
		if (rules->counters[c].min) row(out, pool, paper, 0, (uint64_t)1 << c, ">=", rules->counters[c].min);
		if (rules->counters[c].max < rules->size)
			row(out, pool, paper, 0, (uint64_t)1 << c, "<=", rules->counters[c].max);
	}
	if (rules->minutes.min > 0) minutes(out, pool, paper, ">=", rules->minutes.min);
	if (rules->minutes.max != UINT32_MAX) minutes(out, pool, paper, "<=", rules->minutes.max);
}

/* Each question serves once, and of two rivals one. */
static void apart(FILE *out, const kb_pool *pool, int papers)
{
	for (uint32_t i = 0; i < pool->count + pool->rival_count; i++) {
		fprintf(out, " zero");
		for (int p = 0; p < papers; p++) {
			if (i < pool->count) fprintf(out, " + x%d_%u", p, i);
			else
				fprintf(out, "\n + x%d_%u + x%d_%u", p, pool->rivals[i - pool->count].a, p,
					pool->rivals[i - pool->count].b);
		}
		fprintf(out, " <= 1\n");
	}
}

history_answer pool_packing(const kb_pool *pool, const kb_rules *rules, int papers, const char *dir, int seconds)
{
	char path[512];
	double objective;
	snprintf(path, sizeof path, "%s/packing.lp", dir);
	FILE *out = fopen(path, "w");
	if (!out || rules->sample != 0) return HISTORY_NO_SOLVER;
	fprintf(out, "Minimize\n obj: zero\nSubject To\n");
	for (int p = 0; p < papers; p++) one_paper(out, pool, rules, p);
	apart(out, pool, papers);
	fprintf(out, "Bounds\n zero = 0\nBinaries\n");
	for (int p = 0; p < papers; p++)
		for (uint32_t i = 0; i < pool->count; i++) fprintf(out, " x%d_%u\n", p, i);
	fprintf(out, "End\n");
	if (fclose(out) != 0) return HISTORY_NO_SOLVER;
	return history_ask_cbc(path, dir, seconds, &objective);
}
