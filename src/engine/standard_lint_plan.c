#include "engine/standard_lint_rules.h"

#include <string.h>

static const kb_plan_rule *valued(const kb_list *rules, const char *id)
{
	const kb_plan_rule *rule = kb_rule_find(rules, id);
	return rule && rule->value.text ? rule : NULL;
}

/* ---- mapping and grading themes ---- */

static void lint_mapping(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_method *methods = standard->methods.list;
	static const char action[] =
		"Enter it from the published assessment plan, with the place where it was read. No paper can be drawn before.";
	if (!standard->methods.count)
		kb_lint_say(lint, kb_lint_add(lint, KB_SEVERITY_ERROR, "METHOD-MAP-MISSING", "", standard->mark, action),
			"%zu KSBs are known and no assessment method: none of the sources is an assessment plan.",
			standard->ksbs.count);
	for (size_t i = 0; i < standard->methods.count; i++) {
		const kb_method *method = &methods[i];
		if (method->ksbs.count && method->themes.count) continue;
		kb_finding *finding =
			kb_lint_add(lint, KB_SEVERITY_ERROR, "METHOD-MAP-MISSING", method->id.text, method->id.mark, action);
		kb_lint_say(lint, finding, "No source says which %s the method \"%s\" has.",
			method->ksbs.count ? "grading themes" : "KSBs and grading themes", method->name.text);
		kb_lint_cite(lint, finding, method->source.text);
	}
}

static size_t themes_with(const kb_method *method, const char *code)
{
	const kb_theme *themes = method->themes.list;
	size_t count = 0;
	for (size_t i = 0; i < method->themes.count; i++) count += kb_lint_holds(&themes[i].ksbs, code);
	return count;
}

static void lint_ksb_places(kb_lint *lint, const kb_ksb *ksb)
{
	const kb_method *methods = lint->standard->methods.list;
	size_t count = lint->standard->methods.count, mapped = 0, graded = 0;
	for (size_t m = 0; m < count; m++) {
		size_t themes = themes_with(&methods[m], ksb->code.text);
		bool here = kb_lint_holds(&methods[m].ksbs, ksb->code.text);
		mapped += here;
		graded += themes;
		if (!here || themes || !methods[m].themes.count) continue;
		kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "METHOD-KSB-WITHOUT-THEME", ksb->code.text,
			ksb->code.mark, "Look it up in the plan's grading table; as it stands no question can cover it.");
		kb_lint_say(lint, finding, "%s is mapped to the method \"%s\" and stands in none of its grading themes.",
			ksb->code.text, methods[m].name.text);
		kb_lint_cite(lint, finding, methods[m].mapping_source.text);
	}
	bool all_mapped = count > 0;
	for (size_t m = 0; m < count; m++) all_mapped &= methods[m].ksbs.count > 0;
	if (!mapped && all_mapped)
		kb_lint_say(lint,
			kb_lint_add(lint, KB_SEVERITY_ERROR, "KSB-WITHOUT-METHOD", ksb->code.text, ksb->code.mark,
				"Look it up in the plan's mapping table."),
			"%s is mapped to no method, so nothing assesses it.", ksb->code.text);
	if (graded < 2) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "THEME-KSB-TWICE", ksb->code.text, ksb->code.mark,
		"Count coverage by grading theme and KSB together: one answer in one theme does not cover the other.");
	kb_lint_say(lint, finding, "%s is graded in %zu places:", ksb->code.text, graded);
	for (size_t m = 0, said = 0; m < count; m++) {
		const kb_theme *themes = methods[m].themes.list;
		for (size_t t = 0; t < methods[m].themes.count; t++) {
			if (!kb_lint_holds(&themes[t].ksbs, ksb->code.text)) continue;
			kb_lint_say(lint, finding, "%s %s (%s)", said++ ? "," : "", themes[t].id.text, methods[m].name.text);
			kb_lint_cite(lint, finding, themes[t].source.text);
		}
	}
	kb_lint_say(lint, finding, ".");
}

