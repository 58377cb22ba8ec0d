#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypt/password.h"
#include "text/json.h"

/* One command's values; a bank of 100,000 questions needs under a quarter of it. */
#define ARENA_CEILING ((size_t)4 << 30)

static int exit_code(kb_status status)
{
	switch (status) {
	case KB_OK: return KB_EXIT_DONE;
	case KB_USAGE: return KB_EXIT_USAGE;
	case KB_CORRUPT: return KB_EXIT_BROKEN;
	case KB_BUG: return KB_EXIT_BUG;
	default: return KB_EXIT_FAILED;
	}
}

static kb_status unknown_command(kb_arena *arena, const char *given, kb_err *err)
{
	const char **names = kb_arena_array(arena, kb_op_count, sizeof *names);
	if (!names) return kb_arena_check(arena, err);
	for (size_t i = 0; i < kb_op_count; i++) names[i] = kb_ops[i]->name;
	const char *near = kb_str_nearest(given, names, kb_op_count);
	kb_fail(err, KB_USAGE, "command", "there is no command \"%.60s\"", given);
	if (near) return kb_hint(err, "did you mean \"%s\"? See all of them with: ksbank help", near);
	return kb_hint(err, "see all of them with: ksbank help");
}

static bool wants_json(int argc, char **argv)
{
	bool json = false;
	for (int i = 1; i < argc; i++) json |= strcmp(argv[i], "--json") == 0;
	return json;
}

static int show_help(kb_arena *arena, int argc, char **argv, FILE *out, FILE *errors)
{
	kb_buf name = { .arena = arena };
	bool json = wants_json(argc, argv);
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--json") != 0) kb_buf_printf(&name, "%s%s", name.length ? " " : "", argv[i]);
	kb_buf text = { .arena = arena };
	kb_err err;
	const kb_node *node = json ? kb_cli_help_node(arena, name.length ? name.text : NULL) : NULL;
	if (node && kb_json_pretty(arena, node, &text, &err) == KB_OK) {
		fputs(text.text, out);
		return KB_EXIT_DONE;
	}
	if (!json && kb_cli_help(out, name.length ? name.text : NULL)) return KB_EXIT_DONE;
	kb_call call = { .arena = arena, .faults = { .arena = arena } };
	unknown_command(arena, name.text, &err);
	kb_cli_print_failure(&call, &err, json, out, errors);
	return KB_EXIT_USAGE;
}

static kb_status set_day(
	kb_call *call, const kb_cli_options *options, kb_day today, char text[static KB_DATE_SIZE], kb_err *err)
{
	call->day = today;
	if (options->date && kb_date_parse(options->date, &call->day, err) != KB_OK) {
		err->status = KB_USAGE;
		return err->status;
	}
	kb_date_format(call->day, text);
	call->day_text = text;
	return KB_OK;
}

static kb_status set_actor(kb_call *call, const kb_cli_options *options, kb_err *err)
{
	const char *known = getenv("KSBANK_USER"), *name = options->actor ? options->actor : known ? known : getenv("USER");
	size_t bad;
	call->actor = name && *name ? name : "unknown";
	if (strlen(call->actor) <= 200 && kb_str_is_utf8(call->actor, strlen(call->actor), &bad) &&
		!strpbrk(call->actor, "\n\r\t\x1b"))
		return KB_OK;
	kb_fail(err, KB_USAGE, "argument", "--as is too long, or is no plain text");
	return kb_hint(err, "give a name of at most 200 bytes");
}

static kb_status read_secret(kb_arena *arena, const char *path, const char **secret, kb_err *err)
{
	kb_bytes bytes;
	KB_TRY(kb_file_read(arena, path, KB_PASSWORD_MOST + 2, &bytes, err));
	*secret = kb_arena_copy(arena, bytes.data, strcspn(bytes.data, "\r\n"));
	return kb_arena_check(arena, err);
}

/* Whether the failure can be mended by asking for this secret. */
static bool ask_for(
	const kb_err *err, const char *id, const char *prompt, const char **secret, char *typed, size_t size)
{
	if (err->status != KB_DENIED || strcmp(err->id, id) != 0 || !kb_cli_ask(prompt, typed, size)) return false;
	*secret = typed;
	return true;
}

