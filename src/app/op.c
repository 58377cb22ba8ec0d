#include "app/op.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "crypt/password.h"

enum { TEXT_MAX = 1000, PATH_MAX_BYTES = 4000, REFERENCE_MAX = 64, STORE_WAIT_MS = 30000 };

const char *kb_call_text(const kb_call *call, const char *name)
{
	return kb_node_get_text(call->arguments, name, NULL);
}

int64_t kb_call_int(const kb_call *call, const char *name)
{
	return kb_node_get_int(call->arguments, name, 0);
}

const kb_op *kb_op_find(const char *name)
{
	for (size_t i = 0; i < kb_op_count; i++)
		if (strcmp(kb_ops[i]->name, name) == 0) return kb_ops[i];
	return NULL;
}

static kb_status wrong(const kb_arg *arg, const char *what, const char *way_out, kb_err *err)
{
	kb_fail(err, KB_USAGE, "argument", "%s%s %s", arg->place ? "" : "--", arg->name, what);
	return kb_hint(err, "%s", way_out);
}

static bool has_control(const kb_node *value)
{
	for (size_t i = 0; i < value->length; i++)
		if ((unsigned char)value->text[i] < 0x20 || value->text[i] == 0x7F) return true;
	return false;
}

static bool is_reference(const char *text)
{
	for (const char *p = text; *p; p++) {
		bool fine =
			(*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr("-._/", *p);
		if (!fine) return false;
	}
	return *text != '\0' && *text != '-'; /* that would be an option whose value was forgotten */
}

static kb_status check_text(const kb_arg *arg, const kb_node *value, kb_err *err)
{
	size_t bad, most = arg->type == KB_ARG_REFERENCE ? REFERENCE_MAX
	                   : arg->type == KB_ARG_PATH    ? PATH_MAX_BYTES
	                                                 : TEXT_MAX;
	if (value->length == 0) return wrong(arg, "is empty", "give it a value, or leave it out if it may be", err);
	if (value->length > most)
		return wrong(arg, "is too long", "give at most 64 characters for a reference, 1,000 for a text", err);
	if (!kb_str_is_utf8(value->text, value->length, &bad))
		return wrong(arg, "is not UTF-8 text", "type it again in a UTF-8 terminal", err);
	if (has_control(value)) return wrong(arg, "holds a control character", "give one line of plain text", err);
	if (arg->type == KB_ARG_REFERENCE && !is_reference(value->text))
		return wrong(arg, "is not a reference",
			"use letters, digits, and - . _ / without spaces, as in AP-1042; never a name", err);
	return KB_OK;
}

static kb_status check_word(kb_arena *arena, const kb_arg *arg, const kb_node *value, kb_err *err)
{
	kb_buf list = { .arena = arena };
	size_t count = 0;
	for (; arg->words[count]; count++) {
		if (strcmp(arg->words[count], value->text) == 0) return KB_OK;
		kb_buf_printf(&list, "%s%s", count ? ", " : "", arg->words[count]);
	}
	const char *near = kb_str_nearest(value->text, arg->words, count);
	kb_fail(err, KB_USAGE, "argument", "%s%s can't be \"%.40s\"", arg->place ? "" : "--", arg->name, value->text);
	if (near) return kb_hint(err, "did you mean %s? It is one of: %s", near, kb_buf_string(&list));
	return kb_hint(err, "it is one of: %s", kb_buf_string(&list));
}

bool kb_call_flag(const kb_call *call, const char *name)
{
	const kb_node *value = kb_node_get(call->arguments, name);
	return value && value->kind == KB_NODE_BOOL && value->boolean;
}

static kb_status check_company(const kb_call *call, const kb_arg *arg, kb_err *err)
{
	if (arg->with && !kb_call_flag(call, arg->with)) {
		kb_fail(err, KB_USAGE, "argument.with", "--%s goes with --%s only", arg->name, arg->with);
		return kb_hint(err, "add --%s, or leave --%s out", arg->with, arg->name);
	}
	if (arg->without && kb_call_flag(call, arg->without)) {
		kb_fail(err, KB_USAGE, "argument.without", "--%s does not go with --%s", arg->name, arg->without);
		return kb_hint(err, "leave one of the two out");
	}
	return KB_OK;
}

static kb_status check_arg(kb_call *call, const kb_arg *arg, kb_err *err)
{
	const kb_node *value = kb_node_get(call->arguments, arg->name);
	if (!value) {
		if (!arg->required || (arg->without && kb_call_flag(call, arg->without))) return KB_OK;
		kb_fail(err, KB_USAGE, "argument.missing", "\"%s\" needs %s%s: %s", call->op->name, arg->place ? "" : "--",
			arg->name, arg->help);
		return kb_hint(err, "see: ksbank help %s", call->op->name);
	}
	KB_TRY(check_company(call, arg, err));
	switch (arg->type) {
	case KB_ARG_TEXT:
	case KB_ARG_PATH:
	case KB_ARG_REFERENCE:
		if (value->kind != KB_NODE_TEXT) return wrong(arg, "is not a text", "give one line of plain text", err);
		return check_text(arg, value, err);
	case KB_ARG_WORD:
		if (value->kind != KB_NODE_TEXT) return wrong(arg, "is not a word", "see the help for its words", err);
		return check_word(call->arena, arg, value, err);
	case KB_ARG_INT:
		if (value->kind != KB_NODE_INT || value->integer < 1 || value->integer > 1000000)
			return wrong(arg, "is not a number that fits", "give a whole number from 1 to 1000000", err);
		return KB_OK;
	case KB_ARG_PER_MILLE:
		if (value->kind != KB_NODE_INT || value->integer < 1 || value->integer > 1000)
			return wrong(arg, "is not so many papers in a thousand", "give 1 to 1000, as in 150 for 15 %", err);
		return KB_OK;
	case KB_ARG_FLAG:
		if (value->kind != KB_NODE_BOOL) return wrong(arg, "takes no value", "leave the value out", err);
		return KB_OK;
	}
	return KB_OK;
}

static const kb_arg *arg_named(const kb_op *op, const char *name)
{
	for (size_t i = 0; i < op->arg_count; i++)
		if (strcmp(op->args[i].name, name) == 0) return &op->args[i];
	return NULL;
}

static kb_status validate(kb_call *call, kb_err *err)
{
	for (size_t i = 0; i < call->arguments->pair_count; i++) {
		const char *name = call->arguments->pairs[i].key;
		if (arg_named(call->op, name)) continue;
		kb_fail(err, KB_USAGE, "argument.unknown", "\"%s\" has no argument \"%.60s\"", call->op->name, name);
		return kb_hint(err, "see: ksbank help %s", call->op->name);
	}
	for (size_t i = 0; i < call->op->arg_count; i++) KB_TRY(check_arg(call, &call->op->args[i], err));
	return KB_OK;
}

/* The arguments as the log keeps them: a candidate's reference can be erased, the log can't. */
static kb_node *loggable(kb_call *call)
{
	kb_node *map = kb_node_map(call->arena);
	for (size_t i = 0; i < call->arguments->pair_count; i++) {
		const kb_arg *arg = arg_named(call->op, call->arguments->pairs[i].key);
		if (arg && arg->type != KB_ARG_REFERENCE)
			kb_node_set(call->arena, map, arg->name, call->arguments->pairs[i].value);
	}
	return map;
}

kb_status kb_call_log(kb_call *call, kb_err *err)
{
	kb_node *detail = kb_node_map(call->arena);
	kb_node_set(call->arena, detail, "arguments", loggable(call));
	kb_node_set(call->arena, detail, "effects", call->effects);
	if (call->clock) kb_node_set_text(call->arena, detail, "clock", call->clock);
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_store_log(call->store, call->arena, call->op->name, call->actor, call->day_text, detail, err);
}

/* Who asks. Checking a password is slow on purpose, so it is done before the store is locked. */
static kb_status identify(kb_call *call, kb_err *err)
{
	kb_q_person_count_row people = { 0 };
	kb_q_person_by_name_row person = { 0 };
	bool found, right = false;
	KB_TRY(kb_q_person_count(call->sql, call->arena, &people, &found, err));
	call->has_people = people.count > 0;
	if (!call->has_people) return KB_OK;
	KB_TRY(kb_q_person_by_name(call->sql, call->arena, call->actor, &person, &found, err));
	if (!found) {
		kb_fail(err, KB_DENIED, "person.none", "the store knows nobody by the name %.60s", call->actor);
		return kb_hint(err, "say who you are with --as NAME, or ask an admin to add you: ksbank user add");
	}
	call->actor = person.name;
	if (!person.verifier || !*person.verifier) return KB_OK;
	if (!call->password) {
		kb_fail(err, KB_DENIED, "password.needed", "%s has a password", call->actor);
		return kb_hint(err, "give it when you are asked, or in a file with --password-file FILE");
	}
	KB_TRY(kb_password_check(person.verifier, call->password, &right, err));
	if (right) return KB_OK;
	kb_fail(err, KB_DENIED, "password.wrong", "that is not the password of %s", call->actor);
	return kb_hint(err, "try again, or ask an admin for a new one: ksbank user password");
}

kb_status kb_call_roles_of(kb_call *call, const char *name, unsigned *roles, kb_err *err)
{
	kb_q_person_roles_row *rows;
	size_t count;
	KB_TRY(kb_q_person_roles(call->sql, call->arena, name, &rows, &count, err));
	*roles = 0;
	for (size_t i = 0; i < count; i++) *roles |= 1U << kb_role_named(rows[i].role);
	return KB_OK;
}

static kb_status load_roles(kb_call *call, kb_err *err)
{
	call->roles = KB_ROLES_ALL;
	return call->has_people ? kb_call_roles_of(call, call->actor, &call->roles, err) : KB_OK;
}

kb_status kb_call_may(const kb_call *call, kb_permission permission, kb_err *err)
{
	if (kb_roles_may(call->roles, permission)) return KB_OK;
	kb_buf roles = { .arena = call->arena }, others = { .arena = call->arena };
	for (unsigned r = 0; r < KB_ROLE_COUNT; r++) {
		if (call->roles >> r & 1) kb_buf_printf(&roles, "%s%s", roles.length ? ", " : "", kb_roles[r]);
		if (kb_role_may((kb_role)r, permission)) kb_buf_printf(&others, "%s%s", others.length ? ", " : "", kb_roles[r]);
	}
	kb_fail(err, KB_DENIED, "permission", "%.60s (%s) may not %s", call->actor,
		roles.length ? kb_buf_string(&roles) : "no role", kb_permissions[permission]);
	return kb_hint(err, "ask somebody who may: %s", kb_buf_string(&others));
}

kb_status kb_call_admit(kb_call *call, kb_store *store, kb_err *err)
{
	call->store = store;
	call->sql = kb_store_sql(store);
	KB_TRY(identify(call, err));
	KB_TRY(load_roles(call, err));
	return kb_call_may(call, call->op->permission, err);
}

static kb_status reads(kb_call *call, kb_sql_int item, kb_sql_int paper, kb_err *err)
{
	return kb_q_reading_add(call->sql, call->actor, call->day_text, call->op->name, item, paper, NULL, err);
}

kb_status kb_call_reads_item(kb_call *call, int64_t item, kb_err *err)
{
	return reads(call, (kb_sql_int) { true, item }, (kb_sql_int) { 0 }, err);
}

kb_status kb_call_reads_paper(kb_call *call, int64_t paper, kb_err *err)
{
	return reads(call, (kb_sql_int) { 0 }, (kb_sql_int) { true, paper }, err);
}

static kb_status run_logged(kb_call *call, kb_err *err)
{
	int64_t key;
	if (call->op->signs) KB_TRY(kb_store_public_key(call->store, call->arena, call->day_text, &key, err));
	KB_TRY(call->op->run(call, err));
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_call_log(call, err));
	return call->op->signs ? kb_store_sign_head(call->store, call->arena, call->day_text, err) : KB_OK;
}

