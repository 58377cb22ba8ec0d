#include "app/bank_import.h"

#include <string.h>

#include "app/approval.h"
#include "app/load.h"
#include "exchange/bank.h"
#include "model/workflow.h"
#include "text/json.h"
#include "text/yaml.h"

enum { FILES_MAX = 5000 };

static void count(kb_tally *t, bool known, bool same)
{
	if (!known) t->added++;
	else if (same) t->unchanged++;
	else t->changed++;
}

static void note(kb_import *in, const char *name, int64_t number, const char *digest)
{
	kb_arena *arena = in->call->arena;
	kb_node *entry = kb_node_add(arena, in->versions, kb_node_map(arena));
	kb_node_set_text(arena, entry, "name", name);
	kb_node_set_int(arena, entry, "version", number);
	kb_node_set_text(arena, entry, "digest", digest);
}

/* Standards and specifications are the organisation's; so is bringing in what somebody else wrote. */
static kb_status may_decide(const kb_import *in, const char *name, const char *why, kb_err *err)
{
	if (kb_call_may(in->call, KB_MAY_DECIDE, err) == KB_OK) return KB_OK;
	return kb_err_context(err, "%.60s %s, and ", name, why);
}

static kb_status import_standard(kb_import *in, const kb_standard *standard, kb_err *err)
{
	kb_call *call = in->call;
	const char *digest;
	kb_buf body = { .arena = call->arena };
	kb_q_standard_latest_row row = { 0 };
	bool known;
	kb_node *node = kb_standard_write(call->arena, standard);
	KB_TRY(kb_load_digest(call, KB_DOMAIN_STANDARD, node, &digest, NULL, err));
	KB_TRY(kb_json_compact(call->arena, node, &body, err));
	KB_TRY(kb_q_standard_latest(call->sql, call->arena, standard->key.text, &row, &known, err));
	bool same = known && strcmp(row.digest, digest) == 0;
	count(&in->standards, known, same);
	if (same) return KB_OK;
	KB_TRY(may_decide(in, standard->key.text, "changes", err));
	note(in, standard->key.text, row.number + 1, digest);
	return kb_q_standard_add(call->sql, standard->key.text, row.number + 1, body.text, digest, NULL, err);
}

static kb_status import_specification(kb_import *in, const kb_specification *spec, kb_err *err)
{
	kb_call *call = in->call;
	const char *digest, *bytes, *standard = spec->standard.text, *method = spec->method.text;
	kb_q_specification_latest_row row = { 0 };
	bool known;
	KB_TRY(
		kb_load_digest(call, KB_DOMAIN_SPECIFICATION, kb_specification_write(call->arena, spec), &digest, &bytes, err));
	KB_TRY(kb_q_specification_latest(call->sql, call->arena, standard, method, &row, &known, err));
	bool same = known && strcmp(row.digest, digest) == 0;
	count(&in->specifications, known, same);
	if (same) return KB_OK;
	const char *name = kb_arena_printf(call->arena, "%s %s", standard, method);
	KB_TRY(may_decide(in, name, "changes", err));
	note(in, name, row.number + 1, digest);
	kb_node *law = kb_node_add(call->arena, in->laws, kb_node_map(call->arena));
	kb_node_set_text(call->arena, law, "standard", standard);
	kb_node_set_text(call->arena, law, "method", method);
	return kb_q_specification_add(call->sql, standard, method, row.number + 1, bytes, digest, NULL, err);
}

/* What was returned, suspended or retired stays so: that takes a look at the one question. */
static kb_status approve(kb_import *in, int64_t version, const char *lapses_on, const kb_item *item, kb_err *err)
{
	kb_call *call = in->call;
	kb_q_move_latest_row last = { 0 };
	bool moved;
	KB_TRY(kb_q_move_latest(call->sql, call->arena, version, &last, &moved, err));
	kb_state state = moved ? kb_state_named(last.state) : KB_STATE_DRAFT;
	if (!kb_move_may_be_imported(state)) {
		in->stayed++;
		return KB_OK;
	}
	if (kb_str_equal_fold(item->author.text, in->approver)) {
		kb_fault *fault = kb_fault_add(&call->faults, item->author.mark, "approval.own",
			"%s wrote %s and so can't approve it", in->approver, item->id.text);
		fault->expected = "the name of a second person";
		return KB_OK;
	}
	if (state == KB_STATE_APPROVED && strcmp(last.made_on, call->day_text) >= 0) return KB_OK;
	in->approved++;
	if (!in->lapses_on || strcmp(lapses_on, in->lapses_on) < 0) in->lapses_on = lapses_on;
	return kb_q_move_add(
		call->sql, version, "approved", in->approver, call->day_text, lapses_on, NULL, NULL, NULL, err);
}

