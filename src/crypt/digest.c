#include "crypt/digest.h"

#include <string.h>
#include <threads.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/arena.h"
#include "crypt/openssl.h"

/* Looking an algorithm up costs more than running it on a short text, so that is done once. Never changed after. */
static once_flag fetched = ONCE_FLAG_INIT;
static EVP_MD *sha256;
static EVP_MAC *hmac;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
}

static void md_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static void mac_freep(EVP_MAC_CTX **ctx)
{
	EVP_MAC_CTX_free(*ctx);
}

/* `before` and `data` in a row. */
static kb_status digest_of(
	const void *before, size_t before_length, const void *data, size_t length, kb_digest *digest, kb_err *err)
{
	call_once(&fetched, fetch);
	KB_CLEANUP(md_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx && sha256 && EVP_DigestInit_ex2(ctx, sha256, NULL) == 1 &&
	            EVP_DigestUpdate(ctx, before, before_length) == 1 && EVP_DigestUpdate(ctx, data, length) == 1 &&
	            EVP_DigestFinal_ex(ctx, digest->bytes, NULL) == 1;
	return done ? KB_OK : kb_openssl_fail("SHA-256", err);
}

kb_status kb_digest_of(const char *domain, const void *data, size_t length, kb_digest *digest, kb_err *err)
{
	return digest_of(domain, strlen(domain) + 1, data, length, digest, err);
}

kb_status kb_digest_of_file(const void *data, size_t length, kb_digest *digest, kb_err *err)
{
	return digest_of("", 0, data, length, digest, err);
}

kb_status kb_digest_keyed(
	const kb_digest *key, const char *domain, const void *data, size_t length, kb_digest *digest, kb_err *err)
{
	call_once(&fetched, fetch);
	char name[] = "SHA2-256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end() };
	KB_CLEANUP(mac_freep) EVP_MAC_CTX *ctx = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	size_t written = 0;
	bool done = ctx && EVP_MAC_init(ctx, key->bytes, sizeof key->bytes, params) == 1 &&
	            EVP_MAC_update(ctx, (const unsigned char *)domain, strlen(domain) + 1) == 1 &&
	            EVP_MAC_update(ctx, data, length) == 1 &&
	            EVP_MAC_final(ctx, digest->bytes, &written, sizeof digest->bytes) == 1 &&
	            written == sizeof digest->bytes;
	return done ? KB_OK : kb_openssl_fail("HMAC-SHA-256", err);
}

void kb_digest_format(const kb_digest *digest, char text[static KB_DIGEST_TEXT])
{
	kb_hex_write(digest->bytes, KB_DIGEST_BYTES, text);
}

bool kb_digest_parse(const char *text, kb_digest *digest)
{
	return kb_hex_read(text, digest->bytes, KB_DIGEST_BYTES);
}

bool kb_digest_equal(const kb_digest *a, const kb_digest *b)
{
	return CRYPTO_memcmp(a->bytes, b->bytes, KB_DIGEST_BYTES) == 0;
}

kb_status kb_digest_random(kb_digest *digest, kb_err *err)
{
	return RAND_priv_bytes(digest->bytes, KB_DIGEST_BYTES) == 1 ? KB_OK : kb_openssl_fail("random bytes", err);
}

void kb_secret_wipe(void *secret, size_t size)
{
	OPENSSL_cleanse(secret, size);
}