static void lint_theme_name(kb_lint *lint, const kb_theme *theme, const kb_theme *other)
{
	if (!kb_str_equal_fold(theme->name.text, other->name.text)) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "THEME-NAME-REUSED",
		kb_arena_printf(lint->arena, "%s %s", other->id.text, theme->id.text), theme->id.mark,
		"Speak of grading themes by their id, never by name alone.");
	kb_lint_say(
		lint, finding, "\"%s\" names two grading themes, %s and %s.", theme->name.text, other->id.text, theme->id.text);
	kb_lint_cite(lint, finding, other->source.text);
	kb_lint_cite(lint, finding, theme->source.text);
}

static void lint_themes(kb_lint *lint)
{
	const kb_method *methods = lint->standard->methods.list;
	for (size_t m = 0; m < lint->standard->methods.count; m++) {
		const kb_theme *themes = methods[m].themes.list;
		for (size_t t = 0; t < methods[m].themes.count; t++) {
			for (size_t n = 0; n <= m; n++) {
				const kb_theme *before = methods[n].themes.list;
				for (size_t u = 0; u < (n < m ? methods[n].themes.count : t); u++)
					lint_theme_name(lint, &themes[t], &before[u]);
			}
			if (!themes[t].continued.text) continue;
			kb_finding *finding =
				kb_lint_add(lint, KB_SEVERITY_INFO, "TABLE-PAGE-BREAK", themes[t].id.text, themes[t].id.mark,
					"Check that the descriptors of this grading theme are complete; they are joined in our file.");
			kb_lint_say(lint, finding,
				"The table row of %s breaks over a page; it has %zu pass and %zu distinction descriptors.",
				themes[t].id.text, themes[t].pass.count, themes[t].distinction.count);
			kb_lint_cite(lint, finding, themes[t].source.text);
			kb_lint_cite(lint, finding, themes[t].continued.text);
		}
	}
}

/* ---- descriptors ---- */

/* The opening word without a closing s: "Describe" and "Describes" are one verb. */
static size_t verb_length(const char *text)
{
	size_t length = strcspn(text, " ,");
	return length > 3 && text[length - 1] == 's' ? length - 1 : length;
}

static size_t count_verb(const kb_texts *texts, const char *verb, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < texts->count; i++)
		count += verb_length(texts->list[i].text) == length && strncmp(texts->list[i].text, verb, length) == 0;
	return count;
}

static void count_verbs(const kb_standard *standard, const char *verb, size_t *pass, size_t *distinction)
{
	const kb_method *methods = standard->methods.list;
	size_t length = verb_length(verb);
	*pass = *distinction = 0;
	for (size_t m = 0; m < standard->methods.count; m++) {
		const kb_theme *themes = methods[m].themes.list;
		for (size_t t = 0; t < methods[m].themes.count; t++) {
			*pass += count_verb(&themes[t].pass, verb, length);
			*distinction += count_verb(&themes[t].distinction, verb, length);
		}
	}
}

static bool has_verb(const kb_lint *lint, const char *verb, size_t length)
{
	for (size_t i = 0; i < lint->findings->count; i++) {
		const kb_finding *finding = &lint->findings->list[i];
		if (kb_str_equal(finding->id, "DESCRIPTOR-VERB") && verb_length(finding->subject) == length &&
			strncmp(finding->subject, verb, length) == 0)
			return true;
	}
	return false;
}

static void lint_verbs(kb_lint *lint)
{
	const kb_method *methods = lint->standard->methods.list;
	for (size_t m = 0; m < lint->standard->methods.count; m++) {
		const kb_theme *themes = methods[m].themes.list;
		for (size_t t = 0; t < methods[m].themes.count; t++)
			for (size_t d = 0; d < themes[t].distinction.count; d++) {
				const char *text = themes[t].distinction.list[d].text;
				size_t pass, distinction;
				count_verbs(lint->standard, text, &pass, &distinction);
				if (!pass || has_verb(lint, text, verb_length(text))) continue;
				const char *verb = kb_arena_copy(lint->arena, text, strcspn(text, " ,"));
				kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "DESCRIPTOR-VERB", verb,
					themes[t].distinction.list[d].mark, "Tie questions to descriptors, never to their verbs.");
				kb_lint_say(lint, finding,
					"\"%s\" opens %zu pass and %zu distinction descriptors, so it does not tell the "
					"grades apart.",
					verb ? verb : "", pass, distinction);
				kb_lint_cite(lint, finding, themes[t].source.text);
			}
	}
}

/* ---- every rule by itself ---- */

