/* bank import, bank export. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_import.h"
#include "app/bank_measure.h"
#include "app/cap.h"
#include "app/figures.h"
#include "app/load.h"
#include "exchange/bank.h"
#include "text/yaml.h"

static void set_tally(kb_call *call, const char *key, const kb_tally *t)
{
	kb_node *map = kb_node_set(call->arena, call->result, key, kb_node_map(call->arena));
	kb_node_set_int(call->arena, map, "added", t->added);
	kb_node_set_int(call->arena, map, "changed", t->changed);
	kb_node_set_int(call->arena, map, "unchanged", t->unchanged);
}

static void set_approval(const kb_import *in)
{
	kb_call *call = in->call;
	kb_node *approval = kb_node_set(call->arena, call->result, "approval", kb_node_map(call->arena));
	kb_node_set_text(call->arena, approval, "by", in->approver);
	kb_node_set_text(call->arena, approval, "on", call->day_text);
	kb_node_set_text(call->arena, approval, "lapses_on", in->lapses_on);
	kb_node_set_int(call->arena, approval, "approved", in->approved);
	kb_node_set_int(call->arena, approval, "stayed", in->stayed);
	kb_node_set_bool(call->arena, approval, "some_stayed", in->stayed > 0);
}

/* A specification holds from its import on, whatever was approved by another. */

typedef struct outlook {
	uint32_t questions, reserve, cap;
	uint32_t least_cap; /* that can be kept where this one can't; 0: none is known */
	kb_answer draw, resits, kept;
} outlook;

/* An import waits a second or two at most: of more questions `bank weigh` tells. */
static kb_status look_at_cap(kb_call *call, const kb_bank_rules *rules, kb_draw_input *in, outlook *out, kb_err *err)
{
	enum { QUESTIONS_MOST = 200 };
	kb_even even;
	kb_err why;
	bool kept;
	if (out->questions > QUESTIONS_MOST) return KB_OK;
	kb_status status = kb_cap_try(call, rules, in, &even, &kept, &why);
	KB_TRY(kb_arena_check(call->arena, err));
	if (status == KB_LIMIT) return KB_OK;
	if (status != KB_OK) {
		*err = why;
		return status;
	}
	out->kept = kept ? KB_YES : KB_NO;
	if (kept) return KB_OK;
	return kb_even_least_cap(call->arena, &in->pool, &in->rules, out->cap, &even.least, &out->least_cap, err);
}

/* `any` is false where there is nothing to draw from yet, or nobody has mapped the method. */
static kb_status look_ahead(
	kb_call *call, const char *standard, const char *method, outlook *out, bool *any, kb_err *err)
{
	kb_bank_rules rules;
	kb_draw_input in = { 0 };
	kb_err why;
	kb_status status = kb_bank_rules_load(call, standard, method, NULL, &rules, &why);
	if (status == KB_OK) status = kb_bank_pool_on(call, &rules, call->day, &in, &why);
	*any = status == KB_OK && in.pool.count > 0;
	KB_TRY(kb_arena_check(call->arena, err));
	if (status != KB_OK && status != KB_REFUSED && status != KB_LIMIT) {
		*err = why;
		return status;
	}
	if (!*any) return KB_OK;
	*out = (outlook) { .questions = in.pool.count,
		.reserve = in.rules.reserve,
		.cap = kb_specification_cap(rules.specification),
		.kept = KB_UNKNOWN };
	KB_TRY(kb_capacity_reaches(call->arena, &in.pool, &in.rules, NULL, 1, &out->draw, err));
	if (out->draw == KB_YES && out->cap > 0) KB_TRY(look_at_cap(call, &rules, &in, out, err));
	if (out->draw == KB_NO || out->reserve == 0) return KB_OK;
	return kb_capacity_reaches(call->arena, &in.pool, &in.rules, NULL, out->reserve + 1, &out->resits, err);
}

static const char *words_of_no_cap(kb_arena *arena, const outlook *o, const char *from)
{
	const char *least = o->least_cap ? kb_arena_printf(arena, "; %u can be kept", o->least_cap) : "";
	return kb_arena_printf(arena, "no paper can be drawn %s, as no draw keeps the exposure cap of %s%s", from,
		kb_figure_limit(arena, o->cap), least);
}

static const char *words_of_outlook(kb_arena *arena, const outlook *o)
{
	const char *from =
		kb_arena_printf(arena, "from the %u question%s that may be drawn today", o->questions, kb_plural(o->questions));
	const char *resits = kb_arena_printf(arena, "%u re-sit%s", o->reserve, kb_plural(o->reserve));
	if (o->draw == KB_NO) return kb_arena_printf(arena, "no paper can be drawn %s", from);
	if (o->draw == KB_UNKNOWN) return kb_arena_printf(arena, "it was too much to tell if papers can be drawn %s", from);
	if (o->kept == KB_NO) return words_of_no_cap(arena, o, from);
	if (o->kept == KB_YES)
		from = kb_arena_printf(arena, "%s, within the exposure cap of %s", from, kb_figure_limit(arena, o->cap));
	if (o->reserve == 0) return kb_arena_printf(arena, "papers can be drawn %s", from);
	if (o->resits == KB_NO)
		return kb_arena_printf(arena, "no first sitting can be drawn %s, as %s could not follow", from, resits);
	return kb_arena_printf(arena, "papers can be drawn %s%s%s", from,
		o->resits == KB_YES ? ", and be followed by " : "; it was too much to tell if they can be followed by ",
		resits);
}

