/* The life of a question, through the operations: who may move it from where, on what conditions, and what is drawn. */
#include "kit.h"

#include <string.h>

#include "base/str.h"
#include "model/workflow.h"

TestSuite(life, .init = kit_set_up, .fini = kit_tear_down);

#define HEAD "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n"
#define CHECKLIST "ksbs: yes, holds under both\ndemand: yes\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: \"yes\"\n"

/* A question on K1 by an author; NULL: the file names none. */
static const char *question(const char *id, const char *stem, const char *author)
{
	return kb_arena_printf(kit_arena,
		"  - id: %s\n    theme: T-1\n    ksbs: [K1]\n    kind: scenario\n    minutes: 7\n    demand: typical\n    stem: %s\n    prompts: [Why?]\n"
		"    pass: {descriptors: [T-1.P1], shows: This.}\n    distinction: {descriptors: [T-1.D1], shows: That.}\n%s",
		id, stem, author ? kb_arena_printf(kit_arena, "    author: %s\n", author) : "");
}

static void write_question(const char *path, const char *id, const char *stem, const char *author)
{
	kit_write(path, kb_arena_printf(kit_arena, HEAD "%s", question(id, stem, author)));
}

static void add_people(void)
{
	kit_actor = "boss";
	kit_must("user add", "{\"name\":\"boss\",\"role\":\"admin\"}");
	for (size_t r = 0; r < KB_ROLE_COUNT; r++)
		kit_must("user add", kb_arena_printf(kit_arena, "{\"name\":\"%s\",\"role\":\"%s\"}", kb_roles[r], kb_roles[r]));
}

static void keep(const char *from, const char *to)
{
	kb_bytes bytes = kit_read(from);
	cr_assert_eq(kb_file_write(to, bytes.data, bytes.length, 0600, &kit_err), KB_OK);
}

static kb_status act(const char *actor, const char *verb, const char *arguments)
{
	kit_actor = actor;
	return kit_run(kb_arena_printf(kit_arena, "question %s", verb), arguments);
}

static void must(const char *actor, const char *verb, const char *arguments)
{
	kb_status status = act(actor, verb, arguments);
	cr_assert_eq(status, KB_OK, "%s %s as %s: %s (%s)", verb, arguments, actor, kit_err.message, kit_err.hint);
}

static void refused(const char *actor, const char *verb, const char *arguments, kb_status status, const char *id)
{
	const char *before = kit_state();
	cr_assert_eq(act(actor, verb, arguments), status, "%s %s as %s: %s", verb, arguments, actor, kit_err.message);
	cr_assert_str_eq(kit_err.id, id, "%s %s as %s: %s", verb, arguments, actor, kit_err.message);
	cr_assert(kit_err.hint[0], "no way out from: %s", kit_err.message);
	cr_assert_str_eq(before, kit_state(), "%s %s as %s changed the store", verb, arguments, actor);
}

static const char *text_of(const kb_node *map, const char *key)
{
	return kb_node_get_text(map, key, "");
}

static const kb_node *moved(size_t i)
{
	return kb_node_get(kit_call.result, "questions")->items[i];
}

static const char *state_of(const char *id)
{
	kit_actor = kit_actor ? kit_actor : "boss";
	const char *who = kit_actor;
	must("boss", "show", kb_arena_printf(kit_arena, "{\"id\":\"%s\"}", id));
	kit_actor = who;
	return kb_arena_printf(kit_arena, "v%lld %s", (long long)kit_int("version"), kit_text("state"));
}

/* The whole table: each state, move, role, author, reason and checklist. */

static const char *const states[] = { "draft", "submitted", "returned", "approved", "suspended", "retired" };

/* The table once more, by letters: the first of each state; w writer, r reviewer, a assessor, o operations, u auditor, m admin. */
static const struct verb {
	const char *name, *from, *may, *needs_reason_from;
	bool by_another, has_checklist;
} verbs[] = {
	{ "submit", "draft returned", "wm", "returned", false, false },
	{ "return", "submitted", "rm", "submitted", true, false },
	{ "approve", "submitted approved suspended", "rm", "suspended", true, true },
	{ "suspend", "approved", "rom", "approved", false, false },
	{ "retire", "draft submitted returned approved suspended", "rm", "draft submitted returned approved suspended", true, false },
};

