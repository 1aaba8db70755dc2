"""Hand-made histories, each with the order that the definition demands.

The orders were worked out by hand from DESIGN.md, "Landing order", not taken from a run. Date and
topological order are compared with git's at the time of the test.

What a random test finds is kept here: order.py prints its smallest history in this form.
"""

from handmade import START, Make, gone, new
from history import LINK, SUBMODULE, Migration
from storage import Storage

SCENARIOS: list[tuple[str, Make]] = []


def scenario(make: Make) -> Make:
    SCENARIOS.append((make.__name__, make))
    return make


@scenario
def linear(s):
    one = s.commit([], new("c"))
    two = s.commit([one], new("a"))
    s.commit([two], new("b"))
    return "c a b"


@scenario
def early_commit_merged_late(s):
    root = s.commit([], new("r"))
    early = s.commit([root], new("f"))
    main = s.commit([root], new("m"))
    s.merge(main, early)
    return "r m f"


@scenario
def update_branch(s):
    """The example of the README: main has aa and bb, a branch with fa merges main, then is merged."""
    aa = s.commit([], new("aa"))
    fa = s.commit([aa], new("fa"))
    bb = s.commit([aa], new("bb"))
    updated = s.merge(fa, bb)
    s.merge(bb, updated)
    return "aa bb fa"


@scenario
def update_branch_and_go_on(s):
    """What the branch added before and after its update keeps the branch's own order."""
    root = s.commit([], new("r"))
    z = s.commit([root], new("z"))
    main = s.commit([root], new("m"))
    updated = s.merge(z, main)
    a = s.commit([updated], new("a"))
    s.merge(main, a)
    return "r m z a"


@scenario
def release_branch_fed_by_merges(s):
    """On the release line each merge brings what main had got by then, in main's order."""
    root = s.commit([], new("r"))
    main_z = s.commit([root], new("z"))
    main_b = s.commit([main_z], new("b"))
    release = s.commit([root], new("hotfix"))
    first = s.merge(release, main_b)
    main_a = s.commit([main_b], new("a"))
    s.merge(first, main_a)
    return "r hotfix z b a"


@scenario
def octopus(s):
    root = s.commit([], new("r"))
    one = s.commit([root], new("z"))
    two = s.commit([root], new("a"))
    two = s.commit([two], new("both"))
    three = s.commit([root], new("b"))
    three = s.commit([three], new("both"))
    main = s.commit([root], new("m"))
    s.merge(main, one, two, three)
    return "r m z a both b"


@scenario
def merge_that_adds_a_file(s):
    """What is in no parent comes behind what the merged parent brought."""
    root = s.commit([], new("r"))
    side = s.commit([root], new("x"))
    main = s.commit([root], new("m"))
    s.merge(main, side, changes=new("a"))
    return "r m x a"


@scenario
def merge_of_a_merge(s):
    root = s.commit([], new("r"))
    inner = s.commit([root], new("c"))
    outer = s.commit([root], new("z"))
    outer = s.merge(outer, inner)
    outer = s.commit([outer], new("a"))
    main = s.commit([root], new("m"))
    s.merge(main, outer)
    return "r m z c a"


@scenario
def revert_and_land_again(s):
    one = s.commit([], new("a"))
    two = s.commit([one], new("b"))
    reverted = s.commit([two], gone("a"))
    three = s.commit([reverted], new("c"))
    s.commit([three], new("a"))
    return "b c a"


@scenario
def reverted_merge_landed_by_reverting_the_revert(s):
    root = s.commit([], new("r"))
    side = s.commit([root], new("y"))
    side = s.commit([side], new("x"))
    merged = s.merge(root, side, changes=new("m"))
    reverted = s.commit([merged], gone("x", "y"))
    later = s.commit([reverted], new("l"))
    s.commit([later], new("x", "y"))  # one commit, no dates: by path
    return "r m l x y"


