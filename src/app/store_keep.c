/* store backup, store restore. */
#include "app/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "store/backup.h"
#include "store/keys.h"

enum { WAIT_MS = 30000 };

/* A file that is being made and goes away unless it gets its name; a store's own files beside it too. */
typedef struct fresh {
	char path[KB_FILE_NAME];
} fresh;

static void fresh_removep(fresh *made)
{
	static const char *const suffixes[] = { "", "-journal", "-wal", "-shm" };
	char path[KB_FILE_NAME + 8];
	for (size_t i = 0; *made->path && i < KB_COUNT(suffixes); i++) {
		snprintf(path, sizeof path, "%s%s", made->path, suffixes[i]);
		unlink(path);
	}
}

static kb_status check_free(const char *path, kb_err *err)
{
	if (!kb_file_exists(path)) return KB_OK;
	kb_fail(err, KB_EXISTS, "file.exists", "%s is there already", path);
	return kb_hint(err, "name another file, as with the day in it; no backup is overwritten");
}

/* Whole or not at all, where there is nothing yet. */
static kb_status copy_file(const char *from, const char *to, kb_err *err)
{
	KB_CLEANUP(fresh_removep) fresh made = { 0 };
	KB_TRY(kb_file_beside(to, made.path, err));
	KB_TRY(kb_file_copy(from, made.path, 0600, err));
	return kb_file_place(made.path, to, err);
}

static kb_status check_copy(kb_call *call, const char *path, kb_log_head *head, kb_err *err)
{
	KB_CLEANUP(kb_store_closep) kb_store *copy = NULL;
	KB_TRY(kb_store_open(path, WAIT_MS, &copy, err));
	return kb_store_whole(copy, call->arena, call->progress, head, err);
}

static void tell_head(kb_call *call, const kb_log_head *head)
{
	kb_node *maps[] = { call->result, call->effects };
	for (size_t i = 0; i < KB_COUNT(maps); i++) {
		kb_node_set_int(call->arena, maps[i], "entries", head->length);
		kb_node_set_text(call->arena, maps[i], "head", head->digest);
	}
}

static kb_status run_backup(kb_call *call, kb_err *err)
{
	const char *file = kb_call_text(call, "file");
	bool with_keys = kb_call_flag(call, "with-keys");
	char keys[KB_KEYS_PATH], copied_keys[KB_KEYS_PATH];
	kb_log_head head;
	KB_CLEANUP(fresh_removep) fresh made = { 0 };
	KB_TRY(kb_keys_path(kb_store_file(call->store), keys, err));
	KB_TRY(kb_keys_path(file, copied_keys, err));
	KB_TRY(check_free(file, err));
	if (with_keys) KB_TRY(check_free(copied_keys, err));
	KB_TRY(kb_file_beside(file, made.path, err));
	KB_TRY(kb_store_copy(call->store, made.path, call->progress, err));
	if (check_copy(call, made.path, &head, err) != KB_OK) {
		kb_err_context(err, "the backup was not kept, since it does not hold: ");
		return kb_hint(err, "see all that is wrong with: ksbank audit verify; and keep the store's file as it is");
	}
	if (with_keys) {
		char beside[KB_FILE_NAME];
		KB_TRY(kb_file_beside(copied_keys, beside, err));
		KB_TRY(kb_file_copy(keys, beside, 0600, err));
		KB_TRY(kb_call_made(call, copied_keys, beside, err));
	}
	KB_TRY(kb_call_made(call, file, made.path, err));
	*made.path = '\0';
	kb_node_set_text(call->arena, call->result, "backup", file);
	kb_node_set_text(call->arena, call->result, "keys", with_keys ? copied_keys : keys);
	kb_node_set_bool(call->arena, call->result, "with_keys", with_keys);
	tell_head(call, &head);
	return KB_OK;
}

static const kb_arg backup_args[] = {
	{ "file", KB_ARG_PATH, .place = true, .required = true, .help = "the new file, which must not be there yet" },
	{ "with-keys", KB_ARG_FLAG, .help = "also copies the keys, to FILE.keys: for a place as safe as the store's own" },
};

const kb_op kb_op_store_backup = {
	.name = "store backup",
	.summary = "Copy the store to a file, while it is in use",
	.help = "The copy is the store at one moment, whatever is written meanwhile; it is readable by you alone, and is\n"
			"checked (file, log, every row) before it gets its name. The keys are not in it: they belong apart, since\n"
			"whoever has both can foresee draws. Copy the key file once, and after each ksbank store key.\n\n"
			"    ksbank store backup ksbank-2026-11-22.db\n"
			"    ksbank help store seal                          # to send it through hands that may not read it",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_READS,
	.args = backup_args,
	.arg_count = KB_COUNT(backup_args),
	.run = run_backup,
	.screen = "store-backup",
	.answer = "backup: the file; entries, head: of its log; keys: where they are; with_keys: whether that is a copy",
	.logged_after = true,
};

