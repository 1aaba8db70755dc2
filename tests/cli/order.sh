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
