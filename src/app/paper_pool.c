#include "app/paper_pool.h"

#include <stdlib.h>
#include <string.h>

#include "app/heard.h"
#include "text/json.h"

static const char *const question_templates[] = { "assessor-pack.md", "recording-sheet.md", "print.css", NULL };
static const char *const theme_templates[] = { "theme-offer.md", "print.css", NULL };
const kb_part kb_part_questions = { "questions", "question", "paper", "questions", question_templates };
const kb_part kb_part_themes = { "case-study-themes", "case-study-theme", "offer", "themes", theme_templates };

typedef struct loader {
	kb_call *call;
	const kb_loaded *loaded;
	const kb_method *method;
	kb_unit *units;
	uint32_t unit_count;
	kb_draw_input *in;
	kb_node **rivals; /* of each pool item, as its version names them; NULL where none */
	bool all;         /* what is away is loaded too */
	bool coming;      /* and what was never approved yet */
} loader;

static kb_status list_of(kb_call *call, const char *json, kb_node **list, kb_err *err)
{
	*list = NULL;
	return json ? kb_json_read(call->arena, NULL, json, strlen(json), list, err) : KB_OK;
}

static void leave_out(loader *l, const char *key, const char *reason)
{
	kb_node *entry = kb_node_add(l->call->arena, l->in->left_out, kb_node_map(l->call->arena));
	kb_node_set_text(l->call->arena, entry, "id", key);
	kb_node_set_text(l->call->arena, entry, "reason", reason);
}

/* The units that a question covers; false where its tags don't fit. */
static bool units_of(
	const loader *l, const kb_q_pool_row *row, const kb_texts *ksbs, const char **theme, uint64_t *bits)
{
	const kb_theme *found = kb_method_theme_fitting(l->method, row->theme, ksbs);
	*bits = 0;
	if (!found) return false;
	*theme = found->id.text;
	for (uint32_t u = 0; u < l->unit_count; u++)
		if (strcmp(l->units[u].theme, *theme) == 0 && kb_texts_have(ksbs, l->units[u].ksb)) *bits |= UINT64_C(1) << u;
	return true;
}

static bool counters_of(const loader *l, const char *theme, const char *kind, uint64_t *bits)
{
	const kb_theme *themes = l->method->themes.list;
	*bits = 0;
	for (uint32_t t = 0; t < l->in->theme_count; t++)
		if (strcmp(themes[t].id.text, theme) == 0) *bits |= UINT64_C(1) << t;
	for (uint32_t k = 0; k < KB_KIND_COUNT; k++)
		if (strcmp(kb_question_kinds[k], kind) == 0) *bits |= UINT64_C(1) << (l->in->theme_count + k);
	return __builtin_popcountll(*bits) == 2;
}

static bool list_has(const kb_node *list, const char *text)
{
	for (size_t i = 0; list && i < list->count; i++)
		if (strcmp(list->items[i]->text, text) == 0) return true;
	return false;
}

static uint64_t categories_of(const kb_draw_input *in, const kb_node *named)
{
	uint64_t bits = 0;
	for (uint32_t c = in->rules.counter_count - in->category_count; c < in->rules.counter_count; c++)
		if (list_has(named, in->counters[c])) bits |= UINT64_C(1) << c;
	return bits;
}

const char *kb_paper_pool_misfit(const char *theme, bool fits, bool overruled)
{
	if (!fits)
		return theme ? "its tags no longer fit the method's mapping" : "none of its tags is in the method's mapping";
	return overruled ? "it follows a wording that was decided against" : NULL;
}

