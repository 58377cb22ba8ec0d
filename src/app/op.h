/*
 * Operations: what a user can do, each described once. The command line, its help, and what comes
 * later (web form, JSON endpoint, permission page) read this table, and kb_op_call() runs them all,
 * in one order: who asks, transaction, permission, validation, run, log, commit.
 */
#ifndef KB_APP_OP_H
#define KB_APP_OP_H

#include "base/date.h"
#include "base/progress.h"
#include "model/role.h"
#include "store/store.h"
#include "text/fault.h"

typedef enum kb_arg_type {
	KB_ARG_TEXT,      /* at most 1,000 bytes, one line */
	KB_ARG_PATH,      /* a place on disk */
	KB_ARG_REFERENCE, /* a candidate's reference: never in the log */
	KB_ARG_INT,       /* 1 to 1,000,000 */
	KB_ARG_PER_MILLE, /* so many papers in a thousand: 1 to 1,000 */
	KB_ARG_WORD,      /* one of words */
	KB_ARG_FLAG,
} kb_arg_type;

typedef struct kb_arg {
	const char *name; /* as an option: --name; as a place: NAME in capitals */
	kb_arg_type type;
	bool place; /* given by its place, not as an option */
	bool required;
	const char *help;
	const char *const *words; /* for KB_ARG_WORD; NULL behind the last */
	const char *with;         /* the name of a flag: may be given together with it only */
	const char *without;      /* the name of a flag: may not be given with it, and is not required then */
} kb_arg;

typedef enum kb_op_store { KB_OP_NO_STORE, KB_OP_READS, KB_OP_WRITES } kb_op_store;

typedef struct kb_call kb_call;

typedef struct kb_op {
	const char *name;    /* "paper draw" */
	const char *summary; /* one line */
	const char *help;    /* more, with an example; may be NULL */
	kb_permission permission;
	kb_op_store store;
	const kb_arg *args;
	size_t arg_count;
	kb_status (*run)(kb_call *call, kb_err *err);
	const char *screen;    /* the template that shows the result to a person */
	const char *answer;    /* the keys of the result, which are kept; others may be added */
	bool confidential;     /* shows questions: a log entry tells who read what, though nothing else is written */
	bool signs;            /* signs the log's head behind its entry */
	bool logged_after;     /* reads for so long that others go on writing meanwhile; its entry follows by itself */
	const char *storeless; /* an argument with which it needs no store; may be NULL */
	const char *moves_to;  /* a state: the table of moves (model/workflow.h) says from which, and its help shows that */
} kb_op;

/* What one call of an operation works with. */
struct kb_call {
	const kb_op *op;
	kb_arena *arena;
	/* The request. */
	kb_node *arguments; /* a map: texts, ints and bools under the args' names */
	const char *store_path;
	const char *actor;      /* by the name the store knows them by */
	const char *password;   /* NULL where none was given */
	const char *passphrase; /* of the store's keys; NULL where none was given */
	kb_progress *progress;  /* NULL where nobody watches */
	kb_day day;             /* of the rules */
	const char *day_text;
	const char *clock; /* when it really was, as in 2026-11-22T10:15:00Z: for the log */
	/* Who asks. A store without people lets everybody do everything: it is being set up. */
	unsigned roles;
	bool has_people;
	/* What run() works with and leaves. */
	kb_store *store; /* open, inside its transaction; NULL for KB_OP_NO_STORE */
	kb_sql *sql;
	kb_node *result;  /* a map, empty at first */
	kb_node *effects; /* what the log binds: ids and digests of all that was written */
	kb_faults faults;
	kb_node *made; /* path of a file to be -> where it lies, finished, until the operation is done */
};

extern const kb_op *const kb_ops[];
extern const size_t kb_op_count;

const kb_op *kb_op_find(const char *name);

/* Fills in defaults of the call (result, effects, faults) and runs it. On failure nothing was written; call->faults and
 * call->result may say more than err. */
kb_status kb_op_call(kb_call *call, kb_err *err) KB_MUST_USE;

/* For confidential operations: the person reads this item or this paper. */
kb_status kb_call_reads_item(kb_call *call, int64_t item, kb_err *err) KB_MUST_USE;
kb_status kb_call_reads_paper(kb_call *call, int64_t paper, kb_err *err) KB_MUST_USE;

/* The roles that a person of that name holds now. */
kb_status kb_call_roles_of(kb_call *call, const char *name, unsigned *roles, kb_err *err) KB_MUST_USE;

/* KB_DENIED "permission" unless the person may also do this. */
kb_status kb_call_may(const kb_call *call, kb_permission permission, kb_err *err) KB_MUST_USE;

/* For operations without a store that open one by themselves: who asks, as that store knows them, and whether they may.
 * From then on it is the call's store; and adding the operation's entry to its log, in a transaction of the caller's.
 */
kb_status kb_call_admit(kb_call *call, kb_store *store, kb_err *err) KB_MUST_USE;
kb_status kb_call_log(kb_call *call, kb_err *err) KB_MUST_USE;

/* What an operation leaves outside the store: a new file that its owner alone may read (KB_EXISTS where there is one).
 * It gets its name only behind the log's commit, and until then lies beside as kb_file_prepare() makes it: no file has
 * its name that the log does not know, whenever the program is killed; and one that fails leaves none at all.
 * kb_call_made() says the same of a file that lies at `beside`; where it fails, that file is gone. */
kb_status kb_call_create(kb_call *call, const char *path, const char *bytes, size_t length, kb_err *err) KB_MUST_USE;
/* The same for one of several in a folder, which is there already. */
kb_status kb_call_create_in(
	kb_call *call, const char *folder, const char *name, const char *bytes, size_t length, kb_err *err) KB_MUST_USE;
kb_status kb_call_made(kb_call *call, const char *path, const char *beside, kb_err *err) KB_MUST_USE;

/* The value of an argument; NULL, 0 or false where it was not given. */
const char *kb_call_text(const kb_call *call, const char *name);
int64_t kb_call_int(const kb_call *call, const char *name);
bool kb_call_flag(const kb_call *call, const char *name);

#endif
