# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The cases that hand-written gates of public projects catch, as README's table has them: a pull request into main, as CI gets
# it, which is the commit that would merge it, in a clone of depth 1, with one line: `revchain check`.

# gate STATUS [ARGUMENT...]: merge the branch `pr` into main as GitHub does, clone that, and check it.
gate() {
    local status=$1
    shift
    git checkout -q --detach main
    merge pr
    git branch -f merged HEAD
    rm -rf "$case_dir/ci"
    git clone -q --depth 1 --branch merged "file://$PWD" "$case_dir/ci"
    cd "$case_dir/ci"
    run "$status" check --format=json "$@"
    "$python" "${tests_dir:?}/json_check.py" <"$out" >"$out.lines"
    cd - >/dev/null
}

# base: main has aa and bb, and `pr` starts there.
base() {
    alembic_ini
    land_static aa
    land_static bb aa
    branch pr
}

named() { has 'the findings' "$out.lines" "$@"; }

case_two_heads_in_the_pull_request() { # backend.ai, ontos, rhesis
    base
    land_static cc bb
    land_static dd bb
    gate 1
    named 'error multiple-heads db/versions/cc.py' 'note fork'
}

case_parent_is_no_longer_the_head_of_main() { # ontos, rhesis: both sides were fine when they were written.
    base
    land_static theirs bb
    switch main
    land_static ours bb
    gate 1
    named 'error multiple-heads db/versions/ours.py:10 db/versions/theirs.py:10' 'note fork'
}

case_parent_that_main_does_not_have() { # ontos: it was on a branch that main never got.
    base
    land_static cc gone
    gate 1
    named 'error missing-parent db/versions/cc.py'
}

case_parent_that_main_took_back() { # ontos: it was in main when the branch began.
    base
    land_static cc bb
    switch main
    git rm -q db/versions/bb.py
    commit 'Revert bb'
    gate 1
    named 'error missing-parent db/versions/cc.py'
}

case_no_head_at_all() { # rhesis: `alembic heads` prints none. backend.ai's crashes.
    base
    static aa bb
    commit
    gate 1
    named 'error cycle'
}

case_file_that_is_no_python() { # backend.ai's crashes, as Alembic does.
    base
    printf 'revision = "cc"\ndown_revision = ("bb"\n' >db/versions/cc.py
    commit
    gate 1
    named 'error unreadable db/versions/cc.py'
}

case_chain_of_new_ones() { # ontos lets it through; rhesis' first version did not, and was rewritten.
    base
    land_static cc bb
    land_static dd cc
    gate 0
}

case_intended_merge() { # A migration that merges what main and the branch have.
    base
    land_static theirs bb
    switch main
    land_static ours bb
    switch pr
    merge main
    land_static both ours theirs
    gate 0
}

case_allowed() { # ontos: a label on the pull request; here an option.
    base
    land_static cc bb
    land_static dd bb
    gate 0 --allow multiple-heads
    gate 0 --allow-heads 2
}

case_no_migration() { # A pull request that adds none.
    base
    echo text >README
    commit
    gate 0
}
