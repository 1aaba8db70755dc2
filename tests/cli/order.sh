# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Landing order: the order in which migrations arrived on the branch being built. Each case says in a line why its order is the
# one that the definition gives; ids and file names are chosen so that sorting by name, by date or by git's topology goes wrong
# wherever that can be.

case_linear() { # One line, one migration a commit: what git log --reverse --diff-filter=A prints.
    land zz
    land mm
    land aa
    expect_landing 'null <- zz <- mm <- aa'
}

case_linear_equals_git_log() { # The same, held against git itself, with commits in between that add no migration.
    land zz
    echo x >README && commit
    land mm
    commit 'nothing at all'
    land aa
    run 0 log --format=path db/versions
    git log --reverse --diff-filter=A --format= --name-only -- db/versions | expect_out
}

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

case_revert_and_land_again() { # aa was removed and added again: the later addition counts.
    land aa
    land bb
    tick
    git revert --no-edit HEAD~1 >/dev/null
    land cc
    land aa
    expect_landing 'null <- bb <- cc <- aa'
}

case_reverted_merge_lands_again() { # The merge was reverted, then the revert was: fz landed with the last commit.
    land aa
    branch feature
    land fz
    switch main
    land bb
    merge feature
    tick
    git revert --no-edit -m 1 HEAD >/dev/null
    land cc
    tick
    git revert --no-edit HEAD~1 >/dev/null
    expect_landing 'null <- aa <- bb <- cc <- fz'
}

case_cherry_picked_to_main() { # fa reached main as a copy first; the later merge brings only what main has not: fb.
    land aa
    branch feature
    land fb
    land fa
    switch main
    tick
    git cherry-pick feature >/dev/null
    land cc
    merge feature
    expect_landing 'null <- aa <- fa <- cc <- fb'
}

case_same_file_added_on_both_sides() { # The merge changes nothing for a file that the first parent has.
    land aa
    branch feature
    land ss
    land fa
    switch main
    land bb
    land ss
    land cc
    merge feature
    expect_landing 'null <- aa <- bb <- ss <- cc <- fa'
}

case_slug_rename() { # Renamed later: the same revision, at its old place.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/zz_better_name.py
    commit 'Rename'
    land cc
    expect_order db/versions/zz_better_name.py bb cc
    expect_chain 'null <- aa <- bb <- cc'
}

case_slug_rename_with_edits() { # Renamed and rewritten in one commit: what counts is the revision id, not how alike the texts are.
    land aa
    land bb
    git rm -q db/versions/aa.py
    migration aa 'get_down_revision(revision)' name=zz.py note="$(seq 1 400 | tr '\n' ' ')"
    commit 'Rename and rewrite'
    expect_order db/versions/zz.py bb
    expect_chain 'null <- aa <- bb'
}

case_renamed_twice() { # The run goes on under the older path, and again.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/m1.py
    commit
    land cc
    git mv db/versions/m1.py db/versions/m2.py
    commit
    expect_order db/versions/m2.py bb cc
    expect_chain 'null <- aa <- bb <- cc'
}

case_rename_over_two_commits_is_none() { # Removed in one commit, added under another name in the next: landed again.
    land aa
    land bb
    git rm -q db/versions/aa.py
    commit
    dynamic aa name=a0.py
    commit
    expect_order bb db/versions/a0.py
    expect_chain 'null <- bb <- aa'
}

case_replaced_by_another_migration() { # One goes and another comes in the same commit, almost the same text: another revision, no rename.
    land aa
    land bb
    git rm -q db/versions/aa.py
    dynamic ab
    commit 'Replace aa'
    expect_landing 'null <- bb <- ab'
}

case_copied_first_and_deleted_later() { # The copy did not appear in the commit in which the original went: it landed as a file of its own.
    land aa
    land bb
    cp db/versions/aa.py db/versions/zz.py
    commit 'Copy'
    land cc
    git rm -q db/versions/aa.py
    commit 'Delete the original'
    expect_order bb db/versions/zz.py cc
    expect_chain 'null <- bb <- aa <- cc'
}

