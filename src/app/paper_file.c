/* Files that prove a paper to somebody who has not the store, and their check. */
#include "app/paper_file.h"

#include <string.h>

#include "app/ops.h"
#include "app/paper_load.h"
#include "base/file.h"
#include "crypt/sign.h"
#include "embedded/templates.h"
#include "text/json.h"
#include "text/mustache.h"

typedef struct exporter {
	kb_call *call;
	const char *folder;
	kb_node *files;
} exporter;

static kb_status write_file(exporter *x, const char *name, const char *bytes, size_t length, kb_err *err)
{
	KB_TRY(kb_call_create_in(x->call, x->folder, name, bytes, length, err));
	kb_node_add(x->call->arena, x->files, kb_node_text(x->call->arena, name));
	return kb_arena_check(x->call->arena, err);
}

static kb_status write_signed(exporter *x, const char *name, const char *bytes, const char *signature_text, kb_err *err)
{
	kb_signature signature;
	if (!kb_signature_parse(signature_text, &signature))
		return kb_fail(err, KB_CORRUPT, "signature.none", "the signature of %s can't be read", name);
	KB_TRY(write_file(x, name, bytes, strlen(bytes), err));
	name = kb_arena_printf(x->call->arena, "%s.sig", name);
	return write_file(x, name, (const char *)signature.bytes, sizeof signature.bytes, err);
}

static kb_status write_subject(
	exporter *x, const kb_loaded_paper *paper, const char *subject, const char *name, const char *bytes, kb_err *err)
{
	kb_q_signature_of_row row = { 0 };
	bool found;
	KB_TRY(kb_q_signature_of(x->call->sql, x->call->arena, subject, paper->id, &row, &found, err));
	if (!found) return kb_fail(err, KB_CORRUPT, "signature.none", "%s has no signature", paper->row.key);
	kb_node_set_text(x->call->arena, x->call->result, "key", row.key);
	return write_signed(x, name, bytes, row.signature, err);
}

static kb_status write_head(exporter *x, const kb_loaded_paper *paper, kb_err *err)
{
	kb_q_signed_head_of_row row = { 0 };
	bool found;
	const char *text;
	KB_TRY(kb_q_signed_head_of(x->call->sql, x->call->arena, paper->row.logged_as, &row, &found, err));
	if (!found)
		return kb_fail(err, KB_CORRUPT, "signature.none", "the log's head of %s was not signed", paper->row.key);
	KB_TRY(kb_store_head_text(x->call->arena, paper->row.logged_as, row.digest, &text, err));
	return write_signed(x, "log-head.txt", text, row.signature, err);
}

static kb_status write_key(exporter *x, kb_err *err)
{
	kb_digest key;
	const char *pem;
	if (!kb_digest_parse(kb_node_get_text(x->call->result, "key", ""), &key))
		return kb_fail(err, KB_CORRUPT, "signature.key", "the public key can't be read");
	KB_TRY(kb_sign_pem(x->call->arena, &key, &pem, err));
	return write_file(x, "public-key.pem", pem, strlen(pem), err);
}

static kb_status write_steps(exporter *x, kb_err *err)
{
	kb_buf out = { .arena = x->call->arena };
	const char *template = kb_embedded_templates("paper-check.md");
	kb_mustache_options options = { .strict = true };
	KB_TRY(kb_mustache_fill(x->call->arena, "paper-check.md", template, x->call->result, &options, &out, err));
	return write_file(x, "HOW-TO-CHECK.md", out.text, out.length, err);
}

static kb_status run_export(kb_call *call, kb_err *err)
{
	kb_loaded_paper paper;
	exporter x = { .call = call, .folder = kb_call_text(call, "folder") };
	bool text = !kb_call_flag(call, "without-text");
	KB_TRY(kb_load_paper(call, kb_call_text(call, "paper"), &paper, err));
	if (text) KB_TRY(kb_call_reads_paper(call, paper.id, err));
	const char *key = paper.row.key, *record = kb_arena_printf(call->arena, "%s.record.json", key);
	const char *snapshot = kb_arena_printf(call->arena, "%s.json", key);
	kb_node_set_text(call->arena, call->result, "paper", key);
	kb_node_set_text(call->arena, call->result, "folder", x.folder);
	kb_node_set_bool(call->arena, call->result, "with_text", text);
	x.files = kb_node_set(call->arena, call->result, "files", kb_node_list(call->arena));
	KB_TRY(kb_file_make_dir(x.folder, err));
	if (text) KB_TRY(write_subject(&x, &paper, "paper", snapshot, paper.row.snapshot, err));
	KB_TRY(write_subject(&x, &paper, "record", record, paper.row.record, err));
	KB_TRY(write_head(&x, &paper, err));
	KB_TRY(write_key(&x, err));
	KB_TRY(write_steps(&x, err));
	kb_node_set_text(call->arena, call->effects, "paper", key);
	return KB_OK;
}

