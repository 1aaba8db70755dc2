/*
 * A repository whose objects are in memory: those that a target puts there for one input, and takes
 * away behind it.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "fuzz.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "repository.h"

#define OBJECTS_MOST 1024

struct object {
	git_oid id;
	git_object_t type;
	size_t size;
	void *bytes; /* owned */
};

static struct objects {
	struct revchain_repository *repository;
	git_odb_backend backend;
	struct object items[OBJECTS_MOST];
	size_t count;
} objects;

static inline const struct object *object_find(const git_oid *id)
{
	size_t i;

	for (i = 0; i < objects.count; i++)
		if (git_oid_equal(&objects.items[i].id, id))
			return &objects.items[i];
	return NULL;
}

static inline int objects_read(void **data, size_t *size, git_object_t *type,
			       git_odb_backend *backend, const git_oid *id)
{
	const struct object *object = object_find(id);

	if (!object)
		return GIT_ENOTFOUND;
	/* libgit2's own backends put a NUL behind every object */
	*data = git_odb_backend_data_alloc(backend, object->size + 1);
	MUST(*data);
	memcpy(*data, object->bytes, object->size);
	((char *)*data)[object->size] = '\0';
	*size = object->size;
	*type = object->type;
	return 0;
}

static inline int objects_read_header(size_t *size, git_object_t *type, git_odb_backend *backend,
				      const git_oid *id)
{
	const struct object *object = object_find(id);

	(void)backend;
	if (!object)
		return GIT_ENOTFOUND;
	*size = object->size;
	*type = object->type;
	return 0;
}

static inline int objects_exists(git_odb_backend *backend, const git_oid *id)
{
	(void)backend;
	return object_find(id) != NULL;
}

static inline void objects_backend_free(git_odb_backend *backend)
{
	(void)backend;
}

static inline git_oid object_put(git_object_t type, const void *bytes, size_t size)
{
	struct object *object = &objects.items[objects.count];
	git_oid id;

	MUST(git_odb_hash(&id, bytes, size, type) == 0);
	if (object_find(&id))
		return id;
	MUST(objects.count++ < OBJECTS_MOST);
	*object = (struct object){.id = id, .type = type, .size = size, .bytes = malloc(size + 1)};
	MUST(object->bytes);
	memcpy(object->bytes, bytes, size);
	return id;
}

static inline void objects_clear(void)
{
	while (objects.count)
		free(objects.items[--objects.count].bytes);
}

static inline void objects_close(void)
{
	revchain_repository_close(objects.repository);
}

/* The repository, without any objects at first: an empty directory, in $TMPDIR, is behind it. */
static inline struct revchain_repository *objects_repository(void)
{
	const char *directory = getenv("TMPDIR");
	struct revchain_error error;
	git_repository *git;
	char root[256];
	git_odb *odb;

	if (objects.repository)
		return objects.repository;
	unsetenv("GIT_DIR");
	git_libgit2_init();
	snprintf(root, sizeof(root), "%s/fuzz.XXXXXX", directory ? directory : "/tmp");
	MUST(mkdtemp(root) && git_repository_init(&git, root, true) == 0);
	git_repository_free(git);
	MUST(revchain_repository_open(&objects.repository, root, &error) == REVCHAIN_OK);
	MUST(git_repository_odb(&odb, revchain_repository_git(objects.repository)) == 0);
	MUST(git_odb_init_backend(&objects.backend, GIT_ODB_BACKEND_VERSION) == 0);
	objects.backend.read = objects_read;
	objects.backend.read_header = objects_read_header;
	objects.backend.exists = objects_exists;
	objects.backend.free = objects_backend_free;
	MUST(git_odb_add_backend(odb, &objects.backend, 999) == 0);
	git_odb_free(odb);
	atexit(objects_close);
	return objects.repository;
}

#endif
