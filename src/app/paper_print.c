#include "app/paper_print.h"

#include "render/render.h"

const char *const kb_print_whats[] = { "assessor-pack", "recording-sheet", NULL };
const char *const kb_print_formats[] = { "text", "html", NULL };

const char *kb_print_template(const kb_call *call, const kb_part *part)
{
	const char *what = kb_call_text(call, "what");
	return what ? kb_arena_printf(call->arena, "%s.md", what) : part->templates[0];
}

kb_status kb_print_answer(kb_call *call, const kb_buf *out, kb_err *err)
{
	const char *path = kb_call_text(call, "output");
	if (path) {
		KB_TRY(kb_call_create(call, path, out->text, out->length, err));
		kb_node_set_text(call->arena, call->result, "output", path);
		kb_node_set_int(call->arena, call->result, "bytes", (int64_t)out->length);
	} else {
		kb_node_set(call->arena, call->result, "text", kb_node_textn(call->arena, out->text, out->length));
	}
	return kb_arena_check(call->arena, err);
}

kb_status kb_paper_print(kb_call *call, const kb_print *print, kb_err *err)
{
	kb_buf out = { .arena = call->arena };
	kb_render_options options = { .width = 80, .title = print->title, .css = print->css };
	options.format = kb_str_equal(kb_call_text(call, "format"), "html") ? KB_RENDER_HTML : KB_RENDER_TEXT;
	KB_TRY(kb_render_paper(call->arena, print->name, print->template, print->data, &options, &out, err));
	return kb_print_answer(call, &out, err);
}
