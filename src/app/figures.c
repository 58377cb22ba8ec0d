#include "app/figures.h"

const char *kb_figure(kb_arena *arena, double value, int decimals)
{
	long long scale = 1;
	for (int i = 0; i < decimals; i++) scale *= 10;
	long long parts = (long long)(value * (double)scale + 0.5);
	if (decimals == 0) return kb_arena_printf(arena, "%lld", parts);
	return kb_arena_printf(arena, "%lld.%0*lld", parts / scale, decimals, parts % scale);
}

const char *kb_plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

const char *kb_is_or_are(int64_t count)
{
	return count == 1 ? "is" : "are";
}

int64_t kb_figure_per_mille(double share)
{
	return (int64_t)(share * 1000 + 0.5);
}

const char *kb_figure_limit(kb_arena *arena, int64_t per_mille)
{
	return kb_arena_printf(arena, "%lld in 1,000 (%lld.%lld %%)", (long long)per_mille, (long long)per_mille / 10,
		(long long)per_mille % 10);
}

void kb_figure_share(kb_arena *arena, kb_node *map, double share)
{
	int64_t per_mille = kb_figure_per_mille(share);
	kb_node_set_int(arena, map, "per_mille", per_mille);
	kb_node_set_text(arena, map, "percent",
		kb_arena_printf(arena, "%lld.%lld %%", (long long)per_mille / 10, (long long)per_mille % 10));
}
