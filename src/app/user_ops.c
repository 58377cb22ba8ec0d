/* user add, list, role, password, conflict, leave. */
#include "app/ops.h"

#include <string.h>

#include "app/load.h"
#include "base/file.h"
#include "base/str.h"
#include "crypt/password.h"

enum { NAME_MOST = 60 };

static kb_node *role_list(kb_call *call, unsigned roles)
{
	kb_node *list = kb_node_list(call->arena);
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++)
		if (roles >> r & 1) kb_node_add(call->arena, list, kb_node_text(call->arena, kb_roles[r]));
	return list;
}

static kb_status tell(kb_call *call, const char *name, kb_err *err)
{
	unsigned roles;
	KB_TRY(kb_call_roles_of(call, name, &roles, err));
	kb_node_set_text(call->arena, call->result, "person", name);
	kb_node_set(call->arena, call->result, "roles", role_list(call, roles));
	kb_node_set_bool(call->arena, call->result, "has_roles", roles != 0);
	kb_node_set_text(call->arena, call->effects, "person", name);
	return KB_OK;
}

static kb_status set_password(kb_call *call, int64_t person, const char *path, kb_err *err)
{
	kb_bytes bytes;
	const char *verifier;
	KB_TRY(kb_file_read(call->arena, path, KB_PASSWORD_MOST + 2, &bytes, err));
	const char *password = kb_arena_copy(call->arena, bytes.data, strcspn(bytes.data, "\r\n"));
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_password_verifier(call->arena, password, &verifier, err));
	return kb_q_password_set(call->sql, person, verifier, call->actor, call->day_text, NULL, err);
}

/* Names stand in commands and in the log: nothing that a shell or a reader could take for something else. */
static bool is_name(const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < length; i++) {
		bool letter =
			(name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') || (unsigned char)name[i] >= 0x80;
		if (!letter && !(name[i] >= '0' && name[i] <= '9') && !(i > 0 && strchr("-._@", name[i]))) return false;
	}
	return length <= NAME_MOST;
}

static kb_status run_add(kb_call *call, kb_err *err)
{
	const char *name = kb_call_text(call, "name"), *role = kb_call_text(call, "role"),
			   *path = kb_call_text(call, "new-password-file");
	if (!is_name(name)) {
		kb_fail(err, KB_USAGE, "argument", "NAME is too long, or holds what no name holds");
		return kb_hint(err, "give at most %d letters, digits and - . _ @, as in j.smith", NAME_MOST);
	}
	if (!call->has_people && strcmp(role, "admin") != 0) {
		kb_fail(
			err, KB_REFUSED, "person.first", "the first person of a store is an admin: nobody else could add the next");
		return kb_hint(err, "add yourself with: ksbank user add NAME --role admin");
	}
	kb_q_person_by_name_row there;
	bool found;
	KB_TRY(kb_q_person_by_name(call->sql, call->arena, name, &there, &found, err));
	if (found) {
		kb_fail(
			err, KB_EXISTS, "person.there", "there is a person by the name %s already, or there was one", there.name);
		return kb_hint(
			err, "names are never given twice; to change their roles: ksbank user role %s --give ROLE", there.name);
	}
	KB_TRY(kb_q_person_add(call->sql, name, call->actor, call->day_text, NULL, err));
	int64_t id = kb_sql_last_id(call->sql);
	KB_TRY(kb_q_person_role_set(call->sql, id, role, 1, call->actor, call->day_text, NULL, err));
	if (path) KB_TRY(set_password(call, id, path, err));
	kb_node_set_bool(call->arena, call->result, "first", !call->has_people);
	kb_node_set_bool(call->arena, call->result, "has_password", path != NULL);
	return tell(call, name, err);
}

static const kb_arg add_args[] = {
	{ "name", KB_ARG_TEXT, .place = true, .required = true, .help = "what they are called here, as in j.smith" },
	{ "role", KB_ARG_WORD, .required = true, .help = "what they do; give more with: user role", .words = kb_roles },
	{ "new-password-file", KB_ARG_PATH, .help = "a file whose first line is their password" },
};

