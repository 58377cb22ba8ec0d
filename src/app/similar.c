#include "app/similar.h"

#include <stdlib.h>
#include <string.h>

#include "app/load.h"

/* The texts as the engine sees them: each whole, then the stems of questions that have prompts. */
typedef struct search {
	kb_call *call;
	kb_similar *similar;
	size_t size, pair_size;
	const char **lines;
	uint32_t *owners, *next; /* by line: whose it is; the next one that reads the same, 0: none */
	uint32_t count;
	uint32_t least_line;
} search;

static kb_similar_text *add_text(search *s)
{
	kb_similar *similar = s->similar;
	if (similar->count == s->size) {
		size_t size = s->size ? s->size * 2 : 256;
		kb_similar_text *texts =
			kb_arena_grow(s->call->arena, similar->texts, s->size * sizeof *texts, size * sizeof *texts);
		if (!texts) return NULL;
		similar->texts = texts;
		s->size = size;
	}
	kb_similar_text *text = &similar->texts[similar->count++];
	*text = (kb_similar_text) { 0 };
	return text;
}

static const char *whole_of(kb_arena *arena, const kb_item *item)
{
	kb_buf out = { .arena = arena };
	if (item->is_theme) kb_buf_printf(&out, "%s\n%s", item->title.text, item->brief.text);
	else kb_buf_text(&out, item->stem.text);
	for (size_t i = 0; i < item->prompts.count; i++) kb_buf_printf(&out, "\n%s", item->prompts.list[i].text);
	return kb_buf_string(&out);
}

static kb_status add_items(search *s, const char *standard, kb_err *err)
{
	kb_call *call = s->call;
	kb_q_item_latest_all_row *rows;
	size_t count;
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, standard, NULL, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		kb_node *body;
		kb_similar_text *text = add_text(s);
		if (!text) return kb_arena_check(call->arena, err);
		text->kind = KB_SIMILAR_ITEM;
		text->id = rows[i].id;
		text->key = rows[i].key;
		text->standard = standard;
		text->method = rows[i].method;
		text->version = rows[i].version;
		text->state = rows[i].state;
		KB_TRY(kb_load_body(call, rows[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp(rows[i].kind, "question") != 0, &text->item, err));
		text->text = whole_of(call->arena, &text->item);
	}
	return kb_arena_check(call->arena, err);
}

static kb_status add_asked(search *s, kb_err *err)
{
	kb_q_asked_own_all_row *rows;
	size_t count;
	KB_TRY(kb_q_asked_own_all(s->call->sql, s->call->arena, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		kb_similar_text *text = add_text(s);
		if (!text) return kb_arena_check(s->call->arena, err);
		text->kind = KB_SIMILAR_ASKED;
		text->id = rows[i].paper;
		text->key = rows[i].key;
		text->standard = rows[i].standard;
		text->method = rows[i].method;
		text->papers = rows[i].papers;
		text->text = rows[i].text;
	}
	return KB_OK;
}

static kb_status collect(search *s, const char *given, kb_err *err)
{
	kb_q_standard_all_row *standards;
	size_t count;
	KB_TRY(kb_q_standard_all(s->call->sql, s->call->arena, &standards, &count, err));
	for (size_t i = 0; i < count; i++) KB_TRY(add_items(s, standards[i].standard, err));
	KB_TRY(add_asked(s, err));
	if (!given) return KB_OK;
	kb_similar_text *text = add_text(s);
	if (!text) return kb_arena_check(s->call->arena, err);
	text->kind = KB_SIMILAR_GIVEN;
	text->text = given;
	return KB_OK;
}

static kb_status list_lines(search *s, kb_err *err)
{
	kb_arena *arena = s->call->arena;
	const kb_similar *similar = s->similar;
	s->lines = kb_arena_array(arena, 2 * (size_t)similar->count, sizeof *s->lines);
	s->owners = kb_arena_array(arena, 2 * (size_t)similar->count, sizeof *s->owners);
	s->next = kb_arena_array(arena, 2 * (size_t)similar->count, sizeof *s->next);
	if (!s->lines || !s->owners || !s->next) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < similar->count; i++) s->lines[i] = similar->texts[i].text, s->owners[i] = i;
	s->count = similar->count;
	if (!similar->count || similar->texts[similar->count - 1].kind == KB_SIMILAR_ITEM) return KB_OK;
	for (uint32_t i = 0; i < similar->count; i++) {
		const kb_item *item = &similar->texts[i].item;
		if (item->is_theme || !item->prompts.count) continue;
		s->lines[s->count] = item->stem.text;
		s->owners[s->count++] = i;
	}
	return KB_OK;
}

static void take(search *s, uint32_t x, uint32_t y, const kb_like *like)
{
	kb_similar *similar = s->similar;
	uint32_t a = s->owners[x], b = s->owners[y];
	bool items = similar->texts[a].kind == KB_SIMILAR_ITEM && similar->texts[b].kind == KB_SIMILAR_ITEM;
	bool whole = x < similar->count && y < similar->count;
	if (a == b || (items && !whole) || (!items && like->per_mille < s->least_line)) return;
	if (similar->texts[a].kind == KB_SIMILAR_ASKED && similar->texts[b].kind == KB_SIMILAR_ASKED) return;
	if (similar->pair_count == s->pair_size) {
		size_t size = s->pair_size ? s->pair_size * 2 : 64;
		kb_like *pairs =
			kb_arena_grow(s->call->arena, similar->pairs, s->pair_size * sizeof *pairs, size * sizeof *pairs);
		if (!pairs) return;
		similar->pairs = pairs;
		s->pair_size = size;
	}
	similar->pairs[similar->pair_count++] = (kb_like) { a < b ? a : b, a < b ? b : a, like->per_mille, like->exact };
}

