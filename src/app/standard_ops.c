/* standard list, show, lint, map, decide. */
#include "app/ops.h"

#include <string.h>

#include "app/decide.h"
#include "app/load.h"
#include "app/mapping.h"
#include "engine/standard_lint.h"

static const kb_arg key_arg[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
};

static size_t disputed_count(const kb_standard *standard)
{
	const kb_ksb *ksbs = standard->ksbs.list;
	size_t count = 0;
	for (size_t i = 0; i < standard->ksbs.count; i++) count += kb_ksb_is_disputed(&ksbs[i]);
	return count;
}

static kb_status add_standard(kb_call *call, kb_node *list, const kb_q_standard_all_row *row, kb_err *err)
{
	kb_loaded loaded;
	KB_TRY(kb_load_standard(call, row->standard, &loaded, err));
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "standard", row->standard);
	kb_node_set_text(call->arena, entry, "title", loaded.standard->title.text);
	kb_node_set_int(call->arena, entry, "version", row->number);
	kb_node_set_int(call->arena, entry, "ksbs", (int64_t)loaded.standard->ksbs.count);
	kb_node_set_int(call->arena, entry, "disputed", (int64_t)disputed_count(loaded.standard));
	kb_node *methods = kb_node_set(call->arena, entry, "methods", kb_node_list(call->arena));
	const kb_method *m = loaded.standard->methods.list;
	for (size_t i = 0; i < loaded.standard->methods.count; i++) {
		kb_q_question_count_row questions = { 0 };
		bool found;
		KB_TRY(kb_q_question_count(call->sql, call->arena, row->standard, m[i].id.text, &questions, &found, err));
		kb_node *method = kb_node_add(call->arena, methods, kb_node_map(call->arena));
		kb_node_set_text(call->arena, method, "method", m[i].id.text);
		kb_node_set_int(call->arena, method, "questions", questions.count);
		kb_node_set_text(call->arena, method, "mapping", m[i].ksbs.count ? "known" : "missing");
	}
	return KB_OK;
}

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_standard_all_row *rows;
	size_t count;
	KB_TRY(kb_q_standard_all(call->sql, call->arena, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "standards", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) KB_TRY(add_standard(call, list, &rows[i], err));
	kb_node_set_bool(call->arena, call->result, "empty", count == 0);
	return KB_OK;
}

const kb_op kb_op_standard_list = {
	.name = "standard list",
	.summary = "List the standards with their methods and how many questions each has",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.run = run_list,
	.screen = "standard-list",
	.answer = "standards: list of {standard, title, version, ksbs, disputed, methods: list of {method, questions, "
			  "mapping}}; empty",
};

static void add_ksb(kb_call *call, kb_node *list, const kb_ksb *ksb, const kb_loaded *loaded)
{
	kb_arena *arena = call->arena;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	const char *decided = kb_decision_wording(loaded->decisions, loaded->decision_count, ksb->code.text);
	kb_node_set_text(arena, entry, "code", ksb->code.text);
	kb_node_set_text(arena, entry, "text", ksb->text.text ? ksb->text.text : "");
	kb_node_set_text(arena, entry, "state", kb_ksb_is_disputed(ksb) ? "disputed" : decided ? "decided" : "settled");
	kb_node_set_text(arena, entry, "source", ksb->source.text ? ksb->source.text : "");
	kb_node *wordings = kb_node_set(arena, entry, "wordings", kb_node_list(arena));
	const kb_wording *w = ksb->disputed.list;
	for (size_t i = 0; i < ksb->disputed.count; i++) {
		kb_node *wording = kb_node_add(arena, wordings, kb_node_map(arena));
		kb_node_set_text(arena, wording, "source", w[i].source.text);
		kb_node_set_text(arena, wording, "text", w[i].text.text);
	}
}

