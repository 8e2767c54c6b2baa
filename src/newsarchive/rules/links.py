"""NA2xx: does every link of the archive lead where it says?"""

from collections.abc import Iterator

from newsarchive.diagnostics import Severity
from newsarchive.models.links import ChangeKind
from newsarchive.paths import PageKind, day_of, path_fault
from newsarchive.reading import Link, LinkKind, Reading
from newsarchive.rules._rule import Finding, Lookup, Rule

_TITLED = (LinkKind.RELATED, LinkKind.INDEX_ENTRY)
_INTERNAL = (
    LinkKind.RELATED,
    LinkKind.CHANGE,
    LinkKind.INDEX_ENTRY,
    LinkKind.DAY,
    LinkKind.PREVIOUS_DAY,
)


def target_path(target: str) -> str:
    """The path that a target names: what stands before a fragment."""
    return target.partition("#")[0]


def _links(reading: Reading, *kinds: LinkKind) -> Iterator[Link]:
    return (link for link in reading.links() if link.kind in kinds)


def _missing(link: Link, lookup: Lookup, what: str) -> Finding | None:
    """The finding for a link whose target does not exist; None where it does (or is no path)."""
    path = target_path(link.target)
    if path_fault(path) or lookup.exists(path):
        return None
    near = lookup.near(path)
    hint = f"; {near}" if near else ""
    return Finding(*link.match.span("target"), f"{what} '{path}' does not exist{hint}")


def _broken(
    kinds: tuple[LinkKind, ...], what: str, reading: Reading, lookup: Lookup
) -> Iterator[Finding]:
    for link in _links(reading, *kinds):
        finding = _missing(link, lookup, what)
        if finding:
            yield finding


