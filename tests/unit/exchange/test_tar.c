#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "exchange/tar.h"

static kb_arena *arena;
static kb_buf out;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(1 << 20);
	out = (kb_buf){ .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(tar, .init = set_up, .fini = tear_down);

/* Field by field, as POSIX says it: octal numbers, the sum of the header with its own field as blanks. */
Test(tar, a_file_has_its_header_and_whole_blocks)
{
	cr_assert_eq(kb_tar_add(&out, "evidence/a.txt", "hello", 5, 1795305600, &err), KB_OK);
	cr_assert_eq(out.length, 1024);
	cr_assert_str_eq(out.text, "evidence/a.txt");
	cr_assert_str_eq(out.text + 100, "0000600");
	cr_assert_str_eq(out.text + 124, "00000000005");
	cr_assert_eq(strtol(out.text + 136, NULL, 8), 1795305600);
	cr_assert_eq(out.text[156], '0');
	cr_assert_eq(memcmp(out.text + 257, "ustar\00000", 8), 0);
	long wanted = strtol(out.text + 148, NULL, 8), sum = 0;
	for (size_t i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? ' ' : (unsigned char)out.text[i];
	cr_assert_eq(wanted, sum);
	cr_assert_eq(memcmp(out.text + 512, "hello\0\0\0", 8), 0);
}

Test(tar, sizes_end_on_blocks)
{
	static const size_t sizes[] = { 0, 1, 511, 512, 513 };
	static const char bytes[600];
	for (size_t i = 0; i < KB_COUNT(sizes); i++) {
		size_t before = out.length;
		cr_assert_eq(kb_tar_add(&out, "a", bytes, sizes[i], 0, &err), KB_OK);
		cr_assert_eq(out.length - before, 512 + (sizes[i] + 511) / 512 * 512, "%zu", sizes[i]);
	}
	size_t before = out.length;
	kb_tar_end(&out);
	cr_assert_eq(out.length - before, 1024);
}

Test(tar, a_long_name_is_refused)
{
	char name[101];
	memset(name, 'n', sizeof name - 1);
	name[100] = '\0';
	cr_assert_eq(kb_tar_add(&out, name, "", 0, 0, &err), KB_LIMIT);
	name[99] = '\0';
	cr_assert_eq(kb_tar_add(&out, name, "", 0, 0, &err), KB_OK);
	cr_assert_eq(kb_tar_add(&out, "a", "", 0, -1, &err), KB_LIMIT);
}
