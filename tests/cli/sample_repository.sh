# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $err, $case_dir and the like are set by lib.sh
set -eu -o pipefail
# The sample repository of `make demo` (sample.sh) shows what it is meant to show.

case_chain() { # By landing: index, country, phone, then both of Ana's with the last merge.
    "$tests_dir/sample.sh" "$case_dir/shop"
    cd "$case_dir/shop"
    run 0 build
    no_complaint
    chain_json 'c07a41d9e8b5 <- e93b58d0f746 <- a64e09c7d3b1 <- 72c8f15e0a9d <- 1d7f60c2ab94 <- 30b9d4e7f5c6' |
        same revision_chain.json migrations/revision_chain.json
    run 0 log --format=path
    printf 'migrations/versions/%s.py\n' 4f1c2a9b7d30_create_users 8e5d03b6c1f2_create_orders c07a41d9e8b5_add_order_status \
        e93b58d0f746_index_user_email a64e09c7d3b1_add_country_to_users 72c8f15e0a9d_add_phone_to_users \
        1d7f60c2ab94_create_invoices 30b9d4e7f5c6_number_invoices | expect_out
}

case_git_would_be_wrong() { # Both of git's own orders put create_invoices before migrations that main had first.
    "$tests_dir/sample.sh" "$case_dir/shop"
    cd "$case_dir/shop"
    local order
    for order in --date-order --topo-order; do
        git log --reverse $order --diff-filter=A --format= --name-only -- migrations/versions >"$out"
        [ "$(grep -n 1d7f60c2ab94 "$out" | cut -d : -f 1)" -lt "$(grep -n 72c8f15e0a9d "$out" | cut -d : -f 1)" ] ||
            fail "git log $order happens to be right"
    done
}

case_deterministic() { # The same commits each time.
    "$tests_dir/sample.sh" "$case_dir/one"
    mkdir "$case_dir/two"
    HOME=$case_dir GIT_AUTHOR_NAME=somebody "$tests_dir/sample.sh" "$case_dir/two"
    [ "$(git -C "$case_dir/one" rev-parse main)" = "$(git -C "$case_dir/two" rev-parse main)" ] ||
        fail 'expected the same commits'
    if "$tests_dir/sample.sh" "$case_dir/one" 2>/dev/null; then fail 'expected an existing directory to be refused'; fi
}
