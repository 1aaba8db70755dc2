#include "revchain/findingtable.h"

#include <criterion/criterion.h>
#include <string.h>

#include "revchain/lineage.h"

Test(findingtable, sorted_and_found)
{
	size_t i;

	for (i = 0; i < revchain_finding_kind_count; i++) {
		const struct revchain_finding_kind *kind = &revchain_finding_kinds[i];

		cr_expect_eq(revchain_finding_kind_index(kind->id), i, "%s", kind->id);
		cr_expect(*kind->summary && !strchr(kind->summary, '\n'), "%s", kind->id);
		if (i)
			cr_expect(strcmp(kind[-1].id, kind->id) < 0, "%s", kind->id);
	}
	cr_expect_eq(revchain_finding_kind_index("nonsense"), revchain_finding_kind_count);
	cr_expect_eq(revchain_finding_kind_index(""), revchain_finding_kind_count);
	cr_expect_eq(
		revchain_finding_kinds[revchain_finding_kind_index(REVCHAIN_FINDING_FORK)].severity,
		REVCHAIN_NOTE);
}
