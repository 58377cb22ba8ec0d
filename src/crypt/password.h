/* Passwords (scrypt, libcrypto). A verifier is a text that tells whether a password is right and nothing else about it.
 */
#ifndef KB_CRYPT_PASSWORD_H
#define KB_CRYPT_PASSWORD_H

#include "base/arena.h"
#include "crypt/digest.h"

/* At least so many bytes; NIST SP 800-63B section 5.1.1.2 asks for eight characters. At most 1,000. */
enum { KB_PASSWORD_LEAST = 10, KB_PASSWORD_MOST = 1000 };

/* KB_INVALID "password.length" unless it is as long as it must be. */
kb_status kb_password_fits(const char *password, kb_err *err) KB_MUST_USE;

/* "scrypt:17:8:1:SALT:KEY" with fresh salt. Cost: 0.4 s and 128 MiB. KB_INVALID "password.length". */
kb_status kb_password_verifier(kb_arena *arena, const char *password, const char **verifier, kb_err *err) KB_MUST_USE;

/* Same cost, in constant time. KB_CORRUPT "password.verifier" where the verifier is none of ours. */
kb_status kb_password_check(const char *verifier, const char *password, bool *right, kb_err *err) KB_MUST_USE;

/* A 32-byte key from a password and a salt, at the same cost: for sealing keys under a passphrase. */
kb_status kb_password_key(const char *password, const kb_digest *salt, kb_digest *key, kb_err *err) KB_MUST_USE;

#endif
