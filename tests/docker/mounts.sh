# shellcheck shell=bash
# shellcheck disable=SC2154 # what run and lib.sh set
# `docker run` on a repository that is mounted into the container.

# run_on DIRECTORY MODE [OPTION...] -- ARGUMENT...: revchain there; $output has what it printed, $status how it ended
run_on() {
    local directory=$1 mode=$2 options=()
    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    status=0
    output=$(docker run --rm --label "$label" --network none -v "$directory:$directory:$mode" -w "$directory" "${options[@]}" \
        "$image" "$@" 2>&1) || status=$?
}

said() { # said STATUS TEXT...
    local expected=$1 text
    shift
    equal "exit status, having said: $output" "$expected" "$status"
    for text; do contains 'what revchain says' "$text" "$output"; done
}

needs_root() { [ "$(id -u)" -eq 0 ] || skip 'only root can give a repository to another user'; }

case_mount() { # Read-only, a read-only container, somebody else's user: to standard output.
    build_image
    run_on "$repository" ro --read-only --user 4242:4242 -- build -o -
    said 0
    equal 'chain' "$(expected_chain)" "$output"
}

case_mount_of_another_owner() { # Root in the container, files of a user: no safe.directory, and the file is written.
    build_image
    needs_root
    git clone -q "$repository" "$work/owned"
    chown -R 4242:4242 "$work/owned"
    run_on "$work/owned" rw -- build
    said 0
    equal 'chain' "$(expected_chain)" "$(cat "$work/owned/migrations/revision_chain.json")"
}

case_read_only_mount() { # The file has no place beside the migrations.
    build_image
    run_on "$repository" ro -- build
    said 5 "revchain: error: $repository/migrations/revision_chain.json: the file cannot be written: Read-only file system" \
        'hint: write it somewhere else: -o FILE, or to standard output: -o -'
    mkdir "$work/out"
    run_on "$repository" ro -v "$work/out:/out" -- build -o /out/chain.json
    said 0
    equal 'chain' "$(expected_chain)" "$(cat "$work/out/chain.json")"
}

case_unwritable_mount() { # The container's user may read, not write.
    build_image
    needs_root
    git clone -q "$repository" "$work/unwritable-mount"
    chown -R 4242:4242 "$work/unwritable-mount"
    run_on "$work/unwritable-mount" rw --user 4343:4343 -- build
    said 5 'the file cannot be written: Permission denied' "hint: $work/unwritable-mount/migrations belongs to user 4242" \
        'docker run --user 4242:4242'
    run_on "$work/unwritable-mount" rw --user 4242:4242 -- build
    said 0
    equal 'chain' "$(expected_chain)" "$(cat "$work/unwritable-mount/migrations/revision_chain.json")"
}

case_unreadable_mount() { # It may not even read .git: that is said, and not that there is none.
    build_image
    needs_root
    git clone -q "$repository" "$work/unreadable"
    chmod 700 "$work/unreadable/.git"
    run_on "$work/unreadable" rw --user 4242:4242 -- build
    said 5 "revchain: error: $work/unreadable/.git: it cannot be read: Permission denied" 'docker run --user 0:0'
    run_on "$work/unreadable" rw --user 0:0 -- build -o -
    said 0
}

case_mounted_worktree() { # .git is a file, and what it points to is not in the container.
    build_image
    git clone -q "$repository" "$work/main-of-mount"
    git -C "$work/main-of-mount" worktree add -q "$work/mounted-tree"
    run_on "$work/mounted-tree" rw -- build -o -
    said 3 "revchain: error: $work/mounted-tree/.git is a file that points to $work/main-of-mount/.git/worktrees/mounted-tree" \
        'hint: in docker run: mount the repository that it belongs to as well, at the path that it has outside'
    run_on "$work/mounted-tree" rw -v "$work/main-of-mount:$work/main-of-mount:ro" -- build -o -
    said 0
    equal 'chain' "$(expected_chain)" "$output"
}
