/* Every operation with hostile words for each argument, on a disk that is full, and killed. */
#include "calls.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/screen.h"
#include "unit/store/store_disk.h"

TestSuite(hostile, .init = kit_set_up, .fini = kit_tear_down);

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

/* The paths of all finished files here; what a kill left unfinished, and beside a store, is cleared away. */
static const char *files_here(void)
{
	const char *const *paths;
	size_t count;
	kb_buf list = { .arena = kit_arena };
	cr_assert_eq(kb_file_list(kit_arena, ".", "", 1000, &paths, &count, &kit_err), KB_OK, "%s", kit_err.message);
	for (size_t i = 0; i < count; i++)
		if (strstr(paths[i], ".unfinished") || strstr(paths[i], "store-")) unlink(paths[i]);
		else kb_buf_printf(&list, "%s\n", paths[i]);
	return kb_buf_string(&list);
}

/* A disk that is full at the nth write: each operation is done and logged whole, or refused and nothing is there. */
Test(hostile, a_full_disk_loses_nothing)
{
	static const int moments[] = { 1, 3, 9, 27, 81 };
	cr_assert_eq(store_disk_install(), 0);
	calls_fill();
	int64_t before = kit_log_length();
	const char *there = files_here();
	for (size_t i = 0; i < kb_op_count; i++)
		for (size_t m = 0; m < KB_COUNT(moments) && calls_logs(kb_ops[i]); m++) {
			const char *what = kb_arena_printf(kit_arena, "%s, full at write %d", kb_ops[i]->name, moments[m]);
			store_disk_fail_at(STORE_DISK_FULL, moments[m]);
			kb_status status = kit_run(kb_ops[i]->name, calls_of(kb_ops[i]));
			bool hit = store_disk_was_hit();
			store_disk_fail_at(STORE_DISK_FULL, 0);
			cr_assert(hit || status == KB_OK, "%s: %s", what, kit_err.message);
			if (status != KB_OK) cr_assert(kit_err.hint[0], "%s: no way out from: %s", what, kit_err.message);
			cr_assert_eq(kit_log_length() - before, status == KB_OK, "%s: %s", what, kit_err.message);
			if (status != KB_OK) cr_assert_str_eq(files_here(), there, "%s leaves a file that the log does not know", what);
			calls_put_back();
			if (!hit) break;
		}
}

static bool is_killed(const kb_op *op, int moment)
{
	int ended;
	pid_t child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		store_disk_fail_at(STORE_DISK_KILL, moment);
		_exit(kit_run(op->name, calls_of(op)) == KB_OK ? 0 : 1);
	}
	cr_assert_eq(waitpid(child, &ended, 0), child);
	cr_assert(WIFSIGNALED(ended) || WEXITSTATUS(ended) == 0, "%s fails", op->name);
	return WIFSIGNALED(ended);
}

/* Killed at the nth write or flush: each operation is done and logged whole, or nothing is there. */
Test(hostile, a_kill_loses_nothing)
{
	cr_assert_eq(store_disk_install(), 0);
	calls_fill();
	int64_t before = kit_log_length();
	const char *there = files_here();
	for (size_t i = 0; i < kb_op_count; i++) {
		bool killed = calls_logs(kb_ops[i]);
		for (int moment = 1; killed; moment += 1 + moment / 3) {
			const char *what = kb_arena_printf(kit_arena, "%s, killed at write %d", kb_ops[i]->name, moment);
			killed = is_killed(kb_ops[i], moment);
			int64_t entries = kit_log_length() - before;
			cr_assert(entries == 1 || (entries == 0 && killed), "%s: %d entries", what, (int)entries);
			if (entries == 0) cr_assert_str_eq(files_here(), there, "%s leaves a file that the log does not know", what);
			kit_must("audit verify", "{}");
			files_here();
			calls_put_back();
		}
	}
}

/* Two files of one pack under one name: seen at once, or, where the name is written in two ways, behind the log. */
Test(hostile, a_file_gets_its_name_behind_the_log)
{
	static const struct {
		const char *archive, *id;
		int entries;
	} packs[] = { { "packed/INDEX.html", "file.twice", 0 }, { "packed/../packed/INDEX.html", "file", 1 } };
	calls_fill();
	for (size_t i = 0; i < KB_COUNT(packs); i++) {
		int64_t length = kit_log_length();
		const char *there = files_here();
		cr_assert_neq(kit_run("audit pack", kb_arena_printf(kit_arena, "{\"folder\":\"packed\",\"papers\":\"P-000001\",\"archive\":\"%s\"}", packs[i].archive)), KB_OK);
		cr_assert_str_eq(kit_err.id, packs[i].id);
		cr_assert(kit_err.hint[0], "no way out from: %s", kit_err.message);
		cr_assert_eq(kit_log_length() - length, packs[i].entries);
		cr_assert_str_eq(files_here(), there, "%s leaves a file", packs[i].archive);
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
	kb_node *arguments = kit_json(calls_of(op));
	kb_node_set(kit_arena, arguments, arg->name, value);
	const char *where = kb_arena_printf(kit_arena, "%s for %s", what, arg->name);
	kb_status status = kit_run_with(op, arguments);
	if (status != KB_OK) {
		calls_check_error(op, where);
		return;
	}
	bool may = value->kind == KB_NODE_TEXT && (is_free(arg->name) || is_filter(op->name, arg->name) || makes_a_file(op->name, arg->name));
	may |= arg->type == KB_ARG_REFERENCE && value->kind == KB_NODE_TEXT && !strpbrk(value->text, " ;'\"{%\n*");
	may |= arg->type == KB_ARG_FLAG && value->kind == KB_NODE_BOOL;
	cr_assert(may, "%s took %s", op->name, where);
	kb_buf out = { .arena = kit_arena };
	cr_assert_eq(kb_screen(kit_arena, op->screen, kit_call.result, 80, &out, &kit_err), KB_OK, "%s with %s: %s", op->name, where, kit_err.message);
	calls_put_back();
}

Test(hostile, words_change_nothing)
{
	calls_fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++)
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const char *what;
			kb_node *value;
			for (size_t h = 0; (value = hostile(h, &what)); h++) offer(kb_ops[i], &kb_ops[i]->args[a], value, what);
			cr_assert_str_eq(before, kit_state(), "%s with hostile words for %s changed the store", kb_ops[i]->name, kb_ops[i]->args[a].name);
		}
}
