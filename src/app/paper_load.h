/* One issued paper, as the store holds it. */
#ifndef KB_APP_PAPER_LOAD_H
#define KB_APP_PAPER_LOAD_H

#include "app/paper_pool.h"

typedef struct kb_loaded_paper {
	int64_t id;
	kb_q_paper_by_id_row row;
	kb_node *snapshot, *record;
} kb_loaded_paper;

/* `key` as in P-000001. */
kb_status kb_load_paper(kb_call *call, const char *key, kb_loaded_paper *paper, kb_err *err) KB_MUST_USE;
kb_status kb_load_paper_by_id(kb_call *call, int64_t id, kb_loaded_paper *paper, kb_err *err) KB_MUST_USE;

/* What became of a paper, from its row of the view paper_state: "withdrawn", "recorded", "issued"; or "to replace": it
 * waits for its day and holds what was suspended or retired since, so it is to be withdrawn and drawn anew. */
const char *kb_paper_state(const kb_call *call, const char *state, int64_t unfit, const char *sat_on);
bool kb_paper_waits(const kb_call *call, const char *state, const char *sat_on);

/* How many valid papers there were, for people: "18,544,866,228", or "at most ..." where only a bound is known. */
const char *kb_paper_count_words(kb_arena *arena, const char *count, bool exact);

/* What it holds, as the row says. */
const kb_part *kb_loaded_paper_part(const kb_loaded_paper *paper);
/* Its questions or themes, in order, as the snapshot has them; an empty list where it has none. */
const kb_node *kb_loaded_paper_items(const kb_loaded_paper *paper);

/* The reference of its candidate, or what stands there once it was erased. */
const char *kb_loaded_paper_candidate(const kb_loaded_paper *paper);

#endif
