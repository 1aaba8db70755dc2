# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# check --branches and --onto: other branches straight from their refs, and what a merge would make of it.

# two_static: branches fa and fb, each with one migration behind main's bb.
two_static() {
    land_static aa
    land_static bb aa
    branch fa
    land_static a1 bb
    switch main
    branch fb
    land_static b1 bb
    switch main
}

case_collision() { # The same parent in two open branches: each side with branch, path, line and date.
    two_static
    run 0 check --branches 'f*' "$lane"
    err_has "revchain: warning: $lane/a1.py:10: 'a1' of fa, last changed 2024-01-01, and 'b1' of fb have the same parent 'bb': merged, there are two heads" \
        "  $lane/b1.py:10: 'b1' of fb, last changed 2024-01-01" \
        'hint: merge one of them, then move the next one behind it, on its branch: revchain repoint b1 --onto main'
    run 1 check --strict --branches 'f*' "$lane"
    run 0 check --strict --allow branch-collision --branches 'f*' "$lane"
    run 0 check --strict --branches fa "$lane"
    no_file "$lane/a1.py"
}

case_collision_with_this_one() { # What concerns the branch that is checked is an error.
    two_static
    switch fa
    run 1 check --branches fb --onto main "$lane"
    err_has "revchain: error: $lane/a1.py:10: 'a1' of fa" "'b1' of fb have the same parent 'bb'"
    run 0 check --onto main "$lane"
    err_lacks 'branch'
}

case_collision_of_many() { # One finding for each parent names all of them.
    two_static
    branch fc
    land_static c1 bb
    switch main
    run 0 check --branches 'f*' "$lane"
    err_has "'a1' of fa, last changed 2024-01-01, and 2 more of other branches have the same parent 'bb': merged, there are 3 heads" \
        "'b1' of fb" "'c1' of fc"
    [ "$(grep -c 'the same parent' "$err")" = 1 ] || fail 'expected one finding'
}

case_remote_default() { # In a clone the remote's default branch is what they are compared with.
    two_static
    git clone -q "$PWD" "$case_dir/clone"
    cd "$case_dir/clone"
    run 0 check --branches 'origin/*' "$lane"
    err_has "'a1' of origin/fa" "'b1' of origin/fb" 'revchain repoint b1 --onto origin/main'
    git checkout -q fb
    run 1 check --branches 'origin/f*' "$lane"
    err_has "'b1' of fb, last changed 2024-01-01, and 'a1' of origin/fa"
    err_lacks 'origin/fb'
}

case_stacked() { # A branch on top of another one shares its migrations: no collision, and told once.
    land_static aa
    branch fa
    land_static a1 aa
    branch fb
    land_static b1 a1
    switch main
    run 0 check --strict --branches 'f*' "$lane"
    land_static zz aa
    run 0 check --branches 'f*' "$lane"
    [ "$(grep -c "hangs on 'aa'" "$err")" = 1 ] || fail 'expected the stale parent once'
    err_lacks 'the same parent'
}

case_stale() { # Main went on behind the parent.
    two_static
    git merge -q --ff-only fa
    run 0 check --branches 'f*' "$lane"
    err_has "revchain: warning: $lane/b1.py:10: 'b1' of fb, last changed 2024-01-01 hangs on 'bb', which is no longer a head of main: 'a1' follows it there" \
        "  $lane/a1.py:10: 'a1' of main" 'revchain repoint b1 --onto main'
    switch fb
    run 1 check --onto main "$lane"
    err_has "revchain: error: $lane/b1.py:10: 'b1' of fb" 'merged into main: there are 2 heads'
}

case_stale_but_merged() { # A branch that merged main, and its heads, is not stale.
    two_static
    git merge -q --ff-only fa
    switch fb
    merge main
    land_static mm a1 b1
    run 0 check --strict --onto main "$lane"
    switch main
    run 0 check --strict --branches 'f*' "$lane"
}

