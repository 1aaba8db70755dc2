# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
# Git as it is found in the wild, and paths as file systems allow them: all of these must simply work.
set -eu -o pipefail

# small_history: zz on main, mm and ll by a branch, bb before the merge.
small_history() {
    land zz
    branch feature
    land mm
    land ll
    switch main
    land bb
    merge feature
}
small_chain='null <- zz <- bb <- mm <- ll'

case_loose_objects() { # As they are made.
    small_history
    expect_landing "$small_chain"
}

case_uncompressed_loose_objects() { # core.compression=0: of a large file, the block behind the head goes on for kilobytes.
    git config core.compression 0
    dynamic zz note="a migration $(printf '%4000s' '' | tr ' ' x)"
    commit
    dynamic mm note="a migration $(printf '%200000s' '' | tr ' ' y)"
    commit
    land aa
    expect_landing 'null <- zz <- mm <- aa'
    run 0 build --rev main -o "$case_dir/chain.json" db/versions
    chain_json 'null <- zz <- mm <- aa' | same chain.json "$case_dir/chain.json"
}

case_packed() { # One pack, packed refs, no loose object.
    small_history
    git gc -q --prune=now
    [ -z "$(find .git/objects -path '*/objects/??/*')" ] || broken 'there are loose objects'
    expect_landing "$small_chain"
}

case_packed_in_several() { # Packs, loose objects, a commit graph and a multi-pack index.
    land zz
    git repack -q -a -d
    branch feature
    land mm
    git repack -q -d
    land ll
    switch main
    land bb
    merge feature
    git commit-graph write --reachable 2>/dev/null
    git multi-pack-index write 2>/dev/null
    expect_landing "$small_chain"
}

case_stale_commit_graph() { # A commit graph that says something else than the commits: they decide, or it is told.
    land zz
    land mm
    git replace --graft HEAD
    git -c core.commitGraph=true commit-graph write --reachable 2>/dev/null || true
    git replace -d HEAD >/dev/null
    land aa
    expect_landing 'null <- zz <- mm <- aa'
}

case_alternates() { # A clone that borrows its objects.
    small_history
    git clone -q --shared . ../borrower
    cd ../borrower
    expect_landing "$small_chain"
    land aa
    expect_landing "$small_chain <- aa"
}

case_alternates_by_hand() { # A comment, an empty line, one that is gone, a path relative to the directory of objects; C's quotes.
    small_history
    git clone -q --shared . ../borrower
    cd ../borrower
    printf '# borrowed\n\n/nowhere\n../../../repo/.git/objects\n' >.git/objects/info/alternates
    expect_landing "$small_chain"
    mv ../repo $'../a "b"\\\tc'
    printf '"../../../a \\"b\\"\\\\\\tc/.git/\\157bjects"\n' >.git/objects/info/alternates
    git log >"$out" || broken 'git does not find the objects'
    expect_landing "$small_chain"
    mv $'../a "b"\\\tc/.git/objects' .git/objects/store
    mv .git/objects/store '.git/objects/"'
    for entry in '"' '"\x"' '"\777"' '"\18"' $'"\\'; do # no C: then it is the name
        [ "$entry" = '"' ] || mv '.git/objects/"' ".git/objects/$entry"
        echo "$entry" >.git/objects/info/alternates
        git log >"$out" || broken "git does not take $entry for the name"
        expect_landing "$small_chain"
        [ "$entry" = '"' ] || mv ".git/objects/$entry" '.git/objects/"'
    done
}

case_alternates_of_alternates() { # As far as git follows them, and no further.
    local i
    small_history
    for i in 1 2 3 4 5 6 7; do
        git init -q -b main "../borrower$i"
        echo "$PWD/.git/objects" >"../borrower$i/.git/objects/info/alternates"
        cp .git/refs/heads/main "../borrower$i/.git/refs/heads/main"
        cd "../borrower$i"
        if git rev-parse -q --verify 'HEAD^{commit}' >/dev/null 2>&1; then
            run 0 log --rev HEAD --format=path db/versions
            paths_of zz bb mm ll | expect_out
        else
            run 3 log --rev HEAD db/versions
            err_has "object not found - no match for id ($(cat .git/refs/heads/main))"
        fi
    done
    [ ! -s "$out" ] || broken 'git followed them all'
}