static kb_status find_item(
	kb_import *in, const kb_item_file *file, const kb_item *item, int64_t *id, bool *known, kb_err *err)
{
	kb_call *call = in->call;
	kb_q_item_by_key_row row = { 0 };
	const char *kind = item->is_theme ? "case-study-theme" : "question";
	KB_TRY(kb_q_item_by_key(call->sql, call->arena, item->id.text, &row, known, err));
	if (!*known && in->what == KB_IMPORT_EDITED) {
		kb_fault_add(&call->faults, item->id.mark, "question.none", "the store has no %s to edit", item->id.text)
			->expected = "an id that it has; a new one goes in with: ksbank question new FILE";
		return KB_OK;
	}
	if (!*known) {
		KB_TRY(kb_q_item_add(call->sql, item->id.text, file->standard.text, file->method.text, kind, NULL, err));
		*id = kb_sql_last_id(call->sql);
		return KB_OK;
	}
	*id = row.id;
	if (in->what == KB_IMPORT_NEW) {
		kb_fault_add(&call->faults, item->id.mark, "question.there", "the store has %s already", item->id.text)
			->expected = "a new id; a new text for this one goes in with: ksbank question edit FILE";
		return KB_OK;
	}
	bool moved = strcmp(row.standard, file->standard.text) != 0 || strcmp(row.method, file->method.text) != 0 ||
	             strcmp(row.kind, kind) != 0;
	if (moved) {
		kb_fault *fault = kb_fault_add(&call->faults, item->id.mark, "bank.moved", "%s is a %s of %s, %s already",
			item->id.text, row.kind, row.standard, row.method);
		fault->expected = "a new id: an item belongs to one method of one standard's version for ever";
	}
	return KB_OK;
}

/* Whether an edit leaves every word as it is: who wrote it last does not count. */
static kb_status is_unchanged(
	kb_import *in, const char *body, const char *digest, kb_item item, bool *same, kb_err *err)
{
	kb_node *stored;
	const char *edited;
	KB_TRY(kb_load_body(in->call, body, &stored, err));
	item.author.text = kb_node_get_text(stored, "author", "");
	KB_TRY(kb_load_digest(in->call, KB_DOMAIN_ITEM, kb_item_write(in->call->arena, &item), &edited, NULL, err));
	*same = strcmp(edited, digest) == 0;
	if (*same)
		kb_fault_add(&in->call->faults, item.mark, "question.unchanged", "nothing changed in %s", item.id.text)
			->expected = "another text than the store has; see it with: ksbank question show ID";
	return KB_OK;
}

static kb_status add_version(
	kb_import *in, int64_t id, int64_t number, const kb_item *item, const char *digest, const char *bytes, kb_err *err)
{
	kb_call *call = in->call;
	if (!kb_str_equal_fold(item->author.text, call->actor))
		KB_TRY(may_decide(in, item->id.text, kb_arena_printf(call->arena, "is by %s", item->author.text), err));
	note(in, item->id.text, number, digest);
	return kb_q_version_add(call->sql, id, number, bytes, digest, NULL, err);
}

static kb_status import_item(
	kb_import *in, const kb_item_file *file, const char *lapses_on, const kb_item *item, kb_err *err)
{
	kb_call *call = in->call;
	const char *digest, *bytes;
	int64_t id = 0;
	bool known;
	size_t faults = call->faults.count;
	kb_q_version_latest_row row = { 0 };
	KB_TRY(find_item(in, file, item, &id, &known, err));
	if (call->faults.count > faults) return KB_OK;
	KB_TRY(kb_load_digest(call, KB_DOMAIN_ITEM, kb_item_write(call->arena, item), &digest, &bytes, err));
	if (known) KB_TRY(kb_q_version_latest(call->sql, call->arena, id, &row, &known, err));
	bool same = known && strcmp(row.digest, digest) == 0;
	if (in->what == KB_IMPORT_EDITED) KB_TRY(is_unchanged(in, row.body, row.digest, *item, &same, err));
	count(&in->items, known, same);
	int64_t version = row.id;
	if (!same) {
		KB_TRY(add_version(in, id, row.number + 1, item, digest, bytes, err));
		version = kb_sql_last_id(call->sql);
	}
	/* In a store that people work with, another text of a known item is reviewed beside what it replaces, by a
	 * checklist: it may be an older one, and an approval on the way in would put it in use unseen. */
	bool replaces = known && !same && call->has_people;
	if (in->approver && replaces) in->stayed++;
	return in->approver && !replaces ? approve(in, version, lapses_on, item, err) : KB_OK;
}

static kb_status import_items(kb_import *in, const kb_item_file *file, kb_err *err)
{
	const char *lapses_on;
	KB_TRY(kb_approval_lapses(in->call, file->standard.text, file->method.text, &lapses_on, err));
	const kb_item *questions = file->questions.list, *themes = file->themes.list;
	for (size_t i = 0; i < file->questions.count; i++) KB_TRY(import_item(in, file, lapses_on, &questions[i], err));
	for (size_t i = 0; i < file->themes.count; i++) KB_TRY(import_item(in, file, lapses_on, &themes[i], err));
	return KB_OK;
}

/* What the store knows, for the checks of files that lean on what came before. */