static void bring(const char *id, const char *state)
{
	static const char *const ways[][2] = { { 0 }, { "submit" }, { "submit", "return" }, { "submit", "approve" }, { 0 }, { "retire" } };
	const char *arguments = kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"reason\":\"r\"}", id);
	size_t s = 0;
	while (strcmp(states[s], state) != 0) s++;
	const char *const *way = ways[strcmp(state, "suspended") == 0 ? KB_STATE_APPROVED : s];
	for (size_t i = 0; i < 2 && way[i]; i++)
		must("chief", way[i], strcmp(way[i], "approve") == 0 ? kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"checklist\":\"check.yaml\"}", id) : arguments);
	if (strcmp(state, "suspended") == 0) must("chief", "suspend", arguments);
}

/* For each state a question by each role's person, and one by somebody else. */
static void fill_table(void)
{
	kb_buf text = { .arena = kit_arena };
	kit_fill(1, NULL);
	kit_write("check.yaml", CHECKLIST);
	kb_buf_text(&text, HEAD);
	for (size_t s = 0; s < KB_COUNT(states); s++)
		for (size_t r = 0; r <= KB_ROLE_COUNT; r++) {
			const char *author = r < KB_ROLE_COUNT ? kb_roles[r] : "other";
			kb_buf_text(&text, question(kb_arena_printf(kit_arena, "%s-%s", states[s], author), "What of it?", author));
		}
	kit_write("table.yaml", text.text);
	must("chief", "new", "{\"path\":\"table.yaml\"}");
	for (size_t s = 0; s < KB_COUNT(states); s++)
		for (size_t r = 0; r <= KB_ROLE_COUNT; r++)
			bring(kb_arena_printf(kit_arena, "%s-%s", states[s], r < KB_ROLE_COUNT ? kb_roles[r] : "other"), states[s]);
	add_people();
	kit_day = "2026-11-23";
	keep("store", "kept");
}

static const char *wanted(const struct verb *verb, const char *from, unsigned role, bool own, bool reason, const char *checklist)
{
	static const char letters[] = "wraoum";
	if (!strchr(verb->may, letters[role])) return "permission";
	if (!strstr(verb->from, from)) return "life.state";
	if (verb->by_another && own) return "approval.own";
	if (verb->has_checklist && !checklist) return "life.checklist";
	bool word = checklist && strcmp(checklist, "all-met") == 0;
	if (!reason && (strstr(verb->needs_reason_from, from) || word)) return "life.reason";
	return "";
}

static void try_move(const struct verb *verb, const char *from, unsigned role, bool own, bool reason, const char *checklist, const char *before)
{
	const char *id = kb_arena_printf(kit_arena, "%s-%s", from, own ? kb_roles[role] : "other");
	const char *arguments = kb_arena_printf(kit_arena, "{\"ids\":\"%s\"%s%s}", id, reason ? ",\"reason\":\"because\"" : "",
		checklist ? kb_arena_printf(kit_arena, ",\"checklist\":\"%s\"", checklist) : "");
	const char *what = kb_arena_printf(kit_arena, "%s %s as %s", verb->name, arguments, kb_roles[role]);
	const char *fault = wanted(verb, from, role, own, reason, checklist);
	kb_status status = act(kb_roles[role], verb->name, arguments);
	cr_assert_str_eq(status == KB_OK ? "" : kit_err.id, fault, "%s: %s", what, kit_err.message);
	if (status != KB_OK) {
		cr_assert(kit_err.hint[0] && kit_err.status != KB_BUG, "%s", what);
		cr_assert_str_eq(before, kit_state(), "%s changed the store", what);
		return;
	}
	cr_assert_str_eq(text_of(moved(0), "from"), from, "%s", what);
	cr_assert_str_eq(text_of(moved(0), "state"), kit_text("state"), "%s", what);
	cr_assert(strncmp(kit_text("state"), verb->name, 4) == 0 || strcmp(verb->name, "submit") == 0, "%s: %s", what, kit_text("state"));
	keep("kept", "store");
}

