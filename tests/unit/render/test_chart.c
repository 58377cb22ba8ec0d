/* Charts: well-formed, legible, and the same bytes for the same figures. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "render/chart.h"
#include "render/render.h"

#define CEILING ((size_t)64 << 20)

static kb_chart chart_of(kb_arena *arena, uint32_t count, uint32_t highest)
{
	kb_chart_bar *bars = kb_arena_array(arena, count, sizeof *bars);
	for (uint32_t i = 0; i < count; i++)
		bars[i] = (kb_chart_bar) { kb_arena_printf(arena, "Q-%u", i), (uint32_t)((uint64_t)highest * (count - i) / count) };
	return (kb_chart) { .id = "chances", .title = "Chances", .description = "They fall.", .horizontal = "questions",
		.vertical = "chance", .bars = bars, .bar_count = count, .marks = { { "even", highest / 2 }, { "limit", highest } },
		.mark_count = 2 };
}

static const char *svg_of(kb_arena *arena, const kb_chart *chart)
{
	kb_buf out = { .arena = arena };
	kb_chart_svg(chart, &out);
	return kb_buf_string(&out);
}

static size_t times(const char *text, const char *word)
{
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) count++;
	return count;
}

/* Held against xmllint, where the machine has it. */
static void is_well_formed(const char *svg)
{
	char path[] = "/tmp/ksbank-chart.XXXXXX";
	kb_err err;
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	close(fd);
	cr_assert_eq(kb_file_write(path, svg, strlen(svg), 0600, &err), KB_OK, "%s", err.message);
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	int code = system(kb_arena_printf(arena, "command -v xmllint > /dev/null || exit 0; xmllint --noout %s", path));
	unlink(path);
	cr_assert_eq(code, 0, "%s", svg);
}

Test(chart, is_well_formed_at_every_size)
{
	static const uint32_t counts[] = { 0, 1, 12, 17, 18, 118, 419, 421, 5000 };
	for (size_t i = 0; i < KB_COUNT(counts); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_chart chart = chart_of(arena, counts[i], 300000);
		const char *svg = svg_of(arena, &chart);
		is_well_formed(svg);
		cr_assert_eq(times(svg, "<title>"), counts[i] < KB_CHART_BARS ? counts[i] : KB_CHART_BARS);
		cr_assert_eq(times(svg, ">Q-"), counts[i] <= 17 ? /* "Q-16" has room, 18 such have not */ 2 * counts[i] : counts[i] < KB_CHART_BARS ? counts[i] : KB_CHART_BARS);
		cr_assert_str_eq(svg, svg_of(arena, &chart));
	}
}

Test(chart, says_to_listeners_what_it_shows)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_chart chart = chart_of(arena, 3, 300000);
	const char *svg = svg_of(arena, &chart);
	cr_assert(strstr(svg, "role=\"img\" aria-labelledby=\"chances-title chances-description\""));
	cr_assert(strstr(svg, "<title id=\"chances-title\">Chances</title>"));
	cr_assert(strstr(svg, "<desc id=\"chances-description\">They fall.</desc>"));
	cr_assert(strstr(svg, "<title>Q-0: 30 %</title>"));
	cr_assert(strstr(svg, "<title>Q-1: 20 %</title>"));
	cr_assert(strstr(svg, "even: 15 %"));
}

Test(chart, labels_are_broken_between_words)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_chart_bar bars[8] = { { "ST0648/1.0 Case Study and Presentation", 1 }, { "", 1 } };
	kb_chart chart = { .id = "c", .title = "t", .description = "d", .horizontal = "h", .vertical = "v", .bars = bars, .bar_count = 4 };
	for (size_t i = 1; i < KB_COUNT(bars); i++) bars[i].label = "B C";
	const char *svg = svg_of(arena, &chart); /* 20 letters to a line */
	cr_assert(strstr(svg, "middle\">ST0648/1.0 Case Study</text>") == NULL);
	cr_assert(strstr(svg, ">ST0648/1.0 Case</text>") && strstr(svg, ">Study and</text>") && strstr(svg, ">Presentation</text>"), "%s", svg);
	cr_assert(strstr(svg, ">B C</text>"));
	chart.bar_count = 8; /* 9 letters */
	cr_assert_null(strstr(svg_of(arena, &chart), ">Study"));
}

Test(chart, things_are_counted)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_chart chart = chart_of(arena, 3, 6);
	chart.counts = true;
	const char *svg = svg_of(arena, &chart);
	cr_assert(strstr(svg, "<title>Q-0: 6</title>"));
	cr_assert(strstr(svg, "end\">5</text>"));
	cr_assert(strstr(svg, ">even: 3</text>"));
	cr_assert_null(strstr(svg, " %</"));
}

/* Whatever an organisation or a question is called. */
Test(chart, words_stay_words)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_chart chart = chart_of(arena, 2, 300000);
	chart.title = chart.description = chart.horizontal = chart.vertical = "a < b & \"c\" \x1b </title><script>";
	((kb_chart_bar *)(uintptr_t)chart.bars)[0].label = "</title>'&";
	const char *svg = svg_of(arena, &chart);
	is_well_formed(svg);
	cr_assert_null(strstr(svg, "<script"));
	cr_assert_null(strchr(svg, '\x1b'));
}

/* The axis has two to six steps of a round size, whatever the figures, and ends at or above the highest. */
Test(chart, axes_are_round)
{
	static const struct {
		uint32_t highest;
		const char *top;
	} axes[] = { { 0, "0.0001 %" }, { 1, "0.0001 %" }, { 7, "0.0008 %" }, { 100000, "10 %" }, { 299999, "30 %" }, { 300000, "30 %" },
		{ 300001, "40 %" }, { 614000, "80 %" }, { 1000000, "100 %" }, { UINT32_MAX, "100 %" } };
	for (size_t i = 0; i < KB_COUNT(axes); i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
		kb_chart_bar bar = { "Q", axes[i].highest };
		kb_chart chart = { .id = "c", .title = "t", .description = "d", .horizontal = "h", .vertical = "v", .bars = &bar, .bar_count = 1 };
		const char *svg = svg_of(arena, &chart);
		size_t lines = times(svg, "<line");
		cr_assert(lines >= 2 && lines <= 7, "%u: %zu lines", axes[i].highest, lines);
		cr_assert(strstr(svg, kb_arena_printf(arena, "end\">%s</text>", axes[i].top)), "%u: %s", axes[i].highest, svg);
	}
}

Test(chart, a_page_shows_it_before_its_second_heading)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(CEILING);
	kb_buf out = { .arena = arena };
	kb_err err;
	kb_render_options options = { .format = KB_RENDER_HTML, .figure = "<figure>here</figure>" };
	cr_assert_eq(kb_render_paper(arena, "x", "# One\n\nwords\n\n## Two\n", NULL, &options, &out, &err), KB_OK, "%s", err.message);
	cr_assert(strstr(out.text, "<p>words</p>\n<figure>here</figure><section"), "%s", out.text);
}
