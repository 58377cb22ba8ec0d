#include "app/pack_paper.h"

#include <string.h>

#include "app/audit.h"
#include "model/sitting.h"
#include "text/json.h"

typedef struct pager {
	kb_call *call;
	kb_arena *arena;
	kb_pack *pack;
	const kb_loaded_paper *paper;
	bool with_text;
} pager;

/* What a record says without any words of a question: the shape of what was asked. */
static kb_node *follow_ups_without_words(kb_arena *arena, const kb_list *list)
{
	kb_node *out = kb_node_list(arena);
	const kb_follow_up *follow_ups = list->list;
	for (size_t i = 0; i < list->count; i++) {
		kb_node *map = kb_node_add(arena, out, kb_node_map(arena));
		kb_node_set_text(arena, map, "ksbs", kb_texts_join(arena, &follow_ups[i].ksbs, ", "));
	}
	return out;
}

static kb_node *without_words(kb_arena *arena, const kb_sitting *sitting)
{
	kb_node *map = kb_node_map(arena), *questions = kb_node_set(arena, map, "questions", kb_node_list(arena));
	kb_node *own = kb_node_set(arena, map, "own_questions", kb_node_list(arena));
	kb_node *checklist = kb_node_set(arena, map, "checklist", kb_node_list(arena));
	const kb_asked *asked = sitting->questions.list;
	const kb_own_question *owns = sitting->own.list;
	const kb_checked *checked = sitting->checklist.list;
	for (size_t i = 0; i < sitting->questions.count; i++) {
		kb_node *entry = kb_node_add(arena, questions, kb_node_map(arena));
		kb_node_set_text(arena, entry, "id", asked[i].id.text);
		kb_node_set_text(arena, entry, "state", kb_asked_states[asked[i].state.value]);
		kb_node_set(arena, entry, "follow_ups", follow_ups_without_words(arena, &asked[i].follow_ups));
	}
	for (size_t i = 0; i < sitting->own.count; i++) {
		kb_node *entry = kb_node_add(arena, own, kb_node_map(arena));
		kb_node_set_text(arena, entry, "ksbs", kb_texts_join(arena, &owns[i].ksbs, ", "));
		kb_node_set(arena, entry, "follow_ups", follow_ups_without_words(arena, &owns[i].follow_ups));
	}
	for (size_t i = 0; i < sitting->checklist.count; i++) {
		kb_node *entry = kb_node_add(arena, checklist, kb_node_map(arena));
		kb_node_set_text(arena, entry, "letter", checked[i].letter.text);
		kb_node_set_text(arena, entry, "done", checked[i].done.value ? "no" : "yes");
	}
	return map;
}

static kb_status add_record(
	pager *p, const kb_q_sitting_all_row *row, const kb_node *body, const kb_sitting *sitting, kb_err *err)
{
	const char *name =
		kb_arena_printf(p->arena, "papers/%s.sitting-%lld.json", p->paper->row.key, (long long)row->number);
	kb_buf text = { .arena = p->arena };
	if (p->with_text) return kb_pack_add(p->pack, name, row->body, strlen(row->body), err);
	kb_node *map = kb_node_map(p->arena);
	kb_node_set_text(p->arena, map, "paper", p->paper->row.key);
	kb_node_set_int(p->arena, map, "record", row->number);
	kb_node_set_text(p->arena, map, "digest", row->digest);
	kb_node_set_text(p->arena, map, "recorded_by", row->recorded_by);
	kb_node_set_text(p->arena, map, "recorded_on", row->recorded_on);
	kb_node_set_text(p->arena, map, "outcome", row->outcome ? row->outcome : "");
	kb_node_set(p->arena, map, "sitting", without_words(p->arena, sitting));
	kb_node_set(p->arena, map, "found", kb_node_get(body, "found"));
	KB_TRY(kb_json_pretty(p->arena, map, &text, err));
	return kb_pack_add(p->pack, name, text.text, text.length, err);
}

