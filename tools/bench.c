/*
 * kb-bench WORK KSBANK STORE BANKS SIZES...: see tools/bench, which builds and starts it. Further modes are the processes
 * that are timed: "paper FILE" draws one paper from an instance in a file; "commit STORE" and "commit-bare STORE"
 * commit one row.
 */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/draw.h"

#define CEILING ((size_t)4 << 30)

enum { DRAWS = 1000, RUNS_MAX = 51, SIZES_MAX = 8 };

/* Long runs need fewer repetitions. */
static int solver_runs(uint32_t size)
{
	return size <= 1000 ? BENCH_SOLVER_RUNS_MAX : size < 100000 ? 3 : 1;
}

extern char **environ;

typedef struct figures {
	uint32_t size;
	size_t states;
	double bits;
	double tables, first, further, whole; /* seconds: ours */
	bench_solved solved[2];
} figures;

void bench_die(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, list);
	fputs("\n", stderr);
	va_end(list);
	exit(1);
}

static double now(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double bench_processor(void)
{
	return now(CLOCK_PROCESS_CPUTIME_ID);
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double bench_median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double bench_run(const char *const *argv, const char *output, double *computed)
{
	posix_spawn_file_actions_t actions;
	char *arguments[32];
	pid_t pid;
	int state;
	struct rusage use;
	size_t count = 0;
	for (; argv[count] && count + 1 < KB_COUNT(arguments); count++)
		if (!(arguments[count] = strdup(argv[count]))) bench_die("no memory");
	arguments[count] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	double start = now(CLOCK_MONOTONIC);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, arguments, environ) != 0) bench_die("cannot start %s", argv[0]);
	if (wait4(pid, &state, 0, &use) != pid) bench_die("%s was lost", argv[0]);
	double end = now(CLOCK_MONOTONIC);
	if (computed) *computed = seconds_of(use.ru_utime) + seconds_of(use.ru_stime);
	posix_spawn_file_actions_destroy(&actions);
	for (size_t i = 0; i < count; i++) free(arguments[i]);
	if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) bench_die("%s failed; it wrote %s", argv[0], output);
	return end - start;
}

static kb_stream *open_stream(kb_arena *arena)
{
	const kb_digest seed = { { 1 } };
	kb_stream *stream = NULL;
	kb_err err;
	if (kb_stream_open(arena, &seed, "paper", &stream, &err) != KB_OK) bench_die("%s", err.message);
	return stream;
}

static void draw_once(const kb_tables *tables, kb_arena *arena, kb_stream *stream, kb_paper_draw *draw)
{
	kb_err err;
	if (kb_tables_draw(tables, arena, stream, draw, &err) != KB_OK) bench_die("%s", err.message);
}

/* Tables and first draw, from an arena as a new process has it; then the further draws from the same tables. */
static void draw_run(const bench_bank *bank, figures *f, double *tables_time, double *first_time, double *further_time)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = arena ? open_stream(arena) : NULL;
	kb_tables *tables;
	kb_paper_draw draw;
	kb_err err;
	double start = bench_processor();
	if (kb_tables_build(arena, &bank->pool, &bank->rules, NULL, 0, &tables, &err) != KB_OK)
		bench_die("%s", err.message);
	*tables_time = bench_processor() - start;
	draw_once(tables, arena, stream, &draw);
	*first_time = bench_processor() - start;
	bench_bank_check(bank, draw.items, draw.count, "ksbank");
	kb_paper_draw *draws = kb_arena_array(arena, DRAWS, sizeof *draws);
	if (!draws) bench_die("no memory");
	start = bench_processor();
	for (int i = 0; i < DRAWS; i++) draw_once(tables, arena, stream, &draws[i]);
	*further_time = (bench_processor() - start) / DRAWS;
	for (int i = 0; i < DRAWS; i++) bench_bank_check(bank, draws[i].items, draws[i].count, "ksbank");
	f->states = kb_tables_get_stats(tables).states;
	f->bits = kb_tables_bits(tables);
}

static void measure_ours(const bench_bank *bank, const char *self, const char *instance, const char *work, figures *f)
{
	double tables[RUNS_MAX], first[RUNS_MAX], further[RUNS_MAX], whole[RUNS_MAX];
	int runs = f->size > 10000 ? 9 : f->size > 1000 ? 21 : 51;
	char output[4096];
	const char *const argv[] = { self, "paper", instance, NULL };
	snprintf(output, sizeof output, "%s/paper.log", work);
	for (int i = 0; i < runs; i++) draw_run(bank, f, &tables[i], &first[i], &further[i]);
	for (int i = 0; i < runs; i++) whole[i] = bench_run(argv, output, NULL);
	f->tables = bench_median(tables, runs);
	f->first = bench_median(first, runs);
	f->further = bench_median(further, runs);
	f->whole = bench_median(whole, runs);
}