static kb_status add_outlooks(const kb_import *in, kb_err *err)
{
	kb_call *call = in->call;
	kb_arena *arena = call->arena;
	kb_node *list = kb_node_set(arena, call->result, "outlooks", kb_node_list(arena));
	for (size_t i = 0; i < in->laws->count; i++) {
		const char *standard = kb_node_get_text(in->laws->items[i], "standard", "");
		const char *method = kb_node_get_text(in->laws->items[i], "method", "");
		outlook o;
		bool any;
		kb_arena_mark mark = kb_arena_save(arena);
		KB_TRY(look_ahead(call, standard, method, &o, &any, err));
		kb_arena_restore(arena, mark);
		if (!any) continue;
		bool well = o.draw == KB_YES && o.kept != KB_NO && (o.reserve == 0 || o.resits == KB_YES);
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "standard", standard);
		kb_node_set_text(arena, entry, "method", method);
		kb_node_set_bool(arena, entry, "well", well);
		kb_node_set_text(arena, entry, "words", words_of_outlook(arena, &o));
		kb_node_set_bool(arena, entry, "cap_unknown", o.cap > 0 && o.kept == KB_UNKNOWN);
		if (o.least_cap) kb_node_set_int(arena, entry, "least_cap", o.least_cap);
	}
	kb_node_set_bool(arena, call->result, "some_outlooks", list->count > 0);
	return kb_arena_check(arena, err);
}

/* Otherwise naming somebody would be a way round the second pair of eyes. */
static kb_status check_approver(const kb_call *call, const char *approver, kb_err *err)
{
	if (!approver || !call->has_people) return KB_OK;
	if (!kb_str_equal_fold(approver, call->actor)) {
		kb_fail(err, KB_DENIED, "approval.other", "%s can't record the approval of %.60s", call->actor, approver);
		return kb_hint(err, "whoever approves imports: --as %.60s, or leave --approved-by out", approver);
	}
	return kb_call_may(call, KB_MAY_REVIEW, err);
}

static kb_status run_import(kb_call *call, kb_err *err)
{
	const char *approver = kb_call_text(call, "approved-by");
	KB_TRY(check_approver(call, approver, err));
	kb_import in = { .call = call, .what = KB_IMPORT_ALL, .approver = approver };
	KB_TRY(kb_bank_take_in(&in, err));
	kb_node_set_int(call->arena, call->result, "files", (int64_t)in.files);
	set_tally(call, "standards", &in.standards);
	set_tally(call, "specifications", &in.specifications);
	set_tally(call, "items", &in.items);
	if (approver) set_approval(&in);
	kb_node_set_bool(call->arena, call->result, "drawable", approver != NULL);
	KB_TRY(add_outlooks(&in, err));
	kb_node_set(call->arena, call->effects, "versions", in.versions);
	kb_node_set_int(call->arena, call->effects, "approved", in.approved);
	return KB_OK;
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
			"that is shorter. Once people work with the store, another text of an item that it has is not approved on\n"
			"the way in: it waits for its review.\n\n"
			"Of each new specification it says whether papers can be drawn by it from what is approved, and whether\n"
			"under its exposure cap; where not, which cap can be kept.\n\n"
			"    ksbank bank import banks --approved-by reviewer-1",
	.permission = KB_MAY_WRITE_ITEM,
	.store = KB_OP_WRITES,
	.args = import_args,
	.arg_count = KB_COUNT(import_args),
	.run = run_import,
	.screen = "bank-import",
	.answer =
		"files: how many were read; standards, specifications, items: each {added, changed, unchanged}; "
		"approval: {by, on, lapses_on, approved, stayed, some_stayed}, where --approved-by was given; drawable: whether it was; "
		"outlooks: list of {standard, method, well: papers can be drawn, words, cap_unknown: whether its exposure cap can "
		"be kept was not tried, least_cap: the least that can be kept where its own can't, if one was found}, "
		"for each new specification of a bank that has approved questions, some_outlooks",
};

/* Export. */

static kb_status write_out(kb_call *call, const char *dir, const char *name, const kb_buf *text, kb_err *err)
{
	KB_TRY(kb_call_create_in(call, dir, name, text->text, text->length, err));
	kb_node_add(call->arena, kb_node_get(call->result, "files"),
		kb_node_text(call->arena, kb_arena_printf(call->arena, "%s/%s", dir, name)));
	return kb_arena_check(call->arena, err);
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
			"you alone: they hold the whole bank. The export is logged before they get their names.\n\n"
			"    ksbank bank export ST0648/1.0 out",
	.permission = KB_MAY_TAKE_OUT_BANK,
	.store = KB_OP_WRITES,
	.args = export_args,
	.arg_count = KB_COUNT(export_args),
	.run = run_export,
	.screen = "bank-export",
	.answer = "standard, folder; files: list of paths; items: how many",
};
