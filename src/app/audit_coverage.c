/* audit coverage: how deep the bank stands under each unit, and whether every issued paper covers what it must. */
#include "app/audit.h"

#include <string.h>

#include "app/ops.h"
#include "app/paper_load.h"
#include "text/json.h"

typedef struct unit_count {
	int64_t approved, preparing, lapsed, suspended;
} unit_count;

typedef struct matrix {
	kb_call *call;
	kb_arena *arena;
	const kb_loaded *loaded;
	const kb_method *method;
	kb_unit *units;
	uint32_t unit_count;
	unit_count *counts;
	int64_t need;
	bool specified; /* without a specification nothing can be drawn */
	kb_node *left_out;
} matrix;

/* What can be drawn on the day is the draw's own to say: it takes the same pool. */
static kb_status count_drawable(matrix *m, kb_err *err)
{
	kb_loaded_specification specification;
	kb_draw_input input;
	kb_status status =
		kb_load_specification(m->call, m->loaded->standard->key.text, m->method->id.text, &specification, err);
	if (status == KB_REFUSED) return KB_OK;
	KB_TRY(status);
	KB_TRY(kb_paper_pool_load(
		m->call, m->loaded, m->method, specification.specification, &kb_part_questions, 0, &input, err));
	m->specified = true;
	m->need = (int64_t)input.rules.times * (1 + input.rules.reserve);
	for (uint32_t i = 0; i < input.pool.count; i++)
		for (uint32_t u = 0; u < m->unit_count; u++) m->counts[u].approved += (input.pool.items[i].units >> u & 1) != 0;
	return KB_OK;
}

static int64_t *beside(const matrix *m, unit_count *count, const kb_q_audit_items_row *row)
{
	bool approved = strcmp(row->state, "approved") == 0;
	if (strcmp(row->state, "suspended") == 0) return &count->suspended;
	if (!approved || !row->approved_on) return &count->preparing;
	return strcmp(m->call->day_text, row->lapses_on) >= 0 ? &count->lapsed : NULL;
}

static kb_status count_row(matrix *m, const kb_q_audit_items_row *row, kb_err *err)
{
	kb_node *list;
	KB_TRY(kb_json_read(m->arena, NULL, row->ksbs, strlen(row->ksbs), &list, err));
	kb_texts ksbs = kb_texts_of(m->arena, list);
	const kb_theme *theme = kb_method_theme_fitting(m->method, row->theme, &ksbs);
	const char *why = kb_paper_pool_misfit(row->theme, theme != NULL, row->overruled);
	if (why) {
		kb_node *entry = kb_node_add(m->arena, m->left_out, kb_node_map(m->arena));
		kb_node_set_text(m->arena, entry, "id", row->key);
		kb_node_set_int(m->arena, entry, "version", row->version);
		kb_node_set_text(m->arena, entry, "reason", why);
	}
	for (uint32_t u = 0; u < m->unit_count && !why; u++) {
		int64_t *which = beside(m, &m->counts[u], row);
		bool here = strcmp(m->units[u].theme, theme->id.text) == 0 && kb_texts_have(&ksbs, m->units[u].ksb);
		if (which && here) ++*which;
	}
	return kb_arena_check(m->arena, err);
}

static kb_status count_beside(matrix *m, kb_err *err)
{
	kb_q_audit_items_row *rows;
	size_t count;
	KB_TRY(kb_q_audit_items(m->call->sql, m->arena, m->loaded->standard->key.text, m->method->id.text,
		m->call->day_text, &rows, &count, err));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].kind, "question") == 0 && strcmp(rows[i].state, "retired") != 0)
			KB_TRY(count_row(m, &rows[i], err));
	return KB_OK;
}

static const char *remark(const matrix *m, int64_t approved)
{
	if (approved == 0) return "no question";
	if (approved == 1) return "one question only";
	return approved < m->need ? "too few for a re-sit" : "";
}

