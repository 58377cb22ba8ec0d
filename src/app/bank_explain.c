/* bank explain: could a paper be drawn now, for anybody or for one candidate; and if not, why. Nothing is drawn. */
#include "app/ops.h"

#include "app/bank_measure.h"
#include "app/explanation.h"

static kb_status load_candidate(kb_call *call, int64_t *candidate, bool *later, kb_err *err)
{
	kb_q_paper_of_candidate_row *rows;
	size_t count;
	KB_TRY(kb_bank_candidate(call, candidate, err));
	if (!*candidate) return KB_OK;
	KB_TRY(kb_q_paper_of_candidate(call->sql, call->arena, *candidate, kb_call_text(call, "standard"),
		kb_call_text(call, "method"), kb_part_questions.name, &rows, &count, err));
	for (size_t i = 0; i < count; i++) *later |= !rows[i].withdrawn;
	return KB_OK;
}

static uint32_t count_bits(const uint8_t *bits, uint32_t count)
{
	uint32_t set = 0;
	for (uint32_t i = 0; i < count; i++) set += kb_pool_has(bits, i);
	return set;
}

static kb_status run_explain(kb_call *call, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_node *result = call->result;
	kb_bank_rules rules;
	kb_explained explained;
	int64_t candidate = 0;
	bool later = false;
	KB_TRY(kb_bank_rules_load(call, kb_call_text(call, "standard"), kb_call_text(call, "method"),
		kb_call_text(call, "mapping"), &rules, err));
	KB_TRY(load_candidate(call, &candidate, &later, err));
	KB_TRY(kb_explain_draw(call, &rules, candidate, !later, &explained, err));
	const kb_draw_input *input = &explained.input;
	uint32_t away = count_bits(input->away, input->pool.count);
	kb_node_set_text(arena, result, "standard", kb_call_text(call, "standard"));
	kb_node_set_text(arena, result, "method", rules.method->id.text);
	kb_node_set_text(arena, result, "bank", kb_bank_words_of(call));
	kb_node_set_text(arena, result, "date", call->day_text);
	kb_node_set_int(arena, result, "reserve", input->rules.reserve);
	kb_node_set_int(arena, result, "eligible", (int64_t)input->pool.count - input->excluded_count - away);
	kb_node_set_int(arena, result, "excluded", input->excluded_count);
	kb_node_set_int(arena, result, "away", away);
	kb_node_set_bool(arena, result, "possible", explained.why.possible && explained.cap_kept);
	kb_explained_write(arena, &explained, result);
	return kb_arena_check(arena, err);
}

static const kb_arg explain_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "candidate", KB_ARG_REFERENCE,
		.help = "with what this candidate had left out; without it, for one who had nothing" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
};

const kb_op kb_op_bank_explain = {
	.name = "bank explain",
	.summary = "Say whether a paper could be drawn, and if not, which rules clash and what would mend it",
	.help =
		"Draws nothing. Where no paper can be drawn that keeps the specification's reserve, or not under its exposure\n"
		"cap, which holds for the first papers of all candidates alike, it names a minimal set of\n"
		"rules that clash: taking any one of them away makes it possible. Each of the ways out is enough by itself:\n"
		"questions to review that lapsed or are suspended, questions to write, or one rule to relax. Fewest and\n"
		"least are proven; where they are not, it says so.\n\n"
		"    ksbank bank explain ST0648/1.0 professional-discussion --candidate AP-1042 --date 2027-01-15",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = explain_args,
	.arg_count = KB_COUNT(explain_args),
	.run = run_explain,
	.screen = "bank-explain",
	.answer =
		"standard, method, bank: as commands name it, date; reserve: papers asked for beside the first; eligible, excluded: the candidate had "
		"them, or a rival; away: lapsed or suspended; possible; exposure_cap: of the specification, if it has one, cap_is_kept: or there is "
		"none, cap_alone: rules are not listed that would leave it unmet; "
		"papers: with nothing shared, that questions to write are for; blocking: units, blocking_list; clash: list of texts, "
		"clash_is_minimal; review_first: list of {id, reason}, review_first_is_fewest, some_to_review; "
		"questions_to_write: list of {number, theme, kind, minutes, units, unit_list, ksb_list, categories}, "
		"fewest_questions_to_write, least_questions_to_write: fewer can't do, fewest_is_proven, some_to_write; relax: "
		"list of {rule, from, to, words, least_is_proven}, some_to_relax",
};
