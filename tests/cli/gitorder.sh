# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# --order=date and --order=topo: what git itself prints on the spot, and the order as it must be, word by word.

# git_paths ORDER DIR: what git prints, each path once, as far as HEAD still has it.
git_paths() {
    local topo=()
    [ "$1" = date ] || topo=(--topo-order)
    git log --reverse "${topo[@]}" --diff-filter=A --no-renames --format= --name-only -- "$2" >"$case_dir/all"
    git -c core.quotePath=true ls-tree -r --name-only HEAD >"$case_dir/there"
    awk 'NR == FNR { there[$0]; next } $0 in there && !seen[$0]++' "$case_dir/there" "$case_dir/all"
}

# expect_git ORDER WORD...: revchain prints these (as for expect_order), and so does git. A + in front of the first of those that
# git leaves out.
expect_git() {
    local order=$1 word shown=() left=()
    shift
    for word; do
        if [ ${#left[@]} -gt 0 ] || [ "${word#+}" != "$word" ]; then
            left+=("${word#+}")
        else
            shown+=("$word")
        fi
    done
    git_paths "$order" "${dirs[0]}" >"$case_dir/git"
    paths_of "${shown[@]}" | same "git's $order order" "$case_dir/git"
    run 0 log --recursive "--order=$order" --format=path "${dirs[0]}"
    paths_of "${shown[@]}" "${left[@]}" | expect_out
}

# agree: revchain and git print the same in both orders, whatever it is.
agree() {
    local order
    for order in date topo; do
        git_paths $order "${dirs[0]}" >"$case_dir/git"
        [ -s "$case_dir/git" ] || broken 'git prints nothing'
        run 0 log --recursive --order=$order --format=path "${dirs[0]}"
        expect_out <"$case_dir/git"
    done
}

# raw_commit TREE DATE PARENT...: a commit that git would not make; its id is printed.
raw_commit() {
    local tree=$1 date=$2 parent
    shift 2
    {
        echo "tree $tree"
        for parent; do echo "parent $parent"; done
        printf 'author a <a@b.c> 1 +0000\ncommitter a <a@b.c> %s +0000\n\nraw\n' "$date"
    } | git hash-object -t commit -w --literally --stdin
}

# raw_tree WORD...: MODE:NAME:OBJECT each, with any mode; the id of the tree is printed.
raw_tree() {
    local word mode name object
    for word; do
        IFS=: read -r mode name object <<<"$word"
        printf '%s %s\0' "$mode" "$name"
        printf '%b' "$(sed 's/../\\x&/g' <<<"$object")"
    done | git hash-object -t tree -w --literally --stdin
}

case_linear() { # One migration a commit: all orders are one, and nothing is to be noted.
    land zz
    land aa
    land mm
    expect_git date zz aa mm
    no_err
    expect_git topo zz aa mm
    no_err
    expect_order zz aa mm
}

case_several_in_one_commit() { # By path, whatever Create Date says.
    dynamic bb date='2024-02-01 09:00:00'
    dynamic aa date='2024-02-03 09:00:00'
    dynamic a_1 in=db/versions/sub date='2024-02-02 09:00:00'
    commit
    expect_git date aa bb db/versions/sub/a_1.py
    err_has 'date order differs from landing order from position 1 on: db/versions/aa.py here, db/versions/bb.py there'
}

# late_merge: main has aa, bb; a branch that began at aa has fa, older than bb, and was merged last.
late_merge() {
    land aa
    branch feature
    land fa
    switch main
    land bb
    merge feature
}

case_late_merge() { # Committed early, merged late: date order has it in front of what was there.
    late_merge
    expect_git date aa fa bb
    expect_err <<'END'
revchain: note: date order differs from landing order from position 2 on: db/versions/fa.py here, db/versions/bb.py there
hint: databases met them in landing order, and skip in silence what another order puts before what they have: leave --order out
END
    expect_git topo aa bb fa
    no_err
    expect_order aa bb fa
    no_err
}

case_updated_branch() { # Main merged into the branch first, and nothing new on main: both of git's orders have it in front.
    land aa
    branch feature
    land fa
    switch main
    land bb
    switch feature
    merge main
    switch main
    merge feature
    expect_git date aa fa bb
    expect_git topo aa fa bb
    err_has 'topological order differs from landing order from position 2 on: db/versions/fa.py here, db/versions/bb.py there'
    expect_order aa bb fa
}

case_verbose() { # Landing order with -v: a note where another order is another.
    late_merge
    run 0 log -v --format=path db/versions
    err_has 'note: landing order differs from date order from position 2 on: db/versions/bb.py here, db/versions/fa.py there'
    err_lacks 'topological' 'hint:'
    run 0 build -v -o - db/versions
    err_has 'note: landing order differs from date order from position 2 on'
}

case_quiet() { # Notes are not for --quiet, and are no reason for --strict.
    late_merge
    run 0 log -q --order=date --format=path db/versions
    no_err
    run 0 build --strict --order=date -o - db/versions
    err_has 'note: date order differs'
}

case_build() { # The chain follows the order.
    late_merge
    run 0 build --order date db/versions
    chain_json 'null <- aa <- fa <- bb' >"$case_dir/json"
    same 'the chain' db/revision_chain.json <"$case_dir/json"
    run 0 build --order landing db/versions
    chain_json 'null <- aa <- bb <- fa' >"$case_dir/json"
    same 'the chain' db/revision_chain.json <"$case_dir/json"
}

case_values() { # Three of them, and a guess at what another was meant to be.
    land aa
    run 0 log --order=landing --format=path db/versions
    run 2 log --order=toppo db/versions
    expect_err <<'END'
revchain: error: --order does not take 'toppo', but one of: landing, date, topo
hint: did you mean --order=topo?
END
    run 2 build --order= db/versions
    run 2 build db/versions --order
    err_has '--order needs a value'
    run 2 build --ordre=date db/versions
    err_has 'did you mean --order?'
    run 0 log --help
    out_has '--order ORDER'
}

# evil_merge: the merge itself adds ee and dd.
evil_merge() {
    late_merge
    branch other HEAD~1
    land oo
    switch main
    begin_merge other
    dynamic ee
    dynamic dd
    commit 'Merge other, and more'
    land zz
}

case_left_out() { # Git shows no files of a merge: what it added comes behind, by path, with a warning that names it.
    evil_merge
    expect_git date aa fa bb oo zz +dd ee
    err_has "revchain: warning: db/versions/dd.py: this migration and 1 more are left out by git log" '  db/versions/ee.py: left out'
    expect_git topo aa bb fa oo zz +dd ee
    run 1 log --strict --order=topo --format=path db/versions
    run 1 build --strict --order=topo -o - db/versions
    no_out
    run 0 log --order=topo db/versions
    out_has '6  left out                dd'
    expect_order aa bb fa oo dd ee zz
    no_err
}

case_left_out_one() { # The message in the singular.
    late_merge
    branch other HEAD~1
    land oo
    switch main
    begin_merge other
    dynamic ee
    commit 'Merge other, and more'
    expect_git date aa fa bb oo +ee
    err_has 'revchain: warning: db/versions/ee.py: this migration is left out by git log'
}

case_left_out_json() { # No commit and no date.
    evil_merge
    log_json 0 --order=date db/versions
    awk -F '\t' '{ print $1, $2, $6 == "None" ? "none" : "some", $7 == "None" ? "none" : "some" }' "$out" >"$case_dir/short"
    same 'commit and date' "$case_dir/short" <<'END'
1 aa some some
2 fa some some
3 bb some some
4 oo some some
5 zz some some
6 dd none none
7 ee none none
END
}

case_json() { # The commit that git shows a migration with, not the merge by which it landed.
    late_merge
    log_json 0 --order=date db/versions
    cut -f 2,6 "$out" >"$case_dir/short"
    printf '%s\t%s\n' aa "$(git rev-parse HEAD~2)" fa "$(git rev-parse feature)" bb "$(git rev-parse HEAD~1)" |
        same 'the commits' "$case_dir/short"
}

case_uncommitted() { # Behind everything, also what git leaves out.
    evil_merge
    dynamic ab
    run 0 log --order=date --format=path db/versions
    paths_of aa fa bb oo zz dd ee ab | expect_out
    err_has 'db/versions/ab.py: this migration is not committed' 'db/versions/dd.py: this migration and 1 more are left out'
}

case_no_commit_yet() { # Nothing to replay.
    dynamic bb
    dynamic aa
    run 0 log --order=topo --format=path db/versions
    paths_of aa bb | expect_out
}

case_at_rev() { # The history as it was.
    late_merge
    run 0 log --rev HEAD~1 --order=date --format=path db/versions
    paths_of aa bb | expect_out
    no_err
}

case_removed_and_added_again() { # Git's first appearance is the older one.
    land aa
    land bb
    git rm -q db/versions/aa.py
    commit
    dynamic aa
    commit
    expect_git date aa bb
    expect_git topo aa bb
    err_has 'from position 1 on: db/versions/aa.py here, db/versions/bb.py there'
    expect_order bb aa
}

case_renamed() { # --no-renames: a new name is a new file.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/zz.py
    commit
    expect_git date bb db/versions/zz.py
    expect_git topo bb db/versions/zz.py
    expect_order db/versions/zz.py bb
}

case_lanes() { # Each lane by a log of its own, with a note for each that differs.
    dynamic a1 in=one
    dynamic b1 in=two
    commit
    branch feature
    dynamic a2 in=one
    dynamic b2 in=two
    commit
    switch main
    dynamic a3 in=one
    commit
    dynamic b3 in=two
    commit
    merge feature
    run 0 log --order=date --format=path one two
    printf '%s\n' one/a{1,2,3}.py two/b{1,2,3}.py | expect_out
    err_has 'from position 2 on: one/a2.py here, one/a3.py there' 'from position 2 on: two/b2.py here, two/b3.py there'
}

case_deeper_directories() { # The pathspec is recursive, also where the lane is not: what is deeper decides what a merge follows.
    local order
    land aa
    mkdir db/versions/deep
    echo 1 >db/versions/deep/x
    commit
    branch feature
    echo 2 >db/versions/deep/x
    dynamic bb
    commit
    switch main
    land bb
    echo 3 >db/versions/deep/x
    commit
    git merge -q --no-ff --no-commit -s ours feature
    echo 4 >db/versions/deep/x
    commit 'Merge feature'
    land cc
    git log --format= --name-only --reverse --diff-filter=A --no-renames -- db/versions | grep -c bb.py >"$case_dir/count"
    same 'how often git shows bb' "$case_dir/count" <<<2
    for order in date topo; do
        run 0 log --order=$order --format=path db/versions
        paths_of aa bb cc | expect_out
        git_paths $order db/versions | grep -v deep >"$case_dir/git"
        paths_of aa bb cc | same "git's $order order" "$case_dir/git"
    done
}

case_whole_repository() { # DIR is the root.
    dynamic bb in=.
    commit
    dynamic aa in=.
    commit
    dirs=(.)
    expect_git date ./bb.py ./aa.py || true
    run 0 log --order=date --format=path .
    printf '%s\n' bb.py aa.py | expect_out
}

case_odd_names() { # Quoted as git does.
    dynamic r1 name='sp ace.py'
    commit
    dynamic r2 name='quo"te.py'
    commit
    dynamic r3 name=$'\xc3\xa4.py'
    commit
    dynamic r4 name='[a].py'
    commit
    agree
}

case_equal_dates() { # The clock stands still: what waits longest comes first.
    local name
    land aa
    for name in f1 f2 f3; do
        git checkout -q -b $name main
        clock=1800000000
        land $name
    done
    switch main
    merge f2 f3 f1
    expect_git date aa f1 f3 f2
    expect_git topo aa f2 f3 f1
}

case_backwards_clocks() { # By date a child can come before what it was merged with.
    land aa
    branch feature
    clock=1800000000
    land fa
    clock=1000
    land fb
    switch main
    clock=2000
    land bb
    clock=1900000000
    merge feature
    agree
    expect_git date fa fb aa bb
    expect_git topo aa bb fa fb
}

case_absurd_dates() { # Before 1970 (git reads that as far in the future), beyond 63 bits, and none at all.
    local tree_a tree_b tree_c tree_m aa bb cc dd
    land aa
    aa=$(git rev-parse HEAD) tree_a=$(git rev-parse 'HEAD^{tree}')
    dynamic bb && git add -A && tree_b=$(git write-tree)
    dynamic cc && git add -A && tree_m=$(git write-tree)
    git rm -q -f --cached db/versions/bb.py && tree_c=$(git write-tree)
    [ "$tree_a" != "$tree_c" ]
    for bb in -5 99999999999999999999 9300000000000000000 x '' ' 7' 1800000000; do
        for cc in 100 18446744073709551610 -1 9223372036854775807; do
            dd=$(raw_commit "$tree_m" 5 "$(raw_commit "$tree_c" "$cc" "$aa")" "$(raw_commit "$tree_b" "$bb" "$aa")")
            git reset -q --hard "$dd"
            agree
        done
    done
}

case_strange_commits() { # Without an author, with lines between, with the same parent twice.
    local tree parent
    land aa
    parent=$(git rev-parse HEAD)
    dynamic bb && git add -A && tree=$(git write-tree)
    parent=$(printf 'tree %s\nparent %s\ncommitter a <a@b.c> 99 +0000\n\nx\n' "$tree" "$parent" |
        git hash-object -t commit -w --literally --stdin)
    git reset -q --hard "$parent"
    land cc
    git reset -q --hard "$(raw_commit "$(git rev-parse 'HEAD^{tree}')" 1700000000 "$(git rev-parse HEAD)" "$parent" "$parent")"
    land dd
    agree
}

case_several_roots() { # Two histories that have nothing in common.
    land mm
    git checkout -q --orphan second && git rm -q -r -f .
    land zz
    land aa
    switch main
    land bb
    tick
    git merge -q --no-ff --allow-unrelated-histories -m 'Merge second' second >/dev/null
    land cc
    expect_git date mm zz aa bb cc
    expect_git topo mm bb zz aa cc
}

case_octopus_and_criss_cross() { # Whatever it is, git says the same.
    land aa
    branch one
    land o1
    git checkout -q -b two main
    land t1
    git checkout -q -b three main
    land h1
    switch one
    merge two
    switch two
    merge one~1
    land t2
    switch one
    land o2
    switch main
    merge one two three
    land zz
    agree
}

case_merge_like_a_parent() { # -s ours: what the branch had is not looked at, though it was first.
    land aa
    branch feature
    land bb
    switch main
    land cc
    land bb
    tick
    git merge -q -s ours --no-ff -m 'Merge feature' feature
    expect_git date aa cc bb
    expect_git topo aa cc bb
}

case_links_and_modes() { # A link turned into a file was there before; an executable bit is a difference for a merge.
    land aa
    ln -s aa.py db/versions/bb.py
    commit
    land cc
    rm db/versions/bb.py
    dynamic bb
    commit
    branch feature
    chmod +x db/versions/cc.py
    commit
    switch main
    land dd
    merge feature
    expect_git date aa bb cc dd
    agree
}

case_directory_was_something_else() { # DIR was a file, a link and a submodule before it was a directory.
    mkdir db
    echo x >db/versions
    commit
    rm db/versions
    ln -s elsewhere db/versions
    commit
    git rm -q -f db/versions
    git update-index --add --cacheinfo 160000,"$(git rev-parse HEAD)",db/versions
    tick
    git commit -q -m 'A submodule'
    git rm -q --cached db/versions
    rm -rf db/versions
    land aa
    land bb
    expect_git date aa bb
    expect_git topo aa bb
}

case_trees_that_git_never_writes() { # Empty directories are nothing, 100664 is 100644: for what a merge follows.
    local blob empty holder one two more base left right
    land aa
    blob=$(git rev-parse HEAD:db/versions/aa.py)
    empty=$(git hash-object -t tree -w --stdin </dev/null)
    holder=$(raw_tree "40000:e:$empty")
    one=$(raw_tree "100644:aa.py:$blob")
    two=$(raw_tree "100664:aa.py:$blob" "40000:zz:$holder")
    more=$(raw_tree "100755:aa.py:$blob" "40000:zz:$holder")
    nest() { raw_tree "40000:db:$(raw_tree "40000:versions:$1")"; }
    for tree in "$two" "$more"; do
        base=$(raw_commit "$(nest "$holder")" 1000)
        left=$(raw_commit "$(nest "$one")" 2000 "$base")
        right=$(raw_commit "$(nest "$two")" 1500 "$base")
        git update-ref refs/heads/main "$(raw_commit "$(nest "$tree")" 3000 "$left" "$right")"
        for order in date topo; do
            # shellcheck disable=SC2046
            git log --reverse $([ $order = date ] || echo --topo-order) --diff-filter=A --no-renames --format=%H -- db/versions |
                sed -n 1p >"$case_dir/git"
            log_json 0 --order=$order --rev main db/versions
            cut -f 6 "$out" >"$case_dir/ours"
            same "the commit of aa in $order order" "$case_dir/ours" <"$case_dir/git"
        done
    done
}

case_commit_graph() { # Where git has a commit-graph, it walks another way, to the same end.
    evil_merge
    land z1
    git commit-graph write --reachable --changed-paths
    expect_git date aa fa bb oo zz z1 +dd ee
    expect_git topo aa bb fa oo zz z1 +dd ee
}

case_replaced_history() { # Replace refs do not count, as for git --no-replace-objects.
    late_merge
    git replace "$(git rev-parse HEAD)" "$(git rev-parse HEAD~1)"
    export GIT_NO_REPLACE_OBJECTS=1
    expect_git date aa fa bb
}

case_shallow() { # Refused, whatever the order.
    late_merge
    git clone -q --depth 1 "file://$PWD" ../shallow
    cd ../shallow
    run 3 log --order=date db/versions
    no_out
    err_has 'shallow'
}

case_long_history() { # 60,000 commits, nearly all of them merges that differ from both parents, and next to no stack to recurse on.
    local order
    {
        awk 'BEGIN {
            for (i = 1; i <= 4; i++) {
                text = sprintf("revision = \"%s\"\ndown_revision = get_down_revision(revision)\n# %d\n", i % 2 ? "aa" : "bb", i)
                printf "blob\nmark :%d\ndata %d\n%s\n", i, length(text), text
            }
            for (i = 5; i < 60005; i++) {
                printf "commit refs/heads/%s\nmark :%d\n", i % 2 ? "main" : "side", i
                printf "committer a <a@b.c> %d +0000\ndata 0\n", 1000000000 + i
                if (i > 6) printf "from :%d\nmerge :%d\n", i - 2, i % 2 ? i - 1 : i - 3
                if (i != 5) printf "M 100644 :%d db/versions/aa.py\n", int(i / 2) % 2 ? 1 : 3
                printf "M 100644 :%d db/versions/bb.py\n\n", i % 2 ? 2 : 4
            }
        }'
    } | git fast-import --quiet
    git reset -q --hard
    ulimit -s 256
    expect_git date bb aa
    expect_git topo bb aa
}
