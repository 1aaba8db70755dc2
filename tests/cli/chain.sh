# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Who follows whom: static heads, hybrid blocks, lanes, and every error with both of its sides named. The landing order of these
# histories is plain; what is tested is what the chain makes of it.

# refused PATH:LINE...: build ends with 1 and names these; nothing is written; log still prints the order of expect_order's words.
refused() {
    run 1 build "${dirs[@]}"
    no_out
    err_matches '^revchain: error: '
    err_has "$@"
    no_file "${dirs[0]}/../revision_chain.json"
}

# logged WORD...: log ends with 1, with the findings, and prints this order.
logged() {
    run 1 log --format=path "${dirs[@]}"
    paths_of "$@" | expect_out
    err_matches '^revchain: error: '
}

case_pure_static() { # Nothing to look up at run time: an empty object.
    land_static cc
    land_static aa cc
    land_static bb aa
    expect_order cc aa bb
    expect_chain ''
    no_complaint
}

case_pure_dynamic() { # No static migration: the first one has no parent.
    land bb
    expect_chain 'null <- bb'
    land aa
    expect_chain 'null <- bb <- aa'
}

case_static_then_dynamic() { # The first dynamic one follows the static head.
    land_static cc
    land_static aa cc
    land dd
    land bb
    expect_order cc aa dd bb
    expect_chain 'aa <- dd <- bb'
}

case_static_landed_after_dynamic() { # A static one that hangs on a static one moves the static head, whenever it landed.
    land_static aa
    land d1
    land_static bb aa
    land d2
    expect_order aa d1 bb d2
    expect_chain 'bb <- d1 <- d2'
}

case_static_order_of_files_does_not_count() { # In one commit, names against the chain: the static head is still cc.
    static zz
    static mm zz
    static cc mm
    dynamic aa
    commit
    expect_chain 'cc <- aa'
}

case_static_merge() { # Two static branches, merged by a static migration: one head.
    land_static root
    land_static left root
    land_static right root
    land_static both left right
    land d1
    expect_order root left right both d1
    expect_chain 'both <- d1'
}

case_static_merge_as_list() { # The same with a list.
    land_static root
    land_static left root
    land_static right root
    migration both '["left", "right"]'
    commit
    land d1
    expect_chain 'both <- d1'
}

case_two_static_roots_merged() { # Two static chains of different roots, joined by a merge.
    land_static r1
    land_static r2
    land_static both r1 r2
    land d1
    expect_chain 'both <- d1'
}

case_two_static_heads() { # An error that names them both and says how to merge them.
    land_static root
    land_static left root
    land_static right root
    land d1
    refused left right db/versions/left.py db/versions/right.py
    err_matches '^hint: .*merge'
    logged root left right d1
}

case_two_static_heads_without_dynamic() { # A purely static project is held to the same.
    land_static root
    land_static left root
    land_static right root
    refused db/versions/left.py db/versions/right.py
}

case_three_static_heads() { # All of them are named.
    land_static root
    land_static h1 root
    land_static h2 root
    land_static h3 root
    refused db/versions/h1.py db/versions/h2.py db/versions/h3.py
}

case_hybrid() { # hh hangs on d1: it comes right behind it, and the next dynamic one behind hh.
    land_static aa
    land d1
    land_static hh d1
    land d2
    expect_order aa d1 hh d2
    expect_chain 'aa <- d1, hh <- d2'
}

case_hybrid_landed_late() { # d2 was there before hh, but hh says that it follows d1: d2 goes behind hh.
    land_static aa
    land d1
    land d2
    land_static hh d1
    expect_order aa d1 d2 hh
    expect_chain 'aa <- d1, hh <- d2'
}

case_chain_on_a_hybrid() { # A static chain of three on d1: the block's head is h3.
    land_static aa
    land d1
    land_static h1 d1
    land_static h2 h1
    land d2
    land_static h3 h2
    expect_chain 'aa <- d1, h3 <- d2'
}

case_hybrids_on_several() { # A block on each of d1 and d2.
    land_static aa
    land d1
    land_static h1 d1
    land d2
    land_static h2 d2
    land d3
    expect_chain 'aa <- d1, h1 <- d2, h2 <- d3'
}

case_hybrid_without_static_root() { # The only static migration is a hybrid: the lane has no static head, so d1 has no parent.
    land d1
    land_static hh d1
    land d2
    expect_chain 'null <- d1, hh <- d2'
}

case_hybrid_at_the_end() { # The last block: hh is the head of the lane, the file has d1 alone.
    land_static aa
    land d1
    land_static hh d1
    expect_chain 'aa <- d1'
}

