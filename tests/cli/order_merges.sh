# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Landing order where branches are merged: each case says in a line why its order is the one that the definition gives.

case_early_commit_merged_late() { # fa was written first but landed with the merge, after bb: bb's databases never saw it before.
    land aa
    branch feature
    land fa
    switch main
    land bb
    merge feature
    expect_landing 'null <- aa <- bb <- fa'
}

case_update_branch() { # The branch merged main before it was merged: bb was on main first, fa came with the merge.
    land aa
    branch feature
    land fa
    switch main
    land bb
    switch feature
    merge main
    switch main
    merge feature
    expect_landing 'null <- aa <- bb <- fa'
}

case_update_branch_of_static_chain() { # Issue 3: main has aa <- bb; a branch with fa merges main and is merged. aa and bb are static.
    land_static aa
    branch feature
    land fa
    switch main
    land_static bb aa
    switch feature
    merge main
    switch main
    merge feature
    expect_order aa bb fa
    expect_chain 'bb <- fa'
}

case_update_branch_twice() { # Each update brings main's to the branch; on main they stay where they landed. fa, fb by the branch's line.
    land mm
    branch feature
    land fz
    switch main
    land ma
    switch feature
    merge main
    land fa
    switch main
    land mb
    switch feature
    merge main
    switch main
    merge feature
    expect_landing 'null <- mm <- ma <- mb <- fz <- fa'
}

case_updated_branch_itself() { # Built on the feature branch: its own line had fa before the merge brought bb.
    land aa
    branch feature
    land fa
    switch main
    land bb
    switch feature
    merge main
    expect_landing 'null <- aa <- fa <- bb'
}

case_release_branch_fed_by_merges() { # The release line has r1 between two merges of main; each merge brings what main had, in main's order.
    land aa
    branch release
    switch main
    land zz
    land bb
    switch release
    merge main
    land r1
    switch main
    land cc
    land ac
    switch release
    merge main
    expect_landing 'null <- aa <- zz <- bb <- r1 <- cc <- ac'
}

case_release_branch_merged_back() { # Main took r1 with the merge of the release branch, after its own cc.
    land aa
    branch release
    land r1
    switch main
    land cc
    merge release
    land ab
    expect_landing 'null <- aa <- cc <- r1 <- ab'
}

case_octopus() { # Three parents: first what the second parent has, in its order, then the third's.
    land aa
    branch one
    land z1
    land a1
    switch main
    branch two
    land m2
    land b2
    switch main
    land cc
    merge one two
    expect_landing 'null <- aa <- cc <- z1 <- a1 <- m2 <- b2'
}

case_octopus_in_the_order_of_parents() { # The parents named the other way round.
    land aa
    branch one
    land z1
    switch main
    branch two
    land m2
    switch main
    land cc
    merge two one
    expect_landing 'null <- aa <- cc <- m2 <- z1'
}

case_octopus_shared() { # ss is in the second and in the third parent: it counts with the second.
    land aa
    branch one
    land ss
    branch two
    land t2
    switch one
    land u1
    switch main
    land cc
    merge one two
    expect_landing 'null <- aa <- cc <- ss <- u1 <- t2'
}

case_merge_adds_a_file() { # What no parent has comes behind what the second parent brought.
    land aa
    branch feature
    land zz
    switch main
    land bb
    begin_merge feature
    dynamic ab
    commit 'Merge feature, with a migration of its own'
    expect_landing 'null <- aa <- bb <- zz <- ab'
}

case_merge_adds_files() { # Several of them: ordered among themselves by Create Date.
    land aa
    branch feature
    land zz
    switch main
    land bb
    begin_merge feature
    dynamic ab date='2024-03-02 10:00:00'
    dynamic ac date='2024-03-01 10:00:00'
    commit 'Merge feature, with migrations of its own'
    expect_landing 'null <- aa <- bb <- zz <- ac <- ab'
}

case_merge_drops_a_file() { # fb was left out by the merge and came back later, by a commit of its own.
    land aa
    branch feature
    land fb
    land fa
    switch main
    begin_merge feature
    git rm -q -f db/versions/fb.py
    commit 'Merge feature without fb'
    land cc
    land fb
    expect_landing 'null <- aa <- fa <- cc <- fb'
}

