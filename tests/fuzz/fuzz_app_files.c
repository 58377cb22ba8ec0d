/*
 * Any bytes as the file that an operation reads: the first byte chooses the operation. Whatever stands in it, the
 * operation goes well or says what is wrong. The store lies in a folder of its own in memory, and is put back once an
 * operation has changed it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/op.h"
#include "base/file.h"
#include "crypt/sign.h"
#include "small.h"
#include "text/json.h"

#define TALK "\"standard\":\"ST9999/1.0\",\"method\":\"talk\""

static const struct {
	char letter;
	const char *op, *arguments;
} readers[] = {
	{ 'm', "standard map", "{\"standard\":\"ST9999/1.0\",\"method\":\"demo\",\"file\":\"file\",\"by\":\"b\",\"reason\":\"r\",\"source\":\"s\"}" },
	{ 'e', "bank explain", "{\"standard\":\"ST9999/1.0\",\"method\":\"demo\",\"mapping\":\"file\"}" },
	{ 'i', "bank import", "{\"path\":\"file\",\"approved-by\":\"reviewer\"}" },
	{ 'q', "question new", "{\"path\":\"file\"}" },
	{ 'l', "question submit", "{\"list\":\"file\"}" },
	{ 'c', "question approve", "{\"ids\":\"D-1\",\"checklist\":\"file\"}" },
	{ 's', "sitting record", "{\"paper\":\"P-000001\",\"file\":\"file\"}" },
	{ 'p', "audit pack", "{\"folder\":\"packed\",\"papers-file\":\"file\"}" },
	{ 'r', "paper replay", "{\"record\":\"file\"}" },
	{ 'v', "paper verify", "{\"paper\":\"file\",\"key\":\"file\"}" },
};

#define ITEMS "format: ksbank-items/1\nstandard: ST9999/1.0\nmethod: talk\nquestions:\n"
#define QUESTION(id, theme, ksbs, author) \
	"  - {id: " id ", theme: " theme ", ksbs: [" ksbs "], kind: scenario, minutes: 30, stem: What of " id "?,\n" \
	"     prompts: [Why?], pass: {descriptors: [" theme ".P1], shows: This.}, distinction: {descriptors: [" theme ".D1], shows: That.},\n" \
	"     author: " author "}\n"

static const char *const bank[] = { small_text, ITEMS QUESTION("Q-1", "T-1", "K1, K2", "a") QUESTION("Q-2", "T-2", "S1, K2", "a"),
	"format: ksbank-specification/1\nstandard: ST9999/1.0\nmethod: talk\nquestions: 2\ncoverage: {rule: every}\n"
	"reserve: 0\nauthor: a\nreason: For tests.\n",
	"format: ksbank-specification/1\nstandard: ST9999/1.0\nmethod: demo\nquestions: 1\ncoverage: {rule: every}\n"
	"reserve: 0\nauthor: a\nreason: For tests.\n" };
static const char draft[] = ITEMS QUESTION("D-1", "T-1", "K1", "somebody");

static char folder[] = "/dev/shm/ksbank-fuzz-XXXXXX";
static kb_bytes kept, kept_keys;
static kb_arena *stays;

static void must(kb_status status, const kb_err *err)
{
	if (status == KB_OK) return;
	fprintf(stderr, "%s: %s\n", err->id, err->message);
	abort();
}

static kb_status call(kb_arena *arena, const char *op, const char *arguments, kb_err *err)
{
	kb_call c = { .op = kb_op_find(op), .arena = arena, .store_path = "store", .actor = "somebody",
		.clock = "2026-11-22T10:15:00Z", .day_text = "2026-11-22" };
	if (!c.op) abort();
	KB_TRY(kb_date_parse(c.day_text, &c.day, err));
	KB_TRY(kb_json_read(arena, NULL, arguments, strlen(arguments), &c.arguments, err));
	kb_status status = kb_op_call(&c, err);
	for (size_t i = 0; i < c.faults.count && i < KB_FAULTS_KEPT; i++)
		if (!kb_str_is_utf8(c.faults.list[i].message, strlen(c.faults.list[i].message), NULL)) abort();
	return status;
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	kb_err err;
	must(kb_file_write(path, bytes, size, 0600, &err), &err);
}

static void clear(void)
{
	(void)!system("rm -rf packed file store store.keys store-wal store-shm");
}

static void leave(void)
{
	clear();
	kb_arena_free(stays);
	unlink("file.sig");
	rmdir(folder);
}

static void set_up(void)
{
	kb_err err;
	stays = kb_arena_new((size_t)256 << 20);
	if (!stays || !mkdtemp(folder) || chdir(folder) != 0) abort();
	atexit(leave);
	must(call(stays, "store init", "{}", &err), &err);
	for (size_t i = 0; i < KB_COUNT(bank); i++) {
		write_file("file", bank[i], strlen(bank[i]));
		must(call(stays, "bank import", "{\"path\":\"file\",\"approved-by\":\"reviewer\"}", &err), &err);
	}
	write_file("file.sig", small_text, KB_SIGNATURE_BYTES);
	write_file("file", draft, sizeof draft - 1);
	must(call(stays, "question new", "{\"path\":\"file\"}", &err), &err);
	must(call(stays, "paper draw", "{" TALK ",\"candidate\":\"AP-1\",\"sitting\":\"first\"}", &err), &err);
	must(kb_file_read(stays, "store", (size_t)16 << 20, &kept, &err), &err);
	must(kb_file_read(stays, "store.keys", 5000, &kept_keys, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!stays) set_up();
	KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)256 << 20);
	kb_err err = { 0 };
	for (size_t i = 0; arena && size > 0 && i < KB_COUNT(readers); i++) {
		if (readers[i].letter != (char)data[0]) continue;
		write_file("file", data + 1, size - 1);
		kb_status status = call(arena, readers[i].op, readers[i].arguments, &err);
		if (status != KB_OK && (!*err.message || !kb_str_is_utf8(err.message, strlen(err.message), NULL))) abort();
		if (status == KB_OK) {
			clear();
			write_file("store", kept.data, kept.length);
			write_file("store.keys", kept_keys.data, kept_keys.length);
		}
	}
	return 0;
}
