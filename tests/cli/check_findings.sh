# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Every finding of `check`: planted, and beside it a neighbour that must not raise it. case_every_finding_has_a_case looks that
# none is missing here or in the other scripts.

v=db/versions

case_unreadable() { # What an `if` decides; the neighbour binds the name to a literal.
    static aa
    static bb aa
    sed -i 's/^down_revision = .*/if True:\n    down_revision = "aa"/' $v/bb.py
    commit
    found 1 <<<"error unreadable $v/bb.py:11"
    static bb aa
    sed -i 's/^down_revision = .*/parent = "aa"\ndown_revision = parent/' $v/bb.py
    commit
    clean
}

case_unreadable_labels() { # Only a note; the neighbour is a literal label.
    static aa
    sed -i 's/^branch_labels = .*/branch_labels = (cli.EXPAND,)/' $v/aa.py
    commit
    found 0 <<<"note unreadable-labels $v/aa.py:11"
    sed -i 's/^branch_labels = .*/branch_labels = ("expand",)/' $v/aa.py
    commit
    clean
}

case_no_revision() { # A helper between the migrations; the neighbour is one that Alembic does not load.
    static aa
    echo 'def helper(): pass' >$v/helper.py
    commit
    found 1 <<<"error no-revision $v/helper.py"
    git mv $v/helper.py $v/__init__.py
    commit
    clean
}

case_no_down_revision() { # The neighbour says None.
    static aa
    sed -i '/^down_revision/d' $v/aa.py
    commit
    found 1 <<<"error no-down-revision $v/aa.py:9"
    static aa
    commit
    clean
}

case_bad_revision() { # An id with a sign that means something to Alembic; an underscore means nothing.
    static a-b name=aa.py
    commit
    found 1 <<<"error bad-revision $v/aa.py:9"
    static a_b name=aa.py
    commit
    clean
}

case_duplicate_revision() { # Two files; two ids are fine.
    static aa
    static aa name=twin.py
    commit
    found 1 <<<"error duplicate-revision $v/twin.py:9 $v/aa.py:9"
    static bb aa name=twin.py
    commit
    clean
}

case_wrong_argument() { # Copied from another migration; the neighbour gives its own.
    land_static aa
    migration bb 'get_down_revision("aa")'
    commit
    found 1 <<<"error wrong-argument $v/bb.py:10 $v/bb.py:9"
    migration bb 'get_down_revision("bb")'
    commit
    clean
}

case_missing_parent() { # The head of another branch, which is not here.
    static aa
    static bb gone
    commit
    found 1 <<<"error missing-parent $v/bb.py:10"
    static bb aa
    commit
    clean
}

case_missing_parent_empty() { # An empty string is None to Alembic; in a tuple it is not.
    migration aa '""'
    commit
    clean
    migration aa '("",)'
    commit
    found 1 <<<"error missing-parent $v/aa.py:10"
}

case_missing_dependency() { # Neither a revision nor a label of that name; the neighbour names a label.
    static aa
    static bb aa depends=gone
    commit
    found 1 <<<"error missing-dependency $v/bb.py:12"
    sed -i 's/^branch_labels = .*/branch_labels = "gone"/' $v/aa.py
    commit
    clean
}

case_cycle() { # aa behind cc behind bb behind aa.
    static aa cc
    static bb aa
    static cc bb
    commit
    found 1 <<<"error cycle $v/aa.py:10 $v/cc.py:10 $v/bb.py:10"
    static aa
    commit
    clean
}

case_cycle_of_one() { # A migration that names itself.
    static aa aa
    commit
    found 1 <<<"error cycle $v/aa.py:10"
    static aa
    commit
    clean
}

case_multiple_heads() { # With the place where the lines part; merged, they are one.
    land_static aa
    land_static bb aa
    land_static cc bb
    land_static dd aa
    found 1 <<<"note fork $v/bb.py:10 $v/dd.py:10
error multiple-heads $v/cc.py:10 $v/dd.py:10"
    land_static mm cc dd
    clean
}

