/* Any bytes as the files of a bank, lines with nothing but "===" between them; the small standard is known already. */
#include <string.h>

#include "exchange/bank.h"
#include "small.h"

enum { FILES_MOST = 8 };

static const kb_standard *known_standard(void *context, const char *key)
{
	const kb_standard *standard = context;
	return standard->key.text && key && strcmp(standard->key.text, key) == 0 ? standard : NULL;
}

static bool known_item(void *context, const char *key)
{
	(void)context;
	return key && *key == 'Q';
}

/* Each as kb_file_read leaves it: with a 0 behind the last byte. */
static size_t cut(kb_arena *arena, const char *data, size_t size, kb_bank_file *files)
{
	static const char line[] = "\n===\n", *const names[FILES_MOST] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	size_t count = 0;
	for (const char *end = data + size; data && count < FILES_MOST;) {
		const char *next = memmem(data, (size_t)(end - data), line, strlen(line));
		size_t length = (size_t)((next ? next : end) - data);
		files[count] = (kb_bank_file) { .path = names[count], .bytes = { kb_arena_copy(arena, data, length), length } };
		if (!files[count++].bytes.data) return 0;
		data = next ? next + strlen(line) : NULL;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)64 << 20);
	kb_faults faults = { .arena = arena };
	kb_bank_file files[FILES_MOST];
	kb_err err;
	kb_standard *standard = arena ? small_standard(arena) : NULL;
	if (!standard) return 0;
	kb_bank bank = { files, cut(arena, (const char *)data, size, files) };
	if (kb_bank_read(arena, files, bank.count, &faults, &err) != KB_OK) return 0;
	for (size_t i = 0; i < bank.count; i++) {
		int held = (files[i].standard != NULL) + (files[i].specification != NULL) + (files[i].items != NULL);
		if (held > 1 || (held == 0 && faults.count == 0)) abort();
	}
	const kb_bank_known known = { known_standard, known_item, standard };
	if (kb_bank_check(arena, &bank, &known, &faults, &err) != KB_OK && kb_arena_check(arena, &err) == KB_OK) abort();
	return 0;
}
