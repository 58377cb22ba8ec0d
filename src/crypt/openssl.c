#include "crypt/openssl.h"

#include <string.h>

#include <openssl/err.h>

kb_status kb_openssl_fail(const char *what, kb_err *err)
{
	ERR_clear_error();
	kb_fail(err, KB_IO, "crypt.openssl", "OpenSSL gives no %s", what);
	return kb_hint(err, "ksbank needs OpenSSL 3 with its default provider; check the machine's openssl.cnf");
}

void kb_hex_write(const uint8_t *bytes, size_t length, char *text)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * length] = '\0';
}

static int value_of(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	if (c >= 'A' && c <= 'F') return c - 'A' + 10;
	return -1;
}

bool kb_hex_read(const char *text, uint8_t *bytes, size_t length)
{
	if (strlen(text) != 2 * length || strspn(text, "0123456789abcdefABCDEF") != 2 * length) return false;
	for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)(value_of(text[2 * i]) << 4 | value_of(text[2 * i + 1]));
	return true;
}
