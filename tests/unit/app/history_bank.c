#include "history_bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[HISTORY_KINDS] = { "scenario", "experience", "knowledge" };

uint32_t history_below(kb_stream *s, uint32_t bound)
{
	uint64_t value = 0;
	kb_err err;
	if (kb_stream_below(s, bound, &value, &err) == KB_OK) return (uint32_t)value;
	fprintf(stderr, "%s\n", err.message);
	abort();
}

bool history_chance(kb_stream *s, uint32_t percent)
{
	return history_below(s, 100) < percent;
}

static int between(kb_stream *s, int least, int most)
{
	return least + (int)history_below(s, (uint32_t)(most - least + 1));
}

/* The shape of the bank. */

static void make_units(history_bank *bank, kb_stream *s)
{
	bank->theme_count = between(s, 2, HISTORY_THEMES);
	bank->unit_count = between(s, 5, HISTORY_UNITS);
	for (int u = 0; u < bank->unit_count; u++) {
		bank->theme_of[u] = u < bank->theme_count ? u : between(s, 0, bank->theme_count - 1);
		bank->code_of[u] = u;
	}
	if (history_chance(s, 30)) bank->code_of[1] = bank->code_of[0]; /* units 0 and 1 are of two themes */
}

static void make_rules(history_bank *bank, kb_stream *s)
{
	history_rules *rules = &bank->rules;
	rules->size = between(s, 3, 6);
	if (rules->size * 2 < bank->unit_count) rules->size = (bank->unit_count + 1) / 2;
	if (history_chance(s, 20)) rules->sample = bank->unit_count - 1 - (int)history_below(s, 2);
	for (int t = 0; t < bank->theme_count; t++) {
		rules->theme_min[t] = (int)history_below(s, 2);
		rules->theme_max[t] = history_chance(s, 60) ? between(s, (rules->size + 1) / 2, rules->size) : 0;
	}
	for (int k = 0; k < HISTORY_KINDS; k++) rules->kind_min[k] = history_chance(s, 35);
	if (history_chance(s, 40)) {
		rules->minutes_min = rules->size * 6 - between(s, 1, 5);
		rules->minutes_max = rules->size * 6 + between(s, 1, 5);
	}
	rules->reserve = between(s, 0, bank->planned / 14);
}

static void make_shape(const history_bank *bank, kb_stream *s, history_shape *shape)
{
	int own[HISTORY_UNITS], count = 0, most = 3 + (bank->rules.size * 2 <= bank->unit_count);
	*shape = (history_shape){ .kind = between(s, 0, HISTORY_KINDS - 1), .minutes = between(s, 4, 8) };
	/* A theme's chance is that of its units, so that large themes don't starve. */
	shape->theme = bank->theme_of[history_below(s, (uint32_t)bank->unit_count)];
	for (int u = 0; u < bank->unit_count; u++)
		if (bank->theme_of[u] == shape->theme) own[count++] = u;
	for (int tags = between(s, 1, count < most ? count : most); tags > 0; tags--)
		shape->units |= UINT32_C(1) << own[history_below(s, (uint32_t)count)];
}

static void link_rivals(history_content *contents, kb_stream *s, int a, int b)
{
	if (a == b) return;
	uint32_t side = history_below(s, 3); /* named by the one, the other, or both */
	if (side != 1) contents[a].rivals |= UINT64_C(1) << b;
	if (side != 0) contents[b].rivals |= UINT64_C(1) << a;
}

static void make_rivals(history_content *contents, kb_stream *s, int count)
{
	for (int groups = between(s, 0, count / 5); groups > 0; groups--) {
		int a = between(s, 0, count - 1), b = between(s, 0, count - 1), c = between(s, 0, count - 1), d = between(s, 0, count - 1);
		uint32_t shape = history_below(s, 4);
		link_rivals(contents, s, a, b);
		if (shape >= 1) link_rivals(contents, s, b, c);
		if (shape == 1) link_rivals(contents, s, a, c);
		if (shape == 3) link_rivals(contents, s, c, d);
	}
}

void history_bank_make(history_bank *bank, kb_stream *s)
{
	*bank = (history_bank){ .planned = between(s, 14, 40) };
	make_units(bank, s);
	make_rules(bank, s);
}

const history_content *history_latest(const history_bank *bank, int question)
{
	const history_question *q = &bank->questions[question];
	return &q->versions[q->count - 1].content;
}

static void first_questions(history_bank *bank, kb_stream *s, history_content *contents, uint64_t *edited)
{
	bank->count = bank->planned;
	for (int i = 0; i < bank->count; i++) make_shape(bank, s, &contents[i].shape);
	make_rivals(contents, s, bank->count);
	*edited = (UINT64_C(1) << bank->count) - 1;
}

