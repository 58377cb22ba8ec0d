/* What the tests of the writers share: files, data, and short ways to write a document. */
#ifndef KB_TEST_RENDER_SUPPORT_H
#define KB_TEST_RENDER_SUPPORT_H

#include "render/render.h"
#include "text/json.h"

enum { CEILING = 256 * 1024 * 1024 };

/* Each fails the test on an error. Names of files count from tests/unit/render. */
const char *load(kb_arena *arena, const char *name);
kb_node *load_json(kb_arena *arena, const char *name);
const char *paper(kb_arena *arena, const char *template, const kb_node *data, kb_render_format format, size_t width);
const char *text_of(kb_arena *arena, const char *markdown, size_t width);
const char *html_of(kb_arena *arena, const char *markdown, const char *title, const char *css);

/* Runs of white space are one space, none at the ends. */
const char *tidy(kb_arena *arena, const char *text);
/* Only the tags of a page, and only what stands between them with its entities resolved. */
const char *tags_of(kb_arena *arena, const char *html);
const char *words_of(kb_arena *arena, const char *html);

#endif
