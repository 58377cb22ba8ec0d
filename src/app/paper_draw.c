/*
 * paper draw: the one operation that the rest of the program exists for.
 *
 * With --practice the same engine draws from the same questions for nobody: nothing is issued, no paper is kept, no
 * question counts as seen. Only the log says that the questions were read.
 */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/cap.h"
#include "app/explanation.h"
#include "app/mapping.h"
#include "app/paper_load.h"
#include "app/paper_print.h"
#include "app/paper_snapshot.h"
#include "app/sign.h"
#include "app/weigh.h"
#include "embedded/templates.h"
#include "engine/capacity.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/even.h"
#include "text/json.h"

#define RECORD_FORMAT "ksbank-draw/1"

typedef struct drawing {
	kb_call *call;
	const char *standard_key, *method_id, *reference, *sitting;
	const kb_part *part;
	bool practice; /* no candidate, no sitting */
	char token[KB_DIGEST_TEXT], seed_text[KB_DIGEST_TEXT];
	kb_loaded loaded;
	const kb_method *method;
	kb_loaded_specification specification;
	int64_t candidate; /* 0: new */
	kb_q_paper_of_candidate_row *history;
	size_t history_count;
	kb_draw_input input;
	kb_digest seed;
	bool seed_given;
	kb_paper_draw paper;
	const char *valid_papers;
	bool exact; /* otherwise valid_papers is an upper bound */
	int64_t paper_id;
	const char *paper_key, *digest, *record_digest;
} drawing;

static kb_status load_rules(drawing *d, kb_err *err)
{
	KB_TRY(kb_load_standard(d->call, d->standard_key, &d->loaded, err));
	if (d->part == &kb_part_themes) KB_TRY(kb_load_method(d->call, &d->loaded, d->method_id, &d->method, err));
	else
		KB_TRY(kb_mapping_load_method(
			d->call, &d->loaded, d->method_id, kb_call_text(d->call, "mapping"), &d->method, err));
	return kb_load_specification(d->call, d->standard_key, d->method_id, &d->specification, err);
}

/* Practice keeps nothing for a re-sit. */
static bool is_first(const drawing *d)
{
	return !d->practice && strcmp(d->sitting, "first") == 0;
}

/* What clashes, and what would mend it, as bank explain says it: behind what `refusal` has. */
static kb_status explain(drawing *d, kb_node *refusal, kb_err *err)
{
	kb_explained explained;
	kb_bank_rules rules = { d->loaded, d->method, d->specification.specification, d->specification.id };
	KB_TRY(kb_explain_draw(d->call, &rules, d->candidate, is_first(d), &explained, err));
	kb_explained_write(d->call->arena, &explained, refusal);
	return kb_arena_check(d->call->arena, err);
}

static kb_status refuse_cap(drawing *d, kb_err *err)
{
	kb_err reason = *err;
	kb_node *refusal = kb_node_set(d->call->arena, d->call->result, "refusal", kb_node_map(d->call->arena));
	kb_node_set_text(d->call->arena, refusal, "id", reason.id);
	KB_TRY(explain(d, refusal, err));
	*err = reason;
	return kb_cap_hint(KB_REFUSED, kb_bank_words_of(d->call), err);
}

/* Practice keeps nothing, its weights neither. */
static kb_status load_pool(drawing *d, kb_err *err)
{
	const kb_specification *specification = d->specification.specification;
	kb_even even;
	KB_TRY(kb_paper_pool_load(d->call, &d->loaded, d->method, specification, d->part, d->candidate, &d->input, err));
	KB_TRY(kb_paper_pool_check(d->call, d->method_id, &d->input, err));
	uint32_t cap = d->part == &kb_part_questions ? kb_specification_cap(specification) : 0;
	kb_status status = kb_weigh_pool(d->call, d->specification.id, cap, !d->practice, &d->input, &even, err);
	return kb_cap_is_refused(status, err) ? refuse_cap(d, err) : status;
}

