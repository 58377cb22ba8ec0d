/* The small readers of base: each takes any text. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = { "paper draw", "item show", "status" };
	size_t bad = 0;
	int64_t number;
	kb_day day;
	kb_err err;
	char again[KB_DATE_SIZE];
	char *text = malloc(size + 1);
	if (!text) return 0;
	if (size > 0) memcpy(text, data, size);
	text[size] = '\0';
	if (!kb_str_is_utf8(text, size, &bad) && bad >= size) abort();
	if (kb_str_width(text, size) > 2 * size) abort();
	(void)kb_str_nearest(text, words, KB_COUNT(words));
	(void)kb_str_to_int(text, &number);
	(void)kb_str_equal_fold(text, words[0]);
	if (kb_date_parse(text, &day, &err) == KB_OK) {
		kb_date_format(day, again);
		if (strcmp(again, text) != 0) abort();
	} else if (!kb_str_is_utf8(err.message, strlen(err.message), NULL)) abort();
	free(text);
	return 0;
}
