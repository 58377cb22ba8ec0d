/*
 * YAML in and out (libyaml). We take the plain part of YAML 1.1: maps with text keys, lists,
 * scalars. A scalar is null (null, ~, empty), a bool (true, false), an int (decimal) or text;
 * a quoted one is always text. Refused, with a fault that says so: anchors and aliases, tags,
 * more than one document, duplicate keys, tabs as indentation, bytes that are not UTF-8,
 * control characters.
 *
 * Limits: 4 MiB a file, 64 levels, 200,000 nodes, 64 KiB a scalar.
 */
#ifndef KB_TEXT_YAML_H
#define KB_TEXT_YAML_H

#include "base/str.h"
#include "text/fault.h"

enum { KB_YAML_MAX_BYTES = 4 * 1024 * 1024, KB_YAML_MAX_DEPTH = 64, KB_YAML_MAX_NODES = 200000, KB_YAML_MAX_SCALAR = 64 * 1024 };

/* *root is NULL where the text can't be read as one tree; the faults say why. Only lack of memory is an error.
 * `file` names the text in marks. Linear in the length. */
kb_status kb_yaml_read(kb_arena *arena, const char *file, const char *bytes, size_t length, kb_faults *faults,
	kb_node **root, kb_err *err) KB_MUST_USE;

/* Two spaces, keys in the tree's order, long texts folded to 100 columns; what it writes, kb_yaml_read reads as the same
 * tree. `comment` (may be NULL) stands at the top, each line behind "# ". */
kb_status kb_yaml_write(kb_arena *arena, const kb_node *root, const char *comment, kb_buf *out, kb_err *err) KB_MUST_USE;

/* For texts that are written by hand: one paragraph of comment, `indent` columns in, each line behind "# ", folded
 * between words as long texts are. Line feeds are spaces, and what can't stand in a file is left out. NULL is no
 * text. */
void kb_yaml_comment(kb_buf *out, size_t indent, const char *text);

#endif
