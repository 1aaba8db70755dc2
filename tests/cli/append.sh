# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# --since, --previous, --pin, --base and --applied: no migration comes before one that a database has without it.

chain=db/revision_chain.json

# the_incident: fa was written before bb and lands behind it, with a late merge; production is at the tag deployed.
the_incident() {
    land aa
    branch feature
    land fa
    switch main
    land bb
    git tag deployed
    merge feature
}

# update_branch: the same, and the branch merged main before it was merged.
update_branch() {
    land aa
    branch feature
    land fa
    switch main
    land bb
    git tag deployed
    switch feature
    merge main
    switch main
    merge feature
}

# foxtrot: a pull made the feature's line the first parent of main.
foxtrot() {
    land aa
    branch upstream
    land bb
    git tag deployed
    switch main
    land fa
    merge upstream
}

case_since_landing_order() { # What landed later stands later.
    the_incident
    run 0 build --since deployed -o - "$lane"
    no_complaint
    chain_json 'null <- aa <- bb <- fa' | expect_out
}

case_since_date_order_late_merge() { # By date fa goes in front of bb, which production has: exit status 4, nothing written.
    the_incident
    echo old >"$chain"
    run 4 build --order=date --since deployed "$lane"
    no_out
    [ "$(cat "$chain")" = old ] || fail 'expected the old file to be untouched'
    sed '1,2d' "$err" >"$err.tail" # the note on the orders
    same 'the rest of standard error' "$err.tail" <<'END'
revchain: error: db/versions/fa.py:10: 'fa' (new, behind 'aa') comes before 'bb', which a database at deployed has without it: it would be skipped there, and nobody would know
  db/versions/bb.py:10: 'bb', behind 'fa' now, behind 'aa' at deployed
hint: leave --order out: landing order puts nothing in front of what landed before
hint: keep the order: revchain build --rev deployed -o pin.json db/versions, and from then on revchain build --pin pin.json db/versions
hint: or land 'fa' again, behind the others: remove its file in one commit, add it in the next
revchain: nothing was written
END
}

case_since_topo_order_update_branch() { # The topological order goes wrong as soon as the branch merged main into itself.
    update_branch
    run 4 build --order=topo --since deployed -o "$case_dir/new" "$lane"
    no_file "$case_dir/new"
    err_has "'fa' (new, behind 'aa') comes before 'bb', which a database at deployed has without it"
    run 0 build --since deployed -o - "$lane"
    chain_json 'null <- aa <- bb <- fa' | expect_out
}

case_since_foxtrot() { # The order of the line that was built is right by definition, and wrong for production.
    foxtrot
    run 4 build --since deployed "$lane"
    no_file "$chain"
    err_names "$lane/fa.py" 'down_revision'
    err_names "$lane/bb.py" 'down_revision'
    err_has "'fa' (new, behind 'aa') comes before 'bb'"
    err_lacks --order
}

case_since_re_land() { # The second way out, as the hint says it.
    foxtrot
    git rm -q "$lane/fa.py"
    commit
    land fa
    run 0 build --since deployed -o - "$lane"
    chain_json 'null <- aa <- bb <- fa' | expect_out
}

case_since_pin() { # The first way out, typed as the hint has it.
    foxtrot
    run 4 build --since deployed "$lane"
    PATH=$case_dir/bin:$PATH
    mkdir "$case_dir/bin" && ln -s "$REVCHAIN" "$case_dir/bin/revchain"
    sed -n 's/^hint: keep the order: //p' "$err" | sed 's/, and from then on /\n/' >"$case_dir/commands"
    bash -e "$case_dir/commands" 2>"$err"
    chain_json 'null <- aa <- bb <- fa' | same "$chain" "$chain"
    run 0 build --since deployed --pin pin.json -o - "$lane"
}

