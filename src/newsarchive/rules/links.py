"""NA2xx: does every link of the archive lead where it says?"""

from collections.abc import Iterator
from functools import partial

from newsarchive.findings.diagnostics import LIKELY, Applicability, Severity, Suggestion, clear_best
from newsarchive.findings.edits import BodyEdit
from newsarchive.findings.remedies import Remedy
from newsarchive.page.paths import path_fault, target_path
from newsarchive.page.reading import Link, LinkKind, Reading
from newsarchive.page.targets import leads_already, names_exactly
from newsarchive.rules import _wants
from newsarchive.rules._commonmark import escape_text
from newsarchive.rules._rule import Finding, Lookup, Marks, Repair, Rule
from newsarchive.rules.entries import entry_removal, item_removal
from newsarchive.rules.titles import QUOTING, contested_paths, same_title, shorten
from newsarchive.rules.written import ARCHIVE_LINKS, shown_reason


def _broken(
    kinds: tuple[LinkKind, ...], what: str, reading: Reading, lookup: Lookup
) -> Iterator[Finding]:
    """A finding for each link of these kinds whose target is a path that does not exist."""
    for link, path in reading.leading(*kinds):
        if lookup.exists(path) or path_fault(path):
            continue
        found = lookup.suggest(reading, link)
        repair = _retarget(link, path, found) if found else _removal(reading, link, removes=True)
        message = f"{what} '{path}' does not exist{_hint(found)}"
        span = link.match.span("target")
        yield Finding(*span, message, repair, suggestions=found, target=path)


def _hint(found: tuple[Suggestion, ...]) -> str:
    best = clear_best(found)
    if best:
        meant = f"; did you mean '{best.path}' ({', '.join(best.reasons)})?"
        return meant if names_exactly(best.path) else f"{meant} No link can name it by that path"
    close = [s for s in found if s.certain or s.score >= LIKELY]
    if len(close) > 1:
        first, second = close[:2]
        return f"; it may be '{first.path}' or '{second.path}', which are equally likely"
    return ""


def _retarget(link: Link, path: str, found: tuple[Suggestion, ...]) -> Repair | None:
    best = clear_best(found)
    if best is None or not names_exactly(best.path) or leads_already(path, best.path):
        return None
    start = link.match.start("target")
    return Repair(
        f"link to '{best.path}'",
        (BodyEdit(start, start + len(path), best.path),),
        Applicability.SAFE if best.certain else Applicability.UNSAFE,
    )


def _removal(reading: Reading, link: Link, *, removes: bool = False) -> Repair | None:
    """Take an entry away, perhaps as its target is gone; None for links that are no entries."""
    if link.kind is LinkKind.RELATED:
        edits = entry_removal(reading, "related", link.match)
    elif link.kind is LinkKind.INDEX_ENTRY:
        edits = item_removal(reading, link.match)
    else:
        return None
    return Repair("remove the entry", edits, Applicability.UNSAFE, removes)


def _older_versions(reading: Reading) -> Iterator[tuple[str, Finding]]:
    for m in reading.changes:
        path = target_path(m["target"])
        if not reading.is_current(m) and not path_fault(path):
            message = f"the older version's page '{path}' does not exist"
            yield path, Finding(*m.span("target"), message)


