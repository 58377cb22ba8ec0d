#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "crypt/digest.h"
#include "reference.h"

static kb_err err;

/* Domain, NUL, data: as one text. */
static size_t joined(uint8_t *out, const char *domain, const uint8_t *data, size_t length)
{
	size_t n = strlen(domain) + 1;
	memcpy(out, domain, n);
	memcpy(out + n, data, length);
	return n + length;
}

Test(digest, of_a_file_has_no_domain)
{
	uint8_t data[200];
	for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 5);
	for (size_t length = 0; length <= sizeof data; length++) {
		kb_digest digest, expected;
		cr_assert_eq(kb_digest_of_file(data, length, &digest, &err), KB_OK);
		reference_sha256(data, length, expected.bytes);
		cr_assert(kb_digest_equal(&digest, &expected), "length %zu", length);
	}
}

Test(digest, equals_the_reference_at_every_length)
{
	uint8_t data[300], text[400];
	for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 7 + 1);
	for (size_t length = 0; length <= sizeof data; length++) {
		kb_digest digest, expected;
		cr_assert_eq(kb_digest_of("ksbank test 1", data, length, &digest, &err), KB_OK);
		reference_sha256(text, joined(text, "ksbank test 1", data, length), expected.bytes);
		cr_assert(kb_digest_equal(&digest, &expected), "length %zu", length);
	}
}

Test(digest, keyed_equals_the_reference_at_every_length)
{
	uint8_t data[200], text[300];
	kb_digest key;
	for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 11 + 3);
	for (size_t i = 0; i < KB_DIGEST_BYTES; i++) key.bytes[i] = (uint8_t)(255 - i);
	for (size_t length = 0; length <= sizeof data; length++) {
		kb_digest digest, expected;
		cr_assert_eq(kb_digest_keyed(&key, "draw", data, length, &digest, &err), KB_OK);
		reference_hmac(key.bytes, sizeof key.bytes, text, joined(text, "draw", data, length), expected.bytes);
		cr_assert(kb_digest_equal(&digest, &expected), "length %zu", length);
	}
}

/* Made with the openssl command, so that neither our reference nor our code stands behind it:
 * printf 'ksbank paper 1\0abc' | openssl dgst -sha256, and with -mac HMAC -macopt hexkey:00..1f */
Test(digest, known_values)
{
	kb_digest digest, key;
	char text[KB_DIGEST_TEXT];
	for (size_t i = 0; i < KB_DIGEST_BYTES; i++) key.bytes[i] = (uint8_t)i;
	cr_assert_eq(kb_digest_of("ksbank paper 1", "abc", 3, &digest, &err), KB_OK);
	kb_digest_format(&digest, text);
	cr_expect_str_eq(text, "b0a1f1ce197a6de312d1c6748a1e6d48badaf559ca426867f66d2940ee08b8dd");
	cr_assert_eq(kb_digest_keyed(&key, "ksbank paper 1", "abc", 3, &digest, &err), KB_OK);
	kb_digest_format(&digest, text);
	cr_expect_str_eq(text, "52ce24324aba9e809299366f7418860bc3cf49a257a012d59e2de2a1cb66d744");
}

Test(digest, domain_and_data_do_not_run_together)
{
	kb_digest a, b;
	cr_assert_eq(kb_digest_of("ab", "c", 1, &a, &err), KB_OK);
	cr_assert_eq(kb_digest_of("a", "bc", 2, &b, &err), KB_OK);
	cr_assert_not(kb_digest_equal(&a, &b));
}

Test(digest, no_data_is_fine)
{
	kb_digest a, b;
	cr_assert_eq(kb_digest_of("a", NULL, 0, &a, &err), KB_OK);
	cr_assert_eq(kb_digest_of("a", "", 0, &b, &err), KB_OK);
	cr_assert(kb_digest_equal(&a, &b));
}

Test(digest, equal_sees_every_bit)
{
	kb_digest a = { { 0 } };
	for (size_t bit = 0; bit < 8 * KB_DIGEST_BYTES; bit++) {
		kb_digest b = a;
		b.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		cr_assert_not(kb_digest_equal(&a, &b), "bit %zu", bit);
	}
	cr_assert(kb_digest_equal(&a, &a));
}

Test(digest, formats_and_parses)
{
	kb_digest digest, again;
	char text[KB_DIGEST_TEXT];
	for (size_t i = 0; i < KB_DIGEST_BYTES; i++) digest.bytes[i] = (uint8_t)(i * 9);
	kb_digest_format(&digest, text);
	cr_assert_str_eq(text, "0009121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17");
	cr_assert(kb_digest_parse(text, &again));
	cr_assert(kb_digest_equal(&digest, &again));
	for (char *p = text; *p; p++)
		if (*p >= 'a') *p = (char)(*p - 32);
	cr_assert(kb_digest_parse(text, &again));
	cr_assert(kb_digest_equal(&digest, &again));
}

Test(digest, parses_nothing_else)
{
	static const char good[] = "0009121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17";
	static const char bad[] = { '/', ':', '@', 'G', '`', 'g', ' ', '-', '\x7f', '\x80' };
	kb_digest digest = { { 42 } };
	char text[80];
	cr_assert_not(kb_digest_parse("", &digest));
	snprintf(text, sizeof text, "%s0", good);
	cr_assert_not(kb_digest_parse(text, &digest));
	for (size_t at = 0; at < 64; at++) {
		snprintf(text, sizeof text, "%s", good);
		for (size_t i = 0; i < sizeof bad; i++) {
			text[at] = bad[i];
			cr_assert_not(kb_digest_parse(text, &digest), "%d at %zu", bad[i], at);
		}
		text[at] = '\0';
		cr_assert_not(kb_digest_parse(text, &digest));
	}
	cr_assert_eq(digest.bytes[0], 42, "untouched on failure");
}

Test(digest, random_differs)
{
	kb_digest a, b;
	cr_assert_eq(kb_digest_random(&a, &err), KB_OK);
	cr_assert_eq(kb_digest_random(&b, &err), KB_OK);
	cr_assert_not(kb_digest_equal(&a, &b));
}

Test(digest, wipes)
{
	char secret[100];
	memset(secret, 'x', sizeof secret);
	kb_secret_wipe(secret, sizeof secret - 1);
	for (size_t i = 0; i < sizeof secret - 1; i++) cr_assert_eq(secret[i], 0);
	cr_assert_eq(secret[sizeof secret - 1], 'x');
}
