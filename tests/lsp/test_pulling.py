"""Findings that an editor asks for, of a page or of all pages; it is never told of them besides."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.findings.report import Report
from newsarchive.graph.answers import Answers
from newsarchive.lsp import loading, whole
from newsarchive.runs.engine import check_view
from newsarchive.runs.options import RunOptions
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    event,
    spoiled,
    write_archive,
)
from tests.lsp.editor import until
from tests.lsp.talk import Talk, talk
from tests.seams import at_rest

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

DAY = "/news/2016/03/2/index.md"
OPENINGS = "/news/2016/02/29/index.md"
REFRESH = "workspace/diagnostic/refresh"
TEXT = SMALL_ARCHIVE[PATH]
FAULTY = spoiled("2. [Evening", "9. [Evening", TEXT)
CAN = {
    "textDocument": {"diagnostic": {"relatedInformation": True}},
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSARCHIVE_CACHE_DIR", str(tmp_path / "cache"))
    return write_archive(tmp_path / "archive", small=True)


@asynccontextmanager
async def pulling(root: Path, **options: Any) -> AsyncIterator[Talk]:
    """A server and an editor that asks for findings, with the archive in its workspace."""
    async with talk(can=CAN, folders=[root], **options) as editor:
        await until(lambda: editor.logged("pages of"))
        yield editor
        assert editor.of("textDocument/publishDiagnostics") == []
        assert editor.logged("error") == []


def cached(root: Path) -> list[str]:
    return sorted(file.name.partition("-")[0] for file in (root.parent / "cache").glob("*"))


async def page(editor: Talk, file: Path, known: str = "") -> dict[str, Any]:
    asked: dict[str, Any] = {"textDocument": {"uri": file.as_uri()}}
    if known:
        asked["previousResultId"] = known
    answer: dict[str, Any] = (await editor.ask("textDocument/diagnostic", asked))["result"]
    return answer


def everything(editor: Talk, known: dict[str, str] | None = None) -> asyncio.Task[Any]:
    """The answer to who asks for all findings: by URI, the codes, or "unchanged"."""

    async def ask() -> tuple[dict[str, Any], dict[str, str]]:
        ids = [{"uri": uri, "value": value} for uri, value in (known or {}).items()]
        answer = await editor.ask("workspace/diagnostic", {"previousResultIds": ids})
        items = answer["result"]["items"]
        said = {
            i["uri"]: codes(i) if i["kind"] == "full" else "unchanged" for i in items
        }  # fmt: skip
        return said, {i["uri"]: i["resultId"] for i in items}

    return asyncio.ensure_future(ask())


def codes(report: dict[str, Any]) -> list[str]:
    return [item["code"] for item in report["items"] if item["code"] != "NA209"]


def edit(editor: Talk, file: Path, text: str, version: int) -> None:
    document = {"uri": file.as_uri(), "version": version}
    editor.tell(
        "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]}
    )


class TestOfAPage:
    async def test_it_is_offered_to_who_can_ask(self, root: Path) -> None:
        async with pulling(root) as editor:
            offered = editor.said[0]["result"]["capabilities"]["diagnosticProvider"]
            assert offered == {
                "interFileDependencies": True,
                "workspaceDiagnostics": False,
                "identifier": "newsarchive",
            }
        async with talk() as editor:
            assert "diagnosticProvider" not in editor.said[0]["result"]["capabilities"]

    async def test_who_asks_gets_the_findings_of_the_text_as_it_is(self, root: Path) -> None:
        file = root / PATH[1:]
        async with pulling(root) as editor:
            editor.open(file, FAULTY)
            found = await page(editor, file)
            assert (found["kind"], codes(found)) == ("full", ["NA108"])
            edit(editor, file, TEXT, 2)
            mended = await page(editor, file, found["resultId"])
            assert (mended["kind"], mended["items"]) == ("full", [])
            assert mended["resultId"] != found["resultId"]

    async def test_what_is_known_is_unchanged(self, root: Path) -> None:
        file = root / PATH[1:]
        async with pulling(root) as editor:
            editor.open(file, FAULTY)
            known = (await page(editor, file))["resultId"]
            edit(editor, file, FAULTY.replace("Nobody", "No one"), 2)
            assert await page(editor, file, known) == {"kind": "unchanged", "resultId": known}
            edit(editor, file, FAULTY.replace("Nobody", "No\none"), 3)
            assert (await page(editor, file, known))["kind"] == "full", "it stands a line lower"

    async def test_places_elsewhere_are_told_where_the_editor_shows_them(self, root: Path) -> None:
        file = root / PATH[1:]
        async with pulling(root) as editor:
            editor.open(file, spoiled("[The pier opens.]", "[The pier shuts.]", TEXT))
            [found] = (await page(editor, file))["items"]
            [place] = found["relatedInformation"]
            assert place["location"]["uri"] == (root / OPENS[1:]).as_uri()

    async def test_a_page_that_is_not_open_has_none(self, root: Path) -> None:
        (root / PATH[1:]).write_text(FAULTY, "utf-8")
        async with pulling(root) as editor:
            assert (await page(editor, root / PATH[1:]))["items"] == []

    async def test_a_page_outside_of_all_archives_has_its_own(self, tmp_path: Path) -> None:
        async with talk(can=CAN) as editor:
            editor.open(tmp_path / "notes.md", FAULTY)
            found = await page(editor, tmp_path / "notes.md")
            assert codes(found) == ["NA108"]

    async def test_where_the_files_cannot_be_listed_nothing_is_claimed(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **more: object) -> None:
            raise MemoryError("no room")

        errors: list[object] = []
        monkeypatch.setattr(loading, "scan", fail)
        monkeypatch.setattr(threading, "excepthook", errors.append)
        async with talk(can=CAN) as editor:
            editor.open(root / PATH[1:], TEXT)
            assert (await page(editor, root / PATH[1:]))["items"] == []
            await until(lambda: errors)

    async def test_the_answer_waits_until_the_files_are_known(self, root: Path) -> None:
        async with talk(can=CAN) as editor:
            editor.open(root / PATH[1:], TEXT)
            assert (await page(editor, root / PATH[1:]))["items"] == []


class TestRefresh:
    async def test_it_is_asked_for_where_another_page_changes_findings(self, root: Path) -> None:
        file, other = root / PATH[1:], root / OPENS[1:]
        async with pulling(root) as editor:
            editor.open(file, TEXT)
            editor.open(other, SMALL_ARCHIVE[OPENS])
            known = (await page(editor, file))["resultId"]
            edit(editor, other, SMALL_ARCHIVE[OPENS].replace("opens.", "is open."), 2)
            await until(lambda: self.asked(editor))
            assert codes(await page(editor, file, known)) == ["NA207"]

    async def test_it_is_asked_for_once_for_all_pages(self, root: Path) -> None:
        files, other = [root / path[1:] for path in (PATH, OPENINGS)], root / OPENS[1:]
        async with pulling(root) as editor:
            for file in (*files, other):
                editor.open(file, file.read_text("utf-8"))
                assert (await page(editor, file))["items"] == []
            edit(editor, other, SMALL_ARCHIVE[OPENS].replace("opens.", "is open."), 2)
            await until(lambda: self.asked(editor))
            assert [codes(await page(editor, file)) for file in files] == [["NA207"]] * 2
            await until(lambda: not editor.server._timers)
            refreshed = [s for s in editor.said if s.get("method") == REFRESH]
            assert len(refreshed) == 1

    async def test_it_is_not_for_a_page_that_was_closed(self, root: Path) -> None:
        file, other = root / PATH[1:], root / OPENS[1:]
        async with pulling(root) as editor:
            editor.open(file, TEXT)
            editor.open(other, SMALL_ARCHIVE[OPENS])
            known = (await page(editor, file))["resultId"]
            editor.close_page(file)
            edit(editor, other, SMALL_ARCHIVE[OPENS].replace("opens.", "is open."), 2)
            editor.open(file, TEXT)
            assert codes(await page(editor, file, known)) == ["NA207"]
            await until(lambda: not editor.server._timers)
            assert not self.asked(editor)

    async def test_it_is_not_where_they_stay(self, root: Path) -> None:
        file, other = root / PATH[1:], root / LATER[1:]
        async with pulling(root) as editor:
            editor.open(file, TEXT)
            editor.open(other, SMALL_ARCHIVE[LATER])
            await page(editor, file)
            edit(editor, other, event("2016-03-10", "Other.", related=[f"[A.]({REBUILT})"]), 2)
            await page(editor, other)
            await until(lambda: not editor.server._timers)
            await asyncio.sleep(0.1)
            assert not self.asked(editor)

    async def test_files_that_go_change_findings(self, root: Path) -> None:
        file, other = root / PATH[1:], root / OPENS[1:]
        async with pulling(root) as editor:
            editor.open(file, TEXT)
            await page(editor, file)
            other.unlink()
            changes = [{"uri": other.as_uri(), "type": 3}]
            editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
            await until(lambda: self.asked(editor))
            assert codes(await page(editor, file)) == ["NA201"]

    async def test_who_cannot_be_asked_to_ask_is_told(self, root: Path) -> None:
        file, other = root / PATH[1:], root / OPENS[1:]
        async with talk(can={"textDocument": {"diagnostic": {}}}) as editor:
            assert "diagnosticProvider" not in editor.said[0]["result"]["capabilities"]
            editor.open(file, TEXT)
            editor.open(other, SMALL_ARCHIVE[OPENS].replace("opens.", "is open."))
            await until(lambda: editor.told(file)[-1:] == [(1, ["NA207"])])
            assert not self.asked(editor)

    def asked(self, editor: Talk) -> bool:
        return any(said.get("method") == REFRESH for said in editor.said)


class TestOfAllPages:
    async def test_it_is_off_unless_it_is_asked_for(self, root: Path) -> None:
        async with pulling(root, diagnosticMode="openFilesOnly") as editor:
            answer = await editor.ask("workspace/diagnostic", {"previousResultIds": []})
            assert answer["error"]["code"] == -32601
        async with pulling(root, diagnosticMode="workspace") as editor:
            offered = editor.said[0]["result"]["capabilities"]["diagnosticProvider"]
            assert offered["workspaceDiagnostics"] is True

    async def test_a_mode_that_is_none_is_told(self, root: Path) -> None:
        async with talk(can=CAN, diagnosticMode="all") as editor:
            [told] = editor.of("window/showMessage")
            assert told["message"].startswith("diagnosticMode: 'all' is neither 'openFilesOnly'")
            offered = editor.said[1]["result"]["capabilities"]["diagnosticProvider"]
            assert offered["workspaceDiagnostics"] is False

    async def test_they_are_those_of_a_check(self, root: Path) -> None:
        for path, text in {PATH: FAULTY, OPENS: "\ufeff" + SMALL_ARCHIVE[OPENS] + "odd\n"}.items():
            (root / path[1:]).write_text(text, "utf-8")
        expected: dict[str, list[str]] = {}
        for found in na.check(root).diagnostics:
            expected.setdefault((root / found.page[1:]).as_uri(), []).append(found.code)
        async with pulling(root, diagnosticMode="workspace") as editor:
            said, ids = await everything(editor)
            assert said == expected
            assert set(ids) == {(root / path[1:]).as_uri() for path in (PATH, OPENS)}
            answer = await editor.ask("workspace/diagnostic", {"previousResultIds": []})
            [odd] = [
                item
                for report in answer["result"]["items"]
                for item in report["items"]
                if item["code"] == "NA107"
            ]
            last = len(SMALL_ARCHIVE[OPENS].splitlines())
            assert odd["range"]["start"] == {"line": last, "character": 0}

    @pytest.mark.parametrize("keeps", [True, False])
    async def test_the_run_uses_the_cache_of_the_command(self, root: Path, keeps: bool) -> None:
        (root / "newsarchive.toml").write_text(f"cache = {str(keeps).lower()}\n", "utf-8")
        async with pulling(root, diagnosticMode="workspace") as editor:
            await everything(editor)
            assert cached(root) == ["archive"] * keeps

    async def test_pages_that_stay_are_unchanged(self, root: Path) -> None:
        file = root / PATH[1:]
        file.write_text(FAULTY, "utf-8")
        (root / OPENS[1:]).write_text(SMALL_ARCHIVE[OPENS] + "odd\n", "utf-8")
        async with pulling(root, diagnosticMode="workspace") as editor:
            _, known = await everything(editor)
            editor.open(file, FAULTY)
            edit(editor, file, TEXT, 2)
            said, again = await everything(editor, known)
            assert said == {file.as_uri(): [], (root / OPENS[1:]).as_uri(): "unchanged"}
            assert list(again) == list(known)

    async def test_unsaved_texts_bear_on_pages_that_are_closed(self, root: Path) -> None:
        file = root / OPENS[1:]
        async with pulling(root, diagnosticMode="workspace") as editor:
            assert await everything(editor) == ({}, {})
            editor.open(file, SMALL_ARCHIVE[OPENS].replace("opens.", "is open."))
            said, _ = await everything(editor)
            assert said == {
                (root / path[1:]).as_uri(): ["NA207"]
                for path in (PATH, "/news/2016/02/29/index.md")
            }
            editor.close_page(file)
            assert await everything(editor) == ({}, {})

    async def test_an_unsaved_index_bears_on_its_day(self, root: Path) -> None:
        text = SMALL_ARCHIVE[DAY].replace(f"### [The pier burns.]({PATH})\n", "")
        async with pulling(root, diagnosticMode="workspace") as editor:
            editor.open(root / DAY[1:], text)
            said, _ = await everything(editor)
            assert said == {(root / PATH[1:]).as_uri(): ["NA208"]}

    async def test_who_knows_everything_is_answered_when_something_changes(
        self, root: Path
    ) -> None:
        file = root / PATH[1:]
        file.write_text(FAULTY, "utf-8")
        async with pulling(root, diagnosticMode="workspace") as editor:
            said, known = await everything(editor)
            waiting = everything(editor, known)
            await until(lambda: editor.server.whole)
            await editor.ask("workspace/symbol", {"query": "none"})
            editor.open(file, FAULTY)  # says nothing new
            await editor.ask("workspace/symbol", {"query": "none"})
            assert not waiting.done()
            file.write_text(TEXT, "utf-8")
            edit(editor, file, TEXT, 2)
            said, _ = await waiting
            assert said == {file.as_uri(): []}

    async def test_files_that_change_are_read_again(self, root: Path) -> None:
        file = root / PATH[1:]
        async with pulling(root, diagnosticMode="workspace") as editor:
            assert await everything(editor) == ({}, {})
            file.write_text(FAULTY, "utf-8")
            changes = [{"uri": file.as_uri(), "type": 2}]
            editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
            said, _ = await everything(editor)
            assert said == {file.as_uri(): ["NA108"]}

    async def test_they_are_looked_at_each_time_where_nobody_tells_of_them(
        self, root: Path
    ) -> None:
        file = root / PATH[1:]
        can = {**CAN, "workspace": {"diagnostics": {"refreshSupport": True}}}
        async with talk(can=can, folders=[root], diagnosticMode="workspace") as editor:
            assert await everything(editor) == ({}, {})
            file.write_text(FAULTY, "utf-8")
            said, _ = await everything(editor)
            assert said == {file.as_uri(): ["NA108"]}

    async def test_a_run_that_fails_is_answered_and_the_next_is_made(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise MemoryError("no room")

        errors: list[object] = []
        async with pulling(root, diagnosticMode="workspace") as editor:
            with monkeypatch.context() as patched:
                patched.setattr(whole, "check_view", fail)
                patched.setattr(threading, "excepthook", errors.append)
                answer = await editor.ask("workspace/diagnostic", {"previousResultIds": []})
                assert "could not be checked" in answer["error"]["message"]
                await until(lambda: errors)
            editor.said[:] = [s for s in editor.said if s.get("method") != "window/logMessage"]
            assert await everything(editor) == ({}, {})

    async def test_files_are_judged_once_until_they_change(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file, runs = root / PATH[1:], []

        def counted(*given: Any) -> Any:
            runs.append(given)
            return check_view(*given)

        monkeypatch.setattr(whole, "check_view", counted)
        async with pulling(root, diagnosticMode="workspace") as editor:
            await asyncio.gather(everything(editor), everything(editor))
            editor.open(file, FAULTY)
            edit(editor, file, FAULTY, 2)
            await everything(editor)
            assert len(runs) == 1
            changes = [{"uri": file.as_uri(), "type": 2}]
            editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
            await everything(editor)
            assert len(runs) == 2

    async def test_nothing_of_a_run_stays_until_garbage_is_looked_for(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Half a run's memory came on top for each change of a file."""
        at_rest(monkeypatch)
        na.check(root, cache=root.parent / "cache")
        views: list[weakref.ref[Answers]] = []

        def noted(view: Answers, options: RunOptions) -> Report:
            report = check_view(view, options)
            assert view.surveyor, "the run before left its summary"
            views.append(weakref.ref(view))
            return report

        monkeypatch.setattr(whole, "check_view", noted)
        async with pulling(root, diagnosticMode="workspace") as editor:
            gc.disable()
            try:
                await everything(editor)
                [view] = views
                await until(lambda: view() is None)
            finally:
                gc.enable()

    async def test_open_pages_are_told_of_with_their_version(self, root: Path) -> None:
        (root / PATH[1:]).write_text(FAULTY, "utf-8")
        async with pulling(root, diagnosticMode="workspace") as editor:
            versions = []
            for version in (None, 1, 2):
                if version == 1:
                    editor.open(root / PATH[1:], FAULTY)
                    editor.open(root / OPENS[1:], SMALL_ARCHIVE[OPENS] + "odd\n")
                elif version:
                    edit(editor, root / PATH[1:], FAULTY, 2)
                answer = await editor.ask("workspace/diagnostic", {"previousResultIds": []})
                reports = {report["uri"]: report for report in answer["result"]["items"]}
                versions.append(reports[(root / PATH[1:]).as_uri()].get("version"))
            assert versions == [None, 1, 2]

    async def test_a_page_that_was_never_saved_is_one_of_them(self, root: Path) -> None:
        new = root / "news/2016/03/2/the-pier-sinks.md"
        async with pulling(root, diagnosticMode="workspace") as editor:
            editor.open(new, event(title="The pier sinks."))
            said, _ = await everything(editor)
            assert said == {new.as_uri(): ["NA208"]}

    async def test_a_file_that_cannot_be_read_is_one_of_them(self, root: Path) -> None:
        broken = root / "news/2016/03/4/broken.md"
        broken.symlink_to("nowhere.md")
        expected = [(d.code, d.page) for d in na.check(root).diagnostics]
        assert ("NA901", "/news/2016/03/4/broken.md") in expected
        async with pulling(root, diagnosticMode="workspace") as editor:
            said, _ = await everything(editor)
            assert said == {broken.as_uri(): [code for code, _ in expected]}

    async def test_who_asks_no_more_is_forgotten(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun, go_on = threading.Event(), threading.Event()

        def slow(*given: Any) -> Any:
            begun.set()
            go_on.wait(60)
            return check_view(*given)

        monkeypatch.setattr(whole, "check_view", slow)
        async with pulling(root, diagnosticMode="workspace") as editor:
            editor.tell("workspace/diagnostic", {"previousResultIds": []}, id="early")
            await until(begun.is_set)
            editor.tell("$/cancelRequest", {"id": "early"})
            await until(lambda: any(said.get("id") == "early" for said in editor.said))
            go_on.set()
            assert await everything(editor) == ({}, {})

    async def test_the_end_of_the_session_ends_the_waiting(self, root: Path) -> None:
        (root / PATH[1:]).write_text(FAULTY, "utf-8")
        async with pulling(root, diagnosticMode="workspace") as editor:
            _, known = await everything(editor)
            ids = [{"uri": uri, "value": value} for uri, value in known.items()]
            editor.tell("workspace/diagnostic", {"previousResultIds": ids}, id="waits")
            assert (await editor.ask("shutdown", None))["result"] is None
            await until(lambda: any(said.get("id") == "waits" for said in editor.said))
