# Completion of revchain(1) for bash, with or without the bash-completion package.
# shellcheck shell=bash

# _revchain_options COMMAND: what it takes; = is behind those that have a value.
_revchain_options() {
    local append='--since= --previous= --applied= --pin='
    case $1 in
    build) echo "-o --output= $append" ;;
    check) echo "--format= --branches= --onto= --allow-heads= --allow= $append" ;;
    log | where) echo '--format=' ;;
    history) echo '--format= -r --rev-range= --max-count=' ;;
    merge) echo '-m --message= --rev-id= --dry-run' ;;
    repoint) echo '--onto= --force --dry-run' ;;
    adopt) echo '--all --dry-run' ;;
    esac
    echo '-c --config= -n --name= --recursive --rev= --order= --base= --strict --progress --no-progress --color= -q --quiet' \
        '-v --verbose -h --help'
}

# _revchain_values COMMAND OPTION: the words that it may have behind it; fails where these are not known, or are files.
_revchain_values() {
    case $2 in
    --format)
        case $1 in
        check) echo 'text json github sarif' ;;
        log) echo 'text path json' ;;
        history) echo 'text graph mermaid dot' ;;
        where) echo 'text json' ;;
        esac
        ;;
    --order) echo 'landing date topo' ;;
    --color) echo 'auto always never' ;;
    --rev | --base | --since | --onto) echo HEAD && git for-each-ref --format='%(refname:short)' 2>/dev/null ;;
    --branches) git for-each-ref --format='%(refname:short)' refs/heads refs/remotes 2>/dev/null ;;
    --allow)
        echo 'absent-configuration absent-lane after-merge applied-unknown applied-versions bad-revision branch-collision' \
            'branch-duplicate cycle depends-on-later displaced duplicate-label duplicate-revision earlier-incomplete fork foxtrot' \
            'grafts hybrid-fork internal lane-crossing left-out merge-conflict missing-dependency missing-parent multiple-bases' \
            'multiple-heads no-branch no-down-revision no-merge-base no-revision not-an-ancestor orders-differ pin-gone' \
            'replace-refs shallow-clone stale-parent uncommitted unreadable unreadable-labels wrong-argument'
        ;;
    *) return 1 ;;
    esac
}

# _revchain_takes_value COMMAND OPTION
_revchain_takes_value() {
    case $2 in
    -[cnorm]) return 0 ;;
    --*) [[ " $(_revchain_options "$1" | tr '\n' ' ') " == *" $2= "* ]] ;;
    *) return 1 ;;
    esac
}

_revchain() {
    local command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        local words='build check log heads history where merge repoint adopt help'
        if [[ $current == -* ]]; then words='--help --version'; fi
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    # bash parts --format=json at the =
    if [[ $current == = ]]; then
        current=''
    elif [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if _revchain_takes_value "$command" "$option"; then
        case $option in
        -c | --config | -o | --output | --previous | --applied | --pin)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$(_revchain_values "$command" "$option")" -- "$current") ;;
        esac
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_revchain_options "$command")" -- "$current")
        if [[ ${COMPREPLY[*]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    fi
}

complete -F _revchain revchain
