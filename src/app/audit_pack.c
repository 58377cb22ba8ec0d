/* audit pack: the evidence for an inspector, of papers that they choose, to be checked without this program. */
#include "app/audit.h"

#include <string.h>

#include "app/audit_verify.h"
#include "app/ops.h"
#include "app/pack_paper.h"
#include "base/file.h"
#include "embedded/templates.h"
#include "text/mustache.h"

enum { PAPERS_MOST = 500, LIST_BYTES_MOST = 64 * 1024 };

typedef struct packer {
	kb_call *call;
	kb_arena *arena;
	kb_pack pack;
	bool with_text;
	kb_loaded_paper *papers;
	size_t paper_count;
	const char **standards;
	size_t standard_count;
	kb_node *index; /* what the first page and the steps are filled from */
} packer;

/* ---- what was chosen ---- */

static kb_status choose_paper(packer *p, const char *key, kb_err *err)
{
	for (size_t i = 0; i < p->paper_count; i++)
		if (strcmp(p->papers[i].row.key, key) == 0) return KB_OK;
	if (p->paper_count == PAPERS_MOST) {
		kb_fail(err, KB_LIMIT, "pack.papers", "a pack holds at most %d papers", PAPERS_MOST);
		return kb_hint(err, "make a pack for each part of them");
	}
	return kb_load_paper(p->call, key, &p->papers[p->paper_count++], err);
}

static kb_status choose_listed(packer *p, const char *list, kb_err *err)
{
	static const char between[] = ", \t\r\n", id[] = "P-0123456789";
	while (list && *(list += strspn(list, between))) {
		size_t length = strcspn(list, between);
		if (strspn(list, id) < length) {
			kb_fail(err, KB_INVALID, "pack.list", "the list of papers holds something that is no paper's id");
			return kb_hint(err, "a paper's id looks like P-000001; put commas, blanks or lines between them");
		}
		const char *key = kb_arena_copy(p->arena, list, length);
		KB_TRY(kb_arena_check(p->arena, err));
		KB_TRY(choose_paper(p, key, err));
		list += length;
	}
	return KB_OK;
}

static void choose_standard(packer *p, const char *key)
{
	for (size_t i = 0; i < p->standard_count; i++)
		if (strcmp(p->standards[i], key) == 0) return;
	p->standards[p->standard_count++] = key;
}

static kb_status choose(packer *p, kb_err *err)
{
	const char *path = kb_call_text(p->call, "papers-file"), *standard = kb_call_text(p->call, "standard");
	kb_bytes list = { 0 };
	p->papers = kb_arena_array(p->arena, PAPERS_MOST, sizeof *p->papers);
	p->standards = kb_arena_array(p->arena, PAPERS_MOST + 1, sizeof *p->standards);
	KB_TRY(kb_arena_check(p->arena, err));
	if (path) KB_TRY(kb_file_read(p->arena, path, LIST_BYTES_MOST, &list, err));
	KB_TRY(choose_listed(p, kb_call_text(p->call, "papers"), err));
	KB_TRY(choose_listed(p, list.data, err));
	for (size_t i = 0; i < p->paper_count; i++) choose_standard(p, p->papers[i].row.standard);
	if (standard) choose_standard(p, standard);
	if (p->standard_count) return KB_OK;
	kb_fail(err, KB_USAGE, "pack.empty", "nothing was chosen for the pack");
	return kb_hint(err, "let the inspector name papers, as in --papers P-000003,P-000017; or name a --standard");
}

/* ---- re-sits of the candidates whose papers were chosen ---- */

static bool is_chosen(const packer *p, const char *key)
{
	for (size_t i = 0; i < p->paper_count; i++)
		if (strcmp(p->papers[i].row.key, key) == 0) return true;
	return false;
}

