/* A bank as files: all faults of all files at once, each where it stands. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "exchange/bank.h"
#include "text/yaml.h"

static kb_arena *arena;
static kb_err err;
static kb_faults faults;
static kb_bank_file files[8];
static kb_bank bank;

static void set_up(void)
{
	arena = kb_arena_new(64 << 20);
	faults = (kb_faults){ .arena = arena };
	bank = (kb_bank){ files, 0 };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(bank, .init = set_up, .fini = tear_down);

static void add(const char *path, const char *text)
{
	files[bank.count++] = (kb_bank_file){ .path = path, .bytes = { text, strlen(text) } };
}

static const char standard_text[] =
	"format: ksbank-standard/1\nkey: ST9999/1.0\ntitle: Lighthouse keeper\nattribution: Made up.\n"
	"sources: {plan: {title: The plan}}\nksbs:\n  K1: {text: How lamps work., source: plan:10}\n  S1: {text: Light the lamp., source: plan:12}\n"
	"methods:\n  talk:\n    name: Talk\n    source: plan:20\n    least-questions: 2\n    ksbs: [K1, S1]\n    mapping-source: plan:21\n"
	"    themes:\n      T-1: {name: One, ksbs: [K1, S1], pass: [a], distinction: [c], source: plan:24}\n";

#define ITEMS(method) "format: ksbank-items/1\nstandard: ST9999/1.0\nmethod: " method "\nquestions:\n"
#define QUESTION(id, ksbs, more)                                                                                   \
	"  - {id: " id ", theme: T-1, ksbs: [" ksbs "], kind: scenario, minutes: 7, demand: typical, stem: Why?, prompts: [How?], " \
	"pass: {descriptors: [T-1.P1], shows: This.}, distinction: {descriptors: [T-1.D1], shows: That.}, author: a, accessibility: None." more "}\n"

static const kb_standard *stored_standard;
static const kb_standard *known_standard(void *context, const char *key)
{
	(void)context;
	return stored_standard && strcmp(key, stored_standard->key.text) == 0 ? stored_standard : NULL;
}

static bool known_item(void *context, const char *key)
{
	(void)context;
	return strcmp(key, "STORED-1") == 0;
}

static void check(void)
{
	kb_bank_known known = { known_standard, known_item, NULL };
	cr_assert_eq(kb_bank_read(arena, files, bank.count, &faults, &err), KB_OK, "%s", err.message);
	cr_assert_eq(kb_bank_check(arena, &bank, &known, &faults, &err), KB_OK, "%s", err.message);
}

static void sound(void)
{
	check();
	cr_assert_eq(faults.count, 0, "%s: %s", faults.list[0].id, faults.list[0].message);
}

static const kb_fault *fault(const char *id, const char *file, unsigned line)
{
	for (size_t i = 0; i < faults.count; i++) {
		const kb_fault *f = &faults.list[i];
		if (strcmp(f->id, id) == 0 && strcmp(f->mark.file, file) == 0 && f->mark.line == line) return f;
	}
	for (size_t i = 0; i < faults.count; i++)
		fprintf(stderr, "%s:%u:%u %s %s\n", faults.list[i].mark.file, faults.list[i].mark.line, faults.list[i].mark.column, faults.list[i].id, faults.list[i].message);
	cr_assert_fail("there is no fault %s at %s:%u", id, file, line);
	return NULL;
}

Test(bank, a_sound_one_has_no_faults)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", ", rivals: [Q-2]"));
	add("c.yaml", ITEMS("talk") QUESTION("Q-2", "S1", ", rivals: [STORED-1]"));
	add("d.yaml", "format: ksbank-specification/1\nstandard: ST9999/1.0\nmethod: talk\nquestions: 2\ncoverage: {rule: every}\nreason: r\nauthor: a\n");
	sound();
	cr_assert(files[0].standard && !files[0].items && files[1].items && files[3].specification);
}

Test(bank, the_order_of_files_does_not_count)
{
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", ", rivals: [Q-2]") QUESTION("Q-2", "S1", ""));
	add("z.yaml", standard_text);
	sound();
}

Test(bank, a_standard_may_be_in_the_store_already)
{
	add("a.yaml", standard_text);
	sound();
	stored_standard = files[0].standard;
	bank.count = 0;
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", ""));
	sound();
	/* One among the files goes before the one that is stored. */
	add("c.yaml", "format: ksbank-standard/1\nkey: ST9999/1.0\ntitle: Other\nattribution: Made up.\nsources: {plan: {title: The plan}}\n"
		"ksbs: {K1: {text: a, source: plan:1}}\n");
	check();
	fault("bank.method", "b.yaml", 3);
	stored_standard = NULL;
}

