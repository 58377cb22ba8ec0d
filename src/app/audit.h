/* What an auditor reads, computed anew from the rows: none of it shows a question's text. */
#ifndef KB_APP_AUDIT_H
#define KB_APP_AUDIT_H

#include "app/load.h"

/* Of what papers hold for a candidate's reference, so many digits stand for the candidate in a pack: the reference
 * itself could not be erased from there. */
enum { KB_AUDIT_TOKEN_DIGITS = 12 };

/* Each fills a map with the keys that its operation answers. `method` NULL: all methods of the standard. */
kb_status kb_audit_coverage(
	kb_call *call, const kb_loaded *loaded, const char *method, kb_node *map, kb_err *err) KB_MUST_USE;
kb_status kb_audit_reviews(
	kb_call *call, const char *standard, const char *method, kb_node *map, kb_err *err) KB_MUST_USE;

typedef struct kb_audit_pairs {
	const char *standard, *method; /* NULL: all */
	kb_sql_int candidate;          /* unset: all */
	bool named;                    /* by the candidate's reference; else by what stands for it in papers for ever */
} kb_audit_pairs;
kb_status kb_audit_resits(kb_call *call, const kb_audit_pairs *wanted, kb_node *map, kb_err *err) KB_MUST_USE;

/* The plan rule by rule, from the two maps above and the rows: {rules: list of {method, id, wording, source, evidence,
 * verdict, fails}, elsewhere: those that nothing in this store can show, passed, failed, open: counts}. */
kb_status kb_audit_rules(kb_call *call, const kb_loaded *loaded, const kb_node *coverage, const kb_node *reviews,
	kb_node *map, kb_err *err) KB_MUST_USE;

/* An entry of the log for people: {number, operation, person, day, clock, other_day, about, arguments, effects, rows,
 * previous, digest}. */
kb_status kb_audit_entry(kb_call *call, const kb_q_audit_log_row *row, kb_node *map, kb_err *err) KB_MUST_USE;

#endif
