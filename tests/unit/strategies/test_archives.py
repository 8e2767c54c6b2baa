"""Drawn archives are closed and sound, or have the faults that were put in."""

import datetime
import itertools
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.strategies import _archives
from tests.builders import write_archive
from tests.draws import codes_never_found, largest, never_drawn
from tests.editions import of_editions

pytestmark = pytest.mark.slow


def test_archives_keep_to_their_bounds() -> None:
    def measured(pages: dict[str, str]) -> dict[str, int]:
        read = [na.parse(text, path) for path, text in pages.items()]
        events = [page for page in read if isinstance(page, na.Event)]
        days = Counter(event.date for event in events)
        titles = [event.title[:-1].split(" ") for event in events]
        return {
            "days": len(days),
            "events": max(days.values()),
            "sources": max(len(event.sources) for event in events),
            "related": max(len(event.related) for event in events),
            "words": max(map(len, titles)),
            "letters": max(len(word) for words in titles for word in words),
            "last year": max(days).year,
            "years": 2019 - min(days).year,
        }

    assert largest(nas.archives(), measured, draws=80) == {
        **dict.fromkeys(("days", "events", "sources", "related", "words"), 3),
        "letters": 8,
        "last year": 2018,
        "years": 10,
    }


def test_what_is_small_in_archives_is_drawn_as_well() -> None:
    def events(pages: dict[str, str]) -> list[na.Event]:
        read = [na.parse(text, path) for path, text in pages.items()]
        return [page for page in read if isinstance(page, na.Event)]

    missing = never_drawn(
        nas.archives(),
        lambda pages: len(events(pages)) == 1,
        lambda pages: any(event.topic == "" for event in events(pages)),
        lambda pages: any(event.cover_image for event in events(pages)),
        lambda pages: any(len(event.sources) == 1 for event in events(pages)),
        lambda pages: any(len(event.title) == 2 for event in events(pages)),
        lambda pages: any(link.context for event in events(pages) for link in event.related),
        lambda pages: any("#" in page and "README" in path for path, page in pages.items()),
        lambda pages: any("\n\n## [Today](" in page for page in pages.values()),
    )
    assert missing == []


def test_paths_in_archives_follow_from_titles_as_the_edition_has_it() -> None:
    def is_chinese(pages: dict[str, str]) -> bool:
        return any(
            page.path.endswith(f"/{na.slugify(page.title, 'zh')}.md")
            and na.slugify(page.title) != na.slugify(page.title, "zh")
            for path, text in pages.items()
            if isinstance(page := na.parse(text, path, edition="zh"), na.Event)
        )

    assert never_drawn(nas.archives(edition="zh"), is_chinese) == []


ARCHIVE_CODES = ["NA103", "NA108", "NA110", "NA201", "NA202", "NA203", "NA206", "NA207"]


def test_damaged_archives_break_rules_on_links_and_layout(tmp_path: Path) -> None:
    numbers = itertools.count()

    def check(pages: dict[str, str]) -> Iterable[na.Diagnostic]:
        root = write_archive(tmp_path / str(next(numbers)), pages)
        return na.check(root, select=ARCHIVE_CODES, today=datetime.date(2019, 1, 1)).diagnostics

    drawn = nas.damaged_archives(max_faults=12)
    assert codes_never_found(drawn, ARCHIVE_CODES, check) == set()


def test_damaged_archives_have_every_kind_of_fault() -> None:
    def has(old: str) -> Callable[[dict[str, str]], object]:
        return lambda pages: any(old in text for text in pages.values())

    def lines(pages: dict[str, str]) -> list[str]:
        return [line for text in pages.values() for line in text.split("\n")]

    missing = never_drawn(
        nas.damaged_archives(max_faults=1),
        lambda pages: any(path.endswith("-new.md") for path in pages),  # rename
        lambda pages: has("-gone.md)")(pages),  # retarget
        lambda pages: any(
            a == b and a[:1].isdigit() for a, b in itertools.pairwise(lines(pages))
        ),  # twice
        lambda pages: any(line[:1] == "7" for line in lines(pages)),  # number
        has("\r\n"),  # crlf
        has("[Once more: "),  # title
        has(". [["),  # hide
        has("/News/"),  # case
        lambda pages: any(  # drop
            path not in pages and not any("-new.md" in other for other in pages)
            for path in re.findall(r"### \[.*\]\((/news/[^)]*)\)", "\n".join(pages.values()))
        ),
    )
    assert missing == []


A, B = "/news/2016/03/2/a.md", "/news/2016/03/2/b.md"


FIRST, SECOND = "1. [B](/news/2016/03/2/b.md)", "2. [C](/news/2016/03/2/c.md)"


