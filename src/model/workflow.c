#include "model/workflow.h"

#include <string.h>

#include "base/str.h"
#include "model/item.h"

const char *const kb_states[] = { "draft", "submitted", "returned", "approved", "suspended", "retired", NULL };

const kb_move kb_moves[] = {
	{ KB_STATE_DRAFT, KB_STATE_SUBMITTED, KB_MAY_WRITE_ITEM, 0 },
	{ KB_STATE_RETURNED, KB_STATE_SUBMITTED, KB_MAY_WRITE_ITEM, KB_MOVE_REASON },
	{ KB_STATE_SUBMITTED, KB_STATE_RETURNED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
	{ KB_STATE_DRAFT, KB_STATE_APPROVED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_IMPORTED },
	{ KB_STATE_SUBMITTED, KB_STATE_APPROVED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_CHECKLIST },
	{ KB_STATE_APPROVED, KB_STATE_APPROVED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_CHECKLIST },
	{ KB_STATE_SUSPENDED, KB_STATE_APPROVED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_CHECKLIST | KB_MOVE_REASON },
	{ KB_STATE_APPROVED, KB_STATE_SUSPENDED, KB_MAY_SUSPEND, KB_MOVE_REASON },
	{ KB_STATE_DRAFT, KB_STATE_RETIRED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
	{ KB_STATE_SUBMITTED, KB_STATE_RETIRED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
	{ KB_STATE_RETURNED, KB_STATE_RETIRED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
	{ KB_STATE_APPROVED, KB_STATE_RETIRED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
	{ KB_STATE_SUSPENDED, KB_STATE_RETIRED, KB_MAY_REVIEW, KB_MOVE_BY_ANOTHER | KB_MOVE_REASON },
};
const size_t kb_move_count = KB_COUNT(kb_moves);

const kb_move *kb_move_find(kb_state from, kb_state to)
{
	for (size_t i = 0; i < kb_move_count; i++)
		if (kb_moves[i].from == from && kb_moves[i].to == to) return &kb_moves[i];
	return NULL;
}

bool kb_move_may_be_imported(kb_state from)
{
	const kb_move *move = kb_move_find(from, KB_STATE_APPROVED);
	return move && !(move->conditions & KB_MOVE_REASON);
}

kb_state kb_state_named(const char *name)
{
	unsigned s = 0;
	while (s < KB_STATE_COUNT && strcmp(kb_states[s], name) != 0) s++;
	return (kb_state)s;
}

#define POINT(name)                                                                                                    \
	{                                                                                                                  \
#name, KB_FIELD_TEXT, offsetof(kb_checklist, name), .required = true, .most = 1000, .pattern = "line"          \
	}
static const kb_field points[] = {
	POINT(ksbs),
	POINT(demand),
	POINT(clarity),
	POINT(fairness),
	POINT(duplicates),
	POINT(descriptors),
	POINT(time),
};
const kb_record kb_checklist_record = { "a checklist", sizeof(kb_checklist), points, KB_COUNT(points) };

const char *const kb_checklist_questions[] = {
	"Would an answer show the KSBs that it is tagged with?",
	"Is its demand that of the grade and of the questions beside it?",
	"Is it one open question in plain words, understood the same way by all?",
	"Does it put nobody at a disadvantage: no bias, and usable with any adjustment?",
	"Is it unlike the other questions, or named as their rival?",
	"Do pass and distinction say what the plan's descriptors ask for?",
	"Can it be asked and answered in its minutes?",
	NULL,
};

static bool begins(const char *answer, const char *word)
{
	size_t n = strlen(word);
	return strncmp(answer, word, n) == 0 && (answer[n] == '\0' || answer[n] == ',');
}

void kb_checklist_check(kb_faults *faults, const kb_checklist *list)
{
	for (size_t i = 0; i < KB_COUNT(points); i++) {
		const kb_text *answer = (const kb_text *)(const void *)((const char *)list + points[i].offset);
		if (!answer->text || begins(answer->text, "yes")) continue;
		bool no = begins(answer->text, "no");
		kb_fault *fault = kb_fault_add(faults, answer->mark, no ? "checklist.no" : "checklist.answer",
			no ? "the answer to \"%s\" is no, so this is no approval" : "the answer to \"%s\" is neither yes nor no",
			points[i].key);
		fault->expected = no ? "yes, or the question goes back: ksbank question return ID --reason ..."
		                     : "yes or no, and what there is to say behind a comma: \"yes, tried with two colleagues\"";
	}
}

const char *kb_checklist_note(const kb_text *answer)
{
	const char *comma = strchr(answer->text, ',');
	return comma ? comma + 1 + strspn(comma + 1, " ") : "";
}

const char *const kb_item_places[] = { "whole", "stem", "prompts", "pass", "distinction", "ksbs", "theme", "kind",
	"minutes", "demand", "follows", "categories", "rivals", "accessibility", "answers", "title", "brief", "guidance",
	"where", NULL };

bool kb_item_has_place(const char *place, bool is_theme)
{
	const kb_record *record = is_theme ? &kb_case_theme_record : &kb_question_record;
	bool known = false, has = strcmp(place, "whole") == 0;
	for (size_t p = 0; kb_item_places[p] && !known; p++) known = strcmp(kb_item_places[p], place) == 0;
	for (size_t f = 0; f < record->count && !has; f++) has = strcmp(record->fields[f].key, place) == 0;
	return known && has;
}
