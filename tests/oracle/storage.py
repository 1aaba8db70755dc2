"""How a repository holds its objects: git prints the same from all of them, and so must revchain."""

import random
from typing import NamedTuple

# By fast-import alone, each object is in a file of its own or all are in one pack, where only trees
# and blobs are deltas. Repacked, commits may be deltas too.
OBJECTS = {
    "packed": "",
    "loose": "",
    "deltas": "git repack -q -a -d -f --window=50 --depth=50",
}

# The commit-graph file; an older one lacks the younger half of the commits, as it does in any
# repository between two runs of `git gc`. A chain is two such files, one on top of the other.
OLDER = (
    "git for-each-ref --format='%(objectname)' refs/older | git commit-graph write --stdin-commits"
)
WHOLE = "git commit-graph write --reachable"
GRAPHS = {
    "none": "",
    "older": OLDER,
    "whole": WHOLE,
    "paths": f"{WHOLE} --changed-paths",
    "chain": f"{OLDER} --split=no-merge && {WHOLE} --split=no-merge",
}


class Storage(NamedTuple):
    objects: str = "packed"
    graph: str = "none"

    def unpack_limit(self) -> int:
        """What fast-import takes from the configuration: so many objects or less stay loose."""
        return 1_000_000 if self.objects == "loose" else 1

    def needs_older(self) -> bool:
        return "refs/older" in GRAPHS[self.graph]

    def commands(self) -> list[str]:
        """For a shell in the repository, once it is imported."""
        return [line for line in (OBJECTS[self.objects], GRAPHS[self.graph]) if line]


PLAIN = Storage()


def of_seed(seed: int) -> Storage:
    """Half of the histories have no commit-graph file; few are loose, which takes the longest."""
    choice = random.Random(f"storage {seed}")
    graph = (
        "none"
        if choice.random() < 0.5
        else choice.choice([name for name in GRAPHS if name != "none"])
    )
    return Storage(choice.choices(["packed", "deltas", "loose"], [2, 2, 1])[0], graph)