/* Of lines that read the same the engine measured the first only; what holds for it holds for all. */
static void take_all(search *s, const kb_likes *likes)
{
	size_t exact = 0;
	for (; exact < likes->count && likes->list[exact].exact; exact++) {
		const kb_like *like = &likes->list[exact];
		for (uint32_t x = like->a;; x = s->next[x]) {
			take(s, x, like->b, like);
			if (!s->next[x]) {
				s->next[x] = like->b;
				break;
			}
		}
	}
	for (size_t i = exact; i < likes->count; i++) {
		const kb_like *like = &likes->list[i];
		uint32_t x = like->a, y;
		do
			for (y = like->b, take(s, x, y, like); (y = s->next[y]);) take(s, x, y, like);
		while ((x = s->next[x]));
	}
}

static int by_place(const void *left, const void *right)
{
	const kb_like *x = left, *y = right;
	if (x->a != y->a) return x->a < y->a ? -1 : 1;
	if (x->b != y->b) return x->b < y->b ? -1 : 1;
	if (x->exact != y->exact) return x->exact ? -1 : 1;
	return x->per_mille > y->per_mille ? -1 : x->per_mille < y->per_mille;
}

static int by_likeness(const void *left, const void *right)
{
	const kb_like *x = left, *y = right;
	if (x->exact != y->exact) return x->exact ? -1 : 1;
	if (x->per_mille != y->per_mille) return x->per_mille > y->per_mille ? -1 : 1;
	return by_place(x, y);
}

/* Each pair once, by what is most alike in it: a line may be like a stem and like the whole. */
static void keep_best(kb_similar *similar)
{
	size_t kept = 0;
	if (!similar->pair_count) return;
	qsort(similar->pairs, similar->pair_count, sizeof *similar->pairs, by_place);
	for (size_t i = 0; i < similar->pair_count; i++) {
		const kb_like *pair = &similar->pairs[i], *last = kept ? &similar->pairs[kept - 1] : NULL;
		if (!last || last->a != pair->a || last->b != pair->b) similar->pairs[kept++] = *pair;
	}
	similar->pair_count = kept;
	qsort(similar->pairs, kept, sizeof *similar->pairs, by_likeness);
}

kb_status kb_similar_find(kb_call *call, const char *given, uint32_t least, kb_similar *similar, kb_err *err)
{
	search s = { .call = call, .similar = similar, .least_line = least ? least : KB_LIKENESS_NEAR_LINE };
	kb_likes likes;
	*similar = (kb_similar) { 0 };
	KB_TRY(collect(&s, given, err));
	KB_TRY(list_lines(&s, err));
	KB_TRY(kb_likeness(call->arena, s.lines, s.count, least ? least : KB_LIKENESS_NEAR, &likes, err));
	take_all(&s, &likes);
	KB_TRY(kb_arena_check(call->arena, err));
	keep_best(similar);
	return KB_OK;
}

bool kb_similar_are_rivals(const kb_similar_text *a, const kb_similar_text *b)
{
	return a->kind == KB_SIMILAR_ITEM && b->kind == KB_SIMILAR_ITEM &&
	       (kb_texts_have(&a->item.rivals, b->key) || kb_texts_have(&b->item.rivals, a->key));
}

bool kb_similar_share_method(const kb_similar_text *a, const kb_similar_text *b)
{
	return strcmp(a->standard, b->standard) == 0 && strcmp(a->method, b->method) == 0;
}

static bool is_written(const kb_node *written, const char *key, const kb_similar_text *text)
{
	bool found = false;
	for (size_t i = 0; text->kind == KB_SIMILAR_ITEM && i < written->count && !found; i++)
		found = strcmp(kb_node_get_text(written->items[i], key, ""), text->key) == 0;
	return found;
}

kb_status kb_similar_warn(kb_call *call, const kb_node *written, const char *key, kb_err *err)
{
	kb_similar similar;
	kb_node *list = kb_node_list(call->arena);
	KB_TRY(kb_similar_find(call, NULL, 0, &similar, err));
	for (size_t i = 0; i < similar.pair_count; i++) {
		const kb_like *pair = &similar.pairs[i];
		const kb_similar_text *a = &similar.texts[pair->a], *b = &similar.texts[pair->b];
		if (a->kind != b->kind || kb_similar_are_rivals(a, b)) continue;
		if (!is_written(written, key, a)) {
			const kb_similar_text *other = a;
			a = b;
			b = other;
		}
		if (!is_written(written, key, a)) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", a->key);
		kb_node_set_text(call->arena, entry, "like", b->key);
		kb_node_set_int(call->arena, entry, "per_mille", pair->per_mille);
	}
	if (list->count) kb_node_set(call->arena, call->result, "alike", list);
	return kb_arena_check(call->arena, err);
}
