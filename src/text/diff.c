#include "text/diff.h"

#include <string.h>

enum { CELLS_MAX = 1000000 };

typedef struct word {
	const char *at;
	size_t length;
} word;

typedef struct words {
	word *list;
	size_t count;
} words;

static const char SPACE[] = " \t\r\n";

static words words_of(kb_arena *arena, const char *text)
{
	size_t count = 0;
	for (const char *p = text + strspn(text, SPACE); *p; count++) {
		p += strcspn(p, SPACE);
		p += strspn(p, SPACE);
	}
	words found = { .list = kb_arena_array(arena, count, sizeof(word)) };
	for (const char *p = text + strspn(text, SPACE); found.list && *p; p += strspn(p, SPACE)) {
		size_t length = strcspn(p, SPACE);
		found.list[found.count++] = (word) { p, length };
		p += length;
	}
	return found;
}

static bool same(const word *a, const word *b)
{
	return a->length == b->length && memcmp(a->at, b->at, a->length) == 0;
}

static void add(kb_arena *arena, kb_diff *diff, kb_diff_kind kind, const words *from, size_t first, size_t end)
{
	if (first == end) return;
	const word *last = &from->list[end - 1];
	const char *at = from->list[first].at;
	diff->parts[diff->count++] =
		(kb_diff_part) { kind, kb_arena_copy(arena, at, (size_t)(last->at + last->length - at)) };
}

/* The two texts, and of what lies between their common start and end, at [i * (m + 1) + j], how many words the rests
 * from there on have in common; NULL where that would be too large. */
typedef struct table {
	words a, b;
	size_t start, a_end, b_end;
	const uint32_t *common;
} table;

static size_t cell(const table *t, size_t i, size_t j)
{
	return (i - t->start) * (t->b_end - t->start + 1) + (j - t->start);
}

static void find_ends(table *t)
{
	size_t end = 0, least = t->a.count < t->b.count ? t->a.count : t->b.count;
	while (t->start < least && same(&t->a.list[t->start], &t->b.list[t->start])) t->start++;
	while (end < least - t->start && same(&t->a.list[t->a.count - 1 - end], &t->b.list[t->b.count - 1 - end])) end++;
	t->a_end = t->a.count - end;
	t->b_end = t->b.count - end;
}

static void fill(kb_arena *arena, table *t)
{
	size_t rows = t->a_end - t->start + 1, columns = t->b_end - t->start + 1;
	if (rows > CELLS_MAX / columns) return;
	uint32_t *common = kb_arena_array(arena, rows * columns, sizeof *common);
	for (size_t i = t->a_end; common && i-- > t->start;)
		for (size_t j = t->b_end; j-- > t->start;) {
			uint32_t down = common[cell(t, i + 1, j)], right = common[cell(t, i, j + 1)];
			if (same(&t->a.list[i], &t->b.list[j])) common[cell(t, i, j)] = common[cell(t, i + 1, j + 1)] + 1;
			else common[cell(t, i, j)] = down > right ? down : right;
		}
	t->common = common;
}

/* Whether these two words are one that stayed. */
static bool meet(const table *t, size_t i, size_t j)
{
	if (i >= t->a.count || j >= t->b.count || (i < t->a_end) != (j < t->b_end)) return false;
	bool between = i >= t->start && i < t->a_end;
	return same(&t->a.list[i], &t->b.list[j]) && (t->common || !between);
}

static bool goes_first(const table *t, size_t i, size_t j)
{
	if (i >= t->a_end || j >= t->b_end) return i < t->a_end;
	return !t->common || t->common[cell(t, i + 1, j)] >= t->common[cell(t, i, j + 1)];
}

kb_status kb_diff_words(kb_arena *arena, const char *before, const char *after, kb_diff *diff, kb_err *err)
{
	table t = { .a = words_of(arena, before), .b = words_of(arena, after) };
	*diff = (kb_diff) { .parts = kb_arena_array(arena, t.a.count + t.b.count + 1, sizeof *diff->parts) };
	KB_TRY(kb_arena_check(arena, err));
	find_ends(&t);
	fill(arena, &t);
	KB_TRY(kb_arena_check(arena, err));
	for (size_t i = 0, j = 0; i < t.a.count || j < t.b.count;) {
		size_t gone = i, fresh = j;
		while ((i < t.a_end || j < t.b_end) && !meet(&t, i, j))
			if (goes_first(&t, i, j)) i++;
			else j++;
		add(arena, diff, KB_DIFF_GONE, &t.a, gone, i);
		add(arena, diff, KB_DIFF_NEW, &t.b, fresh, j);
		fresh = j;
		while (meet(&t, i, j)) i++, j++;
		add(arena, diff, KB_DIFF_SAME, &t.b, fresh, j);
	}
	return kb_arena_check(arena, err);
}