def _broken_format(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    for link in reading.links(LinkKind.FORMAT):
        if not lookup.exists(link.target):
            yield Finding(
                link.start, link.end, f"the {link.text.upper()} form '{link.target}' does not exist"
            )


def _outside(reading: Reading, lookup: Lookup | None = None) -> Iterator[Finding]:
    for link, path in reading.leading(*ARCHIVE_LINKS):
        fault = path_fault(path)
        if fault:
            found = lookup.suggest(reading, link) if lookup else ()
            yield Finding(
                *link.match.span("target"),
                f"{fault}: '{link.target}'{_hint(found)}",
                _retarget(link, path, found),
                suggestions=found,
            )


def _self_link(reading: Reading) -> Iterator[Finding]:
    for link in reading.links(LinkKind.RELATED):
        if reading.path and target_path(link.target) == reading.path:
            # Another title tells of another page, which the link may have meant.
            own = same_title(reading.text(reading.title), link.title)
            yield Finding(
                *link.match.span("target"),
                "the page lists itself as related",
                _removal(reading, link) if own else None,
            )


def _duplicate(reading: Reading) -> Iterator[Finding]:
    first: dict[str, Link] = {}
    for link in reading.links(LinkKind.RELATED):
        path = target_path(link.target)
        if path in first:
            other = first[path]
            yield Finding(
                *link.match.span("target"),
                f"the page is listed twice; entry {other.match['number']} leads there already",
                _removal(reading, link) if _says_no_more(link, other) else None,
            )
        else:
            first[path] = link


def _says_no_more(link: Link, other: Link) -> bool:
    """Whether a related link has no word that another to the same page has not."""
    terms, known = ((of.match["context"] or "").split(", ") for of in (link, other))
    return same_title(link.title, other.title) and {*terms} <= {*known, ""}


def _title_mismatch(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    contested: frozenset[str] | None = None
    for link, path in reading.leading(*QUOTING):
        title = lookup.title(path)
        if title is None or same_title(title, link.text):
            continue
        if contested is None:
            contested = contested_paths(reading)
        if path in contested and link.kind is LinkKind.INDEX_ENTRY:
            continue  # two events may have this path: NA213 says so
        message = f"the link text is not the target's title, which is '{shorten(title)}'"
        repair = None
        if path in contested or lookup.is_contested(path):
            message += "; two events may have this path"
        else:
            repair = _quotation(reading, link, title)
        yield Finding(*reading.clean(link.match.span("text")), message, repair)


def _quotation(reading: Reading, link: Link, title: str) -> Repair | None:
    """Quote a title in a link; None where no renderer would show a link then."""
    if "](" in title:
        return None
    text = escape_text(title)
    if not same_title(title, text) or shown_reason(reading, link, text):
        return None
    edit = BodyEdit(*reading.clean(link.match.span("text")), text)
    return Repair("take over the target's title", (edit,), Applicability.UNSAFE)


_RETARGET = (
    "links to the page that is meant, safe where a path proves it; removes an entry whose target "
    "is gone for good"
)
_RETARGETED = (Remedy.SAFE, Remedy.LIKELY, Remedy.REMOVAL)

RULES = (
    Rule(
        "NA201",
        "broken-related-link",
        Severity.ERROR,
        "the target of a related link does not exist",
        "Titles are edited, paths follow the titles, and links stay behind. The target must match "
        "a file's name exactly, on every system. If only letter case, Unicode form, '.html' for "
        "'.md', a missing extension, a trailing slash or percent-encoding differs, the message "
        "says so.",
        bad="1. [Title](/news/2013/02/20/old-title.md) _Context: Japan_",
        good="1. [Title](/news/2013/02/20/new-title.md) _Context: Japan_",
        advice="Run 'newsarchive check ARCHIVE --diff' to see which pages are meant, then --fix. "
        "What is left is a choice between candidates, or a page to restore; --remove-dead "
        "takes out entries whose page is gone for good.",
        remedies=_RETARGETED,
        archive=partial(_broken, (LinkKind.RELATED,), "the related page"),
        fix=_RETARGET,
        suggests=True,
        wants=(_wants.entries,),
    ),
    Rule(
        "NA202",
        "broken-index-entry",
        Severity.ERROR,
        "an index names a page that is gone",
        "A day index, the front page and the opinion index lead readers to pages; this one leads "
        "to none.",
        bad="### [Title](/news/2013/02/20/gone.md)",
        advice="Run --diff, then --fix. An entry whose page is gone for good is taken out with "
        "--remove-dead; a page that was lost by accident can be restored from history.",
        remedies=_RETARGETED,
        archive=partial(_broken, (LinkKind.INDEX_ENTRY,), "the indexed page"),
        fix=_RETARGET,
        suggests=True,
        wants=(_wants.entries,),
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
        advice="Run --diff, then --fix. Where the day's index was lost, restore it or write it.",
        remedies=_RETARGETED,
        archive=partial(_broken, (LinkKind.DAY, LinkKind.PREVIOUS_DAY), "the day's page"),
        fix=_RETARGET,
        suggests=True,
        wants=(_wants.days,),
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
        advice="Write the path from the archive's root: '/news/2016/03/2/title.md'. A foreign "
        "address belongs under Sources.",
        remedies=(Remedy.LIKELY,),
        page=_outside,
        archive=_outside,
        fix="links to the page that is meant, where the text tells",
        suggests=True,
        wants=(_wants.entries, _wants.days, _wants.changes),
    ),
    Rule(
        "NA205",
        "self-link",
        Severity.ERROR,
        "a related link leads to its own page",
        "A page is not related to itself; a script that picked related events forgot to leave "
        "the page out.",
        bad="on /news/2013/02/20/slug.md:\n1. [Title](/news/2013/02/20/slug.md)",
        good="1. [Another title](/news/2013/02/19/another.md)",
        advice="Take the entry out, by hand or with --fix --unsafe-fixes.",
        remedies=(Remedy.LIKELY,),
        page=_self_link,
        passes=lambda reading: reading.path not in reading.related_paths,
        fix="removes the entry, if it quotes the page's own title",
        marks=Marks.SUPERFLUOUS,
    ),
    Rule(
        "NA206",
        "duplicate-related-link",
        Severity.ERROR,
        "a page is listed twice as related",
        "The second of two related links to one target is reported, whatever its text.",
        bad="1. [Title](/news/2013/02/19/slug.md)\n2. [Title](/news/2013/02/19/slug.md)",
        good="1. [Title](/news/2013/02/19/slug.md)",
        advice="Take the second entry out, by hand or with --fix --unsafe-fixes. Where its text "
        "quotes another event, correct its path.",
        remedies=(Remedy.LIKELY,),
        page=_duplicate,
        passes=lambda page: len({*page.related_paths}) == len(page.related_paths),
        fix="removes the second entry, if it says no more than the first",
        marks=Marks.REPETITION,
    ),
    Rule(
        "NA207",
        "link-title-mismatch",
        Severity.WARNING,
        "the link text is not the title of its target",
        "Related links and index entries quote the title of the page that they lead to. Where "
        "they differ (spaces aside), the title was edited and the quotation was left behind, or "
        "the link leads to the wrong page. Where a page, or the index of the target's day, links "
        "to one path under two titles, these tell of two events (NA213), and nothing is changed.",
        bad="1. [The old title](/news/2013/02/20/slug.md)",
        good="1. [The title of that page](/news/2013/02/20/slug.md)",
        advice="Read the two titles. Where they tell of one event, --fix --unsafe-fixes takes "
        "over the new one; where they do not, correct the path.",
        remedies=(Remedy.LIKELY,),
        archive=_title_mismatch,
        fix="takes over the target's title, its brackets escaped where they must be",
        marks=Marks.QUOTATION,
        wants=(_wants.entries,),
    ),
    Rule(
        "NA209",
        "broken-change-link",
        Severity.INFO,
        "an older version under Changes is gone",
        "Normal in this archive: the page of an older version mostly goes when its successor "
        "comes. Older versions that do exist are of interest when links are repaired.",
        bad="1. [Title](/news/2013/02/20/older.md), where there is no such page",
        advice="Nothing, mostly. Where the older version should be kept, restore it from history.",
        absent=_older_versions,
    ),
    Rule(
        "NA211",
        "broken-format-link",
        Severity.WARNING,
        "the HTML, JSON or XML form of a page does not exist",
        "Off unless selected: an archive is often checked without the forms that are generated "
        "from it. The links of a day index lack '/news/' and never lead anywhere as written.",
        bad="Formats: [JSON](/news/2013/02/20/slug.json), where there is no such file",
        advice="Generate the form that is missing, or leave the rule off.",
        archive=_broken_format,
        default=False,
    ),
)
