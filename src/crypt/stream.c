#include "crypt/stream.h"

#include <string.h>
#include <threads.h>

#include <openssl/evp.h>

#include "crypt/openssl.h"

/* Whole blocks of 64 bytes, ahead of what is asked for: a call into libcrypto costs as much as making a KiB. */
enum { STREAM_BUFFER = 1024, STREAM_PIECE = 1 << 20 };

struct kb_stream {
	EVP_CIPHER_CTX *ctx;
	size_t left; /* unused bytes, at the end of `buffer` */
	uint8_t buffer[STREAM_BUFFER];
};

/* See digest.c. */
static once_flag fetched = ONCE_FLAG_INIT;
static EVP_CIPHER *chacha20;

static void fetch(void)
{
	chacha20 = EVP_CIPHER_fetch(NULL, "ChaCha20", NULL);
}

kb_status kb_stream_open(kb_arena *arena, const kb_digest *seed, const char *label, kb_stream **stream, kb_err *err)
{
	static const uint8_t start[16] = { 0 }; /* the counter, then the nonce */
	call_once(&fetched, fetch);
	kb_digest key;
	KB_TRY(kb_digest_keyed(seed, label, NULL, 0, &key, err));
	kb_stream *made = kb_arena_alloc(arena, sizeof *made);
	kb_status status = made ? KB_OK : kb_arena_check(arena, err);
	if (made) {
		made->ctx = chacha20 ? EVP_CIPHER_CTX_new() : NULL;
		if (!made->ctx || EVP_EncryptInit_ex2(made->ctx, chacha20, key.bytes, start, NULL) != 1) {
			EVP_CIPHER_CTX_free(made->ctx);
			status = kb_openssl_fail("ChaCha20", err);
		}
	}
	kb_secret_wipe(&key, sizeof key);
	if (status == KB_OK) *stream = made;
	return status;
}

void kb_stream_closep(kb_stream **stream)
{
	if (!*stream) return;
	EVP_CIPHER_CTX_free((*stream)->ctx); /* wipes the key */
	kb_secret_wipe(*stream, sizeof **stream);
	*stream = NULL;
}

/* Key stream is what zeros become; in place, so that no field of zeros is needed. */
static kb_status make(kb_stream *stream, uint8_t *bytes, size_t count, kb_err *err)
{
	while (count > 0) {
		size_t piece = count < STREAM_PIECE ? count : STREAM_PIECE;
		int written = 0;
		memset(bytes, 0, piece);
		if (EVP_EncryptUpdate(stream->ctx, bytes, &written, bytes, (int)piece) != 1 || (size_t)written != piece)
			return kb_openssl_fail("ChaCha20", err);
		bytes += piece;
		count -= piece;
	}
	return KB_OK;
}

kb_status kb_stream_bytes(kb_stream *stream, uint8_t *bytes, size_t count, kb_err *err)
{
	size_t ready = count < stream->left ? count : stream->left;
	if (ready > 0) memcpy(bytes, stream->buffer + STREAM_BUFFER - stream->left, ready);
	stream->left -= ready;
	bytes += ready;
	count -= ready;
	if (count == 0) return KB_OK;
	size_t whole = count / STREAM_BUFFER * STREAM_BUFFER;
	KB_TRY(make(stream, bytes, whole, err));
	bytes += whole;
	count -= whole;
	if (count == 0) return KB_OK;
	KB_TRY(make(stream, stream->buffer, STREAM_BUFFER, err));
	memcpy(bytes, stream->buffer, count);
	stream->left = STREAM_BUFFER - count;
	return KB_OK;
}

kb_status kb_stream_bits(kb_stream *stream, size_t bits, uint8_t *bytes, kb_err *err)
{
	size_t count = bits / 8 + (bits % 8 > 0);
	KB_TRY(kb_stream_bytes(stream, bytes, count, err));
	if (bits % 8 > 0) bytes[count - 1] &= (uint8_t)((1U << bits % 8) - 1);
	return KB_OK;
}

/* As few bits as the largest answer needs, little-endian; drawn again while the number is too large, which happens less
 * than every second time. A bound of 1 draws nothing. */
kb_status kb_stream_below(kb_stream *stream, uint64_t bound, uint64_t *value, kb_err *err)
{
	KB_ASSERT(bound > 0, err);
	size_t bits = bound > 1 ? 64 - (size_t)__builtin_clzll(bound - 1) : 0;
	for (;;) {
		uint8_t bytes[8] = { 0 };
		uint64_t number = 0;
		KB_TRY(kb_stream_bits(stream, bits, bytes, err));
		for (size_t i = 0; i < sizeof bytes; i++) number |= (uint64_t)bytes[i] << 8 * i;
		if (number >= bound) continue;
		*value = number;
		return KB_OK;
	}
}
