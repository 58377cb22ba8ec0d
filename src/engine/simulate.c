#include "engine/simulate.h"

#include <stdio.h>
#include <string.h>

#include "engine/capacity.h"
#include "engine/draw.h"
#include "engine/explain.h"

#define NEVER UINT32_MAX

typedef struct planned planned;
struct planned {
	kb_year_sitting sitting;
	planned *next;         /* of the same day */
	const planned *before; /* of the same candidate */
	uint32_t place;        /* in the order of days, once it was held */
};

typedef struct planned_day {
	planned *first, *last;
} planned_day;

typedef struct simulation {
	kb_arena *arena;
	const kb_pool *pool;
	const kb_rules *rules;
	const kb_year *year;
	const kb_digest *seed;
	kb_stream *resits;
	planned_day *days;
	size_t day_count;
	uint32_t *edited_on; /* of each question; NEVER */
	uint8_t *excluded;   /* for the sitting at hand */
	uint8_t **heard;     /* of each employer, a bit a question: NULL before the first paper */
	size_t planned_count, held;
} simulation;

static kb_status below(kb_stream *stream, uint64_t bound, uint32_t *value, kb_err *err)
{
	uint64_t wide = 0;
	KB_TRY(kb_stream_below(stream, bound, &wide, err));
	*value = (uint32_t)wide;
	return KB_OK;
}

static kb_status plan(simulation *s, kb_year_sitting sitting, const planned *before, kb_err *err)
{
	planned *p = kb_arena_alloc(s->arena, sizeof *p);
	if (!p) return kb_arena_check(s->arena, err);
	KB_ASSERT(sitting.day < s->day_count, err);
	planned_day *day = &s->days[sitting.day];
	*p = (planned) { .sitting = sitting, .before = before };
	if (day->first) day->last->next = p;
	else day->first = p;
	day->last = p;
	s->planned_count++;
	return KB_OK;
}

/* Employer k, from 0, has a share of 1 / (k + 1), in millionths. */
static uint64_t share_of(uint32_t employer)
{
	return 1000000 / (employer + (uint64_t)1);
}

static kb_status plan_candidates(simulation *s, kb_err *err)
{
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = NULL;
	uint64_t total = 0;
	for (uint32_t k = 0; k < s->year->employers; k++) total += share_of(k);
	KB_TRY(kb_stream_open(s->arena, s->seed, "year candidates", &stream, err));
	for (uint32_t c = 0; c < s->year->candidates; c++) {
		kb_year_sitting sitting = { .candidate = c };
		uint64_t at;
		KB_TRY(below(stream, KB_YEAR_DAYS, &sitting.day, err));
		KB_TRY(kb_stream_below(stream, total, &at, err));
		for (; at >= share_of(sitting.employer); sitting.employer++) at -= share_of(sitting.employer);
		KB_TRY(plan(s, sitting, NULL, err));
	}
	return KB_OK;
}

static kb_status plan_edits(simulation *s, uint32_t *edited, kb_err *err)
{
	KB_CLEANUP(kb_stream_closep) kb_stream *stream = NULL;
	KB_TRY(kb_stream_open(s->arena, s->seed, "year edits", &stream, err));
	for (uint32_t i = 0; i < s->pool->count; i++) {
		uint32_t chance;
		s->edited_on[i] = NEVER;
		KB_TRY(below(stream, 100, &chance, err));
		if (chance >= s->year->edit_percent) continue;
		KB_TRY(below(stream, KB_YEAR_DAYS, &s->edited_on[i], err));
		++*edited;
	}
	return KB_OK;
}

/* What is away on that day, and what the candidate had with its rivals. */
static void exclude(simulation *s, const planned *p)
{
	memset(s->excluded, 0, s->pool->count / 8 + 1);
	for (uint32_t i = 0; i < s->pool->count; i++) {
		uint32_t on = s->edited_on[i];
		if (on <= p->sitting.day && p->sitting.day - on < s->year->away_days) kb_pool_set(s->excluded, i);
	}
	for (const planned *b = p->before; b; b = b->before)
		kb_pool_exclude(s->pool, b->sitting.items, s->rules->size, s->excluded);
}

static kb_status note_heard(simulation *s, kb_year_sitting *sitting, kb_err *err)
{
	uint8_t **heard = &s->heard[sitting->employer];
	if (!*heard) *heard = kb_arena_alloc(s->arena, s->pool->count / 8 + 1);
	if (!*heard) return kb_arena_check(s->arena, err);
	for (uint32_t i = 0; i < s->rules->size; i++) {
		sitting->known += kb_pool_has(*heard, sitting->items[i]);
		kb_pool_set(*heard, sitting->items[i]);
	}
	return KB_OK;
}

