# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The findings of --since, --previous, --pin, --applied, --branches and --onto: each planted, and beside it a neighbour that must
# not raise it. append.sh and check_branches.sh have the messages and everything else.

v=db/versions

case_displaced() { # A foxtrot merge puts fa before bb; compared with its own line it does not.
    land aa
    branch upstream
    land bb
    switch main
    land fa
    merge upstream
    found 4 --since upstream <<<"error displaced $v/fa.py:10 $v/bb.py:10"
    clean --since HEAD~1
}

case_earlier_incomplete() { # Two static heads at REF, and a dynamic migration; a commit later they are merged.
    land_static aa
    land_static b1 aa
    static b2 aa
    dynamic dd
    commit
    git tag old
    land_static mm b1 b2
    found 0 --since old <<<'warning earlier-incomplete'
    clean --since HEAD
}

case_not_an_ancestor() { # Another line; and this one.
    land aa
    branch other
    land bb
    switch main
    land cc
    found 0 --since other <<<'note not-an-ancestor'
    clean --since main
}

case_absent_lane() { # REF does not have it; HEAD does.
    commit empty
    git tag old
    land aa
    found 0 --since old <<<'warning absent-lane'
    clean --since HEAD
}

case_absent_configuration() { # Likewise.
    land aa
    git tag old
    alembic_ini
    commit
    lanes
    found 0 --since old <<<'note absent-configuration'
    clean --since HEAD
}

case_pin_gone() { # The file has bb, and bb is gone; without it there is nothing to say.
    land aa
    chain_json 'null <- aa <- bb' >"$case_dir/pin"
    found 0 --pin "$case_dir/pin" <<<'note pin-gone'
    chain_json 'null <- aa' >"$case_dir/pin"
    clean --pin "$case_dir/pin"
}

case_applied_unknown() { # A database that has what is no migration here.
    land aa
    printf 'aa\nzz\n' >"$case_dir/list"
    found 0 --applied "$case_dir/list" <<<'warning applied-unknown'
    echo aa >"$case_dir/list"
    clean --applied "$case_dir/list"
}

case_applied_versions() { # What `alembic current` prints, and all that was applied.
    land aa
    land bb
    echo 'bb (head)' >"$case_dir/list"
    found 0 --applied "$case_dir/list" <<<'warning applied-versions'
    printf 'aa -> bb (head), bb\n<base> -> aa, aa\n' >"$case_dir/list"
    clean --applied "$case_dir/list"
}

case_branch_collision() { # The same parent on two branches is an error for the one that is checked; on its own there is none.
    land_static aa
    branch fa
    land_static a1 aa
    branch fb main
    land_static b1 aa
    found 1 --branches fa --onto main <<<"error branch-collision $v/b1.py:10 $v/a1.py:10"
    switch main
    found 0 --branches 'f?' <<<"warning branch-collision $v/a1.py:10 $v/b1.py:10"
    clean --branches fa
}

case_branch_duplicate() { # The same id in two files; the same file on two branches is one migration.
    land_static aa
    branch fa
    land_static xx aa
    branch fc
    branch fb main
    land_static xx aa name=other.py
    switch main
    found 0 --branches 'f[ab]' <<<"warning branch-duplicate $v/xx.py:9 $v/other.py:9"
    clean --branches 'f[ac]'
}

case_stale_parent() { # Main went on; a branch behind main's head is not stale.
    land_static aa
    branch fa
    land_static a1 aa
    switch main
    land_static bb aa
    branch fb
    land_static b1 bb
    switch main
    found 0 --branches fa <<<"warning stale-parent $v/a1.py:10 $v/bb.py:10"
    clean --branches fb
}

case_no_branch() { # A pattern that matches nothing; one that matches.
    land_static aa
    git branch fa
    found 0 --branches fb <<<'warning no-branch'
    clean --branches fa
}

case_after_merge() { # Dynamic migrations of a branch get a note; static ones none.
    land_static aa
    branch fa
    land d1
    switch main
    branch fb
    land_static b1 aa
    switch main
    land dd
    found 0 --branches fa <<<'note after-merge'
    clean --branches main
}

case_merge_conflict() { # Both sides changed it; one side did.
    land_static aa
    land_static bb aa
    land_static cc bb
    branch fa
    static cc aa bb
    commit
    clean --onto main
    switch main
    migration cc '("bb", "aa")'
    commit
    switch fa
    found 0 --onto main <<<"warning merge-conflict $v/cc.py:10"
}

case_no_merge_base() { # Two lines that share nothing; one that does.
    land_static aa
    git checkout -q --orphan other
    commit
    found 0 --onto main <<<'note no-merge-base'
    clean --onto other
}
