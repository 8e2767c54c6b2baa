"""What a fix or a move writes leads in a renderer where the archive means, or is not written."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

import newsarchive as na
from newsarchive.editing.repair import repair
from newsarchive.page.slugs import slugify
from tests.builders import PATH, TODAY, day_index, event, write_archive
from tests.renderers import HTML, targets_of

FOLDER = "/news/2016/03/4"
INDEX = f"{FOLDER}/index.md"


def repaired(root: Path) -> str:
    """The page's text after every fix that there is, round by round."""
    for _ in range(5):
        archive = na.Archive(root)
        found = na.check(archive, today=TODAY).diagnostics
        done = repair(archive, found, unsafe=True)
        assert done.refused == []
        if not done.changed:
            break
    return (root / PATH[1:]).read_text()


def led_to(text: str) -> list[set[str]]:
    """Where the links of a page lead, by each renderer."""
    return [
        {unquote(urlsplit(target).path) for target in targets_of(show(text))}
        for show in HTML.values()
    ]


NAMES = [
    "a b", "a?b", "a#b", "a%20b", "a&b", "a&amp;b", "a&#38;b", "a(b", "a)b", "a(b)", "a[b]",
    "é", "e\u0301", "a\u2028b", "a<b>", "a`b", "a'b", "plain", "100%",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "spelled", [quote, lambda path: quote(path.upper()).replace("/NEWS", "/news")]
)
def test_a_link_that_renderers_follow_is_never_broken(
    tmp_path: Path, name: str, spelled: Callable[[str], str]
) -> None:
    page = f"{FOLDER}/{name}.md"
    target = spelled(page)
    pages = {page: event("2016-03-4", "Alpha."), PATH: event(related=[f"[Alpha.]({target})"])}
    write_archive(tmp_path, pages)
    before = led_to((tmp_path / PATH[1:]).read_text())
    for was, now in zip(before, led_to(repaired(tmp_path)), strict=True):
        assert unquote(target) in was
        assert page in now or now == was


def test_what_a_safe_fix_wrote_before(tmp_path: Path) -> None:
    text = event(related=[f"[Alpha.]({FOLDER}/a%20b.md)"])
    write_archive(tmp_path, {f"{FOLDER}/a b.md": event("2016-03-4", "Alpha."), PATH: text})
    [found] = na.check(tmp_path, select=["NA201"], today=TODAY).diagnostics
    assert found.fix is None
    assert (
        f"did you mean '{FOLDER}/a b.md' (the same path but for percent-encoding" in found.message
    )
    assert found.message.endswith("No link can name it by that path")
    assert repaired(tmp_path) == text


def test_a_likely_page_that_no_link_can_name_is_shown_and_not_written(tmp_path: Path) -> None:
    text = event(related=[f"[Alpha.]({FOLDER}/gone.md)"])
    write_archive(tmp_path, {f"{FOLDER}/a&amp;b.md": event("2016-03-4", "Alpha."), PATH: text})
    [found] = na.check(tmp_path, select=["NA201"], today=TODAY).diagnostics
    assert [s.path for s in found.suggestions] == [f"{FOLDER}/a&amp;b.md"]
    assert found.fix is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("A [draft", r"A \[draft"),
        ("A draft]", r"A draft\]"),
        ("A [draft] of it", "A [draft] of it"),
        ("A `draft", "A `draft"),
        ("A <b draft", "A <b draft"),
    ],
)
class TestTitles:
    def test_a_title_that_is_taken_over_hides_no_link(
        self, tmp_path: Path, title: str, text: str
    ) -> None:
        related = [f"[Alpha.]({FOLDER}/a.md)"]
        write_archive(
            tmp_path, {f"{FOLDER}/a.md": event("2016-03-4", title), PATH: event(related=related)}
        )
        assert f"1. [{text}]({FOLDER}/a.md)\n" in repaired(tmp_path)
        assert na.check(tmp_path, select=["NA110", "NA207"], today=TODAY).diagnostics == ()

    def test_nor_does_that_of_an_event_that_is_listed(
        self, tmp_path: Path, title: str, text: str
    ) -> None:
        pages = {INDEX: day_index("2016-03-4", []), f"{FOLDER}/a.md": event("2016-03-4", title)}
        write_archive(tmp_path, {**pages, PATH: event()})
        repaired(tmp_path)
        assert f"### [{text}]({FOLDER}/a.md)\n" in (tmp_path / INDEX[1:]).read_text()
        assert na.check(tmp_path, select=["NA110", "NA207", "NA208"], ignore=["NA208"],
                        today=TODAY).diagnostics == ()  # fmt: skip

    def test_nor_that_of_a_page_that_is_retitled(
        self, tmp_path: Path, title: str, text: str
    ) -> None:
        page = f"{FOLDER}/alpha.md"
        related = [f"[Alpha.]({page})"]
        write_archive(tmp_path, {page: event("2016-03-4", "Alpha."), PATH: event(related=related)})
        archive = na.Archive(tmp_path)
        archive.retitle(page, title)
        moved = f"{FOLDER}/{slugify(title)}.md"
        assert f"1. [{text}]({moved})\n" in (tmp_path / PATH[1:]).read_text()
        archive.retitle(moved, "Alpha.")
        assert f"1. [Alpha.]({page})\n" in (tmp_path / PATH[1:]).read_text()
        assert na.check(tmp_path, select=["NA110", "NA207"], today=TODAY).diagnostics == ()


