/*
 * Memory: every value lives in an arena, and an arena lives as long as one command, request or
 * document. Handles (a database, a file) are closed by KB_CLEANUP. There is no third lifetime.
 *
 * A failed allocation latches: it returns NULL once and ever after, so that code which builds a
 * tree checks once at its end with kb_arena_check() and not at each node. Whoever dereferences
 * what kb_arena_alloc() gave must check for NULL all the same; the helpers below do.
 */
#ifndef KB_BASE_ARENA_H
#define KB_BASE_ARENA_H

#include "base/err.h"

#define KB_CLEANUP(function) __attribute__((cleanup(function)))

typedef struct kb_arena kb_arena;

/* An arena that never holds more than `ceiling` bytes. NULL when there is no memory at all. */
kb_arena *kb_arena_new(size_t ceiling);
void kb_arena_free(kb_arena *arena);    /* NULL is fine */
void kb_arena_freep(kb_arena **arena); /* for KB_CLEANUP */

/* Zeroed, aligned for any type. `size` 0 gives a valid address. NULL once the ceiling is reached. */
void *kb_arena_alloc(kb_arena *arena, size_t size) KB_MUST_USE;
/* The same for `count` things of `size` bytes; an overflow of the product is a failure. */
void *kb_arena_array(kb_arena *arena, size_t count, size_t size) KB_MUST_USE;
/* A copy of `old` (used bytes) in a larger place; grows in place where it was the last allocation. */
void *kb_arena_grow(kb_arena *arena, void *old, size_t used, size_t size) KB_MUST_USE;
/* Copies with a NUL behind. */
char *kb_arena_copy(kb_arena *arena, const char *bytes, size_t length) KB_MUST_USE;
char *kb_arena_text(kb_arena *arena, const char *text) KB_MUST_USE; /* NULL stays NULL */
char *kb_arena_printf(kb_arena *arena, const char *fmt, ...) KB_PRINTF(2, 3) KB_MUST_USE;

/* KB_LIMIT or KB_NO_MEMORY if any allocation has failed since the arena was made. */
kb_status kb_arena_check(const kb_arena *arena, kb_err *err) KB_MUST_USE;

size_t kb_arena_used(const kb_arena *arena);

/* Everything allocated after the mark is given back at once: for passes that need scratch. */
typedef struct kb_arena_mark {
	void *block;
	size_t used, total;
} kb_arena_mark;
kb_arena_mark kb_arena_save(const kb_arena *arena);
void kb_arena_restore(kb_arena *arena, kb_arena_mark mark);

/* Tests only: the nth allocation from now on fails (1 is the next); 0 switches it off. */
void kb_arena_fail_at(kb_arena *arena, size_t nth);

#endif
