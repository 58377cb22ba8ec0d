#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static kb_err err;

Test(buf, grows)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(64 << 20);
	kb_buf buf = { .arena = arena };
	cr_assert_str_eq(kb_buf_string(&buf), "");
	for (int i = 0; i < 100000; i++) {
		kb_buf_printf(&buf, "%d", i % 10);
		cr_assert_eq(buf.length, i + 1);
		cr_assert_eq(buf.text[buf.length], '\0');
	}
	for (int i = 0; i < 100000; i++) cr_assert_eq(buf.text[i], '0' + i % 10);
	cr_assert_leq(kb_arena_used(arena), 1 << 20, "ten times the text, for it grows in place");
}

Test(buf, every_way_to_add)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	kb_buf buf = { .arena = arena };
	kb_buf_text(&buf, "");
	cr_assert_str_eq(kb_buf_string(&buf), "");
	kb_buf_text(&buf, "ab");
	kb_buf_char(&buf, 'c');
	kb_buf_add(&buf, "defg", 2);
	kb_buf_add(&buf, NULL, 0);
	kb_buf_fill(&buf, '-', 3);
	kb_buf_fill(&buf, '+', 0);
	kb_buf_printf(&buf, "%s=%d", "x", 7);
	cr_assert_str_eq(buf.text, "abcde---x=7");
	cr_assert_eq(buf.length, strlen(buf.text));
	kb_buf_add(&buf, "\0!", 2);
	cr_assert_eq(buf.length, 13);
	cr_assert_eq(buf.text[12], '!');
}

Test(buf, two_side_by_side)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(8 << 20);
	kb_buf a = { .arena = arena }, b = { .arena = arena };
	for (int i = 0; i < 5000; i++) kb_buf_char(&a, 'a'), kb_buf_text(&b, "bb");
	cr_assert_eq(strspn(a.text, "a"), 5000);
	cr_assert_eq(strspn(b.text, "b"), 10000);
}

Test(buf, ceiling_latches)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(100000);
	kb_buf buf = { .arena = arena };
	kb_buf_text(&buf, "kept");
	kb_buf_fill(&buf, 'x', 200000);
	cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
	cr_assert_str_eq(kb_buf_string(&buf), "kept");
	kb_buf_printf(&buf, "%0300d", 1);
	cr_assert_str_eq(kb_buf_string(&buf), "kept");
}

Test(buf, absurd_lengths)
{
	static const size_t lengths[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4, SIZE_MAX / 2 };
	for (size_t i = 0; i < KB_COUNT(lengths); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
		kb_buf buf = { .arena = arena };
		kb_buf_text(&buf, "kept");
		kb_buf_fill(&buf, 'x', lengths[i]);
		cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
		cr_assert_eq(buf.length, 4);
	}
}

Test(str, equal)
{
	cr_assert(kb_str_equal(NULL, NULL));
	cr_assert_not(kb_str_equal(NULL, ""));
	cr_assert_not(kb_str_equal("", NULL));
	cr_assert(kb_str_equal("a", "a"));
	cr_assert_not(kb_str_equal("a", "A"));
	cr_assert_not(kb_str_equal("a", "ab"));
}

Test(str, equal_fold)
{
	cr_assert(kb_str_equal_fold(" \tAda Lovelace", "ada lovelace  "));
	cr_assert(kb_str_equal_fold("", "  "));
	cr_assert_not(kb_str_equal_fold("ada lovelace", "ada  lovelace"));
	cr_assert_not(kb_str_equal_fold("a", "b"));
	cr_assert_not(kb_str_equal_fold("[", "{"), "only letters fold");
	cr_assert_not(kb_str_equal_fold("@", "`"));
	cr_assert_not(kb_str_equal_fold("\xC3\xA4", "\xC3\x84"), "only ASCII folds");
}

Test(str, compare_by_bytes)
{
	cr_assert_eq(kb_str_compare("a", "a"), 0);
	cr_assert_lt(kb_str_compare("Z", "a"), 0);
	cr_assert_gt(kb_str_compare("\xC3\xA4", "z"), 0, "bytes count as unsigned");
	cr_assert_lt(kb_str_compare("a", "aa"), 0);
}

static bool is_utf8(const unsigned char *bytes, size_t length)
{
	size_t bad = 99;
	bool good = kb_str_is_utf8((const char *)bytes, length, &bad);
	cr_assert(good == (bad == 99));
	return good;
}

static size_t encode(uint32_t point, unsigned char *out)
{
	if (point < 0x80) return out[0] = (unsigned char)point, 1;
	if (point < 0x800) return out[0] = (unsigned char)(0xC0 | point >> 6), out[1] = 0x80 | (point & 63), 2;
	if (point < 0x10000)
		return out[0] = (unsigned char)(0xE0 | point >> 12), out[1] = 0x80 | (point >> 6 & 63),
		       out[2] = 0x80 | (point & 63), 3;
	out[0] = (unsigned char)(0xF0 | point >> 18), out[1] = 0x80 | (point >> 12 & 63), out[2] = 0x80 | (point >> 6 & 63);
	return out[3] = 0x80 | (point & 63), 4;
}

