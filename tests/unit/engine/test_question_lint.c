#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/question_lint.h"
#include "engine/words.h"
#include "text/yaml.h"

enum { MEMORY = 256 << 20 };

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
	cr_assert_not_null(arena);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(question_lint, .init = set_up, .fini = tear_down);

static const char standard_text[] = "format: ksbank-standard/1\n"
									"key: ST9999/1.0\n"
									"title: Lighthouse keeper\n"
									"attribution: Made up for this test.\n"
									"version-source: page:2\n"
									"sources:\n"
									"  page: {title: The page, reference: ST9999, version: \"1.0\"}\n"
									"ksbs:\n"
									"  K1: {text: How lamps and lenses work., source: page:10}\n"
									"  K2: {text: The Harbour Light Rules and the role of a keeper., source: page:11}\n"
									"  K3: {text: The weather in the office of the harbour., source: page:11}\n"
									"  S1: {text: Mend broken machines., source: page:12}\n"
									"  B1: {text: Stays awake., source: page:13}\n"
									"  B2: {text: Seeks advice., source: page:13}\n"
									"methods:\n"
									"  interview:\n"
									"    name: Interview\n"
									"    source: page:40\n"
									"    grades: [Fail, Pass, Distinction]\n"
									"    ksbs: [K1, K2, K3, S1, B1, B2]\n"
									"    mapping-source: page:42\n"
									"    themes:\n"
									"      IN-1:\n"
									"        name: Light\n"
									"        ksbs: [K1, K2, K3, S1, B1, B2]\n"
									"        pass: [Explains how the lamps were kept alight in bad weather.]\n"
									"        distinction: [Weighs one lamp against another.]\n"
									"        source: page:43\n"
									"grades: [Fail, Pass, Distinction]\n";

static const char specification_text[] = "format: ksbank-specification/1\n"
										 "standard: ST9999/1.0\n"
										 "method: interview\n"
										 "questions: 2\n"
										 "coverage: {rule: every}\n"
										 "minutes: {min: 8, max: 16}\n"
										 "author: keeper\n"
										 "reason: made up for this test\n";

/* Two questions and a theme in which no rule finds anything. */
static const char bank_text[] =
	"format: ksbank-items/1\n"
	"standard: ST9999/1.0\n"
	"method: interview\n"
	"questions:\n"
	"  - id: Q-1\n"
	"    theme: IN-1\n"
	"    ksbs: [K1, S1]\n"
	"    kind: experience\n"
	"    minutes: 6\n"
	"    stem: Tell me about a lamp that you put right.\n"
	"    prompts:\n"
	"      - What was broken?\n"
	"      - Which tools did you choose?\n"
	"    pass: {descriptors: [IN-1.P1], shows: Mends one and says what was wrong.}\n"
	"    distinction: {descriptors: [IN-1.D1], shows: Weighs two ways to mend it.}\n"
	"    author: writer-1\n"
	"    accessibility: Any lamp will do.\n"
	"  - id: Q-2\n"
	"    theme: IN-1\n"
	"    ksbs: [K2, B1]\n"
	"    kind: knowledge\n"
	"    minutes: 6\n"
	"    stem: A ship calls at night, and the storm grows. What would you tell the crew?\n"
	"    prompts:\n"
	"      - How do the rules help?\n"
	"      - What keeps you awake in long watches?\n"
	"    pass: {descriptors: [IN-1.P1], shows: Knows the rule and keeps to it.}\n"
	"    distinction: {descriptors: [IN-1.D1], shows: Sees where the rule falls short.}\n"
	"    author: writer-1\n"
	"    accessibility: Signs count as speech.\n"
	"case-study-themes:\n"
	"  - id: T-1\n"
	"    title: One winter\n"
	"    ksbs: [K1, K2, K3, S1, B1, B2]\n"
	"    brief: Write about your worst winter at sea.\n"
	"    guidance: [Choose one night.]\n"
	"    where: {K1: the lamp, K2: the log, K3: the gale, S1: the repair, B1: the watch, B2: the end}\n"
	"    author: writer-1\n"
	"    accessibility: Any coast will do.\n";

