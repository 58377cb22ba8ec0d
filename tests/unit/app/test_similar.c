/* What is like what over the whole store: chains of identical texts, one line against a stem, and the readings noted. */
#include "kit.h"

#include <string.h>

#include "app/similar.h"

TestSuite(similar, .init = kit_set_up, .fini = kit_tear_down);

static const char *question(const char *id, const char *stem, const char *prompt)
{
	return kb_arena_printf(kit_arena,
		"  - {id: %s, theme: T-1, ksbs: [K1], kind: experience, minutes: 5, stem: \"%s\", prompts: [\"%s\"],\n"
		"     pass: {descriptors: [T-1.P1], shows: s}, distinction: {descriptors: [T-1.D1], shows: s}}\n",
		id, stem, prompt);
}

static void write_questions(const char *list)
{
	kit_write("more.yaml",
		kb_arena_printf(kit_arena, "format: ksbank-items/1\nstandard: %s\nmethod: talk\nquestions:\n%s", KIT_STANDARD, list));
	kit_must("question new", "{\"path\":\"more.yaml\"}");
}

static kb_node *pairs_of(const char *arguments)
{
	kit_must("question similar", arguments);
	return kb_node_get(kit_call.result, "pairs");
}

static const char *id_of(const kb_node *pair, const char *side)
{
	const kb_node *one = kb_node_get(pair, side), *item = one ? kb_node_get(one, "item") : NULL;
	return item ? kb_node_get_text(item, "id", "") : "";
}

static bool has(const kb_node *pairs, const char *one, const char *other)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(id_of(pairs->items[i], "one"), one) == 0 && strcmp(id_of(pairs->items[i], "other"), other) == 0)
			return true;
	return false;
}

/* The engine measures the first of identical texts only; every pair of people's questions is wanted. */
Test(similar, what_holds_for_one_of_identical_texts_holds_for_all)
{
	kit_fill(1, "");
	const char *stem = "Which anchor chain broke in the northern gale?", *prompt = "Who heard the capstan?";
	write_questions(kb_arena_printf(kit_arena, "%s%s%s%s", question("S-1", stem, prompt), question("S-2", stem, prompt),
		question("S-3", "WHICH anchor-chain broke in the northern gale", prompt),
		question("S-4", "Which anchor chain broke in the southern gale?", prompt)));
	const kb_node *pairs = pairs_of("{\"least\":300}");
	cr_assert_eq(pairs->count, 6);
	static const char *const ids[] = { "S-1", "S-2", "S-3", "S-4" };
	for (size_t a = 0; a < 4; a++)
		for (size_t b = a + 1; b < 4; b++) cr_expect(has(pairs, ids[a], ids[b]), "%s and %s", ids[a], ids[b]);
	for (size_t i = 0; i < 6; i++)
		cr_expect_eq(kb_node_get(pairs->items[i], "exact")->boolean, i < 3, "the most alike come first");
	pairs = pairs_of("{\"id\":\"S-3\",\"least\":300}");
	cr_assert_eq(pairs->count, 3);
	for (size_t i = 0; i < 3; i++) cr_expect_str_eq(id_of(pairs->items[i], "one"), "S-3", "what was asked for comes first");
}

Test(similar, one_line_is_held_against_stems_and_needs_more)
{
	kit_fill(1, "");
	write_questions(question("S-1", "Which anchor chain broke in the northern gale?",
		"Who heard the capstan turn before dawn, and what came over the rail at the turn of the tide?"));
	const kb_node *pairs = pairs_of("{\"text\":\"Which anchor chain broke in the southern gale?\"}");
	cr_assert_eq(pairs->count, 1);
	cr_expect_str_eq(id_of(pairs->items[0], "other"), "S-1");
	cr_expect_eq(kb_node_get_int(pairs->items[0], "per_mille", 0), 333, "two of six, by the stem and not by the whole");
	static const char *const weaker = "\"text\":\"Which anchor chain do you oil each winter?\"";
	cr_expect_eq(pairs_of(kb_arena_printf(kit_arena, "{%s}", weaker))->count, 0);
	cr_expect_eq(pairs_of(kb_arena_printf(kit_arena, "{%s,\"least\":100}", weaker))->count, 1);
}

Test(similar, writing_names_what_is_alike_until_it_is_declared)
{
	kit_fill(1, "");
	const char *one = question("S-1", "Which anchor chain broke in the northern gale?", "Who heard it?");
	write_questions(kb_arena_printf(kit_arena, "%s%s", one, question("S-2", "Which anchor chain broke in the gale?", "Who heard it?")));
	cr_assert_eq(kb_node_get(kit_call.result, "alike")->count, 1);
	kit_must("question submit", "{\"ids\":\"S-2\"}");
	const kb_node *alike = kb_node_get(kit_call.result, "alike");
	cr_assert(alike && alike->count == 1);
	cr_expect_str_eq(kb_node_get_text(alike->items[0], "id", ""), "S-2");
	cr_expect_str_eq(kb_node_get_text(alike->items[0], "like", ""), "S-1");
	kit_write("edit.yaml", kb_arena_printf(kit_arena,
		"format: ksbank-items/1\nstandard: %s\nmethod: talk\nquestions:\n%.*s, rivals: [S-2]}\n", KIT_STANDARD, (int)strlen(one) - 2, one));
	kit_must("question edit", "{\"path\":\"edit.yaml\"}");
	cr_expect_null(kb_node_get(kit_call.result, "alike"));
	cr_expect_eq(pairs_of("{}")->count, 0);
	cr_expect_eq(kit_int("declared"), 1);
}
