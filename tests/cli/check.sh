# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# `check` as a whole: its formats, its exit statuses, what --allow makes of a finding. The findings themselves: check_findings.sh.

v=db/versions

# Two heads, a parent that is shared and a file that is not committed.
two_heads() {
    land_static aa
    land_static bb aa
    land_static cc aa
    static dd cc
}

case_clean() { # Nothing on standard output; one line, with the head, on standard error.
    land_static aa
    land_static bb aa
    run 0 check $v
    no_out
    expect_err <<'EOF'
revchain: nothing wrong; 2 migrations, 1 head: bb
EOF
    run 0 check -q $v
    no_out
    no_err
}

case_text() { # Each file apart, both sides, what to do, and the line that counts.
    two_heads
    run 1 check $v
    no_out
    expect_err <<'EOF'
revchain: error: db/versions/bb.py:10: there are 2 heads, and `alembic upgrade head` needs one: bb dd
  db/versions/dd.py:10: the other head
hint: merge them: revchain merge -m "merge heads" bb dd
hint: where all of them are meant: give each line a branch label of its own, or --allow-heads 2
revchain: note: db/versions/bb.py:10: the lines part behind 'aa': 'bb' leads to the head 'bb'
  db/versions/cc.py:10: 'cc' leads to the head 'dd'
hint: where no database has applied it yet, put 'cc' behind 'bb': revchain repoint cc
hint: or the other way round, 'bb' behind 'dd': revchain repoint bb

revchain: warning: db/versions/dd.py: this migration is not committed: nobody else has it
hint: git add and git commit it, or delete it

revchain: 1 error, 1 warning in 2 files; 4 migrations, 2 heads: bb dd
EOF
}

case_quiet() { # Only what is wrong; warnings are where --strict refuses them.
    two_heads
    run 1 check -q $v
    err_has 'there are 2 heads' '1 error, 1 warning'
    err_lacks 'the lines part' 'not committed: '
    run 1 check -q --strict $v
    err_has 'there are 2 heads' 'not committed: '
}

case_colour() { # On a terminal, or when asked.
    two_heads
    run 1 check --color=always $v
    err_has $'\033[31merror:' $'\033[33mwarning:' $'\033[36mnote:'
    run 1 check --color=never $v
    err_lacks $'\033'
}

case_colour_on_a_terminal() { # Unless it is dumb, or NO_COLOR says otherwise, which says nothing where it is empty.
    two_heads
    export TERM=xterm
    on_terminal check $v
    out_has $'\033[31merror:'
    NO_COLOR='' on_terminal check $v
    out_has $'\033[31merror:'
    NO_COLOR=1 on_terminal check $v
    out_lacks $'\033'
    NO_COLOR=1 on_terminal check --color=always $v
    out_has $'\033[31merror:'
    TERM=dumb on_terminal check $v
    out_lacks $'\033'
    unset TERM
    on_terminal check $v
    out_lacks $'\033'
}

case_strict() { # A warning is then refused.
    land_static aa
    static bb aa
    run 0 check $v
    run 1 check --strict $v
    err_has 'revchain: 1 warning in 1 file; 2 migrations, 1 head: bb'
}

case_allow() { # A note, marked, without advice, that counts no more.
    two_heads
    run 0 check --allow multiple-heads $v
    err_has 'needs one: bb dd (allowed)' 'revchain: 1 warning in 1 file'
    err_lacks 'alembic merge'
    found 0 --allow=multiple-heads --allow uncommitted --strict <<EOF
note(allowed) multiple-heads $v/bb.py:10 $v/dd.py:10
note fork $v/bb.py:10 $v/cc.py:10
note(allowed) uncommitted $v/dd.py
EOF
    [ "$(summary)" = "errors=0 warnings=0 notes=3 migrations=4 heads=['bb', 'dd'] bases=['aa'] branch_points=['aa']" ] || fail "$(summary)"
    found 1 --allow fork --allow-heads 1 <<EOF
error multiple-heads $v/bb.py:10 $v/dd.py:10
note(allowed) fork $v/bb.py:10 $v/cc.py:10
warning uncommitted $v/dd.py
EOF
}

case_allow_unknown() { # What was probably meant, and all there are.
    land_static aa
    run 2 check --allow multipel-heads $v
    no_out
    err_has "there is none 'multipel-heads'" 'did you mean --allow=multiple-heads?' 'there are: absent-configuration absent-lane'
    run 2 check --allow '' $v
    run 2 build --allow fork $v
    err_has "unknown option '--allow' for revchain build"
}

