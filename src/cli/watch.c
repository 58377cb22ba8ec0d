#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

static int64_t milliseconds(void)
{
	struct timespec now = { 0 };
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(kb_progress *progress, const char *what, int64_t done, int64_t all)
{
	enum { BEFORE_MS = 1000, EVERY_MS = 200 };
	kb_cli_watch *watch = (kb_cli_watch *)progress;
	int64_t now = milliseconds();
	if (what) {
		watch->what = what;
		watch->done = done;
		watch->all = all;
	}
	if (now - watch->began < BEFORE_MS || now - watch->shown < EVERY_MS) return;
	watch->shown = now;
	fprintf(watch->errors, "\r%s", watch->what);
	if (watch->all > 0) fprintf(watch->errors, " %lld %%", (long long)(watch->done * 100 / watch->all));
	fprintf(watch->errors, ", %lld s\033[K", (long long)((now - watch->began) / 1000));
	fflush(watch->errors);
}

void kb_cli_watch_start(kb_cli_watch *watch, FILE *errors, kb_call *call)
{
	*watch = (kb_cli_watch) { .progress.tell = tell, .what = "working", .errors = errors, .began = milliseconds() };
	if (isatty(fileno(errors))) call->progress = &watch->progress;
}

void kb_cli_watch_end(kb_cli_watch *watch)
{
	if (watch->shown) fputs("\r\033[K", watch->errors);
}
