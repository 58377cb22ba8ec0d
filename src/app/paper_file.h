/* Signed files of a paper, as paper export writes them. */
#ifndef KB_APP_PAPER_FILE_H
#define KB_APP_PAPER_FILE_H

#include "app/op.h"

/* Checks the file under the argument "paper" with its .sig and the PEM file under "key"; needs no store.
 * KB_CORRUPT "signature.wrong" where it was changed. */
kb_status kb_paper_file_verify(kb_call *call, kb_err *err) KB_MUST_USE;

#endif
