#include "text/json.h"

#include <string.h>

#include <jansson.h>

enum { MAX_BYTES = 16 * 1024 * 1024, MAX_DEPTH = 200 };

static void decrefp(json_t **json)
{
	json_decref(*json);
}

static void add(kb_arena *arena, kb_node *map, const char *key, kb_node *value)
{
	char *copy = kb_arena_text(arena, key);
	if (copy) kb_node_add_pair(arena, map, (kb_pair) { .key = copy, .value = value });
}

/* What is refused once the bytes are JSON. */
typedef struct refusal {
	bool fraction, deep;
} refusal;

static kb_node *from_json(kb_arena *arena, json_t *json, int depth, refusal *refused)
{
	if (depth > MAX_DEPTH) {
		refused->deep = true;
		return kb_node_null(arena);
	}
	kb_node *node = NULL;
	const char *key;
	json_t *value;
	size_t i;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		node = kb_node_map(arena);
		json_object_foreach(json, key, value) add(arena, node, key, from_json(arena, value, depth + 1, refused));
		return node;
	case JSON_ARRAY:
		node = kb_node_list(arena);
		json_array_foreach(json, i, value) kb_node_add(arena, node, from_json(arena, value, depth + 1, refused));
		return node;
	case JSON_STRING: return kb_node_textn(arena, json_string_value(json), json_string_length(json));
	case JSON_INTEGER: return kb_node_int(arena, json_integer_value(json));
	case JSON_REAL: refused->fraction = true; return kb_node_null(arena);
	case JSON_TRUE: return kb_node_bool(arena, true);
	case JSON_FALSE: return kb_node_bool(arena, false);
	case JSON_NULL: return kb_node_null(arena);
	}
	return node;
}

kb_status kb_json_read(kb_arena *arena, const char *file, const char *bytes, size_t length, kb_node **root, kb_err *err)
{
	if (length > MAX_BYTES) return kb_fail(err, KB_LIMIT, "json.size", "the JSON is larger than 16 MiB");
	json_error_t error;
	KB_CLEANUP(decrefp) json_t *json = json_loadb(bytes, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!json) {
		kb_fail(err, KB_INVALID, "json.syntax", "this is not JSON that we read: %s", error.text);
		return kb_fail_at(err, (kb_mark){ file, error.line > 0 ? (uint32_t)error.line : 0, error.column > 0 ? (uint32_t)error.column : 0 });
	}
	refusal refused = { 0 };
	*root = from_json(arena, json, 0, &refused);
	KB_TRY(kb_arena_check(arena, err));
	if (!refused.fraction && !refused.deep) return KB_OK;
	if (refused.deep) kb_fail(err, KB_INVALID, "json.deep", "the JSON is nested deeper than %d levels", MAX_DEPTH);
	else kb_fail(err, KB_INVALID, "json.fraction", "a number with a fraction or too many digits stands in the JSON");
	return kb_fail_at(err, (kb_mark){ .file = file });
}

static json_t *to_json(const kb_node *node, int depth)
{
	if (depth > MAX_DEPTH) return NULL;
	json_t *json = NULL;
	switch (node->kind) {
	case KB_NODE_NULL: return json_null();
	case KB_NODE_BOOL: return json_boolean(node->boolean);
	case KB_NODE_INT: return json_integer(node->integer);
	case KB_NODE_TEXT: return json_stringn(node->text, node->length);
	case KB_NODE_LIST:
		json = json_array();
		for (size_t i = 0; json && i < node->count; i++)
			if (json_array_append_new(json, to_json(node->items[i], depth + 1)) != 0) decrefp(&json), json = NULL;
		return json;
	case KB_NODE_MAP:
		json = json_object();
		for (size_t i = 0; json && i < node->pair_count; i++)
			if (json_object_set_new(json, node->pairs[i].key, to_json(node->pairs[i].value, depth + 1)) != 0) decrefp(&json), json = NULL;
		return json;
	}
	return NULL;
}

static int write_to_buf(const char *bytes, size_t length, void *context)
{
	kb_buf_add(context, bytes, length);
	return 0;
}

static kb_status dump(kb_arena *arena, const kb_node *root, size_t flags, kb_buf *out, kb_err *err)
{
	KB_TRY(kb_arena_check(arena, err));
	KB_CLEANUP(decrefp) json_t *json = root ? to_json(root, 0) : NULL;
	if (!json || json_dump_callback(json, write_to_buf, out, flags | JSON_ENCODE_ANY) != 0)
		return kb_fail(err, KB_BUG, "json.write", "a result can't be written as JSON");
	return kb_arena_check(arena, err);
}

kb_status kb_json_canonical(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err)
{
	return dump(arena, root, JSON_COMPACT | JSON_SORT_KEYS, out, err);
}

kb_status kb_json_compact(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err)
{
	return dump(arena, root, JSON_COMPACT, out, err);
}

kb_status kb_json_pretty(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err)
{
	KB_TRY(dump(arena, root, JSON_INDENT(2), out, err));
	kb_buf_char(out, '\n');
	return kb_arena_check(arena, err);
}
