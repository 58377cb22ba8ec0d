#include "app/paper_load.h"

#include <string.h>

static kb_status none(const char *key, kb_err *err)
{
	kb_fail(err, KB_NOT_FOUND, "paper.none", "there is no paper %.40s", key);
	return kb_hint(err, "a paper's id looks like P-000001; see them with: ksbank paper list");
}

/* A conflict of interest that became known after the paper was assigned. */
static kb_status check_conflict(kb_call *call, int64_t candidate, const char *key, kb_err *err)
{
	kb_q_person_by_name_row person = { 0 };
	kb_q_conflict_with_row *rows;
	size_t count;
	bool found;
	KB_TRY(kb_q_person_by_name(call->sql, call->arena, call->actor, &person, &found, err));
	KB_TRY(kb_q_conflict_with(call->sql, call->arena, person.id, candidate, &rows, &count, err));
	if (count == 0) return KB_OK;
	kb_fail(err, KB_DENIED, "assign.conflict", "%.60s has a conflict of interest with the candidate of %s: %s",
		call->actor, key, rows[0].reason);
	return kb_hint(err, "ask operations to assign it to somebody else: ksbank paper assign %s --to NAME", key);
}

/* An assessor sees the papers that they hold, and no others. */
static kb_status check_holder(kb_call *call, int64_t id, const kb_q_paper_by_id_row *row, kb_err *err)
{
	kb_q_assignment_of_row held = { 0 };
	bool found;
	if (kb_roles_may(call->roles, KB_MAY_READ_ALL_PAPERS)) return KB_OK;
	KB_TRY(kb_q_assignment_of(call->sql, call->arena, id, &held, &found, err));
	if (found && strcmp(held.person, call->actor) == 0) return check_conflict(call, row->candidate, row->key, err);
	kb_fail(err, KB_DENIED, "paper.not-yours", "%s is not assigned to %.60s", row->key, call->actor);
	return kb_hint(err, "ask operations to assign it: ksbank paper assign %s --to %.60s", row->key, call->actor);
}

kb_status kb_load_paper_by_id(kb_call *call, int64_t id, kb_loaded_paper *paper, kb_err *err)
{
	bool found;
	*paper = (kb_loaded_paper) { .id = id };
	KB_TRY(kb_q_paper_by_id(call->sql, call->arena, id, &paper->row, &found, err));
	if (found) KB_TRY(check_holder(call, id, &paper->row, err));
	if (!found) return none(kb_arena_printf(call->arena, "P-%06lld", (long long)id), err);
	KB_TRY(kb_load_body(call, paper->row.snapshot, &paper->snapshot, err));
	return kb_load_body(call, paper->row.record, &paper->record, err);
}

kb_status kb_load_paper(kb_call *call, const char *key, kb_loaded_paper *paper, kb_err *err)
{
	int64_t id;
	if (strncmp(key, "P-", 2) != 0 || !kb_str_to_int(key + 2, &id) || id < 1) return none(key, err);
	return kb_load_paper_by_id(call, id, paper, err);
}

bool kb_paper_waits(const kb_call *call, const char *state, const char *sat_on)
{
	return strcmp(state, "issued") == 0 && strcmp(sat_on, call->day_text) >= 0;
}

const char *kb_paper_state(const kb_call *call, const char *state, int64_t unfit, const char *sat_on)
{
	return unfit > 0 && kb_paper_waits(call, state, sat_on) ? "to replace" : state;
}

const char *kb_paper_count_words(kb_arena *arena, const char *count, bool exact)
{
	const char *grouped = kb_str_grouped(arena, count);
	return exact ? grouped : kb_arena_printf(arena, "at most %s", grouped);
}

const char *kb_loaded_paper_candidate(const kb_loaded_paper *paper)
{
	return paper->row.reference ? paper->row.reference : "(erased)";
}

const kb_part *kb_loaded_paper_part(const kb_loaded_paper *paper)
{
	return kb_str_equal(paper->row.part, kb_part_themes.name) ? &kb_part_themes : &kb_part_questions;
}

const kb_node *kb_loaded_paper_items(const kb_loaded_paper *paper)
{
	static const kb_node none = { .kind = KB_NODE_LIST };
	bool offer = kb_loaded_paper_part(paper) == &kb_part_themes;
	const kb_node *list = kb_node_get(paper->snapshot, offer ? "case_study_themes" : "questions");
	return list && list->kind == KB_NODE_LIST ? list : &none;
}
