#include "app/brief.h"

#include <string.h>

/* Counters are the themes, then the kinds. */
static uint32_t theme_count(const kb_draw_input *input)
{
	return input->rules.counter_count - KB_KIND_COUNT;
}

kb_node *kb_brief_units(kb_arena *arena, const kb_draw_input *input, uint64_t bits)
{
	kb_node *list = kb_node_list(arena);
	for (uint32_t u = 0; u < input->rules.unit_count; u++)
		if (bits >> u & 1) kb_node_add(arena, list, kb_node_text(arena, input->units[u]));
	return list;
}

const char *kb_brief_unit_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits)
{
	kb_buf out = { .arena = arena };
	for (uint32_t u = 0; u < input->rules.unit_count; u++)
		if (bits >> u & 1) kb_buf_printf(&out, "%s%s", out.length ? ", " : "", input->units[u]);
	return kb_buf_string(&out);
}

/* The KSBs alone, for units of one theme. */
static const char *ksb_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits)
{
	kb_buf out = { .arena = arena };
	for (uint32_t u = 0; u < input->rules.unit_count; u++)
		if (bits >> u & 1) kb_buf_printf(&out, "%s%s", out.length ? ", " : "", strchr(input->units[u], ' ') + 1);
	return kb_buf_string(&out);
}

static uint64_t units_of_theme(const kb_draw_input *input, const char *theme)
{
	uint64_t units = 0;
	size_t length = strlen(theme);
	for (uint32_t u = 0; u < input->rules.unit_count; u++)
		if (strncmp(input->units[u], theme, length) == 0 && input->units[u][length] == ' ') units |= UINT64_C(1) << u;
	return units;
}

/* A new question belongs to one theme and is of one kind; more than three tags would make the coverage weak. */
kb_status kb_brief_shapes(
	kb_arena *arena, const kb_draw_input *input, kb_brief_shape **ret, uint32_t *count, kb_err *err)
{
	enum { TAGS_MAX = 3 };
	uint32_t themes = theme_count(input), n = 0;
	const kb_rules *rules = &input->rules;
	bool window = rules->minutes.max != UINT32_MAX && rules->size;
	uint32_t minutes = window ? (rules->minutes.min + rules->minutes.max) / 2 / rules->size : 5;
	kb_brief_shape *shapes = kb_arena_array(arena, themes * KB_KIND_COUNT, sizeof *shapes);
	if (!shapes) return kb_arena_check(arena, err);
	for (uint32_t t = 0; t < themes; t++)
		for (uint32_t k = 0; k < KB_KIND_COUNT; k++)
			shapes[n++] = (kb_brief_shape) { units_of_theme(input, input->counters[t]),
				UINT32_C(1) << t | UINT32_C(1) << (themes + k), TAGS_MAX, minutes };
	*ret = shapes;
	*count = n;
	return KB_OK;
}

void kb_brief_write(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map)
{
	kb_node *list = kb_node_set(arena, map, "questions_to_write", kb_node_list(arena));
	for (uint32_t i = 0; i < why->brief_count; i++) {
		kb_node *brief = kb_node_add(arena, list, kb_node_map(arena));
		for (uint32_t c = 0; c < input->rules.counter_count; c++)
			if (why->briefs[i].counters >> c & 1)
				kb_node_set_text(arena, brief, c < theme_count(input) ? "theme" : "kind", input->counters[c]);
		kb_node_set(arena, brief, "units", kb_brief_units(arena, input, why->briefs[i].units));
		kb_node_set_text(arena, brief, "unit_list", kb_brief_unit_words(arena, input, why->briefs[i].units));
		kb_node_set_text(arena, brief, "ksb_list", ksb_words(arena, input, why->briefs[i].units));
	}
	kb_node_set_int(arena, map, "fewest_questions_to_write", why->brief_count);
	kb_node_set_bool(arena, map, "fewest_is_proven", why->fewest);
}
