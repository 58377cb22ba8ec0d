#include "app/cap.h"

#include <string.h>

#include "app/weigh.h"

enum { FURTHER_MAX = 12 }; /* papers that questions are to be written for */

uint32_t kb_cap_papers(uint32_t cap)
{
	return KB_EVEN_WHOLE / cap + 1;
}

uint32_t kb_cap_papers_towards(uint32_t cap, uint32_t now)
{
	uint32_t wanted = kb_cap_papers(cap), most = now + FURTHER_MAX;
	if (most > KB_BRIEF_PAPERS_MAX) most = KB_BRIEF_PAPERS_MAX;
	return wanted < most ? wanted : most;
}

kb_status kb_cap_try(
	kb_call *call, const kb_bank_rules *rules, kb_draw_input *pool, kb_even *even, bool *kept, kb_err *err)
{
	uint32_t cap = kb_specification_cap(rules->specification);
	kb_err refusal;
	*kept = cap == 0;
	*even = (kb_even) { 0 };
	if (cap == 0 || pool->pool.count == 0) return KB_OK;
	kb_progress_tell(call->progress, "weighing questions for the exposure cap", 0, 0);
	kb_status status = kb_weigh_pool(call, rules->specification_id, cap, false, pool, even, &refusal);
	*kept = status == KB_OK && even->bits >= 0;
	if (status == KB_OK || kb_cap_is_refused(status, &refusal)) return KB_OK;
	*err = refusal;
	return status;
}

kb_status kb_cap_look(
	kb_call *call, const kb_bank_rules *rules, kb_draw_input *pool, kb_even *even, bool *kept, kb_err *err)
{
	KB_TRY(kb_bank_pool_on(call, rules, call->day, pool, err));
	return kb_cap_try(call, rules, pool, even, kept, err);
}

kb_status kb_cap_needs_find(kb_arena *arena, const kb_draw_input *input, uint32_t cap, kb_cap_needs *needs, kb_err *err)
{
	kb_capacity capacity;
	*needs = (kb_cap_needs) { .papers_wanted = kb_cap_papers(cap) };
	KB_TRY(kb_bank_measure(arena, input, &capacity, err));
	needs->papers = kb_cap_papers_towards(cap, capacity.lower);
	KB_TRY(kb_brief_find(arena, input, needs->papers, &needs->briefs, err));
	if (needs->briefs.count == 0 && !needs->briefs.fewest) needs->papers = capacity.lower;
	return KB_OK;
}

kb_status kb_cap_write_least(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, uint32_t cap,
	const kb_spread *least, kb_node *map, kb_err *err)
{
	uint32_t kept;
	kb_node_set_int(arena, map, "exposure_cap", cap);
	if (least->low_part == 0) return kb_arena_check(arena, err);
	KB_TRY(kb_even_least_cap(arena, pool, rules, cap, least, &kept, err));
	kb_node_set_text(arena, map, "least",
		kb_arena_printf(arena, "%llu/%llu", (unsigned long long)least->low_part, (unsigned long long)least->low_whole));
	kb_node_set_bool(arena, map, "least_is_reached", least->exact);
	if (kept > 0) kb_node_set_int(arena, map, "least_cap", kept);
	kb_node_set_bool(arena, map, "no_cap", kept == 0);
	return kb_arena_check(arena, err);
}

const char *kb_cap_least_words(kb_arena *arena, const kb_node *map)
{
	const kb_node *no_cap = kb_node_get(map, "no_cap");
	if (!no_cap) return "";
	if (!no_cap->boolean)
		return kb_arena_printf(arena, "%lld can be kept", (long long)kb_node_get_int(map, "least_cap", 0));
	if (strcmp(kb_node_get_text(map, "least", ""), "1/1") == 0)
		return "no cap can be kept, as one question is in every paper";
	return "no cap that was tried can be kept";
}

bool kb_cap_is_refused(kb_status status, const kb_err *err)
{
	return status == KB_REFUSED && strncmp(err->id, "even.", 5) == 0;
}

kb_status kb_cap_hint(kb_status status, const char *bank, kb_err *err)
{
	if (!kb_cap_is_refused(status, err)) return status;
	return kb_hint(err,
		"see what to write, and what a higher cap costs, with: ksbank bank weigh %s; and all ways out with: ksbank bank "
		"explain %s",
		bank, bank);
}