static const kb_standard *known_standard(void *context, const char *key)
{
	kb_loaded loaded;
	kb_err none;
	return kb_load_standard(context, key, &loaded, &none) == KB_OK ? loaded.standard : NULL;
}

static bool known_item(void *context, const char *key)
{
	kb_call *call = context;
	kb_q_item_by_key_row row;
	bool found = false;
	kb_err none;
	return kb_q_item_by_key(call->sql, call->arena, key, &row, &found, &none) == KB_OK && found;
}

static kb_status read_files(kb_call *call, kb_bank *bank, kb_err *err)
{
	const char *const *paths;
	size_t n;
	KB_TRY(kb_file_list(call->arena, kb_call_text(call, "path"), ".yaml", FILES_MAX, &paths, &n, err));
	if (n == 0) {
		kb_fail(err, KB_NOT_FOUND, "bank.empty", "there is no .yaml file under %s", kb_call_text(call, "path"));
		return kb_hint(err, "name a folder of a bank, such as banks, or one file");
	}
	bank->files = kb_arena_array(call->arena, n, sizeof *bank->files);
	if (!bank->files) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < n; i++) {
		bank->files[i].path = paths[i];
		kb_status status = kb_file_read(call->arena, paths[i], KB_YAML_MAX_BYTES, &bank->files[i].bytes, err);
		if (status == KB_LIMIT || status == KB_INVALID) {
			kb_fault_add(&call->faults, (kb_mark) { .file = paths[i] }, err->id, "%s", err->message)->expected =
				err->hint[0] ? kb_arena_text(call->arena, err->hint) : NULL;
			bank->files[i].bytes = (kb_bytes) { "", 0 };
		} else if (status != KB_OK) {
			return status;
		}
	}
	bank->count = n;
	return KB_OK;
}

static kb_status faults_of(const kb_import *in, kb_err *err)
{
	const kb_faults *faults = &in->call->faults;
	bool all = in->what == KB_IMPORT_ALL;
	kb_status status = kb_faults_check(faults, err);
	if (status != KB_INVALID) return status;
	kb_fail(err, KB_INVALID, "bank.faults", "%zu fault%s; nothing was %s", faults->count, faults->count == 1 ? "" : "s",
		all ? "imported" : "written");
	return kb_hint(err, "mend what is listed and %s again", all ? "import" : "try");
}

static kb_status import_all(kb_import *in, const kb_bank *bank, kb_err *err)
{
	for (size_t i = 0; i < bank->count; i++)
		if (bank->files[i].standard) KB_TRY(import_standard(in, bank->files[i].standard, err));
	for (size_t i = 0; i < bank->count; i++)
		if (bank->files[i].specification) KB_TRY(import_specification(in, bank->files[i].specification, err));
	for (size_t i = 0; i < bank->count; i++) {
		const kb_bank_file *file = &bank->files[i];
		kb_faults_source(&in->call->faults, file->path, file->bytes.data, file->bytes.length);
		if (file->items) KB_TRY(import_items(in, file->items, err));
	}
	return faults_of(in, err);
}

/* What question new and edit take: items only, by the person who acts. */

static void name_author(kb_import *in, const kb_list *list)
{
	kb_call *call = in->call;
	kb_item *items = list->list;
	for (size_t i = 0; i < list->count; i++) {
		if (!items[i].author.text) items[i].author = (kb_text) { call->actor, items[i].mark };
		if (!call->has_people || kb_str_equal(items[i].author.text, call->actor)) continue;
		kb_fault_add(&call->faults, items[i].author.mark, "question.author",
			"%s names %s as its author, and you are %s", items[i].id.text, items[i].author.text, call->actor)
			->expected = "your own name, or no author at all";
	}
}

static void check_files(kb_import *in, const kb_bank *bank)
{
	for (size_t i = 0; in->what != KB_IMPORT_ALL && i < bank->count; i++) {
		const kb_bank_file *file = &bank->files[i];
		kb_faults_source(&in->call->faults, file->path, file->bytes.data, file->bytes.length);
		if (file->items) {
			name_author(in, &file->items->questions);
			name_author(in, &file->items->themes);
		} else if (file->standard || file->specification) {
			kb_mark mark = { file->path, 1, 1 };
			kb_fault_add(&in->call->faults, mark, "question.file", "this is no file of questions")->expected =
				"format: ksbank-items/1; a standard or a specification goes in with: ksbank bank import";
		}
	}
}

kb_status kb_bank_take_in(kb_import *in, kb_err *err)
{
	kb_call *call = in->call;
	kb_bank bank = { 0 };
	kb_bank_known known = { known_standard, known_item, call };
	in->versions = kb_node_list(call->arena);
	in->laws = kb_node_list(call->arena);
	KB_TRY(read_files(call, &bank, err));
	KB_TRY(kb_bank_read(call->arena, bank.files, bank.count, &call->faults, err));
	check_files(in, &bank);
	KB_TRY(kb_bank_check(call->arena, &bank, &known, &call->faults, err));
	KB_TRY(faults_of(in, err));
	in->files = bank.count;
	return import_all(in, &bank, err);
}
