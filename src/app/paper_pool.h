/*
 * From the store to what the engine works on: the pool for a candidate on a day, with why each
 * question that is not drawable was left out, and its form in the draw record.
 */
#ifndef KB_APP_PAPER_POOL_H
#define KB_APP_PAPER_POOL_H

#include "app/load.h"

/* What a paper holds: questions, or the case-study themes that an apprentice chooses from. */
typedef struct kb_part {
	const char *name;             /* as the store and the draw record have it */
	const char *kind;             /* of its items in the store */
	const char *paper, *items;    /* in words */
	const char *const *templates; /* that it prints with, the usual one first; NULL behind the last */
} kb_part;
extern const kb_part kb_part_questions, kb_part_themes;

/* All that decides a draw but the seed. */
typedef struct kb_draw_input {
	const kb_part *part; /* NULL where it was read back from a record */
	kb_pool pool;
	kb_rules rules;
	uint8_t *excluded; /* a bit an item: this candidate had it, or a rival of it */
	uint32_t excluded_count;
	uint8_t *away;        /* lapsed or suspended: kb_paper_pool_load_all alone has them in the pool, and excluded */
	uint8_t *coming;      /* not approved yet: kb_paper_pool_load_coming alone has them in the pool */
	const char **digests; /* of each item's version */
	int64_t *numbers;     /* of each item's version */
	int64_t *item_ids;    /* in the store */
	const char **units;   /* "PD-1 K1", rules.unit_count of them */
	const char *
		*counters; /* names, rules.counter_count of them: grading themes, kinds, the specification's categories */
	uint32_t theme_count, category_count; /* of these; not read back from a record */
	kb_node *exclusions;                  /* list of {id, reason}: in the pool, and not for this candidate */
	kb_node *left_out;                    /* list of {id, reason}: not drawable for anybody on that day */
} kb_draw_input;

/* `candidate` is the store's id, 0 for one it does not know yet. */
kb_status kb_paper_pool_load(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, int64_t candidate, kb_draw_input *input,
	kb_err *err) KB_MUST_USE;

/* The same with what could be brought back by a review in the pool too, so that it can be said what that would do. Not
 * for draws. excluded_count does not count it. */
kb_status kb_paper_pool_load_all(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, int64_t candidate, kb_draw_input *input,
	kb_err *err) KB_MUST_USE;

/* As if all new items that are drafts, with a reviewer or back with their author had been approved. */
kb_status kb_paper_pool_load_coming(kb_call *call, const kb_loaded *loaded, const kb_method *method,
	const kb_specification *specification, const kb_part *part, kb_draw_input *input, kb_err *err) KB_MUST_USE;

/* Why a question that its state lets be drawn is left out; NULL where nothing stands against it. `theme`: as its
 * version names it, NULL where it names none. */
const char *kb_paper_pool_misfit(const char *theme, bool fits, bool overruled);

/* KB_REFUSED "pool.lapsed" or "pool.empty" where nothing may be drawn for anybody. */
kb_status kb_paper_pool_check(kb_call *call, const char *method, const kb_draw_input *input, kb_err *err) KB_MUST_USE;

/* The part of the draw record that says what was drawn from, and back: {rules, pool, rivals, excluded, left_out}. */
void kb_paper_pool_write(kb_arena *arena, const kb_draw_input *input, kb_node *record);
kb_status kb_paper_pool_read(kb_arena *arena, const kb_node *record, kb_draw_input *input, kb_err *err) KB_MUST_USE;

#endif