case_deleted_on_main_renamed_on_the_branch() { # Main had dropped aa; the branch renamed it, and brings it back with the merge.
    land aa
    land bb
    branch feature
    git mv db/versions/aa.py db/versions/zz.py
    commit 'Rename aa'
    land fa
    switch main
    git rm -q db/versions/aa.py
    commit 'Remove aa'
    land cc
    git merge -q --no-ff --no-commit feature >/dev/null 2>&1 || true
    git checkout -q feature -- db/versions/zz.py
    git rm -q -f --ignore-unmatch db/versions/aa.py
    commit 'Merge feature with its zz.py'
    # On the branch's line aa was there from the start.
    expect_order bb cc db/versions/zz.py fa
    expect_chain 'null <- bb <- cc <- aa <- fa'
}

case_old_name_taken_by_another() { # aa.py became old.py, and a new migration took the name aa.py in a later commit.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/old.py
    commit
    dynamic cc name=aa.py
    commit
    expect_order db/versions/old.py bb db/versions/aa.py
    expect_chain 'null <- aa <- bb <- cc'
}

case_rename_on_a_branch_merged_later() { # The merge is the commit that renames on main: aa stays first.
    land aa
    branch feature
    git mv db/versions/aa.py db/versions/zz.py
    commit
    land fa
    switch main
    land bb
    merge feature
    expect_order db/versions/zz.py bb fa
    expect_chain 'null <- aa <- bb <- fa'
}

case_rename_within_the_branch() { # The branch renamed its own fz after fa: on its line fz was still first.
    land aa
    branch feature
    land fz
    land fa
    git mv db/versions/fz.py db/versions/renamed.py
    commit
    switch main
    land bb
    merge feature
    expect_order aa bb db/versions/renamed.py fa
    expect_chain 'null <- aa <- bb <- fz <- fa'
}

case_merge_itself_renames() { # fz is in the second parent under another path; a migration is its revision id, so it came from there.
    land aa
    branch feature
    land fz
    land fa
    switch main
    land bb
    begin_merge feature
    git mv db/versions/fz.py db/versions/zz.py
    git mv db/versions/fa.py db/versions/ya.py
    commit 'Merge feature, with better names'
    expect_order aa bb db/versions/zz.py db/versions/ya.py
    expect_chain 'null <- aa <- bb <- fz <- fa'
}

case_directory_move() { # The whole folder moves: everything keeps its place.
    land zz
    land mm
    land aa
    git mv db database
    commit 'Move'
    dynamic ab in=database/versions
    commit
    lanes database/versions
    expect_order database/versions/{zz,mm,aa,ab}.py
    expect_chain 'null <- zz <- mm <- aa <- ab'
}

