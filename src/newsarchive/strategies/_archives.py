"""A strategy for whole archives that check clean."""

import datetime
from collections.abc import Sequence

from hypothesis import strategies as st

from newsarchive.page.editions import EN, Edition
from newsarchive.page.models import (
    Change,
    CoverImage,
    DayIndex,
    Event,
    EventLayout,
    FormatLinks,
    FrontPage,
    FrontSection,
    IndexEntry,
    IndexLayout,
    Page,
    RelatedLink,
    Source,
)
from newsarchive.page.models.index import PREVIOUS_DAY
from newsarchive.page.models.links import ChangeKind
from newsarchive.page.paths import INDEX_NAMES, day_folder, day_path
from newsarchive.page.rendering import render
from newsarchive.page.slugs import slugify
from newsarchive.strategies._editions import in_words
from newsarchive.strategies._parts import FEW, some
from newsarchive.strategies._parts import days as days_on_record

# Letters and digits of every script, and punctuation that is no one's markup.
_characters = st.characters(categories=["Lu", "Ll", "Lo", "Nd"]) | st.sampled_from("aeUT£–’é%")
_word = st.text(_characters, min_size=1, max_size=8)
_sentence = some(_word, 1).map(lambda words: " ".join(words) + ".")
_pictures = st.just("https://example.org/1.jpg")


@st.composite
def archives(
    draw: st.DrawFn,
    *,
    max_days: int = 3,
    max_events_per_day: int = 3,
    front_page: bool = True,
    edition: Edition | str | None = None,
) -> dict[str, str]:
    """Whole archives as a mapping from archive path to text; each checks clean.

    An archive has one or more days with an index page each (some with the other copy as
    ``README.md``), linked in a chain, and on each day events that are listed there and lead to
    each other and to nothing else. No finding of any rule that is on by default applies, for any
    "today" after 2018.

    Args:
        draw: given by hypothesis.
        max_days: how many days there may be.
        max_events_per_day: how many events a day may have; a day has one at least.
        front_page: whether there may be a front page, which leads to the latest day.
        edition: as for `events`. What is drawn may be checked as an archive of this edition.
    """
    days = sorted(draw(st.lists(days_on_record, min_size=1, max_size=max_days, unique=True)))
    titles: dict[str, str] = {}
    for day in days:
        taken = {f"{day_folder(day)}/{name}" for name in INDEX_NAMES}
        for title in draw(st.lists(_sentence, min_size=1, max_size=max_events_per_day)):
            stem = f"{day_folder(day)}/{slugify(title, edition or EN) or 'event'}"
            while (path := f"{stem}.md") in taken:
                stem += "-2"
            taken.add(path)
            titles[path] = title
    pages: list[Page] = []
    for day, previous in zip(days, [None, *days], strict=False):
        own = [path for path in titles if path.startswith(f"{day_folder(day)}/")]
        pages += [draw(_event(day, path, titles)) for path in own]
        entries = [(path, titles[path]) for path in own]
        for name in draw(st.sampled_from([INDEX_NAMES[:1], INDEX_NAMES])):
            at = f"{day_folder(day)}/{name}"
            pages.append(draw(_day_index(at, day, previous, draw(st.permutations(entries)))))
    if front_page and draw(st.booleans()):
        pages.append(draw(_front_page(days, titles)))
    worded = (in_words(draw, edition, page, _pictures) for page in pages)
    return {page.path: render(page) for page in worded}


@st.composite
def _event(draw: st.DrawFn, day: datetime.date, path: str, titles: dict[str, str]) -> Event:
    others = [other for other in titles if other != path]
    related = draw(st.lists(st.sampled_from(others), max_size=FEW, unique=True)) if others else []
    layout = EventLayout()
    if draw(st.booleans()):
        layout = EventLayout.second_generation(path)
    return Event(
        path=path,
        date=day,
        title=titles[path],
        topic=draw(st.none() | st.just("") | _word),
        description=draw(st.none() | _sentence),
        sources=tuple(
            Source(name=name, url=f"https://example.org/{number}")
            for number, name in enumerate(draw(some(_word, 1)))
        ),
        cover_image=draw(st.none() | st.just(CoverImage(url="https://example.org/0.jpg"))),
        related=tuple(
            RelatedLink(
                title=titles[other],
                path=other,
                context=tuple(draw(some(_word))),
            )
            for other in related
        ),
        changes=draw(st.just(()) | _changes(day, path, titles[path])),
        layout=layout,
    )


