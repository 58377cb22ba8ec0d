#include "model/standard.h"
#include "base/str.h"

#include <string.h>

const char *const kb_minutes_kinds[] = { "stated", "minimum", "maximum", "typical", NULL };

#define RECORD(name, type, description, table)                                                                         \
	static const kb_record name = { description, sizeof(type), table, KB_COUNT(table) }

/* The name of a record (id, code, part, letter) is the key it stands under, so it is never missing. */
static const kb_field source_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_source, id), .most = 40, .pattern = "id" },
	{ "title", KB_FIELD_TEXT, offsetof(kb_source, title), .required = true, .most = 300, .pattern = "line" },
	{ "document", KB_FIELD_TEXT, offsetof(kb_source, document), .most = 100, .pattern = "line" },
	{ "date", KB_FIELD_TEXT, offsetof(kb_source, date), .pattern = "date" },
	{ "reference", KB_FIELD_TEXT, offsetof(kb_source, reference), .most = 40, .pattern = "id" },
	{ "version", KB_FIELD_TEXT, offsetof(kb_source, version), .most = 40, .pattern = "id" },
};
RECORD(source_record, kb_source, "a source", source_fields);

static const kb_field wording_fields[] = {
	{ "source", KB_FIELD_TEXT, offsetof(kb_wording, source), .required = true, .most = 60, .pattern = "line" },
	{ "text", KB_FIELD_TEXT, offsetof(kb_wording, text), .required = true },
};
RECORD(wording_record, kb_wording, "a wording", wording_fields);

static const kb_field ksb_fields[] = {
	{ "code", KB_FIELD_TEXT, offsetof(kb_ksb, code), .most = 8, .pattern = "id" },
	{ "text", KB_FIELD_TEXT, offsetof(kb_ksb, text) },
	{ "source", KB_FIELD_TEXT, offsetof(kb_ksb, source), .most = 60, .pattern = "line" },
	{ "same", KB_FIELD_TEXTS, offsetof(kb_ksb, same) },
	{ "disputed", KB_FIELD_RECORDS, offsetof(kb_ksb, disputed), .record = &wording_record },
	{ "drift", KB_FIELD_RECORDS, offsetof(kb_ksb, drift), .record = &wording_record },
};
RECORD(ksb_record, kb_ksb, "a KSB", ksb_fields);

static const kb_field duty_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_duty, id), .most = 20, .pattern = "id" },
	{ "title", KB_FIELD_TEXT, offsetof(kb_duty, title), .required = true },
	{ "printed", KB_FIELD_TEXT, offsetof(kb_duty, printed) },
	{ "criteria", KB_FIELD_TEXTS, offsetof(kb_duty, criteria) },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_duty, ksbs) },
	{ "mapped", KB_FIELD_BOOL, offsetof(kb_duty, mapped) },
	{ "source", KB_FIELD_TEXT, offsetof(kb_duty, source), .required = true, .most = 60, .pattern = "line" },
};
RECORD(duty_record, kb_duty, "a duty", duty_fields);

static const kb_field minutes_fields[] = {
	{ "part", KB_FIELD_TEXT, offsetof(kb_minutes, part), .most = 60, .pattern = "id" },
	{ "kind", KB_FIELD_WORD, offsetof(kb_minutes, kind), .required = true, .words = kb_minutes_kinds },
	{ "value", KB_FIELD_INT, offsetof(kb_minutes, value), .required = true, .least = 1, .most = 10000 },
	{ "tolerance", KB_FIELD_INT, offsetof(kb_minutes, tolerance), .least = 0, .most = 100 },
	{ "wording", KB_FIELD_TEXT, offsetof(kb_minutes, wording), .required = true },
	{ "source", KB_FIELD_TEXT, offsetof(kb_minutes, source), .required = true, .most = 60, .pattern = "line" },
};
RECORD(minutes_record, kb_minutes, "a length of time", minutes_fields);