static void add_method(kb_call *call, kb_node *list, const kb_method *method)
{
	kb_arena *arena = call->arena;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "method", method->id.text);
	kb_node_set_text(arena, entry, "name", method->name.text);
	kb_node_set_int(arena, entry, "least_questions", method->least_questions.value);
	kb_node_set_bool(arena, entry, "mapped", method->ksbs.count > 0);
	kb_node *minutes = kb_node_set(arena, entry, "minutes", kb_node_list(arena));
	const kb_minutes *m = method->minutes.list;
	for (size_t i = 0; i < method->minutes.count; i++) {
		kb_node *time = kb_node_add(arena, minutes, kb_node_map(arena));
		kb_node_set_text(arena, time, "part", m[i].part.text);
		kb_node_set_text(arena, time, "kind", kb_minutes_kinds[m[i].kind.value]);
		kb_node_set_int(arena, time, "minutes", m[i].value.value);
		kb_node_set(arena, time, "tolerance_percent",
			m[i].tolerance.set ? kb_node_int(arena, m[i].tolerance.value) : kb_node_null(arena));
	}
	kb_node *themes = kb_node_set(arena, entry, "themes", kb_node_list(arena));
	const kb_theme *t = method->themes.list;
	for (size_t i = 0; i < method->themes.count; i++) {
		kb_node *theme = kb_node_add(arena, themes, kb_node_map(arena));
		kb_node_set_text(arena, theme, "theme", t[i].id.text);
		kb_node_set_text(arena, theme, "name", t[i].name.text ? t[i].name.text : "");
		kb_node_set_text(arena, theme, "ksb_list", kb_texts_join(arena, &t[i].ksbs, " "));
		kb_node_set_int(arena, theme, "pass_descriptors", (int64_t)t[i].pass.count);
		kb_node_set_int(arena, theme, "distinction_descriptors", (int64_t)t[i].distinction.count);
	}
}

static void add_decisions(kb_call *call, const kb_loaded *loaded)
{
	kb_node *list = kb_node_set(call->arena, call->result, "decisions", kb_node_list(call->arena));
	for (size_t i = 0; i < loaded->decision_count; i++) {
		const kb_decision *decision = &loaded->decisions[i];
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "subject", decision->subject);
		kb_node_set_text(call->arena, entry, "by", decision->made_by);
		kb_node_set_text(call->arena, entry, "on", decision->made_on);
		kb_node_set_text(call->arena, entry, "reason", decision->reason);
		kb_node_set_text(call->arena, entry, "source", decision->source ? decision->source : "");
	}
}

static kb_status run_show(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	KB_TRY(kb_load_standard(call, kb_call_text(call, "standard"), &loaded, err));
	const kb_standard *standard = loaded.standard;
	kb_node_set_text(call->arena, call->result, "standard", standard->key.text);
	kb_node_set_text(call->arena, call->result, "title", standard->title.text);
	kb_node_set_int(call->arena, call->result, "version", loaded.number);
	kb_node_set_text(
		call->arena, call->result, "attribution", standard->attribution.text ? standard->attribution.text : "");
	kb_node *methods = kb_node_set(call->arena, call->result, "methods", kb_node_list(call->arena));
	const kb_method *m = standard->methods.list;
	for (size_t i = 0; i < standard->methods.count; i++) add_method(call, methods, &m[i]);
	kb_node *ksbs = kb_node_set(call->arena, call->result, "ksbs", kb_node_list(call->arena));
	const kb_ksb *k = standard->ksbs.list;
	for (size_t i = 0; i < standard->ksbs.count; i++) add_ksb(call, ksbs, &k[i], &loaded);
	kb_node *missing = kb_node_set(call->arena, call->result, "missing", kb_node_list(call->arena));
	for (size_t i = 0; i < standard->missing.count; i++)
		kb_node_add(call->arena, missing, kb_node_text(call->arena, standard->missing.list[i].text));
	add_decisions(call, &loaded);
	kb_node_set_text(call->arena, call->result, "digest", loaded.digest);
	return KB_OK;
}

const kb_op kb_op_standard_show = {
	.name = "standard show",
	.summary = "Show a standard: KSBs, methods, grading themes, what its sources leave open",
	.help = "    ksbank standard show ST0648/1.0",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = key_arg,
	.arg_count = 1,
	.run = run_show,
	.screen = "standard-show",
	.answer = "standard, title, version, attribution, digest; methods: list of {method, name, least_questions, "
			  "mapped, minutes, themes}; ksbs: list of {code, text, state, source, wordings}; missing: list of what "
			  "the sources leave open; decisions: list of {subject, by, on, reason, source}",
};

/* A finding is cleared by a decision on its subject. */
static bool is_conflict(const kb_finding *finding)
{
	return strcmp(finding->id, "KSB-TEXT-CONFLICT") == 0;
}

static bool is_decided(const kb_loaded *loaded, const kb_finding *finding)
{
	return is_conflict(finding) &&
	       kb_decision_wording(loaded->decisions, loaded->decision_count, finding->subject) != NULL;
}

