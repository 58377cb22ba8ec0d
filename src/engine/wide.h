/*
 * Whole numbers of 1, 2, 4 or 8 limbs of 64 bits, least limb first. The number of limbs is a
 * parameter; where it is a constant the compiler unrolls the loop. Nothing here wraps unnoticed:
 * the tables choose a width that holds every value before they start (see kb_wide_limbs).
 */
#ifndef KB_ENGINE_WIDE_H
#define KB_ENGINE_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { KB_WIDE_LIMBS = 8, KB_WIDE_BITS = 64 * KB_WIDE_LIMBS, KB_WIDE_DECIMAL = 156 };

__extension__ typedef unsigned __int128 kb_u128;

static inline bool wide_is_zero(const uint64_t *x, size_t n)
{
	uint64_t any = 0;
	for (size_t i = 0; i < n; i++) any |= x[i];
	return any == 0;
}

static inline int wide_compare(const uint64_t *a, const uint64_t *b, size_t n)
{
	for (size_t i = n; i-- > 0;)
		if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
	return 0;
}

static inline void wide_add(uint64_t *acc, const uint64_t *x, size_t n)
{
	uint64_t carry = 0;
	for (size_t i = 0; i < n; i++) {
		kb_u128 sum = (kb_u128)acc[i] + x[i] + carry;
		acc[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> 64);
	}
}

static inline void wide_subtract(uint64_t *acc, const uint64_t *x, size_t n)
{
	uint64_t borrow = 0;
	for (size_t i = 0; i < n; i++) {
		kb_u128 difference = (kb_u128)acc[i] - x[i] - borrow;
		acc[i] = (uint64_t)difference;
		borrow = (uint64_t)(difference >> 64) & 1;
	}
}

/* acc *= factor; what did not fit is returned. */
static inline uint64_t wide_scale(uint64_t *acc, uint64_t factor, size_t n)
{
	uint64_t carry = 0;
	for (size_t i = 0; i < n; i++) {
		kb_u128 product = (kb_u128)acc[i] * factor + carry;
		acc[i] = (uint64_t)product;
		carry = (uint64_t)(product >> 64);
	}
	return carry;
}

/* acc /= divisor; the remainder is returned. */
static inline uint64_t wide_divide_small(uint64_t *acc, uint64_t divisor, size_t n)
{
	uint64_t rest = 0;
	for (size_t i = n; i-- > 0;) {
		if (rest == 0 && acc[i] < divisor) {
			rest = acc[i];
			acc[i] = 0;
			continue;
		}
		kb_u128 part = (kb_u128)rest << 64 | acc[i];
		acc[i] = (uint64_t)(part / divisor);
		rest = (uint64_t)(part % divisor);
	}
	return rest;
}

/* acc += x * factor, where x has no more limbs than acc. */
static inline void wide_add_scaled(uint64_t *acc, size_t n, const uint64_t *x, size_t xn, uint64_t factor)
{
	uint64_t carry = 0;
	for (size_t i = 0; i < xn; i++) {
		kb_u128 sum = (kb_u128)x[i] * factor + acc[i] + carry;
		acc[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> 64);
	}
	for (size_t i = xn; i < n && carry; i++) carry = __builtin_add_overflow(acc[i], carry, &acc[i]);
}

/* acc += x * y, to the width of acc. */
static inline void wide_add_product(uint64_t *acc, size_t n, const uint64_t *x, size_t xn, const uint64_t *y, size_t yn)
{
	for (size_t i = 0; i < yn && i < n; i++)
		if (y[i]) wide_add_scaled(acc + i, n - i, x, xn < n - i ? xn : n - i, y[i]);
}

static inline size_t wide_bits(const uint64_t *x, size_t n)
{
	for (size_t i = n; i-- > 0;)
		if (x[i]) return 64 * i + 64 - (size_t)__builtin_clzll(x[i]);
	return 0;
}

/* quotient = u / divisor, and u becomes the remainder. The divisor is not 0. */
void kb_wide_divide(uint64_t *u, const uint64_t *divisor, size_t n, uint64_t *quotient);

/* C(count, chosen), to n limbs; the caller knows that it fits. */
void kb_wide_binomial(uint64_t *out, size_t n, uint64_t count, uint64_t chosen);

/* The limbs that hold any sum of products of `chosen` different weights out of a total of `weight`, with a byte to
 * spare; 0 where even the widest would not do. */
size_t kb_wide_limbs(uint64_t weight, uint32_t chosen);

void kb_wide_format(const uint64_t *x, size_t n, char text[static KB_WIDE_DECIMAL]);
/* False where the text is no decimal number, or one too wide for n limbs. */
bool kb_wide_parse(const char *text, uint64_t *x, size_t n);
double kb_wide_log2(const uint64_t *x, size_t n); /* for people to read; 0 for 0 */

#endif
