/* What revchain/pyscan.h promises of every scan. */
#ifndef SCANNED_H
#define SCANNED_H

#include "fuzz.h"

#include "revchain/pyscan.h"

static inline void must_be_within(const struct revchain_span *inner,
				  const struct revchain_span *outer)
{
	MUST(inner->begin <= inner->end);
	MUST(inner->begin == inner->end ||
	     (outer->begin <= inner->begin && inner->end <= outer->end));
}

static inline void must_be_value(const struct revchain_value *value, size_t size)
{
	struct revchain_span whole = {0, size};
	size_t i;

	must_be_within(&value->written, &whole);
	for (i = 0; i < value->count; i++) {
		MUST(value->strings[i]);
		must_be_within(&value->literals[i], &value->written);
	}
	switch (value->kind) {
	case REVCHAIN_VALUE_MISSING:
		MUST(value->line == 0 && value->count == 0);
		break;
	case REVCHAIN_VALUE_NONE:
		MUST(value->line > 0 && value->count == 0);
		break;
	case REVCHAIN_VALUE_STRING:
	case REVCHAIN_VALUE_CALL:
		MUST(value->line > 0 && value->count == 1);
		break;
	case REVCHAIN_VALUE_SEQUENCE:
		MUST(value->line > 0);
		break;
	default:
		MUST(value->kind == REVCHAIN_VALUE_UNREADABLE && value->count == 0);
	}
}

/* What cannot be read has a problem that says why: of its own, or the file's. */
static inline void must_be_explained(const struct revchain_pyscan *scan,
				     const struct revchain_value *value, const char *name)
{
	size_t i, count = 0;

	for (i = 0; i < scan->problem_count; i++)
		count += !scan->problems[i].name || strcmp(scan->problems[i].name, name) == 0;
	MUST(value->kind != REVCHAIN_VALUE_UNREADABLE || count > 0);
}

static inline void must_be_sound(const struct revchain_pyscan *scan, size_t size)
{
	size_t i;

	must_be_value(&scan->revision, size);
	must_be_value(&scan->down_revision, size);
	must_be_value(&scan->branch_labels, size);
	must_be_value(&scan->depends_on, size);
	MUST(scan->revision.kind == REVCHAIN_VALUE_STRING ||
	     scan->revision.kind == REVCHAIN_VALUE_MISSING ||
	     scan->revision.kind == REVCHAIN_VALUE_UNREADABLE);
	MUST(scan->branch_labels.kind != REVCHAIN_VALUE_CALL);
	MUST(scan->depends_on.kind != REVCHAIN_VALUE_CALL);
	must_be_explained(scan, &scan->revision, "revision");
	must_be_explained(scan, &scan->down_revision, "down_revision");
	must_be_explained(scan, &scan->branch_labels, "branch_labels");
	must_be_explained(scan, &scan->depends_on, "depends_on");
	MUST(scan->import_at <= size || scan->import_at == SIZE_MAX);
	for (i = 0; i < scan->problem_count; i++) {
		MUST(scan->problems[i].line > 0 && *scan->problems[i].message);
		MUST(!strchr(scan->problems[i].message, '\n'));
		MUST(i == 0 || scan->problems[i - 1].line <= scan->problems[i].line);
	}
}

#endif
