#include "engine/tables.h"

#include "engine/capacity.h"

#include <stdlib.h>

static int compare_items(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return a < b ? -1 : a > b;
}

kb_status kb_tables_unrank(const kb_tables *tables, uint64_t *rank, kb_paper_draw *draw, kb_err *err)
{
	draw->count = 0;
	kb_join_unrank(&tables->join, rank, draw->items, &draw->count);
	KB_ASSERT(draw->count == tables->size, err);
	qsort(draw->items, draw->count, sizeof *draw->items, compare_items);
	draw->attempts = 1;
	return KB_OK;
}

/* A uniform number below the total: as many bits as its largest value has, again until it is below. */
static kb_status uniform(const kb_tables *tables, kb_stream *stream, uint64_t *rank, kb_err *err)
{
	size_t limbs = tables->join.limbs;
	const uint64_t *total = kb_join_total(&tables->join);
	uint64_t largest[KB_WIDE_LIMBS], one[KB_WIDE_LIMBS] = { 1 };
	memcpy(largest, total, limbs * sizeof *total);
	wide_subtract(largest, one, limbs);
	size_t bits = wide_bits(largest, limbs);
	do {
		uint8_t bytes[KB_WIDE_BITS / 8];
		memset(rank, 0, limbs * sizeof *rank);
		if (bits == 0) return KB_OK;
		KB_TRY(kb_stream_bits(stream, bits, bytes, err));
		for (size_t b = 0; b < (bits + 7) / 8; b++) rank[b / 8] |= (uint64_t)bytes[b] << b % 8 * 8;
	} while (wide_compare(rank, total, limbs) >= 0);
	return KB_OK;
}

kb_status kb_tables_draw(const kb_tables *tables, kb_arena *arena, kb_stream *stream, kb_paper_draw *draw, kb_err *err)
{
	if (tables->empty) return kb_fail(err, KB_REFUSED, "draw.none", "no valid paper exists");
	uint64_t rank[KB_WIDE_LIMBS];
	char text[KB_WIDE_DECIMAL];
	KB_TRY(uniform(tables, stream, rank, err));
	kb_wide_format(rank, tables->join.limbs, text);
	draw->rank = kb_arena_text(arena, text);
	if (!draw->rank) return kb_arena_check(arena, err);
	return kb_tables_unrank(tables, rank, draw, err);
}

kb_status kb_tables_paper(const kb_tables *tables, kb_arena *arena, const char *u, kb_paper_draw *draw, kb_err *err)
{
	uint64_t rank[KB_WIDE_LIMBS];
	if (tables->empty) return kb_fail(err, KB_INVALID, "draw.rank", "there is no valid paper, so none of number %.160s", u);
	if (!kb_wide_parse(u, rank, tables->join.limbs) ||
		wide_compare(rank, kb_join_total(&tables->join), tables->join.limbs) >= 0)
		return kb_fail(err, KB_INVALID, "draw.rank", "%.160s is not the number of a paper of this pool", u);
	draw->rank = kb_arena_text(arena, u);
	if (!draw->rank) return kb_arena_check(arena, err);
	return kb_tables_unrank(tables, rank, draw, err);
}
