/* review open, hand, progress, list: the review of a whole bank until it is signed off (review_certificate.c). */
#include "app/ops.h"

#include <string.h>

#include "app/review.h"

kb_status kb_campaign_find(kb_call *call, const char *key, kb_q_campaign_all_row *campaign, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count = 0;
	int64_t id;
	bool named = strncmp(key, "R-", 2) == 0 && kb_str_to_int(key + 2, &id) && id > 0;
	if (named)
		KB_TRY(kb_q_campaign_all(call->sql, call->arena, (kb_sql_int) { true, id }, NULL, NULL, &rows, &count, err));
	if (count == 0) {
		kb_fail(err, KB_NOT_FOUND, "campaign.none", "there is no review %.40s", key);
		return kb_hint(err, "a review's id looks like R-0001; see them with: ksbank review list");
	}
	*campaign = rows[0];
	return KB_OK;
}

kb_status kb_campaign_load(kb_call *call, const char *key, kb_campaign *campaign, kb_err *err)
{
	kb_q_review_items_row *rows;
	kb_q_campaign_all_row *row = &campaign->row;
	KB_TRY(kb_campaign_find(call, key, row, err));
	if (row->close.set) {
		kb_fail(err, KB_REFUSED, "campaign.closed", "%s was signed off on %s", row->key, row->closed_on);
		return kb_hint(err, "see what was found: ksbank review certificate %s", row->key);
	}
	if (strcmp(row->opened_on, call->day_text) > 0) {
		kb_fail(err, KB_REFUSED, "campaign.time", "%s was opened on %s, which is later than %s", row->key,
			row->opened_on, call->day_text);
		return kb_hint(err, "give that day or a later one with --date");
	}
	KB_TRY(kb_q_review_items(
		call->sql, call->arena, row->standard, row->method, call->day_text, &rows, &campaign->bank_count, err));
	campaign->bank = rows;
	campaign->items = kb_arena_array(call->arena, campaign->bank_count, sizeof *campaign->items);
	if (!campaign->items) return kb_arena_check(call->arena, err);
	campaign->count = 0;
	for (size_t i = 0; i < campaign->bank_count; i++)
		if (rows[i].campaign.set) campaign->items[campaign->count++] = &rows[i];
	return KB_OK;
}

/* Open. */

static kb_status check_due(const kb_call *call, const char *due, kb_err *err)
{
	kb_day day;
	if (kb_date_parse(due, &day, err) != KB_OK) return err->status = KB_USAGE;
	if (day >= call->day) return KB_OK;
	kb_fail(err, KB_USAGE, "argument", "--due is %s, which is over on %s", due, call->day_text);
	return kb_hint(err, "give the day by which the review is to be done");
}

static kb_status check_none_open(kb_call *call, const char *standard, const char *method, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count;
	KB_TRY(kb_q_campaign_all(call->sql, call->arena, (kb_sql_int) { 0 }, standard, method, &rows, &count, err));
	if (count == 0 || rows[count - 1].close.set) return KB_OK;
	kb_fail(err, KB_EXISTS, "campaign.open", "%s of %s, %s, is open since %s", rows[count - 1].key, standard, method,
		rows[count - 1].opened_on);
	return kb_hint(err, "a method has one review open at a time; see: ksbank review progress %s", rows[count - 1].key);
}

static kb_status add_items(kb_call *call, int64_t campaign, const char *standard, const char *method, kb_err *err)
{
	kb_q_review_items_row *rows;
	size_t count;
	int64_t added = 0;
	KB_TRY(kb_q_review_items(call->sql, call->arena, standard, method, call->day_text, &rows, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].state, "approved") != 0) continue;
		KB_TRY(kb_q_campaign_item_add(
			call->sql, campaign, rows[i].item, rows[i].version_id, NULL, call->actor, call->day_text, NULL, err));
		added++;
	}
	kb_node_set_int(call->arena, call->result, "items", added);
	if (added) return KB_OK;
	kb_fail(err, KB_REFUSED, "campaign.empty", "%s of %s has nothing that was approved, so there is nothing to review",
		method, standard);
	return kb_hint(err, "see what there is: ksbank question list %s %s", standard, method);
}

