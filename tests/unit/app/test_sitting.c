/* After the session: each rule of a record, what counts as seen in a re-sit, what was passed, and the cap. */
#include "kit.h"

#include <string.h>

#include "base/str.h"

TestSuite(sitting, .init = kit_set_up, .fini = kit_tear_down);

#define OWN(text) "own-questions: [{text: \"" text "\", theme: T-2, ksbs: [S1]}]\n"

static void draw(const char *sitting, const char *day)
{
	kit_day = day;
	cr_assert_eq(kit_draw("AP-1", sitting), KB_OK, "%s: %s", sitting, kit_err.message);
}

static void draw_refused(const char *sitting, const char *day, const char *id)
{
	kit_day = day;
	cr_assert_eq(kit_draw("AP-1", sitting), KB_REFUSED, "%s", kit_err.message);
	cr_assert_str_eq(kit_err.id, id, "%s", kit_err.message);
	cr_assert(kit_err.hint[0]);
}

static kb_status record(const char *paper, const char *state, const char *more)
{
	kit_write_sitting(paper, state, more);
	return kit_run("sitting record", kb_arena_printf(kit_arena, "{\"paper\":\"%s\",\"file\":\"sitting.yaml\"}", paper));
}

static void must_record(const char *paper, const char *more)
{
	cr_assert_eq(record(paper, "asked", more), KB_OK, "%s", kit_err.message);
}

static void refused(const char *paper, const char *state, const char *more, kb_status status, const char *id)
{
	kit_write_sitting(paper, state, more); /* which reads the paper, and is logged */
	const char *before = kit_state();
	kb_status got = kit_run("sitting record", kb_arena_printf(kit_arena, "{\"paper\":\"%s\",\"file\":\"sitting.yaml\"}", paper));
	cr_assert_eq(got, status, "%s: %s", more, kit_err.message);
	cr_assert_str_eq(kit_err.id, id, "%s", kit_err.message);
	cr_assert(kit_err.hint[0], "%s", kit_err.message);
	cr_assert_str_eq(before, kit_state());
}

static int64_t of(const char *which, const char *key)
{
	return kb_node_get_int(kb_node_get(kit_call.result, which), key, -1);
}

static const char *item(const char *list, size_t i, const char *key)
{
	const kb_node *node = kb_node_get(kit_call.result, list);
	cr_assert(node && i < node->count, "%s has no entry %zu", list, i);
	return kb_node_get_text(node->items[i], key, "");
}

static void first_paper(int each)
{
	kit_day = KIT_DAY;
	kit_fill(each, NULL);
	draw("first", KIT_DAY);
}

Test(sitting, is_recorded_and_shown)
{
	first_paper(2);
	must_record("P-000001", OWN("Why does the lamp turn?") "outcome: Pass\nreasons: All of it.\n");
	cr_assert_eq(kit_int("record"), 1);
	cr_assert_eq(kit_int("minutes"), 30);
	cr_assert_eq(of("issued", "questions"), 3);
	cr_assert_eq(of("asked", "questions"), 4);
	cr_assert_eq(of("asked", "own"), 1);
	cr_assert_eq(of("asked", "covered"), 3);
	kit_must("sitting show", "{\"paper\":\"P-000001\"}");
	cr_assert_str_eq(kit_text("outcome"), "Pass");
	cr_assert_str_eq(item("questions", 2, "state"), "asked");
	cr_assert_str_eq(item("own_questions", 0, "text"), "Why does the lamp turn?");
	cr_assert_str_eq(item("own_questions", 0, "ksb_list"), "S1");
	cr_assert_str_eq(item("checklist", 1, "done"), "yes");
	cr_assert_eq(of("issued", "covered"), 3);
}

