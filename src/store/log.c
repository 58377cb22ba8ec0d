/* The log: entries in canonical JSON, each bound to the one before by a digest. */
#include "store/bound.h"

#include <stdio.h>
#include <string.h>

#include "text/json.h"

static const char NO_ENTRY[] = "0000000000000000000000000000000000000000000000000000000000000000";

kb_status kb_store_log_text(kb_arena *arena, const kb_q_log_from_row *entry, const char **text, kb_err *err)
{
	kb_node *map = kb_node_map(arena);
	kb_node_set_int(arena, map, "sequence", entry->sequence);
	kb_node_set_text(arena, map, "operation", entry->operation);
	kb_node_set_text(arena, map, "actor", entry->actor);
	kb_node_set_text(arena, map, "day", entry->day);
	kb_node_set_text(arena, map, "detail", entry->detail);
	kb_node_set_text(arena, map, "previous", entry->previous);
	kb_buf bytes = { .arena = arena };
	KB_TRY(kb_json_canonical(arena, map, &bytes, err));
	*text = kb_buf_string(&bytes);
	return kb_arena_check(arena, err);
}

static kb_status entry_digest(
	kb_arena *arena, const kb_q_log_from_row *entry, char hex[static KB_DIGEST_TEXT], kb_err *err)
{
	const char *text;
	kb_digest digest;
	KB_TRY(kb_store_log_text(arena, entry, &text, err));
	KB_TRY(kb_digest_of(KB_DOMAIN_LOG, text, strlen(text), &digest, err));
	kb_digest_format(&digest, hex);
	return KB_OK;
}

kb_status kb_store_log(kb_store *store, kb_arena *arena, const char *operation, const char *actor, const char *day,
	const kb_node *detail, kb_err *err)
{
	kb_buf text = { .arena = arena };
	kb_q_log_head_row head = { .sequence = 0, .digest = NO_ENTRY };
	kb_node *whole = kb_node_map(arena), *rows;
	bool found;
	char digest[KB_DIGEST_TEXT];
	KB_TRY(kb_bound_rows(kb_store_sql(store)->db, arena, kb_store_bound(store), &rows, err));
	for (size_t i = 0; i < detail->pair_count; i++) kb_node_add_pair(arena, whole, detail->pairs[i]);
	kb_node_set(arena, whole, "rows", rows);
	KB_TRY(kb_json_canonical(arena, whole, &text, err));
	KB_TRY(kb_q_log_head(kb_store_sql(store), arena, &head, &found, err));
	kb_q_log_from_row entry = { head.sequence + 1, operation, actor, day, text.text, head.digest, NULL };
	KB_TRY(entry_digest(arena, &entry, digest, err));
	return kb_q_log_add(
		kb_store_sql(store), entry.sequence, operation, actor, day, text.text, head.digest, digest, NULL, err);
}

kb_status kb_store_head_text(kb_arena *arena, int64_t length, const char *digest, const char **text, kb_err *err)
{
	*text = kb_arena_printf(arena, "ksbank log head 1\n%lld\n%s\n", (long long)length, digest);
	return kb_arena_check(arena, err);
}

kb_status kb_store_sign_head(kb_store *store, kb_arena *arena, const char *day, kb_err *err)
{
	kb_q_log_head_row head;
	bool found;
	int64_t key_id;
	kb_digest key;
	kb_signature signature;
	const char *text;
	char hex[KB_SIGNATURE_TEXT];
	KB_TRY(kb_q_log_head(kb_store_sql(store), arena, &head, &found, err));
	KB_TRY(kb_store_public_key(store, arena, day, &key_id, err));
	KB_TRY(kb_store_head_text(arena, head.sequence, head.digest, &text, err));
	KB_TRY(kb_store_sign_key(store, &key, err));
	kb_status status = kb_sign(&key, text, strlen(text), &signature, err);
	kb_secret_wipe(&key, sizeof key);
	KB_TRY(status);
	kb_signature_format(&signature, hex);
	return kb_q_signed_head_add(kb_store_sql(store), head.sequence, head.digest, key_id, hex, NULL, err);
}

kb_status kb_store_log_each(kb_store *store, kb_log_visit *visit, void *context, kb_err *err)
{
	enum { STEP = 500 };
	for (int64_t done = 0;;) {
		KB_CLEANUP(kb_arena_freep) kb_arena *scratch = kb_arena_new((size_t)2 << 30);
		if (!scratch) return kb_fail(err, KB_NO_MEMORY, "memory.none", "the machine has no more memory to give");
		kb_q_log_from_row *rows;
		size_t count;
		KB_TRY(kb_q_log_from(kb_store_sql(store), scratch, done, STEP, &rows, &count, err));
		for (size_t i = 0; i < count; i++) {
			kb_arena_mark mark = kb_arena_save(scratch);
			KB_TRY(visit(context, scratch, &rows[i], err));
			kb_arena_restore(scratch, mark);
			done = rows[i].sequence;
		}
		if (count < STEP) return KB_OK;
	}
}

static kb_status check_entry(void *context, kb_arena *scratch, const kb_q_log_from_row *entry, kb_err *err)
{
	kb_log_head *head = context;
	char digest[KB_DIGEST_TEXT];
	KB_TRY(entry_digest(scratch, entry, digest, err));
	bool fits = entry->sequence == head->length + 1 && strcmp(entry->previous, head->digest) == 0 &&
	            strcmp(entry->digest, digest) == 0;
	if (!fits) {
		kb_fail(err, KB_CORRUPT, "log.broken", "entry %lld of the log (%s) does not fit the one before it",
			(long long)head->length + 1, entry->operation);
		return kb_hint(err, "somebody changed the store behind the program: keep this file, and restore a backup");
	}
	head->length = entry->sequence;
	snprintf(head->digest, sizeof head->digest, "%s", digest);
	return KB_OK;
}

kb_status kb_store_log_check(kb_store *store, kb_log_head *ret, kb_err *err)
{
	kb_log_head head = { 0 };
	snprintf(head.digest, sizeof head.digest, "%s", NO_ENTRY);
	KB_TRY(kb_store_log_each(store, check_entry, &head, err));
	*ret = head;
	return KB_OK;
}