static figures measure(const char *self, const char *work, uint32_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	char instance[4096];
	figures f = { .size = size };
	if (!arena) bench_die("no memory");
	fprintf(stderr, "%u questions:", size);
	snprintf(instance, sizeof instance, "%s/instance-%u", work, size);
	bench_bank bank = bench_bank_make(arena, size);
	bench_bank_write(&bank, instance);
	fprintf(stderr, " ksbank");
	measure_ours(&bank, self, instance, work, &f);
	for (bench_solver s = BENCH_GLPSOL; s <= BENCH_CBC; s++) {
		fprintf(stderr, " %s", bench_solver_names[s]);
		f.solved[s] = bench_solve(s, &bank, work, solver_runs(size));
	}
	fprintf(stderr, "\n");
	return f;
}

static int draw_file(const char *path)
{
	kb_arena *arena = kb_arena_new(CEILING);
	if (!arena) bench_die("no memory");
	bench_bank bank = bench_bank_read(arena, path);
	kb_stream *stream = open_stream(arena);
	kb_tables *tables;
	kb_paper_draw draw;
	kb_err err;
	if (kb_tables_build(arena, &bank.pool, &bank.rules, NULL, 0, &tables, &err) != KB_OK) bench_die("%s", err.message);
	draw_once(tables, arena, stream, &draw);
	bench_bank_check(&bank, draw.items, draw.count, "ksbank");
	for (uint32_t i = 0; i < draw.count; i++) puts(bank.pool.items[draw.items[i]].key);
	kb_stream_closep(&stream);
	kb_arena_free(arena);
	return 0;
}

/* The tables that people read. */

static const char *seconds(double value)
{
	static char texts[8][32];
	static int next;
	char *text = texts[next++ % 8];
	double scaled = value < 1e-3 ? value * 1e6 : value < 1 ? value * 1e3 : value;
	const char *unit = value < 1e-3 ? "us" : value < 1 ? "ms" : "s";
	snprintf(text, sizeof texts[0], scaled < 10 ? "%.1f %s" : "%.0f %s", scaled, unit);
	return text;
}

static const char *grouped(uint64_t value)
{
	static char texts[8][32];
	static int next;
	char digits[24], *text = texts[next++ % 8], *out = text;
	int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0) *out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}

static const char *ratio(double value, bool late)
{
	static char texts[8][40];
	static int next;
	char *text = texts[next++ % 8];
	if (value < 10) snprintf(text, sizeof texts[0], "%s%.1f", late ? "over " : "", value);
	else snprintf(text, sizeof texts[0], "%s%s", late ? "over " : "", grouped((uint64_t)(value + 0.5)));
	return text;
}

static void print_ours(const figures *list, size_t count)
{
	puts("| questions | states | valid papers | tables | tables and first draw | further draw | process: reads, draws "
	     "|");
	puts("|---:|---:|---:|---:|---:|---:|---:|");
	for (size_t i = 0; i < count; i++) {
		const figures *f = &list[i];
		printf("| %s | %s | 2^%.0f | %s | %s | %s | %s |\n", grouped(f->size), grouped(f->states), f->bits,
		    seconds(f->tables), seconds(f->first), seconds(f->further), seconds(f->whole));
	}
}

static void print_solver(const figures *list, size_t count, bench_solver s)
{
	const char *name = bench_solver_names[s];
	printf("\n| questions | %s solves | own clock | process | one paper: solving | one paper: process | 1,000 papers: "
	       "solving | "
	       "1,000 papers: processes |\n",
	    name);
	puts("|---:|---:|---:|---:|---:|---:|---:|---:|");
	for (size_t i = 0; i < count; i++) {
		const figures *f = &list[i];
		const bench_solved *r = &f->solved[s];
		double more = (DRAWS - 1) * f->further;
		printf("| %s | %s%s | %.2f s | %s | %s | %s | %s | %s |\n", grouped(f->size), r->late ? "over " : "",
		    seconds(r->solve), r->own, seconds(r->whole), ratio(r->solve / f->first, r->late),
		    ratio(r->whole / f->whole, r->late), ratio(DRAWS * r->solve / (f->first + more), r->late),
		    ratio(DRAWS * r->whole / (f->whole + more), r->late));
	}
}

static void print_notes(const char *work)
{
	char versions[2][64];
	for (bench_solver s = BENCH_GLPSOL; s <= BENCH_CBC; s++)
		bench_solver_version(s, work, versions[s], sizeof versions[s]);
	printf("\nOne run on %ld cores; %s and %s with their defaults, stopped after %d s.\n",
	    sysconf(_SC_NPROCESSORS_ONLN), versions[BENCH_GLPSOL], versions[BENCH_CBC], BENCH_LIMIT_SECONDS);
	printf("Medians; a solver's of %d runs to 1,000 questions, of %d at 10,000, 1 run at 100,000,\n", solver_runs(1000),
	    solver_runs(10000));
	puts("each with other costs.\n");
	puts("Processes are timed from start to end; the other figures are processor time. \"Solves\" is\n"
	     "that of the solver's process less one that only reads the instance; the solvers' own\n"
	     "clocks tick in tenths or hundredths of a second. The last four columns are the solver's\n"
	     "time divided by ours: tables and first draw, or a process that reads the same instance\n"
	     "from a file, draws and checks. For a solver 1,000 papers are extrapolated: 1,000 times\n"
	     "its time for one; ours are the first and 999 further draws, in one process. Every paper,\n"
	     "theirs and ours, passed the independent checker. A solver finds the cheapest paper for\n"
	     "random costs: not each paper as likely as the next; and it counts no papers, gives no\n"
	     "question's exact chance, and replays nothing by arithmetic.");
}

