/* bank import, bank export. */
#include "app/ops.h"

#include <string.h>

#include "app/load.h"
#include "exchange/bank.h"
#include "text/json.h"
#include "text/yaml.h"

enum { FILES_MAX = 5000 };

/* What an import did with one kind of thing. */
typedef struct tally {
	int64_t added, changed, unchanged;
} tally;

static void set_tally(kb_call *call, const char *key, const tally *t)
{
	kb_node *map = kb_node_set(call->arena, call->result, key, kb_node_map(call->arena));
	kb_node_set_int(call->arena, map, "added", t->added);
	kb_node_set_int(call->arena, map, "changed", t->changed);
	kb_node_set_int(call->arena, map, "unchanged", t->unchanged);
}

static void count(tally *t, bool known, bool same)
{
	if (!known) t->added++;
	else if (same) t->unchanged++;
	else t->changed++;
}

typedef struct import {
	kb_call *call;
	tally standards, specifications, items;
	kb_node *versions;                /* for the log: what was written */
	const char *approver, *lapses_on; /* the day on which the first of the approvals lapses */
	int64_t approved;
} import;

static void note(import *in, const char *name, int64_t number, const char *digest)
{
	kb_arena *arena = in->call->arena;
	kb_node *entry = kb_node_add(arena, in->versions, kb_node_map(arena));
	kb_node_set_text(arena, entry, "name", name);
	kb_node_set_int(arena, entry, "version", number);
	kb_node_set_text(arena, entry, "digest", digest);
}

static kb_status import_standard(import *in, const kb_standard *standard, kb_err *err)
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
	note(in, standard->key.text, row.number + 1, digest);
	return kb_q_standard_add(call->sql, standard->key.text, row.number + 1, body.text, digest, NULL, err);
}

static kb_status import_specification(import *in, const kb_specification *spec, kb_err *err)
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
	note(in, kb_arena_printf(call->arena, "%s %s", standard, method), row.number + 1, digest);
	return kb_q_specification_add(call->sql, standard, method, row.number + 1, bytes, digest, NULL, err);
}

static kb_status approve(import *in, int64_t version, const char *lapses_on, const kb_item *item, kb_err *err)
{
	kb_call *call = in->call;
	if (kb_str_equal_fold(item->author.text, in->approver)) {
		kb_fault *fault = kb_fault_add(&call->faults, item->author.mark, "approval.own",
			"%s wrote %s and so can't approve it", in->approver, item->id.text);
		fault->expected = "the name of a second person";
		return KB_OK;
	}
	kb_q_approval_latest_row last = { 0 };
	bool found;
	KB_TRY(kb_q_approval_latest(call->sql, call->arena, version, &last, &found, err));
	if (found && strcmp(last.approved_on, call->day_text) >= 0) return KB_OK;
	in->approved++;
	if (!in->lapses_on || strcmp(lapses_on, in->lapses_on) < 0) in->lapses_on = lapses_on;
	return kb_q_move_add(
		call->sql, version, "approved", in->approver, call->day_text, lapses_on, NULL, NULL, NULL, err);
}

static kb_status find_item(
	import *in, const kb_item_file *file, const kb_item *item, int64_t *id, bool *known, kb_err *err)
{
	kb_call *call = in->call;
	kb_q_item_by_key_row row = { 0 };
	const char *kind = item->is_theme ? "case-study-theme" : "question";
	KB_TRY(kb_q_item_by_key(call->sql, call->arena, item->id.text, &row, known, err));
	if (!*known) {
		KB_TRY(kb_q_item_add(call->sql, item->id.text, file->standard.text, file->method.text, kind, NULL, err));
		*id = kb_sql_last_id(call->sql);
		return KB_OK;
	}
	*id = row.id;
	bool moved = strcmp(row.standard, file->standard.text) != 0 || strcmp(row.method, file->method.text) != 0 ||
	             strcmp(row.kind, kind) != 0;
	if (moved) {
		kb_fault *fault = kb_fault_add(&call->faults, item->id.mark, "bank.moved", "%s is a %s of %s, %s already",
			item->id.text, row.kind, row.standard, row.method);
		fault->expected = "a new id: an item belongs to one method of one standard's version for ever";
	}
	return KB_OK;
}

