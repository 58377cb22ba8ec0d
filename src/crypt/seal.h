/* Sealing (libcrypto): a secret of ours under a key, and whole files for others as CMS, which stock openssl opens. */
#ifndef KB_CRYPT_SEAL_H
#define KB_CRYPT_SEAL_H

#include "base/arena.h"
#include "crypt/digest.h"

/* What sealing adds: a nonce before, a tag behind. */
enum { KB_SEAL_NONCE = 12, KB_SEAL_TAG = 16, KB_SEAL_ADDS = KB_SEAL_NONCE + KB_SEAL_TAG };

/* AES-256-GCM under a 32-byte key; `context` is not hidden, but bound: with another one the seal does not open.
 * `sealed` has room for length + KB_SEAL_ADDS bytes. */
kb_status kb_seal(const kb_digest *key, const char *context, const void *data, size_t length, uint8_t *sealed,
	kb_err *err) KB_MUST_USE;
/* `data` has room for length - KB_SEAL_ADDS bytes; nothing of use stands there after a failure. KB_DENIED "seal.wrong":
 * another key or context, or changed bytes. */
kb_status kb_seal_open(const kb_digest *key, const char *context, const uint8_t *sealed, size_t length, void *data,
	kb_err *err) KB_MUST_USE;

/*
 * All of `from` to `to` (open files) as CMS EnvelopedData in DER (RFC 5652), AES-256-CBC: for the holders of
 * `certificates` (PEM, one or more; RSA by OAEP), or, where that is NULL, under a password (PBKDF2, 0.7 s). Streams, in
 * constant memory. It hides and proves nothing: who changes it is noticed only by what the content itself proves.
 * KB_INVALID "seal.certificate" where there is none to seal to, "password.length".
 */
kb_status kb_seal_cms(int from, int to, const char *certificates, const char *password, kb_err *err) KB_MUST_USE;

#endif
