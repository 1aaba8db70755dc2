# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The order of what one commit added, and of what is not committed: each case says in a line why it is the one that the
# definition gives.

case_squash_with_create_dates() { # Several at one commit, each with a Create Date: by that date.
    land base
    dynamic a3 date='2024-02-03 09:00:00.000001'
    dynamic c1 date='2024-02-01 12:30:00.123456'
    dynamic b2 date='2024-02-02 00:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- c1 <- b2 <- a3'
}

case_squash_with_create_dates_in_zones() { # 10:00+02:00 is before 09:00+00:00; a date is a moment, not a text.
    land base
    dynamic aa date='2024-02-01 09:00:00+00:00'
    dynamic bb date='2024-02-01 10:00:00+02:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- bb <- aa'
}

case_squash_with_equal_create_dates() { # Equal dates: by path.
    land base
    dynamic bb date='2024-02-01 09:00:00'
    dynamic aa date='2024-02-01 09:00:00'
    dynamic cc date='2024-01-01 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- cc <- aa <- bb'
}

case_squash_without_create_dates() { # None has one: by the bytes of the path, upper case first.
    land base
    dynamic r1 name=b.py
    dynamic r2 name=B.py
    dynamic r3 name=a_1.py
    dynamic r4 name=a.py
    dynamic r5 name=$'\xc3\xa4.py'
    commit 'Feature (#1)'
    run 0 log --format=path db/versions
    printf '%s\n' db/versions/base.py db/versions/{B,a,a_1,b}.py '"db/versions/\303\244.py"' | expect_out
    expect_chain 'null <- base <- r2 <- r4 <- r3 <- r1 <- r5'
}

case_squash_with_some_create_dates() { # One has none: dates do not count at all, so by path.
    land base
    dynamic aa date='2024-02-03 09:00:00'
    dynamic bb
    dynamic cc date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- aa <- bb <- cc'
}

case_squash_with_depends_on() { # depends_on goes before the path.
    land base
    dynamic aa depends=cc
    dynamic bb
    dynamic cc
    commit 'Feature (#1)'
    # bb and cc are free from the start, and bb is the first by path; aa has to wait for cc.
    expect_landing 'null <- base <- bb <- cc <- aa'
}

case_squash_with_depends_on_against_dates() { # depends_on goes before the date, too.
    land base
    dynamic aa date='2024-02-01 09:00:00' depends=cc
    dynamic cc date='2024-02-02 09:00:00'
    commit 'Feature (#1)'
    expect_landing 'null <- base <- cc <- aa'
}

case_squash_with_depends_on_in_a_row() { # aa needs bb needs cc needs dd.
    land base
    dynamic aa depends=bb
    dynamic bb depends=cc
    dynamic cc depends=dd,base
    dynamic dd
    commit 'Feature (#1)'
    expect_landing 'null <- base <- dd <- cc <- bb <- aa'
}

case_squash_edited_later() { # Create Dates and depends_on are read as they were at that commit.
    land base
    dynamic aa date='2024-02-02 09:00:00'
    dynamic bb date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    dynamic aa date='2024-01-01 09:00:00'
    dynamic bb date='2024-05-01 09:00:00' depends=base
    commit 'Tidy up the dates'
    expect_landing 'null <- base <- bb <- aa'
}

case_squash_with_one_deleted_later() { # Without bb each would have a date, but at the commit bb had none: by path, as it was.
    land base
    dynamic aa date='2024-02-03 09:00:00'
    dynamic bb
    dynamic cc date='2024-02-01 09:00:00'
    commit 'Feature (#1)'
    git rm -q db/versions/bb.py
    commit 'Remove bb'
    expect_landing 'null <- base <- aa <- cc'
}

case_squash_with_one_too_large_deleted_later() { # It declared nothing, as what is no migration does not.
    land base
    dynamic bb date='2024-02-01 09:00:00'
    dynamic cc date='2024-01-01 09:00:00'
    truncate -s 17M db/versions/aa.py
    commit 'Feature (#1)'
    git rm -q db/versions/aa.py
    commit 'Remove what is too large'
    expect_landing 'null <- base <- cc <- bb'
}