/* "10 days" and neither "10 working days" nor "10 calendar days" */
static bool is_bare_days(const char *value)
{
	size_t digits = strspn(value, "0123456789");
	return digits && (strcmp(value + digits, " days") == 0 || strcmp(value + digits, " day") == 0);
}

static void lint_open_rule(kb_lint *lint, const kb_plan_rule *rule, const char *subject, bool fact)
{
	size_t length = strlen(rule->wording.text);
	bool heading = length && rule->wording.text[length - 1] == ':';
	const char *id = !heading ? "RULE-UNSETTLED" : fact ? "BLANK-FIELDS" : "LIST-EMPTY";
	kb_finding *finding =
		kb_lint_add(lint, heading && !fact ? KB_SEVERITY_ERROR : KB_SEVERITY_INFO, id, subject, rule->id.mark,
			heading && !fact ? "Enter the list from the published plan, with the place where it was read."
							 : "Settle it by a recorded decision if it matters to you.");
	if (heading) kb_lint_say(lint, finding, "The source says \"%s\" and nothing follows.", rule->wording.text);
	else kb_lint_say(lint, finding, "The source speaks of it and does not settle it: \"%s\"", rule->wording.text);
	kb_lint_cite(lint, finding, rule->source.text);
}

static void lint_contradiction(kb_lint *lint, const kb_plan_rule *rule, const char *subject)
{
	const kb_wording *also = rule->also.list;
	if (!rule->also.count) return;
	bool acted_on = kb_rule_is_acted_on(rule->id.text);
	kb_finding *finding = kb_lint_add(lint, acted_on ? KB_SEVERITY_WARNING : KB_SEVERITY_INFO, "SOURCE-RULE-CONFLICT",
		subject, rule->id.mark,
		acted_on ? "We act on the first. Record a decision if you read it otherwise."
				 : "Settle it by a recorded decision if it matters to you.");
	kb_lint_say(lint, finding, "The sources say different things. %s: \"%s\"", rule->source.text, rule->wording.text);
	kb_lint_cite(lint, finding, rule->source.text);
	for (size_t i = 0; i < rule->also.count; i++) {
		kb_lint_say(lint, finding, "; %s: \"%s\"", also[i].source.text, also[i].text.text);
		kb_lint_cite(lint, finding, also[i].source.text);
	}
}

/* `prefix` tells rules of one name apart in the subjects of findings: "", "facts/", "professional-discussion/". */
static void lint_rule_list(kb_lint *lint, const kb_list *rules, const char *prefix, bool named)
{
	const kb_plan_rule *rule = rules->list;
	for (size_t i = 0; i < rules->count; i++, rule++) {
		const char *subject = kb_arena_printf(lint->arena, "%s%s", prefix, rule->id.text);
		if (!rule->value.text) lint_open_rule(lint, rule, subject, strcmp(prefix, "facts/") == 0);
		lint_contradiction(lint, rule, subject);
		if (rule->value.text && is_bare_days(rule->value.text)) {
			kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "DAYS-KIND", subject, rule->id.mark,
				"Record whether calendar or working days are meant; until then both dates are shown.");
			kb_lint_say(lint, finding, "\"%s\": calendar or working days is not said.", rule->value.text);
			kb_lint_cite(lint, finding, rule->source.text);
		}
		const char *meant = named ? kb_rule_meant(rule->id.text) : NULL;
		if (meant)
			kb_lint_say(lint,
				kb_lint_add(lint, KB_SEVERITY_WARNING, "RULE-UNKNOWN", subject, rule->id.mark,
					"Correct the name if it was mistyped; under another name the rule is shown and nothing depends on "
					"it."),
				"No rule \"%s\" is known, but \"%s\" is.", rule->id.text, meant);
	}
}

static void lint_repeats(kb_lint *lint, const kb_method *method)
{
	const kb_plan_rule *rules = method->rules.list;
	kb_finding *finding = NULL;
	size_t count = 0;
	for (size_t i = 0; i < method->rules.count; i++) {
		if (!rules[i].again.count) continue;
		if (!count++)
			finding = kb_lint_add(lint, KB_SEVERITY_INFO, "DUPLICATE-BLOCK", method->id.text, rules[i].id.mark,
				"Nothing: it is held once.");
		kb_lint_cite(lint, finding, rules[i].source.text);
		for (size_t a = 0; a < rules[i].again.count; a++) kb_lint_cite(lint, finding, rules[i].again.list[a].text);
	}
	if (finding)
		kb_lint_say(
			lint, finding, "%zu rules of \"%s\" are printed more than once, word for word.", count, method->name.text);
}

