/* The table of operations, walked: who may, what hostile words do, what is logged, what a person sees. */
#include "kit.h"

#include <string.h>
#include <unistd.h>

#include "app/screen.h"
#include "embedded/templates.h"
#include "unit/store/store_disk.h"

TestSuite(ops, .init = kit_set_up, .fini = kit_tear_down);

/* One sound call of each operation, on the store that fill() makes. */
static const struct sound {
	const char *op, *arguments;
} sounds[] = {
	{ "store init", "{\"file\":\"new\"}" },
	{ "store key", "{}" },
	{ "store backup", "{\"file\":\"new\",\"with-keys\":true}" },
	{ "store restore", "{\"file\":\"kept\",\"to\":\"new\"}" },
	{ "store check", "{}" },
	{ "store seal", "{\"file\":\"map.csv\",\"to\":\"new\",\"new-password-file\":\"password\"}" },
	{ "user add", "{\"name\":\"a.new\",\"role\":\"writer\"}" },
	{ "user list", "{}" },
	{ "user role", "{\"name\":\"writer\",\"give\":\"reviewer\"}" },
	{ "user password", "{\"name\":\"writer\"}" },
	{ "user conflict", "{\"name\":\"assessor\",\"kind\":\"employer\",\"with\":\"north\",\"reason\":\"r\"}" },
	{ "user leave", "{\"name\":\"writer\"}" },
	{ "candidate register", "{\"candidate\":\"AP-1\",\"employer\":\"north\",\"provider\":\"hill\"}" },
	{ "paper assign", "{\"paper\":\"P-000001\",\"to\":\"assessor\"}" },
	{ "bank new", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"folder\":\"made\"}" },
	{ "bank import", "{\"path\":\"bank\",\"approved-by\":\"tester\"}" },
	{ "bank export", "{\"standard\":\"ST9999/1.0\",\"folder\":\"out\"}" },
	{ "bank capacity", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\"}" },
	{ "bank weigh", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"cap\":400}" },
	{ "bank gaps", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"papers\":4}" },
	{ "bank brief", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"number\":1,\"output\":\"gap.yaml\"}" },
	{ "bank explain", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"candidate\":\"AP-1\"}" },
	{ "bank predictability", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"cap\":400,\"format\":\"html\",\"output\":\"sheet.html\"}" },
	{ "bank forecast", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"format\":\"html\",\"output\":\"sheet.html\"}" },
	{ "bank report", "{\"format\":\"html\",\"output\":\"sheet.html\"}" },
	{ "bank simulate", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"candidates\":5,\"resits\":50,\"employers\":2,\"seed\":\"s\",\"format\":\"svg\",\"output\":\"sheet.html\"}" },
	{ "standard list", "{}" },
	{ "standard show", "{\"standard\":\"ST9999/1.0\"}" },
	{ "standard lint", "{\"standard\":\"ST9999/1.0\"}" },
	{ "standard map", "{\"standard\":\"ST9999/1.0\",\"method\":\"demo\",\"file\":\"map.csv\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"page 14\"}" },
	{ "standard decide", "{\"standard\":\"ST9999/1.0\",\"ksb\":\"K2\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"minutes\"}" },
	{ "question list", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"theme\":\"T-1\",\"ksb\":\"K1\",\"state\":\"approved\"}" },
	{ "question show", "{\"id\":\"Q-K1-1\",\"version\":1,\"yaml\":true}" },
	{ "question history", "{\"id\":\"Q-K1-1\"}" },
	{ "question diff", "{\"id\":\"Q-K1-1\",\"from\":1,\"to\":1}" },
	{ "question new", "{\"path\":\"new.yaml\"}" },
	{ "question edit", "{\"path\":\"edit.yaml\"}" },
	{ "question submit", "{\"ids\":\"Q-D-1\",\"reason\":\"r\",\"version\":1}" },
	{ "question review", "{\"id\":\"Q-K1-1\",\"version\":1}" },
	{ "question approve", "{\"ids\":\"Q-D-2\",\"checklist\":\"all-met\",\"reason\":\"r\",\"version\":1}" },
	{ "question return", "{\"ids\":\"Q-D-2\",\"at\":\"stem\",\"reason\":\"r\",\"version\":1}" },
	{ "question suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\",\"version\":1}" },
	{ "question retire", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\",\"version\":1}" },
	{ "question lint", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"rules\":true}" },
	{ "question similar", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"least\":1}" },
	{ "theme offer", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"candidate\":\"AP-2\",\"sitting\":\"first\",\"seed\":\"s\"}" },
	{ "paper draw", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"candidate\":\"AP-2\",\"sitting\":\"first\",\"seed\":\"s\"}" },
	{ "paper list", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"candidate\":\"AP-1\"}" },
	{ "paper show", "{\"paper\":\"P-000001\"}" },
	{ "paper print", "{\"paper\":\"P-000001\",\"what\":\"recording-sheet\",\"format\":\"html\",\"output\":\"sheet.html\"}" },
	{ "paper withdraw", "{\"paper\":\"P-000001\",\"by\":\"operations-1\",\"reason\":\"left on a train\"}" },
	{ "paper compare", "{\"paper\":\"P-000001\",\"other\":\"P-000001\"}" },
	{ "paper replay", "{\"paper\":\"P-000001\"}" },
	{ "paper export", "{\"paper\":\"P-000001\",\"folder\":\"out\"}" },
	{ "question exposure", "{\"id\":\"Q-K1-1\",\"version\":1}" },
	{ "candidate erase", "{\"candidate\":\"AP-1\",\"reason\":\"r\",\"yes\":true}" },
	{ "incident report", "{\"kind\":\"leak\",\"summary\":\"s\",\"question\":\"Q-K1-1\",\"paper\":\"P-000001\"}" },
	{ "incident note", "{\"incident\":\"I-0001\",\"text\":\"t\",\"closes\":true}" },
	{ "incident list", "{}" },
	{ "incident show", "{\"incident\":\"I-0001\"}" },
	{ "audit coverage", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\"}" },
	{ "audit resits", "{\"candidate\":\"AP-1\"}" },
	{ "audit reviews", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\"}" },
	{ "audit log", "{\"from\":1,\"operation\":\"paper draw\",\"person\":\"tester\",\"day\":\"2026-11-22\"}" },
	{ "audit pack", "{\"folder\":\"packed\",\"papers\":\"P-000001\",\"standard\":\"ST9999/1.0\",\"with-text\":true,\"archive\":\"packed.tar\"}" },
	{ "audit verify", "{}" },
	{ "audit sign", "{}" },
	{ "review due", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"within\":400,\"for\":\"reviewer\"}" },
	{ "review forecast", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\"}" },
	{ "review calendar", "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"output\":\"review.ics\"}" },
	{ "review queue", "{\"for\":\"reviewer\",\"output\":\"read.csv\"}" },
	{ "review open", "{\"standard\":\"ST9999/1.0\",\"method\":\"demo\",\"due\":\"2026-12-31\",\"reason\":\"r\"}" },
	{ "review hand", "{\"campaign\":\"R-0002\",\"to\":\"reviewer\",\"theme\":\"T-1\",\"count\":2}" },
	{ "review progress", "{\"campaign\":\"R-0002\"}" },
	{ "review close", "{\"campaign\":\"R-0002\",\"statement\":\"s\",\"with-open\":true,\"reason\":\"r\"}" },
	{ "review certificate", "{\"campaign\":\"R-0001\",\"format\":\"html\",\"output\":\"certificate.html\"}" },
	{ "review list", "{}" },
	{ "paper verify", "{\"paper\":\"P-000001\"}" },
	{ "decision record", "{\"standard\":\"ST9999/1.0\",\"subject\":\"resit-cap-scope\",\"choice\":\"method\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"minutes\"}" },
	{ "decision list", "{\"standard\":\"ST9999/1.0\"}" },
	{ "sitting form", "{\"paper\":\"P-000001\",\"output\":\"form.yaml\"}" },
	{ "sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}" },
	{ "sitting show", "{\"paper\":\"P-000002\",\"record\":1}" },
	{ "sitting list", "{}" },
	{ "sitting propose", "{\"paper\":\"P-000002\",\"number\":1,\"output\":\"draft.yaml\"}" },
};

