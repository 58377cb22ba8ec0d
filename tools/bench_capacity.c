/* Chances, disjoint papers and explanations: on the shipped banks, on growing ones, and against cbc. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/mapping.h"
#include "app/op.h"
#include "app/paper_pool.h"
#include "base/file.h"
#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/explain.h"
#include "engine/exposure.h"

#define CEILING ((size_t)4 << 30)

enum { RUNS = 9, THEMES = 4, TAGS = 4, JOKERS_MAX = 128 };

static const char *name_of(double seconds)
{
	static char texts[8][32];
	static int next;
	char *text = texts[next++ % 8];
	if (seconds < 1) snprintf(text, sizeof texts[0], seconds < 0.01 ? "%.2f ms" : "%.0f ms", 1e3 * seconds);
	else snprintf(text, sizeof texts[0], "%.1f s", seconds);
	return text;
}

static double chances_run(const bench_bank *bank)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_tables *tables;
	kb_exposure exposure;
	kb_err err;
	double start = bench_processor();
	if (!arena || kb_tables_build(arena, &bank->pool, &bank->rules, NULL, 0, &tables, &err) != KB_OK ||
		kb_exposure_find(arena, tables, &exposure, &err) != KB_OK)
		bench_die("no chances at %u questions", bank->pool.count);
	return bench_processor() - start;
}

static void check_certificate(kb_arena *arena, const bench_bank *bank, const kb_capacity *capacity)
{
	kb_err err;
	uint8_t *used = kb_arena_alloc(arena, bank->pool.count / 8 + 1);
	uint32_t size = bank->rules.size;
	if (!used) bench_die("no memory");
	for (uint32_t p = 0; p < capacity->lower; p++) {
		const uint32_t *items = capacity->papers + (size_t)p * size;
		if (kb_check_paper(&bank->pool, &bank->rules, used, items, size, &err) != KB_OK)
			bench_die("paper %u at %u questions: %s", p + 1, bank->pool.count, err.message);
		kb_pool_exclude(&bank->pool, items, size, used);
	}
}

static double capacity_run(const bench_bank *bank, uint32_t *lower, uint32_t *upper)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_capacity capacity;
	kb_err err;
	double start = bench_processor();
	if (!arena || kb_capacity_find(arena, &bank->pool, &bank->rules, NULL, 0, &capacity, &err) != KB_OK)
		bench_die("no capacity at %u questions", bank->pool.count);
	double time = bench_processor() - start;
	check_certificate(arena, bank, &capacity);
	*lower = capacity.lower;
	*upper = capacity.upper;
	return time;
}

typedef struct measured {
	double chances, capacity; /* medians, seconds */
	uint32_t lower, upper;
} measured;

static measured measure(const bench_bank *bank)
{
	measured m;
	double chances[RUNS], capacity[RUNS];
	int runs = bank->pool.count > 10000 ? 3 : RUNS;
	for (int i = 0; i < runs; i++) chances[i] = chances_run(bank);
	for (int i = 0; i < runs; i++) capacity[i] = capacity_run(bank, &m.lower, &m.upper);
	m.chances = bench_median(chances, runs);
	m.capacity = bench_median(capacity, runs);
	return m;
}

static const char *papers(const measured *m)
{
	static char text[48];
	if (m->lower == m->upper) snprintf(text, sizeof text, "%u", m->lower);
	else snprintf(text, sizeof text, "%u to %u", m->lower, m->upper);
	return text;
}

/* The shipped banks, as `bank capacity` reads them. */

static kb_status run_shipped(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	kb_loaded_specification specification;
	kb_draw_input input;
	const char *key = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(kb_mapping_load_method(call, &loaded, id, kb_call_text(call, "mapping"), &method, err));
	KB_TRY(kb_load_specification(call, key, id, &specification, err));
	KB_TRY(kb_paper_pool_load(call, &loaded, method, specification.specification, &kb_part_questions, 0, &input, err));
	bench_bank bank = { input.pool, input.rules };
	measured m = measure(&bank);
	printf("| %s %s | %u | %s | %s | %s |\n", key, id, bank.pool.count, name_of(m.chances), papers(&m),
		name_of(m.capacity));
	return KB_OK;
}

