#include "model/sitting.h"

#include <string.h>

#include "base/str.h"

enum { WORDS_MOST = 2000, FOLLOW_UPS_MOST = 20, OWN_MOST = 60, MINUTES_MOST = 1440 };

const char *const kb_asked_states[] = { "asked", "reworded", "not-asked", NULL };
static const char *const prepared_words[] = { "before", "during", NULL };
static const char *const done_words[] = { "yes", "no", NULL };

static const kb_field follow_up_fields[] = {
	{ "text", KB_FIELD_TEXT, offsetof(kb_follow_up, text), .required = true, .most = WORDS_MOST },
	{ "theme", KB_FIELD_TEXT, offsetof(kb_follow_up, theme), .most = 20, .pattern = "id" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_follow_up, ksbs), .most = 20, .pattern = "id" },
};
static const kb_record follow_up_record = { "a follow-up", sizeof(kb_follow_up), follow_up_fields,
	KB_COUNT(follow_up_fields) };

static const kb_field asked_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_asked, id), .required = true, .most = 60, .pattern = "id" },
	{ "state", KB_FIELD_WORD, offsetof(kb_asked, state), .required = true, .words = kb_asked_states },
	{ "wording", KB_FIELD_TEXT, offsetof(kb_asked, wording), .most = WORDS_MOST },
	{ "reason", KB_FIELD_TEXT, offsetof(kb_asked, reason), .most = WORDS_MOST },
	{ "follow-ups", KB_FIELD_RECORDS, offsetof(kb_asked, follow_ups), .most = FOLLOW_UPS_MOST,
		.record = &follow_up_record },
};
static const kb_record asked_record = { "a question of the paper", sizeof(kb_asked), asked_fields,
	KB_COUNT(asked_fields) };

static const kb_field own_fields[] = {
	{ "text", KB_FIELD_TEXT, offsetof(kb_own_question, text), .required = true, .most = WORDS_MOST },
	{ "theme", KB_FIELD_TEXT, offsetof(kb_own_question, theme), .most = 20, .pattern = "id" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_own_question, ksbs), .most = 20, .pattern = "id" },
	{ "prepared", KB_FIELD_WORD, offsetof(kb_own_question, prepared), .words = prepared_words },
	{ "follow-ups", KB_FIELD_RECORDS, offsetof(kb_own_question, follow_ups), .most = FOLLOW_UPS_MOST,
		.record = &follow_up_record },
};
static const kb_record own_record = { "a question of your own", sizeof(kb_own_question), own_fields,
	KB_COUNT(own_fields) };

static const kb_field checked_fields[] = {
	{ "letter", KB_FIELD_TEXT, offsetof(kb_checked, letter), .most = 8, .pattern = "id" },
	{ "done", KB_FIELD_WORD, offsetof(kb_checked, done), .required = true, .words = done_words },
	{ "reason", KB_FIELD_TEXT, offsetof(kb_checked, reason), .most = WORDS_MOST },
};
static const kb_record checked_record = { "an item of the checklist", sizeof(kb_checked), checked_fields,
	KB_COUNT(checked_fields) };

static const kb_field sitting_fields[] = {
	{ "format", KB_FIELD_TEXT, offsetof(kb_sitting, format), .required = true, .most = 60, .pattern = "id" },
	{ "paper", KB_FIELD_TEXT, offsetof(kb_sitting, paper), .required = true, .most = 40, .pattern = "id" },
	{ "started", KB_FIELD_TEXT, offsetof(kb_sitting, started), .most = 5, .pattern = "line" },
	{ "ended", KB_FIELD_TEXT, offsetof(kb_sitting, ended), .most = 5, .pattern = "line" },
	{ "minutes", KB_FIELD_INT, offsetof(kb_sitting, minutes), .least = 1, .most = MINUTES_MOST },
	{ "questions", KB_FIELD_RECORDS, offsetof(kb_sitting, questions), .required = true, .most = KB_PAPER_MAX,
		.record = &asked_record },
	{ "own-questions", KB_FIELD_RECORDS, offsetof(kb_sitting, own), .most = OWN_MOST, .record = &own_record },
	{ "checklist", KB_FIELD_NAMED, offsetof(kb_sitting, checklist), .most = 100, .record = &checked_record },
	{ "outcome", KB_FIELD_TEXT, offsetof(kb_sitting, outcome), .most = 60, .pattern = "line" },
	{ "reasons", KB_FIELD_TEXT, offsetof(kb_sitting, reasons) },
	{ "shortfall-reason", KB_FIELD_TEXT, offsetof(kb_sitting, shortfall_reason), .most = WORDS_MOST },
	{ "correction-reason", KB_FIELD_TEXT, offsetof(kb_sitting, correction_reason), .most = WORDS_MOST },
};
const kb_record kb_sitting_record = { "the record of a sitting", sizeof(kb_sitting), sitting_fields,
	KB_COUNT(sitting_fields) };

