"""What rules may want to be true of other pages, each statement in one string.

A run compares what pages want with what other pages give (see `newsarchive.graph.facts`). A rule
says by `Rule.wants` what its check of the archive depends on, and is not asked where all of that
is given. It may want more than it needs: then it is asked where it finds nothing.

No two statements are the same string. Neither titles nor targets hold a line ending; a path of a
file may, but then it differs from what they make of it by the first character or the number of
line endings.
"""

from newsarchive.page.parts import Parts
from newsarchive.page.paths import PageKind, path_fault, target_path
from newsarchive.rules._rule import Want


def exists(path: str) -> Want:
    """A page of this path exists."""
    return f"E{path}"


def titled(path: str, title: str) -> Want:
    """The page at `path` exists, and is an event with this title."""
    return f"T{path}\n{title}"


def listed(path: str) -> Want:
    """An index page of its day lists the event at `path`."""
    return f"L{path}"


def previous(folder: str, path: str) -> Want:
    """The day before that of `folder` has its index at `path`; there is none where it is empty."""
    return f"P{folder}\n{path}"


NEVER: Want = "N"
"""What no page ever gives: whoever wants it is looked at again."""


def entries(page: Parts) -> list[Want]:
    """Whatever a page quotes exists and is titled so: one statement for each of its entries."""
    # `titled`, without a call for each link: most of what a run asks is asked here.
    return [
        f"T{path}\n{title.strip()}"
        for path, title in zip(page.linked_paths, page.linked_titles, strict=True)
    ]


def days(page: Parts) -> list[Want]:
    """The days that headings lead to exist."""
    return [f"E{path}" for path in page.day_paths]


def changes(page: Parts) -> list[Want]:
    """What Changes name are archive paths."""
    return [NEVER for m in page.changes if path_fault(target_path(m["target"]))]


def day_before(page: Parts) -> list[Want]:
    """An index names the day before."""
    if page.kind is not PageKind.DAY_INDEX:
        return []
    return [previous(page.path.rpartition("/")[0], page.previous_path)]
