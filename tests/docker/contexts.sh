# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # backquotes in messages; what run and lib.sh set
# What a build context may lack: every builder stops, with the exit status and the line to change, and where that line is changed
# goes through.

context() { # context NAME [OPTION...]: a clone of the example, to build from
    local name=$1
    shift
    git clone -q "$@" "file://$repository" "$work/$name"
    chain_stage "$work/$name"
}

case_context() { # The stage of README: a full clone.
    build_image
    context full
    chained "$work/full"
}

case_git_ignored() { # .git in .dockerignore.
    build_image
    context ignored
    printf '*.md\n.git\n' >"$work/ignored/.dockerignore"
    refused 3 "$work/ignored" 'revchain: error: no git repository in /app' 'hint: in a Docker build: ' \
        '.dockerignore must let .git through (a last line `!.git`)'
    echo '!.git' >>"$work/ignored/.dockerignore"
    chained "$work/ignored"
}

case_git_not_copied() { # The stage copies the migrations alone.
    build_image
    context uncopied
    chain_stage "$work/uncopied" 'COPY alembic.ini .' 'COPY migrations migrations' 'RUN ["/revchain", "build"]'
    refused 3 "$work/uncopied" 'revchain: error: no git repository in /app' 'the stage needs `COPY .git .git`'
    chain_stage "$work/uncopied" 'COPY .git .git' 'COPY alembic.ini .' 'COPY migrations migrations' 'RUN ["/revchain", "build"]'
    chained "$work/uncopied"
}

case_context_below_the_root() { # A directory of the clone as context.
    build_image
    context monorepo
    cp "$work/monorepo/Dockerfile" "$work/monorepo/migrations/"
    refused 3 "$work/monorepo/migrations" 'revchain: error: no git repository in /app' \
        'the context must be the root of the clone'
}

case_shallow_context() { # As CI checks out by default.
    build_image
    context shallow --depth 1
    refused 3 "$work/shallow" 'revchain: error: this is a shallow clone' 'hint: git fetch --unshallow' \
        'actions/checkout with fetch-depth: 0' 'GIT_DEPTH: 0'
    git -C "$work/shallow" fetch -q --unshallow
    chained "$work/shallow"
}

case_example_stops_too() { # The example's own Dockerfile on a shallow clone.
    build_image
    git clone -q --depth 1 "file://$repository" "$work/shallow-example"
    sed -i "s/^ARG REVCHAIN=.*/ARG REVCHAIN=$image/" "$work/shallow-example/Dockerfile"
    refused 3 "$work/shallow-example" 'revchain: error: this is a shallow clone' 'hint: git fetch --unshallow'
}

case_worktree_context() { # .git is a file: a work tree of its own.
    build_image
    context main
    git -C "$work/main" worktree add -q "$work/tree"
    chain_stage "$work/tree"
    refused 3 "$work/tree" "revchain: error: /app/.git is a file that points to $work/main/.git/worktrees/tree" \
        'git clone . DIR && docker build DIR'
    (cd "$work/tree" && git clone -q . "$work/of-tree")
    chain_stage "$work/of-tree"
    chained "$work/of-tree"
}

case_submodule_context() { # .git is a file: a submodule.
    build_image
    git init -q "$work/super"
    git -C "$work/super" -c protocol.file.allow=always submodule --quiet add "file://$repository" shop
    chain_stage "$work/super/shop"
    refused 3 "$work/super/shop" 'revchain: error: /app/.git is a file that points to ../.git/modules/shop' \
        'git clone . DIR && docker build DIR'
    (cd "$work/super/shop" && git clone -q . "$work/of-submodule")
    chain_stage "$work/of-submodule"
    chained "$work/of-submodule"
}

case_git_without_work_tree() { # COPY .git alone.
    build_image
    context bare
    chain_stage "$work/bare" 'COPY .git .git' 'RUN ["/revchain", "build", "migrations/versions"]'
    refused 2 "$work/bare" "revchain: error: there is no directory 'migrations/versions'" \
        'hint: the last commit has it: read that instead, with --rev HEAD'
    chain_stage "$work/bare" 'COPY .git .git' 'RUN ["/revchain", "build", "--rev", "HEAD"]'
    refused 5 "$work/bare" 'revchain: error: /app/migrations/revision_chain.json: the file cannot be written' \
        'hint: write it somewhere else: -o FILE'
    chain_stage "$work/bare" 'COPY .git .git' 'RUN ["/revchain", "build", "--rev", "HEAD", "-o", "/chain.json"]'
    chained "$work/bare" /chain.json
}

case_blobless_context() { # Commits and trees are enough.
    build_image
    git -C "$repository" config uploadpack.allowFilter true
    context blobless --filter=blob:none
    chained "$work/blobless"
}

case_treeless_context() { # Without trees there is no history of files.
    build_image
    git -C "$repository" config uploadpack.allowFilter true
    context treeless --filter=tree:0
    refused 3 "$work/treeless" 'and this partial clone left it out' 'hint: git fetch --refetch --no-filter' \
        'actions/checkout without filter:'
    git -C "$work/treeless" fetch -q --refetch --no-filter
    chained "$work/treeless"
}

case_unwritable_output() { # The stage runs as another user than its files'.
    build_image
    context unwritable
    chain_stage "$work/unwritable" 'USER 4242:4242' 'COPY . .' 'RUN ["/revchain", "build"]'
    refused 5 "$work/unwritable" 'revchain: error: /app/migrations/revision_chain.json: the file cannot be written: Permission denied' \
        'hint: /app/migrations belongs to user 0, and this is user 4242' 'COPY --chown=4242:4242'
    chain_stage "$work/unwritable" 'USER 4242:4242' 'COPY --chown=4242:4242 . .' 'RUN ["/revchain", "build"]'
    chained "$work/unwritable"
}

case_old_chain_in_context() { # A chain file that is older than the migrations does not win, whether .dockerignore names it or not.
    build_image
    context old
    rm "$work/old/.dockerignore"
    echo '{}' >"$work/old/migrations/revision_chain.json"
    chained "$work/old"
}
