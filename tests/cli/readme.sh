# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# What README tells a user to type does what it says.

# section HEADING: what README has under a heading.
section() { sed -n "/^## $1\$/,/^## /p" "$tests_dir/../../README.md"; }

# ci_value KEY: the value of a key of README's CI job.
ci_value() { section 'Use in CI' | sed -n "/^jobs:/,/^\`\`\`/s/^ *$1: //p"; }

# The shell commands of README's CI job, as the runner would get them.
ci_commands() {
    section 'Use in CI' | sed -n '/^jobs:/,/^```/p' |
        sed -n '/^        run: |$/,/^      - /{/^          /s/^          //p}'
}

with_program() {
    mkdir -p "$case_dir/bin"
    ln -sf "$REVCHAIN" "$case_dir/bin/revchain"
    PATH=$case_dir/bin:$PATH
}

case_ci_job() { # In a full clone the job's commands leave the artifact where the job looks for it.
    with_program
    "$tests_dir/sample.sh" "$case_dir/shop"
    git clone -q "$case_dir/shop" "$case_dir/runner"
    cd "$case_dir/runner"
    [ "$(ci_value fetch-depth)" = 0 ] || fail 'expected the job to have fetch-depth: 0'
    ci_commands >"$case_dir/job"
    grep -q 'revchain build' "$case_dir/job" || fail 'expected the job to build the chain'
    bash -e "$case_dir/job" >"$out" 2>"$err" || fail 'expected the job to succeed'
    "$REVCHAIN" build -o - migrations/versions | same artifact "$(ci_value path)"
}

case_ci_job_shallow() { # With the default depth of a checkout it fails, and leaves nothing.
    with_program
    "$tests_dir/sample.sh" "$case_dir/shop"
    git clone -q --depth 1 "file://$case_dir/shop" "$case_dir/runner"
    cd "$case_dir/runner"
    ci_commands >"$case_dir/job"
    if bash -e "$case_dir/job" >"$out" 2>"$err"; then fail 'expected the job to fail'; fi
    err_has 'fetch-depth: 0'
    no_file "$(ci_value path)"
}

case_ci_job_is_the_examples() { # README shows a job of the example's workflow, to the letter.
    local workflow=$tests_dir/../../docker/example/.github/workflows/image.yml
    section 'Use in CI' | sed -n '/^jobs:/,/^```/{/^```/d;p}' >"$out"
    sed -n '/^jobs:/,/^  build:/{/^  build:/d;p}' "$workflow" | expect_out
}

# pipeline STATUS SERVICE: both jobs of the example's CI on the repository $case_dir/shop. A `docker` stands in for Docker; the real one is
# used in tests/docker.
pipeline() {
    local status=0
    with_program
    # shellcheck disable=SC2016
    printf '#!/bin/sh\n[ "$1" = info ] || { pwd; cat migrations/revision_chain.json; } >"%s/image"\n' "$case_dir" >"$case_dir/bin/docker"
    chmod +x "$case_dir/bin/docker"
    ran="tests/docker/pipeline $2"
    "$tests_dir/../docker/pipeline" "$2" "$case_dir/shop" "$case_dir/$2" revchain-test:1 >"$out" 2>"$err" || status=$?
    [ "$status" -eq "$1" ] || fail "expected exit status $1, got $status"
}

case_ci_pipeline() { # The image is built with the chain that the first job made, where there is no history to make it from.
    "$tests_dir/../../docker/example/make-repository" "$case_dir/shop"
    git -C "$case_dir/shop" tag v1.9 HEAD~3
    git -C "$case_dir/shop" tag v1.10 HEAD~2
    git -C "$case_dir/shop" tag v2.0
    for service in github gitlab; do
        pipeline 0 "$service"
        { echo "$case_dir/$service/build" && "$REVCHAIN" build --rev HEAD -o - "$case_dir/shop/migrations/versions"; } |
            same "$service: what the image is built from" "$case_dir/image"
        [ "$(git -C "$case_dir/$service/build" rev-list --count HEAD)" -eq 1 ] || fail 'expected the second clone to be shallow'
        sed -n '/^release=/,/)$/p' "$case_dir/$service/chain.sh" >"$case_dir/release.sh"
        # shellcheck disable=SC2016
        echo 'echo "$release"' >>"$case_dir/release.sh"
        [ "$(cd "$case_dir/$service/chain" && bash -e "$case_dir/release.sh")" = v1.10 ] || fail 'expected the release before this one'
        rm "$case_dir/image"
    done
}

case_ci_pipeline_since_release() { # What the last release would skip stops it.
    "$tests_dir/../../docker/example/make-repository" "$case_dir/shop"
    cd "$case_dir/shop"
    git tag v1
    branch foxtrot HEAD~3
    dynamic ff in=migrations/versions
    commit
    merge main
    git branch -f main
    switch main
    for service in github gitlab; do
        pipeline 4 "$service"
        err_has "'ff' (new" 'which a database at v1 has without it'
        no_file "$case_dir/image"
    done
}

