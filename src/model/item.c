#include "model/item.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

const char *const kb_question_kinds[] = { "scenario", "experience", "knowledge", NULL };
const char *const kb_demands[] = { "lower", "typical", "higher", NULL };

static const kb_field guidance_fields[] = {
	{ "descriptors", KB_FIELD_TEXTS, offsetof(kb_guidance, descriptors), .least = 1, .most = 20, .pattern = "id" },
	{ "shows", KB_FIELD_TEXT, offsetof(kb_guidance, shows), .required = true },
};
static const kb_record guidance_record = { "the guidance for a grade", sizeof(kb_guidance), guidance_fields,
	KB_COUNT(guidance_fields) };

static const kb_field question_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_item, id), .required = true, .most = 60, .pattern = "id" },
	{ "theme", KB_FIELD_TEXT, offsetof(kb_item, theme), .most = 20, .pattern = "id" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_item, ksbs), .required = true, .least = 1, .most = 4, .pattern = "id" },
	{ "kind", KB_FIELD_WORD, offsetof(kb_item, kind), .required = true, .words = kb_question_kinds },
	{ "minutes", KB_FIELD_INT, offsetof(kb_item, minutes), .required = true, .least = 1, .most = 60 },
	{ "demand", KB_FIELD_WORD, offsetof(kb_item, demand), .words = kb_demands },
	{ "stem", KB_FIELD_TEXT, offsetof(kb_item, stem), .required = true },
	{ "prompts", KB_FIELD_TEXTS, offsetof(kb_item, prompts), .required = true, .least = 1, .most = 8 },
	{ "pass", KB_FIELD_RECORD, offsetof(kb_item, pass), .record = &guidance_record },
	{ "distinction", KB_FIELD_RECORD, offsetof(kb_item, distinction), .record = &guidance_record },
	{ "follows", KB_FIELD_PAIRS, offsetof(kb_item, follows), .most = 4, .pattern = "id" },
	{ "categories", KB_FIELD_TEXTS, offsetof(kb_item, categories), .most = 20, .pattern = "id" },
	{ "rivals", KB_FIELD_TEXTS, offsetof(kb_item, rivals), .most = 200, .pattern = "id" },
	{ "author", KB_FIELD_TEXT, offsetof(kb_item, author), .least = 1, .most = 100, .pattern = "line" },
	{ "accessibility", KB_FIELD_TEXT, offsetof(kb_item, accessibility), .least = 1 },
	{ "answers", KB_FIELD_PAIRS, offsetof(kb_item, answers), .most = 40 },
};
const kb_record kb_question_record = { "a question", sizeof(kb_item), question_fields, KB_COUNT(question_fields) };

static const kb_field case_theme_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(kb_item, id), .required = true, .most = 60, .pattern = "id" },
	{ "title", KB_FIELD_TEXT, offsetof(kb_item, title), .required = true, .most = 200, .pattern = "line" },
	{ "ksbs", KB_FIELD_TEXTS, offsetof(kb_item, ksbs), .required = true, .least = 1, .most = 100, .pattern = "id" },
	{ "brief", KB_FIELD_TEXT, offsetof(kb_item, brief), .required = true },
	{ "guidance", KB_FIELD_TEXTS, offsetof(kb_item, guidance), .most = 40 },
	{ "where", KB_FIELD_PAIRS, offsetof(kb_item, where), .most = 100 },
	{ "follows", KB_FIELD_PAIRS, offsetof(kb_item, follows), .most = 100, .pattern = "id" },
	{ "rivals", KB_FIELD_TEXTS, offsetof(kb_item, rivals), .most = 200, .pattern = "id" },
	{ "author", KB_FIELD_TEXT, offsetof(kb_item, author), .least = 1, .most = 100, .pattern = "line" },
	{ "accessibility", KB_FIELD_TEXT, offsetof(kb_item, accessibility), .least = 1 },
	{ "answers", KB_FIELD_PAIRS, offsetof(kb_item, answers), .most = 40 },
};
const kb_record kb_case_theme_record = { "a case-study theme", sizeof(kb_item), case_theme_fields,
	KB_COUNT(case_theme_fields) };

