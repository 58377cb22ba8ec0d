/*
 * Faults: what is wrong with a set of files, all of it at once. Validation goes on after a fault,
 * so that a writer mends ten mistakes after one run and not after ten.
 */
#ifndef KB_TEXT_FAULT_H
#define KB_TEXT_FAULT_H

#include "text/node.h"

typedef struct kb_fault {
	kb_mark mark;
	const char *id;       /* stable: "yaml.duplicate-key" */
	const char *message;  /* one sentence: what is wrong */
	const char *expected; /* what was expected, or NULL */
	const char *nearest;  /* the word that was probably meant, or NULL */
	const char *excerpt;  /* the offending line of the file, or NULL */
} kb_fault;

enum { KB_FAULTS_KEPT = 500 };

typedef struct kb_faults {
	kb_arena *arena;
	kb_fault *list;
	size_t count; /* how many there were; the first KB_FAULTS_KEPT are in list */
	size_t size;
	/* The file being read, for excerpts; set by the reader. */
	const char *source;
	size_t source_length;
	const char *source_file;
} kb_faults;

/* Adds a fault and returns it so that expected and nearest may be set; never NULL. */
kb_fault *kb_fault_add(kb_faults *faults, kb_mark mark, const char *id, const char *fmt, ...) KB_PRINTF(4, 5);

/* The file of which the next faults speak: their excerpts are cut from these bytes. */
void kb_faults_source(kb_faults *faults, const char *file, const char *bytes, size_t length);

/* KB_OK without faults; otherwise KB_INVALID with the first fault and the count in err. */
kb_status kb_faults_check(const kb_faults *faults, kb_err *err) KB_MUST_USE;

/* As a list of maps {file, line, column, id, message, expected, nearest, excerpt}, for results and JSON. */
kb_node *kb_faults_node(kb_arena *arena, const kb_faults *faults);

#endif
