/*
 * Roles and what each may do. One table; every face of the program asks it, through the operation.
 */
#ifndef KB_MODEL_ROLE_H
#define KB_MODEL_ROLE_H

#include "base/err.h"

typedef enum kb_role {
	KB_ROLE_WRITER,
	KB_ROLE_REVIEWER,
	KB_ROLE_ASSESSOR,
	KB_ROLE_OPERATIONS,
	KB_ROLE_AUDITOR,
	KB_ROLE_ADMIN,
	KB_ROLE_COUNT
} kb_role;

typedef enum kb_permission {
	KB_MAY_READ_STANDARD,   /* anybody: published text */
	KB_MAY_READ_BANK,       /* questions: confidential */
	KB_MAY_WRITE_ITEM,      /* import, write, edit, submit */
	KB_MAY_REVIEW,          /* approve, return, retire what others wrote */
	KB_MAY_SUSPEND,         /* take out of use at once */
	KB_MAY_RUN_REVIEW,      /* open a review of a bank, hand out, sign off */
	KB_MAY_TAKE_OUT_BANK,   /* export in bulk */
	KB_MAY_DECIDE,          /* record the organisation's decisions; change standards and specifications */
	KB_MAY_READ_PAPER,      /* papers, with their text: an assessor those they hold */
	KB_MAY_READ_ALL_PAPERS, /* all of them */
	KB_MAY_ISSUE_PAPER,     /* draw, assign, withdraw */
	KB_MAY_RECORD_SITTING,  /* what was asked: an assessor of the papers they hold */
	KB_MAY_REPORT_INCIDENT, /* anybody with a role */
	KB_MAY_AUDIT,           /* read the log and the evidence */
	KB_MAY_PROVE,           /* replay and verify */
	KB_MAY_KEEP_PEOPLE,     /* add people, give and take roles */
	KB_MAY_KEEP_STORE,      /* make, back up, restore, change keys */
	KB_PERMISSION_COUNT
} kb_permission;

extern const char *const kb_roles[];       /* NULL behind the last */
extern const char *const kb_permissions[]; /* what each permission is for, in words */

bool kb_role_may(kb_role role, kb_permission permission);

/* The roles of a person: bit r for role r. */
enum { KB_ROLES_ALL = (1 << KB_ROLE_COUNT) - 1 };
bool kb_roles_may(unsigned roles, kb_permission permission);
/* The role of that name, KB_ROLE_COUNT for none. */
kb_role kb_role_named(const char *name);

#endif
