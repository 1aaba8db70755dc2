# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The command where: which branch, which commit, what to do.

# three: a static line aa, bb, cc on main, a commit each, and an alembic.ini.
three() {
    alembic_ini
    land_static aa1
    land_static bb2 aa1
    land_static cc3 bb2
}

# object_path REV: the loose object.
object_path() { git rev-parse "$1" | sed 's,^..,.git/objects/&/,'; }

# refuses_refs STATUS TEXT...: neither `where` nor `check --branches` answers from a part of the refs.
refuses_refs() {
    local status=$1
    shift
    as_nobody "$status" where cc3
    no_out
    err_has 'revchain: error: ' "$@"
    as_nobody "$status" check --branches '*'
    no_out
    err_has 'revchain: error: ' "$@"
}

# short REV: the commit as the messages abbreviate it.
short() { git rev-parse --short=10 "$1"; }

case_here() { # In HEAD: file, landing commit, both neighbours, every ref that has it.
    three
    branch feature
    switch main
    git update-ref refs/remotes/origin/main HEAD
    git tag v1 HEAD~1
    run 0 where bb2
    no_err
    out_has 'bb2' 'file     db/versions/bb2.py' "landed   $(short HEAD~1)  2024-01-01" 'parent   aa1' 'next     cc3' \
        'branches feature, main' 'remote   origin/main' 'tags     v1' 'This branch has it.' \
        "git merge-base --is-ancestor $(short HEAD~1) COMMIT"
    out_lacks removed
}

case_head_and_root() { # What has no neighbour says so.
    three
    run 0 where aa1 cc3
    out_has 'parent   none' 'next     none: a head'
}

case_landed_by_merge() { # The landing rule: the commit by which it came to this branch, not the one that wrote it.
    three
    branch feature
    land_static dd4 cc3
    switch main
    commit 'something else'
    merge feature
    run 0 where dd4
    out_has "landed   $(short HEAD)"
}

case_preview_branch() { # A branch that is still open has it: which one, and back to where a database has to go.
    three
    branch preview
    land_static dd4 cc3
    land_static ee5 dd4
    switch main
    run 0 where ee5
    out_has 'file     db/versions/ee5.py' "landed   $(short preview)" 'parent   dd4' 'branches preview' \
        'preview has it, which is not merged here' 'git switch --detach preview && alembic downgrade cc3'
    out_lacks removed
}

case_preview_on_a_remote() { # Only fetched: the name with its remote.
    three
    branch preview
    land_static dd4 cc3
    switch main
    git update-ref refs/remotes/origin/preview preview
    git branch -q -D preview
    run 0 where dd4
    out_has 'remote   origin/preview' 'git switch --detach origin/preview && alembic downgrade cc3'
}

case_only_a_tag() { # A tag is no branch that could be merged.
    three
    branch side
    land_static dd4 cc3
    git tag -a -m annotated v9
    switch main
    git branch -q -D side
    run 0 where dd4
    out_has 'tags     v9' 'v9 has it'
    out_lacks 'not merged here'
}

case_deleted() { # The commit that removed it, the code from before, and the way back.
    three
    land_static dd4 cc3
    git rm -q db/versions/dd4.py
    commit
    run 0 where dd4
    out_has "landed   $(short HEAD~1)" "removed  $(short HEAD)" 'parent   cc3' "$(short HEAD) deleted it" \
        "git switch --detach $(short HEAD~1) && alembic downgrade cc3" "git checkout $(short HEAD~1) -- db/versions/dd4.py"
}

case_deleted_on_a_merged_branch() { # The commit that did it, not the merge that brought it.
    three
    land_static dd4 cc3
    branch clean
    git rm -q db/versions/dd4.py
    commit
    switch main
    commit 'something else'
    merge clean
    run 0 where dd4
    out_has "removed  $(short clean)"
    out_lacks "$(short HEAD)"
}

case_dropped_by_a_merge() { # An `ours` merge threw it away: that merge is the commit.
    three
    branch feature
    land_static dd4 cc3
    switch main
    tick
    git merge -q -s ours -m 'Merge' feature
    git branch -q -D feature
    run 0 where dd4
    out_has "removed  $(short HEAD)"
}

case_squashed() { # Several went and one came: that one is the new name.
    three
    git rm -q db/versions/aa1.py db/versions/bb2.py db/versions/cc3.py
    static ff6
    commit
    run 0 where bb2
    out_has "removed  $(short HEAD)" 'ff6 in the place of it and 2 others' 'alembic upgrade heads' 'alembic stamp --purge ff6' \
        "git switch --detach $(short HEAD~1)"
}

