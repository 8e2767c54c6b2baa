"""What a change writes into the texts of pages is what a change of their models would give.

And where it is certain that a page needs no second look, that look would find nothing.
"""

import datetime
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.editing import following
from newsarchive.editing.pending import Pending, leads_to
from newsarchive.editing.retitling import retitle
from newsarchive.graph.answers import Answers
from newsarchive.page.models import ChangeKind
from newsarchive.page.parser import read
from newsarchive.page.paths import day_path
from newsarchive.page.sections import version_note
from tests.editions import of_editions
from tests.memory_store import MemoryStore

pytestmark = pytest.mark.property

NOW = datetime.datetime(2016, 3, 12, 8, 30)
TITLES = st.one_of(
    nas.titles(),
    st.sampled_from(("It [all] burns", "A `tick", "<b>", "a - b", "北京下雪，冷。", "\\", "x -->")),
    st.text(max_size=12),
)
SLUG = "quite-another"
OLD, NEW = "/news/2016/03/2/old.md", f"/news/2016/03/2/{SLUG}.md"


def pending(path: str, text: str, edition: na.Edition) -> Pending:
    return Pending(Answers(MemoryStore({path: text.encode()}), edition=edition))


def _versions(event: na.Event, edition: na.Edition, title: str, new: str) -> Iterator[na.Change]:
    blanks, base = event.layout.title_blanks, ""
    for change in event.changes:
        if change.is_current:
            blanks, base = change.title_blanks, change.base
        else:
            yield change
    kind = ChangeKind.UPDATE if event.changes else ChangeKind.FIRST_VERSION
    for words, path, stamp, note in (
        (event.title, event.path, NOW, kind), (title, new, None, ChangeKind.CURRENT_VERSION)
    ):  # fmt: skip
        yield na.Change(
            title=following.quotable(words), path=path, timestamp=stamp, title_blanks=blanks,
            base=base, kind=note, kind_label=version_note(edition, note),
        )  # fmt: skip


def as_models(event: na.Event, edition: na.Edition, title: str, new: str) -> na.Event:
    """An event that was retitled, by its model."""
    changes = tuple(_versions(event, edition, title, new)) if edition.changes else ()
    layout = event.layout
    if changes and not event.changes:
        layout = layout.replace(changes_heading=edition.changes[0])
    if layout.formats:
        stems = event.path.removesuffix(".md"), new.removesuffix(".md")
        formats = layout.formats
        for name in ("html", "json", "xml"):
            if getattr(formats, f"{name}_path") == f"{stems[0]}.{name}":
                formats = formats.replace(**{f"{name}_path": f"{stems[1]}.{name}"})
        first = layout.changes_first or bool(changes and not event.changes)
        layout = layout.replace(formats=formats, changes_first=first)
    related = [
        link.replace(path=new + link.path[len(event.path) :])
        if leads_to(link.path, event.path)
        else link
        for link in event.related
    ]
    return event.replace(path=new, title=title, changes=changes, layout=layout, related=related)


@given(of_editions(lambda edition: nas.events(edition=edition)), TITLES)
def test_a_retitled_page_is_that_of_its_model(
    drawn: tuple[na.Edition, na.Event], title: str
) -> None:
    edition, event = drawn
    event = event.replace(path=na.event_path(event.date, "old"))
    archive = pending(event.path, na.render(event), edition)
    try:
        new = retitle(archive, event.path, title, NOW, SLUG)
    except na.RefusedMoveError:
        return
    title = na.fold_title(title, edition)
    expected = as_models(event, edition, title, new)
    assert archive.reading(new).document.text == na.render(expected)


def _linking(edition: na.Edition) -> st.SearchStrategy[na.Page]:
    """Pages that link to a page, among others."""
    events = nas.events(edition=edition).map(
        lambda page: page.replace(
            path=na.event_path(page.date, "linking"),
            related=[*page.related, na.RelatedLink(title="Old", path=OLD)],
        )
    )
    indexes = nas.day_indexes(edition=edition).map(
        lambda page: page.replace(
            path=day_path(page.date),
            entries=[na.IndexEntry(title="Old", path=OLD), *page.entries],
        )
    )
    return st.one_of(events, indexes)


@given(of_editions(_linking), TITLES)
def test_where_no_second_look_is_needed_it_would_find_nothing(
    drawn: tuple[na.Edition, na.Page], title: str
) -> None:
    edition, page = drawn
    text, title = na.render(page), na.fold_title(title, edition)
    before = read(text, page.path, edition)
    if not title or not following._is_sure(before, NEW, following.quotable(title)):
        return
    looked, unlooked = (pending(page.path, text, edition) for _ in range(2))
    with patch.object(following, "_is_sure", lambda *_: False):
        following.follow(looked, page.path, OLD, NEW, ("Old", title))
    following.follow(unlooked, page.path, OLD, NEW, ("Old", title))
    after = unlooked.reading(page.path)
    assert after.document.text == looked.reading(page.path).document.text != text
    assert after.canonical