static kb_status import_item(
	import *in, const kb_item_file *file, const char *lapses_on, const kb_item *item, kb_err *err)
{
	kb_call *call = in->call;
	const char *digest, *bytes;
	int64_t id;
	bool known;
	size_t faults = call->faults.count;
	kb_q_version_latest_row row = { 0 };
	KB_TRY(find_item(in, file, item, &id, &known, err));
	if (call->faults.count > faults) return KB_OK;
	KB_TRY(kb_load_digest(call, KB_DOMAIN_ITEM, kb_item_write(call->arena, item), &digest, &bytes, err));
	if (known) KB_TRY(kb_q_version_latest(call->sql, call->arena, id, &row, &known, err));
	bool same = known && strcmp(row.digest, digest) == 0;
	count(&in->items, known, same);
	int64_t version = row.id;
	if (!same) {
		note(in, item->id.text, row.number + 1, digest);
		KB_TRY(kb_q_version_add(call->sql, id, row.number + 1, bytes, digest, NULL, err));
		version = kb_sql_last_id(call->sql);
	}
	return in->approver ? approve(in, version, lapses_on, item, err) : KB_OK;
}

/* The plan asks for a review at least once a year (004:139); a specification may ask for it sooner. */
static kb_status lapse_day(import *in, const kb_item_file *file, const char **day, kb_err *err)
{
	enum { REVIEW_MONTHS = 12 };
	kb_loaded_specification loaded;
	char text[KB_DATE_SIZE];
	kb_status status = kb_load_specification(in->call, file->standard.text, file->method.text, &loaded, err);
	if (status != KB_OK && status != KB_REFUSED) return status;
	int64_t months = REVIEW_MONTHS;
	if (status == KB_OK && loaded.specification->review_months.set) months = loaded.specification->review_months.value;
	kb_date_format(kb_date_add_months(in->call->day, (int)(months < REVIEW_MONTHS ? months : REVIEW_MONTHS)), text);
	*day = kb_arena_text(in->call->arena, text);
	return kb_arena_check(in->call->arena, err);
}

static kb_status import_items(import *in, const kb_item_file *file, kb_err *err)
{
	const char *lapses_on;
	KB_TRY(lapse_day(in, file, &lapses_on, err));
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

static kb_status faults_of(kb_call *call, kb_err *err)
{
	kb_status status = kb_faults_check(&call->faults, err);
	if (status == KB_INVALID) {
		kb_fail(err, KB_INVALID, "bank.faults", "%zu fault%s; nothing was imported", call->faults.count,
			call->faults.count == 1 ? "" : "s");
		kb_hint(err, "mend what is listed and import again");
	}
	return status;
}

static kb_status import_all(import *in, const kb_bank *bank, kb_err *err)
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
	return faults_of(in->call, err);
}

static void import_result(import *in, size_t files)
{
	kb_call *call = in->call;
	kb_node_set_int(call->arena, call->result, "files", (int64_t)files);
	set_tally(call, "standards", &in->standards);
	set_tally(call, "specifications", &in->specifications);
	set_tally(call, "items", &in->items);
	if (in->approver) {
		kb_node *approval = kb_node_set(call->arena, call->result, "approval", kb_node_map(call->arena));
		kb_node_set_text(call->arena, approval, "by", in->approver);
		kb_node_set_text(call->arena, approval, "on", call->day_text);
		kb_node_set_text(call->arena, approval, "lapses_on", in->lapses_on);
		kb_node_set_int(call->arena, approval, "approved", in->approved);
	}
	kb_node_set_bool(call->arena, call->result, "drawable", in->approver != NULL);
	kb_node_set(call->arena, call->effects, "versions", in->versions);
	kb_node_set_int(call->arena, call->effects, "approved", in->approved);
}

