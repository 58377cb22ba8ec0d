/*
 * An occupational standard in one version, with what its assessment plan says. Only what the
 * published sources say: what they leave open is absent here, and shown as missing.
 *
 * Each statement carries its source as "document:line", the document being an id of `sources`.
 */
#ifndef KB_MODEL_STANDARD_H
#define KB_MODEL_STANDARD_H

#include "text/record.h"

#define KB_STANDARD_FORMAT "ksbank-standard/1"

typedef struct kb_source {
	kb_mark mark;
	kb_text id;       /* "plan", "page" */
	kb_text title;    /* what the document is */
	kb_text document; /* its name among the source documents: "004" */
	kb_text date;
	kb_text reference, version; /* as the document prints them of itself; absent: it prints none */
} kb_source;

/* One wording of a KSB as one source prints it. */
typedef struct kb_wording {
	kb_mark mark;
	kb_text source, text;
} kb_wording;

typedef struct kb_ksb {
	kb_mark mark;
	kb_text code; /* K1, S4, B7 */
	kb_text text; /* absent while the wordings are in dispute and nobody has decided */
	kb_text source;
	kb_texts same;    /* further places that print the same text, word for word */
	kb_list disputed; /* kb_wording: sources that disagree in meaning; a decision picks one */
	kb_list drift;    /* kb_wording: other sources' small differences, for information */
} kb_ksb;

typedef struct kb_duty {
	kb_mark mark;
	kb_text id, title;
	kb_text printed; /* the title as the source prints it, where a stray mark was left out of `title` */
	kb_texts criteria, ksbs;
	kb_maybe mapped; /* false: the source gives no KSB list for the duty, which is not the same as an empty one */
	kb_text source;
} kb_duty;

/* A length of time and what kind of number it is: they differ, and are never one number. */
typedef enum kb_minutes_kind {
	KB_MINUTES_STATED,
	KB_MINUTES_MINIMUM,
	KB_MINUTES_MAXIMUM,
	KB_MINUTES_TYPICAL
} kb_minutes_kind;
extern const char *const kb_minutes_kinds[];

typedef struct kb_minutes {
	kb_mark mark;
	kb_text part;                    /* of the method: "whole", "presentation", "questions" */
	kb_maybe kind, value, tolerance; /* kb_minutes_kind, minutes, percent upward */
	kb_text wording, source;
} kb_minutes;

/* A rule of the plan as a word we act on, with the plan's own words beside it. */
typedef struct kb_plan_rule {
	kb_mark mark;
	kb_text id;    /* see standard.c for the ids we know: "own-questions", "resit-questions" ... */
	kb_text value; /* "required", "different" ...; absent: the source speaks of it and does not settle it */
	kb_text wording, source;
	kb_texts again; /* where the same words are printed again */
	kb_list also;   /* kb_wording: where the same document says otherwise */
} kb_plan_rule;

typedef struct kb_theme {
	kb_mark mark;
	kb_text id, name;           /* "PD-1" */
	kb_texts ksbs;              /* (theme, KSB) is the unit of coverage */
	kb_texts pass, distinction; /* descriptors; their ids are "PD-1.P1", "PD-1.D1" in this order */
	kb_text source;
	kb_text continued; /* where the table's row goes on behind a page break; the descriptors here are joined */
} kb_theme;

typedef struct kb_check_item { /* what the plan tells the assessor to do, letter by letter */
	kb_mark mark;
	kb_text letter, text, source;
} kb_check_item;

typedef struct kb_method {
	kb_mark mark;
	kb_text id, name; /* "professional-discussion" */
	kb_text source;
	kb_maybe number; /* as the plan counts its methods */
	kb_texts grades;
	kb_list minutes; /* kb_minutes */
	kb_maybe least_questions;
	kb_text questions_wording, questions_source; /* of that least number */
	kb_texts ksbs;                               /* the mapping table's row for this method; empty: no source says */
	kb_text mapping_source;
	kb_list themes;    /* kb_theme */
	kb_list rules;     /* kb_plan_rule */
	kb_list checklist; /* kb_check_item */
	kb_texts notes;    /* what a reader of the source should know, in our words */
} kb_method;

