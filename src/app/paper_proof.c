/* paper replay, paper verify: what makes a paper stand in an appeal. */
#include "app/paper_proof.h"

#include <string.h>

#include "app/ops.h"
#include "app/paper_file.h"
#include "app/paper_load.h"
#include "app/paper_pool.h"
#include "app/sign.h"
#include "engine/check.h"
#include "engine/draw.h"
#include "engine/even.h"
#include "text/json.h"

/* The selection, drawn again from the record alone. */
static kb_status replay(
	kb_call *call, const kb_node *record, kb_node **selection, const char **rank, const char **count, kb_err *err)
{
	kb_draw_input input;
	kb_digest seed;
	kb_paper_draw paper = { 0 };
	kb_tables *tables = NULL;
	const char *algorithm = kb_node_get_text(record, "algorithm", "");
	if (strcmp(algorithm, KB_DRAW_ALGORITHM) != 0) {
		kb_fail(err, KB_REFUSED, "replay.algorithm",
			"the paper was drawn by the algorithm \"%.40s\"; this program has " KB_DRAW_ALGORITHM, algorithm);
		return kb_hint(err, "replay it with the ksbank of that time");
	}
	if (!kb_digest_parse(kb_node_get_text(record, "seed", ""), &seed))
		return kb_fail(err, KB_CORRUPT, "record.seed", "the draw record has no seed");
	KB_TRY(kb_paper_pool_read(call->arena, record, &input, err));
	KB_TRY(kb_draw_paper(call->arena, &input.pool, &input.rules, input.excluded, &seed, &paper, &tables, err));
	KB_TRY(kb_check_paper(&input.pool, &input.rules, input.excluded, paper.items, paper.count, err));
	*selection = kb_node_list(call->arena);
	for (uint32_t i = 0; i < paper.count; i++)
		kb_node_add(call->arena, *selection, kb_node_text(call->arena, input.pool.items[paper.items[i]].key));
	*rank = paper.rank;
	KB_TRY(kb_arena_check(call->arena, err));
	return kb_even_papers(call->arena, &input.pool, &input.rules, input.excluded, tables, count, err);
}

static bool replays_same(const kb_node *record, const kb_node *selection, const char *rank, const char *count)
{
	return kb_node_equal(selection, kb_node_get(record, "selection")) &&
	       kb_str_equal(rank, kb_node_get_text(record, "rank", NULL)) &&
	       kb_str_equal(count, kb_node_get_text(record, "valid_papers", NULL));
}

static kb_status read_record(kb_call *call, const char *path, kb_node **record, kb_err *err)
{
	kb_bytes bytes;
	KB_TRY(kb_file_read(call->arena, path, (size_t)16 << 20, &bytes, err));
	return kb_json_read(call->arena, path, bytes.data, bytes.length, record, err);
}

static kb_status run_replay(kb_call *call, kb_err *err)
{
	const char *key = kb_call_text(call, "paper"), *path = kb_call_text(call, "record");
	kb_loaded_paper paper = { 0 };
	kb_node *selection;
	const char *rank, *count;
	if (path) KB_TRY(read_record(call, path, &paper.record, err));
	else if (key) KB_TRY(kb_load_paper(call, key, &paper, err));
	else {
		kb_fail(err, KB_USAGE, "argument.missing", "\"paper replay\" needs a paper, or --record with a file");
		return kb_hint(err, "as in: ksbank paper replay P-000001");
	}
	KB_TRY(replay(call, paper.record, &selection, &rank, &count, err));
	bool same = replays_same(paper.record, selection, rank, count);
	kb_node_set_text(call->arena, call->result, "paper", kb_node_get_text(paper.record, "paper", ""));
	kb_node_set_bool(call->arena, call->result, "same", same);
	kb_node_set_text(call->arena, call->result, "seed", kb_node_get_text(paper.record, "seed", ""));
	kb_node_set_text(call->arena, call->result, "algorithm", KB_DRAW_ALGORITHM);
	kb_node_set_text(call->arena, call->result, "rank", rank);
	kb_node_set_text(call->arena, call->result, "valid_papers", count);
	kb_node_set(call->arena, call->result, "selection", selection);
	if (same) return KB_OK;
	kb_fail(
		err, KB_CORRUPT, "replay.differs", "drawing again from the record gives another paper: the record was changed");
	return kb_hint(err, "check the store with: ksbank paper verify");
}

