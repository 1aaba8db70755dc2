# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
# Repositories whose history cannot be used (exit status 3), each with the way to mend it, and those that look odd and can.
set -eu -o pipefail

# The contract has these words.
shallow_message() {
    cat <<'TEXT'
revchain: error: this is a shallow clone: its history is cut off, and any order read from it would be wrong
hint: git fetch --unshallow
hint: GitHub Actions: actions/checkout with fetch-depth: 0 · GitLab CI: GIT_DEPTH: 0
TEXT
}

# refuses_shallow: every command says exactly that, prints nothing and writes nothing.
refuses_shallow() {
    run 3 build db/versions
    no_out
    shallow_message | expect_err
    no_file db/revision_chain.json
    run 3 build -o - db/versions
    no_out
    shallow_message | expect_err
    run 3 log --format=json db/versions
    no_out
    shallow_message | expect_err
    run 3 log --rev HEAD db/versions
    no_out
    shallow_message | expect_err
}

# shallow_clone: of a history of three, its last commit; the current directory is in it.
shallow_clone() {
    alembic_ini
    land zz
    land mm
    land aa
    git clone -q --depth 1 "file://$PWD" ../shallow
    cd ../shallow
}

case_shallow() { # Refused always, in the contract's words.
    shallow_clone
    refuses_shallow
    run 3 build
    no_out
    shallow_message | expect_err
}

case_shallow_with_all_the_commits_that_matter() { # Even where the cut is below the first migration.
    commit 'no migration'
    land zz
    land aa
    git clone -q --depth 2 "file://$PWD" ../shallow
    cd ../shallow
    refuses_shallow
}

case_shallow_worktree() { # A work tree of a shallow clone is as shallow.
    shallow_clone
    git worktree add -q ../tree HEAD
    cd ../tree
    refuses_shallow
}

case_shallow_bare() { # Bare.
    alembic_ini
    land zz
    land aa
    git clone -q --bare --depth 1 "file://$PWD" ../shallow.git
    cd ../shallow.git
    run 3 log --rev HEAD
    no_out
    shallow_message | expect_err
}

case_shallow_submodule() { # A submodule fetched with --depth.
    land zz
    land aa
    git init -q -b main ../super
    cd ../super
    tick
    git -c protocol.file.allow=always submodule --quiet add --depth 1 "file://$case_dir/repo" part
    cd part
    refuses_shallow
}

case_shallow_mended() { # The hint's command mends it.
    shallow_clone
    run 3 build db/versions
    mend
    expect_landing 'null <- zz <- mm <- aa'
}

# mend: type the first command that a hint names.
mend() {
    local command
    command=$(sed -n 's/^hint: \(git .*\)/\1/p' "$err" | head -n 1)
    [ -n "$command" ] || fail 'expected a hint with a git command'
    echo "typing: $command"
    sh -c "$command" >"$case_dir/mended" 2>&1 || {
        cat "$case_dir/mended"
        fail "expected the hint's command to succeed: $command"
    }
}

case_no_repository() { # Exit status 3; a Docker build context may leave .git out.
    land aa
    rm -rf .git
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: '
    err_has 'hint: in a Docker build: the context must be the root of the clone' '.dockerignore must let .git through' 'COPY .git .git' \
        'docker/build-push-action with context: .'
    no_file db/revision_chain.json
    alembic_ini
    run 3 log
    no_out
}

case_git_file_to_nowhere() { # A .git file whose repository is not here, as in a container that has only the work tree of a worktree.
    land aa
    git worktree add -q ../tree HEAD
    mv .git ../elsewhere
    cd ../tree
    run 3 build db/versions
    no_out
    err_has "revchain: error: $PWD/.git is a file that points to $case_dir/repo/.git/worktrees/tree" 'hint: in a Docker build' \
        'hint: in docker run'
}

# unreadable PATH [HINT]: somebody else may not read it: exit status 5 with whose it is.
unreadable() {
    local mode
    mode=$(stat -c %a "$1")
    chmod 0 "$1"
    as_nobody 5 build db/versions
    chmod "$mode" "$1"
    no_out
    err_has "revchain: error: ${2:-$PWD/$1}: "
    if [ "$(id -u)" -eq 0 ]; then
        err_has "hint: $PWD/$1 belongs to user 0, and this is user 65534: docker run --user 0:0"
    else
        err_has "hint: chmod u+rwX $PWD/$1"
    fi
}

