/* What somebody may have meant. */
#ifndef SUGGEST_H
#define SUGGEST_H

#define SUGGEST_WORD_MAX 64 /* longer words are not compared */

/* The candidate (a list with NULL at the end) that a mistyped word may have meant; NULL: none is
 * near. */
const char *suggest(const char *word, const char *const *candidates);

#endif
