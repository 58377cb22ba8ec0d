/* Any text as a whole number of a draw record: what is read is the number that it says, or it is refused. */
#include <stdlib.h>

#include "engine/wide.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t x[KB_WIDE_LIMBS];
	char again[KB_WIDE_DECIMAL], *text = malloc(size + 1);
	if (!text) return 0;
	if (size > 0) memcpy(text, data, size);
	text[size] = '\0';
	for (size_t limbs = 1; limbs <= KB_WIDE_LIMBS; limbs *= 2) {
		if (!kb_wide_parse(text, x, limbs)) continue;
		kb_wide_format(x, limbs, again);
		const char *digits = text + strspn(text, "0");
		if (strcmp(*digits ? digits : "0", again) != 0) abort();
	}
	free(text);
	return 0;
}