static kb_status run_import(kb_call *call, kb_err *err)
{
	kb_bank bank = { 0 };
import in = {.call = call, .approver = kb_call_text(call, "approved-by") };
	in.versions = kb_node_list(call->arena);
	kb_bank_known known = { known_standard, known_item, call };
	KB_TRY(read_files(call, &bank, err));
	KB_TRY(kb_bank_read(call->arena, bank.files, bank.count, &call->faults, err));
	KB_TRY(kb_bank_check(call->arena, &bank, &known, &call->faults, err));
	KB_TRY(faults_of(call, err));
	KB_TRY(import_all(&in, &bank, err));
	import_result(&in, bank.count);
	return kb_arena_check(call->arena, err);
}

static const kb_arg import_args[] = {
	{ "path", KB_ARG_PATH, .place = true, .required = true, .help = "a folder of YAML files, or one file" },
	{ "approved-by", KB_ARG_TEXT,
		.help = "who reviewed and approved what comes in; nobody may approve what they wrote" },
};

const kb_op kb_op_bank_import = {
	.name = "bank import",
	.summary = "Take standards, specifications and items in from YAML files",
	.help = "Reads every .yaml file under PATH. A new version is made only where the content changed; when\n"
			"anything is wrong, every fault of every file is listed and nothing is imported.\n\n"
			"Without --approved-by the items come in as drafts: nothing is drawn that no second person approved.\n"
			"An approval holds from --date for twelve months, or as long as the method's specification says where\n"
			"that is shorter.\n\n"
			"    ksbank bank import banks --approved-by reviewer-1",
	.permission = KB_MAY_WRITE_ITEM,
	.store = KB_OP_WRITES,
	.args = import_args,
	.arg_count = KB_COUNT(import_args),
	.run = run_import,
	.screen = "bank-import",
	.answer = "files: how many were read; standards, specifications, items: each {added, changed, unchanged}; "
			  "approval: {by, on, lapses_on, approved}, where --approved-by was given; drawable: whether it was",
};

/* Export. */

static kb_status write_out(kb_call *call, const char *dir, const char *name, const kb_buf *text, kb_err *err)
{
	const char *path = kb_arena_printf(call->arena, "%s/%s", dir, name);
	KB_TRY(kb_arena_check(call->arena, err));
	kb_status status = kb_file_create(path, text->text, text->length, 0600, err);
	if (status == KB_EXISTS) return kb_hint(err, "export into a new folder; an existing file is never overwritten");
	if (status == KB_OK) kb_node_add(call->arena, kb_node_get(call->result, "files"), kb_node_text(call->arena, path));
	return status;
}

static kb_status export_body(kb_call *call, const char *dir, const char *name, const char *body,
	const kb_record *record, void *value, kb_err *err)
{
	kb_node *node;
	kb_faults faults = { .arena = call->arena };
	kb_buf text = { .arena = call->arena };
	KB_TRY(kb_load_body(call, body, &node, err));
	/* Through the record, so that the keys stand in the order that a person expects. */
	KB_TRY(kb_record_read(call->arena, record, node, &faults, value, err));
	KB_TRY(kb_faults_check(&faults, err));
	KB_TRY(kb_yaml_write(call->arena, kb_record_write(call->arena, record, value), NULL, &text, err));
	return write_out(call, dir, name, &text, err);
}

/* Where an item is put: questions by grading theme, case-study themes together. */
static const char *file_of(kb_call *call, const kb_q_item_latest_all_row *row, const kb_node *body)
{
	if (strcmp(row->kind, "question") != 0) return "case-study-themes.yaml";
	return kb_arena_printf(call->arena, "%s.yaml", kb_node_get_text(body, "theme", "questions"));
}

