/* bank capacity: how many papers with nothing shared a bank yields, what bounds that, and what to write next. */
#include "app/ops.h"

#include <string.h>

#include "app/bank_measure.h"
#include "app/brief.h"
#include "app/figures.h"
#include "app/weigh.h"
#include "engine/check.h"
#include "engine/even.h"

typedef struct measure {
	kb_call *call;
	kb_arena *arena;
	const char *candidate; /* whose further papers are counted; NULL: anybody's who had none */
	kb_draw_input input, themes;
	int64_t specification;
	uint32_t cap; /* of the exposure; 0: none */
	bool offered; /* the method has offers of case-study themes */
	kb_capacity capacity;
	uint8_t *used; /* a bit an item: in a paper of the certificate, or a rival of one */
} measure;

static kb_status load(measure *m, kb_err *err)
{
	const char *method = kb_call_text(m->call, "method");
	kb_bank_rules rules;
	int64_t candidate;
	m->candidate = kb_call_text(m->call, "candidate");
	KB_TRY(kb_bank_rules_load(
		m->call, kb_call_text(m->call, "standard"), method, kb_call_text(m->call, "mapping"), &rules, err));
	KB_TRY(kb_bank_candidate(m->call, &candidate, err));
	KB_TRY(kb_paper_pool_load(
		m->call, &rules.loaded, rules.method, rules.specification, &kb_part_questions, candidate, &m->input, err));
	KB_TRY(kb_paper_pool_check(m->call, method, &m->input, err));
	m->specification = rules.specification_id;
	m->cap = kb_specification_cap(rules.specification);
	m->offered = kb_bank_has_offers(&rules);
	if (!m->offered) return KB_OK;
	return kb_paper_pool_load(
		m->call, &rules.loaded, rules.method, rules.specification, &kb_part_themes, candidate, &m->themes, err);
}

/* That may be drawn, and that the candidate has not had. */
static uint32_t eligible(const measure *m)
{
	return m->input.pool.count - m->input.excluded_count;
}

static kb_node *paper_node(const measure *m, uint32_t number, const uint32_t *items)
{
	kb_node *map = kb_node_map(m->arena), *list = kb_node_list(m->arena);
	kb_buf words = { .arena = m->arena };
	int64_t minutes = 0;
	for (uint32_t i = 0; i < m->input.rules.size; i++) {
		const kb_pool_item *item = &m->input.pool.items[items[i]];
		kb_node_add(m->arena, list, kb_node_text(m->arena, item->key));
		kb_buf_printf(&words, "%s%s", i ? " " : "", item->key);
		minutes += item->minutes;
	}
	kb_node_set_int(m->arena, map, "number", number);
	kb_node_set(m->arena, map, "questions", list);
	kb_node_set_text(m->arena, map, "question_list", kb_buf_string(&words));
	kb_node_set_int(m->arena, map, "minutes", minutes);
	return map;
}

/* Each paper passes the checker as if all before it had been asked of the same candidate. */
static kb_status add_papers(measure *m, kb_err *err)
{
	kb_node *list = kb_node_set(m->arena, m->call->result, "papers", kb_node_list(m->arena));
	size_t bytes = m->input.pool.count / 8 + 1;
	m->used = kb_arena_alloc(m->arena, bytes);
	if (!m->used) return kb_arena_check(m->arena, err);
	memcpy(m->used, m->input.excluded, bytes);
	for (uint32_t p = 0; p < m->capacity.lower; p++) {
		const uint32_t *items = m->capacity.papers + (size_t)p * m->input.rules.size;
		kb_status status = kb_check_paper(&m->input.pool, &m->input.rules, m->used, items, m->input.rules.size, err);
		if (status != KB_OK) return kb_err_context(err, "a paper of the certificate does not hold: ");
		kb_pool_exclude(&m->input.pool, items, m->input.rules.size, m->used);
		kb_node_add(m->arena, list, paper_node(m, p + 1, items));
	}
	return KB_OK;
}

