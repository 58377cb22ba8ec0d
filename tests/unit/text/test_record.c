#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "text/record.h"
#include "text/yaml.h"

static kb_arena *arena;
static kb_err err;
static kb_faults faults;

static void set_up(void)
{
	arena = kb_arena_new(64 * 1024 * 1024);
	faults = (kb_faults) { .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(record, .init = set_up, .fini = tear_down);

typedef struct lamp {
	kb_mark mark;
	kb_text name, colour;
	kb_maybe watts;
} lamp;

typedef struct tower {
	kb_mark mark;
	kb_text id, opened, note;
	kb_maybe height, manned, shape;
	kb_texts keepers;
	lamp *spare;
	kb_list steps, lamps, words;
} tower;

static const char *const shapes[] = { "round", "square", NULL };

static const kb_field lamp_fields[] = {
	{ "name", KB_FIELD_TEXT, offsetof(lamp, name), .required = true, .most = 8, .pattern = "id" },
	{ "colour", KB_FIELD_TEXT, offsetof(lamp, colour), .required = true, .pattern = "line" },
	{ "watts", KB_FIELD_INT, offsetof(lamp, watts), .least = -5, .most = 100 },
};
static const kb_record lamp_record = { "a lamp", sizeof(lamp), lamp_fields, KB_COUNT(lamp_fields) };

static const kb_field tower_fields[] = {
	{ "id", KB_FIELD_TEXT, offsetof(tower, id), .required = true, .most = 8, .pattern = "id" },
	{ "opened", KB_FIELD_TEXT, offsetof(tower, opened), .pattern = "date" },
	{ "note", KB_FIELD_TEXT, offsetof(tower, note), .least = 3, .most = 10 },
	{ "height", KB_FIELD_INT, offsetof(tower, height) },
	{ "manned", KB_FIELD_BOOL, offsetof(tower, manned) },
	{ "shape", KB_FIELD_WORD, offsetof(tower, shape), .words = shapes },
	{ "keepers", KB_FIELD_TEXTS, offsetof(tower, keepers), .least = 1, .most = 2 },
	{ "spare", KB_FIELD_RECORD, offsetof(tower, spare), .record = &lamp_record },
	{ "steps", KB_FIELD_RECORDS, offsetof(tower, steps), .record = &lamp_record },
	{ "lamps", KB_FIELD_NAMED, offsetof(tower, lamps), .record = &lamp_record },
	{ "words", KB_FIELD_PAIRS, offsetof(tower, words) },
};
static const kb_record tower_record = { "a tower", sizeof(tower), tower_fields, KB_COUNT(tower_fields) };

static kb_node *read_text(const char *text, tower *out)
{
	kb_node *root = NULL;
	faults = (kb_faults) { .arena = arena };
	cr_assert_eq(kb_yaml_read(arena, "a.yaml", text, strlen(text), &faults, &root, &err), KB_OK, "%s", err.message);
	cr_assert_not_null(root, "%s: %s", text, faults.count ? faults.list[0].message : "");
	cr_assert_eq(kb_record_read(arena, &tower_record, root, &faults, out, &err), KB_OK, "%s", err.message);
	return root;
}

static const char sound[] =
	"id: T-1\nopened: 1959-08-01\nnote: a note\nheight: 40\nmanned: false\nshape: square\nkeepers: [Ann, Bo]\n"
	"spare: {name: L-9, colour: red, watts: -5}\nsteps: [{name: S-1, colour: grey}]\n"
	"lamps:\n  L-1: {colour: white, watts: 100}\n  L-2: {colour: green}\nwords: {fog: thick, sea: rough}\n";

Test(record, what_is_read_is_written_as_the_same)
{
	tower read;
	kb_node *root = read_text(sound, &read);
	cr_assert_eq(faults.count, 0, "%u: %s", faults.list[0].mark.line, faults.list[0].message);
	const lamp *lamps = read.lamps.list;
	cr_expect_str_eq(lamps[1].name.text, "L-2");
	cr_expect_eq(lamps[1].mark.line, 12);
	cr_expect_eq(lamps[1].mark.column, 3);
	cr_expect(read.manned.set && !read.manned.value);
	cr_expect_eq(read.shape.value, 1);
	cr_expect_eq(read.spare->watts.value, -5);
	cr_expect(kb_node_equal(root, kb_record_write(arena, &tower_record, &read)));
}

Test(record, what_is_absent_or_null_is_left_out)
{
	tower read;
	read_text("id: T-1\nheight:\nspare: ~\nlamps: {}\nwords: {}\n", &read);
	cr_expect_eq(faults.count, 0);
	cr_expect_not(read.height.set);
	cr_expect_null(read.spare);
	kb_node *written = kb_record_write(arena, &tower_record, &read);
	cr_expect_eq(written->pair_count, 3, "the id and the two empty maps");
}

Test(record, each_fault_is_found_at_its_place)
{
	static const struct row {
		const char *text, *id;
		uint32_t line, column;
		const char *expected, *nearest;
	} rows[] = {
		{ "a text", "record.type", 1, 1, "a map", NULL },
		{ "opened: 1959-08-01", "record.missing", 1, 1, NULL, NULL },
		{ "id:", "record.missing", 1, 1, NULL, NULL },
		{ "id: ''", "record.short", 1, 5, NULL, NULL },
		{ "id: T 1", "record.id", 1, 5, "letters", NULL },
		{ "id: T-3456789", "record.long", 1, 5, "at most 8", NULL },
		{ "id: 12", "record.type", 1, 5, "put it in quotes", NULL },
		{ "id: [T]", "record.type", 1, 5, "a text", NULL },
		{ "id: T\nopened: 1959-02-30", "record.date", 2, 9, "2026-11-22", NULL },
		{ "id: T\nnote: no", "record.short", 2, 7, NULL, NULL },
		{ "id: T\nheigth: 4", "record.unknown-key", 2, 1, "height", "height" },
		{ "id: T\nheight: -1", "record.range", 2, 9, "0 to 1000000", NULL },
		{ "id: T\nheight: '4'", "record.type", 2, 9, "a whole number", NULL },
		{ "id: T\nmanned: yes", "record.type", 2, 9, "true or false", NULL },
		{ "id: T\nshape: squar", "record.word", 2, 8, "round or square", "square" },
		{ "id: T\nshape: 1", "record.type", 2, 8, "round or square", NULL },
		{ "id: T\nkeepers: []", "record.count", 2, 10, "1 to 2", NULL },
		{ "id: T\nkeepers: [a, b, c]", "record.count", 2, 10, "1 to 2", NULL },
		{ "id: T\nkeepers: [a, 1]", "record.type", 2, 14, "quotes", NULL },
		{ "id: T\nkeepers: Ann", "record.type", 2, 10, "a list", NULL },
		{ "id: T\nspare: {name: L}", "record.missing", 2, 8, NULL, NULL },
		{ "id: T\nspare: {name: L, colour: \"a\\nb\"}", "record.line", 2, 26, "one line", NULL },
		{ "id: T\nsteps: [1]", "record.type", 2, 9, "a map", NULL },
		{ "id: T\nsteps: {a: 1}", "record.type", 2, 8, "a lamp", NULL },
		{ "id: T\nlamps: [a]", "record.type", 2, 8, "a lamp", NULL },
		{ "id: T\nlamps: {L 1: {colour: red}}", "record.id", 2, 9, "letters", NULL },
		{ "id: T\nlamps: {'': {colour: red}}", "record.short", 2, 9, NULL, NULL },
		{ "id: T\nlamps: {L: {name: L, colour: red}}", "record.unknown-key", 2, 13, "one of colour or watts", NULL },
		{ "id: T\nlamps: {L: {}}", "record.missing", 2, 12, NULL, NULL },
		{ "id: T\nlamps: {L: }", "record.type", 2, 12, "a map", NULL },
		{ "id: T\nwords: {a: 1}", "record.type", 2, 12, "quotes", NULL },
		{ "id: T\nwords: [a]", "record.type", 2, 8, "a map", NULL },
	};
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		tower read;
		read_text(rows[i].text, &read);
		cr_assert_eq(faults.count, 1, "%s: %zu faults", rows[i].text, faults.count);
		const kb_fault *fault = &faults.list[0];
		cr_expect_str_eq(fault->id, rows[i].id, "%s: %s", rows[i].text, fault->id);
		cr_expect_eq(fault->mark.line, rows[i].line, "%s: line %u", rows[i].text, fault->mark.line);
		cr_expect_eq(fault->mark.column, rows[i].column, "%s: column %u", rows[i].text, fault->mark.column);
		if (rows[i].expected)
			cr_expect(
				fault->expected && strstr(fault->expected, rows[i].expected), "%s: %s", rows[i].text, fault->expected);
		cr_expect(kb_str_equal(fault->nearest, rows[i].nearest), "%s: %s", rows[i].text, fault->nearest);
	}
}

Test(record, a_hundred_thousand_unknown_keys_fit_the_memory)
{
	kb_buf out = { .arena = arena };
	tower read;
	kb_buf_text(&out, "id: T\n");
	for (int i = 0; i < 99000; i++) kb_buf_printf(&out, "k%d: 1\n", i);
	read_text(out.text, &read);
	cr_expect_eq(faults.count, 99000);
	cr_expect_not_null(faults.list[KB_FAULTS_KEPT - 1].expected);
}

Test(record, lack_of_memory_is_an_error_at_any_point)
{
	for (size_t nth = 1; nth < 500; nth++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(1 << 20);
		kb_faults own = { .arena = small };
		tower read;
		kb_node *root = read_text(sound, &read);
		kb_arena_fail_at(small, nth);
		if (kb_record_read(small, &tower_record, root, &own, &read, &err) == KB_OK) {
			cr_expect_gt(nth, 3);
			return;
		}
		cr_expect_eq(err.status, KB_NO_MEMORY);
	}
	cr_assert(false, "never enough memory");
}
