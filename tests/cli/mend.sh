# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# merge, repoint and adopt: what they refuse, what they touch, what they leave. Their results are held against Alembic and
# CPython in tests/oracle/merge.py and tests/oracle/mend.py.

template() {
    alembic_ini
    mkdir -p db/versions
    cat >db/script.py.mako <<'MAKO'
"""${message}"""
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
MAKO
}

# two_heads: main has aa <- bb, and `feature`, which is checked out and has it merged, aa <- f1 <- f2.
two_heads() {
    template
    land_static aa
    branch feature
    land_static f1 aa
    land_static f2 f1
    switch main
    land_static bb aa
    switch feature
}

collided() {
    two_heads
    merge main
}

# untouched: nothing in the work tree has changed.
untouched() {
    git status --porcelain >"$case_dir/status"
    same 'the changes' "$case_dir/status" </dev/null
}

case_merge() { # Both heads, in a file of the template; check is clean then, and there is nothing more to merge.
    collided
    run 1 check
    err_has 'revchain merge -m "merge heads" bb f2'
    run 0 merge -m 'Merge heads' --rev-id ff00
    expect_err <<'ERR'
revchain: db/versions/ff00_merge_heads.py: ff00 merges bb, f2
hint: revchain check
ERR
    printf '"""Merge heads"""\nfrom alembic import op\n\nrevision = '"'ff00'"'\ndown_revision = '"('bb', 'f2')"'\n' |
        same 'the migration' db/versions/ff00_merge_heads.py
    run 0 check
    run 0 merge -m 'Merge heads'
    expect_err <<<'revchain: nothing needs merging'
}

case_merge_without_an_id() { # Twelve random digits, others each time.
    local first
    collided
    run 0 merge -m x
    first=$(find db/versions -name '*_x.py')
    [[ $first =~ ^db/versions/[0-9a-f]{12}_x\.py$ ]] || fail "expected twelve digits: $first"
    rm "$first"
    run 0 merge -m x
    no_file "$first"
}

case_merge_by_name() { # In the order given; a start of an id will do; a directory has a slash.
    collided
    run 2 merge -m x f b
    err_has "'f' is the start of more than one revision id: f1, f2"
    run 0 merge -q -m x --rev-id ff f2 b ./db/versions
    grep -qF "down_revision = ('f2', 'bb')" db/versions/ff_x.py || fail 'expected f2 before bb'
}

case_merge_refused() { # What makes no sense is said, and nothing is written.
    collided
    run 2 merge
    err_has 'a merge needs a message' 'hint: revchain merge -m "merge heads"'
    run 2 merge -m x nope
    err_has "no migration has the revision id 'nope'"
    run 2 merge -m x aa bb
    err_has 'aa is not a head'
    run 2 merge -m x bb
    err_has 'a merge is of two heads or more'
    run 2 merge -m x bb bb
    err_has 'bb is named twice'
    run 2 merge -m x --rev-id aa
    err_has 'the revision id aa is in use: db/versions/aa.py'
    run 2 merge -m x --rev-id a+a
    err_has 'Alembic does not take'
    run 2 merge -m x --rev HEAD
    err_has '--rev reads a commit'
    untouched
}

case_merge_where_the_file_is() { # It is not overwritten.
    collided
    land_static gg bb name=ff_x.py
    run 2 merge -m x --rev-id ff
    err_has 'db/versions/ff_x.py: the file is there already'
    untouched
}

case_merge_without_a_template() {
    collided
    git rm -q db/script.py.mako
    run 2 merge -m x
    err_has 'there is no db/script.py.mako'
}

case_merge_template_refused() { # With the place, and the command that does it.
    collided
    echo '<%include file="x"/>' >>db/script.py.mako
    commit
    run 2 merge -m 'it is'
    expect_err <<'ERR'
revchain: error: db/script.py.mako:6: the template uses what only Mako understands: <%include file="x"/>
hint: alembic merge -m 'it is' bb f2
ERR
    untouched
}

case_merge_of_wrong_migrations() { # First what is wrong has to be put right.
    collided
    static zz nowhere
    run 1 merge -m x
    err_has 'nowhere' 'nothing was written'
}

