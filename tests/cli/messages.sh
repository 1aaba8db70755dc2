# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
# What the program says: help, version, wrong command lines, the form of messages, and that nothing from a repository reaches a
# terminal raw.
set -eu -o pipefail

case_help() { # On standard output, exit status 0; each command, each exit status.
    run 0 --help
    no_err
    out_has build log --help --version
    cp "$out" "$out.long"
    run 0 -h
    expect_out <"$out.long"
    run 0 help
    expect_out <"$out.long"
}

case_help_of_each_command() { # With each option that the command has.
    run 0 build --help
    no_complaint
    out_has build DIR --rev -o --output -c --config -n --name --recursive --strict -q
    run 0 log --help
    no_err
    out_has log DIR --rev --format text path json -c -n --recursive --color
    run 0 check --help
    no_err
    out_has check DIR --rev --format text json github sarif --allow --allow-heads --strict -q
}

case_help_needs_no_repository() { # Anywhere, and in the middle of other options.
    cd "$case_dir"
    run 0 --help
    run 0 build --help
    run 0 build --strict --help nowhere
    out_has --strict
    run 0 --version
}

case_version() { # Name and number, on standard output.
    run 0 --version
    no_err
    cp "$out" "$out.long"
    run 0 -V
    expect_out <"$out.long"
    grep -qxE 'revchain [0-9]+\.[0-9]+\.[0-9]+[^ ]*' "$out" || fail "expected 'revchain X.Y.Z', got $(cat "$out")"
}

case_no_command() { # Exit status 2, the usage on standard error.
    run 2
    no_out
    err_has build --help
}

case_unknown_command() { # With the one that was probably meant.
    run 2 biuld
    no_out
    err_matches '^revchain: error: .*biuld'
    err_matches '^hint: .*\bbuild\b'
    run 2 lgo
    err_matches '^hint: .*\blog\b'
    run 2 zzzzzzzz
    no_out
    err_has zzzzzzzz
}

case_unknown_option() { # The same.
    run 2 build --stict db/versions
    no_out
    err_matches '^revchain: error: .*--stict'
    err_matches '^hint: .*--strict'
    run 2 log --fromat=json
    err_matches '^hint: .*--format'
    run 2 build -Z
    err_has -Z
    no_out
    run 2 --strict
    err_has "unknown option '--strict'"
}

case_help_that_cannot_be_printed() { # Exit status 5, and not a second error where there is one already.
    local status=0
    [ -e /dev/full ] || skip 'there is no /dev/full'
    revchain --help >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 5 ] || fail "expected exit status 5, got $status"
    echo 'revchain: error: standard output cannot be written to' | expect_err
}

case_option_without_value() { # Named.
    run 2 build -o
    no_out
    err_has o
    run 2 log --rev
    no_out
    err_has --rev
}

case_option_with_unwanted_value() { # --strict=yes is not an option.
    run 2 build --strict=yes
    no_out
    err_has --strict
}

case_empty_values() { # -o '' and --rev '' and an empty DIR are mistakes of a script, not wishes.
    land aa
    run 2 build -o '' db/versions
    no_out
    run 2 log --rev '' db/versions
    no_out
    run 2 log ''
    no_out
}

case_form_of_messages() { # Every line on standard error is a message of revchain's, a hint, or more places of the message.
    land_static aa
    static bb gone
    dynamic dd name=one.py
    dynamic dd name=two.py
    commit
    run 1 build db/versions
    if grep -vE '^(revchain: |hint: | {2,})' "$err"; then
        fail 'expected each line on standard error to be a message, a hint or the continuation of one'
    fi
    err_matches '^revchain: error: db/versions/bb\.py:[0-9]+: '
    git rm -q db/versions/bb.py db/versions/two.py
    commit
    dynamic ee
    run 0 build db/versions
    err_matches '^revchain: warning: db/versions/ee\.py'
}

case_hints_are_safe_to_type() { # Who types the command of a hint runs that command, and nothing that a revision id brought along.
    local odd
    mkdir "$case_dir/bin"
    ln -s "$(command -v true)" "$case_dir/bin/alembic"
    PATH=$case_dir/bin:$PATH
    land_static aa
    # shellcheck disable=SC2016 # the point of it
    for odd in 'a;touch typed;' "a';touch typed;'" 'a$(touch typed)' 'a`touch typed`' 'a&touch typed&' 'a";touch typed;"' \
        $'a\ntouch typed\n'; do
        # A parent that does not exist.
        "$python" -c 'import sys; print(f"revision = {sys.argv[1]!r}\ndown_revision = {sys.argv[2]!r}")' bb "$odd" >db/versions/bb.py
        type_hints "$odd"
        # One of two heads.
        "$python" -c 'import sys; print(f"revision = {sys.argv[1]!r}\ndown_revision = None")' "$odd" >db/versions/bb.py
        type_hints "$odd"
    done
}