case_duplicate() { # The same id in two branches, with another path, or with another content.
    land_static aa
    branch fa
    land_static xx aa name=one.py
    switch main
    branch fb
    land_static xx aa name=two.py
    switch main
    branch fc
    land_static xx aa name=one.py note=other
    switch main
    branch fd fa
    switch main
    run 0 check --branches 'f*' "$lane"
    err_has "'xx' of fa, last changed 2024-01-01 is in fb too, with another path" "  $lane/two.py:9: 'xx' of fb" \
        "'xx' of fa, last changed 2024-01-01 is in fc too, with another content"
    err_lacks 'is in fd too'
    switch fb
    run 1 check --branches fa --onto main "$lane"
}

case_own_copies() { # The same branch of a remote, at whatever state, is no other branch.
    two_static
    git clone -q -b fa "$PWD" "$case_dir/clone"
    cd "$case_dir/clone"
    static a1 bb note=changed
    static a0 bb
    git rm -q --cached "$lane/a1.py" && rm "$lane/a1.py"
    commit
    run 0 check --strict --branches '*fa' "$lane"
}

case_no_such_branch() { # A pattern that matches nothing is said.
    land_static aa
    run 0 check --branches nothing "$lane"
    err_has "revchain: warning: no local or remote-tracking branch matches 'nothing'"
    run 1 check --strict --branches nothing --branches main "$lane"
    run 2 check --onto nothing "$lane"
}

case_branch_without_lane() { # Other branches need not have it.
    land_static aa
    git checkout -q --orphan pages
    git rm -q -rf .
    commit
    switch main
    run 0 check --strict --branches pages "$lane"
}

case_branches_by_their_configuration() { # The lanes of a branch are those of its own configuration.
    alembic_ini
    land_static aa
    branch fa
    git mv db database
    alembic_ini . database
    commit
    static a1 aa in=database/versions
    commit
    switch main
    branch fb
    land_static b1 aa
    switch main
    run 0 check --branches 'f*'
    err_has "'a1' of fa" "'b1' of fb have the same parent 'aa'" 'database/versions/a1.py'
}

case_dynamic() { # They never collide; where each will be is a note.
    land aa
    land bb
    branch fa
    land a2
    land a1
    switch main
    branch fb
    land b1
    switch main
    run 0 check --strict --branches 'f*' "$lane"
    err_has "revchain: note: merged into main next, fa puts 'a2', 'a1' behind 'bb'" \
        "revchain: note: merged into main next, fb puts 'b1' behind 'bb'"
    err_lacks warning 'error:'
    switch fb
    run 0 check --strict --onto main "$lane"
    err_has "revchain: note: merged into main next, fb puts 'b1' behind 'bb'"
    switch main
    land cc
    switch fb
    run 0 check --strict --onto main "$lane"
    err_has "fb puts 'b1' behind 'cc'"
    switch main
    merge fb
    run 0 build -o - "$lane"
    chain_json 'null <- aa <- bb <- cc <- b1' | expect_out
}

case_dynamic_in_lanes() { # In each lane behind its own head, which a migration of another one may hang on; a new lane begins.
    printf '[alembic]\nscript_location = db\nversion_locations = a b e\n' >alembic.ini
    static a0 in=a
    static b0 a0 in=b
    commit
    dynamic d0 in=b
    mkdir e && touch e/.keep
    commit
    branch fa
    dynamic a1 in=a
    dynamic b1 in=b
    dynamic c1 in=c
    sed -i 's/a b/a b c/' alembic.ini
    commit
    dynamic b2 in=b
    commit
    switch main
    run 0 check --strict --branches fa
    err_has "note: merged into main next, fa puts 'a1' behind 'a0'" "fa puts 'b1', 'b2' behind 'd0'" "fa puts 'c1' first of all"
    switch fa
    run 0 check --strict --onto main
    err_has "note: merged into main next, fa puts 'a1' behind 'a0'" "fa puts 'b1', 'b2' behind 'd0'" "fa puts 'c1' first of all"
    static cc c1 in=c
    commit
    switch main
    static a2 a0 in=a
    commit
    switch fa
    run 0 check --onto main
    err_has "fa puts 'a1' behind 'a2'"
}

