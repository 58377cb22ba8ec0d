#include "engine/standard_lint.h"

#include "engine/standard_lint_rules.h"
#include "engine/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR_PERCENT = 50, NEAREST_SHOWN = 10 };

kb_finding *kb_lint_add(
	kb_lint *lint, kb_severity severity, const char *id, const char *subject, kb_mark mark, const char *action)
{
	kb_finding finding = { .id = id,
		.subject = subject ? subject : "",
		.severity = severity,
		.standard = lint->standard->key.text,
		.message = "",
		.action = action,
		.sources = "",
		.mark = mark };
	kb_finding *added = kb_findings_add(lint->arena, lint->findings, &finding);
	return added ? added : &lint->lost;
}

kb_finding *kb_lint_find(kb_lint *lint, const char *id, const char *subject)
{
	for (size_t i = 0; i < lint->findings->count; i++) {
		kb_finding *finding = &lint->findings->list[i];
		if (kb_str_equal(finding->id, id) && kb_str_equal(finding->subject, subject)) return finding;
	}
	return NULL;
}

void kb_lint_say(kb_lint *lint, kb_finding *finding, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int more = vsnprintf(NULL, 0, fmt, args);
	size_t said = finding->message ? strlen(finding->message) : 0;
	char *message = more < 0 ? NULL : kb_arena_alloc(lint->arena, said + (size_t)more + 1);
	if (message) {
		if (said) memcpy(message, finding->message, said);
		vsnprintf(message + said, (size_t)more + 1, fmt, again);
		finding->message = message;
	}
	va_end(again);
	va_end(args);
}

void kb_lint_cite(kb_lint *lint, kb_finding *finding, const char *source)
{
	if (!source) return;
	const char *sources = finding->sources ? finding->sources : "";
	size_t length = strlen(source);
	for (const char *at = strstr(sources, source); at; at = strstr(at + 1, source))
		if ((at == sources || at[-1] == ' ') && (at[length] == ',' || !at[length])) return;
	const char *more = kb_arena_printf(lint->arena, "%s%s%s", sources, *sources ? ", " : "", source);
	if (more) finding->sources = more;
}

const char *kb_lint_fold(kb_arena *arena, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	char *out = kb_arena_alloc(arena, length + 1);
	if (!out) return "";
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 'A' && c <= 'Z') c = (unsigned char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) out[used++] = (char)c;
		else if (used && out[used - 1] != ' ') out[used++] = ' ';
	}
	while (used && out[used - 1] == ' ') used--;
	out[used] = '\0';
	return out;
}

bool kb_lint_holds(const kb_texts *texts, const char *word)
{
	for (size_t i = 0; i < texts->count; i++)
		if (kb_str_equal(texts->list[i].text, word)) return true;
	return false;
}

/* ---- likeness ---- */

typedef struct words {
	const char **list; /* sorted, each once */
	size_t count;
} words;

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static words word_set(kb_arena *arena, const char *text)
{
	kb_words all = kb_words_of(arena, text);
	words set = { kb_arena_array(arena, all.count, sizeof(char *)), 0 };
	if (!set.list) return set;
	for (size_t i = 0; i < all.count; i++) set.list[set.count++] = all.list[i].text;
	if (set.count) qsort(set.list, set.count, sizeof *set.list, by_bytes);
	size_t kept = 0;
	for (size_t i = 0; i < set.count; i++)
		if (!kept || strcmp(set.list[kept - 1], set.list[i]) != 0) set.list[kept++] = set.list[i];
	set.count = kept;
	return set;
}

static unsigned likeness(const words *a, const words *b)
{
	size_t common = 0;
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		int order = strcmp(a->list[i], b->list[j]);
		common += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return a->count + b->count ? (unsigned)(200 * common / (a->count + b->count)) : 0;
}

unsigned kb_standard_likeness(kb_arena *arena, const char *a, const char *b)
{
	words first = word_set(arena, a), second = word_set(arena, b);
	return likeness(&first, &second);
}

