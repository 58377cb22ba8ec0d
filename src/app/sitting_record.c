/* sitting record: what was really asked, held against the paper, counted, and kept. */
#include "app/ops.h"

#include <string.h>

#include "app/heard.h"
#include "app/sitting_load.h"
#include "base/file.h"
#include "text/json.h"
#include "text/yaml.h"

typedef struct recorder {
	kb_call *call;
	kb_sat sat;
	kb_sitting sitting;
	kb_tally issued, asked;
	kb_node *shortfalls;
} recorder;

static kb_status check_open(const recorder *r, kb_err *err)
{
	const kb_q_paper_by_id_row *paper = &r->sat.paper.row;
	if (paper->withdrawn_on) {
		kb_fail(err, KB_REFUSED, "paper.withdrawn", "paper %s was withdrawn on %s", paper->key, paper->withdrawn_on);
		return kb_hint(err, "record the sitting of the paper that replaced it; see: ksbank paper list");
	}
	bool again = r->sat.record_count > 0;
	const char *since = again ? r->sat.records[r->sat.record_count - 1].recorded_on : paper->sat_on;
	if (strcmp(r->call->day_text, since) >= 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "sitting.early", "the sitting of %s %s on %s", paper->key, again ? "was recorded" : "is",
		since);
	return kb_hint(err, "record it from that day on");
}

static kb_status read_form(recorder *r, kb_err *err)
{
	kb_call *call = r->call;
	const char *path = kb_call_text(call, "file");
	kb_bytes bytes;
	kb_node *root;
	KB_TRY(kb_file_read(call->arena, path, KB_SITTING_MAX_BYTES, &bytes, err));
	kb_faults_source(&call->faults, path, bytes.data, bytes.length);
	KB_TRY(kb_yaml_read(call->arena, path, bytes.data, bytes.length, &call->faults, &root, err));
	KB_TRY(kb_faults_check(&call->faults, err));
	KB_TRY(kb_sitting_read(call->arena, root, &call->faults, &r->sitting, err));
	kb_sitting_check(&call->faults, &r->sat.held, &r->sitting);
	const kb_text *correction = &r->sitting.correction_reason;
	if (correction->text && r->sat.record_count == 0)
		kb_fault_add(
			&call->faults, correction->mark, "sitting.no-correction", "nothing was recorded that this corrects")
			->expected = "no `correction-reason` in a first record";
	return kb_faults_check(&call->faults, err);
}

static kb_status check_correction(const recorder *r, kb_err *err)
{
	const char *key = r->sat.paper.row.key;
	if (r->sat.record_count == 0 || r->sitting.correction_reason.text) return KB_OK;
	const kb_q_sitting_all_row *last = &r->sat.records[r->sat.record_count - 1];
	kb_fail(err, KB_EXISTS, "sitting.recorded", "the sitting of %s was recorded by %s on %s", key, last->recorded_by,
		last->recorded_on);
	return kb_hint(
		err, "to correct it, say why under correction-reason; ksbank sitting form %s writes it as it stands", key);
}

/* A re-sit's outcome above the cap, where the cap binds the method's grade or nobody has said whether it does. */
static kb_status check_cap(const recorder *r, kb_err *err)
{
	const kb_q_paper_by_id_row *paper = &r->sat.paper.row;
	const char *outcome = r->sitting.outcome.text;
	kb_loaded loaded;
	if (!outcome || strcmp(paper->sitting, "first") == 0) return KB_OK;
	KB_TRY(kb_load_standard(r->call, paper->standard, &loaded, err));
	kb_resit_cap cap = kb_resit_cap_of(loaded.standard, loaded.decisions, loaded.decision_count);
	if (cap.scope == KB_CAP_NONE || cap.scope == KB_CAP_OVERALL) return KB_OK;
	if (!kb_grade_above(&r->sat.held.grades, outcome, cap.grade)) return KB_OK;
	if (cap.scope == KB_CAP_METHOD) {
		kb_fail(err, KB_REFUSED, "sitting.capped",
			"the outcome %s of a re-sit or re-take is above the cap: %s at most%s%s", outcome, cap.grade,
			cap.decision ? ", decided by " : "", cap.decision ? cap.decision->made_by : "");
		return kb_hint(err, "record %s; what it showed beyond that can stand in the reasons", cap.grade);
	}
	kb_fail(err, KB_REFUSED, "sitting.cap-open",
		"the plan caps a re-sit or re-take at %s, and nobody has decided whether that binds the method's grade",
		cap.grade);
	return kb_hint(err,
		"have it decided (ksbank decision record %s resit-cap-scope method|overall), or leave the outcome out until it is",
		paper->standard);
}

/* What comes again from an earlier sitting of the candidate, in words of the assessor's own. */

static void add_repeat(recorder *r, const char *what, int64_t paper)
{
	kb_arena *arena = r->call->arena;
	if (!paper) return;
	kb_node *entry = kb_node_add(arena, r->shortfalls, kb_node_map(arena));
	kb_node_set_text(arena, entry, "id", "likeness");
	kb_node_set_text(arena, entry, "text",
		kb_arena_printf(arena, "%s is like a question that was issued or asked in P-%06lld", what, (long long)paper));
}