/* RFC 3629 section 4, by every code point and by every sequence of up to three bytes. */
Test(utf8, every_code_point)
{
	for (uint32_t point = 0; point < 0x110000 + 5000; point++) {
		unsigned char bytes[4];
		size_t n = encode(point, bytes);
		bool sound = point < 0xD800 || (point > 0xDFFF && point < 0x110000);
		if (is_utf8(bytes, n) != sound) cr_assert(false, "U+%04X", point);
		if (n > 1 && is_utf8(bytes, n - 1)) cr_assert(false, "U+%04X cut short", point);
	}
}

static bool valid(const unsigned char *b, size_t n)
{
	if (n == 0) return true;
	if (b[0] < 0x80) return valid(b + 1, n - 1);
	if (b[0] >= 0xC2 && b[0] <= 0xDF && n >= 2 && (b[1] & 0xC0) == 0x80) return valid(b + 2, n - 2);
	if (b[0] < 0xE0 || b[0] > 0xEF || n < 3 || (b[1] & 0xC0) != 0x80 || (b[2] & 0xC0) != 0x80) return false;
	if ((b[0] == 0xE0 && b[1] < 0xA0) || (b[0] == 0xED && b[1] >= 0xA0)) return false;
	return valid(b + 3, n - 3);
}

Test(utf8, every_three_bytes)
{
	for (uint32_t all = 0; all < 1 << 24; all += all % 7 + 1) {
		const unsigned char bytes[] = { (unsigned char)(all >> 16), (unsigned char)(all >> 8), (unsigned char)all };
		if (is_utf8(bytes, 3) != valid(bytes, 3)) cr_assert(false, "%06X", all);
	}
}

Test(utf8, names_the_first_bad_byte)
{
	size_t bad;
	cr_assert_not(kb_str_is_utf8("ab\xFF"
	                             "cd\xFE",
	    6, &bad));
	cr_assert_eq(bad, 2);
	cr_assert_not(kb_str_is_utf8("\xC3\xA4\xE2\x82", 4, &bad));
	cr_assert_eq(bad, 2);
	cr_assert(kb_str_is_utf8("", 0, NULL));
	cr_assert_not(kb_str_is_utf8("\x80", 1, NULL));
	cr_assert(kb_str_is_utf8("a\0b", 3, NULL));
}

Test(str, width)
{
	static const struct {
		const char *text;
		size_t width;
	} rows[] = { { "", 0 }, { "abc", 3 }, { "\xC3\xA4", 1 }, { "a\xCC\x88", 1 }, { "\xE6\xBC\xA2\xE5\xAD\x97", 4 },
		{ "\xF0\x9F\x98\x80", 2 }, { "\xFF", 1 }, { "\xE2\x82", 2 } };
	for (size_t i = 0; i < KB_COUNT(rows); i++)
		cr_expect_eq(kb_str_width(rows[i].text, strlen(rows[i].text)), rows[i].width, "row %zu", i);
	cr_assert_eq(kb_str_width("abc", 2), 2);
}

Test(nearest, suggests)
{
	static const char *const words[] = { "paper draw", "paper replay", "paper verify", "item show", "K1", "status" };
	static const struct {
		const char *word, *suggestion;
	} rows[] = { { "paper drw", "paper draw" }, { "paper darw", "paper draw" }, { "paper DARW", "paper draw" },
		{ "Paper Draw", "paper draw" }, { "item shwo", "item show" }, { "statsu", "status" }, { "staus", "status" },
		{ "statuss", "status" }, { "K2", "K1" }, { "k1", "K1" }, { "zzzzzz", NULL }, { "", NULL }, { "x", NULL },
		{ "completely else", NULL } };
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		const char *got = kb_str_nearest(rows[i].word, words, KB_COUNT(words));
		cr_expect(kb_str_equal(got, rows[i].suggestion), "%s: %s", rows[i].word, got ? got : "nothing");
	}
	cr_assert_null(kb_str_nearest("a", NULL, 0));
}

Test(nearest, the_nearer_wins)
{
	static const char *const words[] = { "candidates", "candidate", "candid" };
	cr_assert_str_eq(kb_str_nearest("candidat", words, 3), "candidate");
	cr_assert_str_eq(kb_str_nearest("candidatess", words, 3), "candidates");
}

Test(nearest, long_words_are_left_alone)
{
	char word[70];
	memset(word, 'a', 69);
	word[69] = '\0';
	const char *words[] = { word };
	cr_assert_null(kb_str_nearest(word, words, 1));
	word[65] = '\0';
	cr_assert_null(kb_str_nearest("aaaa", words, 1));
	char other[65];
	memset(other, 'a', 64), other[64] = '\0', word[63] = '\0';
	cr_assert_str_eq(kb_str_nearest(other, words, 1), word);
}

Test(str, to_int)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = { { "0", true, 0 }, { "-0", true, 0 }, { "007", true, 7 }, { "42", true, 42 }, { "-42", true, -42 },
		{ "9223372036854775807", true, INT64_MAX }, { "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 }, { "-9223372036854775809", false, 0 }, { "99999999999999999999", false, 0 },
		{ "", false, 0 }, { "-", false, 0 }, { "+1", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 },
		{ "1.0", false, 0 }, { "0x10", false, 0 }, { "--1", false, 0 }, { "1e3", false, 0 }, { "\xD9\xA1", false, 0 } };
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		int64_t value = 77;
		cr_expect_eq(kb_str_to_int(rows[i].text, &value), rows[i].good, "%s", rows[i].text);
		cr_expect_eq(value, rows[i].good ? rows[i].value : 77, "%s", rows[i].text);
	}
}
