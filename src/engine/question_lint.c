#include "engine/question_lint.h"

#include "engine/likeness.h"
#include "engine/question_lint_rules.h"
#include "engine/standard_lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROMPTS_LEAST = 2,
	PROMPTS_MOST = 4,
	TAGS_MANY = 4,
	STEMS_NEAR = 500, /* per mille; stems are short: one phrase in common brings two of them to 400 */
};

#define ACCESSIBLE "Ofqual, Guidance on designing and developing accessible assessments (2022)"
#define INTERVIEWS "US Office of Personnel Management, Structured Interviews: A Practical Guide (2008)"
#define STYLE "GOV.UK style guide"

const kb_question_rule kb_question_rules[] = {
	[RULE_SAME_TEXT] = { "SAME-TEXT", KB_SEVERITY_ERROR,
		"Two stems (or two themes' titles with their briefs) are the same but for case, punctuation and white space, and "
		"neither names the other as a rival.",
		"In a re-sit the candidate would be asked the same question again.",
		"ST0648 plan:141: a different set of questions",
		"Rewrite one of the two, or drop it; if both must stay, name one as a rival of the other." },
	[RULE_THEME_KSBS] = { "THEME-KSBS", KB_SEVERITY_ERROR,
		"A case-study theme lacks KSBs that are mapped to its method.",
		"Whoever chooses this theme could not show them.", "ST0648 plan:165: themes cover the KSBs of the method",
		"Tag the theme with the KSBs that are missing, and say under `where` at which place each can show." },
	[RULE_NO_GUIDANCE] = { "NO-GUIDANCE", KB_SEVERITY_ERROR,
		"A question says nothing of what a pass shows, or of a distinction where the method has that grade or nobody says "
		"that it has not; a theme has no guidance.",
		"Assessors would each grade by a measure of their own.",
		"Ofqual General Conditions H1.1: criteria understood and applied consistently",
		"Write what an answer of that grade shows; for a theme, what the apprentice should mind." },
	[RULE_ALIKE] = { "ALIKE", KB_SEVERITY_WARNING,
		"Of the shingles (two words in a row, common words left out) in either of two questions with their prompts, 20% or "
		"more are in both; of two stems, 50%; and neither names the other as a rival.",
		"What was learned for one answers the other, so they must not meet in one paper or follow in a re-sit.",
		"ST0648 plan:139: prevent predictability; the measure: Broder, On the resemblance and containment of documents "
		"(1997)",
		"Name one as a rival of the other, or rewrite one." },
	[RULE_DOUBLE] = { "DOUBLE-BARRELLED", KB_SEVERITY_WARNING,
		"A stem or prompt asks twice: two question marks or requests, \"and how\", \"and explain\", or a further how, what "
		"or why behind a comma.",
		"A candidate answers the one half and is marked on both.",
		"Moser and Kalton, Survey Methods in Social Investigation (1971); Haladyna, Downing and Rodriguez (2002): one thing "
		"to each item",
		"Ask one thing; put the other into a prompt of its own." },
	[RULE_CLOSED] = { "CLOSED-OPENING", KB_SEVERITY_WARNING,
		"A question can be answered with yes or no: it begins with do, did, is, are, can, could, would, have, should ..., "
		"or holds no how, what, which, who, why, where or when.",
		"The answer may show nothing, and then depends on how the assessor asks on.",
		INTERVIEWS ": open-ended questions",
		"Begin with how, what, which or why, or with: Tell me, Describe, Explain." },
	[RULE_LEADING] = { "LEADING", KB_SEVERITY_WARNING,
		"The wording gives away the answer or a value: \"how important\", \"don't you\", \"obviously\", \"successfully\" ...",
		"It marks the hint and not the candidate.", INTERVIEWS ": no leading questions; Moser and Kalton (1971)",
		"Leave the value out and let the candidate judge." },
	[RULE_ACRONYM] = { "ACRONYM", KB_SEVERITY_WARNING,
		"Capitals in a row that stand written out neither in the item nor in the standard's own texts (UK, EU, TV and CV "
		"may stand). Letters are held against the initials of words in a row; two letters, against capitals only.",
		"Services shorten differently; spoken aloud an unknown acronym stops the candidate.",
		STYLE ", abbreviations and acronyms", "Write it out." },
	[RULE_READING] = { "READING-AGE", KB_SEVERITY_WARNING,
		"Stem and prompts have a Flesch-Kincaid grade above 8; a theme's title and brief, or its guidance, which are read "
		"and not heard, above 12.",
		"What is heard once must be plain; long words test language, not practice.",
		ACCESSIBLE
		", language; the measure: Kincaid and others, Derivation of new readability formulas (1975). The limits "
		"are ours",
		"Shorter sentences, shorter words." },
	[RULE_SENTENCE] = { "SENTENCE-LENGTH", KB_SEVERITY_WARNING, "A sentence has more than 25 words.",
		"Longer sentences are hard to follow, more so when spoken.", STYLE ", sentence length: 25 words",
		"Split the sentence." },
	[RULE_STEM_LENGTH] = { "STEM-LENGTH", KB_SEVERITY_WARNING, "The stem has more than 35 words.",
		"It can't be said in two breaths, nor kept in mind.",
		"Haladyna, Downing and Rodriguez (2002): keep reading to the least. The number is ours",
		"Cut the setting to one or two short sentences." },
	[RULE_GENDERED] = { "GENDERED", KB_SEVERITY_WARNING,
		"A gendered word (he, her, man, wife, mother ...) in the question, its guidance or the theme.",
		"It pictures one kind of person, and may exclude the candidate.", STYLE ", gender-neutral text; " ACCESSIBLE,
		"Write \"they\", or the person's part: partner, parent, colleague." },
	[RULE_SETTING] = { "SETTING-ASSUMED", KB_SEVERITY_WARNING,
		"A place or job that not every apprentice has (caseload, office, court, prison, appointment ...) and that neither "
		"the tagged KSBs nor the named descriptors speak of.",
		"Candidates who work elsewhere are asked for what they can't have done.",
		ACCESSIBLE ", context; Ofqual General Conditions D2.2 and D2.3",
		"Word it for every setting, or let the candidate choose one." },
	[RULE_PROMPT_REPEATS] = { "PROMPT-REPEATS", KB_SEVERITY_WARNING,
		"A prompt has no meaning word that the stem, or an earlier prompt, has not (three such words at least).",
		"It wastes the minutes and draws nothing further out.", "ours",
		"Ask for what the stem leaves out, or drop it." },
	[RULE_PROMPT_COUNT] = { "PROMPT-COUNT", KB_SEVERITY_WARNING,
		"A question has fewer than two prompts or more than four.",
		"With too few assessors make up their own, and candidates are not treated alike; too many take over the answer.",
		"ST0648 plan:139: fair and consistent treatment. The numbers are ours", "Keep two to four prompts." },
	[RULE_TAG_UNTOUCHED] = { "TAG-UNTOUCHED", KB_SEVERITY_WARNING,
		"No meaning word of a tagged KSB comes back in stem, prompts or guidance. Words are compared by their stems, and "
		"plain ones stand for the standard's (law for legislation, ask for seek).",
		"Coverage is counted by tags: a tag that nothing draws out covers on paper only.",
		"ST0648 plan:131: the questions cover the mapped KSBs",
		"Draw the KSB out with a prompt, say in the guidance how it shows, or drop the tag." },
	[RULE_MINUTES_FEW] = { "MINUTES-FEW", KB_SEVERITY_WARNING,
		"A question has fewer than 3 minutes, and fewer than the specification leaves for one on average.",
		"Nobody can ask, answer and follow up in less.",
		"ours; the second method of ST0648 gives 2.5 on average (plan:202)", "Give it more time, or ask for less." },
	[RULE_MINUTES_WINDOW] = { "MINUTES-WINDOW", KB_SEVERITY_WARNING,
		"The specification's window of minutes shuts the question out: even with the shortest (or the longest) others the "
		"paper is too long (or too short).",
		"It can never be drawn, though it counts in the bank.", "the method's own specification",
		"Change its minutes, or the specification." },
	[RULE_COPIED] = { "DESCRIPTOR-COPIED", KB_SEVERITY_WARNING,
		"Six or more words in a row of a grading descriptor of the method stand in the guidance.",
		"A copy tells the assessor nothing about this question, and two copies mark two questions alike.", "ours",
		"Say what this answer would show." },
	[RULE_NO_ACCESS] = { "NO-ACCESSIBILITY", KB_SEVERITY_WARNING, "There is no note on bias and access.",
		"Whether a question disadvantages a group must be watched and written down.",
		"Ofqual General Conditions D2.2 and D2.3",
		"Write what to accept, and what not to hold against the candidate." },
	[RULE_NO_PLACE] = { "THEME-WHERE", KB_SEVERITY_WARNING, "A theme does not say where one of its KSBs can show.",
		"The apprentice and the assessor would look in different places.",
		"ST0648 plan:165: themes cover the KSBs of the method", "Name the place under `where`." },
	[RULE_TAGS_FOUR] = { "TAGS-FOUR", KB_SEVERITY_INFO, "A question carries four KSBs, the most that the format takes.",
		"More KSBs on one question make the claim that it covers each of them weak.", "ours",
		"See that stem or prompts draw out each one; two or three are better." },
	[RULE_ANSWER_IDLE] = { "ANSWER-IDLE", KB_SEVERITY_INFO,
		"A reason under `answers` answers nothing: the rule finds nothing here, is an error, or does not exist.",
		"Text changes and its excuses stay; the next reader would believe them.", "ours", "Take the answer out." },
};
const size_t kb_question_rule_count = KB_COUNT(kb_question_rules);
_Static_assert(KB_COUNT(kb_question_rules) == RULE_COUNT, "each rule stands in the table");

