/* The graph of the migrations in the languages of Mermaid and Graphviz. */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stddef.h>

#include "revchain/revchain.h"

/*
 * Add a diagram of `count` migrations, newest first: an arrow from each to its parents, a dashed
 * one to what it depends on. Whatever a file says stays text in it. Sources: mermaid.js.org,
 * "Flowcharts Syntax" (entity codes); graphviz.org, "The DOT Language" (quoted strings, escString).
 */
void diagram_mermaid(const struct revchain_revmap *map, const size_t *order, size_t count,
		     struct revchain_buffer *text);
void diagram_dot(const struct revchain_revmap *map, const size_t *order, size_t count,
		 struct revchain_buffer *text);

#endif
