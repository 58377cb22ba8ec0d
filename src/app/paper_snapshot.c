#include "app/paper_snapshot.h"

#include <string.h>

typedef struct builder {
	kb_call *call;
	kb_arena *arena;
	const kb_snapshot_input *in;
	kb_node *root;
} builder;

static const char *or_empty(kb_text text)
{
	return text.text ? text.text : "";
}

static void add_ksb(builder *b, kb_node *list, const char *code)
{
	const kb_ksb *ksb = kb_standard_ksb(b->in->loaded->standard, code);
	kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
	bool disputed = ksb && kb_ksb_is_disputed(ksb);
	kb_node_set_text(b->arena, entry, "code", code);
	kb_node_set_text(b->arena, entry, "text", ksb ? or_empty(ksb->text) : "");
	kb_node_set_bool(b->arena, entry, "disputed", disputed);
	kb_node *wordings = kb_node_set(b->arena, entry, "wordings", kb_node_list(b->arena));
	const kb_wording *w = disputed ? ksb->disputed.list : NULL;
	for (size_t i = 0; disputed && i < ksb->disputed.count; i++) {
		kb_node *wording = kb_node_add(b->arena, wordings, kb_node_map(b->arena));
		kb_node_set_text(b->arena, wording, "source", w[i].source.text);
		kb_node_set_text(b->arena, wording, "text", w[i].text.text);
	}
}

static void add_descriptor(builder *b, kb_node *list, const char *id, const char *text)
{
	kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
	kb_node_set_text(b->arena, entry, "id", id);
	kb_node_set_text(b->arena, entry, "text", text ? text : "");
}

static void add_guidance(builder *b, kb_node *question, const char *key, const kb_guidance *guidance)
{
	kb_node *map = kb_node_set(b->arena, question, key, kb_node_map(b->arena));
	kb_node_set_text(b->arena, map, "shows", guidance ? or_empty(guidance->shows) : "");
	kb_node *list = kb_node_set(b->arena, map, "descriptors", kb_node_list(b->arena));
	for (size_t i = 0; guidance && i < guidance->descriptors.count; i++) {
		const char *id = guidance->descriptors.list[i].text;
		add_descriptor(b, list, id, kb_method_descriptor(b->in->method, id));
	}
}

static kb_status load_item(builder *b, uint32_t index, kb_item *item, kb_err *err)
{
	kb_q_version_body_row row = { 0 };
	bool found;
	kb_node *body;
	int64_t version = b->in->draw->pool.items[index].version;
	KB_TRY(kb_q_version_body(b->call->sql, b->arena, version, &row, &found, err));
	if (!found)
		return kb_fail(err, KB_CORRUPT, "store.version", "a version of %s is gone", b->in->draw->pool.items[index].key);
	KB_TRY(kb_load_body(b->call, row.body, &body, err));
	return kb_item_read(b->arena, body, b->in->draw->part == &kb_part_themes, item, err);
}

/* As it was counted: a question of the bank need not name its theme itself. */
static const kb_theme *theme_of(builder *b, uint32_t index)
{
	const kb_theme *themes = b->in->method->themes.list;
	return &themes[__builtin_ctzll(b->in->draw->pool.items[index].counters)];
}

static void describe(builder *b, kb_node *question, const kb_item *item, const kb_theme *theme)
{
	kb_node_set_text(b->arena, question, "theme", theme->id.text);
	kb_node_set_text(b->arena, question, "theme_name", or_empty(theme->name));
	kb_node_set_text(b->arena, question, "kind", kb_question_kinds[item->kind.value]);
	kb_node_set_text(b->arena, question, "demand", item->demand.set ? kb_demands[item->demand.value] : "");
	kb_node_set_int(b->arena, question, "minutes", item->minutes.value);
	kb_node_set_text(b->arena, question, "ksb_list", kb_texts_join(b->arena, &item->ksbs, ", "));
	kb_node *ksbs = kb_node_set(b->arena, question, "ksbs", kb_node_list(b->arena));
	for (size_t i = 0; i < item->ksbs.count; i++) add_ksb(b, ksbs, item->ksbs.list[i].text);
	kb_node_set_text(b->arena, question, "stem", or_empty(item->stem));
	kb_node *prompts = kb_node_set(b->arena, question, "prompts", kb_node_list(b->arena));
	for (size_t i = 0; i < item->prompts.count; i++)
		kb_node_add(b->arena, prompts, kb_node_text(b->arena, item->prompts.list[i].text));
	add_guidance(b, question, "pass", item->pass);
	add_guidance(b, question, "distinction", item->distinction);
	kb_node_set_text(b->arena, question, "accessibility", or_empty(item->accessibility));
	kb_node *follows = kb_node_set(b->arena, question, "follows", kb_node_list(b->arena));
	const kb_text_pair *pairs = item->follows.list;
	for (size_t i = 0; i < item->follows.count; i++) {
		kb_node *pair = kb_node_add(b->arena, follows, kb_node_map(b->arena));
		kb_node_set_text(b->arena, pair, "ksb", pairs[i].key.text);
		kb_node_set_text(b->arena, pair, "source", pairs[i].value.text);
	}
}