static void print_whole(const bench_whole *whole)
{
	puts("\n| process | median | the draw is so many times |");
	puts("|---|---:|---:|");
	printf("| `ksbank paper draw`, bank of ST0648: start, open, check, draw, log, durable commit | %s | |\n",
	    seconds(whole->draw));
	printf("| opens and checks the same store, commits one row durably | %s | %.1f |\n", seconds(whole->commit),
	    whole->draw / whole->commit);
	printf("| the same with SQLite alone | %s | %.1f |\n", seconds(whole->bare), whole->draw / whole->bare);
	printf(
	    "\n%d of each, in turn. A draw's process computes for %s; the rest is waiting, for the disk or for a core.\n",
	    whole->count, seconds(whole->processor));
}

/* Chances of the shipped banks as people ask for them. */
static void print_marginals(const char *ksbank, const char *store, const char *work)
{
	static const char *const methods[] = { "professional-discussion", "case-study-presentation" };
	enum { RUNS = 9 };
	char log[4096];
	snprintf(log, sizeof log, "%s/predictability.log", work);
	puts("\n| `ksbank bank predictability`, bank of ST0648/1.0: the whole process | median |\n|---|---:|");
	for (size_t m = 0; m < KB_COUNT(methods); m++) {
		const char *const argv[] = { ksbank, "bank", "predictability", "ST0648/1.0", methods[m], "--store", store, "--as",
			"bench", NULL };
		double times[RUNS];
		for (int i = 0; i < RUNS; i++) times[i] = bench_run(argv, log, NULL);
		printf("| %s | %s |\n", methods[m], seconds(bench_median(times, RUNS)));
	}
}

/* A cap is tried, so that each run finds the weights anew. */
static void print_weigh(const char *ksbank, const char *store, const char *work)
{
	static const char *const methods[] = { "professional-discussion", "case-study-presentation" };
	enum { RUNS = 9 };
	char log[4096];
	snprintf(log, sizeof log, "%s/weigh.log", work);
	puts("\n| weights for an exposure cap of 200, bank of ST0648/1.0: the whole process | median |\n|---|---:|");
	for (size_t m = 0; m < KB_COUNT(methods); m++) {
		const char *const argv[] = { ksbank, "bank", "weigh", "ST0648/1.0", methods[m], "--cap", "200", "--store", store,
			"--as", "bench", NULL };
		double times[RUNS];
		for (int i = 0; i < RUNS; i++) times[i] = bench_run(argv, log, NULL);
		printf("| %s | %s |\n", methods[m], seconds(bench_median(times, RUNS)));
	}
}

static void print_log(const bench_long_log *log)
{
	puts("\n| log | draw | audit verify |");
	puts("|---|---:|---:|");
	printf("| 1,000 entries | %s | |\n", seconds(log->short_draw));
	printf("| 1,000,000 entries | %s (%.2f times) | %.0f s |\n", seconds(log->long_draw), log->long_draw / log->short_draw,
	    log->verify);
	puts("\nMedians of 25 processes of each, in turn. Each entry binds the one before and a row of another table.");
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "grow") == 0) return bench_log_grow(argv[2], atoll(argv[3]));
	if (argc == 3 && strcmp(argv[1], "commit") == 0) return bench_commit(argv[2]);
	if (argc == 3 && strcmp(argv[1], "commit-bare") == 0) return bench_commit_bare(argv[2]);
	if (argc == 3 && strcmp(argv[1], "prepare") == 0) return bench_commit_prepare(argv[2]), 0;
	if (argc == 3 && strcmp(argv[1], "paper") == 0) return draw_file(argv[2]);
	if (argc < 6 || argc - 5 > SIZES_MAX) bench_die("started by tools/bench");
	figures list[SIZES_MAX];
	size_t count = 0;
	fprintf(stderr, "paper draw");
	bench_whole whole = bench_paper_draw(argv[0], argv[2], argv[3], argv[1], 50);
	fprintf(stderr, "\n");
	fprintf(stderr, "log\n");
	bench_long_log log = bench_log(argv[0], argv[2], argv[3], argv[1]);
	for (int i = 5; i < argc; i++) list[count++] = measure(argv[0], argv[1], (uint32_t)strtoul(argv[i], NULL, 10));
	print_ours(list, count);
	for (bench_solver s = BENCH_GLPSOL; s <= BENCH_CBC; s++) print_solver(list, count, s);
	print_notes(argv[1]);
	print_whole(&whole);
	bench_shipped(argv[3], argv[4]);
	bench_growth(list[count - 1].size);
	bench_capacity_solver(argv[1]);
	bench_explain(argv[1]);
	print_marginals(argv[2], argv[3], argv[1]);
	print_weigh(argv[2], argv[3], argv[1]);
	print_log(&log);
	bench_similar(list[count - 1].size);
	return 0;
}
