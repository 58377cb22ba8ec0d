/* Results for people: the operation's template (templates/cli/), filled and written as text. */
#ifndef KB_APP_SCREEN_H
#define KB_APP_SCREEN_H

#include "app/op.h"
#include "base/str.h"

kb_status kb_screen(
	kb_arena *arena, const char *screen, const kb_node *result, size_t width, kb_buf *out, kb_err *err) KB_MUST_USE;

#endif
