"""Archives of an edition that nobody described."""

import json
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.writers import FORMATS
from tests.builders import TODAY, day_index, event, write_archive

FOLDER = "/news/2016/03/2"
WORDS = {"Source": "Herkunft", "Related": "Dazu"}


def archive(root: Path, foreign: int, own: int = 0) -> Path:
    """An archive of events in other words, and of some in those that are known."""
    pages = {}
    for number in range(foreign + own):
        text = event(title=f"Event {number}", related=[f"[Event 0]({FOLDER}/event-0.md)"])
        for known, other in WORDS.items() if number < foreign else ():
            text = text.replace(f"### {known}:", f"### {other}:")
        pages[f"{FOLDER}/event-{number}.md"] = text
    titles = [(f"Event {number}", path) for number, path in enumerate(pages)]
    pages[f"{FOLDER}/index.md"] = day_index("2016-03-2", titles)
    return write_archive(root, pages)


def check(root: Path, **options: list[str]) -> tuple[na.Diagnostic, ...]:
    return na.check(root, today=TODAY, **options).diagnostics  # type: ignore[arg-type]


def test_it_is_said_once_and_first(tmp_path: Path) -> None:
    found = check(archive(tmp_path, foreign=6, own=2))
    assert (found[0].code, found[0].page, found[0].line) == ("NA908", "/", 1)
    assert found[0].message == (
        "these pages look like an edition that newsarchive does not know: "
        "section '### Herkunft:' on 6 of 8 pages; describe it in the configuration"
    )
    assert [d.code for d in found if d.code in ("NA106", "NA908")] == ["NA908"]


@pytest.mark.parametrize("name", [f.name for f in FORMATS if f.name != "diff"])
def test_every_format_begins_with_it(tmp_path: Path, name: str) -> None:
    report = na.check(archive(tmp_path, foreign=6), today=TODAY)
    [form] = [f for f in FORMATS if f.name == name]
    text = "\n".join(form.lines(report))
    first = min((at, d.code) for d in report.diagnostics if (at := text.find(d.message)) >= 0)
    assert first[1] == "NA908" or name in ("junit", "sarif", "markdown"), text[:500]
    assert "NA908" in text


def test_a_heading_that_few_pages_have_is_found_on_each(tmp_path: Path) -> None:
    root = archive(tmp_path, foreign=6, own=2)
    page = root / f"{FOLDER[1:]}/event-7.md"
    page.write_text(page.read_text().replace("### Related:", "### Kommentare:"))
    found = [d for d in check(root) if d.code in ("NA106", "NA908")]
    assert [(d.code, Path(d.page).name) for d in found] == [("NA908", ""), ("NA106", "event-7.md")]


def test_half_of_the_pages_are_not_most(tmp_path: Path) -> None:
    found = check(archive(tmp_path, foreign=4, own=4), select=["NA106", "NA908"])
    assert {d.code for d in found} == {"NA106"}
    assert len(found) == 8  # two headings on each of four pages


def test_two_pages_are_no_archive(tmp_path: Path) -> None:
    found = check(archive(tmp_path, foreign=2), select=["NA106", "NA908"])
    assert {d.code for d in found} == {"NA106"}


@pytest.mark.parametrize("options", [{"ignore": ["NA908"]}, {"only": [FOLDER]}])
def test_where_it_is_not_said_each_page_has_its_findings(
    tmp_path: Path, options: dict[str, list[str]]
) -> None:
    found = check(archive(tmp_path, foreign=6), **options)
    assert "NA908" not in {d.code for d in found}
    assert len([d for d in found if d.code == "NA106"]) == 12


def test_a_run_with_a_cache_says_it_again(tmp_path: Path) -> None:
    root = archive(tmp_path / "archive", foreign=6)
    cache = tmp_path / "cache"
    first, second = (na.check(root, today=TODAY, cache=cache).to_json() for _ in range(2))
    assert first == second
    assert json.loads(first)["diagnostics"][0]["code"] == "NA908"
