#include "app/ops.h"

const kb_op *const kb_ops[] = {
	&kb_op_store_init,
	&kb_op_bank_import,
	&kb_op_bank_export,
	&kb_op_standard_list,
	&kb_op_standard_show,
	&kb_op_standard_lint,
	&kb_op_standard_map,
	&kb_op_standard_decide,
	&kb_op_question_list,
	&kb_op_question_show,
	&kb_op_question_history,
	&kb_op_question_diff,
	&kb_op_paper_draw,
	&kb_op_paper_list,
	&kb_op_paper_show,
	&kb_op_paper_print,
	&kb_op_paper_withdraw,
	&kb_op_paper_compare,
	&kb_op_paper_replay,
	&kb_op_paper_verify,
};
const size_t kb_op_count = KB_COUNT(kb_ops);
