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
	KB_MAY_READ_STANDARD, /* anybody: published text */
	KB_MAY_READ_BANK,     /* questions: confidential */
	KB_MAY_CHANGE_BANK,   /* import, and later write */
	KB_MAY_TAKE_OUT_BANK, /* export in bulk */
	KB_MAY_DECIDE,        /* record the organisation's decisions */
	KB_MAY_READ_PAPER,    /* papers, with their text */
	KB_MAY_ISSUE_PAPER,   /* draw, withdraw */
	KB_MAY_PROVE,         /* replay and verify */
	KB_MAY_KEEP_STORE,    /* make stores */
	KB_PERMISSION_COUNT
} kb_permission;

extern const char *const kb_roles[];       /* NULL behind the last */
extern const char *const kb_permissions[]; /* what each permission is for, in words */

bool kb_role_may(kb_role role, kb_permission permission);

#endif
