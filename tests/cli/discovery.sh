# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# Where the lanes come from: DIR arguments of every spelling, alembic.ini, pyproject.toml, -c and -n.

# found WORD...: without DIR, log prints these.
found() {
    run 0 log --format=path "${options[@]}"
    paths_of "$@" | expect_out
}
options=()

case_alembic_ini() { # script_location and /versions in it.
    alembic_ini
    land zz
    land aa
    found zz aa
    run 0 build
    chain_json 'null <- zz <- aa' | same revision_chain.json db/revision_chain.json
}

case_from_a_subdirectory() { # Upwards to the repository's root; paths are told from the root all the same.
    alembic_ini
    land aa
    mkdir -p src/deep
    cd src/deep
    found aa
    run 0 build
    chain_json 'null <- aa' | same revision_chain.json ../../db/revision_chain.json
    cd ../../db/versions
    found aa
}

case_nearest_wins() { # The project that the current directory is in.
    alembic_ini
    land aa
    mkdir -p services/billing
    alembic_ini services/billing db
    dynamic bb in=services/billing/db/versions
    commit
    cd services/billing
    found services/billing/db/versions/bb.py
    cd ..
    found aa
}

case_not_above_the_root() { # An alembic.ini above the repository does not count.
    land aa
    alembic_ini ..
    run 2 log --format=path
    no_out
    err_matches '^hint: '
}

case_nothing_found() { # Exit status 2, with what there is to do.
    land aa
    run 2 build
    no_out
    err_matches '^revchain: error: .*alembic.ini'
    err_matches '^hint: .*versions'
}

case_here() { # %(here)s is the folder of the file.
    mkdir app
    alembic_ini app '%(here)s/database'
    dynamic aa in=app/database/versions
    commit
    cd app
    found app/database/versions/aa.py
}

case_version_locations() { # Several lanes, in the order they are given.
    cat >alembic.ini <<'INI'
[alembic]
script_location = db
version_locations = db/billing:%(here)s/db/accounts
version_path_separator = :
INI
    dynamic aa in=db/accounts
    dynamic bb in=db/billing
    commit
    found db/billing/bb.py db/accounts/aa.py
    run 0 build
    chain_json 'null <- aa, null <- bb' | same revision_chain.json db/revision_chain.json
}

case_version_locations_by_spaces() { # The old default: spaces and commas.
    cat >alembic.ini <<'INI'
[alembic]
script_location = db
version_locations = db/billing, db/accounts db/versions
INI
    dynamic aa in=db/accounts
    dynamic bb in=db/billing
    dynamic cc
    commit
    found db/billing/bb.py db/accounts/aa.py cc
}

case_path_separator() { # The newer key, by its names and as a newline.
    cat >alembic.ini <<'INI'
[alembic]
script_location = db
path_separator = newline
version_locations =
    db/billing folder
    db/accounts
INI
    dynamic aa in=db/accounts
    dynamic bb in='db/billing folder'
    commit
    found 'db/billing folder/bb.py' db/accounts/aa.py
    sed -i '/^path_separator/,$d' alembic.ini
    dynamic cc
    commit
    cp alembic.ini plain.ini
    printf 'path_separator = space\nversion_locations = db/versions db/accounts\n' >>alembic.ini
    found cc db/accounts/aa.py
    cp plain.ini alembic.ini
    printf 'path_separator = os\nversion_locations = db/accounts:db/versions\n' >>alembic.ini
    found db/accounts/aa.py cc
}

case_recursive() { # recursive_version_locations = true, as --recursive.
    alembic_ini
    echo 'recursive_version_locations = true' >>alembic.ini
    dynamic zz in=db/versions/2023
    commit
    dynamic aa in=db/versions/2024
    commit
    found db/versions/2023/zz.py db/versions/2024/aa.py
    run 0 build
    chain_json 'null <- zz <- aa' | same revision_chain.json db/revision_chain.json
}

case_ini_as_configparser_reads_it() { # Comments, colons, spaces, other sections, CRLF, keys of any case.
    {
        printf '; a comment\r\n[loggers]\r\nkeys = root\r\n\r\n[alembic]\r\n# script_location = wrong\r\n'
        printf 'SCRIPT_LOCATION : db\r\nfile_template = %%%%(rev)s\r\n\r\n[logger_root]\r\nscript_location = wrong\r\n'
    } >alembic.ini
    land aa
    found aa
}

case_interpolated() { # A key of the same section or of [DEFAULT] inside a value.
    cat >alembic.ini <<'INI'
[DEFAULT]
folder = db
[alembic]
name = versions
script_location = %(folder)s
version_locations = %(here)s/%(folder)s/%(name)s
INI
    land aa
    found aa
}

case_config_option() { # -c FILE, from the current directory.
    mkdir etc
    printf '[alembic]\nscript_location = %%(here)s/../db\n' >etc/other.ini
    land aa
    options=(-c etc/other.ini)
    found aa
    cd etc
    options=(--config other.ini)
    found aa
    run 2 log -c missing.ini
    err_has missing.ini
    no_out
}