/* ---- statements as their sources print them ---- */

typedef struct printed {
	const char *code, *source, *text, *folded;
	kb_mark mark;
} printed;

typedef struct print_list {
	printed *list;
	size_t count;
} print_list;

static void add_print(kb_arena *arena, print_list *out, const kb_ksb *ksb, const char *source, const kb_text *text)
{
	if (!text->text || !source) return;
	out->list[out->count++] =
		(printed) { ksb->code.text, source, text->text, kb_lint_fold(arena, text->text), text->mark };
}

static print_list all_prints(kb_arena *arena, const kb_standard *standard)
{
	const kb_ksb *ksbs = standard->ksbs.list;
	size_t size = 0;
	for (size_t i = 0; i < standard->ksbs.count; i++)
		size += 1 + ksbs[i].same.count + ksbs[i].disputed.count + ksbs[i].drift.count;
	print_list out = { kb_arena_array(arena, size, sizeof *out.list), 0 };
	for (size_t i = 0; out.list && i < standard->ksbs.count; i++) {
		const kb_wording *disputed = ksbs[i].disputed.list, *drift = ksbs[i].drift.list;
		add_print(arena, &out, &ksbs[i], ksbs[i].source.text, &ksbs[i].text);
		for (size_t j = 0; j < ksbs[i].same.count; j++)
			add_print(arena, &out, &ksbs[i], ksbs[i].same.list[j].text, &ksbs[i].text);
		for (size_t j = 0; j < ksbs[i].disputed.count; j++)
			add_print(arena, &out, &ksbs[i], disputed[j].source.text, &disputed[j].text);
		for (size_t j = 0; j < ksbs[i].drift.count; j++)
			add_print(arena, &out, &ksbs[i], drift[j].source.text, &drift[j].text);
	}
	return out;
}

static const char *document_of(kb_lint *lint, const char *source)
{
	const char *name = kb_arena_copy(lint->arena, source, strcspn(source, ":"));
	return name ? name : "";
}

static bool same_document(const char *a, const char *b)
{
	size_t length = strcspn(a, ":");
	return length == strcspn(b, ":") && strncmp(a, b, length) == 0;
}

/* Another KSB that the same document prints with the same words: a hint at where the slip is. */
static const printed *double_of(const print_list *prints, const char *code, const char *source, const char *folded)
{
	for (size_t i = 0; i < prints->count; i++) {
		const printed *print = &prints->list[i];
		if (!kb_str_equal(print->code, code) && same_document(print->source, source) &&
			strcmp(print->folded, folded) == 0)
			return print;
	}
	return NULL;
}

static void lint_conflict(kb_lint *lint, const print_list *prints, const kb_ksb *ksb)
{
	const kb_wording *wordings = ksb->disputed.list;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "KSB-TEXT-CONFLICT", ksb->code.text, ksb->code.mark,
		"Somebody with authority decides which wording holds, and records who, when and why. Until then every question "
		"on it says which wording it follows.");
	kb_lint_say(lint, finding, "The sources disagree on the meaning of %s.", ksb->code.text);
	for (size_t i = 0; i < ksb->disputed.count; i++) {
		const char *source = wordings[i].source.text;
		kb_lint_say(
			lint, finding, "%s the %s: \"%s\"", i ? "; in" : " In", document_of(lint, source), wordings[i].text.text);
		const printed *twin =
			double_of(prints, ksb->code.text, source, kb_lint_fold(lint->arena, wordings[i].text.text));
		if (twin)
			kb_lint_say(lint, finding, ", the words that it also prints for %s%s", twin->code,
				i + 1 < ksb->disputed.count ? "" : ".");
		kb_lint_cite(lint, finding, source);
	}
}