case_merge_keeps_labels_apart() { # Labelled branches are two heads on purpose, and lanes too.
    template
    printf '[alembic]\nscript_location = db\nversion_locations = db/versions db/other\n' >alembic.ini
    static aa
    static e1 aa
    static c1 aa
    sed -i 's/branch_labels = None/branch_labels = "expand"/' db/versions/e1.py
    sed -i 's/branch_labels = None/branch_labels = "contract"/' db/versions/c1.py
    static oo in=db/other
    commit
    run 0 merge -m x
    expect_err <<<'revchain: nothing needs merging'
    static c2 aa
    static c3 aa
    static o1 oo in=db/other
    static o2 oo in=db/other
    commit
    run 2 merge -m x
    err_has 'several places' 'hint: revchain merge -m MESSAGE c2 c3' 'hint: revchain merge -m MESSAGE o1 o2'
    run 0 merge -q -m x --rev-id oo1 o1 o2
    [ -e db/other/oo1_x.py ] || fail 'expected the merge migration in the lane of its heads'
}

case_merge_dynamic() { # Dynamic migrations are never merged; static heads beside them are.
    template
    land aa
    branch other
    land bb
    switch main
    land cc
    merge other
    run 0 merge -m x
    err_has 'nothing needs merging: dynamic migrations follow one another as they land'
    run 2 merge -m x bb cc
    err_has 'bb leaves its parent to git'
    land_static h1 bb
    land_static h2 bb
    run 1 build
    run 0 merge -q -m x --rev-id ff
    grep -qF "down_revision = ('h1', 'h2')" db/versions/ff_x.py || fail 'expected h1 and h2'
    run 0 build
}

case_merge_dry_run() { # A diff that git apply takes, and nothing else.
    collided
    run 0 merge -m x --rev-id ff --dry-run
    no_err
    untouched
    cp "$out" "$case_dir/patch"
    git apply "$case_dir/patch"
    cp db/versions/ff_x.py "$case_dir/ff_x.py"
    rm db/versions/ff_x.py
    run 0 merge -q -m x --rev-id ff
    cmp db/versions/ff_x.py "$case_dir/ff_x.py" || fail 'expected the diff to give the same'
}

case_merge_into_a_file() { # Which stands where a directory would have to be made: exit status 5, by its name.
    collided
    set_option 'file_template = %%(rev)s/more/%%(slug)s' 'recursive_version_locations = true'
    echo text >db/versions/ff
    run 5 merge -m x --rev-id ff
    err_has "revchain: error: $PWD/db/versions/ff/more: the directory cannot be made: Not a directory"
    set_option 'file_template = %%(rev)s/%%(slug)s' 'recursive_version_locations = true'
    run 5 merge -m x --rev-id ff
    err_has "$PWD/db/versions/ff/x.py: the file cannot be written: Not a directory"
    echo text | same ff db/versions/ff
}

case_merge_into_new_directories() { # A file_template may have slashes.
    collided
    printf 'file_template = %%%%(rev)s/%%%%(slug)s\nrecursive_version_locations = true\n' >>alembic.ini
    run 0 merge -q -m 'a b' --rev-id ff
    [ -e db/versions/ff/a_b.py ] || fail 'expected db/versions/ff/a_b.py'
    run 0 check
    printf '[alembic]\nscript_location = db\nfile_template = ../%%%%(rev)s\n' >alembic.ini
    run 2 merge -q -m 'a b' --rev-id gg
    err_has 'leads out of the versions directory'
}

# set_option LINE...: alembic.ini with these.
set_option() {
    alembic_ini
    printf '%s\n' "$@" >>alembic.ini
}