static const kb_arg replay_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .help = "its id, as in P-000001" },
	{ "record", KB_ARG_PATH, .help = "a draw record as a JSON file, instead of a paper of this store" },
};

const kb_op kb_op_paper_replay = {
	.name = "paper replay",
	.summary = "Draw a paper again from its draw record alone, and compare",
	.help = "The record holds the pool, the rules, the exclusions and the seed; the same arithmetic gives the\n"
			"same paper on any machine.\n\n"
			"    ksbank paper replay P-000001",
	.permission = KB_MAY_PROVE,
	.store = KB_OP_READS,
	.args = replay_args,
	.arg_count = KB_COUNT(replay_args),
	.run = run_replay,
	.screen = "paper-replay",
	.storeless = "record",
	.answer = "paper, same, seed, algorithm, rank, valid_papers; selection: list of ids",
};

/* Verify. */

typedef struct verifier {
	kb_call *call;
	kb_node *log;       /* map: paper -> what the log bound for it */
	kb_node *withdrawn; /* map: paper -> true, as the log says */
	kb_log_head head;
	kb_node *checks;
	const char *broken; /* the first check that failed, in words */
} verifier;

static void note(verifier *v, const char *what, bool holds, const char *paper)
{
	kb_arena *arena = v->call->arena;
	kb_node *entry = kb_node_add(arena, v->checks, kb_node_map(arena));
	kb_node_set_text(arena, entry, "check", what);
	kb_node_set_bool(arena, entry, "holds", holds);
	if (!holds && !v->broken) v->broken = kb_arena_printf(arena, "%s: %s", paper, what);
}

static kb_status digest_holds(
	verifier *v, const char *domain, const char *bytes, const char *wanted, bool *holds, kb_err *err)
{
	kb_digest digest;
	char text[KB_DIGEST_TEXT];
	(void)v;
	KB_TRY(kb_digest_of(domain, bytes, strlen(bytes), &digest, err));
	kb_digest_format(&digest, text);
	*holds = strcmp(text, wanted) == 0;
	return KB_OK;
}

/* The rows, the snapshot and the record must name the same versions in the same order, and each version still have the
 * text that was digested. */
static kb_status items_hold(verifier *v, const kb_loaded_paper *paper, bool *holds, kb_err *err)
{
	kb_q_paper_items_row *rows;
	size_t count;
	KB_TRY(kb_q_paper_items(v->call->sql, v->call->arena, paper->id, &rows, &count, err));
	const kb_node *items = kb_loaded_paper_items(paper), *selection = kb_node_get(paper->record, "selection");
	*holds = selection && selection->kind == KB_NODE_LIST && items->count == count && selection->count == count;
	for (size_t i = 0; *holds && i < count; i++) {
		const kb_node *item = items->items[i];
		kb_q_version_body_row body = { 0 };
		bool found, same;
		KB_TRY(kb_q_version_body(v->call->sql, v->call->arena, rows[i].version_id, &body, &found, err));
		KB_TRY(digest_holds(v, KB_DOMAIN_ITEM, found ? body.body : "", rows[i].digest, &same, err));
		*holds = same && kb_str_equal(kb_node_get_text(item, "id", NULL), rows[i].key) &&
		         kb_str_equal(selection->items[i]->text, rows[i].key) &&
		         kb_node_get_int(item, "version", 0) == rows[i].version &&
		         kb_str_equal(kb_node_get_text(item, "digest", NULL), rows[i].digest);
	}
	return KB_OK;
}

