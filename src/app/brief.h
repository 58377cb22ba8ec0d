/* What writers are told: which units and counters are meant, and which questions to write. */
#ifndef KB_APP_BRIEF_H
#define KB_APP_BRIEF_H

#include "app/paper_pool.h"
#include "engine/explain.h"

/* The units of a bit set: as a list, and in words: "PD-1 K1, PD-2 K5". */
kb_node *kb_brief_units(kb_arena *arena, const kb_draw_input *input, uint64_t bits);
const char *kb_brief_unit_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits);

/* The first few of them by name, and how many more: "PD-1 K1, PD-2 K5, PD-4 S3 and 2 more". */
const char *kb_brief_few_words(kb_arena *arena, const kb_draw_input *input, uint64_t bits);

/* The theme and the kind that these counters are. */
const char *kb_brief_theme(const kb_draw_input *input, uint64_t counters);
const char *kb_brief_kind(const kb_draw_input *input, uint64_t counters);
/* The names of its categories, a list of texts. */
kb_node *kb_brief_categories(kb_arena *arena, const kb_draw_input *input, uint64_t counters);

/* What explanations of the engine go by: the pool, and the shapes that a new question of this method may have. */
kb_status kb_brief_shortfall(
	kb_arena *arena, const kb_draw_input *input, kb_shortfall *shortfall, kb_err *err) KB_MUST_USE;

enum { KB_BRIEF_PAPERS_MAX = 100 }; /* that questions to write are looked for */

/* The fewest new questions for so many papers with nothing shared. */
kb_status kb_brief_find(
	kb_arena *arena, const kb_draw_input *input, uint32_t papers, kb_briefs *briefs, kb_err *err) KB_MUST_USE;

/* Sets briefs in a map: {questions_to_write: list of {theme, kind, categories, minutes, units, unit_list, ksb_list},
 * fewest_questions_to_write, least_questions_to_write, fewest_is_proven}. */
void kb_brief_write(kb_arena *arena, const kb_draw_input *input, const kb_briefs *briefs, kb_node *map);

#endif
