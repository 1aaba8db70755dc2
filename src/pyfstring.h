/*
 * The state of the f-strings (and t-strings) that the tokenizer is in: which characters are text,
 * which are expressions.
 *
 * Sources: PEP 701; tok_get_fstring_mode() in CPython's Parser/lexer/lexer.c.
 */
#ifndef PYFSTRING_H
#define PYFSTRING_H

#include "pytoken.h"

/* The innermost f-string; NULL: none. */
struct revchain_pyfstring *revchain_pyfstring_current(struct revchain_pytokenizer *tokenizer);

/* Enter the f-string whose opening quote is at `position`. */
enum revchain_pystatus revchain_pyfstring_enter(struct revchain_pytokenizer *tokenizer,
						size_t position, bool raw);

/* Skip text up to the start of an expression or behind the end of the string. */
enum revchain_pystatus revchain_pyfstring_skip_text(struct revchain_pytokenizer *tokenizer);

/* Whether a colon at this place starts a format specification; if so, what follows is text. */
bool revchain_pyfstring_colon(struct revchain_pytokenizer *tokenizer);

/* Take note of an opening or closing bracket in an expression. */
void revchain_pyfstring_open(struct revchain_pytokenizer *tokenizer);
void revchain_pyfstring_close(struct revchain_pytokenizer *tokenizer, char bracket);

#endif