case_unreadable_git_directory() { # Exit status 5, not "no repository".
    land aa
    unreadable .git
}

case_unreadable_objects() { # Not "damaged".
    land aa
    unreadable .git/objects
    git repack -q -a -d
    unreadable "$(find .git/objects/pack -name '*.pack')"
}

case_unreadable_head() { # Not "no commit".
    land aa
    unreadable .git/HEAD
    unreadable .git/refs/heads
}

case_unreadable_migrations() { # Not "no directory".
    land aa
    unreadable db db/versions
    unreadable db/versions db/versions
    unreadable db/versions/aa.py db/versions/aa.py
}

case_unreadable_git_file() { # Of a linked work tree.
    land aa
    git worktree add -q ../tree HEAD
    cd ../tree
    unreadable .git
}

case_unreadable_of_ones_own() { # Then it is no matter of owners.
    [ "$(id -u)" -eq 0 ] || skip 'only root can give a directory away'
    land aa
    chown -R 65534:65534 .git
    chmod 0 .git/objects
    as_nobody 5 build db/versions
    no_out
    err_has "revchain: error: $PWD/.git/objects: it cannot be read: Permission denied" "hint: chmod u+rwX $PWD/.git/objects"
}

case_directory_that_cannot_be_listed() { # The chain is written beside the lane all the same.
    land aa
    chmod 733 db
    as_nobody 0 build db/versions
    chmod 755 db
    chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
}

case_unwritable_directory() { # The old file stays; whose the directory is, for the Dockerfile's COPY --chown.
    land aa
    echo old >db/revision_chain.json
    chmod a-w db
    as_nobody 5 build db/versions
    chmod u+w db
    no_out
    err_has "revchain: error: $PWD/db/revision_chain.json: the file cannot be written: Permission denied" 'hint: write it somewhere else'
    if [ "$(id -u)" -eq 0 ]; then
        err_has "hint: $PWD/db belongs to user 0, and this is user 65534" 'COPY --chown=65534:65534'
    fi
    echo old | same revision_chain.json db/revision_chain.json
}

case_empty_git_directory() { # An empty folder named .git is no repository.
    land aa
    rm -rf .git
    mkdir .git
    run 3 build db/versions
    no_out
}

case_foreign_owner() { # .git of somebody else, as bind-mounted into a container: works, without safe.directory.
    [ "$(id -u)" -eq 0 ] || skip 'only root can give a directory away'
    land zz
    land aa
    chown -R 12345:12345 "$case_dir/repo"
    run 0 log --format=path db/versions
    paths_of zz aa | expect_out
    run 0 build db/versions
    chain_json 'null <- zz <- aa' | same revision_chain.json db/revision_chain.json
}

case_foreign_owner_for_a_user() { # Root's repository, read by somebody without powers.
    land zz
    land aa
    as_nobody 0 log --format=path db/versions
    paths_of zz aa | expect_out
}

case_worktree() { # A linked work tree: its own HEAD, the common history.
    land aa
    land bb
    git worktree add -q -b feature ../tree HEAD~1
    cd ../tree
    land cc
    expect_landing 'null <- aa <- cc'
    cd ../repo
    expect_landing 'null <- aa <- bb'
}

case_submodule() { # Inside a submodule: the submodule's history.
    land zz
    land aa
    git init -q -b main ../super
    cd ../super
    tick
    git -c protocol.file.allow=always submodule --quiet add "file://$case_dir/repo" part
    commit
    cd part
    expect_landing 'null <- zz <- aa'
    run 0 build db/versions
    chain_json 'null <- zz <- aa' | same revision_chain.json db/revision_chain.json
}

case_bare_without_configuration() { # A git directory of another name, copied without its config file: bare, as git takes it.
    land zz
    land aa
    mkdir ../copy
    cp -r .git ../copy/history
    rm ../copy/history/config
    cd ../copy/history
    [ "$(git rev-parse --is-bare-repository)" = true ]
    run 0 log --rev HEAD --format=path db/versions
    paths_of zz aa | expect_out
}

