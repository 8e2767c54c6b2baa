"""Archives that fsspec reads: behind SFTP, and at GitHub."""

from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.store.filesystems import FileSystemClient
from newsarchive.store.remote import RemoteStore
from newsarchive.store.store import scan
from tests import storages
from tests.builders import PATH, TODAY, contents
from tests.faults import Run, faulty_archive
from tests.seams import small_tasks

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return faulty_archive(tmp_path / "here", days=3, pages=3)


def is_same(archive: na.Archive, root: Path, jobs: int = 1) -> bool:
    expected = na.check(root, today=TODAY, select=["ALL"], jobs=1).to_json()
    found = na.check(archive, today=TODAY, select=["ALL"], jobs=jobs).to_json()
    assert '"code"' in expected
    return found.replace(str(archive.store), str(root)) == expected


def secretless(error: BaseException) -> str:
    """What an error says, in a line that tells no secret."""
    assert "\n" not in str(error)
    assert storages.SECRET not in str(error)
    return str(error)


class TestSftp:
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_findings_are_those_of_the_folder(
        self, root: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_tasks(monkeypatch, 3)
        store = RemoteStore(f"sftp://127.0.0.1{root}", **storages.sftp())
        assert is_same(na.Archive(store), root, jobs)
        assert scan(store).files == contents(root).keys()

    def test_a_page_that_changes_after_it_was_listed_is_named(self, root: Path) -> None:
        store = RemoteStore(f"sftp://127.0.0.1{root}", **storages.sftp())
        page = min(path for path in scan(store).files if path.startswith("/news/"))
        (root / page[1:]).write_text("shorter")
        with pytest.raises(OSError, match="changed after it was listed"):
            store.read(page)

    def test_the_command_reads_it_with_the_key_of_the_user(
        self, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        options = storages.sftp()
        (tmp_path / "home/.ssh").mkdir(parents=True)
        (tmp_path / "home/.ssh/id_ed25519").symlink_to(options["key_filename"])
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        url = f"sftp://{options['username']}@127.0.0.1:{options['port']}{root}"
        args = ("--output-format", "json", "--no-cache", "--today", "2020-01-01")
        there, here = run("check", url, *args), run("check", root, *args)
        assert (there.status, there.err) == (here.status, here.err)
        shown = f"sftp://127.0.0.1:{options['port']}{root}"
        assert there.out.replace(shown, str(root)) == here.out

    def test_wrong_credentials_and_hosts_are_told_in_a_line(
        self, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        port = storages.sftp()["port"]
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        for place, reason in (
            (f"127.0.0.1:{port}{root}", "the storage refuses access; look at the credentials"),
            (f"127.0.0.1:1{root}", "the storage does not answer"),
            (f"nowhere.invalid{root}", "the storage cannot be used: "),
        ):
            done = run("check", f"sftp://anna:{storages.SECRET}@{place}", "--no-cache")
            assert (done.status, done.out) == (2, "")
            assert done.err.startswith(f"Error: sftp://{place}: {reason}")
            assert done.err.count("\n") == 1
            assert storages.SECRET not in done.err

    def test_what_is_not_there_is_no_archive(self, root: Path) -> None:
        store = RemoteStore(f"sftp://127.0.0.1{root}/none", **storages.sftp())
        assert not store.has_news()
        with pytest.raises(FileNotFoundError):
            store.read(PATH)


class TestGitHub:
    @pytest.mark.parametrize("below", ["", "/en"])
    def test_findings_are_those_of_the_folder(
        self, root: Path, below: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {f"{below}{path}": data for path, data in contents(root).items()}
        with storages.github(monkeypatch, files) as url:
            archive = na.Archive(f"{url}{below}")
            assert str(archive.store) == f"{url}{below}"
            assert is_same(archive, root)

    def test_the_command_tells_what_is_missing_or_refused(
        self, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with storages.github(monkeypatch, contents(root)) as url:
            assert "NA108" in run("check", url, "--no-cache").out
            done = run("check", url.replace("archive", "none"), "--no-cache")
            assert (done.status, done.out) == (2, "")
            assert "github://anna:none@main: the storage has nothing of this name" in done.err
            for user in ("other", "tests"):
                wrong: dict[str, Any] = {"username": user, "token": f"no{storages.SECRET}"}
                with pytest.raises(na.StorageError) as caught:
                    FileSystemClient(url, wrong)
                said = secretless(caught.value)
                assert said == f"{url}: the storage refuses access; look at the credentials"
            right: dict[str, Any] = {"username": "tests", "token": storages.SECRET}
            assert is_same(na.Archive(RemoteStore(url, **right)), root)

    def test_no_answer_is_told_in_a_line(
        self, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with storages.github(monkeypatch, contents(root)) as url:
            pass
        url = url.replace("@main", "@other")  # fsspec keeps what it has open
        done = run("check", url, "--no-cache")
        assert done == (2, "", f"Error: {url}: the storage does not answer\n")