case_since_deleted() { # What is deleted since is left aside; what stood behind it is not displaced.
    land aa
    land bb
    land cc
    git tag old
    git rm -q "$lane/bb.py"
    commit
    land dd
    run 0 build --since old -o - "$lane"
    chain_json 'null <- aa <- cc <- dd' | expect_out
}

case_since_swapped() { # Two that change places: the one that comes first now was not there for a database at the other.
    land aa
    land bb
    land cc
    git tag old
    git rm -q "$lane/bb.py"
    commit
    land bb
    run 4 build --since old "$lane"
    err_has "'cc' (behind 'aa' now, behind 'bb' at old) comes before 'bb'" "'bb', behind 'cc' now, behind 'aa' at old"
    err_lacks "'aa' ("
}

case_since_static_repointed() { # A static migration that gets another parent: the way back is its old line.
    land_static aa
    land_static bb aa
    git tag old
    static cc aa
    static bb cc
    commit
    run 4 build --since old "$lane"
    err_has "'cc' (new, behind 'aa') comes before 'bb', which a database at old has without it" \
        'hint: put '"'cc'"' behind the head: revchain repoint cc db/versions' "hint: or give 'bb' the parent back that it had"
    err_lacks --pin 'land '
    run 4 build --order=date --since old "$lane"
    err_lacks 'leave --order out'
}

case_since_hybrid_repointed() { # A dynamic migration that comes to stand before one is no matter of the order either.
    land aa
    land_static h1 aa
    git tag old
    land nn
    static h1 nn
    commit
    run 4 build --since old "$lane"
    err_has "'nn' (new, behind 'aa') comes before 'h1', which a database at old has without it" \
        "hint: or give 'h1' the parent back that it had"
    err_lacks --pin
}

case_since_static_behind_head() { # The clean neighbour.
    land_static aa
    land_static bb aa
    git tag old
    land_static cc bb
    run 0 build --since old -o - "$lane"
    no_complaint
}

case_since_new_static_before_dynamic() { # A new static head goes in front of every dynamic one.
    land_static aa
    land dd
    git tag old
    land_static bb aa
    run 4 build --since old "$lane"
    err_has "'bb' (new, behind 'aa') comes before 'dd'" 'revchain repoint bb'
    err_lacks '--pin'
}

case_since_heads_merged() { # A merge that mends two heads passes, though there was no chain at REF.
    land_static aa
    land_static b1 aa
    static b2 aa
    commit
    git tag old
    land_static mm b1 b2
    run 0 build --since old -o - "$lane"
    no_complaint
    land dd
    git tag broken
    static b3 aa
    commit
    git tag worse
    static nn mm b3
    commit
    run 0 build --since old -o - "$lane"
    run 4 build --since broken -o - "$lane"
    run 0 build --since worse -o - "$lane"
    err_has 'revchain: warning: there is no chain at worse' 'has 2 static heads'
    run 1 build --strict --since worse -o - "$lane"
}

case_since_broken_now() { # Where there is no chain there is nothing to compare: the migrations are wrong, exit status 1.
    land aa
    git tag old
    static x1
    static x2
    commit
    run 1 build --since old "$lane"
    err_lacks "comes before"
}

case_since_another_line() { # REF is not an ancestor: judged all the same, and said.
    land aa
    branch other
    land bb
    switch main
    land cc
    run 0 build --since other -o - -v "$lane"
    err_has 'revchain: note: other is not in the history of this commit'
    run 0 build --since main -o - -v "$lane"
    err_lacks 'is not in the history'
    git checkout -q --orphan empty
    run 0 build --since other -o - "$lane"
}

case_since_rewritten() { # A rebase that puts something in front of what was pushed.
    land aa
    land bb
    git tag pushed
    git reset -q --hard HEAD~1
    land zz
    land bb
    run 4 build --since pushed "$lane"
    err_has "'zz' (new, behind 'aa') comes before 'bb'"
}