def _broken_related(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    return _broken((LinkKind.RELATED,), "the related page", reading, lookup)


def _broken_entry(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    return _broken((LinkKind.INDEX_ENTRY,), "the indexed page", reading, lookup)


def _broken_day(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    return _broken((LinkKind.DAY, LinkKind.PREVIOUS_DAY), "the day's page", reading, lookup)


def _broken_change(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    for link in _links(reading, LinkKind.CHANGE):
        if link.match["kind"] != ChangeKind.CURRENT_VERSION:
            finding = _missing(link, lookup, "the older version's page")
            if finding:
                yield finding


def _broken_format(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    for link in _links(reading, LinkKind.FORMAT):
        if not lookup.exists(link.target):
            yield Finding(
                link.start, link.end, f"the {link.text.upper()} form '{link.target}' does not exist"
            )


def _outside(reading: Reading) -> Iterator[Finding]:
    for link in _links(reading, *_INTERNAL):
        fault = path_fault(target_path(link.target))
        if fault:
            yield Finding(*link.match.span("target"), f"{fault}: '{link.target}'")


def _self_link(reading: Reading) -> Iterator[Finding]:
    for link in _links(reading, LinkKind.RELATED):
        if reading.path and target_path(link.target) == reading.path:
            yield Finding(*link.match.span("target"), "the page lists itself as related")


def _duplicate(reading: Reading) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for link in _links(reading, LinkKind.RELATED):
        path = target_path(link.target)
        if path in first:
            yield Finding(
                *link.match.span("target"),
                f"the page is listed twice; entry {first[path]} leads there already",
            )
        else:
            first[path] = link.match["number"]


def same_title(one: str, other: str) -> bool:
    """Whether two titles differ in blanks at most."""
    return one == other or one.split() == other.split()


def _shorten(text: str, limit: int = 100) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _title_mismatch(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    for link in _links(reading, *_TITLED):
        title = lookup.title(target_path(link.target))
        if title is not None and not same_title(title, link.text):
            yield Finding(
                *reading.clean(link.match.span("text")),
                f"the link text is not the target's title, which is '{_shorten(title)}'",
            )


def _orphan(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    if reading.kind is PageKind.EVENT and reading.path and not lookup.is_listed(reading.path):
        end = reading.body.find("\n")
        yield Finding(
            0, len(reading.body) if end < 0 else end, "no index page of its day lists this event"
        )


def _foreign(reading: Reading) -> Iterator[Finding]:
    day = day_of(reading.path)
    if reading.kind is not PageKind.DAY_INDEX or day is None:
        return
    for link in _links(reading, LinkKind.INDEX_ENTRY):
        other = day_of(target_path(link.target))
        if other is not None and other != day:
            yield Finding(
                *link.match.span("target"),
                f"the index of {day.year}-{day.month:02d}-{day.day} lists an event of "
                f"{other.year}-{other.month:02d}-{other.day}",
            )


RULES = (
    Rule(
        "NA201",
        "broken-related-link",
        Severity.ERROR,
        "the target of a related link does not exist",
        "Titles are edited, paths follow the titles, and links stay behind. The target must be a "
        "file of exactly these bytes on every operating system; another letter case, '.html' for "
        "'.md', a left-off extension, a trailing slash or percent-encoding is named as what it is.",
        bad="1. [Title](/news/2013/02/20/old-title.md) _Context: Japan_",
        good="1. [Title](/news/2013/02/20/new-title.md) _Context: Japan_",
        archive=_broken_related,
    ),
    Rule(
        "NA202",
        "broken-index-entry",
        Severity.ERROR,
        "an index names a page that is gone",
        "A day index, the front page and the opinion index lead readers to pages; this one leads "
        "to none.",
        bad="### [Title](/news/2013/02/20/gone.md)",
        archive=_broken_entry,
    ),
    Rule(
        "NA203",
        "broken-day-link",
        Severity.ERROR,
        "a date heading or 'Previous Day...' leads to no page",
        "From the heading readers go to the day, from the day to the one before. A link to a day "
        "without an index page ends that walk.",
        bad="### [2013-02-20](/news/2013/2/20/index.md)",
        good="### [2013-02-20](/news/2013/02/20/index.md)",
        archive=_broken_day,
    ),
    Rule(
        "NA204",
        "link-outside-archive",
        Severity.ERROR,
        "a link climbs out of the archive or is no archive path",
        "Related links, changes, index entries and day links are paths from the archive's root. "
        "A target with '..', a relative target or a foreign URL breaks wherever the archive is "
        "served from, and may read a stranger's file.",
        bad="1. [Title](/news/../../../etc/passwd.md)",
        good="1. [Title](/news/2013/02/20/slug.md)",
        page=_outside,
    ),
    Rule(
        "NA205",
        "self-link",
        Severity.ERROR,
        "a related link leads to its own page",
        "A page is not related to itself; a script that picked related events forgot to leave "
        "the page out.",
        page=_self_link,
    ),
    Rule(
        "NA206",
        "duplicate-related-link",
        Severity.ERROR,
        "a page is listed twice as related",
        "The second of two related links to one target is reported, whatever its text.",
        page=_duplicate,
    ),
    Rule(
        "NA207",
        "link-title-mismatch",
        Severity.WARNING,
        "the link text is not the title of its target",
        "Related links and index entries quote the title of the page that they lead to. Where "
        "they differ (blanks aside), the title was edited and the quotation was left behind, or "
        "the link leads to the wrong page.",
        archive=_title_mismatch,
    ),
    Rule(
        "NA208",
        "orphan-page",
        Severity.WARNING,
        "no index of its day lists an event",
        "Readers find events through the day's index.md or README.md. The finding stands on line "
        "1 of the event.",
        archive=_orphan,
    ),
    Rule(
        "NA209",
        "broken-change-link",
        Severity.INFO,
        "an older version under Changes is gone",
        "Normal in this archive: the page of an older version mostly goes when its successor "
        "comes. Older versions that do exist are of interest when links are repaired.",
        archive=_broken_change,
    ),
    Rule(
        "NA210",
        "foreign-index-entry",
        Severity.WARNING,
        "a day index lists an event of another day",
        "The entry's path names another day than the index's own path.",
        page=_foreign,
    ),
    Rule(
        "NA211",
        "broken-format-link",
        Severity.WARNING,
        "the HTML, JSON or XML form of a page does not exist",
        "Off unless selected: an archive is often checked without the forms that are generated "
        "from it. The links of a day index lack '/news/' and never lead anywhere as written.",
        archive=_broken_format,
        default=False,
    ),
)
