"""The strategies draw what they say, and all of it."""

import contextlib
import datetime
import itertools
import re
import string
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.document import BOM
from newsarchive.page.parser import read
from newsarchive.page.paths import kind_of
from newsarchive.strategies import _archives, _texts
from tests.builders import write_archive
from tests.editions import of_editions

pytestmark = pytest.mark.slow

T = TypeVar("T")


class EnoughError(Exception):
    """Every condition is met: no more draws are needed."""


def never_drawn(
    strategy: st.SearchStrategy[T], *wanted: Callable[[T], object], draws: int = 5000
) -> list[int]:
    """The positions of the conditions that none of the draws meets.

    What is drawn changes with any constant in the source, and some conditions are met once in
    some hundred draws. It ends when all are met: many draws cost nothing but where one is not.
    """
    missing = dict(enumerate(wanted))

    @settings(
        max_examples=draws,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: T) -> None:
        for number, condition in list(missing.items()):
            if condition(value):
                del missing[number]
        if not missing:
            raise EnoughError

    with contextlib.suppress(EnoughError):
        draw()
    return list(missing)


def all_of(strategy: st.SearchStrategy[T], part: Callable[[T], Any], *values: Any) -> None:
    """Each of these values is drawn, as a part of what a strategy draws."""
    missing = set(values)

    def was_the_last(drawn: T) -> bool:
        missing.discard(part(drawn))
        return not missing

    never_drawn(strategy, was_the_last, draws=20_000)
    assert missing == set()


def largest(
    strategy: st.SearchStrategy[T], measure: Callable[[T], dict[str, int]], draws: int
) -> dict[str, int]:
    """The largest of each number that is counted in what is drawn."""
    found: Counter[str] = Counter()

    def keep(drawn: T) -> None:
        for name, number in measure(drawn).items():
            found[name] = max(found[name], number)

    never_drawn(strategy, keep, draws=draws)
    return dict(found)


def codes_never_found(
    strategy: st.SearchStrategy[T],
    codes: list[str],
    check: Callable[[T], Iterable[na.Diagnostic]],
) -> set[str]:
    """The codes that are among the findings on no draw; each draw is checked once."""
    missing = set(codes)

    def was_the_last(drawn: T) -> bool:
        missing.difference_update(d.code for d in check(drawn))
        return not missing

    never_drawn(strategy, was_the_last)
    return missing


def test_the_library_does_not_need_hypothesis() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None; import newsarchive as na; "
        "[getattr(na, name) for name in na.__all__]; "
        "assert 'newsarchive.strategies' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_strategy_is_listed_and_documented() -> None:
    assert nas.__all__ == sorted(nas.__all__)
    for name in nas.__all__:
        strategy = getattr(nas, name)
        assert strategy.__doc__, name
        assert isinstance(strategy(), st.SearchStrategy)


MARKS = [
    "](", "](/news/2016/03/1/a.md)", "_Context: a, b_", "_Context: a_", "_(Current version)_",
    "_2016-03-01 00:00:00 (Update)_", "#", "#####", "### [", "---", "1. [", "Formats:",
    "Cover Image", "Previous Day...", "http://", "&quot;", ",", "### Related:", "2016-02-30",
    "&#39;", "[[", "{{", "||", "../", "#top",
]  # fmt: skip


def test_titles_may_be_nothing_but_what_marks_a_page() -> None:
    all_of(nas.titles(), lambda title: title, *MARKS)
    missing = never_drawn(
        nas.titles(),
        lambda title: " _(Current version)_" in title[1:],
        lambda title: " _Context: a, b_" in title[1:],
        lambda title: ", " in title[:-2],
        lambda title: "  " in title[1:],
    )
    assert missing == []