static const kb_field file_fields[] = {
	{ "format", KB_FIELD_TEXT, offsetof(kb_item_file, format), .required = true, .most = 60, .pattern = "id" },
	{ "standard", KB_FIELD_TEXT, offsetof(kb_item_file, standard), .required = true, .most = 60, .pattern = "id" },
	{ "method", KB_FIELD_TEXT, offsetof(kb_item_file, method), .required = true, .most = 60, .pattern = "id" },
	{ "questions", KB_FIELD_RECORDS, offsetof(kb_item_file, questions), .record = &kb_question_record },
	{ "case-study-themes", KB_FIELD_RECORDS, offsetof(kb_item_file, themes), .record = &kb_case_theme_record },
};
const kb_record kb_item_file_record = { "a file of questions", sizeof(kb_item_file), file_fields,
	KB_COUNT(file_fields) };

/* The file as such. */

static int by_id_and_place(const void *a, const void *b)
{
	const kb_item *x = *(const kb_item *const *)a, *y = *(const kb_item *const *)b;
	int order = strcmp(x->id.text, y->id.text);
	if (order) return order;
	if (x->id.mark.line != y->id.mark.line) return x->id.mark.line < y->id.mark.line ? -1 : 1;
	return x->id.mark.column < y->id.mark.column ? -1 : x->id.mark.column > y->id.mark.column;
}

static void gather(const kb_list *list, const kb_item **out, size_t *count)
{
	const kb_item *items = list->list;
	for (size_t i = 0; i < list->count; i++)
		if (items[i].id.text) out[(*count)++] = &items[i];
}

static void check_ids(kb_faults *faults, const kb_item_file *file)
{
	size_t count = 0;
	const kb_item **sorted =
		kb_arena_array(faults->arena, file->questions.count + file->themes.count, sizeof(const kb_item *));
	if (!sorted) return;
	gather(&file->questions, sorted, &count);
	gather(&file->themes, sorted, &count);
	if (count) qsort(sorted, count, sizeof *sorted, by_id_and_place);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (!kb_str_equal(sorted[i]->id.text, sorted[first]->id.text)) {
			first = i;
			continue;
		}
		kb_fault *fault = kb_fault_add(faults, sorted[i]->id.mark, "item.id-twice",
			"the id %s stands in this file twice: first in line %u", sorted[i]->id.text, sorted[first]->id.mark.line);
		fault->expected = "an id of its own for each item";
	}
}

kb_status kb_item_file_read(kb_arena *arena, const kb_node *node, kb_faults *faults, kb_item_file *file, kb_err *err)
{
	KB_TRY(kb_record_read(arena, &kb_item_file_record, node, faults, file, err));
	if (file->format.text && !kb_str_equal(file->format.text, KB_ITEMS_FORMAT)) {
		kb_fault *fault = kb_fault_add(
			faults, file->format.mark, "item.format", "\"%s\" is no format that we read", file->format.text);
		fault->expected = KB_ITEMS_FORMAT;
	}
	if (node->kind == KB_NODE_MAP && !file->questions.list && !file->themes.list)
		kb_fault_add(faults, file->mark, "item.none", "the file holds no items")->expected =
			"a list named questions or case-study-themes";
	kb_item *themes = file->themes.list;
	for (size_t i = 0; i < file->themes.count; i++) themes[i].is_theme = true;
	check_ids(faults, file);
	return kb_arena_check(arena, err);
}

/* One item against its standard. */

typedef struct checker {
	kb_faults *faults;
	const kb_standard *standard;
	const kb_method *method;
	bool published;        /* a source gives the method's grading themes */
	const kb_theme *theme; /* of a question; NULL where it has none that exists */
	const kb_item *item;
} checker;

