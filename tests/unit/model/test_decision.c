/* Decisions laid over a standard as it was published. */
#include <criterion/criterion.h>

#include <string.h>

#include "base/str.h"
#include "model/decision.h"
#include "text/yaml.h"

static kb_arena *arena;
static kb_err err;

static void set_up(void)
{
	arena = kb_arena_new(64 << 20);
}

static void tear_down(void)
{
	kb_arena_free(arena);
}

TestSuite(decision, .init = set_up, .fini = tear_down);

static const char text[] =
	"format: ksbank-standard/1\nkey: ST9999/1.0\ntitle: Lighthouse keeper\nattribution: Made up.\n"
	"sources: {plan: {title: The plan}, page: {title: The page}}\n"
	"ksbs:\n  K1: {text: How lamps work., source: plan:10}\n"
	"  K2: {disputed: [{source: plan:11, text: How fog forms.}, {source: page:31, text: How horns sound.}]}\n"
	"  S1: {text: Light the lamp., source: plan:12}\n"
	"methods:\n  talk: {name: Talk, source: plan:20, least-questions: 2}\n  demo: {name: Demo, source: plan:30, least-questions: 1}\n";

static kb_node *tree(const char *yaml)
{
	kb_faults faults = { .arena = arena };
	kb_node *root = NULL;
	cr_assert_eq(kb_yaml_read(arena, "t", yaml, strlen(yaml), &faults, &root, &err), KB_OK);
	cr_assert_not_null(root, "%s", yaml);
	return root;
}

static kb_standard *standard(void)
{
	kb_faults faults = { .arena = arena };
	kb_standard *made = NULL;
	cr_assert_eq(kb_standard_read(arena, tree(text), &faults, &made, &err), KB_OK);
	cr_assert_eq(faults.count, 0, "%s", faults.count ? faults.list[0].message : "");
	return made;
}

static kb_decision decision(const char *subject, const char *choice)
{
	return (kb_decision){ subject, tree(choice), "Head", "2026-11-22", "r", NULL };
}

static void apply(kb_standard *s, kb_decision d)
{
	cr_assert_eq(kb_decision_apply(arena, s, &d, 1, &err), KB_OK, "%s", err.message);
}

Test(decision, without_one_a_disputed_ksb_has_no_text)
{
	kb_standard *s = standard();
	cr_assert_eq(kb_decision_apply(arena, s, NULL, 0, &err), KB_OK);
	cr_assert(kb_ksb_is_disputed(kb_standard_ksb(s, "K2")));
	cr_assert_null(kb_standard_ksb(s, "K2")->text.text);
	cr_assert_not(kb_ksb_is_disputed(kb_standard_ksb(s, "K1")));
}

Test(decision, a_wording_is_laid_over)
{
	kb_standard *s = standard();
	apply(s, decision("ksb-text K2", "page"));
	const kb_ksb *ksb = kb_standard_ksb(s, "K2");
	cr_assert_str_eq(ksb->text.text, "How horns sound.");
	cr_assert_str_eq(ksb->source.text, "page:31");
	cr_assert_not(kb_ksb_is_disputed(ksb));
	cr_assert_eq(ksb->disputed.count, 2, "what was published stays there to see");
	cr_assert_str_eq(kb_standard_ksb(s, "K1")->text.text, "How lamps work.");
}