def test_a_title_that_would_hide_its_link_is_not_taken_over(tmp_path: Path) -> None:
    title = "A draft \\"
    text = event(related=[f"[Alpha.]({FOLDER}/a.md)"])
    write_archive(tmp_path, {f"{FOLDER}/a.md": event("2016-03-4", title), PATH: text})
    [found] = na.check(tmp_path, select=["NA207"], today=TODAY).diagnostics
    assert found.fix is None
    assert repaired(tmp_path) == text


@pytest.mark.parametrize("name", ["a b", "a%20b", "a&amp;b", "a?b"])
def test_an_event_that_no_link_can_name_is_not_listed(tmp_path: Path, name: str) -> None:
    index = day_index("2016-03-4", [])
    write_archive(tmp_path, {INDEX: index, f"{FOLDER}/{name}.md": event("2016-03-4", "Alpha.")})
    [found] = na.check(tmp_path, select=["NA208"], today=TODAY).diagnostics
    assert found.fix is None


@pytest.mark.parametrize("name", ["a&amp;b", "a&lt;b", "a&NotEqualTilde;b"])
def test_no_page_moves_where_no_link_can_follow(tmp_path: Path, name: str) -> None:
    page = f"{FOLDER}/alpha.md"
    pages = {page: event("2016-03-4", "Alpha."), PATH: event(related=[f"[Alpha.]({page})"])}
    write_archive(tmp_path, pages)
    with pytest.raises(na.RefusedMoveError, match="as renderers read it"):
        na.Archive(tmp_path).move(page, f"{FOLDER}/{name}.md")
    assert (tmp_path / page[1:]).exists()


class TestRemoval:
    """The entry that goes holds the end of a code block that another one opens."""

    ENTRIES = (
        ("One.", f"{FOLDER}/one.md"),
        ("Two.", f"{FOLDER}/two.md"),
        ("The pier burns.", PATH),
    )
    TEXT = (
        day_index("2016-03-4", ENTRIES)
        .replace("one.md)\n", "one.md)\n```\n\n")
        .replace("two.md)\n", "two.md)\n```\n\n")
    )

    def archive(self, root: Path) -> na.Archive:
        pages = {f"{FOLDER}/{name}.md": event("2016-03-4", f"{name.title()}.")
                 for name in ("one", "two")}  # fmt: skip
        return na.Archive(write_archive(root, {**pages, PATH: event(), INDEX: self.TEXT}))

    def test_it_stays_with_the_page_that_is_gone(self, tmp_path: Path) -> None:
        archive = self.archive(tmp_path)
        archive.remove(f"{FOLDER}/two.md")
        fixed = na.fix_text(self.TEXT, INDEX, unsafe=True, remove_dead=True, lookup=archive)
        assert fixed.text == self.TEXT
        assert [error.code for error in fixed.refused] == ["NA202"]

    def test_no_removal_takes_it(self, tmp_path: Path) -> None:
        archive = self.archive(tmp_path)
        with pytest.raises(na.RefusedMoveError, match="would not show one of its links"):
            archive.remove(f"{FOLDER}/two.md", entries=True)
        assert (tmp_path / INDEX[1:]).read_text() == self.TEXT
