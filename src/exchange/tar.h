/* Archives of files (POSIX ustar), out: the same files give the same bytes. */
#ifndef KB_EXCHANGE_TAR_H
#define KB_EXCHANGE_TAR_H

#include "base/str.h"

/* Adds a file that its owner alone may read, dated `seconds` since 1970. KB_LIMIT "tar.name" for a name above 99 bytes.
 */
kb_status kb_tar_add(
	kb_buf *out, const char *name, const char *bytes, size_t length, int64_t seconds, kb_err *err) KB_MUST_USE;
void kb_tar_end(kb_buf *out);

#endif