static void lint_drift(kb_lint *lint, const kb_ksb *ksb)
{
	const kb_wording *drift = ksb->drift.list;
	if (!ksb->drift.count) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "KSB-TEXT-MINOR", ksb->code.text, ksb->code.mark,
		"Nothing: the text of the first source is used, and the difference is shown.");
	kb_lint_say(lint, finding, "%s is worded a little differently elsewhere.", ksb->code.text);
	kb_lint_cite(lint, finding, ksb->source.text);
	for (size_t i = 0; i < ksb->drift.count; i++) {
		bool marks_only =
			strcmp(kb_lint_fold(lint->arena, drift[i].text.text), kb_lint_fold(lint->arena, ksb->text.text)) == 0;
		kb_lint_say(lint, finding, " The %s prints: \"%s\"%s", document_of(lint, drift[i].source.text),
			drift[i].text.text, marks_only ? " (only punctuation differs)." : "");
		kb_lint_cite(lint, finding, drift[i].source.text);
	}
}

static void lint_duplicate(kb_lint *lint, const printed *a, const printed *b)
{
	const char *subject = kb_arena_printf(lint->arena, "%s %s", a->code, b->code);
	kb_finding *finding = kb_lint_find(lint, "KSB-DUPLICATE", subject); /* another document may print it twice too */
	if (!finding) {
		finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "KSB-DUPLICATE", subject, b->mark,
			"Compare with the other sources; one of the two is probably a slip. Decide before questions on it are "
			"approved.");
		kb_lint_say(lint, finding, "The %s prints one statement under two codes, %s and %s%s: \"%s\"",
			document_of(lint, a->source), a->code, b->code,
			strcmp(a->text, b->text) ? " (only punctuation differs)" : "", a->text);
	}
	kb_lint_cite(lint, finding, a->source);
	kb_lint_cite(lint, finding, b->source);
}

static void lint_duplicates(kb_lint *lint, const print_list *prints)
{
	for (size_t j = 0; j < prints->count; j++)
		for (size_t i = 0; i < j; i++) {
			const printed *a = &prints->list[i], *b = &prints->list[j];
			if (!kb_str_equal(a->code, b->code) && same_document(a->source, b->source) &&
				strcmp(a->folded, b->folded) == 0)
				lint_duplicate(lint, a, b);
		}
}

static void lint_ksbs(kb_lint *lint, const print_list *prints)
{
	const kb_ksb *ksbs = lint->standard->ksbs.list;
	for (size_t i = 0; i < lint->standard->ksbs.count; i++) {
		if (kb_ksb_is_disputed(&ksbs[i])) lint_conflict(lint, prints, &ksbs[i]);
		lint_drift(lint, &ksbs[i]);
	}
	lint_duplicates(lint, prints);
}

/* ---- duties ---- */

static bool is_mapped(const kb_duty *duty)
{
	return !duty->mapped.set || duty->mapped.value;
}

static void lint_duty_kinds(kb_lint *lint, const kb_duty *duty)
{
	if (!duty->ksbs.count) {
		kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "DUTY-WITHOUT-KSB", duty->id.text, duty->id.mark,
			"Look the duty up in the published standard: a line was probably lost.");
		kb_lint_say(lint, finding, "Duty %s (%s) lists no KSB at all.", duty->id.text, duty->title.text);
		kb_lint_cite(lint, finding, duty->source.text);
		return;
	}
	static const struct {
		char letter;
		const char *name;
	} kinds[] = { { 'K', "knowledge" }, { 'S', "skill" }, { 'B', "behaviour" } };
	kb_finding *finding = NULL;
	for (size_t k = 0; k < KB_COUNT(kinds); k++) {
		bool there = false;
		for (size_t i = 0; i < duty->ksbs.count; i++) there |= duty->ksbs.list[i].text[0] == kinds[k].letter;
		if (there) continue;
		if (finding) {
			kb_lint_say(lint, finding, " and no %s", kinds[k].name);
			continue;
		}
		finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "DUTY-INCOMPLETE", duty->id.text, duty->id.mark,
			"Look the duty up in the published standard: a line was probably lost.");
		kb_lint_say(lint, finding, "Duty %s lists no %s", duty->id.text, kinds[k].name);
		kb_lint_cite(lint, finding, duty->source.text);
	}
	if (finding) kb_lint_say(lint, finding, ".");
}