static kb_status run_in_transaction(kb_call *call, bool logged, kb_err *err)
{
	KB_TRY(load_roles(call, err));
	KB_TRY(kb_call_may(call, call->op->permission, err));
	KB_TRY(validate(call, err));
	KB_TRY(logged ? run_logged(call, err) : call->op->run(call, err));
	return kb_arena_check(call->arena, err);
}

static kb_status log_after(kb_call *call, kb_err *err)
{
	KB_TRY(kb_store_begin(call->store, true, err));
	KB_TRY(kb_call_log(call, err));
	return kb_store_commit(call->store, err);
}

static kb_status run_in_store(kb_call *call, kb_err *err)
{
	bool logged = call->op->store == KB_OP_WRITES || call->op->confidential;
	KB_TRY(identify(call, err));
	KB_TRY(kb_store_begin(call->store, logged, err));
	kb_status status = run_in_transaction(call, logged, err);
	if (status == KB_OK) status = kb_store_commit(call->store, err);
	if (status == KB_OK && call->op->logged_after) status = log_after(call, err);
	if (status != KB_OK) kb_store_rollback(call->store);
	return status;
}

kb_status kb_call_made(kb_call *call, const char *path, const char *beside, kb_err *err)
{
	kb_node_set_text(call->arena, call->made, kb_arena_text(call->arena, path), beside);
	kb_status status = kb_arena_check(call->arena, err);
	if (status != KB_OK) unlink(beside);
	return status;
}

