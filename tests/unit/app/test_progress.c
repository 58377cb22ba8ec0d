/* Long looks at a bank say what they are at, and that it goes on. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

TestSuite(progress, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "{\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\"}"

/* All that was told, each once in a row; and how often nothing new was. */
static char told[2000];
static unsigned ticks;

static void listen(kb_progress *progress, const char *what, int64_t done, int64_t all)
{
	size_t length = strlen(told), last = what ? strlen(what) + 2 : 0;
	cr_assert(done >= 0 && done <= all);
	if (!what) ticks++;
	else if (length < last || strncmp(told + length - last, what, last - 2) != 0)
		snprintf(told + length, sizeof told - length, "%s; ", what);
}

static void expect_told(const char *op, const char *what)
{
	static kb_progress listener = { listen };
	kit_progress = &listener;
	told[0] = '\0';
	ticks = 0;
	kit_must(op, strcmp(op, "bank report") == 0 ? "{}" : TALK);
	cr_assert_str_eq(told, what, "%s: %s", op, told);
	cr_assert_gt(ticks, 0, "%s is silent while it works", op);
}

Test(progress, where_no_paper_can_be_drawn)
{
	kit_fill(1, "reserve: 1\n");
	expect_told("bank explain", "looking for rules that clash; looking for rules to relax; looking for questions to review; "
		"looking for questions to write; ");
	expect_told("bank gaps", "packing papers with nothing shared; looking for questions to write; "
		"looking for questions to review; looking for questions that must stay; ");
	expect_told("bank capacity", "packing papers with nothing shared; looking for questions to write; looking at the draw; ");
	expect_told("review forecast", "looking at what lapses; ");
	expect_told("bank forecast", "looking at what lapses; ");
}

Test(progress, where_the_cap_is_not_kept)
{
	kit_fill(3, "law: even\nexposure-cap: 200\n");
	expect_told("bank explain", "looking for rules that clash; weighing questions for the exposure cap; "
		"looking for questions to review; looking for questions to write; ");
}

Test(progress, of_every_method_in_the_report)
{
	kit_fill(3, NULL);
	expect_told("bank report", "looking at what lapses; ");
}
