#include "model/role.h"

const char *const kb_roles[] = { "writer", "reviewer", "assessor", "operations", "auditor", "admin", NULL };

const char *const kb_permissions[] = { "read a standard", "read questions", "change the bank", "take out the bank",
	"record a decision", "read a paper", "issue a paper", "prove a paper", "keep the store", NULL };

#define BIT(permission) (1U << (permission))
#define ANYBODY BIT(KB_MAY_READ_STANDARD)

static const unsigned matrix[KB_ROLE_COUNT] = {
	[KB_ROLE_WRITER] = ANYBODY | BIT(KB_MAY_READ_BANK) | BIT(KB_MAY_CHANGE_BANK),
	[KB_ROLE_REVIEWER] = ANYBODY | BIT(KB_MAY_READ_BANK),
	[KB_ROLE_ASSESSOR] = ANYBODY | BIT(KB_MAY_READ_PAPER),
	[KB_ROLE_OPERATIONS] = ANYBODY | BIT(KB_MAY_READ_PAPER) | BIT(KB_MAY_ISSUE_PAPER) | BIT(KB_MAY_PROVE),
	[KB_ROLE_AUDITOR] = ANYBODY | BIT(KB_MAY_READ_BANK) | BIT(KB_MAY_READ_PAPER) | BIT(KB_MAY_PROVE),
	[KB_ROLE_ADMIN] = BIT(KB_PERMISSION_COUNT) - 1,
};

bool kb_role_may(kb_role role, kb_permission permission)
{
	return role < KB_ROLE_COUNT && permission < KB_PERMISSION_COUNT && (matrix[role] & BIT(permission)) != 0;
}
