#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "text/fault.h"

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(64 * 1024 * 1024);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(node, .init = set_up, .fini = tear_down);

Test(node, maps_keep_their_order_and_the_last_value)
{
	kb_node *map = kb_node_map(arena);
	kb_node_set_text(arena, map, "b", "one");
	kb_node_set_int(arena, map, "a", 2);
	kb_node_set_bool(arena, map, "b", true);
	cr_assert_eq(map->pair_count, 2);
	cr_expect_str_eq(map->pairs[0].key, "b");
	cr_expect_eq(kb_node_get(map, "b")->kind, KB_NODE_BOOL);
	cr_expect_eq(kb_node_get_int(map, "a", 7), 2);
	cr_expect_eq(kb_node_get_int(map, "b", 7), 7, "another kind is nothing there");
	cr_expect_str_eq(kb_node_get_text(map, "c", "otherwise"), "otherwise");
}

Test(node, nothing_is_accepted_everywhere)
{
	cr_expect_null(kb_node_get(NULL, "a"));
	cr_expect_null(kb_node_get(kb_node_list(arena), "a"));
	cr_expect_null(kb_node_set(arena, NULL, "a", NULL));
	cr_expect_null(kb_node_add(arena, NULL, NULL));
	cr_expect_eq(kb_node_text(arena, NULL)->kind, KB_NODE_NULL);
	cr_expect(kb_node_equal(NULL, NULL));
	cr_expect_not(kb_node_equal(NULL, kb_node_null(arena)));
	cr_expect_eq(kb_arena_check(arena, &err), KB_OK);
}

Test(node, the_order_of_keys_does_not_count_for_equality)
{
	kb_node *a = kb_node_map(arena), *b = kb_node_map(arena);
	kb_node_set_int(arena, a, "x", 1);
	kb_node_set_int(arena, a, "y", 2);
	kb_node_set_int(arena, b, "y", 2);
	cr_expect_not(kb_node_equal(a, b));
	kb_node_set_int(arena, b, "x", 1);
	cr_expect(kb_node_equal(a, b));
	kb_node_set_int(arena, b, "x", 3);
	cr_expect_not(kb_node_equal(a, b));
	kb_node *list = kb_node_list(arena);
	kb_node_add(arena, list, a);
	cr_expect_not(kb_node_equal(list, kb_node_list(arena)));
}

Test(node, lack_of_memory_latches)
{
	kb_node *map = kb_node_map(arena);
	kb_arena_fail_at(arena, 3);
	for (int i = 0; i < 20; i++) kb_node_set_int(arena, map, "k", i);
	cr_expect_eq(kb_arena_check(arena, &err), KB_NO_MEMORY);
}

Test(node, faults_keep_their_line_and_are_counted)
{
	static const char text[] = "one\ntwo \x1B[31m\r\nthree";
	kb_faults faults = { .arena = arena };
	kb_faults_source(&faults, "a", text, strlen(text));
	kb_fault_add(&faults, (kb_mark) { "a", 2, 1 }, "x.y", "wrong")->nearest = "right";
	kb_fault_add(&faults, (kb_mark) { "b", 2, 1 }, "x.y", "wrong");
	kb_fault_add(&faults, (kb_mark) { "a", 9, 1 }, "x.y", "wrong");
	cr_expect_str_eq(faults.list[0].excerpt, "two  [31m ");
	cr_expect_null(faults.list[1].excerpt);
	cr_expect_null(faults.list[2].excerpt);
	cr_expect_eq(kb_faults_check(&faults, &err), KB_INVALID);
	cr_expect_eq(err.line, 2);
	cr_expect_not_null(strstr(err.hint, "right"));
	for (int i = 0; i < KB_FAULTS_KEPT; i++) kb_fault_add(&faults, (kb_mark) { 0 }, "x.y", "wrong")->expected = "right";
	cr_expect_eq(faults.count, KB_FAULTS_KEPT + 3);
	cr_expect_eq(kb_faults_node(arena, &faults)->count, KB_FAULTS_KEPT);
}

Test(node, a_name_cut_inside_of_a_character_leaves_the_rest_of_the_sentence)
{
	kb_faults faults = { .arena = arena };
	kb_fault_add(&faults, (kb_mark) { 0 }, "x.y", "the key \"%.4s\" is wrong", "abc\xC3\xA9");
	cr_expect_str_eq(faults.list[0].message, "the key \"abc\" is wrong");
}