Test(sitting, both_wordings_and_follow_ups_are_kept)
{
	first_paper(2);
	const kb_node *ids = kit_selection("P-000001");
	kit_write("sitting.yaml", kb_arena_printf(kit_arena,
		"format: ksbank-sitting/1\npaper: P-000001\nstarted: \"10:00\"\nended: \"10:45\"\n"
		"checklist: {a: {done: yes}, b: {done: no, reason: No pen.}}\nquestions:\n"
		"  - {id: %s, state: reworded, wording: In other words?, follow-ups: [{text: And then?, theme: T-2, ksbs: [S1]}]}\n"
		"  - {id: %s, state: asked}\n  - {id: %s, state: not-asked, reason: No time.}\n",
		ids->items[0]->text, ids->items[1]->text, ids->items[2]->text));
	kit_must("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}");
	cr_assert_eq(kit_int("minutes"), 45);
	cr_assert_eq(of("asked", "questions"), 2, "a follow-up is no question of its own");
	cr_assert_eq(of("asked", "covered"), 3, "but covers what it is tagged with");
	kit_must("sitting show", "{\"paper\":\"P-000001\"}");
	cr_assert_str_eq(item("questions", 0, "wording"), "In other words?");
	cr_assert(strlen(item("questions", 0, "stem")) > 0);
	cr_assert_str_eq(item("questions", 2, "reason"), "No time.");
	cr_assert_str_eq(item("checklist", 1, "reason"), "No pen.");
}

Test(sitting, is_recorded_from_its_day_on_while_the_paper_stands)
{
	first_paper(2);
	kit_day = "2026-11-21";
	refused("P-000001", "asked", "", KB_REFUSED, "sitting.early");
	kit_day = "2026-12-24";
	kit_must("paper withdraw", "{\"paper\":\"P-000001\",\"by\":\"o\",\"reason\":\"lost\"}");
	refused("P-000001", "asked", "", KB_REFUSED, "paper.withdrawn");
	cr_assert_eq(kit_run("sitting show", "{\"paper\":\"P-000001\"}"), KB_NOT_FOUND);
	cr_assert_str_eq(kit_err.id, "sitting.unrecorded");
}

