#include "engine/likeness.h"

#include <stdlib.h>
#include <string.h>

#include "engine/words.h"

static const uint32_t ALONE = UINT32_MAX; /* stands for the second word of a shingle that has none */

static const size_t WORK_CEILING = (size_t)4 << 30, TEXT_CEILING = (size_t)64 << 20;

/* Strings by number, each once; the numbers count from 0 in the order of arrival. */
typedef struct name_list {
	const char **list;
	uint32_t count, size;
	uint32_t *slots; /* number + 1; 0 is free */
	uint32_t slot_count;
} name_list;

typedef struct entry {
	uint64_t shingle;
	uint32_t text;
} entry;

/* A shingle that stands in `count` texts, whose entries begin at `start`. */
typedef struct group {
	size_t start;
	uint32_t count;
} group;

typedef struct set {
	uint32_t *ranks; /* the rarest shingle first */
	uint32_t count;
} set;

typedef struct work {
	kb_arena *arena, *scratch; /* for the whole run; for one text */
	uint32_t count, least;
	name_list words, texts;
	uint32_t *first; /* by number in `texts`: the first text that reads so */
	entry *entries;
	size_t entry_count, entry_size;
	group *groups; /* by rank: the rarest first */
	size_t group_count;
	set *sets; /* by text; empty for one that reads as an earlier text does */
} work;

static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261u; /* FNV-1a; decides where to look, never what is found */
	for (; *text; text++) h = (h ^ (unsigned char)*text) * 16777619u;
	return h ^ h >> 15;
}

static uint32_t *slot_of(const name_list *names, const char *text)
{
	uint32_t at = hash(text) & (names->slot_count - 1);
	while (names->slots[at] && strcmp(names->list[names->slots[at] - 1], text) != 0)
		at = (at + 1) & (names->slot_count - 1);
	return &names->slots[at];
}

static bool make_room(kb_arena *arena, name_list *names)
{
	if (names->count < names->size) return true;
	uint32_t size = names->size ? names->size * 2 : 1024;
	const char **list = kb_arena_grow(arena, names->list, names->size * sizeof *list, size * sizeof *list);
	uint32_t *slots = kb_arena_array(arena, (size_t)size * 2, sizeof *slots);
	if (!list || !slots) return false;
	names->list = list;
	names->size = size;
	names->slots = slots;
	names->slot_count = size * 2;
	for (uint32_t i = 0; i < names->count; i++) *slot_of(names, names->list[i]) = i + 1;
	return true;
}

static uint32_t number_of(kb_arena *arena, name_list *names, const char *text)
{
	if (!make_room(arena, names)) return 0;
	uint32_t *slot = slot_of(names, text);
	if (*slot) return *slot - 1;
	const char *copy = kb_arena_text(arena, text);
	if (!copy) return 0;
	names->list[names->count] = copy;
	*slot = ++names->count;
	return *slot - 1;
}

static void add_entry(work *w, uint32_t text, uint32_t a, uint32_t b)
{
	if (w->entry_count == w->entry_size) {
		size_t size = w->entry_size ? w->entry_size * 2 : 4096;
		entry *entries = kb_arena_grow(w->arena, w->entries, w->entry_size * sizeof *entries, size * sizeof *entries);
		if (!entries) return;
		w->entries = entries;
		w->entry_size = size;
	}
	w->entries[w->entry_count++] = (entry) { (uint64_t)a << 32 | b, text };
}

static void add_part(work *w, uint32_t text, const char *part)
{
	kb_words words = kb_words_of(w->scratch, part);
	uint32_t before = 0, count = 0;
	for (size_t i = 0; i < words.count; i++) {
		if (kb_word_is_common(words.list[i].text)) continue;
		uint32_t number = number_of(w->arena, &w->words, kb_word_stem(w->scratch, words.list[i].text));
		if (count++) add_entry(w, text, before, number);
		before = number;
	}
	if (count == 1) add_entry(w, text, before, ALONE);
}