static void measure_shipped(
	const char *store, const char *banks, const char *key, const char *method, const char *folder)
{
	static const kb_arg args[] = { { "standard", KB_ARG_TEXT }, { "method", KB_ARG_TEXT }, { "mapping", KB_ARG_PATH } };
	static const kb_op op = { .name = "bench",
		.permission = KB_MAY_READ_BANK,
		.store = KB_OP_READS,
		.args = args,
		.arg_count = KB_COUNT(args),
		.run = run_shipped };
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_node *arguments = kb_node_map(arena);
	kb_err err;
	char day[16];
	time_t now = time(NULL);
	strftime(day, sizeof day, "%Y-%m-%d", gmtime(&now));
	kb_call call = { .op = &op,
		.arena = arena,
		.arguments = arguments,
		.store_path = store,
		.actor = "bench",
		.clock = kb_arena_printf(arena, "%sT12:00:00Z", day),
		.day_text = day };
	kb_node_set_text(arena, arguments, "standard", key);
	kb_node_set_text(arena, arguments, "method", method);
	if (folder)
		kb_node_set_text(arena, arguments, "mapping",
			kb_arena_printf(arena, "%s/%s/%s/EXAMPLE-MAPPING-NOT-THE-PLANS.csv", banks, folder, method));
	if (kb_date_parse(call.day_text, &call.day, &err) != KB_OK || kb_op_call(&call, &err) != KB_OK)
		bench_die("%s %s: %s", key, method, err.message);
}

void bench_shipped(const char *store, const char *banks)
{
	puts("\n| shipped bank | questions | each question's exact chance | papers with nothing shared | found in |\n"
		 "|---|---:|---:|---:|---:|");
	measure_shipped(store, banks, "ST0648/1.0", "professional-discussion", NULL);
	measure_shipped(store, banks, "ST0648/1.0", "case-study-presentation", NULL);
	measure_shipped(store, banks, "ST0494/1.1", "professional-discussion", "st0494-1.1");
	measure_shipped(store, banks, "ST0494/1.1", "presentation-questions", "st0494-1.1");
	puts("\nProcessor time, medians of 9, tables and all. Every paper passed the independent checker, here and below.");
}

void bench_growth(uint32_t most)
{
	measured before = { 0 };
	puts("\n| questions | each question's exact chance | against a tenth | papers with nothing shared | found in | "
		 "against a tenth |\n|---:|---:|---:|---:|---:|---:|");
	for (uint32_t count = 100; count <= most; count *= 10) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		if (!arena) bench_die("no memory");
		bench_bank bank = bench_bank_make(arena, count);
		fprintf(stderr, "capacity of %u\n", count);
		measured m = measure(&bank);
		printf("| %u | %s | ", count, name_of(m.chances));
		if (before.chances > 0) printf("%.1f times ", m.chances / before.chances);
		printf("| %s | %s | ", papers(&m), name_of(m.capacity));
		if (before.capacity > 0) printf("%.1f times ", m.capacity / before.capacity);
		puts("|");
		before = m;
	}
}

/* Against cbc. */

/* The rules that a programme keeps, and the questions that may be new. */
typedef struct kept {
	uint64_t units, counters;
	bool size, rivals;
} kept;

typedef struct jokers {
	kb_pool_item list[JOKERS_MAX];
	uint32_t count;
} jokers;

static const kb_pool_item *item_at(const bench_bank *bank, const jokers *new, uint32_t i)
{
	return i < bank->pool.count ? &bank->pool.items[i] : &new->list[i - bank->pool.count];
}

static void write_sum(
	FILE *out, const bench_bank *bank, const jokers *new, uint32_t paper, uint64_t units, uint64_t counters)
{
	for (uint32_t i = 0; i < bank->pool.count + new->count; i++) {
		const kb_pool_item *item = item_at(bank, new, i);
		if (item->units & units || item->counters & counters) fprintf(out, "\n + x%u_%u", paper, i);
	}
}

