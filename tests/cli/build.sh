# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The command build: where the file goes, and what becomes of one that is already there. What is in it is the subject of
# chain.sh, its bytes of file.sh.

chain='null <- aa <- bb'

case_beside_the_versions_directory() { # versions/../revision_chain.json, and nothing else in the work tree.
    land aa
    land bb
    run 0 build db/versions
    no_out
    no_complaint
    chain_json "$chain" | same revision_chain.json db/revision_chain.json
    git status --porcelain --untracked-files=all >"$out"
    echo '?? db/revision_chain.json' | expect_out
}

case_versions_directory_at_the_root() { # The file is at the repository's root.
    dynamic aa in=versions
    commit
    run 0 build versions
    chain_json 'null <- aa' | same revision_chain.json revision_chain.json
}

case_output_file() { # -o FILE goes from the current directory, and there alone.
    land aa
    land bb
    mkdir dist
    run 0 build -o dist/chain.json db/versions
    no_out
    chain_json "$chain" | same dist/chain.json dist/chain.json
    no_file db/revision_chain.json
    cd dist
    run 0 build --output=other.json ../db/versions
    chain_json "$chain" | same dist/other.json other.json
    cd ..
    git status --porcelain --untracked-files=all >"$out"
    printf '?? dist/%s.json\n' chain other | expect_out
}

case_output_outside_of_the_repository() { # An absolute path elsewhere.
    land aa
    land bb
    run 0 build -o "$case_dir/chain.json" db/versions
    chain_json "$chain" | same chain.json "$case_dir/chain.json"
}

case_standard_output() { # -o - prints the file and writes none.
    land aa
    land bb
    run 0 build -o - db/versions
    chain_json "$chain" | expect_out
    no_complaint
    [ -z "$(git status --porcelain --untracked-files=all)" ] || fail 'expected no file'
}

case_same_bytes() { # Same input, same bytes: again, from a clone, and from a repacked repository.
    land zz
    branch feature
    land mm
    switch main
    land aa
    merge feature
    run 0 build -o "$case_dir/one" db/versions
    run 0 build -o "$case_dir/two" db/versions
    cmp "$case_dir/one" "$case_dir/two"
    git clone -q . ../clone
    cd ../clone
    git gc -q
    run 0 build -o "$case_dir/three" db/versions
    cmp "$case_dir/one" "$case_dir/three"
}

case_replaces_an_old_file() { # Whatever was in it.
    land aa
    echo 'no JSON at all' >db/revision_chain.json
    run 0 build db/versions
    chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
    land bb
    run 0 build db/versions
    chain_json "$chain" | same revision_chain.json db/revision_chain.json
}

case_committed_chain_file_does_not_count() { # A stale file in the history makes no difference.
    land aa
    echo '{"aa": "zz"}' >db/revision_chain.json
    commit
    land bb
    expect_chain "$chain"
}

case_old_file_whole_on_wrong_migrations() { # Exit status 1: not touched, nothing left behind.
    land_static aa
    land_static bb aa
    land_static cc aa
    echo old >db/revision_chain.json
    run 1 build db/versions
    echo old | same revision_chain.json db/revision_chain.json
    nothing_but revision_chain.json versions
}

case_old_file_whole_on_unusable_history() { # Exit status 3: the same.
    land aa
    land bb
    git clone -q --depth 1 "file://$PWD" ../shallow
    cd ../shallow
    echo old >db/revision_chain.json
    run 3 build db/versions
    echo old | same revision_chain.json db/revision_chain.json
    nothing_but revision_chain.json versions
}

# nothing_but NAME...: all that is in db.
nothing_but() {
    find db -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort >"$case_dir/listing"
    printf '%s\n' "$@" | same 'the contents of db' "$case_dir/listing"
}

case_mode_of_a_new_file() { # As the umask has it.
    land aa
    run 0 build db/versions
    mode_is 644 db/revision_chain.json
    umask 027
    run 0 build -o ../new.json db/versions
    mode_is 640 ../new.json
}

