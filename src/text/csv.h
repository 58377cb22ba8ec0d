/* CSV in (RFC 4180: commas, double quotes, CRLF or LF). The first row names the columns. */
#ifndef KB_TEXT_CSV_H
#define KB_TEXT_CSV_H

#include "text/fault.h"

enum { KB_CSV_MAX_BYTES = 4 * 1024 * 1024, KB_CSV_MAX_COLUMNS = 64 };

/* A list of maps, one a row, texts under the columns' names, with marks. Empty lines are passed over. Rows of another
 * length, a column named twice, an open quote, bytes that are not UTF-8 are faults; *rows is NULL where nothing could
 * be read. */
kb_status kb_csv_read(kb_arena *arena, const char *file, const char *bytes, size_t length, kb_faults *faults,
	kb_node **rows, kb_err *err) KB_MUST_USE;

#endif