static const char *answer_of(const kb_item *item, const char *rule)
{
	const kb_text_pair *answers = item->answers.list;
	for (size_t i = 0; i < item->answers.count; i++)
		if (kb_str_equal(answers[i].key.text, rule)) return answers[i].value.text;
	return NULL;
}

void kb_question_report(kb_question_run *run, int rule, kb_mark mark, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, fmt, args);
	char *message = length < 0 ? NULL : kb_arena_alloc(run->arena, (size_t)length + 1);
	if (message) vsnprintf(message, (size_t)length + 1, fmt, again);
	va_end(again);
	va_end(args);
	const kb_question_rule *r = &kb_question_rules[rule];
	kb_finding finding = { .id = r->id,
		.subject = run->item->id.text,
		.severity = r->severity,
		.standard = run->set->standard->key.text,
		.message = message ? message : "",
		.action = r->action,
		.sources = r->source,
		.answer = r->severity == KB_SEVERITY_WARNING ? answer_of(run->item, r->id) : NULL,
		.mark = mark };
	kb_findings_add(run->arena, run->findings, &finding);
}

/* ---- what is looked at ---- */

const char *kb_question_ksb_text(kb_arena *arena, const kb_standard *standard, const char *code)
{
	const kb_ksb *ksb = kb_standard_ksb(standard, code);
	kb_buf out = { .arena = arena };
	if (!ksb) return "";
	if (ksb->text.text) kb_buf_text(&out, ksb->text.text);
	const kb_wording *disputed = ksb->disputed.list;
	for (size_t i = 0; i < ksb->disputed.count; i++)
		kb_buf_printf(&out, "%s%s", out.length ? " " : "", disputed[i].text.text);
	return kb_buf_string(&out);
}

