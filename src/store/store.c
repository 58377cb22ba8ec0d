#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/bound.h"
#include "store/keys.h"

struct kb_store {
	sqlite3 *db;
	kb_sql *sql;
	kb_bound bound;
	char *path; /* as it was given */
	char *file; /* the file itself, whatever links lead to it: its keys lie beside it */
	struct stat opened;
	const char *passphrase;
	kb_keys keys;
	bool has_keys;
};

static void free_store(kb_store *store)
{
	kb_bound_closep(&store->bound);
	kb_sql_closep(&store->sql);
	sqlite3_close(store->db);
	kb_secret_wipe(&store->keys, sizeof store->keys);
	free(store->path);
	free(store->file);
	free(store);
}

void kb_store_closep(kb_store **store)
{
	if (*store) free_store(*store);
	*store = NULL;
}

void kb_store_passphrase(kb_store *store, const char *passphrase)
{
	store->passphrase = passphrase;
}

const char *kb_store_file(const kb_store *store)
{
	return store->file;
}

kb_sql *kb_store_sql(kb_store *store)
{
	return store->sql;
}

/* No file that was handed to us may run code of its own, and a typing error in SQL is an error. */
static kb_status harden(sqlite3 *db, kb_err *err)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	return kb_sql_exec(db, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;", err);
}

static kb_status pragma_int(sqlite3 *db, const char *text, int64_t *value, kb_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &stmt, NULL);
	if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) *value = sqlite3_column_int64(stmt, 0);
	kb_status status = rc == SQLITE_ROW ? KB_OK : kb_sql_fail(db, err);
	sqlite3_finalize(stmt);
	return status;
}

char *kb_store_file_of(const char *path)
{
	struct stat info;
	char *file = lstat(path, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(path, NULL) : NULL;
	return file ? file : strdup(path);
}

static kb_status foreign(const char *path, kb_err *err)
{
	kb_fail(err, KB_INVALID, "store.foreign", "%s is not a ksbank store", path);
	return kb_hint(err,
		"name the store with --store FILE, or make one with ksbank store init; if it was your store, restore its backup");
}

static kb_status cannot_open(const char *path, const char *why, kb_err *err)
{
	struct stat info;
	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
		kb_fail(err, KB_INVALID, "store.folder", "%s is a folder, not a store", path);
		return kb_hint(err, "name the file in it, as in: --store %s/ksbank.db", path);
	}
	kb_fail(err, KB_IO, "store.open", "cannot open the store %s: %s", path, why);
	return kb_hint(err, "check that the file and its folder can be read and written by you");
}

/* Opens the file as it is; says in our words what else it may be. */
static kb_status open_file(const char *path, int flags, int wait_ms, kb_store **ret, kb_err *err)
{
	kb_store *store = calloc(1, sizeof *store);
	if (!store) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	store->path = strdup(path);
	store->file = kb_store_file_of(path);
	int rc = store->path && store->file ? sqlite3_open_v2(store->file, &store->db, flags, NULL) : SQLITE_NOMEM;
	kb_status status = KB_OK;
	if (rc == SQLITE_OK && stat(store->file, &store->opened) != 0) rc = SQLITE_CANTOPEN;
	if (rc != SQLITE_OK) status = cannot_open(path, store->db ? sqlite3_errmsg(store->db) : "no memory", err);
	if (status == KB_OK) {
		sqlite3_busy_timeout(store->db, wait_ms);
		status = harden(store->db, err);
		if (status == KB_CORRUPT && (sqlite3_errcode(store->db) & 0xFF) == SQLITE_NOTADB) status = foreign(path, err);
	}
	if (status != KB_OK) {
		free_store(store);
		return status;
	}
	*ret = store;
	return KB_OK;
}

static kb_status migration_digest(const kb_sql_migration *migration, char text[static KB_DIGEST_TEXT], kb_err *err)
{
	kb_digest digest;
	KB_TRY(kb_digest_of("ksbank migration 1", migration->text, strlen(migration->text), &digest, err));
	kb_digest_format(&digest, text);
	return KB_OK;
}

static kb_status apply_migration(kb_store *store, const kb_sql_migration *migration, kb_err *err)
{
	char text[KB_DIGEST_TEXT], *record = NULL;
	KB_TRY(migration_digest(migration, text, err));
	KB_TRY(kb_sql_exec(store->db, migration->text, err));
	record = sqlite3_mprintf("INSERT INTO meta (name, value) VALUES ('migration %04d', %Q); PRAGMA user_version = %d;",
		migration->number, text, migration->number);
	if (!record) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	kb_status status = kb_sql_exec(store->db, record, err);
	sqlite3_free(record);
	return status;
}

static kb_status check_migration(kb_store *store, kb_arena *arena, const kb_sql_migration *migration, kb_err *err)
{
	char text[KB_DIGEST_TEXT], name[32];
	KB_TRY(migration_digest(migration, text, err));
	snprintf(name, sizeof name, "migration %04d", migration->number);
	kb_q_meta_get_row row = { 0 };
	bool found;
	KB_TRY(kb_q_meta_get(store->sql, arena, name, &row, &found, err));
	if (found && strcmp(row.value, text) == 0) return KB_OK;
	kb_fail(err, KB_CORRUPT, "store.migration",
		"the store's schema was made by another program than this one (step %d, %s)", migration->number,
		migration->name);
	return kb_hint(err, "open it with the ksbank that made it, or restore a backup");
}

