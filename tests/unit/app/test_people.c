/* Who sees what: papers by their holder, and conflicts of interest before and after a paper is assigned. */
#include "kit.h"

#include <string.h>

TestSuite(people, .init = kit_set_up, .fini = kit_tear_down);

static void denied(const char *id, const char *op, const char *arguments)
{
	cr_assert_eq(kit_run(op, arguments), KB_DENIED, "%s: %s", op, kit_err.message);
	cr_assert_str_eq(kit_err.id, id);
	cr_assert(kit_err.hint[0]);
}

static void fill(void)
{
	kit_fill(4, NULL);
	kit_must("user add", "{\"name\":\"tester\",\"role\":\"admin\"}");
	kit_must("user add", "{\"name\":\"ann\",\"role\":\"assessor\"}");
	kit_must("user add", "{\"name\":\"bob\",\"role\":\"assessor\"}");
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	kit_must("candidate register", "{\"candidate\":\"AP-1\",\"employer\":\"north\"}");
}

Test(people, an_assessor_sees_what_they_hold)
{
	fill();
	kit_must("paper assign", "{\"paper\":\"P-000001\",\"to\":\"ann\"}");
	kit_actor = "ann";
	kit_must("paper show", "{\"paper\":\"P-000001\"}");
	kit_must("paper list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "papers")->count, 1);
	kit_actor = "bob";
	denied("paper.not-yours", "paper show", "{\"paper\":\"P-000001\"}");
	denied("paper.not-yours", "paper print", "{\"paper\":\"P-000001\"}");
	kit_must("paper list", "{}");
	cr_assert_eq(kb_node_get(kit_call.result, "papers")->count, 0);
	kit_actor = "tester";
	kit_must("paper assign", "{\"paper\":\"P-000001\",\"to\":\"bob\"}");
	kit_actor = "ann";
	denied("paper.not-yours", "paper show", "{\"paper\":\"P-000001\"}");
}

Test(people, a_conflict_keeps_a_paper_away)
{
	fill();
	kit_must("user conflict", "{\"name\":\"ann\",\"kind\":\"employer\",\"with\":\"North\",\"reason\":\"worked there\"}");
	cr_assert_eq(kit_run("paper assign", "{\"paper\":\"P-000001\",\"to\":\"ann\"}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "assign.conflict");
	/* It ends, the paper is assigned, and another becomes known afterwards. */
	kit_must("user conflict", "{\"name\":\"ann\",\"kind\":\"employer\",\"with\":\"North\",\"reason\":\"over\",\"ends\":true}");
	kit_must("paper assign", "{\"paper\":\"P-000001\",\"to\":\"ann\"}");
	kit_must("user conflict", "{\"name\":\"ann\",\"kind\":\"candidate\",\"with\":\"AP-1\",\"reason\":\"a neighbour\"}");
	kit_actor = "ann";
	denied("assign.conflict", "paper print", "{\"paper\":\"P-000001\"}");
}

Test(people, a_password_is_asked_for_and_held)
{
	fill();
	kit_write("secret", "correct horse battery\n");
	kit_must("user password", "{\"name\":\"ann\",\"new-password-file\":\"secret\"}");
	kit_actor = "ann";
	denied("password.needed", "user list", "{}");
}

Test(people, the_last_admin_stays)
{
	fill();
	cr_assert_eq(kit_run("user leave", "{\"name\":\"tester\"}"), KB_REFUSED);
	cr_assert_str_eq(kit_err.id, "person.last-admin");
	kit_must("user role", "{\"name\":\"bob\",\"give\":\"admin\"}");
	kit_must("user leave", "{\"name\":\"tester\"}");
	denied("permission", "user add", "{\"name\":\"eve\",\"role\":\"writer\"}");
}