/* ---- what is said of one method and not of another, or of none ---- */

static const struct one_sided {
	const char *rule, *id;
	kb_severity severity;
	const char *what, *action;
} one_sided_rules[] = {
	{ "resit-questions", "RESIT-QUESTIONS-M2", KB_SEVERITY_WARNING, "different questions at a re-sit",
		"We ask for different questions in every method. Record a decision if you read it otherwise." },
	{ "review-interval-months", "REVIEW-BANK-M2", KB_SEVERITY_INFO, "a regular review of the question bank",
		"We review the questions of every method at the same interval." },
	{ "audio-record", "AUDIO", KB_SEVERITY_INFO, "an audio record",
		"Recording is a must where it is said, and possible elsewhere." },
	{ "remote", "REMOTE-SILENT", KB_SEVERITY_INFO, "holding it by video conference", "Record whether you allow it." },
};

static void lint_one_sided(kb_lint *lint)
{
	const kb_method *methods = lint->standard->methods.list;
	for (size_t r = 0; r < KB_COUNT(one_sided_rules); r++) {
		const struct one_sided *side = &one_sided_rules[r];
		const kb_plan_rule *said = NULL;
		for (size_t m = 0; m < lint->standard->methods.count && !said; m++)
			said = valued(&methods[m].rules, side->rule);
		for (size_t m = 0; said && m < lint->standard->methods.count; m++) {
			if (!methods[m].least_questions.set || kb_rule_find(&methods[m].rules, side->rule)) continue;
			kb_finding *finding =
				kb_lint_add(lint, side->severity, side->id, methods[m].id.text, methods[m].id.mark, side->action);
			kb_lint_say(lint, finding, "The plan speaks of %s in another method and not in \"%s\".", side->what,
				methods[m].name.text);
			kb_lint_cite(lint, finding, said->source.text);
		}
	}
}

static void lint_silence(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_method *methods = standard->methods.list;
	bool follow_ups = valued(&standard->rules, "follow-ups"), size = valued(&standard->rules, "bank-size-number");
	for (size_t m = 0; m < standard->methods.count; m++) {
		follow_ups |= valued(&methods[m].rules, "follow-ups") != NULL;
		size |= valued(&methods[m].rules, "bank-size-number") != NULL;
	}
	const char *silent[3];
	size_t count = 0;
	if (!follow_ups) silent[count++] = "follow-up questions";
	if (!size) silent[count++] = "a number for the size of the bank";
	if (!valued(&standard->rules, "retention-years")) silent[count++] = "how long records are kept";
	if (!count) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "FOLLOW-UP-SILENT", "", standard->mark,
		"Follow-up questions are recorded and do not count; size and retention are settings of the organisation.");
	kb_lint_say(lint, finding, "No source speaks of ");
	for (size_t i = 0; i < count; i++)
		kb_lint_say(lint, finding, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " or ", silent[i]);
	kb_lint_say(lint, finding, ".");
}

/* ---- time and length ---- */

static void lint_duration_kinds(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_method *methods = standard->methods.list;
	const kb_minutes *first = NULL;
	bool differ = false;
	for (size_t m = 0; m < standard->methods.count; m++) {
		const kb_minutes *minutes = methods[m].minutes.list;
		if (!methods[m].minutes.count) continue;
		if (!first) first = minutes;
		differ |= minutes->kind.value != first->kind.value || minutes->tolerance.set != first->tolerance.set;
	}
	if (!differ) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "DURATION-KIND", "", first->part.mark,
		"Never compare the bare numbers: a time carries its kind and its tolerance.");
	kb_lint_say(lint, finding, "Times are of different kinds:");
	for (size_t m = 0, said = 0; m < standard->methods.count; m++) {
		const kb_minutes *minutes = methods[m].minutes.list;
		if (!methods[m].minutes.count) continue;
		kb_lint_say(lint, finding, "%s \"%s\" %d minutes (%s", said++ ? "," : "", methods[m].name.text,
			(int)minutes->value.value, kb_minutes_kinds[minutes->kind.value]);
		if (minutes->tolerance.set) kb_lint_say(lint, finding, ", up to %d%% more", (int)minutes->tolerance.value);
		kb_lint_say(lint, finding, ")");
		kb_lint_cite(lint, finding, minutes->source.text);
	}
	kb_lint_say(lint, finding, ".");
}