case_multiple_heads_labelled() { # Two lines on purpose: one label is enough for two heads, but not for three.
    land_static aa
    static bb aa
    sed -i 's/^branch_labels = .*/branch_labels = ("expand",)/' $v/bb.py
    commit
    land_static cc aa
    clean
    land_static dd bb
    clean
    land_static ee bb
    found 1 <<<"note fork $v/bb.py:10 $v/cc.py:10
error multiple-heads $v/cc.py:10 $v/dd.py:10 $v/ee.py:10
note fork $v/dd.py:10 $v/ee.py:10"
}

case_multiple_heads_lanes() { # Two lanes have a head each.
    lanes one two
    static aa in=one
    static bb in=two
    commit
    clean
    static cc bb in=two
    static dd bb in=two
    commit
    found 1 <<<"error multiple-heads two/cc.py:10 two/dd.py:10
note fork two/cc.py:10 two/dd.py:10"
}

case_multiple_bases() { # A second root that was merged; a label says that it is meant, and so does another lane.
    land_static aa
    land_static bb
    land_static mm aa bb
    found 0 <<<"warning multiple-bases $v/aa.py:10 $v/bb.py:10"
    found 1 --strict <<<"warning multiple-bases $v/aa.py:10 $v/bb.py:10"
    sed -i 's/^branch_labels = .*/branch_labels = ("plugin",)/' $v/bb.py
    commit
    clean --strict
}

case_duplicate_label() { # Alembic loads no such project; a label of its own each is fine.
    local name
    land_static aa
    for name in bb cc; do
        static $name aa
        sed -i 's/^branch_labels = .*/branch_labels = ("plugin",)/' $v/$name.py
    done
    commit
    found 1 <<<"error duplicate-label $v/cc.py:11 $v/bb.py:11"
    sed -i 's/^branch_labels = .*/branch_labels = ("aa",)/' $v/cc.py
    commit
    found 1 <<<"error duplicate-label $v/cc.py:11 $v/aa.py:9"
    sed -i 's/^branch_labels = .*/branch_labels = ("other",)/' $v/cc.py
    commit
    clean
}

case_depends_on_later() { # In a static project: a circle with the parents. On an earlier one it is fine.
    static aa depends=cc
    static bb aa
    static cc bb
    commit
    found 1 <<<"error depends-on-later $v/aa.py:12 $v/cc.py:9"
    static aa
    static cc bb depends=aa
    commit
    clean
}

case_depends_on_later_dynamic() { # In the order of a dynamic one.
    land_static aa
    dynamic d1 depends=d2
    commit
    land d2
    found 1 <<<"error depends-on-later $v/d1.py:12 $v/d2.py:9"
    dynamic d1
    commit
    clean
}

case_hybrid_fork() { # Two static ones behind a dynamic one; merged, they are a block.
    land_static aa
    land d1
    land_static h1 d1
    land_static h2 d1
    found 1 <<<"error hybrid-fork $v/h1.py:10 $v/h2.py:10"
    land_static h3 h1 h2
    clean
}

case_lane_crossing() { # Out of the lane and in again; straight behind its own lane it is fine.
    lanes one two
    dynamic d1 in=one
    static hh d1 in=two
    static ii hh in=one
    commit
    found 1 <<<"error lane-crossing one/ii.py:10"
    static ii d1 depends=hh in=one
    commit
    clean
}

case_uncommitted() { # Static and dynamic ones; in the index is not committed either.
    land_static aa
    static bb aa
    found 0 <<<"warning uncommitted $v/bb.py"
    git add -A
    found 1 --strict <<<"warning uncommitted $v/bb.py"
    static cc bb
    found 0 <<<"warning uncommitted $v/bb.py $v/cc.py"
    clean --rev HEAD
    dynamic dd
    found 0 <<<"warning uncommitted $v/bb.py $v/cc.py
warning uncommitted $v/dd.py"
    commit
    clean
}

case_left_out() { # Git's order leaves out what a merge itself added; landing order does not.
    land d1
    branch topic
    land d2
    switch main
    land d3
    begin_merge topic
    dynamic d4
    commit 'Merge topic'
    found 0 --order=date <<<"note orders-differ
warning left-out $v/d4.py"
    clean
}

