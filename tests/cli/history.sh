# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The commands heads and history. That they print what Alembic prints is tests/oracle/alembic_graph.py's to show; here is what
# Alembic has no part in: dynamic projects, broken ones, shallow clones, and the drawings.

# two_branches: aa with bb, bb2 on one side and cc on the other, and mm, which merges bb and cc.
two_branches() {
    land_static aa
    land_static bb aa
    land_static cc aa
    land_static mm bb cc
    land_static bb2 bb
}

case_text() { # The lines of alembic history, and of alembic heads.
    two_branches
    run 0 history db/versions
    expect_out <<'OUT'
bb -> bb2 (head), migration bb2
bb, cc -> mm (head) (mergepoint), migration mm
aa -> cc, migration cc
aa -> bb (branchpoint), migration bb
<base> -> aa (branchpoint), migration aa
OUT
    no_err
    run 0 heads db/versions
    printf 'bb2 (head)\nmm (head)\n' | expect_out
    run 0 heads --verbose db/versions
    expect_out <<OUT
Rev: bb2 (head)
Parent: bb
Path: $PWD/db/versions/bb2.py

    migration bb2
    
    Revision ID: bb2

Rev: mm (head) (mergepoint)
Merges: bb, cc
Path: $PWD/db/versions/mm.py

    migration mm
    
    Revision ID: mm

OUT
}

case_dynamic() { # The computed parents.
    land_static aa
    land zz
    land bb
    run 0 history db/versions
    expect_out <<'OUT'
zz -> bb (head), migration bb
aa -> zz, migration zz
<base> -> aa, migration aa
OUT
    run 0 heads db/versions
    echo 'bb (head)' | expect_out
}

case_static_in_a_shallow_clone() { # Literal parents need no history; the drawing says that it does without.
    two_branches
    git clone -q --depth 1 "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    run 0 heads db/versions
    printf 'bb2 (head)\nmm (head)\n' | expect_out
    no_err
    run 0 history --format=graph db/versions
    err_has 'where each landed is not shown: this is a shallow clone'
    out_has mm
    out_lacks 2024
}

case_dynamic_in_a_shallow_clone() { # Computed parents need it.
    land aa
    land bb
    git clone -q --depth 1 "file://$PWD" "$case_dir/shallow"
    cd "$case_dir/shallow"
    run 3 heads db/versions
    no_out
    err_has 'git fetch --unshallow'
}

case_broken() { # What Alembic cannot load is not printed, but explained.
    land_static aa
    land_static bb gone
    run 1 heads db/versions
    no_out
    err_has "the parent 'gone' of 'bb' does not exist"
    run 1 history db/versions
    no_out
}

case_duplicate_label() { # Alembic refuses it.
    land_static aa
    land_static bb aa
    sed -i 's/^branch_labels = .*/branch_labels = "same"/' db/versions/*.py
    run 1 heads db/versions
    no_out
    err_has "the branch label 'same' is declared already"
    err_has db/versions/aa.py db/versions/bb.py
}

case_label_that_is_an_id() {
    land_static aa
    land_static bb aa
    sed -i 's/^branch_labels = .*/branch_labels = "aa"/' db/versions/bb.py
    run 1 heads db/versions
    no_out
    err_has "the branch label 'aa' is a revision id already"
}

case_dependency_cycle() { # Through depends_on.
    land_static aa
    static bb aa depends=cc
    static cc aa depends=bb
    commit
    run 1 history db/versions
    no_out
    err_has 'leads back to it: a cycle'
}

case_unreadable_label() { # It is missing in what is printed, and that is said.
    land_static aa
    sed -i 's/^branch_labels = .*/branch_labels = (constants.EXPAND,)/' db/versions/aa.py
    run 0 heads db/versions
    echo 'aa (head)' | expect_out
    err_has 'revchain: note: db/versions/aa.py:' branch_labels
    run 0 heads -q db/versions
    no_err
}

case_range() { # A part of it; Alembic's own words where it leads nowhere.
    two_branches
    run 0 history -r aa:bb db/versions
    printf '%s\n' 'aa -> bb (branchpoint), migration bb' '<base> -> aa (branchpoint), migration aa' | expect_out
    run 0 history --rev-range=:bb db/versions
    printf '%s\n' 'aa -> bb (branchpoint), migration bb' '<base> -> aa (branchpoint), migration aa' | expect_out
    run 2 history -r cc:bb db/versions
    err_has 'Requested range cc:bb does not refer to ancestor/descendant revisions along the same branch'
    run 2 history -r zz: db/versions
    err_has "Can't locate revision identified by 'zz'" 'revchain where'
    run 2 history -r aa db/versions
    err_has '--rev-range takes START:END'
    run 2 history -r aa:current db/versions
    err_has database
    no_out
}

