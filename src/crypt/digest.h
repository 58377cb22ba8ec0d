/* Digests and keyed digests (libcrypto), and their hexadecimal form. */
#ifndef KB_CRYPT_DIGEST_H
#define KB_CRYPT_DIGEST_H

#include "base/err.h"

enum { KB_DIGEST_BYTES = 32, KB_DIGEST_TEXT = 2 * KB_DIGEST_BYTES + 1 };

typedef struct kb_digest {
	uint8_t bytes[KB_DIGEST_BYTES];
} kb_digest;

/* SHA-256 over the domain ("ksbank paper 1"), a NUL, and the data: a digest made for one purpose never serves another. */
kb_status kb_digest_of(const char *domain, const void *data, size_t length, kb_digest *digest, kb_err *err) KB_MUST_USE;

/* SHA-256 over the data alone, as sha256sum prints it: for lists that others check files with, and nothing else. */
kb_status kb_digest_of_file(const void *data, size_t length, kb_digest *digest, kb_err *err) KB_MUST_USE;

/* HMAC-SHA-256 under a 32-byte key, over domain, NUL, data. */
kb_status kb_digest_keyed(const kb_digest *key, const char *domain, const void *data, size_t length, kb_digest *digest,
	kb_err *err) KB_MUST_USE;

void kb_digest_format(const kb_digest *digest, char text[static KB_DIGEST_TEXT]); /* lower-case hexadecimal */
bool kb_digest_parse(const char *text, kb_digest *digest);                        /* 64 hexadecimal digits, nothing else */
bool kb_digest_equal(const kb_digest *a, const kb_digest *b);                     /* in constant time */

/* 32 fresh bytes from the system's generator: for keys, never for a draw. */
kb_status kb_digest_random(kb_digest *digest, kb_err *err) KB_MUST_USE;

/* Overwrites a secret so that no compiler leaves it out. */
void kb_secret_wipe(void *secret, size_t size);

#endif
