/* Keys, signatures and seals as others give them: what is read is written again as it was. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crypt/openssl.h"
#include "crypt/password.h"
#include "crypt/seal.h"
#include "crypt/sign.h"

static void read_digits(const char *text)
{
	kb_digest digest;
	kb_signature signature;
	char digest_text[KB_DIGEST_TEXT], signature_text[KB_SIGNATURE_TEXT];
	uint8_t bytes[16];
	(void)kb_hex_read(text, bytes, sizeof bytes);
	if (kb_digest_parse(text, &digest)) {
		kb_digest_format(&digest, digest_text);
		if (strcasecmp(digest_text, text) != 0) abort();
	}
	if (kb_signature_parse(text, &signature)) {
		kb_signature_format(&signature, signature_text);
		if (strcasecmp(signature_text, text) != 0) abort();
	}
}

static void read_pem(kb_arena *arena, const char *text, size_t size)
{
	kb_digest key, again;
	const char *pem;
	kb_err err;
	if (kb_sign_read_pem(text, size, &key, &err) != KB_OK) return;
	if (kb_sign_pem(arena, &key, &pem, &err) != KB_OK) return;
	if (kb_sign_read_pem(pem, strlen(pem), &again, &err) != KB_OK || memcmp(&key, &again, sizeof key) != 0) abort();
}

/* A verifier of ours costs half a second to check, so that only others are. */
static void read_verifier(const char *text)
{
	bool right;
	kb_err err;
	if (strncmp(text, "scrypt:17:8:1:", strlen("scrypt:17:8:1:")) == 0) return;
	if (kb_password_check(text, "three words together", &right, &err) == KB_OK) abort();
}

static void seal_to(const char *certificates)
{
	kb_err err;
	int from = memfd_create("from", 0), to = memfd_create("to", 0);
	if (from >= 0 && to >= 0) (void)!kb_seal_cms(from, to, certificates, NULL, &err);
	close(from);
	close(to);
}

static void open_seal(const uint8_t *data, size_t size)
{
	const kb_digest key = { { 1 } };
	char *opened = malloc(size + 1);
	kb_err err;
	if (opened && size >= KB_SEAL_ADDS && kb_seal_open(&key, "fuzz", data, size, opened, &err) == KB_OK) abort();
	free(opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)16 << 20);
	char *text = arena ? kb_arena_copy(arena, (const char *)data, size) : NULL;
	if (!text) return 0;
	read_digits(text);
	read_pem(arena, text, size);
	read_verifier(text);
	seal_to(text);
	open_seal(data, size);
	return 0;
}
