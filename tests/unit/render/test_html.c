#include "support.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* What stands in <main>. */
static const char *body_of(kb_arena *arena, const char *markdown)
{
	const char *html = html_of(arena, markdown, "T", NULL);
	const char *from = strstr(html, "<main>\n"), *to = strstr(html, "</main>");
	cr_assert(from != NULL && to != NULL);
	return kb_arena_copy(arena, from + 7, (size_t)(to - from - 7));
}

Test(render_html, shapes)
{
	static const char *const cases[][2] = {
		{ "a *b* **c** `d`\\\ne", "<p>a <em>b</em> <strong>c</strong> <code>d</code><br>e</p>\n" },
		{ "a < b & \"c\" 'd' <i>", "<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39; &lt;i&gt;</p>\n" },
		{ "`<b>`\n\n```\n<i>&\n```\n", "<p><code>&lt;b&gt;</code></p>\n<pre><code>&lt;i&gt;&amp;\n</code></pre>\n" },
		{ "> a\n", "<blockquote>\n<p>a</p>\n</blockquote>\n" },
		{ "- a\n- *b*\n", "<ul>\n<li>a</li>\n<li><em>b</em></li>\n</ul>\n" },
		{ "3. a\n\n4. b\n", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n" },
		{ "1. a\n   - b\n", "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n" },
		{ "a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n" },
		{ "# A\n\n## B\n\n---\n\n## C\n",
			"<section class=\"level1\">\n<h1>A</h1>\n<section class=\"level2\">\n<h2>B</h2>\n</section>\n"
			"<section class=\"level2 page\">\n<h2>C</h2>\n</section>\n</section>\n" },
		{ "```notes 2\n```\n", "<div class=\"notes\" aria-hidden=\"true\"><div></div><div></div></div>\n" },
		{ "[a](http://x/?b&c) [d](javascript:e) [f](/g) [h](mailto:i@j)",
			"<p><a href=\"http://x/?b&amp;c\">a</a> d f <a href=\"mailto:i@j\">h</a></p>\n" },
		{ "[a](b-1.html) [c](d/e_f.json) [g](../h) [i](./j) [k](l/../m) [n](o:p) [q](r?s)",
			"<p><a href=\"b-1.html\">a</a> <a href=\"d/e_f.json\">c</a> g i k n q</p>\n" },
		{ "[a](http://x\"y'z)", "<p><a href=\"http://x&quot;y&#39;z\">a</a></p>\n" },
		{ "|A| |C|\n|---|---:|:---:|\n|x|y|z|\n| |1| |\n",
			"<table>\n<colgroup><col><col><col></colgroup>\n"
			"<thead>\n<tr><th scope=\"col\">A</th><td class=\"right\"></td><th scope=\"col\" "
			"class=\"centre\">C</th></tr>\n</thead>\n"
			"<tbody>\n<tr><td>x</td><td class=\"right\">y</td><td class=\"centre\">z</td></tr>\n"
			"<tr><td></td><td class=\"right\">1</td><td class=\"centre\"></td></tr>\n</tbody>\n</table>\n" },
		{ "|||\n|---|---|\n|A|b|\n|C||\n",
			"<table class=\"facts short\">\n<colgroup><col><col></colgroup>\n<tbody>\n<tr><th "
			"scope=\"row\">A</th><td>b</td></tr>\n"
			"<tr><th scope=\"row\">C</th><td></td></tr>\n</tbody>\n</table>\n" },
		{ "|A|B|\n|---|---|\n|x||\n",
			"<table>\n<colgroup><col><col class=\"open\"></colgroup>\n<thead>\n<tr><th scope=\"col\">A</th>"
			"<th scope=\"col\">B</th></tr>\n</thead>\n<tbody>\n<tr><td>x</td><td></td></tr>\n</tbody>\n</table>\n" },
		{ "a\x1b[1m \x7F \xC2\x85 b", "<p>a\xEF\xBF\xBD[1m \xEF\xBF\xBD \xEF\xBF\xBD b</p>\n" },
	};
	for (size_t i = 0; i < KB_COUNT(cases); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		const char *body = body_of(arena, cases[i][0]);
		cr_expect(strcmp(body, cases[i][1]) == 0, "%s gave\n%s", cases[i][0], body);
	}
}

Test(render_html, the_page_is_whole)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const char *html = html_of(arena, "x\n\n## A *b* <c>\n", NULL, "p { margin: 0 }\n");
	cr_assert(strncmp(html, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n", 36) == 0);
	cr_assert(strstr(html, "<meta charset=\"utf-8\">") != NULL);
	cr_assert(strstr(html, "<title>A b &lt;c&gt;</title>") != NULL);
	cr_assert(strstr(html, "p { margin: 0 }") != NULL);
	cr_assert(strstr(html, "content: \"A b \\3c c\\3e \"") != NULL);
	cr_assert(strstr(html_of(arena, "x", NULL, NULL), "<title>ksbank</title>") != NULL);
}

Test(render_html, a_title_stays_a_title)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const char *html = html_of(arena, "x", "\"} </style><script>\\\n'é", NULL);
	cr_assert(strstr(html, "<script") == NULL);
	cr_assert(strstr(html, "content: \"\\22 } \\3c /style\\3e \\3c script\\3e \\5c \\a 'é\"") != NULL);
}

Test(render_html, a_style_sheet_can_not_close_its_element)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_md_node document = { .kind = KB_MD_DOCUMENT };
	kb_buf out = { .arena = arena };
	kb_err err = { 0 };
	kb_status status = kb_render_html(arena, &document, &(kb_render_options) { .css = "a{} </STYLE><b>" }, &out, &err);
	cr_assert(eq(int, status, KB_INVALID));
	cr_assert(kb_str_equal(err.id, "render.css"), "%s", err.id);
}

/* Every element that is opened is closed, in order. */
static void is_balanced(const char *html)
{
	static const char *const empty[] = { "meta", "br", "hr", "col", "!DOCTYPE" };
	char open[64][16];
	size_t depth = 0;
	for (const char *tag = strchr(html, '<'); tag; tag = strchr(tag + 1, '<')) {
		bool closes = tag[1] == '/';
		char name[16] = "";
		size_t length = strcspn(tag + 1 + closes, " >");
		cr_assert(length < sizeof name, "%.30s", tag);
		memcpy(name, tag + 1 + closes, length);
		bool void_element = false;
		for (size_t i = 0; i < KB_COUNT(empty); i++) void_element = void_element || strcmp(name, empty[i]) == 0;
		if (void_element) continue;
		if (!closes) {
			cr_assert(depth < KB_COUNT(open));
			memcpy(open[depth++], name, sizeof name);
		} else {
			cr_assert(depth > 0 && strcmp(open[depth - 1], name) == 0, "%.30s closes %s", tag,
				depth ? open[depth - 1] : "nothing");
			depth--;
		}
	}
	cr_assert(depth == 0);
}

Test(render_html, elements_are_balanced)
{
	static const char *const templates[] = { "assessor-pack.md", "recording-sheet.md" };
	for (size_t t = 0; t < KB_COUNT(templates); t++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		const char *html = paper(arena, templates[t], load_json(arena, "sample.json"), KB_RENDER_HTML, 0);
		is_balanced(html);
		cr_assert(strstr(html, "<th scope=\"col\">") != NULL && strstr(html, "<th scope=\"row\">") != NULL);
	}
}

Test(render_html, the_style_sheet_of_print_is_taken)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const char *html = html_of(arena, "# A\n", NULL, load(arena, "../../../templates/print.css"));
	cr_assert(strstr(html, "size: A4;") != NULL);
}