/* The words with one space between them. */
static const char *folded(kb_arena *arena, const char *text)
{
	kb_words words = kb_words_of(arena, text);
	char *out = kb_arena_alloc(arena, strlen(text) + 2);
	if (!out) return "";
	size_t used = 0;
	for (size_t i = 0; i < words.count; i++) {
		size_t length = strlen(words.list[i].text);
		memcpy(out + used, words.list[i].text, length);
		used += length;
		out[used++] = ' ';
	}
	out[used] = '\0';
	return out;
}

/* Takes in one text; *first is the first that reads the same: itself, when none did before. */
static kb_status read_text(work *w, uint32_t index, const char *text, uint32_t *first, kb_err *err)
{
	kb_arena_mark mark = kb_arena_save(w->scratch);
	uint32_t known = w->texts.count, number = number_of(w->arena, &w->texts, folded(w->scratch, text));
	KB_TRY(kb_arena_check(w->arena, err));
	if (number == known) {
		w->first[number] = index;
		for (const char *part = text; *part; part += strcspn(part, "\n"), part += *part == '\n') {
			const char *copy = kb_arena_copy(w->scratch, part, strcspn(part, "\n"));
			if (copy) add_part(w, index, copy);
		}
	}
	*first = w->first[number];
	KB_TRY(kb_arena_check(w->scratch, err));
	kb_arena_restore(w->scratch, mark);
	return kb_arena_check(w->arena, err);
}

static int by_shingle(const void *a, const void *b)
{
	const entry *x = a, *y = b;
	if (x->shingle != y->shingle) return x->shingle < y->shingle ? -1 : 1;
	return x->text < y->text ? -1 : x->text > y->text;
}

static int by_rarity(const void *a, const void *b)
{
	const group *x = a, *y = b;
	if (x->count != y->count) return x->count < y->count ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static kb_status make_groups(work *w, kb_err *err)
{
	size_t kept = 0;
	if (w->entry_count) qsort(w->entries, w->entry_count, sizeof *w->entries, by_shingle);
	for (size_t i = 0; i < w->entry_count; i++) /* a shingle that stands in a text twice counts once */
		if (!kept || by_shingle(&w->entries[kept - 1], &w->entries[i]) != 0) w->entries[kept++] = w->entries[i];
	w->entry_count = kept;
	w->groups = kb_arena_array(w->arena, kept, sizeof *w->groups);
	if (!w->groups) return kb_arena_check(w->arena, err);
	for (size_t i = 0; i < kept; i++) {
		if (!i || w->entries[i].shingle != w->entries[i - 1].shingle) w->groups[w->group_count++].start = i;
		w->groups[w->group_count - 1].count++;
	}
	if (w->group_count) qsort(w->groups, w->group_count, sizeof *w->groups, by_rarity);
	return KB_OK;
}

/* Each text's shingles as ranks. Groups are walked from the rarest on, so that every set comes out in order. */
static kb_status make_sets(work *w, kb_err *err)
{
	uint32_t *ranks = kb_arena_array(w->arena, w->entry_count, sizeof *ranks);
	w->sets = kb_arena_array(w->arena, w->count, sizeof *w->sets);
	if (!ranks || !w->sets) return kb_arena_check(w->arena, err);
	for (size_t i = 0; i < w->entry_count; i++) w->sets[w->entries[i].text].count++;
	for (uint32_t t = 0; t < w->count; t++) {
		w->sets[t].ranks = ranks;
		ranks += w->sets[t].count;
		w->sets[t].count = 0;
	}
	for (size_t g = 0; g < w->group_count; g++)
		for (uint32_t i = 0; i < w->groups[g].count; i++) {
			set *s = &w->sets[w->entries[w->groups[g].start + i].text];
			s->ranks[s->count++] = (uint32_t)g;
		}
	return KB_OK;
}

/* Two sets alike by `least` share so many at the least: that many of the larger one, and of the smaller. */
static uint32_t must_share(uint32_t count, uint32_t least)
{
	return (uint32_t)(((uint64_t)count * least + 999) / 1000);
}

static uint32_t measure(const set *a, const set *b)
{
	uint32_t common = 0;
	for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
		common += a->ranks[i] == b->ranks[j];
		uint32_t x = a->ranks[i], y = b->ranks[j];
		i += x <= y;
		j += y <= x;
	}
	return (uint32_t)((uint64_t)1000 * common / (a->count + b->count - common));
}