static kb_status find_repeats(recorder *r, kb_err *err)
{
	kb_arena *arena = r->call->arena;
	const kb_q_paper_by_id_row *paper = &r->sat.paper.row;
	kb_heard heard = {
		.call = r->call, .candidate = paper->candidate, .standard = paper->standard, .method = paper->method
	};
	const kb_asked *asked = r->sitting.questions.list;
	const kb_own_question *own = r->sitting.own.list;
	size_t count = 0, most = r->sitting.questions.count + r->sitting.own.count;
	const char **texts = kb_arena_array(arena, most, sizeof *texts), **what = kb_arena_array(arena, most, sizeof *what);
	int64_t *papers = kb_arena_array(arena, most, sizeof *papers);
	KB_TRY(kb_heard_asked(&heard, r->sat.paper.id, err));
	KB_TRY(kb_heard_issued(&heard, r->sat.paper.id, err));
	KB_TRY(kb_arena_check(arena, err));
	for (size_t i = 0; i < r->sitting.questions.count; i++) {
		if (!asked[i].wording.text) continue;
		texts[count] = asked[i].wording.text;
		what[count++] = kb_arena_printf(arena, "the rewording of %s", asked[i].id.text);
	}
	for (size_t i = 0; i < r->sitting.own.count; i++) {
		texts[count] = own[i].text.text;
		what[count++] = kb_arena_printf(arena, "question %zu of the assessor's own", i + 1);
	}
	KB_TRY(kb_heard_match(&heard, texts, count, papers, err));
	for (size_t i = 0; i < count; i++) add_repeat(r, what[i], papers[i]);
	return kb_arena_check(arena, err);
}

/* It has happened, so it is recorded; but not without a reason. */
static kb_status check_shortfalls(recorder *r, kb_err *err)
{
	kb_arena *arena = r->call->arena;
	if (r->shortfalls->count == 0 || r->sitting.shortfall_reason.text) return KB_OK;
	kb_buf words = { .arena = arena };
	for (size_t i = 0; i < r->shortfalls->count; i++)
		kb_buf_printf(&words, "%s%s", i ? "; " : "", kb_node_get_text(r->shortfalls->items[i], "text", ""));
	kb_node *refusal = kb_node_set(arena, r->call->result, "refusal", kb_node_map(arena));
	kb_node_set_text(arena, refusal, "id", "sitting.shortfall");
	kb_node_set(arena, refusal, "shortfalls", r->shortfalls);
	kb_fail(
		err, KB_REFUSED, "sitting.shortfall", "this falls short, and no reason says why: %s", kb_buf_string(&words));
	return kb_hint(err, "if that is how it was, say why under shortfall-reason, and it is recorded");
}

/* Keeping it. */

static kb_node *tally_node(recorder *r, const kb_tally *tally)
{
	kb_arena *arena = r->call->arena;
	kb_node *map = kb_node_map(arena);
	kb_node_set_int(arena, map, "questions", tally->questions);
	kb_node_set_int(arena, map, "own", tally->own);
	kb_node_set_int(arena, map, "required", tally->required);
	kb_node_set_int(arena, map, "covered", tally->covered);
	kb_node_set_text(arena, map, "missing", kb_units_join(arena, &r->sat.held, tally->missing));
	return map;
}

static kb_node *found(recorder *r)
{
	kb_arena *arena = r->call->arena;
	kb_node *map = kb_node_map(arena);
	kb_node_set_int(arena, map, "least_questions", r->sat.held.least_questions);
	kb_node_set_int(arena, map, "minutes", kb_sitting_minutes(&r->sitting));
	kb_node_set(arena, map, "issued", tally_node(r, &r->issued));
	kb_node_set(arena, map, "asked", tally_node(r, &r->asked));
	kb_node_set(arena, map, "shortfalls", r->shortfalls);
	return map;
}

typedef struct heard_words {
	const char *kind;
	kb_sql_int item;
	const char *text;
	const kb_texts *ksbs;
} heard_words;

static kb_status keep_words(recorder *r, int64_t record, const heard_words *words, kb_err *err)
{
	kb_call *call = r->call;
	kb_buf ksbs = { .arena = call->arena };
	kb_node *list = kb_node_list(call->arena);
	for (size_t i = 0; words->ksbs && i < words->ksbs->count; i++)
		kb_node_add(call->arena, list, kb_node_text(call->arena, words->ksbs->list[i].text));
	KB_TRY(kb_json_canonical(call->arena, list, &ksbs, err));
	return kb_q_asked_text_add(call->sql, record, r->sat.paper.row.candidate, words->kind, words->item, words->text,
		kb_buf_string(&ksbs), NULL, err);
}

static kb_status keep_follow_ups(recorder *r, int64_t record, kb_sql_int item, const kb_list *list, kb_err *err)
{
	const kb_follow_up *follow_ups = list->list;
	for (size_t i = 0; i < list->count; i++) {
		heard_words words = { "follow-up", item, follow_ups[i].text.text, &follow_ups[i].ksbs };
		KB_TRY(keep_words(r, record, &words, err));
	}
	return KB_OK;
}

