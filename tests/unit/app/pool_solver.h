/* Whether so many papers fit side by side, asked of cbc: the pool of a draw as an integer programme in CPLEX LP. */
#ifndef KB_TESTS_APP_POOL_SOLVER_H
#define KB_TESTS_APP_POOL_SOLVER_H

#include "history_solver.h"
#include "model/pool.h"

/* Its files go into dir. HISTORY_NO_SOLVER for rules that the programme does not know: a sample of the units. */
history_answer pool_packing(const kb_pool *pool, const kb_rules *rules, int papers, const char *dir, int seconds);

#endif
