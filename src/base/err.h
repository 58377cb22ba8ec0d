/*
 * Errors: a status that the caller can switch on, and a kb_err that a person can read.
 *
 * Every function that can fail returns a kb_status and takes a `kb_err *err` as its last
 * parameter (never NULL). On success err is untouched; on failure it holds a stable id
 * ("yaml.tab"), one sentence, and where it helps a hint that says the way out. No global
 * holds an error, and only main() exits.
 */
#ifndef KB_BASE_ERR_H
#define KB_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KB_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KB_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define KB_MUST_USE __attribute__((warn_unused_result))

typedef enum kb_status {
	KB_OK = 0,
	KB_INVALID = -1,   /* the input is faulty */
	KB_REFUSED = -2,   /* the input is sound, a rule says no */
	KB_NOT_FOUND = -3, /* what was named does not exist */
	KB_EXISTS = -4,    /* it has been done already */
	KB_DENIED = -5,    /* this person may not */
	KB_BUSY = -6,      /* somebody else holds it: try again */
	KB_IO = -7,        /* the machine refused: disk, permission, file */
	KB_CORRUPT = -8,   /* what was stored does not fit together */
	KB_LIMIT = -9,     /* larger than we accept */
	KB_NO_MEMORY = -10,
	KB_USAGE = -11, /* the command was not worded right */
	KB_BUG = -12,   /* our mistake */
} kb_status;

/* Where a thing stands in a file: lines and columns (in characters) count from 1; 0 is unknown. */
typedef struct kb_mark {
	const char *file; /* NULL is unknown; lives as long as the arena it was read into */
	uint32_t line, column;
} kb_mark;

typedef struct kb_err {
	kb_status status;
	char id[48];
	char file[256];
	uint32_t line, column;
	char message[768];
	char hint[512];
} kb_err;

/* Fills err and returns status, so that failing is one line: return kb_fail(err, ...). */
kb_status kb_fail(kb_err *err, kb_status status, const char *id, const char *fmt, ...) KB_PRINTF(4, 5);

/* Adds the way out to an error that is already filled; returns its status. */
kb_status kb_hint(kb_err *err, const char *fmt, ...) KB_PRINTF(2, 3);

/* Adds where it happened. */
kb_status kb_fail_at(kb_err *err, kb_mark mark);

/* Puts words in front of the message, the id stays; returns the status. */
kb_status kb_err_context(kb_err *err, const char *fmt, ...) KB_PRINTF(2, 3);

/* Passes a failure on. */
#define KB_TRY(call)                                                                                                   \
	do {                                                                                                               \
		kb_status kb_try_status_ = (call);                                                                             \
		if (kb_try_status_ != KB_OK) return kb_try_status_;                                                            \
	} while (0)

/* For what only our own mistake can break: aborts in a debug build, KB_BUG in a release. */
#ifdef NDEBUG
#define KB_ASSERT(cond, err)                                                                                           \
	do {                                                                                                               \
		if (!(cond)) return kb_fail((err), KB_BUG, "bug", "%s:%d: %s does not hold", __FILE__, __LINE__, #cond);       \
	} while (0)
#else
#include <assert.h>
#define KB_ASSERT(cond, err) ((void)(err), assert(cond))
#endif

#endif