case_replaced_by_another() { # One went and another came, which does something else.
    three
    git rm -q db/versions/cc3.py
    static ff6 bb2 note='something else altogether'
    echo 'more = "text"' >>db/versions/ff6.py
    commit
    run 0 where cc3
    out_has "$(short HEAD) put ff6 in its place. Bring the database to the" 'alembic stamp --purge ff6'
}

case_replaced_by_several() { # Which of them a database has to be told of, only who did it knows.
    three
    git rm -q db/versions/bb2.py db/versions/cc3.py
    static ff6 aa1 note=one
    static gg7 ff6 note=other
    commit
    run 0 where cc3
    out_has "$(short HEAD) put ff6 and more in the place of it and 1 other. Bring the database to the" \
        'alembic stamp --purge REVISION'
}

case_deleted_root() { # Nothing is known in front of it: back to the base.
    alembic_ini
    land_static aa1
    git rm -q db/versions/aa1.py
    static zz9
    rm db/versions/zz9.py
    commit
    run 0 where aa1
    out_has 'alembic downgrade base'
    out_lacks 'alembic stamp'
}

case_colour() { # On a terminal, or when asked.
    three
    run 0 where --color=always aa1
    out_has $'\033[1maa1\033[m' $'\033[36mfile     \033[m' $'\033[33m'"$(short HEAD~2)"$'\033[m'
    run 0 where aa1
    out_lacks $'\033'
}

case_many_branches() { # Ten are named, then their number is.
    local i
    three
    for i in {1..12}; do git branch "b$i"; done
    run 0 where aa1
    out_has 'branches b1, b10, b11, b12, b2' ' more'
    run 0 where --format=json cc3
    out_has '"refs/heads/b1", "refs/heads/b10"'
}

case_merged_parents() { # Of a merge, both.
    three
    land_static dd4 bb2
    land_static ee5 cc3 dd4
    run 0 where ee5
    out_has 'parent   cc3, dd4'
    run 0 where bb2
    out_has 'next     cc3, dd4'
}

case_lane_with_directories() { # What the history of a lane has besides migrations is passed over; --recursive looks below, too.
    three
    static dd4 cc3 in=db/versions/2024
    echo text >db/versions/README
    ln -s ../elsewhere.py db/versions/link.py
    git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),db/versions/part.py"
    printf 'revision = "big"\n' >db/versions/big.py
    head -c 17000000 /dev/zero | tr '\0' '#' >>db/versions/big.py
    commit
    git rm -q -r db/versions/2024 db/versions/big.py db/versions/README db/versions/link.py
    git rm -q --cached db/versions/part.py 2>/dev/null || true
    commit
    run 1 where dd4
    run 1 where big
    run 0 where --recursive dd4
    out_has 'file     db/versions/2024/dd4.py' "removed  $(short HEAD)"
    out_lacks parent # it stood among what cannot be read
}

case_lane_at_the_root() { # The repository's root is a lane, too.
    static aa1 in=.
    static bb2 aa1 in=.
    commit
    git rm -q bb2.py
    commit
    run 0 where bb2 ./
    out_has 'file     bb2.py' "removed  $(short HEAD)" 'alembic downgrade aa1'
}

case_renamed_id() { # The same file with another id: only the name in the database is wrong.
    three
    static dd9 bb2 name=cc3.py
    commit
    run 0 where cc3
    out_has "$(short HEAD) gave the migration another id: dd9" 'alembic stamp --purge dd9'
}

case_renamed_id_and_file() { # Another file name, too: known by its text.
    three
    git rm -q db/versions/cc3.py
    static dd9 bb2
    static unrelated cc3
    sed -i 's/cc3/dd9/' db/versions/unrelated.py
    commit
    run 0 where cc3
    out_has 'another id: dd9' 'alembic stamp --purge dd9'
}

case_back_again() { # Removed, and added again: it is here, since the later time.
    three
    git rm -q db/versions/cc3.py
    commit
    land_static cc3 bb2
    run 0 where cc3
    out_has "landed   $(short HEAD)" 'This branch has it.'
    out_lacks removed
}

case_lost_branch() { # Never here: another branch had it and removed it.
    three
    branch other
    land_static dd4 cc3
    git rm -q db/versions/dd4.py
    commit
    switch main
    run 0 where dd4
    out_has "removed  $(short other)" 'This branch never had it; another one had'
}

case_removed_but_still_on_a_branch() { # Both are told: who removed it here, and who has it.
    three
    branch old
    switch main
    git rm -q db/versions/cc3.py
    commit
    run 0 where cc3
    out_has "removed  $(short HEAD)" 'branches old'
}

case_work_tree_only() { # Not committed.
    three
    static dd4 cc3
    run 0 where dd4
    out_has 'file     db/versions/dd4.py' 'parent   cc3' 'work tree alone' 'git add db/versions/dd4.py'
    out_lacks landed
}

