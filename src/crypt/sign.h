/* Signatures (Ed25519, libcrypto): plain ones over the bytes of a text, as stock openssl makes and checks them. */
#ifndef KB_CRYPT_SIGN_H
#define KB_CRYPT_SIGN_H

#include "base/arena.h"
#include "crypt/digest.h"

enum { KB_SIGNATURE_BYTES = 64, KB_SIGNATURE_TEXT = 2 * KB_SIGNATURE_BYTES + 1 };

typedef struct kb_signature {
	uint8_t bytes[KB_SIGNATURE_BYTES];
} kb_signature;

/* Both keys are 32 bytes. The public one of a private one: */
kb_status kb_sign_public(const kb_digest *private_key, kb_digest *public_key, kb_err *err) KB_MUST_USE;

kb_status kb_sign(
	const kb_digest *private_key, const void *data, size_t length, kb_signature *signature, kb_err *err) KB_MUST_USE;

/* KB_CORRUPT "signature.wrong" where the key did not sign these bytes. */
kb_status kb_sign_check(const kb_digest *public_key, const void *data, size_t length, const kb_signature *signature,
	kb_err *err) KB_MUST_USE;

void kb_signature_format(const kb_signature *signature, char text[static KB_SIGNATURE_TEXT]);
bool kb_signature_parse(const char *text, kb_signature *signature); /* 128 hexadecimal digits, nothing else */

/* The public key as a PEM file (RFC 8410), which openssl reads, and back. KB_INVALID "key.pem" for anything else. */
kb_status kb_sign_pem(kb_arena *arena, const kb_digest *public_key, const char **pem, kb_err *err) KB_MUST_USE;
kb_status kb_sign_read_pem(const char *pem, size_t length, kb_digest *public_key, kb_err *err) KB_MUST_USE;

#endif
