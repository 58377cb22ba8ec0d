/* Files: whole reads with a ceiling, whole writes that leave the old file or the new one. */
#ifndef KB_BASE_FILE_H
#define KB_BASE_FILE_H

#include "base/str.h"

typedef struct kb_bytes {
	const char *data; /* NUL behind, for those who read text */
	size_t length;
} kb_bytes;

/* All of a regular file, at most `limit` bytes (KB_LIMIT beyond). */
kb_status kb_file_read(kb_arena *arena, const char *path, size_t limit, kb_bytes *bytes, kb_err *err) KB_MUST_USE;

/* Written beside, flushed to disk, then renamed over `path`. `mode` as in open(2); an existing file keeps nothing. */
kb_status kb_file_write(const char *path, const char *data, size_t length, unsigned mode, kb_err *err) KB_MUST_USE;
/* The same, but refuses (KB_EXISTS) where the file is there already. */
kb_status kb_file_create(const char *path, const char *data, size_t length, unsigned mode, kb_err *err) KB_MUST_USE;

/* For what is too large to hold: a regular file to read, and a new one to write (KB_EXISTS where it is there). */
kb_status kb_file_open(const char *path, int *fd, kb_err *err) KB_MUST_USE;
kb_status kb_file_new(const char *path, unsigned mode, int *fd, kb_err *err) KB_MUST_USE;
void kb_file_closep(int *fd);

/* A name beside `path` to write under until all is done: "path.PID.unfinished". What an earlier process left there is
 * removed. */
enum { KB_FILE_NAME = 4096 };
kb_status kb_file_beside(const char *path, char beside[static KB_FILE_NAME], kb_err *err) KB_MUST_USE;
/* A whole file under such a name, flushed to disk; KB_EXISTS where `path` is there already. A failure leaves none. */
kb_status kb_file_prepare(const char *path, const char *data, size_t length, unsigned mode,
	char beside[static KB_FILE_NAME], kb_err *err) KB_MUST_USE;
/* Flushes a finished file to disk and gives it its name; KB_EXISTS where that name is taken. */
kb_status kb_file_place(const char *from, const char *to, kb_err *err) KB_MUST_USE;
/* A copy under a new name, flushed to disk; a failure leaves none. */
kb_status kb_file_copy(const char *from, const char *to, unsigned mode, kb_err *err) KB_MUST_USE;
/* Flushes the folder that holds `path`: only then a name made or changed in it is durable. */
kb_status kb_file_sync_folder(const char *path, kb_err *err) KB_MUST_USE;

/* Makes the directory and the ones above it. */
kb_status kb_file_make_dir(const char *path, kb_err *err) KB_MUST_USE;

/* Paths of all regular files under `path` whose name ends in `suffix`, sorted by bytes; hidden names are passed over.
 * A `path` that is a file gives that file. At most `limit` files and 16 levels deep. */
kb_status kb_file_list(kb_arena *arena, const char *path, const char *suffix, size_t limit, const char *const **paths,
	size_t *count, kb_err *err) KB_MUST_USE;

bool kb_file_exists(const char *path);
bool kb_file_is_dir(const char *path);

#endif
