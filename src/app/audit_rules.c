/* The plan rule by rule: what this store can show of each, and whether it shows that the rule was kept. */
#include "app/audit.h"

#include <string.h>

#include "app/paper_pool.h"
#include "engine/capacity.h"
#include "model/sitting.h"

enum { YEAR_MONTHS = 12 };

typedef enum verdict { PASS, FAIL, OPEN, VERDICTS } verdict;
static const char *const verdicts[VERDICTS] = { "pass", "fail", "not evidenced here" };

/* What the judges look at: of one method, or of the whole standard where method is NULL. */
typedef struct facts {
	kb_call *call;
	kb_arena *arena;
	const kb_loaded *loaded;
	const kb_method *method;
	const kb_plan_rule *rule;
	const kb_node *coverage; /* of the method */
	const kb_node *reviews;  /* of the standard */
	kb_q_audit_papers_row *papers;
	kb_q_audit_pairs_row *pairs;
	kb_q_audit_unrecorded_row *unrecorded;
	size_t paper_count, pair_count, unrecorded_count;
} facts;

typedef struct finding {
	verdict verdict;
	const char *evidence;
} finding;

typedef kb_status judge(facts *f, finding *found, kb_err *err);

static finding say(verdict which, const char *evidence)
{
	return (finding) { which, evidence };
}

/* "1 question", "12 questions" */
static const char *some(kb_arena *arena, int64_t count, const char *thing)
{
	return kb_arena_printf(arena, "%lld %s%s", (long long)count, thing, count == 1 ? "" : "s");
}

static const char NO_SITTING[] = "no sitting is recorded";

static kb_status judge_specification(facts *f, finding *found, kb_err *err)
{
	kb_loaded_specification specification;
	kb_status status =
		kb_load_specification(f->call, f->loaded->standard->key.text, f->method->id.text, &specification, err);
	*found = say(FAIL, "the store holds no specification for this method");
	if (status == KB_REFUSED) return KB_OK;
	KB_TRY(status);
	*found = say(PASS,
		kb_arena_printf(f->arena, "specification %lld is in force: papers of %s, by rules kept as data",
			(long long)specification.number, some(f->arena, specification.specification->questions.value, "question")));
	return KB_OK;
}

/* The plan asks for enough and names no number; ours is the first paper and the re-sits that the specification
 * reserves. */
static kb_status judge_bank_size(facts *f, finding *found, kb_err *err)
{
	kb_loaded_specification specification;
	kb_draw_input input;
	kb_capacity capacity;
	*found = say(FAIL, "nothing can be drawn for this method");
	if (!kb_node_get(f->coverage, "specified")->boolean) return KB_OK;
	KB_TRY(kb_load_specification(f->call, f->loaded->standard->key.text, f->method->id.text, &specification, err));
	KB_TRY(kb_paper_pool_load(
		f->call, f->loaded, f->method, specification.specification, &kb_part_questions, 0, &input, err));
	uint32_t wanted = 1 + input.rules.reserve;
	if (input.pool.count == 0) return KB_OK;
	KB_TRY(kb_capacity_find(f->arena, &input.pool, &input.rules, NULL, wanted, &capacity, err));
	bool enough = capacity.lower >= wanted;
	*found = say(enough ? PASS : FAIL,
		kb_arena_printf(f->arena,
			"%s can be drawn; they yield %s%s with nothing shared, and a first paper with the re-sits that the "
			"specification reserves takes %u. The plan names no number",
			some(f->arena, input.pool.count, "question"), enough ? "at least " : "",
			some(f->arena, capacity.lower, "paper"), wanted));
	return KB_OK;
}

static kb_status judge_variety(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t units = kb_node_get_int(f->coverage, "unit_count", 0), below = kb_node_get_int(f->coverage, "below", 0);
	int64_t least = kb_node_get_int(f->coverage, "least", 0), single = kb_node_get_int(f->coverage, "single", 0);
	*found = say(units && !below && !single ? PASS : FAIL,
		kb_arena_printf(f->arena,
			"of %lld pairs of grading theme and KSB each stands under %lld questions or more; %lld under fewer than a "
			"first paper and its re-sits take, %lld under one only",
			(long long)units, (long long)least, (long long)below, (long long)single));
	return KB_OK;
}