/* Words that are the user's own, so that anything goes that is one line of text. */
static bool is_free(const char *arg)
{
	static const char *const names[] = { "approved-by", "by", "reason", "source", "seed", "name", "summary", "text", "new-password-file",
		"new-passphrase-file", "statement" };
	for (size_t i = 0; i < KB_COUNT(names); i++)
		if (strcmp(names[i], arg) == 0) return true;
	return false;
}

/* Filters: an unknown value finds nothing, which is no error. */
static bool is_filter(const char *op, const char *arg)
{
	return strcmp(op, "paper list") == 0 || (strcmp(op, "question list") == 0 && (strcmp(arg, "theme") == 0 || strcmp(arg, "ksb") == 0));
}

static bool makes_a_file(const char *op, const char *arg)
{
	bool keeps = strncmp(op, "store ", 6) == 0 && (strcmp(arg, "file") == 0 || strcmp(arg, "to") == 0);
	return keeps || strcmp(arg, "folder") == 0 || strcmp(arg, "output") == 0 || strcmp(arg, "archive") == 0;
}

/* R-0001 is signed off, R-0002 open; of the demo there is something to review. */
static void fill_reviews(void)
{
	static const char open_talk[] = "{\"standard\":\"ST9999/1.0\",\"method\":\"talk\",\"due\":\"2026-12-31\",\"reason\":\"r\"}";
	kit_must("review open", open_talk);
	kit_must("review close", "{\"campaign\":\"R-0001\",\"statement\":\"s\",\"with-open\":true,\"reason\":\"r\"}");
	kit_must("review open", open_talk);
	kit_write("demo.yaml", "format: ksbank-items/1\nstandard: ST9999/1.0\nmethod: demo\nquestions:\n"
		"  - {id: D-1, ksbs: [K1], kind: scenario, minutes: 5, stem: What of it?, prompts: [Why?], pass: {shows: This.},\n"
		"     distinction: {shows: That.}, author: writer-1}\n");
	kit_must("bank import", "{\"path\":\"demo.yaml\",\"approved-by\":\"tester\"}");
}