static void add_descriptors(kb_buf *out, const kb_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) kb_buf_printf(out, "%s. ", texts->list[i].text);
}

/* Everything that the standard itself says of what is assessed. */
static kb_words known_words(kb_question_run *run)
{
	kb_buf out = { .arena = run->arena };
	const kb_ksb *ksbs = run->set->standard->ksbs.list;
	const kb_theme *themes = run->set->method->themes.list;
	for (size_t i = 0; i < run->set->standard->ksbs.count; i++)
		kb_buf_printf(&out, "%s. ", kb_question_ksb_text(run->arena, run->set->standard, ksbs[i].code.text));
	for (size_t i = 0; i < run->set->method->themes.count; i++) {
		kb_buf_printf(&out, "%s. ", themes[i].name.text);
		add_descriptors(&out, &themes[i].pass);
		add_descriptors(&out, &themes[i].distinction);
	}
	return kb_words_of(run->arena, kb_buf_string(&out));
}

static void add_passage(kb_question_run *run, kb_passages *passages, const char *name, const kb_text *text)
{
	if (text->text && passages->list)
		passages->list[passages->count++] = (kb_passage) { name, text->mark, kb_words_of(run->scratch, text->text) };
}

static void add_numbered(kb_question_run *run, kb_passages *passages, const char *name, const kb_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		const char *numbered = kb_arena_printf(run->scratch, "%s %zu", name, i + 1);
		add_passage(run, passages, numbered ? numbered : name, &texts->list[i]);
	}
}