static kb_status run_open(kb_call *call, kb_err *err)
{
	const char *standard = kb_call_text(call, "standard"), *method = kb_call_text(call, "method"),
			   *due = kb_call_text(call, "due");
	KB_TRY(kb_review_subject(call, standard, method, err));
	KB_TRY(check_due(call, due, err));
	KB_TRY(check_none_open(call, standard, method, err));
	KB_TRY(kb_q_campaign_add(
		call->sql, standard, method, due, kb_call_text(call, "reason"), call->actor, call->day_text, NULL, err));
	int64_t id = kb_sql_last_id(call->sql);
	KB_TRY(add_items(call, id, standard, method, err));
	const char *key = kb_arena_printf(call->arena, "R-%04lld", (long long)id);
	kb_node_set_text(call->arena, call->result, "campaign", key);
	kb_node_set_text(call->arena, call->result, "standard", standard);
	kb_node_set_text(call->arena, call->result, "method", method);
	kb_node_set_text(call->arena, call->result, "due", due);
	kb_node_set_text(call->arena, call->effects, "campaign", key);
	return KB_OK;
}

static const kb_arg open_args[] = {
	{ "standard", KB_ARG_TEXT, .place = true, .required = true, .help = "its key, as in ST0648/1.0" },
	{ "method", KB_ARG_TEXT, .place = true, .required = true, .help = "as in professional-discussion" },
	{ "due", KB_ARG_TEXT, .required = true, .help = "the day by which it is to be done, as in 2027-02-15" },
	{ "reason", KB_ARG_TEXT, .required = true, .help = "why now: the yearly review, a change of the law" },
};

const kb_op kb_op_review_open = {
	.name = "review open",
	.summary = "Open the review of a method's whole bank",
	.help =
		"Takes in every question and theme of the method that is approved, lapsed or not. Hand them out with review\n"
		"hand; each is reviewed by approving it anew (an edited version of it will do), suspending or retiring it;\n"
		"then sign the whole off with review close.\n\n"
		"    ksbank review open ST0648/1.0 professional-discussion --due 2027-02-15 --reason \"yearly review\"",
	.permission = KB_MAY_RUN_REVIEW,
	.store = KB_OP_WRITES,
	.args = open_args,
	.arg_count = KB_COUNT(open_args),
	.run = run_open,
	.screen = "review-open",
	.answer = "campaign: its id, as in R-0001; standard, method, due; items: how many are under review",
};

/* Hand out. */

typedef struct share {
	const char *person;
	size_t load; /* what they have open in this review, and get now */
	kb_node *ids;
} share;

typedef struct handing {
	kb_call *call;
	kb_campaign campaign;
	kb_reviewers reviewers;
	share *shares; /* of those who can be given something */
	size_t share_count;
	size_t given, most;
	kb_node *refused;
} handing;

static bool is_held_by(const kb_q_review_items_row *item, const char *person)
{
	return item->handed_to && kb_str_equal_fold(item->handed_to, person);
}

/* With --from what that person still holds; else what nobody holds, or somebody who may no longer review. */
static bool is_asked_for(const handing *h, const kb_q_review_items_row *item)
{
	const char *from = kb_call_text(h->call, "from"), *theme = kb_call_text(h->call, "theme");
	if (item->reviewed || (theme && strcmp(kb_review_theme(item), theme) != 0)) return false;
	return from ? is_held_by(item, from) : !kb_reviewers_may(&h->reviewers, item->handed_to);
}

static void add_share(handing *h, const char *person)
{
	share *one = &h->shares[h->share_count++];
	*one = (share) { .person = person, .ids = kb_node_list(h->call->arena) };
	for (size_t i = 0; i < h->campaign.count; i++)
		one->load += !h->campaign.items[i]->reviewed && is_held_by(h->campaign.items[i], person);
}

static kb_status share_with_one(handing *h, const char *to, kb_err *err)
{
	const char *person;
	KB_TRY(kb_review_person(h->call, to, &person, err));
	if (!kb_reviewers_may(&h->reviewers, person)) {
		kb_fail(err, KB_REFUSED, "hand.role", "%.60s may not review", person);
		return kb_hint(err, "give them the role: ksbank user role %.60s --give reviewer", person);
	}
	add_share(h, person);
	return KB_OK;
}