case_squash_with_one_too_large_then() { # It had no date then, also behind a file that is no migration and has one: by path.
    land base
    printf '"""x\n\nCreate Date: 2024-06-01 09:00:00\n"""\n' >db/versions/aa.py
    truncate -s 17M db/versions/bb.py
    dynamic cc date='2024-01-01 09:00:00'
    commit 'Feature (#1)'
    dynamic bb
    git rm -q db/versions/aa.py
    commit 'Mend bb'
    expect_landing 'null <- base <- bb <- cc'
}

case_squash_with_a_link_deleted_later() { # aa needed bb, and bb needed cc: with bb gone aa still comes after cc.
    land base
    dynamic aa depends=bb
    dynamic bb depends=cc
    dynamic cc
    commit 'Feature (#1)'
    git rm -q db/versions/bb.py
    dynamic aa
    commit 'Remove bb'
    expect_landing 'null <- base <- cc <- aa'
}

case_squash_with_one_renamed_later() { # The path that counts is the one it had at that commit.
    land base
    dynamic r2 name=m2.py
    dynamic r1 name=m1.py
    commit 'Feature (#1)'
    git mv db/versions/m2.py db/versions/a0.py
    commit 'Rename m2'
    expect_order base db/versions/m1.py db/versions/a0.py
    expect_chain 'null <- base <- r1 <- r2'
}

case_squash_on_a_merged_branch() { # The rule for one commit holds on the second parent's line as well.
    land base
    branch feature
    dynamic a2 date='2024-02-02 09:00:00'
    dynamic b1 date='2024-02-01 09:00:00'
    commit 'Two at once'
    switch main
    land mm
    merge feature
    expect_landing 'null <- base <- mm <- b1 <- a2'
}

case_everything_in_the_first_commit() { # An import: one root commit with all of them.
    dynamic cc date='2020-01-01 00:00:00'
    dynamic aa date='2020-01-03 00:00:00'
    dynamic bb date='2020-01-02 00:00:00'
    commit 'Import'
    expect_landing 'null <- cc <- bb <- aa'
}

case_uncommitted_last() { # Not committed: behind all others, and by Create Date where each has one.
    land mm
    land ll
    dynamic aa date='2024-02-02 09:00:00'
    dynamic bb date='2024-02-01 09:00:00'
    expect_order mm ll bb aa
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
    expect_chain 'null <- mm <- ll <- bb <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py db/versions/bb.py
}

case_uncommitted_with_depends_on() { # And by depends_on.
    land mm
    dynamic aa depends=bb
    dynamic bb
    expect_landing 'null <- mm <- bb <- aa'
}

case_staged_is_not_committed() { # Added to the index alone: still not committed.
    land mm
    dynamic aa
    git add -A
    expect_landing 'null <- mm <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py
}

case_ignored_is_not_committed() { # Alembic loads a file that .gitignore hides, so it is one of them.
    land mm
    echo '*.py' >.gitignore
    dynamic aa
    expect_landing 'null <- mm <- aa'
    err_has 'revchain: warning: ' db/versions/aa.py
}

case_deleted_in_the_work_tree() { # Not there any more: not part of it.
    land aa
    land bb
    land cc
    rm db/versions/bb.py
    expect_landing 'null <- aa <- cc'
}

case_edited_in_the_work_tree() { # An uncommitted edit moves nothing.
    land aa
    land bb
    echo '# more' >>db/versions/aa.py
    expect_landing 'null <- aa <- bb'
    no_complaint
}

case_renamed_in_the_work_tree() { # git mv, not committed yet: a file that is not committed, so last for now, and a warning; once committed it has its place.
    land aa
    land bb
    git mv db/versions/aa.py db/versions/zz.py
    expect_order bb db/versions/zz.py
    err_has 'revchain: warning: ' db/versions/zz.py
    commit
    expect_order db/versions/zz.py bb
    no_err
}

case_uncommitted_refused_with_strict() { # --strict: exit status 1, and no file.
    land mm
    dynamic aa
    run 1 build --strict db/versions
    no_out
    err_has db/versions/aa.py
    no_file db/revision_chain.json
    commit
    run 0 build --strict db/versions
    no_complaint
}

case_strict_log() { # log --strict prints the order all the same.
    land mm
    dynamic aa
    run 1 log --strict --format=path db/versions
    paths_of mm aa | expect_out
    err_has db/versions/aa.py
}
