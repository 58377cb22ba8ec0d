/*
 * A calendar for other programs to subscribe to: iCalendar (RFC 5545), events of whole days with an alarm.
 */
#ifndef KB_EXCHANGE_ICAL_H
#define KB_EXCHANGE_ICAL_H

#include "base/date.h"
#include "base/str.h"

typedef struct kb_ical_event {
	const char *uid; /* the same event has it again in the next export */
	kb_day day;
	const char *summary, *description; /* line feeds are kept; other control characters are left out */
	int alarm_days;                    /* so many days before, at least 1 */
} kb_ical_event;

/* `clock` is when the export was made, as in 2026-11-22T10:15:00Z. Lines end in CR LF and hold at most 75 octets;
 * longer ones are folded, never inside of a character. Texts are UTF-8. */
void kb_ical_write(const char *clock, const kb_ical_event *events, size_t count, kb_buf *out);

#endif
