#include "cli/cli.h"

#include <string.h>

#include "model/workflow.h"

static const char GENERAL[] =
	"ksbank keeps the question bank of an assessment organisation and draws fair papers from it.\n"
	"\n"
	"    ksbank store init                              make a store\n"
	"    ksbank bank import banks --approved-by NAME    fill it\n"
	"    ksbank paper draw ST0648/1.0 professional-discussion --candidate AP-1 --sitting first\n"
	"    ksbank paper print P-000001                    print it\n"
	"\n"
	"Commands (ksbank help COMMAND explains one):\n";

static const char COMMON[] =
	"\n"
	"Every command takes:\n"
	"  --store FILE     the store; without it $KSBANK_STORE, else ksbank.db here\n"
	"  --date D         the day for the rules, as in 2026-11-22; without it today (UTC)\n"
	"  --as NAME        who acts; without it $KSBANK_USER, else the name you are signed in with\n"
	"  --password-file FILE  the acting person's password; without it you are asked\n"
	"  --passphrase-file FILE  what opens the store's keys where they are sealed; without it you are asked\n"
	"  --json           the answer as JSON\n"
	"  --help           this command's help\n"
	"\n"
	"Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 something stored does not hold; 4 a fault of ksbank.\n";

static void capitals(FILE *out, const char *name)
{
	for (; *name; name++) fputc(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name, out);
}

static void usage(FILE *out, const kb_op *op)
{
	fprintf(out, "usage: ksbank %s", op->name);
	for (size_t i = 0; i < op->arg_count; i++) {
		const kb_arg *arg = &op->args[i];
		fputs(arg->required ? " " : " [", out);
		if (!arg->place) fprintf(out, "--%s", arg->name);
		if (!arg->place && arg->type != KB_ARG_FLAG) fputc(' ', out);
		if (arg->type == KB_ARG_WORD)
			for (size_t w = 0; arg->words[w]; w++) fprintf(out, "%s%s", w ? "|" : "", arg->words[w]);
		else if (arg->type != KB_ARG_FLAG) capitals(out, arg->name);
		if (!arg->required) fputc(']', out);
	}
	fputc('\n', out);
}

/* Words over lines of at most 100 columns, the first of which has `column` already. */
static void wrapped(FILE *out, const char *text, size_t column)
{
	while (*text) {
		size_t length = strcspn(text, " ");
		bool full = column + 1 + length > 100;
		if (full) column = 1;
		column += (size_t)fprintf(out, "%s%.*s", full ? "\n  " : " ", (int)length, text);
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

/* Its rows of the table of moves. */
static void moves(FILE *out, const kb_op *op)
{
	static const struct {
		unsigned condition;
		const char *words;
	} conditions[] = { { KB_MOVE_BY_ANOTHER, "not by its author" }, { KB_MOVE_REASON, "with a reason" },
		{ KB_MOVE_CHECKLIST, "with a checklist" }, { KB_MOVE_IMPORTED, "by bank import only" } };
	for (size_t i = 0; i < kb_move_count; i++) {
		const kb_move *move = &kb_moves[i];
		if (strcmp(kb_states[move->to], op->moves_to) != 0) continue;
		fprintf(out, "  %-9s > %-9s  who may %s", kb_states[move->from], kb_states[move->to],
			kb_permissions[move->permission]);
		for (size_t c = 0; c < KB_COUNT(conditions); c++)
			if (move->conditions & conditions[c].condition) fprintf(out, ", %s", conditions[c].words);
		fputc('\n', out);
	}
}

static void one(FILE *out, const kb_op *op)
{
	usage(out, op);
	fprintf(out, "\n%s.\n", op->summary);
	if (op->help) fprintf(out, "\n%s\n", op->help);
	if (op->moves_to) fputs("\nThe moves of a version:\n", out), moves(out, op);
	if (op->arg_count) fputc('\n', out);
	for (size_t i = 0; i < op->arg_count; i++) {
		const kb_arg *arg = &op->args[i];
		size_t width = strlen(arg->name) + (arg->place ? 0 : 2);
		fputs(arg->place ? "  " : "  --", out);
		if (arg->place) capitals(out, arg->name);
		else fputs(arg->name, out);
		fprintf(out, "%*s %s", (int)(width < 15 ? 15 - width : 0), "", arg->help);
		if (arg->with) fprintf(out, " (with --%s only)", arg->with);
		if (arg->without) fprintf(out, " (not with --%s)", arg->without);
		fputc('\n', out);
	}
	fputs("\nAnswer with --json:", out);
	wrapped(out, op->answer, sizeof "Answer with --json:");
	fputs(COMMON, out);
}

static bool in_group(const kb_op *op, const char *group)
{
	size_t n = strlen(group);
	return strncmp(op->name, group, n) == 0 && op->name[n] == ' ';
}

static bool list(FILE *out, const char *group)
{
	bool any = false;
	for (size_t i = 0; i < kb_op_count; i++) {
		if (group && !in_group(kb_ops[i], group)) continue;
		fprintf(out, "  %-20s %s\n", kb_ops[i]->name, kb_ops[i]->summary);
		any = true;
	}
	return any;
}

bool kb_cli_help(FILE *out, const char *name)
{
	if (!name) {
		fputs(GENERAL, out);
		list(out, NULL);
		fprintf(out, "  %-20s %s\n", "help", "Explain ksbank or one of its commands");
		fputs(COMMON, out);
		return true;
	}
	const kb_op *op = kb_op_find(name);
	if (!op) return list(out, name);
	one(out, op);
	return true;
}

kb_node *kb_cli_help_node(kb_arena *arena, const char *name)
{
	static const char *const types[] = { [KB_ARG_TEXT] = "text",
		[KB_ARG_PATH] = "path",
		[KB_ARG_REFERENCE] = "reference",
		[KB_ARG_INT] = "number",
		[KB_ARG_PER_MILLE] = "number",
		[KB_ARG_WORD] = "word",
		[KB_ARG_FLAG] = "flag" };
	kb_node *root = kb_node_map(arena), *commands = kb_node_set(arena, root, "commands", kb_node_list(arena));
	for (size_t i = 0; i < kb_op_count; i++) {
		if (name && strcmp(kb_ops[i]->name, name) != 0 && !in_group(kb_ops[i], name)) continue;
		kb_node *entry = kb_node_add(arena, commands, kb_node_map(arena));
		kb_node_set_text(arena, entry, "command", kb_ops[i]->name);
		kb_node_set_text(arena, entry, "summary", kb_ops[i]->summary);
		kb_node_set_text(arena, entry, "answer", kb_ops[i]->answer);
		kb_node_set_bool(arena, entry, "writes", kb_ops[i]->store == KB_OP_WRITES);
		kb_node *args = kb_node_set(arena, entry, "arguments", kb_node_list(arena));
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const kb_arg *arg = &kb_ops[i]->args[a];
			kb_node *one_arg = kb_node_add(arena, args, kb_node_map(arena));
			kb_node_set_text(arena, one_arg, "name", arg->name);
			kb_node_set_text(arena, one_arg, "type", types[arg->type]);
			kb_node_set_bool(arena, one_arg, "required", arg->required);
			kb_node_set_bool(arena, one_arg, "by_place", arg->place);
			kb_node_set_text(arena, one_arg, "help", arg->help);
		}
	}
	return commands && commands->count ? root : NULL;
}
