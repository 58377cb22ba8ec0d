/*
 * Records: one table says which keys a map has, of what type and size, and where they go in a C
 * struct. From that table come reading (with every fault, its place and the nearest right key) and
 * writing, so that the two can't drift apart.
 */
#ifndef KB_TEXT_RECORD_H
#define KB_TEXT_RECORD_H

#include "text/fault.h"

/* A text with its place, for the rules that speak of it later. */
typedef struct kb_text {
	const char *text;
	kb_mark mark;
} kb_text;

typedef struct kb_texts {
	kb_text *list;
	size_t count;
} kb_texts;

bool kb_texts_have(const kb_texts *texts, const char *text);
/* From a list node of texts; NULL gives none. */
kb_texts kb_texts_of(kb_arena *arena, const kb_node *list);
/* "K1, S4" where `between` is ", ". */
const char *kb_texts_join(kb_arena *arena, const kb_texts *texts, const char *between);

/* A list of records; the field's table says of what. */
typedef struct kb_list {
	void *list;
	size_t count;
} kb_list;

/* An int that may be absent. */
typedef struct kb_maybe {
	bool set;
	int64_t value;
} kb_maybe;

typedef enum kb_field_type {
	KB_FIELD_TEXT,    /* kb_text; absent: text NULL */
	KB_FIELD_INT,     /* kb_maybe */
	KB_FIELD_BOOL,    /* kb_maybe: 0 or 1 */
	KB_FIELD_WORD,    /* kb_maybe: an index into words */
	KB_FIELD_TEXTS,   /* kb_texts */
	KB_FIELD_RECORD,  /* void *: the record, NULL when absent */
	KB_FIELD_RECORDS, /* kb_list */
	KB_FIELD_NAMED,   /* kb_list: a map whose keys are the records' names; each record's first field is its name */
	KB_FIELD_PAIRS,   /* kb_list of kb_text_pair: a map from text to text */
} kb_field_type;

typedef struct kb_text_pair {
	kb_text key, value;
} kb_text_pair;

typedef struct kb_record kb_record;

typedef struct kb_field {
	const char *key;
	kb_field_type type;
	size_t offset;
	bool required; /* must be there and not null */
	int64_t least,
		most; /* int: its value; text: its length in bytes; lists: their count. most 0: the type's own limit */
	const char *const *words; /* for WORD; NULL behind the last */
	const kb_record *record;
	const char *pattern; /* for texts: "id" (letters, digits, - . _ /), "date", "line" (no line feed) or NULL */
} kb_field;

struct kb_record {
	const char *what; /* "a question": for messages */
	size_t size;      /* of the struct; its first member is a kb_mark */
	const kb_field *fields;
	size_t count;
};

/* Reads a map into *out (record->size bytes, zeroed by the call). Faults are collected; only lack of memory is an
 * error. */
kb_status kb_record_read(kb_arena *arena, const kb_record *record, const kb_node *node, kb_faults *faults, void *out,
	kb_err *err) KB_MUST_USE;

/* The map that kb_record_read would read as the same struct: absent fields are left out, keys in the table's order. */
kb_node *kb_record_write(kb_arena *arena, const kb_record *record, const void *in);

#endif