case_since_lane_not_there() { # Never silently: a lane that REF does not have is said.
    commit empty
    git tag old
    land aa
    run 0 build --since old -o - "$lane"
    err_has "revchain: warning: there is no directory 'db/versions' in old: taken for a lane without migrations"
    run 1 build --strict --since old -o - "$lane"
}

case_since_lane_moved() { # Named by the configuration, the lane is found where it was; by its directory it is not.
    alembic_ini
    land aa
    land bb
    git tag old
    git mv db database
    alembic_ini . database
    commit
    dynamic cc in=database/versions
    commit
    run 0 build --since old -o -
    no_complaint
    run 0 build --since old -o - database/versions
    err_has "there is no directory 'database/versions' in old"
}

case_since_configuration_not_there() { # Then the lanes of today are meant.
    land aa
    git tag old
    alembic_ini
    land bb
    run 0 build --since old -o - -v
    err_has 'revchain: note: the lanes in old are those of today: no alembic.ini'
    git rm -q "$lane/aa.py" && commit && land aa
    run 4 build --since HEAD~3 -o -
}

case_since_lanes() { # Moved from one lane to the other, a migration is still the same one.
    land aa
    dynamic xx in=db/other
    commit
    git tag old
    git mv "$lane/aa.py" db/other/aa.py
    dynamic zz
    commit
    lanes "$lane" db/other
    run 4 build --since old "${dirs[@]}"
    err_has "'aa' (behind none) comes before 'xx', which a database at old has without it"
}

case_since_shallow() { # Refused as always.
    land aa
    land bb
    git clone -q --depth 1 "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    run 3 build --since HEAD "$lane"
    no_out
}

case_since_no_such_commit() {
    land aa
    run 2 build --since nowhere "$lane"
    err_has "there is no commit 'nowhere'"
    no_file "$chain"
}

case_since_work_tree() { # What is not committed comes last, and so after everything.
    land aa
    dynamic a0
    run 0 build --since HEAD -o - "$lane"
    chain_json 'null <- aa <- a0' | expect_out
}

case_previous() { # Against a file: the same answer as against the commit that it was built from.
    foxtrot
    run 0 build --rev deployed -o "$case_dir/old.json" "$lane"
    run 4 build --previous "$case_dir/old.json" "$lane"
    err_has "'fa' (new, behind 'aa') comes before 'bb', which a database that followed $case_dir/old.json has without it" \
        "hint: keep the order: revchain build --pin $case_dir/old.json db/versions"
    no_file "$chain"
    run 0 build --rev HEAD~1 -o "$case_dir/old.json" "$lane"
    run 0 build --previous "$case_dir/old.json" -o - "$lane"
}

case_previous_hybrid() { # A static migration between two dynamic ones is not in the file; one that came since is displaced.
    land aa
    land_static h1 aa
    land bb
    run 0 build -o "$case_dir/old.json" "$lane"
    land cc
    run 0 build --previous "$case_dir/old.json" -o - "$lane"
    land_static h2 h1
    run 4 build --previous "$case_dir/old.json" "$lane"
    err_has "'h2' (new, behind 'h1') comes before 'bb'"
    run 4 build --pin "$case_dir/old.json" "$lane"
    err_has "'h2' (new, behind 'h1') comes before 'bb'"
}

case_previous_gone() { # What stood before a migration that is gone is not known, and not judged; a new one in front of it is.
    land aa
    land_static h1 aa
    land bb
    run 0 build -o "$case_dir/old.json" "$lane"
    git rm -q "$lane/h1.py"
    commit
    run 0 build --previous "$case_dir/old.json" -o - "$lane"
    git rm -q "$lane/bb.py"
    commit
    land nn
    land bb
    run 4 build --previous "$case_dir/old.json" -o - "$lane"
    err_has "'nn' (new, behind 'aa') comes before 'bb'"
}