static kb_status add_sitting(pager *p, kb_node *page, kb_node *proofs, kb_err *err)
{
	kb_q_sitting_all_row *rows;
	size_t count;
	kb_node *list = kb_node_set(p->arena, page, "records", kb_node_list(p->arena));
	KB_TRY(kb_q_sitting_all(p->call->sql, p->arena, p->paper->id, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		kb_node *body;
		kb_sitting sitting;
		kb_faults faults = { .arena = p->arena };
		KB_TRY(kb_load_body(p->call, rows[i].body, &body, err));
		KB_TRY(kb_sitting_read(p->arena, kb_node_get(body, "sitting"), &faults, &sitting, err));
		KB_TRY(kb_faults_check(&faults, err));
		KB_TRY(add_record(p, &rows[i], body, &sitting, err));
		kb_node *entry = kb_node_add(p->arena, list, kb_node_map(p->arena));
		kb_node_set_int(p->arena, entry, "record", rows[i].number);
		kb_node_set_text(p->arena, entry, "by", rows[i].recorded_by);
		kb_node_set_text(p->arena, entry, "on", rows[i].recorded_on);
		kb_node_set_text(p->arena, entry, "outcome", rows[i].outcome ? rows[i].outcome : "undecided");
		kb_node_set(p->arena, entry, "found", kb_node_get(body, "found"));
		kb_node_set(p->arena, entry, "sitting", without_words(p->arena, &sitting));
		entry = kb_node_add(p->arena, proofs, kb_node_map(p->arena));
		kb_node_set_text(p->arena, entry, "file",
			kb_arena_printf(p->arena, "papers/%s.sitting-%lld.json", p->paper->row.key, (long long)rows[i].number));
		kb_node_set_text(p->arena, entry, "digest", rows[i].digest);
	}
	return kb_arena_check(p->arena, err);
}

static kb_status add_subject(pager *p, const char *subject, const char *name, const char *bytes, kb_err *err)
{
	kb_q_signature_of_row row = { 0 };
	bool found;
	KB_TRY(kb_q_signature_of(p->call->sql, p->arena, subject, p->paper->id, &row, &found, err));
	if (!found) return kb_fail(err, KB_CORRUPT, "signature.none", "%s has no signature", p->paper->row.key);
	return kb_pack_add_signed(p->pack, name, bytes, row.signature, row.key, err);
}

static kb_status add_items(pager *p, kb_node *page, kb_err *err)
{
	static const char *const keys[] = { "theme", "ksb_list", "kind", "stem" };
	const kb_node *questions = kb_node_get(p->paper->snapshot, "questions");
	kb_q_paper_items_row *rows;
	size_t count;
	kb_node *list = kb_node_set(p->arena, page, "items", kb_node_list(p->arena));
	KB_TRY(kb_q_paper_items(p->call->sql, p->arena, p->paper->id, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		const kb_node *frozen = questions && i < questions->count ? questions->items[i] : NULL;
		kb_node *entry = kb_node_add(p->arena, list, kb_node_map(p->arena));
		kb_node_set_int(p->arena, entry, "number", rows[i].position);
		kb_node_set_text(p->arena, entry, "id", rows[i].key);
		kb_node_set_int(p->arena, entry, "version", rows[i].version);
		for (size_t k = 0; k < KB_COUNT(keys); k++)
			kb_node_set_text(p->arena, entry, keys[k], kb_node_get_text(frozen, keys[k], ""));
	}
	return kb_arena_check(p->arena, err);
}

static kb_status add_readers(pager *p, kb_node *page, kb_err *err)
{
	kb_q_audit_readers_row *rows;
	size_t count;
	kb_node *list = kb_node_set(p->arena, page, "readers", kb_node_list(p->arena));
	KB_TRY(kb_q_audit_readers(p->call->sql, p->arena, p->paper->id, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(p->arena, list, kb_node_map(p->arena));
		kb_node_set_text(p->arena, entry, "person", rows[i].person);
		kb_node_set_text(p->arena, entry, "on", rows[i].read_on);
		kb_node_set_text(p->arena, entry, "operation", rows[i].operation);
	}
	return kb_arena_check(p->arena, err);
}

/* What decided the draw, for people; the draw record itself has all of it. */
static void describe_draw(pager *p, kb_node *page)
{
	const kb_node *record = p->paper->record, *exact = kb_node_get(record, "valid_papers_exact");
	const kb_node *pool = kb_node_get(record, "pool");
	bool counted = exact && exact->kind == KB_NODE_BOOL && exact->boolean;
	kb_node_set_text(p->arena, page, "seed", kb_node_get_text(record, "seed", ""));
	kb_node_set_text(p->arena, page, "algorithm", kb_node_get_text(record, "algorithm", ""));
	kb_node_set_text(p->arena, page, "valid_papers",
		kb_paper_count_words(p->arena, kb_node_get_text(record, "valid_papers", "0"), counted));
	kb_node_set_int(p->arena, page, "eligible", pool ? (int64_t)pool->count : 0);
	kb_node_set(p->arena, page, "excluded", kb_node_get(record, "excluded"));
	kb_node_set(p->arena, page, "left_out", kb_node_get(record, "left_out"));
}

static void describe(pager *p, kb_node *page)
{
	kb_node_set_text(p->arena, page, "paper", p->paper->row.key);
	kb_node_set_text(p->arena, page, "standard", p->paper->row.standard);
	kb_node_set_text(
		p->arena, page, "method", kb_node_get_text(p->paper->snapshot, "method_name", p->paper->row.method));
	kb_node_set_text(p->arena, page, "sitting", p->paper->row.sitting);
	kb_node_set_text(p->arena, page, "date", p->paper->row.sat_on);
	kb_node_set_text(p->arena, page, "candidate", kb_arena_copy(p->arena, p->paper->row.token, KB_AUDIT_TOKEN_DIGITS));
	kb_node_set_text(p->arena, page, "digest", p->paper->row.digest);
	kb_node_set_text(p->arena, page, "record_digest", p->paper->row.record_digest);
	kb_node_set_int(p->arena, page, "logged_as", p->paper->row.logged_as);
	kb_node_set_bool(p->arena, page, "with_text", p->with_text);
	kb_node_set_text(p->arena, page, "withdrawn_on", p->paper->row.withdrawn_on ? p->paper->row.withdrawn_on : "");
	kb_node_set_text(p->arena, page, "withdrawn_by", p->paper->row.withdrawn_by ? p->paper->row.withdrawn_by : "");
	kb_node_set_text(
		p->arena, page, "withdrawn_because", p->paper->row.withdrawn_because ? p->paper->row.withdrawn_because : "");
	kb_node *coverage = kb_node_get(p->paper->snapshot, "coverage"),
			*themes = kb_node_get(p->paper->snapshot, "themes");
	bool covers = coverage && coverage->kind == KB_NODE_MAP;
	kb_node_set(p->arena, page, "coverage", covers ? coverage : kb_node_bool(p->arena, false));
	kb_node_set(p->arena, page, "themes", covers && themes ? themes : kb_node_list(p->arena));
}

kb_status kb_pack_add_paper(
	kb_pack *pack, const kb_loaded_paper *paper, bool with_text, kb_node *pages, kb_node *proofs, kb_err *err)
{
	pager page_of = { pack->call, pack->call->arena, pack, paper, with_text }, *p = &page_of;
	kb_node *page = kb_node_add(p->arena, pages, kb_node_map(p->arena));
	const char *record = kb_arena_printf(p->arena, "papers/%s.record.json", paper->row.key);
	const char *snapshot = kb_arena_printf(p->arena, "papers/%s.json", paper->row.key);
	KB_TRY(kb_arena_check(p->arena, err));
	describe(p, page);
	describe_draw(p, page);
	if (with_text) KB_TRY(kb_call_reads_paper(p->call, paper->id, err));
	if (with_text) KB_TRY(add_subject(p, "paper", snapshot, paper->row.snapshot, err));
	KB_TRY(add_subject(p, "record", record, paper->row.record, err));
	KB_TRY(add_items(p, page, err));
	KB_TRY(add_readers(p, page, err));
	KB_TRY(add_sitting(p, page, proofs, err));
	return kb_pack_add_page(pack, paper->row.key, "audit-paper.md", page, err);
}