case_directory_move_and_back() { # Moved away and back again.
    land zz
    land aa
    git mv db database
    commit 'Move'
    land mm
    git mv database/versions/*.py db/versions
    commit 'Move back'
    expect_landing 'null <- zz <- aa <- mm'
}

case_directory_move_with_a_new_file() { # The moving commit adds ab as well: ab lands there, the others keep their place.
    land zz
    land aa
    git mv db database
    dynamic ab in=database/versions
    commit 'Move and add'
    lanes database/versions
    expect_order database/versions/{zz,aa,ab}.py
    expect_chain 'null <- zz <- aa <- ab'
}

case_directory_moved_on_main() { # A branch adds to the old place, the merge puts it in the new one: fz, fa as they landed on the branch.
    land aa
    branch feature
    land fz
    land fa
    switch main
    git mv db database
    commit 'Move'
    dynamic bb in=database/versions
    commit
    git -c merge.directoryRenames=false merge -q --no-ff --no-commit feature >/dev/null
    git mv db/versions/fz.py db/versions/fa.py database/versions
    commit 'Merge feature into the new place'
    lanes database/versions
    expect_order database/versions/{aa,bb,fz,fa}.py
    expect_chain 'null <- aa <- bb <- fz <- fa'
}

case_directory_moved_on_a_branch() { # Main goes on in the old place: the merge moves zz and mb, which stay where they landed.
    land zz
    branch feature
    git mv db database
    commit 'Move'
    dynamic fa in=database/versions
    commit
    switch main
    land mb
    git -c merge.directoryRenames=false merge -q --no-ff --no-commit feature >/dev/null
    git mv db/versions/mb.py database/versions
    commit 'Merge feature: all of it in the new place'
    lanes database/versions
    expect_order database/versions/{zz,mb,fa}.py
    expect_chain 'null <- zz <- mb <- fa'
}

case_subtree_merge() { # A repository with a history of its own is merged into a folder: its migrations in the order of its line.
    land aa
    git checkout -q --orphan other
    git rm -q -r -f .
    dynamic zz in=versions
    commit
    dynamic mm in=versions
    commit
    dynamic ll in=versions
    commit
    switch main
    land bb
    git merge -q -s ours --no-commit --allow-unrelated-histories other >/dev/null
    git read-tree --prefix=library/ -u other
    commit 'Merge other into library'
    lanes library/versions
    expect_order library/versions/{zz,mm,ll}.py
    expect_chain 'null <- zz <- mm <- ll'
}

case_edited_in_place() { # An edit is no landing, however large.
    land aa
    land bb
    migration aa 'get_down_revision(revision)' note="$(seq 1 400 | tr '\n' ' ')"
    commit 'Rewrite aa'
    echo '# more' >>db/versions/bb.py
    commit
    chmod +x db/versions/aa.py
    commit
    expect_landing 'null <- aa <- bb'
}

case_edited_on_both_sides_of_a_merge() { # A merge that resolves a conflict in aa does not move it.
    land aa
    land bb
    branch feature
    migration aa 'get_down_revision(revision)' note=theirs
    commit
    land fa
    switch main
    migration aa 'get_down_revision(revision)' note=ours
    commit
    tick
    git merge -q --no-ff -m 'Merge feature' feature >/dev/null || {
        dynamic aa note=both
        git add -A
        git commit -q -m 'Merge feature'
    }
    expect_landing 'null <- aa <- bb <- fa'
}

case_squash_with_create_dates() { # Several at one commit, each with a Create Date: by that date.
    land base
    dynamic a3 date='2024-02-03 09:00:00.000001'
    dynamic c1 date='2024-02-01 12:30:00.123456'
    dynamic b2 date='2024-02-02 00:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- c1 <- b2 <- a3'
}

case_squash_with_create_dates_in_zones() { # 10:00+02:00 is before 09:00+00:00; a date is a moment, not a text.
    land base
    dynamic aa date='2024-02-01 09:00:00+00:00'
    dynamic bb date='2024-02-01 10:00:00+02:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- bb <- aa'
}

case_squash_with_equal_create_dates() { # Equal dates: by path.
    land base
    dynamic bb date='2024-02-01 09:00:00'
    dynamic aa date='2024-02-01 09:00:00'
    dynamic cc date='2024-01-01 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- cc <- aa <- bb'
}

case_squash_without_create_dates() { # None has one: by the bytes of the path, upper case first.
    land base
    dynamic r1 name=b.py
    dynamic r2 name=B.py
    dynamic r3 name=a_1.py
    dynamic r4 name=a.py
    dynamic r5 name=$'\xc3\xa4.py'
    commit 'Feature (#1)'
    run 0 log --format=path db/versions
    printf '%s\n' db/versions/base.py db/versions/{B,a,a_1,b}.py '"db/versions/\303\244.py"' | expect_out
    expect_chain 'null <- base <- r2 <- r4 <- r3 <- r1 <- r5'
}

case_squash_with_some_create_dates() { # One has none: dates do not count at all, so by path.
    land base
    dynamic aa date='2024-02-03 09:00:00'
    dynamic bb
    dynamic cc date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- aa <- bb <- cc'
}

case_squash_with_depends_on() { # depends_on goes before the path.
    land base
    dynamic aa depends=cc
    dynamic bb
    dynamic cc
    commit 'Feature (#1)'
    # bb and cc are free from the start, and bb is the first by path; aa has to wait for cc.
    expect_landing 'null <- base <- bb <- cc <- aa'
}

case_squash_with_depends_on_against_dates() { # depends_on goes before the date, too.
    land base
    dynamic aa date='2024-02-01 09:00:00' depends=cc
    dynamic cc date='2024-02-02 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- cc <- aa'
}

case_squash_with_depends_on_in_a_row() { # aa needs bb needs cc needs dd.
    land base
    dynamic aa depends=bb
    dynamic bb depends=cc
    dynamic cc depends=dd,base
    dynamic dd
    commit 'Feature (#1)'
    expect_landing 'null <- base <- dd <- cc <- bb <- aa'
}

case_squash_edited_later() { # Create Dates and depends_on are read as they were at that commit.
    land base
    dynamic aa date='2024-02-02 09:00:00'
    dynamic bb date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    dynamic aa date='2024-01-01 09:00:00'
    dynamic bb date='2024-05-01 09:00:00' depends=base
    commit 'Tidy up the dates'
    expect_landing 'null <- base <- bb <- aa'
}

case_squash_with_one_deleted_later() { # Without bb each would have a date, but at the commit bb had none: by path, as it was.
    land base
    dynamic aa date='2024-02-03 09:00:00'
    dynamic bb
    dynamic cc date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    git rm -q db/versions/bb.py
    commit 'Remove bb'
    expect_landing 'null <- base <- aa <- cc'
}

case_squash_with_a_link_deleted_later() { # aa needed bb, and bb needed cc: with bb gone aa still comes after cc.
    land base
    dynamic aa depends=bb
    dynamic bb depends=cc
    dynamic cc
    commit 'Feature (#1)'
    git rm -q db/versions/bb.py
    dynamic aa
    commit 'Remove bb'
    expect_landing 'null <- base <- cc <- aa'
}

case_squash_with_one_renamed_later() { # The path that counts is the one it had at that commit.
    land base
    dynamic r2 name=m2.py
    dynamic r1 name=m1.py
    commit 'Feature (#1)'
    git mv db/versions/m2.py db/versions/a0.py
    commit 'Rename m2'
    expect_order base db/versions/m1.py db/versions/a0.py
    expect_chain 'null <- base <- r1 <- r2'
}

case_squash_on_a_merged_branch() { # The rule for one commit holds on the second parent's line as well.
    land base
    branch feature
    dynamic a2 date='2024-02-02 09:00:00'
    dynamic b1 date='2024-02-01 09:00:00'
    commit 'Two at once'
    switch main
    land mm
    merge feature
    expect_landing 'null <- base <- mm <- b1 <- a2'
}

case_everything_in_the_first_commit() { # An import: one root commit with all of them.
    dynamic cc date='2020-01-01 00:00:00'
    dynamic aa date='2020-01-03 00:00:00'
    dynamic bb date='2020-01-02 00:00:00'
    commit 'Import'
    expect_landing 'null <- cc <- bb <- aa'
}

case_several_roots() { # An unrelated history with migrations of its own is merged: they land with the merge, in that history's order.
    land mm
    git checkout -q --orphan second
    git rm -q -r -f .
    land zz
    land aa
    switch main
    land bb
    tick
    git merge -q --no-ff --allow-unrelated-histories -m 'Merge second' second >/dev/null
    land cc
    expect_landing 'null <- mm <- bb <- zz <- aa <- cc'
}

case_roots_of_an_octopus() { # Two unrelated histories at once, by a merge commit made by hand.
    land mm
    git checkout -q --orphan second && git rm -q -r -f .
    land zz
    git checkout -q --orphan third && git rm -q -r -f .
    land aa
    switch main
    git checkout -q second -- . && git checkout -q third -- .
    tick
    git reset -q --soft "$(git commit-tree -m 'Merge both' -p main -p second -p third "$(git write-tree)")"
    expect_landing 'null <- mm <- zz <- aa'
}

case_backwards_clocks() { # Each commit is older than its parent: dates do not count.
    local id
    for id in zz mm aa bb; do
        dynamic $id
        commit
        clock=$((clock - 100000))
    done
    expect_landing 'null <- zz <- mm <- aa <- bb'
}

case_backwards_clocks_with_merges() { # The branch lives years before main does, or after: it makes no difference.
    land aa
    branch feature
    clock=1000000000
    land fz
    land fa
    switch main
    clock=2000000000
    land bb
    clock=900000000
    merge feature
    land cc
    expect_landing 'null <- aa <- bb <- fz <- fa <- cc'
}

case_absurd_date() { # A commit from the year 5138, half a day west of Greenwich.
    land aa
    land bb
    git cat-file commit HEAD | sed 's/^\(committer .*>\) .*/\1 99999999999 -1200/' >../raw
    git reset -q --hard "$(git hash-object -t commit -w --literally ../raw)"
    land cc
    expect_landing 'null <- aa <- bb <- cc'
}