case_bare() { # With --rev; there is no place beside the directory for the file, so -o is needed.
    alembic_ini
    land zz
    land aa
    git clone -q --bare . ../bare.git
    cd ../bare.git
    run 0 log --rev main --format=path
    paths_of zz aa | expect_out
    run 0 log --rev main --format=path db/versions
    paths_of zz aa | expect_out
    run 2 build --rev main
    no_out
    err_matches '^hint: .*-o'
    run 0 build --rev main -o -
    chain_json 'null <- zz <- aa' | expect_out
    run 0 build --rev main -o "$case_dir/chain.json" db/versions
    chain_json 'null <- zz <- aa' | same chain.json "$case_dir/chain.json"
    find . -newer "$case_dir/chain.json" -name 'revision_chain*' >"$out"
    no_out
}

case_git_directory_alone() { # `COPY .git .git` and no work tree: with --rev, all is read from the commit.
    alembic_ini
    land zz
    land aa
    mkdir ../context
    mv .git ../context
    cd ../context
    run 0 log --rev HEAD --format=path
    paths_of zz aa | expect_out
    run 0 build --rev HEAD -o -
    chain_json 'null <- zz <- aa' | expect_out
    run 0 build --rev HEAD -o revision_chain.json db/versions
    chain_json 'null <- zz <- aa' | same revision_chain.json revision_chain.json
    run 2 build
    no_out
    err_has 'hint: the last commit has it: read that instead, with --rev HEAD'
    run 2 build db/versions
    no_out
    err_has 'hint: the last commit has it: read that instead, with --rev HEAD'
    run 5 build --rev HEAD
    no_out
    err_has 'hint: write it somewhere else: -o FILE'
}

case_git_directory_and_migrations() { # `COPY .git .git` and `COPY db db`: what else is missing does not count.
    alembic_ini
    echo x >README
    land zz
    land aa
    mkdir ../context
    mv .git db ../context
    cd ../context
    expect_landing 'null <- zz <- aa'
    no_complaint
}

# partial_clone FILTER [OPTION...]: clone what is here and go there.
partial_clone() {
    local filter=$1
    shift
    git config uploadpack.allowFilter true
    git config uploadpack.allowAnySHA1InWant true
    git clone -q --filter="$filter" "$@" "file://$PWD" ../partial
    cd ../partial
}

case_blobless() { # Commits and trees are all there, and so are the files of today: enough.
    land zz
    branch feature
    land mm
    land ll
    switch main
    land bb
    dynamic zz note=edited
    commit
    merge feature
    partial_clone blob:none
    expect_landing 'null <- zz <- bb <- mm <- ll'
    no_complaint
}

case_blobless_moved_directory() { # A move without an edit: the text of today is the text of then.
    land zz
    land aa
    git mv db database
    commit
    partial_clone blob:none
    lanes database/versions
    expect_order database/versions/{zz,aa}.py
}

case_blobless_needs_old_texts() { # Dates as they were at the squash commit, edited since: exit status 3, and the command that mends it.
    land base
    dynamic aa date='2024-02-02 09:00:00'
    dynamic bb date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    dynamic aa date='2024-01-01 09:00:00' note=edited
    dynamic bb date='2024-05-01 09:00:00' note=edited
    commit
    partial_clone blob:none
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: '
    no_file db/revision_chain.json
    mend
    expect_landing 'null <- base <- bb <- aa'
}

case_blobless_needs_an_old_name() { # Renamed with an edit: what the old file declared is not here.
    land zz
    land mm
    git rm -q db/versions/zz.py
    migration zz 'get_down_revision(revision)' name=aa.py note=edited
    commit
    partial_clone blob:none
    run 3 build db/versions
    no_out
    mend
    expect_order db/versions/aa.py mm
    expect_chain 'null <- zz <- mm'
}