kb_status kb_sitting_read(kb_arena *arena, const kb_node *node, kb_faults *faults, kb_sitting *sitting, kb_err *err)
{
	KB_TRY(kb_record_read(arena, &kb_sitting_record, node, faults, sitting, err));
	if (sitting->format.text && !kb_str_equal(sitting->format.text, KB_SITTING_FORMAT)) {
		kb_fault *fault = kb_fault_add(
			faults, sitting->format.mark, "sitting.format", "\"%s\" is no format that we read", sitting->format.text);
		fault->expected = KB_SITTING_FORMAT;
	}
	return kb_arena_check(arena, err);
}

kb_node *kb_sitting_write(kb_arena *arena, const kb_sitting *sitting)
{
	return kb_record_write(arena, &kb_sitting_record, sitting);
}

/* Against the paper. */

typedef struct checker {
	kb_faults *faults;
	const kb_sat_paper *paper;
	const kb_sitting *sitting;
} checker;

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\n")];
}

static void check_words(const checker *check, const kb_text *text, const char *what)
{
	if (text->text && is_blank(text->text))
		kb_fault_add(check->faults, text->mark, "sitting.blank", "%s has no words", what)->expected =
			"words, or nothing at all";
}

static void suggest(const checker *check, kb_fault *fault, const char *word, const char *const *words, size_t count)
{
	kb_buf out = { .arena = check->faults->arena };
	for (size_t i = 0; i < count; i++)
		kb_buf_printf(&out, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	if (count) fault->expected = kb_buf_string(&out);
	fault->nearest = kb_str_nearest(word, words, count);
}

static void suggest_texts(const checker *check, kb_fault *fault, const char *word, const kb_texts *texts)
{
	const char **words = kb_arena_array(check->faults->arena, texts->count, sizeof *words);
	for (size_t i = 0; words && i < texts->count; i++) words[i] = texts->list[i].text;
	if (words) suggest(check, fault, word, words, texts->count);
}

static uint64_t unit_of(const kb_sat_paper *paper, const char *theme, const char *ksb)
{
	for (uint32_t u = 0; u < paper->rules.unit_count; u++)
		if (strcmp(paper->units[u].theme, theme) == 0 && strcmp(paper->units[u].ksb, ksb) == 0) return UINT64_C(1) << u;
	return 0;
}

/* The names in the paper's units: its themes, or with a theme that theme's KSBs. Units stand theme by theme. */
static void suggest_units(const checker *check, kb_fault *fault, const char *word, const char *theme)
{
	const kb_sat_paper *paper = check->paper;
	const char **words = kb_arena_array(check->faults->arena, paper->rules.unit_count, sizeof *words);
	size_t count = 0;
	for (uint32_t u = 0; words && u < paper->rules.unit_count; u++) {
		const kb_unit *unit = &paper->units[u];
		if (theme && strcmp(unit->theme, theme) == 0) words[count++] = unit->ksb;
		else if (!theme && (count == 0 || strcmp(words[count - 1], unit->theme) != 0)) words[count++] = unit->theme;
	}
	if (words) suggest(check, fault, word, words, count);
}

static bool is_theme(const kb_sat_paper *paper, const char *theme)
{
	for (uint32_t u = 0; u < paper->rules.unit_count; u++)
		if (strcmp(paper->units[u].theme, theme) == 0) return true;
	return false;
}

/* `inherited` is the parent's grading theme, NULL for a question without a parent. */
static void check_tags(const checker *check, const kb_text *theme, const kb_texts *ksbs, const char *inherited)
{
	const char *id = theme->text ? theme->text : inherited;
	if (theme->text && !is_theme(check->paper, theme->text)) {
		kb_fault *fault = kb_fault_add(
			check->faults, theme->mark, "sitting.theme", "%s is no grading theme of the paper", theme->text);
		suggest_units(check, fault, theme->text, NULL);
		return;
	}
	if (ksbs->count && !id) {
		kb_fault *fault = kb_fault_add(check->faults, ksbs->list[0].mark, "sitting.theme-missing",
			"a question with KSBs does not name their grading theme");
		suggest_units(check, fault, "", NULL);
		return;
	}
	for (size_t i = 0; i < ksbs->count; i++) {
		const kb_text *ksb = &ksbs->list[i];
		if (unit_of(check->paper, id, ksb->text)) continue;
		kb_fault *fault = kb_fault_add(
			check->faults, ksb->mark, "sitting.ksb", "%s is no KSB of the grading theme %s", ksb->text, id);
		suggest_units(check, fault, ksb->text, id);
	}
}

static void check_follow_ups(const checker *check, const kb_list *list, const char *theme)
{
	const kb_follow_up *follow_ups = list->list;
	for (size_t i = 0; i < list->count; i++) {
		check_words(check, &follow_ups[i].text, "a follow-up");
		check_tags(check, &follow_ups[i].theme, &follow_ups[i].ksbs, theme);
	}
}

static uint32_t index_of(const kb_sat_paper *paper, const char *id)
{
	uint32_t i = 0;
	while (i < paper->question_count && !kb_str_equal(paper->questions[i], id)) i++;
	return i;
}

static void check_state(const checker *check, const kb_asked *asked)
{
	const char *id = asked->id.text;
	if (!asked->state.set) return;
	bool reworded = asked->state.value == KB_STATE_REWORDED;
	if (reworded && !asked->wording.text)
		kb_fault_add(
			check->faults, asked->mark, "sitting.wording-missing", "%s was reworded, and the words are not here", id)
			->expected = "`wording`: the words that you used";
	if (!reworded && asked->wording.text)
		kb_fault_add(check->faults, asked->wording.mark, "sitting.wording",
			"%s has a wording of its own and is not said to be reworded", id)
			->expected = "`state: reworded`, or no `wording`";
	if (asked->state.value == KB_STATE_NOT_ASKED && asked->follow_ups.count)
		kb_fault_add(
			check->faults, asked->mark, "sitting.follow-up", "%s was not asked, and something follows it up", id)
			->expected = "what was asked without it among the `own-questions`";
}

static void check_asked(const checker *check, const kb_asked *asked)
{
	if (!asked->id.text) return;
	uint32_t index = index_of(check->paper, asked->id.text);
	if (index == check->paper->question_count) {
		kb_fault *fault = kb_fault_add(check->faults, asked->id.mark, "sitting.question",
			"%s is no question of the paper %s", asked->id.text, check->paper->key);
		suggest(check, fault, asked->id.text, check->paper->questions, check->paper->question_count);
		return;
	}
	check_state(check, asked);
	check_words(check, &asked->wording, "a wording");
	check_follow_ups(check, &asked->follow_ups, check->paper->themes[index]);
}

static void check_questions(const checker *check)
{
	const kb_asked *asked = check->sitting->questions.list;
	size_t count = check->sitting->questions.count;
	for (size_t i = 0; i < count; i++) {
		check_asked(check, &asked[i]);
		for (size_t j = 0; j < i && asked[i].id.text; j++)
			if (kb_str_equal(asked[i].id.text, asked[j].id.text))
				kb_fault_add(check->faults, asked[i].id.mark, "sitting.twice", "%s stands here twice: first in line %u",
					asked[i].id.text, asked[j].mark.line);
	}
	for (uint32_t q = 0; q < check->paper->question_count; q++) {
		size_t i = 0;
		while (i < count && !kb_str_equal(asked[i].id.text, check->paper->questions[q])) i++;
		if (i == count)
			kb_fault_add(check->faults, check->sitting->mark, "sitting.question-missing",
				"%s stands on the paper and not here", check->paper->questions[q])
				->expected = "each question of the paper, with its `state`";
	}
}

static void check_own(const checker *check)
{
	const kb_own_question *own = check->sitting->own.list;
	for (size_t i = 0; i < check->sitting->own.count; i++) {
		check_words(check, &own[i].text, "a question of your own");
		check_tags(check, &own[i].theme, &own[i].ksbs, NULL);
		check_follow_ups(check, &own[i].follow_ups, own[i].theme.text);
	}
}

/* Minutes of the day, -1 for what is no time. */
static int minutes_of(const char *text)
{
	bool form =
		strlen(text) == 5 && strspn(text, "0123456789") == 2 && text[2] == ':' && strspn(text + 3, "0123456789") == 2;
	int hour = form ? (text[0] - '0') * 10 + text[1] - '0' : 24;
	int minute = form ? (text[3] - '0') * 10 + text[4] - '0' : 60;
	return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static bool check_time(const checker *check, const kb_text *time, const char *what)
{
	if (!time->text || minutes_of(time->text) >= 0) return true;
	kb_fault_add(check->faults, time->mark, "sitting.time", "%s: \"%s\" is no time of day", what, time->text)
		->expected = "hours and minutes, as in \"09:05\"";
	return false;
}

static void check_times(const checker *check)
{
	const kb_sitting *sitting = check->sitting;
	const kb_text *started = &sitting->started, *ended = &sitting->ended;
	bool sound = check_time(check, started, "started");
	sound = check_time(check, ended, "ended") && sound;
	bool both = started->text && ended->text, either = started->text || ended->text;
	if (either == sitting->minutes.set || either != both)
		kb_fault_add(check->faults, sitting->mark, "sitting.times",
			either && sitting->minutes.set ? "the time is given twice" : "nothing says how long the sitting took")
			->expected = "`started` and `ended`, or `minutes`";
	else if (both && sound && minutes_of(ended->text) <= minutes_of(started->text))
		kb_fault_add(
			check->faults, ended->mark, "sitting.times", "it ended at %s and started at %s", ended->text, started->text)
			->expected = "an end after the start";
}

static void check_list(const checker *check)
{
	const kb_checked *items = check->sitting->checklist.list;
	const kb_texts *letters = &check->paper->letters;
	size_t count = check->sitting->checklist.count;
	for (size_t i = 0; i < count; i++) {
		if (!items[i].letter.text) continue;
		check_words(check, &items[i].reason, "a reason");
		if (!kb_texts_have(letters, items[i].letter.text)) {
			kb_fault *fault = kb_fault_add(
				check->faults, items[i].mark, "sitting.letter", "the plan's list has no item %s", items[i].letter.text);
			suggest_texts(check, fault, items[i].letter.text, letters);
		} else if (items[i].done.set && items[i].done.value == 1 && !items[i].reason.text)
			kb_fault_add(check->faults, items[i].mark, "sitting.list-reason",
				"item %s of the plan's list was not done, and no reason says why", items[i].letter.text)
				->expected = "a `reason`";
	}
	for (size_t l = 0; l < letters->count; l++) {
		size_t i = 0;
		while (i < count && !kb_str_equal(items[i].letter.text, letters->list[l].text)) i++;
		if (i == count)
			kb_fault_add(check->faults, check->sitting->mark, "sitting.letter-missing",
				"item %s of the plan's list is not answered", letters->list[l].text)
				->expected = "`checklist` with each letter of the plan's list";
	}
}

static void check_outcome(const checker *check)
{
	const kb_sitting *sitting = check->sitting;
	const kb_texts *grades = &check->paper->grades;
	check_words(check, &sitting->reasons, "`reasons`");
	check_words(check, &sitting->shortfall_reason, "`shortfall-reason`");
	check_words(check, &sitting->correction_reason, "`correction-reason`");
	if (!sitting->outcome.text) return;
	if (grades->count == 0) {
		kb_fault_add(check->faults, sitting->outcome.mark, "sitting.grades",
			"no source we have gives the grades of this method, so no outcome can be recorded")
			->expected = "no `outcome`, until the grades stand in the standard";
	} else if (!kb_texts_have(grades, sitting->outcome.text)) {
		kb_fault *fault = kb_fault_add(check->faults, sitting->outcome.mark, "sitting.outcome",
			"%s is no grade of this method", sitting->outcome.text);
		suggest_texts(check, fault, sitting->outcome.text, grades);
	} else if (!sitting->reasons.text)
		kb_fault_add(check->faults, sitting->outcome.mark, "sitting.reasons", "the outcome has no reasons")->expected =
			"`reasons`: what decided it";
}

void kb_sitting_check(kb_faults *faults, const kb_sat_paper *paper, const kb_sitting *sitting)
{
	checker check = { faults, paper, sitting };
	if (sitting->paper.text && !kb_str_equal(sitting->paper.text, paper->key))
		kb_fault_add(faults, sitting->paper.mark, "sitting.paper", "this is the record of %s, and %s was named",
			sitting->paper.text, paper->key)
			->expected = paper->key;
	check_times(&check);
	if (sitting->questions.list) check_questions(&check);
	check_own(&check);
	check_list(&check);
	check_outcome(&check);
}

/* What came of it. */

int64_t kb_sitting_minutes(const kb_sitting *sitting)
{
	if (sitting->minutes.set) return sitting->minutes.value;
	return minutes_of(sitting->ended.text) - minutes_of(sitting->started.text);
}

/* How often each unit was met; a question meets a unit once, however many of its follow-ups do. */
typedef struct counter {
	const kb_sat_paper *paper;
	uint32_t times[KB_UNITS_MAX];
	kb_tally tally;
} counter;

static void count_question(counter *c, uint64_t units)
{
	c->tally.questions++;
	for (uint32_t u = 0; u < c->paper->rules.unit_count; u++) c->times[u] += (uint32_t)(units >> u) & 1;
}

static kb_tally tally_of(counter *c)
{
	const kb_rules *rules = &c->paper->rules;
	kb_tally *tally = &c->tally;
	for (uint32_t u = 0; u < rules->unit_count; u++) {
		if (!(rules->required >> u & 1)) continue;
		tally->required++;
		if (c->times[u] >= rules->times) tally->covered++;
		else tally->missing |= UINT64_C(1) << u;
	}
	tally->enough = tally->covered >= (rules->sample ? rules->sample : tally->required);
	return *tally;
}

static uint64_t tagged(const kb_sat_paper *paper, const kb_texts *ksbs, const char *theme)
{
	uint64_t units = 0;
	for (size_t i = 0; i < ksbs->count; i++) units |= unit_of(paper, theme, ksbs->list[i].text);
	return units;
}

static uint64_t followed_up(const kb_sat_paper *paper, const kb_list *list, const char *theme)
{
	const kb_follow_up *follow_ups = list->list;
	uint64_t units = 0;
	for (size_t i = 0; i < list->count; i++)
		units |= tagged(paper, &follow_ups[i].ksbs, follow_ups[i].theme.text ? follow_ups[i].theme.text : theme);
	return units;
}

kb_tally kb_sitting_issued(const kb_sat_paper *paper)
{
	counter c = { .paper = paper };
	for (uint32_t q = 0; q < paper->question_count; q++) count_question(&c, paper->covers[q]);
	return tally_of(&c);
}

kb_tally kb_sitting_asked(const kb_sat_paper *paper, const kb_sitting *sitting)
{
	counter c = { .paper = paper };
	const kb_asked *asked = sitting->questions.list;
	const kb_own_question *own = sitting->own.list;
	for (size_t i = 0; i < sitting->questions.count; i++) {
		if (asked[i].state.value == KB_STATE_NOT_ASKED) continue;
		uint32_t q = index_of(paper, asked[i].id.text);
		count_question(&c, paper->covers[q] | followed_up(paper, &asked[i].follow_ups, paper->themes[q]));
	}
	for (size_t i = 0; i < sitting->own.count; i++)
		count_question(&c,
			tagged(paper, &own[i].ksbs, own[i].theme.text) | followed_up(paper, &own[i].follow_ups, own[i].theme.text));
	c.tally.own = (uint32_t)sitting->own.count;
	return tally_of(&c);
}

const char *kb_units_join(kb_arena *arena, const kb_sat_paper *paper, uint64_t units)
{
	kb_buf out = { .arena = arena };
	for (uint32_t u = 0; u < paper->rules.unit_count; u++)
		if (units >> u & 1)
			kb_buf_printf(&out, "%s%s %s", out.length ? ", " : "", paper->units[u].theme, paper->units[u].ksb);
	return kb_buf_string(&out);
}

static void add_shortfall(kb_arena *arena, kb_node *list, const char *id, const char *text)
{
	kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
	kb_node_set_text(arena, entry, "id", id);
	kb_node_set_text(arena, entry, "text", text);
}

kb_node *kb_sitting_shortfalls(kb_arena *arena, const kb_sat_paper *paper, const kb_tally *asked)
{
	kb_node *list = kb_node_list(arena);
	if (asked->questions < paper->least_questions)
		add_shortfall(arena, list, "questions",
			kb_arena_printf(arena, "%u question%s asked, and the plan asks for at least %lld", asked->questions,
				asked->questions == 1 ? " was" : "s were", (long long)paper->least_questions));
	if (!asked->enough)
		add_shortfall(arena, list, "coverage",
			kb_arena_printf(arena, "%u of %u covered; not asked for%s: %s", asked->covered, asked->required,
				paper->rules.times > 1 ? " often enough" : "", kb_units_join(arena, paper, asked->missing)));
	if (paper->own_required && asked->own == 0)
		add_shortfall(arena, list, "own-questions",
			"the plan asks for questions of the assessor's own beside those of the bank, and none was asked");
	return list;
}

static size_t rank_of(const kb_texts *grades, const char *grade)
{
	size_t i = 0;
	while (i < grades->count && !kb_str_equal(grades->list[i].text, grade)) i++;
	return i;
}

bool kb_grade_above(const kb_texts *grades, const char *grade, const char *other)
{
	size_t rank = rank_of(grades, grade), over = rank_of(grades, other);
	return rank < grades->count && over < grades->count && rank > over;
}
