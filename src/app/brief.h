/* What writers are told: which units and counters are meant, and which questions to write. */
#ifndef KB_APP_BRIEF_H
#define KB_APP_BRIEF_H

#include "app/paper_pool.h"
#include "engine/explain.h"

/* The units of a bit set: as a list, and in words: "PD-1 K1, PD-2 K5". */
kb_node *kb_brief_units(kb_arena *arena, const kb_draw_input *input, uint64_t bits);
const char *kb_brief_unit_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits);

/* The shapes that a new question of this method may have. */
kb_status kb_brief_shapes(
	kb_arena *arena, const kb_draw_input *input, kb_brief_shape **shapes, uint32_t *count, kb_err *err) KB_MUST_USE;

/* Sets the briefs of an explanation in a map: {questions_to_write: list of {theme, kind, units, unit_list, ksb_list},
 * fewest_questions_to_write, fewest_is_proven}. */
void kb_brief_write(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map);

#endif
