/* review close, certificate: what a review found, frozen and signed, and its print. */
#include "app/ops.h"

#include <stdlib.h>
#include <string.h>

#include "app/bank_measure.h"
#include "app/paper_print.h"
#include "app/review.h"
#include "app/sign.h"
#include "embedded/templates.h"

#define FORMAT "ksbank-review-certificate/1"

typedef struct certifier {
	kb_call *call;
	kb_arena *arena;
	kb_campaign campaign;
	int64_t *issued;  /* of each item of the bank */
	kb_node *root;    /* the certificate */
	kb_node *earlier; /* the one before of this method; NULL for none */
} certifier;

static kb_node *list_in(certifier *c, kb_node *map, const char *key)
{
	return kb_node_set(c->arena, map, key, kb_node_list(c->arena));
}

static void add_key(certifier *c, kb_node *list, const kb_q_review_items_row *item)
{
	kb_node_add(c->arena, list, kb_node_text(c->arena, item->key));
}

/* How many there are, by grading theme and state. */

static const char *const states[] = { "in_force", "lapsed", "suspended", "overruled", "retired", "not_approved" };

static size_t state_of(const certifier *c, const kb_q_review_items_row *item)
{
	if (strcmp(item->state, "approved") == 0 && item->overruled) return 3;
	if (strcmp(item->state, "approved") == 0) return strcmp(item->lapses_on, c->call->day_text) > 0 ? 0 : 1;
	return strcmp(item->state, "suspended") == 0 ? 2 : strcmp(item->state, "retired") == 0 ? 4 : 5;
}

static void count_in(certifier *c, kb_node *counts, const kb_q_review_items_row *item)
{
	const char *state = states[state_of(c, item)];
	kb_node_set_int(c->arena, counts, state, kb_node_get_int(counts, state, 0) + 1);
	kb_node_set_int(c->arena, counts, "all", kb_node_get_int(counts, "all", 0) + 1);
}

static kb_node *new_counts(certifier *c, const char *theme)
{
	kb_node *counts = kb_node_map(c->arena);
	kb_node_set_text(c->arena, counts, "theme", theme);
	for (size_t s = 0; s < KB_COUNT(states); s++) kb_node_set_int(c->arena, counts, states[s], 0);
	kb_node_set_int(c->arena, counts, "all", 0);
	return counts;
}

static void add_counts(certifier *c)
{
	kb_node *themes = list_in(c, c->root, "themes"), *total = new_counts(c, "All");
	for (size_t i = 0; i < c->campaign.bank_count; i++) {
		const kb_q_review_items_row *item = &c->campaign.bank[i];
		const char *theme = kb_review_theme(item);
		size_t t = 0;
		while (t < themes->count && strcmp(kb_node_get_text(themes->items[t], "theme", ""), theme) != 0) t++;
		if (t == themes->count) kb_node_add(c->arena, themes, new_counts(c, theme));
		count_in(c, themes->items[t], item);
		count_in(c, total, item);
	}
	kb_node_set(c->arena, c->root, "total", total);
}

/* Coverage: how many questions may be drawn for each KSB of each grading theme. */

static kb_status count_coverage(certifier *c, kb_node *list, kb_err *err)
{
	kb_bank_rules rules;
	kb_draw_input input;
	kb_unit *units;
	uint32_t count;
	const kb_q_campaign_all_row *row = &c->campaign.row;
	KB_TRY(kb_bank_rules_load(c->call, row->standard, row->method, NULL, &rules, err));
	KB_TRY(kb_bank_pool_on(c->call, &rules, c->call->day, &input, err));
	KB_TRY(kb_method_units(c->arena, rules.method, &units, &count, err));
	kb_node *ksbs = NULL;
	for (uint32_t u = 0; u < count; u++) {
		if (u == 0 || strcmp(units[u].theme, units[u - 1].theme) != 0) {
			kb_node *theme = kb_node_add(c->arena, list, kb_node_map(c->arena));
			kb_node_set_text(c->arena, theme, "theme", units[u].theme);
			ksbs = list_in(c, theme, "ksbs");
		}
		kb_node *unit = kb_node_add(c->arena, ksbs, kb_node_map(c->arena));
		kb_node_set_text(c->arena, unit, "ksb", units[u].ksb);
		kb_node_set_int(c->arena, unit, "questions", kb_bank_supply(&input, u));
	}
	return KB_OK;
}