def _changes(day: datetime.date, path: str, title: str) -> st.SearchStrategy[tuple[Change, ...]]:
    return st.times().map(
        lambda time: (
            Change(
                title=title,
                path=path,
                timestamp=datetime.datetime.combine(day, time.replace(microsecond=0)),
                kind=ChangeKind.FIRST_VERSION.value,
            ),
            Change(title=title, path=path, kind=ChangeKind.CURRENT_VERSION.value),
        )
    )


# What stands below an entry: a description, or terms in its place.
_texts_below = st.tuples(st.none(), some(_word).map(tuple)) | st.tuples(_sentence, st.just(()))


@st.composite
def _entry(draw: st.DrawFn, path: str, title: str) -> IndexEntry:
    description, context = draw(_texts_below)
    return IndexEntry(
        title=title,
        path=path,
        topic=draw(st.none() | _word),
        description=description,
        context=context,
    )


@st.composite
def _day_index(
    draw: st.DrawFn,
    path: str,
    day: datetime.date,
    previous: datetime.date | None,
    entries: Sequence[tuple[str, str]],
) -> DayIndex:
    second = draw(st.booleans())
    return DayIndex(
        path=path,
        date=day,
        entries=tuple(draw(_entry(*entry)) for entry in entries),
        previous=day_path(previous) if previous else None,
        layout=IndexLayout(formats=FormatLinks.of(path) if second else None),
    )


@st.composite
def _front_page(
    draw: st.DrawFn, days: Sequence[datetime.date], titles: dict[str, str]
) -> FrontPage:
    path = draw(st.sampled_from(["/index.md", "/README.md"]))
    shown = [entry for entry in titles.items() if entry[0].startswith(f"{day_folder(days[-1])}/")]
    sections = [
        FrontSection(
            name=draw(st.sampled_from(EN.days)),
            path=day_path(days[-1]),
            entries=tuple(draw(_entry(*entry)) for entry in shown),
            rule=draw(st.booleans()),
        )
    ]
    if len(days) > 1:
        sections.append(FrontSection(name=PREVIOUS_DAY, path=day_path(days[-2])))
    return FrontPage(path=path, sections=tuple(sections), formats=FormatLinks.of(path))


FAULTS = ("drop", "rename", "retarget", "twice", "number", "crlf", "title", "hide", "case")


@st.composite
def damaged_archives(
    draw: st.DrawFn,
    *,
    max_days: int = 2,
    max_events_per_day: int = 3,
    max_faults: int = 4,
    edition: Edition | str | None = None,
) -> dict[str, str]:
    """Whole archives as `archives` makes them, with faults put in.

    A page goes (never the last below ``/news/``, without which there is no archive) or is renamed
    and links stay behind; a link leads nowhere, stands twice, has a wrong number, quotes another
    title, is hidden by a bracket or written in another letter case;
    a page has other line endings.

    Args:
        draw: given by hypothesis.
        max_days: how many days there may be.
        max_events_per_day: how many events a day may have; a day has one at least.
        max_faults: how many faults are put in; there is one at least, but a fault that has no
            place on its page (no link to spoil) changes nothing.
        edition: as for `events`.
    """
    whole = archives(max_days=max_days, max_events_per_day=max_events_per_day, edition=edition)
    pages = draw(whole)
    for _ in range(draw(st.integers(1, max_faults))):
        path = draw(st.sampled_from(sorted(pages)))
        pages = _spoiled(pages, draw(st.sampled_from(FAULTS)), path, draw(st.integers()))
    return pages


def _spoiled(pages: dict[str, str], fault: str, path: str, number: int) -> dict[str, str]:
    """The archive with one page spoiled; a fault that has no place there spoils nothing."""
    text = pages[path]
    lines = text.split("\n")
    linked = [
        n
        for n, line in enumerate(lines)
        if line[:1].isdigit() and "](" in line and "/news/" in line
    ]
    at = linked[number % len(linked)] if linked else -1
    match fault:
        case "drop" if any(p.startswith("/news/") for p in pages.keys() - {path}):
            return {p: t for p, t in pages.items() if p != path}
        case "rename":
            return {p: t for p, t in pages.items() if p != path} | {f"{path[:-3]}-new.md": text}
        case "crlf":
            return {**pages, path: "\r\n".join(lines)}
        case "twice" if linked:
            lines.insert(at, lines[at])
        case "number" if linked:
            lines[at] = f"7{lines[at]}"
        case _ if linked:
            old, new = _REPLACED.get(fault, ("", ""))
            lines[at] = lines[at].replace(old, new, 1)
    return {**pages, path: "\n".join(lines)}


_REPLACED = {
    "retarget": (".md)", "-gone.md)"),
    "title": ("[", "[Once more: "),
    "hide": ("[", "[["),
    "case": ("/news/", "/News/"),
}
