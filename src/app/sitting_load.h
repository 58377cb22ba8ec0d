/* The sitting of a paper: what its record is held against, and the records that there are. */
#ifndef KB_APP_SITTING_LOAD_H
#define KB_APP_SITTING_LOAD_H

#include "app/paper_load.h"
#include "model/sitting.h"

typedef struct kb_sat {
	kb_loaded_paper paper;
	const kb_method *method; /* of the standard's version that the paper was drawn by, without decisions */
	kb_sat_paper held;
	kb_q_sitting_all_row *records; /* the newest one last */
	size_t record_count;
} kb_sat;

/* As kb_load_paper; KB_REFUSED "sitting.part" for a paper that holds no questions. */
kb_status kb_load_sat(kb_call *call, const char *key, kb_sat *sat, kb_err *err) KB_MUST_USE;

/* A record's body: {sitting, found}, `sitting` as it was handed in and what was found of it on the day. */
typedef struct kb_sat_record {
	const kb_q_sitting_all_row *row;
	const kb_node *node; /* of the sitting */
	kb_sitting sitting;
	const kb_node *found;
} kb_sat_record;

/* The record of that number, 0 for the newest. KB_NOT_FOUND "sitting.unrecorded" where there is none. */
kb_status kb_load_sat_record(
	kb_call *call, const kb_sat *sat, int64_t number, kb_sat_record *record, kb_err *err) KB_MUST_USE;

#define KB_DOMAIN_SITTING "ksbank sitting 1"

#endif