static kb_status load_candidate(drawing *d, kb_err *err)
{
	kb_q_candidate_by_token_row row = { 0 };
	bool found;
	KB_TRY(kb_store_token(d->call->store, d->reference, d->token, err));
	KB_TRY(kb_q_candidate_by_token(d->call->sql, d->call->arena, d->token, &row, &found, err));
	if (!found) return KB_OK;
	d->candidate = row.id;
	return kb_q_paper_of_candidate(d->call->sql, d->call->arena, row.id, d->standard_key, d->method_id, d->part->name,
		&d->history, &d->history_count, err);
}

/* A pass is not sat again: plans offer re-sits for what was failed. */
static kb_status check_outcome(drawing *d, kb_err *err)
{
	const kb_texts *grades = &d->method->grades;
	kb_q_outcome_of_candidate_row row = { 0 };
	bool found;
	if (grades->count == 0 || strcmp(d->sitting, "first") == 0) return KB_OK;
	KB_TRY(kb_q_outcome_of_candidate(
		d->call->sql, d->call->arena, d->candidate, d->standard_key, d->method_id, &row, &found, err));
	if (!found || strcmp(row.outcome, grades->list[0].text) == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "sitting.passed",
		"%s has the outcome %s in %s, recorded on %s (paper %s), and there is no re-sit of what was passed",
		d->reference, row.outcome, d->method_id, row.recorded_on, row.paper);
	return kb_hint(err, "only a method that was failed is sat again; see: ksbank sitting show %s", row.paper);
}

/* Sittings follow each other in time; one paper stands for each. */
static kb_status check_sitting(drawing *d, kb_err *err)
{
	const kb_q_paper_of_candidate_row *last = NULL;
	for (size_t i = 0; i < d->history_count; i++)
		if (!d->history[i].withdrawn) last = &d->history[i];
	bool first = strcmp(d->sitting, "first") == 0;
	if (!last && !first) {
		kb_fail(err, KB_REFUSED, "sitting.none", "a %s follows a first sitting, and %s has none for %s", d->sitting,
			d->reference, d->method_id);
		return kb_hint(err, "draw the first one with: --sitting first");
	}
	if (!last) return KB_OK;
	int order = strcmp(d->call->day_text, last->sat_on);
	if (first || (order == 0 && strcmp(last->sitting, d->sitting) == 0)) {
		kb_fail(err, KB_EXISTS, "paper.drawn", "already drawn: paper %s is the %s sitting of %s on %s", last->key,
			last->sitting, d->reference, last->sat_on);
		return kb_hint(err, "see it with: ksbank paper show %s; %s", last->key,
			last->recorded ? "its sitting was recorded, so that another one is a later resit or retake"
						   : "to replace it, withdraw it first");
	}
	if (order <= 0) {
		kb_fail(err, KB_REFUSED, "sitting.order", "a %s comes after the sitting before it, which is on %s (paper %s)",
			d->sitting, last->sat_on, last->key);
		return kb_hint(err, "give a later day with --date");
	}
	return KB_OK;
}

/* The seed of a live draw comes from the request under the store's key: drawing again on the same state gives the same
 * paper, and nobody without the key can foresee or steer one. Practice has a label of its own and goes by the day: it
 * tells nothing of any live draw. */
static kb_status make_seed(drawing *d, kb_err *err)
{
	const char *given = kb_call_text(d->call, "seed");
	kb_arena *arena = d->call->arena;
	d->seed_given = given != NULL;
	if (given) {
		if (!kb_digest_parse(given, &d->seed))
			KB_TRY(kb_digest_of("ksbank seed 1", given, strlen(given), &d->seed, err));
	} else {
		kb_node *request = kb_node_map(arena), *state = kb_node_map(arena);
		const char *bytes, *pool;
		kb_digest key;
		kb_paper_pool_write(arena, &d->input, state);
		KB_TRY(kb_load_digest(d->call, "ksbank pool 1", state, &pool, NULL, err));
		if (d->practice) kb_node_set_text(arena, request, "date", d->call->day_text);
		else kb_node_set_text(arena, request, "candidate", d->token);
		kb_node_set_text(arena, request, "standard", d->standard_key);
		kb_node_set_text(arena, request, "method", d->method_id);
		if (d->part != &kb_part_questions) kb_node_set_text(arena, request, "part", d->part->name);
		if (!d->practice) kb_node_set_text(arena, request, "sitting", d->sitting);
		kb_node_set_text(arena, request, "specification", d->specification.digest);
		kb_node_set_text(arena, request, "pool", pool);
		KB_TRY(kb_load_digest(d->call, NULL, request, NULL, &bytes, err));
		KB_TRY(kb_store_draw_key(d->call->store, &key, err));
		const char *label = d->practice ? "ksbank practice 1" : "ksbank draw 1";
		kb_status status = kb_digest_keyed(&key, label, bytes, strlen(bytes), &d->seed, err);
		kb_secret_wipe(&key, sizeof key);
		KB_TRY(status);
	}
	kb_digest_format(&d->seed, d->seed_text);
	return KB_OK;
}