Test(life, each_move_role_and_condition)
{
	static const char *const checklists[] = { NULL, "check.yaml", "all-met" };
	fill_table();
	const char *before = kit_state();
	for (size_t v = 0; v < KB_COUNT(verbs); v++)
		for (size_t s = 0; s < KB_COUNT(states); s++)
			for (unsigned role = 0; role < KB_ROLE_COUNT; role++)
				for (unsigned own = 0; own < 2; own++)
					for (unsigned reason = 0; reason < 2; reason++)
						for (size_t c = 0; c < (verbs[v].has_checklist ? KB_COUNT(checklists) : 1); c++)
							try_move(&verbs[v], states[s], role, own, reason, checklists[c], before);
}

Test(life, the_operations_ask_for_the_permission_of_the_table)
{
	for (size_t v = 0; v < KB_COUNT(verbs); v++) {
		const kb_op *op = kb_op_find(kb_arena_printf(kit_arena, "question %s", verbs[v].name));
		for (size_t m = 0; m < kb_move_count; m++)
			if (strcmp(kb_states[kb_moves[m].to], op->moves_to) == 0) cr_assert_eq(kb_moves[m].permission, op->permission, "%s", op->name);
	}
}

/* What is drawn. */

static const char *drawn(const char *day)
{
	kit_actor = "operations";
	kit_day = day;
	kit_must("paper draw", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"practice\":true,\"seed\":\"s\"}");
	kb_buf out = { .arena = kit_arena };
	const kb_node *questions = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < questions->count; i++)
		kb_buf_printf(&out, "%s v%lld ", text_of(questions->items[i], "id"), (long long)kb_node_get_int(questions->items[i], "version", 0));
	return kb_buf_string(&out);
}

Test(life, a_draft_stands_beside_the_approved_version)
{
	kit_fill(1, "reserve: 0\n");
	add_people();
	const char *before = drawn("2026-12-01");
	write_question("edit.yaml", "Q-K1-1", "What now?", NULL);
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	cr_assert_str_eq(drawn("2026-12-01"), before);
	must("writer", "submit", "{\"ids\":\"Q-K1-1\"}");
	cr_assert_eq(kb_node_get_int(moved(0), "drawable", 0), 1);
	cr_assert_str_eq(drawn("2026-12-01"), before);
	must("reviewer", "return", "{\"ids\":\"Q-K1-1\",\"reason\":\"what is it about?\",\"at\":\"stem\"}");
	cr_assert_str_eq(drawn("2026-12-01"), before);
	must("writer", "submit", "{\"ids\":\"Q-K1-1\",\"reason\":\"about the lamp\"}");
	must("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"fine\"}");
	cr_assert_eq(kb_node_get_int(moved(0), "version", 0), 2);
	cr_assert_eq(kb_node_get_int(moved(0), "drawable", 0), 2);
	cr_assert_str_eq(text_of(moved(0), "lapses_on"), "2027-12-01");
	cr_assert_not_null(strstr(drawn("2026-12-01"), "Q-K1-1 v2"));
	cr_assert_str_eq(drawn("2026-11-30"), before, "on a day before its approval the older one is drawn");
}

Test(life, what_is_suspended_or_retired_is_not_drawn_nor_anything_older)
{
	static const char draw[] = "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"practice\":true}";
	kit_fill(1, "reserve: 0\n");
	add_people();
	kit_day = "2026-12-01";
	write_question("edit.yaml", "Q-K1-1", "What now?", "writer");
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	must("writer", "submit", "{\"ids\":\"Q-K1-1\"}");
	must("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"fine\"}");
	must("operations", "suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"seen on a forum\"}");
	cr_assert_null(kb_node_get(moved(0), "drawable"));
	cr_assert_eq(kit_run("paper draw", draw), KB_REFUSED);
	refused("operations", "suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"again\"}", KB_REFUSED, "life.state");
	must("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"no leak\"}");
	cr_assert_not_null(strstr(drawn("2026-12-01"), "Q-K1-1 v2"), "a suspended one comes back on the day of its approval");
	refused("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"again\"}", KB_EXISTS, "life.today");
	must("operations", "suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"seen again\"}");
	refused("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"r\",\"version\":3}", KB_NOT_FOUND, "life.version");
	kit_day = "2026-12-02";
	must("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"no leak\"}");
	cr_assert_not_null(strstr(drawn("2026-12-02"), "Q-K1-1 v2"));
	kit_day = "2026-12-03";
	refused("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"r\",\"version\":1}", KB_REFUSED, "life.version");
	must("reviewer", "retire", "{\"ids\":\"Q-K1-1\",\"reason\":\"out of date\"}");
	kit_actor = "operations";
	cr_assert_eq(kit_run("paper draw", draw), KB_REFUSED);
	refused("reviewer", "retire", "{\"ids\":\"Q-K1-1\",\"reason\":\"again\"}", KB_REFUSED, "life.state");
	kit_day = "2026-12-01";
	write_question("edit.yaml", "Q-K1-1", "What then?", "writer");
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	kit_day = "2026-12-04";
	must("writer", "submit", "{\"ids\":\"Q-K1-1\"}");
	kit_day = "2026-12-03";
	refused("reviewer", "return", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}", KB_REFUSED, "life.time");
}

