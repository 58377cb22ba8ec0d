#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void kb_file_closep(int *fd)
{
	if (*fd >= 0) close(*fd);
}

static kb_status cannot(kb_err *err, const char *what, const char *path)
{
	int reason = errno;
	kb_fail(err, reason == ENOENT ? KB_NOT_FOUND : KB_IO, "file", "cannot %s %s: %s", what, path, strerror(reason));
	if (reason == ENOENT) kb_hint(err, "check the path; it is read from the folder you are in");
	if (reason == EACCES || reason == EROFS) kb_hint(err, "ask for permission to that place, or name another");
	if (reason == ENOSPC || reason == EDQUOT)
		kb_hint(err, "the disk is full: free some space and try again; nothing was changed");
	return kb_fail_at(err, (kb_mark) { .file = path });
}

kb_status kb_file_open(const char *path, int *fd, kb_err *err)
{
	struct stat st;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not make us wait */
	if (*fd < 0 || fstat(*fd, &st) != 0) return cannot(err, "read", path);
	if (S_ISREG(st.st_mode)) return KB_OK;
	kb_fail(err, KB_INVALID, "file.kind", "%s is not a regular file", path);
	return kb_fail_at(err, (kb_mark) { .file = path });
}

kb_status kb_file_read(kb_arena *arena, const char *path, size_t limit, kb_bytes *bytes, kb_err *err)
{
	KB_CLEANUP(kb_file_closep) int fd = -1;
	struct stat st;
	KB_TRY(kb_file_open(path, &fd, err));
	if (fstat(fd, &st) != 0) return cannot(err, "read", path);
	if (st.st_size < 0 || (uintmax_t)st.st_size > limit) {
		kb_fail(err, KB_LIMIT, "file.size", "%s is larger than the %zu KiB that are accepted", path, limit / 1024);
		kb_hint(err, "split it into smaller files");
		return kb_fail_at(err, (kb_mark) { .file = path });
	}
	size_t size = (size_t)st.st_size, length = 0;
	char *data = kb_arena_alloc(arena, size + 1);
	if (!data) return kb_arena_check(arena, err);
	while (length < size) {
		ssize_t n = read(fd, data + length, size - length);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return cannot(err, "read", path);
		if (n == 0) break;
		length += (size_t)n;
	}
	data[length] = '\0';
	*bytes = (kb_bytes) { data, length };
	return KB_OK;
}

static kb_status write_some(int fd, const char *path, const char *data, size_t length, kb_err *err)
{
	while (length > 0) {
		ssize_t n = write(fd, data, length);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return cannot(err, "write", path);
		data += n, length -= (size_t)n;
	}
	return KB_OK;
}

static kb_status write_all(int fd, const char *path, const char *data, size_t length, kb_err *err)
{
	KB_TRY(write_some(fd, path, data, length, err));
	return fsync(fd) == 0 ? KB_OK : cannot(err, "write", path);
}

/* A rename is durable only once the folder that holds the name is. */
kb_status kb_file_sync_folder(const char *path, kb_err *err)
{
	char dir[4096];
	snprintf(dir, sizeof dir, "%s", path);
	char *slash = strrchr(dir, '/');
	if (slash) *(slash == dir ? slash + 1 : slash) = '\0';
	KB_CLEANUP(kb_file_closep) int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? KB_OK : cannot(err, "write", path);
}

static kb_status taken(const char *path, kb_err *err)
{
	kb_fail(err, KB_EXISTS, "file.exists", "%s is there already", path);
	return kb_hint(err, "name another file; an existing one is never overwritten");
}

/* An error names the file that the user knows. */
static kb_status open_new(const char *path, const char *known_as, unsigned mode, int *fd, kb_err *err)
{
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (*fd < 0) return errno == EEXIST ? taken(known_as, err) : cannot(err, "create", known_as);
	return KB_OK;
}

static kb_status write_new(
	const char *path, const char *known_as, const char *data, size_t length, unsigned mode, kb_err *err)
{
	KB_CLEANUP(kb_file_closep) int fd = -1;
	KB_TRY(open_new(path, known_as, mode, &fd, err));
	kb_status status = write_all(fd, known_as, data, length, err);
	if (status != KB_OK) unlink(path);
	return status;
}

kb_status kb_file_new(const char *path, unsigned mode, int *fd, kb_err *err)
{
	return open_new(path, path, mode, fd, err);
}

kb_status kb_file_create(const char *path, const char *data, size_t length, unsigned mode, kb_err *err)
{
	KB_TRY(write_new(path, path, data, length, mode, err));
	return kb_file_sync_folder(path, err);
}

kb_status kb_file_beside(const char *path, char beside[static KB_FILE_NAME], kb_err *err)
{
	if (snprintf(beside, KB_FILE_NAME, "%s.%ld.unfinished", path, (long)getpid()) >= KB_FILE_NAME)
		return kb_fail(err, KB_INVALID, "file.name", "the path is too long");
	unlink(beside);
	return KB_OK;
}

kb_status kb_file_prepare(
	const char *path, const char *data, size_t length, unsigned mode, char beside[static KB_FILE_NAME], kb_err *err)
{
	struct stat st;
	if (lstat(path, &st) == 0) return taken(path, err);
	KB_TRY(kb_file_beside(path, beside, err));
	return write_new(beside, path, data, length, mode, err);
}

