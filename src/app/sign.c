#include "app/sign.h"

#include <string.h>

kb_status kb_sign_subject(kb_call *call, const char *subject, int64_t id, const char *bytes, kb_err *err)
{
	kb_digest key;
	kb_signature signature;
	char hex[KB_SIGNATURE_TEXT];
	int64_t key_id;
	KB_TRY(kb_store_public_key(call->store, call->arena, call->day_text, &key_id, err));
	KB_TRY(kb_store_sign_key(call->store, &key, err));
	kb_status status = kb_sign(&key, bytes, strlen(bytes), &signature, err);
	kb_secret_wipe(&key, sizeof key);
	KB_TRY(status);
	kb_signature_format(&signature, hex);
	return kb_q_signature_add(call->sql, subject, id, key_id, hex, NULL, err);
}

static bool holds_for(const char *key_text, const char *signature_text, const char *bytes)
{
	kb_digest key;
	kb_signature signature;
	kb_err ignored;
	return kb_digest_parse(key_text, &key) && kb_signature_parse(signature_text, &signature) &&
	       kb_sign_check(&key, bytes, strlen(bytes), &signature, &ignored) == KB_OK;
}

kb_status kb_sign_holds(kb_call *call, const char *subject, int64_t id, const char *bytes, bool *holds, kb_err *err)
{
	kb_q_signature_of_row row = { 0 };
	bool found;
	KB_TRY(kb_q_signature_of(call->sql, call->arena, subject, id, &row, &found, err));
	*holds = found && holds_for(row.key, row.signature, bytes);
	return KB_OK;
}

kb_status kb_sign_head_holds(kb_call *call, int64_t sequence, const char *digest, bool *holds, kb_err *err)
{
	kb_q_signed_head_of_row row = { 0 };
	bool found;
	const char *text;
	KB_TRY(kb_q_signed_head_of(call->sql, call->arena, sequence, &row, &found, err));
	KB_TRY(kb_store_head_text(call->arena, sequence, digest, &text, err));
	*holds = found && strcmp(row.digest, digest) == 0 && holds_for(row.key, row.signature, text);
	return KB_OK;
}
