#include "app/decide.h"

#include "text/json.h"

kb_status kb_decide(kb_call *call, const char *standard, const char *subject, const kb_node *choice, kb_err *err)
{
	kb_buf text = { .arena = call->arena };
	KB_TRY(kb_json_canonical(call->arena, choice, &text, err));
	KB_TRY(kb_q_decision_add(call->sql, standard, subject, text.text, kb_call_text(call, "by"), call->day_text,
		kb_call_text(call, "reason"), kb_call_text(call, "source"), NULL, err));
	kb_node_set_text(call->arena, call->result, "standard", standard);
	kb_node_set_text(call->arena, call->result, "subject", subject);
	kb_node_set_text(call->arena, call->result, "by", kb_call_text(call, "by"));
	kb_node_set_text(call->arena, call->result, "on", call->day_text);
	kb_node_set_text(call->arena, call->result, "reason", kb_call_text(call, "reason"));
	kb_node_set_text(call->arena, call->effects, "subject", subject);
	kb_node_set(call->arena, call->effects, "choice", kb_node_text(call->arena, text.text));
	return KB_OK;
}
