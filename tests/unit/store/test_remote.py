"""Archives in storages: what goes wrong there, what is told of it, and what is not."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import newsarchive as na
from newsarchive.store.listing import LATEST, TroubleKind, stats_of
from newsarchive.store.objects import ObjectClient
from newsarchive.store.remote import RemoteStore, open_around
from newsarchive.store.store import DistantStore, ahead, scan
from tests import storages
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    SMALL_ARCHIVE,
    TODAY,
    uncounted,
    write_archive,
)
from tests.seams import small_tasks

pytestmark = pytest.mark.slow

FILES = {path: text.encode() for path, text in SMALL_ARCHIVE.items()}
CHANGED = "it changed after it was listed; check again"


def codes(report: na.Report) -> list[tuple[str, str, str]]:
    return [(d.code, d.page, d.message) for d in report.diagnostics]


class TestOpening:
    def test_a_url_stands_wherever_a_folder_does(self, tmp_path: Path) -> None:
        storages.in_zip(tmp_path / "a.zip", FILES)
        url = f"zip://{tmp_path}/a.zip"
        archive = na.Archive(url)
        assert PATH in archive
        assert archive.title(PATH) == na.Archive(write_archive(tmp_path / "disk")).title(PATH)
        assert na.check(url, today=TODAY).page_count == len(FILES)
        assert na.check(f"{url}/news/2016/03/2", today=TODAY).page_count == 2
        assert repr(archive) == f"Archive({url!r})"

    def test_the_root_is_looked_for_upwards(self) -> None:
        store = storages.in_s3(FILES)
        options = storages.s3()
        url = store.home
        assert RemoteStore(url, **options).has_news()
        assert not RemoteStore(f"{url}/news", **options).has_news()

    def test_what_is_in_no_archive_is_refused(self, tmp_path: Path) -> None:
        storages.in_zip(tmp_path / "a.zip", {"/x/y.md": b""})
        for url in (f"zip://{tmp_path}/a.zip", f"zip://{tmp_path}/a.zip/x/y.md"):
            with pytest.raises(na.NotAnArchiveError, match="no archive here"):
                na.check(url)
            with pytest.raises(na.NotAnArchiveError):
                open_around(url)
        with pytest.raises(na.NotAnArchiveError):
            na.Archive(f"zip://{tmp_path}/a.zip")

    def test_what_needs_a_folder_says_so(self, tmp_path: Path) -> None:
        storages.in_zip(tmp_path / "a.zip", FILES)
        archive = na.Archive(f"zip://{tmp_path}/a.zip")
        uses: tuple[Callable[[], object], ...] = (
            lambda: archive.root,
            lambda: archive.home,
            lambda: archive.at("HEAD"),
            lambda: na.check_change(archive, since="HEAD"),
        )
        for use in uses:
            with pytest.raises(na.StorageError, match="it is no folder of the disk"):
                use()
        with pytest.raises(na.RefusedWriteError, match="cannot be written to"):
            na.Archive.create("s3://bucket/new")

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("nothing://x", "nothing:// is no storage that fsspec knows"),
            ("zip://{0}/none.zip", "the storage has nothing of this name"),
            ("zip://{0}/text.zip", "the storage cannot be used: BadZipFile"),
            ("s3://bucket?x", None),
        ],
    )
    def test_what_cannot_be_opened_is_told_in_a_line(
        self, tmp_path: Path, url: str, reason: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "text.zip").write_text("no zip")
        monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", storages.SECRET)
        quick: dict[str, Any] = {"retry_config": {"max_retries": 0}} if "s3" in url else {}
        with pytest.raises(na.StorageError) as caught:
            RemoteStore(url.format(tmp_path), **quick).has_news()
        assert caught.value.reason == (reason or "the storage does not answer")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("name", ["obstore", "fsspec"])
    def test_the_extra_is_named_where_it_is_not_installed(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (name, f"{name}.store", f"{name}.core"):
            monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(na.MissingPackageError) as caught:
            na.Archive({"obstore": "s3://bucket", "fsspec": "zip://a.zip"}[name])
        assert str(caught.value) == f"this needs {name}: pip install 'newsarchive[remote]'"

    def test_so_is_a_package_that_one_kind_of_storage_needs(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from fsspec.registry import _registry

        monkeypatch.setitem(sys.modules, "paramiko", None)
        for known, name in ((sys.modules, "fsspec.implementations.sftp"), (_registry, "sftp")):
            monkeypatch.delitem(known, name, raising=False)
        with pytest.raises(na.MissingPackageError, match=r"needs paramiko: pip install paramiko$"):
            na.Archive("sftp://host/x")

    def test_profiles_of_amazon_are_read_by_its_own_library(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        options = {key: value for key, value in storages.s3().items() if "key" not in key}
        url = storages.in_s3(FILES).home
        (tmp_path / "profiles").write_text(
            f"[mine]\naws_access_key_id=tests\naws_secret_access_key={storages.SECRET}\n"
        )
        monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "profiles"))
        monkeypatch.setenv("AWS_PROFILE", "mine")
        assert RemoteStore(url, **options).has_news()
        monkeypatch.setitem(sys.modules, "obstore.auth.boto3", None)
        with pytest.raises(na.MissingPackageError, match="boto3"):
            RemoteStore(url, **options)


class TestWhatChangesMeanwhile:
    def test_what_went_or_changed_after_it_was_listed_is_named(self) -> None:
        store = storages.in_s3(FILES)
        archive = na.Archive(store)
        assert len(archive) == len(FILES)
        client, bucket = storages.s3_client(), store.home.split("/")[2]
        client.delete_object(Bucket=bucket, Key=f"en{PATH}")
        client.put_object(Bucket=bucket, Key=f"en{LATER}", Body=b"else")
        found = codes(na.check(archive, today=TODAY, select=["NA901"]))
        assert found == [
            ("NA901", LATER, f"the page cannot be read: {CHANGED}"),
            ("NA901", PATH, "the page cannot be read: No such file or directory"),
        ]
        archive.refresh()
        assert PATH not in archive
        assert codes(na.check(archive, today=TODAY, select=["NA901"])) == []

    @pytest.mark.slow
    def test_so_it_is_in_other_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        small_tasks(monkeypatch, 2)
        store = storages.in_s3(FILES)
        archive = na.Archive(store)
        assert len(archive) == len(FILES)
        storages.s3_client().put_object(
            Bucket=store.home.split("/")[2], Key=f"en{LATER}", Body=b"else"
        )
        found = codes(na.check(archive, today=TODAY, select=["NA901"], jobs=2))
        assert [page for _, page, _ in found] == [LATER]

    def test_a_page_that_changes_between_two_looks_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {**FILES, PATH: FILES[PATH].replace(b"the-pier-is-rebuilt", b"the-pier-is-gone")}
        store = storages.in_memory(files)
        archive = na.Archive(store)
        assert len(archive) == len(files)
        looks: list[str] = []
        read_ahead = store.read_ahead

        def look_again(paths: Any) -> None:
            looks.extend(paths)
            storages.client_of(store).put(PATH, b"else")
            read_ahead(looks)

        monkeypatch.setattr(store, "read_ahead", look_again)
        found = codes(na.check(archive, today=TODAY))
        assert PATH in looks
        assert ("NA901", PATH) in [(code, page) for code, page, _ in found]

    def test_a_bucket_that_goes_or_refuses_ends_the_run(self) -> None:
        store = storages.in_s3(FILES)
        client, bucket = storages.s3_client(), store.home.split("/")[2]
        for path in FILES:
            client.delete_object(Bucket=bucket, Key=f"en{path}")
        client.delete_bucket(Bucket=bucket)
        with pytest.raises(na.StorageError) as caught:
            scan(store)
        assert str(caught.value) == (
            f"{store.home}: the storage has nothing of this name (NoSuchBucket)"
        )

    def test_wrong_credentials_are_told_in_a_line(self) -> None:
        store = storages.in_azure(FILES)
        wrong = {**storages.azure(), "account_key": "d3Jvbmc="}
        with pytest.raises(na.StorageError, match="the storage refuses access") as caught:
            na.check(na.Archive(RemoteStore(store.home, **wrong)))
        assert "d3Jvbmc" not in str(caught.value)
        with pytest.raises(na.StorageError, match="the storage refuses access"):
            RemoteStore(store.home, **wrong).read(PATH)

    def test_a_key_that_is_no_path_is_told(self) -> None:
        store = storages.in_s3(FILES)
        bucket = store.home.split("/")[2]
        storages.s3_client().put_object(Bucket=bucket, Key="en/news//x.md", Body=b"")
        with pytest.raises(na.StorageError, match="the key of an object has an empty part"):
            scan(store)

    def test_marks_of_empty_folders_are_no_files(self) -> None:
        store = storages.in_s3(FILES)
        bucket = store.home.split("/")[2]
        for key in ("en/", "en/news/", "en/news/2016/"):
            storages.s3_client().put_object(Bucket=bucket, Key=key, Body=b"")
        assert scan(store).files == FILES.keys()

    def test_a_page_that_is_too_large_is_not_fetched(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr("newsarchive.store.requests.MAX_BYTES", 100)
        for store in (storages.in_memory(FILES), storages.in_zip(tmp_path / "a.zip", FILES)):
            scan(store)
            with pytest.raises(OSError, match="larger than"):
                store.read(PATH)


class TestLinksAndSizesInAZip:
    def test_links_are_not_followed_and_told(self, tmp_path: Path) -> None:
        import zipfile

        with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
            for path, data in FILES.items():
                packed.writestr(path[1:], data)
            for name in ("news/link.md", "news/link.txt"):
                link = zipfile.ZipInfo(name)
                link.external_attr = 0o120777 << 16
                packed.writestr(link, "../index.md")
        store = RemoteStore(f"zip://{tmp_path}/a.zip")
        found = scan(store)
        assert found.files == FILES.keys()
        assert found.troubles == [
            (
                TroubleKind.NOT_FOLLOWED,
                "/news/link.md",
                "a symbolic link in a storage is not followed",
            )
        ]
        assert store.aliases() == {}
        assert not store.is_alias("/news/link.md")

    def test_a_file_that_is_another_by_now_is_told(self, tmp_path: Path) -> None:
        store = storages.in_zip(tmp_path / "a.zip", FILES)
        scan(store)
        sent = pickle.loads(pickle.dumps(store))
        sent.expect(scan(store).folders)
        storages.in_zip(tmp_path / "a.zip", {**FILES, PATH: b"shorter"})
        again = pickle.loads(pickle.dumps(store))
        again.expect(scan(store).folders)
        with pytest.raises(OSError, match="changed after it was listed"):
            again.read(PATH)


class TestCache:
    @pytest.mark.parametrize("kind", ["s3", "azure", "google", "zip"])
    def test_a_warm_check_reads_what_changed_alone(
        self, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def made(files: Mapping[str, bytes]) -> RemoteStore:
            return storages.in_zip(tmp_path / "a.zip", files)

        makers = {"s3": storages.in_s3, "azure": storages.in_azure, "google": storages.in_google}
        store = makers.get(kind, made)(FILES)
        asked: list[str] = []
        read_many = RemoteStore.read_many

        def counted(self: RemoteStore, paths: Any) -> Any:
            some = list(paths)
            asked.extend(some)
            return read_many(self, some)

        # As if some time had gone by since the files were written.
        monkeypatch.setattr("newsarchive.runs.remembered._TICK", -(10**12))
        cache = tmp_path / "cache"
        first = na.check(na.Archive(store), today=TODAY, cache=cache, edition="en")
        monkeypatch.setattr(RemoteStore, "read_many", counted)
        store.forget()
        assert na.check(na.Archive(store), today=TODAY, cache=cache, edition="en") == first
        assert set(asked) <= {LATER}  # the page is in doubt in each run
        assert storages.SECRET.encode() not in b"".join(
            file.read_bytes() for file in cache.iterdir()
        )
        if kind == "zip":
            made({**FILES, PATH: FILES[PATH] + b"\n"})
            store = pickle.loads(pickle.dumps(store))
        else:
            key = PATH[1:]
            if kind == "google":
                return  # the server does not take what the library puts
            storages.client_of(store).put(key, FILES[PATH] + b"\n")
            store.forget()
        na.check(na.Archive(store), today=TODAY, cache=cache, edition="en")
        assert set(asked) - {LATER} == {PATH}

    def test_what_has_no_state_is_never_kept(self) -> None:
        from newsarchive.store.requests import stat_of

        size, *rest = stat_of(7, 0, "")
        assert size == 7
        assert min(rest[:2]) > 2**62
        assert stat_of(7, 5, "") == (7, 5_000_000_000, 5_000_000_000, 0)
        assert stat_of(7, 5, "x")[:3] == (7, 0, 0)
        assert stat_of(7, 5, "x") != stat_of(7, 5, "y")


class TestReadingAhead:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """The paths that are asked for together, each time."""
        found: list[list[str]] = []
        read_many = RemoteStore.read_many

        def counted(self: RemoteStore, paths: Any) -> Any:
            found.append(list(paths))
            return read_many(self, found[-1])

        monkeypatch.setattr(RemoteStore, "read_many", counted)
        return found

    def test_files_that_are_read_one_by_one_are_asked_for_together(
        self, asked: list[list[str]]
    ) -> None:
        store = storages.in_memory(FILES)
        assert isinstance(store, DistantStore)
        paths = [PATH, OPENS, PATH, "/news/none.md", LATER]
        for path in ahead(store, paths):
            if path in FILES:
                assert store.read(path) == FILES[path]
        assert asked == []

    def test_with_a_second_page_of_a_folder_come_the_others(
        self, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day = {f"/news/2016/03/2/{n}.md": b"%d" % n for n in range(9)}
        archive = na.Archive(storages.in_memory({**FILES, **day}))
        first, second, *others = day
        assert len(archive) == len(FILES) + len(day)
        assert [archive.read_bytes(path) for path in day] == [*day.values()]
        assert asked[0] == [first]
        assert set(others) | {second} <= set(asked[1])
        assert len(asked) == 2
        monkeypatch.setattr("newsarchive.store.remote._MOST_HELD", 0)
        assert archive.read_bytes(first) == b"0"
        assert archive.read_bytes(second) == b"1"

    def test_all_pages_are_asked_for_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        archive = na.Archive(storages.in_memory(FILES))
        asked: list[str] = []
        read_many = RemoteStore.read_many

        def counted(self: RemoteStore, paths: Any) -> Any:
            asked.extend(paths)
            return read_many(self, asked[-1:])

        assert archive.edition.name == "en"
        monkeypatch.setattr(RemoteStore, "read_many", counted)
        assert len(list(archive.pages())) == len(FILES)
        assert asked == []

    def test_no_more_is_held_than_there_is_room_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsarchive.store.remote._AHEAD", len(FILES[PATH]))
        store = storages.in_memory(FILES)
        store.read_ahead([PATH, LATER])
        assert store._storage.ahead.keys() == {PATH}
        assert store.read(LATER) == FILES[LATER]

    def test_another_store_is_left_alone(self, tmp_path: Path) -> None:
        archive = na.Archive(write_archive(tmp_path))
        assert list(ahead(archive.store, [PATH, "/none.md"])) == [PATH, "/none.md"]


class TestBeside:
    def test_archives_side_by_side_share_one_listing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        inner = {f"/zh{path}": data for path, data in FILES.items()}
        config = {"/newsarchive.toml": b'edition = "en"\nignore = ["NA501"]\n'}
        store = storages.in_memory({**FILES, **inner, **config})
        listed: list[int] = []
        files = ObjectClient.files

        def counted(self: ObjectClient) -> Any:
            listed.append(1)
            return files(self)

        monkeypatch.setattr(ObjectClient, "files", counted)
        archive = na.Archive(store)
        [other] = archive.beside
        assert other.store.home == f"{store.home}/zh"
        assert set(other) == FILES.keys()
        assert other.read_bytes(PATH) == FILES[PATH]
        assert len(listed) == 1
        sent = pickle.loads(pickle.dumps(other.store))
        assert sent.read(PATH) == FILES[PATH]
        assert sent.label(PATH) == other.file(PATH)
        sent.read_ahead([PATH])
        assert sent.read(PATH) == FILES[PATH]
        # What the outer archive's configuration says of its edition is not the inner one's.
        assert na.load_settings(archive).edition is not None
        assert na.load_settings(other).edition is None
        assert na.load_settings(other).ignore == ("NA501",)


class TestAsynchronousFileSystems:
    """Of those fsspec asks for many files at a time: here pages that a web server lists."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> Iterator[str]:
        pytest.importorskip("aiohttp", reason="needs aiohttp")
        root = write_archive(tmp_path / "disk", FILES)
        handler = partial(_Quiet, directory=str(root))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()

    def test_they_give_the_same_findings(self, url: str, tmp_path: Path) -> None:
        expected = codes(na.check(tmp_path / "disk", today=TODAY))
        store = RemoteStore(url)
        assert codes(na.check(na.Archive(store), today=TODAY)) == expected
        assert dict(store.read_many([PATH, "/news/none.md"]))[PATH] == FILES[PATH]
        with pytest.raises(FileNotFoundError):
            store.read("/news/none.md")
        assert not RemoteStore(f"{url}/news").has_news()

    def test_what_is_listed_without_state_is_never_kept(self, url: str) -> None:
        [listing, *_] = scan(RemoteStore(url), stats=True).folders
        assert stats_of(listing)[0][1] == LATEST


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class TestProcesses:
    @pytest.mark.slow
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    def test_copies_of_a_process_open_the_storage_anew(self, tmp_path: Path) -> None:
        """Else they would move about in one open file, each in the others' way."""
        many = {f"/news/2016/03/{n}/x.md": os.urandom(3000) for n in range(1, 400)}
        storages.in_zip(tmp_path / "a.zip", {**FILES, **many})
        code = (
            "import newsarchive as na, os, sys\n"
            "store = na.Archive(sys.argv[1]).store\n"
            "from newsarchive.store.store import scan\n"
            "pages = scan(store).pages\n"
            "assert 'obstore' not in sys.modules\n"
            "first = dict(store.read_many(pages))\n"
            "children = [os.fork() for _ in range(2)]\n"
            "wrong = any(dict(store.read_many(pages)) != first for _ in range(10))\n"
            "if 0 in children:\n    os._exit(wrong)\n"
            "print(wrong, [os.waitpid(child, 0)[1] for child in children])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, f"zip://{tmp_path}/a.zip"],
            capture_output=True, text=True, check=True, env=uncounted(),
        )  # fmt: skip
        assert done.stdout == "False [0, 0]\n"

    @pytest.mark.slow
    def test_no_process_is_forked_where_a_client_lives(self, tmp_path: Path) -> None:
        storages.in_zip(tmp_path / "a.zip", FILES)
        code = (
            "import newsarchive as na, os\n"
            "def forbidden():\n    raise AssertionError('forked')\n"
            "os.register_at_fork(before=forbidden)\n"
            "from newsarchive.runs import processes\n"
            "import obstore\n"
            "print(processes._may_fork())\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=uncounted(),
        )  # fmt: skip
        assert done.stdout == "False\n"

    @pytest.mark.slow
    def test_one_check_after_the_other_in_two_processes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_tasks(monkeypatch, 2)
        store = storages.in_s3(FILES)
        one = na.check(na.Archive(store), today=TODAY, jobs=2)
        assert one == na.check(na.Archive(store), today=TODAY, jobs=1)
