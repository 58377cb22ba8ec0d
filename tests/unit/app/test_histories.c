/*
 * Re-sits, told as 2,000 candidates' stories over banks that change between sittings. What each paper must be is known
 * here from the files that were written, never from the store; each "no" is put to an independent solver.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/op.h"
#include "base/file.h"
#include "history_bank.h"
#include "history_solver.h"

enum { BANKS = 40, CANDIDATES = 50, STEPS = 12, PAPERS_MAX = 32, EACH_LOOK_AHEAD = 20, EACH_FEWEST = 6, PATH_SIZE = 400 };

typedef struct paper {
	char key[16];
	bool withdrawn;
} paper;

typedef struct candidate {
	char name[16];
	uint64_t seen;                  /* a bit a question, in whatever version */
	int version[HISTORY_QUESTIONS]; /* of what was seen */
	paper papers[PAPERS_MAX];
	int count;
} candidate;

typedef struct counts {
	int histories, draws, resits, none, reserve, nothing, undecided, withdrawals, edits, versions, held_back, looked_ahead, fewest, unproven;
} counts;

typedef struct run {
	history_bank bank;
	kb_stream *stream;
	char dir[PATH_SIZE], store[PATH_SIZE];
	int number;
	kb_day day;
	char day_text[KB_DATE_SIZE];
	candidate candidates[CANDIDATES];
	counts *counts;
} run;

/* Operations, as the command line runs them. */

static kb_status call_op(run *r, kb_arena *arena, const char *name, kb_node *arguments, kb_node **result, kb_err *err)
{
	kb_call call = { .op = kb_op_find(name), .arena = arena, .arguments = arguments, .store_path = r->store, .actor = "tester",
		.day = r->day, .day_text = r->day_text };
	*err = (kb_err){ .status = KB_OK };
	kb_status status = kb_op_call(&call, err);
	*result = call.result;
	for (size_t i = 0; status != KB_OK && i < call.faults.count; i++)
		fprintf(stderr, "%s %u: %s\n", name, call.faults.list[i].mark.line, call.faults.list[i].message);
	return status;
}

static kb_arena *new_arena(void)
{
	kb_arena *arena = kb_arena_new((size_t)1 << 30);
	cr_assert_not_null(arena);
	return arena;
}

static void set_day(run *r, kb_day day)
{
	r->day = day;
	kb_date_format(day, r->day_text);
}

static void import_file(run *r, const kb_buf *text, bool approved)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	kb_node *arguments = kb_node_map(arena), *result;
	kb_err err;
	const char *path = kb_arena_printf(arena, "%s/%04d.yaml", r->dir, r->bank.files++);
	cr_assert_eq(kb_file_write(path, text->text, text->length, 0600, &err), KB_OK);
	kb_node_set_text(arena, arguments, "path", path);
	if (approved) kb_node_set_text(arena, arguments, "approved-by", "reviewer-1");
	cr_assert_eq(call_op(r, arena, "bank import", arguments, &result, &err), KB_OK, "%s: %s", path, err.message);
	cr_assert_eq(unlink(path), 0);
}

/* Between sittings: changes come in, some approved and some as drafts, and the specification may ask for another reserve. */
static void edit_bank(run *r, bool approved)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	static history_content contents[HISTORY_QUESTIONS];
	uint64_t edited;
	history_bank_edit(&r->bank, r->stream, contents, &edited);
	if (edited) {
		kb_buf text = { .arena = arena };
		history_write_questions(&r->bank, contents, edited, &text);
		import_file(r, &text, approved);
		r->counts->versions += history_bank_import(&r->bank, contents, edited, approved, r->day);
		r->counts->edits++;
	}
	if (r->bank.files > 3 && history_chance(r->stream, 10)) {
		kb_buf text = { .arena = arena };
		r->bank.rules.reserve = (int)history_below(r->stream, (uint32_t)r->bank.count / 14 + 1);
		history_write_specification(&r->bank, &text);
		import_file(r, &text, false);
	}
}

/* What a candidate may not be asked, by this test's own records. */