/* Refusals. */

static kb_status refuse_none(drawing *d, kb_err *err)
{
	kb_err reason = *err;
	kb_node *refusal = kb_node_set(d->call->arena, d->call->result, "refusal", kb_node_map(d->call->arena));
	kb_node_set_text(d->call->arena, refusal, "id", reason.id);
	KB_TRY(explain(d, refusal, err));
	kb_node *pool = kb_node_set(d->call->arena, refusal, "pool", kb_node_map(d->call->arena));
	kb_node_set_int(d->call->arena, pool, "eligible", (int64_t)d->input.pool.count - d->input.excluded_count);
	kb_node_set_int(d->call->arena, pool, "excluded", d->input.excluded_count);
	KB_TRY(kb_arena_check(d->call->arena, err));
	const char *words = kb_node_get_text(refusal, "blocking_list", "");
	if (!*words) words = "the rules together";
	if (d->input.excluded_count)
		kb_fail(err, KB_REFUSED, reason.id, "no paper shares nothing with what %s had: %s can't be met", d->reference,
			words);
	else kb_fail(err, KB_REFUSED, reason.id, "no valid paper can be drawn: %s can't be met", words);
	return kb_hint(err, "the fewest questions to write and approve: %lld%s",
		(long long)kb_node_get_int(refusal, "fewest_questions_to_write", 0),
		kb_node_get(refusal, "fewest_is_proven")->boolean ? "" : " (at most; fewer may do)");
}

/* How many papers do fit side by side, below `most`: the search stops short of that where it sees that `most` don't. */
static kb_status count_disjoint(drawing *d, uint32_t most, uint32_t *count, kb_err *err)
{
	*count = 0;
	for (uint32_t wanted = most - 1; *count < wanted; wanted--) {
		kb_capacity capacity = { 0 };
		KB_TRY(kb_capacity_find(
			d->call->arena, &d->input.pool, &d->input.rules, d->input.excluded, wanted, &capacity, err));
		if (capacity.lower > *count) *count = capacity.lower;
	}
	return KB_OK;
}

static kb_status refuse_reserve(drawing *d, kb_err *err)
{
	kb_capacity capacity = { 0 };
	uint32_t papers, wanted = d->input.rules.reserve + 1;
	kb_arena *arena = d->call->arena;
	KB_TRY(kb_capacity_find(arena, &d->input.pool, &d->input.rules, d->input.excluded, wanted, &capacity, err));
	KB_TRY(count_disjoint(d, wanted, &papers, err));
	kb_node *refusal = kb_node_set(arena, d->call->result, "refusal", kb_node_map(arena));
	kb_node_set_text(arena, refusal, "id", "draw.reserve");
	kb_node_set_int(arena, refusal, "reserve", d->input.rules.reserve);
	kb_node_set_int(arena, refusal, "disjoint_papers", papers);
	if (d->part == &kb_part_questions) KB_TRY(explain(d, refusal, err));
	KB_TRY(kb_arena_check(arena, err));
	kb_fail(err, KB_REFUSED, "draw.reserve",
		"one %s could be drawn, but no further %u would remain for a re-sit: only %u without shared %s fit side by side",
		d->part->paper, d->input.rules.reserve, papers, d->part->items);
	const char *reason = d->part == &kb_part_themes ? "there are only so many themes" : capacity.reason;
	return kb_hint(err, "%s; write more %s%s%s, or lower the specification's reserve", reason, d->part->items,
		capacity.scarcest ? " for " : "", kb_brief_unit_words(d->call->arena, &d->input, capacity.scarcest));
}