/* A restore: what is there, what comes, and what that loses. */
typedef struct restore {
	const char *file, *from; /* the store's own file; the backup's */
	bool exists;             /* there is a file in the store's place */
	fresh made;              /* the backup's copy, beside the store */
	kb_store *present, *copy;
	const char *why; /* the store that is there can't be read, so what is lost can't be told; NULL */
	kb_log_common logs;
} restore;

static void restore_endp(restore *r)
{
	kb_store_closep(&r->copy);
	kb_store_closep(&r->present);
	fresh_removep(&r->made);
}

static kb_status find_files(kb_call *call, restore *r, kb_err *err)
{
	const char *to = kb_call_text(call, "to");
	char *file = kb_store_file_of(to ? to : call->store_path);
	struct stat there, given;
	r->file = file ? kb_arena_text(call->arena, file) : NULL;
	free(file);
	if (!r->file) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	r->from = kb_call_text(call, "file");
	r->exists = stat(r->file, &there) == 0;
	bool same = r->exists && stat(r->from, &given) == 0 && there.st_ino == given.st_ino && there.st_dev == given.st_dev;
	if (!same) return KB_OK;
	kb_fail(err, KB_USAGE, "argument", "%s is the store itself", r->from);
	return kb_hint(err, "name a backup, made with: ksbank store backup FILE");
}

/* What stops us from reading the store that is there is no reason to leave it there. */
static kb_status or_unreadable(kb_call *call, restore *r, kb_status status, kb_err *err)
{
	if (status != KB_CORRUPT && status != KB_INVALID) return status;
	r->why = kb_arena_text(call->arena, err->message);
	kb_store_closep(&r->present);
	return kb_arena_check(call->arena, err);
}

static kb_status open_present(kb_call *call, restore *r, kb_err *err)
{
	if (!r->exists) return KB_OK;
	kb_status status = kb_store_open(r->file, WAIT_MS, &r->present, err);
	if (status == KB_OK) status = kb_call_admit(call, r->present, err);
	return or_unreadable(call, r, status, err);
}

static kb_status take_copy(restore *r, kb_err *err)
{
	char wal[KB_FILE_NAME];
	struct stat info;
	snprintf(wal, sizeof wal, "%s-wal", r->from);
	if (stat(wal, &info) == 0 && info.st_size > 0) {
		kb_fail(err, KB_INVALID, "backup.in-use", "%s is a store in use, not a backup", r->from);
		return kb_hint(err, "make a backup of it with: ksbank store backup FILE --store %s", r->from);
	}
	KB_TRY(kb_file_beside(r->file, r->made.path, err));
	return kb_file_copy(r->from, r->made.path, 0600, err);
}

static kb_status open_copy(kb_call *call, restore *r, kb_log_head *head, kb_err *err)
{
	KB_TRY(take_copy(r, err));
	kb_status status = kb_store_open(r->made.path, WAIT_MS, &r->copy, err);
	if (status == KB_OK) status = kb_store_whole(r->copy, call->arena, call->progress, head, err);
	if (status == KB_OK) return r->present ? KB_OK : kb_call_admit(call, r->copy, err);
	kb_err_context(err, "%s can't be restored: ", r->from);
	return kb_hint(err, "take an older backup, and keep this one as it is; nothing was changed");
}

static kb_status weigh(kb_call *call, restore *r, kb_err *err)
{
	if (!r->present) return KB_OK;
	return or_unreadable(call, r, kb_store_common(r->present, r->copy, call->arena, &r->logs, err), err);
}

static kb_status check_loss(kb_call *call, const restore *r, kb_err *err)
{
	int64_t lost = r->logs.one - r->logs.common;
	if (kb_call_flag(call, "lose-entries") || (!r->why && lost == 0)) return KB_OK;
	if (r->why)
		kb_fail(err, KB_REFUSED, "restore.loses", "what this loses can't be told, since %s can't be read: %s", r->file,
			r->why);
	else
		kb_fail(err, KB_REFUSED, "restore.loses",
			"this loses %lld entr%s of the log, from number %lld on, and all that they did: the backup %s",
			(long long)lost, lost == 1 ? "y" : "ies", (long long)r->logs.common + 1,
			r->logs.common == r->logs.other ? "is older" : "has another history");
	return kb_hint(err,
		"papers drawn since would be forgotten, and re-sits could repeat their questions; if it must be, add "
		"--lose-entries: the store that is there is kept beside it");
}