static kb_status add_resits(packer *p, kb_err *err)
{
	kb_node *page = kb_node_map(p->arena), *all = kb_node_set(p->arena, page, "pairs", kb_node_list(p->arena));
	kb_node *both = kb_node_set(p->arena, p->index, "pairs", kb_node_list(p->arena));
	int64_t sharing = 0;
	for (size_t i = 0; i < p->paper_count; i++) {
		bool again = false;
		for (size_t j = 0; j < i; j++) again |= p->papers[j].row.candidate == p->papers[i].row.candidate;
		if (again) continue;
		kb_node *map = kb_node_map(p->arena);
		kb_audit_pairs wanted = { .candidate = { true, p->papers[i].row.candidate } };
		KB_TRY(kb_audit_resits(p->call, &wanted, map, err));
		const kb_node *pairs = kb_node_get(map, "pairs");
		sharing += kb_node_get_int(map, "sharing", 0);
		for (size_t k = 0; k < pairs->count; k++) {
			kb_node *pair = kb_node_add(p->arena, all, pairs->items[k]);
			if (is_chosen(p, kb_node_get_text(pair, "earlier", "")) &&
				is_chosen(p, kb_node_get_text(pair, "later", "")))
				kb_node_add(p->arena, both, pair);
		}
	}
	kb_node_set_bool(p->arena, page, "some", all->count > 0);
	kb_node_set_int(p->arena, page, "count", (int64_t)all->count);
	kb_node_set_int(p->arena, page, "sharing", sharing);
	kb_node_set_int(p->arena, p->index, "pair_count", (int64_t)all->count);
	kb_node_set_int(p->arena, p->index, "sharing", sharing);
	kb_node_set_bool(p->arena, p->index, "some_pairs", both->count > 0);
	return kb_pack_add_page(&p->pack, "resits", "audit-resits.md", page, err);
}

/* ---- standards ---- */

static kb_status add_standard(packer *p, const char *key, kb_node *list, kb_err *err)
{
	kb_loaded loaded;
	kb_node *page = kb_node_add(p->arena, list, kb_node_map(p->arena));
	kb_node *coverage = kb_node_map(p->arena), *reviews = kb_node_map(p->arena), *resits = kb_node_map(p->arena);
	kb_audit_pairs wanted = { .standard = key };
	KB_TRY(kb_load_standard(p->call, key, &loaded, err));
	char *file = kb_arena_text(p->arena, key);
	KB_TRY(kb_arena_check(p->arena, err));
	for (char *c = file; *c; c++)
		if (*c == '/') *c = '-';
	KB_TRY(kb_audit_coverage(p->call, &loaded, NULL, coverage, err));
	KB_TRY(kb_audit_reviews(p->call, key, NULL, reviews, err));
	KB_TRY(kb_audit_resits(p->call, &wanted, resits, err));
	kb_node_set_text(p->arena, page, "standard", key);
	kb_node_set_text(p->arena, page, "title", loaded.standard->title.text);
	kb_node_set_text(p->arena, page, "attribution", loaded.standard->attribution.text);
	kb_node_set_text(p->arena, page, "date", p->call->day_text);
	kb_node_set_text(p->arena, page, "file", file);
	kb_node_set(p->arena, page, "coverage", coverage);
	kb_node_set(p->arena, page, "reviews", reviews);
	kb_node_set(p->arena, page, "resits", resits);
	KB_TRY(kb_audit_rules(p->call, &loaded, coverage, reviews, page, err));
	return kb_pack_add_page(&p->pack, file, "audit-standard.md", page, err);
}

/* ---- the log ---- */

/* The head as it stands before this pack's own entry, signed now where it was not. */
static kb_status add_head(packer *p, kb_q_log_head_row *head, kb_err *err)
{
	kb_q_signed_head_of_row row = { 0 };
	bool found;
	const char *text;
	KB_TRY(kb_q_log_head(p->call->sql, p->arena, head, &found, err));
	KB_TRY(kb_q_signed_head_of(p->call->sql, p->arena, head->sequence, &row, &found, err));
	if (!found) {
		KB_TRY(kb_store_sign_head(p->call->store, p->arena, p->call->day_text, err));
		KB_TRY(kb_q_signed_head_of(p->call->sql, p->arena, head->sequence, &row, &found, err));
	}
	KB_TRY(kb_store_head_text(p->arena, head->sequence, row.digest, &text, err));
	return kb_pack_add_signed(&p->pack, "log/head.txt", text, row.signature, row.key, err);
}