/* Without units only their number and rivals can be in the way: the most themes that may meet are counted down to. */
static kb_status refuse_themes(drawing *d, kb_err *err)
{
	kb_arena *arena = d->call->arena;
	uint32_t left = d->input.pool.count - d->input.excluded_count, size = d->input.rules.size, most = size;
	kb_rules rules = d->input.rules;
	bool fits = false;
	while (!fits && --most > 0) {
		kb_tables *tables;
		rules.size = most;
		KB_TRY(kb_tables_build(arena, &d->input.pool, &rules, d->input.excluded, 0, &tables, err));
		fits = !kb_tables_empty(tables);
	}
	kb_node *refusal = kb_node_set(arena, d->call->result, "refusal", kb_node_map(arena));
	kb_node_set_text(arena, refusal, "id", "draw.none");
	kb_node_set_int(arena, refusal, "themes_left", left);
	kb_node_set_int(arena, refusal, "fewest_themes_to_write", size - most);
	KB_TRY(kb_arena_check(arena, err));
	kb_fail(err, KB_REFUSED, "draw.none",
		"no offer of %u themes shares nothing with what %s had: %u %s left, and %u of them may meet", size,
		d->reference, left, left == 1 ? "theme is" : "themes are", most);
	return kb_hint(err, "the fewest themes to write and approve, rivals of none: %u", size - most);
}

static kb_status choose(drawing *d, kb_err *err)
{
	kb_tables *tables = NULL;
	if (!is_first(d)) d->input.rules.reserve = 0;
	kb_status status = kb_draw_paper(
		d->call->arena, &d->input.pool, &d->input.rules, d->input.excluded, &d->seed, &d->paper, &tables, err);
	if (status == KB_REFUSED && strcmp(err->id, "draw.none") == 0)
		return d->part == &kb_part_themes ? refuse_themes(d, err) : refuse_none(d, err);
	if (status == KB_REFUSED && strcmp(err->id, "draw.reserve") == 0) return refuse_reserve(d, err);
	KB_TRY(status);
	KB_TRY(kb_even_papers(
		d->call->arena, &d->input.pool, &d->input.rules, d->input.excluded, tables, &d->valid_papers, err));
	d->exact = kb_tables_exact(tables);
	return kb_check_paper(&d->input.pool, &d->input.rules, d->input.excluded, d->paper.items, d->paper.count, err);
}

/* Writing. */

static kb_status freeze_templates(drawing *d, kb_node **ret, kb_err *err)
{
	const char *const *names = d->part->templates;
	kb_node *map = kb_node_map(d->call->arena);
	for (size_t i = 0; names[i]; i++) {
		const char *text = kb_embedded_templates(names[i]);
		kb_digest digest;
		char hex[KB_DIGEST_TEXT];
		if (!text) return kb_fail(err, KB_BUG, "template.none", "the template %s is not in the program", names[i]);
		KB_TRY(kb_digest_of(KB_DOMAIN_TEMPLATE, text, strlen(text), &digest, err));
		kb_digest_format(&digest, hex);
		kb_node_set_text(d->call->arena, map, names[i], hex);
		KB_TRY(kb_q_template_add(d->call->sql, hex, names[i], text, NULL, err));
	}
	*ret = map;
	return KB_OK;
}

static kb_node *selection(drawing *d)
{
	kb_node *list = kb_node_list(d->call->arena);
	for (uint32_t i = 0; i < d->paper.count; i++)
		kb_node_add(d->call->arena, list, kb_node_text(d->call->arena, d->input.pool.items[d->paper.items[i]].key));
	return list;
}

static kb_node *versioned(kb_arena *arena, const char *key, int64_t number, const char *digest)
{
	kb_node *map = kb_node_map(arena);
	kb_node_set_text(arena, map, "key", key);
	kb_node_set_int(arena, map, "version", number);
	kb_node_set_text(arena, map, "digest", digest);
	return map;
}

