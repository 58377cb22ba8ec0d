#include "engine/question_lint_rules.h"

#include <stdlib.h>
#include <string.h>

enum {
	STEM_WORDS = 35,
	SENTENCE_WORDS = 25,
	GRADE_HEARD = 800, /* hundredths */
	GRADE_READ = 1200,
	COPIED_WORDS = 6,
	REPEAT_WORDS = 3,
	ACRONYM_LETTERS = 12,
};

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool among(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0) return true;
	return false;
}

static const char *const open_words[] = { "how", "what", "which", "who", "whom", "whose", "why", "where", "when",
	"tell", "describe", "explain", NULL };
static const char *const requests[] = { "tell", "describe", "explain", "talk", "walk", "take", "outline", "discuss",
	"compare", "give", NULL };
static const char *const second_questions[] = { "how", "what", "why", "which", "who", "whose", "where", "when", "tell",
	"describe", "explain", NULL };
static const char *const how_what_why[] = { "how", "what", "why", NULL };
static const char *const askers[] = { "how", "what", "which", "who", "why", NULL };
static const char *const leads[] = { "when", "where", "if", "while", "after", "before", "in", "at", "during", "as",
	NULL };
static const char *const closed[] = { "do", "does", "did", "is", "are", "was", "were", "am", "can", "could", "would",
	"will", "shall", "should", "has", "have", "had", "may", "might", "must", "isnt", "arent", "wasnt", "werent", "dont",
	"doesnt", "didnt", "cant", "couldnt", "wouldnt", "wont", "shouldnt", "hasnt", "havent", "hadnt", NULL };

/* A sentence: words from..to-1. */
typedef struct sentence {
	size_t from, to;
	bool question; /* ends in a question mark */
} sentence;

static bool next_sentence(const kb_words *words, sentence *s)
{
	s->from = s->to;
	if (s->from >= words->count) return false;
	while (!words->list[s->to].ends) s->to++;
	s->question = words->list[s->to++].mark == '?';
	return true;
}

static bool asks(const kb_words *words, const sentence *s)
{
	return s->question || among(words->list[s->from].text, requests);
}

/* ---- how it asks ---- */

/* The word with which an asking sentence asks a second time; NULL where it does not. */
static const char *second_question(const kb_words *words, const sentence *s)
{
	const kb_word *w = words->list;
	bool began = among(w[s->from].text, requests) || among(w[s->from].text, askers);
	for (size_t i = s->from + 1; i + 1 < s->to; i++) {
		if (strcmp(w[i].text, "and") == 0 && among(w[i + 1].text, second_questions)) return w[i + 1].text;
		if (strcmp(w[i].text, "or") == 0 && among(w[i + 1].text, how_what_why)) return w[i + 1].text;
		if (began && w[i].mark == ',' && among(w[i + 1].text, how_what_why)) return w[i + 1].text;
	}
	return NULL;
}

static void lint_double(kb_question_run *run, const kb_passage *p)
{
	size_t times = 0;
	const char *again = NULL;
	for (sentence s = { 0 }; next_sentence(&p->words, &s);) {
		if (!asks(&p->words, &s)) continue;
		times++;
		if (!again) again = second_question(&p->words, &s);
	}
	if (times > 1) kb_question_report(run, RULE_DOUBLE, p->mark, "%s asks %zu times.", p->name, times);
	else if (again)
		kb_question_report(run, RULE_DOUBLE, p->mark, "%s asks a second thing with \"%s\".", p->name, again);
}

static bool is_closed(const kb_words *words, const sentence *s)
{
	const kb_word *w = words->list;
	if (among(w[s->from].text, closed)) return true;
	bool opens = false;
	for (size_t i = s->from; i < s->to; i++) {
		bool lead = i == s->from && among(w[i].text, leads);
		opens |= !lead && among(w[i].text, open_words);
		if (!opens && w[i].mark == ',' && i + 1 < s->to && among(w[i + 1].text, closed)) return true;
	}
	return !opens && !among(w[s->from].text, open_words);
}