/* Which version stands in this place. */
static kb_node *add_place(builder *b, kb_node *list, uint32_t place)
{
	const kb_draw_input *draw = b->in->draw;
	uint32_t index = b->in->items[place];
	kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
	kb_node_set_int(b->arena, entry, "number", place + 1);
	kb_node_set_text(b->arena, entry, "id", draw->pool.items[index].key);
	kb_node_set_int(b->arena, entry, "version", draw->numbers[index]);
	kb_node_set_text(b->arena, entry, "digest", draw->digests[index]);
	return entry;
}

static kb_status add_questions(builder *b, kb_err *err)
{
	const kb_snapshot_input *in = b->in;
	kb_node *list = kb_node_set(b->arena, b->root, "questions", kb_node_list(b->arena));
	int64_t running = 0;
	for (uint32_t i = 0; i < in->count; i++) {
		kb_item item;
		KB_TRY(load_item(b, in->items[i], &item, err));
		kb_node *question = add_place(b, list, i);
		running += item.minutes.value;
		describe(b, question, &item, theme_of(b, in->items[i]));
		kb_node_set_int(b->arena, question, "minutes_running", running);
	}
	kb_node_set_int(b->arena, b->root, "question_count", in->count);
	kb_node_set_int(b->arena, b->root, "minutes", running);
	return KB_OK;
}

static const char *where_of(const kb_item *item, const char *ksb)
{
	const kb_text_pair *pairs = item->where.list;
	for (size_t i = 0; i < item->where.count; i++)
		if (kb_str_equal(pairs[i].key.text, ksb)) return pairs[i].value.text;
	return "";
}

static void describe_theme(builder *b, kb_node *entry, const kb_item *item)
{
	kb_node_set_text(b->arena, entry, "title", or_empty(item->title));
	kb_node_set_text(b->arena, entry, "ksb_list", kb_texts_join(b->arena, &item->ksbs, ", "));
	kb_node_set_text(b->arena, entry, "brief", or_empty(item->brief));
	kb_node *guidance = kb_node_set(b->arena, entry, "guidance", kb_node_list(b->arena));
	for (size_t i = 0; i < item->guidance.count; i++)
		kb_node_add(b->arena, guidance, kb_node_text(b->arena, item->guidance.list[i].text));
	kb_node *where = kb_node_set(b->arena, entry, "where", kb_node_list(b->arena));
	for (size_t i = 0; i < item->ksbs.count; i++) {
		kb_node *pair = kb_node_add(b->arena, where, kb_node_map(b->arena));
		kb_node_set_text(b->arena, pair, "ksb", item->ksbs.list[i].text);
		kb_node_set_text(b->arena, pair, "text", where_of(item, item->ksbs.list[i].text));
	}
}

static kb_status add_case_study_themes(builder *b, kb_err *err)
{
	kb_node *list = kb_node_set(b->arena, b->root, "case_study_themes", kb_node_list(b->arena));
	for (uint32_t i = 0; i < b->in->count; i++) {
		kb_item item;
		KB_TRY(load_item(b, b->in->items[i], &item, err));
		describe_theme(b, add_place(b, list, i), &item);
	}
	kb_node_set_int(b->arena, b->root, "theme_count", b->in->count);
	return KB_OK;
}