static void change(const history_bank *bank, kb_stream *s, history_content *content, int question)
{
	int other = between(s, 0, bank->count - 1);
	switch (history_below(s, 6)) {
	case 0: content->wording++; break;
	case 1: make_shape(bank, s, &content->shape); break;
	case 2: content->shape.kind = between(s, 0, HISTORY_KINDS - 1); break;
	case 3: content->shape.minutes = between(s, 4, 8); break;
	case 4: content->rivals = 0; break;
	default:
		if (other != question) content->rivals ^= UINT64_C(1) << other;
	}
}

void history_bank_edit(history_bank *bank, kb_stream *s, history_content contents[static HISTORY_QUESTIONS], uint64_t *edited)
{
	*edited = 0;
	memset(contents, 0, HISTORY_QUESTIONS * sizeof *contents);
	if (bank->count == 0) {
		first_questions(bank, s, contents, edited);
		return;
	}
	for (int i = 0; i < bank->count; i++) contents[i] = *history_latest(bank, i);
	bool review = history_chance(s, 25);
	for (int i = 0; review && i < bank->count; i++)
		if (history_chance(s, 70)) *edited |= UINT64_C(1) << i;
	for (int n = between(s, 0, 4); n > 0; n--) {
		int question = between(s, 0, bank->count - 1);
		change(bank, s, &contents[question], question);
		*edited |= UINT64_C(1) << question;
	}
	if (bank->count < HISTORY_QUESTIONS - 1 && history_chance(s, 30)) {
		int question = bank->count++;
		make_shape(bank, s, &contents[question].shape);
		if (history_chance(s, 50)) contents[question].rivals = UINT64_C(1) << between(s, 0, question - 1);
		*edited |= UINT64_C(1) << question;
	}
}

/* What an import does. */

static bool same_content(const history_content *a, const history_content *b)
{
	return a->shape.units == b->shape.units && a->shape.theme == b->shape.theme && a->shape.kind == b->shape.kind &&
		a->shape.minutes == b->shape.minutes && a->rivals == b->rivals && a->wording == b->wording;
}

static kb_day year_on(kb_day day)
{
	char text[KB_DATE_SIZE];
	kb_day later = 0;
	kb_err err;
	kb_date_format(day, text);
	int year = atoi(text) + 1;
	for (int i = 3; i >= 0; i--, year /= 10) text[i] = (char)('0' + year % 10);
	if (strcmp(text + 4, "-02-29") == 0) text[9] = '8';
	if (kb_date_parse(text, &later, &err) != KB_OK) abort();
	return later;
}

static void review(history_version *version, kb_day day)
{
	if (version->review_count && version->reviews[version->review_count - 1].on >= day) return;
	if (version->review_count == HISTORY_REVIEWS) abort();
	version->reviews[version->review_count].on = day;
	version->reviews[version->review_count++].lapses = year_on(day);
}

int history_bank_import(history_bank *bank, const history_content *contents, uint64_t edited, bool approved, kb_day day)
{
	int made = 0;
	for (int i = 0; i < bank->count; i++) {
		history_question *q = &bank->questions[i];
		if (!(edited >> i & 1)) continue;
		if (q->count == 0 || !same_content(&contents[i], history_latest(bank, i))) {
			if (q->count == HISTORY_VERSIONS) abort();
			q->versions[q->count++] = (history_version){ .content = contents[i] };
			made++;
		}
		if (approved) review(&q->versions[q->count - 1], day);
	}
	return made;
}

int history_newest(const history_bank *bank, int question, kb_day day, bool *in_force)
{
	const history_question *q = &bank->questions[question];
	*in_force = false;
	for (int v = q->count - 1; v >= 0; v--) {
		const history_version *version = &q->versions[v];
		if (version->review_count == 0 || version->reviews[0].on > day) continue;
		for (int r = 0; r < version->review_count; r++)
			*in_force |= version->reviews[r].on <= day && day < version->reviews[r].lapses;
		return v;
	}
	return -1;
}

void history_pool_make(const history_bank *bank, kb_day day, uint64_t without, history_pool *pool)
{
	*pool = (history_pool){ 0 };
	for (int i = 0; i < bank->count; i++) {
		bool in_force;
		int v = history_newest(bank, i, day, &in_force);
		if (!in_force || without >> i & 1) continue;
		pool->question[pool->count] = i;
		pool->version[pool->count] = v;
		pool->shape[pool->count++] = bank->questions[i].versions[v].content.shape;
	}
	for (int a = 0; a < pool->count; a++)
		for (int b = 0; b < pool->count; b++) {
			uint64_t named = bank->questions[pool->question[a]].versions[pool->version[a]].content.rivals;
			if (!(named >> pool->question[b] & 1)) continue;
			pool->rivals[a] |= UINT64_C(1) << b;
			pool->rivals[b] |= UINT64_C(1) << a;
		}
}

