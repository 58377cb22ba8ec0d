/* The table of operations, walked: who may, what is logged, what a person sees. */
#include "calls.h"

#include <string.h>

#include "app/screen.h"
#include "embedded/templates.h"

TestSuite(ops, .init = kit_set_up, .fini = kit_tear_down);

static size_t group_length(const char *name)
{
	return strcspn(name, " ");
}

Test(ops, the_table_is_in_order)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		size_t n = group_length(op->name);
		cr_assert(op->name[n] == ' ' && !strchr(op->name + n + 1, ' '), "%s is a group and a verb", op->name);
		for (size_t j = 0; j < i; j++) {
			cr_assert_str_neq(op->name, kb_ops[j]->name);
			bool same = strncmp(op->name, kb_ops[j]->name, n + 1) == 0;
			if (same) cr_assert(strncmp(op->name, kb_ops[i - 1]->name, n + 1) == 0, "%s stands away from its group", op->name);
		}
		cr_assert(op->summary && op->summary[0] && op->summary[strlen(op->summary) - 1] != '.', "%s", op->name);
		if (op->help) cr_assert(strstr(op->help, kb_arena_printf(kit_arena, "ksbank %s", op->name)), "%s shows no example", op->name);
		cr_assert(op->permission < KB_PERMISSION_COUNT, "%s", op->name);
		cr_assert_not_null(op->run);
		cr_assert_eq(kb_op_find(op->name), op);
	}
	cr_assert_null(kb_op_find("paper"));
	cr_assert_null(kb_op_find(""));
}

Test(ops, arguments_are_described)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		bool optional_place = false;
		for (size_t a = 0; a < kb_ops[i]->arg_count; a++) {
			const kb_arg *arg = &kb_ops[i]->args[a];
			const char *what = kb_arena_printf(kit_arena, "%s %s", kb_ops[i]->name, arg->name);
			cr_assert(arg->help && arg->help[0], "%s", what);
			cr_assert_eq(arg->type == KB_ARG_WORD, arg->words != NULL, "%s", what);
			if (arg->type == KB_ARG_WORD) cr_assert_not_null(arg->words[0], "%s", what);
			cr_assert(!(arg->place && arg->required && optional_place), "%s stands behind a place that may be left out", what);
			optional_place |= arg->place && !arg->required;
			for (size_t b = 0; b < a; b++) cr_assert_str_neq(arg->name, kb_ops[i]->args[b].name, "%s", what);
		}
	}
}

Test(ops, each_has_its_screen)
{
	for (size_t i = 0; i < kb_op_count; i++) {
		const char *name = kb_arena_printf(kit_arena, "cli/%s.md", kb_ops[i]->screen);
		cr_assert_not_null(kb_embedded_templates(name), "%s has no template %s", kb_ops[i]->name, name);
	}
}

Test(ops, without_the_permission_all_are_refused)
{
	calls_fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++)
		for (unsigned role = 0; role < KB_ROLE_COUNT; role++) {
			if (kb_ops[i]->store == KB_OP_NO_STORE || kb_role_may((kb_role)role, kb_ops[i]->permission)) continue;
			kit_actor = kb_roles[role];
			cr_assert_eq(kit_run(kb_ops[i]->name, calls_of(kb_ops[i])), KB_DENIED, "%s as %s", kb_ops[i]->name, kb_roles[role]);
			cr_assert_str_eq(kit_err.id, "permission");
			cr_assert(kit_err.hint[0] && strstr(kit_err.message, kb_roles[role]) != NULL);
			cr_assert_eq(kit_call.result->pair_count, 0);
			cr_assert_null(kit_call.store);
		}
	cr_assert_str_eq(before, kit_state());
	cr_assert(!kb_file_exists("new") && !kb_file_exists("out") && !kb_file_exists("sheet.html"));
}

Test(ops, who_is_not_known_may_nothing)
{
	calls_fill();
	const char *before = kit_state();
	kit_actor = "stranger";
	for (size_t i = 0; i < kb_op_count; i++) {
		if (kb_ops[i]->store == KB_OP_NO_STORE) continue;
		cr_assert_eq(kit_run(kb_ops[i]->name, calls_of(kb_ops[i])), KB_DENIED, "%s", kb_ops[i]->name);
		cr_assert_str_eq(kit_err.id, "person.none");
	}
	cr_assert_str_eq(before, kit_state());
}

/* Even what is wrong with the words is not told to who may not ask. */
Test(ops, permission_comes_before_validation)
{
	calls_fill();
	kit_actor = "assessor";
	cr_assert_eq(kit_run("paper draw", "{\"nonsense\":1}"), KB_DENIED);
}

Test(ops, each_logs_once_or_not_and_shows_its_result)
{
	calls_fill();
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		int64_t length = kit_log_length();
		const char *before = kit_state();
		kit_must(op->name, calls_of(op));
		kb_buf out = { .arena = kit_arena };
		kb_status shown = kb_screen(kit_arena, op->screen, kit_call.result, 80, &out, &kit_err);
		cr_assert_eq(shown, KB_OK, "%s: %s", op->name, kit_err.message);
		cr_assert_gt(out.length, 10, "%s shows nothing", op->name);
		for (size_t k = 0; k < kit_call.result->pair_count; k++)
			cr_assert_neq(strstr(op->answer, kit_call.result->pairs[k].key), NULL, "the help of %s does not name the key %s",
				op->name, kit_call.result->pairs[k].key);
		cr_assert_eq(kit_log_length() - length, calls_logs(op), "%s", op->name);
		if (!calls_logs(op)) cr_assert_str_eq(before, kit_state(), "%s only reads", op->name);
		calls_put_back();
	}
}

static kb_node *without(const char *arguments, const char *name)
{
	kb_node *all = kit_json(arguments), *rest = kb_node_map(kit_arena);
	for (size_t i = 0; i < all->pair_count; i++)
		if (strcmp(all->pairs[i].key, name) != 0) kb_node_set(kit_arena, rest, all->pairs[i].key, all->pairs[i].value);
	return rest;
}

Test(ops, what_is_missing_or_unknown_is_said)
{
	calls_fill();
	const char *before = kit_state();
	for (size_t i = 0; i < kb_op_count; i++) {
		const kb_op *op = kb_ops[i];
		for (size_t a = 0; a < op->arg_count; a++) {
			if (!op->args[a].required) continue;
			cr_assert_eq(kit_run_with(op, without(calls_of(op), op->args[a].name)), KB_USAGE, "%s", op->name);
			cr_assert_str_eq(kit_err.id, "argument.missing");
			cr_assert_not_null(strstr(kit_err.message, op->args[a].name));
			calls_check_error(op, op->args[a].name);
		}
		kb_node *arguments = kit_json(calls_of(op));
		kb_node_set_text(kit_arena, arguments, "no\xff\x1b such", "x");
		cr_assert_eq(kit_run_with(op, arguments), KB_USAGE, "%s", op->name);
		cr_assert_str_eq(kit_err.id, "argument.unknown");
		calls_check_error(op, "an unknown name");
	}
	cr_assert_str_eq(before, kit_state());
}

Test(ops, a_reference_never_reaches_the_log)
{
	calls_fill();
	kb_bytes bytes = kit_read("store");
	size_t seen = 0;
	for (const char *p = bytes.data; (p = memmem(p, (size_t)(bytes.data + bytes.length - p), "AP-1", 4)); p++) seen++;
	cr_assert(seen >= 1 && seen <= 2, "the reference stands %zu times in the store: once in its row, once in its index", seen);
}