case_alternates_of_each_other() { # Five that borrow from all the others: each is looked into once.
    local i
    small_history
    for i in 1 2 3 4 5; do git clone -q . "../shop$i"; done
    for i in 1 2 3 4 5; do printf '%s/.git/objects\n' "$case_dir"/shop[1-5] >"../shop$i/.git/objects/info/alternates"; done
    cd ../shop1
    git repack -q -a -d -l
    expect_landing "$small_chain"
}

case_alternates_without_end() { # More directories than anybody has: refused, with the number.
    local i
    land aa
    mkdir "$case_dir"/store{1..256}
    for i in {1..256}; do echo "$case_dir/store$i"; done >.git/objects/info/alternates
    run 3 build db/versions
    err_has 'this repository borrows objects from more than 256 directories'
    sed -i '$d' .git/objects/info/alternates
    expect_landing 'null <- aa'
    head -c 1100000 /dev/zero | tr '\0' '#' >.git/objects/info/alternates
    run 3 build db/versions
    err_has "$PWD/.git/objects/info/alternates cannot be read"
}

# pushed_to DIRECTORY: a repository there gets this one by a push, and its pre-receive hook builds the chain, whose objects are
# in quarantine then.
pushed_to() {
    small_history
    git init -q --bare "$1"
    # shellcheck disable=SC2016 # they are the hook's
    printf '#!/bin/sh\nread -r _ new _\nexec "$REVCHAIN" build --rev "$new" -o - db/versions >"%s" 2>"%s"\n' "$out" "$err" >"$1/hooks/pre-receive"
    chmod +x "$1/hooks/pre-receive"
    git push -q "$1" HEAD~1:refs/heads/main 2>/dev/null || fail 'expected the hook to take the first commits'
    chain_json 'null <- zz <- bb' | expect_out
    git push -q "$1" main 2>/dev/null || fail 'expected the hook to take the merge'
    chain_json "$small_chain" | expect_out
}

case_pre_receive_hook() { # What is being pushed is read from where git keeps it until the hook has agreed.
    pushed_to "$case_dir/server.git"
}

case_pre_receive_hook_below_a_colon() { # Which separates the directories; git puts such a name in quotes.
    pushed_to "$case_dir/a:b \"c\".git"
}

case_reference_worktree_of_a_bare_clone() { # A bare clone with linked work trees.
    small_history
    git clone -q --bare . ../store.git
    git -C ../store.git worktree add -q ../tree main
    cd ../tree
    expect_landing "$small_chain"
}

case_separate_git_dir() { # A .git file.
    small_history
    git init -q --separate-git-dir "$case_dir/store"
    [ -f .git ] || broken '.git is no file'
    expect_landing "$small_chain"
}

case_git_dir_variable() { # GIT_DIR alone: the current directory is the work tree.
    small_history
    mv .git ../elsewhere.git
    export GIT_DIR=$case_dir/elsewhere.git
    expect_landing "$small_chain"
}

case_git_dir_and_work_tree() { # Both, from anywhere.
    small_history
    mv .git ../elsewhere.git
    export GIT_DIR=$case_dir/elsewhere.git GIT_WORK_TREE=$case_dir/repo
    cd "$case_dir"
    run 0 log --format=path repo/db/versions
    paths_of zz bb mm ll | expect_out
}

case_git_dir_to_nowhere() { # Exit status 3.
    small_history
    export GIT_DIR=$case_dir/nowhere
    run 3 log db/versions
    no_out
}