/* Which units stand in the way, where they do; a search that would take too long says nothing. */
static kb_status explain_refusal(simulation *s, const kb_rules *rules, kb_year_sitting *sitting, kb_err *err)
{
	kb_status status;
	kb_arena_mark mark = kb_arena_save(s->arena);
	if (strcmp(sitting->refused, "draw.none") == 0) {
		kb_explanation why = { 0 };
		kb_shortfall shortfall = { s->pool, rules, s->excluded, NULL, NULL, 0 };
		status = kb_explain_clash(s->arena, &shortfall, &why, err);
		sitting->units = why.blocking ? why.blocking : why.clash_units;
	} else {
		kb_capacity capacity = { 0 };
		status = kb_capacity_find(s->arena, s->pool, rules, s->excluded, rules->reserve + 1, &capacity, err);
		sitting->units = capacity.scarcest;
	}
	if (status == KB_LIMIT) status = kb_arena_check(s->arena, err);
	kb_arena_restore(s->arena, mark);
	return status;
}

/* As a live draw: the reserve binds the first sitting alone. */
static kb_status draw(simulation *s, kb_year_sitting *sitting, kb_err *err)
{
	char label[32];
	kb_rules rules = *s->rules;
	kb_digest seed;
	kb_paper_draw paper;
	kb_err why;
	if (sitting->attempt > 0) rules.reserve = 0;
	snprintf(label, sizeof label, "%u %u", sitting->candidate, sitting->attempt);
	KB_TRY(kb_digest_keyed(s->seed, "ksbank year 1", label, strlen(label), &seed, err));
	kb_arena_mark mark = kb_arena_save(s->arena);
	kb_status status = kb_draw_paper(s->arena, s->pool, &rules, s->excluded, &seed, &paper, NULL, &why);
	KB_TRY(kb_arena_check(s->arena, err));
	kb_arena_restore(s->arena, mark);
	if (status == KB_REFUSED || status == KB_LIMIT) {
		sitting->refused = kb_arena_text(s->arena, why.id);
		KB_TRY(kb_arena_check(s->arena, err));
		return explain_refusal(s, &rules, sitting, err);
	}
	if (status != KB_OK) {
		*err = why;
		return status;
	}
	sitting->items = kb_arena_array(s->arena, paper.count, sizeof *sitting->items);
	if (!sitting->items) return kb_arena_check(s->arena, err);
	memcpy(sitting->items, paper.items, paper.count * sizeof *sitting->items);
	return note_heard(s, sitting, err);
}

static kb_status hold(simulation *s, planned *p, kb_err *err)
{
	uint32_t chance, days;
	exclude(s, p);
	KB_TRY(draw(s, &p->sitting, err));
	p->sitting.before = p->before ? p->before->place + 1 : 0;
	p->place = (uint32_t)s->held++;
	KB_TRY(below(s->resits, 100, &chance, err));
	if (!p->sitting.items || chance >= s->year->resit_percent) return KB_OK;
	KB_TRY(below(s->resits, KB_RESIT_DAYS_MOST - KB_RESIT_DAYS_LEAST + 1, &days, err));
	kb_year_sitting again = { .candidate = p->sitting.candidate,
		.employer = p->sitting.employer,
		.day = p->sitting.day + KB_RESIT_DAYS_LEAST + days,
		.attempt = p->sitting.attempt + 1 };
	return plan(s, again, p, err);
}

static kb_status collect(const simulation *s, kb_year_past *past, kb_err *err)
{
	past->sittings = kb_arena_array(s->arena, s->held, sizeof *past->sittings);
	if (!past->sittings) return kb_arena_check(s->arena, err);
	for (size_t d = 0; d < s->day_count; d++)
		for (const planned *p = s->days[d].first; p; p = p->next) past->sittings[past->count++] = p->sitting;
	return KB_OK;
}

static kb_status set_up(simulation *s, kb_err *err)
{
	/* Each paper takes its questions from what the candidate has not had, so this many sittings are the most. */
	size_t sittings = s->pool->count / (s->rules->size ? s->rules->size : 1) + (size_t)2;
	s->day_count = KB_YEAR_DAYS + sittings * KB_RESIT_DAYS_MOST;
	s->days = kb_arena_array(s->arena, s->day_count, sizeof *s->days);
	s->edited_on = kb_arena_array(s->arena, s->pool->count, sizeof *s->edited_on);
	s->excluded = kb_arena_alloc(s->arena, s->pool->count / 8 + 1);
	s->heard = kb_arena_array(s->arena, s->year->employers, sizeof *s->heard);
	return kb_arena_check(s->arena, err);
}

kb_status kb_simulate(kb_arena *arena, const kb_pool *pool, const kb_rules *rules, const kb_year *year,
	const kb_digest *seed, kb_year_past *past, kb_err *err)
{
	KB_CLEANUP(kb_stream_closep) kb_stream *resits = NULL;
	simulation s = { .arena = arena, .pool = pool, .rules = rules, .year = year, .seed = seed };
	*past = (kb_year_past) { 0 };
	KB_TRY(kb_stream_open(arena, seed, "year resits", &resits, err));
	s.resits = resits;
	KB_TRY(set_up(&s, err));
	KB_TRY(plan_candidates(&s, err));
	KB_TRY(plan_edits(&s, &past->edited, err));
	for (size_t d = 0; d < s.day_count; d++)
		for (planned *p = s.days[d].first; p; p = p->next) {
			KB_TRY(hold(&s, p, err));
			kb_progress_tell(year->progress, "sittings", (int64_t)s.held, (int64_t)s.planned_count);
		}
	return collect(&s, past, err);
}