static kb_status share_with_all(handing *h, kb_err *err)
{
	const char *from = kb_call_text(h->call, "from");
	for (size_t i = 0; i < h->reviewers.count; i++) {
		const kb_reviewer *one = &h->reviewers.list[i];
		if (one->roles >> KB_ROLE_REVIEWER & 1 && !(from && kb_str_equal_fold(one->name, from)))
			add_share(h, one->name);
	}
	if (h->share_count) return KB_OK;
	kb_fail(err, KB_REFUSED, "hand.nobody", "there is nobody with the role of a reviewer to hand anything to");
	return kb_hint(err, "add one: ksbank user add NAME --role reviewer; or name the person with --to");
}

static kb_status prepare(handing *h, kb_err *err)
{
	kb_call *call = h->call;
	const char *to = kb_call_text(call, "to"), *from = kb_call_text(call, "from"), *theme = kb_call_text(call, "theme");
	bool known = !theme;
	KB_TRY(kb_campaign_load(call, kb_call_text(call, "campaign"), &h->campaign, err));
	KB_TRY(kb_reviewers_load(call, &h->reviewers, err));
	for (size_t i = 0; i < h->campaign.count; i++)
		known |= theme && strcmp(kb_review_theme(h->campaign.items[i]), theme) == 0;
	if (!known) {
		kb_fail(err, KB_NOT_FOUND, "hand.theme", "nothing of %s is of the theme %.60s", h->campaign.row.key, theme);
		return kb_hint(err, "see what is left: ksbank review progress %s", h->campaign.row.key);
	}
	if (from) KB_TRY(kb_review_person(call, from, &from, err));
	h->shares = kb_arena_array(call->arena, h->reviewers.count + 1, sizeof *h->shares);
	if (!h->shares) return kb_arena_check(call->arena, err);
	h->most = kb_call_int(call, "count") ? (size_t)kb_call_int(call, "count") : h->campaign.count;
	return to ? share_with_one(h, to, err) : share_with_all(h, err);
}

/* Of those who did not write it, who has least to do. */
static share *share_for(const handing *h, const kb_q_review_items_row *item)
{
	share *best = NULL;
	for (share *one = h->shares; one < h->shares + h->share_count; one++)
		if (!kb_str_equal_fold(one->person, item->author) && (!best || one->load < best->load)) best = one;
	return best;
}

static bool is_by_a_sharer(const handing *h, const kb_q_review_items_row *item)
{
	for (size_t i = 0; i < h->share_count; i++)
		if (kb_str_equal_fold(h->shares[i].person, item->author)) return true;
	return false;
}

static kb_status give(handing *h, const kb_q_review_items_row *item, kb_err *err)
{
	kb_call *call = h->call;
	share *to = share_for(h, item);
	if (!to) {
		kb_node *entry = kb_node_add(call->arena, h->refused, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", item->key);
		kb_node_set_text(call->arena, entry, "reason",
			kb_arena_printf(call->arena, "%s wrote it, and nobody reviews what they wrote", item->author));
		return KB_OK;
	}
	to->load++;
	h->given++;
	kb_node_add(call->arena, to->ids, kb_node_text(call->arena, item->key));
	return kb_q_campaign_item_add(call->sql, h->campaign.row.id, item->item, item->version_id, to->person, call->actor,
		call->day_text, NULL, err);
}

/* What one of them wrote goes first, so that the rest can make the shares even. */
static kb_status give_all(handing *h, kb_err *err)
{
	h->refused = kb_node_set(h->call->arena, h->call->result, "refused", kb_node_list(h->call->arena));
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < h->campaign.count && h->given < h->most; i++) {
			const kb_q_review_items_row *item = h->campaign.items[i];
			if (is_asked_for(h, item) && is_by_a_sharer(h, item) == own) KB_TRY(give(h, item, err));
		}
	if (h->given) return KB_OK;
	if (h->refused->count == 0) {
		kb_fail(err, KB_REFUSED, "hand.nothing", "nothing of %s that was asked for waits to be handed out",
			h->campaign.row.key);
		return kb_hint(err, "see who has what: ksbank review progress %s; hand on what somebody has with --from",
			h->campaign.row.key);
	}
	const kb_node *first = h->refused->items[0];
	kb_fail(err, KB_REFUSED, "hand.own", "%zu can't be given away, %s first: %s", h->refused->count,
		kb_node_get_text(first, "id", ""), kb_node_get_text(first, "reason", ""));
	return kb_hint(
		err, "hand them to somebody else with --to, or add a reviewer: ksbank user role NAME --give reviewer");
}

