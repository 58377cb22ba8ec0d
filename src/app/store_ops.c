/* store init. */
#include "app/ops.h"

static kb_status run_init(kb_call *call, kb_err *err)
{
	const char *path = kb_call_text(call, "file");
	if (!path) path = call->store_path;
	KB_TRY(kb_store_create(path, err));
	kb_node_set_text(call->arena, call->result, "store", path);
	kb_node_set(
		call->arena, call->result, "keys", kb_node_text(call->arena, kb_arena_printf(call->arena, "%s.keys", path)));
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
			"    ksbank store init",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_NO_STORE,
	.args = init_args,
	.arg_count = KB_COUNT(init_args),
	.run = run_init,
	.screen = "store-init",
	.answer = "store, keys: the two files",
};