type_hints() {
    local hint command
    run 1 build db/versions
    while read -r hint; do
        for command in "git ${hint#*git }" "alembic ${hint#*alembic }"; do
            sh -c "$command" </dev/null >/dev/null 2>&1 || true
        done
    done < <(sed -n 's/^hint: //p' "$err" | grep -E 'git |alembic ')
    if [ -e typed ]; then fail "a hint's command, typed, did what the revision id $(printf '%q' "$1") wanted"; fi
}

case_quiet() { # Nothing on either stream where all is well.
    land aa
    run 0 build db/versions
    no_out
    no_complaint
    [ -s db/revision_chain.json ] || fail 'expected the file'
}

case_quiet_strict() { # The warnings that it fails for are said all the same, where notes are not.
    land aa
    dynamic bb
    run 0 build -q -o - db/versions
    no_err
    run 1 build -q --strict -o - db/versions
    err_has 'revchain: warning: db/versions/bb.py: '
    run 0 history -q db/versions
    no_err
}

case_errors_name_paths_from_the_root() { # Wherever the program is started.
    land_static aa
    land_static bb gone
    cd db
    run 1 build versions
    err_matches '^revchain: error: db/versions/bb\.py:'
}

# nothing_raw FILE...: no control character but the newline, neither as a byte nor as U+0080..U+009F in UTF-8.
nothing_raw() {
    local file
    for file; do
        if LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$file"; then
            cat -v "$file"
            fail 'expected no raw control character'
        fi
    done
}

case_escapes_in_revision_ids() { # ESC[2J, CR, BEL, an 8-bit CSI: shown escaped.
    mkdir -p db/versions
    printf '%s\n' 'revision = "a\x1b[2Jb\rc\x07d\x9b31me"' 'down_revision = "gone\x1b[31m\x00f"' >db/versions/aa.py
    printf '%s\n' 'revision = "x\x1b]0;title\x07"' 'down_revision = "missing\x1b[31m\r\x9b"' >db/versions/bb.py
    commit
    run 1 build db/versions
    nothing_raw "$out" "$err"
    err_has '[31m'
    run 1 log db/versions
    nothing_raw "$out" "$err"
    out_has ']0;title'
    run 1 log --format=json db/versions
    nothing_raw "$out" "$err"
    out_has '"x\u001b]0;title\u0007"'
}

case_escapes_in_paths() { # In file and directory names.
    local odd=$'db/ver\033[31msions\nrevchain: error: forged'
    mkdir -p "$odd"
    dynamic aa in="$odd"
    commit
    dynamic bb in="$odd" name=$'b\033]0;x\007\302\233.py'
    static cc gone in="$odd" name=$'c\033.py'
    run 1 build "$odd"
    nothing_raw "$err"
    if grep -q '^revchain: error: forged' "$err"; then fail 'a directory name forged a message'; fi
    run 1 log "$odd"
    nothing_raw "$out" "$err"
    [ "$(wc -l <"$out")" -le 5 ] || fail 'expected a newline in a path not to break the table'
    run 1 log --format=path "$odd"
    nothing_raw "$out" "$err"
    run 1 log --format=json "$odd"
    nothing_raw "$out" "$err"
}

case_escapes_in_arguments() { # What was typed is shown escaped as well.
    run 2 $'b\033[31muild'
    nothing_raw "$err"
    run 2 build $'--st\033rict'
    nothing_raw "$err"
    land aa
    run 2 log $'db/\033[31m'
    nothing_raw "$err"
    run 2 log --rev $'\033[31m' db/versions
    nothing_raw "$err"
}

case_escapes_in_configuration() { # And what alembic.ini holds.
    printf '[alembic]\nscript_location = db\033[31m\n' >alembic.ini
    land aa
    run 2 log
    nothing_raw "$err"
}

case_forged_annotation() { # "::error" at the start of a line would be a command to GitHub: no line begins with a repository's text.
    mkdir -p db/versions
    printf '%s\n' 'revision = "a\n::error file=x::forged"' 'down_revision = "\n::warning::forged"' >db/versions/aa.py
    commit
    run 1 build db/versions
    if grep -q '^::' "$err"; then fail 'a revision id forged an annotation'; fi
    run 1 log db/versions
    if grep -q '^::' "$out" "$err"; then fail 'a revision id forged an annotation'; fi
}

case_exit_statuses() { # One of each, in one place: 0, 1, 2, 3, 5.
    land aa
    run 0 build db/versions
    run 2 build --nonsense
    run 5 build -o nowhere/file db/versions
    dynamic aa name=twin.py
    run 1 build db/versions
    rm -rf .git
    run 3 build db/versions
}
