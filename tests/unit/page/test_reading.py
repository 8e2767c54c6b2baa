"""What a reading says of itself."""

import pytest
from hypothesis import given

import newsarchive as na
from newsarchive import strategies
from newsarchive.page.models import IndexEntry
from newsarchive.page.parser import read
from newsarchive.page.rendering import render_index_entry


@pytest.mark.property
@given(strategies.events())
def test_an_event_is_listed_as_an_index_entry_is_rendered(event: na.Event) -> None:
    entry = IndexEntry(
        title=event.title.replace("](", "] ("),
        path=event.path,
        topic=event.topic,
        description=event.description or "",
        title_blanks=event.layout.title_blanks,
    )
    assert read(na.render(event), event.path).index_entry() == render_index_entry(entry)


def test_only_an_event_with_a_title_is_listed() -> None:
    event = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
    assert read(event, "/news/2016/03/2/a.md").index_entry() is None
    assert read(f"{event}# \n", "/news/2016/03/2/a.md").index_entry() is None
    assert read("# A title\n", "/about.md").index_entry() is None
