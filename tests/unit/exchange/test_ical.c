/* iCalendar against the rules of RFC 5545, read by a small reader of the test's own. */
#include <criterion/criterion.h>

#include <string.h>

#include "exchange/ical.h"

static kb_arena *arena;
static kb_buf out;

static void set_up(void)
{
	arena = kb_arena_new(16 << 20);
	out = (kb_buf){ .arena = arena };
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(ical, .init = set_up, .fini = tear_down);

static void write_one(const char *summary, const char *description)
{
	kb_ical_event event = { .uid = "u;1@ksbank", .summary = summary, .description = description, .alarm_days = 28 };
	kb_err err;
	out = (kb_buf){ .arena = arena };
	cr_assert_eq(kb_date_parse("2027-03-01", &event.day, &err), KB_OK);
	kb_ical_write("2026-11-22T10:15:00Z", &event, 1, &out);
	cr_assert_eq(kb_arena_check(arena, &err), KB_OK);
}

/* Each line ends in CR LF, and nothing else holds either of them; none is longer than 75 octets, or no UTF-8. */
static void check_lines(void)
{
	size_t bad;
	const char *p = kb_buf_string(&out), *end = p + out.length;
	while (p < end) {
		const char *stop = strstr(p, "\r\n");
		cr_assert_not_null(stop, "a line without an end: %s", p);
		size_t length = (size_t)(stop - p);
		cr_assert_leq(length, 75, "%.*s", (int)length, p);
		cr_assert_null(memchr(p, '\n', length));
		cr_assert_null(memchr(p, '\r', length));
		cr_assert(kb_str_is_utf8(p, length, &bad), "a character was folded: %.*s", (int)length, p);
		p = stop + 2;
	}
}

/* The value of the first line of that name behind `from`, unfolded and unescaped. */
static const char *value_of(const char *name, const char *from)
{
	kb_buf whole = { .arena = arena }, value = { .arena = arena };
	for (const char *p = from; *p; p++)
		if (strncmp(p, "\r\n ", 3) == 0) p += 2;
		else kb_buf_char(&whole, *p);
	const char *p = strstr(kb_buf_string(&whole), kb_arena_printf(arena, "\r\n%s", name));
	cr_assert_not_null(p, "no %s", name);
	for (p += 2 + strlen(name); *p != '\r'; p++) {
		cr_assert(*p != ';' && *p != ',', "a bare %c in %s", *p, name);
		if (*p == '\\') p++, kb_buf_char(&value, *p == 'n' ? '\n' : *p);
		else kb_buf_char(&value, *p);
	}
	return kb_buf_string(&value);
}

Test(ical, an_event_has_what_the_rules_ask_for)
{
	write_one("Two questions", "Q-1");
	cr_assert_str_eq(kb_buf_string(&out),
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ksbank//Review of a bank//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
		"BEGIN:VEVENT\r\nUID:u\\;1@ksbank\r\nDTSTAMP:20261122T101500Z\r\nDTSTART;VALUE=DATE:20270301\r\n"
		"SUMMARY:Two questions\r\nDESCRIPTION:Q-1\r\nTRANSP:TRANSPARENT\r\n"
		"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Two questions\r\nTRIGGER:-P28D\r\nEND:VALARM\r\n"
		"END:VEVENT\r\nEND:VCALENDAR\r\n");
}

Test(ical, texts_come_back_as_they_were)
{
	const char *text = "a, b; c\\d\\n: \"e\"\nline two\n\nZo\xC3\xAB";
	write_one(text, "x\r\x01\x7F\ty");
	check_lines();
	cr_assert_str_eq(value_of("SUMMARY:", kb_buf_string(&out)), text);
	cr_assert_str_eq(value_of("DESCRIPTION:", kb_buf_string(&out)), "xy", "control characters are no text");
}

/* Every length round the fold, with characters of one to four octets across it. */
Test(ical, long_lines_fold_between_characters)
{
	static const char *const characters[] = { "x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9D\x84\x9E", ",", "\n" };
	for (size_t c = 0; c < KB_COUNT(characters); c++)
		for (size_t before = 0; before < 160; before++) {
			kb_buf text = { .arena = arena };
			kb_buf_fill(&text, 'a', before);
			for (int i = 0; i < 40; i++) kb_buf_text(&text, characters[c]);
			write_one(kb_buf_string(&text), "d");
			check_lines();
			cr_assert_str_eq(value_of("SUMMARY:", kb_buf_string(&out)), kb_buf_string(&text));
		}
}

Test(ical, a_calendar_may_be_empty)
{
	kb_ical_write("2026-11-22T10:15:00Z", NULL, 0, &out);
	check_lines();
	cr_assert_null(strstr(kb_buf_string(&out), "VEVENT"));
}