static void write_paper(FILE *out, const bench_bank *bank, const jokers *new, uint32_t paper, kept k)
{
	const kb_rules *rules = &bank->rules;
	if (k.size) {
		fprintf(out, " zero");
		write_sum(out, bank, new, paper, UINT64_MAX, UINT64_MAX);
		fprintf(out, " = %u\n", rules->size);
	}
	for (uint64_t rest = k.units; rest; rest &= rest - 1) {
		fprintf(out, " zero");
		write_sum(out, bank, new, paper, rest & -rest, 0);
		fprintf(out, " >= %u\n", rules->times);
	}
	for (uint64_t rest = k.counters; rest; rest &= rest - 1)
		for (int most = 0; most < 2; most++) {
			kb_range range = rules->counters[__builtin_ctzll(rest)];
			fprintf(out, " zero");
			write_sum(out, bank, new, paper, 0, rest & -rest);
			fprintf(out, " %s %u\n", most ? "<=" : ">=", most ? range.max : range.min);
		}
}

/* Each question in one paper; of rivals, all of which are cliques here, one. */
static void write_apart(FILE *out, const bench_bank *bank, uint32_t paper_count, kept k)
{
	const kb_pool *pool = &bank->pool;
	uint32_t seen = 0;
	for (uint32_t i = 0; i < pool->count && paper_count > 1; i++) {
		fprintf(out, " zero");
		for (uint32_t p = 0; p < paper_count; p++) fprintf(out, " + x%u_%u", p, i);
		fprintf(out, " <= 1\n");
	}
	for (uint32_t r = 0; r < pool->rival_count && k.rivals; r++) {
		uint32_t first = pool->rivals[r].a;
		if (pool->items[first].group <= seen) continue;
		seen = pool->items[first].group;
		fprintf(out, " zero");
		for (uint32_t p = 0; p < paper_count; p++) {
			fprintf(out, "\n + x%u_%u", p, first);
			for (uint32_t n = r; n < pool->rival_count && pool->rivals[n].a == first; n++)
				fprintf(out, " + x%u_%u", p, pool->rivals[n].b);
		}
		fprintf(out, " <= 1\n");
	}
}

static void write_programme(const char *path, const bench_bank *bank, const jokers *new, uint32_t paper_count, kept k)
{
	FILE *out = fopen(path, "w");
	if (!out) bench_die("cannot write %s", path);
	fprintf(out, "Minimize\n obj: zero");
	for (uint32_t j = 0; j < new->count; j++) fprintf(out, "\n + x0_%u", bank->pool.count + j);
	fprintf(out, "\nSubject To\n");
	for (uint32_t p = 0; p < paper_count; p++) write_paper(out, bank, new, p, k);
	write_apart(out, bank, paper_count, k);
	fprintf(out, "Bounds\n zero = 0\n");
	for (uint32_t j = 0; j < new->count; j++) fprintf(out, " x0_%u <= %u\n", bank->pool.count + j, bank->rules.size);
	fprintf(out, "General\n");
	for (uint32_t j = 0; j < new->count; j++) fprintf(out, " x0_%u\n", bank->pool.count + j);
	fprintf(out, "Binary\n");
	for (uint32_t p = 0; p < paper_count; p++)
		for (uint32_t i = 0; i < bank->pool.count; i++) fprintf(out, " x%u_%u\n", p, i);
	fprintf(out, "End\n");
	if (fclose(out) != 0) bench_die("cannot write %s", path);
}

typedef struct solved {
	kb_answer answer; /* KB_UNKNOWN: stopped at its limit */
	double seconds, objective;
} solved;