def test_every_blank_and_every_sign_stands_in_a_title() -> None:
    blanks = {c for c in map(chr, range(sys.maxunicode)) if c.isspace()} - {"\r", "\n"}
    missing = {*blanks, *string.punctuation, *string.digits, *"£ß漢\u0301\ufeff\x00\x7f"}

    def was_the_last(title: str) -> bool:
        missing.difference_update(title)
        return not missing

    assert never_drawn(nas.titles(), was_the_last) == []


def test_links_have_texts_and_targets_of_every_kind() -> None:
    targets = ["http://example.org/a", "https://example.org/?a=(b)&c=%20#", "/index.md", "", "x"]
    all_of(nas.related_links(), lambda link: link.path, *targets[:4])
    missing = never_drawn(
        nas.related_links(),
        lambda link: " " in link.path,
        lambda link: "(" in link.path and "example.org" not in link.path,
        lambda link: link.path.startswith("/news/") and link.path.endswith(".md"),
        lambda link: "]-(" in link.title,
        lambda link: link.title_blanks == ("", " "),
        lambda link: len(link.title_blanks[0]) > 9,
        lambda link: link.context == ("x",),
    )
    assert missing == []
    assert never_drawn(nas.changes(), lambda change: change.kind == "x") == []


@pytest.mark.parametrize(
    ("strategy", "paths"),
    [
        (nas.front_pages(), ["/index.md", "/README.md"]),
        (nas.opinion_indexes(), ["/opinion/index.md", "/opinion/README.md"]),
        (
            nas.prose_pages(),
            ["/faq/README.md", "/api/README.md", "/LICENSE.md", "/news/README.md"],
        ),
    ],
)
def test_pages_stand_at_every_path_of_their_kind(
    strategy: st.SearchStrategy[Any], paths: list[str]
) -> None:
    all_of(strategy, lambda page: page.path, *paths)


def test_names_have_one_to_twelve_characters() -> None:
    lengths: set[int] = set()

    def measured(page: na.Editorial) -> bool:
        lengths.add(len(page.path.removeprefix("/opinion/").rpartition("/")[0]))
        return lengths == set(range(1, 13))

    assert never_drawn(nas.editorials(), measured) == []


@given(nas.pages())
def test_pages_are_written_and_read_back(page: na.Page) -> None:
    assert na.parse(na.render(page), page.path) == page


@pytest.mark.parametrize(
    ("strategy", "part", "simplest"),
    [
        (nas.titles(), str, "x"),
        (
            nas.day_indexes(),
            lambda index: (index.path, index.date, index.entries),
            ("", datetime.date(2009, 1, 1), ()),
        ),
        (nas.prose_pages(), lambda page: page.text, ""),
    ],
)
def test_failures_shrink_to_what_is_short_and_plain(
    strategy: st.SearchStrategy[Any], part: Callable[[Any], object], simplest: object
) -> None:
    plain = settings(database=None, derandomize=True, deadline=None)
    assert part(find(strategy, lambda _: True, settings=plain)) == simplest


def test_of_what_there_may_be_several_there_are_three_at_most() -> None:
    events = largest(
        nas.events(),
        lambda event: {
            "sources": len(event.sources),
            "related": len(event.related),
            "changes": len(event.changes),
            "lines": (event.description or "").count("\n") + 1,
        },
        draws=120,
    )
    assert set(events.values()) == {3}
    pages = largest(
        nas.front_pages(),
        lambda page: {
            "sections": len(page.sections),
            "entries": max(len(section.entries) for section in page.sections),
        },
        draws=50,
    )
    assert set(pages.values()) == {3}


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


def test_events_of_the_second_generation_without_a_path_have_formats() -> None:
    formats = na.FormatLinks.of("/news/a.md")
    drawn = nas.events(paths=st.just(""), generation=2)
    assert never_drawn(drawn, lambda event: event.layout.formats != formats, draws=20) == [0]