static void fill(void)
{
	kit_fill(3, "themes-offered: 2\n");
	kit_add_themes(5, NULL);
	kit_write("map.csv", "theme,name,ksb\nD-1,Demo,S1\n");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	kit_write("new.yaml", kit_questions("Q-N-1", "tester"));
	kit_write("edit.yaml", kit_questions("Q-K1-1", "tester"));
	kit_write("drafts.yaml", kb_arena_printf(kit_arena, "%s%s", kit_questions("Q-D-1", "other"), kit_question("Q-D-2", "T-1", "K1", NULL)));
	kit_must("question new", "{\"path\":\"drafts.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-D-2\"}");
	/* One person for each role, by its name; the tester is an admin. */
	kit_must("user add", "{\"name\":\"tester\",\"role\":\"admin\"}");
	for (size_t r = 0; r < KB_ROLE_COUNT; r++)
		kit_must("user add", kb_arena_printf(kit_arena, "{\"name\":\"%s\",\"role\":\"%s\"}", kb_roles[r], kb_roles[r]));
	kit_must("incident report", "{\"kind\":\"leak\",\"summary\":\"s\",\"question\":\"Q-K1-1\"}");
	fill_reviews();
	cr_assert_eq(kit_draw("AP-3", "first"), KB_OK, "%s", kit_err.message);
	kit_write_sitting("P-000002", "asked", "own-questions: [{text: Why the lamp?}]\n");
	kit_must("sitting record", "{\"paper\":\"P-000002\",\"file\":\"sitting.yaml\"}");
	kit_write_sitting("P-000001", "asked", "");
	kit_write("password", "three words together\n");
	cr_assert_eq(kb_file_copy("store", "kept", 0600, &kit_err), KB_OK);
	cr_assert_eq(kb_file_copy("store.keys", "kept.keys", 0600, &kit_err), KB_OK);
}

static void put_back(void)
{
	kb_bytes bytes = kit_read("kept"), keys = kit_read("kept.keys");
	cr_assert_eq(kb_file_write("store", bytes.data, bytes.length, 0600, &kit_err), KB_OK);
	cr_assert_eq(kb_file_write("store.keys", keys.data, keys.length, 0600, &kit_err), KB_OK);
	unlink("new"), unlink("new.keys"), unlink("sheet.html"), unlink("form.yaml"), unlink("draft.yaml"), unlink("review.ics"), unlink("gap.yaml"), unlink("read.csv"), unlink("certificate.html");
	kit_remove("packed"), unlink("packed.tar");
	unlink("made/specification.yaml"), unlink("made/T-1.yaml"), unlink("made/T-2.yaml");
	kit_remove("out");
}

static bool logs(const kb_op *op)
{
	return op->store == KB_OP_WRITES || op->confidential || op->logged_after;
}

/* The paths of all files here. */
static const char *files_here(void)
{
	const char *const *paths;
	size_t count;
	kb_buf list = { .arena = kit_arena };
	cr_assert_eq(kb_file_list(kit_arena, ".", "", 1000, &paths, &count, &kit_err), KB_OK, "%s", kit_err.message);
	for (size_t i = 0; i < count; i++) kb_buf_printf(&list, "%s\n", paths[i]);
	return kb_buf_string(&list);
}