/* A method that nobody mapped, or gave a specification, has no coverage; the certificate says why. */
static kb_status add_coverage(certifier *c, kb_err *err)
{
	kb_node *list = list_in(c, c->root, "coverage");
	kb_status status = count_coverage(c, list, err);
	kb_node_set_text(c->arena, c->root, "coverage_missing", status == KB_REFUSED ? err->message : "");
	return status == KB_REFUSED ? KB_OK : status;
}

/* Changes since the certificate before. */

static const kb_node *in_earlier(const certifier *c, const char *key)
{
	const kb_node *items = kb_node_get(c->earlier, "items");
	for (size_t i = 0; items && i < items->count; i++)
		if (kb_str_equal(kb_node_get_text(items->items[i], "id", NULL), key)) return items->items[i];
	return NULL;
}

static void add_changes(certifier *c)
{
	kb_node *changes = kb_node_set(c->arena, c->root, "changes", kb_node_map(c->arena));
	kb_node *new = list_in(c, changes, "new"), *edited = list_in(c, changes, "edited"),
			*retired = list_in(c, changes, "retired");
	kb_node_set_text(c->arena, changes, "since", kb_node_get_text(c->earlier, "campaign", ""));
	kb_node_set_text(c->arena, changes, "since_on", kb_node_get_text(c->earlier, "closed_on", ""));
	for (size_t i = 0; c->earlier && i < c->campaign.bank_count; i++) {
		const kb_q_review_items_row *item = &c->campaign.bank[i];
		const kb_node *before = in_earlier(c, item->key);
		bool gone = strcmp(item->state, "retired") == 0;
		if (!item->approver) continue;
		if (gone && strcmp(kb_node_get_text(before, "state", ""), "retired") != 0) add_key(c, retired, item);
		else if (!before) add_key(c, new, item);
		else if (kb_node_get_int(before, "version", 0) != item->version) add_key(c, edited, item);
	}
}

/* Exposure: how often what may be drawn was issued. */

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return a < b ? -1 : a > b;
}

static kb_status count_issued(certifier *c, kb_err *err)
{
	kb_q_issued_counts_row *rows;
	size_t count;
	KB_TRY(kb_q_issued_counts(
		c->call->sql, c->arena, c->campaign.row.standard, c->campaign.row.method, &rows, &count, err));
	c->issued = kb_arena_array(c->arena, c->campaign.bank_count, sizeof *c->issued);
	if (!c->issued) return kb_arena_check(c->arena, err);
	for (size_t i = 0; i < c->campaign.bank_count; i++)
		for (size_t r = 0; r < count; r++)
			if (rows[r].item == c->campaign.bank[i].item) c->issued[i] = rows[r].issued;
	return KB_OK;
}

static kb_status add_exposures(certifier *c, kb_err *err)
{
	size_t n = 0;
	int64_t *times = kb_arena_array(c->arena, c->campaign.bank_count, sizeof *times);
	if (!times) return kb_arena_check(c->arena, err);
	for (size_t i = 0; i < c->campaign.bank_count; i++)
		if (state_of(c, &c->campaign.bank[i]) == 0) times[n++] = c->issued[i];
	if (n) qsort(times, n, sizeof *times, by_number);
	int64_t most = n ? times[n - 1] : 0, twice = n ? times[n / 2] + times[(n - 1) / 2] : 0;
	kb_node *map = kb_node_set(c->arena, c->root, "exposures", kb_node_map(c->arena));
	kb_node_set_int(c->arena, map, "most", most);
	kb_node_set_text(
		c->arena, map, "median", kb_arena_printf(c->arena, "%lld%s", (long long)(twice / 2), twice % 2 ? ".5" : ""));
	kb_node *list = list_in(c, map, "most_issued");
	for (size_t i = 0; most && i < c->campaign.bank_count; i++)
		if (state_of(c, &c->campaign.bank[i]) == 0 && c->issued[i] == most) add_key(c, list, &c->campaign.bank[i]);
	return KB_OK;
}

