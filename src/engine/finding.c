#include "engine/finding.h"

const char *const kb_severities[] = { "error", "warning", "info", NULL };

kb_finding *kb_findings_add(kb_arena *arena, kb_findings *findings, const kb_finding *finding)
{
	if (findings->count == findings->size) {
		size_t size = findings->size ? findings->size * 2 : 64;
		kb_finding *list = kb_arena_grow(arena, findings->list, findings->size * sizeof *list, size * sizeof *list);
		if (!list) return NULL;
		findings->list = list;
		findings->size = size;
	}
	findings->list[findings->count] = *finding;
	return &findings->list[findings->count++];
}

size_t kb_findings_count(const kb_findings *findings, kb_severity severity)
{
	size_t count = 0;
	for (size_t i = 0; i < findings->count; i++) count += findings->list[i].severity == severity;
	return count;
}
