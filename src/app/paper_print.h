/*
 * Printing a paper. Operations that print take the arguments `what`, `format` and `output`, and answer
 * text, or with an output file: output, bytes.
 */
#ifndef KB_APP_PAPER_PRINT_H
#define KB_APP_PAPER_PRINT_H

#include "app/paper_pool.h"

extern const char *const kb_print_whats[], *const kb_print_formats[];

/* The template that the call asks for, or the usual one of what is printed. */
const char *kb_print_template(const kb_call *call, const kb_part *part);

typedef struct kb_print {
	const kb_node *data;        /* a snapshot, for people */
	const char *name;           /* of the template, for messages */
	const char *template, *css; /* their texts */
	const char *title;
} kb_print;

/* Writes the file that the call names under `output`, or sets the text in the result. */
kb_status kb_print_answer(kb_call *call, const kb_buf *out, kb_err *err) KB_MUST_USE;

/* Fills the template and writes the file, or sets the text in the result. */
kb_status kb_paper_print(kb_call *call, const kb_print *print, kb_err *err) KB_MUST_USE;

#endif
