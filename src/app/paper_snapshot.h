/*
 * The frozen paper: everything that a print needs, as it was on the day, in one tree. The digest of
 * its canonical bytes is the paper's digest. It holds the candidate's token, never the reference.
 */
#ifndef KB_APP_PAPER_SNAPSHOT_H
#define KB_APP_PAPER_SNAPSHOT_H

#include "app/paper_pool.h"

typedef struct kb_snapshot_input {
	const kb_loaded *loaded;
	const kb_method *method;
	const kb_loaded_specification *specification;
	const kb_draw_input *draw;
	const uint32_t *items; /* indices into the pool, in the order of asking */
	uint32_t count;
	const char *paper, *token, *sitting;
	bool seed_given;          /* by hand: the paper says so */
	kb_node *practice;        /* NULL: a paper to be issued. Else a map for the templates: {seed, mapping} */
	const kb_node *templates; /* map: name -> digest */
} kb_snapshot_input;

kb_status kb_paper_snapshot(kb_call *call, const kb_snapshot_input *input, kb_node **snapshot, kb_err *err) KB_MUST_USE;

#endif
