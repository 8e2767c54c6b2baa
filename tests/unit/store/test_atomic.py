"""Replacing a file's bytes."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsarchive.store.atomic import put_lines, read_bytes, replace_bytes


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_bytes(b"old\r\n")
    return file


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs Linux's /proc")
def test_a_file_that_holds_more_than_it_says_is_read_whole() -> None:
    assert os.stat("/proc/self/status").st_size == 0
    data = read_bytes("/proc/self/status")
    assert data.startswith(b"Name:")
    assert b"ctxt_switches" in data.splitlines()[-1]


def test_a_file_that_grows_while_it_is_read_is_read_whole(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = b"new\n" * 50_000
    real = os.fstat

    def grown(handle: int) -> os.stat_result:
        status = real(handle)
        with open(page, "ab") as file:
            file.write(more)
        return status

    monkeypatch.setattr(os, "fstat", grown)
    assert read_bytes(str(page)) == b"old\r\n" + more


def test_one_that_never_stops_growing_is_refused(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.write_bytes(b"")
    calls = 0
    real = os.read

    def grown(handle: int, most: int) -> bytes:
        nonlocal calls
        calls += 1
        assert calls < 100
        with open(page, "ab") as file:
            file.write(b"new\n")
        return real(handle, most)

    monkeypatch.setattr(os, "read", grown)
    with pytest.raises(OSError, match="larger than"):
        read_bytes(str(page), most=99)
    assert calls == 25  # all that is there each time, until it is a hundred bytes


def test_the_bytes_are_replaced_as_they_are(page: Path) -> None:
    replace_bytes(page, b"new\r\n\x00\xff", expected=b"old\r\n")
    assert page.read_bytes() == b"new\r\n\x00\xff"
    assert names(page.parent) == ["page.md"]


def test_a_string_names_a_file_too(page: Path) -> None:
    replace_bytes(str(page), b"", expected=b"old\r\n")
    assert page.read_bytes() == b""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_is_kept(page: Path, mode: int) -> None:
    page.chmod(mode)
    replace_bytes(page, b"new", expected=b"old\r\n")
    assert stat.S_IMODE(page.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(page: Path) -> None:
    os.chown(page, 12345, 23456)
    page.chmod(0o4755)
    replace_bytes(page, b"new", expected=b"old\r\n")
    status = page.stat()
    assert (status.st_uid, status.st_gid) == (12345, 23456)


def test_a_second_name_of_the_file_keeps_the_old_bytes(page: Path) -> None:
    other = page.parent / "other.md"
    os.link(page, other)
    replace_bytes(page, b"new", expected=b"old\r\n")
    assert other.read_bytes() == b"old\r\n"


def test_a_long_name_still_leaves_room_for_the_temporary_one(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 252 + ".md")
    file.write_bytes(b"old")
    replace_bytes(file, b"new", expected=b"old")
    assert file.read_bytes() == b"new"


def test_a_long_name_of_wide_characters_too(tmp_path: Path) -> None:
    file = tmp_path / ("\U0001f5de" * 62 + ".md")
    file.write_bytes(b"old")
    replace_bytes(file, b"new", expected=b"old")
    assert file.read_bytes() == b"new"


class TestRefused:
    def refused(self, file: Path, error: type[OSError], word: str) -> None:
        with pytest.raises(error, match=word) as caught:
            replace_bytes(file, b"new", expected=b"old\r\n")
        assert str(file) in str(caught.value)

    def test_a_file_that_changed_meanwhile(self, page: Path) -> None:
        page.write_bytes(b"theirs")
        self.refused(page, FileExistsError, "changed since it was read")
        assert page.read_bytes() == b"theirs"
        assert names(page.parent) == ["page.md"]

    def test_a_file_that_is_gone(self, page: Path) -> None:
        page.unlink()
        self.refused(page, FileNotFoundError, "No such file")
        assert names(page.parent) == []

    def test_a_symbolic_link(self, page: Path) -> None:
        link = page.parent / "link.md"
        link.symlink_to("page.md")
        self.refused(link, PermissionError, "no regular file")
        assert page.read_bytes() == b"old\r\n"
        assert link.is_symlink()

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").mkdir()
        self.refused(tmp_path / "a.md", PermissionError, "no regular file")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_which_would_block(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.md")
        self.refused(tmp_path / "pipe.md", PermissionError, "no regular file")

    def test_a_read_only_file(self, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        page.chmod(0o444)
        if os.access(page, os.W_OK):  # root may write anything; nobody else may
            monkeypatch.setattr(os, "access", lambda path, mode: False)
        self.refused(page, PermissionError, "read-only")
        assert page.read_bytes() == b"old\r\n"
        page.chmod(0o644)


class TestFailure:
    @pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
    def test_whatever_fails_the_old_bytes_stay_and_nothing_else(
        self, page: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, step, fail)
        with pytest.raises(OSError, match="No space left"):
            replace_bytes(page, b"new", expected=b"old\r\n")
        monkeypatch.undo()
        assert page.read_bytes() == b"old\r\n"
        assert names(page.parent) == ["page.md"]

    def test_an_interruption_is_no_exception_to_that(
        self, page: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            replace_bytes(page, b"new", expected=b"old\r\n")
        assert page.read_bytes() == b"old\r\n"
        assert names(page.parent) == ["page.md"]

    def test_a_folder_that_takes_no_new_file(
        self, page: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(tempfile, "mkstemp", fail)
        with pytest.raises(PermissionError, match="Permission denied"):
            replace_bytes(page, b"new", expected=b"old\r\n")
        assert page.read_bytes() == b"old\r\n"

    def test_the_new_bytes_are_on_the_disk_before_they_take_the_name(
        self, page: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps: list[str] = []
        fsync, replace = os.fsync, os.replace

        def logged_fsync(handle: int) -> None:
            steps.append("fsync")
            fsync(handle)

        def logged_replace(source: str, target: Path) -> None:
            steps.append("replace")
            assert Path(source).read_bytes() == b"new"
            assert Path(source).parent == target.parent
            assert Path(source).name.startswith(".")
            replace(source, target)

        monkeypatch.setattr(os, "fsync", logged_fsync)
        monkeypatch.setattr(os, "replace", logged_replace)
        replace_bytes(page, b"new", expected=b"old\r\n")
        assert steps == ["fsync", "replace"]


class TestPutLines:
    def test_lines_end_in_one_character_and_are_utf_8(self, tmp_path: Path) -> None:
        put_lines(tmp_path / "x", iter(["a", "ü\u2028", "\ud800"]))
        assert (tmp_path / "x").read_bytes() == "a\nü\u2028\n\\ud800\n".encode()

    def test_the_old_file_stays_until_the_new_one_is_whole(self, tmp_path: Path) -> None:
        file = tmp_path / "x"
        file.write_text("old")

        def lines() -> Iterator[str]:
            yield "new"
            assert file.read_text() == "old"
            raise RuntimeError("out of lines")

        with pytest.raises(RuntimeError, match="out of lines"):
            put_lines(file, lines())
        assert file.read_text() == "old"
        assert list(tmp_path.iterdir()) == [file]

    def test_a_symbolic_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("old")
        (tmp_path / "link").symlink_to("x")
        put_lines(tmp_path / "link", ["new"])
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "x").read_text() == "new\n"

    def test_the_process_s_mask_holds(self, tmp_path: Path) -> None:
        mask = os.umask(0o027)
        try:
            put_lines(tmp_path / "x", [])
            assert os.umask(0o027) == 0o027
        finally:
            os.umask(mask)
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640

    def test_a_read_only_file_is_left_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "x"
        file.write_text("old")
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(PermissionError, match="the file is read-only"):
            put_lines(file, ["new"])
        assert file.read_text() == "old"

    def test_no_folder_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            put_lines(tmp_path / "missing" / "x", [])
