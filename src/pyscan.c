#include "revchain/pyscan.h"

#include <stdlib.h>
#include <string.h>

#include "pydate.h"
#include "pyline.h"
#include "pystring.h"

#define NAMES 4
#define DOWN_REVISION 1 /* its index */
#define LOOKUP "get_down_revision"
#define HINT_UTF8 "save the file as UTF-8 and remove its coding line"

/* A name that is wanted, and what it may be. */
struct wanted {
	const char *name;
	const char *hint; /* what to do where it cannot be read */
	bool sequence, call, none;
};

static const struct wanted wanted[NAMES] = {
	{"revision", "assign a string to it at the top level of the module", false, false, false},
	{"down_revision",
	 "assign a string, None, a tuple of strings or get_down_revision(revision) to it at the "
	 "top level of the "
	 "module",
	 true, true, true},
	{"branch_labels",
	 "assign a string, None or a tuple of strings to it at the top level of the module", true,
	 false, true},
	{"depends_on",
	 "assign a string, None or a tuple of strings to it at the top level of the module", true,
	 false, true},
};

struct job {
	struct revchain_arena *arena; /* the caller's */
	struct revchain_pyscan *scan;
	struct revchain_pyproblem problems[NAMES];
	struct revchain_pymodule module;
	struct revchain_pylines lines;
	struct revchain_pytokenizer tokenizer;
	struct revchain_pycursor cursor;
};

static void value_at(struct revchain_pyscan *scan, size_t index, struct revchain_value **value)
{
	struct revchain_value *values[NAMES] = {&scan->revision, &scan->down_revision,
						&scan->branch_labels, &scan->depends_on};

	*value = values[index];
}

/* Say why a name cannot be read. */
static enum revchain_pystatus refuse(struct job *job, size_t index, int line, const char *hint,
				     const char *what)
{
	enum revchain_pystatus status =
		revchain_pyproblem_set(&job->problems[job->scan->problem_count], job->arena, line,
				       hint, "%s %s", wanted[index].name, what);

	job->problems[job->scan->problem_count].name = wanted[index].name;
	job->scan->problem_count++;
	return status;
}

/* The value of a string operand in the caller's arena. */
static enum revchain_pystatus decode(struct job *job, size_t index,
				     const struct revchain_pyoperand *operand, const char **string)
{
	static const char *const faults[] = {
		[REVCHAIN_PYSTRING_NAMED] =
			"holds a character by its name (\\N{...}), which is not looked up",
		[REVCHAIN_PYSTRING_NUL] = "holds a NUL character",
		[REVCHAIN_PYSTRING_OPAQUE] = "holds characters in an encoding that is not decoded",
		[REVCHAIN_PYSTRING_ESCAPE] = "holds an escape sequence that Python refuses",
	};
	char *value = revchain_arena_alloc(job->arena, operand->length + 1);
	enum revchain_pystring_fault fault;

	if (!value)
		return REVCHAIN_PY_MEMORY;
	revchain_pystring_decode(&job->module.source, operand->start, operand->pieces, value,
				 &fault);
	*string = value;
	if (fault == REVCHAIN_PYSTRING_FINE)
		return REVCHAIN_PY_OK;
	return refuse(job, index, operand->line,
		      fault == REVCHAIN_PYSTRING_OPAQUE ? HINT_UTF8 : "write the character itself",
		      faults[fault]);
}

/* A part of the source, as one of the original text. */
static struct revchain_span original(struct job *job, size_t start, size_t end)
{
	struct revchain_span span = {0, 0};

	if (start == end)
		return span;
	span.begin = revchain_pysource_original(&job->module.source, &job->cursor, start);
	span.end = revchain_pysource_original(&job->module.source, &job->cursor, end);
	return span;
}

/* Give the value its strings, those of `count` operands. */
static enum revchain_pystatus fill(struct job *job, size_t index, struct revchain_value *value,
				   struct revchain_pyspan written,
				   struct revchain_pyoperand *const *operands, size_t count)
{
	const char **strings = revchain_arena_array(job->arena, count + 1, sizeof(*strings));
	struct revchain_span *literals =
		revchain_arena_array(job->arena, count + 1, sizeof(*literals));
	enum revchain_pystatus status = REVCHAIN_PY_OK;
	size_t i;

	if (!strings || !literals)
		return REVCHAIN_PY_MEMORY;
	for (i = 0; i < count && !status; i++) {
		size_t start = operands[i]->start, end = start + operands[i]->length;

		if (written.start <= start && end <= written.end)
			literals[i] = original(job, start, end);
		if (operands[i]->kind != REVCHAIN_PYOPERAND_STRING)
			status = refuse(job, index, operands[i]->line, wanted[index].hint,
					"holds something else than strings");
		else
			status = decode(job, index, operands[i], &strings[i]);
	}
	value->strings = strings;
	value->literals = literals;
	value->count = count;
	return status;
}

