/* Mappings from CSV files: which KSBs a method assesses, by grading theme, where no source says so. */
#ifndef KB_APP_MAPPING_H
#define KB_APP_MAPPING_H

#include "app/op.h"
#include "model/standard.h"

/* Rows of theme, name (may be left out) and ksb -> the choice of a decision (model/decision.h). Faults are in
 * call->faults. */
kb_status kb_mapping_read(
	kb_call *call, const kb_standard *standard, const char *path, kb_node **choice, kb_err *err) KB_MUST_USE;

#endif
