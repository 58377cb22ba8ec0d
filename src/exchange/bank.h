/*
 * A bank as files: YAML in, YAML out. A file says by its `format` what it holds: a standard, a
 * specification, or items.
 */
#ifndef KB_EXCHANGE_BANK_H
#define KB_EXCHANGE_BANK_H

#include "base/file.h"
#include "model/specification.h"

/* One file that was read; exactly one of the three is set. */
typedef struct kb_bank_file {
	const char *path;
	kb_bytes bytes;
	kb_standard *standard;
	kb_specification *specification;
	kb_item_file *items;
} kb_bank_file;

typedef struct kb_bank {
	kb_bank_file *files;
	size_t count;
} kb_bank;

/* Reads files[0..count) (path and bytes are filled in). All faults of all files are collected; a file that can't be
 * read leaves its three pointers NULL. */
kb_status kb_bank_read(kb_arena *arena, kb_bank_file *files, size_t count, kb_faults *faults, kb_err *err) KB_MUST_USE;

/* Holds items and specifications against the standards: those among the files, else what `find` gives (NULL: unknown).
 * `item` says whether the store knows an item of that key: for rivals. Faults are collected. */
typedef struct kb_bank_known {
	const kb_standard *(*standard)(void *context, const char *key);
	bool (*item)(void *context, const char *key);
	void *context;
} kb_bank_known;
kb_status kb_bank_check(
	kb_arena *arena, const kb_bank *bank, const kb_bank_known *known, kb_faults *faults, kb_err *err) KB_MUST_USE;

/* The text of a file of items of one method (a list of item maps as kb_item_write makes them). */
kb_status kb_bank_write_items(kb_arena *arena, const char *standard, const char *method, const char *list_key,
	const kb_node *items, kb_buf *out, kb_err *err) KB_MUST_USE;

#endif
