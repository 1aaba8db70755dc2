#include "revchain/findingtable.h"

#include <string.h>

#include "revchain/append.h"
#include "revchain/branches.h"
#include "revchain/chain.h"
#include "revchain/foxtrot.h"
#include "revchain/graph.h"
#include "revchain/lineage.h"
#include "revchain/migration.h"
#include "revchain/onto.h"
#include "revchain/order.h"
#include "revchain/reorder.h"
#include "revchain/repository.h"

const struct revchain_finding_kind revchain_finding_kinds[] = {
	{REVCHAIN_FINDING_ABSENT_CONFIGURATION, REVCHAIN_NOTE,
	 "a commit without a configuration, where the lanes are taken for those of today"},
	{REVCHAIN_FINDING_ABSENT_LANE, REVCHAIN_WARNING,
	 "a commit that does not have a lane, which is taken for an empty one"},
	{REVCHAIN_FINDING_AFTER_MERGE, REVCHAIN_NOTE,
	 "where dynamic migrations will be after a merge"},
	{REVCHAIN_FINDING_APPLIED_UNKNOWN, REVCHAIN_WARNING,
	 "a database has applied what is no migration here"},
	{REVCHAIN_FINDING_APPLIED_VERSIONS, REVCHAIN_WARNING,
	 "a list of applied revisions that only says where the database is"},
	{REVCHAIN_FINDING_BAD_REVISION, REVCHAIN_ERROR, "a revision id that Alembic does not take"},
	{REVCHAIN_FINDING_BRANCH_COLLISION, REVCHAIN_ERROR,
	 "open branches that put migrations behind the same parent"},
	{REVCHAIN_FINDING_BRANCH_DUPLICATE, REVCHAIN_ERROR,
	 "open branches that add the same revision id"},
	{REVCHAIN_FINDING_CYCLE, REVCHAIN_ERROR, "parents that lead round in a circle"},
	{REVCHAIN_FINDING_DEPENDS_ON_LATER, REVCHAIN_ERROR,
	 "depends_on names a migration that comes later"},
	{REVCHAIN_FINDING_DISPLACED, REVCHAIN_ERROR,
	 "a migration that comes before one that databases have without it"},
	{REVCHAIN_FINDING_DUPLICATE_LABEL, REVCHAIN_ERROR,
	 "a branch label that is declared twice, or is a revision id"},
	{REVCHAIN_FINDING_DUPLICATE, REVCHAIN_ERROR, "two migrations with the same revision id"},
	{REVCHAIN_FINDING_EARLIER_INCOMPLETE, REVCHAIN_WARNING,
	 "an earlier commit without a chain, of which only literal parents are compared"},
	{REVCHAIN_FINDING_FORK, REVCHAIN_NOTE, "where the lines part that end in several heads"},
	{REVCHAIN_FINDING_FOXTROT, REVCHAIN_NOTE,
	 "a merge that looks as if it swapped the branch with what was merged into it"},
	{REVCHAIN_FINDING_GRAFTS, REVCHAIN_WARNING, "grafts, which are ignored"},
	{REVCHAIN_FINDING_HYBRID_FORK, REVCHAIN_ERROR,
	 "static migrations behind a dynamic one that end in several heads"},
	{REVCHAIN_FINDING_INTERNAL, REVCHAIN_ERROR, "an error in revchain itself"},
	{REVCHAIN_FINDING_CROSSING, REVCHAIN_ERROR,
	 "a migration that hangs on a dynamic one of its lane by way of another lane"},
	{REVCHAIN_FINDING_LEFT_OUT, REVCHAIN_WARNING,
	 "a migration that git's order leaves out, as a merge itself added it"},
	{REVCHAIN_FINDING_MERGE_CONFLICT, REVCHAIN_WARNING,
	 "a migration that both sides of a merge changed"},
	{REVCHAIN_FINDING_MISSING_DEPENDENCY, REVCHAIN_ERROR,
	 "depends_on names what does not exist"},
	{REVCHAIN_FINDING_MISSING_PARENT, REVCHAIN_ERROR, "a parent that does not exist"},
	{REVCHAIN_FINDING_MULTIPLE_BASES, REVCHAIN_WARNING,
	 "several migrations without a parent, and no label that tells them apart"},
	{REVCHAIN_FINDING_MULTIPLE_HEADS, REVCHAIN_ERROR,
	 "several heads, and no label that tells them apart"},
	{REVCHAIN_FINDING_NO_BRANCH, REVCHAIN_WARNING, "a pattern that matches no branch"},
	{REVCHAIN_FINDING_NO_DOWN_REVISION, REVCHAIN_ERROR,
	 "a migration that declares no down_revision"},
	{REVCHAIN_FINDING_NO_MERGE_BASE, REVCHAIN_NOTE,
	 "a merge that is judged without the commit that both sides come from"},
	{REVCHAIN_FINDING_NO_REVISION, REVCHAIN_ERROR,
	 "a file in a versions directory that declares no revision"},
	{REVCHAIN_FINDING_NOT_AN_ANCESTOR, REVCHAIN_NOTE,
	 "an earlier commit that is not in this history"},
	{REVCHAIN_FINDING_ORDERS_DIFFER, REVCHAIN_NOTE,
	 "landing order and git's order do not agree"},
	{REVCHAIN_FINDING_PIN_GONE, REVCHAIN_NOTE,
	 "a chain file that is kept, and has migrations that are gone"},
	{REVCHAIN_FINDING_REPLACE_REFS, REVCHAIN_WARNING, "replace refs, which are ignored"},
	{REVCHAIN_FINDING_SHALLOW, REVCHAIN_NOTE,
	 "a shallow clone: what needs the history was not looked at"},
	{REVCHAIN_FINDING_STALE_PARENT, REVCHAIN_ERROR,
	 "a migration of an open branch whose parent is no longer a head"},
	{REVCHAIN_FINDING_UNCOMMITTED, REVCHAIN_WARNING, "a migration that is not committed"},
	{REVCHAIN_FINDING_UNREADABLE, REVCHAIN_ERROR,
	 "a file, or a value in it, that cannot be read without running it"},
	{REVCHAIN_FINDING_UNREADABLE_LABELS, REVCHAIN_NOTE,
	 "branch_labels that cannot be read without running the file"},
	{REVCHAIN_FINDING_WRONG_ARGUMENT, REVCHAIN_ERROR,
	 "get_down_revision is called with another id than the file's"},
};

const size_t revchain_finding_kind_count =
	sizeof(revchain_finding_kinds) / sizeof(*revchain_finding_kinds);

size_t revchain_finding_kind_index(const char *id)
{
	size_t i;

	for (i = 0; i < revchain_finding_kind_count; i++)
		if (strcmp(revchain_finding_kinds[i].id, id) == 0)
			break;
	return i;
}
