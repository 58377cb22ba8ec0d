/* store check. */
#include "app/ops.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/file.h"
#include "store/backup.h"
#include "store/keys.h"

typedef struct check {
	kb_call *call;
	kb_node *list;
	const char *file;
	bool corrupt; /* one of those that failed means that data is lost */
} check;

/* One line of the table; `way_out` is NULL where it holds. */
static void add(check *c, const char *name, const char *found, const char *way_out)
{
	kb_arena *arena = c->call->arena;
	kb_node *map = kb_node_add(arena, c->list, kb_node_map(arena));
	kb_node_set_text(arena, map, "check", name);
	kb_node_set_bool(arena, map, "holds", way_out == NULL);
	kb_node_set_text(arena, map, "found", found);
	if (way_out) kb_node_set_text(arena, map, "way_out", way_out);
	if (way_out) kb_fault_add(&c->call->faults, (kb_mark) { 0 }, "store.check", "%s: %s; %s", name, found, way_out);
}

static kb_status check_integrity(check *c, kb_err *err)
{
	const char *wrong;
	kb_status status = kb_store_integrity(c->call->store, c->call->arena, &wrong, err);
	if (status == KB_CORRUPT) wrong = kb_arena_text(c->call->arena, err->message);
	else KB_TRY(status);
	c->corrupt = wrong != NULL;
	add(c, "integrity", wrong ? wrong : "the file is sound, and all references lead somewhere",
		wrong ? "restore the latest backup: ksbank store restore FILE" : NULL);
	return KB_OK;
}

static void check_permissions(check *c)
{
	static const char *const suffixes[] = { "", ".keys", "-wal", "-shm" };
	kb_arena *arena = c->call->arena;
	bool fine = true;
	for (size_t i = 0; i < KB_COUNT(suffixes); i++) {
		const char *path = kb_arena_printf(arena, "%s%s", c->file, suffixes[i]);
		struct stat info;
		if (!path || stat(path, &info) != 0 || (info.st_mode & 077) == 0) continue;
		fine = false;
		add(c, "permissions",
			kb_arena_printf(arena, "others can get at %s (%03o)", path, (unsigned)info.st_mode & 0777),
			kb_arena_printf(arena, "do: chmod 600 %s", path));
	}
	if (fine) add(c, "permissions", "only you can read the files", NULL);
}

static kb_status known_key(check *c, const kb_digest *public_key, bool *known, kb_err *err)
{
	char text[KB_DIGEST_TEXT];
	kb_q_public_key_all_row *all;
	kb_q_public_key_by_text_row row;
	size_t count;
	kb_digest_format(public_key, text);
	KB_TRY(kb_q_public_key_all(c->call->sql, c->call->arena, &all, &count, err));
	KB_TRY(kb_q_public_key_by_text(c->call->sql, c->call->arena, text, &row, known, err));
	*known = *known || count == 0; /* nothing was signed yet */
	return KB_OK;
}

/* What is told of keys that the store may be used with. */
static kb_status describe_keys(check *c, bool sealed, bool opened, kb_err *err)
{
	kb_q_candidate_known_row row;
	bool drawn;
	KB_TRY(kb_q_candidate_known(c->call->sql, c->call->arena, &row, &drawn, err));
	const char *whose =
		!opened ? "they sign as this store's; give --passphrase-file to see whether papers were drawn with them too"
		: drawn ? "they are this store's"
				: "they sign as this store's; no candidate is known whose token would show what papers are drawn with";
	add(c, "keys", kb_arena_printf(c->call->arena, "%s%s", whose, sealed ? "; sealed under a passphrase" : ""), NULL);
	return KB_OK;
}

static kb_status check_keys(check *c, kb_err *err)
{
	char path[KB_KEYS_PATH];
	kb_digest public_key, draw_key;
	bool sealed, known;
	KB_TRY(kb_keys_path(c->file, path, err));
	kb_status status = kb_keys_look(path, &public_key, &sealed, err);
	if (status == KB_OK) status = kb_store_draw_key(c->call->store, &draw_key, err);
	kb_secret_wipe(&draw_key, sizeof draw_key);
	bool opened = status == KB_OK, unopened = status == KB_DENIED && !c->call->passphrase;
	if (!opened && !unopened) {
		add(c, "keys", kb_arena_text(c->call->arena, err->message), kb_arena_text(c->call->arena, err->hint));
		return KB_OK;
	}
	KB_TRY(known_key(c, &public_key, &known, err));
	if (known) return describe_keys(c, sealed, opened, err);
	add(c, "keys", "the store does not know the key that they would sign with",
		"after a broken off store key do it again; else put this store's own key file back");
	return KB_OK;
}