static kb_node *draw_record(drawing *d)
{
	kb_arena *arena = d->call->arena;
	kb_node *record = kb_node_map(arena);
	kb_node_set_text(arena, record, "format", RECORD_FORMAT);
	kb_node_set_text(arena, record, "paper", d->paper_key);
	kb_node_set_text(arena, record, "algorithm", KB_DRAW_ALGORITHM);
	kb_node_set(arena, record, "standard", versioned(arena, d->standard_key, d->loaded.number, d->loaded.digest));
	kb_node_set(arena, record, "specification",
		versioned(arena, d->method_id, d->specification.number, d->specification.digest));
	kb_node_set_text(arena, record, "method", d->method_id);
	kb_node_set_text(arena, record, "part", d->part->name);
	kb_node_set_text(arena, record, "candidate", d->token);
	kb_node_set_text(arena, record, "sitting", d->sitting);
	kb_node_set_text(arena, record, "date", d->call->day_text);
	kb_node_set_text(arena, record, "seed", d->seed_text);
	kb_node_set_text(arena, record, "seed_source", d->seed_given ? "given" : "store");
	kb_node_set_text(arena, record, "rank", d->paper.rank);
	kb_node_set_int(arena, record, "attempts", d->paper.attempts);
	kb_node_set_text(arena, record, "valid_papers", d->valid_papers);
	kb_node_set_bool(arena, record, "valid_papers_exact", d->exact);
	kb_paper_pool_write(arena, &d->input, record);
	kb_node_set(arena, record, "selection", selection(d));
	return record;
}

static kb_status write_items(drawing *d, kb_err *err)
{
	for (uint32_t i = 0; i < d->paper.count; i++) {
		uint32_t index = d->paper.items[i];
		KB_TRY(kb_q_paper_item_add(d->call->sql, d->paper_id, i + 1, d->candidate, d->input.item_ids[index],
			d->input.pool.items[index].version, NULL, err));
	}
	return KB_OK;
}

static kb_status make_snapshot(
	drawing *d, const char *token, const kb_node *templates, kb_node *practice, kb_node **snapshot, kb_err *err)
{
	kb_snapshot_input input = { &d->loaded, d->method, &d->specification, &d->input, d->paper.items, d->paper.count,
		d->paper_key, token, d->sitting, d->seed_given, practice, templates };
	return kb_paper_snapshot(d->call, &input, snapshot, err);
}

static kb_status write_paper(drawing *d, kb_node **snapshot, kb_err *err)
{
	kb_call *call = d->call;
	kb_q_paper_next_row next = { 0 };
	bool found;
	const char *snapshot_bytes, *record_bytes;
	kb_node *templates = NULL;
	KB_TRY(kb_q_paper_next(call->sql, call->arena, &next, &found, err));
	d->paper_id = next.id;
	d->paper_key = kb_arena_printf(call->arena, "P-%06lld", (long long)next.id);
	KB_TRY(freeze_templates(d, &templates, err));
	KB_TRY(make_snapshot(d, d->token, templates, NULL, snapshot, err));
	KB_TRY(kb_load_digest(call, KB_DOMAIN_PAPER, *snapshot, &d->digest, &snapshot_bytes, err));
	KB_TRY(kb_load_digest(call, KB_DOMAIN_RECORD, draw_record(d), &d->record_digest, &record_bytes, err));
	if (!d->candidate) {
		KB_TRY(kb_q_candidate_add(call->sql, d->token, d->reference, NULL, err));
		d->candidate = kb_sql_last_id(call->sql);
	}
	KB_TRY(kb_q_paper_add(call->sql, d->paper_id, d->candidate, d->standard_key, d->method_id, d->part->name,
		d->sitting, call->day_text, snapshot_bytes, d->digest, record_bytes, d->record_digest, NULL, err));
	KB_TRY(write_items(d, err));
	KB_TRY(kb_sign_subject(call, "paper", d->paper_id, snapshot_bytes, err));
	KB_TRY(kb_sign_subject(call, "record", d->paper_id, record_bytes, err));
	kb_node_set_text(call->arena, call->effects, "paper", d->paper_key);
	kb_node_set_text(call->arena, call->effects, "candidate", d->token);
	kb_node_set_text(call->arena, call->effects, "digest", d->digest);
	kb_node_set_text(call->arena, call->effects, "record", d->record_digest);
	return KB_OK;
}

