/* question new, question edit: one or a few questions from a file, by the person who acts. */
#include "app/ops.h"

#include "app/bank_import.h"
#include "app/similar.h"

static kb_status take_in(kb_call *call, kb_import_what what, kb_err *err)
{
	kb_import in = { .call = call, .what = what };
	KB_TRY(kb_bank_take_in(&in, err));
	kb_node_set(call->arena, call->result, "questions", in.versions);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)in.versions->count);
	kb_node_set(call->arena, call->effects, "versions", in.versions);
	return kb_similar_warn(call, in.versions, "name", err);
}

static kb_status run_new(kb_call *call, kb_err *err)
{
	return take_in(call, KB_IMPORT_NEW, err);
}

static kb_status run_edit(kb_call *call, kb_err *err)
{
	return take_in(call, KB_IMPORT_EDITED, err);
}

static const kb_arg args[] = {
	{ "path", KB_ARG_PATH, .place = true, .required = true,
		.help = "a YAML file of questions as in banks/README.md, or a folder of them" },
};

#define WRITES                                                                                                         \
	.permission = KB_MAY_WRITE_ITEM, .store = KB_OP_WRITES, .args = args, .arg_count = KB_COUNT(args),                 \
	.screen = "question-write",                                                                                        \
	.answer = "questions: list of {name, version, digest}, each a draft; count; " KB_SIMILAR_ANSWER

const kb_op kb_op_question_new = {
	.name = "question new",
	.summary = "Write new questions or case-study themes: drafts, until they are submitted and approved",
	.help =
		"Their ids are new to the store. The author is whoever acts; a file need not say so, and in a store with\n"
		"people it may not say otherwise. For a file to fill in, with the KSBs and descriptors beside it: bank new.\n\n"
		"    ksbank bank new ST0648/1.0 professional-discussion mine\n"
		"    ksbank question new mine/PD-3.yaml",
	.run = run_new,
	WRITES,
};

const kb_op kb_op_question_edit = {
	.name = "question edit",
	.summary = "Write a new version of questions that the store has: a draft beside the approved one",
	.help =
		"The approved version is drawn until the new one is approved in its place. The author of the new version is\n"
		"whoever acts. What is the same word for word is refused. What a reviewer returned is mended in this way too:\n"
		"question history says why it came back, and the new version is submitted again.\n\n"
		"    ksbank question show ST0648-PD1-01 --yaml > mine.yaml\n"
		"    ksbank question edit mine.yaml",
	.run = run_edit,
	WRITES,
};
