#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "text/yaml.h"

enum { MEMORY = 256 * 1024 * 1024 };

static kb_arena *arena;
static kb_err err;
static kb_faults faults;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
	faults = (kb_faults) { .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(yaml, .init = set_up, .fini = tear_down);

static kb_node *read_bytes(const char *bytes, size_t length)
{
	kb_node *root = NULL;
	faults = (kb_faults) { .arena = arena };
	cr_assert_eq(kb_yaml_read(arena, "a.yaml", bytes, length, &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert(root || faults.count, "no tree and no fault");
	return root;
}

static kb_node *read_sound(const char *text)
{
	kb_node *root = read_bytes(text, strlen(text));
	cr_assert_eq(faults.count, 0, "%s: %s", text, faults.count ? faults.list[0].message : "");
	return root;
}

static kb_node *entry(const kb_node *map, const char *key, kb_node_kind kind)
{
	kb_node *node = kb_node_get(map, key);
	cr_assert_not_null(node, "%s", key);
	cr_assert_eq(node->kind, kind, "%s is %s", key, kb_node_kind_name(node->kind));
	return node;
}

Test(yaml, scalars_are_of_the_kind_they_are_written_as)
{
	static const struct row {
		const char *written;
		kb_node_kind kind;
		int64_t value;
	} rows[] = {
		{ "null", KB_NODE_NULL, 0 },
		{ "~", KB_NODE_NULL, 0 },
		{ "", KB_NODE_NULL, 0 },
		{ "true", KB_NODE_BOOL, 1 },
		{ "false", KB_NODE_BOOL, 0 },
		{ "0", KB_NODE_INT, 0 },
		{ "12", KB_NODE_INT, 12 },
		{ "-7", KB_NODE_INT, -7 },
		{ "9223372036854775807", KB_NODE_INT, INT64_MAX },
		{ "-9223372036854775808", KB_NODE_INT, INT64_MIN },
		{ "9223372036854775808", KB_NODE_TEXT, 0 },
		{ "-0", KB_NODE_TEXT, 0 },
		{ "007", KB_NODE_TEXT, 0 },
		{ "+1", KB_NODE_TEXT, 0 },
		{ "-", KB_NODE_LIST, 0 },
		{ "1.0", KB_NODE_TEXT, 0 },
		{ "0x10", KB_NODE_TEXT, 0 },
		{ "1_000", KB_NODE_TEXT, 0 },
		{ "True", KB_NODE_TEXT, 0 },
		{ "yes", KB_NODE_TEXT, 0 },
		{ "NULL", KB_NODE_TEXT, 0 },
		{ "\"12\"", KB_NODE_TEXT, 0 },
		{ "'true'", KB_NODE_TEXT, 0 },
		{ "\"\"", KB_NODE_TEXT, 0 },
		{ "'~'", KB_NODE_TEXT, 0 },
		{ "2026-11-22", KB_NODE_TEXT, 0 },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		const kb_node *root = read_sound(kb_arena_printf(arena, "a:\n  %s\n", rows[i].written));
		const kb_node *node = entry(root, "a", rows[i].kind);
		if (node->kind == KB_NODE_INT) cr_expect_eq(node->integer, rows[i].value, "%s", rows[i].written);
		if (node->kind == KB_NODE_BOOL) cr_expect_eq(node->boolean, rows[i].value != 0, "%s", rows[i].written);
	}
}

Test(yaml, marks_count_lines_and_characters)
{
	const kb_node *root =
		read_sound("\xEF\xBB\xBF# one\r\n\"caf\xC3\xA9\": [\xC3\xA9, b]\r\nlist:\n  - x: 1\n    y:\n");
	const kb_node *cafe = entry(root, "caf\xC3\xA9", KB_NODE_LIST);
	cr_expect_str_eq(cafe->mark.file, "a.yaml");
	cr_expect_eq(root->pairs[0].key_mark.line, 2);
	cr_expect_eq(root->pairs[0].key_mark.column, 1);
	cr_expect_eq(cafe->mark.column, 9);
	cr_expect_eq(cafe->items[1]->mark.line, 2);
	cr_expect_eq(cafe->items[1]->mark.column, 13);
	const kb_node *first = entry(root, "list", KB_NODE_LIST)->items[0];
	cr_expect_eq(first->mark.line, 4);
	cr_expect_eq(first->mark.column, 5);
	cr_expect_eq(first->pairs[1].key_mark.line, 5);
	cr_expect_eq(entry(first, "x", KB_NODE_INT)->mark.column, 8);
}

Test(yaml, block_texts_are_read)
{
	const kb_node *root = read_sound("a: >-\n  one\n  two\nb: |\n  one\n   two\nc: plain\n  goes on\n");
	cr_expect_str_eq(kb_node_get_text(root, "a", ""), "one two");
	cr_expect_str_eq(kb_node_get_text(root, "b", ""), "one\n two\n");
	cr_expect_str_eq(kb_node_get_text(root, "c", ""), "plain goes on");
}

static const struct faulty {
	const char *text, *id;
	uint32_t line, column;
	bool tree; /* the tree can be read all the same */
} faulty[] = {
	{ "", "yaml.empty", 1, 1, false },
	{ "# nothing\n", "yaml.empty", 1, 1, false },
	{ "---\n", "yaml.empty", 1, 1, false },
	{ "a:\n\tb: 1\n", "yaml.tab", 2, 1, false },
	{ "a:\n  b: 1\n\tc: 2\n", "yaml.tab", 3, 1, false },
	{ "a: |\n\tb\n", "yaml.tab", 2, 1, false },
	{ "a: 1\nb: 2\na: 3\n", "yaml.duplicate-key", 3, 1, true },
	{ "a: {x: 1, y: 2, x: 3}\n", "yaml.duplicate-key", 1, 17, true },
	{ "a: &one 1\n", "yaml.anchor", 1, 4, true },
	{ "a: &one {b: 1}\n", "yaml.anchor", 1, 4, true },
	{ "a: &one [1]\n", "yaml.anchor", 1, 4, true },
	{ "&one a: 1\n", "yaml.anchor", 1, 1, true },
	{ "a: *one\n", "yaml.anchor", 1, 4, true },
	{ "a: !!str 1\n", "yaml.tag", 1, 4, true },
	{ "a: !mine {b: 1}\n", "yaml.tag", 1, 4, true },
	{ "a: ! 12\n", "yaml.tag", 1, 4, true },
	{ "a: ! '12'\n", "yaml.tag", 1, 4, true },
	{ "a: ! [12]\n", "yaml.tag", 1, 4, true },
	{ "%TAG ! !foo\n---\na: 1\n", "yaml.tag", 1, 1, true },
	{ "%TAG ! tag:example.org,2000:\n---\na: 1\n", "yaml.tag", 1, 1, true },
	{ "%YAML 3.0\n---\na: 1\n", "yaml.directive", 1, 1, false },
	{ "a: 1\n---\nb: 2\n", "yaml.documents", 2, 1, false },
	{ "a: 1\n...\nb: 2\n", "yaml.behind", 3, 1, false },
	{ "a: 1\nb: caf\xE9\n", "yaml.utf8", 2, 7, false },
	{ "a: \xC3\xA9\xFF\n", "yaml.utf8", 1, 5, false },
	{ "\xFF\xFE"
	  "a\0",
		"yaml.utf8", 1, 1, false },
	{ "a: b\x1B[31m\n", "yaml.character", 1, 5, false },
	{ "a: 1\rb: 2\n", "yaml.character", 1, 5, false },
	{ "a: \xC3\xA9\xC2\x85\n", "yaml.character", 1, 5, false },
	{ "a: \xE2\x80\xA8\n", "yaml.character", 1, 4, false },
	{ "a: \xEF\xBB\xBF\n", "yaml.character", 1, 4, false },
	{ "a: \x7F\n", "yaml.character", 1, 4, false },
	{ "a: \"\\0\"\n", "yaml.character", 1, 4, true },
	{ "{: 1}\n", "yaml.value", 1, 2, false },
	{ "?\n: 1\n", "yaml.key", 1, 2, true },
	{ ": 1\n", "yaml.indent", 1, 1, false },
	{ "? [a]\n: 1\n", "yaml.key", 1, 3, true },
	{ "a: b: c\n", "yaml.colon", 1, 5, false },
	{ "a: 1\nb\n", "yaml.colon", 3, 1, false },
	{ "a: \"b\nc: d\n", "yaml.quote", 3, 1, false },
	{ "a: \"\\q\"\n", "yaml.escape", 1, 5, false },
	{ "a: \"\\u12\"\n", "yaml.escape", 1, 7, false },
	{ "a: \"\\ud800\"\n", "yaml.escape", 1, 7, false },
	{ "a: [1, 2\nb: 3\n", "yaml.bracket", 2, 2, false },
	{ "a: {b: 1\n", "yaml.bracket", 2, 1, false },
	{ "a:\n  - 1\n - 2\n", "yaml.indent", 3, 2, false },
	{ "a:\n  b: 1\n c: 2\n", "yaml.indent", 3, 2, false },
	{ "a: @b\n", "yaml.value", 1, 4, false },
	{ "a: `b`\n", "yaml.value", 1, 4, false },
	{ "a: - b\n", "yaml.entry", 1, 4, false },
	{ "a: > b\n  c\n", "yaml.block", 1, 6, false },
	{ "a: % b\n", "yaml.value", 1, 4, false },
	{ "a: & b\n", "yaml.value", 1, 5, false },
};

Test(yaml, each_fault_has_its_place)
{
	for (size_t i = 0; i < KB_COUNT(faulty); i++) {
		const kb_node *root = read_bytes(faulty[i].text, strlen(faulty[i].text));
		cr_assert_gt(faults.count, 0, "%s", faulty[i].text);
		const kb_fault *fault = &faults.list[0];
		cr_expect_str_eq(fault->id, faulty[i].id, "%s: %s (%s)", faulty[i].text, fault->id, fault->message);
		cr_expect_eq(fault->mark.line, faulty[i].line, "%s: line %u", faulty[i].text, fault->mark.line);
		cr_expect_eq(fault->mark.column, faulty[i].column, "%s: column %u", faulty[i].text, fault->mark.column);
		cr_expect_eq(root != NULL, faulty[i].tree, "%s", faulty[i].text);
		cr_expect_not_null(fault->expected, "%s", faulty[i].text);
	}
}

Test(yaml, all_faults_are_found_at_once)
{
	const kb_node *root = read_bytes("a: &x 1\nb: !t 2\na: *x\n", 22);
	cr_expect_not_null(root);
	cr_expect_eq(faults.count, 4);
	cr_expect_not_null(strstr(faults.list[3].message, "line 1"), "%s", faults.list[3].message);
	cr_expect_str_eq(faults.list[1].excerpt, "b: !t 2");
	cr_expect_eq(entry(root, "a", KB_NODE_INT)->integer, 1, "the first one stays");
}

static char *repeat(const char *head, const char *text, size_t times, const char *tail)
{
	kb_buf out = { .arena = arena };
	kb_buf_text(&out, head);
	for (size_t i = 0; i < times; i++) kb_buf_text(&out, text);
	kb_buf_text(&out, tail);
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK);
	return out.text;
}

Test(yaml, there_are_limits)
{
	const struct row {
		const char *text, *id;
	} rows[] = {
		{ repeat("", "[", 64, repeat("", "]", 64, "")), NULL },
		{ repeat("", "[", 65, repeat("", "]", 65, "")), "yaml.deep" },
		{ repeat("", "- ", 64, "x"), "yaml.deep" },
		{ repeat("", "- ", 63, "x"), NULL },
		{ repeat("[", "1,", KB_YAML_MAX_NODES - 1, "]"), NULL },
		{ repeat("[", "1,", KB_YAML_MAX_NODES, "]"), "yaml.many" },
		{ repeat("", "x", KB_YAML_MAX_SCALAR, ""), NULL },
		{ repeat("", "x", KB_YAML_MAX_SCALAR + 1, ""), "yaml.long" },
		{ repeat("", "#", KB_YAML_MAX_BYTES - 2, "\nx"), NULL },
		{ repeat("", "#", KB_YAML_MAX_BYTES - 1, "\nx"), "yaml.size" },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		read_bytes(rows[i].text, strlen(rows[i].text));
		const char *id = faults.count ? faults.list[0].id : NULL;
		cr_expect(kb_str_equal(id, rows[i].id), "row %zu: %s", i, id ? id : "no fault");
	}
}

Test(yaml, hostile_texts_take_linear_time)
{
	kb_buf keys = { .arena = arena }, same = { .arena = arena };
	for (int i = 0; i < 99999; i++) kb_buf_printf(&keys, "k%d: 1\n", i);
	for (int i = 0; i < 99999; i++) kb_buf_text(&same, "a: 1\n");
	const char *const texts[] = {
		repeat("", "[", KB_YAML_MAX_BYTES - 1, ""),
		repeat("", "- ", KB_YAML_MAX_BYTES / 2 - 1, ""),
		repeat("", "{", KB_YAML_MAX_BYTES - 1, ""),
		repeat("", "? ", KB_YAML_MAX_BYTES / 2 - 1, ""),
		repeat("", "a: ", KB_YAML_MAX_BYTES / 3 - 1, ""),
		repeat("\"", "x ", KB_YAML_MAX_BYTES / 2 - 2, "\""),
		repeat("", "x ", KB_YAML_MAX_BYTES / 2 - 2, ""),
		repeat("", "x\n", KB_YAML_MAX_BYTES / 2 - 2, ""),
		repeat("|\n", "\n", KB_YAML_MAX_BYTES - 9, ""),
		repeat("{", "a,", KB_YAML_MAX_NODES / 2 - 2, "}"),
		repeat("", "- x\n", KB_YAML_MAX_NODES - 9, ""),
		repeat("a: ", "\x01", KB_YAML_MAX_BYTES - 9, ""),
		repeat("[", "*a,", KB_YAML_MAX_NODES - 9, "]"),
		repeat("", "\n", KB_YAML_MAX_BYTES - 1, ""),
		kb_buf_string(&keys),
		kb_buf_string(&same),
	};
	for (size_t i = 0; i < KB_COUNT(texts); i++) {
		kb_arena_mark mark = kb_arena_save(arena);
		struct timespec a, b;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		read_bytes(texts[i], strlen(texts[i]));
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		double seconds = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
		cr_expect_lt(seconds, 20.0, "text %zu takes %.1f s", i, seconds);
		kb_arena_restore(arena, mark);
	}
}

/* Trees of hostile texts: what is written is read as the same. */

static uint32_t state;

static uint32_t any(uint32_t below)
{
	state = state * 1664525U + 1013904223U;
	return (state >> 8) % below;
}

static const char *const scraps[] = { " ", "  ", "\n", "\n\n", "a", "word", "null", "true", "12", "-", "- ", "? ", ": ",
	":", "#", " #", "'", "\"", "\\", "%", "@", "`", "!", "&a", "*a", "|", ">", ">-", "[", "]", "{", "}", ",", "---",
	"--- ", "...", "~", "<<", "=", "\t", "\r", "\x01", "\x1B", "\x7F", "\xC2\x85", "\xC2\xA0", "\xE2\x80\xA8",
	"\xE2\x80\xA9", "\xEF\xBB\xBF", "\xEF\xBF\xBE", "\xC3\xA9", "\xF0\x9F\x98\x80", "e\xCC\x81", "2026-11-22", "0x1F",
	"1.5", "a much longer run of words that goes on ", "PD-1", "yes", "\n ", " \n", "\n  - x\n", "\na: b\n",
	"antidisestablishmentarianism" };

static const char *random_text(void)
{
	kb_buf out = { .arena = arena };
	uint32_t n = any(4) == 0 ? any(40) : any(5);
	for (uint32_t i = 0; i < n; i++) kb_buf_text(&out, scraps[any(KB_COUNT(scraps))]);
	return kb_buf_string(&out);
}

static kb_node *random_tree(int depth)
{
	kb_node *node;
	uint32_t n = any(6);
	switch (any(depth > 0 ? 9 : 7)) {
	case 0: return kb_node_null(arena);
	case 1: return kb_node_bool(arena, any(2));
	case 2: return kb_node_int(arena, any(3) ? (int64_t)any(1000) - 500 : any(2) ? INT64_MIN : INT64_MAX);
	case 7:
		node = kb_node_list(arena);
		for (uint32_t i = 0; i < n; i++) kb_node_add(arena, node, random_tree(depth - 1));
		return node;
	case 8:
		node = kb_node_map(arena);
		for (uint32_t i = 0; i < n; i++) kb_node_set(arena, node, random_text(), random_tree(depth - 1));
		return node;
	default: return kb_node_text(arena, random_text());
	}
}

Test(yaml, what_is_written_is_read_as_the_same)
{
	for (uint32_t seed = 0; seed < 2000; seed++) {
		state = seed * 2654435761U + 12345;
		kb_node *tree = random_tree(5);
		kb_buf out = { .arena = arena };
		cr_assert_eq(kb_yaml_write(arena, tree, seed % 3 ? NULL : random_text(), &out, &err), KB_OK, "%s", err.message);
		kb_node *again = read_bytes(out.text, out.length);
		cr_assert_eq(faults.count, 0, "seed %u: line %u: %s\n%s", seed, faults.list[0].mark.line,
			faults.list[0].message, out.text);
		cr_assert(kb_node_equal(tree, again), "seed %u reads otherwise:\n%s", seed, out.text);
		kb_arena_free(arena); /* its blocks only grow */
		arena = kb_arena_new(MEMORY);
	}
}

Test(yaml, writing_is_pleasant_to_read)
{
	kb_node *map = kb_node_map(arena), *ksbs = kb_node_list(arena);
	kb_node_set_text(arena, map, "format", "ksbank-items/1");
	kb_node_set(arena, map, "ksbs", ksbs);
	kb_node_add(arena, ksbs, kb_node_text(arena, "K1"));
	kb_node_add(arena, ksbs, kb_node_text(arena, "S1"));
	kb_node_set_text(arena, map, "version", "1.0");
	kb_node_set_text(arena, map, "date", "2026-11-22");
	kb_node_set_text(arena, map, "lines", "one\ntwo\n");
	kb_node_set_text(arena, map, "stem",
		"Tell me about a time when the law shaped your work with someone who was assessed as posing a high "
		"risk of serious harm.");
	kb_node_set_int(arena, map, "minutes", 7);
	kb_node_set_bool(arena, map, "mapped", false);
	kb_buf out = { .arena = arena };
	cr_assert_eq(kb_yaml_write(arena, map, "Written by ksbank.\nDo not mind.", &out, &err), KB_OK);
	cr_expect_str_eq(out.text, "# Written by ksbank.\n# Do not mind.\nformat: ksbank-items/1\nksbs: [K1, S1]\nversion: "
							   "\"1.0\"\ndate: \"2026-11-22\"\n"
							   "lines: |\n  one\n  two\nstem: >-\n  Tell me about a time when the law shaped your work "
							   "with someone who was assessed as posing\n"
							   "  a high risk of serious harm.\nminutes: 7\nmapped: false\n");
}

Test(yaml, a_comment_stays_one_whatever_its_text)
{
	kb_buf out = { .arena = arena };
	kb_node *root;
	kb_yaml_comment(&out, 2, "Two\nlines, a \x07" "bell, \xC2\x85 next, \xE2\x80\xA8line and \xE2\x80\xA9paragraph, \xEF\xBB\xBFmark, na\xC3\xAFve  \r\n");
	cr_expect_str_eq(out.text, "  # Two lines, a bell,  next, line and paragraph, mark, na\xC3\xAFve\n");
	kb_yaml_comment(&out, 0, " \n");
	kb_yaml_comment(&out, 0, repeat("", "word ", 40, ""));
	size_t lines = 0;
	for (const char *p = out.text; *p; p = strchr(p, '\n') + 1, lines++) cr_expect_leq(strcspn(p, "\n"), 88);
	cr_expect_eq(lines, 4);
	kb_buf_text(&out, "a: b\n");
	cr_assert_eq(kb_yaml_read(arena, "t", out.text, out.length, &faults, &root, &err), KB_OK);
	cr_expect_eq(faults.count, 0);
	cr_expect_str_eq(kb_node_get_text(root, "a", ""), "b");
}

Test(yaml, what_could_not_be_read_again_is_not_written)
{
	kb_buf out = { .arena = arena };
	kb_node *deep = kb_node_list(arena);
	for (int i = 0; i < KB_YAML_MAX_DEPTH; i++) {
		kb_node *list = kb_node_list(arena);
		kb_node_add(arena, list, deep);
		deep = list;
	}
	cr_expect_eq(kb_yaml_write(arena, deep, NULL, &out, &err), KB_LIMIT);
	cr_expect_eq(
		kb_yaml_write(arena, kb_node_text(arena, repeat("", "x", KB_YAML_MAX_SCALAR + 1, "")), NULL, &out, &err),
		KB_LIMIT);
}

Test(yaml, lack_of_memory_is_an_error_at_any_point)
{
	static const char text[] = "a: [1, {b: c}]\nb: >-\n  text\na: *x\n";
	for (size_t nth = 1; nth < 200; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(MEMORY);
		kb_faults own = { .arena = small };
		kb_node *root;
		kb_arena_fail_at(small, nth);
		kb_status status = kb_yaml_read(small, "a.yaml", text, strlen(text), &own, &root, &err);
		if (status == KB_OK) {
			cr_expect_gt(nth, 10);
			return;
		}
		cr_expect_eq(status, KB_NO_MEMORY);
	}
	cr_assert(false, "never enough memory");
}