kb_status kb_call_create(kb_call *call, const char *path, const char *bytes, size_t length, kb_err *err)
{
	char beside[KB_FILE_NAME];
	KB_TRY(kb_arena_check(call->arena, err)); /* the path may just have been made */
	if (kb_node_get(call->made, path)) {
		kb_fail(err, KB_EXISTS, "file.twice", "%s would be two files of one command", path);
		return kb_hint(err, "name another file for one of them");
	}
	KB_TRY(kb_file_prepare(path, bytes, length, 0600, beside, err));
	return kb_call_made(call, path, beside, err);
}

kb_status kb_call_create_in(
	kb_call *call, const char *folder, const char *name, const char *bytes, size_t length, kb_err *err)
{
	const char *path = kb_arena_printf(call->arena, "%s/%s", folder, name);
	kb_status status = kb_call_create(call, path, bytes, length, err);
	if (status == KB_EXISTS) return kb_hint(err, "write into a new folder; an existing file is never overwritten");
	return status;
}

/* The log has its entry: from here on a file may be missing that it tells of, never the other way round. */
static kb_status place_made(kb_call *call, kb_err *err)
{
	for (size_t i = 0; i < call->made->pair_count; i++) {
		kb_pair *file = &call->made->pairs[i];
		if (kb_file_place(file->value->text, file->key, err) != KB_OK)
			return kb_hint(
				err, "no file was left, although the log may have its entry; name another place and do it again");
		file->value->text = file->key;
	}
	return KB_OK;
}

