# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The bytes of revision_chain.json: what Python's json.dump(indent=2, sort_keys=True) and a newline give.

# like_python SEED FORM: a lane of migrations with random revision ids, and the file that CPython writes for them.
like_python() {
    [ -x "$python" ] || skip "there is no $python"
    mkdir -p db/versions
    "$python" "$tests_dir/random_ids.py" "$1" "$2" db/versions "$case_dir/expected.json" || broken 'random_ids.py failed'
    commit
    run 0 build db/versions || fail "with seed $1"
    cmp "$case_dir/expected.json" db/revision_chain.json >"$case_dir/cmp" 2>&1 || {
        diff "$case_dir/expected.json" db/revision_chain.json | head -20 | cat -v
        fail "seed $1, form $2: $(cat "$case_dir/cmp")"
    }
}

case_plain_ids() { # By hand, so that the shape is here to be read.
    land_static s1
    land d2
    land d1
    run 0 build db/versions
    same revision_chain.json db/revision_chain.json <<'JSON'
{
  "d1": "d2",
  "d2": "s1"
}
JSON
}

case_empty_object() { # json.dump({}, indent=2).
    land_static s1
    run 0 build db/versions
    echo '{}' | same revision_chain.json db/revision_chain.json
}

case_null_root() { # None.
    land d1
    run 0 build db/versions
    printf '{\n  "d1": null\n}\n' | same revision_chain.json db/revision_chain.json
}

case_escapes() { # The escapes that JSON has a letter for, those it has not, beyond ASCII, and beyond the first plane.
    mkdir -p db/versions
    {
        printf '%s\n' 'revision = "q\" b\\ s/ n\n t\t r\r f\f b\b v\v e\x1b d\x7f u\u00e9 \u2028 \ufeff \uffff \U0001f600 \U0010ffff"'
        echo 'down_revision = get_down_revision(revision)'
    } >db/versions/aa.py
    commit
    run 0 build db/versions
    same revision_chain.json db/revision_chain.json <<'JSON'
{
  "q\" b\\ s/ n\n t\t r\r f\f b\b v\u000b e\u001b d\u007f u\u00e9 \u2028 \ufeff \uffff \ud83d\ude00 \udbff\udfff": null
}
JSON
}

case_keys_sort_by_code_point() { # U+FF21 before U+1F600, as in Python; UTF-16 has it the other way round.
    printf '%s\n' 'revision = "\U0001f600"' 'down_revision = get_down_revision(revision)' >one.py
    printf '%s\n' 'revision = "\uff21"' 'down_revision = get_down_revision(revision)' >two.py
    mkdir -p db/versions
    mv one.py two.py db/versions
    commit
    run 0 build db/versions
    printf '{\n  "\\uff21": "\\ud83d\\ude00",\n  "\\ud83d\\ude00": null\n}\n' | same revision_chain.json db/revision_chain.json
}

case_random_ids_escaped() { # Python sources that hold nothing but ASCII: repr's escapes.
    like_python "${SEED:-1}" ascii
}

case_random_ids_raw() { # Sources with the characters themselves, in UTF-8.
    like_python "${SEED:-2}" raw
}

case_nul_in_an_id() { # A revision id cannot end early: with a NUL in it, it is refused.
    printf '%s\n' 'revision = "aa\x00bb"' 'down_revision = get_down_revision(revision)' >aa.py
    mkdir -p db/versions
    mv aa.py db/versions
    commit
    run 1 build db/versions
    err_has db/versions/aa.py:1
    no_file db/revision_chain.json
}
