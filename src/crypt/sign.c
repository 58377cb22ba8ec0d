#include "crypt/sign.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static void key_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void md_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static void bio_freep(BIO **bio)
{
	BIO_free(*bio);
}

static kb_status crypto_fail(kb_err *err)
{
	ERR_clear_error();
	kb_fail(err, KB_IO, "crypt.openssl", "OpenSSL gives no Ed25519 signatures");
	return kb_hint(err, "ksbank needs OpenSSL 3 with its default provider; check the machine's openssl.cnf");
}

kb_status kb_sign_public(const kb_digest *private_key, kb_digest *public_key, kb_err *err)
{
	size_t length = sizeof public_key->bytes;
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key->bytes, sizeof private_key->bytes);
	if (!key || EVP_PKEY_get_raw_public_key(key, public_key->bytes, &length) != 1) return crypto_fail(err);
	return KB_OK;
}

kb_status kb_sign(const kb_digest *private_key, const void *data, size_t length, kb_signature *signature, kb_err *err)
{
	size_t written = sizeof signature->bytes;
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key->bytes, sizeof private_key->bytes);
	KB_CLEANUP(md_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = key && ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	            EVP_DigestSign(ctx, signature->bytes, &written, data, length) == 1;
	return done ? KB_OK : crypto_fail(err);
}

kb_status kb_sign_check(
	const kb_digest *public_key, const void *data, size_t length, const kb_signature *signature, kb_err *err)
{
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key->bytes, sizeof public_key->bytes);
	KB_CLEANUP(md_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (!key || !ctx || EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) != 1) return crypto_fail(err);
	if (EVP_DigestVerify(ctx, signature->bytes, sizeof signature->bytes, data, length) == 1) return KB_OK;
	ERR_clear_error();
	return kb_fail(err, KB_CORRUPT, "signature.wrong", "the signature does not belong to these bytes and this key");
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void kb_signature_format(const kb_signature *signature, char text[static KB_SIGNATURE_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < KB_SIGNATURE_BYTES; i++) {
		text[2 * i] = digits[signature->bytes[i] >> 4];
		text[2 * i + 1] = digits[signature->bytes[i] & 15];
	}
	text[KB_SIGNATURE_TEXT - 1] = '\0';
}

bool kb_signature_parse(const char *text, kb_signature *signature)
{
	if (strlen(text) != KB_SIGNATURE_TEXT - 1) return false;
	for (size_t i = 0; i < KB_SIGNATURE_BYTES; i++) {
		int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
		if (high < 0 || low < 0) return false;
		signature->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

kb_status kb_sign_pem(kb_arena *arena, const kb_digest *public_key, const char **pem, kb_err *err)
{
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key->bytes, sizeof public_key->bytes);
	KB_CLEANUP(bio_freep) BIO *bio = BIO_new(BIO_s_mem());
	if (!key || !bio || PEM_write_bio_PUBKEY(bio, key) != 1) return crypto_fail(err);
	char *bytes = NULL;
	long length = BIO_get_mem_data(bio, &bytes);
	*pem = kb_arena_copy(arena, bytes, (size_t)length);
	return kb_arena_check(arena, err);
}

kb_status kb_sign_read_pem(const char *pem, size_t length, kb_digest *public_key, kb_err *err)
{
	enum { PEM_MOST = 10000 };
	size_t written = sizeof public_key->bytes;
	KB_CLEANUP(bio_freep) BIO *bio = BIO_new_mem_buf(pem, length < PEM_MOST ? (int)length : PEM_MOST);
	KB_CLEANUP(key_freep) EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
	bool done = key && EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 &&
	            EVP_PKEY_get_raw_public_key(key, public_key->bytes, &written) == 1;
	ERR_clear_error();
	if (done) return KB_OK;
	kb_fail(err, KB_INVALID, "key.pem", "this is no Ed25519 public key");
	return kb_hint(err, "give the file public-key.pem that came with the paper, or was exported from the store");
}
