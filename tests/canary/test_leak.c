/* Leaks on purpose: ctest expects this program to fail, else the suite would not notice leaks at all. */
#include <criterion/criterion.h>

#include <string.h>

static char *volatile lost;

Test(canary, leaks)
{
	lost = strdup("lost");
	lost = NULL;
	cr_assert(true);
}