static enum revchain_pystatus read_operand(struct job *job, size_t index,
					   struct revchain_pyoperand *operand,
					   struct revchain_pyspan written,
					   struct revchain_value *value)
{
	const struct wanted *rule = &wanted[index];
	const char *wrong = NULL;

	switch (operand->kind) {
	case REVCHAIN_PYOPERAND_UNREADABLE:
		return refuse(job, index, operand->line, rule->hint, operand->reason);
	case REVCHAIN_PYOPERAND_NONE:
		value->kind = REVCHAIN_VALUE_NONE;
		wrong = rule->none ? NULL : "is None";
		break;
	case REVCHAIN_PYOPERAND_STRING:
		value->kind = REVCHAIN_VALUE_STRING;
		return fill(job, index, value, written, &operand, 1);
	case REVCHAIN_PYOPERAND_SEQUENCE:
		value->kind = REVCHAIN_VALUE_SEQUENCE;
		wrong = rule->sequence ? NULL : "is a sequence";
		break;
	case REVCHAIN_PYOPERAND_CALL:
		value->kind = REVCHAIN_VALUE_CALL;
		wrong = rule->call ? NULL : "is the result of a call";
		break;
	}
	if (wrong)
		return refuse(job, index, operand->line, rule->hint, wrong);
	if (operand->changed)
		return refuse(job, index, operand->changed, rule->hint, "is changed in place");
	return fill(job, index, value, written, operand->items, operand->count);
}

/* What a wanted name is bound to at the end of the module. */
static enum revchain_pystatus read_value(struct job *job, size_t index)
{
	const struct wanted *rule = &wanted[index];
	const struct revchain_pybinding *binding =
		revchain_pybinding_find(&job->module.names, rule->name, strlen(rule->name));
	enum revchain_pystatus status = REVCHAIN_PY_OK;
	struct revchain_value *value;

	value_at(job->scan, index, &value);
	value->line = binding->line;
	if (binding->global_line)
		status = refuse(job, index, binding->global_line, rule->hint,
				"is declared global in a function, which may change it");
	else if (binding->how)
		status = refuse(job, index, binding->line, rule->hint, binding->how);
	else if (binding->value)
		status = read_operand(job, index, binding->value, binding->written, value);
	value->written = original(job, binding->written.start, binding->written.end);
	if (status == REVCHAIN_PY_PROBLEM) {
		*value = (struct revchain_value){.kind = REVCHAIN_VALUE_UNREADABLE,
						 .line = binding->line};
		status = REVCHAIN_PY_OK;
	}
	return status;
}

static enum revchain_pystatus read_docstring(struct job *job)
{
	const struct revchain_pyoperand *operand = job->lines.docstring;
	enum revchain_pystring_fault fault;
	size_t length;
	char *value;

	if (!operand)
		return REVCHAIN_PY_OK;
	value = revchain_arena_alloc(job->arena, operand->length + 1);
	if (!value)
		return REVCHAIN_PY_MEMORY;
	length = revchain_pystring_decode(&job->module.source, operand->start, operand->pieces,
					  value, &fault);
	job->scan->docstring = value;
	job->scan->has_create_date = revchain_pydate_find(value, length, &job->scan->create_date);
	if (!job->scan->has_create_date)
		job->scan->create_date = 0;
	return REVCHAIN_PY_OK;
}

/* Where one more import may stand, and whether it is needed. */
static void find_import(struct job *job)
{
	const char *name = wanted[DOWN_REVISION].name;
	const struct revchain_pybinding *lookup =
		revchain_pybinding_find(&job->module.names, LOOKUP, strlen(LOOKUP));
	const struct revchain_pybinding *down =
		revchain_pybinding_find(&job->module.names, name, strlen(name));
	const struct revchain_pylines *lines = &job->lines;
	size_t before = down->written.start ? down->written.start : SIZE_MAX;
	size_t place = lines->first;

	if (place < lines->behind_docstring)
		place = lines->behind_docstring;
	if (place < lines->behind_future)
		place = lines->behind_future;
	if (place < lines->behind_alembic && lines->behind_alembic <= before)
		place = lines->behind_alembic;
	job->scan->import_at = SIZE_MAX;
	if (place <= before)
		job->scan->import_at =
			revchain_pysource_original(&job->module.source, &job->cursor, place);
	job->scan->imports_lookup =
		lookup->how && strcmp(lookup->how, "is bound by an import") == 0;
}

