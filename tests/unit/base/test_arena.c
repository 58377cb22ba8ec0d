#include <criterion/criterion.h>

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static kb_err err;

Test(arena, gives_zeroed_aligned_places)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(8 << 20);
	for (size_t size = 0; size < 3000; size++) {
		unsigned char *place = kb_arena_alloc(arena, size);
		cr_assert_not_null(place);
		cr_assert_eq((uintptr_t)place % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++) cr_assert_eq(place[i], 0);
		memset(place, 0xAA, size);
	}
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK);
}

Test(arena, places_do_not_overlap)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(8 << 20);
	static unsigned char *places[1000];
	for (size_t i = 0; i < 1000; i++) {
		places[i] = kb_arena_alloc(arena, i + 1);
		memset(places[i], (int)(i % 251), i + 1);
	}
	for (size_t i = 0; i < 1000; i++)
		for (size_t k = 0; k <= i; k++) cr_assert_eq(places[i][k], i % 251);
}

Test(arena, ceiling_latches)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	cr_assert_not_null(kb_arena_alloc(arena, 1 << 19));
	cr_assert_null(kb_arena_alloc(arena, (1 << 19) + 1));
	cr_assert_null(kb_arena_alloc(arena, 1), "and stays failed");
	cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
	cr_assert_str_eq(err.id, "memory.ceiling");
	cr_assert_neq(err.hint[0], '\0');
}

Test(arena, the_whole_ceiling_can_be_had)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	cr_assert_not_null(kb_arena_alloc(arena, 1 << 20));
	cr_assert_eq(kb_arena_used(arena), 1 << 20);
	cr_assert_null(kb_arena_alloc(arena, 1));
}

Test(arena, never_more_than_the_ceiling)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(3000000);
	size_t given = 0;
	while (kb_arena_alloc(arena, 1000)) given += 1000;
	cr_assert_leq(given, 3000000);
	cr_assert_geq(given, 2900000, "and most of it");
	cr_assert_leq(kb_arena_used(arena), 3000000);
}

Test(arena, tiny_and_no_ceiling)
{
	for (size_t ceiling = 0; ceiling < 64; ceiling++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(ceiling);
		char *place = kb_arena_alloc(arena, 1);
		if (place) *place = 'x';
		cr_assert(place || ceiling < alignof(max_align_t));
		cr_assert_eq(kb_arena_check(arena, &err), place ? KB_OK : KB_LIMIT);
	}
}

Test(arena, absurd_sizes)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16, SIZE_MAX - 31, SIZE_MAX / 2 };
	for (size_t i = 0; i < KB_COUNT(sizes); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
		cr_assert_null(kb_arena_alloc(arena, sizes[i]));
		cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
	}
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	cr_assert_null(kb_arena_copy(arena, "", SIZE_MAX));
	cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
}

/* Sizes that the machine itself has to refuse; ASan would end the process where malloc answers NULL. */
Test(arena, absurd_sizes_without_a_ceiling)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16 };
	for (size_t i = 0; i < KB_COUNT(sizes); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(SIZE_MAX);
		cr_assert_null(kb_arena_alloc(arena, sizes[i]));
		cr_assert_neq(kb_arena_check(arena, &err), KB_OK);
	}
}

Test(arena, arrays)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	cr_assert_not_null(kb_arena_array(arena, 100, 8));
	cr_assert_not_null(kb_arena_array(arena, 0, 8));
	cr_assert_null(kb_arena_array(arena, SIZE_MAX / 4, 8), "the product overflows");
	cr_assert_eq(kb_arena_check(arena, &err), KB_LIMIT);
}

Test(arena, grow_keeps_and_zeroes)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(8 << 20);
	for (int apart = 0; apart < 2; apart++) {
		unsigned char *place = NULL;
		size_t used = 0;
		for (size_t size = 1; size < 5000; size += 37) {
			place = kb_arena_grow(arena, place, used, size);
			cr_assert_not_null(place);
			for (size_t i = 0; i < used; i++) cr_assert_eq(place[i], 0xAB);
			for (size_t i = used; i < size; i++) cr_assert_eq(place[i], 0);
			memset(place, 0xAB, size);
			used = size;
			if (apart) cr_assert_not_null(kb_arena_alloc(arena, 1));
		}
	}
}

