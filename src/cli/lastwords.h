/*
 * What is said where nothing can be handed up any more: in the middle of libgit2, or of an access
 * to memory. The message is written and the process ends; nothing that is being written is half
 * done then, since neither can happen while a file is replaced.
 */
#ifndef LASTWORDS_H
#define LASTWORDS_H

/*
 * Be prepared for both, before libgit2 is started:
 *
 * - libgit2 finds no memory: exit status 5. It has places that do not look at what they got, while
 *   it starts up and where it reads a configuration. Where it asks for much, which is what damaged
 *   objects lead to, it is told that there is none, and says itself what it was for.
 * - A file is cut short below a mapping, or its disk fails: exit status 3, with the file's name.
 *   libgit2 maps packs and their indexes, and so do we: a read that fails is SIGBUS there. See
 *   mmap(2).
 */
void lastwords_prepare(void);

#endif
