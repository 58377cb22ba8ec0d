/* No memory: each allocation of an operation fails in turn. */
#include "kit.h"

TestSuite(memory, .init = kit_set_up, .fini = kit_tear_down);

/* The number of the allocation that the operation no longer came to. */
static size_t fail_each_of(size_t step, const char *op, const char *arguments)
{
	enum { MOST = 100000 };
	const char *before = kit_state();
	size_t n = 1;
	for (kb_status status = KB_NO_MEMORY; status != KB_OK && n < MOST; n += step) {
		kb_arena_mark mark = kb_arena_save(kit_arena);
		kit_fail_at = n;
		status = kit_run(op, arguments);
		kit_fail_at = 0;
		if (status != KB_OK) {
			cr_assert_eq(status, KB_NO_MEMORY, "%s, allocation %zu: %s (%s)", op, n, kit_err.message, kit_err.id);
			cr_assert_str_eq(kit_err.id, "memory.none");
			cr_assert_str_eq(before, kit_state(), "%s, allocation %zu", op, n);
		}
		if (status != KB_OK) kb_arena_restore(kit_arena, mark);
	}
	cr_assert(n > 100 && n < MOST, "%zu", n);
	cr_assert_str_neq(before, kit_state());
	return n;
}

static void fail_each(const char *op, const char *arguments)
{
	fail_each_of(1, op, arguments);
}

Test(memory, of_a_draw)
{
	kit_fill(2, NULL);
	fail_each("paper draw", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\",\"sitting\":\"first\"}");
	cr_assert_eq(kit_log_length(), 2);
	kit_must("paper verify", "{}");
}

Test(memory, of_an_import)
{
	kit_write_bank(1, NULL);
	kit_must("store init", "{}");
	fail_each("bank import", "{\"path\":\"bank\",\"approved-by\":\"reviewer-1\"}");
	cr_assert_eq(kit_log_length(), 1);
}

Test(memory, of_a_record_of_a_sitting)
{
	kit_fill(4, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK);
	kit_write_sitting("P-000001", "asked", "own-questions: [{text: Why the lamp?, theme: T-2, ksbs: [S1]}]\n");
	fail_each("sitting form", "{\"paper\":\"P-000001\"}");
	fail_each("sitting record", "{\"paper\":\"P-000001\",\"file\":\"sitting.yaml\"}");
	fail_each("sitting show", "{\"paper\":\"P-000001\"}");
	fail_each("sitting propose", "{\"paper\":\"P-000001\",\"number\":1}");
	kit_day = "2026-12-01";
	fail_each("paper draw", "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\",\"candidate\":\"AP-1\",\"sitting\":\"resit\"}");
}

Test(memory, of_an_edit_a_review_and_an_approval)
{
	kit_fill(1, NULL);
	kit_write("edit.yaml", kit_questions("Q-K1-1", "writer-2"));
	kit_write("list.csv", "id,reason\nQ-K1-1,read aloud\nQ-S1-1,the same\n");
	kit_day = "2026-12-01";
	fail_each("question edit", "{\"path\":\"edit.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-K1-1\"}");
	fail_each("question review", "{\"id\":\"Q-K1-1\"}");
	fail_each("question approve", "{\"list\":\"list.csv\",\"checklist\":\"all-met\"}");
}

Test(memory, of_a_pack)
{
	kit_fill(2, NULL);
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	size_t n = fail_each_of(13, "audit pack", "{\"folder\":\"packed\",\"papers\":\"P-000001\",\"with-text\":true,\"archive\":\"packed.tar\"}");
	cr_assert_gt(n, 1000);
	cr_assert(kb_node_get(kit_call.result, "holds")->boolean);
	kit_must("audit verify", "{}");
}
