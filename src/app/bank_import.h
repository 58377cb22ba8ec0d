/*
 * Files of a bank into the store: everything at once (bank import), or questions one by one (question
 * new, question edit). All faults of all files are collected, and with any nothing is written.
 */
#ifndef KB_APP_BANK_IMPORT_H
#define KB_APP_BANK_IMPORT_H

#include "app/op.h"

typedef enum kb_import_what {
	KB_IMPORT_ALL,   /* standards, specifications, items; a version where something changed */
	KB_IMPORT_NEW,   /* items that the store does not know */
	KB_IMPORT_EDITED /* items that it does, each changed */
} kb_import_what;

/* What came in of one kind of thing. */
typedef struct kb_tally {
	int64_t added, changed, unchanged;
} kb_tally;

typedef struct kb_import {
	kb_call *call;
	kb_import_what what;
	const char *approver; /* NULL: all that is new is a draft */
	/* What it did. */
	kb_tally standards, specifications, items;
	kb_node *versions; /* list of {name, version, digest}: what was written */
	kb_node *laws;     /* list of {standard, method}: those of new specifications */
	size_t files;
	int64_t approved, stayed; /* items approved; left as they are, being returned, suspended or retired */
	const char *lapses_on;    /* the day on which the first of the approvals lapses */
} kb_import;

/* Reads the argument `path`. Who may not change what the files change is KB_DENIED. */
kb_status kb_bank_take_in(kb_import *in, kb_err *err) KB_MUST_USE;

#endif
