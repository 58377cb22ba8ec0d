/* Words of the command line into the arguments of an operation. */
#include <criterion/criterion.h>

#include <string.h>

#include "cli/cli.h"

static kb_arena *arena;
static kb_err err;
static kb_node *arguments;
static kb_cli_options options;

static void set_up(void)
{
	arena = kb_arena_new(64 << 20);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(parse, .init = set_up, .fini = tear_down);

/* "paper show P-1 --json": words between spaces. */
static kb_status parse_words(const char *op, const char **words, int count)
{
	arguments = kb_node_map(arena);
	options = (kb_cli_options){ 0 };
	cr_assert_not_null(kb_op_find(op));
	return kb_cli_parse(arena, kb_op_find(op), count, (char **)words, 3, arguments, &options, &err);
}

static kb_status parse(const char *op, const char *line)
{
	const char *words[40] = { "ksbank", "group", "verb" };
	int count = 3;
	char *rest = kb_arena_text(arena, line), *save = NULL;
	for (char *word = strtok_r(rest, " ", &save); word; word = strtok_r(NULL, " ", &save)) words[count++] = word;
	return parse_words(op, words, count);
}

static void sound(const char *op, const char *line)
{
	cr_assert_eq(parse(op, line), KB_OK, "%s: %s", line, err.message);
}

static void wrong(const char *op, const char *line, const char *id, const char *says)
{
	cr_assert_eq(parse(op, line), KB_USAGE, "%s %s", op, line);
	cr_assert_str_eq(err.id, id, "%s: %s", line, err.message);
	cr_assert(strstr(err.message, says) || strstr(err.hint, says), "%s: %s (%s)", line, err.message, err.hint);
	cr_assert(err.hint[0], "%s: no way out", line);
}

#define DRAW "ST0648/1.0 professional-discussion --candidate AP-1 --sitting first"

Test(parse, places_and_options)
{
	sound("paper draw", DRAW);
	cr_assert_str_eq(kb_node_get_text(arguments, "standard", ""), "ST0648/1.0");
	cr_assert_str_eq(kb_node_get_text(arguments, "method", ""), "professional-discussion");
	cr_assert_str_eq(kb_node_get_text(arguments, "candidate", ""), "AP-1");
	cr_assert_str_eq(kb_node_get_text(arguments, "sitting", ""), "first");
	cr_assert_eq(arguments->pair_count, 4);
}

Test(parse, options_stand_anywhere)
{
	sound("paper draw", "--sitting=first ST0648/1.0 --json --candidate=AP-1 professional-discussion --store here.db --as ann --date 2026-11-22");
	cr_assert_eq(arguments->pair_count, 4);
	cr_assert_str_eq(kb_node_get_text(arguments, "method", ""), "professional-discussion");
	cr_assert_str_eq(options.store, "here.db");
	cr_assert_str_eq(options.actor, "ann");
	cr_assert_str_eq(options.date, "2026-11-22");
	cr_assert(options.json && !options.help);
}

Test(parse, two_dashes_end_the_options)
{
	sound("question show", "-- --json");
	cr_assert_str_eq(kb_node_get_text(arguments, "id", ""), "--json");
}

Test(parse, numbers)
{
	sound("question show", "Q-1 --version 2");
	cr_assert_eq(kb_node_get_int(arguments, "version", 0), 2);
	/* What is none stays a text: the operation's own check says so. */
	sound("question show", "Q-1 --version two");
	cr_assert_eq(kb_node_get(arguments, "version")->kind, KB_NODE_TEXT);
	sound("question show", "Q-1 --version 99999999999999999999");
	cr_assert_eq(kb_node_get(arguments, "version")->kind, KB_NODE_TEXT);
}

Test(parse, what_is_missing_is_the_operations_to_say)
{
	sound("paper draw", "");
	cr_assert_eq(arguments->pair_count, 0);
}

Test(parse, usage_errors_say_the_way_out)
{
	wrong("paper draw", DRAW " more", "argument.more", "more");
	wrong("paper draw", "--candidat AP-1", "option", "--candidate");
	wrong("paper draw", "--cand AP-1", "option", "--cand");
	wrong("paper draw", "-x", "option", "-x");
	wrong("paper draw", "--candidate", "option.value", "--candidate");
	wrong("paper draw", "--json=yes " DRAW, "option", "takes no value");
	wrong("paper draw", DRAW " --sitting resit", "option.twice", "--sitting");
	wrong("paper draw", "--store", "option.value", "--store");
	wrong("standard list", "x", "argument.more", "x");
	wrong("paper show", "P-1 P-2", "argument.more", "P-2");
}

Test(parse, json_is_noticed_even_when_the_rest_is_wrong)
{
	cr_assert_eq(parse("paper draw", "--nonsense --json"), KB_USAGE);
	cr_assert(options.json);
}

Test(parse, help_asks_for_nothing_more)
{
	sound("paper draw", "--help");
	cr_assert(options.help);
	sound("paper draw", "a b c d --help");
	cr_assert(options.help);
}

Test(parse, bytes_that_are_no_text_are_refused)
{
	const char *words[] = { "ksbank", "paper", "show", "P-\xff", NULL };
	cr_assert_eq(parse_words("paper show", words, 4), KB_USAGE);
	cr_assert(err.hint[0]);
	const char *option[] = { "ksbank", "paper", "show", "--\xff\x1b[31m", NULL };
	cr_assert_eq(parse_words("paper show", option, 4), KB_USAGE);
	cr_assert(!strpbrk(err.message, "\xff\x1b"), "%s", err.message);
	const char *empty[] = { "ksbank", "paper", "show", "", NULL };
	cr_assert_eq(parse_words("paper show", empty, 4), KB_OK);
	cr_assert_str_eq(kb_node_get_text(arguments, "paper", "x"), "");
}

Test(parse, what_is_too_long_is_refused)
{
	char *flood = kb_arena_alloc(arena, (1 << 20) + 2);
	cr_assert_not_null(flood);
	memset(flood, 'x', (1 << 20) + 1);
	const char *words[] = { "ksbank", "paper", "show", flood, NULL };
	cr_assert_eq(parse_words("paper show", words, 4), KB_USAGE);
}

/* Every operation's options are read back under their own names, and none is named as a common one. */
Test(parse, every_option_of_every_operation)
{
	static const char *const common[] = { "store", "as", "date", "json", "help" };
	for (size_t i = 0; i < kb_op_count; i++)
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const kb_arg *arg = &kb_ops[i]->args[a];
			if (arg->place) continue;
			for (size_t c = 0; c < KB_COUNT(common); c++) cr_assert_str_neq(arg->name, common[c], "%s", kb_ops[i]->name);
			sound(kb_ops[i]->name, kb_arena_printf(arena, arg->type == KB_ARG_FLAG ? "--%s" : "--%s 7", arg->name));
			cr_assert_not_null(kb_node_get(arguments, arg->name), "%s --%s", kb_ops[i]->name, arg->name);
			cr_assert_eq(arguments->pair_count, 1);
		}
}