static void gather(kb_question_run *run)
{
	const kb_item *item = run->item;
	run->asked = (kb_passages) { kb_arena_array(run->scratch, 2 + item->prompts.count, sizeof(kb_passage)), 0 };
	run->told = (kb_passages) { kb_arena_array(run->scratch, 2 + item->guidance.count, sizeof(kb_passage)), 0 };
	if (item->is_theme) {
		add_passage(run, &run->asked, "The title", &item->title);
		add_passage(run, &run->asked, "The brief", &item->brief);
		add_numbered(run, &run->told, "Guidance", &item->guidance);
		return;
	}
	add_passage(run, &run->asked, "The stem", &item->stem);
	add_numbered(run, &run->asked, "Prompt", &item->prompts);
	if (item->pass) add_passage(run, &run->told, "What a pass shows", &item->pass->shows);
	if (item->distinction) add_passage(run, &run->told, "What a distinction shows", &item->distinction->shows);
}

static void add_named(kb_question_run *run, kb_buf *out, const kb_guidance *guidance)
{
	for (size_t i = 0; guidance && i < guidance->descriptors.count; i++) {
		const char *text = kb_method_descriptor(run->set->method, guidance->descriptors.list[i].text);
		if (text) kb_buf_printf(out, "%s ", text);
	}
}

static void gather_subject(kb_question_run *run)
{
	kb_buf out = { .arena = run->scratch };
	for (size_t i = 0; i < run->item->ksbs.count; i++)
		kb_buf_printf(
			&out, "%s ", kb_question_ksb_text(run->scratch, run->set->standard, run->item->ksbs.list[i].text));
	add_named(run, &out, run->item->pass);
	add_named(run, &out, run->item->distinction);
	kb_words words = kb_words_of(run->scratch, kb_buf_string(&out));
	run->subject_count = 0;
	run->subject = kb_arena_array(run->scratch, words.count, sizeof *run->subject);
	for (size_t i = 0; run->subject && i < words.count; i++)
		run->subject[run->subject_count++] = kb_word_stem(run->scratch, words.list[i].text);
}

/* ---- what is there and what is not ---- */

static bool has_distinction(const kb_texts *grades)
{
	for (size_t i = 0; i < grades->count; i++)
		if (kb_str_equal_fold(grades->list[i].text, "distinction")) return true;
	return grades->count == 0; /* nobody says which grades there are */
}

static bool says(const kb_guidance *guidance)
{
	return guidance && guidance->shows.text && *guidance->shows.text;
}

