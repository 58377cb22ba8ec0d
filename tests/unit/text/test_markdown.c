#include "text/markdown.h"
#include "text/mustache.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

enum { CEILING = 64 * 1024 * 1024 };

static kb_md_node *read_md(kb_arena *arena, const char *text)
{
	kb_md_node *document;
	kb_err err = { 0 };
	kb_status status = kb_markdown_read(arena, text, strlen(text), &document, &err);
	cr_assert(status == KB_OK, "%s", err.message);
	return document;
}

/* The tree as a line: h1(T"x") p(em(T"y")) ... */
static void sketch(kb_buf *out, const kb_md_node *node)
{
	static const char *const names[] = { "doc", "h", "p", "quote", "ul", "ol", "li", "hr", "pre", "notes", "table",
		"head", "body", "row", "th", "td", "T", "br", "em", "b", "code", "a" };
	kb_buf_text(out, names[node->kind]);
	if (node->level) kb_buf_printf(out, "%d", node->level);
	if (node->tight) kb_buf_char(out, '!');
	if (node->align) kb_buf_char(out, node->align == KB_MD_RIGHT ? '>' : '^');
	if (node->text) kb_buf_printf(out, "'%s'", node->text);
	if (!node->first) return;
	kb_buf_char(out, '(');
	for (const kb_md_node *child = node->first; child; child = child->next) {
		if (child != node->first) kb_buf_char(out, ' ');
		sketch(out, child);
	}
	kb_buf_char(out, ')');
}

Test(markdown, shapes)
{
	static const char *const cases[][2] = {
		{ "", "doc" },
		{ "a b\nc", "doc(p(T'a b c'))" },
		{ "a\n\nb", "doc(p(T'a') p(T'b'))" },
		{ "# A\n\n### B *c*\n", "doc(h1(T'A') h3(T'B ' em(T'c')))" },
		{ "A\n===\nB\n---\n", "doc(h1(T'A') h2(T'B'))" },
		{ "a **b** _c_ `d<e` f", "doc(p(T'a ' b(T'b') T' ' em(T'c') T' ' code'd<e' T' f'))" },
		{ "a\\\nb  \nc", "doc(p(T'a' br T'b' br T'c'))" },
		{ "> a\n> b", "doc(quote(p(T'a b')))" },
		{ "- a\n- b\n  - c\n", "doc(ul!(li(p(T'a')) li(p(T'b') ul!(li(p(T'c'))))))" },
		{ "- a\n\n- *b* c\n", "doc(ul(li(p(T'a')) li(p(em(T'b') T' c'))))" },
		{ "- *b* c\n- d\\\n  e", "doc(ul!(li(p(em(T'b') T' c')) li(p(T'd' br T'e'))))" },
		{ "3. a\n4. b\n", "doc(ol3!(li(p(T'a')) li(p(T'b'))))" },
		{ "-\n- a", "doc(ul!(li li(p(T'a'))))" },
		{ "a\n\n---\n\nb", "doc(p(T'a') hr p(T'b'))" },
		{ "```\n a\nb\n```\n", "doc(pre' a\nb\n')" },
		{ "```\n```\n", "doc(pre'')" },
		{ "    a", "doc(p(T'a'))" },
		{ "```notes 6\n```\n", "doc(notes6'')" },
		{ "``` notes 60\nx\n```\n", "doc(notes60'x\n')" },
		{ "```notes 61\n```\n", "doc(pre'')" },
		{ "```notes 0\n```\n", "doc(pre'')" },
		{ "```notes x\n```\n", "doc(pre'')" },
		{ "|A|B|\n|---|---:|\n|1|*2*|\n||\n",
			"doc(table(head(row(th(T'A') th>(T'B'))) body(row(td(T'1') td>(em(T'2'))) row(td td>))))" },
		{ "|||\n|---|:---:|\n|1|2|\n", "doc(table(body(row(td(T'1') td^(T'2')))))" },
		{ "|A|\n|---|\n|b&#10;*c*&#10;|\n", "doc(table(head(row(th(T'A'))) body(row(td(T'b' br em(T'c') br)))))" },
		{ "|A|\n|---|\n", "doc(table(head(row(th(T'A')))))" },
		{ "[a *b*](http://x/?a=1)", "doc(p(a'http://x/?a=1'(T'a ' em(T'b'))))" },
		{ "![a *b*](x.png) c", "doc(p(T'a ' em(T'b') T' c'))" },
		{ "<b>x</b>\n\n<div>\ny", "doc(p(T'<b>x</b>') p(T'<div> y'))" },
		{ "&amp;&lt;&nbsp;&#65;&#x20AC;&#0;&#x110000;&unknown; &x",
			"doc(p(T'&<\xC2\xA0"
			"A\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD&unknown; &x'))" },
		{ "~~a~~ www.x.org $a$", "doc(p(T'~~a~~ www.x.org $a$'))" },
		{ "\xE2\x98\x90 a", "doc(p(T'\xE2\x98\x90 a'))" },
	};
	for (size_t i = 0; i < KB_COUNT(cases); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_buf out = { .arena = arena };
		sketch(&out, read_md(arena, cases[i][0]));
		cr_expect(strcmp(kb_buf_string(&out), cases[i][1]) == 0, "%s\n gave %s\n  not %s", cases[i][0],
			kb_buf_string(&out), cases[i][1]);
	}
}