static void lint_closed(kb_question_run *run, const kb_passage *p)
{
	for (sentence s = { 0 }; next_sentence(&p->words, &s);)
		if (s.question && is_closed(&p->words, &s)) {
			kb_question_report(run, RULE_CLOSED, p->mark, "%s can be answered with yes or no.", p->name);
			return;
		}
}

static const char *const leading[] = { "how important", "how essential", "how vital", "how crucial", "how valuable",
	"how necessary", "how beneficial", "how much better", "how useful", "why is it important", "why is it vital",
	"why is it essential", "do you agree", "dont you", "isnt it", "isnt that", "isnt this", "arent they", "arent you",
	"wasnt it", "wouldnt you", "wouldnt it", "wouldnt that", "shouldnt you", "shouldnt they", "couldnt you", "cant you",
	"wont you", "didnt you", "havent you", "doesnt it", "of course", "everyone knows", "as we know", "as you know",
	"no doubt", "obviously", "surely", "clearly", "naturally", "undoubtedly", "successfully", "correctly", "properly",
	"excellent", "excellently", "brilliantly", "importantly", NULL };

static void lint_leading(kb_question_run *run, const kb_passage *p)
{
	for (const char *const *phrase = leading; *phrase; phrase++) {
		size_t at = kb_words_find(&p->words, *phrase, 0), last = at;
		if (at == p->words.count) continue;
		for (const char *c = *phrase; *c; c++) last += *c == ' ';
		const kb_word *from = &p->words.list[at], *to = &p->words.list[last];
		kb_question_report(
			run, RULE_LEADING, p->mark, "%s says \"%.*s\".", p->name, (int)(to->at + to->length - from->at), from->at);
		return;
	}
}

/* ---- its words ---- */

static const char *const everyday[] = { "uk", "eu", "tv", "cv", NULL };
static const char *const between[] = { "and", "of", "the", "for", "in", "to", "on", "with", "a", NULL };

/* The capitals of an acronym, in lower case; "" where the word is none. A plural s does not count. */
static void capitals_of(const kb_word *word, char out[static ACRONYM_LETTERS + 1])
{
	size_t used = 0;
	bool in_row = false;
	for (size_t i = 0; i < word->length && used < ACRONYM_LETTERS; i++) {
		if (!is_capital(word->at[i])) continue;
		in_row |= i && is_capital(word->at[i - 1]);
		out[used++] = (char)(word->at[i] - 'A' + 'a');
	}
	out[in_row ? used : 0] = '\0';
}

static bool has_initials(const kb_words *words, size_t from, const char *letters, bool capitals)
{
	size_t at = from;
	for (const char *letter = letters; *letter; at++) {
		if (at == words->count) return false;
		const kb_word *word = &words->list[at];
		if (word->text[0] == *letter && (!capitals || is_capital(word->at[0]))) letter++;
		else if (at == from || !among(word->text, between)) return false;
	}
	return true;
}

static bool is_written_out(const kb_words *words, const char *letters)
{
	for (size_t i = 0; i < words->count; i++)
		if (has_initials(words, i, letters, strlen(letters) < 3)) return true;
	return false;
}

static bool is_known(const kb_question_run *run, const char *letters)
{
	if (among(letters, everyday) || is_written_out(&run->known, letters)) return true;
	const kb_passages *both[] = { &run->asked, &run->told };
	for (size_t k = 0; k < KB_COUNT(both); k++)
		for (size_t i = 0; i < both[k]->count; i++)
			if (is_written_out(&both[k]->list[i].words, letters)) return true;
	return false;
}

static void lint_acronyms(kb_question_run *run, const kb_passage *p)
{
	for (size_t i = 0; i < p->words.count; i++) {
		char letters[ACRONYM_LETTERS + 1];
		const kb_word *word = &p->words.list[i];
		capitals_of(word, letters);
		if (*letters && !is_known(run, letters))
			kb_question_report(run, RULE_ACRONYM, p->mark, "%s uses \"%.*s\".", p->name, (int)word->length, word->at);
	}
}