kb_status kb_file_place(const char *from, const char *to, kb_err *err)
{
	KB_CLEANUP(kb_file_closep) int fd = open(from, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0) return cannot(err, "write", from);
	/* Some network file systems know no such rename, but all of them links. */
	bool placed = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ||
	              (errno == EINVAL && link(from, to) == 0 && unlink(from) == 0);
	if (!placed) return errno == EEXIST ? taken(to, err) : cannot(err, "write", to);
	return kb_file_sync_folder(to, err);
}

static kb_status copy_all(int from, int to, const char *source, const char *target, kb_err *err)
{
	char piece[1 << 16];
	for (;;) {
		ssize_t n = read(from, piece, sizeof piece);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return cannot(err, "read", source);
		if (n == 0) return fsync(to) == 0 ? KB_OK : cannot(err, "write", target);
		KB_TRY(write_some(to, target, piece, (size_t)n, err));
	}
}

kb_status kb_file_copy(const char *from, const char *to, unsigned mode, kb_err *err)
{
	KB_CLEANUP(kb_file_closep) int source = -1;
	KB_CLEANUP(kb_file_closep) int target = -1;
	KB_TRY(kb_file_open(from, &source, err));
	KB_TRY(kb_file_new(to, mode, &target, err));
	kb_status status = copy_all(source, target, from, to, err);
	if (status != KB_OK) unlink(to);
	return status;
}

kb_status kb_file_write(const char *path, const char *data, size_t length, unsigned mode, kb_err *err)
{
	char beside[KB_FILE_NAME];
	KB_TRY(kb_file_beside(path, beside, err));
	KB_TRY(write_new(beside, path, data, length, mode, err));
	if (rename(beside, path) != 0) {
		kb_status status = cannot(err, "write", path);
		unlink(beside);
		return status;
	}
	return kb_file_sync_folder(path, err);
}

kb_status kb_file_make_dir(const char *path, kb_err *err)
{
	char part[4096];
	if (*path == '\0') return kb_fail(err, KB_INVALID, "file.name", "the path is empty");
	if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part)
		return kb_fail(err, KB_INVALID, "file.name", "the path is too long");
	for (char *p = part + 1;; p++) {
		if (*p != '/' && *p != '\0') continue;
		char end = *p;
		*p = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST) return cannot(err, "create", part);
		*p = end;
		if (end == '\0') break;
	}
	if (!kb_file_is_dir(path)) return kb_fail(err, KB_IO, "file.kind", "%s is there already and is not a folder", path);
	return KB_OK;
}

typedef struct listing {
	kb_arena *arena;
	const char *suffix;
	size_t limit, count, size;
	const char **paths;
} listing;

static bool ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);
	return n > m && strcmp(name + n - m, suffix) == 0;
}

static kb_status add_path(listing *list, const char *path, kb_err *err)
{
	if (list->count == list->limit) {
		kb_fail(err, KB_LIMIT, "file.count", "there are more than the %zu files that one command reads", list->limit);
		return kb_hint(err, "name a folder further down");
	}
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 64;
		list->paths =
			kb_arena_grow(list->arena, list->paths, list->size * sizeof *list->paths, size * sizeof *list->paths);
		if (!list->paths) return kb_arena_check(list->arena, err);
		list->size = size;
	}
	list->paths[list->count++] = path;
	return KB_OK;
}

static void closedirp(DIR **dir)
{
	if (*dir) closedir(*dir);
}

static kb_status walk(listing *list, const char *path, int depth, kb_err *err)
{
	if (depth > 16) return kb_fail(err, KB_LIMIT, "file.depth", "%s lies too deep", path);
	KB_CLEANUP(closedirp) DIR *dir = opendir(path);
	if (!dir) return cannot(err, "read", path);
	for (;;) {
		errno = 0;
		struct dirent *entry = readdir(dir);
		if (!entry) return errno ? cannot(err, "read", path) : KB_OK;
		if (entry->d_name[0] == '.') continue;
		const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
		char *child = kb_arena_printf(list->arena, "%s%s%s", path, slash, entry->d_name);
		if (!child) return kb_arena_check(list->arena, err);
		struct stat st;
		if (stat(child, &st) != 0) return cannot(err, "read", child);
		if (S_ISDIR(st.st_mode)) KB_TRY(walk(list, child, depth + 1, err));
		else if (S_ISREG(st.st_mode) && ends_in(child, list->suffix)) KB_TRY(add_path(list, child, err));
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

kb_status kb_file_list(kb_arena *arena, const char *path, const char *suffix, size_t limit, const char *const **paths,
	size_t *count, kb_err *err)
{
	listing list = { .arena = arena, .suffix = suffix, .limit = limit };
	struct stat st;
	if (stat(path, &st) != 0) return cannot(err, "read", path);
	if (S_ISDIR(st.st_mode)) KB_TRY(walk(&list, path, 0, err));
	else KB_TRY(add_path(&list, kb_arena_text(arena, path), err));
	KB_TRY(kb_arena_check(arena, err));
	if (list.count) qsort(list.paths, list.count, sizeof *list.paths, by_path);
	*paths = list.paths;
	*count = list.count;
	return KB_OK;
}

bool kb_file_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

bool kb_file_is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
