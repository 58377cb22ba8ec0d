/* Signatures over what the store keeps: a paper's snapshot, its draw record, a certificate; with the store's key. */
#ifndef KB_APP_SIGN_H
#define KB_APP_SIGN_H

#include "app/op.h"
#include "crypt/sign.h"

/* Signs the bytes and keeps the signature as that of `subject` ("paper", "record", "certificate") number `id`. */
kb_status kb_sign_subject(kb_call *call, const char *subject, int64_t id, const char *bytes, kb_err *err) KB_MUST_USE;

/* Whether the kept signature of a subject is one of these bytes; false where there is none. */
kb_status kb_sign_holds(
	kb_call *call, const char *subject, int64_t id, const char *bytes, bool *holds, kb_err *err) KB_MUST_USE;

/* Whether the head behind this log entry was signed, and for this very entry. */
kb_status kb_sign_head_holds(kb_call *call, int64_t sequence, const char *digest, bool *holds, kb_err *err) KB_MUST_USE;

#endif
