/* bank weigh: what a cap on exposure costs a bank, question by question, or what to write for it. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/cap.h"
#include "app/weigh.h"

typedef struct weighing {
	kb_call *call;
	kb_arena *arena;
	kb_bank_rules rules;
	kb_draw_input input;
	uint32_t cap;
	bool tried; /* the cap is an argument's, and not the specification's: nothing is kept */
	kb_even even;
	kb_tables *tables;        /* of the weights at hand */
	kb_exposure alike, under; /* without and with the cap */
} weighing;

static kb_status load(weighing *w, kb_err *err)
{
	const char *standard = kb_call_text(w->call, "standard"), *method = kb_call_text(w->call, "method");
	const char *mapping = kb_call_text(w->call, "mapping");
	int64_t cap = kb_call_int(w->call, "cap");
	KB_TRY(kb_bank_rules_load(w->call, standard, method, mapping, &w->rules, err));
	KB_TRY(kb_bank_pool_on(w->call, &w->rules, w->call->day, &w->input, err));
	KB_TRY(kb_paper_pool_check(w->call, method, &w->input, err));
	w->tried = cap > 0 || mapping;
	w->cap = cap > 0 ? (uint32_t)cap : kb_specification_cap(w->rules.specification);
	if (w->cap > 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "weigh.uniform", "the specification for %s draws all valid papers alike", method);
	return kb_hint(err, "see what a cap would do, with: ksbank bank weigh %s --cap 200", kb_bank_words_of(w->call));
}

/* Refused. */

/* The gaps of bank gaps for as many papers, so that bank brief gives them as files. */
static kb_status refuse(weighing *w, kb_err *err)
{
	kb_err reason = *err;
	kb_draw_input all;
	kb_cap_needs needs;
	kb_node *refusal = kb_node_set(w->arena, w->call->result, "refusal", kb_node_map(w->arena));
	kb_node_set_text(w->arena, refusal, "id", reason.id);
	KB_TRY(kb_cap_write_least(w->arena, &w->input.pool, &w->input.rules, w->cap, &w->even.least, refusal, err));
	KB_TRY(kb_paper_pool_load_all(
		w->call, &w->rules.loaded, w->rules.method, w->rules.specification, &kb_part_questions, 0, &all, err));
	KB_TRY(kb_cap_needs_find(w->arena, &all, w->cap, &needs, err));
	kb_brief_write(w->arena, &all, &needs.briefs, refusal);
	kb_node_set_int(w->arena, refusal, "papers", needs.papers);
	kb_node_set_int(w->arena, refusal, "papers_wanted", needs.papers_wanted);
	const char *least = kb_cap_least_words(w->arena, refusal);
	KB_TRY(kb_arena_check(w->arena, err));
	*err = reason;
	if (needs.briefs.count == 0) return kb_hint(err, "%s", *least ? least : reason.hint);
	return kb_hint(err,
		"%s; with the questions to write, %u papers share nothing, and %u such are enough for this cap; as files, 1 for "
		"the first: ksbank bank brief %s 1 --papers %u --output gap-1.yaml",
		*least ? least : reason.hint, needs.papers, needs.papers_wanted, kb_bank_words_of(w->call), needs.papers);
}

/* Weighed. */

static kb_status expose(weighing *w, kb_exposure *exposure, kb_err *err)
{
	KB_TRY(kb_tables_build(w->arena, &w->input.pool, &w->input.rules, NULL, 0, &w->tables, err));
	return kb_exposure_find(w->arena, w->tables, exposure, err);
}

/* On the weights as they are kept, whether just found or found before. */
static kb_status check_cap(const weighing *w, kb_err *err)
{
	bool holds;
	KB_TRY(kb_even_holds(w->arena, w->tables, &w->under, w->cap, &holds, err));
	if (holds) return KB_OK;
	return kb_fail(err, KB_CORRUPT, "weighing.cap", "the weights that the store holds do not keep the cap");
}

static void add_law(const weighing *w, const char *key, const kb_exposure *exposure)
{
	kb_node *map = kb_node_set(w->arena, w->call->result, key, kb_node_map(w->arena));
	kb_node_set_text(w->arena, map, "largest_chance", kb_bank_decimal(w->arena, exposure->largest));
	kb_node_set_text(w->arena, map, "expected_overlap", kb_bank_decimal(w->arena, exposure->overlap));
	kb_node_set_text(w->arena, map, "entropy_bits", kb_bank_decimal(w->arena, exposure->bits));
}