static kb_status add_entries(packer *p, int64_t from, kb_buf *lines, kb_node *list, kb_err *err)
{
	enum { STEP = 500 };
	for (int64_t at = from;;) {
		kb_q_audit_log_row *rows;
		size_t count;
		KB_TRY(kb_q_audit_log(p->call->sql, p->arena, at, NULL, NULL, NULL, STEP, &rows, &count, err));
		for (size_t i = 0; i < count; i++) {
			kb_q_log_from_row entry = { rows[i].sequence, rows[i].operation, rows[i].actor, rows[i].day, rows[i].detail,
				rows[i].previous, rows[i].digest };
			const char *text;
			KB_TRY(kb_store_log_text(p->arena, &entry, &text, err));
			kb_buf_printf(lines, "%s\n", text);
			KB_TRY(kb_audit_entry(p->call, &rows[i], kb_node_add(p->arena, list, kb_node_map(p->arena)), err));
			at = rows[i].sequence + 1;
		}
		if (count < STEP) return kb_arena_check(p->arena, err);
	}
}

/* From the first draw of the chosen papers to the head, without a gap; the whole log where none was chosen. */
static kb_status add_log(packer *p, kb_err *err)
{
	kb_node *page = kb_node_set(p->arena, p->index, "log", kb_node_map(p->arena));
	kb_node *list = kb_node_set(p->arena, page, "entries", kb_node_list(p->arena));
	kb_buf lines = { .arena = p->arena };
	kb_q_log_head_row head = { 0 };
	int64_t from = p->paper_count ? p->papers[0].row.logged_as : 1;
	for (size_t i = 0; i < p->paper_count; i++)
		if (p->papers[i].row.logged_as < from) from = p->papers[i].row.logged_as;
	KB_TRY(add_head(p, &head, err));
	KB_TRY(add_entries(p, from, &lines, list, err));
	kb_node_set_int(p->arena, page, "from", from);
	kb_node_set_int(p->arena, page, "length", head.sequence);
	kb_node_set_text(p->arena, page, "digest", head.digest);
	KB_TRY(kb_pack_add(&p->pack, "log/log.jsonl", lines.text, lines.length, err));
	return kb_pack_add_page(&p->pack, "log", "audit-log.md", page, err);
}

/* ---- the whole ---- */

static kb_status add_steps(packer *p, kb_err *err)
{
	kb_buf out = { .arena = p->arena };
	kb_mustache_options options = { .strict = true };
	const char *template = kb_embedded_templates("audit-check.md");
	KB_TRY(kb_mustache_fill(p->arena, "audit-check.md", template, p->index, &options, &out, err));
	return kb_pack_add(&p->pack, "HOW-TO-CHECK.md", out.text, out.length, err);
}

/* Whether the store is what the program wrote: asked before this pack writes anything itself. */
static kb_status add_findings(packer *p, kb_err *err)
{
	kb_log_head head = { 0 };
	kb_node *findings = kb_node_set(p->arena, p->index, "findings", kb_node_list(p->arena));
	KB_TRY(kb_audit_findings(p->call, findings, &head, err));
	kb_node_set_bool(p->arena, p->index, "holds", findings->count == 0);
	return KB_OK;
}

static kb_status write_pack(packer *p, kb_err *err)
{
	kb_node *papers = kb_node_set(p->arena, p->index, "papers", kb_node_list(p->arena));
	kb_node *proofs = kb_node_set(p->arena, p->index, "sittings", kb_node_list(p->arena));
	kb_node *standards = kb_node_set(p->arena, p->index, "standards", kb_node_list(p->arena));
	KB_TRY(kb_pack_open(&p->pack, p->call, kb_call_text(p->call, "folder"), err));
	for (size_t i = 0; i < p->paper_count; i++)
		KB_TRY(kb_pack_add_paper(&p->pack, &p->papers[i], p->with_text, papers, proofs, err));
	KB_TRY(add_resits(p, err));
	for (size_t i = 0; i < p->standard_count; i++) KB_TRY(add_standard(p, p->standards[i], standards, err));
	KB_TRY(add_log(p, err));
	kb_node_set(p->arena, p->index, "sealed", p->pack.sealed);
	kb_node_set_text(p->arena, p->index, "key", p->pack.keys->pairs[0].key);
	kb_node_set_bool(p->arena, p->index, "with_text", p->with_text);
	kb_node_set_bool(p->arena, p->index, "some_papers", p->paper_count > 0);
	kb_node_set_bool(p->arena, p->index, "some_sittings", proofs->count > 0);
	kb_node_set_text(p->arena, p->index, "date", p->call->day_text);
	kb_node_set_text(p->arena, p->index, "by", p->call->actor);
	KB_TRY(add_steps(p, err));
	KB_TRY(kb_pack_add_page(&p->pack, "INDEX", "audit-index.md", p->index, err));
	return kb_pack_close(&p->pack, kb_call_text(p->call, "archive"), err);
}

