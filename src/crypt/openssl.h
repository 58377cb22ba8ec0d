/* What the files of this layer share: the one failure of the OpenSSL beneath, and hexadecimal text. */
#ifndef KB_CRYPT_OPENSSL_H
#define KB_CRYPT_OPENSSL_H

#include "base/err.h"

/* KB_IO "crypt.openssl": there is no `what` ("SHA-256"). Clears OpenSSL's own list of errors. */
kb_status kb_openssl_fail(const char *what, kb_err *err);

/* Lower-case hexadecimal of `length` bytes, 2 * length + 1 characters with the NUL. */
void kb_hex_write(const uint8_t *bytes, size_t length, char *text);
/* Exactly 2 * length digits of either case; false, with nothing written, for anything else. */
bool kb_hex_read(const char *text, uint8_t *bytes, size_t length);

#endif