static bool holds(const kb_texts *texts, const char *word)
{
	for (size_t i = 0; i < texts->count; i++)
		if (kb_str_equal(texts->list[i].text, word)) return true;
	return false;
}

/* What was meant by a wrong word: sets expected and nearest. */
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
	size_t count = 0;
	const char **words = kb_arena_array(check->faults->arena, texts->count, sizeof(char *));
	for (size_t i = 0; words && i < texts->count; i++)
		if (texts->list[i].text) words[count++] = texts->list[i].text;
	if (words) suggest(check, fault, word, words, count);
}

static void check_twice(const checker *check, const kb_texts *texts, const char *id, const char *what)
{
	for (size_t i = 1; i < texts->count; i++)
		for (size_t j = 0; j < i; j++)
			if (texts->list[i].text && kb_str_equal(texts->list[i].text, texts->list[j].text)) {
				kb_fault_add(
					check->faults, texts->list[i].mark, id, "%s is named twice among the %s", texts->list[i].text, what)
					->expected = "each once";
				break;
			}
}

static void suggest_themes(const checker *check, kb_fault *fault, const char *word)
{
	const kb_theme *themes = check->method->themes.list;
	size_t count = 0;
	const char **words = kb_arena_array(check->faults->arena, check->method->themes.count, sizeof(char *));
	for (size_t i = 0; words && i < check->method->themes.count; i++)
		if (themes[i].id.text) words[count++] = themes[i].id.text;
	if (words) suggest(check, fault, word, words, count);
}

/* What leans on grading themes where no source gives any: it could only be somebody's guess. */
static void refuse_unpublished(const checker *check, kb_mark mark, const char *id, const char *expected)
{
	kb_fault_add(check->faults, mark, id, "no source gives grading themes for the method %s of %s",
		check->method->id.text, check->standard->key.text)
		->expected = expected;
}

static void check_theme(checker *check)
{
	const kb_text *theme = &check->item->theme;
	if (check->item->is_theme) return;
	if (!check->published) {
		if (theme->text)
			refuse_unpublished(check, theme->mark, "item.theme-unpublished",
				"no `theme`: a paper takes it from the mapping that it is drawn with");
		return;
	}
	check->theme = kb_method_theme(check->method, theme->text);
	if (check->theme) return;
	kb_fault *fault = theme->text ? kb_fault_add(check->faults, theme->mark, "item.theme",
										"%s is no grading theme of the method %s", theme->text, check->method->id.text)
	                              : kb_fault_add(check->faults, check->item->mark, "item.theme-missing",
										"a question lacks \"theme\"");
	suggest_themes(check, fault, theme->text ? theme->text : "");
}

/* Whether a published grading theme of the method holds it; where there is none, its mapping is all there is. */
static bool is_unit(const checker *check, const char *code)
{
	const kb_theme *themes = check->method->themes.list;
	for (size_t i = 0; check->published && i < check->method->themes.count; i++)
		if (holds(&themes[i].ksbs, code)) return true;
	return !check->published;
}

static void suggest_ksbs(const checker *check, kb_fault *fault, const char *word)
{
	const kb_ksb *ksbs = check->standard->ksbs.list;
	size_t count = check->standard->ksbs.count;
	const char **words = kb_arena_array(check->faults->arena, count, sizeof(char *));
	for (size_t i = 0; words && i < count; i++) words[i] = ksbs[i].code.text;
	if (words) suggest(check, fault, word, words, count);
}

