#include "render/chart.h"

#include <string.h>

#include "render/render.h"

/* In units of the picture, 960 across. */
enum { WIDTH = 960, LEFT = 84, RIGHT = 24, TOP = 62, PLOT = 300, LINE = 24, TEXT = 17, LETTER = 10, WHOLE = 1000000 };

typedef struct drawing {
	const kb_chart *chart;
	kb_buf *out;
	uint32_t step, top; /* of the vertical axis, in millionths */
	int bottom;         /* of the plot and of the labels below it */
	int lines;          /* of the labels on the axis; 0: there is no room for them */
	size_t letters;     /* to a line */
} drawing;

/* The next line of a label: as many words as there is room for. */
static size_t next_line(const drawing *d, const char *label)
{
	size_t length = 0, word = strcspn(label, " ");
	while (word <= d->letters) {
		length = word;
		if (!label[word]) break;
		word += 1 + strcspn(label + word + 1, " ");
	}
	return length;
}

/* Labels stand side by side, broken between words; one word without room takes them all away. */
static void fit_labels(drawing *d)
{
	enum { LINES_MAX = 4 };
	int most = 1;
	if (d->chart->bar_count == 0) return;
	d->letters = (WIDTH - LEFT - RIGHT) / LETTER / d->chart->bar_count;
	d->letters -= d->letters > 0;
	for (size_t i = 0; i < d->chart->bar_count; i++) {
		int lines = 0;
		for (const char *rest = d->chart->bars[i].label; *rest; lines++) {
			size_t length = next_line(d, rest);
			if (length == 0) return;
			rest += length + (rest[length] == ' ');
		}
		if (lines > most) most = lines;
	}
	if (most <= LINES_MAX) d->lines = most;
}

/* The first of 1, 2, 5, 10, 20, 50 ... of which at most six reach the highest value. */
static void choose_axis(drawing *d)
{
	static const uint32_t factors[] = { 1, 2, 5 };
	uint32_t highest = 1, scale = 1;
	for (size_t i = 0; i < d->chart->bar_count; i++)
		if (d->chart->bars[i].value > highest) highest = d->chart->bars[i].value;
	for (size_t i = 0; i < d->chart->mark_count; i++)
		if (d->chart->marks[i].value > highest) highest = d->chart->marks[i].value;
	if (highest > WHOLE) highest = WHOLE;
	for (size_t f = 0; (d->step = factors[f] * scale) * 6 < highest; f = (f + 1) % 3)
		if (f == 2) scale *= 10;
	d->top = (highest + d->step - 1) / d->step * d->step;
}

/* "12.5 %", with no more decimals than it takes, at most `most` of them. */
static void write_percent(kb_buf *out, uint32_t value, int most)
{
	uint32_t unit = WHOLE / 100;
	for (int i = 0; i < most; i++) unit /= 10;
	uint32_t rounded = (value + unit / 2) / unit, whole = WHOLE / 100 / unit, part = rounded % whole;
	kb_buf_printf(out, "%u", rounded / whole);
	if (part) kb_buf_char(out, '.');
	for (uint32_t place = whole / 10; part; part %= place, place /= 10) kb_buf_printf(out, "%u", part / place);
	kb_buf_text(out, " %");
}

static void write_value(const drawing *d, uint32_t value, int most)
{
	if (d->chart->counts) kb_buf_printf(d->out, "%u", value);
	else write_percent(d->out, value, most);
}

static uint32_t height_of(const drawing *d, uint32_t value)
{
	return (uint32_t)((uint64_t)(value < d->top ? value : d->top) * PLOT * 10 / d->top);
}

/* In tenths, as the coordinates are written. */
static void write_tenths(kb_buf *out, uint32_t tenths)
{
	kb_buf_printf(out, "%u.%u", tenths / 10, tenths % 10);
}

static void write_line(const drawing *d, uint32_t y, const char *look)
{
	kb_buf_printf(d->out, "<line x1=\"%d\" x2=\"%d\" y1=\"", LEFT, WIDTH - RIGHT);
	write_tenths(d->out, y);
	kb_buf_text(d->out, "\" y2=\"");
	write_tenths(d->out, y);
	kb_buf_printf(d->out, "\" %s/>\n", look);
}

static void write_vertical(const drawing *d)
{
	for (uint32_t value = 0; value <= d->top; value += d->step) {
		uint32_t y = (TOP + PLOT) * 10 - height_of(d, value);
		write_line(d, y, value ? "stroke=\"#c4c4c4\"" : "stroke=\"#111\" stroke-width=\"1.5\"");
		kb_buf_printf(d->out, "<text x=\"%d\" y=\"", LEFT - 8);
		write_tenths(d->out, y + 60);
		kb_buf_text(d->out, "\" text-anchor=\"end\">");
		write_value(d, value, 4);
		kb_buf_text(d->out, "</text>\n");
	}
}

