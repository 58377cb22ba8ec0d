#include "support.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

typedef void finder(kb_arena *arena, const char *written, const char *text, const char *what);

static void in_order(kb_arena *arena, const char *written, const char *text, const char *what)
{
	cr_expect(strstr(written, tidy(arena, text)) != NULL, "%s is not there: %s", what, text);
}

/* In columns side by side the words stand apart: each of them has to be there. */
static void word_by_word(kb_arena *arena, const char *written, const char *text, const char *what)
{
	while (*text) {
		size_t length = strcspn(text, " ");
		cr_expect(strstr(written, kb_arena_copy(arena, text, length)) != NULL, "%s: a word is not there: %.*s", what,
			(int)length, text);
		text += length + (text[length] == ' ');
	}
}

static void each_text(kb_arena *arena, const char *written, const kb_node *list, const char *key, finder *find)
{
	for (size_t i = 0; i < list->count; i++) find(arena, written, kb_node_get_text(list->items[i], key, "?"), key);
}

static void check_question(kb_arena *arena, const char *written, const kb_node *question, finder *beside)
{
	static const char *const grades[] = { "pass", "distinction" };
	static const char *const keys[] = { "id", "theme_name", "kind", "demand", "stem", "accessibility" };
	for (size_t i = 0; i < KB_COUNT(keys); i++)
		in_order(arena, written, kb_node_get_text(question, keys[i], "?"), keys[i]);
	const kb_node *prompts = kb_node_get(question, "prompts"), *ksbs = kb_node_get(question, "ksbs");
	cr_assert(prompts->count > 0 && ksbs->count > 0);
	for (size_t i = 0; i < prompts->count; i++) in_order(arena, written, prompts->items[i]->text, "prompt");
	each_text(arena, written, ksbs, "code", in_order);
	each_text(arena, written, ksbs, "text", in_order);
	for (size_t i = 0; i < ksbs->count; i++)
		each_text(arena, written, kb_node_get(ksbs->items[i], "wordings"), "text", in_order);
	for (size_t i = 0; i < KB_COUNT(grades); i++) {
		const kb_node *grade = kb_node_get(question, grades[i]);
		beside(arena, written, kb_node_get_text(grade, "shows", "?"), grades[i]);
		each_text(arena, written, kb_node_get(grade, "descriptors"), "id", in_order);
		each_text(arena, written, kb_node_get(grade, "descriptors"), "text", beside);
	}
}

static void check_pack(kb_arena *arena, const kb_node *data, const char *written, finder *beside)
{
	static const char *const keys[] = { "paper", "candidate", "standard", "standard_title", "method_name", "digest",
		"minutes_rule", "attribution" };
	for (size_t i = 0; i < KB_COUNT(keys); i++) in_order(arena, written, kb_node_get_text(data, keys[i], "?"), keys[i]);
	const kb_node *questions = kb_node_get(data, "questions"), *themes = kb_node_get(data, "themes");
	cr_assert(eq(sz, questions->count, 12));
	for (size_t i = 0; i < questions->count; i++) check_question(arena, written, questions->items[i], beside);
	for (size_t i = 0; i < themes->count; i++) {
		each_text(arena, written, kb_node_get(themes->items[i], "pass"), "text", beside);
		each_text(arena, written, kb_node_get(themes->items[i], "distinction"), "text", beside);
	}
	each_text(arena, written, kb_node_get(data, "rules"), "text", in_order);
	cr_expect(strstr(written, "DISPUTED") != NULL);
}

Test(render_paper, the_pack_holds_all_there_is)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const kb_node *data = load_json(arena, "sample.json");
	check_pack(
		arena, data, tidy(arena, words_of(arena, paper(arena, "assessor-pack.md", data, KB_RENDER_HTML, 0))), in_order);
	check_pack(arena, data, tidy(arena, paper(arena, "assessor-pack.md", data, KB_RENDER_TEXT, 80)), word_by_word);
	check_pack(arena, data, tidy(arena, paper(arena, "assessor-pack.md", data, KB_RENDER_TEXT, 120)), word_by_word);
}

