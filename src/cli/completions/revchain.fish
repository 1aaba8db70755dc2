# Completion of revchain(1) for fish.

# __revchain_runs COMMAND...: it is one of these; without any: none was typed yet
function __revchain_runs
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        set -q words[2]; and contains -- $words[2] $argv
    end
end

function __revchain_refs
    echo HEAD
    git for-each-ref --format='%(refname:short)' 2>/dev/null
end

function __revchain_branches
    git for-each-ref --format='%(refname:short)' refs/heads refs/remotes 2>/dev/null
end

complete -c revchain -f
complete -c revchain -n __revchain_runs -a build -d 'decide the order and the chain, and write revision_chain.json'
complete -c revchain -n __revchain_runs -a check -d 'say what is wrong with the migrations: the gate for CI'
complete -c revchain -n __revchain_runs -a log -d 'print every migration in its order'
complete -c revchain -n __revchain_runs -a heads -d 'print the heads, as alembic heads does'
complete -c revchain -n __revchain_runs -a history -d 'print the graph, as alembic history does, or draw it'
complete -c revchain -n __revchain_runs -a where -d 'find a revision id in all branches and all of history'
complete -c revchain -n __revchain_runs -a merge -d 'write the migration that merges heads'
complete -c revchain -n __revchain_runs -a repoint -d 'move a static migration behind the head of another branch'
complete -c revchain -n __revchain_runs -a adopt -d 'let static migrations leave their parent to git'
complete -c revchain -n __revchain_runs -a help -d 'say what there is'
complete -c revchain -n __revchain_runs -l help -d 'say what there is'
complete -c revchain -n __revchain_runs -l version -d 'print the version'

set -l any __revchain_runs build check log heads history where merge repoint adopt
set -l append __revchain_runs build check
set -l write __revchain_runs merge repoint adopt

complete -c revchain -n "$any" -a '(__fish_complete_directories)'
complete -c revchain -n "$any" -s c -l config -r -F -d 'alembic.ini or pyproject.toml'
complete -c revchain -n "$any" -s n -l name -x -d 'section of alembic.ini'
complete -c revchain -n "$any" -l recursive -d 'directories below a lane belong to it'
complete -c revchain -n "$any" -l rev -x -a '(__revchain_refs)' -d 'read history and files from a commit'
complete -c revchain -n "$any" -l order -x -a 'landing date topo' -d 'which order'
complete -c revchain -n "$any" -l base -x -a '(__revchain_refs)' -d 'the migrations of this ref first'
complete -c revchain -n "$any" -l strict -d 'refuse what is otherwise a warning'
complete -c revchain -n "$any" -l progress -d 'show how far a long walk is'
complete -c revchain -n "$any" -l no-progress -d 'do not'
complete -c revchain -n "$any" -l color -x -a 'auto always never' -d colour
complete -c revchain -n "$any" -s q -l quiet -d 'say only what is wrong'
complete -c revchain -n "$any" -s v -l verbose -d 'say what was read'
complete -c revchain -n "$any" -s h -l help -d 'say what the command takes'

complete -c revchain -n "$append" -l since -x -a '(__revchain_refs)' -d 'the chain at this commit must be the beginning of this one'
complete -c revchain -n "$append" -l previous -r -F -d 'the same against an earlier chain file'
complete -c revchain -n "$append" -l applied -r -F -d 'nothing may come before one of these without being one of them'
complete -c revchain -n "$append" -l pin -r -F -d 'keep the order of this chain file'

complete -c revchain -n '__revchain_runs build' -s o -l output -r -F -d 'write there instead'

complete -c revchain -n '__revchain_runs check' -l format -x -a 'text json github sarif' -d 'how findings are printed'
complete -c revchain -n '__revchain_runs check' -l branches -x -a '(__revchain_branches)' -d 'compare open branches'
complete -c revchain -n '__revchain_runs check' -l onto -x -a '(__revchain_refs)' -d 'what would be after a merge into this'
complete -c revchain -n '__revchain_runs check' -l allow-heads -x -d 'so many heads are fine'
complete -c revchain -n '__revchain_runs check' -l allow -x -d 'findings of this id are fine' -a '
    absent-configuration absent-lane after-merge applied-unknown applied-versions bad-revision branch-collision branch-duplicate
    cycle depends-on-later displaced duplicate-label duplicate-revision earlier-incomplete fork foxtrot grafts hybrid-fork
    internal lane-crossing left-out merge-conflict missing-dependency missing-parent multiple-bases multiple-heads no-branch
    no-down-revision no-merge-base no-revision not-an-ancestor orders-differ pin-gone replace-refs shallow-clone stale-parent
    uncommitted unreadable unreadable-labels wrong-argument'

complete -c revchain -n '__revchain_runs log' -l format -x -a 'text path json' -d 'how migrations are printed'
complete -c revchain -n '__revchain_runs where' -l format -x -a 'text json' -d 'how what is found is printed'

complete -c revchain -n '__revchain_runs history' -l format -x -a 'text graph mermaid dot' -d 'how the graph is printed'
complete -c revchain -n '__revchain_runs history' -s r -l rev-range -x -d 'only this part'
complete -c revchain -n '__revchain_runs history' -l max-count -x -d 'only the first so many'

complete -c revchain -n '__revchain_runs merge' -s m -l message -x -d 'what the migration is about'
complete -c revchain -n '__revchain_runs merge' -l rev-id -x -d 'its revision id'

complete -c revchain -n "$write" -l dry-run -d 'print the change as a diff, and write nothing'
complete -c revchain -n '__revchain_runs repoint' -l onto -x -a '(__revchain_refs)' -d 'the branch that databases follow'
complete -c revchain -n '__revchain_runs repoint' -l force -d 'even where it has the migration'
complete -c revchain -n '__revchain_runs adopt' -l all -d 'the whole back catalogue'
