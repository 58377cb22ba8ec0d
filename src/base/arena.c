#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN ((size_t)64 * 1024)

typedef struct block {
	struct block *previous;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
} block;

struct kb_arena {
	block *top;
	size_t ceiling, total; /* total counts whole blocks: what the machine really gave */
	size_t next_block;
	size_t fail_at;
	kb_status failed;
};

kb_arena *kb_arena_new(size_t ceiling)
{
	kb_arena *arena = calloc(1, sizeof *arena);
	if (!arena) return NULL;
	arena->ceiling = ceiling;
	arena->next_block = BLOCK_MIN;
	return arena;
}

void kb_arena_free(kb_arena *arena)
{
	if (!arena) return;
	kb_arena_restore(arena, (kb_arena_mark) { 0 });
	free(arena);
}

void kb_arena_freep(kb_arena **arena)
{
	kb_arena_free(*arena);
	*arena = NULL;
}

static size_t aligned(size_t size)
{
	const size_t unit = alignof(max_align_t);
	return (size + unit - 1) / unit * unit;
}

static void *fail(kb_arena *arena, kb_status status)
{
	if (arena->failed == KB_OK) arena->failed = status;
	return NULL;
}

static block *add_block(kb_arena *arena, size_t need)
{
	size_t size = arena->next_block > need ? arena->next_block : need;
	size_t room = arena->ceiling - arena->total;
	if (size > room) size = need;
	if (size > room) return fail(arena, KB_LIMIT);
	block *b = size < SIZE_MAX - sizeof *b ? malloc(sizeof *b + size) : NULL;
	if (!b) return fail(arena, KB_NO_MEMORY);
	*b = (block) { .previous = arena->top, .size = size };
	arena->top = b;
	arena->total += size;
	if (arena->next_block < (size_t)16 * 1024 * 1024) arena->next_block *= 2;
	return b;
}

void *kb_arena_alloc(kb_arena *arena, size_t size)
{
	if (arena->failed != KB_OK) return NULL;
	if (arena->fail_at > 0 && --arena->fail_at == 0) return fail(arena, KB_NO_MEMORY);
	if (size > arena->ceiling) return fail(arena, KB_LIMIT);
	size_t need = aligned(size);
	if (need < size) return fail(arena, KB_LIMIT);
	block *b = arena->top;
	if (!b || b->size - b->used < need) {
		b = add_block(arena, need);
		if (!b) return NULL;
	}
	void *place = b->bytes + b->used;
	b->used += need;
	memset(place, 0, need);
	return place;
}

void *kb_arena_array(kb_arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) return fail(arena, KB_LIMIT);
	return kb_arena_alloc(arena, bytes);
}

void *kb_arena_grow(kb_arena *arena, void *old, size_t used, size_t size)
{
	block *b = arena->top;
	if (old && b && (unsigned char *)old + aligned(used) == b->bytes + b->used && arena->failed == KB_OK) {
		size_t start = (size_t)((unsigned char *)old - b->bytes);
		if (size <= b->size - start && aligned(size) <= b->size - start) {
			memset(b->bytes + b->used, 0, start + aligned(size) > b->used ? start + aligned(size) - b->used : 0);
			b->used = start + aligned(size);
			return old;
		}
	}
	void *place = kb_arena_alloc(arena, size);
	if (place && old) memcpy(place, old, used < size ? used : size);
	return place;
}

char *kb_arena_copy(kb_arena *arena, const char *bytes, size_t length)
{
	char *copy = length < SIZE_MAX ? kb_arena_alloc(arena, length + 1) : fail(arena, KB_LIMIT);
	if (copy && length) memcpy(copy, bytes, length);
	return copy;
}

char *kb_arena_text(kb_arena *arena, const char *text)
{
	return text ? kb_arena_copy(arena, text, strlen(text)) : NULL;
}

char *kb_arena_printf(kb_arena *arena, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	char *text = n < 0 ? fail(arena, KB_LIMIT) : kb_arena_alloc(arena, (size_t)n + 1);
	if (text) vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

kb_status kb_arena_check(const kb_arena *arena, kb_err *err)
{
	if (arena->failed == KB_OK) return KB_OK;
	if (arena->failed == KB_NO_MEMORY)
		return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
	kb_fail(err, KB_LIMIT, "memory.ceiling", "this needs more than the %zu MiB that one command may use",
		arena->ceiling >> 20);
	return kb_hint(err, "split the work into smaller files or a smaller bank");
}

size_t kb_arena_used(const kb_arena *arena)
{
	return arena->total;
}

kb_arena_mark kb_arena_save(const kb_arena *arena)
{
	return (kb_arena_mark) { arena->top, arena->top ? arena->top->used : 0, arena->total };
}

void kb_arena_restore(kb_arena *arena, kb_arena_mark mark)
{
	while (arena->top && arena->top != mark.block) {
		block *b = arena->top;
		arena->top = b->previous;
		if (b->size >= BLOCK_MIN && b->size < arena->next_block) arena->next_block = b->size; /* the same pass again */
		free(b);
	}
	if (arena->top) arena->top->used = mark.used;
	arena->total = mark.total;
}

void kb_arena_fail_at(kb_arena *arena, size_t nth)
{
	arena->fail_at = nth;
}
