#include <criterion/criterion.h>

#include <string.h>

#include "base/str.h"
#include "engine/likeness.h"
#include "engine/words.h"

enum { MEMORY = 1 << 30, MANY = 10000, FEW = 120 };

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(MEMORY);
	cr_assert_not_null(arena);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(likeness, .init = set_up, .fini = tear_down);

static kb_likes find(const char *const *texts, uint32_t count, uint32_t least)
{
	kb_likes likes;
	cr_assert_eq(kb_likeness(arena, texts, count, least, &likes, &err), KB_OK, "%s", err.message);
	return likes;
}

static uint32_t between(const char *a, const char *b)
{
	kb_likes likes = find((const char *[]) { a, b }, 2, 1);
	return likes.count ? likes.list[0].per_mille : 0;
}

Test(likeness, exact_means_case_punctuation_and_space_do_not_count)
{
	const char *texts[] = { "What do you do first?", "Which risk comes first?", "  what do YOU do \xe2\x80\x94 first",
		"What do you do first?\n", "What do you do last?" };
	kb_likes likes = find(texts, KB_COUNT(texts), KB_LIKENESS_NEAR);
	cr_assert_eq(likes.count, 2);
	for (size_t i = 0; i < 2; i++) {
		cr_expect(likes.list[i].exact && likes.list[i].per_mille == 1000);
		cr_expect_eq(likes.list[i].a, 0, "paired with the first of them");
		cr_expect_eq(likes.list[i].b, 2 + i);
	}
}

Test(likeness, counts_shared_pairs_of_words_in_whole_per_mille)
{
	/* risk-plan plan-review | risk-plan plan-change: one of three */
	cr_expect_eq(between("risk plan review", "risk plan change"), 333);
	cr_expect_eq(between("risk plan review", "review plan risk"), 0, "the order of words counts");
	cr_expect_eq(
		between("risk plans, reviewing", "the risk and a plan you review"), 1000, "stems without common words");
	cr_expect_eq(between("risk plan\nreview", "review\nrisk plan"), 1000, "the order of parts does not");
	cr_expect_eq(between("risk plan\nreview", "risk plan review change"), 250, "no shingle runs across parts");
	cr_expect_eq(between("risk plan\nreview", "risk plan review"), 1000, "but the same words are the same words");
	cr_expect_eq(between("risk plan risk plan", "risk plan risk"), 1000, "a shingle counts once");
}

Test(likeness, a_common_opening_makes_nothing_alike)
{
	cr_expect_eq(between("Tell me about a time when you challenged a colleague.",
					 "Tell me about a time when you explained a decision."),
		0);
	cr_expect_eq(between("What would you do?", "How would you do it?"), 0, "nothing but common words");
	cr_expect_eq(find((const char *[]) { "What would you do?", "what would you do" }, 2, 500).count, 1);
}

Test(likeness, few_changed_words_are_found)
{
	uint32_t likeness = between("Tell me about a time when a quality check found that part of your work fell short.",
		"Describe a time when a quality check found that some of your work fell short.");
	cr_expect_geq(likeness, KB_LIKENESS_NEAR, "%u", likeness);
	likeness = between("Tell me about a time when a quality check found that part of your work fell short.",
		"Tell me about a gap that you found in your own knowledge.");
	cr_expect_lt(likeness, KB_LIKENESS_NEAR, "%u", likeness);
}

Test(likeness, nothing_and_one_are_no_pair)
{
	cr_expect_eq(find(NULL, 0, 500).count, 0);
	cr_expect_eq(find((const char *[]) { "risk plan" }, 1, 500).count, 0);
	cr_expect_eq(find((const char *[]) { "", "..." }, 2, 500).count, 1, "two empty texts are exactly alike");
}

/* ---- against brute force ---- */

static uint32_t state;