case_config_is_relative_to_the_current_directory() { # As in Alembic: -c says where the file is, not where script_location starts.
    mkdir etc
    printf '[alembic]\nscript_location = db\n' >etc/other.ini
    land aa
    options=(-c etc/other.ini)
    found aa
}

case_section_option() { # -n SECTION.
    printf '[alembic]\nscript_location = db\n[billing]\nscript_location = billing\n' >alembic.ini
    land aa
    dynamic bb in=billing/versions
    commit
    found aa
    options=(-n billing)
    found billing/versions/bb.py
    options=(--name billing)
    found billing/versions/bb.py
    run 2 log -n nowhere
    err_has nowhere
    no_out
}

case_no_script_location() { # A section without it: exit status 2, with the file.
    printf '[alembic]\nfile_template = x\n' >alembic.ini
    land aa
    run 2 log
    no_out
    err_has alembic.ini script_location
}

case_broken_ini() { # A line that is nothing: exit status 2, with file and line.
    printf '[alembic]\nscript_location = db\n[oops\n' >alembic.ini
    land aa
    run 2 log
    no_out
    err_has alembic.ini:3
}

case_script_location_is_missing() { # A folder that is not there: exit status 2, with its name.
    alembic_ini . nowhere
    land aa
    run 2 log
    no_out
    err_has nowhere
}

case_package_location() { # package:folder asks Python where the package is: that is not run, so it is told.
    alembic_ini . 'app:migrations'
    land aa
    run 2 log
    no_out
    err_has alembic.ini:2 app:migrations
    err_matches '^hint: '
}

case_pyproject() { # [tool.alembic], strings and arrays of every spelling.
    cat >pyproject.toml <<'TOML'
[project]
name = "sample"   # a comment

[tool.alembic]
script_location = "%(here)s/db"
version_locations = [
    "%(here)s/db/billing",   # the first
    '%(here)s/db/accounts',
]

[tool.other]
script_location = 'wrong'
TOML
    dynamic aa in=db/accounts
    dynamic bb in=db/billing
    commit
    found db/billing/bb.py db/accounts/aa.py
}

case_pyproject_dotted() { # The same table by dotted keys; true without quotes.
    cat >pyproject.toml <<'TOML'
tool.alembic.script_location = "%(here)s/db"
tool.alembic.recursive_version_locations = true
TOML
    dynamic aa in=db/versions/2024
    commit
    found db/versions/2024/aa.py
}

case_pyproject_of_another_tool() { # No [tool.alembic]: go on upwards.
    alembic_ini
    land aa
    mkdir sub
    printf '[tool.black]\nline-length = 100\n' >sub/pyproject.toml
    commit
    cd sub
    found aa
}

case_alembic_ini_and_pyproject() { # script_location in alembic.ini, and a pyproject.toml of other tools beside it.
    alembic_ini
    printf '[tool.black]\nline-length = 100\n' >pyproject.toml
    land aa
    found aa
}

case_broken_pyproject() { # Exit status 2, with file and line.
    printf '[tool.alembic]\nscript_location = "db\n' >pyproject.toml
    land aa
    run 2 log
    no_out
    err_has pyproject.toml:2
}

case_discovery_at_a_rev() { # With --rev the configuration is that commit's, too.
    alembic_ini
    land aa
    git mv db database
    alembic_ini . database
    commit
    rm -r alembic.ini database
    options=(--rev HEAD~1)
    found aa
    options=(--rev HEAD)
    found database/versions/aa.py
}

case_dir_spellings() { # One and the same directory.
    local spelling
    land aa
    mkdir other
    ln -s repo ../link
    for spelling in db/versions db/versions/ ./db/versions db//versions/. other/../db/versions "$PWD/db/versions" \
        "$case_dir/link/db/versions"; do
        lanes "$spelling"
        expect_order aa
    done
    cd db/versions
    lanes .
    expect_order aa
    cd ../../other
    lanes ../db/versions
    expect_order aa
    expect_chain 'null <- aa'
}

case_dir_twice() { # Named twice it is still one lane, not one full of duplicates.
    land aa
    run 0 build -o - db/versions db/versions/
    chain_json 'null <- aa' | expect_out
}

case_dir_before_options() { # Options may follow.
    land aa
    run 0 log db/versions --format=path
    paths_of aa | expect_out
}

case_dir_behind_dashes() { # A directory whose name looks like an option.
    dynamic aa in=--strict
    commit
    run 0 log --format=path -- --strict
    echo --strict/aa.py | expect_out
}

case_dir_is_missing() { # Exit status 2, with its name.
    land aa
    run 2 build db/nowhere
    no_out
    err_has db/nowhere
    run 2 build db/versions db/nowhere
    no_file db/revision_chain.json
}

case_dir_is_a_file() { # Likewise.
    land aa
    run 2 build db/versions/aa.py
    no_out
    err_has db/versions/aa.py
}

case_dir_from_outside() { # The repository is the directory's, not the current one.
    land aa
    cd ..
    run 0 log --format=path repo/db/versions
    paths_of aa | expect_out
}

case_dir_at_a_rev_from_a_subdirectory() { # DIR goes from the current directory with --rev as well.
    land aa
    mkdir sub
    cd sub
    run 0 log --rev HEAD --format=path ../db/versions
    paths_of aa | expect_out
}