static const kb_field rule_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_plan_rule, id), .most = 60, .pattern = "id" },
	{ "value", KB_FIELD_TEXT, offsetof(kb_plan_rule, value), .most = 200, .pattern = "line" },
	{ "wording", KB_FIELD_TEXT, offsetof(kb_plan_rule, wording), .required = true },
	{ "source", KB_FIELD_TEXT, offsetof(kb_plan_rule, source), .required = true, .most = 60, .pattern = "line" },
	{ "again", KB_FIELD_TEXTS, offsetof(kb_plan_rule, again) },
	{ "also", KB_FIELD_RECORDS, offsetof(kb_plan_rule, also), .record = &wording_record },
};
RECORD(rule_record, kb_plan_rule, "a rule", rule_fields);

static const kb_field theme_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_theme, id), .most = 20, .pattern = "id" },
	{ "name", KB_FIELD_TEXT, offsetof(kb_theme, name), .required = true, .most = 200, .pattern = "line" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_theme, ksbs), .required = true, .least = 1 },
	{ "pass", KB_FIELD_TEXTS, offsetof(kb_theme, pass) },
	{ "distinction", KB_FIELD_TEXTS, offsetof(kb_theme, distinction) },
	{ "source", KB_FIELD_TEXT, offsetof(kb_theme, source), .required = true, .most = 60, .pattern = "line" },
	{ "continued", KB_FIELD_TEXT, offsetof(kb_theme, continued), .most = 60, .pattern = "line" },
};
RECORD(theme_record, kb_theme, "a grading theme", theme_fields);

static const kb_field check_fields[] = {
	{ "letter", KB_FIELD_TEXT, offsetof(kb_check_item, letter), .most = 8, .pattern = "id" },
	{ "text", KB_FIELD_TEXT, offsetof(kb_check_item, text), .required = true },
	{ "source", KB_FIELD_TEXT, offsetof(kb_check_item, source), .required = true, .most = 60, .pattern = "line" },
};
RECORD(check_record, kb_check_item, "an item of the checklist", check_fields);

static const kb_field method_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_method, id), .most = 60, .pattern = "id" },
	{ "name", KB_FIELD_TEXT, offsetof(kb_method, name), .required = true, .most = 200, .pattern = "line" },
	{ "number", KB_FIELD_INT, offsetof(kb_method, number), .least = 1, .most = 20 },
	{ "source", KB_FIELD_TEXT, offsetof(kb_method, source), .required = true, .most = 60, .pattern = "line" },
	{ "grades", KB_FIELD_TEXTS, offsetof(kb_method, grades) },
	{ "minutes", KB_FIELD_NAMED, offsetof(kb_method, minutes), .record = &minutes_record },
	{ "least-questions", KB_FIELD_INT, offsetof(kb_method, least_questions), .least = 1, .most = 200 },
	{ "questions-wording", KB_FIELD_TEXT, offsetof(kb_method, questions_wording) },
	{ "questions-source", KB_FIELD_TEXT, offsetof(kb_method, questions_source), .most = 60, .pattern = "line" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_method, ksbs) },
	{ "mapping-source", KB_FIELD_TEXT, offsetof(kb_method, mapping_source), .most = 60, .pattern = "line" },
	{ "themes", KB_FIELD_NAMED, offsetof(kb_method, themes), .record = &theme_record },
	{ "rules", KB_FIELD_NAMED, offsetof(kb_method, rules), .record = &rule_record },
	{ "checklist", KB_FIELD_NAMED, offsetof(kb_method, checklist), .record = &check_record },
	{ "notes", KB_FIELD_TEXTS, offsetof(kb_method, notes) },
};
RECORD(method_record, kb_method, "an assessment method", method_fields);

static const kb_field grading_fields[] = {
	{ "grades", KB_FIELD_PAIRS, offsetof(kb_grading_row, grades), .required = true, .least = 1 },
	{ "overall", KB_FIELD_TEXT, offsetof(kb_grading_row, overall), .required = true, .most = 60, .pattern = "line" },
};
RECORD(grading_record, kb_grading_row, "a row of the grading table", grading_fields);