case_same_name_elsewhere() { # Two services with files of the same name: only the lane's own history counts.
    dynamic x1 in=other/versions name=001_init.py
    commit
    land base
    git rm -q other/versions/001_init.py
    dynamic aa name=001_init.py
    commit 'Delete it there and add it here: another revision, so no move'
    dynamic x1 in=other/versions name=001_init.py
    dynamic x2 in=other/versions name=base.py
    commit
    land bb
    expect_order base db/versions/001_init.py bb
    expect_chain 'null <- base <- aa <- bb'
}

case_same_revision_elsewhere() { # A migration copied from another service, whose file stays: it lands here when it is added here.
    dynamic aa in=other/versions
    commit
    land base
    dynamic aa
    commit 'Copy aa'
    land bb
    expect_landing 'null <- base <- aa <- bb'
}

case_moved_in_from_elsewhere() { # Moved from another service in one commit: by the contract it was in the tree from then on.
    dynamic aa in=other/versions
    commit
    land base
    git mv other/versions/aa.py db/versions/aa.py
    commit 'Move aa'
    land bb
    expect_landing 'null <- aa <- base <- bb'
}

case_lane_prefix() { # versions2 begins like versions, but is another folder.
    land zz
    dynamic x1 in=db/versions2
    commit
    land aa
    expect_landing 'null <- zz <- aa'
}

