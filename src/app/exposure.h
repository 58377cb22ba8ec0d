/* Who met an item: papers, candidates, readers. */
#ifndef KB_APP_EXPOSURE_H
#define KB_APP_EXPOSURE_H

#include "app/op.h"

/*
 * Into the map: to_replace (papers issued and not used yet), used, withdrawn: lists of {paper, candidate, sitting, date,
 * version, holder}; candidates: how many different ones; readers: list of {person, on, operation, paper}. `version` 0 asks
 * for all versions of the item.
 */
kb_status kb_exposure_of(kb_call *call, int64_t item, int64_t version, kb_node *map, kb_err *err) KB_MUST_USE;

#endif