static void lint_duty(kb_lint *lint, const kb_duty *duty)
{
	for (size_t i = 0; i < duty->ksbs.count; i++) {
		const kb_text *code = &duty->ksbs.list[i];
		if (kb_standard_ksb(lint->standard, code->text)) continue;
		kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "DUTY-NONEXISTENT-KSB",
			kb_arena_printf(lint->arena, "%s %s", duty->id.text, code->text), code->mark,
			"Correct the code if it was mistyped here; otherwise ask where it was published.");
		kb_lint_say(lint, finding, "Duty %s names %s, which the standard does not have.", duty->id.text, code->text);
		kb_lint_cite(lint, finding, duty->source.text);
	}
	lint_duty_kinds(lint, duty);
}

/* "D9 Develop ..." */
static void lint_duty_title(kb_lint *lint, const kb_duty *duty)
{
	const char *title = duty->printed.text ? duty->printed.text : duty->title.text;
	size_t length = strlen(duty->id.text);
	if (strncmp(title, duty->id.text, length) != 0 || title[length] != ' ') return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "DUTY-TITLE-CODE", duty->id.text, duty->id.mark,
		"Show the title without the code; keep what is printed under `printed`.");
	kb_lint_say(lint, finding, "The printed title of duty %s begins with a stray code: \"%s\"", duty->id.text, title);
	kb_lint_cite(lint, finding, duty->source.text);
}

static void lint_identical_duties(kb_lint *lint)
{
	const kb_duty *duties = lint->standard->duties.list;
	for (size_t j = 0; j < lint->standard->duties.count; j++)
		for (size_t i = 0; i < j; i++) {
			if (!duties[j].ksbs.count || duties[i].ksbs.count != duties[j].ksbs.count) continue;
			size_t shared = 0;
			for (size_t k = 0; k < duties[j].ksbs.count; k++)
				shared += kb_lint_holds(&duties[i].ksbs, duties[j].ksbs.list[k].text);
			if (shared != duties[j].ksbs.count) continue;
			kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "DUTY-IDENTICAL-LIST",
				kb_arena_printf(lint->arena, "%s %s", duties[i].id.text, duties[j].id.text), duties[j].id.mark,
				"Look both up in the published standard: one list may have been copied.");
			kb_lint_say(lint, finding, "Duties %s and %s carry the same list of %zu KSBs.", duties[i].id.text,
				duties[j].id.text, shared);
			kb_lint_cite(lint, finding, duties[i].source.text);
			kb_lint_cite(lint, finding, duties[j].source.text);
		}
}

static void lint_orphans(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_ksb *ksbs = standard->ksbs.list;
	const kb_duty *duties = standard->duties.list;
	for (size_t i = 0; i < standard->ksbs.count; i++) {
		bool there = false;
		for (size_t d = 0; d < standard->duties.count; d++) there |= kb_lint_holds(&duties[d].ksbs, ksbs[i].code.text);
		if (there) continue;
		kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "DUTY-ORPHAN-KSB", ksbs[i].code.text,
			ksbs[i].code.mark, "Look it up in the published standard; a line of a duty was probably lost.");
		kb_lint_say(lint, finding, "%s belongs to no duty.", ksbs[i].code.text);
		kb_lint_cite(lint, finding, ksbs[i].source.text);
		for (size_t s = 0; s < ksbs[i].same.count; s++) kb_lint_cite(lint, finding, ksbs[i].same.list[s].text);
	}
}

