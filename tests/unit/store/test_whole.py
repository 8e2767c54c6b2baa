"""What is written whole, or not at all."""

import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.whole import require_free, written_whole
from tests.seams import none_may_write


def ours(_: Path) -> bool:
    return True


def test_a_folder_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none_may_write(monkeypatch)
    with pytest.raises(na.RefusedWriteError, match="is read-only"):
        require_free(tmp_path / "out", ours)


def test_what_stood_there_comes_back_where_the_new_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.rename

    def refuse(old: Path, new: Path) -> None:
        if old.name == "new":
            raise OSError(5, "Input/output error")
        rename(old, new)

    output = tmp_path / "out"
    for there in ("", "before"):
        if there:
            output.write_text(there)
        monkeypatch.setattr(os, "rename", refuse)
        with (
            pytest.raises(OSError, match="Input/output"),
            written_whole(output, ours, folder=False) as new,
        ):
            new.write_text("after")
        monkeypatch.undo()
        assert [file.read_text() for file in tmp_path.iterdir()] == [there] * bool(there)
    with written_whole(output, ours, folder=False) as new:
        new.write_text("after")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["after"]