static uint64_t rivals_named(const history_bank *bank, int question, int version)
{
	return version < 0 ? 0 : bank->questions[question].versions[version].content.rivals;
}

static uint64_t barred(const run *r, const candidate *c)
{
	uint64_t bits = c->seen;
	bool in_force;
	for (int q = 0; q < r->bank.count; q++) {
		int newest = history_newest(&r->bank, q, r->day, &in_force);
		if (c->seen >> q & 1) bits |= rivals_named(&r->bank, q, c->version[q]) | rivals_named(&r->bank, q, newest);
		if (rivals_named(&r->bank, q, newest) & c->seen) bits |= UINT64_C(1) << q;
	}
	return bits;
}

/* A paper. */

static int place_of(const history_pool *pool, int question)
{
	for (int i = 0; i < pool->count; i++)
		if (pool->question[i] == question) return i;
	return -1;
}

static void check_counts(const run *r, const history_pool *pool, const int *places, int count, const char *who)
{
	const history_rules *rules = &r->bank.rules;
	int themes[HISTORY_THEMES] = { 0 }, kinds[HISTORY_KINDS] = { 0 }, minutes = 0;
	uint32_t units = 0;
	for (int i = 0; i < count; i++) {
		const history_shape *shape = &pool->shape[places[i]];
		themes[shape->theme]++, kinds[shape->kind]++, minutes += shape->minutes, units |= shape->units;
	}
	int least = rules->sample ? rules->sample : r->bank.unit_count;
	cr_assert_geq(__builtin_popcount(units), least, "%s: %d of %d units are covered", who, __builtin_popcount(units), least);
	for (int t = 0; t < r->bank.theme_count; t++)
		cr_assert(themes[t] >= rules->theme_min[t] && (!rules->theme_max[t] || themes[t] <= rules->theme_max[t]),
			"%s: %d of theme %d", who, themes[t], t);
	for (int k = 0; k < HISTORY_KINDS; k++) cr_assert_geq(kinds[k], rules->kind_min[k], "%s: %d of kind %d", who, kinds[k], k);
	if (rules->minutes_max) cr_assert(minutes >= rules->minutes_min && minutes <= rules->minutes_max, "%s: %d minutes", who, minutes);
}

/* What the result says was issued; `issued` gets a bit a question. */
static void check_paper(run *r, candidate *c, const kb_node *result, uint64_t *issued, const char *who)
{
	history_pool pool;
	history_pool_make(&r->bank, r->day, 0, &pool);
	const kb_node *questions = kb_node_get(result, "questions");
	uint64_t bar = barred(r, c), within = 0;
	int places[HISTORY_QUESTIONS];
	*issued = 0;
	cr_assert_eq(questions->count, (size_t)r->bank.rules.size, "%s: %zu questions", who, questions->count);
	for (size_t i = 0; i < questions->count; i++) {
		int q = atoi(kb_node_get_text(questions->items[i], "id", "Q0") + 1) - 1;
		int version = (int)kb_node_get_int(questions->items[i], "version", 0) - 1;
		cr_assert(q >= 0 && q < r->bank.count, "%s: an unknown question", who);
		cr_assert_not(c->seen >> q & 1, "%s: Q%02d was issued before", who, q + 1);
		cr_assert_not(bar >> q & 1, "%s: Q%02d is a rival of what was issued before", who, q + 1);
		cr_assert_not(*issued >> q & 1, "%s: Q%02d stands twice", who, q + 1);
		places[i] = place_of(&pool, q);
		cr_assert_geq(places[i], 0, "%s: Q%02d is not approved and in date", who, q + 1);
		cr_assert_eq(pool.version[places[i]], version, "%s: Q%02d is not the newest approved version", who, q + 1);
		*issued |= UINT64_C(1) << q;
		within |= UINT64_C(1) << places[i];
	}
	for (size_t i = 0; i < questions->count; i++) cr_assert_eq(pool.rivals[places[i]] & within, 0, "%s: two rivals in one paper", who);
	check_counts(r, &pool, places, r->bank.rules.size, who);
}