static uint32_t roll(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

/* Words so few that many texts are alike, and some of them twice. */
static const char *made_up(uint32_t words, uint32_t longest)
{
	kb_buf out = { .arena = arena };
	uint32_t length = roll(longest) + 1;
	for (uint32_t i = 0; i < length; i++)
		kb_buf_printf(&out, "%s%c%c",
			i == 0    ? ""
			: roll(5) ? " "
					  : "\n",
			'f' + (int)roll(words), 'k' + (int)roll(words));
	return kb_buf_string(&out);
}

typedef struct bag {
	const char *list[64];
	size_t count;
} bag;

static void put(bag *bag, const char *shingle)
{
	for (size_t i = 0; i < bag->count; i++)
		if (strcmp(bag->list[i], shingle) == 0) return;
	bag->list[bag->count++] = shingle;
}

static bag shingles(const char *text)
{
	bag bag = { 0 };
	for (const char *part = text; *part; part += strcspn(part, "\n"), part += *part == '\n') {
		kb_words words = kb_words_of(arena, kb_arena_copy(arena, part, strcspn(part, "\n")));
		const char *before = NULL;
		size_t kept = 0;
		for (size_t i = 0; i < words.count; i++) {
			if (kb_word_is_common(words.list[i].text)) continue;
			const char *stem = kb_word_stem(arena, words.list[i].text);
			if (kept++) put(&bag, kb_arena_printf(arena, "%s %s", before, stem));
			before = stem;
		}
		if (kept == 1) put(&bag, before);
	}
	return bag;
}

static uint32_t jaccard(const bag *a, const bag *b)
{
	uint32_t common = 0;
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++) common += strcmp(a->list[i], b->list[j]) == 0;
	size_t either = a->count + b->count - common;
	return either ? (uint32_t)(1000 * common / either) : 0;
}

static const char *flat(const char *text)
{
	char *copy = kb_arena_text(arena, text);
	for (char *at = copy; *at; at++)
		if (*at == '\n') *at = ' ';
	return copy;
}

static bool reads_as_earlier(const char *const *texts, uint32_t t)
{
	for (uint32_t i = 0; i < t; i++)
		if (strcmp(flat(texts[i]), flat(texts[t])) == 0) return true;
	return false;
}

static const kb_like *pair_of(const kb_likes *likes, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < likes->count; i++)
		if (likes->list[i].a == a && likes->list[i].b == b) return &likes->list[i];
	return NULL;
}

static void hold_against_brute_force(uint32_t seed, uint32_t words, uint32_t longest, uint32_t least)
{
	const char *texts[FEW];
	bag bags[FEW];
	bool later[FEW];
	size_t expected = 0, exact = 0;
	state = seed;
	for (uint32_t i = 0; i < FEW; i++) {
		texts[i] = made_up(words, longest);
		bags[i] = shingles(texts[i]);
		later[i] = reads_as_earlier(texts, i);
		exact += later[i];
	}
	kb_likes likes = find(texts, FEW, least);
	for (uint32_t a = 0; a < FEW; a++)
		for (uint32_t b = a + 1; b < FEW; b++) {
			uint32_t likeness = later[a] || later[b] ? 0 : jaccard(&bags[a], &bags[b]);
			if (likeness < least) continue;
			const kb_like *pair = pair_of(&likes, a, b);
			expected++;
			cr_assert(pair && !pair->exact, "seed %u: %u and %u are missing", seed, a, b);
			cr_assert_eq(pair->per_mille, likeness, "seed %u: %u and %u", seed, a, b);
		}
	cr_assert_eq(likes.count, expected + exact, "seed %u: nothing else is found", seed);
	for (size_t i = 1; i < likes.count; i++) {
		const kb_like *x = &likes.list[i - 1], *y = &likes.list[i];
		cr_assert(x->exact > y->exact ||
				  (x->exact == y->exact &&
					  (x->per_mille > y->per_mille ||
						  (x->per_mille == y->per_mille && (x->a < y->a || (x->a == y->a && x->b < y->b))))));
	}
}

Test(likeness, finds_what_comparing_all_pairs_finds)
{
	static const uint32_t least[] = { 1, 200, 333, 500, 667, 900, 1000 };
	size_t i = 0;
	for (uint32_t seed = 1; seed <= 40; seed++)
		hold_against_brute_force(seed, 2 + seed % 3, 2 + seed % 9, least[i++ % KB_COUNT(least)]);
}

/* ---- many ---- */

Test(likeness, many_texts_are_no_burden)
{
	static const char *texts[MANY];
	state = 7;
	for (uint32_t i = 0; i < MANY; i++) {
		kb_buf out = { .arena = arena };
		for (int w = 0; w < 30; w++) /* common words and rare ones, as in real texts */
			kb_buf_printf(&out, "%s%c%u", w ? " " : "", 'q' + (int)roll(3), roll(1 + roll(4000)));
		texts[i] = kb_buf_string(&out);
	}
	texts[MANY - 1] = kb_arena_printf(arena, "%s indeed", texts[17]);
	kb_likes likes = find(texts, MANY, KB_LIKENESS_NEAR);
	cr_assert_eq(likes.count, 1);
	cr_assert(likes.list[0].a == 17 && likes.list[0].b == MANY - 1 && !likes.list[0].exact);
	cr_assert_geq(likes.list[0].per_mille, 950);
}
