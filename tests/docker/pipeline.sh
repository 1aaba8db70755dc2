# shellcheck shell=bash
# shellcheck disable=SC2154 # what run and lib.sh set
# The example application's CI, with a real image at its end.

# pipeline SERVICE IMAGE: the image that the second job builds has the chain of the first.
pipeline() {
    build_image
    mkdir -p "$work/bin"
    from_image "$image" /revchain >"$work/bin/revchain"
    chmod +x "$work/bin/revchain"
    git -C "$repository" tag -f v1 HEAD~3 >/dev/null
    PATH=$work/bin:$PATH quietly "$here/pipeline" "$1" "$repository" "$work/$1" revchain-test/pipeline:1
    equal 'depth of the clone that the image was built from' 1 "$(git -C "$work/$1/build" rev-list --count HEAD)"
    equal 'chain file in the image' "$(expected_chain)" "$(docker run --rm --entrypoint cat "$2" migrations/revision_chain.json)"
    docker rmi "$2" >/dev/null
}

case_pipeline_github() {
    thorough
    pipeline github ghcr.io/revchain-test/pipeline:1
}
case_pipeline_gitlab() {
    thorough
    pipeline gitlab revchain-test/pipeline:1
}
