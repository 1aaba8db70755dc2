/*
 * The scanner of Python modules against CPython's own parser, in this very process: what
 * tests/oracle/pyscan.py asks of a scan holds for every input.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "fuzz.h"

#include "../oracle/scan_json.h"

const char *__asan_default_options(void);

/* CPython keeps what it has until the end. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

/* The module of the oracle, which is in the directory that PYTHONPATH names. */
static PyObject *load_oracle(void)
{
	static PyObject *oracle;

	if (oracle)
		return oracle;
	Py_InitializeEx(0);
	PyRun_SimpleString(
		"import json, pyscan\n"
		"def differs(data, scan):\n"
		"    return pyscan.compare(json.loads(scan), pyscan.judge(data), data)\n");
	oracle = PyObject_GetAttrString(PyImport_AddModule("__main__"), "differs");
	MUST(oracle);
	return oracle;
}

static char *scan_as_json(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_error error;
	struct revchain_pyscan scan;
	size_t length;
	char *json;
	FILE *file = open_memstream(&json, &length);

	MUST(file &&
	     revchain_pyscan((const char *)data, size, arena, &scan, &error) == REVCHAIN_OK);
	scan_json_print(file, &scan);
	MUST(fclose(file) == 0);
	revchain_arena_free(arena);
	return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PyObject *oracle = load_oracle(), *answer;
	char *json = scan_as_json(data, size);

	answer = PyObject_CallFunction(oracle, "y#s", data, (Py_ssize_t)size, json);
	if (!answer)
		PyErr_Print();
	else if (answer != Py_None)
		PyObject_Print(answer, stderr, Py_PRINT_RAW);
	MUST(answer == Py_None);
	Py_DECREF(answer);
	free(json);
	return 0;
}
