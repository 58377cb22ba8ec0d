/* Why a paper can't be drawn, in words, and what would mend that: for refusals, and for bank explain. */
#ifndef KB_APP_EXPLANATION_H
#define KB_APP_EXPLANATION_H

#include "app/cap.h"

typedef struct kb_explained {
	kb_draw_input input; /* with what is away, so that it can be counted on */
	kb_explanation why;  /* possible: the cap is kept too; each way out leaves it kept */
	uint32_t cap;        /* the specification's, or 0 */
	uint32_t papers;     /* with nothing shared, that the questions to write are for */
	bool cap_kept;       /* without one too */
	bool cap_clashes;    /* with what `why` says clashes: all but it can be met */
	bool cap_alone;      /* ways out were left out that would not have met it */
	uint32_t other_cap;  /* that can be kept, where that is a way out; else 0 */
	bool other_is_least; /* proven */
} kb_explained;

/* Whether a draw for the candidate (0: nobody yet) would be refused, under the specification's cap; a first sitting
 * asks for its reserve, a later one for none. Refusals as of kb_weigh_pool, but for that of the cap. */
kb_status kb_explain_draw(kb_call *call, const kb_bank_rules *rules, int64_t candidate, bool first,
	kb_explained *explained, kb_err *err) KB_MUST_USE;

/* Sets in a map: {exposure_cap, cap_is_kept, cap_alone, papers; blocking: units, blocking_list, clash: list of texts,
 * clash_is_minimal; what kb_brief_write sets; review_first: list of {id, reason}, review_first_is_fewest; relax: list
 * of {rule, from, to, words, least_is_proven}}.
 */
void kb_explained_write(kb_arena *arena, const kb_explained *explained, kb_node *map);

/* The questions to bring back: sets review_first and review_first_is_fewest. */
void kb_explanation_write_returns(kb_arena *arena, const kb_draw_input *input, const kb_returns *returns, kb_node *map);

#endif