case_install() { # `make install` puts everything where a program that embeds the library finds it, and uninstall takes it away.
    local make=(make -s -C "$tests_dir/../.." "B=$(dirname "$REVCHAIN")" "DESTDIR=$case_dir/root" PREFIX=/usr)
    [ -e "$(dirname "$REVCHAIN")/librevchain.a" ] || skip 'the program is not in a build directory'
    skip_if_instrumented
    "${make[@]}" install >"$out" 2>&1 || fail 'expected make install to succeed'
    "$case_dir/root/usr/bin/revchain" --version >"$out"
    printf '#include <revchain/revchain.h>\nint main(void) { return revchain_is_migration_path("a.py") ? 0 : 1; }\n' >"$case_dir/use.c"
    # shellcheck disable=SC2046
    cc -o "$case_dir/use" "$case_dir/use.c" $(PKG_CONFIG_PATH=$case_dir/root/usr/lib/pkgconfig pkg-config \
        --define-variable=prefix="$case_dir/root/usr" --cflags --libs revchain) $(pkg-config --libs libcjson)
    "$case_dir/use"
    for file in lib/librevchain.a lib/pkgconfig/revchain.pc share/man/man1/revchain.1 \
        share/bash-completion/completions/revchain share/zsh/site-functions/_revchain share/fish/vendor_completions.d/revchain.fish; do
        [ -s "$case_dir/root/usr/$file" ] || fail "expected $file"
    done
    "${make[@]}" uninstall >"$out" 2>&1
    [ -z "$(find "$case_dir/root" -type f)" ] || fail 'expected make uninstall to leave no file'
}

# gate_command TEXT: the line of README's section on the gate that begins so, without what a YAML list puts in front.
gate_command() { section 'The gate' | sed 's/^ *- //' | grep -m 1 "^$1"; }

# A clone of depth 1 of a project of static migrations with two heads, and of a dynamic one.
shallow_clones() {
    land_static aa
    land_static bb aa
    alembic_ini
    commit
    git clone -q --depth 1 "file://$PWD" "$case_dir/static"
    land d1
    git clone -q --depth 1 "file://$PWD" "$case_dir/dynamic"
}

case_gate_shell() { # The plain shell's lines pass on either project in a shallow clone, and fail once there are two heads.
    with_program
    shallow_clones
    section 'The gate' | sed -n '/^```sh$/,/^```$/{/^```/d;p}' >"$case_dir/job"
    [ -s "$case_dir/job" ] || fail 'expected README to have shell lines for the gate'
    cd "$case_dir/static"
    bash -e "$case_dir/job" >"$out" 2>"$err" || fail 'expected the static project to pass'
    static cc aa
    commit
    if bash -e "$case_dir/job" >"$out" 2>"$err"; then fail 'expected the two heads to fail'; fi
    err_has 'there are 2 heads'
    cd "$case_dir/dynamic"
    bash -e "$case_dir/job" >"$out" 2>"$err" || fail 'expected the dynamic project to pass'
    err_has '3 migrations, 1 head: d1'
}

case_gate_gitlab() { # Its script, in the clone that GitLab makes: shallow without the variable, which only dynamic ones need.
    with_program
    shallow_clones
    gate_command 'revchain check$' >"$case_dir/job"
    cd "$case_dir/static"
    bash -e "$case_dir/job" 2>"$err" || fail 'expected the static project to pass in a shallow clone'
    cd "$case_dir/dynamic"
    if bash -e "$case_dir/job" 2>"$err"; then fail 'expected the dynamic project to fail in a shallow clone'; fi
    err_has 'GIT_DEPTH: 0'
    section 'The gate' | grep -q '^ *GIT_DEPTH: 0' || fail 'expected the snippet to set GIT_DEPTH: 0'
    git fetch -q --unshallow
    bash -e "$case_dir/job" 2>"$err" || fail 'expected the dynamic project to pass in a full clone'
}

case_gate_action() { # What the action does: its build script puts a program on the PATH, and its last step runs README's words.
    local action=$tests_dir/../../.github/actions/revchain words
    [ -e "$(dirname "$REVCHAIN")/librevchain.a" ] || skip 'the program is not in a build directory'
    [ "$(dirname "$REVCHAIN")" -ef "$tests_dir/../../build" ] || skip 'the program is not that of build/'
    GITHUB_PATH=$case_dir/path "$action/build" >"$out" 2>"$err" || fail 'expected the build to succeed'
    [ "$(cat "$case_dir/path")/revchain" -ef "$REVCHAIN" ] || fail "expected the path of the program, got $(cat "$case_dir/path")"
    sed -n '/^      run: |$/,${/^        /s/^        //p}' "$action/action.yml" >"$case_dir/step"
    words=$(section 'The gate' | sed -n 's/^ *args: //p')
    [ "$words" = "$(sed -n 's/^    default: \(check.*\)/\1/p' "$action/action.yml")" ] || fail 'expected README to show the default'
    PATH=$(cat "$case_dir/path"):$PATH
    land_static aa
    land_static bb aa
    alembic_ini
    REVCHAIN_ARGS=$words bash -e "$case_dir/step" >"$out" 2>"$err" || fail 'expected one head to pass'
    land_static cc aa
    if REVCHAIN_ARGS=$words bash -e "$case_dir/step" >"$out" 2>"$err"; then fail 'expected two heads to fail'; fi
    out_has '::error file=db/versions/bb.py,line=10,'
}

case_gates_table() { # Every finding and option that the table names is one.
    local word count=0
    land_static aa
    while read -r word; do
        case $word in
        --*) run 0 check "$word" fork db/versions ;;
        *) run 0 check --allow "$word" db/versions ;;
        esac
        count=$((count + 1))
    done < <(section 'The gate' | sed -n '/^| gate/,/^$/s/.*| \(`.*\) |$/\1/p' | grep -o '`[^`]*`' | tr -d '`')
    [ "$count" -gt 8 ] || fail 'expected the table to name findings'
}
