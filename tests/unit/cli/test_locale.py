"""Names of files are bytes that are read as UTF-8, whatever the process's locale says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.builders import OPENS, SMALL_ARCHIVE, contents, event, write_archive
from tests.repositories import commit, git, needs_git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="elsewhere names are never in a locale"),
]

NAME = "naïve-€-龙"
ODD = f"/news/2016/03/2/{NAME}.md"
PLAIN = "/news/2016/03/2/naive.md"
PAGES = {
    ODD: event(
        title="Naïve € 龙 😀", related=[f"[Naive]({PLAIN})", "[Gone](/news/2016/03/2/é.md)"]
    ),
    PLAIN: event(title="Naive", related=[f"[Naïve € 龙 😀]({ODD})"]),
}
PLAIN_ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def latin_1(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A locale in Latin-1, made for the tests."""
    folder = tmp_path_factory.mktemp("locales")
    name = "en_US.ISO-8859-1"
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", folder / name],
        capture_output=True, check=False,
    )  # fmt: skip
    if not made or not (folder / name).exists():
        pytest.skip("needs localedef and its sources")
    return {"LC_ALL": name, "LOCPATH": str(folder), "PYTHONUTF8": "0"}


@pytest.fixture(params=["ascii", "latin_1"])
def elsewhere(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "ascii":
        return PLAIN_ASCII
    found: dict[str, str] = request.getfixturevalue("latin_1")
    return found


def run(
    folder: Path, env: Mapping[str, str], *args: str, program: Sequence[str] = ("-m", "newsarchive")
) -> tuple[int, bytes, bytes]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    clean["NEWSARCHIVE_CACHE_DIR"] = str(folder.parent / "cache")
    done = subprocess.run(
        [sys.executable, *program, *args],
        cwd=folder, env={**clean, **env}, capture_output=True, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive-ü", PAGES, small=True)


UTF_8 = {"LC_ALL": "C.UTF-8"}
_CHECK = ("check", "--today", "2020-01-01", "--output-format")


class TestCommand:
    @pytest.mark.parametrize(
        "args",
        [
            *[(*_CHECK, f, ".") for f in ("json", "jsonl", "sarif", "gitlab", "junit")],
            (*_CHECK, "json", "--no-cache", "--jobs", "2", "../archive-ü"),
            (*_CHECK, "json", ODD[1:]),
            ("check", "--diff", "--unsafe-fixes", "--remove-dead", "--output-format", "json"),
            ("show", ODD[1:]),
            ("show", ODD[1:], "--compact"),
        ],
        ids=" ".join,
    )
    def test_says_the_same_everywhere(
        self, root: Path, elsewhere: dict[str, str], args: tuple[str, ...]
    ) -> None:
        expected = run(root, UTF_8, *args)
        assert expected[0] in (0, 1)
        env = {**elsewhere, "PYTHONIOENCODING": "utf-8"}
        assert run(root, env, *args) == expected  # by the cache, too, where there is one

    @pytest.mark.parametrize(
        "args",
        [
            ("check", ".", "--fix", "--unsafe-fixes", "--remove-dead"),
            ("baseline", "."),
            ("fmt", "."),
            ("rm", ODD[1:], "--entries"),
            ("mv", ODD[1:], "--title", "Läuft 龙"),
            ("mv", ODD[1:], PLAIN[1:].replace("naive", "龙")),
            ("check", ".", "--output-file", "json:é.json"),
        ],
        ids=" ".join,
    )
    def test_writes_the_same_everywhere(
        self, root: Path, tmp_path: Path, elsewhere: dict[str, str], args: tuple[str, ...]
    ) -> None:
        other = tmp_path / "other"
        shutil.copytree(root, other)
        status = run(root, UTF_8, *args)[0]
        assert run(other, elsewhere, *args)[0] == status
        now = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
        assert undated(other, now) == undated(root, now)

    def test_prints_as_the_locale_does(self, root: Path, latin_1: dict[str, str]) -> None:
        _, out, _ = run(root, latin_1, "links", ODD[1:])
        assert "na\xefve-\\u20ac-\\u9f99.md".encode("latin-1") in out
        _, out, _ = run(root, PLAIN_ASCII, "links", ODD[1:])
        assert f"{NAME}.md".encode() in out

    def test_is_not_started_again_as_a_part_of_another_program(self, root: Path) -> None:
        code = (
            "import sys; sys.argv = ['x', 'check', '.']; from newsarchive.cli import main; main()"
        )
        counted = f"print('begun', flush=True); {code}"
        _, out, _ = run(root, PLAIN_ASCII, program=("-c", counted))
        assert out.count(b"begun") == 1

    @pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-16"])
    @pytest.mark.parametrize(
        "args",
        [
            *[("check", ".", "--output-format", f) for f in ("json", "github", "junit")],
            ("check", ".", "--diff", "--unsafe-fixes"),
            ("check", ".", "--show-source"),
            ("links", ODD[1:]),
            ("show", ODD[1:], "--compact"),
            ("mv", ODD[1:], "--title", "Läuft", "--diff"),
        ],
        ids=" ".join,
    )
    def test_no_output_fails_on_a_name(
        self, root: Path, encoding: str, args: tuple[str, ...]
    ) -> None:
        status, out, _ = run(root, {**UTF_8, "PYTHONIOENCODING": encoding}, *args)
        assert status == (1 if args[0] in ("check", "links") else 0)  # a link of the page is broken
        assert out
        if "json" in args:
            json.loads(out.decode(encoding))


def undated(root: Path, pattern: str) -> dict[str, str]:
    """The files of a folder, without the times in them."""
    import re

    return {path: re.sub(pattern, "", data.decode()) for path, data in contents(root).items()}


def test_names_that_are_no_utf_8_are_none_anywhere(
    tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    root = write_archive(tmp_path / "archive", SMALL_ARCHIVE)
    with open(os.fsencode(root) + b"/news/2016/03/2/caf\xe9.md", "wb") as file:
        file.write(PAGES[PLAIN].encode())
    expected = run(root, UTF_8, *_CHECK, "json")
    assert b"NA902" in expected[1]
    assert run(root, elsewhere, *_CHECK, "json") == expected


# The library in a program of its own, which nobody starts again: what it finds, moves and repairs.
PROGRAM = f"""
import datetime, json, sys
import newsarchive as na
archive = na.Archive(sys.argv[2])
report = na.check(archive, today=datetime.date(2020, 1, 1), **json.loads(sys.argv[1]))
print(json.dumps([[d.page, d.code, d.line, d.message] for d in report.diagnostics]))
print(json.dumps(sorted(archive)), len(list(archive.pages())), {ODD!a} in archive)
print(json.dumps(archive.move({ODD!a}, {PLAIN.replace("naive", "龙")!a})))
print(json.dumps(archive.retitle({PLAIN!a}, "No na\\xefve any more", datetime.datetime.min)))
print(json.dumps(archive.remove({OPENS!a}, entries=True)))
"""


class TestLibrary:
    @pytest.mark.parametrize(
        "options",
        ["{}", '{"jobs": 2}', json.dumps({"only": [ODD]}), '{"cache": "../other-cache"}'],
    )
    def test_says_and_writes_the_same_everywhere(
        self, root: Path, tmp_path: Path, elsewhere: dict[str, str], options: str
    ) -> None:
        other = shutil.copytree(root, tmp_path / "x" / "ö" / "archive")
        expected = run(root, UTF_8, options, ".", program=("-c", PROGRAM))
        assert expected[0] == 0, expected[2].decode()
        found = run(other.parent.parent, elsewhere, options, "ö/archive", program=("-c", PROGRAM))
        assert found == expected
        assert contents(other) == contents(root)

    @needs_git
    def test_reads_names_in_git_so(self, root: Path, elsewhere: dict[str, str]) -> None:
        git(root, "init", "--quiet")
        commit(root)
        (root / PLAIN[1:]).unlink()
        code = (
            "import newsarchive as na\n"
            "for more in ({}, {'staged': True}, {'at': 'HEAD'}, {'since': '0' * 40}):\n"
            "    found = na.check_change('.', **more).diagnostics\n"
            "    print([(ascii(d.page), ascii(d.message), d.line) for d in found])\n"
        )
        expected = run(root, UTF_8, program=("-c", code))
        assert expected[0] == 0, expected[2].decode()
        assert expected[1].count(b"\n") == 4
        assert run(root, elsewhere, program=("-c", code)) == expected

    def test_takes_links_for_links(self, root: Path, elsewhere: dict[str, str]) -> None:
        (root / "news/2016/03/2/ältere.md").symlink_to(f"{NAME}.md")
        code = f"import newsarchive as na; na.Archive('.').move({ODD!a}, '/news/2016/03/2/x.md')"
        told = [
            "import newsarchive as na, sys",
            "try:",
            f"    {code.partition('; ')[2]}",
            "except na.RefusedMoveError as error:",
            "    print(ascii(str(error)))",
        ]
        _, out, err = run(root, elsewhere, program=("-c", "\n".join(told)))
        assert err == b""
        assert "/news/2016/03/2/\\xe4ltere.md leads to it" in out.decode()
