#include "revchain/mend.h"

#include <stdint.h>
#include <string.h>

#include <git2/buffer.h>
#include <git2/errors.h>
#include <git2/patch.h>

#include "pyliteral.h"

#define LOOKUP "get_down_revision"
#define IMPORT "from revchain import " LOOKUP
#define EDITS_MOST 2

/* Bytes of the old text, and what takes their place. */
struct edit {
	size_t begin, end;
	const char *text;
};

/* down_revision cannot be changed. */
static int refuse(struct revchain_error *error, const struct revchain_mend *mend, const char *what)
{
	revchain_fail_at(error, REVCHAIN_MIGRATIONS, mend->path, mend->scan->down_revision.line,
			 what);
	revchain_error_hint(error, "change it by hand");
	return REVCHAIN_MIGRATIONS;
}

/* Carry out some edits, which must be in their order. */
static int apply(struct revchain_mend *mend, const struct edit *edits, size_t count,
		 struct revchain_arena *arena, struct revchain_error *error)
{
	struct revchain_buffer text = {0};
	size_t i, at = 0;

	for (i = 0; i < count; i++) {
		revchain_buffer_add(&text, mend->text + at, edits[i].begin - at);
		revchain_buffer_puts(&text, edits[i].text);
		at = edits[i].end;
	}
	revchain_buffer_add(&text, mend->text + at, mend->length - at);
	mend->mended = text.failed ? NULL : revchain_arena_copy(arena, text.text, text.length);
	mend->mended_length = text.length;
	revchain_buffer_free(&text);
	return mend->mended ? REVCHAIN_OK : revchain_fail_memory(error);
}

static bool has_strings(const struct revchain_value *value, const char *const *strings,
			size_t count)
{
	size_t i;

	if (value->count != count)
		return false;
	for (i = 0; i < count; i++)
		if (strcmp(value->strings[i], strings[i]) != 0)
			return false;
	return true;
}

/* Scan the new text: down_revision must be these strings, as a call or not, and nothing else may
 * have changed. */
static int verify(const struct revchain_mend *mend, bool call, const char *const *strings,
		  size_t count, struct revchain_arena *arena, struct revchain_error *error)
{
	const struct revchain_pyscan *old = mend->scan;
	struct revchain_pyscan scan;
	int status = revchain_pyscan(mend->mended, mend->mended_length, arena, &scan, error);

	if (status)
		return status;
	if ((scan.down_revision.kind == REVCHAIN_VALUE_CALL) == call &&
	    has_strings(&scan.down_revision, strings, count) &&
	    revchain_value_same(&scan.revision, &old->revision) &&
	    revchain_value_same(&scan.branch_labels, &old->branch_labels) &&
	    revchain_value_same(&scan.depends_on, &old->depends_on))
		return REVCHAIN_OK;
	return refuse(error, mend, "down_revision cannot be changed by itself");
}

/* The kind of quotes that a literal of the text has; 0: there is none. */
static char quote_of(const struct revchain_mend *mend, const struct revchain_value *value)
{
	const char *at;

	if (value->count == 0 || value->literals[0].begin == value->literals[0].end)
		return 0;
	for (at = mend->text + value->literals[0].begin; *at != '\'' && *at != '"'; at++)
		;
	return *at;
}

/* The quotes of what is there, or else of the revision; repr's where there are none. */
static char choose_quote(const struct revchain_mend *mend)
{
	char quote = quote_of(mend, &mend->scan->down_revision);

	return quote ? quote : quote_of(mend, &mend->scan->revision);
}

static const char *literal(const char *string, char quote, struct revchain_arena *arena)
{
	struct revchain_buffer text = {0};
	const char *copy;

	revchain_pyliteral_add(&text, string, quote);
	copy = text.failed ? NULL : revchain_arena_copy(arena, text.text, text.length);
	revchain_buffer_free(&text);
	return copy;
}

/* One string, or a tuple of them, or None. */
static const char *expression(const char *const *strings, size_t count, char quote,
			      struct revchain_arena *arena)
{
	struct revchain_buffer text = {0};
	const char *copy;
	size_t i;

	revchain_buffer_puts(&text, count > 1 ? "(" : count ? "" : "None");
	for (i = 0; i < count; i++) {
		revchain_buffer_puts(&text, i ? ", " : "");
		revchain_pyliteral_add(&text, strings[i], quote);
	}
	revchain_buffer_puts(&text, count > 1 ? ")" : "");
	copy = text.failed ? NULL : revchain_arena_copy(arena, text.text, text.length);
	revchain_buffer_free(&text);
	return copy;
}

