#include "text/yaml.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF";

typedef struct reader {
	kb_arena *arena;
	kb_faults *faults;
	const char *file, *bytes;
	size_t length;
	yaml_parser_t parser;
	size_t nodes;
	size_t character, byte; /* a place that both counts name; moves forward with the events */
	bool no_memory;
} reader;

static kb_node *read_value(reader *r, const yaml_event_t *event, size_t depth);

static kb_mark mark_at(const reader *r, yaml_mark_t mark)
{
	return (kb_mark) { r->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1 };
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t characters(const char *bytes, size_t length)
{
	size_t n = 0;
	for (size_t i = 0; i < length; i++) n += !continues(bytes[i]);
	return n;
}

/* The byte at a mark: libyaml counts characters. */
static char byte_at(reader *r, yaml_mark_t mark)
{
	if (mark.index < r->character) r->character = r->byte = 0;
	while (r->character < mark.index && r->byte < r->length) {
		r->byte++;
		while (r->byte < r->length && continues(r->bytes[r->byte])) r->byte++;
		r->character++;
	}
	return r->byte < r->length ? r->bytes[r->byte] : '\0';
}

/* What is refused before it is parsed: bytes that are no text, and what libyaml would take for a line's end and editors
 * do not. */

static bool check_utf8(reader *r)
{
	size_t bad = 0;
	if (kb_str_is_utf8(r->bytes, r->length, &bad)) return true;
	kb_mark mark = { r->file, 1, 1 };
	size_t start = 0;
	for (size_t i = 0; i < bad; i++)
		if (r->bytes[i] == '\n') mark.line++, start = i + 1;
	mark.column = (uint32_t)characters(r->bytes + start, bad - start) + 1;
	kb_fault_add(r->faults, mark, "yaml.utf8", "the byte 0x%02X here is not UTF-8", (unsigned char)r->bytes[bad])
		->expected = "a file saved as UTF-8";
	return false;
}

/* The code point at p where it may not stand in a file, 0xFFFFFFFF where it may. */
static uint32_t forbidden(const unsigned char *p, const unsigned char *end)
{
	if (*p < 0x20) return *p == '\t' || *p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n') ? UINT32_MAX : *p;
	if (*p == 0x7F) return *p;
	if (*p == 0xC2 && p[1] < 0xA0) return p[1];
	if (*p == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) return 0x2000 + (p[2] & 0x3FU);
	if (*p == 0xEF && p[1] == 0xBB && p[2] == 0xBF) return 0xFEFF;
	if (*p == 0xEF && p[1] == 0xBF && p[2] >= 0xBE) return 0xFFC0 + (p[2] & 0x3FU);
	return UINT32_MAX;
}

static bool check_characters(reader *r)
{
	kb_mark mark = { r->file, 1, 1 };
	const unsigned char *p = (const unsigned char *)r->bytes, *end = p + r->length;
	bool fine = true;
	for (; p < end; p++) {
		if (continues((char)*p)) continue;
		uint32_t point = forbidden(p, end);
		if (point != UINT32_MAX) {
			fine = false;
			kb_fault_add(
				r->faults, mark, "yaml.character", "the invisible character U+%04X can't stand in the file", point)
				->expected = point == '\r'
								 ? "lines that end in a line feed"
								 : "no control characters; in \"...\" they can be written as \\u and four digits";
		}
		mark.column++;
		if (*p == '\n') mark.line++, mark.column = 1;
	}
	return fine;
}

/* libyaml's complaints in plain words. */

static const struct complaint {
	const char *problem; /* how libyaml's text begins */
	const char *id, *message, *expected;
} complaints[] = {
	{ "could not find expected ':'", "yaml.colon", "this line has no colon behind its key",
		"key: value, or a text that is indented further than its key" },
	{ "block sequence entries", "yaml.entry", "an entry of a list (-) can't stand here",
		"the list on lines of its own, below its key" },
	{ "mapping values", "yaml.colon", "a colon followed by a space can't stand here",
		"quotation marks round a text that holds a colon" },
	{ "mapping keys", "yaml.key", "a key can't stand here", "each key on a line of its own" },
	{ "found unexpected end of stream", "yaml.quote", "a quotation mark is never closed",
		"the same quotation mark at the end of the text" },
	{ "found unexpected document indicator", "yaml.quote", "a quotation mark is never closed",
		"the same quotation mark at the end of the text" },
	{ "found unknown escape", "yaml.escape",
		"a backslash in \"...\" stands before something that it can't stand before",
		"two backslashes where one is meant, or text in '...'" },
	{ "did not find expected hexdecimal", "yaml.escape", "a character's number in \"...\" is not complete",
		"\\x and two, \\u and four or \\U and eight digits from 0 to F" },
	{ "found invalid Unicode", "yaml.escape", "a character's number in \"...\" names no character",
		"\\u and four or \\U and eight digits from 0 to F" },
	{ "did not find expected comment or line break", "yaml.block", "behind > or | stands more than belongs there",
		"the text on the lines below, indented" },
	{ "found an indentation indicator", "yaml.block", "the number behind > or | can't be 0",
		"> or | without a number" },
	{ "did not find expected ',' or ']'", "yaml.bracket", "a list in [ ] is not closed, or lacks a comma",
		"a comma or ]" },
	{ "did not find expected ',' or '}'", "yaml.bracket", "a map in { } is not closed, or lacks a comma",
		"a comma or }" },
	{ "did not find expected '-' indicator", "yaml.indent", "this is not indented as the list's other entries are",
		"- in the same column as above" },
	{ "did not find expected key", "yaml.indent", "no key of the map can stand here",
		"a key in the same column as the map's others" },
	{ "did not find expected node content", "yaml.value", "a value is missing here",
		"a text, a number, a list or a map" },
	{ "did not find expected <document start>", "yaml.behind", "something stands behind the end of the file's tree",
		"one map or one list in a file" },
	{ "did not find expected alphabetic", "yaml.value", "a text can't begin with & or *",
		"quotation marks round the text" },
	{ "found undefined tag handle", "yaml.tag", "tags (!) are not taken",
		"quotation marks round a text that begins with !" },
	{ "found incompatible YAML", "yaml.directive", "this version of YAML is not read", "no line that begins with %" },
	{ "found duplicate %", "yaml.directive", "a line that begins with % is not taken", "no line that begins with %" },
	{ "found unexpected ':'", "yaml.colon", "a colon can't stand here",
		"quotation marks round a text that holds a colon" },
	{ "found a tab character", "yaml.tab", "a tab stands where the indentation is", "spaces for the indentation" },
};

static const struct complaint tag = { "", "yaml.tag", "tags (!) are not taken",
	"quotation marks round a text that begins with !" };
static const struct complaint directive = { "", "yaml.directive", "a line that begins with % is not taken",
	"quotation marks round a text that begins with %" };

static const struct complaint *complaint_of(const char *problem)
{
	for (size_t i = 0; i < KB_COUNT(complaints); i++)
		if (strncmp(problem, complaints[i].problem, strlen(complaints[i].problem)) == 0) return &complaints[i];
	return NULL;
}

static void bad_start(reader *r, kb_mark mark, char c)
{
	if (c == '\t') {
		kb_fault_add(r->faults, mark, "yaml.tab", "a tab stands where the indentation is")->expected =
			"spaces for the indentation";
		return;
	}
	kb_fault_add(r->faults, mark, "yaml.value", "a text can't begin with %c", c)->expected =
		"quotation marks round the text";
}

static void syntax_fault(reader *r)
{
	const yaml_parser_t *parser = &r->parser;
	if (parser->error == YAML_MEMORY_ERROR) {
		r->no_memory = true;
		return;
	}
	kb_mark mark = mark_at(r, parser->problem_mark);
	const char *problem = parser->problem ? parser->problem : "it can't be read", *context = parser->context;
	const struct complaint *known = complaint_of(problem);
	if (context && strstr(context, "directive")) known = &directive;
	else if (context && strstr(context, "tag")) known = &tag;
	if (known) {
		kb_fault *fault = kb_fault_add(r->faults, mark, known->id, "%s", known->message);
		fault->expected = known->expected;
	} else if (strncmp(problem, "found character that cannot start", 33) == 0) {
		bad_start(r, mark, byte_at(r, parser->problem_mark));
	} else {
		kb_fault *fault = kb_fault_add(r->faults, mark, "yaml.syntax", "this is not YAML: %s", problem);
		fault->expected = "maps of keys, lists and texts";
	}
}

static bool next(reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event)) return true;
	syntax_fault(r);
	return false;
}