/* "PD-1 K1 has 1 question", behind what there is. */
static uint32_t add_supply(kb_buf *out, const measure *m, uint32_t unit)
{
	uint32_t count = kb_bank_supply(&m->input, unit);
	kb_buf_printf(out, "%s%s has %u question%s%s", out->length ? "; " : "", m->input.units[unit], count,
		kb_plural(count), m->candidate ? " left" : "");
	return count;
}

/* Where no rule alone is in the way. */
static const char *reason_together(const measure *m)
{
	const kb_capacity *c = &m->capacity;
	kb_buf out = { .arena = m->arena };
	kb_buf_text(&out,
		"nothing is short by itself, but together these are, as one question serves several and of rivals "
		"only one is used");
	for (uint32_t u = 0; u < m->input.rules.unit_count; u++)
		if (c->scarcest >> u & 1) add_supply(&out, m, u);
	for (uint32_t k = 0; k < m->input.rules.counter_count; k++)
		if (c->counters >> k & 1) kb_buf_printf(&out, "; %s has its own number in a paper", m->input.counters[k]);
	kb_buf_printf(&out, "; a paper has %u question%s", m->input.rules.size, kb_plural(m->input.rules.size));
	if (c->minutes) kb_buf_text(&out, " within its minutes");
	return kb_buf_string(&out);
}

/* Why there can't be more, with names and numbers. */
static const char *reason(const measure *m)
{
	const kb_capacity *c = &m->capacity;
	const kb_rules *rules = &m->input.rules;
	kb_buf out = { .arena = m->arena };
	if (c->together) return reason_together(m);
	for (uint32_t u = 0; u < rules->unit_count; u++) {
		if (!(c->scarcest >> u & 1)) continue;
		uint32_t count = add_supply(&out, m, u);
		if (count / rules->times > c->upper) kb_buf_printf(&out, ", and rivals leave %u of them apart", c->upper);
	}
	if (rules->times > 1 && c->scarcest) kb_buf_printf(&out, "; each paper asks for them %u times", rules->times);
	if (c->scarcest) return kb_buf_string(&out);
	kb_buf_text(&out, c->reason);
	for (uint32_t k = 0; k < rules->counter_count; k++)
		if (c->counters >> k & 1) kb_buf_printf(&out, ": %s", m->input.counters[k]);
	kb_buf_printf(&out, " (of the %u, rivals count as one; a paper has %u)", eligible(m), rules->size);
	return kb_buf_string(&out);
}

static void add_bound(measure *m)
{
	kb_node *result = m->call->result, *units = kb_node_set(m->arena, result, "units", kb_node_list(m->arena));
	kb_node_set_int(m->arena, result, "capacity", m->capacity.lower);
	kb_node_set_int(m->arena, result, "bound", m->capacity.upper);
	kb_node_set_bool(m->arena, result, "exact", m->capacity.lower == m->capacity.upper);
	kb_node_set_text(m->arena, result, "reason", reason(m));
	kb_node_set(m->arena, result, "scarcest", kb_brief_units(m->arena, &m->input, m->capacity.scarcest));
	for (uint32_t u = 0; u < m->input.rules.unit_count; u++) {
		kb_node *unit = kb_node_add(m->arena, units, kb_node_map(m->arena));
		kb_node_set_text(m->arena, unit, "unit", m->input.units[u]);
		kb_node_set_int(m->arena, unit, "questions", kb_bank_supply(&m->input, u));
	}
}

/* What would make one more paper possible. */
static kb_status add_next(measure *m, kb_err *err)
{
	kb_briefs briefs;
	KB_TRY(kb_brief_find(m->arena, &m->input, m->capacity.lower + 1, &briefs, err));
	kb_node *next = kb_node_set(m->arena, m->call->result, "next", kb_node_map(m->arena));
	kb_node_set_int(m->arena, next, "papers", (int64_t)m->capacity.lower + 1);
	kb_brief_write(m->arena, &m->input, &briefs, next);
	return KB_OK;
}