const kb_op kb_op_user_add = {
	.name = "user add",
	.summary = "Let a person work with the store",
	.help = "As long as a store has no people, everybody who can write its file may do everything. The first one is\n"
			"an admin; from then on each command needs --as NAME, and does what the roles of that person allow:\n"
			"  writer      writes, edits and submits questions\n"
			"  reviewer    approves, returns, suspends and retires what others wrote; runs reviews\n"
			"  assessor    reads the papers assigned to them and records what was asked\n"
			"  operations  draws, assigns and withdraws papers; suspends questions; runs reviews\n"
			"  auditor     reads everything and changes nothing\n"
			"  admin       all of it, and people, decisions, keys; still never approves what they wrote\n\n"
			"    ksbank user add j.smith --role writer --as head",
	.permission = KB_MAY_KEEP_PEOPLE,
	.store = KB_OP_WRITES,
	.args = add_args,
	.arg_count = KB_COUNT(add_args),
	.run = run_add,
	.screen = "user-add",
	.answer = "person, roles, has_roles, has_password; first: whether it is the store's first",
};

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_person_all_row *rows;
	size_t count;
	KB_TRY(kb_q_person_all(call->sql, call->arena, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "people", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		unsigned roles;
		kb_q_conflict_all_row *conflicts;
		size_t conflict_count;
		KB_TRY(kb_call_roles_of(call, rows[i].name, &roles, err));
		KB_TRY(kb_q_conflict_all(call->sql, call->arena, rows[i].id, &conflicts, &conflict_count, err));
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "person", rows[i].name);
		kb_node_set_text(call->arena, entry, "added_on", rows[i].added_on);
		kb_node_set(call->arena, entry, "roles", role_list(call, roles));
		kb_node_set_bool(call->arena, entry, "left", roles == 0);
		kb_node_set_bool(call->arena, entry, "has_password", rows[i].has_password != 0);
		kb_node *held = kb_node_set(call->arena, entry, "conflicts", kb_node_list(call->arena));
		for (size_t c = 0; c < conflict_count; c++) {
			kb_node *conflict = kb_node_add(call->arena, held, kb_node_map(call->arena));
			const char *with = conflicts[c].organisation ? conflicts[c].organisation : conflicts[c].reference;
			kb_node_set_text(call->arena, conflict, "kind", conflicts[c].kind);
			kb_node_set_text(call->arena, conflict, "with", with ? with : "(erased)");
			kb_node_set_text(call->arena, conflict, "reason", conflicts[c].reason);
			kb_node_set_text(call->arena, conflict, "on", conflicts[c].declared_on);
		}
	}
	kb_node_set_bool(call->arena, call->result, "empty", count == 0);
	return KB_OK;
}

const kb_op kb_op_user_list = {
	.name = "user list",
	.summary = "List the people, their roles and their conflicts of interest",
	.help = "    ksbank user list",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.run = run_list,
	.screen = "user-list",
	.answer =
		"people: list of {person, added_on, roles, left, has_password, conflicts: list of {kind, with, reason, on}}; "
		"empty",
};

/* A store whose last admin left could never be opened to anybody again. */
static kb_status keep_an_admin(kb_call *call, unsigned roles, kb_err *err)
{
	kb_q_role_count_row admins = { 0 };
	bool found;
	KB_TRY(kb_q_role_count(call->sql, call->arena, "admin", &admins, &found, err));
	if (!(roles >> KB_ROLE_ADMIN & 1) || admins.count > 1) return KB_OK;
	kb_fail(err, KB_REFUSED, "person.last-admin", "this is the only admin, and nobody else could add another");
	return kb_hint(err, "make somebody else an admin first: ksbank user role NAME --give admin");
}

static kb_status run_role(kb_call *call, kb_err *err)
{
	const char *give = kb_call_text(call, "give"), *take = kb_call_text(call, "take");
	kb_q_person_by_name_row person;
	unsigned roles;
	if ((give != NULL) == (take != NULL)) {
		kb_fail(err, KB_USAGE, "argument", "\"user role\" needs either --give or --take");
		return kb_hint(err, "as in: ksbank user role j.smith --give reviewer");
	}
	KB_TRY(kb_load_person(call, kb_call_text(call, "name"), &person, err));
	KB_TRY(kb_call_roles_of(call, person.name, &roles, err));
	const char *role = give ? give : take;
	bool held = roles >> kb_role_named(role) & 1;
	if (held == (give != NULL)) {
		kb_fail(err, KB_EXISTS, "person.role", "%s %s %s", person.name, held ? "is already" : "is no", role);
		return kb_hint(err, "see the roles of all with: ksbank user list");
	}
	if (take) KB_TRY(keep_an_admin(call, 1U << kb_role_named(take), err));
	KB_TRY(kb_q_person_role_set(call->sql, person.id, role, give != NULL, call->actor, call->day_text, NULL, err));
	return tell(call, person.name, err);
}

static const kb_arg role_args[] = {
	{ "name", KB_ARG_TEXT, .place = true, .required = true, .help = "the person" },
	{ "give", KB_ARG_WORD, .help = "a role they get", .words = kb_roles },
	{ "take", KB_ARG_WORD, .help = "a role they lose", .words = kb_roles },
};

const kb_op kb_op_user_role = {
	.name = "user role",
	.summary = "Give a person a role, or take one away",
	.help = "Several roles are possible. Whoever wrote a version never approves it, whatever roles they hold.\n\n"
			"    ksbank user role j.smith --give reviewer",
	.permission = KB_MAY_KEEP_PEOPLE,
	.store = KB_OP_WRITES,
	.args = role_args,
	.arg_count = KB_COUNT(role_args),
	.run = run_role,
	.screen = "user-role",
	.answer = "person, roles, has_roles",
};

static kb_status run_password(kb_call *call, kb_err *err)
{
	const char *name = kb_call_text(call, "name"), *path = kb_call_text(call, "new-password-file");
	kb_q_person_by_name_row person;
	KB_TRY(kb_load_person(call, name, &person, err));
	if (strcmp(person.name, call->actor) != 0) KB_TRY(kb_call_may(call, KB_MAY_KEEP_PEOPLE, err));
	KB_TRY(path ? set_password(call, person.id, path, err)
				: kb_q_password_set(call->sql, person.id, "", call->actor, call->day_text, NULL, err));
	kb_node_set_bool(call->arena, call->result, "has_password", path != NULL);
	return tell(call, person.name, err);
}

