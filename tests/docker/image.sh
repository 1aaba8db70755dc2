# shellcheck shell=bash
# shellcheck disable=SC2154 # what run and lib.sh set
# The image of docker/Dockerfile.

case_image() { # Size, files, licences.
    build_image
    local size container files text
    size=$(docker image inspect --format '{{.Size}}' "$image")
    [ "$size" -le 3000000 ] || fail 'size of the image' '3000000 bytes at most' "$size"
    echo "  the image has $size bytes"
    # Docker itself adds what is mounted over in every container.
    container=$(docker create --label "$label" "$image")
    files=$(docker export "$container" | tar -t | grep -vE '^(\.dockerenv|dev/.*|proc/|sys/|etc/(hostname|hosts|mtab|resolv\.conf)?)$')
    docker cp -q "$container:/licences" "$work/licences"
    docker rm "$container" >/dev/null
    equal 'files in the image' 'licences/ revchain' "$(grep -v '^licences/.' <<<"$files" | paste -sd ' ')"
    # The compiler's package and those of C libraries have numbers in their names.
    files=$(cd "$work/licences" && echo [a-z]* | sed -E 's/libgcc-[0-9]+-dev/libgcc-dev/')
    equal 'what is linked, by its licences' 'cjson libc6-dev libdeflate-dev libgcc-dev libgit2 libhttp-parser-dev zlib1g-dev' "$files"
    grep -q 'LINKING EXCEPTION' "$work/licences/libgit2" || fail "libgit2's licence" 'its linking exception' 'none'
    grep -hoE '/usr/share/common-licenses/[A-Z][A-Za-z0-9.-]*[0-9A-Za-z]' "$work"/licences/* >"$work/texts"
    while read -r text; do
        [ -s "$work/licences/${text##*/}" ] || fail "what a licence refers to as $text" "${text##*/} beside it" none
    done <"$work/texts"
}

case_any_user() { # Whoever runs it, without a network, on a file system that is read-only.
    build_image
    local user
    for user in 0:0 65534:65534 4242:4242; do
        equal "revchain --version as $user" "revchain $version" \
            "$(docker run --rm --read-only --network none --cap-drop ALL --user "$user" "$image" --version)"
    done
}

# The static program has another libgit2 and an inflate() of its own: it must pass what the one from `make` passes, and it knows
# a truncated object.
case_same_tests() {
    build_image
    local output script
    from_image "$image" /revchain >"$work/revchain"
    chmod +x "$work/revchain"
    for script in refusals wild build order_merges check hardening; do
        output=$("$here/../cli/run" "$work/revchain" "$script") || fail "tests/cli/run $script" 'no failure' "$output"
        equal "what tests/cli/run $script skipped" '' "$(grep '^SKIPPED' <<<"$output" | grep -v 'hardening stack_and_buffers')"
    done
}

case_base_images() { # Those that are here are left alone, and nothing is said.
    local output before
    ids() { docker image inspect --format '{{.Id}}' debian:bookworm-slim postgres:15; }
    before=$(ids)
    output=$("$here/base-image" debian:bookworm-slim postgres:15 2>&1)
    equal 'what is said' '' "$output"
    equal 'the images' "$before" "$(ids)"
}

digest() { from_image "$1" /revchain | sha256sum | cut -d ' ' -f 1; }

# build_again BUILDER TAG: without the layers of before, from files of another date
build_again() {
    rm -rf "$work/again"
    mkdir "$work/again"
    (cd "$top" && tar -c .dockerignore Makefile include src docker) | tar -C "$work/again" -x
    find "$work/again" -exec touch -h -d '2001-02-03 04:05:06' {} +
    quietly build "$1" --no-cache -f "$work/again/docker/Dockerfile" -t "$2" "$work/again"
}

case_reproducible() { # Two builds at two times, by two builders where there are two, give the same bytes.
    thorough
    build_image
    local first second
    build_again "${builders[-1]}" "$image-again"
    first=$(digest "$image") second=$(digest "$image-again")
    if [ "$first" != "$second" ]; then # the layers that were kept may have older packages
        build_again "${builders[0]}" "$image"
        first=$(digest "$image")
    fi
    docker rmi "$image-again" >/dev/null
    printf '  sha256 %s  %s\n' "$first" "${builders[0]}" "$second" "${builders[-1]}, without cache"
    equal 'the program of a second build' "$first" "$second"
}

case_both_builders() { # What the cases do with every builder.
    local builder
    for builder in buildkit classic; do
        case " ${builders[*]} " in *" $builder "*) ;; *) skip "the builder $builder is not here: the others alone were tested" ;; esac
    done
}