case_blobless_without_checkout() { # Not even today's files: the same.
    alembic_ini
    land zz
    land aa
    partial_clone blob:none --no-checkout
    run 3 log --rev HEAD db/versions
    no_out
    mend
    run 0 log --rev HEAD --format=path db/versions
    paths_of zz aa | expect_out
}

case_blobless_fetches_nothing() { # A missing object is told, not fetched: no program is started for it.
    land zz
    land mm
    git rm -q db/versions/zz.py
    migration zz 'get_down_revision(revision)' name=aa.py note=edited
    commit
    partial_clone blob:none
    git config remote.origin.url "ext::sh -c 'touch $case_dir/executed'"
    git config protocol.ext.allow always
    git config remote.origin.uploadpack "touch $case_dir/executed;"
    run 3 build db/versions
    no_file "$case_dir/executed"
}

case_treeless() { # Trees are missing: exit status 3, and the command that mends it.
    land zz
    branch feature
    land mm
    land ll
    switch main
    land bb
    merge feature
    partial_clone tree:0
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: '
    err_has 'actions/checkout without filter:'
    no_file db/revision_chain.json
    mend
    expect_landing 'null <- zz <- bb <- mm <- ll'
}

case_treeless_log() { # log as well.
    land zz
    land mm
    land aa
    partial_clone tree:0
    run 3 log --format=path db/versions
    no_out
}

case_missing_object() { # Not a partial clone: a damaged one. The object is named.
    local id
    land aa
    land bb
    land cc
    id=$(git rev-parse 'HEAD~1^{tree}')
    rm -f ".git/objects/${id:0:2}/${id:2}"
    run 3 build db/versions
    no_out
    err_has "${id:0:7}"
    no_file db/revision_chain.json
}

# object_file NAME: the file of a loose object, made writable.
object_file() {
    local id
    id=$(git rev-parse "$1")
    chmod u+w ".git/objects/${id:0:2}/${id:2}"
    echo ".git/objects/${id:0:2}/${id:2}"
}

case_broken_object() { # A commit with bytes that are no zlib stream.
    land aa
    land bb
    land cc
    printf XXXX | dd of="$(object_file HEAD~1)" bs=1 seek=30 conv=notrunc status=none
    run 3 build db/versions
    no_out
    err_has "$(git rev-parse HEAD~1)"
    no_file db/revision_chain.json
}

case_empty_object() { # The most common damage: a file of no bytes, after the power failed.
    land aa
    land bb
    land cc
    : >"$(object_file HEAD~1)"
    run 3 build db/versions
    no_out
    err_has "$(git rev-parse HEAD~1)"
    no_file db/revision_chain.json
}

case_truncated_object() { # Half a file.
    land aa
    land bb
    land cc
    truncate -s 60 "$(object_file HEAD~1)"
    run 3 build db/versions
    no_out
    err_has "$(git rev-parse HEAD~1)"
}

case_broken_history_of_a_static_project() { # Which is not walked to judge it; what a question needs of it is told.
    local id
    land_static aa
    branch other
    land_static bb aa
    switch main
    land_static cc aa
    commit 'something else'
    id=$(git rev-parse HEAD~1)
    rm -f ".git/objects/${id:0:2}/${id:2}"
    run 0 check db/versions
    run 3 check --since other db/versions
    err_has 'the history cannot be read: ' "$id" 'hint: git fsck'
    run 3 check --onto other db/versions
    err_has "commit $id is missing" 'hint: git fsck'
}

case_disk_that_fails() { # Told by what could not be read, and never taken for an end of it.
    alembic_ini
    land aa
    failing read EIO "$PWD/db/versions/aa.py"
    run 5 build -o -
    err_has 'revchain: error: db/versions/aa.py: Input/output error'
    failing getdents64 EIO "$PWD/db/versions"
    run 5 build -o -
    err_has 'revchain: error: db/versions: Input/output error'
    failing '/^readlink(at)?$' EIO "$PWD/db/versions"
    run 5 build -o -
    err_has 'revchain: error: db/versions: Input/output error'
    failing read EIO "$PWD/$(object_file HEAD)"
    run 3 build -o - db/versions
    err_has "$(git rev-parse HEAD)" 'cannot be read: Input/output error'
    no_out
}

