/* A disk that fails, or a process that is killed, at the nth write or flush: a shim over SQLite's own files, as its
 * default. */
#ifndef KB_TESTS_STORE_DISK_H
#define KB_TESTS_STORE_DISK_H

#include <stdbool.h>

typedef enum store_disk_fault { STORE_DISK_WRITE, STORE_DISK_FULL, STORE_DISK_SYNC, STORE_DISK_KILL } store_disk_fault;

int store_disk_install(void);
/* From the nth call on all fail (1 is the next), as when a disk dies or is full; 0: none does. STORE_DISK_KILL counts
 * writes and flushes alike, and ends the process in the middle of the nth. */
void store_disk_fail_at(store_disk_fault fault, int nth);
bool store_disk_was_hit(void);

#endif
