/*
 * Shares and averages for people: rounded once from the figure as it was computed, halves up. Not printf's: that asks
 * the locale for its point. And how what is counted is said.
 */
#ifndef KB_APP_FIGURES_H
#define KB_APP_FIGURES_H

#include "text/node.h"

/* "1.54" with two decimals; of values from 0 on. */
const char *kb_figure(kb_arena *arena, double value, int decimals);

/* "" for one, else "s"; "is" for one, else "are". */
const char *kb_plural(int64_t count);
const char *kb_is_or_are(int64_t count);

/* A share of the whole in whole parts of a thousand. */
int64_t kb_figure_per_mille(double share);

/* "150 in 1,000 (15.0 %)": as an organisation sets its limits, and as screens show shares. */
const char *kb_figure_limit(kb_arena *arena, int64_t per_mille);

/* Sets, of a share of the whole: `per_mille`, a whole number, and `percent`, the same as text: "12.8 %". */
void kb_figure_share(kb_arena *arena, kb_node *map, double share);

#endif
