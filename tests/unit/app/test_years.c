/* Three years of edits, reviews, lapses, suspensions and re-sits, with a new key halfway: at the end every paper replays and
 * verifies, and none holds a question that was unapproved, lapsed or suspended on its day, by a book kept apart. */
#include "kit.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"

TestSuite(years, .init = kit_set_up, .fini = kit_tear_down);

enum { MONTHS = 36, EACH = 14, ITEMS = 3 * EACH, CANDIDATES_MOST = 2000, PAPERS_LEAST = 1000 };

/* What the book says of an item: its newest approved version. */
typedef struct entry {
	char id[16], ksb[4];
	int newest, approved; /* versions */
	bool suspended;
	kb_day approved_on, lapses_on;
} entry;

static entry book[ITEMS];
static struct {
	int sittings;
	kb_day last;
} candidates[CANDIDATES_MOST];
static int candidate_count, papers, refusals, drawn_after_edit, lapsed_left_out;
static uint64_t random_state = 1648;
static kb_day today;

static uint32_t below(uint32_t n)
{
	random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 11) % n);
}

static void set_day(kb_day day)
{
	static char text[KB_DATE_SIZE];
	today = day;
	kb_date_format(day, text);
	kit_day = text;
}

static void keep_book(entry *e, int version)
{
	e->approved = version;
	e->suspended = false;
	e->approved_on = today;
	e->lapses_on = kb_date_add_months(today, 12);
}

static void approve(entry *e, int version)
{
	kit_actor = below(2) ? "bob" : "cat";
	kit_must("question approve", kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"checklist\":\"all-met\",\"reason\":\"fit\",\"version\":%d}", e->id, version));
	keep_book(e, version);
}

static void edit(entry *e)
{
	kb_buf text = { .arena = kit_arena };
	kb_buf_text(&text, "format: ksbank-items/1\nstandard: " KIT_STANDARD "\nmethod: talk\nquestions:\n");
	const char *question = kit_question(e->id, e->ksb[0] == 'K' ? "T-1" : "T-2", e->ksb, NULL);
	const char *about = strstr(question, "about ");
	kb_buf_printf(&text, "%.*sabout day %d of %s", (int)(about - question), question, (int)today, about + 6);
	kit_write("edit.yaml", kb_buf_string(&text));
	kit_actor = "writer-1";
	kit_must("question edit", "{\"path\":\"edit.yaml\"}");
	e->newest++;
	if (below(3) == 0) return; /* a draft that waits: the approved version stays drawable */
	kit_must("question submit", kb_arena_printf(kit_arena, "{\"ids\":\"%s\"}", e->id));
	approve(e, e->newest);
}

static void live_a_day(void)
{
	entry *e = &book[below(ITEMS)];
	switch (below(12)) {
	case 0: edit(e); break;
	case 1:
		if (e->suspended) approve(e, e->approved);
		else if (e->approved_on < today) {
			kit_actor = "bob";
			kit_must("question suspend", kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"reason\":\"leak\",\"version\":%d}", e->id, e->approved));
			e->suspended = true;
		}
		break;
	default: break;
	}
	/* The yearly review reaches most in time; some lapse and are caught up with later. */
	for (int i = 0; i < ITEMS; i++)
		if (!book[i].suspended && book[i].lapses_on <= today + 20 && below(8) == 0) approve(&book[i], book[i].approved);
}

static entry *entry_of(const char *id)
{
	for (int i = 0; i < ITEMS; i++)
		if (strcmp(book[i].id, id) == 0) return &book[i];
	cr_assert_fail("%s is in no book", id);
	return NULL;
}

static void check_drawn(void)
{
	const kb_node *questions = kb_node_get(kit_call.result, "questions");
	for (size_t i = 0; i < questions->count; i++) {
		const entry *e = entry_of(kb_node_get_text(questions->items[i], "id", ""));
		int64_t version = kb_node_get_int(questions->items[i], "version", 0);
		cr_assert_eq(version, e->approved, "%s on %s: version %d was drawn, %d is approved", e->id, kit_day, (int)version, e->approved);
		cr_assert(!e->suspended, "%s was suspended on %s", e->id, kit_day);
		cr_assert(e->approved_on <= today && today < e->lapses_on, "%s had lapsed on %s", e->id, kit_day);
		drawn_after_edit += version > 1;
	}
	papers++;
	lapsed_left_out += kb_node_get_int(kb_node_get(kit_call.result, "pool"), "left_out", 0) > 0;
}

static void draw(int candidate)
{
	kit_actor = "operations-1";
	const char *reference = kb_arena_printf(kit_arena, "C-%d", candidate);
	kb_status status = kit_draw(reference, candidates[candidate].sittings ? "resit" : "first");
	if (status == KB_OK) {
		check_drawn();
		candidates[candidate].sittings++;
		candidates[candidate].last = today;
		return;
	}
	cr_assert_eq(status, KB_REFUSED, "%s: %s", reference, kit_err.message);
	refusals++;
}

static void draw_some(void)
{
	if (candidate_count < CANDIDATES_MOST) draw(candidate_count++);
	int back = (int)below((uint32_t)candidate_count);
	if (below(3) == 0 && candidates[back].sittings == 1 && candidates[back].last < today) draw(back);
}

static void change_key(void)
{
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	cr_assert_eq(kb_store_open("store", 1000, &store, &kit_err), KB_OK, "%s", kit_err.message);
	cr_assert_eq(kb_store_sign_key_new(store, NULL, &kit_err), KB_OK, "%s", kit_err.message);
}

static void open_books(void)
{
	static const char *const codes[] = { "K1", "K2", "S1" };
	for (int i = 0; i < ITEMS; i++) {
		entry *e = &book[i];
		snprintf(e->ksb, sizeof e->ksb, "%s", codes[i / EACH]);
		snprintf(e->id, sizeof e->id, "Q-%s-%d", e->ksb, i % EACH + 1);
		e->newest = 1;
		keep_book(e, 1);
	}
}

Test(years, every_paper_holds_after_three_years)
{
	kb_day start;
	cr_assert_eq(kb_date_parse("2026-01-05", &start, &kit_err), KB_OK);
	set_day(start);
	kit_fill(EACH, "reserve: 1\n");
	kit_must("standard decide", "{\"standard\":\"" KIT_STANDARD "\",\"ksb\":\"K2\",\"wording\":\"plan\",\"by\":\"Head\",\"reason\":\"r\"}");
	open_books();
	for (kb_day day = start + 1; day < kb_date_add_months(start, MONTHS); day++) {
		if (day == kb_date_add_months(start, MONTHS / 2)) change_key();
		set_day(day);
		live_a_day();
		draw_some();
	}
	cr_assert_geq(papers, PAPERS_LEAST, "only %d papers", papers);
	cr_assert(refusals > 0 || lapsed_left_out > 50, "nothing was ever left out");
	cr_assert_gt(drawn_after_edit, 300);
	cr_assert_gt(lapsed_left_out, 300);
	kit_actor = "auditor-1";
	kit_must("audit verify", "{}");
	kit_must("paper verify", "{}");
	cr_assert_eq(kit_int("count"), papers);
}