static kb_status run_hand(kb_call *call, kb_err *err)
{
	handing h = { .call = call };
	kb_arena *arena = call->arena;
	KB_TRY(prepare(&h, err));
	KB_TRY(give_all(&h, err));
	kb_node *list = kb_node_set(arena, call->result, "handed", kb_node_list(arena));
	for (size_t i = 0; i < h.share_count; i++) {
		kb_node *entry = kb_node_add(arena, list, kb_node_map(arena));
		kb_node_set_text(arena, entry, "person", h.shares[i].person);
		kb_node_set_int(arena, entry, "count", (int64_t)h.shares[i].ids->count);
		kb_node_set_int(arena, entry, "open", (int64_t)h.shares[i].load);
		kb_node_set(arena, entry, "ids", h.shares[i].ids);
	}
	kb_node_set_text(arena, call->result, "campaign", h.campaign.row.key);
	kb_node_set_text(arena, call->result, "due", h.campaign.row.due_on);
	kb_node_set_int(arena, call->result, "count", (int64_t)h.given);
	kb_node_set_text(arena, call->effects, "campaign", h.campaign.row.key);
	kb_node_set_int(arena, call->effects, "count", (int64_t)h.given);
	return KB_OK;
}

#define CAMPAIGN                                                                                                       \
	{                                                                                                                  \
		"campaign", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in R-0001"                       \
	}

static const kb_arg hand_args[] = {
	CAMPAIGN,
	{ "to", KB_ARG_TEXT, .help = "who gets them; without it they are spread evenly over all reviewers" },
	{ "from", KB_ARG_TEXT, .help = "hand on what this person has and has not reviewed" },
	{ "theme", KB_ARG_TEXT, .help = "only those of this grading theme" },
	{ "count", KB_ARG_INT, .help = "only so many" },
};

const kb_op kb_op_review_hand = {
	.name = "review hand",
	.summary = "Hand out what is under review, so that nobody gets what they wrote",
	.help =
		"Takes what nobody has yet, and what was given to somebody who may no longer review. What can't be given away\n"
		"is named: its author is the only one left.\n\n"
		"    ksbank review hand R-0001\n"
		"    ksbank review hand R-0001 --to j.smith --theme PD-2",
	.permission = KB_MAY_RUN_REVIEW,
	.store = KB_OP_WRITES,
	.args = hand_args,
	.arg_count = KB_COUNT(hand_args),
	.run = run_hand,
	.screen = "review-hand",
	.answer =
		"campaign, due, count: handed out now; handed: list of {person, count, ids, open: all that they have to do "
		"in this review}; refused: list of {id, reason}",
};

/* Progress. */

typedef struct tally {
	const char *person;
	int64_t handed, reviewed;
} tally;

static tally *tally_of(tally *list, size_t *count, const char *person)
{
	for (size_t i = 0; i < *count; i++)
		if (kb_str_equal_fold(list[i].person, person)) return &list[i];
	list[*count] = (tally) { .person = person };
	return &list[(*count)++];
}

static kb_status add_people(kb_call *call, const kb_campaign *campaign, kb_err *err)
{
	size_t count = 0;
	tally *tallies = kb_arena_array(call->arena, campaign->count, sizeof *tallies);
	if (!tallies) return kb_arena_check(call->arena, err);
	for (size_t i = 0; i < campaign->count; i++) {
		if (!campaign->items[i]->handed_to) continue;
		tally *one = tally_of(tallies, &count, campaign->items[i]->handed_to);
		one->handed++;
		one->reviewed += campaign->items[i]->reviewed;
	}
	kb_node *list = kb_node_set(call->arena, call->result, "people", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "person", tallies[i].person);
		kb_node_set_int(call->arena, entry, "handed", tallies[i].handed);
		kb_node_set_int(call->arena, entry, "reviewed", tallies[i].reviewed);
		kb_node_set_int(call->arena, entry, "open", tallies[i].handed - tallies[i].reviewed);
	}
	return KB_OK;
}

