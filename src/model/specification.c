#include "model/specification.h"

#include <string.h>

#include "base/str.h"

enum { MINUTES_MAX = 6000, EVERY = 0, SAMPLE = 1 };

static const char *const coverage_words[] = { "every", "sample", NULL };

static const char *const law_words[] = { "uniform", "even", NULL };

static const kb_field coverage_fields[] = {
	{ "rule", KB_FIELD_WORD, offsetof(kb_coverage, rule), .required = true, .words = coverage_words },
	{ "times", KB_FIELD_INT, offsetof(kb_coverage, times), .least = 1, .most = KB_TIMES_MAX },
	{ "least", KB_FIELD_INT, offsetof(kb_coverage, least), .least = 1, .most = KB_UNITS_MAX },
};
static const kb_record coverage_record = { "the coverage", sizeof(kb_coverage), coverage_fields,
	KB_COUNT(coverage_fields) };

static const kb_field span_fields[] = {
	{ "name", KB_FIELD_TEXT, offsetof(kb_span, name), .required = true, .most = 20, .pattern = "id" },
	{ "min", KB_FIELD_INT, offsetof(kb_span, min), .least = 0, .most = KB_PAPER_MAX },
	{ "max", KB_FIELD_INT, offsetof(kb_span, max), .least = 0, .most = KB_PAPER_MAX },
};
static const kb_record span_record = { "a least and a most", sizeof(kb_span), span_fields, KB_COUNT(span_fields) };

static const kb_field minutes_fields[] = {
	{ "min", KB_FIELD_INT, offsetof(kb_span, min), .least = 0, .most = MINUTES_MAX },
	{ "max", KB_FIELD_INT, offsetof(kb_span, max), .least = 1, .most = MINUTES_MAX },
};
static const kb_record minutes_record = { "the minutes", sizeof(kb_span), minutes_fields, KB_COUNT(minutes_fields) };

static const kb_field specification_fields[] = {
	{ "format", KB_FIELD_TEXT, offsetof(kb_specification, format), .required = true, .most = 60, .pattern = "id" },
	{ "standard", KB_FIELD_TEXT, offsetof(kb_specification, standard), .required = true, .most = 60, .pattern = "id" },
	{ "method", KB_FIELD_TEXT, offsetof(kb_specification, method), .required = true, .most = 60, .pattern = "id" },
	{ "questions", KB_FIELD_INT, offsetof(kb_specification, questions), .required = true, .least = 1,
		.most = KB_PAPER_MAX },
	{ "coverage", KB_FIELD_RECORD, offsetof(kb_specification, coverage), .required = true, .record = &coverage_record },
	{ "themes", KB_FIELD_NAMED, offsetof(kb_specification, themes), .record = &span_record },
	{ "kinds", KB_FIELD_NAMED, offsetof(kb_specification, kinds), .record = &span_record },
	{ "categories", KB_FIELD_NAMED, offsetof(kb_specification, categories), .record = &span_record },
	{ "minutes", KB_FIELD_RECORD, offsetof(kb_specification, minutes), .record = &minutes_record },
	{ "themes-offered", KB_FIELD_INT, offsetof(kb_specification, themes_offered), .least = 1, .most = KB_PAPER_MAX },
	{ "law", KB_FIELD_WORD, offsetof(kb_specification, law), .words = law_words },
	{ "exposure-cap", KB_FIELD_INT, offsetof(kb_specification, exposure_cap), .least = 1, .most = 1000 },
	{ "reserve", KB_FIELD_INT, offsetof(kb_specification, reserve), .least = 0, .most = 20 },
	{ "review-months", KB_FIELD_INT, offsetof(kb_specification, review_months), .least = 1, .most = 12 },
	{ "author", KB_FIELD_TEXT, offsetof(kb_specification, author), .least = 1, .most = 100, .pattern = "line" },
	{ "reason", KB_FIELD_TEXT, offsetof(kb_specification, reason), .least = 1 },
};
const kb_record kb_specification_record = { "a specification", sizeof(kb_specification), specification_fields,
	KB_COUNT(specification_fields) };

