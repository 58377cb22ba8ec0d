/*
 * The independent checker: tests a chosen set of questions against rules 1 to 6 directly, in code
 * that shares nothing with the counting tables. Each paper passes it inside the transaction that
 * issues it. Cost: the square of the paper's size.
 */
#ifndef KB_ENGINE_CHECK_H
#define KB_ENGINE_CHECK_H

#include "base/str.h"
#include "model/pool.h"

/* KB_OK for a valid paper; otherwise KB_REFUSED "check.size", "check.coverage", "check.counter", "check.minutes",
 * "check.rivals", "check.excluded" or "check.twice", with the figures in words. */
kb_status kb_check_paper(const kb_pool *pool, const kb_rules *rules, const uint8_t *excluded, const uint32_t *items,
	uint32_t count, kb_err *err) KB_MUST_USE;

#endif
