/*
 * The command line: words in, a call of an operation, text or JSON out. Help, options and their
 * checks come from the table of operations.
 */
#ifndef KB_CLI_CLI_H
#define KB_CLI_CLI_H

#include <stdio.h>

#include "app/op.h"
#include "base/str.h"

/* Exit codes, as the help lists them. */
enum { KB_EXIT_DONE = 0, KB_EXIT_FAILED = 1, KB_EXIT_USAGE = 2, KB_EXIT_BROKEN = 3, KB_EXIT_BUG = 4 };

typedef struct kb_cli_options {
	const char *store, *actor, *date, *password_file, *passphrase_file;
	bool json, help;
} kb_cli_options;

/* Runs one command at this moment (seconds since 1970), whose day is the one of the rules when --date is not given.
 * Returns the exit code. */
int kb_cli_run(int argc, char **argv, int64_t now, FILE *out, FILE *errors);

/* Asks for a password at the terminal, without showing it. False where there is no terminal. */
bool kb_cli_ask(const char *prompt, char *text, size_t size);

/* Shows on a terminal how far a call is once it has taken a second; at the end its line goes away. */
typedef struct kb_cli_watch {
	kb_progress progress;
	FILE *errors;
	const char *what; /* told last */
	int64_t done, all;
	int64_t began, shown; /* milliseconds */
} kb_cli_watch;
void kb_cli_watch_start(kb_cli_watch *watch, FILE *errors, kb_call *call);
void kb_cli_watch_end(kb_cli_watch *watch);

/* Reads argv from `first` on into the call's arguments and the options common to all commands. */
kb_status kb_cli_parse(kb_arena *arena, const kb_op *op, int argc, char **argv, int first, kb_node *arguments,
	kb_cli_options *options, kb_err *err) KB_MUST_USE;

/* Help on everything, on a group ("paper") or on one operation. False where there is no such thing. */
bool kb_cli_help(FILE *out, const char *name);
kb_node *kb_cli_help_node(kb_arena *arena, const char *name); /* NULL where there is no such thing */

/* A result or a failure, for people or as JSON. */
kb_status kb_cli_print_result(const kb_call *call, bool json, FILE *out, kb_err *err) KB_MUST_USE;
void kb_cli_print_failure(const kb_call *call, const kb_err *failure, bool json, FILE *out, FILE *errors);

#endif
