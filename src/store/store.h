/*
 * The store: one SQLite file, and beside it a file of keys that only its owner can read. What it
 * promises stands in schema/; what can be asked of it stands in query/ and reaches the program as
 * the typed functions of "sql/store.h", called with kb_store_sql().
 */
#ifndef KB_STORE_STORE_H
#define KB_STORE_STORE_H

#include "crypt/sign.h"
#include "sql/store.h"
#include "text/node.h"

typedef struct kb_store kb_store;

/* "KSBK": says that a SQLite file is ours. */
enum { KB_STORE_APPLICATION = 0x4B53424B };

/* Makes a new store and its keys, both readable by their owner only; the keys sealed unless `passphrase` is NULL.
 * KB_EXISTS where either is there already; a failure leaves neither. */
kb_status kb_store_create(const char *path, const char *passphrase, kb_err *err) KB_MUST_USE;

/* Opens an existing one and brings an older schema up to date. Refused with a way out: what is no store of ours, what
 * is newer than this program, what was migrated by other text than ours. Waits up to `wait_ms` where another process
 * writes. */
kb_status kb_store_open(const char *path, int wait_ms, kb_store **store, kb_err *err) KB_MUST_USE;
void kb_store_closep(kb_store **store);

kb_sql *kb_store_sql(kb_store *store);
/* The file itself, which a link may lead to: its keys lie beside it. Of a path: to be freed, NULL without memory. */
const char *kb_store_file(const kb_store *store);
char *kb_store_file_of(const char *path);

/* What opens sealed keys, where the person gave it; it outlives the store. What needs keys fails with KB_DENIED
 * "passphrase.needed" or "passphrase.wrong" without it. */
void kb_store_passphrase(kb_store *store, const char *passphrase);

/* The key under which seeds and candidates' tokens are made. Keys are read from their file at the first call that needs
 * one, here or below: KB_REFUSED "store.keys-foreign" where a candidate's token was made under another draw key. */
kb_status kb_store_draw_key(kb_store *store, kb_digest *key, kb_err *err) KB_MUST_USE;
/* What stands for a candidate's reference: a digest under the draw key. */
kb_status kb_store_token(
	kb_store *store, const char *reference, char token[static KB_DIGEST_TEXT], kb_err *err) KB_MUST_USE;

/* The key that signs: the newest of the key file. Whoever calls wipes it. */
kb_status kb_store_sign_key(kb_store *store, kb_digest *private_key, kb_err *err) KB_MUST_USE;
/* Makes a new one, which signs from now on; what older ones signed stays provable by their public keys. The key file is
 * replaced at once, and stays when the transaction does not: kb_store_public_key() then adds its row with whatever
 * signs next, so nothing is lost by failing in between, and all of it may be done again. With `passphrase` the file is
 * sealed under that one from now on; with NULL it stays as it was. */
kb_status kb_store_sign_key_new(kb_store *store, const char *passphrase, kb_err *err) KB_MUST_USE;
/* The row of the signing key in public_key; added in the current transaction where the key is new. */
kb_status kb_store_public_key(kb_store *store, kb_arena *arena, const char *day, int64_t *id, kb_err *err) KB_MUST_USE;

/* A reading transaction sees one state; a writing one is the only one of its kind, and durable once committed. KB_BUSY
 * "store.replaced" where a restore has put another file in the store's place since it was opened. */
kb_status kb_store_begin(kb_store *store, bool writing, kb_err *err) KB_MUST_USE;
kb_status kb_store_commit(kb_store *store, kb_err *err) KB_MUST_USE;
void kb_store_rollback(kb_store *store); /* harmless without a transaction */

/*
 * Adds an entry to the log inside the current transaction: who did what on which day, with what came of it. The entry
 * binds the one before it and, under "rows", every row that the transaction added to any table: {table, first,
 * digests}, 32 hexadecimal digits for each row from `first` on. So no row can be changed, removed, added or exchanged
 * behind the program's back without an entry that no longer fits.
 */
kb_status kb_store_log(kb_store *store, kb_arena *arena, const char *operation, const char *actor, const char *day,
	const kb_node *detail, kb_err *err) KB_MUST_USE;

/* What the digest of an entry is taken over under KB_DOMAIN_LOG: one line of canonical JSON. */
#define KB_DOMAIN_LOG "ksbank log 1"
kb_status kb_store_log_text(
	kb_arena *arena, const kb_q_log_from_row *entry, const char **text, kb_err *err) KB_MUST_USE;

/* Signs the log's head as it stands in the current transaction, by "ksbank log head 1\n<length>\n<digest>\n". */
kb_status kb_store_sign_head(kb_store *store, kb_arena *arena, const char *day, kb_err *err) KB_MUST_USE;
kb_status kb_store_head_text(
	kb_arena *arena, int64_t length, const char *digest, const char **text, kb_err *err) KB_MUST_USE;

typedef struct kb_log_head {
	int64_t length;
	char digest[KB_DIGEST_TEXT];
} kb_log_head;

/* Calls `visit` with each entry in the order of the log; what it takes from `scratch` is given back after it. */
typedef kb_status kb_log_visit(void *context, kb_arena *scratch, const kb_q_log_from_row *entry, kb_err *err);
kb_status kb_store_log_each(kb_store *store, kb_log_visit *visit, void *context, kb_err *err) KB_MUST_USE;

/* Follows the chain from its start. KB_CORRUPT "log.broken" names the first entry that does not fit. */
kb_status kb_store_log_check(kb_store *store, kb_log_head *head, kb_err *err) KB_MUST_USE;

/* Adds {id, where, message} to a list of what an audit found. */
void kb_store_finding(kb_arena *arena, kb_node *findings, const char *id, const char *where, const char *message);

/* What does not fit, as list of maps {id, where, message}: rows that no entry binds or that an entry binds otherwise,
 * signed heads that don't hold, a schema that is not the one of the migrations. Reads the whole store once; the chain
 * itself is kb_store_log_check's. */
kb_status kb_store_audit(kb_store *store, kb_arena *arena, kb_node *findings, kb_err *err) KB_MUST_USE;

#endif
