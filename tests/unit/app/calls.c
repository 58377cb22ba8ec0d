#include "calls.h"

#include <string.h>
#include <unistd.h>

static const struct {
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

void calls_fill(void)
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

void calls_put_back(void)
{
	kb_bytes bytes = kit_read("kept"), keys = kit_read("kept.keys");
	cr_assert_eq(kb_file_write("store", bytes.data, bytes.length, 0600, &kit_err), KB_OK);
	cr_assert_eq(kb_file_write("store.keys", keys.data, keys.length, 0600, &kit_err), KB_OK);
	unlink("new"), unlink("new.keys"), unlink("sheet.html"), unlink("form.yaml"), unlink("draft.yaml"), unlink("review.ics"), unlink("gap.yaml"), unlink("read.csv"), unlink("certificate.html");
	kit_remove("packed"), unlink("packed.tar");
	unlink("made/specification.yaml"), unlink("made/T-1.yaml"), unlink("made/T-2.yaml");
	kit_remove("out");
}

bool calls_logs(const kb_op *op)
{
	return op->store == KB_OP_WRITES || op->confidential || op->logged_after;
}

const char *calls_of(const kb_op *op)
{
	for (size_t i = 0; i < KB_COUNT(sounds); i++)
		if (strcmp(sounds[i].op, op->name) == 0) return sounds[i].arguments;
	cr_assert_fail("give \"%s\" a call in calls.c", op->name);
	return NULL;
}

void calls_check_error(const kb_op *op, const char *what)
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