/* Counted anew from what the store now holds, not taken from the draw's own word. */
static kb_status count_shared(drawing *d, int64_t *shared, kb_err *err)
{
	*shared = 0;
	kb_q_seen_row *rows;
	size_t count;
	KB_TRY(kb_q_seen(d->call->sql, d->call->arena, d->candidate, &rows, &count, err));
	for (uint32_t i = 0; i < d->paper.count; i++)
		for (size_t j = 0; j < count; j++)
			*shared +=
				rows[j].paper != d->paper_id && strcmp(rows[j].key, d->input.pool.items[d->paper.items[i]].key) == 0;
	if (*shared > 0)
		return kb_fail(err, KB_BUG, "draw.shared", "the %s shares %lld %s with an earlier one; nothing was issued",
			d->part->paper, (long long)*shared, d->part->items);
	return KB_OK;
}

static kb_node *result_questions(drawing *d, const kb_node *snapshot)
{
	static const char *const keys[] = { "number", "id", "version", "theme", "ksb_list", "kind", "minutes" };
	kb_arena *arena = d->call->arena;
	kb_node *list = kb_node_list(arena), *from = kb_node_get(snapshot, "questions");
	for (size_t i = 0; i < from->count; i++) {
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena)), *codes = kb_node_list(arena);
		for (size_t k = 0; k < KB_COUNT(keys); k++)
			kb_node_set(arena, entry, keys[k], kb_node_get(from->items[i], keys[k]));
		const kb_node *ksbs = kb_node_get(from->items[i], "ksbs");
		for (size_t k = 0; k < ksbs->count; k++) kb_node_add(arena, codes, kb_node_get(ksbs->items[k], "code"));
		kb_node_set(arena, entry, "ksbs", codes);
	}
	return list;
}

static void answer(drawing *d, const kb_node *snapshot)
{
	kb_arena *arena = d->call->arena;
	kb_node *result = d->call->result, *pool = kb_node_map(arena);
	kb_node_set_text(arena, result, "paper", d->paper_key);
	kb_node_set_text(arena, result, "standard", d->standard_key);
	kb_node_set_text(arena, result, "method", d->method_id);
	kb_node_set_text(arena, result, "date", d->call->day_text);
	kb_node_set_text(arena, result, "seed", d->seed_text);
	kb_node_set_text(arena, result, "algorithm", KB_DRAW_ALGORITHM);
	kb_node_set_text(arena, result, "rank", d->paper.rank);
	if (d->part == &kb_part_themes) {
		kb_node_set(arena, result, "themes", kb_node_get(snapshot, "case_study_themes"));
	} else {
		kb_node_set(arena, result, "questions", result_questions(d, snapshot));
		kb_node_set(arena, result, "coverage", kb_node_get(snapshot, "coverage"));
		kb_node_set(arena, result, "minutes", kb_node_get(snapshot, "minutes"));
	}
	kb_node_set_text(arena, result, "valid_papers", d->valid_papers);
	kb_node_set_bool(arena, result, "valid_papers_exact", d->exact);
	kb_node_set_text(arena, result, "valid_papers_grouped", kb_paper_count_words(arena, d->valid_papers, d->exact));
	kb_node_set_int(arena, pool, "eligible", (int64_t)d->input.pool.count - d->input.excluded_count);
	kb_node_set_int(arena, pool, "excluded", d->input.excluded_count);
	kb_node_set_int(arena, pool, "left_out", d->input.left_out ? (int64_t)d->input.left_out->count : 0);
	kb_node_set(arena, result, "pool", pool);
	kb_node_set_text(arena, result, "digest", d->digest);
}

static kb_status answer_issued(drawing *d, const kb_node *snapshot, kb_err *err)
{
	kb_arena *arena = d->call->arena;
	kb_node *result = d->call->result, *earlier = kb_node_list(arena);
	int64_t shared;
	KB_TRY(count_shared(d, &shared, err));
	answer(d, snapshot);
	for (size_t i = 0; i < d->history_count; i++) kb_node_add(arena, earlier, kb_node_text(arena, d->history[i].key));
	kb_node_set_text(arena, result, "candidate", d->reference);
	kb_node_set_text(arena, result, "sitting", d->sitting);
	kb_node_set(arena, result, "sitting_name", kb_node_get(snapshot, "sitting_name"));
	kb_node_set_int(arena, result, "shared_with_earlier", shared);
	kb_node_set(arena, result, "earlier_papers", earlier);
	return kb_arena_check(arena, err);
}

