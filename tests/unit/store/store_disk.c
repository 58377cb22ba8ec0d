#include "store_disk.h"

#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

/* Ours, and behind it the real one. */
typedef struct disk_file {
	sqlite3_file base;
	sqlite3_file real[];
} disk_file;

static sqlite3_vfs disk, *real_vfs;
static store_disk_fault kind;
static int left;
static bool hit;

static sqlite3_file *real(sqlite3_file *file)
{
	return ((disk_file *)file)->real;
}

static bool fails(bool sync)
{
	if (left == 0 || (kind != STORE_DISK_KILL && sync != (kind == STORE_DISK_SYNC))) return false;
	if (left > 1) return left--, false;
	hit = true;
	return true;
}

static int fault(void)
{
	switch (kind) {
	case STORE_DISK_FULL: return SQLITE_FULL;
	case STORE_DISK_SYNC: return SQLITE_IOERR_FSYNC;
	case STORE_DISK_KILL: raise(SIGKILL); break;
	case STORE_DISK_WRITE: break;
	}
	return SQLITE_IOERR_WRITE;
}

static int disk_close(sqlite3_file *f) { return real(f)->pMethods->xClose(real(f)); }
static int disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), to, n, at); }

static int disk_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	if (fails(false)) return real(f)->pMethods->xWrite(real(f), from, n / 2, at) == SQLITE_OK ? fault() : SQLITE_IOERR_WRITE;
	return real(f)->pMethods->xWrite(real(f), from, n, at);
}

static int disk_truncate(sqlite3_file *f, sqlite3_int64 size) { return fails(false) ? fault() : real(f)->pMethods->xTruncate(real(f), size); }
static int disk_sync(sqlite3_file *f, int flags) { return fails(true) ? fault() : real(f)->pMethods->xSync(real(f), flags); }
static int disk_size(sqlite3_file *f, sqlite3_int64 *size) { return real(f)->pMethods->xFileSize(real(f), size); }
static int disk_lock(sqlite3_file *f, int level) { return real(f)->pMethods->xLock(real(f), level); }
static int disk_unlock(sqlite3_file *f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
static int disk_reserved(sqlite3_file *f, int *out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
static int disk_control(sqlite3_file *f, int op, void *arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
static int disk_sector(sqlite3_file *f) { return real(f)->pMethods->xSectorSize(real(f)); }
static int disk_traits(sqlite3_file *f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
static int disk_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, out); }
static int disk_shm_lock(sqlite3_file *f, int at, int n, int flags) { return real(f)->pMethods->xShmLock(real(f), at, n, flags); }
static void disk_barrier(sqlite3_file *f) { real(f)->pMethods->xShmBarrier(real(f)); }
static int disk_unmap(sqlite3_file *f, int gone) { return real(f)->pMethods->xShmUnmap(real(f), gone); }

static const sqlite3_io_methods methods = { 2, disk_close, disk_read, disk_write, disk_truncate, disk_sync, disk_size, disk_lock, disk_unlock,
	disk_reserved, disk_control, disk_sector, disk_traits, disk_map, disk_shm_lock, disk_barrier, disk_unmap, NULL, NULL };

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	(void)vfs;
	f->pMethods = NULL;
	int rc = real_vfs->xOpen(real_vfs, name, real(f), flags, out);
	if (real(f)->pMethods) f->pMethods = &methods;
	return rc;
}

int store_disk_install(void)
{
	real_vfs = sqlite3_vfs_find(NULL);
	disk = *real_vfs;
	disk.zName = "failing";
	disk.szOsFile = (int)offsetof(disk_file, real) + real_vfs->szOsFile;
	disk.xOpen = disk_open;
	return sqlite3_vfs_register(&disk, 1);
}

void store_disk_fail_at(store_disk_fault fault, int nth)
{
	kind = fault;
	left = nth;
	if (nth) hit = false;
}

bool store_disk_was_hit(void)
{
	return hit;
}