static const kb_arg password_args[] = {
	{ "name", KB_ARG_TEXT, .place = true, .required = true, .help = "whose password" },
	{ "new-password-file", KB_ARG_PATH,
		.help = "a file whose first line is the new one; without it their password is taken away" },
};

const kb_op kb_op_user_password = {
	.name = "user password",
	.summary = "Set a person's password, or take it away",
	.help =
		"Everybody may set their own, an admin everybody's. The store keeps no password, only what tells whether\n"
		"one is right. Delete the file afterwards. Without a file the password is taken away, and whoever can read\n"
		"the store's file can act under that name.\n\n"
		"    ksbank user password j.smith --new-password-file secret.txt",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_WRITES,
	.args = password_args,
	.arg_count = KB_COUNT(password_args),
	.run = run_password,
	.screen = "user-password",
	.answer = "person, roles, has_roles, has_password",
};

static const char *const conflict_kinds[] = { "candidate", "employer", "provider", NULL };

static kb_status run_conflict(kb_call *call, kb_err *err)
{
	const char *name = kb_call_text(call, "name"), *kind = kb_call_text(call, "kind"),
			   *with = kb_call_text(call, "with");
	bool ends = kb_node_get(call->arguments, "ends") != NULL, is_candidate = strcmp(kind, "candidate") == 0;
	kb_q_person_by_name_row person;
	kb_q_candidate_by_reference_row row = { 0 };
	kb_sql_int candidate = { 0 };
	KB_TRY(kb_load_person(call, name, &person, err));
	if (strcmp(person.name, call->actor) != 0) KB_TRY(kb_call_may(call, KB_MAY_ISSUE_PAPER, err));
	if (is_candidate) KB_TRY(kb_load_candidate(call, with, &row, err));
	if (is_candidate) candidate = (kb_sql_int) { true, row.id };
	KB_TRY(kb_q_conflict_add(call->sql, person.id, kind, candidate, is_candidate ? NULL : with, !ends,
		kb_call_text(call, "reason"), call->actor, call->day_text, NULL, err));
	kb_node_set_text(call->arena, call->result, "person", person.name);
	kb_node_set_text(call->arena, call->result, "kind", kind);
	kb_node_set_text(call->arena, call->result, "with", with);
	kb_node_set_bool(call->arena, call->result, "ends", ends);
	kb_node_set_text(call->arena, call->effects, "person", person.name);
	return KB_OK;
}

static const kb_arg conflict_args[] = {
	{ "name", KB_ARG_TEXT, .place = true, .required = true, .help = "who has it" },
	{ "kind", KB_ARG_WORD, .required = true, .help = "with whom", .words = conflict_kinds },
	{ "with", KB_ARG_REFERENCE, .required = true,
		.help = "the candidate's reference, or the organisation's short name" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why, without names of people" },
	{ "ends", KB_ARG_FLAG, .help = "the conflict is over" },
};

const kb_op kb_op_user_conflict = {
	.name = "user conflict",
	.summary = "Record a conflict of interest: no paper of theirs is assigned to this person",
	.help =
		"Assessors are independent of the apprentice, the employer and the provider (plan:277). Everybody declares\n"
		"their own; operations may for others. What an employer or provider is called is the word that\n"
		"candidate register gave. A paper that the person holds already is not taken from them: assign it to\n"
		"somebody else.\n\n"
		"    ksbank user conflict j.smith --kind employer --with north-region --reason \"worked there until 2025\"",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_WRITES,
	.args = conflict_args,
	.arg_count = KB_COUNT(conflict_args),
	.run = run_conflict,
	.screen = "user-conflict",
	.answer = "person, kind, with, ends",
};

static kb_status run_leave(kb_call *call, kb_err *err)
{
	kb_q_person_by_name_row person;
	unsigned roles;
	KB_TRY(kb_load_person(call, kb_call_text(call, "name"), &person, err));
	KB_TRY(kb_call_roles_of(call, person.name, &roles, err));
	KB_TRY(keep_an_admin(call, roles, err));
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++)
		if (roles >> r & 1)
			KB_TRY(kb_q_person_role_set(call->sql, person.id, kb_roles[r], 0, call->actor, call->day_text, NULL, err));
	return tell(call, person.name, err);
}

static const kb_arg leave_args[] = {
	{ "name", KB_ARG_TEXT, .place = true, .required = true, .help = "who leaves" },
};

const kb_op kb_op_user_leave = {
	.name = "user leave",
	.summary = "Take all roles from a person; what they did stays under their name",
	.help = "    ksbank user leave j.smith",
	.permission = KB_MAY_KEEP_PEOPLE,
	.store = KB_OP_WRITES,
	.args = leave_args,
	.arg_count = KB_COUNT(leave_args),
	.run = run_leave,
	.screen = "user-role",
	.answer = "person, roles, has_roles",
};
