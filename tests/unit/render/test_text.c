#include "support.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

typedef struct shape {
	const char *what, *markdown;
	size_t width;
	const char *text;
} shape;

Test(render_text, shapes)
{
	static const shape cases[] = {
		{ "nothing", "", 40, "" },
		{ "paragraphs wrap at blanks", "one two three four five\n\nsix", 20, "one two three four\nfive\n\nsix\n" },
		{ "a line that fits to the column", "aaaaaaaaaa bbbbbbbbb\n", 20, "aaaaaaaaaa bbbbbbbbb\n" },
		{ "breaks stay", "a\\\nb", 40, "a\nb\n" },
		{ "emphasis is not marked", "*a* **b** `c  d` &amp;", 40, "a b c d &\n" },
		{ "a link shows where it leads", "[a](http://x) <http://y>", 40, "a <http://x> http://y\n" },
		{ "headings", "# A b\n\nx\n\n## C\n### D\ny", 40, "A b\n═══\n\nx\n\n\nC\n─\n\nD\ny\n" },
		{ "bullets", "- one two three four five\n- six\n", 20, "• one two three four\n  five\n• six\n" },
		{ "loose bullets", "- a\n\n- b\n", 20, "• a\n\n• b\n" },
		{ "numbers line up", "9. a\n10. b\n", 20, " 9. a\n10. b\n" },
		{ "lists in lists", "- a\n  1. b\n  2. c\n- d\n", 20, "• a\n  1. b\n  2. c\n• d\n" },
		{ "an empty item", "-\n- a\n", 20, "•\n• a\n" },
		{ "a list that begins an item", "- - a\n", 20, "•\n  • a\n" },
		{ "a quote that begins an item", "- > a\n", 20, "•     a\n" },
		{ "quotes", "> one two three four\n>\n> b\n", 20, "    one two three\n    four\n\n    b\n" },
		{ "code is not wrapped", "```\na  b\n\n c\n```\n", 20, "    a  b\n\n     c\n" },
		{ "notes", "```notes 2\n```\nx\n", 20, "____________________\n____________________\n\nx\n" },
		{ "a rule", "a\n\n---\n\nb", 20, "a\n\n────────────────────\n\nb\n" },
		{ "a long word is cut", "abcdefghijklmnopqrstuvwxyz", 20, "abcdefghijklmnopqrst\nuvwxyz\n" },
		{ "a long word is cut behind a hyphen", "a-long-word-with-hyphens-in-it", 20,
			"a-long-word-with-\nhyphens-in-it\n" },
		{ "wide characters take two columns", "日本語日本語日本語日本語", 20, "日本語日本語日本語日\n本語\n" },
		{ "combining characters stay with theirs", "aaaaaaaaaaaaaaaaaaae\xCC\x81z", 20,
			"aaaaaaaaaaaaaaaaaaae\xCC\x81\nz\n" },
		{ "no control character comes through",
			"a\x1b[31mb\x07 \xC2\x9B"
			"c `\x1b` d",
			40,
			"a\xEF\xBF\xBD[31mb\xEF\xBF\xBD \xEF\xBF\xBD"
			"c \xEF\xBF\xBD d\n" },
		{ "a width below the least", "one two three four five", 1, "one two three four\nfive\n" },
	};
	for (size_t i = 0; i < KB_COUNT(cases); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		const char *text = text_of(arena, cases[i].markdown, cases[i].width);
		cr_expect(strcmp(text, cases[i].text) == 0, "%s: got\n%s", cases[i].what, text);
	}
}

