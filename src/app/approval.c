#include "app/approval.h"

#include "app/load.h"

/* The plan asks for a review at least once a year (004:139); a specification may ask for it sooner. */
kb_status kb_approval_lapses(kb_call *call, const char *standard, const char *method, const char **day, kb_err *err)
{
	enum { REVIEW_MONTHS = 12 };
	kb_loaded_specification loaded;
	char text[KB_DATE_SIZE];
	kb_status status = kb_load_specification(call, standard, method, &loaded, err);
	if (status != KB_OK && status != KB_REFUSED) return status;
	int64_t months = REVIEW_MONTHS;
	if (status == KB_OK && loaded.specification->review_months.set) months = loaded.specification->review_months.value;
	kb_date_format(kb_date_add_months(call->day, (int)(months < REVIEW_MONTHS ? months : REVIEW_MONTHS)), text);
	*day = kb_arena_text(call->arena, text);
	return kb_arena_check(call->arena, err);
}

static bool follows(const kb_item *item, const char *ksb)
{
	const kb_text_pair *pairs = item->follows.list;
	for (size_t i = 0; i < item->follows.count; i++)
		if (kb_str_equal(pairs[i].key.text, ksb)) return true;
	return false;
}

const char *kb_approval_unsettled(kb_arena *arena, const kb_standard *standard, const kb_item *item)
{
	kb_buf out = { .arena = arena };
	for (size_t i = 0; i < item->ksbs.count; i++) {
		const char *code = item->ksbs.list[i].text;
		const kb_ksb *ksb = kb_standard_ksb(standard, code);
		if (ksb && kb_ksb_is_disputed(ksb) && !follows(item, code))
			kb_buf_printf(&out, "%s%s", out.length ? ", " : "", code);
	}
	return kb_buf_string(&out);
}
