#include "crypt/seal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "crypt/openssl.h"
#include "crypt/password.h"

/* OWASP's number for PBKDF2 with HMAC-SHA-1, which is what CMS_add0_recipient_password writes. */
enum { PASSWORD_ROUNDS = 1300000 };

static void cipher_freep(EVP_CIPHER_CTX **ctx)
{
	EVP_CIPHER_CTX_free(*ctx);
}

static void cms_freep(CMS_ContentInfo **cms)
{
	CMS_ContentInfo_free(*cms);
}

static void bio_freep(BIO **bio)
{
	BIO_free(*bio);
}

static void certificate_freep(X509 **certificate)
{
	X509_free(*certificate);
}

kb_status kb_seal(
	const kb_digest *key, const char *context, const void *data, size_t length, uint8_t *sealed, kb_err *err)
{
	int n = 0, end = 0, bound = 0;
	uint8_t *text = sealed + KB_SEAL_NONCE;
	KB_CLEANUP(cipher_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool done = ctx && RAND_bytes(sealed, KB_SEAL_NONCE) == 1 &&
	            EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, sealed) == 1 &&
	            EVP_EncryptUpdate(ctx, NULL, &bound, (const uint8_t *)context, (int)strlen(context)) == 1 &&
	            EVP_EncryptUpdate(ctx, text, &n, data, (int)length) == 1 &&
	            EVP_EncryptFinal_ex(ctx, text + n, &end) == 1 &&
	            EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, KB_SEAL_TAG, text + length) == 1;
	return done ? KB_OK : kb_openssl_fail("AES-256-GCM", err);
}

kb_status kb_seal_open(
	const kb_digest *key, const char *context, const uint8_t *sealed, size_t length, void *data, kb_err *err)
{
	int n = 0, end = 0, bound = 0;
	size_t inner = length < KB_SEAL_ADDS ? 0 : length - KB_SEAL_ADDS;
	uint8_t tag[KB_SEAL_TAG];
	if (length >= KB_SEAL_ADDS) memcpy(tag, sealed + length - KB_SEAL_TAG, sizeof tag);
	KB_CLEANUP(cipher_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	if (!ctx) return kb_openssl_fail("AES-256-GCM", err);
	bool right = length >= KB_SEAL_ADDS && EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, sealed) == 1 &&
	             EVP_DecryptUpdate(ctx, NULL, &bound, (const uint8_t *)context, (int)strlen(context)) == 1 &&
	             EVP_DecryptUpdate(ctx, data, &n, sealed + KB_SEAL_NONCE, (int)inner) == 1 &&
	             EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, KB_SEAL_TAG, tag) == 1 &&
	             EVP_DecryptFinal_ex(ctx, (uint8_t *)data + n, &end) == 1;
	ERR_clear_error();
	if (right) return KB_OK;
	kb_secret_wipe(data, inner);
	return kb_fail(err, KB_DENIED, "seal.wrong", "this key does not open what is sealed here");
}

static bool add_certificate(CMS_ContentInfo *cms, X509 *certificate)
{
	CMS_RecipientInfo *recipient = CMS_add1_recipient_cert(cms, certificate, CMS_KEY_PARAM);
	EVP_PKEY_CTX *ctx = recipient ? CMS_RecipientInfo_get0_pkey_ctx(recipient) : NULL;
	bool is_rsa = recipient && CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_TRANS;
	return recipient && (!is_rsa || (ctx && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1));
}

static kb_status add_certificates(CMS_ContentInfo *cms, const char *pem, kb_err *err)
{
	size_t count = 0;
	bool fine = true;
	KB_CLEANUP(bio_freep) BIO *bio = BIO_new_mem_buf(pem, -1);
	while (bio && fine) {
		KB_CLEANUP(certificate_freep) X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (!certificate) break;
		fine = add_certificate(cms, certificate);
		count++;
	}
	ERR_clear_error();
	if (fine && count > 0) return KB_OK;
	kb_fail(err, KB_INVALID, "seal.certificate", "%s",
		count ? "a certificate has a key that nothing can be sealed to" : "there is no certificate in PEM form");
	return kb_hint(err, "ask the recipient for a certificate with an RSA or EC key: -----BEGIN CERTIFICATE-----");
}

static kb_status add_password(CMS_ContentInfo *cms, const char *password, kb_err *err)
{
	size_t length = strlen(password);
	KB_TRY(kb_password_fits(password, err));
	unsigned char *copy = (unsigned char *)OPENSSL_strdup(password); /* the CMS takes it over */
	if (copy && CMS_add0_recipient_password(
					cms, PASSWORD_ROUNDS, NID_undef, NID_undef, copy, (ossl_ssize_t)length, EVP_aes_256_cbc()))
		return KB_OK;
	OPENSSL_free(copy);
	return kb_openssl_fail("sealing under a password", err);
}

/* i2d_CMS_bio_stream would do this, but takes no notice of a disk that is full. */
static kb_status stream(CMS_ContentInfo *cms, int from, BIO *out, kb_err *err)
{
	char piece[1 << 16];
	ssize_t n = 0;
	errno = 0;
	BIO *top = BIO_new_CMS(out, cms);
	if (!top) return kb_openssl_fail("CMS", err);
	bool written = true;
	while (written && ((n = read(from, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0) written = BIO_write(top, piece, (int)n) == n;
	written = written && n == 0 && BIO_flush(top) == 1;
	int reason = errno;
	while (top != out) { /* what BIO_new_CMS put on `out` */
		BIO *next = BIO_pop(top);
		BIO_free(top);
		top = next;
	}
	ERR_clear_error();
	if (written) return KB_OK;
	kb_fail(err, KB_IO, "seal.write", "the sealed file could not be written: %s", strerror(reason));
	return kb_hint(err, "check that there is room on the disk; nothing is kept of it");
}

kb_status kb_seal_cms(int from, int to, const char *certificates, const char *password, kb_err *err)
{
	KB_CLEANUP(cms_freep)
	CMS_ContentInfo *cms = CMS_encrypt(NULL, NULL, EVP_aes_256_cbc(), CMS_STREAM | CMS_PARTIAL | CMS_BINARY);
	KB_CLEANUP(bio_freep) BIO *out = BIO_new_fd(to, BIO_NOCLOSE);
	if (!cms || !out) return kb_openssl_fail("CMS", err);
	KB_TRY(certificates ? add_certificates(cms, certificates, err) : add_password(cms, password, err));
	return stream(cms, from, out, err);
}