static kb_status shares_nothing(verifier *v, const kb_loaded_paper *paper, bool *holds, kb_err *err)
{
	kb_q_seen_row *rows;
	size_t count;
	KB_TRY(kb_q_seen(v->call->sql, v->call->arena, paper->row.candidate, &rows, &count, err));
	*holds = true;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++) *holds &= strcmp(rows[i].key, rows[j].key) != 0;
	return KB_OK;
}

/* What stands beside the frozen texts, for the store's rules and lists, says what they say. */
static bool row_holds(const kb_loaded_paper *paper)
{
	const kb_node *record = paper->record;
	return kb_str_equal(paper->row.token, kb_node_get_text(record, "candidate", NULL)) &&
	       kb_str_equal(paper->row.standard, kb_node_get_text(kb_node_get(record, "standard"), "key", NULL)) &&
	       kb_str_equal(paper->row.method, kb_node_get_text(record, "method", NULL)) &&
	       kb_str_equal(paper->row.part, kb_node_get_text(record, "part", NULL)) &&
	       kb_str_equal(paper->row.sitting, kb_node_get_text(record, "sitting", NULL)) &&
	       kb_str_equal(paper->row.sat_on, kb_node_get_text(record, "date", NULL)) &&
	       kb_str_equal(paper->row.key, kb_node_get_text(record, "paper", NULL));
}

static kb_status templates_hold(verifier *v, const kb_loaded_paper *paper, bool *holds, kb_err *err)
{
	const kb_node *templates = kb_node_get(paper->snapshot, "templates");
	*holds = templates && templates->kind == KB_NODE_MAP && templates->pair_count > 0;
	for (size_t i = 0; *holds && i < templates->pair_count; i++) {
		const char *digest = templates->pairs[i].value->text;
		kb_q_template_get_row row = { 0 };
		bool found = false;
		if (digest) KB_TRY(kb_q_template_get(v->call->sql, v->call->arena, digest, &row, &found, err));
		*holds = found;
		if (found) KB_TRY(digest_holds(v, KB_DOMAIN_TEMPLATE, row.text, digest, holds, err));
	}
	return KB_OK;
}

static kb_status signatures_hold(verifier *v, const kb_loaded_paper *paper, bool *holds, kb_err *err)
{
	bool record;
	KB_TRY(kb_sign_holds(v->call, "paper", paper->id, paper->row.snapshot, holds, err));
	KB_TRY(kb_sign_holds(v->call, "record", paper->id, paper->row.record, &record, err));
	*holds = *holds && record;
	return KB_OK;
}

/* What was frozen, against its digests and the log. */
static kb_status verify_frozen(verifier *v, const kb_loaded_paper *paper, kb_err *err)
{
	const char *key = paper->row.key;
	const kb_node *logged = kb_node_get(v->log, key);
	bool holds;
	KB_TRY(digest_holds(v, KB_DOMAIN_PAPER, paper->row.snapshot, paper->row.digest, &holds, err));
	note(v, "the frozen paper has its digest", holds, key);
	KB_TRY(digest_holds(v, KB_DOMAIN_RECORD, paper->row.record, paper->row.record_digest, &holds, err));
	note(v, "the draw record has its digest", holds, key);
	KB_TRY(signatures_hold(v, paper, &holds, err));
	note(v, "paper and record are signed with a key of this store", holds, key);
	holds = kb_str_equal(kb_node_get_text(logged, "digest", NULL), paper->row.digest) &&
	        kb_str_equal(kb_node_get_text(logged, "record", NULL), paper->row.record_digest);
	note(v, "the log holds both digests", holds, key);
	note(v, "it is listed under the candidate, sitting and day that it was drawn for", row_holds(paper), key);
	holds = (paper->row.withdrawn_on != NULL) == (kb_node_get(v->withdrawn, key) != NULL);
	note(v, "the log says the same of its withdrawal", holds, key);
	KB_TRY(templates_hold(v, paper, &holds, err));
	note(v, "the templates that it prints with are unchanged", holds, key);
	return KB_OK;
}

