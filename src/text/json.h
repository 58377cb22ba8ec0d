/*
 * JSON in and out (Jansson). Numbers are whole and fit 64 bits; others are refused on reading and
 * can't occur in a node.
 */
#ifndef KB_TEXT_JSON_H
#define KB_TEXT_JSON_H

#include "base/str.h"
#include "text/node.h"

/* At most 16 MiB; duplicate keys, fractions and NUL characters are refused, with line and column in err. */
kb_status kb_json_read(
	kb_arena *arena, const char *file, const char *bytes, size_t length, kb_node **root, kb_err *err) KB_MUST_USE;

/* Canonical: keys sorted by bytes, no white space, UTF-8 as it is. Equal trees give equal bytes: this is what is
 * digested, stored and signed. */
kb_status kb_json_canonical(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err) KB_MUST_USE;
/* As short, with the keys in the tree's order: for what is stored to be written out again as a person wrote it. */
kb_status kb_json_compact(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err) KB_MUST_USE;
/* For people: keys in the tree's order, two spaces, a line feed at the end. */
kb_status kb_json_pretty(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err) KB_MUST_USE;

#endif