static kb_status load_all(
	kb_call *call, const char *key, const kb_standard ***ret, size_t *count, size_t *index, kb_err *err)
{
	kb_q_standard_all_row *rows;
	KB_TRY(kb_q_standard_all(call->sql, call->arena, &rows, count, err));
	const kb_standard **all = kb_arena_array(call->arena, *count, sizeof *all);
	if (!all) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < *count; i++) {
		kb_standard *standard;
		KB_TRY(kb_load_standard_body(call, rows[i].body, &standard, err));
		all[i] = standard;
		if (strcmp(rows[i].standard, key) == 0) *index = i;
	}
	*ret = all;
	return KB_OK;
}

static kb_status run_lint(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard");
	const kb_standard **standards = NULL;
	kb_loaded loaded;
	size_t count = 0, index = 0;
	kb_findings findings = { 0 };
	int64_t open[3] = { 0 };
	kb_buf undecided = { .arena = call->arena };
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(load_all(call, key, &standards, &count, &index, err));
	KB_TRY(kb_standard_lint(call->arena, standards, count, index, &findings, err));
	kb_node *list = kb_node_set(call->arena, call->result, "findings", kb_node_list(call->arena));
	for (size_t i = 0; i < findings.count; i++) {
		const kb_finding *finding = &findings.list[i];
		bool decided = is_decided(&loaded, finding);
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "severity", kb_severities[finding->severity]);
		kb_node_set_text(call->arena, entry, "id", finding->id);
		kb_node_set_text(call->arena, entry, "subject", finding->subject);
		kb_node_set_text(call->arena, entry, "message", finding->message);
		kb_node_set_text(call->arena, entry, "sources", finding->sources);
		kb_node_set_text(call->arena, entry, "action", finding->action);
		kb_node_set_bool(call->arena, entry, "decided", decided);
		if (!decided) open[finding->severity]++;
		if (is_conflict(finding) && !decided)
			kb_buf_printf(&undecided, "%s%s", undecided.length ? ", " : "", finding->subject);
	}
	kb_node_set_text(call->arena, call->result, "standard", key);
	kb_node_set_text(call->arena, call->result, "undecided", kb_buf_string(&undecided));
	for (size_t i = 0; i < 3; i++) kb_node_set_int(call->arena, call->result, kb_severities[i], open[i]);
	return KB_OK;
}

const kb_op kb_op_standard_lint = {
	.name = "standard lint",
	.summary = "List what is at odds or left open in a standard's published sources",
	.help = "Each finding has a severity, the lines of the sources, and what to do. A decision clears a finding.\n\n"
			"    ksbank standard lint ST0648/1.0",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = key_arg,
	.arg_count = 1,
	.run = run_lint,
	.screen = "standard-lint",
	.answer = "standard; findings: list of {severity, id, subject, message, sources, action, decided}; error, "
			  "warning, info: how many are open; undecided: KSBs whose wording is in dispute",
};

/* Decisions. */

/* Examples that a bank carries for practice name their grading themes so. */
static kb_status refuse_example(kb_call *call, const kb_node *choice, kb_err *err)
{
	static const char prefix[] = "EXAMPLE-";
	for (size_t i = 0; i < choice->count; i++) {
		const char *theme = kb_node_get_text(choice->items[i], "theme", "");
		if (strncmp(theme, prefix, sizeof prefix - 1) != 0) continue;
		kb_fail(err, KB_REFUSED, "mapping.example", "the grading theme %.60s: this is an example and not the plan's",
			theme);
		return kb_hint(err,
			"enter the published mapping, with where it was read; for practice: ksbank paper draw %s %s --practice --mapping FILE",
			kb_call_text(call, "standard"), kb_call_text(call, "method"));
	}
	return KB_OK;
}

static kb_status run_map(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard"), *id = kb_call_text(call, "method");
	kb_loaded loaded;
	const kb_method *method;
	kb_node *choice;
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	KB_TRY(kb_load_method(call, &loaded, id, &method, err));
	if (method->mapping_source.text) {
		kb_fail(err, KB_REFUSED, "mapping.published", "the mapping of %s is published (%s)", id,
			method->mapping_source.text);
		return kb_hint(
			err, "a published mapping is not decided; if it is wrong in our file, mend the standard and import it");
	}
	KB_TRY(kb_mapping_read(call, loaded.standard, kb_call_text(call, "file"), &choice, err));
	KB_TRY(refuse_example(call, choice, err));
	const char *subject = kb_arena_printf(call->arena, "mapping %s", id);
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_decide(call, key, subject, choice, err));
	kb_node_set_int(call->arena, call->result, "themes", (int64_t)choice->count);
	return KB_OK;
}