/* Asks where a password or the keys' passphrase turns out to be needed, and calls again. */
static kb_status call_op(kb_call *call, kb_err *err)
{
	char password[KB_PASSWORD_MOST + 2], passphrase[KB_PASSWORD_MOST + 2];
	const char *prompt = kb_arena_printf(call->arena, "Password of %s: ", call->actor);
	KB_TRY(kb_arena_check(call->arena, err));
	kb_status status = kb_op_call(call, err);
	if (status != KB_OK && ask_for(err, "password.needed", prompt, &call->password, password, sizeof password))
		status = kb_op_call(call, err);
	if (status != KB_OK && ask_for(err, "passphrase.needed", "Passphrase of the store's keys: ", &call->passphrase,
							   passphrase, sizeof passphrase))
		status = kb_op_call(call, err);
	call->password = call->passphrase = NULL;
	kb_secret_wipe(password, sizeof password);
	kb_secret_wipe(passphrase, sizeof passphrase);
	return status;
}

static kb_status run_op(kb_call *call, const kb_cli_options *options, int64_t now, FILE *errors, kb_err *err)
{
	enum { DAY_SECONDS = 24 * 60 * 60 };
	char day[KB_DATE_SIZE], clock[KB_CLOCK_SIZE];
	const char *store = options->store ? options->store : getenv("KSBANK_STORE");
	call->store_path = store && *store ? store : "ksbank.db";
	if (options->store && !*options->store) {
		kb_fail(err, KB_USAGE, "argument", "--store is empty");
		return kb_hint(err, "name the store's file, or leave the option out");
	}
	kb_date_clock(now, clock);
	call->clock = clock;
	KB_TRY(set_day(call, options, (kb_day)(now / DAY_SECONDS), day, err));
	KB_TRY(set_actor(call, options, err));
	if (options->password_file) KB_TRY(read_secret(call->arena, options->password_file, &call->password, err));
	if (options->passphrase_file) KB_TRY(read_secret(call->arena, options->passphrase_file, &call->passphrase, err));
	kb_cli_watch watch;
	kb_cli_watch_start(&watch, errors, call);
	kb_status status = call_op(call, err);
	kb_cli_watch_end(&watch);
	call->day_text = NULL;
	call->clock = NULL;
	return status;
}

static int run(kb_arena *arena, const kb_op *op, int argc, char **argv, int64_t now, FILE *out, FILE *errors)
{
	kb_call call = { .op = op, .arena = arena, .faults = { .arena = arena } };
	kb_cli_options options = { 0 };
	kb_err err;
	call.arguments = kb_node_map(arena);
	kb_status status = kb_cli_parse(arena, op, argc, argv, 3, call.arguments, &options, &err);
	if (status == KB_OK && options.help) {
		kb_cli_help(out, op->name);
		return KB_EXIT_DONE;
	}
	if (status == KB_OK) status = run_op(&call, &options, now, errors, &err);
	if (status == KB_OK) status = kb_cli_print_result(&call, options.json, out, &err);
	if (status != KB_OK) kb_cli_print_failure(&call, &err, options.json, out, errors);
	return exit_code(status);
}

int kb_cli_run(int argc, char **argv, int64_t now, FILE *out, FILE *errors)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new(ARENA_CEILING);
	if (!arena) {
		fputs("ksbank: the machine has no more memory to give\n", errors);
		return KB_EXIT_FAILED;
	}
	if (argc < 2) {
		kb_cli_help(errors, NULL);
		return KB_EXIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
		return show_help(arena, argc, argv, out, errors);
	const char *name = argc > 2 && argv[2][0] != '-' ? kb_arena_printf(arena, "%s %s", argv[1], argv[2]) : argv[1];
	const kb_op *op = name ? kb_op_find(name) : NULL;
	if (op) return run(arena, op, argc, argv, now, out, errors);
	if (name == argv[1] && kb_cli_help(errors, name)) return KB_EXIT_USAGE; /* a group: "ksbank paper" */
	kb_call call = { .arena = arena, .faults = { .arena = arena } };
	kb_err err;
	unknown_command(arena, name ? name : argv[1], &err);
	if (argv[1][0] == '-')
		kb_hint(&err, "the command comes first, its options behind it, as in: ksbank paper list --json");
	kb_cli_print_failure(&call, &err, wants_json(argc, argv), out, errors);
	return exit_code(err.status);
}
