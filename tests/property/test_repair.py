"""Repairing any archive, however it was damaged, ends and keeps what it does not mend."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

import newsarchive as na
from newsarchive.editing.repair import RepairOutcome, repair
from newsarchive.strategies import archives, damaged_archives
from tests.builders import TODAY, write_archive

pytestmark = pytest.mark.property

_ROUNDS = 8


def step(root: Path, *, write: bool = True) -> RepairOutcome:
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