case_count() { # The first so many; with a word, -n stays the name of a section.
    two_branches
    run 0 history -n 2 db/versions
    printf '%s\n' 'bb -> bb2 (head), migration bb2' 'bb, cc -> mm (head) (mergepoint), migration mm' | expect_out
    run 0 history --max-count=1 db/versions
    echo 'bb -> bb2 (head), migration bb2' | expect_out
    run 2 history --max-count=0 db/versions
    run 2 history --max-count=many db/versions
    printf '[other]\nscript_location = db\n' >alembic.ini
    run 0 history -n other
    out_has migration
    run 2 heads -n 2
}

case_of_a_commit() { # From a commit, the path is the one from the root: there is no file.
    two_branches
    run 0 heads --verbose --rev HEAD~1 db/versions
    out_has 'Path: db/versions/mm.py'
    out_lacks bb2
}

case_graph() { # A row each, newest landing first; lines, merges, where each landed.
    two_branches
    run 0 history --format=graph db/versions
    short() { git rev-parse --short=10 "$1"; }
    expect_out <<OUT
●      bb2  2024-01-01  $(short HEAD)  (head)  migration bb2
│ ◆─╮  mm   2024-01-01  $(short HEAD~1)  (head)  migration mm
│ │ ●  cc   2024-01-01  $(short HEAD~2)  migration cc
●─╯ │  bb   2024-01-01  $(short HEAD~3)  migration bb
●───╯  aa   2024-01-01  $(short HEAD~4)  migration aa
OUT
    no_err
}

case_graph_of_bases() { # A line that ended is not taken up by the next one.
    land_static aa
    land_static bb
    static cc
    run 0 history --format=graph db/versions
    expect_out <<OUT
○    cc  uncommitted             (head)  migration cc
  ●  bb  2024-01-01  $(git rev-parse --short=10 HEAD)  (head)  migration bb
●    aa  2024-01-01  $(git rev-parse --short=10 HEAD~1)  (head)  migration aa
OUT
}

case_graph_marks() { # Labels, lanes and dependencies.
    static aa in=expand/versions
    sed -i 's/^branch_labels = .*/branch_labels = "grow"/' expand/versions/aa.py
    static bb in=contract/versions depends=aa
    commit
    run 0 history --format=graph expand/versions contract/versions
    out_has '(effective head, grow, in expand/versions)' '(head, in contract/versions, needs aa)'
}

case_graph_part() { # What is left out hangs on by its lines.
    two_branches
    run 0 history --format=graph -n 3 db/versions
    tail -n 1 "$out" >"$out.last"
    echo '┆ ┆ ┆  2 more' | same 'the last row' "$out.last"
}

case_graph_of_a_wrong_static_project() { # Two heads are drawn, and no error.
    land_static aa
    land_static bb aa
    land_static cc aa
    run 0 history --format=graph db/versions
    no_err
}

case_graph_colour() { # Only where it is wanted.
    two_branches
    run 0 history --format=graph db/versions
    out_lacks $'\033'
    run 0 history --format=graph --color=always db/versions
    out_has $'\033[1m'
}

case_graph_in_a_terminal() { # Cut at its width.
    land_static aa
    static bb aa note='a long message, much longer than what is left of a line of eighty columns on a terminal'
    commit
    "$python" - "$REVCHAIN" <<'CODE' >"$out" || fail 'no terminal'
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(sys.argv[1], ["revchain", "history", "--format=graph", "--color=never", "db/versions"])
data = b""
try:
    while chunk := os.read(terminal, 4096):
        data += chunk
except OSError:
    pass
os.waitpid(child, 0)
lines = data.decode().replace("\r\n", "\n")
assert all(len(line) <= 80 for line in lines.splitlines()), lines
sys.stdout.buffer.write(lines.encode())
CODE
    out_has '…' 'a long message'
}

