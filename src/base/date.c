#include "base/date.h"

#include <stdio.h>
#include <string.h>

/* Civil days after H. Hinnant's public-domain derivation: years start in March, so that the leap day is last. */
static kb_day from_civil(int y, int m, int d)
{
	y -= m <= 2;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

/* The days that can be written with four digits of year. */
enum { DAY_FIRST = -719528, DAY_LAST = 2932896 };

/* A day from a damaged store may lie anywhere: the arithmetic stays within int. */
static kb_day writable(int64_t day)
{
	return day < DAY_FIRST ? DAY_FIRST : day > DAY_LAST ? DAY_LAST : (kb_day)day;
}

static void to_civil(kb_day day, int *year, int *month, int *mday)
{
	int z = writable(day) + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;
	*mday = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

static int month_length(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return length[month - 1] + (month == 2 && leap);
}

static bool digits(const char *text, int count, int *value)
{
	*value = 0;
	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9') return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

kb_status kb_date_parse(const char *text, kb_day *day, kb_err *err)
{
	int y, m, d;
	bool form = strlen(text) == KB_DATE_SIZE - 1 && text[4] == '-' && text[7] == '-' && digits(text, 4, &y) &&
	            digits(text + 5, 2, &m) && digits(text + 8, 2, &d);
	if (!form) {
		kb_fail(err, KB_INVALID, "date.form", "\"%.40s\" is not a date", text);
		return kb_hint(err, "write year, month and day, as in 2026-11-22");
	}
	if (y < 1900 || m < 1 || m > 12 || d < 1 || d > month_length(y, m)) {
		kb_fail(err, KB_INVALID, "date.none", "the day %s does not exist", text);
		return kb_hint(err, "write year, month and day, as in 2026-11-22");
	}
	*day = from_civil(y, m, d);
	return KB_OK;
}

void kb_date_format(kb_day day, char text[static KB_DATE_SIZE])
{
	int y, m, d;
	to_civil(day, &y, &m, &d);
	char wide[40];
	snprintf(wide, sizeof wide, "%04d-%02d-%02d", y, m, d);
	memcpy(text, wide, KB_DATE_SIZE - 1);
	text[KB_DATE_SIZE - 1] = '\0';
}

void kb_date_words(kb_day day, char text[static KB_DATE_WORDS_SIZE])
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };
	int y, m, d;
	to_civil(day, &y, &m, &d);
	snprintf(text, KB_DATE_WORDS_SIZE, "%d %s %04d", d, months[m - 1], y);
}

kb_day kb_date_add_months(kb_day day, int months)
{
	int y, m, d;
	to_civil(day, &y, &m, &d);
	int64_t month = (int64_t)y * 12 + m - 1 + months;
	if (month < 0 || month >= (int64_t)10000 * 12) return month < 0 ? DAY_FIRST : DAY_LAST;
	y = (int)(month / 12), m = (int)(month % 12) + 1;
	int last = month_length(y, m);
	return from_civil(y, m, d < last ? d : last);
}

void kb_date_clock(int64_t seconds, char text[static KB_CLOCK_SIZE])
{
	enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };
	char day[KB_DATE_SIZE], wide[64];
	int rest = (int)(seconds % DAY);
	kb_date_format((kb_day)(seconds / DAY), day);
	snprintf(wide, sizeof wide, "%sT%02d:%02d:%02dZ", day, rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE);
	memcpy(text, wide, KB_CLOCK_SIZE - 1);
	text[KB_CLOCK_SIZE - 1] = '\0';
}
