"""NA2xx: do the indexes of days list the events of their day, each once?"""

from collections.abc import Iterator

from newsarchive.findings.diagnostics import Applicability, Severity
from newsarchive.findings.remedies import Remedy
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_of, target_path
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.page.targets import names_exactly
from newsarchive.rules._rule import Finding, Lookup, Marks, Repair, Rule
from newsarchive.rules.entries import item_removal
from newsarchive.rules.titles import same_title, telling_part


def _orphan(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    if reading.kind is PageKind.EVENT and reading.path and not lookup.is_listed(reading.path):
        end = reading.body.find("\n")
        end = len(reading.body) if end < 0 else end
        repair = _listing(reading.path, lookup)
        yield Finding(0, end, "no index page of its day lists this event", repair)


def _listing(path: str, lookup: Lookup) -> Repair | None:
    """List an event in all indexes of its day; None where no link may lead there, or none can."""
    listing = lookup.listing(path) if names_exactly(path) else ()
    if not listing:
        return None
    (index, edit), *others = listing
    return Repair(
        f"list the event in {' and '.join(page for page, _ in listing)}",
        (edit,),
        Applicability.UNSAFE,
        page=index,
        more=tuple((page, (more,)) for page, more in others),
    )


def _one_sided(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    folder, _, name = reading.path.rpartition("/")
    if reading.kind is not PageKind.DAY_INDEX or not folder:
        return
    other = next(f"{folder}/{copy}" for copy in INDEX_NAMES if copy != name)
    if not lookup.exists(other):
        return
    listed = lookup.listed_by(other)
    for link in reading.links(LinkKind.INDEX_ENTRY):
        path = target_path(link.target)
        if path in listed or path.rpartition("/")[0] != folder or not path.endswith(".md"):
            continue
        if lookup.exists(path):
            message = f"{other} does not list this event"
            yield Finding(*link.match.span("target"), message, _listing(path, lookup))


def _lists_own_day(reading: Reading) -> bool:
    if reading.kind is not PageKind.DAY_INDEX:
        return True
    folder = reading.path.rpartition("/")[0] + "/"
    return all(path.startswith(folder) for path in reading.entry_paths)


def _foreign(reading: Reading) -> Iterator[Finding]:
    day = day_of(reading.path)
    if reading.kind is not PageKind.DAY_INDEX or day is None:
        return
    for link in reading.links(LinkKind.INDEX_ENTRY):
        other = day_of(target_path(link.target))
        if other is not None and other != day:
            yield Finding(
                *link.match.span("target"),
                f"the index of {day.year}-{day.month:02d}-{day.day} lists an event of "
                f"{other.year}-{other.month:02d}-{other.day}",
            )


def _all_listed_once(reading: Reading) -> bool:
    return not reading.sections or len(set(reading.entry_paths)) == len(reading.entry_paths)


def _listed_twice(reading: Reading) -> Iterator[Finding]:
    for link, titles in _listed_again(reading):
        if any(same_title(title, link.text) for title in titles):
            repair = Repair(
                "remove the entry", item_removal(reading, link.match), Applicability.UNSAFE
            )
            yield Finding(*link.match.span("target"), "the index lists this page already", repair)


def _collisions(reading: Reading) -> Iterator[Finding]:
    for link, titles in _listed_again(reading):
        if not any(same_title(title, link.text) for title in titles):
            message = f"the index lists this path above as '{telling_part(titles[0], link.title)}'"
            yield Finding(*link.match.span("target"), message)


def _listed_again(reading: Reading) -> Iterator[tuple[Link, list[str]]]:
    """The entries whose paths stand above already, each with the titles that they have there."""
    known: dict[str, list[str]] = {}
    for link in reading.links(LinkKind.INDEX_ENTRY):
        titles = known.setdefault(target_path(link.target), [])
        if titles:
            yield link, titles
        titles.append(link.title)


RULES = (
    Rule(
        "NA208",
        "orphan-page",
        Severity.WARNING,
        "no index of its day lists an event",
        "Readers find events through the day's index.md or README.md. The finding is on line "
        "1 of the event.",
        bad="/news/2013/02/20/slug.md, which /news/2013/02/20/index.md does not list",
        good="### [Title](/news/2013/02/20/slug.md) in /news/2013/02/20/index.md",
        advice="List the event in the index of its day, by hand or with --fix --unsafe-fixes; or "
        "move it to the day that it belongs to with 'newsarchive mv'.",
        remedies=(Remedy.LIKELY,),
        archive=_orphan,
        fix="lists the event in each index of its day, in that one's order and style",
        whole_page=True,
        wants=(),
        within_folder=True,
    ),
    Rule(
        "NA214",
        "one-sided-index-entry",
        Severity.WARNING,
        "one index of a day lists an event that the other one does not",
        "index.md and README.md are two copies of a day's index. Which of them a reader meets "
        "depends on the server, so whoever lists an event in one must list it in both.",
        bad="### [Title](/news/2013/02/20/slug.md) in index.md alone",
        good="### [Title](/news/2013/02/20/slug.md) in index.md and in README.md",
        advice="List the event in the other index, too, by hand or with --fix --unsafe-fixes.",
        remedies=(Remedy.LIKELY,),
        archive=_one_sided,
        fix="lists the event in the other index, in that one's order and style",
        wants=(),
        within_folder=True,
    ),
    Rule(
        "NA210",
        "foreign-index-entry",
        Severity.WARNING,
        "a day index lists an event of another day",
        "The entry's path names another day than the index's own path.",
        bad="### [Title](/news/2013/02/19/slug.md) in /news/2013/02/20/index.md",
        good="### [Title](/news/2013/02/19/slug.md) in /news/2013/02/19/index.md",
        advice="Correct the entry's path, or move the entry to the index of its own day.",
        page=_foreign,
        passes=_lists_own_day,
    ),
    Rule(
        "NA212",
        "duplicate-index-entry",
        Severity.WARNING,
        "an index lists a page twice",
        "The second of two entries for one page under one title is reported. Readers meet the "
        "event twice, and an edit of one entry leaves the other behind.",
        bad="### [Title](/news/2013/02/20/slug.md)\n### [Title](/news/2013/02/20/slug.md)",
        good="### [Title](/news/2013/02/20/slug.md)",
        advice="Take the second entry out, by hand or with --fix --unsafe-fixes.",
        remedies=(Remedy.LIKELY,),
        page=_listed_twice,
        passes=_all_listed_once,
        fix="removes the second entry",
        marks=Marks.SUPERFLUOUS,
    ),
    Rule(
        "NA213",
        "slug-collision",
        Severity.ERROR,
        "an index lists two titles under one path",
        "Slugs are cut, so two long titles of a day may get one, and the page of one event takes "
        "the place of the other's. The titles in the index are what is left of it: no fix touches "
        "them, nor links that quote them.",
        bad="### [A long title. One is hurt. ](/news/2013/02/20/a-long-title.md)\n"
        "### [A long title. None is hurt. ](/news/2013/02/20/a-long-title.md)",
        good="### [A long title. One is hurt. ](/news/2013/02/20/a-long-title.md)\n"
        "### [A long title. None is hurt. ](/news/2013/02/20/a-long-title-2.md)",
        advice="Give each event a page and a path of its own. Where it is one event whose title "
        "was edited, delete the entry with the older title.",
        page=_collisions,
        passes=_all_listed_once,
    ),
)
