/*
 * The reader of loose objects. The first byte says what the rest is: the file as it is, or what is
 * packed into it, at once or stored. Against zlib and a reader of heads that knows no bounds.
 */
#include "fuzz.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <sys/stat.h>
#include <zlib.h>

#include "loose.h"

#define NAME "0123456789012345678901234567890123456789"
#define ROOM 40000 /* bytes, of an object: what has more is not looked at */

static struct target {
	git_odb_backend *backend;
	git_odb *database; /* owns it */
	git_oid id;
} target;

/* What a file holds, as zlib and the format have it. */
struct expected {
	bool right;
	const char *type;
	size_t size;
	const unsigned char *content;
};

static void close_database(void)
{
	git_odb_free(target.database);
	git_libgit2_shutdown();
}

/* A directory of objects, in $TMPDIR, with one object: a link to the file in memory. */
static void open_database(void)
{
	const char *directory = getenv("TMPDIR");
	char root[256], path[320];

	snprintf(root, sizeof(root), "%s/fuzz.XXXXXX", directory ? directory : "/tmp");
	MUST(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/%.2s", root, NAME);
	MUST(mkdir(path, 0700) == 0);
	snprintf(path, sizeof(path), "%s/%.2s/%s", root, NAME, &NAME[2]);
	MUST(symlink(file_in_memory("", 0), path) == 0);
	git_libgit2_init();
	MUST(git_odb_new(&target.database) == 0);
	target.backend = revchain_loose_backend(root);
	MUST(target.backend && git_odb_add_backend(target.database, target.backend, 1) == 0);
	MUST(git_oid_fromstr(&target.id, NAME) == 0);
	atexit(close_database);
}

static size_t pack(const uint8_t *data, size_t size, int level, unsigned char *packed, size_t room)
{
	static z_stream streams[2];
	z_stream *stream = &streams[level];

	if (!stream->state)
		MUST(deflateInit2(stream, level, Z_DEFLATED, 9, 1, Z_DEFAULT_STRATEGY) == Z_OK);
	else
		MUST(deflateReset(stream) == Z_OK);
	stream->next_in = (unsigned char *)(uintptr_t)data;
	stream->avail_in = (unsigned)size;
	stream->next_out = packed;
	stream->avail_out = (unsigned)room;
	MUST(deflate(stream, Z_FINISH) == Z_STREAM_END);
	return stream->total_out;
}

/* "TYPE SIZE" and a NUL, and behind them as many bytes as it says; `text` is written to. */
static bool read_text(char *text, size_t length, struct expected *expected)
{
	size_t head = strlen(text) + 1;
	char *space = strchr(text, ' '), *end;
	git_object_t type;

	if (head > length || head > 32 || !space || space[1] < '0' || space[1] > '9')
		return false;
	*space = '\0';
	type = git_object_string2type(text); /* of "trees", too */
	expected->type = git_object_type2string(type);
	expected->size = strtoull(space + 1, &end, 10);
	expected->content = (unsigned char *)text + head;
	return *text && strcmp(text, expected->type) == 0 && *end == '\0' &&
	       expected->size == length - head;
}

/* False: there is more in it than there is room for. */
static bool unpack(const uint8_t *file, size_t size, struct expected *expected)
{
	static char text[ROOM];
	static z_stream stream;
	int code;

	MUST((stream.state ? inflateReset(&stream) : inflateInit(&stream)) == Z_OK);
	stream.next_in = (unsigned char *)(uintptr_t)file;
	stream.avail_in = (unsigned)size;
	stream.next_out = (unsigned char *)text;
	stream.avail_out = ROOM - 1;
	code = inflate(&stream, Z_FINISH);
	text[stream.total_out] = '\0';
	expected->right = code == Z_STREAM_END && read_text(text, stream.total_out, expected);
	return code != Z_BUF_ERROR || stream.avail_out > 0;
}

static void must_be_expected(const struct expected *expected)
{
	size_t size = 0, head_size = 0;
	git_object_t type = GIT_OBJECT_INVALID, head_type = GIT_OBJECT_INVALID;
	void *content = NULL;
	int code = target.backend->read(&content, &size, &type, target.backend, &target.id);
	int head = target.backend->read_header(&head_size, &head_type, target.backend, &target.id);

	MUST((code == 0) == expected->right);
	MUST(code == 0 || (code == GIT_ERROR && strstr(git_error_last()->message, NAME)));
	MUST(head == 0 || (head == GIT_ERROR && code != 0));
	if (code == 0) {
		MUST(size == expected->size && head_size == size && head_type == type);
		MUST(strcmp(git_object_type2string(type), expected->type) == 0);
		MUST(memcmp(content, expected->content, size) == 0);
		MUST(((char *)content)[size] == '\0');
		git_odb_backend_data_free(target.backend, content);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char packed[2 * ROOM];
	struct choices choices = {data, data + size};
	unsigned choice = choose(&choices, 3);
	struct expected expected;

	if (!target.database)
		open_database();
	size = (size_t)(choices.end - choices.at);
	if (size >= ROOM)
		return -1;
	data = choices.at;
	if (choice < 2) {
		size = pack(data, size, (int)choice, packed, sizeof(packed));
		data = packed;
	}
	file_in_memory(data, size);
	if (unpack(data, size, &expected))
		must_be_expected(&expected);
	return 0;
}
