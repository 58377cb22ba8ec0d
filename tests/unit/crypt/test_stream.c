#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "crypt/stream.h"
#include "reference.h"

static kb_err err;

static kb_digest counting_seed(void)
{
	kb_digest seed;
	for (size_t i = 0; i < KB_DIGEST_BYTES; i++) seed.bytes[i] = (uint8_t)i;
	return seed;
}

static kb_stream *open_stream(kb_arena *arena, kb_digest seed, const char *label)
{
	kb_stream *stream = NULL;
	cr_assert_eq(kb_stream_open(arena, &seed, label, &stream, &err), KB_OK, "%s", err.message);
	return stream;
}

/* The key by: printf 'draw\0' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00..1f
 * The bytes by: head -c 100 /dev/zero | openssl enc -chacha20 -K that -iv 00..00 */
Test(stream, known_bytes)
{
	static const char expected[] =
	    "a7e527beccfbfec5eacd230d2568fd0362d4e40e11ebf543bd9362e62278ac6c49b96e87e77af52f18a5db83eceb07dfd39f70757965e9"
	    "318dc6474c156e92995d9b645eda67fa1b5edf2d84d6b770eb6e861b8d102a119fc3ba2bdbae83abe651b50db5";
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "draw");
	uint8_t bytes[100];
	char text[201];
	cr_assert_eq(kb_stream_bytes(stream, bytes, sizeof bytes, &err), KB_OK);
	for (size_t i = 0; i < sizeof bytes; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	cr_assert_str_eq(text, expected);
}

enum { LONG = 300000 };

static uint8_t *reference_bytes(kb_digest seed, const char *label)
{
	static uint8_t bytes[LONG + 64];
	uint8_t key[32], nonce[8] = { 0 };
	reference_hmac(seed.bytes, 32, (const uint8_t *)label, strlen(label) + 1, key);
	for (size_t block = 0; block * 64 < LONG; block++) reference_chacha20(key, block, nonce, bytes + block * 64);
	return bytes;
}

/* However the bytes are taken, they are the same ones. */
Test(stream, pieces_of_every_size)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 63, 64, 65, 255, 1000, 1023, 1024, 1025, 2048, 5000, 65537, LONG };
	static uint8_t bytes[LONG];
	const uint8_t *expected = reference_bytes(counting_seed(), "pieces");
	for (size_t s = 0; s < KB_COUNT(sizes); s++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
		KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "pieces");
		for (size_t at = 0; at < LONG;) {
			size_t n = sizes[s] < LONG - at ? sizes[s] : LONG - at;
			cr_assert_eq(kb_stream_bytes(stream, bytes + at, n, &err), KB_OK);
			at += n;
		}
		cr_assert_arr_eq(bytes, expected, LONG, "in pieces of %zu", sizes[s]);
	}
}

Test(stream, mixed_pieces)
{
	static uint8_t bytes[LONG];
	const uint8_t *expected = reference_bytes(counting_seed(), "mixed");
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "mixed");
	uint32_t x = 1;
	for (size_t at = 0; at < LONG;) {
		x = x * 1664525 + 1013904223;
		size_t n = x >> 31 ? x >> 20 & 4095 : x >> 20 & 15;
		if (n > LONG - at) n = LONG - at;
		cr_assert_eq(kb_stream_bytes(stream, bytes + at, n, &err), KB_OK);
		at += n;
	}
	cr_assert_arr_eq(bytes, expected, LONG);
}

Test(stream, labels_and_seeds_part_ways)
{
	kb_digest other = counting_seed();
	other.bytes[31] ^= 1;
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *a = open_stream(arena, counting_seed(), "draw");
	KB_CLEANUP(kb_stream_closep) kb_stream *b = open_stream(arena, counting_seed(), "dra");
	KB_CLEANUP(kb_stream_closep) kb_stream *c = open_stream(arena, other, "draw");
	KB_CLEANUP(kb_stream_closep) kb_stream *d = open_stream(arena, counting_seed(), "draw");
	uint8_t bytes[4][16];
	cr_assert_eq(kb_stream_bytes(a, bytes[0], 16, &err), KB_OK);
	cr_assert_eq(kb_stream_bytes(b, bytes[1], 16, &err), KB_OK);
	cr_assert_eq(kb_stream_bytes(c, bytes[2], 16, &err), KB_OK);
	cr_assert_eq(kb_stream_bytes(d, bytes[3], 16, &err), KB_OK);
	cr_assert_neq(memcmp(bytes[0], bytes[1], 16), 0);
	cr_assert_neq(memcmp(bytes[0], bytes[2], 16), 0);
	cr_assert_eq(memcmp(bytes[0], bytes[3], 16), 0);
}