/* What was reviewed of one kind of item. */
static finding review_of(const facts *f, const char *type)
{
	const kb_node *items = kb_node_get(f->reviews, "items");
	int64_t in_force = 0, lapsed = 0, own = kb_node_get_int(f->reviews, "own_approval_count", 0);
	const char *next = NULL;
	for (size_t i = 0; i < items->count; i++) {
		const kb_node *item = items->items[i];
		const char *state = kb_node_get_text(item, "state", ""), *due = kb_node_get_text(item, "due", "");
		if (strcmp(kb_node_get_text(item, "type", ""), type) != 0) continue;
		if (strcmp(kb_node_get_text(item, "method", ""), f->method->id.text) != 0) continue;
		lapsed += strcmp(state, "lapsed") == 0;
		if (strcmp(state, "in force") != 0) continue;
		in_force++;
		if (!next || strcmp(due, next) < 0) next = due;
	}
	if (in_force + lapsed == 0) return say(OPEN, "the store holds none that was approved");
	return say(lapsed || own ? FAIL : PASS,
		kb_arena_printf(f->arena,
			"%lld in force, each approved by somebody else than its author within its interval%s%s; %lld lapsed and "
			"out of use; approved by their author: %lld",
			(long long)in_force, next ? ", the next due on " : "", next ? next : "", (long long)lapsed,
			(long long)own));
}

static kb_status judge_questions_reviewed(facts *f, finding *found, kb_err *err)
{
	(void)err;
	*found = review_of(f, "question");
	found->evidence = kb_arena_printf(f->arena, "Its questions: %s", found->evidence);
	return KB_OK;
}

static kb_status judge_themes_reviewed(facts *f, finding *found, kb_err *err)
{
	(void)err;
	*found = review_of(f, "case-study-theme");
	found->evidence = kb_arena_printf(f->arena, "Case-study themes: %s", found->evidence);
	return KB_OK;
}

static kb_status judge_bank_reviewed(facts *f, finding *found, kb_err *err)
{
	(void)err;
	const kb_node *list = kb_node_get(f->reviews, "signoffs");
	char since[KB_DATE_SIZE];
	kb_date_format(kb_date_add_months(f->call->day, -YEAR_MONTHS), since);
	*found = say(OPEN, "The bank as a whole: no sign-off is recorded");
	for (size_t i = 0; i < list->count; i++) {
		const char *closed = kb_node_get_text(list->items[i], "closed", "");
		if (strcmp(kb_node_get_text(list->items[i], "method", ""), f->method->id.text) != 0) continue;
		*found = say(strcmp(closed, since) >= 0 ? PASS : FAIL,
			kb_arena_printf(f->arena, "The bank as a whole: review %s was signed off by %s on %s",
				kb_node_get_text(list->items[i], "review", ""), kb_node_get_text(list->items[i], "by", ""), closed));
	}
	return KB_OK;
}

static kb_status judge_theme_bank(facts *f, finding *found, kb_err *err)
{
	(void)err;
	const kb_node *items = kb_node_get(f->reviews, "items");
	int64_t count = 0;
	for (size_t i = 0; i < items->count; i++)
		count += strcmp(kb_node_get_text(items->items[i], "type", ""), "case-study-theme") == 0 &&
		         strcmp(kb_node_get_text(items->items[i], "method", ""), f->method->id.text) == 0 &&
		         strcmp(kb_node_get_text(items->items[i], "state", ""), "in force") == 0;
	*found = say(count ? PASS : OPEN, kb_arena_printf(f->arena, "%lld case-study themes in force", (long long)count));
	return KB_OK;
}

static kb_status judge_coverage(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t complete = 0, recorded = 0, fell_short = 0;
	for (size_t i = 0; i < f->paper_count; i++) {
		const kb_q_audit_papers_row *p = &f->papers[i];
		complete += p->covered >= (p->sample ? p->sample : p->units);
		recorded += p->asked_required.set;
		fell_short +=
			p->asked_required.set && p->asked_covered.value < (p->sample ? p->sample : p->asked_required.value);
	}
	*found = say(OPEN, "no paper was issued");
	if (f->paper_count == 0) return KB_OK;
	int64_t wrong = (int64_t)f->paper_count - complete + fell_short;
	/* Where case study and presentation cover too, a list of questions alone proves nothing against it. */
	bool elsewhere = kb_str_equal(f->rule->value.text, "across-components");
	*found = say(wrong == 0  ? PASS
				 : elsewhere ? OPEN
							 : FAIL,
		kb_arena_printf(f->arena, "%lld of %s cover every KSB that they must; of %s what was asked fell short in %lld",
			(long long)complete, some(f->arena, (int64_t)f->paper_count, "issued paper"),
			some(f->arena, recorded, "recorded sitting"), (long long)fell_short));
	return KB_OK;
}

