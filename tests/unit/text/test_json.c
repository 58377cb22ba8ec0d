#include <criterion/criterion.h>

#include <string.h>

#include "text/json.h"

enum { MEMORY = 256 * 1024 * 1024 };

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(json, .init = set_up, .fini = tear_down);

static kb_node *read_sound(const char *text)
{
	kb_node *root = NULL;
	cr_assert_eq(kb_json_read(arena, "a.json", text, strlen(text), &root, &err), KB_OK, "%s: %s", text, err.message);
	return root;
}

static const char *canonical(const kb_node *root)
{
	kb_buf out = { .arena = arena };
	cr_assert_eq(kb_json_canonical(arena, root, &out, &err), KB_OK, "%s", err.message);
	return kb_buf_string(&out);
}

Test(json, canonical_is_one_way_only)
{
	static const struct row {
		const char *written, *canonical;
	} rows[] = {
		{ " { \"b\" : 1 , \"a\" : [ true , null ] } ", "{\"a\":[true,null],\"b\":1}" },
		{ "{\"\\u00e9\":\"\\u00e9\\/\",\"z\":0,\"Z\":-0}", "{\"Z\":0,\"z\":0,\"\xC3\xA9\":\"\xC3\xA9/\"}" },
		{ "\"a\\nb\\u0001\\\"\"", "\"a\\nb\\u0001\\\"\"" },
		{ "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "[]", "[]" },
		{ "{}", "{}" },
		{ "null", "null" },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		const char *once = canonical(read_sound(rows[i].written));
		cr_expect_str_eq(once, rows[i].canonical);
		cr_expect_str_eq(canonical(read_sound(once)), once);
	}
}

Test(json, for_people_the_order_stays)
{
	kb_buf out = { .arena = arena };
	cr_assert_eq(kb_json_pretty(arena, read_sound("{\"b\":1,\"a\":[2]}"), &out, &err), KB_OK);
	cr_expect_str_eq(out.text, "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}\n");
}

Test(json, what_is_refused)
{
	static const struct row {
		const char *text, *id;
		uint32_t line;
	} rows[] = {
		{ "", "json.syntax", 1 },
		{ "{\n\"a\": 1,\n\"a\": 2}", "json.syntax", 3 },
		{ "[1,\n2", "json.syntax", 2 },
		{ "[1] [2]", "json.syntax", 1 },
		{ "[1.5]", "json.fraction", 0 },
		{ "[1e2]", "json.fraction", 0 },
		{ "[9223372036854775808]", "json.syntax", 1 },
		{ "\"a\\u0000b\"", "json.syntax", 1 },
		{ "\"\xFF\"", "json.syntax", 1 },
		{ "[01]", "json.syntax", 1 },
		{ "[nul]", "json.syntax", 1 },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		kb_node *root;
		cr_expect_eq(kb_json_read(arena, "a.json", rows[i].text, strlen(rows[i].text), &root, &err), KB_INVALID, "%s",
			rows[i].text);
		cr_expect_str_eq(err.id, rows[i].id, "%s: %s", rows[i].text, err.message);
		cr_expect_eq(err.line, rows[i].line, "%s: line %u", rows[i].text, err.line);
		cr_expect_str_eq(err.file, "a.json");
	}
}

Test(json, there_are_limits)
{
	enum { LEVELS = 200 };
	kb_node *root;
	char text[2 * LEVELS + 3];
	memset(text, '[', LEVELS + 1);
	memset(text + LEVELS + 1, ']', LEVELS + 1);
	cr_expect_eq(kb_json_read(arena, "a", text + 1, 2 * LEVELS, &root, &err), KB_OK);
	canonical(root);
	cr_expect_eq(kb_json_read(arena, "a", text, 2 * LEVELS + 2, &root, &err), KB_OK, "the empty list is no level more");
	canonical(root);
	kb_node *deep = kb_node_list(arena);
	for (int i = 0; i < LEVELS + 1; i++) {
		kb_node *list = kb_node_list(arena);
		kb_node_add(arena, list, deep);
		deep = list;
	}
	kb_buf out = { .arena = arena };
	cr_expect_eq(kb_json_canonical(arena, deep, &out, &err), KB_BUG);
	char *large = kb_arena_alloc(arena, (size_t)17 << 20);
	memset(large, ' ', (size_t)17 << 20);
	cr_expect_eq(kb_json_read(arena, "a", large, (size_t)17 << 20, &root, &err), KB_LIMIT);
}

Test(json, many_keys_take_no_longer_than_their_number)
{
	kb_buf out = { .arena = arena };
	kb_buf_char(&out, '{');
	for (int i = 0; i < 200000; i++) kb_buf_printf(&out, "%s\"k%d\":%d", i ? "," : "", i, i);
	kb_buf_char(&out, '}');
	kb_node *root = read_sound(out.text);
	cr_expect_eq(root->pair_count, 200000);
	cr_expect(kb_node_equal(root, read_sound(out.text)));
}
