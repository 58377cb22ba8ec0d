/*
 * A specification: the rules that a paper of a method must meet, as data (ENGINE section 1).
 */
#ifndef KB_MODEL_SPECIFICATION_H
#define KB_MODEL_SPECIFICATION_H

#include "model/item.h"
#include "model/pool.h"

#define KB_SPECIFICATION_FORMAT "ksbank-specification/1"

enum { KB_LAW_UNIFORM, KB_LAW_EVEN };

typedef struct kb_span { /* a minimum and a maximum; an absent one does not bind */
	kb_mark mark;
	kb_text name; /* theme, kind or category */
	kb_maybe min, max;
} kb_span;

typedef struct kb_coverage {
	kb_mark mark;
	kb_maybe rule;  /* 0 every: each unit in each paper; 1 sample: at least `least` units */
	kb_maybe times; /* every: at least so often, default 1 */
	kb_maybe least;
} kb_coverage;

typedef struct kb_specification {
	kb_mark mark;
	kb_text format, standard, method;
	kb_maybe questions;
	kb_coverage *coverage;
	kb_list themes, kinds, categories; /* kb_span */
	kb_span *minutes;
	kb_maybe themes_offered; /* case-study themes that an apprentice chooses from; absent: the method has no offers */
	kb_maybe law;            /* of the draw: KB_LAW_UNIFORM unless said otherwise */
	kb_maybe exposure_cap;   /* KB_LAW_EVEN: no question's chance of being drawn is above so many in a thousand */
	kb_maybe reserve;        /* re-sits that must stay possible after a first sitting; default 1 */
	kb_maybe review_months;  /* may shorten the plan's interval, never lengthen it */
	kb_text reason;          /* why these numbers */
	kb_text author;
} kb_specification;

extern const kb_record kb_specification_record;

kb_status kb_specification_read(
	kb_arena *arena, const kb_node *node, kb_faults *faults, kb_specification **spec, kb_err *err) KB_MUST_USE;
kb_node *kb_specification_write(kb_arena *arena, const kb_specification *spec);
/* Against the plan: at least its minimum of questions, minutes within its kind and tolerance, known themes and kinds.
 */
void kb_specification_check(kb_faults *faults, const kb_standard *standard, const kb_specification *spec);

/* The units of a method in a fixed order: (theme, KSB) by theme, then as the theme lists them. */
typedef struct kb_unit {
	const char *theme, *ksb;
} kb_unit;
kb_status kb_method_units(
	kb_arena *arena, const kb_method *method, kb_unit **units, uint32_t *count, kb_err *err) KB_MUST_USE;

/* The exposure cap; 0 where all valid papers are alike. */
uint32_t kb_specification_cap(const kb_specification *spec);

/* The rules for the engine: counters are the themes in the method's order, then the kinds, then the categories. */
kb_status kb_specification_rules(
	const kb_specification *spec, const kb_method *method, kb_rules *rules, kb_err *err) KB_MUST_USE;
/* The same for an offer of case-study themes: so many, no two of them rivals. KB_REFUSED "specification.offers" where
 * nobody has said how many. */
kb_status kb_specification_offer_rules(const kb_specification *spec, kb_rules *rules, kb_err *err) KB_MUST_USE;

#endif
