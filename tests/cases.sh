# shellcheck shell=bash
# What scripts are written with whose cases are functions `case_NAME`, run one after the other. They set $again, the command that runs
# one case, and $work, a directory of their own that they remove at the end.

fail() { # fail WHAT EXPECTED CAME
    printf '%s\n  expected: %s\n  came:     %s\n' "$1" "$2" "$3" >&2
    return 1
}

equal() { # equal WHAT EXPECTED CAME
    [ "$2" = "$3" ] || fail "$1" "$2" "$3"
}

contains() { # contains WHAT EXPECTED TEXT
    case $3 in *"$2"*) ;; *) fail "$1" "...$2..." "$3" ;; esac
}

quietly() { # quietly COMMAND...: what it printed, only if it failed
    "$@" >"${work:?}/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail "$*" 'exit status 0' 'another'; }
}

skip() { # skip WHY: this case cannot run here
    echo "$1" >"${work:?}/skip"
    exit 77
}

thorough() { # with $QUICK a case that takes minutes is left to `make check-release`
    [ -z "${QUICK-}" ] || skip 'left to make check-release'
}

run_cases() { # run_cases NAME...: the last line counts
    local name status passed=0 failed=0 skipped=0
    for name; do
        # A case runs in a shell of its own: for its trap, and since an `if` around it would switch `set -e` off inside of it.
        set +e
        (set -e; "case_$name")
        status=$?
        set -e
        case $status in
        0)
            echo "ok $name"
            passed=$((passed + 1))
            ;;
        77)
            echo "SKIP  $name: $(cat "$work/skip")"
            skipped=$((skipped + 1))
            ;;
        *)
            echo "FAILED $name; again: ${again:?} $name"
            failed=$((failed + 1))
            ;;
        esac
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
