/* question similar. */
#include "app/ops.h"

#include <string.h>

#include "app/load.h"
#include "app/similar.h"

typedef struct listing {
	kb_call *call;
	kb_similar similar;
	bool *read; /* by text: that it was shown is noted */
	kb_node *pairs;
	int64_t declared;
	const char *id, *given, *standard, *method; /* NULL: not asked for */
} listing;

static kb_status check_request(listing *l, uint32_t *least, kb_err *err)
{
	kb_call *call = l->call;
	kb_loaded loaded;
	const kb_method *method;
	kb_q_item_by_key_row row;
	kb_q_version_all_row *versions;
	size_t count;
	int64_t per_mille = kb_call_int(call, "least");
	if (per_mille > 1000) {
		kb_fail(err, KB_USAGE, "argument", "--least is more than 1000");
		return kb_hint(err, "it counts in a thousand: 1000 is the same in all, %d is worth a look", KB_LIKENESS_NEAR);
	}
	if (l->id && l->given) {
		kb_fail(err, KB_USAGE, "argument", "--id does not go with --text");
		return kb_hint(err, "leave one of the two out");
	}
	*least = (uint32_t)per_mille;
	if (l->id) KB_TRY(kb_load_versions(call, l->id, &row, &versions, &count, err));
	if (l->standard) KB_TRY(kb_load_standard(call, l->standard, &loaded, err));
	return l->method ? kb_load_method(call, &loaded, l->method, &method, err) : KB_OK;
}

static bool is_within(const listing *l, const kb_similar_text *text)
{
	return text->kind != KB_SIMILAR_GIVEN && (!l->standard || strcmp(text->standard, l->standard) == 0) &&
	       (!l->method || strcmp(text->method, l->method) == 0);
}

static bool is_subject(const listing *l, const kb_similar_text *text)
{
	if (l->given) return text->kind == KB_SIMILAR_GIVEN;
	if (l->id) return text->kind == KB_SIMILAR_ITEM && strcmp(text->key, l->id) == 0;
	return is_within(l, text);
}

/* What was asked for comes first; the other side may be narrowed to a standard and method. */
static bool is_wanted(const listing *l, uint32_t *a, uint32_t *b)
{
	const kb_similar_text *texts = l->similar.texts;
	if (!is_subject(l, &texts[*a])) {
		uint32_t other = *a;
		*a = *b;
		*b = other;
	}
	return is_subject(l, &texts[*a]) && ((!l->id && !l->given) || is_within(l, &texts[*b]));
}

static const char *one_line(kb_arena *arena, const char *text)
{
	kb_buf out = { .arena = arena };
	for (; *text; text++) {
		if (*text == '\n') kb_buf_text(&out, " / ");
		else kb_buf_char(&out, *text);
	}
	return kb_buf_string(&out);
}

static kb_status show_item(listing *l, kb_node *map, uint32_t index, kb_err *err)
{
	kb_call *call = l->call;
	const kb_similar_text *text = &l->similar.texts[index];
	kb_node_set_text(call->arena, map, "id", text->key);
	kb_node_set_int(call->arena, map, "version", text->version);
	kb_node_set_text(call->arena, map, "state", text->state);
	kb_node_set_text(call->arena, map, "standard", text->standard);
	kb_node_set_text(call->arena, map, "method", text->method);
	kb_node_set_text(call->arena, map, "text", one_line(call->arena, text->text));
	if (l->read[index]) return KB_OK;
	l->read[index] = true;
	return kb_call_reads_item(call, text->id, err);
}

/* Words of a sitting are for those who may read every paper; others learn that they were asked, and of what method. */
static kb_status show_asked(listing *l, kb_node *map, uint32_t index, kb_err *err)
{
	kb_call *call = l->call;
	const kb_similar_text *text = &l->similar.texts[index];
	kb_node_set_text(call->arena, map, "standard", text->standard);
	kb_node_set_text(call->arena, map, "method", text->method);
	kb_node_set_int(call->arena, map, "papers", text->papers);
	if (!kb_roles_may(call->roles, KB_MAY_READ_ALL_PAPERS)) return KB_OK;
	kb_node_set_text(call->arena, map, "paper", text->key);
	kb_node_set_text(call->arena, map, "text", one_line(call->arena, text->text));
	if (l->read[index]) return KB_OK;
	l->read[index] = true;
	return kb_call_reads_paper(call, text->id, err);
}