@pytest.mark.parametrize(
    ("fault", "spoiled"),
    [
        ("drop", {B: "b"}),
        ("rename", {"/news/2016/03/2/a-new.md": f"# A\n{FIRST}\n{SECOND}\n", B: "b"}),
        ("crlf", {A: f"# A\r\n{FIRST}\r\n{SECOND}\r\n", B: "b"}),
        ("twice", {A: f"# A\n{FIRST}\n{SECOND}\n{SECOND}\n", B: "b"}),
        ("number", {A: f"# A\n{FIRST}\n7{SECOND}\n", B: "b"}),
        ("retarget", {A: f"# A\n{FIRST}\n2. [C](/news/2016/03/2/c-gone.md)\n", B: "b"}),
        ("title", {A: f"# A\n{FIRST}\n2. [Once more: C](/news/2016/03/2/c.md)\n", B: "b"}),
        ("hide", {A: f"# A\n{FIRST}\n2. [[C](/news/2016/03/2/c.md)\n", B: "b"}),
        ("case", {A: f"# A\n{FIRST}\n2. [C](/News/2016/03/2/c.md)\n", B: "b"}),
    ],
)
def test_each_fault_spoils_one_thing(fault: str, spoiled: dict[str, str]) -> None:
    pages = {A: f"# A\n{FIRST}\n{SECOND}\n", B: "b"}
    assert _archives._spoiled(pages, fault, A, 3) == spoiled
    assert pages == {A: f"# A\n{FIRST}\n{SECOND}\n", B: "b"}


@pytest.mark.parametrize("fault", _archives.FAULTS)
def test_a_fault_without_a_place_spoils_nothing(fault: str) -> None:
    pages = {A: "# A [x](/news/2016/03/2/b.md)"}
    expected = {"/news/2016/03/2/a-new.md": pages[A]} if fault == "rename" else pages
    assert _archives._spoiled(pages, fault, A, 0) == expected


def test_damaged_archives_stay_archives() -> None:
    drawn = nas.damaged_archives(max_days=1, max_events_per_day=1, max_faults=30)
    gone = lambda pages: not any(path.startswith("/news/") for path in pages)  # noqa: E731 - short
    assert never_drawn(drawn, gone, draws=150) == [0]


@given(of_editions(lambda edition: nas.archives(edition=edition)))
@settings(max_examples=40)
def test_archives_check_clean(drawn: tuple[na.Edition, dict[str, str]]) -> None:
    edition, pages = drawn
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        report = na.check(root, today=datetime.date(2019, 1, 1), edition=edition)
        assert report.diagnostics == ()
        assert len(na.Archive(root)) == len(pages)


@given(nas.archives(max_days=3))
@settings(max_examples=25)
def test_front_pages_lead_to_the_day_before_where_there_is_one(pages: dict[str, str]) -> None:
    days = {path.rpartition("/")[0] for path in pages if path.startswith("/news/")}
    for path in ("/index.md", "/README.md"):
        if path in pages:
            assert ("[Previous Day...]" in pages[path]) is (len(days) > 1)


def test_archives_have_links_in_all_directions() -> None:
    def related(pages: dict[str, str]) -> set[tuple[str, str]]:
        return {
            (path, link.path)
            for path, text in pages.items()
            if isinstance(page := na.parse(text, path), na.Event)
            for link in page.related
        }

    def goes_to_and_fro(pages: dict[str, str]) -> bool:
        links = related(pages)
        return any((there, here) in links and here[:16] != there[:16] for here, there in links)

    missing = never_drawn(
        nas.archives(),
        goes_to_and_fro,
        lambda pages: "/index.md" in pages,
        lambda pages: "/README.md" in pages,
        lambda pages: any("Changes:" in text for text in pages.values()),
        lambda pages: any("Formats:" in text for text in pages.values()),
        lambda pages: any("[Previous Day...]" in text for text in pages.values()),
    )
    assert missing == []


def test_archives_have_names_generations_and_entries_of_every_kind() -> None:
    def parsed(pages: dict[str, str]) -> list[na.Page]:
        return [na.parse(text, path) for path, text in pages.items()]

    def events(pages: dict[str, str]) -> list[na.Event]:
        return [page for page in parsed(pages) if isinstance(page, na.Event)]

    def has_entry(*, described: bool, context: bool) -> Callable[[dict[str, str]], object]:
        return lambda pages: any(
            (bool(entry.description), bool(entry.context)) == (described, context)
            for page in parsed(pages)
            if isinstance(page, na.DayIndex)
            for entry in page.entries
        )

    missing = never_drawn(
        nas.archives(),
        lambda pages: any(
            event.path.endswith(f"/{slug}.md")
            for event in events(pages)
            if (slug := na.slugify(event.title)) not in ("", "event")
        ),
        lambda pages: any(event.layout.formats is None for event in events(pages)),
        lambda pages: any(event.layout.formats is not None for event in events(pages)),
        has_entry(described=True, context=False),
        has_entry(described=False, context=True),
        has_entry(described=False, context=False),
    )
    assert missing == []


def test_archives_can_be_kept_small() -> None:
    limited = nas.archives(max_days=1, max_events_per_day=1, front_page=False)
    sizes: set[int] = set()
    never_drawn(limited, lambda pages: sizes.add(len(pages)), draws=40)
    assert sizes == {2, 3}  # an event, and one or two copies of the day's index


def test_an_event_takes_no_indexs_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_archives, "_sentence", st.just("index."))
    paths: set[str] = set()
    drawn = nas.archives(max_days=1, max_events_per_day=2, front_page=False)
    never_drawn(drawn, lambda pages: paths.update(pages), draws=20)
    names = {path.rpartition("/")[2] for path in paths}
    assert names == {"index.md", "README.md", "index-2.md", "index-2-2.md"}
