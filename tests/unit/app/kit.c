#include "kit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "text/json.h"

kb_arena *kit_arena;
kb_err kit_err;
kb_call kit_call;
kb_progress *kit_progress;
const char *kit_day = KIT_DAY;
const char *kit_actor = "tester";
size_t kit_fail_at;

static kb_arena *call_arena;
static char folder[4096];
#define DEPTH "1/2/3/4/5/6" /* a hostile path that leads upwards still ends in the test's own folder */

void kit_set_up(void)
{
	const char *top = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/ksbank-app.XXXXXX", top && *top ? top : "/tmp");
	kit_arena = kb_arena_new((size_t)256 << 20);
	if (!kit_arena || !mkdtemp(folder) || chdir(folder) != 0) abort();
	if (kb_file_make_dir(DEPTH, &kit_err) != KB_OK || chdir(DEPTH) != 0) abort();
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info, (void)type, (void)walk;
	return remove(path);
}

void kit_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void kit_tear_down(void)
{
	if (chdir("/") == 0) kit_remove(folder);
	kb_arena_free(call_arena);
	kb_arena_free(kit_arena);
}

void kit_write(const char *path, const char *text)
{
	cr_assert_eq(kb_file_write(path, text, strlen(text), 0600, &kit_err), KB_OK, "%s", kit_err.message);
}

kb_bytes kit_read(const char *path)
{
	kb_bytes bytes;
	cr_assert_eq(kb_file_read(kit_arena, path, (size_t)64 << 20, &bytes, &kit_err), KB_OK, "%s", kit_err.message);
	return bytes;
}

const char *kit_source(const char *path)
{
	const char *top = getenv("KB_SOURCE");
	return top ? kb_arena_printf(kit_arena, "%s/%s", top, path) : kb_arena_printf(kit_arena, "%s/../../../%s", KB_TEST_DATA, path);
}

kb_node *kit_json(const char *text)
{
	kb_node *node = NULL;
	cr_assert_eq(kb_json_read(kit_arena, "test", text, strlen(text), &node, &kit_err), KB_OK, "%s: %s", kit_err.message, text);
	return node;
}

kb_status kit_run_with(const kb_op *op, kb_node *arguments)
{
	kb_err ignored;
	kb_arena_free(call_arena);
	call_arena = kb_arena_new((size_t)512 << 20);
	kit_call = (kb_call){ .op = op, .arena = call_arena, .arguments = arguments, .store_path = "store", .actor = kit_actor, .clock = "2026-11-22T10:15:00Z", .progress = kit_progress };
	cr_assert_eq(kb_date_parse(kit_day, &kit_call.day, &ignored), KB_OK);
	kit_call.day_text = kit_day;
	kit_err = (kb_err){ 0 };
	kb_arena_fail_at(call_arena, kit_fail_at);
	return kb_op_call(&kit_call, &kit_err);
}

kb_status kit_run(const char *name, const char *arguments)
{
	const kb_op *op = kb_op_find(name);
	cr_assert_not_null(op, "there is no operation %s", name);
	return kit_run_with(op, kit_json(arguments));
}

void kit_must(const char *op, const char *arguments)
{
	kb_status status = kit_run(op, arguments);
	cr_assert_eq(status, KB_OK, "%s %s: %s (%s)", op, arguments, kit_err.message, kit_err.hint);
}

const char *kit_text(const char *key)
{
	return kb_node_get_text(kit_call.result, key, "");
}

int64_t kit_int(const char *key)
{
	return kb_node_get_int(kit_call.result, key, -1);
}

