#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"

bool kb_cli_ask(const char *prompt, char *text, size_t size)
{
	int terminal = isatty(STDIN_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
	struct termios before, quiet;
	if (terminal < 0) return false;
	bool asked = tcgetattr(terminal, &before) == 0;
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	asked = asked && tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
	ssize_t length = -1;
	if (asked && write(terminal, prompt, strlen(prompt)) > 0) length = read(terminal, text, size - 1);
	if (asked) tcsetattr(terminal, TCSAFLUSH, &before);
	if (asked && write(terminal, "\n", 1) < 0) length = -1;
	close(terminal);
	if (length <= 0) return false;
	text[length] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	return true;
}
