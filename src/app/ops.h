/* The operations, one line each; app/ops.c lists them in the order that the help shows. */
#ifndef KB_APP_OPS_H
#define KB_APP_OPS_H

#include "app/op.h"

extern const kb_op kb_op_store_init, kb_op_store_key, kb_op_store_backup, kb_op_store_restore, kb_op_store_check,
	kb_op_store_seal;
extern const kb_op kb_op_user_add, kb_op_user_list, kb_op_user_role, kb_op_user_password, kb_op_user_conflict,
	kb_op_user_leave;
extern const kb_op kb_op_bank_new, kb_op_bank_import, kb_op_bank_export, kb_op_bank_capacity, kb_op_bank_weigh;
extern const kb_op kb_op_bank_predictability, kb_op_bank_forecast, kb_op_bank_report,
	kb_op_bank_simulate;
extern const kb_op kb_op_bank_gaps, kb_op_bank_brief, kb_op_bank_explain;
extern const kb_op kb_op_standard_list, kb_op_standard_show, kb_op_standard_lint, kb_op_standard_map,
	kb_op_standard_decide;
extern const kb_op kb_op_question_list, kb_op_question_show, kb_op_question_history, kb_op_question_diff,
	kb_op_question_lint, kb_op_question_similar;
extern const kb_op kb_op_question_new, kb_op_question_edit, kb_op_question_submit, kb_op_question_review,
	kb_op_question_approve, kb_op_question_return, kb_op_question_suspend, kb_op_question_retire;
extern const kb_op kb_op_review_due, kb_op_review_forecast, kb_op_review_calendar, kb_op_review_queue;
extern const kb_op kb_op_review_open, kb_op_review_hand, kb_op_review_progress, kb_op_review_close,
	kb_op_review_certificate, kb_op_review_list;
extern const kb_op kb_op_theme_offer;
extern const kb_op kb_op_paper_draw, kb_op_paper_list, kb_op_paper_show, kb_op_paper_print, kb_op_paper_withdraw;
extern const kb_op kb_op_paper_assign, kb_op_paper_export, kb_op_candidate_register;
extern const kb_op kb_op_paper_compare, kb_op_paper_replay, kb_op_paper_verify;
extern const kb_op kb_op_question_exposure, kb_op_candidate_erase;
extern const kb_op kb_op_incident_report, kb_op_incident_note, kb_op_incident_list, kb_op_incident_show;
extern const kb_op kb_op_audit_coverage, kb_op_audit_resits, kb_op_audit_reviews, kb_op_audit_log,
	kb_op_audit_pack;
extern const kb_op kb_op_audit_verify, kb_op_audit_sign;
extern const kb_op kb_op_decision_record, kb_op_decision_list;
extern const kb_op kb_op_sitting_form, kb_op_sitting_record, kb_op_sitting_show, kb_op_sitting_list,
	kb_op_sitting_propose;

#endif