static const char standard[] =
	"format: ksbank-standard/1\nkey: " KIT_STANDARD "\ntitle: Lighthouse keeper\nattribution: Made up.\n"
	"sources: {plan: {title: The plan}, page: {title: The page}}\n"
	"ksbs:\n"
	"  K1: {text: How lamps work., source: plan:10}\n"
	"  K2: {disputed: [{source: plan:11, text: How fog forms.}, {source: page:31, text: How horns sound.}]}\n"
	"  S1: {text: Light the lamp., source: plan:12}\n"
	"methods:\n"
	"  talk:\n"
	"    name: Talk\n    source: plan:20\n    grades: [Fail, Pass, Distinction]\n    least-questions: 2\n    ksbs: [K1, K2, S1]\n    mapping-source: plan:21\n"
	"    themes:\n"
	"      T-1: {name: One, ksbs: [K1, K2], pass: [a, b], distinction: [c], source: plan:24}\n"
	"      T-2: {name: Two, ksbs: [S1], pass: [d], distinction: [e], source: plan:25}\n"
	"    checklist: {a: {text: Test the horn., source: plan:26}, b: {text: Note the outcome., source: plan:27}}\n"
	"  demo: {name: Demo, source: plan:30, least-questions: 1}\n"
	"rules: {resit-cap: {value: Pass, wording: No more than a pass., source: plan:40}}\n"
	"missing: [The mapping of the demo]\n";

const char *kit_question(const char *id, const char *theme, const char *ksbs, const char *more)
{
	return kb_arena_printf(kit_arena,
		"  - id: %s\n    theme: %s\n    ksbs: [%s]\n    kind: scenario\n    minutes: 7\n    demand: typical\n"
		"    stem: What would you do about %s?\n    prompts: [Why?]\n"
		"    pass: {descriptors: [%s.P1], shows: This.}\n    distinction: {descriptors: [%s.D1], shows: That.}\n"
		"    author: writer-1\n    accessibility: None.\n%s",
		id, theme, ksbs, id, theme, theme, more ? more : "");
}

const char *kit_questions(const char *id, const char *author)
{
	return kb_arena_printf(kit_arena,
		"format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n"
		"  - id: %s\n    theme: T-1\n    ksbs: [K1]\n    kind: scenario\n    minutes: 7\n    stem: What of %s?\n    prompts: [Why?]\n"
		"    pass: {descriptors: [T-1.P1], shows: This.}\n    distinction: {descriptors: [T-1.D1], shows: That.}\n    author: %s\n",
		id, id, author);
}

void kit_write_bank(int each, const char *spec)
{
	static const char *const codes[] = { "K1", "K2", "S1" };
	kb_buf items = { .arena = kit_arena };
	kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	for (size_t c = 0; c < KB_COUNT(codes); c++)
		for (int i = 1; i <= each; i++) {
			char id[32];
			snprintf(id, sizeof id, "Q-%s-%d", codes[c], i);
			kb_buf_text(&items, kit_question(id, c < 2 ? "T-1" : "T-2", codes[c], NULL));
		}
	cr_assert_eq(kb_file_make_dir("bank", &kit_err), KB_OK);
	kit_write("bank/standard.yaml", standard);
	kit_write("bank/items.yaml", kb_buf_string(&items));
	kit_write("bank/specification.yaml", kb_arena_printf(kit_arena,
		"format: ksbank-specification/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions: 3\ncoverage: {rule: every}\n"
		"reason: For tests.\nauthor: tester\n%s", spec ? spec : ""));
}

void kit_fill(int each, const char *spec)
{
	kit_write_bank(each, spec);
	kit_must("store init", "{}");
	kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
}

void kit_fill_demo(void)
{
	static const char *const tags[] = { "K1, S1", "S1", "K1", "K2, S1", "K2" };
	kb_buf items = { .arena = kit_arena };
	kit_fill(1, NULL);
	kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: demo\nquestions:\n");
	for (size_t i = 0; i < KB_COUNT(tags); i++)
		kb_buf_printf(&items,
			"  - id: D-%zu\n    ksbs: [%s]\n    kind: scenario\n    minutes: 5\n    stem: What?\n    prompts: [Why?]\n"
			"    pass: {shows: This.}\n    distinction: {shows: That.}\n    author: writer-1\n", i + 1, tags[i]);
	cr_assert_eq(kb_file_make_dir("demo", &kit_err), KB_OK);
	kit_write("demo/items.yaml", kb_buf_string(&items));
	kit_write("demo/specification.yaml", "format: ksbank-specification/1\nstandard: " KIT_STANDARD "\nmethod: demo\n"
		"questions: 2\ncoverage: {rule: every}\nreserve: 0\nreason: For tests.\nauthor: tester\n");
	kit_must("bank import", "{\"path\":\"demo\",\"approved-by\":\"reviewer-1\"}");
}

