#include "cli/cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_STORE = 1000,
	OPTION_AS,
	OPTION_PASSWORD,
	OPTION_PASSPHRASE,
	OPTION_DATE,
	OPTION_JSON,
	OPTION_HELP,
	OPTIONS_MAX = 32,
	TEXT_MAX = 1 << 20
};

static const struct option common[] = {
	{ "store", required_argument, NULL, OPTION_STORE },
	{ "as", required_argument, NULL, OPTION_AS },
	{ "password-file", required_argument, NULL, OPTION_PASSWORD },
	{ "passphrase-file", required_argument, NULL, OPTION_PASSPHRASE },
	{ "date", required_argument, NULL, OPTION_DATE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, OPTION_HELP },
};

/* getopt's table: the operation's options by their index, then the common ones. */
static void fill(const kb_op *op, struct option table[static OPTIONS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < op->arg_count; i++)
		if (!op->args[i].place)
			table[n++] = (struct option) { op->args[i].name,
				op->args[i].type == KB_ARG_FLAG ? no_argument : required_argument, NULL, (int)i };
	for (size_t i = 0; i < KB_COUNT(common); i++) table[n++] = common[i];
	table[n] = (struct option) { 0 };
}

static kb_status unknown_option(const kb_op *op, const struct option *table, const char *given, kb_err *err)
{
	const char *names[OPTIONS_MAX] = { 0 };
	size_t n = 0;
	for (; table[n].name; n++) names[n] = table[n].name;
	char word[64] = { 0 };
	size_t length = strcspn(given + strspn(given, "-"), "=");
	memcpy(word, given + strspn(given, "-"), length < sizeof word - 1 ? length : sizeof word - 1);
	const char *near = kb_str_nearest(word, names, n);
	bool known = false;
	for (size_t i = 0; i < n; i++) known |= strcmp(names[i], word) == 0;
	if (known) {
		kb_fail(err, KB_USAGE, "option", "the option %.60s takes no value", given);
		return kb_hint(err, "see: ksbank help %s", op->name);
	}
	kb_fail(err, KB_USAGE, "option", "\"%s\" has no option %.60s", op->name, given);
	if (near) return kb_hint(err, "did you mean --%s? See: ksbank help %s", near, op->name);
	return kb_hint(err, "see: ksbank help %s", op->name);
}

static kb_status set(kb_arena *arena, const kb_arg *arg, const char *text, kb_node *arguments, kb_err *err)
{
	size_t bad, length = text ? strlen(text) : 0;
	int64_t number;
	if (kb_node_get(arguments, arg->name)) {
		kb_fail(err, KB_USAGE, "option.twice", "%s%s is given twice", arg->place ? "" : "--", arg->name);
		return kb_hint(err, "give it once");
	}
	if (length > TEXT_MAX || (text && !kb_str_is_utf8(text, length, &bad))) {
		kb_fail(err, KB_USAGE, "argument", "%s%s is too long or is not UTF-8 text", arg->place ? "" : "--", arg->name);
		return kb_hint(err, "give one line of plain text");
	}
	if (arg->type == KB_ARG_FLAG) kb_node_set_bool(arena, arguments, arg->name, true);
	else if ((arg->type == KB_ARG_INT || arg->type == KB_ARG_PER_MILLE) && kb_str_to_int(text, &number))
		kb_node_set_int(arena, arguments, arg->name, number);
	else kb_node_set_text(arena, arguments, arg->name, text);
	return kb_arena_check(arena, err);
}

static kb_status take_option(
	kb_arena *arena, const kb_op *op, int option, kb_node *arguments, kb_cli_options *options, kb_err *err)
{
	switch (option) {
	case OPTION_STORE: options->store = optarg; return KB_OK;
	case OPTION_AS: options->actor = optarg; return KB_OK;
	case OPTION_PASSWORD: options->password_file = optarg; return KB_OK;
	case OPTION_PASSPHRASE: options->passphrase_file = optarg; return KB_OK;
	case OPTION_DATE: options->date = optarg; return KB_OK;
	case OPTION_JSON: options->json = true; return KB_OK;
	case OPTION_HELP: options->help = true; return KB_OK;
	default: return set(arena, &op->args[option], optarg, arguments, err);
	}
}

static kb_status take_places(kb_arena *arena, const kb_op *op, int argc, char **argv, kb_node *arguments, kb_err *err)
{
	size_t next = 0;
	for (int i = optind; i < argc; i++) {
		while (next < op->arg_count && !op->args[next].place) next++;
		if (next == op->arg_count) {
			kb_fail(err, KB_USAGE, "argument.more", "\"%s\" takes nothing more than it has: %.60s", op->name, argv[i]);
			return kb_hint(err, "put a text with spaces in quotes; see: ksbank help %s", op->name);
		}
		KB_TRY(set(arena, &op->args[next++], argv[i], arguments, err));
	}
	return KB_OK;
}

/* getopt takes the start of a name for the whole; a later option would then change what a script means. */
static bool is_whole(const char *given, const char *name)
{
	size_t length = strlen(name);
	return strncmp(given + 2, name, length) == 0 && (given[2 + length] == '\0' || given[2 + length] == '=');
}

kb_status kb_cli_parse(kb_arena *arena, const kb_op *op, int argc, char **argv, int first, kb_node *arguments,
	kb_cli_options *options, kb_err *err)
{
	struct option table[OPTIONS_MAX];
	KB_ASSERT(op->arg_count + KB_COUNT(common) < OPTIONS_MAX, err);
	fill(op, table);
	/* --json decides how a usage error itself is shown. */
	for (int i = first; i < argc; i++) options->json |= strcmp(argv[i], "--json") == 0;
	int count = argc - first + 1;
	char **words = argv + first - 1;
	optind = 0, opterr = 0;
	for (;;) {
		int at = optind ? optind : 1;
		int index = 0;
		int option = getopt_long(count, words, ":", table, &index);
		if (option == -1) break;
		const char *given = words[optind - 1 - (optarg && optarg == words[optind - 1])];
		if (option != ':' && option != '?' && !is_whole(given, table[index].name))
			return unknown_option(op, table, given, err);
		if (option == ':') {
			kb_fail(err, KB_USAGE, "option.value", "the option %.60s needs a value", words[optind - 1]);
			return kb_hint(err, "see: ksbank help %s", op->name);
		}
		if (option == '?') return unknown_option(op, table, words[optind > at ? optind - 1 : at], err);
		KB_TRY(take_option(arena, op, option, arguments, options, err));
	}
	if (options->help) return KB_OK;
	return take_places(arena, op, count, words, arguments, err);
}