static void check_tag(const checker *check, const kb_text *tag)
{
	bool mapped = check->method->mapping_source.text != NULL; /* published, that is */
	const kb_texts *right = check->theme ? &check->theme->ksbs : &check->method->ksbs;
	kb_fault *fault = NULL;
	if (!kb_standard_ksb(check->standard, tag->text))
		fault = kb_fault_add(check->faults, tag->mark, "item.tag-unknown", "%s is no KSB of this standard", tag->text);
	else if (mapped && !holds(&check->method->ksbs, tag->text))
		fault = kb_fault_add(check->faults, tag->mark, "item.tag-unmapped", "%s is not mapped to the method %s",
			tag->text, check->method->id.text);
	else if (check->theme && !holds(right, tag->text))
		fault = kb_fault_add(check->faults, tag->mark, "item.tag-theme", "%s is no KSB of the grading theme %s",
			tag->text, check->theme->id.text);
	else if (!is_unit(check, tag->text))
		fault = kb_fault_add(check->faults, tag->mark, "item.tag-theme", "%s is in no grading theme of the method %s",
			tag->text, check->method->id.text);
	if (fault && mapped) suggest_texts(check, fault, tag->text, right);
	else if (fault) suggest_ksbs(check, fault, tag->text);
}

/* Reading a file has counted them already; an item that was built otherwise has not been counted. */
static void check_tags(const checker *check)
{
	const kb_texts *tags = &check->item->ksbs;
	if (tags->list && tags->count == 0)
		kb_fault_add(check->faults, check->item->mark, "item.no-tags", "%s names no KSB",
			check->item->id.text ? check->item->id.text : "an item");
	for (size_t i = 0; i < tags->count; i++)
		if (tags->list[i].text) check_tag(check, &tags->list[i]);
	check_twice(check, tags, "item.tag-twice", "KSBs");
	check_twice(check, &check->item->categories, "item.category-twice", "categories");
}

static void suggest_descriptors(const checker *check, kb_fault *fault, const char *word, char grade)
{
	const kb_theme *theme = check->theme;
	size_t count = grade == 'P' ? theme->pass.count : theme->distinction.count;
	const char **words = kb_arena_array(check->faults->arena, count, sizeof(char *));
	for (size_t i = 0; words && i < count; i++) {
		words[i] = kb_arena_printf(check->faults->arena, "%s.%c%zu", theme->id.text, grade, i + 1);
		if (!words[i]) return;
	}
	if (words) suggest(check, fault, word, words, count);
}

static void check_descriptor(const checker *check, const kb_text *id, char grade)
{
	const kb_theme *theme = check->theme;
	size_t length = strlen(theme->id.text);
	bool own = strncmp(id->text, theme->id.text, length) == 0 && id->text[length] == '.';
	bool exists = kb_method_descriptor(check->method, id->text) != NULL;
	const char *name = grade == 'P' ? "pass" : "distinction";
	if (exists && own && id->text[length + 1] == grade) return;
	kb_fault *fault;
	if (!exists)
		fault = kb_fault_add(check->faults, id->mark, "item.descriptor-unknown", "%s is no descriptor of the method %s",
			id->text, check->method->id.text);
	else if (!own)
		fault = kb_fault_add(check->faults, id->mark, "item.descriptor-theme",
			"%s is a descriptor of another grading theme than %s", id->text, theme->id.text);
	else
		fault = kb_fault_add(
			check->faults, id->mark, "item.descriptor-grade", "%s is no descriptor of the grade %s", id->text, name);
	suggest_descriptors(check, fault, id->text, grade);
}

static void check_guidance(const checker *check, const kb_guidance *guidance, char grade)
{
	if (!guidance) return;
	const kb_texts *descriptors = &guidance->descriptors;
	if (!check->published) {
		if (descriptors->count)
			refuse_unpublished(check, descriptors->list[0].mark, "item.descriptor-unpublished",
				"no `descriptors`: only what an answer `shows`");
		return;
	}
	if (check->theme && !descriptors->list)
		suggest_descriptors(check,
			kb_fault_add(check->faults, guidance->mark, "item.descriptors-missing",
				"the guidance for a grade lacks \"descriptors\""),
			"", grade);
	for (size_t i = 0; check->theme && i < descriptors->count; i++)
		if (descriptors->list[i].text) check_descriptor(check, &descriptors->list[i], grade);
	check_twice(check, descriptors, "item.descriptor-twice", "descriptors");
}