case_merge_time_zone() { # Of the project: the date has its offset; a name may be in small letters where the machine has it in capitals.
    local zone
    collided
    # shellcheck disable=SC2016 # it is the template's
    sed -i 's/^"""$/\nCreate Date: ${create_date}\n"""/; s/^"""${message}"""$/"""${message}\n\nCreate Date: ${create_date}\n"""/' db/script.py.mako
    commit
    mkdir "$case_dir/zones"
    printf 'TZif2' >"$case_dir/zones/CEST"
    export TZDIR=$case_dir/zones
    for zone in utc UTC cest CEST; do
        set_option "timezone = $zone"
        run 0 merge -q -m x --rev-id ff
        grep -qE '^Create Date: [0-9-]{10} [0-9:]{8}[.0-9]*\+00:00$' db/versions/ff_x.py || fail "$(cat db/versions/ff_x.py)"
        rm db/versions/ff_x.py
    done
    for zone in Nowhere/Else ../zones/CEST "$case_dir/zones/CEST"; do
        set_option "timezone = $zone"
        run 2 merge -m x
        err_has "there is no time zone $zone here"
    done
    set_option
    TZ=EST5 run 0 merge -q -m x --rev-id ff
    grep -qE '^Create Date: [0-9-]{10} [0-9:]{8}[.0-9]*$' db/versions/ff_x.py || fail 'expected local time without an offset'
    unset TZDIR
    [ -e /usr/share/zoneinfo/America/New_York ] || return 0
    rm db/versions/ff_x.py
    set_option 'timezone = America/New_York'
    run 0 merge -q -m x --rev-id ff
    grep -qE '^Create Date: [0-9-]{10} [0-9:]{8}[.0-9]*-0[45]:00$' db/versions/ff_x.py || fail "$(cat db/versions/ff_x.py)"
}

case_merge_settings() { # Of the project's configuration, what the new file depends on.
    local wrong
    collided
    for wrong in abc 3x -3; do
        set_option "truncate_slug_length = $wrong"
        run 2 merge -m 'one two' --rev-id ff
        err_has "truncate_slug_length is no number: $wrong"
    done
    set_option 'truncate_slug_length = 0' 'output_encoding = utf8'
    run 0 merge -q -m 'one two' --rev-id ff
    set_option 'truncate_slug_length = 5' 'output_encoding = UTF-8'
    rm db/versions/ff_one_two.py
    run 0 merge -q -m 'one two' --rev-id ff
    rm db/versions/ff_one_.py
    set_option 'output_encoding = latin-1'
    run 2 merge -m x
    err_has 'output_encoding is latin-1, and revchain writes UTF-8' 'hint: alembic merge writes it'
}

case_merge_template_of_another_kind() { # What it makes must declare the revision and its parents, or nothing is written.
    local text
    collided
    # shellcheck disable=SC2016 # it is the template's
    for text in 'revision = ${repr(up_revision)}' 'down_revision = ${repr(down_revision)}' 'revision = "ee"; down_revision = ("bb", "f2")' \
        'revision = "ff"; down_revision = "bb"' 'revision = "ff"; down_revision = ("f2", "bb")' \
        'revision = "ff"; down_revision = ("bb", "f2", "aa")' 'revision = ${up_revision}; down_revision = (' ''; do
        printf '%s\n' "$text" >db/script.py.mako
        run 2 merge -m x --rev-id ff
        err_has 'db/versions/ff_x.py' 'what the template gives does not declare this revision and these parents' \
            'hint: nothing was written; the message, or db/script.py.mako, has to change'
        no_file db/versions/ff_x.py
    done
}

case_repoint() { # One line, and what hangs on it moves along.
    two_heads
    run 0 repoint f1
    expect_err <<'ERR'
revchain: db/versions/f1.py: f1 is now behind bb, the head of main
hint: bb is not here yet: git merge main, then revchain check
ERR
    git diff -U0 | grep '^[-+]' >"$case_dir/changed"
    same 'the change' "$case_dir/changed" <<'DIFF'
--- a/db/versions/f1.py
+++ b/db/versions/f1.py
-down_revision = "aa"
+down_revision = "bb"
DIFF
    run 0 repoint f1
    err_has 'f1 is behind the head of main already'
    commit
    merge main
    run 0 check
}

