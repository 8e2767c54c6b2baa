"""The sample archives are what their README says."""

import datetime
import re
import shutil
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import TODAY

EXAMPLES = Path(__file__).parent.parent / "examples"
FAULTY = EXAMPLES / "faulty"

CODES = {
    "renamed page": {"NA201", "NA202", "NA208"},
    "deleted page": {"NA201", "NA202"},
    "`.html` for `.md`": {"NA201"},
    "letter case": {"NA201"},
    "self link": {"NA205"},
    "duplicate related link": {"NA206"},
    "wrong link text": {"NA207"},
    "date against path": {"NA301", "NA303"},
    "impossible date": {"NA302"},
    "numbering": {"NA108"},
    "unknown section": {"NA106"},
    "malformed entry": {"NA107"},
    "line endings": {"NA103"},
    "byte order mark": {"NA102"},
    "invalid source address": {"NA501"},
    "page in no index": {"NA208"},
    "skipped day": {"NA305"},
}
"""The codes that fit each kind of fault in the README's table."""

ROW = re.compile(
    r"\| *(?P<number>\d+) \| (?P<fault>[^|]+?) \| `(?P<file>[^`|]+)` \| (?P<line>\d+|all|–) \|"
)


def table() -> list[tuple[int, str, str, int]]:
    """The rows of the README's table: number, fault, file, line (1 for a whole file)."""
    text = (EXAMPLES / "README.md").read_text("utf-8")
    return [
        (int(m["number"]), m["fault"], m["file"], int(m["line"]) if m["line"].isdigit() else 1)
        for m in ROW.finditer(text)
    ]


@pytest.fixture(scope="module")
def faulty() -> na.Report:
    return na.check(FAULTY, today=TODAY)


def test_the_table_can_be_read() -> None:
    rows = table()
    assert {number for number, *_ in rows} == set(range(1, 18))
    assert {fault for _, fault, *_ in rows} == set(CODES)
    assert len(rows) >= 25


@pytest.mark.parametrize(("number", "fault", "file", "line"), table())
def test_each_fault_is_found_at_its_line(
    faulty: na.Report, number: int, fault: str, file: str, line: int
) -> None:
    here = [d for d in faulty.diagnostics if d.page == f"/{file}"]
    if (number, line) == (1, 21) and "timber" in file:
        # Where the page went: its entry under Changes is no fault, but no index lists it.
        assert [d.code for d in here if d.severity != "info"] == ["NA208"]
        return
    found = {d.code for d in here if d.line == line and d.severity != "info"}
    assert found
    assert found <= CODES[fault]


def test_nothing_else_is_found(faulty: na.Report) -> None:
    files = {f"/{file}" for _, _, file, _ in table()}
    strangers = [d for d in faulty.diagnostics if d.severity != "info" and d.page not in files]
    assert strangers == []
    told = {(f"/{file}", line) for _, _, file, line in table()}
    orphan = "timber-train"
    extra = [
        d
        for d in faulty.diagnostics
        if d.severity != "info" and (d.page, d.line) not in told and orphan not in d.page
    ]
    assert extra == []


def test_the_sample_archive_is_clean_but_for_remarks() -> None:
    report = na.check(EXAMPLES / "archive", today=TODAY)
    assert {d.severity for d in report.diagnostics} == {na.Severity.INFO}
    assert {d.code for d in report.diagnostics} == {"NA209", "NA502", "NA504", "NA505"}
    assert report.pages == {
        "event": 60, "day-index": 14, "front-page": 2, "opinion-index": 2, "editorial": 2,
        "prose": 2,
    }  # fmt: skip
    assert report.raise_for_errors() is report


def test_it_was_written_before_today() -> None:
    early = na.check(EXAMPLES / "archive", select=["NA304"], today=datetime.date(2016, 3, 2))
    assert {d.page.rpartition("/")[0] for d in early.diagnostics} == {"/news/2016/03/3"}


def archive_pages() -> list[str]:
    return list(na.Archive(EXAMPLES / "archive"))


@pytest.mark.parametrize("path", archive_pages())
def test_every_page_of_it_survives_the_round_trip(path: str) -> None:
    archive = na.Archive(EXAMPLES / "archive")
    text = archive.read_bytes(path).decode("utf-8")
    page = na.parse(text, path)
    assert na.render(page) == text
    assert type(page).model_validate_json(page.model_dump_json()) == page


def test_slugs_come_from_titles_where_those_are_plain() -> None:
    archive = na.Archive(EXAMPLES / "archive")
    same = [e for e in archive.events() if f"/{na.slugify(e.title)}.md" in e.path]
    assert len(same) >= 50


class TestGerman:
    """An archive of an edition that its configuration describes."""

    ROOT = EXAMPLES / "german"

    def archive(self) -> na.Archive:
        return na.Archive(self.ROOT, edition=na.load_settings(self.ROOT).edition)

    def test_it_is_clean(self) -> None:
        settings = na.load_settings(self.ROOT)
        report = na.check(self.ROOT, settings=settings, today=TODAY)
        assert report.diagnostics == ()
        assert report.pages == {"event": 4, "day-index": 4, "front-page": 1}
        assert report.links["related"] == 6
        assert report.links["source"] == 5

    def test_every_page_is_written_as_it_was(self) -> None:
        archive = self.archive()
        for path in archive:
            page = archive[path]
            assert na.render(page).encode() == archive.read_bytes(path)
            assert type(page).model_validate_json(page.model_dump_json()) == page

    def test_slugs_follow_from_titles(self) -> None:
        archive = self.archive()
        for event in archive.events():
            assert event.path.endswith(f"/{na.slugify(event.title, archive.edition)}.md")

    def test_a_repaired_link_has_the_base_that_it_had(self, tmp_path: Path) -> None:
        root = tmp_path / "german"
        shutil.copytree(self.ROOT, root)
        day = root / "news/2016/03/2"
        (day / "lava-vom-kerrow-erreicht-das-meer.md").rename(day / "lava-erreicht-das-meer.md")
        settings = na.load_settings(root)
        na.repair(root, unsafe=True, settings=settings, today=TODAY)
        assert na.check(root, settings=settings, today=TODAY).diagnostics == ()
        texts = [path.read_text("utf-8") for path in sorted(root.rglob("*.md"))]
        assert sum(text.count("](/de/news/2016/03/2/lava-erreicht") for text in texts) == 4
        assert sum(text.count("](/news/2016/03/2/lava-erreicht") for text in texts) == 1

    def test_without_its_table_the_check_says_so(self) -> None:
        found = na.check(self.ROOT, today=TODAY).diagnostics
        assert found[0].code == "NA908"
        assert "'### Quellen:' on 4 of 4 pages" in found[0].message