case_allow_heads() { # So many in all, whatever lanes and labels there are.
    lanes one two
    static aa in=one
    static bb aa in=one
    static cc aa in=one
    static dd in=two
    commit
    clean --allow-heads 3
    clean --allow-heads=4
    run 1 check --allow-heads 2 one two
    err_has 'there are 3 heads, more than are allowed: bb cc dd'
    local value
    for value in 0 -1 1x x '1 ' 99999999999999999999; do
        run 2 check --allow-heads "$value" one two
        err_has '--allow-heads takes a number from 1 on'
    done
}

case_dynamic() { # Judged by the chain; the heads are those of the result.
    land_static aa
    land d1 d2
    clean
    [ "$(summary)" = "errors=0 warnings=0 notes=0 migrations=3 heads=['d2'] bases=['aa'] branch_points=[]" ] || fail "$(summary)"
    land_static bb aa
    clean # d1 goes behind bb, the head of the static ones
    land_static cc aa
    found 1 <<<"error multiple-heads $v/bb.py:10 $v/cc.py:10"
    [ "$(summary)" = "errors=1 warnings=0 notes=0 migrations=5 heads=None bases=None branch_points=None" ] || fail "$(summary)"
}

case_unborn() { # Before the first commit, and with nothing in the directory.
    mkdir -p $v
    touch $v/__init__.py
    clean
    run 0 check $v
    err_has 'nothing wrong; 0 migrations, 0 heads'
    static aa
    found 0 <<<"warning uncommitted $v/aa.py"
}

case_bare() { # From a commit, without a work tree.
    two_heads
    git clone -q --bare . "$case_dir/bare.git"
    cd "$case_dir/bare.git"
    run 1 check --rev main $v
    err_has '2 heads' '3 migrations'
}

case_lanes_of_the_project() { # Without DIR those of alembic.ini.
    alembic_ini
    land_static aa
    run 0 check
    err_has '1 migration, 1 head: aa'
}

case_github() { # One workflow command a finding, in one line.
    two_heads
    run 1 check --format=github $v
    expect_out <<'EOF'
::error file=db/versions/bb.py,line=10,title=revchain%3A multiple-heads::there are 2 heads, and `alembic upgrade head` needs one: bb dd%0Adb/versions/dd.py:10: the other head%0Ahint: merge them: revchain merge -m "merge heads" bb dd%0Ahint: where all of them are meant: give each line a branch label of its own, or --allow-heads 2
::notice file=db/versions/bb.py,line=10,title=revchain%3A fork::the lines part behind 'aa': 'bb' leads to the head 'bb'%0Adb/versions/cc.py:10: 'cc' leads to the head 'dd'%0Ahint: where no database has applied it yet, put 'cc' behind 'bb': revchain repoint cc%0Ahint: or the other way round, 'bb' behind 'dd': revchain repoint bb
::warning file=db/versions/dd.py,title=revchain%3A uncommitted::this migration is not committed: nobody else has it%0Ahint: git add and git commit it, or delete it
EOF
    expect_err <<'EOF'
revchain: 1 error, 1 warning in 2 files; 4 migrations, 2 heads: bb dd
EOF
}

case_github_escapes() { # As the runner reads it back: % and the ends of lines, and in properties : and , too; no line of its own.
    migration aa '"50%,\n::error::forged"' name='100%,a:b.py'
    commit
    run 1 check --format=github $v
    [ "$(wc -l <"$out")" -eq 1 ] || fail 'expected one line'
    out_has "the parent '50%25,\\n::error::forged' of 'aa' does not exist%0Ahint: "
    grep -q '^::error file=db/versions/100%25%2Ca%3Ab.py,line=' "$out" || fail 'expected the path to be escaped'
}

case_github_without_a_place() { # Then the command has only a title.
    land_static aa
    echo x >x
    commit
    git replace HEAD HEAD~1
    run 0 check --format=github $v
    grep -q '^::warning title=revchain%3A replace-refs::replace refs are ignored' "$out" || fail 'expected a title alone'
}