/* The tree. A function that gives NULL has put down why, or the arena has failed. */

static kb_node *marked(kb_node *node, kb_mark mark)
{
	if (node) node->mark = mark;
	return node;
}

static void refuse_tag(reader *r, yaml_mark_t mark)
{
	kb_fault_add(r->faults, mark_at(r, mark), "yaml.tag", "tags (!) are not taken")->expected =
		"quotation marks round a text that begins with !";
}

static void refuse_anchor(reader *r, yaml_mark_t mark, char sign, const yaml_char_t *name)
{
	kb_fault *fault = kb_fault_add(r->faults, mark_at(r, mark), "yaml.anchor",
		"anchors and aliases (%c%.60s) are not taken", sign, (const char *)name);
	fault->expected = "the value itself, or quotation marks round the text";
}

static bool is_decimal(const char *text)
{
	const char *digits = text + (*text == '-');
	return *digits >= '0' && *digits <= '9' && (*digits != '0' || (!digits[1] && digits == text));
}

static bool is_null(const char *text)
{
	return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

static kb_node *plain(kb_arena *arena, const char *text, size_t length)
{
	int64_t number;
	if (is_null(text)) return kb_node_null(arena);
	if (strcmp(text, "true") == 0) return kb_node_bool(arena, true);
	if (strcmp(text, "false") == 0) return kb_node_bool(arena, false);
	if (is_decimal(text) && kb_str_to_int(text, &number)) return kb_node_int(arena, number);
	return kb_node_textn(arena, text, length);
}

/* Whether a scalar's text may be taken; otherwise the fault is put down. */
static bool check_scalar(reader *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	kb_mark mark = mark_at(r, event->start_mark);
	bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (event->data.scalar.anchor) refuse_anchor(r, event->start_mark, '&', event->data.scalar.anchor);
	/* libyaml keeps the tag "!" to itself: it only shows in what is implied, or in the first byte. */
	if (event->data.scalar.tag || (quoted && !event->data.scalar.quoted_implicit) ||
		(!quoted && byte_at(r, event->start_mark) == '!'))
		refuse_tag(r, event->start_mark);
	if (length > KB_YAML_MAX_SCALAR) {
		kb_fault_add(r->faults, mark, "yaml.long", "this text has %zu bytes", length)->expected = "at most 64 KiB";
		return false;
	}
	if (memchr(text, '\0', length)) {
		kb_fault_add(r->faults, mark, "yaml.character", "the character U+0000 can't stand in a text")->expected =
			"a text without \\0";
		return false;
	}
	return true;
}

static kb_node *read_scalar(reader *r, const yaml_event_t *event)
{
	if (!check_scalar(r, event)) return kb_node_null(r->arena);
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) return plain(r->arena, text, length);
	return kb_node_textn(r->arena, text, length);
}