static const struct sound *sound_of(const kb_op *op)
{
	for (size_t i = 0; i < KB_COUNT(sounds); i++)
		if (strcmp(sounds[i].op, op->name) == 0) return &sounds[i];
	cr_assert_fail("give \"%s\" a sound call in this test", op->name);
	return NULL;
}

static void check_error(const kb_op *op, const char *what)
{
	size_t bad;
	cr_assert(kit_err.id[0] && kit_err.message[0], "%s with %s says nothing", op->name, what);
	cr_assert(kb_str_is_utf8(kit_err.message, strlen(kit_err.message), &bad), "%s with %s: no UTF-8", op->name, what);
	cr_assert(kb_str_is_utf8(kit_err.hint, strlen(kit_err.hint), &bad), "%s with %s: no UTF-8 in the hint", op->name, what);
	cr_assert(!strpbrk(kit_err.message, "\x01\x1b\r\n"), "%s with %s: control characters in: %s", op->name, what, kit_err.message);
	cr_assert_neq(kit_err.status, KB_BUG, "%s with %s: %s", op->name, what, kit_err.message);
	cr_assert_neq(kit_err.status, KB_CORRUPT, "%s with %s: %s", op->name, what, kit_err.message);
	if (kit_err.status == KB_USAGE) cr_assert(kit_err.hint[0], "%s with %s: no way out from: %s", op->name, what, kit_err.message);
}

static size_t group_length(const char *name)
{
	return strcspn(name, " ");
}

Test(ops, the_table_is_in_order)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		size_t n = group_length(op->name);
		cr_assert(op->name[n] == ' ' && !strchr(op->name + n + 1, ' '), "%s is a group and a verb", op->name);
		for (size_t j = 0; j < i; j++) {
			cr_assert_str_neq(op->name, kb_ops[j]->name);
			bool same = strncmp(op->name, kb_ops[j]->name, n + 1) == 0;
			if (same) cr_assert(strncmp(op->name, kb_ops[i - 1]->name, n + 1) == 0, "%s stands away from its group", op->name);
		}
		cr_assert(op->summary && op->summary[0] && op->summary[strlen(op->summary) - 1] != '.', "%s", op->name);
		if (op->help) cr_assert(strstr(op->help, kb_arena_printf(kit_arena, "ksbank %s", op->name)), "%s shows no example", op->name);
		cr_assert(op->permission < KB_PERMISSION_COUNT, "%s", op->name);
		cr_assert_not_null(op->run);
		cr_assert_eq(kb_op_find(op->name), op);
	}
	cr_assert_null(kb_op_find("paper"));
	cr_assert_null(kb_op_find(""));
}

Test(ops, arguments_are_described)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		bool optional_place = false;
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const kb_arg *arg = &kb_ops[i]->args[a];
			const char *what = kb_arena_printf(kit_arena, "%s %s", kb_ops[i]->name, arg->name);
			cr_assert(arg->help && arg->help[0], "%s", what);
			cr_assert_eq(arg->type == KB_ARG_WORD, arg->words != NULL, "%s", what);
			if (arg->type == KB_ARG_WORD) cr_assert_not_null(arg->words[0], "%s", what);
			cr_assert(!(arg->place && arg->required && optional_place), "%s stands behind a place that may be left out", what);
			optional_place |= arg->place && !arg->required;
			for (size_t b = 0; b < a; b++) cr_assert_str_neq(arg->name, kb_ops[i]->args[b].name, "%s", what);
		}
	}
}

Test(ops, each_has_its_screen)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		const char *name = kb_arena_printf(kit_arena, "cli/%s.md", kb_ops[i]->screen);
		cr_assert_not_null(kb_embedded_templates(name), "%s has no template %s", kb_ops[i]->name, name);
	}
}

Test(ops, without_the_permission_all_are_refused)
{
	fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++)
		for (unsigned role = 0; role < KB_ROLE_COUNT; role++) {
			if (kb_ops[i]->store == KB_OP_NO_STORE || kb_role_may((kb_role)role, kb_ops[i]->permission)) continue;
			kit_actor = kb_roles[role];
			cr_assert_eq(kit_run(kb_ops[i]->name, sound_of(kb_ops[i])->arguments), KB_DENIED, "%s as %s", kb_ops[i]->name, kb_roles[role]);
			cr_assert_str_eq(kit_err.id, "permission");
			cr_assert(kit_err.hint[0] && strstr(kit_err.message, kb_roles[role]) != NULL);
			cr_assert_eq(kit_call.result->pair_count, 0);
			cr_assert_null(kit_call.store);
		}
	cr_assert_str_eq(before, kit_state());
	cr_assert(!kb_file_exists("new") && !kb_file_exists("out") && !kb_file_exists("sheet.html"));
}