@scenario
def slug_rename(s):
    one = s.commit([], new("z"))
    two = s.commit([one], new("b"))
    s.commit([two], {"v/z.py": None, "v/a.py": Migration("z", note=1)})
    return "a b"


@scenario
def rename_with_a_new_id_is_another_migration(s):
    one = s.commit([], new("z"))
    two = s.commit([one], new("b"))
    s.commit([two], {"v/z.py": None, "v/a.py": Migration("other")})
    return "b a"


@scenario
def rename_on_a_branch_merged_later(s):
    one = s.commit([], new("z"))
    renamed = s.commit([one], {"v/z.py": None, "v/a.py": Migration("z")})
    main = s.commit([one], new("m"))
    s.merge(main, renamed, changes=gone("z"))
    return "a m"


@scenario
def renamed_by_the_merge_itself(s):
    """The merged parent knows the file under its old path: it goes on there, behind y."""
    root = s.commit([], new("r"))
    side = s.commit([root], new("y"))
    side = s.commit([side], new("x"))
    main = s.commit([root], new("m"))
    s.merge(main, side, changes={"v/x.py": None, "v/a.py": Migration("x")})
    return "r m y a"


@scenario
def directory_move(s):
    one = s.commit([], {"old/z.py": Migration("z")})
    two = s.commit([one], {"old/b.py": Migration("b")})
    moved = {"old/z.py": None, "old/b.py": None}
    three = s.commit([two], {**moved, **new("z", "b")})
    s.commit([three], new("a"))
    return "z b a"


@scenario
def directory_move_and_back(s):
    one = s.commit([], new("z"))
    two = s.commit([one], new("b"))
    away = {f"w/{name}.py": Migration(name) for name in "zb"}
    three = s.commit([two], {**gone("z", "b"), **away})
    s.commit([three], {**{path: None for path in away}, **new("z", "b", "a")})
    return "z b a"


@scenario
def edited_in_place(s):
    one = s.commit([], new("b"))
    two = s.commit([one], new("a"))
    s.commit([two], new("b", note=1))
    return "b a"


@scenario
def id_changed_in_place(s):
    """Presence is judged by path first."""
    one = s.commit([], new("b"))
    two = s.commit([one], new("a"))
    s.commit([two], {"v/b.py": Migration("else")})
    return "b a"


@scenario
def squash_without_dates(s):
    s.commit([], new("c", "b", "a"))
    return "a b c"


@scenario
def squash_with_dates(s):
    """Instants are compared, not their spelling: c is the first by its zone."""
    files = new("a", date="2024-03-01 12:00:00")
    files.update(new("b", date="2024-03-01 11:00:00"))
    files.update(new("c", date="2024-03-01 12:30:00+02:00"))
    s.commit([], files)
    return "c b a"


@scenario
def squash_with_one_date_missing(s):
    s.commit([], {**new("b", date="2024-03-01 12:00:00"), **new("a", "c")})
    return "a b c"


@scenario
def equal_dates_go_by_path(s):
    s.commit([], new("b", "a", "c", date="2024-03-01 12:00:00"))
    return "a b c"


@scenario
def squash_with_depends_on(s):
    """a waits for c; b does not."""
    s.commit([], {**new("a", depends_on=("c",)), **new("b", "c")})
    return "b c a"


@scenario
def depends_on_before_dates(s):
    files = new("a", date="2020-01-01 00:00", depends_on=("b",))
    files.update(new("b", date="2024-01-01 00:00"))
    files.update(new("c", date="2022-01-01 00:00"))
    s.commit([], files)
    return "c b a"


@scenario
def depends_on_a_label(s):
    s.commit([], {**new("a", depends_on=("lib",)), **new("b", labels=("lib",)), **new("c")})
    return "b a c"


@scenario
def depends_on_in_a_circle(s):
    """Entered at its smallest; z hangs on the circle and has to wait for it."""
    files = new("a", depends_on=("b",))
    files.update(new("b", depends_on=("a",)))
    files.update(new("0", depends_on=("b",)))
    s.commit([], files)
    return "0 a b"


