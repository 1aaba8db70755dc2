# shellcheck shell=bash
# What the compiler and the linker put into the program against mistakes in it (readelf is binutils').

case_position_independent() { # Where the program is in memory is decided anew each time.
    readelf -hW "$REVCHAIN" >"$out"
    out_has 'DYN (Position-Independent Executable file)'
}

case_relocations_are_read_only() { # And resolved before main runs.
    skip_if_instrumented
    readelf -lW "$REVCHAIN" >"$out"
    out_has GNU_RELRO
    readelf -dW "$REVCHAIN" >"$out"
    out_has BIND_NOW
}

case_stack_is_not_executable() {
    readelf -lW "$REVCHAIN" >"$out"
    grep -qE "GNU_STACK .* RW  *0x10" "$out"
}

case_stack_and_buffers_are_checked() { # Statically linked, the names are stripped.
    skip_if_instrumented
    readelf -dW "$REVCHAIN" | grep -q NEEDED || skip 'a static program has no names left'
    readelf --dyn-syms -W "$REVCHAIN" >"$out"
    out_has __stack_chk_fail
    out_has __snprintf_chk
}