Test(life, a_version_that_a_newer_draft_replaced_is_not_moved)
{
	kit_fill(1, NULL);
	add_people();
	write_question("edit.yaml", "Q-K1-1", "What now?", NULL);
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	must("writer", "submit", "{\"ids\":\"Q-K1-1\"}");
	write_question("edit.yaml", "Q-K1-1", "What then?", NULL);
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	refused("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"r\",\"version\":2}", KB_REFUSED, "life.version");
	refused("reviewer", "return", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}", KB_REFUSED, "life.state");
	kit_day = "2026-12-01";
	must("reviewer", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"r\"}");
	cr_assert_eq(kb_node_get_int(moved(0), "version", 0), 1, "the draft waits, and the version in use is reviewed");
	must("reviewer", "retire", "{\"ids\":\"Q-K1-1\",\"reason\":\"r\"}");
	cr_assert_eq(kb_node_get_int(moved(0), "version", 0), 3);
	cr_assert_eq(kb_node_get_int(moved(0), "drawable", 0), 1);
}

/* Approvals. */

Test(life, a_checklist_is_answered_whole_and_without_a_no)
{
	kit_fill(1, NULL);
	kit_day = "2026-12-01";
	kit_write("no.yaml", "ksbs: yes\ndemand: no, too easy\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: yes\n");
	kit_write("short.yaml", "ksbs: yes\n");
	kit_write("odd.yaml", CHECKLIST "colour: yes\n");
	refused("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"no.yaml\"}", KB_INVALID, "checklist.no");
	refused("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"short.yaml\"}", KB_INVALID, "record.missing");
	cr_assert_eq(kit_call.faults.count, 6);
	cr_assert_eq(act("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"odd.yaml\"}"), KB_INVALID);
	cr_assert_eq(act("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"none.yaml\"}"), KB_NOT_FOUND);
	kit_write("check.yaml", CHECKLIST);
	must("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"check.yaml\"}");
	must("rita", "history", "{\"id\":\"Q-K1-1\"}");
	const kb_node *moves = kb_node_get(kb_node_get(kit_call.result, "versions")->items[0], "moves");
	cr_assert_eq(moves->count, 2);
	cr_assert_str_eq(text_of(moves->items[1], "by"), "rita");
	cr_assert_str_eq(text_of(kb_node_get(moves->items[1], "checklist"), "ksbs"), "yes, holds under both");
}

Test(life, a_disputed_wording_needs_a_word_on_it)
{
	kit_fill(1, NULL);
	kit_day = "2026-12-01";
	kit_write("check.yaml", CHECKLIST);
	kit_write("bare.yaml", "ksbs: yes\ndemand: yes\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: yes\n");
	refused("rita", "approve", "{\"ids\":\"Q-K2-1\",\"checklist\":\"all-met\",\"reason\":\"r\"}", KB_REFUSED, "life.unsettled");
	refused("rita", "approve", "{\"ids\":\"Q-K2-1\",\"checklist\":\"bare.yaml\"}", KB_REFUSED, "life.unsettled");
	must("rita", "review", "{\"id\":\"Q-K2-1\"}");
	cr_assert_str_eq(kit_text("unsettled"), "K2");
	must("rita", "approve", "{\"ids\":\"Q-K2-1\",\"checklist\":\"check.yaml\"}");
	kit_must("standard decide", "{\"standard\":\"" KIT_STANDARD "\",\"ksb\":\"K2\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\",\"source\":\"s\"}");
	kit_day = "2026-12-02";
	must("rita", "approve", "{\"ids\":\"Q-K2-1\",\"checklist\":\"bare.yaml\"}");
}

