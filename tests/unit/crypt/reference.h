/* The published algorithms written out plainly, to hold src/crypt against. */
#ifndef KB_TEST_CRYPT_REFERENCE_H
#define KB_TEST_CRYPT_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

void reference_sha256(const uint8_t *data, size_t length, uint8_t out[32]); /* FIPS 180-4 */
void reference_hmac(
    const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t out[32]); /* RFC 2104 */
/* RFC 8439 section 2.3, with the counter in 64 bits and the last 8 bytes of the nonce. */
void reference_chacha20(const uint8_t key[32], uint64_t counter, const uint8_t nonce[8], uint8_t out[64]);

#endif
