#include "exchange/bank.h"

#include <stdlib.h>
#include <string.h>

#include "text/yaml.h"

static const char *const formats[] = { KB_STANDARD_FORMAT, KB_SPECIFICATION_FORMAT, KB_ITEMS_FORMAT };

static void unknown_format(kb_bank_file *file, const kb_node *root, kb_faults *faults)
{
	const kb_node *format = kb_node_get(root, "format");
	if (!format) {
		kb_mark mark = { file->path, 1, 1 };
		kb_fault *fault = kb_fault_add(faults, mark, "bank.no-format", "the file does not say what it holds");
		fault->expected = "a first line such as: format: " KB_ITEMS_FORMAT;
		return;
	}
	const char *given = format->kind == KB_NODE_TEXT ? format->text : "";
	kb_fault *fault = kb_fault_add(faults, format->mark, "bank.format", "the format \"%.60s\" is not known", given);
	fault->expected = KB_STANDARD_FORMAT ", " KB_SPECIFICATION_FORMAT " or " KB_ITEMS_FORMAT;
	fault->nearest = kb_str_nearest(given, formats, KB_COUNT(formats));
}

static kb_status read_items(kb_arena *arena, kb_bank_file *file, const kb_node *root, kb_faults *faults, kb_err *err)
{
	kb_item_file *items = kb_arena_alloc(arena, sizeof *items);
	if (!items) return kb_arena_check(arena, err);
	KB_TRY(kb_item_file_read(arena, root, faults, items, err));
	file->items = items;
	return KB_OK;
}

static kb_status read_file(kb_arena *arena, kb_bank_file *file, kb_faults *faults, kb_err *err)
{
	kb_node *root = NULL;
	KB_TRY(kb_yaml_read(arena, file->path, file->bytes.data, file->bytes.length, faults, &root, err));
	if (!root) return KB_OK;
	const char *format = kb_node_get_text(root, "format", "");
	size_t before = faults->count;
	if (strcmp(format, KB_STANDARD_FORMAT) == 0) KB_TRY(kb_standard_read(arena, root, faults, &file->standard, err));
	else if (strcmp(format, KB_SPECIFICATION_FORMAT) == 0)
		KB_TRY(kb_specification_read(arena, root, faults, &file->specification, err));
	else if (strcmp(format, KB_ITEMS_FORMAT) == 0) KB_TRY(read_items(arena, file, root, faults, err));
	else unknown_format(file, root, faults);
	/* What is half read would only bring faults that follow from the first ones. */
	if (faults->count > before) file->standard = NULL, file->specification = NULL, file->items = NULL;
	return KB_OK;
}

kb_status kb_bank_read(kb_arena *arena, kb_bank_file *files, size_t count, kb_faults *faults, kb_err *err)
{
	for (size_t i = 0; i < count; i++) KB_TRY(read_file(arena, &files[i], faults, err));
	return kb_arena_check(arena, err);
}

typedef struct checker {
	kb_arena *arena;
	const kb_bank *bank;
	const kb_bank_known *known;
	kb_faults *faults;
	const kb_item **by_key; /* all items of the files, sorted by id */
	size_t count;
} checker;

static const kb_standard *find_standard(const checker *c, const char *key)
{
	for (size_t i = 0; i < c->bank->count; i++)
		if (c->bank->files[i].standard && kb_str_equal(c->bank->files[i].standard->key.text, key))
			return c->bank->files[i].standard;
	return c->known->standard(c->known->context, key);
}

static const kb_standard *need_standard(checker *c, kb_text key)
{
	const kb_standard *standard = find_standard(c, key.text);
	if (!standard) {
		kb_fault *fault = kb_fault_add(c->faults, key.mark, "bank.standard",
			"the standard %.40s is neither in these files nor in the store", key.text);
		fault->expected = "a standard that is imported with these files or before them";
	}
	return standard;
}

static const kb_method *need_method(checker *c, const kb_standard *standard, kb_text id)
{
	const kb_method *method = kb_standard_method(standard, id.text);
	if (method) return method;
	const kb_method *methods = standard->methods.list;
	const char **names = kb_arena_array(c->arena, standard->methods.count, sizeof *names);
	kb_fault *fault =
		kb_fault_add(c->faults, id.mark, "bank.method", "%s has no method %.60s", standard->key.text, id.text);
	if (!names) return NULL;
	for (size_t i = 0; i < standard->methods.count; i++) names[i] = methods[i].id.text;
	fault->nearest = kb_str_nearest(id.text, names, standard->methods.count);
	fault->expected =
		standard->methods.count ? "a method of the standard" : "nothing: the standard's sources name no method";
	return NULL;
}

