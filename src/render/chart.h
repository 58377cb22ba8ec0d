/*
 * Bar charts as SVG: for people who see, in colour or in grey, and for those who listen (title and description). The
 * same chart gives the same bytes everywhere: all geometry is in whole numbers. A chart does not stand alone; whoever
 * shows it puts a table with the same figures beside it. Bars have their labels on the axis where each word has room.
 */
#ifndef KB_RENDER_CHART_H
#define KB_RENDER_CHART_H

#include "base/str.h"

typedef struct kb_chart_bar {
	const char *label;
	uint32_t value; /* in millionths, shown as percent; or a number of things, where the chart says so */
} kb_chart_bar;

typedef struct kb_chart_mark { /* a dashed line across */
	const char *label;
	uint32_t value;
} kb_chart_mark;

typedef struct kb_chart {
	const char *id;                    /* a word, unlike that of any other chart of the page */
	const char *title;                 /* what is shown */
	const char *description;           /* what is to be seen, in a sentence or two */
	const char *horizontal, *vertical; /* what the axes are */
	const kb_chart_bar *bars; /* from the left; above KB_CHART_BARS each that is drawn is the highest of several */
	size_t bar_count;
	kb_chart_mark marks[2];
	size_t mark_count;
	bool counts; /* values are numbers of things, at most a million, and no shares */
} kb_chart;

enum { KB_CHART_BARS = 420 };

/* A complete SVG document, well-formed XML, that takes the width it is given. Failure latches in the buffer's arena. */
void kb_chart_svg(const kb_chart *chart, kb_buf *out);

#endif
