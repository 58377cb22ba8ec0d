/* audit verify, audit head: whether the store is what the program wrote, and nothing was cut off. */
#include "app/audit_verify.h"

#include <string.h>

#include "app/audit.h"
#include "app/ops.h"
#include "app/paper_proof.h"
#include "app/review.h"
#include "app/sign.h"

static kb_status check_chain(kb_call *call, kb_node *findings, kb_log_head *head, kb_err *err)
{
	kb_status status = kb_store_log_check(call->store, head, err);
	if (status != KB_CORRUPT) return status;
	kb_store_finding(call->arena, findings, "audit.log", "log", kb_arena_text(call->arena, err->message));
	return KB_OK;
}

static kb_status check_signed(kb_call *call, kb_node *findings, kb_err *err)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		kb_q_log_unsigned_row *rows;
		size_t count;
		if (!kb_ops[i]->signs) continue;
		KB_TRY(kb_q_log_unsigned(call->sql, call->arena, kb_ops[i]->name, &rows, &count, err));
		for (size_t r = 0; r < count; r++)
			kb_store_finding(call->arena, findings, "audit.head",
				kb_arena_printf(call->arena, "signed head %lld", (long long)rows[r].sequence),
				"the head behind this entry was signed, and the signature is gone");
	}
	return KB_OK;
}

static kb_status check_papers(kb_call *call, kb_node *findings, kb_err *err)
{
	kb_status status = kb_paper_verify_all(call, findings, err);
	if (status != KB_CORRUPT) return status;
	kb_store_finding(call->arena, findings, "audit.paper", "papers", kb_arena_text(call->arena, err->message));
	return KB_OK;
}