case_previous_adopted_and_moved() { # The file knows that the static aa was there, and not behind what.
    land_static aa
    land bb
    dynamic xx in=db/other
    commit
    run 0 build "$lane" db/other
    mv "$chain" "$case_dir/old.json"
    dynamic aa
    git mv db/other/xx.py "$lane"
    commit
    run 4 build --previous "$case_dir/old.json" "$lane"
    err_has "'aa' (behind none now, somewhere in $case_dir/old.json) comes before 'xx'"
}

case_previous_adopted() { # A static migration that turned dynamic keeps its place.
    land_static aa
    land_static bb aa
    land cc
    run 0 build -o "$case_dir/old.json" "$lane"
    dynamic aa
    dynamic bb
    commit
    run 0 build --previous "$case_dir/old.json" -o - "$lane"
    chain_json 'null <- aa <- bb <- cc' | expect_out
    run 0 build --since HEAD~1 -o - "$lane"
}

case_files_that_are_none() { # Each with its name and what is wrong, exit status 5.
    land aa
    local text
    check() { # check MESSAGE: of the file that standard input is
        cat >"$case_dir/file.json"
        for option in --previous --pin; do
            run 5 build "$option" "$case_dir/file.json" "$lane"
            err_has "revchain: error: $case_dir/file.json: $1"
            no_file "$chain"
        done
    }
    run 5 build --previous "$case_dir/none" "$lane"
    err_has "revchain: error: $case_dir/none: the chain file cannot be read: No such file"
    run 5 build --pin "$case_dir" "$lane"
    for text in '' '[]' '"aa"' '{"aa": null' '{"aa": null} x' '{"aa": {"bb": null}}' '{"aa\u0000": null}'; do
        check 'this is no chain file' <<<"$text"
    done
    head -c 1000000 /dev/zero | tr '\0' '[' | check 'this is no chain file'
    check "the parent of 'aa' is neither a revision nor null" <<<'{"aa": 1}'
    check "the revision 'aa' is there twice" <<<'{"aa": null, "aa": "bb"}'
    check "the parents of 'aa' go round in a circle" <<<'{"aa": "bb", "bb": "aa"}'
}

case_pin() { # The file's order stays, what is new comes behind it in landing order.
    foxtrot
    run 0 build --rev deployed -o "$chain" "$lane"
    land cc
    run 0 build --pin "$chain" "$lane"
    chain_json 'null <- aa <- bb <- fa <- cc' | same "$chain" "$chain"
    run 0 build --pin "$chain" "$lane"
    chain_json 'null <- aa <- bb <- fa <- cc' | same "$chain" "$chain"
}

case_pin_gone() { # What the file has and the lane has not any more is left aside, and said.
    land aa
    land bb
    land cc
    run 0 build -o "$case_dir/pin" "$lane"
    git rm -q "$lane/bb.py"
    commit
    run 0 build --pin "$case_dir/pin" -o - -v "$lane"
    err_has "revchain: note: $case_dir/pin has migrations that are gone: bb"
    chain_json 'null <- aa <- cc' | expect_out
}

case_pin_blocks() { # A hybrid stays with its parent, wherever that is pinned.
    land aa
    land bb
    land_static h1 bb
    chain_json 'null <- bb, h1 <- aa' >"$case_dir/pin"
    run 0 build --pin "$case_dir/pin" -o - "$lane"
    chain_json 'null <- bb, h1 <- aa' | expect_out
}

case_pin_against_the_blocks() { # A file that says both that h1 is behind aa, and aa behind h1: said, not looped.
    land aa
    land_static h1 aa
    chain_json 'h1 <- aa' >"$case_dir/pin"
    run 0 build --pin "$case_dir/pin" -o - "$lane"
    chain_json 'null <- aa' | expect_out
}

case_pin_lanes() { # One file for two lanes keeps both.
    dynamic aa
    dynamic xx in=db/other
    commit
    dynamic bb
    dynamic yy in=db/other
    commit
    chain_json 'null <- bb <- aa, null <- yy <- xx' >"$case_dir/pin"
    run 0 build --pin "$case_dir/pin" -o - "$lane" db/other
    chain_json 'null <- bb <- aa, null <- yy <- xx' | expect_out
}