kb_status kb_specification_read(
	kb_arena *arena, const kb_node *node, kb_faults *faults, kb_specification **spec, kb_err *err)
{
	kb_specification *read = kb_arena_alloc(arena, sizeof *read);
	if (!read) return kb_arena_check(arena, err);
	KB_TRY(kb_record_read(arena, &kb_specification_record, node, faults, read, err));
	if (read->format.text && !kb_str_equal(read->format.text, KB_SPECIFICATION_FORMAT)) {
		kb_fault *fault = kb_fault_add(
			faults, read->format.mark, "specification.format", "\"%s\" is no format that we read", read->format.text);
		fault->expected = KB_SPECIFICATION_FORMAT;
	}
	*spec = read;
	return kb_arena_check(arena, err);
}

kb_node *kb_specification_write(kb_arena *arena, const kb_specification *spec)
{
	return kb_record_write(arena, &kb_specification_record, spec);
}

/* Against the plan. */

typedef struct checker {
	kb_faults *faults;
	const kb_standard *standard;
	const kb_method *method;
	const kb_specification *spec;
} checker;

/* A word that must be one of so many names. */
static void unknown(
	const checker *check, const kb_text *word, const char *id, const char *what, const char *const *names, size_t count)
{
	kb_fault *fault = kb_fault_add(check->faults, word->mark, id, "%s is no %s", word->text, what);
	kb_buf expected = { .arena = check->faults->arena };
	for (size_t i = 0; i < count; i++)
		kb_buf_printf(&expected, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
	if (count) fault->expected = kb_buf_string(&expected);
	fault->nearest = kb_str_nearest(word->text, names, count);
}

static bool find_method(checker *check)
{
	const kb_text *standard = &check->spec->standard, *method = &check->spec->method;
	if (standard->text && !kb_str_equal(standard->text, check->standard->key.text))
		kb_fault_add(check->faults, standard->mark, "specification.standard", "this is held against %s and names %s",
			check->standard->key.text, standard->text)
			->expected = check->standard->key.text;
	if (!method->text) return false;
	check->method = kb_standard_method(check->standard, method->text);
	if (check->method) return true;
	const kb_method *methods = check->standard->methods.list;
	const char **names = kb_arena_array(check->faults->arena, check->standard->methods.count, sizeof(char *));
	size_t count = 0;
	for (size_t i = 0; names && i < check->standard->methods.count; i++)
		if (methods[i].id.text) names[count++] = methods[i].id.text;
	unknown(check, method, "specification.method", "method of this standard", names, count);
	return false;
}

static bool check_order(const checker *check, const kb_span *span, const char *what)
{
	if (!span->min.set || !span->max.set || span->min.value <= span->max.value) return true;
	kb_fault *fault = kb_fault_add(check->faults, span->mark, "specification.order",
		"the least of %s is %lld, and the most %lld", what, (long long)span->min.value, (long long)span->max.value);
	fault->expected = "a least that is not above the most";
	return false;
}

/* The sums over a list of spans: `all` of them must have a most before it binds. */
static void check_sums(const checker *check, const kb_list *list, size_t all, const char *what)
{
	const kb_span *spans = list->list;
	int64_t least = 0, most = 0, questions = check->spec->questions.value;
	size_t bound = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (spans[i].name.text && !check_order(check, &spans[i], spans[i].name.text)) return;
		if (spans[i].min.set) least += spans[i].min.value;
		if (spans[i].max.set) most += spans[i].max.value, bound++;
	}
	if (!check->spec->questions.set || !list->count) return;
	if (least > questions) {
		kb_fault *fault = kb_fault_add(check->faults, spans[0].mark, "specification.sum",
			"the %s ask for at least %lld questions, and a paper has %lld", what, (long long)least,
			(long long)questions);
		fault->expected = "least numbers that do not add up to more than the questions of a paper";
	}
	if (bound == all && most < questions) {
		kb_fault *fault = kb_fault_add(check->faults, spans[0].mark, "specification.sum",
			"the %s allow at most %lld questions, and a paper has %lld", what, (long long)most, (long long)questions);
		fault->expected = "most numbers that add up to the questions of a paper or more";
	}
}

