/* A folder of evidence: its files, their SHA-256 sums, and the same files as one archive. */
#ifndef KB_APP_PACK_H
#define KB_APP_PACK_H

#include "app/op.h"
#include "base/str.h"

typedef struct kb_pack {
	kb_call *call;
	const char *folder;
	kb_node *files;  /* names, in the order of writing */
	kb_node *sealed; /* list of {file, key_file}: what was signed, and the file of the key to check it with */
	kb_buf sums, archive;
	kb_node *keys; /* public keys -> their files */
} kb_pack;

/* Makes the folder; "public-key.pem" will be the key that signs now. */
kb_status kb_pack_open(kb_pack *pack, kb_call *call, const char *folder, kb_err *err) KB_MUST_USE;

/* `name` may begin with one folder. KB_EXISTS where the file is there already. */
kb_status kb_pack_add(kb_pack *pack, const char *name, const char *bytes, size_t length, kb_err *err) KB_MUST_USE;
/* The same with its signature beside it, in NAME.sig, and the PEM file of its key where the pack has it not yet. */
kb_status kb_pack_add_signed(kb_pack *pack, const char *name, const char *bytes, const char *signature, const char *key,
	kb_err *err) KB_MUST_USE;
/* A template of Markdown, filled: NAME.md and NAME.html. */
kb_status kb_pack_add_page(
	kb_pack *pack, const char *name, const char *template, const kb_node *data, kb_err *err) KB_MUST_USE;

/* SHA256SUMS and its signature by the key that signs now; then, where `archive` is not NULL, all of it as that file. */
kb_status kb_pack_close(kb_pack *pack, const char *archive, kb_err *err) KB_MUST_USE;

#endif
