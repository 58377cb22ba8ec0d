#include "reference.h"

#include <stdlib.h>
#include <string.h>

static uint32_t right(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t k[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
	0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70,
	0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static void sha256_block(uint32_t h[8], const uint8_t *p)
{
	uint32_t w[64], s[8];
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t b = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
	memcpy(s, h, sizeof s);
	for (int i = 0; i < 64; i++) {
		uint32_t e = right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25);
		uint32_t t = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
		uint32_t a = right(s[0], 2) ^ right(s[0], 13) ^ right(s[0], 22);
		uint32_t u = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += t;
		s[0] = t + u;
	}
	for (int i = 0; i < 8; i++) h[i] += s[i];
}

void reference_sha256(const uint8_t *data, size_t length, uint8_t out[32])
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	size_t padded = (length + 8) / 64 * 64 + 64;
	uint8_t *message = calloc(1, padded);
	if (length) memcpy(message, data, length);
	message[length] = 0x80;
	for (int i = 0; i < 8; i++) message[padded - 1 - (size_t)i] = (uint8_t)((uint64_t)length * 8 >> 8 * i);
	for (size_t at = 0; at < padded; at += 64) sha256_block(h, message + at);
	free(message);
	for (int i = 0; i < 32; i++) out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void reference_hmac(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t out[32])
{
	uint8_t block[64] = { 0 }, outer[64 + 32], *inner = malloc(64 + length);
	if (key_length > 64) reference_sha256(key, key_length, block);
	else memcpy(block, key, key_length);
	for (int i = 0; i < 64; i++) inner[i] = block[i] ^ 0x36, outer[i] = block[i] ^ 0x5c;
	if (length) memcpy(inner + 64, data, length);
	reference_sha256(inner, 64 + length, outer + 64);
	reference_sha256(outer, sizeof outer, out);
	free(inner);
}

static uint32_t left(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void quarter(uint32_t s[16], int a, int b, int c, int d)
{
	s[a] += s[b], s[d] = left(s[d] ^ s[a], 16);
	s[c] += s[d], s[b] = left(s[b] ^ s[c], 12);
	s[a] += s[b], s[d] = left(s[d] ^ s[a], 8);
	s[c] += s[d], s[b] = left(s[b] ^ s[c], 7);
}

static uint32_t little(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void reference_chacha20(const uint8_t key[32], uint64_t counter, const uint8_t nonce[8], uint8_t out[64])
{
	uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, s[16];
	for (int i = 0; i < 8; i++) start[4 + i] = little(key + 4 * i);
	start[12] = (uint32_t)counter, start[13] = (uint32_t)(counter >> 32);
	start[14] = little(nonce), start[15] = little(nonce + 4);
	memcpy(s, start, sizeof s);
	for (int round = 0; round < 10; round++) {
		quarter(s, 0, 4, 8, 12), quarter(s, 1, 5, 9, 13), quarter(s, 2, 6, 10, 14), quarter(s, 3, 7, 11, 15);
		quarter(s, 0, 5, 10, 15), quarter(s, 1, 6, 11, 12), quarter(s, 2, 7, 8, 13), quarter(s, 3, 4, 9, 14);
	}
	for (int i = 0; i < 64; i++) out[i] = (uint8_t)((s[i / 4] + start[i / 4]) >> 8 * (i % 4));
}