/* The time that is left for questions: what the plan gives them, or else all of it. */
static const kb_minutes *question_time(const kb_method *method)
{
	const kb_minutes *minutes = method->minutes.list;
	for (size_t i = 0; i < method->minutes.count; i++)
		if (kb_str_equal(minutes[i].part.text, "questions")) return &minutes[i];
	return method->minutes.count ? minutes : NULL;
}

static void lint_question_time(kb_lint *lint, const kb_method *method)
{
	const kb_minutes *time = question_time(method);
	if (!time || !method->least_questions.set) return;
	int64_t questions = method->least_questions.value, tenths = time->value.value * 10 / questions;
	if (time->value.value >= KB_LINT_MINUTES_PER_QUESTION * questions) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "TIME-PER-QUESTION", method->id.text, time->part.mark,
		"Write short questions for this method; a paper warns when its minutes exceed the time.");
	kb_lint_say(lint, finding, "At least %d questions in %d minutes (%s) leave %d.%d minutes for each in \"%s\".",
		(int)questions, (int)time->value.value, kb_minutes_kinds[time->kind.value], (int)(tenths / 10),
		(int)(tenths % 10), method->name.text);
	kb_lint_cite(lint, finding, time->source.text);
	kb_lint_cite(lint, finding, method->questions_source.text);
}

static void lint_word_count(kb_lint *lint, const kb_method *method)
{
	const kb_plan_rule *limit = valued(&method->rules, "word-limit"),
					   *tolerance = valued(&method->rules, "word-tolerance");
	int64_t words, percent = 0;
	if (!limit || !tolerance || strncmp(tolerance->value.text, "+/-", 3) != 0 ||
		!kb_str_to_int(limit->value.text, &words))
		return;
	for (const char *at = tolerance->value.text + 3; *at >= '0' && *at <= '9' && percent < 100; at++)
		percent = percent * 10 + (*at - '0');
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "WORD-COUNT", method->id.text, limit->id.mark,
		"We warn above the higher number and ask for no minimum. Record a decision if you read it otherwise.");
	kb_lint_say(lint, finding,
		"A limit of %d words has a tolerance both ways (%s): at most %d words, and it is open whether fewer than %d "
		"are too few.",
		(int)words, tolerance->value.text, (int)(words + words * percent / 100), (int)(words - words * percent / 100));
	kb_lint_cite(lint, finding, limit->source.text);
}

/* ---- re-sits ---- */

static size_t rank(const kb_texts *grades, const char *grade)
{
	size_t at = 0;
	while (at < grades->count && !kb_str_equal(grades->list[at].text, grade)) at++;
	return at;
}

/* A row in which a method ends on the capped grade and the whole above it: there the cap's scope decides. */
static const kb_grading_row *row_where_scope_matters(const kb_standard *standard, const char *cap, const char **method)
{
	const kb_grading_row *rows = standard->grading.list;
	for (size_t i = 0; i < standard->grading.count; i++) {
		const kb_text_pair *pairs = rows[i].grades.list;
		for (size_t p = 0; p < rows[i].grades.count; p++)
			if (kb_str_equal(pairs[p].value.text, cap) &&
				rank(&standard->grades, rows[i].overall.text) > rank(&standard->grades, cap)) {
				*method = pairs[p].key.text;
				return &rows[i];
			}
	}
	return NULL;
}

static void lint_cap(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_plan_rule *cap = valued(&standard->rules, "resit-cap");
	if (!cap || valued(&standard->rules, "resit-cap-scope") || standard->methods.count < 2) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "RESIT-CAP-SCOPE", "", cap->id.mark,
		"Decide once whether the cap binds the method's grade or the overall grade; the result shows the rule.");
	kb_lint_say(lint, finding,
		"A re-sit is capped at %s, and it is not said whether that binds the method or the whole.", cap->value.text);
	kb_lint_cite(lint, finding, cap->source.text);
	const char *id = NULL;
	const kb_grading_row *row = row_where_scope_matters(standard, cap->value.text, &id);
	const kb_method *method = row ? kb_standard_method(standard, id) : NULL;
	if (!method) return;
	kb_lint_say(lint, finding,
		" It matters: after a re-sit of \"%s\" at %s the table can give %s, a cap on the whole gives %s.",
		method->name.text, cap->value.text, row->overall.text, cap->value.text);
	kb_lint_cite(lint, finding, standard->grading_source.text);
}

