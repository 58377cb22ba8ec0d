/*
 * The key file that lies beside a store: {"draw": ..., "format": "ksbank-keys/1", "sign": ...}, each key 64 hexadecimal
 * digits; or, under a passphrase, {"format": ..., "public": ..., "salt": ..., "sealed": ...}: both keys in one
 * AES-256-GCM seal under scrypt of passphrase and salt, which binds the public key that stands beside it in the clear.
 */
#ifndef KB_STORE_KEYS_H
#define KB_STORE_KEYS_H

#include "crypt/digest.h"

/* Secrets: whoever holds them wipes them. */
typedef struct kb_keys {
	kb_digest draw, sign;
} kb_keys;

enum { KB_KEYS_PATH = 4096 };
kb_status kb_keys_path(const char *store, char path[static KB_KEYS_PATH], kb_err *err) KB_MUST_USE;

kb_status kb_keys_new(kb_keys *keys, kb_err *err) KB_MUST_USE;

/* Sealed unless `passphrase` is NULL, mode 0600. With `replace` the old file or the new one is there at each moment;
 * without it KB_EXISTS where there is one. "password.length" for a passphrase that is too short. */
kb_status kb_keys_write(
	const char *path, const kb_keys *keys, const char *passphrase, bool replace, kb_err *err) KB_MUST_USE;

/* `passphrase` may be NULL: KB_DENIED "passphrase.needed" where the keys are sealed, "passphrase.wrong" where it is not
 * theirs. KB_CORRUPT "store.keys" for a file of another kind. Cost of a sealed file: 0.4 s. */
kb_status kb_keys_read(const char *path, const char *passphrase, kb_keys *keys, kb_err *err) KB_MUST_USE;

/* What can be told without the passphrase. */
kb_status kb_keys_look(const char *path, kb_digest *public_key, bool *sealed, kb_err *err) KB_MUST_USE;

#endif