/* Which questions of the paper cover a unit: "1, 4". */
static const char *covering(builder *b, const char *theme, const char *ksb)
{
	kb_buf out = { .arena = b->arena };
	const char *name = kb_arena_printf(b->arena, "%s %s", theme, ksb);
	uint32_t unit = 0;
	while (name && unit < b->in->draw->rules.unit_count && strcmp(b->in->draw->units[unit], name) != 0) unit++;
	for (uint32_t i = 0; i < b->in->count && unit < b->in->draw->rules.unit_count; i++)
		if (b->in->draw->pool.items[b->in->items[i]].units >> unit & 1)
			kb_buf_printf(&out, "%s%u", out.length ? ", " : "", i + 1);
	return kb_buf_string(&out);
}

static void add_themes(builder *b)
{
	kb_node *list = kb_node_set(b->arena, b->root, "themes", kb_node_list(b->arena));
	const kb_theme *themes = b->in->method->themes.list;
	bool described = false; /* a decided mapping has no descriptors */
	for (size_t t = 0; t < b->in->method->themes.count; t++) {
		kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
		kb_node_set_text(b->arena, entry, "id", themes[t].id.text);
		kb_node_set_text(b->arena, entry, "name", or_empty(themes[t].name));
		kb_node *pass = kb_node_set(b->arena, entry, "pass", kb_node_list(b->arena));
		for (size_t i = 0; i < themes[t].pass.count; i++)
			add_descriptor(
				b, pass, kb_arena_printf(b->arena, "%s.P%zu", themes[t].id.text, i + 1), themes[t].pass.list[i].text);
		kb_node *distinction = kb_node_set(b->arena, entry, "distinction", kb_node_list(b->arena));
		for (size_t i = 0; i < themes[t].distinction.count; i++)
			add_descriptor(b, distinction, kb_arena_printf(b->arena, "%s.D%zu", themes[t].id.text, i + 1),
				themes[t].distinction.list[i].text);
		described |= themes[t].pass.count > 0;
		kb_node *units = kb_node_set(b->arena, entry, "units", kb_node_list(b->arena));
		for (size_t i = 0; i < themes[t].ksbs.count; i++) {
			kb_node *unit = kb_node_add(b->arena, units, kb_node_map(b->arena));
			kb_node_set_text(b->arena, unit, "ksb", themes[t].ksbs.list[i].text);
			kb_node_set_text(b->arena, unit, "questions", covering(b, themes[t].id.text, themes[t].ksbs.list[i].text));
		}
	}
	kb_node_set_bool(b->arena, b->root, "described", described);
}

static void add_checklist(builder *b)
{
	kb_node *list = kb_node_set(b->arena, b->root, "checklist", kb_node_list(b->arena));
	const kb_method *owner = kb_standard_checklist(b->in->loaded->standard, b->in->method);
	const kb_check_item *items = owner ? owner->checklist.list : NULL;
	const char *source = "";
	for (size_t i = 0; owner && i < owner->checklist.count; i++) {
		kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
		kb_node_set_text(b->arena, entry, "letter", items[i].letter.text);
		kb_node_set_text(b->arena, entry, "text", items[i].text.text);
		if (i == 0) source = or_empty(items[i].source);
	}
	if (owner && owner != b->in->method)
		source = kb_arena_printf(b->arena, "%s, written there for the %s", source, or_empty(owner->name));
	kb_node_set_text(b->arena, b->root, "checklist_source", source);
}

static const char *minutes_rule(builder *b)
{
	kb_buf out = { .arena = b->arena };
	const kb_minutes *m = b->in->method->minutes.list;
	for (size_t i = 0; i < b->in->method->minutes.count; i++) {
		if (out.length) kb_buf_text(&out, "; ");
		if (kb_str_equal(m[i].part.text, "whole"))
			kb_buf_printf(&out, "%lld minutes (%s", (long long)m[i].value.value, kb_minutes_kinds[m[i].kind.value]);
		else
			kb_buf_printf(&out, "%lld minutes for the %s (%s", (long long)m[i].value.value, or_empty(m[i].part),
				kb_minutes_kinds[m[i].kind.value]);
		if (m[i].tolerance.set) {
			long long most = (long long)(m[i].value.value * (100 + m[i].tolerance.value) / 100);
			kb_buf_printf(
				&out, "); the assessor may add up to %lld %%, so %lld at most", (long long)m[i].tolerance.value, most);
		} else {
			kb_buf_text(&out, ")");
		}
	}
	return kb_buf_string(&out);
}

