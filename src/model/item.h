/*
 * Items: what the bank holds. A question belongs to one grading theme, and its KSB tags are units
 * of that theme: that is how plans grade. Where no source gives the grading themes of a method, its
 * questions name none, and no descriptors: a paper takes them from the mapping that it is drawn with
 * (kb_method_theme_holding).
 */
#ifndef KB_MODEL_ITEM_H
#define KB_MODEL_ITEM_H

#include "model/standard.h"

#define KB_ITEMS_FORMAT "ksbank-items/1"

typedef enum kb_question_kind {
	KB_KIND_SCENARIO,
	KB_KIND_EXPERIENCE,
	KB_KIND_KNOWLEDGE,
	KB_KIND_COUNT
} kb_question_kind;
extern const char *const kb_question_kinds[];
extern const char *const kb_demands[]; /* lower, typical, higher */

/* What an answer of one grade would show, tied to the plan's descriptors. */
typedef struct kb_guidance {
	kb_mark mark;
	kb_texts descriptors; /* "PD-1.P3"; none where no source gives grading themes */
	kb_text shows;
} kb_guidance;

typedef struct kb_item {
	kb_mark mark;
	kb_text id;    /* the lineage's stable name, unique in the store: "ST0648-PD1-01" */
	kb_text theme; /* questions; absent where no source gives grading themes */
	kb_texts ksbs;
	kb_maybe kind, minutes, demand; /* questions: kb_question_kind, whole minutes, index into kb_demands */
	kb_text stem;
	kb_texts prompts;
	kb_texts categories; /* questions: the organisation's own, for specifications that count them: "court" */
	kb_guidance *pass, *distinction;
	kb_list follows;      /* kb_text_pair: disputed KSB -> the source whose text the question follows */
	kb_text title, brief; /* case-study themes */
	kb_texts guidance;
	kb_list where; /* kb_text_pair: KSB -> where in the case study it can show */
	kb_texts rivals;
	kb_text author; /* kb_item_check asks for it; whoever writes one by hand need not name themselves */
	kb_text accessibility;
	kb_list answers; /* kb_text_pair: lint rule -> why its warning does not hold here */
	bool is_theme;   /* a case-study theme, not a question */
} kb_item;

typedef struct kb_item_file {
	kb_mark mark;
	kb_text format, standard, method;
	kb_list questions, themes; /* kb_item */
} kb_item_file;

extern const kb_record kb_question_record, kb_case_theme_record, kb_item_file_record;

/* Reads the shape of a file of items; what needs the standard is kb_item_check's. */
kb_status kb_item_file_read(
	kb_arena *arena, const kb_node *node, kb_faults *faults, kb_item_file *file, kb_err *err) KB_MUST_USE;

/* Holds one item against its standard: the method maps each tag, the theme holds it, descriptors exist, minutes and
 * counts are in range, no rival of itself. What no source gives can't be named: a theme and descriptors are asked for
 * where the method's themes are published, and refused elsewhere; tags are held against a published mapping only. */
void kb_item_check(kb_faults *faults, const kb_standard *standard, const kb_method *method, const kb_item *item);

/* One item as a map (the content of a version: everything but the file's head). */
kb_node *kb_item_write(kb_arena *arena, const kb_item *item);
/* The other way, from what the store holds. */
kb_status kb_item_read(kb_arena *arena, const kb_node *node, bool is_theme, kb_item *item, kb_err *err) KB_MUST_USE;

#endif
