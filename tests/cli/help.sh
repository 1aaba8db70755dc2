# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# What --help says is what the manual page says, and what the completions offer: no more and no less.
manual=$tests_dir/../../src/cli/revchain.1
completions=$tests_dir/../../src/cli/completions

help_commands() { revchain --help | sed -n '/^Commands:$/,/^$/s/^  \([a-z]*\) .*/\1/p'; }

# Lines COMMAND OPTION, for each option of each command.
help_options() {
    local command
    for command in $(help_commands); do
        revchain "$command" --help | grep -oE '^ {2,6}-(-[a-z-]+|[a-z])(, --[a-z-]+)?' | grep -oE -- '-[a-z-]+' |
            sed "s/^/$command /"
    done | LC_ALL=C sort -u
}

# The same from the manual page: an option belongs to the commands in brackets behind it, or to all.
manual_options() {
    local commands
    commands=$(help_commands | paste -sd ' ')
    awk -v all="$commands" '
        function flush(i, j, n, owner) {
            n = split(owners == "" ? all : owners, owner)
            for (i = 1; i <= count; i++)
                for (j = 1; j <= n; j++)
                    print owner[j], "-" option[i]
            count = 0
            owners = ""
        }
        /^\.Ss/ { flush(); inside = /Options/ }
        inside && /^\.It Fl/ {
            flush()
            for (i = 3; i <= NF && $i != "Ar" && $i != "Ns"; i++)
                if ($i != "," && $i != "Fl")
                    option[++count] = $i
        }
        inside && /^\.Pq Cm/ {
            for (i = 3; i <= NF; i++)
                if ($i != ",")
                    owners = owners " " $i
        }' "$manual" | grep -v -- ' --version$' | LC_ALL=C sort -u
}

case_manual_commands() {
    sed -n '/^\.Ss Commands/,/^\.Ss Options/s/^\.It Cm \([a-z]*\).*/\1/p' "$manual" >"$out"
    help_commands | expect_out
    sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm //p' "$manual" >"$out"
    help_commands | expect_out
}

case_manual_options() {
    help_options >"$out"
    [ "$(wc -l <"$out")" -gt 100 ] || fail 'expected --help to name options'
    manual_options >"$case_dir/manual"
    same 'list of options of the manual page, against --help,' "$case_dir/manual" <"$out"
    run 0 --help
    out_has --version
    has 'the manual page' "$manual" '.It Fl -version'
}

case_manual_values() { # Each value of an option that takes one of some is in the manual page, where the option is.
    local command option value
    while read -r command option; do
        for value in $(values "$command" "$option"); do
            sed -n "/^\.It Fl -${option#--} Ns/,/^\.It/p" "$manual" | grep -qE "^\.(Cm|Ql) $value( |\$)" ||
                fail "expected the manual page to have $value for $option"
        done
    done < <(options_with_values)
}

case_manual_exit_status() { # The codes are those of --help and of README.
    sed -n '/^\.Sh EXIT STATUS/,/^\.Sh/s/^\.It \([0-9]\)/\1/p' "$manual" >"$out"
    revchain --help | sed -n '/^Exit status/,$p' | grep -oE '\b[0-9]\b' | expect_out
    sed -n '/^## Exit status/,/^## /s/^| \([0-9]\) .*/\1/p' "$tests_dir/../../README.md" | expect_out
}

# Lines COMMAND OPTION, where the program itself says which values there are.
options_with_values() {
    help_options | grep -E -- ' --format$|^build --(order|color)$'
}

# values COMMAND OPTION: from the message on one that is none.
values() {
    run 2 "$1" "$2" '?'
    sed -n 's/.*but one of: //p' "$err" | tr -d ,
}

# offers LINE WORD...: what the completion of a command line has to offer.
offers() {
    local line=$1
    shift
    printf '%s| %s\n' "$line" "$(tr ' ' '\n' <<<"$*" | sed '/^$/d' | LC_ALL=C sort -u | paste -sd ' ')"
}

expected_offers() {
    local command option
    offers 'revchain ' "$(help_commands)" help
    offers 'revchain -' --help --version
    offers 'revchain me' merge
    for command in $(help_commands); do
        offers "revchain $command -" "$(sed -n "s/^$command //p" "$case_dir/options")"
    done
    while read -r command option; do
        offers "revchain $command $option " "$(values "$command" "$option")"
        offers "revchain $command $option=" "$(values "$command" "$option")"
    done < <(options_with_values)
    offers 'revchain check --format=s' sarif
    run 2 check --allow '?'
    offers 'revchain check --allow ' "$(sed -n 's/.*there are: //p' "$err")"
    for option in 'log --rev ' 'log --rev=' 'check --strict --since ' 'build --base=' 'repoint --onto '; do
        offers "revchain $option" HEAD feature main origin/topic v1
    done
    offers 'revchain log db/versions --rev f' feature
    offers 'revchain check --branches ' feature main origin/topic
    offers 'revchain heads d' db
    offers 'revchain heads -c a' alembic.ini
    offers 'revchain build --pin=a' alembic.ini
    offers 'revchain build a'
    offers 'revchain merge -m f'
}

# completes SHELL: the shell itself, with its completion, offers what it should.
completes() {
    local file=revchain.$1
    command -v "$1" >/dev/null || skip "$1 is missing: apt-get install $1"
    [ "$1" != zsh ] || file=_revchain
    alembic_ini
    mkdir -p "$lane"
    commit
    git branch feature
    git tag v1
    git update-ref refs/remotes/origin/topic HEAD
    help_options >"$case_dir/options"
    expected_offers >"$case_dir/lines"
    sed 's/|.*//' "$case_dir/lines" | "$python" "$tests_dir/complete.py" "$1" "$completions/$file" >"$case_dir/offered"
    sed 's/|.*//' "$case_dir/lines" | paste -d '|' - <(sed 's/^/ /' "$case_dir/offered") >"$out"
    expect_out <"$case_dir/lines"
}

case_completion_bash() { completes bash; }
case_completion_zsh() { completes zsh; }
case_completion_fish() { completes fish; }
