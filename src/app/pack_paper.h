/* A paper in a pack of evidence. */
#ifndef KB_APP_PACK_PAPER_H
#define KB_APP_PACK_PAPER_H

#include "app/pack.h"
#include "app/paper_load.h"

/* Its draw record with signature, the records of its sitting and a page; with text its frozen form too, and the reading
 * is noted. Adds what the page shows to `pages`, and to `proofs` a {file, digest} for each record of the sitting. */
kb_status kb_pack_add_paper(kb_pack *pack, const kb_loaded_paper *paper, bool with_text, kb_node *pages,
	kb_node *proofs, kb_err *err) KB_MUST_USE;

#endif
