#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>
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
		return kb_fail_at(err, (kb_mark) { file, error.line > 0 ? (uint32_t)error.line : 0,
								   error.column > 0 ? (uint32_t)error.column : 0 });
	}
	refusal refused = { 0 };
	*root = from_json(arena, json, 0, &refused);
	KB_TRY(kb_arena_check(arena, err));
	if (!refused.fraction && !refused.deep) return KB_OK;
	if (refused.deep) kb_fail(err, KB_INVALID, "json.deep", "the JSON is nested deeper than %d levels", MAX_DEPTH);
	else kb_fail(err, KB_INVALID, "json.fraction", "a number with a fraction or too many digits stands in the JSON");
	return kb_fail_at(err, (kb_mark) { .file = file });
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
			if (json_object_set_new(json, node->pairs[i].key, to_json(node->pairs[i].value, depth + 1)) != 0)
				decrefp(&json), json = NULL;
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

/* The canonical form is written here and not by the library: its bytes are what digests are made of, so no other
 * version of the library may change them; and every draw writes several. */

static void write_text(kb_buf *out, const char *text, size_t length)
{
	static const char letters[] = "btn\0fr"; /* of the characters 8 to 13 */
	size_t start = 0;
	kb_buf_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x20 && c != '"' && c != '\\') continue;
		kb_buf_add(out, text + start, i - start);
		start = i + 1;
		if (c == '"' || c == '\\') kb_buf_printf(out, "\\%c", c);
		else if (c >= 8 && c <= 13 && letters[c - 8]) kb_buf_printf(out, "\\%c", letters[c - 8]);
		else kb_buf_printf(out, "\\u%04X", (unsigned)c);
	}
	kb_buf_add(out, text + start, length - start);
	kb_buf_char(out, '"');
}

static bool writable(const char *text, size_t length)
{
	size_t bad;
	return kb_str_is_utf8(text, length, &bad);
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const kb_pair *const *)a)->key, (*(const kb_pair *const *)b)->key);
}

static bool write_node(kb_arena *arena, kb_buf *out, const kb_node *node, int depth);

static bool write_map(kb_arena *arena, kb_buf *out, const kb_node *map, int depth)
{
	enum { USUAL = 32 };
	const kb_pair *usual[USUAL], **pairs = usual;
	if (map->pair_count > USUAL) pairs = kb_arena_array(arena, map->pair_count, sizeof *pairs);
	if (!pairs) return false;
	for (size_t i = 0; i < map->pair_count; i++) pairs[i] = &map->pairs[i];
	if (map->pair_count > 1) qsort(pairs, map->pair_count, sizeof *pairs, by_key);
	kb_buf_char(out, '{');
	for (size_t i = 0; i < map->pair_count; i++) {
		size_t length = strlen(pairs[i]->key);
		if (!writable(pairs[i]->key, length)) return false;
		if (i > 0) kb_buf_char(out, ',');
		write_text(out, pairs[i]->key, length);
		kb_buf_char(out, ':');
		if (!write_node(arena, out, pairs[i]->value, depth + 1)) return false;
	}
	kb_buf_char(out, '}');
	return true;
}

static bool write_node(kb_arena *arena, kb_buf *out, const kb_node *node, int depth)
{
	char digits[24];
	if (depth > MAX_DEPTH) return false;
	switch (node->kind) {
	case KB_NODE_NULL: kb_buf_text(out, "null"); return true;
	case KB_NODE_BOOL: kb_buf_text(out, node->boolean ? "true" : "false"); return true;
	case KB_NODE_INT:
		kb_buf_add(out, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)node->integer));
		return true;
	case KB_NODE_TEXT:
		if (!writable(node->text, node->length)) return false;
		write_text(out, node->text, node->length);
		return true;
	case KB_NODE_LIST:
		kb_buf_char(out, '[');
		for (size_t i = 0; i < node->count; i++) {
			if (i > 0) kb_buf_char(out, ',');
			if (!write_node(arena, out, node->items[i], depth + 1)) return false;
		}
		kb_buf_char(out, ']');
		return true;
	case KB_NODE_MAP: return write_map(arena, out, node, depth);
	}
	return false;
}

kb_status kb_json_canonical(kb_arena *arena, const kb_node *root, kb_buf *out, kb_err *err)
{
	KB_TRY(kb_arena_check(arena, err));
	bool written = root && write_node(arena, out, root, 0);
	KB_TRY(kb_arena_check(arena, err));
	return written ? KB_OK : kb_fail(err, KB_BUG, "json.write", "a result can't be written as JSON");
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
