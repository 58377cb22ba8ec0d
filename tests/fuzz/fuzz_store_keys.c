/* Any file as the keys of a store: they are read whole, or refused. What is sealed is opened as with a passphrase that
 * is not theirs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	kb_keys keys;
	kb_digest public_key;
	kb_err err;
	bool sealed;
	char path[64];
	int file = memfd_create("keys", 0);
	if (file < 0) return 0;
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	if (write(file, data, size) == (ssize_t)size) {
		kb_status looked = kb_keys_look(path, &public_key, &sealed, &err);
		kb_status status = kb_keys_read(path, NULL, &keys, &err);
		if (looked == KB_OK && status != (sealed ? KB_DENIED : KB_OK)) abort();
		if (looked != KB_OK && status == KB_OK) abort();
		if (status == KB_DENIED && kb_keys_read(path, "not the passphrase", &keys, &err) == KB_OK) abort();
	}
	close(file);
	return 0;
}
