/* Papers by exact search instead of counting: for specifications that count too much at once (ENGINE section 2). */
#ifndef KB_ENGINE_SEARCH_H
#define KB_ENGINE_SEARCH_H

#include "engine/draw.h"

enum { KB_SEARCH_STEPS = 200000 }; /* a second or two for a thousand questions and dozens of categories */

/* So many valid papers, of which no two share a question or hold rivals, in papers[count * rules->size]; cheap
 * ones by their weights, rather than the cheapest. KB_NO is a proof that there are none; KB_UNKNOWN where *steps were
 * spent, which are lowered by what was. */
kb_status kb_search_papers(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	uint32_t count, uint64_t *steps, uint32_t *papers, kb_answer *answer, kb_err *err) KB_MUST_USE;

/* A paper with as few dear questions as can be: those of weight KB_DEAR, where all others weigh 1. draw->count is 0
 * where none was found, and *fewest says whether that, or so few, is proven. Counts where that is possible. */
enum { KB_DEAR = 1 << 16 };
kb_status kb_search_fewest(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded,
	kb_paper_draw *draw, bool *fewest, kb_err *err) KB_MUST_USE;

#endif