void kit_add_themes(int count, const char *rivals)
{
	kb_buf items = { .arena = kit_arena };
	kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\ncase-study-themes:\n");
	for (int i = 1; i <= count; i++)
		kb_buf_printf(&items,
			"  - id: CT-%02d\n    title: Theme %d\n    ksbs: [S1, K1, K2]\n    brief: Write about night %d.\n"
			"    guidance: [Say when., Say why.]\n    where: {K1: In the lamp., K2: In the fog., S1: On the stairs.}\n"
			"    author: writer-1\n    accessibility: None.\n%s",
			i, i, i, i == 1 && rivals ? kb_arena_printf(kit_arena, "    rivals: [%s]\n", rivals) : "");
	kit_write("bank/themes.yaml", kb_buf_string(&items));
	kit_must("bank import", "{\"path\":\"bank/themes.yaml\",\"approved-by\":\"reviewer-1\"}");
}

kb_status kit_draw(const char *candidate, const char *sitting)
{
	return kit_run("paper draw", kb_arena_printf(kit_arena,
		"{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"%s\",\"sitting\":\"%s\"}", candidate, sitting));
}

kb_node *kit_selection(const char *paper)
{
	kit_must("paper show", kb_arena_printf(kit_arena, "{\"paper\":\"%s\"}", paper));
	kb_buf text = { .arena = kit_arena };
	cr_assert_eq(kb_json_canonical(kit_arena, kb_node_get(kb_node_get(kit_call.result, "record"), "selection"), &text, &kit_err), KB_OK);
	return kit_json(text.text);
}

void kit_write_sitting(const char *paper, const char *state, const char *more)
{
	const kb_node *selection = kit_selection(paper);
	kb_buf out = { .arena = kit_arena };
	kb_buf_printf(&out, "format: ksbank-sitting/1\npaper: %s\nminutes: 30\nchecklist: {a: {done: yes}, b: {done: yes}}\n%squestions:\n", paper, more);
	for (size_t i = 0; i < selection->count; i++) kb_buf_printf(&out, "  - {id: %s, state: %s}\n", selection->items[i]->text, state);
	kit_write("sitting.yaml", kb_buf_string(&out));
}

bool kit_share(const kb_node *a, const kb_node *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (strcmp(a->items[i]->text, b->items[j]->text) == 0) return true;
	return false;
}

const char *kit_state(void)
{
	kb_arena *arena = kb_arena_new((size_t)64 << 20); /* it is asked a thousand times */
	kb_bytes bytes;
	kb_digest digest;
	char text[KB_DIGEST_TEXT];
	cr_assert_eq(kb_file_read(arena, "store", (size_t)32 << 20, &bytes, &kit_err), KB_OK, "%s", kit_err.message);
	cr_assert(!kb_file_exists("store-wal"), "a store that is closed has nothing beside it");
	cr_assert_eq(kb_digest_of("test", bytes.data, bytes.length, &digest, &kit_err), KB_OK);
	kb_arena_free(arena);
	kb_digest_format(&digest, text);
	return kb_arena_text(kit_arena, text);
}

int64_t kit_log_length(void)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head = { 0 };
	kb_err err;
	cr_assert_eq(kb_store_open("store", 1000, &store, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_store_log_check(store, &head, &err), KB_OK, "%s", err.message);
	return head.length;
}
