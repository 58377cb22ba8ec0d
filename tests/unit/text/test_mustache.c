/* Every rule of the published Mustache specification that kb_mustache_fill takes, in our own cases. */
#include "text/json.h"
#include "text/mustache.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { CEILING = 64 * 1024 * 1024 };

typedef struct one {
	const char *rule, *template, *data, *expected;
} one;

/* Partials of the cases: name, text. */
static const char *partial(void *context, const char *name)
{
	static const char *const texts[][2] = {
		{ "greet", "Hello {{who}}!" },
		{ "line", "one\n" },
		{ "two", "first\n{{{text}}}\nlast\n" },
		{ "tree", "({{name}}{{#kids}}{{>tree}}{{/kids}})" },
		{ "outer", "[{{>greet}}]" },
		{ "outer-line", "{\n  {{>line}}\n}\n" },
		{ "bare", "{{who}} <%who%>" },
		{ "set", "{{=<% %>=}}<%who%>" },
		{ "empty", "" },
		{ "endless", "{{>endless}}" },
		{ "broken", "a\n  {{#who}}" },
		{ "strict", "x\n{{nobody}}" },
	};
	cr_assert(context == NULL);
	for (size_t i = 0; i < KB_COUNT(texts); i++)
		if (strcmp(texts[i][0], name) == 0) return texts[i][1];
	return NULL;
}

static kb_status fill(
	kb_arena *arena, const char *template, const char *data, bool strict, const char **text, kb_err *err)
{
	kb_node *node;
	kb_status read = kb_json_read(arena, "data", data, strlen(data), &node, err);
	cr_assert(read == KB_OK, "%s: %s", data, err->message);
	kb_buf out = { .arena = arena };
	kb_mustache_options options = { .escape = kb_mustache_escape_html, .strict = strict, .partial = partial };
	kb_status status = kb_mustache_fill(arena, "t.mustache", template, node, &options, &out, err);
	*text = kb_buf_string(&out);
	return status;
}

static void check_all(const one *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_err err = { 0 };
		const char *text;
		kb_status status = fill(arena, cases[i].template, cases[i].data, false, &text, &err);
		cr_expect(status == KB_OK, "%s: %s", cases[i].rule, err.message);
		cr_expect(strcmp(text, cases[i].expected) == 0, "%s: got \"%s\", expected \"%s\"", cases[i].rule, text,
			cases[i].expected);
	}
}