static kb_node *read_list(reader *r, kb_mark mark, size_t depth)
{
	kb_node *list = marked(kb_node_list(r->arena), mark);
	while (list) {
		KB_CLEANUP(yaml_event_delete) yaml_event_t event;
		if (!next(r, &event)) return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT) return list;
		kb_node *item = read_value(r, &event, depth + 1);
		if (!item || !kb_node_add(r->arena, list, item)) return NULL;
	}
	return NULL;
}

/* *key is NULL where the map's key is none that we take; that is a fault, and the reading goes on. */
static bool read_key(reader *r, const yaml_event_t *event, size_t depth, const char **key)
{
	*key = NULL;
	bool scalar = event->type == YAML_SCALAR_EVENT;
	bool empty = scalar && event->data.scalar.length == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (!scalar || empty) {
		kb_fault_add(r->faults, mark_at(r, event->start_mark), "yaml.key",
			empty ? "a key is missing before the colon" : "this can't be a key")
			->expected = "a text";
		return read_value(r, event, depth) != NULL;
	}
	if (++r->nodes <= KB_YAML_MAX_NODES && check_scalar(r, event)) {
		*key = kb_arena_copy(r->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
		return *key != NULL;
	}
	return true;
}

static int by_key_and_place(const void *a, const void *b)
{
	const kb_pair *x = *(kb_pair *const *)a, *y = *(kb_pair *const *)b;
	int order = strcmp(x->key, y->key);
	return order ? order : (x > y) - (x < y);
}

/* Sorted, because a hostile map may have as many keys as there may be nodes. The first of each name stays. */
static bool drop_duplicates(reader *r, kb_node *map)
{
	size_t count = map->pair_count, kept = 0;
	kb_pair **sorted = kb_arena_array(r->arena, count, sizeof(kb_pair *));
	if (!sorted) return false;
	for (size_t i = 0; i < count; i++) sorted[i] = &map->pairs[i];
	qsort(sorted, count, sizeof *sorted, by_key_and_place);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (strcmp(sorted[i]->key, sorted[first]->key) != 0) {
			first = i;
			continue;
		}
		kb_fault_add(r->faults, sorted[i]->key_mark, "yaml.duplicate-key",
			"the key \"%.60s\" stands here twice: first in line %u", sorted[i]->key, sorted[first]->key_mark.line)
			->expected = "each key once";
		sorted[i]->value = NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (map->pairs[i].value) map->pairs[kept++] = map->pairs[i];
	map->pair_count = kept;
	return true;
}

static kb_node *read_map(reader *r, kb_mark mark, size_t depth)
{
	kb_node *map = marked(kb_node_map(r->arena), mark);
	while (map) {
		KB_CLEANUP(yaml_event_delete) yaml_event_t key = { 0 };
		KB_CLEANUP(yaml_event_delete) yaml_event_t value = { 0 };
		if (!next(r, &key)) return NULL;
		if (key.type == YAML_MAPPING_END_EVENT) return map->pair_count < 2 || drop_duplicates(r, map) ? map : NULL;
		kb_pair pair = { .key_mark = mark_at(r, key.start_mark) };
		if (!read_key(r, &key, depth + 1, &pair.key) || !next(r, &value)) return NULL;
		pair.value = read_value(r, &value, depth + 1);
		if (!pair.value || (pair.key && !kb_node_add_pair(r->arena, map, pair))) return NULL;
	}
	return NULL;
}

static bool check_limits(reader *r, kb_mark mark, size_t depth)
{
	if (depth > KB_YAML_MAX_DEPTH) {
		kb_fault_add(r->faults, mark, "yaml.deep", "this is nested too deep")->expected =
			kb_arena_printf(r->arena, "at most %d levels", KB_YAML_MAX_DEPTH);
		return false;
	}
	if (++r->nodes > KB_YAML_MAX_NODES) {
		kb_fault_add(r->faults, mark, "yaml.many", "there are too many values and keys in this file")->expected =
			kb_arena_printf(r->arena, "at most %d in a file: spread them over more files", KB_YAML_MAX_NODES);
		return false;
	}
	return true;
}

static kb_node *read_value(reader *r, const yaml_event_t *event, size_t depth)
{
	kb_mark mark = mark_at(r, event->start_mark);
	if (!check_limits(r, mark, depth)) return NULL;
	switch (event->type) {
	case YAML_SCALAR_EVENT: return marked(read_scalar(r, event), mark);
	case YAML_SEQUENCE_START_EVENT:
		if (event->data.sequence_start.anchor)
			refuse_anchor(r, event->start_mark, '&', event->data.sequence_start.anchor);
		if (event->data.sequence_start.tag) refuse_tag(r, event->start_mark);
		return read_list(r, mark, depth);
	case YAML_MAPPING_START_EVENT:
		if (event->data.mapping_start.anchor)
			refuse_anchor(r, event->start_mark, '&', event->data.mapping_start.anchor);
		if (event->data.mapping_start.tag) refuse_tag(r, event->start_mark);
		return read_map(r, mark, depth);
	case YAML_ALIAS_EVENT:
		refuse_anchor(r, event->start_mark, '*', event->data.alias.anchor);
		return marked(kb_node_null(r->arena), mark);
	default: return NULL;
	}
}

static void empty_fault(reader *r)
{
	kb_fault_add(r->faults, (kb_mark) { r->file, 1, 1 }, "yaml.empty", "the file is empty")->expected =
		"a map of keys and values";
}

/* Whether the next event is of this type; `event` then holds it. */
static bool expect(reader *r, yaml_event_t *event, yaml_event_type_t type)
{
	yaml_event_delete(event);
	return next(r, event) && event->type == type;
}

static kb_node *read_stream(reader *r)
{
	KB_CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };
	if (!expect(r, &event, YAML_STREAM_START_EVENT)) return NULL;
	if (!expect(r, &event, YAML_DOCUMENT_START_EVENT)) {
		if (event.type == YAML_STREAM_END_EVENT) empty_fault(r);
		return NULL;
	}
	if (event.data.document_start.tag_directives.start != event.data.document_start.tag_directives.end)
		refuse_tag(r, event.start_mark);
	yaml_event_delete(&event);
	if (!next(r, &event)) return NULL;
	if (event.type == YAML_SCALAR_EVENT && !event.data.scalar.length &&
		event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		empty_fault(r);
		return NULL;
	}
	kb_node *root = read_value(r, &event, 1);
	if (!root || !expect(r, &event, YAML_DOCUMENT_END_EVENT)) return NULL;
	if (expect(r, &event, YAML_STREAM_END_EVENT)) return root;
	if (event.type == YAML_DOCUMENT_START_EVENT)
		kb_fault_add(r->faults, mark_at(r, event.start_mark), "yaml.documents", "a second document begins here")
			->expected = "one document in a file";
	return NULL;
}