static kb_status add_pair(kb_arena *arena, kb_likes *likes, size_t *size, kb_like pair, kb_err *err)
{
	if (likes->count == *size) {
		size_t more = *size ? *size * 2 : 64;
		kb_like *list = kb_arena_grow(arena, likes->list, *size * sizeof *list, more * sizeof *list);
		if (!list) return kb_arena_check(arena, err);
		likes->list = list;
		*size = more;
	}
	likes->list[likes->count++] = pair;
	return KB_OK;
}

/* Each text against the earlier ones that share a shingle of its rarer part: of n shingles m must be shared, so one of
 * the n - m + 1 rarest is. */
static kb_status find_pairs(work *w, kb_arena *arena, kb_likes *likes, size_t *size, kb_err *err)
{
	uint32_t *seen = kb_arena_array(w->arena, w->count, sizeof *seen);
	uint32_t *filled = kb_arena_array(w->arena, w->group_count, sizeof *filled);
	if (!seen || !filled) return kb_arena_check(w->arena, err);
	for (uint32_t t = 0; t < w->count; t++) {
		const set *own = &w->sets[t];
		uint32_t share = must_share(own->count, w->least);
		for (uint32_t i = 0; own->count && i <= own->count - share; i++) {
			uint32_t rank = own->ranks[i];
			entry *list = w->entries + w->groups[rank].start; /* done with: its place keeps the texts met so far */
			for (uint32_t k = 0; k < filled[rank]; k++) {
				const set *other = &w->sets[list[k].text];
				if (seen[list[k].text] == t + 1) continue;
				seen[list[k].text] = t + 1;
				if (other->count < share || own->count < must_share(other->count, w->least)) continue;
				uint32_t per_mille = measure(own, other);
				if (per_mille >= w->least)
					KB_TRY(add_pair(arena, likes, size, (kb_like) { list[k].text, t, per_mille, false }, err));
			}
			list[filled[rank]++].text = t;
		}
	}
	return KB_OK;
}

static int by_likeness(const void *a, const void *b)
{
	const kb_like *x = a, *y = b;
	if (x->exact != y->exact) return x->exact ? -1 : 1;
	if (x->per_mille != y->per_mille) return x->per_mille > y->per_mille ? -1 : 1;
	if (x->a != y->a) return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

kb_status kb_likeness(
	kb_arena *arena, const char *const *texts, uint32_t count, uint32_t least, kb_likes *likes, kb_err *err)
{
	KB_ASSERT(least > 0 && least <= 1000, err);
	KB_CLEANUP(kb_arena_freep) kb_arena *all = kb_arena_new(WORK_CEILING), *scratch = kb_arena_new(TEXT_CEILING);
	if (!all || !scratch) return kb_fail(err, KB_NO_MEMORY, "memory.none", "there is no memory to compare texts");
	work w = { .arena = all, .scratch = scratch, .count = count, .least = least };
	size_t size = 0;
	*likes = (kb_likes) { 0 };
	w.first = kb_arena_array(all, count, sizeof *w.first);
	if (!w.first) return kb_arena_check(all, err);
	for (uint32_t t = 0; t < count; t++) {
		uint32_t first;
		KB_TRY(read_text(&w, t, texts[t], &first, err));
		if (first != t) KB_TRY(add_pair(arena, likes, &size, (kb_like) { first, t, 1000, true }, err));
	}
	KB_TRY(make_groups(&w, err));
	KB_TRY(make_sets(&w, err));
	KB_TRY(find_pairs(&w, arena, likes, &size, err));
	if (likes->count) qsort(likes->list, likes->count, sizeof *likes->list, by_likeness);
	return kb_arena_check(arena, err);
}
