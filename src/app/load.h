/* What operations load from the store: standards with their decisions, methods, specifications. */
#ifndef KB_APP_LOAD_H
#define KB_APP_LOAD_H

#include "app/op.h"
#include "model/decision.h"
#include "base/str.h"
#include "model/specification.h"

typedef struct kb_loaded {
	kb_standard *standard; /* decisions laid over it */
	int64_t number;        /* of its version */
	const char *digest;
	kb_decision *decisions;
	size_t decision_count;
} kb_loaded;

/* KB_NOT_FOUND names the standards that the store does hold. */
kb_status kb_load_standard(kb_call *call, const char *key, kb_loaded *loaded, kb_err *err) KB_MUST_USE;
kb_status kb_load_method(
	kb_call *call, const kb_loaded *loaded, const char *id, const kb_method **method, kb_err *err) KB_MUST_USE;

typedef struct kb_loaded_specification {
	kb_specification *specification;
	int64_t id, number;
	const char *digest;
} kb_loaded_specification;
kb_status kb_load_specification(
	kb_call *call, const char *standard, const char *method, kb_loaded_specification *loaded, kb_err *err) KB_MUST_USE;

/* KB_NOT_FOUND "item.none", "person.none", "candidate.none", each with where to look. */
kb_status kb_load_item(kb_call *call, const char *key, kb_q_item_by_key_row *item, kb_err *err) KB_MUST_USE;
kb_status kb_load_person(kb_call *call, const char *name, kb_q_person_by_name_row *person, kb_err *err) KB_MUST_USE;
kb_status kb_load_candidate(
	kb_call *call, const char *reference, kb_q_candidate_by_reference_row *candidate, kb_err *err) KB_MUST_USE;

/* All versions of the item of that key, the oldest first: at least one. KB_NOT_FOUND "item.none". */
kb_status kb_load_versions(kb_call *call, const char *key, kb_q_item_by_key_row *item, kb_q_version_all_row **versions,
	size_t *count, kb_err *err) KB_MUST_USE;

/* A body of the store as a tree; one that can't be read is KB_CORRUPT. */
kb_status kb_load_body(kb_call *call, const char *body, kb_node **node, kb_err *err) KB_MUST_USE;

/* A standard from its stored body, without decisions. */
kb_status kb_load_standard_body(kb_call *call, const char *body, kb_standard **standard, kb_err *err) KB_MUST_USE;

/* The digest of a tree's canonical bytes under a domain, and those bytes (either may be NULL). */
kb_status kb_load_digest(kb_call *call, const char *domain, const kb_node *node, const char **digest,
	const char **bytes, kb_err *err) KB_MUST_USE;

#define KB_DOMAIN_STANDARD "ksbank standard 1"
#define KB_DOMAIN_SPECIFICATION "ksbank specification 1"
#define KB_DOMAIN_ITEM "ksbank item 1"
#define KB_DOMAIN_PAPER "ksbank paper 1"
#define KB_DOMAIN_PRACTICE "ksbank practice paper 1"
#define KB_DOMAIN_RECORD "ksbank draw record 1"
#define KB_DOMAIN_CERTIFICATE "ksbank review certificate 1"
#define KB_DOMAIN_TEMPLATE "ksbank template 1"

#endif