/* What was drawn, against the questions, the draw and the candidate's other papers. */
static kb_status verify_drawn(verifier *v, const kb_loaded_paper *paper, kb_err *err)
{
	const char *key = paper->row.key, *rank, *count;
	kb_node *selection;
	bool holds;
	KB_TRY(items_hold(v, paper, &holds, err));
	note(v, "its questions are the versions that were drawn, unchanged", holds, key);
	kb_status status = replay(v->call, paper->record, &selection, &rank, &count, err);
	if (status == KB_NO_MEMORY || status == KB_LIMIT) return status;
	note(v, "drawing again from the record gives the same valid paper",
		status == KB_OK && replays_same(paper->record, selection, rank, count), key);
	KB_TRY(shares_nothing(v, paper, &holds, err));
	note(v, "it shares no question with another paper of the candidate", holds, key);
	return kb_arena_check(v->call->arena, err);
}

static kb_status verify_paper(verifier *v, int64_t id, kb_node *list, kb_err *err)
{
	kb_arena *arena = v->call->arena;
	kb_loaded_paper paper;
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	const char *key = kb_arena_printf(arena, "P-%06lld", (long long)id);
	KB_TRY(kb_arena_check(arena, err));
	kb_node_set_text(arena, entry, "paper", key);
	v->checks = kb_node_set(arena, entry, "checks", kb_node_list(arena));
	kb_status status = kb_load_paper_by_id(v->call, id, &paper, err);
	if (status == KB_CORRUPT && paper.row.key) {
		note(v, "the frozen paper and its draw record can be read", false, key);
		return kb_arena_check(arena, err);
	}
	KB_TRY(status);
	KB_TRY(verify_frozen(v, &paper, err));
	return verify_drawn(v, &paper, err);
}

/* What the log bound when each paper was drawn. */
static kb_status read_entry(void *context, kb_arena *scratch, const kb_q_log_from_row *entry, kb_err *err)
{
	verifier *v = context;
	kb_node *detail;
	(void)scratch; /* what is read of a draw is kept */
	bool drawn = strcmp(entry->operation, "paper draw") == 0 || strcmp(entry->operation, "theme offer") == 0;
	if (!drawn && strcmp(entry->operation, "paper withdraw") != 0) return KB_OK;
	KB_TRY(kb_load_body(v->call, entry->detail, &detail, err));
	kb_node *effects = kb_node_get(detail, "effects");
	const char *paper = kb_node_get_text(effects, "paper", NULL);
	if (paper && drawn) kb_node_set(v->call->arena, v->log, paper, effects);
	else if (paper) kb_node_set_bool(v->call->arena, v->withdrawn, paper, true);
	return KB_OK;
}

static kb_status read_log(verifier *v, kb_err *err)
{
	v->log = kb_node_map(v->call->arena);
	v->withdrawn = kb_node_map(v->call->arena);
	KB_TRY(kb_store_log_each(v->call->store, read_entry, v, err));
	return kb_arena_check(v->call->arena, err);
}

/* One paper, or all where key is NULL. */
static kb_status verify_wanted(verifier *v, const char *key, kb_node *list, kb_err *err)
{
	if (key) {
		kb_loaded_paper paper;
		KB_TRY(kb_load_paper(v->call, key, &paper, err));
		return verify_paper(v, paper.id, list, err);
	}
	kb_q_paper_all_row *rows;
	size_t count, next = 0;
	KB_TRY(kb_q_paper_all(v->call->sql, v->call->arena, NULL, NULL, NULL, &rows, &count, err));
	for (size_t i = 0; i < count; i++) KB_TRY(verify_paper(v, rows[i].id, list, err));
	/* Both stand in the order of drawing. */
	for (size_t i = 0; i < v->log->pair_count && !v->broken; i++) {
		const char *logged = v->log->pairs[i].key;
		if (next < count && strcmp(rows[next].key, logged) == 0) next++;
		else
			v->broken = kb_arena_printf(
				v->call->arena, "%s: the log says that it was drawn, and the store no longer holds it", logged);
	}
	return kb_arena_check(v->call->arena, err);
}