static const kb_field standard_fields[] = {
	{ "format", KB_FIELD_TEXT, offsetof(kb_standard, format), .required = true, .most = 60, .pattern = "id" },
	{ "key", KB_FIELD_TEXT, offsetof(kb_standard, key), .required = true, .most = 60, .pattern = "id" },
	{ "title", KB_FIELD_TEXT, offsetof(kb_standard, title), .required = true, .most = 200, .pattern = "line" },
	{ "level", KB_FIELD_INT, offsetof(kb_standard, level), .least = 1, .most = 8 },
	{ "status", KB_FIELD_TEXT, offsetof(kb_standard, status), .most = 200, .pattern = "line" },
	{ "attribution", KB_FIELD_TEXT, offsetof(kb_standard, attribution), .required = true },
	{ "version-source", KB_FIELD_TEXT, offsetof(kb_standard, version_source), .most = 60, .pattern = "line" },
	{ "sources", KB_FIELD_NAMED, offsetof(kb_standard, sources), .required = true, .least = 1,
		.record = &source_record },
	{ "facts", KB_FIELD_NAMED, offsetof(kb_standard, facts), .record = &rule_record },
	{ "ksbs", KB_FIELD_NAMED, offsetof(kb_standard, ksbs), .required = true, .least = 1, .record = &ksb_record },
	{ "duties", KB_FIELD_NAMED, offsetof(kb_standard, duties), .record = &duty_record },
	{ "methods", KB_FIELD_NAMED, offsetof(kb_standard, methods), .record = &method_record },
	{ "rules", KB_FIELD_NAMED, offsetof(kb_standard, rules), .record = &rule_record },
	{ "gateway", KB_FIELD_NAMED, offsetof(kb_standard, gateway), .record = &rule_record },
	{ "grades", KB_FIELD_TEXTS, offsetof(kb_standard, grades) },
	{ "grades-source", KB_FIELD_TEXT, offsetof(kb_standard, grades_source), .most = 60, .pattern = "line" },
	{ "grading", KB_FIELD_RECORDS, offsetof(kb_standard, grading), .record = &grading_record },
	{ "grading-source", KB_FIELD_TEXT, offsetof(kb_standard, grading_source), .most = 60, .pattern = "line" },
	{ "missing", KB_FIELD_TEXTS, offsetof(kb_standard, missing) },
	{ "notes", KB_FIELD_TEXTS, offsetof(kb_standard, notes) },
};
const kb_record kb_standard_record = { "a standard", sizeof(kb_standard), standard_fields, KB_COUNT(standard_fields) };

/* The rules of a plan that we know by name. Other names are welcome in a file: they are shown, and nothing depends on
 * them. */
static const struct known_rule {
	const char *id;
	bool acted_on;
	bool number; /* the value is a whole number */
	const char *words[4];
} known_rules[] = {
	{ "own-questions", true, false, { "required", "optional" } },
	{ "coverage", true, false, { "every", "sample", "across-components" } },
	{ "resit-questions", true, false, { "different" } },
	{ "review-interval-months", true, true, { NULL } },
	{ "theme-review-interval-months", true, true, { NULL } },
	{ "resit-cap", true, false, { NULL } }, /* one of the grades */
	{ "resit-cap-scope", true, false, { "method", "overall" } },
	{ "resit-methods", true, false, { "failed-only", "all" } },
	{ "resit-limit", true, true, { NULL } },
	{ "resit-window-months", true, true, { NULL } },
	{ "resit-trigger", true, false, { "either-component", "method" } },
	{ "resit-work", true, false, { "new", "amended" } },
	{ "grading", true, false, { "holistic", "by-theme" } },
	{ "follow-ups", true, false, { "allowed", "not-allowed" } },
	{ "word-limit", true, true, { NULL } },
	{ "audio-record", true, false, { "required", "optional" } },
	{ "retention-years", true, true, { NULL } },
	{ "bank-size-number", true, true, { NULL } },
	{ "remote", false, false, { "allowed", "not-allowed" } },
	{ "word-tolerance", false, false, { NULL } },
	{ "bank-size", false, false, { NULL } },
	{ "grade-aggregation", false, false, { NULL } },
	{ "overall-grades", false, false, { NULL } },
	{ "gateway-requirements", false, false, { NULL } },
};

