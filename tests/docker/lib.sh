# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $top, $here, $work, $repository are set by run; what is set here is used by the cases
# What the cases of this folder are written with, besides tests/cases.sh.

image=revchain-test-$(cksum <<<"$top" | cut -d ' ' -f 1) # each tree's own, which is kept for the next time
example=$image-example
label=revchain-test=$$ # of whatever a case starts
version=$(sed -n 's/^VERSION = //p' "$top/Makefile")
# Landing order of the example's history, oldest first: reviews (c3b7) and stock (07d5) were committed before what precedes them.
landed=(1f0c2a9b7d31 8a4e6d15c0f2 4b8d0e6f2c95 5d92f1c8be07 e07a4c3d961b c3b7e9d20a46
    9e1c5a7b3d80 a6f3d8b1042e 07d5b2e9c1f4 b92e4f7a6d13 d48c1b0f5e72 6c0f9a3e8b25)

take_down() { # whatever a case started
    docker ps -aq --filter "label=$label" | xargs -r docker rm -f -v >/dev/null
    docker network ls -q --filter "label=$label" | xargs -r docker network rm >/dev/null
}

clean_up() {
    take_down
    rm -rf "$work"
}

# --- builders ---------------------------------------------------------------------------------------------------------------

# Docker's two builders, as far as they are here. BuildKit needs a client that has it: with buildx, or older than Docker 23. What
# is large is built with the first, which is the faster one.
find_builders() {
    local client
    builders=() buildkit=''
    for client in $(hash -r && type -aP docker); do # a hashed one would hide the others
        if [ -z "$buildkit" ] && builds env DOCKER_BUILDKIT=1 "$client"; then
            buildkit=$client
            builders=(buildkit)
        fi
    done
    ! builds env DOCKER_BUILDKIT=0 docker || builders+=(classic)
}

builds() { # builds CLIENT...: whether it can
    local id
    id=$(printf 'FROM scratch\nLABEL %s\n' "$label" | "$@" build -q - 2>/dev/null) || return
    docker rmi "$id" >/dev/null 2>&1 || :
}

build() { # build BUILDER OPTION... CONTEXT
    local builder=$1
    shift
    if [ "$builder" = classic ]; then
        DOCKER_BUILDKIT=0 docker build --force-rm "$@"
    else
        DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain "$buildkit" build "$@"
    fi
}

# What was built before costs a second: the builder keeps the layers.
build_image() { quietly build "${builders[0]}" -f "$top/docker/Dockerfile" -t "$image" "$top"; }

# With the builder that docker-compose 1 has, which builds it too.
build_example() {
    build_image
    quietly build "${builders[-1]}" --build-arg REVCHAIN="$image" -t "$example" "$repository"
}

# from_image IMAGE PATH: a file of an image, which need have no shell
from_image() {
    local container
    container=$(docker create --label "$label" "$1" none)
    docker cp "$container:$2" - | tar -xO
    docker rm "$container" >/dev/null
}

# --- chains -----------------------------------------------------------------------------------------------------------------

# The chain file that the example must have, written with nothing of revchain's.
expected_chain() {
    local parent=null revision
    for revision in "${landed[@]}"; do
        echo "$revision $parent"
        parent=$revision
    done | LC_ALL=C sort | awk '
        { lines = lines sep sprintf("  \"%s\": %s", $1, $2 == "null" ? "null" : "\"" $2 "\""); sep = ",\n" }
        END { printf "{\n%s\n}\n", lines }'
}

# chain_stage CONTEXT [LINE...]: the Dockerfile of a first stage; by default the one in README
chain_stage() {
    local context=$1
    shift
    [ $# -gt 0 ] || set -- 'COPY . .' 'RUN ["/revchain", "build", "migrations/versions"]'
    {
        printf 'FROM %s AS chain\nWORKDIR /app\n' "$image"
        printf '%s\n' "$@"
    } >"$context/Dockerfile"
}

# refused STATUS CONTEXT TEXT...: every builder stops at revchain, which ends with STATUS and says each TEXT
refused() {
    local expected=$1 context=$2 builder output status text colour=$'\e['
    shift 2
    for builder in "${builders[@]}"; do
        status=0
        output=$(build "$builder" "$context" 2>&1) || status=$?
        # The classic builder colours what comes on standard error.
        output=${output//"$colour"*([0-9;])m/}
        if [ "$builder" = classic ]; then # and leaves the steps before the one that failed
            sed -n 's/^ ---> \([0-9a-f]\{12\}\)$/\1/p' <<<"$output" | tail -n 1 | xargs -r docker rmi >/dev/null 2>&1 || :
        fi
        [ "$status" -ne 0 ] || fail "exit status of $builder's docker build" 'not 0' 0
        for text in "code: $expected" "$@"; do contains "what docker build says ($builder)" "$text" "$output"; done
    done
}

# chained CONTEXT [FILE]: every builder goes through it, and FILE of the stage is the right chain
chained() {
    local builder
    for builder in "${builders[@]}"; do
        quietly build "$builder" -t "$image-chain" "$1"
        equal "chain file ($builder)" "$(expected_chain)" "$(from_image "$image-chain" "${2:-/app/migrations/revision_chain.json}")"
        docker rmi "$image-chain" >/dev/null
    done
}
