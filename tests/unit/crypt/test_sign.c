/* Signatures against RFC 8032's own vectors and against themselves; passwords. */
#include <criterion/criterion.h>

#include <string.h>

#include "crypt/password.h"
#include "crypt/sign.h"

static kb_err err;

/* RFC 8032 section 7.1, test 3. */
static const char *const private_text = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
static const char *const public_text = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
static const char *const signature_text = "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
										  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";
static const unsigned char message[] = { 0xAF, 0x82 };

Test(sign, agrees_with_the_rfc)
{
	kb_digest private_key, public_key;
	kb_signature signature;
	char text[KB_DIGEST_TEXT], signed_text[KB_SIGNATURE_TEXT];
	cr_assert(kb_digest_parse(private_text, &private_key));
	cr_assert_eq(kb_sign_public(&private_key, &public_key, &err), KB_OK);
	kb_digest_format(&public_key, text);
	cr_assert_str_eq(text, public_text);
	cr_assert_eq(kb_sign(&private_key, message, sizeof message, &signature, &err), KB_OK);
	kb_signature_format(&signature, signed_text);
	cr_assert_str_eq(signed_text, signature_text);
	cr_assert_eq(kb_sign_check(&public_key, message, sizeof message, &signature, &err), KB_OK);
}

Test(sign, any_changed_bit_is_noticed)
{
	kb_digest key;
	kb_signature signature;
	cr_assert(kb_digest_parse(public_text, &key) && kb_signature_parse(signature_text, &signature));
	for (size_t bit = 0; bit < 8 * sizeof signature.bytes; bit++) {
		kb_signature changed = signature;
		changed.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		cr_assert_eq(kb_sign_check(&key, message, sizeof message, &changed, &err), KB_CORRUPT, "bit %zu", bit);
		cr_assert_str_eq(err.id, "signature.wrong");
	}
	cr_assert_eq(kb_sign_check(&key, message, 1, &signature, &err), KB_CORRUPT);
	for (size_t bit = 0; bit < 8 * sizeof key.bytes; bit++) {
		kb_digest other = key;
		other.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		cr_assert_neq(kb_sign_check(&other, message, sizeof message, &signature, &err), KB_OK, "bit %zu", bit);
	}
}

Test(sign, only_a_signature_is_read)
{
	kb_signature signature;
	char text[KB_SIGNATURE_TEXT];
	cr_assert_not(kb_signature_parse("", &signature));
	cr_assert_not(kb_signature_parse(public_text, &signature));
	strcpy(text, signature_text);
	text[5] = 'G';
	cr_assert_not(kb_signature_parse(text, &signature));
}

Test(sign, a_public_key_goes_through_pem)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 16);
	kb_digest key, back;
	const char *pem;
	cr_assert(kb_digest_parse(public_text, &key));
	cr_assert_eq(kb_sign_pem(arena, &key, &pem, &err), KB_OK);
	cr_assert(strncmp(pem, "-----BEGIN PUBLIC KEY-----\n", 27) == 0);
	cr_assert_eq(kb_sign_read_pem(pem, strlen(pem), &back, &err), KB_OK);
	cr_assert(kb_digest_equal(&key, &back));
	static const char *const wrong[] = { "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" };
	for (size_t i = 0; i < KB_COUNT(wrong); i++) {
		cr_assert_eq(kb_sign_read_pem(wrong[i], strlen(wrong[i]), &back, &err), KB_INVALID);
		cr_assert_str_eq(err.id, "key.pem");
	}
}

Test(password, only_the_right_one_opens)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 16);
	const char *verifier, *again;
	bool right = false;
	cr_assert_eq(kb_password_verifier(arena, "correct horse battery", &verifier, &err), KB_OK, "%s", err.message);
	cr_assert_null(strstr(verifier, "horse"));
	cr_assert_eq(kb_password_check(verifier, "correct horse battery", &right, &err), KB_OK);
	cr_assert(right);
	cr_assert_eq(kb_password_check(verifier, "correct horse batterz", &right, &err), KB_OK);
	cr_assert_not(right);
	cr_assert_eq(kb_password_verifier(arena, "correct horse battery", &again, &err), KB_OK);
	cr_assert_str_neq(verifier, again, "each has a salt of its own");
	cr_assert_eq(kb_password_verifier(arena, "short", &verifier, &err), KB_INVALID);
	cr_assert_eq(kb_password_check("scrypt:17:8:1:", "correct horse battery", &right, &err), KB_CORRUPT);
	cr_assert_eq(kb_password_check("", "correct horse battery", &right, &err), KB_CORRUPT);
}
