#include "advice.h"

#include <stdarg.h>
#include <string.h>

#define COMMIT_DIGITS 10
#define DATE_DIGITS 10

__attribute__((format(printf, 2, 3))) static void say(struct advice *advice, const char *format,
						      ...)
{
	va_list arguments;
	char *line;

	va_start(arguments, format);
	line = revchain_arena_vprintf(advice->arena, format, arguments);
	va_end(arguments);
	if (!line || advice->count == ADVICE_MOST)
		advice->failed = true;
	else
		advice->lines[advice->count++] = line;
}

static const char *word(struct advice *advice, const char *text)
{
	const char *quoted = revchain_text_shell_word(advice->arena, text);

	advice->failed = advice->failed || !quoted;
	return quoted ? quoted : "";
}

/* A commit as it is named in a sentence: abbreviated. */
static const char *commit_word(struct advice *advice, const git_oid *id)
{
	char hex[REVCHAIN_OID_HEX + 1];
	const char *copy = revchain_arena_copy(
		advice->arena, git_oid_tostr(hex, COMMIT_DIGITS + 1, id), COMMIT_DIGITS);

	advice->failed = advice->failed || !copy;
	return copy ? copy : "";
}

static const char *date_word(struct advice *advice, const struct revchain_where_commit *commit)
{
	struct revchain_buffer text = {0};
	const char *copy;

	revchain_text_date(&text, commit->date, commit->zone);
	copy = text.text ? revchain_arena_copy(advice->arena, text.text, DATE_DIGITS) : NULL;
	revchain_buffer_free(&text);
	advice->failed = advice->failed || !copy;
	return copy ? copy : "";
}

/* How to take a database back to what the code here knows, with the code of a commit that has the
 * revision. */
static void say_downgrade(struct advice *advice, const char *commit,
			  const struct revchain_where *where)
{
	say(advice, "  git switch --detach %s && alembic downgrade %s", commit,
	    where->known ? word(advice, where->known) : "base");
}

static void say_here(struct advice *advice, const struct revchain_where_source *source,
		     const struct revchain_where *where)
{
	size_t index;

	if (!revchain_migrations_find(source->set, where->revision, &index)) {
		say(advice, "The last commit has it, the work tree has not. Bring the file back:");
		say(advice, "  git checkout HEAD -- %s", word(advice, where->path));
		return;
	}
	say(advice,
	    "This branch has it. Code that cannot locate it was built from an older commit, "
	    "or without the file:");
	say(advice, "build and deploy it again from here.");
	if (where->landed) {
		say(advice, "Whether a commit has it:");
		say(advice, "  git merge-base --is-ancestor %s COMMIT && echo yes",
		    commit_word(advice, &where->landing.id));
	}
}

static void say_elsewhere(struct advice *advice, const struct revchain_where_source *source,
			  const struct revchain_where *where)
{
	const struct revchain_ref *holder = &source->refs[where->holders[0]];
	const char *name = word(advice, holder->shown);

	if (holder->kind <= REVCHAIN_REF_REMOTE)
		say(advice,
		    "This branch never had it: %s has it, which is not merged here. A database got "
		    "it from there, as",
		    holder->shown);
	else
		say(advice, "This branch never had it: %s has it. A database got it from there, as",
		    holder->shown);
	say(advice,
	    "a preview or a test leaves it behind. Merge that branch, or run its code on that "
	    "database, or");
	say(advice, "take the database back to what is known here, and then upgrade it:");
	say_downgrade(advice, name, where);
	say(advice, "A database that nobody needs is made anew instead.");
}

static void say_renamed(struct advice *advice, const struct revchain_where *where)
{
	say(advice, "%s gave the migration another id: %s. What it does is the same, so a",
	    commit_word(advice, &where->removal.id), where->successor);
	say(advice, "database that has it only needs the new name (look at the difference first):");
	say(advice, "  git show %s -- %s", commit_word(advice, &where->removal.id),
	    word(advice, where->path));
	say(advice, "  alembic stamp --purge %s", word(advice, where->successor));
}

static void say_squashed(struct advice *advice, const struct revchain_where *where)
{
	const char *seen = commit_word(advice, &where->seen);
	bool one = where->added_count == 1;

	if (where->gone_count)
		say(advice,
		    "%s put %s%s in the place of it and %zu other%s. Bring the database to the",
		    commit_word(advice, &where->removal.id), where->added[0],
		    one ? "" : " and more", where->gone_count, where->gone_count == 1 ? "" : "s");
	else
		say(advice, "%s put %s%s in its place. Bring the database to the",
		    commit_word(advice, &where->removal.id), where->added[0],
		    one ? "" : " and more");
	say(advice,
	    "end of the old chain with the code from before, and then tell it the new name:");
	say(advice, "  git switch --detach %s && alembic upgrade heads", seen);
	say(advice, "  git switch - && alembic stamp --purge %s",
	    one ? word(advice, where->added[0]) : "REVISION");
	say(advice, "Or, if what it did is unwanted, take it back:");
	say_downgrade(advice, seen, where);
}

static void say_deleted(struct advice *advice, const struct revchain_where *where)
{
	const char *seen = commit_word(advice, &where->seen);

	say(advice, "%s deleted it and put nothing in its place. Take the database back with the",
	    commit_word(advice, &where->removal.id));
	say(advice, "code from before:");
	say_downgrade(advice, seen, where);
	if (where->known) {
		say(advice, "If it did nothing that is worth taking back:");
		say(advice, "  alembic stamp --purge %s", word(advice, where->known));
	}
	say(advice, "Or bring the file back, and look at the heads after it:");
	say(advice, "  git checkout %s -- %s && revchain heads", seen, word(advice, where->path));
}

static void say_removed(struct advice *advice, const struct revchain_where *where)
{
	if (where->state == REVCHAIN_WHERE_LOST)
		say(advice, "This branch never had it; another one had, until %s (%s).",
		    commit_word(advice, &where->removal.id), date_word(advice, &where->removal));
	if (where->successor)
		say_renamed(advice, where);
	else if (where->added_count)
		say_squashed(advice, where);
	else
		say_deleted(advice, where);
}

void advice_found(struct advice *advice, const struct revchain_where_source *source,
		  const struct revchain_where *where)
{
	switch (where->state) {
	case REVCHAIN_WHERE_HERE:
		say_here(advice, source, where);
		break;
	case REVCHAIN_WHERE_WORKTREE:
		say(advice, "It is in the work tree alone: nobody else can locate it before it is "
			    "committed and pushed.");
		say(advice, "  git add %s", word(advice, where->path));
		break;
	case REVCHAIN_WHERE_ELSEWHERE:
		say_elsewhere(advice, source, where);
		break;
	default:
		say_removed(advice, where);
		break;
	}
}

void advice_not_found(struct advice *advice, const char *given)
{
	say(advice, "No branch, tag or commit of this clone ever had '%s' in these directories.",
	    given);
	say(advice, "A branch that is not fetched, or was deleted unmerged, may have it:");
	say(advice, "  git fetch --all --tags");
	say(advice,
	    "  git fetch origin '+refs/pull/*/head:refs/remotes/pull/*'           (GitHub)");
	say(advice, "  git fetch origin '+refs/merge-requests/*/head:refs/remotes/mr/*'  (GitLab)");
	say(advice,
	    "Or the database belongs to another project: look at its alembic_version table.");
}