static void check_themes(const checker *check)
{
	const kb_theme *themes = check->method->themes.list;
	const kb_span *spans = check->spec->themes.list;
	if (check->spec->themes.count && !kb_method_has_published_themes(check->method)) {
		kb_fault_add(check->faults, spans[0].mark, "specification.theme-unpublished",
			"no source gives grading themes for the method %s of %s", check->method->id.text, check->standard->key.text)
			->expected = "no `themes`: those of a recorded mapping are covered by the rule of coverage";
		return;
	}
	const char **names = kb_arena_array(check->faults->arena, check->method->themes.count, sizeof(char *));
	size_t count = 0, before = check->faults->count;
	for (size_t i = 0; names && i < check->method->themes.count; i++)
		if (themes[i].id.text) names[count++] = themes[i].id.text;
	for (size_t i = 0; i < check->spec->themes.count; i++)
		if (spans[i].name.text && !kb_method_theme(check->method, spans[i].name.text))
			unknown(check, &spans[i].name, "specification.theme", "grading theme of this method", names, count);
	if (check->faults->count == before) check_sums(check, &check->spec->themes, count, "grading themes");
}

static int kind_of(const char *name)
{
	for (int i = 0; i < KB_KIND_COUNT; i++)
		if (kb_str_equal(kb_question_kinds[i], name)) return i;
	return -1;
}

static void check_kinds(const checker *check)
{
	const kb_span *spans = check->spec->kinds.list;
	size_t before = check->faults->count;
	for (size_t i = 0; i < check->spec->kinds.count; i++)
		if (spans[i].name.text && kind_of(spans[i].name.text) < 0)
			unknown(check, &spans[i].name, "specification.kind", "kind of question", kb_question_kinds, KB_KIND_COUNT);
	if (check->faults->count == before) check_sums(check, &check->spec->kinds, KB_KIND_COUNT, "kinds");
}

/* Categories lie across one another, so that their sums say nothing. */
static void check_categories(const checker *check)
{
	const kb_span *spans = check->spec->categories.list;
	for (size_t i = 0; i < check->spec->categories.count; i++) {
		const kb_text *name = &spans[i].name;
		if (!name->text || !check_order(check, &spans[i], name->text)) continue;
		if (kind_of(name->text) >= 0 || kb_method_theme(check->method, name->text))
			kb_fault_add(check->faults, name->mark, "specification.category",
				"%s is a grading theme or a kind of question, which are counted by themselves", name->text)
				->expected = "a name of your own under `categories`, and the other under `themes` or `kinds`";
		if (spans[i].min.set && check->spec->questions.set && spans[i].min.value > check->spec->questions.value)
			kb_fault_add(check->faults, spans[i].mark, "specification.category",
				"a paper has %lld questions, and %lld of them are to count toward %s",
				(long long)check->spec->questions.value, (long long)spans[i].min.value, name->text)
				->expected = "a least that is not above the number of questions";
	}
}

/* The plan's time for questions: its own part, or else the whole. */
static const kb_minutes *plan_minutes(const kb_method *method)
{
	static const char *const parts[] = { "questions", "whole", "presentation-and-questions" };
	const kb_minutes *minutes = method->minutes.list;
	for (size_t p = 0; p < KB_COUNT(parts); p++)
		for (size_t i = 0; i < method->minutes.count; i++) {
			bool binds = minutes[i].kind.set && minutes[i].value.set &&
			             (minutes[i].kind.value == KB_MINUTES_STATED || minutes[i].kind.value == KB_MINUTES_MAXIMUM);
			if (binds && kb_str_equal(minutes[i].part.text, parts[p])) return &minutes[i];
		}
	return NULL;
}

static void check_minutes(const checker *check)
{
	const kb_span *span = check->spec->minutes;
	const kb_minutes *plan = plan_minutes(check->method);
	if (!span || !check_order(check, span, "minutes") || !plan) return;
	int64_t tolerance = plan->tolerance.set ? plan->tolerance.value : 0;
	int64_t most = plan->value.value + plan->value.value * tolerance / 100;
	int64_t asked = span->max.set ? span->max.value : span->min.set ? span->min.value : 0;
	if (asked <= most) return;
	kb_fault *fault = kb_fault_add(check->faults, span->mark, "specification.minutes",
		"a paper may take %lld minutes here; the plan gives %lld", (long long)asked, (long long)plan->value.value);
	fault->expected = tolerance ? kb_arena_printf(check->faults->arena, "at most %lld: the plan's %lld and %lld%%",
									  (long long)most, (long long)plan->value.value, (long long)tolerance)
	                            : kb_arena_printf(check->faults->arena, "at most %lld", (long long)most);
}