case_mode_of_an_old_file() { # Its bits are kept.
    local mode
    land aa
    for mode in 600 640 664 755 444; do
        echo old >"$case_dir/chain.json"
        chmod $mode "$case_dir/chain.json"
        run 0 build -o "$case_dir/chain.json" db/versions
        mode_is $mode "$case_dir/chain.json"
        chain_json 'null <- aa' | same chain.json "$case_dir/chain.json"
        rm -f "$case_dir/chain.json"
    done
}

mode_is() {
    local mode
    mode=$(stat -c %a "$2")
    [ "$mode" = "$1" ] || fail "expected mode $1 of $2, got $mode"
}

case_symlinked_target() { # A link is followed: it stays a link, and what it leads to is replaced.
    land aa
    mkdir ../shared
    echo old >../shared/chain.json
    chmod 640 ../shared/chain.json
    ln -s ../../shared/chain.json db/revision_chain.json
    run 0 build db/versions
    [ -L db/revision_chain.json ] || fail 'expected the link to be one still'
    chain_json 'null <- aa' | same chain.json ../shared/chain.json
    mode_is 640 ../shared/chain.json
    find ../shared -mindepth 1 -printf '%f\n' >"$out"
    echo chain.json | expect_out
}

case_symlink_to_a_symlink() { # And on.
    land aa
    echo old >../real.json
    ln -s real.json ../one.json
    ln -s ../../one.json db/revision_chain.json
    run 0 build db/versions
    [ -L ../one.json ] || fail 'expected one.json to be a link still'
    [ -L db/revision_chain.json ] || fail 'expected revision_chain.json to be a link still'
    chain_json 'null <- aa' | same real.json ../real.json
}

case_dangling_symlink() { # What it leads to is made.
    land aa
    ln -s ../../new.json db/revision_chain.json
    run 0 build db/versions
    [ -L db/revision_chain.json ] || fail 'expected the link to be one still'
    chain_json 'null <- aa' | same new.json ../new.json
}

case_symlink_of_the_repository() { # One that was committed must not choose what is overwritten: not outside, not in .git.
    local to
    for to in ../../victim ../.git/hooks/victim ../../nowhere/victim; do
        land aa
        echo precious >../victim
        cp ../victim .git/hooks/victim
        ln -sf "$to" db/revision_chain.json
        commit
        run 5 build db/versions
        no_out
        err_matches '^revchain: error: .*db/revision_chain.json.*: the repository has a link'
        echo precious | same victim ../victim
        echo precious | same victim .git/hooks/victim
        run 0 build -o - db/versions
        rm db/revision_chain.json
    done
    ln -s ../real.json db/revision_chain.json
    commit
    run 0 build db/versions
    chain_json 'null <- aa' | same real.json real.json
}

case_read_only_directory() { # Exit status 5, the old file whole, nothing left behind.
    land aa
    echo old >db/revision_chain.json
    chmod a-w db
    as_nobody 5 build db/versions
    err_matches '^revchain: error: .*revision_chain.json'
    echo old | same revision_chain.json db/revision_chain.json
    nothing_but revision_chain.json versions
}

case_unreadable_migration() { # A file that may not be read: exit status 5, no file.
    land aa
    land bb
    chmod 000 db/versions/aa.py
    chmod a+w db
    as_nobody 5 build db/versions
    err_matches '^revchain: error: .*db/versions/aa.py'
    no_file db/revision_chain.json
}

case_disk_full() { # No byte can be written to any file: exit status 5, the old file whole, nothing left behind.
    local status
    land aa
    echo old >db/revision_chain.json
    # Its messages go to a pipe, which the limit does not bind; valgrind's would not.
    status=$(
        trap - ERR
        trap '' XFSZ
        set +e
        without_valgrind
        ulimit -f 0
        revchain build db/versions 2>&1 | cat >/dev/null
        echo "${PIPESTATUS[0]}"
    )
    [ "$status" -eq 5 ] || fail "expected exit status 5 where nothing can be written, got $status"
    echo old | same revision_chain.json db/revision_chain.json
    nothing_but revision_chain.json versions
}