case_folder_becomes_file_and_back() { # The lane was gone for a commit (a file of that name): everything landed again, by path.
    land zz
    land aa
    git rm -q -r db/versions
    mkdir -p db
    echo x >db/versions
    commit
    rm db/versions
    dynamic zz
    dynamic aa
    commit 'Back again'
    expect_landing 'null <- aa <- zz'
}

case_uncommitted_last() { # Not committed: behind all others, and by Create Date where each has one.
    land mm
    land ll
    dynamic aa date='2024-02-02 09:00:00'
    dynamic bb date='2024-02-01 09:00:00'
    expect_order mm ll bb aa
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
    expect_chain 'null <- mm <- ll <- bb <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
}

case_uncommitted_with_depends_on() { # And by depends_on.
    land mm
    dynamic aa depends=bb
    dynamic bb
    expect_landing 'null <- mm <- bb <- aa'
}

case_staged_is_not_committed() { # Added to the index alone: still not committed.
    land mm
    dynamic aa
    git add -A
    expect_landing 'null <- mm <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py
}

case_ignored_is_not_committed() { # Alembic loads a file that .gitignore hides, so it is one of them.
    land mm
    echo '*.py' >.gitignore
    dynamic aa
    expect_landing 'null <- mm <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py
}

case_deleted_in_the_work_tree() { # Not there any more: not part of it.
    land aa
    land bb
    land cc
    rm db/versions/bb.py
    expect_landing 'null <- aa <- cc'
}

case_edited_in_the_work_tree() { # An uncommitted edit moves nothing.
    land aa
    land bb
    echo '# more' >>db/versions/aa.py
    expect_landing 'null <- aa <- bb'
    no_complaint
}

case_renamed_in_the_work_tree() { # git mv, not committed yet: a file that is not committed, so last for now, and a warning; once committed it has its place.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/zz.py
    expect_order bb db/versions/zz.py
    err_has 'revchain: warning: ' db/versions/zz.py
    commit
    expect_order db/versions/zz.py bb
    no_err
}

case_uncommitted_refused_with_strict() { # --strict: exit status 1, and no file.
    land mm
    dynamic aa
    run 1 build --strict db/versions
    no_out
    err_has db/versions/aa.py
    no_file db/revision_chain.json
    commit
    run 0 build --strict db/versions
    no_complaint
}

case_strict_log() { # log --strict prints the order all the same.
    land mm
    dynamic aa
    run 1 log --strict --format=path db/versions
    paths_of mm aa | expect_out
    err_has db/versions/aa.py
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

case_second_parent_brings_renamed_and_new() { # The branch renamed main's zz and added fa: zz stays first, fa lands with the merge.
    land zz
    land mm
    branch feature
    git mv db/versions/zz.py db/versions/b_zz.py
    dynamic fa
    commit
    switch main
    land bb
    merge feature
    land cc
    expect_order db/versions/b_zz.py mm bb fa cc
    expect_chain 'null <- zz <- mm <- bb <- fa <- cc'
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
