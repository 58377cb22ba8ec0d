#include "app/heard.h"

#include <string.h>

#include "app/load.h"
#include "engine/likeness.h"

static kb_status add(kb_heard *heard, int64_t paper, const char *text, kb_err *err)
{
	kb_arena *arena = heard->call->arena;
	if (heard->count == heard->size) {
		size_t size = heard->size ? heard->size * 2 : 64;
		heard->texts =
			kb_arena_grow(arena, heard->texts, heard->size * sizeof *heard->texts, size * sizeof *heard->texts);
		heard->papers =
			kb_arena_grow(arena, heard->papers, heard->size * sizeof *heard->papers, size * sizeof *heard->papers);
		KB_TRY(kb_arena_check(arena, err));
		heard->size = size;
	}
	heard->texts[heard->count] = text;
	heard->papers[heard->count++] = paper;
	return KB_OK;
}

kb_status kb_heard_asked(kb_heard *heard, int64_t paper, kb_err *err)
{
	kb_q_asked_of_candidate_row *rows;
	size_t count;
	KB_TRY(kb_q_asked_of_candidate(
		heard->call->sql, heard->call->arena, heard->candidate, heard->standard, heard->method, &rows, &count, err));
	for (size_t i = 0; i < count; i++)
		if (rows[i].paper < paper) KB_TRY(add(heard, rows[i].paper, rows[i].text, err));
	return KB_OK;
}

kb_status kb_heard_issued(kb_heard *heard, int64_t paper, kb_err *err)
{
	kb_q_issued_to_candidate_row *rows;
	size_t count;
	KB_TRY(kb_q_issued_to_candidate(
		heard->call->sql, heard->call->arena, heard->candidate, heard->standard, heard->method, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		const char *words[2];
		if (rows[i].paper >= paper) continue;
		KB_TRY(kb_heard_words(heard->call, rows[i].version, words, err));
		for (size_t w = 0; w < 2; w++) KB_TRY(add(heard, rows[i].paper, words[w], err));
	}
	return KB_OK;
}

kb_status kb_heard_words(kb_call *call, int64_t version, const char *words[2], kb_err *err)
{
	kb_q_version_body_row row = { 0 };
	kb_node *body = NULL;
	bool found;
	KB_TRY(kb_q_version_body(call->sql, call->arena, version, &row, &found, err));
	if (!found) return kb_fail(err, KB_CORRUPT, "store.version", "a version that a paper holds is gone");
	KB_TRY(kb_load_body(call, row.body, &body, err));
	kb_buf whole = { .arena = call->arena };
	const kb_node *prompts = kb_node_get(body, "prompts");
	words[0] = kb_node_get_text(body, "stem", "");
	kb_buf_text(&whole, words[0]);
	for (size_t i = 0; prompts && i < prompts->count; i++) kb_buf_printf(&whole, "\n%s", prompts->items[i]->text);
	words[1] = kb_buf_string(&whole);
	return kb_arena_check(call->arena, err);
}

static void take(int64_t *papers, size_t text, int64_t paper)
{
	if (paper && (!papers[text] || paper < papers[text])) papers[text] = paper;
}

kb_status kb_heard_match(const kb_heard *heard, const char *const *texts, size_t count, int64_t *papers, kb_err *err)
{
	kb_arena *arena = heard->call->arena;
	kb_likes likes;
	const char **all = kb_arena_array(arena, heard->count + count, sizeof *all);
	if (!all) return kb_arena_check(arena, err);
	for (size_t i = 0; i < heard->count; i++) all[i] = heard->texts[i];
	for (size_t i = 0; i < count; i++) all[heard->count + i] = texts[i], papers[i] = 0;
	KB_TRY(kb_likeness(arena, all, (uint32_t)(heard->count + count), KB_LIKENESS_NEAR_LINE, &likes, err));
	for (size_t i = 0; i < likes.count; i++)
		if (likes.list[i].a < heard->count && likes.list[i].b >= heard->count)
			take(papers, likes.list[i].b - heard->count, heard->papers[likes.list[i].a]);
	/* Of texts that read the same only the first was measured. */
	for (size_t i = 0; i < likes.count && likes.list[i].exact; i++)
		if (likes.list[i].a >= heard->count)
			take(papers, likes.list[i].b - heard->count, papers[likes.list[i].a - heard->count]);
	return KB_OK;
}
