/*
 * Small generated banks that change with time, and what a person who kept the files would know of
 * them: the versions, when each was approved, and who rivals whom. Nothing here asks the program.
 */
#ifndef KB_TESTS_APP_HISTORY_BANK_H
#define KB_TESTS_APP_HISTORY_BANK_H

#include "base/date.h"
#include "base/str.h"
#include "crypt/stream.h"

enum { HISTORY_THEMES = 3, HISTORY_UNITS = 8, HISTORY_KINDS = 3, HISTORY_QUESTIONS = 64, HISTORY_VERSIONS = 32, HISTORY_REVIEWS = 16 };

#define HISTORY_STANDARD "ST9001/1.0"
#define HISTORY_METHOD "interview"

typedef struct history_shape {
	uint32_t units; /* a bit a unit; they belong to the theme */
	int theme, kind, minutes;
} history_shape;

typedef struct history_content {
	history_shape shape;
	uint64_t rivals; /* a bit a question: as this version names them */
	int wording;
} history_content;

typedef struct history_version {
	history_content content;
	struct {
		kb_day on, lapses;
	} reviews[HISTORY_REVIEWS];
	int review_count;
} history_version;

typedef struct history_question {
	history_version versions[HISTORY_VERSIONS];
	int count;
} history_question;

typedef struct history_rules {
	int size, sample; /* sample 0: every unit */
	int theme_min[HISTORY_THEMES], theme_max[HISTORY_THEMES], kind_min[HISTORY_KINDS];
	int minutes_min, minutes_max; /* 0: no window */
	int reserve;
} history_rules;

typedef struct history_bank {
	int theme_count, unit_count;
	int theme_of[HISTORY_UNITS], code_of[HISTORY_UNITS]; /* a KSB may stand in two themes: then it is two units */
	history_rules rules;
	history_question questions[HISTORY_QUESTIONS];
	int planned, count; /* at first, and now */
	int files; /* written so far */
} history_bank;

/* What may be asked of somebody: question numbers, with their shapes, and the rivals among all as a bit a question. */
typedef struct history_pool {
	int count;
	int question[HISTORY_QUESTIONS], version[HISTORY_QUESTIONS];
	history_shape shape[HISTORY_QUESTIONS];
	uint64_t rivals[HISTORY_QUESTIONS]; /* a bit a place in this pool, both ways */
} history_pool;

uint32_t history_below(kb_stream *s, uint32_t bound);
bool history_chance(kb_stream *s, uint32_t percent);

/* A new bank with its first questions, none of them imported yet. */
void history_bank_make(history_bank *bank, kb_stream *s);

/* Changes some questions, or adds some: `edited` gets a bit for each that must be imported again. */
void history_bank_edit(history_bank *bank, kb_stream *s, history_content contents[static HISTORY_QUESTIONS], uint64_t *edited);
const history_content *history_latest(const history_bank *bank, int question);

/* Notes what an import of these contents does. Returns how many new versions it makes. */
int history_bank_import(history_bank *bank, const history_content *contents, uint64_t edited, bool approved, kb_day day);

/* The newest version approved by `day`, -1 for none; whether a review of it holds on that day. */
int history_newest(const history_bank *bank, int question, kb_day day, bool *in_force);

/* All that is in force on the day, but for `without` (a bit a question). */
void history_pool_make(const history_bank *bank, kb_day day, uint64_t without, history_pool *pool);

/* YAML. */
void history_write_standard(const history_bank *bank, kb_buf *out);
void history_write_specification(const history_bank *bank, kb_buf *out);
void history_write_questions(const history_bank *bank, const history_content *contents, uint64_t edited, kb_buf *out);

#endif
