#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* A foreign text or a cut may leave half a character, and an error that is no UTF-8 would break the JSON it goes into;
 * a control character in it would steer the terminal that it is shown on. */
static void mend(char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = '?';
	size_t length = strlen(text), bad;
	while (!kb_str_is_utf8(text, length, &bad)) text[bad] = '?', text += bad, length -= bad;
}

/* A character that was cut in two at the end is left out. */
static void drop_half(char *text, size_t length)
{
	size_t start = length, bad;
	while (start > 0 && length - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xC0) start--;
	if (!kb_str_is_utf8(text + start, length - start, &bad)) text[start] = '\0';
}

static void KB_PRINTF(3, 0) format(char *out, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(out, size, fmt, args);
	if (n < 0) {
		out[0] = '\0';
		return;
	}
	if ((size_t)n >= size) drop_half(out, size - 1);
	mend(out);
}

kb_status kb_fail(kb_err *err, kb_status status, const char *id, const char *fmt, ...)
{
	*err = (kb_err) { .status = status };
	snprintf(err->id, sizeof err->id, "%s", id);
	va_list args;
	va_start(args, fmt);
	format(err->message, sizeof err->message, fmt, args);
	va_end(args);
	return status;
}

kb_status kb_hint(kb_err *err, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	format(err->hint, sizeof err->hint, fmt, args);
	va_end(args);
	return err->status;
}

kb_status kb_fail_at(kb_err *err, kb_mark mark)
{
	if ((size_t)snprintf(err->file, sizeof err->file, "%s", mark.file ? mark.file : "") >= sizeof err->file)
		drop_half(err->file, sizeof err->file - 1);
	mend(err->file);
	err->line = mark.line;
	err->column = mark.column;
	return err->status;
}

kb_status kb_err_context(kb_err *err, const char *fmt, ...)
{
	char before[sizeof err->message];
	memcpy(before, err->message, sizeof before);
	va_list args;
	va_start(args, fmt);
	format(err->message, sizeof err->message, fmt, args);
	va_end(args);
	size_t len = strlen(err->message);
	size_t room = sizeof err->message - len;
	if ((size_t)snprintf(err->message + len, room, "%s", before) >= room)
		drop_half(err->message, sizeof err->message - 1);
	return err->status;
}