Test(life, the_specification_may_shorten_an_approval)
{
	kit_fill(1, "review-months: 5\n");
	kit_day = "2027-01-31";
	must("rita", "approve", "{\"ids\":\"Q-K1-1\",\"checklist\":\"all-met\",\"reason\":\"r\"}");
	cr_assert_str_eq(text_of(moved(0), "lapses_on"), "2027-06-30");
}

/* Without people separation holds by names. */
Test(life, nobody_approves_their_own_in_a_store_without_people)
{
	kit_fill(1, NULL);
	write_question("new.yaml", "Q-N-1", "What is new?", NULL);
	must("Ann", "new", "{\"path\":\"new.yaml\"}");
	must("Ann", "submit", "{\"ids\":\"Q-N-1\"}");
	refused(" ann", "approve", "{\"ids\":\"Q-N-1\",\"checklist\":\"all-met\",\"reason\":\"r\"}", KB_REFUSED, "approval.own");
	refused("ANN", "retire", "{\"ids\":\"Q-N-1\",\"reason\":\"r\"}", KB_REFUSED, "approval.own");
	must("Bob", "approve", "{\"ids\":\"Q-N-1\",\"checklist\":\"all-met\",\"reason\":\"r\"}");
}

/* Writing. */

static void faulty(const char *actor, const char *verb, const char *fault)
{
	refused(actor, verb, "{\"path\":\"file.yaml\"}", KB_INVALID, "bank.faults");
	cr_assert_str_eq(kit_call.faults.list[0].id, fault, "%s", kit_call.faults.list[0].message);
	cr_assert(kit_call.faults.list[0].expected && kit_call.faults.list[0].expected[0]);
}

Test(life, new_and_edited_questions)
{
	kit_fill(1, NULL);
	add_people();
	write_question("file.yaml", "Q-K1-1", "What?", NULL);
	faulty("writer", "new", "question.there");
	write_question("file.yaml", "Q-N-1", "What?", NULL);
	faulty("writer", "edit", "question.none");
	write_question("file.yaml", "Q-N-1", "What?", "writer-1");
	faulty("writer", "new", "question.author");
	keep("bank/specification.yaml", "file.yaml");
	faulty("writer", "new", "question.file");
	kit_write("file.yaml", HEAD);
	cr_assert_eq(act("writer", "new", "{\"path\":\"file.yaml\"}"), KB_INVALID);
	kit_write("file.yaml", kb_arena_printf(kit_arena, HEAD "%s%s", question("Q-N-1", "What?", NULL), question("Q-N-2", "Why?", "writer")));
	must("writer", "new", "{\"path\":\"file.yaml\"}");
	cr_assert_eq(kit_int("count"), 2);
	cr_assert_str_eq(state_of("Q-N-1"), "v1 draft");
	cr_assert_str_eq(text_of(kb_node_get(kit_call.result, "content"), "author"), "writer");
	faulty("writer", "edit", "question.unchanged");
	write_question("file.yaml", "Q-N-1", "What?", "admin");
	faulty("admin", "edit", "question.unchanged");
	write_question("file.yaml", "Q-N-1", "What now?", "admin");
	must("admin", "edit", "{\"path\":\"file.yaml\"}");
	cr_assert_str_eq(state_of("Q-N-1"), "v2 draft");
}

/* Many at once. */