static const struct known_rule *known_rule(const char *id)
{
	for (size_t i = 0; i < KB_COUNT(known_rules); i++)
		if (kb_str_equal(known_rules[i].id, id)) return &known_rules[i];
	return NULL;
}

bool kb_rule_is_acted_on(const char *id)
{
	const struct known_rule *rule = known_rule(id);
	return rule && rule->acted_on;
}

/* Whether the two differ in one place only, by two characters at most: a slip, and not another name. */
static bool is_slip(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), longer = n > m ? n : m, shorter = n < m ? n : m, head = 0, tail = 0;
	while (head < shorter && a[head] == b[head]) head++;
	while (tail < shorter - head && a[n - 1 - tail] == b[m - 1 - tail]) tail++;
	return longer - head - tail <= 2;
}

const char *kb_rule_meant(const char *id)
{
	if (known_rule(id)) return NULL;
	for (size_t i = 0; i < KB_COUNT(known_rules); i++)
		if (is_slip(id, known_rules[i].id)) return known_rules[i].id;
	return NULL;
}

/* Words that a reference may be, gathered once. */
typedef struct names {
	const char **list;
	size_t count;
} names;

typedef struct checker {
	kb_faults *faults;
	const kb_standard *standard;
	names sources, codes, methods;
} checker;

/* The name is the first field behind the mark in every record that has one. */
static names gather(kb_arena *arena, const kb_list *list, size_t size)
{
	names out = { kb_arena_array(arena, list->count, sizeof(char *)), 0 };
	if (!out.list) return out;
	for (size_t i = 0; i < list->count; i++) {
		const kb_text *name = (const void *)((const char *)list->list + i * size + sizeof(kb_mark));
		if (name->text) out.list[out.count++] = name->text;
	}
	return out;
}

/* For messages: a name that was refused is no text. */
static const char *name_of(const kb_text *name)
{
	return name->text ? name->text : "?";
}

static bool is_among(const names *among, const char *word)
{
	for (size_t i = 0; i < among->count; i++)
		if (strcmp(among->list[i], word) == 0) return true;
	return false;
}

static void check_known(checker *check, const kb_text *word, const names *among, const char *id, const char *what)
{
	if (!word->text || is_among(among, word->text)) return;
	kb_fault *fault = kb_fault_add(check->faults, word->mark, id, "%s is not %s of this standard", word->text, what);
	fault->nearest = kb_str_nearest(word->text, among->list, among->count);
}

static void check_unique(checker *check, const kb_texts *texts, const char *where)
{
	for (size_t i = 0; i < texts->count; i++)
		for (size_t j = 0; j < i; j++)
			if (texts->list[i].text && kb_str_equal(texts->list[i].text, texts->list[j].text)) {
				kb_fault_add(check->faults, texts->list[i].mark, "standard.twice", "%s stands twice in %s",
					texts->list[i].text, where);
				break;
			}
}

bool kb_source_is(const char *source, const char *document)
{
	size_t length = document ? strlen(document) : 0;
	return source && length && strncmp(source, document, length) == 0 && (source[length] == ':' || !source[length]);
}

static void check_source(checker *check, const kb_text *source)
{
	if (!source->text) return;
	const char *colon = strchr(source->text, ':');
	if (!colon || colon == source->text || colon[1] < '1' || colon[1] > '9' || strspn(colon + 1, "0123456789") > 7 ||
		colon[1 + strspn(colon + 1, "0123456789")] != '\0') {
		kb_fault *fault = kb_fault_add(
			check->faults, source->mark, "standard.source-form", "\"%s\" does not say where it was read", source->text);
		fault->expected = "a document of `sources` and a line, such as plan:338";
		return;
	}
	kb_text document = { kb_arena_copy(check->faults->arena, source->text, (size_t)(colon - source->text)),
		source->mark };
	check_known(check, &document, &check->sources, "standard.source-unknown", "one of the sources");
}