Test(render_text, tables)
{
	static const shape cases[] = {
		{ "columns as wide as they need to be", "|A|B|\n|---|---:|\n|one|2|\n|t|34|\n", 40,
			"A     B\n───  ──\none   2\nt    34\n" },
		{ "centred", "|A|Bcd|\n|---|:---:|\n|x|y|\n", 40, "A  Bcd\n─  ───\nx   y\n" },
		{ "long cells wrap and stand apart", "|A|B|\n|---|---|\n|x|one two three four five six|\n|y|z|\n|v|w|\n", 20,
			"A  B\n─  ─────────────────\nx  one two three\n   four five six\n\ny  z\nv  w\n" },
		{ "two long columns share", "|A|B|\n|---|---|\n|aaa bbb ccc ddd eee fff ggg|hhh iii jjj kkk|\n", 26,
			"A                B\n───────────────  ─────────\naaa bbb ccc ddd  hhh iii\neee fff ggg      jjj kkk\n" },
		{ "no word is broken while there is room for it", "|A|B|C|\n|---|---|---|\n|ST0648-PD1-01 v1|aaa bbb ccc ddd eee|fff ggg hhh iii jjj|\n", 30,
			"A              B       C\n─────────────  ──────  ───────\nST0648-PD1-01  aaa     fff ggg\nv1             bbb     hhh iii\n               ccc     jjj\n               ddd\n               eee\n" },
		{ "nor so that another column is whole", "|A|B|\n|---|---|\n|aaa bbb cc|ddddddddddddd eeeeeeeeeeeee fff|\n", 23,
			"A      B\n─────  ────────────────\naaa    ddddddddddddd\nbbb    eeeeeeeeeeeee\ncc     fff\n" },
		{ "nothing to say in a narrow list", "|A|B|C|\n|---|---|---|\n|aaaaaaaaaa| |cccccccccc|\n", 20, "A: aaaaaaaaaa\nC: cccccccccc\n" },
		{ "without a head", "|||\n|---|---|\n|Name|Ann|\n|Age|5|\n", 40, "Name  Ann\nAge   5\n" },
		{ "what is to be filled in", "|||\n|---|---|\n|Name||\n", 40, "Name  ______________________________\n" },
		{ "a break in a cell", "|A|B|\n|---|---|\n|x&#10;y|z|\n", 40, "A  B\n─  ─\nx  z\ny\n" },
		{ "an empty cell", "|A|B|C|\n|---|---|---|\n|x| |z|\n", 40, "A  B  C\n─  ─  ─\nx     z\n" },
		{ "no rows", "|A|B|\n|---|---|\n", 40, "A  B\n─  ─\n" },
		{ "too narrow for columns", "|A|B|C|D|E|\n|---|---|---|---|---|\n|aaaaaaa|bbbbbbb|ccccccc|ddddddd|eeeeeee|\n",
			20, "A: aaaaaaa\nB: bbbbbbb\nC: ccccccc\nD: ddddddd\nE: eeeeeee\n" },
		{ "an escaped bar", "|A|\n|---|\n|x\\|y|\n", 40, "A\n───\nx|y\n" },
	};
	for (size_t i = 0; i < KB_COUNT(cases); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		const char *text = text_of(arena, cases[i].markdown, cases[i].width);
		cr_expect(strcmp(text, cases[i].text) == 0, "%s: got\n%s", cases[i].what, text);
	}
}

Test(render_text, lines_keep_to_the_width)
{
	static const char *const templates[] = { "assessor-pack.md", "recording-sheet.md" };
	for (size_t t = 0; t < KB_COUNT(templates); t++) {
		for (size_t width = KB_RENDER_LEAST_WIDTH; width <= 140; width += 15) {
			KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
			const char *text = paper(arena, templates[t], load_json(arena, "sample.json"), KB_RENDER_TEXT, width);
			cr_assert(text[0] != '\n');
			for (const char *line = text; *line;) {
				size_t length = strcspn(line, "\n");
				cr_assert(line[length] == '\n', "the last line does not end");
				cr_expect(kb_str_width(line, length) <= width, "%zu: %.*s", width, (int)length, line);
				cr_expect(length == 0 || line[length - 1] != ' ', "blanks at the end: %.*s|", (int)length, line);
				line += length + 1;
			}
		}
	}
}

Test(render_text, deep_nesting_leaves_room)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_buf md = { .arena = arena };
	for (int i = 0; i < 25; i++) kb_buf_text(&md, "- ");
	kb_buf_text(&md, "one two three four five six");
	const char *text = text_of(arena, kb_buf_string(&md), 30);
	cr_assert(strstr(text, "one two") != NULL);
}