static void lint_presence(kb_question_run *run)
{
	const kb_item *item = run->item;
	if (item->is_theme && !item->guidance.count)
		kb_question_report(run, RULE_NO_GUIDANCE, item->mark, "The theme gives the apprentice no guidance.");
	if (!item->is_theme && !says(item->pass))
		kb_question_report(run, RULE_NO_GUIDANCE, item->mark, "Nothing says what a pass shows.");
	if (!item->is_theme && !says(item->distinction) && has_distinction(&run->set->method->grades))
		kb_question_report(run, RULE_NO_GUIDANCE, item->mark, "Nothing says what a distinction shows.");
	if (!item->accessibility.text || !*item->accessibility.text)
		kb_question_report(run, RULE_NO_ACCESS, item->mark, "There is no note on bias and access.");
	if (item->is_theme) return;
	if (item->prompts.count < PROMPTS_LEAST || item->prompts.count > PROMPTS_MOST)
		kb_question_report(run, RULE_PROMPT_COUNT, item->mark, "It has %zu prompt%s.", item->prompts.count,
			item->prompts.count == 1 ? "" : "s");
	if (item->ksbs.count >= TAGS_MANY)
		kb_question_report(run, RULE_TAGS_FOUR, item->mark, "It carries %zu KSBs: %s.", item->ksbs.count,
			kb_texts_join(run->scratch, &item->ksbs, ", "));
}

static bool has_place(const kb_item *item, const char *code)
{
	const kb_text_pair *where = item->where.list;
	for (size_t i = 0; i < item->where.count; i++)
		if (kb_str_equal(where[i].key.text, code)) return where[i].value.text && *where[i].value.text;
	return false;
}

static void lint_theme(kb_question_run *run)
{
	const kb_texts *mapped = &run->set->method->ksbs, *tags = &run->item->ksbs;
	kb_buf missing = { .arena = run->scratch }, nowhere = { .arena = run->scratch };
	for (size_t i = 0; i < mapped->count; i++)
		if (!kb_texts_have(tags, mapped->list[i].text))
			kb_buf_printf(&missing, "%s%s", missing.length ? ", " : "", mapped->list[i].text);
	for (size_t i = 0; i < tags->count; i++)
		if (!has_place(run->item, tags->list[i].text))
			kb_buf_printf(&nowhere, "%s%s", nowhere.length ? ", " : "", tags->list[i].text);
	if (missing.length)
		kb_question_report(run, RULE_THEME_KSBS, run->item->mark, "It lacks %s of the method.", missing.text);
	if (nowhere.length)
		kb_question_report(run, RULE_NO_PLACE, run->item->mark, "It does not say where %s can show.", nowhere.text);
}

/* ---- minutes ---- */

typedef struct window {
	bool set;
	int64_t least, most;       /* of the specification */
	int64_t shortest, longest; /* what the other questions of a paper take, at the least and at the most */
} window;

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* What all but one question of a paper take. The question itself may be among them, which errs on the quiet side. */
static window find_window(kb_question_run *run)
{
	const kb_specification *spec = run->set->specification;
	window w = { .least = 0, .most = INT64_MAX };
	int64_t *minutes = kb_arena_array(run->arena, run->set->count, sizeof *minutes);
	if (!spec || !spec->minutes || !spec->questions.set || !minutes) return w;
	size_t count = 0;
	for (uint32_t i = 0; i < run->set->count; i++)
		if (!run->set->items[i].is_theme) minutes[count++] = run->set->items[i].minutes.value;
	size_t others = (size_t)spec->questions.value - 1;
	if (count < others) return w;
	if (count) qsort(minutes, count, sizeof *minutes, by_value);
	for (size_t i = 0; i < others; i++) {
		w.shortest += minutes[i];
		w.longest += minutes[count - 1 - i];
	}
	w.set = true;
	if (spec->minutes->min.set) w.least = spec->minutes->min.value;
	if (spec->minutes->max.set) w.most = spec->minutes->max.value;
	return w;
}

/* What a question needs: what the specification itself leaves for one, where that is less. */
static int64_t minutes_needed(const kb_specification *spec)
{
	int64_t needed = KB_LINT_MINUTES_PER_QUESTION;
	if (!spec || !spec->minutes || !spec->minutes->max.set || !spec->questions.set) return needed;
	int64_t left = spec->minutes->max.value / spec->questions.value;
	return left < needed ? left : needed;
}