case_json() { # The whole object, as the manual has it.
    land_static aa
    static bb aa depends=gone
    commit
    run 1 check --format=json $v
    sed -i 's/"revchain": "[^"]*"/"revchain": "VERSION"/' "$out"
    expect_out <<'EOF'
{
  "version": 1,
  "revchain": "VERSION",
  "findings": [
    {
      "id": "missing-dependency",
      "severity": "error",
      "allowed": false,
      "message": "'gone', which 'bb' depends on, does not exist",
      "places": [
        {"path": "db/versions/bb.py", "line": 12, "note": null}
      ],
      "hints": [
        "git log --all --oneline -Sgone -- '*.py' finds the commits that had it"
      ]
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 0,
    "notes": 0,
    "migrations": 2,
    "heads": ["bb"],
    "bases": ["aa"],
    "branch_points": []
  }
}
EOF
    expect_err <<'EOF'
revchain: 1 error in 1 file; 2 migrations, 1 head: bb
EOF
}

# three_heads: of which one is not committed, beside grafts, which are no file's.
three_heads() {
    land_static aa
    static b1 aa
    static b2 aa
    commit
    static b3 aa
    git rev-parse HEAD >.git/info/grafts
}

case_sarif() { # What is of no file is a notification; what is allowed is suppressed; a line is told where there is one.
    three_heads
    run 0 check --format=sarif --allow multiple-heads $v
    "$python" - "$out" >"$case_dir/sarif" <<'CODE' || fail 'this is no SARIF'
import json, sys

def place(location):
    found = location["physicalLocation"]
    line = found.get("region", {}).get("startLine")
    return found["artifactLocation"]["uri"].rpartition("/")[2] + (f":{line}" if line else "")

(run,) = json.load(open(sys.argv[1]))["runs"]
rules = run["tool"]["driver"]["rules"]
for note in run["invocations"][0]["toolExecutionNotifications"]:
    assert rules[note["associatedRule"]["index"]]["id"] == note["associatedRule"]["id"]
    print(note["level"], note["associatedRule"]["id"])
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    places = result["locations"] + result.get("relatedLocations", [])
    allowed = ["allowed"] if result.get("suppressions") == [{"kind": "external"}] else []
    print(result["level"], result["ruleId"], *map(place, places), *allowed)
CODE
    same SARIF "$case_dir/sarif" <<'OUT'
warning grafts
note multiple-heads b1.py:10 b2.py:10 b3.py:10 allowed
note fork b1.py:10 b2.py:10 b3.py:10
warning uncommitted b3.py
OUT
    run 1 check -q --format=sarif $v
    out_has '"ruleId": "multiple-heads"'
    out_lacks '"ruleId": "fork"' '"ruleId": "uncommitted"' '"associatedRule"'
}

case_github_allowed() { # What is allowed says so; with -q only errors are annotated.
    three_heads
    run 0 check --format=github --allow multiple-heads $v
    out_has '::warning ' '::notice file=db/versions/b1.py,line=10' ' (allowed)'
    run 0 check -q --format=github --allow multiple-heads $v
    out_lacks '::notice'
}

case_refused_runs_print_no_result() { # A command line, a history, a repository that is wrong: standard output stays empty.
    land d1
    git clone -q --depth 1 "file://$PWD" "$case_dir/clone"
    local format
    for format in text json github sarif; do
        run 2 check --format=$format nowhere
        no_out
        cd "$case_dir/clone"
        run 3 check --format=$format $v
        no_out
        mkdir -p "$case_dir/none"
        cd "$case_dir/none"
        run 3 check --format=$format .
        no_out
        cd "$case_dir/repo"
    done
    run 2 check --format=xml $v
    err_has 'text, json, github, sarif'
}

case_escapes() { # Nothing raw from the repository in any format.
    mkdir -p $v
    printf 'revision = "x\\x1b]0;title\\x07"\ndown_revision = "y\\x1b[31m\\n::error::forged"\n' >$v/$'a\033[31m\n::error::b.py'
    printf 'revision = "x\\x1b]0;title\\x07"\ndown_revision = None\n' >$v/$'b\302\233\377.py'
    printf 'revision = "z"\ndown_revision = "x\\x1b]0;title\\x07"\nbranch_labels = "\\x1b[0m"\n' >$v/c.py
    printf 'revision = "w"\ndown_revision = "x\\x1b]0;title\\x07"\nbranch_labels = "\\x1b[0m"\n' >$v/d.py
    commit
    local format
    for format in text json github sarif; do
        run 1 check --format=$format $v
        if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xff' "$out" "$err"; then
            cat -v "$out" "$err"
            fail "a raw byte in --format=$format"
        fi
        if grep -q '^::error::' "$out" "$err"; then fail "a forged annotation in --format=$format"; fi
    done
}

case_output_full() { # A result that cannot be written.
    [ -e /dev/full ] || skip 'there is no /dev/full'
    land_static aa
    revchain check --format=json $v >/dev/full 2>"$err" && fail 'expected it to fail'
    err_has 'standard output cannot be written to'
}