def test_events_are_as_odd_as_the_model_admits() -> None:
    missing = never_drawn(
        nas.events(),
        lambda event: event.path == "",
        lambda event: not event.path.isascii(),
        lambda event: event.date.year < 1000,
        lambda event: any(c.isspace() and c not in " \t" for c in event.title),
        lambda event: event.title.startswith("#"),
        lambda event: event.topic == "",
        lambda event: event.description is None,
        lambda event: event.description and "\n" in event.description,
        lambda event: event.description and event.description[0] in string.ascii_lowercase[:20],
        lambda event: any(source.name == "Cover Image" for source in event.sources),
        lambda event: event.cover_image and not event.sources,
        lambda event: any(link.title.count("[") != link.title.count("]") for link in event.related),
        lambda event: any(" " in link.path for link in event.related),
        lambda event: any(change.timestamp and change.is_current for change in event.changes),
        lambda event: event.layout.changes_first and event.layout.formats is None,
        lambda event: event.layout.date_link == "",
        lambda event: "\x1c" in "".join(event.layout.title_blanks),
    )
    assert missing == []


def test_day_indexes_are_as_odd_as_the_model_admits() -> None:
    missing = never_drawn(
        nas.day_indexes(),
        lambda index: len(index.entries) == 0,
        lambda index: index.layout.final_gap.startswith("\n"),
        lambda index: any(entry.description == "" for entry in index.entries),
        lambda index: any(entry.context for entry in index.entries),
        lambda index: any(entry.gap.startswith("\n") for entry in index.entries[1:]),
        lambda index: any(entry.gap and entry.topic is None for entry in index.entries),
        lambda index: index.previous == "",
        lambda index: any(entry.gap == "" and not entry.topic for entry in index.entries[1:]),
        lambda index: index.path.endswith("README.md"),
    )
    assert missing == []


def test_pages_are_of_every_kind() -> None:
    drawn: set[type[na.Page]] = set()

    def is_last(page: na.Page) -> bool:
        drawn.add(type(page))
        return drawn == set(get_args(na.Page))

    assert never_drawn(nas.pages(), is_last) == []
    assert drawn == set(get_args(na.Page))


def test_paths_can_be_given() -> None:
    path = "/news/2016/03/2/a.md"
    given_paths = nas.events(paths=st.just(path))
    assert never_drawn(given_paths, lambda event: event.path != path, draws=10) == [0]
    path = "/news/2016/03/2/index.md"
    given_indexes = nas.day_indexes(paths=st.just(path))
    assert never_drawn(given_indexes, lambda index: index.path != path, draws=10) == [0]


def test_page_texts_are_of_every_kind() -> None:
    all_of(nas.page_texts(), lambda drawn: drawn[0], "/faq/README.md", "/opinion/index.md", "")


@given(nas.page_texts())
def test_page_texts_are_pages_of_their_paths(given_text: tuple[str, str]) -> None:
    path, text = given_text
    reading = read(text, path)
    assert reading.page is not None
    assert reading.problems == []
    assert path == "" or reading.kind is kind_of(path)


@given(nas.events(generation=1))
def test_the_first_generation_has_no_formats_and_its_own_order(event: na.Event) -> None:
    assert event.layout.model_copy(update={"title_blanks": ("", " ")}) == na.EventLayout()
    text = na.render(event)
    assert not text.startswith("\nFormats:")
    assert na.parse(text, event.path) == event


@given(nas.events(paths=st.just("/news/2016/03/2/a.md"), generation=2))
def test_the_second_generation_has_formats_of_its_path(event: na.Event) -> None:
    assert event.layout.formats == na.EventLayout.second_generation(event.path).formats
    text = na.render(event)
    assert text.startswith("\nFormats: [HTML](/news/2016/03/2/a.html)")
    if event.related and event.changes:
        assert text.index("### Changes:") < text.index("### Related:")
    assert na.parse(text, event.path) == event


def test_day_indexes_are_of_either_generation() -> None:
    first, second = nas.day_indexes(generation=1), nas.day_indexes(generation=2)
    assert never_drawn(first, lambda index: index.layout.formats is not None, draws=50) == [0]
    assert never_drawn(second, lambda index: index.layout.formats is None, draws=50) == [0]