static void lint_minutes(kb_question_run *run, const window *w)
{
	int64_t own = run->item->minutes.value;
	if (own < minutes_needed(run->set->specification))
		kb_question_report(
			run, RULE_MINUTES_FEW, run->item->mark, "It has %lld minute%s.", (long long)own, own == 1 ? "" : "s");
	if (w->set && own + w->shortest > w->most)
		kb_question_report(run, RULE_MINUTES_WINDOW, run->item->mark,
			"With its %lld minutes a paper takes at least %lld, and may take %lld at most.", (long long)own,
			(long long)(own + w->shortest), (long long)w->most);
	else if (w->set && own + w->longest < w->least)
		kb_question_report(run, RULE_MINUTES_WINDOW, run->item->mark,
			"With its %lld minutes a paper takes at most %lld, and must take %lld at least.", (long long)own,
			(long long)(own + w->longest), (long long)w->least);
}

/* ---- pairs ---- */

/* A pair that is worth a finding, at its later item. */
typedef struct pair {
	uint32_t earlier, later, per_mille;
	bool exact, stems; /* stems: measured on the stems alone */
} pair;

static const char *stem_of(const kb_item *item)
{
	const char *stem = item->stem.text;
	return stem ? stem : "";
}

static const char *whole_of(kb_arena *arena, const kb_item *item)
{
	kb_buf out = { .arena = arena };
	if (item->is_theme) kb_buf_printf(&out, "%s\n%s\n", item->title.text, item->brief.text);
	else kb_buf_printf(&out, "%s\n", stem_of(item));
	for (size_t i = 0; i < item->prompts.count; i++) kb_buf_printf(&out, "%s\n", item->prompts.list[i].text);
	return kb_buf_string(&out);
}

static bool are_rivals(const kb_item *a, const kb_item *b)
{
	return kb_texts_have(&a->rivals, b->id.text) || kb_texts_have(&b->rivals, a->id.text);
}

static int by_place(const void *a, const void *b)
{
	const pair *x = a, *y = b;
	if (x->later != y->later) return x->later < y->later ? -1 : 1;
	if (x->earlier != y->earlier) return x->earlier < y->earlier ? -1 : 1;
	if (x->exact != y->exact) return x->exact ? -1 : 1;
	if (x->per_mille != y->per_mille) return x->per_mille > y->per_mille ? -1 : 1;
	return x->stems ? -1 : y->stems; /* qsort may compare an element with itself */
}

/* The pairs of both measures, each pair of items once, by the later item. */
static kb_status find_pairs(kb_question_run *run, pair **ret, size_t *ret_count, kb_err *err)
{
	const kb_item *items = run->set->items;
	uint32_t count = run->set->count;
	const char **texts = kb_arena_array(run->arena, count, sizeof *texts);
	kb_likes likes[2];
	for (int stems = 0; texts && stems < 2; stems++) {
		for (uint32_t i = 0; i < count; i++)
			texts[i] = stems && !items[i].is_theme ? stem_of(&items[i]) : whole_of(run->arena, &items[i]);
		KB_TRY(kb_arena_check(run->arena, err));
		KB_TRY(kb_likeness(run->arena, texts, count, stems ? STEMS_NEAR : KB_LIKENESS_NEAR, &likes[stems], err));
	}
	KB_TRY(kb_arena_check(run->arena, err));
	pair *pairs = kb_arena_array(run->arena, likes[0].count + likes[1].count, sizeof *pairs);
	if (!pairs) return kb_arena_check(run->arena, err);
	size_t found = 0, kept = 0;
	for (int stems = 0; stems < 2; stems++)
		for (size_t i = 0; i < likes[stems].count; i++) {
			const kb_like *like = &likes[stems].list[i];
			if (!are_rivals(&items[like->a], &items[like->b]))
				pairs[found++] = (pair) { like->a, like->b, like->per_mille, like->exact, stems };
		}
	if (found) qsort(pairs, found, sizeof *pairs, by_place);
	for (size_t i = 0; i < found; i++)
		if (!kept || pairs[kept - 1].later != pairs[i].later || pairs[kept - 1].earlier != pairs[i].earlier)
			pairs[kept++] = pairs[i];
	*ret = pairs;
	*ret_count = kept;
	return KB_OK;
}

