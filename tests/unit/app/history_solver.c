#include "history_solver.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

enum { NEW_MAX = 1024, TAGS_MAX = 3, PATH_SIZE = 512 };

typedef struct programme {
	FILE *out;
	const history_bank *bank;
	const history_pool *pool;
	int papers;
	history_shape fresh[NEW_MAX]; /* questions that nobody wrote yet */
	int fresh_count;
} programme;

typedef int (*coefficient)(const history_shape *shape, int of);

static int one(const history_shape *shape, int of) { (void)shape, (void)of; return 1; }
static int unit(const history_shape *shape, int of) { return shape->units >> of & 1; }
static int theme(const history_shape *shape, int of) { return shape->theme == of; }
static int kind(const history_shape *shape, int of) { return shape->kind == of; }
static int minutes(const history_shape *shape, int of) { (void)of; return shape->minutes; }

static void terms(programme *p, int paper, coefficient coefficient_of, int of)
{
	for (int i = 0; i < p->pool->count; i++) {
		int c = coefficient_of(&p->pool->shape[i], of);
		if (c) fprintf(p->out, " + %d x%d_%d\n", c, paper, i);
	}
	for (int i = 0; i < p->fresh_count; i++) {
		int c = coefficient_of(&p->fresh[i], of);
		if (c) fprintf(p->out, " + %d v%d_%d\n", c, paper, i);
	}
}

/* zero stands in each row, so that none is empty. */
static void row(programme *p, int paper, coefficient coefficient_of, int of, const char *sense, int bound)
{
	fprintf(p->out, " zero\n");
	terms(p, paper, coefficient_of, of);
	fprintf(p->out, " %s %d\n", sense, bound);
}

static void coverage(programme *p, int paper)
{
	for (int u = 0; u < p->bank->unit_count; u++) {
		if (!p->bank->rules.sample) {
			row(p, paper, unit, u, ">=", 1);
			continue;
		}
		fprintf(p->out, " zero - y%d_%d\n", paper, u);
		terms(p, paper, unit, u);
		fprintf(p->out, " >= 0\n");
	}
	if (!p->bank->rules.sample) return;
	fprintf(p->out, " zero");
	for (int u = 0; u < p->bank->unit_count; u++) fprintf(p->out, " + y%d_%d", paper, u);
	fprintf(p->out, " >= %d\n", p->bank->rules.sample);
}

static void one_paper(programme *p, int paper)
{
	const history_rules *rules = &p->bank->rules;
	row(p, paper, one, 0, "=", rules->size);
	coverage(p, paper);
	for (int t = 0; t < p->bank->theme_count; t++) {
		row(p, paper, theme, t, ">=", rules->theme_min[t]);
		if (rules->theme_max[t]) row(p, paper, theme, t, "<=", rules->theme_max[t]);
	}
	for (int k = 0; k < HISTORY_KINDS; k++) row(p, paper, kind, k, ">=", rules->kind_min[k]);
	if (!rules->minutes_max) return;
	row(p, paper, minutes, 0, ">=", rules->minutes_min);
	row(p, paper, minutes, 0, "<=", rules->minutes_max);
}

/* Of two rivals one is asked at most once, in whichever paper. */
static void apart(programme *p)
{
	for (int a = 0; a < p->pool->count; a++)
		for (int b = a; b < p->pool->count; b++) {
			if (a != b && !(p->pool->rivals[a] >> b & 1)) continue;
			fprintf(p->out, " zero");
			for (int paper = 0; paper < p->papers; paper++) {
				fprintf(p->out, " + x%d_%d", paper, a);
				if (a != b) fprintf(p->out, " + x%d_%d", paper, b);
			}
			fprintf(p->out, " <= 1\n");
		}
}

static void variables(programme *p)
{
	fprintf(p->out, "Bounds\n zero = 0\n");
	for (int i = 0; i < p->papers * p->fresh_count; i++)
		fprintf(p->out, " 0 <= v%d_%d <= %d\n", i / p->fresh_count, i % p->fresh_count, p->bank->rules.size);
	if (p->fresh_count) fprintf(p->out, "Generals\n");
	for (int i = 0; i < p->papers * p->fresh_count; i++) fprintf(p->out, " v%d_%d\n", i / p->fresh_count, i % p->fresh_count);
	fprintf(p->out, "Binaries\n whole\n"); /* always one, or glpsol would take it for no integer programme */
	for (int paper = 0; paper < p->papers; paper++) {
		for (int i = 0; i < p->pool->count; i++) fprintf(p->out, " x%d_%d\n", paper, i);
		for (int u = 0; p->bank->rules.sample && u < p->bank->unit_count; u++) fprintf(p->out, " y%d_%d\n", paper, u);
	}
	fprintf(p->out, "End\n");
}