static const char *const gendered[] = { "he", "him", "his", "himself", "she", "her", "hers", "herself", "man", "men",
	"woman", "women", "male", "males", "female", "females", "boy", "boys", "girl", "girls", "lady", "ladies",
	"gentleman", "gentlemen", "guy", "guys", "husband", "wife", "boyfriend", "girlfriend", "mother", "father", "mum",
	"dad", "son", "sons", "daughter", "brother", "sister", "uncle", "aunt", "grandmother", "grandfather", "chairman",
	"policeman", "policewoman", "spokesman", "foreman", "manpower", "mankind", NULL };

static void lint_gendered(kb_question_run *run, const kb_passage *p)
{
	for (size_t i = 0; i < p->words.count; i++)
		if (among(p->words.list[i].text, gendered)) {
			kb_question_report(run, RULE_GENDERED, p->mark, "%s says \"%.*s\".", p->name, (int)p->words.list[i].length,
				p->words.list[i].at);
			return;
		}
}

/* `also`: a word by which a KSB may bring it in. */
static const struct setting {
	const char *phrase, *also;
} settings[] = { { "caseload", NULL }, { "caseloads", NULL }, { "office", NULL }, { "offices", NULL },
	{ "court", "sentencing" }, { "courts", "sentencing" }, { "courtroom", "court" }, { "prison", "custody" },
	{ "prisons", "custody" }, { "prisoner", "prison" }, { "prisoners", "prison" }, { "custody", "prison" },
	{ "jail", "prison" }, { "hostel", "approved premises" }, { "approved premises", NULL }, { "unpaid work", NULL },
	{ "community payback", "unpaid work" }, { "appointment", NULL }, { "appointments", NULL }, { "home visit", NULL },
	{ "home visits", NULL }, { "supervisee", NULL }, { "supervisees", NULL }, { "offender manager", NULL },
	{ "responsible officer", NULL }, { "court officer", "court" }, { "prison officer", NULL },
	{ "victim liaison officer", NULL }, { "group session", NULL }, { "supervision session", NULL },
	{ "supervision meeting", NULL }, { "reception desk", NULL }, { "waiting room", NULL }, { "interview room", NULL } };

/* Whether what the question must cover speaks of it in these words itself. */
static bool is_subject(const kb_question_run *run, const char *phrase)
{
	kb_words words = kb_words_of(run->scratch, phrase);
	for (size_t i = 0; i < words.count; i++) {
		const char *stem = kb_word_stem(run->scratch, words.list[i].text);
		bool there = false;
		for (size_t k = 0; k < run->subject_count; k++) there |= strcmp(run->subject[k], stem) == 0;
		if (!there) return false;
	}
	return words.count > 0;
}

static void lint_settings(kb_question_run *run, const kb_passage *p)
{
	for (size_t i = 0; i < KB_COUNT(settings); i++) {
		const struct setting *s = &settings[i];
		if (kb_words_find(&p->words, s->phrase, 0) == p->words.count) continue;
		if (is_subject(run, s->phrase) || is_subject(run, s->also)) continue;
		kb_question_report(run, RULE_SETTING, p->mark, "%s speaks of \"%s\".", p->name, s->phrase);
		return;
	}
}

/* ---- its length ---- */

static void lint_sentences(kb_question_run *run, const kb_passage *p)
{
	for (sentence s = { 0 }; next_sentence(&p->words, &s);) {
		size_t length = kb_words_length(&p->words, s.from, s.to);
		if (length > SENTENCE_WORDS)
			kb_question_report(run, RULE_SENTENCE, p->mark, "%s has a sentence of %zu words.", p->name, length);
	}
}

static void lint_stem_length(kb_question_run *run)
{
	if (!run->asked.count) return;
	const kb_passage *stem = &run->asked.list[0];
	size_t length = kb_words_length(&stem->words, 0, stem->words.count);
	if (length > STEM_WORDS) kb_question_report(run, RULE_STEM_LENGTH, stem->mark, "The stem has %zu words.", length);
}

static size_t words_in(const kb_passages *passages)
{
	size_t count = 0;
	for (size_t p = 0; p < passages->count; p++) count += passages->list[p].words.count;
	return count;
}

