#include "text/record.h"

#include <string.h>

#include "base/date.h"
#include "base/str.h"

bool kb_texts_have(const kb_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->list[i].text, text) == 0) return true;
	return false;
}

kb_texts kb_texts_of(kb_arena *arena, const kb_node *list)
{
	kb_texts texts = { .list = kb_arena_array(arena, list ? list->count : 0, sizeof *texts.list) };
	for (size_t i = 0; texts.list && list && i < list->count; i++)
		texts.list[texts.count++] = (kb_text) { list->items[i]->text, list->items[i]->mark };
	return texts;
}

const char *kb_texts_join(kb_arena *arena, const kb_texts *texts, const char *between)
{
	kb_buf out = { .arena = arena };
	for (size_t i = 0; i < texts->count; i++) kb_buf_printf(&out, "%s%s", i ? between : "", texts->list[i].text);
	return kb_buf_string(&out);
}

typedef struct reader {
	kb_arena *arena;
	kb_faults *faults;
} reader;

static void read_record(reader *r, const kb_record *record, size_t from, const kb_node *node, void *out);
static kb_node *write_record(kb_arena *arena, const kb_record *record, size_t from, const void *in);

static void *at(void *base, size_t offset)
{
	return (unsigned char *)base + offset;
}

static const void *at_const(const void *base, size_t offset)
{
	return (const unsigned char *)base + offset;
}

static void wrong_kind(reader *r, const kb_field *field, const kb_node *node, const char *expected)
{
	kb_fault *fault =
		kb_fault_add(r->faults, node->mark, "record.type", "%s is %s here", field->key, kb_node_kind_name(node->kind));
	fault->expected = expected;
}

/* Texts: what may stand in them. */

