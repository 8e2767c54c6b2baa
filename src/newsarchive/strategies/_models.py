"""Strategies for the page models and their parts."""

from hypothesis import strategies as st

from newsarchive.page.document import BOM
from newsarchive.page.editions import EN, Edition
from newsarchive.page.models import (
    Change,
    ChangeKind,
    CoverImage,
    DayIndex,
    Editorial,
    Event,
    EventLayout,
    FormatLinks,
    FrontPage,
    FrontSection,
    IndexEntry,
    IndexLayout,
    OpinionIndex,
    Page,
    ProsePage,
    RelatedLink,
    Source,
)
from newsarchive.page.models.links import COVER_IMAGE
from newsarchive.page.parser._grammar import EDITORIAL
from newsarchive.page.paths import INDEX_NAMES, PageKind, day_path, kind_of
from newsarchive.strategies._editions import entries_in_words, in_words
from newsarchive.strategies._parts import (
    blank_pairs,
    clean,
    clean_or_empty,
    contexts,
    dates,
    event_paths,
    index_paths,
    lines,
    link_texts,
    names,
    paragraphs,
    some,
    targets,
    unbroken,
    without_parentheses,
)


def titles() -> st.SearchStrategy[str]:
    """Titles of events: one line of any characters, without spaces at its ends."""
    return clean


def sources(*, edition: Edition | str | None = None) -> st.SearchStrategy[Source]:
    """Entries of ``### Source:``. Their last may not be named ``Cover Image`` on an event.

    Args:
        edition: as for `events`.
    """
    drawn = st.builds(
        Source, name=link_texts | st.just(COVER_IMAGE), url=targets, name_blanks=blank_pairs
    )
    return entries_in_words(drawn, edition)


def related_links(*, edition: Edition | str | None = None) -> st.SearchStrategy[RelatedLink]:
    """Entries of ``### Related:``, with and without context.

    Args:
        edition: as for `events`.
    """
    drawn = st.builds(
        RelatedLink, title=link_texts, path=targets, context=contexts, title_blanks=blank_pairs
    )
    return entries_in_words(drawn, edition)


def changes(*, edition: Edition | str | None = None) -> st.SearchStrategy[Change]:
    """Entries of ``### Changes:``, with and without a time, of the usual kinds and of others.

    Args:
        edition: as for `events`. One that has no such section has English notes here.
    """
    kinds = st.sampled_from([kind.value for kind in ChangeKind])
    others = without_parentheses.map(lambda line: line or "x")
    drawn = st.builds(
        Change,
        title=link_texts,
        path=targets,
        timestamp=st.none() | st.datetimes().map(lambda time: time.replace(microsecond=0)),
        kind=kinds | others,
        title_blanks=blank_pairs,
    )
    return entries_in_words(drawn, edition)


_format_links = st.builds(
    FormatLinks, html_path=unbroken, json_path=unbroken, xml_path=unbroken
) | event_paths.map(lambda path: FormatLinks.of("".join(path.split())))
_event_layouts = st.builds(
    EventLayout,
    formats=st.none() | _format_links,
    date_link=st.none() | targets,
    title_blanks=blank_pairs,
    topic_blanks=blank_pairs,
    description_blanks=blank_pairs,
    source_heading=st.sampled_from(EN.sources),
    changes_first=st.booleans(),
    final_blank_line=st.booleans(),
)


def _event_layout(path: str, generation: int | None) -> st.SearchStrategy[EventLayout]:
    """Layouts of one generation, or of both mixed."""
    if generation is None:
        return _event_layouts
    layout = EventLayout()
    if generation == 2:
        layout = EventLayout.second_generation("".join(path.split()) or "/news/a.md")
    # What varies within a generation.
    return st.builds(
        layout.__class__,
        **{name: st.just(value) for name, value in layout if name != "title_blanks"},
        title_blanks=blank_pairs,
    )


@st.composite
def events(
    draw: st.DrawFn,
    paths: st.SearchStrategy[str] | None = None,
    *,
    generation: int | None = None,
    edition: Edition | str | None = None,
) -> Event:
    """Event pages of every layout.

    Args:
        draw: given by hypothesis.
        paths: where the pages stand; by default any path of an event, or none.
        generation: 1 or 2 for pages as the archive's first or second generator wrote them; None
            mixes what either wrote.
        edition: whose words the pages have, or the name of one that is built in; by default they
            are English, without pictures of sources. What it has no word for is left out.
    """
    _check_generation(generation)
    path = draw(paths if paths is not None else st.just("") | event_paths)
    listed = draw(some(sources()))
    cover = draw(st.none() | st.builds(CoverImage, url=targets))
    if listed and listed[-1].name == COVER_IMAGE and cover is None:
        cover = CoverImage(url=listed.pop().url)
    event = Event(
        path=path,
        date=draw(dates),
        title=draw(clean),
        topic=draw(st.none() | clean_or_empty),
        description=draw(st.none() | paragraphs),
        sources=tuple(listed),
        cover_image=cover,
        related=tuple(draw(some(related_links()))),
        changes=tuple(draw(some(changes()))),
        layout=draw(_event_layout(path, generation)),
    )
    return in_words(draw, edition, event)


def _check_generation(generation: int | None) -> None:
    if generation not in (None, 1, 2):
        raise ValueError(f"generation is 1, 2 or None, not {generation!r}")