/* Who reviewed how many, and from when to when. */
static void add_reviewers(certifier *c)
{
	kb_node *list = list_in(c, c->root, "reviewers");
	for (size_t i = 0; i < c->campaign.count; i++) {
		const kb_q_review_items_row *item = c->campaign.items[i];
		size_t r = 0;
		if (!item->reviewed) continue;
		while (r < list->count && !kb_str_equal(kb_node_get_text(list->items[r], "person", NULL), item->moved_by)) r++;
		if (r == list->count) {
			kb_node *one = kb_node_add(c->arena, list, kb_node_map(c->arena));
			kb_node_set_text(c->arena, one, "person", item->moved_by);
			kb_node_set_text(c->arena, one, "first_on", item->moved_on);
			kb_node_set_text(c->arena, one, "last_on", item->moved_on);
		}
		kb_node *one = list->items[r];
		kb_node_set_int(c->arena, one, "reviewed", kb_node_get_int(one, "reviewed", 0) + 1);
		if (strcmp(item->moved_on, kb_node_get_text(one, "first_on", "")) < 0)
			kb_node_set_text(c->arena, one, "first_on", item->moved_on);
		if (strcmp(item->moved_on, kb_node_get_text(one, "last_on", "")) > 0)
			kb_node_set_text(c->arena, one, "last_on", item->moved_on);
	}
}

/* Everything that was ever approved, by which the next certificate tells what changed. */
static void add_items(certifier *c)
{
	kb_node *list = list_in(c, c->root, "items"), *open = list_in(c, c->root, "open");
	for (size_t i = 0; i < c->campaign.bank_count; i++) {
		const kb_q_review_items_row *item = &c->campaign.bank[i];
		if (!item->approver) continue;
		if (item->campaign.set && !item->reviewed) add_key(c, open, item);
		kb_node *entry = kb_node_add(c->arena, list, kb_node_map(c->arena));
		kb_node_set_text(c->arena, entry, "id", item->key);
		kb_node_set_int(c->arena, entry, "version", item->version);
		kb_node_set_text(c->arena, entry, "theme", kb_review_theme(item));
		kb_node_set_text(c->arena, entry, "state", item->state);
		kb_node_set_bool(c->arena, entry, "overruled", item->overruled != 0);
		kb_node_set_text(c->arena, entry, "lapses_on", item->lapses_on);
		kb_node_set_text(c->arena, entry, "reviewed_by", item->campaign.set && item->reviewed ? item->moved_by : "");
		kb_node_set_text(c->arena, entry, "reviewed_on", item->campaign.set && item->reviewed ? item->moved_on : "");
		kb_node_set_int(c->arena, entry, "issued", c->issued[i]);
	}
}

/* What it is about, and who answers for it. */
static kb_status add_head(certifier *c, kb_err *err)
{
	const kb_q_campaign_all_row *row = &c->campaign.row;
	kb_loaded loaded;
	const kb_method *method;
	kb_q_log_head_row head = { 0 };
	bool found;
	KB_TRY(kb_load_standard(c->call, row->standard, &loaded, err));
	KB_TRY(kb_load_method(c->call, &loaded, row->method, &method, err));
	KB_TRY(kb_q_log_head(c->call->sql, c->arena, &head, &found, err));
	kb_node_set_text(c->arena, c->root, "format", FORMAT);
	kb_node_set_text(c->arena, c->root, "campaign", row->key);
	kb_node_set_text(c->arena, c->root, "standard", row->standard);
	kb_node_set_text(c->arena, c->root, "standard_title", loaded.standard->title.text);
	kb_node_set_text(c->arena, c->root, "method", row->method);
	kb_node_set_text(c->arena, c->root, "method_name", method->name.text);
	kb_node_set_text(c->arena, c->root, "reason", row->reason);
	kb_node_set_text(c->arena, c->root, "opened_on", row->opened_on);
	kb_node_set_text(c->arena, c->root, "opened_by", row->opened_by);
	kb_node_set_text(c->arena, c->root, "due_on", row->due_on);
	kb_node_set_text(c->arena, c->root, "closed_on", c->call->day_text);
	kb_node_set_text(c->arena, c->root, "closed_by", c->call->actor);
	kb_node_set_text(c->arena, c->root, "statement", kb_call_text(c->call, "statement"));
	kb_node *log = kb_node_set(c->arena, c->root, "log", kb_node_map(c->arena));
	kb_node_set_int(c->arena, log, "entries", head.sequence);
	kb_node_set_text(c->arena, log, "head", head.digest);
	return KB_OK;
}

static kb_status load_earlier(certifier *c, kb_err *err)
{
	kb_q_campaign_all_row *rows;
	size_t count;
	const kb_q_campaign_all_row *row = &c->campaign.row;
	KB_TRY(
		kb_q_campaign_all(c->call->sql, c->arena, (kb_sql_int) { 0 }, row->standard, row->method, &rows, &count, err));
	while (count && !rows[count - 1].close.set) count--;
	return count ? kb_load_body(c->call, rows[count - 1].certificate, &c->earlier, err) : KB_OK;
}

