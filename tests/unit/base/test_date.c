#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/date.h"

static kb_err err;

static kb_day day(const char *text)
{
	kb_day value = 0;
	cr_assert_eq(kb_date_parse(text, &value, &err), KB_OK, "%s", text);
	return value;
}

static const char *text(kb_day value)
{
	static char out[KB_DATE_SIZE];
	kb_date_format(value, out);
	return out;
}

static bool is_leap(int year)
{
	return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}

/* Counts the days one by one, as a wall calendar does. */
Test(date, every_day_from_1900_to_2200)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	kb_day expected = -25567; /* 1900-01-01: 70 years of 365 days and 17 leap days before 1970 */
	for (int y = 1900; y <= 2200; y++) {
		for (int m = 1; m <= 12; m++) {
			int length = lengths[m - 1] + (m == 2 && is_leap(y));
			for (int d = 1; d <= 31; d++) {
				char written[16];
				kb_day value = 12345;
				snprintf(written, sizeof written, "%04d-%02d-%02d", y, m, d);
				kb_status status = kb_date_parse(written, &value, &err);
				if (d > length) {
					cr_assert_eq(status, KB_INVALID, "%s", written);
					cr_assert_eq(value, 12345);
					continue;
				}
				cr_assert_eq(status, KB_OK, "%s", written);
				cr_assert_eq(value, expected, "%s", written);
				cr_assert_str_eq(text(value), written);
				expected++;
			}
		}
	}
}

Test(date, known_days)
{
	cr_assert_eq(day("1970-01-01"), 0);
	cr_assert_eq(day("1969-12-31"), -1);
	cr_assert_eq(day("2000-02-29"), 11016);
	cr_assert_eq(day("2026-11-22"), 20779);
	cr_assert_eq(day("9999-12-31"), 2932896);
}

Test(date, refuses_what_is_no_date)
{
	static const char *const forms[] = { "", "2026-11-2", "2026-1-22", "26-11-22", "2026/11/22", "2026-11-22 ",
		" 2026-11-22", "2026-11-221", "20261122", "2026-11-2x", "+026-11-22", "2026-11--1", "22.11.2026", "tomorrow",
		"\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA6-" };
	static const char *const days[] = { "1899-12-31", "0000-01-01", "2026-00-10", "2026-13-01", "2026-01-00",
		"2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29", "2100-02-29" };
	kb_day value = 7;
	for (size_t i = 0; i < KB_COUNT(forms); i++) {
		cr_expect_eq(kb_date_parse(forms[i], &value, &err), KB_INVALID, "%s", forms[i]);
		cr_expect_str_eq(err.id, "date.form", "%s", forms[i]);
		cr_expect_neq(err.hint[0], '\0');
	}
	for (size_t i = 0; i < KB_COUNT(days); i++) {
		cr_expect_eq(kb_date_parse(days[i], &value, &err), KB_INVALID, "%s", days[i]);
		cr_expect_str_eq(err.id, "date.none", "%s", days[i]);
	}
	cr_assert_eq(value, 7);
}

Test(date, a_long_text_is_no_date)
{
	static char long_text[5000];
	memset(long_text, '1', sizeof long_text - 1);
	kb_day value;
	cr_assert_eq(kb_date_parse(long_text, &value, &err), KB_INVALID);
	cr_assert_lt(strlen(err.message), 100);
}

Test(date, months_on)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = { { "2026-01-31", 1, "2026-02-28" }, { "2024-01-31", 1, "2024-02-29" },
		{ "2026-11-22", 12, "2027-11-22" }, { "2024-02-29", 12, "2025-02-28" }, { "2024-02-29", 48, "2028-02-29" },
		{ "2026-12-31", 2, "2027-02-28" }, { "2026-08-31", 1, "2026-09-30" }, { "2026-03-31", -1, "2026-02-28" },
		{ "2026-01-15", -1, "2025-12-15" }, { "2026-01-15", -25, "2023-12-15" }, { "2026-05-05", 0, "2026-05-05" },
		{ "2096-02-29", 48, "2100-02-28" } };
	for (size_t i = 0; i < KB_COUNT(rows); i++)
		cr_expect_str_eq(text(kb_date_add_months(day(rows[i].from), rows[i].months)), rows[i].to, "row %zu", i);
}

/* From each day of four years: the month is the right one, the day the same or the month's last. */
Test(date, months_on_from_every_day)
{
	for (kb_day from = day("2023-01-01"); from <= day("2026-12-31"); from++) {
		for (int months = -30; months <= 30; months++) {
			int y, m, d, y2, m2, d2;
			sscanf(text(from), "%d-%d-%d", &y, &m, &d);
			kb_day to = kb_date_add_months(from, months);
			sscanf(text(to), "%d-%d-%d", &y2, &m2, &d2);
			cr_assert_eq(y2 * 12 + m2, y * 12 + m + months);
			int y3, m3, d3;
			sscanf(text(to + 1), "%d-%d-%d", &y3, &m3, &d3);
			cr_assert(d2 == d || (d2 < d && d3 == 1));
		}
	}
}

Test(date, days_beyond_the_calendar)
{
	cr_assert_str_eq(text(INT32_MAX), "9999-12-31");
	cr_assert_str_eq(text(INT32_MIN), "0000-01-01");
	cr_assert_str_eq(text(kb_date_add_months(day("9999-12-31"), 1)), "9999-12-31");
	cr_assert_str_eq(text(kb_date_add_months(day("2026-01-01"), INT32_MAX)), "9999-12-31");
	cr_assert_str_eq(text(kb_date_add_months(day("2026-01-01"), INT32_MIN)), "0000-01-01");
	cr_assert_str_eq(text(kb_date_add_months(INT32_MAX, 1)), "9999-12-31");
}
