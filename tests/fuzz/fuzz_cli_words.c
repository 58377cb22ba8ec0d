/* Any lines as the words of a command: what is taken are arguments that the command has, what is not has a way out. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { WORDS_MOST = 40 };

static bool has(const kb_op *op, const char *name)
{
	for (size_t i = 0; i < op->arg_count; i++)
		if (strcmp(op->args[i].name, name) == 0) return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)16 << 20);
	char program[] = "ksbank", *words[WORDS_MOST + 1] = { program, program, program }, *rest = NULL, *text;
	int count = 3;
	kb_cli_options options = { 0 };
	kb_err err;
	if (!arena || size == 0 || !(text = kb_arena_copy(arena, (const char *)data + 1, size - 1))) return 0;
	const kb_op *op = kb_ops[data[0] % kb_op_count];
	for (char *word = strtok_r(text, "\n", &rest); word && count < WORDS_MOST; word = strtok_r(NULL, "\n", &rest))
		words[count++] = word;
	kb_node *arguments = kb_node_map(arena);
	if (kb_cli_parse(arena, op, count, words, 3, arguments, &options, &err) == KB_OK) {
		for (size_t i = 0; i < arguments->pair_count; i++)
			if (!has(op, arguments->pairs[i].key)) abort();
	} else if (kb_arena_check(arena, &err) == KB_OK) {
		if (!*err.message || !*err.hint || !kb_str_is_utf8(err.message, strlen(err.message), NULL)) abort();
	}
	return 0;
}
