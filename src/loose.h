/*
 * Loose objects: a file each, of a head ("commit 234" and a NUL) and the content, as a zlib stream.
 * A backend for libgit2's object database, in place of its own, which never returns from a file
 * that is cut. The content is not compared with the object's name here.
 *
 * Source: gitformat-loose(5); git's object-file.c.
 */
#ifndef LOOSE_H
#define LOOSE_H

#include <git2/types.h>

/* The largest that is read, bytes: of the file and of what is in it. */
#define REVCHAIN_LOOSE_MAX ((size_t)512 << 20)

/* A backend for a directory of objects, which belongs to the database that it is added to. NULL:
 * memory ran out. */
git_odb_backend *revchain_loose_backend(const char *directory);

#endif