kb_status kb_paper_verify_all(kb_call *call, kb_node *findings, kb_err *err)
{
	verifier v = { .call = call };
	kb_node *list = kb_node_list(call->arena);
	KB_TRY(read_log(&v, err));
	KB_TRY(verify_wanted(&v, NULL, list, err));
	for (size_t i = 0; i < list->count; i++) {
		const kb_node *checks = kb_node_get(list->items[i], "checks");
		for (size_t c = 0; c < checks->count; c++) {
			const kb_node *holds = kb_node_get(checks->items[c], "holds");
			if (holds && holds->boolean) continue;
			kb_store_finding(call->arena, findings, "audit.paper", kb_node_get_text(list->items[i], "paper", ""),
				kb_arena_printf(
					call->arena, "this does not hold: %s", kb_node_get_text(checks->items[c], "check", "")));
		}
	}
	return kb_arena_check(call->arena, err);
}

static kb_status run_verify(kb_call *call, kb_err *err)
{
	verifier v = { .call = call };
	if (kb_call_text(call, "key")) return kb_paper_file_verify(call, err);
	KB_TRY(kb_store_log_check(call->store, &v.head, err));
	KB_TRY(read_log(&v, err));
	kb_node *list = kb_node_set(call->arena, call->result, "papers", kb_node_list(call->arena));
	KB_TRY(verify_wanted(&v, kb_call_text(call, "paper"), list, err));
	kb_node *log = kb_node_set(call->arena, call->result, "log", kb_node_map(call->arena));
	kb_node_set_int(call->arena, log, "entries", v.head.length);
	kb_node_set_text(call->arena, log, "head", v.head.digest);
	kb_node_set_int(call->arena, call->result, "count", (int64_t)list->count);
	kb_node_set_bool(call->arena, call->result, "holds", v.broken == NULL);
	KB_TRY(kb_arena_check(call->arena, err));
	if (!v.broken) return KB_OK;
	kb_fail(err, KB_CORRUPT, "verify.broken", "this does not hold: %s", v.broken);
	return kb_hint(err, "somebody changed the store behind the program: keep this file, and restore a backup");
}

static const kb_arg verify_args[] = {
	{ "paper", KB_ARG_TEXT, .place = true, .help = "its id, as in P-000001; without it all papers; with --key a file" },
	{ "key", KB_ARG_PATH, .help = "a public key (PEM): check a signed file with its .sig, without any store" },
};

const kb_op kb_op_paper_verify = {
	.name = "paper verify",
	.summary = "Check that papers are what was drawn, valid, unchanged, and share nothing",
	.help = "Follows the log from its start, then checks each paper against its digest, its draw record, the log,\n"
			"the versions of its questions, and the candidate's other papers. With --key it needs no store: it checks\n"
			"a file that paper export wrote.\n\n"
			"    ksbank paper verify P-000001\n"
			"    ksbank paper verify evidence/P-000001.json --key evidence/public-key.pem",
	.permission = KB_MAY_PROVE,
	.store = KB_OP_READS,
	.args = verify_args,
	.arg_count = KB_COUNT(verify_args),
	.run = run_verify,
	.screen = "paper-verify",
	.answer = "papers: list of {paper, checks: list of {check, holds}}; log: {entries, head}; count, holds; with --key "
			  "file: {name, key, format, paper}",
	.storeless = "key",
};
