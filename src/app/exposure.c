/* question exposure: who was issued or asked this, and who read it. */
#include "app/exposure.h"

#include <string.h>

#include "app/load.h"
#include "app/ops.h"
#include "app/paper_load.h"

static void add_paper(kb_call *call, kb_node *list, const kb_q_exposure_papers_row *row)
{
	kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
	kb_node_set_text(call->arena, entry, "paper", row->key);
	kb_node_set_text(call->arena, entry, "candidate", row->reference ? row->reference : "(erased)");
	kb_node_set_text(call->arena, entry, "sitting", row->sitting);
	kb_node_set_text(call->arena, entry, "date", row->sat_on);
	kb_node_set_int(call->arena, entry, "version", row->version);
	kb_node_set_text(call->arena, entry, "holder", row->holder ? row->holder : "");
}

static int64_t count_candidates(const kb_q_exposure_papers_row *rows, size_t count)
{
	int64_t candidates = 0;
	for (size_t i = 0; i < count; i++) {
		bool new = true;
		for (size_t j = 0; j < i && new; j++) new = strcmp(rows[i].token, rows[j].token) != 0;
		candidates += new;
	}
	return candidates;
}

kb_status kb_exposure_of(kb_call *call, int64_t item, int64_t version, kb_node *map, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_q_exposure_papers_row *papers;
	kb_q_exposure_readers_row *readers;
	size_t paper_count, reader_count;
	KB_TRY(kb_q_exposure_papers(
		call->sql, arena, item, (kb_sql_int) { version > 0, version }, &papers, &paper_count, err));
	KB_TRY(kb_q_exposure_readers(call->sql, arena, item, &readers, &reader_count, err));
	kb_node *to_replace = kb_node_set(arena, map, "to_replace", kb_node_list(arena));
	kb_node *used = kb_node_set(arena, map, "used", kb_node_list(arena));
	kb_node *withdrawn = kb_node_set(arena, map, "withdrawn", kb_node_list(arena));
	for (size_t i = 0; i < paper_count; i++)
		add_paper(call,
			strcmp(papers[i].state, "withdrawn") == 0                 ? withdrawn
			: kb_paper_waits(call, papers[i].state, papers[i].sat_on) ? to_replace
																	  : used,
			&papers[i]);
	kb_node_set_int(arena, map, "candidates", count_candidates(papers, paper_count));
	kb_node *list = kb_node_set(arena, map, "readers", kb_node_list(arena));
	for (size_t i = 0; i < reader_count; i++) {
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "person", readers[i].person);
		kb_node_set_text(arena, entry, "on", readers[i].read_on);
		kb_node_set_text(arena, entry, "operation", readers[i].operation);
		kb_node_set_text(arena, entry, "paper", readers[i].paper ? readers[i].paper : "");
	}
	kb_node_set_bool(arena, map, "nobody", paper_count == 0 && reader_count == 0);
	return kb_arena_check(arena, err);
}

static kb_status run_exposure(kb_call *call, kb_err *err)
{
	const char *id = kb_call_text(call, "id");
	int64_t version = kb_call_int(call, "version");
	kb_q_item_by_key_row item;
	KB_TRY(kb_load_item(call, id, &item, err));
	kb_node_set_text(call->arena, call->result, "id", id);
	kb_node_set_int(call->arena, call->result, "version", version);
	kb_node_set_bool(call->arena, call->result, "all_versions", version == 0);
	return kb_exposure_of(call, item.id, version, call->result, err);
}

static const kb_arg exposure_args[] = {
	{ "id", KB_ARG_TEXT, .place = true, .required = true, .help = "of the question or theme, as in ST0648-PD1-01" },
	{ "version", KB_ARG_INT, .help = "only this version; without it all of them" },
};

const kb_op kb_op_question_exposure = {
	.name = "question exposure",
	.summary = "Show who was issued or asked a question, and everyone who read it",
	.help = "For an appeal, a leak or an error: papers that can still be replaced, papers that were used, and every\n"
			"reading of its text. It shows no question text itself.\n\n"
			"    ksbank question exposure ST0648-PD1-01 --version 2",
	.permission = KB_MAY_READ_ALL_PAPERS,
	.store = KB_OP_READS,
	.args = exposure_args,
	.arg_count = KB_COUNT(exposure_args),
	.run = run_exposure,
	.screen = "question-exposure",
	.answer =
		"id, version, all_versions; to_replace, used, withdrawn: lists of {paper, candidate, sitting, date, version, "
		"holder}; candidates; readers: list of {person, on, operation, paper}; nobody",
};