@scenario
def depends_on_itself(s):
    """By its id and by its own label: that says nothing of an order."""
    s.commit([], {**new("a", depends_on=("a", "own"), labels=("own",)), **new("b")})
    return "a b"


@scenario
def depends_on_outside_the_commit(s):
    one = s.commit([], new("z"))
    s.commit([one], {**new("a", depends_on=("z",)), **new("b")})
    return "z a b"


@scenario
def tie_is_judged_as_it_was(s):
    """Dates at the landing count, not today's; nor does it matter that b loses its date."""
    files = new("a", date="2024-02-02 00:00")
    files.update(new("b", date="2024-01-01 00:00"))
    one = s.commit([], files)
    s.commit([one], {**new("a", date="2000-01-01 00:00"), **new("b")})
    return "b a"


@scenario
def tie_with_one_deleted_since(s):
    """c had no date, so the others went by path, and go so still when c is gone."""
    files = new("b", date="2024-01-01 00:00")
    files.update(new("a", date="2024-02-02 00:00"))
    one = s.commit([], {**files, **new("c")})
    s.commit([one], gone("c"))
    return "a b"


@scenario
def tie_through_a_dependency_deleted_since(s):
    """a hung on c, c on b; without c the order is still theirs."""
    files = {**new("a", depends_on=("c",)), **new("c", depends_on=("b",)), **new("b")}
    one = s.commit([], files)
    s.commit([one], gone("c"))
    return "b a"


@scenario
def several_roots(s):
    """The second root's files arrive by the merge, whenever they were committed."""
    other = s.commit([], new("a"))
    other = s.commit([other], new("0"))
    main = s.commit([], new("m"))
    main = s.commit([main], new("n"))
    s.merge(main, other)
    return "m n a 0"


@scenario
def backwards_clocks(s):
    one = s.commit([], new("a"), time=START + 300)
    two = s.commit([one], new("c"), time=START + 200)
    side = s.commit([one], new("d"), time=START + 50)
    two = s.commit([two], new("b"), time=START + 100)
    s.merge(two, side)
    return "a c b d"


@scenario
def same_name_elsewhere_in_a_monorepo(s):
    """A file of the same name with another id disappears elsewhere: no rename."""
    one = s.commit([], {**new("a"), "service/v/b.py": Migration("theirs")})
    two = s.commit([one], new("c"))
    s.commit([two], {"service/v/b.py": None, **new("b")})
    return "a c b"


@scenario
def same_id_still_elsewhere(s):
    """A copy is no rename: the other file is still there."""
    one = s.commit([], {**new("a"), "service/v/b.py": Migration("b")})
    two = s.commit([one], new("c"))
    s.commit([two], new("b"))
    return "a c b"


@scenario
def moved_in_from_elsewhere(s):
    one = s.commit([], {"service/v/b.py": Migration("b")})
    two = s.commit([one], new("c"))
    s.commit([two], {"service/v/b.py": None, **new("b")})
    return "b c"


@scenario
def two_candidates_the_same_name_first(s):
    one = s.commit([], {"x/b.py": Migration("b")})
    two = s.commit([one], new("c"))
    three = s.commit([two], {"a/other.py": Migration("b")})
    s.commit([three], {"x/b.py": None, "a/other.py": None, **new("b")})
    return "b c"


@scenario
def without_a_revision_nothing_is_followed(s):
    one = s.commit([], {"v/z.py": Migration(raw="x = 1\n")})
    two = s.commit([one], new("b"))
    s.commit([two], {"v/z.py": None, "v/c.py": Migration(raw="x = 1\n")})
    return "b c"


@scenario
def what_is_no_migration(s):
    plain = {f"v/{name}": Migration("x") for name in ("__init__.py", ".#a.py", "a.txt", "d/a.py")}
    one = s.commit([], plain)
    s.commit([one], new("b"))
    return "b"


