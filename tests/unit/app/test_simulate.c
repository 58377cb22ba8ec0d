/* bank simulate: a year is its seed's, its figures are those of the papers played, and re-sits that can't be are counted. */
#include "kit.h"

#include <string.h>

#include "base/str.h"
#include "text/json.h"

TestSuite(simulate, .init = kit_set_up, .fini = kit_tear_down);

static kb_node *play(const char *more)
{
	kit_must("bank simulate",
		kb_arena_printf(kit_arena, "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidates\":40,%s}", more));
	return kit_call.result;
}

/* All but the seed's own name. */
static const char *figures(const char *more)
{
	kb_buf out = { .arena = kit_arena };
	kb_node *result = play(more);
	kb_node_set_text(kit_call.arena, result, "seed", "");
	cr_assert_eq(kb_json_canonical(kit_arena, result, &out, &kit_err), KB_OK);
	return kb_buf_string(&out);
}

static int64_t sum(const char *list, const char *key)
{
	int64_t total = 0;
	const kb_node *node = kb_node_get(kit_call.result, list);
	for (size_t i = 0; i < node->count; i++) total += kb_node_get_int(node->items[i], key, 0);
	return total;
}

Test(simulate, a_year_is_its_seeds)
{
	kit_fill(4, NULL);
	const char *state = kit_state();
	const char *first = figures("\"resits\":40,\"employers\":3,\"seed\":\"a\"");
	cr_assert_str_eq(first, figures("\"resits\":40,\"employers\":3,\"seed\":\"a\""));
	cr_assert_str_neq(first, figures("\"resits\":40,\"employers\":3,\"seed\":\"b\""));
	cr_assert_str_neq(first, figures("\"resits\":40,\"employers\":3"), "another than the usual seed");
	cr_assert_str_eq(state, kit_state(), "nothing is kept");
}

Test(simulate, figures_agree_with_the_papers)
{
	kit_fill(4, NULL);
	play("\"resits\":50,\"employers\":4,\"seed\":\"a\"");
	int64_t papers = kit_int("papers"), sittings = 40 + kit_int("resits");
	const kb_node *exposures = kb_node_get(kit_call.result, "exposures");
	cr_assert_gt(papers, 40 - kit_int("first_refused"), "some re-sits were played");
	cr_assert_eq(papers + kit_int("first_refused") + kit_int("resits_refused"), sittings);
	cr_assert_eq(sum("refusals", "sittings"), kit_int("first_refused") + kit_int("resits_refused"));
	cr_assert_eq(sum("exposures", "papers"), 3 * papers);
	cr_assert_eq(sum("months", "papers"), papers);
	cr_assert_eq(sum("employers", "papers"), papers);
	cr_assert_eq(exposures->count, 12);
	for (size_t i = 0; i < exposures->count; i++) {
		int64_t held = kb_node_get_int(exposures->items[i], "papers", -1);
		cr_assert_eq(kb_node_get_int(exposures->items[i], "per_mille", -1), (2000 * held + papers) / (2 * papers));
		cr_assert(i == 0 || held <= kb_node_get_int(exposures->items[i - 1], "papers", -1), "the most drawn first");
	}
	cr_assert_str_eq(kb_node_get_text(kb_node_get(kit_call.result, "most"), "id", ""), kb_node_get_text(exposures->items[0], "id", "?"));
	cr_assert_str_eq(kb_node_get_text(kb_node_get(kit_call.result, "least"), "id", ""), kb_node_get_text(exposures->items[11], "id", "?"));
}

/* One question on each KSB: each paper is the same, and no re-sit can be. */
Test(simulate, resits_that_share_are_refused_and_what_was_met_is_known)
{
	kit_fill(1, "reserve: 0\n");
	play("\"resits\":60,\"seed\":\"a\"");
	int64_t papers = kit_int("papers"), resits = kit_int("resits");
	cr_assert_gt(resits, 0);
	cr_assert_eq(kit_int("resits_refused"), resits);
	cr_assert_eq(papers, 40 - kit_int("first_refused"));
	cr_assert_eq(sum("exposures", "papers"), 3 * papers);
	cr_assert_eq(kb_node_get_int(kb_node_get(kit_call.result, "least"), "per_mille", -1), 1000);
	const kb_node *employers = kb_node_get(kit_call.result, "employers");
	cr_assert_eq(employers->count, 1);
	cr_assert_eq(kb_node_get_int(employers->items[0], "per_mille", -1), (2000 * (papers - 1) + papers) / (2 * papers),
		"all but the first paper were met before");
	cr_assert(strstr(kb_node_get_text(kb_node_get(kit_call.result, "refusals")->items[0], "reason", ""), "nothing that the candidate had not met"));
	play("\"seed\":\"a\"");
	cr_assert_eq(kit_int("resits"), 0);
	cr_assert_eq(kit_int("resits_refused"), 0);
}

/* Two papers with nothing shared, and the specification wants three. */
Test(simulate, a_reserve_that_cannot_be_kept_refuses_first_sittings)
{
	kit_fill(2, "reserve: 2\n");
	play("\"resits\":100,\"seed\":\"a\"");
	cr_assert_eq(kit_int("first_refused"), 40);
	cr_assert_eq(kit_int("papers"), 0);
	cr_assert_eq(sum("refusals", "sittings"), 40 + kit_int("resits_refused"));
}