_topic_lines = lines.map(lambda line: f"##### {line}\n")
_gaps = st.one_of(
    st.just(""),
    some(st.sampled_from(["\n", "#####\n"]) | _topic_lines).map("".join),
)


# What stands below an entry: a description, or terms in its place.
_texts_below = st.tuples(st.none(), contexts) | st.tuples(st.just("") | paragraphs, st.just(()))


@st.composite
def _entries(draw: st.DrawFn) -> tuple[tuple[IndexEntry, ...], str]:
    """The entries of a section, and the gap after the last."""
    found: list[IndexEntry] = []
    for gap in draw(some(_gaps)):
        topic = draw(st.none() | clean_or_empty)
        if topic is None and gap.strip():
            gap += "\n"  # a topic line right above the entry would be the entry's own
        description, context = draw(_texts_below)
        found.append(
            IndexEntry(
                title=draw(link_texts),
                path=draw(targets),
                topic=topic,
                description=description,
                context=context,
                title_blanks=draw(blank_pairs),
                topic_blanks=draw(blank_pairs),
                description_blanks=draw(blank_pairs),
                gap=gap,
            )
        )
    return tuple(found), draw(_gaps)


@st.composite
def day_indexes(
    draw: st.DrawFn,
    paths: st.SearchStrategy[str] | None = None,
    *,
    generation: int | None = None,
    edition: Edition | str | None = None,
) -> DayIndex:
    """Day indexes, with and without ``Formats:`` and ``Previous Day...``.

    Args:
        draw: given by hypothesis.
        paths: where the pages stand; by default any path of a day index, or none.
        generation: 1 or 2 for pages as the archive's first or second generator wrote them; None
            mixes what either wrote.
        edition: as for `events`.
    """
    _check_generation(generation)
    entries, gap = draw(_entries())
    formats: st.SearchStrategy[FormatLinks | None] = st.none()
    if generation != 1:
        formats = _format_links if generation else st.none() | _format_links
    index = DayIndex(
        path=draw(paths if paths is not None else st.just("") | index_paths),
        date=draw(dates),
        entries=entries,
        previous=draw(st.none() | targets | dates.map(day_path)),
        layout=IndexLayout(
            formats=draw(formats),
            date_link=draw(st.none() | targets) if generation is None else None,
            final_gap=gap,
        ),
    )
    return in_words(draw, edition, index)


@st.composite
def _sections(draw: st.DrawFn) -> FrontSection:
    entries, gap = draw(_entries())
    return FrontSection(
        name=draw(link_texts | st.sampled_from((*EN.days, *EN.previous_day))),
        path=draw(st.none() | targets | dates.map(day_path)),
        entries=entries,
        rule=draw(st.booleans()),
        final_gap=gap,
    )


@st.composite
def front_pages(draw: st.DrawFn, *, edition: Edition | str | None = None) -> FrontPage:
    """Front pages. Each has a path: without one, a text need not be known for a front page.

    Args:
        draw: given by hypothesis.
        edition: as for `events`.
    """
    page = FrontPage(
        path=draw(st.sampled_from(["/index.md", "/README.md"])),
        sections=tuple(draw(some(_sections(), 1))),
        formats=draw(st.none() | _format_links),
    )
    return in_words(draw, edition, page)


@st.composite
def opinion_indexes(draw: st.DrawFn, *, edition: Edition | str | None = None) -> OpinionIndex:
    """Lists of editorials, each with a path.

    Args:
        draw: given by hypothesis.
        edition: as for `events`.
    """
    index = OpinionIndex(
        path=draw(st.sampled_from(["/opinion/index.md", "/opinion/README.md"])),
        name=draw(link_texts),
        entries=draw(_entries())[0],  # this page has no place for a gap after its last entry
    )
    return in_words(draw, edition, index)


_texts = some(lines).map("\n".join)
_editorial_paths = st.builds(
    lambda folder, name: f"/opinion/{folder}/{name}",
    names,
    st.sampled_from(INDEX_NAMES),
)


def editorials() -> st.SearchStrategy[Editorial]:
    """Opinion pieces, each with a path."""
    return st.builds(
        Editorial,
        path=_editorial_paths,
        title=clean,
        author=clean,
        body=_texts,
        leading_blank_line=st.booleans(),
    )


def _is_prose(page: ProsePage) -> bool:
    """Whether a text read at its path is prose again: an editorial's folder may hold others."""
    return kind_of(page.path) is PageKind.PROSE or not EDITORIAL.fullmatch(page.text)


def prose_pages() -> st.SearchStrategy[ProsePage]:
    """Pages that are no news, each with a path that no other kind of page has."""
    paths = st.sampled_from(["/faq/README.md", "/api/README.md", "/LICENSE.md", "/news/README.md"])
    return st.builds(
        ProsePage, path=paths | _editorial_paths, text=_texts.map(lambda text: text.lstrip(BOM))
    ).filter(_is_prose)


def pages(*, edition: Edition | str | None = None) -> st.SearchStrategy[Page]:
    """Pages of every kind.

    Args:
        edition: as for `events`.
    """
    of = [kind(edition=edition) for kind in (events, day_indexes, front_pages, opinion_indexes)]
    return st.one_of(*of, editorials(), prose_pages())