case_orders_differ() { # A migration that was written early and merged late: date order has it first.
    land d1
    branch topic
    land d2
    switch main
    land d3
    merge topic
    found 0 --order=date <<<"note orders-differ"
    found 0 -v <<<"note orders-differ"
    clean --order=topo
    clean
}

case_foxtrot() { # `git pull` on main with a commit of one's own: what others landed seems to land behind it.
    land_static aa
    git branch upstream
    land mine
    switch upstream
    land theirs
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'main' of example.com:shop" upstream
    found 0 <<<"note foxtrot $v/theirs.py $v/mine.py"
    "$python" -c 'import json, sys; print(*json.load(open(sys.argv[1]))["findings"][0]["hints"], sep="\n")' "$out" >"$case_dir/hints"
    has 'the hints' "$case_dir/hints" '^2 shows the other side' '--base '
}

case_foxtrot_not() { # A topic that is merged, a topic that was brought up to date, and a pull that brought no migration.
    land_static aa
    branch topic
    land mine
    switch main
    land theirs
    switch topic
    tick
    git merge -q --no-ff -m "Merge branch 'main' into topic" main
    clean
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'topic'" topic
    clean
    git branch upstream
    land more
    switch upstream
    echo text >README
    commit
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'main' of example.com:shop" upstream
    clean
    git branch -f upstream
    echo text >LICENSE
    commit
    git checkout -q upstream
    land last
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'main' of example.com:shop" upstream
    clean
}

case_foxtrot_after_a_quarter() { # What is much older than the other side is not looked for in it.
    land_static aa
    clock=$((clock + 90 * 24 * 3600))
    git branch upstream
    land mine
    git checkout -q upstream
    land theirs
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'main' of example.com:shop" upstream
    found 0 <<<"note foxtrot $v/theirs.py $v/mine.py"
}

case_foxtrot_by_the_branch() { # main was brought up to date as if it were a topic, and pushed: it merged main.
    land_static aa
    branch topic
    land mine
    switch main
    land theirs
    switch topic
    tick
    git merge -q --no-ff -m "Merge branch 'main' into topic" main
    switch main
    git merge -q --ff-only topic
    found 0 <<<"note foxtrot $v/theirs.py $v/mine.py"
    found 0 --rev main <<<"note foxtrot $v/theirs.py $v/mine.py"
    found 0 --rev HEAD <<<"note foxtrot $v/theirs.py $v/mine.py"
    clean --rev topic
}

case_foxtrot_messages() { # What git writes when a branch is merged into itself, and what it writes otherwise.
    local message
    land_static aa
    git branch upstream
    land mine
    switch upstream
    land theirs
    git checkout -q --detach main
    while IFS= read -r message; do
        git reset -q --hard main
        tick
        git merge -q --no-ff -m "${message#* }" upstream
        case $message in
        yes*) found 0 <<<"note foxtrot $v/theirs.py $v/mine.py" ;;
        *) clean ;;
        esac
    done <<'EOF'
yes Merge branch 'main' of example.com:shop
yes Merge branch 'master' of https://example.com/shop
yes Merge remote-tracking branch 'origin/main'
yes Merge remote-tracking branch 'origin/release/1.x' into release/1.x
yes Merge branch 'develop' of example.com:shop into develop
yes Merge remote-tracking branch 'main'
no Merge branch 'topic'
no Merge branch 'topic' of example.com:shop
no Merge branch 'main' into topic
no Merge branch 'main' of example.com:shop into topic
no Merge remote-tracking branch 'origin/main' into topic
no Merge remote-tracking branch 'origin/topic'
no Merge pull request #1 from shop/main
no Merge branch 'dev1' of example.com:shop into dev2
no Merge branch '' into x
no Merge branch 'main
no merge
EOF
}