/* Practice. */

/* Print.css first, so that the banner stands over it. */
static const char *practice_css(kb_call *call)
{
	return kb_arena_printf(
		call->arena, "%s%s", kb_embedded_templates("print.css"), kb_embedded_templates("practice.css"));
}

static kb_status run_practice(drawing *d, kb_err *err)
{
	kb_call *call = d->call;
	kb_node *snapshot, *practice = kb_node_map(call->arena);
	const char *mapping = kb_call_text(call, "mapping");
	KB_TRY(load_rules(d, err));
	KB_TRY(load_pool(d, err));
	KB_TRY(make_seed(d, err));
	KB_TRY(choose(d, err));
	d->paper_key = "PRACTICE";
	d->sitting = "practice";
	kb_node_set_text(call->arena, practice, "seed", d->seed_text);
	if (mapping) kb_node_set_text(call->arena, practice, "mapping", mapping);
	KB_TRY(make_snapshot(d, "none", kb_node_map(call->arena), practice, &snapshot, err));
	KB_TRY(kb_load_digest(call, KB_DOMAIN_PRACTICE, snapshot, &d->digest, NULL, err));
	kb_node_set_text(call->arena, snapshot, "digest", d->digest);
	answer(d, snapshot);
	kb_node_set(call->arena, call->result, "practice", practice);
	kb_node_set(call->arena, call->effects, "practice", selection(d));
	for (uint32_t i = 0; i < d->paper.count; i++)
		KB_TRY(kb_call_reads_item(call, d->input.item_ids[d->paper.items[i]], err));
	const char *name = kb_print_template(call, d->part);
	KB_TRY(kb_arena_check(call->arena, err));
	kb_print print = { snapshot, name, kb_embedded_templates(name), practice_css(call),
		kb_arena_printf(call->arena, "PRACTICE · %s · not for an assessment", d->standard_key) };
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_paper_print(call, &print, err);
}

static kb_status issue(kb_call *call, const kb_part *part, kb_err *err)
{
	drawing d = {
		.call = call,
		.standard_key = kb_call_text(call, "standard"),
		.method_id = kb_call_text(call, "method"),
		.reference = kb_call_text(call, "candidate"),
		.sitting = kb_call_text(call, "sitting"),
		.part = part,
		.practice = kb_call_flag(call, "practice"),
	};
	kb_node *snapshot;
	if (d.practice) return run_practice(&d, err);
	KB_TRY(load_rules(&d, err));
	KB_TRY(load_candidate(&d, err));
	KB_TRY(check_sitting(&d, err));
	KB_TRY(check_outcome(&d, err));
	KB_TRY(load_pool(&d, err));
	KB_TRY(make_seed(&d, err));
	KB_TRY(choose(&d, err));
	KB_TRY(write_paper(&d, &snapshot, err));
	return answer_issued(&d, snapshot, err);
}

static kb_status run_draw(kb_call *call, kb_err *err)
{
	return issue(call, &kb_part_questions, err);
}

static kb_status run_offer(kb_call *call, kb_err *err)
{
	return issue(call, &kb_part_themes, err);
}

static const char *const sittings[] = { "first", "resit", "retake", NULL };

static const kb_arg draw_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "candidate", KB_ARG_REFERENCE, .required = true, .help = "the candidate's reference, never a name, as in AP-1042",
		.without = "practice" },
	{ "sitting", KB_ARG_WORD, .required = true, .help = "which attempt it is", .words = sittings,
		.without = "practice" },
	{ "seed", KB_ARG_TEXT, .help = "draw from this seed, and say so on the paper; without it the store makes one" },
	{ "practice", KB_ARG_FLAG, .help = "draw a paper for nobody, and print it; it is never issued and never kept" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known",
		.with = "practice" },
	{ "what", KB_ARG_WORD, .help = "what to print; without it the assessor's pack", .words = kb_print_whats,
		.with = "practice" },
	{ "format", KB_ARG_WORD, .help = "without it text for the terminal", .words = kb_print_formats,
		.with = "practice" },
	{ "output", KB_ARG_PATH, .help = "write to this file, readable by you alone, instead of the screen",
		.with = "practice" },
};