/* Where a question belongs that names no grading theme. */
Test(decision, a_question_belongs_to_the_theme_that_holds_most_of_its_ksbs)
{
	static const struct {
		const char *ksbs, *theme;
	} rows[] = {
		{ "[K1]", "T-1" }, { "[K2]", "T-1" }, { "[S1]", "T-2" }, { "[K2, S1]", "T-2" }, { "[K1, S1]", "T-1" },
		{ "[S1, K1]", "T-1" }, { "[K1, K2, S1]", "T-1" }, { "[K1, K9]", "T-1" }, { "[K9]", NULL },
	};
	kb_standard *s = standard();
	cr_assert_not(kb_method_has_published_themes(kb_standard_method(s, "talk")));
	apply(s, decision("mapping talk", "[{theme: T-1, name: One, ksbs: [K1, K2]}, {theme: T-2, name: Two, ksbs: [K2, S1]}]"));
	const kb_method *talk = kb_standard_method(s, "talk");
	cr_assert_not(kb_method_has_published_themes(talk), "decided is not published");
	for (size_t i = 0; i < KB_COUNT(rows); i++) {
		kb_texts ksbs = kb_texts_of(arena, tree(rows[i].ksbs));
		const kb_theme *theme = kb_method_theme_holding(talk, &ksbs);
		cr_expect(kb_str_equal(theme ? theme->id.text : NULL, rows[i].theme), "%s", rows[i].ksbs);
	}
}

Test(decision, what_does_not_fit_changes_nothing)
{
	static const char *const pairs[][2] = { { "ksb-text K2", "moon" }, { "ksb-text K9", "plan" }, { "ksb-text K1", "plan" }, { "ksb-text K2", "[plan]" },
		{ "ksb-text", "plan" }, { "ksb-textK2", "plan" }, { "other K2", "plan" }, { "mapping nothing", "[{theme: T, name: N, ksbs: [K1]}]" },
		{ "mapping talk", "plan" }, { "", "plan" } };
	kb_node *before = kb_standard_write(arena, standard());
	for (size_t i = 0; i < KB_COUNT(pairs); i++) {
		kb_standard *s = standard();
		apply(s, decision(pairs[i][0], pairs[i][1]));
		cr_assert(kb_node_equal(before, kb_standard_write(arena, s)), "%s: %s", pairs[i][0], pairs[i][1]);
	}
}

Test(decision, a_mapping_is_laid_over)
{
	kb_standard *s = standard();
	apply(s, decision("mapping talk", "[{theme: T-1, name: One, ksbs: [K1, S1]}, {theme: T-2, name: Two, ksbs: [S1, K2]}]"));
	const kb_method *talk = kb_standard_method(s, "talk");
	cr_assert_eq(talk->themes.count, 2);
	const kb_theme *two = kb_method_theme(talk, "T-2");
	cr_assert_str_eq(two->name.text, "Two");
	cr_assert_eq(two->ksbs.count, 2);
	cr_assert_str_eq(two->ksbs.list[1].text, "K2");
	cr_assert_eq(talk->ksbs.count, 3, "each KSB once, though two themes hold S1");
	cr_assert_eq(kb_standard_method(s, "demo")->ksbs.count, 0);
	/* A later one takes its place as a whole. */
	apply(s, decision("mapping talk", "[{theme: T-3, name: Three, ksbs: [K1]}]"));
	cr_assert_eq(talk->themes.count, 1);
	cr_assert_eq(talk->ksbs.count, 1);
}

Test(decision, the_chosen_wording_can_be_asked_for)
{
	kb_decision all[] = { decision("mapping talk", "[]"), decision("ksb-text K20", "page"), decision("ksb-text K2", "plan"), decision("ksb-text K3", "[x]") };
	cr_assert_str_eq(kb_decision_wording(all, 4, "K2"), "plan");
	cr_assert_str_eq(kb_decision_wording(all, 4, "K20"), "page");
	cr_assert_null(kb_decision_wording(all, 4, "K3"));
	cr_assert_null(kb_decision_wording(all, 4, "K"));
	cr_assert_null(kb_decision_wording(NULL, 0, "K2"));
}

