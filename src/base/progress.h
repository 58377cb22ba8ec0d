/* How far a long piece of work is: told by whoever does it, shown by whoever watches. */
#ifndef KB_BASE_PROGRESS_H
#define KB_BASE_PROGRESS_H

#include "base/err.h"

/* Called often; `all` is 0 where it is not known, and `what` NULL where all is as it was told last. A pointer to one
 * may be NULL: nobody watches. */
typedef struct kb_progress {
	void (*tell)(struct kb_progress *progress, const char *what, int64_t done, int64_t all);
} kb_progress;

static inline void kb_progress_tell(kb_progress *progress, const char *what, int64_t done, int64_t all)
{
	if (progress) progress->tell(progress, what, done, all);
}

/* From the depths of the work, which know neither: it goes on with what was told last. */
static inline void kb_progress_tick(kb_progress *progress)
{
	kb_progress_tell(progress, NULL, 0, 0);
}

#endif
