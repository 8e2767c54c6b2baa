"""Changing several files as one."""

import base64
import json
import os
import stat
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store import journal, transaction
from newsarchive.store.journal import digest
from newsarchive.store.listing import JOURNAL
from newsarchive.store.transaction import FileChange, commit, recover
from tests.builders import contents, found_in, snapshot
from tests.seams import journal_only

A, B, C = "/news/a.md", "/news/b.md", "/news/c.md"
CHANGES = (FileChange(A, b"a", None), FileChange(B, b"b", b"B"), FileChange(C, None, b"c", like=A))
AFTER = {B: b"B", C: b"c"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "news").mkdir(parents=True)
    (folder / "news/a.md").write_bytes(b"a")
    (folder / "news/b.md").write_bytes(b"b")
    return folder


BEFORE = {A: b"a", B: b"b"}


def left_half_way(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is written, and nothing after it."""
    with monkeypatch.context() as patched:
        journal_only(patched)
        commit(root, CHANGES)
    assert contents(root).keys() == {A, B, f"/{JOURNAL}"}


class TestCommit:
    def test_files_are_created_replaced_and_deleted(self, root: Path) -> None:
        assert commit(root, CHANGES) == (B, C, A)
        assert contents(root) == AFTER

    def test_what_changes_nothing_is_passed_over(self, root: Path) -> None:
        before = snapshot(root)
        assert commit(root, [FileChange(A, b"a", b"a")]) == ()
        assert commit(root, []) == ()
        assert snapshot(root) == before

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
    def test_modes_are_kept_and_a_new_file_takes_anothers(self, root: Path) -> None:
        (root / "news/a.md").chmod(0o640)
        (root / "news/b.md").chmod(0o755)
        commit(root, CHANGES)
        assert stat.S_IMODE((root / "news/b.md").stat().st_mode) == 0o755
        assert stat.S_IMODE((root / "news/c.md").stat().st_mode) == 0o640

    def test_folders_that_are_not_there_are_made(self, root: Path) -> None:
        mask = os.umask(0o027)
        try:
            commit(root, [FileChange("/news/2016/03/2/d.md", None, b"d")])
        finally:
            os.umask(mask)
        assert contents(root) == BEFORE | {"/news/2016/03/2/d.md": b"d"}
        if os.name == "posix":
            mode = stat.S_IMODE((root / "news/2016/03/2/d.md").stat().st_mode)
            assert mode == 0o640, "as any program's new file"

    def test_folders_that_were_made_go_where_the_change_fails(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object) -> None:
            monkeypatch.undo()
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "unlink", fail)
        with pytest.raises(OSError, match="No space left"):
            commit(root, [*CHANGES, FileChange("/news/2016/03/2/d.md", None, b"d")])
        assert contents(root) == BEFORE
        assert not (root / "news/2016").exists()

    @pytest.mark.parametrize("step", ["unlink", "fsync", "chmod", "replace"])
    def test_a_failure_on_the_way_undoes_what_was_done(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        real = getattr(os, step)
        calls = 0

        def fail(*args: object, **more: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 2 or step == "unlink":
                monkeypatch.setattr(os, step, real)
                raise OSError(28, "No space left on device")
            return real(*args, **more)

        monkeypatch.setattr(os, step, fail)
        with monkeypatch.context() as patched:
            patched.setattr(transaction, "_flush_folder", lambda folder: None)
            with pytest.raises(OSError, match="No space left"):
                commit(root, CHANGES)
        assert contents(root) == BEFORE

    @pytest.mark.skipif(os.name != "posix", reason="folders are flushed on POSIX")
    def test_names_are_on_the_disk_before_the_next_part_begins(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps: list[tuple[str, str]] = []
        flush, unlink, replace = os.fsync, os.unlink, os.replace

        def logged_fsync(handle: int) -> None:
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                folder = next(f for f in (root, root / "news") if same(f, handle))
                steps.append(("flush", folder.name))
            flush(handle)

        def same(folder: Path, handle: int) -> bool:
            return os.path.samestat(folder.stat(), os.fstat(handle))

        def logged_unlink(file: Path) -> None:
            steps.append(("delete", Path(file).name))
            unlink(file)

        def logged_replace(source: str, target: Path) -> None:
            steps.append(("write", Path(target).name))
            replace(source, target)

        monkeypatch.setattr(os, "fsync", logged_fsync)
        monkeypatch.setattr(os, "unlink", logged_unlink)
        monkeypatch.setattr(os, "replace", logged_replace)
        commit(root, CHANGES)
        assert steps == [
            ("write", JOURNAL), ("flush", "root"),
            ("write", "b.md"), ("write", "c.md"), ("delete", "a.md"), ("flush", "news"),
            ("delete", JOURNAL),
        ]  # fmt: skip


class TestRefused:
    def refused(self, root: Path, change: FileChange, reason: str) -> None:
        before = contents(root)
        with pytest.raises(na.RefusedWriteError, match=reason) as caught:
            commit(root, [*CHANGES, change])
        assert caught.value.file == str(root / change.path[1:])
        assert contents(root) == before

    def test_a_file_that_changed_meanwhile(self, root: Path) -> None:
        (root / "news/d.md").write_bytes(b"theirs")
        self.refused(root, FileChange("/news/d.md", b"d", b"D"), "changed since it was read")
        self.refused(root, FileChange("/news/d.md", b"d", None), "changed since it was read")

    def test_a_file_that_is_gone(self, root: Path) -> None:
        self.refused(root, FileChange("/news/d.md", b"d", b"D"), "is gone")

    def test_a_new_file_that_is_there_already(self, root: Path) -> None:
        (root / "news/d.md").write_bytes(b"")
        self.refused(root, FileChange("/news/d.md", None, b"D"), "exists already")

    def test_a_dangling_link_is_there_too(self, root: Path) -> None:
        (root / "news/d.md").symlink_to("nowhere.md")
        self.refused(root, FileChange("/news/d.md", None, b"D"), "exists already")

    def test_a_symbolic_link(self, root: Path) -> None:
        (root / "news/d.md").symlink_to("a.md")
        self.refused(root, FileChange("/news/d.md", b"a", b"D"), "no regular file")

    def test_a_folder_that_leads_out(self, root: Path) -> None:
        outside = root.parent / "outside"
        outside.mkdir()
        (outside / "d.md").write_bytes(b"d")
        (root / "news/out").symlink_to(outside)
        self.refused(root, FileChange("/news/out/d.md", b"d", b"D"), "outside the archive")
        self.refused(root, FileChange("/news/out/e.md", None, b"D"), "outside the archive")
        assert contents(outside) == {"/d.md": b"d"}

    def test_a_folder_that_is_a_link_within(self, root: Path) -> None:
        (root / "news/9").symlink_to(".")
        self.refused(root, FileChange("/news/9/a.md", b"a", b"D"), "its folder is a symbolic link")

    def test_a_second_change_of_one_file(self, root: Path) -> None:
        self.refused(root, FileChange(B, b"b", b"D"), "two changes are for it")

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("/news/.d.md", "is hidden"), ("/.git/d.md", "is hidden"), ("/news//d.md", "is hidden"),
            ("/news/\udcff.md", "not UTF-8"), (f"/news/{chr(0xD800)}.md", "not UTF-8"),
            ("/news/d.txt", "is no page"),
        ],
    )  # fmt: skip
    def test_what_no_page_can_be_called(self, root: Path, path: str, reason: str) -> None:
        self.refused(root, FileChange(path, None, b"D"), reason)

    def test_more_than_a_page_can_hold(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transaction, "MAX_BYTES", 3)
        self.refused(root, FileChange("/news/d.md", None, b"1234"), "larger than")

    def test_a_path_that_climbs_out(self, root: Path) -> None:
        self.refused(root, FileChange("/../d.md", None, b"D"), "climbs out")

    def test_a_folder_that_a_file_stands_in_place_of(self, root: Path) -> None:
        self.refused(root, FileChange("/news/b.md/9/d.md", None, b"D"), "there is a file where")

    def test_a_file_that_is_gone_with_its_folder(self, root: Path) -> None:
        self.refused(root, FileChange("/news/9/d.md", b"d", b"D"), "is gone")

    def test_a_read_only_file(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = root / "news/d.md"
        file.write_bytes(b"d")
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file)
        self.refused(root, FileChange("/news/d.md", b"d", b"D"), "is read-only")

    def test_a_read_only_folder(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (root / "news/9").mkdir()
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "9")
        self.refused(root, FileChange("/news/9/d.md", None, b"D"), "the folder is read-only")

    def test_while_another_change_waits(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        left_half_way(root, monkeypatch)
        with pytest.raises(na.RefusedWriteError, match="run 'newsarchive recover'"):
            commit(root, CHANGES)


class TestRecover:
    def test_nothing_to_do(self, root: Path) -> None:
        assert recover(root) == ()
        assert contents(root) == BEFORE

    def test_what_was_begun_is_finished(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        left_half_way(root, monkeypatch)
        assert recover(root) == (B, C, A)
        assert contents(root) == AFTER
        assert recover(root) == ()

    def test_what_is_done_already_stays_done(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_half_way(root, monkeypatch)
        (root / "news/a.md").unlink()
        (root / "news/b.md").write_bytes(b"B")
        recover(root)
        assert contents(root) == AFTER

    def test_a_file_in_neither_state_is_named_and_nothing_is_written(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_half_way(root, monkeypatch)
        (root / "news/a.md").write_bytes(b"theirs")
        before = contents(root)
        with pytest.raises(na.RefusedWriteError, match="changed since") as caught:
            recover(root)
        assert caught.value.file == str(root / "news/a.md")
        assert contents(root) == before

    def test_one_that_changes_after_that_was_looked_at_is_left_alone(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_half_way(root, monkeypatch)
        real = transaction._finish

        def late(base: Path, steps: object) -> None:
            (root / B[1:]).write_bytes(b"mine")
            real(base, steps)  # type: ignore[arg-type]

        monkeypatch.setattr(transaction, "_finish", late)
        with pytest.raises(na.RefusedWriteError, match="changed since it was read"):
            recover(root)
        assert (root / B[1:]).read_bytes() == b"mine"
        assert (root / JOURNAL).exists()

    def test_left_over_temporary_files_go(self, root: Path) -> None:
        (root / ".newsarchive-x1y2.tmp").write_bytes(b'{"vers')
        (root / ".newsarchive.toml").write_bytes(b"")
        assert recover(root) == ()
        assert contents(root) == {**BEFORE, "/.newsarchive.toml": b""}

    @pytest.mark.parametrize(
        "text",
        [
            "", "{", "[]", "null", '{"version": 1}', '{"version": 2, "changes": []}',
            '{"version": 1, "changes": [{}]}', '{"version": 1, "changes": [7]}', "[" * 100_000,
        ],
    )  # fmt: skip
    def test_a_damaged_journal_is_refused_and_stays(self, root: Path, text: str) -> None:
        (root / JOURNAL).write_text(text)
        with pytest.raises(na.RefusedWriteError, match="not a journal"):
            recover(root)
        assert (root / JOURNAL).read_text() == text

    def test_a_journal_of_more_than_a_page_can_hold(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal, "MAX_BYTES", 3)
        change = {"path": "/news/a.md", "old": None, "new": "MTIzNA==", "like": ""}
        with pytest.raises(ValueError, match="would be larger than"):
            journal._step(root, change)
        assert journal._step(root, {**change, "new": "MTIz"}).new == b"123"

    @pytest.mark.parametrize(
        "path", ["/../x.md", "/news/../../x.md", "x.md", "", "/news/x.sh", "/out/x.md", 7, None]
    )
    def test_nothing_in_a_journal_leads_out_of_the_archive(self, root: Path, path: object) -> None:
        (root.parent / "outside").mkdir()
        (root / "out").symlink_to(root.parent / "outside")
        new = base64.b64encode(b"evil").decode()
        change = {"path": path, "old": None, "new": new, "like": ""}
        (root / JOURNAL).write_text(json.dumps({"version": 1, "changes": [change]}))
        with pytest.raises(na.RefusedWriteError, match="not a journal"):
            recover(root)
        assert contents(root.parent).keys() == {"/root" + p for p in (A, B, f"/{JOURNAL}")}

    @pytest.mark.parametrize(
        ("paths", "reason"),
        [
            ([f"/news/{chr(0xD800)}.md"], "not UTF-8"),
            (["/news/\udcff.md"], "not UTF-8"),
            ([C, C], "two of its changes are for one page"),
            ([C, "/news//c.md"], "hidden"),
            ([C, "/link/c.md"], "symbolic link"),
            ([C, "/news/a.md/c.md"], "there is a file where"),
            ([C, "/news/folder.md"], "changed since"),
            ([C, "/news/dangling.md"], "changed since"),
            (["/.github/c.md"], "hidden"),
            (["/news/.c.md"], "hidden"),
            (["/.md"], "hidden"),
            (["/news/c.txt"], "no page"),
            (["/news/c\0.md"], "NUL"),
            (["/news/full/c.md"], "read-only"),
            ([C, "/news/locked.md"], "read-only"),
            ([C, f"/news/{'c' * 253}.md"], "too long"),
            ([], "no list of changes"),
        ],
    )
    def test_it_is_judged_before_anything_is_written(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str], reason: str
    ) -> None:
        for folder in (".github", "news/folder.md", "news/full"):
            (root / folder).mkdir()
        (root / "link").symlink_to("news")
        (root / "news/dangling.md").symlink_to("nowhere.md")
        (root / "news/locked.md").write_bytes(b"old")
        monkeypatch.setattr(
            os, "access", lambda path, mode: Path(path).name not in ("full", "locked.md")
        )
        old = {"/news/locked.md": digest(b"old")}
        changes = [
            {"path": path, "old": old.get(path), "like": "",
             "new": base64.b64encode(str(number).encode()).decode()}
            for number, path in enumerate(paths)
        ]  # fmt: skip
        (root / JOURNAL).write_text(json.dumps({"version": 1, "changes": changes}))
        before = snapshot(root)
        with pytest.raises(OSError, match=reason):
            recover(root)
        assert snapshot(root) == before

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "change",
        [
            {"old": "x"}, {"old": 7}, {"new": "?"}, {"new": 7}, {"like": None}, {"like": "/.a.md"},
            {"like": "/news/../../a.md"}, {"new": "A" * ((1 << 26) // 3)},
        ],
        ids=str,
    )  # fmt: skip
    def test_every_part_of_a_change_is_looked_at(
        self, root: Path, change: dict[str, object]
    ) -> None:
        sound: dict[str, object] = {"path": C, "old": None, "new": "QQ==", "like": ""}
        text = json.dumps({"version": 1, "changes": [{**sound, **change}]})
        (root / JOURNAL).write_text(text)
        with pytest.raises(na.RefusedWriteError, match="not a journal"):
            recover(root)
        assert contents(root).keys() == {*BEFORE, f"/{JOURNAL}"}
        (root / JOURNAL).write_text(json.dumps({"version": 1, "changes": [sound]}))
        assert recover(root) == (C,)

    @pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
    def test_a_root_where_the_journal_cannot_be_removed_is_left_alone(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_half_way(root, monkeypatch)
        before = contents(root)
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != root)
        with pytest.raises(na.RefusedWriteError, match="the folder is read-only"):
            recover(root)
        assert contents(root) == before

    def test_a_journal_that_is_a_link_is_refused(self, root: Path) -> None:
        (root / JOURNAL).symlink_to("/dev/zero")
        with pytest.raises(na.RefusedWriteError, match="no regular file"):
            recover(root)


class TestWhileAChangeWaits:
    def test_a_check_says_so(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        left_half_way(root, monkeypatch)
        [found] = found_in(root, "NA904")
        assert (found.page, found.file) == (f"/{JOURNAL}", str(root / JOURNAL))
        assert found.severity == "error"
        assert "newsarchive recover" in found.message
        recover(root)
        assert found_in(root, "NA904") == []

    def test_a_file_of_that_name_elsewhere_is_no_journal(self, root: Path) -> None:
        (root / "news" / JOURNAL).write_bytes(b"")
        assert found_in(root, "NA904") == []

    def test_nothing_is_repaired(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from newsarchive.editing.repair import repair

        (root / "news/d.md").write_bytes(b"\xef\xbb\xbfd\n")
        left = FileChange("/news/d.md", b"\xef\xbb\xbfd\n", None)
        journal_only(monkeypatch)
        commit(root, [left])
        archive = na.Archive(root)
        outcome = repair(archive, na.check(archive).diagnostics)
        assert outcome.changed == []
        assert [file for file, _ in outcome.refused] == [str(root / JOURNAL)]