Test(stream, bits)
{
	const uint8_t *expected = reference_bytes(counting_seed(), "bits");
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "bits");
	size_t at = 0;
	for (size_t bits = 0; bits <= 200; bits++) {
		uint8_t bytes[26];
		size_t n = (bits + 7) / 8;
		memset(bytes, 0xEE, sizeof bytes);
		cr_assert_eq(kb_stream_bits(stream, bits, bytes, &err), KB_OK);
		for (size_t i = 0; i < n; i++) {
			uint8_t mask = i + 1 == n && bits % 8 ? (uint8_t)(0xFF >> (8 - bits % 8)) : 0xFF;
			cr_assert_eq(bytes[i], expected[at + i] & mask, "%zu bits, byte %zu", bits, i);
		}
		cr_assert_eq(bytes[n], 0xEE, "nothing is written beyond");
		at += n;
	}
}

/* Part of the contract: a draw that is replayed in ten years takes the same bytes. */
Test(stream, below_takes_as_few_bits_as_needed)
{
	const uint8_t *expected = reference_bytes(counting_seed(), "below");
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "below");
	static const uint64_t bounds[] = { 1, 2, 3, 5, 255, 256, 257, 1000, 65536, 65537, 1ULL << 32, (1ULL << 32) + 1,
		1ULL << 63, (1ULL << 63) + 1, UINT64_MAX };
	size_t at = 0;
	for (size_t i = 0; i < 20 * KB_COUNT(bounds); i++) {
		uint64_t bound = bounds[i % KB_COUNT(bounds)], value, wanted;
		cr_assert_eq(kb_stream_below(stream, bound, &value, &err), KB_OK);
		size_t bits = 0;
		while (bits < 64 && (bound - 1) >> bits) bits++;
		do {
			wanted = 0;
			for (size_t k = 0; k < (bits + 7) / 8; k++) wanted |= (uint64_t)expected[at + k] << 8 * k;
			at += (bits + 7) / 8;
			if (bits < 64) wanted &= (1ULL << bits) - 1;
		} while (wanted >= bound);
		cr_assert_eq(value, wanted, "bound %lu", (unsigned long)bound);
	}
}

/* Chi-squared over the cells; the seed is fixed, so this can't fail by chance. */
static double chi_squared(kb_stream *stream, uint64_t bound, size_t draws)
{
	size_t counts[64] = { 0 };
	for (size_t i = 0; i < draws; i++) {
		uint64_t value;
		cr_assert_eq(kb_stream_below(stream, bound, &value, &err), KB_OK);
		cr_assert_lt(value, bound);
		counts[value]++;
	}
	double sum = 0, mean = (double)draws / (double)bound;
	for (uint64_t v = 0; v < bound; v++) sum += ((double)counts[v] - mean) * ((double)counts[v] - mean) / mean;
	return sum;
}

Test(stream, below_is_uniform)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "uniform");
	for (uint64_t bound = 2; bound <= 64; bound++) {
		/* Expected bound - 1, standard deviation sqrt(2 (bound - 1)): five of these and a little for the small ones. */
		double limit = (double)(bound - 1) + 5 * __builtin_sqrt(2.0 * (double)(bound - 1)) + 4;
		double chi = chi_squared(stream, bound, 20000);
		cr_assert_lt(chi, limit, "bound %lu: %f", (unsigned long)bound, chi);
	}
}

Test(stream, below_one_draws_nothing)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = open_stream(arena, counting_seed(), "one");
	uint64_t value = 7;
	uint8_t byte;
	cr_assert_eq(kb_stream_below(stream, 1, &value, &err), KB_OK);
	cr_assert_eq(value, 0);
	cr_assert_eq(kb_stream_bytes(stream, &byte, 1, &err), KB_OK);
	cr_assert_eq(byte, reference_bytes(counting_seed(), "one")[0]);
}

Test(stream, no_memory)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	kb_digest seed = counting_seed();
	kb_stream *stream = NULL;
	kb_arena_fail_at(arena, 1);
	cr_assert_eq(kb_stream_open(arena, &seed, "x", &stream, &err), KB_NO_MEMORY);
	cr_assert_null(stream);
	kb_stream_closep(&stream);
}

Test(stream, close_wipes)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	kb_stream *stream = open_stream(arena, counting_seed(), "wipe");
	const uint8_t *place = (const uint8_t *)stream;
	uint8_t bytes[16];
	cr_assert_eq(kb_stream_bytes(stream, bytes, sizeof bytes, &err), KB_OK);
	kb_stream_closep(&stream);
	cr_assert_null(stream);
	for (size_t i = 0; i < 1024; i++) cr_assert_eq(place[i], 0);
}