static void check_sources(checker *check, const kb_texts *sources)
{
	for (size_t i = 0; i < sources->count; i++) check_source(check, &sources->list[i]);
}

static void check_wordings(checker *check, const kb_list *list)
{
	const kb_wording *wordings = list->list;
	for (size_t i = 0; i < list->count; i++) check_source(check, &wordings[i].source);
}

static bool is_code(const char *text)
{
	if (!text[0] || !strchr("KSB", text[0])) return false;
	size_t digits = strspn(text + 1, "0123456789");
	return digits >= 1 && digits <= 3 && text[1] != '0' && !text[1 + digits];
}

static void check_dispute(checker *check, const kb_ksb *ksb)
{
	const kb_wording *wordings = ksb->disputed.list;
	if (ksb->disputed.count == 1)
		kb_fault_add(check->faults, wordings[0].mark, "standard.one-wording",
			"%s has one disputed wording: a dispute takes two", ksb->code.text);
	for (size_t i = 0; i < ksb->disputed.count; i++)
		for (size_t j = 0; j < i; j++)
			if (wordings[i].text.text && kb_str_equal(wordings[i].text.text, wordings[j].text.text))
				kb_fault_add(check->faults, wordings[i].mark, "standard.same-wording",
					"both wordings of %s are the same, so nothing is disputed", ksb->code.text);
}

static void check_ksb(checker *check, const kb_ksb *ksb)
{
	if (!ksb->code.text) return;
	if (!is_code(ksb->code.text)) {
		kb_fault *fault =
			kb_fault_add(check->faults, ksb->code.mark, "standard.code", "\"%s\" is no KSB code", ksb->code.text);
		fault->expected = "K, S or B and a number, such as K1";
	}
	if (ksb->text.text && ksb->disputed.count)
		kb_fault_add(check->faults, ksb->text.mark, "standard.text-and-dispute",
			"%s has a text and disputed wordings: leave the text out until somebody has decided", ksb->code.text);
	else if (!ksb->text.text && !ksb->disputed.count)
		kb_fault_add(check->faults, ksb->code.mark, "standard.no-text", "%s has no text", ksb->code.text);
	else if (ksb->text.text && !ksb->source.text)
		kb_fault_add(check->faults, ksb->code.mark, "standard.no-source", "%s does not say where its text was read",
			ksb->code.text);
	check_source(check, &ksb->source);
	check_sources(check, &ksb->same);
	check_dispute(check, ksb);
	check_wordings(check, &ksb->disputed);
	check_wordings(check, &ksb->drift);
}

static void check_duty(checker *check, const kb_duty *duty)
{
	check_source(check, &duty->source);
	check_unique(check, &duty->ksbs, "one duty");
	if (duty->mapped.set && !duty->mapped.value && duty->ksbs.count)
		kb_fault_add(check->faults, duty->id.mark, "standard.mapped",
			"duty %s is said to have no KSB list, and has one", name_of(&duty->id));
}

static void check_value(checker *check, const kb_plan_rule *rule)
{
	const struct known_rule *known = known_rule(rule->id.text);
	if (!known || !rule->value.text) return;
	int64_t number;
	if (known->number && (!kb_str_to_int(rule->value.text, &number) || number < 1)) {
		kb_fault *fault = kb_fault_add(check->faults, rule->value.mark, "standard.rule-value",
			"\"%s\" is no value of the rule %s", rule->value.text, rule->id.text);
		fault->expected = "a whole number above 0, in quotation marks";
		return;
	}
	size_t count = 0;
	while (count < KB_COUNT(known->words) && known->words[count]) count++;
	for (size_t i = 0; i < count; i++)
		if (kb_str_equal(known->words[i], rule->value.text)) return;
	if (!count) return;
	kb_fault *fault = kb_fault_add(check->faults, rule->value.mark, "standard.rule-value",
		"\"%s\" is no value of the rule %s", rule->value.text, rule->id.text);
	fault->nearest = kb_str_nearest(rule->value.text, known->words, count);
	kb_buf expected = { .arena = check->faults->arena };
	for (size_t i = 0; i < count; i++) kb_buf_printf(&expected, "%s%s", i ? " or " : "", known->words[i]);
	fault->expected = kb_buf_string(&expected);
}

