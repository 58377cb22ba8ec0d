/* The bench's parts: instances, solvers, processes. bench.c says what is measured. */
#ifndef KB_TOOLS_BENCH_H
#define KB_TOOLS_BENCH_H

#include "base/arena.h"
#include "model/pool.h"

typedef struct bench_bank {
	kb_pool pool;
	kb_rules rules;
} bench_bank;

/* A synthetic bank of `size` questions, the same on every machine. */
bench_bank bench_bank_make(kb_arena *arena, uint32_t size);
/* The instance as plain text, and read back: what a process of our own starts from. */
void bench_bank_write(const bench_bank *bank, const char *path);
bench_bank bench_bank_read(kb_arena *arena, const char *path);
/* The instance for the solvers, in the LP format of CPLEX, with random whole-number costs, others in each run. */
void bench_bank_write_lp(const bench_bank *bank, int run, const char *path);
/* Stops the bench where the questions are no valid paper. */
void bench_bank_check(const bench_bank *bank, const uint32_t *items, uint32_t count, const char *who);

typedef enum bench_solver { BENCH_GLPSOL, BENCH_CBC } bench_solver;

typedef struct bench_solved {
	double whole; /* seconds: the process from start to end */
	double solve; /* its processor time, less that of a process that only reads the instance */
	double own;   /* as the solver's own clock reports; it ticks in tenths or hundredths */
	bool late;    /* stopped at its time limit */
} bench_solved;

enum { BENCH_LIMIT_SECONDS = 60, BENCH_SOLVER_RUNS_MAX = 9 };

extern const char *const bench_solver_names[];

bench_solved bench_solve(bench_solver solver, const bench_bank *bank, const char *work, int runs);
void bench_solver_version(bench_solver solver, const char *work, char *text, size_t size);

/* Runs a program with its output in a file; seconds from start to end, and of processor time (may be NULL). Stops the
 * bench where it fails. */
double bench_run(const char *const *argv, const char *output, double *processor);

typedef struct bench_whole {
	double draw, commit, bare; /* medians, seconds */
	double processor;          /* what a draw's process spends computing, median */
	int count;
} bench_whole;

/* `paper draw` as a process, and beside it the two processes below, on a copy of the store. */
bench_whole bench_paper_draw(const char *self, const char *ksbank, const char *store, const char *work, int count);
int bench_commit(const char *path);      /* opened and checked as ksbank does, one row changed, committed durably */
int bench_commit_bare(const char *path); /* the same with SQLite alone */
void bench_commit_prepare(const char *store);

typedef struct bench_long_log {
	double short_draw, long_draw; /* a draw's process with 1,000 and with 1,000,000 log entries, medians, seconds */
	double verify;                /* audit verify over the long one */
} bench_long_log;

bench_long_log bench_log(const char *self, const char *ksbank, const char *store, const char *work);
int bench_log_grow(const char *path, int64_t entries); /* appends entries until there are so many */

/* Print tables: exact chances and disjoint papers on the shipped banks, and on synthetic ones of 100 questions, ten times
 * as many, and so on to `most`; disjoint papers, and explanations of what can't be, against cbc. */
void bench_shipped(const char *store, const char *banks);
void bench_growth(uint32_t most);
void bench_capacity_solver(const char *work);
void bench_explain(const char *work);

/* Prints how long near-duplicates take among 100 texts, ten times as many, and so on to `most`. */
void bench_similar(uint32_t most);

double bench_processor(void); /* seconds of processor time of this process alone: no other one is in the figures */
double bench_median(double *values, int count); /* sorts them */
void bench_die(const char *format, ...) KB_PRINTF(1, 2) __attribute__((noreturn));

#endif