/* The literals that change where the new parents stand in the places of old ones. `*possible`
 * false: they do not, or one of them is not written there. */
static int replace_literals(struct revchain_mend *mend, const char *const *parents, size_t count,
			    char quote, bool *possible, struct revchain_arena *arena,
			    struct revchain_error *error)
{
	const struct revchain_value *value = &mend->scan->down_revision;
	struct edit *edits = revchain_arena_array(arena, count + 1, sizeof(*edits));
	size_t i, used = 0;

	*possible = count > 0 && value->count == count;
	if (!edits)
		return revchain_fail_memory(error);
	for (i = 0; *possible && i < count; i++) {
		const struct revchain_span *span = &value->literals[i];

		if (strcmp(value->strings[i], parents[i]) == 0)
			continue;
		*possible = span->begin < span->end;
		edits[used] =
			(struct edit){span->begin, span->end, literal(parents[i], quote, arena)};
		if (!edits[used++].text)
			return revchain_fail_memory(error);
	}
	return *possible ? apply(mend, edits, used, arena, error) : REVCHAIN_OK;
}

static int check_static(const struct revchain_mend *mend, struct revchain_error *error)
{
	const struct revchain_value *value = &mend->scan->down_revision;

	if (value->kind == REVCHAIN_VALUE_CALL)
		return revchain_fail_at(error, REVCHAIN_MIGRATIONS, mend->path, value->line,
					"the migration leaves its parent to git already");
	if (value->kind == REVCHAIN_VALUE_MISSING || value->kind == REVCHAIN_VALUE_UNREADABLE)
		return revchain_fail_at(error, REVCHAIN_MIGRATIONS, mend->path, value->line,
					"down_revision cannot be read");
	if (value->written.begin == value->written.end)
		return refuse(error, mend, "down_revision is not written where it is assigned");
	return REVCHAIN_OK;
}

int revchain_mend_parents(struct revchain_mend *mend, const char *const *parents, size_t count,
			  struct revchain_arena *arena, struct revchain_error *error)
{
	const struct revchain_value *value = &mend->scan->down_revision;
	char quote = choose_quote(mend);
	struct edit edit = {value->written.begin, value->written.end, NULL};
	bool possible = false;
	int status = check_static(mend, error);

	if (!status)
		status = replace_literals(mend, parents, count, quote, &possible, arena, error);
	if (status)
		return status;
	if (!possible) {
		edit.text = expression(parents, count, quote, arena);
		status = edit.text ? apply(mend, &edit, 1, arena, error)
				   : revchain_fail_memory(error);
	}
	return status ? status : verify(mend, false, parents, count, arena, error);
}

/* The end of the line in front of an offset, or else of the first line. */
static const char *line_end(const struct revchain_mend *mend, size_t at)
{
	const char *text = mend->text;

	if (at == 0 || (text[at - 1] != '\n' && text[at - 1] != '\r')) {
		for (at = 0; at < mend->length && text[at] != '\n' && text[at] != '\r';)
			at++;
		if (at == mend->length)
			return "\n";
		at += at + 1 < mend->length && text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1;
	}
	if (text[at - 1] == '\r')
		return "\r";
	return at > 1 && text[at - 2] == '\r' ? "\r\n" : "\n";
}

static const char *import_line(const struct revchain_mend *mend, size_t at,
			       struct revchain_arena *arena)
{
	return revchain_arena_printf(arena, "%s%s", IMPORT, line_end(mend, at));
}

int revchain_mend_dynamic(struct revchain_mend *mend, struct revchain_arena *arena,
			  struct revchain_error *error)
{
	const struct revchain_pyscan *scan = mend->scan;
	const struct revchain_span *written = &scan->down_revision.written,
				   *revision = &scan->revision.written;
	struct edit edits[EDITS_MOST];
	size_t count = 0;
	int status = check_static(mend, error);

