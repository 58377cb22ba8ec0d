/*
 * A year of an organisation on a bank, in memory: who sits when is drawn from a seed, and each paper by the engine that
 * draws live ones, with the same exclusions and the same reserve. The same seed gives the same year on every machine.
 *
 * First sittings fall evenly on the 365 days. Employers differ in size: the k-th has 1/k as many candidates as the
 * first, on average. A sitting is followed by another of the same candidate, 30 to 59 days later, with one chance each
 * time; the last of these fall behind the year. Some questions are reworded once in the year, on any day: for a while
 * they are not drawn, and then they are the same questions to everybody who had them before.
 */
#ifndef KB_ENGINE_SIMULATE_H
#define KB_ENGINE_SIMULATE_H

#include "base/progress.h"
#include "crypt/digest.h"
#include "model/pool.h"

enum { KB_YEAR_DAYS = 365, KB_RESIT_DAYS_LEAST = 30, KB_RESIT_DAYS_MOST = 59 };

typedef struct kb_year {
	uint32_t candidates, employers; /* at least 1 each */
	uint32_t resit_percent;         /* the chance that a sitting is followed by another one */
	uint32_t edit_percent;          /* a question's chance to be reworded in the year */
	uint32_t away_days;             /* that it is not drawn then */
	kb_progress *progress;          /* told of each sitting; NULL where nobody watches */
} kb_year;

typedef struct kb_year_sitting {
	uint32_t candidate, employer; /* from 0 */
	uint32_t day;                 /* from 0; above 364 behind the year */
	uint32_t attempt;             /* 0: the first */
	uint32_t *items;              /* rules.size of them; NULL where no paper could be drawn */
	uint32_t known;               /* of these, what somebody of the same employer had in a sitting before */
	const char *refused;          /* why there is no paper: the id of the draw's refusal, as in draw.none */
	uint64_t units;               /* that can't be met any more, where the refusal comes down to units */
	uint32_t before;              /* number + 1 of the candidate's sitting before; 0: none */
} kb_year_sitting;

typedef struct kb_year_past {
	kb_year_sitting *sittings; /* by day */
	uint32_t count;
	uint32_t edited; /* questions that were reworded */
} kb_year_past;

/* Refusals of single draws are in the result; what else a draw can fail of, fails the whole. Cost: a draw a sitting,
 * each with tables of its own, and an explanation for each refusal. */
kb_status kb_simulate(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const kb_year *year,
	const kb_digest *seed, kb_year_past *past, kb_err *err) KB_MUST_USE;

#endif
