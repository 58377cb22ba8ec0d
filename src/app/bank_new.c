/* bank new: files to fill in for a method, with the standard's own words beside the empty places. */
#include "app/ops.h"

#include <string.h>

#include "app/skeleton.h"

static void quote(kb_call *call, kb_node *list, const char *wording, const char *source)
{
	if (wording)
		kb_skeleton_lines(call, list, "-", kb_arena_printf(call->arena, "%s (%s)", wording, source ? source : ""));
}

/* What a specification has to keep to. */
static kb_node *says(kb_call *call, const kb_standard *standard, const kb_method *method)
{
	static const char *const rules[] = { "coverage", "own-questions", "review-interval-months", "resit-questions" };
	kb_node *list = kb_node_list(call->arena);
	const kb_minutes *minutes = method->minutes.list;
	quote(call, list, method->questions_wording.text, method->questions_source.text);
	for (size_t i = 0; i < method->minutes.count; i++)
		quote(call, list, minutes[i].wording.text, minutes[i].source.text);
	for (size_t i = 0; i < KB_COUNT(rules); i++) {
		const kb_plan_rule *rule = kb_rule_find(&method->rules, rules[i]);
		if (!rule) rule = kb_rule_find(&standard->rules, rules[i]);
		if (rule) quote(call, list, rule->wording.text, rule->source.text);
	}
	if (list->count == 0) kb_skeleton_lines(call, list, "-", "nothing on questions, minutes, coverage or review");
	return list;
}

static kb_node *specification_data(kb_call *call, const kb_standard *standard, const kb_method *method)
{
	kb_node *data = kb_skeleton_head(call, standard, method), *ids = kb_node_list(call->arena);
	const kb_theme *themes = method->themes.list;
	bool themed = kb_method_has_published_themes(method);
	for (size_t i = 0; themed && i < method->themes.count; i++)
		kb_node_add(call->arena, ids, kb_node_text(call->arena, themes[i].id.text));
	kb_node_set(call->arena, data, "says", says(call, standard, method));
	kb_node_set_int(call->arena, data, "questions", method->least_questions.value);
	kb_node_set_bool(call->arena, data, "themed", themed);
	kb_node_set(call->arena, data, "themes", ids);
	return data;
}

/* Adds a file to `files`: {path, text}. */
static kb_status add(
	kb_call *call, kb_node *files, const char *name, const char *template, const kb_node *data, kb_err *err)
{
	const char *text;
	KB_TRY(kb_skeleton_fill(call, template, data, &text, err));
	kb_node *file = kb_node_add(call->arena, files, kb_node_map(call->arena));
	kb_node_set_text(
		call->arena, file, "path", kb_arena_printf(call->arena, "%s/%s.yaml", kb_call_text(call, "folder"), name));
	kb_node_set_text(call->arena, file, "text", text);
	return kb_arena_check(call->arena, err);
}

/* All of them or none: what somebody wrote is never overwritten. */
static kb_status write_files(kb_call *call, const kb_node *files, kb_err *err)
{
	kb_node *paths = kb_node_set(call->arena, call->result, "files", kb_node_list(call->arena));
	for (size_t i = 0; i < files->count; i++) {
		const char *path = kb_node_get_text(files->items[i], "path", "");
		if (!kb_file_exists(path)) continue;
		kb_fail(err, KB_EXISTS, "bank.written", "there is already a file %s; nothing was written", path);
		return kb_hint(err, "name a folder of its own for each method");
	}
	KB_TRY(kb_file_make_dir(kb_call_text(call, "folder"), err));
	for (size_t i = 0; i < files->count; i++) {
		const char *path = kb_node_get_text(files->items[i], "path", "");
		const kb_node *text = kb_node_get(files->items[i], "text");
		KB_TRY(kb_call_create(call, path, text->text, text->length, err));
		kb_node_add(call->arena, paths, kb_node_text(call->arena, path));
	}
	KB_TRY(kb_arena_check(call->arena, err));
	kb_node_set(call->arena, call->result, "first", paths->items[1]); /* behind the specification */
	return KB_OK;
}

static kb_status run_new(kb_call *call, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *method;
	kb_node *files = kb_node_list(call->arena);
	KB_TRY(kb_load_standard(call, kb_call_text(call, "standard"), &loaded, err));
	KB_TRY(kb_load_method(call, &loaded, kb_call_text(call, "method"), &method, err));
	KB_TRY(add(call, files, "specification", "bank/specification.yaml",
		specification_data(call, loaded.standard, method), err));
	const kb_theme *themes = method->themes.list;
	bool themed = kb_method_has_published_themes(method);
	for (size_t i = 0; themed && i < method->themes.count; i++)
		KB_TRY(add(call, files, themes[i].id.text, "bank/questions.yaml",
			kb_skeleton_question(call, loaded.standard, method, &themes[i], NULL), err));
	if (!themed)
		KB_TRY(add(call, files, "questions", "bank/questions.yaml",
			kb_skeleton_question(call, loaded.standard, method, NULL, NULL), err));
	kb_node_set_text(call->arena, call->result, "standard", loaded.standard->key.text);
	kb_node_set_text(call->arena, call->result, "method", method->id.text);
	kb_node_set_text(call->arena, call->result, "folder", kb_call_text(call, "folder"));
	return write_files(call, files, err);
}

static const kb_arg new_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0; import it first" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "folder", KB_ARG_PATH, .place = true, .required = true,
		.help = "a folder for this method's files; it is made if it is not there" },
};

const kb_op kb_op_bank_new = {
	.name = "bank new",
	.summary = "Write files to fill in: a specification and questions for a method of a standard",
	.help =
		"The folder gets specification.yaml, and a file of questions for each grading theme, or one where no\n"
		"source gives grading themes. Each has one entry to fill in and to copy, and beside it, as comments, the\n"
		"words of the standard: the KSBs of the theme, the plan's descriptors, what it says of questions and\n"
		"minutes. Nothing that is there already is overwritten.\n\n"
		"Then fill in, and import the folder: what is still empty comes back as a fault with its line, and nothing\n"
		"is imported until all is filled in. A standard of your own comes first: banks/README.md shows how to\n"
		"write one. For more questions in a bank that is there, fill in one of the files and hand in that one alone.\n\n"
		"    ksbank bank new ST0648/1.0 professional-discussion mine\n"
		"    ksbank bank import mine --approved-by reviewer-1\n"
		"    ksbank question new mine/PD-3.yaml",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = new_args,
	.arg_count = KB_COUNT(new_args),
	.run = run_new,
	.screen = "bank-new",
	.answer = "standard, method, folder; files: list of paths; first: where the first question is written",
};
