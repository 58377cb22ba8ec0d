#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

const char *const bench_solver_names[] = { "glpsol", "cbc" };

static char *read_text(kb_arena *arena, const char *path)
{
	kb_bytes bytes;
	kb_err err;
	if (kb_file_read(arena, path, 1 << 28, &bytes, &err) != KB_OK) bench_die("%s", err.message);
	char *text = kb_arena_copy(arena, bytes.data, bytes.length);
	if (!text) bench_die("no memory");
	return text;
}

void bench_solver_version(bench_solver solver, const char *work, char *text, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	const char *const glpsol[] = { "glpsol", "--version", NULL }, *const cbc[] = { "cbc", "-quit", NULL };
	const char *output = kb_arena_printf(arena, "%s/version", work);
	bench_run(solver == BENCH_GLPSOL ? glpsol : cbc, output, NULL);
	const char *mark = solver == BENCH_GLPSOL ? "Solver" : "Version:";
	const char *at = strstr(read_text(arena, output), mark);
	at = at ? at + strlen(mark) : "";
	at += strspn(at, " ");
	snprintf(text, size, "%s %.*s", bench_solver_names[solver], (int)strcspn(at, " \n\r"), at);
}

static double number_behind(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);
	return at ? strtod(at + strlen(mark), NULL) : 0;
}

/* glpsol counts columns from 1 in the order of the objective, and writes all of them: "j COLUMN VALUE". */
static uint32_t glpsol_paper(char *text, uint32_t *items)
{
	uint32_t count = 0, column;
	double value;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "j %u %lf", &column, &value) == 2 && value > 0.5 && count < KB_PAPER_MAX)
			items[count++] = column - 1;
	return count;
}

/* cbc writes the columns that are not 0 by their names: "INDEX NAME VALUE COST". */
static uint32_t cbc_paper(char *text, uint32_t *items)
{
	uint32_t count = 0, column;
	double value;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%*u x%u %lf", &column, &value) == 2 && value > 0.5 && count < KB_PAPER_MAX)
			items[count++] = column;
	return count;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void check_solution(bench_solver solver, const bench_bank *bank, const char *path)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 28);
	uint32_t items[KB_PAPER_MAX];
	char *text = read_text(arena, path);
	uint32_t count = solver == BENCH_GLPSOL ? glpsol_paper(text, items) : cbc_paper(text, items);
	qsort(items, count, sizeof *items, by_number);
	bench_bank_check(bank, items, count, bench_solver_names[solver]);
}

bench_solved bench_solve(bench_solver solver, const bench_bank *bank, const char *work, int runs)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 24);
	char limit[16];
	const char *output = kb_arena_printf(arena, "%s/solver.log", work),
	           *solution = kb_arena_printf(arena, "%s/solver.sol", work);
	const char *lp = kb_arena_printf(arena, "%s/instance.lp", work);
	snprintf(limit, sizeof limit, "%d", BENCH_LIMIT_SECONDS);
	const char *const glpsol[] = { "glpsol", "--lp", lp, "--tmlim", limit, "-w", solution, NULL };
	const char *const glpsol_reads[] = { "glpsol", "--check", "--lp", lp, NULL };
	const char *const cbc[] = { "cbc", lp, "-sec", limit, "-solve", "-solution", solution, NULL };
	const char *const cbc_reads[] = { "cbc", lp, "-quit", NULL };
	const char *const *solves = solver == BENCH_GLPSOL ? glpsol : cbc, *const *reads = solver == BENCH_GLPSOL
	                                                                                       ? glpsol_reads
	                                                                                       : cbc_reads;
	const char *clock = solver == BENCH_GLPSOL ? "Time used:" : "Total time (CPU seconds):";
	double whole[BENCH_SOLVER_RUNS_MAX], solve[BENCH_SOLVER_RUNS_MAX], read[BENCH_SOLVER_RUNS_MAX],
	    own[BENCH_SOLVER_RUNS_MAX];
	bench_solved solved = { 0 };
	for (int i = 0; i < runs; i++) {
		bench_bank_write_lp(bank, i, lp);
		bench_run(reads, output, &read[i]);
		whole[i] = bench_run(solves, output, &solve[i]);
		own[i] = number_behind(read_text(arena, output), clock);
		if (whole[i] >= BENCH_LIMIT_SECONDS)
			return (bench_solved) { BENCH_LIMIT_SECONDS, BENCH_LIMIT_SECONDS, BENCH_LIMIT_SECONDS, true };
		check_solution(solver, bank, solution);
	}
	solved.whole = bench_median(whole, runs);
	solved.solve = bench_median(solve, runs) - bench_median(read, runs);
	solved.own = bench_median(own, runs);
	return solved;
}
