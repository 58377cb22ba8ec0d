/*
 * What the tests of operations stand on: a folder of their own, a small bank written as files, and
 * one line to run an operation. The working folder is the test's own, so that a hostile path ends there.
 */
#ifndef KB_TESTS_APP_KIT_H
#define KB_TESTS_APP_KIT_H

#include <criterion/criterion.h>

#include "app/op.h"
#include "base/file.h"

#define KIT_STANDARD "ST9999/1.0"
#define KIT_DAY "2026-11-22"

extern kb_arena *kit_arena;
extern kb_err kit_err;
extern kb_call kit_call; /* the last one */
extern const char *kit_day;
extern const char *kit_actor;
extern kb_progress *kit_progress; /* of the calls; NULL at first */
extern size_t kit_fail_at; /* when set: so many allocations into the call, one fails */

/* For TestSuite(.init, .fini): they assert nothing. */
void kit_set_up(void);
void kit_tear_down(void);

void kit_write(const char *path, const char *text);
void kit_remove(const char *path); /* a folder with all that is in it */
kb_bytes kit_read(const char *path);
const char *kit_source(const char *path); /* a path in the repository */
kb_node *kit_json(const char *text);

/* `arguments` as JSON. Each call has an arena of its own that lives until the next one. */
kb_status kit_run(const char *op, const char *arguments);
kb_status kit_run_with(const kb_op *op, kb_node *arguments);
void kit_must(const char *op, const char *arguments);
const char *kit_text(const char *key); /* of the last result */
int64_t kit_int(const char *key);

/* A standard with the methods `talk` (themes T-1: K1 K2, T-2: S1; K2 is disputed between plan and page; the grades Fail, Pass,
 * Distinction; a checklist of a and b; re-sits are capped at Pass) and `demo`, whose
 * mapping no source gives. Questions: `each` for each of the three KSBs, Q-K1-1 and so on; `spec` are further lines of the
 * specification (3 questions, every KSB). */
void kit_write_bank(int each, const char *spec);
const char *kit_question(const char *id, const char *theme, const char *ksbs, const char *more);
/* A file with one such question on K1, by that author; more may be put behind it. */
const char *kit_questions(const char *id, const char *author);
/* A new store in the file "store" with that bank, approved on KIT_DAY. */
void kit_fill(int each, const char *spec);
/* The same, with questions D-1 (K1, S1), D-2 (S1), D-3 (K1), D-4 (K2, S1), D-5 (K2) for `demo`: no themes, no descriptors;
 * its specification asks for 2 questions and every KSB. */
void kit_fill_demo(void);
/* Approved case-study themes CT-01, CT-02 ... for `talk`; `rivals` are those of CT-01, may be NULL. */
void kit_add_themes(int count, const char *rivals);
kb_status kit_draw(const char *candidate, const char *sitting);
kb_node *kit_selection(const char *paper); /* keys, from the draw record */
/* A record of that paper in the file "sitting.yaml": all of it in this state, a yes to the whole checklist, 30 minutes. */
void kit_write_sitting(const char *paper, const char *state, const char *more);
bool kit_share(const kb_node *a, const kb_node *b);

/* What tells whether anything changed: the bytes of the store, and the log. */
const char *kit_state(void);
int64_t kit_log_length(void);

#endif