kb_status kb_yaml_read(
	kb_arena *arena, const char *file, const char *bytes, size_t length, kb_faults *faults, kb_node **root, kb_err *err)
{
	*root = NULL;
	if (length >= 3 && memcmp(bytes, byte_order_mark, 3) == 0) bytes += 3, length -= 3;
	kb_faults_source(faults, file, bytes, length);
	reader r = {
		.arena = arena, .faults = faults, .file = kb_arena_text(arena, file), .bytes = bytes, .length = length
	};
	if (length > KB_YAML_MAX_BYTES) {
		kb_fault_add(faults, (kb_mark) { r.file, 1, 1 }, "yaml.size", "the file has %zu bytes", length)->expected =
			"at most 4 MiB: spread it over more files";
		return kb_arena_check(arena, err);
	}
	if (!check_utf8(&r) || !check_characters(&r)) return kb_arena_check(arena, err);
	if (!yaml_parser_initialize(&r.parser))
		return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes, length);
	*root = read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (r.no_memory) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	return kb_arena_check(arena, err);
}

/* Writing. */

/* libyaml breaks a line at the first space behind this column, so that a word may go beyond it. */
enum { FOLD_AT = 88, FLOW_LIST_MAX = 72 };

typedef struct writer {
	yaml_emitter_t emitter;
	size_t nodes;
	bool failed;
} writer;

