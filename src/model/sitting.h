/*
 * What was really asked in a sitting, as its assessor writes it down (format ksbank-sitting/1), and
 * the rules on it: it is held against the paper as it was frozen, and counted beside it.
 */
#ifndef KB_MODEL_SITTING_H
#define KB_MODEL_SITTING_H

#include "model/specification.h"

#define KB_SITTING_FORMAT "ksbank-sitting/1"

enum { KB_SITTING_MAX_BYTES = 256 * 1024 };

typedef enum kb_asked_state { KB_STATE_ASKED, KB_STATE_REWORDED, KB_STATE_NOT_ASKED } kb_asked_state;
extern const char *const kb_asked_states[];

/* Stands under its parent; covers what it is tagged with, and counts as no question of its own. */
typedef struct kb_follow_up {
	kb_mark mark;
	kb_text text;
	kb_text theme; /* absent: its parent's */
	kb_texts ksbs;
} kb_follow_up;

typedef struct kb_asked { /* a question of the paper */
	kb_mark mark;
	kb_text id;
	kb_maybe state;  /* kb_asked_state */
	kb_text wording; /* the words that were used, where it was reworded */
	kb_text reason;
	kb_list follow_ups; /* kb_follow_up */
} kb_asked;

typedef struct kb_own_question { /* of the assessor */
	kb_mark mark;
	kb_text text, theme;
	kb_texts ksbs;     /* none: it counts, and covers nothing */
	kb_maybe prepared; /* 0: before the sitting, 1: during it */
	kb_list follow_ups;
} kb_own_question;

typedef struct kb_checked { /* an item of the plan's list for the assessor */
	kb_mark mark;
	kb_text letter;
	kb_maybe done; /* 0: yes, 1: no */
	kb_text reason;
} kb_checked;

typedef struct kb_sitting {
	kb_mark mark;
	kb_text format, paper;
	kb_text started, ended; /* "10:05" */
	kb_maybe minutes;       /* where the two are not given */
	kb_list questions;      /* kb_asked, in the order of asking */
	kb_list own;            /* kb_own_question */
	kb_list checklist;      /* kb_checked */
	kb_text outcome;        /* a grade of the method; absent while it is undecided */
	kb_text reasons;        /* of the outcome */
	kb_text shortfall_reason, correction_reason;
} kb_sitting;

extern const kb_record kb_sitting_record;

/* What a sitting is held against: the paper as it was frozen, and the rules of its day. */
typedef struct kb_sat_paper {
	const char *key;
	const char **questions; /* ids, question_count of them, in the paper's order */
	const char **themes;    /* of each */
	uint64_t *covers;       /* units of each */
	uint32_t question_count;
	kb_unit *units; /* rules.unit_count of them */
	kb_rules rules;
	kb_texts letters; /* of the plan's list; none: no source gives one */
	kb_texts grades;  /* of the method, from the lowest up; none: no source gives them */
	int64_t least_questions;
	bool own_required;
} kb_sat_paper;

/* Reads the shape; what needs the paper is kb_sitting_check's. Faults are collected. */
kb_status kb_sitting_read(
	kb_arena *arena, const kb_node *node, kb_faults *faults, kb_sitting *sitting, kb_err *err) KB_MUST_USE;
/* Each question of the paper stands there once, with what its state asks for; tags are units of the paper; the time is
 * given once; each item of the list is answered, and a "no" has its reason; the outcome is a grade and has its reasons.
 */
void kb_sitting_check(kb_faults *faults, const kb_sat_paper *paper, const kb_sitting *sitting);
kb_node *kb_sitting_write(kb_arena *arena, const kb_sitting *sitting);

/* How long it took, of a sitting that was checked. */
int64_t kb_sitting_minutes(const kb_sitting *sitting);

typedef struct kb_tally {
	uint32_t questions, own; /* own: how many of them were the assessor's */
	uint32_t required;       /* units */
	uint32_t covered;        /* of them, as often as the rule asks for */
	uint64_t missing;        /* units: the others */
	bool enough;             /* the rule of coverage is met */
} kb_tally;

kb_tally kb_sitting_issued(const kb_sat_paper *paper);
kb_tally kb_sitting_asked(const kb_sat_paper *paper, const kb_sitting *sitting);

/* Where what was asked falls short of the plan: a list of {id, text}, empty where it does not. Ids: "questions",
 * "coverage", "own-questions". */
kb_node *kb_sitting_shortfalls(kb_arena *arena, const kb_sat_paper *paper, const kb_tally *asked);

/* "PD-1 K1, PD-2 S7" */
const char *kb_units_join(kb_arena *arena, const kb_sat_paper *paper, uint64_t units);

/* Whether a grade is above another in a list from the lowest up; false where either is no grade. */
bool kb_grade_above(const kb_texts *grades, const char *grade, const char *other);

#endif