static kb_status add_row(loader *l, const kb_q_pool_row *row, kb_err *err)
{
	kb_draw_input *in = l->in;
	kb_node *list, *categories;
	const char *theme;
	kb_pool_item item = {
		.key = row->key, .version = row->version_id, .minutes = (uint32_t)row->minutes.value, .weight = 1
	};
	KB_TRY(list_of(l->call, row->ksbs, &list, err));
	kb_texts ksbs = kb_texts_of(l->call->arena, list);
	bool fits = l->in->part == &kb_part_themes || (row->kind && units_of(l, row, &ksbs, &theme, &item.units) &&
													  counters_of(l, theme, row->kind, &item.counters));
	KB_TRY(list_of(l->call, row->categories, &categories, err));
	item.counters |= categories_of(in, categories);
	const char *why = NULL;
	bool coming = l->coming && (kb_str_equal(row->state, "draft") || kb_str_equal(row->state, "submitted") ||
								   kb_str_equal(row->state, "returned"));
	if (!coming && !kb_str_equal(row->state, "approved")) why = kb_arena_printf(l->call->arena, "it is %s", row->state);
	else if (!coming && !row->in_force) why = "its review has lapsed";
	else why = kb_paper_pool_misfit(row->theme, fits, row->overruled);
	if (why) leave_out(l, row->key, why);
	bool away = kb_str_equal(row->state, "suspended") || (kb_str_equal(row->state, "approved") && !row->in_force);
	if (why && !(l->all && away && fits && !row->overruled)) return KB_OK;
	uint32_t n = in->pool.count++;
	if (why) kb_pool_set(in->away, n);
	if (coming) kb_pool_set(in->coming, n);
	in->pool.items[n] = item;
	in->digests[n] = row->digest;
	in->numbers[n] = row->version;
	in->item_ids[n] = row->item;
	return list_of(l->call, row->rivals, &l->rivals[n], err);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const kb_pool_item *)a)->key, ((const kb_pool_item *)b)->key);
}

static bool find(const kb_pool *pool, const char *key, uint32_t *index)
{
	kb_pool_item wanted = { .key = key };
	const kb_pool_item *found = pool->count ? bsearch(&wanted, pool->items, pool->count, sizeof wanted, by_key) : NULL;
	if (found) *index = (uint32_t)(found - pool->items);
	return found != NULL;
}

/* Rivalry holds both ways, whichever side named it; each pair once. */
static kb_status add_rivals(loader *l, kb_err *err)
{
	kb_pool *pool = &l->in->pool;
	size_t total = 0;
	for (uint32_t i = 0; i < pool->count; i++) total += l->rivals[i] ? l->rivals[i]->count : 0;
	pool->rivals = kb_arena_array(l->call->arena, total, sizeof *pool->rivals);
	if (!pool->rivals) return kb_arena_check(l->call->arena, err);
	uint32_t n = 0;
	for (uint32_t i = 0; i < pool->count; i++)
		for (size_t j = 0; l->rivals[i] && j < l->rivals[i]->count; j++) {
			uint32_t other;
			if (!find(pool, l->rivals[i]->items[j]->text, &other) || other == i) continue;
			pool->rivals[n++] = other < i ? (kb_pair_of_rivals) { other, i } : (kb_pair_of_rivals) { i, other };
		}
	if (n) qsort(pool->rivals, n, sizeof *pool->rivals, kb_pool_compare_rivals);
	for (uint32_t i = 0; i < n; i++)
		if (pool->rival_count == 0 ||
			kb_pool_compare_rivals(&pool->rivals[pool->rival_count - 1], &pool->rivals[i]) != 0)
			pool->rivals[pool->rival_count++] = pool->rivals[i];
	return kb_pool_group(l->call->arena, pool, err);
}

static void exclude(loader *l, uint32_t index, const char *reason)
{
	kb_draw_input *in = l->in;
	if (kb_pool_has(in->excluded, index)) return;
	kb_pool_set(in->excluded, index);
	in->excluded_count++;
	kb_node *entry = kb_node_add(l->call->arena, in->exclusions, kb_node_map(l->call->arena));
	kb_node_set_text(l->call->arena, entry, "id", in->pool.items[index].key);
	kb_node_set_text(l->call->arena, entry, "reason", reason);
}

static kb_status exclude_named(loader *l, const char *rivals, const char *reason, kb_err *err)
{
	kb_node *named;
	uint32_t index;
	KB_TRY(list_of(l->call, rivals, &named, err));
	for (size_t i = 0; named && i < named->count; i++)
		if (find(&l->in->pool, named->items[i]->text, &index)) exclude(l, index, reason);
	return KB_OK;
}

static int by_row_key(const void *key, const void *row)
{
	return strcmp(key, ((const kb_q_pool_row *)row)->key);
}

/* What the candidate had, then its rivals: named by the version that was issued, by that question's newest approved one
 * (drawable today or not), or by the one in the pool. `all` is in the order of keys. */