static kb_status show_side(listing *l, kb_node *pair, const char *side, uint32_t index, kb_err *err)
{
	static const char *const kinds[] = { "item", "asked", "given" };
	kb_arena *arena = l->call->arena;
	const kb_similar_text *text = &l->similar.texts[index];
	kb_node *map = kb_node_set(arena, pair, side, kb_node_map(arena));
	kb_node *one = kb_node_set(arena, map, kinds[text->kind], kb_node_map(arena));
	if (text->kind == KB_SIMILAR_ITEM) return show_item(l, one, index, err);
	if (text->kind == KB_SIMILAR_ASKED) return show_asked(l, one, index, err);
	kb_node_set_text(arena, one, "text", text->text);
	return KB_OK;
}

/* The same standard in another version, another standard, or another method of this one. */
static const char *across(const kb_similar_text *a, const kb_similar_text *b)
{
	size_t reference = strcspn(a->standard, "/");
	if (strcmp(a->standard, b->standard) == 0) return "methods";
	bool same = strcspn(b->standard, "/") == reference && strncmp(a->standard, b->standard, reference) == 0;
	return same ? "versions" : "standards";
}

/* What to do about two items: a line for the file of the first, or care in using both. */
static void propose(listing *l, kb_node *pair, const kb_similar_text *a, const kb_similar_text *b)
{
	kb_arena *arena = l->call->arena;
	if (!kb_similar_share_method(a, b)) {
		kb_node *reuse = kb_node_set(arena, pair, "reuse", kb_node_map(arena));
		kb_node_set_text(arena, reuse, "across", across(a, b));
		return;
	}
	const char *others = kb_texts_join(arena, &a->item.rivals, ", ");
	kb_node *rivals = kb_node_set(arena, pair, "rivals", kb_node_map(arena));
	kb_node_set_text(arena, rivals, "id", a->key);
	kb_node_set_text(
		arena, rivals, "line", kb_arena_printf(arena, "rivals: [%s%s%s]", others, *others ? ", " : "", b->key));
}

static kb_status show_pair(listing *l, const kb_like *like, kb_err *err)
{
	kb_arena *arena = l->call->arena;
	uint32_t one = like->a, other = like->b;
	if (!is_wanted(l, &one, &other)) return KB_OK;
	const kb_similar_text *a = &l->similar.texts[one], *b = &l->similar.texts[other];
	if (kb_similar_are_rivals(a, b)) {
		l->declared++;
		return KB_OK;
	}
	kb_node *pair = kb_node_add(arena, l->pairs, kb_node_map(arena));
	kb_node_set_int(arena, pair, "per_mille", like->per_mille);
	kb_node_set_bool(arena, pair, "exact", like->exact);
	KB_TRY(show_side(l, pair, "one", one, err));
	KB_TRY(show_side(l, pair, "other", other, err));
	if (a->kind == KB_SIMILAR_ITEM && b->kind == KB_SIMILAR_ITEM) propose(l, pair, a, b);
	if (a->kind == KB_SIMILAR_ASKED || b->kind == KB_SIMILAR_ASKED) kb_node_set_bool(arena, pair, "heard", true);
	return kb_arena_check(arena, err);
}

static bool ask_for_the_same(const kb_similar_text *a, const kb_similar_text *b)
{
	if (b->kind != KB_SIMILAR_ITEM || a->item.is_theme || b->item.is_theme || !kb_similar_share_method(a, b))
		return false;
	if (a->item.ksbs.count != b->item.ksbs.count || kb_similar_are_rivals(a, b)) return false;
	for (size_t i = 0; i < a->item.ksbs.count; i++)
		if (!kb_texts_have(&b->item.ksbs, a->item.ksbs.list[i].text)) return false;
	return true;
}