static kb_status certify(certifier *c, kb_err *err)
{
	c->root = kb_node_map(c->arena);
	KB_TRY(load_earlier(c, err));
	KB_TRY(add_head(c, err));
	KB_TRY(count_issued(c, err));
	add_counts(c);
	KB_TRY(add_coverage(c, err));
	add_changes(c);
	KB_TRY(add_exposures(c, err));
	add_reviewers(c);
	add_items(c);
	return kb_arena_check(c->arena, err);
}

/* What nobody has reviewed stays out of a certificate only with a reason that stands in it. */
static kb_status check_open(certifier *c, kb_err *err)
{
	const kb_node *open = kb_node_get(c->root, "open");
	const char *key = c->campaign.row.key, *reason = kb_call_text(c->call, "reason");
	bool with_open = kb_call_flag(c->call, "with-open");
	kb_node_set_text(c->arena, c->root, "open_reason", open->count && reason ? reason : "");
	if (with_open && !reason) {
		kb_fail(err, KB_USAGE, "argument.missing", "--with-open needs --reason: why it is closed all the same");
		return kb_hint(err, "the reason stands on the certificate; see what is left: ksbank review progress %s", key);
	}
	if (with_open || open->count == 0) return KB_OK;
	kb_fail(err, KB_REFUSED, "campaign.unreviewed", "%zu of the %zu items of %s %s not reviewed, %s first", open->count,
		c->campaign.count, key, open->count == 1 ? "is" : "are", open->items[0]->text);
	return kb_hint(err, "see them with: ksbank review progress %s; or add --with-open --reason \"...\"", key);
}

static kb_status run_close(kb_call *call, kb_err *err)
{
	certifier c = { .call = call, .arena = call->arena };
	const char *digest, *bytes;
	KB_TRY(kb_campaign_load(call, kb_call_text(call, "campaign"), &c.campaign, err));
	KB_TRY(certify(&c, err));
	KB_TRY(check_open(&c, err));
	KB_TRY(kb_load_digest(call, KB_DOMAIN_CERTIFICATE, c.root, &digest, &bytes, err));
	KB_TRY(kb_q_campaign_close_add(call->sql, c.campaign.row.id, kb_call_text(call, "statement"), bytes, digest,
		call->actor, call->day_text, NULL, err));
	KB_TRY(kb_sign_subject(call, "certificate", kb_sql_last_id(call->sql), bytes, err));
	kb_node_set_text(call->arena, call->result, "campaign", c.campaign.row.key);
	kb_node_set_text(call->arena, call->result, "digest", digest);
	kb_node_set_int(call->arena, call->result, "items", (int64_t)c.campaign.count);
	kb_node_set_int(call->arena, call->result, "open", (int64_t)kb_node_get(c.root, "open")->count);
	kb_node_set_text(call->arena, call->effects, "campaign", c.campaign.row.key);
	kb_node_set_text(call->arena, call->effects, "certificate", digest);
	return kb_arena_check(call->arena, err);
}

#define CAMPAIGN                                                                                                       \
	{                                                                                                                  \
		"campaign", KB_ARG_TEXT, .place = true, .required = true, .help = "its id, as in R-0001"                       \
	}

static const kb_arg close_args[] = {
	CAMPAIGN,
	{ "statement", KB_ARG_TEXT, .required = true,
		.help = "what you sign: that the bank is fit, and within what limits" },
	{ "with-open", KB_ARG_FLAG, .help = "although some of it was not reviewed; the certificate names it" },
	{ "reason", KB_ARG_TEXT, .with = "with-open", .help = "why it is closed all the same" },
};

const kb_op kb_op_review_close = {
	.name = "review close",
	.summary = "Sign a review off: what it found is frozen in a certificate and signed",
	.help =
		"Refused while anything is not reviewed. The certificate holds counts by theme and state, coverage, changes since\n"
		"the last one, exposures, reviewers, dates and the head of the log; no question text.\n\n"
		"    ksbank review close R-0001 --statement \"The bank is fit for the year to come.\"",
	.permission = KB_MAY_RUN_REVIEW,
	.store = KB_OP_WRITES,
	.args = close_args,
	.arg_count = KB_COUNT(close_args),
	.run = run_close,
	.screen = "review-close",
	.answer = "campaign; digest: of the certificate; items, open: numbers",
	.signs = true,
};

/* The certificate. */