static void add_rule(builder *b, kb_node *list, const char *title, const kb_plan_rule *rule)
{
	if (!rule || !rule->wording.text) return;
	kb_node *entry = kb_node_add(b->arena, list, kb_node_map(b->arena));
	kb_node_set_text(b->arena, entry, "id", rule->id.text);
	kb_node_set_text(b->arena, entry, "title", title);
	kb_node_set_text(b->arena, entry, "text", rule->wording.text);
	kb_node_set_text(b->arena, entry, "source", or_empty(rule->source));
}

/* What people must have before them; the rest of the plan stays in the standard. */
typedef struct shown_rule {
	const char *id, *title;
	bool of_method;
} shown_rule;

static const shown_rule paper_rules[] = {
	{ "own-questions", "Your own questions", true },
	{ "recording", "Recording", true },
	{ "resit-cap", "After a re-sit or re-take", false },
	{ "reasonable-adjustments", "Adjustments", false },
};

static const shown_rule offer_rules[] = {
	{ "theme-choice", "Choosing", true },
	{ "case-study-basis", "The case", true },
	{ "case-study-due", "Time", true },
	{ "word-limit", "Length", true },
	{ "case-study-sections", "Sections", true },
	{ "case-study-authenticity", "Your own work", true },
	{ "reasonable-adjustments", "Adjustments", false },
};

static void add_rules(builder *b, const shown_rule *rules, size_t count)
{
	kb_node *list = kb_node_set(b->arena, b->root, "rules", kb_node_list(b->arena));
	for (size_t i = 0; i < count; i++)
		add_rule(b, list, rules[i].title,
			kb_rule_find(rules[i].of_method ? &b->in->method->rules : &b->in->loaded->standard->rules, rules[i].id));
}

static const char *coverage_words(builder *b)
{
	const kb_rules *rules = &b->in->draw->rules;
	if (rules->sample)
		return kb_arena_printf(b->arena, "at least %u of the %u units", rules->sample, rules->unit_count);
	if (rules->times > 1) return kb_arena_printf(b->arena, "every unit at least %u times", rules->times);
	return "every unit at least once";
}

static void add_coverage(builder *b)
{
	uint64_t covered = 0;
	for (uint32_t i = 0; i < b->in->count; i++) covered |= b->in->draw->pool.items[b->in->items[i]].units;
	kb_node *map = kb_node_set(b->arena, b->root, "coverage", kb_node_map(b->arena));
	kb_node_set_int(b->arena, map, "required", __builtin_popcountll(b->in->draw->rules.required));
	kb_node_set_int(b->arena, map, "covered", __builtin_popcountll(covered & b->in->draw->rules.required));
	kb_node_set_text(b->arena, map, "rule", coverage_words(b));
}

/* What became of a cap that the plan sets, and whose decision that is. */
static void add_cap(builder *b, kb_node *notes)
{
	const kb_loaded *loaded = b->in->loaded;
	kb_resit_cap cap = kb_resit_cap_of(loaded->standard, loaded->decisions, loaded->decision_count);
	const char *by =
		cap.decision ? kb_arena_printf(b->arena, "decided by %s on %s", cap.decision->made_by, cap.decision->made_on)
					 : "as the plan says";
	const char *text = NULL;
	if (cap.scope == KB_CAP_METHOD)
		text = kb_arena_printf(b->arena, "The grade of this sitting is capped: %s at most, %s.", cap.grade, by);
	else if (cap.scope == KB_CAP_OVERALL)
		text = kb_arena_printf(b->arena,
			"The cap at %s binds the overall grade alone, %s: grade this sitting by what it shows.", cap.grade, by);
	else if (cap.scope == KB_CAP_OPEN)
		text = kb_arena_printf(b->arena,
			"The plan caps the grade at %s and does not say whether that binds this method's grade or the overall grade. Nobody has decided it: whoever records the decisions of the assessment organisation must, before an outcome above %s is recorded.",
			cap.grade, cap.grade);
	if (text) kb_node_add(b->arena, notes, kb_node_text(b->arena, text));
}