static void check_rules(checker *check, const kb_list *list, bool values)
{
	const kb_plan_rule *rules = list->list;
	for (size_t i = 0; i < list->count; i++) {
		if (values && rules[i].id.text) check_value(check, &rules[i]);
		check_source(check, &rules[i].source);
		check_sources(check, &rules[i].again);
		check_wordings(check, &rules[i].also);
	}
}

static bool holds_text(const kb_texts *texts, const char *word)
{
	for (size_t i = 0; i < texts->count; i++)
		if (kb_str_equal(texts->list[i].text, word)) return true;
	return false;
}

static void check_theme(checker *check, const kb_method *method, const kb_theme *theme)
{
	check_source(check, &theme->source);
	check_source(check, &theme->continued);
	check_unique(check, &theme->ksbs, "one grading theme");
	for (size_t i = 0; i < theme->ksbs.count; i++) {
		const kb_text *code = &theme->ksbs.list[i];
		if (!code->text) continue;
		if (!is_among(&check->codes, code->text))
			check_known(check, code, &check->codes, "standard.ksb-unknown", "a KSB");
		else if (!holds_text(&method->ksbs, code->text))
			kb_fault_add(check->faults, code->mark, "standard.theme-unmapped",
				"the grading theme %s holds %s, which is not mapped to the method %s", name_of(&theme->id), code->text,
				name_of(&method->id));
	}
}

/* Descriptors and units are named by the theme alone ("PD-1.P2"), so a theme's id is unique in the standard. */
static void check_theme_ids(checker *check, const kb_method *methods, size_t m)
{
	const kb_theme *themes = methods[m].themes.list;
	for (size_t t = 0; t < methods[m].themes.count; t++)
		for (size_t other = 0; other < m; other++)
			if (themes[t].id.text && kb_method_theme(&methods[other], themes[t].id.text))
				kb_fault_add(check->faults, themes[t].id.mark, "standard.theme-twice",
					"the grading theme %s stands in two methods", themes[t].id.text);
}

static void check_method(checker *check, const kb_method *method)
{
	check_source(check, &method->source);
	check_source(check, &method->questions_source);
	check_source(check, &method->mapping_source);
	check_unique(check, &method->grades, "one list of grades");
	check_unique(check, &method->ksbs, "one mapping");
	for (size_t i = 0; i < method->ksbs.count; i++)
		check_known(check, &method->ksbs.list[i], &check->codes, "standard.ksb-unknown", "a KSB");
	if (method->ksbs.count && !method->mapping_source.text)
		kb_fault_add(check->faults, method->id.mark, "standard.mapping-source",
			"the method %s does not say where its KSBs were read (mapping-source)", name_of(&method->id));
	const kb_minutes *minutes = method->minutes.list;
	for (size_t i = 0; i < method->minutes.count; i++) check_source(check, &minutes[i].source);
	const kb_theme *themes = method->themes.list;
	for (size_t i = 0; i < method->themes.count; i++) check_theme(check, method, &themes[i]);
	const kb_check_item *items = method->checklist.list;
	for (size_t i = 0; i < method->checklist.count; i++) check_source(check, &items[i].source);
	check_rules(check, &method->rules, true);
}

static void check_grade(checker *check, const kb_text *grade, const kb_texts *grades, const char *whose)
{
	if (!grade->text || holds_text(grades, grade->text)) return;
	kb_fault *fault =
		kb_fault_add(check->faults, grade->mark, "standard.grade-unknown", "%s is no grade of %s", grade->text, whose);
	names words = { kb_arena_array(check->faults->arena, grades->count, sizeof(char *)), 0 };
	for (size_t i = 0; words.list && i < grades->count; i++)
		if (grades->list[i].text) words.list[words.count++] = grades->list[i].text;
	fault->nearest = kb_str_nearest(grade->text, words.list, words.count);
}