/* Solving alone: less what a process takes that only reads. */
static solved ask_cbc(const char *lp, const char *work)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 26);
	const char *log = kb_arena_printf(arena, "%s/capacity.log", work);
	const char *limit = kb_arena_printf(arena, "%d", BENCH_LIMIT_SECONDS);
	const char *const reads[] = { "cbc", lp, "-quit", NULL }, *const solves[] = { "cbc", lp, "-sec", limit, "-solve",
		NULL };
	double read, solve;
	kb_bytes bytes;
	kb_err err;
	bench_run(reads, log, &read);
	bench_run(solves, log, &solve);
	if (kb_file_read(arena, log, 1 << 24, &bytes, &err) != KB_OK) bench_die("%s", err.message);
	const char *text = kb_arena_copy(arena, bytes.data, bytes.length), *objective;
	solved result = { KB_UNKNOWN, solve > read ? solve - read : 0, 0 };
	if (strstr(text, "nfeasible")) result.answer = KB_NO;
	else if (strstr(text, "Optimal solution found")) result.answer = KB_YES;
	if ((objective = strstr(text, "Objective value:"))) result.objective = strtod(objective + 16, NULL);
	return result;
}

static void print_solved(const solved *s, double ours)
{
	bool late = s->answer == KB_UNKNOWN;
	if (late) printf(" over %d s | over %.0f |", BENCH_LIMIT_SECONDS, BENCH_LIMIT_SECONDS / ours);
	else printf(" %s | %.*f |", name_of(s->seconds), s->seconds / ours < 10 ? 1 : 0, s->seconds / ours);
}

static kept keep_all(const kb_rules *rules)
{
	return (kept) { rules->required, (UINT64_C(1) << rules->counter_count) - 1, true, true };
}

void bench_capacity_solver(const char *work)
{
	static const uint32_t sizes[] = { 60, 120, 300 };
	static const jokers none;
	puts(
		"\n| questions | papers with nothing shared | ours, with the proof | cbc finds as many | times | cbc rules out "
		"one more | times |\n|---:|---:|---:|---:|---:|---:|---:|");
	for (size_t n = 0; n < KB_COUNT(sizes); n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		bench_bank bank = bench_bank_make(arena, sizes[n]);
		const char *lp = kb_arena_printf(arena, "%s/capacity.lp", work);
		measured m = measure(&bank);
		fprintf(stderr, "capacity of %u by cbc\n", sizes[n]);
		printf("| %u | %s | %s |", sizes[n], papers(&m), name_of(m.capacity));
		for (uint32_t more = 0; more < 2; more++) {
			write_programme(lp, &bank, &none, m.lower + more, keep_all(&bank.rules));
			solved s = ask_cbc(lp, work);
			if (s.answer == (more && m.lower == m.upper ? KB_YES : more ? KB_UNKNOWN : KB_NO))
				bench_die("cbc says otherwise of %u papers at %u questions", m.lower + more, sizes[n]);
			print_solved(&s, m.capacity);
		}
		puts("");
	}
}

/* Explanations. */

static kb_brief_shape shape_of(const bench_bank *bank, uint32_t theme)
{
	uint64_t units = 0;
	for (uint32_t i = 0; i < bank->pool.count; i++)
		if (bank->pool.items[i].counters >> theme & 1) units |= bank->pool.items[i].units;
	return (kb_brief_shape) { units, UINT64_C(1) << theme, TAGS, 5 };
}

static void list_jokers(const kb_brief_shape *shapes, jokers *new)
{
	new->count = 0;
	for (uint32_t t = 0; t < THEMES; t++)
		for (uint64_t set = shapes[t].units; set; set = (set - 1) & shapes[t].units)
			if (__builtin_popcountll(set) == TAGS && new->count < JOKERS_MAX)
				new->list[new->count++] = (kb_pool_item) { "new", 0, set, shapes[t].counters, 5, 1, 0 };
}

static bool clashes(const bench_bank *bank, kept k, const char *lp, const char *work, double *seconds)
{
	static const jokers none;
	write_programme(lp, bank, &none, 1, k);
	solved s = ask_cbc(lp, work);
	*seconds += s.seconds;
	return s.answer == KB_NO;
}