static const kb_arg map_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0494/1.1" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "the method that the mapping is of" },
	{ "file", KB_ARG_PATH, .place = true, .required = true, .help = "a CSV file with the columns theme, name, ksb" },
	{ "by", KB_ARG_TEXT, .required = true, .help = "who decided" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why" },
	{ "source", KB_ARG_TEXT, .required = true, .help = "where the mapping was read: document and page" },
};

const kb_op kb_op_standard_map = {
	.name = "standard map",
	.summary = "Record which KSBs a method assesses, where the sources we have do not say",
	.help = "A decision: it keeps who made it, on which day, why, and where the mapping was read.\n\n"
			"    ksbank standard map ST0494/1.1 professional-discussion map.csv --by \"Head of assessment\" \\\n"
			"        --source \"EPA plan, page 14\" --reason \"entered from the published plan\"",
	.permission = KB_MAY_DECIDE,
	.store = KB_OP_WRITES,
	.args = map_args,
	.arg_count = KB_COUNT(map_args),
	.run = run_map,
	.screen = "standard-decide",
	.answer = "standard, subject, by, on, reason; themes: how many",
};

static kb_status run_decide(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "standard"), *code = kb_call_text(call, "ksb"),
			   *wording = kb_call_text(call, "wording");
	kb_loaded loaded;
	KB_TRY(kb_load_standard(call, key, &loaded, err));
	const kb_ksb *ksb = kb_standard_ksb(loaded.standard, code);
	if (!ksb) return kb_fail(err, KB_NOT_FOUND, "ksb.none", "%s has no KSB %.40s", key, code);
	if (ksb->disputed.count == 0) {
		kb_fail(err, KB_REFUSED, "ksb.settled", "the sources agree on %s, so there is nothing to decide", code);
		return kb_hint(err, "see what is disputed with: ksbank standard lint %s", key);
	}
	if (!kb_ksb_wording(ksb, wording)) {
		const kb_wording *w = ksb->disputed.list;
		kb_buf list = { .arena = call->arena };
		for (size_t i = 0; i < ksb->disputed.count; i++)
			kb_buf_printf(&list, "%s%.*s", i ? ", " : "", (int)strcspn(w[i].source.text, ":"), w[i].source.text);
		kb_fail(err, KB_NOT_FOUND, "ksb.wording", "no source \"%.40s\" prints a wording of %s", wording, code);
		return kb_hint(err, "the wordings are those of: %s", kb_buf_string(&list));
	}
	const char *subject = kb_arena_printf(call->arena, "ksb-text %s", code);
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_decide(call, key, subject, kb_node_text(call->arena, wording), err);
}

static const kb_arg decide_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "ksb", KB_ARG_TEXT, .place = true, .required = true, .help = "the disputed KSB, as in K9" },
	{ "wording", KB_ARG_TEXT, .place = true, .required = true, .help = "the document whose wording holds, as in plan" },
	{ "by", KB_ARG_TEXT, .required = true, .help = "who decided" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why" },
	{ "source", KB_ARG_TEXT, .help = "where the decision itself is written down" },
};

const kb_op kb_op_standard_decide = {
	.name = "standard decide",
	.summary = "Record which wording of a disputed KSB holds",
	.help =
		"Two documents print different texts under one code. Until somebody with authority decides, both are\n"
		"printed, marked as disputed. From then on no question is drawn that follows the other wording: see what\n"
		"that leaves with bank capacity. The newest decision counts; all of them are kept. What is disputed is\n"
		"listed by standard lint.\n\n"
		"    ksbank standard decide ST0648/1.0 K9 plan --by \"Head of assessment\" --reason \"the plan is what is assessed\"",
	.permission = KB_MAY_DECIDE,
	.store = KB_OP_WRITES,
	.args = decide_args,
	.arg_count = KB_COUNT(decide_args),
	.run = run_decide,
	.screen = "standard-decide",
	.answer = "standard, subject, by, on, reason",
};
