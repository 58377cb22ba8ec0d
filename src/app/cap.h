/* What an exposure cap asks of a bank that can't keep it: the least that can be kept, and what to write. */
#ifndef KB_APP_CAP_H
#define KB_APP_CAP_H

#include "app/bank_measure.h"
#include "app/brief.h"
#include "engine/even.h"

/* Papers with nothing shared, drawn alike, keep every chance below the cap where there are so many of them. Fewer
 * questions may do, as papers need not be apart. */
uint32_t kb_cap_papers(uint32_t cap);
/* The same, no more than can be looked for where there are `now` already. */
uint32_t kb_cap_papers_towards(uint32_t cap, uint32_t now);

/* Whether first papers can be drawn from the pool under the specification's cap: true without one, false where no valid
 * paper exists either. even->least is set where the cap was refused. Weighs the pool, and keeps nothing. Cost: that of
 * kb_weigh_pool. */
kb_status kb_cap_try(
	kb_call *call, const kb_bank_rules *rules, kb_draw_input *pool, kb_even *even, bool *kept, kb_err *err) KB_MUST_USE;
/* The same of the pool of the call's day, which is set. */
kb_status kb_cap_look(
	kb_call *call, const kb_bank_rules *rules, kb_draw_input *pool, kb_even *even, bool *kept, kb_err *err) KB_MUST_USE;

typedef struct kb_cap_needs {
	uint32_t papers_wanted; /* kb_cap_papers */
	uint32_t papers; /* with nothing shared, that there are with the questions to write: fewer where more would be
	                    too many to look for */
	kb_briefs briefs;
} kb_cap_needs;

/* The pool is that of kb_paper_pool_load_all, as for bank gaps: these are its gaps for so many papers. */
kb_status kb_cap_needs_find(
	kb_arena *arena, const kb_draw_input *input, uint32_t cap, kb_cap_needs *needs, kb_err *err) KB_MUST_USE;

/* Sets in a map: {exposure_cap, least: a fraction, least_is_reached, least_cap: absent where none is known, no_cap:
 * true where none can be kept}. `pool` is what is drawn from, without exclusions, and `least` as of kb_even_find. */
kb_status kb_cap_write_least(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t cap,
	const kb_spread *least, kb_node *map, kb_err *err) KB_MUST_USE;

/* "128 can be kept", of such a map; "" where nothing is known. */
const char *kb_cap_least_words(kb_arena *arena, const kb_node *map);

/* Whether that is kb_weigh_pool's refusal of a cap. */
bool kb_cap_is_refused(kb_status status, const kb_err *err);

/* A refusal of a cap gets the hint that names bank weigh and bank explain, of the `bank` as commands name
 * it; any other status is left as it is. */
kb_status kb_cap_hint(kb_status status, const char *bank, kb_err *err) KB_MUST_USE;

#endif