Test(life, many_are_moved_together_or_not_at_all)
{
	kit_fill(2, NULL);
	kit_write("check.yaml", CHECKLIST);
	kit_day = "2026-12-01";
	int64_t length = kit_log_length();
	refused("rita", "approve", "{\"ids\":\"Q-K1-1,Q-K1-2\",\"checklist\":\"check.yaml\"}", KB_REFUSED, "life.refused");
	cr_assert_str_eq(kit_call.faults.list[0].id, "life.reason", "of many each needs a reason");
	refused("rita", "suspend", "{\"ids\":\"Q-K1-1,Q-NONE,Q-K1-2\",\"reason\":\"leak\"}", KB_REFUSED, "life.refused");
	cr_assert_eq(kit_call.faults.count, 1);
	cr_assert_str_eq(kit_call.faults.list[0].id, "item.none");
	cr_assert_eq(act("rita", "suspend", "{\"ids\":\"Q-K1-1, Q-K1-1\",\"reason\":\"leak\"}"), KB_INVALID);
	cr_assert_str_eq(kit_err.id, "life.twice");
	refused("rita", "suspend", "{\"ids\":\" ,\",\"reason\":\"leak\"}", KB_USAGE, "argument");
	refused("rita", "suspend", "{\"reason\":\"leak\"}", KB_USAGE, "argument");
	refused("rita", "suspend", "{\"ids\":\"Q-K1-1,Q-K1-2\",\"version\":1,\"reason\":\"leak\"}", KB_USAGE, "argument");
	kit_write("list.csv", "id,reason,remark\nQ-K1-1,read aloud,x\nQ-S1-1,,x\nQ-K2-1,both texts,x\n");
	must("rita", "approve", "{\"list\":\"list.csv\",\"checklist\":\"check.yaml\",\"reason\":\"compared with the plan\"}");
	cr_assert_eq(kit_int("count"), 3);
	cr_assert_eq(kb_node_get_int(kit_call.effects, "count", 0), 3, "the log tells the number");
	cr_assert_eq(kit_log_length(), length + 1);
	must("rita", "history", "{\"id\":\"Q-S1-1\"}");
	const kb_node *moves = kb_node_get(kb_node_get(kit_call.result, "versions")->items[0], "moves");
	cr_assert_str_eq(text_of(moves->items[1], "reason"), "compared with the plan");
	kit_write("list.csv", "question,reason\nQ-K1-1,r\n");
	cr_assert_eq(act("rita", "suspend", "{\"list\":\"list.csv\"}"), KB_INVALID);
	cr_assert_str_eq(kit_err.id, "life.id");
	refused("rita", "suspend", "{\"list\":\"list.csv\",\"ids\":\"Q-K1-1\"}", KB_USAGE, "argument");
}

Test(life, a_return_has_its_reasons_at_their_places)
{
	kit_fill(1, NULL);
	write_question("new.yaml", "Q-N-1", "What is new?", "ann");
	must("ann", "new", "{\"path\":\"new.yaml\"}");
	must("ann", "submit", "{\"ids\":\"Q-N-1\"}");
	kit_write("list.csv", "id,at,reason\nQ-N-1,stem,asks two things\nQ-N-1,colour,too red\n");
	refused("bob", "return", "{\"list\":\"list.csv\"}", KB_REFUSED, "life.place");
	refused("bob", "return", "{\"ids\":\"Q-N-1\",\"at\":\"title\",\"reason\":\"too short\"}", KB_REFUSED, "life.place");
	cr_assert_not_null(strstr(kit_err.hint, "whole, stem, prompts"));
	cr_assert_null(strstr(kit_err.hint, "title"));
	kit_write("list.csv", "id,at,reason\nQ-N-1,stem,asks two things\nQ-N-1,pass,says too little\nQ-N-1,,a good start\n");
	must("bob", "return", "{\"list\":\"list.csv\"}");
	must("bob", "history", "{\"id\":\"Q-N-1\"}");
	const kb_node *move = kb_node_get(kb_node_get(kit_call.result, "versions")->items[0], "moves")->items[1];
	const kb_node *comments = kb_node_get(move, "comments");
	cr_assert_str_eq(text_of(move, "reason"), "stem: asks two things; pass: says too little; a good start");
	cr_assert_eq(comments->count, 3);
	cr_assert_str_eq(text_of(comments->items[1], "at"), "pass");
	cr_assert_str_eq(text_of(comments->items[1], "text"), "says too little");
}