static kb_status check_certificates(kb_call *call, kb_node *findings, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count;
	KB_TRY(kb_q_campaign_all(call->sql, call->arena, (kb_sql_int) { 0 }, NULL, NULL, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		bool holds = true;
		if (rows[i].close.set) KB_TRY(kb_certificate_holds(call, &rows[i], &holds, err));
		if (!holds)
			kb_store_finding(call->arena, findings, "audit.certificate", rows[i].key,
				"the certificate of this review is not the one that was signed");
	}
	return KB_OK;
}

/* A head that somebody holds on paper: "12:ab34...", as many digits as they care to type, at least eight. */
static kb_status check_printed(kb_call *call, kb_node *findings, const char *printed, kb_err *err)
{
	enum { DIGITS_LEAST = 8 };
	const char *colon = strchr(printed, ':'), *digits = colon ? colon + 1 : "";
	const char *number = kb_arena_copy(call->arena, printed, colon ? (size_t)(colon - printed) : 0);
	kb_q_audit_log_row *entry;
	size_t count;
	int64_t sequence;
	KB_TRY(kb_arena_check(call->arena, err));
	if (!kb_str_to_int(number, &sequence) || sequence < 1 || strlen(digits) < DIGITS_LEAST ||
		strlen(digits) > KB_DIGEST_TEXT - 1 || strspn(digits, "0123456789abcdef") != strlen(digits)) {
		kb_fail(err, KB_USAGE, "argument", "--head is no head of a log");
		return kb_hint(
			err, "give the number of entries and the digest as they are printed, as in 12:6f1c03ab or longer");
	}
	KB_TRY(kb_q_audit_log(call->sql, call->arena, sequence, NULL, NULL, NULL, 1, &entry, &count, err));
	const char *where = kb_arena_printf(call->arena, "log entry %lld", (long long)sequence);
	if (count == 0)
		kb_store_finding(call->arena, findings, "audit.tail", where,
			"the head that you gave was not found: the log ends before it, so that its tail was cut, unless the number is mistyped");
	else if (entry->sequence != sequence || strncmp(entry->digest, digits, strlen(digits)) != 0)
		kb_store_finding(call->arena, findings, "audit.head", where,
			"the head that you gave was not found: this entry has another, so that the log was rewritten, unless a digit is mistyped");
	else {
		kb_node *given = kb_node_set(call->arena, call->result, "given", kb_node_map(call->arena));
		KB_TRY(kb_audit_entry(call, entry, given, err));
	}
	return kb_arena_check(call->arena, err);
}

kb_status kb_audit_findings(kb_call *call, kb_node *findings, kb_log_head *head, kb_err *err)
{
	KB_TRY(check_chain(call, findings, head, err));
	KB_TRY(kb_store_audit(call->store, call->arena, findings, err));
	KB_TRY(check_signed(call, findings, err));
	KB_TRY(check_papers(call, findings, err));
	KB_TRY(check_certificates(call, findings, err));
	return kb_arena_check(call->arena, err);
}

static kb_status run_verify(kb_call *call, kb_err *err)
{
	kb_log_head head = { 0 };
	kb_node *findings = kb_node_set(call->arena, call->result, "findings", kb_node_list(call->arena));
	const char *printed = kb_call_text(call, "head");
	if (printed) KB_TRY(check_printed(call, findings, printed, err)); /* first: it was asked for */
	KB_TRY(kb_audit_findings(call, findings, &head, err));
	kb_node_set_int(call->arena, call->result, "entries", head.length);
	kb_node_set_text(call->arena, call->result, "head", head.digest);
	kb_node_set_bool(call->arena, call->result, "holds", findings->count == 0);
	KB_TRY(kb_arena_check(call->arena, err));
	if (findings->count == 0) return KB_OK;
	const kb_node *first = findings->items[0];
	kb_fail(err, KB_CORRUPT, "audit.broken", "%zu finding%s; the first is %s: %s", findings->count,
		findings->count == 1 ? "" : "s", kb_node_get_text(first, "where", ""), kb_node_get_text(first, "message", ""));
	return kb_hint(err,
		"somebody changed the store behind the program: keep this file as it is, restore a backup, and compare the two");
}

static const kb_arg verify_args[] = {
	{ "head", KB_ARG_TEXT,
		.help = "a head that was printed on a paper or pack, as in 12:6f1c03ab: it must still be there" },
};

const kb_op kb_op_audit_verify = {
	.name = "audit verify",
	.summary = "Check that the store is what this program wrote: log, rows, signatures, papers",
	.help =
		"Follows the log from its first entry; compares every row of every table with what the entry that wrote it\n"
		"bound; checks all signatures, the store's own rules, and every paper as paper verify does. What does not\n"
		"fit is named. A log whose tail was cut together with all that it told of can be noticed only against a\n"
		"head that somebody holds outside: every printed paper carries one, under Log. Give it with --head, and the\n"
		"answer says at which entry it was found. One that was mistyped is not found either: compare its digits first.\n\n"
		"    ksbank audit verify --head 12:6f1c03ab",
	.permission = KB_MAY_PROVE,
	.store = KB_OP_READS,
	.args = verify_args,
	.arg_count = KB_COUNT(verify_args),
	.run = run_verify,
	.screen = "audit-verify",
	.answer =
		"findings: list of {id, where, message}; entries, head: of the log; holds; given: the entry of the head that "
		"was given, as in audit log, missing where it was not found",
};

static kb_status run_sign(kb_call *call, kb_err *err)
{
	kb_q_log_head_row head = { 0 };
	bool found;
	KB_TRY(kb_q_log_head(call->sql, call->arena, &head, &found, err));
	kb_node_set_int(call->arena, call->result, "entries", head.sequence + 1);
	return KB_OK;
}

const kb_op kb_op_audit_sign = {
	.name = "audit sign",
	.summary = "Sign the log as it stands now; paper draw does the same by itself",
	.help = "Adds an entry and signs the head behind it. Print or mail the signed head to somebody outside: from then\n"
			"on nobody can cut the log before it unnoticed. See it with: ksbank audit log\n\n"
			"    ksbank audit sign",
	.permission = KB_MAY_PROVE,
	.store = KB_OP_WRITES,
	.run = run_sign,
	.screen = "audit-sign",
	.answer = "entries: the number of the entry that was signed",
	.signs = true,
};
