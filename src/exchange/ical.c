#include "exchange/ical.h"

#include <string.h>

enum { OCTETS_MOST = 75 }; /* of a line, without its end: RFC 5545, 3.1 */

static size_t character_length(const char *text)
{
	size_t n = 1;
	while (((unsigned char)text[n] & 0xC0) == 0x80) n++;
	return n;
}

/* The blank that marks a folded line counts as one of its octets. */
static void line(kb_buf *out, const char *name, const char *value)
{
	kb_buf_text(out, name);
	size_t used = strlen(name);
	for (size_t n; *value; value += n, used += n) {
		n = character_length(value);
		if (used + n > OCTETS_MOST) {
			kb_buf_text(out, "\r\n ");
			used = 1;
		}
		kb_buf_add(out, value, n);
	}
	kb_buf_text(out, "\r\n");
}

/* A value of the type TEXT: RFC 5545, 3.3.11. */
static void text_line(kb_buf *out, const char *name, const char *text)
{
	kb_buf escaped = { .arena = out->arena };
	for (const char *p = text; *p; p++) {
		if (strchr("\\;,", *p)) kb_buf_char(&escaped, '\\');
		if (*p == '\n') kb_buf_text(&escaped, "\\n");
		else if ((unsigned char)*p >= 0x20 && *p != 0x7F) kb_buf_char(&escaped, *p);
	}
	line(out, name, kb_buf_string(&escaped));
}

/* The digits of "2026-11-22T10:15:00Z" without what stands between them, as iCalendar wants them. */
static void time_line(kb_buf *out, const char *name, const char *time)
{
	kb_buf bare = { .arena = out->arena };
	for (const char *p = time; *p; p++)
		if (!strchr("-:", *p)) kb_buf_char(&bare, *p);
	line(out, name, kb_buf_string(&bare));
}

static void write_event(kb_buf *out, const char *clock, const kb_ical_event *event)
{
	char day[KB_DATE_SIZE];
	kb_date_format(event->day, day);
	line(out, "BEGIN:", "VEVENT");
	text_line(out, "UID:", event->uid);
	time_line(out, "DTSTAMP:", clock);
	time_line(out, "DTSTART;VALUE=DATE:", day);
	text_line(out, "SUMMARY:", event->summary);
	text_line(out, "DESCRIPTION:", event->description);
	line(out, "TRANSP:", "TRANSPARENT");
	line(out, "BEGIN:", "VALARM");
	line(out, "ACTION:", "DISPLAY");
	text_line(out, "DESCRIPTION:", event->summary);
	kb_buf_printf(out, "TRIGGER:-P%dD\r\n", event->alarm_days);
	line(out, "END:", "VALARM");
	line(out, "END:", "VEVENT");
}

void kb_ical_write(const char *clock, const kb_ical_event *events, size_t count, kb_buf *out)
{
	line(out, "BEGIN:", "VCALENDAR");
	line(out, "VERSION:", "2.0");
	line(out, "PRODID:", "-//ksbank//Review of a bank//EN");
	line(out, "CALSCALE:", "GREGORIAN");
	line(out, "METHOD:", "PUBLISH");
	for (size_t i = 0; i < count; i++) write_event(out, clock, &events[i]);
	line(out, "END:", "VCALENDAR");
}