case_merge_keeps_what_the_branch_deleted() { # The branch deleted bb, the merge kept main's: bb never left main.
    land aa
    land bb
    branch feature
    git rm -q db/versions/bb.py
    commit 'Remove bb'
    land fa
    switch main
    land cc
    begin_merge feature
    dynamic bb
    commit 'Merge feature, but keep bb'
    expect_landing 'null <- aa <- bb <- cc <- fa'
}

case_merge_of_ours_brings_nothing() { # Merged with -s ours, fa did not arrive; it did with the commit that added it.
    land aa
    branch feature
    land fa
    switch main
    land bb
    tick
    git merge -q -s ours --no-ff -m 'Merge feature, its files left out' feature
    land cc
    git checkout -q feature -- db/versions/fa.py
    commit 'Take fa after all'
    expect_landing 'null <- aa <- bb <- cc <- fa'
}

case_merges_within_merges() { # The feature's line: fz, then the merge of its sub-branch (sb, sa), then fa.
    land aa
    branch feature
    land fz
    branch sub
    land sb
    land sa
    switch feature
    land fm
    merge sub
    land fa
    switch main
    land mm
    merge feature
    expect_landing 'null <- aa <- mm <- fz <- fm <- sb <- sa <- fa'
}

case_merges_ten_deep() { # Each branch merges the next one: from the innermost level outwards each branch's own came first.
    local i expected='null <- base'
    land base
    for i in 9 8 7 6 5 4 3 2 1 0; do
        branch "level$i"
        land "own$i"
    done
    for i in 1 2 3 4 5 6 7 8 9; do
        switch "level$i"
        land "late$i"
        merge "level$((i - 1))"
    done
    switch main
    land mm
    merge level9
    # level9's line: own9, late9, then the merge of level8: own8, late8, and so on; own0 comes last.
    expected+=' <- mm'
    for i in 9 8 7 6 5 4 3 2 1; do expected+=" <- own$i <- late$i"; done
    expect_landing "$expected <- own0"
}

case_criss_cross() { # Two branches merged each other; main merges one of them: that branch's own line decides.
    land aa
    branch one
    land o1
    branch two HEAD~1
    land t1
    switch one
    tick && git merge -q --no-ff -m 'one takes two' two
    switch two
    tick && git merge -q --no-ff -m 'two takes one' one~1
    land t0
    switch one
    land o0
    merge two
    switch main
    land mm
    merge one
    # On one's line: o1, t1 with its merge of two, o0, then t0 with the second merge.
    expect_landing 'null <- aa <- mm <- o1 <- t1 <- o0 <- t0'
}

case_foxtrot() { # A pull that made the local line the first parent: by definition the order of that line. (--since is there for this.)
    land aa
    branch upstream
    land bb
    switch main
    land fa
    merge upstream
    expect_landing 'null <- aa <- fa <- bb'
}

case_fast_forward() { # No merge commit: the branch's commits are main's.
    land zz
    branch feature
    land mm
    land aa
    switch main
    git merge -q --ff-only feature
    expect_landing 'null <- zz <- mm <- aa'
}

case_landed_in_a_merge_twice() { # fa came with the first merge; the second merge of the same branch brings only fb.
    land aa
    branch feature
    land fz
    switch main
    land bb
    merge feature
    land cc
    switch feature
    land fb
    switch main
    merge feature
    land dd
    expect_landing 'null <- aa <- bb <- fz <- cc <- fb <- dd'
}

case_branch_removed_and_added_again() { # On the branch's line fz was removed and added again behind fa: fa, fz.
    land aa
    branch feature
    land fz
    git rm -q db/versions/fz.py
    commit
    land fa
    land fz
    switch main
    land bb
    merge feature
    expect_landing 'null <- aa <- bb <- fa <- fz'
}

case_removed_on_main_present_on_branch() { # Main removed aa, the branch has it from before and keeps it by the merge: it landed again with the merge.
    land aa
    land bb
    branch feature
    land fa
    switch main
    git rm -q db/versions/aa.py
    commit
    land cc
    begin_merge feature
    dynamic aa
    commit 'Merge feature and take its aa'
    # In the second parent's landing order: aa is older there than fa.
    expect_landing 'null <- bb <- cc <- aa <- fa'
}
