"""Names of files are bytes that are read as UTF-8, whatever the process's locale says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

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
def locales(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Plain ASCII, and a locale in Latin-1, made for the tests where that is possible."""
    folder = tmp_path_factory.mktemp("locales")
    name = "en_US.ISO-8859-1"
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", folder / name],
        capture_output=True, check=False,
    )  # fmt: skip
    if not made or not (folder / name).exists():
        return [PLAIN_ASCII]
    return [PLAIN_ASCII, {"LC_ALL": name, "LOCPATH": str(folder), "PYTHONUTF8": "0"}]


@pytest.fixture
def latin_1(locales: list[dict[str, str]]) -> dict[str, str]:
    if len(locales) == 1:
        pytest.skip("needs localedef and its sources")
    return locales[1]


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

# Many command lines in one process, started as the command is: what it is started with decides how
# it reads names, and it starts itself again where the command would.
MANY = """
import json, os, sys, tempfile
from newsarchive.cli import main
if sys.getfilesystemencoding() != "utf-8":
    main()
answers = []
start = os.getcwd()
printed = os.dup(1), os.dup(2)
for folder, args in json.loads(sys.argv[1]):
    os.chdir(os.path.join(start, folder))
    files = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    for number, file in enumerate(files, start=1):
        os.dup2(file.fileno(), number)
    try:
        main(args)
    except SystemExit as left:
        sys.stdout.flush()
        sys.stderr.flush()
        status = left.code
    for file in files:
        file.seek(0)
    answers.append([status, *(file.read().decode("latin-1") for file in files)])
for number, copy in enumerate(printed, start=1):
    os.dup2(copy, number)
os.write(1, json.dumps(answers).encode())
"""


class Answer(NamedTuple):
    """What one of many command lines in a process came to."""

    status: int
    out: bytes
    err: bytes


def answers(
    folder: Path, env: Mapping[str, str], lines: Sequence[tuple[str, tuple[str, ...]]]
) -> dict[tuple[str, ...], Answer]:
    """What command lines come to, each in a folder within a folder, all in one process."""
    asked = json.dumps(lines, ensure_ascii=False)
    status, out, err = run(folder, env, asked, program=("-c", MANY))
    assert (status, err) == (0, b"")
    found = [
        Answer(n, *(text.encode("latin-1") for text in texts)) for n, *texts in json.loads(out)
    ]
    for answer in found:
        assert b"Traceback" not in answer.err, answer.err.decode()
    return {args: answer for (_, args), answer in zip(lines, found, strict=True)}


READING: list[tuple[str, ...]] = [
    *[(*_CHECK, f, ".") for f in ("json", "jsonl", "sarif", "gitlab", "junit")],
    (*_CHECK, "json", "--no-cache", "--jobs", "2", "../archive-ü"),
    (*_CHECK, "json", ODD[1:]),
    ("check", "--diff", "--unsafe-fixes", "--remove-dead", "--output-format", "json"),
    ("show", ODD[1:]),
    ("show", ODD[1:], "--compact"),
]
WRITING: list[tuple[str, ...]] = [
    ("check", ".", "--fix", "--unsafe-fixes", "--remove-dead"),
    ("baseline", "."),
    ("fmt", "."),
    ("rm", ODD[1:], "--entries"),
    ("mv", ODD[1:], "--title", "Läuft 龙"),
    ("mv", ODD[1:], PLAIN[1:].replace("naive", "龙")),
    ("check", ".", "--output-file", "json:é.json"),
]
PRINTING: list[tuple[str, ...]] = [
    *[("check", ".", "--output-format", f) for f in ("json", "github", "junit")],
    ("check", ".", "--diff", "--unsafe-fixes"),
    ("check", ".", "--show-source"),
    ("links", ODD[1:]),
    ("show", ODD[1:], "--compact"),
    ("mv", ODD[1:], "--title", "Läuft", "--diff"),
]


