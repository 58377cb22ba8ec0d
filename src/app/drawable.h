/* Which version of a question or case-study theme may be drawn. */
#ifndef KB_APP_DRAWABLE_H
#define KB_APP_DRAWABLE_H

#include "app/load.h"

typedef struct kb_drawable {
	int64_t item, version;
} kb_drawable;

typedef struct kb_drawables {
	kb_drawable *list; /* by item; one that has no such version is missing */
	size_t count;
} kb_drawables;

/* On the call's day: of one item, or of the whole standard (0). As the pool of a draw has it, but that where no mapping
 * of its method is known, tags are not held against it: a draw may bring one. */
kb_status kb_drawables_find(
	kb_call *call, const kb_loaded *loaded, int64_t item, kb_drawables *drawables, kb_err *err) KB_MUST_USE;

/* Sets in a map drawable: the version of that item, if there is one. */
void kb_drawables_write(kb_arena *arena, const kb_drawables *drawables, int64_t item, kb_node *map);

#endif
