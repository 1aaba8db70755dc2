# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# What README tells a user to type does what it says.

# ci_value KEY: the value of a key of README's CI job.
ci_value() { sed -n "/^jobs:/,/^\`\`\`/s/^ *$1: //p" "$tests_dir/../../README.md"; }

# The shell commands of README's CI job, as the runner would get them.
ci_commands() {
    sed -n '/^jobs:/,/^```/p' "$tests_dir/../../README.md" |
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

case_install() { # `make install` puts everything where a program that embeds the library finds it, and uninstall takes it away.
    local make=(make -s -C "$tests_dir/../.." "B=$(dirname "$REVCHAIN")" "DESTDIR=$case_dir/root" PREFIX=/usr)
    [ -e "$(dirname "$REVCHAIN")/librevchain.a" ] || skip 'the program is not in a build directory'
    "${make[@]}" install >"$out" 2>&1 || fail 'expected make install to succeed'
    "$case_dir/root/usr/bin/revchain" --version >"$out"
    printf '#include <revchain/revchain.h>\nint main(void) { return revchain_is_migration_path("a.py") ? 0 : 1; }\n' >"$case_dir/use.c"
    # shellcheck disable=SC2046
    cc -o "$case_dir/use" "$case_dir/use.c" $(PKG_CONFIG_PATH=$case_dir/root/usr/lib/pkgconfig pkg-config \
        --define-variable=prefix="$case_dir/root/usr" --cflags --libs revchain) $(pkg-config --libs libcjson)
    "$case_dir/use"
    for file in lib/librevchain.a lib/pkgconfig/revchain.pc share/man/man1/revchain.1; do
        [ -s "$case_dir/root/usr/$file" ] || fail "expected $file"
    done
    "${make[@]}" uninstall >"$out" 2>&1
    [ -z "$(find "$case_dir/root" -type f)" ] || fail 'expected make uninstall to leave no file'
}