case_missing_from_the_work_tree() { # Committed, but the file is gone here.
    three
    rm db/versions/cc3.py
    run 0 where cc3
    out_has 'git checkout HEAD -- db/versions/cc3.py'
}

case_dynamic() { # The computed parent, on the branch that has it.
    alembic_ini
    land_static aa1
    land bb2 cc3
    branch preview
    land dd4
    switch main
    run 0 where cc3
    out_has 'parent   bb2' 'next     none: a head'
    run 0 where dd4
    out_has 'parent   cc3' 'alembic downgrade cc3'
}

case_prefix() { # A unique beginning is enough; the id itself wins over longer ones.
    alembic_ini
    land_static abc123
    land_static abd456 abc123
    land_static abd4567 abd456
    run 0 where abc
    out_has 'db/versions/abc123.py'
    run 0 where abd456
    out_has 'db/versions/abd456.py'
    run 2 where ab
    no_out
    err_has "3 revision ids begin with 'ab'" 'revchain where abc123'
}

case_not_found() { # Exit status 1, and where else it may be.
    three
    run 1 where zz9
    out_has 'zz9  not found' 'git fetch --all --tags'
    no_err
    run 1 where aa1 zz9
    out_has 'db/versions/aa1.py' 'zz9  not found'
}

case_from_alembic_current() { # What `alembic current` prints, plain and verbose.
    three
    printf 'aa1\ncc3 (head)\nbb2 (branchpoint) (mergepoint)\n' >"$case_dir/current"
    run 0 where - <"$case_dir/current"
    out_has db/versions/aa1.py db/versions/bb2.py db/versions/cc3.py
    cat >"$case_dir/current" <<'TEXT'
Current revision(s) for sqlite:///test.db:
Rev: cc3 (head)
Parent: bb2
Path: /somewhere/cc3.py

    migration cc3
    
    Revision ID: cc3

TEXT
    run 0 where - <"$case_dir/current"
    out_has db/versions/cc3.py
    out_lacks 'not found' db/versions/bb2.py
    run 0 where - </dev/null
    no_out
    run 0 where --format=json - </dev/null
    expect_out <<<'[]'
    run 0 where aa1 aa1 - <<<aa1
    [ "$(grep -c '^aa1$' "$out")" = 1 ] || fail 'expected it once'
}

case_nothing_given() {
    three
    run 2 where
    no_out
    err_has 'no revision id was given' 'alembic current | revchain where -'
}

case_directory_argument() { # A word with a slash is a directory.
    land_static aa1 in=a/versions
    land_static aa2 in=b/versions
    run 0 where a/versions aa1
    out_has a/versions/aa1.py
    run 1 where aa2 a/versions
    run 0 where aa2 a/versions b/versions/
    out_has b/versions/aa2.py
}

case_no_history() { # No commit yet: the work tree is all there is.
    alembic_ini
    static aa1
    run 0 where aa1
    out_has 'work tree alone'
    run 1 where zz9
}

case_bare_with_rev() { # No work tree.
    three
    git clone -q --bare . "$case_dir/bare"
    cd "$case_dir/bare"
    run 0 where --rev HEAD aa1
    out_has db/versions/aa1.py 'branches main'
}

case_shallow() { # The tips are looked at, and that is said; what they lack is refused.
    three
    git rm -q db/versions/cc3.py
    commit
    git clone -q --depth 1 "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    run 0 where bb2
    out_has db/versions/bb2.py
    out_lacks landed
    err_has 'this is a shallow clone' 'git fetch --unshallow'
    run 3 where cc3
    no_out
    err_has 'revchain: error: this is a shallow clone'
}

case_shallow_dynamic() { # Who has it is known, and what it is behind is not.
    alembic_ini
    land aa1
    land bb2
    git clone -q --depth 1 "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    run 0 where aa1
    out_has db/versions/aa1.py 'branches main'
    out_lacks parent landed
    err_has 'this is a shallow clone'
    run 0 where -q aa1
    no_err
}

case_json() { # The same facts, for a program.
    three
    git rm -q db/versions/cc3.py
    commit
    run 1 where --format=json cc3 zz9 aa1
    "$python" - "$(git rev-parse HEAD)" "$(git rev-parse HEAD~1)" <"$out" >"$out.facts" 3<&0 <<'CODE' || fail 'this is not the JSON that is documented'
import json, os, sys
cc3, zz9, aa1 = json.load(os.fdopen(3))
assert set(cc3) == set(zz9) == set(aa1)
assert (cc3["status"], zz9["status"], aa1["status"]) == ("removed", "not-found", "here")
assert cc3["removed"]["commit"] == sys.argv[1] and cc3["landed"]["commit"] == sys.argv[2]
assert (cc3["parents"], cc3["children"], cc3["path"]) == (["bb2"], [], "db/versions/cc3.py")
assert cc3["added_with_removal"] == [] == cc3["removed_with_it"] and cc3["refs"] == []
assert aa1["refs"] == ["refs/heads/main"] and aa1["children"] == ["bb2"] and aa1["removed"] is None
assert zz9["revision"] is None and zz9["parents"] is None and zz9["advice"]
CODE
}