static int by_id(const void *a, const void *b)
{
	const kb_item *x = *(const kb_item *const *)a, *y = *(const kb_item *const *)b;
	return strcmp(x->id.text, y->id.text);
}

static void collect(checker *c, const kb_list *list)
{
	const kb_item *items = list->list;
	for (size_t i = 0; i < list->count; i++) c->by_key[c->count++] = &items[i];
}

static kb_status index_items(checker *c, kb_err *err)
{
	size_t count = 0;
	for (size_t i = 0; i < c->bank->count; i++) {
		const kb_item_file *items = c->bank->files[i].items;
		if (items) count += items->questions.count + items->themes.count;
	}
	c->by_key = kb_arena_array(c->arena, count, sizeof *c->by_key);
	if (!c->by_key) return kb_arena_check(c->arena, err);
	for (size_t i = 0; i < c->bank->count; i++) {
		const kb_item_file *items = c->bank->files[i].items;
		if (!items) continue;
		collect(c, &items->questions);
		collect(c, &items->themes);
	}
	if (count) qsort(c->by_key, count, sizeof *c->by_key, by_id);
	return KB_OK;
}

static const kb_item *find_item(const checker *c, const char *id)
{
	kb_item wanted = { .id = { .text = id } };
	const kb_item *key = &wanted;
	const kb_item **found = c->count ? bsearch(&key, c->by_key, c->count, sizeof *c->by_key, by_id) : NULL;
	return found ? *found : NULL;
}

static void check_rivals(checker *c, const kb_item *item)
{
	for (size_t i = 0; i < item->rivals.count; i++) {
		kb_text rival = item->rivals.list[i];
		if (find_item(c, rival.text) || c->known->item(c->known->context, rival.text)) continue;
		const char **names = kb_arena_array(c->arena, c->count, sizeof *names);
		kb_fault *fault = kb_fault_add(c->faults, rival.mark, "bank.rival",
			"the rival %.60s is neither in these files nor in the store", rival.text);
		if (!names) return;
		for (size_t j = 0; j < c->count; j++) names[j] = c->by_key[j]->id.text;
		fault->nearest = kb_str_nearest(rival.text, names, c->count);
	}
}

static void check_list(checker *c, const kb_standard *standard, const kb_method *method, const kb_list *list)
{
	const kb_item *items = list->list;
	for (size_t i = 0; i < list->count; i++) {
		kb_item_check(c->faults, standard, method, &items[i]);
		check_rivals(c, &items[i]);
		const kb_item *first = find_item(c, items[i].id.text);
		bool twice = first && first != &items[i] && kb_str_compare(first->mark.file, items[i].mark.file) != 0;
		if (twice)
			kb_fault_add(c->faults, items[i].id.mark, "bank.twice", "%.60s stands in %s too", items[i].id.text,
				first->mark.file);
	}
}

static void check_file(checker *c, const kb_bank_file *file)
{
	kb_faults_source(c->faults, file->path, file->bytes.data, file->bytes.length);
	if (file->specification) {
		const kb_standard *standard = need_standard(c, file->specification->standard);
		if (standard && need_method(c, standard, file->specification->method))
			kb_specification_check(c->faults, standard, file->specification);
	}
	if (file->items) {
		const kb_standard *standard = need_standard(c, file->items->standard);
		const kb_method *method = standard ? need_method(c, standard, file->items->method) : NULL;
		if (!method) return;
		check_list(c, standard, method, &file->items->questions);
		check_list(c, standard, method, &file->items->themes);
	}
}

kb_status kb_bank_check(
	kb_arena *arena, const kb_bank *bank, const kb_bank_known *known, kb_faults *faults, kb_err *err)
{
	checker c = { .arena = arena, .bank = bank, .known = known, .faults = faults };
	KB_TRY(index_items(&c, err));
	for (size_t i = 0; i < bank->count; i++) check_file(&c, &bank->files[i]);
	return kb_arena_check(arena, err);
}

kb_status kb_bank_write_items(kb_arena *arena, const char *standard, const char *method, const char *list_key,
	const kb_node *items, kb_buf *out, kb_err *err)
{
	kb_node *root = kb_node_map(arena);
	kb_node_set_text(arena, root, "format", KB_ITEMS_FORMAT);
	kb_node_set_text(arena, root, "standard", standard);
	kb_node_set_text(arena, root, "method", method);
	if (root) {
		kb_node *list = kb_node_list(arena);
		for (size_t i = 0; i < items->count; i++) kb_node_add(arena, list, items->items[i]);
		kb_node_set(arena, root, list_key, list);
	}
	KB_TRY(kb_arena_check(arena, err));
	return kb_yaml_write(arena, root, NULL, out, err);
}