Test(render_paper, the_sheet_holds_the_whole_checklist)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const kb_node *data = load_json(arena, "sample.json"), *list = kb_node_get(data, "checklist");
	const char *html = tidy(arena, words_of(arena, paper(arena, "recording-sheet.md", data, KB_RENDER_HTML, 0)));
	cr_assert(eq(sz, list->count, 13));
	for (size_t i = 0; i < list->count; i++) {
		in_order(arena, html,
			kb_arena_printf(arena, "%c %s ☐", (char)('a' + i), kb_node_get_text(list->items[i], "text", "?")), "item");
	}
	in_order(arena, html, "Never write the name of a person on probation", "warning");
	each_text(arena, html, kb_node_get(data, "questions"), "id", in_order);
	each_text(arena, html, kb_node_get(data, "themes"), "name", in_order);
}

Test(render_paper, the_same_input_gives_the_same_bytes)
{
	static const char *const templates[] = { "assessor-pack.md", "recording-sheet.md" };
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	for (size_t i = 0; i < KB_COUNT(templates); i++) {
		for (int format = KB_RENDER_TEXT; format <= KB_RENDER_HTML; format++) {
			const char *once =
				paper(arena, templates[i], load_json(arena, "sample.json"), (kb_render_format)format, 80);
			const char *twice =
				paper(arena, templates[i], load_json(arena, "sample.json"), (kb_render_format)format, 80);
			cr_expect(strcmp(once, twice) == 0);
		}
	}
}

/* KB_ACCEPT=1 writes what came over what was expected. */
static void is_golden(kb_arena *arena, const char *written, const char *name)
{
	const char *accept = getenv("KB_ACCEPT");
	if (accept && strcmp(accept, "1") == 0) {
		kb_err err = { 0 };
		const char *path = kb_arena_printf(arena, "%s/%s", KB_TEST_DATA, name);
		kb_status status = kb_file_write(path, written, strlen(written), 0644, &err);
		cr_assert(status == KB_OK, "%s", err.message);
	}
	const char *expected = load(arena, name);
	size_t line = 1, at = 0;
	for (; written[at] && written[at] == expected[at]; at++) line += written[at] == '\n';
	cr_assert(written[at] == expected[at], "%s differs in line %zu: %.80s", name, line, written + at);
}

Test(render_paper, golden)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	const kb_node *data = load_json(arena, "small.json");
	is_golden(arena, paper(arena, "assessor-pack.md", data, KB_RENDER_TEXT, 80), "small-pack.txt");
	is_golden(arena, paper(arena, "assessor-pack.md", data, KB_RENDER_HTML, 0), "small-pack.html");
	is_golden(arena, paper(arena, "recording-sheet.md", data, KB_RENDER_TEXT, 80), "small-sheet.txt");
	is_golden(arena, paper(arena, "cli/paper-draw.md", load_json(arena, "draw.json"), KB_RENDER_TEXT, 80), "draw.txt");
}

/* ---- hostile texts ---- */

/* Writes the text over every text of the tree, but for those that say what kind of thing it is. */
static void replace(kb_arena *arena, kb_node *node, const char *text)
{
	if (node->kind == KB_NODE_TEXT) *node = *kb_node_text(arena, text);
	if (node->kind == KB_NODE_LIST)
		for (size_t i = 0; i < node->count; i++) replace(arena, node->items[i], text);
	if (node->kind == KB_NODE_MAP)
		for (size_t i = 0; i < node->pair_count; i++) replace(arena, node->pairs[i].value, text);
}

