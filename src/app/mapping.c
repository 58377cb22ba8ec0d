#include "app/mapping.h"

#include <string.h>

#include "base/file.h"
#include "text/csv.h"

static kb_node *theme_entry(kb_call *call, kb_node *choice, const kb_node *row)
{
	const char *id = kb_node_get_text(row, "theme", "");
	for (size_t i = 0; i < choice->count; i++)
		if (strcmp(kb_node_get_text(choice->items[i], "theme", ""), id) == 0) return choice->items[i];
	kb_node *entry = kb_node_add(call->arena, choice, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "theme", id);
	kb_node_set_text(call->arena, entry, "name", kb_node_get_text(row, "name", id));
	kb_node_set(call->arena, entry, "ksbs", kb_node_list(call->arena));
	return entry;
}

static void need_columns(kb_call *call, const kb_node *rows)
{
	static const char *const columns[] = { "theme", "ksb" };
	if (rows->count == 0) {
		kb_fault_add(&call->faults, rows->mark, "mapping.empty", "the file names no KSB")->expected =
			"rows: theme,name,ksb";
		return;
	}
	for (size_t i = 0; i < KB_COUNT(columns); i++)
		if (!kb_node_get(rows->items[0], columns[i]))
			kb_fault_add(&call->faults, rows->items[0]->mark, "mapping.column", "there is no column \"%s\"", columns[i])
				->expected = "the columns theme, name (may be left out), ksb";
}

kb_status kb_mapping_read(kb_call *call, const kb_standard *standard, const char *path, kb_node **ret, kb_err *err)
{
	kb_bytes bytes;
	kb_node *rows, *choice = kb_node_list(call->arena);
	KB_TRY(kb_file_read(call->arena, path, KB_CSV_MAX_BYTES, &bytes, err));
	KB_TRY(kb_csv_read(call->arena, path, bytes.data, bytes.length, &call->faults, &rows, err));
	if (rows) need_columns(call, rows);
	KB_TRY(kb_faults_check(&call->faults, err));
	for (size_t i = 0; i < rows->count; i++) {
		kb_node *theme = theme_entry(call, choice, rows->items[i]);
		KB_TRY(kb_arena_check(call->arena, err));
		kb_node_add(call->arena, kb_node_get(theme, "ksbs"), kb_node_get(rows->items[i], "ksb"));
	}
	kb_decision_check_mapping(&call->faults, standard, choice);
	KB_TRY(kb_faults_check(&call->faults, err));
	*ret = choice;
	return KB_OK;
}

static kb_status refuse_unmapped(const char *key, const char *id, kb_err *err)
{
	kb_fail(err, KB_REFUSED, "draw.mapping",
		"no source we have says which KSBs %s of %s assesses, so no paper can be shown to cover them", id, key);
	return kb_hint(err,
		"record the mapping, with where it was read: ksbank standard map %s %s FILE.csv --by NAME --source PLACE --reason TEXT; or draw for practice with an example: ksbank paper draw %s %s --practice --mapping FILE.csv",
		key, id, key, id);
}

kb_status kb_mapping_load_method(
	kb_call *call, kb_loaded *loaded, const char *id, const char *file, const kb_method **method, kb_err *err)
{
	kb_node *choice;
	KB_TRY(kb_load_method(call, loaded, id, method, err));
	bool mapped = kb_method_is_mapped(*method);
	if (!file) return mapped ? KB_OK : refuse_unmapped(loaded->standard->key.text, id, err);
	if (mapped) {
		kb_fail(err, KB_REFUSED, "draw.mapped", "the mapping of %s is %s, and no other is taken for it", id,
			(*method)->mapping_source.text ? "published" : "recorded");
		return kb_hint(err, "leave --mapping out");
	}
	KB_TRY(kb_mapping_read(call, loaded->standard, file, &choice, err));
	kb_decision decision = { .subject = kb_arena_printf(call->arena, "mapping %s", id), .choice = choice };
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_decision_apply(call->arena, loaded->standard, &decision, 1, err);
}