	if (status)
		return status;
	if (revision->begin == revision->end || scan->revision.count != 1)
		return refuse(error, mend, "the revision is not written where it is assigned");
	if (!scan->imports_lookup && scan->import_at == SIZE_MAX)
		return refuse(error, mend, "there is no line for the import of " LOOKUP);
	if (!scan->imports_lookup)
		edits[count++] = (struct edit){scan->import_at, scan->import_at,
					       import_line(mend, scan->import_at, arena)};
	edits[count] = (struct edit){written->begin, written->end, LOOKUP "(revision)"};
	/* a name that is bound only further down cannot be the argument */
	if (revision->begin > written->begin)
		edits[count].text = revchain_arena_printf(arena, LOOKUP "(%.*s)",
							  (int)(revision->end - revision->begin),
							  mend->text + revision->begin);
	if (!edits[0].text || !edits[count++].text)
		return revchain_fail_memory(error);
	status = apply(mend, edits, count, arena, error);
	return status ? status : verify(mend, true, scan->revision.strings, 1, arena, error);
}

/* The start of the first line that begins with a word; the text's length: there is none. */
static size_t find_line(const struct revchain_mend *mend, const char *word)
{
	size_t at = 0, length = strlen(word);

	while (at < mend->length) {
		const char *feed;

		if (mend->length - at >= length && memcmp(mend->text + at, word, length) == 0)
			return at;
		feed = memchr(mend->text + at, '\n', mend->length - at);
		at = feed ? (size_t)(feed - mend->text) + 1 : mend->length;
	}
	return at;
}

static size_t behind_line(const struct revchain_mend *mend, size_t at)
{
	const char *feed = memchr(mend->text + at, '\n', mend->length - at);

	return feed ? (size_t)(feed - mend->text) + 1 : mend->length;
}

/* Where the import goes: behind that of alembic, else in front of the first import, else of the
 * first revision line. */
static size_t find_import(const struct revchain_mend *mend)
{
	static const char *const words[] = {"import ", "from ", "${imports", "revision"};
	size_t i, at = find_line(mend, "from alembic import ");

	if (at < mend->length)
		return behind_line(mend, at);
	for (i = 0; i < sizeof(words) / sizeof(*words) && at == mend->length; i++)
		at = find_line(mend, words[i]);
	return at;
}

int revchain_mend_template(struct revchain_mend *mend, struct revchain_arena *arena,
			   struct revchain_error *error)
{
	static const char old[] = "${repr(down_revision)}";
	size_t import = find_import(mend), line = find_line(mend, "down_revision");
	size_t end = line < mend->length ? behind_line(mend, line) : line;
	const char *found;
	struct edit edits[EDITS_MOST];

	mend->mended = mend->text;
	mend->mended_length = mend->length;
	if (memmem(mend->text, mend->length, LOOKUP, strlen(LOOKUP)))
		return REVCHAIN_OK;
	found = memmem(mend->text + line, end - line, old, strlen(old));
	if (!found || import > line) {
		revchain_fail_at(error, REVCHAIN_MIGRATIONS, mend->path, 0,
				 "the template has no line that assigns ${repr(down_revision)} "
				 "to down_revision");
		revchain_error_hint(error,
				    "change it by hand: an import of " LOOKUP
				    " from revchain, and down_revision = " LOOKUP "(revision)");
		return REVCHAIN_MIGRATIONS;
	}
	edits[0] = (struct edit){import, import, import_line(mend, import, arena)};
	edits[1].begin = (size_t)(found - mend->text);
	edits[1].end = edits[1].begin + strlen(old);
	edits[1].text = "${repr(down_revision) if isinstance(down_revision, tuple) else "
			"\"" LOOKUP "(revision)\"}";
	return edits[0].text ? apply(mend, edits, EDITS_MOST, arena, error)
			     : revchain_fail_memory(error);
}

int revchain_mend_diff(const struct revchain_mend *mend, struct revchain_buffer *diff,
		       struct revchain_error *error)
{
	git_diff_options options;
	git_buf text = GIT_BUF_INIT;
	git_patch *patch = NULL;
	int failed;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT;
	failed = git_patch_from_buffers(&patch, mend->text, mend->length, mend->path, mend->mended,
					mend->mended_length, mend->path, &options);
	if (!failed && patch)
		failed = git_patch_to_buf(&text, patch);
	git_patch_free(patch);
	if (failed)
		return revchain_fail(error, REVCHAIN_IO, "the change cannot be shown: %s",
				     git_error_last() ? git_error_last()->message : "");
	if (text.size)
		revchain_buffer_add(diff, text.ptr, text.size);
	git_buf_dispose(&text);
	return diff->failed ? revchain_fail_memory(error) : REVCHAIN_OK;
}