Test(arena, grow_in_place_where_it_was_the_last)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	char *place = kb_arena_alloc(arena, 100);
	cr_assert_eq(kb_arena_grow(arena, place, 100, 200), place);
	char *behind = kb_arena_alloc(arena, 1);
	cr_assert_geq(behind, place + 200);
	cr_assert_neq(kb_arena_grow(arena, place, 200, 300), place);
	cr_assert_null(kb_arena_grow(arena, place, 300, SIZE_MAX));
	cr_assert_null(kb_arena_grow(arena, place, 300, 301), "latched");
}

Test(arena, grow_over_the_block)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(64 << 20);
	size_t size = 1000;
	char *text = kb_arena_alloc(arena, size);
	memset(text, 'x', size);
	while (size < (10 << 20)) {
		text = kb_arena_grow(arena, text, size, size * 2);
		cr_assert_not_null(text);
		memset(text + size, 'x', size);
		size *= 2;
	}
	for (size_t i = 0; i < size; i++) cr_assert_eq(text[i], 'x');
}

Test(arena, copies)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	cr_assert_str_eq(kb_arena_text(arena, "abc"), "abc");
	cr_assert_null(kb_arena_text(arena, NULL));
	cr_assert_str_eq(kb_arena_copy(arena, "abcdef", 3), "abc");
	cr_assert_str_eq(kb_arena_copy(arena, NULL, 0), "");
	cr_assert_str_eq(kb_arena_printf(arena, "%d %s", 42, "x"), "42 x");
	cr_assert_str_eq(kb_arena_printf(arena, "%s", ""), "");
	char *wide = kb_arena_printf(arena, "%0500d", 7);
	cr_assert_eq(strlen(wide), 500);
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK);
}

Test(arena, fails_where_it_was_told_to)
{
	for (size_t nth = 1; nth < 10; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
		kb_arena_fail_at(arena, nth);
		for (size_t i = 1; i < nth; i++) cr_assert_not_null(kb_arena_alloc(arena, 1));
		cr_assert_null(kb_arena_alloc(arena, 1));
		cr_assert_null(kb_arena_printf(arena, "x"));
		cr_assert_eq(kb_arena_check(arena, &err), KB_NO_MEMORY);
		cr_assert_str_eq(err.id, "memory.none");
	}
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	kb_arena_fail_at(arena, 2);
	cr_assert_not_null(kb_arena_alloc(arena, 1));
	kb_arena_fail_at(arena, 0);
	for (int i = 0; i < 10; i++) cr_assert_not_null(kb_arena_alloc(arena, 1));
}

Test(arena, gives_back_to_a_mark)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(2 << 20);
	char *kept = kb_arena_text(arena, "kept");
	for (int round = 0; round < 100; round++) {
		kb_arena_mark mark = kb_arena_save(arena);
		size_t used = kb_arena_used(arena);
		for (int i = 0; i < 50; i++) {
			char *place = kb_arena_alloc(arena, 20000);
			cr_assert_not_null(place, "a hundred rounds need no more than one");
			cr_assert_eq(place[19999], 0);
			memset(place, 1, 20000);
		}
		kb_arena_restore(arena, mark);
		cr_assert_eq(kb_arena_used(arena), used);
	}
	cr_assert_str_eq(kept, "kept");
}

Test(arena, gives_back_to_an_empty_mark)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	kb_arena_mark mark = kb_arena_save(arena);
	cr_assert_not_null(kb_arena_alloc(arena, 500000));
	kb_arena_restore(arena, mark);
	cr_assert_eq(kb_arena_used(arena), 0);
	cr_assert_not_null(kb_arena_alloc(arena, 1000000));
}

Test(arena, marks_nest)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(1 << 20);
	int *a = kb_arena_alloc(arena, sizeof *a);
	*a = 1;
	kb_arena_mark outer = kb_arena_save(arena);
	int *b = kb_arena_alloc(arena, 100000);
	*b = 2;
	kb_arena_mark inner = kb_arena_save(arena);
	cr_assert_not_null(kb_arena_alloc(arena, 200000));
	kb_arena_restore(arena, inner);
	cr_assert_eq(*b, 2);
	kb_arena_restore(arena, outer);
	cr_assert_eq(*a, 1);
	cr_assert_eq(kb_arena_alloc(arena, 16), (void *)((char *)a + 16), "the place is given again");
}

Test(arena, freeing_nothing)
{
	kb_arena *arena = NULL;
	kb_arena_free(NULL);
	kb_arena_freep(&arena);
}
