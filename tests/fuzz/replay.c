/* Feeds every file of a folder to a fuzz target, and the empty input; for builds without libFuzzer. */
#include <stdio.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	kb_err err;
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	if (argc < 2 || !kb_file_is_dir(argv[1])) return 0;
	const char *const *paths = NULL;
	size_t count = 0;
	kb_status status = kb_file_list(arena, argv[1], "", 100000, &paths, &count, &err);
	for (size_t i = 0; status == KB_OK && i < count; i++) {
		kb_bytes bytes;
		kb_arena_mark mark = kb_arena_save(arena);
		status = kb_file_read(arena, paths[i], (size_t)16 << 20, &bytes, &err);
		if (status == KB_OK) LLVMFuzzerTestOneInput((const uint8_t *)bytes.data, bytes.length);
		kb_arena_restore(arena, mark);
	}
	if (status != KB_OK) fprintf(stderr, "%s\n", err.message);
	return status != KB_OK;
}
