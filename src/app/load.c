#include "app/load.h"

#include <string.h>

#include "text/json.h"

kb_status kb_load_body(kb_call *call, const char *body, kb_node **node, kb_err *err)
{
	kb_status status = kb_json_read(call->arena, NULL, body, strlen(body), node, err);
	if (status == KB_OK || kb_arena_check(call->arena, err) != KB_OK) return status == KB_OK ? KB_OK : err->status;
	err->status = KB_CORRUPT;
	return kb_err_context(err, "a body in the store can't be read: ");
}

kb_status kb_load_digest(
	kb_call *call, const char *domain, const kb_node *node, const char **text, const char **bytes, kb_err *err)
{
	kb_buf out = { .arena = call->arena };
	KB_TRY(kb_json_canonical(call->arena, node, &out, err));
	if (text) {
		kb_digest digest;
		char hex[KB_DIGEST_TEXT];
		KB_TRY(kb_digest_of(domain, out.text, out.length, &digest, err));
		kb_digest_format(&digest, hex);
		*text = kb_arena_text(call->arena, hex);
	}
	if (bytes) *bytes = kb_buf_string(&out);
	return kb_arena_check(call->arena, err);
}

static kb_status not_found(kb_call *call, const char *key, kb_err *err)
{
	kb_q_standard_all_row *rows;
	size_t count;
	KB_TRY(kb_q_standard_all(call->sql, call->arena, &rows, &count, err));
	kb_buf list = { .arena = call->arena };
	for (size_t i = 0; i < count; i++) kb_buf_printf(&list, "%s%s", i ? ", " : "", rows[i].standard);
	kb_fail(err, KB_NOT_FOUND, "standard.none", "the store holds no standard %.60s", key);
	if (count) return kb_hint(err, "it holds: %s", kb_buf_string(&list));
	return kb_hint(err, "it holds none yet: import one with: ksbank bank import banks");
}

kb_status kb_load_standard_body(kb_call *call, const char *body, kb_standard **standard, kb_err *err)
{
	kb_node *node;
	kb_faults faults = { .arena = call->arena };
	KB_TRY(kb_load_body(call, body, &node, err));
	KB_TRY(kb_standard_read(call->arena, node, &faults, standard, err));
	if (kb_faults_check(&faults, err) == KB_OK) return KB_OK;
	err->status = KB_CORRUPT;
	return kb_err_context(err, "a standard in the store can't be read: ");
}

static kb_status load_decisions(kb_call *call, const char *key, kb_loaded *loaded, kb_err *err)
{
	kb_q_decision_all_row *rows;
	size_t count;
	KB_TRY(kb_q_decision_all(call->sql, call->arena, key, &rows, &count, err));
	loaded->decisions = kb_arena_array(call->arena, count, sizeof *loaded->decisions);
	if (!loaded->decisions) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < count; i++) {
		kb_node *choice;
		KB_TRY(kb_load_body(call, rows[i].choice, &choice, err));
		loaded->decisions[i] =
			(kb_decision) { rows[i].subject, choice, rows[i].made_by, rows[i].made_on, rows[i].reason, rows[i].source };
	}
	loaded->decision_count = count;
	return KB_OK;
}

kb_status kb_load_standard(kb_call *call, const char *key, kb_loaded *loaded, kb_err *err)
{
	kb_q_standard_latest_row row = { 0 };
	bool found;
	KB_TRY(kb_q_standard_latest(call->sql, call->arena, key, &row, &found, err));
	if (!found) return not_found(call, key, err);
	*loaded = (kb_loaded) { .number = row.number, .digest = row.digest };
	KB_TRY(kb_load_standard_body(call, row.body, &loaded->standard, err));
	KB_TRY(load_decisions(call, key, loaded, err));
	return kb_decision_apply(call->arena, loaded->standard, loaded->decisions, loaded->decision_count, err);
}

kb_status kb_load_method(kb_call *call, const kb_loaded *loaded, const char *id, const kb_method **ret, kb_err *err)
{
	const kb_method *method = kb_standard_method(loaded->standard, id);
	if (method) {
		*ret = method;
		return KB_OK;
	}
	kb_buf list = { .arena = call->arena };
	const kb_method *methods = loaded->standard->methods.list;
	for (size_t i = 0; i < loaded->standard->methods.count; i++)
		kb_buf_printf(&list, "%s%s", i ? ", " : "", methods[i].id.text);
	kb_fail(err, KB_NOT_FOUND, "method.none", "%s has no method %.60s", loaded->standard->key.text, id);
	if (loaded->standard->methods.count) return kb_hint(err, "its methods are: %s", kb_buf_string(&list));
	return kb_hint(err, "its sources name no method at all");
}

kb_status kb_load_specification(
	kb_call *call, const char *standard, const char *method, kb_loaded_specification *loaded, kb_err *err)
{
	kb_q_specification_latest_row row = { 0 };
	bool found;
	KB_TRY(kb_q_specification_latest(call->sql, call->arena, standard, method, &row, &found, err));
	if (!found) {
		kb_fail(err, KB_REFUSED, "specification.none",
			"there is no specification for %s of %s, so nobody has said what a paper is", method, standard);
		return kb_hint(err,
			"write one, with: ksbank bank new %s %s FOLDER; then import it with: ksbank bank import FOLDER", standard,
			method);
	}
	kb_node *node;
	kb_faults faults = { .arena = call->arena };
	KB_TRY(kb_load_body(call, row.body, &node, err));
	KB_TRY(kb_specification_read(call->arena, node, &faults, &loaded->specification, err));
	if (kb_faults_check(&faults, err) != KB_OK) {
		err->status = KB_CORRUPT;
		return kb_err_context(err, "a specification in the store can't be read: ");
	}
	loaded->id = row.id;
	loaded->number = row.number;
	loaded->digest = row.digest;
	return KB_OK;
}

kb_status kb_load_item(kb_call *call, const char *key, kb_q_item_by_key_row *item, kb_err *err)
{
	bool found;
	KB_TRY(kb_q_item_by_key(call->sql, call->arena, key, item, &found, err));
	if (found) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "item.none", "the store holds no question or theme %.60s", key);
	return kb_hint(err, "see the ids with: ksbank question list STANDARD");
}

kb_status kb_load_person(kb_call *call, const char *name, kb_q_person_by_name_row *person, kb_err *err)
{
	bool found;
	KB_TRY(kb_q_person_by_name(call->sql, call->arena, name, person, &found, err));
	if (found) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "person.none", "the store knows nobody by the name %.60s", name);
	return kb_hint(err, "see who there is with: ksbank user list");
}

kb_status kb_load_candidate(
	kb_call *call, const char *reference, kb_q_candidate_by_reference_row *candidate, kb_err *err)
{
	bool found;
	KB_TRY(kb_q_candidate_by_reference(call->sql, call->arena, reference, candidate, &found, err));
	if (found) return KB_OK;
	kb_fail(err, KB_NOT_FOUND, "candidate.none", "the store knows no candidate %.64s", reference);
	return kb_hint(err, "a candidate is known from their first paper on, until erased; see: ksbank paper list");
}

kb_status kb_load_versions(kb_call *call, const char *key, kb_q_item_by_key_row *item, kb_q_version_all_row **versions,
	size_t *count, kb_err *err)
{
	KB_TRY(kb_load_item(call, key, item, err));
	return kb_q_version_all(call->sql, call->arena, item->id, versions, count, err);
}
