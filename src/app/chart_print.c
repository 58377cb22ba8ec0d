#include "app/chart_print.h"

#include "app/paper_print.h"
#include "embedded/templates.h"
#include "render/render.h"

const char *const kb_chart_formats[] = { "svg", "html", NULL };

/* A page holds the operation's screen too. */
static const char *partial(void *context, const char *name)
{
	(void)context;
	return kb_embedded_templates(name);
}

static kb_status write_page(kb_call *call, const kb_chart_page *page, kb_buf *out, kb_err *err)
{
	kb_buf figure = { .arena = call->arena };
	kb_buf_text(&figure, "<figure>\n");
	for (size_t i = 0; i < page->count; i++) kb_chart_svg(&page->charts[i], &figure);
	kb_buf_text(&figure, "</figure>\n");
	const char *css = kb_arena_printf(
		call->arena, "%s\nfigure { margin: 4mm 0; break-inside: avoid; }\n", kb_embedded_templates("print.css"));
	KB_TRY(kb_arena_check(call->arena, err));
	kb_render_options options = {
		.format = KB_RENDER_HTML, .title = page->title, .css = css, .figure = figure.text, .partial = partial
	};
	return kb_render_paper(
		call->arena, page->template, kb_embedded_templates(page->template), call->result, &options, out, err);
}

kb_status kb_chart_print(kb_call *call, const kb_chart_page *page, kb_err *err)
{
	const char *format = kb_call_text(call, "format");
	kb_buf out = { .arena = call->arena };
	if (!format && kb_call_text(call, "output")) {
		kb_fail(err, KB_USAGE, "argument.with", "--output goes with --format only");
		return kb_hint(err, "add --format svg or --format html, or leave --output out");
	}
	if (!format) return KB_OK;
	if (kb_str_equal(format, "html")) KB_TRY(write_page(call, page, &out, err));
	else kb_chart_svg(&page->charts[0], &out);
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_print_answer(call, &out, err);
}