case_size_that_no_memory_has() { # A pack that says of a tree that it has a terabyte is damaged, and memory has not run out.
    local tree
    skip_if_sanitized
    without_valgrind
    land aa
    tree=$(git rev-parse 'HEAD^{tree}')
    "$python" "$tests_dir/large.py" claim $((1 << 40)) "$tree"
    ulimit -Sv 4194304
    run 3 build -o - db/versions
    err_has "the repository is damaged: tree $tree says that it has 1099511627776 bytes" 'hint: git fsck'
}

case_size_of_a_base_that_no_memory_has() { # The same of what a tree is a difference to, which is never read by itself.
    local tree
    skip_if_sanitized
    without_valgrind
    land aa
    land bb
    tree=$(git rev-parse 'HEAD:db/versions')
    "$python" "$tests_dir/large.py" claim $((1 << 40)) 'HEAD~1:db/versions' "$tree"
    ulimit -Sv 4194304
    run 3 heads --rev HEAD db/versions
    err_has "the repository is damaged: tree $tree" 'hint: git fsck'
}

case_size_of_an_old_version_that_is_not_true() { # As if aa had been no migration under its old name, it would have landed behind bb.
    local blob
    land aa
    land bb
    git rm -q db/versions/aa.py
    dynamic aa name=zz.py note='another text'
    commit 'Rename and rewrite'
    expect_order db/versions/{zz,bb}.py
    blob=$(git rev-parse HEAD~2:db/versions/aa.py)
    "$python" "$tests_dir/large.py" claim $((20 << 20)) "$blob"
    run 3 log --format=path db/versions
    err_has "revchain: error: db/versions/aa.py: the repository is damaged: blob $blob cannot be read" 'hint: git fsck'
    no_out
}

case_size_of_an_old_version_that_is_never_read() { # More than is compared with its name, so that it cannot be told.
    local blob
    land aa
    land bb
    git mv db/versions/aa.py db/versions/zz.py
    commit 'Rename'
    git rm -q db/versions/zz.py
    dynamic aa name=zz.py note='another text'
    commit 'Rewrite'
    blob=$(git rev-parse HEAD~2:db/versions/aa.py)
    "$python" "$tests_dir/large.py" claim $((1 << 40)) "$blob"
    run 3 log --format=path db/versions
    err_has "revchain: error: db/versions/" "blob $blob says that it has 1099511627776 bytes: more than 512 MiB are not compared with their name" \
        'hint: git fsck says whether the repository is damaged'
    no_out
}

case_size_of_one_that_decided_a_tie() { # bb is gone, and had no date: what it was decides between the others.
    local blob
    dynamic aa date='2024-02-03 09:00:00'
    dynamic bb
    dynamic cc date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    git rm -q db/versions/bb.py
    commit 'Remove bb'
    blob=$(git rev-parse HEAD~1:db/versions/bb.py)
    "$python" "$tests_dir/large.py" claim $((20 << 20)) "$blob"
    run 3 log --format=path db/versions
    err_has "revchain: error: db/versions/bb.py: the repository is damaged: blob $blob cannot be read"
    no_out
}

case_old_version_that_is_too_large() { # It is none of a migration, which is sure once it has been read.
    land aa
    land bb
    git rm -q db/versions/aa.py
    truncate -s 17M db/versions/ab.py
    commit 'Replace aa by what is no migration'
    git mv db/versions/ab.py db/versions/ac.py
    commit 'Rename it'
    git rm -q db/versions/ac.py
    dynamic aa
    commit 'Back again'
    expect_order bb aa
}

case_broken_head() { # HEAD points to a commit that is not there.
    land aa
    echo 1234567890123456789012345678901234567890 >.git/refs/heads/main
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: '
}

case_empty_repository() { # No commit yet: all are uncommitted, so by date or path, and a warning names them.
    dynamic bb
    dynamic aa
    expect_landing 'null <- aa <- bb'
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
    run 1 build --strict db/versions
    run 2 log --rev HEAD db/versions
    no_out
}

case_untracked_directory() { # A history without the lane: the same.
    commit 'something else'
    dynamic bb
    dynamic aa
    expect_landing 'null <- aa <- bb'
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
}