const kb_op kb_op_paper_draw = {
	.name = "paper draw",
	.summary = "Draw and issue a paper for a candidate's sitting",
	.help =
		"Chooses one paper among all valid ones, each as likely as the next (or as its questions' weights say,\n"
		"where the specification caps how often one is drawn), checks it independently, freezes it, and logs it. A re-sit shares nothing with any earlier paper of the candidate: no question in any\n"
		"version, and no rival of one. When that can't be done, it is refused, and the refusal names what to\n"
		"write.\n\n"
		"    ksbank paper draw ST0648/1.0 professional-discussion --candidate AP-1042 --sitting first\n"
		"    ksbank paper draw ST0648/1.0 professional-discussion --candidate AP-1042 --sitting resit --date 2027-01-15\n\n"
		"With --practice it draws by the same rules for nobody, and prints as paper print does: no candidate, no\n"
		"number, nothing kept and no question seen; the log alone says what was read. Each page says PRACTICE. Where\n"
		"no mapping is known, --mapping lends an example, and the print says that it is not the plan's. On one day\n"
		"the same bank gives the same paper, so that the pack and the recording sheet belong together. No re-sit is\n"
		"kept in reserve.\n\n"
		"    ksbank paper draw ST0648/1.0 professional-discussion --practice --format html --output pack.html\n"
		"    ksbank paper draw ST0648/1.0 professional-discussion --practice --what recording-sheet",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = draw_args,
	.arg_count = KB_COUNT(draw_args),
	.run = run_draw,
	.screen = "paper-draw",
	.signs = true,
	.answer = "paper, standard, method, candidate, sitting, sitting_name, date, seed, algorithm, rank, digest, "
			  "minutes; questions: list of {number, id, version, theme, ksbs, ksb_list, kind, minutes}; coverage: "
			  "{required, covered, rule}; shared_with_earlier, earlier_papers; valid_papers: decimal text, "
			  "valid_papers_exact, valid_papers_grouped; pool: {eligible, excluded, left_out}. With --practice paper "
			  "is PRACTICE, what belongs to a candidate is left out, and there are practice: {seed, mapping}; text, or "
			  "with --output: output, bytes",
};

static const kb_arg offer_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in case-study-presentation" },
	{ "candidate", KB_ARG_REFERENCE, .required = true,
		.help = "the candidate's reference, never a name, as in AP-1042" },
	{ "sitting", KB_ARG_WORD, .required = true, .help = "which attempt it is for", .words = sittings },
	{ "seed", KB_ARG_TEXT, .help = "draw from this seed, and say so on the offer; without it the store makes one" },
};

const kb_op kb_op_theme_offer = {
	.name = "theme offer",
	.summary = "Draw the case-study themes that a candidate chooses from",
	.help =
		"As many approved themes as the method's specification says (themes-offered), no two of them rivals, each\n"
		"such offer as likely as the next. It is kept, printed, replayed and verified as a paper is. The offer for a\n"
		"re-sit shares no theme with an earlier one, and no rival of one: the chosen theme and the others count as\n"
		"seen. When that can't be done, the refusal says how many themes are left, and how many to write.\n\n"
		"    ksbank theme offer ST0648/1.0 case-study-presentation --candidate AP-1042 --sitting first\n"
		"    ksbank paper print P-000001",
	.permission = KB_MAY_ISSUE_PAPER,
	.store = KB_OP_WRITES,
	.args = offer_args,
	.arg_count = KB_COUNT(offer_args),
	.run = run_offer,
	.screen = "theme-offer",
	.signs = true,
	.answer = "paper, standard, method, candidate, sitting, sitting_name, date, seed, algorithm, rank, digest; themes: "
			  "list of {number, id, version, digest, title, ksb_list, brief, guidance, where}; shared_with_earlier, "
			  "earlier_papers; valid_papers: decimal text, valid_papers_exact, valid_papers_grouped; pool: {eligible, "
			  "excluded, left_out}",
};