static void lint_duties(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_duty *duties = standard->duties.list;
	size_t unmapped = 0;
	const kb_duty *first = NULL;
	for (size_t i = 0; i < standard->duties.count; i++) {
		lint_duty_title(lint, &duties[i]);
		if (is_mapped(&duties[i])) lint_duty(lint, &duties[i]);
		else if (!unmapped++) first = &duties[i];
	}
	lint_identical_duties(lint);
	if (!first) {
		if (standard->duties.count) lint_orphans(lint);
		return;
	}
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "DUTY-NO-MAP", "", first->id.mark,
		"Do without looking questions up by duty, or enter the lists with the place where they were read.");
	kb_lint_say(lint, finding, "%zu of %zu duties come without a list of KSBs in their source.", unmapped,
		standard->duties.count);
	kb_lint_cite(lint, finding, first->source.text);
}

/* ---- the key, and other standards ---- */

static size_t reference_length(const kb_standard *standard)
{
	return strcspn(standard->key.text, "/");
}

static bool same_reference(const kb_standard *a, const kb_standard *b)
{
	size_t length = reference_length(a);
	return length == reference_length(b) && strncmp(a->key.text, b->key.text, length) == 0;
}

static void lint_key(kb_lint *lint)
{
	const kb_standard *standard = lint->standard;
	const kb_source *sources = standard->sources.list;
	size_t length = reference_length(standard);
	const char *version = standard->key.text + length + (standard->key.text[length] == '/');
	for (size_t i = 0; i < standard->sources.count; i++) {
		const kb_source *source = &sources[i];
		bool other = source->reference.text && (strlen(source->reference.text) != length ||
												   strncmp(source->reference.text, standard->key.text, length) != 0);
		if (!other && (!source->version.text || kb_str_equal(source->version.text, version))) continue;
		kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_ERROR, "KEY-MISMATCH", source->id.text, source->id.mark,
			"Use a document of this standard and version.");
		kb_lint_say(lint, finding, "The %s is of %s/%s, not of %s.", source->id.text,
			source->reference.text ? source->reference.text : "?", source->version.text ? source->version.text : "?",
			standard->key.text);
	}
	if (standard->version_source.text) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "NO-VERSION", "", standard->key.mark,
		"Confirm reference and version against the published standard, and record who did.");
	kb_lint_say(lint, finding, "No source prints the version of this standard.");
	for (size_t i = 0; i < standard->sources.count; i++)
		if (!sources[i].reference.text && !sources[i].version.text)
			kb_lint_say(lint, finding, " The %s prints neither reference nor version.", sources[i].id.text);
}

typedef struct pairing {
	const kb_ksb *own, *other;
	unsigned percent;
} pairing;

/* What serves as the text for comparing: the first wording where they are in dispute. */
static const char *any_text(const kb_ksb *ksb)
{
	const kb_wording *wordings = ksb->disputed.list;
	return ksb->text.text ? ksb->text.text : ksb->disputed.count ? wordings[0].text.text : "";
}

static size_t nearest_pairs(kb_lint *lint, const kb_standard *other, pairing *pairs)
{
	const kb_ksb *own = lint->standard->ksbs.list, *theirs = other->ksbs.list;
	words *sets = kb_arena_array(lint->arena, other->ksbs.count, sizeof *sets);
	size_t count = 0;
	for (size_t j = 0; sets && j < other->ksbs.count; j++) sets[j] = word_set(lint->arena, any_text(&theirs[j]));
	for (size_t i = 0; sets && i < lint->standard->ksbs.count; i++) {
		words set = word_set(lint->arena, any_text(&own[i]));
		pairing best = { &own[i], NULL, NEAR_PERCENT - 1 };
		for (size_t j = 0; j < other->ksbs.count; j++) {
			unsigned percent = likeness(&set, &sets[j]);
			if (percent > best.percent) best = (pairing) { &own[i], &theirs[j], percent };
		}
		if (!best.other) continue;
		size_t at = count++;
		for (; at > 0 && pairs[at - 1].percent < best.percent; at--) pairs[at] = pairs[at - 1];
		pairs[at] = best;
	}
	return count;
}

