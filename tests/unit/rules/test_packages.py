"""Which installed packages announce something, and the state of their code."""

import importlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from newsarchive.rules._packages import announcing, code_state


def package(folder: Path, name: str, points: str | None) -> str:
    metadata = folder / name
    metadata.mkdir(parents=True)
    if points is not None:
        (metadata / "entry_points.txt").write_text(points, "utf-8")
    return str(metadata)


class TestAnnouncing:
    def test_packages_with_the_group_are_found(self, tmp_path: Path) -> None:
        mine = package(tmp_path, "a-1.dist-info", "[console_scripts]\nx = y\n[my.group]\na = b\n")
        package(tmp_path, "b-1.dist-info", "[console_scripts]\nx = y\n")
        package(tmp_path, "c-1.dist-info", None)
        package(tmp_path, "d", "[my.group]\n")
        egg = package(tmp_path, "e-1.egg-info", "[my.group]\n")
        assert announcing("my.group", [str(tmp_path)]) == [mine, egg]
        assert announcing("my", [str(tmp_path)]) == []

    def test_the_first_folder_with_a_package_counts(self, tmp_path: Path) -> None:
        first = package(tmp_path / "1", "Same-2.dist-info", "[g]\n")
        package(tmp_path / "2", "same-1.dist-info", "[g]\n")
        path = [str(tmp_path / "1"), str(tmp_path / "2")]
        assert announcing("g", path) == [first]
        package(tmp_path / "0", "same-3.dist-info", "[other]\n")
        assert announcing("g", [str(tmp_path / "0"), *path]) == []

    def test_a_path_may_name_what_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "lib.zip").write_bytes(b"")
        assert announcing("g", [str(tmp_path / "gone"), str(tmp_path / "lib.zip")]) == []

    def test_an_empty_name_is_the_working_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = package(tmp_path, "a-1.dist-info", "[g]\n")
        monkeypatch.chdir(tmp_path)
        assert [os.path.realpath(p) for p in announcing("g", [""])] == [os.path.realpath(here)]


class TestCodeState:
    def test_what_the_interpreter_wrote_and_what_is_gone_does_not_count(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(tmp_path))
        folder = tmp_path / "desk_rules_folder"
        (folder / "__pycache__").mkdir(parents=True)
        (folder / "__pycache__" / "a.pyc").write_bytes(b"")
        (folder / "words.txt").write_text("a")
        (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
        [line] = code_state("desk_rules_folder.sub")
        assert line.startswith(f"{folder / 'words.txt'} 1 ")

    def test_every_file_of_the_package_counts(self) -> None:
        state = code_state("newsarchive.rules.links")
        assert any(f"rules{os.sep}dates.py " in line for line in state)
        assert any(f"newsarchive{os.sep}py.typed 0 " in line for line in state)
        assert not any("__pycache__" in line for line in state)

    def test_a_folder_of_it_that_is_gone_is_passed_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(tmp_path))
        package = tmp_path / "desk_of_parts"
        package.mkdir()
        (package / "__init__.py").write_text("__path__.append('/no/such/folder')\n")
        importlib.import_module("desk_of_parts")
        assert [line.split(" ")[0] for line in code_state("desk_of_parts")] == [
            str(package / "__init__.py")
        ]
        del sys.modules["desk_of_parts"]

    def test_a_file_that_changed_has_another_state(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(tmp_path))
        (tmp_path / "desk_changed" / "sub").mkdir(parents=True)
        (tmp_path / "desk_changed" / "sub" / "a.py").write_text("")
        before = code_state("desk_changed")
        assert len(before) == 1
        (tmp_path / "desk_changed" / "sub" / "a.py").write_text("1")
        assert code_state("desk_changed") != before

    def test_of_a_package_in_a_zip_file_the_place_counts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        packed = tmp_path / "desk_packed-1.0.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("desk_packed/__init__.py", "")
        monkeypatch.syspath_prepend(str(packed))
        assert code_state("desk_packed") == [str(packed / "desk_packed")]

    def test_a_module_alone_is_one_file(self) -> None:
        [line] = code_state("textwrap")
        assert line.split(" ")[0].endswith("textwrap.py")

    def test_what_is_not_there_or_has_no_file_has_no_state(self) -> None:
        assert code_state("no_such_module_anywhere") == []
        assert code_state("") == []
        assert code_state("sys") == []