case_dynamic_many() { # Twenty are named.
    land aa
    branch fa
    land m{10..30}
    land zz
    switch main
    run 0 check --branches fa "$lane"
    err_has "'m28', 'm29' and 2 more behind 'aa'"
}

case_dynamic_unreadable() { # What a branch cannot say of a migration is not guessed.
    land aa
    branch fa
    migration ff 'get_down_revision(revision)'
    sed -i 's/^revision = .*/revision = compute()/' "$lane/ff.py"
    dynamic gg
    commit
    switch main
    run 0 check --branches fa "$lane"
    err_has "fa puts 'gg' behind 'aa'"
}

case_onto_displaced() { # A static migration that would come before dynamic ones of the target.
    land_static aa
    branch fa
    land_static a1 aa
    switch main
    land dd
    switch fa
    run 4 check --onto main "$lane"
    err_has "merged into main: 'a1' (new, behind 'aa') comes before 'dd', which a database at main has without it"
}

case_onto_two_new() { # A chain of several new ones on the head is fine.
    land_static aa
    branch fa
    land_static a1 aa
    land_static a2 a1
    run 0 check --strict --onto main "$lane"
}

case_onto_deleted_there() { # What main deleted stays deleted, what this line deleted too.
    land_static aa
    land_static bb aa
    land_static cc bb
    branch fa
    land_static dd cc
    switch main
    git rm -q "$lane/cc.py"
    commit
    switch fa
    run 1 check --onto main "$lane"
    err_has "merged into main: " "'cc'"
    switch main
    land_static ee bb
    switch fa
    git rm -q "$lane/dd.py" "$lane/cc.py"
    commit
    run 0 check --strict --onto main "$lane"
}

case_onto_conflict() { # Both sides gave one migration another parent.
    land_static aa
    land_static bb aa
    land_static cc bb
    branch fa
    static cc aa
    static bb cc
    commit
    switch main
    static cc aa bb
    commit
    switch fa
    run 4 check --onto main "$lane"
    err_has "revchain: warning: $lane/cc.py:10: changed here, and otherwise in main: the merge will conflict, and is judged as if the file stayed as it is here"
}

case_onto_conflict_with_a_deletion() { # Here or there: what is left of the file is judged.
    land_static aa
    land_static bb aa
    branch fa
    git rm -q "$lane/bb.py"
    commit
    land_static cc aa
    switch main
    static bb aa depends=aa
    commit
    switch fa
    run 1 check --onto main "$lane"
    err_has "revchain: warning: $lane/bb.py:10: deleted here, and changed in main: the merge will conflict, and is judged as if the file stayed as it is there" \
        'hint: git merge main, and mend it' 'merged into main: there are 2 heads'
    switch main
    run 1 check --onto fa "$lane"
    err_has "revchain: warning: $lane/bb.py:10: changed here, and deleted in fa: the merge will conflict, and is judged as if the file stayed as it is here" \
        'merged into fa: there are 2 heads'
}

case_onto_added_on_both_sides() { # The same file is one; two that differ are a conflict.
    land_static aa
    branch fa
    land_static bb aa
    git tag same
    static bb aa depends=aa
    commit
    switch main
    land_static bb aa
    git checkout -q same
    run 0 check --strict --onto main "$lane"
    switch fa
    run 0 check --onto main "$lane"
    err_has "revchain: warning: $lane/bb.py:10: added here, and another in main: the merge will conflict"
}

case_onto_unrelated() { # No commit in common: one id is one migration, wherever its file is.
    land_static aa
    land_static bb aa
    git checkout -q --orphan imported
    git mv "$lane/bb.py" "$lane/moved.py"
    commit
    land_static cc bb
    run 0 check --onto main "$lane"
    err_has 'no commit is known that this and main come from'
    err_lacks 'heads'
    switch main
    land_static dd bb
    git checkout -q imported
    run 1 check --onto main "$lane"
    err_has "'cc' of imported" "hangs on 'bb', which is no longer a head of main: 'dd' follows it there"
}

