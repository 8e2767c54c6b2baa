"""What is drawn for an edition is in its words."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from tests.builders import write_archive
from tests.draws import never_drawn

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["en", "zh"])
def test_archives_are_known_by_their_words(name: str) -> None:
    def is_known(pages: dict[str, str]) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            return na.Archive(write_archive(Path(folder), pages)).edition.name == name

    others = lambda pages: not is_known(pages)  # noqa: E731 - as short as that
    assert never_drawn(nas.archives(edition=name), others, draws=20) == [0]


@pytest.mark.parametrize(
    ("strategy", "mark"),
    [
        (nas.sources(edition="zh"), lambda source: source.image),
        (nas.related_links(edition="zh"), lambda link: link.context_label == "上下文"),
        (nas.related_links(edition="zh"), lambda link: link.base == "/zh"),
        (nas.changes(edition="zh"), lambda change: change.base == "/zh"),
        (nas.page_texts(edition="zh"), lambda text: "### 信息来源:" in text[1]),
        (nas.page_texts(edition="zh", generation=1), lambda text: "[前一天...]" in text[1]),
        (nas.nearly_page_texts(edition="zh"), lambda text: "### 有关:" in text[1]),
        (nas.damaged_page_texts(edition="zh"), lambda text: "### 信息来源:" in text[1]),
        (nas.archives(edition="zh"), lambda pages: "[前一天...]" in "".join(pages.values())),
        (nas.archives(edition="zh"), lambda pages: "[今天]" in "".join(pages.values())),
        (nas.damaged_archives(edition="zh"), lambda pages: "](/zh/" in "".join(pages.values())),
    ],
)
def test_entries_texts_and_archives_are_in_the_words_of_an_edition(
    strategy: st.SearchStrategy[Any], mark: Callable[[Any], bool]
) -> None:
    assert never_drawn(strategy, mark) == []
