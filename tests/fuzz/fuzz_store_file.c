/*
 * A damaged file as a store, or as the backup of one: it is opened and found whole, or refused. Each four bytes of the
 * input are a change of a sound one: where, in three bytes, and to what; with an odd length the file ends at the last
 * place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/backup.h"

static char path[64];
static kb_arena *stays;
static kb_bytes sound;

static void must(kb_status status, const kb_err *err)
{
	if (status == KB_OK) return;
	fprintf(stderr, "%s: %s\n", err->id, err->message);
	abort();
}

static void remove_file(const char *ending)
{
	char name[80];
	snprintf(name, sizeof name, "%s%s", path, ending);
	unlink(name);
}

static void leave(void)
{
	static const char *const endings[] = { "", ".keys", "-wal", "-shm", "-journal" };
	for (size_t i = 0; i < KB_COUNT(endings); i++) remove_file(endings[i]);
	kb_arena_free(stays);
}

static void set_up(void)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_err err;
	stays = kb_arena_new((size_t)64 << 20);
	if (!stays) abort();
	snprintf(path, sizeof path, "/dev/shm/ksbank-fuzz-%ld", (long)getpid());
	atexit(leave);
	must(kb_store_create(path, NULL, &err), &err);
	must(kb_store_open(path, 0, &store, &err), &err);
	must(kb_store_begin(store, true, &err), &err);
	must(kb_store_log(store, stays, "paper draw", "somebody", "2026-11-22", kb_node_map(stays), &err), &err);
	must(kb_store_commit(store, &err), &err);
	kb_store_closep(&store);
	must(kb_file_read(stays, path, (size_t)4 << 20, &sound, &err), &err);
}

static kb_status look(kb_arena *arena, kb_err *err)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_log_head head;
	KB_TRY(kb_store_open(path, 0, &store, err));
	KB_TRY(kb_store_begin(store, false, err));
	return kb_store_whole(store, arena, NULL, &head, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!stays) set_up();
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_err err;
	char *bytes = arena ? kb_arena_copy(arena, sound.data, sound.length) : NULL;
	size_t length = sound.length, at = 0;
	if (!bytes) return 0;
	for (size_t i = 0; i + 4 <= size; i += 4) {
		at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % sound.length;
		bytes[at] = (char)data[i + 3];
	}
	if (size % 2) length = at;
	must(kb_file_write(path, bytes, length, 0600, &err), &err);
	kb_status status = look(arena, &err);
	if (status != KB_OK && (!*err.message || !kb_str_is_utf8(err.message, strlen(err.message), NULL))) abort();
	if (size == 0) must(status, &err);
	return 0;
}
