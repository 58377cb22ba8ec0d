/* What a person at a terminal sees of a long piece of work. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

static kb_call call;
static kb_cli_watch watch;
static char *written;
static size_t length, seen;

static void set_up(void)
{
	kb_cli_watch_start(&watch, open_memstream(&written, &length), &call);
}

static void tear_down(void)
{
	fclose(watch.errors);
	free(written);
}

TestSuite(watch, .init = set_up, .fini = tear_down);

/* As if so much time had gone by. */
static void wait_for(int64_t milliseconds)
{
	watch.began -= milliseconds;
	watch.shown -= milliseconds;
}

/* What was written since it was last asked. */
static void expect_seen(const char *wanted)
{
	fflush(watch.errors);
	cr_assert_str_eq(written + seen, wanted);
	seen = length;
}

Test(watch, a_second_is_waited_for)
{
	kb_progress_tell(&watch.progress, "copying", 1, 4);
	kb_progress_tick(&watch.progress);
	kb_cli_watch_end(&watch);
	expect_seen("");
}

Test(watch, what_is_done_and_that_it_moves)
{
	wait_for(1000);
	kb_progress_tick(&watch.progress);
	expect_seen("\rworking, 1 s\033[K");
	kb_progress_tell(&watch.progress, "copying", 1, 4);
	expect_seen("");
	wait_for(1000);
	kb_progress_tick(&watch.progress);
	expect_seen("\rcopying 25 %, 2 s\033[K");
	wait_for(1000);
	kb_progress_tell(&watch.progress, "checking the file", 0, 0);
	expect_seen("\rchecking the file, 3 s\033[K");
	kb_cli_watch_end(&watch);
	expect_seen("\r\033[K");
}

Test(watch, nothing_where_no_terminal_is)
{
	cr_assert_null(call.progress);
}