/* The same deletion filter: one solve for each rule. */
static kept filter_by_cbc(const bench_bank *bank, const char *lp, const char *work, double *seconds)
{
	kept k = keep_all(&bank->rules), without = k;
	without.rivals = false;
	if (clashes(bank, without, lp, work, seconds)) k = without;
	for (uint64_t rest = k.units; rest; rest &= rest - 1) {
		without = k;
		without.units &= ~(rest & -rest);
		if (clashes(bank, without, lp, work, seconds)) k = without;
	}
	for (uint64_t rest = k.counters; rest; rest &= rest - 1) {
		without = k;
		without.counters &= ~(rest & -rest);
		if (clashes(bank, without, lp, work, seconds)) k = without;
	}
	without = k;
	without.size = false;
	return clashes(bank, without, lp, work, seconds) ? without : k;
}

static double explain_run(const bench_bank *bank, const kb_brief_shape *shapes, kb_explanation *why)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_shortfall in = { &bank->pool, &bank->rules, NULL, NULL, shapes, THEMES };
	kb_err err;
	double start = bench_processor();
	if (!arena || kb_explain(arena, &in, why, &err) != KB_OK) bench_die("no explanation");
	return bench_processor() - start;
}

static uint32_t rules_in(uint64_t units, uint64_t counters, bool size, bool rivals)
{
	return (uint32_t)(__builtin_popcountll(units) + __builtin_popcountll(counters) + size + rivals);
}

/* Each question keeps two of its KSBs at most, which is too few for ten of them to cover all 24. */
static void thin_out(bench_bank *bank)
{
	for (uint32_t i = 0; i < bank->pool.count; i++) {
		uint64_t units = bank->pool.items[i].units, more = units & (units - 1);
		bank->pool.items[i].units = (units & -units) | (more & -more);
	}
	bank->rules.size = 10;
}

static void compare_explanation(uint32_t size, const char *work)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	bench_bank bank = bench_bank_make(arena, size);
	const char *lp = kb_arena_printf(arena, "%s/explain.lp", work);
	kb_brief_shape shapes[THEMES];
	kb_explanation why;
	jokers new;
	double times[RUNS], seconds = 0;
	for (uint32_t t = 0; t < THEMES; t++) shapes[t] = shape_of(&bank, t);
	thin_out(&bank);
	fprintf(stderr, "explanation at %u by cbc\n", size);
	for (int i = 0; i < RUNS; i++) times[i] = explain_run(&bank, shapes, &why);
	kept k = filter_by_cbc(&bank, lp, work, &seconds);
	list_jokers(shapes, &new);
	write_programme(lp, &bank, &new, 1, keep_all(&bank.rules));
	solved repair = ask_cbc(lp, work);
	if (!why.minimal || !why.write.fewest || repair.answer != KB_YES ||
		(uint32_t)(repair.objective + 0.5) != why.write.count)
		bench_die("cbc writes %.0f questions at %u, and we %u", repair.objective, size, why.write.count);
	solved all = { KB_YES, seconds + repair.seconds, 0 };
	double ours = bench_median(times, RUNS);
	printf("| %u | %u (cbc: %u) | %u | %s |", size,
		rules_in(why.clash_units, why.clash_counters, why.clash_size, why.clash_rivals),
		rules_in(k.units, k.counters, k.size, k.rivals), why.write.count, name_of(ours));
	print_solved(&all, ours);
	puts("");
}

void bench_explain(const char *work)
{
	puts("\n| questions | rules in the clash | to write | ours | cbc | times |\n"
		 "|---:|---:|---:|---:|---:|---:|");
	compare_explanation(60, work);
	compare_explanation(120, work);
	compare_explanation(300, work);
	printf(
		"\ncbc's processor time for solving, without reading; stopped after %d s. A clash is found by leaving out each\n"
		"rule in turn, one solve each, and the fewest questions to write by one more; ours adds by how much each rule\n"
		"would have to be relaxed. Two clashes may differ where both are minimal; the number to write is the same.\n",
		BENCH_LIMIT_SECONDS);
}