static void remove_made(const kb_call *call)
{
	for (size_t i = 0; i < call->made->pair_count; i++) unlink(call->made->pairs[i].value->text);
}

static kb_status call_in_store(kb_call *call, kb_err *err)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	KB_TRY(kb_store_open(call->store_path, STORE_WAIT_MS, &store, err));
	kb_store_passphrase(store, call->passphrase);
	call->store = store;
	call->sql = kb_store_sql(store);
	return run_in_store(call, err);
}

static kb_status call_storeless(kb_call *call, kb_err *err)
{
	KB_TRY(validate(call, err));
	KB_TRY(call->op->run(call, err));
	return kb_arena_check(call->arena, err);
}

kb_status kb_op_call(kb_call *call, kb_err *err)
{
	bool storeless =
		call->op->store == KB_OP_NO_STORE || (call->op->storeless && kb_node_get(call->arguments, call->op->storeless));
	call->result = kb_node_map(call->arena);
	call->effects = kb_node_map(call->arena);
	call->faults = (kb_faults) { .arena = call->arena };
	call->made = kb_node_map(call->arena);
	call->roles = KB_ROLES_ALL; /* of who holds no store yet */
	KB_TRY(kb_arena_check(call->arena, err));
	kb_status status = storeless ? call_storeless(call, err) : call_in_store(call, err);
	if (status == KB_OK) status = place_made(call, err);
	if (status != KB_OK) remove_made(call);
	call->store = NULL;
	call->sql = NULL;
	return status;
}
