#include "crypt/sign.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypt/openssl.h"

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

kb_status kb_sign_public(const kb_digest *private_key, kb_digest *public_key, kb_err *err)
{
	size_t length = sizeof public_key->bytes;
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key->bytes, sizeof private_key->bytes);
	if (!key || EVP_PKEY_get_raw_public_key(key, public_key->bytes, &length) != 1)
		return kb_openssl_fail("Ed25519 signatures", err);
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
	return done ? KB_OK : kb_openssl_fail("Ed25519 signatures", err);
}

kb_status kb_sign_check(
	const kb_digest *public_key, const void *data, size_t length, const kb_signature *signature, kb_err *err)
{
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key->bytes, sizeof public_key->bytes);
	KB_CLEANUP(md_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (!key || !ctx || EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) != 1)
		return kb_openssl_fail("Ed25519 signatures", err);
	if (EVP_DigestVerify(ctx, signature->bytes, sizeof signature->bytes, data, length) == 1) return KB_OK;
	ERR_clear_error();
	return kb_fail(err, KB_CORRUPT, "signature.wrong", "the signature does not belong to these bytes and this key");
}

void kb_signature_format(const kb_signature *signature, char text[static KB_SIGNATURE_TEXT])
{
	kb_hex_write(signature->bytes, KB_SIGNATURE_BYTES, text);
}

/* One signature has one text, so capitals are refused. */
bool kb_signature_parse(const char *text, kb_signature *signature)
{
	return !strpbrk(text, "ABCDEF") && kb_hex_read(text, signature->bytes, KB_SIGNATURE_BYTES);
}

kb_status kb_sign_pem(kb_arena *arena, const kb_digest *public_key, const char **pem, kb_err *err)
{
	KB_CLEANUP(key_freep)
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key->bytes, sizeof public_key->bytes);
	KB_CLEANUP(bio_freep) BIO *bio = BIO_new(BIO_s_mem());
	if (!key || !bio || PEM_write_bio_PUBKEY(bio, key) != 1) return kb_openssl_fail("Ed25519 signatures", err);
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
