#include <criterion/criterion.h>

#include <string.h>

#include "base/err.h"
#include "base/str.h"

static void is_utf8(const char *text)
{
	size_t bad;
	cr_assert(kb_str_is_utf8(text, strlen(text), &bad), "%s", text);
}

Test(err, holds_all_it_was_told)
{
	kb_err err;
	cr_assert_eq(kb_fail(&err, KB_INVALID, "yaml.tab", "a tab in %s", "x"), KB_INVALID);
	cr_assert_eq(err.status, KB_INVALID);
	cr_assert_str_eq(err.id, "yaml.tab");
	cr_assert_str_eq(err.message, "a tab in x");
	cr_assert_str_eq(err.hint, "");
	cr_assert_str_eq(err.file, "");
	cr_assert_eq(err.line, 0);
	cr_assert_eq(kb_hint(&err, "use %d spaces", 2), KB_INVALID);
	cr_assert_str_eq(err.hint, "use 2 spaces");
	cr_assert_eq(kb_fail_at(&err, (kb_mark) { "f.yaml", 3, 4 }), KB_INVALID);
	cr_assert_str_eq(err.file, "f.yaml");
	cr_assert_eq(err.line, 3);
	cr_assert_eq(err.column, 4);
	cr_assert_eq(kb_err_context(&err, "item %s: ", "PD-1"), KB_INVALID);
	cr_assert_str_eq(err.message, "item PD-1: a tab in x");
	cr_assert_str_eq(err.id, "yaml.tab");
	cr_assert_eq(kb_fail_at(&err, (kb_mark) { 0 }), KB_INVALID);
	cr_assert_str_eq(err.file, "");
}

Test(err, a_new_one_forgets_the_old)
{
	kb_err err;
	kb_fail(&err, KB_INVALID, "a", "first");
	kb_hint(&err, "hint");
	kb_fail_at(&err, (kb_mark) { "f", 1, 1 });
	kb_fail(&err, KB_IO, "b", "second");
	cr_assert_str_eq(err.hint, "");
	cr_assert_str_eq(err.file, "");
	cr_assert_eq(err.line, 0);
}

/* Characters of one to four bytes, shifted so that each possible cut is met. */
Test(err, long_texts_are_cut_between_characters)
{
	static const char *const units[] = { "x", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
	static char text[4000];
	for (size_t u = 0; u < KB_COUNT(units); u++) {
		for (size_t shift = 0; shift < 4; shift++) {
			memset(text, '-', shift);
			text[shift] = '\0';
			size_t n = strlen(units[u]), at = shift;
			while (at + n < sizeof text) memcpy(text + at, units[u], n), at += n;
			text[at] = '\0';
			kb_err err;
			kb_fail(&err, KB_INVALID, "id", "%s", text);
			kb_hint(&err, "%s", text);
			kb_fail_at(&err, (kb_mark) { .file = text });
			is_utf8(err.message), is_utf8(err.hint), is_utf8(err.file);
			cr_assert_gt(strlen(err.message), sizeof err.message - 5);
			cr_assert_gt(strlen(err.file), sizeof err.file - 5);
			cr_assert_eq(strncmp(err.message, text, strlen(err.message)), 0);
			kb_err_context(&err, "before%.*s ", (int)shift, "abc");
			is_utf8(err.message);
			cr_assert_gt(strlen(err.message), sizeof err.message - 5);
		}
	}
}

Test(err, foreign_bytes_become_question_marks)
{
	kb_err err;
	kb_fail(&err, KB_INVALID, "id", "a%sb", "\xFF\xC3\xA4\xE2\x82");
	cr_assert_str_eq(err.message, "a?\xC3\xA4?\?b");
	kb_fail_at(&err, (kb_mark) { .file = "x\x80y" });
	cr_assert_str_eq(err.file, "x?y");
	kb_fail(&err, KB_INVALID, "id", "%.3s|", "ab\xC3\xA4");
	cr_assert_str_eq(err.message, "ab?|", "a cut by the format itself");
}

Test(err, a_long_id_is_cut)
{
	kb_err err;
	kb_fail(&err, KB_INVALID, "a.very.long.id.that.nobody.should.ever.have.thought.of.and.yet", "x");
	cr_assert_eq(strlen(err.id), sizeof err.id - 1);
}

static kb_status twice(int n, kb_err *err)
{
	if (n < 0) return kb_fail(err, KB_LIMIT, "n", "negative");
	return KB_OK;
}

static kb_status passes(int n, int *reached, kb_err *err)
{
	KB_TRY(twice(n, err));
	*reached = 1;
	return KB_OK;
}

Test(err, try_passes_on)
{
	kb_err err;
	int reached = 0;
	cr_assert_eq(passes(-1, &reached, &err), KB_LIMIT);
	cr_assert_eq(reached, 0);
	cr_assert_eq(passes(1, &reached, &err), KB_OK);
	cr_assert_eq(reached, 1);
}