@scenario
def nested_directories(s):
    s.recursive = True
    one = s.commit([], {"v/y/b.py": Migration("b")})
    two = s.commit([one], new("c"))
    s.commit([two], {"v/x/a.py": Migration("a")})
    return "y/b c x/a"


@scenario
def tie_in_the_nested_directory_of_another_root(s):
    """They landed under old/, with old/n/c that had no date and is gone: by path, not by date."""
    s.recursive = True
    files = {
        "old/n/a.py": Migration("a", date="2024-02-02 00:00"),
        "old/b.py": Migration("b", date="2024-01-01 00:00"),
        "old/n/c.py": Migration("c"),
    }
    one = s.commit([], files)
    moved = {path.replace("old", "v"): file for path, file in files.items()}
    two = s.commit([one], {**{path: None for path in files}, **moved})
    s.commit([two], {"v/n/c.py": None})
    return "b n/a"


@scenario
def criss_cross(s):
    """Each line merged the other before; main's own line decides: p by its merge, q by the last."""
    root = s.commit([], new("r"))
    left = s.commit([root], new("l"))
    right = s.commit([root], new("p"))
    crossed_left = s.merge(left, right)
    crossed_right = s.merge(right, left)
    crossed_right = s.commit([crossed_right], new("a"))
    s.merge(crossed_left, crossed_right)
    return "r l p a"


@scenario
def foxtrot(s):
    """The merge's first parent is the feature: main's own migration counts as merged into it."""
    root = s.commit([], new("r"))
    main = s.commit([root], new("a"))
    feature = s.commit([root], new("f"))
    s.merge(feature, main)
    return "r f a"


@scenario
def taken_with_ours_then_landed(s):
    """A merge that dropped the side's file did not land it; the later commit did."""
    root = s.commit([], new("r"))
    side = s.commit([root], new("a"))
    merged = s.commit([root, side], new("m"))
    later = s.commit([merged], new("l"))
    s.commit([later], new("a"))
    return "r m l a"


@scenario
def cherry_picked_then_merged(s):
    """x is on main already when the branch is merged: only y lands there."""
    root = s.commit([], new("r"))
    side = s.commit([root], new("x"))
    side = s.commit([side], new("y"))
    main = s.commit([root], new("m"))
    main = s.commit([main], new("x"))
    main = s.commit([main], new("n"))
    s.merge(main, side)
    return "r m x n y"


@scenario
def a_path_that_was_a_directory(s):
    one = s.commit([], {"v/a.py/inner.py": Migration("i"), **new("b")})
    s.commit([one], {"v/a.py/inner.py": None, **new("a")})
    return "b a"


@scenario
def a_symbolic_link_is_present(s):
    """The file becomes a link to where it is kept now; it never left its path."""
    one = s.commit([], new("z"))
    two = s.commit([one], new("b"))
    link = Migration(raw="../kept/other.py", mode=LINK)
    s.commit([two], {"kept/other.py": Migration("z"), "v/z.py": link})
    return "z b"


@scenario
def a_submodule_is_not(s):
    one = s.commit([], {**new("z"), "v/0.py": Migration(raw="", mode=SUBMODULE)})
    two = s.commit([one], {**new("b"), "v/z.py": Migration(raw="", mode=SUBMODULE)})
    s.commit([two], new("z"))
    return "b z"


@scenario
def moved_away_from_what_became_a_submodule(s):
    """There is something at the old path, but no file: z is the one that moved."""
    one = s.commit([], {"w/z.py": Migration("z"), **new("b")})
    two = s.commit([one], new("a"))
    s.commit([two], {"w/z.py": Migration(raw="", mode=SUBMODULE), **new("z")})
    return "b z a"


@scenario
def depends_on_an_id_with_copies(s):
    """The id stands for the first of its copies; that there are two is a finding of its own."""
    files = {"v/b.py": Migration("twice"), "v/c.py": Migration("twice")}
    s.commit([], {**files, **new("a", depends_on=("twice",))})
    return "b a c"