/* Nobody else gets at the store from here on; between the first look and now somebody may have written. */
static kb_status hold(kb_call *call, restore *r, kb_err *err)
{
	int64_t length = r->logs.one;
	if (!r->present) return KB_OK;
	KB_TRY(kb_store_hold(r->present, call->arena, err));
	KB_TRY(weigh(call, r, err));
	if (r->present && r->logs.one == length) return KB_OK;
	kb_fail(err, KB_BUSY, "store.busy", "somebody else wrote to the store meanwhile");
	return kb_hint(err, "try again in a moment; nothing was changed");
}

/* In the restored store's own log, before anybody sees that store. */
static kb_status log_restore(kb_call *call, restore *r, kb_err *err)
{
	if (r->why) kb_node_set_text(call->arena, call->effects, "unreadable", r->why);
	else kb_node_set_int(call->arena, call->effects, "lost", r->logs.one - r->logs.common);
	call->store = r->copy;
	call->sql = kb_store_sql(r->copy);
	KB_TRY(kb_store_begin(r->copy, true, err));
	KB_TRY(kb_call_log(call, err));
	KB_TRY(kb_store_commit(r->copy, err));
	kb_store_closep(&r->copy);
	return KB_OK;
}

static kb_status place_keys(kb_call *call, const restore *r, kb_err *err)
{
	char wanted[KB_KEYS_PATH], given[KB_KEYS_PATH];
	KB_TRY(kb_keys_path(r->file, wanted, err));
	KB_TRY(kb_keys_path(r->from, given, err));
	if (!kb_file_exists(wanted) && kb_file_exists(given)) KB_TRY(copy_file(given, wanted, err));
	kb_node_set_text(call->arena, call->result, "keys", wanted);
	kb_node_set_bool(call->arena, call->result, "has_keys", kb_file_exists(wanted));
	return KB_OK;
}

static kb_status put_in_place(kb_call *call, restore *r, kb_err *err)
{
	if (!r->exists) return kb_file_place(r->made.path, r->file, err);
	kb_buf kept = { .arena = call->arena };
	kb_buf_printf(&kept, "%s.replaced-", r->file);
	for (const char *p = call->clock ? call->clock : call->day_text; *p; p++)
		if (*p != ':') kb_buf_char(&kept, *p);
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_store_replace(r->made.path, r->file, kb_buf_string(&kept), r->present != NULL, err));
	kb_node_set_text(call->arena, call->result, "kept", kb_buf_string(&kept));
	return KB_OK;
}

static kb_status run_restore(kb_call *call, kb_err *err)
{
	KB_CLEANUP(restore_endp) restore r = { 0 };
	kb_log_head head;
	KB_TRY(find_files(call, &r, err));
	KB_TRY(open_present(call, &r, err));
	KB_TRY(open_copy(call, &r, &head, err));
	KB_TRY(weigh(call, &r, err));
	KB_TRY(check_loss(call, &r, err));
	KB_TRY(hold(call, &r, err));
	tell_head(call, &head);
	KB_TRY(log_restore(call, &r, err));
	KB_TRY(place_keys(call, &r, err));
	KB_TRY(put_in_place(call, &r, err));
	kb_node_set_text(call->arena, call->result, "store", r.file);
	kb_node_set_bool(call->arena, call->result, "unreadable", r.why != NULL);
	kb_node_set_int(call->arena, call->result, "lost", r.logs.one - r.logs.common);
	return KB_OK;
}

static const kb_arg restore_args[] = {
	{ "file", KB_ARG_PATH, .place = true, .required = true, .help = "the backup; it stays as it is" },
	{ "to", KB_ARG_PATH, .help = "the store to put in its place; without it, the one that --store names" },
	{ "lose-entries", KB_ARG_FLAG, .help = "although the store there holds entries that the backup does not" },
};

const kb_op kb_op_store_restore = {
	.name = "store restore",
	.summary = "Put a backup in the store's place, once all of it is checked",
	.help =
		"The backup is copied and checked (file, schema, log, every row) before anything is replaced; then it takes\n"
		"the store's place in one step, and the store that was there is kept beside it as\n"
		"STORE.replaced-DATE. A backup that lacks entries of the store there is refused, and the refusal says how\n"
		"many they are. Keys that are there stay; where there are none, those of FILE.keys are taken. Who does\n"
		"this must be allowed to by the store that is there or, where that can't be read, by the backup.\n\n"
		"    ksbank store restore ksbank-2026-11-22.db\n"
		"    ksbank store restore ksbank-2026-11-22.db --to try.db      # to look at it",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_NO_STORE,
	.args = restore_args,
	.arg_count = KB_COUNT(restore_args),
	.run = run_restore,
	.screen = "store-restore",
	.answer = "store; entries, head: of the backup's log, to which one entry tells of this; kept: the store that was "
			  "there; lost: entries that only it has; unreadable: whether that can't be told; keys, has_keys",
};