static void sort_problems(struct revchain_pyproblem *problems, size_t count)
{
	size_t i, j;

	for (i = 1; i < count; i++)
		for (j = i; j > 0 && problems[j].line < problems[j - 1].line; j--) {
			struct revchain_pyproblem later = problems[j - 1];
			problems[j - 1] = problems[j];
			problems[j] = later;
		}
}

/* Read the whole text, then what its names are bound to. */
static enum revchain_pystatus run(struct job *job, const char *text, size_t length)
{
	enum revchain_pystatus status;
	struct revchain_pytoken token;
	bool may_skim;
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (!revchain_pybinding_add(&job->module.names, wanted[i].name,
					    strlen(wanted[i].name)))
			return REVCHAIN_PY_MEMORY;
	if (!revchain_pybinding_add(&job->module.names, LOOKUP, strlen(LOOKUP)))
		return REVCHAIN_PY_MEMORY;
	status = revchain_pysource_read(&job->module.source, text, length, job->module.scratch,
					job->arena, &job->problems[0]);
	if (status)
		return status;
	revchain_pytokenizer_init(&job->tokenizer, &job->module.source, job->arena,
				  &job->problems[0]);
	may_skim = !strstr(job->module.source.text, "global");
	do {
		if (may_skim && revchain_pylines_in_scope(&job->lines))
			revchain_pytokenizer_skim(&job->tokenizer);
		status = revchain_pytokenizer_next(&job->tokenizer, &token);
		if (!status && !revchain_pylines_feed(&job->lines, &token))
			status = REVCHAIN_PY_MEMORY;
		if (status)
			return status;
	} while (token.kind != REVCHAIN_PYTOKEN_END);
	for (i = 0; i < NAMES && !status; i++)
		status = read_value(job, i);
	if (!status)
		status = read_docstring(job);
	find_import(job);
	sort_problems(job->problems, job->scan->problem_count);
	return status;
}

/* The text as a whole cannot be read. */
static void refuse_all(struct job *job)
{
	size_t i;
	struct revchain_value *value;

	for (i = 0; i < NAMES; i++) {
		value_at(job->scan, i, &value);
		*value = (struct revchain_value){.kind = REVCHAIN_VALUE_UNREADABLE};
	}
	job->scan->problem_count = 1;
}

/* The job is large, and of most of it nothing is ever used: set no more than is looked at. */
static void start(struct job *job, struct revchain_arena *arena, struct revchain_arena *scratch,
		  struct revchain_pyscan *scan)
{
	job->arena = arena;
	job->scan = scan;
	memset(job->problems, 0, sizeof(job->problems));
	memset(&job->module, 0, sizeof(job->module));
	job->module.scratch = job->module.names.arena = scratch;
	revchain_pylines_init(&job->lines, &job->module);
	memset(&job->cursor, 0, sizeof(job->cursor));
}

int revchain_pyscan_with(struct revchain_arena *scratch, const char *text, size_t length,
			 struct revchain_arena *arena, struct revchain_pyscan *scan,
			 struct revchain_error *error)
{
	enum revchain_pystatus status;
	struct revchain_pyproblem *problems;
	struct job job;

	memset(scan, 0, sizeof(*scan));
	start(&job, arena, scratch, scan);
	status = run(&job, text, length);
	if (status == REVCHAIN_PY_PROBLEM)
		refuse_all(&job);
	problems = revchain_arena_array(arena, scan->problem_count + 1, sizeof(*problems));
	if (problems)
		memcpy(problems, job.problems, scan->problem_count * sizeof(*problems));
	scan->problems = problems;
	free(job.module.tokens);
	return problems && status != REVCHAIN_PY_MEMORY ? REVCHAIN_OK : revchain_fail_memory(error);
}

int revchain_pyscan(const char *text, size_t length, struct revchain_arena *arena,
		    struct revchain_pyscan *scan, struct revchain_error *error)
{
	struct revchain_arena *scratch = revchain_arena_new();
	int status;

	memset(scan, 0, sizeof(*scan));
	if (!scratch)
		return revchain_fail_memory(error);
	status = revchain_pyscan_with(scratch, text, length, arena, scan, error);
	revchain_arena_free(scratch);
	return status;
}

bool revchain_value_same(const struct revchain_value *a, const struct revchain_value *b)
{
	size_t i;

	if (a->kind != b->kind || a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (strcmp(a->strings[i], b->strings[i]) != 0)
			return false;
	return true;
}
