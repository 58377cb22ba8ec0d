/* store seal. */
#include "app/ops.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypt/password.h"
#include "crypt/seal.h"

/* openssl reads all of a CMS file into memory. */
#define FILE_MOST ((off_t)1 << 30)
enum { CERTIFICATES_MOST = 1 << 20 };

static kb_status read_recipients(kb_call *call, const char **certificates, const char **password, kb_err *err)
{
	const char *recipient = kb_call_text(call, "recipient"), *file = kb_call_text(call, "new-password-file");
	kb_bytes bytes;
	if ((recipient != NULL) == (file != NULL)) {
		kb_fail(err, KB_USAGE, "argument", "\"store seal\" needs either --recipient or --new-password-file");
		return kb_hint(err, "give a certificate where the recipient has one, else a password");
	}
	KB_TRY(kb_file_read(call->arena, recipient ? recipient : file,
		recipient ? (size_t)CERTIFICATES_MOST : (size_t)KB_PASSWORD_MOST + 2, &bytes, err));
	if (recipient) *certificates = bytes.data;
	else *password = kb_arena_copy(call->arena, bytes.data, strcspn(bytes.data, "\r\n"));
	return kb_arena_check(call->arena, err);
}

static kb_status seal_to(
	kb_call *call, int from, const char *beside, const char *certificates, const char *password, kb_err *err)
{
	KB_CLEANUP(kb_file_closep) int to = -1;
	KB_TRY(kb_file_new(beside, 0600, &to, err));
	kb_status status = kb_seal_cms(from, to, certificates, password, err);
	if (status == KB_OK) status = kb_file_place(beside, kb_call_text(call, "to"), err);
	if (status != KB_OK) unlink(beside);
	return status;
}

static kb_status run_seal(kb_call *call, kb_err *err)
{
	const char *file = kb_call_text(call, "file"), *to = kb_call_text(call, "to");
	const char *certificates = NULL, *password = NULL;
	char beside[KB_FILE_NAME];
	struct stat info;
	KB_CLEANUP(kb_file_closep) int from = -1;
	KB_TRY(read_recipients(call, &certificates, &password, err));
	KB_TRY(kb_file_open(file, &from, err));
	if (fstat(from, &info) != 0 || info.st_size > FILE_MOST) {
		kb_fail(err, KB_LIMIT, "file.size", "%s is larger than the 1 GiB that openssl opens safely", file);
		return kb_hint(err, "cut it with split -b 1G, and seal each part");
	}
	KB_TRY(kb_file_beside(to, beside, err));
	KB_TRY(seal_to(call, from, beside, certificates, password, err));
	kb_node_set_text(call->arena, call->result, "sealed", to);
	kb_node_set_int(call->arena, call->result, "bytes", info.st_size);
	kb_node_set_text(call->arena, call->result, "command",
		kb_arena_printf(call->arena, "openssl cms -decrypt -binary -inform DER -in %s -out %s %s", to, "OPENED",
			certificates ? "-inkey THEIR-KEY.pem" : "-pwri_password PASSWORD"));
	return KB_OK;
}

static const kb_arg seal_args[] = {
	{ "file", KB_ARG_PATH, .place = true, .required = true,
		.help = "what to seal: a backup, an audit pack; at most 1 GiB" },
	{ "to", KB_ARG_PATH, .required = true, .help = "the sealed file, which must not be there yet" },
	{ "recipient", KB_ARG_PATH, .help = "certificates in PEM form, one or more: each of their keys opens it" },
	{ "new-password-file", KB_ARG_PATH, .help = "a file whose first line is the password that opens it" },
};

const kb_op kb_op_store_seal = {
	.name = "store seal",
	.summary = "Seal a file for others, so that stock openssl opens it",
	.help = "CMS EnvelopedData (RFC 5652) with AES-256. For somebody who has a certificate, nothing secret has to be\n"
			"passed on; for everybody else a password does, told by another way than the file. It hides the content\n"
			"and proves nothing about it: backups and packs carry their own proof. The file stays as it is; remove it\n"
			"where the sealed one is to replace it.\n\n"
			"    ksbank store seal ksbank-2026-11-22.db --to backup.cms --recipient inspector.pem\n"
			"    ksbank store seal pack.zip --to pack.cms --new-password-file FILE\n\n"
			"and they open it with:\n\n"
			"    openssl cms -decrypt -binary -inform DER -in backup.cms -out backup.db -inkey their-key.pem\n"
			"    openssl cms -decrypt -binary -inform DER -in pack.cms -out pack.zip -pwri_password PASSWORD",
	.permission = KB_MAY_KEEP_STORE,
	.store = KB_OP_NO_STORE,
	.args = seal_args,
	.arg_count = KB_COUNT(seal_args),
	.run = run_seal,
	.screen = "store-seal",
	.answer = "sealed: the new file; bytes: what was sealed; command: how openssl opens it",
};