@scenario
def lane_at_the_root(s):
    s.lane = ""
    one = s.commit([], {"b.py": Migration("b")})
    s.commit([one], {"a.py": Migration("a")})
    return "/b /a"


@scenario
def half_of_it_in_a_commit_graph_file(s):
    """A clock that runs backwards where the file ends; nothing is in a pack."""
    s.storage = Storage("loose", "older")
    root = s.commit([], new("r"))
    side = s.commit([root], new("x"))
    main = s.commit([root], new("m"))
    side = s.commit([side], new("a"), time=START - 100)
    merged = s.merge(main, side)
    s.commit([merged], new("b"))
    return "r m x a b"


@scenario
def uncommitted_files(s):
    """Last, and among themselves as in a tie; d and a are not in HEAD, e is not on disk."""
    s.commit([], new("c", "e"))
    s.worktree = {
        b"v/c.py": Migration("c", note=1),
        b"v/a.py": Migration("a", depends_on=("d",)),
        b"v/d.py": Migration("d"),
    }
    return "c d a"


@scenario
def lane_moved_deeper_then_one_went(s):
    """What a tie is judged among is told by its commit alone. Was seed 1015431."""
    s.lane = "migrations/versions"
    s.recursive = True
    s.commit(
        [],
        {
            "alembic/versions/2024/q1/init.py": Migration(
                revision="0c09", depends_on=("aaf6", "5df1")
            ),
            "alembic/versions/2024/teams.py": Migration(revision="f2e0"),
            "alembic/versions/expand/users.py": Migration(revision="5df1"),
        },
    )
    s.commit([0], {"alembic/versions/expand/users.py": Migration(revision="5818")})
    s.commit(
        [1],
        {
            "alembic/versions/2024/q1/init.py": None,
            "alembic/versions/2024/teams.py": None,
            "alembic/versions/expand/users.py": None,
            "migrations/versions/expand/2024/q1/init.py": Migration(revision="0c09"),
            "migrations/versions/expand/2024/teams.py": Migration(revision="f2e0"),
            "migrations/versions/expand/expand/users.py": Migration(revision="5818"),
        },
    )
    s.commit([2], {"migrations/versions/expand/expand/users.py": None})
    return [
        "migrations/versions/expand/2024/teams.py",
        "migrations/versions/expand/2024/q1/init.py",
    ]


@scenario
def lane_moved_then_flattened(s):
    """The same. Was seed 1007469."""
    s.lane = "versions"
    s.recursive = True
    s.commit(
        [],
        {
            "migrations/versions/2023/ac97_init.py": Migration(
                revision="ac97", depends_on=("b99b",)
            ),
            "migrations/versions/2023/ba74_users.py": Migration(revision="ba74"),
            "migrations/versions/2024/q1/b99b_drop.py": Migration(revision="b99b"),
        },
    )
    s.commit(
        [0],
        {
            "migrations/versions/2023/ac97_init.py": None,
            "migrations/versions/2023/ba74_users.py": None,
            "versions/2023/ac97_init.py": Migration(revision="ac97"),
            "versions/2023/ba74_users.py": Migration(revision="ba74"),
        },
    )
    s.commit(
        [1],
        {
            "versions/2023/ac97_init.py": None,
            "versions/2023/ba74_users.py": None,
            "versions/ac97_init.py": Migration(revision="ac97"),
            "versions/ba74_users.py": Migration(revision="ba74"),
        },
    )
    return ["versions/ba74_users.py", "versions/ac97_init.py"]


@scenario
def tied_under_a_name_that_is_not_loaded(s):
    """What Alembic does not load may be where a migration was moved from."""
    s.commit([], {"v/__init__z.py": Migration(revision="z"), **new("b", "c")})
    s.commit([0], {"v/__init__z.py": None, **new("z")})
    return "z b c"
