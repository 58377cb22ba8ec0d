/* Why a paper can't be drawn, in words, and what would mend that: for refusals, and for bank explain. */
#ifndef KB_APP_EXPLANATION_H
#define KB_APP_EXPLANATION_H

#include "app/brief.h"

/* For input->rules.reserve + 1 papers with nothing shared. The pool is that of kb_paper_pool_load_all, so that what is
 * away can be counted on. */
kb_status kb_explanation_find(
	kb_arena *arena, const kb_draw_input *input, kb_explanation *why, kb_err *err) KB_MUST_USE;

/* Sets in a map: {blocking: units, blocking_list, clash: list of texts, clash_is_minimal; what kb_brief_write sets;
 * review_first: list of {id, reason}, review_first_is_fewest; relax: list of {rule, from, to, words, least_is_proven}}.
 */
void kb_explanation_write(kb_arena *arena, const kb_draw_input *input, const kb_explanation *why, kb_node *map);

/* The questions to bring back: sets review_first and review_first_is_fewest. */
void kb_explanation_write_returns(kb_arena *arena, const kb_draw_input *input, const kb_returns *returns, kb_node *map);

#endif
