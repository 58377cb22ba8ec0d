/* Which KSBs a method assesses, by grading theme, where no source says so: mappings from CSV files. */
#ifndef KB_APP_MAPPING_H
#define KB_APP_MAPPING_H

#include "app/load.h"

/* Rows of theme, name (may be left out) and ksb -> the choice of a decision (model/decision.h). Faults are in
 * call->faults. */
kb_status kb_mapping_read(
	kb_call *call, const kb_standard *standard, const char *path, kb_node **choice, kb_err *err) KB_MUST_USE;

/* A method of the standard with its mapping. Where none is known, that of a file (may be NULL) is laid over the
 * standard for this one call, as a decision would be. KB_REFUSED "draw.mapping" where there is neither, "draw.mapped"
 * where there are both. */
kb_status kb_mapping_load_method(kb_call *call, kb_loaded *loaded, const char *id, const char *file,
	const kb_method **method, kb_err *err) KB_MUST_USE;

#endif