Test(sitting, is_recorded_by_whom_the_paper_was_given_to)
{
	first_paper(2);
	kit_write_sitting("P-000001", "asked", "");
	kit_must("user add", "{\"name\":\"tester\",\"role\":\"admin\"}");
	kit_must("user add", "{\"name\":\"anna\",\"role\":\"assessor\"}");
	kit_must("user add", "{\"name\":\"ben\",\"role\":\"assessor\"}");
	kit_must("paper assign", "{\"paper\":\"P-000001\",\"to\":\"anna\"}");
	static const char *const ops[][2] = { { "sitting form", "{\"paper\":\"P-000001\"}" },
		{ "sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}" }, { "sitting show", "{\"paper\":\"P-000001\"}" },
		{ "sitting propose", "{\"paper\":\"P-000001\",\"number\":1}" } };
	kit_actor = "ben";
	for (size_t i = 0; i < KB_COUNT(ops); i++) {
		cr_assert_eq(kit_run(ops[i][0], ops[i][1]), KB_DENIED, "%s", ops[i][0]);
		cr_assert_str_eq(kit_err.id, "paper.not-yours");
	}
	kit_actor = "anna";
	kit_must("sitting record", ops[1][1]);
	kit_must("sitting list", "{}");
	cr_assert_str_eq(item("recorded", 0, "recorded_by"), "anna");
	kit_actor = "ben";
	kit_must("sitting list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "recorded")->count, 0);
}

Test(sitting, the_list_names_what_waits)
{
	first_paper(2);
	kit_must("sitting list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "open")->count, 0, "its day has not passed");
	kit_day = "2026-11-23";
	kit_must("sitting list", "{}");
	cr_assert_str_eq(item("open", 0, "paper"), "P-000001");
	must_record("P-000001", "");
	kit_must("sitting list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "open")->count, 0);
	cr_assert_str_eq(item("recorded", 0, "outcome"), "undecided");
}

Test(sitting, a_shortfall_needs_a_reason_and_is_recorded_with_one)
{
	first_paper(2);
	refused("P-000001", "not-asked", OWN("Why does the lamp turn?"), KB_REFUSED, "sitting.shortfall");
	cr_assert(strstr(kit_err.message, "1 question was asked, and the plan asks for at least 2"), "%s", kit_err.message);
	cr_assert(strstr(kit_err.message, "1 of 3 covered; not asked for: T-1 K1, T-1 K2"), "%s", kit_err.message);
	cr_assert_eq(kb_node_get(kb_node_get(kit_call.result, "refusal"), "shortfalls")->count, 2);
	cr_assert_eq(record("P-000001", "not-asked", "shortfall-reason: Fire alarm.\n"), KB_OK, "%s", kit_err.message);
	cr_assert_eq(kb_node_get(kit_call.result, "shortfalls")->count, 2);
	kit_must("sitting show", "{\"paper\":\"P-000001\"}");
	cr_assert_str_eq(kit_text("shortfall_reason"), "Fire alarm.");
	cr_assert_eq(of("asked", "questions"), 0);
}

Test(sitting, a_correction_is_a_further_record_with_a_reason)
{
	first_paper(2);
	refused("P-000001", "asked", "correction-reason: What?\n", KB_INVALID, "sitting.no-correction");
	must_record("P-000001", "");
	refused("P-000001", "asked", "", KB_EXISTS, "sitting.recorded");
	kit_day = "2026-11-25";
	must_record("P-000001", "outcome: Pass\nreasons: r\ncorrection-reason: Moderated.\n");
	cr_assert_eq(kit_int("record"), 2);
	kit_must("sitting show", "{\"paper\":\"P-000001\"}");
	cr_assert_str_eq(kit_text("outcome"), "Pass");
	cr_assert_str_eq(item("records", 1, "reason"), "Moderated.");
	kit_must("sitting show", "{\"paper\":\"P-000001\",\"record\":1}");
	cr_assert_str_eq(kit_text("outcome"), "");
	kit_day = "2026-11-24";
	refused("P-000001", "asked", "correction-reason: Back in time.\n", KB_REFUSED, "sitting.early");
}

Test(sitting, the_form_of_a_recorded_sitting_is_read_again)
{
	first_paper(2);
	must_record("P-000001", OWN("Why does the lamp turn?"));
	kit_must("sitting form", "{\"paper\":\"P-000001\",\"output\":\"again.yaml\"}");
	const char *text = kit_read("again.yaml").data, *at = strstr(text, "correction-reason:");
	cr_assert_not_null(at);
	cr_assert_not_null(strstr(text, "NEVER write the name"));
	kit_write("again.yaml", kb_arena_printf(kit_arena, "%.*scorrection-reason: A slip.\n", (int)(at - text), text));
	kit_must("sitting record", "{\"paper\":\"P-000001\",\"file\":\"again.yaml\"}");
	cr_assert_eq(of("asked", "own"), 1);
}

Test(sitting, a_passed_method_is_not_sat_again)
{
	first_paper(4);
	must_record("P-000001", "outcome: Pass\nreasons: r\n");
	draw_refused("resit", "2026-12-01", "sitting.passed");
	draw_refused("retake", "2026-12-01", "sitting.passed");
	cr_assert(strstr(kit_err.message, "Pass") && strstr(kit_err.message, "P-000001"), "%s", kit_err.message);
	must_record("P-000001", "outcome: Distinction\nreasons: r\ncorrection-reason: Moderated.\n");
	draw_refused("resit", "2026-12-01", "sitting.passed");
	must_record("P-000001", "outcome: Fail\nreasons: r\ncorrection-reason: Moderated again.\n");
	draw("resit", "2026-12-01");
	/* Undecided leaves it open. */
	must_record("P-000002", "");
	draw("resit", "2026-12-02");
	must_record("P-000003", "outcome: Pass\nreasons: r\n");
	draw_refused("retake", "2026-12-03", "sitting.passed");
}

/* Whatever the outcome: the way on is a further record, or a sitting after it. */
Test(sitting, a_recorded_paper_is_not_withdrawn)
{
	static const char withdrawal[] = "{\"paper\":\"P-000001\",\"by\":\"o\",\"reason\":\"void\"}";
	static const char *const outcomes[] = { "", "outcome: Fail\nreasons: r\ncorrection-reason: c\n",
		"outcome: Pass\nreasons: r\ncorrection-reason: c\n" };
	first_paper(4);
	for (size_t i = 0; i < KB_COUNT(outcomes); i++) {
		must_record("P-000001", outcomes[i]);
		cr_assert_eq(kit_run("paper withdraw", withdrawal), KB_REFUSED);
		cr_assert_str_eq(kit_err.id, "paper.recorded");
		cr_assert(strstr(kit_err.hint, "sitting record") && strstr(kit_err.hint, "incident report"), "%s", kit_err.hint);
	}
	cr_assert_eq(kit_draw("AP-1", "first"), KB_EXISTS);
	cr_assert_null(strstr(kit_err.hint, "withdraw"), "%s", kit_err.hint);
	must_record("P-000001", "correction-reason: The alarm rang; decided anew.\n");
	draw("resit", "2026-12-01");
	kit_must("paper withdraw", "{\"paper\":\"P-000002\",\"by\":\"o\",\"reason\":\"lost\"}");
	draw("resit", "2026-12-01");
}

static void decide(const char *choice, kb_status status, const char *id)
{
	cr_assert_eq(kit_run("decision record", kb_arena_printf(kit_arena,
		"{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"resit-cap-scope\",\"choice\":\"%s\",\"by\":\"Head\",\"reason\":\"r\"}", choice)),
		status, "%s", kit_err.message);
	if (id) cr_assert_str_eq(kit_err.id, id);
}

/* What the assessor's pack of the newest paper says of the cap. */
static bool pack_says(const char *paper, const char *words)
{
	kit_must("paper show", kb_arena_printf(kit_arena, "{\"paper\":\"%s\"}", paper));
	const kb_node *notes = kb_node_get(kit_call.result, "notes");
	for (size_t i = 0; i < notes->count; i++)
		if (strstr(notes->items[i]->text, words)) return true;
	return false;
}

Test(sitting, the_cap_follows_the_decision)
{
	static const char above[] = "outcome: Distinction\nreasons: r\n";
	first_paper(5);
	cr_assert_not(pack_says("P-000001", "cap"), "a first sitting has none");
	draw("resit", "2026-12-01");
	cr_assert(pack_says("P-000002", "Nobody has decided it"));
	refused("P-000002", "asked", above, KB_REFUSED, "sitting.cap-open");
	cr_assert(strstr(kit_err.hint, "ksbank decision record"), "%s", kit_err.hint);
	decide("both", KB_NOT_FOUND, "decision.choice");
	decide("method", KB_OK, NULL);
	refused("P-000002", "asked", above, KB_REFUSED, "sitting.capped");
	cr_assert(strstr(kit_err.message, "decided by Head"), "%s", kit_err.message);
	must_record("P-000002", "outcome: Fail\nreasons: r\n");
	draw("resit", "2026-12-02");
	cr_assert(pack_says("P-000003", "capped: Pass at most, decided by Head on 2026-12-01"));
	decide("overall", KB_OK, NULL);
	must_record("P-000003", above);
	must_record("P-000003", "outcome: Fail\nreasons: r\ncorrection-reason: Moderated.\n");
	draw("resit", "2026-12-03");
	cr_assert(pack_says("P-000004", "binds the overall grade alone"));
	kit_must("decision list", "{\"standard\":\"" KIT_STANDARD "\"}");
	cr_assert_str_eq(item("decided", 0, "choice"), "overall");
	cr_assert_str_neq(item("open", 0, "subject"), "resit-cap-scope");
}

Test(sitting, a_first_sitting_has_no_cap)
{
	first_paper(2);
	must_record("P-000001", "outcome: Distinction\nreasons: r\n");
}

Test(sitting, what_a_plan_settles_is_not_decided)
{
	kit_write_bank(2, NULL);
	const char *text = kit_read("bank/standard.yaml").data, *at = strstr(text, "rules: {resit-cap:");
	const char *const rules[][2] = { { "rules: {resit-cap: {value: Pass, wording: w, source: plan:40}, resit-cap-scope: {value: overall, wording: w, source: plan:41}}\n", "decision.settled" },
		{ "", "decision.nothing" } };
	kit_must("store init", "{}");
	for (size_t i = 0; i < KB_COUNT(rules); i++) {
		kit_write("bank/standard.yaml", kb_arena_printf(kit_arena, "%.*s%s%s", (int)(at - text), text, rules[i][0], strchr(at, '\n') + 1));
		kit_must("bank import", "{\"path\":\"bank/standard.yaml\"}");
		decide("method", KB_REFUSED, rules[i][1]);
		kit_must("decision list", "{\"standard\":\"" KIT_STANDARD "\"}");
		cr_assert_str_neq(item("open", 0, "subject"), "resit-cap-scope");
	}
	cr_assert_eq(kit_run("decision record", "{\"standard\":\"" KIT_STANDARD "\",\"subject\":\"tea\",\"choice\":\"x\",\"by\":\"H\",\"reason\":\"r\"}"), KB_NOT_FOUND);
	cr_assert_str_eq(kit_err.id, "decision.subject");
}

/* Four more questions, as different from each other as questions are. */
static void add_questions(void)
{
	static const char *const stems[] = { "Describe how a foghorn warns fishing boats at night.", "How do keepers share the watches of a winter week?",
		"Where does paraffin come from, and who pays?", "Explain why gulls nest beneath the northern gallery." };
	kb_buf items = { .arena = kit_arena };
	kb_buf_text(&items, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	for (size_t i = 0; i < KB_COUNT(stems); i++)
		kb_buf_printf(&items, "  - {id: X-%zu, theme: T-2, ksbs: [S1], kind: scenario, minutes: 7, demand: typical, stem: \"%s\", prompts: [Which one mattered most?],"
			" pass: {descriptors: [T-2.P1], shows: This.}, distinction: {descriptors: [T-2.D1], shows: That.}, author: writer-1}\n", i + 1, stems[i]);
	kit_write("more.yaml", kb_buf_string(&items));
	kit_must("bank import", "{\"path\":\"more.yaml\",\"approved-by\":\"reviewer-1\"}");
}

static const char *excluded_because(const char *paper, const char *id)
{
	kit_must("paper show", kb_arena_printf(kit_arena, "{\"paper\":\"%s\"}", paper));
	const kb_node *list = kb_node_get(kb_node_get(kit_call.result, "record"), "excluded");
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(kb_node_get_text(list->items[i], "id", ""), id) == 0) return kb_node_get_text(list->items[i], "reason", "");
	return "";
}

Test(sitting, what_is_like_a_question_that_was_asked_is_not_drawn_in_a_resit)
{
	first_paper(2);
	add_questions();
	const kb_node *ids = kit_selection("P-000001");
	kit_write("sitting.yaml", kb_arena_printf(kit_arena,
		"format: ksbank-sitting/1\npaper: P-000001\nminutes: 30\nchecklist: {a: {done: yes}, b: {done: yes}}\n"
		"own-questions: [{text: How does a foghorn warn fishing boats at night?}]\nquestions:\n"
		"  - {id: %s, state: reworded, wording: How do keepers share the watches of the week?}\n"
		"  - {id: %s, state: asked, follow-ups: [{text: \"Where does paraffin come from, and who pays?\"}]}\n  - {id: %s, state: asked}\n",
		ids->items[0]->text, ids->items[1]->text, ids->items[2]->text));
	kit_must("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}");
	draw("resit", "2026-12-01");
	for (size_t i = 1; i <= 3; i++)
		cr_assert_str_eq(excluded_because("P-000002", kb_arena_printf(kit_arena, "X-%zu", i)), "like a question that was asked in P-000001");
	cr_assert_str_eq(excluded_because("P-000002", "X-4"), "", "of another subject");
	kit_must("paper replay", "{\"paper\":\"P-000002\"}");
	kit_must("paper verify", "{}");
	/* For another candidate nothing is excluded. */
	cr_assert_eq(kit_draw("AP-2", "first"), KB_OK, "%s", kit_err.message);
	cr_assert_str_eq(excluded_because("P-000003", "X-1"), "");
}

Test(sitting, a_corrected_record_is_what_counts_as_heard)
{
	first_paper(2);
	add_questions();
	must_record("P-000001", OWN("How does a foghorn warn fishing boats at night?"));
	must_record("P-000001", OWN("Explain why gulls nest beneath the gallery.") "correction-reason: The wrong sheet.\n");
	draw("resit", "2026-12-01");
	cr_assert_str_eq(excluded_because("P-000002", "X-1"), "");
	cr_assert_str_eq(excluded_because("P-000002", "X-4"), "like a question that was asked in P-000001");
}

Test(sitting, of_two_questions_that_read_the_same_both_are_like_it)
{
	first_paper(2);
	add_questions();
	const char *text = kit_read("more.yaml").data, *from = strstr(text, "  - {id: X-1,");
	kit_write("more.yaml", kb_arena_printf(kit_arena, "%.*s  - {id: Y-1,%.*s", (int)(from - text), text, (int)strcspn(from + 13, "\n") + 1, from + 13));
	kit_must("bank import", "{\"path\":\"more.yaml\",\"approved-by\":\"reviewer-1\"}");
	must_record("P-000001", OWN("How does a foghorn warn the boats at night?"));
	draw("resit", "2026-12-01");
	cr_assert_str_eq(excluded_because("P-000002", "X-1"), "like a question that was asked in P-000001");
	cr_assert_str_eq(excluded_because("P-000002", "Y-1"), "like a question that was asked in P-000001");
}

Test(sitting, asking_again_what_an_earlier_sitting_had_needs_a_reason)
{
	first_paper(4);
	must_record("P-000001", OWN("How does a foghorn warn fishing boats at night?"));
	draw("resit", "2026-12-01");
	refused("P-000002", "asked", OWN("Say how a foghorn warns the fishing boats at night."), KB_REFUSED, "sitting.shortfall");
	cr_assert(strstr(kit_err.message, "question 1 of the assessor's own is like a question that was issued or asked in P-000001"), "%s", kit_err.message);
	const char *issued = kit_selection("P-000001")->items[0]->text;
	refused("P-000002", "asked", kb_arena_printf(kit_arena, OWN("What would you do about %s?"), issued), KB_REFUSED, "sitting.shortfall");
	must_record("P-000002", OWN("Explain why gulls nest beneath the gallery."));
}

Test(sitting, an_own_question_becomes_a_draft)
{
	first_paper(2);
	must_record("P-000001", OWN("Why does the lamp turn?"));
	kit_must("sitting propose", "{\"paper\":\"P-000001\",\"number\":1}");
	const char *text = kit_text("text");
	cr_assert(strstr(text, "stem: Why does the lamp turn?") && strstr(text, "theme: T-2") && strstr(text, "ksbs: [S1]"), "%s", text);
	cr_assert_eq(kit_run("sitting propose", "{\"paper\":\"P-000001\",\"number\":2}"), KB_NOT_FOUND);
	cr_assert_str_eq(kit_err.id, "sitting.own");
}

/* By name: what the frozen paper could not say. */
Test(sitting, all_faults_come_at_once_with_their_places)
{
	first_paper(2);
	kit_write("sitting.yaml", "format: ksbank-sitting/1\npaper: P-000009\nstarted: \"10:00\"\nended: \"09:00\"\nquestions:\n  - {id: Q-X, state: asked}\noutcome: Good\n");
	cr_assert_eq(kit_run("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}"), KB_INVALID);
	cr_assert_eq(kit_call.faults.count, 9, "%zu", kit_call.faults.count);
	for (size_t i = 0; i < kit_call.faults.count; i++) cr_assert(kit_call.faults.list[i].mark.line > 0, "%s", kit_call.faults.list[i].message);
}