/* A question in other words shares no words, but its KSBs: what has the same ones is for a person to read. */
static kb_status show_same_ksbs(listing *l, kb_err *err)
{
	kb_call *call = l->call;
	const kb_similar *similar = &l->similar;
	uint32_t own = 0;
	while (strcmp(similar->texts[own].key, l->id) != 0) own++;
	kb_node_set_text(call->arena, call->result, "id", l->id);
	kb_node *list = kb_node_set(call->arena, call->result, "same_ksbs", kb_node_list(call->arena));
	for (uint32_t i = 0; i < similar->count; i++) {
		if (i == own || l->read[i] || !ask_for_the_same(&similar->texts[own], &similar->texts[i])) continue;
		KB_TRY(show_item(l, kb_node_add(call->arena, list, kb_node_map(call->arena)), i, err));
	}
	return KB_OK;
}

static kb_status run_similar(kb_call *call, kb_err *err)
{
	listing l = { .call = call,
		.id = kb_call_text(call, "id"),
		.given = kb_call_text(call, "text"),
		.standard = kb_call_text(call, "standard"),
		.method = kb_call_text(call, "method") };
	uint32_t least;
	KB_TRY(check_request(&l, &least, err));
	KB_TRY(kb_similar_find(call, l.given, least, &l.similar, err));
	l.read = kb_arena_array(call->arena, l.similar.count, sizeof *l.read);
	l.pairs = kb_node_set(call->arena, call->result, "pairs", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < l.similar.pair_count; i++) KB_TRY(show_pair(&l, &l.similar.pairs[i], err));
	kb_node_set_int(call->arena, call->result, "count", (int64_t)l.pairs->count);
	kb_node_set_int(call->arena, call->result, "declared", l.declared);
	kb_node_set_int(call->arena, call->result, "texts", l.similar.count);
	kb_node_set_bool(call->arena, call->result, "empty", l.pairs->count == 0);
	return l.id ? show_same_ksbs(&l, err) : kb_arena_check(call->arena, err);
}

static const kb_arg args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .help = "one of the two is of this standard, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .help = "and of this method" },
	{ "id", KB_ARG_TEXT, .help = "only what is like this question or theme" },
	{ "text", KB_ARG_TEXT, .help = "only what is like this text, which need not be in the bank" },
	{ "least", KB_ARG_INT, .help = "how much, in a thousand; without it 200, and 300 where one line is compared" },
};

const kb_op kb_op_question_similar = {
	.name = "question similar",
	.summary = "List questions that are nearly the same, in the whole bank, and what to do about each pair",
	.help =
		"Compares the newest versions of all standards with one another, and with what assessors asked of their own.\n"
		"Two of one method should be rivals; two of different methods or standards are a re-use, and what one candidate\n"
		"heard may reach another. Pairs that are declared already are counted, not shown. With --id or --text a\n"
		"standard and method narrow what it is compared with.\n\n"
		"    ksbank question similar ST0648/1.0 professional-discussion\n"
		"    ksbank question similar --id ST0648-PD1-01\n"
		"    ksbank question similar --text \"Tell me about a report that you wrote for a court.\"\n\n"
		"The measure counts the words that two texts share, in pairs. It finds copies and edits; the same question in\n"
		"other words it can't see. With --id the questions on the same KSBs are shown too, for somebody to read.",
	.permission = KB_MAY_READ_BANK,
	.store = KB_OP_READS,
	.args = args,
	.arg_count = KB_COUNT(args),
	.run = run_similar,
	.screen = "question-similar",
	.confidential = true,
	.answer =
		"id: with --id; pairs: the most alike first, a list of {per_mille, exact: word for word, one, other: each {item: {id, version, "
		"state, standard, method, text}}, {asked: {standard, method, papers, paper, text}} or {given: {text}}; rivals: "
		"{id, line: for its file}, of one method; reuse: {across: methods, versions or standards}; heard: one "
		"was asked}; count; declared: how many pairs are rivals already; texts: how many were compared; empty; "
		"same_ksbs: with --id, a list of {id, version, state, standard, method, text}",
};