static void add_questions(const weighing *w)
{
	kb_node *list = kb_node_set(w->arena, w->call->result, "questions", kb_node_list(w->arena));
	for (uint32_t i = 0; i < w->input.pool.count; i++) {
		const kb_pool_item *item = &w->input.pool.items[i];
		kb_node *entry = kb_node_add(w->arena, list, kb_node_map(w->arena));
		kb_node_set_text(w->arena, entry, "id", item->key);
		kb_node_set_int(w->arena, entry, "weight", item->weight);
		kb_node_set_text(w->arena, entry, "chance", kb_bank_decimal(w->arena, w->under.chances[i]));
		kb_node_set_text(w->arena, entry, "chance_alike", kb_bank_decimal(w->arena, w->alike.chances[i]));
	}
}

static kb_status run_weigh(kb_call *call, kb_err *err)
{
	weighing w = { .call = call, .arena = call->arena };
	kb_node *result = call->result;
	KB_TRY(load(&w, err));
	kb_node_set_text(w.arena, result, "standard", kb_call_text(call, "standard"));
	kb_node_set_text(w.arena, result, "method", kb_call_text(call, "method"));
	kb_node_set_text(w.arena, result, "date", call->day_text);
	KB_TRY(expose(&w, &w.alike, err));
	if (kb_tables_empty(w.tables)) {
		kb_fail(err, KB_REFUSED, "draw.none", "no valid paper can be made of the questions of this day");
		return kb_hint(err, "see what to write, with: ksbank bank explain %s", kb_bank_words_of(call));
	}
	/* A tried cap belongs to no specification, so that none kept is taken for it. */
	kb_status status =
		kb_weigh_pool(call, w.tried ? 0 : w.rules.specification_id, w.cap, !w.tried, &w.input, &w.even, err);
	if (status == KB_REFUSED) return refuse(&w, err);
	KB_TRY(status);
	KB_TRY(expose(&w, &w.under, err));
	KB_TRY(check_cap(&w, err));
	kb_node_set_int(w.arena, result, "eligible", w.input.pool.count);
	kb_node_set_int(w.arena, result, "exposure_cap", w.cap);
	kb_node_set_bool(w.arena, result, "kept", !w.tried);
	add_law(&w, "alike", &w.alike);
	add_law(&w, "even", &w.under);
	kb_node_set_text(w.arena, result, "bits_lost", kb_bank_decimal(w.arena, w.alike.bits - w.under.bits));
	add_questions(&w);
	return kb_arena_check(w.arena, err);
}

static const kb_arg weigh_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "cap", KB_ARG_PER_MILLE,
		.help = "try this one, in a thousand papers, instead of the specification's; nothing is kept" },
	{ "mapping", KB_ARG_PATH,
		.help = "a CSV file with the columns theme, name, ksb, where no mapping is known; nothing is kept" },
};

const kb_op kb_op_bank_weigh = {
	.name = "bank weigh",
	.summary = "Weigh questions so that none is drawn more often than the specification's cap",
	.help =
		"Under the law `even` no question is in more papers than exposure-cap says, and within that the draw is as\n"
		"open as it can be. The weights are whole numbers, kept with the specification for these very questions and\n"
		"checked as exact fractions; a draw that finds none for its pool finds them itself. A cap that can't be met\n"
		"is refused with one that can, and with questions to write towards it. The chances are a first paper's,\n"
		"before the look ahead to re-sits; what a candidate had makes their own differ.\n\n"
		"    ksbank bank weigh ST0648/1.0 professional-discussion\n"
		"    ksbank bank weigh ST0648/1.0 professional-discussion --cap 150",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_WRITES,
	.args = weigh_args,
	.arg_count = KB_COUNT(weigh_args),
	.run = run_weigh,
	.screen = "bank-weigh",
	.answer =
		"standard, method, date; eligible: questions; exposure_cap: papers in a thousand; kept: whether the weights are "
		"kept for draws; alike, even: {largest_chance, expected_overlap, entropy_bits}, decimal texts, without and with "
		"the cap; bits_lost; questions: list of {id, weight, chance, chance_alike}. Where it is refused, refusal: {id, "
		"exposure_cap, least: a fraction, least_is_reached: whether it is exact, least_cap: that can be kept, no_cap: none can, "
		"questions_to_write, papers: "
		"with nothing shared, then, papers_wanted}",
};