static void emit(writer *w, yaml_event_t *event, int made)
{
	if (!made || !yaml_emitter_emit(&w->emitter, event)) w->failed = true;
}

/* Words and numbers of YAML 1.1 as other programs read it: quoted, so that nobody takes a text for something else. */
static bool looks_like_more(const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y", "n", "~" };
	for (size_t i = 0; i < KB_COUNT(words); i++)
		if (kb_str_equal_fold(text, words[i])) return true;
	bool number = (*text >= '0' && *text <= '9') || strchr("+-.", *text);
	return !*text || (number && !text[strspn(text, "0123456789+-.:_eExXtTzZ ")]);
}

/* Line by line as it is, and no blank line at either end. */
static bool survives_literal(const char *text, size_t length)
{
	if (strchr(" \t\n", *text) || strchr(text, '\t')) return false;
	bool ends = text[length - 1] == '\n';
	size_t last = ends ? length - 2 : length - 1;
	return text[last] != '\n' && text[last] != ' ';
}

static bool survives_folding(const char *text, size_t length)
{
	return *text != ' ' && text[length - 1] != ' ' && !strstr(text, "  ") && !strpbrk(text, "\t\n");
}

/* libyaml would write a few of them as they are. */
static bool has_forbidden(const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + length;
	for (; p < end; p++)
		if (!continues((char)*p) && forbidden(p, end) != UINT32_MAX) return true;
	return false;
}

