/* A sound call of each operation, on a store where each may be made. */
#ifndef KB_TESTS_APP_CALLS_H
#define KB_TESTS_APP_CALLS_H

#include "kit.h"

/* Makes the store that the calls are for, and keeps a copy of it. */
void calls_fill(void);

/* The store as it was filled, and none of the files that operations made. */
void calls_put_back(void);

/* The arguments of a call, as JSON. */
const char *calls_of(const kb_op *op);

/* Whether each call leaves an entry in the log. */
bool calls_logs(const kb_op *op);

/* An error as it must be: in words, without control characters, with a way out where the usage was wrong. */
void calls_check_error(const kb_op *op, const char *what);

#endif