static kb_status keep_texts(recorder *r, int64_t record, kb_err *err)
{
	kb_q_paper_items_row *items;
	size_t count;
	const kb_asked *asked = r->sitting.questions.list;
	const kb_own_question *own = r->sitting.own.list;
	KB_TRY(kb_q_paper_items(r->call->sql, r->call->arena, r->sat.paper.id, &items, &count, err));
	for (size_t i = 0; i < r->sitting.questions.count; i++) {
		size_t p = 0;
		while (p < count && strcmp(items[p].key, asked[i].id.text) != 0) p++;
		kb_sql_int item = { p < count, p < count ? items[p].item : 0 };
		heard_words words = { "reworded", item, asked[i].wording.text, NULL };
		if (words.text) KB_TRY(keep_words(r, record, &words, err));
		KB_TRY(keep_follow_ups(r, record, item, &asked[i].follow_ups, err));
	}
	for (size_t i = 0; i < r->sitting.own.count; i++) {
		heard_words words = { "own", { 0 }, own[i].text.text, &own[i].ksbs };
		KB_TRY(keep_words(r, record, &words, err));
		KB_TRY(keep_follow_ups(r, record, words.item, &own[i].follow_ups, err));
	}
	return KB_OK;
}

static kb_status keep(recorder *r, kb_err *err)
{
	kb_call *call = r->call;
	kb_node *body = kb_node_map(call->arena), *findings = found(r);
	const char *digest, *bytes;
	int64_t number = (int64_t)r->sat.record_count + 1;
	kb_node_set(call->arena, body, "sitting", kb_sitting_write(call->arena, &r->sitting));
	kb_node_set(call->arena, body, "found", findings);
	KB_TRY(kb_load_digest(call, KB_DOMAIN_SITTING, body, &digest, &bytes, err));
	KB_TRY(kb_q_sitting_add(call->sql, r->sat.paper.id, number, bytes, digest, r->sitting.outcome.text, call->actor,
		call->day_text, NULL, err));
	KB_TRY(keep_texts(r, kb_sql_last_id(call->sql), err));
	kb_node_set_text(call->arena, call->result, "paper", r->sat.paper.row.key);
	kb_node_set_int(call->arena, call->result, "record", number);
	kb_node_set_bool(call->arena, call->result, "correction", number > 1);
	for (size_t i = 0; i < findings->pair_count; i++)
		kb_node_set(call->arena, call->result, findings->pairs[i].key, findings->pairs[i].value);
	kb_node_set_text(call->arena, call->result, "outcome", r->sitting.outcome.text ? r->sitting.outcome.text : "");
	kb_node_set_text(call->arena, call->effects, "paper", r->sat.paper.row.key);
	kb_node_set_int(call->arena, call->effects, "record", number);
	kb_node_set_text(call->arena, call->effects, "digest", digest);
	return KB_OK;
}

static kb_status run_record(kb_call *call, kb_err *err)
{
	recorder r = { .call = call };
	KB_TRY(kb_load_sat(call, kb_call_text(call, "paper"), &r.sat, err));
	KB_TRY(check_open(&r, err));
	KB_TRY(read_form(&r, err));
	KB_TRY(check_correction(&r, err));
	KB_TRY(check_cap(&r, err));
	r.issued = kb_sitting_issued(&r.sat.held);
	r.asked = kb_sitting_asked(&r.sat.held, &r.sitting);
	r.shortfalls = kb_sitting_shortfalls(call->arena, &r.sat.held, &r.asked);
	KB_TRY(find_repeats(&r, err));
	KB_TRY(check_shortfalls(&r, err));
	return keep(&r, err);
}

static const kb_arg record_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in P-000001" },
	{ "file", KB_ARG_PATH, .place = true, .required = true, .help = "the form that sitting form wrote, filled in" },
};

const kb_op kb_op_sitting_record = {
	.name = "sitting record",
	.summary = "Record what was really asked in a sitting",
	.help =
		"Counts questions and coverage for what was issued and for what was asked. Where it falls short of the plan,\n"
		"or a question of your own came in an earlier sitting, the form has to say why: then it is recorded all the\n"
		"same, since it has happened. Your own questions and rewordings count as seen in a re-sit.\n\n"
		"To correct a record, let sitting form write it to another file, change what was wrong, put the reason\n"
		"under correction-reason, and record it. All records are kept, the newest counts.\n\n"
		"    ksbank sitting form P-000001 --output sitting.yaml\n"
		"    ksbank sitting record P-000001 sitting.yaml",
	.permission = KB_MAY_RECORD_SITTING,
	.store = KB_OP_WRITES,
	.args = record_args,
	.arg_count = KB_COUNT(record_args),
	.run = run_record,
	.screen = "sitting-record",
	.answer = "paper, record: its number, correction, minutes, outcome, least_questions; issued and asked: {questions, "
			  "own, required, covered, missing}; shortfalls: list of {id, text}",
};
