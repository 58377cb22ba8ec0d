/*
 * What a method's bank yields today and on each day to come on which approvals lapse, if nobody reviews or writes
 * anything, and what breaks on which of them: for review forecast, bank forecast and bank report. Where an apprentice
 * chooses from an offer of case-study themes, offers are looked at as papers are.
 */
#ifndef KB_APP_FORECAST_H
#define KB_APP_FORECAST_H

#include "app/bank_measure.h"

enum { KB_FORECAST_MONTHS = 18 };

/* How far it looks. */
typedef enum kb_forecast_scope {
	KB_FORECAST_PAPERS,   /* all days, papers alone: nothing of the law */
	KB_FORECAST_ALL,      /* all days */
	KB_FORECAST_TO_BREAK, /* today, and on to the first day to come on which something breaks */
} kb_forecast_scope;

/* What can break, the worst first. */
typedef enum kb_break {
	KB_BREAK_DRAW,         /* no paper can be drawn; of what is about papers only units are then looked at */
	KB_BREAK_OFFER,        /* no offer can be drawn */
	KB_BREAK_UNITS,        /* a KSB of a grading theme has no question */
	KB_BREAK_CAP,          /* no draw keeps the exposure cap, and draws are refused */
	KB_BREAK_RESITS,       /* fewer papers with nothing shared were found than the specification keeps in reserve */
	KB_BREAK_OFFER_RESITS, /* fewer such offers */
	KB_BREAK_CHANCE,       /* the organisation's limits of predictability */
	KB_BREAK_OVERLAP,
} kb_break;
enum { KB_BREAK_COUNT = KB_BREAK_OVERLAP + 1 };
extern const char *const kb_break_names[KB_BREAK_COUNT]; /* as answers have them */

typedef struct kb_outlook {
	kb_day day;
	const char *date;
	uint32_t lapse;                /* questions whose approval ends on it; of today 0 */
	uint32_t questions;            /* that may be drawn */
	uint32_t capacity, bound;      /* papers with nothing shared: found, and at most */
	uint32_t themes_lapse;         /* likewise case-study themes; without offers this and the next three are 0 */
	uint32_t themes;               /* that may be offered */
	uint32_t offers, offers_bound; /* with nothing shared */
	uint64_t bare, newly_bare;     /* units that no question covers; and that one did on the day before */
	unsigned broken, new; /* a bit for each kb_break: what is broken on this day; and what was not on the day before: of
	                         papers, as long as any could be drawn then */
	bool foreseen;        /* what follows is set: there is a draw, and its papers can be counted exactly */
	double largest, overlap, least_overlap, bits; /* a chance; questions of two papers, and their least; entropy */
} kb_outlook;

typedef struct kb_forecast {
	kb_bank_rules rules;
	const char *mapping; /* the file; may be NULL */
	kb_draw_input today;
	const kb_q_campaign_all_row *review; /* that is open; NULL for none */
	kb_day until;
	kb_outlook *days; /* the first is today; by date */
	size_t count;
	bool offers;                    /* the method has them */
	int64_t limits[KB_BREAK_COUNT]; /* of KB_BREAK_CHANCE and KB_BREAK_OVERLAP, in a thousand; 0: none is set */
} kb_forecast;

/* Refusals as of kb_bank_rules_load, which leave the standard and the method in rules where these exist; a bank without
 * a question is none. Keeps nothing. Cost: for each day one capacity, with offers two, and but for KB_FORECAST_PAPERS
 * one kb_even_find and one exposure. Tells the call's progress. */
kb_status kb_forecast_find(kb_call *call, const char *standard, const char *method, const char *mapping,
	kb_forecast_scope scope, kb_forecast *forecast, kb_err *err) KB_MUST_USE;

/* The first day to come on which something breaks; NULL where none does. */
const kb_outlook *kb_forecast_next_break(const kb_forecast *forecast);

/* "no paper can be drawn": what breaks, without the day. */
const char *kb_forecast_words(kb_arena *arena, const kb_forecast *forecast, const kb_outlook *day, kb_break what);

/* "3 questions and 1 case-study theme"; NULL for nothing. */
const char *kb_forecast_items(kb_arena *arena, int64_t questions, int64_t themes);

/* Sets in a map: capacity, bound, exact; and where the method has offers, offers: {lapse, themes, themes_offered,
 * capacity, bound, exact}. */
void kb_forecast_write_papers(kb_arena *arena, const kb_forecast *forecast, const kb_outlook *day, kb_node *map);

/* What to do about it: in words without an end, and as a command. */
typedef struct kb_way {
	const char *words, *command;
} kb_way;

/* About what is broken today. */
kb_way kb_forecast_way_out(kb_arena *arena, const kb_forecast *forecast, kb_break what);

/* Before a day to come: a review of all that lapses by then. */
kb_way kb_forecast_way_before(kb_arena *arena, const kb_forecast *forecast, const kb_outlook *day);

/* A review for what `words` say, due on that date; where one is open, how far it is. */
kb_way kb_forecast_way_review(kb_arena *arena, const kb_forecast *forecast, const char *due, const char *words);

/* "22 November 2026" */
const char *kb_forecast_day(kb_arena *arena, kb_day day);

#endif