static void check_grading(checker *check)
{
	const kb_standard *standard = check->standard;
	const kb_grading_row *rows = standard->grading.list;
	check_unique(check, &standard->grades, "one list of grades");
	for (size_t i = 0; i < standard->grading.count; i++) {
		const kb_text_pair *pairs = rows[i].grades.list;
		for (size_t p = 0; p < rows[i].grades.count; p++) {
			const kb_method *method = kb_standard_method(standard, pairs[p].key.text);
			if (method) check_grade(check, &pairs[p].value, &method->grades, method->id.text);
			else check_known(check, &pairs[p].key, &check->methods, "standard.method-unknown", "a method");
		}
		check_grade(check, &rows[i].overall, &standard->grades, "the whole (grades)");
	}
	const kb_plan_rule *cap = kb_rule_find(&standard->rules, "resit-cap");
	if (cap && standard->grades.count) check_grade(check, &cap->value, &standard->grades, "the whole (grades)");
}

static void check_head(checker *check)
{
	const kb_standard *standard = check->standard;
	if (standard->format.text && !kb_str_equal(standard->format.text, KB_STANDARD_FORMAT)) {
		kb_fault *fault = kb_fault_add(check->faults, standard->format.mark, "standard.format",
			"\"%s\" is no format that we read", standard->format.text);
		fault->expected = KB_STANDARD_FORMAT;
	}
	const char *slash = standard->key.text ? strchr(standard->key.text, '/') : NULL;
	if (standard->key.text && (!slash || slash == standard->key.text || !slash[1] || strchr(slash + 1, '/'))) {
		kb_fault *fault = kb_fault_add(check->faults, standard->key.mark, "standard.key",
			"\"%s\" does not name a standard and its version", standard->key.text);
		fault->expected = "reference/version, such as ST0648/1.0";
	}
	check_source(check, &standard->version_source);
	check_source(check, &standard->grades_source);
	check_source(check, &standard->grading_source);
}

static void check_standard(checker *check)
{
	const kb_standard *standard = check->standard;
	const kb_ksb *ksbs = standard->ksbs.list;
	const kb_duty *duties = standard->duties.list;
	const kb_method *methods = standard->methods.list;
	check_head(check);
	check_rules(check, &standard->facts, false);
	for (size_t i = 0; i < standard->ksbs.count; i++) check_ksb(check, &ksbs[i]);
	for (size_t i = 0; i < standard->duties.count; i++) check_duty(check, &duties[i]);
	for (size_t i = 0; i < standard->methods.count; i++) {
		check_method(check, &methods[i]);
		check_theme_ids(check, methods, i);
	}
	check_rules(check, &standard->rules, true);
	check_rules(check, &standard->gateway, false);
	check_grading(check);
}

kb_status kb_standard_read(kb_arena *arena, const kb_node *node, kb_faults *faults, kb_standard **standard, kb_err *err)
{
	kb_standard *read = kb_arena_alloc(arena, sizeof *read);
	if (!read) return kb_arena_check(arena, err);
	KB_TRY(kb_record_read(arena, &kb_standard_record, node, faults, read, err));
	checker check = { faults, read, gather(arena, &read->sources, sizeof(kb_source)),
		gather(arena, &read->ksbs, sizeof(kb_ksb)), gather(arena, &read->methods, sizeof(kb_method)) };
	check_standard(&check);
	*standard = read;
	return kb_arena_check(arena, err);
}

kb_node *kb_standard_write(kb_arena *arena, const kb_standard *standard)
{
	return kb_record_write(arena, &kb_standard_record, standard);
}

