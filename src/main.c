#include <stdio.h>
#include <time.h>

#include "cli/cli.h"

/* The one place that reads the clock: the day for the rules when --date is not given. */
int main(int argc, char **argv)
{
	enum { DAY_SECONDS = 24 * 60 * 60 };
	return kb_cli_run(argc, argv, (kb_day)(time(NULL) / DAY_SECONDS), stdout, stderr);
}
