#include <stdio.h>
#include <time.h>

#include "cli/cli.h"

/* The one place that reads the clock. */
int main(int argc, char **argv)
{
	return kb_cli_run(argc, argv, time(NULL), stdout, stderr);
}
