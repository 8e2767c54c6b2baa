"""Repairing any archive, however it was damaged, ends and keeps what it does not mend."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.repair import Repair, repair
from newsarchive.strategies import archives
from tests.builders import write_archive
from tests.support import TODAY

pytestmark = pytest.mark.property

_ROUNDS = 8
DAMAGE = ("drop", "rename", "retarget", "twice", "number", "crlf", "title", "hide", "case")


def damaged(pages: dict[str, str], kind: str, path: str, number: int) -> dict[str, str]:
    """The archive with one page spoiled; a kind that has no place there spoils nothing."""
    text = pages[path]
    lines = text.split("\n")
    linked = [n for n, line in enumerate(lines) if line[:1].isdigit() and "](/news/" in line]
    at = linked[number % len(linked)] if linked else -1
    match kind:
        case "drop" if len(pages) > 1:
            return {p: t for p, t in pages.items() if p != path}
        case "rename":
            return {p: t for p, t in pages.items() if p != path} | {f"{path[:-3]}-new.md": text}
        case "retarget" if linked:
            lines[at] = lines[at].replace(".md)", "-gone.md)", 1)
        case "twice" if linked:
            lines.insert(at, lines[at])
        case "number" if linked:
            lines[at] = f"7{lines[at]}"
        case "title" if linked:
            lines[at] = lines[at].replace("[", "[Once more: ", 1)
        case "hide" if linked:
            lines[at] = lines[at].replace("[", "[[", 1)
        case "case" if linked:
            lines[at] = lines[at].replace("/news/", "/News/", 1)
        case "crlf":
            return {**pages, path: "\r\n".join(lines)}
    return {**pages, path: "\n".join(lines)}


@st.composite
def damaged_archives(draw: st.DrawFn) -> dict[str, str]:
    pages = draw(archives(max_days=2))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(pages)))
        pages = damaged(pages, draw(st.sampled_from(DAMAGE)), path, draw(st.integers(0, 9)))
    return pages


def step(root: Path, *, write: bool = True) -> Repair:
    archive = na.Archive(root)
    found = na.check(archive, today=TODAY, jobs=1).diagnostics
    return repair(archive, found, unsafe=True, remove_dead=True, write=write)


@settings(max_examples=40)
@given(damaged_archives())
def test_repair_ends_and_then_changes_nothing(pages: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        for _ in range(_ROUNDS):
            outcome = step(root)
            assert outcome.refused == []
            if not outcome.changed:
                break
        else:
            raise AssertionError("it does not end")
        files = {p: p.read_bytes() for p in root.rglob("*.md")}
        assert step(root).changed == []
        assert {p: p.read_bytes() for p in root.rglob("*.md")} == files
        # What the page itself says is no repair's business.
        for path, text in pages.items():
            before, after = na.inspect(text, path), na.inspect(files[root / path[1:]], path)
            old, new = before.page, after.page
            assert new is not None or old is None
            if isinstance(old, na.Event):
                assert isinstance(new, na.Event)
                same = {"title", "date", "topic", "description", "sources", "cover_image"}
                assert new.model_dump(include=same) == old.model_dump(include=same)
                assert len(new.related) <= len(old.related)
            after_codes = {d.code for d in after.diagnostics}
            assert not after_codes & {"NA102", "NA103", "NA108"}


@settings(max_examples=20)
@given(archives(max_days=2))
def test_a_clean_archive_stays_as_it_is(pages: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        outcome = step(root)
        assert (outcome.changed, outcome.refused) == ([], [])


@settings(max_examples=20)
@given(damaged_archives())
def test_what_it_would_change_is_what_it_changes(pages: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        told = step(root, write=False)
        assert {p: p.read_bytes() for p in root.rglob("*.md")} == {
            root / path[1:]: text.encode() for path, text in pages.items()
        }
        assert step(root).changed == told.changed