case_forked_hybrids() { # Two on d1, never merged: an error with both.
    land_static aa
    land d1
    land_static h1 d1
    land_static h2 d1
    land d2
    refused db/versions/h1.py db/versions/h2.py
    err_matches '^hint: .*merge'
    logged aa d1 h1 h2 d2
}

case_forked_hybrids_further_up() { # The fork is on a hybrid, two steps from d1.
    land_static aa
    land d1
    land_static h1 d1
    land_static h2 h1
    land_static h3 h1
    refused db/versions/h2.py db/versions/h3.py
}

case_hybrids_merged() { # Two on d1, merged by a static migration: the block's head is the merge.
    land_static aa
    land d1
    land_static h1 d1
    land_static h2 d1
    land_static hm h1 h2
    land d2
    expect_order aa d1 h1 h2 hm d2
    expect_chain 'aa <- d1, hm <- d2'
}

case_merge_belongs_to_the_last_parents_block() { # hm has the parents d1 and d2, both in one line: it belongs behind d2.
    land_static aa
    land d1
    land d2
    land_static hm d1 d2
    land d3
    expect_chain 'aa <- d1 <- d2, hm <- d3'
}

case_merge_of_static_and_dynamic() { # Parents in the static part and in d1's block: d1's block comes last.
    land_static aa
    land_static bb aa
    land d1
    land_static hm bb d1
    land d2
    expect_chain 'bb <- d1, hm <- d2'
}

case_merge_of_two_blocks() { # h1 on d1, h2 on d2, merged: the merge is in d2's block, and d1's block still ends in h1.
    land_static aa
    land d1
    land_static h1 d1
    land d2
    land_static h2 d2
    land_static hm h1 h2
    land d3
    expect_chain 'aa <- d1, h1 <- d2, hm <- d3'
}

case_dynamic_by_attribute() { # revchain.get_down_revision(...) is the same call.
    land_static aa
    migration d1 'revchain.get_down_revision(revision)'
    migration d2 'alembic_git_revisions.runtime.get_down_revision("d2")'
    commit
    expect_chain 'aa <- d1 <- d2'
}

case_duplicate_ids() { # Two files with one revision id.
    land_static aa
    dynamic dd name=one.py
    commit
    dynamic dd name=two.py
    commit
    refused dd
    err_names db/versions/one.py 'revision ='
    err_names db/versions/two.py 'revision ='
    logged aa db/versions/one.py db/versions/two.py
}

case_duplicate_static_and_dynamic() { # Likewise of different kinds.
    static aa
    migration aa 'get_down_revision(revision)' name=bb.py
    commit
    refused
    err_names db/versions/aa.py 'revision ='
    err_names db/versions/bb.py 'revision ='
}

case_duplicate_across_lanes() { # All lanes make one graph.
    dynamic dd in=one/versions
    dynamic dd in=two/versions name=other.py
    commit
    lanes one/versions two/versions
    refused
    err_names one/versions/dd.py 'revision ='
    err_names two/versions/other.py 'revision ='
}

case_missing_parent() { # A parent that does not exist: who names it, and whom.
    land_static aa
    land_static bb gone
    refused gone
    err_names db/versions/bb.py 'down_revision ='
    logged aa bb
}

case_missing_parent_in_a_merge() { # One of two parents is missing.
    land_static aa
    land_static bb aa gone
    refused gone
    err_names db/versions/bb.py 'down_revision ='
}

case_cycle() { # aa -> bb -> cc -> aa: each is named.
    static aa cc
    static bb aa
    static cc bb
    land d1
    refused
    err_names db/versions/aa.py 'down_revision ='
    err_names db/versions/bb.py 'down_revision ='
    err_names db/versions/cc.py 'down_revision ='
    logged aa bb cc d1
}

case_cycle_behind_a_head() { # A cycle with a tail: the head alone looks fine.
    static aa bb
    static bb aa
    static cc bb
    commit
    refused
    err_names db/versions/aa.py 'down_revision ='
    err_names db/versions/bb.py 'down_revision ='
}

case_own_parent() { # A migration that names itself.
    land_static aa
    land_static bb bb
    refused
    err_names db/versions/bb.py 'down_revision ='
}

case_cycle_through_a_dynamic() { # d1 follows the static head; the static head names a hybrid on d1 as its parent: merged both ways round.
    static aa hh
    static hh aa
    dynamic d1
    commit
    refused db/versions/aa.py db/versions/hh.py
}

case_wrong_argument() { # get_down_revision called with another id than the file's.
    land_static aa
    migration d1 'get_down_revision("d2")'
    commit
    refused d1 d2
    err_names db/versions/d1.py 'down_revision ='
    logged aa d1
}

