#include "app/review.h"

#include <stdlib.h>
#include <string.h>

#include "app/load.h"

kb_status kb_reviewers_load(kb_call *call, kb_reviewers *reviewers, kb_err *err)
{
	kb_q_role_holders_row *rows;
	size_t count;
	KB_TRY(kb_q_role_holders(call->sql, call->arena, &rows, &count, err));
	*reviewers = (kb_reviewers) { .anybody = !call->has_people };
	reviewers->list = kb_arena_array(call->arena, count, sizeof *reviewers->list);
	if (!reviewers->list) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(rows[i].person, rows[i - 1].person) != 0)
			reviewers->list[reviewers->count++] = (kb_reviewer) { rows[i].person, 0 };
		reviewers->list[reviewers->count - 1].roles |= 1U << kb_role_named(rows[i].role);
	}
	return KB_OK;
}

bool kb_reviewers_may(const kb_reviewers *reviewers, const char *name)
{
	if (!name || reviewers->anybody) return name != NULL;
	for (size_t i = 0; i < reviewers->count; i++)
		if (kb_str_equal_fold(reviewers->list[i].name, name))
			return kb_roles_may(reviewers->list[i].roles, KB_MAY_REVIEW);
	return false;
}

kb_status kb_review_person(kb_call *call, const char *name, const char **person, kb_err *err)
{
	kb_q_person_by_name_row row = { .name = name };
	if (call->has_people) KB_TRY(kb_load_person(call, name, &row, err));
	*person = row.name;
	return KB_OK;
}

kb_status kb_review_subject(kb_call *call, const char *standard, const char *method, kb_err *err)
{
	kb_loaded loaded;
	const kb_method *found;
	KB_TRY(kb_load_standard(call, standard, &loaded, err));
	return method ? kb_load_method(call, &loaded, method, &found, err) : KB_OK;
}

const char *kb_review_whom(const kb_reviewers *reviewers, const kb_q_review_items_row *item)
{
	const char *const names[] = { item->reviewed ? NULL : item->handed_to, item->approver };
	for (size_t i = 0; i < KB_COUNT(names); i++)
		if (kb_reviewers_may(reviewers, names[i])) return names[i];
	return "";
}

const char *kb_review_theme(const kb_q_review_items_row *item)
{
	if (item->theme) return item->theme;
	return strcmp(item->kind, "question") == 0 ? "no theme named" : "case-study themes";
}

static int by_date(const void *left, const void *right)
{
	const kb_q_review_items_row *a = ((const kb_review_due *)left)->item, *b = ((const kb_review_due *)right)->item;
	int order = strcmp(a->lapses_on, b->lapses_on);
	if (order == 0) order = strcmp(a->method, b->method);
	return order ? order : strcmp(a->key, b->key);
}

kb_status kb_review_due_by(kb_call *call, const char *standard, const char *method, kb_day last, const char *reviewer,
	kb_review_due **ret, size_t *ret_count, kb_err *err)
{
	kb_q_review_items_row *rows;
	kb_reviewers reviewers;
	size_t count, n = 0;
	char until[KB_DATE_SIZE];
	kb_date_format(last, until);
	KB_TRY(kb_review_subject(call, standard, method, err));
	KB_TRY(kb_q_review_items(call->sql, call->arena, standard, method, call->day_text, &rows, &count, err));
	KB_TRY(kb_reviewers_load(call, &reviewers, err));
	kb_review_due *due = kb_arena_array(call->arena, count, sizeof *due);
	if (!due) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].state, "approved") != 0 || strcmp(rows[i].lapses_on, until) > 0) continue;
		const char *whom = kb_review_whom(&reviewers, &rows[i]);
		if (!reviewer || kb_str_equal_fold(whom, reviewer)) due[n++] = (kb_review_due) { &rows[i], whom };
	}
	if (n) qsort(due, n, sizeof *due, by_date);
	*ret = due;
	*ret_count = n;
	return KB_OK;
}