kb_status kb_certificate_holds(kb_call *call, const kb_q_campaign_all_row *campaign, bool *holds, kb_err *err)
{
	kb_digest digest;
	char text[KB_DIGEST_TEXT];
	const char *bytes = campaign->certificate;
	KB_TRY(kb_digest_of(KB_DOMAIN_CERTIFICATE, bytes, strlen(bytes), &digest, err));
	kb_digest_format(&digest, text);
	KB_TRY(kb_sign_holds(call, "certificate", campaign->close.value, bytes, holds, err));
	*holds = *holds && strcmp(text, campaign->digest) == 0;
	return KB_OK;
}

static kb_status load_certificate(
	kb_call *call, const char *key, kb_q_campaign_all_row *row, kb_node **certificate, kb_err *err)
{
	bool holds;
	KB_TRY(kb_campaign_find(call, key, row, err));
	if (!row->close.set) {
		kb_fail(err, KB_REFUSED, "campaign.open", "%s is not signed off yet", row->key);
		return kb_hint(err, "see how far it is: ksbank review progress %s", row->key);
	}
	KB_TRY(kb_certificate_holds(call, row, &holds, err));
	if (holds) return kb_load_body(call, row->certificate, certificate, err);
	kb_fail(err, KB_CORRUPT, "certificate.changed", "the certificate of %s is not the one that was signed", row->key);
	return kb_hint(err, "somebody changed the store behind the program; see: ksbank audit verify");
}

static kb_status add_words(kb_call *call, kb_node *map, const char *key, const char *date, kb_err *err)
{
	kb_day day;
	char text[KB_DATE_WORDS_SIZE];
	KB_TRY(kb_date_parse(date, &day, err));
	kb_date_words(day, text);
	kb_node_set_text(call->arena, map, key, text);
	return KB_OK;
}

/* What a person wants beside what was frozen: dates in words, how it can be checked. */
static kb_status dress(kb_call *call, const kb_q_campaign_all_row *row, kb_node *data, kb_err *err)
{
	kb_q_signature_of_row signature = { 0 };
	bool found;
	KB_TRY(kb_q_signature_of(call->sql, call->arena, "certificate", row->close.value, &signature, &found, err));
	KB_TRY(add_words(call, data, "opened_words", row->opened_on, err));
	KB_TRY(add_words(call, data, "due_words", row->due_on, err));
	KB_TRY(add_words(call, data, "closed_words", row->closed_on, err));
	kb_node_set_text(call->arena, data, "digest", row->digest);
	kb_node_set_text(call->arena, data, "signature", signature.signature);
	kb_node_set_text(call->arena, data, "key", signature.key);
	kb_node_set_int(call->arena, data, "item_count", row->items);
	return kb_arena_check(call->arena, err);
}

static kb_status run_certificate(kb_call *call, kb_err *err)
{
	kb_q_campaign_all_row row = { 0 };
	kb_node *certificate;
	KB_TRY(load_certificate(call, kb_call_text(call, "campaign"), &row, &certificate, err));
	KB_TRY(dress(call, &row, certificate, err));
	const char *title = kb_arena_printf(call->arena, "Review certificate %s", row.key);
	const kb_print print = { certificate, "review-certificate.md", kb_embedded_templates("review-certificate.md"),
		kb_embedded_templates("print.css"), title };
	KB_TRY(kb_arena_check(call->arena, err));
	kb_node_set_text(call->arena, call->result, "campaign", row.key);
	kb_node_set(call->arena, call->result, "certificate", certificate);
	return kb_paper_print(call, &print, err);
}

static const kb_arg certificate_args[] = {
	CAMPAIGN,
	{ "format", KB_ARG_WORD, .help = "without it text for the terminal", .words = kb_print_formats },
	{ "output", KB_ARG_PATH, .help = "the file to write; without it the terminal" },
};

const kb_op kb_op_review_certificate = {
	.name = "review certificate",
	.summary = "Print the certificate of a review that was signed off",
	.help =
		"It shows no question text, and can be given to whoever asks whether the bank is reviewed. Refused where it\n"
		"is no longer what was signed.\n\n"
		"    ksbank review certificate R-0001 --format html --output certificate.html",
	.permission = KB_MAY_READ_STANDARD,
	.store = KB_OP_READS,
	.args = certificate_args,
	.arg_count = KB_COUNT(certificate_args),
	.run = run_certificate,
	.screen = "review-certificate",
	.answer = "campaign; certificate: what was frozen, with digest, signature and key; text, or output and bytes",
};
