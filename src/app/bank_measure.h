/* How many papers with nothing shared a bank yields on a day: for bank capacity, and for days to come. */
#ifndef KB_APP_BANK_MEASURE_H
#define KB_APP_BANK_MEASURE_H

#include "app/paper_pool.h"
#include "engine/capacity.h"

/* What the papers of a method are drawn by. */
typedef struct kb_bank_rules {
	kb_loaded loaded;
	const kb_method *method;
	const kb_specification *specification;
	int64_t specification_id; /* in the store */
} kb_bank_rules;

/* `mapping` is a file for a method that no source maps; may be NULL. Refusals as of kb_mapping_load_method and
 * kb_load_specification. */
kb_status kb_bank_rules_load(kb_call *call, const char *standard, const char *method, const char *mapping,
	kb_bank_rules *rules, kb_err *err) KB_MUST_USE;

/* The pool of questions for a candidate who had none, if it were `day` and nothing changed until then. */
kb_status kb_bank_pool_on(
	kb_call *call, const kb_bank_rules *rules, kb_day day, kb_draw_input *input, kb_err *err) KB_MUST_USE;

/* Likewise the case-study themes, of a method that offers some to choose from. */
bool kb_bank_has_offers(const kb_bank_rules *rules);
kb_status kb_bank_themes_on(
	kb_call *call, const kb_bank_rules *rules, kb_day day, kb_draw_input *themes, kb_err *err) KB_MUST_USE;

/* The organisation's decision on a number (`subject`: KB_LIMIT_..., KB_BANK_TARGET), and that number; NULL and 0 where
 * nobody has decided. */
const kb_decision *kb_bank_number(const kb_bank_rules *rules, const char *subject, int64_t *number);

/* "0.2514". Not printf's: that asks the locale for its point. */
const char *kb_bank_decimal(kb_arena *arena, double value);

/* The store's id of the candidate that the call's argument names; 0 without one, and where the store knows none of that
 * reference: before the first paper nobody has had anything. */
kb_status kb_bank_candidate(kb_call *call, int64_t *candidate, kb_err *err) KB_MUST_USE;

/* What names a bank in a command line to go on with: "ST0648/1.0 professional-discussion", and --mapping with its file
 * (may be NULL) as a shell takes it. The second is of the call's arguments. */
const char *kb_bank_words(kb_arena *arena, const char *standard, const char *method, const char *mapping);
const char *kb_bank_words_of(const kb_call *call);

/* How many questions of the pool cover a unit and are not excluded. */
uint32_t kb_bank_supply(const kb_draw_input *input, uint32_t unit);

/* How deep each unit is, the thinnest first: questions that are not excluded, and of rivals among them one counted. So
 * many as the rules have units. */
typedef struct kb_depth {
	uint32_t unit, questions, apart;
} kb_depth;
kb_status kb_bank_depth(kb_arena *arena, const kb_draw_input *input, kb_depth **depths, kb_err *err) KB_MUST_USE;

/* Both, by the call's arguments standard, method and mapping and on its day, weighed by the specification's law, or
 * under the cap `trial` instead of its own where that is not 0: what a first paper is drawn from. Refusals also as of
 * kb_paper_pool_check and kb_weigh_pool; behind the latter the pool is there, unweighed. */
kb_status kb_bank_law_load(
	kb_call *call, uint32_t trial, kb_bank_rules *rules, kb_draw_input *input, kb_err *err) KB_MUST_USE;

/* The papers, or offers, with nothing shared that this pool yields; an empty one yields none. */
kb_status kb_bank_measure(kb_arena *arena, const kb_draw_input *input, kb_capacity *capacity, kb_err *err) KB_MUST_USE;

#endif
