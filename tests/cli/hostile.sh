# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
# Repositories whose author wants the program to run something, to read or write elsewhere, to print what is not so, or never to
# end. What is promised and what is not: tests/faults/README.md. Each case is bounded in memory and processor time.
set -eu -o pipefail

# FULL_SIZE=FILE: what is large is as large as it gets, which takes minutes to make, and a line on each run is added to FILE.
# at_size FEW MANY: how many of something.
at_size() { if [ -n "${FULL_SIZE:-}" ]; then echo "$2"; else echo "$1"; fi; }

# bounded ARGUMENT...: `run` with 10 s of the processor and 2 GiB; at full size with 30 s and 4 GiB. To count takes longer.
bounded() {
    local seconds
    skip_if_sanitized
    seconds=$(at_size 10 30)
    if is_instrumented; then seconds=60; fi
    ulimit -St "$seconds" -Sv "$(at_size 2097152 4194304)"
    [ -z "${FULL_SIZE:-}" ] || program=("$python" "$tests_dir/measured.py" "$FULL_SIZE" "${FUNCNAME[1]#case_}" "$REVCHAIN")
    CASE_TIMEOUT=600 run "$@"
}

case_no_program_and_no_socket() { # Whatever the repository configures: no exec, no fork, no socket, seen by strace.
    local command
    skip_if_sanitized
    command -v strace >/dev/null || skip 'there is no strace'
    alembic_ini
    land zz
    printf '*.py diff=evil filter=evil\n' >.gitattributes
    land aa
    printf '#!/bin/sh\ntouch "%s"\n' "$case_dir/executed" >"$case_dir/evil"
    chmod +x "$case_dir/evil"
    git config core.fsmonitor "$case_dir/evil"
    git config filter.evil.clean "$case_dir/evil"
    git config diff.evil.textconv "$case_dir/evil"
    git config core.sshCommand "$case_dir/evil"
    git config include.path "$case_dir/more"
    printf '[core]\n\thooksPath = %s\n' "$case_dir" >"$case_dir/more"
    # shellcheck disable=SC2034 # lib.sh runs it
    program=(strace -f -qq -o "$case_dir/trace" -e 'trace=execve,execveat,fork,vfork,clone,clone3,%network' "$REVCHAIN")
    for command in build log check heads history 'where aa' 'adopt --all --dry-run' 'check --onto main'; do
        # shellcheck disable=SC2086
        revchain $command >/dev/null 2>"$err" || true
        grep -vE 'exited with|CLONE_THREAD' "$case_dir/trace" >"$out" # threads are no programs
        [ "$(wc -l <"$out")" -eq 1 ] || fail "expected $command to start nothing but itself: $(cat "$out")"
    done
    no_file "$case_dir/executed"
}

case_links_out_of_the_tree() { # The versions directory, a migration, alembic.ini: nothing outside is read.
    mkdir "$case_dir/secret"
    printf 'revision = "secret"\ndown_revision = get_down_revision(revision)\n' >"$case_dir/secret/secret.py"
    printf '[alembic]\nscript_location = secret\n' >"$case_dir/secret/alembic.ini"
    land aa
    ln -s "$case_dir/secret" versions
    ln -s "$case_dir/secret/secret.py" db/versions/bb.py
    ln -s "$case_dir/secret/alembic.ini" alembic.ini
    commit
    run 2 log versions
    err_lacks secret.py
    run 1 log db/versions
    err_has 'db/versions/bb.py'
    out_lacks secret
    run 2 log
    no_out
    run 2 log --rev HEAD versions
    run 1 log --rev HEAD db/versions
    out_lacks secret
}

case_alternates_to_elsewhere() { # A directory that is not there, a device, a file, itself: no hang, and no object that is not of its name.
    local to
    land zz
    land aa
    mkdir -p .git/objects/info
    for to in /nowhere /dev/zero /etc/passwd . ../objects '../../.git/objects' $'#\n\n/proc/self/fd'; do
        printf '%s\n' "$to" >.git/objects/info/alternates
        bounded 0 build -o - db/versions
        chain_json 'null <- zz <- aa' | expect_out
    done
    rm .git/objects/info/alternates
    mkfifo .git/objects/info/alternates
    bounded 3 build -o - db/versions
}

case_large_file() { # A gigabyte, and one more than the limit of 16 MiB in a commit: said with the file's name.
    land zz
    truncate -s 1G db/versions/aa.py
    bounded 1 build db/versions
    err_matches '^revchain: error: db/versions/aa.py: .*16 MiB'
    truncate -s "$(at_size 17M 1G)" db/versions/aa.py
    commit
    bounded 1 log --rev HEAD db/versions
    err_matches 'db/versions/aa.py: .*16 MiB'
}

