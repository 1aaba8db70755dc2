# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Landing order of files that are renamed and moved: each case says in a line why its order is the one that the definition gives.

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

case_renamed_from_a_name_that_is_not_loaded() { # Alembic never loaded __init__old.py; the revision was there, and with bb it landed, by path first.
    land aa
    dynamic old name=__init__old.py
    dynamic bb
    commit 'Two, one of them by an unlucky name'
    git mv db/versions/__init__old.py db/versions/old.py
    commit 'Rename'
    land cc
    expect_landing 'null <- aa <- old <- bb <- cc'
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

case_moved_to_another_lane() { # Alone in its lane vb was in front of va, by date. With wa, which has no date and comes first by its path then, it still is.
    dynamic va date='2020-01-02 00:00:00'
    dynamic vb date='2020-01-01 00:00:00'
    dynamic wa in=db/releases
    touch db/releases/__init__.py
    commit 'Two lanes at once'
    expect_order db/versions/{vb,va}.py
    git mv db/releases/wa.py db/versions/wa.py
    commit 'One goes over'
    expect_order db/versions/{wa,vb,va}.py
}

case_moved_to_a_lane_that_depends_on_it() { # va was in front of vb, and is; it needs wa, which comes in front of it.
    dynamic va depends=wa
    dynamic vb
    dynamic wa in=db/zzz
    dynamic wb in=db/zzz
    commit 'Two lanes at once'
    lanes db/versions db/zzz
    expect_order db/versions/{va,vb}.py db/zzz/{wa,wb}.py
    git mv db/zzz/wa.py db/versions/wa.py
    commit 'One goes over'
    expect_order db/versions/{wa,va,vb}.py db/zzz/wb.py
}

case_moved_from_lanes_one_by_one() { # wa comes behind xa, which is behind va by its path, also as long as xa is not there: all that the commit added decides.
    dynamic va
    dynamic wa in=db/other depends=xa
    dynamic wb in=db/other
    dynamic xa in=db/zzz
    dynamic xb in=db/zzz
    commit 'Three lanes at once'
    lanes db/versions db/other db/zzz
    expect_order db/versions/va.py db/other/{wa,wb}.py db/zzz/{xa,xb}.py
    git mv db/other/wa.py db/versions/wa.py
    commit 'One goes over'
    expect_order db/versions/{va,wa}.py db/other/wb.py db/zzz/{xa,xb}.py
    git mv db/zzz/xa.py db/versions/xa.py
    commit 'And another'
    expect_order db/versions/{va,xa,wa}.py db/other/wb.py db/zzz/xb.py
}

case_moved_without_what_it_follows() { # In its lane xx came behind yy, by date, and yy needs va: va, yy, xx, though yy stays where it is.
    dynamic va
    dynamic xx in=db/releases date='2020-01-02 00:00:00'
    dynamic yy in=db/releases date='2020-01-01 00:00:00' depends=va
    commit 'Two lanes at once'
    lanes db/versions db/releases
    expect_order db/versions/va.py db/releases/{yy,xx}.py
    git mv db/releases/xx.py db/versions/xx.py
    commit 'One goes over'
    expect_order db/versions/{va,xx}.py db/releases/yy.py
}

case_moved_to_two_places() { # Twice the same id, until one gets its own: both came from aa.py, in the order of the paths that they had then.
    land aa
    git mv db/versions/aa.py db/versions/bb.py
    cp db/versions/bb.py db/versions/cc.py
    commit 'Move it, and by mistake copy it too'
    git rm -q db/versions/bb.py
    dynamic bb
    commit 'One gets its own id'
    expect_order db/versions/{bb,cc}.py
    git mv db/versions/bb.py db/versions/zz.py
    commit 'Rename'
    expect_order db/versions/{zz,cc}.py
    git mv db/versions/cc.py db/versions/ab.py
    commit 'And the other'
    expect_order db/versions/{zz,ab}.py
}
