/*
 * The same questions put to a solver of another house: which papers can exist, as an integer
 * programme in CPLEX LP, solved by glpsol, or by cbc where glpsol does not finish.
 */
#ifndef KB_TESTS_APP_HISTORY_SOLVER_H
#define KB_TESTS_APP_HISTORY_SOLVER_H

#include "history_bank.h"

typedef enum history_answer { HISTORY_POSSIBLE, HISTORY_IMPOSSIBLE, HISTORY_UNDECIDED, HISTORY_NO_SOLVER } history_answer;

/* Whether so many valid papers fit side by side: no question in two of them, no rivals within or across. */
history_answer history_packing(const history_bank *bank, const history_pool *pool, int papers, const char *dir);

/* The fewest new questions (1 to 3 units of one theme, any kind) with which so many valid papers fit side by side. */
history_answer history_fewest(const history_bank *bank, const history_pool *pool, int papers, const char *dir, int *fewest);

/* cbc alone, on a programme in a file; its log goes into dir. */
history_answer history_ask_cbc(const char *lp, const char *dir, int seconds, double *objective);

#endif