typedef struct kb_grading_row {
	kb_mark mark;
	kb_list grades; /* kb_text_pair: method id -> grade */
	kb_text overall;
} kb_grading_row;

typedef struct kb_standard {
	kb_mark mark;
	kb_text format, key; /* "ST0648/1.0" */
	kb_text title, attribution, status;
	kb_maybe level;
	kb_text version_source; /* absent: no source prints the version, see notes */
	kb_list sources;        /* kb_source */
	kb_list facts;          /* kb_plan_rule: what the page says of the standard itself: starts, LARS code, degree ... */
	kb_list ksbs;           /* kb_ksb */
	kb_list duties;         /* kb_duty */
	kb_list methods;        /* kb_method */
	kb_list rules;          /* kb_plan_rule: re-sits, periods, quality assurance ... */
	kb_list gateway;        /* kb_plan_rule: what must be there before the assessment begins */
	kb_texts grades;        /* overall, from the lowest up; empty: no source says */
	kb_text grades_source;
	kb_list grading; /* kb_grading_row */
	kb_text grading_source;
	kb_texts notes;   /* what a reader of the sources should know, in our words */
	kb_texts missing; /* what the sources leave open, in words, so that nobody thinks it forgotten */
} kb_standard;

extern const kb_record kb_standard_record;

/* Reads and holds against the rules: codes well formed, references name what exists, sources known, themes' KSBs mapped
 * to their method, values of the rules we act on known. A duty may name a KSB that does not exist: that is how it was
 * published, and the lint says so. All faults are collected; *standard is complete only when there are none. */
kb_status kb_standard_read(
	kb_arena *arena, const kb_node *node, kb_faults *faults, kb_standard **standard, kb_err *err) KB_MUST_USE;
kb_node *kb_standard_write(kb_arena *arena, const kb_standard *standard);

/* NULL where there is none. */
const kb_ksb *kb_standard_ksb(const kb_standard *standard, const char *code);
const kb_method *kb_standard_method(const kb_standard *standard, const char *id);
const kb_theme *kb_method_theme(const kb_method *method, const char *id);
/* Whether a source gives its grading themes. Decided ones have no source: questions don't lean on them. */
bool kb_method_has_published_themes(const kb_method *method);
/* Where a question belongs that names no grading theme: the theme that holds most of its KSBs, on a tie the first in
 * the method's order; NULL where none holds any. Its KSBs outside that theme don't count for coverage. */
const kb_theme *kb_method_theme_holding(const kb_method *method, const kb_texts *ksbs);
/* Where a question with these tags counts: the grading theme that it names, if that still holds all its KSBs; for one
 * that names none, as above. NULL: its tags don't fit the mapping. */
const kb_theme *kb_method_theme_fitting(const kb_method *method, const char *theme, const kb_texts *ksbs);
/* Whether it is known which KSBs it assesses under which grading theme: without that nothing can be drawn. */
bool kb_method_is_mapped(const kb_method *method);
const kb_plan_rule *kb_rule_find(const kb_list *rules, const char *id);
/* Whether its documents differ and nobody has decided between them: it has no text then. */
bool kb_ksb_is_disputed(const kb_ksb *ksb);
/* The wording of one document ("plan") among the disputed ones. */
const kb_wording *kb_ksb_wording(const kb_ksb *ksb, const char *source);
/* The method whose checklist serves this one: itself, or another of the standard when it has none of its own. */
const kb_method *kb_standard_checklist(const kb_standard *standard, const kb_method *method);

/* Whether the program does anything by this rule, or only shows it. */
bool kb_rule_is_acted_on(const char *id);
/* The rule we know that was probably meant by a name we don't; NULL when the name is known, or is no slip of one. */
const char *kb_rule_meant(const char *id);
/* Whether `source` ("plan:338") names this document ("plan"). */
bool kb_source_is(const char *source, const char *document);

/* The text of descriptor "PD-1.P2" or "PD-1.D1"; NULL where there is none. */
const char *kb_method_descriptor(const kb_method *method, const char *id);

#endif
