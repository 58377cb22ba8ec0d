#include "app/drawable.h"

#include <stdlib.h>
#include <string.h>

#include "app/paper_pool.h"
#include "text/json.h"

static kb_status fits(kb_call *call, const kb_loaded *loaded, const kb_q_drawable_row *row, bool *does, kb_err *err)
{
	kb_node *list;
	const kb_method *method = kb_standard_method(loaded->standard, row->method);
	*does = true;
	if (!method || !kb_method_is_mapped(method) || !kb_str_equal(row->kind, kb_part_questions.kind)) return KB_OK;
	KB_TRY(kb_json_read(call->arena, NULL, row->ksbs, strlen(row->ksbs), &list, err));
	kb_texts ksbs = kb_texts_of(call->arena, list);
	*does = kb_method_theme_fitting(method, row->theme, &ksbs) != NULL;
	return kb_arena_check(call->arena, err);
}

kb_status kb_drawables_find(kb_call *call, const kb_loaded *loaded, int64_t item, kb_drawables *drawables, kb_err *err)
{
	kb_q_drawable_row *rows;
	size_t count;
	KB_TRY(kb_q_drawable(call->sql, call->arena, loaded->standard->key.text, (kb_sql_int) { item != 0, item },
		call->day_text, &rows, &count, err));
	*drawables = (kb_drawables) { .list = kb_arena_array(call->arena, count, sizeof *drawables->list) };
	if (!drawables->list) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < count; i++) {
		bool does;
		KB_TRY(fits(call, loaded, &rows[i], &does, err));
		if (does) drawables->list[drawables->count++] = (kb_drawable) { rows[i].item, rows[i].version };
	}
	return KB_OK;
}

static int by_item(const void *key, const void *element)
{
	int64_t item = *(const int64_t *)key, other = ((const kb_drawable *)element)->item;
	return item < other ? -1 : item > other;
}

void kb_drawables_write(kb_arena *arena, const kb_drawables *drawables, int64_t item, kb_node *map)
{
	const kb_drawable *found =
		drawables->count ? bsearch(&item, drawables->list, drawables->count, sizeof *found, by_item) : NULL;
	if (found) kb_node_set_int(arena, map, "drawable", found->version);
}