static bool is_id(const char *text)
{
	if (!*text) return false;
	for (const char *p = text; *p; p++) {
		bool fine =
			(*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._/", *p);
		if (!fine) return false;
	}
	return true;
}

static void check_pattern(reader *r, const kb_field *field, const kb_node *node)
{
	kb_err err;
	kb_day day;
	if (kb_str_equal(field->pattern, "id") && !is_id(node->text)) {
		kb_fault *fault = kb_fault_add(r->faults, node->mark, "record.id",
			"%s \"%.60s\" has a character that a name can't have", field->key, node->text);
		fault->expected = "letters, digits, and - . _ / without spaces";
	} else if (kb_str_equal(field->pattern, "date") && kb_date_parse(node->text, &day, &err) != KB_OK) {
		kb_fault_add(r->faults, node->mark, "record.date", "%s: %s", field->key, err.message)->expected =
			"year, month and day, as in 2026-11-22";
	} else if (kb_str_equal(field->pattern, "line") && strchr(node->text, '\n')) {
		kb_fault_add(r->faults, node->mark, "record.line", "%s runs over more than one line", field->key)->expected =
			"one line";
	}
}

static bool read_text(reader *r, const kb_field *field, const kb_node *node, kb_text *out)
{
	/* A code such as 10 or true is a text to whoever wrote it, but YAML reads it otherwise: ask for quotes. */
	if (node->kind != KB_NODE_TEXT) {
		bool scalar = node->kind == KB_NODE_INT || node->kind == KB_NODE_BOOL;
		wrong_kind(r, field, node, scalar ? "a text: put it in quotes" : "a text");
		return false;
	}
	*out = (kb_text) { node->text, node->mark };
	size_t most = field->most > 0 ? (size_t)field->most : 4000;
	if (node->length < (size_t)field->least || (field->required && node->length == 0)) {
		kb_fault_add(r->faults, node->mark, "record.short", "%s is empty or too short", field->key);
	} else if (node->length > most) {
		kb_fault *fault =
			kb_fault_add(r->faults, node->mark, "record.long", "%s has %zu bytes", field->key, node->length);
		fault->expected = kb_arena_printf(r->arena, "at most %zu", most);
	} else {
		check_pattern(r, field, node);
	}
	return true;
}

static void read_int(reader *r, const kb_field *field, const kb_node *node, kb_maybe *out)
{
	int64_t most = field->most || field->least ? field->most : 1000000;
	if (node->kind != KB_NODE_INT) {
		wrong_kind(r, field, node, "a whole number");
	} else if (node->integer < field->least || node->integer > most) {
		kb_fault *fault =
			kb_fault_add(r->faults, node->mark, "record.range", "%s is %lld", field->key, (long long)node->integer);
		fault->expected =
			kb_arena_printf(r->arena, "a number from %lld to %lld", (long long)field->least, (long long)most);
	} else {
		*out = (kb_maybe) { true, node->integer };
	}
}

static size_t word_count(const char *const *words)
{
	size_t n = 0;
	while (words[n]) n++;
	return n;
}

static const char *join(kb_arena *arena, const char *const *words, size_t count)
{
	kb_buf out = { .arena = arena };
	for (size_t i = 0; i < count; i++)
		kb_buf_printf(&out, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	return kb_buf_string(&out);
}

static void read_word(reader *r, const kb_field *field, const kb_node *node, kb_maybe *out)
{
	size_t n = word_count(field->words);
	if (node->kind != KB_NODE_TEXT) {
		wrong_kind(r, field, node, join(r->arena, field->words, n));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(field->words[i], node->text) != 0) continue;
		*out = (kb_maybe) { true, (int64_t)i };
		return;
	}
	kb_fault *fault =
		kb_fault_add(r->faults, node->mark, "record.word", "%s can't be \"%.60s\"", field->key, node->text);
	fault->expected = join(r->arena, field->words, n);
	fault->nearest = kb_str_nearest(node->text, field->words, n);
}

static void check_count(reader *r, const kb_field *field, const kb_node *node, size_t count)
{
	size_t most = field->most > 0 ? (size_t)field->most : 100000;
	if (count >= (size_t)field->least && count <= most) return;
	kb_fault *fault = kb_fault_add(
		r->faults, node->mark, "record.count", "%s has %zu entr%s", field->key, count, count == 1 ? "y" : "ies");
	fault->expected = kb_arena_printf(r->arena, "%lld to %zu", (long long)field->least, most);
}

static void read_texts(reader *r, const kb_field *field, const kb_node *node, kb_texts *out)
{
	if (node->kind != KB_NODE_LIST) {
		wrong_kind(r, field, node, "a list of texts");
		return;
	}
	check_count(r, field, node, node->count);
	out->list = kb_arena_array(r->arena, node->count, sizeof *out->list);
	if (!out->list) return;
	const kb_field entry = { .key = field->key, .required = true, .pattern = field->pattern };
	for (size_t i = 0; i < node->count; i++)
		if (read_text(r, &entry, node->items[i], &out->list[out->count])) out->count++;
}

static void read_records(reader *r, const kb_field *field, const kb_node *node, kb_list *out)
{
	if (node->kind != KB_NODE_LIST) {
		wrong_kind(r, field, node, kb_arena_printf(r->arena, "a list, each entry %s", field->record->what));
		return;
	}
	check_count(r, field, node, node->count);
	out->list = kb_arena_array(r->arena, node->count, field->record->size);
	if (!out->list) return;
	for (size_t i = 0; i < node->count; i++)
		read_record(r, field->record, 0, node->items[i], at(out->list, i * field->record->size));
	out->count = node->count;
}

static void read_named(reader *r, const kb_field *field, const kb_node *node, kb_list *out)
{
	if (node->kind != KB_NODE_MAP) {
		wrong_kind(r, field, node, kb_arena_printf(r->arena, "a map of names, each %s", field->record->what));
		return;
	}
	check_count(r, field, node, node->pair_count);
	out->list = kb_arena_array(r->arena, node->pair_count, field->record->size);
	if (!out->list) return;
	kb_field name = field->record->fields[0]; /* the key, and not once more a field */
	name.required = true;
	for (size_t i = 0; i < node->pair_count; i++) {
		void *record = at(out->list, i * field->record->size);
		read_record(r, field->record, 1, node->pairs[i].value, record);
		const char *key = node->pairs[i].key;
		kb_node as_text = { .kind = KB_NODE_TEXT, .mark = node->pairs[i].key_mark, .text = key, .length = strlen(key) };
		read_text(r, &name, &as_text, at(record, name.offset));
		*(kb_mark *)record = node->pairs[i].key_mark;
	}
	out->count = node->pair_count;
}

static void read_pairs(reader *r, const kb_field *field, const kb_node *node, kb_list *out)
{
	if (node->kind != KB_NODE_MAP) {
		wrong_kind(r, field, node, "a map from names to texts");
		return;
	}
	check_count(r, field, node, node->pair_count);
	kb_text_pair *pairs = kb_arena_array(r->arena, node->pair_count, sizeof *pairs);
	if (!pairs) return;
	for (size_t i = 0; i < node->pair_count; i++) {
		const kb_field entry = { .key = node->pairs[i].key, .required = true, .pattern = field->pattern };
		pairs[out->count].key = (kb_text) { node->pairs[i].key, node->pairs[i].key_mark };
		if (read_text(r, &entry, node->pairs[i].value, &pairs[out->count].value)) out->count++;
	}
	out->list = pairs;
}

static void read_field(reader *r, const kb_field *field, const kb_node *node, void *out)
{
	void *place = at(out, field->offset);
	switch (field->type) {
	case KB_FIELD_TEXT: read_text(r, field, node, place); return;
	case KB_FIELD_INT: read_int(r, field, node, place); return;
	case KB_FIELD_BOOL:
		if (node->kind == KB_NODE_BOOL) *(kb_maybe *)place = (kb_maybe) { true, node->boolean };
		else wrong_kind(r, field, node, "true or false");
		return;
	case KB_FIELD_WORD: read_word(r, field, node, place); return;
	case KB_FIELD_TEXTS: read_texts(r, field, node, place); return;
	case KB_FIELD_RECORD: {
		void *record = kb_arena_alloc(r->arena, field->record->size);
		if (!record) return;
		read_record(r, field->record, 0, node, record);
		*(void **)place = record;
		return;
	}
	case KB_FIELD_RECORDS: read_records(r, field, node, place); return;
	case KB_FIELD_NAMED: read_named(r, field, node, place); return;
	case KB_FIELD_PAIRS: read_pairs(r, field, node, place); return;
	}
}

static void unknown_key(reader *r, const kb_record *record, size_t from, const kb_pair *pair)
{
	kb_fault *fault = kb_fault_add(
		r->faults, pair->key_mark, "record.unknown-key", "%s has no key \"%.60s\"", record->what, pair->key);
	if (r->faults->count > KB_FAULTS_KEPT) return; /* a hostile file may have a hundred thousand */
	size_t count = record->count - from;
	const char **keys = kb_arena_array(r->arena, count, sizeof *keys);
	if (!keys) return;
	for (size_t i = 0; i < count; i++) keys[i] = record->fields[from + i].key;
	fault->expected = kb_arena_printf(r->arena, "one of %s", join(r->arena, keys, count));
	fault->nearest = kb_str_nearest(pair->key, keys, count);
}

static const kb_field *field_named(const kb_record *record, size_t from, const char *key)
{
	for (size_t i = from; i < record->count; i++)
		if (strcmp(record->fields[i].key, key) == 0) return &record->fields[i];
	return NULL;
}

/* `from` is 1 where the first field is not in the map: it is the map's own key. */
static void read_record(reader *r, const kb_record *record, size_t from, const kb_node *node, void *out)
{
	memset(out, 0, record->size);
	*(kb_mark *)out = node->mark;
	if (node->kind != KB_NODE_MAP) {
		kb_fault *fault = kb_fault_add(
			r->faults, node->mark, "record.type", "%s can't be %s", record->what, kb_node_kind_name(node->kind));
		fault->expected = "a map of keys";
		return;
	}
	for (size_t i = 0; i < node->pair_count; i++) {
		const kb_field *field = field_named(record, from, node->pairs[i].key);
		if (!field) unknown_key(r, record, from, &node->pairs[i]);
		else if (node->pairs[i].value->kind != KB_NODE_NULL) read_field(r, field, node->pairs[i].value, out);
	}
	for (size_t i = from; i < record->count; i++) {
		const kb_field *field = &record->fields[i];
		const kb_node *value = kb_node_get(node, field->key);
		if (!field->required || (value && value->kind != KB_NODE_NULL)) continue;
		kb_fault_add(r->faults, node->mark, "record.missing", "%s lacks \"%s\"", record->what, field->key);
	}
}

kb_status kb_record_read(
	kb_arena *arena, const kb_record *record, const kb_node *node, kb_faults *faults, void *out, kb_err *err)
{
	reader r = { arena, faults };
	read_record(&r, record, 0, node, out);
	return kb_arena_check(arena, err);
}

/* Writing. */

static kb_node *write_texts(kb_arena *arena, const kb_texts *texts)
{
	kb_node *list = kb_node_list(arena);
	for (size_t i = 0; i < texts->count; i++) kb_node_add(arena, list, kb_node_text(arena, texts->list[i].text));
	return list;
}

static kb_node *write_named(kb_arena *arena, const kb_record *record, const kb_list *named)
{
	const kb_field *name = &record->fields[0];
	kb_node *map = kb_node_map(arena);
	for (size_t i = 0; i < named->count; i++) {
		const void *in = at_const(named->list, i * record->size);
		const kb_text *key = at_const(in, name->offset);
		kb_node_set(arena, map, key->text, write_record(arena, record, 1, in));
	}
	return map;
}

static kb_node *write_pairs(kb_arena *arena, const kb_list *pairs)
{
	const kb_text_pair *list = pairs->list;
	kb_node *map = kb_node_map(arena);
	for (size_t i = 0; i < pairs->count; i++) kb_node_set_text(arena, map, list[i].key.text, list[i].value.text);
	return map;
}

static kb_node *write_field(kb_arena *arena, const kb_field *field, const void *place)
{
	const kb_maybe *maybe = place;
	const kb_list *list = place;
	switch (field->type) {
	case KB_FIELD_TEXT: {
		const kb_text *text = place;
		return text->text ? kb_node_text(arena, text->text) : NULL;
	}
	case KB_FIELD_INT: return maybe->set ? kb_node_int(arena, maybe->value) : NULL;
	case KB_FIELD_BOOL: return maybe->set ? kb_node_bool(arena, maybe->value != 0) : NULL;
	case KB_FIELD_WORD: return maybe->set ? kb_node_text(arena, field->words[maybe->value]) : NULL;
	case KB_FIELD_TEXTS: {
		const kb_texts *texts = place;
		return texts->list ? write_texts(arena, texts) : NULL;
	}
	case KB_FIELD_RECORD: {
		const void *record = *(const void *const *)place;
		return record ? kb_record_write(arena, field->record, record) : NULL;
	}
	case KB_FIELD_RECORDS: {
		if (!list->list) return NULL;
		kb_node *out = kb_node_list(arena);
		for (size_t i = 0; i < list->count; i++)
			kb_node_add(
				arena, out, kb_record_write(arena, field->record, at_const(list->list, i * field->record->size)));
		return out;
	}
	case KB_FIELD_NAMED: return list->list ? write_named(arena, field->record, list) : NULL;
	case KB_FIELD_PAIRS: return list->list ? write_pairs(arena, list) : NULL;
	}
	return NULL;
}

static kb_node *write_record(kb_arena *arena, const kb_record *record, size_t from, const void *in)
{
	kb_node *map = kb_node_map(arena);
	for (size_t i = from; i < record->count; i++) {
		kb_node *value = write_field(arena, &record->fields[i], at_const(in, record->fields[i].offset));
		if (value) kb_node_set(arena, map, record->fields[i].key, value);
	}
	return map;
}

kb_node *kb_record_write(kb_arena *arena, const kb_record *record, const void *in)
{
	return write_record(arena, record, 0, in);
}
