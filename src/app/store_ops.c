/* store init, store key. */
#include "app/ops.h"

#include <string.h>

#include "base/file.h"
#include "crypt/password.h"

static kb_status run_init(kb_call *call, kb_err *err)
{
	const char *path = kb_call_text(call, "file");
	if (!path) path = call->store_path;
	KB_TRY(kb_store_create(path, call->passphrase, err));
	kb_node_set_text(call->arena, call->result, "store", path);
	kb_node_set(
		call->arena, call->result, "keys", kb_node_text(call->arena, kb_arena_printf(call->arena, "%s.keys", path)));
	kb_node_set_bool(call->arena, call->result, "sealed", call->passphrase != NULL);
	return KB_OK;
}

static const kb_arg init_args[] = {
	{ "file", KB_ARG_PATH, .place = true, .help = "the new store; without it, the one that --store names" },
};

const kb_op kb_op_store_init = {
	.name = "store init",
	.summary = "Make a new, empty store and its keys",
	.help = "The store is one file. Its keys lie beside it in FILE.keys, readable by you alone: whoever has them\n"
			"can foresee draws, and without them nothing can be drawn. Keep a copy of both, apart.\n\n"
			"    ksbank store init\n"
			"    ksbank store init --passphrase-file FILE\n\n"
			"With a passphrase (the first line of that file, 10 bytes or more) the keys are sealed in FILE.keys, and\n"
			"each command that needs them asks for it. That protects a key file that is copied: a lost disk, a\n"
			"backup, another administrator's reach. It does not protect from whoever sees the passphrase typed, or\n"
			"may read the memory of this machine; and nobody can open the keys when it is forgotten.",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_NO_STORE,
	.args = init_args,
	.arg_count = KB_COUNT(init_args),
	.run = run_init,
	.screen = "store-init",
	.answer = "store, keys: the two files; sealed: whether the keys are under a passphrase",
};

static kb_status run_key(kb_call *call, kb_err *err)
{
	const char *path = kb_call_text(call, "new-passphrase-file"), *passphrase = NULL;
	kb_bytes bytes;
	int64_t id;
	if (path) {
		KB_TRY(kb_file_read(call->arena, path, KB_PASSWORD_MOST + 2, &bytes, err));
		passphrase = kb_arena_copy(call->arena, bytes.data, strcspn(bytes.data, "\r\n"));
		KB_TRY(kb_arena_check(call->arena, err));
	}
	KB_TRY(kb_store_sign_key_new(call->store, passphrase, err));
	KB_TRY(kb_store_public_key(call->store, call->arena, call->day_text, &id, err));
	kb_node_set_int(call->arena, call->result, "key", id);
	kb_node_set_int(call->arena, call->effects, "key", id);
	kb_node_set(call->arena, call->result, "keys",
		kb_node_text(call->arena, kb_arena_printf(call->arena, "%s.keys", kb_store_file(call->store))));
	return KB_OK;
}

static const kb_arg key_args[] = {
	{ "new-passphrase-file", KB_ARG_PATH,
		.help = "a file whose first line is what the keys are sealed under from now on" },
};

const kb_op kb_op_store_key = {
	.name = "store key",
	.summary = "Make a new key to sign with",
	.help = "From now on papers, records and the log's head are signed with the new key. What older ones signed is\n"
			"proven by their public keys, which the store keeps; the old private key is gone. The key under which\n"
			"seeds are made stays. Should this be broken off, do it again. Copy the key file afterwards.\n\n"
			"    ksbank store key\n"
			"    ksbank store key --new-passphrase-file FILE    # and seals the key file, or seals it anew",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_WRITES,
	.args = key_args,
	.arg_count = KB_COUNT(key_args),
	.run = run_key,
	.screen = "store-key",
	.answer = "key: the number of the new one; keys: the file that was rewritten",
	.signs = true,
};