static kb_node *read_yaml(const char *text)
{
	kb_faults faults = { .arena = arena };
	kb_node *root = NULL;
	cr_assert_eq(kb_yaml_read(arena, "test", text, strlen(text), &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert(root && !faults.count, "%s", faults.count ? faults.list[0].message : "no tree");
	return root;
}

/* The first `from` becomes `to`. */
static const char *changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	cr_assert_not_null(at, "\"%s\" does not stand in the test's text", from);
	return kb_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static kb_findings lint(const char *standard_yaml, const char *specification_yaml, const char *bank_yaml)
{
	kb_faults faults = { .arena = arena };
	kb_standard *standard = NULL;
	kb_specification *specification = NULL;
	kb_item_file file = { 0 };
	cr_assert_eq(kb_standard_read(arena, read_yaml(standard_yaml), &faults, &standard, &err), KB_OK);
	if (specification_yaml)
		cr_assert_eq(kb_specification_read(arena, read_yaml(specification_yaml), &faults, &specification, &err), KB_OK);
	cr_assert_eq(kb_item_file_read(arena, read_yaml(bank_yaml), &faults, &file, &err), KB_OK);
	cr_assert_eq(faults.count, 0, "%s", faults.count ? faults.list[0].message : "");
	kb_item *items = kb_arena_array(arena, file.questions.count + file.themes.count, sizeof *items);
	memcpy(items, file.questions.list, file.questions.count * sizeof *items);
	if (file.themes.count) memcpy(items + file.questions.count, file.themes.list, file.themes.count * sizeof *items);
	kb_question_set set = { .standard = standard,
		.method = kb_standard_method(standard, "interview"),
		.specification = specification,
		.items = items,
		.count = (uint32_t)(file.questions.count + file.themes.count) };
	kb_findings findings = { 0 };
	cr_assert_eq(kb_question_lint(arena, &set, &findings, &err), KB_OK, "%s", err.message);
	return findings;
}

static kb_findings lint_bank(const char *bank_yaml)
{
	return lint(standard_text, specification_text, bank_yaml);
}

#define STEM "Tell me about a lamp that you put right."
#define PROMPT "What was broken?"
#define LAST "    accessibility: Signs count as speech.\n"
#define Q3(stem, more)                                                                                                 \
	LAST "  - id: Q-3\n    theme: IN-1\n    ksbs: [K1]\n    kind: experience\n    minutes: 6\n    stem: " stem         \
		 "\n    prompts: [Who saw it?, Where is it now?]\n"                                                            \
		 "    pass: {descriptors: [IN-1.P1], shows: A lens is known.}\n"                                               \
		 "    distinction: {descriptors: [IN-1.D1], shows: A lens is weighed.}\n"                                      \
		 "    author: writer-1\n    accessibility: Signs count.\n" more

/* The first `from` of the bank becomes `to`: exactly that rule fires, once, on that item; "-" stands for none. */
static const struct change {
	const char *from, *to, *rule, *subject;
} changes[] = {
	{ STEM, STEM, "-", NULL },
	{ LAST, Q3("tell me about a Lamp -- that you put right!", ""), "SAME-TEXT", "Q-3" },
	{ LAST, Q3("tell me about a Lamp -- that you put right!", "    rivals: [Q-1]\n"), "-", NULL },
	{ LAST, Q3("Describe a lamp that you once put right.", ""), "ALIKE", "Q-3" },
	{ LAST, Q3("Describe a lamp that you once put right.", "    rivals: [Q-1]\n"), "-", NULL },
	{ LAST, Q3("Tell me about a lamp that broke at sea.", ""), "-", NULL },
	{ "ksbs: [K1, K2, K3, S1, B1, B2]\n    brief", "ksbs: [K1, K2, S1, B1, B2]\n    brief", "THEME-KSBS", "T-1" },
	{ "K2: the log, ", "", "THEME-WHERE", "T-1" },
	{ "    guidance: [Choose one night.]\n", "", "NO-GUIDANCE", "T-1" },
	{ "    distinction: {descriptors: [IN-1.D1], shows: Weighs two ways to mend it.}\n", "", "NO-GUIDANCE", "Q-1" },
	{ "    accessibility: Any lamp will do.\n", "", "NO-ACCESSIBILITY", "Q-1" },
	{ "    accessibility: Any coast will do.\n", "", "NO-ACCESSIBILITY", "T-1" },

	{ PROMPT, "What was broken? What did you do?", "DOUBLE-BARRELLED", "Q-1" },
	{ PROMPT, "What was broken and how did you see it?", "DOUBLE-BARRELLED", "Q-1" },
	{ STEM, "Tell me about a lamp that broke. Describe the tools.", "DOUBLE-BARRELLED", "Q-1" },
	{ STEM, "\"Tell me about a lamp that you put right, what broke it.\"", "DOUBLE-BARRELLED", "Q-1" },
	{ STEM, "Choose one lamp and tell me about it.", "-", NULL },
	{ STEM, "\"With a lamp in pieces, what do you do?\"", "-", NULL },
	{ STEM, "When a lamp and its lens break, how do you go on?", "-", NULL },
	{ PROMPT, "Was it broken?", "CLOSED-OPENING", "Q-1" },
	{ PROMPT, "Can you tell me what was broken?", "CLOSED-OPENING", "Q-1" },
	{ PROMPT, "\"When it broke, did you see it?\"", "CLOSED-OPENING", "Q-1" },
	{ PROMPT, "\"In your view, is that a broken lamp?\"", "CLOSED-OPENING", "Q-1" },
	{ PROMPT, "\"When it broke, what did you see?\"", "-", NULL },
	{ PROMPT, "To whom did you turn?", "-", NULL },
	{ PROMPT, "How important was the lens?", "LEADING", "Q-1" },
	{ PROMPT, "How did you successfully mend the lens?", "LEADING", "Q-1" },
	{ PROMPT, "\"Why not, and don't you agree?\"", "LEADING", "Q-1" },
	{ PROMPT, "What don't you know of the lens?", "LEADING", "Q-1" },
	{ PROMPT, "How well did you mend the lens?", "-", NULL },
	{ PROMPT, "What does the IALA say of it?", "ACRONYM", "Q-1" },
	{ PROMPT, "What does the HLR say of it?", "-", NULL }, /* Harbour Light Rules, in K2 */
	{ PROMPT, "What does the ABL (awful broken lamp) say of it?", "-", NULL },
	{ PROMPT, "What does the UK say of it?", "-", NULL },
	{ PROMPT, "What do MPs say of it?", "ACRONYM", "Q-1" },
	{ PROMPT, "What do RKs say of it?", "ACRONYM", "Q-1" }, /* "role ... keeper" is too common to be it */
	{ PROMPT, "What do HLs say of it?", "-", NULL },        /* Harbour Light */
	{ "Weighs two ways to mend it.", "Weighs two ways by IALA rules.", "ACRONYM", "Q-1" },
	{ PROMPT, "What necessitated precautionary re-examination of navigational illumination?", "READING-AGE", "Q-1" },
	{ "Choose one night.",
		"Illuminate navigational complexities necessitating extraordinary precautionary deliberation.", "READING-AGE",
		"T-1" },
	{ STEM,
		"Tell me of a lamp that you put right on the rock in the sea by the old town one day in May when the sun was out "
		"and so was the cat.",
		"SENTENCE-LENGTH", "Q-1" },
	{ STEM, "Tell me of a lamp that you put right on the rock in the sea by the old town one day in May at noon.", "-",
		NULL },
	{ "Choose one night.",
		"\"Tell of a lamp that you put right on the rock in the sea by the old town one day in May when the sun was out "
		"and so was the cat.\"",
		"SENTENCE-LENGTH", "T-1" },
	{ STEM,
		"The lamp on the rock by the sea goes out one night in May. The cat is on the stair. The wind is up and so is the "
		"sea. A ship is near. What would you do?",
		"STEM-LENGTH", "Q-1" },
	{ STEM, "Tell me about a lamp that a man put right.", "GENDERED", "Q-1" },
	{ "Mends one and says", "Mends one and his manager says", "GENDERED", "Q-1" },
	{ "Any lamp will do.", "Women and men will do.", "-", NULL },
	{ STEM, "Tell me about a lamp in your office.", "SETTING-ASSUMED", "Q-1" },
	{ STEM, "Tell me about a lamp on your caseload.", "SETTING-ASSUMED", "Q-1" },
	{ "ksbs: [K1, S1]\n    kind: experience\n    minutes: 6\n    stem: " STEM,
		"ksbs: [K3, S1]\n    kind: experience\n    minutes: 6\n    stem: Tell me about the weather in your office.",
		"-", NULL },

	{ "Which tools did you choose?", "Which of the right lamps did you put right?", "PROMPT-REPEATS", "Q-1" },
	{ "Which tools did you choose?", "What was right?", "-", NULL },
	{ "      - Which tools did you choose?\n", "", "PROMPT-COUNT", "Q-1" },
	{ PROMPT, "What was broken?\n      - Who saw it?\n      - Who helped?\n      - What came next?", "PROMPT-COUNT",
		"Q-1" },
	{ PROMPT, "What was broken?\n      - Who saw it?\n      - Who helped?", "-", NULL },
	{ "ksbs: [K1, S1]", "ksbs: [K1, B1]", "TAG-UNTOUCHED", "Q-1" },
	{ "ksbs: [K1, S1]", "ksbs: [K1, B2]", "TAG-UNTOUCHED", "Q-1" },
	{ "ksbs: [K1, S1]\n    kind: experience\n    minutes: 6\n    stem: Tell me about",
		"ksbs: [K1, B2]\n    kind: experience\n    minutes: 6\n    stem: Tell me whom you asked about", "-", NULL },
	{ "ksbs: [K1, S1]", "ksbs: [K1, B1, S1]\n    answers: {TAG-UNTOUCHED: it is a night watch}", "TAG-UNTOUCHED",
		"Q-1" },
	{ "ksbs: [K2, B1]\n    kind: knowledge\n    minutes: 6\n    stem: A ship",
		"ksbs: [K1, K2, K3, B1]\n    kind: knowledge\n    minutes: 6\n    stem: A lens breaks in wild weather. A ship",
		"TAGS-FOUR", "Q-2" },
	{ "minutes: 6", "minutes: 2", "MINUTES-FEW", "Q-1" },
	{ "minutes: 6", "minutes: 3", "-", NULL },
	{ "minutes: 6", "minutes: 11", "MINUTES-WINDOW", "Q-1" },
	{ "minutes: 6", "minutes: 10", "-", NULL },
	{ "Mends one and says what was wrong.", "Explains how the lamps were kept alight.", "DESCRIPTOR-COPIED", "Q-1" },
	{ "Mends one and says what was wrong.", "Explains how the lamps were mended.", "-", NULL },
	{ "    author: writer-1\n", "    author: writer-1\n    answers: {LEADING: it is not}\n", "ANSWER-IDLE", "Q-1" },
	{ "    author: writer-1\n", "    author: writer-1\n    answers: {NO-SUCH-RULE: it is not}\n", "ANSWER-IDLE",
		"Q-1" },
};

Test(question_lint, each_rule_fires_where_it_should_and_nowhere_else)
{
	for (size_t i = 0; i < KB_COUNT(changes); i++) {
		const struct change *c = &changes[i];
		kb_findings found = lint_bank(changed(bank_text, c->from, c->to));
		bool none = strcmp(c->rule, "-") == 0;
		for (size_t f = 0; f < found.count; f++)
			cr_expect(!none && kb_str_equal(found.list[f].id, c->rule), "%s: %s %s: %s", c->to, found.list[f].subject,
				found.list[f].id, found.list[f].message);
		if (none) continue;
		cr_expect_eq(found.count, 1, "%s: %s fires %zu times", c->to, c->rule, found.count);
		if (found.count) cr_expect_str_eq(found.list[0].subject, c->subject, "%s", c->to);
	}
}

Test(question_lint, each_rule_is_shown_to_fire)
{
	for (size_t r = 0; r < kb_question_rule_count; r++) {
		bool fires = false;
		for (size_t i = 0; i < KB_COUNT(changes); i++) fires |= kb_str_equal(changes[i].rule, kb_question_rules[r].id);
		cr_expect(fires, "give %s an example", kb_question_rules[r].id);
	}
}

Test(question_lint, the_table_is_complete)
{
	for (size_t r = 0; r < kb_question_rule_count; r++) {
		const kb_question_rule *rule = &kb_question_rules[r];
		cr_assert(rule->id && rule->finds && rule->reason && rule->source && rule->action, "rule %zu", r);
		cr_expect(rule->finds[0] && rule->reason[0] && rule->source[0] && rule->action[0], "%s", rule->id);
		for (size_t q = 0; q < r; q++) cr_expect_str_neq(kb_question_rules[q].id, rule->id);
	}
}

Test(question_lint, a_warning_is_answered_and_an_error_is_not)
{
	const char *bank = changed(bank_text, PROMPT, "Was it broken?");
	bank = changed(bank, "    author: writer-1\n",
		"    author: writer-1\n    answers: {CLOSED-OPENING: the next prompt opens it}\n");
	kb_findings found = lint_bank(bank);
	cr_assert_eq(found.count, 1);
	cr_assert_str_eq(found.list[0].id, "CLOSED-OPENING");
	cr_assert_str_eq(found.list[0].answer, "the next prompt opens it");

	bank = changed(bank_text, "K2: the log, ", "");
	bank = changed(bank, "    guidance: [Choose one night.]\n",
		"    answers: {NO-GUIDANCE: none is needed, THEME-WHERE: everywhere}\n");
	found = lint_bank(bank);
	cr_assert_eq(found.count, 3);
	cr_assert_str_eq(found.list[0].id, "NO-GUIDANCE");
	cr_assert_null(found.list[0].answer);
	cr_assert_str_eq(found.list[1].answer, "everywhere");
	cr_assert_str_eq(found.list[2].id, "ANSWER-IDLE");
}

Test(question_lint, what_nobody_has_said_is_not_missed)
{
	kb_findings found = lint(standard_text, NULL, changed(bank_text, "minutes: 6", "minutes: 40"));
	cr_expect_eq(found.count, 0, "no specification, no window");
	found = lint(standard_text, changed(specification_text, "max: 16", "max: 5"), bank_text);
	cr_expect_eq(found.count, 2);
	cr_expect_str_eq(found.list[0].id, "MINUTES-WINDOW");
	found = lint(standard_text, changed(specification_text, "min: 8, max: 16", "max: 4"),
		changed(changed(bank_text, "minutes: 6", "minutes: 2"), "minutes: 6", "minutes: 2"));
	cr_expect_eq(found.count, 0, "two minutes are what the specification leaves");
	found =
		lint(changed(standard_text, "grades: [Fail, Pass, Distinction]\n    ksbs", "grades: [Fail, Pass]\n    ksbs"),
			specification_text,
			changed(bank_text, "    distinction: {descriptors: [IN-1.D1], shows: Weighs two ways to mend it.}\n", ""));
	cr_expect_eq(found.count, 0, "a method without a distinction needs no guidance on it");
}

/* A method of which no document gives grading themes: neither `theme` nor descriptors can be there. */
Test(question_lint, a_method_without_published_themes_is_read_too)
{
	const char *at = strstr(standard_text, "    grades:"),
			   *behind = strstr(standard_text, "grades: [Fail, Pass, Distinction]\n\0");
	behind = strstr(behind + 1, "\ngrades:") + 1;
	const char *bare = kb_arena_printf(arena, "%.*s%s", (int)(at - standard_text), standard_text, behind);
	const char *bank = bank_text;
	for (int i = 0; i < 2; i++) {
		bank = changed(bank, "    theme: IN-1\n", "");
		bank = changed(bank, "descriptors: [IN-1.P1], ", "");
		bank = changed(bank, "descriptors: [IN-1.D1], ", "");
	}
	kb_findings found = lint(bare, NULL, bank);
	cr_expect_eq(found.count, 0, "%s", found.count ? found.list[0].message : "");
	found = lint(bare, NULL, changed(bank, PROMPT, "Was it broken?"));
	cr_expect_eq(found.count, 1);
}

/* ---- words ---- */

Test(question_lint, words_sentences_and_syllables)
{
	kb_words words = kb_words_of(
		arena, "Don't say \xe2\x80\x9cthe person\xe2\x80\x99s multi-agency plan\xe2\x80\x9d, e.g. this. Now?");
	static const char *const expected[] = { "dont", "say", "the", "person", "multi", "agency", "plan", "e", "g", "this",
		"now" };
	cr_assert_eq(words.count, KB_COUNT(expected));
	for (size_t i = 0; i < words.count; i++) {
		cr_expect_str_eq(words.list[i].text, expected[i]);
		cr_expect_eq(words.list[i].ends, i >= 9, "%s", expected[i]);
		cr_expect_eq(words.list[i].joined, i == 5, "%s", expected[i]);
	}
	cr_expect_eq(words.list[10].mark, '?');
	cr_expect_eq(kb_words_length(&words, 0, words.count), 10);
	cr_expect_eq(kb_words_find(&words, "multi agency", 0), 4);
	cr_expect_eq(kb_words_find(&words, "agency plans", 0), words.count);
	static const struct {
		const char *word;
		unsigned syllables;
	} counted[] = { { "law", 1 }, { "people", 2 }, { "make", 1 }, { "asked", 1 }, { "wanted", 2 }, { "cases", 2 },
		{ "makes", 1 }, { "agency", 3 }, { "the", 1 }, { "what", 1 }, { "little", 2 }, { "hmm", 1 } };
	for (size_t i = 0; i < KB_COUNT(counted); i++)
		cr_expect_eq(kb_word_syllables(counted[i].word), counted[i].syllables, "%s", counted[i].word);
	/* 6 words, 1 sentence, 6 syllables: 0.39*6 + 11.8 - 15.59 */
	words = kb_words_of(arena, "The cat sat on the mat.");
	cr_expect_eq(kb_words_grade(&words), -145);
	words = kb_words_of(arena, NULL);
	cr_expect_eq(kb_words_grade(&words), 0);
}

Test(question_lint, stems_bring_the_forms_of_a_word_together)
{
	static const char *const same[][3] = { { "plan", "plans", "planning" }, { "record", "recorded", "recording" },
		{ "communicate", "communicating", "communication" }, { "policy", "policies", "policies" },
		{ "organisation", "organisations", "organisational" }, { "measure", "measures", "measured" },
		{ "assess", "assessment", "assessing" }, { "manage", "manager", "management" },
		{ "partner", "partners", "partnership" }, { "behave", "behaved", "behaviour" } };
	for (size_t i = 0; i < KB_COUNT(same); i++)
		for (size_t j = 1; j < 3; j++)
			cr_expect_str_eq(kb_word_stem(arena, same[i][0]), kb_word_stem(arena, same[i][j]), "%s", same[i][j]);
	cr_expect_str_neq(kb_word_stem(arena, "communication"), kb_word_stem(arena, "community"));
	cr_expect_str_neq(kb_word_stem(arena, "legal"), kb_word_stem(arena, "legislation"));
}