case_onto_changed_on_one_side() { # Here or there: that is what counts, here the label that makes of two heads two lines.
    land_static aa
    land_static bb aa
    git branch other
    branch fa
    static cc aa
    sed -i 's/^branch_labels = .*/branch_labels = "left"/' "$lane/bb.py"
    sed -i 's/^branch_labels = .*/branch_labels = "right"/' "$lane/cc.py"
    commit
    run 0 check --onto main "$lane"
    err_lacks conflict warning
    switch other
    land_static dd bb
    run 0 check --onto fa "$lane"
    err_lacks conflict warning
}

case_before_the_first_commit() { # Of a line that has none yet: all that is there is new.
    land_static aa
    branch fa
    land_static a1 aa
    git checkout -q --orphan new main
    git rm -q --cached -r .
    static n1 aa
    run 0 check --branches fa "$lane"
    err_has "not committed"
    run 1 check --branches fa --onto main "$lane"
    err_has "'n1' of new" "'a1' of fa" "the same parent 'aa'" 'no commit is known that this and main come from'
}

case_onto_known_errors() { # What is wrong here already is not told twice.
    land_static aa
    branch fa
    land_static xx nobody
    run 1 check --onto main "$lane"
    [ "$(grep -c 'does not exist' "$err")" = 1 ] || fail 'expected it once'
}

case_onto_mends() { # A branch that merges main's two heads passes.
    land_static aa
    land_static b1 aa
    land_static b2 aa
    branch fa
    land_static mm b1 b2
    run 0 check --strict --onto main "$lane"
    switch main
    run 1 check "$lane"
}

case_onto_shallow() { # A pull request's job with two commits and no history: static projects need no more.
    two_static
    git merge -q --ff-only fa
    git clone -q --depth 1 --branch fb "file://$PWD" "$case_dir/runner"
    cd "$case_dir/runner"
    git fetch -q --depth 1 origin main:refs/remotes/origin/main
    run 1 check --onto origin/main "$lane"
    err_has "'b1' of fb, last changed 2024-01-01 hangs on 'bb', which is no longer a head of origin/main: 'a1' follows it there" \
        'revchain: note: no commit is known that this and origin/main come from: compared by revision ids'
    git -C "$OLDPWD" checkout -q fb
    sed -i 's/"bb"/"a1"/' "$OLDPWD/$lane/b1.py"
    (cd "$OLDPWD" && git checkout -q main -- "$lane/a1.py" && commit)
    git fetch -q --depth 1 origin fb
    git checkout -q FETCH_HEAD
    run 0 check --strict --onto origin/main "$lane"
}

case_onto_shallow_dynamic() { # Where they are dynamic the history decides.
    land aa
    land bb
    git clone -q --depth 1 "file://$PWD" "$case_dir/runner"
    cd "$case_dir/runner"
    run 3 check --onto origin/main "$lane"
    git rm -q -r "$lane"
    static zz
    commit
    run 3 check --onto origin/main "$lane"
}

case_escaped() { # Branch names and ids reach no terminal raw.
    land_static aa
    branch $'f\u202ea'
    migration x1 '"aa"'
    commit
    switch main
    branch fb
    land_static b1 aa
    switch main
    run 0 check --branches '*' "$lane"
    err_lacks $'\u202e'
    err_has 'f\u202ea'
}

case_runbook() { # Two branches collide: found before the merge; after it, check fails.
    two_static
    run 1 check --strict --branches 'f*' "$lane"
    merge fa
    merge fb
    run 1 check "$lane"
    land_static mm a1 b1
    run 0 check --strict --branches 'f*' "$lane"
}

case_deleted_on_base() { # What main deleted since the branches left it is none that they add.
    land_static aa
    land_static bb aa
    land_static cc bb
    branch fa
    static bb aa note=edited
    static a1 cc
    commit
    switch main
    branch fb
    land_static b1 cc
    switch main
    git rm -q "$lane/cc.py" "$lane/bb.py"
    commit
    run 0 check --branches 'f*' "$lane"
    err_has "'a1' of fa, last changed 2024-01-01, and 'b1' of fb have the same parent 'cc'"
    err_lacks "'bb' of" "'cc' of"
}