static void check_eligible(run *r, const candidate *c, const kb_node *holder, const char *who)
{
	history_pool pool;
	history_pool_make(&r->bank, r->day, barred(r, c), &pool);
	cr_assert_eq(kb_node_get_int(kb_node_get(holder, "pool"), "eligible", -1), pool.count, "%s: %d questions may be asked, and the program says %lld",
		who, pool.count, (long long)kb_node_get_int(kb_node_get(holder, "pool"), "eligible", -1));
	history_pool all;
	history_pool_make(&r->bank, r->day, c->seen, &all);
	r->counts->held_back += all.count - pool.count;
}

static void expect(history_answer answer, history_answer wanted, const char *who, const char *what)
{
	cr_assert_neq(answer, HISTORY_NO_SOLVER, "the independent solver glpsol can't be run: install it with tools/install test");
	cr_assert_neq(answer, HISTORY_UNDECIDED, "%s: neither solver could settle %s", who, what);
	cr_assert_eq(answer, wanted, "%s: the solver says otherwise of %s", who, what);
}

static void note_paper(run *r, candidate *c, const kb_node *result, uint64_t issued)
{
	bool in_force;
	cr_assert_lt(c->count, PAPERS_MAX);
	snprintf(c->papers[c->count++].key, sizeof c->papers[0].key, "%s", kb_node_get_text(result, "paper", ""));
	c->seen |= issued;
	for (int q = 0; q < r->bank.count; q++)
		if (issued >> q & 1) c->version[q] = history_newest(&r->bank, q, r->day, &in_force);
	r->counts->draws++;
	if (c->count > 1) r->counts->resits++;
}

static void drawn(run *r, candidate *c, bool first, const kb_node *result, const char *who)
{
	uint64_t issued;
	check_eligible(r, c, result, who);
	check_paper(r, c, result, &issued, who);
	note_paper(r, c, result, issued);
	if (!first || r->bank.rules.reserve == 0 || r->counts->draws % EACH_LOOK_AHEAD) return;
	history_pool rest;
	history_pool_make(&r->bank, r->day, barred(r, c), &rest);
	expect(history_packing(&r->bank, &rest, r->bank.rules.reserve, r->dir), HISTORY_POSSIBLE, who, "the reserve that a first paper leaves");
	r->counts->looked_ahead++;
}

/* A refusal. */

static void check_fewest(run *r, const history_pool *pool, int papers, const kb_node *refusal, const char *who)
{
	int fewest, said = (int)kb_node_get_int(refusal, "fewest_questions_to_write", -1);
	const kb_node *proven = kb_node_get(refusal, "fewest_is_proven");
	history_answer answer = history_fewest(&r->bank, pool, papers, r->dir, &fewest);
	if (papers > 1 && (answer == HISTORY_UNDECIDED || said == 0)) return; /* too much for the solver, or nothing said */
	if (said == 0) {
		expect(answer, HISTORY_IMPOSSIBLE, who, "new questions being of no help");
		return;
	}
	expect(answer, HISTORY_POSSIBLE, who, "new questions being of help");
	cr_assert(proven && proven->kind == KB_NODE_BOOL);
	if (!proven->boolean) r->counts->unproven++;
	cr_assert(proven->boolean ? said == fewest : said >= fewest, "%s: %d questions are to be written, the solver needs %d", who, said, fewest);
	r->counts->fewest++;
}

static void refused_reserve(run *r, const history_pool *pool, const kb_node *refusal, const char *who)
{
	int reserve = r->bank.rules.reserve, said = (int)kb_node_get_int(refusal, "disjoint_papers", -1);
	expect(history_packing(&r->bank, pool, 1, r->dir), HISTORY_POSSIBLE, who, "a paper without the reserve");
	expect(history_packing(&r->bank, pool, reserve + 1, r->dir), HISTORY_IMPOSSIBLE, who, "a paper with the reserve");
	cr_assert(said >= 1 && said <= reserve, "%s: refused for a reserve of %d with %d papers", who, reserve, said);
	if (said < reserve) expect(history_packing(&r->bank, pool, said + 1, r->dir), HISTORY_IMPOSSIBLE, who, "more papers than were said");
	if (said > 1) expect(history_packing(&r->bank, pool, said, r->dir), HISTORY_POSSIBLE, who, "as many papers as were said");
	r->counts->reserve++;
}