static void add_left(kb_call *call, const kb_campaign *campaign)
{
	kb_node *list = kb_node_set(call->arena, call->result, "left", kb_node_list(call->arena));
	for (size_t i = 0; i < campaign->count; i++) {
		const kb_q_review_items_row *item = campaign->items[i];
		if (item->reviewed) continue;
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "id", item->key);
		kb_node_set_int(call->arena, entry, "version", item->version);
		kb_node_set_text(call->arena, entry, "theme", kb_review_theme(item));
		kb_node_set_text(call->arena, entry, "reviewer", item->handed_to ? item->handed_to : "");
		kb_node_set_text(call->arena, entry, "lapses_on", item->lapses_on);
	}
	kb_node_set_int(call->arena, call->result, "open", (int64_t)list->count);
	kb_node_set_int(call->arena, call->result, "reviewed", (int64_t)(campaign->count - list->count));
}

static kb_status run_progress(kb_call *call, kb_err *err)
{
	kb_campaign campaign;
	KB_TRY(kb_campaign_load(call, kb_call_text(call, "campaign"), &campaign, err));
	kb_node_set_text(call->arena, call->result, "campaign", campaign.row.key);
	kb_node_set_text(call->arena, call->result, "standard", campaign.row.standard);
	kb_node_set_text(call->arena, call->result, "method", campaign.row.method);
	kb_node_set_text(call->arena, call->result, "due", campaign.row.due_on);
	kb_node_set_bool(call->arena, call->result, "late", strcmp(campaign.row.due_on, call->day_text) < 0);
	kb_node_set_int(call->arena, call->result, "items", (int64_t)campaign.count);
	KB_TRY(add_people(call, &campaign, err));
	add_left(call, &campaign);
	return KB_OK;
}

static const kb_arg progress_args[] = { CAMPAIGN };

const kb_op kb_op_review_progress = {
	.name = "review progress",
	.summary = "Show how far a review is: by person, and what is left",
	.help =
		"Reviewed is what was approved anew, suspended or retired since the review was opened, by whoever it was.\n\n"
		"    ksbank review progress R-0001",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = progress_args,
	.arg_count = KB_COUNT(progress_args),
	.run = run_progress,
	.screen = "review-progress",
	.answer = "campaign, standard, method, due, late; items, reviewed, open: numbers; people: list of {person, handed, "
			  "reviewed, open}; left: list of {id, version, theme, reviewer: empty for nobody, lapses_on}",
};

static kb_status run_list(kb_call *call, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count;
	KB_TRY(kb_q_campaign_all(call->sql, call->arena, (kb_sql_int) { 0 }, NULL, NULL, &rows, &count, err));
	kb_node *list = kb_node_set(call->arena, call->result, "campaigns", kb_node_list(call->arena));
	for (size_t i = 0; i < count; i++) {
		kb_node *entry = kb_node_add(call->arena, list, kb_node_map(call->arena));
		kb_node_set_text(call->arena, entry, "campaign", rows[i].key);
		kb_node_set_text(call->arena, entry, "standard", rows[i].standard);
		kb_node_set_text(call->arena, entry, "method", rows[i].method);
		kb_node_set_int(call->arena, entry, "items", rows[i].items);
		kb_node_set_text(call->arena, entry, "opened_on", rows[i].opened_on);
		kb_node_set_text(call->arena, entry, "opened_by", rows[i].opened_by);
		kb_node_set_text(call->arena, entry, "due", rows[i].due_on);
		kb_node_set_text(call->arena, entry, "reason", rows[i].reason);
		kb_node_set_text(call->arena, entry, "closed_on", rows[i].closed_on ? rows[i].closed_on : "");
		kb_node_set_text(call->arena, entry, "closed_by", rows[i].closed_by ? rows[i].closed_by : "");
	}
	kb_node_set_bool(call->arena, call->result, "empty", count == 0);
	return KB_OK;
}

const kb_op kb_op_review_list = {
	.name = "review list",
	.summary = "List the reviews of whole banks, open and signed off",
	.help = "    ksbank review list",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.run = run_list,
	.screen = "review-list",
	.answer = "campaigns: list of {campaign, standard, method, items, opened_on, opened_by, due, reason, closed_on, "
			  "closed_by: both empty while it is open}; empty",
};