static void write_units(matrix *m, kb_node *map)
{
	int64_t below = 0, single = 0, least = m->unit_count ? INT64_MAX : 0;
	kb_node *list = kb_node_set(m->arena, map, "units", kb_node_list(m->arena));
	for (uint32_t u = 0; u < m->unit_count; u++) {
		const unit_count *c = &m->counts[u];
		kb_node *unit = kb_node_add(m->arena, list, kb_node_map(m->arena));
		kb_node_set_text(m->arena, unit, "theme", m->units[u].theme);
		kb_node_set_text(m->arena, unit, "ksb", m->units[u].ksb);
		kb_node_set_int(m->arena, unit, "approved", c->approved);
		kb_node_set_int(m->arena, unit, "preparing", c->preparing);
		kb_node_set_int(m->arena, unit, "lapsed", c->lapsed);
		kb_node_set_int(m->arena, unit, "suspended", c->suspended);
		kb_node_set_text(m->arena, unit, "remark", remark(m, c->approved));
		below += c->approved < m->need;
		single += c->approved == 1;
		if (c->approved < least) least = c->approved;
	}
	kb_node_set_int(m->arena, map, "unit_count", m->unit_count);
	kb_node_set_int(m->arena, map, "need", m->need);
	kb_node_set_int(m->arena, map, "least", least);
	kb_node_set_int(m->arena, map, "below", below);
	kb_node_set_int(m->arena, map, "single", single);
}

static kb_status add_method(matrix *m, kb_node *list, kb_err *err)
{
	bool mapped = kb_method_is_mapped(m->method);
	kb_node *map = kb_node_add(m->arena, list, kb_node_map(m->arena));
	m->unit_count = 0, m->need = 0, m->specified = false;
	m->left_out = kb_node_list(m->arena);
	if (mapped) KB_TRY(kb_method_units(m->arena, m->method, &m->units, &m->unit_count, err));
	m->counts = kb_arena_array(m->arena, m->unit_count, sizeof *m->counts);
	KB_TRY(kb_arena_check(m->arena, err));
	if (mapped) {
		KB_TRY(count_drawable(m, err));
		KB_TRY(count_beside(m, err));
	}
	kb_node_set_text(m->arena, map, "method", m->method->id.text);
	kb_node_set_text(m->arena, map, "name", m->method->name.text);
	kb_node_set_bool(m->arena, map, "mapped", mapped);
	kb_node_set_bool(m->arena, map, "specified", m->specified);
	kb_node_set(m->arena, map, "left_out", m->left_out);
	kb_node_set_bool(m->arena, map, "some_left_out", m->left_out->count > 0);
	write_units(m, map);
	return kb_arena_check(m->arena, err);
}

/* KSBs that no method's mapping holds: of a standard whose methods are all mapped, nobody assesses them. */
static void add_unmapped(matrix *m, kb_node *result)
{
	const kb_standard *standard = m->loaded->standard;
	const kb_ksb *ksbs = standard->ksbs.list;
	const kb_method *methods = standard->methods.list;
	kb_buf words = { .arena = m->arena };
	kb_node *list = kb_node_set(m->arena, result, "unmapped", kb_node_list(m->arena));
	bool open = standard->methods.count == 0;
	for (size_t j = 0; j < standard->methods.count; j++) open |= methods[j].ksbs.count == 0;
	for (size_t i = 0; i < standard->ksbs.count; i++) {
		bool held = false;
		for (size_t j = 0; j < standard->methods.count; j++) held |= kb_texts_have(&methods[j].ksbs, ksbs[i].code.text);
		if (held) continue;
		kb_node_add(m->arena, list, kb_node_text(m->arena, ksbs[i].code.text));
		kb_buf_printf(&words, "%s%s", words.length ? ", " : "", ksbs[i].code.text);
	}
	kb_node_set_text(m->arena, result, "unmapped_list", kb_buf_string(&words));
	kb_node_set_bool(m->arena, result, "mapping_open", open);
}

static const char *of(kb_arena *arena, int64_t part, int64_t whole)
{
	return kb_arena_printf(arena, "%lld of %lld", (long long)part, (long long)whole);
}