static void lint_resits(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_plan_rule *rules = standard->rules.list, *first = NULL;
	for (size_t i = 0; i < standard->rules.count && !first; i++)
		if (strncmp(rules[i].id.text, "resit", 5) == 0 && rules[i].value.text) first = &rules[i];
	lint_cap(lint);
	if (!first) return;
	bool limit = valued(&standard->rules, "resit-limit"), window = valued(&standard->rules, "resit-window-months");
	if (limit && window) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "RESIT-LIMITS-MISSING", "", first->id.mark,
		"Set your own limits, or none; either way as a recorded decision.");
	kb_lint_say(lint, finding, "The plan has rules for re-sits and gives %s.",
		limit    ? "no time within which they are taken"
		: window ? "no largest number"
				 : "no largest number and no time within which they are taken");
	kb_lint_cite(lint, finding, first->source.text);
}

static void lint_components(kb_lint *lint, const kb_method *method)
{
	const kb_plan_rule *trigger = valued(&method->rules, "resit-trigger"), *grading = valued(&method->rules, "grading");
	if (!trigger || !grading || !kb_str_equal(trigger->value.text, "either-component") ||
		!kb_str_equal(grading->value.text, "holistic"))
		return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "RESIT-COMPONENT-VS-HOLISTIC", method->id.text,
		trigger->id.mark, "The method has one grade, and failing the method is what leads to a re-sit.");
	kb_lint_say(
		lint, finding, "\"%s\" is re-sat when either component fails, and yet is graded as one.", method->name.text);
	kb_lint_cite(lint, finding, trigger->source.text);
	kb_lint_cite(lint, finding, grading->source.text);
}

/* ---- overall grading ---- */

static const char *grade_of(const kb_grading_row *row, const char *method)
{
	const kb_text_pair *pairs = row->grades.list;
	for (size_t p = 0; p < row->grades.count; p++)
		if (kb_str_equal(pairs[p].key.text, method)) return pairs[p].value.text;
	return NULL;
}

/* `row` counts from 0. */
static kb_finding *add_grading(kb_lint *lint, size_t row)
{
	const kb_grading_row *rows = lint->standard->grading.list;
	const char *subject = kb_arena_printf(lint->arena, "row %zu", row + 1);
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "GRADING-TABLE", subject, rows[row].mark,
		"Compare the table with the published plan; no overall grade is proposed before.");
	kb_lint_cite(lint, finding, lint->standard->grading_source.text);
	return finding;
}

/* Whether every method does at least as well in `better` as in `row`. False where one is not given. */
static bool is_no_worse(const kb_standard *standard, const kb_grading_row *better, const kb_grading_row *row)
{
	const kb_method *methods = standard->methods.list;
	for (size_t m = 0; m < standard->methods.count; m++) {
		const char *above = grade_of(better, methods[m].id.text), *below = grade_of(row, methods[m].id.text);
		if (!above || !below || rank(&methods[m].grades, above) < rank(&methods[m].grades, below)) return false;
	}
	return true;
}