case_disk_that_fails() { # Before the new file is safe there: exit status 5, the old file whole, nothing left behind.
    land aa
    echo old >db/revision_chain.json
    failing fsync EIO
    run 5 build db/versions
    err_has 'db/revision_chain.json: the file cannot be written: Input/output error'
    echo old | same revision_chain.json db/revision_chain.json
    nothing_but revision_chain.json versions
}

case_interrupted_write() { # It is taken up again.
    land aa
    failing write EINTR:when=1
    run 0 build db/versions
    chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
}

case_standard_output_full() { # Nobody must take half a chain for a whole one.
    local status=0
    land aa
    revchain build -o - db/versions >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5 with a full standard output, got $status"
    err_matches '^revchain: error: '
}

case_closed_streams() { # No standard output, no standard error: what is printed must not end up in the file.
    local status=0
    without_valgrind # which complains of the closed streams
    land aa
    dynamic bb
    revchain build db/versions <&- >&- 2>&- || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 5 ] || fail "expected exit status 0 or 5, got $status"
    [ "$status" -ne 0 ] || chain_json "$chain" | same revision_chain.json db/revision_chain.json
    status=0
    revchain build -o "$case_dir/chain.json" db/versions 2>&- || status=$?
    [ "$status" -eq 0 ] || fail "expected exit status 0 without standard error, got $status"
    chain_json "$chain" | same chain.json "$case_dir/chain.json"
    status=0
    revchain log db/versions >&- 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5 without standard output, got $status"
}

case_output_directory_is_missing() { # Exit status 5, with the path.
    land aa
    run 5 build -o nowhere/chain.json db/versions
    err_matches '^revchain: error: .*nowhere/chain.json'
    no_file nowhere
}

case_output_is_a_directory() { # It is not replaced.
    land aa
    mkdir dist
    run 5 build -o dist db/versions
    err_matches '^revchain: error: .*dist'
    [ -d dist ] || fail 'expected dist to be a directory still'
}

case_output_is_a_pipe() { # What is no regular file is written to, never replaced: -o /dev/null must not take the device away.
    land aa
    mkfifo "$case_dir/pipe"
    timeout "${CASE_TIMEOUT:-10}" cat "$case_dir/pipe" >"$case_dir/read" &
    run 0 build -o "$case_dir/pipe" db/versions
    wait
    [ -p "$case_dir/pipe" ] || fail 'expected the pipe to be one still'
    chain_json 'null <- aa' | same 'what came through the pipe' "$case_dir/read"
}

case_output_is_standard_output() { # By its name, be it a pipe or a file.
    land aa
    revchain build -q -o /dev/stdout db/versions | cat >"$case_dir/read"
    chain_json 'null <- aa' | same 'what came through the pipe' "$case_dir/read"
    run 0 build -q -o /dev/stdout db/versions
    chain_json 'null <- aa' | expect_out
}

case_empty_lane() { # A versions directory without migrations: an empty object.
    land aa
    git rm -q db/versions/aa.py
    mkdir -p db/versions
    commit
    expect_order_empty
    expect_chain ''
}

expect_order_empty() {
    run 0 log --format=path db/versions
    no_out
}

case_only_migrations_count() { # What Alembic does not load: __init__*, .#*, other endings, folders.
    land aa
    : >db/versions/__init__.py
    : >db/versions/__init__backup.py
    echo 'not Python' >db/versions/README
    echo 'not Python' >db/versions/aa.pyc
    echo 'not Python' >db/versions/bb.py.orig
    echo 'not Python' >db/versions/cc.PY
    ln -s user@host.1234:5678 db/versions/.#aa.py
    mkdir db/versions/folder
    : >db/versions/folder/file
    commit
    dynamic .hidden
    commit
    expect_order aa .hidden
    expect_chain 'null <- aa <- .hidden'
}

case_quiet_build() { # -q: no warning about what is not committed; errors are told all the same.
    land aa
    dynamic bb
    run 0 build -q db/versions
    no_err
    dynamic bb name=cc.py
    run 1 build -q db/versions
    err_matches '^revchain: error: '
}
