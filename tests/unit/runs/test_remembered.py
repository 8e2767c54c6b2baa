"""What is known of all pages after edits: as if all records had been read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.graph.joined import Joined
from newsarchive.graph.survey import Summary, Survey
from newsarchive.runs import workers
from newsarchive.runs.cache import Cache
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import scan
from tests import seams
from tests.builders import (
    DAY_PATH,
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event,
    spoiled,
    write_archive,
)

GONE = "/news/2016/03/2/fire.md"
NEW_DAY = "/news/2016/03/7/index.md"

Edits = Mapping[str, str | None]

_PAGES = [*SMALL_ARCHIVE, GONE, NEW_DAY, NEW_DAY.replace("index", "README"), "/news/2016/03/7/x.md"]
_TEXTS = [
    None,
    event(),
    event("2016-03-4", "Another title."),
    event("2099-03-4", "To come.", related=[f"[Gone.]({GONE})"]),
    event(changes=[f"[The pier burns.]({GONE}) _(First version)_"]),
    spoiled("2. [Evening", "3. [Evening"),
    day_index("2016-03-07", [("The pier opens.", OPENS), ("Gone.", GONE)], OPENS),
    "Prose.\n",
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    seams.at_rest(monkeypatch)
    return write_archive(tmp_path / "root")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "caches"


def check(root: Path, folder: Path | None, jobs: int = 1) -> na.Report:
    options: dict[str, Any] = {"select": ["ALL"], "today": TODAY, "edition": "en"}
    return na.check(root, cache=folder, jobs=jobs, **options)


def same(root: Path, folder: Path) -> None:
    """A run with the cache finds what one without does, and keeps what follows from all records."""
    assert check(root, folder) == check(root, None)
    cache, listed = Cache(folder, root), scan(LocalFolder(root), stats=True)
    state, text = cache.summary()
    records = cache.load()
    assert state == listed.state
    survey = Survey((records[listing.folder] for listing in listed.folders), cache.seed)
    assert len(records) == len(survey.records)
    assert text == Summary.of(survey, listed, TODAY.toordinal()).text(TODAY.toordinal())
    assert cache.joined(state) == Joined.of_survey(survey, listed, cache.checksum)
    assert not cache.notice


def written(root: Path, edits: Edits) -> None:
    """Pages are written, or deleted where they have no text."""
    for path, text in edits.items():
        if text is None:
            (root / path[1:]).unlink(missing_ok=True)
        else:
            write_archive(root, {path: text})


EDITS: list[Edits] = [
    {PATH: spoiled("2. [Evening", "3. [Evening")},
    {REBUILT: event("2016-03-4", "Another title.")},
    {PATH: event(changes=[f"[The pier burns.]({GONE}) _(First version)_"])},
    {OPENS: None, GONE: event("2016-03-02", "The pier opens.")},
    {DAY_PATH: None},
    {"/news/2016/02/29/index.md": None},
    {NEW_DAY: day_index("2016-03-07", [])},
    {LATER: None, LATER.rpartition("/")[0] + "/index.md": None},
    {LATER: event("2099-01-01", "To come.")},
    {"/faq/README.md": None},
]


@pytest.mark.parametrize("edits", EDITS)
def test_an_edit_reads_the_records_of_its_folders_alone(
    root: Path, folder: Path, edits: Edits, records_read: list[Cache]
) -> None:
    check(root, folder)
    records_read.clear()
    before = {path: SMALL_ARCHIVE.get(path) for path in edits}
    for some in (edits, before):
        written(root, some)
        assert check(root, folder) == check(root, None)
        assert records_read == []
        same(root, folder)
        records_read.clear()


def test_no_other_process_reads_few_pages(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"/news/2016/04/{day}" for day in range(1, 21)]
    write_archive(root, {f"{day}/{n}.md": "Prose.\n" for day in days for n in range(8)})
    check(root, folder)

    def collect(*_: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(workers, "_collect", collect)
    write_archive(root, {f"{day}/0.md": "More prose.\n" for day in days})
    assert check(root, folder, jobs=2) == check(root, None)


@pytest.mark.property
@settings(max_examples=25)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(_PAGES),
            st.sampled_from(_TEXTS) | nas.nearly_page_texts().map(lambda one: one[1]),
        ),
        max_size=4,
    )
)
def test_so_do_drawn_edits(tmp_path_factory: pytest.TempPathFactory, rounds: list[Edits]) -> None:
    base = tmp_path_factory.mktemp("drawn")
    root = write_archive(base / "root")
    with pytest.MonkeyPatch.context() as patch:
        seams.at_rest(patch)
        same(root, base / "caches")
        for edits in rounds:
            written(root, edits)
            same(root, base / "caches")