static const kb_arg export_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "folder", KB_ARG_PATH, .place = true, .required = true, .help = "a new folder to write into" },
	{ "without-text", KB_ARG_FLAG, .help = "only the draw record and the log's head: no question is shown" },
};

const kb_op kb_op_paper_export = {
	.name = "paper export",
	.summary = "Write a paper, its draw record and their signatures to files that anybody can check",
	.help = "For an appeal or an inspector: the files are checked with stock openssl and a public key, without this\n"
			"program and without the store; HOW-TO-CHECK.md in the folder says how.\n\n"
			"    ksbank paper export P-000001 evidence",
	.permission = KB_MAY_PROVE,
	.store = KB_OP_READS,
	.args = export_args,
	.arg_count = KB_COUNT(export_args),
	.run = run_export,
	.screen = "paper-export",
	.answer = "paper, folder, with_text, key; files: list of names",
	.confidential = true,
};

/* The check of such files. */

static kb_status read_signature(kb_call *call, const char *path, kb_signature *signature, kb_err *err)
{
	kb_bytes bytes;
	const char *name = kb_arena_printf(call->arena, "%s.sig", path);
	KB_TRY(kb_arena_check(call->arena, err));
	KB_TRY(kb_file_read(call->arena, name, 1000, &bytes, err));
	if (bytes.length != sizeof signature->bytes) {
		kb_fail(err, KB_INVALID, "signature.length", "%s is no Ed25519 signature", name);
		return kb_hint(err, "put the signature's file beside the signed one, as it was exported");
	}
	memcpy(signature->bytes, bytes.data, sizeof signature->bytes);
	return KB_OK;
}

kb_status kb_paper_file_verify(kb_call *call, kb_err *err)
{
	enum { PEM_MOST = 10000, FILE_MOST = 16 << 20 };
	const char *path = kb_call_text(call, "paper");
	kb_bytes bytes, pem;
	kb_digest key;
	kb_signature signature;
	kb_node *content;
	char text[KB_DIGEST_TEXT];
	if (!path) {
		kb_fail(err, KB_USAGE, "argument.missing", "--key needs the signed file to check with it");
		return kb_hint(err, "as in: ksbank paper verify P-000001.json --key public-key.pem");
	}
	KB_TRY(kb_file_read(call->arena, kb_call_text(call, "key"), PEM_MOST, &pem, err));
	KB_TRY(kb_sign_read_pem(pem.data, pem.length, &key, err));
	KB_TRY(kb_file_read(call->arena, path, FILE_MOST, &bytes, err));
	KB_TRY(read_signature(call, path, &signature, err));
	kb_status status = kb_sign_check(&key, bytes.data, bytes.length, &signature, err);
	if (status == KB_CORRUPT) {
		kb_fail(err, KB_CORRUPT, "signature.wrong", "%s is not what was signed with this key", path);
		return kb_hint(err, "it was changed, or another key signed it; ask the assessment organisation for both again");
	}
	KB_TRY(status);
	KB_TRY(kb_json_read(call->arena, path, bytes.data, bytes.length, &content, err));
	kb_digest_format(&key, text);
	kb_node *file = kb_node_set(call->arena, call->result, "file", kb_node_map(call->arena));
	kb_node_set_text(call->arena, file, "name", path);
	kb_node_set_text(call->arena, file, "key", text);
	kb_node_set_text(call->arena, file, "format", kb_node_get_text(content, "format", ""));
	kb_node_set_text(call->arena, file, "paper", kb_node_get_text(content, "paper", ""));
	kb_node_set_bool(call->arena, call->result, "holds", true);
	return kb_arena_check(call->arena, err);
}
