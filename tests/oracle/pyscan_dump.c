/*
 * Print what revchain_pyscan finds in modules, as JSON, one line each: of the files that are named,
 * or without arguments of texts from standard input, each preceded by its length in bytes and a
 * newline.
 */
#include <stdlib.h>

#include "scan_json.h"

static int dump(const char *text, size_t length)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_pyscan scan;
	struct revchain_error error;
	int status = REVCHAIN_IO;

	if (arena)
		status = revchain_pyscan(text, length, arena, &scan, &error);
	if (status == REVCHAIN_OK)
		scan_json_print(stdout, &scan);
	else
		fputs("pyscan_dump: memory ran out\n", stderr);
	revchain_arena_free(arena);
	return status;
}

/* Read so many bytes into exactly that much memory, so that reading beyond them is seen by a
 * sanitizer. */
static int dump_part(FILE *file, size_t length)
{
	char *text = malloc(length > 0 ? length : 1);
	int status = REVCHAIN_IO;

	if (text && fread(text, 1, length, file) == length)
		status = dump(text, length);
	free(text);
	return status;
}

static int dump_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	int status = REVCHAIN_IO;
	long length;

	if (!file) {
		perror(path);
		return REVCHAIN_IO;
	}
	if (fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0)
		status = dump_part(file, (size_t)length);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	int i, status = REVCHAIN_OK;
	char line[32];

	for (i = 1; i < argc && status == REVCHAIN_OK; i++)
		status = dump_file(argv[i]);
	while (argc == 1 && status == REVCHAIN_OK && fgets(line, sizeof(line), stdin))
		status = dump_part(stdin, strtoul(line, NULL, 10));
	return status;
}