static bool write_programme(programme *p, const char *path)
{
	p->out = fopen(path, "w");
	if (!p->out) return false;
	fprintf(p->out, "Minimize\n obj: zero + whole");
	for (int i = 0; i < p->papers * p->fresh_count; i++) fprintf(p->out, " + v%d_%d\n", i / p->fresh_count, i % p->fresh_count);
	fprintf(p->out, "\nSubject To\n");
	for (int paper = 0; paper < p->papers; paper++) one_paper(p, paper);
	apart(p);
	variables(p);
	return fclose(p->out) == 0;
}

/* Running. */

static bool run(const char *const *args, const char *log)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = 0;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	int failed = posix_spawnp(&pid, args[0], &actions, NULL, (char *const *)args, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed) return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The first line with `start` in it; what stands behind that. */
static bool find_line(const char *path, const char *start, char *rest, size_t size)
{
	char line[512];
	bool found = false;
	FILE *in = fopen(path, "r");
	if (!in) return false;
	while (!found && fgets(line, sizeof line, in)) {
		const char *at = strstr(line, start);
		found = at != NULL;
		if (found) snprintf(rest, size, "%s", at + strlen(start));
	}
	fclose(in);
	return found;
}

static history_answer ask_glpsol(const char *lp, const char *dir, double *objective)
{
	char log[PATH_SIZE], solution[PATH_SIZE], text[128];
	snprintf(log, sizeof log, "%s/glpsol.log", dir);
	snprintf(solution, sizeof solution, "%s/glpsol.txt", dir);
	remove(solution);
	const char *const args[] = { "glpsol", "--lp", lp, "--tmlim", "5", "-w", solution, NULL };
	if (!run(args, log)) return HISTORY_NO_SOLVER;
	if (!find_line(solution, "c Status:", text, sizeof text)) return HISTORY_UNDECIDED;
	if (strstr(text, "INTEGER EMPTY")) return HISTORY_IMPOSSIBLE;
	if (!strstr(text, "INTEGER OPTIMAL")) return HISTORY_UNDECIDED;
	if (find_line(solution, "c Objective:", text, sizeof text) && strchr(text, '=')) *objective = strtod(strchr(text, '=') + 1, NULL);
	return HISTORY_POSSIBLE;
}

history_answer history_ask_cbc(const char *lp, const char *dir, int seconds, double *objective)
{
	char log[PATH_SIZE], limit[16], text[128];
	snprintf(log, sizeof log, "%s/cbc.log", dir);
	snprintf(limit, sizeof limit, "%d", seconds);
	const char *const args[] = { "cbc", lp, "sec", limit, "solve", NULL };
	if (!run(args, log)) return HISTORY_UNDECIDED;
	/* All variables are bounded, so that none of the programmes is unbounded. */
	if (find_line(log, "roblem is infeasible", text, sizeof text) || find_line(log, "roblem proven infeasible", text, sizeof text) ||
		find_line(log, "inear relaxation infeasible", text, sizeof text) || find_line(log, "says infeasible or unbounded", text, sizeof text))
		return HISTORY_IMPOSSIBLE;
	if (!find_line(log, "Result - Optimal solution found", text, sizeof text)) return HISTORY_UNDECIDED;
	if (find_line(log, "Objective value:", text, sizeof text)) *objective = strtod(text, NULL);
	return HISTORY_POSSIBLE;
}

static history_answer solve(programme *p, const char *dir, double *objective)
{
	char lp[PATH_SIZE];
	snprintf(lp, sizeof lp, "%s/question.lp", dir);
	*objective = -1;
	if (!write_programme(p, lp)) return HISTORY_UNDECIDED;
	history_answer answer = ask_glpsol(lp, dir, objective);
	return answer == HISTORY_UNDECIDED ? history_ask_cbc(lp, dir, 30, objective) : answer;
}

history_answer history_packing(const history_bank *bank, const history_pool *pool, int papers, const char *dir)
{
	programme p = { .bank = bank, .pool = pool, .papers = papers };
	double objective;
	return solve(&p, dir, &objective);
}

static void add_fresh(programme *p, int of_theme)
{
	const history_rules *rules = &p->bank->rules;
	int each = rules->minutes_max ? (rules->minutes_min + rules->minutes_max) / 2 / rules->size : 5;
	for (uint32_t units = 1; units < UINT32_C(1) << p->bank->unit_count; units++) {
		bool fits = __builtin_popcount(units) <= TAGS_MAX;
		for (int u = 0; u < p->bank->unit_count; u++) fits &= !(units >> u & 1) || p->bank->theme_of[u] == of_theme;
		for (int k = 0; fits && k < HISTORY_KINDS && p->fresh_count < NEW_MAX; k++)
			p->fresh[p->fresh_count++] = (history_shape){ units, of_theme, k, each };
	}
}

history_answer history_fewest(const history_bank *bank, const history_pool *pool, int papers, const char *dir, int *fewest)
{
	programme p = { .bank = bank, .pool = pool, .papers = papers };
	double objective;
	for (int t = 0; t < bank->theme_count; t++) add_fresh(&p, t);
	history_answer answer = solve(&p, dir, &objective);
	*fewest = (int)(objective + 0.5);
	return answer;
}
