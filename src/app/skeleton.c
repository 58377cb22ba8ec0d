#include "app/skeleton.h"

#include <string.h>

#include "embedded/templates.h"
#include "text/mustache.h"

void kb_skeleton_lines(kb_call *call, kb_node *list, const char *code, const char *text)
{
	enum { WIDTH = 112 };
	kb_buf line = { .arena = call->arena };
	size_t indent = kb_str_width(code, strlen(code)) + 2, width = indent;
	kb_buf_printf(&line, "%s  ", code);
	while (*(text += strspn(text, " \n"))) {
		size_t length = strcspn(text, " \n"), columns = kb_str_width(text, length);
		if (width > indent && width + 1 + columns > WIDTH) {
			kb_node_add(call->arena, list, kb_node_text(call->arena, kb_buf_string(&line)));
			line = (kb_buf) { .arena = call->arena };
			kb_buf_fill(&line, ' ', indent);
			width = indent;
		}
		kb_buf_printf(&line, "%s%.*s", width > indent ? " " : "", (int)length, text);
		width += columns + (width > indent);
		text += length;
	}
	kb_node_add(call->arena, list, kb_node_text(call->arena, kb_buf_string(&line)));
}

static kb_node *lines_of(kb_call *call, const char *code, const char *text)
{
	kb_node *list = kb_node_list(call->arena);
	kb_skeleton_lines(call, list, code, text);
	return list;
}

kb_node *kb_skeleton_head(kb_call *call, const kb_standard *standard, const kb_method *method)
{
	kb_node *data = kb_node_map(call->arena);
	kb_node_set_text(call->arena, data, "standard", standard->key.text);
	kb_node_set_text(call->arena, data, "method", method->id.text);
	kb_node_set_text(call->arena, data, "method_name", method->name.text);
	kb_node_set(call->arena, data, "attribution", lines_of(call, "", standard->attribution.text));
	return data;
}

/* Both wordings of one that is in dispute, and how a question says which it follows. */
static void add_ksb(kb_call *call, kb_node *data, const kb_ksb *ksb)
{
	kb_node *list = kb_node_get(data, "ksbs");
	const kb_wording *wordings = ksb->disputed.list;
	if (!kb_ksb_is_disputed(ksb)) {
		kb_skeleton_lines(call, list, ksb->code.text, ksb->text.text);
		return;
	}
	kb_skeleton_lines(call, list, ksb->code.text, "IN DISPUTE: the published documents differ");
	for (size_t i = 0; i < ksb->disputed.count; i++)
		kb_skeleton_lines(
			call, list, kb_arena_printf(call->arena, "    %s:", wordings[i].source.text), wordings[i].text.text);
	int document = (int)strcspn(wordings[0].source.text, ":");
	kb_node_add(call->arena, kb_node_get(data, "disputed"),
		kb_node_text(call->arena,
			kb_arena_printf(call->arena, "{%s: %.*s}", ksb->code.text, document, wordings[0].source.text)));
}

static void add_descriptors(kb_call *call, kb_node *list, const kb_theme *theme, char grade)
{
	const kb_texts *texts = grade == 'P' ? &theme->pass : &theme->distinction;
	for (size_t i = 0; i < texts->count; i++)
		kb_skeleton_lines(
			call, list, kb_arena_printf(call->arena, "%s.%c%zu", theme->id.text, grade, i + 1), texts->list[i].text);
}

/* What stands for it in ids, as the shipped banks have it: "PD2" of the grading theme PD-2, else "PQ" of the method
 * presentation-questions. */
static const char *short_name(kb_arena *arena, const kb_method *method, const kb_theme *theme)
{
	kb_buf name = { .arena = arena };
	const char *id = theme ? theme->id.text : method->id.text;
	for (const char *p = id; *p; p++)
		if (theme ? *p != '-' : p == id || p[-1] == '-')
			kb_buf_char(&name, *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p);
	return kb_buf_string(&name);
}

kb_node *kb_skeleton_question(
	kb_call *call, const kb_standard *standard, const kb_method *method, const kb_theme *theme, const kb_wanted *wanted)
{
	kb_arena *arena = call->arena;
	kb_node *data = kb_skeleton_head(call, standard, method), *descriptors = kb_node_list(arena);
	const kb_texts *codes = wanted ? &wanted->ksbs : theme ? &theme->ksbs : &method->ksbs;
	const kb_ksb *all = standard->ksbs.list;
	const char *first = codes->count ? codes->list[0].text : standard->ksbs.count ? all[0].code.text : "";
	int reference = (int)strcspn(standard->key.text, "/");
	kb_node_set(arena, data, "ksbs", kb_node_list(arena));
	kb_node_set(arena, data, "disputed", kb_node_list(arena));
	for (size_t i = 0; i < standard->ksbs.count; i++)
		if (codes->count == 0 || kb_texts_have(codes, all[i].code.text)) add_ksb(call, data, &all[i]);
	if (theme) add_descriptors(call, descriptors, theme, 'P');
	if (theme) add_descriptors(call, descriptors, theme, 'D');
	kb_node_set_text(arena, data, "theme", theme ? theme->id.text : "");
	kb_node_set_text(arena, data, "theme_name", theme ? theme->name.text : "");
	kb_node_set_bool(arena, data, "described", descriptors->count > 0);
	kb_node_set(arena, data, "descriptors", descriptors);
	kb_node_set_text(arena, data, "first", first);
	kb_node_set_text(arena, data, "tags", wanted ? wanted->ksb_list : "");
	kb_node_set_text(arena, data, "kind", wanted ? wanted->kind : "");
	kb_node_set_text(arena, data, "categories", wanted ? wanted->category_list : "");
	kb_node_set_int(arena, data, "minutes", wanted ? wanted->minutes : 0);
	kb_node_set_bool(arena, data, "wanted", wanted != NULL);
	kb_node_set_text(arena, data, "example",
		kb_arena_printf(arena, "%.*s-%s-01", reference, standard->key.text, short_name(arena, method, theme)));
	return data;
}

kb_status kb_skeleton_fill(kb_call *call, const char *template, const kb_node *data, const char **text, kb_err *err)
{
	kb_mustache_options options = { .strict = true };
	kb_buf out = { .arena = call->arena };
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_mustache_fill(call->arena, template, kb_embedded_templates(template), data, &options, &out, err));
	*text = kb_buf_string(&out);
	return kb_arena_check(call->arena, err);
}
