#include <criterion/criterion.h>

#include <string.h>

#include "model/role.h"

static kb_role role(const char *name)
{
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++)
		if (strcmp(kb_roles[r], name) == 0) return (kb_role)r;
	return KB_ROLE_COUNT;
}

Test(role, the_tables_are_whole)
{
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++) cr_assert_not_null(kb_roles[r]);
	for (unsigned p = 0; p < KB_PERMISSION_COUNT; p++) cr_assert_not_null(kb_permissions[p]);
	cr_assert_null(kb_roles[KB_ROLE_COUNT]);
	cr_assert_null(kb_permissions[KB_PERMISSION_COUNT]);
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++) cr_assert_eq(role(kb_roles[r]), (kb_role)r, "%s stands twice", kb_roles[r]);
}

/* The matrix as a person reads it: a letter for each role that may, w r a o u (auditor) m (admin). */
Test(role, who_may_what)
{
	static const char letters[] = "wraoum";
	static const char *const may[KB_PERMISSION_COUNT] = {
		[KB_MAY_READ_STANDARD] = "wraoum", [KB_MAY_READ_BANK] = "wrum", [KB_MAY_WRITE_ITEM] = "wm", [KB_MAY_REVIEW] = "rm",
		[KB_MAY_SUSPEND] = "rom", [KB_MAY_RUN_REVIEW] = "rom", [KB_MAY_TAKE_OUT_BANK] = "m", [KB_MAY_DECIDE] = "m",
		[KB_MAY_READ_PAPER] = "aoum", [KB_MAY_READ_ALL_PAPERS] = "oum", [KB_MAY_ISSUE_PAPER] = "om", [KB_MAY_RECORD_SITTING] = "aom",
		[KB_MAY_REPORT_INCIDENT] = "wraom", [KB_MAY_AUDIT] = "um", [KB_MAY_PROVE] = "oum", [KB_MAY_KEEP_PEOPLE] = "m",
		[KB_MAY_KEEP_STORE] = "m",
	};
	for (unsigned p = 0; p < KB_PERMISSION_COUNT; p++)
		for (unsigned r = 0; r < KB_ROLE_COUNT; r++)
			cr_assert_eq(kb_role_may((kb_role)r, (kb_permission)p), strchr(may[p], letters[r]) != NULL, "%s: %s", kb_roles[r], kb_permissions[p]);
}

Test(role, what_is_no_role_or_permission_may_nothing)
{
	cr_assert_not(kb_role_may(KB_ROLE_COUNT, KB_MAY_READ_STANDARD));
	cr_assert_not(kb_role_may((kb_role)1000, KB_MAY_READ_STANDARD));
	cr_assert_not(kb_role_may(KB_ROLE_ADMIN, KB_PERMISSION_COUNT));
	cr_assert_not(kb_role_may(KB_ROLE_ADMIN, (kb_permission)31));
	cr_assert_not(kb_role_may(KB_ROLE_ADMIN, (kb_permission)1000));
}

Test(role, a_person_may_what_any_of_their_roles_may)
{
	unsigned both = 1U << KB_ROLE_WRITER | 1U << KB_ROLE_REVIEWER;
	for (unsigned p = 0; p < KB_PERMISSION_COUNT; p++) {
		cr_assert_not(kb_roles_may(0, (kb_permission)p));
		cr_assert_eq(kb_roles_may(both, (kb_permission)p),
			kb_role_may(KB_ROLE_WRITER, (kb_permission)p) || kb_role_may(KB_ROLE_REVIEWER, (kb_permission)p));
		cr_assert(kb_roles_may(KB_ROLES_ALL, (kb_permission)p));
	}
	cr_assert_eq(kb_role_named("auditor"), KB_ROLE_AUDITOR);
	cr_assert_eq(kb_role_named("king"), KB_ROLE_COUNT);
}