static size_t unit_count(const kb_method *method)
{
	const kb_theme *themes = method->themes.list;
	size_t count = 0;
	for (size_t i = 0; i < method->themes.count; i++) count += themes[i].ksbs.count;
	return count;
}

static void check_coverage(const checker *check)
{
	const kb_coverage *coverage = check->spec->coverage;
	if (!coverage || !coverage->rule.set) return;
	size_t units = unit_count(check->method);
	if (coverage->rule.value == EVERY && coverage->least.set)
		kb_fault_add(check->faults, coverage->mark, "specification.coverage",
			"`least` says how many to cover, and the rule is to cover every one")
			->expected = "{rule: every}, or {rule: sample, least: a number}";
	if (coverage->rule.value != SAMPLE) return;
	if (!coverage->least.set)
		kb_fault_add(
			check->faults, coverage->mark, "specification.coverage", "a sample does not say how many to cover at least")
			->expected = "{rule: sample, least: a number}";
	else if (kb_method_has_published_themes(check->method) && (size_t)coverage->least.value > units)
		kb_fault_add(check->faults, coverage->mark, "specification.coverage",
			"a sample of %lld is asked for, and the method has %zu", (long long)coverage->least.value, units)
			->expected = kb_arena_printf(check->faults->arena, "at most %zu", units);
	if (coverage->times.set && coverage->times.value != 1)
		kb_fault_add(
			check->faults, coverage->mark, "specification.coverage", "a sample can't be covered more than once")
			->expected = "no `times` with a sample";
}

static void check_law(const checker *check)
{
	const kb_specification *spec = check->spec;
	bool even = spec->law.set && spec->law.value == KB_LAW_EVEN;
	if (even && !spec->exposure_cap.set)
		kb_fault_add(check->faults, spec->mark, "specification.law",
			"the law is even, and nothing says how often a question may be drawn")
			->expected = "`exposure-cap`: papers in a thousand, as in 200";
	if (!even && spec->exposure_cap.set)
		kb_fault_add(check->faults, spec->mark, "specification.law",
			"`exposure-cap` says how often a question may be drawn, and the law draws all papers alike")
			->expected = "`law: even` with an `exposure-cap`";
}

static void check_review(const checker *check)
{
	const kb_plan_rule *rule = kb_rule_find(&check->method->rules, "review-interval-months");
	if (!rule) rule = kb_rule_find(&check->standard->rules, "review-interval-months");
	int64_t months;
	if (!check->spec->review_months.set || !rule || !rule->value.text || !kb_str_to_int(rule->value.text, &months) ||
		check->spec->review_months.value <= months)
		return;
	kb_fault *fault = kb_fault_add(check->faults, check->spec->mark, "specification.review",
		"a review every %lld months is less often than the plan asks for", (long long)check->spec->review_months.value);
	fault->expected = kb_arena_printf(check->faults->arena, "at most %lld months", (long long)months);
}

void kb_specification_check(kb_faults *faults, const kb_standard *standard, const kb_specification *spec)
{
	checker check = { .faults = faults, .standard = standard, .spec = spec };
	if (!find_method(&check)) return;
	const kb_maybe *least = &check.method->least_questions;
	if (least->set && spec->questions.set && spec->questions.value < least->value)
		kb_fault_add(faults, spec->mark, "specification.questions",
			"a paper has %lld questions here, and the plan asks for %lld", (long long)spec->questions.value,
			(long long)least->value)
			->expected = kb_arena_printf(faults->arena, "at least %lld", (long long)least->value);
	check_coverage(&check);
	check_themes(&check);
	check_kinds(&check);
	check_categories(&check);
	check_minutes(&check);
	check_law(&check);
	check_review(&check);
}

/* For the engine. */

