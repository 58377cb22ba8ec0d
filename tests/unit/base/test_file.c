#include <criterion/criterion.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static kb_err err;
static kb_arena *arena;
static char work[] = "/tmp/kb-test-file-XXXXXX";

static void enter(void)
{
	arena = kb_arena_new(8 << 20);
	cr_assert_not_null(mkdtemp(work));
	cr_assert_eq(chdir(work), 0);
}

static void leave(void)
{
	kb_arena_free(arena);
	char command[100];
	snprintf(command, sizeof command, "rm -rf '%s'", work);
	if (chdir("/") != 0 || system(command) != 0) abort();
}

TestSuite(file, .init = enter, .fini = leave);

static void put(const char *path, const char *text)
{
	cr_assert_eq(kb_file_write(path, text, strlen(text), 0644, &err), KB_OK, "%s", err.message);
}

static void has(const char *path, const char *text)
{
	kb_bytes bytes;
	cr_assert_eq(kb_file_read(arena, path, 1 << 20, &bytes, &err), KB_OK, "%s", err.message);
	cr_assert_str_eq(bytes.data, text);
	cr_assert_eq(bytes.length, strlen(text));
}

static size_t files_here(void)
{
	const char *const *paths;
	size_t count;
	cr_assert_eq(kb_file_list(arena, ".", "", 1000, &paths, &count, &err), KB_OK);
	return count;
}

Test(file, writes_and_reads)
{
	put("a", "text\n");
	has("a", "text\n");
	put("a", "another, longer text\n");
	has("a", "another, longer text\n");
	put("a", "");
	has("a", "");
	cr_assert_eq(files_here(), 1, "nothing is left beside it");
}