case_sha256() { # Refused unless supported: exit status 3 with the reason.
    cd ..
    git init -q -b main --object-format=sha256 new 2>/dev/null || skip 'this git has no SHA-256'
    cd new
    land zz
    land aa
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: .*[Ss][Hh][Aa]-?256'
    no_file db/revision_chain.json
}

case_unknown_extension() { # A repository of a later git: exit status 3.
    land aa
    git config core.repositoryFormatVersion 1
    git config extensions.fromTheFuture true
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: .*fromthefuture'
}

case_reftable() { # Refs in a format that libgit2 does not know, rather than a wrong HEAD.
    cd ..
    git init -q -b main --ref-format=reftable new 2>/dev/null || skip 'this git has no reftable'
    cd new
    land aa
    run 3 build db/versions
    no_out
    err_matches '^revchain: error: .*ref'
}

case_replace_refs() { # Left out of account, with a warning: the history is what was committed.
    land zz
    land mm
    land aa
    git replace --graft HEAD~1
    expect_landing 'null <- zz <- mm <- aa'
    err_matches '^revchain: warning: .*replace'
}

case_replace_refs_packed() { # In packed-refs all the same.
    land zz
    land mm
    land aa
    git replace --graft HEAD~1
    git pack-refs --all
    expect_landing 'null <- zz <- mm <- aa'
    err_matches '^revchain: warning: .*replace'
}

case_grafts() { # The same for the old file.
    land zz
    land mm
    land aa
    git rev-parse HEAD~1 >.git/info/grafts
    expect_landing 'null <- zz <- mm <- aa'
    err_matches '^revchain: warning: .*graft'
}

case_nothing_is_executed() { # Whatever a repository configures, nothing of it runs; and no git, no Python, no pager.
    local hook name
    alembic_ini
    land zz
    echo "open('$case_dir/executed', 'w')" >>db/versions/zz.py
    echo "open('$case_dir/executed', 'w')" >db/env.py
    printf '*.py diff=evil filter=evil merge=evil\n' >.gitattributes
    commit
    land aa
    git mv db/versions/zz.py db/versions/renamed.py
    commit
    printf '#!/bin/sh\ntouch "%s"\n' "$case_dir/executed" >"$case_dir/evil"
    chmod +x "$case_dir/evil"
    mkdir "$case_dir/bin"
    for name in git python python3 less ssh alembic; do ln -s ../evil "$case_dir/bin/$name"; done
    for hook in pre-commit post-checkout post-index-change fsmonitor-watchman reference-transaction; do
        ln -sf "$case_dir/evil" ".git/hooks/$hook"
    done
    {
        printf '[core]\n'
        printf '\t%s = %s\n' fsmonitor "$case_dir/evil" hooksPath "$case_dir/bin" pager "$case_dir/evil" editor "$case_dir/evil" \
            sshCommand "$case_dir/evil" askPass "$case_dir/evil" gitProxy "$case_dir/evil" alternateRefsCommand "$case_dir/evil"
        printf '[diff]\n\texternal = %s\n[diff "evil"]\n\ttextconv = %s\n\tcommand = %s\n' "$case_dir"/{evil,evil,evil}
        printf '[filter "evil"]\n\tclean = %s\n\tsmudge = %s\n\tprocess = %s\n' "$case_dir"/{evil,evil,evil}
        printf '[credential]\n\thelper = %s\n[gpg]\n\tprogram = %s\n[pager]\n\tlog = %s\n' "$case_dir"/{evil,evil,evil}
        printf '[alias]\n\tlog = !%s\n[include]\n\tpath = %s\n' "$case_dir/evil" "$case_dir/more"
    } >>.git/config
    printf '[core]\n\tfsmonitor = %s\n' "$case_dir/evil" >"$case_dir/more"
    PATH=$case_dir/bin:$PATH
    run 0 build
    run 0 log
    run 0 log --format=path db/versions
    paths_of renamed aa | expect_out
    run 0 log --rev HEAD --format=json
    run 0 build --rev HEAD -o -
    no_file "$case_dir/executed"
}