kb_status kb_method_units(kb_arena *arena, const kb_method *method, kb_unit **units, uint32_t *count, kb_err *err)
{
	size_t all = unit_count(method);
	if (all > KB_UNITS_MAX) {
		kb_fail(err, KB_LIMIT, "specification.units", "the method %s has %zu KSBs in its grading themes",
			method->id.text, all);
		return kb_hint(err, "at most %d can be counted", KB_UNITS_MAX);
	}
	kb_unit *list = kb_arena_array(arena, all, sizeof *list);
	KB_TRY(kb_arena_check(arena, err));
	const kb_theme *themes = method->themes.list;
	uint32_t n = 0;
	for (size_t t = 0; t < method->themes.count; t++)
		for (size_t k = 0; k < themes[t].ksbs.count; k++)
			list[n++] = (kb_unit) { themes[t].id.text, themes[t].ksbs.list[k].text };
	*units = list;
	*count = n;
	return KB_OK;
}

static kb_range range_of(const kb_span *span)
{
	kb_range range = { 0, UINT32_MAX };
	if (span && span->min.set) range.min = (uint32_t)span->min.value;
	if (span && span->max.set) range.max = (uint32_t)span->max.value;
	return range;
}

static kb_range range_named(const kb_list *list, const char *name)
{
	const kb_span *spans = list->list;
	for (size_t i = 0; i < list->count; i++)
		if (kb_str_equal(spans[i].name.text, name)) return range_of(&spans[i]);
	return range_of(NULL);
}

uint32_t kb_specification_cap(const kb_specification *spec)
{
	return spec->law.set && spec->law.value == KB_LAW_EVEN ? (uint32_t)spec->exposure_cap.value : 0;
}

static uint32_t reserve_of(const kb_specification *spec)
{
	return spec->reserve.set ? (uint32_t)spec->reserve.value : 1;
}

kb_status kb_specification_rules(const kb_specification *spec, const kb_method *method, kb_rules *rules, kb_err *err)
{
	size_t units = unit_count(method), themes = method->themes.count, categories = spec->categories.count;
	const kb_span *spans = spec->categories.list;
	const kb_theme *list = method->themes.list;
	const kb_coverage *coverage = spec->coverage;
	if (units > KB_UNITS_MAX || themes + KB_KIND_COUNT + categories >= KB_COUNTERS_MAX) {
		kb_fail(err, KB_LIMIT, "specification.units",
			"the method %s has %zu grading themes with %zu KSBs in all, and the specification %zu categories",
			method->id.text, themes, units, categories);
		return kb_hint(err, "at most %d themes and categories and %d KSBs can be counted",
			KB_COUNTERS_MAX - 1 - KB_KIND_COUNT, KB_UNITS_MAX);
	}
	*rules = (kb_rules) { .size = (uint32_t)spec->questions.value, .unit_count = (uint32_t)units, .times = 1 };
	rules->required = units == 64 ? UINT64_MAX : (UINT64_C(1) << units) - 1;
	if (coverage && coverage->rule.value == SAMPLE) rules->sample = (uint32_t)coverage->least.value;
	else if (coverage && coverage->times.set) rules->times = (uint32_t)coverage->times.value;
	for (size_t t = 0; t < themes; t++)
		rules->counters[rules->counter_count++] = range_named(&spec->themes, list[t].id.text);
	for (int k = 0; k < KB_KIND_COUNT; k++)
		rules->counters[rules->counter_count++] = range_named(&spec->kinds, kb_question_kinds[k]);
	for (size_t c = 0; c < categories; c++) rules->counters[rules->counter_count++] = range_of(&spans[c]);
	rules->minutes = range_of(spec->minutes);
	rules->reserve = reserve_of(spec);
	return KB_OK;
}

kb_status kb_specification_offer_rules(const kb_specification *spec, kb_rules *rules, kb_err *err)
{
	if (!spec->themes_offered.set) {
		kb_fail(err, KB_REFUSED, "specification.offers",
			"the specification for %s does not say how many case-study themes an offer has", spec->method.text);
		return kb_hint(err, "write the number under `themes-offered` and import it with: ksbank bank import");
	}
	*rules = (kb_rules) { .size = (uint32_t)spec->themes_offered.value, .times = 1, .minutes = range_of(NULL) };
	rules->reserve = reserve_of(spec);
	return KB_OK;
}
