#include "exchange/tar.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 512 };

/* IEEE Std 1003.1, pax: the ustar interchange format. */
typedef struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], padding[12];
} header;
_Static_assert(sizeof(header) == BLOCK, "a header fills a block");

kb_status kb_tar_add(kb_buf *out, const char *name, const char *bytes, size_t length, int64_t seconds, kb_err *err)
{
	header h = { .type = '0' };
	unsigned sum = 0;
	if (strlen(name) >= sizeof h.name || length > 077777777777 || seconds < 0)
		return kb_fail(err, KB_LIMIT, "tar.name", "%.60s... does not fit into an archive", name);
	memcpy(h.name, name, strlen(name));
	memcpy(h.magic, "ustar", sizeof "ustar");
	memcpy(h.version, "00", sizeof h.version);
	snprintf(h.mode, sizeof h.mode, "%07o", 0600U);
	snprintf(h.uid, sizeof h.uid, "%07o", 0U);
	snprintf(h.gid, sizeof h.gid, "%07o", 0U);
	snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)length);
	snprintf(h.mtime, sizeof h.mtime, "%011llo", (unsigned long long)seconds & 077777777777);
	memset(h.checksum, ' ', sizeof h.checksum);
	for (size_t i = 0; i < sizeof h; i++) sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof h.checksum - 1, "%06o", sum & 0777777);
	kb_buf_add(out, (const char *)&h, sizeof h);
	kb_buf_add(out, bytes, length);
	kb_buf_fill(out, '\0', (BLOCK - length % BLOCK) % BLOCK);
	return kb_arena_check(out->arena, err);
}

void kb_tar_end(kb_buf *out)
{
	kb_buf_fill(out, '\0', (size_t)2 * BLOCK);
}
