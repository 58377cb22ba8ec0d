/* Within the lint of questions only: what its two halves share. */
#ifndef KB_ENGINE_QUESTION_LINT_RULES_H
#define KB_ENGINE_QUESTION_LINT_RULES_H

#include "base/str.h"
#include "engine/question_lint.h"
#include "engine/words.h"

enum {
	RULE_SAME_TEXT,
	RULE_THEME_KSBS,
	RULE_NO_GUIDANCE,
	RULE_ALIKE,
	RULE_DOUBLE,
	RULE_CLOSED,
	RULE_LEADING,
	RULE_ACRONYM,
	RULE_READING,
	RULE_SENTENCE,
	RULE_STEM_LENGTH,
	RULE_GENDERED,
	RULE_SETTING,
	RULE_PROMPT_REPEATS,
	RULE_PROMPT_COUNT,
	RULE_TAG_UNTOUCHED,
	RULE_MINUTES_FEW,
	RULE_MINUTES_WINDOW,
	RULE_COPIED,
	RULE_NO_ACCESS,
	RULE_NO_PLACE,
	RULE_TAGS_FOUR,
	RULE_ANSWER_IDLE,
	RULE_COUNT
};

typedef struct kb_passage {
	const char *name; /* "The stem", "Prompt 2" */
	kb_mark mark;
	kb_words words;
} kb_passage;

typedef struct kb_passages {
	kb_passage *list;
	size_t count;
} kb_passages;

typedef struct kb_question_run {
	kb_arena *arena, *scratch; /* for what stays; for one item */
	const kb_question_set *set;
	const kb_item *item;
	kb_findings *findings;
	size_t first;         /* of this item's findings */
	kb_words known;       /* the standard's own texts, in which acronyms may stand written out */
	kb_passages asked;    /* what the apprentice hears: stem and prompts, or title and brief */
	kb_passages told;     /* what the assessor reads of the answer, or a theme's guidance for the apprentice */
	const char **subject; /* stems of the words of the tagged KSBs and named descriptors */
	size_t subject_count;
} kb_question_run;

/* Adds a finding on run->item. */
void kb_question_report(kb_question_run *run, int rule, kb_mark mark, const char *fmt, ...) KB_PRINTF(4, 5);

/* All wordings of a KSB in one text. */
const char *kb_question_ksb_text(kb_arena *arena, const kb_standard *standard, const char *code);

/* The rules on wording. */
void kb_question_lint_text(kb_question_run *run);

#endif