static void refused(run *r, const candidate *c, bool first, const kb_err *err, const kb_node *result, const char *who)
{
	history_pool pool;
	const kb_node *refusal = kb_node_get(result, "refusal");
	if (strncmp(err->id, "pool.", 5) == 0) {
		history_pool_make(&r->bank, r->day, 0, &pool);
		cr_assert_eq(pool.count, 0, "%s: %s", who, err->message);
		r->counts->nothing++;
		return;
	}
	history_pool_make(&r->bank, r->day, barred(r, c), &pool);
	if (strcmp(err->id, "draw.reserve") == 0) {
		cr_assert(first && r->bank.rules.reserve > 0, "%s: only a first paper leaves a reserve", who);
		refused_reserve(r, &pool, refusal, who);
		return;
	}
	cr_assert_str_eq(err->id, "draw.none", "%s: %s", who, err->message);
	check_eligible(r, c, refusal, who);
	expect(history_packing(&r->bank, &pool, 1, r->dir), HISTORY_IMPOSSIBLE, who, "a paper");
	if (r->counts->none++ % EACH_FEWEST == 0) check_fewest(r, &pool, first ? r->bank.rules.reserve + 1 : 1, refusal, who);
}

/* A candidate's story. */

static paper *last_standing(candidate *c)
{
	for (int i = c->count - 1; i >= 0; i--)
		if (!c->papers[i].withdrawn) return &c->papers[i];
	return NULL;
}

static void draw(run *r, candidate *c)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	kb_node *arguments = kb_node_map(arena), *result;
	kb_err err;
	bool first = !last_standing(c);
	const char *sitting = first ? "first" : history_chance(r->stream, 60) ? "resit" : "retake";
	const char *who = kb_arena_printf(arena, "bank %d, %s, %s on %s", r->number, c->name, sitting, r->day_text);
	kb_node_set_text(arena, arguments, "standard", HISTORY_STANDARD);
	kb_node_set_text(arena, arguments, "method", HISTORY_METHOD);
	kb_node_set_text(arena, arguments, "candidate", c->name);
	kb_node_set_text(arena, arguments, "sitting", sitting);
	kb_node_set_text(arena, arguments, "seed", who); /* the store's own key differs from run to run */
	kb_status status = call_op(r, arena, "paper draw", arguments, &result, &err);
	if (status == KB_LIMIT && strcmp(err.id, "draw.undecided") == 0) { /* says that it does not know: allowed, and rare */
		cr_assert(first && r->bank.rules.reserve > 1, "%s: %s", who, err.message);
		r->counts->undecided++;
		return;
	}
	cr_assert(status == KB_OK || status == KB_REFUSED, "%s: %s: %s", who, err.id, err.message);
	if (status == KB_OK) drawn(r, c, first, result, who);
	else refused(r, c, first, &err, result, who);
}

static void withdraw(run *r, paper *p)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	kb_node *arguments = kb_node_map(arena), *result;
	kb_err err;
	kb_node_set_text(arena, arguments, "paper", p->key);
	kb_node_set_text(arena, arguments, "by", "operations-1");
	kb_node_set_text(arena, arguments, "reason", "left on a train");
	cr_assert_eq(call_op(r, arena, "paper withdraw", arguments, &result, &err), KB_OK, "%s", err.message);
	p->withdrawn = true;
	r->counts->withdrawals++;
}

static void act(run *r, candidate *c)
{
	paper *standing = last_standing(c);
	if (standing && history_chance(r->stream, 25)) {
		withdraw(r, standing);
		if (history_chance(r->stream, 30)) return;
	}
	draw(r, c);
}

/* A bank's story. */

