#include "model/role.h"

#include <string.h>

const char *const kb_roles[] = { "writer", "reviewer", "assessor", "operations", "auditor", "admin", NULL };

const char *const kb_permissions[] = { "read a standard", "read questions", "write questions", "review questions",
	"suspend questions", "run the review of a bank", "take out the bank", "record a decision", "read a paper",
	"read all papers", "issue a paper", "record a sitting", "report an incident", "audit", "prove a paper",
	"keep people", "keep the store", NULL };

#define BIT(permission) (1U << (permission))
#define ANYBODY (BIT(KB_MAY_READ_STANDARD) | BIT(KB_MAY_REPORT_INCIDENT))
#define READS_PAPERS (BIT(KB_MAY_READ_PAPER) | BIT(KB_MAY_READ_ALL_PAPERS))

/* An auditor reads everything and changes nothing, so that not even incidents are theirs to record. */
static const unsigned matrix[KB_ROLE_COUNT] = {
	[KB_ROLE_WRITER] = ANYBODY | BIT(KB_MAY_READ_BANK) | BIT(KB_MAY_WRITE_ITEM),
	[KB_ROLE_REVIEWER] =
		ANYBODY | BIT(KB_MAY_READ_BANK) | BIT(KB_MAY_REVIEW) | BIT(KB_MAY_SUSPEND) | BIT(KB_MAY_RUN_REVIEW),
	[KB_ROLE_ASSESSOR] = ANYBODY | BIT(KB_MAY_READ_PAPER) | BIT(KB_MAY_RECORD_SITTING),
	[KB_ROLE_OPERATIONS] = ANYBODY | READS_PAPERS | BIT(KB_MAY_ISSUE_PAPER) | BIT(KB_MAY_RECORD_SITTING) |
	                       BIT(KB_MAY_SUSPEND) | BIT(KB_MAY_RUN_REVIEW) | BIT(KB_MAY_PROVE),
	[KB_ROLE_AUDITOR] =
		BIT(KB_MAY_READ_STANDARD) | BIT(KB_MAY_READ_BANK) | READS_PAPERS | BIT(KB_MAY_AUDIT) | BIT(KB_MAY_PROVE),
	[KB_ROLE_ADMIN] = BIT(KB_PERMISSION_COUNT) - 1,
};

bool kb_role_may(kb_role role, kb_permission permission)
{
	return role < KB_ROLE_COUNT && permission < KB_PERMISSION_COUNT && (matrix[role] & BIT(permission)) != 0;
}

bool kb_roles_may(unsigned roles, kb_permission permission)
{
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++)
		if (roles >> r & 1 && kb_role_may((kb_role)r, permission)) return true;
	return false;
}

kb_role kb_role_named(const char *name)
{
	unsigned r = 0;
	while (r < KB_ROLE_COUNT && strcmp(kb_roles[r], name) != 0) r++;
	return (kb_role)r;
}