/* The same of case-study themes, for apprentices who choose. */
static kb_status add_offers(measure *m, kb_err *err)
{
	kb_capacity offers;
	const kb_draw_input *in = &m->themes;
	KB_TRY(kb_bank_measure(m->arena, in, &offers, err));
	kb_node *map = kb_node_set(m->arena, m->call->result, "offers", kb_node_map(m->arena));
	kb_node_set_int(m->arena, map, "themes", (int64_t)in->pool.count - in->excluded_count);
	kb_node_set_int(m->arena, map, "themes_offered", in->rules.size);
	kb_node_set_int(m->arena, map, "capacity", offers.lower);
	kb_node_set_int(m->arena, map, "bound", offers.upper);
	kb_node *list = kb_node_set(m->arena, map, "offers", kb_node_list(m->arena));
	for (uint32_t p = 0; p < offers.lower; p++) {
		kb_node *ids = kb_node_add(m->arena, list, kb_node_list(m->arena));
		for (uint32_t i = 0; i < in->rules.size; i++)
			kb_node_add(m->arena, ids,
				kb_node_text(m->arena, in->pool.items[offers.papers[(size_t)p * in->rules.size + i]].key));
	}
	return kb_arena_check(m->arena, err);
}

static kb_status add_chances(measure *m, kb_node *draw, const kb_exposure *exposure, kb_err *err)
{
	int64_t never = 0;
	kb_buf most = { .arena = m->arena };
	kb_node *list = kb_node_set(m->arena, draw, "chances", kb_node_list(m->arena));
	for (uint32_t i = 0; i < exposure->count; i++) {
		uint32_t item = exposure->order[i];
		const char *id = m->input.pool.items[item].key;
		kb_node *entry = kb_node_add(m->arena, list, kb_node_map(m->arena));
		kb_node_set_text(m->arena, entry, "id", id);
		kb_node_set_text(m->arena, entry, "chance", kb_bank_decimal(m->arena, exposure->chances[item]));
		kb_node_set_text(m->arena, entry, "papers", exposure->papers[item]);
		if (exposure->chances[item] == exposure->largest) kb_buf_printf(&most, "%s%s", most.length ? ", " : "", id);
		never += strcmp(exposure->papers[item], "0") == 0;
	}
	kb_node_set_text(m->arena, draw, "most_likely", kb_buf_string(&most));
	kb_node_set_int(m->arena, draw, "never_drawn", never);
	return kb_arena_check(m->arena, err);
}

/* The draw as it is now, by the specification's law; absent where its cap can't be met, or chances are too many to
 * count. */
static kb_status add_draw(measure *m, kb_err *err)
{
	kb_tables *tables;
	kb_exposure exposure;
	kb_even even;
	const char *papers;
	double size = m->input.rules.size;
	kb_progress_tell(m->call->progress, "looking at the draw", 0, 0);
	kb_status status = kb_weigh_pool(m->call, m->specification, m->cap, false, &m->input, &even, err);
	if (status == KB_REFUSED || status == KB_LIMIT) return KB_OK;
	KB_TRY(status);
	KB_TRY(kb_tables_build(m->arena, &m->input.pool, &m->input.rules, NULL, 0, &tables, err));
	if (!kb_tables_exact(tables)) return KB_OK;
	KB_TRY(kb_exposure_find(m->arena, tables, &exposure, err));
	kb_node *draw = kb_node_set(m->arena, m->call->result, "draw", kb_node_map(m->arena));
	KB_TRY(kb_even_papers(m->arena, &m->input.pool, &m->input.rules, NULL, tables, &papers, err));
	if (m->cap > 0) kb_node_set_int(m->arena, draw, "exposure_cap", m->cap);
	kb_node_set_text(m->arena, draw, "valid_papers", papers);
	kb_node_set_text(m->arena, draw, "valid_papers_grouped", kb_str_grouped(m->arena, papers));
	kb_node_set_text(m->arena, draw, "largest_chance", kb_bank_decimal(m->arena, exposure.largest));
	kb_node_set_text(m->arena, draw, "expected_overlap", kb_bank_decimal(m->arena, exposure.overlap));
	kb_node_set_text(m->arena, draw, "least_overlap", kb_bank_decimal(m->arena, size * size / m->input.pool.count));
	return add_chances(m, draw, &exposure, err);
}

