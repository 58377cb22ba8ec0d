/* Sealing: what was sealed opens under its own key and context, unchanged, and under nothing else. */
#include <criterion/criterion.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "crypt/seal.h"

static kb_err err;
static const kb_digest key = { { 1, 2, 3 } };
static const char secret[] = "sixteen tonnes of coal";

enum { SEALED = sizeof secret + KB_SEAL_ADDS };

Test(seal, opens_under_its_own_key)
{
	uint8_t sealed[SEALED], again[SEALED];
	char back[sizeof secret];
	cr_assert_eq(kb_seal(&key, "test", secret, sizeof secret, sealed, &err), KB_OK, "%s", err.message);
	cr_assert_null(memmem(sealed, sizeof sealed, "coal", 4));
	cr_assert_eq(kb_seal_open(&key, "test", sealed, sizeof sealed, back, &err), KB_OK, "%s", err.message);
	cr_assert_str_eq(back, secret);
	cr_assert_eq(kb_seal(&key, "test", secret, sizeof secret, again, &err), KB_OK);
	cr_assert_neq(memcmp(sealed, again, sizeof sealed), 0, "each has a nonce of its own");
}

Test(seal, any_changed_bit_is_noticed)
{
	uint8_t sealed[SEALED];
	char back[sizeof secret];
	cr_assert_eq(kb_seal(&key, "test", secret, sizeof secret, sealed, &err), KB_OK);
	for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
		cr_assert_eq(kb_seal_open(&key, "test", sealed, sizeof sealed, back, &err), KB_DENIED, "bit %zu", bit);
		cr_assert_str_eq(err.id, "seal.wrong");
		cr_assert_neq(memcmp(back, secret, 4), 0, "nothing is given out");
		sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	for (size_t length = 0; length < sizeof sealed; length++)
		cr_assert_eq(kb_seal_open(&key, "test", sealed, length, back, &err), KB_DENIED, "%zu bytes", length);
	const kb_digest other = { { 1, 2, 4 } };
	cr_assert_eq(kb_seal_open(&other, "test", sealed, sizeof sealed, back, &err), KB_DENIED);
	cr_assert_eq(kb_seal_open(&key, "tesT", sealed, sizeof sealed, back, &err), KB_DENIED);
}

/* That stock openssl opens it is shown in tests/system/keeping.sh. */
Test(seal, a_file_needs_a_recipient_and_room)
{
	char name[] = "/tmp/ksbank-seal.XXXXXX";
	int from = mkstemp(name), full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	cr_assert(from >= 0 && full >= 0 && unlink(name) == 0);
	cr_assert_eq(write(from, secret, sizeof secret), (ssize_t)sizeof secret);
	cr_assert_eq(kb_seal_cms(from, full, "a letter", NULL, &err), KB_INVALID);
	cr_assert_str_eq(err.id, "seal.certificate");
	cr_assert_eq(kb_seal_cms(from, full, NULL, "short", &err), KB_INVALID);
	cr_assert_str_eq(err.id, "password.length");
	cr_assert_eq(lseek(from, 0, SEEK_SET), 0);
	cr_assert_eq(kb_seal_cms(from, full, NULL, "correct horse battery", &err), KB_IO);
	cr_assert_str_eq(err.id, "seal.write");
	close(from), close(full);
}
