"""What researchers ask of an archive."""

import datetime
import sys
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.tables.schema import TABLES
from tests.builders import (
    DAY_PATH,
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    day_index,
    event,
    write_archive,
)
from tests.repositories import archive_in_git, commit, needs_git

DAY = datetime.date(2016, 3, 2)
OTHER = "/news/2016/03/2/another-fire.md"
TOPICS = SMALL_ARCHIVE[DAY_PATH].replace("### [The", "##### Piers\n### [The")


@pytest.fixture
def archive(tmp_path: Path) -> na.Archive:
    pages = {DAY_PATH: TOPICS, OTHER: event(title="Another fire.")}
    return na.Archive(write_archive(tmp_path / "archive", pages, small=True))


def paths(events: na.EventIterator) -> list[str]:
    return [event.path for event in events]


class TestEvents:
    def test_come_by_day_though_ten_sorts_before_two(self, archive: na.Archive) -> None:
        assert paths(archive.events()) == [OPENS, OTHER, PATH, REBUILT, LATER]

    def test_between_days(self, archive: na.Archive) -> None:
        assert paths(archive.events(since=DAY, until="2016-03-04")) == [OTHER, PATH, REBUILT]
        assert paths(archive.events(since="2016-03-10")) == [LATER]
        assert paths(archive.events(until=datetime.date(2016, 2, 29))) == [OPENS]

    def test_under_a_folder(self, archive: na.Archive) -> None:
        assert paths(archive.events(under="/news/2016/02")) == [OPENS]
        assert paths(archive.events(under="/news/2016/03/2/")) == [OTHER, PATH]
        assert paths(archive.events(under="/news/2016/0")) == []

    def test_a_text_that_is_no_day(self, archive: na.Archive) -> None:
        with pytest.raises(ValueError, match="isoformat"):
            archive.events(since="yesterday")

    def test_days_in_the_wrong_order(self, archive: na.Archive) -> None:
        with pytest.raises(ValueError, match="2016-03-05, is later than the last, 2016-03-04"):
            archive.events(since="2016-03-05", until="2016-03-04")

    def test_a_folder_of_no_real_day_has_events_where_no_day_is_asked_for(
        self, tmp_path: Path
    ) -> None:
        odd = "/news/2016/02/31/the-pier-waits.md"
        archive = na.Archive(write_archive(tmp_path / "x", {odd: event()}, small=True))
        assert paths(archive.events()).count("") == 1, "its path is none that an event may have"
        assert "" not in paths(archive.events(since="2000-01-01"))

    def test_what_is_damaged_is_skipped_and_counted(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "x", {PATH: b"\xff", REBUILT: "Nothing."}, small=True)
        events = na.Archive(root).events()
        assert (paths(events), [*events.skipped]) == ([OPENS, LATER], [PATH, REBUILT])
        assert isinstance(events.skipped[PATH], na.InvalidPageError)

    def test_or_raises_or_is_told(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path / "x", {PATH: b"\xff"}, small=True))
        with pytest.raises(na.InvalidPageError):
            list(archive.events(on_error="raise"))
        told: list[str] = []
        list(archive.events(on_error=lambda path, error: told.append(f"{path} {error}")))
        assert [word.split(" ")[0] for word in told] == [PATH]

    def test_a_page_that_vanishes_is_skipped(self, archive: na.Archive) -> None:
        assert len(archive)
        Path(archive.file(PATH)).unlink()
        events = archive.events()
        assert PATH not in paths(events)
        assert isinstance(events.skipped[PATH], FileNotFoundError)


