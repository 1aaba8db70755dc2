/* What is in a directory that a test wrote to. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <criterion/criterion.h>
#include <dirent.h>

/* How many names it has: no temporary file may be left. */
static inline size_t directory_entries(const char *path)
{
	DIR *stream = opendir(path);
	size_t count = 0;

	cr_assert_not_null(stream);
	while (readdir(stream))
		count++;
	closedir(stream);
	return count - 2;
}

#endif