case_foxtrot_of_several() { # All that one merge brought, and a message of any length; what is not committed is none of it.
    land_static aa
    branch team/dev
    land mine
    git checkout -q -b upstream main
    land two one
    git checkout -q team/dev
    tick
    git merge -q --no-ff -m "Merge branch 'dev' of $(printf 'a%.0s' {1..300}), into a topic" upstream
    dynamic later
    found 0 <<<"warning uncommitted $v/later.py
note foxtrot $v/one.py $v/two.py $v/mine.py"
    rm "$v/later.py"
    tick
    git commit -q --amend -m "Merge branch 'ev' into x"
    clean
    tick
    git commit -q --amend -m "Merge branch '' into x"
    clean
    tick
    git commit -q --amend --allow-empty-message -m ''
    clean
    git cat-file commit HEAD | sed '/^$/d' | git hash-object -t commit -w --stdin --literally >"$case_dir/id"
    git reset -q --soft "$(cat "$case_dir/id")"
    clean
    tick
    printf "Merge branch 'dev'" | git commit-tree -p HEAD^ -p HEAD^2 'HEAD^{tree}' >"$case_dir/id"
    git reset -q --soft "$(cat "$case_dir/id")"
    found 0 <<<"note foxtrot $v/one.py $v/two.py $v/mine.py"
}

case_foxtrot_static() { # Static migrations name their parents: it does not matter to them.
    land_static aa
    git branch upstream
    land_static mine aa
    switch upstream
    land_static theirs aa
    switch main
    tick
    git merge -q --no-ff -m "Merge branch 'main' of example.com:shop" upstream
    land_static mm mine theirs
    clean
}

case_grafts() { # Ignored, with a warning; without them nothing is said.
    land_static aa
    echo text >README
    commit
    git rev-parse HEAD >.git/info/grafts
    found 0 <<<'warning grafts'
    rm .git/info/grafts
    clean
}

case_replace_refs() { # The same.
    land_static aa
    echo text >README
    commit
    git replace HEAD HEAD~1
    found 0 <<<'warning replace-refs'
    git replace -d HEAD >/dev/null
    clean
}

case_shallow_clone() { # Static ones do not need the history; dynamic ones do, and then it is refused.
    land_static aa
    land_static bb aa
    git clone -q --depth 1 "file://$PWD" "$case_dir/clone"
    cd "$case_dir/clone"
    found 0 <<<'note shallow-clone'
    static cc aa
    commit
    found 1 <<<"note shallow-clone
error multiple-heads $v/bb.py:10 $v/cc.py:10
note fork $v/bb.py:10 $v/cc.py:10"
    dynamic dd
    commit
    run 3 check $v
    no_out
    err_has 'fetch-depth: 0'
    cd "$case_dir/repo"
    clean
}

case_every_finding_has_a_case() { # The table in the program, this script, the manual page: the same ids, sorted.
    local id ids severity summary
    static aa
    commit
    run 0 check --format=sarif $v
    ids=$("$python" -c 'import json, sys; print(*(r["id"] for r in json.load(open(sys.argv[1]))["runs"][0]["tool"]["driver"]["rules"]), sep="\n")' "$out")
    "$python" -c 'import json, sys
for rule in json.load(open(sys.argv[1]))["runs"][0]["tool"]["driver"]["rules"]:
    print(rule["defaultConfiguration"]["level"], rule["shortDescription"]["text"])' "$out" >"$case_dir/rules"
    while read -r severity summary; do
        grep -qxF "${severity^}: $summary." "$tests_dir/../../src/cli/revchain.1" || fail "the manual page lacks: ${severity^}: $summary."
    done <"$case_dir/rules"
    printf '%s\n' "$ids" | LC_ALL=C sort -c -u || fail 'expected the table of findings to be sorted'
    for id in $ids; do
        [ "$id" != internal ] || continue # nothing can plant it
        grep -rqE "(error|warning|note) $id( |$|'|\"|>)" "$tests_dir"/check*.sh || fail "no case plants $id"
        grep -qE "^\.It (Cm|Li) $id\$" "$tests_dir/../../src/cli/revchain.1" || fail "the manual page lacks $id"
    done
    sed -n 's/^#define REVCHAIN_FINDING_[A-Z_]* "\(.*\)"$/\1/p' "$tests_dir"/../../include/revchain/*.h | LC_ALL=C sort |
        same 'the table of findings' <(printf '%s\n' "$ids")
}
