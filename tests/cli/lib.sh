# shellcheck shell=bash
# What the scripts of this folder are written with. A case is a function `case_NAME` in one of them; tests/cli/one runs it in a
# shell of its own with `set -e`, inside a new, empty repository (branch main) in a temporary directory of its own. It fails
# with the first command that fails.
#
# Every date is fixed: the clock starts at 2024-01-01 00:00 UTC and each commit takes an hour.

lane=db/versions                 # where migrations are written unless in=DIR says otherwise
clock=1704067200                 # seconds since 1970 of the next commit
dirs=("$lane")                   # the DIR arguments of expect_order and expect_chain
rev=                             # their --rev, if any
out=${case_dir:?}/out            # what the last `run` of the program printed
err=$case_dir/err                # its messages
python=/usr/bin/python3
program=("${REVCHAIN:?}")
# For a build with -fsanitize=address: whose the leaks are that are passed over, the whole stack tells.
export LSAN_OPTIONS=print_suppressions=0:suppressions=${tests_dir:?}/lsan.supp ASAN_OPTIONS=fast_unwind_on_malloc=0
# is_instrumented: whether the program is built with sanitizers or for coverage.
is_sanitized() { grep -qaE '__asan_init|__tsan_init' "$REVCHAIN"; }
is_instrumented() { is_sanitized || grep -qa '__gcov_' "$REVCHAIN"; }
# Such a program, and valgrind, are slow, and do at the end of a run what the sandbox forbids.
if [ -n "${REVCHAIN_VALGRIND:-}" ] || is_instrumented; then
    export REVCHAIN_SANDBOX=off
    CASE_TIMEOUT=120
fi
if [ -n "${REVCHAIN_VALGRIND:-}" ]; then
    read -ra program <<<"$REVCHAIN_VALGRIND"
fi
: >"$out"
: >"$err"

# --- making histories -------------------------------------------------------------------------------------------------------

# write_migration FILE ID DOWN NOTE DATE DEPENDS: the file as Alembic's template would have it; DOWN and DEPENDS are Python.
write_migration() {
    mkdir -p -- "${1%/*}"
    {
        printf '"""%s\n\nRevision ID: %s\n' "$4" "$2"
        [ -z "$5" ] || printf 'Create Date: %s\n' "$5"
        printf '\n"""\nfrom alembic import op\nfrom revchain import get_down_revision\n\n'
        printf 'revision = "%s"\ndown_revision = %s\nbranch_labels = None\ndepends_on = %s\n\n\n' "$2" "$3" "$6"
        printf 'def upgrade():\n    op.execute("SELECT 1")\n\n\ndef downgrade():\n    pass\n'
    } >"$1"
}

# python_value ID...: None, "aa" or ("aa", "bb")
python_value() {
    case $# in
    0) printf 'None' ;;
    1) printf '"%s"' "$1" ;;
    *)
        printf '("%s"' "$1"
        shift
        printf ', "%s"' "$@"
        printf ')'
        ;;
    esac
}

# dynamic ID [in=DIR] [name=FILE] [date=CREATE-DATE] [depends=ID,ID] [note=TEXT]: write a migration that leaves its
# down_revision to git.
dynamic() {
    local id=$1
    shift
    migration "$id" 'get_down_revision(revision)' "$@"
}

# static ID [PARENT...] [OPTION...]: write one with a literal down_revision; without a PARENT it is None. Options as above.
static() {
    local id=$1 word parents=() options=()
    shift
    for word; do
        case $word in
        *=*) options+=("$word") ;;
        *) parents+=("$word") ;;
        esac
    done
    migration "$id" "$(python_value "${parents[@]}")" "${options[@]}"
}

# migration ID DOWN [OPTION...]: the same with DOWN as Python.
migration() {
    local id=$1 down=$2 dir=$lane name=$1.py date='' note="migration $1" word depends=()
    shift 2
    for word; do
        case $word in
        in=*) dir=${word#in=} ;;
        name=*) name=${word#name=} ;;
        date=*) date=${word#date=} ;;
        depends=*) IFS=, read -ra depends <<<"${word#depends=}" ;;
        note=*) note=${word#note=} ;;
        *) broken "migration: what is $word?" ;;
        esac
    done
    write_migration "$dir/$name" "$id" "$down" "$note" "$date" "$(python_value "${depends[@]}")"
}

tick() {
    export GIT_AUTHOR_DATE="@$clock +0000" GIT_COMMITTER_DATE="@$clock +0000"
    clock=$((clock + 3600))
}

# commit [MESSAGE]: everything in the work tree, an hour after the last one.
commit() {
    tick
    git add -A
    git commit -q --allow-empty -m "${1:-a change}"
}

# land ID...: a dynamic migration each, all in one commit.
land() {
    local id
    for id; do dynamic "$id"; done
    commit "Add $*"
}