static finding resits_of(const facts *f, const char *part, const char *shared)
{
	int64_t pairs = 0, sharing = 0;
	for (size_t i = 0; i < f->pair_count; i++) {
		const kb_q_audit_pairs_row *p = &f->pairs[i];
		if (strcmp(p->part, part) != 0) continue;
		pairs++;
		sharing += p->lineages + p->versions + p->rivals + p->texts > 0;
	}
	if (pairs == 0) return say(OPEN, "no candidate has had a second one");
	return say(sharing ? FAIL : PASS,
		kb_arena_printf(f->arena, "%s of an earlier and a later one of one candidate; %lld share %s",
			some(f->arena, pairs, "pair"), (long long)sharing, shared));
}

static kb_status judge_resit_questions(facts *f, finding *found, kb_err *err)
{
	(void)err;
	*found = resits_of(f, "questions", "a question in any version, a rival or a wording");
	return KB_OK;
}

/* A new case study, where the plan asks for one: other themes are offered. */
static kb_status judge_resit_work(facts *f, finding *found, kb_err *err)
{
	(void)err;
	*found = resits_of(f, "case-study-themes", "a theme in any version or a rival of one");
	found->evidence = kb_arena_printf(f->arena, "Offers of case-study themes: %s", found->evidence);
	return KB_OK;
}

static kb_status judge_own_questions(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t recorded = 0, without = 0;
	for (size_t i = 0; i < f->paper_count; i++) {
		recorded += f->papers[i].asked_own.set;
		without += f->papers[i].asked_own.set && f->papers[i].asked_own.value == 0;
	}
	bool required = kb_str_equal(f->rule->value.text, "required");
	*found = say(OPEN, NO_SITTING);
	if (recorded == 0) return KB_OK;
	*found = say(required && without ? FAIL : PASS,
		kb_arena_printf(f->arena, "%s, %lld of them without a question of the assessor's own",
			some(f->arena, recorded, "recorded sitting"), (long long)without));
	return KB_OK;
}

static kb_status judge_least_questions(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t recorded = 0, few = 0;
	for (size_t i = 0; i < f->paper_count; i++) {
		recorded += f->papers[i].asked_questions.set;
		few +=
			f->papers[i].asked_questions.set && f->papers[i].asked_questions.value < f->method->least_questions.value;
	}
	*found = say(OPEN, NO_SITTING);
	if (recorded == 0) return KB_OK;
	*found = say(few ? FAIL : PASS,
		kb_arena_printf(f->arena, "%s; in %lld fewer than %lld questions were asked",
			some(f->arena, recorded, "recorded sitting"), (long long)few, (long long)f->method->least_questions.value));
	return KB_OK;
}

static kb_status judge_recording(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t recorded = 0;
	kb_buf missing = { .arena = f->arena };
	for (size_t i = 0; i < f->paper_count; i++) recorded += f->papers[i].records > 0;
	*found = say(OPEN, NO_SITTING);
	if (recorded == 0 && f->unrecorded_count == 0) return KB_OK;
	for (size_t i = 0; i < f->unrecorded_count; i++)
		kb_buf_printf(&missing, "%s%s", i ? ", " : ": ", f->unrecorded[i].paper);
	*found = say(f->unrecorded_count ? FAIL : PASS,
		kb_arena_printf(f->arena, "%s; %s whose day is over and of which no record says what was asked%s",
			some(f->arena, recorded, "recorded sitting"), some(f->arena, (int64_t)f->unrecorded_count, "paper"),
			kb_buf_string(&missing)));
	return KB_OK;
}

static const kb_texts *grades_of(const facts *f, const kb_q_audit_pairs_row *pair)
{
	static const kb_texts none = { 0 };
	const kb_method *method = kb_standard_method(f->loaded->standard, pair->method);
	return method ? &method->grades : &none;
}

