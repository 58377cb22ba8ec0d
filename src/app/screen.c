#include "app/screen.h"

#include "embedded/templates.h"
#include "render/render.h"

kb_status kb_screen(kb_arena *arena, const char *screen, const kb_node *result, size_t width, kb_buf *out, kb_err *err)
{
	const char *name = kb_arena_printf(arena, "cli/%s.md", screen);
	KB_TRY(kb_arena_check(arena, err));
	const char *template = kb_embedded_templates(name);
	if (!template) return kb_fail(err, KB_BUG, "template.none", "the template %s is not in the program", name);
	kb_render_options options = { .format = KB_RENDER_TEXT, .width = width };
	return kb_render_paper(arena, name, template, result, &options, out, err);
}
