#include "suggest.h"

#include <stddef.h>
#include <string.h>

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* How many letters have to be changed, put in or taken out (Levenshtein's distance). */
static size_t distance(const char *a, const char *b)
{
	size_t row[SUGGEST_WORD_MAX + 1], i, j, length = strlen(b);

	for (j = 0; j <= length; j++)
		row[j] = j;
	for (i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= length; j++) {
			size_t above = row[j];

			row[j] = smallest(row[j - 1] + 1, above + 1,
					  diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[length];
}

const char *suggest(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t best_distance = strlen(word) / 3 + 2;

	if (strlen(word) > SUGGEST_WORD_MAX)
		return NULL;
	for (; *candidates; candidates++) {
		size_t far = distance(word, *candidates);

		if (far < best_distance) {
			best_distance = far;
			best = *candidates;
		}
	}
	return best;
}