case_unreadable_down_revision() { # It could be anything.
    land_static aa
    migration bb 'compute()'
    commit
    refused
    err_names db/versions/bb.py 'down_revision ='
    logged aa bb
}

case_down_revision_in_an_if() { # Set inside an if: no guess.
    land_static aa
    dynamic d1
    printf 'if True:\n    down_revision = "aa"\n' >>db/versions/d1.py
    commit
    refused
    err_has "db/versions/d1.py:$(line db/versions/d1.py '    down_revision =')"
}

case_revision_in_a_try() { # The same for the id.
    land_static aa
    printf 'try:\n    revision = "bb"\nexcept Exception:\n    raise\ndown_revision = "aa"\n' >db/versions/bb.py
    commit
    refused db/versions/bb.py:2
    logged aa bb
}

case_broken_file() { # What CPython cannot read, revchain does not guess at.
    land_static aa
    printf 'revision = "bb\ndown_revision = "aa"\n' >db/versions/bb.py
    commit
    refused db/versions/bb.py:1
    logged aa bb
}

case_no_revision() { # Alembic would refuse to load it.
    land_static aa
    echo 'HELPER = 1' >db/versions/utils.py
    commit
    refused db/versions/utils.py
    logged aa utils
}

case_no_down_revision() { # A revision, but nothing about its parent.
    land_static aa
    echo 'revision = "bb"' >db/versions/bb.py
    commit
    refused db/versions/bb.py
}

case_name_bound_to_a_literal() { # A name that the same module bound to a literal is followed.
    land_static aa
    printf 'ID = "d1"\nrevision = ID\nPARENT = "aa"\ndown_revision = PARENT\n' >db/versions/d1.py
    commit
    land d2
    expect_chain 'd1 <- d2'
}

case_annotated() { # As Alembic's newer template writes it.
    land_static aa
    cat >db/versions/d1.py <<'PY'
from typing import Sequence, Union
revision: str = "d1"
down_revision: Union[str, None] = get_down_revision(revision)
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None
PY
    commit
    expect_chain 'aa <- d1'
}

case_depends_on_a_later_one() { # The order puts d2 behind d1, which needs it.
    land_static aa
    dynamic d1 depends=d2
    commit
    land d2
    refused d1 d2
    err_names db/versions/d1.py 'depends_on ='
    err_has db/versions/d2.py
    logged aa d1 d2
}

case_depends_on_each_other() { # Two in one commit: no order can be right.
    dynamic d1 depends=d2
    dynamic d2 depends=d1
    commit
    refused db/versions/d1.py db/versions/d2.py
}

case_depends_on_an_earlier_one() { # Nothing to say about it.
    land_static aa
    land d1
    dynamic d2 depends=d1,aa
    commit
    expect_chain 'aa <- d1 <- d2'
    no_complaint
}

case_depends_on_a_hybrid_that_is_placed_before() { # hh landed last, but the chain puts it before d2.
    land_static aa
    land d1
    dynamic d2 depends=hh
    commit
    land_static hh d1
    expect_chain 'aa <- d1, hh <- d2'
}

case_several_errors_at_once() { # All of them are told, not the first alone.
    land_static aa
    static bb gone
    migration cc 'compute()'
    dynamic d1 name=one.py
    dynamic d1 name=two.py
    commit
    refused db/versions/bb.py db/versions/cc.py db/versions/one.py db/versions/two.py
}

case_two_lanes_one_file() { # Lanes with one parent directory share the file.
    dynamic a1 in=db/accounts
    commit
    dynamic b1 in=db/billing
    commit
    static s1 in=db/accounts
    commit
    dynamic a2 in=db/accounts
    dynamic b2 in=db/billing
    commit
    lanes db/accounts db/billing
    expect_order db/accounts/{a1,s1,a2}.py db/billing/{b1,b2}.py
    expect_chain 's1 <- a1 <- a2, null <- b1 <- b2'
}

case_two_lanes_two_files() { # Each beside its own versions directory.
    dynamic b1 in=billing/versions
    commit
    dynamic a1 in=accounts/versions
    dynamic b2 in=billing/versions
    commit
    run 0 build billing/versions accounts/versions
    chain_json 'null <- b1 <- b2' | same billing/revision_chain.json billing/revision_chain.json
    chain_json 'null <- a1' | same accounts/revision_chain.json accounts/revision_chain.json
}

case_two_lanes_to_one_output() { # -o FILE and -o - hold all of them.
    dynamic b1 in=billing/versions
    dynamic a1 in=accounts/versions
    commit
    run 0 build -o - billing/versions accounts/versions
    chain_json 'null <- a1, null <- b1' | expect_out
    run 0 build -o all.json billing/versions accounts/versions
    chain_json 'null <- a1, null <- b1' | same all.json all.json
    no_file billing/revision_chain.json
    no_file accounts/revision_chain.json
}