static kb_status export_method(
	kb_call *call, const char *dir, const char *standard, const kb_q_item_latest_all_row *rows, size_t n, kb_err *err)
{
	kb_node *groups = kb_node_map(call->arena);
	for (size_t i = 0; i < n; i++) {
		kb_node *body;
		kb_item item;
		KB_TRY(kb_load_body(call, rows[i].body, &body, err));
		KB_TRY(kb_item_read(call->arena, body, strcmp(rows[i].kind, "question") != 0, &item, err));
		KB_TRY(kb_call_reads_item(call, rows[i].id, err));
		const char *name = file_of(call, &rows[i], body);
		KB_TRY(kb_arena_check(call->arena, err));
		kb_node *list = kb_node_get(groups, name);
		if (!list) list = kb_node_set(call->arena, groups, name, kb_node_list(call->arena));
		kb_node_add(call->arena, list, kb_item_write(call->arena, &item));
	}
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < groups->pair_count; i++) {
		kb_buf text = { .arena = call->arena };
		bool themes = strcmp(groups->pairs[i].key, "case-study-themes.yaml") == 0;
		KB_TRY(kb_bank_write_items(call->arena, standard, rows[0].method, themes ? "case-study-themes" : "questions",
			groups->pairs[i].value, &text, err));
		KB_TRY(write_out(call, dir, groups->pairs[i].key, &text, err));
	}
	return KB_OK;
}

static kb_status export_items(kb_call *call, const char *dir, const char *standard, kb_err *err)
{
	kb_q_item_latest_all_row *rows;
	size_t n;
	KB_TRY(kb_q_item_latest_all(call->sql, call->arena, standard, NULL, &rows, &n, err));
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && strcmp(rows[end].method, rows[i].method) == 0) end++;
		const char *folder = kb_arena_printf(call->arena, "%s/%s", dir, rows[i].method);
		KB_TRY(kb_arena_check(call->arena, err));
		KB_TRY(kb_file_make_dir(folder, err));
		KB_TRY(export_method(call, folder, standard, &rows[i], end - i, err));
		i = end;
	}
	kb_node_set_int(call->arena, call->result, "items", (int64_t)n);
	return KB_OK;
}

static kb_status export_specifications(kb_call *call, const char *dir, const char *standard, kb_err *err)
{
	kb_q_specification_all_row *rows;
	size_t n;
	KB_TRY(kb_q_specification_all(call->sql, call->arena, standard, &rows, &n, err));
	for (size_t i = 0; i < n; i++) {
		kb_specification spec;
		const char *folder = kb_arena_printf(call->arena, "%s/%s", dir, rows[i].method);
		KB_TRY(kb_arena_check(call->arena, err));
		KB_TRY(kb_file_make_dir(folder, err));
		KB_TRY(export_body(call, folder, "specification.yaml", rows[i].body, &kb_specification_record, &spec, err));
	}
	return KB_OK;
}

static kb_status run_export(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard"), *dir = kb_call_text(call, "folder");
	kb_loaded loaded;
	kb_q_standard_latest_row row = { 0 };
	kb_standard standard;
	bool found;
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(kb_q_standard_latest(call->sql, call->arena, key, &row, &found, err));
	kb_node_set_text(call->arena, call->result, "standard", key);
	kb_node_set_text(call->arena, call->result, "folder", dir);
	kb_node_set(call->arena, call->result, "files", kb_node_list(call->arena));
	KB_TRY(kb_file_make_dir(dir, err));
	KB_TRY(export_body(call, dir, "standard.yaml", row.body, &kb_standard_record, &standard, err));
	KB_TRY(export_specifications(call, dir, key, err));
	KB_TRY(export_items(call, dir, key, err));
	kb_node_set_text(call->arena, call->effects, "standard", key);
	kb_node_set_int(call->arena, call->effects, "items", kb_node_get_int(call->result, "items", 0));
	return KB_OK;
}

static const kb_arg export_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "folder", KB_ARG_PATH, .place = true, .required = true,
		.help = "a folder to write into; it is made if it is not there" },
};

/* Taking the whole bank out is what a leak looks like: it writes a log entry, and so counts as writing. */
const kb_op kb_op_bank_export = {
	.name = "bank export",
	.summary = "Write a standard, its specifications and all its items to YAML files",
	.help = "The newest version of each item. Importing what was exported changes nothing. Files are readable by\n"
			"you alone: they hold the whole bank. The export is logged.\n\n"
			"    ksbank bank export ST0648/1.0 out",
	.permission = KB_MAY_TAKE_OUT_BANK,
	.store = KB_OP_WRITES,
	.args = export_args,
	.arg_count = KB_COUNT(export_args),
	.run = run_export,
	.screen = "bank-export",
	.answer = "standard, folder; files: list of paths; items: how many",
};