static void add_notes(builder *b)
{
	kb_node *notes = kb_node_set(b->arena, b->root, "notes", kb_node_list(b->arena));
	if (b->in->seed_given)
		kb_node_add(
			b->arena, notes, kb_node_text(b->arena, "The seed of this draw was given by hand, not made by the store."));
	if (b->in->practice || strcmp(b->in->sitting, "first") == 0) return;
	if (b->in->draw->part == &kb_part_themes) {
		kb_node_add(b->arena, notes,
			kb_node_text(b->arena, "No theme here, and no rival of one, was in an earlier offer to you."));
		return;
	}
	kb_node_add(b->arena, notes,
		kb_node_text(b->arena,
			"No question here, and no rival of one, was in an earlier paper of this candidate. Ask none of the earlier questions as your own."));
	add_cap(b, notes);
}

static const char *sitting_name(const char *sitting, bool practice)
{
	if (practice) return "Practice";
	return strcmp(sitting, "first") == 0 ? "First sitting" : strcmp(sitting, "resit") == 0 ? "Re-sit" : "Re-take";
}

static kb_status add_paper(builder *b, kb_err *err)
{
	kb_node_set_int(b->arena, b->root, "least_questions", b->in->method->least_questions.value);
	kb_node_set_text(b->arena, b->root, "minutes_rule", minutes_rule(b));
	KB_TRY(add_questions(b, err));
	add_coverage(b);
	add_themes(b);
	add_checklist(b);
	add_rules(b, paper_rules, KB_COUNT(paper_rules));
	add_notes(b);
	return KB_OK;
}

static kb_status add_offer(builder *b, kb_err *err)
{
	KB_TRY(add_case_study_themes(b, err));
	add_rules(b, offer_rules, KB_COUNT(offer_rules));
	add_notes(b);
	return KB_OK;
}

kb_status kb_paper_snapshot(kb_call *call, const kb_snapshot_input *input, kb_node **snapshot, kb_err *err)
{
	builder b = { call, call->arena, input, kb_node_map(call->arena) };
	const kb_standard *standard = input->loaded->standard;
	char day[KB_DATE_WORDS_SIZE];
	kb_date_words(call->day, day);
	bool offer = input->draw->part == &kb_part_themes;
	kb_node_set_text(b.arena, b.root, "format", offer ? "ksbank-theme-offer/1" : "ksbank-paper/1");
	kb_node_set_text(b.arena, b.root, "paper", input->paper);
	kb_node_set_text(b.arena, b.root, "standard", standard->key.text);
	kb_node_set_text(b.arena, b.root, "standard_title", standard->title.text);
	kb_node_set_int(b.arena, b.root, "standard_version", input->loaded->number);
	kb_node_set_int(b.arena, b.root, "level", standard->level.value);
	kb_node_set_text(b.arena, b.root, "method", input->method->id.text);
	kb_node_set_text(b.arena, b.root, "method_name", or_empty(input->method->name));
	kb_node_set_int(b.arena, b.root, "specification_version", input->specification->number);
	kb_node_set_text(b.arena, b.root, "candidate", input->token);
	kb_node_set_text(b.arena, b.root, "sitting", input->sitting);
	kb_node_set_text(b.arena, b.root, "sitting_name", sitting_name(input->sitting, input->practice != NULL));
	kb_node_set_text(b.arena, b.root, "date", call->day_text);
	kb_node_set_text(b.arena, b.root, "date_words", day);
	kb_node_set_text(b.arena, b.root, "attribution", or_empty(standard->attribution));
	if (input->practice) kb_node_set(b.arena, b.root, "practice", input->practice);
	KB_TRY(offer ? add_offer(&b, err) : add_paper(&b, err));
	kb_node *templates = kb_node_set(b.arena, b.root, "templates", kb_node_map(b.arena));
	for (size_t i = 0; i < input->templates->pair_count; i++)
		kb_node_set(b.arena, templates, input->templates->pairs[i].key, input->templates->pairs[i].value);
	*snapshot = b.root;
	return kb_arena_check(b.arena, err);
}
