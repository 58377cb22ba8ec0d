/* What a person at a terminal sees of a long piece of work. The terminal is a made one. */
#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static kb_call call;
static kb_cli_watch watch;
static int terminal;

static void set_up(void)
{
	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	grantpt(terminal);
	unlockpt(terminal);
	FILE *errors = fopen(ptsname(terminal), "w");
	if (errors) kb_cli_watch_start(&watch, errors, &call);
}

static void tear_down(void)
{
	fclose(watch.errors);
	close(terminal);
}

TestSuite(watch, .init = set_up, .fini = tear_down);

/* As if so much time had gone by. */
static void wait_for(int64_t milliseconds)
{
	watch.began -= milliseconds;
	watch.shown -= milliseconds;
}

static void expect_seen(const char *wanted)
{
	char text[200];
	ssize_t length = read(terminal, text, sizeof text - 1);
	text[length < 0 ? 0 : length] = '\0';
	cr_assert_str_eq(text, wanted);
}

Test(watch, a_second_is_waited_for)
{
	kb_progress_tell(call.progress, "copying", 1, 4);
	kb_progress_tick(call.progress);
	kb_cli_watch_end(&watch);
	expect_seen("");
}

Test(watch, what_is_done_and_that_it_moves)
{
	wait_for(1000);
	kb_progress_tick(call.progress);
	expect_seen("\rworking, 1 s\033[K");
	kb_progress_tell(call.progress, "copying", 1, 4);
	expect_seen("");
	wait_for(1000);
	kb_progress_tick(call.progress);
	expect_seen("\rcopying 25 %, 2 s\033[K");
	wait_for(1000);
	kb_progress_tell(call.progress, "checking the file", 0, 0);
	expect_seen("\rchecking the file, 3 s\033[K");
	kb_cli_watch_end(&watch);
	fflush(watch.errors);
	expect_seen("\r\033[K");
}

Test(watch, nothing_where_no_terminal_is)
{
	kb_call other = { 0 };
	kb_cli_watch silent;
	FILE *file = tmpfile();
	kb_cli_watch_start(&silent, file, &other);
	cr_assert_null(other.progress);
	fclose(file);
}
