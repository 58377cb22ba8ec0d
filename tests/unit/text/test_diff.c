#include <criterion/criterion.h>

#include <string.h>

#include "base/str.h"
#include "text/diff.h"

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new((size_t)256 << 20);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(diff, .init = set_up, .fini = tear_down);

static kb_diff diff_of(const char *before, const char *after)
{
	kb_diff diff;
	cr_assert_eq(kb_diff_words(arena, before, after, &diff, &err), KB_OK, "%s", err.message);
	return diff;
}

static const char *shown(const char *before, const char *after)
{
	static const char *const marks[][2] = { [KB_DIFF_SAME] = { "", "" }, [KB_DIFF_GONE] = { "[-", "-]" }, [KB_DIFF_NEW] = { "{+", "+}" } };
	kb_diff diff = diff_of(before, after);
	kb_buf out = { .arena = arena };
	for (size_t i = 0; i < diff.count; i++)
		kb_buf_printf(&out, "%s%s%s%s", i ? " " : "", marks[diff.parts[i].kind][0], diff.parts[i].text, marks[diff.parts[i].kind][1]);
	return kb_buf_string(&out);
}

Test(diff, words_stay_go_and_come)
{
	cr_assert_str_eq(shown("", ""), "");
	cr_assert_str_eq(shown(" \n", "\t"), "");
	cr_assert_str_eq(shown("a b c", "a b c"), "a b c");
	cr_assert_str_eq(shown("a b c", "a  b\nc"), "a  b\nc", "what white space it is does not count");
	cr_assert_str_eq(shown("a b c", ""), "[-a b c-]");
	cr_assert_str_eq(shown("", "a b c"), "{+a b c+}");
	cr_assert_str_eq(shown("What would you read first?", "Which papers would you read first?"), "[-What-] {+Which papers+} would you read first?");
	cr_assert_str_eq(shown("a b c d e", "a x c d"), "a [-b-] {+x+} c d [-e-]");
	cr_assert_str_eq(shown("one two", "three four five"), "[-one two-] {+three four five+}");
	cr_assert_str_eq(shown("a a a", "a a"), "a a [-a-]");
	cr_assert_str_eq(shown("a a", "a b a"), "a {+b+} a");
	cr_assert_str_eq(shown("b", "a b a b"), "{+a b a+} b");
}

static unsigned state = 1;

static const char *random_text(size_t most)
{
	kb_buf out = { .arena = arena };
	state = state * 1103515245U + 12345U;
	for (size_t n = (state >> 16) % (most + 1); n > 0; n--) {
		state = state * 1103515245U + 12345U;
		kb_buf_printf(&out, "%s%c", out.length ? " " : "", "abc"[(state >> 16) % 3]);
	}
	return kb_buf_string(&out);
}

/* Without one kind of part, the rest joined. */
static const char *joined(const kb_diff *diff, kb_diff_kind without)
{
	kb_buf out = { .arena = arena };
	for (size_t i = 0; i < diff->count; i++)
		if (diff->parts[i].kind != without) kb_buf_printf(&out, "%s%s", out.length ? " " : "", diff->parts[i].text);
	return kb_buf_string(&out);
}

/* The most words in common, of single letters with blanks between. */
static size_t most(const char *a, const char *b)
{
	size_t length[32][32] = { 0 }, n = (strlen(a) + 1) / 2, m = (strlen(b) + 1) / 2;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			size_t up = length[i - 1][j], left = length[i][j - 1];
			length[i][j] = a[2 * i - 2] == b[2 * j - 2] ? length[i - 1][j - 1] + 1 : up > left ? up : left;
		}
	return length[n][m];
}

Test(diff, both_texts_come_back_and_as_much_as_can_stays)
{
	for (int run = 0; run < 20000; run++) {
		const char *a = random_text(12), *b = random_text(12);
		kb_diff diff = diff_of(a, b);
		cr_assert_str_eq(joined(&diff, KB_DIFF_NEW), a);
		cr_assert_str_eq(joined(&diff, KB_DIFF_GONE), b);
		size_t same = 0;
		for (size_t i = 0; i < diff.count; i++) {
			if (i) cr_assert_neq(diff.parts[i].kind, diff.parts[i - 1].kind, "%s | %s", a, b);
			if (i) cr_assert(!(diff.parts[i].kind == KB_DIFF_GONE && diff.parts[i - 1].kind == KB_DIFF_NEW), "%s | %s", a, b);
			if (diff.parts[i].kind == KB_DIFF_SAME) same += (strlen(diff.parts[i].text) + 1) / 2;
		}
		cr_assert_eq(same, most(a, b), "%s | %s", a, b);
	}
}

Test(diff, what_is_too_long_is_gone_and_new)
{
	kb_buf a = { .arena = arena }, b = { .arena = arena };
	kb_buf_text(&a, "start ");
	kb_buf_text(&b, "start ");
	for (int i = 0; i < 1500; i++) {
		kb_buf_printf(&a, "a%d x ", i);
		kb_buf_printf(&b, "b%d x ", i);
	}
	kb_buf_text(&a, "end");
	kb_buf_text(&b, "end");
	kb_diff diff = diff_of(a.text, b.text);
	cr_assert_eq(diff.count, 4);
	cr_assert_str_eq(diff.parts[0].text, "start");
	cr_assert_eq(diff.parts[1].kind, KB_DIFF_GONE);
	cr_assert_eq(diff.parts[2].kind, KB_DIFF_NEW);
	cr_assert_str_eq(diff.parts[3].text, "x end");
	cr_assert_lt(kb_arena_used(arena), (size_t)8 << 20);
}
