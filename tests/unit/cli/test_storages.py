"""Commands on archives in storages: the same findings, no file changed, nothing secret told."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.remote import RemoteStore
from tests import storages
from tests.builders import LATER, OPENS, PATH, SMALL_ARCHIVE, event, uncounted, write_archive
from tests.faults import Run
from tests.repositories import commit, git, needs_git
from tests.seams import small_tasks

EXAMPLE = Path(__file__).parents[3] / "examples/archive"
FILES = {path: text.encode() for path, text in SMALL_ARCHIVE.items()}
FAULTY = {
    **FILES,
    PATH: FILES[PATH].replace(b"the-pier-is-rebuilt", b"the-pier-is-gone"),
    LATER: event("2016-03-10", "The pier opens once more.").encode(),
    OPENS: b"\xff",
    "/news/2016/03/11/a.md": b"# x\r\n",
    "/newsarchive.toml": b'ignore = ["NA209"]\nbaseline = "known.jsonl"\ncache-dir = "c"\n',
}


@pytest.fixture
def packed(tmp_path: Path) -> str:
    """A zip of a faulty archive."""
    storages.in_zip(tmp_path / "a.zip", {p: d for p, d in FAULTY.items() if p.endswith(".md")})
    return f"zip://{tmp_path}/a.zip"


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the environment say where buckets and containers are, and whose."""
    for options, scheme in ((storages.s3(), "s3"), (storages.azure(), "az")):
        for name, value in storages.as_variables(options, scheme).items():
            monkeypatch.setenv(name, value)


def example() -> dict[str, bytes]:
    files = (file for file in EXAMPLE.rglob("*") if file.is_file())
    return {f"/{file.relative_to(EXAMPLE).as_posix()}": file.read_bytes() for file in files}


class TestFindings:
    @needs_git
    @pytest.mark.slow
    def test_they_are_the_same_byte_for_byte_wherever_the_archive_is(
        self, run: Run, reached: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small_tasks(monkeypatch, 3)
        files = {**example(), **FAULTY}
        root = write_archive(tmp_path / "disk", files)
        args = ["--output-format", "json", "--no-cache", "--today", "2020-01-01"]
        args += ["--select", "ALL", "--no-baseline"]
        done = run("check", root, *args)
        expected = done.out.replace(str(root), "ROOT")
        assert json.loads(expected)["diagnostics"]
        git(root, "init", "-q")
        commit(root)
        stores = [storages.in_s3(files), storages.in_azure(files)]
        stores.append(storages.in_zip(tmp_path / "a.zip", files))
        for jobs in ("1", "2"):
            at = run("check", root, "--at", "HEAD", "--jobs", jobs, *args)
            assert at.out.replace(str(root), "ROOT") == expected
            for store in stores:
                found = run("check", store.home, "--jobs", jobs, *args)
                assert found.out.replace(store.home, "ROOT") == expected, (store, jobs)
                assert found.status == done.status

    def test_google_gives_the_same(self, run: Run, tmp_path: Path) -> None:
        store = storages.in_google(FAULTY)
        root = write_archive(tmp_path, FAULTY)
        expected = "".join(na.check(root, jobs=1).json_lines()).replace(str(root), "ROOT")
        found = na.check(na.Archive(store), jobs=1)
        assert "".join(found.json_lines()).replace(store.home, "ROOT") == expected

    def test_a_warm_check_finds_the_same(self, run: Run, reached: None, tmp_path: Path) -> None:
        url = storages.in_azure(FAULTY).home
        args = ("check", url, "--output-format", "json", "--cache-dir", tmp_path / "cache")
        first = run(*args, "--no-baseline")
        assert run(*args, "--no-baseline") == first
        assert run(*args, "--no-baseline", "--no-cache").out == first.out


class TestConfiguration:
    def test_that_of_the_archive_is_read_and_its_baseline(self, run: Run, tmp_path: Path) -> None:
        root = write_archive(tmp_path / "disk", FAULTY)
        assert run("baseline", root, "--output", root / "known.jsonl").status == 0
        known = (root / "known.jsonl").read_bytes()
        store = storages.in_zip(tmp_path / "a.zip", {**FAULTY, "/known.jsonl": known})
        done = run("check", store.home, "--no-cache")
        assert done.status == 0
        assert f"Baseline {store.home}/known.jsonl" in done.err
        usual = {path: data for path, data in FAULTY.items() if path.endswith(".md")}
        usual["/.newsarchive-baseline.jsonl"] = known
        store = storages.in_zip(tmp_path / "b.zip", usual)
        assert "known findings not shown" in run("check", store.home, "--no-cache").err
        assert run("check", store.home, "--no-cache", "--no-baseline").status == 1

    def test_it_is_shown_with_its_lines(self, run: Run, tmp_path: Path) -> None:
        store = storages.in_zip(tmp_path / "a.zip", FAULTY)
        told = json.loads(run("config", store.home, "--output-format", "json").out)
        assert told["file"] == f"{store.home}/newsarchive.toml"
        assert told["settings"]["ignore"]["line"] == 1
        assert told["settings"]["cache-dir"]["source"] == "default"

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (b"ignore = 3", "newsarchive.toml:1: ignore: expected"),
            (b"\xff", "newsarchive.toml:1: it is not UTF-8"),
            (b"#" * (1 << 20) + b"##", "newsarchive.toml: it is larger than"),
        ],
    )
    def test_a_wrong_one_is_an_error(
        self, run: Run, tmp_path: Path, text: bytes, reason: str
    ) -> None:
        store = storages.in_zip(tmp_path / "a.zip", {**FILES, "/newsarchive.toml": text})
        done = run("check", store.home)
        assert done.status == 2
        assert f"{store.home}/{reason}" in done.err

    def test_the_library_reads_it_by_the_archive_s_url(self, tmp_path: Path) -> None:
        text = b'ignore = ["NA2"]\n'
        store = storages.in_zip(tmp_path / "a.zip", {**FILES, "/newsarchive.toml": text})
        assert na.load_settings(store.home).ignore == ("NA2",)

    def test_one_of_a_project_counts_where_it_has_the_table(self, run: Run, tmp_path: Path) -> None:
        text = b'[tool.newsarchive]\nignore = ["NA2"]\n'
        store = storages.in_zip(tmp_path / "a.zip", {**FILES, "/pyproject.toml": text})
        assert "pyproject.toml:2" in run("config", store.home).out
        store = storages.in_zip(tmp_path / "b.zip", {**FILES, "/pyproject.toml": b""})
        assert "no configuration" in run("config", store.home).out