Test(ops, who_is_not_known_may_nothing)
{
	fill();
	const char *before = kit_state();
	kit_actor = "stranger";
	for (size_t i = 0; i < kb_op_count; i++) {
		if (kb_ops[i]->store == KB_OP_NO_STORE) continue;
		cr_assert_eq(kit_run(kb_ops[i]->name, sound_of(kb_ops[i])->arguments), KB_DENIED, "%s", kb_ops[i]->name);
		cr_assert_str_eq(kit_err.id, "person.none");
	}
	cr_assert_str_eq(before, kit_state());
}

/* Even what is wrong with the words is not told to who may not ask. */
Test(ops, permission_comes_before_validation)
{
	fill();
	kit_actor = "assessor";
	cr_assert_eq(kit_run("paper draw", "{\"nonsense\":1}"), KB_DENIED);
}

Test(ops, each_logs_once_or_not_and_shows_its_result)
{
	fill();
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		int64_t length = kit_log_length();
		const char *before = kit_state();
		kit_must(op->name, sound_of(op)->arguments);
		kb_buf out = { .arena = kit_arena };
		kb_status shown = kb_screen(kit_arena, op->screen, kit_call.result, 80, &out, &kit_err);
		cr_assert_eq(shown, KB_OK, "%s: %s", op->name, kit_err.message);
		cr_assert_gt(out.length, 10, "%s shows nothing", op->name);
		for (size_t k = 0; k < kit_call.result->pair_count; k++)
			cr_assert_neq(strstr(op->answer, kit_call.result->pairs[k].key), NULL, "the help of %s does not name the key %s",
				op->name, kit_call.result->pairs[k].key);
		cr_assert_eq(kit_log_length() - length, logs(op), "%s", op->name);
		if (!logs(op)) cr_assert_str_eq(before, kit_state(), "%s only reads", op->name);
		put_back();
	}
}

/* A disk that is full at the nth write: each operation is done and logged whole, or refused and nothing is there. */
Test(ops, a_full_disk_loses_nothing)
{
	static const int moments[] = { 1, 3, 9, 27, 81 };
	cr_assert_eq(store_disk_install(), 0);
	fill();
	int64_t before = kit_log_length();
	const char *there = files_here();
	for (size_t i = 0; i < kb_op_count; i++)
		for (size_t m = 0; m < KB_COUNT(moments) && logs(kb_ops[i]); m++) {
			const char *what = kb_arena_printf(kit_arena, "%s, full at write %d", kb_ops[i]->name, moments[m]);
			store_disk_fail_at(STORE_DISK_FULL, moments[m]);
			kb_status status = kit_run(kb_ops[i]->name, sound_of(kb_ops[i])->arguments);
			bool hit = store_disk_was_hit();
			store_disk_fail_at(STORE_DISK_FULL, 0);
			cr_assert(hit || status == KB_OK, "%s: %s", what, kit_err.message);
			if (status != KB_OK) cr_assert(kit_err.hint[0], "%s: no way out from: %s", what, kit_err.message);
			cr_assert_eq(kit_log_length() - before, status == KB_OK, "%s: %s", what, kit_err.message);
			unlink("store-wal"), unlink("store-shm");
			if (status != KB_OK) cr_assert_str_eq(files_here(), there, "%s leaves a file that the log does not know", what);
			put_back();
			if (!hit) break;
		}
}

/* Hostile words. */