static kb_status migrate(kb_store *store, int64_t from, kb_err *err)
{
	for (size_t i = (size_t)from; i < kb_sql_store_migration_count; i++)
		KB_TRY(apply_migration(store, &kb_sql_store_migrations[i], err));
	return KB_OK;
}

static kb_status check_version(kb_store *store, int64_t version, kb_err *err)
{
	if (version > (int64_t)kb_sql_store_migration_count) {
		kb_fail(err, KB_REFUSED, "store.newer",
			"the store %s was written by a newer ksbank (schema %lld; this one knows %zu)", store->path,
			(long long)version, kb_sql_store_migration_count);
		return kb_hint(err, "install that newer ksbank; nothing was changed");
	}
	return KB_OK;
}

static kb_status upgrade(kb_store *store, kb_err *err)
{
	KB_TRY(kb_sql_exec(store->db, "BEGIN IMMEDIATE", err));
	int64_t version = 0;
	kb_status status = pragma_int(store->db, "PRAGMA user_version", &version, err);
	if (status == KB_OK) status = migrate(store, version, err);
	if (status == KB_OK) status = kb_store_commit(store, err);
	if (status != KB_OK) kb_store_rollback(store);
	return status;
}

static kb_status open_ours(kb_store *store, kb_err *err)
{
	int64_t application = 0, version = 0;
	kb_status status = pragma_int(store->db, "PRAGMA application_id", &application, err);
	KB_TRY(status);
	if (application != KB_STORE_APPLICATION) return foreign(store->path, err);
	KB_TRY(pragma_int(store->db, "PRAGMA user_version", &version, err));
	KB_TRY(check_version(store, version, err));
	KB_TRY(kb_sql_open(store->db, kb_sql_store_queries, kb_sql_store_query_count, &store->sql, err));
	if (version < (int64_t)kb_sql_store_migration_count) KB_TRY(upgrade(store, err));
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	if (!arena) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	for (size_t i = 0; i < kb_sql_store_migration_count; i++)
		KB_TRY(check_migration(store, arena, &kb_sql_store_migrations[i], err));
	return kb_sql_exec(store->db, "PRAGMA journal_mode = WAL", err); /* a restore that was killed leaves another */
}

kb_status kb_store_open(const char *path, int wait_ms, kb_store **ret, kb_err *err)
{
	if (!kb_file_exists(path)) {
		kb_fail(err, KB_NOT_FOUND, "store.none", "there is no store at %s", path);
		return kb_hint(err, "make one with: ksbank store init %s", path);
	}
	kb_store *store = NULL;
	KB_TRY(open_file(path, SQLITE_OPEN_READWRITE, wait_ms, &store, err));
	kb_status status = open_ours(store, err);
	if (status != KB_OK) free_store(store);
	else *ret = store;
	return status;
}

static kb_status create_schema(kb_store *store, kb_err *err)
{
	char mark[64];
	snprintf(mark, sizeof mark, "PRAGMA application_id = %d;", KB_STORE_APPLICATION);
	KB_TRY(kb_sql_exec(store->db, "PRAGMA journal_mode = WAL;", err));
	KB_TRY(kb_sql_exec(store->db, "BEGIN IMMEDIATE", err));
	KB_TRY(kb_sql_exec(store->db, mark, err));
	KB_TRY(migrate(store, 0, err));
	return kb_store_commit(store, err);
}

static void remove_store(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", ".keys" };
	char name[4200];
	for (size_t i = 0; i < KB_COUNT(suffixes); i++) {
		snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

static kb_status create_keys(const char *path, const char *passphrase, kb_err *err)
{
	kb_keys keys;
	KB_TRY(kb_keys_new(&keys, err));
	kb_status status = kb_keys_write(path, &keys, passphrase, false, err);
	kb_secret_wipe(&keys, sizeof keys);
	return status;
}

kb_status kb_store_create(const char *path, const char *passphrase, kb_err *err)
{
	char keys[KB_KEYS_PATH];
	KB_TRY(kb_keys_path(path, keys, err));
	if (kb_file_exists(path) || kb_file_exists(keys)) {
		kb_fail(err, KB_EXISTS, "store.exists", "there is already a store, or its keys, at %s", path);
		return kb_hint(err, "name another file; an existing store is never overwritten");
	}
	KB_TRY(create_keys(keys, passphrase, err));
	mode_t before = umask(0077); /* SQLite gives its own files the mode of the umask */
	kb_store *store = NULL;
	kb_status status = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 1000, &store, err);
	if (status == KB_OK) status = create_schema(store, err);
	if (store) free_store(store);
	umask(before);
	if (status != KB_OK) remove_store(path);
	return status;
}

static kb_status make_token(
	const kb_digest *draw_key, const char *reference, char token[static KB_DIGEST_TEXT], kb_err *err)
{
	kb_digest digest;
	KB_TRY(kb_digest_keyed(draw_key, "ksbank candidate 1", reference, strlen(reference), &digest, err));
	kb_digest_format(&digest, token);
	return KB_OK;
}

/* Under another store's key papers would come out otherwise, and who comes again would be somebody new. */
static kb_status check_keys(kb_store *store, const char *path, const kb_keys *keys, kb_err *err)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 16);
	kb_q_candidate_known_row row = { 0 };
	char token[KB_DIGEST_TEXT];
	bool found;
	if (!arena) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	KB_TRY(kb_q_candidate_known(store->sql, arena, &row, &found, err));
	if (!found) return KB_OK;
	KB_TRY(make_token(&keys->draw, row.reference, token, err));
	if (strcmp(token, row.token) == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "store.keys-foreign",
		"the keys in %s are not those that this store's papers were drawn with", path);
	return kb_hint(err, "put the key file that was made with the store back there, from where a copy of it is kept");
}