/* How many findings of a question are neither mended nor answered, by its review; of an info nobody need say anything. */
static int64_t open_findings(const char *id)
{
	int64_t open = 0;
	must("bob", "review", kb_arena_printf(kit_arena, "{\"id\":\"%s\"}", id));
	const kb_node *findings = kb_node_get(kit_call.result, "findings");
	for (size_t i = 0; i < findings->count; i++)
		open += strcmp(text_of(findings->items[i], "severity"), "info") != 0 && !kb_node_get(findings->items[i], "answer");
	return open;
}

Test(life, a_submit_says_what_the_lint_has_against_it)
{
	kit_fill(1, NULL);
	kit_write("new.yaml", kb_arena_printf(kit_arena, HEAD "%s%s", question("Q-N-1", "Is it new and how is it obviously good?", "ann"),
		question("Q-N-2", "Walk me through a night on which the fog came in. Which horn did you sound, and why that one?", "ann")));
	must("ann", "new", "{\"path\":\"new.yaml\"}");
	int64_t open = open_findings("Q-N-1");
	cr_assert_gt(open, 1);
	must("ann", "submit", "{\"ids\":\"Q-N-1\"}");
	const kb_node *told = kb_node_get(kit_call.result, "open");
	cr_assert_eq(told->count, 1);
	cr_assert_str_eq(text_of(told->items[0], "id"), "Q-N-1");
	cr_assert_eq(kb_node_get_int(told->items[0], "count", -1), open);
	open = open_findings("Q-N-2");
	must("ann", "submit", "{\"ids\":\"Q-N-2\"}");
	cr_assert_eq(kb_node_get(kit_call.result, "open") != NULL, open > 0);
}

/* What a reviewer sees. */

Test(life, a_review_shows_all_that_it_takes)
{
	kit_fill(1, NULL);
	add_people();
	write_question("edit.yaml", "Q-K1-1", "What would you do now about Q-K1-1?", NULL);
	must("writer", "edit", "{\"path\":\"edit.yaml\"}");
	must("writer", "review", "{\"id\":\"Q-K1-1\"}");
	cr_assert(kb_node_get(kit_call.result, "own")->boolean && !kb_node_get(kit_call.result, "can_be_approved")->boolean);
	must("writer", "submit", "{\"ids\":\"Q-K1-1\"}");
	write_question("new.yaml", "Q-N-1", "What would you do now about Q-K1-1?", NULL);
	must("writer", "new", "{\"path\":\"new.yaml\"}");
	must("reviewer", "review", "{\"id\":\"Q-K1-1\"}");
	cr_assert(!kb_node_get(kit_call.result, "own")->boolean && kb_node_get(kit_call.result, "can_be_approved")->boolean);
	const kb_node *approved = kb_node_get(kit_call.result, "approved"), *changes = kb_node_get(approved, "changes"), *stem = NULL;
	cr_assert_eq(kb_node_get_int(approved, "version", 0), 1);
	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(text_of(changes->items[i], "field"), "stem") == 0) stem = kb_node_get(changes->items[i], "parts");
	cr_assert_eq(stem->count, 3);
	cr_assert_str_eq(text_of(stem->items[0], "same"), "What would you do");
	cr_assert_str_eq(text_of(stem->items[1], "new"), "now");
	cr_assert_str_eq(text_of(stem->items[2], "same"), "about Q-K1-1?");
	const kb_node *alike = kb_node_get(kit_call.result, "alike");
	cr_assert_eq(alike->count, 1);
	cr_assert_str_eq(text_of(alike->items[0], "id"), "Q-N-1");
	cr_assert_eq(kb_node_get_int(alike->items[0], "per_mille", 0), 1000);
	cr_assert_gt(kb_node_get(kit_call.result, "findings")->count, 0);
	cr_assert_eq(kb_node_get(kit_call.result, "checklist")->count, kb_checklist_record.count);
	cr_assert_eq(kb_node_get(kit_call.result, "moves")->count, 2);
	must("reviewer", "review", "{\"id\":\"Q-K1-1\",\"version\":1}");
	cr_assert(kb_node_get(kb_node_get(kit_call.result, "approved"), "same")->boolean);
	refused("reviewer", "review", "{\"id\":\"Q-K1-1\",\"version\":3}", KB_NOT_FOUND, "version.none");
}

