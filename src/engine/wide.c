#include "engine/wide.h"

#include <math.h>

static void shift_left(uint64_t *x, size_t n, size_t by)
{
	size_t limbs = by / 64, bits = by % 64;
	for (size_t i = n; i-- > 0;) {
		uint64_t high = i >= limbs ? x[i - limbs] : 0;
		uint64_t low = i > limbs ? x[i - limbs - 1] : 0;
		x[i] = bits ? high << bits | low >> (64 - bits) : high;
	}
}

static void halve(uint64_t *x, size_t n)
{
	for (size_t i = 0; i < n; i++) x[i] = x[i] >> 1 | (i + 1 < n ? x[i + 1] << 63 : 0);
}

void kb_wide_divide(uint64_t *u, const uint64_t *divisor, size_t n, uint64_t *quotient)
{
	if (wide_bits(divisor, n) <= 64) {
		memcpy(quotient, u, n * sizeof *u);
		uint64_t rest = wide_divide_small(quotient, divisor[0], n);
		memset(u, 0, n * sizeof *u);
		u[0] = rest;
		return;
	}
	memset(quotient, 0, n * sizeof *quotient);
	if (wide_compare(u, divisor, n) < 0) return;
	size_t shift = wide_bits(u, n) - wide_bits(divisor, n);
	uint64_t part[KB_WIDE_LIMBS];
	memcpy(part, divisor, n * sizeof *part);
	shift_left(part, n, shift);
	for (size_t bit = shift + 1; bit-- > 0; halve(part, n)) {
		if (wide_compare(u, part, n) < 0) continue;
		wide_subtract(u, part, n);
		quotient[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

void kb_wide_binomial(uint64_t *out, size_t n, uint64_t count, uint64_t chosen)
{
	memset(out, 0, n * sizeof *out);
	if (chosen > count) return;
	if (chosen > count - chosen) chosen = count - chosen;
	/* A limb more than asked for: the product before each division may pass the result. */
	uint64_t part[KB_WIDE_LIMBS + 1] = { 1 };
	for (uint64_t i = 0; i < chosen; i++) {
		wide_scale(part, count - i, n + 1);
		wide_divide_small(part, i + 1, n + 1);
	}
	memcpy(out, part, n * sizeof *out);
}

/* The elementary symmetric polynomial of degree c is at most (sum of weights)^c / c!. */
size_t kb_wide_limbs(uint64_t weight, uint32_t chosen)
{
	uint64_t bound[KB_WIDE_LIMBS + 1] = { 1 };
	const uint64_t one[KB_WIDE_LIMBS + 1] = { 1 };
	for (uint32_t i = 1; i <= chosen; i++) {
		if (weight < i) break;
		if (wide_scale(bound, weight, KB_WIDE_LIMBS + 1)) return 0;
		wide_divide_small(bound, i, KB_WIDE_LIMBS + 1);
		wide_add(bound, one, KB_WIDE_LIMBS + 1);
		if (bound[KB_WIDE_LIMBS]) return 0;
	}
	size_t need = wide_bits(bound, KB_WIDE_LIMBS) + 8;
	for (size_t limbs = 1; limbs <= KB_WIDE_LIMBS; limbs *= 2)
		if (need <= 64 * limbs) return limbs;
	return 0;
}

void kb_wide_format(const uint64_t *x, size_t n, char text[static KB_WIDE_DECIMAL])
{
	const uint64_t chunk = 1000000000;
	uint64_t rest[KB_WIDE_LIMBS];
	char digits[KB_WIDE_DECIMAL + 9];
	size_t at = sizeof digits;
	memcpy(rest, x, n * sizeof *rest);
	do {
		uint64_t part = wide_divide_small(rest, chunk, n);
		bool last = wide_is_zero(rest, n);
		for (int i = 0; i < 9 && (!last || part > 0 || i == 0); i++, part /= 10) digits[--at] = (char)('0' + part % 10);
	} while (!wide_is_zero(rest, n));
	size_t length = sizeof digits - at;
	memcpy(text, digits + at, length);
	text[length] = '\0';
}

bool kb_wide_parse(const char *text, uint64_t *x, size_t n)
{
	memset(x, 0, n * sizeof *x);
	if (*text == '\0' || (text[0] == '0' && text[1] != '\0')) return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9') return false;
		if (wide_scale(x, 10, n)) return false;
		uint64_t digit[KB_WIDE_LIMBS] = { (uint64_t)(*text - '0') };
		wide_add(x, digit, n);
		if (wide_compare(x, digit, n) < 0) return false;
	}
	return true;
}

double kb_wide_log2(const uint64_t *x, size_t n)
{
	double value = 0; /* the widest number is below 2^512, well inside a double's range */
	for (size_t i = n; i-- > 0;) value = value * 0x1p64 + (double)x[i];
	return value > 0 ? log2(value) : 0;
}
