/* A disk that fails at the nth write or flush: a shim over SQLite's own files, as its default. */
#ifndef KB_TESTS_STORE_DISK_H
#define KB_TESTS_STORE_DISK_H

#include <stdbool.h>

typedef enum store_disk_fault { STORE_DISK_WRITE, STORE_DISK_FULL, STORE_DISK_SYNC } store_disk_fault;

int store_disk_install(void);
/* From the nth call on all fail (1 is the next), as when a disk dies or is full; 0: none does. */
void store_disk_fail_at(store_disk_fault fault, int nth);
bool store_disk_was_hit(void);

#endif