/* ---- what is escaped comes back as typed ---- */

static void gather(kb_buf *out, const kb_md_node *node, bool *markup)
{
	if (node->kind > KB_MD_TEXT) *markup = true;
	if (node->kind == KB_MD_TEXT) kb_buf_text(out, node->text);
	for (const kb_md_node *child = node->first; child; child = child->next) gather(out, child, markup);
}

static const kb_md_node *inside(const kb_md_node *document, const kb_md_kind *way, size_t steps)
{
	const kb_md_node *node = document;
	for (size_t i = 0; i < steps; i++) {
		if (!node || !node->first || node->first != node->last || node->first->kind != way[i]) return NULL;
		node = node->first;
	}
	return node;
}

/* White space at both ends goes, runs of it are one space. */
static const char *tidy(kb_arena *arena, const char *text)
{
	kb_buf out = { .arena = arena };
	for (const char *p = text; *p; p++) {
		bool blank = *p == ' ' || (*p >= '\t' && *p <= '\r');
		if (!blank) kb_buf_char(&out, *p);
		else if (out.length && kb_buf_string(&out)[out.length - 1] != ' ') kb_buf_char(&out, ' ');
	}
	if (out.length && out.text[out.length - 1] == ' ') out.text[--out.length] = '\0';
	return kb_buf_string(&out);
}

typedef struct place {
	const char *before, *behind, *text_before, *text_behind;
	kb_md_kind way[5];
	size_t steps;
} place;

static const place places[] = {
	{ "", "\n", "", "", { KB_MD_PARAGRAPH }, 1 },
	{ "Word\n", "\n", "Word ", "", { KB_MD_PARAGRAPH }, 1 },
	{ "a ", " b", "a ", " b", { KB_MD_PARAGRAPH }, 1 },
	{ "x", "x", "x", "x", { KB_MD_PARAGRAPH }, 1 },
	{ "> ", "\n", "", "", { KB_MD_QUOTE, KB_MD_PARAGRAPH }, 2 },
	{ "- x ", "\n", "x ", "", { KB_MD_BULLETS, KB_MD_ITEM, KB_MD_PARAGRAPH }, 3 },
	{ "- ", "\n", "", "", { KB_MD_BULLETS, KB_MD_ITEM, KB_MD_PARAGRAPH }, 3 },
	{ "12. ", "\n", "", "", { KB_MD_NUMBERS, KB_MD_ITEM, KB_MD_PARAGRAPH }, 3 },
	{ "## ", "\n", "", "", { KB_MD_HEADING }, 1 },
	{ "## 1 ", " ##\n", "1 ", "", { KB_MD_HEADING }, 1 },
	{ "| |\n|---|\n| ", " |\n", "", "", { KB_MD_TABLE, KB_MD_BODY, KB_MD_ROW, KB_MD_CELL }, 4 },
	{ "", "\n", "", "", { KB_MD_PARAGRAPH }, 1 },
};

static void comes_back(const char *typed, const place *p)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_buf md = { .arena = arena }, want = { .arena = arena }, got = { .arena = arena };
	kb_buf_text(&md, p->before);
	kb_markdown_escape(&md, typed, strlen(typed));
	kb_buf_text(&md, p->behind);
	kb_buf_printf(&want, "%s%s%s", p->text_before, typed, p->text_behind);
	const char *expected = tidy(arena, kb_buf_string(&want));
	if (!*expected) return;
	const kb_md_node *node = inside(read_md(arena, kb_buf_string(&md)), p->way, p->steps);
	cr_assert(node != NULL, "typed \"%s\": \"%s\" has another shape", typed, kb_buf_string(&md));
	bool markup = false;
	gather(&got, node, &markup);
	cr_assert(markup == false, "typed \"%s\": \"%s\" has markup", typed, kb_buf_string(&md));
	cr_assert(kb_str_equal(tidy(arena, kb_buf_string(&got)), expected), "typed \"%s\": \"%s\" became \"%s\"", typed,
		kb_buf_string(&md), kb_buf_string(&got));
}

static void comes_back_everywhere(const char *typed)
{
	for (size_t i = 0; i < KB_COUNT(places); i++) comes_back(typed, &places[i]);
}

