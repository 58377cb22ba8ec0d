/*
 * The one value type that travels between the layers: what YAML and JSON hold, what a template is
 * filled with, what a command answers, what the log binds. A tree of nodes in an arena.
 *
 * Builders latch in the arena: they may be nested freely, and the caller checks kb_arena_check()
 * once. A NULL node is accepted everywhere and is "nothing there".
 */
#ifndef KB_TEXT_NODE_H
#define KB_TEXT_NODE_H

#include "base/arena.h"

typedef enum kb_node_kind {
	KB_NODE_NULL,
	KB_NODE_BOOL,
	KB_NODE_INT,
	KB_NODE_TEXT,
	KB_NODE_LIST,
	KB_NODE_MAP
} kb_node_kind;

typedef struct kb_node kb_node;

typedef struct kb_pair {
	const char *key;
	kb_mark key_mark;
	kb_node *value;
} kb_pair;

struct kb_node {
	kb_node_kind kind;
	kb_mark mark; /* where it was read from */
	union {
		bool boolean;
		int64_t integer;
		struct {
			const char *text; /* NUL-terminated, no NUL inside, well-formed UTF-8 */
			size_t length;
		};
		struct { /* a list */
			kb_node **items;
			size_t count, size;
		};
		struct { /* a map, in the order of insertion */
			kb_pair *pairs;
			size_t pair_count, pair_size;
		};
	};
};

kb_node *kb_node_null(kb_arena *arena);
kb_node *kb_node_bool(kb_arena *arena, bool value);
kb_node *kb_node_int(kb_arena *arena, int64_t value);
kb_node *kb_node_text(kb_arena *arena, const char *text); /* copies; NULL gives a null node */
kb_node *kb_node_textn(kb_arena *arena, const char *text, size_t length);
kb_node *kb_node_list(kb_arena *arena);
kb_node *kb_node_map(kb_arena *arena);

/* Adds at the end of a list; returns item. */
kb_node *kb_node_add(kb_arena *arena, kb_node *list, kb_node *item);
/* Sets a key of a map (the last one wins); returns value. The key is not copied. */
kb_node *kb_node_set(kb_arena *arena, kb_node *map, const char *key, kb_node *value);
/* Adds a key that the caller knows the map does not have: what kb_node_set would do, without the search. */
kb_node *kb_node_add_pair(kb_arena *arena, kb_node *map, kb_pair pair);
void kb_node_set_text(kb_arena *arena, kb_node *map, const char *key, const char *text);
void kb_node_set_int(kb_arena *arena, kb_node *map, const char *key, int64_t value);
void kb_node_set_bool(kb_arena *arena, kb_node *map, const char *key, bool value);

/* NULL where the node is no map or has no such key. Linear in the number of keys. */
kb_node *kb_node_get(const kb_node *map, const char *key);
/* The text under a key, or `otherwise`. */
const char *kb_node_get_text(const kb_node *map, const char *key, const char *otherwise);
int64_t kb_node_get_int(const kb_node *map, const char *key, int64_t otherwise);

/* Same kind and same content; the order of keys does not count. */
bool kb_node_equal(const kb_node *a, const kb_node *b);

const char *kb_node_kind_name(kb_node_kind kind); /* "a text", "a list" ... for messages */

#endif
