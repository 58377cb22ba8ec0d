/*
 * Days of the Gregorian calendar, as text "2026-11-22" and as a count of days. No clock is read
 * here: the day of a rule comes in as an argument.
 */
#ifndef KB_BASE_DATE_H
#define KB_BASE_DATE_H

#include "base/err.h"

/* Days since 1970-01-01. */
typedef int32_t kb_day;

#define KB_DATE_SIZE sizeof "2026-11-22"

/* Exactly YYYY-MM-DD, years 1900 to 9999, and a day that exists; KB_INVALID "date.none" otherwise. */
kb_status kb_date_parse(const char *text, kb_day *day, kb_err *err) KB_MUST_USE;
/* Years 0000 to 9999; a day beyond is written as the nearest that can be. */
void kb_date_format(kb_day day, char text[static KB_DATE_SIZE]);

enum { KB_DATE_WORDS_SIZE = sizeof "22 September 2026" + 8 };
/* "22 November 2026" */
void kb_date_words(kb_day day, char text[static KB_DATE_WORDS_SIZE]);

/* The same day of the month so many months on; the month's last day where it has none such
 * (31 January + 1 month is 28 or 29 February). Ends at the last day that can be written. */
kb_day kb_date_add_months(kb_day day, int months);

/* A moment in seconds since 1970 as "2026-11-22T10:15:00Z". The year must be one of four digits. */
enum { KB_CLOCK_SIZE = 21 };
void kb_date_clock(int64_t seconds, char text[static KB_CLOCK_SIZE]);

#endif
