/* Published vectors: they prove the reference, which then proves src/crypt for keys and texts of every length. */
#include <criterion/criterion.h>

#include <openssl/evp.h>
#include <string.h>

#include "crypt/digest.h"
#include "reference.h"

static void is(const uint8_t out[32], const char *hex)
{
	kb_digest digest;
	char text[KB_DIGEST_TEXT];
	memcpy(digest.bytes, out, sizeof digest.bytes);
	kb_digest_format(&digest, text);
	cr_assert_str_eq(text, hex);
}

/* FIPS 180-4, the examples of NIST. */
Test(reference, sha256)
{
	uint8_t out[32];
	reference_sha256((const uint8_t *)"abc", 3, out);
	is(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	reference_sha256((const uint8_t *)"", 0, out);
	is(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	reference_sha256((const uint8_t *)two, strlen(two), out);
	is(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	static uint8_t million[1000000];
	memset(million, 'a', sizeof million);
	reference_sha256(million, sizeof million, out);
	is(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, sections 4.2 to 4.7. */
Test(reference, hmac)
{
	uint8_t key[131], data[50], out[32];
	memset(key, 0x0b, 20);
	reference_hmac(key, 20, (const uint8_t *)"Hi There", 8, out);
	is(out, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	reference_hmac((const uint8_t *)"Jefe", 4, (const uint8_t *)"what do ya want for nothing?", 28, out);
	is(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, 20), memset(data, 0xdd, 50);
	reference_hmac(key, 20, data, 50, out);
	is(out, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	for (int i = 0; i < 25; i++) key[i] = (uint8_t)(i + 1);
	memset(data, 0xcd, 50);
	reference_hmac(key, 25, data, 50, out);
	is(out, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
	memset(key, 0xaa, 131);
	const char *text = "Test Using Larger Than Block-Size Key - Hash Key First";
	reference_hmac(key, 131, (const uint8_t *)text, strlen(text), out);
	is(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void starts_with(const uint8_t out[64], const char *first, const char *second)
{
	is(out, first);
	is(out + 32, second);
}

/* RFC 8439, appendix A.1 and section 2.3.2. */
Test(reference, chacha20)
{
	uint8_t key[32] = { 0 }, nonce[8] = { 0 }, out[64];
	reference_chacha20(key, 0, nonce, out);
	starts_with(out, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7",
	    "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
	reference_chacha20(key, 1, nonce, out);
	starts_with(out, "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed",
	    "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
	key[31] = 1;
	reference_chacha20(key, 1, nonce, out);
	starts_with(out, "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a",
	    "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0");
	for (int i = 0; i < 32; i++) key[i] = (uint8_t)i;
	nonce[3] = 0x4a;
	reference_chacha20(key, 0x0900000000000001ULL, nonce, out);
	starts_with(out, "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e",
	    "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

/* libcrypto's counter has 64 bits: the carry out of the lower half is the reference's too. */
Test(reference, counter_carries)
{
	const uint8_t key[32] = { 7 }, nonce[8] = { 0 };
	uint8_t start[16] = { 0xff, 0xff, 0xff, 0xff }, made[128] = { 0 }, expected[128];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;
	cr_assert_eq(EVP_EncryptInit_ex(ctx, EVP_chacha20(), NULL, key, start), 1);
	cr_assert_eq(EVP_EncryptUpdate(ctx, made, &n, made, sizeof made), 1);
	EVP_CIPHER_CTX_free(ctx);
	reference_chacha20(key, 0xffffffff, nonce, expected);
	reference_chacha20(key, 0x100000000, nonce, expected + 64);
	cr_assert_arr_eq(made, expected, sizeof made);
}