Test(markdown, known_traps_come_back)
{
	static const char *const typed[] = { "1. x", "1) x", "# x", "####### x", "- x", "-", "+", "+ x", "=", "===", "|",
		"a|b", "||", "|-|", "~", "~~~", "```notes 3", "&amp;", "&#65;", "&", "<b>x</b>", "<!-- x -->", "<http://x.org>",
		"*", "* x", "*x*", "**x**", "_x_", "__x__", "`x`", "``", "\\", "\\\\", "\\|", "x\\", "[", "[x](y)", "[x]: y",
		"![x](y)", "[x][y]", "!", "!x", ":", ":-", ":-:", "{{x}}", "{{{x}}}", "$x$", "^x^", "x  ", "  x", "\tx",
		"\n\nx", "x\n\ny", "x\n- y", "x\r\n# y", "x\\\ny", "http://x.org", "www.x.org", "a@b.org", "\"x\" 'y'", "---",
		"***", "___", "- - -", "x #", "x ##", "> x", ">", ";", "?", "/", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
		"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", "e\xCC\x81", "\xC2\xA0x\xC2\xA0", "*\xC2\xA0x\xC2\xA0*",
		"<script>alert('1')</script>", "\x01\x1b[31m", "\xE2\x80\xA8x" };
	for (size_t i = 0; i < KB_COUNT(typed); i++) comes_back_everywhere(typed[i]);
}

Test(markdown, every_short_text_comes_back)
{
	char typed[4] = "";
	for (int a = 1; a < 128; a++) {
		typed[0] = (char)a, typed[1] = '\0';
		comes_back_everywhere(typed);
	}
	static const char signs[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \n1x";
	for (size_t i = 0; signs[i]; i++) {
		for (size_t j = 0; signs[j]; j++) {
			typed[0] = signs[i], typed[1] = signs[j], typed[2] = '\0';
			comes_back_everywhere(typed);
		}
	}
}

Test(markdown, random_texts_come_back)
{
	static const char *const bits[] = { "*", "_", "`", "~", "#", "+", "-", "=", "|", "\\", "<", ">", "[", "]", "(", ")",
		"!", ":", "&", "&amp;", "1.", "2)", " ", "  ", "    ", "\t", "\n", "\n\n", "a", "word", "\"", "'", "{{", "}}",
		"<b>", "http://", "é", "\xE2\x82\xAC", "\xF0\x9F\x99\x82", "---", "```", "\xC2\xA0", "$", "^", "@", ";", "," };
	uint32_t state = 20261122;
	for (int run = 0; run < 1500; run++) {
		char typed[512] = "";
		size_t length = 0;
		for (int n = 0; n < 14; n++) {
			state = state * 1664525 + 1013904223;
			const char *bit = bits[(state >> 16) % KB_COUNT(bits)];
			length += (size_t)snprintf(typed + length, sizeof typed - length, "%s", bit);
		}
		comes_back_everywhere(typed);
	}
}

Test(markdown, nesting_is_limited)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_buf md = { .arena = arena };
	kb_buf_fill(&md, '>', 63);
	kb_buf_text(&md, "x");
	kb_md_node *document;
	kb_err err = { 0 };
	kb_status status = kb_markdown_read(arena, md.text, md.length, &document, &err);
	cr_assert(eq(int, status, KB_LIMIT));
	cr_assert(kb_str_equal(err.id, "markdown.too-deep"), "%s", err.id);
	status = kb_markdown_read(arena, md.text + 1, md.length - 1, &document, &err);
	cr_assert(eq(int, status, KB_OK));
}

Test(markdown, hostile_input_takes_linear_time)
{
	static const char *const bits[] = { "![[]()", "[", "<", "*a_", "|", "> ", "- ", "`", "&", "\\", "[a](",
		"|a|\n|---|\n", "[a]: b\n" };
	for (size_t i = 0; i < KB_COUNT(bits); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 * 1024 * 1024);
		kb_buf md = { .arena = arena };
		while (md.length < 200000) kb_buf_text(&md, bits[i]);
		kb_md_node *document;
		kb_err err = { 0 };
		kb_status status = kb_markdown_read(arena, md.text, md.length, &document, &err);
		cr_expect(status == KB_OK || status == KB_LIMIT);
	}
}

Test(markdown, a_full_arena_is_an_error)
{
	static const char text[] = "# A\n\n- b *c* `d`\n- [e](f)\n\n|g|\n|---|\n|h|\n\n```notes 2\n```\n";
	for (size_t nth = 1; nth < 60; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_arena_fail_at(arena, nth);
		kb_md_node *document;
		kb_err err = { 0 };
		kb_status status = kb_markdown_read(arena, text, strlen(text), &document, &err);
		cr_expect(status == KB_OK || status == KB_NO_MEMORY || status == KB_LIMIT);
	}
}

Test(markdown, a_row_of_a_table_stays_one_row)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_err err = { 0 };
	kb_node *data = kb_node_map(arena);
	kb_node_set_text(arena, data, "x", "a|b\nc\\|d `e|f`");
	kb_node_set_text(arena, data, "nothing", "");
	kb_mustache_options options = { .escape = kb_markdown_escape, .strict = true };
	kb_buf md = { .arena = arena }, out = { .arena = arena };
	kb_status status =
		kb_mustache_fill(arena, "t", "|A|B|\n|---|---|\n|{{nothing}}|{{x}}|\n", data, &options, &md, &err);
	cr_assert(eq(int, status, KB_OK));
	sketch(&out, read_md(arena, kb_buf_string(&md)));
	cr_assert(kb_str_equal(kb_buf_string(&out), "doc(table(head(row(th(T'A') th(T'B'))) body(row(td "
												   "td(T'a|b c\\|d `e|f`')))))"), "%s", kb_buf_string(&out));
}