/* A re-sit is for who failed: the outcome before it is the lowest grade. */
static kb_status judge_resit_methods(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t pairs = 0, passed = 0, open = 0;
	for (size_t i = 0; i < f->pair_count; i++) {
		const kb_q_audit_pairs_row *p = &f->pairs[i];
		const kb_texts *grades = grades_of(f, p);
		if (p->earlier_withdrawn || p->later_withdrawn) continue;
		pairs++;
		if (!p->earlier_outcome || !grades->count) open++;
		else passed += strcmp(p->earlier_outcome, grades->list[0].text) != 0;
	}
	*found = say(passed               ? FAIL
				 : pairs == 0 || open ? OPEN
									  : PASS,
		kb_arena_printf(f->arena,
			"%s of a sitting and a later one; before %lld the outcome was a pass or better, before %lld none is recorded",
			some(f->arena, pairs, "pair"), (long long)passed, (long long)open));
	return KB_OK;
}

static kb_status judge_resit_cap(facts *f, finding *found, kb_err *err)
{
	(void)err;
	int64_t outcomes = 0, above = 0;
	kb_resit_cap cap = kb_resit_cap_of(f->loaded->standard, f->loaded->decisions, f->loaded->decision_count);
	for (size_t i = 0; i < f->pair_count; i++) {
		const kb_q_audit_pairs_row *p = &f->pairs[i];
		bool again = false;
		for (size_t j = 0; j < i; j++) again |= f->pairs[j].later_id == p->later_id;
		if (again || p->later_withdrawn || !p->later_outcome) continue;
		outcomes++;
		above += cap.grade && kb_grade_above(grades_of(f, p), p->later_outcome, cap.grade);
	}
	bool open = cap.scope == KB_CAP_OPEN || cap.scope == KB_CAP_OVERALL;
	*found = say(outcomes == 0 ? OPEN
				 : above == 0  ? PASS
				 : open        ? OPEN
							   : FAIL,
		kb_arena_printf(f->arena, "%s of a re-sit or re-take, %lld above %s%s", some(f->arena, outcomes, "outcome"),
			(long long)above, cap.grade ? cap.grade : "the cap",
			cap.scope == KB_CAP_OPEN
				? "; nobody has decided whether the cap binds the method's grade or the overall one"
				: ""));
	return KB_OK;
}

static kb_status judge_independence(facts *f, finding *found, kb_err *err)
{
	kb_q_audit_assigned_row row = { 0 };
	bool any;
	KB_TRY(kb_q_audit_assigned(f->call->sql, f->arena, f->loaded->standard->key.text, &row, &any, err));
	*found = say(row.assigned == 0 ? OPEN
				 : row.conflicts   ? FAIL
								   : PASS,
		kb_arena_printf(f->arena,
			"%s assigned to an assessor, %lld of them to one with a declared conflict of interest with the candidate, "
			"their employer or their provider",
			some(f->arena, row.assigned, "paper"), (long long)row.conflicts));
	return KB_OK;
}

/* A rule may be judged in two regards; whatever stands here for no rule is shown as not evidenced. */
static const struct {
	const char *id;
	judge *judge;
} judges[] = {
	{ "specification", judge_specification },
	{ "bank-size", judge_bank_size },
	{ "variety", judge_variety },
	{ "review-interval-months", judge_questions_reviewed },
	{ "review-interval-months", judge_bank_reviewed },
	{ "theme-bank", judge_theme_bank },
	{ "theme-review-interval-months", judge_themes_reviewed },
	{ "coverage", judge_coverage },
	{ "least-questions", judge_least_questions },
	{ "own-questions", judge_own_questions },
	{ "resit-questions", judge_resit_questions },
	{ "recording", judge_recording },
	{ "resit-methods", judge_resit_methods },
	{ "resit-to-improve", judge_resit_methods },
	{ "resit-cap", judge_resit_cap },
	{ "resit-work", judge_resit_work },
	{ "assessor-independence", judge_independence },
};

typedef struct sheet {
	facts facts;
	kb_node *rules, *elsewhere;
	int64_t counts[VERDICTS];
} sheet;

