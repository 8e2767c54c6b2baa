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


def links(reading: Reading) -> list[Want]:
    """Whatever a page links to exists, is titled as its entries say, and is an archive path.

    The rules on links share this: each asks for more than it needs, but a page is gone through
    once, not once for each of them.
    """
    if reading.kind is PageKind.EVENT:
        # `titled`, without a call for each link: most of what a run asks is asked here.
        found = [
            f"T{target}\n{m['text'].strip()}"
            for target, m in zip(reading.related_paths, reading.related, strict=True)
        ]
        if reading.heading:
            found.append(exists(target_path(reading.heading.target)))
        if reading.changes:
            paths = [target_path(m["target"]) for m in reading.changes]
            found += [NEVER for path in paths if path_fault(path)]
        return found
    if not reading.sections:  # where there are any, a heading opens the first
        return []
    found = [
        titled(target, item.match["text"].strip())
        for target, item in zip(reading.entry_paths, reading.index_items(), strict=True)
    ]
    sections = [*reading.sections, reading.previous] if reading.previous else reading.sections
    targets = [section.match["target"] for section in sections if section.match]
    return found + [exists(target_path(target)) for target in targets if target is not None]


def place(reading: Reading) -> list[Want]:
    """An index of its day lists an event; a day's index names the day before as the one before."""
    if reading.kind is PageKind.EVENT:
        return [listed(reading.path)]
    if reading.kind is not PageKind.DAY_INDEX:
        return []
    m = reading.previous.match if reading.previous else None
    folder = reading.path.rpartition("/")[0]
    return [previous(folder, target_path(m["target"]) if m else "")]
