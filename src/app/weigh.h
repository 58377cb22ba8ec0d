/*
 * What each question of a pool weighs in the draw, where its specification caps how often a question is drawn: found
 * once for each pool, and kept with the specification. Every draw record holds the weights that it was made with.
 */
#ifndef KB_APP_WEIGH_H
#define KB_APP_WEIGH_H

#include "app/paper_pool.h"
#include "engine/even.h"

/* Sets the weights in the pool; a cap of 0, or a pool without a valid paper, leaves them at 1. Those kept for this pool
 * under this specification (its id) are taken; else they are found, and kept where `keep`. `even` is set only where
 * they were found, or refused. The weights are the same for every candidate: exclusions are not looked at. Refusals as
 * of kb_even_find. */
kb_status kb_weigh_pool(kb_call *call, int64_t specification, uint32_t cap, bool keep, kb_draw_input *input,
	kb_even *even, kb_err *err) KB_MUST_USE;

#endif