class TestCommand:
    def test_as_its_users_start_it(self, root: Path, locales: list[dict[str, str]]) -> None:
        args = (*_CHECK, "json", "--no-cache", "../archive-ü")
        status, out, err = run(root, UTF_8, *args)
        assert (status, err) == (1, b"")
        assert ODD in {found["page"] for found in json.loads(out)["diagnostics"]}
        for elsewhere in locales:
            env = {**elsewhere, "PYTHONIOENCODING": "utf-8"}
            assert run(root, env, *args) == (status, out, err)

    def test_says_the_same_everywhere(self, root: Path, locales: list[dict[str, str]]) -> None:
        lines = [(".", args) for args in READING]
        expected = answers(root, UTF_8, lines)
        assert {answer.status for answer in expected.values()} == {0, 1}
        assert all(answer.out for answer in expected.values())
        for elsewhere in locales:
            env = {**elsewhere, "PYTHONIOENCODING": "utf-8"}
            assert answers(root, env, lines) == expected  # by the cache, too, where there is one

    def test_writes_the_same_everywhere(
        self, root: Path, tmp_path: Path, locales: list[dict[str, str]]
    ) -> None:
        lines = [(f"ä{number}", args) for number, args in enumerate(WRITING)]
        here, *there = [tmp_path / name for name in ("ü", "é", "ö")[: len(locales) + 1]]
        for folder, args in lines:
            laid_out = contents(root)[ODD]
            for place in (here, *there):
                copy = shutil.copytree(root, place / folder)
                if args[0] == "fmt":  # something to lay out
                    (copy / ODD[1:]).write_bytes(laid_out + b"\n\n")
        before = contents(here)
        expected = answers(here, UTF_8, lines)
        statuses = [answer.status for answer in expected.values()]
        assert statuses == [0, 0, 0, 0, 0, 0, 1]
        changed = {path.split("/")[1] for path, _ in contents(here).items() ^ before.items()}
        assert changed == {folder for folder, _ in lines}
        now = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
        for elsewhere, place in zip(locales, there, strict=True):
            found = answers(place, elsewhere, lines)
            assert [answer.status for answer in found.values()] == statuses
            assert undated(place, now) == undated(here, now)

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
    def test_no_output_fails_on_a_name(self, root: Path, encoding: str) -> None:
        env = {**UTF_8, "PYTHONIOENCODING": encoding}
        for args, answer in answers(root, env, [(".", args) for args in PRINTING]).items():
            # A link of the page is broken.
            assert answer.status == (1 if args[0] in ("check", "links") else 0), args
            assert answer.out, args
            if "json" in args:
                json.loads(answer.out.decode(encoding))


def undated(root: Path, pattern: str) -> dict[str, str]:
    """The files of a folder, without the times in them."""
    return {path: re.sub(pattern, "", data.decode()) for path, data in contents(root).items()}


def test_names_that_are_no_utf_8_are_none_anywhere(
    tmp_path: Path, locales: list[dict[str, str]]
) -> None:
    root = write_archive(tmp_path / "archive", SMALL_ARCHIVE)
    with open(os.fsencode(root) + b"/news/2016/03/2/caf\xe9.md", "wb") as file:
        file.write(PAGES[PLAIN].encode())
    expected = run(root, UTF_8, *_CHECK, "json")
    assert b"NA902" in expected[1]
    for elsewhere in locales:
        assert run(root, elsewhere, *_CHECK, "json") == expected


# The library in a program of its own, which nobody starts again: what it finds, moves and repairs.
# Each way of asking has an archive of its own.
PROGRAM = f"""
import datetime, json, sys
import newsarchive as na
for number, options in enumerate(json.loads(sys.argv[2])):
    archive = na.Archive(sys.argv[1] + str(number))
    report = na.check(archive, today=datetime.date(2020, 1, 1), **options)
    print(json.dumps([[d.page, d.code, d.line, d.message] for d in report.diagnostics]))
    print(json.dumps(sorted(archive)), len(list(archive.pages())), {ODD!a} in archive)
    print(json.dumps(archive.move({ODD!a}, {PLAIN.replace("naive", "龙")!a})))
    print(json.dumps(archive.retitle({PLAIN!a}, "No na\\xefve any more", datetime.datetime.min)))
    print(json.dumps(archive.remove({OPENS!a}, entries=True)))
"""
OPTIONS = [{}, {"jobs": 2}, {"only": [ODD]}, {"cache": "../other-cache"}]


class TestLibrary:
    def test_says_and_writes_the_same_everywhere(
        self, root: Path, tmp_path: Path, locales: list[dict[str, str]]
    ) -> None:
        here, *there = [tmp_path / name / "ö" for name in "abc"[: len(locales) + 1]]
        for number in range(len(OPTIONS)):
            for place in (here, *there):
                shutil.copytree(root, place / f"ä{number}")
        program, options = ("-c", PROGRAM), json.dumps(OPTIONS)
        expected = run(here, UTF_8, "ä", options, program=program)
        assert expected[0] == 0, expected[2].decode()
        assert expected[1].count(b"\n") == 5 * len(OPTIONS)
        for elsewhere, place in zip(locales, there, strict=True):
            assert run(place.parent, elsewhere, "ö/ä", options, program=program) == expected
            assert contents(place) == contents(here)
        assert contents(here / "ä0") != contents(root)

    @needs_git
    def test_reads_names_in_git_so(self, root: Path, locales: list[dict[str, str]]) -> None:
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
        for elsewhere in locales:
            assert run(root, elsewhere, program=("-c", code)) == expected

    def test_takes_links_for_links(self, root: Path, locales: list[dict[str, str]]) -> None:
        (root / "news/2016/03/2/ältere.md").symlink_to(f"{NAME}.md")
        code = f"import newsarchive as na; na.Archive('.').move({ODD!a}, '/news/2016/03/2/x.md')"
        told = [
            "import newsarchive as na, sys",
            "try:",
            f"    {code.partition('; ')[2]}",
            "except na.RefusedMoveError as error:",
            "    print(ascii(str(error)))",
        ]
        for elsewhere in locales:
            _, out, err = run(root, elsewhere, program=("-c", "\n".join(told)))
            assert err == b""
            assert "/news/2016/03/2/\\xe4ltere.md leads to it" in out.decode()