static kb_status check_room(check *c, kb_err *err)
{
	enum { SPARE = 16 << 20 };
	kb_arena *arena = c->call->arena;
	struct stat info;
	struct statvfs disk;
	if (stat(c->file, &info) != 0 || statvfs(c->file, &disk) != 0)
		return kb_fail(err, KB_IO, "file", "cannot ask how full the disk of %s is", c->file);
	uintmax_t room = (uintmax_t)disk.f_bavail * disk.f_frsize, needs = (uintmax_t)info.st_size + SPARE;
	add(c, "room", kb_arena_printf(arena, "%ju MiB free, the store has %ju", room >> 20, (uintmax_t)info.st_size >> 20),
		room >= needs ? NULL
					  : kb_arena_printf(arena, "free at least %ju MiB, as a restore or import needs", needs >> 20));
	return KB_OK;
}

/* What came after the last backup would be gone with the disk. What a restored store holds stands in the backup that it
 * came from, though that was made before its entry could be in it. */
static kb_status check_backup(check *c, kb_err *err)
{
	enum { DAYS_MOST = 7 };
	kb_arena *arena = c->call->arena;
	kb_q_log_last_of_row last = { 0 }, restored = { 0 };
	kb_q_log_from_row *next;
	size_t count;
	bool found;
	kb_day day;
	KB_TRY(kb_q_log_last_of(c->call->sql, arena, "store backup", &last, &found, err));
	const char *made = found ? kb_arena_printf(arena, "the last one was made on %s", last.day) : "none is recorded";
	KB_TRY(kb_q_log_last_of(c->call->sql, arena, "store restore", &restored, &found, err));
	if (restored.sequence > last.sequence) {
		last = restored;
		made = kb_arena_printf(arena, "the store was restored from one on %s", last.day);
	}
	KB_TRY(kb_q_log_from(c->call->sql, arena, last.sequence, 1, &next, &count, err));
	bool old = false;
	if (count > 0) {
		KB_TRY(kb_date_parse(next[0].day, &day, err));
		old = c->call->day - day > DAYS_MOST;
		made = kb_arena_printf(arena, "%s; to be backed up: what was done since %s (entry %lld)", made, next[0].day,
			(long long)next[0].sequence);
	}
	add(c, "backup", made, old ? "make one: ksbank store backup FILE" : NULL);
	return KB_OK;
}

static kb_status run_check(kb_call *call, kb_err *err)
{
	check c = { .call = call, .file = kb_store_file(call->store) };
	c.list = kb_node_set(call->arena, call->result, "checks", kb_node_list(call->arena));
	KB_TRY(check_integrity(&c, err));
	if (!c.corrupt) {
		add(&c, "schema", "it is the one of this program", NULL); /* or the store would not have been opened */
		KB_TRY(check_keys(&c, err));
		KB_TRY(check_backup(&c, err));
	}
	check_permissions(&c);
	KB_TRY(check_room(&c, err));
	KB_TRY(kb_arena_check(call->arena, err));
	kb_node_set_bool(call->arena, call->result, "holds", call->faults.count == 0);
	if (call->faults.count == 0) return KB_OK;
	kb_fail(err, c.corrupt ? KB_CORRUPT : KB_REFUSED, "store.check", "%zu of %zu checks of the store %s not hold",
		call->faults.count, c.list->count, call->faults.count == 1 ? "does" : "do");
	return kb_hint(err, "do what is said with each, and check again");
}

const kb_op kb_op_store_check = {
	.name = "store check",
	.summary = "Check that the store is kept well: file, keys, permissions, room, backup",
	.help =
		"Each check holds, or says what to do. Keys are held against what was signed and drawn: with those of another\n"
		"store nothing is drawn or signed; sealed ones need --passphrase-file for it.\n"
		"That nobody changed the store behind the program is another matter, for which there is: ksbank audit verify\n\n"
		"    ksbank store check",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_READS,
	.run = run_check,
	.screen = "store-check",
	.answer = "checks: list of {check, holds, found, way_out}; holds: all of them",
};