case_two_lanes_one_wrong() { # One lane is wrong: no file is written, not even the other's.
    dynamic b1 in=billing/versions
    static h1 in=accounts/versions
    static h2 in=accounts/versions
    commit
    run 1 build billing/versions accounts/versions
    err_has accounts/versions/h1.py accounts/versions/h2.py
    no_file billing/revision_chain.json
    no_file accounts/revision_chain.json
}

case_lanes_have_a_head_each() { # A head in each lane is no fork.
    static a1 in=accounts/versions
    static b1 in=billing/versions
    commit
    run 0 build billing/versions accounts/versions
    no_complaint
    echo '{}' | same billing/revision_chain.json billing/revision_chain.json
    echo '{}' | same accounts/revision_chain.json accounts/revision_chain.json
}

case_parent_in_another_lane() { # Several lanes make one graph: b1 hangs on a1, which exists, and each lane has its own head.
    static a1 in=accounts/versions
    static b1 a1 in=billing/versions
    commit
    dynamic a2 in=accounts/versions
    dynamic b2 in=billing/versions
    commit
    run 0 build accounts/versions billing/versions
    chain_json 'a1 <- a2' | same accounts/revision_chain.json accounts/revision_chain.json
    chain_json 'b1 <- b2' | same billing/revision_chain.json billing/revision_chain.json
}

case_depends_on_another_lane() { # What depends_on is for: no error, whichever lane is named first.
    dynamic b1 in=billing/versions depends=a1
    commit
    dynamic a1 in=accounts/versions
    commit
    run 0 build billing/versions accounts/versions
    chain_json 'null <- b1' | same billing/revision_chain.json billing/revision_chain.json
}

case_depends_on_a_branch_label() { # Alembic takes a label there as well: not a missing revision.
    migration a1 None in=accounts/versions
    sed -i 's/^branch_labels = None/branch_labels = ("accounts",)/' accounts/versions/a1.py
    dynamic b1 in=billing/versions depends=accounts
    commit
    run 0 build billing/versions accounts/versions
    no_complaint
    chain_json 'null <- b1' | same billing/revision_chain.json billing/revision_chain.json
}

case_lane_within_a_lane() { # A folder of the one is named as a lane, too: no file is there twice, so none is a duplicate.
    land zz
    dynamic mm in=db/versions/special
    commit
    land aa
    run 0 log --recursive --format=path db/versions db/versions/special
    LC_ALL=C sort "$out" >"$out.sorted"
    paths_of aa db/versions/special/mm.py zz | same 'each path once' "$out.sorted"
    run 0 build --recursive -o - db/versions db/versions/special
}

case_positions_count_within_the_lane() { # Lane by lane, each from its own first.
    dynamic b1 in=billing/versions
    dynamic a1 in=accounts/versions
    commit
    dynamic b2 in=billing/versions
    commit
    log_json 0 billing/versions accounts/versions
    cut -f 1,2,3,5 "$out" >"$out.cut"
    printf '%s\t%s\t%s\t%s\n' 1 b1 None billing/versions/b1.py 2 b2 b1 billing/versions/b2.py \
        1 a1 None accounts/versions/a1.py | same 'positions and lanes' "$out.cut"
}

case_nested_with_recursive() { # --recursive: the folders below the lane belong to it; the file is beside the lane.
    dynamic zz in=db/versions/2023
    commit
    dynamic mm in=db/versions
    commit
    dynamic aa in=db/versions/2024/q1
    commit
    run 0 log --recursive --format=path db/versions
    printf '%s\n' db/versions/2023/zz.py db/versions/mm.py db/versions/2024/q1/aa.py | expect_out
    run 0 build --recursive db/versions
    chain_json 'null <- zz <- mm <- aa' | same revision_chain.json db/revision_chain.json
}

case_nested_without_recursive() { # Without it they do not.
    dynamic zz in=db/versions/2023
    dynamic mm in=db/versions
    commit
    expect_landing 'null <- mm'
}

case_nested_moved_into_a_folder() { # Tidied up into folders by year: renames, so nothing moves.
    land zz
    land mm
    mkdir db/versions/2023
    git mv db/versions/zz.py db/versions/2023/zz.py
    commit
    dynamic aa in=db/versions/2024
    commit
    run 0 build --recursive -o - db/versions
    chain_json 'null <- zz <- mm <- aa' | expect_out
}

case_nested_ignores_pycache() { # Alembic does not look there.
    land zz
    dynamic xx in=db/versions/__pycache__
    commit
    run 0 build --recursive -o - db/versions
    chain_json 'null <- zz' | expect_out
}