/* Every operation is flushed to disk, thousands of times: memory will do where nobody asked for another place. */
static const char *place_for_stores(void)
{
	const char *tmp = getenv("TMPDIR");
	return tmp && *tmp ? tmp : access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static void start(run *r, kb_arena *arena, int number, counts *counts)
{
	kb_err err;
	kb_digest seed = { { (uint8_t)number } };
	kb_day day;
	*r = (run){ .number = number, .counts = counts };
	cr_assert_eq(kb_stream_open(arena, &seed, "histories", &r->stream, &err), KB_OK);
	snprintf(r->dir, sizeof r->dir, "%s/ksbank-histories-XXXXXX", place_for_stores());
	cr_assert_not_null(mkdtemp(r->dir));
	snprintf(r->store, sizeof r->store, "%.*s/bank.db", PATH_SIZE - 10, r->dir);
	cr_assert_eq(kb_store_create(r->store, NULL, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_date_parse("2026-11-22", &day, &err), KB_OK);
	set_day(r, day);
	for (int i = 0; i < CANDIDATES; i++) snprintf(r->candidates[i].name, sizeof r->candidates[i].name, "AP-%d", 1000 + i);
	kb_buf standard = { .arena = arena }, specification = { .arena = arena };
	history_bank_make(&r->bank, r->stream);
	history_write_standard(&r->bank, &standard);
	history_write_specification(&r->bank, &specification);
	import_file(r, &standard, false);
	import_file(r, &specification, false);
	edit_bank(r, true);
	counts->histories += CANDIDATES;
}

static void verify(run *r)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	kb_node *result;
	kb_err err;
	cr_assert_eq(call_op(r, arena, "paper verify", kb_node_map(arena), &result, &err), KB_OK, "bank %d: %s", r->number, err.message);
	int papers = 0;
	for (int i = 0; i < CANDIDATES; i++) papers += r->candidates[i].count;
	cr_assert_eq(kb_node_get_int(result, "count", -1), papers);
}

static void clear_away(const run *r)
{
	char path[PATH_SIZE + 300];
	DIR *dir = opendir(r->dir);
	cr_assert_not_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		snprintf(path, sizeof path, "%s/%s", r->dir, entry->d_name);
		if (entry->d_name[0] != '.') unlink(path);
	}
	closedir(dir);
	cr_assert_eq(rmdir(r->dir), 0, "%s holds more than was put there", r->dir);
}

static void tell(int number, counts *counts)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = new_arena();
	static run r;
	start(&r, arena, number, counts);
	for (int step = 0; step < STEPS; step++) {
		if (step > 0 && history_chance(r.stream, 75)) edit_bank(&r, history_chance(r.stream, 75));
		for (int i = 0; i < CANDIDATES; i++)
			if (history_chance(r.stream, 25)) act(&r, &r.candidates[i]);
		set_day(&r, r.day + 10 + (kb_day)history_below(r.stream, 60));
	}
	verify(&r);
	clear_away(&r);
	kb_stream_closep(&r.stream);
}

Test(histories, nothing_is_ever_shared_and_each_refusal_is_right)
{
	counts c = { 0 };
	for (int number = 1; number <= BANKS; number++) tell(number, &c);
	printf("%d histories: %d papers (%d of them not the first), %d withdrawn; %d edits of banks, %d versions; "
		"questions kept back as rivals %d times; refusals that a solver confirmed: %d for want of a paper, %d for the reserve; "
		"%d with an empty pool, %d left undecided; reserve confirmed %d times, fewest questions %d times (%d not proven)\n",
		c.histories, c.draws, c.resits, c.withdrawals, c.edits, c.versions, c.held_back, c.none, c.reserve, c.nothing,
		c.undecided, c.looked_ahead, c.fewest, c.unproven);
	fflush(stdout);
	cr_assert_geq(c.histories, 2000);
	cr_assert_geq(c.none, 300);
	cr_assert_geq(c.reserve, 100);
	cr_assert_geq(c.resits, 1000);
	cr_assert_geq(c.looked_ahead, 20);
	cr_assert_leq(c.undecided, c.draws / 500);
}