static kb_status read_keys(kb_store *store, kb_err *err)
{
	char path[KB_KEYS_PATH];
	kb_keys keys;
	if (store->has_keys) return KB_OK;
	KB_TRY(kb_keys_path(store->file, path, err));
	KB_TRY(kb_keys_read(path, store->passphrase, &keys, err));
	kb_status status = check_keys(store, path, &keys, err);
	store->has_keys = status == KB_OK;
	if (store->has_keys) store->keys = keys;
	kb_secret_wipe(&keys, sizeof keys);
	return status;
}

kb_status kb_store_draw_key(kb_store *store, kb_digest *key, kb_err *err)
{
	KB_TRY(read_keys(store, err));
	*key = store->keys.draw;
	return KB_OK;
}

kb_status kb_store_token(kb_store *store, const char *reference, char token[static KB_DIGEST_TEXT], kb_err *err)
{
	KB_TRY(read_keys(store, err));
	return make_token(&store->keys.draw, reference, token, err);
}

kb_status kb_store_sign_key(kb_store *store, kb_digest *private_key, kb_err *err)
{
	KB_TRY(read_keys(store, err));
	*private_key = store->keys.sign;
	return KB_OK;
}

kb_status kb_store_sign_key_new(kb_store *store, const char *passphrase, kb_err *err)
{
	char path[KB_KEYS_PATH];
	kb_digest public_key;
	bool sealed;
	KB_TRY(read_keys(store, err));
	KB_TRY(kb_keys_path(store->file, path, err));
	KB_TRY(kb_keys_look(path, &public_key, &sealed, err));
	if (!passphrase && sealed) passphrase = store->passphrase;
	kb_keys keys = store->keys;
	kb_status status = kb_digest_random(&keys.sign, err);
	if (status == KB_OK) status = kb_keys_write(path, &keys, passphrase, true, err);
	if (status == KB_OK) store->keys = keys;
	kb_secret_wipe(&keys, sizeof keys);
	return status;
}

kb_status kb_store_public_key(kb_store *store, kb_arena *arena, const char *day, int64_t *id, kb_err *err)
{
	kb_digest public_key;
	char text[KB_DIGEST_TEXT];
	kb_q_public_key_by_text_row row = { 0 };
	bool found;
	KB_TRY(read_keys(store, err));
	KB_TRY(kb_sign_public(&store->keys.sign, &public_key, err));
	kb_digest_format(&public_key, text);
	KB_TRY(kb_q_public_key_by_text(store->sql, arena, text, &row, &found, err));
	if (!found) KB_TRY(kb_q_public_key_add(store->sql, text, day, NULL, err));
	*id = found ? row.id : kb_sql_last_id(store->sql);
	return KB_OK;
}

kb_bound *kb_store_bound(kb_store *store)
{
	return &store->bound;
}

/* Who waited while a backup was put in the store's place would write into the file that was put aside. */
static kb_status check_place(const kb_store *store, kb_err *err)
{
	struct stat now;
	if (stat(store->file, &now) == 0 && now.st_ino == store->opened.st_ino && now.st_dev == store->opened.st_dev)
		return KB_OK;
	kb_fail(err, KB_BUSY, "store.replaced", "the store was replaced by another file while this waited");
	return kb_hint(err, "try again; nothing was changed");
}

kb_status kb_store_begin(kb_store *store, bool writing, kb_err *err)
{
	KB_TRY(kb_sql_exec(store->db, writing ? "BEGIN IMMEDIATE" : "BEGIN", err));
	kb_status status = writing ? check_place(store, err) : KB_OK;
	if (status != KB_OK) kb_store_rollback(store);
	return status == KB_OK && writing ? kb_bound_start(store->db, &store->bound, err) : status;
}

kb_status kb_store_commit(kb_store *store, kb_err *err)
{
	return kb_sql_exec(store->db, "COMMIT", err);
}

void kb_store_rollback(kb_store *store)
{
	if (!sqlite3_get_autocommit(store->db)) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