Test(file, a_finished_file_gets_a_free_name)
{
	char beside[KB_FILE_NAME];
	struct stat info;
	put("a", "text\n");
	cr_assert_eq(kb_file_beside("b", beside, &err), KB_OK);
	cr_assert_eq(kb_file_copy("a", beside, 0600, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_file_copy("a", beside, 0600, &err), KB_EXISTS);
	cr_assert_eq(kb_file_place(beside, "a", &err), KB_EXISTS, "nothing is overwritten");
	cr_assert_str_eq(err.id, "file.exists");
	cr_assert_eq(kb_file_place(beside, "b", &err), KB_OK, "%s", err.message);
	has("b", "text\n");
	cr_assert_eq(stat("b", &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0600);
	cr_assert_eq(kb_file_copy("none", "c", 0600, &err), KB_NOT_FOUND);
	cr_assert_eq(kb_file_copy(".", "c", 0600, &err), KB_INVALID);
	cr_assert_eq(kb_file_copy("a", "/dev/full", 0600, &err), KB_EXISTS);
	cr_assert_eq(files_here(), 2, "nothing is left beside it");
	cr_assert_eq(kb_file_beside("b", beside, &err), KB_OK);
	put(beside, "left by a killed process of the same number");
	cr_assert_eq(kb_file_beside("b", beside, &err), KB_OK);
	cr_assert(!kb_file_exists(beside));
}

Test(file, a_prepared_file_has_no_name_yet)
{
	char beside[KB_FILE_NAME];
	struct stat info;
	cr_assert_eq(kb_file_prepare("a", "text", 4, 0600, beside, &err), KB_OK, "%s", err.message);
	cr_assert(!kb_file_exists("a"));
	cr_assert(strstr(beside, ".unfinished"), "%s", beside);
	cr_assert_eq(stat(beside, &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0600);
	cr_assert_eq(kb_file_place(beside, "a", &err), KB_OK, "%s", err.message);
	has("a", "text");
	cr_assert_eq(kb_file_prepare("a", "other", 5, 0600, beside, &err), KB_EXISTS);
	cr_assert_eq(symlink("nowhere", "link"), 0);
	cr_assert_eq(kb_file_prepare("link", "x", 1, 0600, beside, &err), KB_EXISTS, "a link is followed nowhere");
	cr_assert_eq(kb_file_prepare("none/a", "x", 1, 0600, beside, &err), KB_NOT_FOUND);
	cr_assert_str_eq(err.file, "none/a", "the name that the user gave");
	cr_assert_eq(unlink("link"), 0);
	cr_assert_eq(files_here(), 1, "nothing is left beside it");
}

Test(file, every_byte)
{
	char all[256];
	kb_bytes bytes;
	for (int i = 0; i < 256; i++) all[i] = (char)i;
	cr_assert_eq(kb_file_write("a", all, sizeof all, 0600, &err), KB_OK);
	cr_assert_eq(kb_file_read(arena, "a", 256, &bytes, &err), KB_OK);
	cr_assert_eq(bytes.length, 256);
	cr_assert_arr_eq(bytes.data, all, 256);
	cr_assert_eq(bytes.data[256], '\0');
}

Test(file, reads_up_to_the_limit)
{
	kb_bytes bytes = { .length = 7 };
	put("a", "12345");
	cr_assert_eq(kb_file_read(arena, "a", 5, &bytes, &err), KB_OK);
	cr_assert_eq(bytes.length, 5);
	cr_assert_eq(kb_file_read(arena, "a", 4, &bytes, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "file.size");
	cr_assert_str_eq(err.file, "a");
}

Test(file, reads_regular_files_only)
{
	kb_bytes bytes;
	cr_assert_eq(mkfifo("pipe", 0600), 0);
	cr_assert_eq(kb_file_read(arena, "pipe", 100, &bytes, &err), KB_INVALID, "and does not wait for a writer");
	cr_assert_eq(kb_file_read(arena, ".", 100, &bytes, &err), KB_INVALID);
	cr_assert_eq(kb_file_read(arena, "/dev/zero", 100, &bytes, &err), KB_INVALID);
	cr_assert_eq(kb_file_read(arena, "none", 100, &bytes, &err), KB_NOT_FOUND);
	cr_assert_eq(kb_file_read(arena, "", 100, &bytes, &err), KB_NOT_FOUND);
	put("a", "x");
	cr_assert_eq(kb_file_read(arena, "a/b", 100, &bytes, &err), KB_IO);
}

Test(file, the_arena_bounds_reading)
{
	kb_bytes bytes;
	KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(100);
	static char text[1000];
	cr_assert_eq(kb_file_write("a", text, sizeof text, 0600, &err), KB_OK);
	cr_assert_eq(kb_file_read(small, "a", 10000, &bytes, &err), KB_LIMIT);
}

Test(file, modes)
{
	struct stat st;
	umask(022);
	cr_assert_eq(kb_file_write("secret", "x", 1, 0600, &err), KB_OK);
	cr_assert_eq(stat("secret", &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0600);
	cr_assert_eq(kb_file_write("secret", "x", 1, 0666, &err), KB_OK);
	cr_assert_eq(stat("secret", &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0644);
}

Test(file, create_refuses_what_is_there)
{
	cr_assert_eq(kb_file_create("a", "first", 5, 0600, &err), KB_OK);
	cr_assert_eq(kb_file_create("a", "second", 6, 0600, &err), KB_EXISTS);
	has("a", "first");
	cr_assert_eq(symlink("nowhere", "link"), 0);
	cr_assert_eq(kb_file_create("link", "x", 1, 0600, &err), KB_EXISTS, "a link is followed nowhere");
	cr_assert_eq(kb_file_create("none/a", "x", 1, 0600, &err), KB_NOT_FOUND);
}

Test(file, a_failed_write_leaves_the_old_file)
{
	cr_assert_eq(kb_file_write("none/a", "x", 1, 0600, &err), KB_NOT_FOUND);
	cr_assert_eq(mkdir("dir", 0700), 0);
	put("dir/kept", "kept");
	cr_assert_eq(kb_file_write("dir", "x", 1, 0600, &err), KB_IO);
	has("dir/kept", "kept");
	cr_assert_eq(files_here(), 1, "nothing is left beside it");
	static char path[5000];
	memset(path, 'x', sizeof path - 1);
	cr_assert_neq(kb_file_write(path, "x", 1, 0600, &err), KB_OK);
}

/* A file size limit stands in for a full disk: the write ends half-way in both. */
Test(file, a_write_that_ends_half_way)
{
	static char text[100000];
	struct rlimit before, tight = { 5000, RLIM_INFINITY };
	put("a", "old");
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight.rlim_max = before.rlim_max;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
	kb_status written = kb_file_write("a", text, sizeof text, 0600, &err);
	kb_status created = kb_file_create("b", text, sizeof text, 0600, &err);
	char beside[KB_FILE_NAME];
	kb_status prepared = kb_file_prepare("c", text, sizeof text, 0600, beside, &err);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_assert_eq(written, KB_IO);
	cr_assert_eq(created, KB_IO);
	cr_assert_eq(prepared, KB_IO);
	has("a", "old");
	cr_assert_eq(files_here(), 1, "nothing half-written is left");
}

Test(file, write_replaces_a_link_not_its_target)
{
	put("target", "old");
	cr_assert_eq(symlink("target", "link"), 0);
	put("link", "new");
	has("target", "old");
	has("link", "new");
}

Test(file, what_a_killed_process_left_is_no_hindrance)
{
	char beside[64];
	snprintf(beside, sizeof beside, "a.%ld.unfinished", (long)getpid());
	put(beside, "half");
	put("a", "whole");
	has("a", "whole");
	cr_assert_eq(files_here(), 1);
}

Test(file, makes_folders)
{
	static const char *const paths[] = { "a", "a", "a/b/c", "d/", "e//f", "./g", "." };
	for (size_t i = 0; i < KB_COUNT(paths); i++) {
		cr_assert_eq(kb_file_make_dir(paths[i], &err), KB_OK, "%s: %s", paths[i], err.message);
		cr_assert(kb_file_is_dir(paths[i]));
	}
	cr_assert_eq(kb_file_make_dir("/", &err), KB_OK);
	cr_assert_eq(kb_file_make_dir("", &err), KB_INVALID);
	put("file", "x");
	cr_assert_eq(kb_file_make_dir("file", &err), KB_IO);
	cr_assert_eq(kb_file_make_dir("file/below", &err), KB_IO);
	static char path[5000];
	memset(path, 'x', sizeof path - 1);
	cr_assert_eq(kb_file_make_dir(path, &err), KB_INVALID);
}

Test(file, lists_sorted)
{
	static const char *const expected[] = { "l/B.yaml", "l/a.yaml", "l/d/c.yaml", "l/d/e/f.yaml", "l/\xC3\xA4.yaml" };
	cr_assert_eq(kb_file_make_dir("l/d/e", &err), KB_OK);
	cr_assert_eq(kb_file_make_dir("l/.hidden", &err), KB_OK);
	cr_assert_eq(kb_file_make_dir("l/folder.yaml", &err), KB_OK);
	for (size_t i = 0; i < KB_COUNT(expected); i++) put(expected[KB_COUNT(expected) - 1 - i], "x");
	put("l/.a.yaml", "x"), put("l/.hidden/a.yaml", "x"), put("l/a.yml", "x"), put("l/yaml", "x");
	const char *const *paths;
	size_t count;
	cr_assert_eq(kb_file_list(arena, "l", ".yaml", 100, &paths, &count, &err), KB_OK);
	cr_assert_eq(count, KB_COUNT(expected));
	for (size_t i = 0; i < count; i++) cr_assert_str_eq(paths[i], expected[i]);
	cr_assert_eq(kb_file_list(arena, "l/", ".yaml", 100, &paths, &count, &err), KB_OK);
	cr_assert_str_eq(paths[0], "l/B.yaml");
	cr_assert_eq(kb_file_list(arena, "l/a.yml", ".yaml", 100, &paths, &count, &err), KB_OK);
	cr_assert_eq(count, 1);
	cr_assert_str_eq(paths[0], "l/a.yml");
}

Test(file, lists_within_limits)
{
	const char *const *paths;
	size_t count = 77;
	for (int i = 0; i < 200; i++) {
		char name[16];
		snprintf(name, sizeof name, "%d.t", i);
		put(name, "");
	}
	cr_assert_eq(kb_file_list(arena, ".", ".t", 199, &paths, &count, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "file.count");
	cr_assert_eq(count, 77);
	cr_assert_eq(kb_file_list(arena, ".", ".t", 200, &paths, &count, &err), KB_OK);
	cr_assert_eq(count, 200);
	cr_assert_eq(kb_file_list(arena, "none", ".t", 200, &paths, &count, &err), KB_NOT_FOUND);
	cr_assert_eq(kb_file_make_dir("empty", &err), KB_OK);
	cr_assert_eq(kb_file_list(arena, "empty", ".t", 200, &paths, &count, &err), KB_OK);
	cr_assert_eq(count, 0);
}

Test(file, lists_no_loop)
{
	const char *const *paths;
	size_t count;
	cr_assert_eq(mkdir("d", 0700), 0);
	cr_assert_eq(symlink(".", "d/again"), 0);
	cr_assert_eq(kb_file_list(arena, "d", ".t", 200, &paths, &count, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "file.depth");
}

Test(file, every_failed_allocation)
{
	cr_assert_eq(kb_file_make_dir("d/e", &err), KB_OK);
	for (int i = 0; i < 70; i++) {
		char name[16];
		snprintf(name, sizeof name, "d/e/%d", i);
		put(name, "x");
	}
	kb_status status = KB_NO_MEMORY;
	for (size_t nth = 1; status != KB_OK; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *tight = kb_arena_new(1 << 20);
		const char *const *paths;
		size_t count;
		kb_arena_fail_at(tight, nth);
		status = kb_file_list(tight, "d", "", 100, &paths, &count, &err);
		cr_assert(status == KB_OK || status == KB_NO_MEMORY);
		cr_assert_lt(nth, 200);
	}
	KB_CLEANUP(kb_arena_freep) kb_arena *tight = kb_arena_new(1 << 20);
	kb_bytes bytes;
	kb_arena_fail_at(tight, 1);
	cr_assert_eq(kb_file_read(tight, "d/e/1", 100, &bytes, &err), KB_NO_MEMORY);
}