case_user_configuration_does_not_count() { # Not the user's, not the system's: they cannot move anything.
    small_history
    printf '[core]\n\tquotePath = false\n[log]\n\tfollow = true\n[diff]\n\trenames = false\n[safe]\n\tdirectory = /nowhere\n' \
        >"$HOME/.gitconfig"
    unset GIT_CONFIG_GLOBAL
    dynamic aa name=$'\303\244.py'
    commit
    run 0 log --format=path db/versions
    { paths_of zz bb mm ll && printf '%s\n' '"db/versions/\303\244.py"'; } | expect_out
}

case_broken_user_configuration() { # Even where it cannot be read.
    small_history
    echo '[[[' >"$HOME/.gitconfig"
    GIT_CONFIG_GLOBAL=/dev/null expect_landing "$small_chain"
    (
        unset GIT_CONFIG_GLOBAL
        run 0 log --format=path db/versions
        paths_of zz bb mm ll | expect_out
    )
}

case_no_home() { # In a container there may be none.
    small_history
    unset HOME GIT_CONFIG_GLOBAL
    run 0 log --format=path db/versions
    paths_of zz bb mm ll | expect_out
}

# odd_directory DIR QUOTED: a lane in it works from end to end; QUOTED is how git prints a path in it.
odd_directory() {
    dynamic zz in="$1"
    commit
    dynamic aa in="$1"
    commit
    run 0 log --format=path "$1"
    git log --reverse --diff-filter=A --format= --name-only -- ":(literal)$1" | expect_out
    printf '%s\n' "$2zz.py$3" "$2aa.py$3" | expect_out
    run 0 build "$1"
    chain_json 'null <- zz <- aa' | same revision_chain.json "$1/../revision_chain.json"
    run 0 log --format=path --rev HEAD "$1"
    printf '%s\n' "$2zz.py$3" "$2aa.py$3" | expect_out
}

case_spaces() { # In directory and name.
    odd_directory 'my db/all versions' 'my db/all versions/' ''
}

case_quotes() { # Both kinds, and a backslash.
    odd_directory $'d"b/it\'s \\here' '"d\"b/it'\''s \\here/' '"'
}

case_newline_in_a_directory() { # Alembic has nothing against it.
    odd_directory $'d\nb/ver\nsions' '"d\nb/ver\nsions/' '"'
}

case_not_utf8() { # Bytes that are no text.
    odd_directory $'d\377b/\200\376' '"d\377b/\200\376/' '"'
}

case_glob_characters() { # A directory is a directory, not a pattern.
    dynamic xx in=db/v1
    commit
    odd_directory 'db/v[12]*' 'db/v[12]*/' ''
}

case_dashes() { # A name that looks like an option, behind a folder.
    odd_directory 'db/--output=x' 'db/--output=x/' ''
}

case_unicode() { # UTF-8 is quoted as git does by default.
    odd_directory 'db/käse' '"db/k\303\244se/' '"'
}

case_json_of_bytes() { # Path bytes that are not UTF-8: \udcXX, as Python's surrogateescape; newlines and quotes escaped.
    dynamic aa in=$'d\377b' name=$'a\200\303\244"\\.py'
    commit
    run 0 log --format=json $'d\377b'
    "$python" - "$out" <<'PY' || fail 'the path is not what Python decodes with surrogateescape'
import json
import sys

(migration,) = json.loads(open(sys.argv[1], "rb").read().decode("utf-8"))
expected = b'd\xffb/a\x80\xc3\xa4"\\.py'.decode("utf-8", "surrogateescape")
assert migration["path"] == expected, ascii(migration["path"])
PY
}

case_newline_in_a_name() { # Alembic does not load such a file (its pattern stops at a newline): no migration.
    land zz
    dynamic xx name=$'x\ny.py'
    commit
    dynamic ww name=$'\nw.py'
    commit
    land aa
    expect_landing 'null <- zz <- aa'
}

case_long_path() { # Deeper than 255 bytes.
    local deep
    deep=$(printf 'folder%02d-with-a-long-name/' $(seq 20))versions
    dynamic zz in="$deep"
    commit
    dynamic aa in="$deep"
    commit
    lanes "$deep"
    expect_order "$deep/"{zz,aa}.py
}