case_repoint_refused() { # Where the other branch has it, where its parent would have to move, where it makes no sense.
    two_heads
    run 1 repoint f2
    err_has 'its parent f1 is not in main either' 'hint: move that one, and this one moves along: revchain repoint f1 --onto main'
    run 2 repoint
    run 2 repoint f1 f2
    run 2 repoint zz
    run 2 repoint f1 --onto nowhere
    run 2 repoint f1 --rev HEAD
    run 1 repoint f1 --onto feature
    err_has 'db/versions/f1.py' 'feature has f1: a database may have applied it' 'hint: where it is certain that none has: --force'
    untouched
    merge main
    run 0 repoint f1 --onto feature --force
    err_has 'f1 is now behind bb, the head of feature'
}

case_repoint_onto_heads() { # A branch that has two heads itself is no place to go.
    template
    land_static aa
    land_static bb aa
    land_static cc aa
    branch feature
    land_static f1 aa
    run 1 repoint f1
    err_has 'main has 2 heads itself'
    untouched
}

case_repoint_keeps_to_its_branch() { # Of several heads on purpose it goes behind that of its own branch.
    template
    land_static aa
    static e1 aa
    static c1 aa
    sed -i 's/branch_labels = None/branch_labels = "expand"/' db/versions/e1.py
    sed -i 's/branch_labels = None/branch_labels = "contract"/' db/versions/c1.py
    commit
    branch feature
    land_static f1 c1
    switch main
    land_static c2 c1
    land_static e2 e1
    switch feature
    run 0 repoint f1
    err_has 'f1 is now behind c2'
}

case_repoint_merge_migration() { # What the head includes gives way to it; what else is merged stays.
    template
    land_static aa
    land_static bb aa
    branch feature
    land_static f1 aa
    land_static mm f1 bb
    switch main
    land_static cc bb
    switch feature
    run 0 repoint mm
    grep -qF 'down_revision = ("f1", "cc")' db/versions/mm.py || fail 'expected f1 and cc'
}

case_repoint_dynamic() { # The head of a dynamic branch is the chain's; a dynamic migration has nothing to move.
    template
    land_static ss
    land d1
    branch feature
    land_static h1 d1
    switch main
    land d2
    switch feature
    run 0 repoint h1
    err_has 'h1 is now behind d2'
    run 1 repoint d1
    err_has 'it leaves its parent to git'
}

case_repoint_default() { # origin/HEAD before a local main; with neither, --onto has to say it.
    two_heads
    git clone -q . "$case_dir/clone"
    cd "$case_dir/clone"
    git checkout -q feature 2>/dev/null
    git remote set-head origin main
    git update-ref -d refs/heads/main
    run 0 repoint f1 --dry-run
    out_has '+down_revision = "bb"'
    git remote remove origin
    git branch -q -m feature topic
    run 2 repoint f1
    err_has 'hint: name the branch that they follow: --onto REF'
}

case_repoint_tells_of_the_docstring() { # Which names the old parent still: one line is changed, and no other.
    two_heads
    sed -i 's/^Revision ID: f1$/&\nRevises: aa/' db/versions/f1.py
    commit
    run 0 repoint f1
    err_has 'its docstring still has the old Revises: line'
    grep -qx 'Revises: aa' db/versions/f1.py || fail 'expected the docstring as it was'
}

case_adopt() { # The template, and what the base does not have; the chain of new ones stays as it was.
    two_heads
    git rebase -q main 2>/dev/null
    sed -i 's/"aa"/"bb"/' db/versions/f1.py
    commit
    run 0 adopt
    expect_err <<'ERR'
revchain: db/script.py.mako: new migrations leave their parent to git
revchain: 2 migrations made dynamic: the chain is the same as before
hint: revchain build -o -
ERR
    git diff --name-only >"$case_dir/names"
    printf 'db/script.py.mako\ndb/versions/f1.py\ndb/versions/f2.py\n' | same 'the files' "$case_dir/names"
    expect_chain 'bb <- f1 <- f2'
    run 0 check
    run 0 adopt
    expect_err <<<'revchain: nothing is left to adopt'
}

case_adopt_after_a_collision() { # Which it mends: the moves are named.
    collided
    run 0 adopt
    err_has 'f1 was behind aa, and will be behind bb' '2 migrations made dynamic'
    expect_chain 'bb <- f1 <- f2'
}