static const char *const hostile[] = { "# not a heading", "- no item", "1. no number", "| no | cell |", "```notes 60",
	"---", "***", "===", "**bold** _em_ `code`", "[link](http://x.org)", "![image](x.png)", "<script>alert(1)</script>",
	"<!-- x --> </td></table>", "&lt;b&gt;", "&#10;&#60;", "{{paper}} {{{digest}}} {{#questions}}{{/questions}}",
	"{{> x}} {{=<% %>=}}", "\\ \\\\ \\| \\*", "> no quote", "a  \\", "~~~", "\" onload=\"x' style='y",
	"שלום עולם مرحبا", "👩‍💻 🇬🇧 ☐ é e\xCC\x81", "http://x.org www.x.org a@b.org", "$x$ ^y^ %s %n",
	"\u202Edrawkcab", "+ plus", ": colon", "[x]: y", "____", "a | b || c" };

static void comes_out_as_typed(const char *template, const char *text)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_node *data = load_json(arena, "small.json"), *harmless = load_json(arena, "small.json");
	kb_buf word = { .arena = arena };
	kb_buf_fill(&word, 'w', strlen(text));
	replace(arena, harmless, kb_buf_string(&word));
	replace(arena, data, text);
	const char *html = paper(arena, template, data, KB_RENDER_HTML, 0);
	const char *tags = tags_of(arena, paper(arena, template, harmless, KB_RENDER_HTML, 0));
	cr_expect(strcmp(tags_of(arena, html), tags) == 0, "%s: other markup with %s", template, text);
	in_order(arena, tidy(arena, words_of(arena, strstr(html, "<main>"))), text, "hostile text in HTML");
	in_order(arena, tidy(arena, paper(arena, template, data, KB_RENDER_TEXT, 300)), text, "hostile text in text");
}

Test(render_paper, hostile_texts_come_out_as_typed)
{
	for (size_t i = 0; i < KB_COUNT(hostile); i++) {
		comes_out_as_typed("assessor-pack.md", hostile[i]);
		comes_out_as_typed("recording-sheet.md", hostile[i]);
	}
}

Test(render_paper, a_very_long_word_breaks_nothing)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_node *data = load_json(arena, "small.json");
	kb_buf word = { .arena = arena };
	for (int i = 0; i < 500; i++) kb_buf_text(&word, "日é");
	replace(arena, data, kb_buf_string(&word));
	const char *text = paper(arena, "assessor-pack.md", data, KB_RENDER_TEXT, 80);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		cr_assert(kb_str_width(line, strcspn(line, "\n")) <= 80, "%.200s", line);
	cr_expect(strstr(paper(arena, "assessor-pack.md", data, KB_RENDER_HTML, 0), kb_buf_string(&word)) != NULL);
}

Test(render_paper, a_missing_key_is_an_error)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_buf out = { .arena = arena };
	kb_err err = { 0 };
	kb_render_options options = { 0 };
	kb_status status =
		kb_render_paper(arena, "x.md", "# {{a}}\n\n{{b}}\n", load_json(arena, "draw.json"), &options, &out, &err);
	cr_assert(eq(int, status, KB_INVALID));
	cr_assert(kb_str_equal(err.file, "x.md"), "%s", err.file);
}

Test(render_paper, a_full_arena_is_an_error)
{
	static const char template[] = "# {{a}}\n\n- b\n\n|c|d|\n|---|---|\n|e|f|\n\n```notes 2\n```\n";
	for (int format = KB_RENDER_TEXT; format <= KB_RENDER_HTML; format++) {
		for (size_t nth = 1; nth < 90; nth++) {
			KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
			kb_node *data = kb_node_map(arena);
			kb_node_set_text(arena, data, "a", "x");
			kb_buf out = { .arena = arena };
			kb_err err = { 0 };
			kb_render_options options = { .format = (kb_render_format)format };
			kb_arena_fail_at(arena, nth);
			kb_status status = kb_render_paper(arena, "t", template, data, &options, &out, &err);
			cr_expect(status == KB_OK || status == KB_NO_MEMORY || status == KB_LIMIT);
		}
	}
}
