# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
# The sandbox that the program enters once a repository is open.
set -eu -o pipefail

# attempts ARGUMENT...: run the program with an intruder in it (tests/faults/attempt.c); what the intruder could do is in $out.
attempts() {
    local shim=${REVCHAIN%/*}/tests/faults/attempt.so
    skip_if_instrumented
    [ -e "$shim" ] || skip "there is no $shim: make test builds it"
    readelf -dW "$REVCHAIN" | grep -q NEEDED || skip 'a static program takes no LD_PRELOAD'
    echo precious >"$case_dir/precious"
    LD_PRELOAD=$shim ATTEMPT_FILE=$case_dir/precious ATTEMPT_OUTSIDE=$case_dir revchain "$@" >/dev/null 2>"$err"
    sed -n 's/^attempt: //p' "$err" >"$out"
}

# in_a_full_sandbox: skip where the kernel or the container has no Landlock or no seccomp.
in_a_full_sandbox() {
    run 0 log -v db/versions
    grep -qx 'revchain: in a sandbox: Landlock, seccomp' "$err" || skip "$(grep sandbox "$err")"
}

# refused_but NAME...: these attempts alone came through.
refused_but() {
    local name
    for name in fork thread socket unix-socket read-memory new-code make-file make-file-in-git make-file-beside-the-lane \
        open-to-write truncate unlink chmod read exec; do
        case " $* " in
        *" $name "*) echo "$name done" ;;
        *) echo "$name refused" ;;
        esac
    done | expect_out
    echo precious | same 'the file' "$case_dir/precious"
}

case_nothing_but_reading() { # A command that writes nothing.
    land aa
    in_a_full_sandbox
    attempts log db/versions
    refused_but thread read
    attempts build -o - db/versions
    refused_but thread read
}

case_build_writes_beside_the_lane() { # And nowhere else, the repository's own directory included.
    land aa
    in_a_full_sandbox
    attempts build db/versions
    refused_but thread read make-file-beside-the-lane
    chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
}

case_build_writes_where_it_is_told_to() { # With -o: there, and nowhere else.
    land aa
    mkdir "$case_dir/dist"
    in_a_full_sandbox
    attempts build -o "$case_dir/dist/chain.json" db/versions
    refused_but thread read
    chain_json 'null <- aa' | same chain.json "$case_dir/dist/chain.json"
}

case_without_it() { # REVCHAIN_SANDBOX=off: what the attempts come to then, so that they are known to be real ones.
    land aa
    export REVCHAIN_SANDBOX=off
    run 0 log -v db/versions
    err_has 'no sandbox: REVCHAIN_SANDBOX=off'
    attempts log db/versions
    out_has 'fork done' 'socket done' 'new-code done' 'make-file done' 'truncate done' 'unlink done'
    out_lacks 'exec refused'
}

case_a_kernel_without_it() { # Or a container that refuses the calls: the program works, and says so with -v.
    skip_if_instrumented
    local error
    command -v strace >/dev/null || skip 'there is no strace'
    land aa
    for error in ENOSYS EPERM; do
        program=(strace -qq -o /dev/null -e "inject=landlock_create_ruleset,seccomp:error=$error" -e
            "inject=prctl:error=EINVAL:when=2+" "$REVCHAIN")
        run 0 build -v db/versions
        err_has 'no sandbox: neither Landlock nor seccomp is to be had here'
        chain_json 'null <- aa' | same revision_chain.json db/revision_chain.json
    done
}

case_memory_is_bounded() { # 4 GiB, unless less is allowed already.
    skip_if_instrumented
    command -v strace >/dev/null || skip 'there is no strace'
    land aa
    program=(strace -qq -o "$case_dir/trace" -e trace=prlimit64,setrlimit "$REVCHAIN")
    (ulimit -Hd unlimited && ulimit -Sd unlimited && run 0 log db/versions) || skip 'the limit cannot be lifted here'
    grep -qF 'rlim_cur=4194304*1024' "$case_dir/trace" || fail "expected a limit of 4 GiB: $(cat "$case_dir/trace")"
}

case_threads_are_no_processes() { # Files are read side by side, where there is more than one processor.
    local number
    command -v strace >/dev/null || skip 'there is no strace'
    [ "$(nproc)" -gt 1 ] || skip 'there is one processor'
    land aa
    in_a_full_sandbox
    for number in $(seq 200); do
        echo "revision = 'r$number'" >"db/versions/r$number.py"
    done
    program=(strace -f -qq -o "$case_dir/trace" -e trace=clone,clone3 "$REVCHAIN")
    run 1 check db/versions
    grep -q 'CLONE_THREAD.* = [0-9]' "$case_dir/trace" || fail "expected a thread: $(cat "$case_dir/trace")"
}
