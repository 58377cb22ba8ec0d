#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "engine/standard_lint.h"
#include "text/yaml.h"

enum { MEMORY = 256 * 1024 * 1024, SHIPPED = 3 };

static kb_arena *arena;
static kb_err err;
static const kb_standard *shipped[SHIPPED];
static char *texts[SHIPPED];

static const kb_standard *read_text(const char *name, const char *text)
{
	kb_faults faults = { .arena = arena };
	kb_node *root = NULL;
	kb_standard *standard = NULL;
	cr_assert_eq(kb_yaml_read(arena, name, text, strlen(text), &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert_not_null(root, "%s is no tree", name);
	cr_assert_eq(kb_standard_read(arena, root, &faults, &standard, &err), KB_OK, "%s", err.message);
	cr_assert_eq(faults.count, 0, "%s:%u: %s", name, faults.list[0].mark.line, faults.list[0].message);
	return standard;
}

static void set_up(void)
{
	static const char *const names[SHIPPED] = { "st0648-1.0", "st0494-1.1", "st0494-1.0" };
	const char *top = getenv("KB_SOURCE");
	arena = kb_arena_new(MEMORY);
	cr_assert_not_null(arena);
	for (size_t i = 0; i < SHIPPED; i++) {
		const char *path = top ? kb_arena_printf(arena, "%s/banks/%s/standard.yaml", top, names[i])
		                       : kb_arena_printf(arena, "%s/../../../banks/%s/standard.yaml", KB_TEST_DATA, names[i]);
		kb_bytes bytes;
		cr_assert_eq(kb_file_read(arena, path, KB_YAML_MAX_BYTES, &bytes, &err), KB_OK, "%s", err.message);
		texts[i] = kb_arena_copy(arena, bytes.data, bytes.length);
		shipped[i] = read_text(names[i], texts[i]);
	}
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(standard_lint, .init = set_up, .fini = tear_down);

static kb_findings lint(const kb_standard *const *standards, size_t count, size_t index)
{
	kb_findings findings = { 0 };
	cr_assert_eq(kb_standard_lint(arena, standards, count, index, &findings, &err), KB_OK, "%s", err.message);
	return findings;
}

static const kb_finding *find(const kb_findings *findings, const char *id, const char *subject)
{
	for (size_t i = 0; i < findings->count; i++)
		if (kb_str_equal(findings->list[i].id, id) && (!subject || kb_str_equal(findings->list[i].subject, subject)))
			return &findings->list[i];
	return NULL;
}

static size_t count_of(const kb_findings *findings, const char *id)
{
	size_t count = 0;
	for (size_t i = 0; i < findings->count; i++) count += kb_str_equal(findings->list[i].id, id);
	return count;
}

enum { OFFICER, NEW, OLD }; /* ST0648/1.0, ST0494/1.1, ST0494/1.0 */

/* Every inconsistency that people found in the sources, in the order of their list; a comment gives their name for it
 * where ours is another. `times` is how many findings of the id the standard has in all. */
static const struct known {
	int standard;
	const char *id, *subject, *sources, *words;
	kb_severity severity;
	size_t times;
} known[] = {
	{ OFFICER, "KSB-TEXT-CONFLICT", "K9", "plan:338, page:217", "the words that it also prints for K6", 0, 4 },
	{ OFFICER, "KSB-TEXT-CONFLICT", "S7", "plan:354, page:246", "the words that it also prints for K6", 0, 4 },
	{ OFFICER, "KSB-TEXT-CONFLICT", "S13", "plan:361, page:258", "Analyse the needs of victims", 0, 4 },
	{ OFFICER, "KSB-TEXT-CONFLICT", "S18", "plan:366, page:268", "the words that it also prints for S15", 0, 4 },
	{ OFFICER, "KSB-DUPLICATE", "K6 K9", "page:211, page:217", "K6 and K9", 0, 3 },
	{ OFFICER, "KSB-DUPLICATE", "K6 S7", "plan:335, plan:354", "K6 and S7", 0, 3 },
	{ OFFICER, "KSB-DUPLICATE", "S15 S18", "page:262, page:268", "only punctuation differs", 0, 3 },
	{ NEW, "METHOD-MAP-MISSING", "professional-discussion", "summary:21", "KSBs and grading themes", 0, 2 },
	{ NEW, "METHOD-MAP-MISSING", "presentation-questions", "summary:23", "KSBs and grading themes", 0, 2 },
	{ OLD, "METHOD-MAP-MISSING", "", "", "34 KSBs", 0, 1 },
	{ NEW, "LIST-EMPTY", "overall-grades", "summary:17", "nothing follows", 0, 2 },
	{ NEW, "LIST-EMPTY", "gateway-requirements", "summary:20", "nothing follows", 0, 2 },
	{ OFFICER, "DUTY-ORPHAN-KSB", "S1", "plan:348, page:234", "S1", 1, 1 },
	{ OFFICER, "DUTY-WITHOUT-KSB", "D13", "page:177", "digital tools", 1, 1 },
	{ OFFICER, "DUTY-INCOMPLETE", "D10", "page:150", "no knowledge and no behaviour", 1, 4 },
	{ OFFICER, "DUTY-INCOMPLETE", "D11", "page:158", "no behaviour", 1, 4 },
	{ OFFICER, "DUTY-INCOMPLETE", "D12", "page:169", "no skill and no behaviour", 1, 4 },
	{ OFFICER, "DUTY-INCOMPLETE", "D14", "page:186", "no behaviour", 1, 4 },
	{ NEW, "DUTY-NO-MAP", "", "map:146", "10 of 10", 1, 1 },
	{ NEW, "NO-VERSION", "", "", "The summary prints neither", 1, 1 },
	{ NEW, "KEY-NOT-UNIQUE", "ST0494/1.0", "", "32 of them with different texts", 1, 1 },
	{ OLD, "KEY-NOT-UNIQUE", "ST0494/1.1", "page:241", "K11 -> K18", 1, 1 },
	{ OFFICER, "THEME-KSB-TWICE", "K7", "plan:245, plan:249", "CS-1", 1, 3 },
	{ OFFICER, "THEME-KSB-TWICE", "S1", "plan:233, plan:245, plan:248", "3 places", 1, 3 },
	{ OFFICER, "THEME-KSB-TWICE", "S12", "plan:237, plan:249", "PD-4", 1, 3 },
	{ OFFICER, "THEME-NAME-REUSED", "PD-2 CS-3", "plan:234, plan:249", "Service User Engagement", 1, 1 },
	{ OFFICER, "TABLE-PAGE-BREAK", "PD-4", "plan:237, plan:239", "7 pass and 3 distinction", 2, 3 },
	{ OFFICER, "TABLE-PAGE-BREAK", "CS-1", "plan:245, plan:247", "7 pass", 2, 3 },
	{ OFFICER, "TABLE-PAGE-BREAK", "CS-3", "plan:249, plan:251", "6 pass", 2, 3 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "professional-discussion/own-questions", "plan:131, plan:139", "must combine", 1,
		8 },
	{ OFFICER, "RESIT-CAP-SCOPE", "", "plan:311, plan:260", "can give Distinction", 1, 1 },
	{ OFFICER, "RESIT-COMPONENT-VS-HOLISTIC", "case-study-presentation", "plan:309, plan:191", "graded as one", 1, 1 },
	{ OFFICER, "RESIT-QUESTIONS-M2", "case-study-presentation", "plan:141", "different questions", 1, 1 },
	{ OFFICER, "RESIT-LIMITS-MISSING", "", "plan:303", "no largest number and no time", 1, 1 },
	{ OFFICER, "WORD-COUNT", "case-study-presentation", "plan:173", "at most 3575 words", 1, 1 },
	{ OFFICER, "DURATION-KIND", "", "plan:129, plan:202", "90 minutes (stated, up to 10% more)", 1, 1 },
	{ NEW, "DURATION-KIND", "", "summary:22, summary:24", "45 minutes (minimum)", 1, 1 },
	{ OFFICER, "TIME-PER-QUESTION", "case-study-presentation", "plan:202, plan:204", "2.5 minutes", 1, 1 },
	{ OFFICER, "FOLLOW-UP-SILENT", "", "", "follow-up questions, a number", 1, 1 },
	{ NEW, "FOLLOW-UP-SILENT", "", "", "how long records are kept", 1, 1 },
	{ OFFICER, "KSB-TEXT-MINOR", "K14", "plan:344, page:227", "sharing knowledge", 2, 5 },
	{ OFFICER, "KSB-TEXT-MINOR", "K15", "plan:345, page:229", "support work", 2, 5 },
	{ OFFICER, "KSB-TEXT-MINOR", "K16", "plan:346, page:231", "only punctuation differs", 2, 5 },
	{ OFFICER, "KSB-TEXT-MINOR", "S6", "plan:353, page:244", "sentence plans", 2, 5 },
	{ OFFICER, "KSB-TEXT-MINOR", "B3", "plan:373, page:279", "and the changing", 2, 5 },
	/* DUTY-NONEXISTENT-KSB: there is none in the sources; made_up_mistakes_are_found makes one. */
	{ OLD, "DUTY-IDENTICAL-LIST", "D5 D6", "page:73, page:84", "11 KSBs", 2, 1 },
	{ OLD, "DUTY-TITLE-CODE", "D9", "page:117", "D9 Develop", 2, 1 },
	{ OLD, "CROSS-STANDARD-IDENTICAL", "K7 ST0648/1.0 K16", "page:156", "K16 of ST0648/1.0", 2, 2 },
	{ OLD, "CROSS-STANDARD-IDENTICAL", "S16 ST0648/1.0 S4", "page:198", "S4 of ST0648/1.0", 2, 2 },
	{ OFFICER, "DESCRIPTOR-VERB", "Evaluates", NULL, "opens 2 pass", 2, 3 },
	{ OFFICER, "DESCRIPTOR-VERB", "Explains", NULL, "pass and 4 distinction", 2, 3 },
	{ OFFICER, "DESCRIPTOR-VERB", "Provides", NULL, "and 1 distinction", 2, 3 },
	{ OFFICER, "DAYS-KIND", "case-study-presentation/presentation-due", "plan:200", "10 days", 2, 1 },
	/* GATEWAY-CONTRADICTION, VENUE, MARKER, STRUCTURE, TERM-SCENARIO-THEME: a rule and where the plan says otherwise */
	{ OFFICER, "SOURCE-RULE-CONFLICT", "case-study-presentation/method-gateway", "plan:104, plan:171",
		"no specific requirements", 2, 8 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "professional-discussion/venue", "plan:118, plan:133, plan:320",
		"Video conferencing", 2, 8 },
	{ OFFICER, "REMOTE-SILENT", "case-study-presentation", "plan:133", "video conference", 2, 1 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "case-study-presentation/case-study-marker", "plan:179, plan:206",
		"occupationally competent markers", 2, 8 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "case-study-presentation/case-study-sections", "plan:175", "set structure", 2,
		8 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "case-study-presentation/theme-bank", "plan:183", "bank of scenarios", 2, 8 },
	{ OFFICER, "DUPLICATE-BLOCK", "professional-discussion", NULL, "printed more than once", 2, 1 },
	{ OFFICER, "AUDIO", "professional-discussion", "plan:217", "audio record", 2, 1 },
	/* MODERATION-UNDEFINED and the first half of EXPERIENCE-RULE: spoken of and not settled */
	{ OFFICER, "RULE-UNSETTLED", "moderation", "plan:276", "in accordance with this plan", 2, 2 },
	{ OFFICER, "RULE-UNSETTLED", "assessor-experience", "plan:292", "last three years", 2, 2 },
	{ OFFICER, "SOURCE-RULE-CONFLICT", "assessor-qualification", "plan:277, plan:291", "A1", 2, 8 },
	{ OFFICER, "GRADE-AGGREGATION-MISSING", "professional-discussion", "", "make the grade", 2, 2 },
	{ OFFICER, "REVIEW-BANK-M2", "case-study-presentation", "plan:139", "regular review", 2, 1 },
	{ OFFICER, "BLANK-FIELDS", "facts/occupational-level", "page:312", "nothing follows", 2, 2 },
	{ OFFICER, "BLANK-FIELDS", "facts/duration-months", "page:315", "nothing follows", 2, 2 },
	/* DEGREE-STATUS */
	{ OFFICER, "SOURCE-RULE-CONFLICT", "facts/degree", "page:321, page:298, plan:6", "non-integrated degree", 2, 8 },
	/* No program can find these; they stand in the notes of the standards:
	 * THEME-FIT-S12: whether any descriptor speaks of a KSB is a judgement of meaning.
	 * CASE-VARIANT: our file holds the mapping, not how a table cell was spelt.
	 * TYPOS: slips of spelling are quoted as they are; knowing them takes a reader.
	 * CRITERIA-NUMBERING: our file holds the criteria, not their numbers and line breaks on the page. */
};

Test(standard_lint, finds_what_people_found)
{
	kb_findings findings[SHIPPED];
	for (size_t i = 0; i < SHIPPED; i++) findings[i] = lint(shipped, SHIPPED, i);
	for (size_t i = 0; i < KB_COUNT(known); i++) {
		const struct known *row = &known[i];
		const kb_findings *all = &findings[row->standard];
		const kb_finding *finding = find(all, row->id, row->subject);
		cr_expect_not_null(
			finding, "%s %s of %s is not found", row->id, row->subject, shipped[row->standard]->key.text);
		if (!finding) continue;
		cr_expect_eq(count_of(all, row->id), row->times, "%s: %zu times", row->id, count_of(all, row->id));
		cr_expect_eq(
			finding->severity, row->severity, "%s %s is %s", row->id, row->subject, kb_severities[finding->severity]);
		cr_expect_not_null(
			strstr(finding->message, row->words), "%s %s says: %s", row->id, row->subject, finding->message);
		if (row->sources)
			cr_expect_str_eq(finding->sources, row->sources, "%s %s: %s", row->id, row->subject, finding->sources);
	}
}

/* Nothing beyond what is listed above, so that a new rule is looked at on the real standards before it speaks. */
Test(standard_lint, finds_nothing_else)
{
	static const struct {
		int standard;
		const char *id, *subject;
	} further[] = {
		{ NEW, "GRADING-TABLE", "" },
		{ NEW, "RULE-UNSETTLED", "resits" },
		{ NEW, "KEY-NOT-UNIQUE", "ST0494/1.0" },
		{ OFFICER, "CROSS-STANDARD-IDENTICAL", "K16 ST0494/1.0 K7" },
		{ OFFICER, "CROSS-STANDARD-IDENTICAL", "S4 ST0494/1.0 S16" },
		{ OFFICER, "GRADE-AGGREGATION-MISSING", "case-study-presentation" },
	};
	for (size_t s = 0; s < SHIPPED; s++) {
		kb_findings all = lint(shipped, SHIPPED, s);
		for (size_t f = 0; f < all.count; f++) {
			bool expected = false;
			for (size_t i = 0; i < KB_COUNT(known); i++)
				expected |= known[i].standard == (int)s && kb_str_equal(known[i].id, all.list[f].id) &&
				            kb_str_equal(known[i].subject, all.list[f].subject);
			for (size_t i = 0; i < KB_COUNT(further); i++)
				expected |= further[i].standard == (int)s && kb_str_equal(further[i].id, all.list[f].id) &&
				            kb_str_equal(further[i].subject, all.list[f].subject);
			cr_expect(expected, "%s: %s %s: %s", all.list[f].standard, all.list[f].id, all.list[f].subject,
				all.list[f].message);
		}
	}
}

Test(standard_lint, every_finding_is_complete_and_in_order)
{
	for (size_t s = 0; s < SHIPPED; s++) {
		kb_findings all = lint(shipped, SHIPPED, s);
		size_t sum = 0;
		for (int severity = 0; severity <= KB_SEVERITY_INFO; severity++)
			sum += kb_findings_count(&all, (kb_severity)severity);
		cr_expect_eq(sum, all.count);
		for (size_t f = 0; f < all.count; f++) {
			const kb_finding *finding = &all.list[f];
			cr_expect(f == 0 || all.list[f - 1].severity <= finding->severity, "errors come first");
			cr_expect(finding->message[0] && finding->action[0] && finding->mark.line, "%s %s", finding->id,
				finding->subject);
			cr_expect_str_eq(finding->standard, shipped[s]->key.text);
			size_t length = strlen(finding->message);
			cr_expect(strchr(".\"", finding->message[length - 1]), "%s ends badly: %s", finding->id, finding->message);
			for (size_t g = 0; g < f; g++) /* a decision names id and subject, so they are unique together */
				cr_expect_not(
					kb_str_equal(all.list[g].id, finding->id) && kb_str_equal(all.list[g].subject, finding->subject),
					"%s %s twice", finding->id, finding->subject);
		}
	}
}

/* A standard in which everything is said and nothing is at odds. */
static const char clean[] =
	"format: ksbank-standard/1\n"
	"key: ST9999/1.0\n"
	"title: Lighthouse keeper\n"
	"attribution: Made up for this test.\n"
	"version-source: page:2\n"
	"sources:\n"
	"  page: {title: The page, reference: ST9999, version: \"1.0\"}\n"
	"ksbs:\n"
	"  K1: {text: How lamps work., source: page:10}\n"
	"  S1: {text: Light the lamp., source: page:12}\n"
	"  B1: {text: Stays awake., source: page:13}\n"
	"duties:\n"
	"  D1: {title: Keep the light, ksbs: [K1, S1, B1], source: page:20}\n"
	"methods:\n"
	"  interview:\n"
	"    name: Interview\n"
	"    source: page:40\n"
	"    grades: [Fail, Pass]\n"
	"    minutes:\n"
	"      whole: {kind: stated, value: 30, wording: It lasts 30 minutes, source: page:41}\n"
	"    least-questions: 10\n"
	"    ksbs: [K1, B1]\n"
	"    mapping-source: page:42\n"
	"    themes:\n"
	"      IN-1: {name: Light, ksbs: [K1, B1], pass: [Explains lamps.], distinction: [Betters one.], source: page:43}\n"
	"    rules:\n"
	"      resit-questions: {value: different, wording: different, source: page:45}\n"
	"      remote: {value: allowed, wording: by telephone, source: page:46}\n"
	"  vigil:\n"
	"    name: Vigil\n"
	"    source: page:50\n"
	"    grades: [Fail, Pass]\n"
	"    minutes:\n"
	"      whole: {kind: stated, value: 30, wording: It lasts 30 minutes, source: page:51}\n"
	"    ksbs: [S1]\n"
	"    mapping-source: page:42\n"
	"    themes:\n"
	"      VI-1: {name: Dark, ksbs: [S1], pass: [Lights one.], distinction: [Mends one.], source: page:43}\n"
	"    rules:\n"
	"      remote: {value: not-allowed, wording: on the rock, source: page:52}\n"
	"      due: {value: 10 working days, wording: ten working days, source: page:53}\n"
	"rules:\n"
	"  resit-cap: {value: Pass, wording: capped, source: page:60}\n"
	"  resit-cap-scope: {value: method, wording: of the method, source: page:60}\n"
	"  resit-limit: {value: \"2\", wording: twice, source: page:60}\n"
	"  resit-window-months: {value: \"6\", wording: half a year, source: page:60}\n"
	"  overall-pass: {value: every-method, wording: all, source: page:61}\n"
	"  retention-years: {value: \"6\", wording: six, source: page:62}\n"
	"  follow-ups: {value: allowed, wording: allowed, source: page:62}\n"
	"  bank-size-number: {value: \"90\", wording: ninety, source: page:62}\n"
	"gateway:\n"
	"  employer: {value: satisfied, wording: is satisfied, source: page:63}\n"
	"grades: [Fail, Pass]\n"
	"grading:\n"
	"  - {grades: {interview: Fail, vigil: Fail}, overall: Fail}\n"
	"  - {grades: {interview: Fail, vigil: Pass}, overall: Fail}\n"
	"  - {grades: {interview: Pass, vigil: Fail}, overall: Fail}\n"
	"  - {grades: {interview: Pass, vigil: Pass}, overall: Pass}\n";

/* The first `from` becomes `to`. "-" stands for no finding at all. */
static const struct mistake {
	const char *from, *to, *id, *subject;
} mistakes[] = {
	{ "K1", "K1", "-", NULL }, { "[K1, S1, B1], source", "[K1, S1, B1, K2], source", "DUTY-NONEXISTENT-KSB", "D1 K2" },
	{ "[K1, S1, B1], source", "[], source", "DUTY-WITHOUT-KSB", "D1" },
	{ "[K1, S1, B1], source", "[K1, S1], source", "DUTY-INCOMPLETE", "D1" },
	{ "[K1, S1, B1], source", "[K1, S1], source", "DUTY-ORPHAN-KSB", "B1" },
	{ "How lamps work.", "light the LAMP", "KSB-DUPLICATE", "K1 S1" },
	{ "reference: ST9999, ", "reference: ST9998, ", "KEY-MISMATCH", "page" },
	{ "version: \"1.0\"", "version: \"1.1\"", "KEY-MISMATCH", "page" },
	{ "version-source: page:2\n", "", "NO-VERSION", "" },
	{ "ksbs: [K1, B1]\n    mapping", "ksbs: [K1, B1, S1]\n    mapping", "METHOD-KSB-WITHOUT-THEME", "S1" },
	{ "  B1: {", "  B2: {text: Sleeps by day., source: page:14}\n  B1: {", "KSB-WITHOUT-METHOD", "B2" },
	{ "ksbs: [S1], pass: [Lights one.], distinction: [Mends", "ksbs: [S1], pass: [Mend two.], distinction: [Mends",
		"DESCRIPTOR-VERB", "Mends" },
	{ "name: Dark", "name: light", "THEME-NAME-REUSED", "IN-1 VI-1" },
	{ "least-questions: 10", "least-questions: 11", "TIME-PER-QUESTION", "interview" },
	{ "kind: stated", "kind: minimum", "DURATION-KIND", "" },
	{ "10 working days", "10 days", "DAYS-KIND", "vigil/due" },
	{ "    ksbs: [S1]\n", "    least-questions: 1\n    ksbs: [S1]\n", "RESIT-QUESTIONS-M2", "vigil" },
	{ "  resit-cap-scope: {value: method", "  cap-of-resits: {value: method", "RESIT-CAP-SCOPE", "" },
	{ "  resit-limit: {value", "  times: {value", "RESIT-LIMITS-MISSING", "" },
	{ "  resit-limit:", "  resit-limits:", "RULE-UNKNOWN", "resit-limits" },
	{ "{value: satisfied, wording: is satisfied", "{wording: \"is:\"", "LIST-EMPTY", "gateway/employer" },
	{ "gateway:\n", "facts:\n", "LIST-EMPTY", "gateway-requirements" },
	{ "  retention-years", "  keeping", "FOLLOW-UP-SILENT", "" },
	{ "vigil: Fail}, overall: Fail}\n  - {grades: {interview: Pass, vigil: Pass}, overall: Pass}",
		"vigil: Fail}, overall: Fail}", "GRADING-TABLE", NULL }, /* a row is missing */
	{ "{interview: Fail, vigil: Pass}", "{interview: Fail, vigil: Fail}", "GRADING-TABLE", NULL }, /* a row twice */
	{ "{interview: Fail, vigil: Fail}", "{interview: Fail}", "GRADING-TABLE", NULL }, /* a method forgotten */
	{ "vigil: Pass}, overall: Fail", "vigil: Pass}, overall: Pass", "GRADING-TABLE",
		NULL },                                                                  /* a failed method passes */
	{ "vigil: Pass}, overall: Pass", "vigil: Pass}, overall: Fail", "-", NULL }, /* harsh, and consistent */
};

static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	cr_assert_not_null(at, "\"%s\" is not there", from);
	return kb_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

Test(standard_lint, made_up_mistakes_are_found)
{
	for (size_t i = 0; i < KB_COUNT(mistakes); i++) {
		const kb_standard *standard = read_text("made up", replaced(clean, mistakes[i].from, mistakes[i].to));
		kb_findings all = lint(&standard, 1, 0);
		if (mistakes[i].id[0] == '-')
			cr_expect_eq(all.count, 0, "row %zu: %s: %s", i, all.count ? all.list[0].id : "",
				all.count ? all.list[0].message : "");
		else
			cr_expect_not_null(find(&all, mistakes[i].id, mistakes[i].subject), "row %zu: no %s but %s", i,
				mistakes[i].id, all.count ? all.list[0].id : "nothing");
	}
}

/* What a decision or a better source settles is no longer found. */
Test(standard_lint, a_settled_plan_is_silent)
{
	static const struct {
		const char *from, *to, *id, *subject;
	} settled[] = {
		{ "  resit-cap:\n",
			"  resit-cap-scope: {value: method, wording: of the method, source: plan:311}\n  resit-cap:\n",
			"RESIT-CAP-SCOPE", "" },
		{ "        value: \"10 days\"", "        value: \"10 working days\"", "DAYS-KIND",
			"case-study-presentation/presentation-due" },
		{ "        value: \"+/-10%\"", "        value: \"+10%\"", "WORD-COUNT", "case-study-presentation" },
		{ "        value: holistic", "        value: by-theme", "RESIT-COMPONENT-VS-HOLISTIC",
			"case-study-presentation" },
	};
	for (size_t i = 0; i < KB_COUNT(settled); i++) {
		const kb_standard *standard = read_text("settled", replaced(texts[OFFICER], settled[i].from, settled[i].to));
		kb_findings all = lint(&standard, 1, 0);
		cr_expect_null(find(&all, settled[i].id, settled[i].subject), "%s is still found", settled[i].id);
	}
}

Test(standard_lint, the_same_input_gives_the_same_findings)
{
	kb_findings first = lint(shipped, SHIPPED, OFFICER), second = lint(shipped, SHIPPED, OFFICER);
	cr_assert_eq(first.count, second.count);
	for (size_t i = 0; i < first.count; i++) {
		cr_expect_str_eq(first.list[i].id, second.list[i].id);
		cr_expect_str_eq(first.list[i].message, second.list[i].message);
	}
}

Test(standard_lint, lack_of_memory_is_an_error_and_nothing_worse)
{
	const kb_standard *standard = read_text("clean", replaced(clean, "K1, S1, B1", "K1, K3"));
	size_t refused = 0;
	for (size_t nth = 1; nth < 100000; nth++) {
		kb_arena *small = kb_arena_new(MEMORY);
		kb_findings findings = { 0 };
		kb_arena_fail_at(small, nth);
		kb_status status = kb_standard_lint(small, &standard, 1, 0, &findings, &err);
		kb_arena_free(small);
		if (status == KB_OK) break;
		refused++;
	}
	cr_expect_gt(refused, 10, "only %zu allocations were made to fail", refused);
}

Test(standard_lint, likeness_is_dices_measure_on_words)
{
	cr_expect_eq(kb_standard_likeness(arena, "Light the lamp.", "the LAMP, light!"), 100);
	cr_expect_eq(kb_standard_likeness(arena, "light the lamp", "light the fire"), 66);
	cr_expect_eq(kb_standard_likeness(arena, "light light light", "light"), 100);
	cr_expect_eq(kb_standard_likeness(arena, "lamp", "fire"), 0);
	cr_expect_eq(kb_standard_likeness(arena, "", ""), 0);
	cr_expect_eq(kb_standard_likeness(arena, "lamp", ""), 0);
}