const kb_ksb *kb_standard_ksb(const kb_standard *standard, const char *code)
{
	const kb_ksb *ksbs = standard->ksbs.list;
	for (size_t i = 0; code && i < standard->ksbs.count; i++)
		if (kb_str_equal(ksbs[i].code.text, code)) return &ksbs[i];
	return NULL;
}

const kb_method *kb_standard_method(const kb_standard *standard, const char *id)
{
	const kb_method *methods = standard->methods.list;
	for (size_t i = 0; id && i < standard->methods.count; i++)
		if (kb_str_equal(methods[i].id.text, id)) return &methods[i];
	return NULL;
}

const kb_theme *kb_method_theme(const kb_method *method, const char *id)
{
	const kb_theme *themes = method->themes.list;
	for (size_t i = 0; id && i < method->themes.count; i++)
		if (kb_str_equal(themes[i].id.text, id)) return &themes[i];
	return NULL;
}

bool kb_method_has_published_themes(const kb_method *method)
{
	const kb_theme *themes = method->themes.list;
	return method->themes.count > 0 && themes[0].source.text;
}

const kb_theme *kb_method_theme_holding(const kb_method *method, const kb_texts *ksbs)
{
	const kb_theme *themes = method->themes.list, *best = NULL;
	size_t most = 0;
	for (size_t t = 0; t < method->themes.count; t++) {
		size_t held = 0;
		for (size_t i = 0; i < ksbs->count; i++) held += kb_texts_have(&themes[t].ksbs, ksbs->list[i].text);
		if (held > most) best = &themes[t], most = held;
	}
	return best;
}

const kb_theme *kb_method_theme_fitting(const kb_method *method, const char *theme, const kb_texts *ksbs)
{
	if (!theme) return kb_method_theme_holding(method, ksbs);
	const kb_theme *named = kb_method_theme(method, theme);
	for (size_t i = 0; named && i < ksbs->count; i++)
		if (!kb_texts_have(&named->ksbs, ksbs->list[i].text)) return NULL;
	return ksbs->count > 0 ? named : NULL;
}

bool kb_method_is_mapped(const kb_method *method)
{
	return method->ksbs.count > 0 && method->themes.count > 0;
}

const kb_plan_rule *kb_rule_find(const kb_list *rules, const char *id)
{
	const kb_plan_rule *list = rules->list;
	for (size_t i = 0; id && i < rules->count; i++)
		if (kb_str_equal(list[i].id.text, id)) return &list[i];
	return NULL;
}

bool kb_ksb_is_disputed(const kb_ksb *ksb)
{
	return ksb->disputed.count > 0 && !ksb->text.text;
}

const kb_wording *kb_ksb_wording(const kb_ksb *ksb, const char *source)
{
	const kb_wording *wordings = ksb->disputed.list;
	for (size_t i = 0; i < ksb->disputed.count; i++)
		if (kb_source_is(wordings[i].source.text, source)) return &wordings[i];
	return NULL;
}

const kb_method *kb_standard_checklist(const kb_standard *standard, const kb_method *method)
{
	if (method->checklist.count) return method;
	const kb_method *methods = standard->methods.list;
	for (size_t i = 0; i < standard->methods.count; i++)
		if (methods[i].checklist.count) return &methods[i];
	return NULL;
}

const char *kb_method_descriptor(const kb_method *method, const char *id)
{
	const kb_theme *themes = method->themes.list;
	for (size_t i = 0; id && i < method->themes.count; i++) {
		size_t length = themes[i].id.text ? strlen(themes[i].id.text) : 0;
		if (!length || strncmp(id, themes[i].id.text, length) != 0 || id[length] != '.') continue;
		char grade = id[length + 1];
		const kb_texts *texts = grade == 'P' ? &themes[i].pass : &themes[i].distinction;
		int64_t number;
		if ((grade != 'P' && grade != 'D') || id[length + 2] < '1' || id[length + 2] > '9' ||
			!kb_str_to_int(id + length + 2, &number) || number > (int64_t)texts->count)
			return NULL;
		return texts->list[number - 1].text;
	}
	return NULL;
}