static kb_node *add_line(sheet *s, kb_node *list)
{
	kb_arena *arena = s->facts.arena;
	const kb_plan_rule *rule = s->facts.rule;
	kb_node *map = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, map, "method", s->facts.method ? s->facts.method->name.text : "All methods");
	kb_node_set_text(arena, map, "id", rule->id.text);
	kb_node_set_text(arena, map, "wording", rule->wording.text ? rule->wording.text : "");
	kb_node_set_text(arena, map, "source", rule->source.text ? rule->source.text : "");
	return map;
}

static kb_status judge_rule(sheet *s, const kb_plan_rule *rule, kb_err *err)
{
	bool judged = false;
	s->facts.rule = rule;
	for (size_t i = 0; i < KB_COUNT(judges); i++) {
		finding found;
		if (strcmp(judges[i].id, rule->id.text) != 0) continue;
		KB_TRY(judges[i].judge(&s->facts, &found, err));
		kb_node *line = add_line(s, s->rules);
		kb_node_set_text(s->facts.arena, line, "evidence", found.evidence);
		kb_node_set_text(s->facts.arena, line, "verdict", verdicts[found.verdict]);
		kb_node_set_bool(s->facts.arena, line, "fails", found.verdict == FAIL);
		s->counts[found.verdict]++;
		judged = true;
	}
	if (!judged) add_line(s, s->elsewhere), s->counts[OPEN]++;
	return kb_arena_check(s->facts.arena, err);
}

static kb_status judge_rules(sheet *s, const kb_list *rules, kb_err *err)
{
	const kb_plan_rule *list = rules->list;
	for (size_t i = 0; i < rules->count; i++) KB_TRY(judge_rule(s, &list[i], err));
	return KB_OK;
}

static kb_status load_facts(facts *f, const kb_node *coverage, kb_err *err)
{
	const char *standard = f->loaded->standard->key.text, *method = f->method ? f->method->id.text : NULL;
	const kb_node *methods = kb_node_get(coverage, "methods");
	KB_TRY(kb_q_audit_papers(f->call->sql, f->arena, standard, method, &f->papers, &f->paper_count, err));
	KB_TRY(
		kb_q_audit_pairs(f->call->sql, f->arena, standard, method, (kb_sql_int) { 0 }, &f->pairs, &f->pair_count, err));
	if (!method) return KB_OK;
	for (size_t i = 0; i < methods->count; i++)
		if (strcmp(kb_node_get_text(methods->items[i], "method", ""), method) == 0) f->coverage = methods->items[i];
	return kb_q_audit_unrecorded(
		f->call->sql, f->arena, standard, method, f->call->day_text, &f->unrecorded, &f->unrecorded_count, err);
}

static kb_status judge_method(sheet *s, const kb_method *method, const kb_node *coverage, kb_err *err)
{
	s->facts.method = method;
	KB_TRY(load_facts(&s->facts, coverage, err));
	if (method->least_questions.set && method->questions_wording.text) {
		kb_plan_rule least = { .id = { .text = "least-questions" },
			.wording = method->questions_wording,
			.source = method->questions_source };
		KB_TRY(judge_rule(s, &least, err));
	}
	return judge_rules(s, &method->rules, err);
}

kb_status kb_audit_rules(
	kb_call *call, const kb_loaded *loaded, const kb_node *coverage, const kb_node *reviews, kb_node *map, kb_err *err)
{
	sheet s = { .facts = { .call = call, .arena = call->arena, .loaded = loaded, .reviews = reviews } };
	const kb_method *methods = loaded->standard->methods.list;
	s.rules = kb_node_set(call->arena, map, "rules", kb_node_list(call->arena));
	s.elsewhere = kb_node_set(call->arena, map, "elsewhere", kb_node_list(call->arena));
	KB_TRY(kb_arena_check(call->arena, err));
	for (size_t i = 0; i < loaded->standard->methods.count; i++) KB_TRY(judge_method(&s, &methods[i], coverage, err));
	s.facts.method = NULL;
	KB_TRY(load_facts(&s.facts, coverage, err));
	KB_TRY(judge_rules(&s, &loaded->standard->rules, err));
	kb_node_set_int(call->arena, map, "passed", s.counts[PASS]);
	kb_node_set_int(call->arena, map, "failed", s.counts[FAIL]);
	kb_node_set_int(call->arena, map, "open", s.counts[OPEN]);
	return kb_arena_check(call->arena, err);
}
