#include "crypt/password.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#define PREFIX "scrypt:17:8:1:"

kb_status kb_password_key(const char *password, const kb_digest *salt, kb_digest *key, kb_err *err)
{
	enum { N = 1 << 17, R = 8, P = 1, MEMORY = 256 << 20 };
	if (EVP_PBE_scrypt(password, strlen(password), salt->bytes, sizeof salt->bytes, N, R, P, MEMORY, key->bytes,
			sizeof key->bytes) == 1)
		return KB_OK;
	ERR_clear_error();
	kb_fail(err, KB_NO_MEMORY, "crypt.scrypt", "the machine has no 128 MiB to check a password with");
	return kb_hint(err, "try again when less is running");
}

kb_status kb_password_fits(const char *password, kb_err *err)
{
	size_t length = strlen(password);
	if (length >= KB_PASSWORD_LEAST && length <= KB_PASSWORD_MOST) return KB_OK;
	kb_fail(err, KB_INVALID, "password.length", "a password has %d to %d bytes", KB_PASSWORD_LEAST, KB_PASSWORD_MOST);
	return kb_hint(err, "three or four words that do not belong together make a good one");
}

kb_status kb_password_verifier(kb_arena *arena, const char *password, const char **verifier, kb_err *err)
{
	kb_digest salt, key;
	char salt_text[KB_DIGEST_TEXT], key_text[KB_DIGEST_TEXT];
	KB_TRY(kb_password_fits(password, err));
	KB_TRY(kb_digest_random(&salt, err));
	KB_TRY(kb_password_key(password, &salt, &key, err));
	kb_digest_format(&salt, salt_text);
	kb_digest_format(&key, key_text);
	*verifier = kb_arena_printf(arena, PREFIX "%s:%s", salt_text, key_text);
	return kb_arena_check(arena, err);
}

kb_status kb_password_check(const char *verifier, const char *password, bool *right, kb_err *err)
{
	enum { SALT_AT = sizeof PREFIX - 1, KEY_AT = SALT_AT + KB_DIGEST_TEXT };
	kb_digest salt, key, given;
	char salt_text[KB_DIGEST_TEXT] = { 0 };
	bool sound = strncmp(verifier, PREFIX, SALT_AT) == 0 && strlen(verifier) == KEY_AT + KB_DIGEST_TEXT - 1;
	if (sound) memcpy(salt_text, verifier + SALT_AT, KB_DIGEST_TEXT - 1);
	if (!sound || !kb_digest_parse(salt_text, &salt) || !kb_digest_parse(verifier + KEY_AT, &key))
		return kb_fail(err, KB_CORRUPT, "password.verifier", "the password's verifier can't be read");
	KB_TRY(kb_password_key(password, &salt, &given, err));
	*right = kb_digest_equal(&key, &given);
	kb_secret_wipe(&given, sizeof given);
	return KB_OK;
}
