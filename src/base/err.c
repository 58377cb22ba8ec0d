#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf may cut a character in two; an error that is no UTF-8 would break the JSON it goes into. */
static void format(char *out, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(out, size, fmt, args);
	if (n < 0) {
		out[0] = '\0';
		return;
	}
	if ((size_t)n < size) return;
	size_t len = size - 1;
	while (len > 0 && ((unsigned char)out[len - 1] & 0xC0) == 0x80) len--;
	if (len > 0 && (unsigned char)out[len - 1] >= 0xC0) len--;
	out[len] = '\0';
}

kb_status kb_fail(kb_err *err, kb_status status, const char *id, const char *fmt, ...)
{
	*err = (kb_err){ .status = status };
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
	snprintf(err->file, sizeof err->file, "%s", mark.file ? mark.file : "");
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
	snprintf(err->message + len, sizeof err->message - len, "%s", before);
	return err->status;
}