# land_static ID [PARENT...]: one static migration in one commit.
land_static() {
    static "$@"
    commit "Add $1"
}

branch() { git checkout -q -b "$@"; }
switch() { git checkout -q "$1"; }

# merge NAME...: always with a merge commit; more than one NAME makes an octopus.
merge() {
    tick
    git merge -q --no-ff -m "Merge $*" "$@" >/dev/null
}

# begin_merge NAME: the same up to the commit, so that the merge can add files of its own. `commit` ends it.
begin_merge() {
    git merge -q --no-ff --no-commit "$1" >/dev/null
}

# lanes DIR...: what the assertions below pass as DIR, instead of db/versions.
lanes() { dirs=("$@"); }

# at_rev REV: what they pass as --rev.
at_rev() { rev=$1; }

# alembic_ini [DIR [SCRIPT_LOCATION]]: a plain alembic.ini.
alembic_ini() {
    printf '[alembic]\nscript_location = %s\n' "${2:-db}" >"${1:-.}/alembic.ini"
}

# line FILE TEXT: the number of the first line that begins with TEXT.
line() { awk -v text="$2" 'index($0, text) == 1 { print NR; exit }' "$1"; }

# --- running the program ----------------------------------------------------------------------------------------------------

# run STATUS ARGUMENT...: run revchain; fails unless it ends with STATUS. Output and messages are in $out and $err.
run() {
    local expected=$1 status=0
    shift
    ran="(cd $(printf '%q' "$PWD") && revchain$([ $# -eq 0 ] || printf ' %q' "$@"))"
    revchain "$@" >"$out" 2>"$err" || status=$?
    [ "$status" -eq "$expected" ] || fail "expected exit status $expected, got $status"
}

# revchain ARGUMENT...: the bare program, for pipes and redirections.
revchain() {
    timeout -k 2 "${CASE_TIMEOUT:-20}" "${program[@]}" "$@"
}

# on_terminal ARGUMENT...: revchain with both streams on a terminal, on which $out came.
on_terminal() {
    command -v script >/dev/null || skip 'there is no script'
    script -qec "$(printf '%q ' "${program[@]}" "$@")" "$case_dir/typescript" </dev/null >"$out" || true
}

# failing CALL ERROR [PATH]: from here on the program gets that error from that call of the system, with PATH only if it is of it.
failing() {
    command -v strace >/dev/null || skip 'there is no strace'
    skip_if_sanitized
    program=(strace -f -qq -o /dev/null ${3:+-P "$3"} -e "trace=$1" -e "inject=$1:error=$2" "$REVCHAIN")
}

# without_valgrind: from here on, the program as it is.
without_valgrind() { program=("$REVCHAIN"); }

# as_nobody STATUS ARGUMENT...: `run` without root's powers, which permissions do not bind.
as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then
        command -v setpriv >/dev/null || skip 'permissions do not bind root, and there is no setpriv'
        chmod a+rx "$case_dir" "$HOME"
        cp "$REVCHAIN" "$case_dir/revchain"
        program=(setpriv --reuid=65534 --regid=65534 --clear-groups "$case_dir/revchain")
    fi
    run "$@"
}

# --- assertions: each prints what was expected, what came and what was run --------------------------------------------------

fail() {
    echo "$1"
    if [ -n "${ran:-}" ]; then
        echo "ran: $ran"
        sed 's/^/    stderr: /' "$err" | cat -v
    fi
    exit 1
}

# broken MESSAGE: the test itself is wrong.
broken() {
    echo "this test is broken: $1"
    exit 1
}

# skip REASON: this case cannot run here.
skip() {
    echo "$1"
    exit 77
}

# Sanitizers and valgrind need memory of their own, and calls of the system.
skip_if_sanitized() {
    if [ -n "${REVCHAIN_VALGRIND:-}" ]; then skip 'the program runs under valgrind'; fi
    if is_sanitized; then skip 'the program is built with sanitizers'; fi
}

# What is linked to them or to gcov is no program for others to have.
skip_if_instrumented() {
    skip_if_sanitized
    if is_instrumented; then skip 'the program is built for coverage'; fi
}

# same WHAT ACTUAL-FILE: against standard input.
same() {
    cat >"$case_dir/expected"
    diff -u --label "expected $1" --label "actual $1" "$case_dir/expected" "$2" >"$case_dir/diff" 2>&1 && return
    cat -v "$case_dir/diff"
    fail "$1 differs"
}

# expect_out, expect_err: standard input is all of it.
expect_out() { same 'standard output' "$out"; }
expect_err() { same 'standard error' "$err"; }

out_has() { has 'standard output' "$out" "$@"; }
err_has() { has 'standard error' "$err" "$@"; }