case_adopt_all() { # The whole catalogue where the order agrees; else the first difference.
    template
    land_static aa
    land_static bb aa
    land_static cc bb
    run 0 adopt --all
    err_has '3 migrations made dynamic: the chain is the same as before'
    expect_chain 'null <- aa <- bb <- cc'
    git checkout -q .
    land_static d1 cc
    land_static d2 cc
    land_static mm d1 d2
    run 1 adopt --all
    err_names db/versions/d2.py down_revision
    err_has 'd2 is behind cc, and in the order of the migrations it would be behind d1' 'nothing was written'
    untouched
}

case_adopt_against_the_order() { # A parent that lands later: nothing is written.
    template
    land_static aa
    branch feature
    land_static f2 f1
    land_static f1 aa
    run 1 adopt
    err_has 'f2 is behind f1, and in the order of the migrations it would be behind aa'
    untouched
}

case_adopt_dry_run() { # One diff of all files.
    collided
    run 0 adopt --dry-run
    cp "$out" "$case_dir/patch"
    untouched
    run 0 adopt -q
    git diff >"$case_dir/written"
    git checkout -q .
    git apply "$case_dir/patch"
    git diff | same 'the change' "$case_dir/written"
}

case_adopt_template_by_hand() { # A template without the line is named, and nothing is written.
    collided
    sed -i 's/^down_revision.*/down_revision = None/' db/script.py.mako
    commit
    run 1 adopt
    err_has 'db/script.py.mako: the template has no line' 'hint: change it by hand'
    untouched
}

case_adopt_read_only() { # Exit status 5, and the files that were changed already have their old text back.
    collided
    git config core.fileMode false
    chmod -R a+rwX db .git
    chmod a-w db/versions
    as_nobody 5 adopt
    err_matches '^revchain: error: .*db/versions/f1.py: the file cannot be written'
    chmod a+w db/versions
    untouched
}

case_disk_that_fails_in_between() { # What was changed and cannot be changed back is named.
    collided
    failing rename EIO:when=2+
    run 5 adopt
    err_has 'db/versions/f1.py: the file cannot be written: Input/output error' \
        'revchain: error: db/script.py.mako was changed, and cannot be changed back'
    git diff --name-only >"$case_dir/names"
    echo db/script.py.mako | same 'the files' "$case_dir/names"
}

case_dry_run_that_cannot_be_printed() { # Exit status 5.
    local status=0
    [ -e /dev/full ] || skip 'there is no /dev/full'
    collided
    revchain adopt --dry-run >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5, got $status"
    err_has 'revchain: error: standard output cannot be written to'
    untouched
}

case_disk_full() { # No byte can be written: exit status 5, the old file whole, nothing left behind.
    local command status
    two_heads
    for command in 'repoint f1' 'adopt --base main' 'merge -m x'; do
        [ "$command" != 'merge -m x' ] || merge main
        status=$(
            trap - ERR
            trap '' XFSZ
            set +e
            without_valgrind
            ulimit -f 0
            # shellcheck disable=SC2086
            revchain $command 2>&1 | cat >/dev/null
            echo "${PIPESTATUS[0]}"
        )
        [ "$status" -eq 5 ] || fail "expected exit status 5 of $command, got $status"
        untouched
    done
}

case_symlinked_migration() { # What the link leads to changes; it stays a link.
    two_heads
    mkdir elsewhere
    git mv db/versions/f1.py elsewhere/f1.py
    ln -s ../../elsewhere/f1.py db/versions/f1.py
    commit
    run 0 repoint f1
    [ -L db/versions/f1.py ] || fail 'expected a link'
    git diff --name-only >"$case_dir/names"
    echo elsewhere/f1.py | same 'the files' "$case_dir/names"
}

case_shallow() { # Static migrations are merged and moved without history; adopt needs it.
    collided
    git clone -q --depth 1 --no-single-branch "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    git checkout -q feature 2>/dev/null || git checkout -q -b feature origin/feature
    run 0 merge -m x --dry-run
    run 0 repoint f1 --onto origin/main --dry-run
    run 3 adopt --base origin/main
}