case_base() { # What main has comes first, in main's order; then what only this branch has.
    land aa
    branch feature
    land fa
    land fb
    switch main
    land bb
    switch feature
    merge main
    run 0 build -o - "$lane"
    chain_json 'null <- aa <- fa <- fb <- bb' | expect_out
    run 0 build --base main -o - "$lane"
    no_complaint
    chain_json 'null <- aa <- bb <- fa <- fb' | expect_out
    run 0 log --base main --format=path "$lane"
    paths_of aa bb fa fb | expect_out
    switch main
    merge feature
    run 0 build -o - "$lane"
    chain_json 'null <- aa <- bb <- fa <- fb' | expect_out
}

case_base_ahead() { # Main has one that this branch has not seen: the order is that of what is here.
    land aa
    branch feature
    land fa
    switch main
    land bb
    switch feature
    run 0 build --base main -o - "$lane"
    chain_json 'null <- aa <- fa' | expect_out
}

case_base_static_there() { # One that main still has as a static migration has its place by main's order too.
    land_static aa
    land_static bb aa
    branch feature
    dynamic bb
    dynamic aa
    commit
    land cc
    run 0 build --base main -o - "$lane"
    chain_json 'null <- aa <- bb <- cc' | expect_out
}

case_base_and_pin() { # The pin has the first word, then the base.
    land aa
    branch feature
    land fa
    switch main
    land bb
    land cc
    switch feature
    merge main
    chain_json 'null <- cc <- aa' >"$case_dir/pin"
    run 0 build --base main --pin "$case_dir/pin" -o - "$lane"
    chain_json 'null <- cc <- aa <- bb <- fa' | expect_out
}

case_base_no_such_commit() {
    land aa
    run 2 build --base nowhere "$lane"
    err_has "there is no commit 'nowhere'"
}

case_applied() { # A database that has bb and not fa, which the chain puts before it.
    foxtrot
    printf 'aa\nbb\n' >"$case_dir/list"
    run 4 build --applied "$case_dir/list" "$lane"
    err_has "'fa' (behind 'aa') comes before 'bb', which the database of $case_dir/list has without it" \
        'hint: keep the order: revchain build --pin FILE db/versions, with the chain file that was deployed'
    no_file "$chain"
    printf 'aa\nfa\n' >"$case_dir/list"
    run 0 build --applied "$case_dir/list" -o - "$lane"
    no_complaint
    : >"$case_dir/list"
    run 0 build --applied "$case_dir/list" -o - "$lane"
}

case_applied_forms() { # Each way in which the list may be written.
    foxtrot
    local text
    for text in 'aa\nbb\n' '# all\n\naa\r\nbb (head)\r\n' 'aa -> bb (head), add bb -> cc\n<base> -> aa, add aa\n' '["aa", "bb"]' \
        'Current revision(s) for sqlite:///x.db:\nRev: bb (head)\nParent: aa\nPath: /x/bb.py\n\n    bb\n\nRev: aa\nParent: <base>\n'; do
        # shellcheck disable=SC2059
        printf "$text" >"$case_dir/list"
        run 4 build --applied - "$lane" <"$case_dir/list"
        err_has "'fa' (behind 'aa') comes before 'bb', which the database of standard input has without it"
        err_lacks 'no migration here'
    done
}

case_applied_versions() { # What `alembic current` prints is the version alone, which tells nothing: said, not guessed.
    foxtrot
    run 0 build --applied - -o - "$lane" <<<'bb (head)'
    err_has 'revchain: warning: standard input names the version that the database is at, not what it has applied'
    run 1 build --strict --applied - -o - "$lane" <<<'bb (head)'
    run 4 build --applied - "$lane" <<<'bb'
    # shellcheck disable=SC2016
    err_has 'hint: if this is what `alembic current` printed: it names the version alone; pass all that was applied'
}

