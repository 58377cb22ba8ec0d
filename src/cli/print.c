#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/screen.h"
#include "text/json.h"

enum { WIDTH = 80, WIDTH_MOST = 110 };

static size_t width_of(FILE *out)
{
	struct winsize size;
	if (!isatty(fileno(out)) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return WIDTH;
	return size.ws_col < WIDTH_MOST ? size.ws_col : WIDTH_MOST;
}

kb_status kb_cli_print_result(const kb_call *call, bool json, FILE *out, kb_err *err)
{
	kb_buf text = { .arena = call->arena };
	/* What a print gave is the answer itself, to be piped on as it is. */
	const char *raw = json ? NULL : kb_node_get_text(call->result, "text", NULL);
	if (json) KB_TRY(kb_json_pretty(call->arena, call->result, &text, err));
	else if (raw) kb_buf_text(&text, raw);
	else KB_TRY(kb_screen(call->arena, call->op->screen, call->result, width_of(out), &text, err));
	if (fwrite(kb_buf_string(&text), 1, text.length, out) != text.length || fflush(out) != 0) {
		kb_fail(err, KB_IO, "output", "the answer could not be written");
		return kb_hint(err, "what was asked for is done all the same; see it with: ksbank paper list");
	}
	return KB_OK;
}

static void print_fault(const kb_fault *fault, FILE *errors)
{
	if (fault->mark.file) fprintf(errors, "%s:", fault->mark.file);
	if (fault->mark.line) fprintf(errors, "%u:%u:", fault->mark.line, fault->mark.column);
	fprintf(errors, "%s%s\n", fault->mark.file ? " " : "", fault->message);
	if (fault->excerpt) fprintf(errors, "    | %s\n", fault->excerpt);
	if (fault->excerpt && fault->mark.column) fprintf(errors, "    | %*s^\n", (int)fault->mark.column - 1, "");
	if (fault->expected) fprintf(errors, "    expected %s\n", fault->expected);
	if (fault->nearest) fprintf(errors, "    did you mean %s?\n", fault->nearest);
}

static void print_faults(const kb_faults *faults, FILE *errors)
{
	for (size_t i = 0; i < faults->count && i < KB_FAULTS_KEPT; i++) print_fault(&faults->list[i], errors);
	if (faults->count > KB_FAULTS_KEPT) fprintf(errors, "... and %zu more\n", faults->count - KB_FAULTS_KEPT);
}

static void print_brief(const kb_node *brief, FILE *errors)
{
	const kb_node *categories = kb_node_get(brief, "categories");
	fprintf(errors, "    - %s, kind %s", kb_node_get_text(brief, "theme", "any theme"),
		kb_node_get_text(brief, "kind", "any"));
	for (size_t i = 0; categories && i < categories->count; i++) fprintf(errors, ", %s", categories->items[i]->text);
	fprintf(errors, ", covering %s\n", kb_node_get_text(brief, "unit_list", ""));
}

static void print_refusal(const kb_node *refusal, FILE *errors)
{
	const kb_node *clash = kb_node_get(refusal, "clash"), *briefs = kb_node_get(refusal, "questions_to_write");
	const kb_node *back = kb_node_get(refusal, "review_first"), *relax = kb_node_get(refusal, "relax");
	if (clash && clash->count)
		fputs("  These rules can't be met together; without any one of them it would work:\n", errors);
	for (size_t i = 0; clash && i < clash->count; i++) fprintf(errors, "    - %s\n", clash->items[i]->text);
	if (back && back->count) fputs("  Review these first; with all of them back it would work:\n", errors);
	for (size_t i = 0; back && i < back->count; i++)
		fprintf(errors, "    - %s: %s\n", kb_node_get_text(back->items[i], "id", ""),
			kb_node_get_text(back->items[i], "reason", ""));
	if (briefs && briefs->count) fputs("  Questions to write and approve:\n", errors);
	for (size_t i = 0; briefs && i < briefs->count; i++) print_brief(briefs->items[i], errors);
	if (relax && relax->count) fputs("  Or relax one rule of the specification, each the least that does:\n", errors);
	for (size_t i = 0; relax && i < relax->count; i++)
		fprintf(errors, "    - %s\n", kb_node_get_text(relax->items[i], "words", ""));
}

static void failure_json(const kb_call *call, const kb_err *failure, FILE *out)
{
	kb_arena *arena = call->arena;
	kb_node *root = kb_node_map(arena), *error = kb_node_set(arena, root, "error", kb_node_map(arena));
	kb_node_set_text(arena, error, "id", failure->id);
	kb_node_set_text(arena, error, "message", failure->message);
	kb_node_set_text(arena, error, "hint", failure->hint);
	if (failure->file[0]) kb_node_set_text(arena, error, "file", failure->file);
	if (failure->line) kb_node_set_int(arena, error, "line", failure->line);
	if (failure->line) kb_node_set_int(arena, error, "column", failure->column);
	if (call->faults.count) kb_node_set(arena, root, "faults", kb_faults_node(arena, &call->faults));
	const kb_node *refusal = kb_node_get(call->result, "refusal");
	if (refusal) kb_node_set(arena, root, "refusal", kb_node_get(call->result, "refusal"));
	kb_buf text = { .arena = arena };
	kb_err ignored;
	if (kb_json_pretty(arena, root, &text, &ignored) == KB_OK) fwrite(text.text, 1, text.length, out);
	else
		fputs("{\"error\":{\"id\":\"memory\",\"message\":\"no memory is left to say what failed\",\"hint\":\"\"}}\n",
			out);
}

void kb_cli_print_failure(const kb_call *call, const kb_err *failure, bool json, FILE *out, FILE *errors)
{
	if (json) {
		failure_json(call, failure, out);
		return;
	}
	print_faults(&call->faults, errors);
	bool listed = false;
	for (size_t i = 0; i < call->faults.count && i < KB_FAULTS_KEPT; i++)
		listed |= kb_str_equal(call->faults.list[i].message, failure->message);
	if (listed) {
		fprintf(errors, "ksbank: %zu fault%s; nothing was changed\n", call->faults.count,
			call->faults.count == 1 ? "" : "s");
		return;
	}
	fputs("ksbank: ", errors);
	if (failure->file[0] && failure->line) fprintf(errors, "%s:%u:%u: ", failure->file, failure->line, failure->column);
	fprintf(errors, "%s\n", failure->message);
	if (failure->hint[0]) fprintf(errors, "  %s\n", failure->hint);
	print_refusal(kb_node_get(call->result, "refusal"), errors);
}
