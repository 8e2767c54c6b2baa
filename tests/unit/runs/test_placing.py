"""Pages judged by the other pages of their folder, while the folder is read."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.archive import view_of
from newsarchive.graph.answers import Answers
from newsarchive.page.reading import Reading
from newsarchive.rules import ALL_RULES
from newsarchive.rules._judging import LooksBeyond
from tests.builders import DAY_PATH, OPENS, PATH, SMALL_ARCHIVE, TODAY, event, write_archive

FOLDER = DAY_PATH.rpartition("/")[0]
NEW = f"{FOLDER}/new.md"
CODES = ("NA208", "NA214")


def placed(root: Path, cache: Path | None = None) -> list[tuple[str, str, str]]:
    report = na.check(root, select=CODES, today=TODAY, cache=cache)
    return [(d.code, d.page, str(d.fix)) for d in report.diagnostics]


def entry(path: str, title: str) -> str:
    return f"### [{title}]({path})\n\n"


@pytest.mark.parametrize("name", ["index.md", "README.md", "new.md"])
def test_an_edit_of_one_page_has_the_others_of_its_folder_judged_anew(
    tmp_path: Path, name: str
) -> None:
    index = SMALL_ARCHIVE[DAY_PATH] + entry(NEW, "New.")
    pages = {DAY_PATH: index, f"{FOLDER}/README.md": index, NEW: event(title="New.")}
    root, cache = write_archive(tmp_path / "a", {**SMALL_ARCHIVE, **pages}), tmp_path / "cache"
    assert placed(root, cache) == placed(root, cache) == []
    (root / FOLDER[1:] / name).unlink()
    if name == "index.md":
        (root / FOLDER[1:] / "README.md").unlink()
    found = placed(root, cache)
    assert found == placed(root, cache) == placed(root)
    assert bool(found) is (name == "index.md")
    write_archive(root, pages)
    assert placed(root, cache) == []


def test_what_an_entry_is_to_say_follows_from_no_other_folder(tmp_path: Path) -> None:
    bare = SMALL_ARCHIVE[DAY_PATH].partition("### [")[0] + entry(OPENS, "The pier opens.")
    pages = {**SMALL_ARCHIVE, DAY_PATH: bare}
    root, cache = write_archive(tmp_path / "a", pages), tmp_path / "cache"
    found = placed(root, cache)
    assert [page for _, page, _ in found] == [PATH]
    write_archive(root, {OPENS: "# Nothing is said.\n"})
    assert placed(root, cache) == placed(root) == found


@pytest.mark.parametrize("rule", [rule for rule in ALL_RULES if rule.within_folder])
def test_rules_that_look_within_a_folder_read_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: na.Rule
) -> None:
    listed = SMALL_ARCHIVE[DAY_PATH] + entry(OPENS, "The pier opens.") + entry(NEW, "Gone.")
    pages = {DAY_PATH: listed, f"{FOLDER}/README.md": SMALL_ARCHIVE[DAY_PATH], NEW: event()}
    view = view_of(na.Archive(write_archive(tmp_path, {**SMALL_ARCHIVE, **pages})))
    readings = {page: view.reading(page) for page in view}
    judging = LooksBeyond([rule], None, view)
    asked: set[str] = set()
    read = Answers.reading

    def reading_of(self: Answers, path: str) -> Reading:
        asked.add(path)
        return read(self, path)

    monkeypatch.setattr(Answers, "reading", reading_of)
    for page, reading in readings.items():
        asked.clear()
        judging.run(reading)
        assert {path.rpartition("/")[0] for path in asked} <= {page.rpartition("/")[0]}
