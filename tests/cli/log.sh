# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The command log: its three formats, which commit and date it tells, and that it works where the chain does not.

# json_lines: what log_json gives, one migration a line, words separated by spaces here; `@NAME` stands for the commit of that
# name and its date.
json_lines() {
    local position revision down kind path commit
    while read -r position revision down kind path commit; do
        if [ "$commit" = None ]; then
            printf '%s\t%s\t%s\t%s\t%s\tNone\tNone\n' "$position" "$revision" "$down" "$kind" "$path"
        else
            printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$position" "$revision" "$down" "$kind" "$path" \
                "$(TZ=UTC0 git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%H%x09%cd "$commit")"
        fi
    done
}

case_json() { # Every key of every migration, on a history with each kind.
    land_static aa
    land_static bb
    land_static cc aa bb
    land d1
    land_static hh d1
    land d2
    dynamic d3
    log_json 0 db/versions
    json_lines <<'LINES' | expect_out
1 aa None static db/versions/aa.py HEAD~5
2 bb None static db/versions/bb.py HEAD~4
3 cc aa,bb static db/versions/cc.py HEAD~3
4 d1 cc dynamic db/versions/d1.py HEAD~2
5 hh d1 hybrid db/versions/hh.py HEAD~1
6 d2 hh dynamic db/versions/d2.py HEAD
7 d3 d2 dynamic db/versions/d3.py None
LINES
}

case_json_of_a_merge() { # The landing commit of what a branch brought is the merge: that is when this line met it.
    land aa
    branch feature
    land fz
    land fa
    switch main
    land bb
    merge feature
    log_json 0 db/versions
    json_lines <<'LINES' | expect_out
1 aa None dynamic db/versions/aa.py HEAD~2
2 bb aa dynamic db/versions/bb.py HEAD~1
3 fz bb dynamic db/versions/fz.py HEAD
4 fa fz dynamic db/versions/fa.py HEAD
LINES
}

case_json_date_is_the_committers() { # Written in 2010, rebased and landed in 2024: the date of the landing.
    dynamic aa
    git add -A
    GIT_AUTHOR_DATE='2010-01-01T00:00:00 +0000' GIT_COMMITTER_DATE='2024-05-06T07:08:09 +0530' git commit -q -m aa
    log_json 0 db/versions
    cut -f 7 "$out" >"$out.date"
    echo 2024-05-06T01:38:09Z | same 'the date' "$out.date"
}

case_json_of_a_rename() { # Path of today, commit of then.
    land aa
    git mv db/versions/aa.py db/versions/zz.py
    commit
    log_json 0 db/versions
    echo '1 aa None dynamic db/versions/zz.py HEAD~1' | json_lines | expect_out
}

case_json_without_revision() { # A file that declares none: null, exit status 1, and what is wrong on standard error.
    land aa
    echo 'X = 1' >db/versions/utils.py
    commit
    log_json 1 db/versions
    cut -f 1,2,5 "$out" >"$out.cut"
    printf '1\taa\tdb/versions/aa.py\n2\tNone\tdb/versions/utils.py\n' | same 'position, revision and path' "$out.cut"
    err_has db/versions/utils.py
}

case_json_of_nothing() { # An empty lane: an empty array.
    mkdir -p db/versions
    commit
    log_json 0 db/versions
    no_out
}

case_json_of_a_wrong_chain() { # Two static heads: the order is printed whole.
    land_static aa
    land_static bb aa
    land_static cc aa
    land dd
    log_json 1 db/versions
    cut -f 1,2,4,5 "$out" >"$out.cut"
    printf '%s\t%s\t%s\tdb/versions/%s.py\n' 1 aa static aa 2 bb static bb 3 cc static cc 4 dd dynamic dd |
        same 'position, revision, kind and path' "$out.cut"
}

case_path() { # The path alone, one a line, as git log --name-only prints it.
    land zz
    dynamic aa name='with space.py'
    commit
    dynamic bb name=$'b\303\244r.py'
    commit
    dynamic cc name='quote"back\slash.py'
    commit
    dynamic dd name=$'tab\t.py'
    commit
    dynamic ee name=$'esc\033\001\177.py'
    commit
    run 0 log --format=path db/versions
    git log --reverse --diff-filter=A --format= --name-only -- db/versions | expect_out
}