Test(decision, a_mapping_is_checked_before_it_is_recorded)
{
	kb_faults faults = { .arena = arena };
	kb_decision_check_mapping(&faults, standard(), tree("- {theme: T-1, name: One, ksbs: [K1, S1]}\n- {theme: T-2, name: Two, ksbs: [K1]}\n"));
	cr_assert_eq(faults.count, 0);
	kb_decision_check_mapping(&faults, standard(), tree("- {theme: T-1, name: One, ksbs: [K1, K3, K1]}\n- {theme: T-2, name: Two, ksbs: [S9]}\n"));
	cr_assert_eq(faults.count, 3);
	cr_assert_str_eq(faults.list[0].id, "mapping.ksb");
	cr_assert_not_null(faults.list[0].nearest);
	cr_assert_eq(faults.list[0].mark.line, 1);
	cr_assert_str_eq(faults.list[1].id, "mapping.twice");
	cr_assert_str_eq(faults.list[2].id, "mapping.ksb");
	cr_assert_eq(faults.list[2].mark.line, 2);
	faults = (kb_faults){ .arena = arena };
	kb_decision_check_mapping(&faults, standard(), tree("- {theme: T-1, name: One, ksbs: [K1]}\n- {theme: \"\", name: None, ksbs: [S1]}\n"));
	cr_assert_eq(faults.count, 1);
	cr_assert_str_eq(faults.list[0].id, "mapping.theme");
	cr_assert_eq(faults.list[0].mark.line, 2);
}

Test(decision, too_little_memory_is_an_error)
{
	kb_decision all[] = { decision("mapping talk", "[{theme: T-1, name: One, ksbs: [K1, S1]}]"), decision("ksb-text K2", "plan") };
	bool done = false;
	for (size_t n = 1; n < 100 && !done; n++) {
		kb_standard *s = standard();
		KB_CLEANUP(kb_arena_freep) kb_arena *small = kb_arena_new(1 << 20);
		cr_assert_not_null(small);
		kb_arena_fail_at(small, n);
		kb_status status = kb_decision_apply(small, s, all, 2, &err);
		cr_assert(status == KB_OK || status == KB_NO_MEMORY);
		done = status == KB_OK;
	}
	cr_assert(done);
}

/* The cap of a re-sit: what the plan says, what was decided, and what is open. */
static kb_standard *capped(const char *rules)
{
	kb_faults faults = { .arena = arena };
	kb_standard *made = NULL;
	const char *yaml = kb_arena_printf(arena, "%srules: %s\n", text, rules);
	cr_assert_eq(kb_standard_read(arena, tree(yaml), &faults, &made, &err), KB_OK);
	cr_assert_eq(faults.count, 0, "%s", faults.count ? faults.list[0].message : "");
	return made;
}

#define CAP "resit-cap: {value: Pass, wording: w, source: plan:40}"

Test(decision, the_cap_of_a_resit_is_the_plans_or_decided_or_open)
{
	kb_decision other = decision("ksb-text K2", "plan"), method = decision("resit-cap-scope", "method"), overall = decision("resit-cap-scope", "overall");
	kb_standard *open = capped("{" CAP "}");
	cr_assert_eq(kb_resit_cap_of(standard(), &method, 1).scope, KB_CAP_NONE);
	cr_assert_eq(kb_resit_cap_of(open, NULL, 0).scope, KB_CAP_OPEN);
	cr_assert_eq(kb_resit_cap_of(open, &other, 1).scope, KB_CAP_OPEN);
	kb_resit_cap cap = kb_resit_cap_of(open, &method, 1);
	cr_assert(cap.scope == KB_CAP_METHOD && cap.decision == &method && strcmp(cap.grade, "Pass") == 0);
	cr_assert_eq(kb_resit_cap_of(open, &overall, 1).scope, KB_CAP_OVERALL);
	/* What the plan settles no decision changes. */
	cap = kb_resit_cap_of(capped("{" CAP ", resit-cap-scope: {value: overall, wording: w, source: plan:41}}"), &method, 1);
	cr_assert(cap.scope == KB_CAP_OVERALL && !cap.decision);
	cr_assert_eq(kb_resit_cap_of(capped("{resit-cap: {wording: w, source: plan:40}}"), &method, 1).scope, KB_CAP_NONE);
}