Test(mustache, interpolation)
{
	static const one cases[] = {
		{ "text without tags stays", "a } { }} b", "{}", "a } { }} b" },
		{ "a name is replaced", "Dear {{who}},", "{\"who\":\"Ann\"}", "Dear Ann," },
		{ "an escaped tag is escaped", "{{x}}", "{\"x\":\"<a & \\\"b\\\">\"}", "&lt;a &amp; &quot;b&quot;&gt;" },
		{ "three braces are not escaped", "{{{x}}}", "{\"x\":\"<&\\\"\"}", "<&\"" },
		{ "an ampersand is not escaped", "{{&x}}", "{\"x\":\"<&\\\"\"}", "<&\"" },
		{ "what is filled in is not read again", "{{x}}{{{x}}}", "{\"x\":\"{{y}}\",\"y\":1}", "{{y}}{{y}}" },
		{ "an int is decimal", "{{n}} {{{m}}}", "{\"n\":85,\"m\":-9223372036854775807}", "85 -9223372036854775807" },
		{ "a bool is a word", "{{y}} {{n}}", "{\"y\":true,\"n\":false}", "true false" },
		{ "null is empty", "[{{x}}][{{{x}}}][{{&x}}]", "{\"x\":null}", "[][][]" },
		{ "a missing name is empty", "[{{x}}][{{{x}}}][{{&x}}]", "{}", "[][][]" },
		{ "blanks around a name do not count", "{{ x }}{{\tx\n}}{{{ x }}}{{& x }}", "{\"x\":1}", "1111" },
		{ "blanks around a tag stay", " \t{{x}}\n {{&x}} ", "{\"x\":1}", " \t1\n 1 " },
		{ "a name on a line of its own keeps the line", "  {{x}}\n", "{\"x\":1}", "  1\n" },
		{ "no name at all in the data", "[{{x}}]", "5", "[]" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, dotted_names)
{
	static const one cases[] = {
		{ "dots walk into maps", "{{a.b.c}}|{{{a.b.c}}}|{{&a.b.c}}", "{\"a\":{\"b\":{\"c\":\"<\"}}}", "&lt;|<|<" },
		{ "a broken chain is empty", "[{{a.b.c}}]", "{\"a\":{}}", "[]" },
		{ "a chain through a text is empty", "[{{a.b}}]", "{\"a\":\"text\"}", "[]" },
		{ "the rest of a chain is not looked up further out", "[{{a.b}}]", "{\"a\":{},\"b\":\"wrong\"}", "[]" },
		{ "the first part is looked up outwards", "{{#s}}{{a.b}}{{/s}}", "{\"s\":{\"x\":1},\"a\":{\"b\":2}}", "2" },
		{ "an inner first part hides an outer one", "[{{#s}}{{a.b}}{{/s}}]",
			"{\"s\":{\"a\":{}},\"a\":{\"b\":\"wrong\"}}", "[]" },
		{ "a section may be dotted", "{{#a.b}}yes{{/a.b}}", "{\"a\":{\"b\":true}}", "yes" },
		{ "a broken chain is a false section", "[{{#a.b}}no{{/a.b}}]", "{\"a\":{}}", "[]" },
		{ "an inverted section may be dotted", "{{^a.b}}yes{{/a.b}}", "{\"a\":{\"b\":false}}", "yes" },
		{ "a broken chain is a true inverted section", "{{^a.b.c}}yes{{/a.b.c}}", "{\"a\":{}}", "yes" },
		{ "the dot of an iterator is no chain", "{{#l}}{{x.y}}{{/l}}", "{\"l\":[{\"x\":{\"y\":1}},{\"x\":{\"y\":2}}]}",
			"12" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, sections)
{
	static const one cases[] = {
		{ "true shows", "[{{#b}}x{{/b}}]", "{\"b\":true}", "[x]" },
		{ "false hides", "[{{#b}}x{{/b}}]", "{\"b\":false}", "[]" },
		{ "null hides", "[{{#b}}x{{/b}}]", "{\"b\":null}", "[]" },
		{ "missing hides", "[{{#b}}x{{/b}}]", "{}", "[]" },
		{ "an empty text hides", "[{{#b}}x{{/b}}]", "{\"b\":\"\"}", "[]" },
		{ "zero shows", "[{{#b}}{{.}}{{/b}}]", "{\"b\":0}", "[0]" },
		{ "a map is entered", "{{#p}}{{name}} of {{town}}{{/p}}", "{\"p\":{\"name\":\"Bo\"},\"town\":\"Leeds\"}",
			"Bo of Leeds" },
		{ "an inner name hides an outer one", "{{#p}}{{x}}{{/p}}{{x}}", "{\"p\":{\"x\":1},\"x\":2}", "12" },
		{ "a text is entered", "{{#t}}({{.}}){{/t}}", "{\"t\":\"so\"}", "(so)" },
		{ "a list repeats", "{{#l}}{{n}},{{/l}}", "{\"l\":[{\"n\":1},{\"n\":2},{\"n\":3}]}", "1,2,3," },
		{ "an empty list hides", "[{{#l}}x{{/l}}]", "{\"l\":[]}", "[]" },
		{ "an item sees what is outside", "{{#l}}{{n}}{{o}}{{/l}}", "{\"l\":[{\"n\":1},{\"n\":2}],\"o\":\"-\"}",
			"1-2-" },
		{ "the same section twice", "{{#b}}1{{/b}}.{{#b}}2{{/b}}", "{\"b\":true}", "1.2" },
		{ "nested of the same name", "{{#b}}a{{#b}}b{{/b}}c{{/b}}", "{\"b\":true}", "abc" },
		{ "nested and hidden", "{{#a}}1{{#b}}2{{/b}}3{{/a}}", "{\"a\":true,\"b\":false}", "13" },
		{ "lists in lists", "{{#rows}}{{#cells}}{{.}}{{/cells}};{{/rows}}",
			"{\"rows\":[{\"cells\":[1,2]},{\"cells\":[]},{\"cells\":[3]}]}", "12;;3;" },
		{ "contexts pile up", "{{#a}}{{#b}}{{x}}{{y}}{{z}}{{/b}}{{/a}}", "{\"x\":1,\"a\":{\"y\":2,\"b\":{\"z\":3}}}",
			"123" },
		{ "blanks inside the tags", "{{# b }}x{{/ b }}", "{\"b\":true}", "x" },
		{ "blanks outside the tags stay", " {{#b}}x{{/b}}\t|", "{\"b\":true}", " x\t|" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, implicit_iterator)
{
	static const one cases[] = {
		{ "texts", "{{#l}}<{{.}}>{{/l}}", "{\"l\":[\"a\",\"b\"]}", "<a><b>" },
		{ "ints", "{{#l}}{{.}} {{/l}}", "{\"l\":[1,-2]}", "1 -2 " },
		{ "escaped", "{{#l}}{{.}}{{/l}}", "{\"l\":[\"<\"]}", "&lt;" },
		{ "not escaped", "{{#l}}{{{.}}}{{&.}}{{/l}}", "{\"l\":[\"<\"]}", "<<" },
		{ "lists of lists", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "{\"l\":[[1,2],[3]]}", "(12)(3)" },
		{ "the root itself", "{{.}}", "\"root\"", "root" },
		{ "the root list", "{{#.}}{{v}}{{/.}}", "[{\"v\":1},{\"v\":2}]", "12" },
		{ "inverted", "{{#l}}{{^.}}0{{/.}}{{#.}}1{{/.}}{{/l}}", "{\"l\":[true,false]}", "10" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, inverted_sections)
{
	static const one cases[] = {
		{ "false shows", "[{{^b}}x{{/b}}]", "{\"b\":false}", "[x]" },
		{ "true hides", "[{{^b}}x{{/b}}]", "{\"b\":true}", "[]" },
		{ "null shows", "[{{^b}}x{{/b}}]", "{\"b\":null}", "[x]" },
		{ "missing shows", "[{{^b}}x{{/b}}]", "{}", "[x]" },
		{ "a map hides", "[{{^b}}x{{/b}}]", "{\"b\":{}}", "[]" },
		{ "a list hides", "[{{^b}}x{{/b}}]", "{\"b\":[0]}", "[]" },
		{ "an empty list shows", "[{{^b}}x{{/b}}]", "{\"b\":[]}", "[x]" },
		{ "the context stays", "{{^b}}{{x}}{{/b}}", "{\"x\":1}", "1" },
		{ "nested", "{{^b}}a{{^b}}b{{/b}}c{{/b}}", "{}", "abc" },
		{ "with its opposite", "{{#b}}yes{{/b}}{{^b}}no{{/b}}", "{}", "no" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, standalone_lines)
{
	static const one cases[] = {
		{ "the lines of a section go", "a\n{{#b}}\nx\n{{/b}}\nz\n", "{\"b\":true}", "a\nx\nz\n" },
		{ "the lines of an inverted section go", "a\n{{^b}}\nx\n{{/b}}\nz\n", "{}", "a\nx\nz\n" },
		{ "indented ones too", "a\n  {{#b}}\n  x\n\t{{/b}}\nz\n", "{\"b\":true}", "a\n  x\nz\n" },
		{ "blanks behind too", "a\n{{#b}} \t\nx\n{{/b}}  \nz", "{\"b\":true}", "a\nx\nz" },
		{ "carriage returns too", "a\r\n{{#b}}\r\nx\r\n{{/b}}\r\nz", "{\"b\":true}", "a\r\nx\r\nz" },
		{ "on the first line", "  {{#b}}\nx\n{{/b}}\n", "{\"b\":true}", "x\n" },
		{ "on a last line without a line feed", "{{#b}}\nx\n  {{/b}}", "{\"b\":true}", "x\n" },
		{ "not with company before", "a {{#b}}\nx\n{{/b}}\n", "{\"b\":true}", "a \nx\n" },
		{ "not with company behind", "{{#b}} x\n{{/b}}\n", "{\"b\":true}", " x\n" },
		{ "not with another tag", "{{#b}}{{/b}}\nz", "{\"b\":true}", "\nz" },
		{ "empty lines inside stay", "{{#b}}\n\nx\n\n{{/b}}\n", "{\"b\":true}", "\nx\n\n" },
		{ "hidden lines leave nothing", "a\n{{#b}}\nx\n{{/b}}\nz\n", "{}", "a\nz\n" },
		{ "table rows", "|h|\n|-|\n{{#l}}\n|{{.}}|\n{{/l}}\n", "{\"l\":[1,2]}", "|h|\n|-|\n|1|\n|2|\n" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, comments)
{
	static const one cases[] = {
		{ "inside a line", "a{{! no }}b", "{}", "ab" },
		{ "blanks around stay", "a {{!no}} b", "{}", "a  b" },
		{ "over lines", "a{{! no\n no }}b\n", "{}", "ab\n" },
		{ "alone on a line", "a\n{{! no }}\nb\n", "{}", "a\nb\n" },
		{ "alone and indented", "a\n  {{! no }}  \nb\n", "{}", "a\nb\n" },
		{ "alone over lines", "a\n{{! no\n{{ never\n}}\nb\n", "{}", "a\nb\n" },
		{ "alone with carriage returns", "a\r\n{{! no }}\r\nb", "{}", "a\r\nb" },
		{ "alone on the last line", "a\n  {{! no }}", "{}", "a\n" },
		{ "a name in it is not looked up", "{{!who}}|{{! {who} }}", "{\"who\":1,\"!\":2,\"!who\":3}", "|" },
		{ "empty", "{{!}}a", "{}", "a" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, delimiters)
{
	static const one cases[] = {
		{ "a pair", "{{=<% %>=}}<%x%>{{x}}", "{\"x\":1}", "1{{x}}" },
		{ "blanks around", "{{=  <%   %>  =}}<% x %>", "{\"x\":1}", "1" },
		{ "signs that mean something elsewhere", "({{=[ ]=}}[x])", "{\"x\":1}", "(1)" },
		{ "the same sign twice", "{{=| |=}}|x|", "{\"x\":1}", "1" },
		{ "and back", "{{=<% %>=}}<%x%><%={{ }}=%>{{x}}", "{\"x\":1}", "11" },
		{ "sections", "{{=| |=}}|#l||.|;|/l|", "{\"l\":[1,2]}", "1;2;" },
		{ "inverted sections", "{{=| |=}}|^l|no|/l|", "{}", "no" },
		{ "not escaped", "{{=| |=}}|&x||{x}|", "{\"x\":\"<\"}", "<<" },
		{ "changed inside a section", "{{#b}}{{=| |=}}|x|{{x}}|/b|", "{\"b\":true,\"x\":1}", "1{{x}}" },
		{ "comments", "{{=| |=}}a|! no |b", "{}", "ab" },
		{ "alone on a line", "a\n  {{=<% %>=}} \nb\n", "{}", "a\nb\n" },
		{ "alone with carriage returns", "a\r\n{{=<% %>=}}\r\nb", "{}", "a\r\nb" },
		{ "alone on the last line", "a\n {{=<% %>=}}", "{}", "a\n" },
		{ "blanks beside it stay", "a {{=<% %>=}} b", "{}", "a  b" },
		{ "a partial begins with the usual ones", "{{=<% %>=}}<%>bare%>", "{\"who\":1}", "1 <%who%>" },
		{ "what a partial sets ends with it", "{{>set}}{{who}}<%who%>", "{\"who\":1}", "11<%who%>" },
	};
	check_all(cases, KB_COUNT(cases));
}

Test(mustache, partials)
{
	static const one cases[] = {
		{ "inside a line", "[{{>greet}}]", "{\"who\":\"Ann\"}", "[Hello Ann!]" },
		{ "one that is not there", "[{{>nothing}}]", "{}", "[]" },
		{ "one that is empty", "[{{>empty}}]", "{}", "[]" },
		{ "sees the context", "{{#p}}{{>greet}}{{/p}}", "{\"p\":{\"who\":\"Bo\"}}", "Hello Bo!" },
		{ "in a partial", "{{>outer}}", "{\"who\":1}", "[Hello 1!]" },
		{ "in itself", "{{>tree}}",
			"{\"name\":\"a\",\"kids\":[{\"name\":\"b\",\"kids\":[]},{\"name\":\"c\",\"kids\":[]}]}", "(a(b)(c))" },
		{ "blanks in the tag", "{{> greet }}", "{\"who\":1}", "Hello 1!" },
		{ "blanks around stay", "a {{>greet}} b", "{\"who\":1}", "a Hello 1! b" },
		{ "inside a line nothing is indented", "  x {{>two}}", "{\"text\":\"t\"}", "  x first\nt\nlast\n" },
		{ "alone it takes its line", "a\n{{>line}}\nb\n", "{}", "a\none\nb\n" },
		{ "alone and indented", "a\n  {{>line}}\nb\n", "{}", "a\n  one\nb\n" },
		{ "every line is indented, what is filled in is not", "<\n\t{{>two}}\n>", "{\"text\":\"1\\n2\"}",
			"<\n\tfirst\n\t1\n2\n\tlast\n>" },
		{ "indentation adds up", " {{>outer-line}}\n", "{}", " {\n   one\n }\n" },
		{ "alone with carriage returns", "a\r\n{{>greet}}\r\nb", "{\"who\":1}", "a\r\nHello 1!b" },
		{ "alone on the last line", "a\n  {{>greet}}", "{\"who\":1}", "a\n  Hello 1!" },
		{ "twice with other indentation", " {{>line}}\n{{>line}}\n", "{}", " one\none\n" },
	};
	check_all(cases, KB_COUNT(cases));
}

typedef struct bad {
	const char *template, *id;
	uint32_t line, column;
} bad;

static void refuse_all(const bad *cases, size_t count, bool strict)
{
	for (size_t i = 0; i < count; i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_err err = { 0 };
		const char *text;
		kb_status status =
			fill(arena, cases[i].template, "{\"who\":\"Ann\",\"list\":[1],\"map\":{\"a\":1}}", strict, &text, &err);
		cr_expect(status != KB_OK && status == err.status, "%s was taken", cases[i].template);
		cr_expect(strcmp(err.id, cases[i].id) == 0, "%s: %s", cases[i].template, err.id);
		cr_expect(err.line == cases[i].line && err.column == cases[i].column, "%s: %u:%u", cases[i].template, err.line,
			err.column);
	}
}

Test(mustache, faults_have_a_place)
{
	static const bad cases[] = {
		{ "{{who", "mustache.unclosed-tag", 1, 1 },
		{ "a\n  {{who}\n}", "mustache.unclosed-tag", 2, 3 },
		{ "{{{who}}", "mustache.unclosed-tag", 1, 1 },
		{ "{{! never", "mustache.unclosed-tag", 1, 1 },
		{ "é€\xf0\x9f\x99\x82 {{#who}}", "mustache.unclosed-section", 1, 5 },
		{ "{{#who}}\n{{#list}}\n{{/list}}\n", "mustache.unclosed-section", 1, 1 },
		{ "{{^who}}", "mustache.unclosed-section", 1, 1 },
		{ "a\n{{/who}}", "mustache.not-open", 2, 1 },
		{ "{{#who}}\n{{#list}}{{/who}}{{/list}}", "mustache.wrong-close", 2, 10 },
		{ "{{}}", "mustache.name", 1, 1 },
		{ "{{#}}{{/}}", "mustache.name", 1, 1 },
		{ "{{>}}", "mustache.name", 1, 1 },
		{ "{{a b}}", "mustache.name", 1, 1 },
		{ "{{a..b}}", "mustache.name", 1, 1 },
		{ "{{.a}}", "mustache.name", 1, 1 },
		{ "{{a.}}", "mustache.name", 1, 1 },
		{ "{{=<%=}}", "mustache.delimiters", 1, 1 },
		{ "{{==}}", "mustache.delimiters", 1, 1 },
		{ "{{=a b c=}}", "mustache.delimiters", 1, 1 },
		{ "{{=a= b=}}", "mustache.delimiters", 1, 1 },
		{ "x{{list}}", "mustache.not-text", 1, 2 },
		{ "x{{{map}}}", "mustache.not-text", 1, 2 },
		{ "{{>endless}}", "mustache.too-deep", 1, 1 },
		{ "   {{>broken}}\n", "mustache.unclosed-section", 2, 3 },
	};
	refuse_all(cases, KB_COUNT(cases), false);
}

Test(mustache, strict_wants_every_name)
{
	static const bad cases[] = {
		{ "a\n {{nobody}}", "mustache.missing", 2, 2 },
		{ "{{{nobody}}}", "mustache.missing", 1, 1 },
		{ "{{map.b}}", "mustache.missing", 1, 1 },
		{ "{{#list}}{{nobody}}{{/list}}", "mustache.missing", 1, 10 },
		{ "{{>nothing}}", "mustache.no-partial", 1, 1 },
		{ "{{>strict}}", "mustache.missing", 2, 1 },
	};
	refuse_all(cases, KB_COUNT(cases), true);
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_err err = { 0 };
	const char *text;
	kb_status status =
		fill(arena, "{{a}}{{#b}}{{never}}{{/b}}{{^b}}x{{/b}}{{null}}", "{\"a\":1,\"null\":null}", true, &text, &err);
	cr_assert(eq(int, status, KB_OK));
	cr_assert(kb_str_equal(text, "1x"), "%s", text);
	status = fill(arena, "{{stemm}}", "{\"stem\":1,\"other\":2}", true, &text, &err);
	cr_assert(eq(int, status, KB_INVALID));
	cr_assert(strstr(err.hint, "\"stem\"") != NULL);
	cr_assert(kb_str_equal(err.file, "t.mustache"), "%s", err.file);
}

static const char *repeated(kb_arena *arena, const char *text, size_t times)
{
	kb_buf buf = { .arena = arena };
	for (size_t i = 0; i < times; i++) kb_buf_text(&buf, text);
	return kb_buf_string(&buf);
}

Test(mustache, depth_is_limited)
{
	for (size_t n = 31; n <= 34; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_err err = { 0 };
		kb_buf all = { .arena = arena };
		kb_buf_text(&all, repeated(arena, "{{#b}}", n));
		kb_buf_text(&all, "x");
		kb_buf_text(&all, repeated(arena, "{{/b}}", n));
		const char *text;
		kb_status status = fill(arena, kb_buf_string(&all), "{\"b\":true}", false, &text, &err);
		cr_expect(eq(int, status, n <= 32 ? KB_OK : KB_LIMIT));
		cr_expect(kb_str_equal(text, n <= 32 ? "x" : ""), "%s", text);
	}
}

Test(mustache, length_and_work_are_limited)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_err err = { 0 };
	const char *text;
	kb_status status = fill(arena, repeated(arena, "0123456789abcdef", 65537), "{}", false, &text, &err);
	cr_assert(eq(int, status, KB_LIMIT));
	cr_assert(kb_str_equal(err.id, "mustache.too-long"), "%s", err.id);

	kb_buf all = { .arena = arena };
	kb_buf_text(&all, repeated(arena, "{{#l}}", 20));
	kb_buf_text(&all, repeated(arena, "{{/l}}", 20));
	status = fill(arena, kb_buf_string(&all), "{\"l\":[1,2,3,4,5,6,7,8,9,10]}", false, &text, &err);
	cr_assert(eq(int, status, KB_LIMIT));
	cr_assert(kb_str_equal(err.id, "mustache.work"), "%s", err.id);
}

Test(mustache, a_full_arena_is_an_error)
{
	for (size_t nth = 1; nth < 12; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_err err = { 0 };
		kb_node *data = kb_node_map(arena);
		kb_node_set_text(arena, data, "who", "Ann");
		kb_buf out = { .arena = arena };
		kb_mustache_options options = { .partial = partial };
		kb_arena_fail_at(arena, nth);
		kb_status status =
			kb_mustache_fill(arena, "t", "{{#who}}a{{who}}{{/who}}\n  {{>greet}}\n", data, &options, &out, &err);
		cr_expect(status == KB_OK || status == KB_NO_MEMORY || status == KB_LIMIT);
		if (status == KB_OK)
			cr_expect(kb_str_equal(kb_buf_string(&out), "aAnn  Hello Ann!"), "%s", kb_buf_string(&out));
	}
}