static void lint_other_version(kb_lint *lint, const kb_standard *other)
{
	const kb_ksb *own = lint->standard->ksbs.list;
	size_t both = 0, different = 0;
	for (size_t i = 0; i < lint->standard->ksbs.count; i++) {
		const kb_ksb *twin = kb_standard_ksb(other, own[i].code.text);
		both += twin != NULL;
		different += twin && strcmp(kb_lint_fold(lint->arena, any_text(&own[i])),
								 kb_lint_fold(lint->arena, any_text(twin))) != 0;
	}
	pairing *pairs = kb_arena_array(lint->arena, lint->standard->ksbs.count, sizeof *pairs);
	if (!different || !pairs) return;
	kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_WARNING, "KEY-NOT-UNIQUE", other->key.text,
		lint->standard->key.mark,
		"Name a KSB by reference, version and code. Never carry a question over by its code: copy it and tag it anew.");
	kb_lint_say(lint, finding, "%s has the same reference. %zu codes stand in both, %zu of them with different texts.",
		other->key.text, both, different);
	size_t count = nearest_pairs(lint, other, pairs);
	for (size_t i = 0; i < count && i < NEAREST_SHOWN; i++)
		kb_lint_say(lint, finding, "%s%s -> %s (%u%%)", i ? ", " : " Nearest in words: ", pairs[i].own->code.text,
			pairs[i].other->code.text, pairs[i].percent);
	if (count) kb_lint_say(lint, finding, ".");
	kb_lint_cite(lint, finding, lint->standard->version_source.text);
}

static void lint_same_statements(kb_lint *lint, const print_list *own, const kb_standard *other)
{
	print_list theirs = all_prints(lint->arena, other);
	for (size_t i = 0; i < own->count; i++)
		for (size_t j = 0; j < theirs.count; j++) {
			const printed *a = &own->list[i], *b = &theirs.list[j];
			if (strcmp(a->folded, b->folded) != 0) continue;
			const char *subject = kb_arena_printf(lint->arena, "%s %s %s", a->code, other->key.text, b->code);
			if (kb_lint_find(lint, "CROSS-STANDARD-IDENTICAL", subject)) continue; /* in another document */
			kb_finding *finding = kb_lint_add(lint, KB_SEVERITY_INFO, "CROSS-STANDARD-IDENTICAL", subject, a->mark,
				"A question may serve both after a review; a leak in one standard then touches the other.");
			kb_lint_say(
				lint, finding, "%s says the same as %s of %s: \"%s\"", a->code, b->code, other->key.text, a->text);
			kb_lint_cite(lint, finding, a->source);
		}
}

static void lint_others(kb_lint *lint, const print_list *prints)
{
	for (size_t i = 0; i < lint->count; i++) {
		if (i == lint->index || kb_str_equal(lint->standards[i]->key.text, lint->standard->key.text)) continue;
		if (same_reference(lint->standard, lint->standards[i])) lint_other_version(lint, lint->standards[i]);
		lint_same_statements(lint, prints, lint->standards[i]);
	}
}

/* ---- all of it ---- */

static void sort_by_severity(kb_findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		kb_finding finding = findings->list[i];
		size_t at = i;
		for (; at > 0 && findings->list[at - 1].severity > finding.severity; at--)
			findings->list[at] = findings->list[at - 1];
		findings->list[at] = finding;
	}
}

kb_status kb_standard_lint(kb_arena *arena, const kb_standard *const *standards, size_t count, size_t index,
	kb_findings *findings, kb_err *err)
{
	KB_ASSERT(index < count, err);
	kb_lint lint = { arena, standards[index], standards, count, index, findings, { 0 } };
	print_list prints = all_prints(arena, lint.standard);
	KB_TRY(kb_arena_check(arena, err));
	lint_key(&lint);
	lint_ksbs(&lint, &prints);
	lint_duties(&lint);
	kb_lint_plan(&lint);
	lint_others(&lint, &prints);
	sort_by_severity(findings);
	return kb_arena_check(arena, err);
}