@pytest.mark.parametrize("generation", [1, 2])
def test_page_texts_are_of_either_generation(generation: int) -> None:
    def has_formats(drawn: tuple[str, str]) -> bool:
        return drawn[1].startswith("\nFormats: ")

    strategy = nas.page_texts(generation=generation)
    missing = never_drawn(
        strategy,
        lambda drawn: has_formats(drawn) is (generation == 1),
        lambda drawn: isinstance(na.parse(drawn[1], drawn[0]), na.Event),
        lambda drawn: isinstance(na.parse(drawn[1], drawn[0]), na.DayIndex),
        draws=60,
    )
    assert missing == [0]


@pytest.mark.parametrize("strategy", [nas.events, nas.day_indexes, nas.page_texts])
def test_there_are_two_generations(strategy: Callable[..., st.SearchStrategy[object]]) -> None:
    with pytest.raises(ValueError, match="generation is 1, 2 or None, not 3"):
        never_drawn(strategy(generation=3), lambda drawn: False, draws=1)


def test_nearly_pages_are_in_order_or_nearly() -> None:
    def findings(drawn: tuple[str, str]) -> int:
        found = na.check_text(drawn[1], drawn[0], today=datetime.date.max)
        return sum(d.severity == "error" for d in found)

    missing = never_drawn(
        nas.nearly_page_texts(),
        lambda drawn: read(drawn[1], drawn[0]).canonical,
        lambda drawn: findings(drawn) == 0,
        lambda drawn: findings(drawn) == 1,
        lambda drawn: "\n\n\n\n\n" in drawn[1],
        lambda drawn: re.search(r"^(.{12,})\n\1$", drawn[1], re.MULTILINE),
        lambda drawn: drawn[1] and not drawn[1].endswith("\n"),
    )
    assert missing == []


def test_titles_are_lines_of_any_characters() -> None:
    missing = never_drawn(
        nas.titles(),
        lambda title: "](" in title,
        lambda title: not title.isascii(),
        lambda title: title != title.strip() or "\n" in title or not title,
        draws=300,
    )
    assert missing == [2]


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


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (_texts._deleted, "acd"),
        (_texts._doubled, "abbcd"),
        (_texts._moved, "acdb"),
    ],
)
def test_lines_are_lost_doubled_and_moved(
    operation: Callable[[list[str], int, int], list[str]], expected: str
) -> None:
    assert "".join(operation(list("abcd"), 1, 3)) == expected


LAYOUT_CODES = ["NA102", "NA103", "NA104", "NA105", "NA106", "NA107", "NA108", "NA109", "NA401"]


def test_damage_is_of_every_kind() -> None:
    missing = never_drawn(
        nas.damaged_page_texts(),
        lambda damaged: "\r\n" in damaged[1],
        lambda damaged: "\r" in damaged[1] and "\r\n" not in damaged[1],
        lambda damaged: "\r\r" in damaged[1] and "\n" not in damaged[1],
        lambda damaged: "\r\n\r\n" in damaged[1],
        lambda damaged: damaged[1].startswith("## ["),
        lambda damaged: damaged[1].startswith(f"{BOM}## ["),
        lambda damaged: damaged[1] == "",
        lambda damaged: damaged[1].count("\r\n") == damaged[1].count("\n") > 6,  # all of them
        lambda damaged: damaged[1].count("\n") > damaged[1].count("\r\n") > 0,  # some
    )
    assert missing == []


def test_damage_breaks_every_rule_of_layout() -> None:
    def check(damaged: tuple[str, str]) -> Iterable[na.Diagnostic]:
        return na.check_text(damaged[1], damaged[0], select=LAYOUT_CODES)

    assert codes_never_found(nas.damaged_page_texts(), LAYOUT_CODES, check) == set()


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
        lambda pages: any(path.endswith("-2.md") and f"{path[:-5]}.md" in pages for path in pages),
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