static yaml_scalar_style_t style_of(const char *text, size_t length, size_t column)
{
	if (looks_like_more(text) || has_forbidden(text, length)) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	if (strchr(text, '\n'))
		return survives_literal(text, length) ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	if (column + characters(text, length) <= FOLD_AT) return YAML_PLAIN_SCALAR_STYLE;
	return survives_folding(text, length) ? YAML_FOLDED_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

static void write_scalar(writer *w, const char *text, size_t length, yaml_scalar_style_t style)
{
	yaml_event_t event;
	if (length > KB_YAML_MAX_SCALAR) w->failed = true;
	if (w->failed) return;
	emit(w, &event,
		yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)length, 1, 1, style));
}

static bool is_short_id(const kb_node *node)
{
	if (node->kind != KB_NODE_TEXT || node->length == 0 || node->length > 24) return false;
	for (size_t i = 0; i < node->length; i++) {
		char c = node->text[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._/", c)))
			return false;
	}
	return true;
}

static bool fits_one_line(const kb_node *list)
{
	size_t width = 2;
	for (size_t i = 0; i < list->count; i++) {
		if (!is_short_id(list->items[i])) return false;
		width += list->items[i]->length + 2;
	}
	return width <= FLOW_LIST_MAX;
}

static void write_node(writer *w, const kb_node *node, size_t depth, size_t column);

static void write_list(writer *w, const kb_node *list, size_t depth)
{
	yaml_event_t event;
	yaml_sequence_style_t style = fits_one_line(list) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
	emit(w, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style));
	for (size_t i = 0; i < list->count && !w->failed; i++) write_node(w, list->items[i], depth + 1, 2 * depth);
	if (!w->failed) emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

static void write_map(writer *w, const kb_node *map, size_t depth)
{
	yaml_event_t event;
	emit(w, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
	for (size_t i = 0; i < map->pair_count && !w->failed; i++) {
		const char *key = map->pairs[i].key;
		size_t length = strlen(key);
		bool fine = !looks_like_more(key) && !has_forbidden(key, length) && !strchr(key, '\n') && length < FOLD_AT;
		w->nodes++;
		write_scalar(w, key, length, fine ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
		if (!w->failed) write_node(w, map->pairs[i].value, depth + 1, 2 * (depth - 1) + length + 2);
	}
	if (!w->failed) emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

static void write_node(writer *w, const kb_node *node, size_t depth, size_t column)
{
	char digits[24];
	if (depth > KB_YAML_MAX_DEPTH || ++w->nodes > KB_YAML_MAX_NODES) w->failed = true;
	if (w->failed) return;
	switch (node->kind) {
	case KB_NODE_NULL: write_scalar(w, "null", 4, YAML_PLAIN_SCALAR_STYLE); return;
	case KB_NODE_BOOL:
		write_scalar(w, node->boolean ? "true" : "false", node->boolean ? 4 : 5, YAML_PLAIN_SCALAR_STYLE);
		return;
	case KB_NODE_INT:
		write_scalar(w, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)node->integer),
			YAML_PLAIN_SCALAR_STYLE);
		return;
	case KB_NODE_TEXT: write_scalar(w, node->text, node->length, style_of(node->text, node->length, column)); return;
	case KB_NODE_LIST: write_list(w, node, depth); return;
	case KB_NODE_MAP: write_map(w, node, depth); return;
	}
}

static int add_to_buf(void *out, unsigned char *bytes, size_t length)
{
	kb_buf_add(out, (const char *)bytes, length);
	return 1;
}

static void write_stream(writer *w, const kb_node *root, kb_buf *out)
{
	yaml_event_t event;
	yaml_emitter_set_output(&w->emitter, add_to_buf, out);
	yaml_emitter_set_encoding(&w->emitter, YAML_UTF8_ENCODING);
	yaml_emitter_set_unicode(&w->emitter, 1);
	yaml_emitter_set_indent(&w->emitter, 2);
	yaml_emitter_set_width(&w->emitter, FOLD_AT);
	emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	if (!w->failed) emit(w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
	if (!w->failed) write_node(w, root, 1, 0);
	if (!w->failed) emit(w, &event, yaml_document_end_event_initialize(&event, 1));
	if (!w->failed) emit(w, &event, yaml_stream_end_event_initialize(&event));
}

static void write_comment(kb_buf *out, const char *comment)
{
	const unsigned char *p = (const unsigned char *)comment, *end = p + strlen(comment);
	kb_buf_text(out, "# ");
	for (; p < end; p++) {
		bool odd = *p != '\n' && !continues((char)*p) && forbidden(p, end) != UINT32_MAX;
		if (!odd) kb_buf_char(out, (char)*p);
		else
			while (p + 1 < end && continues((char)p[1])) p++;
		if (*p == '\n' && p + 1 < end) kb_buf_text(out, "# ");
	}
	if (p == (const unsigned char *)comment || p[-1] != '\n') kb_buf_char(out, '\n');
}

static void write_word(kb_buf *out, const char *word, size_t length)
{
	const unsigned char *p = (const unsigned char *)word, *end = p + length;
	for (bool odd = false; p < end; p++) {
		if (!continues((char)*p)) odd = forbidden(p, end) != UINT32_MAX;
		if (!odd) kb_buf_char(out, (char)*p);
	}
}

void kb_yaml_comment(kb_buf *out, size_t indent, const char *text)
{
	static const char spaces[] = " \t\r\n";
	size_t column = 0;
	if (!text) return;
	for (const char *p = text + strspn(text, spaces); *p; p += strspn(p, spaces)) {
		size_t length = strcspn(p, spaces), width = 1 + characters(p, length);
		if (column && column + width > FOLD_AT) {
			kb_buf_char(out, '\n');
			column = 0;
		}
		if (!column) {
			kb_buf_fill(out, ' ', indent);
			kb_buf_char(out, '#');
			column = indent + 1;
		}
		kb_buf_char(out, ' ');
		write_word(out, p, length);
		column += width;
		p += length;
	}
	if (column) kb_buf_char(out, '\n');
}

kb_status kb_yaml_write(kb_arena *arena, const kb_node *root, const char *comment, kb_buf *out, kb_err *err)
{
	KB_TRY(kb_arena_check(arena, err));
	if (!root) return kb_fail(err, KB_BUG, "yaml.write", "there is nothing to write as YAML");
	size_t before = out->length;
	if (comment) write_comment(out, comment);
	writer w = { 0 };
	if (!yaml_emitter_initialize(&w.emitter))
		return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	write_stream(&w, root, out);
	bool no_memory = w.emitter.error == YAML_MEMORY_ERROR;
	yaml_emitter_delete(&w.emitter);
	KB_TRY(kb_arena_check(arena, err));
	if (no_memory) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	if (w.failed || out->length - before > KB_YAML_MAX_BYTES)
		return kb_fail(err, KB_LIMIT, "yaml.write", "this is too large or nested too deep for one YAML file");
	return KB_OK;
}
