#include "store/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypt/password.h"
#include "crypt/seal.h"
#include "crypt/sign.h"
#include "text/json.h"

#define FORMAT "ksbank-keys/1"
#define SEAL_DOMAIN "ksbank keys seal 1"

enum { SEALED_BYTES = sizeof(kb_keys) + KB_SEAL_ADDS, SEALED_TEXT = 2 * SEALED_BYTES, FILE_MOST = 4096 };

kb_status kb_keys_path(const char *store, char path[static KB_KEYS_PATH], kb_err *err)
{
	if (snprintf(path, KB_KEYS_PATH, "%s.keys", store) < KB_KEYS_PATH) return KB_OK;
	return kb_fail(err, KB_INVALID, "file.name", "the path is too long");
}

kb_status kb_keys_new(kb_keys *keys, kb_err *err)
{
	KB_TRY(kb_digest_random(&keys->draw, err));
	return kb_digest_random(&keys->sign, err);
}

static void write_plain(const kb_keys *keys, char *text, size_t size)
{
	char draw[KB_DIGEST_TEXT], sign[KB_DIGEST_TEXT];
	kb_digest_format(&keys->draw, draw);
	kb_digest_format(&keys->sign, sign);
	snprintf(text, size, "{\"draw\":\"%s\",\"format\":\"" FORMAT "\",\"sign\":\"%s\"}\n", draw, sign);
	kb_secret_wipe(draw, sizeof draw);
	kb_secret_wipe(sign, sizeof sign);
}

/* The seal binds what stands beside it in the clear. */
static void seal_context(const char *public_text, char *context, size_t size)
{
	snprintf(context, size, SEAL_DOMAIN " %s", public_text);
}

static kb_status write_sealed(const kb_keys *keys, const char *passphrase, char *text, size_t size, kb_err *err)
{
	kb_digest public_key, salt, key;
	uint8_t sealed[SEALED_BYTES];
	char public_text[KB_DIGEST_TEXT], salt_text[KB_DIGEST_TEXT], sealed_text[SEALED_TEXT + 1], context[128];
	KB_TRY(kb_password_fits(passphrase, err));
	KB_TRY(kb_sign_public(&keys->sign, &public_key, err));
	KB_TRY(kb_digest_random(&salt, err));
	KB_TRY(kb_password_key(passphrase, &salt, &key, err));
	kb_digest_format(&public_key, public_text);
	kb_digest_format(&salt, salt_text);
	seal_context(public_text, context, sizeof context);
	kb_status status = kb_seal(&key, context, keys, sizeof *keys, sealed, err);
	kb_secret_wipe(&key, sizeof key);
	for (size_t i = 0; i < sizeof sealed; i++) snprintf(sealed_text + 2 * i, 3, "%02x", sealed[i]);
	snprintf(text, size, "{\"format\":\"" FORMAT "\",\"public\":\"%s\",\"salt\":\"%s\",\"sealed\":\"%s\"}\n",
		public_text, salt_text, sealed_text);
	return status;
}

kb_status kb_keys_write(const char *path, const kb_keys *keys, const char *passphrase, bool replace, kb_err *err)
{
	char text[1024];
	kb_status status = KB_OK;
	if (passphrase) status = write_sealed(keys, passphrase, text, sizeof text, err);
	else write_plain(keys, text, sizeof text);
	if (status == KB_OK)
		status = replace ? kb_file_write(path, text, strlen(text), 0600, err)
		                 : kb_file_create(path, text, strlen(text), 0600, err);
	kb_secret_wipe(text, sizeof text);
	return status;
}

static kb_status not_keys(const char *path, kb_err *err)
{
	kb_fail(err, KB_CORRUPT, "store.keys", "%s does not hold the keys of a store", path);
	return kb_hint(err, "put the key file that was made with the store back; without it nothing can be drawn");
}

static kb_status read_file(kb_arena *arena, const char *path, kb_node **root, kb_err *err)
{
	kb_bytes bytes;
	kb_status status = kb_file_read(arena, path, FILE_MOST, &bytes, err);
	if (status == KB_OK) status = kb_json_read(arena, path, bytes.data, bytes.length, root, err);
	if (status != KB_OK) {
		kb_err_context(err, "the store's keys can't be read: ");
		return kb_hint(
			err, "put the key file that was made with the store back at %s; without it nothing can be drawn", path);
	}
	return kb_str_equal(kb_node_get_text(*root, "format", NULL), FORMAT) ? KB_OK : not_keys(path, err);
}

static bool parse_sealed(const char *text, uint8_t sealed[static SEALED_BYTES])
{
	if (strlen(text) != SEALED_TEXT || strspn(text, "0123456789abcdef") != SEALED_TEXT) return false;
	for (size_t i = 0; i < SEALED_BYTES; i++) {
		const char *digits = "0123456789abcdef";
		sealed[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 | (strchr(digits, text[2 * i + 1]) - digits));
	}
	return true;
}

static kb_status open_sealed(const char *path, const kb_node *root, const char *passphrase, kb_keys *keys, kb_err *err)
{
	kb_digest salt, key;
	uint8_t sealed[SEALED_BYTES];
	char context[128];
	if (!passphrase) {
		kb_fail(err, KB_DENIED, "passphrase.needed", "the store's keys are sealed under a passphrase");
		return kb_hint(err, "give it when you are asked, or in a file with --passphrase-file FILE");
	}
	if (!kb_digest_parse(kb_node_get_text(root, "salt", ""), &salt) ||
		!parse_sealed(kb_node_get_text(root, "sealed", ""), sealed))
		return not_keys(path, err);
	seal_context(kb_node_get_text(root, "public", ""), context, sizeof context);
	KB_TRY(kb_password_key(passphrase, &salt, &key, err));
	kb_status status = kb_seal_open(&key, context, sealed, sizeof sealed, keys, err);
	kb_secret_wipe(&key, sizeof key);
	if (status != KB_DENIED) return status;
	kb_fail(err, KB_DENIED, "passphrase.wrong", "that passphrase does not open %s", path);
	return kb_hint(
		err, "try again; without it the keys can't be had, only put back from a copy whose passphrase is known");
}

kb_status kb_keys_read(const char *path, const char *passphrase, kb_keys *keys, kb_err *err)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 16);
	kb_node *root;
	kb_keys read;
	if (!arena) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	KB_TRY(read_file(arena, path, &root, err));
	if (kb_node_get(root, "sealed")) return open_sealed(path, root, passphrase, keys, err);
	if (!kb_digest_parse(kb_node_get_text(root, "draw", ""), &read.draw) ||
		!kb_digest_parse(kb_node_get_text(root, "sign", ""), &read.sign))
		return not_keys(path, err);
	*keys = read;
	kb_secret_wipe(&read, sizeof read);
	return KB_OK;
}

kb_status kb_keys_look(const char *path, kb_digest *public_key, bool *sealed, kb_err *err)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 16);
	kb_node *root;
	kb_keys keys;
	if (!arena) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	KB_TRY(read_file(arena, path, &root, err));
	*sealed = kb_node_get(root, "sealed") != NULL;
	if (*sealed) return kb_digest_parse(kb_node_get_text(root, "public", ""), public_key) ? KB_OK : not_keys(path, err);
	KB_TRY(kb_keys_read(path, NULL, &keys, err));
	kb_status status = kb_sign_public(&keys.sign, public_key, err);
	kb_secret_wipe(&keys, sizeof keys);
	return status;
}