case_text() { # For readers: one line a migration, in order, with all that the contract names.
    local position=0 id commit date
    land_static zz
    land mm
    land aa
    run 0 log db/versions
    no_err
    for id in zz mm aa; do
        position=$((position + 1))
        commit=$(git rev-parse --short=7 "HEAD~$((3 - position))")
        date=$(git log -1 --date=format-local:%Y-%m-%d --format=%cd "$commit")
        grep -E "(^|[^0-9])${position}[^0-9].*$commit" "$out" | grep -F "$date" | grep -Fw "$id" |
            grep -Fw "$([ $id = zz ] && echo static || echo dynamic)" | grep -qF "db/versions/$id.py" || {
            cat "$out"
            fail "expected a line with position $position, commit $commit, $date, revision $id, its kind and its path"
        }
    done
    grep -o 'db/versions/[a-z]*' "$out" >"$out.order" || true
    printf 'db/versions/%s\n' zz mm aa | same 'the order' "$out.order"
    out_lacks $'\033'
}

case_text_is_the_default() { # --format=text says so.
    land aa
    run 0 log db/versions
    out_has db/versions/aa.py
    cp "$out" "$out.default"
    run 0 log --format=text db/versions
    expect_out <"$out.default"
}

case_text_color() { # --color=always colors or leaves it; never and auto, where there is no terminal, do not.
    land aa
    run 0 log --color=never db/versions
    out_lacks $'\033'
    run 0 log --color=auto db/versions
    out_lacks $'\033'
    run 0 log --color=always db/versions
    out_has db/versions/aa.py
}

case_text_of_uncommitted() { # It has no commit and no date, but a line.
    land aa
    dynamic bb
    run 0 log db/versions
    out_has db/versions/bb.py
    err_has 'revchain: warning: ' db/versions/bb.py
}

case_unknown_format() { # Exit status 2, with those that there are.
    land aa
    run 2 log --format=xml db/versions
    no_out
    err_has xml json path text
}

case_format_of_build() { # build has no --format.
    land aa
    run 2 build --format=json db/versions
    no_out
}

case_rev_commit() { # History and files from a commit; the work tree is not looked at.
    land aa
    land bb
    land cc
    rm -r db
    run 0 log --format=path --rev "$(git rev-parse HEAD~1)" db/versions
    paths_of aa bb | expect_out
    no_err
    run 0 log --format=path --rev "$(git rev-parse --short HEAD)" db/versions
    paths_of aa bb cc | expect_out
    run 0 log --format=path --rev=HEAD~2 db/versions
    paths_of aa | expect_out
}

case_rev_tag() { # A light tag and an annotated one.
    land aa
    git tag light
    land bb
    tick
    git tag -a -m annotated annotated
    land cc
    run 0 log --format=path --rev light db/versions
    paths_of aa | expect_out
    run 0 log --format=path --rev annotated db/versions
    paths_of aa bb | expect_out
}

case_rev_branch() { # The order on that branch's own line.
    land aa
    branch feature
    land fa
    switch main
    land bb
    merge feature
    switch feature
    merge main~1
    switch main
    run 0 log --format=path --rev feature db/versions
    paths_of aa fa bb | expect_out
    run 0 log --format=path --rev refs/heads/main db/versions
    paths_of aa bb fa | expect_out
}

case_rev_ignores_uncommitted() { # With --rev there is no warning about them and no trace of them.
    land aa
    dynamic bb
    at_rev HEAD
    expect_landing 'null <- aa'
    no_complaint
}

case_rev_of_before_the_lane() { # The directory is not in that commit: exit status 2.
    commit 'nothing yet'
    land aa
    run 2 log --rev HEAD~1 db/versions
    no_out
    err_has db/versions
}

case_rev_unknown() { # Exit status 2, with the name.
    land aa
    run 2 log --rev no-such-branch db/versions
    no_out
    err_has no-such-branch
    run 2 log --rev 'HEAD^{tree}' db/versions
    no_out
}

case_rev_builds() { # build --rev writes the file beside the directory in the work tree.
    land aa
    land bb
    run 0 build --rev HEAD~1 db/versions
    chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
}

case_detached_head() { # HEAD is what counts, branch or not.
    land aa
    land bb
    git checkout -q --detach HEAD~1
    expect_landing 'null <- aa'
}