static void lint_pair(kb_question_run *run, const pair *p)
{
	const kb_item *other = &run->set->items[p->earlier];
	const char *what = other->is_theme ? "title and brief" : p->stems ? "stem" : "stem and prompts";
	if (p->exact)
		kb_question_report(run, RULE_SAME_TEXT, run->item->mark, "It has the same %s as %s.", what, other->id.text);
	else
		kb_question_report(run, RULE_ALIKE, run->item->mark,
			"Of the pairs of words in its %s and that of %s, %u.%u%% are in both.", what, other->id.text,
			p->per_mille / 10, p->per_mille % 10);
}

/* ---- all of it ---- */

/* Behind the other rules: what was answered and does not fire. */
static void lint_answers(kb_question_run *run)
{
	const kb_text_pair *answers = run->item->answers.list;
	size_t end = run->findings->count;
	for (size_t i = 0; i < run->item->answers.count; i++) {
		bool used = false;
		for (size_t f = run->first; f < end; f++)
			used |= run->findings->list[f].answer && kb_str_equal(run->findings->list[f].id, answers[i].key.text);
		if (!used)
			kb_question_report(run, RULE_ANSWER_IDLE, answers[i].key.mark, "The answer to %s answers nothing here.",
				answers[i].key.text);
	}
}

static void errors_first(kb_question_run *run)
{
	kb_finding *list = run->findings->list + run->first;
	for (size_t i = 1; i < run->findings->count - run->first; i++) {
		kb_finding finding = list[i];
		size_t at = i;
		for (; at > 0 && list[at - 1].severity > finding.severity; at--) list[at] = list[at - 1];
		list[at] = finding;
	}
}

static kb_status lint_item(kb_question_run *run, const window *w, const pair *pairs, size_t pair_count, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(run->scratch);
	run->first = run->findings->count;
	gather(run);
	gather_subject(run);
	KB_TRY(kb_arena_check(run->scratch, err));
	for (size_t i = 0; i < pair_count; i++) lint_pair(run, &pairs[i]);
	lint_presence(run);
	if (run->item->is_theme) lint_theme(run);
	else lint_minutes(run, w);
	kb_question_lint_text(run);
	lint_answers(run);
	if (run->findings->count > run->first) errors_first(run);
	KB_TRY(kb_arena_check(run->scratch, err));
	kb_arena_restore(run->scratch, mark);
	return kb_arena_check(run->arena, err);
}

kb_status kb_question_lint(kb_arena *arena, const kb_question_set *set, kb_findings *findings, kb_err *err)
{
	static const size_t scratch_ceiling = (size_t)64 << 20;
	KB_CLEANUP(kb_arena_freep) kb_arena *scratch = kb_arena_new(scratch_ceiling);
	if (!scratch) return kb_fail(err, KB_NO_MEMORY, "memory.none", "there is no memory to read the questions");
	kb_question_run run = { .arena = arena, .scratch = scratch, .set = set, .findings = findings };
	pair *pairs = NULL;
	size_t pair_count = 0, next = 0;
	run.known = known_words(&run);
	window w = find_window(&run);
	KB_TRY(find_pairs(&run, &pairs, &pair_count, err));
	for (uint32_t i = 0; i < set->count; i++) {
		size_t first = next;
		while (next < pair_count && pairs[next].later == i) next++;
		run.item = &set->items[i];
		KB_TRY(lint_item(&run, &w, pairs + first, next - first, err));
	}
	return kb_arena_check(arena, err);
}