Test(bank, all_faults_of_all_files_come_at_once)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K2", "") QUESTION("Q-2", "K1", ", rivals: [Q-11]"));
	add("c.yaml", ITEMS("talks") QUESTION("Q-3", "K1", ""));
	add("d.yaml", "format: ksbank-item/1\nstandard: ST9999/1.0\n");
	add("e.yaml", "title: no format\n");
	add("f.yaml", "format: ksbank-items/1\nstandard: ST1/1.0\nmethod: talk\nquestions:\n" QUESTION("Q-4", "K1", ""));
	add("g.yaml", "a: [1\nb: }\n");
	add("h.yaml", "format: ksbank-specification/1\nstandard: ST9999/1.0\nmethod: talk\nquestions: 1\ncoverage: {rule: every}\nreason: r\nauthor: a\n");
	check();
	const kb_fault *tag = fault("item.tag-unknown", "b.yaml", 5);
	cr_assert_gt(tag->mark.column, 20);
	cr_assert(strstr(tag->excerpt, "id: Q-1"), "%s", tag->excerpt);
	cr_assert_str_eq(tag->nearest, "K1");
	const kb_fault *rival = fault("bank.rival", "b.yaml", 6);
	cr_assert(rival->nearest && strncmp(rival->nearest, "Q-", 2) == 0);
	const kb_fault *method = fault("bank.method", "c.yaml", 3);
	cr_assert_str_eq(method->nearest, "talk");
	cr_assert_str_eq(method->excerpt, "method: talks");
	cr_assert_eq(method->mark.column, 9);
	const kb_fault *format = fault("bank.format", "d.yaml", 1);
	cr_assert_str_eq(format->nearest, "ksbank-items/1");
	cr_assert_eq(format->mark.column, 9);
	cr_assert_str_eq(format->excerpt, "format: ksbank-item/1");
	cr_assert(fault("bank.no-format", "e.yaml", 1)->expected);
	cr_assert(fault("bank.standard", "f.yaml", 2)->expected);
	fault("specification.questions", "h.yaml", 1);
	bool broken = false;
	for (size_t i = 0; i < faults.count; i++) broken |= strcmp(faults.list[i].mark.file, "g.yaml") == 0;
	cr_assert(broken, "YAML that can't be read is a fault like others");
	cr_assert_eq(kb_faults_check(&faults, &err), KB_INVALID);
}

Test(bank, one_item_in_two_files_is_a_fault)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", ""));
	add("c.yaml", ITEMS("talk") QUESTION("Q-1", "S1", ""));
	check();
	cr_assert_eq(faults.count, 1, "%zu", faults.count);
	cr_assert_str_eq(faults.list[0].id, "bank.twice");
	cr_assert_eq(faults.list[0].mark.line, 5);
}

Test(bank, one_item_twice_in_a_file_is_one_fault)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", "") QUESTION("Q-1", "S1", ""));
	check();
	cr_assert_eq(faults.count, 1, "%zu: %s", faults.count, faults.count ? faults.list[0].message : "");
	cr_assert_eq(faults.list[0].mark.line, 6);
}

Test(bank, a_file_that_is_half_read_brings_no_further_faults)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("nothing") "  - {id: Q-1, theme: T-9, minutes: many}\n");
	check();
	for (size_t i = 0; i < faults.count; i++) cr_assert_str_neq(faults.list[i].id, "bank.method");
	cr_assert_null(files[1].items);
}

Test(bank, bytes_that_are_no_text_are_a_fault)
{
	add("a.yaml", standard_text);
	files[bank.count++] = (kb_bank_file){ .path = "b.yaml", .bytes = { "\xff\xfe\0x", 4 } };
	add("c.yaml", "");
	check();
	cr_assert_geq(faults.count, 1);
}

Test(bank, too_little_memory_is_an_error)
{
	static const char items[] = ITEMS("talk") QUESTION("Q-1", "K1", ", rivals: [Q-9]");
	kb_bank_known known = { known_standard, known_item, NULL };
	bool done = false;
	for (size_t n = 1; n < 20000 && !done; n++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(16 << 20);
		kb_faults some = { .arena = small };
		cr_assert_not_null(small);
		bank.count = 0;
		add("a.yaml", standard_text);
		add("b.yaml", items);
		kb_arena_fail_at(small, n);
		kb_status status = kb_bank_read(small, files, 2, &some, &err);
		if (status == KB_OK) status = kb_bank_check(small, &bank, &known, &some, &err);
		cr_assert(status == KB_OK || status == KB_NO_MEMORY, "%zu: %s", n, err.message);
		done = status == KB_OK;
		if (done) cr_assert_eq(some.count, 1, "%zu: %zu faults", n, some.count);
	}
	cr_assert(done);
}

Test(bank, what_is_written_reads_as_the_same_items)
{
	add("a.yaml", standard_text);
	add("b.yaml", ITEMS("talk") QUESTION("Q-1", "K1", ", rivals: [Q-2]") QUESTION("Q-2", "S1", ""));
	sound();
	const kb_item *questions = files[1].items->questions.list;
	kb_node *list = kb_node_list(arena);
	for (size_t i = 0; i < 2; i++) kb_node_add(arena, list, kb_item_write(arena, &questions[i]));
	kb_buf out = { .arena = arena };
	cr_assert_eq(kb_bank_write_items(arena, "ST9999/1.0", "talk", "questions", list, &out, &err), KB_OK);
	bank.count = 1;
	add("out.yaml", kb_buf_string(&out));
	sound();
	const kb_item *again = files[1].items->questions.list;
	cr_assert_eq(files[1].items->questions.count, 2);
	for (size_t i = 0; i < 2; i++) cr_assert(kb_node_equal(kb_item_write(arena, &again[i]), list->items[i]));
}