static kb_status add_papers(matrix *m, const char *method, kb_node *result, kb_err *err)
{
	kb_q_audit_papers_row *rows;
	size_t count;
	int64_t incomplete = 0;
	KB_TRY(kb_q_audit_papers(m->call->sql, m->arena, m->loaded->standard->key.text, method, &rows, &count, err));
	kb_node *list = kb_node_set(m->arena, result, "papers", kb_node_list(m->arena));
	for (size_t i = 0; i < count; i++) {
		bool complete = rows[i].covered >= (rows[i].sample ? rows[i].sample : rows[i].units);
		bool asked = rows[i].asked_required.set;
		kb_node *entry = kb_node_add(m->arena, list, kb_node_map(m->arena));
		kb_node_set_text(m->arena, entry, "paper", rows[i].paper);
		kb_node_set_text(m->arena, entry, "method", rows[i].method);
		kb_node_set_text(m->arena, entry, "sitting", rows[i].sitting);
		kb_node_set_text(m->arena, entry, "date", rows[i].sat_on);
		kb_node_set_text(
			m->arena, entry, "state", kb_paper_state(m->call, rows[i].state, rows[i].unfit, rows[i].sat_on));
		kb_node_set_text(m->arena, entry, "issued", of(m->arena, rows[i].covered, rows[i].units));
		kb_node_set_bool(m->arena, entry, "complete", complete);
		kb_node_set_text(m->arena, entry, "asked",
			asked ? of(m->arena, rows[i].asked_covered.value, rows[i].asked_required.value) : "");
		incomplete += !complete;
	}
	kb_node_set_int(m->arena, result, "incomplete", incomplete);
	kb_node_set_bool(m->arena, result, "some_papers", count > 0);
	return kb_arena_check(m->arena, err);
}

kb_status kb_audit_coverage(kb_call *call, const kb_loaded *loaded, const char *method, kb_node *result, kb_err *err)
{
	matrix m = { .call = call, .arena = call->arena, .loaded = loaded };
	const kb_method *methods = loaded->standard->methods.list;
	kb_node_set_text(m.arena, result, "standard", loaded->standard->key.text);
	kb_node_set_text(m.arena, result, "date", call->day_text);
	kb_node *list = kb_node_set(m.arena, result, "methods", kb_node_list(m.arena));
	KB_TRY(kb_arena_check(m.arena, err));
	for (size_t i = 0; i < loaded->standard->methods.count; i++) {
		m.method = &methods[i];
		if (!method || strcmp(method, methods[i].id.text) == 0) KB_TRY(add_method(&m, list, err));
	}
	add_unmapped(&m, result);
	return add_papers(&m, method, result, err);
}

static kb_status run_coverage(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	const char *id = kb_call_text(call, "method");
	KB_TRY(kb_load_standard(call, kb_call_text(call, "standard"), &loaded, err));
	if (id) KB_TRY(kb_load_method(call, &loaded, id, &method, err));
	return kb_audit_coverage(call, &loaded, id, call->result, err);
}

static const kb_arg coverage_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .help = "only this method" },
};

const kb_op kb_op_audit_coverage = {
	.name = "audit coverage",
	.summary = "Show how many questions stand under each KSB, and whether every issued paper covers what it must",
	.help =
		"One row for each grading theme and KSB: questions that can be drawn on the day, those in preparation,\n"
		"lapsed and suspended ones beside it. A first paper and the re-sits that the specification reserves need\n"
		"so many at least; rivals may need more, which bank capacity counts. What can stand under none, since its\n"
		"tags no longer fit the mapping in force or it follows a wording that was decided against, is listed below\n"
		"and counted nowhere. Papers are counted anew from the tags of their questions.\n\n"
		"    ksbank audit coverage ST0648/1.0 professional-discussion --date 2026-11-22",
	.permission = KB_MAY_AUDIT,
	.store = KB_OP_READS,
	.args = coverage_args,
	.arg_count = KB_COUNT(coverage_args),
	.run = run_coverage,
	.screen = "audit-coverage",
	.answer =
		"standard, date; methods: list of {method, name, mapped, specified, units: list of {theme, ksb, approved, "
		"preparing, lapsed, suspended, remark}, unit_count, need: the least that a first paper and its re-sits "
		"take, least: the fewest under a unit, below: units under need, single: units under one question, "
		"left_out: list of {id, version, reason}, some_left_out}; "
		"unmapped: KSBs in no method, unmapped_list, mapping_open: a method's mapping is not known; papers: list "
		"of {paper, method, sitting, date, state, issued, complete, asked}, incomplete, some_papers",
};