case_many_migrations() { # A million, of one commit: there is no limit but that of memory, and each takes its 2.3 KiB.
    local count
    count=$(at_size 5000 1000000)
    "$python" "$tests_dir/large.py" lane "$count"
    git reset -q --hard
    bounded 0 build --rev HEAD -o "$case_dir/chain.json" db/versions
    err_has "$count dynamic migrations in order"
    bounded 0 log --rev HEAD --format=path db/versions
    seq 0 $((count - 1)) | xargs printf 'db/versions/%07x.py\n' | expect_out
    bounded 0 build -o "$case_dir/chain.json" db/versions
    err_has "$count dynamic migrations in order"
}

case_more_migrations_than_memory() { # Exit status 5, and no chain.
    skip_if_sanitized
    "$python" "$tests_dir/large.py" lane 20000
    ulimit -Sv 50000
    run 5 build --rev HEAD -o - db/versions
    err_has 'revchain: error: memory ran out'
    no_out
}

case_long_line() { # Ten million characters are read; they are no reason to refuse.
    land zz
    { printf 'revision = "aa"\ndown_revision = get_down_revision(revision)\nx = "' && head -c 10000000 /dev/zero | tr '\0' a && echo '"'; } >db/versions/aa.py
    commit
    bounded 0 build -o - db/versions
    chain_json 'null <- zz <- aa' | expect_out
}

case_nested_brackets() { # A hundred thousand: refused with the line, as CPython refuses them.
    land zz
    "$python" -c 'print("revision = \"aa\"\ndown_revision = get_down_revision(revision)\nx = " + "[" * 100000 + "]" * 100000)' >db/versions/aa.py
    bounded 1 build db/versions
    err_matches '^revchain: error: db/versions/aa.py:3: '
}

case_many_parents() { # A merge of a hundred thousand.
    land zz
    "$python" - "$(git rev-parse 'HEAD^{tree}')" "$(git rev-parse HEAD)" <<'PY' | git hash-object -t commit -w --stdin --literally >"$case_dir/id"
import sys

print("tree", sys.argv[1])
print(f"parent {sys.argv[2]}\n" * 100000, end="")
print("author A <a@b> 1704067200 +0000\ncommitter A <a@b> 1704067200 +0000\n\nmany")
PY
    git update-ref refs/heads/main "$(cat "$case_dir/id")"
    bounded 0 build -o - db/versions
    chain_json 'null <- zz' | expect_out
    bounded 0 log --order=topo --format=path db/versions
    paths_of zz | expect_out
}

case_many_parents_of_their_own() { # Each with a migration: more than 256 are refused, by the merge's name, in every order.
    local order
    "$python" "$tests_dir/large.py" octopus "$(at_size 300 100000)"
    for order in landing date topo; do
        bounded 3 log --order="$order" --rev HEAD db/versions
        err_has "the merge $(git rev-parse HEAD) has more than 256 parents"
        no_out
    done
    "$python" "$tests_dir/large.py" octopus 256
    for order in landing date topo; do
        bounded 0 log --order="$order" --rev HEAD --format=path db/versions
        [ "$(wc -l <"$out")" -eq 256 ] || fail 'expected 256 migrations'
    done
}

# nested_tree DEPTH TIMES: a tree that has itself, one level less deep, under TIMES names; its id.
nested_tree() {
    "$python" - "$1" "$2" <<'PY'
import hashlib
import os
import sys
import zlib

content = b"100644 leaf\0" + hashlib.sha1(b"blob 0\0").digest()
for _ in range(int(sys.argv[1])):
    data = b"tree %d\0" % len(content) + content
    name = hashlib.sha1(data).hexdigest()
    os.makedirs(f".git/objects/{name[:2]}", exist_ok=True)
    with open(f".git/objects/{name[:2]}/{name[2:]}", "wb") as file:
        file.write(zlib.compress(data, 1))
    content = b"".join(b"40000 d%d\0" % i + bytes.fromhex(name) for i in range(int(sys.argv[2])))
print(name)
PY
}

# commit_tree_in_lane TREE: HEAD's lane gets it as the directory `deep`.
commit_tree_in_lane() {
    git hash-object -w --stdin </dev/null >/dev/null
    git ls-tree HEAD:db/versions >"$case_dir/lane"
    printf '040000 tree %s\tdeep\n' "$1" >>"$case_dir/lane"
    printf '040000 tree %s\tversions\n' "$(git mktree <"$case_dir/lane")" | git mktree >"$case_dir/db"
    printf '040000 tree %s\tdb\n' "$(cat "$case_dir/db")" | git mktree >"$case_dir/root"
    git update-ref refs/heads/main "$(git commit-tree -p HEAD -m deep "$(cat "$case_dir/root")")"
}

