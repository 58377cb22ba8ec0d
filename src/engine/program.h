/*
 * Integer programmes, solved by search with propagation: rules that count more than the tables of tables.h can
 * (ENGINE section 2, "Very general counts"). An answer is a proof either way, or "unknown" once the budget is spent.
 * Whole numbers only, and the same steps everywhere.
 */
#ifndef KB_ENGINE_PROGRAM_H
#define KB_ENGINE_PROGRAM_H

#include "model/pool.h"

typedef struct kb_variable {
	int32_t low, high; /* both within; after a solution was found the same */
	uint32_t price;    /* of raising it by one: a dear one is taken later */
} kb_variable;

typedef struct kb_term {
	uint32_t variable;
	int32_t factor; /* not 0 */
} kb_term;

/* least <= sum of factor * variable <= most */
typedef struct kb_row {
	int64_t least, most;
	uint32_t first, count; /* of the terms */
} kb_row;

typedef struct kb_program {
	kb_arena *arena;
	kb_progress *progress; /* as of kb_pool */
	kb_variable *variables;
	kb_row *rows;
	kb_term *terms;
	uint32_t variable_count, row_count, term_count;
	uint32_t variable_size, row_size, term_size;
} kb_program;

/* An empty programme is one with an arena and zeros. Where the arena is full nothing is added: check it once all is. */
uint32_t kb_program_variable(kb_program *program, int32_t low, int32_t high, uint32_t price);
/* A row without terms yet; kb_program_term adds to the newest. No variable stands in a row twice. */
void kb_program_row(kb_program *program, int64_t least, int64_t most);
void kb_program_term(kb_program *program, uint32_t variable, int32_t factor);

/* KB_YES: the variables hold a solution, a cheap one rather than the cheapest. KB_NO: there is none, proven. *steps is
 * what may be spent (decisions) and is lowered by what was. */
kb_status kb_program_solve(kb_program *program, uint64_t *steps, kb_answer *answer, kb_err *err) KB_MUST_USE;

#endif