case_symlinked_versions_directory() { # The lane is a link in the repository: history and paths are those of the real folder.
    dynamic zz in=database/real
    commit
    dynamic aa in=database/real
    mkdir db
    ln -s ../database/real db/versions
    commit
    expect_order database/real/{zz,aa}.py
    expect_chain 'null <- zz <- aa'
    at_rev HEAD
    expect_order database/real/{zz,aa}.py
}

case_symlinked_parent() { # A link further up.
    dynamic zz in=database/versions
    commit
    dynamic aa in=database/versions
    ln -s database db
    commit
    expect_order database/versions/{zz,aa}.py
    expect_chain 'null <- zz <- aa'
}

case_symlink_that_is_not_committed() { # Made by a build script.
    dynamic zz in=database/versions
    commit
    dynamic aa in=database/versions
    commit
    ln -s database db
    expect_order database/versions/{zz,aa}.py
    expect_chain 'null <- zz <- aa'
}

case_symlinked_migration() { # One file of the lane is a link to a text elsewhere: Alembic loads it, so it counts, where the link landed.
    land zz
    migration mm 'get_down_revision(revision)' in=shared name=text.py
    ln -s ../../shared/text.py db/versions/mm.py
    commit
    land aa
    expect_landing 'null <- zz <- mm <- aa'
    at_rev HEAD
    expect_landing 'null <- zz <- mm <- aa'
}

case_symlink_out_of_the_repository() { # A lane whose real place is in no repository has no history: refused, not guessed.
    land aa
    mkdir -p ../outside/versions
    dynamic bb in=../outside/versions
    ln -s ../outside/versions out
    run 2 build -o - out
    no_out
    err_matches "^revchain: error: 'out' leads out of the repository"
}

case_submodule_in_the_tree() { # A submodule elsewhere, added and removed in the commits that matter.
    local id
    land zz
    id=$(git rev-parse HEAD)
    # Its commit need not be here: it is another repository's.
    git update-index --add --cacheinfo "160000,${id//[0-7]/1},vendor/lib"
    mkdir -p vendor/lib
    dynamic mm
    git add db
    tick && git commit -q -m 'Add mm and a submodule'
    git mv db/versions/zz.py db/versions/b0.py
    git rm -q --cached vendor/lib && rmdir vendor/lib
    commit 'Rename zz and remove the submodule'
    land aa
    expect_order db/versions/b0.py mm aa
    expect_chain 'null <- zz <- mm <- aa'
}

case_submodule_named_like_a_migration() { # A submodule is no file, whatever it is called.
    local id
    land zz
    id=$(git rev-parse HEAD)
    git update-index --add --cacheinfo "160000,${id//[0-7]/1},db/versions/sub.py"
    mkdir -p db/versions/sub.py
    tick && git commit -q -m 'A submodule in the lane'
    land aa
    expect_landing 'null <- zz <- aa'
    at_rev HEAD
    expect_landing 'null <- zz <- aa'
}

case_executable_and_symlink_modes() { # A file that becomes a link and a file again never left.
    land zz
    land mm
    cp db/versions/zz.py text
    ln -sf ../../text db/versions/zz.py
    commit
    land aa
    rm db/versions/zz.py
    dynamic zz
    commit
    expect_landing 'null <- zz <- mm <- aa'
}

case_other_line_ends_and_encodings() { # CRLF, BOM, Latin-1, form feed: read as CPython reads them.
    land zz
    dynamic m1 && sed -i 's/$/\r/' db/versions/m1.py && commit
    dynamic m2 && sed -i '1s/^/\xef\xbb\xbf/' db/versions/m2.py && commit
    printf '# -*- coding: latin-1 -*-\n"""Gr\374\337e"""\nrevision = "m3"\ndown_revision = get_down_revision(revision)\n' >db/versions/m3.py
    commit
    printf '\f\nrevision = "m4"\n\f\ndown_revision = get_down_revision(revision)' >db/versions/m4.py
    commit
    expect_landing 'null <- zz <- m1 <- m2 <- m3 <- m4'
}

