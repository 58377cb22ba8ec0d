/* The yearly review: what lapses when and for whom, what that leaves, and the review of a whole bank until it is signed off. */
#include "kit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "app/audit_verify.h"
#include "base/str.h"

TestSuite(review, .init = kit_set_up, .fini = kit_tear_down);

#define TALK "\"standard\":\"" KIT_STANDARD "\",\"method\":\"talk\""
#define OPEN "{" TALK ",\"due\":\"2027-12-31\",\"reason\":\"yearly review\"}"

static const char *one(const char *query)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	cr_assert_eq(sqlite3_open("store", &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, query, -1, &stmt, NULL), SQLITE_OK, "%s: %s", sqlite3_errmsg(db), query);
	const char *text = sqlite3_step(stmt) == SQLITE_ROW ? kb_arena_text(kit_arena, (const char *)sqlite3_column_text(stmt, 0)) : NULL;
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text ? text : "";
}

static void change(const char *text)
{
	sqlite3 *db = NULL;
	cr_assert_eq(sqlite3_open("store", &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sqlite3_errmsg(db), text);
	sqlite3_close(db);
}

static void as(const char *actor, const char *op, const char *arguments)
{
	kit_actor = actor;
	kit_must(op, arguments);
}

static void refused(const char *actor, const char *op, const char *arguments, kb_status status, const char *id)
{
	const char *before = kit_state();
	kit_actor = actor;
	cr_assert_eq(kit_run(op, arguments), status, "%s: %s", op, kit_err.message);
	cr_assert_str_eq(kit_err.id, id, "%s: %s", op, kit_err.message);
	cr_assert(kit_err.hint[0], "no way out from: %s", kit_err.message);
	cr_assert_str_eq(before, kit_state(), "%s changed the store", op);
}

static const kb_node *list(const char *key)
{
	return kb_node_get(kit_call.result, key);
}

static const kb_node *entry(const char *key, const char *name, const char *value)
{
	const kb_node *all = list(key);
	for (size_t i = 0; i < all->count; i++)
		if (kb_str_equal(kb_node_get_text(all->items[i], name, NULL), value)) return all->items[i];
	return NULL;
}

static void approve(const char *actor, const char *ids)
{
	kit_write("checklist.yaml", "ksbs: yes, holds under both\ndemand: yes\nclarity: yes\nfairness: yes\nduplicates: yes\ndescriptors: yes\ntime: \"yes\"\n");
	as(actor, "question approve", kb_arena_printf(kit_arena, "{\"ids\":\"%s\",\"checklist\":\"checklist.yaml\",\"reason\":\"r\"}", ids));
}

/* Three questions on each KSB by writer-1, approved by r-1 on KIT_DAY; six on K1 by r-1 and r-2, approved by r-3. */
static void fill(void)
{
	kit_write_bank(3, NULL);
	kit_must("store init", "{}");
	kit_must("bank import", "{\"path\":\"bank\",\"approved-by\":\"r-1\"}");
	for (int i = 1; i <= 6; i++) {
		kit_write("more.yaml", kit_questions(kb_arena_printf(kit_arena, "Q-M-%d", i), i % 2 ? "r-1" : "R-2"));
		kit_must("bank import", "{\"path\":\"more.yaml\",\"approved-by\":\"r-3\"}");
	}
	as("boss", "user add", "{\"name\":\"boss\",\"role\":\"admin\"}");
	for (int i = 1; i <= 3; i++) kit_must("user add", kb_arena_printf(kit_arena, "{\"name\":\"r-%d\",\"role\":\"reviewer\"}", i));
	kit_must("user add", "{\"name\":\"w\",\"role\":\"writer\"}");
}

Test(review, what_is_due_for_whom)
{
	fill();
	kit_day = "2027-03-01";
	approve("r-2", "Q-K1-1,Q-K1-2");
	kit_day = "2027-10-01";
	as("w", "review due", "{" TALK ",\"within\":51}");
	cr_assert_eq(kit_int("count"), 0);
	kit_must("review due", "{" TALK ",\"within\":52}");
	cr_assert_eq(kit_int("count"), 13, "all but the two that were approved again");
	cr_assert_str_eq(kb_node_get_text(entry("due", "id", "Q-K1-3"), "reviewer", ""), "r-1");
	cr_assert_str_eq(kb_node_get_text(entry("due", "id", "Q-M-1"), "reviewer", ""), "r-3");
	kit_day = "2027-11-22";
	kit_must("review due", "{" TALK ",\"within\":200}");
	cr_assert_eq(kit_int("count"), 15);
	cr_assert_eq(kit_int("lapsed"), 13, "the day that it lapses on is the first one without it");
	cr_assert_str_eq(kb_node_get_text(list("due")->items[14], "lapses_on", ""), "2028-03-01", "by date");
	as("boss", "user leave", "{\"name\":\"r-3\"}");
	kit_must("review due", "{" TALK "}");
	cr_assert_str_eq(kb_node_get_text(entry("due", "id", "Q-M-1"), "reviewer", "?"), "", "r-3 left, and r-1 wrote it");
	cr_assert_eq(kit_int("nobody"), 6);
	kit_must("review due", "{" TALK ",\"for\":\"R-1\"}");
	cr_assert_eq(kit_int("count"), 7);
	as("boss", "review open", OPEN);
	kit_must("review hand", "{\"campaign\":\"R-0001\",\"to\":\"r-2\",\"theme\":\"T-2\"}");
	approve("r-1", "Q-S1-1");
	kit_must("review due", "{" TALK ",\"within\":400}");
	cr_assert_str_eq(kb_node_get_text(entry("due", "id", "Q-S1-2"), "reviewer", ""), "r-2", "it is handed to them");
	cr_assert_str_eq(kb_node_get_text(entry("due", "id", "Q-S1-1"), "reviewer", ""), "r-1", "that was reviewed");
	as("r-1", "question suspend", "{\"ids\":\"Q-K1-3\",\"reason\":\"r\"}");
	kit_must("review due", "{" TALK ",\"for\":\"r-1\"}");
	cr_assert_eq(kit_int("count"), 3, "what is suspended waits for no date");
}

static int64_t capacity_on(const char *day)
{
	kit_day = day;
	kb_status status = kit_run("bank capacity", "{" TALK "}");
	cr_assert(status == KB_OK || (status == KB_REFUSED && strcmp(kit_err.id, "pool.lapsed") == 0), "%s", kit_err.message);
	return status == KB_OK ? kit_int("capacity") : 0;
}

Test(review, the_forecast_is_the_capacity_of_each_day)
{
	static const char *const wanted[] = { "on 22 November 2027 the talk falls from 3 papers with nothing shared to 2",
		"on 10 January 2028 the talk stays at 2 papers with nothing shared", "on 1 March 2028 the talk falls from 2 papers with nothing shared to 1",
		"on 1 April 2028 the talk falls from 1 paper with nothing shared to none" };
	fill();
	kit_day = "2027-01-10";
	approve("r-2", "Q-K1-1");
	kit_day = "2027-03-01";
	approve("r-2", "Q-K1-2,Q-K2-2,Q-S1-2");
	kit_day = "2027-04-01";
	approve("r-2", "Q-K1-3,Q-K2-3,Q-S1-3");
	as("w", "review forecast", "{" TALK "}");
	kb_node *dates = kb_node_get(kit_call.result, "dates");
	cr_assert_eq(kit_int("capacity"), 3);
	cr_assert_str_eq(kit_text("none_on"), "2028-04-01");
	cr_assert_eq(dates->count, 4);
	struct {
		const char *day;
		int64_t capacity, remain;
	} seen[4];
	for (size_t i = 0; i < 4; i++) {
		cr_assert_str_eq(kb_node_get_text(dates->items[i], "words", ""), wanted[i]);
		seen[i].day = kb_arena_text(kit_arena, kb_node_get_text(dates->items[i], "date", ""));
		seen[i].capacity = kb_node_get_int(dates->items[i], "capacity", -1);
		seen[i].remain = kb_node_get_int(dates->items[i], "remain", -1);
	}
	for (size_t i = 0; i < 4; i++) {
		cr_assert_eq(capacity_on(seen[i].day), seen[i].capacity, "%s", seen[i].day);
		cr_assert_eq(kit_err.id[0] ? 0 : kit_int("eligible"), seen[i].remain, "%s", seen[i].day);
	}
	kit_day = "2028-06-01";
	as("w", "review forecast", "{" TALK "}");
	cr_assert_str_eq(kit_text("none_on"), "2028-06-01", "it is so today");
}

Test(review, nobody_is_handed_what_they_wrote)
{
	fill();
	as("boss", "review open", OPEN);
	cr_assert_eq(kit_int("items"), 15);
	refused("boss", "review open", OPEN, KB_EXISTS, "campaign.open");
	refused("r-1", "review hand", "{\"campaign\":\"R-0001\",\"to\":\"w\"}", KB_REFUSED, "hand.role");
	refused("r-1", "review hand", "{\"campaign\":\"R-0001\",\"theme\":\"T-9\"}", KB_NOT_FOUND, "hand.theme");
	refused("w", "review hand", "{\"campaign\":\"R-0001\"}", KB_DENIED, "permission");
	as("r-1", "review hand", "{\"campaign\":\"R-0001\"}");
	cr_assert_eq(kit_int("count"), 15);
	cr_assert_eq(list("refused")->count, 0);
	for (size_t i = 0; i < 3; i++) cr_assert_eq(kb_node_get_int(list("handed")->items[i], "count", 0), 5, "evenly");
	static const char own[] = "SELECT count(*) FROM campaign_item c JOIN item_version v ON v.id = c.version_id WHERE lower(c.reviewer) = lower(v.author)";
	cr_assert_str_eq(one(own), "0");
	refused("r-1", "review hand", "{\"campaign\":\"R-0001\"}", KB_REFUSED, "hand.nothing");
	/* Of r-3's some are by r-1, who can have the others only. */
	as("r-1", "review hand", "{\"campaign\":\"R-0001\",\"from\":\"r-3\",\"to\":\"r-1\"}");
	int64_t given = kit_int("count");
	cr_assert_eq(given + (int64_t)list("refused")->count, 5);
	cr_assert_gt(list("refused")->count, 0);
	cr_assert_str_eq(one(own), "0");
	as("boss", "user leave", "{\"name\":\"r-2\"}");
	as("boss", "user leave", "{\"name\":\"r-3\"}");
	as("boss", "review hand", "{\"campaign\":\"R-0001\"}"); /* what those who left had */
	refused("boss", "review hand", "{\"campaign\":\"R-0001\"}", KB_REFUSED, "hand.own");
	as("boss", "review progress", "{\"campaign\":\"R-0001\"}");
	cr_assert_eq(kit_int("open"), 15);
	cr_assert_eq(kb_node_get_int(entry("people", "person", "r-1"), "open", 0), 12, "all but the three that r-1 wrote");
}

Test(review, the_queue_is_what_waits_for_a_person)
{
	fill();
	kit_write("new.yaml", kit_questions("Q-N-1", "w"));
	as("w", "question new", "{\"path\":\"new.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-N-1\"}");
	kit_write("new.yaml", kit_questions("Q-N-2", "boss"));
	as("boss", "question new", "{\"path\":\"new.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-N-2\"}");
	kit_must("review queue", "{}");
	cr_assert_eq(kit_int("count"), 1, "nobody's own waits for them");
	as("boss", "review open", "{" TALK ",\"due\":\"2026-12-01\",\"reason\":\"r\"}");
	kit_must("review hand", "{\"campaign\":\"R-0001\",\"to\":\"r-2\",\"theme\":\"T-2\"}");
	as("r-2", "review queue", "{}");
	cr_assert_eq(kit_int("count"), 5);
	cr_assert_str_eq(kb_node_get_text(list("queue")->items[0], "due", ""), "2026-12-01");
	cr_assert_str_eq(kb_node_get_text(list("queue")->items[3], "why", ""), "submitted", "what is due comes first");
	as("w", "review queue", "{}");
	cr_assert_eq(kit_int("count"), 0, "a writer reviews nothing");
	as("w", "review queue", "{\"for\":\"r-1\"}");
	cr_assert_eq(kit_int("count"), 2);
	kit_day = "2026-11-23";
	approve("r-1", "Q-S1-1");
	as("r-2", "review queue", "{}");
	cr_assert_eq(kit_int("count"), 4, "somebody else did it");
	refused("w", "review queue", "{\"for\":\"nobody\"}", KB_NOT_FOUND, "person.none");
}

#define CLOSE "{\"campaign\":\"%s\",\"statement\":\"It is fit.\"%s}"

static void close_review(const char *campaign, const char *more)
{
	as("boss", "review close", kb_arena_printf(kit_arena, CLOSE, campaign, more));
}

/* Each count of the certificate by a query of its own. */
static void expect_counts(const kb_node *certificate)
{
	static const struct {
		const char *key, *condition;
	} states[] = { { "in_force", "state = 'approved' AND lapses_on > '%s'" }, { "lapsed", "state = 'approved' AND lapses_on <= '%s'" },
		{ "suspended", "state = 'suspended' AND '%s' > ''" }, { "retired", "state = 'retired' AND '%s' > ''" },
		{ "not_approved", "coalesce(state, 'draft') IN ('draft', 'submitted', 'returned') AND '%s' > ''" } };
	const kb_node *themes = kb_node_get(certificate, "themes");
	cr_assert_eq(themes->count, 2);
	for (size_t t = 0; t < themes->count; t++)
		for (size_t s = 0; s < KB_COUNT(states); s++) {
			const char *theme = kb_node_get_text(themes->items[t], "theme", "");
			const char *condition = kb_arena_printf(kit_arena, states[s].condition, kit_day);
			const char *wanted = one(kb_arena_printf(kit_arena,
				"SELECT count(*) FROM (SELECT v.theme, (SELECT state FROM move m WHERE m.version_id = v.id ORDER BY m.id DESC LIMIT 1) AS state,"
				" (SELECT max(lapses_on) FROM move m WHERE m.version_id = v.id) AS lapses_on FROM item i JOIN item_version v ON v.id = ("
				"SELECT w.id FROM item_version w WHERE w.item_id = i.id ORDER BY EXISTS (SELECT 1 FROM move m WHERE m.version_id = w.id"
				" AND m.state = 'approved') DESC, w.number DESC LIMIT 1)) WHERE theme = '%s' AND %s", theme, condition));
			cr_assert_eq(kb_node_get_int(themes->items[t], states[s].key, -1), atoi(wanted), "%s %s", theme, states[s].key);
		}
}

static const kb_node *certificate_of(const char *campaign)
{
	as("w", "review certificate", kb_arena_printf(kit_arena, "{\"campaign\":\"%s\"}", campaign));
	const kb_node *certificate = kit_json(kb_arena_text(kit_arena, one(kb_arena_printf(kit_arena,
		"SELECT certificate FROM campaign_close x JOIN campaign c ON c.id = x.campaign_id WHERE c.key = '%s'", campaign))));
	expect_counts(certificate);
	return certificate;
}

static const char *joined(const kb_node *texts)
{
	kb_buf out = { .arena = kit_arena };
	for (size_t i = 0; i < texts->count; i++) kb_buf_printf(&out, "%s%s", i ? " " : "", texts->items[i]->text);
	return kb_buf_string(&out);
}

Test(review, it_is_closed_when_all_is_reviewed)
{
	fill();
	cr_assert_eq(kit_draw("AP-1", "first"), KB_OK, "%s", kit_err.message);
	as("boss", "review open", OPEN);
	as("boss", "review progress", "{\"campaign\":\"R-0001\"}");
	cr_assert_eq(kit_int("reviewed"), 0, "what was approved earlier on the day doesn't count");
	kit_day = "2026-11-21";
	refused("boss", "review progress", "{\"campaign\":\"R-0001\"}", KB_REFUSED, "campaign.time");
	kit_day = "2027-01-10";
	approve("r-1", "Q-K1-1,Q-K1-2,Q-K1-3,Q-K2-1,Q-K2-2,Q-K2-3,Q-S1-1,Q-S1-2");
	approve("r-3", "Q-M-1,Q-M-2,Q-M-3,Q-M-4,Q-M-5");
	as("r-3", "question retire", "{\"ids\":\"Q-M-6\",\"reason\":\"r\"}");
	refused("boss", "review close", kb_arena_printf(kit_arena, CLOSE, "R-0001", ""), KB_REFUSED, "campaign.unreviewed");
	refused("boss", "review close", kb_arena_printf(kit_arena, CLOSE, "R-0001", ",\"with-open\":true"), KB_USAGE, "argument.missing");
	refused("w", "review certificate", "{\"campaign\":\"R-0001\"}", KB_REFUSED, "campaign.open");
	as("r-2", "question suspend", "{\"ids\":\"Q-S1-3\",\"reason\":\"r\"}");
	close_review("R-0001", "");
	refused("boss", "review close", kb_arena_printf(kit_arena, CLOSE, "R-0001", ""), KB_REFUSED, "campaign.closed");
	refused("boss", "review hand", "{\"campaign\":\"R-0001\"}", KB_REFUSED, "campaign.closed");
	const kb_node *certificate = certificate_of("R-0001"), *exposures = kb_node_get(certificate, "exposures");
	const kb_node *reviewers = kb_node_get(certificate, "reviewers");
	cr_assert_eq(reviewers->count, 3);
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(kb_node_get_int(reviewers->items[i], "reviewed", 0), atoi(one(kb_arena_printf(kit_arena,
			"SELECT count(DISTINCT version_id) FROM move WHERE made_on = '2027-01-10' AND made_by = '%s'",
			kb_node_get_text(reviewers->items[i], "person", "")))));
	cr_assert_eq(kb_node_get_int(exposures, "most", -1), 1);
	cr_assert_str_eq(kb_node_get_text(exposures, "median", ""), "0");
	cr_assert_str_eq(kb_node_get_text(kb_node_get(certificate, "changes"), "since", "?"), "");
	cr_assert_str_eq(one("SELECT digest FROM log WHERE sequence = (SELECT max(sequence) FROM log WHERE operation = 'review close') - 1"),
		kb_node_get_text(kb_node_get(certificate, "log"), "head", ""));
	const kb_node *theme = kb_node_get(certificate, "coverage")->items[1], *ksb = kb_node_get(theme, "ksbs")->items[0];
	cr_assert_str_eq(kb_node_get_text(theme, "theme", ""), "T-2");
	cr_assert_eq(kb_node_get_int(ksb, "questions", -1), 2, "one of the three is suspended");
	as("boss", "audit verify", "{}");
}

Test(review, the_next_certificate_says_what_changed)
{
	fill();
	as("boss", "review open", OPEN);
	close_review("R-0001", ",\"with-open\":true,\"reason\":\"it is new\"");
	cr_assert_eq(kit_int("open"), 15);
	kit_day = "2027-01-10";
	kit_write("new.yaml", kit_questions("Q-N-1", "w"));
	as("w", "question new", "{\"path\":\"new.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-N-1\"}");
	approve("r-1", "Q-N-1");
	kit_write("edit.yaml", kit_questions("Q-K1-1", "w"));
	as("w", "question edit", "{\"path\":\"edit.yaml\"}");
	kit_must("question submit", "{\"ids\":\"Q-K1-1\"}");
	approve("r-1", "Q-K1-1");
	as("r-1", "question retire", "{\"ids\":\"Q-K2-1\",\"reason\":\"r\"}");
	kit_day = "2027-11-22";
	as("boss", "review open", OPEN);
	cr_assert_eq(kit_int("items"), 15, "one came, one went");
	close_review("R-0002", ",\"with-open\":true,\"reason\":\"r\"");
	const kb_node *certificate = certificate_of("R-0002"), *changes = kb_node_get(certificate, "changes");
	cr_assert_eq(kb_node_get_int(kb_node_get(certificate, "total"), "lapsed", 0), 13, "the day that they lapse on");
	cr_assert_str_eq(kb_node_get_text(changes, "since", ""), "R-0001");
	cr_assert_str_eq(joined(kb_node_get(changes, "new")), "Q-N-1");
	cr_assert_str_eq(joined(kb_node_get(changes, "edited")), "Q-K1-1");
	cr_assert_str_eq(joined(kb_node_get(changes, "retired")), "Q-K2-1");
}

Test(review, exposures_are_counted_over_what_is_in_force)
{
	static const char issued[] = "SELECT (SELECT count(*) FROM paper_item s WHERE s.item_id = i.id) AS n FROM item i ORDER BY n";
	kit_fill(2, "reserve: 0\n");
	for (int i = 1; i <= 3; i++) cr_assert_eq(kit_draw(kb_arena_printf(kit_arena, "AP-%d", i), "first"), KB_OK, "%s", kit_err.message);
	as("boss", "review open", OPEN);
	close_review("R-0001", ",\"with-open\":true,\"reason\":\"r\"");
	const kb_node *exposures = kb_node_get(certificate_of("R-0001"), "exposures");
	cr_assert_eq(kb_node_get_int(exposures, "most", -1), atoi(one(kb_arena_printf(kit_arena, "%s DESC", issued))));
	cr_assert_eq(atof(kb_node_get_text(exposures, "median", "")), atof(one(kb_arena_printf(kit_arena, "SELECT avg(n) FROM (%s LIMIT 2 OFFSET 2)", issued))));
}

static bool finds_certificate(void)
{
	kb_arena *arena = kb_arena_new((size_t)256 << 20);
	kb_node *findings = kb_node_list(arena);
	kb_log_head head;
	KB_CLEANUP(kb_store_closep) kb_store *store = NULL;
	kb_call call = { .arena = arena, .day_text = KIT_DAY };
	cr_assert_eq(kb_store_open("store", 1000, &store, &kit_err), KB_OK, "%s", kit_err.message);
	call.store = store;
	call.sql = kb_store_sql(store);
	cr_assert_eq(kb_audit_findings(&call, findings, &head, &kit_err), KB_OK, "%s", kit_err.message);
	bool found = false;
	for (size_t i = 0; i < findings->count; i++)
		found |= strcmp(kb_node_get_text(findings->items[i], "id", ""), "audit.certificate") == 0 &&
		         strcmp(kb_node_get_text(findings->items[i], "where", ""), "R-0001") == 0;
	kb_arena_free(arena);
	return found;
}

Test(review, a_changed_certificate_is_found)
{
	static const char *const changes[] = {
		"DROP TRIGGER campaign_close_kept; UPDATE campaign_close SET certificate = replace(certificate, 'It is fit.', 'It is fat.')",
		"DROP TRIGGER campaign_close_kept; UPDATE campaign_close SET digest = printf('%064d', 7)",
		"DROP TRIGGER signature_kept; UPDATE signature SET signature = printf('%0128d', 7) WHERE subject = 'certificate'",
		"DROP TRIGGER signature_stays; DELETE FROM signature WHERE subject = 'certificate'",
	};
	fill();
	as("boss", "review open", OPEN);
	close_review("R-0001", ",\"with-open\":true,\"reason\":\"r\"");
	cr_assert_not(finds_certificate());
	kb_bytes kept = kit_read("store");
	for (size_t i = 0; i < KB_COUNT(changes); i++) {
		cr_assert_eq(kb_file_write("store", kept.data, kept.length, 0600, &kit_err), KB_OK);
		change(changes[i]);
		cr_assert(finds_certificate(), "%s", changes[i]);
		kit_actor = "w";
		cr_assert_eq(kit_run("review certificate", "{\"campaign\":\"R-0001\"}"), KB_CORRUPT, "%s", changes[i]);
		cr_assert_str_eq(kit_err.id, "certificate.changed");
	}
}

/* The schema says it too, whatever the program does. */
Test(review, the_store_keeps_the_rules_of_a_review)
{
	fill();
	as("boss", "review open", OPEN);
	sqlite3 *db = NULL;
	cr_assert_eq(sqlite3_open("store", &db), SQLITE_OK);
	static const char *const own = "INSERT INTO campaign_item (campaign_id, item_id, version_id, reviewer, handed_by, handed_on)"
		" SELECT 1, item_id, id, 'WRITER-1', 'x', '2026-11-22' FROM item_version WHERE author = 'writer-1' LIMIT 1";
	static const char *const second = "INSERT INTO campaign (standard, method, due_on, reason, after_move, opened_by, opened_on)"
		" SELECT standard, method, due_on, reason, 0, 'x', opened_on FROM campaign";
	cr_assert_neq(sqlite3_exec(db, own, NULL, NULL, NULL), SQLITE_OK);
	cr_assert_not_null(strstr(sqlite3_errmsg(db), "campaign.own"));
	cr_assert_neq(sqlite3_exec(db, second, NULL, NULL, NULL), SQLITE_OK);
	cr_assert_not_null(strstr(sqlite3_errmsg(db), "campaign.open"));
	sqlite3_close(db);
}

Test(review, the_calendar_has_an_event_for_each_day_and_reviewer)
{
	fill();
	kit_day = "2027-03-01";
	approve("r-2", "Q-K1-1,Q-K1-2");
	as("w", "review calendar", "{" TALK ",\"output\":\"review.ics\"}");
	cr_assert_eq(kit_int("events"), 3);
	cr_assert_eq(kit_int("count"), 15);
	const char *text = kit_read("review.ics").data;
	cr_assert_not_null(strstr(text, "UID:review ST9999/1.0 talk 2028-03-01 r-2@ksbank\r\nDTSTAMP:20261122T101500Z\r\nDTSTART;VALUE=DATE:20280301\r\n"));
	cr_assert_not_null(strstr(text, "SUMMARY:2 approvals of ST9999/1.0 talk lapse\\, for r-2\r\n"));
	cr_assert_null(strstr(text, "What would you do"), "no question text");
	kit_must("review calendar", "{" TALK ",\"output\":\"again.ics\"}");
	cr_assert_str_eq(text, kit_read("again.ics").data);
}
