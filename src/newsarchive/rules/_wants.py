"""What rules may want to be true of other pages, each statement in one string.

A run compares what pages want with what other pages give (see `newsarchive.graph.facts`). A rule
says by `Rule.wants` what its check of the archive depends on, and is not asked where all of that
is given. It may want more than it needs: then it is asked where it finds nothing.

No two statements are the same string. Neither titles nor targets hold a line ending; a path of a
file may, but then it differs from what they make of it by the first character or the number of
line endings.
"""

from newsarchive.page.paths import PageKind, path_fault, target_path
from newsarchive.page.reading import Reading
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


def day_links(reading: Reading) -> list[Want]:
    """The pages of days that a page links to exist."""
    if reading.sections:  # a heading of an index opens a section
        sections = [*reading.sections, reading.previous] if reading.previous else reading.sections
        matches = [section.match for section in sections if section.match]
    else:
        matches = [reading.heading.match] if reading.heading else []
    return [exists(target_path(m["target"])) for m in matches if m["target"] is not None]


def entries(reading: Reading) -> list[Want]:
    """The pages of related links and index entries exist, and are titled as the entries say."""
    if reading.kind is PageKind.EVENT:
        return [
            titled(target, m["text"].strip())
            for target, m in zip(reading.related_paths, reading.related, strict=True)
        ]
    return [
        titled(target_path(item.match["target"]), item.match["text"].strip())
        for item in reading.index_items()
    ]


def own_entry(reading: Reading) -> tuple[Want, ...]:
    """An index of its day lists the event."""
    return (listed(reading.path),) if reading.kind is PageKind.EVENT else ()


def previous_day(reading: Reading) -> tuple[Want, ...]:
    """The day that a day's index names as the one before is that."""
    if reading.kind is not PageKind.DAY_INDEX:
        return ()
    m = reading.previous.match if reading.previous else None
    folder = reading.path.rpartition("/")[0]
    return (previous(folder, target_path(m["target"]) if m else ""),)


def usable_changes(reading: Reading) -> list[Want]:
    """Whatever a page names as its versions is an archive path."""
    return [NEVER for m in reading.changes if path_fault(target_path(m["target"]))]
