/*
 * Answers as charts. Operations that draw them take the arguments `format` (kb_chart_formats) and `output`, and answer
 * beside their other keys `text`, or with an output file: output, bytes.
 */
#ifndef KB_APP_CHART_PRINT_H
#define KB_APP_CHART_PRINT_H

#include "app/op.h"
#include "render/chart.h"

extern const char *const kb_chart_formats[];

typedef struct kb_chart_page {
	const kb_chart *charts; /* at least one: an SVG holds the first, a page all */
	size_t count;
	const char *template; /* of the page: the result, with tables of all that the charts show */
	const char *title;
} kb_chart_page;

/* Does nothing without a format. */
kb_status kb_chart_print(kb_call *call, const kb_chart_page *page, kb_err *err) KB_MUST_USE;

#endif