static void lint_grade(kb_question_run *run, const kb_passages *passages, int limit, const char *what)
{
	kb_words all = { kb_arena_array(run->scratch, words_in(passages), sizeof *all.list), 0 };
	if (!all.list) return;
	for (size_t i = 0; i < passages->count; i++) {
		const kb_words *words = &passages->list[i].words;
		if (words->count) memcpy(all.list + all.count, words->list, words->count * sizeof *all.list);
		all.count += words->count;
	}
	int grade = kb_words_grade(&all);
	if (grade > limit)
		kb_question_report(run, RULE_READING, run->item->mark, "The grade of %s is %d.%d, above %d.", what, grade / 100,
			grade % 100 / 10, limit / 100);
}

/* ---- prompts and tags ---- */

static const char **stems_of(kb_question_run *run, const kb_words *words, size_t *count)
{
	const char **stems = kb_arena_array(run->scratch, words->count, sizeof *stems);
	*count = 0;
	for (size_t i = 0; stems && i < words->count; i++)
		if (!kb_word_is_common(words->list[i].text))
			stems[(*count)++] = kb_word_stem(run->scratch, words->list[i].text);
	return stems;
}

static bool holds(const char *const *stems, size_t count, const char *stem)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(stems[i], stem) == 0) return true;
	return false;
}

static void lint_repeats(kb_question_run *run)
{
	for (size_t b = 1; b < run->asked.count; b++)
		for (size_t a = 0; a < b; a++) {
			const kb_passage *earlier = &run->asked.list[a], *later = &run->asked.list[b];
			size_t count, other_count, shared = 0;
			const char **stems = stems_of(run, &later->words, &count);
			const char **others = stems_of(run, &earlier->words, &other_count);
			for (size_t i = 0; i < count; i++) shared += holds(others, other_count, stems[i]);
			if (count < REPEAT_WORDS || shared < count) continue;
			kb_question_report(
				run, RULE_PROMPT_REPEATS, later->mark, "%s says nothing beyond \"%s\".", later->name, earlier->name);
			break;
		}
}

/* What nearly every KSB and every answer speaks of. */
static const char *const general[] = { "work", "probation", "service", "user", "users", "services", "people", "person",
	"practice", "effective", "effectively", "appropriate", "relevant", "range", "including", "include", "wider", "role",
	"key", "aspects", "ensure", "ensuring", "order", "well", "good", "new", "others", "own", NULL };

static void add_stems(kb_question_run *run, const kb_passages *passages, const char **stems, size_t *count)
{
	for (size_t p = 0; p < passages->count; p++)
		for (size_t i = 0; i < passages->list[p].words.count; i++)
			stems[(*count)++] = kb_word_stem(run->scratch, passages->list[p].words.list[i].text);
}

/* The words of standards, and the plain ones that assessors and candidates say instead. */
static const char *const plain[][6] = {
	{ "legislation", "law", "legal" },
	{ "seek", "sought", "ask" },
	{ "stakeholders", "agency", "partner", "partnership", "organisation" },
	{ "communication", "words", "talk", "speak", "conversation", "listen" },
	{ "collaborative", "together", "joint" },
	{ "behaviour", "behave", "conduct", "treat" },
	{ "openness", "honest", "direct" },
	{ "values", "honest", "respect" },
	{ "empathy", "listen", "understood" },
	{ "inclusive", "include" },
	{ "defensible", "defend", "reasons" },
	{ "reliable", "rely" },
	{ "changes", "progress" },
	{ "compliance", "required", "requirement" },
	{ "reflect", "learn" },
	{ "access", "reach" },
	{ "support", "help" },
	{ "welfare", "wellbeing", "cope" },
};

/* Whether the word with this stem, or a plain one for it, is among the stems. */
static bool is_said(kb_question_run *run, const char *stem, const char *const *stems, size_t count)
{
	if (holds(stems, count, stem)) return true;
	for (size_t g = 0; g < KB_COUNT(plain); g++) {
		if (strcmp(kb_word_stem(run->scratch, plain[g][0]), stem) != 0) continue;
		for (size_t i = 1; i < KB_COUNT(plain[g]) && plain[g][i]; i++)
			if (holds(stems, count, kb_word_stem(run->scratch, plain[g][i]))) return true;
	}
	return false;
}

