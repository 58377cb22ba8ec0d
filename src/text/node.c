#include "text/node.h"

#include <string.h>

#include "base/str.h"

static kb_node *make(kb_arena *arena, kb_node_kind kind)
{
	kb_node *node = kb_arena_alloc(arena, sizeof *node);
	if (node) node->kind = kind;
	return node;
}

kb_node *kb_node_null(kb_arena *arena)
{
	return make(arena, KB_NODE_NULL);
}

kb_node *kb_node_bool(kb_arena *arena, bool value)
{
	kb_node *node = make(arena, KB_NODE_BOOL);
	if (node) node->boolean = value;
	return node;
}

kb_node *kb_node_int(kb_arena *arena, int64_t value)
{
	kb_node *node = make(arena, KB_NODE_INT);
	if (node) node->integer = value;
	return node;
}

kb_node *kb_node_textn(kb_arena *arena, const char *text, size_t length)
{
	kb_node *node = make(arena, KB_NODE_TEXT);
	char *copy = kb_arena_copy(arena, text, length);
	if (!node || !copy) return NULL;
	node->text = copy;
	node->length = length;
	return node;
}

kb_node *kb_node_text(kb_arena *arena, const char *text)
{
	return text ? kb_node_textn(arena, text, strlen(text)) : kb_node_null(arena);
}

kb_node *kb_node_list(kb_arena *arena)
{
	return make(arena, KB_NODE_LIST);
}

kb_node *kb_node_map(kb_arena *arena)
{
	return make(arena, KB_NODE_MAP);
}

kb_node *kb_node_add(kb_arena *arena, kb_node *list, kb_node *item)
{
	if (!list || !item) return item;
	if (list->count == list->size) {
		size_t size = list->size ? list->size * 2 : 4;
		kb_node **items = kb_arena_grow(arena, list->items, list->count * sizeof *items, size * sizeof *items);
		if (!items) return NULL;
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = item;
	return item;
}

static kb_pair *find(const kb_node *map, const char *key)
{
	if (!map || map->kind != KB_NODE_MAP) return NULL;
	for (size_t i = 0; i < map->pair_count; i++)
		if (strcmp(map->pairs[i].key, key) == 0) return &map->pairs[i];
	return NULL;
}

kb_node *kb_node_add_pair(kb_arena *arena, kb_node *map, kb_pair pair)
{
	if (!map || !pair.value) return pair.value;
	if (map->pair_count == map->pair_size) {
		size_t size = map->pair_size ? map->pair_size * 2 : 4;
		kb_pair *pairs = kb_arena_grow(arena, map->pairs, map->pair_count * sizeof *pairs, size * sizeof *pairs);
		if (!pairs) return NULL;
		map->pairs = pairs;
		map->pair_size = size;
	}
	map->pairs[map->pair_count++] = pair;
	return pair.value;
}

kb_node *kb_node_set(kb_arena *arena, kb_node *map, const char *key, kb_node *value)
{
	kb_pair *pair = value ? find(map, key) : NULL;
	if (!pair) return kb_node_add_pair(arena, map, (kb_pair) { .key = key, .value = value });
	pair->value = value;
	return value;
}

void kb_node_set_text(kb_arena *arena, kb_node *map, const char *key, const char *text)
{
	kb_node_set(arena, map, key, kb_node_text(arena, text));
}

void kb_node_set_int(kb_arena *arena, kb_node *map, const char *key, int64_t value)
{
	kb_node_set(arena, map, key, kb_node_int(arena, value));
}

void kb_node_set_bool(kb_arena *arena, kb_node *map, const char *key, bool value)
{
	kb_node_set(arena, map, key, kb_node_bool(arena, value));
}

kb_node *kb_node_get(const kb_node *map, const char *key)
{
	kb_pair *pair = find(map, key);
	return pair ? pair->value : NULL;
}

const char *kb_node_get_text(const kb_node *map, const char *key, const char *otherwise)
{
	const kb_node *node = kb_node_get(map, key);
	return node && node->kind == KB_NODE_TEXT ? node->text : otherwise;
}

int64_t kb_node_get_int(const kb_node *map, const char *key, int64_t otherwise)
{
	const kb_node *node = kb_node_get(map, key);
	return node && node->kind == KB_NODE_INT ? node->integer : otherwise;
}

bool kb_node_equal(const kb_node *a, const kb_node *b)
{
	if (!a || !b || a->kind != b->kind) return a == b;
	switch (a->kind) {
	case KB_NODE_NULL: return true;
	case KB_NODE_BOOL: return a->boolean == b->boolean;
	case KB_NODE_INT: return a->integer == b->integer;
	case KB_NODE_TEXT: return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	case KB_NODE_LIST:
		if (a->count != b->count) return false;
		for (size_t i = 0; i < a->count; i++)
			if (!kb_node_equal(a->items[i], b->items[i])) return false;
		return true;
	case KB_NODE_MAP:
		if (a->pair_count != b->pair_count) return false;
		for (size_t i = 0; i < a->pair_count; i++) { /* mostly they are in the same order */
			bool there = strcmp(a->pairs[i].key, b->pairs[i].key) == 0;
			const kb_node *other = there ? b->pairs[i].value : kb_node_get(b, a->pairs[i].key);
			if (!kb_node_equal(a->pairs[i].value, other)) return false;
		}
		return true;
	}
	return false;
}

const char *kb_node_kind_name(kb_node_kind kind)
{
	static const char *const names[] = { "nothing", "true or false", "a whole number", "a text", "a list",
		"a map of keys" };
	return names[kind];
}