static kb_status run_pack(kb_call *call, kb_err *err)
{
	packer p = { .call = call, .arena = call->arena, .with_text = kb_call_flag(call, "with-text") };
	const char *archive = kb_call_text(call, "archive");
	p.index = kb_node_map(call->arena);
	KB_TRY(choose(&p, err));
	KB_TRY(add_findings(&p, err));
	KB_TRY(write_pack(&p, err));
	kb_node *keys = kb_node_set(call->arena, call->effects, "papers", kb_node_list(call->arena));
	for (size_t i = 0; i < p.paper_count; i++)
		kb_node_add(call->arena, keys, kb_node_text(call->arena, p.papers[i].row.key));
	kb_node_set_text(call->arena, call->result, "folder", p.pack.folder);
	kb_node_set_text(call->arena, call->result, "archive", archive ? archive : "");
	kb_node_set_bool(call->arena, call->result, "with_text", p.with_text);
	kb_node_set(call->arena, call->result, "papers", keys);
	kb_node_set(call->arena, call->result, "findings", kb_node_get(p.index, "findings"));
	kb_node_set(call->arena, call->result, "holds", kb_node_get(p.index, "holds"));
	kb_node_set_text(call->arena, call->result, "key", kb_node_get_text(p.index, "key", ""));
	kb_node_set(call->arena, call->result, "files", p.pack.files);
	kb_node_set_int(call->arena, call->result, "file_count", (int64_t)p.pack.files->count);
	return kb_arena_check(call->arena, err);
}

static const kb_arg pack_args[] = {
	{ "folder", KB_ARG_PATH, .place = true, .required = true, .help = "a new folder to write into" },
	{ "papers", KB_ARG_TEXT, .help = "the papers that the inspector chose, as in P-000003,P-000017" },
	{ "papers-file", KB_ARG_PATH, .help = "the same from a file, with commas, blanks or lines between" },
	{ "standard", KB_ARG_TEXT, .help = "a standard to report on, beside those of the papers" },
	{ "with-text", KB_ARG_FLAG, .help = "with the text of the papers' questions and of what was asked" },
	{ "archive", KB_ARG_PATH, .help = "the same files also as one new file, a tar archive" },
};

const kb_op kb_op_audit_pack = {
	.name = "audit pack",
	.summary = "Write the evidence for an inspector, of papers that they choose, to be checked without this program",
	.help =
		"One page for each standard: the plan rule by rule with evidence, coverage, reviews, re-sits; the chosen\n"
		"papers' draw records and signatures, what their sittings record, the log from their first draw on, the\n"
		"public key, and HOW-TO-CHECK.md: every step with sha256sum and openssl. Begin with INDEX.html.\n"
		"Without --with-text no words of a question are in it; with it the reading of each paper is logged. A\n"
		"candidate stands there by 12 digits of what papers hold for the reference, so that it can still be erased.\n\n"
		"    ksbank audit pack inspection --papers P-000003,P-000017 --archive inspection.tar",
	.permission = KB_MAY_AUDIT,
	.store = KB_OP_READS,
	.args = pack_args,
	.arg_count = KB_COUNT(pack_args),
	.run = run_pack,
	.screen = "audit-pack",
	.answer =
		"folder, archive, with_text, key; papers, files: lists of names, file_count; findings: as in audit verify, "
		"holds",
	.confidential = true,
};