static bool is_touched(kb_question_run *run, const char *ksb, const char *const *stems, size_t count)
{
	kb_words words = kb_words_of(run->scratch, ksb);
	for (size_t i = 0; i < words.count; i++)
		if (!kb_word_is_common(words.list[i].text) && !among(words.list[i].text, general) &&
			is_said(run, kb_word_stem(run->scratch, words.list[i].text), stems, count))
			return true;
	return words.count == 0; /* the standard has no text for it */
}

static void lint_tags(kb_question_run *run)
{
	size_t count = 0;
	const char **stems = kb_arena_array(run->scratch, words_in(&run->asked) + words_in(&run->told), sizeof *stems);
	if (!stems) return;
	add_stems(run, &run->asked, stems, &count);
	add_stems(run, &run->told, stems, &count);
	for (size_t i = 0; i < run->item->ksbs.count; i++) {
		const kb_text *tag = &run->item->ksbs.list[i];
		const char *text = kb_question_ksb_text(run->scratch, run->set->standard, tag->text);
		if (!is_touched(run, text, stems, count))
			kb_question_report(run, RULE_TAG_UNTOUCHED, tag->mark, "No word of %s comes back: \"%s\"", tag->text, text);
	}
}

/* ---- the guidance ---- */

static size_t common_run(const kb_words *a, size_t i, const kb_words *b, size_t j)
{
	size_t n = 0;
	while (i + n < a->count && j + n < b->count && strcmp(a->list[i + n].text, b->list[j + n].text) == 0) n++;
	return n;
}

static bool lint_copy(kb_question_run *run, const kb_passage *p, const char *descriptor)
{
	kb_words words = kb_words_of(run->scratch, descriptor);
	for (size_t i = 0; i < p->words.count; i++)
		for (size_t j = 0; j < words.count; j++) {
			size_t n = common_run(&p->words, i, &words, j);
			if (n < COPIED_WORDS) continue;
			const kb_word *last = &p->words.list[i + n - 1], *first = &p->words.list[i];
			kb_question_report(run, RULE_COPIED, p->mark, "%s copies \"%.*s\".", p->name,
				(int)(last->at + last->length - first->at), first->at);
			return true;
		}
	return false;
}

static void lint_copies(kb_question_run *run, const kb_passage *p)
{
	const kb_theme *themes = run->set->method->themes.list;
	for (size_t t = 0; t < run->set->method->themes.count; t++) {
		const kb_texts *grades[] = { &themes[t].pass, &themes[t].distinction };
		for (size_t g = 0; g < KB_COUNT(grades); g++)
			for (size_t i = 0; i < grades[g]->count; i++)
				if (lint_copy(run, p, grades[g]->list[i].text)) return;
	}
}

void kb_question_lint_text(kb_question_run *run)
{
	bool theme = run->item->is_theme;
	for (size_t i = 0; i < run->asked.count; i++) {
		const kb_passage *p = &run->asked.list[i];
		if (!theme) lint_double(run, p);
		if (!theme) lint_closed(run, p);
		lint_leading(run, p);
		lint_acronyms(run, p);
		lint_gendered(run, p);
		lint_settings(run, p);
		lint_sentences(run, p);
	}
	for (size_t i = 0; i < run->told.count; i++) {
		const kb_passage *p = &run->told.list[i];
		lint_acronyms(run, p);
		lint_gendered(run, p);
		if (theme) lint_sentences(run, p);
		else lint_copies(run, p);
	}
	if (theme) {
		lint_grade(run, &run->asked, GRADE_READ, "title and brief");
		lint_grade(run, &run->told, GRADE_READ, "the guidance");
		return;
	}
	lint_grade(run, &run->asked, GRADE_HEARD, "stem and prompts");
	lint_stem_length(run);
	lint_repeats(run);
	lint_tags(run);
}