# has WHAT FILE TEXT...: each TEXT, in one line each, is in the file.
has() {
    local what=$1 file=$2 text
    shift 2
    for text; do
        grep -qF -- "$text" "$file" || {
            sed 's/^/    /' "$file" | cat -v
            fail "expected $what to have: $text"
        }
    done
}

# err_matches REGEX: one line of the messages matches the extended regular expression.
err_matches() {
    grep -qE -- "$1" "$err" || fail "expected a line on standard error that matches: $1"
}

out_lacks() { lacks 'standard output' "$out" "$@"; }
err_lacks() { lacks 'standard error' "$err" "$@"; }
lacks() {
    local what=$1 file=$2 text
    shift 2
    for text; do
        if LC_ALL=C grep -qF -- "$text" "$file"; then
            sed 's/^/    /' "$file" | cat -v
            fail "expected $what not to have: $(printf '%q' "$text")"
        fi
    done
}

no_out() { [ ! -s "$out" ] || { cat -v "$out"; fail 'expected nothing on standard output'; }; }
no_err() { [ ! -s "$err" ] || fail 'expected nothing on standard error'; }
# no_complaint: at most a line on what was done; no error, no warning, no hint.
no_complaint() {
    if grep -qE '^(revchain: (error|warning):|hint:)' "$err"; then fail 'expected no error, warning or hint'; fi
}
no_file() { if [ -e "$1" ] || [ -L "$1" ]; then fail "expected no $1"; fi; }

# err_names FILE TEXT...: the messages name FILE together with the line that begins with TEXT, as PATH:LINE.
err_names() {
    local file=$1 text
    shift
    for text; do err_has "$file:$(line "$file" "$text")"; done
}

# expect_order WORD...: all that `log --format=path` prints: WORD is an id (its file is db/versions/ID.py) or has a slash: a path.
expect_order() {
    run 0 log --format=path ${rev:+--rev "$rev"} "${dirs[@]}"
    paths_of "$@" | expect_out
}

paths_of() {
    local word
    for word; do
        case $word in
        */*) printf '%s\n' "$word" ;;
        *) printf '%s\n' "$lane/$word.py" ;;
        esac
    done
}

# chain_json SPEC: the whole text of a chain file. SPEC: "aa <- bb <- cc" gives bb the parent aa and cc the parent bb; the
# first of a run is only a parent ("null" for none). A comma starts another run: "aa <- bb, h1 <- cc".
chain_json() {
    local run word parent pairs='' comma=''
    while IFS= read -r -d , run; do
        parent=''
        for word in $run; do
            [ "$word" != '<-' ] || continue
            [ -z "$parent" ] || pairs+="$word $parent"$'\n'
            parent=$word
        done
    done <<<"$1,"
    if [ -z "$pairs" ]; then
        echo '{}'
        return
    fi
    printf '{'
    while read -r word parent; do
        [ "$parent" = null ] || parent="\"$parent\""
        printf '%s\n  "%s": %s' "$comma" "$word" "$parent"
        comma=,
    done < <(printf '%s' "$pairs" | LC_ALL=C sort)
    printf '\n}\n'
}

# expect_chain SPEC: `build` succeeds and writes exactly that file beside the first of $dirs. The file is removed again, so
# that it does not become part of the history.
expect_chain() {
    local file=${dirs[0]}/../revision_chain.json
    rm -f "$file"
    run 0 build ${rev:+--rev "$rev"} "${dirs[@]}"
    no_out
    chain_json "$1" | same revision_chain.json "$file"
    rm -f "$file"
}

# expect_landing 'null <- aa <- bb': order and chain of a lane in which all is dynamic and each file is called ID.py.
expect_landing() {
    local words
    read -ra words <<<"${1//<-/}"
    expect_order "${words[@]:1}"
    expect_chain "$1"
}

# log_json STATUS ARGUMENT...: `log --format=json` as one line a migration: position, revision, down_revision, kind, path, commit and
# date, tab separated (json_log.py), in $out.
log_json() {
    local status=$1
    shift
    run "$status" log --format=json "$@"
    "$python" "${tests_dir:?}/json_log.py" <"$out" >"$out.lines" || fail 'log --format=json is not as the contract has it'
    mv "$out.lines" "$out"
}

# found STATUS [ARGUMENT...]: `check --format=json` ends with STATUS, and its findings are the lines of standard input, one each:
# severity, id and places (json_check.py), in the order of the files.
found() {
    local status=$1
    shift
    run "$status" check --format=json "$@" "${dirs[@]}"
    "$python" "${tests_dir:?}/json_check.py" <"$out" >"$out.lines" || fail 'check --format=json is not as the manual has it'
    same 'the list of findings' "$out.lines"
}

# clean [ARGUMENT...]: there are none.
clean() { found 0 "$@" </dev/null; }

# summary: the summary of the last `found`, on one line.
summary() { "$python" "${tests_dir:?}/json_check.py" --summary <"$out"; }