class TestCommands:
    def test_those_that_read_take_urls(self, run: Run, packed: str, tmp_path: Path) -> None:
        shown = run("show", f"{packed}{PATH}", "--compact")
        assert json.loads(shown.out)["path"] == PATH
        links = run("links", f"{packed}{PATH}")
        assert f"{packed}{PATH}:" in links.out
        assert run("links", PATH, "--root", packed) == links
        assert PATH in run("find", "pier", "--root", packed, "--no-cache").out
        rows = run("export", packed, "--format", "jsonl", "--tables", "pages", "--output", "-")
        assert len(rows.out.splitlines()) == len(SMALL_ARCHIVE) + 1
        assert "## Archive health: a.zip" in run("report", packed, "--format", "markdown").out
        assert run("check", f"{packed}/news/2016/03/2", "--no-cache").status == 1
        assert run("fmt", packed, "--check").status == 1
        assert "--- " in run("check", packed, "--diff", "--no-cache").out
        sarif = json.loads(run("check", packed, "--output-format", "sarif", "--no-cache").out)
        places = sarif["runs"][0]["results"][0]["locations"]
        assert places[0]["physicalLocation"]["artifactLocation"]["uri"].startswith("zip://")

    @pytest.mark.parametrize(
        "words",
        [
            ["check", "--fix", "{0}"],
            ["mv", "{0}{1}", "{0}/news/2016/03/2/x.md"],
            ["mv", "{1}", "--title", "x", "--root", "{0}"],
            ["rm", "{0}{1}"],
            ["fmt", "{0}"],
            ["recover", "{0}"],
            ["watch", "{0}"],
            ["baseline", "{0}"],
            ["check", "--since", "HEAD", "{0}"],
            ["check", "--staged", "{0}"],
            ["check", "--at", "HEAD", "{0}"],
        ],
    )
    def test_what_needs_a_folder_is_refused_by_name(
        self, run: Run, packed: str, words: list[str], tmp_path: Path
    ) -> None:
        done = run(*(word.format(packed, PATH) for word in words), cwd=tmp_path)
        assert done.status == 2
        assert packed in done.err
        assert "cannot be written to" in done.err or "no folder of the disk" in done.err
        assert sorted(file.name for file in tmp_path.iterdir()) == ["a.zip"]

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["check", "zip://none.zip"], "zip://none.zip: the storage has nothing of this name"),
            (["check", "--root", "{0}/news/2016/03", "/news/2016/03/2/index.md"], "no archive"),
            (["check", "{0}/news/none"], "no page"),
            (["show", "{0}/news/none.md"], "no page"),
            (["export", "{0}/news", "--output", "-"], "is a part of an archive"),
            (["check", "zip://x.zip/news", "--root", "{0}"], "is not in the archive"),
            (["check", "nothing://x"], "is no storage that fsspec knows"),
            (["check", "s3://none-of-ours/x"], "nothing of this name (NoSuchBucket)"),
        ],
    )
    def test_misuse_is_told_in_a_line(
        self, run: Run, packed: str, reached: None, words: list[str], reason: str
    ) -> None:
        done = run(*(word.format(packed) for word in words))
        assert done.status == 2
        assert reason in done.err
        assert "Traceback" not in done.err

    def test_what_holds_no_news_is_no_archive(self, run: Run, tmp_path: Path) -> None:
        store = storages.in_zip(tmp_path / "a.zip", {"/x/y.md": b"# X\n"})
        assert repr(store) == f"RemoteStore({store.home!r})"
        for words in (["check", store.home], ["check", "--root", store.home, "/x/y.md"]):
            done = run(*words)
            assert done.status == 2
            assert f"{store.home}: " in done.err or f"{store.home} " in done.err
            assert "Traceback" not in done.err

    def test_the_extra_is_named_where_it_is_missing(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "obstore.store", None)
        done = run("check", "s3://bucket")
        assert done.err == "Error: this needs obstore: pip install 'newsarchive[remote]'\n"
        assert done.status == 2