static void write_label(const drawing *d, const char *label, uint32_t middle)
{
	char line[WIDTH];
	for (int y = TOP + PLOT + LINE; *label; y += LINE) {
		size_t length = next_line(d, label);
		memcpy(line, label, length);
		line[length] = '\0';
		kb_buf_text(d->out, "<text x=\"");
		write_tenths(d->out, middle);
		kb_buf_printf(d->out, "\" y=\"%d\" text-anchor=\"middle\">", y);
		kb_render_escape(d->out, line);
		kb_buf_text(d->out, "</text>\n");
		label += length + (label[length] == ' ');
	}
}

/* Bar `place` of `places` stands for those of the chart from `from` up to `to`: the highest of them is drawn. */
static void write_bar(const drawing *d, uint32_t place, uint32_t places, size_t from, size_t to)
{
	const kb_chart_bar *bar = &d->chart->bars[from];
	for (size_t i = from + 1; i < to; i++)
		if (d->chart->bars[i].value > bar->value) bar = &d->chart->bars[i];
	uint32_t room = (WIDTH - LEFT - RIGHT) * 10, left = LEFT * 10 + (uint32_t)((uint64_t)room * place / places),
			 right = LEFT * 10 + (uint32_t)((uint64_t)room * (place + 1) / places), gap = (right - left) / 5,
			 height = height_of(d, bar->value);
	kb_buf_text(d->out, "<rect x=\"");
	write_tenths(d->out, left + gap / 2);
	kb_buf_text(d->out, "\" y=\"");
	write_tenths(d->out, (TOP + PLOT) * 10 - height);
	kb_buf_text(d->out, "\" width=\"");
	write_tenths(d->out, right - left - gap);
	kb_buf_text(d->out, "\" height=\"");
	write_tenths(d->out, height);
	kb_buf_text(d->out, "\"><title>");
	kb_render_escape(d->out, bar->label);
	kb_buf_text(d->out, ": ");
	write_value(d, bar->value, 2);
	kb_buf_text(d->out, "</title></rect>\n");
	if (d->lines > 0) write_label(d, bar->label, (left + right) / 2);
}

static void write_bars(const drawing *d)
{
	size_t count = d->chart->bar_count, places = count < KB_CHART_BARS ? count : KB_CHART_BARS;
	kb_buf_text(d->out, "<g fill=\"#3d4f66\">\n");
	for (size_t p = 0; p < places; p++)
		write_bar(d, (uint32_t)p, (uint32_t)places, p * count / places, (p + 1) * count / places);
	kb_buf_text(d->out, "</g>\n");
}

/* Above their lines, the first at the right edge and the second further left, so that they never meet. */
static void write_marks(const drawing *d)
{
	for (size_t i = 0; i < d->chart->mark_count; i++) {
		const kb_chart_mark *mark = &d->chart->marks[i];
		uint32_t y = (TOP + PLOT) * 10 - height_of(d, mark->value);
		write_line(d, y,
			i ? "stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"2 4\""
			  : "stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"10 6\"");
		kb_buf_printf(d->out, "<text x=\"%d\" y=\"", i ? (LEFT + WIDTH) / 2 : WIDTH - RIGHT);
		write_tenths(d->out, y - 70);
		/* A white edge keeps it legible where it stands on bars. */
		kb_buf_text(d->out, "\" text-anchor=\"end\" stroke=\"#fff\" stroke-width=\"5\" paint-order=\"stroke\">");
		kb_render_escape(d->out, mark->label);
		kb_buf_text(d->out, ": ");
		write_value(d, mark->value, 1);
		kb_buf_text(d->out, "</text>\n");
	}
}

/* The text of an element, and its end. */
static void close_element(kb_buf *out, const char *text, const char *end)
{
	kb_render_escape(out, text);
	kb_buf_text(out, end);
}

static void write_words(const drawing *d)
{
	const kb_chart *chart = d->chart;
	kb_buf_printf(d->out, "<text x=\"%d\" y=\"26\" font-size=\"20\" font-weight=\"bold\">", LEFT);
	close_element(d->out, chart->title, "</text>\n");
	kb_buf_printf(d->out, "<text x=\"%d\" y=\"50\">", LEFT);
	close_element(d->out, chart->vertical, "</text>\n");
	kb_buf_printf(d->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", WIDTH - RIGHT, d->bottom + LINE);
	close_element(d->out, chart->horizontal, "</text>\n");
}

void kb_chart_svg(const kb_chart *chart, kb_buf *out)
{
	drawing d = { .chart = chart, .out = out };
	fit_labels(&d);
	d.bottom = TOP + PLOT + d.lines * LINE;
	choose_axis(&d);
	kb_buf_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"100%%\" role=\"img\" "
		"aria-labelledby=\"%s-title %s-description\" font-family=\"Arial, 'Liberation Sans', sans-serif\" "
		"font-size=\"%d\" fill=\"#111\">\n<title id=\"%s-title\">",
		WIDTH, d.bottom + 2 * LINE - 8, chart->id, chart->id, TEXT, chart->id);
	close_element(out, chart->title, "</title>\n");
	kb_buf_printf(out, "<desc id=\"%s-description\">", chart->id);
	close_element(out, chart->description, "</desc>\n");
	kb_buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, d.bottom + 2 * LINE - 8);
	write_vertical(&d);
	write_bars(&d);
	write_marks(&d);
	write_words(&d);
	kb_buf_text(out, "</svg>\n");
}
