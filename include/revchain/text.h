/*
 * Text from a repository, made fit for where it goes: a terminal, JSON, a list of paths. File names
 * and revision ids are bytes that anyone may have chosen.
 */
#ifndef REVCHAIN_TEXT_H
#define REVCHAIN_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "revchain/arena.h"
#include "revchain/buffer.h"

/*
 * For a person: control characters, bytes that are not UTF-8, and characters that reorder or hide
 * text on a terminal are shown as \n, \t, \xNN or \uNNNN; everything else stays as it is.
 */
void revchain_text_escape(struct revchain_buffer *buffer, const char *text);

/* The same for text of several lines: the ends of lines stay. */
void revchain_text_escape_lines(struct revchain_buffer *buffer, const char *text);

/*
 * A JSON string with its quotes, in ASCII: the bytes that Python's json.dumps gives for the same
 * str. Bytes that are not UTF-8 become what os.fsdecode makes of them (\udcNN). Source: RFC 8259;
 * PEP 383.
 */
void revchain_text_json(struct revchain_buffer *buffer, const char *text);

/*
 * A path as git prints it: as it is, or in double quotes with C escapes where it has control
 * characters, quotes, backslashes or bytes over 0x7f. Source: core.quotePath in git-config(1).
 */
void revchain_text_quote_path(struct revchain_buffer *buffer, const char *path);

/*
 * A word of a command that a person may type, quoted for a shell where it needs to be: in the
 * arena. NULL: memory ran out.
 */
char *revchain_text_shell_word(struct revchain_arena *arena, const char *text);

/* The last component of a path. */
const char *revchain_text_base_name(const char *path);

/* A moment as ISO 8601 with its zone (minutes east of UTC): 2024-05-31T09:30:00+02:00. */
void revchain_text_date(struct revchain_buffer *buffer, int64_t seconds, int zone);

/* How many columns of a terminal a text that revchain_text_escape made takes up, a character
 * counted as one. */
size_t revchain_text_columns(const char *text);

#endif
