/* What a lint finds: a list of findings, each with its severity, its subject and the way out. */
#ifndef KB_ENGINE_FINDING_H
#define KB_ENGINE_FINDING_H

#include "base/arena.h"

typedef enum kb_severity { KB_SEVERITY_ERROR, KB_SEVERITY_WARNING, KB_SEVERITY_INFO, KB_SEVERITY_COUNT } kb_severity;
extern const char *const kb_severities[]; /* error, warning, info; NULL behind the last */

typedef struct kb_finding {
	const char *id;      /* stable: "KSB-TEXT-CONFLICT" */
	const char *subject; /* what it speaks of: "K9", "D5 D6", a method, a rule, a question; "" the whole */
	kb_severity severity;
	const char *standard; /* its key */
	const char *message;  /* plain words */
	const char *action;   /* what to do about it */
	const char *sources;  /* "plan:338, page:217"; "" where no line says it */
	const char *answer;   /* the author's written reason why it does not hold here; NULL: none */
	kb_mark mark;         /* in our file */
} kb_finding;

typedef struct kb_findings { /* starts zeroed */
	kb_finding *list;
	size_t count, size;
} kb_findings;

/* Adds a copy at the end; NULL when there is no memory, and the arena remembers. */
kb_finding *kb_findings_add(kb_arena *arena, kb_findings *findings, const kb_finding *finding);

/* How many there are of one severity. */
size_t kb_findings_count(const kb_findings *findings, kb_severity severity);

#endif