Test(life, a_list_tells_the_states)
{
	kit_fill(1, NULL);
	write_question("edit.yaml", "Q-K1-1", "What now?", "ann");
	must("ann", "edit", "{\"path\":\"edit.yaml\"}");
	must("ann", "list", "{\"standard\":\"" KIT_STANDARD "\",\"state\":\"draft\"}");
	cr_assert_eq(kit_int("count"), 1);
	cr_assert_str_eq(text_of(moved(0), "id"), "Q-K1-1");
	cr_assert_eq(kb_node_get_int(moved(0), "version", 0), 2);
	cr_assert_eq(kb_node_get_int(moved(0), "drawable", 0), 1);
	must("ann", "list", "{\"standard\":\"" KIT_STANDARD "\",\"state\":\"approved\"}");
	cr_assert_eq(kit_int("count"), 2);
	kit_day = "2028-01-01";
	must("ann", "list", "{\"standard\":\"" KIT_STANDARD "\"}");
	for (size_t i = 0; i < 3; i++) cr_assert_null(kb_node_get(moved(i), "drawable"), "all have lapsed");
}

/* Import, in a store with people. */

static kb_status import(const char *actor, const char *approver)
{
	kit_actor = actor;
	return kit_run("bank import", approver ? kb_arena_printf(kit_arena, "{\"path\":\"bank\",\"approved-by\":\"%s\"}", approver) : "{\"path\":\"bank\"}");
}

Test(life, an_import_is_no_way_round)
{
	kit_fill(1, NULL);
	add_people();
	const char *before = kit_state();
	cr_assert_eq(import("admin", "reviewer"), KB_DENIED);
	cr_assert_str_eq(kit_err.id, "approval.other");
	cr_assert_eq(import("writer", "writer"), KB_DENIED);
	cr_assert_str_eq(kit_err.id, "permission");
	cr_assert_eq(import("reviewer", "reviewer"), KB_DENIED);
	write_question("bank/items2.yaml", "Q-N-1", "What is new?", "admin");
	cr_assert_eq(import("admin", "admin"), KB_INVALID);
	cr_assert_str_eq(kit_call.faults.list[0].id, "approval.own");
	cr_assert_eq(import("writer", NULL), KB_DENIED);
	cr_assert_not_null(strstr(kit_err.message, "Q-N-1 is by admin, and writer"), "%s", kit_err.message);
	cr_assert_str_eq(before, kit_state());
	write_question("bank/items2.yaml", "Q-N-1", "What is new?", "writer");
	cr_assert_eq(import("writer", NULL), KB_OK, "%s", kit_err.message);
	kit_write_bank(1, "reserve: 0\n");
	cr_assert_eq(import("writer", NULL), KB_DENIED);
	cr_assert_not_null(strstr(kit_err.message, KIT_STANDARD " talk changes, and writer"), "%s", kit_err.message);
	kit_day = "2026-12-01";
	must("reviewer", "suspend", "{\"ids\":\"Q-K1-1\",\"reason\":\"leak\"}");
	must("reviewer", "retire", "{\"ids\":\"Q-S1-1\",\"reason\":\"old\"}");
	cr_assert_eq(import("admin", "admin"), KB_OK, "%s", kit_err.message);
	const kb_node *approval = kb_node_get(kit_call.result, "approval");
	cr_assert_eq(kb_node_get_int(approval, "approved", 0), 2);
	cr_assert_eq(kb_node_get_int(approval, "stayed", 0), 2);
	cr_assert_str_eq(state_of("Q-K1-1"), "v1 suspended");
	cr_assert_str_eq(state_of("Q-S1-1"), "v1 retired");
	cr_assert_str_eq(state_of("Q-N-1"), "v1 approved");
	/* Another text of an item in use, perhaps an older one, is never approved on the way in. */
	kit_day = "2026-12-02";
	write_question("bank/items2.yaml", "Q-N-1", "What is old?", "writer");
	cr_assert_eq(import("admin", "admin"), KB_OK, "%s", kit_err.message);
	cr_assert_str_eq(state_of("Q-N-1"), "v2 draft");
}
