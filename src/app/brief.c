#include "app/brief.h"

#include <string.h>

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

const char *kb_brief_few_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits)
{
	enum { NAMED = 3 };
	uint64_t named = 0, rest = bits;
	for (int i = 0; i < NAMED && rest; i++, rest &= rest - 1) named |= rest & -rest;
	const char *words = kb_brief_unit_words(arena, input, named);
	return rest ? kb_arena_printf(arena, "%s and %d more", words, __builtin_popcountll(rest)) : words;
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

const char *kb_brief_theme(const kb_draw_input *input, uint64_t counters)
{
	for (uint32_t c = 0; c < input->theme_count; c++)
		if (counters >> c & 1) return input->counters[c];
	return "";
}

const char *kb_brief_kind(const kb_draw_input *input, uint64_t counters)
{
	for (uint32_t c = input->theme_count; c < input->theme_count + KB_KIND_COUNT; c++)
		if (counters >> c & 1) return input->counters[c];
	return "";
}

kb_node *kb_brief_categories(kb_arena *arena, const kb_draw_input *input, uint64_t counters)
{
	kb_node *list = kb_node_list(arena);
	for (uint32_t c = input->theme_count + KB_KIND_COUNT; c < input->rules.counter_count; c++)
		if (counters >> c & 1) kb_node_add(arena, list, kb_node_text(arena, input->counters[c]));
	return list;
}

/* What a new question may count toward beside its kind: nothing, one category, or what some question of the theme does.
 */
typedef struct wishes {
	uint64_t *categories;
	uint32_t count;
} wishes;

static void add_wish(wishes *w, uint64_t categories)
{
	for (uint32_t i = 0; i < w->count; i++)
		if (w->categories[i] == categories) return;
	w->categories[w->count++] = categories;
}

static kb_status list_wishes(kb_arena *arena, const kb_draw_input *input, uint32_t theme, wishes *w, kb_err *err)
{
	enum { WISHES_MAX = 64 };
	uint32_t first = input->theme_count + KB_KIND_COUNT;
	w->count = 0;
	w->categories = kb_arena_array(arena, WISHES_MAX + KB_COUNTERS_MAX + 1, sizeof *w->categories);
	if (!w->categories) return kb_arena_check(arena, err);
	add_wish(w, 0);
	for (uint32_t c = first; c < input->rules.counter_count; c++) add_wish(w, UINT64_C(1) << c);
	for (uint32_t i = 0; i < input->pool.count && w->count < WISHES_MAX + KB_COUNTERS_MAX; i++)
		if (input->pool.items[i].counters >> theme & 1) add_wish(w, input->pool.items[i].counters >> first << first);
	return KB_OK;
}

/* A new question belongs to one theme and is of one kind; more than three tags would make the coverage weak. */
kb_status kb_brief_shortfall(kb_arena *arena, const kb_draw_input *input, kb_shortfall *shortfall, kb_err *err)
{
	enum { TAGS_MAX = 3 };
	uint32_t n = 0;
	const kb_rules *rules = &input->rules;
	bool window = rules->minutes.max != UINT32_MAX && rules->size;
	uint32_t minutes = window ? (rules->minutes.min + rules->minutes.max) / 2 / rules->size : 5;
	kb_brief_shape *shapes = NULL;
	for (uint32_t t = 0; t < input->theme_count; t++) {
		wishes w;
		KB_TRY(list_wishes(arena, input, t, &w, err));
		shapes =
			kb_arena_grow(arena, shapes, n * sizeof *shapes, (n + (size_t)w.count * KB_KIND_COUNT) * sizeof *shapes);
		if (!shapes) return kb_arena_check(arena, err);
		for (uint32_t k = 0; k < KB_KIND_COUNT; k++)
			for (uint32_t i = 0; i < w.count; i++)
				shapes[n++] = (kb_brief_shape) { units_of_theme(input, input->counters[t]),
					UINT64_C(1) << t | UINT64_C(1) << (input->theme_count + k) | w.categories[i], TAGS_MAX, minutes };
	}
	*shortfall = (kb_shortfall) { &input->pool, &input->rules, input->excluded, input->away, shapes, n };
	return KB_OK;
}

kb_status kb_brief_find(kb_arena *arena, const kb_draw_input *input, uint32_t papers, kb_briefs *briefs, kb_err *err)
{
	kb_shortfall shortfall;
	kb_rules rules = input->rules;
	KB_TRY(kb_brief_shortfall(arena, input, &shortfall, err));
	rules.reserve = papers - 1;
	shortfall.rules = &rules;
	return kb_explain_briefs(arena, &shortfall, briefs, err);
}

void kb_brief_write(kb_arena *arena, const kb_draw_input *input, const kb_briefs *briefs, kb_node *map)
{
	kb_node *list = kb_node_set(arena, map, "questions_to_write", kb_node_list(arena));
	for (uint32_t i = 0; i < briefs->count; i++) {
		const kb_brief *brief = &briefs->list[i];
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_int(arena, entry, "number", (int64_t)i + 1);
		kb_node_set_text(arena, entry, "theme", kb_brief_theme(input, brief->counters));
		kb_node_set_text(arena, entry, "kind", kb_brief_kind(input, brief->counters));
		kb_node_set(arena, entry, "categories", kb_brief_categories(arena, input, brief->counters));
		kb_node_set_int(arena, entry, "minutes", brief->minutes);
		kb_node_set(arena, entry, "units", kb_brief_units(arena, input, brief->units));
		kb_node_set_text(arena, entry, "unit_list", kb_brief_unit_words(arena, input, brief->units));
		kb_node_set_text(arena, entry, "ksb_list", ksb_words(arena, input, brief->units));
	}
	kb_node_set_int(arena, map, "fewest_questions_to_write", briefs->count);
	kb_node_set_int(arena, map, "least_questions_to_write", briefs->at_least);
	kb_node_set_bool(arena, map, "fewest_is_proven", briefs->fewest);
}