static void check_followed(const checker *check, const kb_text_pair *pair)
{
	const kb_ksb *ksb = kb_standard_ksb(check->standard, pair->key.text);
	if (!holds(&check->item->ksbs, pair->key.text)) {
		kb_fault *fault = kb_fault_add(check->faults, pair->key.mark, "item.follows-untagged",
			"%s is not among the KSBs that this is tagged with", pair->key.text);
		suggest_texts(check, fault, pair->key.text, &check->item->ksbs);
	} else if (ksb && ksb->disputed.count == 0) {
		kb_fault_add(check->faults, pair->key.mark, "item.follows-undisputed",
			"%s has one wording only: there is nothing to follow", pair->key.text)
			->expected = "KSBs whose wordings are disputed";
	} else if (ksb && (strchr(pair->value.text, ':') || !kb_ksb_wording(ksb, pair->value.text))) {
		kb_fault *fault = kb_fault_add(check->faults, pair->value.mark, "item.follows-source",
			"%s is no source of a wording of %s", pair->value.text, pair->key.text);
		const kb_wording *wordings = ksb->disputed.list;
		size_t count = 0;
		const char **words = kb_arena_array(check->faults->arena, ksb->disputed.count, sizeof(char *));
		for (size_t i = 0; words && i < ksb->disputed.count; i++) {
			const char *source = wordings[i].source.text;
			if (source) words[count] = kb_arena_copy(check->faults->arena, source, strcspn(source, ":"));
			if (words[count]) count++;
		}
		if (words) suggest(check, fault, pair->value.text, words, count);
	}
}

static void check_rivals(const checker *check)
{
	const kb_texts *rivals = &check->item->rivals;
	for (size_t i = 0; i < rivals->count; i++)
		if (rivals->list[i].text && kb_str_equal(rivals->list[i].text, check->item->id.text))
			kb_fault_add(check->faults, rivals->list[i].mark, "item.rival-of-itself",
				"%s is named as a rival of itself", rivals->list[i].text)
				->expected = "the id of another item";
	check_twice(check, rivals, "item.rival-twice", "rivals");
}

void kb_item_check(kb_faults *faults, const kb_standard *standard, const kb_method *method, const kb_item *item)
{
	checker check = { .faults = faults, .standard = standard, .method = method, .item = item };
	check.published = kb_method_has_published_themes(method);
	check_theme(&check);
	check_tags(&check);
	check_guidance(&check, item->pass, 'P');
	check_guidance(&check, item->distinction, 'D');
	const kb_text_pair *follows = item->follows.list, *where = item->where.list;
	for (size_t i = 0; i < item->follows.count; i++) check_followed(&check, &follows[i]);
	for (size_t i = 0; i < item->where.count; i++) {
		if (holds(&item->ksbs, where[i].key.text)) continue;
		kb_fault *fault = kb_fault_add(
			faults, where[i].key.mark, "item.where", "%s is not among the KSBs of this theme", where[i].key.text);
		suggest_texts(&check, fault, where[i].key.text, &item->ksbs);
	}
	check_rivals(&check);
	if (!item->author.text)
		kb_fault_add(faults, item->mark, "record.missing", "%s lacks \"author\"",
			item->is_theme ? kb_case_theme_record.what : kb_question_record.what)
			->expected = "who wrote it: nobody approves a question of their own";
}

kb_node *kb_item_write(kb_arena *arena, const kb_item *item)
{
	return kb_record_write(arena, item->is_theme ? &kb_case_theme_record : &kb_question_record, item);
}

kb_status kb_item_read(kb_arena *arena, const kb_node *node, bool is_theme, kb_item *item, kb_err *err)
{
	kb_faults faults = { .arena = arena };
	KB_TRY(kb_record_read(arena, is_theme ? &kb_case_theme_record : &kb_question_record, node, &faults, item, err));
	item->is_theme = is_theme;
	return kb_faults_check(&faults, err);
}