case_escapes() { # What a repository says never reaches the terminal raw.
    alembic_ini
    dynamic aa1 name=$'aa1\033[31m.py'
    commit
    git update-ref $'refs/heads/b\302\233' HEAD
    run 0 where aa1
    out_lacks $'\033' $'\302\233'
    run 1 where $'\033zz'
    out_lacks $'\033'
}

case_unreadable_history() { # An old version that is no Python, or declares nothing, is passed over.
    three
    printf 'def (\n' >db/versions/cc3.py
    commit
    static cc3 bb2
    commit
    run 0 where cc3
    out_has db/versions/cc3.py
}

case_a_branch_whose_commit_is_damaged() { # Refused: left out, nobody would know that it has the id.
    local file
    alembic_ini
    land aa
    branch feature
    land bb
    switch main
    file=$(object_path feature)
    chmod u+w "$file"
    printf 'no object' >"$file"
    run 3 where bb
    err_has "$(git rev-parse feature)" 'hint: git fsck'
    run 3 check --branches '*'
    err_has "$(git rev-parse feature)"
    no_out
}

case_a_branch_whose_commit_is_missing() { # The same.
    three
    branch feature
    land_static dd4 cc3
    switch main
    rm -f "$(object_path feature)"
    refuses_refs 3 "$(git rev-parse feature)" 'hint: git fsck'
}

case_refs_that_cannot_be_read() { # The same: directory, file and list of refs.
    three
    branch team/feature
    land_static dd4 cc3
    switch main
    chmod 0 .git/refs/heads/team
    refuses_refs 5 "$PWD/.git/refs/heads/team: " 'hint: '
    chmod 755 .git/refs/heads/team
    chmod 0 .git/refs/heads/team/feature
    refuses_refs 5 "$PWD/.git/refs/heads/team/feature: " 'hint: '
    chmod 644 .git/refs/heads/team/feature
    git pack-refs --all
    git branch team/other
    chmod 0 .git/packed-refs
    refuses_refs 5 "$PWD/.git/packed-refs: " 'hint: '
}

case_broken_ref() { # The same, also where an older value of it is packed. What the hints say mends it.
    three
    branch team/feature
    git pack-refs --all
    land_static dd4 cc3
    switch main
    : >.git/refs/heads/team/feature
    refuses_refs 3 refs/heads/team/feature "hint: rm $PWD/.git/refs/heads/team/feature," \
        "hint: tail -n 1 $PWD/.git/logs/refs/heads/team/feature "
    rm .git/refs/heads/team/feature
    git update-ref refs/heads/team/feature "$(tail -n 1 .git/logs/refs/heads/team/feature | cut -d ' ' -f 2)"
    run 0 where dd4
    out_has 'branches team/feature'
}

case_broken_list_of_refs() { # Said, and no answer from the rest.
    three
    git pack-refs --all
    echo 'no list of refs' >.git/packed-refs
    tail -n 1 .git/logs/HEAD | cut -d ' ' -f 2 >.git/refs/heads/main
    refuses_refs 3 'the refs cannot be read' 'hint: git fsck'
}

case_no_refs() { # What is no ref is passed over: a lock, a name that git does not take, an empty directory, a symbolic ref to nowhere.
    three
    cp .git/refs/heads/main .git/refs/heads/other.lock
    cp .git/refs/heads/main '.git/refs/heads/main (conflicted copy)'
    mkdir -p .git/refs/heads/empty/directory .git/refs/remotes/origin
    echo 'ref: refs/remotes/origin/nowhere' >.git/refs/remotes/origin/HEAD
    run 0 where cc3
    no_err
    out_has 'branches main'
    out_lacks other conflicted empty origin
}

case_linked_refs() { # A link to a ref, as older versions of git made HEAD, and to a directory of refs.
    three
    mkdir -p .git/refs/remotes/origin
    cp .git/refs/heads/main .git/refs/remotes/origin/main
    ln -s refs/remotes/origin/main .git/refs/remotes/origin/HEAD
    ln -s ../remotes/origin .git/refs/heads/copy
    run 0 where cc3
    out_has copy/main origin/main
}