case_dot() { # It is DOT, and says what the graph is.
    land_static aa
    static bb aa note='say "hi" \\n { } -> ;'
    static cc aa depends=bb
    sed -i 's/^branch_labels = .*/branch_labels = ("l1", "l2")/' db/versions/cc.py
    commit
    run 0 history --format=dot db/versions
    "$python" "${tests_dir:?}/dot_edges.py" <"$out" >"$out.graph" || fail 'this is not DOT'
    sed 's/\t/ /g' "$out.graph" >"$out"
    expect_out <<'OUT'
edge 'bb\nsay "hi" \\n { } -> ;' 'aa\nmigration aa' solid
edge 'cc - l1, l2\nmigration cc' 'aa\nmigration aa' solid
edge 'cc - l1, l2\nmigration cc' 'bb\nsay "hi" \\n { } -> ;' dashed
node 'aa\nmigration aa' plain
node 'bb\nsay "hi" \\n { } -> ;' bold
node 'cc - l1, l2\nmigration cc' bold
OUT
}

case_mermaid() { # A flowchart; whatever could mean something is an entity code.
    land_static aa
    # shellcheck disable=SC2016
    static bb aa note='say "hi"; <b>a --> b</b> `x` #35; end'
    static cc aa depends=bb
    commit
    run 0 history --format=mermaid db/versions
    expect_out <<'OUT'
flowchart BT
  classDef head stroke-width:3px
  r2["cc<br>migration cc"]:::head
  r1["bb<br>say #34;hi#34;#59; #60;b#62;a --#62; b#60;/b#62; #96;x#96; #35;35#59; end"]:::head
  r0["aa<br>migration aa"]
  r2 --> r0
  r2 -.-> r1
  r1 --> r0
OUT
}

case_long_titles() { # Are cut behind sixty characters, however many bytes they have.
    local title
    title=$(printf 'ä%.0s' {1..59})
    land_static aa
    static bb aa note="${title}yz"
    static cc bb note="${title}y"
    printf 'revision = "dd"\ndown_revision = "cc"\n' >db/versions/dd.py
    commit
    run 0 history --format=mermaid db/versions
    out_has "r1[\"bb<br>${title}y…\"]" "r2[\"cc<br>${title}y\"]" '"dd"]'
}

case_drawing_of_a_part() { # No arrow leads to what is not drawn.
    two_branches
    run 0 history --format=mermaid -r bb:mm db/versions
    expect_out <<'OUT'
flowchart BT
  classDef head stroke-width:3px
  r4["mm<br>migration mm"]:::head
  r1["bb<br>migration bb"]
  r4 --> r1
OUT
}

case_steps_in_a_branch() { # Steps down that lead beyond the branch that is named go down from the end.
    land_static aa
    land_static bb aa
    land_static cc aa
    land_static dd bb
    sed -i 's/^branch_labels = .*/branch_labels = "left"/' db/versions/bb.py
    run 0 history -r left@-9:dd db/versions
    printf '%s\n' 'bb -> dd (left) (head), migration dd' 'aa -> bb (left), migration bb' \
        '<base> -> aa (branchpoint), migration aa' | expect_out
}

case_escapes() { # Nothing that a terminal obeys, in any format.
    land_static aa
    printf '"""a \033[31m red \302\233 \342\200\256 one"""\nrevision = "b\\x1bb"\ndown_revision = "aa"\n' >db/versions/bb.py
    commit
    for format in text graph mermaid dot; do
        run 0 history --format=$format db/versions
        out_lacks $'\033' $'\302\233' $'\342\200\256'
        out_has aa
    done
    run 0 history --verbose db/versions
    out_lacks $'\033' $'\302\233' $'\342\200\256'
}

case_standard_output_full() { # Exit status 5.
    local command status
    [ -e /dev/full ] || skip 'there is no /dev/full'
    land_static aa
    for command in heads history 'history --format=dot'; do
        status=0
        # shellcheck disable=SC2086
        revchain $command db/versions >/dev/full 2>"$err" || status=$?
        [ "$status" -eq 5 ] || fail "expected exit status 5 of $command, got $status"
        err_has 'revchain: error: standard output cannot be written to'
    done
}

case_empty() { # Nothing there: nothing printed.
    mkdir -p db/versions
    commit
    for format in text graph; do
        run 0 history --format=$format db/versions
        no_out
    done
    run 0 heads db/versions
    no_out
}

case_recursive_order() { # The files of a directory before those below it, as Alembic loads them.
    static zz
    static aa in=db/versions/2024
    static mm in=db/versions/2023
    commit
    run 0 heads --recursive db/versions
    printf '%s (head)\n' zz mm aa | expect_out
}

case_link_among_the_files() { # Path: is where a link leads, as with Alembic since 1.10.
    static aa in=shared
    mkdir -p db/versions
    ln -s ../../shared/aa.py db/versions/aa.py
    commit
    run 0 heads --verbose db/versions
    out_has "Path: $PWD/shared/aa.py"
}
