#include "app/weigh.h"

#include "base/str.h"

#include <string.h>

/* All that decides the weights but the cap, which belongs to the specification. */
static kb_status digest_pool(kb_call *call, const kb_draw_input *input, const char **digest, kb_err *err)
{
	kb_draw_input everybody = *input;
	kb_node *state = kb_node_map(call->arena);
	everybody.exclusions = everybody.left_out = kb_node_list(call->arena);
	kb_paper_pool_write(call->arena, &everybody, state);
	return kb_load_digest(call, "ksbank weighed pool 1", state, digest, NULL, err);
}

static kb_status take_kept(kb_call *call, const char *text, kb_draw_input *input, kb_err *err)
{
	kb_node *list;
	KB_TRY(kb_load_body(call, text, &list, err));
	bool fits = list->kind == KB_NODE_LIST && list->count == input->pool.count;
	for (uint32_t i = 0; fits && i < input->pool.count; i++) {
		const kb_node *weight = list->items[i];
		fits = weight->kind == KB_NODE_INT && weight->integer >= 1 && weight->integer <= UINT32_MAX;
		input->pool.items[i].weight = fits ? (uint32_t)weight->integer : 1;
	}
	if (fits) return KB_OK;
	return kb_fail(err, KB_CORRUPT, "weighing.body", "the weights that the store holds for this pool can't be read");
}

static kb_status keep_found(
	kb_call *call, int64_t specification, const char *pool, const kb_draw_input *input, kb_err *err)
{
	kb_node *list = kb_node_list(call->arena);
	const char *digest, *bytes;
	for (uint32_t i = 0; i < input->pool.count; i++)
		kb_node_add(call->arena, list, kb_node_int(call->arena, input->pool.items[i].weight));
	KB_TRY(kb_load_digest(call, "ksbank weights 1", list, &digest, &bytes, err));
	kb_node_set_text(call->arena, call->effects, "weights", digest);
	return kb_q_weighing_add(call->sql, specification, pool, call->day_text, bytes, NULL, err);
}

kb_status kb_weigh_pool(
	kb_call *call, int64_t specification, uint32_t cap, bool keep, kb_draw_input *input, kb_even *even, kb_err *err)
{
	kb_q_weighing_of_pool_row row = { 0 };
	const char *pool;
	bool found;
	*even = (kb_even) { 0 };
	if (cap == 0) return KB_OK;
	KB_TRY(digest_pool(call, input, &pool, err));
	KB_TRY(kb_q_weighing_of_pool(call->sql, call->arena, specification, pool, &row, &found, err));
	if (found) return take_kept(call, row.weights, input, err);
	kb_status status = kb_even_find(call->arena, &input->pool, &input->rules, cap, even, err);
	if (status == KB_REFUSED && kb_str_equal(err->id, "draw.none")) return KB_OK;
	KB_TRY(status);
	for (uint32_t i = 0; i < input->pool.count; i++) input->pool.items[i].weight = even->weights[i];
	return keep ? keep_found(call, specification, pool, input, err) : KB_OK;
}