class TestDays:
    def test_are_those_that_have_pages(self, archive: na.Archive) -> None:
        days = ["2016-02-29", "2016-03-02", "2016-03-04", "2016-03-10"]
        assert [str(day) for day in archive.days()] == days

    def test_a_day_has_its_index_and_its_events_with_topics(self, archive: na.Archive) -> None:
        day = archive.day(DAY)
        assert day.index
        assert day.index.path == DAY_PATH
        assert [(e.event.path, e.topic) for e in day.events] == [(PATH, "Piers"), (OTHER, "")]

    def test_events_stand_as_the_index_lists_them(self, tmp_path: Path) -> None:
        entries = [("Z.", PATH), ("A.", OTHER), ("Z again.", PATH)]
        pages = {DAY_PATH: day_index("2016-03-2", entries), OTHER: event(title="A.")}
        day = na.Archive(write_archive(tmp_path / "x", pages, small=True)).day("2016-03-02")
        assert [e.event.path for e in day.events] == [PATH, OTHER]

    def test_a_day_that_is_not_there(self, archive: na.Archive) -> None:
        assert archive.day("2000-01-01") == na.NewsDay(datetime.date(2000, 1, 1), None, ())

    def test_the_latest(self, archive: na.Archive, tmp_path: Path) -> None:
        assert archive.latest().date == datetime.date(2016, 3, 10)
        with pytest.raises(LookupError, match="has no day"):
            na.Archive(write_archive(tmp_path / "empty", {})).latest()

    def test_topics_are_joined_from_the_day(self, archive: na.Archive) -> None:
        assert (archive.topic(PATH), archive.topic(OTHER)) == ("Piers", "")
        with pytest.raises(na.PageNotFoundError):
            archive.topic("/news/2016/03/2/gone.md")


class TestTables:
    @pytest.mark.parametrize("name", TABLES)
    def test_have_typed_rows(self, archive: na.Archive, name: str) -> None:
        rows = list(archive.table(name))  # type: ignore[call-overload]
        assert all(isinstance(row, TABLES[name].row) for row in rows)
        assert rows or name == "findings"

    def test_say_their_types(self, archive: na.Archive) -> None:
        related = [row.context for row in archive.table("related")]
        assert ("pier", "Veldania") in related
        [meta] = archive.table("meta")
        assert meta.pages == len(archive)

    def test_there_is_no_other(self, archive: na.Archive) -> None:
        with pytest.raises(na.UnknownTableError, match="there are pages, sources"):
            archive.table("events")  # type: ignore[call-overload]
        with pytest.raises(na.UnknownTableError):
            archive.to_arrow("models")

    def test_findings_are_those_of_the_settings(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "x", {PATH: b"\xff"}, small=True)
        assert {row.code for row in na.Archive(root).table("findings")} >= {"NA101"}
        (root / "newsarchive.toml").write_text('ignore = ["ALL"]\n')
        assert list(na.Archive(root).table("findings")) == []

    def test_go_to_arrow(self, archive: na.Archive) -> None:
        table = archive.to_arrow("related")
        assert table.num_rows == len(list(archive.table("related")))
        assert table.column("context").to_pylist()[-1] == []
        assert archive.to_arrow("findings").num_rows == len(list(archive.table("findings")))


class TestTheGraph:
    def test_has_events_and_links_with_what_they_share(self, archive: na.Archive) -> None:
        graph = archive.graph()
        assert graph.nodes[PATH] == {
            "title": "The pier burns.",
            "date": "2016-03-02",
            "exists": True,
        }
        assert graph.edges[PATH, OPENS]["context"] == "pier, Veldania"

    def test_has_targets_that_are_not_there(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path / "x", {REBUILT: None}, small=True))
        assert archive.graph().nodes[REBUILT] == {
            "title": "The pier is rebuilt.",
            "date": "",
            "exists": False,
        }

    def test_can_be_written_by_networkx(self, archive: na.Archive, tmp_path: Path) -> None:
        import networkx as nx

        graph = archive.graph()
        nx.write_graphml(graph, tmp_path / "g.graphml")
        nx.write_gexf(graph, tmp_path / "g.gexf")
        assert nx.read_graphml(tmp_path / "g.graphml").edges == graph.edges

    def test_needs_networkx(self, archive: na.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "networkx", None)
        with pytest.raises(na.MissingPackageError, match=r"newsarchive\[graph\]"):
            archive.graph()


@needs_git
def test_an_archive_as_git_keeps_it(tmp_path: Path) -> None:
    root = archive_in_git(tmp_path / "archive", small=True)
    (root / PATH[1:]).unlink()
    commit(root)
    archive = na.Archive(root)
    assert PATH in archive.at("HEAD~1")
    assert PATH not in archive.at("HEAD")
    assert len(list(archive.at("HEAD~1").search("burns"))) == 1
    with pytest.raises(na.GitError):
        archive.at("no-such-revision")
