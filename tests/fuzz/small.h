/* A small standard that hostile files are held against. */
#ifndef KB_TESTS_FUZZ_SMALL_H
#define KB_TESTS_FUZZ_SMALL_H

#include <stdlib.h>

#include "model/specification.h"
#include "text/yaml.h"

static const char small_text[] =
	"format: ksbank-standard/1\nkey: ST9999/1.0\ntitle: Lighthouse keeper\nattribution: Made up.\n"
	"sources: {plan: {title: The plan}, page: {title: The page}}\n"
	"ksbs:\n"
	"  K1: {text: How lamps work., source: plan:10}\n"
	"  K2: {disputed: [{source: plan:11, text: How fog forms.}, {source: page:31, text: How horns sound.}]}\n"
	"  S1: {text: Light the lamp., source: plan:12}\n"
	"  B1: {text: Stays awake., source: plan:13}\n"
	"methods:\n"
	"  talk:\n"
	"    name: Talk\n    source: plan:20\n    grades: [Fail, Pass]\n    least-questions: 2\n    ksbs: [K1, K2, S1]\n    mapping-source: plan:21\n"
	"    minutes: {whole: {kind: stated, value: 60, tolerance: 10, wording: An hour., source: plan:22}}\n"
	"    rules: {review-interval-months: {value: \"6\", wording: Twice a year., source: plan:23}}\n"
	"    themes:\n"
	"      T-1: {name: One, ksbs: [K1, K2], pass: [a, b], distinction: [c], source: plan:24}\n"
	"      T-2: {name: Two, ksbs: [S1, K2], pass: [d], distinction: [e], source: plan:25}\n"
	"  case:\n"
	"    {name: Case, source: plan:30, ksbs: [K1, B1], mapping-source: plan:31}\n"
	"  demo: {name: Demo, source: plan:40, least-questions: 1}\n";

/* NULL where the arena is too small for it. */
static inline kb_standard *small_standard(kb_arena *arena)
{
	kb_faults faults = { .arena = arena };
	kb_standard *standard = NULL;
	kb_node *root;
	kb_err err;
	if (kb_yaml_read(arena, "standard", small_text, sizeof small_text - 1, &faults, &root, &err) != KB_OK) return NULL;
	if (kb_standard_read(arena, root, &faults, &standard, &err) != KB_OK || faults.count) abort();
	return standard;
}

#endif