static kb_node *hostile(size_t which, const char **what)
{
	static char flood[10241];
	static const char wide[] = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"
		"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"
		"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";
	static const char *const texts[] = { "", "a\nb", "\x1b[31mred", "\x7F", "'; DROP TABLE paper; --", "\"quoted\" 'twice'", "{{x}}",
		"{{{x}}} {{#y}}", "\xff\xfe", "a\xc3", "\xed\xa0\x80", "%s%n%s", "../../../no/such/passwd",
		"P--1", "P-99999999999999999999", "no such thing", "*", wide };
	if (which < KB_COUNT(texts)) {
		*what = kb_arena_printf(kit_arena, "text %zu", which);
		return kb_node_text(kit_arena, texts[which]);
	}
	memset(flood, 'x', sizeof flood - 1);
	switch (which - KB_COUNT(texts)) {
	case 0: *what = "10 kB"; return kb_node_text(kit_arena, flood);
	case 1: *what = "a NUL inside"; return kb_node_textn(kit_arena, "P-000001\0x", 10);
	case 2: *what = "null"; return kb_node_null(kit_arena);
	case 3: *what = "true"; return kb_node_bool(kit_arena, true);
	case 4: *what = "zero"; return kb_node_int(kit_arena, 0);
	case 5: *what = "the least number"; return kb_node_int(kit_arena, INT64_MIN);
	case 6: *what = "the largest number"; return kb_node_int(kit_arena, INT64_MAX);
	case 7: *what = "a million and one"; return kb_node_int(kit_arena, 1000001);
	case 8: *what = "a list"; return kb_node_list(kit_arena);
	case 9: *what = "a map"; return kb_node_map(kit_arena);
	default: return NULL;
	}
}

static void offer(const kb_op *op, const kb_arg *arg, kb_node *value, const char *what)
{
	kb_node *arguments = kit_json(sound_of(op)->arguments);
	kb_node_set(kit_arena, arguments, arg->name, value);
	const char *where = kb_arena_printf(kit_arena, "%s for %s", what, arg->name);
	kb_status status = kit_run_with(op, arguments);
	if (status != KB_OK) {
		check_error(op, where);
		return;
	}
	bool may = value->kind == KB_NODE_TEXT && (is_free(arg->name) || is_filter(op->name, arg->name) || makes_a_file(op->name, arg->name));
	may |= arg->type == KB_ARG_REFERENCE && value->kind == KB_NODE_TEXT && !strpbrk(value->text, " ;'\"{%\n*");
	may |= arg->type == KB_ARG_FLAG && value->kind == KB_NODE_BOOL;
	cr_assert(may, "%s took %s", op->name, where);
	kb_buf out = { .arena = kit_arena };
	cr_assert_eq(kb_screen(kit_arena, op->screen, kit_call.result, 80, &out, &kit_err), KB_OK, "%s with %s: %s", op->name, where, kit_err.message);
	put_back();
}

Test(ops, hostile_words_change_nothing)
{
	fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++)
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const char *what;
			kb_node *value;
			for (size_t h = 0; (value = hostile(h, &what)); h++) offer(kb_ops[i], &kb_ops[i]->args[a], value, what);
			cr_assert_str_eq(before, kit_state(), "%s with hostile words for %s changed the store", kb_ops[i]->name, kb_ops[i]->args[a].name);
		}
}

static kb_node *without(const char *arguments, const char *name)
{
	kb_node *all = kit_json(arguments), *rest = kb_node_map(kit_arena);
	for (size_t i = 0; i < all->pair_count; i++)
		if (strcmp(all->pairs[i].key, name) != 0) kb_node_set(kit_arena, rest, all->pairs[i].key, all->pairs[i].value);
	return rest;
}

Test(ops, what_is_missing_or_unknown_is_said)
{
	fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		for (size_t a = 0; a < op->arg_count; a++) {
			if (!op->args[a].required) continue;
			cr_assert_eq(kit_run_with(op, without(sound_of(op)->arguments, op->args[a].name)), KB_USAGE, "%s", op->name);
			cr_assert_str_eq(kit_err.id, "argument.missing");
			cr_assert_not_null(strstr(kit_err.message, op->args[a].name));
			check_error(op, op->args[a].name);
		}
		kb_node *arguments = kit_json(sound_of(op)->arguments);
		kb_node_set_text(kit_arena, arguments, "no\xff\x1b such", "x");
		cr_assert_eq(kit_run_with(op, arguments), KB_USAGE, "%s", op->name);
		cr_assert_str_eq(kit_err.id, "argument.unknown");
		check_error(op, "an unknown name");
	}
	cr_assert_str_eq(before, kit_state());
}

Test(ops, a_reference_never_reaches_the_log)
{
	fill();
	kb_bytes bytes = kit_read("store");
	size_t seen = 0;
	for (const char *p = bytes.data; (p = memmem(p, (size_t)(bytes.data + bytes.length - p), "AP-1", 4)); p++) seen++;
	cr_assert(seen >= 1 && seen <= 2, "the reference stands %zu times in the store: once in its row, once in its index", seen);
}