class TestSecrets:
    def test_none_are_told_or_kept(
        self, run: Run, reached: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secrets = (storages.SECRET, storages.AZURE_KEY, "anna", "in-the-query")
        bucket, container = storages.in_s3(FAULTY).home, storages.in_azure(FAULTY).home
        told: list[str] = []
        for url in (bucket, f"{container}?sig=in-the-query"):
            for form in ("text", "json", "jsonl", "sarif", "gitlab", "junit", "github", "markdown"):
                args = ("check", url, "--output-format", form, "--cache-dir", tmp_path / "cache")
                told += run(*args, "--no-baseline")[1:]
            told += run("report", url, "--output", tmp_path / "report.html")[1:]
            told += run("links", PATH, f"--root={url}")[1:]
            told += run("config", url)[1:]
        for url in (
            f"sftp://anna:{storages.SECRET}@127.0.0.1:1/x",
            f"az://none?sig={storages.SECRET}",
            f"nothing://anna:{storages.SECRET}@host/x",
            f"zip://::sftp://anna:{storages.SECRET}@127.0.0.1:1/x.zip",
        ):
            for words in (
                ["check", url],
                ["check", "--fix", url],
                ["show", f"{url}/x.md"],
                ["mv", url, "x"],
                ["watch", url],
                ["find", "x", "--root", url],
            ):
                done = run(*words)
                assert done.status == 2
                told += done[1:]
        kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
        assert len(kept) >= 3
        for secret in secrets:
            assert not any(secret in text for text in told), secret
            assert not any(secret.encode() in data for data in kept), secret


class TestImports:
    @pytest.mark.slow
    def test_a_check_of_a_folder_imports_no_client(self) -> None:
        code = (
            "import atexit, sys\nsys.argv[0] = 'newsarchive'\n"
            "names = {'obstore', 'fsspec', 'dask', 'distributed', 'boto3', 'asyncio'}\n"
            "atexit.register(lambda: print(sorted(names & sys.modules.keys())))\n"
            "from newsarchive.cli import main\nmain()"
        )
        line = [
            sys.executable,
            "-c",
            code,
            "check",
            str(EXAMPLE),
            "--no-cache",
            "-q",
            "--jobs",
            "2",
        ]
        done = subprocess.run(line, capture_output=True, text=True, check=False, env=uncounted())
        assert done.stdout.splitlines()[-1] == "[]"


def test_a_store_pickles_to_how_it_is_opened(tmp_path: Path) -> None:
    import pickle

    store = storages.in_zip(tmp_path / "a.zip", FILES)
    assert len(store.read(PATH)) == len(FILES[PATH])
    data = pickle.dumps(store)
    assert len(data) < 300
    again: RemoteStore = pickle.loads(data)
    assert again.home == store.home