static void lint_row(kb_lint *lint, size_t i)
{
	const kb_standard *standard = lint->standard;
	const kb_grading_row *rows = standard->grading.list;
	const kb_method *methods = standard->methods.list;
	for (size_t m = 0; m < standard->methods.count; m++)
		if (!grade_of(&rows[i], methods[m].id.text)) {
			kb_lint_say(lint, add_grading(lint, i), "A row gives no grade for \"%s\".", methods[m].name.text);
			return;
		}
	bool must_pass = valued(&standard->rules, "overall-pass");
	for (size_t m = 0; must_pass && m < standard->methods.count; m++)
		if (rank(&methods[m].grades, grade_of(&rows[i], methods[m].id.text)) == 0 &&
			rank(&standard->grades, rows[i].overall.text) > 0)
			kb_lint_say(lint, add_grading(lint, i), "A row gives %s overall although \"%s\" is failed.",
				rows[i].overall.text, methods[m].name.text);
	for (size_t j = 0; j < standard->grading.count; j++) {
		if (i == j || !is_no_worse(standard, &rows[j], &rows[i])) continue;
		if (is_no_worse(standard, &rows[i], &rows[j])) {
			if (j < i) kb_lint_say(lint, add_grading(lint, i), "One combination of grades stands in the table twice.");
		} else if (rank(&standard->grades, rows[j].overall.text) < rank(&standard->grades, rows[i].overall.text))
			kb_lint_say(lint, add_grading(lint, j),
				"Better grades of the methods give a worse overall grade: %s instead of %s.", rows[j].overall.text,
				rows[i].overall.text);
	}
}

static void lint_grading(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_method *methods = standard->methods.list;
	if (!standard->grading.count) {
		kb_lint_say(lint,
			kb_lint_add(lint, KB_SEVERITY_WARNING, "GRADING-TABLE", "", standard->mark,
				"Enter the table from the published plan; no overall grade is proposed before."),
			"No source says how the grades of the methods give the overall grade.");
		return;
	}
	size_t combinations = 1;
	for (size_t m = 0; m < standard->methods.count && combinations < 100000; m++)
		combinations *= methods[m].grades.count;
	if (combinations != standard->grading.count)
		kb_lint_say(lint, add_grading(lint, 0), "The table has %zu rows for %zu combinations of grades.",
			standard->grading.count, combinations);
	for (size_t i = 0; i < standard->grading.count; i++) lint_row(lint, i);
}

static void lint_lists(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	static const char action[] = "Enter the list from the published plan, with the place where it was read.";
	if (!standard->grades.count && !kb_rule_find(&standard->rules, "overall-grades"))
		kb_lint_say(lint, kb_lint_add(lint, KB_SEVERITY_ERROR, "LIST-EMPTY", "overall-grades", standard->mark, action),
			"No source gives the overall grades.");
	if (!standard->gateway.count && !kb_rule_find(&standard->rules, "gateway-requirements"))
		kb_lint_say(lint,
			kb_lint_add(lint, KB_SEVERITY_ERROR, "LIST-EMPTY", "gateway-requirements", standard->mark, action),
			"No source gives the gateway requirements.");
}

static void lint_aggregation(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_method *methods = standard->methods.list;
	if (valued(&standard->rules, "grade-aggregation")) return;
	for (size_t m = 0; m < standard->methods.count; m++) {
		if (methods[m].themes.count < 2 || valued(&methods[m].rules, "grade-aggregation")) continue;
		kb_lint_say(lint,
			kb_lint_add(lint, KB_SEVERITY_INFO, "GRADE-AGGREGATION-MISSING", methods[m].id.text, methods[m].id.mark,
				"The assessor decides: a judgement for each grading theme is recorded, and no grade is computed."),
			"It is not said how descriptors and grading themes make the grade of \"%s\".", methods[m].name.text);
	}
}

void kb_lint_plan(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_ksb *ksbs = standard->ksbs.list;
	const kb_method *methods = standard->methods.list;
	lint_mapping(lint);
	lint_rule_list(lint, &standard->facts, "facts/", false);
	lint_rule_list(lint, &standard->rules, "", true);
	lint_rule_list(lint, &standard->gateway, "gateway/", false);
	if (!standard->methods.count) return;
	lint_lists(lint);
	for (size_t i = 0; i < standard->ksbs.count; i++) lint_ksb_places(lint, &ksbs[i]);
	lint_themes(lint);
	lint_verbs(lint);
	for (size_t m = 0; m < standard->methods.count; m++) {
		const char *prefix = kb_arena_printf(lint->arena, "%s/", methods[m].id.text);
		lint_rule_list(lint, &methods[m].rules, prefix ? prefix : "", true);
		lint_repeats(lint, &methods[m]);
		lint_components(lint, &methods[m]);
		lint_word_count(lint, &methods[m]);
		lint_question_time(lint, &methods[m]);
	}
	lint_one_sided(lint);
	lint_silence(lint);
	lint_duration_kinds(lint);
	lint_resits(lint);
	lint_grading(lint);
	lint_aggregation(lint);
}