case_applied_unknown() { # One that is no migration here is said.
    land aa
    run 0 build --applied - -o - "$lane" <<<$'aa\nzz\n\e[31m'
    err_has 'revchain: warning: standard input has applied what is no migration here: zz \x1b[31m'
}

case_applied_unreadable() {
    land aa
    run 5 build --applied "$case_dir/none" "$lane"
    err_has "revchain: error: $case_dir/none: the list of applied revisions cannot be read: No such file"
    run 5 build --applied - "$lane" <<<$'aa\nwhat is this\n'
    err_has 'revchain: error: standard input:2: no revision id can be read here'
    run 5 build --applied - "$lane" <<<'[["aa"]]'
    run 5 build --applied - "$lane" <<<'[1]'
    run 5 build --applied - "$lane" <<<'["aa"'
}

case_options_of_build_alone() { # log orders, and judges nothing.
    land aa
    for option in --since --previous --pin --applied; do
        run 2 log "$option" x "$lane"
        err_has "unknown option '$option'"
    done
    run 0 build --help
    out_has --since --previous --pin --applied --base
    run 0 log --help
    out_has --base
    out_lacks --since
}

case_too_many() { # A hundred are named; the rest is one line.
    local i ids=()
    for i in {100..349}; do ids+=("n$i"); done
    land aa
    branch upstream
    land bb
    switch main
    land "${ids[@]}"
    merge upstream
    run 4 build --since upstream "$lane"
    [ "$(grep -c 'comes before' "$err")" = 100 ] || fail 'expected a hundred findings'
    err_has 'more than 100 migrations come before what a database at upstream has without them'
}

case_check_judges_too() { # The gate says the same, in each of its formats; --allow lets it through.
    foxtrot
    run 0 check --since HEAD~1 "$lane"
    run 4 check --since deployed "$lane"
    err_has "'fa' (new, behind 'aa') comes before 'bb'"
    run 4 check --since deployed --format=json "$lane"
    out_has '"displaced"'
    run 4 check --since deployed --format=github "$lane"
    out_has "::error file=$lane/fa.py,line="
    run 0 check --since deployed --allow displaced "$lane"
    printf 'aa\nbb\n' >"$case_dir/list"
    run 4 check --applied "$case_dir/list" "$lane"
    chain_json 'null <- aa <- bb' >"$case_dir/old.json"
    run 4 check --previous "$case_dir/old.json" "$lane"
    run 0 check --pin "$case_dir/old.json" --since deployed "$lane"
    static xx nobody
    commit
    run 1 check --since deployed "$lane"
}

case_check_static() { # A static project has no chain to compute: its parents are what they are.
    land_static aa
    land_static bb aa
    git tag old
    land_static cc bb
    run 0 check --since old "$lane"
    static bb cc
    static cc aa
    commit
    run 4 check --since old "$lane"
    err_has "'cc' (new, behind 'aa') comes before 'bb'"
    run 4 check --applied - "$lane" <<<$'aa\nbb'
}

case_check_labelled_heads() { # Two heads on purpose are judged each for itself.
    land_static aa
    migration ex '"aa"'
    migration co '"aa"'
    sed -i 's/^branch_labels = None/branch_labels = ("expand",)/' "$lane/ex.py"
    sed -i 's/^branch_labels = None/branch_labels = ("contract",)/' "$lane/co.py"
    commit
    git tag old
    land_static ex2 ex
    land_static co2 co
    run 0 check --since old "$lane"
    static co co0
    static co0 aa
    sed -i 's/^branch_labels = None/branch_labels = ("contract",)/' "$lane/co.py"
    commit
    run 4 check --since old "$lane"
    err_has "'co0' (new, behind 'aa') comes before 'co'"
    err_lacks "'ex"
}