case_deep_tree() { # Directories nested ten thousand deep: the limit is 2048, as git has it.
    land zz
    commit_tree_in_lane "$(nested_tree 10000 1)"
    bounded 0 log --rev HEAD --format=path db/versions
    paths_of zz | expect_out
    bounded 1 log --rev HEAD --recursive db/versions
    err_matches '^revchain: error: db/versions/deep.*nested too deeply'
    [ "$(wc -c <"$err")" -lt 10000 ] || fail 'expected a message of moderate length'
}

case_tree_bomb() { # Ten names for the same tree, thirty levels deep: 10^30 files. Refused, within the bounds.
    land zz
    commit_tree_in_lane "$(nested_tree 30 10)"
    bounded 1 log --rev HEAD --recursive db/versions
    err_matches '^revchain: error: db/versions/deep.*more than 100,000 directories'
}

case_tree_bomb_that_is_removed() { # In a commit that adds a migration, which is looked for among what was removed.
    local before
    land zz
    before=$(git rev-parse 'HEAD^{tree}')
    commit_tree_in_lane "$(nested_tree 30 10)"
    dynamic aa
    git ls-tree "$before:db/versions" >"$case_dir/lane"
    printf '100644 blob %s\taa.py\n' "$(git hash-object -w db/versions/aa.py)" >>"$case_dir/lane"
    printf '040000 tree %s\tversions\n' "$(git mktree <"$case_dir/lane")" | git mktree >"$case_dir/db"
    printf '040000 tree %s\tdb\n' "$(cat "$case_dir/db")" | git mktree >"$case_dir/root"
    git update-ref refs/heads/main "$(git commit-tree -p HEAD -m 'Remove the bomb, add aa' "$(cat "$case_dir/root")")"
    bounded 3 build db/versions
    err_matches '^revchain: error: .*more than 100,000 directories'
}

case_chain_file_of_the_wrong_kind() { # --previous and --pin: huge, deep, not an object, not UTF-8, a device: exit status 5 or 1, with the name.
    local text
    land zz
    for text in '[]' '"zz"' '{"zz": {}}' '{"zz": 1}' '{"zz":' '{"zz": "\ud800"' ''; do
        printf '%s' "$text" >"$case_dir/previous.json"
        status=0
        revchain build -o - --previous "$case_dir/previous.json" db/versions >"$out" 2>"$err" || status=$?
        case $status in 1 | 2 | 5) ;; *) fail "expected '$text' to be refused, got $status" ;; esac
        no_out
        err_has previous.json
    done
    "$python" -c 'print("[" * 200000)' >"$case_dir/previous.json"
    (bounded 5 build -o - --previous "$case_dir/previous.json" db/versions) || (bounded 1 build -o - --previous "$case_dir/previous.json" db/versions)
    truncate -s 3G "$case_dir/previous.json"
    (bounded 5 build -o - --previous "$case_dir/previous.json" db/versions) || (bounded 1 build -o - --previous "$case_dir/previous.json" db/versions)
}

case_every_output_is_tame() { # Escape sequences, newlines, `::error`, marks that turn the direction: no command and no format lets them out.
    local odd=$'x\033[2J\r\n::error::forged\u202e\u2066\u200b' arguments
    mkdir -p db/versions
    "$python" - "$odd" <<'PY'
import sys

odd = sys.argv[1]
with open("db/versions/aa.py", "w") as file:
    file.write(f"revision = {odd!r}\ndown_revision = None\n")
with open("db/versions/" + odd.replace("\n", " ") + ".py", "w", newline="") as file:
    file.write(f"revision = 'bb'\ndown_revision = {odd + '1'!r}\nbranch_labels = {odd!r}\n")
PY
    alembic_ini
    tick
    git add -A
    git commit -q -m "$odd"
    for arguments in build log 'log --format=json' 'log --format=path' check 'check --format=json' 'check --format=github' \
        'check --format=sarif' heads history 'history --verbose' 'history --format=graph' 'history --format=mermaid' \
        'history --format=dot' 'where bb' 'check --onto main' 'log --order=topo -v' 'adopt --all --dry-run'; do
        # shellcheck disable=SC2086
        revchain $arguments >"$out" 2>"$err" || true
        if LC_ALL=C grep -aqP '\x1b|\r|\xe2\x80\xae|\xe2\x81\xa6|\xe2\x80\x8b' "$out" "$err"; then
            cat -v "$out" "$err"
            fail "revchain $arguments let something out"
        fi
        if grep -q '^::error::forged' "$out" "$err"; then fail "revchain $arguments: a forged annotation"; fi
    done
}
