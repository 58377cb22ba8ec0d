/* Near-duplicates among 100 to 100,000 texts: kb_likeness at the threshold that `question similar` uses. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "engine/likeness.h"

/* A large bank is many standards side by side: each has words of its own beside those that all share. The figures are
 * those of the shipped banks: 15 words that count in four parts; the commonest phrase stands in one text of 25. */
enum { STANDARD = 250, OWN_WORDS = 500, SHARED_WORDS = 1500, PHRASES = 40, PARTS = 4, EDITED = 10, RUNS = 5 };

static uint32_t state;

static uint32_t roll(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)state * below >> 32);
}

/* The least of three: low numbers are common, as in language. */
static uint32_t roll_word(uint32_t below)
{
	uint32_t word = roll(below);
	for (int i = 0; i < 2; i++) {
		uint32_t other = roll(below);
		if (other < word) word = other;
	}
	return word;
}

static void add_word(kb_buf *out, uint32_t standard)
{
	if (roll(2)) kb_buf_printf(out, "w%u ", roll_word(SHARED_WORDS));
	else kb_buf_printf(out, "s%uw%u ", standard, roll_word(OWN_WORDS));
}

static const char *make_text(kb_arena *arena, uint32_t standard)
{
	kb_buf out = { .arena = arena };
	for (int part = 0; part < PARTS; part++) {
		uint32_t phrase = roll_word(PHRASES), words = 3 + roll(2) + (part == 0);
		if (roll(8) == 0) kb_buf_printf(&out, "p%u q%u ", phrase, phrase);
		while (words--) add_word(&out, standard);
		kb_buf_char(&out, '\n');
	}
	return kb_buf_string(&out);
}

/* Another's text with a word put before it. */
static const char **make_texts(kb_arena *arena, uint32_t count)
{
	const char **texts = kb_arena_array(arena, count, sizeof *texts);
	state = 1;
	for (uint32_t i = 0; texts && i < count; i++)
		texts[i] = i % EDITED == EDITED - 1 ? kb_arena_printf(arena, "edited%u %s", i, texts[roll(i)])
		                                    : make_text(arena, i / STANDARD);
	return texts;
}

/* An edit is behind what it edits, so that it is the second of their pair. */
static void check_found(kb_arena *arena, const kb_likes *likes, uint32_t count)
{
	bool *found = kb_arena_array(arena, count, sizeof *found);
	if (!found) bench_die("no memory");
	for (size_t i = 0; i < likes->count; i++) found[likes->list[i].b] = true;
	for (uint32_t i = EDITED - 1; i < count; i += EDITED)
		if (!found[i]) bench_die("text %u of %u was not found", i, count);
}

static double measure(const char *const *texts, uint32_t count, size_t *pairs)
{
	double times[RUNS];
	kb_err err;
	for (int i = 0; i < RUNS; i++) {
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
		kb_likes likes;
		if (!arena) bench_die("no memory");
		double start = bench_processor();
		if (kb_likeness(arena, texts, count, KB_LIKENESS_NEAR, &likes, &err) != KB_OK) bench_die("%s", err.message);
		times[i] = bench_processor() - start;
		check_found(arena, &likes, count);
		*pairs = likes.count;
	}
	return bench_median(times, RUNS);
}

void bench_similar(uint32_t most)
{
	double before = 0;
	puts("\n| texts | pairs alike | found in | for each text | against a tenth of the texts |");
	puts("|---:|---:|---:|---:|---:|");
	for (uint32_t count = 100; count <= most; count *= 10) {
		size_t pairs;
		KB_CLEANUP(kb_arena_freep) kb_arena *arena = kb_arena_new((size_t)1 << 30);
		const char **texts = arena ? make_texts(arena, count) : NULL;
		if (!texts) bench_die("no memory");
		double time = measure(texts, count, &pairs);
		printf("| %u | %zu | %.1f ms | %.1f us | ", count, pairs, 1e3 * time, 1e6 * time / count);
		if (before > 0) printf("%.1f times |\n", time / before);
		else puts("|");
		before = time;
	}
	puts("\nProcessor time, medians of 5, in one process. A tenth of the texts are edits of others: all were found.");
}