static kb_status exclude_seen(loader *l, int64_t candidate, const kb_q_pool_row *all, size_t all_count, kb_err *err)
{
	kb_call *call = l->call;
	kb_q_seen_row *rows;
	size_t count;
	KB_TRY(kb_q_seen(call->sql, call->arena, candidate, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		uint32_t index;
		if (find(&l->in->pool, rows[i].key, &index))
			exclude(l, index, kb_arena_printf(call->arena, "issued in P-%06lld", (long long)rows[i].paper));
	}
	for (size_t i = 0; i < count; i++) {
		const char *reason =
			kb_arena_printf(call->arena, "a rival of %s, issued in P-%06lld", rows[i].key, (long long)rows[i].paper);
		const kb_q_pool_row *newest = all_count ? bsearch(rows[i].key, all, all_count, sizeof *all, by_row_key) : NULL;
		KB_TRY(exclude_named(l, rows[i].rivals, reason, err));
		if (newest) KB_TRY(exclude_named(l, newest->rivals, reason, err));
		for (uint32_t j = 0; j < l->in->pool.count; j++)
			if (list_has(l->rivals[j], rows[i].key)) exclude(l, j, reason);
	}
	return kb_arena_check(call->arena, err);
}

/* What is like something that the candidate was asked beside the bank's own words. */
static kb_status exclude_alike(loader *l, int64_t candidate, kb_err *err)
{
	kb_arena *arena = l->call->arena;
	const kb_pool *pool = &l->in->pool;
	kb_heard heard = {
		.call = l->call, .candidate = candidate, .standard = l->loaded->standard->key.text, .method = l->method->id.text
	};
	KB_TRY(kb_heard_asked(&heard, INT64_MAX, err));
	if (heard.count == 0) return KB_OK;
	const char **words = kb_arena_array(arena, 2 * (size_t)pool->count, sizeof *words);
	int64_t *papers = kb_arena_array(arena, 2 * (size_t)pool->count, sizeof *papers);
	if (!words || !papers) return kb_arena_check(arena, err);
	for (uint32_t i = 0; i < pool->count; i++)
		KB_TRY(kb_heard_words(l->call, pool->items[i].version, words + 2 * i, err));
	KB_TRY(kb_heard_match(&heard, words, 2 * (size_t)pool->count, papers, err));
	for (uint32_t i = 0; i < pool->count; i++) {
		int64_t paper = papers[2 * i] ? papers[2 * i] : papers[2 * i + 1];
		if (paper)
			exclude(l, i, kb_arena_printf(arena, "like a question that was asked in P-%06lld", (long long)paper));
	}
	return kb_arena_check(arena, err);
}

static kb_status name_rules(loader *l, const kb_specification *specification, kb_err *err)
{
	kb_arena *arena = l->call->arena;
	kb_draw_input *in = l->in;
	const kb_theme *themes = l->method->themes.list;
	const kb_span *categories = specification->categories.list;
	in->units = kb_arena_array(arena, l->unit_count, sizeof *in->units);
	in->counters = kb_arena_array(arena, KB_COUNTERS_MAX, sizeof *in->counters);
	if (!in->units || !in->counters) return kb_arena_check(arena, err);
	for (uint32_t u = 0; u < l->unit_count; u++)
		in->units[u] = kb_arena_printf(arena, "%s %s", l->units[u].theme, l->units[u].ksb);
	uint32_t first = in->theme_count + KB_KIND_COUNT; /* of the categories */
	for (uint32_t c = 0; c < in->rules.counter_count; c++)
		in->counters[c] = c < in->theme_count ? themes[c].id.text
		                  : c < first         ? kb_question_kinds[c - in->theme_count]
		                                      : categories[c - first].name.text;
	return kb_arena_check(arena, err);
}

static kb_status reserve(loader *l, size_t count, kb_err *err)
{
	kb_arena *arena = l->call->arena;
	kb_draw_input *in = l->in;
	in->pool.progress = l->call->progress;
	in->exclusions = kb_node_list(arena);
	in->left_out = kb_node_list(arena);
	in->pool.items = kb_arena_array(arena, count, sizeof *in->pool.items);
	in->digests = kb_arena_array(arena, count, sizeof *in->digests);
	in->numbers = kb_arena_array(arena, count, sizeof *in->numbers);
	in->item_ids = kb_arena_array(arena, count, sizeof *in->item_ids);
	l->rivals = kb_arena_array(arena, count, sizeof(kb_node *));
	in->excluded = kb_arena_alloc(arena, count / 8 + 1);
	in->away = kb_arena_alloc(arena, count / 8 + 1);
	in->coming = kb_arena_alloc(arena, count / 8 + 1);
	return kb_arena_check(arena, err);
}

static kb_status load(loader *l, const kb_specification *specification, int64_t candidate, kb_err *err)
{
	kb_call *call = l->call;
	kb_draw_input *input = l->in;
	const kb_part *part = input->part;
	kb_q_pool_row *rows;
	size_t count;
	if (part == &kb_part_themes) {
		KB_TRY(kb_specification_offer_rules(specification, &input->rules, err));
	} else {
		KB_TRY(kb_method_units(call->arena, l->method, &l->units, &l->unit_count, err));
		KB_TRY(kb_specification_rules(specification, l->method, &input->rules, err));
		input->theme_count = (uint32_t)l->method->themes.count;
		input->category_count = (uint32_t)specification->categories.count;
	}
	KB_TRY(kb_q_pool(call->sql, call->arena, l->loaded->standard->key.text, l->method->id.text, part->kind,
		call->day_text, l->coming, &rows, &count, err));
	KB_TRY(reserve(l, count, err));
	KB_TRY(name_rules(l, specification, err));
	for (size_t i = 0; i < count; i++) KB_TRY(add_row(l, &rows[i], err));
	KB_TRY(add_rivals(l, err));
	if (!candidate) return kb_arena_check(call->arena, err);
	KB_TRY(exclude_seen(l, candidate, rows, count, err));
	return exclude_alike(l, candidate, err);
}

kb_status kb_paper_pool_load(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, int64_t candidate, kb_draw_input *input, kb_err *err)
{
	*input = (kb_draw_input) { .part = part };
	loader l = { .call = call, .loaded = loaded, .method = method, .in = input };
	return load(&l, specification, candidate, err);
}

kb_status kb_paper_pool_load_all(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, int64_t candidate, kb_draw_input *input, kb_err *err)
{
	*input = (kb_draw_input) { .part = part };
	loader l = { .call = call, .loaded = loaded, .method = method, .in = input, .all = true };
	KB_TRY(load(&l, specification, candidate, err));
	for (uint32_t i = 0; i < (input->pool.count + 7) / 8; i++) {
		input->away[i] = (uint8_t)(input->away[i] & ~input->excluded[i]);
		input->excluded[i] |= input->away[i];
	}
	return KB_OK;
}

kb_status kb_paper_pool_load_coming(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, kb_draw_input *input, kb_err *err)
{
	*input = (kb_draw_input) { .part = part };
	loader l = { .call = call, .loaded = loaded, .method = method, .in = input, .coming = true };
	return load(&l, specification, 0, err);
}

kb_status kb_paper_pool_check(kb_call *call, const char *method, const kb_draw_input *input, kb_err *err)
{
	if (input->pool.count > 0) return KB_OK;
	size_t lapsed = input->left_out->count;
	if (lapsed) {
		kb_fail(err, KB_REFUSED, "pool.lapsed", "none of the %zu approved %s of %s may be drawn on %s", lapsed,
			input->part->items, method, call->day_text);
		return kb_hint(err,
			"their review has lapsed: see ksbank review due, and approve what is fit with: ksbank question approve");
	}
	kb_fail(err, KB_REFUSED, "pool.empty", "none of the %s of %s was approved by %s", input->part->items, method,
		call->day_text);
	return kb_hint(
		err, "approve what is fit with: ksbank question approve, or import a reviewed bank with --approved-by NAME");
}

/* The record's form. */

static kb_node *bits_node(kb_arena *arena, uint64_t bits)
{
	kb_node *list = kb_node_list(arena);
	for (int i = 0; i < 64; i++)
		if (bits >> i & 1) kb_node_add(arena, list, kb_node_int(arena, i));
	return list;
}

static kb_node *names_node(kb_arena *arena, const char *const *names, uint32_t count)
{
	kb_node *list = kb_node_list(arena);
	for (uint32_t i = 0; i < count; i++) kb_node_add(arena, list, kb_node_text(arena, names[i]));
	return list;
}

static kb_node *range_node(kb_arena *arena, kb_range range)
{
	kb_node *list = kb_node_list(arena);
	kb_node_add(arena, list, kb_node_int(arena, range.min));
	kb_node_add(arena, list, kb_node_int(arena, range.max));
	return list;
}

static kb_node *rules_node(kb_arena *arena, const kb_draw_input *input)
{
	const kb_rules *rules = &input->rules;
	kb_node *map = kb_node_map(arena), *ranges = kb_node_list(arena);
	kb_node_set_int(arena, map, "size", rules->size);
	kb_node_set(arena, map, "units", names_node(arena, input->units, rules->unit_count));
	kb_node_set(arena, map, "required", bits_node(arena, rules->required));
	kb_node_set_int(arena, map, "times", rules->times);
	kb_node_set_int(arena, map, "sample", rules->sample);
	kb_node_set(arena, map, "counters", names_node(arena, input->counters, rules->counter_count));
	for (uint32_t c = 0; c < rules->counter_count; c++)
		kb_node_add(arena, ranges, range_node(arena, rules->counters[c]));
	kb_node_set(arena, map, "ranges", ranges);
	kb_node_set(arena, map, "minutes", range_node(arena, rules->minutes));
	kb_node_set_int(arena, map, "reserve", rules->reserve);
	return map;
}

void kb_paper_pool_write(kb_arena *arena, const kb_draw_input *input, kb_node *record)
{
	kb_node *pool = kb_node_list(arena), *rivals = kb_node_list(arena);
	for (uint32_t i = 0; i < input->pool.count; i++) {
		const kb_pool_item *item = &input->pool.items[i];
		kb_node *map = kb_node_add(arena, pool, kb_node_map(arena));
		kb_node_set_text(arena, map, "id", item->key);
		kb_node_set_int(arena, map, "version", input->numbers[i]);
		kb_node_set_text(arena, map, "digest", input->digests[i]);
		kb_node_set(arena, map, "units", bits_node(arena, item->units));
		kb_node_set(arena, map, "counters", bits_node(arena, item->counters));
		kb_node_set_int(arena, map, "minutes", item->minutes);
		kb_node_set_int(arena, map, "weight", item->weight);
	}
	for (uint32_t i = 0; i < input->pool.rival_count; i++)
		kb_node_add(arena, rivals, range_node(arena, (kb_range) { input->pool.rivals[i].a, input->pool.rivals[i].b }));
	kb_node_set(arena, record, "rules", rules_node(arena, input));
	kb_node_set(arena, record, "pool", pool);
	kb_node_set(arena, record, "rivals", rivals);
	kb_node_set(arena, record, "excluded", input->exclusions);
	kb_node_set(arena, record, "left_out", input->left_out);
}

/* Reading back trusts nothing: a record may come from a file. */

typedef struct record_reader {
	kb_arena *arena;
	bool bad;
} record_reader;

static uint32_t number(record_reader *r, const kb_node *node, int64_t least, int64_t most)
{
	if (node && node->kind == KB_NODE_INT && node->integer >= least && node->integer <= most)
		return (uint32_t)node->integer;
	r->bad = true;
	return (uint32_t)least;
}

static const kb_node *list_under(record_reader *r, const kb_node *map, const char *key, size_t most)
{
	static const kb_node nothing = { .kind = KB_NODE_LIST };
	const kb_node *node = kb_node_get(map, key);
	if (node && node->kind == KB_NODE_LIST && node->count <= most) return node;
	r->bad = true;
	return &nothing;
}

static uint64_t bits_under(record_reader *r, const kb_node *map, const char *key, uint32_t most)
{
	const kb_node *list = list_under(r, map, key, 64);
	uint64_t bits = 0;
	for (size_t i = 0; i < list->count && most > 0; i++) bits |= UINT64_C(1) << number(r, list->items[i], 0, most - 1);
	return bits;
}

static kb_range range_of(record_reader *r, const kb_node *node, int64_t most)
{
	if (!node || node->kind != KB_NODE_LIST || node->count != 2) {
		r->bad = true;
		return (kb_range) { 0 };
	}
	return (kb_range) { number(r, node->items[0], 0, most), number(r, node->items[1], 0, most) };
}

static const char **names_under(record_reader *r, const kb_node *map, const char *key, size_t most, uint32_t *count)
{
	const kb_node *list = list_under(r, map, key, most);
	const char **names = kb_arena_array(r->arena, list->count, sizeof *names);
	*count = (uint32_t)list->count;
	for (size_t i = 0; names && i < list->count; i++) {
		r->bad |= list->items[i]->kind != KB_NODE_TEXT;
		names[i] = list->items[i]->kind == KB_NODE_TEXT ? list->items[i]->text : "";
	}
	return names;
}

static void read_rules(record_reader *r, const kb_node *map, kb_draw_input *in)
{
	kb_rules *rules = &in->rules;
	in->units = names_under(r, map, "units", KB_UNITS_MAX, &rules->unit_count);
	in->counters = names_under(r, map, "counters", KB_COUNTERS_MAX, &rules->counter_count);
	rules->size = number(r, kb_node_get(map, "size"), 0, KB_PAPER_MAX);
	rules->required = bits_under(r, map, "required", rules->unit_count);
	rules->times = number(r, kb_node_get(map, "times"), 1, KB_TIMES_MAX);
	rules->sample = number(r, kb_node_get(map, "sample"), 0, KB_UNITS_MAX);
	rules->minutes = range_of(r, kb_node_get(map, "minutes"), UINT32_MAX);
	rules->reserve = number(r, kb_node_get(map, "reserve"), 0, 100);
	const kb_node *ranges = list_under(r, map, "ranges", KB_COUNTERS_MAX);
	r->bad |= ranges->count != rules->counter_count;
	for (size_t c = 0; c < ranges->count; c++) rules->counters[c] = range_of(r, ranges->items[c], UINT32_MAX);
}

static void read_items(record_reader *r, const kb_node *list, kb_draw_input *in)
{
	kb_pool_item *items = in->pool.items = kb_arena_array(r->arena, list->count, sizeof *items);
	in->digests = kb_arena_array(r->arena, list->count, sizeof *in->digests);
	in->numbers = kb_arena_array(r->arena, list->count, sizeof *in->numbers);
	in->excluded = kb_arena_alloc(r->arena, list->count / 8 + 1);
	for (size_t i = 0; items && in->digests && in->numbers && i < list->count; i++) {
		const kb_node *map = list->items[i];
		items[i].key = kb_node_get_text(map, "id", "");
		items[i].units = bits_under(r, map, "units", in->rules.unit_count);
		items[i].counters = bits_under(r, map, "counters", in->rules.counter_count);
		items[i].minutes = number(r, kb_node_get(map, "minutes"), 0, 600);
		items[i].weight = number(r, kb_node_get(map, "weight"), 1, UINT32_MAX);
		in->digests[i] = kb_node_get_text(map, "digest", "");
		in->numbers[i] = number(r, kb_node_get(map, "version"), 1, UINT32_MAX);
		r->bad |= i > 0 && strcmp(items[i - 1].key, items[i].key) >= 0;
		in->pool.count++;
	}
}

static void read_rivals(record_reader *r, const kb_node *list, kb_pool *pool)
{
	pool->rivals = kb_arena_array(r->arena, list->count, sizeof *pool->rivals);
	for (size_t i = 0; pool->rivals && i < list->count; i++) {
		kb_range pair = range_of(r, list->items[i], pool->count ? pool->count - 1 : 0);
		pool->rivals[i] = (kb_pair_of_rivals) { pair.min, pair.max };
		r->bad |=
			pair.min >= pair.max || (i > 0 && kb_pool_compare_rivals(&pool->rivals[i - 1], &pool->rivals[i]) >= 0);
		pool->rival_count++;
	}
}

kb_status kb_paper_pool_read(kb_arena *arena, const kb_node *record, kb_draw_input *in, kb_err *err)
{
	record_reader r = { .arena = arena };
	*in = (kb_draw_input) { 0 };
	read_rules(&r, kb_node_get(record, "rules"), in);
	read_items(&r, list_under(&r, record, "pool", KB_POOL_MAX), in);
	KB_TRY(kb_arena_check(arena, err));
	read_rivals(&r, list_under(&r, record, "rivals", KB_POOL_MAX), &in->pool);
	const kb_node *excluded = list_under(&r, record, "excluded", KB_POOL_MAX);
	for (size_t i = 0; i < excluded->count; i++) {
		uint32_t index;
		bool known = find(&in->pool, kb_node_get_text(excluded->items[i], "id", ""), &index);
		r.bad |= !known || kb_pool_has(in->excluded, index);
		if (known) kb_pool_set(in->excluded, index), in->excluded_count++;
	}
	KB_TRY(kb_arena_check(arena, err));
	if (r.bad)
		return kb_fail(err, KB_CORRUPT, "record.form", "the draw record does not hold together: it was changed or cut");
	return kb_pool_group(arena, &in->pool, err);
}