case_index_does_not_count() { # A broken or missing index is nobody's business.
    small_history
    echo garbage >.git/index
    expect_landing "$small_chain"
}

case_locks_do_not_count() { # Somebody is committing.
    small_history
    : >.git/index.lock
    : >.git/HEAD.lock
    expect_landing "$small_chain"
}

case_during_a_merge() { # A conflicted merge: HEAD is what was committed, the files are what is there.
    land zz
    branch feature
    echo theirs >README
    land fa
    switch main
    echo ours >README
    land mm
    merge feature || true
    expect_landing 'null <- zz <- mm <- fa'
    err_has 'revchain: warning: ' db/versions/fa.py
}

case_sparse_checkout() { # Files outside of the cone are not in the work tree: the lane is, and all of history.
    small_history
    echo x >README
    mkdir src && echo x >src/main
    commit
    git sparse-checkout set db 2>/dev/null || skip 'this git has no sparse-checkout'
    expect_landing "$small_chain"
}

# fast_import: a stream on standard input, on a clock of its own; `mark` numbers are the caller's.
fast_import() {
    git fast-import --quiet
    git reset -q --hard main
}

# commit_record MARK PARENTS FILE...: one commit for fast_import; PARENTS are marks, the first of them as from, the others as merge.
commit_record() {
    local mark=$1 parents=$2 id parent command=from text
    shift 2
    printf 'commit refs/heads/main\nmark :%s\ncommitter C <c@example.com> 1700000000 +0000\ndata 0\n' "$mark"
    for parent in $parents; do
        printf '%s :%s\n' $command "$parent"
        command=merge
    done
    for id; do
        text=$'revision = "'$id$'"\ndown_revision = get_down_revision(revision)\n'
        printf 'M 100644 inline db/versions/%s.py\ndata %s\n%s' "$id" ${#text} "$text"
    done
    printf '\n'
}

case_long_history() { # Twenty thousand commits on one line; recursion would show.
    local i
    {
        commit_record 1 '' zz
        for ((i = 2; i < 20000; i++)); do commit_record $i $((i - 1)); done
        commit_record 20000 19999 aa
    } | fast_import
    expect_landing 'null <- zz <- aa'
}

case_deep_merges() { # Five thousand merges, each the second parent of the next one: d2 and d1 came in at the innermost.
    local i mark=3
    {
        commit_record 1 '' base
        commit_record 2 1 d2
        commit_record 3 2 d1
        for ((i = 0; i < 5000; i++)); do
            commit_record $((mark + 1)) 1
            # fast-import keeps the first parent's tree, so that the merge has to add what it brings.
            commit_record $((mark + 2)) "$((mark + 1)) $mark" d2 d1
            mark=$((mark + 2))
        done
    } | fast_import
    expect_landing 'null <- base <- d2 <- d1'
}

case_many_migrations_in_one_commit() { # Two thousand at once, by path.
    local i ids=()
    for ((i = 1000; i < 3000; i++)); do ids+=("m$i"); done
    {
        commit_record 1 '' "${ids[@]}"
    } | fast_import
    expect_order "${ids[@]}"
}

case_octopus_of_sixty() { # Sixty parents, each with a migration.
    local i parents=1 ids=() expected='null <- base'
    {
        commit_record 1 '' base
        for ((i = 60; i > 0; i--)); do commit_record $((100 + i)) 1 "o$((100 + i))"; done
        for ((i = 60; i > 0; i--)); do
            parents+=" $((100 + i))"
            ids+=("o$((100 + i))")
        done
        commit_record 2 "$parents" "${ids[@]}"
    } | fast_import
    for ((i = 60; i > 0; i--)); do expected+=" <- o$((100 + i))"; done
    expect_landing "$expected"
}