case_standard_output_full() { # Exit status 5.
    local status=0
    land aa
    revchain log db/versions >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5 with a full standard output, got $status"
}

case_reader_goes_away() { # `revchain log | head -1` ends in silence.
    local i
    for i in $(seq 300); do dynamic "m$i"; done
    commit
    revchain log --format=json db/versions 2>"$err" | head -c 1 >/dev/null || true
    no_complaint
}

case_standard_output_full_of_much() { # Told apart from what waits in a buffer.
    local status=0 ids
    [ -e /dev/full ] || skip 'there is no /dev/full'
    printf -v ids ' m%04d' {1..300}
    # shellcheck disable=SC2086
    land $ids
    revchain log db/versions >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5, got $status"
    echo 'revchain: error: standard output cannot be written to' | expect_err
}

case_progress() { # On a terminal or when asked, where it takes more than half a second; it is wiped away at the end.
    local i text
    command -v strace >/dev/null || skip 'there is no strace'
    skip_if_sanitized
    land aa
    run 0 log --progress --format=path db/versions
    no_err
    {
        echo "reset refs/heads/main"
        echo "from $(git rev-parse HEAD)"
        for ((i = 0; i < 1500; i++)); do printf 'commit refs/heads/main\ncommitter C <c@d> 1704070800 +0000\ndata 0\n'; done
    } | git -c fastimport.unpackLimit=10000 fast-import --quiet
    land bb
    # shellcheck disable=SC2034 # lib.sh runs it
    program=(strace -qq -o /dev/null -e trace=openat -e inject=openat:delay_enter=1000 "$REVCHAIN")
    run 0 log --progress --format=path db/versions
    paths_of aa bb | expect_out
    grep -q $'^\r\[############\\.\\{12\\}\\] 1 of 2 migrations found, [0-9]* commits read\r' "$err" || fail "expected half a bar"
    grep -q $'\r\033\[K$' "$err" || fail 'expected the bar to be wiped away'
    run 0 log --format=path db/versions
    no_err
    on_terminal log --format=path db/versions
    out_has '1 of 2 migrations found'
    for text in -q --no-progress; do
        on_terminal log $text --format=path db/versions
        out_lacks 'migrations found'
    done
    on_terminal log --order=topo --format=path db/versions
    out_has ' of 2 migrations found'
}

case_threads_that_are_refused() { # Processors that cannot be counted or chosen, threads that cannot be had: it is all read, as ever.
    local call ids
    printf -v ids ' m%03d' {1..300}
    # shellcheck disable=SC2086
    land $ids
    run 0 log --format=path db/versions
    cp "$out" "$case_dir/expected.log"
    for call in 'sched_getaffinity EINVAL' 'sched_getaffinity EINVAL:when=2' 'sched_setaffinity EPERM' '/^clone3?$ EAGAIN'; do
        # shellcheck disable=SC2086
        failing $call
        run 0 log --format=path db/versions
        cmp "$out" "$case_dir/expected.log" || fail "expected the same where there is $call"
    done
}

case_lanes() { # Each under a heading of its own, in colour or not.
    static aa
    static bb in=other
    commit
    run 0 log db/versions other
    sed 's/ .*//' "$out" >"$out.words"
    printf '%s\n' db/versions 1 '' other 1 | same 'the first words' "$out.words"
    run 0 log --color=always db/versions other
    out_has $'\033[1mdb/versions\033[m' $'\033[1mother\033[m'
    dynamic cc in=.
    commit
    run 0 log other ./
    grep -qx '[.]' "$out" || fail 'expected a heading for the root'
}

case_heap_that_cannot_grow() { # Less memory than it asks for at once is enough for what it needs.
    skip_if_sanitized
    without_valgrind
    land aa
    ulimit -Sd 24000
    run 0 log --format=path db/versions
    paths_of aa | expect_out
}

case_heap_in_large_pages() { # A page fault for every four kilobytes of it would be a twentieth of a walk's time.
    skip_if_sanitized
    command -v strace >/dev/null || skip 'there is no strace'
    land aa
    # shellcheck disable=SC2034 # lib.sh runs it
    program=(strace -qq -o "$case_dir/trace" -e trace=madvise "$REVCHAIN")
    run 0 log db/versions
    grep -q MADV_HUGEPAGE "$case_dir/trace" || fail "expected advice on the heap: $(cat "$case_dir/trace")"
}