static kb_status run_capacity(kb_call *call, kb_err *err)
{
	measure m = { .call = call, .arena = call->arena };
	kb_node *result = call->result;
	KB_TRY(load(&m, err));
	kb_progress_tell(call->progress, "packing papers with nothing shared", 0, 0);
	KB_TRY(kb_bank_measure(m.arena, &m.input, &m.capacity, err));
	kb_node_set_text(m.arena, result, "standard", kb_call_text(call, "standard"));
	kb_node_set_text(m.arena, result, "method", kb_call_text(call, "method"));
	kb_node_set_text(m.arena, result, "bank", kb_bank_words_of(call));
	kb_node_set_text(m.arena, result, "date", call->day_text);
	kb_node_set_int(m.arena, result, "eligible", eligible(&m));
	kb_node_set_text(m.arena, result, "candidate", m.candidate ? m.candidate : "");
	kb_node_set_int(m.arena, result, "excluded_count", m.input.excluded_count);
	kb_node_set(m.arena, result, "excluded", m.input.exclusions);
	kb_node_set(m.arena, result, "left_out", m.input.left_out);
	add_bound(&m);
	KB_TRY(add_papers(&m, err));
	KB_TRY(add_next(&m, err));
	if (m.offered) KB_TRY(add_offers(&m, err));
	if (m.capacity.lower == 0 || m.candidate) return kb_arena_check(m.arena, err);
	kb_node_set_text(m.arena, result, "spread_chance", kb_bank_decimal(m.arena, 1.0 / m.capacity.lower));
	return add_draw(&m, err);
}

static const kb_arg capacity_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "candidate", KB_ARG_REFERENCE,
		.help = "count what this candidate can still get after what they had; without it, for one who had nothing" },
	{ "mapping", KB_ARG_PATH, .help = "a CSV file with the columns theme, name, ksb, where no mapping is known" },
};

const kb_op kb_op_bank_capacity = {
	.name = "bank capacity",
	.summary = "Count the papers with nothing shared that a bank yields, and say what to write next",
	.help = "So many papers stand side by side without a shared question or rivals: the longest row of re-sits that\n"
			"the bank can give one candidate. They are listed and checked; the bound says why there can't be more.\n"
			"The same list proves that questions could be spread so that none has a chance above one in so many;\n"
			"beside that stand the exact chances of the draw, before any look at re-sits to come.\n\n"
			"With --candidate: how many further papers that candidate can still get, and what is left out for them.\n\n"
			"    ksbank bank capacity ST0648/1.0 professional-discussion --date 2026-11-22\n"
			"    ksbank bank capacity ST0648/1.0 professional-discussion --candidate AP-1042",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = capacity_args,
	.arg_count = KB_COUNT(capacity_args),
	.run = run_capacity,
	.screen = "bank-capacity",
	.answer =
		"standard, method, bank: as commands name it, date; capacity, bound, exact: whether both are the same; reason: of the bound; "
		"scarcest: units; units: list of {unit, questions}; papers: list of {number, questions, question_list, "
		"minutes}, the certificate; eligible: questions, without what the candidate had; candidate: as given, else empty; excluded: "
		"list of {id, reason}, what this candidate had, its rivals and its like, excluded_count; left_out: list of {id, "
		"reason}, for anybody; next: {papers, questions_to_write, "
		"fewest_questions_to_write, least_questions_to_write, fewest_is_proven}, for one more paper; offers: {themes, "
		"themes_offered, capacity, bound, offers: lists of ids}, where case-study themes are offered; spread_chance: the "
		"largest where the papers listed are drawn alike, a decimal text; draw: {exposure_cap: in a thousand, absent where there is none, valid_papers, "
		"valid_papers_grouped, largest_chance, most_likely, expected_overlap, least_overlap, never_drawn, "
		"chances: list of {id, chance, papers: that hold it, each counted by its weight under the law even}}, absent for one candidate, and for a bank that can't be counted exactly",
};
