/*
 * The seeded stream: ChaCha20 (RFC 8439 block function, 64-bit counter from 0, zero nonce) keyed by
 * HMAC-SHA-256(seed, label). One label a purpose, so that two uses of one seed never share bytes.
 * The same seed and label give the same bytes on every machine, for ever.
 */
#ifndef KB_CRYPT_STREAM_H
#define KB_CRYPT_STREAM_H

#include "base/arena.h"
#include "crypt/digest.h"

typedef struct kb_stream kb_stream;

/* Lives in the arena; its key is wiped by kb_stream_close (use KB_CLEANUP(kb_stream_closep)). */
kb_status kb_stream_open(kb_arena *arena, const kb_digest *seed, const char *label, kb_stream **stream, kb_err *err)
	KB_MUST_USE;
void kb_stream_closep(kb_stream **stream);

kb_status kb_stream_bytes(kb_stream *stream, uint8_t *bytes, size_t count, kb_err *err) KB_MUST_USE;

/* `bits` bits (a multiple of 8 is drawn, the surplus high bits of the last byte are cleared), little-endian in
 * (bits + 7) / 8 bytes. */
kb_status kb_stream_bits(kb_stream *stream, size_t bits, uint8_t *bytes, kb_err *err) KB_MUST_USE;

/* Uniform in [0, bound), bound > 0, by rejection: as few bits as bound - 1 needs (kb_stream_bits), drawn again while they
 * give bound or more. A bound of 1 draws nothing. */
kb_status kb_stream_below(kb_stream *stream, uint64_t bound, uint64_t *value, kb_err *err) KB_MUST_USE;

#endif