/* YAML. */

static void write_units(const history_bank *bank, uint32_t units, kb_buf *out)
{
	const char *gap = "";
	for (int u = 0; u < bank->unit_count; u++) {
		if (!(units >> u & 1)) continue;
		kb_buf_printf(out, "%sK%d", gap, bank->code_of[u] + 1);
		gap = ", ";
	}
}

static bool shares_code(const history_bank *bank, int unit)
{
	for (int u = 0; u < unit; u++)
		if (bank->code_of[u] == bank->code_of[unit]) return true;
	return false;
}

void history_write_standard(const history_bank *bank, kb_buf *out)
{
	uint32_t mapped = 0;
	kb_buf_text(out, "format: ksbank-standard/1\nkey: " HISTORY_STANDARD "\ntitle: Lighthouse keeper\nattribution: Made up.\n"
		"version-source: page:1\nsources:\n  page: {title: The page, document: \"901\"}\nksbs:\n");
	for (int u = 0; u < bank->unit_count; u++) {
		if (shares_code(bank, u)) continue;
		mapped |= UINT32_C(1) << u;
		kb_buf_printf(out, "  K%d: {text: Part %d of the craft., source: page:%d}\n", bank->code_of[u] + 1, u + 1, u + 10);
	}
	kb_buf_text(out, "methods:\n  " HISTORY_METHOD ":\n    name: Interview\n    source: page:2\n    grades: [Fail, Pass]\n    ksbs: [");
	write_units(bank, mapped, out);
	kb_buf_text(out, "]\n    mapping-source: page:3\n    themes:\n");
	for (int t = 0; t < bank->theme_count; t++) {
		uint32_t units = 0;
		for (int u = 0; u < bank->unit_count; u++)
			if (bank->theme_of[u] == t) units |= UINT32_C(1) << u;
		kb_buf_printf(out, "      IN-%d: {name: Theme %d, source: page:4, ksbs: [", t + 1, t + 1);
		write_units(bank, units, out);
		kb_buf_text(out, "]}\n");
	}
}

void history_write_specification(const history_bank *bank, kb_buf *out)
{
	const history_rules *rules = &bank->rules;
	kb_buf_printf(out, "format: ksbank-specification/1\nstandard: " HISTORY_STANDARD "\nmethod: " HISTORY_METHOD "\nquestions: %d\n", rules->size);
	if (rules->sample) kb_buf_printf(out, "coverage: {rule: sample, least: %d}\nthemes:\n", rules->sample);
	else kb_buf_text(out, "coverage: {rule: every}\nthemes:\n");
	for (int t = 0; t < bank->theme_count; t++) {
		kb_buf_printf(out, "  IN-%d: {min: %d", t + 1, rules->theme_min[t]);
		if (rules->theme_max[t]) kb_buf_printf(out, ", max: %d", rules->theme_max[t]);
		kb_buf_text(out, "}\n");
	}
	kb_buf_text(out, "kinds:\n");
	for (int k = 0; k < HISTORY_KINDS; k++) kb_buf_printf(out, "  %s: {min: %d}\n", kinds[k], rules->kind_min[k]);
	if (rules->minutes_max) kb_buf_printf(out, "minutes: {min: %d, max: %d}\n", rules->minutes_min, rules->minutes_max);
	kb_buf_printf(out, "reserve: %d\nauthor: writer-1\n", rules->reserve);
}

static void write_rivals(uint64_t rivals, kb_buf *out)
{
	const char *gap = "    rivals: [";
	for (int i = 0; i < HISTORY_QUESTIONS; i++) {
		if (!(rivals >> i & 1)) continue;
		kb_buf_printf(out, "%sQ%02d", gap, i + 1);
		gap = ", ";
	}
	if (rivals) kb_buf_text(out, "]\n");
}

void history_write_questions(const history_bank *bank, const history_content *contents, uint64_t edited, kb_buf *out)
{
	kb_buf_text(out, "format: ksbank-items/1\nstandard: " HISTORY_STANDARD "\nmethod: " HISTORY_METHOD "\nquestions:\n");
	for (int i = 0; i < bank->count; i++) {
		const history_content *c = &contents[i];
		if (!(edited >> i & 1)) continue;
		kb_buf_printf(out, "  - id: Q%02d\n    theme: IN-%d\n    ksbs: [", i + 1, c->shape.theme + 1);
		write_units(bank, c->shape.units, out);
		kb_buf_printf(out, "]\n    kind: %s\n    minutes: %d\n    stem: Wording %d of question %d?\n    prompts: [What came of it?]\n",
			kinds[c->shape.kind], c->shape.minutes, c->wording, i + 1);
		write_rivals(c->rivals, out);
		kb_buf_text(out, "    author: writer-1\n");
	}
}
